"""The second count stands on its own feet: four standard modules, no library, and it reproduces its committed results."""

import ast
import csv
import importlib
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "second_count"
ALLOWED = {"csv", "decimal", "math", "statistics"}
MODULES = sorted(FOLDER.glob("*.py"))
CLAIMS = [path.stem for path in MODULES if path.stem[0] == "c" and path.stem[1:].isdigit()]


def imported(source: str) -> set[str]:
    """Names of the modules a source imports; those of its own folder begin with a dot."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


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
    sys.path.insert(0, str(HERE))
    try:
        counts = [importlib.import_module(f"second_count.{name}").count() for name in CLAIMS]
    finally:
        sys.path.remove(str(HERE))
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
