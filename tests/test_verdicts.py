"""The decision table is total and every row of it can be reached; judged examples get the verdict a careful person gives."""

from __future__ import annotations

import pytest

from recount import hedges, registry, verdicts, wording
from recount.hedges import Interval
from recount.tables import RecountError


def test_every_combination_has_one_outcome_and_every_row_is_reached():
    reached = set()
    for inputs in verdicts.combinations():
        row = verdicts.decide(**inputs)  # raises StopIteration where no row matches
        reached.add(row.name)
        assert row.verdict in wording.VERDICTS
        assert (row.indication != "") == (row.verdict == "indicated")
    assert reached == {row.name for row in verdicts.TABLE}, "a row that no combination reaches says nothing"


def test_row_names_are_unique_and_inputs_known():
    names = [row.name for row in verdicts.TABLE]
    assert len(names) == len(set(names))
    for row in verdicts.TABLE:
        for name, accepted in row.when.items():
            assert set(accepted) <= set(verdicts.INPUTS[name]), (row.name, name)


BASE = {
    "kind": "measured", "position": "inside", "population": "same", "evidence": "raw_independent", "robustness": "single",
    "readings": "agree", "sources": "agree", "definition": "known",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "reproduced"),
        ({"robustness": "steady"}, "reproduced"),
        ({"robustness": "split"}, "depends"),
        ({"position": "far"}, "contradicted"),
        ({"position": "far", "robustness": "never"}, "contradicted"),
        ({"position": "far", "robustness": "near"}, "depends"),
        ({"position": "far", "robustness": "split"}, "depends"),
        ({"position": "outside"}, "depends"),
        ({"position": "straddling"}, "depends"),
        ({"readings": "differ"}, "depends"),
        ({"population": "proxy"}, "indicated"),
        ({"population": "proxy", "position": "far", "robustness": "never"}, "indicated"),
        ({"population": "proxy", "robustness": "split"}, "depends"),
        ({"population": "proxy", "position": "far", "robustness": "near"}, "indicated"),
        ({"population": "proxy", "position": "far", "robustness": "astride"}, "depends"),
        ({"population": "proxy", "position": "far", "robustness": "apart"}, "depends"),
        ({"position": "far", "robustness": "astride"}, "depends"),
        ({"position": "far", "robustness": "apart"}, "contradicted"),
        ({"evidence": "official_statement"}, "reproduced"),
        ({"evidence": "press_quoting_officials"}, "corroborated"),
        ({"evidence": "press_quoting_officials", "position": "far"}, "disputed"),
        ({"evidence": "press_quoting_officials", "sources": "disagree"}, "disputed"),
        ({"evidence": "press"}, "restated"),
        ({"evidence": "commercial"}, "restated"),
        ({"evidence": "commercial", "sources": "disagree"}, "disputed"),
        ({"evidence": "report_only"}, "restated"),
        ({"evidence": "none"}, "not testable"),
        ({"kind": "forecast"}, "not due"),
        ({"kind": "event", "evidence": "official_statement"}, "documented"),
        ({"kind": "event", "evidence": "official_statement", "position": "far"}, "contradicted"),
        ({"kind": "event", "evidence": "press"}, "restated"),
    ],
)
def test_examples(changes, verdict):
    assert verdicts.decide(**BASE | changes).verdict == verdict


@pytest.mark.parametrize("evidence", ["press", "commercial", "report_only", "none"])
def test_weak_evidence_never_decides(evidence):
    found = {verdicts.decide(**c).verdict for c in verdicts.combinations() if c["evidence"] == evidence}
    assert found <= {"restated", "disputed", "not testable", "not due"}


def test_straddling_never_counts_as_inside():
    found = {verdicts.decide(**c).verdict for c in verdicts.combinations() if c["position"] == "straddling"}
    assert not found & {"reproduced", "corroborated", "indicated", "documented"}


def test_unknown_input_is_refused():
    with pytest.raises(RecountError, match="evidence"):
        verdicts.decide(**BASE | {"evidence": "hearsay"})


def test_position_is_told_apart_in_default_and_wide():
    reading = hedges.read("H04", 40, 10)
    assert verdicts.place(Interval.point(36), reading) == "inside"
    assert verdicts.place(Interval.point(33), reading) == "outside"
    assert verdicts.place(Interval.point(20), reading) == "far"
    assert verdicts.place(Interval(34, 36), reading) == "straddling"
    assert verdicts.place(None, reading) == "none"


def test_literal_reading_is_judged_apart():
    reading = hedges.read("H01", 1600, 100)
    assert verdicts.literal(Interval.point(1638), reading) == "true"
    assert verdicts.literal(Interval.point(2500), reading) == "true, understated"
    assert verdicts.literal(Interval.point(1600), reading) == "false"
    assert verdicts.literal(Interval(1500, 1700), reading) == "open"


@pytest.mark.parametrize(("hedge", "value"), [("H19", 739372), ("H12", 5), ("H11", 1)])
def test_a_day_a_run_or_a_rank_that_is_met_is_not_understated(hedge, value):
    assert verdicts.literal(Interval.point(value), hedges.read(hedge, value, None)) == "true"


def test_judge_reads_both_units_of_a_round_percentage():
    judged = verdicts.judge(
        "C06b", 36.0, population="same", evidence="official_statement", tables_used=["regional_figures"], as_of="2024",
        facts={"needed": 1, "implied": 1},
    )  # fmt: skip
    assert judged.verdict == "depends"
    assert judged.row == "two readings"
    record = verdicts.record(judged)
    assert record["interval"] == {"low": 35.0, "high": 40.0, "low_open": False, "high_open": True}
    assert "official statement" in record["reason_en"]


def test_judge_refuses_what_is_not_the_study_s_headline():
    from recount.measures import industry

    with pytest.raises(RecountError, match="headline"):
        verdicts.judge(
            "C06b", 39.0, population="same", evidence="official_statement", tables_used=["regional_figures"], as_of="2024",
            study=industry.pudong_study(), question="share",
        )  # fmt: skip


def test_unmeasurable_statements_get_no_verdict():
    unmeasurable = [claim.id for claim in registry.claims("unmeasurable")]
    assert unmeasurable
    with pytest.raises(RecountError, match="unmeasurable"):
        verdicts.judge(unmeasurable[0], None, population="none", evidence="none", tables_used=[], as_of="2025")


def test_every_verdict_has_words_in_both_languages():
    keys = {row.verdict + (f" {row.indication}" if row.indication else "") for row in verdicts.TABLE}
    assert keys | {"restated elsewhere"} == set(verdicts.CLAUSES)
    assert set(wording.VERDICTS) == set(wording.MEANINGS) == {row.verdict for row in verdicts.TABLE}
