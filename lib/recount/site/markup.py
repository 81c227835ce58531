"""Small pieces of HTML in both languages; everything that comes from a table or a record is escaped here."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from recount import cite, figures, records, wording

STYLES = {"apa": "APA", "gbt7714": "GB/T 7714", "bibtex": "BibTeX"}


def esc(text: object) -> str:
    """Text as HTML, also inside an attribute."""
    return html.escape(str(text), quote=True)


def both(en: str, zh: str, tag: str = "span", more: str = "") -> str:
    """One thing in both languages, as HTML that is already escaped; the page shows the language the reader chose."""
    more = f" {more}" if more else ""
    return f'<{tag} class="l-en" lang="en"{more}>{en}</{tag}><{tag} class="l-zh" lang="zh"{more}>{zh}</{tag}>'


def words(pair: wording.Words, tag: str = "span") -> str:
    """A pair of plain texts in both languages."""
    return both(esc(pair.en), esc(pair.zh), tag)


def label(name: str, en: str, zh: str) -> str:
    """An attribute that follows the language: English as served, both beside it for the script that switches."""
    return f'{name}="{esc(en)}" data-l10n="{name}" data-en="{esc(en)}" data-zh="{esc(zh)}"'


def slug(verdict: str) -> str:
    """A verdict as part of a class name."""
    return verdict.replace(" ", "-")


def badge(verdict: str, indication: str = "") -> str:
    """A verdict as a coloured label with its sign and its name, so that colour is never the only signal."""
    sign = f'<span class="sign" aria-hidden="true">{records.symbol(verdict, indication)}</span>'
    hollow = "" if figures.VERDICTS[verdict].filled else " hollow"
    return f'<span class="badge v-{slug(verdict)}{hollow}">{sign} {words(wording.verdict(verdict, indication))}</span>'


def copy_button(text: str, en: str = "Copy", zh: str = "复制", more: str = "") -> str:
    """A button that puts ``text`` on the clipboard; it is hidden where no script runs."""
    return f'<button type="button" class="copy" data-copy="{esc(text)}"{more}>{both(esc(en), esc(zh))}</button>'


def citations(id: str, kind: str, record: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Style → citation of a claim, a figure (with its record) or a table."""
    if kind == "figure":
        return {style: cite.figure(id, style, record) for style in STYLES}
    make = {"claim": cite.claim, "table": cite.table}[kind]
    return {style: make(id, style) for style in STYLES}


def cite_this(made: Mapping[str, str], what: str) -> str:
    """The folded "Cite this" of a claim, figure or table: three styles, each copied with one click."""
    rows = "".join(
        f'<div class="cite-row"><div class="cite-head"><strong>{STYLES[style]}</strong> '
        f"{copy_button(text, more=_named(STYLES[style], what))}</div>"
        f'<{_tag(style)} class="cite-text">{_lines(text, style)}</{_tag(style)}></div>'
        for style, text in made.items()
    )
    summary = both(
        f"Cite this <span class='visually-hidden'>({esc(what)})</span>",
        f"引用<span class='visually-hidden'>（{esc(what)}）</span>",
    )
    return f'<details class="cite"><summary>{summary}</summary>{rows}</details>'


def _named(style: str, what: str) -> str:
    return " " + label("aria-label", f"Copy the {style} citation of {what}", f"复制{what}的{style}引文")


def _tag(style: str) -> str:
    return "pre" if style == "bibtex" else "p"


def _lines(text: str, style: str) -> str:
    return esc(text) if style == "bibtex" else "<br>".join(esc(line) for line in text.split("\n"))


def spaced(page: str) -> str:
    """Line breaks between pieces of text, so that the search index, which drops tags, does not fuse the words of two cells."""
    page = re.sub(r"(</(?:td|th|p|dd|dt|li|caption|summary|h\d|div|option|figcaption)>|<br>)(?=\S)", "\\1\n", page)
    return re.sub(r"(</(?:span|a|button|strong|code)>)(?=<)", "\\1\n", page).replace("&#x27;", "'")


def size(bytes: int) -> str:
    """Bytes as a reader takes them in: ``12 kB``, ``1.4 MB``."""
    return f"{bytes / 1e6:.1f} MB" if bytes >= 1e6 else f"{max(1, round(bytes / 1e3))} kB"


def licence_words(spdx: str) -> str:
    """A licence as people write it, which does not break at the end of a line: ``CC BY 4.0``."""
    return esc(re.sub(r"^CC-(.+)-(\d\.\d)$", r"CC \1 \2", spdx)).replace(" ", "&nbsp;")


def raw(page: str) -> str:
    """HTML as a block of a MyST page."""
    return f"```{{raw}} html\n{spaced(page)}\n```\n"
