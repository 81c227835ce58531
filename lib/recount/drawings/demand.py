"""Pictures of C12."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from recount import figures, wording
from recount.figures.labels import key_line, on_paper

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from recount.hedges import Interval, Reading

FACTORS = (1, 1.5, 2, 3, 5, 10, 20)
"""Ticks of the common scale, as multiples of the earlier level."""
COLOURS = {"roles": figures.COLOURS["China"], "field": figures.COLOURS["US"], "supply": figures.COLOURS["Shanghai"]}


def growth_scale(frame: pd.DataFrame, reading: Reading, claimed: str, headings: dict[str, str]) -> Figure:
    """Published growth on one honest scale: multiples below, percent above, both of the same logarithmic axis.

    Args:
        frame: columns ``section``, ``series`` (key of COLOURS), ``label``, ``printed``, ``note`` (whose, when), ``low``,
            ``high`` (factors), ``apart`` (bool: hollow).
        reading: of the claim, in percent; its default interval is drawn as the band.
        claimed: label of the band; headings: section → its words.
    """
    fig, ax = figures.new(8, 0.262 * (len(frame) + 1.35 * frame["section"].nunique()) + 0.9)
    y, section = 0.0, None
    for row in frame.itertuples():
        if row.section != section:
            section, y = row.section, y + 1.35
            heading = ax.annotate(
                headings[section], (0, y - 0.85), xycoords=("axes fraction", "data"), xytext=(4, 0), va="center",
                textcoords="offset points", color=figures.COLOURS["soft text"], fontsize=8.5,
            )  # fmt: skip
            on_paper(heading)
        _range(ax, row, y, COLOURS[row.series])
        side = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "annotation_clip": False}
        ax.annotate(row.label, (0, y), xytext=(-8, 0), ha="right", fontsize=9, **side)
        ax.annotate(row.printed, (1, y), xytext=(8, 0), ha="left", fontsize=9, **side)
        ax.annotate(row.note, (1, y), xytext=(72, 0), ha="left", fontsize=8, color=figures.COLOURS["soft text"], **side)
        y += 1
    ax.set_ylim(y - 0.4, 0)
    ax.set_yticks([])
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    _factor_axis(ax)
    figures.claim_band(ax, _as_factors(reading.default), orient="v")
    _factor_axis(ax)
    ax.annotate(claimed, (1, 0.4), xycoords=("axes fraction", "data"), xytext=(-4, 0), textcoords="offset points", ha="right",
                va="center", fontsize=9, color=figures.ink(figures.COLOURS["claim edge"]))  # fmt: skip
    above = ax.secondary_xaxis("top")
    percent = [tick for tick in FACTORS if tick != 2]  # the other labels are too wide to leave it room
    above.set_xticks(percent, [f"+{100 * (tick - 1):,.0f}%" if tick > 1 else "0%" for tick in percent])
    above.minorticks_off()
    above.spines["top"].set_visible(False)
    names = [("● the roles", "roles"), ("● AI posts", "field"), ("● people looking for work", "supply")]
    key_line(ax, [*((words, COLOURS[name]) for words, name in names), ("○ shown apart", figures.COLOURS["text"])], drop=22)
    return fig


def _range(ax: Axes, row: Any, y: float, colour: str) -> None:
    if row.high > row.low:
        ax.plot([row.low, min(row.high, FACTORS[-1] * 1.15)], [y, y], color=colour, lw=5, alpha=0.25 if row.apart else 0.55,
                solid_capstyle="butt", zorder=3)  # fmt: skip
    ax.plot(row.low, y, "o", ms=7.5, mfc="white" if row.apart else colour, mec=colour, mew=1.8, zorder=4)


def _factor_axis(ax: Axes) -> None:
    ax.set_xscale("log")
    ax.set_xlim(0.92, FACTORS[-1] * 1.15)
    ax.set_xticks(FACTORS, [f"×{tick:g}" for tick in FACTORS])
    ax.minorticks_off()


def _as_factors(percent: Interval) -> Interval:
    from recount.hedges import Interval

    ends = (1 + end / 100 if math.isfinite(end) else end for end in (percent.low, percent.high))
    return Interval(*ends, percent.low_open, percent.high_open)


def pairs(frame: pd.DataFrame) -> Figure:
    """Growth of posts and of people looking for work, one publisher and period a line, on the common scale.

    Args:
        frame: columns ``label``, ``note``, ``posts_low``, ``posts_high``, ``people_low``, ``people_high`` (factors).
    """
    fig, ax = figures.new(8, 0.75 + 0.62 * len(frame))
    for y, row in enumerate(frame.itertuples()):
        for part, name, up in (("posts", "field", -0.12), ("people", "supply", 0.12)):
            ends = {end: getattr(row, f"{part}_{end}") for end in ("low", "high")}
            _range(ax, SimpleNamespace(**ends, apart=True), y + up, COLOURS[name])
        side = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "annotation_clip": False}
        ax.annotate(row.label, (0, y), xytext=(-8, 6), ha="right", fontsize=9, **side)
        ax.annotate(row.note, (0, y), xytext=(-8, -6), ha="right", fontsize=8, color=figures.COLOURS["soft text"], **side)
    ax.set_ylim(len(frame) - 0.5, -0.5)
    ax.set_yticks([])
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    _factor_axis(ax)
    ax.set_xlabel("times the level a year earlier")
    key_line(ax, [("○ posts", COLOURS["field"]), ("○ seekers or applications", COLOURS["supply"])])
    return fig


SITES = {"51job.com": "51job", "zhaopin.com": "Zhaopin"}
WORDS = {"人工智能": "AI", "大数据": "big data", "python": "python", "java": "java"}


def raw_counts(frame: pd.DataFrame, breaks: dict[str, tuple[str, str, str]]) -> Figure:
    """Open posts by search word as multiples of the word's own first day, one panel a site; AI bold, daily; others by month.

    Args:
        frame: columns ``site``, ``keyword``, ``date`` (ISO), ``multiple``.
        breaks: site → (first day, last day, words) of a span in which the site's own counting changed.
    """
    import pandas as pd
    from matplotlib.dates import DateFormatter, MonthLocator

    fig, axes = figures.new(8, 3.9, ncols=len(SITES), sharey=True)
    looks = {"人工智能": figures.COLOURS["China"], "大数据": figures.COLOURS["US"], "python": figures.COLOURS["Shanghai"]}
    for ax, (site, name) in zip(axes, SITES.items(), strict=True):
        for keyword in WORDS:
            mine = frame[frame["site"].eq(site) & frame["keyword"].eq(keyword)]
            bold = keyword == "人工智能"
            ax.plot(pd.to_datetime(mine["date"]), mine["multiple"], color=looks.get(keyword, figures.COLOURS["neutral"]),
                    lw=2.4 if bold else 1.3, marker="" if bold else "o", ms=2.5, label=keyword)  # fmt: skip
        ends = frame[frame["site"].eq(site)].groupby("keyword")["multiple"].last()
        figures.direct_label(ax, {word: f"{words} ×{wording.number(ends[word], 'ratio')}" for word, words in WORDS.items()})
        if site in breaks:
            start, end, words = breaks[site]
            ax.axvspan(pd.Timestamp(start), pd.Timestamp(end), color=figures.COLOURS["grid"], lw=0, zorder=0)
            ax.annotate(words, (pd.Timestamp(end), 5.6), xytext=(3, 0), textcoords="offset points", va="top", fontsize=8,
                        color=figures.COLOURS["soft text"])  # fmt: skip
        ax.set_title(name)
        ax.set_yscale("log")
        ax.set_yticks([0.5, 1, 2, 5], ["×0.5", "×1", "×2", "×5"])
        ax.minorticks_off()
        ax.set_ylim(0.5, 6)
        ax.xaxis.set_major_locator(MonthLocator(bymonth=(1, 7)))
        ax.xaxis.set_major_formatter(DateFormatter("%Y-%m"))
    return fig


NAMES = {"US": "United States", "GB": "United Kingdom", "DE": "Germany"}


def abroad(frame: pd.DataFrame, since: str, words: str) -> Figure:
    """Share of postings that mention AI, by month and country; months after the claim dashed, behind a line.

    Args:
        frame: columns ``month``, ``country``, ``ai_share_percent``, ``later``.
        since: first month drawn apart; words: label of the part behind the line.
    """
    import pandas as pd

    fig, ax = figures.new(8, 3.6)
    colours = {"US": figures.COLOURS["US"], "GB": figures.COLOURS["Pudong"], "DE": figures.COLOURS["other"]}
    for country in dict.fromkeys(frame["country"]):
        mine = frame[frame["country"].eq(country)]
        when = pd.to_datetime(mine["month"])
        late = mine["later"].to_numpy() | mine["later"].shift(-1, fill_value=True).to_numpy()  # the dashes join the line
        ax.plot(when[~mine["later"]], mine["ai_share_percent"][~mine["later"]], color=colours[country])
        ax.plot(when[late], mine["ai_share_percent"][late], color=colours[country], ls=(0, (2, 1.5)), lw=1.6, label=country)
    ends = frame.groupby("country")["ai_share_percent"].last()
    figures.direct_label(ax, {c: f"{NAMES[c]} {wording.amount(ends[c], 'percent')}" for c in ends.index})
    ax.axvline(pd.Timestamp(since), color=figures.COLOURS["text"], lw=1)
    side = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "ha": "right", "va": "top"}
    grey = {"fontsize": 8.5, "color": figures.COLOURS["soft text"]}
    ax.annotate(words, (pd.Timestamp(since), 1), xytext=(-5, -2), **side, **grey)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter("{x:.0f}%")
    return fig
