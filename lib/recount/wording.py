"""Words for codes, and numbers as people read them, in English and Chinese.

The only place where a verdict, an evidence level or a unit gets its name; change a word here and every page follows.
"""

from __future__ import annotations

import calendar
import math
import re
from typing import NamedTuple

from recount.hedges import Interval


class Words(NamedTuple):
    """One thing in both languages."""

    en: str
    zh: str


VERDICTS: dict[str, Words] = {
    "reproduced": Words("reproduced", "可复现"),
    "contradicted": Words("contradicted", "不符"),
    "depends": Words("depends", "视口径而定"),
    "indicated": Words("indicated", "有迹象"),
    "corroborated": Words("corroborated", "有旁证"),
    "disputed": Words("disputed", "说法不一"),
    "restated": Words("restated", "仅为转述"),
    "not testable": Words("not testable", "无法检验"),
    "not due": Words("not due", "尚未到期"),
    "documented": Words("documented", "有据可查"),
}
INDICATIONS: dict[str, Words] = {"for": Words("for the claim", "支持"), "against": Words("against the claim", "不支持")}
MEANINGS: dict[str, Words] = {
    "reproduced": Words(
        "Raw rows or an official document of the same population give the printed figure, in nearly every way to count.",
        "同一口径的原始数据或官方文件得出所称数字，换用其他合理算法几乎都一样。",
    ),
    "contradicted": Words(
        "The same population, counted in every defensible way, gives another figure.",
        "同一口径下，任何合理算法都得不出所称数字。",
    ),
    "depends": Words(
        "Some defensible ways to count, or readings of the words, give the printed figure and others do not, "
        "or they lie on both sides of it.",
        "有的合理算法或读法得出所称数字，有的得不出；或者各种算法分列所称数字两侧。",
    ),
    "indicated": Words(
        "Raw rows exist only for a related population and point one way.", "只有相近人群或范围的原始数据，且都指向同一方向。"
    ),
    "corroborated": Words(
        "No raw rows, but an official figure from another source agrees.", "没有原始数据，但另一来源的官方数字与之相符。"
    ),
    "disputed": Words("Published figures disagree and none comes with raw rows.", "已发布的数字彼此不一，且都没有原始数据。"),
    "restated": Words(
        "Only the report, its copies, its own probable origin, or press and commercial accounts carry the figure.",
        "只有报告本身、其转载、其可能的出处，或媒体和商业机构载有该数字。",
    ),
    "not testable": Words("The definition or the inputs were not found in public.", "未找到公开的定义或所需数据。"),
    "not due": Words("A target or forecast whose date has not come.", "目标或预测，期限未到。"),
    "documented": Words("An event or date with a document of record.", "有正式文件可查的事件或日期。"),
}
EVIDENCE: dict[str, Words] = {
    "raw_independent": Words("raw rows, independent publisher", "独立方的原始数据"),
    "raw_same_publisher": Words("raw rows, same publisher", "同一发布方的原始数据"),
    "official_statistic": Words("official statistic", "官方统计"),
    "official_statement": Words("official statement", "官方文件或公开表述"),
    "press_quoting_officials": Words("press quoting officials", "媒体引述官方"),
    "press": Words("press", "媒体报道"),
    "commercial": Words("commercial report", "商业机构报告"),
    "report_only": Words("the report only", "仅报告本身"),
    "none": Words("nothing published", "未见公布"),
}
POPULATIONS: dict[str, Words] = {
    "same": Words("the population of the claim", "与说法同一范围"),
    "proxy": Words("a related population (proxy)", "相近范围（替代）"),
    "none": Words("no population to count", "无可数对象"),
}
POSITIONS: dict[str, Words] = {
    "inside": Words("inside the claimed interval", "落在所称区间内"),
    "outside": Words("outside the claimed interval", "落在所称区间外"),
    "far": Words("outside even the wide interval", "落在放宽区间之外"),
    "straddling": Words("across an edge of the claimed interval", "跨在所称区间边界上"),
    "none": Words("no estimate", "无估计值"),
}
LITERAL: dict[str, Words] = {
    "true": Words(
        "Taken at its strictest, the printed number agrees with this estimate.", "按最严格的字面读法，所称数字与该估计值相符。"
    ),
    "true, understated": Words(
        "Taken at its strictest, the printed number agrees with this estimate and understates it.",
        "按最严格的字面读法，所称数字与该估计值相符，且说得偏低。",
    ),
    "false": Words(
        "Taken at its strictest, the printed number does not agree with this estimate.",
        "按最严格的字面读法，所称数字与该估计值不符。",
    ),
    "open": Words("", ""),
}
"""What the literal reading says of the headline estimate alone; the verdict weighs all ways to count."""

UNITS: dict[str, Words] = {
    "percent": Words("%", "%"),
    "pp": Words("pp", "个百分点"),
    "yuan_100m": Words("billion yuan", "亿元"),
    "yuan_bn": Words("billion yuan", "十亿元"),
    "k_yuan_month": Words("thousand yuan a month", "千元/月"),
    "k_yuan_year": Words("thousand yuan a year", "千元/年"),
    "k_yuan_head": Words("thousand yuan a head", "千元/人"),
    "persons": Words("people", "人"),
    "firms": Words("companies", "家"),
    "companies": Words("companies", "家"),
    "papers": Words("papers", "篇"),
    "posts": Words("posts", "个岗位"),
    "rankings": Words("rankings", "个排名"),
    "cities": Words("cities", "个城市"),
    "conference-years": Words("conference-years", "届会议"),
    "rank": Words("", ""),
    "ratio": Words("times", "倍"),
    "posts_per_seeker": Words("posts for each seeker", "个岗位/人"),
    "definitions": Words("definitions", "种定义"),
    "years": Words("years", "年"),
    "index": Words("", ""),
    "tier": Words("", ""),
    "label": Words("", ""),
    "date": Words("", ""),
    "bands": Words("years", "年"),
    "percent a year": Words("% a year", "%/年"),
}
ENGLISH_SCALE = {"yuan_100m": 0.1}
"""Chinese counts money in 亿元 (100 million yuan), English in billions: factor from the table's unit to the English word."""

SINGULAR = {
    "years": "year",
    "papers": "paper",
    "companies": "company",
    "people": "person",
    "posts": "post",
    "definitions": "definition",
    "rankings": "ranking",
    "cities": "city",
}
"""English names of units beside the number one."""

PLACES = {
    "posts_per_seeker": 2,
    "k_yuan_head": 0,
    "percent a year": 1,
    "percent": 1,
    "pp": 1,
    "ratio": 2,
    "persons": 0,
    "firms": 0,
    "companies": 0,
    "papers": 0,
    "posts": 0,
    "rank": 0,
    "rankings": 0,
    "cities": 0,
    "conference-years": 0,
}
"""Decimals shown for a unit; others show what is needed, at most two."""


def evidence(level: str, own: bool = False) -> Words:
    """A level of evidence; of a reader's ``own`` rows the publisher is not known."""
    return Words("raw rows, the reader's own", "读者自备的原始数据") if own else EVIDENCE[level]


def verdict(name: str, indication: str = "") -> Words:
    """A verdict with its direction, if it has one: ``indicated against the claim``, ``有迹象（不支持）``."""
    said, towards = VERDICTS[name], INDICATIONS.get(indication)
    return Words(f"{said.en} {towards.en}", f"{said.zh}（{towards.zh}）") if towards else said


def unit(code: str, lang: str = "en") -> str:
    """Name of a unit; an unknown code names itself."""
    return getattr(UNITS.get(code, Words(code, code)), lang)


def number(value: float, code: str = "", places: int | None = None) -> str:
    """A number with thousands separators; ``places`` decimals, or those of the unit.

    A value that its unit's places would show as zero, though it is not, gets more places.
    """
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if places is None:
        places = PLACES.get(code, 2)
        while places < 4 and value and round(value, places) == 0:
            places += 1
    text = f"{value:,.{places}f}"
    if code not in PLACES and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")


def amount(value: float, code: str, lang: str = "en", places: int | None = None) -> str:
    """A number with its unit: ``36.0%``, ``163.79 billion yuan``, ``1,637.92亿元`` (the last two are one amount)."""
    if code == "date":
        import datetime

        return datetime.date.fromordinal(round(value)).isoformat()
    if code == "rank":
        return f"rank {number(value, places=places)}" if lang == "en" else f"第{number(value, places=places)}位"
    text, name = _in_language(value, code, lang, places), unit(code, lang)
    if not name:
        return text
    if lang == "en" and text in ("1", "−1"):
        name = SINGULAR.get(name, name)
    return f"{text}{name}" if lang == "zh" or name.startswith("%") else f"{text} {name}"


def _in_language(value: float, code: str, lang: str, places: int | None = None) -> str:
    if lang == "zh" and code == "persons" and value >= 1e4 and math.isclose(value, round(value, -2), abs_tol=1e-6):
        return f"{value / 1e4:.2f}".rstrip("0").rstrip(".") + "万"
    return number(value * ENGLISH_SCALE.get(code, 1.0) if lang == "en" else value, code, places)


def span(estimate: Interval, code: str, lang: str = "en", places: int | None = None) -> str:
    """An estimate in words: one number for a point, ``from … to …`` for a range, ``at most …`` for a bound."""
    if estimate.low == estimate.high:
        return amount(estimate.low, code, lang, places)
    if math.isinf(estimate.low) or (estimate.low == 0 and estimate.low_open):
        return (
            ("below " if estimate.high_open else "at most ") if lang == "en" else ("低于" if estimate.high_open else "至多")
        ) + amount(estimate.high, code, lang, places)
    if math.isinf(estimate.high):
        return (
            ("above " if estimate.low_open else "at least ") if lang == "en" else ("高于" if estimate.low_open else "至少")
        ) + amount(estimate.low, code, lang, places)
    if code == "rank":
        ends = number(estimate.low, places=places), number(estimate.high, places=places)
        return f"rank {ends[0]} to {ends[1]}" if lang == "en" else f"第{ends[0]}至第{ends[1]}位"
    low, high = _in_language(estimate.low, code, lang, places), amount(estimate.high, code, lang, places)
    if low == _in_language(estimate.high, code, lang, places):
        return high  # 33.33 to 33.34 is 33.3
    if lang == "zh" and unit(code, lang).startswith("%"):
        low += "%"  # Chinese repeats the sign in a range, English does not
    return f"{low} to {high}" if lang == "en" else f"{low}至{high}"


def moved(
    change: float, code: str, *, up: tuple[str, str] = ("rose", "上升"), down: tuple[str, str] = ("fell", "下降")
) -> dict[str, str]:
    """A change with its direction as a word, in both languages: ``rose by 23.6 pp``, ``上升23.6个百分点``."""
    en, zh = up if change > 0 else down
    return {"en": f"{en} by {amount(abs(change), code)}", "zh": f"{zh}{amount(abs(change), code, 'zh')}"}


def spelt(text: str, lang: str = "en") -> str:
    """A sentence as a newspaper prints it: ISO dates in words, ``pp`` in full.

    >>> spelt("9.0 pp on 2023-12-31"), spelt("截至2023-12-31", "zh")
    ('9.0 percentage points on 31 December 2023', '截至2023年12月31日')
    """
    if lang == "zh":
        return re.sub(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)", lambda d: f"{d[1]}年{int(d[2])}月{int(d[3])}日", text)
    text = re.sub(r"(?<=\d) pp\b", " percentage points", text)
    return re.sub(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)", lambda d: f"{int(d[3])} {calendar.month_name[int(d[2])]} {d[1]}", text)


def interval(claimed: Interval, code: str = "", lang: str = "en") -> str:
    """A claimed interval with its brackets, e.g. ``[35, 40) %``; one number as such."""
    if claimed.is_point:
        return amount(claimed.low, code, lang, _edge_places(claimed.low) if "." in f"{claimed.low:g}" else 0)
    left, right = "(" if claimed.low_open else "[", ")" if claimed.high_open else "]"
    factor = ENGLISH_SCALE.get(code, 1.0) if lang == "en" else 1.0
    low, high = (number(end * factor, places=_edge_places(end * factor)) for end in (claimed.low, claimed.high))
    return f"{left}{low}, {high}{right} {unit(code, lang)}".strip()


def _edge_places(end: float) -> int:
    """Decimals of an edge: three if that is all it has (0.505 is not 0.51), else two (29.1666…)."""
    return 3 if math.isfinite(end) and math.isclose(end, round(end, 3), rel_tol=1e-12, abs_tol=1e-12) else 2
