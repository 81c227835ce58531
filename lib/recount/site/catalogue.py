"""The pages of data and sources: what every table holds, whose it is, and where each source is used."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from recount import registry, tables
from recount.site.built import Built
from recount.site.markup import both, citations, cite_this, esc, label, licence_words, size, words
from recount.wording import Words

GRADES = {
    "raw": Words("raw: rows counted or measured one by one", "原始数据：逐条计数或测量"),
    "official-statistic": Words("official statistic", "官方统计"),
    "official-statement": Words("official statement", "官方文件或表述"),
    "peer-reviewed": Words("peer-reviewed", "同行评议"),
    "press-quoting-officials": Words("press quoting officials", "媒体引述官方"),
    "press": Words("press", "媒体报道"),
    "commercial": Words("commercial report", "商业机构报告"),
    "report": Words("the report", "该报告"),
    "unusable": Words("unusable", "不可用"),
}
"""Grades of sources.csv, best first; one that is not named here names itself."""


KEY = f' <span class="note">{both("key", "主键")}</span>'


def used_by() -> dict[str, list[str]]:
    """Source id → names of the tables with rows of it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in tables.table_names():
        columns = [field["name"] for field in tables.resource(name)["schema"]["fields"]]
        if "source_id" in columns:
            for source in sorted(set(tables.load(name)["source_id"].dropna())):
                found[source].append(name)
    return found


def uses(built: Built) -> dict[str, list[str]]:
    """Table name → claims judged from it, from the records of the run."""
    found: dict[str, list[str]] = defaultdict(list)
    for id, claim in built.claims.items():
        for name in claim["tables"]:
            found[name].append(id)
    return found


def claim_link(built: Built, id: str, up: str) -> str:
    """Link to the card of a claim; its id alone where this run has no such notebook."""
    name = registry.claim(id).notebook
    if not any(path.stem == name for path in built.notebooks):
        return id
    return f'<a href="{up}notebooks/{name}.html#{id}">{id}</a>'


# --- data ----------------------------------------------------------------------------------------------------------


def data_page(built: Built) -> str:
    """The catalogue of the data package as HTML."""
    where = uses(built)
    names = tables.table_names()
    entries = "".join(_table(built, tables.resource(name), where.get(name, [])) for name in names)
    rows = sum(tables.resource(name).get("rows", 0) for name in names)
    lead = both(
        f"{len(names)} tables, {rows:,} rows. Every table states its sources, its licence and its SHA-256; "
        '<a href="data/datapackage.json" download>datapackage.json</a> holds the same for programs (Frictionless Data Package).',
        f"共{len(names)}张表、{rows:,}行。每张表都注明来源、许可和SHA-256；"
        '<a href="data/datapackage.json" download>datapackage.json</a>为机器可读版本（Frictionless Data Package）。',
    )
    box = _filter_box("Filter tables and columns", "按表名或列名筛选")
    return (
        f'<p class="lead">{lead}</p><div class="filtered">{box}<div class="catalogue" data-filter-items>{entries}</div></div>'
    )


def _filter_box(en: str, zh: str) -> str:
    return (
        f'<p class="filter js-only"><label><span class="visually-hidden">{both(en, zh)}</span>'
        f'<input type="search" data-filter {label("placeholder", en, zh)}></label> <output data-filter-count></output></p>'
    )


def _table(built: Built, entry: Mapping[str, Any], claims: list[str]) -> str:
    name, fields = entry["name"], entry["schema"]["fields"]
    licences = ", ".join(_licence(one) for one in entry["licenses"])
    facts = [
        (Words("Rows", "行数"), f"{entry.get('rows', 0):,}"),
        (Words("Columns", "列数"), str(len(fields))),
        (Words("Licence", "许可"), licences),
        (Words("Sources", "来源"), _sources(entry)),
        (Words("Used for", "用于"), " ".join(claim_link(built, id, "") for id in claims) or "–"),
    ]
    facts_html = "".join(f"<div><dt>{words(k)}</dt><dd>{v}</dd></div>" for k, v in facts)
    return (
        f'<section class="table-entry" id="table-{name}" data-filter-item aria-labelledby="table-{name}-name">'
        f'<h2 id="table-{name}-name"><a href="#table-{name}"><code>{esc(name)}</code></a> {esc(entry["title"])}</h2>'
        f"<p>{esc(entry['description'])}</p>{_singles(name)}"
        f'<dl class="facts simple">{facts_html}</dl>'
        f'<p class="downloads"><a href="data/{entry["path"]}" download>{both("Download CSV", "下载CSV")} '
        f"({size(entry.get('bytes', 0))})</a></p>"
        f'<p class="note">SHA-256 <code>{esc(entry.get("hash", "").removeprefix("sha256:"))}</code></p>'
        f"{_columns(name, fields, entry)}{cite_this(citations(name, 'table'), f'table {name}')}</section>"
    )


def _licence(one: Mapping[str, Any]) -> str:
    path, name = one.get("path", ""), licence_words(one["name"])
    title = esc(one.get("title", ""))
    return f'<a href="{esc(path)}" title="{title}" rel="noopener">{name}</a>' if path.startswith("http") else name


def _sources(entry: Mapping[str, Any]) -> str:
    columns = [field["name"] for field in entry["schema"]["fields"]]
    if "source_id" in columns:
        ids = sorted(set(tables.load(entry["name"])["source_id"].dropna()))
        shown = " ".join(f'<a href="sources.html#source-{esc(id)}">{esc(id)}</a>' for id in ids[:3])
        more = len(ids) - 3
        rest = both(f"and {more} more", f"另{more}个") if more > 0 else ""
        return f"{shown} {rest}"
    return esc("; ".join(one.get("title", "") for one in entry.get("sources", [])) or "Recount")


def _columns(name: str, fields: list[Mapping[str, Any]], entry: Mapping[str, Any]) -> str:
    key = entry["schema"].get("primaryKey", [])
    keys = [key] if isinstance(key, str) else key
    rows = "".join(
        f"<tr><td><code>{esc(f['name'])}</code>{KEY if f['name'] in keys else ''}</td>"
        f"<td>{esc(f.get('type', ''))}</td><td>{esc(f.get('unit', ''))}</td><td>{esc(f.get('description', f.get('title', '')))}"
        f"{_limits(f)}</td></tr>"
        for f in fields
    )
    head = "".join(
        f"<th>{both(en, zh)}</th>" for en, zh in (("column", "列"), ("type", "类型"), ("unit", "单位"), ("meaning", "含义"))
    )
    summary = both(f"{len(fields)} columns", f"{len(fields)}列")
    return (
        f"<details><summary>{summary}</summary>"
        f'<div class="scroll" tabindex="0" role="group" {label("aria-label", f"columns of {name}", f"{name}的列")}>'
        f'<table class="recount-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def _limits(field: Mapping[str, Any]) -> str:
    limits = field.get("constraints", {})
    if "enum" in limits:
        values = [str(value) for value in limits["enum"]]
        shown = ", ".join(values[:8]) + (f" … ({len(values)})" if len(values) > 8 else "")
        return f' <span class="note">[{esc(shown)}]</span>'
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is None and high is None:
        return ""
    return f' <span class="note">[{esc("" if low is None else low)} … {esc("" if high is None else high)}]</span>'


def _singles(name: str) -> str:
    """For the tally of posts: how many of its cells stand for a single post (its build report says so)."""
    path = tables.data_dir() / "tallies" / f"{name}_report.json"
    if not path.is_file():
        return ""
    share = json.loads(path.read_text(encoding="utf-8")).get("cells_of_one_percent")
    if share is None:
        return ""
    said = both(f"Cells that stand for a single post (n = 1): {share:.1f}%.", f"仅对应一个岗位（n = 1）的格子占{share:.1f}%。")
    return f'<p class="note">{said}</p>'


# --- sources -------------------------------------------------------------------------------------------------------


def sources_page(built: Built) -> str:
    """Every source with its grade and where it is used, as HTML."""
    by_table, by_claim = used_by(), _claims_of_sources(built)
    every = [registry.source(id) for id in tables.load("sources")["id"]]
    order = {grade: place for place, grade in enumerate(GRADES)}
    every.sort(key=lambda one: (order.get(one.grade, 99), tables.natural_key(one.id)))
    rows = "".join(_source_row(built, one, by_table.get(one.id, []), by_claim.get(one.id, [])) for one in every)
    headings = [
        ("id", "编号"),
        ("source", "来源"),
        ("grade", "等级"),
        ("published", "发布"),
        ("licence as stated", "所述许可"),
        ("used in", "用于"),
    ]
    head = "".join(f'<th scope="col" data-sort>{both(en, zh)}</th>' for en, zh in headings)
    lead = both(
        f"{len(every)} sources. Two copies of one text share a chain and count as one; only what was public by {tables.CLAIM_DATE} decides a verdict, "
        "and commercial figures never decide alone.",
        f"共{len(every)}个来源。同一文本的不同转载属同一链条，只算一个来源；只有{tables.CLAIM_DATE}前公开的资料可作判定依据，商业机构数字不单独定论。",
    )
    table = (
        f'<div class="scroll" tabindex="0" role="group" {label("aria-label", "Sources", "来源")}><table class="sortable sources-table">'
        f"<thead><tr>{head}</tr></thead><tbody data-filter-items>{rows}</tbody></table></div>"
    )
    return f'<p class="lead">{lead}</p><div class="filtered">{_filter_box("Filter sources", "筛选来源")}{table}</div>'


def _claims_of_sources(built: Built) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for claim in registry.claims():
        found[claim.source_id].append(claim.id)
    return found


def _source_row(built: Built, one: registry.Source, in_tables: list[str], claims: list[str]) -> str:
    grade = GRADES.get(one.grade, Words(one.grade, one.grade))
    place = list(GRADES).index(one.grade) if one.grade in GRADES else 99
    title = esc(one.title)
    if one.address:
        title = f'<a href="{esc(one.address)}" rel="noopener nofollow">{title}</a>'
    located = "" if one.url.startswith("http") or not one.url else f'<br><code class="where">{esc(one.url)}</code>'
    producer = one.producer + (f"; {one.publisher}" if one.publisher not in ("", one.producer) else "")
    used = [f'<a href="data.html#table-{name}">{esc(name)}</a>' for name in in_tables]
    used += [claim_link(built, id, "") for id in claims if registry.claim(id).kind != "unmeasurable"]
    return (
        f'<tr id="source-{esc(one.id)}" data-filter-item><th scope="row"><a href="#source-{esc(one.id)}">{esc(one.id)}</a></th>'
        f'<td>{title}<br><span class="note">{esc(producer)}</span>{located}</td>'
        f'<td data-key="{place}">{words(grade)}</td><td class="nowrap">{esc(one.published)}</td><td>{esc(one.licence)}</td>'
        f"<td>{' '.join(used) or '–'}</td></tr>"
    )
