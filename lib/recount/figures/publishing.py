"""``publish``: give a figure its title and source line, show it with a text twin, and save the files a citer takes away."""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount import registry
from recount import tables as _tables
from recount.figures.credit import FigureError, licence, producer, source_line, sources
from recount.figures.style import COLOURS, MARGIN, SIZES, settings, settle, tidy_ticks
from recount.figures.twin import csv_text, text_twin

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from PIL.Image import Image

MIME = "application/vnd.recount.figure+json"
ID = re.compile(r"(C\d\d|99)(-[a-z0-9-]+)?")
AS_OF = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
SCREEN_DPI, PRINT_DPI = 125, 300
SCREEN_COLOURS, PRINT_COLOURS = 64, 256
HAN = re.compile(r"[⺀-鿿豈-﫿＀-￯]")
NARROW = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."})


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
    lang: str = "en",
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
        lang: language of what is written on the figure, ``en`` or ``zh``; title, subtitle and note come in it.

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
        _dress(fig, record, subtitle, credit, lang)
        _punctuation(fig)
        settle(fig)
        fig.set_layout_engine("none")  # everything has its place: no file lays it out anew
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
    parents = set(registry.parents())
    for claim in claims:
        if claim not in parents:
            registry.claim(claim)


# --- dressing ----------------------------------------------------------------------------------------------------


def _dress(fig: Figure, record: dict[str, Any], subtitle: str, credit: list[tuple[str, str]], lang: str) -> None:
    """Title and subtitle above, note, source and id below; the figure grows by what they need."""
    from matplotlib import patheffects
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    width, height = fig.get_size_inches()
    room = width - 2 * MARGIN
    head = [(line, SIZES["title"], COLOURS["text"]) for line in wrap(fig, record["title"], SIZES["title"], room)]
    head += [(line, SIZES["subtitle"], COLOURS["soft text"]) for line in wrap(fig, subtitle, SIZES["subtitle"], room)]
    small, grey = SIZES["footer"], COLOURS["soft text"]
    foot = [line for text in _foot(record, credit, lang) for line in wrap(fig, text, small, room)]
    leading = 1.32 / 72
    top = MARGIN + sum(size * leading for _, size, _ in head) + 0.12
    bottom = MARGIN + len(foot) * small * leading + 0.06
    fig.set_size_inches(width, height + top + bottom)
    whole = height + top + bottom
    if not isinstance(fig.get_layout_engine(), ConstrainedLayoutEngine):  # a figure that was not made by `new`
        fig.set_layout_engine("constrained")
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


def _foot(record: dict[str, Any], credit: list[tuple[str, str]], lang: str) -> list[str]:
    """Note, sources, and as-of date with id and licence, in the language of the figure."""
    own = not _tables.published_data()
    licensed = _licence_words(record["licence"])
    if lang == "en":
        ours = "Drawn from your own tallies: NOT the published figure." if own else ""
        last = f"As of {record['as_of']} · Recount figure {record['id']} · {licensed}"
        return [ours, record["note"], source_line([producer for _, producer in credit]), last]
    names = dict.fromkeys(registry.source(id).producer_zh.replace("; ", "、") or producer for id, producer in credit)
    ours = "据读者自备数据绘制，非发布版。" if own else ""
    return [ours, record["note"], f"来源：{'、'.join(names)}", f"截至{record['as_of']} · Recount图{record['id']} · {licensed}"]


def _punctuation(fig: Figure) -> None:
    """A true minus before numbers; in texts without Chinese, no marks that a Chinese font draws as wide as a character."""
    from matplotlib.text import Text

    for text in fig.findobj(Text):
        words = text.get_text()
        minus = re.sub(r"(?<![\w.)\]-])-(?=\d)", "−", words)
        if minus != words:
            text.set_text(words := minus)
        if words and not HAN.search(words):
            text.set_text(words.translate(NARROW).replace(" · ", "·"))


def wrap(fig: Figure, text: str, size: float, room: float) -> list[str]:
    """Lines of ``text`` no wider than ``room`` inches at ``size`` points; Chinese may break between any two characters."""
    from matplotlib.text import Text

    probe = Text(0, 0, "", fontsize=size, figure=fig)
    if HAN.search(text):
        room *= 0.97  # advances are whole pixels: in a long line of equal characters print is up to 3 % wider than the screen

    def inches(line: str) -> float:
        probe.set_text(line)
        return probe.get_window_extent().width / fig.dpi

    if text.strip() and inches(text.rstrip()) <= room:  # most texts: measured once, not word by word
        return [text.rstrip()]
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

    picture = _png(fig, SCREEN_DPI, SCREEN_COLOURS, {})
    twin = text_twin(record, data, drawn)
    width = round(fig.get_size_inches()[0] * 96)  # CSS pixels: a point in the figure is a point on the page
    publish_display_data(
        {"image/png": base64.b64encode(picture).decode("ascii"), "text/plain": twin, MIME: record},
        {"image/png": {"alt": record["alt"], "width": width}},
    )


def _png(fig: Figure, dpi: int, colours: int, fields: dict[str, str]) -> bytes:
    """The figure as a PNG with a palette, a third to a fifth of the bytes with no difference to see, and its text fields."""
    from PIL import Image, PngImagePlugin

    raw, stream, kept = io.BytesIO(), io.BytesIO(), PngImagePlugin.PngInfo()
    fig.savefig(raw, format="rgba", dpi=dpi)  # pixels as they are: a PNG would be packed and unpacked for nothing
    width, height = (int(inches * dpi) for inches in fig.get_size_inches())
    whole = Image.frombytes("RGBA", (width, height), raw.getvalue()).convert("RGB")
    for name, text in fields.items():
        kept.add_text(name, text)
    _palette(whole, colours).save(stream, "png", dpi=(dpi, dpi), pnginfo=kept, optimize=dpi == SCREEN_DPI)
    return stream.getvalue()


def _palette(whole: Image, colours: int) -> Image:
    """A picture in so many colours, the ones it uses most kept as they are.

    The palette covers the range of colours; one cut at medians goes to the many shades of grey of the letters, and the colours
    of small marks run into one another. Each entry is then set to the most frequent of the colours it stands for, or a
    pale grey ground would come out tinted.
    """
    import numpy as np
    from PIL import Image

    few = whole.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    used = whole.getcolors(whole.width * whole.height)
    strip = Image.new("RGB", (len(used), 1))
    strip.putdata([colour for _, colour in used])
    entries = list(few.getpalette() or [])
    most: dict[int, int] = {}
    stands_for = np.asarray(strip.quantize(palette=few, dither=Image.Dither.NONE)).ravel().tolist()
    for (count, colour), entry in zip(used, stands_for, strict=True):
        if count > most.get(entry, 0):
            most[entry] = count
            entries[3 * entry : 3 * entry + 3] = colour
    few.putpalette(entries)
    return few


# --- saving ------------------------------------------------------------------------------------------------------


def _save(fig: Figure, folder: Path, record: dict[str, Any], drawn: str) -> None:
    from recount import __version__

    about = (
        f"{record['alt']} Claims: {', '.join(record['claims'])}. Tables: {', '.join(record['tables'])}. "
        f"As of {record['as_of']}. Licence: {record['licence']}. Recount {__version__}, figure {record['id']}."
    )
    credit = source_line([producer(registry.source(id)) for id in record["sources"]], most=12).partition(": ")[2]
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
    _tables.write_atomically(folder / f"{record['id']}.png", _png(fig, PRINT_DPI, PRINT_COLOURS, text_fields))
    _tables.write_atomically(folder / f"{record['id']}.csv", drawn)
