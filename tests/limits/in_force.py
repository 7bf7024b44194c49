"""Which words of a clause are in force on which day, and the parts that results are counted in.

Source: language reference, 'Variations', 'Statements'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tests.limits.calendar import (
    Days,
    day_after,
    day_before,
    holding,
    statement_periods,
    times,
)
from tests.limits.terms import (
    Block,
    Clause,
    Contract,
    Fee,
    Over,
    Regular,
)


@dataclass
class History:
    """A clause through time: from which day on which terms, of results and of what falls due on a day of its own."""

    place: int
    counts_from: tuple[date, date]
    terms: list[tuple[date, date, Clause | None]]
    #: Of changes that leave what was stated as it is: the day from which they change what falls due, and that of agreement.
    left: dict[date, date] = field(default_factory=dict)

    def at(self, day: date, *, dated: bool) -> Clause | None:
        """The terms of a day; of a result or of what is dated by itself."""
        found: Clause | None = None
        for results, dues, clause in self.terms:
            if (dues if dated else results) <= day:
                found = clause
        return found

    def every(self) -> Iterable[Clause]:
        return (clause for _, _, clause in self.terms if clause is not None)


def change(history: History, results: date, dues: date, clause: Clause | None) -> None:
    history.terms = [one for one in history.terms if one[0] < results] + [(results, dues, clause)]


@dataclass
class Terms:
    """One contract as some of its variations leave it."""

    at: int
    contract: Contract
    clauses: dict[str, History]
    whole: Days
    periods: list[Days]

    def payments(self) -> list[tuple[str, History]]:
        found = [
            (n, h) for n, h in self.clauses.items() if any(isinstance(c, Fee | Regular) for c in h.every())
        ]
        return sorted(found, key=lambda one: one[1].place)

    def times(self, over: Over) -> list[Days]:
        return times(over, self.contract.years, self.whole, self.periods)

    def statement(self, day: date) -> Days:
        found = holding(self.periods, day)
        assert found is not None
        return found


def as_varied(at: int, contract: Contract, by: date | None) -> Terms:
    """The contract with the variations agreed by a day."""
    whole = Days(contract.first, contract.last)
    periods = statement_periods(contract.statements, contract.years, whole)
    made: dict[str, History] = {}
    for place, clause in enumerate((*contract.payments, *contract.blocks, *contract.caps)):
        made[clause.name] = History(place, (date.min, date.min), [(date.min, date.min, clause)])
    known = [one for one in contract.variations if by is not None and one.agreed <= by]
    for variation in sorted(known, key=lambda one: (one.agreed, one.effective)):
        results = dues = variation.effective
        if not variation.repriced:
            current = holding(periods, variation.agreed)
            results = max(results, current.first if current else variation.agreed)
            dues = max(dues, variation.agreed)
            for clause in (*variation.replace, *variation.remove):
                made[clause.name].left[dues] = variation.agreed
        for clause in variation.add:
            made[clause.name] = History(len(made), (results, dues), [(results, dues, clause)])
        for clause in variation.replace:
            change(made[clause.name], results, dues, clause)
        for clause in variation.remove:
            change(made[clause.name], results, dues, None)
    return Terms(at, contract, made, whole, periods)


def cuts(terms: Terms, more: Iterable[date] = ()) -> list[date]:
    """The first days of the parts that results are counted in."""
    found = {period.first for period in terms.periods} | set(more)

    def ends(days: Iterable[Days]) -> None:
        for one in days:
            found.add(one.first)
            found.add(day_after(one.last))

    for history in terms.clauses.values():
        found |= {results for results, _, _ in history.terms}
        for clause in history.every():
            if isinstance(clause, Fee | Regular):
                if clause.limit:
                    ends(terms.times(clause.limit.over))
                found |= {clause.starts} if clause.starts else set()
                found |= {day_after(clause.ends)} if clause.ends else set()
                if clause.payers.by == "result":
                    found |= {day_after(to) for _, to in clause.payers.turns if to}
                if isinstance(clause, Fee) and clause.tiers:
                    ends(terms.times(clause.tiers))
            elif isinstance(clause, Block):
                ends(terms.times(clause.over))
            else:
                for row in clause.rows:
                    ends(terms.times(row.over))
                    found |= {day_after(row.covers.earned_to)} if row.covers.earned_to else set()
                    found |= {row.covers.earned_from} if row.covers.earned_from else set()
                for out in clause.leaves_out:
                    found |= {day_after(out.earned_to)} if out.earned_to else set()
                    found |= {out.earned_from} if out.earned_from else set()
    return sorted(day for day in found if terms.whole.holds(day))


def parts(terms: Terms, more: Iterable[date] = ()) -> list[Days]:
    first = cuts(terms, more)
    return [
        Days(day, day_before(following))
        for day, following in zip(first, [*first[1:], day_after(terms.whole.last)], strict=True)
    ]
