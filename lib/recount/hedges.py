"""From a worded number ("nearly 40 %", 近40%, 近七成) to the interval it claims.

``data/hedges.csv`` is the arithmetic: each row writes four intervals (literal, narrow, default, wide) in a small
grammar, and this module only reads and evaluates them. An interval is two bounds in brackets, a round bracket where
the bound itself is left out::

    (x, x+0.5u]      [0.5x+0.5a, x)      (0, inf)      [x, x]

Symbols: ``x`` the printed value; ``u`` the unit of its last non-zero digit; ``a`` and ``b`` the nearest fraction below
and above ``x`` on the row's own scale (fractions of the whole). A number may carry several hedges, joined by ``+``
("H16+H01"): the claim is then what satisfies all of them, and a forecast or a tier makes the number no claim about a
quantity yet.

All bounds are computed as exact fractions and become the nearest float once, so that no bound reads 0.30000000000000004.
"""

from __future__ import annotations

import difflib
import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from recount import tables

READINGS = ("literal", "narrow", "default", "wide")
"""The four intervals of a reading; narrow lies in default, default in wide, the literal set is judged apart."""

NO_READING = ("forecast", "tier")
"""Classes of hedges that make no testable statement about a quantity."""

TOLERANCE = 1e-12
"""Bounds nearer than this (relative, and absolute beside zero) are one number: float noise never decides a verdict."""


class HedgeError(tables.RecountError):
    """A hedge cannot be read: its row does not follow the grammar, or the number lacks what the row needs."""


def _less(left: float, right: float) -> bool:
    return left < right and not math.isclose(left, right, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _plain(number: float) -> str:
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")


@dataclass(frozen=True)
class Interval:
    """A non-empty interval of real numbers; ``*_open`` bounds are left out. Infinite bounds are always open.

    Raises:
        HedgeError: a bound is not a number, low is above high, or the interval is empty.
    """

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, float(getattr(self, name)))
        if math.isnan(self.low) or math.isnan(self.high):
            raise HedgeError(
                "Interval: a bound is not a number (nan). Remedy: leave values that cannot be computed out (None)."
            )
        if self.low == math.inf or self.high == -math.inf:
            raise HedgeError(f"Interval: [{self.low}, {self.high}] holds no number. Remedy: check the division that made it.")
        for name, bound in (("low_open", self.low), ("high_open", self.high)):
            object.__setattr__(self, name, bool(getattr(self, name)) or math.isinf(bound))
        if self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)):
            raise HedgeError(
                f"Interval: low {self.low:g} and high {self.high:g} leave nothing between. Remedy: swap or close them."
            )

    @classmethod
    def point(cls, value: float) -> Interval:
        """The interval that holds ``value`` only."""
        return cls(value, value)

    @property
    def is_point(self) -> bool:
        """True when low and high are one number."""
        return self.low == self.high

    def contains(self, other: Interval) -> bool:
        """True when every number of ``other`` lies in this interval (other is a subset)."""
        low = _less(self.low, other.low) or (not _less(other.low, self.low) and (not self.low_open or other.low_open))
        high = _less(other.high, self.high) or (not _less(self.high, other.high) and (not self.high_open or other.high_open))
        return low and high

    def disjoint(self, other: Interval) -> bool:
        """True when no number lies in both intervals."""
        return _apart(self, other) or _apart(other, self)

    def intersects(self, other: Interval) -> bool:
        """True when some number lies in both intervals."""
        return not self.disjoint(other)

    def intersection(self, other: Interval) -> Interval:
        """The numbers that lie in both.

        Raises:
            HedgeError: there are none.
        """
        if self.disjoint(other):
            raise HedgeError(f"Interval: {self} and {other} have no number in common. Remedy: check the hedges joined by '+'.")
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low, high, low_open, not high_closed)

    def __str__(self) -> str:
        if self.is_point:
            return _plain(self.low)
        return f"{'(' if self.low_open else '['}{_plain(self.low)}, {_plain(self.high)}{')' if self.high_open else ']'}"


def _apart(lower: Interval, upper: Interval) -> bool:
    """``lower`` ends before ``upper`` begins."""
    if _less(lower.high, upper.low):
        return True
    return not _less(upper.low, lower.high) and (lower.high_open or upper.low_open)


def position(estimate: Interval, claimed: Interval) -> str:
    """Where an estimate lies against a claimed interval.

    Returns:
        ``"inside"`` (contained), ``"outside"`` (nothing in common) or ``"straddling"`` (partly); always exactly one.
    """
    if claimed.contains(estimate):
        return "inside"
    return "outside" if claimed.disjoint(estimate) else "straddling"


@dataclass(frozen=True)
class Reading:
    """What a worded number claims: four intervals in the unit of ``value``.

    ``literal`` is what the words allow strictly ("over 1600" is literally true at 9000); the other three say what a
    reader may take them to mean. ``u`` is None where the hedge needs no unit.
    """

    literal: Interval
    narrow: Interval
    default: Interval
    wide: Interval
    hedge_id: str
    value: float | None
    u: float | None


# --- printed numbers ---------------------------------------------------------------------------------------------

_SCALE = {"成": Fraction(10), "万": Fraction(10**4), "萬": Fraction(10**4), "亿": Fraction(10**8), "億": Fraction(10**8)}
_PRINTED = re.compile(
    r"(?P<sign>[-−]?)(?P<digits>\d+(?:\.\d+)?)\s*(?P<scale>[成万萬亿億]?)\s*(?:%|％|percent|percentage points|pp)?"
)


def last_digit_unit(printed: str) -> Fraction:
    """Unit of the last non-zero digit of a number as printed, in the number's own unit.

    ``"40"`` → 10, ``"94,000"`` → 1000, ``"30.97 %"`` → 1/100. A Chinese scale counts: ``"9.4万"`` → 1000, ``"7成"`` → 10
    percentage points.

    Raises:
        HedgeError: the text is not one number, or all its digits are zero.
    """
    text = printed.strip().replace(",", "").replace(" ", "")
    match = _PRINTED.fullmatch(text)
    if match is None:
        raise HedgeError(
            f"{printed!r} is not one printed number. Remedy: give digits only; fractions have neighbours, no unit."
        )
    whole, _, decimals = match["digits"].partition(".")
    scale = _SCALE.get(match["scale"], Fraction(1))
    if decimals.strip("0"):
        return scale / 10 ** len(decimals.rstrip("0"))
    if not whole.strip("0"):
        raise HedgeError(f"{printed!r} has no digit but zero, so no unit. Remedy: state u by hand.")
    return scale * 10 ** (len(whole) - len(whole.rstrip("0")))


def exact(number: str | float | Fraction) -> Fraction:
    """The number as printed, exactly: ``0.3`` → 3/10 (not the binary float beside it), ``"1/3"`` → 1/3.

    Raises:
        HedgeError: not a finite number.
    """
    try:
        return number if isinstance(number, Fraction) else Fraction(str(number).strip())
    except (ValueError, ZeroDivisionError):
        raise HedgeError(f"{number!r} is not a finite number. Remedy: write digits or a fraction such as 3/4.") from None


# --- the grammar ---------------------------------------------------------------------------------------------------

Form = tuple[tuple[str, Fraction], ...]
"""A linear form: (symbol, coefficient) pairs; the symbol "" stands for a plain number, "inf" for infinity."""

_INTERVAL = re.compile(r"(?P<open>[\[(])(?P<low>[^,\[\]()]+),(?P<high>[^,\[\]()]+)(?P<close>[\])])")
_TERM = re.compile(r"(?P<sign>[+-]?)(?P<number>\d+(?:\.\d+)?)?(?P<symbol>inf|[xuab])?")
_GRAMMAR = "two bounds in brackets, each a sum of numbers, x, u, a, b or inf with coefficients, such as (x, x+0.5u]"


@dataclass(frozen=True)
class Rule:
    """One interval of a row of hedges.csv, parsed: two linear forms and which bounds are left out."""

    low: Form
    high: Form
    low_open: bool
    high_open: bool

    @property
    def symbols(self) -> frozenset[str]:
        """Symbols the rule needs, of x, u, a and b."""
        return frozenset(symbol for symbol, _ in self.low + self.high) & frozenset("xuab")

    def at(self, values: Mapping[str, Fraction]) -> Interval:
        """The interval for these values of the symbols.

        Raises:
            HedgeError: a symbol has no value, or the interval is empty.
        """
        return Interval(_sum(self.low, values), _sum(self.high, values), self.low_open, self.high_open)


def _sum(form: Form, values: Mapping[str, Fraction]) -> float:
    total = Fraction(0)
    for symbol, coefficient in form:
        if symbol == "inf":
            return math.copysign(math.inf, coefficient)
        total += coefficient * (values[symbol] if symbol else 1)
    return float(total)


def parse(text: str, where: str = "hedges.csv") -> Rule:
    """Read one interval formula.

    Args:
        text: the formula, such as ``[x-0.5u, x)``; spaces do not count.
        where: file, row and column, for the message.

    Raises:
        HedgeError: the text does not follow the grammar.
    """
    match = _INTERVAL.fullmatch(re.sub(r"\s+", "", text))
    if match is None:
        raise HedgeError(f"{where}: {text!r} is not an interval. Remedy: write {_GRAMMAR}.")
    low, high = (_parse_form(match[side], text, where) for side in ("low", "high"))
    return Rule(low, high, match["open"] == "(", match["close"] == ")")


def _parse_form(part: str, text: str, where: str) -> Form:
    form, at = [], 0
    while at < len(part):
        match = _TERM.match(part, at)
        if match is None or not (match["number"] or match["symbol"]) or (at > 0 and not match["sign"]):
            raise HedgeError(f"{where}: cannot read {part[at:]!r} in {text!r}. Remedy: write {_GRAMMAR}.")
        coefficient = Fraction(match["number"] or 1) * (-1 if match["sign"] == "-" else 1)
        form.append((match["symbol"] or "", coefficient))
        at = match.end()
    if len(form) > 1 and any(symbol == "inf" for symbol, _ in form):
        raise HedgeError(f"{where}: {text!r} adds to infinity. Remedy: let inf or -inf stand alone as a bound.")
    return tuple(form)


def parse_scale(text: str, where: str = "hedges.csv") -> tuple[Fraction, ...]:
    """Fractions of the whole, ascending, from text such as ``1/4 1/3 1/2``.

    Raises:
        HedgeError: a word is no fraction between 0 and 1, or the order is not ascending.
    """
    try:
        scale = tuple(Fraction(word) for word in text.split())
    except (ValueError, ZeroDivisionError):
        scale = ()
    if not scale or any(not 0 <= part <= 1 for part in scale) or list(scale) != sorted(set(scale)):
        raise HedgeError(
            f"{where}: {text!r} is not a scale. Remedy: write fractions of the whole, ascending, such as 1/4 1/3 1/2."
        )
    return scale


# --- the register --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hedge:
    """One row of hedges.csv: a hedge word and its arithmetic.

    ``rules`` and ``scales`` are keyed by the names in READINGS; both are empty for a class without reading and for the
    class ``unit``, which only fixes u (成 is ten points) and is joined to another hedge.
    """

    id: str
    words_zh: str
    words_en: str
    kind: str
    rules: Mapping[str, Rule]
    scales: Mapping[str, tuple[Fraction, ...]]

    @property
    def needs(self) -> frozenset[str]:
        """Symbols its rules use, of x, u, a and b."""
        return frozenset().union(*(rule.symbols for rule in self.rules.values()))


def register() -> Mapping[str, Hedge]:
    """All hedges of ``data/hedges.csv`` by id, parsed once a data folder.

    Raises:
        HedgeError: a row does not follow the grammar; names file, row, column and remedy.
        tables.TableError: the table is missing or altered.
    """
    return _register(tables.data_dir())


@functools.cache
def _register(folder: Path) -> Mapping[str, Hedge]:
    rows = tables.load("hedges").astype(object).where(lambda cells: cells.notna(), "").to_dict("records")
    return {row["hedge_id"]: _hedge(row, f"{folder / 'hedges.csv'}, row {at}") for at, row in enumerate(rows, start=2)}


def _hedge(row: Mapping[str, str], where: str) -> Hedge:
    """One parsed row; ``where`` names file and row."""
    rules = {name: parse(row[name], f"{where}, column {name}") for name in READINGS if row[name]}
    columns = {name: f"scale_{name}" for name in READINGS[1:]}
    scales = {n: parse_scale(row[c], f"{where}, column {c}") for n, c in columns.items() if row[c]}
    without = row["class"] in (*NO_READING, "unit")
    for name in READINGS:
        if without == (name in rules):
            remedy = (
                "empty it: this class has no reading of its own" if without else "write an interval: every reading needs one"
            )
            raise HedgeError(f"{where}, column {name}: {row[name]!r} does not fit class {row['class']!r}. Remedy: {remedy}.")
        if name in rules and rules[name].symbols & {"a", "b"} and name not in scales:
            column = columns.get(name, name)
            raise HedgeError(f"{where}, column {column}: no scale for a and b of {row[name]!r}. Remedy: list the fractions.")
    return Hedge(row["hedge_id"], row["words_zh"], row["words_en"], row["class"], rules, scales)


def hedge(hedge_id: str) -> Hedge:
    """One hedge by id.

    Raises:
        tables.UnknownIdError: no such id; names the nearest ones.
    """
    known = register()
    if hedge_id not in known:
        near = ", ".join(difflib.get_close_matches(hedge_id, known, n=3, cutoff=0.3)) or ", ".join(known)
        raise tables.UnknownIdError(
            f"hedges.csv, column hedge_id: no hedge {hedge_id!r}. Nearest: {near}. Remedy: correct the id, or add a row."
        )
    return known[hedge_id]


def neighbours(x: Fraction, scale: tuple[Fraction, ...]) -> dict[str, Fraction]:
    """The nearest fractions of ``scale`` below (``a``) and above (``b``) the fraction ``x``, where there are such."""
    below, above = [part for part in scale if part < x], [part for part in scale if part > x]
    return ({"a": below[-1]} if below else {}) | ({"b": above[0]} if above else {})


def read(
    hedge_id: str,
    value: str | float | Fraction | None = None,
    u: str | float | Fraction | None = None,
    *,
    whole: str | float | Fraction = 100,
) -> Reading | None:
    """The four intervals a worded number claims, or None where it claims no quantity yet (forecast, tier).

    Args:
        hedge_id: one id, or several joined by ``+`` ("H16+H01"); the reading then satisfies all of them.
        value: the printed number, in the unit of the claim; None for hedges that need none (far above, rise).
        u: unit of its last non-zero digit (:func:`last_digit_unit`), or another unit for a second reading.
        whole: what one whole is in the unit of ``value``: 100 for percent; used by fractions only.

    Returns:
        Reading with bounds in the unit of ``value`` (a ratio for far above, percent for a surge, days for a date,
        years for a run), or None.

    Raises:
        tables.UnknownIdError: a hedge id is not in the register.
        HedgeError: the hedge needs a value, a unit or a neighbour that is not there; the hedges contradict each other.
    """
    parts = [hedge(one) for one in hedge_id.split("+")]
    if any(part.kind in NO_READING for part in parts):
        return None
    parts = [part for part in parts if part.rules]
    if not parts:
        raise HedgeError(f"hedge {hedge_id} only fixes a unit. Remedy: join it to a bound, such as {hedge_id}+H01.")
    intervals = [_intervals(part, value, u, exact(whole)) for part in parts]
    merged = {name: functools.reduce(Interval.intersection, [one[name] for one in intervals]) for name in READINGS}
    return Reading(
        **merged,
        hedge_id=hedge_id,
        value=None if value is None else float(exact(value)),
        u=None if u is None else float(exact(u)),
    )


def _intervals(
    part: Hedge, value: str | float | Fraction | None, u: str | float | Fraction | None, whole: Fraction
) -> dict[str, Interval]:
    given = {name: exact(number) for name, number in (("x", value), ("u", u)) if number is not None}
    if given.get("u", 1) <= 0:
        raise HedgeError(
            f"hedge {part.id}: u is {u}, but a unit is above zero. Remedy: use last_digit_unit of the printed number."
        )
    out = {}
    for name, rule in part.rules.items():
        values = dict(given)
        if "x" in given and name in part.scales:
            values |= {k: v * whole for k, v in neighbours(given["x"] / whole, part.scales[name]).items()}
        missing = sorted(rule.symbols - values.keys())
        if missing:
            raise HedgeError(
                f"hedge {part.id}, column {name}: no value for {', '.join(missing)} "
                f"(x = {value}, u = {u}). Remedy: state it in claims.csv, or add a neighbour to scale_{name} in hedges.csv."
            )
        out[name] = rule.at(values)
    return out
