"""C13, the innovation town: growth a year that the target of 2030 needs, and what became of the target of 2023."""

from .read import one, plain

MONTHS = 12 * (2030 - 2025) + (12 - 8)  # from August 2025 to December 2030


def count() -> dict[str, float | str]:
    """Growth in percent a year; targets and outcomes in companies and in 100 million yuan."""
    figures = plain("raw/regional/figures.csv")

    def value(figure_id: str, unit: str, period: str) -> float:
        """Value of one figure, its unit and period checked."""
        return float(one(figures, figure_id=figure_id, unit=unit, period=period)["value"])

    base = value("Z17", "firms", "2025-08")  # about 200
    target = value("T16", "firms", "2030")  # over 1000
    return {
        "C13.growth_needed.2030.from_Z17": 100 * ((target / base) ** (12 / MONTHS) - 1),
        "C13.track_record.firms_target_2023": value("P17", "firms", "2023"),
        "C13.track_record.firms_2025": value("P04", "firms", "2025-04"),
        "C13.track_record.scale_target_2023": value("P16", "yuan_100m", "2023"),
        "C13.track_record.scale_2024": value("P01", "yuan_100m", "2024"),
    }
