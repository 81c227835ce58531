"""The overview of all claims: what was claimed against the evidence there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from recount import figures, records, registry, wording

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEVELS: dict[wording.Words, tuple[str, ...]] = {
    wording.Words("raw\nrows", "原始\n数据"): ("raw_independent", "raw_same_publisher"),
    wording.Words("official", "官方"): ("official_statistic", "official_statement"),
    wording.Words("quoted\nofficials", "媒体引\n述官方"): ("press_quoting_officials",),
    wording.Words("press, com-\nmercial", "媒体、\n商业机构"): ("press", "commercial"),
    wording.Words("report\nonly", "仅报告\n本身"): ("report_only",),
    wording.Words("nothing", "未见\n公布"): ("none",),
}
"""Columns of the overview, best evidence first, and the levels of evidence each holds."""

HEADINGS = {
    "claim": wording.Words("claim", "说法"),
    "verdict": wording.Words("verdict", "判定"),
    "printed": wording.Words("printed", "所称"),
    "tables": wording.Words("the tables give", "数据给出"),
}

COLUMNS = {"claim": 0.0, "evidence": 4.15, "verdict": 8.85, "printed": 10.6, "tables": 13.15}
"""Where each column of the picture begins, in the units of its horizontal axis; it ends at WIDE."""

WIDE, STEP = 15.6, 0.78


def overview_rows(claims: Sequence[dict[str, Any]], lang: str = "en") -> pd.DataFrame:
    """One row a judged claim: id, parent, claim, printed and tables in words of ``lang``, evidence, population, verdict,
    indication (codes)."""
    import pandas as pd

    names = ["id", "parent", "claim", "printed", "tables", "evidence", "population", "verdict", "indication"]
    rows = [
        [
            c["id"], c["parent"], getattr(registry.claim(c["id"]), f"short_{lang}"), c[f"printed_{lang}"],
            getattr(records.in_a_cell(c), lang),
            c["evidence"], c["population"], c["verdict"], c["indication"],
        ]
        for c in claims
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def overview(rows: pd.DataFrame, lang: str = "en") -> Figure:
    """Every claim as a line: its best evidence as a place, its verdict as mark and word, printed and found number beside.

    A ring around the mark says that the tables count a related population, not the one of the claim.

    Args:
        rows: frame of :func:`overview_rows` in the same language.
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
        word = _verdict(row.verdict, row.indication, lang)
        _cell(ax, "claim", y, f"{row.id}  {row.claim}")
        _cell(ax, "verdict", y, word, color=figures.ink(look.colour))
        _cell(ax, "printed", y, row.printed)
        _cell(ax, "tables", y, row.tables)
    for at, name in enumerate(LEVELS):
        x = COLUMNS["evidence"] + 0.35 + STEP * at
        ax.vlines(x, -0.5, len(rows) - 0.5, color=figures.COLOURS["grid"], lw=0.8, zorder=1)
        ax.text(x, -0.75, getattr(name, lang), ha="center", va="bottom", fontsize=7.5, color=figures.COLOURS["soft text"])
    for name, words in HEADINGS.items():
        _cell(ax, name, -0.75, getattr(words, lang), va="bottom", color=figures.COLOURS["soft text"])
    ax.set_xlim(0, WIDE)
    ax.set_ylim(len(rows) - 0.4, -1.6)
    ax.axis("off")
    return fig


def _verdict(verdict: str, indication: str, lang: str) -> str:
    if lang == "en":  # the column is narrow: "indicated against"
        return f"{verdict} {indication}".strip()
    return wording.verdict(verdict, indication).zh


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
    counted, ways = rows["verdict"].value_counts(), rows["indication"].value_counts()
    split = f" ({', '.join(f'{ways[way]} {wording.INDICATIONS[way].en}' for way in ('for', 'against') if way in ways)})"
    return [
        f"{figures.VERDICTS[name].symbol} {name}: {counted[name]}{split if name == 'indicated' else ''}. "
        f"{wording.MEANINGS[name].en}"
        for name in wording.VERDICTS
        if name in counted
    ]
