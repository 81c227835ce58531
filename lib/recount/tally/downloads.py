"""Rows of Hugging Face models with downloads → tallies by namespace, region and pipeline tag.

A row is one model on one day with the downloads of the 30 days before. Namespaces that the organisation
table knows keep their name; all others are pooled as ``(unmapped)``: most are accounts of private persons.
The pool says how many namespaces and downloads it holds and how large its largest member is, which bounds
what any re-mapping could change.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from recount.tables import TableError
from recount.tally import rows
from recount.tally.engine import ENGINES, connect, in_one_line
from recount.tally.output import write_tables

if TYPE_CHECKING:
    import ibis
    from ibis.expr import types as ir

REQUIRED = ("model_id", "downloads_30d")
OPTIONAL = ("source_id", "snapshot_date", "namespace", "pipeline_tag", "likes")
REGIONS = ("namespace", "region", "basis")

ROOT = "(root)"
"""Namespace of ids without an owner (the hub's first models)."""

POOL = "(unmapped)"
"""Stands for every namespace the organisation table does not know."""


class Input(NamedTuple):
    """A file of models; source and date fill in where the file has no such columns."""

    path: Path
    source: str = ""
    date: str = ""


def parse_input(text: str) -> Input:
    """``[SOURCE[@DATE]=]FILE`` as given on the command line.

    Raises:
        TableError: a date that is not ISO.
    """
    label, equals, path = text.rpartition("=")
    source, _, date = label.partition("@")
    if date and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        raise TableError(f"{text!r}: {date!r} is not a date. Remedy: write SOURCE@YYYY-MM-DD=FILE.")
    return Input(Path(path), source if equals else "", date)


def models(con: ibis.BaseBackend, inputs: Iterable[Input], rename: dict[str, str] | None = None) -> ir.Table:
    """One row a model and day.

    Columns: ``source_id``, ``snapshot_date``, ``model_id``, ``namespace``, ``pipeline_tag``,
    ``downloads_30d`` and ``likes`` (integers). ``rename`` maps source ids of the files to those of
    data/sources.csv.
    """
    import ibis

    parts = []
    for one in inputs:
        table = rows.read(con, one.path, [*REQUIRED, *OPTIONAL])
        named = table.source_id.substitute(rename) if rename else table.source_id
        owner = table.model_id.contains("/").ifelse(table.model_id.split("/")[0], ROOT)
        parts.append(table.select(
            source_id=ibis.literal(one.source) if one.source else named,
            snapshot_date=(table.snapshot_date == "").ifelse(one.date, table.snapshot_date),
            model_id=table.model_id,
            namespace=(table.namespace == "").ifelse(owner, table.namespace),
            pipeline_tag=table.pipeline_tag,
            downloads_30d=table.downloads_30d.cast("int64"),
            likes=table.likes.nullif("").cast("int64"),
        ))  # fmt: skip
    return rows.stack(parts)


def placed(table: ir.Table, regions: ir.Table) -> ir.Table:
    """The rows with ``region`` and ``region_basis`` of their namespace; case is ignored, as the hub does.

    ``account`` is the organisation table's spelling, ``(root)`` or ``(unmapped)``. Regions of ``(root)`` and
    ``(unmapped)`` are ``unmapped``: they belong in a denominator and to no country.
    """
    known = regions.select(key=regions.namespace.lower(), known=regions.namespace, region=regions.region, basis=regions.basis)
    joined = table.left_join(known, table.namespace.lower() == known.key)
    return joined.select(
        *table.columns,
        account=joined.known.fill_null((joined.namespace == ROOT).ifelse(ROOT, POOL)),
        region=joined.region.fill_null("unmapped"),
        region_basis=joined.basis.fill_null("none"),
    )


def namespaces(table: ir.Table) -> ir.Table:
    """Models and downloads by source, day, account, region and pipeline tag; of the rows of :func:`placed`.

    Columns: ``source_id``, ``snapshot_date``, ``namespace``, ``region``, ``region_basis``, ``pipeline_tag``,
    ``namespaces`` (1 unless pooled), ``largest_namespace_downloads_30d``, ``models``, ``downloads_30d``.
    """
    cell = ["source_id", "snapshot_date", "account", "region", "region_basis", "pipeline_tag"]
    each = table.group_by([*cell, table.namespace.lower().name("owner")]).agg(
        models=lambda t: t.count(), downloads_30d=lambda t: t.downloads_30d.sum().cast("int64")
    )
    pooled = each.group_by(cell).agg(
        namespaces=lambda t: t.count(),
        largest_namespace_downloads_30d=lambda t: t.downloads_30d.max(),
        models=lambda t: t.models.sum().cast("int64"),
        downloads_30d=lambda t: t.downloads_30d.sum().cast("int64"),
    )
    return pooled.rename(namespace="account")


def by_model(table: ir.Table) -> ir.Table:
    """The rows of :func:`placed` with their model ids, for unions of two lists; likes kept."""
    return table.select(
        "source_id",
        "snapshot_date",
        "model_id",
        "namespace",
        "region",
        "region_basis",
        "pipeline_tag",
        "downloads_30d",
        "likes",
    )


_COUNT = re.compile(r"\d+")
CHECKS: dict[str, rows.Check] = {
    "model_id": lambda text: bool(text),
    "downloads_30d": lambda text: bool(_COUNT.fullmatch(text)),
    "likes": lambda text: text == "" or bool(_COUNT.fullmatch(text)),
    "snapshot_date": lambda text: bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)),
}


def check(inputs: Iterable[Input]) -> int:
    """Number of rows of all files, each checked line by line.

    Raises:
        TableError: bad cells, by file and line; a file that says neither its source nor its date.
    """
    total = 0
    for one in inputs:
        total += rows.check(one.path, REQUIRED, CHECKS)
        names = rows.header(one.path)
        for column, given in (("source_id", one.source), ("snapshot_date", one.date)):
            if column not in names and not given:
                raise TableError(f"{one.path}: no column {column}. Remedy: pass the file as SOURCE@YYYY-MM-DD=FILE.")
    return total


def check_regions(path: Path) -> None:
    """Refuse a table of organisations that names one twice, case ignored: its models would count twice."""
    seen: set[str] = set()

    def twice(row: dict[str, str]) -> str:
        key = row["namespace"].lower()
        if key in seen:
            return f"namespace {row['namespace']!r} stands twice"
        seen.add(key)
        return ""

    rows.check(path, REGIONS, {"namespace": bool, "region": bool, "basis": bool}, twice)


def build(
    con: ibis.BaseBackend,
    pooled: Sequence[Input],
    kept: Sequence[Input],
    regions: Path,
    rename: dict[str, str] | None = None,
) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """``hf_namespaces`` (from ``pooled``) and ``hf_models`` (from ``kept``): column names and sorted rows.

    Raises:
        TableError: unusable files or cells; counts that do not add up to the rows read.
    """
    check_regions(regions)
    where = rows.read(con, regions, REGIONS)
    tables = {}
    if pooled:
        total = check(pooled)
        names, found = rows.fetch(namespaces(placed(models(con, pooled, rename), where)))
        rows.must_add_up("hf_namespaces", total, sum(row[names.index("models")] for row in found))
        tables["hf_namespaces"] = names, found
    if kept:
        total = check(kept)
        names, found = rows.fetch(by_model(placed(models(con, kept, rename), where)))
        rows.must_add_up("hf_models", total, len(found))
        tables["hf_models"] = names, found
    return tables


@in_one_line
def run(args: argparse.Namespace) -> int:
    """``recount tally downloads``: write the tables into ``--out`` and say what was read."""
    rename = dict(pair.split("=", 1) for pair in args.source)
    tables = build(
        connect(args.engine),
        [parse_input(f) for f in args.files],
        [parse_input(f) for f in args.keep],
        args.regions,
        rename,
    )
    texts = {f"{name}.csv": rows.to_csv(names, found) for name, (names, found) in tables.items()}
    write_tables(args.out, texts, args.overwrite)
    for name, (names, found) in tables.items():
        total = sum(row[names.index("downloads_30d")] for row in found)
        lost = sum(row[names.index("downloads_30d")] for row in found if row[names.index("region")] == "unmapped")
        unknown = f"{lost / total if total else 0:.1%} of downloads have no region"
        print(f"{args.out / name}.csv: {len(found)} rows; {unknown}")
    return 0


def add_parser(commands: Any) -> None:
    """Register ``downloads`` under ``recount tally``."""
    parser = commands.add_parser("downloads", help="rows of models → hf_namespaces, hf_models")
    what = f"[SOURCE[@DATE]=]CSV with {', '.join(REQUIRED)}; optional: {', '.join(OPTIONAL)}"
    parser.add_argument("files", nargs="*", metavar="FILE", help=what)
    parser.add_argument(
        "--keep",
        nargs="+",
        default=[],
        metavar="FILE",
        help="files whose rows keep their model ids (hf_models)",
    )
    parser.add_argument("--regions", type=Path, required=True, metavar="CSV", help=f"organisations: {', '.join(REGIONS)}")
    parser.add_argument("--source", nargs="+", default=[], metavar="OLD=NEW", help="rename source ids of the files")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the tables")
    parser.add_argument("--engine", choices=ENGINES, default="duckdb", help="what counts (default: duckdb)")
    parser.add_argument("--overwrite", action="store_true", help="replace tables with other content")
    parser.set_defaults(run=run)
