"""Building the site: errors with a remedy, a mark on what is not published, links to services where there is an address."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from visits import BUILD

from recount import site
from recount.project import Project
from recount.site import explorer, markup, notebooks
from recount.tables import RecountError

ADDRESS = "https://github.com/someone/recount"


def ours(address: str) -> Project:
    return Project(title="Recount", version="1.2.3", authors=("Recount",), released="", address=address)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A run of notebook 06 alone, cut out of the fresh one."""
    if not (BUILD / "outputs" / "studies" / "C06.json").is_file():
        pytest.fail(f"{BUILD} holds no run. Remedy: `make test`, which runs the notebooks first.")
    run = tmp_path / "run"
    (run / "notebooks").mkdir(parents=True)
    shutil.copyfile(BUILD / "notebooks" / "06_industry_scale.ipynb", run / "notebooks" / "06_industry_scale.ipynb")
    for part in ("figures", "studies"):
        (run / "outputs" / part).mkdir(parents=True)
        for path in (BUILD / "outputs" / part).glob("C06*"):
            shutil.copyfile(path, run / "outputs" / part / path.name)
    for name in ("claims", "figures", "results"):
        records = json.loads((BUILD / "outputs" / f"{name}.json").read_text(encoding="utf-8"))
        kept = [one for one in records if one["id"].startswith("C06")]
        (run / "outputs" / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    reviews = json.loads((BUILD / "outputs" / "claimreview.jsonld").read_text(encoding="utf-8"))
    reviews["@graph"] = [one for one in reviews["@graph"] if one["@id"].startswith("#C06")]
    (run / "outputs" / "claimreview.jsonld").write_text(json.dumps(reviews), encoding="utf-8")
    return run


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Vega and without citations of tables, which take most of the time."""
    monkeypatch.setattr(site, "_vega", lambda: "")
    monkeypatch.setattr("recount.site.catalogue.citations", lambda id, kind: {})


def test_a_run_on_own_tallies_marks_every_page_and_a_configured_address_gives_links(
    small: Path, quick, monkeypatch, tmp_path: Path
):
    path = small / "outputs" / "claims.json"
    claims = [{**claim, "published": False} for claim in json.loads(path.read_text(encoding="utf-8"))]
    path.write_text(json.dumps(claims, ensure_ascii=False), encoding="utf-8")
    for module in ("recount.site", "recount.site.notebooks"):
        monkeypatch.setattr(f"{module}.project", lambda: ours(ADDRESS))
    out = site.build(small, tmp_path / "site")
    pages = list(out.rglob("*.html"))
    assert len(pages) > 7
    for page in pages:
        assert "not the published one" in page.read_text(encoding="utf-8"), page.name
    text = (out / "notebooks" / "06_industry_scale.html").read_text(encoding="utf-8")
    assert "https://mybinder.org/v2/gh/someone/recount/v1.2.3?urlpath=lab/tree/notebooks/06_industry_scale.ipynb" in text
    assert "https://colab.research.google.com/github/someone/recount/blob/v1.2.3/notebooks/06_industry_scale.ipynb" in text
    assert sorted(one.name for one in tmp_path.iterdir()) == ["run", "site"], "nothing is left beside it"


def test_a_page_sphinx_complains_about_stops_the_build_and_leaves_the_old_site(small: Path, quick, tmp_path: Path):
    path = small / "notebooks" / "06_industry_scale.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("[a link](99_no_such_notebook.ipynb)"))
    nbformat.write(notebook, path)
    old = tmp_path / "site"
    old.mkdir()
    (old / "index.html").write_text("the site of yesterday", encoding="utf-8")
    with pytest.raises(RecountError, match=r"(?s)06_industry_scale.*99_no_such_notebook.*Remedy"):
        site.build(small, old)
    assert (old / "index.html").read_text(encoding="utf-8") == "the site of yesterday"


def test_without_a_run_it_says_what_to_do(tmp_path: Path):
    with pytest.raises(RecountError, match="holds no run. Remedy: run `make`"):
        site.build(tmp_path, tmp_path / "site")


def test_a_folder_with_other_things_is_not_overwritten(small: Path, quick, tmp_path: Path):
    out = tmp_path / "holiday"
    out.mkdir()
    (out / "photo.txt").write_text("sea", encoding="utf-8")
    with pytest.raises(RecountError, match="holds other things than a site"):
        site.build(small, out)
    assert (out / "photo.txt").read_text(encoding="utf-8") == "sea"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", []),
        (ADDRESS, ["v2/gh/someone/recount/v1.2.3?", "colab.research.google.com/github/someone/recount/blob/v1.2.3/"]),
        (ADDRESS + ".git", ["v2/gh/someone/recount/v1.2.3?", "github/someone/recount/blob/"]),
        ("https://gitlab.com/group/sub/recount", ["v2/gl/group%2Fsub%2Frecount/v1.2.3?"]),
        ("https://git.example.org/recount", ["v2/git/https%3A%2F%2Fgit.example.org%2Frecount/v1.2.3?"]),
    ],
)
def test_doors_are_built_from_one_address(address: str, expected: list[str]):
    found = [url for url, _, _ in ours(address).doors("notebooks/06 a.ipynb")]
    assert len(found) == len(expected)
    for url, part in zip(found, expected, strict=True):
        assert part in url and url.endswith("notebooks/06%20a.ipynb")


def test_without_an_address_a_notebook_page_says_where_to_learn_how(small: Path, monkeypatch):
    monkeypatch.setattr("recount.site.notebooks.project", lambda: ours(""))
    page = notebooks.doors(small / "notebooks" / "06_industry_scale.ipynb", recounts=True)
    assert "about.html#run" in page
    assert "binder" not in page.lower()


def test_texts_are_escaped_in_both_languages():
    page = (
        markup.both(markup.esc("<b>"), markup.esc("“&”"))
        + markup.copy_button('say "hi" <now>')
        + markup.label("alt", 'a "b"', "甲")
    )
    assert "<b>" not in page
    assert 'data-copy="say &quot;hi&quot; &lt;now&gt;"' in page
    assert 'alt="a &quot;b&quot;"' in page


def test_words_of_neighbouring_cells_stay_apart_for_the_search():
    spaced = markup.spaced("<tr><td>one</td><td>two</td></tr><p>It&#x27;s <b>so</b>.</p>")
    assert "one</td>\n<td>two" in spaced
    assert "It's <b>so</b>." in spaced


def test_an_estimate_is_shown_with_the_decimals_of_its_verdict():
    values = explorer._values([12.345, None, [1.0, 2.0, False, False]], "percent", "12.345%")
    assert values["texts"][:2] == [["12.345%", "12.345%"], ["", ""]]
    assert values["texts"][2][0] == "1.000 to 2.000%"
    assert values["which"] == [0, 1, 2]
