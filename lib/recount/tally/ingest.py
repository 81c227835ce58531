"""Files of posts, as people have them → plain text columns an engine can read, with every bad row accounted for.

CSV (:mod:`recount.tally.ingest_csv`) and JSON lines are staged as Parquet in a temporary folder, Parquet is read in
place. For every file: rows read = rows staged + rows rejected.
"""

from __future__ import annotations

import codecs
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from recount.tally.engine import TallyError

BLOCK = 1 << 22
BATCH = 50_000
BAD_BYTES = "bytes that are not text in this encoding"
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


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked if its name ends in .gz."""
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def detect(path: Path, encoding: str = "auto") -> str:
    """``utf-8`` or ``gb18030``: the one whose rules the first 8 MB follow; UTF-8 where neither fits (bad rows are
    then rejected one by one).

    Raises:
        TallyError: the file is missing, empty, or in UTF-16.
    """
    try:
        with open_bytes(path) as stream:
            head = stream.read(2 * BLOCK)
    except FileNotFoundError:
        raise TallyError(f"{path}: no such file. Remedy: check the path.") from None
    except (OSError, EOFError) as error:
        raise TallyError(f"{path}: cannot be read ({error}). Remedy: check the file.") from None
    if not head.strip():
        raise TallyError(f"{path}: the file is empty. Remedy: pass a file with a header line and rows.")
    if head.startswith(b"PK\x03\x04"):
        raise TallyError(f"{path}: a spreadsheet or zip file. Remedy: save it as CSV in UTF-8.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head[:200].count(b"\0") > 20:
        raise TallyError(f"{path}: UTF-16 or binary, not text in UTF-8 or GB18030. Remedy: save it as UTF-8.")
    if encoding != "auto":
        return "gb18030" if encoding.lower() in ("gb18030", "gbk", "gb2312", "cp936") else "utf-8"
    errors = {name: _errors(head, name) for name in ("utf-8", "gb18030")}
    return "utf-8" if errors["utf-8"] <= errors["gb18030"] else "gb18030"


def _errors(head: bytes, encoding: str) -> int:
    """Lines of the head that do not decode; the last, which may be cut, is left out."""
    lines = head.split(b"\n")
    return sum(1 for line in lines[: max(1, len(lines) - 1)] if not decodes(line, encoding))


def decodes(line: bytes, encoding: str) -> bool:
    """Is the line text in this encoding?"""
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


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
    staged = Staged(
        path, [folder / "rows.parquet"], {f: f if c else None for f, c in mapped.items()}, mapped, encoding=encoding
    )
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
    with open_bytes(path) as stream:
        for line, raw in enumerate(stream, 1):
            position += len(raw)
            if limit is not None and line > limit:
                return
            if not raw.strip():
                continue
            try:
                value = json.loads(raw.decode("utf-8-sig" if encoding == "utf-8" else encoding))
            except UnicodeDecodeError:
                value = BAD_BYTES
            except (ValueError, RecursionError):
                value = "not JSON"
            if not isinstance(value, dict | str) or isinstance(value, str) and value not in _JSON_REASONS:
                value = "not a JSON object"
            yield line, value, position


_JSON_REASONS = (BAD_BYTES, "not JSON")


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
