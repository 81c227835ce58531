"""All measured comparisons, one after another: `make bench`, or `make bench ARGS=multiverse` for one.

Each part prints what it found and writes it to build/bench/<part>.json; a part that fails does not stop the next.
"""

from __future__ import annotations

import importlib
import sys

PARTS = ("multiverse", "notebooks")


def main(arguments: list[str]) -> int:
    """Run the named parts, or all; returns the exit code."""
    unknown = [one for one in arguments if one not in PARTS]
    if unknown:
        print(f"no part {unknown[0]!r}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    codes = []
    for part in arguments or PARTS:
        print(f"— {part}", flush=True)
        codes.append(importlib.import_module(part).main([]))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
