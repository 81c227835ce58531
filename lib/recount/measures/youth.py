"""Shares of the young by age band: what a share of one band says about another, and the comparators of C08.

A share of people in one age band bounds the share in a wider band from below and in a narrower one from above; for
bands that only overlap it says nothing. That is all a comparator can say while the age limit of a claim is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recount import registry, tables
from recount.hedges import Interval
from recount.measures import intervals, regional

if TYPE_CHECKING:
    import pandas as pd

WHOLE = 100.0
ROUNDING = 1e-9


@dataclass(frozen=True)
class AgeBand:
    """Ages from ``low`` to ``high`` in years, both counted in; ``low`` None is no lower limit.

    Chinese 以下 counts its own number in (Civil Code, article 1259), so "under 35" in these sources is at most 35.
    """

    low: int | None
    high: int

    def __post_init__(self) -> None:
        if self.low is not None and self.low > self.high:
            raise tables.RecountError(f"age band: {self.low} is above {self.high}. Remedy: the lower age comes first.")

    def within(self, other: AgeBand) -> bool:
        """Does every age of this band lie in the other?"""
        return self.high <= other.high and (other.low is None or (self.low is not None and self.low >= other.low))

    def __str__(self) -> str:
        return f"≤ {self.high}" if self.low is None else f"{self.low}–{self.high}"


DEFINITIONS = {"le35": AgeBand(None, 35), "le40": AgeBand(None, 40), "20_40": AgeBand(20, 40), "25_35": AgeBand(25, 35)}
"""Candidate meanings of "young"; the accounts of the report give none."""


@dataclass(frozen=True)
class Comparator:
    """A published share: the figures it is summed from, whose age band, whose staff, and whether they work in AI."""

    figures: tuple[str, ...]
    band: AgeBand
    who: str
    who_zh: str
    ai: bool

    @property
    def id(self) -> str:
        """Figure ids joined by +."""
        return "+".join(self.figures)


COMPARATORS = (
    Comparator(("Y01",), AgeBand(None, 35), "job seekers for core AI roles, China", "全国AI核心职业求职者", True),
    Comparator(("Y02",), AgeBand(20, 40), "AI industry staff on a platform, China", "全国AI行业人才（平台）", True),
    Comparator(
        ("Y03", "Y04"), AgeBand(25, 35), "AI and big-data staff on a platform, China", "全国AI与大数据人才（平台）", True
    ),
    Comparator(("Y09",), AgeBand(None, 35), "biomedicine staff, Shanghai", "上海生物医药从业者", False),
    Comparator(("Y08",), AgeBand(None, 35), "biomedicine staff, Pudong", "浦东生物医药从业人员", False),
    Comparator(("Y07",), AgeBand(None, 40), "biomedicine staff, Pudong", "浦东生物医药从业人员", False),
)
"""AI populations first, then context from another industry: no proof of anything about AI staff."""


def share_of(figure_ids: tuple[str, ...]) -> Interval:
    """Sum of published shares of neighbouring age bands, in percent, as an interval."""
    parts = [regional.figure(one).interval for one in figure_ids]
    low, high = sum(part.low for part in parts), sum(part.high for part in parts)
    return Interval(low, high, any(part.low_open for part in parts), any(part.high_open for part in parts))


PRINTED = {"exact": "{:g}", "ge": "over {:g}", "le": "nearly {:g}", "approx": "about {:g}"}
"""Bound of a published figure → how its share is printed."""


def printed(figure_ids: tuple[str, ...]) -> str:
    """A comparator's share as printed: a range, a hedged number, or the sum of exact neighbouring shares."""
    rows = tables.load(regional.TABLE).set_index("figure_id").loc[list(figure_ids)]
    if len(rows) > 1:
        return PRINTED["exact"].format(rows["value"].sum())
    row = rows.iloc[0]
    if row["bound"] == "range":
        return f"{row['value']:g} to {row['value_high']:g}"
    return PRINTED[str(row["bound"])].format(row["value"])


def implied(share: Interval, band: AgeBand, definition: AgeBand) -> Interval | None:
    """What a share of one age band (percent) says about the share of another; None if it says nothing.

    The band inside the definition: at least the share. The definition inside the band: at most the share. Equal: the
    share. Bands that overlap without one holding the other: nothing.
    """
    if band == definition:
        return share
    if band.within(definition):
        return Interval(share.low, WHOLE, share.low_open)
    if definition.within(band):
        return Interval(0.0, share.high, False, share.high_open)
    return None


def comparators() -> pd.DataFrame:
    """The comparators, one row each.

    Columns: ``id, who, who_zh, band`` (AgeBand), ``share`` (Interval, percent), ``printed`` (as text), ``ai, period,
    known, known_by, grade, publisher, source_id``.
    """
    import pandas as pd

    rows = []
    for one in COMPARATORS:
        published = [regional.figure(id) for id in one.figures]
        first, known = published[0], all(part.known_by <= tables.CLAIM_DATE for part in published)
        rows.append(
            {"id": one.id, "who": one.who, "who_zh": one.who_zh, "band": one.band, "share": share_of(one.figures), "ai": one.ai,
             "printed": printed(one.figures), "period": first.period, "known": known, "known_by": first.known_by,
             "grade": first.grade, "publisher": first.publisher, "source_id": first.source_id}
        )  # fmt: skip
    return pd.DataFrame(rows)


def under_definitions() -> pd.DataFrame:
    """What each comparator says about each candidate definition, one row a pair.

    Columns: ``definition, band, id, who, of`` (the comparator's AgeBand), ``ai, says`` (Interval in percent, or None),
    ``source_id``.
    """
    import pandas as pd

    rows = [
        {"definition": name, "band": band, "id": one.id, "who": one.who, "of": one.band, "ai": one.ai,
         "says": implied(share_of(one.figures), one.band, band), "source_id": regional.figure(one.figures[0]).source_id}
        for name, band in DEFINITIONS.items() for one in COMPARATORS
    ]  # fmt: skip
    return pd.DataFrame(rows)


ENDS = ("low", "high", "low_open", "high_open")
PRINTED_IN_REPORT = {"C08a": "all AI talent (C08a)", "C08b": "base layer (C08b)"}


def band_rows() -> pd.DataFrame:
    """The printed shares and all comparators, as ``drawings.youth.bands_and_shares`` draws them.

    Columns: ``section, label, note, age_low, age_high, band`` (text), ``text`` (the share as printed), ``low, high, low_open,
    high_open`` (percent), ``colour, source_id``.
    """
    import pandas as pd

    rows = []
    for claim_id, label in PRINTED_IN_REPORT.items():
        claim = registry.claim(claim_id)
        rows.append(
            {"section": "Printed in the report", "label": label, "note": f"Pudong, {claim.period}", "age_low": None,
             "age_high": None, "band": "not stated", "text": claim.printed_en, "share": claim.reading.default,
             "colour": "Pudong", "source_id": claim.source_id}
        )  # fmt: skip
    for one in comparators().itertuples():
        who, place = one.who.rsplit(", ", 1)
        context = "Context: biomedicine" if one.known else "Context, known only later"
        rows.append(
            {"section": "AI populations elsewhere" if one.ai else context, "label": who, "text": one.printed,
             "note": f"{place}, {one.period} ({one.id})", "age_low": one.band.low, "age_high": one.band.high,
             "band": str(one.band), "share": one.share, "colour": "US" if one.ai else "neutral", "source_id": one.source_id}
        )  # fmt: skip
    return _ends(pd.DataFrame(rows), "share")


def definition_rows() -> pd.DataFrame:
    """What each comparator leaves possible under each candidate definition, as ``figures.interval_dots`` draws it.

    Comparators that say nothing are left out; those of another industry are shown for their own ages only.
    """
    frame = under_definitions()
    frame = frame[frame["says"].notna() & (frame["ai"] | (frame["of"] == frame["band"]))].reset_index(drop=True)
    rows = frame.assign(
        section=[f"if young means {band}" for band in frame["band"]],
        label=[who.rsplit(", ", 1)[0] for who in frame["who"]],
        note=[f"ages {of} ({id})" for of, id in zip(frame["of"], frame["id"], strict=True)],
        series=["US" if ai else "neutral" for ai in frame["ai"]],
    )
    return _ends(rows, "says")[["section", "label", "note", *ENDS, "series", "source_id"]]


def _ends(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The intervals of a column as columns of their own, in its place."""
    return frame.assign(**{end: [getattr(one, end) for one in frame[column]] for end in ENDS}).drop(columns=column)


def rest_percent(total: Interval, part: Interval, part_size_percent: float) -> Interval:
    """Share of the young outside a layer, in percent: (total − s · part) ÷ (1 − s), cut to 0–100.

    Args:
        total: share among all, percent; part: share within the layer, percent.
        part_size_percent: size of the layer in percent of all, below 100.

    Raises:
        RecountError: a size outside 0–100, or no share outside the layer is possible.
    """
    if not 0 <= part_size_percent < WHOLE:
        raise tables.RecountError(f"layer of {part_size_percent:g} percent: no rest is left. Remedy: a size below 100.")
    size = part_size_percent / WHOLE
    low = (total.low - size * part.high) / (1 - size)
    high = (total.high - size * part.low) / (1 - size)
    if low > WHOLE + ROUNDING or high < -ROUNDING:
        raise tables.RecountError(f"{total} of all and {part} of a layer of {part_size_percent:g} percent contradict.")
    low_open, high_open = total.low_open or part.high_open, total.high_open or part.low_open
    low, high = min(max(low, 0.0), WHOLE), max(min(high, WHOLE), 0.0)
    return Interval(low, high, low_open and 0 < low < high, high_open and low < high < WHOLE)


def heads(stock: Interval, share_percent: Interval) -> Interval:
    """People in a share of a stock, both hedged."""
    product = Interval(
        stock.low * share_percent.low, stock.high * share_percent.high,
        stock.low_open or share_percent.low_open, stock.high_open or share_percent.high_open,
    )  # fmt: skip
    return intervals.scaled(product, 1 / WHOLE)
