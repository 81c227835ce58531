"""Progress bars of a long tally, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Tell = Callable[[float], None]
"""Told the share of a piece of work that is done, from 0 to 1."""

Show = Callable[[str, float | None], AbstractContextManager[Tell | None]]
"""Context of one piece of work: its name, and its size (None: unknown); gives what to call with the share done."""


@contextmanager
def _silent(_name: str, _size: float | None) -> Iterator[None]:
    yield None


@contextmanager
def progress() -> Iterator[Show]:
    """Bars on stderr where that is a terminal; nothing where it is not, or where rich is missing."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    except ImportError:
        yield _silent
        return
    if not sys.stderr.isatty():
        yield _silent
        return
    parts = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:

        @contextmanager
        def show(name: str, size: float | None) -> Iterator[Tell]:
            task = bar.add_task(name, total=size)
            yield lambda share: bar.update(task, completed=share)
            bar.update(task, total=1.0, completed=1.0)

        yield show
