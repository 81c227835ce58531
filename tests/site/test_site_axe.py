"""axe-core, shipped by axe-playwright-python, finds nothing serious: in both languages, light and dark, folded and unfolded."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from visits import KINDS, PAGES, Visit, open_whole

pytestmark = pytest.mark.browser

SAMPLE = [*KINDS, "search.html", *[n for n in PAGES if "06_" in n or "99_" in n or n == "explore/C06.html"]]
"""Pages of every kind; axe-core takes seconds a page, so the others are left to `make test-all`."""
LONG = {"sources.html": "pudong", "data.html": "posts"}
SERIOUS = ("serious", "critical")


def violations(page: Any) -> list[str]:
    """What axe-core calls serious or critical on a page."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {node['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("name", SAMPLE)
def test_axe_finds_nothing_serious(visit, name: str):
    page = open_whole(visit, name)
    if name in LONG:  # hundreds of rows alike: a part of them tells as much
        page.fill("[data-filter]", LONG[name])
    assert violations(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(PAGES) - set(SAMPLE)))
def test_axe_finds_nothing_serious_on_every_other_page(visit, name: str):
    assert violations(open_whole(visit, name)) == []


def test_axe_finds_nothing_serious_in_the_dark_in_chinese_and_unfolded(browser, site):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", locale="zh-CN")
    visit = Visit(context, site)
    for name in SAMPLE[:1] + SAMPLE[-2:]:
        page = visit.open(name)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert violations(page) == [], name
    context.close()
