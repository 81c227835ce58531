"""Pictures of C03: two frontiers and their gap over time, and the gap on other tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recount import figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from recount.registry import Claim

SIDES = {"us_score": "US", "cn_score": "China"}
WIDTHS = (2.6, 1.2)
"""Points of the first (headline) rule and of the second."""
HALF_YEARS = ("2023-01", "2023-07", "2024-01", "2024-07", "2025-01", "2025-07")


def gap_over_time(drawn: pd.DataFrame, claims: Mapping[int, Claim], marks: Iterable[tuple[str, str]]) -> Figure:
    """Best scores of both countries above, their gap below, by month-end; what was printed stands over its year.

    Args:
        drawn: one row a rule and month: rule (name in words; the first is drawn thick), month, us_score, cn_score, gap_pp,
            us_since, cn_since, as ``measures.frontier.gaps`` gives them.
        claims: year → claim whose interval and value lie over it.
        marks: (rule, month) whose gap is written at the line.
    """
    fig, (top, low) = figures.new(8, 5.0, nrows=2, sharex=True)
    for year, claim in claims.items():
        _printed(low, claim, year, drawn["month"].max())
    for (rule, table), width in zip(drawn.groupby("rule", sort=False), WIDTHS, strict=True):
        for column, side in SIDES.items():
            _line(top, table, column, color=figures.COLOURS[side], lw=width, label=f"{side}, {rule}")
        _line(low, table, "gap_pp", color=figures.COLOURS["text"], lw=width, label=rule)
    for rule, month in marks:
        row = drawn[(drawn["rule"] == rule) & (drawn["month"] == month)].iloc[0]
        up = rule != drawn["rule"].iloc[0]
        low.annotate(
            f"{row['gap_pp']:.1f}", (_days([month])[0], row["gap_pp"]), xytext=(0, 4 if up else -4), textcoords="offset points",
            ha="center", va="bottom" if up else "top",
        )  # fmt: skip
    last = drawn.groupby("rule", sort=False)["gap_pp"].last()
    top.set_title("Best published MMLU score, percent")
    low.set_title("Gap, US minus China, percentage points")
    low.set_ylim(-4, 45)
    low.set_xticks(_days(HALF_YEARS), HALF_YEARS)
    figures.direct_label(top)
    figures.direct_label(low, {rule: f"{rule} {gap:.1f}" for rule, gap in last.items()})
    return fig


def _days(months: Iterable[str]) -> Any:
    """Middle of each month as a date; a step drawn there covers the month whose end it stands for."""
    import pandas as pd

    return pd.to_datetime([f"{month}-15" for month in months])


def _line(ax: Axes, table: pd.DataFrame, column: str, **look: Any) -> None:
    """A frontier or gap by month; dotted from the month after the last record of either country."""
    days = _days(table["month"])
    last_record = max(table["us_since"].iloc[-1], table["cn_since"].iloc[-1])[:7]
    ax.plot(days, table[column].where(table["month"] >= last_record), drawstyle="steps-mid", ls=(0, (1, 1.4)), **look)
    ax.plot(days, table[column].where(table["month"] <= last_record), drawstyle="steps-mid", **look | {"label": "_"})


def _printed(ax: Axes, claim: Claim, year: int, last: str) -> None:
    """The claimed interval and value over the months of their year."""
    import pandas as pd

    months = pd.to_datetime([f"{year}-01-01", f"{year}-12-31" if f"{year}-12" <= last else f"{last}-12"])
    low, high = claim.reading.default.low, claim.reading.default.high
    ax.fill_between(months, low, high, color=figures.COLOURS["claim"], alpha=0.45, lw=0, zorder=0.5)
    ax.plot(months, [claim.value] * 2, color=figures.COLOURS["claim edge"], lw=2, zorder=0.6)
    words = f"printed for {year}: {claim.printed_en}"
    at, ink = {"textcoords": "offset points", "va": "center"}, figures.ink(figures.COLOURS["claim edge"])
    if high > 5:
        ax.annotate(words, (months[1], claim.value), xytext=(6, 0), ha="left", color=ink, **at)
    else:
        ax.annotate(words, (months[0], claim.value), xytext=(8, 22), ha="left", color=ink, **at)


def gap_on_tests(tests: pd.DataFrame) -> Figure:
    """The gap by month on every test, one panel each, its value written at the last month.

    Args:
        tests: columns benchmark, part (drawn as lines of their own), month, gap, unit.
    """
    names = list(dict.fromkeys(tests["benchmark"]))
    fig, panels = figures.new(8, 4.1, nrows=(len(names) + 1) // 2, ncols=2, sharex=True)
    every = sorted(set(tests["month"]))
    for ax, name in zip(panels.flat, names, strict=False):
        panel = tests[tests["benchmark"] == name]
        for _, part in panel.groupby("part"):
            line = part.set_index("month")["gap"].reindex(every)  # a month without a value breaks the line
            ax.plot(_days(every), line, color=figures.COLOURS["text"], lw=1.8, drawstyle="steps-mid")
            alone = line[line.shift().isna() & line.shift(-1).isna()]
            ax.plot(_days(alone.index), alone, "o", color=figures.COLOURS["text"], ms=3.5)
        last = panel[panel["month"] == panel["month"].max()].iloc[-1]
        at = {"xytext": (5, -2), "textcoords": "offset points", "va": "bottom", "annotation_clip": False}
        ax.annotate(
            f"{last['gap']:.1f}" if last["unit"] == "pp" else f"{last['gap']:.0f}",
            (_days([last["month"]])[0], last["gap"]),
            **at,
        )
        ax.axhline(0, color=figures.COLOURS["neutral"], lw=0.8)
        ax.set_title(f"{name}, {last['unit']}")
        ax.set_xticks(_days(HALF_YEARS[::2]), [month[:4] for month in HALF_YEARS[::2]])
    for ax in panels.flat[len(names) :]:
        ax.set_visible(False)
    return fig
