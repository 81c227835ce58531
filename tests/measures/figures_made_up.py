"""Published figures of no table, for the tests of what is computed from them."""

from __future__ import annotations

from recount.hedges import Interval
from recount.measures.regional import Figure


def made_up(id: str, low: float, high: float | None = None, **more) -> Figure:
    """A figure of no table: a point at ``low``, or the open range up to ``high`` printed as its low end."""
    interval = Interval.point(low) if high is None else Interval(low, high, True, True)
    return Figure(
        **{
            "id": id, "value": low, "interval": interval, "unit": "persons", "period": "2024", "population": "made up",
            "publisher": "", "known_by": "2024-12-31", "grade": "press", "chain": id, "source_id": id, "decides": True,
        } | more
    )  # fmt: skip
