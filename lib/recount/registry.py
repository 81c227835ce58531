"""The registers as small frozen types: claims, headline choices, sources, hedges, and what may be written.

Every register is a table of the data package and is read through :func:`recount.tables.load`, once a data folder.
"""

from __future__ import annotations

import datetime
import difflib
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from recount import hedges, tables
from recount.hedges import Reading

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("measured", "event", "forecast", "unmeasurable")
"""Kinds of claims; an unmeasurable statement is recorded and gets no verdict."""

TENTHS = "H10"
"""The hedge that fixes the unit of a number printed in tenths (成) to ten points."""


@dataclass(frozen=True)
class Claim:
    """One row of claims.csv: an atomic claim in our own words, with the number as printed.

    Numbers are in ``unit``; ``fraction`` and ``date_value`` are the printed form where a number alone would be inexact.
    Empty text is ``""``, an absent number is None.
    """

    id: str
    parent: str
    notebook: str
    kind: str
    short_en: str
    short_zh: str
    statement_en: str
    statement_zh: str
    printed_en: str
    printed_zh: str
    metric: str
    unit: str
    population: str
    place: str
    period: str
    hedge_id: str
    value: float | None
    fraction: str
    date_value: str
    u: float | None
    u_second: float | None
    direction: str
    decided_from: str
    source_id: str
    position: int | None
    notes: str

    @property
    def exact_value(self) -> Fraction | None:
        """The printed number exactly, in ``unit``: a fraction of the whole in percent, a day as its ordinal, else ``value``."""
        if self.fraction:
            return Fraction(self.fraction) * 100
        if self.date_value:
            return Fraction(datetime.date.fromisoformat(self.date_value).toordinal())
        return None if self.value is None else hedges.exact(self.value)

    @property
    def reading(self) -> Reading | None:
        """What the printed number claims; None where it claims no quantity (forecast, tier, unmeasurable)."""
        return self._read(self.hedge_id, self.u)

    @property
    def second_reading(self) -> Reading | None:
        """The second reading of a round percentage, to the point; None for all other numbers."""
        if self.u_second is None:
            return None
        return self._read("+".join(part for part in self.hedge_id.split("+") if part != TENTHS), self.u_second)

    @property
    def target_reading(self) -> Reading | None:
        """The number of a forecast read without its forecast word: what would have to come true; None for other claims."""
        if self.kind != "forecast":
            return None
        rest = [part for part in self.hedge_id.split("+") if hedges.hedge(part).kind != "forecast"]
        return self._read("+".join(rest), self.u) if rest else None

    def _read(self, hedge_id: str, u: float | None) -> Reading | None:
        if not hedge_id:
            return None
        try:
            return hedges.read(hedge_id, self.exact_value, u)
        except hedges.HedgeError as error:
            raise hedges.HedgeError(f"claims.csv, {self.id}: {error}") from None


@dataclass(frozen=True)
class Headline:
    """One row of headlines.csv: the choice a study's headline takes on one axis, declared before computing."""

    study_id: str
    claim_ids: tuple[str, ...]
    axis: str
    choice: str
    role: str
    says: str
    alternatives: tuple[str, ...]
    declared: str


@dataclass(frozen=True)
class Source:
    """One row of sources.csv; grades and chains are explained in the table's description."""

    id: str
    title: str
    producer: str
    publisher: str
    url: str
    published: str
    accessed: str
    licence: str
    grade: str
    known_by: str
    chain: str
    notes: str
    title_zh: str
    producer_zh: str
    publisher_zh: str

    @property
    def address(self) -> str:
        """Where to look on the web: as registered; for ``owner/repo@commit:path``, the repository on GitHub at that commit; for
        ``arXiv:…``, the abstract there; else nothing."""
        if self.url.startswith("http"):
            return self.url
        if paper := re.match(r"arXiv:([\d.]+(?:v\d+)?)", self.url):
            return f"https://arxiv.org/abs/{paper[1]}"
        repository = re.match(r"([\w.-]+/[\w.-]+)(?:@([0-9a-f]{7,40}))?(?=:|;|$)", self.url)
        if repository is None:
            return ""
        return f"https://github.com/{repository[1]}" + (f"/tree/{repository[2]}" if repository[2] else "")


@dataclass(frozen=True)
class Wording:
    """One row of write.csv: sentences with {placeholders} about one claim, English and Chinese."""

    claim_id: str
    finding_en: str
    finding_zh: str
    overreach_en: str
    overreach_zh: str
    caveat_en: str
    caveat_zh: str
    missing_en: str
    missing_zh: str
    traced_to_en: str
    traced_to_zh: str


Row = TypeVar("Row", Claim, Source, Wording)


def _cell(value: Any) -> Any:
    """A cell as plain Python: absent → None, numpy numbers → int or float."""
    import pandas as pd

    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _rows(name: str, kind: type[Row]) -> tuple[Row, ...]:
    """All rows of a register as ``kind``; text columns are never None, columns the type does not know are left out."""
    wanted = {field.name: "None" in str(field.type) for field in fields(kind)}
    out = []
    for row in tables.load(name).to_dict("records"):
        cells = {column: _cell(row[column]) for column in wanted}
        out.append(kind(**{c: ("" if v is None and not wanted[c] else v) for c, v in cells.items()}))
    return tuple(out)


def _unknown(table: str, column: str, wrong: str, known: Iterable[str]) -> tables.UnknownIdError:
    names = list(known)
    near = difflib.get_close_matches(wrong, names, n=3, cutoff=0.4) or names[:5]
    return tables.UnknownIdError(
        f"{table}.csv, column {column}: no {wrong!r}. Nearest: {', '.join(near)}. Remedy: correct the id, or add a row there."
    )


def claims(kind: str | None = None) -> tuple[Claim, ...]:
    """All atomic claims in register order, or those of one kind.

    Raises:
        tables.UnknownIdError: ``kind`` is not one of KINDS.
    """
    if kind is not None and kind not in KINDS:
        raise _unknown("claims", "kind", kind, KINDS)
    return tuple(one for one in _claims(tables.data_dir()) if kind in (None, one.kind))


@functools.cache
def _claims(folder: Path) -> tuple[Claim, ...]:
    return _rows("claims", Claim)


def claim(claim_id: str) -> Claim:
    """One atomic claim, e.g. ``claim("C06b")``.

    Raises:
        tables.UnknownIdError: no such claim; names the nearest ids (of a parent: its parts).
    """
    for one in claims():
        if one.id == claim_id:
            return one
    parts = [one.id for one in claims() if one.parent == claim_id]
    if parts:
        raise tables.UnknownIdError(f"claims.csv, column id: {claim_id!r} is a parent. Remedy: use a part: {', '.join(parts)}.")
    raise _unknown("claims", "id", claim_id, (one.id for one in claims()))


def children(parent: str) -> tuple[Claim, ...]:
    """The atomic claims of a parent such as ``C06``, in register order; of ``U``, the unmeasurable statements.

    Raises:
        tables.UnknownIdError: no such parent.
    """
    found = tuple(one for one in claims() if one.parent == parent)
    if not found:
        raise _unknown("claims", "parent", parent, dict.fromkeys(one.parent for one in claims()))
    return found


def parents() -> tuple[str, ...]:
    """Ids of the parent claims that get a verdict, in register order (``C01`` … ``C14``)."""
    return tuple(dict.fromkeys(one.parent for one in claims() if one.kind != "unmeasurable"))


@functools.cache
def _headlines(folder: Path) -> tuple[Headline, ...]:
    rows = tables.load("headlines").to_dict("records")
    split = ("claim_ids", "alternatives")
    names = [field.name for field in fields(Headline)]
    return tuple(
        Headline(**{name: tuple((_cell(row[name]) or "").split()) if name in split else _cell(row[name]) for name in names})
        for row in rows
    )


def studies() -> tuple[str, ...]:
    """Ids of all declared studies, in register order."""
    return tuple(dict.fromkeys(row.study_id for row in _headlines(tables.data_dir())))


def headline_rows(study_id: str) -> tuple[Headline, ...]:
    """All declared rows of a study: its axes and its questions.

    Raises:
        tables.UnknownIdError: the study is not declared.
    """
    found = tuple(row for row in _headlines(tables.data_dir()) if row.study_id == study_id)
    if not found:
        raise _unknown("headlines", "study_id", study_id, studies())
    return found


def headline(study_id: str) -> dict[str, str]:
    """The declared headline of a study: axis → choice, method and bound axes only (questions: :func:`questions`).

    Raises:
        tables.UnknownIdError: the study is not declared.
    """
    return {row.axis: row.choice for row in headline_rows(study_id) if row.role != "question"}


def questions(study_id: str) -> tuple[str, ...]:
    """Names of the separate results of a study; ``("",)`` where there is only one.

    Raises:
        tables.UnknownIdError: the study is not declared.
    """
    named = [name for row in headline_rows(study_id) if row.role == "question" for name in row.choice.split()]
    return tuple(named) or ("",)


@functools.cache
def _sources(folder: Path) -> dict[str, Source]:
    return {one.id: one for one in _rows("sources", Source)}


def source(source_id: str) -> Source:
    """One source by id.

    Raises:
        tables.UnknownIdError: no such source; names the nearest ids.
    """
    known = _sources(tables.data_dir())
    if source_id not in known:
        raise _unknown("sources", "id", source_id, known)
    return known[source_id]


@functools.cache
def _wordings(folder: Path) -> dict[str, Wording]:
    return {one.claim_id: one for one in _rows("write", Wording)}


def write(claim_id: str) -> Wording:
    """What may and may not be written about a claim, with {placeholders}.

    Raises:
        tables.UnknownIdError: no sentences are registered for it.
    """
    known = _wordings(tables.data_dir())
    if claim_id not in known:
        raise _unknown("write", "claim_id", claim_id, known)
    return known[claim_id]


def hedges_table() -> pd.DataFrame:
    """The register of hedge words as published: one row a hedge, formulas as text."""
    return tables.load("hedges")
