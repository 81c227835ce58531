"""Does any text of a figure run into another, or off the canvas? Used by the tests of every published figure."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure
    from matplotlib.text import Text


def overlaps(figure: Figure, tolerance: float = 1.0) -> list[str]:
    """Texts that overlap each other, and texts outside the canvas, one sentence each; empty when all is well.

    Hidden and empty texts and ticks outside the view do not count; a rotated text is taken as a rotated rectangle.

    Args:
        figure: drawn or not.
        tolerance: pixels (at the figure's dpi) by which two texts may run into each other or off the canvas.
    """
    figure.draw_without_rendering()
    found, shown = [], []
    width, height = figure.canvas.get_width_height()
    for text in _texts(figure):
        corners = _corners(text)
        words = " ".join(text.get_text().split())
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        if min(xs) < -tolerance or min(ys) < -tolerance or max(xs) > width + tolerance or max(ys) > height + tolerance:
            found.append(f"{words!r} runs off the canvas")
        shown.append((words, corners))
    for (first, one), (second, other) in combinations(shown, 2):
        if _depth(one, other) > tolerance:
            found.append(f"{first!r} overlaps {second!r}")
    return found


def _texts(figure: Figure) -> Iterator[Text]:
    from matplotlib.axis import Axis
    from matplotlib.text import Text

    ticks: set[int] = set()
    for axis in figure.findobj(Axis):
        ticks |= {id(label) for tick in [*axis.majorTicks, *axis.minorTicks] for label in (tick.label1, tick.label2)}
        if not (axis.get_visible() and axis.axes.get_visible() and axis.axes.axison):
            continue
        low, high = sorted(axis.get_view_interval())
        slack = 1e-6 * (high - low)
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:  # the ticks in use; others are left-overs
            if low - slack <= tick.get_loc() <= high + slack and tick.get_visible():
                ticks -= {id(tick.label1), id(tick.label2)}
    for text in figure.findobj(Text):
        if id(text) not in ticks and text.get_visible() and text.get_text().strip() and _drawn(text):
            yield text


def _drawn(text: Text) -> bool:
    """False for a text in hidden axes, and for an annotation whose anchor is out of view."""
    axes = text.axes
    if axes is not None and not axes.get_visible():
        return False
    check = getattr(text, "_check_xy", None)  # the rule by which matplotlib itself leaves out an annotation
    return check is None or bool(check())


def _corners(text: Text) -> list[tuple[float, float]]:
    """The four corners of a text, in pixels: the unrotated box turned about the centre of the rotated one."""
    box = text.get_window_extent()
    angle = text.get_rotation() % 180
    if angle in (0, 90):
        return [(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)]
    centre_x, centre_y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    turned = text.get_rotation()
    text.set_rotation(0)
    flat = text.get_window_extent()
    text.set_rotation(turned)
    cos, sin = math.cos(math.radians(turned)), math.sin(math.radians(turned))
    halves = [(sx * flat.width / 2, sy * flat.height / 2) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return [(centre_x + x * cos - y * sin, centre_y + x * sin + y * cos) for x, y in halves]


def _depth(one: list[Any], other: list[Any]) -> float:
    """How deep two rectangles run into each other, in pixels: 0 when a line separates them (separating axes)."""
    least = math.inf
    for shape in (one, other):
        for (x0, y0), (x1, y1) in zip(shape[:2], shape[1:3], strict=True):
            length = math.hypot(x1 - x0, y1 - y0)
            if not length:
                return 0.0
            normal = ((y0 - y1) / length, (x1 - x0) / length)
            spans = [[x * normal[0] + y * normal[1] for x, y in corners] for corners in (one, other)]
            least = min(least, min(max(spans[0]), max(spans[1])) - max(min(spans[0]), min(spans[1])))
    return max(0.0, least)
