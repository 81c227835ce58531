"""The specification curve: every counted way to count, sorted by its estimate, over the choices it makes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from recount import wording
from recount.figures.dots import ARROW, KEY, TIPS
from recount.figures.labels import claim_band, key_line
from recount.figures.style import COLOURS, POSITIONS, SIZES, halo, later, new, unit_ticks
from recount.hedges import Interval
from recount.tables import RecountError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from recount.hedges import Reading
    from recount.multiverse import Study

MOST_COLUMNS = 240
"""More specifications than this share a column of the choice matrix; its shade is then the share that makes the choice."""

WORDS = {
    "en": {
        "headline": "headline",
        "of": "of {n:,} ways to count",
        "more": "shade: share of up to {n} ways to count that make the choice",
    },
    "zh": {"headline": "主口径", "of": "共 {n:,} 种统计口径", "more": "深浅：至多 {n} 种口径中取此选项的比例"},
}


def curve_data(study: Study, reading: Reading, question: str = "") -> pd.DataFrame:
    """What the specification curve draws: the counted specifications, lowest estimate first.

    Returns:
        Frame with the axis columns (choice names), low, high (in ``study.unit``), position ("inside", "straddling" or
        "outside" of the default interval of ``reading``) and headline (bool); one row a specification.

    Raises:
        RecountError: no specification of that question has an estimate.
    """
    from recount.hedges import Interval, position

    frame = study.frame
    rows = frame[(frame["question"] == _question(study, question)) & frame["counted"]].copy()
    if rows.empty:
        raise RecountError(f"study {study.id}, question {question!r}: no counted specification has an estimate to draw.")
    ends = rows[["low", "high", "low_open", "high_open"]].itertuples(index=False, name=None)
    rows["position"] = [position(Interval(*end), reading.default) for end in ends]
    default = {axis.name: axis.default for axis in study.axes}
    rows["headline"] = (rows[list(default)] == list(default.values())).all(axis=1)
    rows["middle"] = [_middle(low, high) for low, high in zip(rows["low"], rows["high"], strict=True)]
    rows = rows.sort_values(["middle", "low", *default], kind="stable", ignore_index=True)
    return rows[[*default, "low", "high", "position", "headline"]]


def _question(study: Study, question: str) -> str:
    return study.questions[0] if question == "" and len(study.questions) == 1 else question


def _middle(low: float, high: float) -> float:
    if math.isinf(low) or math.isinf(high):
        return high if math.isinf(low) else low
    return (low + high) / 2


def specification_curve(
    study: Study,
    reading: Reading,
    question: str = "",
    lang: str = "en",
    *,
    claimed: str = "",
    ylabel: str = "",
    width: float = 8.0,
) -> Figure:
    """Every counted specification sorted by its estimate (above), and the choices that made it (below).

    Works from four specifications to thousands: beyond 240 the columns of the lower panel stand for several
    specifications and their shade says how many of them make the choice. Axes that move the estimate most come first;
    axes on which all counted specifications agree are left out. Colour and marker tell the position. A range is a bar
    without a middle, with an arrow where it has no end.

    Args:
        study: a study of ``recount.multiverse``.
        reading: the claimed side; its default interval is drawn as a band.
        question: which result of a leaf; may be left out where there is only one.
        lang: "en" or "zh", language of axis and choice labels.
        claimed: label of the band, such as ``f"claimed: {claim.printed_en}"``.
        ylabel: label of the estimate, if not the unit's name.

    Raises:
        RecountError: no counted specification has an estimate.

    Source: Simonsohn, Simmons and Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4.
    """
    import numpy as np

    data = curve_data(study, reading, question)
    axes = _rows(study, data, question)
    lines = sum(1 + len(shown) for _, shown in axes)
    matrix = 0.185 * lines + 0.15 * bool(axes)
    fig, (top, low) = new(width, 2.9 + matrix, nrows=2, sharex=True, gridspec_kw={"height_ratios": [2.9, max(matrix, 0.01)]})
    fig.get_layout_engine().set(hspace=0.01, h_pad=0.02)
    _estimates(top, data, reading, claimed, lang)
    unit = unit_ticks(top.yaxis, study.unit, lang)
    top.set_ylabel(ylabel or unit)
    x = np.arange(len(data))
    half = max(0.5, 0.012 * len(data))
    top.set_xlim(x[0] - half, x[-1] + half)
    if axes:
        _matrix(low, data, axes, lang)
    else:
        low.set_axis_off()
    _mark_headline(fig, top, low, data, study.unit, lang)
    return fig


def _rows(study: Study, data: pd.DataFrame, question: str) -> list[tuple[Any, list[str]]]:
    """Axes that differ among the rows, those that move the estimate most first, each with the choices that occur."""
    order = {name: at for at, name in enumerate(study.spread(_question(study, question))["axis"])}
    axes = sorted(study.axes, key=lambda axis: order[axis.name])
    occurring = [(axis, [name for name in axis.choices if (data[axis.name] == name).any()]) for axis in axes]
    return [(axis, names) for axis, names in occurring if len(names) > 1]


def _estimates(ax: Axes, data: pd.DataFrame, reading: Reading, claimed: str, lang: str) -> None:
    import numpy as np

    many = len(data) > MOST_COLUMNS
    size = float(np.clip(2600 / len(data), 5, 42))
    finite = np.append(data[["low", "high"]].to_numpy(), [reading.default.low, reading.default.high])
    finite = finite[np.isfinite(finite)]
    room = 0.08 * (finite.max() - finite.min() or abs(finite.max()) or 1)
    floor, ceiling = finite.min() - room, finite.max() + room
    tip = 3 * ARROW * (ceiling - floor)  # the axes are about a third as high as rows of dots are wide
    ax.set_ylim(floor, ceiling)
    key = []
    for name, look in POSITIONS.items():
        rows = data[data["position"] == name]
        ranges = rows[rows["low"] < rows["high"]]
        ax.vlines(
            ranges.index,
            ranges["low"].clip(lower=floor + tip),
            ranges["high"].clip(upper=ceiling - tip),
            color=look.colour,
            lw=float(np.clip(300 / len(data), 0.5, 5)),
            alpha=0.8,
            rasterized=many,
        )
        for end, edge, sign in (("low", floor, TIPS["down"]), ("high", ceiling, TIPS["up"])):
            bounds = ranges.index[np.isinf(ranges[end])]
            ax.plot(bounds, [edge] * len(bounds), ls="", marker=sign, ms=max(2.5, size**0.5), color=look.colour, zorder=3)
        points = rows[rows["low"] == rows["high"]]  # a range has no middle that anyone claims or counted
        ax.scatter(
            points.index,
            points["low"],
            s=size,
            marker=look.marker,
            facecolor=look.colour if look.filled else "white",
            edgecolor=look.colour,
            lw=0.6 if many else 1.2,
            zorder=3,
            rasterized=many,
        )
        if len(rows):
            symbol = look.symbol if len(points) else "▮"  # the key shows what is drawn
            key.append((f"{symbol} {len(rows):,} {KEY[lang][name]}", look.colour))
    claim_band(ax, reading, label=claimed)
    key_line(ax, [*key, (WORDS[lang]["of"].format(n=len(data)), COLOURS["soft text"])])
    ax.tick_params(bottom=False, labelbottom=False)
    ax.spines["bottom"].set_visible(False)


def _matrix(ax: Axes, data: pd.DataFrame, axes: list[tuple[Any, list[str]]], lang: str) -> None:
    """One row a choice: a tick (or, for many specifications, a shade) where it is made, in the colour of the position."""
    import numpy as np
    from matplotlib.colors import to_rgb

    count = len(data)
    bins = np.minimum(np.arange(count) * min(count, MOST_COLUMNS) // count, MOST_COLUMNS - 1)
    columns = int(bins[-1]) + 1
    per_bin = np.bincount(bins, minlength=columns)
    colours = np.array([to_rgb(POSITIONS[name].colour) for name in data["position"]])
    y = 0
    ax.grid(False)
    for axis, names in axes:
        _text(ax, y, axis.zh if lang == "zh" and axis.zh else axis.says, COLOURS["text"])
        ax.axhline(y - 0.55, color=COLOURS["grid"], lw=0.8, zorder=0.5)
        y += 1
        for name in names:
            made = (data[axis.name] == name).to_numpy(dtype=float)
            here = np.bincount(bins, weights=made, minlength=columns)
            mixed = [np.bincount(bins, weights=made * colours[:, c], minlength=columns) for c in range(3)]
            with np.errstate(invalid="ignore"):
                rgb = np.nan_to_num(np.stack(mixed, axis=1) / here[:, None])
            image = np.concatenate([rgb, (here / per_bin)[:, None]], axis=1)[None]
            ax.axhspan(y - 0.36, y + 0.36, color="#F6F6F6", lw=0, zorder=0.4)
            ax.imshow(image, extent=(-0.5, count - 0.5, y + 0.36, y - 0.36), aspect="auto", interpolation="nearest", zorder=1)
            if columns <= 60:  # white lines between the columns, so that single specifications can be counted
                ax.vlines(np.arange(count - 1) + 0.5, y - 0.38, y + 0.38, color="white", lw=1.2, zorder=2)
            label = axis.choices[name].zh if lang == "zh" else axis.choices[name].en
            star = " ★" if name == axis.default else ""
            _text(ax, y, label + star, COLOURS["soft text"], SIZES["small"])
            y += 1
    ax.set_ylim(y - 0.4, -0.7)
    ax.set_yticks([])
    ax.tick_params(bottom=False, labelbottom=False)
    ax.spines["bottom"].set_visible(False)
    words = f"★ {WORDS[lang]['headline']}"
    if columns < count:
        words += " · " + WORDS[lang]["more"].format(n=math.ceil(count / columns))
    ax.set_xlabel(words, fontsize=SIZES["small"], loc="right")


def _text(ax: Axes, y: float, words: str, colour: str, size: float = SIZES["small"]) -> None:
    at = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "annotation_clip": False}
    ax.annotate(words, (0, y), xytext=(-8, 0), ha="right", va="center", color=colour, fontsize=size, **at)


def _mark_headline(fig: Figure, top: Axes, low: Axes, data: pd.DataFrame, unit: str, lang: str) -> None:
    """A ring round the headline's point or a cap on each end of its range, its number, and a line down through its choices."""
    if not data["headline"].any():
        return  # the headline's own estimate cannot be computed, or stands for an equal specification
    at = int(data.index[data["headline"]][0])
    low_end, high_end = float(data["low"][at]), float(data["high"][at])
    if low_end == high_end:
        top.plot([at], [low_end], "o", ms=11, mfc="none", mec=COLOURS["text"], mew=1.6, zorder=6)
    else:
        ends = [end for end in (low_end, high_end) if math.isfinite(end)]
        top.plot([at] * len(ends), ends, "_", ms=11, mec=COLOURS["text"], mew=1.6, zorder=6)
    for ax in (top, low):
        ax.axvline(at, color=COLOURS["text"], lw=0.7, ls=(0, (1, 2)), zorder=0.9)
    words = f"{WORDS[lang]['headline']} {wording.span(Interval(low_end, high_end), unit, lang)}"
    middle = sum(top.get_ylim()) / 2  # until it is placed
    label = top.annotate(words, (at, middle), xytext=(0, 0), textcoords="offset points", zorder=7, annotation_clip=False)
    label.set_in_layout(False)
    halo(label)
    later(fig, lambda: _beside(top, label, at, data))


def _beside(ax: Axes, label: Any, at: int, data: pd.DataFrame) -> None:
    """Put the label where it covers least: beside the headline's mark, or farther along its line, on either side.

    Of the places within the axes the one is taken that lies over the fewest marks of the curve and edges of claimed bands,
    ties going to the upper left in the left half and to the lower right in the right half, where a rising curve is not.
    """
    import numpy as np

    floor, ceiling = ax.get_ylim()
    ends = data[["low", "high"]].clip(lower=floor, upper=ceiling).to_numpy()
    down, up = (ax.transData.transform(np.column_stack([data.index, ends[:, end]])) for end in (0, 1))
    bands = [line.get_ydata()[0] for line in ax.get_lines() if line.get_color() == COLOURS["claim edge"]]
    edges = [ax.transData.transform((0, end))[1] for end in bands]
    point = ax.figure.dpi / 72
    left = down[at, 0] - ax.bbox.x0 < ax.bbox.width / 2
    heights = [(up[at, 1], "bottom", 1), (down[at, 1], "top", -1)]
    places = [
        (side, height + sign * far * point, va)
        for far in (9, 24, 40)
        for side in (("right", "left") if left else ("left", "right"))
        for height, va, sign in (heights if left else heights[::-1])
    ]
    corners = ((ax.bbox.y1 - 3, "top"), (ax.bbox.y0 + 3, "bottom"))
    places += [(side, height, va) for side in ("left", "right") for height, va in corners]

    def cost(place: tuple[str, float, str]) -> int:
        side, height, va = place
        label.xy = (at, ax.transData.inverted().transform((0, height))[1])
        label.set(ha=side, va=va, position=(9 if side == "left" else -9, 0))
        box = label.get_window_extent()
        out = box.x0 < ax.bbox.x0 or box.x1 > ax.bbox.x1 or box.y0 < ax.bbox.y0 or box.y1 > ax.bbox.y1
        near = 4 * point  # a mark has a size
        under = (down[:, 0] > box.x0 - near) & (down[:, 0] < box.x1 + near)
        under &= (up[:, 1] > box.y0 - near) & (down[:, 1] < box.y1 + near)
        return out * 10**6 + int(under.sum()) + sum(box.y0 - 2 < edge < box.y1 + 2 for edge in edges)

    cost(min(places, key=cost))  # the last call leaves the label there
