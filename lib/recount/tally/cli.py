"""``recount tally``: files of raw rows → tallies, from the command line."""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recount.tables import RecountError, write_atomically
from recount.tally import ingest
from recount.tally.engine import ENGINES, Keeper, TallyError, connect

REPORT = "posts_report.json"
SHOWN = 10
SLOW = 2.0
"""Seconds after which progress is worth showing."""


def add_parser(commands: Any) -> None:
    """Register ``tally`` with its three kinds of rows: posts, papers, downloads."""
    parser = commands.add_parser(
        "tally", help="raw rows → tallies", description="Count raw rows of your own the way the published tallies were."
    )
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    _add_posts(kinds)
    for name in ("papers", "downloads"):
        importlib.import_module(f"recount.tally.{name}").add_parser(kinds)


def main(args: argparse.Namespace) -> int:
    """Run the chosen kind; returns the exit status."""
    return int(args.run(args) or 0)


def run_alone(arguments: Sequence[str] | None = None) -> int:
    """``python -m recount.tally``: errors as one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m recount")
    commands = parser.add_subparsers(dest="command", required=True)
    add_parser(commands)
    given = list(sys.argv[1:] if arguments is None else arguments)
    args = parser.parse_args(given if given[:1] == ["tally"] else ["tally", *given])
    try:
        return main(args)
    except RecountError as error:
        print(f"recount: {error}", file=sys.stderr)
        return 1


def _pair(text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left or not right:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return left, right


def _add_posts(kinds: Any) -> None:
    parser = kinds.add_parser(
        "posts",
        help="rows of job posts → posts.csv",
        description="Rows of job posts (CSV, Parquet or JSON lines, UTF-8 or GB18030) → posts.csv: counts by coded "
        "title, pay, degree and place. No title, company or person is kept.",
    )
    fields = ", ".join(f for f in ingest.FIELDS if f != "experience")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, Parquet (.parquet) or JSON lines (.jsonl)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for posts.csv and its report")
    parser.add_argument(
        "--column", type=_pair, action="append", default=[], metavar="FIELD=NAME",
        help=f"which column holds a field, e.g. title=岗位名称; fields: {fields}",
    )  # fmt: skip
    parser.add_argument("--encoding", default="auto", choices=("auto", "utf-8", "gb18030"), help="of CSV and JSON lines")
    parser.add_argument("--delimiter", default=",", help="of CSV (default: comma; write \\t for a tab)")
    parser.add_argument("--data-set", metavar="NAME", help="data set of rows that name none (default: the file's name)")
    parser.add_argument(
        "--source-id", default=None, metavar="ID", help="source id of the rows; {} stands for the data set in small letters"
    )
    parser.add_argument(
        "--platform", type=_pair, action="append", default=[], metavar="SET=CODE", help="platform of a data set that names none"
    )
    parser.add_argument(
        "--odd", type=_pair, action="append", default=[], metavar="SET=DAY,DAY", help="crawl dates of a data set to mark as odd"
    )
    parser.add_argument(
        "--keep-search", nargs="+", default=[], metavar="SET", help="data sets whose search words are kept as an axis"
    )
    parser.add_argument("--engine", choices=ENGINES, default="duckdb", help="what counts (default: duckdb)")
    parser.add_argument("--memory", default="2GB", help="most memory the engine takes (default: 2GB)")
    parser.add_argument("--threads", type=int, default=None, help="threads of the engine (default: all)")
    parser.add_argument("--temp", type=Path, default=None, metavar="DIR", help="folder for intermediate files")
    parser.add_argument("--strict", action="store_true", help="write nothing if any row is rejected")
    parser.add_argument("--skip-bad-files", action="store_true", help="go on without files that cannot be read, and list them")
    parser.add_argument("--overwrite", action="store_true", help="replace a posts.csv this command did not write")
    parser.set_defaults(run=posts)


def posts(args: argparse.Namespace) -> int:
    """``recount tally posts``: read, count, write ``posts.csv`` and a report beside it.

    Raises:
        RecountError: nothing was written; the message names file, place and remedy.
    """
    from recount.tally import posts as work

    started = time.monotonic()
    out = args.out
    _may_write(out, args.overwrite)
    options = work.Options(
        source_id=args.source_id or work.OWN,
        platform=dict(args.platform),
        odd={name: tuple(days.split(",")) for name, days in args.odd},
        keep_search=tuple(args.keep_search),
    )
    if args.temp is not None:
        args.temp.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="recount-", dir=args.temp) as name, _progress() as show:
        folder = Path(name)
        staged, hashes, skipped = _stage(args, folder, show)
        con = connect(args.engine, memory=args.memory, threads=args.threads, folder=folder / "spill")
        with Keeper(con) as keep, show("counting", None):
            rows = work.raw(con, staged)
            known = work.dictionaries(rows, options, keep)
            table = work.fetch(work.tally(rows, known, options))
            pays, degrees = work.unparsed_pay(rows, known), work.unread_degrees(rows, known)
        tallied, read = sum(table.column("n").to_pylist()), sum(file.read for file in staged)
        rejected = [row for file in staged for row in file.rejected]
        if tallied + len(rejected) != read:
            raise TallyError(
                f"{tallied} rows tallied and {len(rejected)} rejected, but {read} read. "
                "Remedy: report this; nothing was written."
            )
        if rejected and args.strict:
            first = rejected[0]
            raise TallyError(
                f"{first.file}, line {first.line}: {first.reason} ({len(rejected)} rows rejected in all). "
                "Remedy: correct them, or leave out --strict; nothing was written."
            )
        cells = _write(out, folder, work.COLUMNS, work.finish(table, options), rejected)
    summary = work.summary(table)
    report = {
        "made_by": "python -m recount tally posts",
        "inputs": [
            {
                "file": file.path.name, "sha256": hashes[file.path], "rows_read": file.read, "rows_tallied": file.rows,
                "rows_rejected": len(file.rejected), "encoding": file.encoding,
                "columns": {f: c for f, c in file.named.items() if c},
            }
            for file in staged
        ],
        "skipped": [{"file": path.name, "reason": reason} for path, reason in skipped],
        "rows_read": read, "rows_tallied": tallied, "rows_rejected": len(rejected), "cells": cells, **summary,
        "output": {"posts.csv": _sha256(out / "posts.csv")},
    }  # fmt: skip
    write_atomically(out / REPORT, json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    for line in _say(report, staged, rejected, pays, degrees, out, time.monotonic() - started):
        print(line)
    return 0


def _may_write(out: Path, overwrite: bool) -> None:
    """Refuse to replace what this command did not write: a person's file, or its own file changed since."""
    target, report = out / "posts.csv", out / REPORT
    if out.exists() and not out.is_dir():
        raise TallyError(f"{out}: is a file. Remedy: name a folder with --out.")
    if overwrite or not target.exists():
        return
    try:
        known = json.loads(report.read_text(encoding="utf-8"))["output"]["posts.csv"]
    except (OSError, ValueError, KeyError, TypeError):
        known = None
    if known != _sha256(target):
        raise TallyError(
            f"{target}: was not written by this command, or was changed since. "
            "Remedy: choose another --out, or add --overwrite."
        )


def _stage(
    args: argparse.Namespace, folder: Path, show: Show
) -> tuple[list[ingest.Staged], dict[Path, str], list[tuple[Path, str]]]:
    """All files ready for the engine, their SHA-256, and those left out with the reason.

    Raises:
        TallyError: a file cannot be read (unless ``--skip-bad-files``), or is given twice.
    """
    import duckdb

    reader = duckdb.connect(config={"memory_limit": args.memory, "temp_directory": str(folder / "read")})
    reader.execute("SET preserve_insertion_order = false")
    if args.threads:
        reader.execute(f"SET threads = {int(args.threads)}")
    columns, delimiter = dict(args.column), args.delimiter.replace("\\t", "\t")
    unknown = [name for name in columns if name not in ingest.FIELDS]
    if unknown:
        raise TallyError(f"--column {unknown[0]}=…: no such field. Remedy: use one of {', '.join(ingest.FIELDS)}.")
    staged: list[ingest.Staged] = []
    hashes: dict[Path, str] = {}
    skipped: list[tuple[Path, str]] = []
    for number, path in enumerate(args.files):
        part = folder / f"file{number}"
        part.mkdir()
        try:
            with show(path.name, 1.0) as progress:
                file = _stage_one(reader, path, part, columns, args.encoding, delimiter, progress)
            file.data_set = args.data_set or _code(path)
            hashes[path] = _sha256(path)
        except TallyError as error:
            if not args.skip_bad_files:
                raise
            skipped.append((path, str(error)))
            shutil.rmtree(part)
            continue
        twin = next((p for p, h in hashes.items() if h == hashes[path] and p != path), None)
        if twin is not None or path in [f.path for f in staged]:
            raise TallyError(f"{path}: the same content as {twin or path}, given before. Remedy: name each file once.")
        staged.append(file)
    if not staged:
        raise TallyError(f"none of the {len(args.files)} files can be read. Remedy: {skipped[0][1]}")
    reader.close()
    return staged, hashes, skipped


def _stage_one(reader, path, folder, columns, encoding, delimiter, progress) -> ingest.Staged:
    kind = ingest.kind(path)
    if kind == "parquet":
        return ingest.stage_parquet(path, columns=columns)
    if kind == "jsonl":
        return ingest.stage_jsonl(path, folder, columns=columns, encoding=encoding, progress=progress)
    return ingest.stage_csv(
        reader, path, folder, columns=columns, encoding=encoding, delimiter=delimiter, progress=progress
    )


def _code(path: Path) -> str:
    """A data set's code from a file's name."""
    stem = path.name.split(".")[0]
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "-" for c in stem).strip("-_")
    return plain[:40] or "own"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(
    out: Path, folder: Path, columns: Sequence[str], rows: Iterator[tuple[Any, ...]], rejected: Sequence[ingest.Rejected]
) -> int:
    """Write the table, and the list of rejected rows, whole or not at all; number of rows written."""
    import csv
    import os

    out.mkdir(parents=True, exist_ok=True)
    count = 0
    half = out / ".posts.csv.part"
    try:
        with half.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            for row in rows:
                writer.writerow(row)
                count += 1
        os.replace(half, out / "posts.csv")
    finally:
        half.unlink(missing_ok=True)
    listed = out / "posts_rejected.csv"
    if rejected:
        text = "".join(f"{_quoted(r.file)},{r.line},{_quoted(r.reason)}\n" for r in rejected)
        write_atomically(listed, "file,line,reason\n" + text)
    return count


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


Show = Callable[[str, float | None], Any]
"""Context of one piece of work: its name, and its size (None: unknown); gives what to call with the share done."""


@contextmanager
def _progress() -> Iterator[Show]:
    """Progress bars on a terminal's stderr; nothing where rich is missing or stderr is no terminal."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    except ImportError:
        Console = None  # type: ignore[assignment, misc]

    @contextmanager
    def silent(name: str, size: float | None) -> Iterator[Callable[[float], None] | None]:
        yield None

    if Console is None or not sys.stderr.isatty():
        yield silent
        return
    parts = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:

        @contextmanager
        def show(name: str, size: float | None) -> Iterator[Callable[[float], None]]:
            task = bar.add_task(name, total=size)
            yield lambda share: bar.update(task, completed=share)
            bar.update(task, total=1.0, completed=1.0)

        yield show


def _say(
    report: dict[str, Any],
    staged: Sequence[ingest.Staged],
    rejected: Sequence[ingest.Rejected],
    pays: Sequence[tuple[str, int]],
    degrees: Sequence[tuple[str, int]],
    out: Path,
    seconds: float,
) -> Iterator[str]:
    """The summary, line by line."""
    read = report["rows_read"]
    yield (
        f"{read:,} rows read = {report['rows_tallied']:,} tallied + {report['rows_rejected']:,} rejected, "
        f"from {len(staged)} file(s) in {seconds:.1f} s"
    )
    for file in staged:
        lacking = [f for f in ("pay", "education", "city", "district") if not file.columns.get(f)]
        note = f"; no column for {', '.join(lacking)}" if lacking else ""
        broken = f"; {file.broken_cells:,} rows have a line break inside a cell" if file.broken_cells else ""
        yield f"  {file.path.name}: {file.read:,} rows, {file.encoding}{note}{broken}"
    for entry in report["skipped"]:
        yield f"  {entry['file']}: left out: {entry['reason']}"
    if rejected:
        yield f"Rejected rows ({out / 'posts_rejected.csv'} lists all):"
        for row in rejected[:SHOWN]:
            yield f"  {row.file}, line {row.line}: {row.reason}"
        if len(rejected) > SHOWN:
            yield f"  and {len(rejected) - SHOWN:,} more"
    yield f"Pay: {report['pay_unparsed']:,} rows not understood{_samples(pays)}"
    yield f"Pay: {report['pay_looks_yearly']:,} rows state a monthly pay that looks yearly (read literally)"
    yield f"Degree: {report['education_missing']:,} rows state none{_samples(degrees)}"
    if report["education_not_collected"]:
        yield f"Degree: not collected in {', '.join(report['education_not_collected'])}"
    yield f"Place: {report['place_unknown']:,} rows without a city, {report['district_unknown']:,} in Shanghai without a district"
    yield f"Year: {report['year_unknown']:,} rows without a date"
    yield (
        f"{out / 'posts.csv'}: {report['cells']:,} cells; {report['cells_of_one_percent']:.1f} % of them stand for one post"
    )


def _samples(texts: Sequence[tuple[str, int]]) -> str:
    return ": " + ", ".join(f"{text[:30]!r} × {n:,}" for text, n in texts) if texts else ""
