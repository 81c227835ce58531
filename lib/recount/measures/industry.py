"""Industry scale of Pudong and Zhangjiang: shares of hedged numbers, and the studies of C06 and C07.

Scale is revenue-like: it is divided by other scale figures, never by GDP.
"""

from __future__ import annotations

from recount import multiverse, registry
from recount.hedges import Interval
from recount.measures import intervals
from recount.measures.regional import figure

Pair = tuple[str, str]
"""State of both studies: (numerator, denominator) as figure ids; a denominator of "" means the numerator is a share itself."""


def share_of(pair: Pair) -> Interval:
    """Share in percent that a pair of published figures gives; a published share stands for itself."""
    numerator, denominator = pair
    part = figure(numerator)
    return part.interval if not denominator else intervals.share_percent(part.interval, figure(denominator).interval)


def pudong_share_study() -> multiverse.Study:
    """C06b: share of Pudong in the scale of Shanghai's AI industry, percent, over every published pair of figures."""
    chosen = registry.headline("C06")
    numerator = multiverse.axis(
        "numerator", chosen["numerator"], "Which figure for Pudong?", zh="浦东用哪个数字？",
        choices={
            "official_reply": (lambda s: ("P02", s[1]), "the district's written reply (P02)", "区科经委书面答复（P02）"),
            "work_report": (lambda s: ("P01", s[1]), "the district's work report (P01)", "区政府工作报告（P01）"),
            "press_over_1600": (lambda s: ("P05", s[1]), "the press in July 2025 (P05)", "2025年7月媒体报道（P05）"),
        },
    )  # fmt: skip
    denominator = multiverse.axis(
        "denominator", chosen["denominator"], "Which figure for the whole city?", zh="全市用哪个数字？",
        choices={
            "official_share": (lambda s: ("P03", ""), "the reply's own share (P03)", "书面答复自带的占比（P03）"),
            "press_share": (lambda s: ("P06", ""), "a share in the press of July 2025 (P06)", "2025年7月媒体所载占比（P06）"),
            "city_over_4000": (lambda s: (s[0], "S09"), "the city's total for 2024 in the press (S09)", "媒体所载2024年全市总量（S09）"),
            "city_over_3800": (lambda s: (s[0], "S05"), "the city's total for 2023 in the press (S05)", "媒体所载2023年全市总量（S05）"),
        },
    )  # fmt: skip
    population = multiverse.axis(
        "population", chosen["population"], "Which firms and year?", zh="哪些企业、哪一年？",
        choices={
            "as_published": (None, "the firms each figure counts, 2024", "各数字所指企业，2024年"),
            "related_older": (lambda s: ("P21", "S04"), "AI-related firms, the older pair (P21 over S04)", "相关企业，较早的一对数字（P21／S04）"),
        },
    )  # fmt: skip
    return multiverse.study(
        "C06", ("", ""), (numerator, denominator, population), share_of, unit="percent",
        population="AI industry of Pudong in that of Shanghai",
        exclude=[{"population": "related_older", "numerator": {"work_report", "press_over_1600"}},
                 {"population": "related_older", "denominator": {"press_share", "city_over_4000", "city_over_3800"}}],
    )  # fmt: skip


def zhangjiang_share_study() -> multiverse.Study:
    """C07c: share of Zhangjiang in the scale of Pudong's AI industry, percent, over every published figure for Pudong."""
    chosen = registry.headline("C07")
    denominator = multiverse.axis(
        "denominator", chosen["denominator"], "Which figure for Pudong?", zh="浦东用哪个数字？",
        choices={
            "official_reply": (lambda s: (s[0], "P02"), "the district's written reply (P02)", "区科经委书面答复（P02）"),
            "work_report": (lambda s: (s[0], "P01"), "the district's work report (P01)", "区政府工作报告（P01）"),
            "report_over_1600": (lambda s: (s[0], "T07"), "the report's own figure (T07)", "报告自身的数字（T07）"),
            "press_over_1600": (lambda s: (s[0], "P05"), "the press in July 2025 (P05)", "2025年7月媒体报道（P05）"),
        },
    )  # fmt: skip
    return multiverse.study(
        "C07", ("T10", ""), (denominator,), share_of, unit="percent", population="AI industry of Zhangjiang in that of Pudong"
    )
