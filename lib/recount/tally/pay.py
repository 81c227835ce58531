"""Chinese pay text → monthly range: ``30-60K·16薪``, ``8千-1.2万``, ``20-40万/年``, ``200-300元/天``, ``面议`` …

Every convention stands in ``data/pay_conventions.csv`` (table ``pay_conventions``). This module builds one
grammar from it; the whole text has to fit, so a text with lost bytes is refused instead of read as tiny pay.
The parser is written once over :mod:`recount.tally.algebra`: for one string here, for a column in
:mod:`recount.tally.posts`.
"""

from __future__ import annotations

import functools
import re
from typing import Any, NamedTuple

from recount.tally.algebra import ABSENT, PLAIN
from recount.tally.conventions import rows_of

UNITS = ("month", "year", "day", "hour", "week", "piece", "negotiable", "missing", "unparsed")
PER_K = 10_000
"""Bounds are computed as whole tenths of a yuan a month: exact, and the same on every engine."""


class Pay(NamedTuple):
    """A pay text as read."""

    min_k: float | None
    """Lower bound in thousand yuan a month; None where the text gives none."""
    max_k: float | None
    """Upper bound in thousand yuan a month; None where the text gives none."""
    months: int | None
    """Months paid a year as written, 12 where not stated; None where there is no figure."""
    unit: str
    """What the text says: one of :data:`UNITS`."""


class Columns(NamedTuple):
    """The four results as whole numbers and a code; ABSENT (-1) where there is none."""

    low: Any
    high: Any
    months: Any
    unit: Any


@functools.cache
def limits() -> dict[str, float]:
    """Limits of the table, by name."""
    return {row["code"]: float(row["value"]) for row in rows_of("pay_conventions") if row["kind"] == "limit"}


@functools.cache
def _rows(kind: str, code: str | None = None) -> tuple[dict[str, str], ...]:
    return tuple(r for r in rows_of("pay_conventions") if r["kind"] == kind and code in (None, r["code"]))


def _any(kind: str, code: str | None = None) -> str:
    """Alternation of the patterns of a kind, longer words first."""
    words = "|".join(row["pattern"] for row in _rows(kind, code)).split("|")
    read_alike = {c: by for c, by in characters().items() if c > "\u2fff"}
    return "|".join(sorted((w.translate(str.maketrans(read_alike)) for w in words), key=lambda w: (-len(w), w)))


@functools.cache
def characters() -> dict[str, str]:
    """Character → what it is read as; a full-width form as its ASCII character."""
    read_as = {c: row["code"].replace("space", " ") for row in _rows("character") for c in row["pattern"]}
    return read_as | {chr(ord(c) + 0xFEE0): by for c, by in read_as.items() if "!" <= c <= "~"}


PARTS = (
    "before", "most", "least", "one", "scale1", "middle", "dash", "two", "scale2", "down", "up", "after", "down2", "up2",
    "months", "multiple",
)  # fmt: skip
"""Parts of a stated pay, in the order of the text."""


@functools.cache
def grammar(part: str | None = None) -> str:
    """The one pattern a stated pay has to match as a whole; ``part`` is its only group (RE2 numbers at most nine)."""
    number = rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,8}}(?:\.[0-9]{{1,4}})?|{_any('numeral')}"
    scale, money, period = _any("scale"), rf"(?:{_any('money')}){{1,2}}", _any("period")
    below, above = _any("below", "suffix"), _any("above", "suffix")
    named = (
        rf"^(?:每? ?(?P<before>{period}) ?薪? ?)?"
        rf"(?:(?P<most>{_any('below', 'prefix')})|(?P<least>{_any('above', 'prefix')}))? ?"
        rf"(?:(?P<one>{number}) ?(?P<scale1>{scale})? ?(?:{money})? ?(?:[/每一] ?(?P<middle>{period}) ?)?)?"
        rf"(?P<dash>- ?(?:(?P<two>{number}) ?(?P<scale2>{scale})? ?(?:{money})? ?)?)?"
        rf"(?:(?P<down>{below})|(?P<up>{above}))? ?"
        rf"(?:[/每一]? ?(?P<after>{period})薪?)? ?"
        rf"(?:(?P<down2>{below})|(?P<up2>{above}))? ?"
        rf"(?:[,x/]? ?(?P<months>[1-9][0-9]?)(?:-[1-9][0-9]?)? ?薪|x ?(?P<multiple>[12][0-9]))?$"
    )
    return re.sub(r"\(\?P<([a-z0-9]+)>", lambda m: "(" if m[1] == part else "(?:", named)


def fold(text: Any, ops: Any = PLAIN) -> Any:
    """Text as the grammar reads it: width, case, dashes and separators folded, words around the figure left out."""
    folded = ops.fold(text, characters())
    for row in _rows("ignored"):
        folded = ops.swap(folded, row["pattern"], "")
    return ops.strip(ops.swap(ops.swap(folded, " +", " "), "(?: ?- ?)+", "-"))


def parts(folded: Any, ops: Any = PLAIN) -> dict[str, Any]:
    """The parts of a folded text, as text, and three facts about the whole, as booleans."""
    figure = ops.strip(ops.swap(folded, _any("negotiable"), ""))
    figure = ops.swap(figure, "^[ ,]+|[ ,]+$", "")
    digit = ops.has(ops.swap(folded, "[0-9]+ ?薪", ""), f"[0-9]|(?:{_any('numeral')})(?:{_any('scale')})")
    return {name: ops.part(figure, grammar(name), 1) for name in PARTS} | {
        "is_missing": ops.has(folded, _any("missing")),
        "is_negotiable": ops.has(folded, _any("negotiable")) & ops.no(digit),
        "is_piece": ops.has(folded, f"[0-9].*[/每] ?(?:{_any('piece')})$"),
        "fits": ops.has(figure, grammar()),
    }


def amounts(part: dict[str, Any], ops: Any = PLAIN) -> dict[str, Any]:
    """The numbers behind the parts: figures and their written units in yuan, and the period's code and factor."""

    def scale(name: str) -> Any:
        known = [(ops.has(part[name], f"^(?:{r['pattern']})$"), ops.real(float(r["value"]))) for r in _rows("scale")]
        return ops.choose(known, ops.real(0.0))

    def figure(name: str) -> Any:
        text = ops.swap(part[name], ",", "")
        for row in _rows("numeral"):
            text = ops.swap(text, row["pattern"], row["value"])
        return ops.number(text)

    periods = [part[name] for name in ("before", "middle", "after")]
    period = ops.choose([(text != "", text) for text in periods], "")
    apart = [(text != "") & (text != period) for text in periods]

    def by_period(column: str, default: Any) -> Any:
        value = (lambda r: r["code"]) if column == "code" else (lambda r: ops.real(float(r[column])))
        return ops.choose([(ops.has(period, f"^(?:{r['pattern']})$"), value(r)) for r in _rows("period")], default)

    return {
        "one": figure("one"),
        "two": figure("two"),
        "scale1": scale("scale1"),
        "scale2": scale("scale2"),
        "unit": by_period("code", "month"),
        "times": by_period("value", ops.real(1.0)),
        "over": by_period("divisor", ops.real(1.0)),
        "named": period != "",
        "two_periods": apart[0] | apart[1] | apart[2],
        "ranged": part["dash"] != "",
        "down": (part["most"] != "") | (part["down"] != "") | (part["down2"] != ""),
        "up": (part["least"] != "") | (part["up"] != "") | (part["up2"] != ""),
        "written": ops.number(ops.join([part["months"], part["multiple"]])),
        **{name: part[name] for name in ("is_missing", "is_negotiable", "is_piece", "fits")},
    }


def bounds(a: dict[str, Any], ops: Any = PLAIN) -> dict[str, Any]:
    """The two figures as whole tenths of a yuan a month, in the order of the text."""
    yuan = limits()["bare_yuan"]
    unit = ops.real(1.0)
    own1, own2 = (a["scale1"] > 0.0, a["scale1"]), (a["scale2"] > 0.0, a["scale2"])
    use1 = ops.choose([own1, (a["one"] >= yuan, unit), own2], unit)
    use2 = ops.choose([own2, (a["two"] >= yuan, unit), own1], unit)

    def month(figure: Any, use: Any) -> Any:
        exact = figure * use * ops.real(10.0) * a["times"] / a["over"]
        return ops.whole(ops.choose([(figure < 0.0, ops.real(ABSENT))], exact))

    first, second = month(a["one"], use1), month(a["two"], use2)
    left = ops.choose([(a["down"], -1)], first)
    right = ops.choose([(a["ranged"], second), (a["up"], -1)], first)
    return a | {"left": left, "right": right}


def result(b: dict[str, Any], ops: Any = PLAIN) -> Columns:
    """Bounds in order, months and unit, or the reason why there are none."""
    limit = limits()
    yuan, floor = limit["bare_yuan"], int(limit["floor_yuan_month"] * 10)
    ceiling = int(limit["ceiling_yuan_month"] * 10)
    left, right, one, two = b["left"], b["right"], b["one"], b["two"]
    turned = (left > right) & (right >= 0)
    low, high = ops.choose([(turned, right)], left), ops.choose([(turned, left)], right)
    low, high = ops.choose([(low < floor, -1)], low), ops.choose([(high < floor, -1)], high)
    one_unit = (b["scale1"] > 0.0) != (b["scale2"] > 0.0)
    no_unit = (b["scale1"] == 0.0) & (b["scale2"] == 0.0) & ops.no(b["named"])
    refused = (
        ops.no(b["fits"])
        | ((one < 0.0) & (two < 0.0))
        | (b["ranged"] & (b["down"] | b["up"]))
        | (b["down"] & b["up"])
        | b["two_periods"]
        | (no_unit & (((one >= 0.0) & (one < yuan)) | ((two >= 0.0) & (two < yuan))))
        | (turned & one_unit & (left > right * int(limit["swap_ratio"])))
        | ((low < 0) & (high < 0))
        | (low > ceiling)
        | (high > ceiling)
    )
    unit = ops.choose(
        [
            (b["is_missing"], "missing"),
            (b["is_negotiable"], "negotiable"),
            (b["is_piece"], "piece"),
            (refused, "unparsed"),
        ],
        b["unit"],
    )
    stated = ops.no(b["is_missing"] | b["is_negotiable"] | b["is_piece"] | refused)
    usual = ops.real(limit["default_months"])
    months = ops.choose([(b["unit"] == "year", usual), (b["written"] < 0.0, usual)], b["written"])
    return Columns(
        ops.choose([(stated, low)], -1),
        ops.choose([(stated, high)], -1),
        ops.choose([(stated, months)], ops.real(ABSENT)),
        unit,
    )


def parse_pay(text: str | None) -> Pay:
    """Monthly pay range of one text.

    Args:
        text: pay as the site shows it; None and blank count as missing.

    Returns:
        Bounds in thousand yuan a month (None where absent), months paid a year, and what the text says. A text
        that does not fit the conventions as a whole is ``unparsed`` and has no bounds.
    """
    low, high, months, unit = result(bounds(amounts(parts(fold(text or "")))))
    return Pay(
        None if low < 0 else low / PER_K,
        None if high < 0 else high / PER_K,
        None if months < 0 else int(months),
        unit,
    )
