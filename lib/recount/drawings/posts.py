"""Pictures of C09 and C10."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from recount import figures, wording
from recount.figures.labels import key_line

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from recount.hedges import Reading


def degree_panels(frame: pd.DataFrame, reading: Reading, claimed: str) -> Figure:
    """Shares with their intervals, one panel a group of titles side by side, one line a data set, the claimed band through all.

    Args:
        frame: columns ``panel``, ``label``, ``value``, ``low``, ``high`` (percent), ``n``, ``later`` (bool: drawn apart,
            hollow, below a rule). Panels and lines keep the order of their first appearance.
        claimed: label of the band.
    """
    from matplotlib import patheffects

    panels, lines = (list(dict.fromkeys(frame[column])) for column in ("panel", "label"))
    late = set(frame["label"][frame["later"]])
    lines = [line for line in lines if line not in late] + [line for line in lines if line in late]
    height = {line: at + (0.5 if line in late else 0) for at, line in enumerate(lines)}
    fig, axes = figures.new(8, 0.8 + 0.44 * len(lines), ncols=len(panels), sharey=True, sharex=True, squeeze=False)
    outline = [patheffects.withStroke(linewidth=3, foreground="white")]
    for ax, panel in zip(axes[0], panels, strict=True):
        figures.claim_band(ax, reading, orient="v")
        for row in frame[frame["panel"] == panel].itertuples():
            y, colour = height[row.label], figures.COLOURS["neutral" if row.later else "US"]
            ax.plot([row.low, row.high], [y, y], color=colour, lw=2.4, solid_capstyle="butt")
            ax.plot(row.value, y, "o", ms=5.5, mec=colour, mew=1.5, mfc="white" if row.later else colour, clip_on=False)
            ax.annotate(
                wording.number(row.value, "percent"), (row.value, y), xytext=(0, 5), textcoords="offset points", ha="center",
                va="bottom", fontsize=8.5, path_effects=outline, zorder=5,
            )  # fmt: skip
        ax.set_title(panel)
        ax.grid(False, axis="y")
        ax.grid(True, axis="x")
        if late and len(late) < len(lines):
            ax.axhline(len(lines) - len(late) - 0.3, color=figures.COLOURS["grid"], lw=1.2)
    first, last = axes[0][0], axes[0][-1]
    last.annotate(
        claimed, (reading.default.low, 0.5 * len(lines) - 0.5), xytext=(-5, 0), textcoords="offset points", ha="right",
        va="center", fontsize=8.5, color=figures.ink(figures.COLOURS["claim edge"]), path_effects=outline,
    )  # fmt: skip
    first.set_yticks(list(height.values()), [_two_lines(line) for line in height])
    first.set_ylim(max(height.values()) + 0.5, -0.75)
    first.set_xlim(-2, max(60.0, frame["high"].max() + 2))
    first.set_xticks([0, 20, 40], ["0 %", "20 %", "40 %"])
    return fig


def _two_lines(label: str) -> str:
    """``J01 · BOSS, AI search, Beijing`` → the set and its platform above, the rest below."""
    head, comma, rest = label.partition(", ")
    return f"{head}\n{rest}" if comma else label


def bracket_panels(frame: pd.DataFrame, printed: float, label: str, columns: int = 3) -> Figure:
    """Posts by pay bracket, one panel a data set; the claimed bracket in colour, the printed share as a line across it.

    Args:
        frame: columns ``panel``, ``bracket``, ``place`` (0 = lowest), ``percent``, ``claimed`` (bool), ``largest`` (bool).
        printed: printed share in percent; label: its words, written once.
    """
    from matplotlib import patheffects

    panels = list(dict.fromkeys(frame["panel"]))
    outline = [patheffects.withStroke(linewidth=3, foreground="white")]
    rows = math.ceil(len(panels) / columns)
    fig, axes = figures.new(8, 0.5 + 1.75 * rows, nrows=rows, ncols=min(columns, len(panels)), sharey=True, squeeze=False)
    for ax, panel in zip(axes.flat, panels, strict=False):
        mine = frame[frame["panel"] == panel].sort_values("place")
        colours = [figures.COLOURS["US" if claimed else "neutral"] for claimed in mine["claimed"]]
        ax.bar(mine["place"], mine["percent"], color=colours, width=0.82)
        ax.axhline(printed, color=figures.COLOURS["claim edge"], lw=1.2)
        for row in mine[mine["claimed"] | mine["largest"]].itertuples():
            words = wording.number(row.percent, "percent") + ("\nlargest" if row.largest else "")
            at = {"xytext": (0, 2), "textcoords": "offset points", "ha": "center", "va": "bottom", "path_effects": outline}
            ax.annotate(words, (row.place, row.percent), fontsize=8, zorder=5, **at)
        ax.set_title(panel, fontsize=9)
        ax.set_xticks(mine["place"], [_short(name) for name in mine["bracket"]], fontsize=8)
        ax.yaxis.set_major_formatter("{x:.0f} %")
    for ax in list(axes.flat)[len(panels) :]:
        ax.set_axis_off()
    top = float(frame["percent"].max())
    axes[0][0].set_ylim(0, 1.3 * max(top, printed))
    axes[0][0].annotate(
        label, (0, printed), xycoords=("axes fraction", "data"), xytext=(2, 3), textcoords="offset points", ha="left",
        va="bottom", fontsize=8, color=figures.ink(figures.COLOURS["claim edge"]),
    )  # fmt: skip
    return fig


def rank_grid(frame: pd.DataFrame, columns: dict[str, str]) -> Figure:
    """Rank of one bracket in every data set (lines) under every scheme and point of the range (columns): surely first, possibly
    first, not first; framed where it holds the most posts as counted, whatever sampling leaves open.

    Args:
        frame: columns ``label``, ``scheme``, ``point`` (min, mid, max), ``rank_low``, ``rank_high``, ``counted_first`` (bool).
        columns: scheme → its heading, in the order drawn.
    """
    from matplotlib.patches import Rectangle

    labels, points = list(dict.fromkeys(frame["label"])), {"min": "minimum", "mid": "middle", "max": "maximum"}
    perhaps = figures.POSITIONS["straddling"].colour
    fig, ax = figures.new(8, 1.1 + 0.34 * len(labels))
    for row in frame.itertuples():
        group = list(columns).index(row.scheme)
        x, y = 3.3 * group + list(points).index(row.point), labels.index(row.label)
        first, possibly = row.rank_high == 1, row.rank_low == 1
        colour = figures.COLOURS["US"] if first else perhaps if possibly else "#EFEFEF"
        frame_width = 2 if row.counted_first else 0
        ax.add_patch(
            Rectangle((x - 0.45, y - 0.43), 0.9, 0.86, facecolor=colour, edgecolor=figures.COLOURS["text"], lw=frame_width)
        )
        words = f"{row.rank_low}" if row.rank_low == row.rank_high else f"{row.rank_low}–{row.rank_high}"
        ax.text(x, y, words, ha="center", va="center", fontsize=8.5, color="white" if first else figures.COLOURS["text"])
    for group, heading in enumerate(columns.values()):
        ax.text(3.3 * group + 1, -1.35, heading, ha="center", va="bottom", fontsize=8.5)
        for at, name in enumerate(points):
            ax.text(3.3 * group + at, -0.6, name, ha="center", va="bottom", fontsize=8, color=figures.COLOURS["soft text"])
    ax.set_yticks(range(len(labels)), labels)
    ax.set_xticks([])
    ax.set_xlim(-0.6, 3.3 * (len(columns) - 1) + 2.6)
    ax.set_ylim(len(labels) - 0.4, -2.3)
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    key_line(ax, [
        ("■ surely first", figures.COLOURS["US"]), ("■ perhaps first: sampling leaves it open", perhaps),
        ("□ surely not first", figures.COLOURS["soft text"]), ("framed: the most posts as counted", figures.COLOURS["text"]),
    ])  # fmt: skip
    return fig


def _short(bracket: str) -> str:
    """``100-200k`` → ``100–``: a bracket is named by its lower edge, so that six names fit under a small panel."""
    return {"<": "<" + bracket[1:-1], ">": "≥" + bracket[2:-1]}.get(bracket[0], bracket.split("-")[0] + "–")
