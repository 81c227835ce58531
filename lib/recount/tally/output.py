"""Files that a tally writes: whole or not at all, and never over what this command did not write."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from recount.tables import write_atomically
from recount.tally.engine import TallyError


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_folder(out: Path) -> None:
    """Refuse an output folder that is a file.

    Raises:
        TallyError: it is one.
    """
    if out.exists() and not out.is_dir():
        raise TallyError(f"{out}: is a file. Remedy: name a folder with --out.")


def guard(out: Path, report: str, names: Iterable[str]) -> None:
    """Refuse to replace files that the report beside them does not list with this very content.

    Raises:
        TallyError: a file is a person's, or was changed since it was written.
    """
    known: Any = {}
    with suppress(OSError, ValueError):
        known = json.loads((out / report).read_text(encoding="utf-8"))
    listed = known.get("output", {}) if isinstance(known, dict) else {}
    for path in (out / name for name in names):
        if path.exists() and listed.get(path.name) != sha256(path):
            raise TallyError(
                f"{path}: was not written by this command, or was changed since. "
                "Remedy: choose another --out, or add --overwrite."
            )


def write_tables(out: Path, tables: Mapping[str, str], overwrite: bool) -> None:
    """Write whole tables (file name → text); the same content again is no change.

    Raises:
        TallyError: a file with other content stands there, and ``overwrite`` is not set; nothing was written.
    """
    check_folder(out)
    for name, text in tables.items():
        path = out / name
        if not overwrite and path.exists() and path.read_bytes() != text.encode("utf-8"):
            raise TallyError(f"{path}: exists with other content. Remedy: choose another --out, or add --overwrite.")
    for name, text in tables.items():
        write_atomically(out / name, text)


class Draft:
    """CSV files of one run, written under other names; :meth:`publish` puts all in place, else none is left."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.hashes: dict[str, str] = {}
        self._drafts: dict[str, Path] = {}

    def __enter__(self) -> Draft:
        self.out.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for path in self._drafts.values():
            path.unlink(missing_ok=True)

    def add(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Write one table; number of its rows. Memory: one row at a time."""
        handle, draft = tempfile.mkstemp(dir=self.out, prefix=f".{name}.")
        self._drafts[name] = Path(draft)
        count = 0
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            for row in rows:
                writer.writerow(row)
                count += 1
        os.chmod(draft, 0o644)
        self.hashes[name] = sha256(Path(draft))
        return count

    def publish(self, report: str, content: Mapping[str, Any], gone: Iterable[str] = ()) -> None:
        """Put every table in place, remove those of an earlier run that this one has not, and write the report."""
        for name, draft in self._drafts.items():
            os.replace(draft, self.out / name)
        for name in gone:
            (self.out / name).unlink(missing_ok=True)
        text = json.dumps({**content, "output": self.hashes}, indent=2, ensure_ascii=False) + "\n"
        write_atomically(self.out / report, text)
