"""Citations name the producer first, then this project, in three styles, and invent neither dates nor addresses."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from pybtex.database import parse_string

from recount import cite, project, registry, tables

OURS = project.Project("Recount: a title", "1.2.3", ("Recount",), "2026-11-24", "https://example.org/recount")
CHINESE = {
    "id": "zh",
    "type": "webpage",
    "title": "人工智能产业人才报告",
    "author": [{"literal": "上海市人工智能行业协会"}, {"literal": "上海浦东人才发展有限公司"}],
    "publisher": "新民晚报",
    "URL": "http://example.org/a_b?c=1&d=2%20#e",
    "issued": {"date-parts": [[2025, 12, 6]]},
    "accessed": {"date-parts": [[2026, 11, 23]]},
}
UNDATED = {"id": "u", "type": "report", "title": "Talent report", "author": [{"literal": "Lingang Administration"}]}


@pytest.fixture(autouse=True)
def fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A project with every field known, so that the strings do not move with CITATION.cff."""
    monkeypatch.setattr(cite, "project", lambda: OURS)


# --- known answers -----------------------------------------------------------------------------------------------


def test_apa_of_a_source_with_chinese_institutions() -> None:
    assert cite._render([CHINESE], "apa") == (
        "上海市人工智能行业协会, & 上海浦东人才发展有限公司. (2025, December 6). 人工智能产业人才报告. 新民晚报. "
        "http://example.org/a_b?c=1&d=2%20#e"
    )


def test_gbt_of_a_source_with_chinese_institutions() -> None:
    assert cite._render([CHINESE], "gbt7714") == (
        "上海市人工智能行业协会, 上海浦东人才发展有限公司. 人工智能产业人才报告[EB/OL]. 新民晚报, 2025[2026-11-23]. "
        "http://example.org/a_b?c=1&d=2%20#e."
    )


def test_bibtex_of_a_source_reads_back() -> None:
    text = cite._render([CHINESE], "bibtex")
    entry = parse_string(text, "bibtex").entries["zh"]
    assert [str(person) for person in entry.persons["author"]] == ["{上海市人工智能行业协会}", "{上海浦东人才发展有限公司}"]
    assert entry.fields["url"] == CHINESE["URL"], "an address is not escaped"
    assert (entry.fields["year"], entry.fields["month"], entry.fields["note"]) == ("2025", "12", "Accessed 2026-11-23")


def test_a_claim_names_who_made_it_and_then_this_project() -> None:
    source, ours = cite.claim("C06b").split("\n")
    assert source.startswith("Shanghai AI Industry Association, & Shanghai Pudong Talent Development Co. (2025, December 6). ")
    statement = registry.claim("C06b").statement_en.rstrip(".")
    assert ours == f"Recount. (2026). Claim C06b: {statement} (version 1.2.3). https://example.org/recount"
    source, ours = cite.claim("C06b", "gbt7714").split("\n")
    assert source.startswith(
        "上海市人工智能行业协会, 上海浦东人才发展有限公司. [浦东AI产业人才报告（2025），第一篇报道][EB/OL]. 新民晚报"
    )
    statement = registry.claim("C06b").statement_zh.rstrip("。")
    assert ours == f"Recount. 说法C06b：{statement}（1.2.3版）[R/OL]. (2026-11-24). https://example.org/recount."


def test_an_institution_of_many_sources_is_counted_not_listed() -> None:
    lines = cite.table("papers_sets").split("\n")
    assert len(lines) == 5
    assert re.search(r"Table papers_sets: .+ \(version 1\.2\.3\) \[Dataset\]", lines[-2])
    assert re.fullmatch(r"\(\d+ more sources are listed in sources\.csv\.\)", lines[-1]), "outside the entries"
    assert "个来源" in cite.table("papers_sets", "gbt7714").split("\n")[-1]
    assert len(parse_string(cite.table("papers_sets", "bibtex"), "bibtex").entries) == 4, "a comment is no entry"


def test_a_parent_is_cited_by_all_its_parts_in_every_style() -> None:
    parts = {one.id for one in registry.children("C06")}
    entries = parse_string(cite.any("C06", "bibtex"), "bibtex").entries
    assert {f"recount-1.2.3-{id}" for id in parts} < set(entries)
    assert all({"title", "year"} <= set(entry.fields) for entry in entries.values())
    assert len(cite.any("C06").split("\n")) == len(entries)


def test_a_table_of_our_own_has_only_our_line() -> None:
    assert cite.table("sources") == (
        "Recount. (2026). Table sources: Register of sources (version 1.2.3) [Dataset]. https://example.org/recount"
    )


def test_a_figure_is_cited_from_its_record() -> None:
    record = {"title": "Nearer 36 than 40 percent", "title_zh": "更接近三成六", "sources": ["reg-xinmin-report"]}
    assert cite.figure("C06", "apa", record).split("\n")[1] == (
        "Recount. (2026). Figure C06: Nearer 36 than 40 percent (version 1.2.3) [Figure]. https://example.org/recount"
    )
    assert "图C06：更接近三成六" in cite.figure("C06", "gbt7714", record)
    assert "@misc{recount-1.2.3-figure-C06," in cite.figure("C06", "bibtex", record)


# --- what is not known is not invented ---------------------------------------------------------------------------


def test_without_a_date_the_style_says_so() -> None:
    assert cite._render([UNDATED], "apa") == "Lingang Administration. (n.d.). Talent report."
    assert cite._render([UNDATED], "gbt7714") == "Lingang Administration. Talent report. 日期不详."
    assert 'year = "n.d."' in cite._render([UNDATED], "bibtex")


def test_without_an_address_or_release_date_ours_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cite, "project", lambda: project.Project("Recount", "1.2.3", ("Recount",), "", ""))
    for style in cite.STYLES:
        ours = cite.table("sources", style)
        assert "http" not in ours and "None" not in ours
        assert ("日期不详" if style == "gbt7714" else "n.d.") in ours
    assert cite.table("sources") == "Recount. (n.d.). Table sources: Register of sources (version 1.2.3) [Dataset]."
    assert "(n.d.)" in cite.claim("C06b") and "n.d., n.d." not in cite.claim("C06b")


def test_with_an_address_but_no_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cite, "project", lambda: project.Project("Recount", "1.2.3", ("Recount",), "", "https://example.org"))
    assert cite.claim("C06b").split("\n")[1].endswith("2024 (version 1.2.3). https://example.org")
    assert "(n.d.)" in cite.claim("C06b").split("\n")[1]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("owner/repo@ab01b2a4bc:data/*.csv", "https://github.com/owner/repo/tree/ab01b2a4bc"),
        ("owner/repo:docs/model.json", "https://github.com/owner/repo"),
        ("arXiv:2411.02265v3; owner/repo@cdc37358aa:README.md", "https://arxiv.org/abs/2411.02265v3"),
        ("printed, chapter 2", ""),
        ("", ""),
    ],
)
def test_the_address_of_a_source_is_one_a_browser_opens(url: str, address: str) -> None:
    one = registry.source("job-j05")
    assert dataclasses.replace(one, url=url).address == address


def test_a_place_in_a_repository_is_cited_by_its_address() -> None:
    entry = parse_string(cite.source("job-j05", "bibtex"), "bibtex").entries["job-j05"]
    assert entry.fields["url"] == registry.source("job-j05").address
    assert entry.fields["url"] in cite.source("job-j05")


# --- characters --------------------------------------------------------------------------------------------------

HARD = {
    "id": "h",
    "type": "report",
    "author": [{"literal": "A & B, Inc. {x}"}],
    "title": '40 % of <b>A_B</b> & C # "q" {y} \\foo $5',
}


def test_hard_characters_survive_and_bring_no_markup() -> None:
    for style in ("apa", "gbt7714"):
        text = cite._render([HARD], style)
        assert '40 % of <b>A_B</b> & C # "q" {y} \\foo $5' in text and "&amp;" not in text and "<span" not in text
    entry = parse_string(cite._render([HARD], "bibtex"), "bibtex").entries["h"]
    assert entry.fields["title"] == r'{40 \% of <b>A\_B</b> \& C \# "q" (y) /foo \$5}'
    assert [str(person) for person in entry.persons["author"]] == [r"{A \& B, Inc. (x)}"]


def test_four_english_authors_are_et_al_and_four_chinese_are_deng() -> None:
    english = UNDATED | {"author": [{"literal": name} for name in ("A", "B", "C", "D")]}
    chinese = CHINESE | {"author": [{"literal": name} for name in ("甲", "乙", "丙", "丁")]}
    assert cite._render([english], "gbt7714").startswith("A, B, C, et al. ")
    assert cite._render([chinese], "gbt7714").startswith("甲, 乙, 丙, 等. ")


# --- everything --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", cite.STYLES)
def test_every_claim_and_many_tables_and_sources_can_be_cited(style: str) -> None:
    texts = [cite.claim(one.id, style) for one in registry.claims()]
    texts += [cite.table(name, style) for name in tables.table_names()[::4]]
    texts += [cite.source(source, style) for source in tables.load("sources")["id"][::20]]
    for text in texts:
        assert (
            text.strip()
            and "None" not in text
            and "<span" not in text
            and "[1]" not in text
            and "  " not in text.replace("    ", "")
        )
        if style == "bibtex":
            assert parse_string(text, "bibtex").entries
        else:
            assert not re.search(r"\.\.|, ,|\( ?\)|\[\]", text), text


def test_anything_can_be_cited_by_its_id(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    record = {"id": "C07-curve", "title": "T", "title_zh": "题", "sources": []}
    (tmp_path / "figures.json").write_text(json.dumps([record]), encoding="utf-8")
    monkeypatch.setenv("RECOUNT_OUTPUTS", str(tmp_path))
    assert cite.any("C06b") == cite.claim("C06b")
    assert cite.any("mmmu") == cite.table("mmmu")
    assert cite.any("C07-curve") == cite.figure("C07-curve") == cite.figure("C07-curve", record=record)
    assert cite.any("reg-xinmin-report") == cite.source("reg-xinmin-report")
    whole = cite.any("C06").split("\n")
    assert len(whole) == len(set(whole)) == 1 + len(registry.children("C06"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cite.claim("C06b", "mla"), "apa, gbt7714, bibtex"),
        (lambda: cite.claim("C99z"), "C99z"),
        (lambda: cite.table("mmm"), "mmmu"),
        (lambda: cite.figure("C99"), "C99"),
        (lambda: cite.any("nothing"), "nothing"),
    ],
)
def test_what_cannot_be_cited_is_refused(call: Any, message: str) -> None:
    with pytest.raises(tables.RecountError, match=message):
        call()


# --- the project -------------------------------------------------------------------------------------------------


def test_the_project_is_read_from_citation_cff(tmp_path: Path) -> None:
    from recount import __version__

    path = tmp_path / "CITATION.cff"
    path.write_text(
        "cff-version: 1.2.0\ntitle: T\nauthors:\n  - name: R\n  - given-names: A\n    family-names: B\n"
        "date-released: 2026-11-24\nurl: https://example.org/site\n",
        encoding="utf-8",
    )
    assert project._project(path) == project.Project("T", __version__, ("R", "A B"), "2026-11-24", "https://example.org/site")
    bare = project._project(tmp_path / "none.cff")
    assert bare == project.Project("Recount", __version__, ("Recount",), "", "")


def test_the_committed_file_names_this_version() -> None:
    import yaml

    from recount import __version__

    stated = yaml.safe_load((tables.data_dir().parent / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(stated["version"]) == __version__
    assert project.project().authors


def test_importing_the_module_loads_no_citation_library() -> None:
    import subprocess
    import sys

    code = "import sys, recount.cite; print([m for m in ('citeproc', 'pybtex', 'lxml', 'yaml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "lib"})
    assert done.stdout.strip() == "[]"
