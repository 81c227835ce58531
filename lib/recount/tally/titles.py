"""Title of a job post → keyword groups → class, under two published rules.

The words stand in ``data/title_keywords.csv`` (table ``title_keywords``): one word or pattern a row, with its
group, the letter of that group, the rules it belongs to and where in the title it is looked for. A title is
coded in two steps: which groups are found (a text of letters, one reading per rule), then the class, which
depends on those letters alone. So a tally that keeps the letters lets anyone apply a rule of their own.

Rule **v1** looks for words anywhere in the title. Rule **v2** first takes out requisition codes, brand and
campaign words, lets brackets count only for the presence of an AI word, and lets the head noun outside
brackets decide. An AI word has to stand both in the title as written and in what is left of it.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from recount.tables import UnknownIdError
from recount.tally.algebra import PLAIN
from recount.tally.conventions import rows_of

RULES = ("v1", "v2")
CLASSES = ("algorithm", "ai_engineering", "ai_product", "ai_other", "none")
TECHNICAL = ("algorithm", "ai_engineering")
"""Classes that make an "AI technical post"."""

_BRACKETS = r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|\{[^{}]*\}|《[^《》]*》|「[^「」]*」"
_UNCLOSED = r"[(\[【{《「].*$"
_MARK = "※"
"""Stands for a word of other work while bound heads are looked for."""


class Word(NamedTuple):
    """One row of ``title_keywords``."""

    role: str
    group: str
    letter: str
    rules: tuple[str, ...]
    scope: str
    pattern: str
    whole: bool
    becomes: str


@functools.cache
def words() -> tuple[Word, ...]:
    """The rows of ``title_keywords`` in their order."""
    return tuple(
        Word(
            row["role"], row["group"], row["letter"], tuple(row["rules"].split()), row["scope"], row["pattern"],
            row["whole_word"] == "true", row["becomes"],
        )
        for row in rows_of("title_keywords")
    )  # fmt: skip


def _bounded(pattern: str, rule: str) -> str:
    """A Latin word bounded by letters (v1), by letters and digits (v2): presence only, so a neighbour may be consumed."""
    edge = "[^a-z]" if rule == "v1" else "[^a-z0-9]"
    return f"(?:^|{edge})(?:{pattern})(?:{edge}|$)"


@functools.cache
def pattern(rule: str, role: str | None = None, group: str | None = None) -> str:
    """One alternation of all words of a rule with that role or group, for folded text.

    Raises:
        UnknownIdError: no such words in the table.
    """
    chosen = [w for w in words() if rule in w.rules and role in (None, w.role) and group in (None, w.group)]
    if not chosen:
        raise UnknownIdError(f"title_keywords: rule {rule} has no words of role {role} and group {group}.")
    free = [w.pattern for w in chosen if not w.whole]
    bound = [w.pattern for w in chosen if w.whole]
    return "|".join(free + ([_bounded("|".join(bound), rule)] if bound else []))


@functools.cache
def letters(rule: str) -> dict[str, tuple[str, str]]:
    """Letter → (role, group) of the groups a rule looks for, in the order in which they are written."""
    found: dict[str, tuple[str, str]] = {}
    for w in words():
        if rule in w.rules and w.letter and w.role not in ("engineer", "person"):
            found.setdefault(w.letter, (w.role, w.group))
    return found


@functools.cache
def ai_letters(rule: str) -> str:
    """Letters of the groups of AI words."""
    return "".join(letter for letter, (role, _) in letters(rule).items() if role == "ai")


@functools.cache
def other_letters(rule: str) -> str:
    """Letters of the groups of non-technical work."""
    return "".join(letter for letter, (role, _) in letters(rule).items() if role == "other")


class Prepared(NamedTuple):
    """A title, folded, and what v2 makes of it; strings or columns."""

    folded: Any
    """Width and case folded: what v1 reads."""
    clean: Any
    """v2: requisition codes, brands, campaigns taken out."""
    outside: Any
    """v2: the part outside brackets, or the whole where no head noun stands outside."""


def prepare(folded: Any, ops: Any = PLAIN) -> Prepared:
    """What the rules read, from a folded title (``ops.fold``)."""
    clean = folded
    for w in words():
        if w.role == "rewrite":
            clean = ops.swap(clean, w.pattern, w.becomes)
    bare = ops.strip(ops.swap(ops.swap(clean, _BRACKETS, " "), _UNCLOSED, " "))
    heads = "|".join(pattern("v2", role) for role in ("product", "other", "technical", "management"))
    return Prepared(folded, clean, ops.choose([(ops.has(bare, heads), bare)], clean))


def found(title: Prepared, rule: str, ops: Any = PLAIN) -> dict[str, Any]:
    """Letter → is the group found? (booleans, plain or columns)."""
    hits: dict[str, Any] = {}
    for letter, (role, group) in letters(rule).items():
        if role == "anchor":
            hits[letter] = _bound_head(title.outside, ops)
        elif role == "mark":
            hits[letter] = ops.has(title.folded, pattern(rule, role, group))
        elif rule == "v1":
            hits[letter] = ops.has(title.folded, pattern("v1", role, group))
        else:
            scopes = {w.scope for w in words() if w.letter == letter and rule in w.rules and w.role == role}
            text = title.outside if scopes == {"outside"} else title.clean
            hits[letter] = ops.has(text, pattern("v2", role, group))
            if role == "ai":  # AIJOBS2024 without what looks like a requisition code is no AI word of the title
                hits[letter] = hits[letter] & ops.has(title.folded, pattern("v2", role, group))
    return hits


def _bound_head(outside: Any, ops: Any) -> Any:
    """An engineer or researcher head right after a technical word, with no word of other work between."""
    marked = ops.swap(outside, pattern("v2", "other"), _MARK)
    head = f"(?:{pattern('v2', 'anchor')})[^{_MARK}]{{0,8}}(?:{pattern('v2', 'engineer')})"
    return ops.has(marked, head) & ops.no(ops.has(outside, f"(?:{pattern('v2', 'person')})$"))


def _any_of(hits: dict[str, Any], which: str) -> Any:
    return functools.reduce(lambda a, b: a | b, (hits[letter] for letter in which))


def any_ai(hits: dict[str, Any], rule: str) -> Any:
    """Does the title hold an AI word of the rule?"""
    return _any_of(hits, ai_letters(rule))


def classify(hits: dict[str, Any], rule: str, ops: Any = PLAIN) -> Any:
    """Class of a title from the groups found, first match wins.

    Args:
        hits: letter → bool, as :func:`found` gives them, or as :func:`from_letters` reads them from a tally.
        rule: v1 or v2.
    """

    ai, other = any_ai(hits, rule), _any_of(hits, other_letters(rule))
    if rule == "v1":
        return ops.choose(
            [
                (ops.no(ai), "none"),
                (hits["p"] & ops.no(hits["k"]), "ai_product"),
                (other, "ai_other"),
                (hits["a"], "algorithm"),
            ],
            "ai_engineering",
        )
    beside = _any_of(hits, ai_letters(rule).replace("a", ""))
    return ops.choose(
        [
            (ops.no(ai), "none"),
            (hits["a"] & hits["x"] & ops.no(beside), "none"),
            (hits["p"], "ai_product"),
            (other & ops.no(hits["z"]), "ai_other"),
            (hits["q"], "ai_engineering"),
            (hits["j"], "algorithm"),
            (hits["y"] & ops.no(hits["u"]), "ai_other"),
        ],
        "ai_engineering",
    )


def from_letters(text: str, rule: str) -> dict[str, bool]:
    """Groups found, from the letters a tally keeps: ``classify(from_letters(t, "v2"), "v2")``."""
    return {letter: letter in text for letter in letters(rule)}


def to_letters(hits: dict[str, Any], ops: Any = PLAIN) -> Any:
    """The letters of the groups found, in the order of the table."""
    return ops.join(ops.choose([(hit, letter)], "") for letter, hit in hits.items())


@functools.cache
def candidate() -> str:
    """Pattern that every title with an AI word of either rule matches once its letters are small."""
    return "|".join(pattern(rule, "ai") for rule in RULES)


def code_title(title: str | None, rule: str = "v2") -> str:
    """Class of one title: algorithm, ai_engineering, ai_product, ai_other or none.

    Args:
        title: title of the post as shown; None counts as empty.
        rule: ``v1`` (words anywhere) or ``v2`` (head noun decides); see ``data/title_keywords.csv``.

    Raises:
        UnknownIdError: no such rule.
    """
    if rule not in RULES:
        raise UnknownIdError(f"title rule {rule!r} is not known. Remedy: use one of {', '.join(RULES)}.")
    return classify(found(prepare(PLAIN.fold(title or "")), rule), rule)
