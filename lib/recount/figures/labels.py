"""The claimed value as a band, and labels written at the end of a line instead of in a legend."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from recount.figures.style import COLOURS, MARGIN, SIZES, ink, later
from recount.tables import RecountError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from recount.hedges import Interval, Reading


def claim_band(ax: Axes, reading: Reading | Interval, *, orient: str = "h", label: str = "", where: str = "") -> None:
    """Draw what was claimed as a translucent band with its own label.

    A single value is a line; an end that does not belong to the interval is dashed; an infinite end runs to the
    edge of the axes, whatever the limits become. The finite ends are always in view.

    Args:
        ax: axes that hold the data already or will; the band follows later limits.
        reading: a reading (its default interval is drawn) or an interval, in data units.
        orient: "h" for values on the vertical axis, "v" for values on the horizontal one.
        label: text in the band's ink, such as ``f"claimed: {claim.printed_en}"``.
        where: for "h" "right" (beside the axes, default), or "left" (inside, at the left); for "v" "top" (default) or "bottom".

    Raises:
        RecountError: orient or where is not one of these.
    """
    if orient not in ("h", "v") or where not in ("", "right", "left") + ("top", "bottom") * (orient == "v"):
        raise RecountError(
            f'claim_band: orient is "h" or "v", where one of right, left, top, bottom; got {orient!r}, {where!r}.'
        )
    interval = getattr(reading, "default", reading)
    low, high = float(interval.low), float(interval.high)
    finite = [end for end in (low, high) if math.isfinite(end)]
    vertical = orient == "v"
    # Make room: the ends count as data, with a margin of their own.
    for end in finite:
        ax.update_datalim([(end, 0) if vertical else (0, end)], updatex=vertical, updatey=not vertical)
    ax.autoscale_view()
    span, line = (ax.axvspan, ax.axvline) if vertical else (ax.axhspan, ax.axhline)
    edge = {"color": COLOURS["claim edge"], "lw": 1.2, "zorder": 0.6}
    if low != high:
        band = span(min(finite, default=0), max(finite, default=0), facecolor=COLOURS["claim"], alpha=0.45, lw=0, zorder=0.5)
        _follow(ax, band, low, high, vertical)
    for end, is_open in ((low, interval.low_open), (high, interval.high_open)):
        if math.isfinite(end):
            line(end, linestyle=(0, (4, 3)) if is_open and low != high else "-", **edge)
    if label:
        _band_label(ax, low, high, label, vertical, where)


def _follow(ax: Axes, band: Any, low: float, high: float, vertical: bool) -> None:
    """Keep the rectangle's infinite ends at the edge of the axes."""

    def place(_: Any = None) -> None:
        edges = sorted(ax.get_xlim() if vertical else ax.get_ylim())
        start, end = (low if math.isfinite(low) else edges[0]), (high if math.isfinite(high) else edges[1])
        if vertical:
            band.set(x=start, width=end - start)
        else:
            band.set(y=start, height=end - start)

    place()
    ax.callbacks.connect("xlim_changed" if vertical else "ylim_changed", place)


def _band_label(ax: Axes, low: float, high: float, label: str, vertical: bool, where: str) -> None:
    text = ax.annotate(
        label,
        (0, 0),
        xytext=(0, 0),
        xycoords=("data", "axes fraction") if vertical else ("axes fraction", "data"),
        textcoords="offset points",
        color=ink(COLOURS["claim edge"]),
        fontsize=SIZES["text"],
        zorder=5,
        annotation_clip=False,
    )

    def place() -> None:
        edges = sorted(ax.get_xlim() if vertical else ax.get_ylim())
        middle = (max(low, edges[0]) + min(high, edges[1])) / 2
        if not vertical:
            inside = where == "left"
            text.xy = (0 if inside else 1, middle)
            text.set(va="center", ha="left", position=(6, 0))
            return
        top = where != "bottom"
        text.xy = (middle, 1 if top else 0)
        text.set(va="bottom" if top else "top", ha="center", position=(0, 4 if top else -4))
        # A label wider than the room beside its band moves back over the axes.
        box, frame = text.get_window_extent(), ax.get_window_extent()
        shift = max(0.0, frame.x0 - box.x0) + min(0.0, frame.x1 - box.x1)
        text.set_position((shift * 72 / ax.figure.dpi, 4 if top else -4))

    place()
    later(ax.figure, place)


def key_line(ax: Axes, parts: list[tuple[str, str]], *, drop: float = 0.0) -> None:
    """One line of differently coloured words above the axes (``drop`` points higher than their top edge), at their left
    edge, or further left where it would run off the figure.
    """
    from matplotlib.offsetbox import AnnotationBbox, HPacker, TextArea

    words = [TextArea(text, textprops={"color": ink(colour), "fontsize": SIZES["small"]}) for text, colour in parts]
    line = HPacker(children=words, pad=0, sep=10)
    box = AnnotationBbox(
        line,
        (0, 1),
        xybox=(0, 4 + drop),
        xycoords="axes fraction",
        boxcoords="offset points",
        box_alignment=(0, 0),
        frameon=False,
        pad=0,
    )
    ax.add_artist(box)
    figure = ax.figure

    def keep_inside() -> None:
        box.xybox = (0, 4 + drop)
        over = box.get_window_extent(figure.canvas.get_renderer()).x1 - figure.bbox.x1 + MARGIN * figure.dpi
        box.xybox = (-max(0.0, over) * 72 / figure.dpi, 4 + drop)

    later(figure, keep_inside)


def on_paper(text: Any) -> None:
    """White ground behind a text that a line or the claimed band may run through; marks stay above it."""
    text.set_bbox({"boxstyle": "square,pad=0.15", "facecolor": "white", "linewidth": 0})
    text.set_zorder(2.5)


def year_axis(ax: Axes) -> None:
    """Ticks at 1 January and the year's number in the middle of the year, for a time axis in years with decimals.

    A tick under a year's number would say that the number stands for that day, and a mark of July would seem to lie
    in January. Only years whose middle is in view are named. Call it after the limits are set.
    """
    from matplotlib.ticker import FixedFormatter, FixedLocator

    low, high = ax.get_xlim()
    years = range(math.floor(low), math.ceil(high) + 1)
    named = [year for year in years if low <= year + 0.5 <= high]
    ax.xaxis.set_major_locator(FixedLocator([year for year in years if low <= year <= high]))
    ax.xaxis.set_major_formatter("")
    ax.xaxis.set_minor_locator(FixedLocator([year + 0.5 for year in named]))
    ax.xaxis.set_minor_formatter(FixedFormatter([str(year) for year in named]))
    ax.tick_params(axis="x", which="minor", length=0)


def spread(centres: Iterable[float], sizes: Iterable[float]) -> list[float]:
    """Nearest positions to ``centres`` at which blocks of ``sizes`` do not overlap, their order kept.

    Blocks that touch are pooled and the pool is put at the mean of what its members want: least squares under an
    order constraint ("pool adjacent violators", Ayer et al. 1955). Units are those given; ties keep the given order.
    """
    centres, sizes = list(centres), list(sizes)
    order = sorted(range(len(centres)), key=lambda i: centres[i])
    pools: list[tuple[float, float, list[int]]] = []  # sum of wanted starts of the pool, height, members
    for i in order:
        wanted, height, members = centres[i] - sizes[i] / 2, sizes[i], [i]
        while pools and pools[-1][0] / len(pools[-1][2]) + pools[-1][1] > wanted / len(members):
            above, tall, earlier = pools.pop()
            # Seen from the start of the joined pool, later members want to start lower by what lies before them.
            wanted, height, members = above + wanted - tall * len(members), tall + height, earlier + members
        pools.append((wanted, height, members))
    placed = [0.0] * len(centres)
    for wanted, _, members in pools:
        start = wanted / len(members)
        for i in members:
            placed[i] = start + sizes[i] / 2
            start += sizes[i]
    return placed


def direct_label(ax: Axes, labels: dict[str, str] | None = None, *, side: str = "right", gap: float = 6) -> None:
    """Write each line's name beside its end, in its colour, moved apart where two would collide.

    Args:
        ax: axes with lines that carry a ``label=``.
        labels: longer texts by line label, such as ``{"US": "United States 86.4"}``; lines left out keep their label.
        side: "right" for the last finite point, "left" for the first.
        gap: points between line and text.

    Raises:
        RecountError: no line on the axes carries a label.
    """
    import numpy as np

    lines = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    if not lines:
        raise RecountError('direct_label: no line of these axes has a label. Remedy: ax.plot(x, y, label="China").')
    texts = []
    for line in lines:
        x, y = line.get_xydata().T
        at = np.flatnonzero(np.isfinite(x) & np.isfinite(y))[-1 if side == "right" else 0]
        colour, name = ink(line.get_color()), str(line.get_label())
        text = ax.annotate(
            (labels or {}).get(name, name),
            (x[at], y[at]),
            xytext=(gap if side == "right" else -gap, 0),
            textcoords="offset points",
            ha="left" if side == "right" else "right",
            va="center",
            color=colour,
            annotation_clip=False,
            zorder=6,
        )
        texts.append(text)
    if ax.get_legend():
        ax.get_legend().remove()
    later(ax.figure, lambda: _apart(ax, texts))


def _apart(ax: Axes, texts: list[Any]) -> None:
    points = 72 / ax.figure.dpi
    anchors = [ax.transData.transform(text.xy)[1] * points for text in texts]
    heights = [text.get_window_extent().height * points + 1.5 for text in texts]
    for text, anchor, centre in zip(texts, anchors, spread(anchors, heights), strict=True):
        text.set_position((text.get_position()[0], centre - anchor))
