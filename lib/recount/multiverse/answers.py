"""A study: what is asked of its specifications. See the package's docstring for the words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from recount.hedges import Interval, Reading, position
from recount.multiverse.declare import Axis, StudyError, hits, impossible, known
from recount.multiverse.tree import Tree, as_interval

RECORD_DIGITS = 6


@dataclass(frozen=True)
class Robustness:
    """How many of the counted specifications with an estimate lie where, against the three readings of a claim.

    `straddling` is against the default interval; `outside_wide` is disjoint from the wide one; `share_inside` is
    inside_default ÷ total, nan when nothing could be computed. `not_computable` stands beside the total.
    """

    total: int
    inside_narrow: int
    inside_default: int
    inside_wide: int
    straddling: int
    outside_wide: int
    share_inside: float
    not_computable: int = 0


@dataclass(frozen=True)
class Flip:
    """Choices that, changed together, move the headline to another position.

    `en`, `zh`: the labels of the changed choices, in the order of the axes. `bound`: an extreme case takes part.
    """

    changes: dict[str, str]
    estimate: Interval
    position: str
    en: str
    zh: str
    bound: bool = False


def study(
    id: str,
    start: Any,
    axes: Iterable[Axis],
    estimate: Callable[[Any], Any],
    unit: str,
    population: str,
    questions: Sequence[str] = ("",),
    exclude: Iterable[Mapping[str, str | Iterable[str]]] = (),
    fingerprint: Callable[[Any], Any] | None = None,
) -> Study:
    """Declare a study; nothing is computed yet.

    Args:
        id: study id, as in data/headlines.csv.
        start: the state before any choice.
        axes: in the order in which their steps apply. Put the costly ones first: they are then called least often.
        estimate: final state → number or Interval in `unit`; with several questions a dict question → number or
            Interval. None or nan where it cannot be computed: recorded, not counted.
        unit: unit of the estimate.
        population: who or what is counted, in words.
        questions: names of the separate results of one leaf (months, places).
        exclude: combinations that cannot exist, each a dict axis → choice, or axis → several choices.
        fingerprint: final state → something comparable; specifications with an equal one count once. Without it the
            whole state is compared (`recount.multiverse.fingerprint`).

    Raises:
        StudyError: a duplicate axis or question, an unknown axis or choice in `exclude`, an excluded headline.
    """
    axes, questions = tuple(axes), tuple(questions)
    try:
        for kind, names in (("axis", [one.name for one in axes]), ("question", list(questions))):
            for name in names:
                if names.count(name) > 1:
                    raise StudyError(f"{kind} {name!r} is declared twice. Remedy: rename or drop one.")
        if not questions:
            raise StudyError("no question. Remedy: leave `questions` out if there is only one.")
        rules = tuple(impossible(axes, combination) for combination in exclude)
        tree = Tree(id, start, axes, estimate, questions, rules, fingerprint)
        if any(hits(rule, tree.default) for rule in rules):
            raise StudyError("the headline's own choices are excluded. Remedy: another default or exclusion.")
    except StudyError as error:
        raise StudyError(f"study {id}: {error}") from None
    return Study(tree, unit, population)


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """A declared study; see `study`. Results are computed when first asked for, and kept."""

    tree: Tree
    unit: str
    population: str

    def __repr__(self) -> str:
        return f"<Study {self.id}: {len(self.axes)} axes, {len(self.tree.specs)} specifications>"

    @property
    def id(self) -> str:
        """Study id, as in data/headlines.csv."""
        return self.tree.id

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes, in declared order."""
        return self.tree.axes

    @property
    def questions(self) -> tuple[str, ...]:
        """Names of the separate results of one leaf; ("",) if there is only one."""
        return self.tree.questions

    @property
    def defaults(self) -> dict[str, str]:
        """The headline's choice on every axis."""
        return {one.name: one.default for one in self.axes}

    @property
    def nodes(self) -> int:
        """Nodes of the tree below its root: every beginning of a possible specification."""
        return self.tree.leaves.nodes

    @property
    def step_calls(self) -> int:
        """Steps called: one a node, none where the choice keeps the state."""
        return self.tree.leaves.step_calls

    @cached_property
    def headline(self) -> dict[str, Interval | None]:
        """Question → estimate under the default choices. Walks only their path."""
        return dict(zip(self.questions, map(as_interval, self.tree.headline), strict=True))

    def evaluate(self) -> Study:
        """Compute every specification now (a bar on the terminal after two seconds); returns the study itself."""
        _ = self.tree.leaves
        return self

    def at(self, question: str = "", **choices: str) -> Interval | None:
        """Estimate under the default choices but for those given; None where it cannot be computed.

        Raises:
            StudyError: an unknown question, axis or choice, or an excluded combination.
        """
        column, spec = self._column(question), list(self.tree.default)
        for name, key in choices.items():
            place = self._places[known(name, self._places, f"study {self.id}: axis")]
            names = self.axes[place].names
            spec[place] = names.index(known(key, names, f"study {self.id}: choice of axis {name!r}"))
        row = self.tree.leaves.row.get(tuple(spec))
        if row is None:
            raise StudyError(f"study {self.id}: {self.tree.words(tuple(spec))} is declared impossible (`exclude`).")
        return self.tree.leaves.interval(row, column)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a specification × question; the index `spec` numbers the specifications, 0 is the headline.

        Columns: the axes in declared order (choice names), question, low, high (in `unit`, nan if not computable),
        low_open, high_open, counted (every bound axis at its default, first of its equal states, computable), twin_of
        (number of the specification with the same state that stands for this one; missing if it stands for itself).
        """
        leaves, width = self.tree.leaves, len(self.questions)
        number = np.arange(len(leaves.specs))
        columns: dict[str, Any] = {
            one.name: np.repeat(np.array(one.names, dtype=object)[leaves.specs[:, place]], width)
            for place, one in enumerate(self.axes)
        }
        columns["question"] = np.tile(np.array(self.questions, dtype=object), len(number))
        for name in ("low", "high", "low_open", "high_open"):
            columns[name] = getattr(leaves, name).ravel()
        columns["counted"] = (leaves.distinct[:, None] & leaves.computable).ravel()
        twins = pd.array(leaves.twin_of, dtype="Int64")
        twins[leaves.twin_of == number] = pd.NA
        columns["twin_of"] = twins.repeat(width)
        return pd.DataFrame(columns, index=pd.Index(np.repeat(number, width), name="spec"))

    def robustness(self, reading: Reading, question: str = "") -> Robustness:
        """Where the counted specifications lie against the narrow, default and wide interval of `reading`."""
        leaves, column = self.tree.leaves, self._column(question)
        rows = np.flatnonzero(leaves.distinct & leaves.computable[:, column])
        estimates = [leaves.interval(row, column) for row in rows]
        narrow, default, wide = (
            [position(one, claimed) for one in estimates] for claimed in (reading.narrow, reading.default, reading.wide)
        )
        inside = default.count("inside")
        return Robustness(
            total=len(rows),
            inside_narrow=narrow.count("inside"),
            inside_default=inside,
            inside_wide=wide.count("inside"),
            straddling=default.count("straddling"),
            outside_wide=wide.count("outside"),
            share_inside=inside / len(rows) if len(rows) else math.nan,
            not_computable=int(leaves.distinct.sum()) - len(rows),
        )

    def leverage(self, question: str = "") -> pd.DataFrame:
        """The headline with one choice changed: one row a changed choice, the largest shift first.

        Columns: axis, choice, says, zh (the choice's labels), estimate (Interval, or None if not computable), shift (of
        the middle, in `unit`; nan if either has none), role. A choice that cannot stand beside the headline's other
        choices has no row.
        """
        leaves, column = self.tree.leaves, self._column(question)
        middle, rows = leaves.middle(column), []
        for row in np.flatnonzero(self._changed.sum(axis=1) == 1):
            ((name, key),) = self._changes(row).items()
            one = self.axes[self._places[name]]
            label, shift = one.choices[key], float(middle[row] - middle[0])
            rows.append((name, key, label.en, label.zh, leaves.interval(row, column), shift, one.role))
        rows.sort(key=lambda entry: _largest_first(entry[5]))
        return pd.DataFrame(rows, columns=["axis", "choice", "says", "zh", "estimate", "shift", "role"])

    def spread(self, question: str = "") -> pd.DataFrame:
        """How far each axis moves the estimate on its own: the range over its choices, averaged over all other choices.

        Columns: axis, says, zh, role, spread (mean range of the middles, in `unit`; nan if no two can be compared),
        groups (how many combinations of the other choices were averaged); the largest spread first. The other bound
        axes stay at their defaults.
        """
        leaves, rows = self.tree.leaves, []
        middle = leaves.middle(self._column(question))
        bound = np.array([one.role == "bound" for one in self.axes], dtype=bool)
        for place, one in enumerate(self.axes):
            others = np.arange(len(self.axes)) != place
            kept = ~self._changed[:, bound & others].any(axis=1) & ~np.isnan(middle)
            grouped: dict[tuple[int, ...], list[float]] = {}
            for rest, value in zip(leaves.specs[kept][:, others].tolist(), middle[kept].tolist(), strict=True):
                grouped.setdefault(tuple(rest), []).append(value)
            ranges = [max(values) - min(values) for values in grouped.values() if len(values) > 1]
            mean = math.fsum(ranges) / len(ranges) if ranges else math.nan
            rows.append((one.name, one.says, one.zh, one.role, mean, len(ranges)))
        rows.sort(key=lambda entry: _largest_first(entry[4]))
        return pd.DataFrame(rows, columns=["axis", "says", "zh", "role", "spread", "groups"])

    def flips(self, reading: Reading, question: str = "") -> list[Flip]:
        """The fewest changed choices that move the headline to another position against the default interval.

        First every smallest set of method choices; then, flagged `bound`, every smallest set with an extreme case in
        it that does not contain one of the former. Empty if nothing moves it, or if there is no headline.
        """
        leaves, column = self.tree.leaves, self._column(question)
        headline = leaves.interval(0, column)
        if headline is None:
            return []
        here, size = position(headline, reading.default), self._changed.sum(axis=1)
        method: list[Flip] = []
        bound: list[Flip] = []
        for found, among in ((method, leaves.plain), (bound, ~leaves.plain)):
            rows = np.flatnonzero(among & leaves.computable[:, column])
            for row in rows[np.argsort(size[rows], kind="stable")]:
                if found and size[row] > len(found[0].changes):
                    break
                estimate, changes = leaves.interval(row, column), self._changes(row)
                where = position(estimate, reading.default)
                if where == here or any(smaller.changes.items() <= changes.items() for smaller in method if found is bound):
                    continue
                labels = [self.axes[self._places[name]].choices[key] for name, key in changes.items()]
                en, zh = "; ".join(one.en for one in labels), "；".join(one.zh for one in labels)
                found.append(Flip(changes, estimate, where, en, zh, bound=found is bound))
        return method + bound

    def describe(self) -> pd.DataFrame:
        """The declaration as a table: axis, role, says, says_zh, choice, en, zh, default; one row a choice."""
        rows = [
            (one.name, one.role, one.says, one.zh, key, label.en, label.zh, key == one.default)
            for one in self.axes
            for key, label in one.choices.items()
        ]
        return pd.DataFrame(rows, columns=["axis", "role", "says", "says_zh", "choice", "en", "zh", "default"])

    def to_records(self) -> dict[str, Any]:
        """The evaluated study as plain JSON values: what the site's explorer reads.

        `specs` holds parallel lists, entry 0 the headline: `choices` (numbers into each axis' choices), `counted`,
        `twin_of` (number or None), `estimates` by question: a number, [low, high, low_open, high_open] (None for an
        infinite end), or None if not computable; to six significant digits.
        """
        leaves = self.tree.leaves
        axes = [
            {
                "name": one.name,
                "says": one.says,
                "zh": one.zh,
                "role": one.role,
                "default": one.default,
                "choices": [{"name": key, "en": label.en, "zh": label.zh} for key, label in one.choices.items()],
            }
            for one in self.axes
        ]
        estimates = {
            question: [_rounded(leaves.interval(row, column)) for row in range(len(leaves.specs))]
            for column, question in enumerate(self.questions)
        }
        specs = {
            "choices": leaves.specs.tolist(),
            "counted": leaves.distinct.tolist(),
            "twin_of": [None if twin == row else twin for row, twin in enumerate(leaves.twin_of.tolist())],
            "estimates": estimates,
        }
        head = {"id": self.id, "unit": self.unit, "population": self.population, "questions": list(self.questions)}
        return {**head, "axes": axes, "specs": specs}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {one.name: place for place, one in enumerate(self.axes)}

    @cached_property
    def _changed(self) -> np.ndarray:
        """Specifications × axes: is the choice not the default?"""
        return self.tree.leaves.specs != np.array(self.tree.default, dtype=np.int64)

    def _changes(self, row: int) -> dict[str, str]:
        spec = self.tree.leaves.specs[row]
        return {self.axes[at].name: self.axes[at].names[spec[at]] for at in np.flatnonzero(self._changed[row])}

    def _column(self, question: str) -> int:
        if question == "" and len(self.questions) == 1:
            return 0
        return self.questions.index(known(question, self.questions, f"study {self.id}: question"))


def _largest_first(size: float) -> float:
    return math.inf if math.isnan(size) else -abs(size)


def _rounded(estimate: Interval | None) -> Any:
    if estimate is None:
        return None
    low, high = (float(f"{end:.{RECORD_DIGITS}g}") if math.isfinite(end) else None for end in (estimate.low, estimate.high))
    return low if estimate.low == estimate.high else [low, high, estimate.low_open, estimate.high_open]
