"""One local Spark session for all slow tests (starting it takes longer than what it counts), and texts as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Ibis connection to a real local Spark session of two threads; skipped without pyspark."""
    sql = pytest.importorskip("pyspark.sql")
    import ibis

    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.fixture
def column(tmp_path: Any) -> Callable[[Any, str, list[str]], Any]:
    """Function that gives texts as a table of one column of an engine; by a file, since Ibis 12 fails to drop views."""

    def make(con: Any, name: str, texts: list[str]) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = tmp_path / f"{name}{len(list(tmp_path.iterdir()))}.parquet"
        pq.write_table(pa.table({name: pa.array(texts, pa.string())}), path)
        return con.read_parquet(str(path))

    return make
