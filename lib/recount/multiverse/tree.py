"""Walking the tree of choices: every specification once, every node's step once, one estimate a leaf."""

from __future__ import annotations

import functools
import math
import numbers
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recount.hedges import Interval
from recount.multiverse.declare import Axis, Rule, Spec, StudyError, hits, known
from recount.multiverse.equal import fingerprint

PROGRESS_AFTER_S = 2.0

Ends = tuple[float, float, bool, bool]
"""An estimate while the tree is walked: low, high, low_open, high_open; nan twice if it could not be computed."""
NOT_COMPUTABLE: Ends = (math.nan, math.nan, False, False)


def as_interval(ends: Ends) -> Interval | None:
    """The estimate to hand out; None if it could not be computed."""
    return None if math.isnan(ends[0]) else Interval(*ends)


@dataclass(frozen=True)
class Leaves:
    """All specifications evaluated: arrays with one row a specification (row 0 is the headline), one column a question.

    `plain`: every bound axis at its default. `twin_of`: row that stands for all with the same state; itself if it does.
    `nodes`: beginnings of possible specifications; `step_calls`: one a node, none where a choice keeps the state.
    """

    specs: np.ndarray
    low: np.ndarray
    high: np.ndarray
    low_open: np.ndarray
    high_open: np.ndarray
    plain: np.ndarray
    twin_of: np.ndarray
    nodes: int
    step_calls: int

    @functools.cached_property
    def row(self) -> dict[Spec, int]:
        """Specification → its row."""
        return {tuple(spec): number for number, spec in enumerate(self.specs.tolist())}

    @functools.cached_property
    def distinct(self) -> np.ndarray:
        """Rows that count: every bound axis at its default, and standing for their state."""
        return self.plain & (self.twin_of == np.arange(len(self.specs)))

    @functools.cached_property
    def computable(self) -> np.ndarray:
        """Rows × questions with an estimate."""
        return ~np.isnan(self.low)

    def interval(self, row: int, column: int) -> Interval | None:
        """One estimate; None if it could not be computed."""
        at = row, column
        return as_interval((self.low[at], self.high[at], self.low_open[at], self.high_open[at]))

    def middle(self, column: int) -> np.ndarray:
        """Middle of each estimate; its finite end if it has only one; nan if it has none."""
        low, high = self.low[:, column], self.high[:, column]
        low, high = np.where(np.isinf(low), high, low), np.where(np.isinf(high), low, high)
        with np.errstate(invalid="ignore"):
            middle = (low + high) / 2
        return np.where(np.isinf(middle), np.nan, middle)


@dataclass(frozen=True, eq=False)
class Tree:
    """The declared tree; `id` names its study in errors. Each property is computed when first asked for, and kept."""

    id: str
    start: Any
    axes: tuple[Axis, ...]
    estimate: Callable[[Any], Any]
    questions: tuple[str, ...]
    rules: tuple[Rule, ...]
    key: Callable[[Any], Any] | None = None

    @functools.cached_property
    def default(self) -> Spec:
        """The headline's specification."""
        return tuple(one.default_index for one in self.axes)

    @functools.cached_property
    def specs(self) -> list[Spec]:
        """Every possible specification, depth first. Defaults come first on every axis, so the headline is number 0."""
        orders = [
            sorted(range(len(one.choices)), key=lambda index, first=one.default_index: index != first) for one in self.axes
        ]
        due: list[list[Rule]] = [[] for _ in self.axes]
        for rule in self.rules:
            due[rule[-1][0]].append(rule)  # decided, and cut, at the last of its axes

        def grow(spec: Spec) -> Iterator[Spec]:
            depth = len(spec)
            if depth == len(orders):
                yield spec
                return
            for index in orders[depth]:
                longer = (*spec, index)
                if not any(hits(rule, longer) for rule in due[depth]):
                    yield from grow(longer)

        return list(grow(()))

    @functools.cached_property
    def trunk(self) -> list[tuple[Any, Any]]:
        """States along the headline's path, each with its fingerprint: before any choice, after the first axis, …"""
        path = [(self.start, _seen(self.start))]
        for depth in range(len(self.axes)):
            state = self._apply(self.default, depth, path[-1][0])
            path.append((state, _seen(state)))
        return path

    @functools.cached_property
    def headline(self) -> list[Ends]:
        """Estimates under the default choices, in the order of the questions; walks only their path."""
        return self._read(self.default, self.trunk[-1][0])

    @functools.cached_property
    def leaves(self) -> Leaves:
        """Walk the rest of the tree.

        Raises:
            StudyError: a step, the estimate or the fingerprint failed (naming the specification), or is not pure.
        """
        last, states, keys, results = self.default, [state for state, _ in self.trunk], [], []
        met: dict[Any, int] = {}  # fingerprint → a number, so that equal states share one small key
        calls, nodes = sum(self._step(self.default, depth) is not None for depth in range(len(last))), len(last)
        for spec in _shown(self.specs, f"{self.id}: specifications"):
            fork = next((depth for depth, index in enumerate(spec) if index != last[depth]), len(spec))
            for depth in range(fork, len(spec)):
                states[depth + 1] = self._apply(spec, depth, states[depth])
                calls += self._step(spec, depth) is not None
            nodes += len(spec) - fork
            last = spec
            keys.append(met.setdefault(self._key(spec, states[-1]), len(met)))
            results.append(self._read(spec, states[-1]) if results else self.headline)
        for depth, (state, before) in enumerate(self.trunk):
            if _seen(state) != before:
                who = (
                    f"a step of axis {self.axes[depth].name!r}, a later one or the estimate"
                    if depth < len(self.axes)
                    else "the estimate"
                )
                raise StudyError(f"study {self.id}: {who} changed a state in place. Remedy: return a new state.")
        return self._packed(keys, results, nodes, calls)

    def words(self, spec: Spec) -> str:
        """A specification, or the beginning of one, in words."""
        pairs = zip(self.axes, spec, strict=False)
        return "[" + ", ".join(f"{one.name}={one.names[index]}" for one, index in pairs) + "]"

    def _packed(self, keys: list[int], results: list[list[Ends]], nodes: int, calls: int) -> Leaves:
        specs = np.array(self.specs, dtype=np.int64).reshape(len(results), len(self.axes))
        bound = [place for place, one in enumerate(self.axes) if one.role == "bound"]
        plain = (specs[:, bound] == np.array(self.default, dtype=np.int64)[bound]).all(axis=1)
        # Of equal states the first with every bound axis at its default stands for all; without one, the first of all.
        stands: dict[int, int] = {}
        for number in (*np.flatnonzero(plain).tolist(), *np.flatnonzero(~plain).tolist()):
            stands.setdefault(keys[number], number)
        twin_of = [stands[key] for key in keys]
        for number, twin in enumerate(twin_of):
            if results[number] != results[twin]:
                raise StudyError(
                    f"study {self.id}: {self.words(self.specs[number])} and {self.words(self.specs[twin])} have the same state "
                    "but different estimates. Remedy: a pure estimate, or a fingerprint that keeps all the estimate uses."
                )
        ends = np.array(results, dtype=float)  # specifications × questions × 4
        low, high, low_open, high_open = (ends[:, :, at] for at in range(4))
        is_open = low_open.astype(bool), high_open.astype(bool)
        return Leaves(specs, low, high, *is_open, plain, np.array(twin_of, dtype=np.int64), nodes, calls)

    def _step(self, spec: Spec, depth: int) -> Callable[[Any], Any] | None:
        one = self.axes[depth]
        return one.choices[one.names[spec[depth]]].step

    def _apply(self, spec: Spec, depth: int, state: Any) -> Any:
        step = self._step(spec, depth)
        if step is None:
            return state
        try:
            return step(state)
        except Exception as error:
            raise self._failed("the last step", spec[: depth + 1], error) from error

    def _key(self, spec: Spec, state: Any) -> Any:
        try:
            return fingerprint(self.key(state) if self.key else state)
        except Exception as error:
            raise self._failed("the fingerprint of the final state", spec, error) from error

    def _read(self, spec: Spec, state: Any) -> list[Ends]:
        try:
            raw = self.estimate(state)
            if not isinstance(raw, Mapping):
                if len(self.questions) > 1:
                    raise StudyError(f"one value for {len(self.questions)} questions. Remedy: a dict question → value.")
                return [_ends(raw)]
            if tuple(raw) != self.questions:
                for name in raw:
                    known(name, self.questions, "question")
                for name in self.questions:
                    if name not in raw:
                        raise StudyError(f"no value for question {name!r}. Remedy: None where it cannot be computed.")
            return [_ends(raw[name]) for name in self.questions]
        except Exception as error:
            raise self._failed("the estimate", spec, error) from error

    def _failed(self, what: str, spec: Spec, error: Exception) -> StudyError:
        said = str(error) if isinstance(error, StudyError) else f"{type(error).__name__}: {error}"
        return StudyError(f"study {self.id}: {what} of {self.words(spec)} failed: {said}")


def _ends(value: Any) -> Ends:
    """An estimate as four numbers."""
    if value is None:
        return NOT_COMPUTABLE
    if isinstance(value, Interval):
        return value.low, value.high, value.low_open, value.high_open
    if type(value) is not float and not isinstance(value, numbers.Real | np.bool_):
        raise StudyError(f"a {type(value).__name__} is no estimate. Remedy: a number, an Interval or None.")
    number = float(value)
    if math.isfinite(number):
        return number, number, False, False
    if math.isnan(number):
        return NOT_COMPUTABLE
    raise StudyError("an infinite number (a division by zero?). Remedy: None, or an Interval with an open end.")


def _seen(state: Any) -> Any:
    """Fingerprint of a state on the way, to notice a step that changes it in place; None for what has none."""
    try:
        return fingerprint(state)
    except TypeError:
        return None


def _shown(specs: Sequence[Spec], what: str) -> Iterator[Spec]:
    """The specifications one by one; a bar on a terminal's stderr once they take long, never in a notebook or a file."""
    if not (sys.stderr and sys.stderr.isatty()):
        yield from specs
        return
    bar, task, began = None, None, time.monotonic()
    try:
        for done, spec in enumerate(specs):
            if bar is None and time.monotonic() - began > PROGRESS_AFTER_S:
                from rich.console import Console
                from rich.progress import Progress

                bar = Progress(console=Console(stderr=True, force_jupyter=False), transient=True)
                task = bar.add_task(what, total=len(specs))
                bar.start()
            if bar is not None:
                bar.update(task, completed=done)
            yield spec
    finally:
        if bar is not None:
            bar.stop()
