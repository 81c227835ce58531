"""Files → rows: every damaged line is found, by its number, and nothing else is lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from recount.tally import ingest, ingest_csv
from recount.tally.engine import TallyError

GOOD = st.lists(st.text(alphabet="算法, ab1'|;（）", max_size=6), min_size=3, max_size=3)
QUOTED = st.lists(st.text(alphabet="算法, ab1\"'|;（）", max_size=6), min_size=3, max_size=3)
DAMAGE = {
    "few": (b"a,b", "too few cells"),
    "many": (b"a,b,c,d", "too many cells"),
    "bytes": (b"a,\xff\xff\xff,c", "bytes that are not text in this encoding"),
    "quote": (b'a,"b,c', "quote without an end"),
}


# after an open quote the next quote may end it: what then is a cell is anyone's guess, so no row has both
LINES = st.one_of(
    st.lists(st.one_of(QUOTED, QUOTED, st.sampled_from(["few", "many", "bytes"])), min_size=1, max_size=40),
    st.lists(st.one_of(GOOD, GOOD, st.sampled_from(sorted(DAMAGE))), min_size=1, max_size=40).map(
        lambda lines: [one if isinstance(one, str) else [cell.replace(",", "") or "x" for cell in one] for one in lines]
    ),
)


def line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue().encode()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    LINES,
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)
def test_every_damaged_line_is_found_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str] | str], newline: bytes, last: bool
) -> None:
    assume(sum(one == "quote" for one in lines) <= ingest_csv.MAX_REPAIRS)
    good = [cells for cells in lines if isinstance(cells, list)]
    bad = {number: DAMAGE[what][1] for number, what in enumerate(lines, 2) if isinstance(what, str)}
    body = [DAMAGE[one][0] if isinstance(one, str) else line(one) for one in lines]
    folder = tmp_path_factory.mktemp("csv")
    path = folder / "posts.csv"
    path.write_bytes(newline.join([b"title,pay,city", *body]) + (newline if last else b""))
    with duckdb.connect() as con:
        con.execute("SET preserve_insertion_order = false")
        staged = ingest_csv.stage_csv(con, path, folder, columns={}, encoding="utf-8")
        kept = con.execute("SELECT title, pay, city FROM read_parquet(?)", [str(staged.parquet[0])]).fetchall()
    assert {row.line: row.reason for row in staged.rejected} == bad
    assert sorted(kept) == sorted(map(tuple, good))
    assert staged.read == len(lines) and staged.rows == len(good)


def test_cells_with_line_breaks_are_rows_and_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes('title,pay\n"算法\n工程师",8K\n会计\n"x",9K\n'.encode())
    with duckdb.connect() as con:
        staged = ingest_csv.stage_csv(con, path, tmp_path, columns={})
    assert (staged.rows, staged.broken_cells) == (2, 1)
    assert [(row.line, row.reason) for row in staged.rejected] == [(4, "too few cells")]


def test_many_open_quotes_are_refused_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_csv, "MAX_REPAIRS", 2)
    path = tmp_path / "posts.csv"
    path.write_bytes(b"title,pay\n" + b'a,"b\na,b\n' * 9)
    with duckdb.connect() as con, pytest.raises(TallyError, match="more than 2 rounds of unclosed quotes"):
        ingest_csv.stage_csv(con, path, tmp_path, columns={})


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("职位,薪资\n算法工程师,面议\n".encode(), "utf-8"),
        ("职位,薪资\n算法工程师,面议\n".encode("utf-8-sig"), "utf-8"),
        ("职位,薪资\n算法工程师,面议\n".encode("gb18030"), "gb18030"),
        ("职位,薪资\n算法工程师𠮷,面议\n".encode("gb18030"), "gb18030"),
        (b"title,pay\nengineer,8K\n", "utf-8"),
        ("职位,薪资\n".encode() + "算法,8K\n".encode() * 50 + b"\xff,1\n", "utf-8"),
    ],
)
def test_encodings_are_told_apart(content: bytes, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_bytes(content)
    assert ingest.detect(tmp_path / "posts.csv") == encoding


def test_names_of_columns_are_taken_once(tmp_path: Path) -> None:
    names = ["Title", "岗位名称", "salary", "教育", "学历"]
    found = ingest.map_columns(tmp_path, names, {"education": "教育"})
    assert (found["title"], found["pay"], found["education"], found["city"]) == ("Title", "salary", "教育", None)
    found = ingest.map_columns(tmp_path, ["title", "salary"], {"search": "title", "title": "salary"})
    assert (found["title"], found["search"], found["pay"]) == ("salary", "title", None)
