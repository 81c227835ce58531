"""``data/tallies/BUILD.md`` names the published tables as they are."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

TALLIES = Path(__file__).resolve().parents[2] / "data" / "tallies"
LINE = re.compile(r"^\| `([^`]+)` \| ([0-9,]+) \| `([0-9a-f]{64})` \|$", re.M)


def test_every_table_stands_there_with_its_rows_and_hash() -> None:
    named = {
        name: (int(rows.replace(",", "")), sha) for name, rows, sha in LINE.findall((TALLIES / "BUILD.md").read_text("utf-8"))
    }
    tables = sorted(TALLIES.glob("*.csv"))
    assert tables
    for path in tables:
        raw = path.read_bytes()
        assert named.get(path.name) == (raw.count(b"\n") - 1, hashlib.sha256(raw).hexdigest()), path.name


def test_inputs_of_posts_are_those_of_its_report() -> None:
    named = {
        name: (int(rows.replace(",", "")), sha) for name, rows, sha in LINE.findall((TALLIES / "BUILD.md").read_text("utf-8"))
    }
    report = json.loads((TALLIES / "posts_report.json").read_text("utf-8"))
    for entry in report["inputs"]:
        assert named.get(entry["file"]) == (entry["rows_read"], entry["sha256"]), entry["file"]
