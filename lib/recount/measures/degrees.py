"""Degrees asked for in job posts: shares by data set and group of titles, their ratios, and the study of C09."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from recount import registry
from recount.hedges import Interval
from recount.measures.posts import (
    DENOMINATORS,
    GROUPS,
    LEAST_POSTS,
    MASTER_PLUS,
    Share,
    as_of,
    at_place,
    codes,
    cut,
    default_set,
    empty_corners,
    label,
    load,
    odd_axis,
    of_group,
    place_axis,
    ratio_interval,
    set_axis,
    share,
    share_interval,
    title_axes,
    usable_sets,
)
from recount.multiverse import Study, axis, study


def master_share(
    posts: pd.DataFrame, group: str = "technical", version: str = "v1", place: str = "all", denominator: str = "stated_with_any"
) -> Share | None:
    """Share of posts that ask for a master's degree or more among the posts of a group of titles at a place.

    Args:
        posts: rows of one data set.
        group: :data:`GROUPS` or ``other``; version: title rule; place: :data:`PLACES`; denominator: :data:`DENOMINATORS`.

    Returns:
        None where no such post states a level.
    """
    rows = posts[of_group(posts, group, version) & at_place(posts, place) & posts["degree"]]
    rows = rows[~rows["education"].isin(DENOMINATORS[denominator])]
    return share(int(rows["n"][rows["education"].isin(MASTER_PLUS)].sum()), int(rows["n"].sum()))


def master_rows(
    posts: pd.DataFrame, wanted: Sequence[str], group: str, version: str = "v1", place: str = "all"
) -> list[dict[str, Any]]:
    """Result rows ``C09.master_plus.<set>.<group>`` for ``records.results``, one a data set that has such posts."""
    titles = {"technical": "ai_technical"}.get(group, group) + ("" if version == "v1" else f".{version}")
    where = "" if place == "all" else f".{place.capitalize()}"
    found = []
    for code in wanted:
        one = master_share(posts[posts["data_set"] == code], group, version, place)
        if one is not None:
            found.append(
                {
                    "id": f"C09.master_plus.{code}.{titles}{where}",
                    "value": one.percent,
                    "low": one.low,
                    "high": one.high,
                    "n": one.n,
                    "says": label(code),
                    "as_of": as_of(posts, code),
                    "data_set": code,
                }
            )
    return found


def ratio_rows(posts: pd.DataFrame, wanted: Sequence[str], version: str = "v1") -> list[dict[str, Any]]:
    """Result rows ``C09.ratio.<set>``: the share among AI technical posts over that among all other titles of the set."""
    found = []
    for code in wanted:
        own = posts[posts["data_set"] == code]
        ai, rest = (master_share(own, group, version) for group in ("technical", "other"))
        interval = ratio_interval(ai.hits, ai.n, rest.hits, rest.n) if ai and rest else None
        if interval is not None:
            found.append(
                {
                    "id": f"C09.ratio.{code}" + ("" if version == "v1" else f".{version}"),
                    "value": ai.percent / rest.percent,
                    "low": interval.low,
                    "high": interval.high,
                    "n": ai.n + rest.n,
                    "says": label(code),
                    "as_of": as_of(posts, code),
                    "data_set": code,
                }
            )
    return found


# ------------------------------------------------------------------------------------------------ the multiverse of C09


class _State(NamedTuple):
    rows: np.ndarray
    rule_version: str = "v1"
    titles: str = "technical"
    denominator: str = "stated_with_any"


def degrees_study(posts: pd.DataFrame | None = None) -> Study:
    """C09: share of posts asking for a master's degree or more (question ``share``, percent, Wilson's interval) and its
    ratio to the share among other titles of the same search (question ``ratio``, Katz's interval).

    Others are all titles that are neither in the group nor AI technical. Shares over fewer than :data:`LEAST_POSTS`
    posts are not computed.

    Args:
        posts: tally as :func:`load` gives it; default the published one.
    """
    posts = load() if posts is None else posts
    chosen, held = registry.headline("C09"), codes(posts)
    degree = posts["degree"].to_numpy(dtype=bool)
    stated = posts["degree"] & ~posts["education"].isin(DENOMINATORS["stated_with_any"])
    usable = usable_sets(posts, stated)
    years = [int(year) for year in sorted(set(held.year[np.isin(held.data_set, usable)])) if year]
    master = np.isin(held.education, MASTER_PLUS)
    counts = {key: degree & ~np.isin(held.education, left_out) for key, left_out in DENOMINATORS.items()}
    member = {(v, g): np.isin(held.title[v], classes) for v in held.title for g, classes in GROUPS.items()}

    def roles(state: _State) -> tuple[np.ndarray, np.ndarray]:
        """Masks over the state's rows: posts of the group, other posts, both with the denominator's rule."""
        inside, technical = (member[state.rule_version, group][state.rows] for group in (state.titles, "technical"))
        counted = counts[state.denominator][state.rows]
        return inside & counted, ~(inside | technical) & counted

    def estimate(state: _State) -> dict[str, Interval | None]:
        n, hit = held.n[state.rows], master[state.rows]
        group, rest = roles(state)
        total, others = int(n[group].sum()), int(n[rest].sum())
        hits, other_hits = int(n[group & hit].sum()), int(n[rest & hit].sum())
        enough = total >= LEAST_POSTS
        return {
            "share": share_interval(hits, total) if enough else None,
            "ratio": ratio_interval(hits, total, other_hits, others) if enough and others >= LEAST_POSTS else None,
        }

    def counted(state: _State) -> Any:
        group, rest = roles(state)
        return state.rows[group].tobytes(), state.rows[rest].tobytes()

    of_year = {
        str(year): (cut(held.year == year), f"posts of {year} only", f"仅{year}年") for year in years
    }  # fmt: skip
    instead = "product posts in place of technical ones", "以产品岗代替技术岗"
    with_any = "posts with a stated level, any degree included", "写明学历要求的岗位（含不限）"
    without_any = "posts that name a degree", "写明具体学历的岗位"
    everyone = "all posts, none stated counts as none asked", "全部岗位（未写视为不要求）"
    axes = [
        set_axis(held, default_set(chosen["data_set"], usable, posts), usable),
        place_axis(held, chosen["place"]),
        axis(
            "year", chosen["year"], "which year of the posts",
            {"all": (None, "all years of the set", "该批岗位的全部年份")} | of_year, "哪一年的岗位",
        ),
        odd_axis(held, chosen["odd_snapshots"]),
        *title_axes(chosen, ("technical", "algorithm", "any_ai")),
        axis(
            "product_posts", chosen["product_posts"], "product posts, which the claim does not count",
            {"no": (None, "not counted", "不计"), "instead": (lambda state: state._replace(titles="product"), *instead)},
            "产品岗（原说法不计）", role="bound",
        ),
        axis(
            "denominator", chosen["denominator"], "a share of which posts",
            {
                "stated_with_any": (None, *with_any),
                "stated_without_any": (lambda state: state._replace(denominator="stated_without_any"), *without_any),
                "all_posts": (lambda state: state._replace(denominator="all_posts"), *everyone),
            },
            "占哪些岗位的比重",
        ),
    ]  # fmt: skip
    return study(
        "C09",
        _State(np.flatnonzero(degree)),
        axes,
        estimate,
        unit="percent",
        population="posts found by keyword searches on single platforms",
        questions=("share", "ratio"),
        exclude=[*empty_corners(held, usable, years), {"product_posts": "instead", "titles": ("algorithm", "any_ai")}],
        fingerprint=counted,
    )
