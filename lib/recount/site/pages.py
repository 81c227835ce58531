"""The front page and the page of all figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from recount import harvest, records, registry, verdicts, wording
from recount.site import notebooks
from recount.site.built import Built
from recount.site.markup import badge, both, citations, cite_this, esc, label, licence_words, slug, words

OVERVIEW = ("99-overview", "99-overview-zh")
"""The picture of all claims, in each language."""
EVIDENCE = list(verdicts.INPUTS["evidence"])


COLUMNS = [
    ("Printed", "所称"), ("Tables give", "数据给出"), ("Verdict", "判定"), ("Evidence", "证据"), ("Ways to count inside", "落在区间内的算法"),
]  # fmt: skip
UNSORTED = ("Printed", "Tables give")
"""Columns of mixed units: no order of theirs means anything."""


def _named(column: int) -> str:
    """The heading of a column beside its value, for narrow screens, where a row becomes a small card."""
    return f'<span class="cell-label" aria-hidden="true">{both(*COLUMNS[column])}</span>'


def front(built: Built, found_by: Mapping[str, str]) -> str:
    """One sentence, the scoreboard, the overview figure, as HTML; ``found_by``: notebook → words to look for its claims by."""
    rows = harvest.scoreboard(list(built.claims.values()))
    drawn = [built.figures[id] for id in OVERVIEW if id in built.figures]
    figure = "".join(notebooks.figure(built, one, "", 1056) for one in drawn)
    return f'{_hero(built)}{_doors(built)}{figure}<h2 id="scoreboard">{both("Scoreboard", "总表")}</h2>{_board(built, rows, found_by)}'


def _hero(built: Built) -> str:
    counts = Counter((claim["verdict"], claim["indication"]) for claim in built.claims.values())
    total = len(built.claims)
    sentence = both(
        f"The published claims of a 2025 report on AI talent in Shanghai's Pudong district, {total} of them, recounted one by one from raw tables: "
        "what holds, what depends on how one counts, and what nobody can check.",
        f"一份2025年浦东人工智能人才报告见诸报端的{total}条说法，逐条用原始数据重新计数：哪些成立，哪些取决于怎么数，哪些无从检验。",
    )
    chips = "".join(
        f'<li><button type="button" class="chip" data-filter-verdict="{esc(_kind(*kind))}" aria-pressed="false">'
        f"{badge(*kind)} <strong>{counts[kind]}</strong></button></li>"
        for kind in sorted(counts, key=_order)
    )
    return f'<p class="hero">{sentence}</p><ul class="chips" {label("aria-label", "Verdicts and how many claims have them; choose one to filter the table", "各判定及说法条数；点选可筛选下表")}>{chips}</ul>'


def _kind(verdict: str, indication: str) -> str:
    """A verdict with its direction, as the filters know it."""
    return f"{verdict} {indication}".strip()


def _order(kind: tuple[str, str]) -> tuple[int, str]:
    verdict, indication = kind
    return list(wording.VERDICTS).index(verdict), "" if indication == "for" else indication


def _doors(built: Built) -> str:
    links = [
        ("notebooks/00_start_here.html", "How to read this", "如何阅读"),
        ("explore/index.html", "Change an assumption", "换一种算法试试"),
        ("figures.html", "Figures to take away", "可取用的图"),
        ("data.html", "The data", "数据"),
    ]
    return '<p class="doors">' + " ".join(f'<a href="{href}">{both(en, zh)}</a>' for href, en, zh in links) + "</p>"


def _board(built: Built, rows: list[dict[str, str]], found_by: Mapping[str, str]) -> str:
    headings = [("Claim", "说法"), *COLUMNS]
    head = "".join(
        f'<th scope="col" role="columnheader"{"" if en in UNSORTED else " data-sort"}>{both(en, zh)}</th>'
        for en, zh in headings
    )
    body = "".join(_row(built, row, found_by) for row in rows)
    present = {claim["evidence"] for claim in built.claims.values()}
    levels = "".join(_option(name, said) for name, said in wording.EVIDENCE.items() if name in present)
    named = {(claim["verdict"], claim["indication"]) for claim in built.claims.values()}
    names = "".join(_option(_kind(*kind), wording.verdict(*kind)) for kind in sorted(named, key=_order))
    every = _option("", wording.Words("all", "全部"))
    controls = (
        f'<p class="filter js-only"><label>{both("Find", "查找")} <input type="search" data-filter '
        f"{label('placeholder', 'salary, papers, C06b …', '工资、论文、C06b……')}></label> "
        f'<label>{both("Verdict", "判定")} <select data-filter-by="verdict">{every}{names}</select></label> '
        f'<label>{both("Evidence", "证据")} <select data-filter-by="evidence">{every}{levels}</select></label> '
        f"<output data-filter-count></output></p>"
        f'<p class="note nothing" hidden>{both("No claim fits. Try another word, or set the filters to “all”.", "没有符合的说法。请换一个词，或把筛选条件改回“全部”。")}</p>'
    )
    table = f'<table class="sortable board" role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    return f'<div class="filtered">{controls}{table}<p class="note">{words(records.REPEATED)}</p></div>'


def _option(value: str, said: wording.Words) -> str:
    """A choice of a filter."""
    en, zh = esc(said.en), esc(said.zh)
    return f'<option value="{esc(value)}" data-l10n="text" data-en="{en}" data-zh="{zh}">{en}</option>'


def _row(built: Built, row: dict[str, str], found_by: Mapping[str, str]) -> str:
    claim, record = registry.claim(row["id"]), built.claims.get(row["id"])
    link = f"notebooks/{claim.notebook}.html#{claim.id}"
    exists = any(path.stem == claim.notebook for path in built.notebooks)
    name = f'<a href="{link}">{claim.id}</a>' if exists else claim.id
    said = (
        f'<div class="said"><span class="claim-id">{name}</span> <span class="two"><span lang="en">{esc(claim.statement_en)}</span> '
        f'<span lang="zh">{esc(claim.statement_zh)}</span></span></div>'
    )
    printed = both(esc(claim.printed_en), esc(claim.printed_zh))
    cells = [f'<th scope="row" role="rowheader">{said}</th>', f'<td role="cell">{_named(0)}{printed}</td>']
    if record is None:
        cells.append(
            f'<td role="cell" class="none">–</td><td role="cell" data-key="99">{both("not judged yet", "尚未判定")}</td>'
        )
        cells.append('<td role="cell" class="none" data-key="99">–</td><td role="cell" class="none" data-key="-1">–</td>')
        return f'<tr role="row" data-filter-item data-verdict="" data-evidence="">{"".join(cells)}</tr>'
    evidence = records.evidence(record)
    total, inside, _ = records.ways(record)
    share = inside / total if record["estimate"] else -1
    found = words(records.in_a_cell(record))
    place = list(wording.VERDICTS).index(record["verdict"])
    cells += [
        f'<td role="cell">{_named(1)}{found}</td>',
        f'<td role="cell" data-key="{place}" class="judged">{badge(record["verdict"], record["indication"])}</td>',
        f'<td role="cell" data-key="{EVIDENCE.index(record["evidence"])}">{_named(3)}{words(evidence)}</td>',
        f'<td role="cell" data-key="{share:.4f}">{_named(4)}{words(records.ways_in_a_cell(record))}</td>',
    ]
    return (
        f'<tr role="row" data-filter-item data-verdict="{esc(_kind(record["verdict"], record["indication"]))}" '
        f'data-evidence="{record["evidence"]}" data-words="{esc(found_by.get(claim.notebook, ""))}" '
        f'class="v-{slug(record["verdict"])}">{"".join(cells)}</tr>'
    )


# --- figures -------------------------------------------------------------------------------------------------------


def figures_page(built: Built, thumbnails: dict[str, tuple[int, int]]) -> str:
    """Every figure with a thumbnail, its files and its citation; ``thumbnails``: figure id → size of its small picture."""
    where = {one["id"]: path.stem for path in built.notebooks for one in notebooks.records_of(path)}
    lead = both(
        f"{len(built.figures)} figures. Each file carries its id, title, claims, sources, date and licence; the CSV holds exactly what is drawn.",
        f"共{len(built.figures)}幅图。每个文件都带有编号、标题、所涉说法、来源、日期和许可；CSV即图中所绘数据。",
    )
    items = "".join(_figure(built, id, where, thumbnails) for id in built.figures)
    return f'<p class="lead">{lead}</p><div class="gallery">{items}</div>'


def _parent(built: Built, id: str) -> str:
    """A claim with all its parts, linked to its notebook where there is one."""
    names = {claim.parent: claim.notebook for claim in registry.claims()}
    name = names.get(id, "")
    return f'<a href="notebooks/{name}.html">{id}</a>' if any(path.stem == name for path in built.notebooks) else esc(id)


def _figure(built: Built, id: str, where: dict[str, str], thumbnails: dict[str, tuple[int, int]]) -> str:
    record = built.figures[id]
    page = f"notebooks/{where[id]}.html#fig-{id}"
    width, height = thumbnails[id]
    claims = " ".join(
        f'<a href="notebooks/{registry.claim(claim).notebook}.html#{claim}">{claim}</a>'
        if claim in built.claims else _parent(built, claim)
        for claim in record["claims"]
    )  # fmt: skip
    as_of, licence = esc(record["as_of"]), licence_words(record["licence"])
    return (
        f'<section class="gallery-item" id="{id}" aria-labelledby="{id}-title">'
        f'<a class="thumb{" tall" if height > 0.8 * width else ""}" href="{page}"><img src="figures/thumbs/{id}.webp" {notebooks.alt(record)} '
        f'width="{width}" height="{height}" decoding="async"></a>'
        f'<h2 id="{id}-title"><a href="{page}">{both(esc(record["title"]), esc(record["title_zh"]))}</a></h2>'
        f'<p class="note">{both(f"Figure {id}", f"图{id}")} · {claims} · {both(f"as of {as_of}", f"截至{as_of}")} · {licence}</p>'
        f"{notebooks.downloads(built, id, '')}{cite_this(citations(id, 'figure', record), f'figure {id}')}</section>"
    )
