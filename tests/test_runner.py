"""A run executes copies, judges, and loses nothing: not a person's edit, not the last good build, not a half-made one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from recount import runner, tables
from recount.tables import RecountError

ROOT = Path(__file__).resolve().parents[1]
RESULT = """from recount import records
records.result("C06.made_up", {value}, "percent", "It is {{value}}.", as_of="2024", tables_used=["regional_figures"])"""


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    """A small repository: the real data (linked), one notebook; the library finds it through RECOUNT_DATA."""
    folder = tmp_path / "a clone 仓库"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "data").symlink_to(ROOT / "data")
    write(folder, "06_made_up", RESULT.format(value=1))
    monkeypatch.setenv("RECOUNT_DATA", str(folder / "data"))
    monkeypatch.delenv("RECOUNT_TALLIES", raising=False)
    return folder


def write(folder: Path, name: str, *cells: str) -> Path:
    path = folder / "notebooks" / f"{name}.ipynb"
    made = [nbformat.v4.new_code_cell(source, id=f"cell-{at}") for at, source in enumerate(cells)]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def digests(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def test_run_writes_the_build_and_no_notebook(repository):
    before = digests(repository / "notebooks")
    found = runner.run(repository / "build")
    assert digests(repository / "notebooks") == before
    assert found.results[0]["value"] == 1
    assert json.loads((repository / "build/outputs/results.json").read_text(encoding="utf-8")) == found.results
    executed = nbformat.read(repository / "build/notebooks/06_made_up.ipynb", as_version=4)
    assert executed.cells[0].execution_count == 1
    assert "execution" not in executed.cells[0].metadata, "time stamps would change every run"


def test_two_runs_are_byte_identical(repository):
    runner.run(repository / "build")
    first = digests(repository / "build")
    runner.run(repository / "build")
    assert digests(repository / "build") == first


def test_a_failing_notebook_is_named_and_the_last_build_stays(repository):
    runner.run(repository / "build")
    before = digests(repository / "build")
    write(repository, "07_broken", "1 / 0")
    with pytest.raises(RecountError, match=r"07_broken.*ZeroDivisionError"):
        runner.run(repository / "build")
    assert digests(repository / "build") == before


def test_refresh_writes_nothing_if_one_notebook_fails_and_keeps_an_edit(repository):
    edited = write(repository, "06_made_up", RESULT.format(value=2) + "\n# a person's remark")
    write(repository, "07_broken", "1 / 0")
    before = digests(repository / "notebooks")
    with pytest.raises(RecountError, match="07_broken"):
        runner.refresh()
    assert digests(repository / "notebooks") == before
    (repository / "notebooks" / "07_broken.ipynb").unlink()
    lines = runner.refresh()
    assert "a person's remark" in edited.read_text(encoding="utf-8")
    assert lines == ["+ C06.made_up = 2 None None None"]
    assert runner.refresh() == []


def test_only_takes_the_others_as_they_are(repository):
    runner.refresh()
    write(repository, "07_other", RESULT.format(value=3).replace("C06", "C07"))
    found = runner.run(repository / "build", only=["07"])
    assert {r["id"]: r["value"] for r in found.results} == {"C06.made_up": 1, "C07.made_up": 3}


def test_an_unknown_number_is_answered_with_what_there_is(repository):
    with pytest.raises(RecountError, match="no notebook begins with '42'.*06_made_up"):
        runner.run(repository / "build", only=["42"])


def test_a_folder_without_tallies_is_refused(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("RECOUNT_TALLIES", str(tmp_path))
    with pytest.raises(RecountError, match="holds none of"):
        runner.run(repository / "build")


def test_refresh_refuses_own_tallies(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("RECOUNT_TALLIES", str(tmp_path))
    with pytest.raises(RecountError, match="RECOUNT_TALLIES"):
        runner.refresh()


def test_a_notebook_outside_the_repository_says_what_to_do(tmp_path):
    lone = tmp_path / "lib"
    shutil.copytree(ROOT / "lib" / "recount", lone / "recount")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RECOUNT_")} | {"PYTHONPATH": str(lone)}
    done = subprocess.run(
        [sys.executable, "-c", "from recount import tables; tables.load('claims')"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "open the notebook inside a clone" in done.stderr


def test_the_command_line_prints_one_line_for_an_error(repository):
    done = subprocess.run(
        [sys.executable, "-m", "recount", "run", "--only", "42", "--out", str(repository / "build")],
        env=os.environ | {"PYTHONPATH": str(ROOT / "lib")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("recount: ")
    assert "Traceback" not in done.stderr


def test_writing_is_all_or_nothing(tmp_path, monkeypatch):
    target = tmp_path / "x.json"
    tables.write_atomically(target, "old")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        tables.write_atomically(target, "new")
    assert target.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.json"]
