"""Titles of job posts: known answers under both rules (every title here is made up), and properties of the coder."""

from __future__ import annotations

import itertools
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recount.tables import UnknownIdError
from recount.tally import code_title, posts, titles
from recount.tally.algebra import PLAIN
from recount.tally.engine import Keeper

KNOWN = [
    # title, class under v1, class under v2
    ("算法工程师", "algorithm", "algorithm"),
    ("资深图像算法研究员", "algorithm", "algorithm"),
    ("大模型训练工程师", "ai_engineering", "ai_engineering"),
    ("Senior NLP Engineer", "ai_engineering", "ai_engineering"),
    ("ＡＩ 工程师", "ai_engineering", "ai_engineering"),
    ("会计", "none", "none"),
    ("后端开发工程师", "none", "none"),
    ("", "none", "none"),
    # a word of other work that names a field, a department or a campaign only
    ("短视频推荐算法工程师", "ai_other", "algorithm"),
    ("运营商大模型开发工程师", "ai_other", "ai_engineering"),
    ("2025校园招聘-算法工程师", "ai_other", "algorithm"),
    ("算法工程师（市场部）", "ai_other", "algorithm"),
    ("算法设计师", "ai_other", "algorithm"),
    ("机器翻译算法工程师", "ai_other", "algorithm"),
    ("机器翻译工程师", "none", "none"),
    ("AI解决方案工程师", "ai_engineering", "ai_engineering"),
    # the word for product in a department or in brackets
    ("算法工程师（产品研发部）", "ai_product", "algorithm"),
    ("智能产品线-机器学习工程师", "ai_product", "ai_engineering"),
    ("AI产品经理", "ai_product", "ai_product"),
    ("大模型产品高级专家", "ai_product", "ai_product"),
    ("AI产品策划实习生", "ai_product", "ai_product"),
    ("AI产品运营", "ai_other", "ai_other"),
    ("AI产品销售", "ai_other", "ai_other"),
    # other work around AI
    ("人工智能讲师", "ai_other", "ai_other"),
    ("AI算法课程老师", "ai_other", "ai_other"),
    ("大模型销售总监", "ai_other", "ai_other"),
    ("AI训练师", "ai_other", "ai_other"),
    ("图像识别标注员", "ai_other", "ai_other"),
    ("AI绘画师", "ai_other", "ai_other"),
    ("AI解决方案经理", "ai_engineering", "ai_other"),
    ("AI项目售前", "ai_engineering", "ai_other"),
    ("数字人直播", "none", "ai_other"),
    # words that only v2 knows
    ("机器视觉工程师", "none", "ai_engineering"),
    ("模式识别研究员", "none", "ai_engineering"),
    ("数字人开发工程师", "none", "ai_engineering"),
    ("GPT应用开发", "none", "ai_engineering"),
    ("LangChain开发", "none", "ai_engineering"),
    ("智能驾驶测试工程师", "none", "ai_engineering"),
    ("数据标注专员", "none", "ai_other"),
    ("数字人才培养顾问", "none", "none"),
    ("数字人力平台开发", "none", "none"),
    ("Computer Vision Developer", "none", "ai_engineering"),
    ("Algorithm Engineer", "none", "algorithm"),
    # no AI at all, in spite of the word
    ("电机控制算法工程师", "algorithm", "none"),
    ("基带算法工程师", "algorithm", "none"),
    ("卫星定位算法工程师", "algorithm", "none"),
    ("CFD算法工程师", "algorithm", "none"),
    ("电机控制与强化学习算法工程师", "algorithm", "algorithm"),
    ("新能源功率预测算法工程师", "algorithm", "algorithm"),
    ("软件测试工程师AI020304", "ai_engineering", "none"),
    ("URGENT CV 备案", "ai_engineering", "none"),
    ("AI-LiNK 品牌顾问", "ai_engineering", "none"),
    # testing of algorithms is engineering; Latin words are whole words
    ("算法测试工程师", "algorithm", "ai_engineering"),
    ("Maintenance Engineer", "none", "none"),
    ("RAIL Engineer", "none", "none"),
    ("CVS Store Manager", "none", "none"),
    # what v2 takes out of a word leaves no AI word behind
    ("AIJOBS2024 Clerk", "none", "none"),
    ("NLPTEAM1234 Engineer", "none", "none"),
    ("AI Engineer NLPTEAM1234", "ai_engineering", "ai_engineering"),
]


@pytest.mark.parametrize(("title", "v1", "v2"), KNOWN, ids=[repr(known[0]) for known in KNOWN])
def test_known_titles(title: str, v1: str, v2: str) -> None:
    assert (code_title(title, "v1"), code_title(title, "v2")) == (v1, v2)


def test_v2_is_the_default_and_no_title_is_no_ai() -> None:
    assert code_title("机器视觉工程师") == code_title("机器视觉工程师", "v2") == "ai_engineering"
    assert code_title(None) == "none"


def test_an_unknown_rule_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownIdError, match="v1, v2"):
        code_title("算法工程师", "v3")


PART = st.sampled_from(
    [
        *(w.pattern for w in titles.words() if w.pattern.isalnum()),
        "工程师",
        "高级",
        "（",
        "）",
        "(",
        ")",
        "-",
        " ",
        "/",
        "AI",
        "J12345",
    ]
)
TITLE = st.one_of(st.lists(PART, max_size=7).map("".join), st.text(max_size=15))
BOTH = st.sampled_from(titles.RULES)


@settings(max_examples=400, deadline=None)
@given(TITLE, BOTH)
def test_the_class_is_a_function_of_the_letters(title: str, rule: str) -> None:
    """What a tally keeps is enough: anyone can apply a rule of their own to the letters."""
    hits = titles.found(titles.prepare(PLAIN.fold(title)), rule)
    letters = titles.to_letters(hits)
    assert titles.classify(titles.from_letters(letters, rule), rule) == code_title(title, rule)
    assert (code_title(title, rule) == "none") or titles.any_ai(hits, rule)


WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})


@settings(max_examples=300, deadline=None)
@given(TITLE, BOTH)
def test_width_and_case_change_nothing(title: str, rule: str) -> None:
    plain = "".join(c.upper() if c.isascii() else c for c in title)
    assert code_title(plain.translate(WIDE), rule) == code_title(title, rule)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([known[0] for known in KNOWN]), st.sampled_from(["（双休）", "(J20987)", "【急招】", " 职位编号：123456"])
)
def test_v2_does_not_mind_remarks_and_requisition_numbers(title: str, remark: str) -> None:
    assert code_title(title + remark) == code_title(title)


@pytest.fixture(scope="module")
def con() -> Any:
    return ibis.duckdb.connect()


def expected(texts: list[str]) -> dict[str, tuple[str, ...]]:
    """Letters and classes by the plain coder, of the titles that have an AI word under a rule."""
    out = {}
    for text in texts:
        cells: list[str] = []
        for rule in titles.RULES:
            hits = titles.found(titles.prepare(PLAIN.fold(text)), rule)
            cells += [titles.to_letters(hits) if titles.any_ai(hits, rule) else "", titles.classify(hits, rule)]
        if cells[0] or cells[2]:
            out[text] = tuple(cells)
    return out


def as_columns(con: Any, rows: Any) -> dict[str, tuple[str, ...]]:
    """What the engine's columns make of a table of texts."""
    with Keeper(con) as keep:
        found = posts.title_dictionary(rows, keep).to_pyarrow().to_pylist()
    return {r["title"]: (r["groups_v1"], r["class_v1"], r["groups_v2"], r["class_v2"]) for r in found}


def test_columns_code_the_known_titles_alike(con: Any, column: Any) -> None:
    texts = [known[0] for known in KNOWN]
    assert as_columns(con, column(con, "title", texts)) == expected(texts)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TITLE.filter(lambda t: t.isprintable()), min_size=1, max_size=60, unique=True))
def test_columns_code_every_title_alike(con: Any, column: Any, texts: list[str]) -> None:
    assert as_columns(con, column(con, "title", texts)) == expected(texts)


@pytest.mark.spark
@pytest.mark.slow
def test_spark_codes_the_known_titles_alike(spark: Any, column: Any) -> None:
    texts = [known[0] for known in KNOWN] + [
        "".join(p) for p in itertools.product(["高级", "AI"], ["算法", "产品"], ["经理", "（老师）"])
    ]
    assert as_columns(spark, column(spark, "title", texts)) == expected(texts)


def test_every_letter_names_one_group_in_each_rule() -> None:
    for rule in titles.RULES:
        groups = [group for _, group in titles.letters(rule).values()]
        assert len(set(groups)) == len(groups)
    words = titles.words()
    assert len({(w.role, w.group, w.rules, w.pattern) for w in words}) == len(words), "a word stands twice"
