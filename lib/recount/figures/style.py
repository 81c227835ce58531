"""Palette, fonts and the seaborn theme; ``new`` makes a figure in that style.

Colours are those of Okabe and Ito (2008, "Color Universal Design"), with the wine of Paul Tol's muted scheme for Pudong:
readers with the common forms of colour blindness tell them apart. Where a colour has a meaning, a marker has it too.
"""

from __future__ import annotations

import functools
import math
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from recount import wording

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {
    "US": "#0072B2",  # blue
    "China": "#D55E00",  # vermilion
    "Shanghai": "#009E73",  # bluish green
    "Pudong": "#882255",  # wine
    "other": "#E69F00",  # orange: a fifth series, if one is needed
    "neutral": "#7A7A7A",  # everybody else
    "claim": "#F0E442",  # yellow, translucent: what was claimed, as with a highlighter
    "claim edge": "#A89B00",
    "text": "#222222",
    "soft text": "#5F5F5F",  # 6.4 : 1 on white
    "grid": "#E4E4E4",
}
"""Fixed colours by what they stand for, in every figure."""


class Look(NamedTuple):
    """How one meaning is drawn: never by colour alone."""

    colour: str
    symbol: str
    marker: str
    filled: bool = True


POSITIONS = {
    "inside": Look("#0072B2", "●", "o"),
    "straddling": Look("#E69F00", "◆", "D"),
    "outside": Look("#6B6B6B", "○", "o", filled=False),
}
"""Position of an estimate against the claimed interval."""

VERDICTS = {
    "reproduced": Look("#0072B2", "●", "o"),
    "contradicted": Look("#D55E00", "×", "X"),
    "depends": Look("#E69F00", "◆", "D"),
    "indicated": Look("#7B4FA0", "▲", "^"),
    "corroborated": Look("#56B4E9", "■", "s"),
    "disputed": Look("#CC79A7", "◇", "D", filled=False),
    "restated": Look("#7A7A7A", "□", "s", filled=False),
    "not testable": Look("#7A7A7A", "○", "o", filled=False),
    "not due": Look("#7A7A7A", "▷", ">", filled=False),
    "documented": Look("#0072B2", "★", "*"),
}
"""The ten verdicts: no colour and symbol together stand twice."""

SIZES = {"title": 14.0, "subtitle": 10.5, "text": 9.5, "small": 8.5, "footer": 8.0}
"""Type sizes in points, as shown (a figure is drawn at the width it is shown at)."""

MARGIN = 0.12
"""Inches round the whole figure."""


def ink(colour: str, contrast: float = 4.5) -> str:
    """A colour darkened, in steps of 5 %, until text in it can be read on white.

    Args:
        colour: any matplotlib colour.
        contrast: least ratio of luminances wanted, as WCAG 2 defines it (4.5 for small text).

    Returns:
        Hex code.
    """
    from matplotlib.colors import to_hex, to_rgb

    rgb = to_rgb(colour)
    while 1.05 / (_luminance(rgb) + 0.05) < contrast:
        rgb = tuple(0.95 * part for part in rgb)
    return to_hex(rgb)


def _luminance(rgb: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@functools.cache
def _font() -> str:
    """Register the Chinese font once; its family name ("Noto Sans SC", SIL Open Font License 1.1)."""
    from matplotlib import font_manager
    from pylopdf_fonts_zh_cn import sans_path

    font_manager.fontManager.addfont(sans_path())
    return font_manager.FontProperties(fname=sans_path()).get_name()


@functools.cache
def settings() -> dict[str, Any]:
    """The matplotlib settings of the house; also used when saving, so that a rerun gives the same bytes."""
    return {
        "font.family": [_font(), "DejaVu Sans"],
        "font.size": SIZES["text"],
        "text.color": COLOURS["text"],
        "axes.unicode_minus": False,  # `plain` sets the true minus; what bypasses it can never meet a missing glyph
        "axes.labelcolor": COLOURS["soft text"],
        "axes.labelsize": SIZES["text"],
        "axes.titlesize": SIZES["subtitle"],
        "axes.titlelocation": "left",
        "axes.edgecolor": "#8A8A8A",
        "axes.linewidth": 0.8,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "grid.color": COLOURS["grid"],
        "grid.linewidth": 0.8,
        "xtick.bottom": True,
        "xtick.major.size": 4,
        "ytick.left": False,
        "xtick.color": "#8A8A8A",
        "xtick.labelcolor": COLOURS["soft text"],
        "ytick.labelcolor": COLOURS["soft text"],
        "xtick.labelsize": SIZES["text"],
        "ytick.labelsize": SIZES["text"],
        "lines.linewidth": 2.2,
        "lines.solid_capstyle": "round",
        "legend.frameon": False,
        "figure.dpi": 100,
        "figure.constrained_layout.use": True,
        "svg.fonttype": "path",  # glyphs as outlines: Chinese shows on machines without the font
        "svg.hashsalt": "recount",
        "path.simplify": True,
    }


def style() -> None:
    """Set the house style for every figure drawn from here on (``new`` and ``publish`` do it by themselves)."""
    import seaborn

    seaborn.set_theme(context="notebook", style="white", palette=list(COLOURS.values())[:6], rc=settings())


def new(width: float = 8.0, height: float = 4.2, nrows: int = 1, ncols: int = 1, **keywords: Any) -> tuple[Figure, Any]:
    """A figure in house style and its axes.

    Args:
        width, height: inches of the drawing; title, subtitle and source line are added outside by ``publish``.
        nrows, ncols: panels.
        keywords: passed to ``matplotlib.pyplot.subplots``.

    Returns:
        Figure, and one Axes or an array of them.
    """
    import matplotlib.pyplot as plt

    style()
    return plt.subplots(nrows, ncols, figsize=(width, height), layout="constrained", **keywords)


_LATER: weakref.WeakKeyDictionary[Any, list[Callable[[], None]]] = weakref.WeakKeyDictionary()


def later(figure: Figure, step: Callable[[], None]) -> None:
    """Keep a step (such as moving labels apart) until the figure has its final size and limits."""
    _LATER.setdefault(figure, []).append(step)


def settle(figure: Figure) -> None:
    """Lay out, run the kept steps at the figure's present size, and lay out again where a step moved something.

    Safe to repeat: each step starts from its anchors.
    """
    figure.draw_without_rendering()
    steps = _LATER.get(figure, [])
    for step in steps:
        step()
    if steps:
        figure.draw_without_rendering()


def halo(text: Any) -> None:
    """A white outline round a text that may lie over lines."""
    from matplotlib import patheffects

    text.set_path_effects([patheffects.withStroke(linewidth=2, foreground="white", alpha=0.6)])


def unit_ticks(axis: Any, code: str, lang: str = "en") -> str:
    """Write a short unit behind every tick ("40%"); otherwise return its name, for the axis label."""
    name, factor = wording.unit(code, lang), scale(code, lang)
    short = len(name) <= 3
    ending = name if lang == "zh" or name == "%" else f" {name}"
    if short or factor != 1:
        axis.set_major_formatter(lambda value, _: plain(value * factor) + ending * (short and bool(name)))
    return "" if short else name


def scale(code: str, lang: str) -> float:
    """Factor from the unit of the tables to the one that is printed: English has billions where Chinese has 亿."""
    return wording.ENGLISH_SCALE.get(code, 1.0) if lang == "en" else 1.0


def tidy_ticks(figure: Figure) -> None:
    """Give every axis that still has matplotlib's own number format ours: see ``plain`` (years stay 2023)."""
    from matplotlib.ticker import FuncFormatter, ScalarFormatter

    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))


def plain(value: float, digits: int = 4) -> str:
    """A number for readers: at most ``digits`` significant digits, separators from 10,000 on, a true minus sign, ∞."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    places = max(0, digits - 1 - math.floor(math.log10(size))) if size else 0
    text = f"{size:,.{places}f}" if size >= 9999.5 else f"{size:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("−" if value < 0 and text != "0" else "") + text
