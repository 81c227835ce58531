"""C04, Shanghai among cities: shares of author slots at 12 conference-years, its rank, and the published rankings."""

from .read import Row, plain

OUTSIDE_MAINLAND = {"Hong Kong", "Macau"}
NO_CITY = "CN unresolved"


def slots(rows: list[Row], column: str) -> dict[str, int]:
    """Author slots by mainland city, all conference-years pooled; the slots without a city are kept under their own name."""
    totals: dict[str, int] = {}
    for row in rows:
        if row["city"] not in OUTSIDE_MAINLAND:
            totals[row["city"]] = totals.get(row["city"], 0) + int(row[column])
    return totals


def count() -> dict[str, float | str]:
    """Shares in percent of all mainland slots, Shanghai's rank, and chains of published rankings of AI talent."""
    rows = plain("raw/regional/conference_authors_by_city.csv")
    result: dict[str, float | str] = {}
    loose = slots(rows, "author_slots")
    for city in ("Beijing", "Shanghai", "Hangzhou", "Shenzhen"):
        result[f"C04.authors.share.{city}"] = 100 * loose[city] / sum(loose.values())
    ahead = [city for city in loose if city != NO_CITY and loose[city] > loose["Shanghai"]]
    result["C04.authors.rank.Shanghai"] = float(1 + len(ahead))
    strict = slots(rows, "author_slots_strict")
    for city in ("Beijing", "Shanghai"):
        result[f"C04.authors.strict.share.{city}"] = 100 * strict[city] / sum(strict.values())

    rankings = [
        row
        for row in plain("raw/regional/city_rankings.csv")
        if row["kind"] == "ranking"
        and row["ai_talent"] == "true"
        and row["grade"] != "report"
        and row["known_by"] <= "2025-12-06"
    ]
    result["C04.rankings.n"] = float(len({row["chain"] for row in rankings}))
    first = {row["chain"] for row in rankings if row["shanghai_place"] == "1"}
    result["C04.rankings.n_shanghai_first"] = float(len(first))
    return result
