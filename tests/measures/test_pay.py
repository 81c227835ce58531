"""Annual pay, brackets, their ranks, and the studies of C10."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from posts_made_up import made_up

from recount import registry
from recount.hedges import Interval
from recount.measures import pay
from recount.measures import posts as of_posts
from recount.tables import RecountError


def test_annual_pay_of_hand_made_ranges():
    posts = made_up(
        {"min_k_month": 20.0, "max_k_month": 40.0, "months": 16},
        {"min_k_month": 33.333, "max_k_month": 50.0, "months": 12, "pay_unit": "year"},  # 400,000 to 600,000 yuan a year
        {"min_k_month": None, "max_k_month": 5.0},  # at most 5,000 a month
        {"min_k_month": 60.0, "max_k_month": None, "months": None},
        {"min_k_month": None, "max_k_month": None, "months": None, "pay_unit": "negotiable"},
    )
    assert pay.annual(posts, "min").tolist()[:4] == [32, 40, 6, 72]
    assert pay.annual(posts, "mid").tolist()[:4] == [48, 50, 6, 72]
    assert pay.annual(posts, "max").tolist()[:4] == [64, 60, 6, 72]
    assert pay.annual(posts, "max", "twelve").tolist()[:4] == [48, 60, 6, 72]
    assert np.isnan(pay.annual(posts)[4])


def test_usable_pay():
    posts = made_up(
        {"pay_unit": "month"},
        {"pay_unit": "year"},
        {"pay_unit": "day"},
        {"pay_unit": "piece", "min_k_month": None, "max_k_month": None},
        {"pay_unit": "month", "max_k_month": 301.0},
        {"pay_unit": "month", "max_k_month": 100.0},
        {"pay_unit": "year", "max_k_month": 100.0},
        {"pay_unit": "negotiable", "min_k_month": None, "max_k_month": None},
    )
    assert pay.usable(posts).tolist() == [True, True, False, False, False, True, True, False]
    assert pay.usable(posts, "usable_and_hourly").tolist() == [True, True, True, False, False, True, True, False]
    assert pay.usable(posts, "not_yearly_looking").tolist() == [True, True, False, False, False, False, True, False]


def test_brackets_take_their_lower_edge():
    assert pay.bracket_labels("six") == ("<100k", "100-200k", "200-300k", "300-400k", "400-500k", ">=500k")
    counts = pay.bracket_counts(np.array([9.999, 10, 49.999, 50, 500]), np.array([1, 2, 3, 4, 5]))
    assert counts.tolist() == [1, 2, 0, 0, 3, 9]
    for scheme in pay.SCHEMES:
        labels = pay.bracket_labels(scheme)
        assert "500" in labels[pay.claimed_bracket(scheme)].split("-")[0]
        assert len(pay.bracket_counts(np.array([1.0]), np.array([1]), scheme)) == len(labels)


def test_largest_bracket_and_shared_places():
    assert pay.largest([1, 5, 2, 0, 0, 3]) == "100-200k"
    assert pay.largest([1, 5, 2, 0, 0, 5]) == "100-200k and >=500k"
    assert pay.rank([1, 5, 2, 0, 0, 5], 5) == 1.5
    assert pay.rank([9, 5, 2], 2) == 3


def test_rank_interval_known_answers():
    # |260 - 240| = 20 < 1.96 * sqrt(500) = 43.8: either may be larger; 100 is surely smaller than both.
    assert pay.rank_interval([260, 240, 100], 1) == Interval(1, 2)
    assert pay.rank_interval([260, 240, 100], 2) == Interval(3, 3)
    assert pay.rank_interval([400, 200, 100], 0) == Interval(1, 1)
    assert pay.rank_interval([0, 0, 5], 0) == Interval(2, 3)


@given(st.lists(st.integers(0, 400), min_size=2, max_size=11), st.data())
def test_rank_lies_in_its_interval(counts, data):
    at = data.draw(st.integers(0, len(counts) - 1))
    interval = pay.rank_interval(counts, at)
    assert interval.low <= pay.rank(counts, at) <= interval.high
    assert interval.low >= 1
    assert interval.high <= len(counts)


PAID = st.lists(st.tuples(st.floats(0.1, 300), st.integers(1, 50)), min_size=1, max_size=40)


@given(PAID, st.sampled_from(sorted(pay.SCHEMES)))
def test_brackets_add_up_and_the_top_one_is_the_share(pairs, scheme):
    amounts, n = np.array([a for a, _ in pairs]), np.array([k for _, k in pairs])
    counts = pay.bracket_counts(amounts, n, scheme)
    assert counts.sum() == n.sum()
    assert counts[pay.claimed_bracket(scheme) :].sum() == n[amounts >= pay.THRESHOLD].sum()


@given(st.floats(1, 100), st.floats(0, 100), st.integers(12, 18))
def test_minimum_middle_maximum_are_in_order(low, span, months):
    posts = made_up({"min_k_month": low, "max_k_month": low + span, "months": months})
    least, middle, most = (float(pay.annual(posts, point)[0]) for point in pay.POINTS)
    assert least <= middle <= most
    assert pay.annual(posts, "max", "twelve")[0] <= most


def test_unknown_names_are_refused_with_the_known_ones():
    posts = made_up({})
    for call in (lambda: pay.annual(posts, "median"), lambda: pay.usable(posts, "all"), lambda: pay.bracket_labels("seven")):
        with pytest.raises(RecountError, match="Remedy"):
            call()


POSTS = made_up(
    {"n": 30, "min_k_month": 40.0, "max_k_month": 60.0},  # 48, 60, 72
    {"n": 40, "min_k_month": 20.0, "max_k_month": 40.0},  # 24, 36, 48
    {"n": 30, "min_k_month": 20.0, "max_k_month": 30.0, "months": 18},  # 36, 45, 54
    {"n": 100, "class_v1": "none", "min_k_month": 5.0, "max_k_month": 9.0},
    {"n": 10, "class_v1": "none", "min_k_month": 50.0, "max_k_month": 60.0},
    {"n": 7, "pay_unit": "negotiable", "min_k_month": None, "max_k_month": None},
)


def test_shares_and_results_of_made_up_posts():
    rows = {row["id"]: row for row in pay.top_rows(POSTS, ["J01", "J03"])}
    assert [rows[f"C10.ge500k.J03.ai_technical.{point}"]["value"] for point in pay.POINTS] == [0, 30, 60]
    assert rows["C10.ge500k.J03.ai_technical.mid"]["n"] == 100
    assert pay.top_share(pay.chosen(POSTS, "all")).hits == 40
    labels = {row["id"]: row["value"] for row in pay.largest_rows(POSTS, ["J03"])}
    assert labels == {
        "C10.largest_bracket.J03.min": "200-300k",
        "C10.largest_bracket.J03.mid": "300-400k",
        "C10.largest_bracket.J03.max": ">=500k",
    }
    ratios = {row["point"]: row for row in pay.ratio_rows(POSTS, "J03")}
    assert ratios["mid"]["value"] == pytest.approx(0.3 / (40 / 210))
    assert ratios["mid"]["low"] < ratios["mid"]["value"] < ratios["mid"]["high"]


def test_studies_on_made_up_posts():
    top = pay.top_study(POSTS)
    assert top.headline["ge500k"] == of_posts.share_interval(30, 100)
    assert top.at("ge500k", point="maximum") == of_posts.share_interval(60, 100)
    assert top.at("ge500k", point="maximum", months="twelve") == of_posts.share_interval(30, 100)
    ranks = pay.rank_study(POSTS)
    assert ranks.headline["top_rank"] == pay.rank_interval([0, 0, 0, 40, 30, 30], 5)
    assert ranks.at("top_rank", point="maximum") == Interval(1, 1)
    assert ranks.at("top_rank", brackets="equal_100k") == pay.rank_interval([0, 0, 0, 40, 30, 0, 30, 0, 0, 0, 0], 5)


@pytest.mark.parametrize(("id", "build"), [("C10", pay.top_study), ("C10b", pay.rank_study), ("C10c", pay.all_posts_study)])
def test_studies_have_the_declared_choices(id, build):
    study = build()
    declared = {row.axis: row for row in registry.headline_rows(id)}
    for axis in study.axes:
        row = declared.pop(axis.name)
        assert (axis.default, axis.role) == (row.choice, row.role)
        assert set(axis.choices) == {row.choice, *row.alternatives}
    assert list(declared) == ["question"]
    assert study.questions == registry.questions(id)


def test_headlines_are_the_plain_counts():
    posts = of_posts.load()
    ai = pay.top_share(pay.chosen(posts[posts["data_set"] == "J03"]))
    assert pay.top_study(posts).headline["ge500k"] == Interval(ai.low, ai.high)
    everyone = pay.top_share(pay.chosen(posts[posts["data_set"] == "J05"], "all"))
    assert pay.all_posts_study(posts).headline["ge500k"] == Interval(everyone.low, everyone.high)


def test_equal_weights_are_the_mean_of_the_searches():
    posts = of_posts.load()
    searches = pay.by_search(posts)
    assert len(searches) == len(pay.SEARCHES)
    assert int(searches["posts"].sum()) == pay.top_share(pay.chosen(posts[posts["data_set"] == "J05"], "all")).n
    interval = pay.all_posts_study(posts).at("ge500k", searches="equal_weights")
    assert interval.low < searches["percent"].mean() < interval.high


def test_own_sets_weigh_their_own_searches():
    """A search that only another set of the reader was asked for is no reason to leave a set without equal weights."""
    low, high = {"min_k_month": 10, "max_k_month": 10, "n": 40}, {"min_k_month": 90, "max_k_month": 90, "n": 40}
    mine = {"data_set": "mine", "source_id": "own-rows"}
    other = {"data_set": "other", "source_id": "own-rows"}
    posts = made_up(mine | low | {"search": "a"}, mine | high | {"search": "b"}, other | low | {"search": "c"})
    study = pay.all_posts_study(posts)
    even = study.at("ge500k", data_set="mine", searches="equal_weights")
    assert (even.low + even.high) / 2 == pytest.approx(50)


def test_no_study_of_all_posts_where_no_set_mixes_occupations():
    assert pay.all_posts_study(POSTS) is None


def test_a_tally_without_j05_still_has_its_tables():
    assert pay.by_search(POSTS).empty
    assert pay.ratio_rows(POSTS) == []
    assert pay.pairs(POSTS, 30.97, 5.36).empty
    assert len(pay.bracket_table(POSTS, ["J03", "J05"])) == 6
    assert pay.bracket_table(POSTS, ["J05"]).empty


def test_tiny_tallies_of_a_reader_give_no_estimate_instead_of_an_error():
    tiny = made_up(
        {"data_set": "mine", "source_id": "own-rows", "n": 3}, {"data_set": "mine", "source_id": "own-rows", "class_v1": "none"}
    )
    for study in (pay.top_study(tiny), pay.rank_study(tiny), pay.all_posts_study(tiny)):
        assert study.defaults["data_set"] == "mine"
        assert list(study.headline.values()) == [None]
        assert study.evaluate().frame["low"].isna().all()
    head = of_posts.headline(tiny, pay.top_study(tiny), [], "percent")
    assert (head.n, head.facts["sets"], head.facts["value"]["en"]) == (None, 0, "no estimate")
    assert of_posts.turns_on(pay.top_study(tiny), "C10a", "ge500k") is None


def test_phrases_count_sides():
    found = of_posts.sides([Interval(1, 2), Interval(30, 32), Interval(40, 50)], "C10a")
    assert found == {"below": 1, "inside": 0, "across": 1, "above": 1}
    assert (
        of_posts.in_words(found, "searches") == "1 of 3 searches give less than claimed, 1 cannot be told from it, 1 give more"
    )
    assert of_posts.in_words(found, "种算法", "zh") == "3种算法中，1种低于所称，1种无法与所称区分，1种高于所称"
    assert of_posts.in_words({"below": 0, "inside": 2, "across": 0, "above": 0}, "searches").startswith("None of 2 searches")
    none = dict.fromkeys(found, 0)
    assert of_posts.in_words(none, "ways to count") == "No ways to count with enough posts"
    assert of_posts.in_words(none, "种算法", "zh") == "没有岗位数足够的算法"


def test_large_sets_are_all_sets_where_none_is_large():
    rows = [{"data_set": "a", "n": pay.MANY_POSTS}, {"data_set": "b", "n": 40}]
    assert pay.large_sets(rows) == ["a"]
    assert pay.large_sets(rows[1:]) == ["b"]
    assert pay.large_sets([]) == []


def test_rank_table_and_pairs():
    table = pay.rank_table(POSTS, ["J03"]).set_index(["scheme", "point"])
    assert len(table) == len(pay.SCHEMES) * len(pay.POINTS)
    assert table.loc[("six", "max"), ["largest", "rank_low", "rank_high"]].tolist() == [">=500k", 1, 1]
    assert table.loc[("six", "min"), "rank_low"] > 1
    ways = pay.pairs(POSTS, 30, 40 / 2.1, ["J03"])
    fits = ways[ways["fits_ai"] & ways["fits_all"]]
    assert ("months as stated", "middle") in set(zip(fits["months"], fits["point"], strict=True))
