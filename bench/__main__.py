"""All measured comparisons, one after another: `make bench`, or `make bench ARGS=multiverse` for one.

What follows the name of a part goes to that part: `make bench ARGS="posts 1000000 --runs 1"`. `posts` takes minutes; sizes in
the variable BENCH_POSTS are measured on top of its one and ten million rows (`make bench BENCH_POSTS=100000000`). Each part
prints what it found and writes it to build/bench/<part>.json; a part that fails does not stop the next.
"""

from __future__ import annotations

import importlib
import sys

PARTS = ("multiverse", "notebooks", "posts")


def main(arguments: list[str]) -> int:
    """Run the named part with its own arguments, or all parts; returns the exit code."""
    if arguments and arguments[0] not in PARTS:
        print(f"no part {arguments[0]!r}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    named = [one for one in arguments if one in PARTS]
    rest = arguments[len(named) :]
    if named != arguments[: len(named)] or (rest and len(named) > 1):
        print("arguments of a part go after its name, one part at a time", file=sys.stderr)
        return 2
    return max(_run(part, rest) for part in named or PARTS)


def _run(part: str, arguments: list[str]) -> int:
    print(f"— {part}", flush=True)
    try:
        return importlib.import_module(part).main(arguments)
    except SystemExit as error:  # what a part says when one of its sides fails, or an argument is wrong
        if isinstance(error.code, str):
            print(error.code, file=sys.stderr)
        return error.code if isinstance(error.code, int) else int(error.code is not None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
