"""Raw rows too many, or not ours, to ship → tallies: counts that keep every choice of a later study open.

    >>> from recount.tally import code_title, parse_pay
    >>> parse_pay("30-60K·16薪")
    Pay(min_k=30.0, max_k=60.0, months=16, unit='month')
    >>> code_title("高级算法工程师（视频方向）", rule="v2")
    'algorithm'

Importing this package loads neither Ibis nor pandas; :mod:`recount.tally.cli` does when a tally is made.
"""

from recount.tally.pay import Pay, parse_pay
from recount.tally.titles import code_title

__all__ = ["Pay", "code_title", "parse_pay"]
