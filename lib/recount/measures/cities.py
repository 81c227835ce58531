"""Cities by talent: author slots at AI conferences, published rankings, and the study of C04.

Authors of papers are researchers, a proxy for the AI workforce; published rankings count other people again, so they
are never pooled with the authors: each keeps *who is counted*.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from recount import multiverse, registry, tables
from recount.hedges import Interval

if TYPE_CHECKING:
    import pandas as pd

AUTHORS, RANKINGS = "conference_authors_by_city", "city_rankings"
CITY = "Shanghai"
UNRESOLVED = "CN unresolved"
"""China without a city: in the denominator of every share, never a city of its own."""
NOT_MAINLAND = ("Hong Kong", "Macau")
COLUMNS = {"slots": "author_slots", "strict": "author_slots_strict", "distinct_names": "distinct_author_names"}
"""Way of counting → column. Names are distinct within one conference-year, so over several their shares are averaged."""

Conference = tuple[str, int]
"""Venue and year."""


@dataclass(frozen=True)
class Grid:
    """Counts of one column: ``counts[i, j]`` (float) for conference-year ``conferences[i]`` and place ``places[j]``.

    The last place is UNRESOLVED; the others are mainland cities.
    """

    counting: str
    conferences: tuple[Conference, ...]
    places: tuple[str, ...]
    counts: np.ndarray

    @property
    def cities(self) -> tuple[str, ...]:
        """The places that are cities."""
        return self.places[:-1]

    def of(self, conferences: frozenset[Conference]) -> Grid:
        """The same counts for some conference-years only, in the same order."""
        keep = [at for at, one in enumerate(self.conferences) if one in conferences]
        return Grid(self.counting, tuple(self.conferences[at] for at in keep), self.places, self.counts[keep])


def grid(counting: str, frame: pd.DataFrame | None = None) -> Grid:
    """Counts by conference-year and mainland place, from rows that may decide.

    Args:
        counting: key of COLUMNS.
        frame: rows as in ``conference_authors_by_city``; default that table.

    Raises:
        RecountError: an unknown way of counting, or no rows.
    """
    if counting not in COLUMNS:
        raise tables.RecountError(f"cities: no way of counting {counting!r}. Remedy: use one of {', '.join(COLUMNS)}.")
    rows = tables.may_decide(tables.load(AUTHORS)) if frame is None else frame
    rows = rows[~rows["city"].isin(NOT_MAINLAND)]
    if rows.empty:
        raise tables.RecountError(f"{AUTHORS}: no rows. Remedy: restore the table.")
    wide = rows.pivot_table(index=["venue", "year"], columns="city", values=COLUMNS[counting], aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=[*sorted(set(wide.columns) - {UNRESOLVED}), UNRESOLVED], fill_value=0)
    conferences = tuple((str(venue), int(year)) for venue, year in wide.index)
    return Grid(counting, conferences, tuple(wide.columns), wide.to_numpy(dtype=float))


def shares_percent(counted: Grid) -> np.ndarray:
    """Share of each place in percent, UNRESOLVED included, shape (places,).

    Slots are summed over conference-years. Distinct names must not be (one name can stand at several conferences), so
    the shares of the conference-years are averaged instead, each with the same weight.
    """
    if counted.counting == "distinct_names":
        return (100 * counted.counts / counted.counts.sum(axis=1, keepdims=True)).mean(axis=0)
    total = counted.counts.sum(axis=0)
    return 100 * total / total.sum()


def place_of(shares: np.ndarray, at: int) -> float:
    """Rank of entry ``at`` from the largest down; entries of equal size share the mean of their places (first two: 1.5)."""
    size = shares[at]
    return float((shares > size).sum() + ((shares == size).sum() + 1) / 2)


def by_city(counted: Grid) -> pd.DataFrame:
    """Cities with ``city, count, share_percent, place``, the largest share first; counts are summed for slots only."""
    import pandas as pd

    shares = shares_percent(counted)
    cities = shares[:-1]
    frame = pd.DataFrame({"city": counted.cities, "share_percent": cities})
    frame["count"] = np.nan if counted.counting == "distinct_names" else counted.counts.sum(axis=0)[:-1]
    frame["place"] = [place_of(cities, at) for at in range(len(cities))]
    return frame.sort_values(["place", "city"], ignore_index=True)[["city", "count", "share_percent", "place"]]


def steps_down(ordered: pd.DataFrame) -> pd.DataFrame:
    """How many times as large each city's share is as the next one's: ``city, next, ratio``, the widest step first."""
    import pandas as pd

    share = ordered["share_percent"].to_numpy()
    below = ordered["city"].to_numpy()[1:]
    steps = pd.DataFrame({"city": ordered["city"].to_numpy()[:-1], "next": below, "place": ordered["place"].to_numpy()[:-1]})
    with np.errstate(divide="ignore"):
        steps["ratio"] = share[:-1] / share[1:]
    return steps.sort_values("ratio", ascending=False, kind="stable", ignore_index=True)


def each_conference(grids: dict[str, Grid]) -> pd.DataFrame:
    """Every conference-year on its own: ``venue, year, total`` (slots), ``first`` (city), its and Shanghai's share in percent
    (``first_percent``, ``own_percent``), and Shanghai's place under each way of counting (columns named as in COLUMNS)."""
    import pandas as pd

    rows = []
    for one in grids["slots"].conferences:
        alone = {name: by_city(counted.of(frozenset({one}))).set_index("city") for name, counted in grids.items()}
        slots = alone["slots"]
        rows.append(
            {"venue": one[0], "year": one[1], "total": int(grids["slots"].of(frozenset({one})).counts.sum()),
             "first": slots.index[0], "first_percent": slots["share_percent"].iloc[0],
             "own_percent": slots.loc[CITY, "share_percent"]}
            | {name: frame.loc[CITY, "place"] for name, frame in alone.items()}
        )  # fmt: skip
    return pd.DataFrame(rows)


# --- how much hangs on which conference-years were at hand ---------------------------------------------------------

DRAWS, SEED, LEVEL = 10_000, 20251206, 0.95


@dataclass(frozen=True)
class Bootstrap:
    """Resampled shares in percent, shape (draws, cities)."""

    cities: tuple[str, ...]
    shares: np.ndarray

    def places(self, city: str) -> np.ndarray:
        """Place of a city in each draw, shape (draws,); cities of one size share the mean of their places."""
        own = self.shares[:, [self.cities.index(city)]]
        return (self.shares > own).sum(axis=1) + ((self.shares == own).sum(axis=1) + 1) / 2

    def share(self, city: str, level: float = LEVEL) -> Interval:
        """Percentile interval of a city's share, in percent."""
        low, high = np.quantile(self.shares[:, self.cities.index(city)], [(1 - level) / 2, (1 + level) / 2])
        return Interval(float(low), float(high))

    def place(self, city: str, level: float = LEVEL) -> Interval:
        """Percentile interval of a city's place; its ends are places that were drawn."""
        ends = [(1 - level) / 2, (1 + level) / 2]
        low, high = np.quantile(self.places(city), ends, method="inverted_cdf")
        return Interval(float(low), float(high))

    def places_percent(self, city: str) -> pd.DataFrame:
        """How often each place was drawn: ``place, percent``."""
        import pandas as pd

        place, n = np.unique(self.places(city), return_counts=True)
        return pd.DataFrame({"place": place, "percent": 100 * n / len(self.shares)})


def bootstrap(counted: Grid, draws: int = DRAWS, seed: int = SEED) -> Bootstrap:
    """Cluster bootstrap: whole conference-years are drawn with replacement, as many as there are.

    Slots of one conference-year come from the same papers, laboratories and companies, so they are no independent
    draws; the conference-year is the unit (Davison and Hinkley 1997, *Bootstrap Methods and their Application*, 3.8:
    resampling the highest level of a hierarchy). The percentile intervals say how much hangs on which conference-years
    were at hand; they say nothing about conferences of another kind, or about people who write no papers.

    Args:
        counted: a grid of at least one conference-year.
        draws, seed: size and seed of the resampling (numpy's PCG64 through ``default_rng``).
    """
    years = len(counted.conferences)
    weights = np.random.default_rng(seed).multinomial(years, np.full(years, 1 / years), size=draws)  # draws × years
    if counted.counting == "distinct_names":
        rows = counted.counts / counted.counts.sum(axis=1, keepdims=True)
        shares = 100 * (weights @ rows) / years
    else:
        totals = weights @ counted.counts
        shares = 100 * totals / totals.sum(axis=1, keepdims=True)
    return Bootstrap(counted.cities, shares[:, :-1])


# --- published rankings --------------------------------------------------------------------------------------------

GROUPS = {
    "Staff or profiles": ("R03", "R04", "R11", "R14"),
    "Researchers": ("R10", "R12"),
    "Posts and applications": ("R06", "R07", "R08", "R15"),
    "A part of AI talent": ("R16",),
    "Not AI talent": ("R18", "R19"),
}
"""Who is counted, in a word: section of a figure → rankings."""

SHORT = {
    "R03": "profiles on LinkedIn", "R04": "profiles on Maimai", "R06": "AI posts on Zhaopin", "R07": "applications on Zhaopin",
    "R08": "core AI roles on Zhaopin", "R10": "AI scientists, by papers", "R11": "AI talent, undefined",
    "R12": "AI 2000 scholars", "R14": "core staff", "R15": "demand on Lagou", "R16": "with a background abroad",
    "R18": "all sectors, on Liepin", "R19": "digital talent, LinkedIn",
}  # fmt: skip
"""Who is counted, short enough for a row of a figure."""

ZH = {
    "R03": "有领英档案的人工智能从业者", "R04": "脉脉人工智能人才库", "R06": "智联招聘人工智能岗位",
    "R07": "智联招聘人工智能岗位投递", "R08": "智联招聘核心人工智能岗位需求", "R10": "按论文计的人工智能科学家",
    "R11": "人工智能人才（未定义）", "R12": "AI 2000学者（人次）", "R14": "人工智能产业核心人才",
    "R15": "拉勾人工智能人才需求", "R16": "猎聘平台上有海外背景的人工智能与大数据人才", "R18": "猎聘全行业人才",
    "R19": "有领英档案的数字人才",
}  # fmt: skip
"""Who is counted, in Chinese."""


def place_interval(place: float | None, first_city: str | None) -> Interval | None:
    """Place of Shanghai that a ranking gives: a point; "second or lower" where only another first city is named; else None."""
    if place is not None and place == place:
        return Interval.point(float(place))
    if first_city is None or first_city != first_city or first_city == CITY:
        return None
    return Interval(2.0, math.inf)


def with_places(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``city_rankings`` with the column ``place`` (Interval or None)."""
    rows = rows.astype({"first_city": object, "shanghai_place": float})
    places = [place_interval(*pair) for pair in zip(rows["shanghai_place"], rows["first_city"], strict=True)]
    return rows.assign(place=places)


def rankings(frame: pd.DataFrame | None = None, *, ai_only: bool = True) -> pd.DataFrame:
    """Published rankings of cities by AI talent known by the day of the report, the report's own left out.

    Tiers and bare shares without another city are no rankings. Column ``place`` is added.

    Args:
        frame: rows as in ``city_rankings``; default that table.
        ai_only: False keeps rankings of all or of digital talent, which are no rankings of AI talent.
    """
    rows = tables.load(RANKINGS) if frame is None else frame
    rows = rows[rows["kind"].eq("ranking") & rows["grade"].ne("report") & tables.known(rows)]
    return with_places(rows[rows["ai_talent"]] if ai_only else rows).reset_index(drop=True)


def by_chain(rows: pd.DataFrame) -> tuple[int, int]:
    """Rankings counted by chain (copies of one text are one source): how many, and how many with Shanghai first."""
    return rows["chain"].nunique(), rows.loc[rows["first_city"].eq(CITY), "chain"].nunique()


# --- rows of the pictures ------------------------------------------------------------------------------------------


def share_rows(grids: dict[str, Grid], drawn: dict[str, Bootstrap], headings: dict[str, str], top: int = 6) -> pd.DataFrame:
    """The largest cities under several ways of counting, as ``figures.interval_dots`` draws them.

    Args:
        headings: way of counting → heading, in the order drawn; top: cities for each.

    Returns:
        Columns ``section, label, value, low, high`` (percent), ``series`` (Shanghai or neutral).
    """
    import pandas as pd

    rows = [
        {"section": heading, "label": row.city, "value": row.share_percent, "low": drawn[name].share(row.city).low,
         "high": drawn[name].share(row.city).high, "series": CITY if row.city == CITY else "neutral"}
        for name, heading in headings.items() for row in by_city(grids[name]).head(top).itertuples()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def place_rows(own: pd.DataFrame) -> pd.DataFrame:
    """Shanghai's place under every source, by who is counted: the rows of ``own`` first, then the published rankings.

    Args:
        own: columns ``section, label, value, low, high, source_id``.
    """
    import pandas as pd

    published = rankings(ai_only=False).set_index("ranking_id")
    rows = [
        {"section": heading, "label": f"{SHORT[id]}, {published.loc[id, 'year']} ({id})", "low": published.loc[id, "place"].low,
         "high": published.loc[id, "place"].high, "source_id": published.loc[id, "source_id"]}
        for heading, ids in GROUPS.items() for id in sorted(ids, key=lambda one: published.loc[one, "year"])
    ]  # fmt: skip
    return pd.concat([own, pd.DataFrame(rows)], ignore_index=True)


# --- the study -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """State of the study: which column, which conference-years, who gets slots without a certain city, which ranking."""

    counting: str
    conferences: frozenset[Conference]
    unlocated: bool = False
    ranking: str = ""


def _venue(venue: str, state: Count) -> Count:
    return replace(state, conferences=frozenset(one for one in state.conferences if one[0] == venue))


def _year(year: int, state: Count) -> Count:
    return replace(state, conferences=frozenset(one for one in state.conferences if one[1] == year))


def _set(change: dict[str, object], state: Count) -> Count:
    return replace(state, **change)


def uncertain_to_city(counted: Grid, every: Grid) -> Grid:
    """Extreme case: each slot whose city is not certain is given to Shanghai.

    Args:
        counted: slots or strict slots; every: all slots of the same conference-years. What strict counting leaves out
            (guessed head offices and institutes) is uncertain too.
    """
    counts = counted.counts.copy()
    uncertain = every.counts.sum(axis=1) - counts[:, :-1].sum(axis=1)
    counts[:, counted.places.index(CITY)] += uncertain
    counts[:, -1] = 0
    return Grid(counted.counting, counted.conferences, counted.places, counts)


def city_study() -> multiverse.Study:
    """C04a: place of Shanghai among mainland cities (``rank``) and its share in percent (``share``), by author slots.

    Published rankings are bounds: they count other people, so each stands beside the headline and is never counted.
    """
    grids = {name: grid(name) for name in COLUMNS}
    existing = grids["slots"].conferences
    venues, years = sorted({one[0] for one in existing}), sorted({one[1] for one in existing})
    published = rankings(ai_only=False).set_index("ranking_id")
    chosen = registry.headline("C04")
    axes = (
        multiverse.axis(
            "counting", chosen["counting"], "What is counted?", zh="统计什么？",
            choices={
                "slots": (None, "author slots, guessed cities included", "作者人次，含推定城市"),
                "strict": (partial(_set, {"counting": "strict"}), "author slots with a certain city", "仅城市明确的作者人次"),
                "distinct_names": (
                    partial(_set, {"counting": "distinct_names"}), "distinct names of a conference-year, shares averaged",
                    "每届会议内不重复的姓名，占比取平均",
                ),
            },
        ),
        multiverse.axis(
            "venue", chosen["venue"], "Which conference?", zh="哪个会议？",
            choices={"all": (None, "every conference at hand", "全部会议")}
            | {venue.lower(): (partial(_venue, venue), venue, venue) for venue in venues},
        ),
        multiverse.axis(
            "year", chosen["year"], "Which year?", zh="哪一年？",
            choices={"all": (None, "every year at hand", "全部年份")}
            | {str(year): (partial(_year, year), str(year), f"{year}年") for year in years},
        ),
        multiverse.axis(
            "ranking", chosen["ranking"], "Authors, or a published ranking of other people?",
            zh="统计作者，还是采用对其他人群的排名？", role="bound",
            choices={"none": (None, "authors at the conferences", "会议论文作者")}
            | {
                id: (
                    partial(_set, {"ranking": id}), f"a published ranking of {row.counted}, {row.year}",
                    f"{row.year}年{ZH[id]}排名",
                )
                for id, row in published.iterrows()
            },
        ),
        multiverse.axis(
            "unlocated", chosen["unlocated"], "What of slots without a certain city?",
            zh="城市不明的人次如何处理？", role="bound",
            choices={
                "denominator": (None, "they stay in the total", "计入总数"),
                "shanghai": (partial(_set, {"unlocated": True}), "every one of them given to Shanghai", "全部算作上海"),
            },
        ),
    )  # fmt: skip

    def estimate(state: Count) -> dict[str, float | Interval | None]:
        if state.ranking:
            row = published.loc[state.ranking]
            share = row["shanghai_percent"]
            return {"rank": row["place"], "share": None if share != share else float(share)}
        counted = grids[state.counting].of(state.conferences)
        if state.unlocated:
            counted = uncertain_to_city(counted, grids["slots"].of(state.conferences))
        shares, at = shares_percent(counted), counted.places.index(CITY)
        return {"rank": place_of(shares[:-1], at), "share": float(shares[at])}

    other = set(published.index)
    missing = [
        {"venue": venue.lower(), "year": {str(year) for year in years if (venue, year) not in existing}} for venue in venues
    ]
    return multiverse.study(
        "C04", Count("slots", frozenset(existing)), axes, estimate, unit="rank",
        population="authors with a mainland affiliation at the AI conferences counted", questions=registry.questions("C04"),
        exclude=[
            *(one for one in missing if one["year"]),
            {"ranking": other, "counting": {"strict", "distinct_names"}},
            {"ranking": other, "venue": {venue.lower() for venue in venues}},
            {"ranking": other, "year": {str(year) for year in years}},
            {"ranking": other, "unlocated": "shanghai"},
            {"unlocated": "shanghai", "counting": "distinct_names"},
        ],
    )  # fmt: skip
