"""Pictures of C05: published city totals against the one a third needs, and two districts by other counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recount import figures
from recount.figures.labels import year_axis
from recount.figures.style import SIZES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from recount.hedges import Interval

LABEL_AT = {"S26": (10, -4, "left", "top"), "S06": (-10, 0, "right", "center"), "S15": (8, -8, "left", "top"),
            "S08": (-10, 6, "right", "center"), "S14": (9, 0, "left", "center")}  # fmt: skip
"""figure id → where its label stands: points right and up of the mark, alignment."""


def city_totals(totals: pd.DataFrame, needed: Interval, report: float) -> Figure:
    """Published totals of the city over time, with the band of totals that make the printed stock a third.

    Args:
        totals: columns figure_id, when (years with decimals), value, low, high (persons), says, decides (bool).
        needed: totals that a third needs, persons.
        report: day of the report in years with decimals.
    """
    fig, ax = figures.new(height=4.4)
    for row in totals.itertuples():
        colour = figures.COLOURS["Shanghai"] if row.decides else figures.COLOURS["neutral"]
        if row.low < row.high:
            ax.plot([row.when] * 2, [row.low, row.high], color=colour, lw=5, alpha=0.5, solid_capstyle="butt")
        ax.plot(row.when, row.value, "o", ms=9, mfc=colour if row.decides else "white", mec=colour, mew=2, zorder=4)
        dx, dy, ha, va = LABEL_AT[row.figure_id]
        ax.annotate(
            row.says, (row.when, row.value), xytext=(dx, dy), textcoords="offset points", ha=ha, va=va,
            fontsize=SIZES["small"], color=figures.ink(colour),
        )  # fmt: skip
    ax.set_ylim(150_000, 350_000)
    ax.axvline(report, color=figures.COLOURS["soft text"], lw=1, ls=(0, (2, 2)))
    ax.annotate(
        "the report", (report, 0), xytext=(-4, 5), xycoords=("data", "axes fraction"), textcoords="offset points", ha="right",
        color=figures.COLOURS["soft text"],
    )  # fmt: skip
    low, high = needed.low / 1000, needed.high / 1000
    figures.claim_band(ax, needed, label=f"one third needs {low:.0f},000 to {high:.0f},000", where="left")
    ax.set_xlim(2020, 2027.4)
    ax.yaxis.set_major_formatter("{x:,.0f}")
    year_axis(ax)
    return fig


def districts(ratios: pd.DataFrame) -> Figure:
    """Pudong over Xuhui by every published count, one row each, with the line where both are level.

    Args:
        ratios: columns label, note, low, high, low_open, high_open, section, series (``Pudong``, ``Xuhui`` or ``open``).
    """
    colours = {"Pudong": figures.COLOURS["Pudong"], "Xuhui": figures.COLOURS["Shanghai"], "open": figures.COLOURS["neutral"]}
    words = "Pudong divided by Xuhui"
    fig = figures.interval_dots(ratios, unit="ratio", sort=False, colours=colours, xlim=(0, 3.6), xlabel=words)
    ax = fig.axes[0]
    ax.axvline(1, color=figures.COLOURS["text"], lw=1.2, zorder=0.7)
    for words, side, series in (("Xuhui has more", -1, "Xuhui"), ("Pudong has more", 1, "Pudong")):
        ax.annotate(
            words, (1, 1), xytext=(6 * side, 4), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="left" if side > 0 else "right", va="bottom", color=figures.ink(colours[series]),
        )  # fmt: skip
    return fig
