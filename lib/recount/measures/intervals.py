"""Arithmetic on hedged numbers: a bound over a bound is a range."""

from __future__ import annotations

import math

from recount.hedges import Interval, read
from recount.tables import RecountError

HEDGE_OF_BOUND = {"exact": "", "ge": "H01", "le": "H04", "approx": "H05"}
"""``bound`` of a figure in the tables → hedge that reads it; an exact figure is its own rounding interval or a point."""


def of_figure(value: float, bound: str, u: float) -> Interval:
    """Default interval of a published figure.

    Args:
        value: printed number; bound: exact, ge (over), le (nearly), approx (about), as the tables say.
        u: unit of its last non-zero digit.

    Returns:
        The point for ``exact``, else the default interval of the hedge.

    Raises:
        RecountError: an unknown bound.
    """
    if bound not in HEDGE_OF_BOUND:
        raise RecountError(f"bound {bound!r} is not known. Remedy: use one of {', '.join(HEDGE_OF_BOUND)}.")
    hedge = HEDGE_OF_BOUND[bound]
    return read(hedge, value, u).default if hedge else Interval.point(value)


def scaled(a: Interval, factor: float) -> Interval:
    """``a`` times a positive factor."""
    if factor <= 0:
        raise RecountError(f"intervals: the factor {factor} is not positive.")
    return Interval(a.low * factor, a.high * factor, a.low_open, a.high_open)


def ratio(numerator: Interval, denominator: Interval) -> Interval:
    """Every value ``n / d`` can take, both positive (Moore 1966, interval division).

    Raises:
        RecountError: the denominator reaches zero, or an end is negative.
    """
    if denominator.low <= 0 or numerator.low < 0:
        raise RecountError(f"intervals: {numerator} over {denominator} is not a ratio of positive numbers.")
    low = 0.0 if math.isinf(denominator.high) else numerator.low / denominator.high
    high = numerator.high / denominator.low
    low_open = numerator.low_open or denominator.high_open or math.isinf(denominator.high)
    return Interval(low, high, low_open, numerator.high_open or denominator.low_open)


def share_percent(part: Interval, whole: Interval) -> Interval:
    """``part`` as a share of ``whole`` in percent, as a range."""
    return scaled(ratio(part, whole), 100.0)


def difference(a: Interval, b: Interval) -> Interval:
    """Every value ``a − b`` can take, the two being free of each other (Moore 1966, interval subtraction)."""
    return Interval(a.low - b.high, a.high - b.low, a.low_open or b.high_open, a.high_open or b.low_open)


def hull(*intervals: Interval) -> Interval:
    """Smallest interval that holds all of them."""
    if not intervals:
        raise RecountError("intervals: the hull of nothing is not defined.")
    low = min(intervals, key=lambda i: (i.low, i.low_open))
    high = max(intervals, key=lambda i: (i.high, not i.high_open))
    return Interval(low.low, high.high, low.low_open, high.high_open)


def growth_percent_a_year(start: Interval, end: Interval, years: float) -> Interval:
    """Yearly compound growth in percent that leads from ``start`` to ``end`` in ``years`` (positive)."""
    if years <= 0:
        raise RecountError(f"intervals: {years} years is not a span.")
    factor = ratio(end, start)
    return Interval(
        100 * (factor.low ** (1 / years) - 1), 100 * (factor.high ** (1 / years) - 1), factor.low_open, factor.high_open
    )
