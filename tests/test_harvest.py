"""Harvest: records come out of notebooks once each; the outputs made of them hold together."""

from __future__ import annotations

import json

import nbformat
import pytest

from recount import harvest, records, registry
from recount.tables import RecountError


def notebook(path, *outputs):
    cells = [
        nbformat.v4.new_code_cell(
            "x", outputs=[nbformat.v4.new_output("display_data", data=data) for data in outputs], execution_count=1
        )
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def result(id: str, value: float = 1.0) -> dict:
    return {records.MIME.format("result"): [{"id": id, "claim": "C06", "value": value}]}


def test_results_are_read_in_natural_order(tmp_path):
    path = notebook(tmp_path / "06_x.ipynb", result("C10.a"), result("C2.a"))
    assert [r["id"] for r in harvest.read([path]).results] == ["C2.a", "C10.a"]


def test_an_id_published_twice_is_refused_with_both_places(tmp_path):
    a = notebook(tmp_path / "06_x.ipynb", result("C06.a"))
    b = notebook(tmp_path / "07_y.ipynb", result("C06.a"))
    with pytest.raises(RecountError, match=r"07_y.*C06\.a.*06_x"):
        harvest.read([a, b])


def test_a_file_that_is_no_notebook_is_named(tmp_path):
    path = tmp_path / "06_x.ipynb"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(RecountError, match="06_x"):
        harvest.read([path])


def test_moved_names_what_came_went_and_changed():
    old = [{"id": "a", "value": 1}, {"id": "b", "value": 2}]
    new = [{"id": "b", "value": 3}, {"id": "c", "value": 4}]
    assert harvest.moved(old, new, ["value"]) == ["- a is gone", "~ b value: 2 → 3", "+ c = 4"]


def test_scoreboard_lists_every_claim_also_unjudged_ones():
    rows = harvest.scoreboard([])
    assert [row["id"] for row in rows] == [c.id for c in registry.claims() if c.kind != "unmeasurable"]
    assert {row["verdict"] for row in rows} == {"no notebook yet"}


def test_readme_block_is_replaced_and_nothing_else():
    text = f"above\n{harvest.BEGIN}\nold\n{harvest.END}\nbelow\n"
    made = harvest.with_block(text, harvest.readme_block([]))
    assert made.startswith("above\n")
    assert made.endswith("\nbelow\n")
    assert "old" not in made
    assert harvest.with_block(made, harvest.readme_block([])) == made
    with pytest.raises(RecountError, match="marks"):
        harvest.with_block("no marks", "x")


TERMS = {
    "ClaimReview": {
        "@type",
        "@id",
        "claimReviewed",
        "inLanguage",
        "itemReviewed",
        "author",
        "reviewRating",
        "reviewBody",
        "url",
        "datePublished",
    },
    "Claim": {"@type", "author", "datePublished", "appearance"},
    "Rating": {"@type", "alternateName", "ratingValue", "bestRating", "worstRating"},
}
"""Properties that schema.org defines for these types (those used here)."""


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("verdict", ["reproduced", "depends", "not testable", "indicated"])
def test_claim_review_uses_schema_org_s_terms(verdict, published):
    made = harvest.claim_review(
        {
            "id": "C06a",
            "verdict": verdict,
            "indication": "for" if verdict == "indicated" else "",
            "statement_en": "x",
            "may_write_en": "y",
            "published": published,
        }
    )
    assert (made["author"]["name"] == "Recount") == published, "a reader's own count is not ours"
    assert set(made) <= TERMS["ClaimReview"]
    assert set(made["itemReviewed"]) <= TERMS["Claim"]
    rating = made["reviewRating"]
    assert set(rating) <= TERMS["Rating"]
    assert ("ratingValue" in rating) == (verdict in harvest.RATED)
    assert rating["alternateName"].startswith(verdict)
    json.dumps(made)
