"""The second count stands on its own feet: four standard modules, no library, and it reproduces its committed results."""

import ast
import csv
import importlib
from pathlib import Path

import pytest
from imports import imported

FOLDER = Path(__file__).resolve().parent / "second_count"
ALLOWED = {"csv", "decimal", "math", "statistics"}
MODULES = sorted(FOLDER.glob("*.py"))
CLAIMS = [path.stem for path in MODULES if path.stem[0] == "c" and path.stem[1:].isdigit()]


def disallowed(source: str) -> set[str]:
    """Imports that are neither one of the four standard modules nor a module of the same folder; calls that import."""
    own = {"."} | {"." + path.stem for path in MODULES}
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"__import__", "exec", "eval"}
    }
    return (imported(source) - ALLOWED - own) | calls


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_imports_only_the_standard_four(path: Path) -> None:
    """Every module of the second count imports csv, decimal, math, statistics and its own folder only."""
    assert disallowed(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    "line", ["import pandas", "import recount", "from recount import tables", "from .. import conftest", "__import__('os')"]
)
def test_other_imports_are_caught(line: str) -> None:
    """The check fails on imports it must not let pass."""
    assert disallowed(line)


def test_counts_reproduce_the_committed_results() -> None:
    """All counts together give exactly the ids of results.csv and the same values, to 1e-4."""
    counts = [importlib.import_module(f"second_count.{name}").count() for name in CLAIMS]
    values = {key: value for part in counts for key, value in part.items()}
    assert len(values) == sum(len(part) for part in counts), "two counts give the same id"

    with open(FOLDER / "results.csv", encoding="utf-8", newline="") as handle:
        committed = {row["id"]: row["value"] for row in csv.DictReader(handle)}
    assert set(values) == set(committed)
    for name, value in values.items():
        if isinstance(value, str):
            assert value == committed[name], name
        else:
            assert abs(value - float(committed[name])) <= 1e-4, name
