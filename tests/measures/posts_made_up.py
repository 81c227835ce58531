"""Job posts made up for tests."""

from __future__ import annotations

import pandas as pd

from recount import tables

COLUMNS = [field["name"] for field in tables.resource("posts")["schema"]["fields"]]


def made_up(*rows: dict) -> pd.DataFrame:
    """A tally from parts of rows, as ``posts.load`` gives it; what a row leaves out is an ordinary post of J03."""
    usual = {
        "data_set": "J03",
        "source_id": "job-j03",
        "platform": "zhaopin",
        "year": 2023,
        "odd_snapshot": False,
        "place": "other",
        "search": None,
        "groups_v1": None,
        "class_v1": "algorithm",
        "groups_v2": None,
        "class_v2": None,
        "education": "bachelor",
        "min_k_month": 20.0,
        "max_k_month": 40.0,
        "months": 12,
        "pay_unit": "month",
        "n": 1,
        "known_by": "2024-03-19",
        "decides": True,
    }
    frame = pd.DataFrame([usual | row for row in rows])
    frame["class_v2"] = frame["class_v2"].fillna(frame["class_v1"])
    frame["degree"] = (frame["education"] != "not_collected") & (frame["data_set"] != "J11")
    types = {"year": "Int64", "n": "Int64", "months": "Int64", "odd_snapshot": "boolean"}
    text = ["data_set", "source_id", "place", "search", "class_v1", "class_v2", "education", "pay_unit", "known_by"]
    return frame.astype(types | dict.fromkeys(text, "string"))
