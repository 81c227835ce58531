"""Files of posts, as people have them → plain text columns an engine can read, with every bad row accounted for.

CSV and JSON lines are staged as Parquet in a temporary folder, Parquet is read in place. DuckDB reads the CSV
(sniffing off, strict), whichever engine counts later; encodings are converted here, in blocks, because DuckDB
cannot read GB18030 offline. For every file: rows read = rows staged + rows rejected.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from recount.tally.engine import TallyError

if TYPE_CHECKING:
    import duckdb

BLOCK = 1 << 22
BATCH = 50_000
MASK = b"\xff"
"""A byte that is never UTF-8: puts a line on the reader's list of bad rows and keeps every line number."""

MAX_LINE = 16_000_000
MAX_REPAIRS = 20
"""Unclosed quotes followed to their line, per file, before the file is refused."""

FIELDS: dict[str, tuple[str, ...]] = {
    "platform": ("platform", "平台", "来源", "网站"),
    "data_set": ("data_set", "dataset", "source_id", "数据集"),
    "crawl_date": ("crawl_date", "crawled", "crawl_time", "采集日期", "抓取日期", "爬取时间"),
    "post_date": ("post_date", "date", "publish_date", "发布日期", "发布时间", "更新时间", "日期"),
    "search": ("search_keyword", "search", "keyword", "搜索词", "关键词"),
    "title": ("title", "job_title", "position", "岗位名称", "职位名称", "职位", "岗位", "招聘岗位"),
    "city": ("city", "城市", "工作城市", "工作地点", "地区", "地点"),
    "district": ("district", "区", "区域", "区县", "行政区"),
    "pay": ("salary_text", "salary", "pay", "薪资", "薪酬", "工资", "薪资范围", "薪资待遇", "月薪"),
    "education": ("education_raw", "education", "degree", "学历", "学历要求", "最低学历"),
    "experience": ("experience", "经验", "工作经验", "经验要求"),
}
"""Field → column names taken for it when ``--column`` does not say otherwise (first found wins, case ignored)."""

USED = tuple(name for name in FIELDS if name != "experience")
"""Fields that are read. Experience is recognised, so that it is not taken for something else, but not tallied."""


class Rejected(NamedTuple):
    """A row that was read but not tallied."""

    file: str
    line: int
    reason: str


@dataclass
class Staged:
    """One file, ready for an engine."""

    path: Path
    """The user's file."""
    parquet: list[Path]
    columns: dict[str, str | None]
    """Field → column of the Parquet files, None where the user's file has none."""
    named: dict[str, str | None] = field(default_factory=dict)
    """Field → column of the user's file."""
    rows: int = 0
    """Rows staged."""
    rejected: list[Rejected] = field(default_factory=list)
    encoding: str = ""
    broken_cells: int = 0
    """Staged rows with a line break inside a cell: legal, but also what a stray quote leaves behind."""
    data_set: str = ""
    """Name of the data set where no column gives it: the file's name."""

    @property
    def read(self) -> int:
        """Rows read: staged and rejected."""
        return self.rows + len(self.rejected)


Progress = Callable[[float], None]
"""Told the share of the current file that is done, from 0 to 1."""


def map_columns(path: Path, names: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str | None]:
    """Field → column name, from the user's ``field=column`` pairs and the known names.

    Raises:
        TallyError: a named column does not exist, or no column holds the title.
    """
    plain = {name.strip().lower(): name for name in reversed(list(names))}
    found: dict[str, str | None] = {}
    for name, aliases in FIELDS.items():
        if name in wanted:
            if wanted[name] not in names:
                raise TallyError(
                    f"{path}, line 1: no column {wanted[name]!r} for {name} (found: {', '.join(names)}). "
                    f"Remedy: correct --column {name}=NAME."
                )
            found[name] = wanted[name]
        else:
            free = [plain[a] for a in aliases if a in plain and plain[a] not in wanted.values()]
            found[name] = free[0] if free else None
    if found["title"] is None:
        raise TallyError(
            f"{path}, line 1: no column holds the title of the post (found: {', '.join(names)}). "
            "Remedy: name it with --column title=NAME."
        )
    return found


def kind(path: Path) -> str:
    """csv, jsonl or parquet, by the name of the file."""
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".parquet", ".pq")):
        return "parquet"
    return "jsonl" if name.endswith((".jsonl", ".ndjson", ".json")) else "csv"


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def detect(path: Path, encoding: str = "auto") -> str:
    """``utf-8`` or ``gb18030``: the one whose rules the first 8 MB follow; UTF-8 where neither fits (bad rows are
    then rejected one by one).

    Raises:
        TallyError: the file is missing, empty, or in UTF-16.
    """
    try:
        with _open(path) as stream:
            head = stream.read(2 * BLOCK)
    except FileNotFoundError:
        raise TallyError(f"{path}: no such file. Remedy: check the path.") from None
    except (OSError, EOFError) as error:
        raise TallyError(f"{path}: cannot be read ({error}). Remedy: check the file.") from None
    if not head.strip():
        raise TallyError(f"{path}: the file is empty. Remedy: pass a file with a header line and rows.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head[:200].count(b"\0") > 20:
        raise TallyError(f"{path}: UTF-16 or binary, not text in UTF-8 or GB18030. Remedy: save it as UTF-8.")
    if encoding != "auto":
        return "gb18030" if encoding.lower() in ("gb18030", "gbk", "gb2312", "cp936") else "utf-8"
    errors = {name: _errors(head, name) for name in ("utf-8", "gb18030")}
    return "utf-8" if errors["utf-8"] <= errors["gb18030"] else "gb18030"


def _errors(head: bytes, encoding: str) -> int:
    """Lines of the head that do not decode; the last, which may be cut, is left out."""
    lines = head.split(b"\n")
    return sum(1 for line in lines[: max(1, len(lines) - 1)] if not _decodes(line, encoding))


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


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


def rewrite(source: Path, target: Path, encoding: str, masked: Iterable[int] = ()) -> None:
    """Copy a text file as UTF-8 with LF, line for line; what does not decode, and masked lines, become bad UTF-8.

    A line feed is never part of a GB18030 character, so blocks of lines decode apart. Memory: one block.
    """
    bad, number = set(masked), 1
    with _open(source) as stream, target.open("wb") as out:
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
    if masked or not _decodes(body, encoding):
        return MASK
    return body.decode(encoding).encode("utf-8")


def header(path: Path, encoding: str, delimiter: str) -> tuple[list[str], int]:
    """Column names of the first record, and the number of lines it takes.

    Raises:
        TallyError: the first record does not decode or is not CSV.
    """
    try:
        with _open(path) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="")
            reader = csv.reader(text, delimiter=delimiter, strict=True)
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
    staged = Staged(path, [folder / "rows.parquet"], {f: f if c else None for f, c in mapped.items()}, mapped, encoding=encoding)
    masked: set[int] = set()
    text = path
    copied = encoding != "utf-8" or path.name.lower().endswith(".gz")
    if lines > 1:
        raise TallyError(f"{path}, line 1: the header takes {lines} lines. Remedy: put it on one line.")
    for _ in range(MAX_REPAIRS + 1):
        if copied or masked:
            text = folder / "rows.csv"
            rewrite(path, text, encoding, masked)
        try:
            bad = _read_csv(con, text, staged, names, mapped, delimiter, progress)
        except duckdb.Error as error:
            if copied:
                raise TallyError(
                    f"{path}: not readable as CSV ({str(error).splitlines()[0]}). Remedy: check quotes and --delimiter."
                ) from None
            copied = True  # mixed line ends: read again from a copy with LF
            continue
        swallowed = {line for line, _, more in bad if more}
        if not swallowed - masked:
            break
        masked |= swallowed
    else:
        raise TallyError(
            f"{path}: more than {MAX_REPAIRS} rounds of unclosed quotes, the last at line {max(masked)}. "
            "Remedy: close or double the quotes."
        )
    for line, reason, _ in bad:
        why = "quote without an end" if line in masked else reason
        staged.rejected.append(Rejected(str(path), line, why))
    (folder / "rows.csv").unlink(missing_ok=True)
    return staged


_REASON = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    "UNQUOTED VALUE": "quote without an end",
    "INVALID ENCODING": "bytes that are not text in this encoding",
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
    return [
        (line, _REASON.get(why, str(why).lower()), bool(more)) for line, (_, why, more) in zip(lines, errors, strict=True)
    ]


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
    import threading

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


def stage_jsonl(
    path: Path, folder: Path, *, columns: Mapping[str, str], encoding: str = "auto", progress: Progress | None = None
) -> Staged:
    """A file of one JSON object a line as Parquet; lines that are not an object are listed. Memory: one batch.

    Raises:
        TallyError: the file cannot be read, or its first objects have no title.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    encoding = detect(path, encoding)
    names: dict[str, None] = {}
    for _, value, _ in _objects(path, encoding, 1000):
        if isinstance(value, dict):
            names.update(dict.fromkeys(value))
    if not names:
        raise TallyError(
            f"{path}: none of the first 1000 lines is a JSON object. Remedy: write one object a line (JSON lines)."
        )
    mapped = map_columns(path, list(names), columns)
    staged = Staged(path, [folder / "rows.parquet"], {f: f if c else None for f, c in mapped.items()}, mapped, encoding=encoding)
    kept = {f: c for f, c in mapped.items() if c is not None and f in USED}
    schema = pa.schema([(f, pa.string()) for f in kept])
    size = max(path.stat().st_size, 1)
    batch: dict[str, list[str]] = {f: [] for f in kept}
    with pq.ParquetWriter(staged.parquet[0], schema) as writer:
        for line, value, position in _objects(path, encoding):
            if not isinstance(value, dict):
                staged.rejected.append(Rejected(str(path), line, str(value)))
                continue
            cells = {f: _text(value.get(c)) for f, c in kept.items()}
            staged.broken_cells += any("\n" in cell for cell in cells.values())
            for f, cell in cells.items():
                batch[f].append(cell)
            staged.rows += 1
            if staged.rows % BATCH == 0:
                writer.write_table(pa.table(batch, schema=schema))
                batch = {f: [] for f in kept}
                if progress:
                    progress(min(position / size, 1.0))
        writer.write_table(pa.table(batch, schema=schema))
    return staged


def _objects(path: Path, encoding: str, limit: int | None = None) -> Iterator[tuple[int, Any, int]]:
    """Line number, parsed object or reason, and bytes read so far, of each line that is not blank."""
    position = 0
    with _open(path) as stream:
        for line, raw in enumerate(stream, 1):
            position += len(raw)
            if limit is not None and line > limit:
                return
            if not raw.strip():
                continue
            try:
                value = json.loads(raw.decode("utf-8-sig" if encoding == "utf-8" else encoding))
            except UnicodeDecodeError:
                value = "bytes that are not text in this encoding"
            except (ValueError, RecursionError):
                value = "not JSON"
            if not isinstance(value, dict | str) or isinstance(value, str) and value not in _JSON_REASONS:
                value = "not a JSON object"
            yield line, value, position


_JSON_REASONS = ("bytes that are not text in this encoding", "not JSON")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(value, ensure_ascii=False)


def stage_parquet(path: Path, *, columns: Mapping[str, str]) -> Staged:
    """A Parquet file, read in place.

    Raises:
        TallyError: not a Parquet file, or no column holds the title.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            names, rows = list(file.schema_arrow.names), file.metadata.num_rows
    except FileNotFoundError:
        raise TallyError(f"{path}: no such file. Remedy: check the path.") from None
    except (pa.ArrowException, OSError) as error:
        raise TallyError(f"{path}: not a Parquet file ({str(error).splitlines()[0]}). Remedy: check the file.") from None
    mapped = map_columns(path, names, columns)
    return Staged(path, [path], mapped, mapped, rows=rows, encoding="parquet")
