"""Picture of C08: whose share, for which ages, beside what was claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recount import figures
from recount.figures.style import SIZES
from recount.hedges import Interval, position

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from recount.hedges import Reading

YOUNGEST, OLDEST = 15, 62
"""Ends of the age axis: a band without a lower limit begins at the left edge."""
UNSTATED_AT = 51
"""Where the words stand when no age is given: right of the limits."""
ROOM = 28
"""Room for words at the right of the share axis, in its points."""
PAPER = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8}


def bands_and_shares(rows: pd.DataFrame, reading: Reading, claimed: str, limits: tuple[int, ...]) -> Figure:
    """One row a published share: its age band as a bar (left), its share as a dot or a range (right), the claim as a band.

    Args:
        rows: in the order drawn; columns ``label``, ``note``, ``section``, ``age_low`` (nan: no lower limit), ``age_high``
            (nan: no age given, drawn dashed), ``low, high, low_open, high_open`` (percent), ``colour`` (a key
            of ``figures.COLOURS``), ``text`` (the share in words).
        reading, claimed: the claimed share and its label.
        limits: ages marked by a line across the left panel.
    """
    headings = rows["section"].nunique()
    fig, (ages, shares) = figures.new(
        8, 0.9 + 0.42 * len(rows) + 0.36 * headings, ncols=2, sharey=True, gridspec_kw={"width_ratios": [1, 1.1]}
    )
    y, section = 0.0, None
    for row in rows.itertuples():
        if row.section != section:
            section = row.section
            _left(ages, section, y, 0, figures.COLOURS["soft text"])
            for ax in (ages, shares):
                ax.axhline(y + 0.4, color=figures.COLOURS["grid"], lw=0.8, zorder=0.4)
            y += 1.2
        _left(ages, row.label, y, 6, figures.COLOURS["text"], SIZES["text"])
        _left(ages, row.note, y, -7, figures.COLOURS["soft text"])
        colour = figures.COLOURS[row.colour]
        _ages(ages, row, y, colour)
        _share(shares, row, y, colour, reading)
        y += 1.3
    shares.set(ylim=(y - 0.5, -0.7), xticks=range(0, 101, 20), xlabel="share, percent")
    ages.set(xlim=(YOUNGEST, OLDEST), xlabel="age, years")
    ages.set_xticks([20, 30, *limits, 50, 60])
    for limit in limits:
        ages.axvline(limit, color=figures.COLOURS["soft text"], lw=0.9, ls=(0, (1, 2)), zorder=1)
    for ax in (ages, shares):
        ax.set_yticks([])
        ax.grid(False, axis="y")
    figures.claim_band(shares, reading, orient="v", label=claimed)
    shares.set_xlim(0, 100 + ROOM)
    return fig


def _left(ax: Axes, words: str, y: float, up: float, colour: str, size: float = SIZES["small"]) -> None:
    at = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "annotation_clip": False}
    ax.annotate(words, (0, y), xytext=(-8, up), ha="right", va="center", color=colour, fontsize=size, **at)


def _ages(ax: Axes, row, y: float, colour: str) -> None:
    if row.age_high != row.age_high:
        ax.plot([YOUNGEST, OLDEST], [y, y], color=colour, lw=2, ls=(0, (2, 2)))
        middle, words = UNSTATED_AT, "ages not stated"
    else:
        start = YOUNGEST if row.age_low != row.age_low else row.age_low
        ax.plot([start, row.age_high], [y, y], color=colour, lw=9, solid_capstyle="butt")
        middle, words = (start + row.age_high) / 2, row.band
    ax.annotate(
        words, (middle, y), xytext=(0, 7), textcoords="offset points", ha="center", va="bottom", fontsize=SIZES["small"]
    )


def _share(ax: Axes, row, y: float, colour: str, reading: Reading) -> None:
    inside = position(Interval(row.low, row.high, bool(row.low_open), bool(row.high_open)), reading.default) == "inside"
    face = colour if inside else "white"
    if row.low == row.high:
        ax.plot([row.low], [y], "o", ms=9, mfc=face, mec=colour, mew=2, zorder=4)
    else:
        ax.plot([row.low, row.high], [y, y], color=colour, lw=7, solid_capstyle="butt", zorder=3)
    beside = {"xytext": (9, 0), "textcoords": "offset points", "ha": "left", "va": "center"}
    ax.annotate(row.text, (row.high, y), fontsize=SIZES["small"], bbox=PAPER, zorder=5, **beside)
