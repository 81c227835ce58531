"""Rows of accepted papers → tallies that keep every choice of a counting rule open.

A row is one paper with the set of countries of its affiliations. Three tables come out:

- **sets**: papers by venue, year, track, marks, *whole set of countries* and first country. Counting "papers
  with any author in China, Hong Kong or Macau" or "in the EU" needs the union over sets, which sums cannot
  give.
- **weights**: fractional papers by venue, year, track, marks and country, each located paper worth one.
- **tracks**: which track and status of the source became which code, with the number of papers.

No bloc, no venue list, no counting rule and no reading of DeepMind's country is chosen here.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.tables import OWN_ROWS
from recount.tally import rows
from recount.tally.engine import ENGINES, connect, in_one_line
from recount.tally.output import write_tables

if TYPE_CHECKING:
    import ibis
    from ibis.expr import types as ir

REQUIRED = ("venue", "year", "countries_iso3")
OPTIONAL = (
    "source_id",
    "track",
    "status",
    "first_country_iso3",
    "country_fraction",
    "author_aligned",
    "n_multinational_affil",
    "n_deepmind_affil",
)

MAIN = ("main", "main_late", "main_special", "unsplit")
"""Track codes of the main proceedings; ``unsplit`` holds volumes whose source does not part the tracks."""

IN_NAME = {
    "finding": "findings", "industry": "industry", "demo": "demo", "dataset": "datasets", "survey": "survey",
    "sister": "sister", "journal": "journal", "doctoral": "doctoral", "early career": "early_career",
    "late papers": "main_late",
}  # fmt: skip
"""Words in a track's or status's name (lower case) and the code they stand for; the first found wins."""

PLAIN = ("", "main", "long", "short", "1")
"""Track names that mean the main volume."""

MILLION = 1_000_000
MARKS = ("author_aligned", "multinational", "deepmind")
KEYS = ("source_id", "venue", "year", "track", *MARKS)


def track(venue: ir.StringValue, year: ir.IntegerValue, name: ir.StringValue, status: ir.StringValue) -> ir.StringValue:
    """Code of a track: one of :data:`MAIN`, a value of :data:`IN_NAME`, or special (any other named track).

    Two facts about sources stand here because no column tells them: the list of NeurIPS 2024 cannot be
    split, and CVPR 2022 rows without a status are demonstrations. AAAI's special technical tracks belong to
    its main volume.
    """
    import ibis

    name, status = name.lower(), status.lower()
    said = name + "|" + status
    branches = [
        ((venue == "NeurIPS") & (year == 2024), "unsplit"),
        (status.contains("crossref"), "unsplit"),
        (venue.startswith("Findings-"), "findings"),
        ((venue == "CVPR") & (year == 2022) & (name == "") & (status == ""), "demo"),
        *((said.contains(word), code) for word, code in IN_NAME.items()),
        ((venue == "AAAI") & name.endswith(" track"), "main_special"),
        (name.isin(PLAIN) | (status == "technical"), "main"),
    ]
    return ibis.cases(*branches, else_="special")


def coded(papers: ir.Table, prefix: str = "") -> ir.Table:
    """One row a paper, typed and coded.

    Columns: :data:`KEYS`, ``countries`` (sorted, joined by ``;``), ``first_country``, ``fraction`` as
    given, and track and status as the source names them. Volumes called Findings-X become venue X, track
    findings. ``prefix`` is put before the source ids, which are lowered (P001 → pap-p001).
    """
    year = papers.year.cast("int64")
    return papers.select(
        source_id=(papers.source_id == "").ifelse(OWN_ROWS, prefix + papers.source_id.lower()),
        venue=papers.venue.re_replace("^Findings-", ""),
        year=year,
        track=track(papers.venue, year, papers.track, papers.status),
        author_aligned=papers.author_aligned.isin(("1", "true")),
        multinational=_some(papers.n_multinational_affil),
        deepmind=_some(papers.n_deepmind_affil),
        countries=_sorted(papers.countries_iso3),
        first_country=papers.first_country_iso3,
        fraction=papers.country_fraction,
        track_as_given=papers.track,
        status_as_given=papers.status,
    )


def _some(count: ir.StringValue) -> ir.BooleanValue:
    return ~count.isin(("", "0", "false"))


def _sorted(countries: ir.StringValue) -> ir.StringValue:
    import ibis

    return (countries == "").ifelse(ibis.literal(""), countries.split(";").unique().sort().join(";"))


def sets(rows_coded: ir.Table) -> ir.Table:
    """Papers by KEYS, country set and first country, of the rows of :func:`coded`.

    Columns: :data:`KEYS`, ``countries``, ``first_country``, ``papers``."""
    return rows_coded.group_by([*KEYS, "countries", "first_country"]).agg(papers=lambda t: t.count())


def weights(rows_coded: ir.Table) -> ir.Table:
    """Fractional papers by KEYS and country; columns of :data:`KEYS`, ``country``, ``weight`` (papers).

    Each paper with a stated split is worth one in all: its split is divided by its located part. Summed as
    integers, millionths of a paper with halves up, so that no engine's order of summing can show.
    """
    import ibis

    split = rows_coded.filter(rows_coded.fraction != "")
    cells = split.group_by([*KEYS, "fraction"]).agg(n=lambda t: t.count())
    parts = cells.mutate(part=cells.fraction.split(";")).unnest("part")
    parts = parts.mutate(
        country=parts.part.split(":")[0],
        share=(parts.part.split(":")[1].cast("float64") * MILLION).round().cast("int64"),
    )
    parts = parts.mutate(located=parts.share.sum().over(ibis.window(group_by=[*KEYS, "fraction"])))
    each = ((2 * MILLION * parts.share + parts.located) // (2 * parts.located)).cast("int64")
    parts = parts.mutate(millionths=each * parts.n)
    summed = parts.group_by([*KEYS, "country"]).agg(millionths=lambda t: t.millionths.sum().cast("int64"))
    return summed.select(*KEYS, "country", weight=summed.millionths.cast("float64") / MILLION)


def tracks(rows_coded: ir.Table) -> ir.Table:
    """Papers by venue, year, track and status as given, with the code they got."""
    return rows_coded.group_by(["source_id", "venue", "year", "track_as_given", "status_as_given", "track"]).agg(
        papers=lambda t: t.count()
    )


TABLES = {"papers_sets": sets, "papers_weights": weights, "papers_tracks": tracks}
"""Name of each output table (file ``NAME.csv``) and the expression that fills it."""

_CODES = re.compile(r"([A-Z]{3}(;[A-Z]{3})*)?")
_SPLIT = re.compile(r"([A-Z]{3}:[01](\.\d+)?(;[A-Z]{3}:[01](\.\d+)?)*)?")
_MARK = re.compile(r"\d*|true|false")
CHECKS: dict[str, rows.Check] = {
    "venue": lambda text: bool(text.strip()),
    "year": lambda text: bool(re.fullmatch(r"(19|20)\d\d", text)),
    "countries_iso3": lambda text: bool(_CODES.fullmatch(text)),
    "first_country_iso3": lambda text: bool(re.fullmatch(r"([A-Z]{3})?", text)),
    "country_fraction": lambda text: bool(_SPLIT.fullmatch(text)),
    "author_aligned": lambda text: bool(_MARK.fullmatch(text)),
    "n_multinational_affil": lambda text: bool(_MARK.fullmatch(text)),
    "n_deepmind_affil": lambda text: bool(_MARK.fullmatch(text)),
}


def contradiction(row: dict[str, str]) -> str:
    """What two cells of one paper say against each other, or an empty string."""
    countries = set(row["countries_iso3"].split(";"))
    first = row.get("first_country_iso3", "")
    if first and first not in countries:
        return f"first country {first} is not in {row['countries_iso3']!r}"
    split = row.get("country_fraction", "")
    if split and {part.split(":")[0] for part in split.split(";")} != countries:
        return f"split {split!r} names other countries than {row['countries_iso3']!r}"
    if split and not any(float(part.split(":")[1]) for part in split.split(";")):
        return f"split {split!r} is zero"
    return ""


def build(con: ibis.BaseBackend, files: Sequence[Path], prefix: str = "") -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """All tables of :data:`TABLES`: name → column names and sorted rows.

    Raises:
        TableError: a file with missing columns or unusable cells, by file and line; or tables that do
            not add up to the rows read (a defect of this code or of the engine).
    """
    total = sum(rows.check(path, REQUIRED, CHECKS, contradiction) for path in files)
    papers = coded(rows.read_all(con, files, [*REQUIRED, *OPTIONAL]), prefix)
    tables = {name: rows.fetch(make(papers)) for name, make in TABLES.items()}
    for name in ("papers_sets", "papers_tracks"):
        rows.must_add_up(name, total, sum(row[-1] for row in tables[name][1]))
    return tables


@in_one_line
def run(args: argparse.Namespace) -> int:
    """``recount tally papers``: write the tables into ``--out`` and say what was read."""
    tables = build(connect(args.engine), args.files, args.prefix)
    texts = {f"{name}.csv": rows.to_csv(names, found) for name, (names, found) in tables.items()}
    write_tables(args.out, texts, args.overwrite)
    for name, (_, found) in tables.items():
        print(f"{args.out / name}.csv: {len(found)} rows")
    unlocated = sum(row[-1] for row in tables["papers_sets"][1] if not row[len(KEYS)])
    total = sum(row[-1] for row in tables["papers_sets"][1])
    print(f"{total} papers read from {len(args.files)} file(s); {unlocated} of them name no country.")
    return 0


def add_parser(commands: Any) -> None:
    """Register ``papers`` under ``recount tally``."""
    parser = commands.add_parser("papers", help="rows of papers with countries → papers_sets, papers_weights, papers_tracks")
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help=f"CSV with {', '.join(REQUIRED)}; optional: {', '.join(OPTIONAL)}",
    )
    parser.add_argument("--prefix", default="", help="put before the files' source ids (default: nothing)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the tables")
    parser.add_argument("--engine", choices=ENGINES, default="duckdb", help="what counts (default: duckdb)")
    parser.add_argument("--overwrite", action="store_true", help="replace tables with other content")
    parser.set_defaults(run=run)
