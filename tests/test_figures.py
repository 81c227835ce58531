"""The house style: what is drawn is what is claimed, every text is legible, and nothing a citer needs is missing."""

from __future__ import annotations

import base64
import io
import itertools
import json
import math
import re
import subprocess
import sys
import warnings
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from recount import figures, multiverse, tables
from recount.figures import credit, publishing
from recount.figures.labels import spread, year_axis
from recount.figures.style import plain, settle
from recount.figures.twin import csv_text, text_twin
from recount.hedges import Interval, Reading

CLAIMED = Interval(35, 40, high_open=True)
READING = Reading(CLAIMED, CLAIMED, CLAIMED, Interval(30, 45), "H02", 40, 10)
WORDS = {"title": "Nearer 36 than 40 percent", "title_zh": "更接近三成六", "alt": "Dot plot: all but one source lie below 40."}
FROM = {"tables": ["regional_figures"], "claims": ["C06b"], "as_of": "2025-12-06"}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What the notebook would get: (data, metadata) of each display; the overlap guard is on."""
    kept: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr("IPython.display.publish_display_data", lambda data, metadata=None: kept.append((data, metadata)))
    monkeypatch.setenv("RECOUNT_STRICT_FIGURES", "1")
    monkeypatch.delenv("RECOUNT_FIGURES", raising=False)
    return kept


@pytest.fixture(autouse=True)
def closed() -> Any:
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def rows(n: int = 4) -> pd.DataFrame:
    records = [
        {"label": f"source {at}", "note": f"n = {at + 10}", "low": 30.0 + 2 * at, "high": 33.0 + 2 * at, "value": 31.5 + 2 * at}
        for at in range(n)
    ]
    return pd.DataFrame(records)


def plain_study(choices: list[int], interval: bool = False, unit: str = "percent") -> multiverse.Study:
    """A study whose estimate is 36 plus what each axis adds."""

    def add(amount: float) -> Any:
        return lambda state: state + amount

    roots = [math.sqrt(prime) for prime in (2, 3, 5, 7, 11)]  # no two sums of which are equal
    axes = [
        multiverse.axis(
            f"axis{at}",
            "c0",
            f"which way to count number {at}",
            {f"c{i}": (add(i * 1.15 * roots[at]), f"choice {i} of axis {at}", f"第{at}轴的选项{i}") for i in range(n)},
            zh=f"第{at}种口径",
        )
        for at, n in enumerate(choices)
    ]
    estimate = (lambda state: Interval(state - 1, state + 1)) if interval else (lambda state: state)
    return multiverse.study("C06.share", 36.0, axes, estimate, unit, "firms")


def publish(fig: Any, data: pd.DataFrame, id: str = "C06", **changes: Any) -> None:
    figures.publish(fig, id, data=data, **(WORDS | FROM | changes))


# --- style -------------------------------------------------------------------------------------------------------


def test_importing_the_module_loads_no_drawing_library() -> None:
    code = "import sys, recount.figures; print([m for m in ('matplotlib', 'seaborn', 'IPython') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "lib"})
    assert done.stdout.strip() == "[]"


def test_chinese_minus_and_comparison_signs_have_glyphs() -> None:
    fig, ax = figures.new(4, 2)
    ax.set_title("人才 人力資源 −1.5 ≥ 3 ≤ ∞ ½ ⅓ ● ◐ ○ ◆ ▲ ■ □ ◇ × ▷ ★ 亿元")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fig.draw_without_rendering()
        fig.savefig(io.BytesIO(), format="svg")


def test_no_meaning_hangs_on_colour_alone() -> None:
    from recount import wording

    assert set(figures.VERDICTS) == set(wording.VERDICTS)
    looks = [(look.symbol, look.marker, look.filled) for look in figures.VERDICTS.values()]
    symbols = [look.symbol for look in figures.VERDICTS.values()]
    assert len(set(symbols)) == len(set(looks)) == 10
    assert len({look.symbol for look in figures.POSITIONS.values()}) == 3


def test_series_colours_stay_apart_for_the_colour_blind() -> None:
    """Viénot, Brettel & Mollon 1999: the four main series keep a distance in each of three simulations."""
    from matplotlib.colors import to_rgb

    simulations = {
        "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        "protan": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
        "deutan": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
    }
    series = [to_rgb(figures.COLOURS[name]) for name in ("US", "China", "Shanghai", "Pudong")]
    for name, matrix in simulations.items():
        seen = [[sum(w * c**2.2 for w, c in zip(row, colour, strict=True)) for row in matrix] for colour in series]
        seen = [[max(c, 0) ** (1 / 2.2) for c in colour] for colour in seen]
        least = min(math.dist(one, other) for one, other in itertools.combinations(seen, 2))
        assert least > 0.25, (name, least)


def test_ink_is_readable_on_white() -> None:
    for colour in figures.COLOURS.values():
        dark = figures.ink(colour)
        channel = [int(dark[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channel]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 4.4


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0, "0"), (2023, "2023"), (94000, "94,000"), (-3.5, "−3.5"), (0.3, "0.3"), (1e-5, "0.00001"), (math.inf, "∞")]
    + [(-math.inf, "−∞"), (math.nan, "–"), (9999.7, "10,000"), (30.97, "30.97"), (-0.00004, "−0.00004")],
)
def test_tick_numbers(value: float, text: str) -> None:
    assert plain(value) == text


# --- band, labels ------------------------------------------------------------------------------------------------


def band_of(ax: Any) -> Any:
    return next(p for p in ax.patches if p.get_alpha() == 0.45)


def test_band_lies_on_the_claimed_interval_and_keeps_it_in_view() -> None:
    _, ax = figures.new(6, 3)
    ax.plot([0, 1], [50, 60])
    figures.claim_band(ax, READING, label="claimed: nearly 40 %")
    band = band_of(ax)
    assert (band.get_y(), band.get_y() + band.get_height()) == (35, 40)
    assert ax.get_ylim()[0] <= 35 and ax.get_ylim()[1] >= 60
    styles = {line.get_ydata()[0]: line.get_linestyle() for line in ax.get_lines()[1:]}
    assert styles[35] == "-" and styles[40] != "-", "the end that does not belong to the interval is dashed"


@pytest.mark.parametrize("orient", ["h", "v"])
def test_an_infinite_end_follows_the_axes(orient: str) -> None:
    _, ax = figures.new(6, 3)
    ax.plot([1000, 1800], [1000, 1800])
    figures.claim_band(ax, Interval(1600, math.inf, True), orient=orient)
    (ax.set_xlim if orient == "v" else ax.set_ylim)(900, 5000)
    band = band_of(ax)
    ends = (
        (band.get_x(), band.get_x() + band.get_width()) if orient == "v" else (band.get_y(), band.get_y() + band.get_height())
    )
    assert ends == (1600, 5000)


def test_a_single_value_is_a_line() -> None:
    _, ax = figures.new(6, 3)
    figures.claim_band(ax, Interval.point(1), label="claimed: first")
    assert not ax.patches and ax.get_lines()[0].get_ydata()[0] == 1


def test_a_band_before_the_data_does_not_pull_the_axes_to_zero() -> None:
    _, ax = figures.new(6, 3)
    figures.claim_band(ax, Interval(60, 65))
    ax.plot([0, 1], [70, 80])
    assert ax.get_ylim()[0] > 55


def test_an_unknown_orientation_is_refused() -> None:
    _, ax = figures.new(6, 3)
    with pytest.raises(tables.RecountError, match="orient"):
        figures.claim_band(ax, READING, orient="x")


boxes = st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0.5, 50)), min_size=1, max_size=12)


@given(boxes)
def test_spread_blocks_never_overlap_and_keep_their_order(pairs: list[tuple[float, float]]) -> None:
    centres, sizes = [c for c, _ in pairs], [s for _, s in pairs]
    placed = spread(centres, sizes)
    order = sorted(range(len(pairs)), key=lambda i: centres[i])
    for lower, upper in itertools.pairwise(order):
        assert placed[upper] - placed[lower] >= (sizes[lower] + sizes[upper]) / 2 - 1e-6
    assert sum(placed) == pytest.approx(sum(centres), abs=1e-6) or len(pairs) > 1


def test_spread_leaves_blocks_that_do_not_touch() -> None:
    assert spread([0, 10, 30], [4, 4, 4]) == [0, 10, 30]
    assert spread([5, 5], [2, 2]) == [4, 6]
    assert spread([0, 1, 2], [3, 3, 3]) == [-2, 1, 4]


def test_labels_of_close_lines_do_not_collide() -> None:
    fig, ax = figures.new(6, 3)
    for at, name in enumerate(["United States", "China 中国", "Japan", "Europe"]):
        ax.plot([0, 1, 2], [50, 55, 60 + at * 0.2], label=name)
    figures.direct_label(ax, {"Japan": "Japan 60.4"})
    settle(fig)
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["United States", "China 中国", "Japan 60.4", "Europe"]
    assert figures.overlaps(fig) == []


def test_labels_need_labelled_lines() -> None:
    _, ax = figures.new(6, 3)
    ax.plot([0, 1], [0, 1])
    with pytest.raises(tables.RecountError, match="label="):
        figures.direct_label(ax)


# --- the overlap guard -------------------------------------------------------------------------------------------


def test_the_guard_finds_texts_over_each_other_and_off_the_canvas() -> None:
    fig, ax = figures.new(6, 3)
    ax.text(0.5, 0.5, "one word")
    ax.text(0.5, 0.5, "another")
    fig.text(0.99, 0.3, "cut off")
    fig.text(0.2, 0.2, "")
    ax.text(0.5, 0.5, "hidden", visible=False)
    found = figures.overlaps(fig)
    assert "'one word' overlaps 'another'" in found and "'cut off' runs off the canvas" in found
    assert len(found) == 2


def test_the_guard_takes_a_rotated_text_as_it_lies() -> None:
    fig, ax = figures.new(6, 6)
    ax.set_axis_off()
    fig.text(0.1, 0.1, "a long text along the diagonal", rotation=45, fontsize=14)
    fig.text(0.42, 0.12, "beside it", fontsize=14)  # inside the box of the diagonal text, far from its letters
    assert figures.overlaps(fig) == []


def test_the_guard_ignores_ticks_out_of_view_and_hidden_axes() -> None:
    fig, (left, right) = figures.new(6, 3, ncols=2)
    left.plot([0, 1000], [0, 1000])
    fig.draw_without_rendering()
    left.set_xlim(0, 10)
    right.text(0.5, 0.5, "x")
    right.text(0.5, 0.5, "y")
    right.set_visible(False)
    assert figures.overlaps(fig) == []


# --- dots --------------------------------------------------------------------------------------------------------


def test_dots_are_sorted_within_sections_and_tell_the_position(shown: list[Any]) -> None:
    frame = pd.DataFrame(
        [("a", 36, 37, "before"), ("b", 38, 39, "before"), ("c", 44, 46, "after"), ("d", 39, 41, "after")],
        columns=["label", "low", "high", "section"],
    )
    fig = figures.interval_dots(frame, READING, claimed="claimed: nearly 40 %", unit="percent")
    texts = [text.get_text() for text in fig.axes[0].texts]
    labels = [text for text in texts if text in {"a", "b", "c", "d", "before", "after"}]
    assert labels == ["before", "b", "a", "after", "c", "d"]
    assert "38.0–39.0" in texts
    publish(fig, frame)


def test_bounds_and_points_are_printed_as_such(shown: list[Any]) -> None:
    frame = pd.DataFrame(
        {
            "label": ["over", "at most", "point", "range", "negative"],
            "low": [1600, -math.inf, 5, 1, -2],
            "high": [math.inf, 9, 5, 2, 3],
        }
    )
    frame["low_open"] = [True, False, False, False, False]
    fig = figures.interval_dots(frame, sort=False, unit="firms")
    texts = [text.get_text() for text in fig.axes[0].texts]
    assert texts[1::2] == ["> 1,600", "≤ 9", "5", "1–2", "−2 to 3"]
    publish(fig, frame)


def key_of(ax: Any) -> list[str]:
    """The words of the key line above the axes."""
    from matplotlib.offsetbox import AnnotationBbox, TextArea

    boxes = [box for box in ax.artists if isinstance(box, AnnotationBbox)]
    return [area.get_text() for box in boxes for area in box.findobj(TextArea)]


def test_the_key_names_positions_as_the_cards_do_and_shows_what_is_drawn() -> None:
    frame = pd.DataFrame({"label": list("abc"), "low": [36, 39, 50], "high": [36, 41, 50]})
    assert key_of(figures.interval_dots(frame, READING).axes[0]) == [
        "● inside the claimed range",
        "▬ across an edge",
        "○ outside",
    ]
    assert "▬ 跨边界" in key_of(figures.interval_dots(frame, READING, lang="zh").axes[0])
    by_series = frame.assign(series="China")
    assert key_of(figures.interval_dots(by_series, READING).axes[0]) == ["● inside the claimed range", "○ outside"]


def test_a_row_that_is_no_estimate_takes_no_position(shown: list[Any]) -> None:
    frame = rows().assign(judged=[False, False, True, True])
    ax = figures.interval_dots(frame, READING, sort=False).axes[0]
    dots = [line.get_color() for line in ax.get_lines() if line.get_marker() == "o" and line.get_color() != "white"]
    assert dots == [figures.COLOURS["neutral"]] * 2 + [figures.POSITIONS[name].colour for name in ("straddling", "inside")]
    none = rows().assign(judged=False)
    fig = figures.interval_dots(none, READING, claimed="claimed: nearly 40 %", unit="percent")
    assert key_of(fig.axes[0]) == [] and band_of(fig.axes[0]), "the claimed band stays, the key goes"
    publish(fig, none)


def test_an_arrow_ends_at_the_edge_of_the_axes() -> None:
    frame = pd.DataFrame({"label": ["at most", "over"], "low": [-math.inf, 1], "high": [0.5, math.inf]})
    ax = figures.interval_dots(frame, sort=False, xlim=(0, 2)).axes[0]
    tips = [(line.get_marker(), float(line.get_xdata()[0])) for line in ax.get_lines() if isinstance(line.get_marker(), int)]
    from matplotlib.markers import CARETLEFT, CARETRIGHT

    assert tips == [(CARETLEFT, 0), (CARETRIGHT, 2)], "carets whose tip, not whose middle, stands at the point"
    bars = [line.get_xdata() for line in ax.get_lines() if line.get_marker() == "None" and len(set(line.get_ydata())) == 1]
    assert len(bars) == 2 and all(min(bar) > 0 and max(bar) < 2 for bar in bars)


def test_a_heading_stands_on_paper_over_lines_and_under_marks() -> None:
    frame = rows().assign(section=["known"] * 2 + ["known only after the report"] * 2)
    ax = figures.interval_dots(frame, READING, unit="percent").axes[0]
    ax.axvline(33, zorder=0.7)
    headings = [text for text in ax.texts if text.get_text().startswith("known")]
    assert len(headings) == 2
    assert all(text.get_bbox_patch().get_facecolor() == (1, 1, 1, 1) and 2 < text.get_zorder() < 3 for text in headings)


def test_a_year_is_named_at_its_middle_and_ticked_at_its_start() -> None:
    fig, ax = figures.new(6, 2)
    ax.plot([2021 + 6.5 / 12, 2023.0], [0, 0], "o")
    ax.set_xlim(2020.9, 2023.4)
    year_axis(ax)
    fig.draw_without_rendering()
    assert list(ax.xaxis.get_majorticklocs()) == [2021, 2022, 2023]
    assert not any(label.get_text() for label in ax.xaxis.get_majorticklabels())
    named = {
        label.get_text(): at for at, label in zip(ax.xaxis.get_minorticklocs(), ax.xaxis.get_minorticklabels(), strict=True)
    }
    assert named == {"2021": 2021.5, "2022": 2022.5}, "2023 is not named: its middle is out of view"


@pytest.mark.parametrize("n", [1, 20])
def test_dots_of_any_number_of_rows_have_no_overlap(n: int, shown: list[Any]) -> None:
    publish(figures.interval_dots(rows(n), READING, claimed="claimed: nearly 40 %", unit="percent"), rows(n))


def test_money_is_in_billions_in_english_and_in_yi_in_chinese() -> None:
    frame = pd.DataFrame({"label": ["official"], "low": [1637.0], "high": [1637.0]})
    english = figures.interval_dots(frame, unit="yuan_100m").axes[0]
    chinese = figures.interval_dots(frame, unit="yuan_100m", lang="zh").axes[0]
    assert (english.texts[-1].get_text(), english.get_xlabel()) == ("163.7", "billion yuan")
    assert (chinese.texts[-1].get_text(), chinese.get_xlabel()) == (
        "1,637",
        "亿元",
    ) or "亿元" in chinese.xaxis.get_major_formatter()(1, 0)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"label": ["a"], "low": [1]}), "high"),
        (pd.DataFrame({"label": [], "low": [], "high": []}), "every row"),
        (pd.DataFrame({"label": ["a"], "low": [2.0], "high": [1.0]}), "row 0"),
        (pd.DataFrame({"label": ["a"], "low": [-math.inf], "high": [math.inf]}), "row 0"),
    ],
)
def test_rows_that_cannot_be_drawn_are_refused(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(tables.RecountError, match=message):
        figures.interval_dots(frame)


# --- specification curve -----------------------------------------------------------------------------------------


def test_curve_data_is_sorted_and_positioned_by_hand() -> None:
    data = figures.curve_data(plain_study([2, 2]), READING)
    assert data["low"].round(2).tolist() == [36, 37.63, 37.99, 39.62]
    assert data["position"].tolist() == ["inside"] * 4 and data["headline"].tolist() == [True, False, False, False]
    straddling = figures.curve_data(plain_study([3], interval=True), READING)
    assert straddling["position"].tolist() == ["inside", "inside", "straddling"]


@pytest.mark.parametrize(
    ("choices", "lang"), [([1], "en"), ([4], "zh"), ([2, 4], "en"), ([5, 4, 3], "zh"), ([6, 5, 5, 4, 5], "en")]
)
def test_curve_works_from_one_to_three_thousand(choices: list[int], lang: str, shown: list[Any]) -> None:
    study = plain_study(choices)
    fig = figures.specification_curve(study, READING, lang=lang, claimed="claimed: nearly 40 %")
    data = figures.curve_data(study, READING)
    assert len(data) == math.prod(choices)
    publish(fig, data, "C06-curve")
    (output, metadata), *_ = shown
    assert len(base64.b64decode(output["image/png"])) < 150_000


def test_curve_of_intervals_and_a_claim_far_away(shown: list[Any]) -> None:
    study = plain_study([2, 3], interval=True)
    far = Interval(80, math.inf, True)
    fig = figures.specification_curve(study, Reading(far, far, far, far, "H01", 80, 10), claimed="claimed: over 80 %")
    assert fig.axes[0].get_ylim()[1] > 80
    publish(fig, figures.curve_data(study, READING), "C06-curve")


def test_curve_counts_what_robustness_counts() -> None:
    study = plain_study([4, 3])
    fig = figures.specification_curve(study, READING)
    drawn = " ".join(text.get_text() for text in fig.findobj(match=lambda a: hasattr(a, "get_text")) if text.get_text())
    robustness = study.robustness(READING)
    assert f"● {robustness.inside_default} inside" in drawn and f"of {robustness.total} ways" in drawn


def bounds_study(ends: list[Interval]) -> multiverse.Study:
    choices = {f"c{i}": ((lambda _, end=end: end), f"choice {i}", f"选项{i}") for i, end in enumerate(ends)}
    return multiverse.study(
        "C06.share", 0, [multiverse.axis("a", "c0", "which", choices)], lambda state: state, "percent", "firms"
    )


def test_a_range_has_no_middle_and_a_bound_has_an_arrow(shown: list[Any]) -> None:
    study = bounds_study([Interval.point(36), Interval(38, 44), Interval(-math.inf, 42), Interval(41, math.inf)])
    fig = figures.specification_curve(study, READING, claimed="claimed: nearly 40 %")
    top = fig.axes[0]
    points = [tuple(point) for group in top.collections if hasattr(group, "get_sizes") for point in group.get_offsets()]
    assert [value for _, value in points] == [36], "only a point is drawn as one"
    floor, ceiling = top.get_ylim()
    from matplotlib.markers import CARETDOWN, CARETUP

    tips = {
        (line.get_marker(), at) for line in top.get_lines() if isinstance(line.get_marker(), int) for at in line.get_ydata()
    }
    assert tips == {(CARETDOWN, floor), (CARETUP, ceiling)}
    assert key_of(top) == ["● 1 inside the claimed range", "▮ 2 across an edge", "▮ 1 outside", "of 4 ways to count"]
    publish(fig, figures.curve_data(study, READING), "C06-curve")


@pytest.mark.parametrize(
    "ends",
    [
        [Interval(67.06, 71.25, True, True), Interval.point(69.597), Interval.point(69.6)],
        [Interval.point(36), Interval(32.8, 40.9), Interval(32.8, 40.9), Interval(32, 42.5), Interval(42.5, 45.8)],
        [Interval.point(36)],
        [Interval(35, 36), Interval.point(40)],
    ],
)
@pytest.mark.parametrize("headline", [0, -1])
def test_the_headlines_label_lies_on_no_mark_and_no_edge_of_the_band(ends: list[Interval], headline: int) -> None:
    ends = ends if headline == 0 else ends[::-1]
    claimed = Interval(65, 70, False, True) if ends[0].low > 50 else CLAIMED
    study = bounds_study(ends)
    fig = figures.specification_curve(study, Reading(claimed, claimed, claimed, claimed, "H02", 40, 10))
    settle(fig)
    top = fig.axes[0]
    [label] = [text for text in top.texts if text.get_text().startswith("headline")]
    box, frame = label.get_window_extent(), top.get_window_extent()
    assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
    data = figures.curve_data(study, Reading(claimed, claimed, claimed, claimed, "H02", 40, 10))
    for at, row in data.iterrows():
        (x, low), (_, high) = (top.transData.transform((at, row[end])) for end in ("low", "high"))
        assert not (box.x0 < x < box.x1 and low < box.y1 and high > box.y0), (at, row.to_dict())
    for edge in (claimed.low, claimed.high):
        assert not box.y0 < top.transData.transform((0, edge))[1] < box.y1


def test_curve_of_nothing_computable_is_refused() -> None:
    one = multiverse.axis("a", "c", "which", {"c": (None, "x", "甲")})
    with pytest.raises(tables.RecountError, match="no counted specification"):
        figures.specification_curve(multiverse.study("C01.x", 1, [one], lambda _: None, "percent", "p"), READING)


# --- publishing --------------------------------------------------------------------------------------------------


def test_the_notebook_gets_one_display_without_html(shown: list[Any]) -> None:
    publish(
        figures.interval_dots(rows(), READING, unit="percent"),
        rows(),
        subtitle="percent of the city",
        note="Bounds are bounds.",
    )
    [(output, metadata)] = shown
    assert set(output) == {"image/png", "text/plain", "application/vnd.recount.figure+json"}
    picture = Image.open(io.BytesIO(base64.b64decode(output["image/png"])))
    assert 900 <= picture.width <= 1100
    assert metadata["image/png"] == {"alt": WORDS["alt"], "width": 768}
    record = output["application/vnd.recount.figure+json"]
    assert record == json.loads(json.dumps(record))
    assert (record["id"], record["claims"], record["tables"]) == ("C06", ["C06b"], ["regional_figures"])
    assert record["licence"] == "CC-BY-4.0" and record["sources"]
    assert {"title", "title_zh", "alt", "alt_zh", "as_of", "note"} <= set(record)
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == []


def test_the_drawing_keeps_its_height_under_long_titles(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    heights = []
    for title in (
        "Short",
        "A long statement of the finding that needs more than one line of the figure to be said in full " * 2,
    ):
        fig = figures.interval_dots(rows(), READING, unit="percent")
        monkeypatch.setattr(publishing, "_show", lambda f, *_: heights.append(f.axes[0].get_window_extent().height / f.dpi))
        publish(fig, rows(), title=title)
    assert heights[0] == pytest.approx(heights[1], abs=0.05)


def test_the_twin_changes_with_any_datum() -> None:
    frame = pd.DataFrame({"x": range(500), "y": [at / 7 for at in range(500)], "z": ["人才"] * 500})
    record = {"id": "C06", **WORDS}
    first = text_twin(record, frame, csv_text(frame))
    assert first.count("\n") < 40 and "500 rows × 3 columns" in first
    for at, column, value in [(250, "y", 250 / 7 * (1 + 1e-6)), (250, "x", 251), (250, "z", "人材"), (499, "y", math.nan)]:
        changed = frame.astype({column: object})
        changed.loc[at, column] = value
        assert text_twin(record, changed, csv_text(changed)) != first
    noisy = frame.assign(y=frame["y"] * (1 + 1e-15))
    assert text_twin(record, noisy, csv_text(noisy)) == first, "float noise is no change"


def test_the_twin_is_aligned_also_in_chinese() -> None:
    frame = pd.DataFrame({"place": ["浦东", "Xuhui"], "share": [36.4, 1.0]})
    text = text_twin({"id": "C06", **WORDS}, frame, csv_text(frame))
    assert "place  share\n-----  -----\n浦东    36.4\nXuhui      1" in text


def test_csv_writes_plain_values() -> None:
    frame = pd.DataFrame(
        {
            "a": [1.0, 1 / 3, math.nan, math.inf],
            "b": pd.array([1, None, 3, 4], dtype="Int64"),
            "c": ["x,y", None, 'say "q"', "行"],
            "d": pd.to_datetime(["2025-12-06"] * 4),
            "e": [Interval(1, 2), 1e-17, True, -0.0],
        }
    )
    assert csv_text(frame).split("\n") == [
        "a,b,c,d,e",
        '1,1,"x,y",2025-12-06,"[1, 2]"',
        "0.33333333,,,2025-12-06,0",
        ',3,"say ""q""",2025-12-06,True',
        "inf,4,行,2025-12-06,0",
        "",
    ]


def test_files_carry_what_a_citer_needs(shown: list[Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUNT_FIGURES", str(tmp_path / "new" / "folder"))
    publish(figures.interval_dots(rows(12), READING, unit="percent"), rows(12), "C06-sources", title="浦东’s share")
    folder = tmp_path / "new" / "folder"
    assert sorted(path.name for path in folder.iterdir()) == ["C06-sources.csv", "C06-sources.png", "C06-sources.svg"]
    picture = Image.open(folder / "C06-sources.png")
    assert round(picture.info["dpi"][0]) == 300 and picture.width == 2400
    fields = picture.text
    assert fields["Recount figure id"] == "C06-sources" and fields["Title"] == "浦东’s share"
    assert fields["Claims"] == "C06b" and fields["As of"] == "2025-12-06" and fields["Licence"] == "CC-BY-4.0"
    assert fields["Version"] and "Shanghai" in fields["Source"] and WORDS["alt"] in fields["Description"]
    svg = (folder / "C06-sources.svg").read_text(encoding="utf-8")
    assert len(svg) < 400_000
    assert "Recount figure C06-sources" in svg and "CC-BY-4.0" in svg and "浦东" in svg
    assert "<dc:date>" not in svg and "<text" not in svg, "no date; text as outlines"
    assert pd.read_csv(folder / "C06-sources.csv")["low"].tolist() == rows(12)["low"].tolist()


def test_two_runs_give_the_same_bytes(shown: list[Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        monkeypatch.setenv("RECOUNT_FIGURES", str(tmp_path / name))
        study = plain_study([5, 4])
        publish(figures.specification_curve(study, READING), figures.curve_data(study, READING), "C06-curve")
    for ending in ("svg", "png", "csv"):
        assert (tmp_path / "one" / f"C06-curve.{ending}").read_bytes() == (
            tmp_path / "two" / f"C06-curve.{ending}"
        ).read_bytes()
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alt": " "}, "alt is empty"),
        ({"title": ""}, "title is empty"),
        ({"title_zh": ""}, "title_zh is empty"),
        ({"as_of": "last week"}, "as_of"),
        ({"id": "c06"}, "an id is"),
        ({"id": "C06_x"}, "an id is"),
        ({"data": rows(0)}, "drawn data is empty"),
        ({"tables": ["regional_figure"]}, "regional_figures"),
        ({"claims": ["C99z"]}, "C99z"),
    ],
)
def test_a_figure_that_lacks_something_is_refused(changes: dict[str, Any], message: str, shown: list[Any]) -> None:
    fig = figures.interval_dots(rows(), unit="percent")
    arguments = {"id": "C06", "data": rows(), **WORDS, **FROM} | changes
    with pytest.raises(tables.RecountError, match=message):
        figures.publish(fig, arguments.pop("id"), **arguments)
    assert shown == []


def test_an_empty_figure_is_refused(shown: list[Any]) -> None:
    with pytest.raises(figures.FigureError, match="nothing is drawn"):
        publish(figures.new()[0], rows())


def test_overlapping_labels_are_an_error_only_where_asked(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def crowded() -> Any:
        fig, ax = figures.new()
        ax.plot([0, 1], [0, 1])
        ax.text(0.5, 0.5, "one")
        ax.text(0.5, 0.5, "two")
        return fig

    with pytest.raises(figures.FigureError, match="'one' overlaps 'two'"):
        publish(crowded(), rows())
    monkeypatch.delenv("RECOUNT_STRICT_FIGURES")
    publish(crowded(), rows())
    assert len(shown) == 1


def test_the_overview_may_speak_of_parents(shown: list[Any]) -> None:
    publish(figures.interval_dots(rows(), unit="percent"), rows(), "99-overview", claims=["C06", "C07a"])
    assert shown[0][0]["application/vnd.recount.figure+json"]["claims"] == ["C06", "C07a"]


# --- credit ------------------------------------------------------------------------------------------------------


def test_every_licence_of_the_data_is_ranked_and_the_strictest_wins() -> None:
    assert credit.licence(tables.table_names()) == "CC-BY-SA-4.0"
    assert credit.licence(["ollama_pulls"]) == "CC-BY-4.0", "the project's own licence is the least"
    assert credit.licence(["mmlu_scores", "mmmu"]) == "CC-BY-SA-4.0"


def test_an_unranked_licence_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "resource", lambda name: {"licenses": [{"name": "Odd-1.0"}]})
    with pytest.raises(figures.FigureError, match=r"Odd-1\.0"):
        credit.licence(["x"])


def test_the_source_line_names_three_and_counts_the_rest() -> None:
    assert credit.source_line(["A; B", "B", "C"]) == "Sources: A; B; C"
    assert credit.source_line(["A", "B", "C", "D"]) == "Sources: A; B; C; D"
    assert credit.source_line(["A", "B", "C", "D", "E"]) == "Sources: A; B; C and 2 more"
    assert credit.source_line(["this project"]) == "Source: own measurement"
    assert credit.source_line([]) == "Source: Recount"
    assert credit.source_line(["ICML 2024, accepted papers", "ICML 2023, accepted papers"]) == "Source: ICML accepted papers"


def test_a_source_column_narrows_the_credit() -> None:
    every = credit.sources(["regional_figures"])
    one = every[-1][0]
    assert credit.sources(["regional_figures"], pd.DataFrame({"source_id": [one, None]})) == [every[-1]]
    assert credit.sources(["regional_figures"], pd.DataFrame({"x": [1]})) == every


def test_a_column_of_keys_narrows_the_credit_to_the_sources_of_those_rows() -> None:
    table = tables.load("regional_figures").set_index("figure_id")["source_id"]
    every = {source for source, _ in credit.sources(["regional_figures"])}

    def credited(keys: list[Any], **more: Any) -> list[str]:
        return [source for source, _ in credit.sources(["regional_figures"], pd.DataFrame({"figure_id": keys, **more}))]

    assert credited(["P02", "S09", None]) == sorted([table["P02"], table["S09"]])
    assert credited(["T10 P02", "T10 P01"])[0] == table["T10"], "a mark of several rows; most marks first"
    assert set(credited(["T10 P02", "T10 P01"])) == {table["T10"], table["P02"], table["P01"]}
    assert set(credited(["no such figure"])) == every, "told nothing: all are credited"
    assert credited(["P02"], source_id=[table["S09"]]) == [table["S09"]], "source_id says it outright"
    both = credit.sources(["regional_figures", "open_posts_by_keyword"], pd.DataFrame({"figure_id": ["P02"]}))
    whole = credit.sources(["open_posts_by_keyword"])
    assert {source for source, _ in both} == {table["P02"], *(source for source, _ in whole)}


def test_punctuation_that_a_chinese_font_widens_is_narrowed_in_english_only(shown: list[Any], monkeypatch: Any) -> None:
    texts: list[str] = []
    monkeypatch.setattr(publishing, "_show", lambda fig, *_: texts.extend(t.get_text() for t in fig.texts))
    publish(figures.interval_dots(rows(), unit="percent"), rows(), title="Pudong’s “share”", subtitle="浦东“份额”")
    assert texts[0] == 'Pudong\'s "share"' and texts[1] == "浦东“份额”"
    assert not any(re.search("[’“”…]", text) for text in texts if text != texts[1])


def test_numbers_get_a_true_minus_and_dates_keep_their_hyphen(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(publishing, "_show", lambda fig, *_: texts.extend(t.get_text() for t in fig.texts))
    publish(
        figures.interval_dots(rows(), unit="percent"), rows(), title="From -13 to (-2.5)", subtitle="2023-01 to GPT-4, 5-shot"
    )
    assert texts[:2] == ["From −13 to (−2.5)", "2023-01 to GPT-4, 5-shot"]


def test_a_figure_of_somebodys_own_tallies_says_so(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(publishing, "_show", lambda fig, *_: texts.extend(t.get_text() for t in fig.texts))
    monkeypatch.setattr(tables, "published_data", lambda: False)
    publish(figures.interval_dots(rows(), unit="percent"), rows())
    assert any("NOT the published figure" in text for text in texts)


def test_a_figure_made_without_our_helper_is_dressed_as_well(shown: list[Any]) -> None:
    import matplotlib.pyplot as plt

    figures.style()
    fig, panels = plt.subplots(2, 1, figsize=(8, 5), sharex=True)
    for ax, title in zip(panels, ("Upper panel", "Lower panel"), strict=True):
        ax.plot([2023, 2024, 2025], [-1, 0, 12000], label="a line")
        ax.set_title(title)
        figures.direct_label(ax)
    panels[1].set_xticks([2023, 2024, 2025])
    publish(fig, rows())
    assert [label.get_text() for label in panels[1].get_xticklabels()] == ["2023", "2024", "2025"]


def test_a_palette_keeps_the_ground_and_the_colours_of_small_marks():
    """In a picture full of text, a handful of small dots in house colours keep their looks, and grey stays grey."""
    fig, ax = figures.new(8, 3)
    colours = ["#0072B2", "#D55E00", "#009E73", "#882255", "#E69F00", "#7A7A7A"]
    ax.axhspan(0, 1, color="0.955", lw=0)
    for x, colour in enumerate(colours):
        ax.plot(x, 1, "o", ms=6, color=colour)
        for line in range(8):
            ax.text(x, 0.2 + line / 10, "grey letters", fontsize=8)
    ax.set(xlim=(-0.5, 6.5), ylim=(0, 1.2))
    few, whole = (
        Image.open(io.BytesIO(publishing._png(fig, publishing.SCREEN_DPI, number, {"Title": "dots"}))) for number in (64, 256)
    )
    assert few.info["Title"] == "dots"
    few, whole = few.convert("RGB"), whole.convert("RGB")
    shades = list(zip(few.get_flattened_data(), whole.get_flattened_data(), strict=True))
    assert max(abs(a - b) for one, other in shades for a, b in zip(one, other, strict=True)) < 40
    ground = max(few.getcolors(few.width * few.height))[1]
    assert ground in ((244, 244, 244), (243, 243, 243)), ground
