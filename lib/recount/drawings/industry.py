"""Pictures of C06 and C07."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recount import figures
from recount.figures.labels import year_axis

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def company_counts(firms: pd.DataFrame) -> Figure:
    """Published counts of companies on one time line for each area; every mark names the count, its kind and its time.

    Args:
        firms: columns ``area``, ``when`` (years as decimals), ``period``, ``value``, ``who``, ``figure_id``, ``grade``.
    """
    fig, ax = figures.new(height=3.3)
    areas = list(dict.fromkeys(firms["area"]))
    for area in areas:
        y = len(areas) - 1 - areas.index(area)
        colour = figures.COLOURS["Pudong"] if y else figures.COLOURS["Shanghai"]
        mine = firms[firms["area"] == area].sort_values("when")
        for at, row in enumerate(mine.itertuples()):
            ax.plot(row.when, y, "o", ms=12, mfc="white" if row.grade == "unusable" else colour, mec=colour, mew=2)
            up = at % 2 == 0  # neighbours in time are labelled above and below in turn
            ax.annotate(
                f"{row.value:,.0f}+ {row.who}\n{row.period} ({row.figure_id})", (row.when, y), xytext=(0, 12 if up else -12),
                textcoords="offset points", ha="center", va="bottom" if up else "top", fontsize=9,
            )  # fmt: skip
    ax.set_yticks(range(len(areas)), areas[::-1])
    ax.set_ylim(-0.6, len(areas) - 0.4)
    ax.set_xlim(firms["when"].min() - 0.5, firms["when"].max() + 0.5)
    ax.grid(False, axis="x")
    year_axis(ax)
    return fig
