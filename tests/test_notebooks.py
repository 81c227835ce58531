"""Notebooks keep their anatomy, and the four silent greens of nbval are shut.

nbval alone passes a notebook whose outputs were stripped, whose pictures were replaced, whose cells carry ignore
marks, or whose prose holds typed numbers. Every rule here is a function from a notebook to a list of problems; it must
find nothing in the committed notebooks and something in a copy with one planted defect.
"""

from __future__ import annotations

import ast
import base64
import copy
import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from recount import registry

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
SECTIONS = ("claim", "tables", "recount", "figure", "multiverse", "published", "verdict", "settle", "cite")
MAX_LINES = 15
MAX_BYTES = 400_000
FIGURE = "application/vnd.recount.figure+json"

Notebook = Any
Rule = Callable[[Notebook, str], list[str]]


def code_cells(nb: Notebook) -> list[Any]:
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def markdown(nb: Notebook) -> list[Any]:
    return [cell for cell in nb.cells if cell.cell_type == "markdown"]


def is_claim(name: str) -> bool:
    return not name.startswith(("00_", "99_"))


# --- silent greens -------------------------------------------------------------------------------------------------


def executed_in_order(nb: Notebook, name: str) -> list[str]:
    """Silent green 1: nbval never compares a cell without an execution count and outputs."""
    counts = [cell.execution_count for cell in code_cells(nb)]
    return [] if counts == list(range(1, len(counts) + 1)) else [f"execution counts are {counts}, not 1 to {len(counts)}"]


def every_code_cell_says_something(nb: Notebook, name: str) -> list[str]:
    """Silent green 1: only the import cell and cells that only assign may be silent."""
    problems = []
    for cell in code_cells(nb):
        if cell.outputs:
            continue
        body = ast.parse(cell.source).body
        if not all(isinstance(node, ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign) for node in body):
            problems.append(f"cell {cell.id} runs but shows nothing")
    return problems


def pictures_have_a_text_twin(nb: Notebook, name: str) -> list[str]:
    """Silent green 2: nbval never compares pictures, so each needs the data drawn as text, and its record."""
    problems = []
    for cell in code_cells(nb):
        for output in cell.outputs:
            data = output.get("data", {})
            if any(mime.startswith("image/") for mime in data):
                twin = data.get("text/plain", "")
                if FIGURE not in data or len(twin.splitlines()) < 3 or "<Figure" in twin or "text/html" in data:
                    problems.append(f"cell {cell.id}: a picture without its text twin and record")
                elif len(base64.b64decode(data.get("image/png", ""))) < 5_000:
                    problems.append(f"cell {cell.id}: the picture is too small to be a figure")
    return problems


def no_escape_marks(nb: Notebook, name: str) -> list[str]:
    """Silent green 3: no mark that makes nbval skip a cell or its output."""
    problems = []
    for cell in nb.cells:
        tags = " ".join(cell.metadata.get("tags", []))
        if re.search(r"nbval|raises-exception|skip-execution|ignore-output", f"{tags} {cell.metadata}", re.I):
            problems.append(f"cell {cell.id}: tag or metadata that hides it from nbval")
        if cell.cell_type == "code" and re.search(r"nbval|PYTEST_VALIDATE", cell.source, re.I):
            problems.append(f"cell {cell.id}: comment that hides it from nbval")
    return problems


NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half twice double dozen "
    "quarter third tenth"
).split()
TYPED = re.compile(
    r"(?<![A-Za-z0-9_])\d[\d,]*(?:\.\d+)?|\b(?:"
    + "|".join(NUMBER_WORDS)
    + r")s?\b|[一二三四五六七八九十百千万亿两半]+(?=[个家篇人年成倍次种条份项元%个])",
    re.I,
)
NOT_PROSE = re.compile(r"`[^`]*`|\]\([^)]*\)|<[^>]+>|https?://\S+")
IDS = re.compile(r"^# \d{2} ·|\b[A-Z]{1,4}\d{1,3}[a-z]?\b|\b\d{2}_[a-z_]+", re.M)


def allowed_numbers() -> set[str]:
    """Numbers prose may type: registry values, years of claims, ISO dates of the register, and the allow list."""
    allowed: set[str] = set()
    for claim in registry.claims():
        for text in (claim.printed_en, claim.printed_zh, claim.period, claim.statement_en, claim.statement_zh):
            allowed |= {token.lower() for token in TYPED.findall(text)} | {t.replace(",", "") for t in TYPED.findall(text)}
    with open(ROOT / "tests" / "typed_numbers.csv", encoding="utf-8", newline="") as stream:
        allowed |= {row["token"].lower() for row in csv.DictReader(stream)}
    return allowed


def no_typed_numbers(nb: Notebook, name: str) -> list[str]:
    """Silent green 4: Markdown is never a test, so a number typed there could say anything."""
    allowed = allowed_numbers()
    problems = []
    for cell in markdown(nb):
        prose = IDS.sub(" ", NOT_PROSE.sub(" ", cell.source))
        typed = {t for t in TYPED.findall(prose) if t.lower() not in allowed and t.replace(",", "") not in allowed}
        if typed:
            problems.append(f"cell {cell.id}: typed {sorted(typed)}")
    return problems


# --- anatomy -------------------------------------------------------------------------------------------------------


def clean_outputs(nb: Notebook, name: str) -> list[str]:
    problems = []
    for cell in code_cells(nb):
        for output in cell.outputs:
            text = str(output.get("data", "")) + str(output.get("text", ""))
            if output.output_type == "error" or output.get("name") == "stderr":
                problems.append(f"cell {cell.id}: error or warning in its output")
            if "dataframe" in text and "<style" in text or 'class="dataframe"' in text:
                problems.append(f"cell {cell.id}: pandas' own HTML; show tables with records.table()")
            if re.search(r"/(home|root|work|tmp|Users)/|[A-Z]:\\\\|0x[0-9a-f]{6,}", text):
                problems.append(f"cell {cell.id}: a path or an address in its output")
            if output.output_type == "execute_result":
                problems.append(f"cell {cell.id}: a bare last expression; publish it through records")
    return problems


def short_cells(nb: Notebook, name: str) -> list[str]:
    return [
        f"cell {cell.id}: {len(cell.source.splitlines())} lines"
        for cell in code_cells(nb)
        if len(cell.source.splitlines()) > MAX_LINES
    ]


def starts_with_imports(nb: Notebook, name: str) -> list[str]:
    body = ast.parse(code_cells(nb)[0].source).body
    problems = (
        []
        if all(isinstance(node, ast.Import | ast.ImportFrom) for node in body)
        else ["the first code cell is not the imports"]
    )
    heavy = re.compile(r"\b(ibis|frictionless|sphinx|duckdb|pyspark|altair)\b")
    problems += [
        f"cell {c.id}: imports {m[0]}"
        for c in code_cells(nb)
        if (m := re.search(r"^\s*(?:import|from)\s.*", c.source, re.M)) and heavy.search(m[0])
    ]
    return problems


def nine_sections_in_order(nb: Notebook, name: str) -> list[str]:
    if not is_claim(name):
        return []
    seen = [tag for cell in nb.cells for tag in cell.metadata.get("tags", []) if tag in SECTIONS]
    return [] if seen == list(SECTIONS) else [f"sections are {seen}"]


def headings_are_questions(nb: Notebook, name: str) -> list[str]:
    if not is_claim(name):
        return []
    problems = []
    for cell in markdown(nb):
        first = cell.source.splitlines()[0] if cell.source else ""
        tagged = [tag for tag in cell.metadata.get("tags", []) if tag in SECTIONS]
        if tagged and not re.fullmatch(r"## .+\?", first):
            problems.append(f"cell {cell.id}: section {tagged[0]} does not open with a question: {first!r}")
    headings = [line for cell in markdown(nb) for line in cell.source.splitlines() if line.startswith("## ")]
    return problems + [f"heading twice: {h}" for h in {h for h in headings if headings.count(h) > 1}]


def has_summary(nb: Notebook, name: str) -> list[str]:
    if not is_claim(name):
        return []
    tagged = [cell for cell in nb.cells if "summary" in cell.metadata.get("tags", [])]
    shown = str(tagged[0].outputs) if len(tagged) == 1 else ""
    return [] if "中文摘要" in shown and "尚未运行" not in shown else ["no 中文摘要 with the results"]


def has_a_figure(nb: Notebook, name: str) -> list[str]:
    found = any(FIGURE in o.get("data", {}) for c in code_cells(nb) for o in c.outputs)
    return [] if found or name.startswith("00_") else ["no figure"]


def small_enough(nb: Notebook, name: str) -> list[str]:
    size = len(nbformat.writes(nb).encode())
    return [] if size <= MAX_BYTES else [f"{size:,} bytes stored, more than {MAX_BYTES:,}"]


RULES: tuple[Rule, ...] = (
    executed_in_order, every_code_cell_says_something, pictures_have_a_text_twin, no_escape_marks, no_typed_numbers,
    clean_outputs, short_cells, starts_with_imports, nine_sections_in_order, headings_are_questions, has_summary, has_a_figure,
    small_enough,
)  # fmt: skip


def test_there_are_notebooks():
    assert len(NOTEBOOKS) == 15, [path.stem for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_rule_holds(path: Path, rule: Rule):
    nb = nbformat.read(path, as_version=4)
    nbformat.validate(nb)
    assert rule(nb, path.stem) == []


# --- each rule can fail --------------------------------------------------------------------------------------------


def _strip(nb):
    for cell in code_cells(nb):
        cell.execution_count, cell.outputs = None, []


def _silence(nb):
    cell = next(c for c in code_cells(nb) if c.outputs)
    cell.outputs = []


def _figure_cell(nb):
    return next(o for c in code_cells(nb) for o in c.outputs if "image/png" in o.get("data", {}))


def _one_pixel(nb):
    _figure_cell(nb)["data"]["image/png"] = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )


def _no_twin(nb):
    _figure_cell(nb)["data"]["text/plain"] = "<Figure size 640x480>"


def _append(cell_type: str, source: str, **more):
    def plant(nb):
        make = nbformat.v4.new_markdown_cell if cell_type == "markdown" else nbformat.v4.new_code_cell
        cell = make(source, id="planted")
        for key, value in more.items():
            cell[key] = value
        if cell_type == "code":
            cell.execution_count = len(code_cells(nb)) + 1
        nb.cells.append(cell)

    return plant


def _output(**more):
    return [nbformat.from_dict({"metadata": {}, **more})]


def _move_section(nb):
    at = next(i for i, c in enumerate(nb.cells) if "tables" in c.metadata.get("tags", []))
    nb.cells.insert(0, nb.cells.pop(at))


def _flat_heading(nb):
    cell = next(c for c in nb.cells if "figure" in c.metadata.get("tags", []))
    cell.source = "## The figure"


def _drop(tag):
    def plant(nb):
        nb.cells = [c for c in nb.cells if tag not in c.metadata.get("tags", [])]

    return plant


def _drop_figures(nb):
    nb.cells = [c for c in nb.cells if not any("image/png" in o.get("data", {}) for o in c.get("outputs", []))]


def _code_first(nb):
    nb.cells.insert(0, nbformat.v4.new_code_cell("x = 1", id="planted"))


PLANTED: list[tuple[Rule, Callable[[Any], None]]] = [
    (executed_in_order, _strip),
    (every_code_cell_says_something, _silence),
    (pictures_have_a_text_twin, _one_pixel),
    (pictures_have_a_text_twin, _no_twin),
    (no_escape_marks, _append("code", "# NBVAL_IGNORE_OUTPUT\nprint(1)")),
    (no_escape_marks, _append("markdown", "x", metadata=nbformat.from_dict({"tags": ["raises-exception"]}))),
    (no_typed_numbers, _append("markdown", "The share is 41.7 percent.")),
    (no_typed_numbers, _append("markdown", "It rose by seventeen points.")),
    (no_typed_numbers, _append("markdown", "占比增长了十九倍。")),
    (clean_outputs, _append("code", "x", outputs=_output(output_type="stream", name="stderr", text="Warning"))),
    (clean_outputs, _append("code", "x", outputs=_output(output_type="stream", name="stdout", text="/home/me/x.csv"))),
    (
        clean_outputs,
        _append("code", "x", outputs=_output(output_type="display_data", data={"text/html": '<table class="dataframe">'})),
    ),
    (short_cells, _append("code", "\n".join(f"x{i} = {i}" for i in range(MAX_LINES + 1)))),
    (starts_with_imports, _code_first),
    (nine_sections_in_order, _move_section),
    (headings_are_questions, _flat_heading),
    (has_summary, _drop("summary")),
    (has_a_figure, _drop_figures),
    (small_enough, _append("markdown", "x" * (MAX_BYTES + 1))),
]


@pytest.mark.parametrize(("rule", "plant"), PLANTED, ids=[f"{r.__name__}-{i}" for i, (r, _) in enumerate(PLANTED)])
def test_rule_finds_a_planted_defect(rule: Rule, plant: Callable[[Any], None]):
    path = next(p for p in NOTEBOOKS if is_claim(p.stem))
    nb = copy.deepcopy(nbformat.read(path, as_version=4))
    before = rule(nb, path.stem)
    plant(nb)
    assert len(rule(nb, path.stem)) > len(before)


def test_every_rule_has_a_planted_defect():
    assert {rule for rule, _ in PLANTED} == set(RULES)
