"""What this project calls itself: title, version, authors, date and address, read from CITATION.cff.

The one place to set the address of the repository (``repository-code``, or ``url`` for a site) and the release date
(``date-released``); where they are missing, citations leave them out. Nothing is made up.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recount import tables

NAME = "Recount"


@dataclass(frozen=True)
class Project:
    """What a citation of this project needs; empty text for what is not known."""

    title: str
    version: str
    authors: tuple[str, ...]
    released: str
    address: str


def project() -> Project:
    """The project as CITATION.cff beside ``data/`` states it; without that file, its name and version only."""
    return _project(tables.data_dir().parent / "CITATION.cff")


@functools.cache
def _project(path: Path) -> Project:
    from recount import __version__

    stated: dict[str, Any] = {}
    if path.is_file():
        import yaml

        stated = yaml.safe_load(path.read_text(encoding="utf-8"))
    authors = tuple(str(one.get("name") or _person(one)) for one in stated.get("authors", ()))
    return Project(
        title=str(stated.get("title", NAME)),
        version=__version__,
        authors=authors or (NAME,),
        released=str(stated.get("date-released", "")),
        address=str(stated.get("repository-code") or stated.get("url") or ""),
    )


def _person(author: dict[str, Any]) -> str:
    return " ".join(part for part in (author.get("given-names"), author.get("family-names")) if part)
