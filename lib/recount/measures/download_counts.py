"""Counting downloads of AI models by region of the developer (claim C01): what is counted in a channel, and a share of it.

A download is a request of a machine, and models *of* Chinese developers are not downloads *from* China.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recount.tables import RecountError

PERIODS = ("2023", "2024", "2025")

NO_REGION = ("unknown", "unmapped")
"""Regions of models without a single base, and of accounts that no list of organisations knows."""


@dataclass(frozen=True, eq=False)
class Items:
    """What is counted in one channel (families of Ollama, or accounts and models of Hugging Face), M of them.

    names: (M); the others are boolean (M): is it of a Chinese publisher (base model), without a region by publisher
    (by base model), of a publisher in Hong Kong, an embedding, a language or vision-language model, of a tracked
    organisation, listed only (or also) as a cloud model?
    """

    names: tuple[str, ...]
    china: np.ndarray
    base_china: np.ndarray
    unknown: np.ndarray
    base_unknown: np.ndarray
    hong_kong: np.ndarray
    embedding: np.ndarray
    language: np.ndarray
    tracked: np.ndarray
    cloud_only: np.ndarray
    cloud_mixed: np.ndarray


@dataclass(frozen=True, eq=False)
class Count:
    """State of the study: which items count, which are China's, and how much each has in each period.

    start, end: (M, 3) pulls so far at the two ends of a period; start is 0 for a model not listed yet, end is nan for one
    not listed any more (it is left out). china, unknown, kept: (M) booleans. partial: (3) is the period's list one of
    language models only, so that it cannot answer for all models?
    """

    items: Items
    start: np.ndarray
    end: np.ndarray
    china: np.ndarray
    unknown: np.ndarray
    kept: np.ndarray
    partial: np.ndarray

    @property
    def volume(self) -> np.ndarray:
        """Pulls or downloads of each item in each period, 0 where it does not count; (M, 3)."""
        listed = self.kept[:, None] & ~np.isnan(self.end)
        return np.where(listed, self.end - self.start, 0.0)


def shares(count: Count) -> np.ndarray:
    """China's share of each period in percent; nan where nothing was counted or the list is partial; (3)."""
    volume = count.volume
    total, part = volume.sum(axis=0), volume[count.china].sum(axis=0)
    usable = (total > 0) & ~count.partial
    return np.where(usable, 100 * part / np.where(usable, total, 1.0), np.nan)


def part_percent(volume: np.ndarray, part: np.ndarray) -> float:
    """Share of some items in a volume, percent; nan where there is none. volume: (M); part: (M) booleans."""
    total = volume.sum()
    return float(100 * volume[part].sum() / total) if total > 0 else float("nan")


def times_needed(part: float, wanted: float) -> float:
    """How many times its volume a part must have for its share to become ``wanted``, all others unchanged; both in percent.

    Raises:
        RecountError: a share that is not between 0 and 100.
    """
    if not (0 < part < 100 and 0 < wanted < 100):
        raise RecountError(f"downloads: shares of {part} and {wanted} percent are not both between 0 and 100.")
    return wanted / (100 - wanted) * (100 - part) / part
