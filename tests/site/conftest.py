"""The site that `make fresh` builds, and a browser that lets nothing out.

``SITE=folder`` tests a site elsewhere, and ``BUILD=folder`` names the run it was made from.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from visits import BUILD, ROOT, SITE, Page, Visit, pages_of

from recount.site import built

MADE_FROM = ("lib/recount/site/**/*.py", "site/**/*.*", "lib/recount/cite.py", "lib/recount/verdicts.py")


@pytest.fixture(scope="session")
def site() -> Path:
    """Root of the built site."""
    index = SITE / "index.html"
    parts = [path for pattern in MADE_FROM for path in ROOT.glob(pattern) if "__pycache__" not in path.parts]
    if not index.is_file() or index.stat().st_mtime < max(part.stat().st_mtime for part in parts):
        pytest.fail(f"{SITE} is missing or older than its sources. Remedy: `make test`, which builds it first, or `make site`.")
    return SITE


@pytest.fixture(scope="session")
def run() -> built.Built:
    """The run the site shows."""
    return built.read(BUILD)


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, Page]:
    """Every page of the site, parsed."""
    return {name: Page(site / name) for name in pages_of(site)}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """Chromium without a window; closed with its file: while it is open, its event loop lets no notebook run."""
    from playwright.sync_api import sync_playwright

    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=[*sandbox, "--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture
def visit(browser: Any, site: Path) -> Iterator[Visit]:
    """A fresh visitor on a desktop screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield Visit(context, site)
    context.close()


@pytest.fixture
def phone(browser: Any, site: Path) -> Iterator[Visit]:
    """A fresh visitor with a telephone 390 pixels wide."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", is_mobile=True, has_touch=True)
    yield Visit(context, site)
    context.close()
