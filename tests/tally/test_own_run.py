"""A reader's own posts from file to verdict: the notebooks 09 and 10 count them, judge them, and say that they do."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from recount import runner
from recount.measures.posts import share_interval
from recount.tables import RecountError
from recount.tally import cli, code_title

HEAD = ("平台", "职位名称", "薪资", "学历要求", "城市", "区域", "发布日期", "公司")
TITLES = ("算法工程师", "会计", "大模型开发工程师", "前端开发", "AI产品经理", "机器学习工程师", "销售代表")
PAYS = ("30-60K·16薪", "1-2万/月", "20-40万/年", "面议", "3万以下")
DEGREES = ("硕士及以上", "本科", "博士", "学历不限", "", "大专")
PLACES = (("上海", "浦东新区"), ("北京", "海淀区"), ("上海市", ""), ("杭州", "余杭区"))


def posts(n: int) -> list[dict[str, str]]:
    """Made-up posts; row ``i`` depends on ``i`` alone. Two of three stand on the first platform."""
    out = []
    for i in range(n):
        city, district = PLACES[i * 3 % len(PLACES)]
        cells = (
            ("BOSS直聘", "BOSS直聘", "猎聘")[i % 3], TITLES[i * 5 % len(TITLES)], PAYS[i * 7 % len(PAYS)],
            DEGREES[i // 3 * 5 % len(DEGREES)], city, district, f"202{4 + i % 2}-03-0{1 + i % 9}", f"公司{i}",
        )  # fmt: skip
        out.append(dict(zip(HEAD, cells, strict=True)))
    return out


def tally(path: Path, rows: list[dict[str, str]], encoding: str) -> Path:
    """Write the posts, and tally them as a reader would."""
    import argparse

    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, HEAD)
        writer.writeheader()
        writer.writerows(rows)
    parser = argparse.ArgumentParser()
    cli.add_parser(parser.add_subparsers())
    cli.main(parser.parse_args(["tally", "posts", str(path), "--out", str(path.parent / "tallies")]))
    return path.parent / "tallies"


def judged(own: Path, build: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Claim → its verdict record of a run on own tallies."""
    monkeypatch.setenv("RECOUNT_TALLIES", str(own))
    monkeypatch.delenv("RECOUNT_STRICT_FIGURES", raising=False)  # texts may touch in figures of a reader's own: no error there
    runner.run(build, ["09", "10"])
    claims = json.loads((build / "outputs" / "claims.json").read_text(encoding="utf-8"))
    return {claim["id"]: claim for claim in claims if claim["parent"] in ("C09", "C10")}


@pytest.mark.slow
def test_verdicts_are_of_the_readers_posts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = posts(1200)
    found = judged(tally(tmp_path / "mine.csv", rows, "gb18030"), tmp_path / "build", monkeypatch)
    assert list(found) == ["C09a", "C09b", "C10a", "C10b", "C10c"]
    for claim in found.values():
        assert claim["sources"] == ["own-rows"] and not claim["published"] and claim["estimate"]
        assert "independent publisher" not in claim["reason_en"] and "the reader's own" in claim["reason_en"]
    one = [r for r in rows if r["平台"] == "BOSS直聘" and code_title(r["职位名称"], "v1") in ("algorithm", "ai_engineering")]
    stated = [r["学历要求"] for r in one if r["学历要求"]]
    share = share_interval(sum(text[:2] in ("硕士", "博士") for text in stated), len(stated))
    assert found["C09a"]["n"] == len(stated)
    assert found["C09a"]["estimate"]["low"] == pytest.approx(share.low, abs=1e-4)
    assert "mine-boss" in found["C09a"]["may_write_en"]
    shown = (tmp_path / "build" / "notebooks" / "10_salary_brackets.ipynb").read_text(encoding="utf-8")
    assert shown.count("NOT THE PUBLISHED VERDICT") >= 3


@pytest.mark.slow
def test_one_post_is_too_few_and_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = judged(tally(tmp_path / "J09.csv", posts(1), "utf-8"), tmp_path / "build", monkeypatch)
    assert {claim["verdict"] for claim in found.values()} == {"not testable"}
    assert not any(claim["published"] for claim in found.values())


def test_a_damaged_tally_stops_the_run_before_any_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tally(tmp_path / "mine.csv", posts(60), "utf-8")
    table = own / "posts.csv"
    table.write_bytes(table.read_bytes()[:1500])
    monkeypatch.setenv("RECOUNT_TALLIES", str(own))
    with pytest.raises(RecountError, match=r"posts.csv, row \d+.*Remedy"):
        runner.run(tmp_path / "build", ["09"])
    assert not (tmp_path / "build").exists()
