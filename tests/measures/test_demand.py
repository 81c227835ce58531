"""Published growth on one scale, the study of C12, raw counts within one search, and the control series."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount import registry, tables
from recount.hedges import Interval
from recount.measures import demand
from recount.tables import RecountError


@pytest.mark.parametrize(
    ("value", "unit", "bound", "low", "high"),
    [
        (54, "percent", "exact", 1.54, 1.54),
        (-31.47, "percent", "exact", 0.6853, 0.6853),
        (50, "percent", "ge", 1.5, 1.6),  # over 50: the next ten is 60
        (100, "percent", "approx", 1.5, 2.5),
        (12, "times", "exact", 12, 13),  # the new level, or what came on top of the old one
        (10, "times", "ge", 10, 21),
        (2.74, "times_base", "exact", 2.74, 2.74),
    ],
)
def test_growth_as_a_factor(value, unit, bound, low, high):
    made = demand.factor(value, unit, bound)
    assert (made.low, made.high) == (pytest.approx(low), pytest.approx(high))


def test_growth_that_cannot_be_read():
    with pytest.raises(RecountError, match="persons"):
        demand.factor(5, "persons")
    with pytest.raises(RecountError, match="below zero"):
        demand.factor(-120, "percent")


@given(st.floats(-99, 1e4))
def test_factor_and_percent_undo_each_other(percent):
    made = demand.factor(percent, "percent")
    assert demand.percent_of(made.low) == pytest.approx(percent, abs=1e-9, rel=1e-9)


@given(st.floats(0.1, 100))
def test_a_multiple_never_lies_below_what_it_names(value):
    made = demand.factor(value, "times")
    assert made.low == pytest.approx(value)
    assert made.high - made.low == pytest.approx(1)


def test_growth_less_a_baseline():
    assert demand.less(Interval.point(54), Interval.point(11)) == Interval.point(43)
    assert demand.less(Interval(50, 60, True, True), Interval.point(40)) == Interval(10, 20, True, True)
    assert demand.less(None, Interval.point(1)) is None
    assert demand.less(Interval.point(1), None) is None


def test_every_figure_shown_is_a_growth_over_a_year():
    growth = demand.published()
    assert sorted(growth["figure_id"]) == sorted(demand.SHOWN)
    assert set(growth["section"]) == set(demand.SECTIONS)
    assert (growth["low"] <= growth["high"]).all()
    apart = growth["section"].isin(["unusable", "later"])
    assert (apart == ~(growth["known"] & growth["usable"])).all()
    compared = [tables.load(name) for name in ("job_published_figures", "shortage_figures")]
    base = pd.concat([frame[["figure_id", "compared_with"]] for frame in compared]).set_index("figure_id")["compared_with"]
    assert set(base[list(demand.SHOWN)]) == {"year_earlier"}


def test_pairs_are_of_one_publisher_and_period():
    growth = demand.published().set_index("figure_id")
    for posts, people in demand.PAIRS:
        assert growth.loc[posts, "producer"] == growth.loc[people, "producer"]
        assert growth.loc[posts, "period"] == growth.loc[people, "period"]
        assert growth.loc[people, "counts"] == demand.SUPPLY
    # a pair whose ranges overlap says nothing about which was faster
    assert set(demand.pairs(demand.published())["supply_faster"]) <= {True, False, None}


def test_the_study_is_the_declared_one():
    study = demand.roles_study()
    declared = registry.headline("C12")
    assert {axis.name: axis.default for axis in study.axes} == {name: declared[name] for name in ("published", "baseline")}
    frame = study.evaluate().frame
    assert len(frame) == 5 * 2
    assert set(frame["published"][frame["baseline"] == "minus_all_ai_posts"]) == {"zhaopin_2025q3", "liepin_2025h1"}
    only_one = frame[frame["question"].eq("ai_product_manager") & frame["counted"]]
    assert set(only_one["published"]) == {"zhaopin_2025q3"}


def test_growth_is_read_only_from_rows_of_growth():
    assert demand.growth_percent("") is None
    with pytest.raises(tables.UnknownIdError):
        demand.growth_percent("Q99")
    with pytest.raises(RecountError, match="no growth in percent"):
        demand.growth_percent("Q21")


def test_first_and_last_by_hand():
    ends = demand.first_and_last(pd.Series([100, 150, 400], index=["2017-01-01", "2017-06-01", "2019-01-01"]))
    assert (ends["first"], ends["last"], ends["ratio"], ends["days"]) == (100, 400, 4, 730)
    assert ends["percent_a_year"] == pytest.approx(100, abs=0.2)  # ×4 in two years is ×2 a year
    assert math.isnan(demand.first_and_last(pd.Series([5], index=["2017-01-01"]))["percent_a_year"])


def test_open_posts_add_up_over_cities_and_leave_gaps_out():
    frame = tables.load("open_posts_by_keyword")
    series = demand.open_posts(cities=("Shanghai", "Shenzhen"))
    day = series.index[10]
    mine = frame[
        frame["site"].eq("51job.com") & frame["keyword"].eq("人工智能") & frame["date"].eq(day)
        & frame["city"].isin(["Shanghai", "Shenzhen"])
    ]  # fmt: skip
    assert len(mine) == 2
    assert series[day] == mine["open_posts"].sum()
    assert list(series.index) == sorted(series.index)
    with pytest.raises(RecountError, match="no day"):
        demand.open_posts(cities=("Chengdu",))


def test_each_search_is_a_multiple_of_its_own_first_day():
    frame = demand.indexed(("Shanghai",))
    assert (frame.groupby(["site", "keyword"])["multiple"].first() == 1).all()
    assert not frame.duplicated(["site", "keyword", "date"]).any()


def test_control_series_draws_the_month_of_the_report_apart():
    frame = demand.control()
    assert set(frame["country"]) == {"US", "GB", "DE"}
    assert frame[frame["later"]]["month"].min() == "2025-12"
    assert frame[~frame["later"]]["month"].max() == "2025-11"
