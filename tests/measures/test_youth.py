"""Age bands: what a share of one says about another, and the comparators of C08."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount import registry, tables
from recount.hedges import Interval, position
from recount.measures import youth
from recount.measures.youth import AgeBand

BANDS = st.tuples(st.one_of(st.none(), st.integers(16, 60)), st.integers(16, 60)).filter(
    lambda ends: ends[0] is None or ends[0] <= ends[1]
).map(lambda ends: AgeBand(*ends))  # fmt: skip


def test_bands_read_as_people_write_them():
    assert str(AgeBand(None, 35)) == "≤ 35" and str(AgeBand(20, 40)) == "20–40"
    assert AgeBand(25, 35).within(AgeBand(None, 35)) and not AgeBand(None, 35).within(AgeBand(20, 40))
    with pytest.raises(tables.RecountError, match="above.*Remedy"):
        AgeBand(40, 20)


def test_what_a_share_says_about_another_band():
    share = Interval(85, 90, high_open=True)
    assert youth.implied(share, AgeBand(20, 40), AgeBand(20, 40)) == share
    assert youth.implied(share, AgeBand(20, 40), AgeBand(None, 40)) == Interval(85, 100)
    assert youth.implied(share, AgeBand(20, 40), AgeBand(25, 35)) == Interval(0, 90, False, True)
    assert youth.implied(share, AgeBand(20, 40), AgeBand(None, 35)) is None


@given(BANDS, BANDS, st.lists(st.integers(16, 70), min_size=1, max_size=40))
def test_what_it_says_is_true_of_any_staff(band, definition, ages):
    staff = np.array(ages)

    def share(of: AgeBand) -> float:
        return float(100 * ((staff >= (of.low or 0)) & (staff <= of.high)).mean())

    says = youth.implied(Interval.point(share(band)), band, definition)
    if says is not None:
        assert position(Interval.point(share(definition)), says) == "inside"


def test_neighbouring_bands_are_summed():
    summed = youth.share_of(("Y03", "Y04"))
    assert summed.is_point and summed.low == pytest.approx(70.28)
    assert youth.share_of(("Y01",)) == Interval(80, 90) and youth.share_of(("Y02",)) == Interval(85, 90, high_open=True)


def test_every_comparator_s_band_stands_in_the_table():
    figures = tables.load("regional_figures").set_index("figure_id")["population"]
    for one in youth.COMPARATORS:
        ages = {int(n) for id in one.figures for n in re.findall(r"\d+", figures[id])}
        assert one.band.high == max(ages) and (one.band.low is None or one.band.low == min(ages)), one.id
        assert ("biomedicine" in figures[one.figures[0]]) != one.ai
    youths = {id for id in figures.index if id.startswith("Y") and "layer" not in figures[id]}
    shown = {id for one in youth.COMPARATORS for id in one.figures}
    assert youths - shown == {"Y05", "Y06", "Y12"}  # the policy document: no share


def test_tables_of_comparators():
    all_ = youth.comparators()
    assert all_["id"].tolist() == ["Y01", "Y02", "Y03+Y04", "Y09", "Y08", "Y07"]
    assert all_["printed"].tolist() == ["80 to 90", "nearly 90", "70.28", "54", "42.3", "over 60"]
    assert all_.loc[all_["known"], "id"].tolist() == ["Y01", "Y02", "Y03+Y04", "Y09", "Y08"]
    under = youth.under_definitions()
    assert len(under) == len(youth.DEFINITIONS) * len(all_)
    claimed = registry.claim("C08a").reading.default
    ai = under[under["ai"] & under["says"].notna()]
    assert not any(position(says, claimed) == "inside" for says in ai["says"])


def test_rows_of_the_pictures():
    bands = youth.band_rows()
    assert len(bands) == 2 + len(youth.COMPARATORS) and bands["age_high"].isna().sum() == 2
    assert bands["text"].tolist()[:3] == ["over 60%", "nearly three quarters", "80 to 90"]
    rows = youth.definition_rows()
    assert rows["section"].nunique() == len(youth.DEFINITIONS) and (rows["low"] <= rows["high"]).all()
    context = rows[rows["series"].eq("neutral")]
    assert context["note"].tolist() == ["ages ≤ 35 (Y09)", "ages ≤ 35 (Y08)", "ages ≤ 40 (Y07)"]


# --- the printed pair ------------------------------------------------------------------------------------------------


@given(st.integers(1, 50), st.integers(0, 50), st.integers(1, 200), st.integers(0, 200))
def test_the_rest_is_what_is_left(young_in, old_in, young_out, old_out):
    inside, outside = young_in + old_in, young_out + old_out
    total = Interval.point(100 * (young_in + young_out) / (inside + outside))
    rest = youth.rest_percent(total, Interval.point(100 * young_in / inside), 100 * inside / (inside + outside))
    assert rest.low == pytest.approx(100 * young_out / outside, abs=1e-6)


def test_the_rest_of_hedged_shares():
    rest = youth.rest_percent(Interval(60, 70, True, True), Interval(70, 75, False, True), 20)
    assert (rest.low, rest.high, rest.low_open, rest.high_open) == (pytest.approx(56.25), pytest.approx(70), True, True)
    with pytest.raises(tables.RecountError, match="no rest is left"):
        youth.rest_percent(Interval.point(60), Interval.point(60), 100)
    with pytest.raises(tables.RecountError, match="contradict"):
        youth.rest_percent(Interval.point(10), Interval.point(90), 50)


def test_heads_of_a_share():
    assert youth.heads(Interval(90, 100, True, True), Interval(50, 60)) == Interval(45, 60, True, True)
