"""C11, the shortage index: what 0.51 says under each definition, and the public employment service's ratio again."""

from decimal import Decimal

from .read import Row, one, plain, table

PRINTED = Decimal("0.51")
OWN = {"D14", "D15", "D16"}
QUARTERS = ("2020Q1", "2020Q2", "2021Q1", "2021Q2", "2021Q3")


def reading(definition: Row) -> str:
    """Side of the neutral point on which 0.51 lies; undecidable without a formula or without a neutral point, and for D17."""
    no_formula = definition["formula_kind"] == "undisclosed"
    if no_formula or definition["neutral_point"] == "" or definition["definition_id"] == "D17":
        return "undecidable"
    if Decimal(definition["neutral_point"]) == PRINTED:
        return "undecidable"
    above = Decimal(definition["neutral_point"]) < PRINTED
    return "shortage" if above == (definition["higher_means"] == "shortage") else "surplus"


def count() -> dict[str, float | str]:
    """Labels of all definitions, their numbers without this project's own three, and posts wanted a seeker by quarter."""
    definitions = plain("raw/shortage/definitions.csv")
    readings = {row["definition_id"]: reading(row) for row in definitions}
    result: dict[str, float | str] = {f"C11.reading.{name}": label for name, label in readings.items()}
    published = [label for name, label in readings.items() if name not in OWN]
    for label in ("shortage", "surplus", "undecidable"):
        result[f"C11.n_definitions.{label}"] = float(published.count(label))

    figures = [row for row in table("raw/shortage/figures.csv", "shortage_figures") if row["definition_id"] == "D04"]
    for quarter in QUARTERS:
        wanted = Decimal(one(figures, period=quarter, measure="recruitment demand", unit="persons_10k")["value"])
        seeking = Decimal(one(figures, period=quarter, measure="job seekers", unit="persons_10k")["value"])
        result[f"C11.demand_ratio.{quarter}"] = float(wanted / seeking)
    return result
