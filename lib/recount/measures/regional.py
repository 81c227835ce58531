"""Published regional figures as hedged numbers: one row of ``regional_figures`` → the interval its words claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recount import tables
from recount.hedges import Interval, last_digit_unit
from recount.measures import intervals

if TYPE_CHECKING:
    import pandas as pd

TABLE = "regional_figures"


@dataclass(frozen=True)
class Figure:
    """A published figure: its printed value, the interval its hedge word claims, and who stands behind it."""

    id: str
    value: float
    interval: Interval
    unit: str
    period: str
    population: str
    publisher: str
    known_by: str
    grade: str
    chain: str
    source_id: str
    decides: bool


def printed_unit(value: float) -> float:
    """Unit of the last non-zero digit of a value as the tables hold it: 1600 → 100, 1637.92 → 0.01."""
    return float(last_digit_unit(f"{value:.4f}".rstrip("0").rstrip(".")))


def intervals_of(frame: pd.DataFrame) -> list[Interval]:
    """Interval of each row of ``regional_figures``, in the row's unit; a range row spans its two values.

    Raises:
        RecountError: a bound that no hedge reads.
    """
    made = []
    for value, high, bound in zip(frame["value"], frame["value_high"], frame["bound"], strict=True):
        if high == high and high is not None:
            made.append(Interval(float(value), float(high)))
        elif bound == "range":  # one end of a range that two rows hold
            made.append(Interval.point(float(value)))
        else:
            made.append(intervals.of_figure(float(value), str(bound), printed_unit(float(value))))
    return made


def figure(figure_id: str) -> Figure:
    """One published figure by its id (``P02``).

    Raises:
        UnknownIdError: no such row.
    """
    frame = tables.load(TABLE)
    row = frame[frame["figure_id"] == figure_id]
    if row.empty:
        raise tables.UnknownIdError(f"{TABLE}: no figure {figure_id!r}. Remedy: use an id of the column figure_id.")
    r = row.iloc[0]
    return Figure(
        id=figure_id, value=float(r["value"]), interval=intervals_of(row)[0], unit=str(r["unit"]), period=str(r["period"]),
        population=str(r["population"]), publisher=str(r["publisher"]), known_by=str(r["known_by"]), grade=str(r["grade"]),
        chain=str(r["chain"]), source_id=str(r["source_id"]), decides=not tables.may_decide(row).empty,
    )  # fmt: skip


def shown(ids: list[str]) -> pd.DataFrame:
    """Rows of ``regional_figures`` in the given order, with columns ``interval`` and ``decides`` added."""
    frame = tables.load(TABLE).set_index("figure_id", drop=False).loc[ids].reset_index(drop=True)
    frame["interval"] = intervals_of(frame)
    frame["decides"] = frame["figure_id"].isin(tables.may_decide(frame)["figure_id"])
    return frame
