"""The overview of all claims: what was claimed against the evidence there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from recount import figures, records, wording

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LEVELS: dict[str, tuple[str, ...]] = {
    "raw rows": ("raw_independent", "raw_same_publisher"),
    "official": ("official_statistic", "official_statement"),
    "press quoting\nofficials": ("press_quoting_officials",),
    "press or\ncommercial": ("press", "commercial"),
    "the report\nonly": ("report_only",),
    "nothing\npublished": ("none",),
}
"""Columns of the overview, best evidence first, and the levels of evidence each holds."""


def overview_rows(claims: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """One row a judged claim: id, claim, printed, estimate, column of its evidence, verdict with its direction."""
    import pandas as pd

    column = {level: name for name, levels in LEVELS.items() for level in levels}
    rows = [
        {
            "id": c["id"], "parent": c["parent"], "printed": c["printed_en"], "tables": c["estimate_en"] or "–",
            "evidence": column[c["evidence"]].replace("\n", " "), "population": c["population"], "verdict": c["verdict"],
            "indication": c["indication"],
        }
        for c in claims
    ]  # fmt: skip
    return pd.DataFrame(rows)


def overview(rows: pd.DataFrame, names: dict[str, str]) -> Figure:
    """Every claim as a line, the best evidence as a column, the verdict as a mark; printed and found numbers at the sides.

    Args:
        rows: frame of :func:`overview_rows`. names: claim id → a few words.
    """
    columns = [name.replace("\n", " ") for name in LEVELS]
    height = 0.31 * len(rows) + 1.1
    fig, ax = figures.new(height=height, width=11)
    parents = list(dict.fromkeys(rows["parent"]))
    for y, row in enumerate(rows.itertuples()):
        if parents.index(row.parent) % 2 == 0:
            ax.axhspan(y - 0.5, y + 0.5, color="0.96", lw=0, zorder=0)
        look = figures.VERDICTS[row.verdict]
        x = columns.index(row.evidence)
        ax.annotate(
            f"{look.symbol} {row.verdict}" + (f" {row.indication}" if row.indication else ""), (x, y), ha="center", va="center",
            fontsize=9, color="white", annotation_clip=False,
            bbox={"boxstyle": "round,pad=0.28", "fc": figures.ink(look.colour), "ec": "none"},
        )  # fmt: skip
        side = {"va": "center", "fontsize": 9, "annotation_clip": False, "xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        ax.annotate(f"{row.id}  {names[row.id]}", (0, y), xytext=(-8, 0), ha="right", **side)
        ax.annotate(row.printed, (1, y), xytext=(8, 0), ha="left", **side)
        ax.annotate(row.tables, (1, y), xytext=(150, 0), ha="left", **side)
    ax.set_xlim(-0.55, len(columns) - 0.45)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks([])
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(columns)), list(LEVELS), fontsize=9)
    head = {"va": "bottom", "fontsize": 9, "color": figures.COLOURS["soft text"], "annotation_clip": False, "xycoords": "axes fraction", "textcoords": "offset points"}
    ax.annotate("printed", (1, 1), xytext=(8, 6), ha="left", **head)
    ax.annotate("the tables give", (1, 1), xytext=(150, 6), ha="left", **head)
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    for spine in ax.spines.values():
        spine.set_visible(False)
    return fig


def legend_lines(rows: pd.DataFrame) -> list[str]:
    """How many claims got each verdict, with its meaning; only those that occur, in the order of the scale."""
    counted = rows["verdict"].value_counts()
    return [
        f"{records.SYMBOLS[name]} {name}: {wording.number(int(counted[name]), 'posts')}. {wording.MEANINGS[name].en}"
        for name in wording.VERDICTS
        if name in counted
    ]
