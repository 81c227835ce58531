"""C02, papers at top conferences: China against the United States, direct rows completed by estimates, judged at the worst.

Everything is a difference, China minus United States, in papers:
  point  direct count + estimate
  low    point - worst hold-out errors of the estimated papers - papers located by neither
  high   point + the same + bias of lists of institutions (it only ever understates China)
A year has a leader when low and high have one sign.
"""

from .read import Row, plain

CCF_A = ("AAAI", "NeurIPS", "ACL", "CVPR", "ICCV", "ICML", "IJCAI")
BASKETS = {"aaai_ijcai": ("AAAI", "IJCAI"), "vision": ("CVPR", "ICCV", "ECCV"), "ml": ("NeurIPS", "ICML", "ICLR")}
YEARS = ("2020", "2021", "2022", "2023", "2024")
MAIN = {"main", "main_late", "main_special", "unsplit"}
FIELDS = {
    "general": {"AAAI", "IJCAI"},
    "learning": {"NeurIPS", "ICML", "ICLR", "COLM"},
    "vision": {"CVPR", "ICCV", "ECCV", "WACV"},
    "language": {"ACL", "EMNLP", "NAACL", "COLING", "EACL"},
}
Place = tuple[str, str]  # venue and year

SETS_ONLY = {("ACL", "2019"), ("ACL", "2020"), ("EMNLP", "2019"), ("EMNLP", "2020"), ("EMNLP", "2021"), ("NAACL", "2019")}


def by_place(rows: list[Row]) -> dict[Place, list[Row]]:
    """Rows of the main proceedings by venue and year, without the derived sets of countries."""
    places: dict[Place, list[Row]] = {}
    for row in rows:
        place = (row["venue"], row["year"])
        if row["track"] in MAIN and place not in SETS_ONLY:
            places.setdefault(place, []).append(row)
    return places


class Papers:
    """The tables, and the questions asked of them."""

    def __init__(self) -> None:
        """Read the six tables."""
        self.sets = by_place(plain("tallies/papers_sets.csv"))
        self.weights = by_place(plain("tallies/papers_weights.csv"))
        self.estimated = plain("raw/papers/estimated.csv")
        self.holdout = [row for row in plain("raw/papers/holdout.csv") if int(row["year"]) >= 2019]
        self.bias = plain("raw/papers/list_bias.csv")
        self.coverage = [row for row in plain("raw/papers/coverage.csv") if row["volume"] == "main"]

    def direct(self, venue: str, year: str, rule: str, country: str) -> float:
        """Papers of one country counted from affiliations."""
        if rule == "fractional":
            return sum(float(row["weight"]) for row in self.weights.get((venue, year), []) if row["country"] == country)
        total = 0
        for row in self.sets.get((venue, year), []):
            there = row["first_country"] == country if rule == "first" else country in row["countries"].split(";")
            total += int(row["papers"]) if there else 0
        return total

    def estimate(self, venue: str, year: str, rule: str, area: str) -> tuple[float, int]:
        """Estimated papers of one country, and the number of papers the estimate stands for; 0 and 0 without one."""
        for row in self.estimated:
            if (row["venue"], row["year"], row["rule"], row["area"]) == (venue, year, rule, area):
                return float(row["papers"]), int(row["papers_estimated"])
        return 0.0, 0

    def worst_error(self, venue: str, rule: str, area: str) -> float:
        """Largest hold-out error of the venue's field since 2019, as a share of the papers predicted."""
        (venues,) = [venues for venues in FIELDS.values() if venue in venues]
        return max(
            abs(float(row["papers_predicted"]) - float(row["papers_actual"])) / int(row["papers"])
            for row in self.holdout
            if row["venue"] in venues and row["rule"] == rule and row["area"] == area
        )

    def uncovered(self, venue: str, year: str, rule: str) -> int:
        """Papers whose country is known neither from affiliations nor from an estimate.

        An estimate stands for all papers without a located country. First author: also located papers whose first country
        is not known. Without an estimate: also papers on the list of accepted papers that the table lost.
        """
        has_estimate = self.estimate(venue, year, rule, "CHN")[1] > 0
        missing = 0
        for row in self.sets.get((venue, year), []):
            if row["countries"] == "":
                missing += 0 if has_estimate else int(row["papers"])
            elif rule == "first" and row["first_country"] == "":
                missing += int(row["papers"])
        if not has_estimate:
            for row in self.coverage:
                if (row["venue"], row["year"]) == (venue, year) and row["papers_listed"]:
                    missing += int(row["papers_listed"]) - int(row["papers"])
        return missing

    def list_bias(self, venue: str, year: str, rule: str) -> float:
        """Papers by which a source that lists institutions may understate China's lead; 0 where there is no bias."""
        papers = sum(int(row["papers"]) for row in self.sets.get((venue, year), []) if row["countries"])
        for row in self.bias:
            if (row["venue"], row["rule"]) == (venue, rule) and row["year_from"] <= year <= row["year_to"]:
                return papers * float(row["bias_high_pp"]) / 100
        return 0.0

    def lead(self, venues: tuple[str, ...], year: str, rule: str) -> tuple[float, float, float]:
        """Lowest, counted and highest difference, China minus United States, over some venues."""
        point = margin = bias = 0.0
        for venue in venues:
            point += self.direct(venue, year, rule, "CHN") - self.direct(venue, year, rule, "USA")
            for area, sign in (("CHN", 1), ("USA", -1)):
                papers, stands_for = self.estimate(venue, year, rule, area)
                point += sign * papers
                margin += self.worst_error(venue, rule, area) * stands_for
            margin += self.uncovered(venue, year, rule)
            bias += self.list_bias(venue, year, rule)
        return point - margin, point, point + margin + bias

    def leader(self, venues: tuple[str, ...], year: str, rule: str) -> str:
        """CHN or USA if the lead survives the adverse case, else open."""
        low, _, high = self.lead(venues, year, rule)
        return "CHN" if low > 0 else "USA" if high < 0 else "open"


def count() -> dict[str, float | str]:
    """Plain counts of direct rows, leaders by basket, year and rule, and the number of years China leads."""
    papers = Papers()
    result: dict[str, float | str] = {}
    for year in ("2021", "2022", "2023", "2024"):
        for country in ("CHN", "USA"):
            counted = sum(papers.direct(venue, year, "whole", country) for venue in CCF_A)
            result[f"C02.ccfa.direct.{year}.whole.{country}"] = float(counted)
    for year in YEARS:
        for rule in ("whole", "fractional", "first"):
            result[f"C02.leader.ccfa.{year}.{rule}"] = papers.leader(CCF_A, year, rule)
        for name, venues in BASKETS.items():
            result[f"C02.leader.{name}.{year}.whole"] = papers.leader(venues, year, "whole")
    led = [year for year in YEARS if result[f"C02.leader.ccfa.{year}.whole"] == "CHN"]
    result["C02.years_led.ccfa.whole"] = float(len(led))
    return result
