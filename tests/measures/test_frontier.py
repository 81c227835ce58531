"""Frontiers, gaps and the MMLU study, by known answers on made-up rows and by properties."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount import registry
from recount.measures import benchmarks, frontier
from recount.tables import RecountError

MADE_UP = [
    # row, table, model, organisation, country, released, known, score, protocol, run, available, confirmed
    ("a", "mmlu_scores", "Old", "O", "US", "2022-05-01", "2022-05-01", 60.0, "5-shot", "developer", True, True),
    ("b", "mmlu_scores", "Small", "P", "CN", "2022-08-01", "2022-08-01", 40.0, "5-shot", "developer", True, True),
    ("c", "mmlu_scores", "Late", "O", "US", "2023-03-01", "2023-07-02", 80.0, "5-shot", "developer", True, False),
    ("d", "mmlu_scores", "Tied", "Q", "US", "2023-08-01", "2023-08-01", 80.0, "5-shot", "developer", True, True),
    ("e", "mmlu_scores", "Hidden", "P", "CN", "2023-09-10", "2023-09-10", 75.0, "5-shot", "developer", False, True),
    ("f", "mmlu_scores", "Shown", "P", "CN", "2023-11-05", "2023-11-05", 70.0, "5-shot", "other", True, True),
    ("g", "mmlu_scores", "Thinker", "O", "US", "2024-12-31", "2024-12-31", 90.0, "reasoning pass@1", "developer", True, True),
    ("h", "mmlu_scores", "British", "DeepMind", "GB", "2023-01-05", "2023-01-05", 85.0, "5-shot", "developer", True, True),
    ("i", "mmlu_helm", "Old", "O", "US", "2022-05-01", "2022-05-01", 58.0, "5-shot", "other", True, False),
    ("j", "mmlu_helm", "Small", "P", "CN", "2022-08-01", "2022-08-01", 41.0, "5-shot", "other", True, False),
]


@pytest.fixture
def rows() -> pd.DataFrame:
    columns = [*benchmarks.MMLU_COLUMNS[:7], "score", "protocol", "run", "available", "confirmed"]
    return pd.DataFrame(MADE_UP, columns=columns)


@pytest.fixture
def own(rows: pd.DataFrame) -> pd.DataFrame:
    return benchmarks.mmlu_rule("any", rows)


def test_months_and_their_ends() -> None:
    assert benchmarks.months("2023-11", "2024-02") == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert [benchmarks.month_end(month) for month in ("2024-02", "2023-02", "2025-11")] == [
        "2024-02-29",
        "2023-02-28",
        "2025-11-30",
    ]
    assert benchmarks.month_number("2024-01") - benchmarks.month_number("2023-12-31") == 1
    for wrong in ("2023", "2023-13", "today"):
        with pytest.raises(RecountError, match="YYYY-MM"):
            benchmarks.month_end(wrong)


def test_a_score_counts_from_the_day_it_is_known(own: pd.DataFrame) -> None:
    table = frontier.gaps(own, ["2023-06", "2023-07"])
    assert table["us_score"].tolist() == [60.0, 80.0]
    assert table["us_model"].tolist() == ["Old", "Late"]
    assert frontier.gaps(own, ["2023-06"], day="released")["us_score"].tolist() == [80.0]


def test_a_score_of_the_last_day_of_a_month_counts_that_month(own: pd.DataFrame) -> None:
    assert frontier.gaps(own, ["2024-11", "2024-12"])["us_score"].tolist() == [80.0, 90.0]


def test_on_equal_scores_the_earlier_row_leads(own: pd.DataFrame) -> None:
    assert frontier.gaps(own, ["2023-12"]).loc[0, "us_model"] == "Late"
    assert list(frontier.record_rows(own, "US")["row"]) == ["a", "c", "g"]
    swapped = own.iloc[::-1]
    assert frontier.gaps(swapped, ["2023-12"]).loc[0, "us_model"] == "Late"


def test_gap_in_points_and_relative(own: pd.DataFrame) -> None:
    row = frontier.gaps(own, ["2023-12"]).iloc[0]
    assert (row["gap_pp"], row["relative_percent"]) == (5.0, 6.25)


def test_missing_before_a_country_has_a_score(own: pd.DataFrame) -> None:
    row = frontier.gaps(own, ["2022-06"]).iloc[0]
    assert math.isnan(row["gap_pp"]) and row["cn_model"] is None and not row["stale"]


def test_stale_when_neither_line_moved_since_the_end_of_the_year_before(own: pd.DataFrame) -> None:
    five = own[own["protocol"] == "5-shot"]
    table = frontier.gaps(five, ["2023-06", "2023-07", "2023-12", "2024-12", "2025-11"])
    assert table["stale"].tolist() == [True, False, False, True, True]
    assert frontier.gaps(own, ["2024-12", "2025-01"])["stale"].tolist() == [False, True]


def test_a_row_of_two_countries_or_none_counts_for_neither() -> None:
    rows = pd.DataFrame(
        {
            "model": list("abcd"),
            "country": ["US", "US;CN", None, "CN"],
            "known": "2023-01-01",
            "score": [50.0, 90.0, 95.0, 40.0],
        }
    )
    assert frontier.gaps(rows, ["2023-01"]).loc[0, "gap_pp"] == 10.0


def test_the_row_the_gap_hangs_on(own: pd.DataFrame) -> None:
    table = frontier.leaders_left_out(own, "2023-12").set_index("country")
    assert table.loc["CN", ["row", "next_model", "gap_pp", "gap_without_pp"]].tolist() == ["e", "Shown", 5.0, 10.0]
    assert table.loc["US", ["row", "next_model", "gap_without_pp"]].tolist() == ["c", "Tied", 5.0]
    with pytest.raises(RecountError, match="no score of CN"):
        frontier.leaders_left_out(own, "2022-06")


def test_sampling_error_of_two_halves() -> None:
    # Two shares of one half of 100 questions: 1.96 × sqrt(2 × 0.25 / 100) = 0.1386 of one.
    assert frontier.sampling_error_pp(50, 50, 100) == pytest.approx(13.859, abs=1e-3)
    assert frontier.sampling_error_pp(100, 0, 10) == 0
    for wrong in ((101, 50, 10), (50, -1, 10), (50, 50, 0)):
        with pytest.raises(RecountError, match="no shares"):
            frontier.sampling_error_pp(*wrong)


def test_unknown_rule_and_benchmark_name_the_known_ones() -> None:
    with pytest.raises(RecountError, match="five_shot_or_implied"):
        benchmarks.mmlu_rule("7shot")
    with pytest.raises(RecountError, match="gpqa_diamond"):
        benchmarks.other_rows("chess")


def test_an_arena_month_is_read_from_its_own_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [
        ("a", "US", "2024-07-30", 1300.0),
        ("b", "CN", "2024-07-30", 1250.0),
        ("c", "US", "2024-09-28", 1290.0),
        ("d", "CN", "2024-09-28", 1260.0),
    ]
    rows = pd.DataFrame(made, columns=["model", "country", "known", "score"])
    monkeypatch.setattr(frontier, "other_rows", lambda name: rows)
    table = frontier.other_gaps("arena_history", ["2024-07", "2024-08", "2024-09"])
    assert table["gap_pp"].tolist()[::2] == [50.0, 30.0]  # a rating may fall: no running best
    assert math.isnan(table["gap_pp"][1])


def test_the_index_disagrees_with_its_own_figure_at_the_end_of_2024() -> None:
    table = frontier.index_text_and_figure().set_index("year")
    assert table.loc[2023, ["text", "figure"]].tolist() == [17.5, 17.5]
    assert table.loc[2024, "text"] == 0.3 and table.loc[2024, "figure"] == pytest.approx(3.9)


_day = st.dates(min_value=pd.Timestamp("2022-01-01").date(), max_value=pd.Timestamp("2025-11-30").date()).map(str)
_rows = st.lists(st.tuples(st.sampled_from(["US", "CN", "FR"]), _day, st.integers(1, 100)), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(_rows)
def test_a_frontier_never_falls_and_equals_the_best_so_far(made: list[tuple[str, str, int]]) -> None:
    frame = pd.DataFrame(made, columns=["country", "known", "score"]).astype({"score": float})
    frame["model"] = [str(i) for i in range(len(frame))]
    at = benchmarks.months("2022-01")
    table = frontier.gaps(frame, at)
    for country in ("US", "CN"):
        line = table[f"{country.lower()}_score"].dropna()
        assert line.is_monotonic_increasing
        for month, value in zip(table["month"], table[f"{country.lower()}_score"], strict=True):
            seen = [s for c, day, s in made if c == country and day <= benchmarks.month_end(month)]
            assert (math.isnan(value) and not seen) or value == max(seen)


@settings(max_examples=40, deadline=None)
@given(_rows)
def test_the_study_gives_what_the_table_gives(made: list[tuple[str, str, int]]) -> None:
    """The array route of the study and the frame route of ``gaps`` agree on the headline of any rows."""
    frame = pd.DataFrame(made, columns=["country", "known", "score"]).astype({"score": float})
    frame = frame.assign(
        row=range(len(frame)), model="m", organisation="o", released=frame["known"], table="mmlu_scores",
        protocol="5-shot", run="developer", available=True, confirmed=True,
    )  # fmt: skip
    headline = frontier.mmlu_study(rows=frame).headline
    table = frontier.gaps(frame, ["2023-12", "2024-12", "2025-11"])["gap_pp"]
    for year, gap in zip(frontier.YEARS, table, strict=True):
        assert (headline[year] is None and math.isnan(gap)) or headline[year].low == gap


# ------------------------------------------------------------------------------------------------ the study


def at(study: Any, question: str, **choices: str) -> float | None:
    found = study.at(question, **choices)
    return None if found is None else found.low


def test_each_axis_of_the_study_by_hand(rows: pd.DataFrame) -> None:
    study = frontier.mmlu_study(rows=rows)
    assert study.headline["2023"].low == 80 - 75
    assert at(study, "2023", availability="released_only") == 80 - 70
    assert at(study, "2023", protocol="helm") == 58 - 41
    assert at(study, "2024", protocol="any") == 90 - 75
    assert at(study, "2024", protocol="single_pass_excl_reasoning") == 80 - 75
    assert at(study, "2024", protocol="single_pass_incl_reasoning") == 90 - 75
    assert at(study, "2023", country_rule="deepmind_as_us") == 85 - 75
    assert at(study, "2023", as_of="june") == 60 - 40
    assert at(study, "2023", scale="relative") == 100 * 5 / 80
    assert at(study, "2023", scale="relative_to_china") == 100 * 5 / 75
    assert at(study, "2023", run="publishers_own") == 80 - 75
    assert at(study, "2023", run="independent") == 58 - 70  # HELM's US run, another laboratory's Chinese run
    assert at(study, "change") == 0
    assert at(study, "change", protocol="any") == at(study, "change_edition", protocol="any") == 15 - 5


def test_the_edition_of_2025_holds_the_data_of_2024(rows: pd.DataFrame) -> None:
    new = rows[rows["row"] == "e"].assign(row="z", known="2025-06-30", score=89.0)
    rows = pd.concat([rows, new], ignore_index=True)
    study = frontier.mmlu_study("C03b", rows)
    assert study.headline[""].low == 90 - 89
    assert at(study, "", as_of="may") == at(study, "", year_read="edition") == 90 - 75
    with pytest.raises(RecountError, match="impossible"):
        study.at(year_read="edition", as_of="may")


def test_sensetime_is_hong_kong_on_one_axis(rows: pd.DataFrame) -> None:
    rows.loc[rows["row"] == "e", "organisation"] = "SenseTime"
    assert at(frontier.mmlu_study(rows=rows), "2023", country_rule="without_hong_kong") == 80 - 70


def test_a_year_without_a_chinese_score_is_not_computable(rows: pd.DataFrame) -> None:
    study = frontier.mmlu_study(rows=rows[rows["row"] != "b"])
    assert study.at("2023", as_of="june") is None
    assert study.at("change", as_of="june") is None


def test_unknown_study() -> None:
    with pytest.raises(RecountError, match="C03b"):
        frontier.mmlu_study("C04")


@pytest.mark.parametrize("id", ["C03", "C03b"])
def test_the_headline_is_the_declared_one(id: str) -> None:
    study = frontier.mmlu_study(id)
    assert study.defaults == registry.headline(id)
    assert study.questions == registry.questions(id)
    declared = {row.axis: {row.choice, *row.alternatives} for row in registry.headline_rows(id) if row.role != "question"}
    assert {one.name: set(one.names) for one in study.axes} == declared


def test_the_real_study_is_large_and_quick() -> None:
    study = frontier.mmlu_study()
    assert len(study.evaluate().frame) // len(study.questions) >= 2000
    assert study.step_calls <= study.nodes


def test_the_real_rows_are_early_enough_and_graded() -> None:
    rows = benchmarks.mmlu_rows()
    own = rows[rows["table"] != "mmlu_helm"]
    assert (own["known"] <= "2025-12-06").all()
    assert set(rows["protocol"]) <= set(benchmarks.PROTOCOLS["any"])
    assert not {"M77", "M80", "M81"} & set(rows["row"])  # commercial grade; two scores published after the report
