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
    """(source id, producer) of the tables, most rows first; of ``data`` with a ``source_id``, those drawn, most marks first."""
    weights: dict[str, int] = {}
    marks = data["source_id"].dropna().value_counts(sort=False) if data is not None and "source_id" in data else {}
    drawn = set(marks.keys())
    for name in tables:
        frame = _tables.load(name)
        if "source_id" in frame:
            counts = frame["source_id"].dropna().value_counts()
            some = {key: int(marks[key]) for key in counts.index if key in drawn}
            for key, n in (some or {key: int(n) for key, n in counts.items()}).items():
                weights[key] = weights.get(key, 0) + n
    order = sorted(weights, key=lambda key: (-weights[key], key))
    return [(key, producer(registry.source(key))) for key in order]


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
