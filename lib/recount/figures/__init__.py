"""House style of every figure: draw with a few shared helpers, then ``publish`` once.

Nothing heavy is imported here: matplotlib and seaborn load when the first figure is made.
"""

from recount.figures.credit import FigureError
from recount.figures.curve import curve_data, specification_curve
from recount.figures.dots import interval_dots
from recount.figures.labels import claim_band, direct_label
from recount.figures.overlap import overlaps
from recount.figures.publishing import publish
from recount.figures.style import COLOURS, POSITIONS, VERDICTS, ink, new, style

__all__ = [
    "COLOURS",
    "POSITIONS",
    "VERDICTS",
    "FigureError",
    "claim_band",
    "curve_data",
    "direct_label",
    "ink",
    "interval_dots",
    "new",
    "overlaps",
    "publish",
    "specification_curve",
    "style",
]
