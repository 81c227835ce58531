"""Explore: a study's records, its claims' intervals and the decision table as JSON, and the page that lets a reader choose.

Nothing is decided here. The script of the page (site/_static/explore.js) places an estimate and walks the decision
table that :mod:`recount.verdicts` uses; a test holds both equal for every specification of every study.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import Any

from recount import figures, records, registry, verdicts, wording
from recount.hedges import Interval, Reading
from recount.site.built import Built
from recount.site.markup import badge, both, esc
from recount.tables import RecountError
from recount.wording import Words

READINGS: dict[str, Words] = {
    "default": Words("as it is read by default", "默认读法"),
    "narrow": Words("narrow", "从严"),
    "wide": Words("wide", "从宽"),
    "literal": Words("the words strictly", "严格按字面"),
    "second": Words("the round number to the unit", "整数精确到个位"),
}
"""Ways to read a printed number that a reader may choose from; the second one exists for round percentages only."""


def read_as(claim: registry.Claim, name: str) -> Reading | None:
    """A claim's reading with the chosen interval in the place of the default one; None where there is no such reading, or
    where it is the default one under another name.

    The wide interval stays, so that "far" keeps its meaning: outside the chosen and the wide interval.
    """
    if name == "second":
        return claim.second_reading
    reading = claim.reading
    if reading is None or (name != "default" and getattr(reading, name) == reading.default):
        return None  # no other reading
    return dataclasses.replace(reading, default=getattr(reading, name))


def ends(interval: Interval) -> list[Any]:
    """An interval as JSON: [low, high, low_open, high_open], None for an infinite end."""
    low, high = (end if math.isfinite(end) else None for end in (interval.low, interval.high))
    return [low, high, interval.low_open, interval.high_open]


def decision() -> dict[str, Any]:
    """The decision table and every word the explorer shows, as JSON values."""
    pair = lambda words: [words.en, words.zh]  # noqa: E731
    table = [{"name": r.name, "when": r.when, "verdict": r.verdict, "indication": r.indication} for r in verdicts.TABLE]
    return {
        "inputs": verdicts.INPUTS, "table": table, "steady": verdicts.STEADY,
        "verdicts": {name: [*pair(words), records.SYMBOLS[name]] for name, words in wording.VERDICTS.items()},
        "indications": {name: pair(words) for name, words in wording.INDICATIONS.items()},
        "positions": {name: pair(words) for name, words in wording.POSITIONS.items()},
        "hollow": [name for name, look in figures.VERDICTS.items() if not look.filled],
        "chart": chart(),
    }  # fmt: skip


def study_data(built: Built, study: Mapping[str, Any]) -> dict[str, Any]:
    """One study for its page: axes and specifications as recorded, and for each claim what the decision table needs.

    Raises:
        RecountError: a claim is judged by a question the study does not have.
    """
    claims, specs = {}, study["specs"]
    for id, question in study["judged"].items():
        record, claim = built.claims.get(id), registry.claim(id)
        if record is None or claim.reading is None:
            continue
        if question not in specs["estimates"]:
            raise RecountError(f"study {study['id']}: judges {id} by {question!r}, which is no question of it.")
        claims[id] = {
            "unit": [wording.unit(claim.unit, "en"), wording.unit(claim.unit, "zh")],
            "factor": [wording.ENGLISH_SCALE.get(claim.unit, 1.0), 1.0],
            "readings": {name: _reading(reading, claim.unit) for name in READINGS if (reading := read_as(claim, name)) is not None},
            "inputs": record["inputs"], **_values(specs["estimates"][question], claim.unit, record["estimate_en"]),
        }  # fmt: skip
    packed = ["".join(_digit(index) for index in spec) for spec in specs["choices"]]
    counted = "".join(str(int(one)) for one in specs["counted"])
    return {
        "id": study["id"], "published": built.published, "claims": claims, "axes": study["axes"], "choices": packed,
        "counted": counted,
    }  # fmt: skip


def _reading(reading: Reading, unit: str) -> dict[str, Any]:
    """The chosen and the wide interval of a reading, each with its text in both languages."""
    chosen, wide = reading.default, reading.wide
    return {
        "chosen": ends(chosen), "wide": ends(wide),
        "chosen_words": [wording.interval(chosen, unit, lang) for lang in ("en", "zh")],
        "wide_words": [wording.interval(wide, unit, lang) for lang in ("en", "zh")],
    }  # fmt: skip


def _values(recorded: list[Any], unit: str, headline: str) -> dict[str, Any]:
    """Estimates, each different one once with its text in both languages, and which specification has which.

    Args:
        recorded: as :meth:`recount.multiverse.Study.to_records` has them, the headline first.
        headline: the text of the headline's estimate in the verdict; the others get as many decimals.
    """
    different = {json.dumps(one): one for one in recorded}
    places = {key: place for place, key in enumerate(different)}
    first = interval(recorded[0])
    fitting = [None, 0, 1, 2, 3, 4] if first is not None else [None]
    decimals = next((p for p in fitting if first is None or wording.span(first, unit, "en", p) == headline), None)
    texts = []
    for one in map(interval, different.values()):
        texts.append(["", ""] if one is None else [wording.span(one, unit, lang, decimals) for lang in ("en", "zh")])
    return {"values": list(different.values()), "texts": texts, "which": [places[json.dumps(one)] for one in recorded]}


def interval(recorded: Any) -> Interval | None:
    """An estimate as recorded (a number, [low, high, low_open, high_open], or None) as an interval."""
    if recorded is None:
        return None
    if isinstance(recorded, int | float):
        return Interval.point(recorded)
    low, high, low_open, high_open = recorded
    return Interval(-math.inf if low is None else low, math.inf if high is None else high, low_open, high_open)


def _digit(index: int) -> str:
    """A choice as one character, so that thousands of specifications stay small."""
    return "0123456789abcdefghijklmnopqrstuvwxyz"[index]


def chart() -> dict[str, Any]:
    """The specification curve as a Vega-Lite specification; data and ``@tokens`` are filled in on the page."""
    import altair as alt

    look = figures.POSITIONS
    order = list(look)
    rank = alt.X("rank:Q", axis=None, scale=alt.Scale(zero=False, nice=False, padding=12))
    axis = alt.Axis(title="@ylabel", tickCount=6, grid=True, domain=False, ticks=False, labelPadding=6, titleAnchor="end", titleAngle=0, titleAlign="left", titleY=-12, titleX=0)  # fmt: skip
    scale = alt.Scale(zero=False, nice=False)
    colour = alt.Color("position:N", legend=None, scale=alt.Scale(domain=order, range=[f"@{name}" for name in order]))
    shape = alt.Shape("position:N", legend=None, scale=alt.Scale(domain=order, range=["circle", "diamond", "circle"]))
    specs, bands, chosen = (alt.Chart(alt.NamedData(name)) for name in ("specs", "bands", "chosen"))
    y, y2 = alt.Y("low:Q", axis=axis, scale=scale), alt.Y2("high:Q")
    layers = [
        bands.mark_rect(color="@band").encode(y=y, y2=y2, opacity=alt.Opacity("strength:Q", scale=None)),
        specs.mark_rule(strokeWidth=2).encode(rank, y, y2, color=colour, opacity=alt.Opacity("strength:Q", scale=None)),
        specs.mark_point(filled=True, strokeWidth=1.2).encode(
            rank, alt.Y("middle:Q", axis=axis, scale=scale), color=colour, shape=shape,
            size=alt.Size("area:Q", scale=None), opacity=alt.Opacity("strength:Q", scale=None), tooltip=alt.Tooltip("label:N", title="@estimate"),
        ),
        chosen.mark_rule(color="@ink", strokeWidth=1, strokeDash=[3, 3]).encode(rank),
        chosen.mark_rule(color="@ink", strokeWidth=5).encode(rank, y, y2),
        chosen.mark_point(color="@ink", size=260, strokeWidth=3, filled=False).encode(rank, alt.Y("middle:Q", axis=axis, scale=scale)),
    ]  # fmt: skip
    whole = alt.layer(*layers).properties(
        width="container", height=300, padding={"left": 4, "right": 8, "top": 22, "bottom": 4}
    )
    whole = whole.configure(background="transparent", font="@font").configure_view(stroke=None)
    whole = whole.configure_axis(
        labelColor="@soft", titleColor="@soft", gridColor="@grid", labelFontSize=12, titleFontSize=12, titleFontWeight="normal"
    )
    return json.loads(whole.to_json(validate=False))


# --- pages ---------------------------------------------------------------------------------------------------------


def page(built: Built, study: Mapping[str, Any]) -> str:
    """The explorer of one study as HTML."""
    data = study_data(built, study)
    shown = [registry.claim(id) for id in data["claims"]]
    if not shown:
        return f"<p>{both('No claim is judged by this study yet.', '尚无说法依此研究判定。')}</p>"
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<noscript><p class="note">{both("Choosing needs JavaScript. Every combination stands as data in the figure of this study, and the notebook shows its curve.", "选择需要JavaScript。全部组合见该研究图的数据文件，曲线见笔记本。")}</p></noscript>'
        f'<div class="explorer" data-study="{esc(study["id"])}"><script type="application/json" class="study-data">{body}</script>'
        f'<form class="controls js-only" autocomplete="off">{_claims(shown)}{_readings(data)}{_axes(study)}{_buttons()}</form>'
        f'<div class="result">{_outcome()}<div class="curve" role="img" aria-label=""></div>{_legend()}</div>'
        f'<section class="near"><h2>{both("One choice away", "只改一项会怎样")}</h2>'
        f'<p class="note">{both("Every single change of the choices above, with what it gives. Those that change the verdict come first.", "在上面的选择中只改一项的所有结果；会改变判定的排在前面。")}</p>'
        '<ul class="moves"></ul></section></div>'
    )


def _claims(shown: list[registry.Claim]) -> str:
    options = "".join(
        f'<option value="{c.id}" data-l10n="text" data-en="{esc(f"{c.id}: {c.statement_en}")}" data-zh="{esc(f"{c.id}：{c.statement_zh}")}">'
        f"{esc(f'{c.id}: {c.statement_en}')}</option>"
        for c in shown
    )
    return f'<div class="field wide"><label for="claim">{both("Which claim?", "哪条说法？")}</label><select id="claim" name="claim">{options}</select></div>'


def _readings(data: Mapping[str, Any]) -> str:
    names = [name for name in READINGS if any(name in claim["readings"] for claim in data["claims"].values())]
    options = "".join(
        f'<option value="{name}" data-en="{esc(READINGS[name].en)}" data-zh="{esc(READINGS[name].zh)}">{esc(READINGS[name].en)}</option>'
        for name in names
    )
    return (
        f'<div class="field wide"><label for="reading">{both("How is the printed number read?", "所称数字怎么读？")}</label>'
        f'<select id="reading" name="reading">{options}</select></div>'
    )


def _axes(study: Mapping[str, Any]) -> str:
    parts = {"method": [], "bound": []}
    for axis in study["axes"]:
        parts[axis["role"]].append(_axis(axis))
    html = f"<fieldset><legend>{both('Ways to count', '怎么数')}</legend>{''.join(parts['method'])}</fieldset>"
    if parts["bound"]:
        said = both("Extreme cases (not counted)", "极端情形（不计入）")
        html += f"<fieldset><legend>{said}</legend>{''.join(parts['bound'])}</fieldset>"
    return html


def _axis(axis: Mapping[str, Any]) -> str:
    options = []
    for choice in axis["choices"]:
        default = choice["name"] == axis["default"]
        en, zh = choice["en"] + (" (headline)" if default else ""), choice["zh"] + ("（主口径）" if default else "")
        chosen = " selected" if default else ""
        options.append(
            f'<option value="{esc(choice["name"])}" data-en="{esc(en)}" data-zh="{esc(zh)}"{chosen}>{esc(en)}</option>'
        )
    name = esc(axis["name"])
    return (
        f'<div class="field"><label for="axis-{name}">{both(esc(axis["says"]), esc(axis["zh"] or axis["says"]))}</label>'
        f'<select id="axis-{name}" name="{name}" data-axis>{"".join(options)}</select></div>'
    )


def _buttons() -> str:
    return (
        f'<p class="buttons"><button type="button" class="reset">{both("Back to the headline", "恢复主口径")}</button> '
        f'<button type="button" class="copy" data-copy-link>{both("Copy a link to this choice", "复制此选择的链接")}</button></p>'
    )


def _outcome() -> str:
    return (
        '<div class="outcome" role="status" aria-live="polite"><div class="impossible" hidden></div>'
        f'<div class="alone"><h2>{both("If this were the only way to count", "假如只有这一种算法")}</h2>'
        '<p class="big"><span class="verdict"></span> <span class="estimate"></span></p><p class="position"></p><p class="changes"></p></div>'
        f'<div class="together"><h2>{both("All ways to count together", "所有算法合在一起")}</h2>'
        '<p class="big"><span class="verdict"></span></p><p class="counts"></p><p class="note same"></p></div></div>'
    )


def _legend() -> str:
    look = {"inside": ("inside", "区间内"), "straddling": ("across an edge", "跨边界"), "outside": ("outside", "区间外")}
    items = "".join(
        f'<li><span class="key key-{name}" aria-hidden="true"></span>{both(*words)}</li>' for name, words in look.items()
    )
    band = f'<li><span class="key key-band" aria-hidden="true"></span>{both("the claimed interval (lighter: wide)", "所称区间（浅色为从宽）")}</li>'
    ring = f'<li><span class="key key-chosen" aria-hidden="true"></span>{both("your choice", "你的选择")}</li>'
    what = both(
        "Each mark is one way to count, sorted by its estimate; click one to choose it.",
        "每个点是一种算法，按估计值排序；点击即可选中。",
    )
    return f'<p class="note">{what}</p><ul class="legend">{items}{band}{ring}</ul>'


def index(built: Built) -> str:
    """All studies with their claims, as HTML."""
    lead = both(
        "A number depends on how one counts. Choose every assumption yourself and see the estimate, its place in the claimed interval and the verdict move. "
        "The verdict comes from the same decision table as in the notebooks.",
        "数字取决于怎么数。请自行选择每项假设，看估计值、它在所称区间中的位置和判定如何变化；判定所用规则与笔记本完全相同。",
    )
    items = "".join(_study(built, study) for study in built.studies.values())
    return f'<p class="lead">{lead}</p><ul class="studies">{items}</ul>'


def _study(built: Built, study: Mapping[str, Any]) -> str:
    ways = sum(study["specs"]["counted"])
    links = "".join(
        f'<li><a href="{study["id"]}.html#claim={id}">{id}</a> {badge(built.claims[id]["verdict"], built.claims[id]["indication"])} '
        f"{both(esc(registry.claim(id).statement_en), esc(registry.claim(id).statement_zh))}</li>"
        for id in study["judged"]
        if id in built.claims
    )
    count = both(
        f"{ways:,} distinct ways to count, {len(study['axes'])} choices", f"{ways:,}种不同算法，{len(study['axes'])}项选择"
    )
    return f'<li><p class="note">{count}</p><ul>{links}</ul></li>'
