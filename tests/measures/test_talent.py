"""Shares, implied totals, heads against output and districts (C05), by known answers on made-up figures and by properties."""

from __future__ import annotations

import pytest
from figures_made_up import made_up
from hypothesis import given
from hypothesis import strategies as st

from recount import registry
from recount.hedges import Interval
from recount.measures import growth, intervals, talent
from recount.tables import RecountError

POSITIVE = st.floats(1, 1e6, allow_nan=False)


@pytest.fixture
def figures(monkeypatch) -> dict:
    """Made-up figures in the place of the table's."""
    rows = [
        ("T03", 90, 100), ("S15", 300), ("S06", 240), ("S14", 300, 400), ("T10", 60), ("P02", 90), ("Z03", 30, 40),
        ("P04", 600, 700), ("D01", 1500, 1600), ("D02", 100, 200), ("D03", 30, 60), ("D06", 60, 70),
    ]  # fmt: skip
    table = {row[0]: made_up(*row) for row in rows}
    monkeypatch.setattr(talent, "figure", table.__getitem__)
    return table


def test_a_share_is_the_printed_stock_over_the_total(figures):
    assert talent.share_of(("printed_number", "S15")) == Interval.point(30)
    with_over = intervals.share_percent(Interval(90, 100, True, True), Interval.point(300))
    assert talent.share_of(("printed_interval", "S15")) == with_over
    assert talent.share_of(("printed_number", "S14")) == Interval(22.5, 30, True, True)
    assert talent.share_as_printed("S06") == 37.5


def test_the_study_counts_what_may_decide_and_draws_the_rest():
    study = talent.talent_study().evaluate()
    frame = study.frame
    assert study.defaults == registry.headline("C05")
    assert len(frame) == 10 and frame["counted"].sum() == 4
    assert set(frame.loc[frame["counted"], "city_total"]) == {"S15", "S06"}
    assert not frame.loc[frame["city_total_apart"].ne("none"), "counted"].any()


@given(stock=POSITIVE, low=st.floats(1, 50), more=st.floats(0, 49))
def test_the_implied_total_gives_the_share_back(stock, low, more):
    share = Interval(low, low + more)
    total = talent.implied_total(share, Interval.point(stock))
    assert 100 * stock / total.high == pytest.approx(share.low) and 100 * stock / total.low == pytest.approx(share.high)


def test_output_per_head_inside_and_outside(figures):
    parts = talent.heads_and_scale()
    assert parts["the rest of Pudong"] == (Interval(50, 70, True, True), Interval.point(30))
    assert talent.k_yuan_a_head(Interval.point(2), Interval.point(100)) == Interval.point(
        2000
    )  # 200 million yuan over 100 heads
    at_printed, span = talent.output_ratio()
    assert at_printed == pytest.approx((60 / 30) / (30 / 60))
    assert (span.low, span.high) == (pytest.approx((60 / 40) / (30 / 50)), pytest.approx((60 / 30) / (30 / 70)))
    assert list(talent.heads_frame()["part"]) == list(parts)


def test_districts_by_other_counts(figures):
    ratios = talent.district_ratios()
    assert {name: talent.ahead(ratio) for name, ratio in ratios.items()} == {
        "companies": "Xuhui", "scale": "Xuhui", "scale of 2024": "Pudong", "registered models": "Xuhui",
    }  # fmt: skip
    assert (ratios["registered models"].low, ratios["registered models"].high) == (pytest.approx(3 / 7), pytest.approx(2 / 3))
    frame = talent.district_frame()
    assert len(frame) == 4 and set(frame["section"]) == {"known in time"}


def test_a_range_across_one_leaves_the_order_open():
    assert talent.ahead(Interval(0.8, 1.6, True, True)) == "open"
    assert talent.ahead(Interval.point(1)) == "open"
    assert talent.ahead(Interval(1, 2, low_open=True)) == "Pudong"


def test_the_day_of_publication_parts_the_district_rows():
    frame = talent.district_frame()
    assert list(frame["section"]) == ["known in time"] * 3 + ["day not shown"]


# --- growth and differences, used here and in the notebook of C13 ------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "months"), [("2025-08", "2030", 64), ("2024-06", "2025-12-24", 18), ("2023/2024-01", "2024-06", 5)]
)
def test_periods_stand_at_their_end(start, end, months):
    assert growth.years_between(start, end) == months / 12


def test_growth_needs_a_later_end():
    with pytest.raises(RecountError, match="not later"):
        growth.years_between("2025", "2025-12")


@given(start=POSITIVE, rate=st.floats(-50, 300), months=st.integers(1, 120))
def test_growth_gives_its_rate_back(start, rate, months):
    year, month = divmod(months, 12)
    until = f"{2020 + year:04d}-{month + 1:02d}"
    end = start * (1 + rate / 100) ** (months / 12)
    found = growth.a_year(Interval.point(start), "2020-01", Interval.point(end), until)
    assert found.low == pytest.approx(rate, abs=1e-6) and found.high == pytest.approx(rate, abs=1e-6)


@given(a=POSITIVE, b=POSITIVE, wide=st.floats(0, 1e3), x=st.floats(0, 1), y=st.floats(0, 1))
def test_a_difference_holds_every_difference(a, b, wide, x, y):
    left, right = Interval(a, a + wide), Interval(b, b + wide)
    inner = (a + x * wide) - (b + y * wide)
    found = intervals.difference(left, right)
    assert found.low - 1e-6 <= inner <= found.high + 1e-6


def test_an_open_end_stays_open_in_a_difference():
    assert intervals.difference(Interval(5, 6, True, False), Interval(1, 2)) == Interval(3, 5, True, False)
    assert intervals.difference(Interval(5, 6), Interval(1, 2, True, False)) == Interval(3, 5, False, True)
