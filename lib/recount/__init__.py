"""Recount: claims of a report on AI talent in Pudong, recounted from raw tables (see DESIGN in README.md).

One way through it: tables → hedges → registry → measures → multiverse → verdicts → figures → cite → records →
harvest → runner → the command line; a module imports only those before it. ``tally`` stands beside, on ``tables``.
"""

__version__ = "1.0.0"
