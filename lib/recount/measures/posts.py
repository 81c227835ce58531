"""Job posts from their tally: who is counted, shares and ratios with intervals, and what the studies of C09 and C10 share.

One row of the tally is a combination of codes with ``n``, the number of posts that share it. Every data set is one
keyword search on one platform, no random sample; sets are never added up. A share carries Wilson's 95 % interval, a
ratio of shares Katz's: they say how well the posts at hand place a share, not how well the search stands for others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from recount import registry, tables, wording
from recount.hedges import Interval, Reading, position
from recount.multiverse import Study, axis
from recount.tables import RecountError

TECHNICAL = ("algorithm", "ai_engineering")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "technical": TECHNICAL,
    "algorithm": ("algorithm",),
    "any_ai": (*TECHNICAL, "ai_product", "ai_other"),
    "product": ("ai_product",),
}
"""Group of titles → classes of the title rule."""

MASTER_PLUS = ("master", "phd")
DENOMINATORS: Mapping[str, tuple[str, ...]] = {
    "stated_with_any": ("missing", "not_collected"),
    "stated_without_any": ("missing", "not_collected", "any"),
    "all_posts": ("not_collected",),
}
"""Denominator → education codes it leaves out. Where ``missing`` stays in, it counts as asking for no degree."""

PLACES: Mapping[str, tuple[str, ...]] = {
    "all": (),
    "shanghai": ("Shanghai", "Shanghai_unknown", "Pudong"),
    "pudong": ("Pudong",),
}
"""Place → codes of the tally (none: every code). Posts of Shanghai without a district make Pudong a lower bound."""

LEAST_POSTS = 30
"""A share over fewer posts is not used as a way to count."""

LEVEL = 0.95

UNDATED = "undated"
"""The day of a user's own rows that have no date."""

SETS: Mapping[str, wording.Words] = {
    "J01": wording.Words("BOSS, AI search, Beijing, 2023–24", "BOSS直聘，AI检索，北京，2023—24年"),
    "J02": wording.Words("Liepin, AI search, Beijing, 2023–24", "猎聘，AI检索，北京，2023—24年"),
    "J03": wording.Words("Zhaopin, AI search, six cities, 2023–24", "智联招聘，AI检索，六城，2023—24年"),
    "J04": wording.Words("51job, search for python, 2023–24", "前程无忧，检索python，2023—24年"),
    "J05": wording.Words("51job, ten occupations, 2024", "前程无忧，十类职业，2024年"),
    "J06": wording.Words("51job, mixed searches, 2023", "前程无忧，混合检索，2023年"),
    "J07": wording.Words("BOSS, software search, 2025", "BOSS直聘，软件岗检索，2025年"),
    "J08": wording.Words("BOSS, search for python, 2022", "BOSS直聘，检索python，2022年"),
    "J09": wording.Words("51job, AI and data search, seven cities, 2026", "前程无忧，AI与数据检索，七城，2026年"),
    "J10": wording.Words("Liepin, developer search, 2026", "猎聘，开发岗检索，2026年"),
    "J11": wording.Words("BOSS, AI product search, 2026", "BOSS直聘，AI产品检索，2026年"),
    "J13": wording.Words("51job, six job searches, 2022", "前程无忧，六类岗位检索，2022年"),
}
"""Data set → platform, search, place and time in a few words."""


def name(data_set: str, lang: str = "en") -> str:
    """A data set in words; a set of a user's own is called by its code."""
    return getattr(SETS.get(data_set, wording.Words(data_set, data_set)), lang)


def label(data_set: str) -> str:
    """A data set by code and words: ``J01 · BOSS, AI search, Beijing, 2023–24``; a user's own by its code."""
    return f"{data_set} · {name(data_set)}" if data_set in SETS else data_set


# ------------------------------------------------------------------------------------------------ the rows


def load() -> pd.DataFrame:
    """The tally with two more columns: ``decides`` (bool: known by the day of the report, or a user's own rows) and
    ``degree`` (bool: do its degrees say what posts ask for? not where no degree is collected, nor in J11, whose search
    was filtered by degree). A user's own sets are named by :func:`_own_names`.

    Raises:
        RecountError: the tally holds no posts, or none that may decide.
    """
    posts = tables.load("posts")
    if posts.empty:
        raise RecountError("posts: the tally holds no posts. Remedy: tally some with `python -m recount tally posts`.")
    posts["data_set"] = _own_names(posts)
    posts["decides"] = posts.index.isin(tables.may_decide(posts).index) | (posts["source_id"] == tables.OWN_ROWS).to_numpy(
        dtype=bool
    )
    if not posts["decides"].any():
        raise RecountError(
            f"posts: by its source no data set of the tally ({', '.join(sets(posts))}) was public on {tables.CLAIM_DATE}, so "
            "none may decide. Remedy: tally other rows as well, or rows of your own without --source-id."
        )
    posts["degree"] = ((posts["education"] != "not_collected") & (posts["data_set"] != "J11")).to_numpy(dtype=bool)
    return posts


def _own_names(posts: pd.DataFrame) -> pd.Series:
    """Data set of every row. A user's set that mixes platforms becomes one set a platform (``mine`` → ``mine-boss``,
    ``mine-liepin``), because platforms are never pooled; one that bears the code of a published set is told apart from it
    (``J03`` → ``own-J03``)."""
    own, names = posts["source_id"] == tables.OWN_ROWS, posts["data_set"]
    mixed = posts["platform"].groupby(names).transform("nunique") > 1
    names = names.mask(own & names.isin(SETS), "own-" + names)
    return names.mask(own & mixed, names + "-" + posts["platform"])


def of_group(posts: pd.DataFrame, group: str, version: str = "v1") -> pd.Series:
    """Mask of the titles of a group (:data:`GROUPS`), or, for ``other``, of all titles that are not AI technical.

    Raises:
        RecountError: no such group.
    """
    if group == "other":
        return ~posts[f"class_{version}"].isin(TECHNICAL)
    if group not in GROUPS:
        raise RecountError(f"posts: no group of titles {group!r}. Remedy: use other, {', '.join(GROUPS)}.")
    return posts[f"class_{version}"].isin(GROUPS[group])


def at_place(posts: pd.DataFrame, place: str) -> pd.Series:
    """Mask of the posts of a place (:data:`PLACES`).

    Raises:
        RecountError: no such place.
    """
    if place not in PLACES:
        raise RecountError(f"posts: no place {place!r}. Remedy: use one of {', '.join(PLACES)}.")
    return posts["place"].isin(PLACES[place]) if PLACES[place] else pd.Series(True, index=posts.index)


def sets(posts: pd.DataFrame) -> tuple[str, ...]:
    """Codes of the data sets, in natural order."""
    return tuple(sorted(posts["data_set"].unique(), key=tables.natural_key))


def overview(posts: pd.DataFrame) -> pd.DataFrame:
    """One row a data set: data_set, says, known_by, posts, technical (AI technical titles, rule v1), shanghai and pudong
    (of those), with_degree (of those: a stated level), decides."""
    rows = []
    for code in sets(posts):
        own = posts[posts["data_set"] == code]
        ai = own[of_group(own, "technical")]
        stated = ~ai["education"].isin(DENOMINATORS["stated_with_any"])
        rows.append(
            {
                "data_set": code,
                "says": name(code),
                "known_by": own["known_by"].iloc[0],
                "posts": int(own["n"].sum()),
                "technical": int(ai["n"].sum()),
                "shanghai": int(ai["n"][at_place(ai, "shanghai")].sum()),
                "pudong": int(ai["n"][at_place(ai, "pudong")].sum()),
                "with_degree": int(ai["n"][stated].sum()),
                "decides": bool(own["decides"].any()),
            }
        )
    return pd.DataFrame(rows)


def as_of(posts: pd.DataFrame, data_set: str) -> str:
    """Day by which a data set was public (ISO); for a user's own rows the last year in them."""
    own = posts[posts["data_set"] == data_set]
    day = own["known_by"].dropna()
    if len(day):
        return str(day.iloc[0])
    years = own["year"].dropna()
    return str(int(years.max())) if len(years) else UNDATED


def absent(posts: pd.DataFrame, wanted: Iterable[str]) -> str:
    """A sentence that says which of the wanted data sets these tallies hold, and which are left out for want of them."""
    wanted, present = list(wanted), sets(posts)
    gone = [code for code in wanted if code not in present]
    if not gone:
        return f"All {len(wanted)} data sets that the results name are in the tallies."
    own = sets(posts[posts["source_id"] == tables.OWN_ROWS])
    held = f" In their place, one set a platform: {', '.join(own)}." if own else ""
    return f"Not in these tallies, so their results are left out: {', '.join(gone)}.{held}"


# ------------------------------------------------------------------------------------------------ shares and intervals


class Share(NamedTuple):
    """A share of posts: ``hits`` of ``n`` posts, in percent, with the ends of its 95 % interval."""

    hits: int
    n: int
    percent: float
    low: float
    high: float


def share_interval(hits: int, n: int) -> Interval:
    """Wilson's 95 % interval of a share, in percent (Wilson 1927, J. Am. Stat. Assoc. 22; statsmodels).

    Raises:
        RecountError: no posts, or more hits than posts.
    """
    if not 0 <= hits <= n or n == 0:
        raise RecountError(f"posts: {hits} of {n} posts is no share.")
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(hits, n, alpha=1 - LEVEL, method="wilson")
    return Interval(100 * float(low), 100 * float(high))


def ratio_interval(hits: int, n: int, other_hits: int, other_n: int) -> Interval | None:
    """95 % interval of the ratio of two independent shares (Katz and others 1978, Biometrics 34: normal on the log scale).

    Returns:
        None where a share is zero or over no posts: the logarithm does not exist.
    """
    if min(hits, other_hits, n, other_n) <= 0:
        return None
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(hits, n, other_hits, other_n, compare="ratio", method="log", alpha=1 - LEVEL)
    return Interval(float(low), float(high))


def share(hits: int, n: int) -> Share | None:
    """A share with its interval; None over no posts."""
    if not n:
        return None
    interval = share_interval(hits, n)
    return Share(hits, n, 100 * hits / n, interval.low, interval.high)


def share_needed(part_percent: float, rest_percent: float, wanted_percent: float) -> float:
    """What share (0 to 1) a part with one percentage must have of all posts for the whole to reach a wanted percentage;
    below 0 or above 1 no mix of the two does; nan if both percentages are equal."""
    span = part_percent - rest_percent
    return (wanted_percent - rest_percent) / span if span else math.nan


# ------------------------------------------------------------------------------------------------ choices that studies share


def usable_sets(posts: pd.DataFrame, counts: pd.Series) -> tuple[str, ...]:
    """Data sets that may decide and hold at least :data:`LEAST_POSTS` AI technical posts (rule v1) where ``counts`` is true.

    Where none is large enough (a user's small tally), every set that may decide, so that a study can say that it finds
    too few posts; where none may decide, every set.
    """
    deciding = posts[posts["decides"]]
    held = deciding[counts[deciding.index] & of_group(deciding, "technical")].groupby("data_set")["n"].sum()
    enough = tuple(code for code in sets(deciding) if held.get(code, 0) >= LEAST_POSTS)
    return enough or sets(deciding) or sets(posts)


def default_set(declared: str, usable: Sequence[str], posts: pd.DataFrame) -> str:
    """The declared headline set; in tallies without it the usable set with the most AI technical posts (first of equals).

    Raises:
        RecountError: the tally is empty.
    """
    if not usable:
        raise RecountError("posts: the tally holds no posts. Remedy: tally some with `python -m recount tally posts`.")
    held = posts[of_group(posts, "technical")].groupby("data_set")["n"].sum()
    return declared if declared in usable else max(usable, key=lambda code: int(held.get(code, 0)))


class Codes(NamedTuple):
    """The tally as arrays with one value a row, made once for a study."""

    n: np.ndarray
    data_set: np.ndarray
    place: np.ndarray
    year: np.ndarray  # 0 where there is none
    odd: np.ndarray
    title: Mapping[str, np.ndarray]  # class by rule version
    education: np.ndarray


def codes(posts: pd.DataFrame) -> Codes:
    """Arrays of the tally, see :class:`Codes`."""

    def text(column: str) -> np.ndarray:
        return posts[column].to_numpy(dtype=object).astype(str)

    return Codes(
        posts["n"].to_numpy(dtype=np.int64),
        text("data_set"),
        text("place"),
        posts["year"].fillna(0).to_numpy(dtype=np.int64),
        posts["odd_snapshot"].to_numpy(dtype=bool),
        {version: text(f"class_{version}") for version in ("v1", "v2")},
        text("education"),
    )


def cut(mask: np.ndarray) -> Any:
    """Step that keeps those rows of a state (``state.rows``: numbers of rows of the tally) that a mask of the tally marks."""
    return lambda state: state._replace(rows=state.rows[mask[state.rows]])


def set_axis(held: Codes, default: str, usable: Sequence[str]) -> Any:
    """The axis data_set; its labels leave the years out. A user's own set is labelled by its code."""
    words = {
        code: (f"{code}: {name(code).rpartition(', ')[0]}", f"{code}：{name(code, 'zh').rpartition('，')[0]}")
        if code in SETS
        else (code, code)
        for code in usable
    }
    choices = {code: (cut(held.data_set == code), *says) for code, says in words.items()}
    return axis("data_set", default, "which posts: platform and search", choices, "哪批岗位：平台与检索")


def place_axis(held: Codes, default: str) -> Any:
    """The axis place."""
    shanghai, pudong = (np.isin(held.place, PLACES[place]) for place in ("shanghai", "pudong"))
    choices = {
        "all": (None, "all places of the set", "该批岗位的全部地点"),
        "shanghai": (cut(shanghai), "Shanghai only", "仅上海"),
        "pudong": (cut(pudong), "Pudong only", "仅浦东"),
    }
    return axis("place", default, "which place", choices, "哪个地点")


def odd_axis(held: Codes, default: str) -> Any:
    """The axis odd_snapshots."""
    choices = {
        "kept": (None, "all snapshots", "全部抓取日"),
        "dropped": (cut(~held.odd), "without the odd snapshots", "去掉异常抓取日"),
    }
    return axis("odd_snapshots", default, "odd days of the search", choices, "检索异常的日子")


def title_axes(chosen: Mapping[str, str], groups: Sequence[str]) -> list[Any]:
    """The axes rule_version and titles, which set the fields of the same names of the state."""
    words = {
        "technical": ("AI technical titles", "AI技术岗位"),
        "algorithm": ("algorithm titles only", "仅算法类岗位"),
        "any_ai": ("any title with an AI word", "凡岗位名含AI词"),
    }
    return [
        axis(
            "rule_version", chosen["rule_version"], "which title rule",
            {
                "v1": (lambda state: state._replace(rule_version="v1"), "title rule v1", "岗位名规则v1"),
                "v2": (lambda state: state._replace(rule_version="v2"), "title rule v2", "岗位名规则v2"),
            },
            "哪条岗位名规则",
        ),
        axis(
            "titles", chosen["titles"], "which titles are AI technical posts",
            {group: (lambda state, group=group: state._replace(titles=group), *words[group]) for group in groups},
            "哪些岗位名算AI技术岗位",
        ),
    ]  # fmt: skip


def empty_corners(held: Codes, usable: Sequence[str], years: Sequence[int] = ()) -> list[dict[str, Any]]:
    """Combinations that cannot exist: a set without posts of a place or year, or without odd snapshots."""
    found: list[dict[str, Any]] = []
    for code in usable:
        own = held.data_set == code
        places = [place for place in ("shanghai", "pudong") if not np.isin(held.place[own], PLACES[place]).any()]
        found += [{"data_set": code, "place": place} for place in places]
        if not held.odd[own].any():
            found.append({"data_set": code, "odd_snapshots": "dropped"})
        found += [{"data_set": code, "year": str(year)} for year in years if not (held.year[own] == year).any()]
    return found


# ------------------------------------------------------------------------------------------------ what a verdict says


class Headline(NamedTuple):
    """The headline of a study at its data set: the set's code, the day its posts stand for, the posts behind the estimate
    (None without one), and named values for the sentences of ``data/write.csv``."""

    data_set: str
    as_of: str
    n: int | None
    facts: dict[str, Any]


def headline(posts: pd.DataFrame, study: Study, rows: Sequence[Mapping[str, Any]], unit: str) -> Headline:
    """What a verdict says about a study's headline.

    Args:
        rows: result rows of every set under the headline's other choices, each with ``data_set``, ``value`` (in ``unit``)
            and ``n``; the headline's own set may be absent.

    Returns:
        Facts: ``platform`` (the set in words), ``value`` (point estimate), ``sets`` (how many sets have one), ``lowest`` and
        ``highest`` of them; ``as_of`` in words where a user's own rows have no date.
    """
    code = study.defaults["data_set"]
    mine = next((row for row in rows if row["data_set"] == code), None)
    nothing: Any = {"en": "no estimate", "zh": "无估计值"}
    values = [row["value"] for row in rows]
    facts = {
        "platform": {"en": name(code), "zh": name(code, "zh")},
        "value": (mine["value"], unit) if mine else nothing,
        "sets": len(values),
        "lowest": (min(values), unit) if values else nothing,
        "highest": (max(values), unit) if values else nothing,
    }
    day = as_of(posts, code)
    if day == UNDATED:
        facts["as_of"] = {"en": "an unknown date", "zh": "日期不详"}
    return Headline(code, day, mine["n"] if mine else None, facts)


def sides(estimates: Iterable[Interval], claim_id: str) -> dict[str, int]:
    """How many estimates lie wholly ``below`` the claimed interval, ``inside`` it, ``across`` an edge, or wholly ``above``."""
    claimed = registry.claim(claim_id).reading.default
    found = {"below": 0, "inside": 0, "across": 0, "above": 0}
    for one in estimates:
        where = position(one, claimed)
        side = "below" if one.high <= claimed.low else "above"
        found[{"inside": "inside", "straddling": "across"}.get(where, side)] += 1
    return found


def ways(study: Study, question: str) -> list[Interval]:
    """The estimates of the counted specifications of a study."""
    rows = study.frame[(study.frame["question"] == question) & study.frame["counted"]]
    return [Interval(*end) for end in rows[["low", "high", "low_open", "high_open"]].itertuples(index=False, name=None)]


_SIDES = {
    "below": ("give less than claimed", "低于所称"),
    "inside": ("lie inside", "落在所称区间内"),
    "across": ("cannot be told from it", "无法与所称区分"),
    "above": ("give more", "高于所称"),
}


def in_words(found: Mapping[str, int], what: str, lang: str = "en") -> str:
    """Counts of :func:`sides` as a phrase: "6 of 7 searches give less than claimed, 1 cannot be told from it, none give more".

    Args:
        what: what is counted, in the language of the phrase ("searches", "ways to count"; "个检索", "种算法").
    """
    total = sum(found.values())
    if not total:
        return f"No {what} with enough posts" if lang == "en" else f"没有岗位数足够的{what[1:]}"
    kept = [side for side in _SIDES if found[side] or side in ("below", "above")]
    if lang == "zh":
        return f"{total}{what}中，" + "，".join(f"{found[side]}{what[0]}{_SIDES[side][1]}" for side in kept)
    parts = [f"{found[side] or 'none'} {_SIDES[side][0]}" for side in kept]
    first = f"{found[kept[0]] or 'none'} of {total} {what} {_SIDES[kept[0]][0]}"
    return ", ".join([first[0].upper() + first[1:], *parts[1:]])


def turns_on(study: Study, claim_id: str, question: str, most: int = 4) -> tuple[str, str] | None:
    """The fewest changed choices that move a headline to another position, each with the estimate it leads to, in English
    and Chinese; None where nothing moves it, or there is no headline.

    ``verdicts.judge`` names one; here as many as ``most``, because several sets of posts are as good as the headline's.
    """
    claim = registry.claim(claim_id)
    flips = study.flips(claim.reading, question) if claim.reading else []
    if not flips:
        return None
    shown = [flip for flip in flips if not flip.bound][:most] or flips[:most]
    # changes that go together are joined by a word, so that the semicolon between flips stays the only one
    en = [f"{_joined(one.en, '; ', ' with ')} ({wording.span(one.estimate, claim.unit)})" for one in shown]
    zh = [f"{_joined(one.zh, '；', '且')}（{wording.span(one.estimate, claim.unit, 'zh')}）" for one in shown]
    said = "; ".join(en[:-1]) + (" or " if en[:-1] else "") + en[-1]
    named = "；".join(zh[:-1]) + ("；或" if zh[:-1] else "") + zh[-1]
    if _sets_on_both_sides(study, claim.reading, question):
        return (
            f"the platform, whose sets lie on both sides of the printed figure, and other choices, for example {said}",
            f"所用平台（各组数据分列所称数字两侧）和其他口径，例如{named}",
        )
    return f"the choices made, for example {said}", f"所取口径，例如{named}"


def _sets_on_both_sides(study: Study, reading: Reading, question: str) -> bool:
    """Does one set of posts, all else as in the headline, lie wholly below the claimed interval and another above it?"""
    changed = study.leverage(question)
    sets = [*changed.loc[changed["axis"] == "data_set", "estimate"].dropna(), study.headline[question]]
    return any(one.high < reading.default.low for one in sets) and any(one.low > reading.default.high for one in sets)


def _joined(words: str, mark: str, word: str) -> str:
    """Changes of one flip in words a reader knows: without the code of a set ("J01: BOSS, …"), joined by ``word``."""
    return word.join(re.sub(r"^J\d+[:：] ?", "", one) for one in words.split(mark))
