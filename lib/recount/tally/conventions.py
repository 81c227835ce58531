"""The tables of ``data/`` that hold the coding rules, as plain dictionaries (no pandas, read once)."""

from __future__ import annotations

import csv
import functools
import hashlib
import io

from recount.tables import TableError, data_dir, read_bytes, resource


@functools.cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """Rows of a rule table, in file order.

    Raises:
        TableError: the file is missing or is not the one ``datapackage.json`` names.
    """
    entry = resource(name)
    path = data_dir() / entry["path"]
    raw = read_bytes(path)
    if "sha256:" + hashlib.sha256(raw).hexdigest() != entry["hash"]:
        raise TableError(
            f"{path}: the rules differ from the published ones. Remedy: restore the file with `git checkout -- data`, "
            "or, if the change is meant, run `python -m recount seal` to record it."
        )
    return tuple(csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")))
