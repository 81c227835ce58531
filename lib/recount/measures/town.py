"""Targets of the Zhangjiang AI innovation town and of earlier plans (C13): growth they need, and what came of the earlier ones.

A target is the number as printed; the count one starts from keeps its hedge, so the growth needed is a range.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recount.hedges import Interval
from recount.measures import growth, intervals
from recount.measures.regional import Figure, figure

if TYPE_CHECKING:
    import pandas as pd

FIRMS_TARGET, SCALE_TARGET, GAP = "T16", "T17", "T18"
"""The forum's targets for 2030 (companies; scale in 100 million yuan) and its expected talent gap (persons)."""
BASELINE = "Z17"
"""The count on an official page nearest before the report: related companies of the model community."""
BASELINES = ("Z11", "Z21", "Z16", "Z17", "Z10", "P09")
"""Published counts of companies of the kind the target names, known by the day of the report, in order of time but for
the last, which counts the whole district."""
LATER_BASELINE = "Z18"


@dataclass(frozen=True)
class Needed:
    """Yearly growth in percent that leads from a published count to a target: at the printed numbers, and as a range."""

    at_printed: float
    span: Interval
    years: float


def needed(baseline: str, target: str = FIRMS_TARGET, *, on_top: bool = False) -> Needed:
    """Growth a year that a target needs from a published count, each at the end of its period.

    The target stands for the number printed, the least its words ask for; the baseline keeps its hedge.

    Args:
        baseline, target: figure ids in the same unit.
        on_top: the target counts new ones, to be added to the baseline.
    """
    start, end = figure(baseline), figure(target)
    years = growth.years_between(start.period, end.period)

    def rate(count: float) -> float:
        return 100 * (((end.value + count * on_top) / count) ** (1 / years) - 1)

    span = start.interval  # growth falls with the count one starts from
    return Needed(rate(start.value), Interval(rate(span.high), rate(span.low), span.high_open, span.low_open), years)


def needed_frame(baselines: tuple[str, ...]) -> pd.DataFrame:
    """Growth needed from each baseline, once for the target as a total and once on top of what is there.

    Returns:
        Frame with figure_id, place, period, population, reading (``in all``, ``new ones``), value, low, high (percent a
        year), low_open, high_open, source_id; a row a baseline and reading.
    """
    import pandas as pd

    rows = []
    for reading, on_top in (("in all", False), ("new ones", True)):
        for id in baselines:
            one, start = needed(id, on_top=on_top), figure(id)
            rows.append({
                "figure_id": id, "period": start.period, "population": start.population, "reading": reading,
                "value": one.at_printed, "low": one.span.low, "high": one.span.high, "low_open": one.span.low_open,
                "high_open": one.span.high_open, "source_id": start.source_id,
            })  # fmt: skip
    return pd.DataFrame(rows)


# --- what came of earlier targets ----------------------------------------------------------------------------------

TRACK = (("P16", "P01"), ("P17", "P04"), ("S20", "S09"))
"""Earlier target → the figure published for the time nearest to its date that says most about it."""


def reached_percent(target: str, later: str) -> Interval:
    """The later figure as a share of the earlier target as printed, percent."""
    return intervals.share_percent(figure(later).interval, Interval.point(figure(target).value))


def outcome(target: str, later: str) -> str:
    """``below``, ``at or above`` or ``open``: where the later figure lies against the target as printed."""
    share = reached_percent(target, later)
    if share.disjoint(Interval(100, float("inf"))):
        return "below"
    return "at or above" if share.disjoint(Interval(float("-inf"), 100, high_open=True)) else "open"


def track_frame() -> pd.DataFrame:
    """One row an earlier target: target, its date and population, the later figure with its own, share reached, outcome."""
    import pandas as pd

    rows = []
    for target, later in TRACK:
        aim, came = figure(target), figure(later)
        rows.append({
            "target": target, "place": _place(aim), "aimed_at": aim.population, "due": aim.period,
            "aim": aim.value, "unit": aim.unit, "later": later, "counted": came.population,
            "period": came.period, "came": came.interval, "grade": came.grade,
            "reached": reached_percent(target, later), "outcome": outcome(target, later),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _place(one: Figure) -> str:
    return {"P": "Pudong", "S": "Shanghai"}[one.id[0]]


# --- what the numbers would mean -----------------------------------------------------------------------------------


def scale_a_company() -> dict[str, Interval]:
    """Scale per company, 100 million yuan: of the pair of targets, and of published pairs beside it."""
    targets = Interval.point(figure(SCALE_TARGET).value / figure(FIRMS_TARGET).value)
    pairs = {"Pudong: P02 over P04": ("P02", "P04"), "Xuhui: D02 over D01": ("D02", "D01")}
    return {"the town's targets: T17 over T16": targets} | {
        name: intervals.ratio(figure(scale).interval, figure(firms).interval) for name, (scale, firms) in pairs.items()
    }


def gap_a_company() -> Interval:
    """Missing people per company of the baseline, as ranges: the expected gap over the present count."""
    return intervals.ratio(figure(GAP).interval, figure(BASELINE).interval)


def staff_a_company() -> Interval:
    """Workers per company on the AI Island in 2020: the only published pair of heads and companies for a part of Zhangjiang."""
    return intervals.ratio(figure("Z20").interval, figure("Z19").interval)


# --- the picture ---------------------------------------------------------------------------------------------------

COUNTS = {
    "companies": {"town": ("Z11", "Z17", "Z10"), "Pudong": ("P15", "P22", "P13", "P04")},
    "scale": {"town": (), "Pudong": ("P14", "P21", "P12", "P01")},
}
TARGETS = {
    "companies": {"town": ("T16",), "Pudong": ("P17",)},
    "scale": {"town": ("T17",), "Pudong": ("P16", "P08")},
}
LATER = {"scale": {"Pudong": ("P11",), "town": ("Z08",)}, "companies": {"town": ("Z09",), "Pudong": ()}}
"""Published after the report: drawn apart."""


def trajectory() -> pd.DataFrame:
    """What the picture draws: one row a published count or target.

    Returns:
        Frame with panel (``companies``, ``scale``), place (``town``: the town and its model community; ``Pudong``), kind
        (``count``, ``target``, ``later count``, ``later target``), figure_id, period, when (end of the period, in years
        with decimals), value, low, high, bound (``over``, ``nearly``, ``about`` or empty), source_id.
    """
    import pandas as pd

    rows = []
    for kind, group in (("count", COUNTS), ("target", TARGETS), ("later", LATER)):
        for panel, places in group.items():
            for place, ids in places.items():
                for id in ids:
                    one = figure(id)
                    name = f"later {'count' if id == 'P11' else 'target'}" if kind == "later" else kind
                    rows.append({
                        "panel": panel, "place": place, "kind": name, "figure_id": id, "period": one.period,
                        "when": when(one.period), "value": one.value, "low": one.interval.low, "high": one.interval.high,
                        "source_id": one.source_id,
                    })  # fmt: skip
    return pd.DataFrame(rows)


def when(period: str) -> float:
    """End of a published period in years with decimals: 2023 → 2024.0, 2025-08 → 2025.667."""
    from recount.measures import periods

    return (periods.months(period)[1] + 1) / 12
