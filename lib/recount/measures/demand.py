"""Growth of demand for AI roles: published figures on one scale, the study of C12, older raw counts, a control series abroad.

Growth is only ever taken within one search (one site, one search word, one set of cities), or as one publisher prints it.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from recount import multiverse, registry, tables
from recount.hedges import Interval
from recount.measures import intervals
from recount.measures.regional import printed_unit
from recount.tables import RecountError

if TYPE_CHECKING:
    import pandas as pd

KEYWORD = "人工智能"
SITE = "51job.com"
CITIES = ("Beijing", "Shanghai", "Guangzhou", "Shenzhen", "Hangzhou")


# --- published growth ----------------------------------------------------------------------------------------------


def factor(value: float, unit: str, bound: str = "exact") -> Interval:
    """Published growth as a factor: the later level over the earlier one.

    - ``percent``: 54 percent is ×1.54.
    - ``times``: "grew tenfold" may name the new level (×10) or what came on top (×11): both, as a range.
    - ``times_base``: the new level itself.

    Args:
        value: as printed; bound: ``exact``, ``ge`` (over), ``le`` (nearly) or ``approx``; the word is read by its hedge.

    Raises:
        RecountError: an unknown unit or bound, or a level below zero.
    """
    printed = _as_printed(value, bound)
    if unit == "percent":
        made = Interval(1 + printed.low / 100, 1 + printed.high / 100, printed.low_open, printed.high_open)
    elif unit == "times":
        made = Interval(printed.low, printed.high + 1, printed.low_open, printed.high_open)
    elif unit == "times_base":
        made = printed
    else:
        raise RecountError(f"demand: a growth in {unit!r} is not known. Remedy: percent, times or times_base.")
    if made.low < 0:
        raise RecountError(f"demand: {value} {unit} leads below zero.")
    return made


def _as_printed(value: float, bound: str) -> Interval:
    unit = (
        1.0 if bound == "exact" else printed_unit(abs(value))
    )  # zero has no last non-zero digit, and an exact zero needs none
    return intervals.of_figure(value, bound, unit)


def percent_of(level: float) -> float:
    """Growth in percent that a factor stands for: ×1.54 → 54."""
    return 100 * (level - 1)


ROLES, FIELD, SUPPLY = "the roles", "AI posts as a whole", "seekers and applications"
SHOWN = {
    "Q01": (ROLES, "AI product managers"),
    "Q02": (ROLES, "algorithm engineers"),
    "Q29": (ROLES, "algorithm engineers"),
    "Q33": (ROLES, "algorithm engineers, campus"),
    "Q03": (FIELD, "AI industry"),
    "Q30": (FIELD, "AI technical posts"),
    "Q34": (FIELD, "AI posts for graduates"),
    "Q15": (FIELD, "AI industry"),
    "F084": (FIELD, "AI posts"),
    "Q11": (FIELD, "new AI posts"),
    "Q31": (FIELD, "AI industry"),
    "F073": (FIELD, "new AI posts"),
    "Q13": (FIELD, "AI posts"),
    "Q18": (FIELD, "AI posts"),
    "F066": (SUPPLY, "AI industry, seekers"),
    "Q19": (SUPPLY, "AI engineers, seekers"),
    "Q37": (SUPPLY, "applications"),
    "F085": (SUPPLY, "applicants"),
    "F070": (SUPPLY, "applications"),
    "Q32": (SUPPLY, "AI industry, seekers"),
}
"""Published year-on-year growth that the picture shows, by id of ``job_published_figures`` (Q) or ``shortage_figures`` (F):
what it counts, and in which words. Narrower titles and longer spans are in the tables, not here."""

UNCLEAR = {"F073": Interval(5.43, 6.43)}
"""Figures whose words leave open whether a level or a growth is meant: "543 percent" is ×5.43 or ×6.43."""

SHORT = {
    "recruitment platform, not named": "unnamed",
    "recruitment platforms, not named": "unnamed",
    "Shanghai Employment Promotion Center": "Shanghai job fair",
}
"""Producers in fewer words, for rows of a picture."""
SECTIONS = {
    ROLES: "the roles",
    FIELD: "AI posts as a whole",
    SUPPLY: "people looking for AI work",
    "unusable": "altered or contested copies, never counted",
    "later": "known only after the report, or on an unknown day",
}


def published() -> pd.DataFrame:
    """Year-on-year growth as published, all on one scale.

    Returns:
        One row a figure of SHOWN: figure_id, counts (ROLES, FIELD, SUPPLY), label, producer, period, value, unit, bound,
        printed (in words), note (whose, when), low, high, low_open, high_open (factor), known (by the day of the report),
        usable, section (key of SECTIONS), grade, chain, source_id. Sections in that order, the largest factor first.
    """
    import pandas as pd

    frames = [tables.load(name) for name in ("job_published_figures", "shortage_figures")]
    columns = ["figure_id", "producer", "place", "period", "value", "unit", "bound", "known_by", "grade", "chain", "source_id"]
    both = pd.concat([frame[columns] for frame in frames])
    frame = both[both["figure_id"].isin(SHOWN)].copy()
    frame["counts"], frame["label"] = zip(*(SHOWN[id] for id in frame["figure_id"]), strict=True)
    printed = frame[["figure_id", "value", "unit", "bound"]].itertuples(index=False, name=None)
    factors = [UNCLEAR.get(id) or factor(value, unit, bound) for id, value, unit, bound in printed]
    for end in ("low", "high", "low_open", "high_open"):
        frame[end] = [getattr(one, end) for one in factors]
    frame["printed"] = [_printed(*row) for row in frame[["value", "unit", "bound"]].itertuples(index=False, name=None)]
    frame["producer"] = frame["producer"].replace(SHORT).str.split("; ").str[-1]
    frame["note"] = frame["producer"] + ", " + frame["period"]
    frame["known"], frame["usable"] = tables.known(frame), frame["grade"].ne("unusable")
    apart = frame["usable"].map({True: "later", False: "unusable"})
    frame["section"] = frame["counts"].where(frame["known"] & frame["usable"], apart)
    order = {name: at for at, name in enumerate(SECTIONS)}
    frame["order"] = frame["section"].map(order)
    return frame.sort_values(["order", "low", "figure_id"], ascending=[True, False, True], ignore_index=True).drop(
        columns="order"
    )


def _printed(value: float, unit: str, bound: str) -> str:
    words = {"ge": "over ", "approx": "about "}.get(bound, "")
    return f"{words}{value:g}%" if unit == "percent" else f"{words}{value:g} times"


PAIRS = (("Q31", "Q32"), ("F084", "F085"), ("Q11", "F070"))
"""Growth of posts and of seekers or applications, printed by one publisher for one period: (posts, people)."""


def pairs(growth: pd.DataFrame) -> pd.DataFrame:
    """Demand and supply side by side: one row a pair of PAIRS, with the factors of both.

    Args:
        growth: as :func:`published` makes it.

    Returns:
        figure_ids, producer, period, posts_low, posts_high, people_low, people_high (factors), supply_faster (the whole of the
        one above the whole of the other; None where they overlap), known, usable, source_id.
    """
    import pandas as pd

    at, rows = growth.set_index("figure_id"), []
    for posts, people in PAIRS:
        d, s = at.loc[posts], at.loc[people]
        rows.append({
            "figure_ids": f"{posts} {people}", "producer": d["producer"], "period": d["period"], "posts_low": d["low"],
            "posts_high": d["high"], "people_low": s["low"], "people_high": s["high"], "known": bool(d["known"] and s["known"]),
            "supply_faster": True if s["low"] > d["high"] else False if s["high"] < d["low"] else None,
            "usable": bool(d["usable"] and s["usable"]), "source_id": d["source_id"],
        })  # fmt: skip
    return pd.DataFrame(rows)


# --- the study -----------------------------------------------------------------------------------------------------

QUESTIONS = ("algorithm_engineer", "ai_product_manager")
PUBLISHED = {
    "zhaopin_2025q3": ("Q02", "Q01", "Q03"),
    "liepin_2025h1": ("Q29", "", "Q30"),
    "campus_2025": ("Q33", "", ""),
}
"""Choice → ids of ``job_published_figures``: algorithm engineers, AI product managers, all AI posts of the same publisher."""


def growth_percent(figure_id: str) -> Interval | None:
    """Growth in percent of one row of ``job_published_figures``, as the interval its words claim; None for an empty id.

    Raises:
        UnknownIdError: no such row. RecountError: the row is no growth in percent.
    """
    if not figure_id:
        return None
    frame = tables.load("job_published_figures").set_index("figure_id")
    if figure_id not in frame.index:
        raise tables.UnknownIdError(f"job_published_figures: no figure {figure_id!r}.")
    row = frame.loc[figure_id]
    if row["metric"] != "growth" or row["unit"] != "percent":
        raise RecountError(f"job_published_figures, {figure_id}: {row['metric']} in {row['unit']} is no growth in percent.")
    return _as_printed(float(row["value"]), str(row["bound"]))


def less(role: Interval | None, all_posts: Interval | None) -> Interval | None:
    """Growth of a role less that of all AI posts, in percentage points; None where either is not published."""
    if role is None or all_posts is None:
        return None
    return Interval(role.low - all_posts.high, role.high - all_posts.low, role.low_open or all_posts.high_open,
                    role.high_open or all_posts.low_open)  # fmt: skip


def roles_study() -> multiverse.Study:
    """C12: published growth over a year, percent, of posts for algorithm engineers and for AI product managers.

    Questions: ``algorithm_engineer``, ``ai_product_manager``. State: (name of the published set, baseline taken off?). The
    campus figures name no platform, so no baseline of the same publisher exists for them.
    """
    chosen = registry.headline("C12")

    def of(name: str) -> Callable[[tuple[str, bool]], tuple[str, bool]]:
        return lambda state: (name, state[1])

    axes = (
        multiverse.axis(
            "published", chosen["published"], "Whose figure, for which period?", zh="用谁、哪一时期的数字？",
            choices={
                "zhaopin_2025q3": (None, "Zhaopin, third quarter of 2025", "智联招聘，2025年第三季度"),
                "liepin_2025h1": (of("liepin_2025h1"), "Liepin, first half of 2025", "猎聘，2025年上半年"),
                "campus_2025": (of("campus_2025"), "campus posts of autumn 2025, no platform named", "2025年秋招，平台未具名"),
            },
        ),
        multiverse.axis(
            "baseline", chosen["baseline"], "Growth of the role itself, or above that of all AI posts?",
            zh="算岗位自身增幅，还是扣除全部AI岗位的增幅？",
            choices={
                "none": (None, "growth of the role itself", "岗位自身增幅"),
                "minus_all_ai_posts": (lambda state: (state[0], True), "growth of all AI posts of the same publisher taken off",
                                       "扣除同一发布方全部AI岗位的增幅"),
            },
        ),
    )  # fmt: skip

    def estimate(state: tuple[str, bool]) -> dict[str, Interval | None]:
        name, baseline = state
        *roles, whole = (growth_percent(id) for id in PUBLISHED[name])
        return dict(zip(QUESTIONS, [less(role, whole) for role in roles] if baseline else roles, strict=True))

    return multiverse.study(
        "C12", ("zhaopin_2025q3", False), axes, estimate, unit="percent", population="posts for the two roles in China",
        questions=QUESTIONS, exclude=[{"published": "campus_2025", "baseline": "minus_all_ai_posts"}],
    )  # fmt: skip


# --- older raw counts ----------------------------------------------------------------------------------------------


def open_posts(site: str = SITE, keyword: str = KEYWORD, cities: tuple[str, ...] = CITIES) -> pd.Series:
    """Open posts that one site showed for one search word, summed over cities, by day; days without every city are left out.

    Returns:
        Series named ``posts``, index ISO dates in order.

    Raises:
        RecountError: no such site, word or city.
    """
    frame = tables.load("open_posts_by_keyword")
    mine = frame[frame["site"].eq(site) & frame["keyword"].eq(keyword) & frame["city"].isin(cities)]
    days = mine.pivot(index="date", columns="city", values="open_posts").reindex(columns=list(cities)).dropna()
    if days.empty:
        raise RecountError(f"open_posts_by_keyword: no day with {keyword} on {site} in {', '.join(cities)}.")
    return days.sum(axis=1).astype("int64").sort_index().rename("posts")


def first_and_last(series: pd.Series) -> dict[str, float | str]:
    """Ends of a series: first_day, last_day, first, last (posts), days between them, ratio, percent_a_year (compound)."""
    first, last = series.index[0], series.index[-1]
    days = (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days
    ratio = float(series.iloc[-1]) / float(series.iloc[0])
    a_year = percent_of(ratio ** (365.25 / days)) if days else math.nan
    return {
        "first_day": str(first), "last_day": str(last), "first": int(series.iloc[0]), "last": int(series.iloc[-1]),
        "days": days, "ratio": ratio, "percent_a_year": a_year,
    }  # fmt: skip


def indexed(cities: tuple[str, ...] = CITIES) -> pd.DataFrame:
    """Open posts on both sites for every search word, each as a multiple of its own first day.

    Returns:
        Rows in long form: site, keyword, date, posts, multiple. The word for AI daily, comparison words at month-ends.
    """
    import pandas as pd

    words = tables.load("open_posts_by_keyword")[["site", "keyword"]].drop_duplicates().sort_values(["site", "keyword"])
    parts = []
    for site, keyword in words.itertuples(index=False, name=None):
        series = open_posts(site, keyword, cities)
        parts.append(
            pd.DataFrame({"site": site, "keyword": keyword, "date": series.index, "posts": series.to_numpy(),
                          "multiple": series.to_numpy() / series.iloc[0]})
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


# --- abroad --------------------------------------------------------------------------------------------------------

ABROAD = ("US", "GB", "DE")


def control(countries: tuple[str, ...] = ABROAD) -> pd.DataFrame:
    """Share of postings that mention AI abroad: month, country, ai_share_percent, later (the month ended after the claim)."""
    frame = tables.load("indeed_ai_share_monthly")
    mine = frame[frame["country"].isin(countries)].sort_values(["country", "month"], ignore_index=True)
    # The month of the report had not ended on its day; a monthly mean needs the whole month.
    mine["later"] = mine["month"] >= tables.CLAIM_DATE[:7]
    return mine[["month", "country", "ai_share_percent", "later", "source_id"]]
