"""Tables of steps whose text ends before the values of what they go by do.

A table may say `at least 0%` to `at most 100%` where what it goes by is a share: nothing lies beyond. Source: language reference,
'Steps, and lines between points'. How far it goes is asked of `model.admissible_quantities`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl import wording
from sibdsl.check.blocks import number
from sibdsl.check.out_of_reach import tables_of_steps
from sibdsl.diagnostics import Diagnostic, Problems
from sibdsl.model.admissible_quantities.reach import ValueReach
from sibdsl.model.from_syntax.steps import uncovered
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.source import Span


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Values below the first row, or above the last, that can come about and that no row holds (SIB0540)."""
    reach = ValueReach(contract)
    problems = Problems()
    told: set[Span] = set()  # a scale stands in each payment that goes by it too
    for title, stepped in tables_of_steps(contract):
        if stepped.span in told:
            continue
        told.add(stepped.span)
        low, high = stepped.written_ends
        least, most = reach.bounds(stepped.by)
        name = wording.amount(stepped.by, contract.currency, total="")
        if low is not None and low.low is not None:
            end = number(settings, low.low)
            if least is None or end is None or least < end or (least == end and not low.low_in):
                uncovered(problems, low, name, "below", title)
        if high is not None and high.high is not None:
            end = number(settings, high.high)
            if most is None or end is None or most > end or (most == end and not high.high_in):
                uncovered(problems, high, name, "above", title)
    yield from dict.fromkeys(problems.found)
