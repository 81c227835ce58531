"""Job posts → tallies, at one and ten million made-up rows, against pandas, a bare scan of the same columns, and Spark.

    python bench/posts.py [ROWS …] [--runs 3] [--memory 1GB] [--spark-rows 200000]
    BENCH_POSTS=100000000 python bench/posts.py          # these sizes on top (make bench ARGS=posts BENCH_POSTS=…)

Every side is a whole process on one Parquet file (`posts_generate.py`); wall and processor seconds, and the peak memory of
the process with its children, as the system counts them. pandas works on one million rows, Spark (where it is
installed) on fewer; both have to write the same bytes as DuckDB, or the bench fails. Writes build/bench/posts.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "bench"
SIZES = (1_000_000, 10_000_000)
SMALL = 1_000_000
"""Most rows on which pandas is compared, and the command is run several times."""
RUNS = 3
SPARK_ROWS = 200_000
MEMORY = "1GB"
AIM_PANDAS = 5.0
AIM_SCAN = 20.0
COLUMNS = ("platform", "data_set", "crawl_date", "post_date", "search", "title", "city", "district", "pay", "education")


class Taken(NamedTuple):
    """What one process took."""

    seconds: float
    processor: float
    peak_mb: float


def _tree_mb(top: int) -> float:
    """Resident memory of a process and its descendants now, in MB; 0 where /proc is not there."""
    parents, size = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            pid, stat = int(entry.name), (entry / "stat").read_text().rpartition(")")[2].split()
            parents[pid], size[pid] = int(stat[1]), int(stat[21]) * os.sysconf("SC_PAGESIZE") / 1e6
    wanted, total = {top}, 0.0
    for pid in sorted(parents):  # children are younger, so their ids are larger, but for a wrap-around
        if pid in wanted or parents[pid] in wanted:
            wanted.add(pid)
            total += size[pid]
    return total


def measure(words: list[str]) -> Taken:
    """Run a process to its end.

    Raises:
        SystemExit: it failed; its last words are shown.
    """
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'lib'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    started = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, text=True)
    peak, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            peak[0] = max(peak[0], _tree_mb(process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    said = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    ended.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"bench: {' '.join(words)} failed:\n{said[-2000:]}")
    return Taken(seconds, used.ru_utime + used.ru_stime, max(peak[0], used.ru_maxrss / 1000))


def posts_file(rows: int) -> Path:
    """The made-up file of that many rows, made once."""
    path = BUILD / f"posts_{rows}.parquet"
    if not path.is_file():
        print(f"making {rows:,} rows", flush=True)
        subprocess.run([sys.executable, str(ROOT / "bench" / "posts_generate.py"), str(rows), str(path)], check=True)
    return path


def tally(path: Path, out: Path, memory: str, engine: str = "duckdb") -> list[str]:
    """The command a user would type."""
    words = [sys.executable, "-m", "recount.tally", "posts", str(path), "--out", str(out), "--overwrite"]
    return [*words, "--engine", engine, "--memory", memory, "--temp", str(BUILD / "temp")]


def alone(side: str, *words: Any) -> list[str]:
    """This file as the process of one side."""
    return [sys.executable, __file__, "--side", side, *map(str, words)]


def scan(path: Path) -> None:
    """Read every column the tally reads, and sum the length of its texts."""
    import duckdb

    total = " + ".join(f"coalesce(length({name}), 0)" for name in COLUMNS)
    print(duckdb.sql(f"SELECT count(*), sum({total}) FROM '{path}'").fetchall())


def head(path: Path, rows: int) -> Path:
    """The first rows of a file as a file of their own."""
    import duckdb

    target = path.with_name(f"posts_first_{rows}.parquet")
    duckdb.sql(f"COPY (SELECT * FROM '{path}' LIMIT {rows}) TO '{target}' (FORMAT parquet)")
    return target


def same(left: Path, right: Path) -> bool:
    """Do both folders hold the same table, byte for byte?"""
    first, second = (hashlib.sha256((folder / "posts.csv").read_bytes()).hexdigest() for folder in (left, right))
    return first == second


def median(taken: list[Taken]) -> Taken:
    """Median of each figure; the peak is the largest."""
    seconds, processor, peaks = zip(*taken, strict=True)
    return Taken(statistics.median(seconds), statistics.median(processor), max(peaks))


def run(sizes: list[int], runs: int, memory: str, spark_rows: int) -> dict[str, Any]:
    """Measure all sides; small sizes several times, the sides in turn."""
    work = BUILD / "posts"
    shutil.rmtree(work, ignore_errors=True)
    found: dict[str, Any] = {"memory_limit": memory, "processors": os.cpu_count(), "sizes": []}
    for rows in sizes:
        path, ours, scans = posts_file(rows), [], []
        scans += [measure(alone("scan", path)) for _ in range(runs)]  # before and after: they are short, so noise shows
        for _ in range(runs if rows <= SMALL else 1):
            ours.append(measure(tally(path, work / "duckdb", memory)))
            scans.append(measure(alone("scan", path)))
        scans += [measure(alone("scan", path)) for _ in range(runs)]
        report = json.loads((work / "duckdb" / "posts_report.json").read_text(encoding="utf-8"))
        if report["rows_tallied"] != rows:
            raise SystemExit(f"bench: {report['rows_tallied']} of {rows} rows tallied")
        one, bare = median(ours), median(scans)
        entry = {
            "rows": rows,
            "cells": report["cells"],
            "tally": one._asdict(),
            "rows_per_second": rows / one.seconds,
            "scan": bare._asdict(),
            "tally_over_scan": one.seconds / bare.seconds,
            "processor_over_scan": one.processor / bare.processor,
        }
        found["sizes"].append(entry)
        _show(entry)
        if rows == sizes[0] and rows <= SMALL:
            found["pandas"] = _pandas(path, work, memory, ours)
    found["growth_exponent"] = _growth(found["sizes"])
    found["spark"] = _spark(head(posts_file(sizes[0]), spark_rows), work, memory, spark_rows)
    shutil.rmtree(work, ignore_errors=True)
    return found


def _show(entry: dict[str, Any]) -> None:
    one = entry["tally"]
    print(
        f"{entry['rows']:>12,} rows  {one['seconds']:7.1f} s ({one['processor']:.1f} s of processors)  "
        f"{entry['rows_per_second']:>9,.0f} rows/s  {one['peak_mb']:6.0f} MB  "
        f"{entry['tally_over_scan']:5.1f} × a bare scan ({entry['processor_over_scan']:.1f} in processor seconds)",
        flush=True,
    )


def _pandas(path: Path, work: Path, memory: str, ours: list[Taken]) -> dict[str, Any]:
    """Both ways of pandas on the smallest file, with one more run of the command after each."""
    sides: dict[str, Taken] = {}
    for side in ("plain", "tuned"):
        sides[side] = measure(alone(side, path, work / side))
        ours.append(measure(tally(path, work / "duckdb", memory)))
        if not same(work / side, work / "duckdb"):
            raise SystemExit(f"bench: pandas ({side}) and DuckDB differ")
    one, found = median(ours), {}
    for side, its in sides.items():
        wall, processor = its.seconds / one.seconds, its.processor / one.processor
        found[side] = its._asdict() | {"over_duckdb": wall, "processor_over_duckdb": processor}
        print(
            f"  pandas, {side}: {its.seconds:.1f} s ({its.processor:.1f} s of processors), {its.peak_mb:.0f} MB; "
            f"DuckDB is {wall:.1f} times as fast ({processor:.1f} in processor seconds); the same bytes",
            flush=True,
        )
    return found


def _growth(sizes: list[dict[str, Any]]) -> float | None:
    """Exponent of seconds over rows between the smallest and the largest size."""
    if len(sizes) < 2:
        return None
    first, last = sizes[0], sizes[-1]
    exponent = math.log(last["tally"]["seconds"] / first["tally"]["seconds"]) / math.log(last["rows"] / first["rows"])
    print(f"seconds grow with rows to the power of {exponent:.2f}")
    return exponent


def _spark(path: Path, work: Path, memory: str, rows: int) -> dict[str, Any] | str:
    if find_spec("pyspark") is None or shutil.which("java") is None:
        print("Spark: not installed (requirements/spark.lock, Java 17): not compared")
        return "not installed"
    taken = measure(tally(path, work / "spark", memory, "spark"))
    ours = measure(tally(path, work / "duckdb", memory))
    if not same(work / "spark", work / "duckdb"):
        raise SystemExit("bench: Spark and DuckDB differ")
    print(f"Spark, {rows:,} rows: {taken.seconds:.1f} s (DuckDB {ours.seconds:.1f} s), {taken.peak_mb:.0f} MB; the same bytes")
    return {"rows": rows, "spark": taken._asdict(), "duckdb": ours._asdict(), "equal": True}


def verdict(found: dict[str, Any]) -> list[str]:
    """The aims beside what was measured."""
    lines, last = [], found["sizes"][-1]
    if "pandas" in found:
        ratios = {side: its["over_duckdb"] for side, its in found["pandas"].items()}
        met = "met" if ratios["plain"] >= AIM_PANDAS else "not met"
        lines.append(f"plain pandas ÷ DuckDB: {ratios['plain']:.1f}, aim ≥ {AIM_PANDAS:g}: {met}")
        lines.append(f"tuned pandas (distinct texts only) ÷ DuckDB: {ratios['tuned']:.1f}, no aim")
    met = "met" if last["tally_over_scan"] <= AIM_SCAN else "not met"
    lines.append(f"tally ÷ scan at {last['rows']:,} rows: {last['tally_over_scan']:.1f}, aim ≤ {AIM_SCAN:g}: {met}")
    return lines


def main(arguments: list[str]) -> int:
    """Run the bench, or one side of it; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", type=int, help="sizes to measure (default: one and ten million)")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs at sizes up to one million")
    parser.add_argument("--memory", default=MEMORY, help="limit given to the engine")
    parser.add_argument("--spark-rows", type=int, default=SPARK_ROWS)
    args = parser.parse_args(arguments)
    more = [int(rows) for rows in os.environ.get("BENCH_POSTS", "").split()]
    found = run(sorted({*(args.rows or SIZES), *more}), args.runs, args.memory, args.spark_rows)
    for line in verdict(found):
        print(line)
    found["aims"] = {"pandas_over_duckdb": AIM_PANDAS, "tally_over_scan": AIM_SCAN}
    (BUILD / "posts.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"written: {BUILD / 'posts.json'}")
    return 0


def one_side(side: str, path: Path, out: Path | None = None) -> None:
    """The work of one side, in this process."""
    if side == "scan":
        scan(path)
        return
    import posts_pandas

    posts_pandas.tally(path, out or BUILD, getattr(posts_pandas, side))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--side"]:
        one_side(sys.argv[2], *map(Path, sys.argv[3:]))
    else:
        sys.exit(main(sys.argv[1:]))
