"""The multiverse of claim C01: China's share of AI model downloads, in the Ollama library and on Hugging Face."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recount import registry, wording
from recount.measures.download_counts import PERIODS, Count, shares
from recount.measures.hub import hub_count
from recount.measures.ollama import Library, library, list_by_list, ollama_count, windows

if TYPE_CHECKING:
    from recount.multiverse import Study

QUESTIONS = (*PERIODS, "change")
"""China's share of a year in percent; ``change`` = 2025 minus 2023 in percentage points."""


def _answers(count: Count) -> dict[str, float | None]:
    found = shares(count)
    years = {period: None if np.isnan(share) else float(share) for period, share in zip(PERIODS, found, strict=True)}
    change = float(found[2] - found[0])
    return years | {"change": None if np.isnan(change) else change}


def _what_counts(count: Count) -> tuple[np.ndarray, ...]:
    """What the estimate sees: specifications with the same numbers behind every share count once."""
    volume = count.volume
    return volume, volume * count.china[:, None], count.partial


def downloads_study(of: Library | None = None) -> Study:
    """The multiverse of claim C01: China's share of model downloads in 2023, 2024 and 2025, and the change.

    Start: every model of the Ollama library; a step changes one field of :class:`Count`. Questions: :data:`QUESTIONS`.
    """
    from recount.multiverse import axis, study

    of = library() if of is None else of
    bounds, chosen = windows(of), registry.headline("C01")

    def over(name: str) -> Any:
        ends = ollama_count(of, bounds[name])
        return lambda count: replace(count, start=ends.start, end=ends.end)

    def only(which: str, keep: bool = True) -> Any:
        return lambda count: replace(count, kept=count.kept & (getattr(count.items, which) == keep))

    def stock(count: Count) -> Count:
        return replace(count, start=np.zeros_like(count.start))

    def without_hong_kong(count: Count) -> Count:
        return replace(count, china=count.china & ~count.items.hong_kong)

    def base_model(count: Count) -> Count:
        return replace(count, china=count.items.base_china, unknown=count.items.base_unknown)

    def language(count: Count) -> Count:
        return replace(only("language")(count), partial=np.zeros_like(count.partial))

    def without_unknown(count: Count) -> Count:
        return replace(count, kept=count.kept & ~count.unknown)

    def upper_bound(count: Count) -> Count:
        return replace(count, china=count.china | count.unknown)

    def without_llama(count: Count) -> Count:
        return replace(count, kept=count.kept & np.array([name != "llama3.1" for name in count.items.names]))

    hub = {name: hub_count(united=name == "united") for name in ("november", "united")}
    named = {
        "channel": ("which channel", "哪个渠道", {
            "ollama": (None, "pulls from the Ollama library", "Ollama模型库的拉取次数"),
            "huggingface": (lambda _: hub["november"], "30-day downloads on Hugging Face", "Hugging Face近30天下载次数"),
        }),
        "liked_list": ("which most-liked list of Hugging Face", "用哪份Hugging Face点赞榜单", {
            "november": (None, "the list known by the report", "报告发布前的榜单"),
            "united": (lambda _: hub["united"], "united with the list that came later", "与报告之后的榜单合并"),
        }),
        "window": ("where a year begins and ends", "一年从何时算到何时", {
            "list_to_list": (None, "December list to December list", "从12月列表到12月列表"),
            "from_first_2025_list": (
                over("from_first_2025_list"), "2025 from February, one collection", "2025年自2月起，同一采集"
            ),
            "to_october_list": (over("to_october_list"), "2025 to October, the other collection", "2025年至10月，另一采集"),
            "january_lists": (over("january_lists"), "January list to January list", "从1月列表到1月列表"),
        }),
        "flow": ("within the year, or so far", "年内还是累计", {
            "flow": (None, "pulls within the year", "年内拉取次数"),
            "stock": (stock, "all pulls so far", "累计拉取次数"),
        }),
        "hong_kong": ("what China is", "中国的范围", {
            "with": (None, "China with Hong Kong", "中国（含香港）"),
            "without": (without_hong_kong, "China without Hong Kong", "中国（不含香港）"),
        }),
        "region": ("whose model it is", "算谁的模型", {
            "publisher": (None, "region of the publisher", "按发布者所在地区"),
            "base_model": (base_model, "region of the base model", "按基座模型所在地区"),
        }),
        "scope": ("which models", "算哪些模型", {
            "all": (None, "all models", "全部模型"),
            "no_embeddings": (only("embedding", False), "embedding models left out", "不含嵌入模型"),
            "language_and_vision": (language, "language and vision-language models", "语言模型和视觉语言模型"),
            "tracked_only": (only("tracked"), "tracked organisations only", "仅ATOM跟踪的机构"),
        }),
        "unknown": ("models of unknown region", "地区不明的模型", {
            "denominator": (None, "unknown kept in the total", "地区不明者留在总数中"),
            "dropped": (without_unknown, "unknown left out", "剔除地区不明者"),
        }),
        "unknown_to_china": ("upper bound", "上限", {
            "no": (None, "unknown not counted as Chinese", "地区不明者不算中国"),
            "yes": (upper_bound, "every unknown model counted as Chinese", "地区不明者全算中国"),
        }),
        "llama31": ("llama3.1, probably pulled in bulk", "疑似被批量拉取的llama3.1", {
            "with": (None, "with llama3.1", "含llama3.1"),
            "without": (without_llama, "without llama3.1", "不含llama3.1"),
        }),
        "cloud": ("cloud listings", "云端条目", {
            "with": (None, "with cloud listings", "含云端条目"),
            "without": (only("cloud_only", False), "without cloud listings", "不含云端条目"),
        }),
        "cloud_mixed": ("families with weights and cloud calls", "权重与云端混合的系列", {
            "kept": (None, "mixed families kept", "保留混合系列"),
            "left_out": (only("cloud_mixed", False), "mixed families left out", "剔除混合系列"),
        }),
    }  # fmt: skip
    roles = {row.axis: row.role for row in registry.headline_rows("C01")}
    axes = [axis(name, chosen[name], says, choices, zh, roles[name]) for name, (says, zh, choices) in named.items()]
    hub_only = {"channel": "huggingface"}
    return study(
        "C01",
        ollama_count(of, bounds["list_to_list"]),
        axes,
        _answers,
        unit="percent",
        population="downloads of AI models by region of the developer, in one channel",
        questions=QUESTIONS,
        exclude=[
            *({**hub_only, name: [key for key in named[name][2] if key != chosen[name]]}
              for name in ("window", "flow", "region", "llama31", "cloud", "cloud_mixed")),
            {"channel": "ollama", "liked_list": "united"},
            {"window": "to_october_list", "scope": ["all", "tracked_only"]},
            {"unknown": "dropped", "unknown_to_china": "yes"},
        ],
        fingerprint=_what_counts,
    )  # fmt: skip


def over_time(done: Study, of: Library) -> pd.DataFrame:
    """What the picture over time draws, known by the day of the report: see :func:`recount.drawings.downloads.share_over_time`.

    Rows: the printed shares over their calendar years, the headline of each year between its two lists, the lowest and the
    highest of all counted ways, and the share of the pulls since a list about four weeks before.
    """
    rows = []
    for claim in map(registry.claim, ("C01a", "C01b")):
        ends = {"start": f"{claim.period}-01-01", "end": f"{claim.period}-12-31", "low": claim.value, "high": claim.value}
        rows.append({"kind": "printed", **ends, "label": f"printed for {claim.period}: {claim.printed_en}"})
    counted = done.frame[done.frame["counted"]]
    for period, (first, last) in zip(PERIODS, windows(of)["list_to_list"], strict=True):
        ends = {"start": first.day if first else f"{period}-07-01", "end": last.day}
        share, every = done.headline[period].low, counted.loc[counted["question"] == period, "low"]
        label = f"{wording.number(share, 'percent')}%"
        rows.append({"kind": "year", **ends, "low": share, "high": share, "label": label, "source_id": last.source})
        rows.append({"kind": "ways", **ends, "low": every.min(), "high": every.max(), "label": ""})
    lists = list_by_list(of)
    lists = lists[lists["known"] & lists["flow"].notna()]
    marked = {lists["flow"].idxmax(), lists.loc[lists["flow"].idxmax() :, "flow"].idxmin()}
    for row in lists.itertuples():
        label = f"{row.since} to {row.day}:\n{row.top} most pulled" if row.Index in marked else ""
        ends = {"start": row.since, "end": row.day, "low": row.flow, "high": row.flow}
        rows.append({"kind": "list", **ends, "label": label, "source_id": row.source_id})
    return pd.DataFrame(rows)
