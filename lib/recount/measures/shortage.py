"""Measures of a labour shortage: their formulas, and what one printed value means under each published definition.

A value is placed by the definition's own neutral point and direction, as ``shortage_definitions`` holds them; without a
formula, or without a neutral point, nothing is placed. ``posts`` and ``seekers`` are positive counts of one labour market over
one period.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recount import tables
from recount.hedges import Interval
from recount.measures import intervals, periods
from recount.tables import RecountError

if TYPE_CHECKING:
    import pandas as pd

READINGS = ("shortage", "surplus", "undecidable")
"""What a value can mean under a definition."""


# --- formulas ------------------------------------------------------------------------------------------------------


def seekers_over_posts(posts: float, seekers: float) -> float:
    """Supply–demand ratio (人才供需比) of Maimai, D01: seekers ÷ posts.

    Range (0, ∞), neutral point 1, a higher value means surplus. Source: ``short-caixin-maimai-2024``.

    Raises:
        RecountError: a count is not positive.
    """
    _positive(posts=posts, seekers=seekers)
    return seekers / posts


def posts_over_seekers(posts: float, seekers: float) -> float:
    """Posts ÷ seekers, a higher value means shortage; range (0, ∞), neutral point 1.

    - D02: talent shortage index (人才紧缺指数) as an article of 2016 defines it. Source: ``short-tsi-formula-2016``.
    - D04: demand ratio (求人倍率) of the public employment service. Source: ``short-mohrss-2021q2``.
    - D17: Maimai's index of 2022, with applications in place of seekers; one seeker sends many, so its values lie lower.
      Source: ``short-maimai-index-2022``.

    Raises:
        RecountError: a count is not positive.
    """
    _positive(posts=posts, seekers=seekers)
    return posts / seekers


def difficulty_share(reporting: float, asked: float) -> float:
    """Share of employers that report difficulty in filling posts, D11 (ManpowerGroup), as a fraction.

    Range [0, 1], no neutral point is published, a higher value means shortage. Source: ``short-manpower-2025``.

    Raises:
        RecountError: nobody was asked, or more reported than were asked.
    """
    _positive(asked=asked)
    if not 0 <= reporting <= asked:
        raise RecountError(f"shortage: {reporting} of {asked} employers is no share.")
    return reporting / asked


def gap_rate(posts: float, seekers: float) -> float:
    """Gap rate, D14: (demand − supply) ÷ demand. This project's candidate, not a published index.

    Range (−∞, 1), neutral point 0, a higher value means shortage.

    Raises:
        RecountError: a count is not positive.
    """
    _positive(posts=posts, seekers=seekers)
    return (posts - seekers) / posts


def normalised_imbalance(posts: float, seekers: float) -> float:
    """Normalised imbalance, D15: (demand − supply) ÷ (demand + supply). This project's candidate, not a published index.

    Range (−1, 1), neutral point 0, a higher value means shortage.

    Raises:
        RecountError: a count is not positive.
    """
    _positive(posts=posts, seekers=seekers)
    return (posts - seekers) / (posts + seekers)


def composite(quantity: float, quality: float, quality_weight: float) -> float:
    """Two-part composite, D16: (1 − w) × quantity part + w × quality part, all in [0, 1]. A labelled scenario of this project.

    It mirrors the words quantity and quality of the index under test, whose own formula is not published. No neutral
    point; a higher value means shortage.

    Args:
        quantity, quality: the two parts, 0 (none) to 1 (extreme).
        quality_weight: w.

    Raises:
        RecountError: a part or the weight lies outside [0, 1].
    """
    for name, part in (("quantity", quantity), ("quality", quality), ("quality_weight", quality_weight)):
        if not 0 <= part <= 1:
            raise RecountError(f"shortage: {name} is {part}, not in [0, 1].")
    return (1 - quality_weight) * quantity + quality_weight * quality


def _positive(**counts: float) -> None:
    for name, value in counts.items():
        if not (value > 0 and math.isfinite(value)):
            raise RecountError(f"shortage: {name} is {value}. Remedy: a positive count.")


INVERSES: dict[str, tuple[Callable[[float], float], float, float]] = {
    "seekers_over_posts": (lambda v: 1 / v, 0.0, math.inf),
    "posts_over_seekers": (lambda v: v, 0.0, math.inf),
    "gap_rate": (lambda v: 1 / (1 - v), -math.inf, 1.0),
    "normalised_imbalance": (lambda v: (1 + v) / (1 - v), -1.0, 1.0),
}
"""Kind of formula → (index value → posts for each seeker, and the open ends of the range where that holds)."""


def posts_for_each_seeker(kind: str, value: Interval) -> Interval | None:
    """Posts for each seeker that an index value stands for, or None where the formula is no function of that ratio.

    Args:
        kind: ``formula_kind`` of ``shortage_definitions``; value: index value, as an interval.

    Raises:
        RecountError: the value lies outside the formula's range.
    """
    if kind not in INVERSES:
        return None
    inverse, low, high = INVERSES[kind]
    if not (low < value.low and value.high < high):
        raise RecountError(f"shortage: {value} is outside the range of {kind} ({low} to {high}).")
    ends = inverse(value.low), inverse(value.high)
    return Interval(min(ends), max(ends))


# --- definitions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Definition:
    """One definition of a shortage measure: what is published of it, and how a value is placed."""

    id: str
    name: str
    producer: str
    kind: str
    low: float
    high: float
    neutral: float
    higher_means: str
    own: bool
    contradicted: bool
    source_id: str

    def reads(self, value: Interval, *, formula: bool = True) -> tuple[str, str]:
        """Reading of an index value (one of READINGS) and, in a few words, why.

        ``undecidable`` where the value is none of the scale's, where no neutral point is published, where no formula is (unless
        ``formula`` is false: then the neutral point alone places the value), where the publisher itself calls values on the
        other side of the point short, or where the interval holds the point.
        """
        if value.low < self.low or value.high > self.high:
            return "undecidable", f"no value of its scale, {self.low:g} to {self.high:g}"
        if math.isnan(self.neutral):
            return "undecidable", WITHOUT.get(self.kind, "no point of balance is published")
        if formula and self.kind == "undisclosed":
            return "undecidable", WITHOUT["undisclosed"]
        if self.contradicted:
            return "undecidable", "its publisher calls lower values short"
        if value.low <= self.neutral <= value.high:
            return "undecidable", "its rounding reaches across the point of balance"
        above = value.low > self.neutral
        side = "above" if above else "below"
        reading = self.higher_means if above else OPPOSITE[self.higher_means]
        return reading, f"{side} the point of balance, {self.neutral:g}"


OPPOSITE = {"shortage": "surplus", "surplus": "shortage"}
WITHOUT = {
    "undisclosed": "formula unpublished",
    "rank": "a rank, no number",
    "category": "a word, no number",
    "test": "passed or not, no number",
    "share": "a share without a point of balance",
    "composite": "no point of balance",
}
"""Kind of formula without a neutral point → why nothing can be placed."""


def definitions() -> list[Definition]:
    """Every definition of ``shortage_definitions``, in its order; ``contradicted`` comes from ``shortage_figures``."""
    frame = tables.load("shortage_definitions")
    against = contradicted_by_their_publisher(frame, tables.load("shortage_figures"))

    def end(value: float, otherwise: float) -> float:
        return otherwise if math.isnan(value) else float(value)

    return [
        Definition(
            id=str(r["definition_id"]), name=str(r["name"]), producer=str(r["producer"]), kind=str(r["formula_kind"]),
            low=end(r["range_low"], -math.inf), high=end(r["range_high"], math.inf), neutral=float(r["neutral_point"]),
            higher_means=str(r["higher_means"]), own=bool(r["own_candidate"]), contradicted=r["definition_id"] in against,
            source_id=str(r["source_id"]),
        )
        for r in frame.to_dict("records")
    ]  # fmt: skip


def contradicted_by_their_publisher(frame: pd.DataFrame, figures: pd.DataFrame) -> set[str]:
    """Definitions whose own published values are called short on the surplus side of their neutral point (or the reverse).

    Args:
        frame: ``shortage_definitions``; figures: ``shortage_figures`` (columns definition_id, value, unit, direction).
    """
    found = set()
    for r in frame.to_dict("records"):
        # Counts of a ratio's two parts stand under the same definition; only values of the index itself can contradict it.
        mine = figures[figures["definition_id"].eq(r["definition_id"]) & figures["unit"].isin(INDEX_UNITS)]
        above = mine["value"] > r["neutral_point"]
        says = r["higher_means"], OPPOSITE[r["higher_means"]]
        wrong = (above & mine["direction"].eq(says[1])) | ((mine["value"] < r["neutral_point"]) & mine["direction"].eq(says[0]))
        if bool(wrong.fillna(False).any()):
            found.add(r["definition_id"])
    return found


INDEX_UNITS = ("index", "seekers_per_post", "demand_per_seeker")


def readings(value: Interval, *, formula: bool = True) -> pd.DataFrame:
    """What a value means under every definition.

    Args:
        value: the printed value with its rounding, an interval.
        formula: place nothing where no formula is published; false: a neutral point is enough.

    Returns:
        One row a definition: definition_id, name, producer, kind, own, balance_alone (the reading by the neutral point alone),
        low, high, neutral, higher_means, reading, why, posts_low, posts_high (posts for each seeker, or application; nan where
        no formula says), source_id.
    """
    import pandas as pd

    rows = []
    for d in definitions():
        reading, why = d.reads(value, formula=formula)
        posts = posts_for_each_seeker(d.kind, value)
        rows.append({
            "definition_id": d.id, "name": d.name, "producer": d.producer, "kind": d.kind, "own": d.own,
            "balance_alone": d.reads(value, formula=False)[0], "low": d.low, "high": d.high, "neutral": d.neutral,
            "higher_means": d.higher_means, "reading": reading, "why": why, "posts_low": posts.low if posts else math.nan,
            "posts_high": posts.high if posts else math.nan, "source_id": d.source_id,
        })  # fmt: skip
    return pd.DataFrame(rows)


def counts(read: pd.DataFrame) -> dict[str, int]:
    """How many published definitions (this project's own left out) read the value how: every label of READINGS → number.

    Args:
        read: as :func:`readings` makes it.
    """
    published = read[~read["own"]]["reading"]
    return {label: int(published.eq(label).sum()) for label in READINGS}


# --- a composite, solved backwards ---------------------------------------------------------------------------------

SEVERE_FROM = {"half": 1 / 2, "thirds": 2 / 3, "quarters": 3 / 4, "fifths": 4 / 5}
"""Scenarios for where a quality part in [0, 1] begins to be "severe": above one half, or the top band of equal thirds, quarters
or fifths. Assumed by this project (D16); no publisher states a limit."""


def largest_quantity_part(index: float, severe_from: float, quality_weight: float) -> float:
    """Largest quantity part of a two-part composite (D16) when its quality part is at least ``severe_from``.

    Solves index = (1 − w) × quantity + w × quality for the quantity at quality = ``severe_from``; below zero no quantity part
    fits at all. Above 1 it is 1.

    Args:
        index: the composite, in [0, 1]; severe_from: least quality part, in [0, 1]; quality_weight: w, in [0, 1).

    Raises:
        RecountError: an argument outside its range.
    """
    if not (0 <= index <= 1 and 0 <= severe_from <= 1 and 0 <= quality_weight < 1):
        raise RecountError(f"shortage: index {index}, severe from {severe_from}, weight {quality_weight}: not all in [0, 1].")
    return min(1.0, (index - quality_weight * severe_from) / (1 - quality_weight))


def quantity_scenarios(value: Interval, weights: list[float]) -> pd.DataFrame:
    """The back-solve over a grid: one row a scenario and weight, with columns scenario, severe_from, quality_weight, low, high.

    Args:
        value: the printed composite with its rounding; weights: weights of the quality part.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "scenario": name, "severe_from": limit, "quality_weight": w,
                "low": largest_quantity_part(value.low, limit, w), "high": largest_quantity_part(value.high, limit, w),
            }
            for name, limit in SEVERE_FROM.items()
            for w in weights
        ]
    )  # fmt: skip


# --- published values ----------------------------------------------------------------------------------------------

TENTH_ROUNDED = 0.05
"""Half the unit of the published counts (ten thousand persons, one decimal)."""


def demand_ratios() -> pd.DataFrame:
    """Demand ratio (D04) of the most-short occupations by quarter, recomputed from the published counts of posts and seekers.

    Returns:
        One row a quarter: period, posts, seekers (ten thousand), ratio, low, high (from the rounding of both counts), published
        (nan where no ratio is printed), agrees (the printed ratio, rounded, fits the range), source_id.
    """
    frame = tables.load("shortage_figures")
    mine = frame[frame["definition_id"].eq("D04")].pivot(index="period", columns="measure", values="value")
    counted = mine[["recruitment demand", "job seekers"]].dropna()
    sources = frame[frame["measure"].eq("recruitment demand")].set_index("period")["source_id"]
    rows = []
    for period, (posts, seekers) in counted.iterrows():
        around = [Interval(one - TENTH_ROUNDED, one + TENTH_ROUNDED) for one in (posts, seekers)]
        spread, printed = intervals.ratio(*around), float(mine["demand ratio"].get(period, math.nan))
        rows.append({
            "period": period, "posts": posts, "seekers": seekers, "ratio": posts_over_seekers(posts, seekers),
            "low": spread.low, "high": spread.high, "published": printed,
            "agrees": None if math.isnan(printed) else spread.intersects(Interval(printed - 0.005, printed + 0.005)),
            "source_id": sources[period],
        })  # fmt: skip
    import pandas as pd

    return pd.DataFrame(rows)


SINGLE_ROLE, FIELD, BEYOND = "single role or technique", "AI field as a whole", "beyond AI"
OF_AI = {
    SINGLE_ROLE: ("F012", "F013", "F014", "F015", "F016", "F022", "F023", "F024", "F026"),
    FIELD: ("F017", "F027", "F028", "F099", "F102", "F106"),
    BEYOND: ("F018", "F019", "F020", "F021", "F115", "F116"),
}
"""Published index values by whom they count; the field stands for "large-model field", "AI industry", "AI technical talent"."""


def published_values() -> pd.DataFrame:
    """Published values of shortage measures for AI and, beside them, for wider groups.

    Returns:
        Rows of ``shortage_figures`` named in OF_AI, with columns ``counts`` (key of OF_AI), ``year``, ``known`` (by the day of
        the report) and ``usable`` (of a grade better than unusable), in order of definition and period.
    """
    frame = tables.load("shortage_figures")
    kinds = {id: kind for kind, ids in OF_AI.items() for id in ids}
    mine = frame[frame["figure_id"].isin(kinds)].copy()
    mine["counts"] = mine["figure_id"].map(kinds)
    mine["year"] = mine["period"].map(periods.year_of)
    mine["known"] = tables.known(mine)
    mine["usable"] = mine["grade"].ne("unusable")
    mine["starts"] = [periods.months(period)[0] for period in mine["period"]]
    return mine.sort_values(["definition_id", "starts", "value"], ignore_index=True).drop(columns="starts")


# --- rows of the picture -------------------------------------------------------------------------------------------

SHORT = {
    "D01": ("seekers ÷ posts", "Maimai"),
    "D02": ("posts ÷ seekers", "an article of 2016"),
    "D04": ("posts ÷ seekers", "public employment service"),
    "D10": ("composite of trends", "OECD"),
    "D03": ("platform activity", "Liepin"),
    "D17": ("posts ÷ applications", "Maimai, 2022"),
    "D09": ("index by industry", "Ningbo, 2016"),
    "D11": ("share of employers", "ManpowerGroup"),
    "D08": ("stars", "Ningbo, 2008"),
    "D07": ("the index under test", ""),
    "D06": ("survey index", "Pudong, 2012"),
    "D05": ("rank by gap", "employment service"),
    "D12": ("category", "EURES"),
    "D13": ("set of tests", "UK"),
    "D14": ("gap ÷ posts", "gap rate"),
    "D15": ("gap ÷ sum", "normalised imbalance"),
    "D16": ("weighted composite", "quantity and quality"),
}
"""Definitions in a few words and whose they are, in the order in which a picture shows them."""

SECTIONS = (
    "published, and says where balance lies",
    "published, without a point of balance",
    "candidates of this project, not published indices",
)


def lines(read: pd.DataFrame) -> pd.DataFrame:
    """Rows of the picture of number lines: the columns of :func:`readings` with section, label, note and says (words)."""
    frame = read.set_index("definition_id").loc[list(SHORT)].reset_index()
    frame["label"], frame["note"] = zip(*SHORT.values(), strict=True)
    placed = frame["neutral"].notna()
    part = (1 - placed.astype(int)).where(~frame["own"], 2)
    frame["section"] = [SECTIONS[one] for one in part]
    frame["says"] = [_says(row) for row in frame.itertuples()]
    return frame


def _says(row) -> str:
    if row.reading != row.balance_alone:
        return f"cannot be placed: {row.why}\nits point of balance alone would say {row.balance_alone}"
    if row.reading == "undecidable":
        return "cannot be placed" + (f"\n{row.why}" if row.neutral == row.neutral or row.high < math.inf else f": {row.why}")
    posts = (row.posts_low + row.posts_high) / 2
    return row.reading + (f"\n{row.why}" if math.isnan(posts) else f"\n{posts:.2f} posts for each seeker")


def marks(values: pd.DataFrame) -> pd.DataFrame:
    """Published values of AI for the number lines: usable and known by the day of the report, with the words of their group.

    Args:
        values: as :func:`published_values` makes them.
    """
    mine = values[values["usable"] & values["known"] & values["counts"].isin([SINGLE_ROLE, FIELD])].copy()
    years = mine.groupby(["definition_id", "counts"])["year"].transform(lambda all: _years(list(all)))
    mine["words"] = mine["counts"].map({SINGLE_ROLE: "roles, ", FIELD: "AI field, "}) + years
    return mine[["definition_id", "figure_id", "counts", "value", "words", "source_id"]]


def _years(spans: list[str]) -> str:
    years = sorted({year for span in spans for year in span.split("/")})
    return years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"


SHORTER = {
    "AI industry, mid/high-end talent (300,000 yuan a year and more)": "AI industry, mid and high pay",
    "large-model (LLM) field": "large-model field",
    "all mid/high-end talent": "all industries, mid and high pay",
}
"""Scopes in fewer words, for rows of a picture."""


def by_year(values: pd.DataFrame, definition: str = "D01") -> pd.DataFrame:
    """Published values of one definition as rows of a picture, in order of year: section, label, low, high, series, period.

    Args:
        values: as :func:`published_values` makes them; rows not known by the day of the report, and rows of a grade that is
            not usable, stand in sections of their own.
    """
    mine = values[values["definition_id"].eq(definition)].copy()
    apart = ~mine["known"] | ~mine["usable"]
    later = mine["known"].map({True: "altered or unattributed copies, never counted", False: "known only after the report"})
    mine["section"] = mine["year"].where(~apart, later)
    mine["label"], mine["series"] = mine["scope"].replace(SHORTER) + (", " + mine["year"]).where(apart, ""), mine["counts"]
    mine["low"] = mine["value"].where(mine["bound"].ne("le"), -math.inf)
    mine["high"] = mine["value"]
    mine["order"] = apart.astype(int) + (~mine["known"]).astype(int)
    mine = mine.sort_values(["order", "year", "value"], ignore_index=True)
    return mine[["section", "label", "period", "low", "high", "series", "figure_id", "source_id"]]
