"""Whom a figure owes: the sources of its tables, the line that names them, and the licence it inherits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from recount import registry
from recount import tables as _tables
from recount.tables import RecountError

if TYPE_CHECKING:
    import pandas as pd

    from recount.registry import Source

STRICTNESS = {
    "CC0-1.0": 0,
    "PDDL-1.0": 0,
    "MIT": 1,
    "BSD-3-Clause": 1,
    "Apache-2.0": 1,
    "MPL-2.0": 1,  # binds the files of a program, not a picture drawn from their numbers
    "CC-BY-4.0": 2,
    "ODC-By-1.0": 2,
    "ODbL-1.0": 3,
    "CC-BY-SA-4.0": 3,
    "CC-BY-NC-4.0": 4,
    "CC-BY-NC-SA-4.0": 5,
    "CC-BY-ND-4.0": 6,
    "CC-BY-NC-ND-4.0": 7,
}
"""How much a licence asks of someone who reuses a figure; a figure carries the strictest of its tables', at least CC BY 4.0."""


class FigureError(RecountError):
    """A figure cannot be published: something a reader or citer needs is missing or wrong."""


def licence(tables: Sequence[str]) -> str:
    """SPDX id of the strictest licence among the tables', at least that of this project's figures (CC BY 4.0)."""
    strictest = "CC-BY-4.0"
    for name in tables:
        for entry in _tables.resource(name)["licenses"]:
            if entry["name"] not in STRICTNESS:
                raise FigureError(f"table {name}: licence {entry['name']} is not ranked. Remedy: add it to STRICTNESS.")
            strictest = max(strictest, entry["name"], key=lambda one: STRICTNESS[one])
    return strictest


def sources(tables: Sequence[str], data: pd.DataFrame | None = None) -> list[tuple[str, str]]:
    """(source id, producer) of the tables, most rows first; where ``data`` tells the rows drawn, of those, most marks first.

    The rows drawn are told by a column ``source_id``, or else by a column named like the single field of a table's primary
    key (``figure_id``); a mark made of several rows names their keys with spaces between ("P02 S09"). A table none of
    whose sources or rows is named there is credited whole.
    """
    weights: dict[str, int] = {}
    marks = data["source_id"].dropna().value_counts(sort=False) if data is not None and "source_id" in data else {}
    for name in tables:
        frame = _tables.load(name)
        if "source_id" not in frame:
            continue
        counts = {key: int(n) for key, n in frame["source_id"].dropna().value_counts().items()}
        if data is not None and "source_id" in data:
            some = {key: int(marks[key]) for key in counts if key in marks}
        else:
            some = _of_keys(name, frame, data)
        for key, n in (some or counts).items():
            weights[key] = weights.get(key, 0) + n
    order = sorted(weights, key=lambda key: (-weights[key], key))
    return [(key, producer(registry.source(key))) for key in order]


def _of_keys(name: str, frame: pd.DataFrame, data: pd.DataFrame | None) -> dict[str, int]:
    """Marks by source, of the rows of a table whose primary key stands in the drawn data; empty where it does not."""
    key = _tables.resource(name)["schema"].get("primaryKey")
    key = key if isinstance(key, list) else [key]
    if data is None or len(key) != 1 or key[0] not in data:
        return {}
    owner = frame.dropna(subset=["source_id"]).set_index(key[0])["source_id"]
    found: dict[str, int] = {}
    for value in data[key[0]].dropna():
        for one in [value] if value in owner.index else str(value).split():
            if one in owner.index:
                found[owner[one]] = found.get(owner[one], 0) + 1
    return found


def producer(source: Source) -> str:
    """Who made it; the publisher where the producer is not named."""
    unnamed = source.producer.startswith(("not ", "speaker not", "benchmark authors"))
    return source.publisher if unnamed and source.publisher else source.producer


def source_line(producers: Sequence[str], most: int = 3) -> str:
    """``Source: Stanford CRFM; Epoch AI; Zhipu AI and 5 more``; without sources, this project itself."""
    parts = (part.strip() for producer in producers for part in producer.split(";"))
    names = list(dict.fromkeys(re.sub(r" \d{4}, accepted papers$", " accepted papers", part) for part in parts))
    names = ["own measurement" if name == "this project" else name for name in names] or ["Recount"]
    shown = names if len(names) <= most + 1 else names[:most]
    more = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
    return f"Source{'s' if len(names) > 1 else ''}: " + "; ".join(shown) + more
