"""Formulas of shortage measures by hand and by property, and how a value is placed under a definition."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.hedges import Interval
from recount.measures import periods, shortage
from recount.tables import RecountError

COUNTS = st.floats(1, 1e7)
FRACTIONS = st.floats(0, 1)


def test_formulas_by_hand():
    # 200 posts, 100 seekers
    assert shortage.seekers_over_posts(200, 100) == 0.5
    assert shortage.posts_over_seekers(200, 100) == 2
    assert shortage.gap_rate(200, 100) == 0.5
    assert shortage.normalised_imbalance(300, 100) == 0.5
    assert shortage.difficulty_share(81, 100) == 0.81
    assert shortage.composite(0.2, 0.8, 0.5) == pytest.approx(0.5)
    assert shortage.composite(0.2, 0.8, 0.25) == pytest.approx(0.35)


@pytest.mark.parametrize("formula", [shortage.seekers_over_posts, shortage.posts_over_seekers, shortage.gap_rate])
@pytest.mark.parametrize(("posts", "seekers"), [(0, 1), (1, 0), (-1, 1), (math.nan, 1), (1, math.inf)])
def test_formulas_refuse_what_is_no_count(formula, posts, seekers):
    with pytest.raises(RecountError, match="positive count"):
        formula(posts, seekers)


def test_shares_and_composites_refuse_what_lies_outside():
    with pytest.raises(RecountError, match="no share"):
        shortage.difficulty_share(11, 10)
    with pytest.raises(RecountError, match="quality is 1.1"):
        shortage.composite(0.5, 1.1, 0.5)


FORMULAS = {
    "seekers_over_posts": (shortage.seekers_over_posts, 1, "surplus"),
    "posts_over_seekers": (shortage.posts_over_seekers, 1, "shortage"),
    "gap_rate": (shortage.gap_rate, 0, "shortage"),
    "normalised_imbalance": (shortage.normalised_imbalance, 0, "shortage"),
}


@given(COUNTS, COUNTS, st.sampled_from(sorted(FORMULAS)))
def test_every_formula_says_shortage_exactly_when_posts_outnumber_seekers(posts, seekers, kind):
    formula, neutral, higher = FORMULAS[kind]
    value = formula(posts, seekers)
    if abs(value - neutral) > 1e-9:
        short = (value > neutral) == (higher == "shortage")
        assert short == (posts > seekers)


@given(COUNTS, COUNTS, st.sampled_from(sorted(FORMULAS)))
def test_the_inverse_gives_posts_for_each_seeker_back(posts, seekers, kind):
    value = FORMULAS[kind][0](posts, seekers)
    _, low, high = shortage.INVERSES[kind]
    if low < value < high:  # at very uneven counts a float may round to the open end
        # (1 + v) ÷ (1 − v) loses digits near an end, so the tolerance follows the unevenness
        ratio = posts / seekers
        back = shortage.posts_for_each_seeker(kind, Interval.point(value))
        assert back.low == back.high == pytest.approx(ratio, rel=1e-12 * max(ratio, 1 / ratio) ** 2 + 1e-9)


@given(st.floats(0.01, 0.98), st.floats(0, 0.01), st.sampled_from(sorted(FORMULAS)))
def test_the_inverse_of_an_interval_is_in_order(value, width, kind):
    posts = shortage.posts_for_each_seeker(kind, Interval(value, value + width))
    assert posts.low <= posts.high


def test_the_inverse_knows_its_range_and_its_limits():
    assert shortage.posts_for_each_seeker("composite", Interval.point(0.5)) is None
    with pytest.raises(RecountError, match="outside the range of gap_rate"):
        shortage.posts_for_each_seeker("gap_rate", Interval(0.9, 1.0))


def made_up(**changes) -> shortage.Definition:
    usual = {
        "id": "D99", "name": "made up", "producer": "nobody", "kind": "posts_over_seekers", "low": 0.0, "high": math.inf,
        "neutral": 1.0, "higher_means": "shortage", "own": False, "contradicted": False,
        "source_id": "none",
    }  # fmt: skip
    return shortage.Definition(**(usual | changes))


@pytest.mark.parametrize(
    ("changes", "value", "reading"),
    [
        ({}, Interval(1.1, 1.2), "shortage"),
        ({}, Interval(0.1, 0.2), "surplus"),
        ({"higher_means": "surplus"}, Interval(0.1, 0.2), "shortage"),
        ({"higher_means": "surplus"}, Interval(1.1, 1.2), "surplus"),
        ({"neutral": 0.0, "low": -1.0}, Interval(0.1, 0.2), "shortage"),
        ({}, Interval(0.99, 1.01), "undecidable"),  # the rounding holds the neutral point
        ({}, Interval.point(1.0), "undecidable"),
        ({"neutral": math.nan}, Interval(0.1, 0.2), "undecidable"),
        ({"contradicted": True}, Interval(0.1, 0.2), "undecidable"),
        ({"low": 1.0, "high": 5.0, "neutral": 3.0}, Interval(0.5, 0.52), "undecidable"),  # stars from 1 to 5
    ],
)
def test_placing_a_value(changes, value, reading):
    assert made_up(**changes).reads(value)[0] == reading


def test_a_publisher_contradicts_its_own_neutral_point():
    frame = pd.DataFrame(
        {"definition_id": ["A", "B", "C"], "neutral_point": [1.0, 1.0, math.nan], "higher_means": ["shortage"] * 3}
    )
    figures = pd.DataFrame(
        {
            "definition_id": ["A", "A", "B", "B", "C"],
            "value": [0.8, 2.0, 0.2, 137.6, 0.5],
            "unit": ["index", "index", "index", "persons_10k", "index"],
            "direction": ["shortage", "shortage", "surplus", "surplus", "shortage"],
        }
    )  # A calls 0.8 short; B's only odd value is a count, not the index; C has no neutral point
    assert shortage.contradicted_by_their_publisher(frame, figures) == {"A"}


def test_without_a_formula_nothing_is_placed_unless_balance_alone_may_do_it():
    hidden = made_up(kind="undisclosed")
    assert hidden.reads(Interval(0.5, 0.52)) == ("undecidable", "formula unpublished")
    assert hidden.reads(Interval(0.5, 0.52), formula=False)[0] == "surplus"


def test_counts_leave_own_candidates_out():
    read = pd.DataFrame(
        {
            "reading": ["shortage", "surplus", "surplus", "shortage", "undecidable"],
            "own": [False, False, False, True, False],
        }
    )
    assert shortage.counts(read) == {"shortage": 1, "surplus": 2, "undecidable": 1}


@given(FRACTIONS, FRACTIONS, st.floats(0, 0.9))
def test_the_back_solve_undoes_the_composite(quantity, quality, weight):
    index = shortage.composite(quantity, quality, weight)
    assert shortage.largest_quantity_part(index, quality, weight) == pytest.approx(quantity, abs=1e-9)


@given(FRACTIONS, FRACTIONS, st.floats(0, 0.9), FRACTIONS)
def test_a_stricter_limit_leaves_less_room(index, limit, weight, more):
    stricter = limit + (1 - limit) * more
    loose, strict = (shortage.largest_quantity_part(index, one, weight) for one in (limit, stricter))
    assert strict <= loose + 1e-12


def test_the_back_solve_by_hand():
    assert shortage.largest_quantity_part(0.5, 0.75, 0.5) == 0.25
    assert shortage.largest_quantity_part(0.9, 0.1, 0.5) == 1.0  # any quantity part fits
    assert shortage.largest_quantity_part(0.3, 0.8, 0.5) < 0  # none does
    grid = shortage.quantity_scenarios(Interval(0.5, 0.52), [0.0, 0.5])
    assert len(grid) == 2 * len(shortage.SEVERE_FROM)
    assert (grid["low"] <= grid["high"]).all()


def test_the_tables_hold_what_the_measures_expect():
    read = shortage.readings(Interval(0.505, 0.515))
    assert list(read["definition_id"]) == [f"D{n:02}" for n in range(1, 18)]
    assert read.loc[read["own"], "definition_id"].tolist() == ["D14", "D15", "D16"]
    assert sum(shortage.counts(read).values()) == 14
    assert set(shortage.SHORT) == set(read["definition_id"])
    ratios = shortage.demand_ratios()
    assert ((ratios["low"] < ratios["ratio"]) & (ratios["ratio"] < ratios["high"])).all()


def test_periods():
    assert periods.months("2023") == (2023 * 12, 2023 * 12 + 11)
    assert periods.months("2025Q3") == (2025 * 12 + 6, 2025 * 12 + 8)
    assert periods.months("2023H2") == (2023 * 12 + 6, 2023 * 12 + 11)
    assert periods.months("2024-01/2024-07") == (2024 * 12, 2024 * 12 + 6)
    assert periods.year_of("2022-02/2023-01") == "2022/2023"
    assert periods.year_of("2025Q3") == "2025"
    for wrong in ("2023/2022", "May 2023", "2023Q5"):
        with pytest.raises(RecountError, match="period"):
            periods.months(wrong)
