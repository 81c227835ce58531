"""C05, Pudong's talent stock: 94,000 over every published total of the city, and the total that "one third" needs."""

from decimal import Decimal

from .read import one, plain


def count() -> dict[str, float | str]:
    """Shares in percent; the implied total in persons."""
    figures = plain("raw/regional/figures.csv")

    def persons(figure_id: str) -> Decimal:
        """Persons of one figure."""
        return Decimal(one(figures, figure_id=figure_id, metric="ai_talent_stock", unit="persons")["value"])

    pudong = persons("T03")  # printed "over 94,000"
    shares = {name: 100 * pudong / persons(name) for name in ("S06", "S08", "S14", "S15")}
    return {
        "C05.share.S15": float(shares["S15"]),
        "C05.share.S14": float(shares["S14"]),
        "C05.share.min": float(min(shares.values())),
        "C05.share.max": float(max(shares.values())),
        "C05.implied_city_total": float(pudong * 3),
    }
