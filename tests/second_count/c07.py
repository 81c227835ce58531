"""C07, Zhangjiang: 1140 over Pudong's scale, and the company counts side by side."""

from decimal import Decimal

from .read import one, plain


def count() -> dict[str, float | str]:
    """Shares in percent; companies as printed (600 odd, over 600: the printed number)."""
    figures = plain("raw/regional/figures.csv")

    def value(figure_id: str, unit: str) -> Decimal:
        """Value of one figure, its unit checked."""
        return Decimal(one(figures, figure_id=figure_id, unit=unit)["value"])

    zhangjiang = value("T10", "yuan_100m")
    official = value("P02", "yuan_100m")  # 2024, above designated size
    report = value("T07", "yuan_100m")  # printed as "over", so the share is an upper bound
    return {
        "C07.share.official_denominator": float(100 * zhangjiang / official),
        "C07.share.report_denominator_upper": float(100 * zhangjiang / report),
        "C07.firms.zhangjiang": float(value("T09", "firms")),
        "C07.firms.pudong.2021": float(value("P15", "firms")),  # 2021-07, all kinds
        "C07.firms.pudong.2022": float(value("P13", "firms")),  # 2022-12, key firms; P22 (2022-09) prints the same
        "C07.firms.pudong.2025": float(value("P04", "firms")),  # 2025-04, key firms
    }
