"""What payments come to before limits, and what blocks meet of it.

Source: language reference, 'Payments', 'Regular sums', 'Tiers', 'All-units rates', 'Block advances'.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.limits.calendar import (
    Days,
    day_before,
    holding,
    stretches,
)
from tests.limits.in_force import History, Terms
from tests.limits.lines import NOUGHT, Line, down, split, to_penny
from tests.limits.terms import (
    Block,
    Fee,
    Payers,
    Payment,
    Regular,
)


def turn(payers: Payers, day: date) -> str:
    for party, to in payers.turns:
        if to is None or day <= to:
            return party
    raise AssertionError(payers)


def shared(payers: Payers, amount: Fraction, day: date) -> list[tuple[str, Fraction]]:
    """Who owes which part of a line."""
    if not payers.shares:
        return [(turn(payers, day), amount)]
    told = sum((share for _, share in payers.shares if share is not None), NOUGHT)
    weights = [1 - told if share is None else share for _, share in payers.shares]
    pieces = split(amount, weights)
    return [(party, piece) for (party, _), piece in zip(payers.shares, pieces, strict=True)]


def due(terms: Terms, counted_in: list[Days]) -> list[Line]:
    """Every line of every payment, before blocks and limits, in the order of time."""
    found: list[Line] = []
    for name, history in terms.payments():
        for part in counted_in:
            clause = history.at(part.first, dated=False)
            if isinstance(clause, Fee) and _runs(clause, part.first):
                found += _fee(terms, name, history, clause, part, counted_in)
        found += _regular(terms, name, history)
    return found


def _runs(clause: Payment, day: date) -> bool:
    return (clause.starts is None or clause.starts <= day) and (clause.ends is None or day <= clause.ends)


def _counted(terms: Terms, metric: str, first: date, last: date) -> int:
    return sum(n for day, name, n in terms.contract.results if name == metric and first <= day <= last)


def _fee(
    terms: Terms, name: str, history: History, clause: Fee, part: Days, counted_in: list[Days]
) -> list[Line]:
    number = _counted(terms, clause.metric, part.first, part.last)
    if not number:
        return []
    if clause.tiers is None:
        amounts = [(0, to_penny(number * clause.rates[0][1]))]
    else:
        time = holding(terms.times(clause.tiers), part.first)
        if time is None:
            return []
        began = max(time.first, history.counts_from[0], clause.starts or date.min)
        before = _counted(terms, clause.metric, began, day_before(part.first))
        if clause.all_units:
            # A lower rate takes nothing back: what was reached before is the highest total of any part so far.
            reached = NOUGHT
            for earlier in counted_in:
                if began <= earlier.first < part.first:
                    reached = max(
                        reached, _total(clause, _counted(terms, clause.metric, began, earlier.last))
                    )
            more = _total(clause, before + number) - reached
            amounts = [(0, max(NOUGHT, more))]
        else:
            amounts = _tiers(clause, before, number)
    statement = terms.statement(part.first)
    lines = []
    for tier, amount in amounts:
        by = part.first if clause.payers.by == "result" else statement.last
        for share, (payer, piece) in enumerate(shared(clause.payers, amount, by)):
            place = (terms.at, history.place, part.first.toordinal(), tier, share)
            lines.append(
                Line(
                    terms.contract.name, payer, "Provider", name, place, part.first, statement.last,
                    part.first, statement, piece, metric=clause.metric,
                )
            )  # fmt: skip
    return [line for line in lines if line.left]


def _total(clause: Fee, number: int) -> Fraction:
    """All units at the rate that their number reaches."""
    upto = 0
    for units, rate in clause.rates:
        upto += units or 0
        if units is None or number <= upto:
            return to_penny(number * rate)
    raise AssertionError(clause)


def _tiers(clause: Fee, before: int, number: int) -> list[tuple[int, Fraction]]:
    found = []
    low = 0
    for tier, (units, rate) in enumerate(clause.rates):
        high = before + number if units is None else low + units
        inside = min(high, before + number) - max(low, before)
        if inside > 0:
            found.append((tier, to_penny(inside * rate)))
        low = high
    return found


def _regular(terms: Terms, name: str, history: History) -> list[Line]:
    found = []
    units = {clause.unit for clause in history.every() if isinstance(clause, Regular)}
    for unit in sorted(units):
        for whole in stretches(
            terms.contract.years, {"month": 1, "quarter": 3, "year": 12}[unit], terms.whole
        ):
            inside = whole.within(terms.whole)
            assert inside is not None
            for at_end in (False, True):
                falls = inside.last if at_end else inside.first
                clause = history.at(falls, dated=True)
                if not isinstance(clause, Regular) or (clause.unit, clause.at_end) != (unit, at_end):
                    continue
                if not _runs(clause, falls):
                    continue
                amount = clause.amount
                if clause.by_days:
                    amount = to_penny(amount * inside.number / whole.number)
                for share, (payer, piece) in enumerate(shared(clause.payers, to_penny(amount), falls)):
                    place = (terms.at, history.place, falls.toordinal(), 0, share)
                    found.append(
                        Line(
                            terms.contract.name, payer, "Provider", name, place, falls, falls, falls,
                            terms.statement(falls), piece, dated=True,
                        )
                    )  # fmt: skip
    return [line for line in found if line.left]


def blocks(terms: Terms, lines: list[Line]) -> list[Line]:
    """What blocks pay and get back. What they meet is taken off the lines."""
    found = []
    for name, history in sorted(terms.clauses.items(), key=lambda one: one[1].place):
        for block in (clause for clause in history.every() if isinstance(clause, Block)):
            if history.at(block.paid_on, dated=True) != block or not terms.whole.holds(block.paid_on):
                continue
            place = (terms.at, history.place, 0, 0, 0)
            found.append(
                Line(
                    terms.contract.name, block.payer, "Provider", name, place, block.paid_on, block.paid_on,
                    block.paid_on, terms.statement(block.paid_on), block.amount, "block", dated=True,
                )
            )  # fmt: skip
            unused, last = _set_off(terms, block, lines)
            if block.unused == "recoverable" and unused:
                day = max(last, block.paid_on)
                statement = terms.statement(day)
                found.append(
                    Line(
                        terms.contract.name, "Provider", block.payer, name, place, statement.last,
                        statement.last, statement.last, statement, unused, "back",
                    )
                )  # fmt: skip
    return found


def _set_off(terms: Terms, block: Block, lines: list[Line]) -> tuple[Fraction, date]:
    """What is left of a block that has met the fees of its time, and the last day of that time."""
    every = terms.times(block.over)
    time = holding(every, block.paid_on) if block.over.unit else every[0]
    assert time is not None
    fees = [
        line
        for line in lines
        if line.payment in block.against and line.payer == block.payer and line.left > 0
    ]
    quarters = [q for days in stretches(terms.contract.years, 3, time) if (q := days.within(time))]
    left = block.amount
    for falls in sorted({line.falls for line in fees}):
        today = [line for line in fees if line.falls == falls]
        ready = block.amount
        if block.by_quarters:
            begun = sum(1 for quarter in quarters if quarter.first <= falls)
            ready = down(block.amount * begun / len(quarters))
        left -= _meet([line for line in today if time.holds(line.day)], ready - (block.amount - left))
        if block.unused == "carried forward":
            left -= _meet([line for line in today if line.day > time.last], left)
    return left, time.last


def _meet(fees: list[Line], ready: Fraction) -> Fraction:
    whole = sum((line.left for line in fees), NOUGHT)
    met = max(NOUGHT, min(whole, ready))
    ordered = sorted(fees, key=lambda line: line.place)
    for line, piece in zip(ordered, split(met, [line.left for line in ordered]), strict=True):
        line.left -= piece
    return met
