"""Downloads by region: periods of the Ollama library, lists of Hugging Face, the study of C01, and a reader's own lists."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount import registry, tables
from recount.hedges import Interval
from recount.measures import download_counts, downloads, hub, ollama, published_downloads
from recount.measures.ollama import BIGAGI, BRIDGE, YUMA, List
from recount.tables import RecountError

MODELS = [
    # model, publisher, base, modality, hong_kong, cloud, tracked
    ("embed", "us", "us", "embedding", False, "none", True),
    ("hk-code", "china", "us", "llm", True, "none", False),
    ("llama3.1", "us", "us", "llm", False, "none", True),
    ("nobody", "unknown", "china", "llm", False, "none", False),
    ("qwen", "china", "china", "llm", False, "none", True),
    ("qwen-cloud", "china", "china", "llm", False, "only", True),
    ("seer", "us", "china", "vlm", False, "some", True),
]
LISTS = {
    # pulls in the order of MODELS; None = not listed
    List(BIGAGI, "2023-12-20"): (None, 10, None, 20, 10, None, 60),
    List(BIGAGI, "2024-01-26"): (None, 12, None, 24, 12, None, 72),
    List(BIGAGI, "2024-12-10"): (100, 20, 200, 30, 110, None, 90),
    List(BIGAGI, "2025-01-29"): (120, 21, 210, None, 150, None, 95),
    List(BIGAGI, "2025-10-28"): (None, 22, 900, None, 400, None, 200),
    List(YUMA, "2025-02-17"): (150, 22, 300, None, 200, None, 100),
    List(YUMA, "2025-12-01"): (400, 24, 1000, None, 510, 96, 290),
    List(YUMA, "2025-12-11"): (500, 25, 1100, None, 600, 200, 300),
}


@pytest.fixture
def made_up() -> ollama.Library:
    names = ["model", "publisher_region", "base_region", "modality", "hong_kong", "cloud", "tracked"]
    models = pd.DataFrame(MODELS, columns=names).assign(developer="somebody")
    rows = [
        (which.source, which.day, row[0], pulls)
        for which, counts in LISTS.items()
        for row, pulls in zip(MODELS, counts, strict=True)
        if pulls is not None
    ]
    return ollama.library(pd.DataFrame(rows, columns=["source_id", "snapshot_date", "model", "pulls"]), models)


# --- periods of the Ollama library ---------------------------------------------------------------------------------


def test_a_model_missing_at_the_start_counts_from_zero_and_one_missing_at_the_end_is_left_out(made_up):
    pulled = dict(zip(made_up.items.names, made_up.pulled(BRIDGE, List(YUMA, "2025-12-01")), strict=True))
    assert pulled == {"embed": 300, "hk-code": 4, "llama3.1": 800, "nobody": 0, "qwen": 400, "qwen-cloud": 96, "seer": 200}
    assert made_up.pulled(None, List(BIGAGI, "2023-12-20")).sum() == 100
    assert made_up.listed(List(YUMA, "2025-12-01")) == 6
    assert made_up.listed(List(YUMA, "2025-12-01"), ~made_up.items.embedding) == 5


def test_two_collections_are_differenced_at_the_bridge_alone(made_up):
    with pytest.raises(RecountError, match="two collections"):
        made_up.between(List(BIGAGI, "2025-01-29"), List(YUMA, "2025-12-01"))
    with pytest.raises(RecountError, match="two collections"):
        made_up.between(List(YUMA, "2025-02-17"), List(BIGAGI, "2025-10-28"))
    with pytest.raises(RecountError, match="empty"):
        made_up.between(List(YUMA, "2025-12-01"), List(YUMA, "2025-02-17"))
    with pytest.raises(RecountError, match="no list"):
        made_up.at(List(YUMA, "2024-12-10"))


def test_a_year_ends_at_the_last_list_by_the_day_of_the_report(made_up):
    assert made_up.last(YUMA) == List(YUMA, "2025-12-01")
    assert made_up.last(YUMA, "2025-12-11") == List(YUMA, "2025-12-11")
    with pytest.raises(RecountError, match="on or before"):
        made_up.last(YUMA, "2024-12-31")
    for of in (made_up, ollama.library()):
        for periods in ollama.windows(of).values():
            assert all(last.day <= tables.CLAIM_DATE for _, last in periods)
            ollama.ollama_count(of, periods)  # no window breaks the rule of the bridge
    assert ollama.windows(made_up)["to_october_list"][2] == (BRIDGE, List(BIGAGI, "2025-10-28"))


def test_a_model_without_a_region_row_is_refused():
    models = pd.DataFrame(
        MODELS[:1], columns=["model", "publisher_region", "base_region", "modality", "hong_kong", "cloud", "tracked"]
    )
    pulls = pd.DataFrame({"source_id": [YUMA], "snapshot_date": ["2025-02-17"], "model": ["stray"], "pulls": [1]})
    with pytest.raises(RecountError, match="stray"):
        ollama.library(pulls, models)


def test_list_by_list_keeps_to_one_collection_and_to_complete_lists(made_up):
    found = ollama.list_by_list(made_up).set_index("day")
    assert "2025-10-28" not in found.index  # embeddings are missing there
    row = found.loc["2025-12-01"]
    assert (row["since"], row["pulls"], row["top"]) == ("2025-02-17", 1548, "llama3.1")
    assert row["flow"] == pytest.approx(100 * (2 + 310 + 96) / 1548)
    assert row["stock"] == pytest.approx(100 * (24 + 510 + 96) / 2320)
    assert not found.loc["2025-12-11", "known"]
    assert pd.isna(found.loc["2025-02-17", "flow"])


def test_by_region_adds_up(made_up):
    for of in (made_up, ollama.library()):
        found = ollama.by_region(of, ollama.windows(of)["list_to_list"])
        assert found[["china", "us", "eu", "other", "unknown"]].sum(axis=1).tolist() == pytest.approx([100] * 3)


def test_real_lists_never_shrink_in_the_windows_that_count():
    of = ollama.library()
    for periods in ollama.windows(of).values():
        for start, end in periods:
            assert (of.pulled(start, end) >= 0).all()


# --- the study -----------------------------------------------------------------------------------------------------


@pytest.fixture
def study(made_up):
    return downloads.downloads_study(made_up)


def test_known_answers_on_made_up_lists(study):
    assert study.headline["2023"] == Interval.point(20)  # 10 + 10 of 100
    assert study.headline["2024"].low == pytest.approx(100 * (10 + 100) / 450)
    assert study.headline["2025"].low == pytest.approx(100 * (4 + 400 + 96) / 1800)
    assert study.headline["change"].low == pytest.approx(100 * 500 / 1800 - 20)
    year = {
        ("hong_kong", "without"): (10, 100),
        ("region", "base_model"): (10 + 20 + 60, 100),
        ("unknown", "dropped"): (20, 80),
        ("unknown_to_china", "yes"): (40, 100),
        ("scope", "tracked_only"): (10, 70),
        ("window", "january_lists"): (24, 120),
    }
    for (axis, choice), (part, total) in year.items():
        assert study.at("2023", **{axis: choice}).low == pytest.approx(100 * part / total), (axis, choice)
    last = {
        ("scope", "no_embeddings"): (500, 1500),
        ("llama31", "without"): (500, 1000),
        ("cloud", "without"): (404, 1704),
        ("cloud_mixed", "left_out"): (500, 1600),
        ("flow", "stock"): (24 + 510 + 96, 2320),
        ("window", "from_first_2025_list"): (2 + 310 + 96, 1548),
    }
    for (axis, choice), (part, total) in last.items():
        assert study.at("2025", **{axis: choice}).low == pytest.approx(100 * part / total), (axis, choice)
    assert study.at("2025", window="to_october_list", scope="no_embeddings").low == pytest.approx(
        100 * 292 / (2 + 290 + 700 + 110)
    )


def test_base_model_region_has_its_own_unknowns(study):
    assert study.at("2023", region="base_model", unknown="dropped") == study.at("2023", region="base_model")


def test_combinations_that_cannot_exist_are_refused(study):
    for choices in (
        {"channel": "huggingface", "flow": "stock"},
        {"channel": "huggingface", "region": "base_model"},
        {"window": "to_october_list"},  # all models: embeddings are missing there
        {"liked_list": "united"},
        {"unknown": "dropped", "unknown_to_china": "yes"},
    ):
        with pytest.raises(RecountError, match="impossible"):
            study.at("2025", **choices)


def test_axes_are_those_declared():
    study = downloads.downloads_study()
    assert study.defaults == registry.headline("C01")
    declared = {row.axis: row for row in registry.headline_rows("C01")}
    for axis in study.axes:
        row = declared.pop(axis.name)
        assert (axis.default, axis.role) == (row.choice, row.role)
        assert set(axis.choices) == {row.choice, *row.alternatives}
    assert tuple(declared.pop("question").choice.split()) == study.questions
    assert not declared


def test_real_study_is_complete_and_its_bounds_bound():
    study = downloads.downloads_study().evaluate()
    assert len(study.frame) == 4 * 2736
    counted = study.frame[study.frame["counted"]].groupby("question").size()
    assert (counted >= 300).all()
    wide = study.frame.dropna(subset=["low"])
    shares = wide[wide["question"] != "change"]["low"]
    assert shares.between(0, 100).all()
    key = [axis.name for axis in study.axes if axis.name != "unknown_to_china"]
    both = (
        wide[wide["question"] != "change"]
        .pivot_table(index=[*key, "question"], columns="unknown_to_china", values="low")
        .dropna()
    )
    assert (both["yes"] >= both["no"]).all()


pulls = st.lists(st.integers(0, 10**7), min_size=4, max_size=4)


@given(pulls, pulls, st.lists(st.booleans(), min_size=4, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4))
def test_shares_lie_between_0_and_100_and_complement_each_other(before, more, china, kept):
    start = np.repeat(np.array(before, dtype=float)[:, None], 3, axis=1)
    end = start + np.array(more, dtype=float)[:, None]
    flags = np.array(china)
    items = download_counts.Items(tuple("abcd"), *[flags] * 10)
    count = download_counts.Count(items, start, end, flags, ~flags, np.array(kept), np.zeros(3, dtype=bool))
    other = download_counts.Count(items, start, end, ~flags, flags, np.array(kept), np.zeros(3, dtype=bool))
    for one, two in zip(download_counts.shares(count), download_counts.shares(other), strict=True):
        if math.isnan(one):
            assert not count.volume.sum()
        else:
            assert 0 <= one <= 100
            assert one + two == pytest.approx(100)


@given(st.floats(0.01, 99.99), st.floats(0.01, 99.99))
def test_times_needed_gives_the_wanted_share(part, wanted):
    grown = part * download_counts.times_needed(part, wanted)
    assert 100 * grown / (grown + 100 - part) == pytest.approx(wanted)


def test_times_needed_refuses_the_impossible():
    for part, wanted in ((0, 50), (50, 100), (100, 50)):
        with pytest.raises(RecountError, match="between 0 and 100"):
            download_counts.times_needed(part, wanted)


# --- Hugging Face --------------------------------------------------------------------------------------------------


def test_the_union_takes_the_later_value_and_keeps_what_the_later_list_lost():
    liked = tables.load("hf_models")
    union = hub.hub_lists(united=True)
    union = union[union["union"]]
    expected = liked.sort_values("snapshot_date").groupby("model_id").last()
    assert len(union) == len(expected) == liked["model_id"].nunique()
    assert union["downloads"].sum() == expected["downloads_30d"].sum()


def test_the_study_and_the_table_of_lists_agree():
    study, table = downloads.downloads_study(), hub.hub_table()
    text = table[table["source_id"] == hub.TEXT_ONLY].iloc[0]
    assert study.at("2023", channel="huggingface", scope="language_and_vision").low == pytest.approx(text["china"])
    assert study.at("2023", channel="huggingface") is None  # a list of text generation says nothing about all models
    assert study.at("2024", channel="huggingface") is None
    union = table[table["union"]].iloc[0]
    later = {"channel": "huggingface", "liked_list": "united"}
    assert study.at("2025", **later).low == pytest.approx(union["china"])
    assert study.at("2025", **later, scope="language_and_vision").low == pytest.approx(union["language"])
    early = table[(table["table"] == "hf_models") & (table["snapshot_date"] <= tables.CLAIM_DATE)].iloc[0]
    assert study.at("2025", channel="huggingface").low == pytest.approx(early["china"])


def test_shares_of_a_list_are_of_all_its_downloads():
    table = hub.hub_table()
    assert (table["china"] + table["no_region"] <= 100).all()
    assert (table["root"] <= table["no_region"]).all()


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A reader's own lists of Hugging Face, read the way a run with RECOUNT_TALLIES does."""

    def read(accounts: str = "", liked: str = "") -> pd.DataFrame:
        for name, rows in (("hf_namespaces", accounts), ("hf_models", liked)):
            fields = [field["name"] for field in tables.resource(name)["schema"]["fields"]]
            (tmp_path / f"{name}.csv").write_text(",".join(fields) + "\n" + rows, encoding="utf-8")
        monkeypatch.setenv("RECOUNT_TALLIES", str(tmp_path))
        return hub.hub_table()

    return read


def test_own_lists_answer_for_their_year(own, made_up):
    table = own(
        "own-rows,2024-06-01,Qwen,china,atom,text-generation,1,100,3,100\n"
        "own-rows,2024-06-01,hkunlp,china,supplement,feature-extraction,1,100,1,100\n"
        "own-rows,2024-06-01,(unmapped),unmapped,none,fill-mask,4,50,9,300\n"
    )
    assert table["china"].tolist() == [40.0]
    study = downloads.downloads_study(made_up)
    on_hub = {"channel": "huggingface"}
    assert study.at("2024", **on_hub) == Interval.point(40)
    assert study.at("2024", **on_hub, hong_kong="without") == Interval.point(20)
    assert study.at("2024", **on_hub, unknown="dropped") == Interval.point(100)
    assert study.at("2024", **on_hub, scope="no_embeddings") == Interval.point(25)
    assert study.at("2025", **on_hub) is None
    assert study.at("2023", **on_hub, scope="language_and_vision") is None


def test_without_any_list_the_library_alone_answers(own, made_up):
    assert own().empty
    study = downloads.downloads_study(made_up).evaluate()
    assert study.headline["2023"] == Interval.point(20)
    assert study.at("2025", channel="huggingface") is None


# --- published figures and the picture -----------------------------------------------------------------------------


def test_published_shares_keep_ranges_and_hedges():
    found = published_downloads.published_shares().set_index("figure_id")
    assert set(found["section"]) == set(published_downloads.METRICS.values())
    assert (found.loc["A12", "low"], found.loc["A12", "high"]) == (10, 30)
    assert (found.loc["A13", "low"], found.loc["A13", "low_open"]) == (40, True)
    assert found.loc["A29", "low"] < 15 < found.loc["A29", "high"]
    assert not found.loc["A03", "known"]
    assert found.loc["A02", "known"]
    assert (found["low"] <= found["high"]).all()


def test_the_picture_shows_only_what_was_known(made_up, study):
    drawn = downloads.over_time(study.evaluate(), made_up)
    assert (drawn.loc[drawn["kind"] != "printed", "end"] <= tables.CLAIM_DATE).all()
    ways = drawn[drawn["kind"] == "ways"].set_index("end")
    for row in drawn[drawn["kind"] == "year"].itertuples():
        assert ways["low"][row.end] <= row.low <= ways["high"][row.end]
    assert drawn.loc[drawn["kind"] == "printed", "low"].tolist() == [25, 63]
