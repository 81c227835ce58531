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

from recount import tables
from recount.measures.benchmarks import (
    LAST_MONTH,
    MMLU_QUESTIONS,
    OTHERS,
    PROTOCOLS,
    mmlu_rows,
    mmlu_rule,
    month_end,
    month_number,
    other_rows,
)
from recount.multiverse import Axis, Study, axis, study
from recount.tables import RecountError

COUNTRIES = ("US", "CN")
ARENA_SCALE_BREAK = "2024-06"
"""Month from whose last snapshot on Arena's published files hold the leaderboard's rating, not an online one."""


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
    out: dict[str, Any] = {"month": list(at)}
    for country in COUNTRIES:
        best = rows[rows["country"] == country].assign(month=rows["known"].str[:7]).sort_values("known", kind="stable")
        best = best.drop_duplicates("month", keep="last").set_index("month").reindex(list(at))
        columns = (("score", "score"), ("model", "model"), ("since", "known"))
        out |= {f"{country.lower()}_{short}": best[column].to_numpy() for short, column in columns}
    out["gap_pp"] = out["us_score"] - out["cn_score"]
    out["relative_percent"] = 100 * out["gap_pp"] / out["us_score"]
    return pd.DataFrame(out | {"stale": False})


def benchmark_gaps(at: Sequence[str]) -> pd.DataFrame:
    """The gap by month on MMLU (any protocol) and on every other benchmark, in one long table.

    Returns:
        One row a benchmark, part and month with a gap: benchmark (name in words), part (Arena: collection and scale, which
        are never joined), month, gap, unit (pp, rating points, index points), us_model, cn_model.
    """
    parts = [("MMLU", "any protocol", "pp", gaps(mmlu_rule("any"), at))]
    for name, other in OTHERS.items():
        table = other_gaps(name, at)
        if other.table != "arena_monthly":
            parts.append((other.en, "", other.unit, table))
            continue
        online = (table["month"] < ARENA_SCALE_BREAK) & (name == "arena_history")
        for scale, here in (("online rating", online), ("leaderboard", ~online)):
            parts.append(("Arena", f"{name}, {scale}", other.unit, table[here]))
    columns = ["month", "gap_pp", "us_model", "cn_model", "stale"]
    long = [t[columns].assign(benchmark=name, part=part, unit=unit) for name, part, unit, t in parts if len(t)]
    table = pd.concat(long, ignore_index=True).dropna(subset="gap_pp").rename(columns={"gap_pp": "gap"})
    return table[["benchmark", "part", "month", "gap", "unit", "us_model", "cn_model", "stale"]].reset_index(drop=True)


def as_results(table: pd.DataFrame, rule: str, *, rows: pd.DataFrame, column: str = "gap_pp") -> list[dict[str, Any]]:
    """Rows for ``records.results``: one gap a month with the pair of models, and a mark where no record is newer.

    Args:
        table: from :func:`gaps`; rule: what stands between ``C03.`` and the month in the id; rows: what it was made of.
    """
    out = []
    for row in table.dropna(subset="gap_pp").to_dict("records"):
        pair = " – ".join(f"{row[f'{c}_model']} {row[f'{c}_score']:.1f}" for c in ("us", "cn"))
        stale = f" (stale: no record since {max(row['us_since'], row['cn_since'])})" if row["stale"] else ""
        claim = "C03a" if row["month"][:4] == "2023" else "C03b"
        day, n = month_end(row["month"]), rows_behind(rows, row["month"])
        result = {"id": f"C03.{rule}.{row['month']}", "value": row[column], "says": pair + stale, "n": n}
        out.append(result | {"as_of": day, "claim": claim})
    return out


def index_text_and_figure() -> pd.DataFrame:
    """Gaps on MMLU that the AI Index 2025 prints in its text, beside those of its own figure, read off by pixel.

    Returns:
        One row a year-end with both: year; text, figure (US minus China); text_open, figure_open (closed minus open
        weights); us, cn (the two lines in the figure). All in percentage points or percent.
    """
    lines = tables.load("ai_index_digitised")
    lines = lines[lines["benchmark"] == "MMLU"].pivot_table(index="year_end", columns="series", values="value_percent")
    said = tables.load("published_gaps")
    said = said[(said["source_id"] == "bench-ai-index-2025") & (said["benchmark"] == "MMLU")]
    years = said["as_of"].str[:4].astype(int)
    said = said.assign(year_end=years).pivot_table(index="year_end", columns="comparison", values="value")
    both = said.join(lines, how="inner")
    made = {
        "year": both.index,
        "text": both["us_minus_cn"],
        "figure": both["US"] - both["CN"],
        "text_open": both["closed_minus_open"],
        "figure_open": both["closed"] - both["open"],
        "us": both["US"],
        "cn": both["CN"],
    }
    return pd.DataFrame(made).reset_index(drop=True)


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

MONTHS = {
    "january": ("the end of January", "一月末"),
    "february": ("the end of February", "二月末"),
    "march": ("the end of March", "三月末"),
    "april": ("the end of April", "四月末"),
    "may": ("the end of May", "五月末"),
    "june": ("the end of June", "六月末"),
    "july": ("the end of July", "七月末"),
    "august": ("the end of August", "八月末"),
    "september": ("the end of September", "九月末"),
    "october": ("the end of October", "十月末"),
    "november": ("the end of November", "十一月末"),
    "december": ("the end of December (of 2025: of November)", "十二月末（2025 年为十一月末）"),
}
"""Months a year can be read at, with words for both languages."""

YEARS = ("2023", "2024", "2025")
CHANGES = {"change": ("2023", "2025"), "change_edition": ("2023", "2024")}
"""Question → years: the later gap minus the earlier one. An index edition of 2025 holds the data of 2024."""

SCALES: Mapping[str, Callable[[float, float], float]] = {
    "points": lambda us, cn: us - cn,
    "relative": lambda us, cn: 100 * (us - cn) / us,
    "relative_to_china": lambda us, cn: 100 * (us - cn) / cn,
}
"""What "a gap of some percent" may mean → its formula from the two scores."""


class _State(NamedTuple):
    """Which rows count (arrays, one value a row of ``mmlu_rows``); then both frontiers, and what is read from them."""

    keep: np.ndarray  # does the row count?
    own: np.ndarray  # rows of the rule's own table
    counted: tuple[bytes, ...] = ()  # which rows count for the US, which for China
    lines: np.ndarray = np.zeros((2, 0))  # best score of the US and of China by month; minus infinity before the first
    at: tuple[int, ...] = ()  # month read for each year, counted from the first
    scale: str = "points"


_Step = Callable[[_State], _State]


def mmlu_study(id: str = "C03", rows: pd.DataFrame | None = None) -> Study:
    """Every defensible way to count the US–China gap on MMLU, as masks over one table.

    Args:
        id: ``C03`` (headline: 5-shot scores; questions 2023, 2024, 2025, change, change_edition) or ``C03b`` (headline:
            any protocol in 2025, because no 5-shot score of 2025 sets a record; one more axis: 2025 as the year of the
            data or as the edition of a yearly index, whose data end with 2024).
        rows: scores in the shape of :func:`benchmarks.mmlu_rows` (default: those).

    Returns:
        The study, in pp. A year without a score of both countries at the month read is not computable.

    Raises:
        RecountError: an unknown study.
    """
    if id not in ("C03", "C03b"):
        raise RecountError(f"frontier: no study {id!r}. Remedy: use C03 or C03b.")
    rows = mmlu_rows() if rows is None else rows
    years = YEARS if id == "C03" else ("2025",)
    last = month_number(LAST_MONTH)
    first = min(month_number("2022-12"), *(month_number(day) for day in rows["known"]))
    own = rows["table"].to_numpy(dtype=str) == "mmlu_scores"

    def read_at(number: int) -> _Step:
        at = tuple(min(month_number(f"{year}-{number:02d}"), last) - first for year in years)
        return lambda s: s._replace(at=at)

    def estimate(s: _State) -> dict[str, float]:
        """Question → gap; nan where a country has no score by then."""
        pairs = zip(*s.lines[:, s.at].tolist(), strict=True)
        found = {year: SCALES[s.scale](*p) if min(p) > 0 else math.nan for year, p in zip(years, pairs, strict=True)}
        if id == "C03b":
            return {"": found["2025"]}
        return found | {name: found[end] - found[begin] for name, (begin, end) in CHANGES.items()}

    as_of = {name: (read_at(number), *words) for number, (name, words) in enumerate(MONTHS.items(), start=1)}
    default = "december"
    if id == "C03b":
        default, as_of = "november", {name: one for name, one in as_of.items() if name != "december"}
    axes = [
        *_row_axes("five_shot" if id == "C03" else "any", rows),
        _country_axis(rows, first),
        axis("as_of", default, "which month stands for a year", as_of, "以哪个月代表一年"),
        axis("scale", "points", "what a gap of some percent is", _scales(), "差距百分之几指什么"),
    ]
    # One harness has one operator and ran models that users could run; others can only run such models, too.
    exclude: list[dict[str, Any]] = [
        {"protocol": "helm", "run": ("publishers_own", "independent")},
        {"protocol": "helm", "availability": "released_only"},
        {"run": "independent", "availability": "released_only"},
    ]
    if id == "C03b":
        end_of_2024 = (month_number("2024-12") - first,)
        axes.append(_year_axis(lambda s: s._replace(at=end_of_2024)))
        exclude.append({"year_read": "edition", "as_of": [name for name in as_of if name != default]})
    population = "best published MMLU score of US and of Chinese models"
    questions = (*YEARS, *CHANGES) if id == "C03" else ("",)
    start = _State(np.ones(len(rows), dtype=bool), own)
    return study(id, start, axes, estimate, "pp", population, questions, exclude, lambda s: (s.counted, s.at, s.scale))


def _keep(mask: np.ndarray) -> _Step:
    """Step: only the rows of the mask go on."""
    return lambda s: s._replace(keep=s.keep & mask)


def _row_axes(protocol: str, rows: pd.DataFrame) -> list[Axis]:
    """Axes that say which rows count."""
    helm, developer = (rows["table"] == "mmlu_helm").to_numpy(), (rows["run"] == "developer").to_numpy()
    groups = rows["protocol"].to_numpy(dtype=str)
    labels = {
        "five_shot": ("5-shot scores, printed as such", "明示 5-shot 的分数"),
        "five_shot_or_implied": ("5-shot scores, printed or implied", "明示或可推定为 5-shot 的分数"),
        "single_pass_excl_reasoning": ("one pass, no reasoning models", "单次作答，不含推理模型"),
        "single_pass_incl_reasoning": ("one pass, with reasoning models", "单次作答，含推理模型"),
        "any": ("any published score", "任何已发布的分数"),
    }
    rules = {rule: (_keep(np.isin(groups, PROTOCOLS[rule])), *words) for rule, words in labels.items()}
    rules["helm"] = (lambda s: s._replace(keep=s.keep & helm, own=helm), "one harness (HELM)", "同一评测框架（HELM）")
    runs = {
        "any": (lambda s: s._replace(keep=s.keep & s.own), "whoever ran the test", "不论谁测"),
        "publishers_own": (
            lambda s: s._replace(keep=s.keep & s.own & developer),
            "only the developer's own scores",
            "仅开发方自测",
        ),
        "independent": (_keep(~developer), "only runs by others", "仅他方实测"),
    }
    models = {
        "any_published": (None, "every model with a published score", "凡有公布分数的模型"),
        "released_only": (
            _keep(rows["available"].to_numpy(dtype=bool)),
            "only models that users could run",
            "仅用户当时可用的模型",
        ),
    }
    return [
        axis("protocol", protocol, "which scores are alike enough to compare", rules, "哪些分数可以相比"),
        axis("run", "any", "who ran the test", runs, "由谁测试"),
        axis("availability", "any_published", "which models count", models, "计入哪些模型"),
    ]


def _country_axis(rows: pd.DataFrame, first: int) -> Axis:
    """Axis that says whose model it is; with it both frontiers are settled, so its steps draw them."""
    country, organisation = (rows[name].to_numpy(dtype=str) for name in ("country", "organisation"))
    score = rows["score"].to_numpy(dtype=float)
    since = np.array([month_number(day) for day in rows["known"]], dtype=int) - first
    span = max(month_number(LAST_MONTH) - first, *since) + 1
    us, cn = country == "US", country == "CN"

    def drawn(us: np.ndarray, cn: np.ndarray) -> _Step:
        def step(s: _State) -> _State:
            sides = (s.keep & us, s.keep & cn)
            best = np.full((2, span), -math.inf)
            for line, side in zip(best, sides, strict=True):
                np.maximum.at(line, since[side], score[side])
            return s._replace(counted=tuple(side.tobytes() for side in sides), lines=np.maximum.accumulate(best, axis=1))

        return step

    countries = {
        "us_and_cn_only": (drawn(us, cn), "by the developer's home country", "按开发方所在国"),
        "deepmind_as_us": (drawn(us | (organisation == "DeepMind"), cn), "DeepMind counts as US", "DeepMind 计入美国"),
        "without_hong_kong": (
            drawn(us, cn & (organisation != "SenseTime")),
            "SenseTime (Hong Kong) does not count as China",
            "商汤（香港）不计入中国",
        ),
    }
    return axis("country_rule", "us_and_cn_only", "whose model it is", countries, "模型归哪国")


def _scales() -> dict[str, tuple[_Step | None, str, str]]:
    def expressed(scale: str) -> _Step:
        return lambda s: s._replace(scale=scale)

    return {
        "points": (None, "percentage points", "百分点"),
        "relative": (expressed("relative"), "percent of the US score", "占美国分数的百分比"),
        "relative_to_china": (expressed("relative_to_china"), "percent of the Chinese score", "占中国分数的百分比"),
    }


def _year_axis(edition: _Step) -> Axis:
    words = {
        "data_year": (None, "2025 is the year of the data", "2025 指数据年份"),
        "edition": (edition, "2025 is an index edition, with data to the end of 2024", "2025 指指数版次，数据至 2024 年末"),
    }
    return axis("year_read", "data_year", "what 2025 names", words, "2025 指什么")
