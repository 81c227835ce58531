"""The tables under ``data/`` keep their contract: schema, hash, sources, licences, privacy.

Every rule is a function from the data to a list of problems. It is run twice: on the published data, where
it must find nothing, and on a copy with one planted defect, where it must find something: a rule that cannot
fail guards nothing.
"""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"

GRADES = {
    "raw", "official-statistic", "official-statement", "peer-reviewed", "press-quoting-officials", "press",
    "commercial", "report", "unusable",
}  # fmt: skip
REGISTERS = {"claims", "glossary", "headlines", "hedges", "write"}
"""Tables whose wording is this project's own: Chinese sentences are allowed there."""

KEPT = "Not cited by a row:"
MAX_TABLE_BYTES = 8_000_000
MAX_DATA_BYTES = 25_000_000
NO_ADDRESS = ("this project", "public text", "public text, not located", "public texts, not located")
MAX_FIELD = 300
MAX_CHINESE_RUN = 40
MAX_CHINESE_NAME = 12

PSEUDO_EMPTY = ("NA", "nan", "None", "null")
ISO_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
CHINESE_RUN = re.compile("[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]+")
CHINESE = re.compile("[\u3400-\u9fff]+")
E_MAIL = re.compile(r"[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b")
MOBILE = r"(?<![\w.])(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\w.])"
PHONE = re.compile(MOBILE + r"|(?<![\w.])0\d{2,3}-\d{7,8}(?!\w)")
OFFICE_AND_NAME = re.compile(
    r"\b(mayor|secretary|director|reporter|journalist|spokesman|Mr|Ms|Dr|Prof)\.? [A-Z][a-z]+ [A-Z][a-z]+"
    "|(市长|区长|县长|局长|主任|书记|处长|记者|编辑)[:：]?\\s?[\u4e00-\u9fff]{2,3}(?![\u4e00-\u9fff])"
)
LATIN_PAIR = re.compile(r"(?=\b([A-Z][a-z]+ [A-Z][a-z]+)\b)")

# Names of the officials and journalists met in the sources, as digests, so that the list names nobody.
# The first entry is the digest of a placeholder and is there for the planted defect.
NAME_DIGESTS = set(
    """
    37fa0ca8746342ba
    0ff2764f5cf36cee 15871ea8870a8464 23254aa4b4aa40c6 24b2bc51b479f610 24c41aff554b9833 28f2e12b3410e0cb
    2cfb8a5fe79d49d7 2ec6e47c49eca41c 4378899ed986b5d4 48f97a2c455a3316 5288ba517534c714 564ebef002ffa4f2
    5d21b907d8dddc74 5ede4f4be3dd3351 65b372c85c9d8775 687fb7c554e9cf86 6954a8c970ebdf97 70046b41e362317d
    8328cc15a3b96868 85ef5bbddfcb83c8 86694388d6efbe54 8e47389ded22cd50 95190008bbd4a1fb 97128dae2666605f
    a3a3d517b75765ce a85e988a7d41d6fa ab829512d462607a ab8b8845ba68bf0f b995c952e758c538 caffd64c80519b7d
    cb873328f992cc21 cd0ab76b6f94432a d7796cb20c181b13 d7931a337d2f58b9 d7ba8949e73cb68e d884946060a51d25
    e64f2ffaf71030db e68fc0e4b76c9002 f753eb9166940411 fd5bf29d2230ab5e
    """.split()
)


@dataclass
class Data:
    """What lies under ``data/``: the package, the bytes of its files and their rows, by table name."""

    folder: Path
    package: dict[str, Any]
    files: dict[str, bytes]
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @property
    def resources(self) -> list[dict[str, Any]]:
        return self.package["resources"]

    def resource(self, name: str) -> dict[str, Any]:
        return next(entry for entry in self.resources if entry["name"] == name)

    def cells(self, *, registers: bool = True) -> Iterator[tuple[str, str, str]]:
        """(table, column, text) of every distinct filled cell of a text column."""
        for entry in self.resources:
            if not registers and entry["name"] in REGISTERS:
                continue
            text = {f["name"] for f in entry["schema"]["fields"] if f["type"] == "string"}
            seen = {(k, v) for row in self.rows[entry["name"]] for k, v in row.items() if k in text and v}
            for column, value in sorted(seen):
                yield entry["name"], column, value


def read(folder: Path) -> Data:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    data = Data(folder, package, {})
    for entry in package["resources"]:
        path = folder / entry["path"]
        data.files[entry["name"]] = raw = path.read_bytes() if path.is_file() else b""
        data.rows[entry["name"]] = list(csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")))
    return data


@pytest.fixture(scope="module")
def data() -> Data:
    return read(DATA)


# --- the rules ---------------------------------------------------------------------------------------------


def bytes_and_hashes(data: Data) -> list[str]:
    out = []
    for entry in data.resources:
        raw = data.files[entry["name"]]
        actual = (len(raw), "sha256:" + hashlib.sha256(raw).hexdigest(), len(data.rows[entry["name"]]))
        if actual != (entry["bytes"], entry["hash"], entry["rows"]):
            out.append(f"{entry['name']}: bytes, hash or rows are not those of datapackage.json")
    return out


def every_file_is_a_table(data: Data) -> list[str]:
    listed = {entry["path"] for entry in data.resources}
    found = {str(p.relative_to(data.folder)) for p in data.folder.rglob("*.csv")}
    twice = [name for name, n in Counter(entry["name"] for entry in data.resources).items() if n > 1]
    return [f"{p}: in data/ or in datapackage.json, not in both" for p in sorted(listed ^ found)] + twice


def plain_csv(data: Data) -> list[str]:
    """UTF-8 without a mark, LF, the header of the schema, no padded cells, no mixed spellings of empty."""
    out = []
    for entry in data.resources:
        name, raw = entry["name"], data.files[entry["name"]]
        header = raw.split(b"\n", 1)[0].decode("utf-8").split(",")
        if header != [f["name"] for f in entry["schema"]["fields"]]:
            out.append(f"{name}: header differs from the schema")
        if raw.startswith(b"\xef\xbb\xbf") or b"\r" in raw or not raw.endswith(b"\n"):
            out.append(f"{name}: byte-order mark, carriage return or missing last line end")
        for row in data.rows[name]:
            if None in row or any(v is None or v != v.strip() or v in PSEUDO_EMPTY for v in row.values()):
                out.append(f"{name}: padded, missing or pseudo-empty cell in {list(row.values())[:3]}")
                break
    return out


def described(data: Data) -> list[str]:
    """Title, description, licence and sources of each table; description and unit of each field."""
    out = []
    for entry in data.resources:
        name = entry["name"]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            out.append(f"{name}: not snake_case")
        if len(entry.get("description", "")) < 40 or not entry.get("title"):
            out.append(f"{name}: no title, or a description too short to say what one row is")
        if not entry.get("licenses") or any(not licence.get("name") for licence in entry["licenses"]):
            out.append(f"{name}: no licence")
        if not entry.get("sources") or not entry["schema"].get("primaryKey"):
            out.append(f"{name}: no sources or no primary key")
        if entry.get("profile") != "tabular-data-resource" or entry["schema"].get("missingValues") != [""]:
            out.append(f"{name}: profile or missingValues")
        for column in entry["schema"]["fields"]:
            if not column.get("description"):
                out.append(f"{name}.{column['name']}: no description")
            numeric = column["type"] in ("number", "integer") and column["name"] not in ("n", "year")
            if numeric and not column.get("unit"):
                out.append(f"{name}.{column['name']}: no unit")
    return out


def source_columns(data: Data) -> Iterator[tuple[str, str, str]]:
    for name, rows in data.rows.items():
        for column in rows[0] if rows else ():
            if re.fullmatch(r"(\w+_)?source_ids?", column):
                for value in {row[column] for row in rows}:
                    for one in filter(None, value.split(";")):
                        yield name, column, one


def sources_resolve(data: Data) -> list[str]:
    known = {row["id"] for row in data.rows["sources"]}
    return [f"{t}.{c}: no source {one!r}" for t, c, one in source_columns(data) if one not in known]


def every_row_has_a_source(data: Data) -> list[str]:
    """Raw rows and tallies name their source row by row."""
    out = []
    for entry in data.resources:
        raw = entry["path"].startswith(("raw/", "tallies/"))
        if raw and any(not row.get("source_id") for row in data.rows[entry["name"]]):
            out.append(f"{entry['name']}: a row without source_id")
    return out


def every_source_is_used(data: Data) -> list[str]:
    used = {one for _, _, one in source_columns(data)}
    return [
        f"sources: {row['id']} is cited by no row; one kept on purpose says {KEPT!r} in notes"
        for row in data.rows["sources"]
        if row["id"] not in used and KEPT not in row["notes"]
    ]


def sources_are_sound(data: Data) -> list[str]:
    out = []
    rows = data.rows["sources"]
    for row in rows:
        if row["grade"] not in GRADES:
            out.append(f"sources: {row['id']} has grade {row['grade']!r}")
        if not row["title"] or not row["licence"] or not row["chain"]:
            out.append(f"sources: {row['id']} lacks a title, licence or chain")
        if not row["url"] and row["publisher"] not in NO_ADDRESS:
            out.append(f"sources: {row['id']} has no address")
        if row["published"] and row["known_by"] and row["known_by"] < row["published"]:
            out.append(f"sources: {row['id']} is known before it was published")
    addresses = Counter((row["url"], row["chain"]) for row in rows if row["url"])
    return out + [f"sources: {key} stands {n} times" for key, n in addresses.items() if n > 1]


def grades_and_days(data: Data) -> list[str]:
    """Row-level grades are on the scale, known_by is an ISO day or empty."""
    out = []
    for name, rows in data.rows.items():
        for row in rows:
            if "grade" in row and name != "sources" and row["grade"] and row["grade"] not in GRADES:
                out.append(f"{name}: grade {row['grade']!r}")
            if row.get("known_by") and not ISO_DAY.fullmatch(row["known_by"]):
                out.append(f"{name}: known_by {row['known_by']!r}")
    return out


def keys_are_unique(data: Data) -> list[str]:
    out = []
    for entry in data.resources:
        key = entry["schema"].get("primaryKey") or []
        columns = [key] if isinstance(key, str) else key
        count = Counter(tuple(row.get(c) for c in columns) for row in data.rows[entry["name"]])
        out += [f"{entry['name']}: key {k} stands {n} times" for k, n in count.items() if n > 1]
    return out


def sizes(data: Data) -> list[str]:
    out = [f"{name}: {len(raw)} bytes" for name, raw in data.files.items() if len(raw) > MAX_TABLE_BYTES]
    total = sum(map(len, data.files.values()))
    return out + ([f"data: {total} bytes in all"] if total > MAX_DATA_BYTES else [])


def no_foreign_text(data: Data) -> list[str]:
    """Facts, not sentences of others: no long run of Chinese, no long field."""
    out = []
    for table, column, value in data.cells(registers=False):
        if column != "url" and len(value) > MAX_FIELD:
            out.append(f"{table}.{column}: {len(value)} characters")
        if any(len(run) > MAX_CHINESE_RUN for run in CHINESE_RUN.findall(value)):
            out.append(f"{table}.{column}: long Chinese text")
        if table == "sources" and any(len(run) > MAX_CHINESE_NAME for run in CHINESE.findall(value)):
            out.append(f"sources.{column}: Chinese text longer than a name; titles are our own words")
    return out


def no_contacts(data: Data) -> list[str]:
    return [
        f"{table}.{column}: looks like an e-mail address or a telephone number"
        for table, column, value in data.cells()
        if E_MAIL.search(value) or (column != "url" and PHONE.search(value))
    ]


def digest(name: str) -> str:
    return hashlib.sha256(f"recount:{name}".encode()).hexdigest()[:16]


def no_persons(data: Data) -> list[str]:
    out = []
    for table, column, value in data.cells():
        if OFFICE_AND_NAME.search(value):
            out.append(f"{table}.{column}: an office followed by a name")
        runs = CHINESE.findall(value)
        grams = {run[i : i + n] for run in runs for n in (2, 3, 4) for i in range(len(run) - n + 1)}
        grams |= {pair.lower() for pair in LATIN_PAIR.findall(value)}
        if any(digest(gram) in NAME_DIGESTS for gram in grams):
            out.append(f"{table}.{column}: a name of a person from the sources")
    return out


def no_inner_paths(data: Data) -> list[str]:
    pattern = re.compile(r"(?<![\w/.])/(work|scratch|tmp|home|root)/|file://")
    text = json.dumps(data.package, ensure_ascii=False)
    out = ["datapackage.json: a path of the workshop"] if pattern.search(text) else []
    return out + [f"{t}.{c}: a path of the workshop" for t, c, v in data.cells() if pattern.search(v)]


def corrections_fit(data: Data) -> list[str]:
    """Each correction finds exactly one row, whose cell still holds the published value."""
    out = []
    for fix in data.rows["corrections"]:
        label = f"corrections: {fix['table']} {fix['key']} {fix['column']}"
        if fix["table"] not in data.rows:
            out.append(f"{label}: no such table")
            continue
        key = data.resource(fix["table"])["schema"]["primaryKey"]
        columns = [key] if isinstance(key, str) else key
        rows = [row for row in data.rows[fix["table"]] if [row[c] for c in columns] == fix["key"].split("|")]
        if len(rows) != 1 or rows[0].get(fix["column"]) != fix["old"]:
            out.append(f"{label}: not one row holding {fix['old']!r}")
        if fix["status"] == "applied" and (not fix["new"] or fix["new"] == fix["old"]):
            out.append(f"{label}: applied without a new value")
    return out


def rankings_follow_figures(data: Data) -> list[str]:
    """city_rankings says nothing that its rows of regional_figures do not."""
    figures = {row["figure_id"]: row for row in data.rows["regional_figures"]}
    out = []
    for row in data.rows["city_rankings"]:
        of = [figures[i] for i in row["figure_ids"].split(";") if i in figures]
        if len(of) != len(row["figure_ids"].split(";")):
            out.append(f"city_rankings: {row['ranking_id']} names a figure that does not exist")
            continue
        for column in ("chain", "grade"):
            if {f[column] for f in of} != {row[column]}:
                out.append(f"city_rankings: {row['ranking_id']} {column}")
        if row["known_by"] != max(f["known_by"] for f in of):
            out.append(f"city_rankings: {row['ranking_id']} known_by")
        for column, place in (("shanghai_percent", "Shanghai"), ("first_city_percent", row["first_city"])):
            shares = {f["value"] for f in of if f["place"] == place and f["unit"] == "percent"}
            if row[column] and row[column] not in shares:
                out.append(f"city_rankings: {row['ranking_id']} {column} {row[column]} not in {shares}")
        ranks = {f["value"] for f in of if f["place"] == "Shanghai" and f["unit"] == "rank"}
        if ranks and {row["shanghai_place"]} != ranks:
            out.append(f"city_rankings: {row['ranking_id']} shanghai_place")
    return out


def helm_equals_epoch(data: Data) -> list[str]:
    """The one-harness table repeats scores of the collection, never other ones."""
    scores = {row["epoch_row_id"]: row["mmlu_percent"] for row in data.rows["mmlu_epoch"]}
    return [
        f"mmlu_helm: {row['epoch_row_id']} differs from mmlu_epoch"
        for row in data.rows["mmlu_helm"]
        if scores.get(row["epoch_row_id"]) != row["mmlu_percent"]
    ]


def chains_are_labels(data: Data) -> list[str]:
    """A row may carry a chain of its own, but no slip of a known label: sources are counted by chain."""
    chains = {row["chain"] for row in data.rows["sources"]}
    plain = {chain.replace("-", "") for chain in chains}
    out = []
    for name, rows in data.rows.items():
        for row in rows:
            chain = row.get("chain")
            if chain and not re.fullmatch(r"[a-z0-9.\-]+", chain):
                out.append(f"{name}: chain {chain!r} is no label")
            elif chain and chain not in chains and chain.replace("-", "") in plain:
                out.append(f"{name}: chain {chain!r} looks like a slip")
    return out


# --- one planted defect a rule -----------------------------------------------------------------------------


def first(data: Data, table: str) -> dict[str, str]:
    return data.rows[table][0]


def _bytes(data: Data) -> None:
    data.files["sources"] = data.files["sources"].replace(b"none stated", b"none statet", 1)


def _file(data: Data) -> None:
    data.package["resources"] = [e for e in data.resources if e["name"] != "city_rankings"]


def _csv(data: Data) -> None:
    data.files["city_rankings"] = data.files["city_rankings"].replace(b"\n", b"\r\n")


def _pad(data: Data) -> None:
    first(data, "city_rankings")["note"] = " padded"


def _unit(data: Data) -> None:
    columns = data.resource("regional_figures")["schema"]["fields"]
    next(c for c in columns if c["name"] == "value").pop("unit")


def _licence(data: Data) -> None:
    data.resource("mmmu")["licenses"] = []


def _source_id(data: Data) -> None:
    first(data, "regional_figures")["source_id"] = "reg-nowhere"


def _second_source(data: Data) -> None:
    first(data, "mmlu_scores")["second_source_id"] = "bench-nowhere"


def _no_source(data: Data) -> None:
    first(data, "mmmu")["source_id"] = ""


def _unused(data: Data) -> None:
    data.rows["sources"].append(first(data, "sources") | {"id": "reg-unused", "url": "https://example.org/unused"})


def _grade(data: Data) -> None:
    first(data, "sources")["grade"] = "C+"


def _twice(data: Data) -> None:
    data.rows["sources"].append(first(data, "sources") | {"id": "reg-again"})


def _no_address(data: Data) -> None:
    first(data, "sources")["url"] = ""


def _early(data: Data) -> None:
    first(data, "sources").update(published="2025-05-01", known_by="2025-04-30")


def _row_grade(data: Data) -> None:
    first(data, "regional_figures")["grade"] = "T"


def _known_by(data: Data) -> None:
    first(data, "arena_monthly")["known_by"] = "2025-03"


def _key(data: Data) -> None:
    data.rows["regional_figures"].append(dict(first(data, "regional_figures")))


def _size(data: Data) -> None:
    data.files["mmmu"] = b"x" * (MAX_TABLE_BYTES + 1)


def _total(data: Data) -> None:
    for number in range(5):
        data.files[f"extra{number}"] = b"x" * (MAX_DATA_BYTES // 4)


def _sentence(data: Data) -> None:
    first(data, "regional_figures")["note"] = "产业规模达到若干亿元，" * 6


def _long(data: Data) -> None:
    first(data, "regional_figures")["note"] = "word " * 70


def _headline(data: Data) -> None:
    first(data, "sources")["title"] = "某区发布人工智能产业人才发展趋势报告"


def _mail(data: Data) -> None:
    first(data, "regional_figures")["note"] = "write to someone@example.org"


def _phone(data: Data) -> None:
    first(data, "regional_figures")["note"] = "call 13800001111"


def _name(data: Data) -> None:
    first(data, "regional_figures")["publisher"] = "新闻网 (某某某)"


def _office(data: Data) -> None:
    first(data, "sources")["producer"] = "vice mayor Jane Doe"


def _path(data: Data) -> None:
    first(data, "sources")["notes"] = "see /home/me/notes.csv"


def _old(data: Data) -> None:
    next(r for r in data.rows["corrections"] if r["status"] == "applied")["old"] = "1999-01-01"


def _table(data: Data) -> None:
    first(data, "corrections")["table"] = "nowhere"


def _ranking(data: Data) -> None:
    next(r for r in data.rows["city_rankings"] if r["shanghai_percent"])["shanghai_percent"] = "99"


def _helm(data: Data) -> None:
    first(data, "mmlu_helm")["mmlu_percent"] = "99"


def _chain(data: Data) -> None:
    row = first(data, "regional_figures")
    row["chain"] = row["chain"].replace("-", "", 1)


RULES: list[tuple[Callable[[Data], list[str]], list[Callable[[Data], None]]]] = [
    (bytes_and_hashes, [_bytes]),
    (every_file_is_a_table, [_file]),
    (plain_csv, [_csv, _pad]),
    (described, [_unit, _licence]),
    (sources_resolve, [_source_id, _second_source]),
    (every_row_has_a_source, [_no_source]),
    (every_source_is_used, [_unused]),
    (sources_are_sound, [_grade, _twice, _no_address, _early]),
    (grades_and_days, [_row_grade, _known_by]),
    (keys_are_unique, [_key]),
    (sizes, [_size, _total]),
    (no_foreign_text, [_sentence, _long, _headline]),
    (no_contacts, [_mail, _phone]),
    (no_persons, [_name, _office]),
    (no_inner_paths, [_path]),
    (corrections_fit, [_old, _table]),
    (rankings_follow_figures, [_ranking]),
    (helm_equals_epoch, [_helm]),
    (chains_are_labels, [_chain]),
]


@pytest.mark.parametrize("rule", [rule for rule, _ in RULES], ids=lambda rule: rule.__name__)
def test_rule_holds(rule: Callable[[Data], list[str]], data: Data) -> None:
    problems = rule(data)
    assert not problems, "\n".join(problems[:20])


@pytest.mark.parametrize(
    ("rule", "plant"),
    [pytest.param(rule, plant, id=f"{rule.__name__}-{plant.__name__}") for rule, plants in RULES for plant in plants],
)
def test_rule_sees_a_planted_defect(rule: Callable[[Data], list[str]], plant: Callable[[Data], None], data: Data) -> None:
    small = few_rows(data)
    before = set(rule(small))
    plant(small)
    assert set(rule(small)) - before, f"{rule.__name__} does not see {plant.__name__}"


def few_rows(data: Data) -> Data:
    """A copy that is cheap to change: the big tables keep their first rows only."""
    rows = {name: copy.deepcopy(rows if len(rows) <= 1000 else rows[:50]) for name, rows in data.rows.items()}
    return Data(data.folder, copy.deepcopy(data.package), dict(data.files), rows)


# --- the schema, by frictionless ---------------------------------------------------------------------------


def errors(folder: Path, package: dict[str, Any]) -> list[str]:
    """Errors frictionless finds in the tables of ``package`` under ``folder``."""
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.Package(package, basepath=str(folder)).validate()
    found = [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
    return found + [error.message for error in report.errors]


def test_frictionless_validates_the_package(data: Data) -> None:
    found = errors(DATA, data.package)
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("value", "many", "number"),
        ("unit", "furlongs", "enum"),
        ("figure_id", "", "required"),
        ("period", "lately", "pattern"),
        ("figure_id", "T02", "unique"),
        ("source_id", "reg-nowhere", "foreign"),
        ("known_by", "06.12.2025", "date"),
    ],
)
def test_frictionless_sees_a_planted_defect(data: Data, tmp_path: Path, column: str, value: str, says: str) -> None:
    package = copy.deepcopy(data.package)
    package["resources"] = [e for e in package["resources"] if e["name"] in ("sources", "regional_figures")]
    rows = copy.deepcopy(data.rows["regional_figures"])
    rows[0][column] = value
    for entry in package["resources"]:
        for gone in ("hash", "bytes"):
            entry.pop(gone)
        path = tmp_path / entry["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.files[entry["name"]])
    with open(tmp_path / "raw/regional/figures.csv", "w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    assert any(says in message.lower() for message in errors(tmp_path, package)), errors(tmp_path, package)
