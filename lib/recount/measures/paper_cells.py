"""Papers by venue-year, area and every way to count them, as arrays: what :mod:`recount.measures.papers` sums.

Direct counts come from the tallies of located affiliations; estimates, with their hold-out errors, stand apart and are
added by whoever counts.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recount import tables

if TYPE_CHECKING:
    import pandas as pd

RULES = ("whole", "fractional", "first")
"""whole: a paper counts for every area among its affiliations; fractional: each located paper is worth one, split over
its authors (or listed institutions); first: the country of the first author (or first listed institution)."""

TRACKS: dict[str, tuple[str, ...]] = {
    "main": (),
    "datasets": ("datasets",),
    "findings": ("findings",),
    "all": ("datasets", "findings", "demo", "doctoral", "early_career", "industry", "journal", "sister", "special", "survey"),
}
"""Track choices → codes added to the main proceedings."""

MAIN = ("main", "main_late", "main_special", "unsplit")
"""Codes of the main proceedings; ``unsplit`` volumes (NeurIPS 2024, KDD, ACM MM, WWW) cannot be parted."""

COMPANIES = ("as_located", "deepmind_usa", "no_head_office")
"""Readings of company affiliations: DeepMind in GBR; DeepMind in USA; papers left out in which some company was located
by its head office."""

CHINA, BLOC, USA, EU = "CHN", "CHN+HKG+MAC", "USA", "EU"
YEARS = tuple(range(2019, 2026))


@dataclass(frozen=True, eq=False)
class Cells:
    """Papers by venue-year, area and every way to count them. Axes: C companies, T tracks, R rules, V venue-years, A areas.

    direct: papers with located affiliations, (C, T, R, V, A). known: papers whose country is known, (C, T, R, V).
    rows: papers in the table, (C, T, V). missing: papers on the venue's list that are in no row, (V).
    estimated: papers estimated, (V); of_area: how many of them fall to each area, (R, V, A). error: worst hold-out error
    of that number, in papers, (R, V, A). bias: points of the venue's papers by which lists of institutions may
    understate China's lead, (R, V).
    """

    venue: np.ndarray
    year: np.ndarray
    areas: tuple[str, ...]
    direct: np.ndarray
    known: np.ndarray
    rows: np.ndarray
    missing: np.ndarray
    estimated: np.ndarray
    of_area: np.ndarray
    error: np.ndarray
    bias: np.ndarray

    def basis(self) -> list[str]:
        """For each venue-year: direct, estimated, or both (direct rows completed by estimates)."""
        has = self.rows[0, 0] > 0
        return ["both" if d and e else "direct" if d else "estimated" for d, e in zip(has, self.estimated > 0, strict=True)]


@functools.cache
def cells() -> Cells:
    """:class:`Cells` of the tables of this project, venue-years 2019–2025.

    Rows that hold only sets of countries read from paper headers (coverage says the first country is none's) miss many
    American affiliations and are not used; their estimates are.
    """
    names = ("papers_sets", "papers_weights", "papers_coverage", "papers_estimated", "papers_holdout", "papers_list_bias")
    return build(*(tables.load(name) for name in names), tables.load("papers_countries"))


def build(
    sets: pd.DataFrame,
    weights: pd.DataFrame,
    coverage: pd.DataFrame,
    estimated: pd.DataFrame,
    holdout: pd.DataFrame,
    list_bias: pd.DataFrame,
    countries: pd.DataFrame,
) -> Cells:
    """:class:`Cells` of the tables of these names (columns as in ``datapackage.json``)."""
    first, last = YEARS[0], YEARS[-1]
    unusable = coverage["source_id"][coverage["first_country_is_of"] == "none"]
    sets = sets[sets["year"].between(first, last) & ~sets["source_id"].isin(unusable)].reset_index(drop=True)
    weights = weights[weights["year"].between(first, last) & ~weights["source_id"].isin(unusable)].reset_index(drop=True)
    estimated = estimated[estimated["year"].between(first, last)]
    keys = sorted({*_keys(sets), *_keys(estimated)})
    at = {key: i for i, key in enumerate(keys)}
    met = {
        *countries["country"],
        *weights["country"],
        *(c for text in sets["countries"].dropna().unique() for c in text.split(";")),
    }
    areas = (CHINA, BLOC, USA, EU, *sorted(met - {CHINA, USA}))
    member = _members(areas, countries)
    direct, known, rows = _count(sets, weights, at, areas, member)
    of_area, error, n_estimated = _estimates(estimated, holdout, coverage, at, areas, direct[0, 0], known[0, 0])
    return Cells(
        venue=np.array([key[0] for key in keys]),
        year=np.array([key[1] for key in keys]),
        areas=areas,
        direct=direct,
        known=known,
        rows=rows,
        missing=_missing(coverage, estimated, at, rows[0, TRACK_AT["all"]]),
        estimated=n_estimated,
        of_area=of_area,
        error=error,
        bias=_bias(list_bias, keys),
    )


TRACK_AT = {name: i for i, name in enumerate(TRACKS)}


def _keys(frame: pd.DataFrame) -> list[tuple[str, int]]:
    pairs = frame[["venue", "year"]].drop_duplicates()
    return [(str(v), int(y)) for v, y in zip(pairs["venue"], pairs["year"], strict=True)]


def _members(areas: Sequence[str], countries: pd.DataFrame) -> dict[int, dict[str, tuple[int, ...]]]:
    """Year → country → positions of the areas it belongs to; the EU has the members it had in that year.

    The table of countries decides who is in the EU; a code that is missing there is an area of its own.
    """
    found: dict[int, dict[str, tuple[int, ...]]] = {}
    for year in YEARS:
        in_eu = dict(zip(countries["country"], countries["eu28_until_2019" if year <= 2019 else "eu27"], strict=True))
        found[year] = {
            code: tuple(
                i
                for i, area in enumerate(areas)
                if area == code
                or (area == BLOC and code in (CHINA, "HKG", "MAC"))
                or (area == EU and bool(in_eu.get(code, False)))
            )
            for code in areas
            if code not in (BLOC, EU)
        }
    return found


def _count(
    sets: pd.DataFrame,
    weights: pd.DataFrame,
    at: Mapping[tuple[str, int], int],
    areas: Sequence[str],
    member: Mapping[int, Mapping[str, tuple[int, ...]]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """direct (C, T, R, V, A), known (C, T, R, V) and rows (C, T, V) from the two tallies.

    Papers are first summed by code of track and by the two company marks (located by head office, DeepMind), once with
    DeepMind in GBR and once in USA; track and company choices then only add such sums.
    """
    codes = sorted({*MAIN, *TRACKS["all"]})
    groups = (2, 2, len(codes), len(at))
    direct, known = np.zeros((2, len(RULES), *groups, len(areas))), np.zeros((2, len(RULES), *groups))
    rows = np.zeros(groups)
    in_set, in_first, in_weights = _group(sets, at, codes), sets["first_country"].fillna(""), _group(weights, at, codes)
    papers, weight = sets["papers"].to_numpy(dtype=float), weights["weight"].to_numpy(dtype=float)
    np.add.at(rows, in_set, papers)
    deep, split_deep = sets["deepmind"].tolist(), weights["deepmind"].tolist()
    years, split_years = sets["year"].tolist(), weights["year"].tolist()
    for to_usa in (0, 1):
        home = {"GBR": USA} if to_usa else {}
        whole = [
            _areas_of(f"{text};{USA}" if to_usa and mark else text, member[year])
            for text, mark, year in zip(sets["countries"].fillna("").tolist(), deep, years, strict=True)
        ]
        first = [
            _areas_of(home.get(code, code) if mark else code, member[year])
            for code, mark, year in zip(in_first.tolist(), deep, years, strict=True)
        ]
        split = [
            _areas_of(home.get(code, code) if mark else code, member[year])
            for code, mark, year in zip(weights["country"].tolist(), split_deep, split_years, strict=True)
        ]
        for rule, lists, group, amount in (
            (0, whole, in_set, papers), (1, split, in_weights, weight), (2, first, in_set, papers)
        ):  # fmt: skip
            size = np.array([len(one) for one in lists])
            spread = tuple(np.repeat(part, size) for part in group)
            np.add.at(direct[to_usa, rule], (*spread, np.array([i for one in lists for i in one])), np.repeat(amount, size))
            np.add.at(known[to_usa, rule], tuple(part[size > 0] for part in group), amount[size > 0])
    tracks = np.array([[code in MAIN or code in extra for code in codes] for extra in TRACKS.values()], dtype=float)
    by_track = np.einsum("tk,urmdkva->utrmdva", tracks, direct, optimize=True)
    known_by_track = np.einsum("tk,urmdkv->utrmdv", tracks, known, optimize=True)
    rows_by_track = np.einsum("tk,mdkv->tmdv", tracks, rows)
    summed = by_track.sum(axis=(3, 4)), known_by_track.sum(axis=(3, 4)), rows_by_track.sum(axis=(1, 2))
    no_head_office = by_track[0, :, :, 0].sum(axis=2), known_by_track[0, :, :, 0].sum(axis=2), rows_by_track[:, 0].sum(axis=1)
    return (
        np.stack([*summed[0], no_head_office[0]]),
        np.stack([*summed[1], no_head_office[1]]),
        np.stack([summed[2], summed[2], no_head_office[2]]),
    )


def _group(frame: pd.DataFrame, at: Mapping[tuple[str, int], int], codes: Sequence[str]) -> tuple[np.ndarray, ...]:
    """Place of every row: marks multinational and deepmind, code of the track, venue-year."""
    venue_year = np.array([at[key] for key in zip(frame["venue"].tolist(), frame["year"].tolist(), strict=True)], dtype=int)
    track = np.array([codes.index(code) for code in frame["track"].tolist()], dtype=int)
    return frame["multinational"].to_numpy(dtype=int), frame["deepmind"].to_numpy(dtype=int), track, venue_year


def _areas_of(text: str, belongs: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    """Positions of all areas that a set of countries meets."""
    return tuple({i for code in text.split(";") if code for i in belongs[code]})


def _missing(
    coverage: pd.DataFrame, estimated: pd.DataFrame, at: Mapping[tuple[str, int], int], rows: np.ndarray
) -> np.ndarray:
    """Papers on a venue's own list of accepted papers that stand in no row, (V); the estimates' list goes first."""
    listed = np.zeros(len(at))
    for frame in (coverage[coverage["papers_listed"].notna()], estimated):
        for venue, year, n in zip(frame["venue"], frame["year"], frame["papers_listed"], strict=True):
            if (venue, year) in at:
                listed[at[venue, year]] = n
    return np.maximum(listed - rows, 0)


def _estimates(
    estimated: pd.DataFrame,
    holdout: pd.DataFrame,
    coverage: pd.DataFrame,
    at: Mapping[tuple[str, int], int],
    areas: Sequence[str],
    direct: np.ndarray,
    known: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """of_area and error (R, V, A) in papers, estimated papers (V).

    China, its bloc and the United States have estimates of their own with hold-out errors. Every other area takes its
    mean share in the field's venue-years with direct rows, and the widest distance from that mean as its error.
    """
    of_area = np.zeros((len(RULES), len(at), len(areas)))
    error, n = np.zeros_like(of_area), np.zeros(len(at))
    worst = worst_errors(holdout)
    field = dict(zip(coverage["venue"], coverage["field"], strict=True))
    in_field = {name: [i for (venue, _), i in at.items() if field.get(venue) == name] for name in set(field.values())}
    for row in estimated.drop_duplicates(["venue", "year"]).to_dict("records"):
        v, papers = at[row["venue"], int(row["year"])], float(row["papers_estimated"])
        n[v] = papers
        for r in range(len(RULES)):
            peers = [i for i in in_field[row["field"]] if known[r, i] > 0]
            share = direct[r, peers] / known[r, peers][:, None]
            of_area[r, v] = papers * share.mean(axis=0)
            error[r, v] = papers * np.abs(share - share.mean(axis=0)).max(axis=0)
    for row in estimated.to_dict("records"):
        r, v, a = RULES.index(row["rule"]), at[row["venue"], int(row["year"])], areas.index(row["area"])
        of_area[r, v, a] = row["papers"]
        error[r, v, a] = n[v] * worst[row["field"], row["rule"], row["area"]] / 100
    return of_area, error, n


def worst_errors(holdout: pd.DataFrame, since: int = YEARS[0]) -> dict[tuple[str, str, str], float]:
    """Worst hold-out error in points of the venue's papers: (field, rule, area) → points, venue-years from ``since``."""
    late = holdout[holdout["year"] >= since]
    points = (late["papers_predicted"] - late["papers_actual"]).abs() / late["papers"].astype(float) * 100
    grouped = points.groupby([late["field"], late["rule"], late["area"]]).max()
    return {(str(f), str(r), str(a)): float(x) for (f, r, a), x in grouped.items()}


def _bias(list_bias: pd.DataFrame, keys: Sequence[tuple[str, int]]) -> np.ndarray:
    bias = np.zeros((len(RULES), len(keys)))
    for row in list_bias.to_dict("records"):
        for v, (venue, year) in enumerate(keys):
            if venue == row["venue"] and row["year_from"] <= year <= row["year_to"]:
                bias[RULES.index(row["rule"]), v] = row["bias_high_pp"]
    return bias
