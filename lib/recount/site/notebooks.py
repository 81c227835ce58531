"""An executed notebook as a page of the site: cards on top, code folded, figures with caption and downloads."""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from recount import harvest, records
from recount.project import project
from recount.site import cards
from recount.site.built import Built
from recount.site.markup import both, citations, cite_this, esc, label, raw, size, spaced

VERDICT_MIME = records.MIME.format("verdict")
DATE = re.compile(r'<td style="([^"]*)">(\d{4}-\d\d(?:-\d\d)?)</td>')
UP = "../"
"""From a notebook's page to the root of the site."""

MOST_SVG = 300_000
"""Bytes up to which a page shows the SVG of a figure; above, the PNG of the notebook is smaller."""


def page(built: Built, path: Path, words: str = "") -> nbformat.NotebookNode:
    """The notebook as Sphinx gets it.

    Args:
        built: the run.
        path: executed notebook.
        words: what a reader may look for it by though it does not use them; they stand at its end, where the search finds them.
    """
    notebook = nbformat.read(path, as_version=4)
    first, rest = notebook.cells[0], notebook.cells[1:]
    heading, _, lead = first.source.partition("\n")
    recounts = bool(built.of_notebook(path.stem))
    top = doors(path, recounts) + (cards.in_short(built, path.stem) + cards.cards(built, path.stem, UP) if recounts else "")
    cells = [_markdown(heading), _markdown(raw(top))] + ([_markdown(lead.strip())] if lead.strip() else [])
    for cell in rest:
        if "summary" in cell.metadata.get("tags", []):  # it says in words what "in short" says on top of the page
            continue
        if cell.cell_type == "code":
            _fold(cell)
            cell.outputs = [kept for output in cell.outputs if (kept := _output(built, output)) is not None]
        cells.append(cell)
    if words:
        known = both("Also searched as: ", "相关词：")
        cells.append(_markdown(raw(f'<p class="note">{known}{esc(words)}</p>')))
    notebook.cells = cells
    return notebook


def title(path: Path) -> str:
    """Title of a notebook: the first line of its first cell."""
    return str(nbformat.read(path, as_version=4).cells[0].source).partition("\n")[0].lstrip("# ")


def _markdown(source: str) -> nbformat.NotebookNode:
    # the library would give a random id, and what is built twice should be the same
    return nbformat.v4.new_markdown_cell(source, id=f"site-{zlib.crc32(source.encode()):08x}")


def _fold(cell: nbformat.NotebookNode) -> None:
    cell.metadata = nbformat.from_dict({"tags": [*cell.metadata.get("tags", []), "hide-input"]})


def _output(built: Built, output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """An output with nothing but what the page shows."""
    data = output.get("data")
    if data is None:
        return output
    record = data.get(harvest.FIGURE_MIME)
    if VERDICT_MIME in data:
        html = cards.verdict(built, data[VERDICT_MIME]["id"])
    elif record is not None:
        html = figure(built, record, UP, output.metadata.get("image/png", {}).get("width", 768))
    elif "text/html" in data:
        html = _adapted(data["text/html"])
    else:
        return output
    return nbformat.v4.new_output("display_data", {"text/html": spaced(html)})


def _adapted(html: str) -> str:
    """HTML of :mod:`recount.records`, with tables that scroll on their own on a narrow screen."""
    html = DATE.sub(r'<td style="\1;white-space:nowrap">\2</td>', html).replace(
        'class="recount-cite"', 'class="recount-cite simple"'
    )
    return re.sub(
        r'(<table class="recount-table">.*?</table>)',
        r'<div class="scroll" tabindex="0" role="group" aria-label="table">\1</div>',
        html,
        flags=re.DOTALL,
    )


# --- figures -------------------------------------------------------------------------------------------------------


def figure(built: Built, record: Mapping[str, Any], up: str, width: int) -> str:
    """A published figure on a page: picture, caption in both languages, downloads, "Cite this"."""
    id = record["id"]
    src, pixels = picture(built, id, width)
    described = alt(record)
    caption = both(esc(record["title"]), esc(record["title_zh"]))
    size_of = f' width="{pixels[0]}" height="{pixels[1]}"' if pixels else ""
    return (
        f'<figure class="figure{_spoken(built, id)}" id="fig-{id}" style="--natural:{width}px">{_swipe(width)}<div class="scroll" tabindex="0" role="group" {label("aria-label", f"Figure {id}", f"图{id}")}>'
        f'<img src="{up}{src}" {described}{size_of} decoding="async"></div>'
        f'<figcaption><a class="fig-id" href="#fig-{id}">{both(f"Figure {id}", f"图{id}")}</a> <strong>{caption}</strong>'
        f"{downloads(built, id, up)}{cite_this(citations(id, 'figure', record), f'figure {id}')}</figcaption></figure>"
    )


def _spoken(built: Built, id: str) -> str:
    """Class of a figure that exists in both languages: the page shows the reader's."""
    if id.endswith("-zh"):
        return " l-zh"
    return " l-en" if f"{id}-zh" in built.figures else ""


def _swipe(width: int) -> str:
    """What a telephone needs to be told of a figure wider than its screen."""
    return (
        f'<p class="swipe note">{both("↔ Swipe the figure to see all of it.", "↔ 左右滑动可看全图。")}</p>'
        if width > 420
        else ""
    )


def alt(record: Mapping[str, Any]) -> str:
    """The attribute ``alt`` in both languages; where no Chinese one was written, the Chinese title stands for it."""
    return label("alt", record["alt"], record["alt_zh"] or record["title_zh"])


def picture(built: Built, id: str, width: int) -> tuple[str, tuple[int, int] | None]:
    """Path (from the root of the site) of the picture a page shows, and its size in CSS pixels."""
    folder = built.outputs / "figures"
    svg, png = folder / f"{id}.svg", folder / f"{id}.png"
    pixels = png_size(png) if png.is_file() else None
    shown = (width, round(width * pixels[1] / pixels[0])) if pixels else None
    if svg.is_file() and svg.stat().st_size <= MOST_SVG:
        return f"figures/{id}.svg", shown
    return f"figures/screen/{id}.png", shown


def png_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG, from its header."""
    head = path.read_bytes()[:24]
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def downloads(built: Built, id: str, up: str) -> str:
    """Links to the files of a figure, each with its size."""
    kinds = {"svg": "SVG", "png": "PNG, 300 dpi", "csv": "data, CSV"}
    kinds_zh = {"svg": "SVG", "png": "PNG，300 dpi", "csv": "数据，CSV"}
    links = []
    for kind in kinds:
        path = built.outputs / "figures" / f"{id}.{kind}"
        if path.is_file():
            bytes = size(path.stat().st_size)
            words = both(f"{kinds[kind]} ({bytes})", f"{kinds_zh[kind]}（{bytes}）")
            links.append(f'<a href="{up}figures/{id}.{kind}" download>{words}</a>')
    return f'<p class="downloads">{" ".join(links)}</p>' if links else ""


def screen_pictures(path: Path) -> dict[str, bytes]:
    """Figure id → PNG as a notebook shows it."""
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if harvest.FIGURE_MIME in data and "image/png" in data:
                found[data[harvest.FIGURE_MIME]["id"]] = base64.b64decode(data["image/png"])
    return found


def records_of(path: Path) -> list[dict[str, Any]]:
    """Records of the figures of a notebook, in its order."""
    outputs = (output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", []))
    return [dict(output.data[harvest.FIGURE_MIME]) for output in outputs if harvest.FIGURE_MIME in output.get("data", {})]


def thumbnail(picture: bytes, width: int = 480) -> bytes:
    """A small WebP of a figure."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.thumbnail((width, width * 2))
    stream = io.BytesIO()
    image.save(stream, "webp", quality=82, method=4)
    return stream.getvalue()


def pixels(picture: bytes) -> tuple[int, int]:
    """Width and height of a picture."""
    from PIL import Image

    return Image.open(io.BytesIO(picture)).size


# --- the other doors -----------------------------------------------------------------------------------------------


def doors(path: Path, recounts: bool) -> str:
    """Download, and the links to services that run the notebook, where a repository address is configured."""
    links = [f'<a href="{path.name}" download>{both("Download this notebook", "下载本笔记本")}</a>']
    for url, en, zh in project().doors(f"notebooks/{path.name}"):
        links.append(f'<a href="{esc(url)}" rel="noopener">{both(en, zh)}</a>')
    if not project().address:
        words = both("How to run it", "如何运行")
        links.append(f'<a href="{UP}about.html#run">{words}</a>')
    note = "笔记本正文为英文；摘要、卡片、判定、图题和可引用的句子为中文。" if recounts else "本页正文为英文。"
    return f'<p class="doors">{" ".join(links)}</p><p class="only-zh l-zh" lang="zh">{note}</p>'
