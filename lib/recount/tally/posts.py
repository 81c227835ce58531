"""Rows of job posts → one table of counts, ``posts``, that keeps every field a claim's specification needs.

A row in is one post (platform, data set, dates, search, title, city, district, pay text, degree text). A row
out is one combination of codes with ``n``, the number of posts. No title rule, place, pay bracket or
denominator is chosen here, and nothing that could name a company or a person is kept.

The expressions are Ibis, the same on DuckDB and Spark. Texts are coded once per distinct value, in small
dictionaries that are joined to the rows, because a crawl repeats its pay texts and titles thousands of times.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recount.tables import OWN_ROWS
from recount.tally import pay, titles
from recount.tally.algebra import RARE, Columns
from recount.tally.conventions import rows_of
from recount.tally.engine import Keeper, TallyError
from recount.tally.ingest import USED, Staged

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa
    from ibis.expr import types as ir

COLUMNS = (
    "data_set", "source_id", "platform", "year", "odd_snapshot", "place", "search", "groups_v1", "class_v1",
    "groups_v2", "class_v2", "education", "min_k_month", "max_k_month", "months", "pay_unit", "n",
)  # fmt: skip
CODED = (
    "data_set", "platform", "year", "odd_snapshot", "place", "search", "groups_v1", "class_v1", "groups_v2",
    "class_v2", "education", "low", "high", "months", "pay_unit",
)  # fmt: skip
"""Codes of a post, in the order of sorting; ``low`` and ``high`` become the two bounds."""

PLACES = ("Pudong", "Shanghai", "Shanghai_unknown", "other", "unknown")
"""Finest place kept. Shanghai as a whole is the first three; Shanghai_unknown: Shanghai without a district."""

EDUCATION = ("phd", "master", "bachelor", "college", "below_college", "any", "missing", "not_collected")
MAX_SEARCH = 40
SAMPLES = 10


@dataclass(frozen=True)
class Options:
    """What a command line says about the rows beyond their columns."""

    source_id: str = OWN_ROWS
    """Source id of every row; ``{}`` stands for the data set in small letters (``job-{}``)."""
    platform: Mapping[str, str] = field(default_factory=dict)
    """Data set → platform code, where the rows name none."""
    odd: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Data set → crawl dates of snapshots to mark."""
    keep_search: Sequence[str] = ()
    """Data sets whose search words are kept."""


def raw(con: ibis.BaseBackend, files: Iterable[Staged]) -> ir.Table:
    """Staged files as one table of text columns, one row a post; absent columns and nulls are empty."""
    import ibis

    parts = []
    for file in files:
        for path in file.parquet:
            table = con.read_parquet(str(path))
            cells = {}
            for name in USED:
                column = file.columns.get(name)
                cells[name] = table[column].cast("string").fill_null("") if column else ibis.literal("")
            cells["data_set"] = ibis.cases((cells["data_set"] == "", file.data_set), else_=cells["data_set"])
            parts.append(table.select(**cells))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def check_options(rows: ir.Table, options: Options) -> None:
    """Refuse options for data sets that the rows do not name, and platforms without a code.

    Raises:
        TallyError: names the option and the data sets found.
    """
    wanted = [("--platform", name) for name in options.platform] + [("--odd", name) for name in options.odd]
    wanted += [("--keep-search", name) for name in options.keep_search]
    found = sorted(rows.select("data_set").distinct().to_pyarrow().column("data_set").to_pylist()) if wanted else []
    for option, name in wanted:
        if name not in found:
            raise TallyError(f"{option} {name}: no row has this data set. Remedy: use one of {', '.join(found[:20])}.")
    codes = sorted({row["code"] for row in rows_of("post_codes") if row["field"] == "platform"})
    for name, code in options.platform.items():
        if code not in codes:
            raise TallyError(f"--platform {name}={code}: no such code. Remedy: use one of {', '.join(codes)}.")


def _coded(text: Any, name: str, ops: Columns) -> Any:
    """Code of a folded text by the rows of ``post_codes`` for a field; the first pattern that matches wins."""
    rows = [row for row in rows_of("post_codes") if row["field"] == name]
    branches = [(ops.has(text, row["pattern"]), row["code"]) for row in rows if row["pattern"]]
    return ops.choose(branches, next(row["code"] for row in rows if not row["pattern"]))


def pay_dictionary(rows: ir.Table, keep: Keeper) -> ir.Table:
    """Distinct pay text → low, high (tenths of a yuan a month), months, unit; -1 where there is none."""
    ops = Columns()
    texts = rows.select("pay").distinct()
    step = keep(texts.mutate(folded=pay.fold(texts.pay, ops)))
    for work in (lambda t: pay.parts(t["folded"], ops), lambda t: pay.amounts(t, ops), lambda t: pay.bounds(t, ops)):
        # each step is kept, or the engine would work it out again wherever the next one names it
        cells = {name: step[name] for name in step.columns if name != "pay"}
        step = keep(step.select("pay", **work(cells)))
    low, high, months, unit = pay.result({name: step[name] for name in step.columns}, ops)
    return keep(step.select("pay", low=low.cast("int64"), high=high.cast("int64"), months=months.cast("int64"), pay_unit=unit))


def title_dictionary(rows: ir.Table, keep: Keeper) -> ir.Table:
    """Distinct title that may hold an AI word → letters of the groups found and class, under both rules.

    A title that is not here has class none and no letters.
    """
    ops = Columns()
    texts = rows.select("title").distinct()
    maybe = texts.title.lower().re_search(titles.candidate()) | texts.title.re_search(RARE)
    few = texts.filter(maybe)
    few = keep(few.mutate(folded=ops.fold(few.title)))
    prepared = titles.prepare(few.folded, ops)
    few = keep(few.mutate(clean=prepared.clean, outside=prepared.outside))
    title = titles.Prepared(few.folded, few.clean, few.outside)
    flags = {f"{rule}_{letter}": hit for rule in titles.RULES for letter, hit in titles.found(title, rule, ops).items()}
    few = keep(few.select("title", **flags))
    out: dict[str, Any] = {}
    for rule in titles.RULES:
        hits = {letter: few[f"{rule}_{letter}"] for letter in titles.letters(rule)}
        ai = titles.any_ai(hits, rule)
        out[f"groups_{rule}"] = ops.choose([(ai, titles.to_letters(hits, ops))], "")
        out[f"class_{rule}"] = titles.classify(hits, rule, ops)
    few = few.select("title", **out)
    return keep(few.filter((few.groups_v1 != "") | (few.groups_v2 != "")))


@dataclass(frozen=True)
class Dictionaries:
    """What each distinct text was coded as; joined to the rows they come from."""

    pays: ir.Table
    titles: ir.Table
    places: ir.Table
    degrees: ir.Table
    platforms: ir.Table
    dates: ir.Table


def dictionaries(rows: ir.Table, options: Options, keep: Keeper) -> Dictionaries:
    """Code every distinct text of the rows once."""
    return Dictionaries(
        pay_dictionary(rows, keep),
        title_dictionary(rows, keep),
        keep(_places(rows)),
        keep(_simple(rows, "education", "level")),
        keep(_simple(rows, "platform", "site")),
        keep(_dates(rows, options)),
    )


def _simple(rows: ir.Table, name: str, code: str) -> ir.Table:
    ops = Columns()
    texts = rows.select(name).distinct()
    return texts.mutate(**{code: _coded(ops.fold(texts[name]), name, ops)})


def _places(rows: ir.Table) -> ir.Table:
    """Distinct city and district → place; where no district is given, the city's text is searched for it."""
    ops = Columns()
    places = rows.select("city", "district").distinct()
    city, district = ops.fold(places.city), ops.fold(places.district)
    stated = _coded(district, "district", ops)
    inner = ops.choose(
        [
            (stated == "Pudong", "Pudong"),
            (stated != "unknown", "Shanghai"),
            (_coded(city, "district", ops) == "Pudong", "Pudong"),
        ],
        "Shanghai_unknown",
    )
    outer = _coded(city, "city", ops)
    return places.mutate(place=ops.choose([(outer == "Shanghai", inner)], outer))


def _dates(rows: ir.Table, options: Options) -> ir.Table:
    """Distinct dates of a data set → year of the post (of the crawl where it has none) and the odd snapshots' mark."""
    import ibis

    ops = Columns()
    dates = rows.select("data_set", "crawl_date", "post_date").distinct()
    said = ops.choose([(dates.post_date == "", dates.crawl_date)], dates.post_date)
    marks = [(dates.data_set == name) & dates.crawl_date.isin(list(days)) for name, days in options.odd.items() if days]
    return dates.mutate(
        year=ops.part(said, "(?:^|[^0-9])((?:19|20)[0-9][0-9])", 1),
        odd_snapshot=ibis.or_(*marks) if marks else ibis.literal(False),
    )


def tally(rows: ir.Table, known: Dictionaries, options: Options) -> ir.Table:
    """Counts of posts by every code: columns :data:`CODED` and ``n``. Bounds are tenths of a yuan a month."""
    import ibis

    kept = rows.data_set.isin(list(options.keep_search)) if options.keep_search else ibis.literal(False)
    rows = rows.mutate(search=kept.ifelse(rows.search, ""))
    joined = rows
    for table, by in (
        (known.pays, ["pay"]),
        (known.titles, ["title"]),
        (known.places, ["city", "district"]),
        (known.degrees, ["education"]),
        (known.platforms, ["platform"]),
        (known.dates, ["data_set", "crawl_date", "post_date"]),
    ):
        joined = joined.left_join(table, by).select(
            *[joined[name] for name in joined.columns], *[table[name] for name in table.columns if name not in by]
        )
    named = [((joined.site == "unknown") & (joined.data_set == name), code) for name, code in options.platform.items()]
    coded = joined.select(
        data_set=joined.data_set,
        platform=ibis.cases(*named, else_=joined.site) if named else joined.site,
        year=joined.year,
        odd_snapshot=joined.odd_snapshot,
        place=joined.place,
        search=joined.search,
        groups_v1=joined.groups_v1.fill_null(""),
        class_v1=joined.class_v1.fill_null("none"),
        groups_v2=joined.groups_v2.fill_null(""),
        class_v2=joined.class_v2.fill_null("none"),
        education=joined.level,
        low=joined.low,
        high=joined.high,
        months=joined.months,
        pay_unit=joined.pay_unit,
    )
    return coded.group_by(list(CODED)).aggregate(n=lambda t: t.count())


def fetch(expression: ir.Table) -> pa.Table:
    """The counts in memory, sorted by every code: text by code point on every engine, so that all give the same bytes."""
    return expression.order_by(list(CODED)).to_pyarrow().select([*CODED, "n"])


def without_degrees(table: pa.Table) -> set[str]:
    """Data sets in which no post at all states a degree: the field was not collected."""
    pairs = table.group_by(["data_set", "education"]).aggregate([])
    levels: dict[str, set[str]] = {}
    for name, level in zip(pairs.column("data_set").to_pylist(), pairs.column("education").to_pylist(), strict=True):
        levels.setdefault(name, set()).add(level)
    return {name for name, found in levels.items() if found == {"missing"}}


def finish(table: pa.Table, options: Options) -> Iterator[tuple[Any, ...]]:
    """Rows of the published table, in order, as text cells.

    Raises:
        TallyError: a data set's name or a kept search word is not a plain code, or a source is not in the register.
    """
    sets = table.column("data_set").unique().to_pylist()
    for name in sets:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", name or ""):
            raise TallyError(
                f"data set {name!r}: not a short code of letters, digits, dots, hyphens. "
                "Remedy: name it with --data-set, or map another column with --column data_set=NAME."
            )
    long = [w for w in table.column("search").unique().to_pylist() if len(w) > MAX_SEARCH]
    if long:
        raise TallyError(
            f"search {long[0][:20]!r}…: longer than {MAX_SEARCH} characters, which is free text. "
            "Remedy: leave this data set out of --keep-search."
        )
    silent = without_degrees(table)
    sources = {name: options.source_id.replace("{}", name.lower()) for name in sets}
    strange = sorted(set(sources.values()) - {row["id"] for row in rows_of("sources")})
    if strange:  # such a table would be refused where it is used
        raise TallyError(
            f"--source-id {options.source_id}: {strange[0]} is not in data/sources.csv. "
            "Remedy: leave the option out (the rows then count as your own), or add the source there first."
        )
    bound = functools.cache(_k)
    for batch in table.to_batches(max_chunksize=20_000):
        columns = [batch.column(name).to_pylist() for name in (*CODED, "n")]
        for row in zip(*columns, strict=True):
            name, site, *rest = row
            year, odd, place, search, g1, c1, g2, c2, level, low, high, months, unit, n = rest
            yield (
                name,
                sources[name],
                site,
                year,
                "true" if odd else "false",
                place,
                search,
                g1,
                c1,
                g2,
                c2,
                "not_collected" if name in silent else level,
                bound(low),
                bound(high),
                "" if months < 0 else str(months),
                unit,
                str(n),
            )


def _k(tenths: int) -> str:
    """Thousand yuan a month with up to four decimals, from whole tenths of a yuan."""
    if tenths < 0:
        return ""
    return f"{tenths // pay.PER_K}.{tenths % pay.PER_K:04d}".rstrip("0").rstrip(".")


def summary(table: pa.Table) -> dict[str, Any]:
    """What could not be understood, in rows, and the share of cells that stand for one post (percent)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    n = table.column("n")

    def rows(mask: Any) -> int:
        return pc.sum(pc.if_else(mask, n, 0)).as_py() or 0

    yearly = int(pay.limits()["looks_yearly_k_month"] * pay.PER_K)
    monthly = pc.equal(table.column("pay_unit"), "month")
    silent = pa.array(sorted(without_degrees(table)), pa.string())
    return {
        "pay_unparsed": rows(pc.equal(table.column("pay_unit"), "unparsed")),
        "pay_looks_yearly": rows(pc.and_(monthly, pc.greater_equal(table.column("low"), yearly))),
        "education_missing": rows(
            pc.and_(pc.equal(table.column("education"), "missing"), pc.invert(pc.is_in(table.column("data_set"), silent)))
        ),
        "education_not_collected": silent.to_pylist(),
        "place_unknown": rows(pc.equal(table.column("place"), "unknown")),
        "district_unknown": rows(pc.equal(table.column("place"), "Shanghai_unknown")),
        "year_unknown": rows(pc.equal(table.column("year"), "")),
        "cells_of_one_percent": round(100 * (pc.sum(pc.equal(n, 1)).as_py() or 0) / max(table.num_rows, 1), 1),
    }


def untitled(rows: ir.Table) -> int:
    """Rows without a title: they are tallied, in class none."""
    return int(rows.filter(rows.title == "").count().to_pyarrow().as_py())


def unparsed_pay(rows: ir.Table, known: Dictionaries) -> list[tuple[str, int]]:
    """The most frequent pay texts that could not be read, with the number of posts."""
    return _most(rows, known.pays.filter(known.pays.pay_unit == "unparsed"), "pay")


def unread_degrees(rows: ir.Table, known: Dictionaries) -> list[tuple[str, int]]:
    """The most frequent degree texts that state no level, with the number of posts."""
    degrees = known.degrees
    return _most(rows, degrees.filter((degrees.level == "missing") & (degrees.education.strip() != "")), "education")


def _most(rows: ir.Table, texts: ir.Table, name: str) -> list[tuple[str, int]]:
    import ibis

    counted = rows.semi_join(texts, name).group_by(name).aggregate(n=lambda t: t.count())
    top = counted.order_by(ibis.desc("n"), name).limit(SAMPLES).to_pyarrow()
    return list(zip(top.column(name).to_pylist(), top.column("n").to_pylist(), strict=True))
