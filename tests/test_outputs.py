"""A fresh run gives what is committed; the outputs are complete; an independent count agrees.

`make test` executes copies of all notebooks into ``build/`` before it starts pytest; these tests compare that run with
what is committed, and refuse a run that is older than what it was made from.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import jsonschema
import nbformat
import numpy as np
import pytest

from recount import harvest, registry, tables, wording

ROOT = Path(__file__).resolve().parents[1]
COMMITTED = ROOT / "outputs"
PIXEL_TOLERANCE = 3.0
"""Root mean square of 0 … 255: anti-aliasing differs a little between processors, a moved mark differs more."""


@pytest.fixture(scope="session")
def fresh() -> Path:
    """Folder of the run that `make test` has just made."""
    made = ROOT / "build" / "outputs" / "claims.json"
    parts = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("data/**/*.*"), *ROOT.glob("lib/recount/**/*.py")]
    if not made.is_file() or made.stat().st_mtime < max(part.stat().st_mtime for part in parts):
        pytest.fail(
            "build/outputs is missing or older than notebooks, data or lib. Remedy: `make test`, which runs them first."
        )
    return ROOT / "build"


def load(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


CLAIMS = load(COMMITTED / "claims.json")
RESULTS = load(COMMITTED / "results.json")


# --- a fresh run gives what is committed ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["results.json", "claims.json", "figures.json", "claimreview.jsonld"])
def test_fresh_records_equal_the_committed(fresh: Path, name: str):
    assert load(fresh / "outputs" / name) == load(COMMITTED / name)


def test_fresh_notebooks_equal_the_committed(fresh: Path):
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        mine, run = (nbformat.read(p, as_version=4) for p in (path, fresh / "notebooks" / path.name))
        assert len(mine.cells) == len(run.cells)
        for a, b in zip(mine.cells, run.cells, strict=True):
            assert a.source == b.source
            assert without_pictures(a) == without_pictures(b), f"{path.stem}, cell {a.id}: output differs from a fresh run"
            for left, right in zip(pictures(a), pictures(b), strict=True):
                assert pixels_apart(left, right) < PIXEL_TOLERANCE, f"{path.stem}, cell {a.id}: the picture differs"


def without_pictures(cell) -> list:
    return [
        {
            **o,
            "data": {k: v for k, v in o.get("data", {}).items() if k != "image/png"},
            "metadata": None,
            "execution_count": None,
        }
        for o in cell.get("outputs", [])
    ]


def pictures(cell) -> list[bytes]:
    import base64

    return [base64.b64decode(o["data"]["image/png"]) for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]


def pixels_apart(left: bytes, right: bytes) -> float:
    from PIL import Image

    a, b = (np.asarray(Image.open(io.BytesIO(x)).convert("RGB"), dtype=float) for x in (left, right))
    return 255.0 if a.shape != b.shape else float(np.sqrt(((a - b) ** 2).mean()))


def test_fresh_figure_files_equal_the_committed(fresh: Path):
    mine, run = ({p.name for p in (folder / "figures").glob("*")} for folder in (COMMITTED, fresh / "outputs"))
    assert mine == run
    for name in sorted(mine):
        a, b = (folder / "figures" / name for folder in (COMMITTED, fresh / "outputs"))
        if name.endswith(".png"):
            assert pixels_apart(a.read_bytes(), b.read_bytes()) < PIXEL_TOLERANCE, name
        elif name.endswith(".svg"):
            assert same_svg(a.read_text(encoding="utf-8"), b.read_text(encoding="utf-8")), name
        else:
            assert a.read_bytes() == b.read_bytes(), name


NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def same_svg(left: str, right: str) -> bool:
    """Equal drawings: the same elements in the same order, coordinates equal to a twentieth of a point.

    Processors differ in the last digits of a layout, and matplotlib names clip paths and markers by a hash of their
    coordinates: names are therefore numbered by first appearance before the comparison.
    """
    left, right = renamed(left), renamed(right)
    if NUMBER.sub("#", left) != NUMBER.sub("#", right):
        return False
    a, b = (np.array([float(x) for x in NUMBER.findall(text)]) for text in (left, right))
    return bool(np.allclose(a, b, atol=0.05))


HASHED = re.compile(r"(?<=[\"#])(?:[a-z]|C[0-9a-f]+_[0-9a-f]+_)[0-9a-f]{10}(?=[\")])")
"""Names that matplotlib makes by hashing: of clip paths, markers, hatches, and of the paths of a collection."""


def renamed(svg: str) -> str:
    names: dict[str, str] = {}
    return HASHED.sub(lambda found: names.setdefault(found[0], f"n{len(names)}"), svg)


def test_svg_comparison_sees_a_moved_mark_and_no_renamed_clip():
    drawn = '<g clip-path="url(#pa1b2c3d4e5)"><path d="M 10.001 20.5 L 30.25 40.125"/></g><clipPath id="pa1b2c3d4e5"/>'
    assert same_svg(drawn, drawn.replace("pa1b2c3d4e5", "pffffffffff").replace("10.001", "10.002"))
    assert not same_svg(drawn, drawn.replace("30.25", "31.25"))
    assert not same_svg(drawn, drawn.replace("<path", "<rect"))


def test_every_published_figure_has_its_files():
    ids = {figure["id"] for figure in load(COMMITTED / "figures.json")}
    assert {f"{id}.{end}" for id in ids for end in ("svg", "png", "csv")} == {p.name for p in (COMMITTED / "figures").glob("*")}


# --- complete ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["results", "claims"])
def test_outputs_follow_their_schema(name: str):
    schema = load(ROOT / "data" / f"{name}.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(load(COMMITTED / f"{name}.json"), schema)


def test_every_atomic_claim_has_exactly_one_verdict():
    wanted = [claim.id for claim in registry.claims() if claim.kind != "unmeasurable"]
    assert sorted(c["id"] for c in CLAIMS) == sorted(wanted)


def test_every_reason_names_its_evidence():
    for claim in CLAIMS:
        assert wording.EVIDENCE[claim["evidence"]].en in claim["reason_en"], claim["id"]
        assert wording.EVIDENCE[claim["evidence"]].zh in claim["reason_zh"], claim["id"]
        if claim["evidence"] not in ("none", "report_only"):
            assert claim["tables"], f"{claim['id']}: no table named"


def test_sentences_are_complete():
    for claim in CLAIMS:
        for part in ("may_write", "may_not_write", "missing"):
            for lang in ("en", "zh"):
                text = claim[f"{part}_{lang}"]
                assert text and "{" not in text and "nan" not in text.split(), (claim["id"], part, lang, text)
        if claim["verdict"] == "depends":
            assert claim["turns_on_en"] and claim["turns_on_zh"], f"{claim['id']} depends, but does not say on what"


def test_weak_rows_decide_nothing():
    for claim in CLAIMS:
        if claim["verdict"] in ("reproduced", "contradicted", "corroborated", "documented", "indicated"):
            assert claim["evidence"] not in ("press", "commercial", "report_only", "none"), claim["id"]


def test_every_table_feeds_a_result_or_a_comparison():
    used = {name for record in [*RESULTS, *CLAIMS, *load(COMMITTED / "figures.json")] for name in record["tables"]}
    text = "".join(p.read_text(encoding="utf-8") for p in [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("lib/recount/**/*.py")])
    unused = [name for name in tables.table_names() if name not in used and not re.search(rf"""["'\\]{name}["'\\]""", text)]
    assert unused == []


def test_readme_holds_the_scoreboard_of_the_outputs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert harvest.readme_block(CLAIMS) in readme


def test_headlines_are_the_studies_defaults(fresh: Path):
    studies = {path.stem: load(path) for path in (fresh / "outputs" / "studies").glob("*.json")}
    assert studies
    for id, study in studies.items():
        declared = registry.headline(id)
        defaults = {axis["name"]: axis["default"] for axis in study["axes"]}
        assert {axis: declared.get(axis) for axis in defaults} == defaults, id


# --- an independent count agrees -----------------------------------------------------------------------------------


def second_count() -> dict[str, str]:
    with open(ROOT / "tests" / "second_count" / "results.csv", encoding="utf-8", newline="") as stream:
        return {row["id"]: row["value"] for row in csv.DictReader(stream)}


@pytest.mark.parametrize(("id", "value"), sorted(second_count().items()))
def test_second_count_agrees(id: str, value: str):
    mine = {record["id"]: record["value"] for record in RESULTS}
    assert id in mine, f"required result {id} is not published"
    if isinstance(mine[id], str):
        assert mine[id] == value
    else:
        assert float(value) == pytest.approx(mine[id], abs=1e-4)
