"""Defects planted in a copy of the repository turn the tests red: each silent green of nbval, and edits of table cells.

Slow: every case runs notebooks or tests of its own. The copy has the run that `make test` made, so that what turns
red is the defect and not a missing build.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow

PARTS = ("CITATION.cff", "README.md", "conftest.py", "pyproject.toml", "data", "lib", "notebooks", "outputs", "tests")


@pytest.fixture
def copy(tmp_path) -> Path:
    """The repository as it is, with times kept (a build is refused if it is older than what it was made from)."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for part in PARTS:
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / part)
    shutil.copytree(ROOT / "build" / "outputs", folder / "build" / "outputs")
    shutil.copytree(ROOT / "build" / "notebooks", folder / "build" / "notebooks")
    return folder


def rewrite(path: Path, text: str | bytes) -> None:
    """Change a file and keep its time, as a careless or a careful hand could."""
    before = path.stat()
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def pytest_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("RECOUNT_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


OUTPUTS = ("tests/test_outputs.py",)
NOTEBOOKS = ("tests/test_notebooks.py", "-k", "test_rule_holds")
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", "notebooks/06_industry_scale.ipynb")


def edit_notebook(folder: Path, change) -> None:
    path = folder / "notebooks" / "06_industry_scale.ipynb"
    nb = nbformat.read(path, as_version=4)
    change(nb)
    rewrite(path, nbformat.writes(nb))


def stored_number(folder: Path) -> None:
    def change(nb):
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                text = output.get("data", {}).get("text/plain", "")
                if "C06.share.official.2024" in text:
                    output["data"]["text/plain"] = text.replace("36.0", "39.9")

    edit_notebook(folder, change)


def typed_number(folder: Path) -> None:
    edit_notebook(
        folder, lambda nb: nb.cells.append(nbformat.v4.new_markdown_cell("The share is 39.87 percent.", id="planted"))
    )


def stripped(folder: Path) -> None:
    def change(nb):
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None

    edit_notebook(folder, change)


def other_picture(folder: Path) -> None:
    from PIL import Image

    def change(nb):
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                png = output.get("data", {}).get("image/png")
                if png:
                    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
                    picture.paste((200, 30, 30), (100, 100, 300, 200))
                    out = io.BytesIO()
                    picture.save(out, "png")
                    output["data"]["image/png"] = base64.b64encode(out.getvalue()).decode()

    edit_notebook(folder, change)


def figure_file(folder: Path) -> None:
    path = next(folder.glob("outputs/figures/C06-share.svg"))
    rewrite(path, path.read_text(encoding="utf-8").replace("M ", "M 1", 1))


def figure_data(folder: Path) -> None:
    path = folder / "outputs/figures/C06-share.csv"
    rewrite(path, path.read_text(encoding="utf-8").replace("36", "39", 1))


def result_value(folder: Path) -> None:
    path = folder / "outputs/results.json"
    rewrite(path, path.read_text(encoding="utf-8").replace("1637.92", "1737.92"))


def verdict(folder: Path) -> None:
    path = folder / "outputs/claims.json"
    rewrite(path, path.read_text(encoding="utf-8").replace('"verdict": "depends"', '"verdict": "reproduced"', 1))


def readme_verdict(folder: Path) -> None:
    path = folder / "README.md"
    rewrite(path, path.read_text(encoding="utf-8").replace("◆ depends", "✔ reproduced", 1))


@pytest.mark.parametrize(
    ("plant", "tests"),
    [
        (stored_number, NBVAL),
        (typed_number, NOTEBOOKS),
        (stripped, NOTEBOOKS),
        (other_picture, OUTPUTS),
        (figure_file, OUTPUTS),
        (figure_data, OUTPUTS),
        (result_value, OUTPUTS),
        (verdict, OUTPUTS),
        (readme_verdict, OUTPUTS),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_planted_defect_turns_the_tests_red(copy: Path, plant, tests):
    clean = pytest_in(copy, *tests)
    assert clean.returncode == 0, clean.stdout[-3000:]
    plant(copy)
    found = pytest_in(copy, *tests)
    assert found.returncode == 1, found.stdout[-3000:]


# --- edits of table cells ------------------------------------------------------------------------------------------

HEADLINE_COLUMNS: dict[str, tuple[str, str, dict[str, tuple[str, ...]]]] = {
    "ollama_pulls": ("01", "pulls", {"snapshot_date": ("2023-12-20", "2024-12-10", "2025-12-01")}),
    "papers_sets": (
        "02",
        "papers",
        {"venue": ("AAAI", "CVPR", "ICCV", "ICML", "NeurIPS"), "year": ("2021", "2022", "2023", "2024")},
    ),
    "mmlu_scores": ("03", "mmlu_percent", {"country": ("US", "CN"), "reported_by": ("self",)}),
    "conference_authors_by_city": ("04", "author_slots", {}),
    "regional_figures": ("06", "value", {"figure_id": ("P02", "P03")}),
    "posts": ("10", "n", {"data_set": ("J03",), "class_v1": ("algorithm", "ai_engineering"), "pay_unit": ("month", "year")}),
}
"""Table → notebook to run, column its headline uses, and the rows that serve it: column → values."""


def edited(number: str, column: str) -> str:
    """Another number of the same kind: a count grows by half, a percentage by an eighth at most to 99.5, any other shrinks."""
    if re.fullmatch(r"\d+", number):
        return str(int(int(number) * 1.5) + 40)
    if column.endswith("percent"):
        return f"{min(float(number) * 1.125, 99.5):.1f}"
    return f"{float(number) * 0.9:.2f}"


def edit_one_cell(folder: Path, name: str, seed: int) -> str:
    """Change one number of a column a headline uses, update the hash to match, and say what was changed."""
    _, column, serving = HEADLINE_COLUMNS[name]
    package_path = folder / "data/datapackage.json"
    package = json.loads(package_path.read_text(encoding="utf-8"))
    entry = next(r for r in package["resources"] if r["name"] == name)
    path = folder / "data" / entry["path"]
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    places = {one: place for place, one in enumerate(rows[0])}
    at = places[column]
    able = [
        line
        for line, row in enumerate(rows)
        if line and row[at] and all(row[places[key]] in values for key, values in serving.items())
    ]
    # a change that could matter: the largest numbers weigh most, so draw among the upper half
    able.sort(key=lambda line: -float(rows[line][at]))
    line = random.Random(seed).choice(able[: max(1, len(able) // 2)])
    old, rows[line][at] = rows[line][at], edited(rows[line][at], column)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    raw = out.getvalue().encode("utf-8")
    path.write_bytes(raw)
    entry |= {"bytes": len(raw), "hash": "sha256:" + hashlib.sha256(raw).hexdigest()}
    package_path.write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    return f"{name}, line {line + 1}, {column}: {old} → {rows[line][at]}"


@pytest.mark.parametrize("name", HEADLINE_COLUMNS)
def test_an_edited_cell_with_a_matching_hash_changes_a_checked_output(copy: Path, name: str):
    notebook = HEADLINE_COLUMNS[name][0]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RECOUNT_")} | {"PYTHONPATH": str(copy / "lib")}
    silent = []
    for seed in range(3):
        shutil.rmtree(copy / "data")
        shutil.copytree(ROOT / "data", copy / "data")
        what = edit_one_cell(copy, name, seed)
        run = [sys.executable, "-m", "recount", "run", "--only", notebook, "--out", str(copy / "build")]
        done = subprocess.run(run, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0 and all(
            (copy / "build/outputs" / file).read_bytes() == (ROOT / "outputs" / file).read_bytes()
            for file in ("results.json", "claims.json")
        ):
            silent.append(what)
    assert not silent, f"these edits changed no result: {silent}"
