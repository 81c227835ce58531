"""Talent of Pudong beside the city's published totals (C05): shares, the total a share needs, growth, heads and output.

No table counts AI talent by district. What can be computed is what the printed numbers would mean: every function here
divides published figures with their hedges, so a bound over a bound is a range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recount import multiverse, registry, tables
from recount.hedges import Interval
from recount.measures import intervals
from recount.measures.regional import figure

if TYPE_CHECKING:
    import pandas as pd

PRINTED = "T03"
"""The printed stock of Pudong."""
TOTALS = ("S15", "S06")
"""City totals that may decide, the one nearest before the report first."""
APART = ("S08", "S14", "S26")
"""City totals that never decide: a machine summary, one published later, and one on another definition."""

State = tuple[str, str]
"""(numerator: ``printed_number`` or ``printed_interval``, city total as figure id)."""


def printed_stock(numerator: str) -> Interval:
    """The printed stock in persons: the number as it stands, or the interval its hedge word claims."""
    printed = figure(PRINTED)
    return printed.interval if numerator == "printed_interval" else Interval.point(printed.value)


def share_of(state: State) -> Interval:
    """Printed stock as a share of one city total, percent."""
    numerator, total = state
    return intervals.share_percent(printed_stock(numerator), figure(total).interval)


def share_as_printed(total: str) -> float:
    """Printed number over the printed number of a city total, both without their hedge words, percent."""
    return 100 * figure(PRINTED).value / figure(total).value


def implied_total(share_percent: Interval, stock: Interval) -> Interval:
    """Whole, in persons, of which ``stock`` is ``share_percent``."""
    return intervals.scaled(intervals.ratio(stock, share_percent), 100.0)


_TOTAL_WORDS = {
    "S15": ("officials in June 2024 (S15)", "2024年6月官方口径（S15）"),
    "S06": ("the press in January 2024 (S06)", "2024年1月媒体所载（S06）"),
    "S08": ("a machine summary, for 2024 (S08)", "机器摘要所载2024年总数（S08）"),
    "S14": ("officials in January 2026, after the report (S14)", "报告之后，2026年1月官方口径（S14）"),
    "S26": ("all staff of key firms in 2020 (S26)", "2020年重点企业全部从业人员（S26）"),
}
"""City totals in words (English, Chinese)."""


def total_words(total: str) -> str:
    """One city total in a few words, for a row of a figure."""
    return _TOTAL_WORDS[total][0]


def _with_total(total: str) -> multiverse.Choice:
    return multiverse.choice(lambda state: (state[0], total), *_TOTAL_WORDS[total])


def talent_study() -> multiverse.Study:
    """C05b: Pudong's printed stock as a share of the city's AI talent, percent, over the published city totals.

    Totals of a machine summary, of a later day and on another definition are bounds: drawn, never counted.
    """
    chosen = registry.headline("C05")
    axes = (
        multiverse.axis(
            "numerator", chosen["numerator"], "How is the printed stock read?", zh="所印人才数怎么读？",
            choices={
                "printed_number": (None, "the printed number as it stands", "按所印数字本身"),
                "printed_interval": (
                    lambda state: ("printed_interval", state[1]), "the printed number with its word “over”", "计入“超过”一词"
                ),
            },
        ),
        multiverse.axis(
            "city_total", chosen["city_total"], "Which total for the city?", zh="全市总数用哪个？",
            choices={total: _with_total(total) for total in TOTALS},
        ),
        multiverse.axis(
            "city_total_apart", chosen["city_total_apart"], "A total that may not decide?", zh="是否改用不能作为依据的总数？",
            role="bound", choices={"none": (None, "none of them", "都不用")} | {total: _with_total(total) for total in APART},
        ),
    )  # fmt: skip
    return multiverse.study(
        "C05", ("printed_number", ""), axes, share_of, unit="percent",
        population="AI talent of Pudong as printed, in AI talent of Shanghai as published",
        exclude=[{"city_total_apart": set(APART), "city_total": "S06"}],
    )  # fmt: skip


# --- heads against output ------------------------------------------------------------------------------------------


def k_yuan_a_head(scale: Interval, heads: Interval) -> Interval:
    """Scale (100 million yuan) over heads (persons), in thousand yuan a head."""
    return intervals.scaled(intervals.ratio(scale, heads), 1e5)


def heads_and_scale() -> dict[str, tuple[Interval, Interval]]:
    """(heads in persons, scale in 100 million yuan) of Zhangjiang, the rest of Pudong, and Pudong, as published.

    Zhangjiang: Z03 and T10; Pudong: T03 and P02; the rest is the difference. If one of the ratios scale ÷ heads is
    implausible beside the others, the figures do not count the same people or firms.
    """
    zhangjiang = figure("Z03").interval, figure("T10").interval
    pudong = figure(PRINTED).interval, figure("P02").interval
    rest = tuple(intervals.difference(whole, part) for whole, part in zip(pudong, zhangjiang, strict=True))
    return {"Zhangjiang": zhangjiang, "the rest of Pudong": rest, "all of Pudong": pudong}


def output_ratio() -> tuple[float, Interval]:
    """Scale per head inside Zhangjiang over that outside: at the printed numbers, and as a range of their hedges."""
    z, p = (figure("T10").value, figure("Z03").value), (figure("P02").value, figure(PRINTED).value)
    at_printed = (z[0] / z[1]) / ((p[0] - z[0]) / (p[1] - z[1]))
    inside, outside = (k_yuan_a_head(scale, heads) for heads, scale in list(heads_and_scale().values())[:2])
    return at_printed, intervals.ratio(inside, outside)


def heads_frame() -> pd.DataFrame:
    """:func:`heads_and_scale` as rows: part, heads (persons), scale (100 million yuan), k_yuan_head; all intervals."""
    import pandas as pd

    rows = [(part, heads, scale, k_yuan_a_head(scale, heads)) for part, (heads, scale) in heads_and_scale().items()]
    return pd.DataFrame(rows, columns=["part", "heads", "scale", "k_yuan_head"])


# --- districts -----------------------------------------------------------------------------------------------------

DISTRICT_PAIRS = {
    "companies": ("P04", "D01"),
    "scale": ("P02", "D02"),
    "scale of 2024": ("P02", "D03"),
}
"""Proxy → (figure of Pudong, figure of Xuhui): the only districts with published figures."""
MODELS_SHARE = "D06"
"""Xuhui's share of the city's registered models: what it leaves bounds all other districts together."""


def district_ratios() -> dict[str, Interval]:
    """Pudong over Xuhui by each proxy; for registered models all other districts together over Xuhui.

    A range below one puts Xuhui first of the two, above one Pudong; across one the words leave it open.
    """
    made = {proxy: intervals.ratio(figure(p).interval, figure(x).interval) for proxy, (p, x) in DISTRICT_PAIRS.items()}
    share = figure(MODELS_SHARE).interval
    others = intervals.difference(Interval.point(100), share)
    # Numerator and denominator are one unknown: the ratio runs from (100 − high) / high to (100 − low) / low.
    made["registered models"] = Interval(others.low / share.high, others.high / share.low, others.low_open, others.high_open)
    return made


def ahead(ratio: Interval) -> str:
    """Which of the two districts a ratio puts first: ``Pudong``, ``Xuhui`` or ``open``."""
    if ratio.disjoint(Interval(0, 1)):
        return "Pudong"
    return "Xuhui" if ratio.disjoint(Interval(1, float("inf"))) else "open"


_PROXIES = {
    "companies": ("AI companies", "key ones (P04, 2025-04) over all (D01, 2025-10)"),
    "registered models": ("registered large models", "all other districts over Xuhui (D06, 2024)"),
    "scale": ("scale of the AI industry", "2024 (P02) over 2025-10 (D02)"),
    "scale of 2024": ("scale of the AI industry", "2024 (P02) over 2024 (D03)"),
}
"""Proxy → its words and what is divided, in the order shown."""


def district_frame() -> pd.DataFrame:
    """The ratios of :func:`district_ratios` as rows of a figure, those that were known by the day of the report first.

    Returns:
        Frame with label, note (what is divided), low, high, low_open, high_open, series (who is ahead),
        section, pudong, xuhui (who is counted), source_id (of Xuhui's figure).
    """
    import pandas as pd

    ratios, rows = district_ratios(), []
    for proxy, (label, note) in _PROXIES.items():
        ratio, (p, x) = ratios[proxy], DISTRICT_PAIRS.get(proxy, ("", MODELS_SHARE))
        ours, theirs = (figure(p) if p else None), figure(x)
        early = theirs.known_by <= tables.CLAIM_DATE
        rows.append({
            "label": label, "note": note,
            "low": ratio.low, "high": ratio.high, "low_open": ratio.low_open, "high_open": ratio.high_open,
            "series": ahead(ratio), "section": "known in time" if early else "day not shown",
            "pudong": ours.population if ours else "the rest of the city", "xuhui": theirs.population,
            "source_id": theirs.source_id,
        })  # fmt: skip
    return pd.DataFrame(rows)
