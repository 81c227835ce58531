"""Write results.csv from every count there is: python -m second_count.write, run from tests/."""

import csv

from . import c01, c02, c03, c04, c05, c06, c07, c08, c09, c10, c11, c12, c13, c14

FOLDER = __file__.rsplit("/", 1)[0] + "/"


def main() -> None:
    """Count everything and write id and value, sorted by id, numbers to four decimals."""
    values: dict[str, float | str] = {}
    for module in (c01, c02, c03, c04, c05, c06, c07, c08, c09, c10, c11, c12, c13, c14):
        values.update(module.count())
    with open(FOLDER + "results.csv", "w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(["id", "value"])
        for name in sorted(values):
            value = values[name]
            out.writerow([name, value if isinstance(value, str) else f"{value:.4f}"])


if __name__ == "__main__":
    main()
