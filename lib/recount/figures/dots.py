"""Rows of dots with their intervals: the workhorse for comparing sources or data sets against what was claimed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from recount import wording
from recount.figures.labels import claim_band, key_line, on_paper
from recount.figures.style import COLOURS, POSITIONS, SIZES, new, scale, unit_ticks
from recount.tables import RecountError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from recount.hedges import Interval, Reading

KEY = {
    "en": {"inside": "inside the claimed range", "straddling": "across an edge", "outside": "outside"},
    "zh": {"inside": "在所称区间内", "straddling": "跨边界", "outside": "在区间外"},
}
FILL = {"inside": "full", "straddling": "left", "outside": "none"}
TIPS = {"left": 4, "right": 5, "up": 6, "down": 7}
"""matplotlib's carets whose tip, not whose middle, stands at the point: where a bound runs out of the axes."""
ARROW = 0.012
"""Length of an arrow's head as a share of the axes."""


def interval_dots(
    frame: pd.DataFrame,
    reading: Reading | Interval | None = None,
    *,
    claimed: str = "",
    unit: str = "",
    sort: bool = True,
    places: int | None = None,
    xlabel: str = "",
    colours: dict[str, str] | None = None,
    xlim: tuple[float, float] | None = None,
    ax: Axes | None = None,
    width: float = 8.0,
    lang: str = "en",
) -> Figure:
    """One row a source or data set: its interval as a line, its value as a dot, its numbers in a column at the right.

    With a ``reading`` the claimed range is drawn as a band and the dot tells the position of the interval: full
    (inside), half (across an edge), hollow (outside). A row that is no estimate of the claimed number – a span over
    choices, the claim itself – has ``judged`` False: it keeps one neutral colour and takes no position.

    Args:
        frame: columns ``label`` and ``low``, ``high`` (equal for a point, ±inf for a bound), and, where wanted:
            ``value`` (the dot; else no dot on a range), ``note`` (grey line under the label: who is counted, n, year),
            ``section`` (rows under headings, in the order of first appearance, such as "known by 2025-12-06"),
            ``series`` (key of ``colours`` or of ``figures.COLOURS``), ``low_open``, ``high_open``, ``judged`` (bool).
        reading: what was claimed, in the unit of the rows.
        claimed: label of the band, such as ``f"claimed: {claim.printed_en}"``.
        unit: code of the unit (``percent``, ``pp``, ``yuan_100m`` …, see ``wording.UNITS``): sets axis label and decimals.
        places: decimals of the numbers printed, if not the unit's.
        xlabel: label of the value axis, if not the unit's name.
        sort: largest on top within each section; otherwise the order given.
        ax: axes to draw in; by default a new figure as high as its rows need.

    Raises:
        RecountError: a column is missing, a row has no finite end, or there is no row.
    """
    rows = _rows(frame, sort)
    headings = [s for s in dict.fromkeys(r["section"] for r in rows) if s]
    step = 1.35 if any(r["note"] for r in rows) else 1.0
    if ax is None:
        _, ax = new(width, 0.75 + 0.3 * step * len(rows) + 0.3 * len(headings))
    _limits(ax, rows, reading, xlim)
    low_edge, high_edge = ax.get_xlim()
    y, section = 0.0, None
    for row in rows:
        if row["section"] and row["section"] != section:
            section = row["section"]
            _heading(ax, section, y)
            y += 1 + (step - 1) / 2
        _row(ax, row, y, reading, (low_edge, high_edge), (unit, lang, places), colours or {})
        y += step
    ax.set_ylim(y - step / 2, -0.6 - (step - 1) / 2)
    ax.set_yticks([])
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    name = unit_ticks(ax.xaxis, unit, lang)
    ax.set_xlabel(xlabel or name)
    if reading is not None:
        claim_band(ax, reading, orient="v", label=claimed, where="top")
        ax.set_xlim(low_edge, high_edge)
        symbols = {"inside": "●", "straddling": "◐", "outside": "○"}
        plain = any(r["series"] for r in rows)  # the colour then tells the series, the filling alone the position of a dot
        seen = {r["position"] for r in rows if _dotted(r) or not plain}
        colour = {p: COLOURS["soft text"] if plain else POSITIONS[p].colour for p in symbols}
        symbols |= {p: "▬" for p in symbols if not any(r["position"] == p and _dotted(r) for r in rows)}
        words = [(f"{symbols[p]} {KEY[lang][p]}", colour[p]) for p in symbols if p in seen]
        if words:
            key_line(ax, words, drop=15 if claimed else 0)
    return ax.figure


def _rows(frame: pd.DataFrame, sort: bool) -> list[dict[str, Any]]:
    missing = [c for c in ("label", "low", "high") if c not in frame]
    if missing or not len(frame):
        raise RecountError(f"interval_dots: needs rows with columns label, low, high; missing: {missing or 'every row'}.")
    rows = []
    for at, record in enumerate(frame.to_dict("records")):
        row = {key: value for key, value in record.items() if value is not None and value == value}
        row["low"], row["high"] = float(row.get("low", -math.inf)), float(row.get("high", math.inf))
        finite = [end for end in (row["low"], row["high"]) if math.isfinite(end)]
        if not finite or row["low"] > row["high"]:
            raise RecountError(
                f"interval_dots: row {at} ({row.get('label')}): low {row['low']} and high {row['high']} span nothing."
            )
        default = row["low"] if row["low"] == row["high"] else None
        row["value"] = float(row["value"]) if "value" in row else default
        row["key"] = row["value"] if row["value"] is not None else sum(finite) / len(finite)
        plain = {"note": "", "section": "", "series": "", "low_open": False, "high_open": False, "judged": True}
        rows.append(plain | row | {"position": None})
    if sort:
        sections = list(dict.fromkeys(r["section"] for r in rows))
        rows.sort(key=lambda r: (sections.index(r["section"]), -r["key"]))
    return rows


def _limits(ax: Axes, rows: list[dict[str, Any]], reading: Any, xlim: tuple[float, float] | None) -> None:
    """Limits of the value axis from all finite ends, the claimed ones included; never below zero without need."""
    interval = getattr(reading, "default", reading)
    ends = [r[k] for r in rows for k in ("low", "high", "value") if r[k] is not None]
    ends += [interval.low, interval.high] if interval is not None else []
    ends = [e for e in ends if math.isfinite(e)]
    room = (max(ends) - min(ends) or abs(max(ends)) or 1) * 0.06
    low, high = min(ends) - room, max(ends) + room
    ax.set_xlim(xlim or (0 if min(ends) >= 0 > low else low, high))


def _heading(ax: Axes, section: str, y: float) -> None:
    at = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    words = ax.annotate(section, (0, y), xytext=(4, 0), va="center", color=COLOURS["soft text"], fontsize=SIZES["small"], **at)
    on_paper(words)
    ax.axhline(y + 0.5, color=COLOURS["grid"], lw=0.8, zorder=0.4)


def _row(
    ax: Axes,
    row: dict[str, Any],
    y: float,
    reading: Any,
    edges: tuple[float, float],
    shown: tuple[str, str, int | None],
    colours: dict[str, str],
) -> None:
    colour = colours.get(row["series"]) or COLOURS.get(row["series"]) or COLOURS["US"]
    fill = "full"
    if reading is not None and not row["judged"]:
        colour = colour if row["series"] else COLOURS["neutral"]
    elif reading is not None:
        from recount.hedges import Interval, position

        estimate = Interval(row["low"], row["high"], bool(row["low_open"]), bool(row["high_open"]))
        row["position"] = position(estimate, getattr(reading, "default", reading))
        fill = FILL[row["position"]]
        colour = colour if row["series"] else POSITIONS[row["position"]].colour
    tip = ARROW * (edges[1] - edges[0])  # an arrow's head takes the end of the bar and stays within the axes
    start = row["low"] if math.isfinite(row["low"]) else edges[0] + tip
    end = row["high"] if math.isfinite(row["high"]) else edges[1] - tip
    if row["low"] < row["high"]:
        thin = row["value"] is not None
        ax.plot(
            [max(start, edges[0]), min(end, edges[1])],
            [y, y],
            color=colour,
            lw=1.8 if thin else 5,
            alpha=1 if thin else 0.55,
            solid_capstyle="butt",
            zorder=3,
        )
        for at, inner, sign in ((edges[0], row["low"], TIPS["left"]), (edges[1], row["high"], TIPS["right"])):
            if not math.isfinite(inner):
                ax.plot([at], [y], marker=sign, color=colour, ms=8, clip_on=False, zorder=4)
    if _dotted(row):
        look = {"fillstyle": fill, "markerfacecoloralt": "white", "markeredgewidth": 1.8, "color": colour}
        if fill == "none":
            ax.plot([row["value"]], [y], "o", ms=8, color="white", zorder=4)
        ax.plot([row["value"]], [y], "o", ms=8, zorder=5, **look)
    note = bool(row["note"])
    side = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "annotation_clip": False}
    ax.annotate(row["label"], (0, y), xytext=(-8, 6 if note else 0), ha="right", **side)
    if note:
        ax.annotate(
            row["note"], (0, y), xytext=(-8, -7), ha="right", color=COLOURS["soft text"], fontsize=SIZES["small"] - 0.5, **side
        )
    ax.annotate(_numbers(row, *shown), (1, y), xytext=(10, 0), ha="left", **side)


def _dotted(row: dict[str, Any]) -> bool:
    """A dot is drawn for a value, not for a mere range."""
    return row["value"] is not None or row["low"] == row["high"]


def _numbers(row: dict[str, Any], unit: str, lang: str, places: int | None) -> str:
    """The row's numbers as a reader wants them: 38.2, 35–41, > 1,600, or 38.2 (35.0–41.3)."""
    factor = scale(unit, lang)
    low, high = (wording.number(row[end] * factor, unit, places) for end in ("low", "high"))
    if row["low"] == row["high"]:
        return low
    if not math.isfinite(row["high"]):
        span = f"{'>' if row['low_open'] else '≥'} {low}"
    elif not math.isfinite(row["low"]):
        span = f"{'<' if row['high_open'] else '≤'} {high}"
    else:
        span = f"{low} to {high}" if "−" in low + high else f"{low}–{high}"
    return span if row["value"] is None else f"{wording.number(row['value'] * factor, unit, places)}  ({span})"
