"""Annual pay offered in job posts, the bracket from 500,000 yuan, and which bracket is the largest (claim C10).

Annual pay is monthly pay times the months stated (twelve if none), in units of 10,000 yuan as Chinese brackets are. A
post names a range; its minimum, middle or maximum stands for it. A text with one bound only gives that bound for both.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from recount import registry, tables
from recount.hedges import Interval
from recount.measures import posts as of_posts
from recount.measures.posts import LEAST_POSTS, Share, at_place, of_group, share, share_interval
from recount.multiverse import Study, axis, study
from recount.tables import RecountError

POINTS = {"min": "minimum", "mid": "middle", "max": "maximum"}
"""Short name in result ids → point of a pay range."""

THRESHOLD = 50.0
"""500,000 yuan a year, in 10,000 yuan."""

CEILING_K_MONTH = 300.0
"""A maximum above this many thousand yuan a month is not used."""
LOOKS_YEARLY_K_MONTH = 100.0
"""Monthly pay of this many thousand yuan is probably yearly pay in the monthly field (rule of the tally's pay conventions)."""

MANY_POSTS = 300
"""A table of brackets is shown for data sets with at least this many posts; fewer leave a handful in most brackets."""

BY_MONTH_OR_YEAR = ("month", "year")
BY_TIME = (*BY_MONTH_OR_YEAR, "week", "day", "hour")
UNITS = ("usable", "usable_and_hourly", "not_yearly_looking")

SCHEMES: Mapping[str, tuple[float, ...]] = {
    "six": (10, 20, 30, 40, 50),
    "fine": (5, 10, 15, 20, 25, 30, 35, 40, 45, 50),
    "equal_100k": (10, 20, 30, 40, 50, 60, 70, 80, 90, 100),
    "report_guess": (10, 20, 30, 50),
}
"""Bracket scheme → edges in 10,000 yuan; the first bracket lies below the first edge, the last is open upwards.

``report_guess`` joins 300,000 to 500,000 yuan, as pay reports often do; the report's own brackets are not published."""

Z = 1.959963984540054
"""Normal quantile of a two-sided 95 % interval."""

COMPUTING = ("java", "python", "c语言", "大数据", "数据分析")
SEARCHES = {
    "会计": "accountant", "销售": "sales", "客服": "customer service", "教师": "teacher", "新媒体运营": "new-media operations",
    "java": "Java", "python": "Python", "c语言": "C language", "大数据": "big data", "数据分析": "data analysis",
}  # fmt: skip
"""Search words of J05 → English."""


# ------------------------------------------------------------------------------------------------ pay and brackets


def _bounds(posts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound in thousand yuan a month; where a text gives one only, that one twice; nan where it gives none."""
    low, high = (posts[column].to_numpy(dtype=float) for column in ("min_k_month", "max_k_month"))
    return np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)


def usable(posts: pd.DataFrame, units: str = "usable") -> np.ndarray:
    """Mask of posts whose pay can be put on a year.

    Args:
        units: ``usable`` = stated by month or year, at most :data:`CEILING_K_MONTH`; ``usable_and_hourly`` = also by week,
            day and hour; ``not_yearly_looking`` = usable without monthly pay that is probably yearly.

    Raises:
        RecountError: no such rule.
    """
    if units not in UNITS:
        raise RecountError(f"pay: no rule of units {units!r}. Remedy: use one of {', '.join(UNITS)}.")
    _, high = _bounds(posts)
    unit = posts["pay_unit"].to_numpy(dtype=object).astype(str)
    with np.errstate(invalid="ignore"):
        mask = np.isin(unit, BY_TIME if units == "usable_and_hourly" else BY_MONTH_OR_YEAR) & (high <= CEILING_K_MONTH)
        if units == "not_yearly_looking":
            mask &= ~((unit == "month") & (high >= LOOKS_YEARLY_K_MONTH))
    return mask


def annual(posts: pd.DataFrame, point: str = "mid", months: str = "stated") -> np.ndarray:
    """Annual pay in 10,000 yuan, one value a row, nan where no pay is stated.

    Args:
        point: ``min``, ``mid`` or ``max`` of the range; months: ``stated`` (12 if none) or ``twelve``.

    Raises:
        RecountError: an unknown point or rule of months.
    """
    if point not in POINTS or months not in ("stated", "twelve"):
        raise RecountError(f"pay: no point {point!r} or months {months!r}. Remedy: min, mid or max; stated or twelve.")
    paid = 12.0 if months == "twelve" else posts["months"].fillna(12).to_numpy(dtype=float)
    # Three decimals: a yearly 400,000 is 33.333 thousand a month in the tally, and has to come back as 40, not 39.9996.
    low, high = (np.round(bound * paid / 10, 3) for bound in _bounds(posts))
    return {"min": low, "mid": np.round((low + high) / 2, 3), "max": high}[point]


def bracket_labels(scheme: str = "six") -> tuple[str, ...]:
    """Names of the brackets of a scheme, lowest first, in thousand yuan: ``<100k, 100-200k … >=500k``.

    Raises:
        RecountError: no such scheme.
    """
    if scheme not in SCHEMES:
        raise RecountError(f"pay: no brackets {scheme!r}. Remedy: use one of {', '.join(SCHEMES)}.")
    edges = [round(10 * edge) for edge in SCHEMES[scheme]]
    between = [f"{a}-{b}k" for a, b in zip(edges, edges[1:], strict=False)]
    return (f"<{edges[0]}k", *between, f">={edges[-1]}k")


def bracket_counts(amounts: np.ndarray, n: np.ndarray, scheme: str = "six") -> np.ndarray:
    """Posts in each bracket of a scheme, lowest first; an amount on an edge belongs to the bracket above it.

    Args:
        amounts: annual pay in 10,000 yuan, none missing; n: posts, same shape.
    """
    edges = SCHEMES[scheme]
    return np.bincount(np.searchsorted(edges, amounts, side="right"), weights=n, minlength=len(edges) + 1).astype(np.int64)


def claimed_bracket(scheme: str = "six") -> int:
    """Place of the bracket that begins at 500,000 yuan among the brackets of a scheme."""
    return SCHEMES[scheme].index(THRESHOLD) + 1


def rank_interval(counts: Sequence[int], at: int) -> Interval:
    """Rank of one bracket by number of posts, from the best to the worst place that sampling leaves open.

    Another bracket surely holds more (or fewer) posts where the sign test of the two counts, by the normal
    approximation ``|a − b| > z · sqrt(a + b)``, rejects equality at 5 %; pairs are tested one by one, without a
    correction for their number.
    """
    mine = counts[at]
    surely = [other - mine > Z * math.sqrt(other + mine) for place, other in enumerate(counts) if place != at]
    possibly = [other - mine >= -Z * math.sqrt(other + mine) for place, other in enumerate(counts) if place != at]
    return Interval(1 + sum(surely), 1 + sum(possibly))


def rank(counts: Sequence[int], at: int) -> float:
    """Rank of one bracket by number of posts; a place shared by m brackets is their mean rank (a shared first counts 1.5)."""
    mine = counts[at]
    above = sum(other > mine for other in counts)
    return 1 + above + sum(other == mine for place, other in enumerate(counts) if place != at) / 2


def largest(counts: Sequence[int], scheme: str = "six") -> str:
    """Label of the bracket with the most posts; equal ones are joined by "and"."""
    top = max(counts)
    return " and ".join(label for label, count in zip(bracket_labels(scheme), counts, strict=True) if count == top)


# ------------------------------------------------------------------------------------------------ results by data set


def chosen(
    posts: pd.DataFrame, group: str = "technical", *, version: str = "v1", place: str = "all", units: str = "usable"
) -> pd.DataFrame:
    """Posts of a group of titles (``all``: every title) at a place whose pay can be used."""
    mask = at_place(posts, place) & usable(posts, units)
    return posts[mask if group == "all" else mask & of_group(posts, group, version)]


def top_share(rows: pd.DataFrame, point: str = "mid", months: str = "stated") -> Share | None:
    """Share of posts at or above 500,000 yuan a year among rows of :func:`chosen`; None where there are none."""
    amounts, n = annual(rows, point, months), rows["n"].to_numpy(dtype=np.int64)
    return share(int(n[amounts >= THRESHOLD].sum()), int(n.sum()))


def top_rows(posts: pd.DataFrame, wanted: Sequence[str], group: str = "technical", place: str = "all") -> list[dict[str, Any]]:
    """Result rows ``C10.ge500k.<set>.<group>.{min,mid,max}`` for ``records.results``, of the sets that have such posts."""
    titles = {"technical": "ai_technical"}.get(group, group)
    where = "" if place == "all" else f".{place.capitalize()}"
    found = []
    for code in wanted:
        rows = chosen(posts[posts["data_set"] == code], group, place=place)
        for point, words in POINTS.items():
            one = top_share(rows, point)
            if one is not None:
                found.append(
                    {
                        "id": f"C10.ge500k.{code}.{titles}{where}.{point}",
                        "value": one.percent,
                        "low": one.low,
                        "high": one.high,
                        "n": one.n,
                        "says": f"{of_posts.label(code)} · {words}",
                        "as_of": of_posts.as_of(posts, code),
                        "data_set": code,
                        "point": point,
                    }
                )
    return found


def large_sets(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Data sets among rows of :func:`top_rows` with at least :data:`MANY_POSTS` posts; all of them where none has as many."""
    counts = {row["data_set"]: row["n"] for row in rows}
    return [code for code, n in counts.items() if n >= MANY_POSTS] or list(counts)


def largest_rows(posts: pd.DataFrame, wanted: Sequence[str], scheme: str = "six") -> list[dict[str, Any]]:
    """Result rows ``C10.largest_bracket.<set>.{min,mid,max}`` (a label), of the sets that have AI technical posts with pay."""
    found = []
    for code in wanted:
        rows = chosen(posts[posts["data_set"] == code])
        if rows.empty:
            continue
        n = rows["n"].to_numpy(dtype=np.int64)
        for point, words in POINTS.items():
            counts = bracket_counts(annual(rows, point), n, scheme)
            found.append(
                {
                    "id": f"C10.largest_bracket.{code}.{point}",
                    "value": largest(counts, scheme),
                    "n": int(n.sum()),
                    "says": f"{of_posts.label(code)} · {words}",
                    "as_of": of_posts.as_of(posts, code),
                    "data_set": code,
                    "point": point,
                }
            )
    return found


def ratio_rows(posts: pd.DataFrame, data_set: str = "J05") -> list[dict[str, Any]]:
    """Result rows ``C10.ratio.<set>.{min,mid,max}``: the share at or above 500,000 yuan among AI technical posts over that
    among all posts of the set.

    AI technical posts are part of all posts, so the interval is Katz's for AI technical against all other posts, carried
    over by ``r = 1 / (w + (1 − w) / r_other)`` with ``w`` the part of AI technical posts, taken as fixed.
    """
    own = posts[posts["data_set"] == data_set]
    ai, rest = chosen(own), chosen(own, "other")
    found = []
    for point, words in POINTS.items():
        one, other = top_share(ai, point), top_share(rest, point)
        between = of_posts.ratio_interval(one.hits, one.n, other.hits, other.n) if one and other else None
        if between is None:
            continue
        part, whole = one.n / (one.n + other.n), (one.hits + other.hits) / (one.n + other.n)
        low, high = (1 / (part + (1 - part) / end) for end in (between.low, between.high))
        found.append(
            {
                "id": f"C10.ratio.{data_set}.{point}",
                "value": one.percent / (100 * whole),
                "low": low,
                "high": high,
                "n": one.n + other.n,
                "says": f"{words} of the range",
                "as_of": of_posts.as_of(posts, data_set),
                "point": point,
            }
        )
    return found


def bracket_table(posts: pd.DataFrame, wanted: Sequence[str], point: str = "mid", scheme: str = "six") -> pd.DataFrame:
    """Distribution over brackets: one row a data set × bracket: data_set, bracket, place (0 = lowest), posts, n, percent, low,
    high (Wilson), rank_low, rank_high (see :func:`rank_interval`)."""
    found = []
    for code in wanted:
        rows = chosen(posts[posts["data_set"] == code])
        if rows.empty:
            continue
        n = rows["n"].to_numpy(dtype=np.int64)
        counts = bracket_counts(annual(rows, point), n, scheme)
        for place, (label, count) in enumerate(zip(bracket_labels(scheme), counts, strict=True)):
            interval, standing = share_interval(int(count), int(n.sum())), rank_interval(counts, place)
            found.append(
                {
                    "data_set": code,
                    "bracket": label,
                    "place": place,
                    "posts": int(count),
                    "n": int(n.sum()),
                    "percent": 100 * count / n.sum(),
                    "low": interval.low,
                    "high": interval.high,
                    "rank_low": standing.low,
                    "rank_high": standing.high,
                }
            )
    columns = ["data_set", "bracket", "place", "posts", "n", "percent", "low", "high", "rank_low", "rank_high"]
    return pd.DataFrame(found, columns=columns)


def rank_table(posts: pd.DataFrame, wanted: Sequence[str]) -> pd.DataFrame:
    """Where the largest bracket changes: one row a data set × scheme × point, AI technical titles by rule v1.

    Returns:
        Columns data_set, scheme, point (``min``, ``mid``, ``max``), largest (label of the largest bracket), rank_low and
        rank_high of the bracket that begins at 500,000 yuan (:func:`rank_interval`), n.
    """
    found = []
    for code in wanted:
        rows = chosen(posts[posts["data_set"] == code])
        if rows.empty:
            continue
        n = rows["n"].to_numpy(dtype=np.int64)
        for scheme, point in itertools.product(SCHEMES, POINTS):
            counts = bracket_counts(annual(rows, point), n, scheme).tolist()
            standing = rank_interval(counts, claimed_bracket(scheme))
            found.append((code, scheme, point, largest(counts, scheme), int(standing.low), int(standing.high), int(n.sum())))
    return pd.DataFrame(found, columns=["data_set", "scheme", "point", "largest", "rank_low", "rank_high", "n"])


def by_search(posts: pd.DataFrame, data_set: str = "J05", point: str = "mid") -> pd.DataFrame:
    """One row a search word of a set: search, says (English), computing (bool), posts (with usable pay), n_of_set (its part of
    all of them, percent), percent, low, high (share at or above 500,000 yuan); the largest share first."""
    own = chosen(posts[posts["data_set"] == data_set], "all")
    own = own[own["search"].notna()]
    found = []
    for word, rows in own.groupby("search"):
        one = top_share(rows, point)
        found.append(
            {
                "search": word,
                "says": SEARCHES.get(word, word),
                "computing": word in COMPUTING,
                "posts": one.n,
                "n_of_set": 100 * one.n / int(own["n"].sum()),
                "percent": one.percent,
                "low": one.low,
                "high": one.high,
            }
        )
    columns = ["search", "says", "computing", "posts", "n_of_set", "percent", "low", "high"]
    return pd.DataFrame(found, columns=columns).sort_values(["percent", "search"], ascending=[False, True], ignore_index=True)


def pairs(
    posts: pd.DataFrame, printed_ai: float, printed_all: float, data_sets: Sequence[str] = ("J05", "J06")
) -> pd.DataFrame:
    """Both printed shares under one way of counting at a time, in sets that hold other posts than an AI search finds.

    Returns:
        One row a data set × place × months × point: data_set, place, months, point (in words), ai and all (Interval of the
        share at or above 500,000 yuan, percent), n_ai, n_all, fits_ai, fits_all (bool: does the interval hold the printed
        share?). Ways with fewer than :data:`posts.LEAST_POSTS` AI technical posts are left out.
    """
    found = []
    sets = {code: posts[posts["data_set"] == code] for code in data_sets}
    ways = itertools.product(data_sets, of_posts.PLACES, ("stated", "twelve"), POINTS)
    for code, place, months, point in ways:
        own = sets[code]
        one, every = (top_share(chosen(own, group, place=place), point, months) for group in ("technical", "all"))
        if one is None or every is None or one.n < LEAST_POSTS:
            continue
        found.append(
            {
                "data_set": code,
                "place": {"all": "all places", "shanghai": "Shanghai", "pudong": "Pudong"}[place],
                "months": "months as stated" if months == "stated" else "twelve months",
                "point": POINTS[point],
                "ai": Interval(one.low, one.high),
                "n_ai": one.n,
                "all": Interval(every.low, every.high),
                "n_all": every.n,
                "fits_ai": one.low <= printed_ai <= one.high,
                "fits_all": every.low <= printed_all <= every.high,
            }
        )
    columns = ["data_set", "place", "months", "point", "ai", "n_ai", "all", "n_all", "fits_ai", "fits_all"]
    return pd.DataFrame(found, columns=columns).astype({"fits_ai": bool, "fits_all": bool})


# ------------------------------------------------------------------------------------------------ the multiverses of C10


class _State(NamedTuple):
    rows: np.ndarray
    rule_version: str = "v1"
    titles: str = "technical"
    units: str = "usable"
    months: str = "stated"
    point: str = "mid"
    brackets: str = "six"
    weights: str = "pooled"


def _set(field: str, value: str) -> Any:
    return lambda state: state._replace(**{field: value})


_UNIT_WORDS = {
    "usable": ("pay by month or year", "按月或按年计薪"),
    "usable_and_hourly": ("pay by week, day and hour as well", "另含按周、按日、按小时计薪"),
    "not_yearly_looking": ("no monthly pay that looks yearly", "去掉疑似误填年薪的月薪"),
}
_POINT_WORDS = {
    "middle": ("middle of the pay range", "薪酬区间中点"),
    "minimum": ("minimum of the pay range", "薪酬区间下限"),
    "maximum": ("maximum of the pay range", "薪酬区间上限"),
}
BRACKET_WORDS = {
    "six": ("six brackets, open from 500,000", "六档，50万元以上不封顶"),
    "fine": ("brackets of 50,000, open from 500,000", "每5万元一档，50万元以上不封顶"),
    "equal_100k": ("brackets of 100,000 to one million", "每10万元一档，直到100万元"),
    "report_guess": ("300,000–500,000 joined (a guess)", "30万至50万元并为一档（推测）"),
}


def _pay_axes(declared: Mapping[str, str]) -> list[Any]:
    """The axes units, months and point, which set the fields of the same names of the state."""
    short = {words: key for key, words in POINTS.items()}
    return [
        axis(
            "units", declared["units"], "which pay texts",
            {name: (_set("units", name), *words) for name, words in _UNIT_WORDS.items()}, "哪些薪酬写法",
        ),
        axis(
            "months", declared["months"], "how many months a year are paid",
            {
                "stated": (_set("months", "stated"), "months as stated", "按写明的月数"),
                "twelve": (_set("months", "twelve"), "twelve months for every post", "一律十二个月"),
            },
            "一年按几个月计",
        ),
        axis(
            "point", declared["point"], "which point of a pay range",
            {name: (_set("point", short[name]), *words) for name, words in _POINT_WORDS.items()}, "薪酬区间取哪一点",
        ),
    ]  # fmt: skip


class _Pay(NamedTuple):
    """Annual pay and usable rows of the whole tally, once for a study."""

    amounts: Mapping[tuple[str, str], np.ndarray]  # by point and months
    usable: Mapping[str, np.ndarray]

    def of(self, state: _State, rows: np.ndarray) -> np.ndarray:
        return self.amounts[state.point, state.months][rows]


def _pay(posts: pd.DataFrame) -> _Pay:
    amounts = {(point, months): annual(posts, point, months) for point in POINTS for months in ("stated", "twelve")}
    return _Pay(amounts, {units: usable(posts, units) for units in UNITS})


def _technical_study(id: str, posts: pd.DataFrame, question: str, estimate: Any, unit: str, more: Sequence[Any] = ()) -> Study:
    """A study over AI technical posts: ``estimate(state, amounts, n)`` gets the pay and the posts of the chosen rows."""
    declared, held, pay = registry.headline(id), of_posts.codes(posts), _pay(posts)
    sets = of_posts.usable_sets(posts, pd.Series(pay.usable["usable"], index=posts.index))
    groups = {name: of_posts.GROUPS[name] for name in ("technical", "algorithm")}
    member = {(v, g): np.isin(held.title[v], classes) for v in held.title for g, classes in groups.items()}

    def kept(state: _State) -> np.ndarray:
        mask = member[state.rule_version, state.titles] & pay.usable[state.units]
        return state.rows[mask[state.rows]]

    def read(state: _State) -> Interval | None:
        rows = kept(state)
        return estimate(state, pay.of(state, rows), held.n[rows]) if int(held.n[rows].sum()) >= LEAST_POSTS else None

    def counted(state: _State) -> Any:
        rows = kept(state)
        return rows.tobytes(), pay.of(state, rows).tobytes(), state.brackets

    axes = [
        of_posts.set_axis(held, of_posts.default_set(declared["data_set"], sets, posts), sets),
        of_posts.place_axis(held, declared["place"]),
        of_posts.odd_axis(held, declared["odd_snapshots"]),
        *of_posts.title_axes(declared, ("technical", "algorithm")),
        *_pay_axes(declared),
        *more,
    ]
    return study(
        id,
        _State(np.arange(len(posts))),
        axes,
        read,
        unit=unit,
        population="AI technical posts found by keyword searches on single platforms",
        questions=(question,),
        exclude=of_posts.empty_corners(held, sets),
        fingerprint=counted,
    )


def top_study(posts: pd.DataFrame | None = None) -> Study:
    """C10a: share of AI technical posts at or above 500,000 yuan a year, percent, with Wilson's interval.

    Args:
        posts: tally as ``posts.load`` gives it; default the published one.
    """

    def estimate(state: _State, amounts: np.ndarray, n: np.ndarray) -> Interval:
        return share_interval(int(n[amounts >= THRESHOLD].sum()), int(n.sum()))

    return _technical_study("C10", of_posts.load() if posts is None else posts, "ge500k", estimate, "percent")


def rank_study(posts: pd.DataFrame | None = None) -> Study:
    """C10b: rank of the bracket that begins at 500,000 yuan among all brackets, as :func:`rank_interval`."""

    def estimate(state: _State, amounts: np.ndarray, n: np.ndarray) -> Interval:
        return rank_interval(bracket_counts(amounts, n, state.brackets).tolist(), claimed_bracket(state.brackets))

    brackets = axis(
        "brackets", registry.headline("C10b")["brackets"], "which brackets",
        {name: (_set("brackets", name), *words) for name, words in BRACKET_WORDS.items()}, "怎样分档",
    )  # fmt: skip
    return _technical_study("C10b", of_posts.load() if posts is None else posts, "top_rank", estimate, "rank", [brackets])


def all_posts_study(posts: pd.DataFrame | None = None) -> Study | None:
    """C10c: share of all posts at or above 500,000 yuan a year, percent, with Wilson's interval.

    With equal weights the share is the mean of the shares of the searches, with the interval of a stratified sample
    (normal approximation: the half-widths of the searches' Wilson intervals, added as squares).

    Returns:
        None where the tallies hold neither J05 nor J06: no other published set has several kinds of work.
    """
    posts = of_posts.load() if posts is None else posts
    declared, held, pay = registry.headline("C10c"), of_posts.codes(posts), _pay(posts)
    mixed = ("J05", "J06") if (posts["source_id"] != tables.OWN_ROWS).all() else of_posts.sets(posts)
    sets = [code for code in of_posts.sets(posts) if code in mixed and posts["decides"][(posts["data_set"] == code)].any()]
    if not sets:
        return None
    search = posts["search"].fillna("").to_numpy(dtype=object).astype(str)
    of_word = {word: search == word for word in sorted(set(search) - {""})}
    of_set = {code: [word for word, mask in of_word.items() if mask[held.data_set == code].any()] for code in sets}
    computing = np.isin(search, COMPUTING)

    def share_of(state: _State, rows: np.ndarray) -> tuple[int, int]:
        amounts, n = pay.of(state, rows), held.n[rows]
        return int(n[amounts >= THRESHOLD].sum()), int(n.sum())

    def read(state: _State) -> Interval | None:
        rows = state.rows[pay.usable[state.units][state.rows]]
        if int(held.n[rows].sum()) < LEAST_POSTS:
            return None
        if state.weights == "pooled":
            return share_interval(*share_of(state, rows))
        words = of_set[held.data_set[rows[0]]]
        parts = [share_of(state, rows[of_word[word][rows]]) for word in words]
        if any(n < LEAST_POSTS for _, n in parts):
            return None
        middle = math.fsum(100 * hits / n for hits, n in parts) / len(parts)
        ends = [share_interval(hits, n) for hits, n in parts]
        down = math.sqrt(math.fsum((100 * h / n - i.low) ** 2 for (h, n), i in zip(parts, ends, strict=True))) / len(parts)
        up = math.sqrt(math.fsum((i.high - 100 * h / n) ** 2 for (h, n), i in zip(parts, ends, strict=True))) / len(parts)
        return Interval(middle - down, middle + up)

    def counted(state: _State) -> Any:
        rows = state.rows[pay.usable[state.units][state.rows]]
        return rows.tobytes(), pay.of(state, rows).tobytes(), state.weights

    axes = [
        of_posts.set_axis(held, of_posts.default_set(declared["data_set"], sets, posts), sets),
        axis(
            "searches", declared["searches"], "how the searches are weighed",
            {
                "pooled": (None, "all posts as they stand", "全部岗位直接合计"),
                "equal_weights": (_set("weights", "equal"), "every search with equal weight", "各检索词等权"),
            },
            "各检索词如何加权",
        ),
        axis(
            "mix", declared["mix"], "which occupations: how far a mix can move the share",
            {
                "all_ten": (None, "all ten", "全部十类"),
                "computing": (of_posts.cut(computing), "the five computing searches only", "仅五类计算机检索"),
                "other_work": (of_posts.cut(~computing), "the five other searches only", "仅五类其他检索"),
            },
            "哪些职业：构成能使比重变动多少", role="bound",
        ),
        of_posts.place_axis(held, declared["place"]),
        *_pay_axes(declared),
    ]  # fmt: skip
    corners = [rule for rule in of_posts.empty_corners(held, sets) if "odd_snapshots" not in rule]
    without = [code for code in sets if not (search[held.data_set == code] != "").any()]
    corners += [{"data_set": code, name: choices} for code in without for name, choices in _NEEDS_SEARCH.items()]
    return study(
        "C10c",
        _State(np.arange(len(posts))),
        axes,
        read,
        unit="percent",
        population="all posts found by a set of occupation searches on one platform",
        questions=("ge500k",),
        exclude=[*corners, {"searches": "equal_weights", "mix": ("computing", "other_work")}],
        fingerprint=counted,
    )


_NEEDS_SEARCH = {"searches": ("equal_weights",), "mix": ("computing", "other_work")}
"""Choices that need the search word of each post."""
