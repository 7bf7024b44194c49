"""Evidence, as SQL: whether a result was evidenced in time, and whether what was evidenced has been accepted.

Source: language reference, 'Evidence' and 'Acceptance'.
"""

from __future__ import annotations

from typing import Literal

from sibdsl.measure import cells, spans, tree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.plan import Look, Plan
from sibdsl.measure.tree import Tree
from sibdsl.model.nodes import Evidence, Metric

Failing = Literal["late evidence", "no evidence", "claim rejected", "not accepted"]


def failed(plan: Plan, one: Look, kind: Failing, day: Tree) -> Tree:
    """Whether a row whose result is of `day` fails the check. Each is asked only of rows that pass those before it.

    Late, it came after its time or its time is over; missing, it has not come and there is time left. Rejected is what
    nobody accepted and somebody rejected, in time where silence would accept it.
    """
    said = of(one)
    as_of, claimed = tree.day(plan.as_of), _cell(one, said.column)
    if kind == "late evidence":
        return tree.compare(tree.smallest(as_of, claimed), ">", spans.after(day, said.within))
    if kind == "no evidence":
        return tree.either([tree.is_null(claimed), tree.compare(claimed, ">", as_of)])
    accepted = tree.false()
    if said.accepted:
        accepted = tree.surely(tree.compare(_cell(one, said.accepted), "<=", as_of))
    silence = (
        tree.false() if said.deemed is None else tree.compare(spans.after(claimed, said.deemed), "<=", as_of)
    )
    if kind == "not accepted":
        return tree.negate(tree.either([accepted, silence]))
    rejected = _cell(one, said.rejected)
    # A rejection before the claim was of an earlier claim.
    in_time = [tree.compare(rejected, "<=", as_of), tree.compare(rejected, ">=", claimed)]
    if said.deemed is not None:
        in_time.append(tree.compare(rejected, "<=", spans.after(claimed, said.deemed)))
    return tree.both([tree.negate(accepted), tree.surely(tree.both(in_time))])


def of(one: Look) -> Evidence:
    """What the metric says of evidence. Raises TypeError where it says nothing."""
    said = one.clause.evidence if isinstance(one.clause, Metric) else None
    if said is None:
        raise TypeError(f"{one.name} asks for no evidence")
    return said


def _cell(one: Look, name: str) -> Tree:
    return cells.typed(one.table.cell(name), ROW)
