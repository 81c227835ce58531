"""The overview of all claims: what was claimed against the evidence there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from recount import figures, registry, wording

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEVELS: dict[str, tuple[str, ...]] = {
    "raw\nrows": ("raw_independent", "raw_same_publisher"),
    "official": ("official_statistic", "official_statement"),
    "quoted\nofficials": ("press_quoting_officials",),
    "press, com-\nmercial": ("press", "commercial"),
    "report\nonly": ("report_only",),
    "nothing": ("none",),
}
"""Columns of the overview, best evidence first, and the levels of evidence each holds."""

COLUMNS = {"claim": 0.0, "evidence": 4.15, "verdict": 8.85, "printed": 10.6, "tables": 13.15}
"""Where each column of the picture begins, in the units of its horizontal axis; it ends at WIDE."""

WIDE, STEP = 15.6, 0.78


def overview_rows(claims: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """One row a judged claim: id, claim, printed, estimate, evidence, verdict with its direction."""
    import pandas as pd

    names = ["id", "parent", "claim", "printed", "tables", "evidence", "population", "verdict", "indication"]
    rows = [
        [
            c["id"], c["parent"], registry.claim(c["id"]).short_en, c["printed_en"], c["estimate_en"] or "–",
            c["evidence"], c["population"], c["verdict"], c["indication"],
        ]
        for c in claims
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def overview(rows: pd.DataFrame) -> Figure:
    """Every claim as a line: its best evidence as a place, its verdict as mark and word, printed and found number beside.

    A ring around the mark says that the tables count a related population, not the one of the claim.

    Args:
        rows: frame of :func:`overview_rows`.
    """
    fig, ax = figures.new(height=0.27 * len(rows) + 0.8, width=11)
    place = {level: at for at, levels in enumerate(LEVELS.values()) for level in levels}
    parents = list(dict.fromkeys(rows["parent"]))
    for y, row in enumerate(rows.itertuples()):
        if parents.index(row.parent) % 2 == 0:
            ax.axhspan(y - 0.5, y + 0.5, color="0.955", lw=0, zorder=0)
        look = figures.VERDICTS[row.verdict]
        x = COLUMNS["evidence"] + 0.35 + STEP * place[row.evidence]
        face = look.colour if look.filled else "white"
        marker = "v" if row.indication == "against" else look.marker
        ax.plot(x, y, marker, ms=9, mfc=face, mec=look.colour, mew=1.8, zorder=4)
        if row.population == "proxy":
            ax.plot(x, y, "o", ms=16, mfc="none", mec=look.colour, mew=0.9, zorder=3)
        word = row.verdict + (f" {row.indication}" if row.indication else "")
        _cell(ax, "claim", y, f"{row.id}  {row.claim}")
        _cell(ax, "verdict", y, word, color=figures.ink(look.colour))
        _cell(ax, "printed", y, row.printed)
        _cell(ax, "tables", y, row.tables)
    for at, name in enumerate(LEVELS):
        x = COLUMNS["evidence"] + 0.35 + STEP * at
        ax.vlines(x, -0.5, len(rows) - 0.5, color=figures.COLOURS["grid"], lw=0.8, zorder=1)
        ax.text(x, -0.75, name, ha="center", va="bottom", fontsize=7.5, color=figures.COLOURS["soft text"])
    for name, words in {"claim": "claim", "verdict": "verdict", "printed": "printed", "tables": "the tables give"}.items():
        _cell(ax, name, -0.75, words, va="bottom", color=figures.COLOURS["soft text"])
    ax.set_xlim(0, WIDE)
    ax.set_ylim(len(rows) - 0.4, -1.6)
    ax.axis("off")
    return fig


def _cell(ax: Axes, column: str, y: float, text: str, **more: Any) -> None:
    ax.text(COLUMNS[column], y, text, **({"fontsize": 8.5, "va": "center", "ha": "left"} | more))


def in_a_sentence(rows: pd.DataFrame) -> wording.Words:
    """The scoreboard in one sentence: how many claims hold, turn on a choice, point one way, or cannot be checked."""
    n = {name: int(rows["verdict"].eq(name).sum()) for name in wording.VERDICTS}
    hold = n["reproduced"] + n["documented"] + n["corroborated"]
    unsure = n["restated"] + n["disputed"] + n["not testable"] + n["not due"]
    told = {way: int(rows["indication"].eq(way).sum()) for way in ("for", "against")}
    have = "has" if told["for"] == 1 else "have"
    return wording.Words(
        f"Of {len(rows)} claims, {hold} are borne out, {n['depends']} depend on the way of counting, "
        f"{told['for']} {have} evidence for and {told['against']} against, "
        f"and {unsure} are restated, disputed, not due or not testable",
        f"{len(rows)}条说法中，{hold}条得到印证，{n['depends']}条视口径而定，{told['for']}条有支持的迹象，{told['against']}条有相反迹象，"
        f"{unsure}条仅为转述、说法不一、尚未到期或无法检验",
    )


def legend_lines(rows: pd.DataFrame) -> list[str]:
    """How many claims got each verdict, with its meaning; only those that occur, in the order of the scale."""
    counted = rows["verdict"].value_counts()
    return [
        f"{figures.VERDICTS[name].symbol} {name}: {wording.number(int(counted[name]), 'posts')}. {wording.MEANINGS[name].en}"
        for name in wording.VERDICTS
        if name in counted
    ]
