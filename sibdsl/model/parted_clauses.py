"""A clause on the two sides of the day from which a variation changes something in it. Source: language reference, 'Variations'.

Before the day it stands as it was; from the day on it goes on, and counts on from where it counted. Which day decides is the
clause's own: for what is earned the date of the result, for a sum or block advance the day on which it falls due.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

from attrs import evolve, frozen

from sibdsl.model.nodes import BlockAdvance, Cap, Deduction, Payment

AnyClause = Payment | BlockAdvance | Cap | Deduction
Clause = TypeVar("Clause", Payment, BlockAdvance, Cap, Deduction)

DAY = timedelta(days=1)


@frozen
class Turn:
    """From when a variation changes what is earned; and from when what falls due on a day.

    `agreed` is the day of agreement of one that leaves what was stated as it is.
    """

    effective: date
    dues: date
    agreed: date | None

    @property
    def order(self) -> tuple[date, date]:
        """Which of several comes first."""
        return self.effective, self.dues


def falls_due(clause: AnyClause) -> bool:
    """Whether what the clause pays, or limits, falls due on days of its own."""
    match clause:
        case Payment(regular=regular):
            return bool(regular)
        case BlockAdvance() | Cap() | Deduction():
            return True


def starts(one: AnyClause) -> date | None:
    """From when a clause counts by its own words: before that nothing fills its tiers and limits. A sum to date stays one sum."""
    return None if isinstance(one, Payment) and one.to_date else one.applies.first


def until(clause: Clause, turn: Turn, start: date) -> list[Clause]:
    """A clause to the day before a variation takes its place or takes it out; none where that leaves nothing of it."""
    applies = clause.applies
    dues = turn.dues if falls_due(clause) else turn.effective
    ends = applies.last is None or applies.last >= turn.effective
    last = turn.effective - DAY if ends else applies.last
    due_last = applies.dues_to or applies.last
    if due_last is None or due_last >= dues:
        due_last = dues - DAY
    if (applies.first or start) > last and (applies.dues_from or applies.first or start) > due_last:  # type: ignore[operator] # it ends
        return []
    over = evolve(
        applies,
        last=last,
        ended=applies.ended or ends,
        dues_to=due_last if due_last != last else None,
        ended_stated=turn.agreed if ends else applies.ended_stated,
    )
    return [evolve(clause, applies=over)]


def since(clause: Clause, turn: Turn, start: date) -> list[Clause]:
    """The same clause from that day on, which counts on; none where nothing of it is left then."""
    applies = clause.applies
    due = falls_due(clause)
    first = max(turn.effective, applies.first or start)
    dues = max(turn.dues if due else turn.effective, applies.dues_from or applies.first or start)
    last, due_last = applies.last, applies.dues_to or applies.last
    if last is not None and first > last and (due_last is None or dues > due_last):
        return []
    if first == (applies.first or start) and dues == (applies.dues_from or applies.first or start):
        return [clause]
    counts = applies.counts_from
    return [
        evolve(
            clause,
            applies=evolve(
                applies,
                first=first,
                begun=applies.begun or first > (applies.first or start),
                counts_from=starts(clause) if counts is None and not applies.begun else counts,
                dues_from=dues if due and dues > first else None,
            ),
        )
    ]


def parted(clause: Clause, turn: Turn, start: date) -> tuple[list[Clause], list[Clause]]:
    """The clause before that day and from that day on, each of them empty where nothing is left of it."""
    return until(clause, turn, start), since(clause, turn, start)
