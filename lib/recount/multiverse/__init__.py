"""Every defensible way to count: declared choices → every specification → one estimate each, and what turns the answer.

A study declares its *axes*. Each axis is a question about how to count, each of its choices a pure step on a shared
state, best a mask or weights over one immutable table. The choices form a tree: it is walked depth first, the step
of a node is called once however many specifications lie below it, and combinations declared impossible are cut off
at the axis that completes them. Specifications that end in the same state count once.

Roles: ``method`` choices are defensible ways to count, and count for robustness; ``bound`` choices (all unknown to
one side) are extreme cases, drawn but never counted. The claimed side (the readings of a worded number) is judged
against the estimates and is never an axis.

The idea: Steegen, Tuerlinckx, Gelman & Vanpaemel, "Increasing transparency through a multiverse analysis" (2016);
Simonsohn, Simmons & Nelson, "Specification curve analysis" (2020).

One way through it: declare → tree (with equal) → answers.
"""

from recount.multiverse.answers import Flip, Robustness, Study, study
from recount.multiverse.declare import Axis, Choice, StudyError, axis, choice
from recount.multiverse.equal import fingerprint

__all__ = ["Axis", "Choice", "Flip", "Robustness", "Study", "StudyError", "axis", "choice", "fingerprint", "study"]
