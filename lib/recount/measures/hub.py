"""Downloads on Hugging Face at single dates (claim C01): lists of accounts, and lists of the most-liked models.

Each list holds the downloads of the 30 days before it. The lists differ in kind, so they are no series.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from recount import tables
from recount.measures.download_counts import NO_REGION, PERIODS, Count, Items, part_percent

LANGUAGE_TAGS = ("text-generation", "image-text-to-text")
EMBEDDING_TAGS = ("feature-extraction", "sentence-similarity")
"""Task tags of Hugging Face that stand for language and vision-language models, and for embeddings."""

TABLE_COLUMNS = (
    "source_id", "snapshot_date", "table", "union", "models", "downloads", "china", "no_region", "root", "language",
    "language_models", "largest", "largest_share",
)  # fmt: skip

TEXT_ONLY = "dl-hf-textgen-2023-07"
"""The list of text-generation models, which states no tag of its own."""


def hub_lists(*, united: bool = False) -> pd.DataFrame:
    """Every list of Hugging Face at hand in one shape, published or a reader's own.

    Args:
        united: add, for lists that keep model ids, the union of the lists of one year (the later list's value and tag).

    Returns:
        One row an account and tag, or a model: source_id, snapshot_date (of a union: its last list), table, union (bool),
        namespace, region, pipeline_tag, models, downloads. Empty where a reader's own tallies hold no list.
    """
    columns = ["source_id", "snapshot_date", "table", "union", "namespace", "region", "pipeline_tag", "models", "downloads"]
    accounts = tables.load("hf_namespaces").rename(columns={"downloads_30d": "downloads"})
    liked = tables.load("hf_models").rename(columns={"downloads_30d": "downloads"}).assign(models=1)
    parts = [accounts.assign(table="hf_namespaces", union=False), liked.assign(table="hf_models", union=False)]
    if united:
        newest = liked.sort_values("snapshot_date", kind="stable").assign(year=liked["snapshot_date"].str[:4])
        for _, lists in newest.groupby("year"):
            if lists["snapshot_date"].nunique() > 1:
                both = lists.drop_duplicates("model_id", keep="last")
                parts.append(both.assign(table="hf_models", union=True, snapshot_date=lists["snapshot_date"].max()))
    made = pd.concat([part[columns] for part in parts], ignore_index=True)
    return made.astype({"models": int, "downloads": float}).sort_values(["snapshot_date", "union"], kind="stable")


def hub_table() -> pd.DataFrame:
    """One row a list of Hugging Face: day, what it holds, models, downloads, and shares in percent.

    Columns: TABLE_COLUMNS. china: China's share; language: the same among language and vision-language tags (nan where no
    tags are given); no_region: accounts that no list of organisations knows, or without a single base; root: ids without an
    owner (the hub's first models), part of no_region; largest: the Chinese account with most downloads, largest_share its
    part of the Chinese downloads; models, language_models: how many. Without a list the table has no row.
    """
    lists, rows = hub_lists(united=True), []
    for (day, table, union), one in lists.groupby(["snapshot_date", "table", "union"], sort=False):
        downloads, china = one["downloads"].to_numpy(), (one["region"] == "china").to_numpy(dtype=bool)
        language = one["pipeline_tag"].isin(LANGUAGE_TAGS).to_numpy(dtype=bool)
        chinese = one[china].groupby("namespace")["downloads"].sum()
        rows.append(
            {
                "source_id": one["source_id"].iloc[0],
                "snapshot_date": day,
                "table": table,
                "union": union,
                "models": int(one["models"].sum()),
                "downloads": downloads.sum(),
                "china": part_percent(downloads, china),
                "no_region": part_percent(downloads, one["region"].isin(NO_REGION).to_numpy(dtype=bool)),
                "root": part_percent(downloads, (one["namespace"] == "(root)").to_numpy(dtype=bool)),
                "language": part_percent(downloads[language], china[language]),
                "language_models": int(one["models"][language].sum()),
                "largest": chinese.idxmax() if len(chinese) else "",
                "largest_share": 100 * chinese.max() / chinese.sum() if chinese.sum() else float("nan"),
            }
        )
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def hub_count(*, united: bool = False) -> Count:
    """The state that counts Hugging Face downloads: of each year the last list of every account, else the most-liked models.

    Lists after the day of the report are left out, but in a union (``united``). A year without a list is not computable;
    a list of text generation alone is partial: it answers for language models, not for all.
    """
    lists = hub_lists(united=united)
    picked, partial = [], np.zeros(len(PERIODS), dtype=bool)
    for at, period in enumerate(PERIODS):
        here = lists[lists["snapshot_date"].str.startswith(period)]
        here = here[here["union"] | (here["snapshot_date"] <= tables.CLAIM_DATE)]
        if here.empty:
            continue
        accounts = here[here["table"] == "hf_namespaces"]
        here = accounts if len(accounts) else here[here["union"]] if here["union"].any() else here
        here = here[here["snapshot_date"] == here["snapshot_date"].max()]
        tags = here["pipeline_tag"].fillna("text-generation") if _text_only(here) else here["pipeline_tag"]
        partial[at] = tags.isin(LANGUAGE_TAGS).all()
        picked.append(here.assign(pipeline_tag=tags, period=at))
    columns = ["namespace", "region", "pipeline_tag", "downloads", "period"]
    rows = pd.concat(picked, ignore_index=True) if picked else pd.DataFrame({name: [] for name in columns})
    return _hub_state(rows, partial)


def _text_only(rows: pd.DataFrame) -> bool:
    """Is this the list of text-generation models, which states no tag of its own?"""
    return bool((rows["source_id"] == TEXT_ONLY).all())


def _hub_state(rows: pd.DataFrame, partial: np.ndarray) -> Count:
    organisations = tables.load("organisation_regions")
    key = rows["namespace"].astype(str).str.lower()
    in_hong_kong = set(organisations.loc[organisations["hong_kong"].astype(bool), "namespace"].str.lower())
    tracked = set(organisations.loc[(organisations["tracked_models"] > 0).astype(bool), "namespace"].str.lower())
    region, tag = rows["region"].astype(str).to_numpy(), rows["pipeline_tag"].astype(object)
    none = np.zeros(len(rows), dtype=bool)
    china, unknown = region == "china", np.isin(region, NO_REGION)
    items = Items(
        names=tuple(key),
        china=china,
        base_china=china,
        unknown=unknown,
        base_unknown=unknown,
        hong_kong=key.isin(in_hong_kong).to_numpy(dtype=bool),
        embedding=tag.isin(EMBEDDING_TAGS).to_numpy(dtype=bool),
        language=tag.isin(LANGUAGE_TAGS).to_numpy(dtype=bool),
        tracked=key.isin(tracked).to_numpy(dtype=bool),
        cloud_only=none,
        cloud_mixed=none,
    )
    end = np.full((len(rows), len(PERIODS)), np.nan)
    end[np.arange(len(rows)), rows["period"].to_numpy(dtype=int)] = rows["downloads"].to_numpy(dtype=float)
    return Count(items, np.zeros_like(end), end, china, unknown, ~none, partial)
