"""What payments come to before limits, and what blocks meet of it.

Source: language reference, 'Payments', 'Regular sums', 'Tiers', 'All-units rates', 'Block advances'.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from tests.limits.calendar import (
    MONTHS,
    Days,
    day_after,
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
    # Below nought they share as they share the same amount above it.
    pieces = [piece if amount > 0 else -piece for piece in split(abs(amount), weights)]
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
            amounts = [(0, _all_units(terms, clause, part, Days(began, time.last), counted_in))]
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


def _all_units(terms: Terms, clause: Fee, part: Days, time: Days, counted_in: list[Days]) -> Fraction:
    """What a part adds. The number at the end of each statement period says which rate is reached in it.

    A lower rate takes nothing back: what was paid is the highest that any statement period before came to.
    """
    statement = terms.statement(part.first)
    reached = NOUGHT
    for period in terms.periods:
        if period.last < statement.first and period.last >= time.first:
            at_end = _counted(terms, clause.metric, time.first, min(period.last, time.last))
            reached = max(reached, to_penny(at_end * _rate(clause, at_end)))
    # Within the statement the difference falls to the part that reaches the rate; what a lower rate takes off again
    # was never reached.
    first, last = max(statement.first, time.first), min(statement.last, time.last)
    days = sorted({day for day, metric, _ in terms.contract.results if metric == clause.metric})
    ends = [part.last for part in counted_in if first <= part.first <= last]
    ends = [end for end in ends if any(first <= day <= end for day in days)]
    totals = {end: _counted(terms, clause.metric, time.first, end) for end in ends}
    worth = {end: max(reached, to_penny(n * _rate(clause, n))) for end, n in totals.items()}

    def kept(upto: date) -> Fraction:
        return min((worth[end] for end in ends if end >= upto), default=reached)

    earlier = [end for end in ends if end < part.last]
    return kept(part.last) - (kept(earlier[-1]) if earlier else reached)


def _rate(clause: Fee, number: int) -> Fraction:
    """The rate that a number of units reaches."""
    upto = 0
    for units, rate in clause.rates:
        upto += units or 0
        if units is None or number <= upto:
            return rate
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


def _windows(terms: Terms, history: History) -> list[tuple[date, date, Regular]]:
    """From which day to which a sum runs by one calendar; a variation that keeps it does not end it.

    A sum by days that was stated before for days to come, and is left as it was stated, pays for these days.
    """
    found: list[tuple[date, date, Regular]] = []
    changes = [(dues, clause) for _, dues, clause in history.terms]
    paid_to = date.min
    for at, (since, clause) in enumerate(changes):
        last = day_before(changes[at + 1][0]) if at + 1 < len(changes) else date.max
        if not isinstance(clause, Regular):
            continue
        first = day_after(paid_to) if clause.by_days and paid_to >= since else since
        agreed = history.left.get(changes[at + 1][0]) if at + 1 < len(changes) else None
        if agreed and clause.by_days and not clause.at_end and first < agreed:
            every = stretches(terms.contract.years, MONTHS[clause.unit], terms.whole)
            stated = holding(every, day_before(agreed))
            last = paid_to = max(last, stated.last if stated else last)
        if first > last:
            continue
        if found and found[-1][1] == day_before(first) and _calendar(found[-1][2]) == _calendar(clause):
            found[-1] = (found[-1][0], last, found[-1][2])
        else:
            found.append((first, last, clause))
    return found


def _calendar(clause: Regular) -> tuple[str, bool]:
    return clause.unit, clause.at_end


def _regular(terms: Terms, name: str, history: History) -> list[Line]:
    found = []
    for first, last, one in _windows(terms, history):
        for whole in stretches(terms.contract.years, MONTHS[one.unit], terms.whole):
            for clause in {
                c for c in history.every() if isinstance(c, Regular) and _calendar(c) == _calendar(one)
            }:
                # By days a variation makes a part; in full it makes none.
                inside = whole.within(terms.whole)
                runs = Days(clause.starts or date.min, clause.ends or date.max)
                inside = inside and inside.within(runs)
                inside = inside and inside.within(Days(first, last)) if clause.by_days else inside
                if inside is None:
                    continue
                falls = inside.last if clause.at_end else inside.first
                if history.at(falls, dated=True) != clause or not first <= falls <= last:
                    continue
                amount = clause.amount * (Fraction(inside.number, whole.number) if clause.by_days else 1)
                for share, (payer, piece) in enumerate(shared(clause.payers, to_penny(amount), falls)):
                    place = (terms.at, history.place, falls.toordinal(), 0, share)
                    found.append(
                        Line(
                            terms.contract.name, payer, "Provider", name, place, falls, falls, falls,
                            terms.statement(falls), piece, dated=True,
                        )
                    )  # fmt: skip
    return [line for line in found if line.left]


def taken_back(terms: Terms, lines: list[Line]) -> list[Line]:
    """What becomes of payments below nought, settled for each payment and payer over each statement period.

    What is owed back is a line below nought: the payee owes it. Source: language reference, 'Taken back'.
    """
    kept: dict[tuple[str, str], Fraction] = {}
    found = list(lines)
    for statement in terms.periods:
        for name, history in terms.payments():
            mine = [line for line in lines if line.payment == name and line.statement == statement]
            for payer in dict.fromkeys(line.payer for line in mine):
                clause = history.at(statement.last, dated=False) or next(iter(history.every()))
                if isinstance(clause, Fee) and clause.taken_back:
                    of_payer = sorted((one for one in mine if one.payer == payer), key=lambda one: one.place)
                    found += _netted(clause.taken_back, of_payer, kept, (name, payer))
    return [line for line in found if line.left]


def _netted(
    way: str, lines: list[Line], kept: dict[tuple[str, str], Fraction], whose: tuple[str, str]
) -> list[Line]:
    gains = [line for line in lines if line.left > 0]
    losses = [line for line in lines if line.left < 0]
    gained = sum((line.left for line in gains), NOUGHT)
    lost = -sum((line.left for line in losses), NOUGHT)
    before = kept.pop(whose, NOUGHT)
    # Gains and losses of one statement meet one another; each keeps its days in what is left of it.
    taken = min(gained, lost + before)
    for line, piece in zip(gains, split(taken, [line.left for line in gains]), strict=True):
        line.left -= piece
    met = min(taken, lost)
    for line, piece in zip(losses, split(met, [-line.left for line in losses]), strict=True):
        line.left += piece
    back = [replace(line, kind="repaid") for line in losses if line.left]
    for line in losses:
        line.left = NOUGHT
    if way == "from later payments":
        kept[whose] = lost + before - taken
    return back if way == "by repayment" else []


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
