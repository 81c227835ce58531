"""Papers → tallies: known answers on an invented file, properties, and agreement with the shipped tables."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.tables import OWN_ROWS, TableError
from recount.tally import papers

DATA = Path(__file__).resolve().parents[2] / "data"
COLUMNS = [*papers.REQUIRED, *papers.OPTIONAL]

FIXTURE = """\
source_id,venue,year,track,status,countries_iso3,first_country_iso3,country_fraction,author_aligned,\
n_multinational_affil,n_deepmind_affil
A1,ICML,2021,main,Poster,CHN;HKG,HKG,CHN:0.5000;HKG:0.5000,1,0,0
A1,ICML,2021,main,Oral,CHN;HKG,HKG,CHN:0.2500;HKG:0.2500,1,0,0
A1,ICML,2021,main,Poster,USA,USA,USA:1.0000,1,2,0
A1,ICML,2021,main,Poster,,,,0,0,0
A1,ICML,2021,main,Poster,GBR;USA,GBR,GBR:0.3333;USA:0.6667,1,0,1
B2,Findings-ACL,2023,acl,,DEU;FRA,DEU,DEU:0.5000;FRA:0.5000,1,0,0
C3,ACL,2020,main,,CHN;USA,,,0,0,0
"""


@pytest.fixture(scope="module")
def con() -> Any:
    return ibis.duckdb.connect()


def write(folder: Path, text: str, name: str = "papers.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def named(tables: dict[str, Any], name: str) -> list[dict[str, Any]]:
    names, found = tables[name]
    return [dict(zip(names, row, strict=True)) for row in found]


def as_csv(records: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


def test_sets_keep_the_whole_set_and_the_first_country(con: Any, tmp_path: Path) -> None:
    found = named(papers.build(con, [write(tmp_path, FIXTURE)], "pap-"), "papers_sets")
    cells = {(r["source_id"], r["countries"], r["first_country"]): r for r in found}
    assert cells["pap-a1", "CHN;HKG", "HKG"]["papers"] == 2
    assert cells["pap-a1", "", ""]["papers"] == 1
    assert cells["pap-a1", "USA", "USA"]["multinational"] is True
    assert cells["pap-a1", "GBR;USA", "GBR"]["deepmind"] is True
    assert cells["pap-b2", "DEU;FRA", "DEU"]["venue"] == "ACL"
    assert cells["pap-b2", "DEU;FRA", "DEU"]["track"] == "findings"
    assert cells["pap-c3", "CHN;USA", ""]["author_aligned"] is False
    assert sum(r["papers"] for r in found) == 7


def test_weights_are_worth_one_a_located_paper(con: Any, tmp_path: Path) -> None:
    found = named(papers.build(con, [write(tmp_path, FIXTURE)], "pap-"), "papers_weights")
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for r in found:
        weights[r["source_id"], r["country"]] += r["weight"]
    # the second paper is located by half only: its halves count as halves of a paper all the same
    assert weights["pap-a1", "CHN"] == pytest.approx(1.0)
    assert weights["pap-a1", "HKG"] == pytest.approx(1.0)
    assert weights["pap-a1", "GBR"] == pytest.approx(0.3333)
    assert weights["pap-a1", "USA"] == pytest.approx(1.6667)
    assert ("pap-c3", "CHN") not in weights, "a set without shares has no weights"
    assert sum(weights.values()) == pytest.approx(5)


def test_tracks_are_documented_with_their_codes(con: Any, tmp_path: Path) -> None:
    found = named(papers.build(con, [write(tmp_path, FIXTURE)]), "papers_tracks")
    assert {(r["track_as_given"], r["status_as_given"], r["track"], r["papers"]) for r in found} == {
        ("main", "Poster", "main", 4),
        ("main", "Oral", "main", 1),
        ("acl", "", "findings", 1),
        ("main", "", "main", 1),
    }


@pytest.mark.parametrize(
    ("venue", "year", "name", "status", "code"),
    [
        ("IJCAI", 2023, "main", "Poster", "main"),
        ("IJCAI", 2023, "Late Papers", "Poster", "main_late"),
        ("IJCAI", 2023, "Journal Track", "Poster", "journal"),
        ("IJCAI", 2020, "Demos", "Poster", "demo"),
        ("IJCAI", 2020, "Survey track", "Poster", "survey"),
        ("IJCAI", 2021, "Sister Conferences Best Papers", "Poster", "sister"),
        ("IJCAI", 2022, "Doctoral Consortium", "Poster", "doctoral"),
        ("IJCAI", 2022, "Early Career", "Poster", "early_career"),
        ("IJCAI", 2024, "AI for Good", "Poster", "special"),
        ("NeurIPS", 2022, "Datasets & Benchmarks", "Accept", "datasets"),
        ("NeurIPS", 2023, "main", "Spotlight", "main"),
        ("NeurIPS", 2024, "main", "Poster", "unsplit"),
        ("KDD", 2021, "", "Crossref proceedings-article", "unsplit"),
        ("CVPR", 2022, "", "", "demo"),
        ("CVPR", 2022, "", "Poster", "main"),
        ("CVPR", 2018, "", "", "main"),
        ("AAAI", 2024, "computer vision iii", "Technical", "main"),
        ("AAAI", 2024, "ai for social impact track", "Technical", "main_special"),
        ("EMNLP", 2023, "main", "Long Findings", "findings"),
        ("EMNLP", 2023, "main", "Short Main", "main"),
        ("NAACL", 2024, "main", "Industry", "industry"),
        ("COLING", 2020, "main", "System Demonstrations", "demo"),
        ("Findings-EMNLP", 2022, "emnlp", "", "findings"),
        ("ACL", 2019, "1", "", "main"),
        ("Journal of Tests", 2021, "", "", "main"),
    ],
)
def test_track_codes(con: Any, tmp_path: Path, venue: str, year: int, name: str, status: str, code: str) -> None:
    record = dict.fromkeys(COLUMNS, "") | {
        "venue": venue, "year": str(year), "track": name, "status": status,
    }  # fmt: skip
    found = named(papers.build(con, [write(tmp_path, as_csv([record]))]), "papers_sets")
    assert [r["track"] for r in found] == [code]
    assert found[0]["source_id"] == OWN_ROWS


@pytest.mark.parametrize(
    ("old", "new", "named_in_message"),
    [
        ("A1,ICML,2021,main,Oral", "A1,ICML,21,main,Oral", ["line 3", "year", "'21'"]),
        ("CHN;USA,,", "CHN;us,,", ["line 8", "countries_iso3"]),
        ("HKG,CHN:0.2500", "KOR,CHN:0.2500", ["line 3", "KOR"]),
        ("CHN:0.2500;HKG:0.2500", "CHN:0.2500;USA:0.2500", ["line 3", "other countries"]),
        ("CHN:0.2500;HKG:0.2500", "CHN:0.0;HKG:0.0", ["line 3", "zero"]),
        ("GBR:0.3333;USA:0.6667,1,0,1", "GBR:0.3333;USA:0.6667,1,0", ["line 6", "cells instead of"]),
        ("venue,year,track", "place,year,track", ["line 1", "venue"]),
        ("venue,year,track", "venue,year,year", ["line 1", "twice"]),
        ("A1,ICML,2021,main,Oral", 'A1,"ICML,2021,main,Oral', ["line"]),
    ],
)
def test_bad_rows_are_refused_by_name_and_line(
    con: Any, tmp_path: Path, old: str, new: str, named_in_message: list[str]
) -> None:
    assert old in FIXTURE
    path = write(tmp_path, FIXTURE.replace(old, new, 1))
    with pytest.raises(TableError) as error:
        papers.build(con, [path])
    assert all(part in str(error.value) for part in ["papers.csv", "Remedy", *named_in_message])


def test_missing_and_empty_files_are_refused(con: Any, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such file"):
        papers.build(con, [tmp_path / "absent.csv"])
    with pytest.raises(TableError, match="empty"):
        papers.build(con, [write(tmp_path, "")])
    (tmp_path / "gbk.csv").write_bytes("venue,year,countries_iso3\n会议,2020,\n".encode("gb18030"))
    with pytest.raises(TableError, match="UTF-8"):
        papers.build(con, [tmp_path / "gbk.csv"])


def test_only_three_columns_are_needed_and_a_mark_at_the_start_is_no_letter(con: Any, tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeffvenue,year,countries_iso3\nX,2020,USA;CHN\n")
    found = named(papers.build(con, [path]), "papers_sets")
    assert found[0]["countries"] == "CHN;USA" and found[0]["papers"] == 1


def test_two_files_are_one_and_order_does_not_show(con: Any, tmp_path: Path) -> None:
    head, *lines = FIXTURE.splitlines(keepends=True)
    one, two = (
        write(tmp_path, head + "".join(lines[:3]), "a.csv"),
        write(tmp_path, head + "".join(lines[3:]), "b.csv"),
    )
    whole = papers.build(con, [write(tmp_path, FIXTURE)])
    assert papers.build(con, [two, one]) == whole


COUNTRY = st.sampled_from(["CHN", "HKG", "MAC", "TWN", "USA", "GBR", "DEU", "FRA"])


@st.composite
def paper(draw: st.DrawFn) -> dict[str, str]:
    countries = draw(st.lists(COUNTRY, unique=True, max_size=5))
    slots = draw(st.lists(st.integers(1, 9), min_size=len(countries), max_size=len(countries)))
    lost = draw(st.integers(0, 5))
    total = sum(slots) + lost
    split = ";".join(f"{c}:{n / total:.4f}" for c, n in zip(countries, slots, strict=True))
    return {
        "source_id": draw(st.sampled_from(["P1", "P2"])), "venue": draw(st.sampled_from(["X", "ACL"])),
        "year": str(draw(st.integers(2019, 2021))), "track": draw(st.sampled_from(["main", "", "Demos"])),
        "status": "", "countries_iso3": ";".join(countries), "author_aligned": draw(st.sampled_from("01")),
        "first_country_iso3": draw(st.sampled_from([*countries, ""])),
        "country_fraction": split if draw(st.booleans()) else "",
        "n_multinational_affil": str(draw(st.integers(0, 2))),
        "n_deepmind_affil": str(draw(st.integers(0, 1))),
    }  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(paper(), min_size=1, max_size=30))
def test_counts_as_a_plain_loop_would(tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, str]]) -> None:
    path = write(tmp_path_factory.mktemp("papers"), as_csv(records))
    tables = papers.build(ibis.duckdb.connect(), [path])
    sets, weights = named(tables, "papers_sets"), named(tables, "papers_weights")
    assert sum(r["papers"] for r in sets) == len(records) == sum(r["papers"] for r in named(tables, "papers_tracks"))
    # union counting: every bloc of up to three countries, from the sets and from the rows
    for bloc in itertools.chain(*(itertools.combinations(["CHN", "HKG", "MAC", "USA"], k) for k in (1, 2, 3))):
        of_sets = sum(r["papers"] for r in sets if set(bloc) & set(r["countries"].split(";")))
        of_rows = sum(bool(set(bloc) & set(r["countries_iso3"].split(";"))) for r in records)
        singles = [sum(r["papers"] for r in sets if c in r["countries"].split(";")) for c in bloc]
        assert of_sets == of_rows
        assert max(singles) <= of_sets <= sum(singles)
    firsts = Counter(r["first_country_iso3"] for r in records)
    assert {c: sum(r["papers"] for r in sets if r["first_country"] == c) for c in firsts} == dict(firsts)
    # each paper with a split is worth one
    exact: dict[str, Fraction] = defaultdict(Fraction)
    for record in records:
        parts = {p.split(":")[0]: Fraction(p.split(":")[1]) for p in record["country_fraction"].split(";") if p}
        for country, part in parts.items():
            exact[country] += part / sum(parts.values())
    got: dict[str, float] = defaultdict(float)
    for r in weights:
        got[r["country"]] += r["weight"]
    assert set(got) == set(exact)
    assert all(abs(got[c] - float(exact[c])) <= 1e-6 * len(records) for c in exact)
    split = sum(bool(r["country_fraction"]) for r in records)
    assert sum(got.values()) == pytest.approx(split, abs=5e-6 * max(split, 1))


def shipped(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_shipped_tallies_add_up_to_the_coverage_table() -> None:
    """Three tables, built at different times from different files, count the same papers."""
    coverage = {r["source_id"]: r for r in shipped("raw/papers/coverage.csv")}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for r in shipped("tallies/papers_sets.csv"):
        n, cell = int(r["papers"]), counts[r["source_id"]]
        cell["papers"] += n
        cell["papers_with_country"] += n * bool(r["countries"])
        cell["papers_with_first_country"] += n * bool(r["first_country"])
        cell["papers_author_aligned"] += n * (r["author_aligned"] == "true")
        cell["papers_with_deepmind"] += n * (r["deepmind"] == "true")
        assert r["venue"] == coverage[r["source_id"]]["venue"] and r["year"] == coverage[r["source_id"]]["year"]
    weights: dict[str, float] = defaultdict(float)
    for r in shipped("tallies/papers_weights.csv"):
        weights[r["source_id"]] += float(r["weight"])
    tracks: Counter[str] = Counter()
    for r in shipped("tallies/papers_tracks.csv"):
        tracks[r["source_id"]] += int(r["papers"])
    assert counts.keys() == coverage.keys() == tracks.keys()
    for source, row in coverage.items():
        for column, n in counts[source].items():
            assert n == int(row[column]), (source, column)
        assert tracks[source] == int(row["papers"])
        located = 0 if row["first_country_is_of"] == "none" else int(row["papers_with_country"])
        assert weights[source] == pytest.approx(located, abs=0.01), source


def test_command_writes_the_same_bytes_each_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("recount.tally.engine")
    import argparse

    parser = argparse.ArgumentParser()
    papers.add_parser(parser.add_subparsers())
    source = write(tmp_path, FIXTURE)
    for name in ("one", "two"):
        args = parser.parse_args(["papers", str(source), "--prefix", "pap-", "--out", str(tmp_path / name)])
        assert args.run(args) == 0
    for table in papers.TABLES:
        assert (tmp_path / "one" / f"{table}.csv").read_bytes() == (tmp_path / "two" / f"{table}.csv").read_bytes()
    assert "7 papers read from 1 file(s); 1 of them name no country." in capsys.readouterr().out


@pytest.mark.spark
@pytest.mark.slow
def test_spark_counts_the_same(spark: Any, con: Any, tmp_path: Path) -> None:
    """The same expressions on a real local Spark session, on the fixture and on 400 generated rows."""
    generated = []
    for i in range(400):
        countries = ["CHN", "GBR", "HKG", "USA"][i % 4 :]
        record = {
            "venue": f"V{i % 3}", "year": str(2019 + i % 4), "countries_iso3": ";".join(countries),
            "source_id": f"P{i % 3}", "track": ("main", "Demos", "")[i % 3], "status": "",
            "first_country_iso3": countries[-1], "author_aligned": str(i % 2),
            "n_multinational_affil": str(i % 3),
            "country_fraction": ";".join(f"{c}:{1 / (len(countries) + 1):.4f}" for c in countries),
            "n_deepmind_affil": str(i % 2),
        }  # fmt: skip
        generated.append(record)
    files = [write(tmp_path, FIXTURE), write(tmp_path, as_csv(generated), "more.csv")]
    assert papers.build(spark, files, "pap-") == papers.build(con, files, "pap-")
