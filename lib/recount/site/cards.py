"""The card of an atomic claim: what was printed, what the tables give, how sure, and what may be written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from recount import cite, records, registry, wording
from recount.hedges import Interval, Reading
from recount.site.built import Built
from recount.site.explorer import interval
from recount.site.markup import badge, both, citations, cite_this, copy_button, esc, label, slug


def cards(built: Built, notebook: str, up: str) -> str:
    """Cards of all claims of a notebook; ``up`` leads from its page to the root of the site."""
    return "".join(card(built, claim, up) for claim in built.of_notebook(notebook))


def in_short(built: Built, notebook: str) -> str:
    """The verdicts of a notebook in a line each, leading to their cards."""
    lines = []
    for claim in built.of_notebook(notebook):
        record = built.claims.get(claim.id)
        if record is None:
            continue
        lead, number = records.found(record)
        said = both(
            f"printed: {esc(claim.printed_en)}; {f'{lead.en}: {esc(number.en)}' if number.en else 'no comparable figure'}",
            f"所称：{esc(claim.printed_zh)}；{f'{lead.zh}：{esc(number.zh)}' if number.zh else '无可比数字'}",
        )
        lines.append(f'<li><a href="#{claim.id}">{claim.id}</a> {badge(record["verdict"], record["indication"])} {said}</li>')
    head = both("In short", "中文摘要")
    return f'<div class="in-short"><p><strong>{head}</strong></p><ul>{"".join(lines)}</ul></div>' if lines else ""


def verdict(built: Built, claim_id: str) -> str:
    """A verdict where the notebook pronounces it: the line, the reason in the reader's language, and the way to the card."""
    claim, record = registry.claim(claim_id), built.claims[claim_id]
    own = (
        '<p class="own"><strong>'
        + both("Not the published verdict: counted from your own tallies.", "非发布版结论：基于自备数据。")
        + "</strong></p>"
    )
    lead, number = records.found(record)
    found = both(esc(number.en or "no estimate"), esc(number.zh or "无估计值"))
    return (
        f'{"" if record["published"] else own}<div class="recount-verdict v-{slug(record["verdict"])}" id="verdict-{claim_id}">'
        f"<p><strong>{claim_id}</strong> {badge(record['verdict'], record['indication'])}<br>"
        f"{both(esc(claim.statement_en), esc(claim.statement_zh))}</p>"
        f"<p>{both('Printed:', '所称：')} <strong>{both(esc(claim.printed_en), esc(claim.printed_zh))}</strong>{both('.', '。')} "
        f"{both(f'{lead.en.capitalize()}:', f'{lead.zh}：')} <strong>{found}</strong>{_note(record)}</p><p>{_reason(record)}</p>{_traced(record)}"
        f'<p><a href="#{claim_id}">{both("What you may write", "可以怎么写")}</a></p></div>'
    )


def card(built: Built, claim: registry.Claim, up: str) -> str:
    """One card; its anchor is the claim's id and never moves."""
    record = built.claims.get(claim.id)
    verdict = record["verdict"] if record else "pending"
    head = (
        f'<div class="card-head"><a class="claim-id" href="#{claim.id}">{claim.id}</a> '
        f"{badge(verdict, record['indication']) if record else both('not judged yet', '尚未判定')}</div>"
        f'<h2 id="{claim.id}-says">{both(esc(claim.statement_en), esc(claim.statement_zh))}</h2>'
    )
    body = _facts(built, claim, record) + (_judged(built, claim, record, up) if record else "")
    return (
        f'<section class="claim-card v-{slug(verdict)}" id="{claim.id}" aria-labelledby="{claim.id}-says" data-claim="{claim.id}">'
        f"{head}{body}</section>"
    )


def _fact(en: str, zh: str, value: str, more: str = "") -> str:
    return f"<div{more}><dt>{both(en, zh)}</dt><dd>{value}</dd></div>"


def _facts(built: Built, claim: registry.Claim, record: Mapping[str, Any] | None) -> str:
    reading = claim.reading
    facts = [_fact("Printed", "所称", f"<strong>{both(esc(claim.printed_en), esc(claim.printed_zh))}</strong>")]
    if reading is not None:
        read_as = (wording.interval(reading.default, claim.unit), wording.interval(reading.default, claim.unit, "zh"))
        second = claim.second_reading
        if second is not None:
            read_as = (
                f"{read_as[0]}; to the unit {wording.interval(second.default, claim.unit)}",
                f"{read_as[1]}；精确到个位则为{wording.interval(second.default, claim.unit, 'zh')}",
            )
        facts.append(_fact("Read as", "读作", both(esc(read_as[0]), esc(read_as[1]))))
    if record is None:
        return f'<dl class="facts simple">{"".join(facts)}</dl>'
    lead, number = records.found(record)
    shown = both(esc(number.en or "no figure"), esc(number.zh or "无数字"))
    facts.append(_fact(lead.en.capitalize(), lead.zh, f"<strong>{shown}</strong>{_note(record)}"))
    evidence, population = records.evidence(record), wording.POPULATIONS[record["population"]]
    facts.append(
        _fact("Evidence", "证据", both(esc(f"{evidence.en}; {population.en}"), esc(f"{evidence.zh}；{population.zh}")))
    )
    total, inside, across = records.ways(record)
    if total > 1:
        share = f'<span class="share" aria-hidden="true"><span style="width:{100 * inside / total:.1f}%"></span></span>'
        words = [f"{inside:,} of {total:,} lie inside", f"{total:,}种中有{inside:,}种落在区间内"]
        if across:
            words = [f"{words[0]}, {across:,} across an edge", f"{words[1]}，{across:,}种跨在边界上"]
        if not inside and _finer_than_any(built, claim):
            why = both(
                "each gives a range wider than the claimed one: none could", "每种算法给出的范围都宽于所称区间，不可能落入"
            )
            share = f'<span class="note">{why}</span>'
        facts.append(_fact("Ways to count", "算法", f"{both(*words)} {share}"))
    elif record["estimate"]:
        facts.append(_fact("Ways to count", "算法", both("one", "一种")))
    if record["population_note_en"]:
        note = both(esc(record["population_note_en"]), esc(record["population_note_zh"]))
        facts.append(_fact("Who or what is counted", "统计对象", note, ' class="whole"'))
    facts.append(_counted_as(built, claim))
    strip = _strip(reading, record, claim) if reading is not None and record["estimate"] else ""
    return f'<dl class="facts simple">{"".join(facts)}</dl>{strip}'


def _finer_than_any(built: Built, claim: registry.Claim) -> bool:
    """Is the claimed interval narrower than every counted estimate, so that none can lie inside it?"""
    claimed = claim.reading.default if claim.reading else None
    widths = []
    for study in (built.studies[id] for id in built.studies_of(claim.id)):
        estimates = study["specs"]["estimates"][study["judged"][claim.id]]
        for one, counted in zip(estimates, study["specs"]["counted"], strict=True):
            if counted and (estimate := interval(one)) is not None:
                widths.append(estimate.high - estimate.low)
    return claimed is not None and bool(widths) and min(widths) > claimed.high - claimed.low


def _counted_as(built: Built, claim: registry.Claim) -> str:
    """The headline's way to count: the choice declared on each axis of the claim's study."""
    html = ""
    for id in built.studies_of(claim.id):
        chosen = [
            next(choice for choice in axis["choices"] if choice["name"] == axis["default"])
            for axis in built.studies[id]["axes"]
            if axis["role"] == "method"
        ]
        words = both(esc("; ".join(one["en"] for one in chosen)), esc("；".join(one["zh"] for one in chosen)))
        html += _fact("How it is counted (headline, fixed before computing)", "主口径（计算前已定）", words, ' class="whole"')
    return html


def _note(record: Mapping[str, Any]) -> str:
    n = "" if record["n"] is None else f", n = {record['n']:,}"
    n_zh = "" if record["n"] is None else f"，n = {record['n']:,}"
    as_of = esc(record["as_of"])
    return f' <span class="note">{both(f"as of {as_of}{n}", f"截至{as_of}{n_zh}")}</span>'


def _judged(built: Built, claim: registry.Claim, record: Mapping[str, Any], up: str) -> str:
    why = (
        f'<details class="why"><summary>{both("Why this verdict", "为何这样判定")}</summary><p>{_reason(record)}</p></details>'
    )
    cited = cite_this(citations(claim.id, "claim"), claim.id)
    return f"{why}{write_box(claim, record)}{cited}{_ways_on(built, claim, up)}{_neighbours(built, claim, up)}"


def _reason(record: Mapping[str, Any]) -> str:
    literal = wording.LITERAL[record["literal"]]
    return both(esc(f"{record['reason_en']} {literal.en}".rstrip()), esc(record["reason_zh"] + literal.zh))


def _traced(record: Mapping[str, Any]) -> str:
    if not record["traced_to"]:
        return ""
    lead = both("Probable origin of the printed figure:", "所称数字的可能出处：")
    return f'<p class="origin"><strong>{lead}</strong> {both(esc(record["traced_to"]), esc(record["traced_to_zh"]))}</p>'


def write_box(claim: registry.Claim, record: Mapping[str, Any]) -> str:
    """ "What you may write": the sentence, what the tables do not support, the tipping point, what is missing; copied with its citation."""
    takes = {
        "en": f"{record['may_write_en']}\n\n{cite.claim(claim.id, 'apa')}",
        "zh": f"{record['may_write_zh']}\n\n{cite.claim(claim.id, 'gbt7714')}",
    }
    buttons = "".join(
        f'<span class="l-{lang}">{copy_button(takes[lang], en, zh, named)}</span>'
        for lang, en, zh, named in (
            (
                "en",
                "Copy with citation",
                "Copy with citation",
                f' aria-label="Copy the sentence on {claim.id} with its citation"',
            ),
            ("zh", "复制（含引文）", "复制（含引文）", f' aria-label="复制{claim.id}的句子及引文"'),
        )
    )
    rows = [
        f'<p class="may">{both(esc(record["may_write_en"]), esc(record["may_write_zh"]))}</p>',
        f'<p class="may-not"><strong>{both("The tables do not support:", "数据不支持：")}</strong> '
        f"{both(esc(record['may_not_write_en']), esc(record['may_not_write_zh']))}</p>",
    ]
    if record["turns_on_en"]:
        turns = both(esc(record["turns_on_en"]), esc(record["turns_on_zh"]))
        rows.append(f'<p class="turns"><strong>{both("It turns on:", "结论取决于：")}</strong> {turns}</p>')
    rows.append(_traced(record))
    if record["missing_en"]:
        missing = both(esc(record["missing_en"]), esc(record["missing_zh"]))
        rows.append(f'<p class="missing"><strong>{both("What would settle it:", "什么资料能定论：")}</strong> {missing}</p>')
    head = f'<div class="write-head"><h3>{both("What you may write", "可以怎么写")}</h3>{buttons}</div>'
    return f'<div class="write">{head}{"".join(rows)}</div>'


def _ways_on(built: Built, claim: registry.Claim, up: str) -> str:
    links = [f'<a href="#verdict-{claim.id}">{both("Verdict in the notebook", "笔记本中的判定")}</a>']
    for study in built.studies_of(claim.id):
        words = both("Change an assumption", "换一种算法试试")
        links.insert(0, f'<a class="strong" href="{up}explore/{study}.html#claim={claim.id}">{words}</a>')
    links += [f'<a href="#fig-{id}">{both(f"Figure {id}", f"图{id}")}</a>' for id in built.figures_of(claim)]
    return f'<p class="ways-on">{" ".join(links)}</p>'


def _neighbours(built: Built, claim: registry.Claim, up: str) -> str:
    """Links to the claim before and the claim after, in the order of the register."""
    pages = {path.stem for path in built.notebooks}
    order = [one for one in registry.claims() if one.kind != "unmeasurable" and one.notebook in pages]
    at = next(place for place, one in enumerate(order) if one.id == claim.id)
    links = []
    for step, en, zh in ((-1, "Previous", "上一条"), (1, "Next", "下一条")):
        if not 0 <= at + step < len(order):
            continue
        other = order[at + step]
        page = "" if other.notebook == claim.notebook else f"{up}notebooks/{other.notebook}.html"
        named = both(f"{en}: {other.id} {esc(other.short_en)}", f"{zh}：{other.id} {esc(other.short_zh)}")
        words = f"← {named}" if step < 0 else f"{named} →"
        links.append(f'<a rel="{"prev" if step < 0 else "next"}" href="{page}#{other.id}">{words}</a>')
    return f'<nav class="neighbours" {label("aria-label", f"Claims beside {claim.id}", f"{claim.id}前后的说法")}>{" ".join(links)}</nav>'


# --- the strip: claimed interval and estimate on one line ---------------------------------------------------------


def _strip(reading: Reading, record: Mapping[str, Any], claim: registry.Claim) -> str:
    """A line with the wide and the default interval as bands and the estimate as a mark; the numbers stand in the facts."""
    ends = record["estimate"]
    estimate = Interval(
        -math.inf if ends["low"] is None else ends["low"], math.inf if ends["high"] is None else ends["high"],
        ends["low_open"], ends["high_open"],
    )  # fmt: skip
    finite = [x for one in (reading.default, reading.wide, estimate) for x in (one.low, one.high) if math.isfinite(x)]
    low, high = min(finite), max(finite)
    room = (high - low) * 0.18 or max(abs(high) * 0.18, 1.0)
    low, high = low - room, high + room

    def at(x: float) -> float:
        return 100 * (min(max(x, low), high) - low) / (high - low)

    def bar(one: Interval, name: str) -> str:
        left, right = at(one.low), at(one.high)
        return f'<span class="{name}" style="left:{left:.2f}%;width:{max(right - left, 0.6):.2f}%"></span>'

    mark = f'<span class="mark" style="left:{at(estimate.low):.2f}%"></span>' if estimate.is_point else bar(estimate, "range")
    claimed = both("claimed", "所称区间")
    found = both(*records.found(record)[0])
    middle = at((max(estimate.low, low) + min(estimate.high, high)) / 2)
    centre = (at(reading.default.low) + at(reading.default.high)) / 2
    return (
        f'<div class="strip" aria-hidden="true"><span class="strip-label top" style="--at:{centre:.1f}">{claimed}</span>'
        f'<div class="line">{bar(reading.wide, "wide")}{bar(reading.default, "default")}{mark}</div>'
        f'<span class="strip-label bottom v-{record["position"]}" style="--at:{middle:.1f}">{found} '
        f"{both(esc(record['estimate_en']), esc(record['estimate_zh']))}</span></div>"
    )
