"""From words to intervals: known answers for every hedge, properties, and clear errors for wrong rows."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount import hedges, tables
from recount.hedges import HedgeError, Interval, last_digit_unit, position, read

INF = math.inf

# hedge, value, u, (literal, narrow, default, wide) as they print
KNOWN = [
    ("H01", "1600", 100, "(1600, ∞)", "(1600, 1650]", "(1600, 1700)", "(1600, 1800)"),
    ("H01", "94000", 1000, "(94000, ∞)", "(94000, 94500]", "(94000, 95000)", "(94000, 96000)"),
    ("H02", "500", 100, "[500, ∞)", "[500, 550]", "[500, 600)", "[500, 700)"),
    ("H03", "600", 100, "(600, 700)", "(600, 650]", "(600, 700)", "(600, 700)"),
    ("H04", "40", 10, "(−∞, 40)", "[37.5, 40)", "[35, 40)", "[30, 40)"),
    ("H04", "40", 1, "(−∞, 40)", "[39.75, 40)", "[39.5, 40)", "[39, 40)"),  # the second reading of a round percentage
    ("H04", "47", 1, "(−∞, 47)", "[46.75, 47)", "[46.5, 47)", "[46, 47)"),
    ("H04", "200", 100, "(−∞, 200)", "[175, 200)", "[150, 200)", "[100, 200)"),
    ("H05", "20", 10, "[10, 30]", "[17.5, 22.5]", "[15, 25]", "[10, 30]"),
    ("H05", "20", 1, "[19, 21]", "[19.75, 20.25]", "[19.5, 20.5]", "[19, 21]"),
    ("H06", "25", 1, "25", "[24.5, 25.5]", "[24.5, 25.5]", "[24, 26]"),  # a bare whole number
    ("H06", "30.97", "0.01", "30.97", "[30.965, 30.975]", "[30.965, 30.975]", "[30.96, 30.98]"),  # a bare decimal
    ("H06", "0.3", "0.1", "0.3", "[0.25, 0.35]", "[0.25, 0.35]", "[0.2, 0.4]"),
    ("H07", "1140", 10, "1140", "[1135, 1145]", "[1135, 1145]", "[1130, 1150]"),  # a bare round number
    ("H08", Fraction(100, 3), None, "33.3333", "[31.6667, 36.6667]", "[29.1667, 36.6667]", "[29.1667, 41.6667]"),
    ("H08", "50", None, "50", "[45, 55]", "[45, 55]", "[41.6667, 58.3333]"),
    ("H09", "75", None, "(−∞, 75)", "[72.9167, 75)", "[70.8333, 75)", "[66.6667, 75)"),
    ("H10+H01", "60", 10, "(60, ∞)", "(60, 65]", "(60, 70)", "(60, 80)"),  # tenths: 超6成
    ("H10+H04", "70", 10, "(−∞, 70)", "[67.5, 70)", "[65, 70)", "[60, 70)"),  # 近7成
    ("H11", "1", None, "1", "1", "1", "[1, 1.5]"),
    ("H12", "5", None, "5", "5", "5", "[4, 5]"),
    ("H13", None, None, "(1, ∞)", "[2, ∞)", "[1.5, ∞)", "[1.2, ∞)"),
    ("H14", "0.51", "0.01", "0.51", "[0.505, 0.515]", "[0.505, 0.515]", "[0.5, 0.52]"),
    ("H15", None, None, "(0, ∞)", "[100, ∞)", "[50, ∞)", "[20, ∞)"),
    ("H17", None, None, "(0, ∞)", "(0, ∞)", "(0, ∞)", "(0, ∞)"),
    ("H18", None, None, "(−∞, 0)", "(−∞, 0)", "(−∞, 0)", "(−∞, 0)"),
    ("H19", date(2025, 5, 1).toordinal(), None, "739372", "739372", "739372", "739372"),
    ("H01+H04", "40", 10, None, None, None, None),  # nothing is both over and nearly
    ("H02+H03", "600", 100, "(600, 700)", "(600, 650]", "(600, 700)", "(600, 700)"),  # two hedges: both must hold
    ("H14+H06", "5.36", "0.01", "5.36", "[5.355, 5.365]", "[5.355, 5.365]", "[5.35, 5.37]"),
]


@pytest.mark.parametrize(("hedge_id", "value", "u", "literal", "narrow", "default", "wide"), KNOWN)
def test_known_answers(hedge_id, value, u, literal, narrow, default, wide):
    if literal is None:
        with pytest.raises(HedgeError, match="no number in common"):
            read(hedge_id, value, u)
        return
    got = read(hedge_id, value, u)
    assert [str(getattr(got, name)) for name in hedges.READINGS] == [literal, narrow, default, wide]
    assert got.hedge_id == hedge_id


@pytest.mark.parametrize("hedge_id", ["H16", "H16+H01", "H01+H16", "H20"])
def test_forecasts_and_tiers_claim_no_quantity(hedge_id):
    assert read(hedge_id, "1000", 1000) is None


def test_every_hedge_has_a_known_answer():
    tested = {one for row in KNOWN for one in row[0].split("+")} | {"H16", "H20"}
    assert tested == set(hedges.register())


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("40", 10), ("47", 1), ("1600", 100), ("94,000", 1000), ("94000", 1000), ("0.3", "1/10"), ("30.97", "1/100"),
        ("30.97 %", "1/100"), ("0.51", "1/100"), ("600", 100), ("1140", 10), ("10,000", 10000), ("9", 1), ("9.4万", 1000),
        ("7成", 10), ("1600亿", 10**10), ("20.0", 10), ("20.50", "1/10"), ("105", 1), ("−0.3", "1/10"),
    ],
)  # fmt: skip
def test_unit_of_the_last_digit_that_is_not_zero(printed, unit):
    assert last_digit_unit(printed) == Fraction(unit)


@pytest.mark.parametrize("printed", ["0", "0.00", "one third", "1/3", "20-30", ""])
def test_no_unit_without_one_printed_number(printed):
    with pytest.raises(HedgeError, match="Remedy"):
        last_digit_unit(printed)


def test_bounds_are_the_floats_a_person_types():
    assert read("H06", "0.3", "0.1").default == Interval(0.25, 0.35)
    assert read("H06", 0.3, 0.1).default.high == 0.35  # 0.3 + 0.05 in binary is 0.35, 0.1 + 0.2 is not 0.3
    assert read("H04", 0.3, 0.4).wide.low == -0.1
    assert read("H08", Fraction(1, 3), whole=1).default == Interval(7 / 24, 11 / 30)


def test_float_noise_never_decides():
    third = 88.6 - 88.3  # 0.29999999999999716
    assert position(Interval.point(third), Interval.point(0.3)) == "inside"
    assert position(Interval.point(90.1 - 90.1 + 1e-15), Interval(0, INF, low_open=True)) == "outside"
    assert position(Interval.point(0.1 + 0.2), Interval(0.3, 1, low_open=True)) == "outside"


@pytest.mark.parametrize(
    ("estimate", "claimed", "where"),
    [
        (Interval.point(36), read("H04", 40, 10).default, "inside"),
        (Interval.point(35), read("H04", 40, 10).default, "inside"),
        (Interval.point(40), read("H04", 40, 10).default, "outside"),
        (Interval(39, 40), read("H04", 40, 10).default, "straddling"),
        (Interval(39, 40, high_open=True), read("H04", 40, 10).default, "inside"),
        (Interval(40, 45), read("H04", 40, 10).default, "outside"),
        (Interval(1600, INF), read("H01", 1600, 100).literal, "straddling"),  # "at least 1600" may be 1600
        (Interval(1600, INF, low_open=True), read("H01", 1600, 100).literal, "inside"),
        (Interval(3, 5), read("H12", 5).default, "straddling"),
        (Interval(4, 5), read("H12", 5).wide, "inside"),
        (Interval.point(1.5), read("H11", 1).wide, "inside"),
        (Interval.point(1.5), read("H11", 1).default, "outside"),
        (Interval.point(0), read("H17").default, "outside"),
    ],
)
def test_positions(estimate, claimed, where):
    assert position(estimate, claimed) == where


# --- properties ------------------------------------------------------------------------------------------------

NUMBERS = st.decimals(min_value="0.01", max_value="99999", places=2).map(str).filter(lambda text: float(text) > 0)
WITH_UNIT = ["H01", "H02", "H03", "H04", "H05", "H06", "H07", "H14"]
GRID = st.integers(-40, 40).map(lambda n: n / 4)


@st.composite
def intervals(draw) -> Interval:
    low, high = sorted((draw(st.one_of(GRID, st.just(-INF))), draw(st.one_of(GRID, st.just(INF)))))
    opens = (False, False) if low == high else (draw(st.booleans()), draw(st.booleans()))
    return Interval(low, high, *opens)


@given(st.sampled_from(WITH_UNIT), NUMBERS)
def test_narrow_lies_in_default_and_default_in_wide(hedge_id, printed):
    got = read(hedge_id, printed, last_digit_unit(printed))
    assert got.default.contains(got.narrow) and got.wide.contains(got.default)


@given(st.sampled_from(["H08", "H09"]), st.sampled_from(["1/3", "1/2", "2/3"]))
def test_fractions_are_nested_too(hedge_id, part):
    got = read(hedge_id, Fraction(part) * 100)
    assert got.default.contains(got.narrow) and got.wide.contains(got.default)


@pytest.mark.parametrize("hedge_id", ["H11", "H12", "H13", "H15", "H17", "H18", "H19"])
def test_the_other_hedges_are_nested_too(hedge_id):
    got = read(hedge_id, "1" if hedge_id == "H11" else "5")
    assert got.default.contains(got.narrow) and got.wide.contains(got.default)


@given(st.sampled_from(WITH_UNIT), NUMBERS, st.sampled_from([10, 100, 1000, Fraction(1, 10), Fraction(1, 100)]))
def test_the_unit_of_measure_does_not_matter(hedge_id, printed, scale):
    x, u = Fraction(printed), last_digit_unit(printed)
    one, scaled = read(hedge_id, x, u), read(hedge_id, x * scale, u * scale)
    for name in hedges.READINGS:
        a, b = getattr(one, name), getattr(scaled, name)
        assert (a.low_open, a.high_open) == (b.low_open, b.high_open)
        for low, high in ((a.low, b.low), (a.high, b.high)):
            assert low * float(scale) == pytest.approx(high, rel=1e-12, abs=1e-12)


@given(st.sampled_from([("1/4", "1/3"), ("1/3", "1/2"), ("1/2", "2/3"), ("2/3", "3/4")]), st.sampled_from(["1", "100", "1000"]))
def test_fractions_scale_with_their_whole(parts, whole):
    below, part = (Fraction(text) * Fraction(whole) for text in parts)
    got = read("H09", part, whole=whole)
    assert got.wide == Interval(below, part, high_open=True)
    assert got.default == Interval((below + part) / 2, part, high_open=True)


@given(intervals(), intervals())
def test_one_position_and_only_one(estimate, claimed):
    inside, outside = claimed.contains(estimate), claimed.disjoint(estimate)
    assert not (inside and outside)
    assert position(estimate, claimed) == ("inside" if inside else "outside" if outside else "straddling")


@given(intervals(), intervals(), GRID)
def test_relations_agree_with_points(one, other, x):
    def holds(interval: Interval, number: float) -> bool:
        above = interval.low < number or (interval.low == number and not interval.low_open)
        return above and (number < interval.high or (number == interval.high and not interval.high_open))

    assert one.contains(Interval.point(x)) == holds(one, x)
    if one.contains(other) and holds(other, x):
        assert holds(one, x)
    if one.disjoint(other):
        assert not (holds(one, x) and holds(other, x))
        with pytest.raises(HedgeError):
            one.intersection(other)
    else:
        both = one.intersection(other)
        assert one.contains(both) and other.contains(both)
        assert holds(both, x) == (holds(one, x) and holds(other, x))
    assert one.disjoint(other) == other.disjoint(one) and one.intersects(other) != one.disjoint(other)


@given(intervals())
def test_an_interval_contains_itself_and_prints_its_ends(one):
    assert one.contains(one) and not one.disjoint(one)
    text = str(one)
    assert one.is_point or (text[0] == ("(" if one.low_open else "[") and text[-1] == (")" if one.high_open else "]"))


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Interval(35, 40, high_open=True), "[35, 40)"),
        (Interval(-INF, 0, high_open=True), "(−∞, 0)"),
        (Interval(-1.5, INF), "[−1.5, ∞)"),
        (Interval(29.16666666, 36.6666666, low_open=True), "(29.1667, 36.6667]"),
        (Interval.point(0), "0"),
    ],
)
def test_intervals_print_as_people_write_them(interval, text):
    assert str(interval) == text


# --- wrong input -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [(2, 1), (math.nan, 1), (1, math.nan), (INF, INF), (-INF, -INF)])
def test_an_interval_is_never_empty(ends):
    with pytest.raises(HedgeError, match="Remedy"):
        Interval(*ends)


def test_an_open_point_is_empty():
    with pytest.raises(HedgeError, match="nothing between"):
        Interval(1, 1, low_open=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[x",
        "[x, x+y]",
        "[x, x+]",
        "[x x]",
        "[x, 0.5 0.5]",
        "[x, 2x+inf]",
        "{x}",
        "[x, x, x]",
        "[xu, x]",
        "[, x]",
        "[.5x, x]",
    ],
)
def test_a_formula_outside_the_grammar_is_refused_by_its_place(text):
    with pytest.raises(HedgeError, match=r"hedges\.csv, row 9, column wide: .*Remedy"):
        hedges.parse(text, "hedges.csv, row 9, column wide")


@pytest.mark.parametrize("text", ["1/3 1/4", "1/4 1/4", "a b", "1/0", "", "3/2"])
def test_a_scale_ascends_between_nought_and_one(text):
    with pytest.raises(HedgeError, match=r"row 9.*not a scale.*Remedy"):
        hedges.parse_scale(text, "hedges.csv, row 9")


def row(**changed: str) -> dict[str, str]:
    """A sound row of hedges.csv with some cells changed."""
    sound = dict.fromkeys(("scale_narrow", "scale_default", "scale_wide"), "") | {
        "hedge_id": "H99", "words_zh": "约", "words_en": "about", "class": "bound", "literal": "[x, x]", "narrow": "[x, x]",
        "default": "[x, x+u)", "wide": "[x, x+2u)",
    }  # fmt: skip
    return sound | changed


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"wide": "[x, x+2w)"}, "wide"),
        ({"default": ""}, "default"),
        ({"class": "forecast"}, "literal"),
        ({"narrow": "[0.5x+0.5a, x)"}, "scale_narrow"),
        ({"scale_wide": "1/2 1/3"}, "scale_wide"),
    ],
)
def test_a_wrong_row_is_named_by_row_and_column(changed, column):
    assert hedges._hedge(row(), "hedges.csv, row 7").needs == {"x", "u"}
    with pytest.raises(HedgeError, match=rf"hedges\.csv, row 7, column {column}: .*Remedy"):
        hedges._hedge(row(**changed), "hedges.csv, row 7")


def test_an_unknown_hedge_names_the_nearest():
    with pytest.raises(tables.UnknownIdError, match=r"no hedge 'H1'.*Nearest: H1.*Remedy"):
        read("H1", 40, 10)
    with pytest.raises(tables.UnknownIdError, match="no hedge 'H99'"):
        read("H16+H99", 40, 10)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("H01", "1600"), "no value for u"),
        (("H01", None, 100), "no value for x"),
        (("H01", "1600", 0), "above zero"),
        (("H01", "sixteen", 100), "not a finite number"),
        (("H01", math.nan, 100), "not a finite number"),
        (("H08", "90"), "no value for b"),
        (("H10", "60", 10), "only fixes a unit"),
    ],
)
def test_a_number_that_lacks_what_its_hedge_needs(arguments, message):
    with pytest.raises(HedgeError, match=f"{message}.*Remedy"):
        read(*arguments)


def test_rows_are_sound():
    """Every formula needs only what its class can have, and every word stands in both languages."""
    for one in hedges.register().values():
        assert one.words_zh and one.words_en
        assert set(one.rules) in (set(), set(hedges.READINGS))
        assert (one.kind in (*hedges.NO_READING, "unit")) == (not one.rules)
        assert one.needs <= ({"x", "a", "b"} if one.kind == "fraction" else {"x", "u"})
