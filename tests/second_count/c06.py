"""C06, Pudong's industry scale: the district commission's own letter (P02, P03) and what it implies."""

from decimal import Decimal

from .read import one, plain


def count() -> dict[str, float | str]:
    """Scale in 100 million yuan, share of the city in percent, and the city totals both shares need."""
    figures = plain("raw/regional/figures.csv")
    scale = Decimal(one(figures, figure_id="P02", unit="yuan_100m", period="2024")["value"])
    share = Decimal(one(figures, figure_id="P03", unit="percent", period="2024")["value"])
    return {
        "C06.scale.official.2024": float(scale),
        "C06.share.official.2024": float(share),
        "C06.implied_city_total.official": float(scale / (share / 100)),
        "C06.needed_city_total.40pct": float(scale / Decimal("0.40")),
    }
