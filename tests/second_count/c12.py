"""C12, demand surge: published growth of the two roles, the raw surge of 2017-18, and the control abroad."""

from decimal import Decimal

from .read import one, plain

FIVE = ("Beijing", "Shanghai", "Guangzhou", "Shenzhen", "Hangzhou")


def count() -> dict[str, float | str]:
    """Growth in percent, open posts (a number) with their ratio, and shares of postings abroad in percent."""
    published = plain("raw/jobs/published_figures.csv")
    result: dict[str, float | str] = {}
    for role, figure_id in (("ai_product_manager", "Q01"), ("algorithm_engineer", "Q02")):
        row = one(published, figure_id=figure_id, metric="growth", unit="percent", period="2025Q3")
        result[f"C12.published.{role}.growth"] = float(Decimal(row["value"]))

    posts = [
        row
        for row in plain("raw/jobs/open_posts_by_keyword.csv")
        if row["keyword"] == "人工智能" and row["site"] == "51job.com" and row["city"] in FIVE
    ]
    days = {"first": min(row["date"] for row in posts), "last": max(row["date"] for row in posts)}
    for area, cities in (("shanghai", ("Shanghai",)), ("five_cities", FIVE)):
        open_posts = {
            end: sum(int(one(posts, date=day, city=city)["open_posts"]) for city in cities) for end, day in days.items()
        }
        result[f"C12.a05.{area}.first"] = float(open_posts["first"])
        result[f"C12.a05.{area}.last"] = float(open_posts["last"])
        result[f"C12.a05.{area}.ratio"] = open_posts["last"] / open_posts["first"]

    indeed = plain("raw/shortage/indeed_ai_share_monthly.csv")
    for country in ("US", "GB", "DE"):
        for month in ("2023-12", "2024-12", "2025-12"):
            row = one(indeed, country=country, month=month)
            result[f"C12.control.{country}.{month}"] = float(Decimal(row["ai_share_percent"]))
    return result
