"""The multiverse against studies whose answers are known, and against a plain nested loop over generated ones."""

from __future__ import annotations

import dataclasses
import datetime
import io
import itertools
import json
import math
import sys
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.hedges import Interval, Reading, position
from recount.multiverse import Study, StudyError, axis, choice, fingerprint, study
from recount.multiverse import tree as tree_module


def reading(
    default: tuple[float, float], narrow: tuple[float, float] | None = None, wide: tuple[float, float] | None = None
) -> Reading:
    default_interval = Interval(*default)
    return Reading(
        literal=default_interval,
        narrow=Interval(*narrow) if narrow else default_interval,
        default=default_interval,
        wide=Interval(*wide) if wide else default_interval,
        hedge_id="H01",
        value=default[0],
        u=1.0,
    )


def add(amount: float) -> Any:
    return lambda total: total + amount


def toy(**changed: Any) -> Study:
    """12 specifications: base 10 or 20, Hong Kong +0 or +1, unknown +0, +5 (a bound) or −100 (a bound)."""
    declared: dict[str, Any] = {
        "id": "T01",
        "start": 0,
        "axes": [
            axis(
                "base", "ten", "where to start", {"twenty": (add(20), "from 20", "从20"), "ten": (add(10), "from 10", "从10")}
            ),
            axis("hk", "out", "Hong Kong", {"out": (None, "without", "不含"), "in": choice(add(1), "with", "含")}, "香港"),
            axis(
                "unknown",
                "kept",
                "unknown rows",
                {
                    "kept": (None, "in the denominator", "计入分母"),
                    "china": (add(5), "all to China", "全归中国"),
                    "none": (add(-100), "none to China", "全不归中国"),
                },
                role="bound",
            ),
        ],
        "estimate": float,
        "unit": "percent",
        "population": "toys",
    }
    return study(**(declared | changed))


# ------------------------------------------------------------------------------------------------- known answers


def test_headline_walks_only_its_own_path():
    calls: list[str] = []

    def noted(name: str) -> Any:
        return lambda state: calls.append(name) or (*state, name)

    axes = [
        axis(place, "a", place, {key: (noted(place + key), key, key) for key in "ba"})
        for place in ("x", "y", "z")
    ]  # fmt: skip
    asked = study("T", (), axes, lambda state: len(state), "n", "p")
    assert asked.headline == {"": Interval.point(3)}
    assert calls == ["xa", "ya", "za"]
    assert asked.evaluate() is asked
    assert Counter(calls) == {"xa": 1, "xb": 1, "ya": 2, "yb": 2, "za": 4, "zb": 4}
    assert asked.nodes == asked.step_calls == len(calls) == 2 + 4 + 8
    _ = asked.evaluate().frame, asked.leverage(), asked.spread(), asked.flips(reading((0, 1))), asked.at(x="b")
    assert len(calls) == 14


def test_frame_lists_every_specification_with_the_headline_first():
    frame = toy().frame
    assert list(frame.columns) == [
        "base", "hk", "unknown", "question", "low", "high", "low_open", "high_open", "counted", "twin_of",
    ]  # fmt: skip
    assert frame.index.name == "spec" and list(frame.index) == list(range(12))
    assert tuple(frame.iloc[0])[:6] == ("ten", "out", "kept", "", 10.0, 10.0)
    assert list(frame["low"]) == [10, 15, -90, 11, 16, -89, 20, 25, -80, 21, 26, -79]
    assert list(frame.loc[frame["counted"], "low"]) == [10, 11, 20, 21]
    assert frame["twin_of"].isna().all() and not frame["low_open"].any()


def test_at_changes_the_named_choices_only():
    asked = toy()
    assert asked.at() == Interval.point(10)
    assert asked.at(hk="in", unknown="china") == Interval.point(16)
    assert asked.at("", base="twenty") == Interval.point(20)


def test_robustness_counts_method_specifications_only():
    found = toy().robustness(reading((9.5, 11.5), narrow=(9.5, 10.5), wide=(9.5, 20.5)))
    assert dataclasses.asdict(found) == {
        "total": 4, "inside_narrow": 1, "inside_default": 2, "inside_wide": 3, "straddling": 0, "outside_wide": 1,
        "share_inside": 0.5, "not_computable": 0,
    }  # fmt: skip


def test_straddling_is_neither_inside_nor_outside():
    asked = study(
        "T",
        None,
        [
            axis(
                "total",
                "bound",
                "which total",
                {
                    "bound": (lambda _: Interval(30, 40, low_open=True), "a bound", "约数"),
                    "point": (lambda _: 37.0, "a point", "点"),
                    "far": (lambda _: Interval(50, 60), "far", "远"),
                    "low": (lambda _: Interval(-math.inf, 35), "an upper bound only", "仅上限"),
                },
            )
        ],
        lambda value: value,
        "percent",
        "p",
    )
    claimed = reading((35, 40))
    found = asked.robustness(claimed)
    assert (found.total, found.inside_default, found.straddling, found.outside_wide) == (4, 1, 2, 1)
    assert asked.headline[""] == Interval(30, 40, low_open=True)
    assert [(one.changes, one.position) for one in asked.flips(claimed)] == [
        ({"total": "point"}, "inside"),
        ({"total": "far"}, "outside"),
    ]
    leverage = asked.leverage().set_index("choice")
    assert leverage["shift"].to_dict() == {"far": 20.0, "point": 2.0, "low": 0.0}  # an upper bound is compared by its end
    assert leverage["estimate"]["far"] == Interval(50, 60)
    assert bool(asked.frame["low_open"].iloc[0]) is True


def test_equal_states_count_once():
    mask = np.array([True, True, False, False])

    def keep(*rows: int) -> Any:
        wanted = np.isin(np.arange(4), rows)
        return lambda state: state & wanted

    axes = [
        axis("a", "all", "a", {"all": (None, "all", "全"), "head": (keep(0, 1), "head", "头")}),
        axis("b", "all", "b", {"all": (None, "all", "全"), "first": (keep(0), "first", "首")}),
    ]
    frame = study("T", mask, axes, lambda state: int(state.sum()), "rows", "p").frame
    assert list(zip(frame["a"], frame["b"], frame["low"], frame["counted"], strict=True)) == [
        ("all", "all", 2, True), ("all", "first", 1, True), ("head", "all", 2, False), ("head", "first", 1, False),
    ]  # fmt: skip
    assert frame["twin_of"].tolist() == [pd.NA, pd.NA, 0, 1]


def test_the_own_fingerprint_decides_what_is_equal():
    asked = toy(fingerprint=lambda total: total % 5, estimate=lambda total: total % 5)
    assert list(asked.frame.loc[asked.frame["counted"], "low"]) == [0, 1]
    with pytest.raises(StudyError, match=r"(?s)\[base=ten, hk=out, unknown=china\].*same state but different estimates"):
        toy(fingerprint=lambda total: total % 5).evaluate()


def test_a_method_specification_stands_for_a_bound_one_with_its_state():
    axes = [
        axis("a", "no", "a", {"no": (None, "no", "否"), "yes": (add(1), "yes", "是")}),
        axis("b", "no", "b", {"no": (None, "no", "否"), "all": (add(1), "all", "全")}, role="bound"),
    ]
    frame = study("T", 0, axes, float, "n", "p").frame
    assert list(zip(frame["a"], frame["b"], frame["counted"], strict=True)) == [
        ("no", "no", True), ("no", "all", False), ("yes", "no", True), ("yes", "all", False),
    ]  # fmt: skip
    assert frame["twin_of"].tolist() == [pd.NA, 2, pd.NA, pd.NA]


def test_not_computable_is_recorded_and_not_counted():
    asked = toy(estimate=lambda total: None if total == 20 else math.nan if total == 21 else total)
    found = asked.robustness(reading((10, 11)))
    assert (found.total, found.not_computable, found.share_inside) == (2, 2, 1.0)
    assert asked.at(base="twenty") is None
    assert math.isnan(asked.frame["low"].iloc[6]) and not asked.frame["counted"].iloc[6]
    assert asked.leverage().set_index("choice").loc["twenty", "estimate"] is None
    nothing = toy(estimate=lambda _: None)
    assert nothing.headline == {"": None} and nothing.flips(reading((0, 1))) == []
    assert math.isnan(nothing.robustness(reading((0, 1))).share_inside)


def test_several_questions_from_one_leaf():
    leaves: list[int] = []
    asked = toy(
        questions=("2023", "2024"),
        estimate=lambda total: leaves.append(total) or {"2024": total + 100, "2023": Interval(total, total + 1)},
    )
    assert asked.headline == {"2023": Interval(10, 11), "2024": Interval.point(110)}
    assert len(asked.frame) == 24 and len(leaves) == 12
    assert asked.at("2024", base="twenty") == Interval.point(120)
    assert asked.robustness(reading((110, 111)), "2024").inside_default == 2
    with pytest.raises(StudyError, match="question '2042' is unknown. Nearest: '2024'"):
        asked.at("2042")
    with pytest.raises(StudyError, match="question '' is unknown. Nearest: '2023', '2024'"):
        asked.robustness(reading((0, 1)))


def test_leverage_and_spread_of_a_sum():
    asked = toy()
    leverage = asked.leverage()
    assert list(leverage.columns) == ["axis", "choice", "says", "zh", "estimate", "shift", "role"]
    assert list(zip(leverage["axis"], leverage["choice"], leverage["shift"], leverage["role"], strict=True)) == [
        ("unknown", "none", -100.0, "bound"), ("base", "twenty", 10.0, "method"), ("unknown", "china", 5.0, "bound"),
        ("hk", "in", 1.0, "method"),
    ]  # fmt: skip
    assert tuple(leverage.iloc[1])[2:4] == ("from 20", "从20")
    spread = asked.spread().set_index("axis")
    assert spread["spread"].to_dict() == {"unknown": 105.0, "base": 10.0, "hk": 1.0}
    assert spread["groups"].to_dict() == {"unknown": 4, "base": 2, "hk": 2}


def test_flips_are_the_fewest_changes_with_bounds_apart():
    found = toy().flips(reading((9.5, 11.5)))
    assert [(one.changes, one.position, one.bound) for one in found] == [
        ({"base": "twenty"}, "outside", False), ({"unknown": "china"}, "outside", True), ({"unknown": "none"}, "outside", True),
    ]  # fmt: skip
    assert (found[0].en, found[0].zh, found[0].estimate) == ("from 20", "从20", Interval.point(20))
    two = toy().flips(reading((20.5, 30)))
    assert [(one.changes, one.position) for one in two if not one.bound] == [({"base": "twenty", "hk": "in"}, "inside")]
    assert (two[0].en, two[0].zh) == ("from 20; with", "从20；含")
    assert [one.changes for one in two if one.bound] == [{"base": "twenty", "unknown": "china"}]
    assert toy().flips(reading((-1000, 1000))) == []


def test_exclusions_cut_before_the_step_is_called():
    calls: list[str] = []

    def noted(name: str) -> Any:
        return lambda state: calls.append(name) or (*state, name)

    axes = [axis(place, "a", place, {key: (noted(place + key), key, key) for key in "abc"}) for place in ("x", "y", "z")]
    asked = study("T", (), axes, lambda state: 1, "n", "p", exclude=[{"y": "b", "x": ["b", "c"]}, {"x": "c"}]).evaluate()
    assert len(asked.frame) == 3 * 3 + 2 * 3
    assert Counter(calls) == {"xa": 1, "xb": 1, "ya": 2, "yb": 1, "yc": 2, "za": 5, "zb": 5, "zc": 5}
    assert asked.step_calls == asked.nodes == len(calls)
    with pytest.raises(StudyError, match=r"\[x=b, y=b, z=a\] is declared impossible"):
        asked.at(x="b", y="b")
    assert set(asked.leverage()["axis"] + asked.leverage()["choice"]) == {"xb", "yb", "yc", "zb", "zc"}


def test_an_exclusion_is_decided_at_the_last_of_its_axes(monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []
    hits = tree_module.hits
    monkeypatch.setattr(tree_module, "hits", lambda rule, spec: asked.append(len(spec)) or hits(rule, spec))
    names = [f"a{place:02}" for place in range(12)]
    axes = [axis(name, "no", name, {key: (None, key, key) for key in ("no", "yes")}) for name in names]
    exclude = [{names[0]: "yes"}, *({names[0]: "no", name: "yes"} for name in names[1:])]
    assert len(study("T", 0, axes, float, "n", "p", exclude=exclude).frame) == 1
    assert len(asked) == 2 * 12 and max(Counter(asked).values()) == 2  # not once for each of 4,096 combinations


def test_a_study_without_axes_is_its_headline():
    asked = study("T", 4, [], float, "n", "p")
    assert asked.frame[["low", "counted"]].values.tolist() == [[4.0, True]]
    assert asked.robustness(reading((4, 5))).share_inside == 1.0
    assert (asked.nodes, asked.step_calls, len(asked.leverage()), len(asked.spread()), asked.flips(reading((0, 1)))) == (
        0,
        0,
        0,
        0,
        [],
    )


def test_records_are_json_and_round():
    asked = toy(
        estimate=lambda total: (
            Interval(-math.inf, total / 3) if total == 11 else None if total == 20 else math.pi if total == 10 else total
        )
    )
    record = json.loads(json.dumps(asked.to_records(), allow_nan=False))
    assert record["axes"][1]["choices"] == [
        {"name": "out", "en": "without", "zh": "不含"},
        {"name": "in", "en": "with", "zh": "含"},
    ]
    assert record["specs"]["choices"][0] == [1, 0, 0] and record["axes"][0]["default"] == "ten"
    estimates = record["specs"]["estimates"][""]
    assert (estimates[0], estimates[3], estimates[6]) == (3.14159, [None, 3.66667, True, False], None)
    assert record["specs"]["counted"].count(True) == 4 and set(record["specs"]["twin_of"]) == {None}


def test_describe_lists_every_choice_in_both_languages():
    table = toy().describe()
    assert list(table.columns) == ["axis", "role", "says", "says_zh", "choice", "en", "zh", "default"]
    assert len(table) == 7 and list(table.loc[table["default"], "choice"]) == ["ten", "out", "kept"]
    assert repr(toy()) == "<Study T01: 3 axes, 12 specifications>"
    assert toy().defaults == {"base": "ten", "hk": "out", "unknown": "kept"}


# ---------------------------------------------------------------------------------------- against a plain nested loop

ROWS = 12
WEIGHTS = np.array([0.1, 0.7, 1.3, 2.9, 3.3, 0.01, 5.7, 1e-3, 1e6, 0.3, 0.2, 0.6])


@st.composite
def declared_studies(draw: st.DrawFn) -> tuple[Study, list[dict[str, Any]], Counter]:
    """A generated study of masks, its parts for a plain loop, and a count of step calls."""
    calls: Counter = Counter()
    parts: list[dict[str, Any]] = []
    for place in range(draw(st.integers(1, 4))):
        keys = [f"c{number}" for number in range(draw(st.integers(1, 3)))]
        steps: dict[str, Any] = {}
        for key in keys:
            bits = draw(st.none() | st.integers(0, 2**ROWS - 1) | st.sampled_from([2**ROWS - 1, 0]))
            wanted = None if bits is None else np.array([bool(bits >> row & 1) for row in range(ROWS)])
            steps[key] = wanted
        role = draw(st.sampled_from(["method", "method", "bound"]))
        parts.append({"name": f"a{place}", "steps": steps, "default": draw(st.sampled_from(keys)), "role": role})

    def step(node: tuple[str, str], wanted: np.ndarray | None) -> Any:
        return None if wanted is None else lambda mask: calls.update([node]) or mask & wanted

    names = [part["name"] for part in parts]
    exclude = []
    for _ in range(draw(st.integers(0, 3))):
        taking_part = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        by_name = {part["name"]: list(part["steps"]) for part in parts}
        exclude.append({name: draw(st.lists(st.sampled_from(by_name[name]), min_size=1, unique=True)) for name in taking_part})
    default = {part["name"]: part["default"] for part in parts}
    exclude = [one for one in exclude if not all(default[name] in keys for name, keys in one.items())]
    axes = [
        axis(
            part["name"],
            part["default"],
            "says",
            {key: (step((part["name"], key), wanted), key, key) for key, wanted in part["steps"].items()},
            role=part["role"],
        )
        for part in parts
    ]
    made = study("G", np.ones(ROWS, dtype=bool), axes, share, "share", "rows", exclude=exclude)
    return made, [*parts, {"exclude": exclude}], calls


def share(mask: np.ndarray) -> float | Interval | None:
    total = WEIGHTS[mask].sum()
    if total == 0:
        return None
    part = WEIGHTS[mask & (np.arange(ROWS) % 2 == 0)].sum() / total
    return part if mask[0] else Interval(part, part + 0.25)


def plain_loop(parts: list[dict[str, Any]]) -> dict[tuple[str, ...], tuple[np.ndarray, Any]]:
    """Every possible specification → its mask and estimate, with nothing shared."""
    *axes, last = parts
    result = {}
    for keys in itertools.product(*(part["steps"] for part in axes)):
        chosen = {part["name"]: key for part, key in zip(axes, keys, strict=True)}
        if any(all(chosen[name] in these for name, these in one.items()) for one in last["exclude"]):
            continue
        mask = np.ones(ROWS, dtype=bool)
        for part, key in zip(axes, keys, strict=True):
            if part["steps"][key] is not None:
                mask = mask & part["steps"][key]
        value = share(mask)
        result[keys] = mask, Interval.point(value) if isinstance(value, float) else value
    return result


@settings(max_examples=150, deadline=None)
@given(declared_studies())
def test_values_nodes_and_counts_equal_a_plain_loop(generated: tuple[Study, list[dict[str, Any]], Counter]):
    made, parts, calls = generated
    axes, loop = parts[:-1], plain_loop(parts)
    frame = made.frame
    names = [part["name"] for part in axes]
    rows = {tuple(row[name] for name in names): row for row in frame.to_dict("records")}
    assert list(rows).__len__() == len(frame) == len(loop) and set(rows) == set(loop)
    for keys, (_, estimate) in loop.items():
        row = rows[keys]
        if estimate is None:
            assert math.isnan(row["low"]) and math.isnan(row["high"]) and not row["counted"]
        else:
            assert (row["low"], row["high"]) == (estimate.low, estimate.high)  # exactly
    prefixes = {keys[: depth + 1] for keys in loop for depth in range(len(axes))}
    with_step = [keys for keys in prefixes if axes[len(keys) - 1]["steps"][keys[-1]] is not None]
    assert made.nodes == len(prefixes)
    assert made.step_calls == sum(calls.values()) == len(with_step)
    assert calls == Counter((names[len(keys) - 1], keys[-1]) for keys in with_step)

    plain = {
        keys
        for keys in loop
        if all(part["role"] == "method" or key == part["default"] for part, key in zip(axes, keys, strict=True))
    }
    distinct = {loop[keys][0].tobytes() for keys in plain if loop[keys][1] is not None}
    counted = [keys for keys, row in rows.items() if row["counted"]]
    assert len(counted) == len(distinct) and set(counted) <= plain
    assert {loop[keys][0].tobytes() for keys in counted} == distinct
    if frame["low"].notna().iloc[0]:
        assert frame["counted"].iloc[0]  # the headline always stands for its own state
    for row in rows.values():
        if not pd.isna(row["twin_of"]):
            twin = frame.loc[row["twin_of"]]
            assert pd.isna(twin["twin_of"])
            assert (loop[tuple(row[name] for name in names)][0] == loop[tuple(twin[name] for name in names)][0]).all()


@settings(max_examples=150, deadline=None)
@given(declared_studies(), st.floats(0, 1), st.floats(0, 0.5))
def test_flips_robustness_leverage_and_spread_by_brute_force(
    generated: tuple[Study, list[dict[str, Any]], Counter], low: float, width: float
):
    made, parts, _ = generated
    axes, loop = parts[:-1], plain_loop(parts)
    claimed = reading((low, low + width), narrow=(low + width / 2, low + width / 2), wide=(low - 0.1, low + width + 0.1))
    default = tuple(part["default"] for part in axes)
    where = {keys: estimate and position(estimate, claimed.default) for keys, (_, estimate) in loop.items()}

    def changes(keys: tuple[str, ...]) -> dict[str, str]:
        return {part["name"]: key for part, key in zip(axes, keys, strict=True) if key != part["default"]}

    bounds = {part["name"] for part in axes if part["role"] == "bound"}
    moved = [changes(keys) for keys in loop if where[default] and where[keys] and where[keys] != where[default]]
    method = [one for one in moved if not bounds & set(one)]
    method = [one for one in method if len(one) == min(map(len, method))]
    bound = [one for one in moved if bounds & set(one) and not any(smaller.items() <= one.items() for smaller in method)]
    bound = [one for one in bound if len(one) == min(map(len, bound))]
    found = made.flips(claimed)

    def in_any_order(many: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
        return sorted(sorted(one.items()) for one in many)

    assert in_any_order([one.changes for one in found if not one.bound]) == in_any_order(method)
    assert in_any_order([one.changes for one in found if one.bound]) == in_any_order(bound)
    for one in found:
        assert made.at(**one.changes) == one.estimate and position(one.estimate, claimed.default) == one.position

    first = {}
    for keys, (mask, estimate) in loop.items():
        if estimate is not None and not bounds & set(changes(keys)):
            first[mask.tobytes()] = estimate
    robust = made.robustness(claimed)
    assert robust.total == len(first)
    assert robust.inside_narrow == sum(position(one, claimed.narrow) == "inside" for one in first.values())
    assert robust.inside_default == sum(position(one, claimed.default) == "inside" for one in first.values())
    assert robust.inside_wide == sum(position(one, claimed.wide) == "inside" for one in first.values())
    assert robust.straddling == sum(position(one, claimed.default) == "straddling" for one in first.values())
    assert robust.outside_wide == sum(position(one, claimed.wide) == "outside" for one in first.values())

    middle = {keys: (one.low + one.high) / 2 for keys, (_, one) in loop.items() if one is not None}
    single = {
        tuple(changes(keys).items())[0]: middle.get(keys, math.nan) - middle.get(default, math.nan)
        for keys in loop
        if len(changes(keys)) == 1
    }
    leverage = made.leverage()
    assert {
        (a, c): s for a, c, s in zip(leverage["axis"], leverage["choice"], leverage["shift"], strict=True)
    } == pytest.approx(single, nan_ok=True)
    spread = made.spread().set_index("axis")["spread"]
    for place, part in enumerate(axes):
        groups: dict[tuple[str, ...], list[float]] = {}
        for keys, value in middle.items():
            if not (bounds - {part["name"]}) & set(changes(keys)):
                groups.setdefault(keys[:place] + keys[place + 1 :], []).append(value)
        ranges = [max(values) - min(values) for values in groups.values() if len(values) > 1]
        assert spread[part["name"]] == pytest.approx(sum(ranges) / len(ranges) if ranges else math.nan, nan_ok=True)


# ------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: axis("a", "tem", "s", {"ten": (None, "e", "z")}), "default 'tem' is unknown. Nearest: 'ten'"),
        (lambda: axis("a", "x", "s", {}), "default 'x' is unknown. Nearest: none declared"),
        (lambda: axis("a", "x", "s", {"x": (None, "e", "z")}, role="bounds"), "role 'bounds' is unknown. Nearest: 'bound'"),
        (lambda: axis("a", "x", "s", {"x": (None, "e", "")}), "axis 'a', choice 'x': a label is missing"),
        (lambda: axis("a", "x", "s", {"x": (None, "e")}), "choice 'x': 2 parts"),
        (lambda: axis("a", "x", "s", {"x": (3, "e", "z")}), "choice 'x': step is a int. Remedy: a function or None"),
        (lambda: axis("low", "x", "s", {"x": (None, "e", "z")}), "'low': this name is reserved"),
        (lambda: axis("hedge", "x", "s", {"x": (None, "e", "z")}), "the claimed side is judged, never an axis"),
        (lambda: toy(axes=[*toy().axes, toy().axes[1]]), "study T01: axis 'hk' is declared twice"),
        (lambda: toy(questions=("a", "b", "a")), "study T01: question 'a' is declared twice"),
        (lambda: toy(questions=()), "study T01: no question"),
        (lambda: toy(exclude=[{"bas": "ten"}]), "study T01: excluded axis 'bas' is unknown. Nearest: 'base'"),
        (lambda: toy(exclude=[{"base": {"twenti"}}]), "excluded choice of axis 'base' 'twenti' is unknown. Nearest: 'twenty'"),
        (lambda: toy(exclude=[{}]), "study T01: an empty exclusion"),
        (lambda: toy(exclude=[{"base": []}]), "study T01: an empty exclusion"),
        (lambda: toy(exclude=[{"base": "ten", "hk": "out"}]), "study T01: the headline's own choices are excluded"),
        (lambda: toy().at(hkk="in"), "study T01: axis 'hkk' is unknown. Nearest: 'hk'"),
        (lambda: toy().at(hk="inn"), "study T01: choice of axis 'hk' 'inn' is unknown. Nearest: 'in'"),
        (lambda: toy().at("2024"), "study T01: question '2024' is unknown"),
        (lambda: toy(estimate=lambda total: 1 / (total - 21)).evaluate(), "[base=twenty, hk=in, unknown=kept] failed: ZeroDiv"),
        (lambda: toy(estimate=lambda total: math.inf).evaluate(), "an infinite number"),
        (lambda: toy(estimate=lambda total: "39").evaluate(), "a str is no estimate"),
        (lambda: toy(estimate=lambda total: {"2024": 1}).evaluate(), "question '2024' is unknown"),
        (lambda: toy(questions=("a", "b"), estimate=lambda total: 1).evaluate(), "one value for 2 questions"),
        (lambda: toy(questions=("a", "b"), estimate=lambda total: {"a": 1}).evaluate(), "no value for question 'b'"),
        (lambda: toy(start="x").evaluate(), "the last step of [base=ten] failed: TypeError"),
        (lambda: toy(start=0, estimate=lambda _: 1, fingerprint=lambda _: object()).evaluate(), "a object cannot be compared"),
    ],
)  # fmt: skip
def test_errors_name_what_is_wrong_and_what_is_near(make: Any, says: str):
    with pytest.raises(StudyError) as raised:
        make()
    assert says in str(raised.value)


def test_a_failed_study_fails_again_and_an_interrupt_passes_through():
    asked = toy(estimate=lambda total: 1 / (total - 21))
    for _ in range(2):
        with pytest.raises(StudyError, match="ZeroDivisionError"):
            asked.evaluate()

    def interrupted(_: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        toy(estimate=interrupted).evaluate()


@pytest.mark.parametrize("culprit", ["default", "other", "estimate"])
def test_a_state_changed_in_place_is_noticed(culprit: str):
    def in_place(mask: np.ndarray) -> np.ndarray:
        mask[0] = False
        return mask

    steps = {"default": None, "other": lambda mask: mask & True}
    if culprit in steps:
        steps[culprit] = in_place
    axes = [axis("a", "default", "a", {key: (step, key, key) for key, step in steps.items()})]
    count = (lambda mask: int(in_place(mask).sum())) if culprit == "estimate" else (lambda mask: int(mask.sum()))
    with pytest.raises(StudyError, match="axis 'a', a later one or the estimate changed a state in place"):
        study("T", np.ones(3, dtype=bool), axes, count, "n", "p").evaluate()


# ------------------------------------------------------------------------------------------------------- equal states


@dataclasses.dataclass(frozen=True)
class Pair:
    mask: np.ndarray
    name: str


@dataclasses.dataclass(frozen=True)
class Other:
    mask: np.ndarray
    name: str


EQUAL = [
    (np.array([True, False]), np.array([True, False, True])[:2]),
    (np.array([0.0, 1.0]), np.array([-0.0, 1.0])),
    (np.array([math.nan]), np.array([math.nan])),
    (np.arange(6).reshape(2, 3).T, np.arange(6).reshape(2, 3).T.copy()),
    (np.array(["a", None], dtype=object), np.array(["a", None], dtype=object)),
    (1, 1.0),
    (np.float64(2.5), 2.5),
    (math.nan, np.float32("nan")),
    ((1, "a", (2,)), (1, "a", (2,))),
    ({"a": 1, "b": [2]}, {"b": [2], "a": 1}),
    ({3, 1}, {1, 3}),
    (Pair(np.array([1, 2]), "x"), Pair(np.array([1, 2]), "x")),
    (pd.Series([1, 2], name="x"), pd.Series([1, 2], name="x")),
    (pd.DataFrame({"a": ["x", None], "b": [1.5, 2]}), pd.DataFrame({"a": ["x", None], "b": [1.5, 2]})),
    (pd.Series(["x", "y"], dtype="category"), pd.Series(["x", "y"], dtype="category")),
    (pd.Index(["a"]), pd.Index(["a"])),
    (datetime.date(2025, 12, 6), datetime.date(2025, 12, 6)),
    (Interval(1, 2), Interval(1, 2)),
    (np.ma.array([1, 2], mask=[True, False]), np.ma.array([1, 2], mask=[True, False])),
]
DIFFERENT = [
    (np.array([True, False]), np.array([False, True])),
    (np.zeros(8, dtype=bool), np.zeros(9, dtype=bool)),  # equal once packed into bytes
    (np.zeros((2, 3)), np.zeros((3, 2))),
    (np.array(["1"], dtype=object), np.array([1], dtype=object)),
    (np.array(["ab"], dtype=np.dtypes.StringDType()), np.array(["ac"], dtype=np.dtypes.StringDType())),
    (1, "1"),
    (("ab",), ("a", "b")),
    ({"a": 1}, {"a": 2}),
    (Pair(np.array([1, 2]), "x"), Pair(np.array([1, 3]), "x")),
    (Pair(np.array([1, 2]), "x"), Other(np.array([1, 2]), "x")),
    (pd.Series([1, 2]), pd.Series([1, 2], index=[1, 2])),
    (pd.Series([1, "1"]), pd.Series(["1", 1])),
    (pd.Series(["x", None]), pd.Series(["x", "None"])),
    (pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"a": [1], "c": [2]})),
    (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1.5]})),
    (pd.Series(["x", "y"], dtype="category"), pd.Series(["x", "z"], dtype="category")),
    (pd.MultiIndex.from_tuples([(1, "a")]), pd.MultiIndex.from_tuples([(1, "b")])),
    (pd.Series([1, None], dtype="Int64"), pd.Series([1, 2], dtype="Int64")),
    (pd.Timestamp("2025-12-06"), pd.Timestamp("2025-12-07")),
    (np.ma.array([1, 2], mask=[True, False]), np.ma.array([1, 2], mask=[False, False])),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_states_share_a_fingerprint(one: Any, other: Any):
    assert fingerprint(one) == fingerprint(other) and hash(fingerprint(one)) == hash(fingerprint(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_states_do_not(one: Any, other: Any):
    assert fingerprint(one) != fingerprint(other)


def test_what_has_no_equality_of_its_own_is_refused():
    with pytest.raises(TypeError, match="Remedy: pass `fingerprint`"):
        fingerprint((1, object()))


# ------------------------------------------------------------------------------------------------------------ progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("terminal", "after", "shown"), [(True, -1.0, True), (True, 60.0, False), (False, -1.0, False)])
def test_progress_only_on_a_terminal_and_only_when_slow(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool, after: float, shown: bool
):
    stream = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(tree_module, "PROGRESS_AFTER_S", after)
    assert len(toy().frame) == 12
    assert ("T01: specifications" in stream.getvalue()) is shown
    assert capsys.readouterr().out == ""
