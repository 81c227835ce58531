"""Benchmark scores from several tables in one shape (claim C03).

One row is one score of one model: ``model``, ``country`` (of its developer), ``known`` (ISO day from which the score
counts), ``score``. MMLU rows carry more, see :func:`mmlu_rows`; for other benchmarks see :data:`OTHERS`.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from recount import tables
from recount.tables import RecountError

LAST_MONTH = "2025-11"
"""Last month-end before the report of 2025-12-06."""
MMLU_QUESTIONS = 14_042
"""Questions of the MMLU test set as it is distributed (Hendrycks et al. 2021, arXiv:2009.03300)."""

_SINGLE_PASS = ("5-shot", "5-shot (implied)", "5-shot CoT", "0-shot CoT / chat", "not stated")
PROTOCOLS: Mapping[str, tuple[str, ...]] = {
    "five_shot": ("5-shot",),
    "five_shot_or_implied": ("5-shot", "5-shot (implied)"),
    "single_pass_excl_reasoning": _SINGLE_PASS,
    "single_pass_incl_reasoning": (*_SINGLE_PASS, "reasoning pass@1"),
    "any": (*_SINGLE_PASS, "reasoning pass@1", "CoT / multi-sample", "finetuned"),
}
"""Protocol rule → the protocol groups whose scores it compares; ``helm`` (one harness) is a table of its own."""

CONFIRMED = ("agree", "agree_same_publisher", "independent_run_agrees", "transcriptions_agree", "resolved")
"""Outcomes of the second reading that mean: the value stands in a second place."""

VENDOR_RUNS = {
    "base, 5-shot": "5-shot",
    "chat": "0-shot CoT / chat",
    "instruct, no extended thinking": "0-shot CoT / chat",
    "chat; no flagship US reasoning model": "0-shot CoT / chat",
}
"""Settings of ``vendor_tables`` in which one laboratory ran the models itself → protocol group. Tables whose setting
says that they mix in official values of others are left out."""

MMLU_COLUMNS = ("row", "table", "model", "organisation", "country", "released", "known", "protocol", "run")


# ------------------------------------------------------------------------------------------------ months


def month_end(month: str) -> str:
    """Last day (ISO) of a month ``YYYY-MM``.

    Raises:
        RecountError: not a month.
    """
    try:
        year, number = (int(part) for part in month.split("-"))
        return f"{year:04d}-{number:02d}-{calendar.monthrange(year, number)[1]:02d}"
    except (ValueError, calendar.IllegalMonthError):
        raise RecountError(f"benchmarks: {month!r} is not a month. Remedy: write YYYY-MM.") from None


def month_number(day: str) -> int:
    """Months since year 0 of an ISO day or month; a score counts from the month-end of its own month."""
    month_end(day[:7])
    return 12 * int(day[:4]) + int(day[5:7]) - 1


def months(first: str, last: str = LAST_MONTH) -> list[str]:
    """Every month from ``first`` to ``last``, both included, as ``YYYY-MM``."""
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(month_number(first), month_number(last) + 1)]


# ------------------------------------------------------------------------------------------------ MMLU


def mmlu_rows() -> pd.DataFrame:
    """All MMLU scores that may decide, from three tables in one shape.

    Returns:
        One row a score, oldest first: row (its id), table, model, organisation, country, released, known (ISO days),
        score (percent), protocol (group), run (``developer`` or ``other``), available (could users run the model?),
        confirmed (does the value stand in a second place?). Rows of the project's own table and of vendors' tables
        count if they were known by the day of the report and are of a grade that decides. The HELM rows come from a
        later copy without publication dates: they are dated by the release of the model, a look back.
    """
    parts = (_own_rows(), _helm_rows(), _vendor_rows())
    rows = pd.concat([part.astype({"score": float}) for part in parts], ignore_index=True)
    rows = rows.astype(dict.fromkeys(MMLU_COLUMNS, "object") | {"available": bool, "confirmed": bool})
    return rows.sort_values("known", kind="stable", ignore_index=True)


def _own_rows() -> pd.DataFrame:
    own = tables.may_decide(tables.load("mmlu_scores"))
    later = own["score_published"] > own["released"]
    return pd.DataFrame(
        {
            "row": own["score_id"],
            "table": "mmlu_scores",
            **{name: own[name] for name in ("model", "organisation", "country", "released")},
            "known": own["score_published"].where(later, own["released"]),
            "score": own["mmlu_percent"],
            "protocol": own["protocol_group"],
            "run": np.where(own["reported_by"].str.startswith("self"), "developer", "other"),
            "available": own["available_to_users"],
            "confirmed": own["check"].isin(CONFIRMED),
        }
    )


def _helm_rows() -> pd.DataFrame:
    helm = tables.load("mmlu_helm").dropna(subset=["released"])
    return pd.DataFrame(
        {
            "row": helm["epoch_row_id"],
            "table": "mmlu_helm",
            **{name: helm[name] for name in ("model", "organisation", "country", "released")},
            "known": helm["released"],
            "score": helm["mmlu_percent"],
            "protocol": "5-shot",
            "run": "other",
            "available": True,
            "confirmed": False,
        }
    )


def _vendor_rows() -> pd.DataFrame:
    ran = tables.may_decide(tables.load("vendor_tables"))
    ran = ran[(ran["benchmark"] == "MMLU") & ~ran["own_model"].astype(bool) & ran["setting"].isin(list(VENDOR_RUNS))]
    return pd.DataFrame(
        {
            "row": ran["row_id"],
            "table": "vendor_tables",
            **{name: ran[name] for name in ("model", "organisation", "country")},
            "released": ran["table_date"],
            "known": ran["table_date"],
            "score": ran["score_percent"],
            "protocol": ran["setting"].map(VENDOR_RUNS),
            "run": "other",
            "available": True,
            "confirmed": False,
        }
    )


def mmlu_rule(rule: str, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows one protocol rule compares: of the project's own table for a key of :data:`PROTOCOLS`, HELM for ``helm``.

    Raises:
        RecountError: an unknown rule.
    """
    rows = mmlu_rows() if rows is None else rows
    if rule == "helm":
        return rows[rows["table"] == "mmlu_helm"]
    if rule not in PROTOCOLS:
        raise RecountError(f"benchmarks: no protocol rule {rule!r}. Remedy: use helm, {', '.join(PROTOCOLS)}.")
    return rows[(rows["table"] == "mmlu_scores") & rows["protocol"].isin(list(PROTOCOLS[rule]))]


# ------------------------------------------------------------------------------------------------ other benchmarks


class Other(NamedTuple):
    """Another benchmark: its table, the cells that pick its rows, day and score columns, unit, name in both languages."""

    table: str
    pick: Mapping[str, Any]
    day: str
    score: str
    unit: str
    en: str
    zh: str


def _arena(family: str, en: str, zh: str) -> Other:
    pick = {"source_family": family, "last_of_month": True}
    return Other("arena_monthly", pick, "snapshot_date", "arena_score", "rating points", f"Arena, {en}", f"Arena（{zh}）")


def _reported(benchmark: str, en: str, zh: str) -> Other:
    pick = {"benchmark": benchmark}
    names = (f"{benchmark}, {en}", f"{benchmark}（{zh}）")
    return Other("self_reported_scores", pick, "released", "score_percent", "pp", *names)


def _epoch(benchmark: str, en: str, zh: str) -> Other:
    return Other("epoch_runs", {"benchmark": benchmark}, "released", "score_percent", "pp", en, zh)


OTHERS: Mapping[str, Other] = {
    "mmlu_pro": _reported("MMLU-Pro", "as published", "各方公布"),
    "math": _reported("MATH", "as published, few from China", "各方公布，中国分数很少"),
    "math_level_5": _epoch("MATH level 5", "MATH level 5, run by Epoch AI", "MATH 五级（Epoch AI 实测）"),
    "gpqa_diamond": _epoch("GPQA Diamond", "GPQA Diamond, run by Epoch AI", "GPQA Diamond（Epoch AI 实测）"),
    "mmmu": Other("mmmu", {}, "released", "mmmu_val_percent", "pp", "MMMU validation, leaderboard", "MMMU 验证集（榜单）"),
    "arena_history": _arena("history", "published files", "公布文件"),
    "arena_month_end": _arena("month_end_csv", "month-ends", "月末"),
    "arena_catalog": _arena("catalog", "catalog", "目录"),
    "epoch_index": Other(
        "epoch_index", {}, "released", "eci_score", "index points", "Epoch Capabilities Index", "Epoch 能力指数"
    ),
}
"""Other benchmarks by name. Runs by Epoch AI, its index and MMMU stand in later copies: dated by the release of the model
or the day of the entry, they look back. Arena ratings are estimated anew in every snapshot."""


def other_rows(name: str) -> pd.DataFrame:
    """Scores on another benchmark: model, country, known, score (in ``OTHERS[name].unit``).

    Self-reported scores count from the later of release and record (a record stated to the month: its last day); that
    collection ends in May 2025 and holds few Chinese models, so the tables that laboratories print join them.

    Raises:
        RecountError: an unknown benchmark.
    """
    if name not in OTHERS:
        raise RecountError(f"benchmarks: no benchmark {name!r}. Remedy: use one of {', '.join(OTHERS)}.")
    other = OTHERS[name]
    frame = tables.load(other.table)
    for column, value in other.pick.items():
        frame = frame[(frame[column] == value).fillna(False).astype(bool)]
    known = frame[other.day]
    if other.table == "self_reported_scores":
        recorded = frame["recorded"].map(_last_day)
        known = known.where(known >= recorded, recorded)
    made = {"model": frame["model"], "country": frame["country"], "known": known, "score": frame[other.score].astype(float)}
    rows = pd.DataFrame(made)
    if other.table == "self_reported_scores":
        vendors = tables.load("vendor_tables").rename(columns={"table_date": "known", "score_percent": "score"})
        rows = pd.concat([rows, vendors.loc[vendors["benchmark"] == other.pick["benchmark"], list(rows)]])
    return rows.reset_index(drop=True)


def _last_day(stated: str) -> str:
    """Last day of a day, month or year as stated."""
    return stated if len(stated) == 10 else month_end(stated if len(stated) == 7 else f"{stated}-12")
