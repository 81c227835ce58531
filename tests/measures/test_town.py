"""Growth a target needs, earlier targets and the trajectory (C13), by known answers on made-up figures and by properties."""

from __future__ import annotations

import pytest
from figures_made_up import made_up
from hypothesis import given
from hypothesis import strategies as st

from recount.hedges import Interval
from recount.measures import town


@pytest.fixture
def table(monkeypatch) -> dict:
    """Made-up figures in the place of the table's."""
    due = {"Z17": "2028", "T16": "2030", "T17": "2030", "P16": "2023", "P17": "2023", "S20": "2025"}
    rows = [
        ("Z17", 100, 200), ("T16", 400), ("T17", 800), ("T18", 1000, 2000), ("Z19", 10), ("Z20", 400, 500), ("P02", 1600),
        ("P04", 600, 800), ("D01", 1500), ("D02", 1000, 2000), ("P16", 2000), ("P01", 1500), ("P17", 1000), ("S20", 4000),
        ("S09", 4000, 5000),
    ]  # fmt: skip
    figures = {row[0]: made_up(*row, period=due.get(row[0], "2024")) for row in rows}
    monkeypatch.setattr(town, "figure", figures.__getitem__)
    return figures


def test_growth_needed_in_all_and_on_top(table):
    in_all, on_top = town.needed("Z17"), town.needed("Z17", on_top=True)
    assert in_all.years == on_top.years == 2
    assert in_all.at_printed == pytest.approx(100)  # 100 to 400 in two years
    assert (in_all.span.low, in_all.span.high) == (pytest.approx(100 * (2**0.5 - 1)), pytest.approx(100))
    assert on_top.at_printed == pytest.approx(100 * (5**0.5 - 1))  # 100 to 500
    frame = town.needed_frame(("Z17",))
    assert frame["reading"].tolist() == ["in all", "new ones"]
    assert frame["value"].tolist() == [pytest.approx(in_all.at_printed), pytest.approx(on_top.at_printed)]


@given(count=st.floats(1, 1e5), target=st.floats(1, 1e5))
def test_the_pace_leads_from_the_count_to_the_target(count, target):
    rows = {"Z17": made_up("Z17", count, period="2025-08"), "T16": made_up("T16", target, period="2030")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(town, "figure", rows.__getitem__)
        pace = town.needed("Z17")
        assert pace.years == 64 / 12
        assert count * (1 + pace.at_printed / 100) ** pace.years == pytest.approx(target, rel=1e-9)
        assert town.needed("Z17", on_top=True).at_printed > pace.at_printed


def test_what_came_of_earlier_targets(table):
    track = town.track_frame().set_index("target")
    assert track.loc["P16", "reached"] == Interval.point(75) and track.loc["P16", "outcome"] == "below"
    assert track.loc["P17", "outcome"] == "below" and track.loc["S20", "outcome"] == "at or above"
    assert track["place"].to_dict() == {"P16": "Pudong", "P17": "Pudong", "S20": "Shanghai"}


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ((999, None), "below"), ((1000, None), "at or above"), ((900, 1000), "below"), ((900, 1001), "open"),
        ((1000, 1100), "at or above"),
    ],
)  # fmt: skip
def test_outcome_of_a_hedged_figure(monkeypatch, later, said):
    rows = {"aim": made_up("aim", 1000), "came": made_up("came", *later)}
    monkeypatch.setattr(town, "figure", rows.__getitem__)
    assert town.outcome("aim", "came") == said


def test_what_the_printed_numbers_would_mean(table):
    assert town.scale_a_company()["the town's targets: T17 over T16"] == Interval.point(2)
    assert town.gap_a_company() == Interval(5, 20, True, True)
    assert town.staff_a_company() == Interval(40, 50, True, True)


def test_marks_of_the_picture_stand_at_the_end_of_their_period():
    assert (
        town.when("2023") == 2024 and town.when("2024-06") == 2024.5 and town.when("2025-08-14") == pytest.approx(2025 + 8 / 12)
    )
    drawn = town.trajectory()
    assert not drawn["figure_id"].duplicated().any()
    late = drawn["kind"].str.startswith("later")
    assert set(drawn.loc[late, "figure_id"]) == {"P11", "Z08", "Z09"}
    assert set(drawn.loc[drawn["kind"].eq("target"), "figure_id"]) == {"T16", "T17", "P16", "P17", "P08"}
