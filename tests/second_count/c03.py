"""C03, the MMLU gap: running best of US and of Chinese models at month-ends, in percentage points."""

from decimal import Decimal
from math import sqrt

from .read import Row, plain, table

MONTH_END = {"2023-06": "2023-06-30", "2023-12": "2023-12-31", "2024-12": "2024-12-31", "2025-11": "2025-11-30"}
QUESTIONS = 14042
NOT_SINGLE_PASS = {"CoT / multi-sample", "finetuned"}


def best(rows: list[Row], country: str, month: str, day_column: str, score_column: str) -> Decimal:
    """Best score of one country with a day on or before the end of the month; rows without a day are left out."""
    return max(
        Decimal(row[score_column])
        for row in rows
        if row["country"] == country and row[day_column] and row[day_column] <= MONTH_END[month]
    )


def gap(rows: list[Row], month: str, day_column: str, score_column: str) -> Decimal:
    """Best US score minus best Chinese score."""
    us = best(rows, "US", month, day_column, score_column)
    cn = best(rows, "CN", month, day_column, score_column)
    return us - cn


def count() -> dict[str, float | str]:
    """Gaps in percentage points, relative gaps in percent of the US score, and the sampling error of the headline pair."""
    scores = table("raw/benchmarks/mmlu_scores.csv", "mmlu_scores")
    five = [row for row in scores if row["protocol_group"] == "5-shot"]
    single = [row for row in scores if row["protocol_group"] not in NOT_SINGLE_PASS]
    helm = table("raw/benchmarks/mmlu_helm.csv", "mmlu_helm")
    runs = table("raw/benchmarks/epoch_runs.csv", "epoch_runs")
    gpqa = [row for row in runs if row["benchmark"] == "GPQA Diamond"]
    math5 = [row for row in runs if row["benchmark"] == "MATH level 5"]
    mmmu = plain("raw/benchmarks/mmmu.csv")

    result: dict[str, float | str] = {}
    for month in ("2023-06", "2023-12", "2024-12"):
        result[f"C03.gap.5shot.{month}"] = float(gap(five, month, "score_published", "mmlu_percent"))
    for month in ("2023-12", "2024-12"):
        result[f"C03.gap.helm.{month}"] = float(gap(helm, month, "released", "mmlu_percent"))
    for month in ("2023-12", "2024-12", "2025-11"):
        result[f"C03.gap.any.{month}"] = float(gap(scores, month, "score_published", "mmlu_percent"))
        result[f"C03.gap.single_pass_incl_reasoning.{month}"] = float(gap(single, month, "score_published", "mmlu_percent"))
    for month in ("2023-12", "2024-12"):
        difference = gap(five, month, "score_published", "mmlu_percent")
        result[f"C03.relative.5shot.{month}"] = float(
            100 * difference / best(five, "US", month, "score_published", "mmlu_percent")
        )
    for month in ("2023-12", "2024-12", "2025-11"):
        result[f"C03.other.gpqa_diamond.{month}"] = float(gap(gpqa, month, "released", "score_percent"))
        result[f"C03.other.math_level_5.{month}"] = float(gap(math5, month, "released", "score_percent"))
        result[f"C03.other.mmmu.{month}"] = float(gap(mmmu, month, "released", "mmmu_val_percent"))

    us = float(best(five, "US", "2024-12", "score_published", "mmlu_percent")) / 100
    cn = float(best(five, "CN", "2024-12", "score_published", "mmlu_percent")) / 100
    error = sqrt(us * (1 - us) / QUESTIONS + cn * (1 - cn) / QUESTIONS)
    result["C03.sampling_error_pp"] = 100 * 1.96 * error
    return result
