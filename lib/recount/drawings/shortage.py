"""Pictures of C11."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from recount import figures
from recount.figures.labels import key_line
from recount.measures.shortage import BEYOND, FIELD, SINGLE_ROLE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from recount.hedges import Interval

SIDES = {"shortage": figures.COLOURS["China"], "surplus": figures.COLOURS["US"], "undecidable": figures.COLOURS["neutral"]}
LOG_ENDS = (0.2, 5.0)
"""Ends of the number line of a ratio: as far from its neutral point on both sides."""
LEFT, RIGHT = -0.76, 2.08
"""Ends of the drawing in lengths of a number line, which itself runs from 0 to 1."""


def number_lines(lines: pd.DataFrame, marks: pd.DataFrame, index: Interval) -> Figure:
    """One number line a definition, each on its own scale, with the printed index on it and its reading beside it.

    Args:
        lines: columns ``section``, ``definition_id``, ``label``, ``note``, ``low``, ``high``, ``neutral``, ``higher_means``,
            ``reading``, ``says`` (text at the right); a row without a finite end and without a neutral point gets no line.
        marks: published values: ``definition_id``, ``value``, ``words`` (one label a definition and group), ``counts``.
        index: the printed value with its rounding.
    """
    valued = set(marks["definition_id"])
    heights = [0.66 if row.definition_id in valued else 0.5 if _drawn(row) else 0.28 for row in lines.itertuples()]
    fig, ax = figures.new(8, sum(heights) + 0.45 * lines["section"].nunique() + 0.2)
    y, section = 0.0, None
    for row, height in zip(lines.itertuples(), heights, strict=True):
        if row.section != section:
            section, y = row.section, y + 0.45
            ax.text(LEFT, y - 0.17, section, va="center", color=figures.COLOURS["soft text"], fontsize=9)
            ax.plot([LEFT, RIGHT], [y - 0.04] * 2, color=figures.COLOURS["grid"], lw=0.8)
        middle = y + (0.3 if _drawn(row) else height / 2)
        _words(ax, row, middle)
        if _drawn(row):
            _line(ax, row, middle)
            _index(ax, row, middle, index)
            _published(ax, row, middle, marks[marks["definition_id"].eq(row.definition_id)])
        y += height
    ax.set_ylim(y, 0)
    ax.set_xlim(LEFT, RIGHT)
    ax.set_axis_off()
    ax.margins(0)
    parts = [("◆ the printed index", "claim edge"), ("▬ side of shortage", "China"), ("▬ side of surplus", "US"),
             ("● published value, single role", "text"), ("○ published value, AI field", "text")]  # fmt: skip
    key_line(ax, [(words, figures.COLOURS[colour]) for words, colour in parts])
    return fig


def _drawn(row) -> bool:
    return not math.isnan(row.neutral) or math.isfinite(row.high)


def _place(row, value: float) -> float:
    """Where a value stands between the ends of its line (0 left, 1 right)."""
    if row.neutral == 1:
        low, high = (math.log(end) for end in LOG_ENDS)
        return (math.log(value) - low) / (high - low)
    low, high = (-1.0, 1.0) if row.neutral == 0 else (row.low, row.high)
    return (value - low) / (high - low)


def _line(ax: Axes, row, y: float) -> None:
    if math.isnan(row.neutral):
        ax.plot([0, 1], [y, y], color=figures.COLOURS["grid"], lw=5, solid_capstyle="butt", zorder=1)
        ends = [(row.low, 0.0), (row.high, 1.0)]
    else:
        right = SIDES[row.higher_means]
        left = SIDES["surplus" if row.higher_means == "shortage" else "shortage"]
        for x, colour in (([0, 0.5], left), ([0.5, 1], right)):
            ax.plot(x, [y, y], color=colour, lw=5, alpha=0.35, solid_capstyle="butt", zorder=1)
        ends = [(row.neutral, 0.5)]
        for finite, x, sign, colour in ((row.low, 0, "<", left), (row.high, 1, ">", right)):
            open_end = row.neutral == 1 or math.isinf(finite)
            if open_end:
                ax.plot([x], [y], sign, color=colour, alpha=0.6, ms=6, clip_on=False)
            else:
                ends.append((finite, float(x)))
    for value, x in ends:
        ax.plot([x, x], [y - 0.07, y + 0.07], color=figures.COLOURS["text"], lw=1, zorder=2)
        ax.annotate(f"{value:g}".replace("-", "−"), (x, y), xytext=(0, 7), textcoords="offset points", ha="center", va="bottom",
                    fontsize=8, color=figures.COLOURS["soft text"])  # fmt: skip


def _index(ax: Axes, row, y: float, index: Interval) -> None:
    ends = [_place(row, end) for end in (index.low, index.high)]
    ax.plot(ends, [y, y], color=figures.COLOURS["text"], lw=5, solid_capstyle="butt", zorder=4)
    hollow = row.reading == "undecidable"
    face, edge = "white" if hollow else figures.COLOURS["claim"], figures.COLOURS["text"]
    ax.plot(sum(ends) / 2, y, "D", ms=7, mfc=face, mec=edge, mew=1.2, zorder=5)


def _published(ax: Axes, row, y: float, mine: pd.DataFrame) -> None:
    for words, group in mine.groupby("words", sort=False):
        places = [_place(row, value) for value in group["value"]]
        role = group["counts"].iloc[0].startswith("single")
        ax.plot(places, [y] * len(places), "o", ms=4.5, mfc=figures.COLOURS["text"] if role else "white",
                mec=figures.COLOURS["text"], mew=1, zorder=3)  # fmt: skip
        left = max(places) < 0.5  # names of groups on both sides of the neutral point keep to their side
        at, side = (0.48, "right") if left else (0.52, "left")
        ax.annotate(words, (at, y), xytext=(0, -7), textcoords="offset points", ha=side, va="top", fontsize=8)


def _words(ax: Axes, row, y: float) -> None:
    two = bool(row.note) and _drawn(row)
    text = f"{row.definition_id}  {row.label}" + ("" if two or not row.note else f", {row.note}")
    first = {"textcoords": "offset points", "va": "center", "in_layout": False, "fontsize": 9}
    second = first | {"color": figures.COLOURS["soft text"], "fontsize": 8}
    ax.annotate(text, (LEFT, y), xytext=(0, 6 if two else 0), **first)
    if two:
        ax.annotate(row.note, (LEFT, y), xytext=(22, -6), **second)
    reading, _, why = row.says.partition("\n")
    ax.annotate(reading, (1, y), xytext=(14, 6 if why else 0), color=figures.ink(SIDES[row.reading]), **first)
    if why:
        ax.annotate(why, (1, y), xytext=(14, -6), **second)


def quantity_curves(frame: pd.DataFrame, labels: dict[str, str]) -> Figure:
    """Largest quantity part of a composite, over the weight of its quality part, one line a scenario.

    Args:
        frame: columns ``scenario``, ``quality_weight``, ``low``, ``high`` (of the rounding of the index).
        labels: scenario → words at the end of its line.
    """
    fig, ax = figures.new(8, 3.6)
    colours = [figures.COLOURS[name] for name in ("Shanghai", "US", "Pudong", "China")]
    for (scenario, mine), colour in zip(frame.groupby("scenario", sort=False), colours, strict=False):
        ax.fill_between(mine["quality_weight"], mine["low"], mine["high"], color=colour, alpha=0.25, lw=0)
        ax.plot(mine["quality_weight"], (mine["low"] + mine["high"]) / 2, color=colour, lw=2, label=labels[scenario])
    figures.direct_label(ax)
    ax.set_ylim(0, 0.6)
    ax.set_xlim(0, frame["quality_weight"].max())
    ax.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.0f}%")
    ax.set_xlabel("weight of the quality part")
    ax.set_ylabel("largest quantity part that fits")
    return fig


def values_by_year(frame: pd.DataFrame, index: Interval) -> Figure:
    """Published values of one ratio by year, with balance and the printed index as lines across; a colour for whom they count.

    Args:
        frame: columns of ``figures.interval_dots``; ``series`` is one of the three kinds of ``measures.shortage``.
        index: the printed value with its rounding.
    """
    look = {SINGLE_ROLE: "China", FIELD: "US", BEYOND: "neutral"}
    colours = {kind: figures.COLOURS[name] for kind, name in look.items()}
    fig = figures.interval_dots(frame, sort=False, colours=colours, xlim=(0, 2.4), xlabel="seekers for each post", places=2)
    (ax,) = fig.axes
    figures.claim_band(ax, index, orient="v", label="the printed index")
    ax.axvline(1, color=figures.COLOURS["text"], lw=1, zorder=0.7)
    ax.annotate(
        "balance", (1, 1), xycoords=("data", "axes fraction"), xytext=(-4, 4), textcoords="offset points", va="bottom",
    )  # fmt: skip
    key_line(ax, [(f"● {kind}", colour) for kind, colour in colours.items()], drop=16)
    return fig
