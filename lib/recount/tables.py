"""The only reader of ``data/``: find a table, check its hash, apply corrections, attach its sources.

A table whose SHA-256 equals the one in ``data/datapackage.json`` has passed the full schema validation of the
tests, so loading stays cheap. Tables that a user built (``make DATA=DIR``) are validated here instead.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

CLAIM_DATE = "2025-12-06"
"""Day the report was released: only rows known by then decide a verdict."""

OWN_ROWS = "own-rows"
"""Source id of rows that a reader tallied and named no source for; they count whatever their date."""

NEVER_DECIDE = ("commercial", "unusable")
"""Source grades whose rows may be shown beside a result but never decide one alone."""


class RecountError(Exception):
    """Base of every error this library raises on purpose; the message names file, place and remedy."""


class TableError(RecountError):
    """A table is missing, altered, or does not follow its schema."""


class UnknownIdError(RecountError):
    """An id (claim, source, hedge, headline …) is not in its register."""


def data_dir() -> Path:
    """Folder that holds ``datapackage.json``.

    ``RECOUNT_DATA`` wins; otherwise the ``data`` folder of the repository this library lies in, or of the
    repository around the current folder (for an installed copy of the library).

    Raises:
        TableError: no such folder, with the remedy.
    """
    named = os.environ.get("RECOUNT_DATA")
    if named:
        candidates = [Path(named)]
    else:
        here = [Path(__file__).resolve().parents[2], Path.cwd(), *Path.cwd().parents]
        candidates = [p / "data" for p in here]
    for folder in candidates:
        if (folder / "datapackage.json").is_file():
            return folder
    raise TableError(
        f"no data folder with a datapackage.json found (looked in {candidates[0]}"
        f"{' and above the current folder' if not named else ''}). Remedy: open the notebook inside a clone of the "
        "repository, or set RECOUNT_DATA to the repository's data folder."
    )


def user_tallies() -> Path | None:
    """Folder of a user's own tallies (``make DATA=DIR`` sets ``RECOUNT_TALLIES``), or None for the published ones."""
    named = os.environ.get("RECOUNT_TALLIES")
    return Path(named) if named else None


def read_bytes(path: Path) -> bytes:
    """Bytes of a file, or a TableError that says what to do when it is not there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"{path}: the file is missing. Remedy: `git checkout -- {path.name}`.") from None


@functools.cache
def _package(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "datapackage.json"
    try:
        package = json.loads(read_bytes(path).decode("utf-8"))
    except ValueError as error:
        raise TableError(f"{path}: not valid JSON ({error}). Remedy: restore it from git.") from None
    return {resource["name"]: resource for resource in package["resources"]}


def resource(name: str) -> dict[str, Any]:
    """The Frictionless resource (schema, licence, hash …) of table ``name``.

    Raises:
        TableError: no such table; the message lists the nearest names.
    """
    resources = _package(data_dir())
    if name not in resources:
        import difflib

        near = ", ".join(difflib.get_close_matches(name, resources, n=3, cutoff=0.3)) or ", ".join(resources)
        raise TableError(f"datapackage.json: no table named {name!r}. Nearest: {near}.")
    return resources[name]


def table_names() -> list[str]:
    """Names of all tables of the data package, sorted."""
    return sorted(_package(data_dir()))


def _decode(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"{path}, line {line}: byte {error.start} is not UTF-8. Remedy: save the file as UTF-8, or restore it from git."
        ) from None


def _check_hash(path: Path, raw: bytes, expected: str) -> None:
    actual = "sha256:" + hashlib.sha256(raw).hexdigest()
    if actual != expected:
        raise TableError(
            f"{path}: the file differs from the published one (hash {actual[:19]}…, datapackage.json says {expected[:19]}…). "
            f"Remedy: restore it with `git checkout -- data`, or, if the change is meant, run `python -m recount seal` "
            "to validate it and record the new hash."
        )


_PANDAS = {"string": "string", "integer": "Int64", "number": "float64", "boolean": "boolean", "date": "string", "year": "Int64"}


def _frame(path: Path, text: str, fields: list[dict[str, Any]]) -> pd.DataFrame:
    """Typed frame of a CSV text: shape (rows, fields); dates stay ISO strings."""
    import pandas as pd

    header = next(csv.reader(io.StringIO(text)), [])
    names = [field["name"] for field in fields]
    if header != names:
        missing, extra = [n for n in names if n not in header], [h for h in header if h not in names]
        raise TableError(
            f"{path}, row 1: columns are not those of the schema (missing: {missing or 'none'}; not in the schema: "
            f"{extra or 'none'}; expected order: {names}). Remedy: rename or reorder the columns as datapackage.json says."
        )
    for number, record in enumerate(csv.reader(io.StringIO(text)), start=1):
        if record and len(record) != len(names):
            raise TableError(
                f"{path}, row {number}: {len(record)} cells instead of {len(names)}. Remedy: quote commas, or fill the row."
            )
    frame = pd.read_csv(io.StringIO(text), dtype="string", keep_default_na=False, na_values=[""])
    for field in fields:
        name, kind = field["name"], field["type"]
        column = frame[name]
        if kind in ("integer", "number", "year"):
            number = pd.to_numeric(column, errors="coerce")
            wrong = number.isna() & column.notna()
            if kind != "number":
                wrong |= number.notna() & (number % 1 != 0)
            _refuse(path, name, column, wrong, f"a {kind}")
            frame[name] = number.astype(_PANDAS[kind])
        elif kind == "boolean":
            _refuse(path, name, column, column.notna() & ~column.isin(["true", "false"]), "true or false")
            frame[name] = column.map({"true": True, "false": False}).astype("boolean")
    return frame


def _refuse(path: Path, name: str, column: pd.Series, wrong: pd.Series, wanted: str) -> None:
    if bool(wrong.any()):
        at = int(wrong.to_numpy().nonzero()[0][0])
        raise TableError(
            f"{path}, row {at + 2}, column {name}: {column.iloc[at]!r} is not {wanted}. "
            "Remedy: correct the cell or leave it empty."
        )


def validate(frame: pd.DataFrame, fields: list[dict[str, Any]], path: Path) -> None:
    """Check a typed frame against the constraints of its schema (required, enum, minimum, maximum, pattern, unique).

    Raises:
        TableError: the first cell that breaks a rule, by file, row and column.
    """

    for field in fields:
        name, rules, column = field["name"], field.get("constraints", {}), frame[field["name"]]
        text = column.astype("string")
        checks: list[tuple[pd.Series, str]] = []
        if rules.get("required"):
            checks.append((column.isna(), "filled (it is required)"))
        if "enum" in rules:
            checks.append((column.notna() & ~text.isin([str(v) for v in rules["enum"]]), f"one of {rules['enum']}"))
        if "minimum" in rules and field["type"] in ("integer", "number", "year"):
            checks.append(((column < rules["minimum"]).fillna(False), f"at least {rules['minimum']}"))
        if "maximum" in rules and field["type"] in ("integer", "number", "year"):
            checks.append(((column > rules["maximum"]).fillna(False), f"at most {rules['maximum']}"))
        if "pattern" in rules:
            checks.append(
                (column.notna() & ~text.str.fullmatch(rules["pattern"]).fillna(False), f"of the form {rules['pattern']}")
            )
        if field["type"] == "date":
            checks.append(
                (column.notna() & ~text.str.fullmatch(r"\d{4}-\d{2}-\d{2}").fillna(False), "an ISO date (YYYY-MM-DD)")
            )
        if rules.get("unique"):
            checks.append((column.duplicated() & column.notna(), "unique"))
        for wrong, wanted in checks:
            _refuse(path, name, column, wrong.astype(bool), wanted)


def _check_key(frame: pd.DataFrame, key: list[str] | str | None, path: Path) -> None:
    if not key:
        return
    columns = [key] if isinstance(key, str) else list(key)
    twice = frame.duplicated(columns)
    if bool(twice.any()):
        at = int(twice.to_numpy().nonzero()[0][0])
        value = ", ".join(str(frame[c].iloc[at]) for c in columns)
        raise TableError(
            f"{path}, row {at + 2}, columns {columns}: key ({value}) stands twice. Remedy: remove or merge one row."
        )


def _correct(frame: pd.DataFrame, name: str, key: list[str] | str | None) -> pd.DataFrame:
    """Apply the rows of corrections.csv with status ``applied``; raw files are never edited."""
    if name in ("corrections", "sources"):  # the two registers this step itself reads
        return frame
    fixes = load("corrections")
    fixes = fixes[(fixes["table"] == name) & (fixes["status"] == "applied")]
    columns = [key] if isinstance(key, str) else list(key or [])
    for row in fixes.to_dict("records"):
        wanted = str(row["key"]).split("|")
        at = frame.index[(frame[columns].astype("string") == wanted).all(axis=1)] if len(wanted) == len(columns) else []
        if len(at) != 1 or row["column"] not in frame:
            raise TableError(
                f"corrections.csv: {name} has no single row with key {row['key']!r} or no column {row['column']!r}. "
                "Remedy: correct the key or column there."
            )
        old = frame.loc[at[0], row["column"]]
        if str(old) != str(row["old"]) and not _same_number(old, row["old"]):
            raise TableError(
                f"corrections.csv: {name}, key {row['key']}, column {row['column']} holds {old!r}, not {row['old']!r}."
            )
        new = row["new"]
        frame.loc[at[0], row["column"]] = float(new) if frame[row["column"]].dtype.kind == "f" else new
    return frame


def _same_number(left: Any, right: Any) -> bool:
    try:
        return float(left) == float(right)
    except (TypeError, ValueError):
        return False


_SOURCE_COLUMNS = ("grade", "chain", "known_by")


def _attach_sources(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    if "source_id" not in frame:
        return frame
    sources = load("sources").set_index("id")
    unknown = frame["source_id"].notna() & ~frame["source_id"].isin(sources.index)
    if bool(unknown.any()):
        at = int(unknown.to_numpy().nonzero()[0][0])
        raise TableError(
            f"{path}, row {at + 2}, column source_id: {frame['source_id'].iloc[at]!r} is not in sources.csv. "
            "Remedy: add the source there, or correct the id."
        )
    for column in _SOURCE_COLUMNS:
        attached = frame["source_id"].map(sources[column])
        frame[column] = frame[column].fillna(attached) if column in frame else attached
    return frame


def load(name: str) -> pd.DataFrame:
    """Table ``name`` of the data package as a typed frame.

    Args:
        name: resource name in ``datapackage.json`` (see :func:`table_names`).

    Returns:
        Frame with one row per observation. Dates are ISO strings, so they compare and sort as text. Where the
        table has a ``source_id``, the columns ``grade``, ``chain`` and ``known_by`` come from ``sources.csv``
        unless the table states its own.

    Raises:
        TableError: missing file, other columns than the schema's, wrong type, altered file, unknown source id.
    """
    return _load(name, data_dir(), user_tallies()).copy()


@functools.cache
def _load(name: str, folder: Path, own: Path | None) -> pd.DataFrame:
    entry = resource(name)
    path, fields = folder / entry["path"], entry["schema"]["fields"]
    mine = own / Path(entry["path"]).name if own else None
    published = not (mine and entry["path"].startswith("tallies/") and mine.is_file())
    if not published:
        path = mine
    raw = read_bytes(path)
    text = _decode(path, raw)
    if published:
        _check_hash(path, raw, entry["hash"])
    frame = _frame(path, text, fields)
    key = entry["schema"].get("primaryKey")
    if not published:
        validate(frame, fields, path)
        _check_key(frame, key, path)
    else:
        frame = _correct(frame, name, key)
    return _attach_sources(frame, path)


def published_data() -> bool:
    """False when a user's own tallies replace the published ones: every page and verdict then says so."""
    return user_tallies() is None


def may_decide(frame: pd.DataFrame, on: str = CLAIM_DATE) -> pd.DataFrame:
    """Rows that may decide a verdict: known by ``on`` and of a grade that decides (not commercial, not unusable).

    Rows without a ``known_by`` date cannot be shown to be early enough and are left out.
    """
    return frame[known(frame, on) & ~frame["grade"].isin([*NEVER_DECIDE, "report"])]


def known(frame: pd.DataFrame, on: str = CLAIM_DATE) -> pd.Series:
    """Boolean mask, one value per row: was the row public on day ``on`` (ISO)?"""
    return (frame["known_by"] <= on).fillna(False).astype(bool)


def seal(name: str) -> dict[str, Any]:
    """Validate table ``name`` and return its resource with fresh ``bytes``, ``hash`` and ``rows``.

    For maintainers (``python -m recount seal``); raises TableError on the first broken rule.
    """
    entry = dict(resource(name))
    path, fields = data_dir() / entry["path"], entry["schema"]["fields"]
    raw = read_bytes(path)
    frame = _frame(path, _decode(path, raw), fields)
    validate(frame, fields, path)
    _check_key(frame, entry["schema"].get("primaryKey"), path)
    return entry | {"bytes": len(raw), "hash": "sha256:" + hashlib.sha256(raw).hexdigest(), "rows": len(frame)}


def write_atomically(path: Path, content: bytes | str) -> None:
    """Write a whole file or nothing: a temporary file beside it, then one rename."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix="." + path.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode("utf-8") if isinstance(content, str) else content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def natural_key(text: str) -> tuple[Any, ...]:
    """Sort key that puts C2 before C10."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text))
