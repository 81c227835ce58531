"""What the tests of the site share: where it lies, its pages parsed, and a visit that lets nothing out."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("BUILD", ROOT / "build"))
SITE = Path(os.environ.get("SITE", BUILD / "site"))


class Page(HTMLParser):
    """One page: its ids, its links, what it loads, its pictures, its scripts."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.scripts: dict[str, list[str]] = {}
        self._script: str | None = None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in one tag."""
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "img":
            self.pictures.append(given)
        if tag in ("script", "img", "iframe", "source", "video", "audio") and given.get("src"):
            self.loaded.append(given["src"] or "")
        if tag == "link" and given.get("href") and given.get("rel") in ("stylesheet", "shortcut icon", "preload", "prefetch"):
            self.loaded.append(given["href"] or "")
        if tag == "script":
            self._script = given.get("type") or "text/javascript"

    def handle_endtag(self, tag: str) -> None:
        """A script ends."""
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        """Text of a script."""
        if self._script:
            self.scripts.setdefault(self._script, []).append(data)


def pages_of(site: Path) -> list[str]:
    """Names of all pages, from the root of the site; empty before the first build."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


class Visit:
    """A page opened from disk, with everything it said and asked for."""

    def __init__(self, context: Any, site: Path) -> None:
        self.site = site
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = context.new_page()
        self.page.on("console", lambda message: self._hear(message))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("requestfailed", lambda request: self.said.append(f"failed: {request.url}"))
        context.route("**/*", self._let)

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text}")

    def _let(self, route: Any) -> None:
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            self.asked.append(route.request.url)
            route.abort()

    def open(self, name: str) -> Any:
        """Open a page of the site (with query and fragment, if any) and return Playwright's page."""
        self.page.goto(f"{self.site.as_uri()}/{name}")
        return self.page


def open_whole(visit: Visit, name: str) -> Any:
    """Open a page and wait for all it loads and draws."""
    page = visit.open(name)  # until its `load` event
    if name.startswith("explore/") and name != "explore/index.html":
        page.wait_for_selector(".explorer[data-drawn]")
    return page


PAGES = pages_of(SITE) or ["index.html"]
KINDS = ["index.html", "figures.html", "data.html", "sources.html", "about.html", "explore/index.html"]
"""Pages that exist once."""
