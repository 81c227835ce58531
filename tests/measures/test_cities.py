"""Cities by talent: shares, places, the cluster bootstrap, published rankings, and the study of C04."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount import registry, tables
from recount.hedges import Interval
from recount.measures import cities

ROWS = [
    # venue, year, city, slots, strict, names
    ("A", 2020, "Shanghai", 10, 9, 8), ("A", 2020, "Beijing", 30, 20, 20), ("A", 2020, cities.UNRESOLVED, 10, 21, 12),
    ("B", 2021, "Shanghai", 30, 30, 20), ("B", 2021, "Beijing", 10, 5, 10), ("B", 2021, "Hangzhou", 10, 2, 10),
    ("B", 2021, "Hong Kong", 500, 500, 500),
]  # fmt: skip
FRAME = pd.DataFrame(
    ROWS, columns=["venue", "year", "city", "author_slots", "author_slots_strict", "distinct_author_names"]
)  # fmt: skip


def test_a_grid_leaves_hong_kong_out_and_keeps_the_unresolved_last():
    made = cities.grid("slots", FRAME)
    assert made.conferences == (("A", 2020), ("B", 2021))
    assert made.places == ("Beijing", "Hangzhou", "Shanghai", cities.UNRESOLVED)
    assert made.counts.tolist() == [[30, 0, 10, 10], [10, 10, 30, 0]]
    assert made.of(frozenset({("B", 2021)})).counts.tolist() == [[10, 10, 30, 0]]
    with pytest.raises(tables.RecountError, match="no way of counting 'heads'.*Remedy"):
        cities.grid("heads", FRAME)
    with pytest.raises(tables.RecountError, match="no rows"):
        cities.grid("slots", FRAME[FRAME["city"] == "Hong Kong"])


def test_slots_are_summed_and_distinct_names_are_averaged():
    assert cities.shares_percent(cities.grid("slots", FRAME)) == pytest.approx([40, 10, 40, 10])
    # names: 20/40, 0, 8/40, 12/40 and 10/40, 10/40, 20/40, 0
    assert cities.shares_percent(cities.grid("distinct_names", FRAME)) == pytest.approx([37.5, 12.5, 35, 15])


def test_cities_of_one_size_share_their_place():
    ordered = cities.by_city(cities.grid("slots", FRAME))
    assert ordered["city"].tolist() == ["Beijing", "Shanghai", "Hangzhou"]
    assert ordered["place"].tolist() == [1.5, 1.5, 3.0]
    assert ordered["count"].tolist() == [40, 40, 10]
    assert cities.by_city(cities.grid("distinct_names", FRAME))["count"].isna().all()
    steps = cities.steps_down(ordered)
    assert (steps["city"][0], steps["next"][0], steps["ratio"][0]) == ("Shanghai", "Hangzhou", 4.0)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8))
def test_places_are_those_of_a_ranking(sizes):
    values = np.array(sizes, dtype=float)
    places = [cities.place_of(values, at) for at in range(len(sizes))]
    assert sum(places) == pytest.approx(len(sizes) * (len(sizes) + 1) / 2)
    for one, other in ((a, b) for a in range(len(sizes)) for b in range(len(sizes))):
        assert (values[one] > values[other]) == (places[one] < places[other])


def test_the_extreme_case_gives_every_uncertain_slot_to_shanghai():
    slots, strict = cities.grid("slots", FRAME), cities.grid("strict", FRAME)
    assert cities.uncertain_to_city(slots, slots).counts.tolist() == [[30, 0, 20, 0], [10, 10, 30, 0]]
    moved = cities.uncertain_to_city(strict, slots)
    assert moved.counts.tolist() == [[20, 0, 30, 0], [5, 2, 43, 0]]
    assert moved.counts.sum() == slots.counts.sum()


def test_each_conference_year_on_its_own():
    alone = cities.each_conference({name: cities.grid(name, FRAME) for name in cities.COLUMNS})
    assert alone[["venue", "year", "total", "first"]].to_numpy().tolist() == [
        ["A", 2020, 50, "Beijing"],
        ["B", 2021, 50, "Shanghai"],
    ]
    assert alone["own_percent"].tolist() == [20, 60] and alone["first_percent"].tolist() == [60, 60]
    assert alone[list(cities.COLUMNS)].to_numpy().tolist() == [[2, 2, 2], [1, 1, 1]]


# --- bootstrap -------------------------------------------------------------------------------------------------------


def made_up_grid(years: int = 9, seed: int = 3) -> cities.Grid:
    counts = np.random.default_rng(seed).poisson([60, 30, 25, 5], (years, 4)).astype(float)
    conferences = tuple(("A", 2000 + at) for at in range(years))
    return cities.Grid("slots", conferences, ("Beijing", "Hangzhou", "Shanghai", cities.UNRESOLVED), counts)


def test_the_bootstrap_is_seeded_and_agrees_with_scipy():
    from scipy import stats

    made = made_up_grid()
    mine = cities.bootstrap(made, draws=20_000)
    assert (mine.shares == cities.bootstrap(made, draws=20_000).shares).all()

    def share(rows, axis=-1):
        picked = made.counts[rows.astype(int)]  # (…, years, places)
        return 100 * picked[..., 2].sum(axis=-1) / picked.sum(axis=(-2, -1))

    other = stats.bootstrap(
        (np.arange(9),), share, n_resamples=20_000, method="percentile", vectorized=True, rng=np.random.default_rng(1)
    )
    own = mine.share("Shanghai")
    assert (own.low, own.high) == pytest.approx(tuple(other.confidence_interval), abs=0.15)


def test_equal_conference_years_leave_nothing_to_chance():
    same = cities.Grid("slots", (("A", 1), ("A", 2)), ("Beijing", "Shanghai", cities.UNRESOLVED), np.array([[3.0, 1, 0]] * 2))
    drawn = cities.bootstrap(same, draws=50)
    assert drawn.share("Shanghai") == Interval.point(25) and drawn.place("Shanghai") == Interval.point(2)
    assert drawn.places_percent("Beijing").to_dict("list") == {"place": [1.0], "percent": [100.0]}


@given(seed=st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_the_interval_holds_what_the_rows_give_and_ends_are_places(seed):
    made = made_up_grid(6, seed)
    for counted in (made, cities.Grid("distinct_names", made.conferences, made.places, made.counts)):
        drawn = cities.bootstrap(counted, draws=400, seed=seed)
        share = cities.shares_percent(counted)[2]
        assert drawn.share("Shanghai", 0.999).low - 1e-9 <= share <= drawn.share("Shanghai", 0.999).high + 1e-9
        ends = drawn.place("Shanghai")
        assert {ends.low, ends.high} <= set(drawn.places("Shanghai"))
        assert drawn.places_percent("Shanghai")["percent"].sum() == pytest.approx(100)


# --- published rankings ----------------------------------------------------------------------------------------------


def test_a_place_is_given_or_bounded_or_unknown():
    assert cities.place_interval(3, "Beijing") == Interval.point(3)
    assert cities.place_interval(math.nan, "Beijing") == Interval(2, math.inf)
    assert cities.place_interval(None, None) is None and cities.place_interval(None, "Shanghai") is None


def test_rankings_leave_out_the_report_tiers_shares_and_later_rows():
    frame = pd.DataFrame(
        [
            ("R01", "ranking", True, "Shanghai", 1, "2025-12-06", "report", "a"),
            ("R02", "ranking", True, "Beijing", 2, "2020-01-01", "commercial", "b"),
            ("R03", "ranking", True, "Shanghai", 1, "2020-01-01", "press", "b"),
            ("R04", "ranking", True, "Shanghai", 1, "2026-01-01", "press", "c"),
            ("R05", "tier", True, "Beijing", None, "2020-01-01", "press", "d"),
            ("R06", "share", True, None, None, "2020-01-01", "press", "e"),
            ("R07", "ranking", False, "Shanghai", 1, "2020-01-01", "press", "f"),
        ],
        columns=["ranking_id", "kind", "ai_talent", "first_city", "shanghai_place", "known_by", "grade", "chain"],
    )
    assert cities.rankings(frame)["ranking_id"].tolist() == ["R02", "R03"]
    assert cities.rankings(frame, ai_only=False)["ranking_id"].tolist() == ["R02", "R03", "R07"]
    assert cities.by_chain(cities.rankings(frame)) == (1, 1)


def test_every_published_ranking_has_a_group_and_names():
    ids = set(cities.rankings(ai_only=False)["ranking_id"])
    grouped = [id for group in cities.GROUPS.values() for id in group]
    assert sorted(grouped) == sorted(ids) == sorted(cities.SHORT) == sorted(cities.ZH)
    apart = set(ids) - set(cities.rankings()["ranking_id"])
    assert apart == set(cities.GROUPS["Not AI talent"])


def test_rows_of_the_pictures():
    grids = {name: cities.grid(name, FRAME) for name in ("slots", "strict")}
    drawn = {name: cities.bootstrap(counted, draws=50) for name, counted in grids.items()}
    rows = cities.share_rows(grids, drawn, {"slots": "one", "strict": "other"}, top=2)
    assert rows["section"].tolist() == ["one", "one", "other", "other"]
    assert rows.loc[rows["label"].eq("Shanghai"), "series"].eq("Shanghai").all() and (rows["low"] <= rows["high"]).all()
    own = pd.DataFrame([{"section": "own", "label": "x", "value": 4.0, "low": 3.0, "high": 4.0, "source_id": "s"}])
    places = cities.place_rows(own)
    assert len(places) == 1 + len(cities.SHORT) and places["low"].notna().all() and places["value"].notna().sum() == 1


# --- the study -------------------------------------------------------------------------------------------------------


def test_the_study_is_the_declared_one():
    study = cities.city_study()
    assert study.defaults == registry.headline("C04")
    declared = {row.axis: {row.choice, *row.alternatives} for row in registry.headline_rows("C04") if row.role != "question"}
    assert {axis.name: set(axis.choices) for axis in study.axes} == declared
    for axis in study.axes:
        assert all(choice.en and choice.zh for choice in axis.choices.values())


def test_the_study_counts_what_the_grid_counts():
    study = cities.city_study().evaluate()
    slots = cities.by_city(cities.grid("slots")).set_index("city")
    assert study.headline["rank"] == Interval.point(slots.loc["Shanghai", "place"])
    assert study.headline["share"].low == pytest.approx(slots.loc["Shanghai", "share_percent"])
    # one conference in one year only: naming the venue, the year or both is one way to count
    assert study.at("rank", year="2020") == study.at("rank", venue="ijcai", year="2020")
    counted = study.frame[study.frame["counted"] & (study.frame["question"] == "rank")]
    assert set(counted["ranking"]) == {"none"} and set(counted["unlocated"]) == {"denominator"}
    assert study.at("rank", ranking="R06") == Interval.point(3) and study.at("rank", ranking="R12") == Interval(2, math.inf)
    with pytest.raises(tables.RecountError, match="declared impossible"):
        study.at("rank", venue="aaai", year="2020")
