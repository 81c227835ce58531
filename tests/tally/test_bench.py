"""The bench of posts: what it generates, that both sides of it count the same, and how its parts are called."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from recount.tally import cli

BENCH = Path(__file__).resolve().parents[2] / "bench"


def module(name: str) -> ModuleType:
    """A file of bench/ as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"recount_bench_{name.strip('_')}", BENCH / f"{name}.py")
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, list[tuple[str, list[str]]]]:
    """The entry of `make bench` with parts that only note how they are called; the part in the middle fails."""
    main, called = module("__main__"), []

    def part(name: str) -> SimpleNamespace:
        def run(arguments: list[str]) -> int:
            called.append((name, arguments))
            if name == "notebooks":
                raise SystemExit("bench: a side failed")
            return 0

        return SimpleNamespace(main=run)

    monkeypatch.setattr(main, "importlib", SimpleNamespace(import_module=part))
    return main, called


def test_all_parts_run_and_a_failing_one_stops_none(entry, capsys: pytest.CaptureFixture[str]) -> None:
    main, called = entry
    assert main.main([]) == 1
    assert called == [("multiverse", []), ("notebooks", []), ("posts", [])]
    assert "a side failed" in capsys.readouterr().err
    assert all((BENCH / f"{name}.py").is_file() for name in main.PARTS)


def test_a_part_gets_its_own_arguments(entry) -> None:
    main, called = entry
    assert main.main(["posts", "1000", "--runs", "1"]) == 0
    assert called == [("posts", ["1000", "--runs", "1"])]
    assert main.main(["no_such_part"]) == main.main(["posts", "multiverse", "1000"]) == main.main(["posts", "1", "posts"]) == 2
    assert len(called) == 1


def test_generated_posts_are_varied_and_both_sides_count_them_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import argparse

    import pyarrow.parquet as pq

    monkeypatch.syspath_prepend(str(BENCH))
    import posts_generate
    import posts_pandas

    posts_generate.make(4000, tmp_path / "posts.parquet")
    posts_generate.make(1000, tmp_path / "fewer.parquet")
    titles = pq.read_table(tmp_path / "posts.parquet").column("title").to_pylist()
    assert len(set(titles)) >= 0.3 * len(titles)
    assert pq.read_table(tmp_path / "fewer.parquet").column("title").to_pylist() == titles[:1000]
    parser = argparse.ArgumentParser()
    cli.add_parser(parser.add_subparsers())
    cli.main(parser.parse_args(["tally", "posts", str(tmp_path / "posts.parquet"), "--out", str(tmp_path / "ours")]))
    for how in (posts_pandas.plain, posts_pandas.tuned):
        posts_pandas.tally(tmp_path / "posts.parquet", tmp_path / how.__name__, how)
        assert (tmp_path / how.__name__ / "posts.csv").read_bytes() == (tmp_path / "ours" / "posts.csv").read_bytes()
    for name in ("posts_generate", "posts_pandas"):
        sys.modules.pop(name, None)
