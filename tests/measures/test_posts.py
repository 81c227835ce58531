"""Degrees asked for in job posts: who is counted, intervals, the study of C09, and tallies of a reader's own."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from posts_made_up import COLUMNS, made_up

from recount import registry
from recount.hedges import Interval
from recount.measures import degrees
from recount.measures import posts as of_posts
from recount.tables import RecountError

POSTS = made_up(
    {"education": "master", "n": 20},
    {"education": "phd", "n": 10, "place": "Pudong", "class_v1": "ai_engineering", "class_v2": "none"},
    {"education": "any", "n": 20, "place": "Shanghai_unknown"},
    {"education": "bachelor", "n": 30, "year": 2024},
    {"education": "missing", "n": 20, "place": "Shanghai"},
    {"class_v1": "ai_product", "education": "master", "n": 5},
    {"class_v1": "ai_other", "n": 5},
    {"class_v1": "none", "education": "master", "n": 9},
    {"class_v1": "none", "n": 81},
)


def test_master_share_by_group_denominator_place_and_version():
    share = degrees.master_share(POSTS)
    assert (share.hits, share.n) == (30, 80)
    assert share.percent == pytest.approx(37.5)
    assert share.low < 37.5 < share.high
    assert degrees.master_share(POSTS, denominator="stated_without_any").n == 60
    assert degrees.master_share(POSTS, denominator="all_posts").n == 100
    assert degrees.master_share(POSTS, "algorithm").n == 70
    assert degrees.master_share(POSTS, "any_ai").n == 90
    assert degrees.master_share(POSTS, "product").hits == 5
    assert degrees.master_share(POSTS, version="v2").n == 70
    assert degrees.master_share(POSTS, place="shanghai")[:2] == (10, 30)
    assert degrees.master_share(POSTS, place="pudong")[:2] == (10, 10)
    assert degrees.master_share(POSTS, "other")[:2] == (14, 100)


def test_sets_without_degrees_and_with_a_degree_filter_have_no_share():
    posts = made_up({"data_set": "J05", "education": "not_collected"}, {"data_set": "J11", "education": "master"})
    assert degrees.master_share(posts[posts["data_set"] == "J05"]) is None
    assert degrees.master_share(posts[posts["data_set"] == "J11"]) is None


def test_rows_of_results_name_the_set_and_skip_what_is_absent():
    (row,) = degrees.master_rows(POSTS, ["J01", "J03"], "technical")
    assert row["id"] == "C09.master_plus.J03.ai_technical"
    assert row["as_of"] == "2024-03-19"
    (row,) = degrees.master_rows(POSTS, ["J03"], "technical", place="shanghai")
    assert row["id"].endswith(".ai_technical.Shanghai")
    (row,) = degrees.ratio_rows(POSTS, ["J03", "J99"])
    assert row["value"] == pytest.approx((30 / 80) / (14 / 100))
    assert "J99" in of_posts.absent(POSTS, ["J03", "J99"])
    assert "J99" not in of_posts.absent(POSTS, ["J03"])


def test_wilson_known_answer_and_closed_form():
    # 81 of 263: the example of Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    interval = of_posts.share_interval(81, 263)
    assert (round(interval.low, 2), round(interval.high, 2)) == (25.53, 36.62)


def test_katz_closed_form():
    interval = of_posts.ratio_interval(30, 80, 14, 100)
    half = 1.959963984540054 * math.sqrt(1 / 30 - 1 / 80 + 1 / 14 - 1 / 100)
    ratio = (30 / 80) / (14 / 100)
    assert interval.low == pytest.approx(ratio * math.exp(-half))
    assert interval.high == pytest.approx(ratio * math.exp(half))
    assert of_posts.ratio_interval(0, 80, 14, 100) is None
    assert of_posts.ratio_interval(3, 80, 0, 100) is None


@given(st.integers(1, 5000), st.data())
def test_wilson_holds_the_share_and_stays_between_0_and_100(n, data):
    hits = data.draw(st.integers(0, n))
    interval = of_posts.share_interval(hits, n)
    assert -1e-9 <= interval.low <= 100 * hits / n + 1e-9
    assert 100 * hits / n - 1e-9 <= interval.high <= 100 + 1e-9


def test_no_share_of_no_posts():
    assert of_posts.share(0, 0) is None
    for hits, n in ((1, 0), (5, 4), (-1, 4)):
        with pytest.raises(RecountError, match="no share"):
            of_posts.share_interval(hits, n)


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(RecountError, match="technical"):
        of_posts.of_group(POSTS, "engineers")
    with pytest.raises(RecountError, match="pudong"):
        of_posts.at_place(POSTS, "Paris")


def test_share_needed_is_the_weight_that_gives_the_wanted_share():
    weight = of_posts.share_needed(30, 10, 15)
    assert weight * 30 + (1 - weight) * 10 == pytest.approx(15)
    assert math.isnan(of_posts.share_needed(10, 10, 15))


# --- the study -----------------------------------------------------------------------------------------------------


def test_headline_of_the_study_is_the_plain_count_and_what_is_declared():
    study = degrees.degrees_study()
    posts = of_posts.load()
    share = degrees.master_share(posts[posts["data_set"] == "J03"])
    assert study.headline["share"] == Interval(share.low, share.high)
    (ratio,) = degrees.ratio_rows(posts, ["J03"])
    assert (study.headline["ratio"].low, study.headline["ratio"].high) == (ratio["low"], ratio["high"])
    declared = {row.axis: row for row in registry.headline_rows("C09")}
    for axis in study.axes:
        row = declared.pop(axis.name)
        assert (axis.default, axis.role) == (row.choice, row.role)
        assert set(axis.choices) == {row.choice, *row.alternatives}
    assert list(declared) == ["question"]


def test_study_on_made_up_posts():
    study = degrees.degrees_study(POSTS)
    assert study.headline["share"] == of_posts.share_interval(30, 80)
    assert study.headline["ratio"] == of_posts.ratio_interval(30, 80, 14, 100)
    assert study.at("share", denominator="all_posts") == of_posts.share_interval(30, 100)
    assert study.at("share", titles="algorithm") == of_posts.share_interval(20, 70)
    # Under "any AI word" the others are titles without one.
    assert study.at("ratio", titles="any_ai") == of_posts.ratio_interval(35, 90, 9, 90)
    assert study.at("share", product_posts="instead") is None  # five posts are too few
    assert study.at("share", place="pudong") is None
    assert not study.frame["product_posts"][study.frame["counted"]].eq("instead").any()


def test_straddling_small_cells_never_count_as_inside():
    study = degrees.degrees_study()
    found = study.robustness(registry.claim("C09a").reading, "share")
    assert found.inside_default == 0  # no set is large enough to place a share within half a point
    assert found.straddling > 0


# --- a reader's own tallies ----------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Reads a tally of a reader's own posts the way a run with RECOUNT_TALLIES does."""

    def read(posts: pd.DataFrame) -> pd.DataFrame:
        table = posts.reindex(columns=COLUMNS)
        table["odd_snapshot"] = table["odd_snapshot"].map({True: "true", False: "false"})
        table.to_csv(tmp_path / "posts.csv", index=False)
        monkeypatch.setenv("RECOUNT_TALLIES", str(tmp_path))
        return of_posts.load()

    return read


def test_own_rows_decide_and_lead_where_j03_is_absent(own):
    mine = POSTS.assign(data_set="mine", source_id="own-rows", platform="other")
    posts = own(mine)
    assert posts["decides"].all()
    study = degrees.degrees_study(posts)
    assert study.defaults["data_set"] == "mine"
    assert study.headline["share"] == of_posts.share_interval(30, 80)
    assert of_posts.as_of(posts, "mine") == "2024"
    assert "J03" in of_posts.absent(posts, ["J01", "J03"])


def test_own_rows_of_several_platforms_are_never_pooled(own):
    both = pd.concat([POSTS.assign(platform="boss"), POSTS.assign(platform="liepin", n=POSTS["n"] + 1)])
    posts = own(both.assign(data_set="mine", source_id="own-rows"))
    study = degrees.degrees_study(posts)
    assert of_posts.sets(posts) == ("mine-boss", "mine-liepin")
    assert study.defaults["data_set"] == "mine-liepin"
    assert [label.en for label in study.axes[0].choices.values()] == ["mine-boss", "mine-liepin"]
    assert study.at("share", data_set="mine-boss") == of_posts.share_interval(30, 80)
    assert "mine-boss, mine-liepin" in of_posts.absent(posts, ["J03"])


def test_own_sets_that_bear_a_published_code_are_told_apart(own):
    """J09 became public after the report and J11 was searched by degree; a reader's rows of that name are neither."""
    posts = own(pd.concat([POSTS.assign(data_set=code, source_id="own-rows", platform="boss") for code in ("J09", "J11")]))
    assert of_posts.sets(posts) == ("own-J09", "own-J11")
    assert posts["degree"].all() and posts["decides"].all()
    assert of_posts.label("own-J09") == "own-J09"


def test_published_rows_in_a_readers_folder_keep_their_name_and_their_day(own):
    late = POSTS.assign(data_set="J09", source_id="job-j09", platform="51job")
    posts = own(pd.concat([POSTS, late]))
    assert of_posts.sets(posts) == ("J03", "J09")
    assert not posts["decides"][posts["data_set"] == "J09"].any()


def test_rows_known_only_after_the_report_alone_are_refused(own):
    with pytest.raises(RecountError, match=r"no data set of the tally \(J09\) was public on 2025-12-06.*without --source-id"):
        own(POSTS.assign(data_set="J09", source_id="job-j09", platform="51job"))


def test_a_tally_without_rows_is_refused_in_one_line(own):
    with pytest.raises(RecountError, match="the tally holds no posts. Remedy"):
        own(POSTS[:0])


def test_rows_without_a_date_are_said_to_have_none(own):
    posts = own(POSTS.assign(data_set="mine", source_id="own-rows", platform="boss", year=None))
    head = of_posts.headline(posts, degrees.degrees_study(posts), [], "percent")
    assert (head.as_of, head.facts["as_of"]["zh"]) == ("undated", "日期不详")


def test_a_tiny_tally_gives_no_estimate_instead_of_an_error(own):
    one = {"data_set": "mine", "source_id": "own-rows", "platform": "other", "year": None}
    study = degrees.degrees_study(own(made_up(one)))
    assert study.headline == {"share": None, "ratio": None}
