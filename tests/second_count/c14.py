"""C14, the event: companies that signed, as the names in the account were counted."""

from .read import one, plain


def count() -> dict[str, float | str]:
    """Number of companies."""
    figures = plain("raw/regional/figures.csv")
    return {"C14.companies": float(one(figures, figure_id="T20", metric="signed_companies")["value"])}
