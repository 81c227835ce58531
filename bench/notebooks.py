"""What strict comparison costs: nbval over all notebooks against plain execution of the same notebooks.

    python bench/notebooks.py [--runs 5] [--only 03 06]

Both sides are whole processes, run in turn (the order swaps every time), one kernel at a time, under the settings of the
tests: `pytest --nbval` as pyproject.toml sets it, and nbclient, which executes and compares nothing. The medians, the
ranges, the ratio and the seconds of each notebook are printed and written to build/bench/notebooks.json. The seconds are
those of nbclient, from the start of the kernel to the last cell, with the tests' check of overlapping texts, which a reader's
run leaves out. Ends with an error if a notebook fails or an output differs.
"""

from __future__ import annotations

import argparse
import json
import resource
import runpy
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
AIM_RATIO = 1.3
AIM_SECONDS = 10  # of one notebook
TIMEOUT_S = 120


def plain(paths: list[Path]) -> None:
    """Execute notebooks one after another; the outputs are dropped, the seconds of each are printed as one line of JSON."""
    import nbformat
    from nbclient import NotebookClient

    seconds = {}
    for path in paths:
        began = time.perf_counter()
        notebook = nbformat.read(path, as_version=4)
        where = {"metadata": {"path": str(path.parent)}}
        NotebookClient(notebook, timeout=TIMEOUT_S, kernel_name="python3", record_timing=False, resources=where).execute()
        seconds[path.stem] = round(time.perf_counter() - began, 2)
    print(json.dumps(seconds))


def commands(paths: list[Path]) -> dict[str, list[str]]:
    """Side → the process that is timed."""
    names = list(map(str, paths))
    return {
        "nbval": [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-o",
            "addopts=",
            *OPTIONS,
            *names,
        ],
        "nbclient": [sys.executable, __file__, "--plain", *names],
    }


OPTIONS = ("--nbval", "--nbval-current-env", f"--nbval-cell-timeout={TIMEOUT_S}")
"""Those of pyproject.toml, without the ones of pytest-xdist: one kernel at a time on both sides."""


def timed(side: str, command: list[str]) -> tuple[float, float, subprocess.CompletedProcess[str]]:
    """Seconds of one process, of its processors (kernels included), and how it ended.

    Raises:
        SystemExit: it could not run, with the end of what it said.
    """
    began, used = time.perf_counter(), processor_seconds()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode not in ((0, 1) if side == "nbval" else (0,)):
        raise SystemExit(f"{side} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return seconds, processor_seconds() - used, done


def processor_seconds() -> float:
    """Processor time of all child processes that have ended: hardly moved by what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(paths: list[Path], runs: int) -> dict[str, Any]:
    """Both sides in turn, `runs` times each."""
    seconds: dict[str, list[float]] = {"nbval": [], "nbclient": []}
    busy: dict[str, list[float]] = {"nbval": [], "nbclient": []}
    each: dict[str, list[float]] = {path.stem: [] for path in paths}
    todo, green = commands(paths), True
    for run in range(runs):
        for side in sorted(todo, reverse=run % 2 == 1):
            took, used, done = timed(side, todo[side])
            seconds[side].append(took)
            busy[side].append(used)
            green &= done.returncode == 0  # nbval ends with 1 where an output differs
            if side == "nbclient":
                for name, value in json.loads(done.stdout.splitlines()[-1]).items():
                    each[name].append(value)
            print(f"  run {run + 1} of {runs}: {side} {seconds[side][-1]:.1f} s", file=sys.stderr, flush=True)
    pairs = [strict / bare for strict, bare in zip(seconds["nbval"], seconds["nbclient"], strict=True)]
    median = {side: statistics.median(values) for side, values in seconds.items()}
    return {
        "notebooks": [path.stem for path in paths],
        "runs": runs,
        "outputs_equal": green,
        "nbval_seconds": [round(one, 2) for one in seconds["nbval"]],
        "nbclient_seconds": [round(one, 2) for one in seconds["nbclient"]],
        "nbval_median": round(median["nbval"], 2),
        "nbclient_median": round(median["nbclient"], 2),
        "ratio": round(median["nbval"] / median["nbclient"], 3),
        "ratio_of_processor_seconds": round(statistics.median(busy["nbval"]) / statistics.median(busy["nbclient"]), 3),
        "ratio_of_pairs_range": [round(min(pairs), 3), round(max(pairs), 3)],
        "each_notebook_seconds": each,
    }


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit code."""
    if arguments[:1] == ["--plain"]:
        plain(list(map(Path, arguments[1:])))
        return 0
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each side (default: %(default)s)")
    parser.add_argument("--only", nargs="+", default=[], metavar="NN", help="numbers of notebooks (default: all)")
    chosen = parser.parse_args(arguments)
    if chosen.runs < 1:
        parser.error("--runs: at least 1")
    paths = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    paths = [path for path in paths if not chosen.only or path.name.startswith(tuple(chosen.only))]
    if not paths:
        parser.error(f"no notebook in {ROOT / 'notebooks'} begins with {' or '.join(chosen.only) or 'two digits'}")
    runpy.run_path(str(ROOT / "conftest.py"))  # both sides inherit the settings of the tests
    found = measure(paths, chosen.runs)
    for side, title in (("nbval", "strict nbval"), ("nbclient", "plain nbclient")):
        seconds = found[f"{side}_seconds"]
        print(
            f"{title}: {found[f'{side}_median']} s ({min(seconds)}–{max(seconds)}), {chosen.runs} runs, {len(paths)} notebooks"
        )
    low, high = found["ratio_of_pairs_range"]
    verdict = "met" if found["ratio"] <= AIM_RATIO else "MISSED"
    print(f"ratio: {found['ratio']} (pairs {low}–{high}); aim ≤ {AIM_RATIO} {verdict}")
    print(f"ratio of processor time: {found['ratio_of_processor_seconds']}")
    print("each notebook, plain nbclient, median (range) in seconds:")
    for name, values in found["each_notebook_seconds"].items():
        middle = statistics.median(values)
        aim = f"; aim ≤ {AIM_SECONDS} MISSED" if middle > AIM_SECONDS else ""
        print(f"  {name}: {middle:.1f} ({min(values):.1f}–{max(values):.1f}){aim}")
    if not found["outputs_equal"]:
        print("RED: nbval found outputs that differ from the stored ones. Remedy: make test says which.")
    out = ROOT / "build" / "bench" / "notebooks.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return int(not found["outputs_equal"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
