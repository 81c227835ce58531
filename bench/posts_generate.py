"""Made-up job posts for the bench: realistic titles, pay texts, degrees and places; no row is anyone's advert.

Row ``i`` depends on ``i`` alone, so a file of ten million rows begins with the file of one million. Common words, pays,
places and degrees are much more frequent than rare ones, as in real crawls. Titles are put together from such words; two
fifths carry a department, a place or a requisition number, which makes 30 to 45 percent of them distinct at every size.

    python bench/posts_generate.py 1000000 build/bench/posts_1000000.parquet
"""

from __future__ import annotations

import sys
from pathlib import Path

LEVELS = ["", "", "", "", "高级", "资深", "初级", "中级", "急聘", "诚聘"]
FIELDS = [
    "会计", "销售", "客服", "行政", "人事", "采购", "仓库", "物流", "市场", "新媒体运营", "电商运营", "平面设计", "室内设计",
    "机械", "电气", "嵌入式", "结构", "工艺", "质量", "施工", "造价", "网络", "Java", "Python", "C++", "前端", "后端", "测试",
    "运维", "数据分析", "大数据", "数据库", "产品", "项目", "财务", "法务", "翻译", "教务", "英语", "数学", "护理", "药品",
    "软件", "硬件", "安卓", "游戏", "短视频", "直播", "算法", "图像算法", "NLP算法", "机器学习", "AI", "大模型", "人工智能",
    "数据挖掘", "自动驾驶", "机器视觉", "AI产品", "CV", "电机算法",
]  # fmt: skip
HEADS = [
    "工程师", "专员", "经理", "主管", "助理", "实习生", "总监", "顾问", "老师", "开发工程师", "研发工程师", "测试工程师",
    "技术员", "专家", "架构师", "负责人", "讲师", "代表", "产品经理", "分析师",
]  # fmt: skip
TAILS = ["双休", "五险一金", "可居家", "外派", "应届可投", "远程", "急招", "包吃住", "校招", "社招"]
CITIES = ["北京", "上海", "深圳", "广州", "杭州", "成都", "武汉", "西安", "苏州", "南京", "长沙", "合肥", "", "天津", "重庆"]
DISTRICTS = ["", "浦东新区", "海淀区", "南山区", "徐汇区", "朝阳区", "高新区", "天河区", "滨江区", "闵行区"]
DEGREES = ["本科", "大专", "本科", "学历不限", "硕士", "大专", "", "统招本科", "高中", "中专/中技", "博士"]
SETS = {"G1": "前程无忧51job", "G2": "BOSS直聘", "G3": "智联招聘", "G4": "猎聘"}
YEARS = [2024, 2023, 2022]
SPANS = [5, 2, 10, 3, 4, 15, 20, 1, 8, 7, 6, 12, 30, 25, 9]


def _list(words: list[str]) -> str:
    return "[" + ", ".join("'" + word + "'" for word in words) + "]"


def _pick(words: list[str], digit: str) -> str:
    """Each word as often as the others."""
    return f"{_list(words)}[1 + {digit} % {len(words)}]"


def _skewed(size: int, digit: str) -> str:
    """A whole number below ``size``; small ones far more often than large ones (the cube of an even draw)."""
    even = f"({digit} % 1000)"
    return f"({even} * {even} * {even} * {size} // 1000000000)"


def _tenths(number: str) -> str:
    """Text of a whole number of tenths: 15 → 1.5, 20 → 2."""
    return f"({number} // 10 || CASE WHEN {number} % 10 = 0 THEN '' ELSE '.' || {number} % 10 END)"


def _often(words: list[str], digit: str) -> str:
    """The first words far more often than the last."""
    return f"{_list(words)}[1 + {_skewed(len(words), digit)}]"


def query(rows: int) -> str:
    """SQL that makes the rows. ``r0``…``r9`` are scrambled digits of each row number."""
    # mixed by products modulo a prime below 2^31 and by shifts: 64-bit integers only, the same on every version
    seeds = [1103515245, 668265263, 374761393, 134775813, 22695477, 1664525, 2097152039, 1640531513, 1540483477, 974593]
    prime = 2147483647
    first = ", ".join(f"((i + {k + 1}) * {seed} + {k * 104729}) % {prime} AS a{k}" for k, seed in enumerate(seeds))
    second = ", ".join(f"xor(a{k}, a{k} >> 15) * {seeds[-1 - k]} % {prime} AS b{k}" for k in range(10))
    digits = ", ".join(f"xor(b{k}, b{k} >> 13) * {seeds[k - 3]} % {prime} // 64 AS r{k}" for k in range(10))
    title = (
        f"{_pick(LEVELS, 'r0')} || {_often(FIELDS, 'r1')} || {_often(HEADS, 'r2')} || CASE WHEN r3 % 100 < 57 THEN '' "
        f"WHEN r3 % 100 < 69 THEN '（' || {_pick(CITIES[:12], 'r4')} || {_pick(TAILS, 'r5')} || '）' "
        f"WHEN r3 % 100 < 81 THEN '(J' || (10000 + r4 % 80000) || ')' "
        f"ELSE '-' || (r4 % 300) || '部' || {_pick(TAILS, 'r5')} || (r5 // 16 % 900) END"
    )
    low = f"(4 + {_skewed(38, 'r6')})"
    span = f"[{', '.join(map(str, SPANS))}][1 + {_skewed(len(SPANS), 'r7')}]"
    high = f"({low} + {span})"
    wage = f"CASE WHEN r8 % 100 < 24 THEN '·' || (13 + {_skewed(4, 'r8 // 128')}) || '薪' ELSE '' END"
    pay = f"""CASE
        WHEN r9 % 100 < 38 THEN {low} || '-' || {high} || 'K' || {wage}
        WHEN r9 % 100 < 52 THEN {_tenths(f"({low} // 4 * 5)")} || '-' || {_tenths(f"({high} // 4 * 5)")} || '万' || {wage}
        WHEN r9 % 100 < 68 THEN (3 + {_skewed(4, "r6")}) || '-' || (7 + {_skewed(3, "r7")}) || '千'
        WHEN r9 % 100 < 81 THEN (4 + {_skewed(6, "r6")}) || '千-' || {_tenths(f"(10 + {_skewed(9, 'r7')})")} || '万' || {wage}
        WHEN r9 % 100 < 86 THEN {low} || 'k-' || {high} || 'k' || {wage}
        WHEN r9 % 100 < 90 THEN (8 + {low}) || '-' || (10 + {high}) || '万/年'
        WHEN r9 % 100 < 93 THEN (100 + {_skewed(20, "r6")} * 10) || '-' || (310 + {_skewed(20, "r7")} * 10) || '元/天'
        WHEN r9 % 100 < 95 THEN (2500 + {_skewed(30, "r6")} * 100) || '-' || (6000 + {_skewed(60, "r7")} * 100) || '元/月'
        WHEN r9 % 100 < 98 THEN '面议' WHEN r9 % 100 < 99 THEN '3千及以下' ELSE '' END"""
    year = f"[{', '.join(map(str, YEARS))}][1 + {_skewed(len(YEARS), 'r3 // 128')}]"
    return f"""
        WITH rows AS (SELECT {digits} FROM (SELECT {second} FROM (SELECT {first} FROM range({rows}) AS t(i))))
        SELECT {_pick(list(SETS.values()), "r0 // 64")} AS platform, {_pick(list(SETS), "r0 // 64")} AS data_set,
            '2025-0' || (1 + r2 // 32 % 9) || '-15' AS crawl_date,
            {year} || '-' || lpad((1 + r4 // 128 % 12)::VARCHAR, 2, '0') || '-'
                || lpad((1 + r5 // 64 % 28)::VARCHAR, 2, '0') AS post_date,
            {_pick(FIELDS[:10], "r6 // 1024")} AS search, {title} AS title,
            {_often(CITIES, "r7 // 64")} AS city, {_often(DISTRICTS, "r8 // 1024")} AS district, {pay} AS pay,
            {_often(DEGREES, "r9 // 128")} AS education
        FROM rows"""


def make(rows: int, target: Path, memory: str = "2GB") -> None:
    """Write the rows to ``target`` (.parquet or .csv), in order, within a memory limit."""
    import duckdb

    target.parent.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(config={"memory_limit": memory, "temp_directory": str(target.parent / "spill")})
    kind = "FORMAT parquet, COMPRESSION snappy" if target.suffix == ".parquet" else "FORMAT csv, HEADER"
    half = target.with_suffix(".part")
    con.execute(f"COPY ({query(rows)}) TO '{half}' ({kind})")
    half.replace(target)


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
