"""CSV files of posts → Parquet, with every bad row listed by its line.

DuckDB reads the CSV (sniffing off, strict), whichever engine counts later. Encodings are converted here, in blocks,
because DuckDB cannot read GB18030 offline.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from recount.tally.engine import TallyError
from recount.tally.ingest import BAD_BYTES, BLOCK, USED, Progress, Rejected, Staged, decodes, detect, map_columns, open_bytes

if TYPE_CHECKING:
    import duckdb

MASK = b"\xff"
"""A byte that is never UTF-8: puts a line on the reader's list of bad rows and keeps every line number."""

MAX_LINE = 16_000_000
MAX_REPAIRS = 20
"""Unclosed quotes followed to their line, per file, before the file is refused."""


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Blocks that end at a line end (except the last)."""
    rest = b""
    while block := stream.read(BLOCK):
        whole, newline, tail = (rest + block).rpartition(b"\n")
        if newline:
            yield whole + newline
        rest = tail
    if rest:
        yield rest


def _has_returns(path: Path) -> bool:
    with open_bytes(path) as stream:
        return any(b"\r" in block for block in iter(lambda: stream.read(BLOCK), b""))


def rewrite(source: Path, target: Path, encoding: str, masked: Iterable[int] = ()) -> None:
    """Copy a text file as UTF-8 with LF, line for line; what does not decode, and masked lines, become bad UTF-8.

    A line feed is never part of a GB18030 character, so blocks of lines decode apart. Memory: one block.
    """
    bad, number = set(masked), 1
    with open_bytes(source) as stream, target.open("wb") as out:
        for block in _blocks(stream):
            lines = block.count(b"\n")
            touched = any(number <= line <= number + lines for line in bad)
            text = None if touched else _decoded(block, encoding)
            if text is None:
                parts = block.split(b"\n")
                out.write(b"\n".join(_line(line, encoding, number + i in bad) for i, line in enumerate(parts)))
            else:
                out.write(text.replace("\r\n", "\n").encode("utf-8"))
            number += lines


def _decoded(block: bytes, encoding: str) -> str | None:
    if b"\r" in block.replace(b"\r\n", b""):
        return None
    try:
        return block.decode(encoding)
    except UnicodeDecodeError:
        return None


def _line(line: bytes, encoding: str, masked: bool) -> bytes:
    body = line.removesuffix(b"\r").replace(b"\r", b" ")
    if masked or not decodes(body, encoding):
        return MASK
    return body.decode(encoding).encode("utf-8")


def header(path: Path, encoding: str, delimiter: str) -> tuple[list[str], int]:
    """Column names of the first record, and the number of lines it takes.

    Raises:
        TallyError: the first record does not decode or is not CSV.
    """
    try:
        with open_bytes(path) as stream:
            # line by line: bad bytes further down are no fault of the header
            lines = (line.decode("utf-8-sig" if encoding == "utf-8" else encoding) for line in stream)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            names = next(reader)
            return [name.strip() for name in names], reader.line_num
    except UnicodeDecodeError:
        raise TallyError(f"{path}, line 1: not {encoding}. Remedy: name the encoding with --encoding.") from None
    except (csv.Error, StopIteration) as error:
        raise TallyError(f"{path}, line 1: not a CSV header ({error}). Remedy: check --delimiter and quotes.") from None


def stage_csv(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    folder: Path,
    *,
    columns: Mapping[str, str],
    encoding: str = "auto",
    delimiter: str = ",",
    progress: Progress | None = None,
) -> Staged:
    """A CSV file as Parquet; rows with other numbers of cells, bad quotes or bad bytes are listed by line.

    Raises:
        TallyError: the file as a whole cannot be read.
    """
    import duckdb

    encoding = detect(path, encoding)
    names, lines = header(path, encoding, delimiter)
    mapped = map_columns(path, names, columns)
    staged = Staged(
        path, [folder / "rows.parquet"], {f: f if c else None for f, c in mapped.items()}, mapped, encoding=encoding
    )
    masked: set[int] = set()
    text = path
    # DuckDB misplaces bad rows of files with CR by a line; a copy has LF only
    copied = encoding != "utf-8" or path.name.lower().endswith(".gz") or _has_returns(path)
    if lines > 1:
        raise TallyError(f"{path}, line 1: the header takes {lines} lines. Remedy: put it on one line.")
    for _ in range(MAX_REPAIRS + 1):
        if copied or masked:
            text = folder / "rows.csv"
            rewrite(path, text, encoding, masked)
        try:
            bad = _read_csv(con, text, staged, names, mapped, delimiter, progress)
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            raise TallyError(
                f"{path}: not readable as CSV ({str(error).splitlines()[0]}). Remedy: check quotes and --delimiter."
            ) from None
        swallowing = {line for line, _, more in bad if more}
        if not swallowing - masked:
            break
        masked |= swallowing
    else:
        raise TallyError(
            f"{path}: more than {MAX_REPAIRS} rounds of unclosed quotes, the last at line {max(masked)}. "
            "Remedy: close or double the quotes."
        )
    staged.rejected += [Rejected(str(path), line, OPEN_QUOTE if line in masked else reason) for line, reason, _ in bad]
    (folder / "rows.csv").unlink(missing_ok=True)
    return staged


OPEN_QUOTE = "quote without an end"
_REASON = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    "UNQUOTED VALUE": OPEN_QUOTE,
    "INVALID ENCODING": BAD_BYTES,
    "LINE SIZE OVER MAXIMUM": "line too long",
}


def _read_csv(
    con: duckdb.DuckDBPyConnection,
    text: Path,
    staged: Staged,
    names: Sequence[str],
    mapped: Mapping[str, str | None],
    delimiter: str,
    progress: Progress | None,
) -> list[tuple[int, str, bool]]:
    """Copy the wanted columns to Parquet; (line, reason, does it swallow later lines?) of each rejected row."""
    at = {f: names.index(c) for f, c in mapped.items() if c is not None and f in USED}
    cells = ", ".join(f"coalesce(c{i}, '') AS {f}" for f, i in at.items())
    broken = " OR ".join(f"contains({f}, chr(10))" for f in at)
    kinds = "{" + ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names))) + "}"
    con.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    target = str(staged.parquet[0]).replace("'", "''")
    source = str(text).replace("'", "''")
    quoted = delimiter.replace("'", "''")
    run_with_progress(
        con,
        f"""COPY (SELECT {cells} FROM read_csv('{source}', header = true, auto_detect = false, columns = {kinds},
            delim = '{quoted}', quote = '"', escape = '"', strict_mode = true, ignore_errors = true,
            store_rejects = true, rejects_limit = 0, max_line_size = {MAX_LINE}, compression = 'none'))
            TO '{target}' (FORMAT parquet, COMPRESSION snappy)""",
        progress,
    )
    staged.rows, staged.broken_cells = con.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {broken}) FROM read_parquet('{target}')"
    ).fetchone() or (0, 0)
    errors = con.execute(
        """SELECT line_byte_position, list_sort(list(error_type::VARCHAR))[1], max(contains(rtrim(csv_line, chr(10)), chr(10)))
           FROM reject_errors GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    lines = _lines_at(text, [position for position, _, _ in errors])
    return [(line, _REASON.get(why, str(why).lower()), bool(more)) for line, (_, why, more) in zip(lines, errors, strict=True)]


def _lines_at(path: Path, positions: Sequence[int]) -> list[int]:
    """Physical line (1 is the header) at each byte position, positions ascending; one pass, one block in memory."""
    if not positions:
        return []
    found: list[int] = []
    line, start = 1, 0
    with path.open("rb") as stream:
        while len(found) < len(positions) and (block := stream.read(BLOCK)):
            done = 0
            while len(found) < len(positions) and positions[len(found)] - 1 < start + len(block):
                end = max(positions[len(found)] - 1 - start, 0)
                line += block.count(b"\n", done, end)
                done = end
                found.append(line)
            line += block.count(b"\n", done)
            start += len(block)
    return found + [line] * (len(positions) - len(found))


def run_with_progress(con: duckdb.DuckDBPyConnection, sql: str, progress: Progress | None) -> None:
    """Run one statement and report how far it is, a few times a second."""
    if progress is None:
        con.execute(sql)
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            share = con.query_progress()
            if share > 0:
                progress(min(share / 100, 1.0))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        con.execute(sql)
    finally:
        done.set()
        watcher.join()
