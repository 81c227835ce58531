"""500 made-up job posts, and what a plain loop makes of them: the second count that every engine has to equal."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from recount.tables import OWN_ROWS
from recount.tally import parse_pay, pay, titles
from recount.tally.algebra import PLAIN

Row = dict[str, str]
FIELDS = (
    "platform", "data_set", "crawl_date", "post_date", "search_keyword", "title", "city", "district", "salary_text",
    "education_raw", "experience",
)  # fmt: skip

PLATFORM = {
    "BOSS直聘": "boss",
    "猎聘网": "liepin",
    "Zhaopin": "zhaopin",
    "前程无忧51job": "51job",
    "": "unknown",
    "某招聘网": "other",
}
PLACE = {
    ("上海", "浦东新区"): "Pudong", ("上海市", "张江"): "Pudong", ("上海·浦东", ""): "Pudong", ("上海", "徐汇区"): "Shanghai",
    ("上海", ""): "Shanghai_unknown", ("北京", "海淀区"): "other", ("", ""): "unknown", ("全国", "浦东"): "unknown",
}  # fmt: skip
DEGREE = {
    "硕士": "master", "博士": "phd", "博士研究生": "phd", "统招本科": "bachelor", "大专及以上": "college",
    "高中/中专": "below_college", "学历不限": "any", "": "missing", "招2人": "missing",
}  # fmt: skip
TITLES = [
    "算法工程师", "会计", "AI产品经理", "短视频推荐算法工程师（校招）", "机器视觉工程师", "大模型销售", "电机算法工程师",
    "Java开发工程师", "数据标注员", "NLP Engineer (J20311)", "算法, 工程 \"甲\"", "", "行政助理", "深度学习开发/实习",
]  # fmt: skip
PAYS = [
    "30-60K·16薪",
    "1.5-2万/月",
    "20-40万/年",
    "200元/天",
    "面议",
    "3万以下",
    "",
    "15-20",
    "8千-1.2万",
    "60元/课时",
    "120-150K",
    "好商量",
]
ODD = {"A1": ("2024-01-03",)}


def rows(n: int = 500) -> list[Row]:
    """The posts; row ``i`` depends on ``i`` alone. Data set B2 states no degree at all, some rows name no data set."""
    out = []
    for i in range(n):
        city, district = list(PLACE)[i * 5 % len(PLACE)]
        data_set = ("A1", "B2", "")[i % 3]
        cells = (
            list(PLATFORM)[i * 7 % 6], data_set, f"2024-01-0{1 + i % 4}", ("", "2023-11-30", "2022-05-01")[i % 7 % 3],
            ("算法", "会计")[i % 2], TITLES[i * 3 % len(TITLES)], city, district, PAYS[i * 11 % len(PAYS)],
            "" if data_set == "B2" else list(DEGREE)[i * 4 % len(DEGREE)], "3年",
        )  # fmt: skip
        out.append(dict(zip(FIELDS, cells, strict=True)))
    return out


def groups(title: str, rule: str) -> tuple[str, str]:
    """Letters and class of a title, by the plain coder."""
    hits = titles.found(titles.prepare(PLAIN.fold(title)), rule)
    return (titles.to_letters(hits) if titles.any_ai(hits, rule) else ""), titles.classify(hits, rule)


def number(value: float | None) -> str:
    """A bound as the table writes it."""
    return "" if value is None else f"{round(value * pay.PER_K) / pay.PER_K:.4f}".rstrip("0").rstrip(".")


def counted(given: Iterable[Row], unnamed: str) -> Counter[tuple[str, ...]]:
    """Cells of the table without ``n`` → posts, by a plain loop; ``unnamed`` is the data set of rows that name none."""
    out: Counter[tuple[str, ...]] = Counter()
    for row in given:
        name = row["data_set"] or unnamed
        low, high, months, unit = parse_pay(row["salary_text"])
        degree = "not_collected" if name == "B2" else DEGREE[row["education_raw"]]
        out[(
            name, OWN_ROWS, PLATFORM[row["platform"]], (row["post_date"] or row["crawl_date"])[:4],
            "true" if row["crawl_date"] in ODD.get(name, ()) else "false", PLACE[row["city"], row["district"]],
            row["search_keyword"] if name == "A1" else "", *groups(row["title"], "v1"), *groups(row["title"], "v2"),
            degree, number(low), number(high), "" if months is None else str(months), unit,
        )] += 1  # fmt: skip
    return out


def as_csv(given: Sequence[Row], delimiter: str = ",", newline: str = "\n") -> str:
    """The posts as CSV text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, delimiter=delimiter, lineterminator=newline)
    writer.writeheader()
    writer.writerows(given)
    return out.getvalue()


def as_jsonl(given: Sequence[Row]) -> str:
    """The posts as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in given)


def write_parquet(path: Path, given: Sequence[Row]) -> Path:
    """The posts as a Parquet file, empty cells as nulls."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({name: pa.array([row[name] or None for row in given], pa.string()) for name in FIELDS}), path)
    return path


def read_table(path: Path) -> tuple[list[str], Counter[tuple[str, ...]]]:
    """Header of a written table, and its cells without ``n`` → ``n``."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        head = next(reader)
        lines = list(reader)
    found = Counter({tuple(line[:-1]): int(line[-1]) for line in lines})
    assert len(found) == len(lines), "a cell stands twice"
    return head, found
