"""Pictures of notebook 02: who leads at which venue, and how far the unknown can move a lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recount import figures
from recount.figures.style import SIZES
from recount.hedges import Interval

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SHADE_AT_PCT = 70
"""Lead, in percent of a venue's papers, that gets the full colour of the country."""


def leaders_by_venue(cells: pd.DataFrame) -> Figure:
    """Heat map, venues down and years across, in the order of the rows.

    ``cells``: columns venue, year, lead_pct (colour: positive is China) and cell (text written on it).
    """
    import seaborn

    venues, shape = list(dict.fromkeys(cells["venue"])), {"index": "venue", "columns": "year"}
    grid = cells.pivot(values="lead_pct", **shape).loc[venues]
    text = cells.pivot(values="cell", **shape).loc[venues].fillna("")
    fig, ax = figures.new(8, 0.3 * len(venues) + 0.5)
    colours = seaborn.blend_palette([figures.COLOURS["US"], "#F7F7F7", figures.COLOURS["China"]], as_cmap=True)
    bounds = {"center": 0, "vmin": -SHADE_AT_PCT, "vmax": SHADE_AT_PCT}
    seaborn.heatmap(grid, annot=text, fmt="", cmap=colours, linewidths=1.5, cbar=False, ax=ax, **bounds)
    ax.set(xlabel="", ylabel="")
    ax.grid(False)
    ax.tick_params(length=0, rotation=0)
    return fig


def leads_by_list(leads: pd.DataFrame, columns: int = 4) -> Figure:
    """One panel a list: the lead by year as a line, its adverse range as a band, the claimed side (above zero) in yellow.

    ``leads``: columns panel (title), year, point_pct, low_pct, high_pct, mostly_direct (full dot, else a ring).
    """
    panels = dict(list(leads.groupby("panel", sort=False)))
    colour = figures.COLOURS["China"]
    fig, axes = figures.new(8, 2.3 * -(-len(panels) // columns), -(-len(panels) // columns), columns, sharex=True, sharey=True)
    for ax, (title, rows) in zip(axes.flat, panels.items(), strict=True):
        figures.claim_band(ax, Interval(0, float("inf"), low_open=True))
        ax.fill_between(rows["year"], rows["low_pct"], rows["high_pct"], color=colour, alpha=0.3, lw=0)
        ax.plot(rows["year"], rows["point_pct"], color=colour, lw=1.4)
        faces = [colour if direct else "white" for direct in rows["mostly_direct"]]
        ax.scatter(rows["year"], rows["point_pct"], s=28, c=faces, edgecolors=colour, zorder=3)
        ax.set_title(title, fontsize=SIZES["text"])
        ax.set(xticks=[year for year in sorted(set(rows["year"])) if year % 2 == 0])
    return fig
