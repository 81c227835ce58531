"""The command line: ``python -m recount COMMAND``; ``make`` calls it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from recount import __version__, tables
from recount.tables import RecountError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Errors of this library are one line on stderr."""
    parser = _parser()
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args) or 0)
    except RecountError as error:
        print(f"recount: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("recount: interrupted; nothing half-written is left.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recount", description="Recount claims from raw tables.")
    parser.add_argument("--version", action="version", version=f"recount {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="execute copies of the notebooks, judge, write build/outputs")
    run.add_argument("--out", type=Path, default=None, help="folder of the build (default: build)")
    run.add_argument("--only", nargs="+", default=[], metavar="NN", help="numbers of notebooks, e.g. 06 07")
    run.set_defaults(run=_run)
    site = commands.add_parser("site", help="render the site from the last run")
    site.add_argument("--from", dest="build", type=Path, default=None, help="folder of the build (default: build)")
    site.add_argument("--out", type=Path, default=None, help="folder of the site (default: BUILD/site)")
    site.set_defaults(run=_site)
    refresh = commands.add_parser("refresh", help="maintainers: execute and write notebooks and outputs in place")
    refresh.add_argument("--only", nargs="+", default=[], metavar="NN")
    refresh.set_defaults(run=_refresh)
    board = commands.add_parser("scoreboard", help="print the scoreboard of the last run")
    board.add_argument("--from", dest="build", type=Path, default=None)
    board.set_defaults(run=_scoreboard)
    seal = commands.add_parser("seal", help="maintainers: validate tables and record their hashes")
    seal.add_argument("tables", nargs="*", metavar="TABLE", help="default: every table")
    seal.set_defaults(run=_seal)
    cite = commands.add_parser("cite", help="cite a claim (C06b), a figure or a table")
    cite.add_argument("id")
    cite.add_argument("--style", choices=("apa", "gbt7714", "bibtex"), default="apa")
    cite.set_defaults(run=_cite)
    from recount.tally import cli

    cli.add_parser(commands)
    return parser


def _build(named: Path | None) -> Path:
    return named.resolve() if named is not None else tables.data_dir().parent / "build"


def _run(args: argparse.Namespace) -> None:
    from recount import runner

    found = runner.run(_build(args.out), args.only)
    print(f"{len(found.claims)} claims judged, {len(found.results)} results, {len(found.figures)} figures.")


def _site(args: argparse.Namespace) -> None:
    from recount import site

    build = _build(args.build)
    where = site.build(build, args.out.resolve() if args.out is not None else build / "site")
    print(f"Site: {where / 'index.html'}")


def _refresh(args: argparse.Namespace) -> None:
    from recount import runner

    lines = runner.refresh(args.only)
    print("\n".join(lines) if lines else "No number moved.")


def _scoreboard(args: argparse.Namespace) -> None:
    from rich.console import Console
    from rich.table import Table

    from recount import harvest, records

    path = _build(args.build) / "outputs" / "claims.json"
    if not path.is_file():
        raise RecountError(f"{path}: there is no run yet. Remedy: run `make`.")
    grid = Table(title="Scoreboard", show_lines=False)
    for heading in ("", "claim", "printed", "tables", "verdict", "evidence", "inside"):
        grid.add_column(heading, overflow="fold")
    for row in harvest.scoreboard(json.loads(path.read_text(encoding="utf-8"))):
        verdict = f"{row['sign']} {row['verdict']}".strip()
        grid.add_row(row["id"], row["claim"], row["printed"], row["estimate"], verdict, row["evidence"], row["robustness"])
    grid.caption = records.REPEATED.en
    Console(width=None if sys.stdout.isatty() else 160).print(grid)
    if not tables.published_data():
        print("These are NOT the published verdicts: they come from your own tallies.")


def _seal(args: argparse.Namespace) -> None:
    path = tables.data_dir() / "datapackage.json"
    names = args.tables or tables.table_names()
    sealed = {name: tables.seal(name) for name in names}
    package = json.loads(path.read_text(encoding="utf-8"))
    for at, entry in enumerate(package["resources"]):
        fresh = sealed.get(entry["name"])
        if fresh and fresh != entry:
            print(f"{entry['name']}: {entry.get('hash', 'no hash')[:19]}… → {fresh['hash'][:19]}…, {fresh['rows']} rows")
            package["resources"][at] = fresh
    tables.write_atomically(path, json.dumps(package, ensure_ascii=False, indent=2) + "\n")


def _cite(args: argparse.Namespace) -> None:
    from recount import cite

    print(cite.any(args.id, args.style))


if __name__ == "__main__":
    sys.exit(main())
