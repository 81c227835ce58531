"""The same tally in pandas, for comparison: the library's own rules on pandas' string methods.

``plain`` runs them on the columns as they are, ``tuned`` on the distinct texts only, as the engines do. Both read the same
file as ``recount tally posts`` and write the same bytes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from recount.tally import pay, posts, titles
from recount.tally.algebra import ABSENT, FOLD, RARE
from recount.tally.conventions import rows_of
from recount.tally.output import Draft


class Series:
    """The operations of :mod:`recount.tally.algebra` on a pandas column."""

    def fold(self, text: Any, more: dict[str, str] | None = None) -> Any:
        return text.str.translate(str.maketrans(FOLD | (more or {})))

    def has(self, text: Any, pattern: str) -> Any:
        return text.str.contains(pattern, regex=True)

    def part(self, text: Any, pattern: str, group: int) -> Any:
        return text.str.extract(pattern, expand=True)[group - 1].fillna("")

    def swap(self, text: Any, pattern: str, by: str) -> Any:
        return text.str.replace(pattern, by, regex=True)

    def strip(self, text: Any) -> Any:
        return text.str.strip(" ")

    def number(self, text: Any) -> Any:
        return pd.to_numeric(text, errors="coerce").fillna(ABSENT)

    def real(self, value: float) -> float:
        return value

    def whole(self, value: Any) -> Any:
        return np.floor(value + 0.5).astype("int64")

    def choose(self, branches: Iterable[tuple[Any, Any]], otherwise: Any) -> Any:
        conditions, values = zip(*branches, strict=True)
        return pd.Series(np.select(conditions, values, otherwise), index=conditions[0].index)

    def no(self, condition: Any) -> Any:
        return ~condition

    def text(self, value: str) -> str:
        return value

    def join(self, parts: Iterable[Any]) -> Any:
        return functools.reduce(lambda left, right: left + right, parts)


OPS = Series()
YEAR = "(?:^|[^0-9])((?:19|20)[0-9][0-9])"


def _coded(text: Any, name: str, ops: Any) -> Any:
    rows = [row for row in rows_of("post_codes") if row["field"] == name]
    branches = [(ops.has(text, row["pattern"]), row["code"]) for row in rows if row["pattern"]]
    return ops.choose(branches, next(row["code"] for row in rows if not row["pattern"]))


def _place(city: Any, district: Any, ops: Any) -> Any:
    stated = _coded(district, "district", ops)
    within = [(stated == "Pudong", "Pudong"), (stated != "unknown", "Shanghai")]
    inner = ops.choose([*within, (_coded(city, "district", ops) == "Pudong", "Pudong")], "Shanghai_unknown")
    outer = _coded(city, "city", ops)
    return ops.choose([(outer == "Shanghai", inner)], outer)


def _pays(text: Any, ops: Any) -> dict[str, Any]:
    low, high, months, unit = pay.result(pay.bounds(pay.amounts(pay.parts(pay.fold(text, ops), ops), ops), ops), ops)
    return {"low": low, "high": high, "months": months, "pay_unit": unit}


def _title(text: Any, ops: Any) -> dict[str, Any]:
    prepared, out = titles.prepare(ops.fold(text), ops), {}
    for rule in titles.RULES:
        hits = titles.found(prepared, rule, ops)
        out[f"groups_{rule}"] = ops.choose([(titles.any_ai(hits, rule), titles.to_letters(hits, ops))], "")
        out[f"class_{rule}"] = titles.classify(hits, rule, ops)
    return out


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of codes, by pandas' string methods on the columns as they are."""
    pays, names = _pays(frame["pay"], OPS), _title(frame["title"], OPS)
    place = _place(OPS.fold(frame["city"]), OPS.fold(frame["district"]), OPS)
    simple = {name: _coded(OPS.fold(frame[name]), name, OPS) for name in ("education", "platform")}
    return frame.assign(**pays, **names, **simple, place=place, year=OPS.part(_said(frame), YEAR, 1))


def tuned(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of codes, each distinct text coded once and joined back, as the engines do."""
    pays, names = pd.Series(frame["pay"].unique()), pd.Series(frame["title"].unique())
    few = names[names.str.lower().str.contains(titles.candidate()) | names.str.contains(RARE)].reset_index(drop=True)
    places = frame[["city", "district"]].drop_duplicates().reset_index(drop=True)
    where = _place(OPS.fold(places["city"]), OPS.fold(places["district"]), OPS)
    frame = frame.merge(pd.DataFrame({"pay": pays} | _pays(pays, OPS)), on="pay")
    frame = frame.merge(pd.DataFrame({"title": few} | _title(few, OPS)), on="title", how="left")
    frame = frame.merge(places.assign(place=where), on=["city", "district"])
    for name in ("education", "platform"):
        texts = pd.Series(frame[name].unique())
        frame[name] = frame[name].map(dict(zip(texts, _coded(OPS.fold(texts), name, OPS), strict=True)))
    said = _said(frame)
    dates = pd.Series(said.unique())
    frame["year"] = said.map(dict(zip(dates, OPS.part(dates, YEAR, 1), strict=True)))
    return frame.fillna({"groups_v1": "", "class_v1": "none", "groups_v2": "", "class_v2": "none"})


def _said(frame: pd.DataFrame) -> Any:
    return frame["post_date"].where(frame["post_date"] != "", frame["crawl_date"])


def tally(path: Path, out: Path, how: Callable[[pd.DataFrame], pd.DataFrame], rows: int | None = None) -> None:
    """Read a Parquet file of posts, code it, count it, and write ``posts.csv``."""
    frame = pd.read_parquet(path).fillna("")
    frame = how(frame if rows is None else frame.head(rows)).assign(odd_snapshot=False, search="")
    counts = frame.groupby(list(posts.CODED), sort=True).size().rename("n").reset_index()
    counts = counts.astype(dict.fromkeys(("low", "high", "months", "n"), "int64"))
    with Draft(out) as draft:
        table = pa.Table.from_pandas(counts, preserve_index=False)
        draft.add("posts.csv", posts.COLUMNS, posts.finish(table, posts.Options()))
        draft.publish("posts_report.json", {"made_by": "bench"})
