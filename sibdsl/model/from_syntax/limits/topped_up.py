"""What is added to a cap on which days. Source: language reference, 'Pots'."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.limits.moments import moment
from sibdsl.model.from_syntax.payments.rates import money_amount
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import CapRow, TopUp
from sibdsl.syntax import Block


def with_additions(reader: Reader, block: Block, rows: Sequence[CapRow], clause: str) -> list[CapRow]:
    """The rows of a cap, the only one with what its line `topped up` adds to it; complains where none can take that."""
    line = reader.one(block, "topped_up")
    if line is None:
        return list(rows)
    found: list[TopUp] = []
    for part in line.nodes("addition"):
        amount = money_amount(reader, part.children[0], clause, "topped up")
        day = moment(reader, part.children[1], clause)
        if amount is not None and day is not None:
            found.append(TopUp(amount, day, span=part.span))
    unfit = next(
        (row for row in rows if row.per or row.share_of or row.return_on or row.scope.over != "contract"),
        None,
    )
    if unfit is None and len(rows) < 2:
        return [evolve(row, topped_up=tuple(found)) for row in rows]
    if unfit is None:
        why, mark, where = "this cap states several limits", "one of several limits", rows[1].span
    elif unfit.per:
        why, mark, where = "this limit is for each person", "for each person", unfit.scope.span
    elif unfit.share_of:
        why, mark, where = "this limit is a share of payments", "a share of payments", unfit.span
    elif unfit.return_on:
        why, mark, where = "this limit is a return on an investment", "grows by its interest", unfit.span
    else:
        why, mark, where = "this limit begins again, or ends", "not over the contract", unfit.scope.span
    reader.problems.add(
        "SIB0565",
        f"What is topped up is one sum over the contract, of which what is not used stays; {why}.",
        line.span,
        clause=clause,
        mark="added to what?",
        help="Write `at most £200,000 over the contract`, which is there from the first day, and add the later sums to it; "
        "or give each year a limit of its own, `at most £150,000 in 2027/28`.",
        labels=(Label(where, mark),),
    )
    return list(rows)
