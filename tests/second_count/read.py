"""Read a table of this project with the csv module and apply its corrections. Nothing else is shared by the counts."""

import csv

Row = dict[str, str]

DATA = __file__.rsplit("/tests/", 1)[0] + "/data/"

# table -> column that identifies a row, for the tables that corrections.csv touches
KEYS = {
    "epoch_index": "model_version",
    "epoch_runs": "run_id",
    "mmlu_epoch": "epoch_row_id",
    "mmlu_helm": "epoch_row_id",
    "published_gaps": "statement_id",
    "self_reported_scores": "row_id",
    "shortage_figures": "figure_id",
}


def plain(path: str) -> list[Row]:
    """Rows of one file below data/, as they stand."""
    with open(DATA + path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def table(path: str, name: str) -> list[Row]:
    """Rows of one file below data/; corrections of the table `name` with status `applied` are made."""
    rows = plain(path)
    todo = [c for c in plain("corrections.csv") if c["table"] == name and c["status"] == "applied"]
    for change in todo:
        found = [row for row in rows if row[KEYS[name]] == change["key"]]
        if len(found) != 1:
            raise ValueError(f"{name} {change['key']}: {len(found)} rows to correct, not one")
        if found[0][change["column"]] != change["old"]:
            raise ValueError(f"{name} {change['key']}: {found[0][change['column']]!r} is not {change['old']!r}")
        found[0][change["column"]] = change["new"]
    return rows


def one(rows: list[Row], **wanted: str) -> Row:
    """The single row that has these values; anything but one row is an error."""
    found = [row for row in rows if all(row[column] == value for column, value in wanted.items())]
    if len(found) != 1:
        raise ValueError(f"{len(found)} rows with {wanted}, not one")
    return found[0]
