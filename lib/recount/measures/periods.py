"""Published periods as points in time: ``2023H1``, ``2025Q3``, ``2024-01/2024-07``, ``2022``."""

from __future__ import annotations

import re

from recount.tables import RecountError

PERIOD = re.compile(r"(\d{4})(?:Q([1-4])|H([12])|-(\d{2})(?:-\d{2})?)?")
"""A year, quarter, half-year, month or day; a range is two of them with a stroke between."""


def months(period: str) -> tuple[int, int]:
    """First and last month of a period, counted from year zero (12 × year + month − 1); a day counts as its month.

    Raises:
        RecountError: a period of another form, or one that ends before it begins.
    """
    first, _, last = period.partition("/")
    start, end = _span(first, period)[0], _span(last or first, period)[1]
    if start > end:
        raise RecountError(f"period {period!r} ends before it begins.")
    return start, end


def _span(text: str, period: str) -> tuple[int, int]:
    found = PERIOD.fullmatch(text)
    if not found:
        raise RecountError(f"period {period!r} is not known. Remedy: 2023, 2023H1, 2023Q2, 2023-04 or two of them with a /.")
    year, quarter, half, month = found.groups()
    if month:
        first, length = int(month), 1
    elif quarter:
        first, length = 3 * int(quarter) - 2, 3
    elif half:
        first, length = 6 * int(half) - 5, 6
    else:
        first, length = 1, 12
    start = 12 * int(year) + first - 1
    return start, start + length - 1


def year_of(period: str) -> str:
    """The year (or years, ``2022/2023``) a period lies in."""
    first, last = (str(month // 12) for month in months(period))
    return first if first == last else f"{first}/{last}"
