"""What a run left in its folder, read once for the site."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recount import registry, tables
from recount.tables import RecountError, natural_key


@dataclass(frozen=True)
class Built:
    """One run: its notebooks and the records harvested from them.

    ``claims``, ``figures``, ``studies``: by id, in reading order. ``reviews``: claim id → its ClaimReview.
    """

    folder: Path
    notebooks: tuple[Path, ...]
    claims: dict[str, dict[str, Any]]
    figures: dict[str, dict[str, Any]]
    results: tuple[dict[str, Any], ...]
    studies: dict[str, dict[str, Any]]
    reviews: dict[str, dict[str, Any]]

    @property
    def outputs(self) -> Path:
        """Folder of the run's outputs."""
        return self.folder / "outputs"

    @property
    def published(self) -> bool:
        """False when a verdict was counted from a reader's own tallies."""
        return tables.published_data() and all(claim["published"] for claim in self.claims.values())

    def of_notebook(self, name: str) -> list[registry.Claim]:
        """Claims a notebook recounts, in the register's order."""
        return [claim for claim in registry.claims() if claim.notebook == name and claim.kind != "unmeasurable"]

    def studies_of(self, claim_id: str) -> list[str]:
        """Ids of the studies that judge a claim."""
        return [id for id, study in self.studies.items() if claim_id in study["judged"]]

    def figures_of(self, claim: registry.Claim) -> list[str]:
        """Ids of the figures of a claim's own notebook that speak to it, or to all parts of its parent."""
        here = {one.parent for one in registry.claims() if one.notebook == claim.notebook}
        speaks = {claim.id, claim.parent}
        return [id for id, one in self.figures.items() if id.split("-")[0] in here and speaks & set(one["claims"])]


def read(folder: Path) -> Built:
    """Read a run.

    Args:
        folder: as given to ``python -m recount run --out``.

    Raises:
        RecountError: there is no run there.
    """
    outputs = folder / "outputs"
    if not (outputs / "claims.json").is_file():
        raise RecountError(f"{folder}: holds no run. Remedy: run `make`, or `python -m recount run --out {folder}` first.")
    review = _json(outputs / "claimreview.jsonld")
    studies = [_json(path) for path in (outputs / "studies").glob("*.json")]
    return Built(
        folder=folder,
        notebooks=tuple(sorted((folder / "notebooks").glob("[0-9][0-9]_*.ipynb"))),
        claims={one["id"]: one for one in _json(outputs / "claims.json")},
        figures={one["id"]: one for one in _json(outputs / "figures.json")},
        results=tuple(_json(outputs / "results.json")),
        studies={one["id"]: one for one in sorted(studies, key=lambda one: natural_key(one["id"]))},
        reviews={one["@id"].removeprefix("#"): one for one in review["@graph"]},
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
