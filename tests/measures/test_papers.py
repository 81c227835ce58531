"""Papers at top conferences: counting rules, the adverse case, lists that would hold, and the study of C02."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount import registry, tables
from recount.hedges import Interval
from recount.measures import paper_cells, papers
from recount.measures.papers import BLOC, Count

SETS = [
    "source_id",
    "venue",
    "year",
    "track",
    "author_aligned",
    "multinational",
    "deepmind",
    "countries",
    "first_country",
    "papers",
]
WEIGHTS = ["source_id", "venue", "year", "track", "author_aligned", "multinational", "deepmind", "country", "weight"]


def made_up(**changes: pd.DataFrame) -> paper_cells.Cells:
    """Venue A (2020, direct, list of 12 papers of which 10 are rows), B (2020, estimated), C (country sets only)."""
    sets = [
        ("s1", "A", 2020, "main", True, False, False, "CHN", "CHN", 4),
        ("s1", "A", 2020, "main", True, False, False, "CHN;HKG", "HKG", 1),
        ("s1", "A", 2020, "main", True, True, False, "CHN;USA", "USA", 2),
        ("s1", "A", 2020, "main", True, False, True, "DEU;GBR", "GBR", 1),
        ("s1", "A", 2020, "findings", True, False, False, "USA", "USA", 1),
        ("s1", "A", 2020, "main", True, False, False, None, None, 1),
        ("s2", "C", 2020, "main", False, False, False, "USA", None, 50),
    ]
    weights = [
        ("s1", "A", 2020, "main", True, False, False, "CHN", 4.5),
        ("s1", "A", 2020, "main", True, False, False, "HKG", 0.5),
        ("s1", "A", 2020, "main", True, True, False, "CHN", 1.25),
        ("s1", "A", 2020, "main", True, True, False, "USA", 0.75),
        ("s1", "A", 2020, "main", True, False, True, "GBR", 0.25),
        ("s1", "A", 2020, "main", True, False, True, "DEU", 0.75),
        ("s1", "A", 2020, "findings", True, False, False, "USA", 1.0),
    ]
    coverage = pd.DataFrame(
        {
            "source_id": ["s1", "s2"],
            "venue": ["A", "C"],
            "year": [2020, 2020],
            "field": ["general", "general"],
            "papers_listed": [12, pd.NA],
            "first_country_is_of": ["first author", "none"],
        }
    )
    estimated = pd.DataFrame(
        [
            ("B", 2020, "general", 100, 100, rule, area, n)
            for rule in papers.RULES
            for area, n in (("CHN", 30.0), (BLOC, 33.0), ("USA", 40.0))
        ],
        columns=["venue", "year", "field", "papers_listed", "papers_estimated", "rule", "area", "papers"],
    )
    holdout = pd.DataFrame(
        [("A", year, "general", 200, rule, area, 50.0, 50.0 + off)
         for rule in papers.RULES for area in ("CHN", BLOC, "USA") for year, off in ((2018, 40.0), (2020, -4.0), (2021, 2.0))],
        columns=["venue", "year", "field", "papers", "rule", "area", "papers_actual", "papers_predicted"],
    )  # fmt: skip
    bias = pd.DataFrame({"venue": ["A"], "rule": ["first"], "year_from": [2019], "year_to": [2020], "bias_high_pp": [10.0]})
    countries = pd.DataFrame(
        {
            "country": ["CHN", "USA", "GBR", "DEU", "HKG"],
            "eu27": [False, False, False, True, False],
            "eu28_until_2019": [False, False, True, True, False],
        }
    )
    given_tables = {
        "sets": pd.DataFrame(sets, columns=SETS),
        "weights": pd.DataFrame(weights, columns=WEIGHTS),
        "coverage": coverage,
        "estimated": estimated,
        "holdout": holdout,
        "list_bias": bias,
        "countries": countries,
    }
    return paper_cells.build(**(given_tables | changes))


def lead(count: Count, data: paper_cells.Cells | None = None) -> dict[str, object]:
    return papers.leads(count, data or made_up()).year(2020)


def test_whole_counts_a_paper_once_for_every_country_and_a_bloc_once() -> None:
    found = lead(Count(("A",)))
    assert (found["china"], found["usa"], found["papers"]) == (7, 2, 11)  # 9 rows of the main volume, 2 papers in no row
    assert lead(Count(("A",), china=BLOC))["china"] == 7  # the paper of CHN and HKG is one paper of the bloc
    assert lead(Count(("A",), tracks="findings"))["usa"] == 3


def test_papers_in_no_row_and_rows_without_a_country_fall_on_the_other_side() -> None:
    found = lead(Count(("A",)))
    assert found["unknown"] == 1 + 2  # one row without a country, two papers of the list in no row
    assert (found["point"], found["low"], found["high"]) == (5, 2, 8)
    assert found["leader"] == "CHN"


def test_fractional_and_first_author_counts() -> None:
    assert lead(Count(("A",), rule="fractional"))["china"] == pytest.approx(5.75)
    assert lead(Count(("A",), rule="fractional", china=BLOC))["china"] == pytest.approx(6.25)
    first = lead(Count(("A",), rule="first"))
    assert (first["china"], first["usa"]) == (4, 2)


def test_bias_of_institution_lists_helps_china_only() -> None:
    first = lead(Count(("A",), rule="first"))
    assert first["low"] == 4 - 2 - 3  # three papers without a known first country
    assert first["high"] == pytest.approx(4 - 2 + 3 + 0.10 * 11)
    assert first["leader"] == "open"


def test_deepmind_moves_from_gbr_to_usa_and_head_office_papers_can_go() -> None:
    assert lead(Count(("A",), companies="deepmind_usa"))["usa"] == 3
    assert lead(Count(("A",), companies="deepmind_usa", rule="first"))["usa"] == 3
    assert lead(Count(("A",), companies="deepmind_usa", rule="fractional"))["usa"] == pytest.approx(1.0)
    gone = lead(Count(("A",), companies="no_head_office"))
    assert (gone["china"], gone["usa"]) == (5, 0)


def test_worst_holdout_error_strikes_both_areas_of_an_estimated_venue() -> None:
    data = made_up()
    found = lead(Count(("B",)), data)
    assert (found["china"], found["usa"], found["direct"], found["estimated"]) == (30, 40, 0, 100)
    assert (found["low"], found["high"]) == pytest.approx(
        (-10 - 2 * 2, -10 + 2 * 2)
    )  # 4 of 200 papers: 2 points, of 100 papers
    assert found["leader"] == "USA"
    assert lead(Count(("A", "B")), data)["low"] == pytest.approx(5 - 10 - 3 - 4)
    assert papers.leads(Count(("B",), completed=False), data).years == ()


def test_errors_before_2019_do_not_count() -> None:
    holdout = tables.load("papers_holdout")
    assert paper_cells.worst_errors(holdout) == paper_cells.worst_errors(holdout[holdout["year"] >= 2019])


def test_country_sets_without_first_country_are_never_used() -> None:
    assert "C" not in made_up().venue


def test_the_eu_has_the_members_of_the_year() -> None:
    data = made_up()
    eu, gbr = data.areas.index("EU"), data.areas.index("GBR")
    assert data.direct[0, 0, 0, 0, eu] == 1
    assert data.direct[0, 0, 0, 0, gbr] == 1
    sets = pd.DataFrame([("s1", "A", 2019, "main", True, False, False, "GBR", "GBR", 3)], columns=SETS)
    weights = pd.DataFrame([("s1", "A", 2019, "main", True, False, False, "GBR", 3.0)], columns=WEIGHTS)
    before = made_up(sets=sets, weights=weights)
    assert before.direct[0, 0, :, 0, before.areas.index("EU")].tolist() == [3, 3, 3]


def test_a_code_missing_from_the_table_of_countries_is_an_area_of_its_own() -> None:
    countries = tables.load("papers_countries")
    assert "GBR" in made_up(countries=countries[countries["country"] != "GBR"]).areas


def test_a_run_counts_sure_and_possible_years() -> None:
    years = range(2019, 2025)
    low = np.array([-1.0, 1, -1, -2, 3, 0])
    high = np.array([2.0, 3, 1, -1, 4, 5])
    led = papers.run(years, (low + high) / 2, low, high, "2020_2024")
    assert led == (Interval(2, 4), Interval.point(3))  # a lead of exactly zero is no lead
    assert papers.run(range(2021, 2025), low[2:], low[2:], high[2:], "2020_2024") is None


def test_an_unknown_list_is_named_with_the_known_ones() -> None:
    with pytest.raises(tables.UnknownIdError, match="ccf_a"):
        papers.basket("ccf_b")


def test_the_ccf_list_in_force_did_not_change_before_the_report() -> None:
    lists = tables.load("papers_venue_lists")
    here = lists[(lists["list"] == "ccf") & (lists["rank"] == "A") & (lists["category"] == "artificial intelligence")]
    dates = [set(here["venue"][here["as_of"] == day]) for day in ("2022-01-01", "2023-06-01", "2025-12-06")]
    assert dates[0] == dates[1] == dates[2] == set(papers.basket("ccf_a"))


def test_every_paper_of_the_tallies_is_counted_once() -> None:
    data = papers.cells()
    sets = tables.load("papers_sets")
    none = tables.load("papers_coverage").query("first_country_is_of == 'none'")["source_id"]
    sets = sets[sets["year"].between(2019, 2025) & ~sets["source_id"].isin(none)]
    assert data.rows[0, paper_cells.TRACK_AT["all"]].sum() == sets["papers"].sum()
    chn = sets[sets["countries"].fillna("").str.contains("CHN")]["papers"].sum()
    assert data.direct[0, paper_cells.TRACK_AT["all"], 0, :, 0].sum() == chn
    weights = tables.load("papers_weights")
    total = weights[weights["year"].between(2019, 2025)]["weight"].sum()
    assert data.known[0, paper_cells.TRACK_AT["all"], 1].sum() == pytest.approx(total)


VENUES = tuple(sorted(set(papers.cells().venue.tolist())))
COUNTS = st.builds(
    Count,
    venues=st.sets(st.sampled_from(VENUES), min_size=1).map(lambda names: tuple(sorted(names))),
    rule=st.sampled_from(papers.RULES),
    china=st.sampled_from(["CHN", BLOC]),
    bloc=st.booleans(),
    tracks=st.sampled_from(list(paper_cells.TRACKS)),
    companies=st.sampled_from(paper_cells.COMPANIES),
    completed=st.booleans(),
)


@settings(deadline=None, max_examples=40)
@given(COUNTS)
def test_the_adverse_range_holds_the_lead_and_decides_the_leader(count: Count) -> None:
    found = papers.leads(count)
    assert (found.low <= found.point + 1e-9).all()
    assert (found.point <= found.high + 1e-9).all()
    for i, leader in enumerate(found.leader):
        assert leader != "CHN" or found.low[i] > 0
        assert leader in ("CHN", "open") or (found.high[i] < 0 and leader == found.rival[i])
    assert found.papers == pytest.approx(found.direct + found.estimated + found.unknown)


@settings(deadline=None, max_examples=40)
@given(COUNTS)
def test_a_bloc_is_never_smaller_than_mainland_china(count: Count) -> None:
    mainland, bloc = papers.leads(replace(count, china="CHN")), papers.leads(replace(count, china=BLOC))
    assert (bloc.china >= mainland.china - 1e-6).all()


@settings(deadline=None, max_examples=40)
@given(COUNTS)
def test_a_basket_is_the_sum_of_its_venue_years(count: Count) -> None:
    found, parts = papers.leads(count), papers.venue_table(count)
    for year in found.years:
        here = parts[parts["year"] == year]
        assert here["china"].sum() == pytest.approx(found.year(year)["china"])
        assert here["low"].sum() >= found.year(year)["low"] - 1e-6  # the other rivals can only take from it


@settings(deadline=None, max_examples=15)
@given(st.sets(st.sampled_from(VENUES), min_size=1, max_size=4).map(lambda names: tuple(sorted(names))))
def test_every_list_agrees_with_the_lead_of_each_list(units: tuple[str, ...]) -> None:
    lists = papers.every_list(units, range(2020, 2025))
    assert lists.member.shape == (2 ** len(units) - 1, len(units))
    for member, low in zip(lists.member, lists.low, strict=True):
        chosen = tuple(unit for unit, there in zip(units, member, strict=True) if there)
        parts = papers.venue_table(Count(chosen))
        by_year = [parts["low"][parts["year"] == year].sum() for year in range(2020, 2025)]
        assert low == pytest.approx(by_year)
    assert lists.holds().sum() <= lists.holds(sure=False).sum()


def test_only_the_united_states_rivals_china_in_the_lists_of_the_study() -> None:
    for name in papers.baskets():
        for rule in papers.RULES:
            for bloc in (False, True):
                found = papers.leads(Count(papers.basket(name), rule=rule, bloc=bloc))
                assert bloc or set(found.rival) == {"USA"}, (name, rule)
                assert set(found.leader) <= {"CHN", "USA", "open"}, (name, rule, bloc)


def test_published_counts_stand_beside_ours_unless_they_count_submissions() -> None:
    rows = papers.beside_published(tables.load("papers_published_counts")).set_index("count_id")
    assert rows.loc[rows["counts"] == "submissions", "ours"].isna().all()
    near = rows.loc[["V13", "V15", "V19", "V21", "V25", "V26"]]
    assert (near["ours"] / near["value"]).between(0.89, 1.07).all()
    assert np.isnan(rows.loc["V02", "ours"])  # Australia at an estimated venue
    assert rows.loc["V28", "ours"] == pytest.approx(rows.loc["V28", "value"], abs=1)


def test_area_counts_of_a_made_up_venue() -> None:
    data = made_up()
    assert papers.area_count(("A",), 2020, "CHN", data=data) == {"papers": 7, "percent": 87.5, "estimated_pct": 0}
    assert papers.area_count(("A", "B"), 2020, "USA", data=data)["papers"] == 42
    assert np.isnan(papers.area_count(("A",), 2024, "CHN", data=data)["papers"])


def test_the_study_is_the_declared_one() -> None:
    study = papers.top_venue_study()
    assert study.defaults == registry.headline("C02")
    assert study.questions == registry.questions("C02")
    assert study.evaluate().frame["counted"].sum() > 1000
    led = papers.leads(Count(papers.basket("ccf_a")))
    years = [led.year(year) for year in range(2020, 2025)]
    sure, possible = (sum(bool(year[end] > 0) for year in years) for end in ("low", "high"))
    assert study.headline["years_led"] == Interval(sure, possible)
    for year in years:
        assert year["low"] <= year["point"] <= year["high"]
    assert study.at("2023", china="with_hong_kong_macau").high > study.headline["2023"].high


def test_a_single_field_list_is_its_own_start() -> None:
    study = papers.top_venue_study()
    general = papers.leads(Count(papers.FIELDS["general"])).year(2022)
    assert study.at("2022", venues="general") == Interval(general["low"], general["high"])
    learning = papers.leads(Count(papers.FIELDS["learning"], rule="first")).year(2022)
    assert study.at("2022", venues="learning", counting="first") == Interval(learning["low"], learning["high"])


def test_the_pictures_draw_one_panel_a_list_and_one_tile_a_venue_year() -> None:
    from recount.drawings import papers as drawn

    leads = pd.DataFrame(
        {"panel": ["one", "one", "other", "other"], "year": [2019, 2020] * 2, "mostly_direct": [True, False] * 2}
    )
    fig = drawn.leads_by_list(
        leads.assign(point_pct=[-1.0, 2, 3, 4], low_pct=[-2.0, 1, 2, 3], high_pct=[0.0, 3, 4, 5]), columns=2
    )
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["one", "other"]
    tiles = pd.DataFrame(
        {"venue": ["B", "B", "A"], "year": [2019, 2020, 2020], "lead_pct": [-5.0, 3.0, 0.2], "cell": ["−5", "+3", "(+0.2)"]}
    )
    ax = drawn.leaders_by_venue(tiles).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["B", "A"]
    assert [text.get_text() for text in ax.texts] == ["−5", "+3", "(+0.2)"]
