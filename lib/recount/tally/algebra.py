"""One way to write a rule on text, for one string and for a column of an engine.

The rules of :mod:`recount.tally.pay` and :mod:`recount.tally.titles` are written once, against the few
operations below. :class:`Plain` carries them out on Python strings, :class:`Columns` builds an Ibis expression
from them; a property test holds the two equal.

Only what Python's ``re``, RE2 (DuckDB) and Java (Spark) read alike is used: no look-around, no ``\\b``, ``\\d`` or
``\\w``, no group references in replacements; case and width are folded by a table, not by an engine's rules.
Absent numbers are :data:`ABSENT`, never NULL, so that both sides compute with plain numbers.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

ABSENT = -1.0
"""Stands for a number that is not there; every real number of these rules is at least 0."""

_WIDE = "".join(map(chr, range(0xFF01, 0xFF5F)))
_CAPITAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SPACES = "".join(map(chr, [*range(1, 32), 0x7F, 0x85, 0xA0, 0x1680, *range(0x2000, 0x2010), *range(0x2028, 0x2030)]))
_SPACES += "\u205f\u2060\u3000\ufeff"
_RADICALS = {"⼯": "工", "⼤": "大", "⼈": "人", "⼒": "力", "⽣": "生", "⾃": "自", "⽤": "用", "⼿": "手", "⾼": "高"}

FOLD: dict[str, str] = {
    **{wide: chr(ord(wide) - 0xFEE0).lower() for wide in _WIDE},
    **{capital: capital.lower() for capital in _CAPITAL},
    **dict.fromkeys(_SPACES, " "),
    **_RADICALS,
}
"""Full-width forms → ASCII, capitals → small letters, every white space and control character → a space,
radicals that look like a character → that character. The same table for every engine."""

RARE = "[^ -~\u3001-\u3011\u4e00-\u9fa5（），：／＋－·—]"
"""A character of few texts. In a text without one, lower-casing changes ASCII capitals only, and :data:`FOLD` little more."""


class Plain:
    """The operations on one Python string."""

    def fold(self, text: str, more: dict[str, str] | None = None) -> str:
        """Text with every character of :data:`FOLD` (and ``more``) replaced."""
        return text.translate(str.maketrans(FOLD | (more or {})))

    def has(self, text: str, pattern: str) -> bool:
        """Does the pattern stand anywhere in the text?"""
        return _compiled(pattern).search(text) is not None

    def part(self, text: str, pattern: str, group: int) -> str:
        """Text of a group of the first match, empty where there is none."""
        found = _compiled(pattern).search(text)
        return (found.group(group) or "") if found else ""

    def swap(self, text: str, pattern: str, by: str) -> str:
        """Text with every match replaced by ``by`` (plain text)."""
        return _compiled(pattern).sub(lambda _: by, text)

    def strip(self, text: str) -> str:
        """Text without spaces at its ends."""
        return text.strip(" ")

    def number(self, text: str) -> float:
        """The decimal number a text of digits and one point states, or ABSENT for an empty text."""
        return float(text) if text else ABSENT

    def real(self, value: float) -> float:
        """A constant as a double (Spark would take a bare one for a decimal)."""
        return value

    def whole(self, value: float) -> int:
        """Nearest integer, halves up."""
        return int((value + 0.5) // 1)

    def choose(self, branches: Iterable[tuple[Any, Any]], otherwise: Any) -> Any:
        """Value of the first branch whose condition holds."""
        return next((value for condition, value in branches if condition), otherwise)

    def no(self, condition: Any) -> Any:
        """Negation."""
        return not condition

    def text(self, value: str) -> Any:
        """A constant text."""
        return value

    def join(self, parts: Iterable[Any]) -> Any:
        """Texts one after another."""
        return "".join(parts)


@functools.lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Columns:
    """The same operations as Ibis expressions; Ibis is imported when one is made."""

    def __init__(self) -> None:
        import ibis

        self.ibis = ibis

    def fold(self, text: Any, more: dict[str, str] | None = None) -> Any:
        """Text with every character of the table replaced."""
        table = FOLD | (more or {})
        whole = text.translate("".join(table), "".join(table.values()))
        # engines are slow with a large table, and most texts need little of it
        few = {c: by for c, by in table.items() if c not in _CAPITAL and not re.match(RARE, c)}
        return self.choose([(text.re_search(RARE), whole)], text.lower().translate("".join(few), "".join(few.values())))

    def has(self, text: Any, pattern: str) -> Any:
        """Does the pattern stand anywhere in the text?"""
        return text.re_search(pattern)

    def part(self, text: Any, pattern: str, group: int) -> Any:
        """Text of a group of the first match, empty where there is none."""
        return text.re_extract(pattern, group).fill_null("")

    def swap(self, text: Any, pattern: str, by: str) -> Any:
        """Text with every match replaced."""
        return text.re_replace(pattern, by)

    def strip(self, text: Any) -> Any:
        """Text without spaces at its ends."""
        return text.re_replace("^ +", "").re_replace(" +$", "")

    def number(self, text: Any) -> Any:
        """The number a text states, or ABSENT."""
        return self.ibis.coalesce(text.try_cast("float64"), self.real(ABSENT))

    def real(self, value: float) -> Any:
        """A constant as a double; by way of text, which no engine rounds."""
        return self.ibis.literal(repr(float(value))).cast("float64")

    def whole(self, value: Any) -> Any:
        """Nearest integer, halves up."""
        return (value + self.real(0.5)).floor().cast("int64")

    def choose(self, branches: Iterable[tuple[Any, Any]], otherwise: Any) -> Any:
        """Value of the first branch whose condition holds."""
        return self.ibis.cases(*branches, else_=otherwise)

    def no(self, condition: Any) -> Any:
        """Negation."""
        return ~condition

    def text(self, value: str) -> Any:
        """A constant text."""
        return self.ibis.literal(value)

    def join(self, parts: Iterable[Any]) -> Any:
        """Texts one after another."""
        return functools.reduce(lambda left, right: left + right, parts)


PLAIN = Plain()
