"""C08, youth: the range of published shares of young people in AI populations, and the day of the 15 measures."""

from decimal import Decimal

from .read import one, plain


def count() -> dict[str, float | str]:
    """Lowest and highest comparator in percent; the date from the press page on the document (Y05)."""
    figures = plain("raw/regional/figures.csv")
    seekers = one(figures, figure_id="Y01", unit="percent")  # under 35: a range
    staff = one(figures, figure_id="Y02", unit="percent")  # 20 to 40
    staff_25_30 = one(figures, figure_id="Y03", unit="percent")
    staff_30_35 = one(figures, figure_id="Y04", unit="percent")
    comparators = [
        Decimal(seekers["value"]),
        Decimal(seekers["value_high"]),
        Decimal(staff["value"]),
        Decimal(staff_25_30["value"]) + Decimal(staff_30_35["value"]),
    ]
    return {
        "C08.comparator.min": float(min(comparators)),
        "C08.comparator.max": float(max(comparators)),
        "C08.policy_date": one(figures, figure_id="Y05", metric="policy_effective_date")["date_value"],
    }
