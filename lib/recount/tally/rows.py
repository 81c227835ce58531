"""Read files of raw rows strictly: known header, every line checked, nothing dropped in silence.

The check is one pass of the standard library over the text (it knows line numbers and unterminated quotes);
counting is left to the engine, which reads the same file again as plain text columns.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.tables import TableError

if TYPE_CHECKING:
    import ibis
    from ibis.expr import types as ir

Check = Callable[[str], bool]
"""True when the text of a cell is acceptable."""

SHOWN = 5
"""Bad cells named in one error message; the rest are counted."""


def header(path: Path) -> list[str]:
    """Column names in the first line of a CSV file.

    Raises:
        TableError: no such file, an empty file, or text that is not UTF-8.
    """
    return next(iter(_lines(path)))[1]


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number at which a record ends, and its cells, header first."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            any_line = False
            for record in reader:
                any_line = True
                yield reader.line_num, record
            if not any_line:
                raise TableError(f"{path}: the file is empty. Remedy: pass a CSV file with a header line.")
    except FileNotFoundError:
        raise TableError(f"{path}: no such file. Remedy: check the path.") from None
    except UnicodeDecodeError as error:
        raise TableError(f"{path}: byte {error.start} is not UTF-8. Remedy: save the file as UTF-8.") from None
    except csv.Error as error:
        raise TableError(
            f"{path}, line {reader.line_num}: {error}. Remedy: close the quote or escape it by doubling."
        ) from None


def check(
    path: Path,
    required: Sequence[str],
    checks: dict[str, Check] | None = None,
    whole: Callable[[dict[str, str]], str] | None = None,
) -> int:
    """Go through a CSV file once and refuse it if any row is not as promised.

    Args:
        path: CSV file with a header line, UTF-8, comma.
        required: columns that must exist.
        checks: for a column, what makes its cell acceptable; columns that do not exist are skipped.
        whole: looks at a whole row and returns what is wrong with it, or an empty string.

    Returns:
        Number of rows.

    Raises:
        TableError: names file, lines and cells (the first few) and how many there are in all.
    """
    lines = _lines(path)
    _, names = next(lines)
    if len(set(names)) < len(names):
        raise TableError(f"{path}, line 1: a column name stands twice. Remedy: rename one of them.")
    missing = [name for name in required if name not in names]
    if missing:
        raise TableError(
            f"{path}, line 1: no column {', '.join(missing)} (found: {', '.join(names)}). Remedy: rename the columns."
        )
    tests = [(names.index(column), column, test) for column, test in (checks or {}).items() if column in names]
    rows, found = 0, []
    for number, record in lines:
        rows += 1
        if len(record) != len(names):
            found.append(f"line {number}: {len(record)} cells instead of {len(names)}")
            continue
        bad = [f"line {number}, {column}: {record[at]!r}" for at, column, test in tests if not test(record[at])]
        if not bad and whole is not None and (reason := whole(dict(zip(names, record, strict=True)))):
            bad = [f"line {number}: {reason}"]
        found += bad
    if found:
        more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise TableError(
            f"{path}: {len(found)} bad cell(s): {'; '.join(found[:SHOWN])}{more}. Remedy: correct or remove these rows."
        )
    return rows


def read(con: ibis.BaseBackend, path: Path, columns: Iterable[str]) -> ir.Table:
    """A CSV file as an Ibis table of text columns; absent columns and empty cells read as empty text.

    Sniffing is off: every column is text, so both engines see the same cells.
    """
    import ibis

    names = header(path)
    if con.name == "duckdb":
        table = con.read_csv(
            str(path),
            header=True,
            auto_detect=False,
            delim=",",
            quote='"',
            escape='"',
            columns=dict.fromkeys(names, "VARCHAR"),
        )
    else:
        schema = ", ".join(f"`{name}` STRING" for name in names)
        table = con.read_csv(str(path), header=True, inferSchema=False, schema=schema, quote='"', escape='"', multiLine=True)
    return table.select(
        **{name: table[name].cast("string").fill_null("") if name in names else ibis.literal("") for name in columns}
    )


def read_all(con: ibis.BaseBackend, paths: Iterable[Path], columns: Sequence[str]) -> ir.Table:
    """Several files with the same meaning of columns, one under another."""
    return stack([read(con, path, columns) for path in paths])


def stack(tables: Sequence[ir.Table]) -> ir.Table:
    """Tables with the same columns, one under another; nothing is merged."""
    return functools.reduce(lambda above, below: above.union(below), tables)


def fetch(expression: ir.Table) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run an expression: column names and rows as plain Python values, sorted (empty text first).

    Sorting happens here because engines order text by different rules.
    """
    arrow = expression.to_pyarrow()
    names = list(arrow.column_names)
    rows = list(zip(*(column.to_pylist() for column in arrow.columns), strict=True)) if arrow.num_rows else []
    return names, sorted(rows, key=lambda row: tuple((value is not None, value) for value in row))


def to_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV text: LF, booleans as true and false, None as an empty cell, numbers without a trailing ``.0``."""
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "" if value is None else value


def must_add_up(name: str, expected: int, counted: int) -> None:
    """Refuse a tally that lost or doubled rows.

    Raises:
        TableError: the tally's counts do not sum to the rows read.
    """
    if expected != counted:
        raise TableError(
            f"{name}: the counts sum to {counted}, but {expected} rows were read. Remedy: report this; nothing was written."
        )
