"""Pulls from the Ollama library over time (claim C01): one models × lists matrix, and the periods between two lists.

The library's page shows, for each model family, all pulls so far; a period is the difference of two lists. Two collections
copied the page; they are differenced against each other at one list only (:data:`BRIDGE`), because one of them leaves
models out on other days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from recount import tables
from recount.measures.download_counts import NO_REGION, PERIODS, Count, Items, part_percent
from recount.tables import RecountError

BIGAGI, YUMA = "dl-ollama-bigagi", "dl-ollama-yuma"


class List(NamedTuple):
    """One list of the Ollama library: its collection and its day (ISO)."""

    source: str
    day: str


BRIDGE = List(BIGAGI, "2024-12-10")
"""The only list that may be differenced against the other collection: it holds every model of its day."""


@dataclass(frozen=True, eq=False)
class Library:
    """The Ollama library as one models × lists matrix.

    models: (M) rows of ``ollama_models`` in the order of ``items``; lists: (D), by collection and day; pulls: (M, D) pulls
    so far, nan where a list does not hold the model.
    """

    models: pd.DataFrame
    items: Items
    lists: tuple[List, ...]
    pulls: np.ndarray

    def at(self, which: List) -> np.ndarray:
        """Pulls so far of each model in one list, (M); nan where it is not listed.

        Raises:
            RecountError: no such list.
        """
        if which not in self.lists:
            raise RecountError(
                f"ollama_pulls: no list of {which.source} on {which.day}. Remedy: take one of {len(self.lists)}."
            )
        return self.pulls[:, self.lists.index(which)]

    def last(self, source: str, on: str = tables.CLAIM_DATE) -> List:
        """Last list of a collection on or before a day.

        Raises:
            RecountError: the collection has none.
        """
        days = [one.day for one in self.lists if one.source == source and one.day <= on]
        if not days:
            raise RecountError(f"ollama_pulls: {source} has no list on or before {on}. Remedy: take a later day.")
        return List(source, max(days))

    def between(self, start: List | None, end: List) -> tuple[np.ndarray, np.ndarray]:
        """The two ends of a period for each model, (M) and (M): see :class:`Count`. Without a start all pulls so far count.

        Raises:
            RecountError: the lists are of two collections and the start is not the bridge, or they are not in order.
        """
        if start is None:
            return np.zeros(len(self.items.names)), self.at(end)
        if start.source != end.source and start != BRIDGE:
            raise RecountError(
                f"ollama_pulls: {start.source} {start.day} and {end.source} {end.day} are of two collections, one of which "
                f"leaves models out. Remedy: difference within one collection, or from {BRIDGE.source} {BRIDGE.day}."
            )
        if start.day >= end.day:
            raise RecountError(f"ollama_pulls: a period from {start.day} to {end.day} is empty. Remedy: swap its ends.")
        return np.nan_to_num(self.at(start)), self.at(end)

    def pulled(self, start: List | None, end: List) -> np.ndarray:
        """Pulls of each model between two lists, 0 for one not listed at the end; (M). Raises as :meth:`between`."""
        before, after = self.between(start, end)
        return np.nan_to_num(after - before)

    def listed(self, which: List, among: np.ndarray | None = None) -> int:
        """Models in a list, or how many of those that the mask (M) keeps."""
        here = ~np.isnan(self.at(which))
        return int((here if among is None else here & among).sum())


def library(pulls: pd.DataFrame | None = None, models: pd.DataFrame | None = None) -> Library:
    """The Ollama library from ``ollama_pulls`` and ``ollama_models``, or from frames of their shape.

    Raises:
        RecountError: pulls of a model that has no region row.
    """
    pulls = tables.load("ollama_pulls") if pulls is None else pulls
    models = (tables.load("ollama_models") if models is None else models).sort_values("model", ignore_index=True)
    wide = pulls.pivot_table(index="model", columns=["source_id", "snapshot_date"], values="pulls", aggfunc="first")
    strange = sorted(set(wide.index) - set(models["model"]))
    if strange:
        raise RecountError(f"ollama_models: no row for {', '.join(strange[:5])}. Remedy: add its developer and region.")
    matrix = wide.reindex(models["model"]).to_numpy(dtype=float, na_value=np.nan)
    publisher, base = models["publisher_region"].astype(str).to_numpy(), models["base_region"].astype(str).to_numpy()
    modality, cloud = models["modality"].astype(str).to_numpy(), models["cloud"].astype(str).to_numpy()
    items = Items(
        names=tuple(models["model"].astype(str)),
        china=publisher == "china",
        base_china=base == "china",
        unknown=np.isin(publisher, NO_REGION),
        base_unknown=np.isin(base, NO_REGION),
        hong_kong=models["hong_kong"].to_numpy(dtype=bool),
        embedding=modality == "embedding",
        language=np.isin(modality, ("llm", "vlm")),
        tracked=models["tracked"].to_numpy(dtype=bool),
        cloud_only=cloud == "only",
        cloud_mixed=cloud == "some",
    )
    return Library(models, items, tuple(List(str(source), str(day)) for source, day in wide.columns), matrix)


Periods = tuple[tuple[List | None, List], ...]
"""First and last list of each of PERIODS; no first list = everything before the last one counts."""


def windows(of: Library) -> Mapping[str, Periods]:
    """Name of a window → the lists that bound each year.

    ``list_to_list``: 2025 ends at the last list by the day of the report of the collection that lists every model.
    ``from_first_2025_list``: 2025 within that collection alone. ``to_october_list``: 2025 within the other collection,
    which then lists no embeddings. ``january_lists``: years end at the first list of the next year.
    """
    january_24, january_25 = List(BIGAGI, "2024-01-26"), List(BIGAGI, "2025-01-29")
    december_23, first_25 = List(BIGAGI, "2023-12-20"), min(one for one in of.lists if one.source == YUMA)
    last, october = of.last(YUMA), of.last(BIGAGI)
    until_2024: Periods = ((None, december_23), (december_23, BRIDGE))
    return {
        "list_to_list": (*until_2024, (BRIDGE, last)),
        "from_first_2025_list": (*until_2024, (first_25, last)),
        "to_october_list": (*until_2024, (BRIDGE, october)),
        "january_lists": ((None, january_24), (january_24, january_25), (first_25, last)),
    }


def ollama_count(of: Library, periods: Periods) -> Count:
    """The state that counts every model of the library, by region of the publisher, over these periods."""
    ends = [of.between(*period) for period in periods]
    start, end = (np.column_stack([one[side] for one in ends]) for side in (0, 1))
    items = of.items
    everything = np.ones(len(items.names), dtype=bool)
    return Count(items, start, end, items.china, items.unknown, everything, np.zeros(len(periods), dtype=bool))


def by_region(of: Library, periods: Periods) -> pd.DataFrame:
    """One row a period: its lists, models at its end, pulls, and the share of each publisher region in percent."""
    rows = []
    region = of.models["publisher_region"].astype(str).to_numpy()
    for period, (first, last) in zip(PERIODS, periods, strict=True):
        volume = of.pulled(first, last)
        rows.append(
            {"period": period, "start": first.day if first else "the beginning", "end": last.day, "source_id": last.source}
            | {"models": of.listed(last), "pulls": volume.sum()}
            | {name: 100 * volume[region == name].sum() / volume.sum() for name in ("china", "us", "eu", "other", "unknown")}
        )
    return pd.DataFrame(rows)


def largest(of: Library, periods: Periods, period: str, most: int) -> pd.DataFrame:
    """The families with most pulls in a period: model, developer, region, pulls, share of all in percent."""
    volume = of.pulled(*periods[PERIODS.index(period)])
    made = of.models[["model", "developer", "publisher_region"]].assign(pulls=volume, share=100 * volume / volume.sum())
    return made.sort_values("pulls", ascending=False, ignore_index=True).head(most)


def complete(which: List) -> bool:
    """Does a list hold every model of its day? One collection once left out small models, and from a month on embeddings."""
    return which.source != BIGAGI or (which.day != "2025-02-19" and which.day < "2025-10")


def list_by_list(of: Library, days: int = 28) -> pd.DataFrame:
    """China's share list by list, each within its own collection, over the lists that hold every model.

    Returns:
        One row a list, by day: source_id, day, known (bool: by the day of the report), models, stock (share of all pulls so
        far, percent), since (day of the list that the flow starts from: the last one at least ``days`` earlier), pulls (in
        the flow), flow (share, percent), top (family with most pulls in it); the last four missing for the first lists.
    """
    rows, whole = [], [one for one in of.lists if complete(one)]
    for which in whole:
        row: dict[str, Any] = {"source_id": which.source, "day": which.day, "known": which.day <= tables.CLAIM_DATE}
        row |= {"models": of.listed(which), "stock": part_percent(of.pulled(None, which), of.items.china)}
        earlier = [one for one in whole if one.source == which.source and _days(one.day, which.day) >= days]
        if earlier:
            first = max(earlier)
            volume = of.pulled(first, which)
            row |= {"since": first.day, "pulls": volume.sum(), "flow": part_percent(volume, of.items.china)}
            row["top"] = of.items.names[int(volume.argmax())]
        rows.append(row)
    return pd.DataFrame(rows).sort_values(["day", "source_id"], ignore_index=True)


def _days(first: str, last: str) -> int:
    return (pd.Timestamp(last) - pd.Timestamp(first)).days
