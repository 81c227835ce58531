"""What this project calls itself: title, version, authors, date and address, read from CITATION.cff.

The one place to set the address of the repository (``repository-code``, or ``url`` for a site) and the release date
(``date-released``); where they are missing, citations leave them out. Nothing is made up.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

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

    @property
    def tag(self) -> str:
        """The tag of this version; links are pinned to it, never to a moving branch."""
        return f"v{self.version}"

    def doors(self, path: str) -> list[tuple[str, str, str]]:
        """Services that open a file of the repository: (URL, English, Chinese); empty without an address.

        Args:
            path: from the top of the repository, such as ``notebooks/06_industry_scale.ipynb``.
        """
        if not self.address.startswith("http"):
            return []
        address = self.address.removesuffix("/").removesuffix(".git")
        host, _, owned = address.partition("://")[2].partition("/")
        at, file = quote(self.tag, safe=""), quote(path)
        kind = {"github.com": f"gh/{owned}", "gitlab.com": f"gl/{quote(owned, safe='')}"}.get(
            host, f"git/{quote(address, safe='')}"
        )
        doors = [(f"https://mybinder.org/v2/{kind}/{at}?urlpath=lab/tree/{file}", "Run on Binder", "在Binder上运行")]
        if host == "github.com":
            colab = f"https://colab.research.google.com/github/{owned}/blob/{at}/{file}"
            doors.append((colab, "Open in Colab", "在Colab中打开"))
        return doors


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
