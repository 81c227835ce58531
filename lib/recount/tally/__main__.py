"""``python -m recount.tally posts …``: the same as ``python -m recount tally posts …``."""

import sys

from recount.tally.cli import run_alone

sys.exit(run_alone())
