"""The multiverse against a plain loop over the same specifications: seconds, ratio, step calls, equal values.

    python bench/multiverse.py                                   every study of STUDIES
    python bench/multiverse.py generated
    python bench/multiverse.py C01=some.module:factory           any function that returns a study

The tables are loaded and the study is declared before the clock starts. The walk (every specification, the frame) and
the loop (every specification from the start, nothing shared) run in turn; medians and ranges are printed and written
to build/bench/multiverse.json. Ends with an error if a value differs or a step is called more than once a node.
"""

from __future__ import annotations

import dataclasses
import importlib
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "lib"))

from recount.hedges import Interval  # noqa: E402
from recount.multiverse import Study, axis, study  # noqa: E402

STUDIES = {
    "generated": "generated",
    "C03": "recount.measures.frontier:mmlu_study",
}
"""Name → factory of a study: a function of this file, or module:function."""
RUNS = 5
AIM_SECONDS = 0.5
AIM_SPECIFICATIONS = 2000


@dataclasses.dataclass(frozen=True)
class Counting:
    """State of the generated study: rows kept, rows that are China's, and the column that weighs them."""

    kept: np.ndarray
    china: np.ndarray
    weight: str


def generated(rows: int = 5000) -> Study:
    """A share among 5,000 made-up models with the kinds of choices that the claims have; 2,592 specifications."""
    random = np.random.default_rng(20251206)
    region = random.choice(["CN", "HK", "US", "other", ""], rows, p=[0.3, 0.02, 0.4, 0.2, 0.08])
    kind = random.choice(["text", "vision", "embedding"], rows, p=[0.6, 0.25, 0.15])
    year = random.choice([2023, 2024, 2025], rows)
    table = pd.DataFrame({"stock": random.pareto(1.1, rows) + 1, "flow": random.pareto(1.3, rows) + 1, "one": 1.0})
    weights = {name: table[name].to_numpy() for name in table}
    rank = table["stock"].rank().to_numpy()

    def keep(mask: np.ndarray) -> Callable[[Counting], Counting]:
        return lambda state: dataclasses.replace(state, kept=state.kept & mask)

    def count_as_china(mask: np.ndarray) -> Callable[[Counting], Counting]:
        return lambda state: dataclasses.replace(state, china=state.china | mask)

    def weigh(name: str) -> Callable[[Counting], Counting]:
        return lambda state: dataclasses.replace(state, weight=name)

    def made(name: str, role: str = "method", **steps: Callable[[Counting], Counting] | None) -> Any:
        return axis(name, next(iter(steps)), name, {key: (step, key, key) for key, step in steps.items()}, role=role)

    axes = [
        made("weight", flow=weigh("flow"), stock=weigh("stock"), models=weigh("one")),
        made("years", all=None, y2023=keep(year == 2023), y2024=keep(year == 2024), y2025=keep(year == 2025)),
        made("kind", all=None, no_embedding=keep(kind != "embedding"), text=keep(kind == "text")),
        made("hong_kong", out=None, into=count_as_china(region == "HK")),
        made("top", all=None, without_1=keep(rank < rows), without_10=keep(rank <= rows - 10)),
        made("parity", all=None, odd=keep(np.arange(rows) % 2 == 1)),
        made("unknown", kept=None, dropped=keep(region != ""), china=count_as_china(region == "")),
        made("small", all=None, without=keep(rank > rows / 10)),
    ]

    def share(state: Counting) -> float | None:
        weight = weights[state.weight]
        total = weight[state.kept].sum()
        return 100 * weight[state.kept & state.china].sum() / total if total else None

    start = Counting(np.ones(rows, dtype=bool), region == "CN", "one")
    return study(
        "generated", start, axes, share, "percent", "made-up models", exclude=[{"weight": "models", "top": "without_1"}]
    )


def fresh(made: Study) -> Study:
    """The same declaration with nothing computed yet."""
    return dataclasses.replace(made, tree=dataclasses.replace(made.tree))


def plain_loop(made: Study) -> dict[tuple[str, ...], list[Interval | None]]:
    """Choice names → estimates by question, every specification from the start: the code one would write first."""
    excluded = [
        {made.axes[place].name: {made.axes[place].names[index] for index in indexes} for place, indexes in rule}
        for rule in made.tree.rules
    ]
    names = [one.name for one in made.axes]
    result = {}
    for keys in itertools.product(*(one.choices for one in made.axes)):
        chosen = dict(zip(names, keys, strict=True))
        if any(all(chosen[name] in these for name, these in one.items()) for one in excluded):
            continue
        state = made.tree.start
        for one in made.axes:
            step = one.choices[chosen[one.name]].step
            state = state if step is None else step(state)
        raw = made.tree.estimate(state)
        values = [raw[question] for question in made.questions] if isinstance(raw, dict) else [raw]
        result[keys] = [_interval(value) for value in values]
    return result


def _interval(value: Any) -> Interval | None:
    if value is None or isinstance(value, Interval):
        return value
    return None if np.isnan(value) else Interval.point(value)


def same(made: Study, loop: dict[tuple[str, ...], list[Interval | None]]) -> bool:
    """Has every specification of the frame the loop's estimates, exactly, and no other specification a row?"""
    names, frame = [one.name for one in made.axes], made.frame
    ends = [None if np.isnan(low) else (low, high) for low, high in zip(frame["low"], frame["high"], strict=True)]
    keys = zip(*(frame[name] for name in names), frame["question"], strict=True)
    walked = dict(zip(keys, ends, strict=True))
    looped = {
        (*key, question): None if one is None else (one.low, one.high)
        for key, values in loop.items()
        for question, one in zip(made.questions, values, strict=True)
    }
    return walked == looped


def factory(name: str) -> Callable[[], Study] | None:
    """The function that makes a study: of this file, or `module:function`; None if it is not there yet."""
    if ":" not in name:
        return globals()[name]
    module, function = name.split(":")
    try:
        return getattr(importlib.import_module(module), function)
    except (ModuleNotFoundError, AttributeError):
        return None


def measure(made: Study) -> dict[str, Any]:
    """Walk and loop in turn, `RUNS` times each; seconds are medians."""
    seconds: dict[str, list[float]] = {"walk": [], "loop": []}
    for _ in range(RUNS):
        asked = fresh(made)
        began = time.perf_counter()
        _ = asked.evaluate().frame
        seconds["walk"].append(time.perf_counter() - began)
        began = time.perf_counter()
        loop = plain_loop(made)
        seconds["loop"].append(time.perf_counter() - began)
    walk, looped = (statistics.median(seconds[name]) for name in ("walk", "loop"))
    leaves = asked.tree.leaves
    steps = sum(  # nodes with a step: what the number of calls must be
        asked.axes[len(node) - 1].choices[asked.axes[len(node) - 1].names[node[-1]]].step is not None
        for node in {spec[: depth + 1] for spec in asked.tree.specs for depth in range(len(asked.axes))}
    )
    in_loop = sum(
        one.choices[one.names[index]].step is not None
        for spec in asked.tree.specs
        for one, index in zip(asked.axes, spec, strict=True)
    )
    return {
        "specifications": len(leaves.specs),
        "questions": len(asked.questions),
        "distinct": int(leaves.distinct.sum()),
        "nodes": asked.nodes,
        "step_calls": asked.step_calls,
        "step_calls_of_the_loop": in_loop,
        "seconds": round(walk, 4),
        "seconds_range": [round(min(seconds["walk"]), 4), round(max(seconds["walk"]), 4)],
        "loop_seconds": round(looped, 4),
        "loop_seconds_range": [round(min(seconds["loop"]), 4), round(max(seconds["loop"]), 4)],
        "walk_over_loop": round(walk / looped, 3),
        "values_equal": same(asked, loop),
        "one_call_a_node": asked.step_calls == steps,
    }


def main(arguments: list[str]) -> int:
    """Measure the named studies, or all; returns the exit code."""
    chosen = dict(one.split("=", 1) if "=" in one else (one, STUDIES[one]) for one in arguments) or STUDIES
    results, failed = {}, False
    for name, where in chosen.items():
        make = factory(where)
        if make is None:
            print(f"{name}: {where} is not there yet")
            failed |= bool(arguments)
            continue
        results[name] = found = measure(make())
        good = found["values_equal"] and found["one_call_a_node"]
        failed |= not good
        fast = found["seconds"] < AIM_SECONDS and found["specifications"] >= AIM_SPECIFICATIONS
        print(
            f"{name}: {found['specifications']} specifications ({found['distinct']} distinct) in {found['seconds']:.3f} s "
            f"({found['seconds_range'][0]:.3f}–{found['seconds_range'][1]:.3f}); plain loop {found['loop_seconds']:.3f} s; "
            f"ratio {found['walk_over_loop']:.2f}; {found['step_calls']} step calls on {found['nodes']} nodes "
            f"(loop: {found['step_calls_of_the_loop']}); values {'equal' if found['values_equal'] else 'DIFFER'}; aim of "
            f"≥ {AIM_SPECIFICATIONS} in < {AIM_SECONDS} s {'met' if fast else 'MISSED'}"
        )
    out = ROOT / "build" / "bench" / "multiverse.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
