"""The built site without a browser: links and anchors resolve, nothing comes from elsewhere, everything is there and small."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from visits import Page

from recount import registry, tables
from recount.site.built import Built

PAGE_BYTES, SITE_BYTES = 1_500_000, 40_000_000
TERMS = {
    "ClaimReview": set(
        "@type @id claimReviewed inLanguage itemReviewed author reviewRating reviewBody url datePublished".split()
    ),
    "Claim": set("@type author datePublished appearance firstAppearance".split()),
    "Rating": set("@type alternateName ratingValue bestRating worstRating".split()),
}
"""Terms of schema.org that a review of ours may use (schema.org/ClaimReview, Claim, Rating)."""


def inside(link: str) -> bool:
    return not urlsplit(link).scheme and not link.startswith("//")


def test_every_internal_link_and_anchor_resolves(site: Path, pages: dict[str, Page]):
    broken = []
    for name, page in pages.items():
        for link in filter(inside, page.links):
            parts = urlsplit(link)
            target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                broken.append(f"{name}: {link} leads nowhere")
            elif parts.fragment and target.suffix == ".html" and "=" not in parts.fragment:
                there = pages[target.relative_to(site.resolve()).as_posix() if parts.path else name]
                if unquote(parts.fragment) not in there.ids:
                    broken.append(f"{name}: {link} has no such anchor")
    assert broken == []


def test_ids_stand_once_on_a_page(pages: dict[str, Page]):
    twice = [f"{name}: {id}" for name, page in pages.items() for id in set(page.ids) if page.ids.count(id) > 1]
    assert twice == []


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Page]):
    foreign = [
        f"{name}: {what}"
        for name, page in pages.items()
        for what in page.loaded
        if not inside(what) and not what.startswith("data:")
    ]
    assert foreign == []
    missing = [
        f"{name}: {what}" for name, page in pages.items() for what in page.loaded
        if inside(what) and not (page.path.parent / unquote(urlsplit(what).path)).is_file()
    ]  # fmt: skip
    assert missing == []


def test_style_sheets_load_nothing_from_elsewhere(site: Path):
    for path in site.rglob("*.css"):
        found = re.findall(r"(?:@import|url\()\s*['\"]?(?:https?:)?//[^)'\"\s]*", path.read_text(encoding="utf-8"))
        assert found == [], path.name


def test_pages_and_site_are_small(site: Path, pages: dict[str, Page]):
    heavy = {}
    for name, page in pages.items():
        parts = {page.path} | {(page.path.parent / unquote(urlsplit(one).path)).resolve() for one in page.loaded if inside(one)}
        whole = sum(part.stat().st_size for part in parts)
        if whole > PAGE_BYTES:
            heavy[name] = whole
    assert heavy == {}, "pages with all they load, in bytes"
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) <= SITE_BYTES


def test_every_claim_has_its_anchor_and_its_row(pages: dict[str, Page], run: Built):
    stems = {path.stem for path in run.notebooks}
    front = set(pages["index.html"].links)
    for claim in registry.claims():
        if claim.kind == "unmeasurable" or claim.notebook not in stems:
            continue
        assert claim.id in pages[f"notebooks/{claim.notebook}.html"].ids
        assert f"notebooks/{claim.notebook}.html#{claim.id}" in front


def test_every_claim_leads_to_the_next(site: Path, run: Built):
    ids, page, followed = list(run.claims), f"notebooks/{next(iter(run.claims.values()))['notebook']}.html", []
    here: str | None = ids[0]
    while here:
        followed.append(here)
        card = (site / page).read_text(encoding="utf-8").partition(f'data-claim="{here}"')[2].partition("</section>")[0]
        found = re.search(r'rel="next" href="([^"#]*)#(\w+)"', card)
        page = f"notebooks/{found[1].rpartition('/')[2]}" if found and found[1] else page
        here = found[2] if found else None
    assert followed == ids


def test_every_figure_has_its_files_caption_and_alternative_text(site: Path, run: Built, pages: dict[str, Page]):
    assert run.figures
    for id in run.figures:
        for kind in ("svg", "png", "csv"):
            assert (site / "figures" / f"{id}.{kind}").is_file(), f"{id}.{kind}"
        assert id in pages["figures.html"].ids
    for name, page in pages.items():
        for picture in page.pictures:
            assert (picture.get("alt") or "").strip(), f"{name}: {picture.get('src')} has no alternative text"
            assert picture.get("width"), f"{name}: {picture.get('src')} has no size, so the page moves while it loads"


def test_every_table_can_be_downloaded_with_its_columns(site: Path, pages: dict[str, Page]):
    text = (site / "data.html").read_text(encoding="utf-8")
    for name in tables.table_names():
        entry = tables.resource(name)
        assert f"table-{name}" in pages["data.html"].ids
        assert (site / "data" / entry["path"]).read_bytes() == (tables.data_dir() / entry["path"]).read_bytes()
        assert entry["hash"].removeprefix("sha256:") in text
        assert all(f"<code>{field['name']}</code>" in text for field in entry["schema"]["fields"])
    report = json.loads((tables.data_dir() / "tallies" / "posts_report.json").read_text(encoding="utf-8"))
    assert f"(n = 1): {report['cells_of_one_percent']:.1f}%" in text


def test_every_source_stands_with_its_grade(pages: dict[str, Page]):
    assert {f"source-{id}" for id in tables.load("sources")["id"]} <= set(pages["sources.html"].ids)


def test_claim_reviews_are_embedded_and_use_terms_of_schema_org(pages: dict[str, Page], run: Built):
    found = {}
    for name, page in pages.items():
        for text in page.scripts.get("application/ld+json", []):
            graph = json.loads(text)
            assert graph["@context"] == "https://schema.org"
            for review in graph["@graph"]:
                found[review["@id"].removeprefix("#")] = name
                check(review)
                rating = review["reviewRating"]
                assert rating["alternateName"]
                assert ("ratingValue" in rating) == ("bestRating" in rating)
    assert set(found) == set(run.claims)
    assert all(found[id] == f"notebooks/{claim['notebook']}.html" for id, claim in run.claims.items())


def check(thing: dict) -> None:
    """Every property of a thing, and of the things in it, is one of the terms we use of schema.org."""
    if thing.get("@type") in TERMS:
        assert set(thing) <= TERMS[thing["@type"]], thing
    for value in thing.values():
        if isinstance(value, dict):
            check(value)


def test_each_claim_can_be_cited_and_written_about(site: Path, run: Built):
    from recount import cite

    for id, claim in run.claims.items():
        page = (site / "notebooks" / f"{claim['notebook']}.html").read_text(encoding="utf-8")
        import html

        assert html.escape(claim["may_write_en"], quote=True).replace("&#x27;", "'") in page, id
        assert html.escape(claim["may_write_zh"], quote=True).replace("&#x27;", "'") in page, id
        for style in cite.STYLES:
            first = html.escape(cite.claim(id, style).split("\n")[0], quote=True).replace("&#x27;", "'")
            assert first in page, f"{id}, {style}"


def test_machine_readable_files_are_there(site: Path, run: Built):
    for name in ("claims.json", "results.json", "figures.json", "claimreview.jsonld"):
        assert (site / name).read_bytes() == (run.outputs / name).read_bytes()
    assert (site / "data" / "datapackage.json").is_file()
    for path in run.notebooks:
        assert (site / "notebooks" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("leftover", ["_sources", ".buildinfo", "objects.inv", ".doctrees"])
def test_nothing_of_the_builder_is_left(site: Path, leftover: str):
    assert not (site / leftover).exists()
