"""Where the counting happens: DuckDB in this process, or Spark. The expressions are the same on both."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from recount.tables import RecountError

if TYPE_CHECKING:
    import ibis
    from ibis.expr import types as ir

ENGINES = ("duckdb", "spark")


class EngineError(RecountError):
    """An engine is not known, or what it needs is not installed."""


class TallyError(RecountError):
    """Raw rows cannot be tallied as asked; the message names file, place and remedy."""


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
        raise EngineError("Ibis is not installed. Remedy: pip install 'ibis-framework[duckdb]'.") from None
    return _duckdb(ibis, memory, threads, folder) if name == "duckdb" else _spark(ibis, memory, threads)


def _duckdb(ibis, memory: str, threads: int | None, folder: Path | None) -> ibis.BaseBackend:
    try:
        con = ibis.duckdb.connect()
    except ImportError:
        raise EngineError("DuckDB is not installed. Remedy: pip install 'ibis-framework[duckdb]'.") from None
    import duckdb

    try:
        con.raw_sql(f"SET memory_limit = '{memory}'")
    except duckdb.Error as error:
        raise EngineError(f"memory {memory!r}: {error}. Remedy: write a size such as 2GB.") from None
    con.raw_sql("SET preserve_insertion_order = false")
    con.raw_sql("SET enable_progress_bar = false")
    if threads:
        con.raw_sql(f"SET threads = {int(threads)}")
    if folder is not None:
        con.raw_sql("SET temp_directory = '" + str(folder).replace("'", "''") + "'")
    return con


def _spark(ibis, memory: str, threads: int | None) -> ibis.BaseBackend:
    remedy = "Remedy: install Java 17 and the packages of the Spark requirements file, or use --engine duckdb."
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise EngineError(f"PySpark is not installed. {remedy}") from None
    builder = SparkSession.builder.appName("recount")
    if not os.environ.get("SPARK_REMOTE"):
        builder = (
            builder.master(os.environ.get("MASTER", f"local[{threads or '*'}]"))
            .config("spark.ui.enabled", "false")
            .config("spark.driver.memory", memory.lower().removesuffix("b"))
            .config("spark.sql.shuffle.partitions", "8")
        )
    try:
        session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    except Exception as error:  # Java missing or too old: the gateway raises several unrelated types
        raise EngineError(f"Spark does not start ({type(error).__name__}: {str(error).splitlines()[0]}). {remedy}") from None
    session.sparkContext.setLogLevel("ERROR")
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
