"""Who has most papers at the top AI conferences: counts, estimates, and the adverse case (claim C02a).

The grain is one venue in one year (:mod:`recount.measures.paper_cells`). :func:`leads` sums a basket of venues and sets
beside China's lead the range it can take when everything unknown falls on one side:

- every estimated venue-year is wrong by the worst hold-out error of its field, for both areas at once;
- every paper without a located country (first author: without a known first country) goes to one side;
- where the source lists institutions instead of authors, the known bias is given back to China, and to China only.

A year has a leader only when the whole range lies on one side of zero.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from recount import tables
from recount.hedges import Interval
from recount.measures.paper_cells import BLOC, CHINA, COMPANIES, EU, RULES, TRACK_AT, USA, YEARS, Cells, cells
from recount.tables import UnknownIdError

if TYPE_CHECKING:
    import pandas as pd

    from recount.multiverse import Study

WINDOWS = {"2020_2024": (2020, 2024), "2019_2023": (2019, 2023), "2021_2025": (2021, 2025)}
FIELDS = {
    "general": ("AAAI", "IJCAI"),
    "learning": ("NeurIPS", "ICML", "ICLR"),
    "vision": ("CVPR", "ICCV", "ECCV"),
    "language": ("ACL", "EMNLP", "NAACL"),
}
"""Top conferences of each field: the venues that some list of :func:`baskets` ranks highest. WACV, COLM, COLING and EACL
count for the hold-out errors of their field only."""
JOURNALS = ("TPAMI", "IJCV")
"""The two journals for which estimates exist."""


# --- baskets ---------------------------------------------------------------------------------------------------------


@functools.cache
def baskets() -> dict[str, tuple[str, ...]]:
    """Venue lists by name: the registered lists, restricted to venues with papers here, and each field alone."""
    lists = tables.load("papers_venue_lists")
    here = {*cells().venue.tolist()}

    def ranked(name: str, as_of: str, ranks: Iterable[str], category: str = "") -> tuple[str, ...]:
        rows = lists[(lists["list"] == name) & lists["rank"].isin([*ranks])]
        rows = rows[(rows["as_of"] == as_of) if as_of else rows["as_of"].isna()]
        if category:
            rows = rows[rows["category"] == category]
        return tuple(venue for venue in sorted(rows["venue"]) if venue in here)

    ai, then, later = "artificial intelligence", "2023-06-01", "2026-08-21"
    in_force = ranked("ccf", then, ["A"], ai)
    return {
        "ccf_a": in_force,
        "ccf_a_other_categories": ranked("ccf", then, ["A"]),
        "ccf_a_and_journals": (*in_force, *JOURNALS),
        "csrankings_ai": ranked("csrankings_ai", "2024-10-23", ["member"]),
        **FIELDS,
        "ccf_a_2026": ranked("ccf", later, ["A"], ai),
        "core_a_star": ranked("core", later, ["A*"]),
        "th_cpl_a": ranked("th_cpl", later, ["A"]),
    }


def basket(name: str) -> tuple[str, ...]:
    """Venues of a list of :func:`baskets`.

    Raises:
        UnknownIdError: no such list.
    """
    try:
        return baskets()[name]
    except KeyError:
        raise UnknownIdError(f"papers: no venue list named {name!r}. Remedy: use one of {', '.join(baskets())}.") from None


# --- leads -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """One way to count. ``venues`` are names of venues; the rest are the choices of the study's axes."""

    venues: tuple[str, ...]
    rule: str = "whole"
    china: str = CHINA
    bloc: bool = False
    tracks: str = "main"
    companies: str = "as_located"
    completed: bool = True
    window: str = "2020_2024"


@dataclass(frozen=True, eq=False)
class Leads:
    """Lead of China over its strongest rival by year, in papers, with the adverse range; arrays over ``years``.

    point: at face value; low, high: the adverse case against and for China. china, usa: papers. leader: CHN, another
    area's code, or open. papers: papers of the basket, of which direct were counted from affiliations, estimated were
    estimated, and unknown are covered by neither.
    """

    years: tuple[int, ...]
    point: np.ndarray
    low: np.ndarray
    high: np.ndarray
    china: np.ndarray
    usa: np.ndarray
    rival: tuple[str, ...]
    leader: tuple[str, ...]
    papers: np.ndarray
    direct: np.ndarray
    estimated: np.ndarray
    unknown: np.ndarray

    def year(self, year: int) -> dict[str, Any]:
        """All fields of one year."""
        i = self.years.index(year)
        names = ("point", "low", "high", "china", "usa", "rival", "leader", "papers", "direct", "estimated", "unknown")
        return {name: getattr(self, name)[i] for name in names}

    def frame(self) -> pd.DataFrame:
        """One row a year, columns as the fields."""
        import pandas as pd

        return pd.DataFrame([{"year": year, **self.year(year)} for year in self.years])


@functools.lru_cache(maxsize=512)
def _venue_years(
    data: Cells, rule: str, tracks: str, companies: str, completed: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """value (V, A), error (V, A), unknown (V), give (V), papers (V) under one rule, track choice and basis.

    ``give`` is the papers that the bias of institution lists may hand back to China.
    """
    r, t, c = RULES.index(rule), TRACK_AT[tracks], COMPANIES.index(companies)
    value, known, rows = data.direct[c, t, r], data.known[c, t, r], data.rows[c, t]
    estimated = np.where(completed, data.estimated, 0.0)
    error = np.zeros_like(value)
    if completed:
        value, error = value + data.of_area[r], data.error[r]
    there = (rows > 0) | (estimated > 0)
    unknown = np.where(there, np.maximum(rows - known + data.missing - estimated, 0.0), 0.0)
    papers = known + estimated + unknown
    return value, error, unknown, data.bias[r] / 100 * papers, papers


@dataclass(frozen=True, eq=False)
class _Sums:
    """A basket by year: areas' papers and errors, (Y, A); unknown, given back, all and estimated papers, (Y)."""

    years: tuple[int, ...]
    value: np.ndarray
    error: np.ndarray
    unknown: np.ndarray
    give: np.ndarray
    papers: np.ndarray
    estimated: np.ndarray


@functools.lru_cache(maxsize=4096)
def _sums(data: Cells, venues: tuple[str, ...], rule: str, tracks: str, companies: str, completed: bool) -> _Sums:
    value, error, unknown, give, papers = _venue_years(data, rule, tracks, companies, completed)
    keep = np.isin(data.venue, venues) & (papers > 0)
    years = tuple(y for y in YEARS if bool((keep & (data.year == y)).any()))
    pick = np.array([keep & (data.year == y) for y in years], dtype=float).reshape(len(years), len(keep))
    estimated = data.estimated if completed else np.zeros_like(data.estimated)
    return _Sums(years, *(pick @ part for part in (value, error, unknown, give, papers, estimated)))


@functools.lru_cache(maxsize=4096)
def _range(data: Cells, count: Count) -> tuple[_Sums, np.ndarray, np.ndarray, np.ndarray]:
    """Sums of a basket, and China's lead over its strongest rival by year: point, low, high, each (Y)."""
    sums = _sums(data, count.venues, count.rule, count.tracks, count.companies, count.completed)
    own, others = data.areas.index(count.china), rivals(data.areas, count.china, count.bloc)
    lead = sums.value[:, [own]] - sums.value[:, others]
    width = sums.error[:, [own]] + sums.error[:, others] + sums.unknown[:, None]
    return sums, lead.min(axis=1), (lead - width).min(axis=1), (lead + width + sums.give[:, None]).min(axis=1)


def venue_leads(count: Count, data: Cells | None = None) -> dict[str, np.ndarray]:
    """China against the United States in every venue-year of the basket, one entry a venue-year in each array.

    Keys: venue, year, china, usa, point, low, high, papers, estimated (papers). The ranges of venue-years add up, because
    the adverse case lets every error strike at once.
    """
    data = data or cells()
    value, error, unknown, give, papers = _venue_years(data, count.rule, count.tracks, count.companies, count.completed)
    a, b = data.areas.index(count.china), data.areas.index(USA)
    keep = np.isin(data.venue, count.venues) & (papers > 0)
    point, doubt = value[:, a] - value[:, b], error[:, a] + error[:, b] + unknown
    columns = {
        "venue": data.venue,
        "year": data.year,
        "china": value[:, a],
        "usa": value[:, b],
        "point": point,
        "low": point - doubt,
        "high": point + doubt + give,
        "papers": papers,
        "estimated": data.estimated if count.completed else np.zeros(len(papers)),
    }
    return {name: column[keep] for name, column in columns.items()}


def venue_table(count: Count, data: Cells | None = None) -> pd.DataFrame:
    """:func:`venue_leads` as a frame, with ``leader`` (CHN, USA, open), ``basis`` (direct, estimated, both) and ``lead_pct``,
    China's lead in percent of the venue's papers.

    The leader is that of the two; no third area leads any basket of the study (tested).
    """
    import pandas as pd

    frame = pd.DataFrame(venue_leads(count, data))
    frame["leader"] = np.select([frame["low"] > 0, frame["high"] < 0], [CHINA, USA], "open")
    whole = frame["estimated"] >= frame["papers"]
    frame["basis"] = np.select([frame["estimated"] == 0, whole], ["direct", "estimated"], "both")
    frame["lead_pct"] = 100 * frame["point"] / frame["papers"]
    return frame


@functools.lru_cache(maxsize=32)
def rivals(areas: tuple[str, ...], china: str, bloc: bool) -> list[int]:
    """Positions of the areas China is measured against: every other country, and the EU too when ``bloc``."""
    own = {CHINA, "HKG", "MAC"} if china == BLOC else {CHINA}
    return [i for i, area in enumerate(areas) if area not in own and area != BLOC and (bloc or area != EU)]


def leads(count: Count, data: Cells | None = None) -> Leads:
    """:class:`Leads` of a basket under one way to count, for every year in which it has papers."""
    data = data or cells()
    sums, point, low, high = _range(data, replace(count, window="2020_2024"))
    others = rivals(data.areas, count.china, count.bloc)
    strongest = [others[i] for i in sums.value[:, others].argmax(axis=1)] if sums.years else []
    leader = [
        CHINA if low[i] > 0 else data.areas[top] if high[i] < 0 and _beats_others(sums, i, top, others) else "open"
        for i, top in enumerate(strongest)
    ]
    return Leads(
        years=sums.years, point=point, low=low, high=high, china=sums.value[:, data.areas.index(count.china)],
        usa=sums.value[:, data.areas.index(USA)], rival=tuple(data.areas[top] for top in strongest), leader=tuple(leader),
        papers=sums.papers, direct=sums.papers - sums.unknown - sums.estimated, estimated=sums.estimated, unknown=sums.unknown,
    )  # fmt: skip


def _beats_others(sums: _Sums, year: int, top: int, others: Sequence[int]) -> bool:
    """Does the strongest rival lead every other rival in the adverse case too?"""
    rest = [i for i in others if i != top]
    lead = sums.value[year, top] - sums.value[year, rest]
    return bool((lead - sums.error[year, top] - sums.error[year, rest] - sums.unknown[year] > 0).all())


def run(
    years: Sequence[int], point: np.ndarray, low: np.ndarray, high: np.ndarray, window: str
) -> tuple[Interval, Interval] | None:
    """Years of the window that China leads: surely to possibly, and at face value; None if a year has no papers.

    ``point``, ``low``, ``high`` are leads by year, as in :class:`Leads`.
    """
    first, last = WINDOWS[window]
    if any(year not in years for year in range(first, last + 1)):
        return None
    inside = [first <= year <= last for year in years]
    sure, possible, face = (float((values > 0)[inside].sum()) for values in (low, high, point))
    return Interval(sure, possible), Interval.point(face)


def area_count(venues: Sequence[str], year: int, area: str, rule: str = "whole", data: Cells | None = None) -> dict[str, Any]:
    """Papers of one area at some venues in one year, main proceedings: ``papers``, ``percent`` of those with a known country,
    and ``estimated_pct``, how much of the basket is estimated. All NaN when the venues have no papers that year.
    """
    data = data or cells()
    value, _, unknown, _, papers = _venue_years(data, rule, "main", "as_located", True)
    keep = np.isin(data.venue, venues) & (data.year == year) & (papers > 0)
    total, located = papers[keep].sum(), (papers - unknown)[keep].sum()
    if not total:
        return {"papers": np.nan, "percent": np.nan, "estimated_pct": np.nan}
    found = value[keep, data.areas.index(area)].sum()
    return {"papers": found, "percent": 100 * found / located, "estimated_pct": 100 * data.estimated[keep].sum() / total}


def beside_published(rows: pd.DataFrame, data: Cells | None = None) -> pd.DataFrame:
    """Published counts (table ``papers_published_counts``) with this project's count of the same venue-year and area beside.

    Adds ``ours`` in the row's unit and ``estimated_pct``. A rule that is not stated is compared with whole counting. Rows
    that count submissions get no count of ours, because the tables hold accepted papers only; nor do areas without an
    estimate of their own where a venue-year is estimated.
    """
    rows = rows.copy()
    ours, estimated = [], []
    for row in rows.to_dict("records"):
        rule = {"fractional": "fractional"}.get(row["rule"], "first" if row["rule"].startswith("first") else "whole")
        found = area_count(str(row["venue"]).split("+"), int(row["year"]), row["country"], rule, data)
        has_estimate = row["country"] in (CHINA, BLOC, USA) or not found["estimated_pct"]
        comparable = row["counts"] == "accepted papers" and has_estimate
        ours.append(found[row["unit"]] if comparable else np.nan)
        estimated.append(found["estimated_pct"] if comparable else np.nan)
    rows["ours"], rows["estimated_pct"] = ours, estimated
    return rows


# --- lists that would make the claim hold -----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class EveryList:
    """Every list that can be made of some venues, each at least one venue.

    member: (L, U) does list l hold unit u; point, low: China's lead over the United States by year, (L, Y); papers: (L, Y).
    """

    units: tuple[str, ...]
    years: tuple[int, ...]
    member: np.ndarray
    point: np.ndarray
    low: np.ndarray
    papers: np.ndarray

    def holds(self, sure: bool = True) -> np.ndarray:
        """Lists under which China leads in every year: in the adverse case too (sure), or at face value; (L) booleans.

        A list without papers in some year does not count.
        """
        return ((self.low if sure else self.point) > 0).all(axis=1) & (self.papers > 0).all(axis=1)

    def by_unit(self) -> pd.DataFrame:
        """One row a venue: its papers, and how many of the lists that hold (surely, at face value) contain it."""
        import pandas as pd

        sure, face = self.holds(), self.holds(sure=False)
        alone = [int(np.flatnonzero((self.member.sum(axis=1) == 1) & self.member[:, u])[0]) for u in range(len(self.units))]
        return pd.DataFrame(
            {
                "venue": self.units,
                "papers": self.papers[alone].sum(axis=1),
                "lead": self.point[alone].sum(axis=1),
                "years_led": (self.low[alone] > 0).sum(axis=1),
                "in_sure": self.member[sure].sum(axis=0),
                "in_face": self.member[face].sum(axis=0),
            }
        )

    def largest(self, sure: bool = True) -> tuple[str, ...]:
        """Venues of the list with most papers among those that hold; empty if none does."""
        holding = np.flatnonzero(self.holds(sure))
        if not len(holding):
            return ()
        best = holding[self.papers[holding].sum(axis=1).argmax()]
        return tuple(unit for unit, there in zip(self.units, self.member[best], strict=True) if there)


def every_list(units: Sequence[str], years: Sequence[int], count: Count | None = None, data: Cells | None = None) -> EveryList:
    """:class:`EveryList` of the venues in ``units`` (2 to the power of their number, less the empty one).

    Leads and adverse ranges of venue-years add up, so a list is the sum of its venues. ``count`` gives the other choices.
    """
    found = venue_leads(replace(count or Count(()), venues=tuple(units)), data)
    shape = (len(units), len(years))
    sums = {name: np.zeros(shape) for name in ("point", "low", "papers")}
    for i, (venue, year) in enumerate(zip(found["venue"], found["year"], strict=True)):
        if year in years:
            for name, values in sums.items():
                values[units.index(venue), list(years).index(year)] += found[name][i]
    bits = np.arange(1, 2 ** len(units))[:, None] >> np.arange(len(units)) & 1
    member = bits.astype(bool)
    return EveryList(tuple(units), tuple(years), member, *(bits @ sums[name] for name in ("point", "low", "papers")))


# --- the study -------------------------------------------------------------------------------------------------------

QUESTIONS = ("years_led", "at_face_value", *(str(year) for year in range(2020, 2025)))
"""years_led: surely to possibly (judged); at_face_value: years led without the adverse case; a year: China's lead over its
strongest rival in papers, with the adverse range."""


@functools.lru_cache(maxsize=4)
def _answer(count: Count) -> tuple[dict[str, Interval | None], bytes]:
    """Answers to QUESTIONS, and a fingerprint that equal answers share."""
    sums, point, low, high = _range(cells(), replace(count, window="2020_2024"))
    led = run(sums.years, point, low, high, count.window)
    answers: dict[str, Interval | None] = {"years_led": led and led[0], "at_face_value": led and led[1]}
    for question in QUESTIONS[2:]:
        at = sums.years.index(int(question)) if int(question) in sums.years else None
        answers[question] = None if at is None else Interval(low[at], high[at])
    ends = [(one.low, one.high) if one else (np.nan, np.nan) for one in answers.values()]
    return answers, np.array(ends).tobytes()


def top_venue_study() -> Study:
    """The multiverse of claim C02a. Start: the headline basket; a step changes one field of :class:`Count`.

    Specifications with the same answers to every question count once.
    """
    from recount.multiverse import axis
    from recount.multiverse import study as declare

    def set_to(**changes: Any) -> Any:
        return lambda count: replace(count, **changes)

    def on(name: str) -> Any:
        return lambda count: replace(count, venues=basket(name))

    venues = {
        "ccf_a": (None, "CCF-A conferences, AI category", "CCF人工智能类A类会议"),
        "ccf_a_other_categories": (on("ccf_a_other_categories"), "CCF-A conferences, all categories", "CCF各类别A类会议"),
        "ccf_a_and_journals": (on("ccf_a_and_journals"), "CCF-A, AI, and two journals", "CCF-A会议加两种期刊"),
        "csrankings_ai": (on("csrankings_ai"), "CSRankings AI conferences", "CSRankings人工智能领域会议"),
        "general": (on("general"), "AAAI and IJCAI alone", "仅AAAI和IJCAI"),
        "learning": (on("learning"), "NeurIPS, ICML and ICLR alone", "仅NeurIPS、ICML和ICLR"),
        "vision": (on("vision"), "CVPR, ICCV and ECCV alone", "仅CVPR、ICCV和ECCV"),
        "language": (on("language"), "ACL, EMNLP and NAACL alone", "仅ACL、EMNLP和NAACL"),
    }  # fmt: skip
    axes = (
        axis("counting", "whole", "how a paper with several countries counts", {
            "whole": (None, "every country of a paper counts one", "署名单位所在国各计一篇"),
            "fractional": (set_to(rule="fractional"), "a paper is shared out over authors", "按作者分摊计数"),
            "first": (set_to(rule="first"), "first author's country only", "只计第一作者所在国"),
        }, "多国合作论文如何计数"),
        axis("deepmind", "gbr", "where DeepMind is", {
            "gbr": (None, "DeepMind in the United Kingdom", "DeepMind计入英国"),
            "usa": (set_to(companies="deepmind_usa"), "DeepMind in the United States", "DeepMind计入美国"),
        }, "DeepMind计入哪国"),
        axis("tracks", "main", "which tracks count", {
            "main": (None, "main proceedings", "仅主会论文"),
            "with_datasets": (set_to(tracks="datasets"), "with the datasets tracks", "加数据集专场"),
            "with_findings": (set_to(tracks="findings"), "with Findings papers", "加Findings论文"),
            "every_row": (set_to(tracks="all"), "every row of the proceedings", "论文集全部条目"),
        }, "哪些专场计入"),
        axis("evidence", "direct_and_estimates", "what stands in for missing affiliations", {
            "direct_and_estimates": (None, "direct rows and estimates", "直接数据，缺失部分用估计补足"),
            "direct_only": (set_to(completed=False), "direct rows only, no estimates", "仅直接数据，不用估计"),
        }, "缺失署名如何处理"),
        axis("china", "mainland", "what China is", {
            "mainland": (None, "mainland China", "中国内地"),
            "with_hong_kong_macau": (set_to(china=BLOC), "China with Hong Kong and Macau", "中国（含港澳）"),
        }, "中国的范围"),
        axis("eu", "countries", "whom China is measured against", {
            "countries": (None, "every country alone", "各国单独比较"),
            "one_bloc": (set_to(bloc=True), "the EU also as one bloc", "欧盟也作整体比较"),
        }, "与谁比较"),
        axis("venues", "ccf_a", "which venues are the top ones", venues, "哪些会议算顶级"),
        axis("years", "2020_2024", "which five years", {
            "2020_2024": (None, "2020 to 2024", "2020—2024年"),
            "2019_2023": (set_to(window="2019_2023"), "2019 to 2023", "2019—2023年"),
        }, "哪五年"),
        axis("later", "nothing", "what was recorded or completed only after the report", {
            "nothing": (None, "only what was public on the day of the report", "仅用报告发布日前已公开者"),
            "ccf_a_2026": (on("ccf_a_2026"), "CCF-A AI conferences of the list of 2026", "CCF 2026年目录人工智能A类会议"),
            "core_a_star": (on("core_a_star"), "CORE A* conferences as recorded in 2026", "CORE A*会议（2026年记录）"),
            "th_cpl_a": (on("th_cpl_a"), "TH-CPL A conferences as recorded in 2026", "清华TH-CPL A类会议（2026年记录）"),
            "2021_2025": (set_to(window="2021_2025"), "2021 to 2025", "2021—2025年"),
        }, "报告之后才有的资料", role="bound"),
        axis("head_office", "as_located", "companies named without a place", {
            "as_located": (None, "located by head office", "未注明地点的企业按总部计"),
            "left_out": (set_to(companies="no_head_office"), "papers of such companies left out", "剔除此类企业论文"),
        }, "未注明地点的企业", role="bound"),
    )  # fmt: skip
    others = [name for name in venues if name != "ccf_a"]
    return declare(
        "C02",
        Count(basket("ccf_a")),
        axes,
        lambda count: _answer(count)[0],
        unit="years",
        population="accepted papers at top AI conferences (journals are not covered)",
        questions=QUESTIONS,
        exclude=(
            {"later": ["ccf_a_2026", "core_a_star", "th_cpl_a"], "venues": others},
            {"later": "2021_2025", "years": "2019_2023"},
            {"head_office": "left_out", "deepmind": "usa"},
            {"head_office": "left_out", "later": ["ccf_a_2026", "core_a_star", "th_cpl_a", "2021_2025"]},
        ),
        fingerprint=lambda count: _answer(count)[1],
    )
