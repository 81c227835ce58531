"""Records out of executed notebooks → ``outputs/``: results, verdicts, ClaimReview, and the scoreboard's rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recount import records, registry, tables, wording
from recount.tables import RecountError, natural_key

FIGURE_MIME = records.MIME.format("figure")
KINDS = {records.MIME.format(kind): kind for kind in ("result", "verdict", "study", "figure")}


@dataclass
class Harvest:
    """All records of a set of notebooks, each list in reading order."""

    results: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    studies: list[dict[str, Any]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    where: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, record: dict[str, Any], notebook: str) -> None:
        """Take one record in.

        Raises:
            RecountError: its id was already published, with both places.
        """
        key = f"{kind} {record['id']}"
        if key in self.where:
            raise RecountError(
                f"{notebook}: {key} was already published in {self.where[key]}. Remedy: publish every id exactly once."
            )
        self.where[key] = notebook
        {"result": self.results, "verdict": self.claims, "study": self.studies, "figure": self.figures}[kind].append(record)


def read(paths: Iterable[Path]) -> Harvest:
    """Records of notebooks (already executed).

    Args:
        paths: ``.ipynb`` files.

    Raises:
        RecountError: a file that is no notebook, or an id that was published twice.
    """
    found = Harvest()
    for path in paths:
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (ValueError, KeyError) as error:
            raise RecountError(f"{path}: is no notebook ({error}). Remedy: restore it with git.") from None
        for cell in cells:
            for output in cell.get("outputs", []):
                for mime, kind in KINDS.items():
                    body = output.get("data", {}).get(mime)
                    if body is not None:
                        for record in body if isinstance(body, list) else [body]:
                            found.add(kind, record, path.stem)
    found.results.sort(key=lambda r: natural_key(r["id"]))
    found.claims.sort(key=lambda r: natural_key(r["id"]))
    found.figures.sort(key=lambda r: natural_key(r["id"]))
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def write(found: Harvest, out: Path) -> None:
    """Write results, claims, figures (``.json``) and ``claimreview.jsonld`` into ``out``, each whole or not at all."""
    tables.write_atomically(out / "results.json", _json(found.results))
    tables.write_atomically(out / "claims.json", _json(found.claims))
    tables.write_atomically(out / "figures.json", _json(found.figures))
    tables.write_atomically(out / "claimreview.jsonld", _json(claim_reviews(found.claims)))


RATED = {"contradicted": 1, "depends": 3, "corroborated": 4, "reproduced": 5, "documented": 5}
"""Rating (1 worst … 5 best) of the verdicts that say something of the claim's truth; the others carry a name only."""


def claim_reviews(claims: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """schema.org ClaimReview of every verdict record, as one JSON-LD graph; unrated verdicts have no ratingValue."""
    return {"@context": "https://schema.org", "@graph": [claim_review(c) for c in claims]}


def claim_review(claim: Mapping[str, Any]) -> dict[str, Any]:
    """One ClaimReview. Terms: schema.org/ClaimReview, Claim, Rating."""
    source = registry.source(registry.claim(claim["id"]).source_id)
    name = claim["verdict"] + (f" ({wording.INDICATIONS[claim['indication']].en})" if claim["indication"] else "")
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": name}
    if claim["verdict"] in RATED:
        rating |= {"ratingValue": RATED[claim["verdict"]], "bestRating": 5, "worstRating": 1}
    made = {"@type": "Claim", "author": {"@type": "Organization", "name": source.producer}}
    if source.published:
        made["datePublished"] = source.published
    review = {
        "@type": "ClaimReview",
        "@id": f"#{claim['id']}",
        "claimReviewed": claim["statement_en"],
        "inLanguage": "en",
        "itemReviewed": made,
        "author": {"@type": "Organization", "name": "Recount" if claim["published"] else "A reader's own tallies, not Recount"},
        "reviewRating": rating,
        "reviewBody": claim["may_write_en"],
    }
    if source.url.startswith("http"):
        made["appearance"] = {"@type": "CreativeWork", "url": source.url}
    return review


def moved(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[str]:
    """Lines that say which records came, went or changed in one of ``keys``."""
    before, after = ({record["id"]: record for record in records} for records in (old, new))
    lines = [f"- {id} is gone" for id in before if id not in after]
    for id, record in after.items():
        if id not in before:
            lines.append(f"+ {id} = {' '.join(str(record.get(key)) for key in keys)}")
        else:
            lines += [
                f"~ {id} {key}: {before[id].get(key)} → {record.get(key)}"
                for key in keys
                if before[id].get(key) != record.get(key)
            ]
    return lines


def scoreboard(claims: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """One row for every atomic claim of the register, judged or not, in the register's order."""
    judged = {claim["id"]: claim for claim in claims}
    rows = []
    for claim in registry.claims():
        if claim.kind == "unmeasurable":
            continue
        c = judged.get(claim.id)
        row = {
            "id": claim.id, "claim": claim.statement_en, "claim_zh": claim.statement_zh, "printed": claim.printed_en,
            "notebook": claim.notebook, "estimate": "", "sign": "", "verdict": "no notebook yet", "evidence": "",
            "robustness": "",
        }  # fmt: skip
        if c is not None:
            row |= {
                "estimate": records.in_a_cell(c).en,
                "sign": records.symbol(c["verdict"], c["indication"]),
                "verdict": c["verdict"] + (f" ({c['indication']})" if c["indication"] else ""),
                "evidence": records.evidence(c).en,
                "robustness": records.ways_in_a_cell(c).en,
            }
        rows.append(row)
    return rows


BEGIN, END = "<!-- scoreboard: generated by `make refresh` -->", "<!-- end of scoreboard -->"


def readme_block(claims: Sequence[Mapping[str, Any]]) -> str:
    """The verdict table of the README, between its two marks."""
    lines = [BEGIN, "", "| claim | printed | what the tables give | verdict | evidence |", "|---|---|---|---|---|"]
    for row in scoreboard(claims):
        name = f"[{row['id']}](notebooks/{row['notebook']}.ipynb) {row['claim']}"
        cells = [name, row["printed"], row["estimate"], f"{row['sign']} {row['verdict']}".strip(), row["evidence"]]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, "", records.REPEATED.en, "", END])


def with_block(readme: str, block: str) -> str:
    """A README with its generated block replaced.

    Raises:
        RecountError: the marks are not there.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise RecountError(f"README.md: the marks {BEGIN!r} and {END!r} are missing. Remedy: put them back.")
    return before + block + after
