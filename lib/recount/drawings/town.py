"""Picture of C13: what was counted and what was aimed at, companies above and scale below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recount import figures
from recount.figures.labels import year_axis
from recount.figures.style import SIZES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PLACES = {"town": "Shanghai", "Pudong": "Pudong"}
"""Place → key of the colour it is drawn in."""
TITLES = {"companies": "Companies", "scale": "Scale of the AI industry, billion yuan"}
LABEL_AT = {
    "P15": (0, -9, "center", "top"), "P22": (0, -22, "center", "top"), "P13": (-4, -9, "left", "top"),
    "P04": (0, -9, "center", "top"), "Z11": (9, -1, "left", "center"), "Z17": (2, 9, "center", "bottom"),
    "Z10": (9, -2, "left", "center"), "P17": (0, 8, "center", "bottom"), "T16": (-10, 2, "right", "center"),
    "Z09": (-9, 5, "right", "center"), "P14": (0, -9, "center", "top"), "P21": (-8, 5, "right", "center"),
    "P12": (6, -8, "left", "top"), "P01": (0, -9, "center", "top"), "P11": (0, 9, "center", "bottom"),
    "P16": (0, 8, "center", "bottom"), "P08": (0, 8, "center", "bottom"), "T17": (-10, 0, "right", "center"),
    "Z08": (-9, 0, "right", "center"),
}  # fmt: skip
"""figure id → where its label stands: points right and up of the mark, alignment."""


def trajectory(drawn: pd.DataFrame, paths: list[tuple[str, str, str]]) -> Figure:
    """Counts (full), targets (hollow diamonds) and what was published later (grey), companies above, scale below.

    Args:
        drawn: columns panel, place, kind, figure_id, when, value, low, high, says (label); scale in billion yuan.
        paths: (figure id to start from, figure id of the target, words at the middle): drawn as constant yearly growth.
    """
    fig, axes = figures.new(8, 6.4, nrows=2, sharex=True)
    for ax, (panel, rows) in zip(axes, drawn.groupby("panel", sort=False), strict=True):
        ax.set_title(TITLES[panel])
        for row in rows.itertuples():
            _mark(ax, row)
        points = rows.set_index("figure_id")
        for start, end, words in paths:
            if start in points.index and end in points.index:
                _path(ax, points.loc[start], points.loc[end], words)
        top = rows["value"].max()
        ax.set_ylim(-0.08 * top, 1.25 * top)
        ax.yaxis.set_major_formatter("{x:,.0f}")
    axes[1].set_xlim(2020.9, 2031.3)
    year_axis(axes[1])
    return fig


def _mark(ax: Axes, row: object) -> None:
    colour = figures.COLOURS["neutral" if row.kind.startswith("later") else PLACES[row.place]]
    target = row.kind.endswith("target")
    if not target and row.low < row.high:
        ax.plot([row.when] * 2, [row.low, row.high], color=colour, lw=4, alpha=0.4, solid_capstyle="butt")
    look = {"ms": 8, "mew": 2, "mec": colour, "zorder": 4}
    ax.plot(row.when, row.value, "D" if target else "o", mfc="white" if target else colour, clip_on=False, **look)
    dx, dy, ha, va = LABEL_AT[row.figure_id]
    ax.annotate(
        row.says, (row.when, row.value), xytext=(dx, dy), textcoords="offset points", ha=ha, va=va,
        fontsize=SIZES["small"], color=figures.ink(colour),
    )  # fmt: skip


def _path(ax: Axes, start: pd.Series, end: pd.Series, words: str) -> None:
    import numpy as np

    share = np.linspace(0, 1, 60)
    years = start["when"] + share * (end["when"] - start["when"])
    values = start["value"] * (end["value"] / start["value"]) ** share
    colour = figures.COLOURS[PLACES[end["place"]]]
    ax.plot(years, values, color=colour, lw=1.6, ls=(0, (4, 3)), zorder=2)
    if words:
        ax.annotate(
            words, (years[34], values[34]), xytext=(8, -4), textcoords="offset points", ha="left", va="top",
            fontsize=SIZES["small"], color=figures.ink(colour),
        )  # fmt: skip
