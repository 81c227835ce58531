"""``publish``: give a figure its title and source line, show it with a text twin, and save the files a citer takes away."""

from __future__ import annotations

import base64
import hashlib
import io
import math
import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount import tables as _tables
from recount.figures.style import COLOURS, SIZES, settings, settle, tidy_ticks
from recount.tables import RecountError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MIME = "application/vnd.recount.figure+json"
ID = re.compile(r"(C\d\d|99)(-[a-z0-9-]+)?")
AS_OF = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
SCREEN_DPI, PRINT_DPI = 125, 300
SCREEN_BYTES = 150_000
MARGIN = 0.12  # inches round the whole figure
HAN = re.compile(r"[⺀-鿿豈-﫿＀-￯]")
NARROW = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."})
TWIN_ROWS, TWIN_COLUMNS, TWIN_CELL = 24, 9, 34

STRICTNESS = {
    "CC0-1.0": 0,
    "PDDL-1.0": 0,
    "MIT": 1,
    "BSD-3-Clause": 1,
    "Apache-2.0": 1,
    "MPL-2.0": 1,  # binds the files of a program, not a picture drawn from their numbers
    "CC-BY-4.0": 2,
    "ODC-By-1.0": 2,
    "ODbL-1.0": 3,
    "CC-BY-SA-4.0": 3,
    "CC-BY-NC-4.0": 4,
    "CC-BY-NC-SA-4.0": 5,
    "CC-BY-ND-4.0": 6,
    "CC-BY-NC-ND-4.0": 7,
}
"""How much a licence asks of someone who reuses a figure; a figure carries the strictest of its tables', at least CC BY 4.0."""


class FigureError(RecountError):
    """A figure cannot be published: something a reader or citer needs is missing or wrong."""


def publish(
    fig: Figure,
    id: str,
    *,
    title: str,
    title_zh: str,
    alt: str,
    data: pd.DataFrame,
    tables: Sequence[str],
    claims: Sequence[str],
    as_of: str,
    alt_zh: str = "",
    subtitle: str = "",
    note: str = "",
) -> None:
    """Finish a figure, show it in the notebook, save its files where ``RECOUNT_FIGURES`` names a folder, and close it.

    Title and subtitle go above the drawing, source line, as-of date, figure id and licence below it: the figure grows,
    the drawing keeps its size. The notebook gets one output: the PNG, a text twin (title, alt text, the data drawn,
    and a checksum over every value, so that a changed datum changes the text that nbval compares), and the record.

    Args:
        id: ``C06`` or ``C06-slug`` (lower case), or ``99-slug``; also the name of the files.
        title, title_zh: the answer as a statement, in English (drawn) and Chinese (for the site).
        alt, alt_zh: what a person who cannot see the figure needs to know: kind of chart, what is compared, the finding.
        data: what is drawn, one row a mark; floats are kept to 8 significant digits. A column ``source_id`` narrows the
            source line to the sources of those rows.
        tables: names of the tables the data come from.
        claims: ids of the claims (``C06b``) or parents (``C06``) it speaks to.
        as_of: day (or month, or year) the data stand at, ISO.
        subtitle: what is measured, in which unit, for whom.
        note: a line above the source line.

    Raises:
        FigureError: an id or date of another form, no title, alt text or data, an empty figure, a table whose licence is
            not ranked; with ``RECOUNT_STRICT_FIGURES`` set, texts that overlap or run off.
        TableError, UnknownIdError: no such table or claim.
    """
    _check(fig, id, data, {"title": title, "title_zh": title_zh, "alt": alt}, as_of)
    _known_claims(claims)
    credit = sources(tables, data)
    record = {
        "id": id,
        "title": title,
        "title_zh": title_zh,
        "alt": alt,
        "alt_zh": alt_zh,
        "claims": list(claims),
        "tables": list(tables),
        "sources": [source for source, _ in credit],
        "as_of": as_of,
        "licence": licence(tables),
        "note": note,
    }
    drawn = csv_text(data)
    import matplotlib as mpl

    with mpl.rc_context(settings()):
        tidy_ticks(fig)
        _dress(fig, record, subtitle, [producer for _, producer in credit])
        _narrow_punctuation(fig)
        settle(fig)
        _strict(fig, id)
        _show(fig, record, data, drawn)
        folder = os.environ.get("RECOUNT_FIGURES")
        if folder:
            _save(fig, Path(folder), record, drawn)
    import matplotlib.pyplot as plt

    plt.close(fig)


def _check(fig: Figure, id: str, data: pd.DataFrame, words: dict[str, str], as_of: str) -> None:
    if not ID.fullmatch(id):
        raise FigureError(f"figure {id!r}: an id is C06, C06-sources or 99-overview (lower case, digits, hyphens).")
    for name, text in words.items():
        if not text.strip():
            raise FigureError(f"figure {id}: {name} is empty. Remedy: say it in one sentence.")
    if not AS_OF.fullmatch(as_of):
        raise FigureError(f"figure {id}: as_of {as_of!r} is no ISO date. Remedy: 2025-12-06, 2025-12 or 2025.")
    if data.empty:
        raise FigureError(f"figure {id}: the frame of drawn data is empty. Remedy: pass what the marks show.")
    if not any(ax.lines or ax.collections or ax.patches or ax.images or ax.containers for ax in fig.axes):
        raise FigureError(f"figure {id}: nothing is drawn on it. Remedy: draw before publishing, and publish once.")


def _known_claims(claims: Sequence[str]) -> None:
    from recount import registry

    parents = set(registry.parents())
    for claim in claims:
        if claim not in parents:
            registry.claim(claim)


def licence(tables: Sequence[str]) -> str:
    """SPDX id of the strictest licence among the tables', at least that of this project's figures (CC BY 4.0)."""
    strictest = "CC-BY-4.0"
    for name in tables:
        for entry in _tables.resource(name)["licenses"]:
            if entry["name"] not in STRICTNESS:
                raise FigureError(
                    f"table {name}: licence {entry['name']} is not ranked. Remedy: add it to figures.publishing.STRICTNESS."
                )
            strictest = max(strictest, entry["name"], key=lambda one: STRICTNESS[one])
    return strictest


def sources(tables: Sequence[str], data: pd.DataFrame | None = None) -> list[tuple[str, str]]:
    """(source id, producer) of the tables, most rows first; only those of ``data`` where it has a ``source_id``."""
    weights: dict[str, int] = {}
    drawn = set(data["source_id"].dropna()) if data is not None and "source_id" in data else set()
    for name in tables:
        frame = _tables.load(name)
        if "source_id" in frame:
            counts = frame["source_id"].dropna().value_counts()
            some = {key: int(n) for key, n in counts.items() if key in drawn}
            for key, n in (some or {key: int(n) for key, n in counts.items()}).items():
                weights[key] = weights.get(key, 0) + n
    register = _tables.load("sources").set_index("id")
    order = sorted(weights, key=lambda key: (-weights[key], key))
    return [(key, _producer(register.loc[key])) for key in order]


def _producer(row: Any) -> str:
    """Who made it; the publisher where the producer is not named."""
    producer = str(row["producer"])
    unnamed = producer.startswith(("not ", "speaker not", "benchmark authors"))
    return str(row["publisher"]) if unnamed and row["publisher"] == row["publisher"] else producer


def source_line(producers: Sequence[str], most: int = 3) -> str:
    """``Source: Stanford CRFM; Epoch AI; Zhipu AI and 5 more``; without sources, this project itself."""
    names = list(dict.fromkeys(part.strip() for producer in producers for part in producer.split(";")))
    names = ["own measurement" if name == "this project" else name for name in names] or ["Recount"]
    shown = names if len(names) <= most + 1 else names[:most]
    more = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
    return f"Source{'s' if len(names) > 1 else ''}: " + "; ".join(shown) + more


# --- dressing ----------------------------------------------------------------------------------------------------


def _dress(fig: Figure, record: dict[str, Any], subtitle: str, producers: list[str]) -> None:
    """Title and subtitle above, note, source and id below; the figure grows by what they need."""
    from matplotlib import patheffects

    width, height = fig.get_size_inches()
    room = width - 2 * MARGIN
    head = [(line, SIZES["title"], COLOURS["text"]) for line in wrap(fig, record["title"], SIZES["title"], room)]
    head += [(line, SIZES["subtitle"], COLOURS["soft text"]) for line in wrap(fig, subtitle, SIZES["subtitle"], room)]
    small, grey = SIZES["footer"], COLOURS["soft text"]
    foot = [line for text in (record["note"], source_line(producers)) for line in wrap(fig, text, small, room)]
    foot += wrap(
        fig,
        f"As of {record['as_of']} · Recount figure {record['id']} · {_licence_words(record['licence'])}",
        small,
        room,
    )
    leading = 1.32 / 72
    top = MARGIN + sum(size * leading for _, size, _ in head) + 0.12
    bottom = MARGIN + len(foot) * small * leading + 0.06
    fig.set_size_inches(width, height + top + bottom)
    whole = height + top + bottom
    fig.get_layout_engine().set(rect=(MARGIN / width, bottom / whole, 1 - 2 * MARGIN / width, height / whole))
    y = whole - MARGIN
    for line, size, colour in head:
        text = fig.text(MARGIN / width, y / whole, line, fontsize=size, color=colour, va="top", ha="left")
        if size == SIZES["title"]:  # the font has no bold: a thin outline in the same colour makes one
            text.set_path_effects([patheffects.withStroke(linewidth=0.55, foreground=colour)])
        y -= size * leading
    y = bottom - 0.06
    for line in foot:
        fig.text(MARGIN / width, y / whole, line, fontsize=small, color=grey, va="top", ha="left")
        y -= small * leading


def _narrow_punctuation(fig: Figure) -> None:
    """In texts without Chinese, replace the marks that a Chinese font draws as wide as a character."""
    from matplotlib.text import Text

    for text in fig.findobj(Text):
        words = text.get_text()
        if words and not HAN.search(words):
            text.set_text(words.translate(NARROW).replace(" · ", "·"))


def wrap(fig: Figure, text: str, size: float, room: float) -> list[str]:
    """Lines of ``text`` no wider than ``room`` inches at ``size`` points; Chinese may break between any two characters."""
    from matplotlib.text import Text

    probe = Text(0, 0, "", fontsize=size, figure=fig)

    def inches(line: str) -> float:
        probe.set_text(line)
        return probe.get_window_extent().width / fig.dpi

    lines, line = [], ""
    for piece in re.findall(r"\s*(?:[⺀-鿿豈-﫿＀-￯]|[^\s⺀-鿿豈-﫿＀-￯]+)", text):
        if line and inches(line + piece) > room:
            lines.append(line)
            piece, line = piece.lstrip(), ""
        line += piece
    return [*lines, line] if line.strip() else lines


def _licence_words(spdx: str) -> str:
    return re.sub(r"^CC-(.+)-(\d\.\d)$", r"CC \1 \2", spdx)


def _strict(fig: Figure, id: str) -> None:
    if os.environ.get("RECOUNT_STRICT_FIGURES"):
        from recount.figures.overlap import overlaps

        found = overlaps(fig)
        if found:
            raise FigureError(f"figure {id}: {'; '.join(found)}. Remedy: shorter labels, a larger figure, or direct_label.")


# --- showing -----------------------------------------------------------------------------------------------------


def _show(fig: Figure, record: dict[str, Any], data: pd.DataFrame, drawn: str) -> None:
    from IPython.display import publish_display_data

    picture = _png(fig, SCREEN_DPI, {})
    if len(picture) > SCREEN_BYTES:
        picture = _fewer_colours(picture)
    twin = text_twin(record, data, drawn)
    width = round(fig.get_size_inches()[0] * 96)  # CSS pixels: a point in the figure is a point on the page
    publish_display_data(
        {"image/png": base64.b64encode(picture).decode("ascii"), "text/plain": twin, MIME: record},
        {"image/png": {"alt": record["alt"], "width": width}},
    )


def _png(fig: Figure, dpi: int, metadata: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    fig.savefig(stream, format="png", dpi=dpi, metadata={"Software": None} | metadata, pil_kwargs={"optimize": True})
    return stream.getvalue()


def _fewer_colours(picture: bytes) -> bytes:
    """The same picture with a palette of 128 colours: a third of the bytes, no difference to see in a chart."""
    from PIL import Image

    stream = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(stream, "png", optimize=True)
    return stream.getvalue()


def csv_text(data: pd.DataFrame) -> str:
    """The data as the CSV that is published: floats to 8 significant digits and 10 decimals, an index only if it is named."""
    frame = data.reset_index() if any(name is not None for name in data.index.names) else data
    frame = frame.copy()
    for column in frame:
        if frame[column].dtype.kind == "f":
            frame[column] = [_exact(value) for value in frame[column]]
    return frame.to_csv(index=False, lineterminator="\n")


def _exact(value: float) -> str:
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    rounded = round(float(f"{value:.8g}"), 10) + 0.0
    return str(int(rounded)) if rounded == int(rounded) else repr(rounded)


def text_twin(record: dict[str, Any], data: pd.DataFrame, drawn: str) -> str:
    """Title, alt text and the data as a short table: the first and last rows of long data, and a checksum over the CSV."""
    import csv

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


# --- saving ------------------------------------------------------------------------------------------------------


def _save(fig: Figure, folder: Path, record: dict[str, Any], drawn: str) -> None:
    from recount import __version__

    about = (
        f"{record['alt']} Claims: {', '.join(record['claims'])}. Tables: {', '.join(record['tables'])}. "
        f"As of {record['as_of']}. Licence: {record['licence']}. Recount {__version__}, figure {record['id']}."
    )
    credit = source_line([producer for _, producer in sources(record["tables"])], most=12).partition(": ")[2]
    stream = io.BytesIO()
    dublin_core = {
        "Title": record["title"],
        "Description": about,
        "Source": credit,
        "Identifier": f"Recount figure {record['id']}",
        "Rights": record["licence"],
        "Keywords": list(record["claims"]),
        "Creator": f"Recount {__version__}",
        "Date": None,
    }
    fig.savefig(stream, format="svg", dpi=150, metadata=dublin_core)
    _tables.write_atomically(folder / f"{record['id']}.svg", stream.getvalue())
    text_fields = {
        "Title": record["title"],
        "Description": about,
        "Source": credit,
        "Copyright": record["licence"],
        "Software": f"Recount {__version__}",
        "Recount figure id": record["id"],
        "Claims": " ".join(record["claims"]),
        "As of": record["as_of"],
        "Licence": record["licence"],
        "Version": __version__,
    }
    _tables.write_atomically(folder / f"{record['id']}.png", _png(fig, PRINT_DPI, text_fields))
    _tables.write_atomically(folder / f"{record['id']}.csv", drawn)
