"""Industry scale of Pudong and Zhangjiang: shares of hedged numbers, and the studies of C06 and C07.

Scale is revenue-like: it is divided by other scale figures, never by GDP.
"""

from __future__ import annotations

from recount import multiverse, registry
from recount.hedges import Interval
from recount.measures import intervals
from recount.measures.regional import figure

Pair = tuple[str, str]
"""State of the studies: (numerator, denominator) as figure ids; a denominator that is itself a share stands for the ratio."""

PUBLISHED_SHARE = "P03"
RELATED: Pair = ("P21", "S04")
"""AI-related firms: both figures speak of an earlier year, so the pair answers for the share, not for the scale of 2024."""


def share_of(pair: Pair) -> Interval:
    """Share in percent that a pair of published figures gives; a published share stands for itself."""
    numerator, denominator = (figure(one) for one in pair)
    if denominator.unit == "percent":
        return denominator.interval
    return intervals.share_percent(numerator.interval, denominator.interval)


LABELS = {
    "P01": ("the district's work report (P01)", "区政府工作报告（P01）"),
    "P02": ("the district's written reply (P02)", "区科经委书面答复（P02）"),
    "P03": ("the share in the written reply (P03)", "书面答复所列占比（P03）"),
    "P05": ("a press account of July 2025 (P05)", "2025年7月媒体报道（P05）"),
    "S05": ("the press, total of 2023 (S05)", "媒体所载2023年总量（S05）"),
    "S07": ("a machine summary, total of 2024 (S07)", "机器摘要所载2024年总量（S07）"),
    "S09": ("the press, total of 2024 (S09)", "媒体所载2024年总量（S09）"),
    "T07": ("the report's own figure (T07)", "报告自身的数字（T07）"),
}
"""Figures in words (English, Chinese), as the studies and their notebooks name them."""


SHORT = {
    "P01": "work report (P01)", "P02": "written reply (P02)", "P05": "press, July 2025 (P05)", "S05": "city 2023, press (S05)",
    "S07": "city 2024, machine summary (S07)", "S09": "city 2024, press (S09)",
}  # fmt: skip
"""The same figures shorter, for rows of a figure."""


def _with(numerator: str = "", denominator: str = "") -> multiverse.Choice:
    """Step that puts a figure into the pair."""
    return multiverse.choice(lambda pair: (numerator or pair[0], denominator or pair[1]), *LABELS[numerator or denominator])


def pudong_study() -> multiverse.Study:
    """C06: scale of Pudong's AI industry (100 million yuan) and its share of the city (percent), over the published figures.

    Questions: ``scale``, ``share``. The district's own share belongs to its own figure, so it is combined with no other
    numerator; a city total of another year, and one from a machine summary, are bounds, drawn and never counted.
    """
    chosen = registry.headline("C06")
    axes = (
        multiverse.axis(
            "numerator", chosen["numerator"], "Which figure for Pudong?", zh="浦东用哪个数字？",
            choices={id: _with(numerator=id) for id in ("P02", "P01", "P05")},
        ),
        multiverse.axis(
            "denominator", chosen["denominator"], "Which figure for the whole city?", zh="全市用哪个数字？",
            choices={id: _with(denominator=id) for id in ("P03", "S09")},
        ),
        multiverse.axis(
            "denominator_apart", chosen["denominator_apart"], "A city total of another year, or of a machine summary?",
            zh="是否改用其他年份或机器摘要中的全市总量？", role="bound",
            choices={
                "none": (None, "none of them", "都不用"),
                "S05": _with(denominator="S05"), "S07": _with(denominator="S07"),
            },
        ),
        multiverse.axis(
            "population", chosen["population"], "Which firms?", zh="算哪些企业？",
            choices={
                "above_size": (None, "enterprises above designated size", "规模以上企业"),
                "related": (
                    lambda pair: RELATED,
                    "AI-related firms, the older pair (P21 over S04)", "相关企业，较早的一对数字（P21／S04）",
                ),
            },
        ),
    )  # fmt: skip

    def estimate(pair: Pair) -> dict[str, Interval | None]:
        return {"scale": None if pair == RELATED else figure(pair[0]).interval, "share": share_of(pair)}

    others = {"P01", "P05"}
    return multiverse.study(
        "C06", ("", ""), axes, estimate, unit="percent", population="AI industry of Pudong in that of Shanghai",
        questions=("scale", "share"),
        exclude=[
            {"numerator": others, "denominator": PUBLISHED_SHARE, "denominator_apart": "none"},
            {"denominator_apart": {"S05", "S07"}, "denominator": "S09"},
            {"population": "related", "numerator": others},
            {"population": "related", "denominator": "S09"},
            {"population": "related", "denominator_apart": {"S05", "S07"}},
        ],
    )  # fmt: skip


def zhangjiang_study() -> multiverse.Study:
    """C07c: share of Zhangjiang in the scale of Pudong's AI industry, percent: the printed 1140 over each figure for Pudong."""
    chosen = registry.headline("C07")
    denominator = multiverse.axis(
        "denominator", chosen["denominator"], "Which figure for Pudong?", zh="浦东用哪个数字？",
        choices={id: _with(denominator=id) for id in ("P02", "P01", "T07")},
    )  # fmt: skip
    return multiverse.study(
        "C07", ("T10", ""), (denominator,), share_of, unit="percent", population="AI industry of Zhangjiang in that of Pudong"
    )


def pair_of(numerator: str, denominator: str, apart: str, population: str) -> Pair:
    """Ids of the two figures that one specification of the C06 study divides."""
    return RELATED if population == "related" else (numerator, denominator if apart == "none" else apart)


def pair_label(numerator: str, denominator: str, apart: str, population: str) -> str:
    """One specification of the C06 study in a few words, for a row of a figure."""
    pair = pair_of(numerator, denominator, apart, population)
    if pair == RELATED:
        return f"related firms ({RELATED[0]}) ÷ the city in 2021 ({RELATED[1]})"
    total = pair[1]
    if total == PUBLISHED_SHARE:
        return LABELS[PUBLISHED_SHARE][0]
    return f"{SHORT[numerator]} ÷ {SHORT[total]}"
