"""``recount tally posts FILE… --out DIR``: arguments, the run from files to tables, and its summary."""

from __future__ import annotations

import argparse
import itertools
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.tables import OWN_ROWS
from recount.tally import ingest, output
from recount.tally.engine import ENGINES, Keeper, TallyError, connect, in_one_line, memory_mb
from recount.tally.progress import Show, Tell, progress

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

TABLE, REJECTED, REPORT = "posts.csv", "posts_rejected.csv", "posts_report.json"
SHOWN = 10
"""Rejected rows named in the summary; the file lists all."""


def _pair(text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left or not right:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return left, right


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _once(option: str, pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Pairs of an option as a dictionary.

    Raises:
        TallyError: a name stands in two of them, so that one would be lost.
    """
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise TallyError(f"{option} {twice}=…: given twice. Remedy: give it once; several days are parted by commas.")
    return dict(pairs)


def add_parser(kinds: Any) -> None:
    """Register ``posts`` under ``recount tally``."""
    parser = kinds.add_parser(
        "posts",
        help="rows of job posts → posts.csv",
        description="Rows of job posts (CSV, Parquet or JSON lines, UTF-8 or GB18030) → posts.csv: counts by coded "
        "title, pay, degree and place. No title, company or person is kept.",
    )
    add, pairs = parser.add_argument, {"type": _pair, "action": "append", "default": []}
    fields = ", ".join(ingest.USED)
    add(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="CSV, Parquet (.parquet) or JSON lines (.jsonl); CSV and JSON also .gz",
    )
    add("--out", type=Path, required=True, metavar="DIR", help="folder for posts.csv and its report")
    add("--column", **pairs, metavar="FIELD=NAME", help=f"which column holds a field, e.g. title=岗位名称; fields: {fields}")
    add("--encoding", default="auto", choices=("auto", "utf-8", "gb18030"), help="of CSV and JSON lines")
    add("--delimiter", default=",", help="of CSV (default: comma; write \\t for a tab)")
    add("--data-set", metavar="NAME", help="data set of rows that name none (default: the file's name)")
    add("--source-id", metavar="ID", help="source id of the rows; {} stands for the data set in small letters")
    add("--platform", **pairs, metavar="SET=CODE", help="platform of a data set that names none")
    add("--odd", **pairs, metavar="SET=DAY,DAY", help="crawl dates of a data set to mark as odd snapshots")
    add("--keep-search", nargs="+", default=[], metavar="SET", help="data sets whose search words are kept as an axis")
    add("--engine", choices=ENGINES, default="duckdb", help="what counts (default: duckdb)")
    add("--memory", default="2GB", help="most memory the engine takes (default: 2GB)")
    add("--threads", type=_at_least_one, help="threads of the engine (default: all)")
    add("--temp", type=Path, metavar="DIR", help="folder for intermediate files (on a cluster: one that all machines see)")
    add("--strict", action="store_true", help="write nothing if any row is rejected")
    add("--skip-bad-files", action="store_true", help="go on without files that cannot be read, and list them")
    add("--overwrite", action="store_true", help="replace a posts.csv this command did not write")
    parser.set_defaults(run=run)


@dataclass
class Inputs:
    """The files of one run."""

    staged: list[ingest.Staged] = field(default_factory=list)
    hashes: dict[Path, str] = field(default_factory=dict)
    skipped: list[tuple[Path, str]] = field(default_factory=list)
    """Files left out, with the reason (``--skip-bad-files``)."""

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(file.read for file in self.staged)

    @property
    def rejected(self) -> list[ingest.Rejected]:
        """Rows read but not tallied."""
        return [row for file in self.staged for row in file.rejected]


@dataclass(frozen=True)
class Counted:
    """What an engine gives back."""

    table: pa.Table
    untitled: int
    pays: list[tuple[str, int]]
    """The most frequent pay texts that were not understood."""
    degrees: list[tuple[str, int]]
    """The most frequent degree texts that state no level."""


@in_one_line
def run(args: argparse.Namespace) -> int:
    """Read, count, write ``posts.csv`` and a report beside it, and say what was understood.

    Raises:
        RecountError: nothing was written; the message names file, place and remedy.
    """
    from recount.tally import posts

    started = time.monotonic()
    output.check_folder(args.out)
    if not args.overwrite:
        output.guard(args.out, REPORT, (TABLE, REJECTED))
    options = posts.Options(
        source_id=args.source_id or OWN_ROWS,
        platform=_once("--platform", args.platform),
        odd={name: tuple(days.split(",")) for name, days in _once("--odd", args.odd).items()},
        keep_search=tuple(args.keep_search),
    )
    if args.temp is not None:
        args.temp.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="recount-", dir=args.temp) as name, progress() as show:
        inputs = _stage(args, Path(name), show)
        counted = _count(args, inputs.staged, options, Path(name), show)
    _must_add_up(counted, inputs, args.strict)
    summary = posts.summary(counted.table)
    with output.Draft(args.out) as draft:
        cells = draft.add(TABLE, posts.COLUMNS, posts.finish(counted.table, options))
        if inputs.rejected:
            draft.add(REJECTED, ("file", "line", "reason"), inputs.rejected)
        report = _report(inputs, cells, {"title_missing": counted.untitled, **summary})
        draft.publish(REPORT, report, gone=() if inputs.rejected else (REJECTED,))
    for line in _say(report, inputs, counted, args.out, time.monotonic() - started):
        print(line)
    return 0


def _stage(args: argparse.Namespace, folder: Path, show: Show) -> Inputs:
    """All files ready for an engine.

    Raises:
        TallyError: a file cannot be read (unless ``--skip-bad-files``), or is given twice.
    """
    import duckdb

    columns = _once("--column", args.column)
    unknown = [name for name in columns if name not in ingest.USED]
    if unknown:
        raise TallyError(f"--column {unknown[0]}=…: no such field. Remedy: use one of {', '.join(ingest.USED)}.")
    inputs = Inputs()
    codes: dict[str, str] = {}
    memory = f"{memory_mb(args.memory)}MB"
    with duckdb.connect(config={"memory_limit": memory, "temp_directory": str(folder / "read")}) as reader:
        reader.execute("SET preserve_insertion_order = false")
        if args.threads:
            reader.execute(f"SET threads = {int(args.threads)}")
        for number, path in enumerate(args.files):
            part = folder / f"file{number}"
            part.mkdir()
            try:
                with show(path.name, 1.0) as tell:
                    file = _stage_one(reader, path, part, columns, args, tell)
                file.data_set = args.data_set or _code(path, codes)
            except TallyError as error:
                if not args.skip_bad_files:
                    raise
                inputs.skipped.append((path, str(error)))
                shutil.rmtree(part)
                continue
            same = output.sha256(path)
            twin = next((known for known, its in inputs.hashes.items() if its == same), None)
            if twin is not None:
                raise TallyError(f"{path}: the same content as {twin}, given before. Remedy: name each file once.")
            inputs.hashes[path] = same
            inputs.staged.append(file)
    if not inputs.staged:
        raise TallyError(f"none of the {len(args.files)} files can be read. The first: {inputs.skipped[0][1]}")
    return inputs


def _stage_one(
    reader: duckdb.DuckDBPyConnection,
    path: Path,
    folder: Path,
    columns: dict[str, str],
    args: argparse.Namespace,
    tell: Tell | None,
) -> ingest.Staged:
    kind = ingest.kind(path)
    if kind == "parquet":
        return ingest.stage_parquet(path, columns=columns)
    if kind == "jsonl":
        return ingest.stage_jsonl(path, folder, columns=columns, encoding=args.encoding, progress=tell)
    from recount.tally.ingest_csv import stage_csv

    delimiter = args.delimiter.replace("\\t", "\t")
    if len(delimiter) != 1:
        raise TallyError(f"--delimiter {args.delimiter!r}: not one character. Remedy: one such as ; or \\t.")
    return stage_csv(reader, path, folder, columns=columns, encoding=args.encoding, delimiter=delimiter, progress=tell)


def _code(path: Path, known: dict[str, str]) -> str:
    """A data set's code from a file's name; files of different names never share one.

    Args:
        known: name → code of the files before; the new one is added.
    """
    stem = path.name.split(".")[0]
    if stem not in known:
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "-" for c in stem).strip("-_")
        first = plain[:40] or "own"
        more = (f"{first[:35]}-{number}" for number in itertools.count(2))
        known[stem] = next(code for code in itertools.chain([first], more) if code not in known.values())
    return known[stem]


def _count(args: argparse.Namespace, staged: Sequence[ingest.Staged], options: Any, folder: Path, show: Show) -> Counted:
    from recount.tally import posts

    con = connect(args.engine, memory=args.memory, threads=args.threads, folder=folder / "spill")
    with Keeper(con) as keep:
        rows = posts.raw(con, staged)
        posts.check_options(rows, options)
        with show("coding pay, titles and places", None):
            known = posts.dictionaries(rows, options, keep)
        with show("counting", None):
            return Counted(
                posts.fetch(posts.tally(rows, known, options)),
                posts.untitled(rows),
                posts.unparsed_pay(rows, known),
                posts.unread_degrees(rows, known),
            )


def _must_add_up(counted: Counted, inputs: Inputs, strict: bool) -> None:
    tallied, rejected = sum(counted.table.column("n").to_pylist()), inputs.rejected
    if tallied + len(rejected) != inputs.read:
        raise TallyError(
            f"{tallied} rows tallied and {len(rejected)} rejected, but {inputs.read} read. "
            "Remedy: report this; nothing was written."
        )
    if rejected and (strict or not tallied):
        first = rejected[0]
        remedy = "correct them, or leave out --strict" if strict else "check --delimiter, --encoding and quotes"
        raise TallyError(
            f"{first.file}, line {first.line}: {first.reason} ({len(rejected)} of {inputs.read} rows rejected). "
            f"Remedy: {remedy}; nothing was written."
        )
    if not tallied:
        raise TallyError(f"{inputs.staged[0].path}: no rows below the header. Remedy: check the file; nothing was written.")


def _report(inputs: Inputs, cells: int, summary: dict[str, Any]) -> dict[str, Any]:
    """What was read and what was understood: figures and column names, no text of a row."""
    rejected = len(inputs.rejected)
    return {
        "made_by": "python -m recount tally posts",
        "inputs": [
            {
                "file": file.path.name,
                "sha256": inputs.hashes[file.path],
                "rows_read": file.read,
                "rows_tallied": file.rows,
                "rows_rejected": len(file.rejected),
                "encoding": file.encoding,
                "columns": {name: column for name, column in file.named.items() if column},
            }
            for file in inputs.staged
        ],
        "skipped": [{"file": path.name, "reason": reason} for path, reason in inputs.skipped],
        "rows_read": inputs.read,
        "rows_tallied": inputs.read - rejected,
        "rows_rejected": rejected,
        "cells": cells,
        **summary,
    }


def _say(report: dict[str, Any], inputs: Inputs, counted: Counted, out: Path, seconds: float) -> Iterator[str]:
    """The summary, line by line."""
    yield (
        f"{report['rows_read']:,} rows read = {report['rows_tallied']:,} tallied + {report['rows_rejected']:,} rejected, "
        f"from {len(inputs.staged)} file(s) in {seconds:.1f} s"
    )
    for file in inputs.staged:
        lacking = [name for name in ("pay", "education", "city", "district") if not file.columns.get(name)]
        note = f"; no column for {', '.join(lacking)}" if lacking else ""
        broken = f"; {file.broken_cells:,} rows have a line break inside a cell" if file.broken_cells else ""
        name = "data sets as the rows name them" if file.columns.get("data_set") else f"data set {file.data_set}"
        yield f"  {file.path.name}: {file.read:,} rows, {file.encoding}, {name}{note}{broken}"
    for path, reason in inputs.skipped:
        yield f"  {path.name}: left out: {reason}"
    if inputs.rejected:
        yield f"Rejected rows ({out / REJECTED} lists all):"
        for row in inputs.rejected[:SHOWN]:
            yield f"  {row.file}, line {row.line}: {row.reason}"
        if len(inputs.rejected) > SHOWN:
            yield f"  and {len(inputs.rejected) - SHOWN:,} more"
    if report["title_missing"]:
        yield f"Title: {report['title_missing']:,} rows have none"
    yield f"Pay: {report['pay_unparsed']:,} rows not understood{_samples(counted.pays)}"
    yield f"Pay: {report['pay_looks_yearly']:,} rows state a monthly pay that looks yearly (read literally)"
    yield f"Degree: {report['education_missing']:,} rows state none{_samples(counted.degrees)}"
    if report["education_not_collected"]:
        yield f"Degree: not collected in {', '.join(report['education_not_collected'])}"
    in_shanghai = f"{report['district_unknown']:,} in Shanghai without a district"
    yield f"Place: {report['place_unknown']:,} rows without a city, {in_shanghai}"
    yield f"Year: {report['year_unknown']:,} rows without a date"
    yield f"{out / TABLE}: {report['cells']:,} cells; {report['cells_of_one_percent']:.1f} % of them stand for one post"


def _samples(texts: Sequence[tuple[str, int]]) -> str:
    return ": " + ", ".join(f"{text[:30]!r} × {n:,}" for text, n in texts) if texts else ""
