"""What a notebook shows: cards, tables, results and verdicts, each readable as text and as HTML, with a record beside it.

A record is JSON under a MIME type of this project, in the cell's output; :mod:`recount.harvest` collects them, so no
number is ever typed twice. Text from tables is escaped.
"""

from __future__ import annotations

import html
import json
import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount import figures, registry, tables, verdicts, wording
from recount.hedges import Interval
from recount.tables import RecountError

if TYPE_CHECKING:
    import pandas as pd

    from recount.multiverse import Study

MIME = "application/vnd.recount.{}+json"
"""Kinds: result (a list of result records), verdict, study."""

NOTHING = "{}: none in these tables."
"""In place of a table without rows: a reader's own tallies need not hold every kind."""

SYMBOLS = {name: look.symbol for name, look in figures.VERDICTS.items()}
"""A sign for each verdict, so that colour is never the only one."""


def symbol(verdict: str, indication: str = "") -> str:
    """The sign of a verdict, as in the figures: a triangle points up for the claim, down against it."""
    return "▼" if indication == "against" else SYMBOLS.get(verdict, "")


def outputs_dir() -> Path:
    """Folder with the outputs of the last run: ``RECOUNT_OUTPUTS``, or the repository's ``outputs``."""
    named = os.environ.get("RECOUNT_OUTPUTS")
    return Path(named) if named else tables.data_dir().parent / "outputs"


def last_claims() -> list[dict[str, Any]]:
    """The verdict records of the last run, empty before the first one."""
    path = outputs_dir() / "claims.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def _display(text: str, page: str, kind: str = "", record: Any = None) -> None:
    from IPython.display import publish_display_data

    data: dict[str, Any] = {"text/plain": text, "text/html": page}
    if kind:
        data[MIME.format(kind)] = record
    publish_display_data(data)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, right: bool) -> str:
    gap = " " * max(0, width - _width(text))
    return gap + text if right else text + gap


def _grid(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """Columns of text, aligned also when they hold Chinese."""
    widths = [max(_width(line[i]) for line in [header, *rows]) for i in range(len(header))]
    lines = ["  ".join(_pad(c, w, r) for c, w, r in zip(line, widths, right, strict=True)).rstrip() for line in [header, *rows]]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def _page(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], caption: str) -> str:
    def cells(line: Sequence[str], tag: str) -> str:
        aligned = (
            f'<{tag} style="text-align:{"right" if r else "left"}">{html.escape(c)}</{tag}>'
            for c, r in zip(line, right, strict=True)
        )
        return "<tr>" + "".join(aligned) + "</tr>"

    body = "".join(cells(line, "td") for line in rows)
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    return f'<table class="recount-table">{title}<thead>{cells(header, "th")}</thead><tbody>{body}</tbody></table>'


Format = str | int | Callable[[Any], str]
"""How a column is shown: a unit code, a number of decimals, or a function."""


def _cell(value: Any, how: Format | None) -> str:
    import pandas as pd

    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return "–"
    if callable(how):
        return how(value)
    if isinstance(value, Interval):
        return wording.span(value, how if isinstance(how, str) else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) or hasattr(value, "dtype"):
        number = value.item() if hasattr(value, "item") else value
        if isinstance(number, bool):
            return "yes" if number else "no"
        if isinstance(how, int):
            return wording.number(number, places=how)
        return wording.amount(number, how) if how else (str(number) if isinstance(number, int) else wording.number(number))
    return str(value)


def table(
    frame: pd.DataFrame,
    caption: str,
    *,
    columns: Mapping[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
    limit: int = 40,
) -> None:
    """Show a frame as a plain table (never pandas' HTML, which changes with every version).

    Args:
        frame: shape (rows, columns); at most ``limit`` rows are shown, and how many there are is said.
        caption: what one row is.
        columns: column → heading, in the order shown; default all columns under their own names.
        formats: column → unit code (``percent``), decimals, or a function to text.
    """
    names = dict(columns or {c: str(c) for c in frame.columns})
    missing = [name for name in names if name not in frame]
    if missing:
        raise RecountError(f"table {caption!r}: no column {', '.join(missing)} (has: {', '.join(map(str, frame.columns))}).")
    if frame.empty:
        say(NOTHING.format(caption))
        return
    how = formats or {}
    rows = [
        [_cell(row[i], how.get(name)) for i, name in enumerate(names)]
        for row in frame[list(names)].head(limit).itertuples(index=False, name=None)
    ]
    right = [frame[name].dtype.kind in "iufb" or name in how for name in names]
    if len(frame) > limit:
        caption += f" (the first {limit} of {len(frame)} rows)"
    _display(caption + "\n" + _grid(list(names.values()), rows, right), _page(list(names.values()), rows, right, caption))


def say(*lines: str) -> None:
    """Show sentences that hold no result of their own (a comparison, a caveat made of numbers from tables)."""
    _display("\n".join(lines), "".join(f"<p>{html.escape(line)}</p>" for line in lines))


def counts(steps: Sequence[tuple[str, int]], caption: str = "Rows before and after every filter") -> None:
    """Rows before and after every filter: ``[("all rows", 100), ("known by the day", 90)]``."""
    rows, before = [], None
    for label, n in steps:
        rows.append([label, wording.number(n, "posts"), "" if before is None else wording.number(n - before, "posts")])
        before = n
    header, right = ["step", "rows", "change"], [False, True, True]
    _display(caption + "\n" + _grid(header, rows, right), _page(header, rows, right, caption))


def _result(
    id: str, value: float | int | str, unit: str, *, claim: str = "", n: int | None = None, low: float | None = None,
    high: float | None = None, as_of: str, tables_used: Sequence[str], places: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    parent = id.split(".")[0]
    if parent not in registry.parents() and parent != "X":
        raise RecountError(f"result {id!r}: {parent!r} is no claim. Remedy: begin the id with the claim, e.g. C06.share.")
    for name in tables_used:
        tables.resource(name)
    decimals = 4 if places is None else places

    def rounded(x: Any) -> Any:
        if x is None or isinstance(x, str):
            return x
        number = x.item() if hasattr(x, "item") else x
        return number if isinstance(number, int) else round(float(number), decimals)

    return {
        "id": id, "claim": claim or parent, "value": rounded(value), "low": rounded(low), "high": rounded(high),
        "unit": unit, "n": None if n is None else int(n), "as_of": as_of, "tables": list(tables_used),
    }  # fmt: skip


def _shown(value: Any, unit: str) -> str:
    return value if isinstance(value, str) else wording.amount(float(value), unit)


def result(
    id: str,
    value: float | int | str,
    unit: str,
    says: str,
    *,
    as_of: str,
    tables_used: Sequence[str],
    n: int | None = None,
    low: float | None = None,
    high: float | None = None,
    claim: str = "",
    places: int | None = None,
) -> None:
    """Publish one result: a sentence with value, unit, n and as-of date, and its record.

    Args:
        id: result id, e.g. ``C06.share.official.2024``.
        value: number in ``unit``, a label, or an ISO date.
        says: sentence with ``{value}`` and, if wanted, ``{low}``, ``{high}``, ``{n}``, ``{as_of}``.
        as_of: ISO date or year the value describes.
        tables_used: names of the tables behind it.
        n: rows, posts, papers … behind it; low, high: its interval in ``unit``.
        claim: atomic claim it belongs to, if one.
        places: decimals kept in the record (default 4).
    """
    record = _result(id, value, unit, claim=claim, n=n, low=low, high=high, as_of=as_of, tables_used=tables_used, places=places)
    sentence = says.format(
        value=_shown(record["value"], unit),
        low="" if low is None else _shown(record["low"], unit),
        high="" if high is None else _shown(record["high"], unit),
        n="" if n is None else wording.number(n, "posts"),
        as_of=as_of,
    )
    note = [f"as of {as_of}"]
    if n is not None:
        note.append(f"n = {wording.number(n, 'posts')}")
    if low is not None and high is not None and "{low}" not in says:
        note.append(f"interval {wording.span(Interval(record['low'], record['high']), unit)}")
    text = f"{sentence} [{id}; {'; '.join(note)}]"
    page = (
        f'<p class="recount-result"><strong>{html.escape(sentence)}</strong> '
        f'<span class="recount-note">[<code>{html.escape(id)}</code>; {html.escape("; ".join(note))}]</span></p>'
    )
    _display(text, page, "result", [record])


def results(
    rows: Iterable[Mapping[str, Any]],
    caption: str,
    *,
    unit: str,
    as_of: str,
    tables_used: Sequence[str],
    places: int | None = None,
) -> None:
    """Publish a family of results as one table.

    Args:
        rows: each with ``id``, ``value`` and, where they exist, ``says``, ``n``, ``low``, ``high``, ``unit``, ``as_of``,
            ``tables_used``.
        caption: what the rows are; unit, as_of, tables_used: of every row that names none.
    """
    rows = list(rows)
    if not rows:
        say(NOTHING.format(caption))
        return
    made = [
        _result(
            row["id"], row["value"], row.get("unit", unit), claim=row.get("claim", ""), n=row.get("n"), low=row.get("low"),
            high=row.get("high"), as_of=row.get("as_of", as_of), tables_used=row.get("tables_used", tables_used), places=places,
        )
        for row in rows
    ]  # fmt: skip
    with_n, with_interval, with_words = (any(row.get(key) is not None for row in rows) for key in ("n", "low", "says"))
    header = ["what"] * with_words + ["value"] + ["interval"] * with_interval + ["n"] * with_n + ["as of", "id"]
    lines = []
    for row, record in zip(rows, made, strict=True):
        line = [str(row.get("says", ""))] * with_words + [_shown(record["value"], record["unit"])]
        if with_interval:
            ends = record["low"], record["high"]
            line.append("–" if None in ends else wording.span(Interval(*ends), record["unit"]))
        if with_n:
            line.append("–" if record["n"] is None else wording.number(record["n"], "posts"))
        lines.append([*line, record["as_of"], record["id"]])
    right = [False] * with_words + [True] + [True] * with_interval + [True] * with_n + [False, False]
    _display(caption + "\n" + _grid(header, lines, right), _page(header, lines, right, caption), "result", made)


def card(parent: str) -> None:
    """The claims of a notebook: who said what, the printed number, the interval it is read as, what would count."""
    text, page = [], []
    for claim in registry.children(parent):
        source = registry.source(claim.source_id)
        lines = [
            f"{claim.id}  {claim.statement_en}",
            f"      {claim.statement_zh}",
            f"      Printed: {claim.printed_en} ({claim.printed_zh}). Who: {source.producer}, {source.published}.",
            f"      What would count: {_would_count(claim)}",
        ]
        text.append("\n".join(lines))
        page.append(
            f'<div class="recount-card"><p><strong>{claim.id}</strong> {html.escape(claim.statement_en)}<br>'
            f'<span lang="zh">{html.escape(claim.statement_zh)}</span></p>'
            f"<p>Printed: <strong>{html.escape(claim.printed_en)}</strong> "
            f'(<span lang="zh">{html.escape(claim.printed_zh)}</span>). '
            f"Who: {html.escape(source.producer)}, {html.escape(source.published)}.<br>"
            f"What would count: {html.escape(_would_count(claim))}</p></div>"
        )
    _display("\n".join(text), "".join(page))


def _would_count(claim: registry.Claim) -> str:
    reading = claim.reading
    if claim.kind == "forecast":
        return "nothing yet: the date has not come."
    if reading is None:
        return "a published definition and its inputs."
    words = [f"a value {'of' if reading.default.is_point else 'in'} {wording.interval(reading.default, claim.unit)}"]
    others = [(name, other) for name in ("narrow", "wide") if (other := getattr(reading, name)) != reading.default]
    if others:
        words.append(f"({', '.join(f'{name} {wording.interval(other, claim.unit)}' for name, other in others)})")
    second = claim.second_reading
    if second is not None:
        words.append(f"or, read to the unit, in {wording.interval(second.default, claim.unit)}")
    return " ".join(words) + "."


def verdict(v: verdicts.Verdict) -> None:
    """Publish a verdict: one line, its reason, and the box "what you may write" in both languages."""
    r = verdicts.record(v)
    name = wording.VERDICTS[v.verdict]
    lead, number = found(r)
    towards = wording.INDICATIONS.get(v.indication)
    label_en = name.en + (f", {towards.en}" if towards else "")
    label_zh = name.zh + (f"（{towards.zh}）" if towards else "")
    own = "" if v.published else "NOT THE PUBLISHED VERDICT: counted from your own tallies. 非发布版结论：基于自备数据。"
    lines = [
        f"{v.claim.id}  {symbol(v.verdict, v.indication)} {label_en.upper()} · {label_zh}",
        f"  {v.claim.statement_en}",
        f"  Printed {v.claim.printed_en}; {lead.en}: {number.en or 'no estimate'} (as of {v.as_of}).",
        f"  Why: {v.reason.en} {wording.LITERAL[v.literal].en}".rstrip(),
    ]
    if v.traced_to.en:
        lines.append(f"  Probable origin of the printed figure: {v.traced_to.en}")
    if own:
        lines.insert(0, own)
    box = [
        ("You may write", v.may.en, "en"), ("可以这样写", v.may.zh, "zh"), ("The tables do not support", v.may_not.en, "en"),
        ("数据不支持的写法", v.may_not.zh, "zh"),
    ]  # fmt: skip
    if v.tipping.en:
        box += [("It turns on", v.tipping.en, "en"), ("结论取决于", v.tipping.zh, "zh")]
    lines += ["  What you may write · 可以怎么写"] + [f"    {title}: {words}" for title, words, _ in box]
    esc = html.escape
    items = "".join(f'<dt lang="{lang}">{esc(title)}</dt><dd lang="{lang}">{esc(words)}</dd>' for title, words, lang in box)
    page = (
        (f'<p class="recount-own"><strong>{esc(own)}</strong></p>' if own else "")
        + f'<div class="recount-verdict recount-{v.verdict.replace(" ", "-")}" data-claim="{v.claim.id}">'
        f'<p><strong>{v.claim.id}</strong> <span class="recount-badge">{symbol(v.verdict, v.indication)} {esc(label_en)} · '
        f'<span lang="zh">{esc(label_zh)}</span></span><br>{esc(v.claim.statement_en)}</p>'
        f"<p>Printed: <strong>{esc(v.claim.printed_en)}</strong>. "
        f"{lead.en.capitalize()}: <strong>{esc(number.en or 'no estimate')}</strong> "
        f"(as of {esc(v.as_of)}).<br>{esc(v.reason.en)} {esc(wording.LITERAL[v.literal].en)}</p>"
        + (f"<p>Probable origin of the printed figure: {esc(v.traced_to.en)}</p>" if v.traced_to.en else "")
        + '<div class="recount-write"><p><strong>What you may write · <span lang="zh">可以怎么写</span></strong></p>'
        + f"<dl>{items}</dl></div></div>"
    )
    _display("\n".join(lines), page, "verdict", r)


def found(record: Mapping[str, Any]) -> tuple[wording.Words, wording.Words]:
    """The number beside the printed one: how it is introduced, and the number itself (empty where there is none).

    What only the report, its copies, the press or a company carries is no number of the tables, and is not called one.
    """
    repeated = record["verdict"] == "restated"
    lead = wording.Words("as repeated", "仅见转述") if repeated else wording.Words("the tables give", "数据给出")
    return lead, wording.Words(record["estimate_en"], record["estimate_zh"])


def evidence(record: Mapping[str, Any]) -> wording.Words:
    """The level of evidence behind a verdict, in words."""
    return wording.evidence(record["evidence"], own=tables.OWN_ROWS in record["sources"])


def in_a_cell(record: Mapping[str, Any]) -> wording.Words:
    """:func:`found` for the cell of a table: in parentheses what is only repeated, a dash where there is nothing."""
    number = found(record)[1]
    if not number.en:
        return wording.Words("–", "–")
    return wording.Words(f"({number.en})", f"（{number.zh}）") if record["verdict"] == "restated" else number


REPEATED = wording.Words(
    "In parentheses: only as the report, its copies, the press or a company prints it.",
    "括号内：仅见于报告、其转载、媒体或商业机构。",
)
"""Goes with every table of :func:`in_a_cell`."""


def ways(record: Mapping[str, Any]) -> tuple[int, int, int]:
    """Distinct ways to count behind a verdict record: all, inside the claimed interval, across an edge of it."""
    return record["specifications_total"], record["specifications_inside"], record["robustness"].get("straddling", 0)


def ways_in_a_cell(record: Mapping[str, Any]) -> wording.Words:
    """:func:`ways` for the cell of a table."""
    total, inside, across = ways(record)
    if not record["estimate_en"]:
        return wording.Words("–", "–")
    if total <= 1:
        return wording.Words("one way", "一种算法")
    edge = (f", {across:,} across an edge", f"，{across:,}跨边界") if across else ("", "")
    return wording.Words(f"{inside:,} of {total:,}{edge[0]}", f"{inside:,} / {total:,}{edge[1]}")


def summary_page(parent: str, claims: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """MIME bundle of :func:`summary_zh` from verdict records; the runner redraws the cell with it after a run."""
    mine = [c for c in claims if c["parent"] == parent]
    head = "中文摘要"
    if not mine:
        text = f"{head}: 尚未运行；请先执行 make。"
        return {"text/plain": text, "text/html": f'<p lang="zh">{text}</p>'}
    zh, en = [], []
    for c in mine:
        judged = wording.verdict(c["verdict"], c["indication"])
        lead, number = found(c)
        value = f"{lead.zh}{number.zh}" if number.zh else "公开资料中没有可比数字"
        zh.append(f"{c['id']}（{c['statement_zh'].rstrip('。')}）：所称{c['printed_zh']}，{value}；结论：{judged.zh}。")
        value = f"{lead.en} {number.en}" if number.en else "no comparable figure"
        en.append(f"{c['id']}: printed {c['printed_en']}; {value}; verdict: {judged.en}.")
    esc = html.escape
    page = (
        f'<div class="recount-summary"><p lang="zh"><strong>{head}</strong></p><ul lang="zh">'
        + "".join(f"<li>{esc(line)}</li>" for line in zh)
        + "</ul><p><strong>In short</strong></p><ul>"
        + "".join(f"<li>{esc(line)}</li>" for line in en)
        + "</ul></div>"
    )
    return {"text/plain": "\n".join([head, *zh, "In short", *en]), "text/html": page}


def summary_zh(parent: str) -> None:
    """The results of a notebook in Chinese (and in short in English), from the verdict records of the last run."""
    from IPython.display import publish_display_data

    publish_display_data(summary_page(parent, last_claims()))


def study(study: Study, judged: Mapping[str, str], *, note: str = "") -> None:
    """Publish a multiverse: how many ways to count there are and how many lie inside the claimed interval.

    Args:
        study: an evaluated study.
        judged: atomic claim → question of the study that answers it.
        note: one more sentence.

    Writes the study's records to ``RECOUNT_STUDIES`` (for the site's explorer) when a run sets it.
    """
    header = ["claim", "question", "ways to count", "inside", "across an edge", "outside", "share inside", "most moved by"]
    lines, kept = [], []
    for claim_id, question in judged.items():
        reading = registry.claim(claim_id).reading
        r = study.robustness(reading, question)
        moved = study.leverage(question)
        moved = moved[moved["shift"].notna() & (moved["shift"] != 0)]
        top = "nothing" if moved.empty else str(moved.loc[moved["shift"].abs().idxmax(), "says"])
        outside = r.total - r.inside_default - r.straddling
        numbers = [wording.number(x, "posts") for x in (r.total, r.inside_default, r.straddling, outside)]
        lines.append(
            [claim_id, question or "–", *numbers, wording.amount(100 * r.share_inside, "percent") if r.total else "–", top]
        )
        kept.append({"claim": claim_id, "question": question, "total": r.total, "inside": r.inside_default})
    records = study.to_records()
    body = json.dumps(records, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    target = os.environ.get("RECOUNT_STUDIES")
    if target:
        second = {c: bool(registry.claim(c).second_reading) for c in judged}
        whole = {"id": study.id, "judged": dict(judged), "second_reading": second, **records}
        tables.write_atomically(Path(target) / f"{study.id}.json", json.dumps(whole, ensure_ascii=False, separators=(",", ":")))
    right = [False, False, True, True, True, True, True, False]
    caption = f"Distinct ways to count in study {study.id}. {note}".strip()
    import hashlib

    mark = {"id": study.id, "judged": kept, "sha256": hashlib.sha256(body.encode()).hexdigest()[:16]}
    _display(caption + "\n" + _grid(header, lines, right), _page(header, lines, right, caption), "study", mark)


def settle(parent: str) -> None:
    """What would settle each claim, and who would hold it; from the register."""
    rows = []
    for claim in registry.children(parent):
        words = registry.write(claim.id)
        rows.append([claim.id, words.missing_en, words.missing_zh])
    header, right = ["claim", "what would settle it", "什么资料能定论"], [False, False, False]
    _display(_grid(header, rows, right), _page(header, rows, right, "What is missing, and who would hold it"))


def cite(parent: str) -> None:
    """How to cite each claim of a notebook: the producer of the figure first, then this project."""
    from recount import cite as citations

    text, page = [], []
    for claim in registry.children(parent):
        for style, name in (("apa", "APA"), ("gbt7714", "GB/T 7714")):
            words = citations.claim(claim.id, style)
            text.append(f"{claim.id} {name}: {words}")
            page.append(f"<dt>{claim.id} · {name}</dt><dd>{html.escape(words)}</dd>")
    _display("\n".join(text), f'<dl class="recount-cite">{"".join(page)}</dl>')
