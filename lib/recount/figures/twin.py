"""The data of a figure as text: the CSV that is published, and the short table that stands beside the picture."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

TWIN_ROWS, TWIN_COLUMNS, TWIN_CELL = 24, 9, 34
"""Most rows, columns and characters a cell shown; what is left out still counts in the checksum."""


def csv_text(data: pd.DataFrame) -> str:
    """The data as the CSV that is published: floats to 8 significant digits and 10 decimals, an index only if it is named."""
    frame = data.reset_index() if any(name is not None for name in data.index.names) else data
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([_exact(value) for value in row] for row in frame.itertuples(index=False, name=None))
    return stream.getvalue()


def _exact(value: Any) -> str:
    """A value as the CSV holds it: nothing for what is missing, dates ISO, floats rounded so that float noise never shows."""
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    if not isinstance(value, float):  # numpy's float64 is one
        return str(value)
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    rounded = round(float(f"{value:.8g}"), 10) + 0.0
    return str(int(rounded)) if rounded == int(rounded) else repr(rounded)


def text_twin(record: dict[str, Any], data: pd.DataFrame, drawn: str) -> str:
    """Title, alt text and the data as a short table: the first and last rows of long data, and a checksum over the CSV."""
    header, *rows = csv.reader(io.StringIO(drawn))
    checksum = hashlib.sha256(drawn.encode()).hexdigest()[:16]
    shown = [[_cell(value) for value in row[:TWIN_COLUMNS]] for row in rows]
    if len(shown) > TWIN_ROWS:
        half = TWIN_ROWS // 2
        shown = [*shown[:half], ["…"] * min(len(header), TWIN_COLUMNS), *shown[-half:]]
    numeric = [all(_is_number(row[at]) for row in rows) for at in range(min(len(header), TWIN_COLUMNS))]
    grid = _grid([_cell(name) for name in header[:TWIN_COLUMNS]], shown, numeric)
    size = f"{len(rows):,} rows × {len(header)} columns, checksum {checksum}"
    return "\n".join([f"Figure {record['id']}. {record['title']}", record["alt"], "", *grid, "", size])


def _is_number(text: str) -> bool:
    try:
        float(text or "0")
    except ValueError:
        return False
    return True


def _cell(text: str) -> str:
    """A value short enough for the table: 5 significant digits, long words cut."""
    if re.fullmatch(r"-?\d+\.\d+(e-?\d+)?", text):
        text = f"{float(text):.5g}" if abs(float(text)) < 1e5 else f"{float(text):.0f}"
    text = " ".join(text.split())
    return text if len(text) <= TWIN_CELL else text[: TWIN_CELL - 1] + "…"


def _grid(header: list[str], rows: list[list[str]], right: list[bool]) -> list[str]:
    widths = [max(_columns(line[at]) for line in [header, *rows]) for at in range(len(header))]

    def joined(line: list[str]) -> str:
        cells = []
        for text, width, to_right in zip(line, widths, right, strict=True):
            gap = " " * (width - _columns(text))
            cells.append(gap + text if to_right else text + gap)
        return "  ".join(cells).rstrip()

    return [joined(header), "  ".join("-" * width for width in widths), *map(joined, rows)]


def _columns(text: str) -> int:
    """Width on a terminal: a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
