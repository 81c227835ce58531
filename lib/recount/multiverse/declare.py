"""Declaring a study: axes, their choices, and the combinations that cannot exist."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recount.tables import RecountError

Step = Callable[[Any], Any]
Spec = tuple[int, ...]
"""One specification: for every axis, in declared order, the number of its choice."""

ROLES = ("method", "bound")
RESERVED = ("spec", "question", "low", "high", "low_open", "high_open", "counted", "twin_of")
"""Columns of the frame that are no axes."""
CLAIMED_SIDE = ("claim", "claimed", "hedge", "reading")


class StudyError(RecountError):
    """A study is declared wrongly, asked for something it does not have, or one of its steps or estimates failed."""


@dataclass(frozen=True)
class Choice:
    """One way to settle an axis: a pure step on the state (None keeps it) and its label in both languages."""

    step: Step | None
    en: str
    zh: str


@dataclass(frozen=True)
class Axis:
    """One choice that a person counting has to make, with the choice of the headline."""

    name: str
    default: str
    says: str
    choices: Mapping[str, Choice]
    zh: str = ""
    role: str = "method"

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """Choice names in declared order."""
        return tuple(self.choices)

    @functools.cached_property
    def default_index(self) -> int:
        """Place of the default among the choices."""
        return self.names.index(self.default)


def choice(step: Step | None, en: str, zh: str) -> Choice:
    """Declare a choice. The labels should be able to stand alone ("embedding models left out")."""
    return Choice(step, en, zh)


def axis(
    name: str,
    default: str,
    says: str,
    choices: Mapping[str, Choice | tuple[Step | None, str, str]],
    zh: str = "",
    role: str = "method",
) -> Axis:
    """Declare an axis.

    Args:
        name: short name, a column of the frame.
        default: the headline's choice.
        says, zh: what is being chosen, in English and Chinese.
        choices: choice name → Choice or (step, English label, Chinese label).
        role: "method" (counts for robustness) or "bound" (an extreme case: drawn, not counted).

    Raises:
        StudyError: no such default or role, no choices, an empty label, a step that cannot be called, a reserved name.
    """
    where = f"axis {name!r}"
    if not name or name in RESERVED:
        raise StudyError(f"{where}: this name is reserved. Remedy: another name.")
    if name in CLAIMED_SIDE:
        raise StudyError(f"{where}: the claimed side is judged, never an axis. Remedy: pass the reading to robustness().")
    made = {key: _choice(f"{where}, choice {key!r}", given) for key, given in choices.items()}
    known(default, made, f"{where}: default")
    known(role, ROLES, f"{where}: role")
    return Axis(name, default, says, made, zh, role)


def _choice(where: str, given: Choice | tuple[Step | None, str, str]) -> Choice:
    if not isinstance(given, Choice):
        if len(given) != 3:
            raise StudyError(f"{where}: {len(given)} parts. Remedy: (step or None, English label, Chinese label).")
        given = Choice(*given)
    if not (given.step is None or callable(given.step)):
        raise StudyError(f"{where}: step is a {type(given.step).__name__}. Remedy: a function or None.")
    if not (given.en and given.zh):
        raise StudyError(f"{where}: a label is missing. Remedy: give it in English and in Chinese.")
    return given


Rule = tuple[tuple[int, frozenset[int]], ...]
"""An impossible combination: (place of the axis, the choices of it that take part), in the order of the axes."""


def impossible(axes: tuple[Axis, ...], combination: Mapping[str, str | Iterable[str]]) -> Rule:
    """A declared exclusion (axis → choice, or axis → several choices) as a rule.

    Raises:
        StudyError: an unknown axis or choice (with the nearest names), or nothing excluded.
    """
    places = {one.name: place for place, one in enumerate(axes)}
    parts = []
    for name, wanted in combination.items():
        place = places[known(name, places, "excluded axis")]
        keys = (wanted,) if isinstance(wanted, str) else wanted
        names = axes[place].names
        parts.append((place, frozenset(names.index(known(key, names, f"excluded choice of axis {name!r}")) for key in keys)))
    if not parts or not all(indexes for _, indexes in parts):
        raise StudyError(f"an empty exclusion {dict(combination)!r}. Remedy: name axes and choices, or drop it.")
    return tuple(sorted(parts))


def hits(rule: Rule, spec: Spec) -> bool:
    """Does a specification, or the beginning of one that decides every axis of the rule, fall under it?"""
    return all(spec[place] in indexes for place, indexes in rule)


def known(name: str, names: Iterable[str], what: str) -> str:
    """`name` if it is one of `names`; otherwise a StudyError that offers the nearest ones."""
    declared = list(names)
    if name in declared:
        return name
    near = difflib.get_close_matches(str(name), declared, n=3, cutoff=0.4) or declared
    raise StudyError(f"{what} {name!r} is unknown. Nearest: {', '.join(map(repr, near)) or 'none declared'}.")
