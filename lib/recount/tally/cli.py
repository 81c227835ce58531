"""``recount tally``: files of raw rows → tallies, from the command line. One module a kind of rows."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from recount.tables import RecountError
from recount.tally import downloads, papers, posts_command

KINDS = (posts_command, papers, downloads)


def add_parser(commands: Any) -> None:
    """Register ``tally`` with its three kinds of rows: posts, papers, downloads."""
    parser = commands.add_parser(
        "tally", help="raw rows → tallies", description="Count raw rows of your own the way the published tallies were."
    )
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    for kind in KINDS:
        kind.add_parser(kinds)


def main(args: argparse.Namespace) -> int:
    """Run the chosen kind; returns the exit status."""
    return int(args.run(args) or 0)


def run_alone(arguments: Sequence[str] | None = None) -> int:
    """``python -m recount.tally``: errors as one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m recount")
    add_parser(parser.add_subparsers(dest="command", required=True))
    given = list(sys.argv[1:] if arguments is None else arguments)
    args = parser.parse_args(given if given[:1] == ["tally"] else ["tally", *given])
    try:
        return main(args)
    except RecountError as error:
        print(f"recount: {error}", file=sys.stderr)
        return 1
