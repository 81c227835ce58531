"""The registers: every claim of the report is there, readable, in both languages, and every id leads somewhere."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from recount import hedges, registry, tables, wording
from recount.hedges import Interval

ATOMIC = [
    "C01a", "C01b", "C01c", "C02a", "C03a", "C03b", "C03c", "C04a", "C04b", "C05a", "C05b", "C05c",
    "C06a", "C06b", "C07a", "C07b", "C07c", "C08a", "C08b", "C08c", "C09a", "C09b", "C10a", "C10b",
    "C10c", "C11a", "C11b", "C12a", "C12b", "C13a", "C13b", "C13c", "C14a", "C14b",
]  # fmt: skip
UNMEASURABLE = ["U01", "U02"]

# hedge and the default interval in the unit of the claim; None: no reading
EXPECTED = {
    "C01a": ("H06", "[24.5, 25.5]"), "C01b": ("H06", "[62.5, 63.5]"), "C01c": ("H17", "(0, ∞)"), "C02a": ("H12", "5"),
    "C03a": ("H05", "[15, 25]"), "C03b": ("H06", "[0.25, 0.35]"), "C03c": ("H18", "(−∞, 0)"), "C04a": ("H11", "1"),
    "C04b": ("H20", None), "C05a": ("H01", "(94000, 95000)"), "C05b": ("H08", "[29.1667, 36.6667]"), "C05c": ("H11", "1"),
    "C06a": ("H01", "(1600, 1700)"), "C06b": ("H04", "[35, 40)"), "C07a": ("H03", "(600, 700)"),
    "C07b": ("H07", "[1135, 1145]"), "C07c": ("H10+H04", "[65, 70)"), "C08a": ("H10+H01", "(60, 70)"),
    "C08b": ("H09", "[70.8333, 75)"), "C08c": ("H19", "739372"), "C09a": ("H04", "[46.5, 47)"), "C09b": ("H13", "[1.5, ∞)"),
    "C10a": ("H06", "[30.965, 30.975]"), "C10b": ("H11", "1"), "C10c": ("H14", "[5.355, 5.365]"),
    "C11a": ("H14", "[0.505, 0.515]"), "C11b": ("H12", "2"), "C12a": ("H15", "[50, ∞)"), "C12b": ("H15", "[50, ∞)"),
    "C13a": ("H16+H01", None), "C13b": ("H16+H01", None), "C13c": ("H16+H01", None), "C14a": ("H06", "[8.5, 9.5]"),
    "C14b": ("H04", "[150, 200)"),
}  # fmt: skip
SECOND = {"C03a": "[19.5, 20.5]", "C06b": "[39.5, 40)", "C07c": "[69.5, 70)", "C08a": "(60, 61)"}
MULTIVERSE = {
    "C01": {
        "channel": "ollama",
        "flow": "flow",
        "scope": "all",
        "region": "publisher",
        "unknown": "denominator",
        "llama31": "with",
    },
    "C02": {"counting": "whole", "china": "mainland", "venues": "ccf_a", "tracks": "main", "years": "2020_2024"},
    "C03": {"protocol": "five_shot", "availability": "any_published", "scale": "points"},
    "C03b": {"protocol": "any", "as_of": "november"},
    "C04": {"counting": "slots", "venue": "all", "year": "all"},
    "C05": {"city_total": "S15"},
    "C06": {"numerator": "P02", "denominator": "P03"},
    "C07": {"denominator": "P02"},
    "C09": {"rule_version": "v1", "titles": "technical", "denominator": "stated_with_any"},
    "C10": {"point": "middle", "months": "stated", "titles": "technical"},
    "C10b": {"titles": "technical", "brackets": "six"},
    "C10c": {"data_set": "J05"},
    "C12": {"published": "zhaopin_2025q3"},
}
CHINESE = re.compile("[\u4e00-\u9fff]")
DIGITS = re.compile(r"\d+(?:[,.]\d+)*")
PLACEHOLDER = re.compile(r"{(\w+)}")
NO_RESULT = re.compile(r"{\w+}|5-shot|\b20\d\d\b|20\d\d年|\d{1,2}月")
"""Placeholders, a protocol's name, years and months: what may carry digits without being a result."""


def test_every_atomic_claim_stands_once_in_order():
    assert [claim.id for claim in registry.claims()] == ATOMIC + UNMEASURABLE
    assert [claim.id for claim in registry.claims("unmeasurable")] == UNMEASURABLE
    assert {claim.id for claim in registry.claims("forecast")} == {"C13a", "C13b", "C13c"}
    assert {claim.id for claim in registry.claims("event")} == {"C08c", "C14a", "C14b"}


def test_parents_lead_to_their_parts():
    assert registry.parents() == tuple(f"C{n:02d}" for n in range(1, 15))
    assert [claim.id for parent in registry.parents() for claim in registry.children(parent)] == ATOMIC
    assert [claim.id for claim in registry.children("U")] == UNMEASURABLE
    for claim in registry.claims("measured"):
        assert claim.id.startswith(claim.parent) and claim.notebook.startswith(claim.parent[1:])


@pytest.mark.parametrize("claim_id", ATOMIC)
def test_hedges_and_default_intervals(claim_id):
    claim = registry.claim(claim_id)
    hedge, interval = EXPECTED[claim_id]
    assert claim.hedge_id == hedge
    assert (claim.reading and str(claim.reading.default)) == interval


@pytest.mark.parametrize("claim_id", ATOMIC)
def test_second_reading_of_round_percentages_only(claim_id):
    claim = registry.claim(claim_id)
    assert (claim.second_reading and str(claim.second_reading.default)) == SECOND.get(claim_id)
    round_percentage = claim.unit in ("percent", "pp") and claim.u == 10
    assert claim.u_second == (1 if round_percentage else None)


def test_forecasts_keep_their_target():
    for claim_id, default in (("C13a", "(1000, 2000)"), ("C13b", "(1000, 2000)"), ("C13c", "(10000, 20000)")):
        claim = registry.claim(claim_id)
        assert claim.reading is None and claim.target_reading is not None
        assert str(claim.target_reading.default) == default
    assert registry.claim("C06a").target_reading is None


@pytest.mark.parametrize("claim_id", ATOMIC)
def test_u_is_the_unit_of_the_printed_number(claim_id):
    claim = registry.claim(claim_id)
    needed = {s for part in claim.hedge_id.split("+") for s in hedges.hedge(part).needs} if claim.reading else set()
    if claim.u is None:
        assert "u" not in needed
        return
    number = f"{claim.value:f}".rstrip("0").rstrip(".") if claim.value % 1 else f"{claim.value:.0f}"
    assert hedges.exact(claim.u) == hedges.last_digit_unit(number)
    # and of the text as printed: 9.4万, 7成, 30.97%; ten or a hundred million yuan is the unit of the claim, not of the number
    text = re.search(r"\d[\d.]*(?:万|成)?", claim.printed_zh)
    if text:
        assert hedges.last_digit_unit(text[0]) == hedges.exact(claim.u)


def test_fractions_and_days_are_exact():
    third, quarters = registry.claim("C05b"), registry.claim("C08b")
    assert third.exact_value == Fraction(100, 3) and third.value == pytest.approx(100 / 3, abs=1e-4)
    assert quarters.exact_value == 75 == quarters.value
    assert third.reading.literal == Interval.point(100 / 3)
    assert registry.claim("C08c").reading.default == Interval.point(739372)


def test_values_stand_in_the_printed_text():
    for claim in registry.claims():
        if claim.value is None or claim.fraction:
            continue
        text = claim.printed_en.replace(",", "")
        named = {float(token) for token in re.findall(r"\d+(?:\.\d+)?", text)}
        # English counts in billions what Chinese counts in hundred millions; a first place and a run are printed as words
        value = claim.value * wording.ENGLISH_SCALE.get(claim.unit, 1)
        assert value in named or claim.unit in ("rank", "years", "bands"), claim.id


def test_both_languages_and_one_sentence():
    for claim in registry.claims():
        assert claim.statement_en.endswith(".") and not CHINESE.search(claim.statement_en), claim.id
        assert claim.statement_zh.endswith("。") and len(CHINESE.findall(claim.statement_zh)) > 8, claim.id
        assert ". " not in claim.statement_en and claim.statement_zh.count("。") == 1, claim.id
        assert claim.printed_en and claim.printed_zh and not CHINESE.search(claim.printed_en), claim.id
    statements = [claim.statement_en for claim in registry.claims()]
    assert len(set(statements)) == len(statements)


def test_sources_and_order_of_the_accounts():
    for claim in registry.claims():
        assert registry.source(claim.source_id).known_by <= "2025-12-31"
        forum = claim.id[:3] in ("C13", "C14")
        assert claim.source_id == (
            "reg-second-account" if claim.id == "C04b" else "reg-xinmin-forum" if forum else "reg-xinmin-report"
        )
    places = [claim.position for claim in registry.claims() if claim.position is not None]
    assert places == sorted(set(places)) and len(places) == len(ATOMIC) - 1  # C04b stands in the other account


def test_unmeasurable_statements_have_no_reading_and_say_why():
    for claim in registry.claims("unmeasurable"):
        assert claim.reading is None and claim.second_reading is None and claim.target_reading is None
        assert claim.hedge_id == "" and claim.notes.startswith("Recorded without a verdict")
        with pytest.raises(tables.UnknownIdError, match="claim_id"):
            registry.write(claim.id)


# --- headlines ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("study", MULTIVERSE)
def test_headline_choices(study):
    headline = registry.headline(study)
    assert {axis: headline.get(axis) for axis in MULTIVERSE[study]} == MULTIVERSE[study]
    for row in registry.headline_rows(study):
        assert row.choice not in row.alternatives and len(set(row.alternatives)) == len(row.alternatives)
        assert bool(row.alternatives) == (row.role != "question"), (study, row.axis)
        assert row.axis not in ("specification",)


def test_every_claim_has_exactly_one_declared_study():
    answered = [claim_id for study in registry.studies() for claim_id in registry.headline_rows(study)[0].claim_ids]
    assert sorted(answered) == sorted(ATOMIC)
    for study in registry.studies():
        rows = registry.headline_rows(study)
        assert len({row.claim_ids for row in rows}) == 1 and len({row.axis for row in rows}) == len(rows)
        if study not in MULTIVERSE:
            assert registry.headline(study) == {"specification": "only"} and rows[0].claim_ids == (study,)
            assert registry.questions(study) == ("",)


def test_questions_are_no_axes():
    assert registry.questions("C06") == ("scale", "share")
    assert registry.questions("C05") == ("",)
    assert "question" not in registry.headline("C06")


# --- what may be written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim_id", ATOMIC)
def test_sentences(claim_id):
    """Both languages have the same placeholders; digits are values of the claim, or dates, never results."""
    words, claim = registry.write(claim_id), registry.claim(claim_id)
    own = " ".join((claim.statement_en, claim.statement_zh, claim.printed_en, claim.printed_zh, claim.period.replace("/", " ")))
    for part in ("finding", "overreach", "caveat", "missing"):
        en, zh = getattr(words, f"{part}_en"), getattr(words, f"{part}_zh")
        assert en.endswith(".") and not CHINESE.search(en) and zh.endswith("。") and CHINESE.search(zh), part
        assert set(PLACEHOLDER.findall(en)) == set(PLACEHOLDER.findall(zh)), part
        assert part in ("finding", "caveat") or not PLACEHOLDER.findall(en), (
            f"{part}: only what the tables say has placeholders"
        )
        for text in (en, zh):
            assert set(DIGITS.findall(NO_RESULT.sub("", text))) <= set(DIGITS.findall(own)), part


# --- wrong ids -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "wrong", "message"),
    [
        (registry.claim, "C06", r"is a parent.*C06a, C06b"),
        (registry.claim, "C6b", r"no 'C6b'.*Nearest: C06b"),
        (registry.children, "C15", r"column parent.*Nearest: C1"),
        (registry.source, "reg-xinmin", r"sources.csv.*Nearest: reg-xinmin"),
        (registry.headline, "C3b", r"headlines.csv.*Nearest: .*C03b"),
        (registry.questions, "", r"headlines.csv.*Nearest: C01"),
        (registry.write, "C06", r"write.csv.*Nearest: C06"),
        (registry.claims, "measure", r"column kind.*Nearest: measured"),
    ],
)
def test_an_unknown_id_names_the_nearest(ask, wrong, message):
    with pytest.raises(tables.UnknownIdError, match=f"{message}.*Remedy" if wrong != "C06" else message):
        ask(wrong)


def test_records_are_frozen_and_cached():
    claim = registry.claim("C06b")
    assert registry.claim("C06b") is claim and registry.claims()[0] is registry.claims()[0]
    with pytest.raises(AttributeError):
        claim.value = 41  # type: ignore[misc]
    assert isinstance(claim.value, float) and isinstance(claim.position, int)
    assert list(registry.hedges_table()["hedge_id"])[:2] == ["H01", "H02"]
