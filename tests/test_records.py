"""Records: what a notebook shows says the same as text, as HTML and as JSON; strings from tables cannot become markup."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from recount import records, verdicts, wording
from recount.hedges import Interval
from recount.tables import RecountError


@pytest.fixture
def shown(monkeypatch):
    """Bundles that were displayed."""
    bundles: list[dict] = []
    monkeypatch.setattr("IPython.display.publish_display_data", lambda data, **_: bundles.append(data))
    return bundles


def test_table_escapes_and_aligns(shown):
    frame = pd.DataFrame({"name": ["<script>alert(1)</script>", "人才"], "share": [0.5, float("nan")]})
    records.table(frame, "One row a <thing>", formats={"share": "percent"})
    page, text = shown[0]["text/html"], shown[0]["text/plain"]
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<thing>" not in page
    assert "0.5%" in text
    assert "–" in text
    assert "dataframe" not in page


def test_table_says_how_many_rows_it_leaves_out(shown):
    records.table(pd.DataFrame({"x": range(50)}), "Rows", limit=10)
    assert "first 10 of 50" in shown[0]["text/plain"]


def test_table_names_a_missing_column(shown):
    with pytest.raises(RecountError, match="no column z"):
        records.table(pd.DataFrame({"x": [1]}), "Rows", columns={"z": "z"})


def test_result_publishes_sentence_and_record(shown):
    records.result("C06.x", 36.123456, "percent", "It is {value}.", as_of="2024", tables_used=["regional_figures"], n=1234)
    bundle = shown[0]
    record = bundle["application/vnd.recount.result+json"]
    assert record == [
        {
            "id": "C06.x",
            "claim": "C06",
            "value": 36.1235,
            "low": None,
            "high": None,
            "unit": "percent",
            "n": 1234,
            "as_of": "2024",
            "tables": ["regional_figures"],
        }
    ]
    assert bundle["text/plain"] == "It is 36.1%. [C06.x; as of 2024; n = 1,234]"
    json.dumps(record)


@pytest.mark.parametrize(
    ("id", "table", "message"), [("C77.x", "regional_figures", "no claim"), ("C06.x", "no_such_table", "no table named")]
)
def test_result_refuses_unknown_ids(shown, id, table, message):
    with pytest.raises(RecountError, match=message):
        records.result(id, 1, "percent", "{value}", as_of="2024", tables_used=[table])


def test_verdict_box_holds_both_languages(shown):
    judged = verdicts.judge(
        "C06a",
        Interval.point(1638),
        population="same",
        evidence="official_statement",
        tables_used=["regional_figures"],
        as_of="2024",
    )
    records.verdict(judged)
    bundle = shown[0]
    record = bundle["application/vnd.recount.verdict+json"]
    for key in ("may_write_en", "may_write_zh", "may_not_write_en", "may_not_write_zh"):
        assert record[key] in bundle["text/plain"]
    assert record["verdict"] == "reproduced"
    assert record["published"] is True
    assert "1,638亿元" in record["may_write_zh"]
    assert "163.8 billion yuan" in record["may_write_en"]


def test_counts_show_what_each_filter_took(shown):
    records.counts([("all", 10), ("kept", 7)])
    assert "−3" in shown[0]["text/plain"]


def test_summary_without_a_run_says_so(tmp_path, monkeypatch, shown):
    monkeypatch.setenv("RECOUNT_OUTPUTS", str(tmp_path))
    records.summary_zh("C06")
    assert "尚未运行" in shown[0]["text/plain"]


def test_both_ends_of_an_interval_stand_in_the_unit_of_the_value(shown):
    row = {"id": "C06.x", "value": 4428.6, "low": 4000.0, "high": 4857.1}
    records.results([row], "Total", unit="yuan_100m", as_of="2024", tables_used=["regional_figures"])
    assert "442.86 billion yuan" in shown[0]["text/plain"]
    assert "400 to 485.71 billion yuan" in shown[0]["text/plain"]  # 4,000 亿元 are 400 billion yuan


def test_a_range_that_rounds_to_one_number_is_that_number():
    assert wording.span(Interval(33.32, 33.34), "percent") == "33.3%"
    assert wording.span(Interval(33.32, 33.44), "percent", "zh") == "33.3%至33.4%"


def told(**more):
    known = {"verdict": "depends", "estimate_en": "36%", "estimate_zh": "36%", "robustness": {"straddling": 3}}
    return known | {"specifications_total": 5, "specifications_inside": 1} | more


def test_what_is_only_repeated_is_not_called_a_number_of_the_tables():
    assert records.found(told())[0].en == "the tables give"
    assert records.found(told(verdict="restated"))[0].en == "as repeated"
    assert records.in_a_cell(told(verdict="restated")).en == "(36%)"
    assert records.in_a_cell(told(estimate_en="", estimate_zh="")).zh == "–"


def test_ways_to_count_in_a_cell():
    assert records.ways_in_a_cell(told()).en == "1 of 5, 3 across an edge"
    assert records.ways_in_a_cell(told(robustness={})).zh == "1 / 5"
    assert records.ways_in_a_cell(told(specifications_total=1)).en == "one way"
    assert records.ways_in_a_cell(told(estimate_en="")).en == "–"
