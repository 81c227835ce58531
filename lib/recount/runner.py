"""Run notebooks: copies into ``build/`` (``run``), or in place for maintainers (``refresh``); then harvest."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recount import harvest, records, tables
from recount.tables import RecountError

TIMEOUT = 120
"""Seconds a cell may take."""

AT_ONCE = 2
"""Notebooks executed at the same time: two kernels fill two cores, and memory stays small."""

LIBRARY = str(Path(__file__).resolve().parents[1])
"""Kernels import the library that runs them, wherever they start."""

READS_OUTPUTS = re.compile(r"^(00|99)_")
"""Notebooks that read the records of the others, so they run last."""


def root() -> Path:
    """Folder of the repository.

    Raises:
        RecountError: it holds no notebooks.
    """
    folder = tables.data_dir().parent
    if not (folder / "notebooks").is_dir():
        raise RecountError(f"{folder}: holds no notebooks folder. Remedy: run this inside a clone of the repository.")
    return folder


def notebooks(folder: Path, only: Sequence[str] = ()) -> list[Path]:
    """Notebooks of a folder in their order; ``only`` keeps those that begin with one of the given numbers.

    Raises:
        RecountError: a number matches none.
    """
    found = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    for number in only:
        if not any(path.name.startswith(number) for path in found):
            raise RecountError(f"{folder}: no notebook begins with {number!r} (there are: {', '.join(p.stem for p in found)}).")
    return [path for path in found if not only or path.name.startswith(tuple(only))]


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


async def _execute(path: Path, target: Path, folder: Path, said: Any) -> None:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, extra_arguments=["--IPKernelApp.log_level=ERROR"], timeout=TIMEOUT, kernel_name="python3",
        record_timing=False, resources={"metadata": {"path": str(folder)}},
        on_cell_executed=lambda **_: said(path.stem, len(notebook.cells)),
    )  # fmt: skip
    try:
        await client.async_execute()
    except CellExecutionError as error:
        remedy = "" if "Remedy:" in error.evalue else " Remedy: open the notebook and run it cell by cell."
        raise RecountError(f"notebooks/{path.name}: {error.ename}: {error.evalue.rstrip('.')}.{remedy}") from None
    except (CellTimeoutError, DeadKernelError, RuntimeError) as error:  # a kernel that dies while it starts: RuntimeError
        first = (str(error).splitlines() or ["it ended without a word"])[0]
        raise RecountError(
            f"notebooks/{path.name}: {first}. Remedy: run it again; if its kernel dies each time, look at the free memory."
        ) from None
    tables.write_atomically(target / path.name, dumps(notebook))


def dumps(notebook: Any) -> str:
    """A notebook as text, without what changes from run to run or from machine to machine."""
    import nbformat

    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("transient", None)
    return nbformat.writes(notebook)


def execute(paths: Sequence[Path], target: Path, folder: Path) -> None:
    """Execute notebooks into ``target``, two at a time, with progress on stderr.

    Args:
        paths: notebooks; they are read, never written.
        target: folder for the executed copies; folder: working folder of the kernels.

    Raises:
        RecountError: the first failing notebook, with its error.
    """
    target.mkdir(parents=True, exist_ok=True)

    failed: list[RecountError] = []

    async def everything(said: Any) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(path: Path) -> None:
            async with gate:
                if failed:
                    return
                try:
                    await _execute(path, target, folder, said)
                except RecountError as error:  # the other kernel ends by itself: one that is cut off complains at exit
                    failed.append(error)

        await asyncio.gather(*map(one, paths))
        if failed:
            raise failed[0]

    with _progress(paths) as said:
        asyncio.run(everything(said))


@contextmanager
def _progress(paths: Sequence[Path]) -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    cells = {p.stem: len(json.loads(p.read_text(encoding="utf-8"))["cells"]) for p in paths}
    done: dict[str, int] = dict.fromkeys(cells, 0)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("cells"), TimeElapsedColumn(),
        console=console, disable=not console.is_terminal,
    ) as bar:  # fmt: skip
        task = bar.add_task("notebooks", total=sum(cells.values()))
        started: dict[str, float] = {}

        def said(name: str, total: int) -> None:
            started.setdefault(name, time.monotonic())
            done[name] += 1
            bar.update(task, advance=1, description=f"notebook {name}")
            if not console.is_terminal and done[name] == 1:
                print(f"  running {name} …", file=sys.stderr, flush=True)

        yield said


def _redraw_summaries(folder: Path, claims: Sequence[dict[str, Any]]) -> None:
    """The cell tagged ``summary`` shows the records of this run, not of the last one."""
    import nbformat

    for path in notebooks(folder):
        notebook = nbformat.read(path, as_version=4)
        parents = {claim["parent"] for claim in claims if claim["notebook"] == path.stem}
        changed = False
        for cell in notebook.cells:
            if "summary" not in cell.metadata.get("tags", []) or not cell.get("outputs"):
                continue
            wanted = [p for p in sorted(parents, key=tables.natural_key) if f'"{p}"' in cell.source]
            shown = [o for o in cell.outputs if o.output_type == "display_data"]
            for output, parent in zip(shown, wanted, strict=False):
                page = records.summary_page(parent, claims)
                changed |= dict(output.data) != page
                output.data = nbformat.from_dict(page)
        if changed:
            tables.write_atomically(path, dumps(notebook))


def run(out: Path, only: Sequence[str] = ()) -> harvest.Harvest:
    """Execute copies of the notebooks from the raw tables and write ``out``/notebooks and ``out``/outputs.

    Writes nothing outside ``out``. What an earlier run left there is replaced at the end, so an interrupted run loses nothing.

    Args:
        out: folder of the build.
        only: numbers of notebooks to run; the others are taken as committed.

    Raises:
        RecountError: a notebook failed, or the user's own tallies do not fit.
    """
    folder = root()
    _check_own_tallies()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".run-", dir=out) as name:
        work = Path(name)
        found = _run_into(work, folder, only)
        for part in ("notebooks", "outputs"):
            shutil.rmtree(out / part, ignore_errors=True)
            (work / part).replace(out / part)
    return found


def _run_into(work: Path, folder: Path, only: Sequence[str]) -> harvest.Harvest:
    source, done, outputs = folder / "notebooks", work / "notebooks", work / "outputs"
    every = notebooks(source)
    chosen = notebooks(source, only)
    first = [p for p in chosen if not READS_OUTPUTS.match(p.name)]
    last = [p for p in chosen if READS_OUTPUTS.match(p.name)]
    done.mkdir(parents=True)
    for path in every:
        if path not in chosen:
            shutil.copyfile(path, done / path.name)
    with _environment(
        RECOUNT_OUTPUTS=str(outputs), RECOUNT_FIGURES=str(outputs / "figures"), RECOUNT_STUDIES=str(outputs / "studies"),
        PYTHONHASHSEED="0", PYTHONPATH=os.pathsep.join(filter(None, [LIBRARY, os.environ.get("PYTHONPATH")])),
    ):  # fmt: skip
        execute(first, done, source)
        claims = [p for p in notebooks(done) if not READS_OUTPUTS.match(p.name)]
        found = harvest.read(claims)
        harvest.write(found, outputs)
        _redraw_summaries(done, found.claims)
        if last:
            execute(last, done, source)
        found = harvest.read(notebooks(done))
        harvest.write(found, outputs)
    return found


def _check_own_tallies() -> None:
    own = tables.user_tallies()
    if own is None:
        return
    known = {
        Path(tables.resource(name)["path"]).name: name
        for name in tables.table_names()
        if tables.resource(name)["path"].startswith("tallies/")
    }
    mine = [name for file, name in known.items() if (own / file).is_file()]
    if not mine:
        raise RecountError(
            f"{own}: holds none of {', '.join(sorted(known))}. Remedy: make one with `python -m recount tally … --out {own}`."
        )
    for name in mine:
        tables.load(name)
    print(f"Using your own {', '.join(mine)} from {own}: these are not the published results.", file=sys.stderr)


def refresh(only: Sequence[str] = ()) -> list[str]:
    """Execute the notebooks and write them and ``outputs/`` in place; for maintainers.

    Nothing is written unless every chosen notebook ran. Returns lines that say which numbers and verdicts moved.
    """
    if not tables.published_data():
        raise RecountError("refresh: RECOUNT_TALLIES is set. Remedy: unset it; published outputs come from published tables.")
    folder = root()
    os.environ["RECOUNT_STRICT_FIGURES"] = "1"  # a published figure has no overlapping text
    out = folder / "outputs"
    old = {name: _read_json(out / f"{name}.json") for name in ("results", "claims")}
    (folder / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="refresh-", dir=folder / "build") as name:
        work = Path(name)
        found = _run_into(work, folder, only)
        for path in notebooks(work / "notebooks", only):  # never one that was not run: it may have been edited meanwhile
            tables.write_atomically(folder / "notebooks" / path.name, path.read_bytes())
        fresh = work / "outputs"
        for path in sorted(fresh.rglob("*")):
            if path.is_file() and path.relative_to(fresh).parts[0] != "studies":
                tables.write_atomically(out / path.relative_to(fresh), path.read_bytes())
        if not only:
            kept = {p.name for p in (fresh / "figures").glob("*")}
            for path in (out / "figures").glob("*"):
                if path.name not in kept:
                    path.unlink()
    readme = folder / "README.md"
    if readme.is_file():
        text = harvest.with_block(readme.read_text(encoding="utf-8"), harvest.readme_block(found.claims))
        tables.write_atomically(readme, text)
    lines = harvest.moved(old["results"], found.results, ("value", "low", "high", "n"))
    return lines + harvest.moved(old["claims"], found.claims, ("verdict", "indication", "estimate_en"))


def _read_json(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
