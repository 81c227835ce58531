"""Pay texts: known answers as a careful person would give them, and properties of the one grammar."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recount.tally import Pay, parse_pay, pay, posts
from recount.tally.engine import Keeper

DATA = Path(__file__).resolve().parents[2] / "data"

AWKWARD = {
    # both bounds, every way of writing the unit
    "30-60K·16薪": (30, 60, 16, "month"),
    "1.5-2万/月": (15, 20, 12, "month"),
    "8千-1.2万": (8, 12, 12, "month"),
    "4-6千": (4, 6, 12, "month"),
    "8000元-1万元/月": (8, 10, 12, "month"),
    "￥12,000——18,000 元 / 月": (12, 18, 12, "month"),
    "2万元/月-3万元/月": (20, 30, 12, "month"),
    "１５－２５Ｋ·１４薪": (15, 25, 14, "month"),
    "九千到一万": (9, 10, 12, "month"),
    "15k～2.5w（13薪）": (15, 25, 13, "month"),
    "10至15K，可面议": (10, 15, 12, "month"),
    "月薪：7000-9000元＋提成": (7, 9, 12, "month"),
    "12-18K×15": (12, 18, 15, "month"),
    "6-8K·13-15薪": (6, 8, 13, "month"),
    "9-11千·14薪": (9, 11, 14, "month"),
    # other periods
    "20-40万/年": (16.6667, 33.3333, 12, "year"),
    "年薪24-36万": (20, 30, 12, "year"),
    "24万/年-36万/年": (20, 30, 12, "year"),
    "30-60万/年·14薪": (25, 50, 12, "year"),
    "200-300元/天": (4.35, 6.525, 12, "day"),
    "日薪160": (3.48, 3.48, 12, "day"),
    "每天240元": (5.22, 5.22, 12, "day"),
    "20元一小时": (3.48, 3.48, 12, "hour"),
    "时薪30-50元": (5.22, 8.7, 12, "hour"),
    "1500-2400元/周": (6.5, 10.4, 12, "week"),
    # one bound or one figure
    "3万以下": (None, 30, 12, "month"),
    "5千及以下": (None, 5, 12, "month"),
    "15K以上·14薪": (15, None, 14, "month"),
    "8000元起": (8, None, 12, "month"),
    "30万以上/年": (25, None, 12, "year"),
    "底薪4000+提成": (4, None, 12, "month"),
    "不低于9K": (9, None, 12, "month"),
    "6K": (6, 6, 12, "month"),
    "0-5K": (None, 5, 12, "month"),
    "20k-": (20, None, 12, "month"),
    # order and plausibility
    "2万-1万": (10, 20, 12, "month"),
    "15-30万": (150, 300, 12, "month"),
    "25-50K·30薪": (25, 50, 30, "month"),
    # no figure
    "面议": (None, None, None, "negotiable"),
    "薪资面议": (None, None, None, "negotiable"),
    "面议·14薪": (None, None, None, "negotiable"),
    "": (None, None, None, "missing"),
    "  ": (None, None, None, "missing"),
    "无": (None, None, None, "missing"),
    "--": (None, None, None, "missing"),
    "［］": (None, None, None, "missing"),
    "［8－9Ｋ］＊１３": (8, 9, 13, "month"),
    "80元/课时": (None, None, None, "piece"),
    "3-5元/件": (None, None, None, "piece"),
    # refused rather than read as something else
    "15-20": (None, None, None, "unparsed"),
    "15-2.5万": (None, None, None, "unparsed"),
    "10-20-30K": (None, None, None, "unparsed"),
    "\ufffd-8万/\ufffd": (None, None, None, "unparsed"),
    "9元/月": (None, None, None, "unparsed"),
    "2�-3�": (None, None, None, "unparsed"),
    "一万五": (None, None, None, "unparsed"),
    "$3000/月": (None, None, None, "unparsed"),
    "USD 3000": (None, None, None, "unparsed"),
    "8000元/月-12万/年": (None, None, None, "unparsed"),
    "待遇从优": (None, None, None, "unparsed"),
    "5万/季度": (None, None, None, "unparsed"),
    "元/天": (None, None, None, "unparsed"),
    "123456789012K": (None, None, None, "unparsed"),
}


@pytest.mark.parametrize(("text", "answer"), AWKWARD.items(), ids=[repr(text) for text in AWKWARD])
def test_awkward_texts(text: str, answer: tuple[float | None, float | None, int | None, str]) -> None:
    assert parse_pay(text) == Pay(*answer)


def test_nothing_at_all_is_missing() -> None:
    assert parse_pay(None) == parse_pay("") == Pay(None, None, None, "missing")


FIGURE = st.one_of(st.integers(0, 99_999).map(str), st.decimals(0, 999, places=1).map(str))
SCALE = st.sampled_from(["", "K", "k", "千", "万", "w", "元", "千元", "万元"])
PERIOD = st.sampled_from(["", "", "/月", "/年", "/天", "/小时", "/周", "元/月", "元/天", "·年薪", "每月"])
MONTHS = st.one_of(st.just(""), st.integers(0, 40).map("·{}薪".format), st.integers(10, 40).map("×{}".format))
BOUND = st.sampled_from(["", "", "", "以上", "以下", "及以下", "起", "+"])
LIKELY = st.builds(
    "{}{}{}{}{}{}{}{}".format,
    FIGURE,
    SCALE,
    st.sampled_from(["-", "~", "—", "至", " - "]),
    FIGURE,
    SCALE,
    BOUND,
    PERIOD,
    MONTHS,
)
NEAR = st.text(alphabet="0123456789.,-~·—至千万kKwW元/月年天时周薪面议以上下及每一两八十课件+* （）无", max_size=14)
TEXT = st.one_of(LIKELY, NEAR, st.text(max_size=12))


def check(read: Pay) -> None:
    """What holds of every reading."""
    low, high, months, unit = read
    assert unit in pay.UNITS
    if unit in ("missing", "negotiable", "piece", "unparsed"):
        assert low is high is months is None
        return
    assert low is not None or high is not None
    assert months is not None and 1 <= months <= 99
    assert all(bound is None or 0.1 <= bound <= 10_000 for bound in (low, high))
    assert low is None or high is None or low <= high


@settings(max_examples=400, deadline=None)
@given(TEXT)
def test_every_reading_is_in_order_or_has_no_figure(text: str) -> None:
    check(parse_pay(text))


WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)} | {" ": "\u3000"})


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_full_width_reads_as_half_width(text: str) -> None:
    assert parse_pay(text.translate(WIDE)) == parse_pay(text)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_capitals_and_outer_spaces_change_nothing(text: str) -> None:
    plain = "".join(c.upper() if c.isascii() else c for c in text)
    assert parse_pay(f"  {plain} ") == parse_pay(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 300), st.integers(0, 300), st.integers(1, 300))
def test_more_written_is_more_read(low: int, wider: int, more: int) -> None:
    """Monotone in each bound, ten times as much in 万 as in 千, a thousandth in 元."""
    first = parse_pay(f"{low}-{low + wider}K")
    second = parse_pay(f"{low}-{low + wider + more}K")
    third = parse_pay(f"{low + more}-{low + wider + more}K")
    assert first.min_k == second.min_k < third.min_k and first.max_k < second.max_k == third.max_k
    in_wan = parse_pay(f"{low}-{low + wider}万")
    assert (in_wan.min_k, in_wan.max_k) == (first.min_k * 10, first.max_k * 10)
    assert parse_pay(f"{low * 1000}-{(low + wider) * 1000}元/月") == first
    year = parse_pay(f"{low * 12}千-{(low + wider) * 12}千/年")
    assert (year.min_k, year.max_k) == (first.min_k, first.max_k)


@pytest.fixture(scope="module")
def con() -> Any:
    return ibis.duckdb.connect()


def as_columns(con: Any, rows: Any) -> dict[str, Pay]:
    """What the engine's columns make of a table of texts."""
    with Keeper(con) as keep:
        found = posts.pay_dictionary(rows, keep).to_pyarrow().to_pylist()
    return {
        row["pay"]: Pay(
            None if row["low"] < 0 else row["low"] / pay.PER_K,
            None if row["high"] < 0 else row["high"] / pay.PER_K,
            None if row["months"] < 0 else row["months"],
            row["pay_unit"],
        )
        for row in found
    }


def test_columns_read_the_awkward_texts_alike(con: Any, column: Any) -> None:
    assert as_columns(con, column(con, "pay", list(AWKWARD))) == {text: parse_pay(text) for text in AWKWARD}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT.filter(lambda t: "\0" not in t and t.isprintable()), min_size=1, max_size=60, unique=True))
def test_columns_read_every_text_alike(con: Any, column: Any, texts: list[str]) -> None:
    assert as_columns(con, column(con, "pay", texts)) == {text: parse_pay(text) for text in texts}


@pytest.mark.spark
@pytest.mark.slow
def test_spark_reads_the_awkward_texts_alike(spark: Any, column: Any) -> None:
    assert as_columns(spark, column(spark, "pay", list(AWKWARD))) == {text: parse_pay(text) for text in AWKWARD}


def test_every_convention_says_what_it_does() -> None:
    with (DATA / "pay_conventions.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(row["says"].endswith(".") for row in rows)
    assert {row["kind"] for row in rows} >= {"character", "scale", "period", "below", "above", "limit", "rule"}
