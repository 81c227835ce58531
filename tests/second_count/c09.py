"""C09, degrees asked for: share of posts that ask for a master's degree or more among posts that state a level."""

from .read import Row, plain

TECHNICAL = {"algorithm", "ai_engineering"}
STATED = {"phd", "master", "bachelor", "college", "below_college", "any"}
SHANGHAI = {"Pudong", "Shanghai", "Shanghai_unknown"}


def master_plus(posts: list[Row]) -> float:
    """Percent of the posts with a stated level that ask for a master's degree or a doctorate."""
    stated = sum(int(row["n"]) for row in posts if row["education"] in STATED)
    high = sum(int(row["n"]) for row in posts if row["education"] in {"master", "phd"})
    return 100 * high / stated


def count() -> dict[str, float | str]:
    """Shares in percent by data set, title rule v1; ratios are technical over all other titles of the same search."""
    posts = plain("tallies/posts.csv")
    technical = [row for row in posts if row["class_v1"] in TECHNICAL]
    algorithm = [row for row in posts if row["class_v1"] == "algorithm"]
    other = [row for row in posts if row["class_v1"] not in TECHNICAL]

    def of(rows: list[Row], data_set: str) -> list[Row]:
        """The rows of one data set."""
        return [row for row in rows if row["data_set"] == data_set]

    result: dict[str, float | str] = {}
    for name in ("J01", "J02", "J03", "J04", "J06", "J09", "J13"):
        result[f"C09.master_plus.{name}.ai_technical"] = master_plus(of(technical, name))
    for name in ("J02", "J03", "J04", "J09"):
        result[f"C09.master_plus.{name}.algorithm"] = master_plus(of(algorithm, name))
    j03 = of(technical, "J03")
    result["C09.master_plus.J03.ai_technical.Shanghai"] = master_plus([row for row in j03 if row["place"] in SHANGHAI])
    result["C09.master_plus.J03.ai_technical.Pudong"] = master_plus([row for row in j03 if row["place"] == "Pudong"])
    for name in ("J02", "J03", "J04", "J06", "J09", "J13"):
        result[f"C09.master_plus.{name}.other"] = master_plus(of(other, name))
    for name in ("J03", "J04", "J06", "J09", "J13"):
        result[f"C09.ratio.{name}"] = master_plus(of(technical, name)) / master_plus(of(other, name))
    return result
