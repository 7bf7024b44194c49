"""Evidence, as SQL: whether a result was evidenced in time, and whether what was evidenced has been accepted.

Source: language reference, 'Evidence', 'Acceptance' and 'Disputes'.
"""

from __future__ import annotations

from typing import Literal

from sqlglot import exp

from sibdsl.measure import business_days, reading_cells, sqltree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import Evidence

Failing = Literal[
    "time not known", "late evidence", "no evidence", "claim rejected", "disputed", "not accepted"
]


def failed(plan: Plan, look: MetricLook, kind: Failing, day: Tree) -> Tree:
    """Whether a row whose result is of `day` fails the check. Each is asked only of rows that pass those before it.

    Late, it came after its time or its time is over; missing, it has not come and there is time left. Rejected is what
    nobody accepted and somebody rejected, in time where silence would accept it. Disputed is what neither was decided since.
    """
    said = asked_of(look)
    as_of, claimed = sqltree.day(plan.as_of), _cell(look, said.column)
    match kind:
        case "late evidence":
            return business_days.past(plan, sqltree.smallest(as_of, claimed), day, said.within)
        case "no evidence":
            return sqltree.either([sqltree.is_null(claimed), sqltree.compare(claimed, ">", as_of)])
        case "time not known":
            open_ = [business_days.not_known(plan, claimed, day, said.within)]
            if said.deemed is not None:
                waiting = business_days.not_known(plan, as_of, claimed, said.deemed)
                undecided = sqltree.negate(sqltree.either([_accepted(plan, look), _disputed(plan, look)]))
                open_.append(sqltree.both([undecided, waiting]))
            came = sqltree.compare(claimed, "<=", as_of)
            return sqltree.surely(sqltree.both([came, sqltree.either(open_)]))
        case "claim rejected":
            return sqltree.both([sqltree.negate(_accepted(plan, look)), _rejected(plan, look)])
        case "disputed":
            return _held(plan, look) if not plan.disputes_accepted else sqltree.false()
        case "not accepted":
            counts = [_accepted(plan, look)]
            if said.deemed is not None:
                silence = business_days.complete(plan, as_of, claimed, said.deemed)
                counts.append(sqltree.both([sqltree.negate(_disputed(plan, look)), silence]))
            if plan.disputes_accepted:
                counts.append(_disputed(plan, look))
            return sqltree.negate(sqltree.either(counts))


def held_while_disputed(engine: Engine, plan: Plan) -> int:
    """How many rows are outside only because they are disputed."""
    found = 0
    for look in plan.looks:
        for at, check in enumerate(look.checks):
            if check.kind == "disputed" and not plan.disputes_accepted:
                held = sqltree.eq(exp.column("fail"), sqltree.whole(at))
                rows = sqltree.query([sqltree.count()], sqltree.table(f"look_{look.at}"), where=held)
                found += int(engine.fetch(rows)[0][0])
    return found


def asked_of(look: MetricLook) -> Evidence:
    """What the metric says of evidence. Raises TypeError where it says nothing."""
    said = look.clause.evidence
    if said is None:
        raise TypeError(f"{look.name} asks for no evidence")
    return said


def _accepted(plan: Plan, look: MetricLook) -> Tree:
    """Whether somebody accepted it; what is disputed, on the day of the dispute or later."""
    said = asked_of(look)
    if not said.accepted:
        return sqltree.false()
    accepted = _cell(look, said.accepted)
    came = sqltree.surely(sqltree.compare(accepted, "<=", sqltree.day(plan.as_of)))
    if not said.disputed:
        return came
    return sqltree.both(
        [came, sqltree.either([sqltree.negate(_disputed(plan, look)), _since(look, accepted)])]
    )


def _rejected(plan: Plan, look: MetricLook) -> Tree:
    """Whether somebody rejected it in time; what is disputed, on the day of the dispute or later, whenever that is."""
    said = asked_of(look)
    claimed, rejected = _cell(look, said.column), _cell(look, said.rejected)
    # A rejection before the claim was of an earlier claim.
    came = [
        sqltree.compare(rejected, "<=", sqltree.day(plan.as_of)),
        sqltree.compare(rejected, ">=", claimed),
    ]
    in_time = []
    if said.deemed is not None:
        in_time.append(sqltree.negate(business_days.past(plan, rejected, claimed, said.deemed)))
    if said.disputed:
        undisputed = sqltree.both([sqltree.negate(_disputed(plan, look)), *in_time])
        in_time = [sqltree.either([undisputed, _since(look, rejected)])]
    return sqltree.surely(sqltree.both([*came, *in_time]))


def _held(plan: Plan, look: MetricLook) -> Tree:
    return sqltree.both([_disputed(plan, look), sqltree.negate(_accepted(plan, look))])


def _disputed(plan: Plan, look: MetricLook) -> Tree:
    """Whether it has been disputed by the as-of date."""
    disputed = asked_of(look).disputed
    if not disputed:
        return sqltree.false()
    return sqltree.surely(sqltree.compare(_cell(look, disputed), "<=", sqltree.day(plan.as_of)))


def _since(look: MetricLook, day: Tree) -> Tree:
    """Whether a day is that of the dispute or later."""
    return sqltree.surely(sqltree.compare(day, ">=", _cell(look, asked_of(look).disputed)))


def _cell(look: MetricLook, name: str) -> Tree:
    return reading_cells.typed(look.table.cell(name), ROW)
