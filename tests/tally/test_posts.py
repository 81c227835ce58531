"""``recount tally posts`` as a user runs it: counts, bytes, formats, bad rows and files, and what it never does."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import made_up
import pytest

from recount import tables
from recount.tables import TableError
from recount.tally import cli, posts
from recount.tally.engine import LIBRARIES, EngineError, TallyError

DATA = Path(__file__).resolve().parents[2] / "data"
AXES = ["--odd", "A1=2024-01-03", "--keep-search", "A1"]


def tally(*words: str | Path) -> int:
    """Run the command; errors are raised, as the program above would print them."""
    import argparse

    parser = argparse.ArgumentParser()
    cli.add_parser(parser.add_subparsers())
    return cli.main(parser.parse_args(["tally", "posts", *map(str, words)]))


@pytest.fixture(scope="module")
def fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("posts") / "own.csv"
    path.write_text(made_up.as_csv(made_up.rows()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def table(fixture: Path) -> bytes:
    """The table of the fixture."""
    assert tally(fixture, "--out", fixture.parent / "out", *AXES) == 0
    return (fixture.parent / "out" / "posts.csv").read_bytes()


# --- counts -----------------------------------------------------------------------------------------------------


def test_counts_are_those_of_a_plain_loop(fixture: Path, table: bytes) -> None:
    head, found = made_up.read_table(fixture.parent / "out" / "posts.csv")
    assert head == list(posts.COLUMNS)
    assert found == made_up.counted(made_up.rows(), "own")
    assert found.total() == 500


def test_the_same_bytes_again_and_in_any_order(fixture: Path, table: bytes, tmp_path: Path) -> None:
    tally(fixture, "--out", tmp_path / "again", *AXES)
    shuffled = made_up.rows()
    random.Random(7).shuffle(shuffled)
    (tmp_path / "own.csv").write_text(made_up.as_csv(shuffled), encoding="utf-8")
    tally(tmp_path / "own.csv", "--out", tmp_path / "shuffled", *AXES, "--threads", "1")
    assert (tmp_path / "again" / "posts.csv").read_bytes() == table
    assert (tmp_path / "shuffled" / "posts.csv").read_bytes() == table
    first, second = ((p / "posts_report.json").read_bytes() for p in (fixture.parent / "out", tmp_path / "again"))
    assert first == second


def test_rows_are_sorted_and_every_code_is_of_the_schema(table: bytes) -> None:
    lines = table.decode("utf-8").splitlines()[1:]
    assert lines and lines == sorted(set(lines), key=lines.index)
    fields = {field["name"]: field for field in tables.resource("posts")["schema"]["fields"]}
    assert list(fields) == list(posts.COLUMNS)
    for name, codes in (("place", posts.PLACES), ("education", posts.EDUCATION)):
        assert fields[name]["constraints"]["enum"] == list(codes)


def test_no_text_of_a_row_survives(fixture: Path, table: bytes) -> None:
    kept = table + (fixture.parent / "out" / "posts_report.json").read_bytes()
    for word in ("工程师", "甲", "面议", "徐汇", "招聘网", "好商量"):
        assert word.encode() not in kept
    assert "会计".encode() in kept, "search words of --keep-search are kept"


@pytest.mark.parametrize("kind", ["gb18030", "utf-8-sig", "crlf", "tab", "gz", "jsonl", "jsonl-gb18030", "parquet"])
def test_every_format_gives_the_same_table(kind: str, table: bytes, tmp_path: Path) -> None:
    rows, extra = made_up.rows(), []
    path = tmp_path / "own.csv"
    if kind == "parquet":
        path = made_up.write_parquet(tmp_path / "own.parquet", rows)
    elif kind.startswith("jsonl"):
        path = tmp_path / "own.jsonl"
        path.write_bytes(made_up.as_jsonl(rows).encode("gb18030" if "gb" in kind else "utf-8"))
    elif kind == "gz":
        path = tmp_path / "own.csv.gz"
        path.write_bytes(gzip.compress(made_up.as_csv(rows).encode()))
    elif kind == "tab":
        path, extra = tmp_path / "own.tsv", ["--delimiter", "\\t"]
        path.write_text(made_up.as_csv(rows, "\t"), encoding="utf-8")
    elif kind == "crlf":
        path.write_bytes(made_up.as_csv(rows, newline="\r\n").encode())
    else:
        path.write_bytes(made_up.as_csv(rows).encode(kind))
    tally(path, "--out", tmp_path / "out", *AXES, *extra)
    assert (tmp_path / "out" / "posts.csv").read_bytes() == table


def test_several_files_of_several_kinds_are_one(table: bytes, tmp_path: Path) -> None:
    rows = made_up.rows()
    (tmp_path / "a.csv").write_bytes(made_up.as_csv(rows[:200]).encode("gb18030"))
    (tmp_path / "b.jsonl").write_text(made_up.as_jsonl(rows[200:300]), encoding="utf-8")
    made_up.write_parquet(tmp_path / "c.parquet", rows[300:])
    files = [tmp_path / name for name in ("c.parquet", "a.csv", "b.jsonl")]
    tally(*files, "--out", tmp_path / "out", "--data-set", "own", *AXES)
    assert (tmp_path / "out" / "posts.csv").read_bytes() == table


def test_columns_by_option_and_by_their_chinese_names(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("职位名称,薪资,学历,城市,公司\n算法工程师,1-2万,硕士,上海,某某\n", encoding="utf-8")
    tally(path, "--out", tmp_path / "one")
    _, found = made_up.read_table(tmp_path / "one" / "posts.csv")
    assert [cell[11:] for cell in found] == [("master", "10", "20", "12", "month")]
    assert [(cell[0], cell[5], cell[8], cell[10]) for cell in found] == [("mine", "Shanghai_unknown", "algorithm", "algorithm")]
    path.write_text("a,b\n算法工程师,1-2万\n", encoding="utf-8")
    tally(path, "--out", tmp_path / "two", "--column", "title=a", "--column", "pay=b")
    _, found = made_up.read_table(tmp_path / "two" / "posts.csv")
    assert [(cell[8], cell[12], cell[13]) for cell in found] == [("algorithm", "10", "20")]


def test_platform_of_a_data_set_merges_with_rows_that_name_it(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("platform,title\n,算法工程师\n51job,算法工程师\n猎聘,算法工程师\n", encoding="utf-8")
    tally(path, "--out", tmp_path, "--platform", "x=51job")
    _, found = made_up.read_table(tmp_path / "posts.csv")
    assert {cell[2]: n for cell, n in found.items()} == {"51job": 2, "liepin": 1}


def test_odd_snapshots_are_marked_by_crawl_date(table: bytes, fixture: Path) -> None:
    _, found = made_up.read_table(fixture.parent / "out" / "posts.csv")
    marked = sum(n for cell, n in found.items() if cell[4] == "true")
    assert marked == sum(r["data_set"] == "A1" and r["crawl_date"] == "2024-01-03" for r in made_up.rows()) > 0


# --- bad rows and files -----------------------------------------------------------------------------------------


def broken(folder: Path) -> Path:
    """Eight lines after the header, four of them bad."""
    path = folder / "broken.csv"
    lines = [
        "title,salary_text,city",
        "会计,8K,上海",
        "会计,8K",
        "会计,8K,上海,多",
        '会计,"8K,上海',
        "会计,9K,上海",
        "会计,7K,北京",
    ]
    path.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\xfd,8K,\xc9\n" + "会计,6K,广州\n".encode())
    return path


def test_bad_rows_are_named_by_file_and_line_and_the_rest_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = broken(tmp_path)
    tally(path, "--out", tmp_path / "out")
    listed = (tmp_path / "out" / "posts_rejected.csv").read_text(encoding="utf-8").splitlines()
    assert listed == [
        "file,line,reason",
        f"{path},3,too few cells",
        f"{path},4,too many cells",
        f"{path},5,quote without an end",
        f"{path},8,bytes that are not text in this encoding",
    ]
    _, found = made_up.read_table(tmp_path / "out" / "posts.csv")
    assert Counter({cell[12]: n for cell, n in found.items()}) == {"8": 1, "9": 1, "7": 1, "6": 1}
    said = capsys.readouterr().out
    assert "8 rows read = 4 tallied + 4 rejected" in said and f"{path}, line 5: quote without an end" in said
    report = json.loads((tmp_path / "out" / "posts_report.json").read_text(encoding="utf-8"))
    assert (report["rows_read"], report["rows_tallied"], report["rows_rejected"]) == (8, 4, 4)


def test_a_clean_run_takes_the_old_list_of_bad_rows_away(tmp_path: Path) -> None:
    tally(broken(tmp_path), "--out", tmp_path / "out")
    assert (tmp_path / "out" / "posts_rejected.csv").is_file()
    (tmp_path / "good.csv").write_text("title\n会计\n", encoding="utf-8")
    tally(tmp_path / "good.csv", "--out", tmp_path / "out")
    assert not (tmp_path / "out" / "posts_rejected.csv").exists()


def test_strict_writes_nothing_when_a_row_is_bad(tmp_path: Path) -> None:
    with pytest.raises(TallyError, match=r"broken.csv, line 3: too few cells \(4 of 8 rows"):
        tally(broken(tmp_path), "--out", tmp_path / "out", "--strict")
    assert not (tmp_path / "out").exists()


def test_bad_json_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    good = json.dumps({"title": "会计", "salary": 8000})
    path.write_bytes(f'{good}\n{{"title": \n[1]\n\n"text"\n'.encode() + b'{"title": "\xff"}\n' + good.encode())
    tally(path, "--out", tmp_path / "out")
    listed = (tmp_path / "out" / "posts_rejected.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",", 1)[1] for line in listed] == [
        "2,not JSON",
        "3,not a JSON object",
        "5,not a JSON object",
        "6,bytes that are not text in this encoding",
    ]
    _, found = made_up.read_table(tmp_path / "out" / "posts.csv")
    assert [(cell[12], cell[15], n) for cell, n in found.items()] == [("8", "month", 2)]


BAD_FILES = {
    "absent.csv": (None, "no such file"),
    "empty.csv": (b"", "empty"),
    "blank.csv": (b"\n \n", "empty"),
    "wide.csv": ("title,pay\n会计,8K\n".encode("utf-16"), "UTF-16"),
    "sheet.xlsx": (b"PK\x03\x04" + bytes(range(256)) * 4, "spreadsheet"),
    "no_title.csv": (b"name,pay\nx,8K\n", r"line 1: no column holds the title .*--column title=NAME"),
    "no_title.jsonl": (b'{"name": "x"}\n', r"no column holds the title"),
    "array.json": (b'[{"title": "x"}]\n', "one object a line"),
    "not.parquet": (b"title\nx\n", "not a Parquet file"),
    "quote.csv": (b'title,"pay\nx,8K\n', "line 1"),
    "header.csv": (b"title,pay\n", "no rows below the header"),
    "tabs.csv": (b"title,pay\nx;8K\ny;9K\n", r"line 2: too few cells \(2 of 2 rows rejected\).*--delimiter"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    content, said = BAD_FILES[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(TallyError, match=said) as error:
        tally(tmp_path / name, "--out", tmp_path / "out")
    assert name in str(error.value) and "Remedy" in str(error.value)
    assert not (tmp_path / "out").exists()


def test_bad_files_can_be_left_out_and_are_listed(fixture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tally(fixture, tmp_path / "absent.csv", "--out", tmp_path / "out", "--skip-bad-files")
    report = json.loads((tmp_path / "out" / "posts_report.json").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in report["skipped"]] == ["absent.csv"] and report["rows_tallied"] == 500
    assert "absent.csv: left out" in capsys.readouterr().out
    with pytest.raises(TallyError, match="none of the 1 files"):
        tally(tmp_path / "absent.csv", "--out", tmp_path / "none", "--skip-bad-files")


def test_a_file_given_twice_is_refused(fixture: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv"
    copy.write_bytes(fixture.read_bytes())
    with pytest.raises(TallyError, match=r"copy.csv: the same content as .*own.csv"):
        tally(fixture, copy, "--out", tmp_path / "out")


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (["--column", "pay=nothing"], TallyError, "no column 'nothing' for pay"),
        (["--column", "wage=city"], TallyError, "no such field"),
        (["--odd", "Z9=2024-01-01"], TallyError, "--odd Z9: no row has this data set.*A1, B2, own"),
        (["--keep-search", "Z9"], TallyError, "--keep-search Z9"),
        (["--platform", "A1=jobsite"], TallyError, "no such code.*51job, boss"),
        (["--data-set", "my posts"], TallyError, "'my posts': not a short code"),
        (["--source-id", "crawl-{}"], TallyError, "crawl-a1 is not in data/sources.csv.*count as your own"),
        (["--memory", "much"], EngineError, "'much': not a size"),
        (["--memory", "5MB"], TallyError, "Out of Memory.*larger --memory"),
        (["--delimiter", "||"], TallyError, "not one character"),
        (["--column", "pay=city", "--column", "pay=title"], TallyError, "--column pay=….*given twice"),
        (["--odd", "A1=2024-01-03", "--odd", "A1=2024-01-04"], TallyError, "--odd A1=….*parted by commas"),
    ],
)
def test_a_wrong_option_says_what_is_right(words: list[str], error: type, said: str, fixture: Path, tmp_path: Path) -> None:
    with pytest.raises(error, match=said) as raised:
        tally(fixture, "--out", tmp_path / "out", *words)
    assert "Remedy" in str(raised.value)
    assert not (tmp_path / "out" / "posts.csv").exists()


def test_a_folder_that_cannot_be_made_is_said_in_one_line(fixture: Path, tmp_path: Path) -> None:
    with pytest.raises(TallyError, match=r"own.csv/out: Not a directory. Remedy"):
        tally(fixture, "--out", fixture / "out")
    with pytest.raises(TallyError, match=r"own.csv: File exists. Remedy"):
        tally(fixture, "--out", tmp_path, "--temp", fixture)


def test_files_of_different_names_are_different_data_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names without plain letters are told apart by number, so that two platforms are not pooled by a loss of characters."""
    (tmp_path / "again").mkdir()
    paths = [tmp_path / name for name in ("前程无忧.csv", "智联2024.csv", "猎聘2024.csv", "猎聘.csv", "again/猎聘.csv")]
    for number, path in enumerate(paths, 1):
        path.write_text("title\n" + "会计\n" * number, encoding="utf-8")
    tally(*paths, "--out", tmp_path / "out")
    _, found = made_up.read_table(tmp_path / "out" / "posts.csv")
    assert {cell[0]: n for cell, n in found.items()} == {"own": 1, "2024": 2, "2024-2": 3, "own-2": 4 + 5}
    assert "猎聘.csv: 4 rows, utf-8, data set own-2" in capsys.readouterr().out


def test_a_search_word_that_is_free_text_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(f"title,search\n会计,{'长' * 60}\n", encoding="utf-8")
    with pytest.raises(TallyError, match="free text"):
        tally(tmp_path / "x.csv", "--out", tmp_path / "out", "--keep-search", "x")


# --- what it never does -----------------------------------------------------------------------------------------


def test_a_persons_file_is_never_overwritten(fixture: Path, tmp_path: Path) -> None:
    mine = tmp_path / "posts.csv"
    mine.write_text("my own work\n", encoding="utf-8")
    with pytest.raises(TallyError, match="not written by this command"):
        tally(fixture, "--out", tmp_path)
    assert mine.read_text(encoding="utf-8") == "my own work\n"
    tally(fixture, "--out", tmp_path, "--overwrite")
    tally(fixture, "--out", tmp_path)  # its own file again: no objection
    with mine.open("a", encoding="utf-8") as stream:
        stream.write("a correction by hand\n")
    with pytest.raises(TallyError, match="changed since"):
        tally(fixture, "--out", tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "posts_rejected.csv").write_text("a list of a person\n", encoding="utf-8")
    with pytest.raises(TallyError, match=r"posts_rejected.csv: was not written"):
        tally(fixture, "--out", other)
    with pytest.raises(TallyError, match="is a file"):
        tally(fixture, "--out", mine)


def test_a_run_that_fails_leaves_the_old_table_whole(fixture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tally(fixture, "--out", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    real = posts.finish

    def fails(*given: Any) -> Any:
        for number, row in enumerate(real(*given)):
            if number == 20:
                raise OSError("disk full")
            yield row

    monkeypatch.setattr(posts, "finish", fails)
    with pytest.raises(TallyError, match="disk full.*free space"):
        tally(fixture, "--out", tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_nothing_is_left_in_the_temporary_folder(fixture: Path, tmp_path: Path) -> None:
    tally(fixture, "--out", tmp_path / "out", "--temp", tmp_path / "temp")
    assert list((tmp_path / "temp").iterdir()) == []


def test_a_small_memory_limit_gives_the_same_table(fixture: Path, table: bytes, tmp_path: Path) -> None:
    tally(fixture, "--out", tmp_path, "--memory", "200MB", "--threads", "1", *AXES)
    assert (tmp_path / "posts.csv").read_bytes() == table


def test_what_was_not_understood_is_said_with_counts_and_samples(fixture: Path, tmp_path: Path, capsys: Any) -> None:
    tally(fixture, "--out", tmp_path)
    said, rows = capsys.readouterr().out, made_up.rows()
    unread = Counter(r["salary_text"] for r in rows if r["salary_text"] in ("15-20", "好商量"))
    assert f"Pay: {unread.total()} rows not understood: " in said
    assert all(f"'{text}' × {n}" in said for text, n in unread.items())
    assert f"Pay: {sum(r['salary_text'] == '120-150K' for r in rows)} rows state a monthly pay that looks yearly" in said
    untitled = sum(r["title"] == "" for r in rows)
    assert f"Title: {untitled} rows have none" in said
    degrees = [r["education_raw"] for r in rows if r["data_set"] != "B2" and made_up.DEGREE[r["education_raw"]] == "missing"]
    assert f"Degree: {len(degrees)} rows state none: '招2人' × {degrees.count('招2人')}" in said
    assert "Degree: not collected in B2" in said
    report = json.loads((tmp_path / "posts_report.json").read_text(encoding="utf-8"))
    assert report["pay_unparsed"] == unread.total() and report["title_missing"] == untitled


def test_as_a_program_errors_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_alone(["posts", str(tmp_path / "absent.csv"), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("recount: ") and said.err.count("\n") == 1


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals on this system")
def test_on_a_terminal_a_bar_shows_that_it_works(fixture: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    ours, theirs = os.openpty()
    words = [sys.executable, "-m", "recount.tally", "posts", str(fixture), "--out", str(tmp_path)]
    with subprocess.Popen(words, stderr=theirs, stdout=subprocess.PIPE, env=os.environ | {"TERM": "xterm"}) as process:
        os.close(theirs)
        shown = b""
        try:
            while block := os.read(ours, 4096):
                shown += block
        except OSError:  # the other end is closed
            pass
        os.close(ours)
    assert process.returncode == 0
    assert b"own.csv" in shown and b"counting" in shown


# --- as tables of the project -----------------------------------------------------------------------------------


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Folder that stands in for ``make DATA=DIR``."""
    monkeypatch.setenv("RECOUNT_TALLIES", str(tmp_path))
    return tmp_path


def test_own_tallies_stand_in_for_the_published_ones(fixture: Path, own: Path) -> None:
    tally(fixture, "--out", own, "--source-id", "job-j03")
    frame = tables.load("posts")
    assert int(frame["n"].sum()) == 500 and set(frame["data_set"]) == {"A1", "B2", "own"}
    assert not tables.published_data()
    assert len(tables.load("papers_sets")) > 0, "tables that are not there are the published ones"


def test_own_tallies_need_no_source_of_the_register(fixture: Path, own: Path) -> None:
    tally(fixture, "--out", own)
    assert int(tables.load("posts")["n"].sum()) == 500


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",boss,", ",bossy,", "row 2, column platform: 'bossy' is not one of"),
        ("data_set,", "dataset,", "row 1: columns are not those of the schema"),
        (",false,", ",no,", "column odd_snapshot: 'no' is not true or false"),
    ],
)
def test_own_tallies_are_validated_by_row_and_column(old: str, new: str, said: str, fixture: Path, own: Path) -> None:
    tally(fixture, "--out", own, "--source-id", "job-j03")
    path = own / "posts.csv"
    head, first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    chosen = [line for line in rest if ",boss," in line][0]
    path.write_text((head + chosen).replace(old, new, 1) + first, encoding="utf-8")
    with pytest.raises(TableError, match=said):
        tables.load("posts")


# --- the published table ----------------------------------------------------------------------------------------


def test_every_published_data_set_adds_up_to_its_file() -> None:
    head, found = made_up.read_table(DATA / "tallies" / "posts.csv")
    report = json.loads((DATA / "tallies" / "posts_report.json").read_text(encoding="utf-8"))
    sums: dict[str, int] = defaultdict(int)
    for cell, n in found.items():
        sums[cell[0]] += n
    assert sums == {entry["file"][:3]: entry["rows_read"] for entry in report["inputs"]}
    assert sum(sums.values()) == report["rows_tallied"] == report["rows_read"] == 106_252
    assert report["cells"] == len(found) and report["rows_rejected"] == report["pay_unparsed"] == 0
    assert report["cells_of_one_percent"] == round(100 * sum(n == 1 for n in found.values()) / len(found), 1)
    assert "sha256:" + report["output"]["posts.csv"] == tables.resource("posts")["hash"]
    assert f"{report['cells_of_one_percent']} percent" in tables.resource("posts")["description"]
    assert head == list(posts.COLUMNS)


def test_published_codes_keep_to_the_conventions() -> None:
    _, found = made_up.read_table(DATA / "tallies" / "posts.csv")
    for cell in found:
        named = dict(zip(posts.COLUMNS, cell, strict=False))
        assert named["source_id"] == "job-" + named["data_set"].lower()
        assert (named["class_v1"] == "none") == (named["groups_v1"] == "")
        assert bool(named["search"]) == (named["data_set"] == "J05")
        assert named["odd_snapshot"] == "false" or named["data_set"] == "J01"
        assert (named["education"] == "not_collected") == (named["data_set"] == "J05")
        stated = named["pay_unit"] in ("month", "year", "day", "hour", "week")
        assert stated == bool(named["months"]) == bool(named["min_k_month"] or named["max_k_month"])


# --- Spark ------------------------------------------------------------------------------------------------------


@pytest.mark.spark
@pytest.mark.slow
def test_spark_gives_the_same_bytes(spark: Any, fixture: Path, table: bytes, tmp_path: Path) -> None:
    """The whole command on a real local Spark session: CSV, Parquet and JSON lines in, the same table out."""
    rows = made_up.rows()
    (tmp_path / "a.jsonl").write_text(made_up.as_jsonl(rows[:150]), encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(made_up.as_csv(rows[150:300]).encode("gb18030"))
    made_up.write_parquet(tmp_path / "c.parquet", rows[300:])
    files = [tmp_path / name for name in ("a.jsonl", "b.csv", "c.parquet")]
    tally(*files, "--out", tmp_path / "out", "--data-set", "own", "--engine", "spark", *AXES)
    assert (tmp_path / "out" / "posts.csv").read_bytes() == table


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_that_is_not_installed_is_named_with_the_remedy(
    fixture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    import sys

    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(EngineError, match=r"is not installed\. Remedy: `make`.*tally\.lock"):
        tally(fixture, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_spark_that_is_not_installed_says_what_to_install(
    fixture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineError, match=r"PySpark is not installed.*spark.lock"):
        tally(fixture, "--out", tmp_path, "--engine", "spark")
