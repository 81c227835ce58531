"""The best score of a country's models over time, and the gap between two countries (claim C03).

One row is one published score of one model. It counts from the day it was *known*. A country's **frontier** at a
month-end is its best score known by then; on equal scores the earlier row leads. The **gap** is US minus China, in
percentage points unless another unit is asked for; below zero China leads. A month-end is **stale** when neither
frontier has moved since the end of the year before: its gap repeats that of the year before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from recount.measures.benchmarks import (
    LAST_MONTH,
    MMLU_QUESTIONS,
    OTHERS,
    PROTOCOLS,
    mmlu_rows,
    month_end,
    month_number,
    months,
    other_rows,
)
from recount.multiverse import Axis, Study, axis, study
from recount.tables import RecountError

COUNTRIES = ("US", "CN")


# ------------------------------------------------------------------------------------------------ frontiers and gaps


def record_rows(rows: pd.DataFrame, country: str, day: str = "known") -> pd.DataFrame:
    """Rows that set a record: each better than every earlier row of the country.

    Args:
        rows: columns ``country``, ``score`` and ``day`` (ISO days); a row without day or score never counts.
        country: ISO 3166 code, compared as a whole: a row of two countries counts for neither.

    Returns:
        The record rows with all columns, oldest first; of equal scores the earlier row, then the one that stands first.
    """
    mine = rows[(rows["country"] == country).fillna(False).astype(bool)].dropna(subset=[day, "score"])
    mine = mine.sort_values([day, "score"], ascending=[True, False], kind="stable")
    score = mine["score"].to_numpy(dtype=float)
    before = np.maximum.accumulate(np.concatenate([[-math.inf], score]))[:-1]
    return mine[score > before]


def gaps(rows: pd.DataFrame, at: Sequence[str], day: str = "known") -> pd.DataFrame:
    """Two frontiers and their gap at month-ends.

    Args:
        rows: columns model, country, score and ``day``; scores of one protocol rule, or the gap compares unlike things.
        at: months ``YYYY-MM``.

    Returns:
        One row a month: month; us_score, us_model, us_since (day of the leading row) and the same for cn; gap_pp;
        relative_percent (of the US score); stale. Missing where a country has no score yet.
    """
    ends = [month_end(month) for month in at]
    out: dict[str, Any] = {"month": list(at)}
    for country in COUNTRIES:
        steps = record_rows(rows, country, day)
        days = list(steps[day])
        place = [sum(one <= end for one in days) - 1 for end in ends]
        for name, column, missing in (("score", "score", math.nan), ("model", "model", None), ("since", day, None)):
            values = list(steps[column])
            out[f"{country.lower()}_{name}"] = [values[i] if i >= 0 else missing for i in place]
    us, cn = (np.array(out[f"{country.lower()}_score"], dtype=float) for country in COUNTRIES)
    out["gap_pp"] = us - cn
    out["relative_percent"] = 100 * out["gap_pp"] / us
    moved = zip(out["us_since"], out["cn_since"], ends, strict=True)
    out["stale"] = [bool(a and b) and max(a, b) < f"{end[:4]}-01-01" for a, b, end in moved]
    return pd.DataFrame(out)


def leaders_left_out(rows: pd.DataFrame, month: str, day: str = "known") -> pd.DataFrame:
    """On which row does the gap of a month hang? The gap again, each country's leading row left out in turn.

    Args:
        rows: as for :func:`gaps`, with a column ``row`` (its id).

    Returns:
        One row a country: country, row, model, score (of the leader), gap_pp (with it), next_model, gap_without_pp.

    Raises:
        RecountError: a country has no score by then.
    """
    full, found = gaps(rows, [month], day).iloc[0], []
    for country in COUNTRIES:
        steps = record_rows(rows, country, day)
        steps = steps[steps[day] <= month_end(month)]
        if steps.empty:
            raise RecountError(f"frontier: no score of {country} by the end of {month}. Remedy: a later month, or other rows.")
        leader, prefix = steps.iloc[-1], country.lower()
        without = gaps(rows[rows["row"] != leader["row"]], [month], day).iloc[0]
        found.append(
            {
                "country": country,
                **{name: leader[name] for name in ("row", "model", "score")},
                "gap_pp": full["gap_pp"],
                "next_model": without[f"{prefix}_model"],
                "gap_without_pp": without["gap_pp"],
            }
        )
    return pd.DataFrame(found)


def other_gaps(name: str, at: Sequence[str]) -> pd.DataFrame:
    """Gap on another benchmark at month-ends, in the shape of :func:`gaps` (unit: ``OTHERS[name].unit``).

    Arena is no running best: a month is read from its own last snapshot, and one without a snapshot is missing.
    """
    rows = other_rows(name)
    if OTHERS[name].table != "arena_monthly":
        return gaps(rows, at)
    return pd.concat([gaps(rows[rows["known"].str[:7] == month], [month]) for month in at], ignore_index=True)


def sampling_error_pp(us_percent: float, cn_percent: float, questions: int = MMLU_QUESTIONS, z: float = 1.96) -> float:
    """Half-width in percentage points of the interval of a difference of two independent shares (Wald).

    Both models answer the same questions, so their errors go together and the true interval is narrower.

    Raises:
        RecountError: a share outside 0 to 100, or no questions.
    """
    if questions <= 0 or not all(0 <= one <= 100 for one in (us_percent, cn_percent)):
        raise RecountError(f"frontier: {us_percent} and {cn_percent} percent of {questions} questions are no shares.")
    shares = (us_percent / 100, cn_percent / 100)
    return 100 * z * math.sqrt(sum(share * (1 - share) for share in shares) / questions)


def rows_behind(rows: pd.DataFrame, month: str, countries: Iterable[str] = COUNTRIES) -> int:
    """How many scores of the countries were known at a month-end: the n behind a gap."""
    return int((rows["country"].isin(list(countries)) & (rows["known"] <= month_end(month))).sum())


# ------------------------------------------------------------------------------------------------ the multiverse


YEARS = ("2023", "2024", "2025")
CHANGES = {"2023/2024": ("2023", "2024"), "2023/2025": ("2023", "2025")}
QUESTIONS = (*YEARS, *CHANGES)
AS_OF: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "year_end": {year: (min(f"{year}-12", LAST_MONTH),) for year in YEARS},
    "june": {year: (f"{year}-06",) for year in YEARS},
    "year_mean": {year: tuple(months(f"{year}-01", min(f"{year}-12", LAST_MONTH))) for year in YEARS},
    "edition": {year: (f"{int(year) - 1}-12",) for year in YEARS},
}
"""How a year is read → year → months: its last month-end before the report, June, the mean of its month-ends, or, as a
yearly index does, the edition of that year, whose data end with the year before."""

GAP_UNITS: Mapping[str, Callable[[float, float], float]] = {
    "pp": lambda us, cn: us - cn,
    "percent_of_us": lambda us, cn: 100 * (us - cn) / us,
    "percent_of_cn": lambda us, cn: 100 * (us - cn) / cn,
}
"""What "a gap of some percent" may mean → its formula from the two scores."""

_HELM_ONLY = {"run": ("developer", "independent"), "available": "released", "confirmed": "twice", "dated": "released"}


class _State(NamedTuple):
    """Which rows count so far (arrays, one value a row of ``mmlu_rows``), then both frontiers at the months read."""

    keep: np.ndarray  # does the row count?
    home: np.ndarray  # 0 US, 1 China, 2 elsewhere
    since: np.ndarray  # month, counted from the first, from whose end the row counts
    own: np.ndarray  # rows of the rule's own table
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()  # year → month → (US, China)
    unit: str = "pp"


def mmlu_study(protocol: str = "5shot", rows: pd.DataFrame | None = None) -> Study:
    """Every defensible way to count the US–China gap on MMLU, as masks over one table.

    Args:
        protocol: the headline's protocol rule. ``5shot`` for 2023 (C03a); ``any`` for 2025 and the change to it (C03b,
            C03c), because no 5-shot score of 2025 is a record. The specifications are the same.
        rows: scores in the shape of :func:`benchmarks.mmlu_rows` (default: those).

    Returns:
        Study ``C03.<protocol>`` in pp with the questions 2023, 2024, 2025 and the changes between them.
    """
    rows = mmlu_rows() if rows is None else rows
    names = ("table", "country", "organisation", "protocol", "run")
    text = {name: rows[name].to_numpy(dtype=str) for name in names}
    score = rows["score"].to_numpy(dtype=float)
    known, released = (np.array([month_number(day) for day in rows[name]], dtype=int) for name in ("known", "released"))
    first = min(month_number(AS_OF["edition"][YEARS[0]][0]), known.min(), released.min())
    span = max(month_number(LAST_MONTH), known.max(), released.max()) - first + 1
    home = np.select([text["country"] == "US", text["country"] == "CN"], [0, 1], 2)
    start = _State(np.ones(len(rows), dtype=bool), home, known - first, text["table"] == "mmlu_scores")

    def frontiers(choice: str) -> Callable[[_State], _State]:
        """Step: running best of both countries, read at the months of one way to read a year."""
        wanted = [[month_number(month) - first for month in part] for part in AS_OF[choice].values()]

        def step(s: _State) -> _State:
            best = np.full((3, span), -math.inf)
            np.maximum.at(best, (s.home[s.keep], s.since[s.keep]), score[s.keep])
            us, cn = np.maximum.accumulate(best[:2], axis=1).tolist()
            return s._replace(lines=tuple(tuple((us[m], cn[m]) for m in part) for part in wanted))

        return step

    axes = (*_row_axes(protocol, rows, text, released - first), *_reading_axes(frontiers))
    return study(
        f"C03.{protocol}",
        start,
        axes,
        _estimate,
        unit="pp",
        population="best published MMLU score of US and of Chinese models",
        questions=QUESTIONS,
        exclude=(
            # One harness: one operator, models that users could run, dates of release, values in one place.
            *({"protocol": "helm", name: choices} for name, choices in _HELM_ONLY.items()),
            # Others can only run models they can use, and each of their runs stands in one place.
            {"run": "independent", "confirmed": "twice"},
            {"run": "independent", "available": "released"},
        ),
        fingerprint=_counted,
    )


def _keep(mask: np.ndarray) -> Callable[[_State], _State]:
    """Step: only the rows of the mask go on."""
    return lambda s: s._replace(keep=s.keep & mask)


def _row_axes(protocol: str, rows: pd.DataFrame, text: Mapping[str, np.ndarray], released: np.ndarray) -> list[Axis]:
    """Axes that say which rows count, for whom and from when."""
    groups = {rule: np.isin(text["protocol"], PROTOCOLS[rule]) for rule in PROTOCOLS}
    helm, developer = text["table"] == "mmlu_helm", text["run"] == "developer"
    available, confirmed = (rows[name].to_numpy(dtype=bool) for name in ("available", "confirmed"))
    deepmind, sensetime = text["organisation"] == "DeepMind", text["organisation"] == "SenseTime"
    labels = {
        "5shot": ("5-shot scores, printed as such", "明示 5-shot 的分数"),
        "5shot_implied": ("5-shot scores, printed or implied", "明示或可推定为 5-shot 的分数"),
        "single_pass": ("one pass, no reasoning models", "单次作答，不含推理模型"),
        "single_pass_incl_reasoning": ("one pass, with reasoning models", "单次作答，含推理模型"),
        "any": ("any published score", "任何已发布的分数"),
    }
    rules = {rule: (_keep(groups[rule]), *labels[rule]) for rule in PROTOCOLS}
    rules["helm"] = (lambda s: s._replace(keep=s.keep & helm, own=helm), "one harness (HELM)", "同一评测框架（HELM）")
    return [
        axis("protocol", protocol, "which scores are alike enough to compare", rules, "哪些分数可以相比"),
        axis(
            "run",
            "any",
            "who ran the test",
            {
                "any": (lambda s: s._replace(keep=s.keep & s.own), "whoever ran it", "不论谁测"),
                "developer": (
                    lambda s: s._replace(keep=s.keep & s.own & developer),
                    "only the developer's own score",
                    "仅开发方自测",
                ),
                "independent": (_keep(~developer), "only runs by others", "仅他方实测"),
            },
            "由谁测试",
        ),
        axis(
            "available",
            "any",
            "which models count",
            {
                "any": (None, "every model with a published score", "凡有公布分数的模型"),
                "released": (_keep(available), "only models that users could run", "仅用户当时可用的模型"),
            },
            "计入哪些模型",
        ),
        axis(
            "confirmed",
            "any",
            "which values count",
            {
                "any": (None, "every value", "全部数值"),
                "twice": (_keep(confirmed), "only values found in a second place", "仅另有一处可核对的数值"),
            },
            "计入哪些数值",
        ),
        axis(
            "country",
            "home",
            "whose model it is",
            {
                "home": (None, "by the developer's home country", "按开发方所在国"),
                "deepmind_us": (
                    lambda s: s._replace(home=np.where(deepmind, 0, s.home)),
                    "DeepMind counts as US",
                    "DeepMind 计入美国",
                ),
                "without_hong_kong": (
                    lambda s: s._replace(home=np.where(sensetime, 2, s.home)),
                    "SenseTime (Hong Kong) does not count as China",
                    "商汤（香港）不计入中国",
                ),
            },
            "模型归哪国",
        ),
        axis(
            "dated",
            "known",
            "from which day a score counts",
            {
                "known": (None, "the later of release and publication", "发布与分数公布中较晚之日"),
                "released": (lambda s: s._replace(since=released), "the release of the model", "模型发布之日"),
            },
            "分数从哪天算起",
        ),
    ]


def _reading_axes(frontiers: Callable[[str], Callable[[_State], _State]]) -> list[Axis]:
    """Axes that say what a year and what a gap of some percent mean."""
    years = {
        "year_end": ("its last month-end before the report", "报告发布前该年最后一个月末"),
        "june": ("the end of June", "六月末"),
        "year_mean": ("the mean of its month-ends", "各月末均值"),
        "edition": ("an index edition, data to the end of the year before", "指数版次，数据止于上年末"),
    }
    units = {
        "pp": ("percentage points", "百分点"),
        "percent_of_us": ("percent of the US score", "占美国分数的百分比"),
        "percent_of_cn": ("percent of the Chinese score", "占中国分数的百分比"),
    }

    def expressed(unit: str) -> Callable[[_State], _State] | None:
        return None if unit == "pp" else lambda s: s._replace(unit=unit)

    return [
        axis(
            "as_of",
            "year_end",
            "what a year stands for",
            {name: (frontiers(name), *words) for name, words in years.items()},
            "年份指什么时点",
        ),
        axis(
            "unit",
            "pp",
            "what a gap of some percent is",
            {name: (expressed(name), *words) for name, words in units.items()},
            "差距百分之几指什么",
        ),
    ]


def _estimate(s: _State) -> dict[str, float]:
    """Question → gap in the unit of the state; nan where a country has no score in a month read."""
    gap, out = GAP_UNITS[s.unit], {}
    for year, pairs in zip(YEARS, s.lines, strict=True):
        complete = all(us > 0 and cn > 0 for us, cn in pairs)
        out[year] = sum(gap(us, cn) for us, cn in pairs) / len(pairs) if complete else math.nan
    return out | {name: out[end] - out[begin] for name, (begin, end) in CHANGES.items()}


def _counted(s: _State) -> Any:
    """Equal when the same rows count for the same country from the same months and are read and expressed alike."""
    us, cn = (np.flatnonzero(s.keep & (s.home == code)) for code in (0, 1))
    return us.tobytes(), cn.tobytes(), s.since[us].tobytes(), s.since[cn].tobytes(), s.lines, s.unit
