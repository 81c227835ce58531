"""The chain between claims: what one printed number says about another, computed from the tables.

Each check takes published figures and says what follows if all of them were true of one population. None of them
judges a claim; a check that comes out odd says that two populations, years or areas were mixed.
"""

from __future__ import annotations

from dataclasses import dataclass

from recount.hedges import Interval
from recount.measures import intervals
from recount.measures.regional import figure


@dataclass(frozen=True)
class Check:
    """One cross-claim check: its claims, the question it asks, the value as a range, and what would be expected."""

    id: str
    claims: tuple[str, ...]
    question: str
    value: Interval
    unit: str
    beside: Interval | None
    beside_what: str
    as_of: str

    @property
    def fits(self) -> str:
        """Do the two ranges share a value? ``yes``, ``no``, or ``–`` where nothing stands beside."""
        if self.beside is None:
            return "–"
        return "no" if self.value.disjoint(self.beside) else "yes"


def _yuan_per_head(scale: Interval, heads: Interval) -> Interval:
    """Scale per head in thousand yuan: 100 million yuan over persons."""
    return intervals.scaled(intervals.ratio(scale, heads), 1e5)


def _product(a: Interval, b: Interval) -> Interval:
    """Every product of two positive hedged numbers."""
    return Interval(a.low * b.low, a.high * b.high, a.low_open or b.low_open, a.high_open or b.high_open)


def checks() -> list[Check]:
    """All cross-claim checks, from the rows of ``regional_figures``.

    Rates of growth are compound and per year; shares in percent; scale per head in thousand yuan a person.
    """
    fig = {
        id: figure(id).interval
        for id in ("T03", "T07", "T08", "T10", "T11", "T17", "P02", "P03", "P21", "S04", "S15", "T09", "P04")
    }
    third = Interval.point(100 / 3)
    city = intervals.scaled(intervals.ratio(fig["P02"], fig["P03"]), 100)
    pudong_growth = intervals.growth_percent_a_year(fig["P21"], fig["P02"], 3)
    city_growth = intervals.growth_percent_a_year(fig["S04"], city, 3)
    return [
        Check(
            "X.firms.two_areas",
            ("C07a",),
            "The count printed for Zhangjiang (T09), and the one printed for all of Pudong (P04)",
            fig["T09"],
            "firms",
            fig["P04"],
            "all of Pudong",
            "2025",
        ),
        Check(
            "X.share.zhangjiang_of_city",
            ("C06b", "C07c"),
            "Zhangjiang's part of the city, from the printed shares (T11 of T08)",
            intervals.scaled(_product(fig["T11"], fig["T08"]), 0.01),
            "percent",
            intervals.share_percent(fig["T10"], city),
            "printed scale over the official pair's total",
            "2024",
        ),
        Check(
            "X.total.two_claims",
            ("C06a", "C06b"),
            "City total that the two printed numbers imply (T07 over T08)",
            intervals.scaled(intervals.ratio(fig["T07"], fig["T08"]), 100),
            "yuan_100m",
            city,
            "the official pair's total",
            "2024",
        ),
        Check(
            "X.scale_per_head.pudong",
            ("C05a", "C06a"),
            "Scale per head in Pudong (P02 over T03)",
            _yuan_per_head(fig["P02"], fig["T03"]),
            "k_yuan_head",
            _yuan_per_head(city, fig["S15"]),
            "the city: the pair's total over S15",
            "2024",
        ),
        Check(
            "X.share.talent_and_scale",
            ("C05b", "C06b"),
            "Pudong's printed share of the city's talent",
            third,
            "percent",
            fig["P03"],
            "its official share of the city's scale",
            "2024",
        ),
        Check(
            "X.growth.pudong_and_city",
            ("C06a", "C06b"),
            "Yearly growth of Pudong's scale, related to above-size firms (P21 to P02)",
            pudong_growth,
            "percent a year",
            city_growth,
            "the city (S04 to the pair's total)",
            "2024",
        ),
        Check(
            "X.town_and_zhangjiang",
            ("C07b", "C13b"),
            "The town's target for its scale (T17), a part of Zhangjiang",
            fig["T17"],
            "yuan_100m",
            fig["T10"],
            "the printed scale of Zhangjiang today",
            "2030",
        ),
    ]
