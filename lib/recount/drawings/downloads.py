"""Pictures of C01."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recount import figures

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def share_over_time(drawn: pd.DataFrame) -> Figure:
    """A region's share of downloads: a bar a year, all ways to count behind it, a line from list to list, and what was printed.

    Args:
        drawn: columns ``kind`` (``printed``, ``year``, ``ways``, ``list``), ``start``, ``end`` (ISO days), ``low``, ``high``
            (percent; equal but for ``ways``), ``label``. Rows of kind ``list`` are one line, drawn at their ``end``.
    """
    import pandas as pd
    from matplotlib.dates import MonthLocator, YearLocator

    fig, ax = figures.new(height=4.4)
    days = drawn.assign(start=pd.to_datetime(drawn["start"]), end=pd.to_datetime(drawn["end"]))
    lists = days[days["kind"] == "list"]
    ax.plot(lists["end"], lists["low"], "o-", color=figures.COLOURS["neutral"], lw=1, ms=2.5, zorder=2)
    for row in days[days["kind"] == "ways"].itertuples():
        ax.fill_between([row.start, row.end], row.low, row.high, color=figures.COLOURS["China"], alpha=0.14, lw=0, zorder=1)
    for kind, colour in (("year", figures.COLOURS["China"]), ("printed", figures.COLOURS["claim edge"])):
        for row in days[days["kind"] == kind].itertuples():
            ax.plot([row.start, row.end], [row.low, row.low], color=colour, lw=4, solid_capstyle="butt", zorder=4)
            ax.annotate(
                row.label, (row.start, row.low), xytext=(3, 5), textcoords="offset points", va="bottom", zorder=6,
                color=figures.ink(colour), fontsize=11 if kind == "year" else 10,
                bbox={"facecolor": "white", "alpha": 0.75, "lw": 0, "pad": 0.8},
            )  # fmt: skip
    _peaks(ax, lists)
    ax.set_xlim(days["start"].min() - pd.Timedelta(days=20), days["end"].max() + pd.Timedelta(days=20))
    ax.set_ylim(0, 1.12 * days["high"].max())
    ax.xaxis.set_major_locator(YearLocator())
    ax.xaxis.set_minor_locator(MonthLocator((4, 7, 10)))
    ax.yaxis.set_major_formatter("{x:.0f}%")
    ax.grid(False, axis="x")
    return fig


def _peaks(ax: Axes, lists: pd.DataFrame) -> None:
    """Words beside the points of the thin line that carry a label: under the lowest of them, level with the others."""
    marked = lists[lists["label"].fillna("") != ""]
    for row in marked.itertuples():
        lowest = row.low == marked["low"].min()
        ax.annotate(
            row.label, (row.end, row.low), xytext=(5, -4) if lowest else (7, 0), textcoords="offset points", ha="left",
            va="top" if lowest else "center", color=figures.COLOURS["soft text"], fontsize=8.5, zorder=6,
        )  # fmt: skip
