"""Growth between published figures: each stands at the end of its period, and a hedged figure makes a range."""

from __future__ import annotations

from recount.hedges import Interval
from recount.measures import intervals, periods


def years_between(start: str, end: str) -> float:
    """Years from the end of one published period to the end of another, counted in whole months.

    ``2025-08`` to ``2030`` is 64 months, from the end of August 2025 to the end of December 2030. A day counts as its month.

    Raises:
        RecountError: a period of unknown form, or an end that is not later.
    """
    months = periods.months(end)[1] - periods.months(start)[1]
    if months <= 0:
        raise intervals.RecountError(f"growth: {end} is not later than {start}. Remedy: give the earlier period first.")
    return months / 12


def a_year(start: Interval, since: str, end: Interval, until: str) -> Interval:
    """Yearly compound growth in percent that leads from ``start`` at the period ``since`` to ``end`` at ``until``."""
    return intervals.growth_percent_a_year(start, end, years_between(since, until))
