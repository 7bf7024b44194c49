"""Evidence, as SQL: whether a result was evidenced in time, and whether what was evidenced has been accepted.

Source: language reference, 'Evidence' and 'Acceptance'.
"""

from __future__ import annotations

from typing import Literal

from sibdsl.measure import business_days, reading_cells, sqltree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import Evidence

Failing = Literal["time not known", "late evidence", "no evidence", "claim rejected", "not accepted"]


def failed(plan: Plan, look: MetricLook, kind: Failing, day: Tree) -> Tree:
    """Whether a row whose result is of `day` fails the check. Each is asked only of rows that pass those before it.

    Late, it came after its time or its time is over; missing, it has not come and there is time left. Rejected is what
    nobody accepted and somebody rejected, in time where silence would accept it.
    """
    said = asked_of(look)
    as_of, claimed = sqltree.day(plan.as_of), _cell(look, said.column)
    if kind == "late evidence":
        return business_days.past(plan, sqltree.smallest(as_of, claimed), day, said.within)
    if kind == "no evidence":
        return sqltree.either([sqltree.is_null(claimed), sqltree.compare(claimed, ">", as_of)])
    accepted = sqltree.false()
    if said.accepted:
        accepted = sqltree.surely(sqltree.compare(_cell(look, said.accepted), "<=", as_of))
    silence = (
        sqltree.false() if said.deemed is None else business_days.complete(plan, as_of, claimed, said.deemed)
    )
    if kind == "time not known":
        open_ = [business_days.not_known(plan, claimed, day, said.within)]
        if said.deemed is not None:
            waiting = business_days.not_known(plan, as_of, claimed, said.deemed)
            open_.append(sqltree.both([sqltree.negate(accepted), waiting]))
        came = sqltree.compare(claimed, "<=", as_of)
        return sqltree.surely(sqltree.both([came, sqltree.either(open_)]))
    if kind == "not accepted":
        return sqltree.negate(sqltree.either([accepted, silence]))
    rejected = _cell(look, said.rejected)
    # A rejection before the claim was of an earlier claim.
    in_time = [sqltree.compare(rejected, "<=", as_of), sqltree.compare(rejected, ">=", claimed)]
    if said.deemed is not None:
        in_time.append(sqltree.negate(business_days.past(plan, rejected, claimed, said.deemed)))
    return sqltree.both([sqltree.negate(accepted), sqltree.surely(sqltree.both(in_time))])


def asked_of(look: MetricLook) -> Evidence:
    """What the metric says of evidence. Raises TypeError where it says nothing."""
    said = look.clause.evidence
    if said is None:
        raise TypeError(f"{look.name} asks for no evidence")
    return said


def _cell(look: MetricLook, name: str) -> Tree:
    return reading_cells.typed(look.table.cell(name), ROW)
