"""How far each cap is used by the end of a run, read off the price graph as explanations read it."""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from sibdsl import wording
from sibdsl.dates import Period
from sibdsl.price import Line
from sibdsl.price.provenance import CapCut
from sibdsl.settle.explain.limit_facts import cap_state
from sibdsl.settle.payments import Payments


@frozen
class CapUsed:
    """A cap over one of its times: its limit, and what had been paid under it by the end of the run.

    `covers` says of what, and `lines` are its cuts, maybe of nought: one for each line under it.
    """

    name: str
    covers: str
    days: Period
    limit: Fraction
    paid: Fraction
    lines: tuple[Line, ...] = field(repr=False)


def caps_used(run: Payments) -> tuple[CapUsed, ...]:
    """Every cap that could cut a line of the run, but limits for each person; its times in order. Raises Unexplained."""
    version = run.versions[-1]
    found: dict[tuple[str, Period, int], CapUsed] = {}
    stated = {segment.statement for segment in run.segments}
    for line in version.priced.graph.lines:
        if (
            line.contract != run.within
            or line.segment.statement not in stated
            or not isinstance(line.provenance, CapCut)
        ):
            continue
        state = cap_state(version, run.settings, line)
        place = (state.cap.name, state.occasion, id(state.row))
        covers = wording.limited(state.row, state.settings)
        before = found[place].lines if place in found else ()
        found[place] = CapUsed(
            state.cap.name, covers, state.occasion, state.limit, state.to_date, (*before, line)
        )
    return tuple(sorted(found.values(), key=lambda cap: (cap.name, cap.days.start)))
