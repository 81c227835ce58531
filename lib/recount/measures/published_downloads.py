"""What others published about China's share of downloads (claim C01), by what each figure really counts."""

from __future__ import annotations

import pandas as pd

from recount import tables
from recount.hedges import Interval, last_digit_unit
from recount.measures import intervals

METRICS = {
    "share of downloads, undefined": "downloads: of what, and where, not stated",
    "share of downloads in a period": "downloads within a period",
    "share of downloads so far": "all downloads so far",
    "share of new derivatives": "new derivatives, by base model",
    "share of tokens": "tokens processed",
}
"""What a published share really counts, in the order drawn → its heading."""

HEDGES = {"over": "ge", "about": "approx"}


def published_shares() -> pd.DataFrame:
    """Published shares of China in percent, one row a figure, sorted by what they count.

    Returns:
        The columns of ``downloads_published`` and: low, high, low_open, high_open (a range as printed; "over" and "about" as
        these hedges read), section (see METRICS), label (without "Hugging Face"), known (bool: by the day of the report).
    """
    rows = tables.load("downloads_published")
    rows = rows[(rows["region"] == "china") & (rows["unit"] == "percent")]
    rows = rows.assign(order=rows["metric"].map({name: at for at, name in enumerate(METRICS)}))
    rows = rows.sort_values(["order", "value"], ascending=[True, False], ignore_index=True).drop(columns="order")
    ends = [
        Interval(row.value, row.value_high)
        if row.value < row.value_high or row.hedge is pd.NA
        else intervals.of_figure(row.value, HEDGES[row.hedge], float(last_digit_unit(f"{row.value:g}")))
        for row in rows.itertuples()
    ]
    for name in ("low", "high", "low_open", "high_open"):
        rows[name] = [getattr(end, name) for end in ends]
    parts = rows[["scope", "part"]].fillna("").agg(lambda row: ", ".join(filter(None, row)), axis=1)
    where = parts.where(rows["source_id"] != "reg-xinmin-report", "the report").str.removeprefix("Hugging Face, ")
    rows["label"] = rows["figure_id"] + " · " + where + ", " + rows["period"].str.replace("/", " to ")
    return rows.assign(section=rows["metric"].map(METRICS), known=tables.known(rows))
