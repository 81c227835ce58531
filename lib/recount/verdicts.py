"""From an estimate to a verdict: the only place with thresholds.

:data:`TABLE` is the decision table: rows of accepted values, first match wins, tested to be total. :func:`judge`
reads the claim's interval from the register, places the estimate, looks up the table, and writes the reason and the
sentences "what you may write".
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from recount import registry, tables, wording
from recount.hedges import Interval, Reading, position
from recount.tables import RecountError

if TYPE_CHECKING:
    from recount.multiverse import Study

STEADY = 0.9
"""Share of distinct method specifications that must lie inside for a result to count as steady."""

INPUTS: dict[str, tuple[str, ...]] = {
    "kind": ("measured", "event", "forecast"),
    "position": ("none", "inside", "outside", "far", "straddling"),
    "population": ("same", "proxy", "none"),
    "evidence": (
        "raw_independent", "raw_same_publisher", "official_statistic", "official_statement",
        "press_quoting_officials", "press", "commercial", "report_only", "none",
    ),
    "robustness": ("single", "steady", "split", "near", "never", "astride", "apart"),
    "readings": ("agree", "differ"),
    "sources": ("agree", "disagree"),
    "definition": ("known", "unpublished"),
}  # fmt: skip
"""Every input of the decision table with all its values.

position: estimate against the default interval (``outside`` still touches the wide one, ``far`` does not).
robustness: of the distinct method specifications, ``single`` = only one; ``steady`` = at least STEADY inside;
``split`` = some inside, some not. With none inside: ``near`` = some still touch the wide interval, ``never`` = all far;
where fewer than STEADY of those outside lie on one side, so that they point no one way, ``astride`` and ``apart``.
readings: do the two readings of the printed unit place the estimate alike?
"""

OWN_NOTE = (
    "The rows are a reader's own: whom they stand for, and how they were collected, is not known here.",
    "所用为读者自备数据，其代表性与采集方式在此无从得知。",
)

RAW = ("raw_independent", "raw_same_publisher")
OFFICIAL = ("official_statistic", "official_statement")


class Row(NamedTuple):
    """One row of the decision table: accepted values of some inputs (others are free) → verdict."""

    name: str
    when: dict[str, tuple[str, ...]]
    verdict: str
    indication: str = ""


_SAME_DECIDES = {"evidence": (*RAW, *OFFICIAL), "population": ("same",)}
_PROXY_ROWS = {"evidence": RAW, "population": ("proxy",)}
_FIGURE = {"evidence": (*OFFICIAL, "press_quoting_officials"), "population": ("same",)}
_OTHER = {"evidence": (*OFFICIAL, "press_quoting_officials", "press", "commercial")}

TABLE: tuple[Row, ...] = (
    Row("forecast", {"kind": ("forecast",)}, "not due"),
    Row("nothing", {"evidence": ("none",)}, "not testable"),
    Row(
        "report undefined",
        {"evidence": ("report_only",), "definition": ("unpublished",), "position": ("none",)},
        "not testable",
    ),
    Row("report only", {"evidence": ("report_only",)}, "restated"),
    Row("uncounted", {"position": ("none",)}, "not testable"),
    Row("no population", {"population": ("none",)}, "not testable"),
    Row("event documented", {"kind": ("event",), "position": ("inside",), "evidence": (*RAW, *OFFICIAL)}, "documented"),
    Row("event contradicted", {"kind": ("event",), "evidence": (*RAW, *OFFICIAL)}, "contradicted"),
    Row("two readings", _SAME_DECIDES | {"readings": ("differ",)}, "depends"),
    Row("bounds straddle", _SAME_DECIDES | {"position": ("straddling",)}, "depends"),
    Row("reproduced", _SAME_DECIDES | {"position": ("inside",), "robustness": ("single", "steady")}, "reproduced"),
    Row("contradicted", _SAME_DECIDES | {"position": ("far",), "robustness": ("single", "never", "apart")}, "contradicted"),
    Row("choices decide", _SAME_DECIDES, "depends"),
    Row("proxy, two readings", _PROXY_ROWS | {"readings": ("differ",)}, "depends"),
    Row("proxy straddles", _PROXY_ROWS | {"position": ("straddling",)}, "depends"),
    Row("proxy for", _PROXY_ROWS | {"position": ("inside",), "robustness": ("single", "steady")}, "indicated", "for"),
    Row(
        "proxy against",
        _PROXY_ROWS | {"position": ("outside", "far"), "robustness": ("single", "near", "never")},
        "indicated",
        "against",
    ),
    Row("proxy, choices decide", _PROXY_ROWS, "depends"),
    Row("figures disagree", _OTHER | {"sources": ("disagree",)}, "disputed"),
    Row("figure, two readings", _FIGURE | {"readings": ("differ",)}, "depends"),
    Row("figure straddles", _FIGURE | {"position": ("straddling",)}, "depends"),
    Row("figure agrees", _FIGURE | {"position": ("inside",), "robustness": ("single", "steady")}, "corroborated"),
    Row("figure, choices decide", _FIGURE | {"robustness": ("split",)}, "depends"),
    Row("figure differs", _OTHER | {"population": ("same",), "position": ("outside", "far")}, "disputed"),
    Row("figure elsewhere, undefined", _OTHER | {"definition": ("unpublished",)}, "not testable"),
    Row("figure without rows", _OTHER, "restated"),
)
"""First match wins. A test walks every combination of INPUTS and finds exactly one outcome for each."""


def decide(**inputs: str) -> Row:
    """The first row of :data:`TABLE` that accepts the inputs (one value for each key of :data:`INPUTS`).

    Raises:
        RecountError: an input is missing or unknown.
    """
    for name, allowed in INPUTS.items():
        if inputs.get(name) not in allowed:
            raise RecountError(f"verdicts: {name} is {inputs.get(name)!r}. Remedy: use one of {', '.join(allowed)}.")
    return next(row for row in TABLE if all(inputs[name] in accepted for name, accepted in row.when.items()))


def combinations() -> Iterator[dict[str, str]]:
    """Every combination of inputs the table must answer."""
    for values in itertools.product(*INPUTS.values()):
        yield dict(zip(INPUTS, values, strict=True))


def place(estimate: Interval | None, reading: Reading | None) -> str:
    """Position of an estimate against a reading: one value of ``INPUTS["position"]``."""
    if estimate is None or reading is None:
        return "none"
    where = position(estimate, reading.default)
    return "far" if where == "outside" and position(estimate, reading.wide) == "outside" else where


def _placed_against(reading: Reading, where: str) -> Interval:
    """The interval a position speaks of: the wide one for ``far``, else the default one."""
    return reading.wide if where == "far" else reading.default


def literal(estimate: Interval | None, reading: Reading | None) -> str:
    """Strict reading of the words, judged apart: true, true but understated, false, or open."""
    if estimate is None or reading is None:
        return "open"
    where = position(estimate, reading.literal)
    if where == "straddling":
        return "open"
    if where == "outside":
        return "false"
    above = estimate.low >= reading.wide.high and position(estimate, reading.wide) == "outside"  # a date or rank meets its end
    return "true, understated" if above else "true"


def steadiness(study: Study | None, reading: Reading | None, question: str = "") -> tuple[str, dict[str, Any]]:
    """Robustness class and its counts over the distinct method specifications of a study."""
    if study is None or reading is None:
        return "single", {"specifications": 1}
    r = study.robustness(reading, question)
    counts = {
        "specifications": r.total, "inside_narrow": r.inside_narrow, "inside_default": r.inside_default,
        "inside_wide": r.inside_wide, "straddling": r.straddling, "outside_wide": r.outside_wide,
        "share_inside": round(r.share_inside, 4) if r.total else None,
    }  # fmt: skip
    if r.total <= 1:
        return "single", counts
    if r.inside_default:
        return ("steady" if r.share_inside >= STEADY else "split"), counts
    one_way = _one_way(study, reading, question)
    if r.outside_wide == r.total:
        return ("never" if one_way else "apart"), counts
    return ("near" if one_way else "astride"), counts


def _one_way(study: Study, reading: Reading, question: str) -> bool:
    """Do at least STEADY of the counted specifications outside the default interval lie on one side of it?"""
    frame, claimed = study.frame, reading.default
    rows = frame[(frame["question"] == (question or study.questions[0])) & frame["counted"]]
    below, above = int((rows["high"] < claimed.low).sum()), int((rows["low"] > claimed.high).sum())
    return max(below, above) >= STEADY * (below + above)


@dataclass(frozen=True)
class Verdict:
    """A judged atomic claim; :func:`record` is what is published."""

    claim: registry.Claim
    verdict: str
    row: str
    indication: str
    position: str
    literal: str
    estimate: Interval | None
    reading: Reading | None
    unit: str
    places: int | None
    n: int | None
    as_of: str
    population: str
    population_note: wording.Words
    evidence: str
    sources: tuple[str, ...]
    robustness: Mapping[str, Any]
    leverage: Mapping[str, Any]
    traced_to: wording.Words
    tables: tuple[str, ...]
    reason: wording.Words
    may: wording.Words
    may_not: wording.Words
    tipping: wording.Words
    missing: wording.Words
    published: bool = True
    inputs: Mapping[str, str] = field(default_factory=dict)
    flips: tuple[Mapping[str, Any], ...] = field(default=())


def judge(
    claim_id: str,
    estimate: Interval | float | str | None,
    *,
    population: str,
    evidence: str,
    tables_used: Sequence[str],
    as_of: str,
    study: Study | None = None,
    question: str = "",
    sources_agree: bool = True,
    definition: str = "known",
    population_note: tuple[str, str] = ("", ""),
    turns_on: tuple[str, str] | None = None,
    n: int | None = None,
    places: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Verdict:
    """Judge one atomic claim.

    Args:
        claim_id: e.g. ``C06b``; its interval comes from the register.
        estimate: headline estimate in the claim's unit; a number is a point, an ISO date its day, None is no estimate.
        population: ``same``, ``proxy`` or ``none``: who the tables count, against who the claim speaks of.
        evidence: best level that decides, one of ``INPUTS["evidence"]``.
        tables_used: names of the tables behind the estimate.
        as_of: ISO date (or year) the estimate describes.
        study, question: multiverse behind the estimate, and which of its questions.
        sources_agree: False when independent published figures contradict each other.
        definition: ``unpublished`` when nobody outside knows what was counted.
        population_note: (English, Chinese) why a proxy may mislead, or who is counted.
        turns_on: (English, Chinese) on which choice, value or reading the verdict turns; default: from ``study.flips()``.
        n: rows, posts, papers … behind the estimate.
        places: decimals to show, if not those of the unit.
        facts: further named values for the placeholders of ``data/write.csv``.

    Raises:
        RecountError: unknown claim or input; a placeholder of write.csv without a value; a study whose headline is not
            the estimate (two truths in one notebook).
    """
    claim = registry.claim(claim_id)
    if claim.kind == "unmeasurable":
        raise RecountError(f"{claim_id}: is recorded as unmeasurable and gets no verdict.")
    for name in tables_used:
        tables.resource(name)
    value = _interval(estimate)
    sources = _sources(tables_used)
    own = tables.OWN_ROWS in sources
    if own:  # what the notebook says of the published rows is not true of a reader's
        population_note = OWN_NOTE
    reading, second = claim.reading, claim.second_reading
    where = place(value, reading)
    second_where = place(value, second) if second is not None else where
    robust, counts = steadiness(study, reading, question)
    if study is not None and value is not None:
        _same_headline(claim_id, study, question, value)
    inputs = {
        "kind": claim.kind, "position": where, "population": population, "evidence": evidence, "robustness": robust,
        "readings": "agree" if second_where == where else "differ",
        "sources": "agree" if sources_agree else "disagree", "definition": definition,
    }  # fmt: skip
    row = decide(**inputs)
    flips = study.flips(reading, question) if study is not None and reading is not None and value is not None else []
    case = _Case(claim, row, value, reading, second, where, second_where, counts, study, question, list(flips), places,
                 n, as_of, evidence, wording.Words(*population_note), turns_on, dict(facts or {}), own)  # fmt: skip
    tipping = wording.Words(*(wording.spelt(text, lang) for text, lang in zip(case.tipping(), ("en", "zh"), strict=True)))
    may, may_not, missing, traced_to = case.write(tipping)
    return Verdict(
        claim=claim, verdict=row.verdict, row=row.name, indication=row.indication, position=where,
        # neither a proxy nor the claim itself can make the words true or false
        literal=literal(value, reading) if population == "same" and evidence != "report_only" else "open",
        estimate=value, reading=reading, unit=claim.unit, places=places, n=n, as_of=as_of,
        population=population, population_note=wording.Words(*population_note), evidence=evidence,
        sources=sources, robustness=counts, leverage=case.leverage(), traced_to=traced_to,
        tables=tuple(tables_used), reason=case.reason(), may=may, may_not=may_not, tipping=tipping, missing=missing,
        published=tables.published_data(), inputs=inputs,
        flips=tuple({"changes": dict(f.changes), "en": f.en, "zh": f.zh, "position": f.position} for f in flips[:3]),
    )  # fmt: skip


def _interval(estimate: Interval | float | str | None) -> Interval | None:
    if estimate is None or isinstance(estimate, Interval):
        return estimate
    if isinstance(estimate, str):
        return Interval.point(datetime.date.fromisoformat(estimate).toordinal())
    return None if math.isnan(estimate) else Interval.point(float(estimate))


def _same_headline(claim_id: str, study: Study, question: str, value: Interval) -> None:
    headline = study.headline[question]
    ends = ((headline.low, value.low), (headline.high, value.high))
    if not all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) or a == b for a, b in ends):
        raise RecountError(
            f"{claim_id}: the estimate {value} is not the headline {headline} of study {study.id}. "
            "Remedy: judge the study's headline, or declare the other choice in data/headlines.csv."
        )


def _sources(names: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        frame = tables.load(name)
        if "source_id" in frame:
            found.update(dict.fromkeys(frame["source_id"].dropna().unique()))
    return tuple(found)


@dataclass
class _Case:
    """Everything the sentences of one verdict are made of."""

    claim: registry.Claim
    row: Row
    value: Interval | None
    reading: Reading | None
    second: Reading | None
    where: str
    second_where: str
    counts: dict[str, Any]
    study: Study | None
    question: str
    flips: list[Any]
    places: int | None
    n: int | None
    as_of: str
    evidence: str
    population_note: wording.Words
    turns_on: tuple[str, str] | None
    facts: dict[str, Any]
    own: bool = False
    """Counted from a reader's own rows: caveats about the published rows are left out."""

    def _show(self, lang: str) -> str:
        if self.value is None:
            return "no estimate" if lang == "en" else "无估计值"
        return wording.span(self.value, self.claim.unit, lang, self.places)

    def leverage(self) -> dict[str, Any]:
        """The single choice that moves the headline most: axis, choice, words, shift."""
        if self.study is None or self.value is None:
            return {}
        frame = self.study.leverage(self.question)
        frame = frame[frame["shift"].notna() & (frame["shift"] != 0)]
        if frame.empty:
            return {}
        top = frame.loc[frame["shift"].abs().idxmax()]
        return {
            "axis": str(top["axis"]), "choice": str(top["choice"]), "en": str(top["says"]), "zh": str(top["zh"]),
            "shift": round(float(top["shift"]), 4),
        }  # fmt: skip

    def tipping(self) -> wording.Words:
        """On what the verdict turns."""
        if self.turns_on is not None:
            return wording.Words(*(self._fill(text, lang) for text, lang in zip(self.turns_on, ("en", "zh"), strict=True)))
        if self.row.name in ("two readings", "proxy, two readings", "figure, two readings") and self.second and self.reading:
            first_en, second_en = (wording.interval(r.default, self.claim.unit) for r in (self.reading, self.second))
            first_zh, second_zh = (wording.interval(r.default, self.claim.unit, "zh") for r in (self.reading, self.second))
            return wording.Words(
                f"how the round number is read: as {first_en} or, to the unit, as {second_en}",
                f"整数怎么读：读作{first_zh}，还是精确到个位读作{second_zh}",
            )
        if self.flips:
            first = self.flips[0]
            # a choice that leads to no estimate, or to the same side, is no tipping point; flips() leaves those out
            return wording.Words(f"{first.en} ({self._estimate(first, 'en')})", f"{first.zh}（{self._estimate(first, 'zh')}）")
        if self.where == "straddling" and self.reading is not None and self.value is not None:
            edge = self._edge()
            return wording.Words(
                f"where in {self._show('en')} the true value lies, seen from {wording.amount(edge, self.claim.unit)}",
                f"真值落在{self._show('zh')}中的哪一侧（以{wording.amount(edge, self.claim.unit, 'zh')}为界）",
            )
        return wording.Words("", "")

    def _estimate(self, flip: Any, lang: str) -> str:
        return wording.span(flip.estimate, self.claim.unit, lang, self.places)

    def _edge(self) -> float:
        assert self.reading is not None and self.value is not None
        edges = [e for e in (self.reading.default.low, self.reading.default.high) if not math.isinf(e)]
        inner = [e for e in edges if self.value.low <= e <= self.value.high]
        return (inner or edges)[0]

    def reason(self) -> wording.Words:
        """Why this verdict: names the evidence, the estimate, the interval and how many ways to count agree."""
        evidence = wording.evidence(self.evidence, own=self.own)
        en = [f"Evidence: {evidence.en}."]
        zh = [f"证据：{evidence.zh}。"]
        if self.value is not None and self.reading is not None:
            unit = self.claim.unit
            # the claim's own number lies where its own words put it: that is no agreement
            own = ("", "") if self.evidence != "report_only" else (", from the claim's own source,", "（取自该说法自身的来源）")
            en.append(
                f"Headline estimate {self._show('en')}{own[0]} is {wording.POSITIONS[self.where].en} "
                f"{wording.interval(_placed_against(self.reading, self.where), unit)}."
            )
            zh.append(
                f"主要估计值{self._show('zh')}{own[1]}{wording.POSITIONS[self.where].zh}"
                f"（{wording.interval(_placed_against(self.reading, self.where), unit, 'zh')}）。"
            )
            if self.second is not None:
                en.append(
                    f"Read to the unit it is {wording.POSITIONS[self.second_where].en} "
                    f"{wording.interval(_placed_against(self.second, self.second_where), unit)}."
                )
                zh.append(
                    f"若精确到个位，则{wording.POSITIONS[self.second_where].zh}"
                    f"（{wording.interval(_placed_against(self.second, self.second_where), unit, 'zh')}）。"
                )
        elif self.value is not None:
            en.append(f"Figure shown: {self._show('en')}.")
            zh.append(f"可示数字：{self._show('zh')}。")
        total = self.counts.get("specifications", 1)
        if total > 1:
            inside = self.counts["inside_default"]
            across = self.counts["straddling"]
            en.append(f"{inside} of {total} distinct ways to count lie inside{f', {across} across an edge' if across else ''}.")
            zh.append(f"{total}种不同算法中有{inside}种落在区间内{f'，{across}种跨在边界上' if across else ''}。")
        if self.population_note.en:
            en.append(self.population_note.en)
            zh.append(self.population_note.zh)
        return wording.Words(" ".join(en), "".join(zh))

    def _fill(self, template: str, lang: str) -> str:
        claim, value = self.claim, self.value
        known: dict[str, Any] = {
            "estimate": self._show(lang),
            "printed": claim.printed_en if lang == "en" else claim.printed_zh,
            "as_of": self.as_of,
            "n": wording.number(self.n, "posts") if self.n is not None else "",
            "low": wording.amount(value.low, claim.unit, lang, self.places) if value else "",
            "high": wording.amount(value.high, claim.unit, lang, self.places) if value else "",
        }
        for name, fact in self.facts.items():
            if isinstance(fact, Mapping):
                known[name] = fact[lang]
            elif isinstance(fact, tuple):
                known[name] = wording.amount(float(fact[0]), fact[1], lang)
            else:
                known[name] = wording.number(fact) if isinstance(fact, int | float) else fact
        try:
            return template.format_map(known)
        except KeyError as error:
            raise RecountError(
                f"write.csv, {claim.id}: the placeholder {{{error.args[0]}}} has no value. "
                f"Remedy: pass it as facts to judge(), or use one of {', '.join(sorted(known))}."
            ) from None

    def write(self, tipping: wording.Words) -> tuple[wording.Words, wording.Words, wording.Words, wording.Words]:
        """The sentence the tables support, the one they do not, what is missing, and the probable origin."""
        words = registry.write(self.claim.id)
        may, may_not, missing, traced_to = [], [], [], []
        for lang in ("en", "zh"):
            finding, caveat, overreach, lacking, origin = (
                self._fill(getattr(words, f"{part}_{lang}") or "", lang)
                for part in ("finding", "caveat", "overreach", "missing", "traced_to")
            )
            clause = self._clause(lang, getattr(tipping, lang))
            if self.own:
                caveat = ""
                finding = finding if self.value is not None else ""
            may.append(wording.spelt(_sentences(lang, finding, clause, caveat), lang))
            may_not.append(overreach)
            missing.append(lacking)
            traced_to.append(origin)
        return wording.Words(*may), wording.Words(*may_not), wording.Words(*missing), wording.Words(*traced_to)

    def _clause(self, lang: str, turns_on: str) -> str:
        printed = self.claim.printed_en if lang == "en" else self.claim.printed_zh
        key = self.row.verdict + (f" {self.row.indication}" if self.row.indication else "")
        if key == "restated" and self.evidence not in ("report_only", "none"):
            key = "restated elsewhere"
        text = CLAUSES[key][0 if lang == "en" else 1]
        default = "the way of counting" if lang == "en" else "如何计数"
        who = getattr(CLAIMANTS.get(self.claim.source_id, CLAIMANTS[""]), lang)
        return text.format(who=who, printed=printed, turns_on=turns_on or default)


CLAIMANTS = {
    "": wording.Words("the press account of the report", "有关报道"),
    "reg-second-account": wording.Words("the second account of the report", "另一篇报道"),
    "reg-xinmin-forum": wording.Words("the account of the forum", "论坛报道"),
}
"""Who printed a claim, by its source; the report itself was not seen, so it is never the one that prints."""

CLAUSES: dict[str, tuple[str, str]] = {
    "reproduced": ("This reproduces what {who} printed ({printed}).", "这与{who}所称（{printed}）相符。"),
    "contradicted": ("This contradicts what {who} printed ({printed}).", "这与{who}所称（{printed}）不符。"),
    "depends": (
        "Whether this agrees with what {who} printed ({printed}) depends on {turns_on}.",
        "这与{who}所称（{printed}）是否相符，取决于{turns_on}。",
    ),
    "indicated for": (
        "This points towards what {who} printed ({printed}) without measuring it.",
        "这一迹象支持{who}所称（{printed}），但并非对其本身的测量。",
    ),
    "indicated against": (
        "This points away from what {who} printed ({printed}) without measuring it.",
        "这一迹象不支持{who}所称（{printed}），但并非对其本身的测量。",
    ),
    "corroborated": (
        "A figure given by officials, from another source, agrees with what {who} printed ({printed}); no raw rows were found.",
        "另一来源的官方数字与{who}所称（{printed}）相符；未找到原始数据。",
    ),
    "disputed": (
        "Published figures disagree with one another or with what {who} printed ({printed}), and none comes with raw rows.",
        "已发布的数字彼此不一，或与{who}所称（{printed}）不一，且均无原始数据。",
    ),
    "restated": (
        "No independent source was found for what {who} printed ({printed}).",
        "{who}所称（{printed}）未见独立来源佐证。",
    ),
    "restated elsewhere": (
        "For what {who} printed ({printed}), only press or commercial accounts were found, and neither raw rows nor an "
        "official document.",
        "对{who}所称（{printed}），只找到媒体或商业机构的说法，未找到原始数据或官方文件。",
    ),
    "not testable": (
        "What {who} printed ({printed}) cannot be checked from what was found in public.",
        "{who}所称（{printed}）无法用找到的公开资料检验。",
    ),
    "not due": (
        "What {who} printed ({printed}) is a target or forecast whose date has not come.",
        "{who}所称（{printed}）是目标或预测，期限未到。",
    ),
    "documented": (
        "A document of record confirms what {who} printed ({printed}).",
        "{who}所称（{printed}）有正式文件可证。",
    ),
}
"""What each verdict lets one say, beside the finding; (English, Chinese)."""


def _sentences(lang: str, *parts: str) -> str:
    end = "." if lang == "en" else "。"
    closed = [part if part.endswith((".", "。", "?", "？", "!", "！", "”", '"')) else part + end for part in parts if part]
    return (" " if lang == "en" else "").join(closed)


def record(verdict: Verdict) -> dict[str, Any]:
    """The published form of a verdict: plain JSON values, numbers rounded to four places."""
    v, claim = verdict, verdict.claim
    return {
        "id": claim.id, "parent": claim.parent, "notebook": claim.notebook, "kind": claim.kind,
        "statement_en": claim.statement_en, "statement_zh": claim.statement_zh,
        "printed_en": claim.printed_en, "printed_zh": claim.printed_zh, "unit": v.unit,
        "interval": _ends(v.reading.default) if v.reading else None,
        "interval_text": wording.interval(v.reading.default, v.unit) if v.reading else "",
        "estimate": _ends(v.estimate), "estimate_en": wording.span(v.estimate, v.unit, "en", v.places) if v.estimate else "",
        "estimate_zh": wording.span(v.estimate, v.unit, "zh", v.places) if v.estimate else "",
        "n": v.n, "as_of": v.as_of, "verdict": v.verdict, "verdict_zh": wording.VERDICTS[v.verdict].zh,
        "indication": v.indication, "position": v.position, "literal": v.literal, "rule": v.row,
        "inputs": dict(v.inputs),
        "reason_en": v.reason.en, "reason_zh": v.reason.zh, "population": v.population,
        "population_note_en": v.population_note.en, "population_note_zh": v.population_note.zh,
        "evidence": v.evidence, "robustness": dict(v.robustness), "leverage": dict(v.leverage),
        "traced_to": v.traced_to.en, "traced_to_zh": v.traced_to.zh,
        "specifications_total": v.robustness.get("specifications", 1),
        "specifications_inside": v.robustness.get("inside_default", int(v.position == "inside")),
        "tables": list(v.tables), "sources": list(v.sources), "may_write_en": v.may.en, "may_write_zh": v.may.zh,
        "may_not_write_en": v.may_not.en, "may_not_write_zh": v.may_not.zh, "turns_on_en": v.tipping.en,
        "turns_on_zh": v.tipping.zh, "missing_en": v.missing.en, "missing_zh": v.missing.zh,
        "flips": [dict(f) for f in v.flips], "published": v.published,
    }  # fmt: skip


def _ends(value: Interval | None) -> dict[str, Any] | None:
    if value is None:
        return None
    low, high = (None if math.isinf(x) else round(float(x), 4) for x in (value.low, value.high))
    return {"low": low, "high": high, "low_open": value.low_open, "high_open": value.high_open}
