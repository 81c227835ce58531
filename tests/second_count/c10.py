"""C10, pay brackets: share of posts at or above 500,000 yuan a year, and the fullest of six brackets."""

from decimal import Decimal

from .read import Row, plain

TECHNICAL = {"algorithm", "ai_engineering"}
SHANGHAI = {"Pudong", "Shanghai", "Shanghai_unknown"}
LABELS = ("<100k", "100-200k", "200-300k", "300-400k", "400-500k", ">=500k")
POINTS = ("min", "mid", "max")


def usable(row: Row) -> bool:
    """Pay stated by month or year, with a maximum of at most 300,000 yuan a month."""
    return row["pay_unit"] in {"month", "year"} and row["max_k_month"] != "" and Decimal(row["max_k_month"]) <= 300


def annual(row: Row, point: str) -> Decimal:
    """Pay a year in 10,000 yuan at the minimum, middle or maximum of the range, months as stated.

    A pay text that states only "x or less" has no lower bound in the table: 0 is taken.
    """
    low = Decimal(row["min_k_month"] or 0)
    high = Decimal(row["max_k_month"])
    monthly = {"min": low, "mid": (low + high) / 2, "max": high}[point]
    return round(monthly * int(row["months"]) / 10, 3)


def brackets(posts: list[Row], point: str) -> dict[str, int]:
    """Number of usable posts in each of the six brackets; the last is open."""
    filled = dict.fromkeys(LABELS, 0)
    for row in posts:
        if usable(row):
            filled[LABELS[min(int(annual(row, point) // 10), 5)]] += int(row["n"])
    return filled


def share(posts: list[Row], point: str) -> float:
    """Percent of the usable posts in the top bracket."""
    filled = brackets(posts, point)
    return 100 * filled[">=500k"] / sum(filled.values())


def largest(posts: list[Row], point: str) -> str:
    """Label of the fullest bracket; a tie is an error."""
    filled = brackets(posts, point)
    most = [label for label in LABELS if filled[label] == max(filled.values())]
    if len(most) != 1:
        raise ValueError(f"tie between {most}")
    return most[0]


def count() -> dict[str, float | str]:
    """Shares in percent, labels of the fullest brackets, and J05's technical share over its share of all posts."""
    posts = plain("tallies/posts.csv")
    technical = [row for row in posts if row["class_v1"] in TECHNICAL]
    j05 = [row for row in posts if row["data_set"] == "J05"]
    j05_shanghai = [row for row in j05 if row["place"] in SHANGHAI]
    result: dict[str, float | str] = {}
    for point in POINTS:
        for name in ("J01", "J02", "J03", "J04", "J05", "J09"):
            mine = [row for row in technical if row["data_set"] == name]
            result[f"C10.ge500k.{name}.ai_technical.{point}"] = share(mine, point)
            result[f"C10.largest_bracket.{name}.{point}"] = largest(mine, point)
        result[f"C10.ge500k.J05.all.{point}"] = share(j05, point)
        result[f"C10.ge500k.J05.all.Shanghai.{point}"] = share(j05_shanghai, point)
        j05_technical = [row for row in j05 if row["class_v1"] in TECHNICAL]
        result[f"C10.ratio.J05.{point}"] = share(j05_technical, point) / share(j05, point)
    return result
