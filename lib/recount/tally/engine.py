"""Where the counting happens: DuckDB in this process, or Spark. The expressions are the same on both."""

from __future__ import annotations

import argparse
import functools
import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.tables import RecountError

if TYPE_CHECKING:
    import ibis
    from ibis.expr import types as ir

ENGINES = ("duckdb", "spark")
LIBRARIES = ("duckdb", "ibis", "pyarrow")
REMEDY = "Remedy: `make` installs it into build/venv; elsewhere, pip install -r requirements/tally.lock."


class EngineError(RecountError):
    """An engine is not known, or what it needs is not installed."""


class TallyError(RecountError):
    """Raw rows cannot be tallied as asked; the message names file, place and remedy."""


def in_one_line(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The same command with what the system lacks or refuses (a library, a folder, the disk, memory) said in one line."""

    @functools.wraps(run)
    def told(args: argparse.Namespace) -> int:
        try:
            return run(args)
        except BrokenPipeError:  # whoever reads the summary has gone
            raise
        except ModuleNotFoundError as error:
            if error.name not in LIBRARIES:
                raise
            raise EngineError(f"{error.name} is not installed. {REMEDY}") from None
        except OSError as error:
            where = error.filename or args.out
            raise TallyError(
                f"{where}: {error.strerror or error}. Remedy: check the path, its permissions and the free space there."
            ) from None
        except Exception as error:
            if type(error).__name__ != "OutOfMemoryException":  # DuckDB's, which need not be loaded here
                raise
            raise TallyError(f"{str(error).splitlines()[0]}. Remedy: a larger --memory, or fewer --threads.") from None

    return told


def connect(
    name: str = "duckdb", *, memory: str = "2GB", threads: int | None = None, folder: Path | None = None
) -> ibis.BaseBackend:
    """Ibis connection to an engine.

    Args:
        name: ``duckdb`` (embedded, spills to disk beyond ``memory``) or ``spark`` (a session on this machine, or
            on the cluster that ``SPARK_REMOTE`` or Spark's own configuration names).
        memory: most memory the engine may use, as the engine writes it (``2GB``).
        threads: threads to use; all of the machine where None.
        folder: where DuckDB may put what does not fit in memory.

    Raises:
        EngineError: no such engine, or it is not installed; the message says what to install.
    """
    if name not in ENGINES:
        raise EngineError(f"engine {name!r} is not known. Remedy: use one of {', '.join(ENGINES)}.")
    try:
        import ibis
    except ImportError:
        raise EngineError(f"Ibis is not installed. {REMEDY}") from None
    return _duckdb(ibis, memory, threads, folder) if name == "duckdb" else _spark(ibis, memory, threads)


def memory_mb(text: str) -> int:
    """Megabytes that a size such as ``2GB`` or ``512 MB`` names.

    Raises:
        EngineError: not such a size.
    """
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([mgt])i?b?\s*", text.lower())
    size = int(float(found[1]) * {"m": 1, "g": 1000, "t": 1_000_000}[found[2]]) if found else 0
    if size < 1:
        raise EngineError(f"memory {text!r}: not a size. Remedy: write one such as 2GB or 512MB.")
    return size


def _duckdb(ibis: Any, memory: str, threads: int | None, folder: Path | None) -> ibis.BaseBackend:
    try:
        con = ibis.duckdb.connect()
    except ImportError:
        raise EngineError(f"DuckDB is not installed. {REMEDY}") from None
    con.raw_sql(f"SET memory_limit = '{memory_mb(memory)}MB'")
    con.raw_sql("SET preserve_insertion_order = false")
    con.raw_sql("SET enable_progress_bar = false")
    if threads:
        con.raw_sql(f"SET threads = {int(threads)}")
    if folder is not None:
        con.raw_sql("SET temp_directory = '" + str(folder).replace("'", "''") + "'")
    return con


def _spark(ibis: Any, memory: str, threads: int | None) -> ibis.BaseBackend:
    remedy = "Remedy: install Java 17 and requirements/spark.lock, or use --engine duckdb."
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise EngineError(f"PySpark is not installed. {remedy}") from None
    settings = {"spark.sql.session.timeZone": "UTC"}
    if not os.environ.get("SPARK_REMOTE"):
        master = os.environ.get("MASTER", f"local[{threads or '*'}]")
        settings |= {
            "spark.master": master,
            "spark.driver.memory": f"{memory_mb(memory)}m",
            "spark.log.level": "ERROR",
            "spark.sql.shuffle.partitions": "8",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        if master.startswith("local"):
            settings |= {"spark.driver.host": "localhost", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.appName("recount")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # Java missing or too old: the gateway raises several unrelated types
        raise EngineError(f"Spark does not start ({type(error).__name__}: {str(error).splitlines()[0]}). {remedy}") from None
    return ibis.pyspark.connect(session)


class Keeper:
    """Keeps intermediate tables of one run, so that an engine works them out once; drops them at the end.

    On DuckDB they are temporary tables, which spill to disk beyond the memory limit; on Spark cached frames.
    """

    def __init__(self, con: ibis.BaseBackend) -> None:
        self.con = con
        self._names: list[str] = []
        self._cached: list[ir.Table] = []

    def __call__(self, expression: ir.Table) -> ir.Table:
        """The same rows, worked out now."""
        if self.con.name != "duckdb":
            kept = expression.cache()
            self._cached.append(kept)
            return kept
        name = f"recount_kept_{id(self)}_{len(self._names)}"
        self._names.append(name)
        return self.con.create_table(name, expression, temp=True)

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._names:
            self.con.raw_sql(f"DROP TABLE {name}")  # drop_table of Ibis 12 loses the name with newer sqlglot
        for table in self._cached:
            table.release()
