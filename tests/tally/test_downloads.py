"""Models with downloads → tallies by namespace and region: known answers, properties, shipped tables."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.tables import TableError
from recount.tally import downloads, rows
from recount.tally.downloads import POOL, ROOT, Input

DATA = Path(__file__).resolve().parents[2] / "data"

REGIONS = "namespace,region,basis\nQwen,china,atom\nmeta-llama,us,atom\nhfl,china,supplement\n"
MODELS = """\
source_id,snapshot_date,model_id,namespace,pipeline_tag,downloads_30d,likes
old-a,2025-11-29,Qwen/one,Qwen,text-generation,100,5
old-a,2025-11-29,qwen/two,qwen,text-generation,50,1
old-a,2025-11-29,meta-llama/big,meta-llama,text-generation,200,9
old-a,2025-11-29,someone/x,someone,text-generation,7,
old-a,2025-11-29,SomeOne/y,SomeOne,text-generation,8,0
old-a,2025-11-29,another/z,another,text-generation,11,0
old-a,2025-11-29,gpt2,(root),text-generation,1000,3
old-b,2025-12-12,Qwen/one,Qwen,image-text-to-text,120,6
"""


@pytest.fixture(scope="module")
def con() -> Any:
    return ibis.duckdb.connect()


def write(folder: Path, text: str, name: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def regions(tmp_path: Path) -> Path:
    return write(tmp_path, REGIONS, "regions.csv")


def named(tables: dict[str, Any], name: str) -> list[dict[str, Any]]:
    names, found = tables[name]
    return [dict(zip(names, row, strict=True)) for row in found]


def test_known_namespaces_keep_their_name_and_others_are_pooled(con: Any, tmp_path: Path, regions: Path) -> None:
    models = write(tmp_path, MODELS, "m.csv")
    found = named(downloads.build(con, [Input(models)], [], regions, {"old-a": "new-a"}), "hf_namespaces")
    cells = {(r["source_id"], r["namespace"]): r for r in found}
    qwen, pool, root = cells["new-a", "Qwen"], cells["new-a", POOL], cells["new-a", ROOT]
    assert (qwen["region"], qwen["region_basis"], qwen["models"], qwen["downloads_30d"]) == (
        "china",
        "atom",
        2,
        150,
    )
    assert qwen["namespaces"] == 1, "case of a namespace does not matter"
    assert (pool["region"], pool["namespaces"], pool["models"], pool["downloads_30d"]) == (
        "unmapped",
        2,
        3,
        26,
    )
    assert pool["largest_namespace_downloads_30d"] == 15
    assert (root["region"], root["downloads_30d"]) == ("unmapped", 1000)
    assert cells["old-b", "Qwen"]["pipeline_tag"] == "image-text-to-text", "a source not renamed keeps its id"


def test_kept_rows_keep_their_ids(con: Any, tmp_path: Path, regions: Path) -> None:
    found = named(downloads.build(con, [], [Input(write(tmp_path, MODELS, "m.csv"))], regions), "hf_models")
    assert len(found) == 8
    someone = next(r for r in found if r["model_id"] == "someone/x")
    assert (someone["namespace"], someone["region"], someone["likes"]) == ("someone", "unmapped", None)


def test_source_and_date_fill_in_and_namespaces_come_from_ids(con: Any, tmp_path: Path, regions: Path) -> None:
    path = write(tmp_path, "model_id,downloads_30d\nHFL/bert,3\nbert,4\n", "m.csv")
    one = downloads.parse_input(f"lib-x@2022-07-02={path}")
    found = named(downloads.build(con, [one], [], regions), "hf_namespaces")
    assert [(r["source_id"], r["snapshot_date"], r["namespace"], r["downloads_30d"]) for r in found] == [
        ("lib-x", "2022-07-02", ROOT, 4),
        ("lib-x", "2022-07-02", "hfl", 3),
    ]
    with pytest.raises(TableError, match="SOURCE@YYYY-MM-DD"):
        downloads.build(con, [Input(path)], [], regions)
    with pytest.raises(TableError, match="not a date"):
        downloads.parse_input("lib-x@July=m.csv")
    assert downloads.parse_input("m.csv") == Input(Path("m.csv"))


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("100,5", "1e2,5", "line 2, downloads_30d"),
        ("2025-12-12", "12.12.2025", "line 9, snapshot_date"),
        ("200,9", "200,many", "line 4, likes"),
    ],
)
def test_bad_cells_are_refused_by_line(con: Any, tmp_path: Path, regions: Path, old: str, new: str, part: str) -> None:
    path = write(tmp_path, MODELS.replace(old, new, 1), "m.csv")
    with pytest.raises(TableError, match=part):
        downloads.build(con, [Input(path)], [], regions)


def test_an_organisation_named_twice_is_refused(con: Any, tmp_path: Path) -> None:
    twice = write(tmp_path, REGIONS + "QWEN,us,supplement\n", "regions.csv")
    with pytest.raises(TableError, match="line 5: namespace 'QWEN' stands twice"):
        downloads.build(con, [Input(write(tmp_path, MODELS, "m.csv"))], [], twice)


MODEL = st.tuples(
    st.sampled_from(["Qwen", "QWEN", "hfl", "meta-llama", "a", "B", "b", ROOT]),
    st.sampled_from(["x", "y", ""]),
    st.integers(0, 10**9),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(MODEL, min_size=1, max_size=40))
def test_sums_are_those_of_a_plain_loop(tmp_path_factory: pytest.TempPathFactory, models: list[tuple[str, str, int]]) -> None:
    folder = tmp_path_factory.mktemp("downloads")
    lines = [f"s,2025-01-01,{space}/{i},{space},{tag},{n}" for i, (space, tag, n) in enumerate(models)]
    text = "source_id,snapshot_date,model_id,namespace,pipeline_tag,downloads_30d\n" + "\n".join(lines) + "\n"
    tables = downloads.build(ibis.duckdb.connect(), [Input(write(folder, text, "m.csv"))], [], write(folder, REGIONS, "r.csv"))
    found = named(tables, "hf_namespaces")
    where = {"qwen": "china", "hfl": "china", "meta-llama": "us"}
    expected: Counter[tuple[str, str]] = Counter()
    for space, tag, n in models:
        expected[where.get(space.lower(), "unmapped"), tag] += n
    got: Counter[tuple[str, str]] = Counter()
    for r in found:
        got[r["region"], r["pipeline_tag"]] += r["downloads_30d"]
        assert r["largest_namespace_downloads_30d"] <= r["downloads_30d"]
        assert r["namespaces"] <= r["models"]
    assert {k: v for k, v in got.items() if v} == {k: v for k, v in expected.items() if v}
    assert sum(r["models"] for r in found) == len(models)
    assert rows.to_csv(*tables["hf_namespaces"]).count("\n") == len(found) + 1


def shipped(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_shipped_regions_are_those_of_the_organisation_table() -> None:
    where = {r["namespace"].lower(): (r["region"], r["basis"]) for r in shipped("raw/downloads/organisation_regions.csv")}
    for path in ("tallies/hf_namespaces.csv", "tallies/hf_models.csv"):
        for r in shipped(path):
            expected = where.get(r["namespace"].lower(), ("unmapped", "none"))
            assert (r["region"], r["region_basis"]) == expected, (path, r["namespace"])


def test_shipped_pools_hide_no_large_account() -> None:
    """No account without a region holds a fiftieth of a list's downloads: re-mapping one moves little."""
    total: dict[str, int] = defaultdict(int)
    largest: dict[str, int] = defaultdict(int)
    for r in shipped("tallies/hf_namespaces.csv"):
        total[r["source_id"]] += int(r["downloads_30d"])
        if r["namespace"] == POOL:
            largest[r["source_id"]] = max(largest[r["source_id"]], int(r["largest_namespace_downloads_30d"]))
    claim_time = {source for source in total if "catalogue" not in source}
    assert claim_time and all(largest[source] / total[source] < 0.02 for source in claim_time)


def test_shipped_pulls_never_fall_but_where_the_table_says_so() -> None:
    """Cumulative pulls grow within one collection; a fall is a defect that the description must name."""
    last: dict[tuple[str, str], tuple[str, int]] = {}
    falls = set()
    for r in shipped("raw/downloads/ollama_pulls.csv"):
        key, n = (r["source_id"], r["model"]), int(r["pulls"])
        if key in last and n < last[key][1]:
            falls.add((r["model"], r["snapshot_date"]))
        last[key] = (r["snapshot_date"], n)
    assert falls == {("lfm2", "2026-03-11")}


def test_every_pulled_model_has_an_origin() -> None:
    known = {r["model"] for r in shipped("raw/downloads/ollama_models.csv")}
    assert {r["model"] for r in shipped("raw/downloads/ollama_pulls.csv")} == known


def test_command_writes_both_tables(tmp_path: Path, regions: Path) -> None:
    pytest.importorskip("recount.tally.engine")
    import argparse

    parser = argparse.ArgumentParser()
    downloads.add_parser(parser.add_subparsers())
    path = str(write(tmp_path, MODELS, "m.csv"))
    words = ["downloads", path, "--keep", path, "--regions", str(regions), "--source", "old-a=dl-a"]
    args = parser.parse_args([*words, "--out", str(tmp_path / "out")])
    assert args.run(args) == 0
    assert (tmp_path / "out" / "hf_namespaces.csv").is_file() and (tmp_path / "out" / "hf_models.csv").is_file()


@pytest.mark.spark
@pytest.mark.slow
def test_spark_counts_the_same(spark: Any, con: Any, tmp_path: Path, regions: Path) -> None:
    models = [Input(write(tmp_path, MODELS, "m.csv"))]
    rename = {"old-a": "new-a"}
    assert downloads.build(spark, models, models, regions, rename) == downloads.build(con, models, models, regions, rename)
