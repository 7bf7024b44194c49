"""A slow interpreter of small contracts, written from the design and the language reference alone.

It shares no code with `sibdsl`. It goes from day to day, holds every line in a list, and counts all of what was paid
again for each question. Source: design, 'Limits'; language reference, 'Payments', 'Block advances', 'Caps', 'Variations'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tests.limits.calendar import (
    Days,
    day_after,
    day_before,
    holding,
    statement_periods,
    stretches,
    times,
)
from tests.limits.terms import (
    METRICS,
    PARTIES,
    Block,
    Cap,
    Clause,
    Contract,
    Fee,
    Limit,
    Most,
    Over,
    Payers,
    Payment,
    Programme,
    Regular,
    Selection,
    Variation,
)

NOUGHT = Fraction(0)


class Key(NamedTuple):
    """What amounts are compared by: whose, for what, and the first day of the statement period that it speaks of."""

    contract: str
    payer: str
    payee: str
    payment: str
    statement: date


@dataclass(eq=False)
class Line:
    """What falls due on a day, and what is left of it.

    `place` is its place among the clauses; `day` says which time of a limit it fills; `falls` is its reckoning day.
    """

    contract: str
    payer: str
    payee: str
    payment: str
    place: tuple[int, ...]
    day: date
    falls: date
    earned_on: date
    statement: Days
    left: Fraction
    kind: str = "own"  # own, block, carried, other, back
    metric: str = ""
    age: date = date.min
    dated: bool = False
    passed_on: bool = False
    cut: list[tuple[str, Fraction]] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return Key(self.contract, self.payer, self.payee, self.payment, self.statement.first)


# --------------------------------------------------------------------------------------------- arithmetic


def to_penny(amount: Fraction) -> Fraction:
    """Half up, away from nought."""
    pennies = abs(amount) * 100 + Fraction(1, 2)
    whole = Fraction(pennies.numerator // pennies.denominator, 100)
    return whole if amount >= 0 else -whole


def down(amount: Fraction) -> Fraction:
    pennies = amount * 100
    return Fraction(pennies.numerator // pennies.denominator, 100)


def split(amount: Fraction, weights: Sequence[Fraction]) -> list[Fraction]:
    """An amount in whole pennies by weights: rounded down, then a penny to each of the largest remainders, ties in order."""
    total = sum(weights, NOUGHT)
    if not total:
        return [NOUGHT for _ in weights]
    exact = [amount * weight / total for weight in weights]
    parts = [down(share) for share in exact]
    over = int((amount - sum(parts, NOUGHT)) * 100)
    ranked = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in ranked[:over]:
        parts[at] += Fraction(1, 100)
    return parts


# ------------------------------------------------------------------------------------- terms in force in time


@dataclass
class History:
    """A clause through time: from which day on which terms, of results and of what falls due on a day of its own."""

    place: int
    counts_from: tuple[date, date]
    terms: list[tuple[date, date, Clause | None]]

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
        for clause in variation.add:
            made[clause.name] = History(len(made), (results, dues), [(results, dues, clause)])
        for clause in variation.replace:
            change(made[clause.name], results, dues, clause)
        for clause in variation.remove:
            change(made[clause.name], results, dues, None)
    return Terms(at, contract, made, whole, periods)


# ---------------------------------------------------------------------------------------------- what is due


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


# -------------------------------------------------------------------------------------------------- blocks


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


# -------------------------------------------------------------------------------------------------- limits


@dataclass(frozen=True)
class Entry:
    """One limit in one of its times. `rank` is 0 for a payment's own, 1 for the contract's, 2 for the programme's."""

    clause: str
    row: int
    rank: int
    place: tuple[int, ...]
    most: Most
    days: Days
    following: Days | None
    excess: str
    by_clause: bool
    after: tuple[str, ...]
    covers: Callable[[Line], bool]
    in_force: Callable[[Line], bool]
    among: Callable[[Line], bool]
    contract: str

    @property
    def order(self) -> tuple[int, int, tuple[int, ...], int]:
        return (self.days.number, self.rank, self.place, self.row)

    @property
    def name(self) -> tuple[str, str, int]:
        return (self.contract, self.clause, self.row)


class Book:
    """All that fell due, in the order of its days."""

    def __init__(self, entries: Sequence[Entry], statement: Callable[[str, date], Days]) -> None:
        self.entries = entries
        self.statement = statement
        self.paid: list[Line] = []
        self.waiting: list[Line] = []
        #: What a limit that is a share saw of each line, on the line's own day.
        self.seen: dict[tuple[tuple[str, str, int], int], Fraction] = {}

    def settle(self, lines: Sequence[Line]) -> None:
        self.waiting = list(lines)
        while self.waiting:
            self._day(min(line.falls for line in self.waiting))

    def _day(self, day: date) -> None:
        today = [line for line in self.waiting if line.falls == day]
        self.waiting = [line for line in self.waiting if line.falls != day]
        fixed = [line for line in today if line.kind in ("block", "back")]
        self.paid += fixed
        own = [line for line in today if line.kind not in ("block", "back")]
        carried, others = self._pass(own)
        self.paid += own
        # What another pays comes after all that is due that day; it is not passed on to a third.
        more, _ = self._pass(others)
        self.paid += others
        self.waiting += [*carried, *more]

    def _pass(self, pool: list[Line]) -> tuple[list[Line], list[Line]]:
        """Apply the list once. What is cut is taken off the lines; what is carried, and what others pay, comes back.

        What is carried to a time that falls on this day, too, comes into the pool at once, held against what was
        applied before it came.
        """
        carried: list[Line] = []
        others: list[Line] = []
        waiting = sorted(self.entries, key=lambda entry: entry.order)
        done: list[Entry] = []
        while waiting:
            first = min((line.day for line in pool), default=date.max)
            entry = next(one for one in waiting if not self._blocked(one, waiting, first))
            waiting.remove(entry)
            fresh = self._apply(entry, pool, pool, carried, others)
            done.append(entry)
            while fresh:
                line = fresh.pop(0)
                if pool and line.falls > pool[0].falls:
                    carried.append(line)
                    continue
                line.falls = pool[0].falls
                pool.append(line)
                for earlier in done:
                    fresh += self._apply(earlier, pool, [line], carried, others)
        return carried, others

    @staticmethod
    def _blocked(entry: Entry, waiting: list[Entry], first: date) -> bool:
        """Whether what must come before it is still to come: the caps it names, and earlier times of what it carries."""
        return any(
            (other.contract == entry.contract and other.clause in entry.after)
            or (
                other.name == entry.name
                and entry.excess == "carried"
                and first <= other.days.last
                and other.days < entry.days
            )
            for other in waiting
            if other is not entry
        )

    def _apply(
        self, entry: Entry, pool: list[Line], cuttable: list[Line], carried: list[Line], others: list[Line]
    ) -> list[Line]:
        """Apply one limit; what it carries."""
        inside = [line for line in pool if entry.days.holds(line.day)]
        covered = [line for line in inside if entry.covers(line)]
        if entry.most.share is not None:
            for line in inside:
                self.seen.setdefault((entry.name, id(line)), line.left)
        used = sum(
            (line.left for line in self.paid if entry.days.holds(line.day) and entry.covers(line)), NOUGHT
        )
        whole = used + sum((line.left for line in covered), NOUGHT)
        excess = whole - self._most(entry, inside)
        fresh: list[Line] = []
        may = [line for line in covered if entry.in_force(line) and any(line is one for one in cuttable)]
        for line, piece in _taken(may, excess, by_clause=entry.by_clause):
            line.left -= piece
            line.cut.append((entry.clause, piece))
            if entry.excess == "carried" and entry.following:
                fresh.append(self._carry(line, entry, piece))
            elif entry.excess not in ("lost", "carried") and not line.passed_on:
                others.append(
                    replace(line, payer=entry.excess, kind="other", left=piece, passed_on=True, cut=[])
                )
        return fresh

    def _most(self, entry: Entry, inside: list[Line]) -> Fraction:
        most = entry.most
        if most.share is None:
            return most.pounds
        of = NOUGHT
        for line in (*self.paid, *inside):
            if entry.days.holds(line.day) and entry.among(line):
                if not most.after:
                    of += self.seen.get((entry.name, id(line)), line.left)
                elif not entry.covers(line):
                    of += line.left
        within = any(entry.among(line) and entry.covers(line) for line in (*self.paid, *inside))
        if most.after and within:
            return down(of * most.share / (1 - most.share))
        return down(of * most.share)

    def _carry(self, line: Line, entry: Entry, piece: Fraction) -> Line:
        assert entry.following is not None
        day = entry.following.first
        statement = self.statement(line.contract, day)
        age = line.age if line.kind == "carried" else line.falls
        return replace(
            line, dated=False, day=day, falls=statement.last, statement=statement, left=piece, kind="carried", age=age, cut=[]
        )  # fmt: skip


def _taken(lines: list[Line], excess: Fraction, *, by_clause: bool) -> list[tuple[Line, Fraction]]:
    """What is taken off which line. Own lines give first; of carried ones the last clause, within a clause the newest."""
    left = excess
    found = []
    own = sorted(
        (line for line in lines if line.left > 0 and line.kind != "carried"), key=lambda line: line.place
    )
    if by_clause:
        for line in reversed(own):
            piece = max(NOUGHT, min(left, line.left))
            found.append((line, piece))
            left -= piece
    else:
        whole = max(NOUGHT, min(left, sum((line.left for line in own), NOUGHT)))
        found += list(zip(own, split(whole, [line.left for line in own]), strict=True))
        left -= whole
    older = sorted(
        (line for line in lines if line.left > 0 and line.kind == "carried"),
        key=lambda line: (
            line.place[:2],
            line.age,
            line.place[3:4],
            tuple(PARTIES).index(line.payer),
            line.place,
        ),
    )
    for line in reversed(older):
        piece = max(NOUGHT, min(left, line.left))
        found.append((line, piece))
        left -= piece
    return [(line, piece) for line, piece in found if piece]


def selects(selection: Selection, line: Line) -> bool:
    """Whether a line is among some payments."""
    if line.kind == "back":
        return False  # no cap covers what is owed back of a block
    return (
        (not selection.payers or line.payer in selection.payers)
        and (not selection.payees or line.payee in selection.payees)
        and (not selection.under or line.payment in selection.under)
        and (not selection.earned_by or line.metric in selection.earned_by)
        and (selection.only != "blocks" or line.kind == "block")
        and (selection.only != "results" or bool(line.metric))
        and (selection.only != "outcomes" or (bool(line.metric) and METRICS[line.metric] == "outcome"))
        and (selection.earned_to is None or line.earned_on <= selection.earned_to)
        and (selection.earned_from is None or line.earned_on >= selection.earned_from)
    )


def entries(terms: Terms) -> list[Entry]:
    """Every limit of a contract in each of its times."""
    found = []
    for name, history in terms.clauses.items():
        for clause in dict.fromkeys(history.every()):
            if isinstance(clause, Cap):
                for row_at, row in enumerate(clause.rows):

                    def covers(
                        line: Line, h: History = history, c: Cap = clause, of: Selection = row.covers
                    ) -> bool:
                        return _covered(terms, h, c, of, line)

                    among = _among(terms, row.most.of)
                    found += _in_times(
                        terms.times(row.over), name, row_at, 1, (terms.at, history.place), row.most, clause.excess,
                        clause.by_clause, clause.after, covers, _in_force(history, clause), among, terms.contract.name,
                    )  # fmt: skip
            elif isinstance(clause, Fee | Regular) and clause.limit:

                def own(line: Line, n: str = name, h: History = history, c: Payment = clause) -> bool:
                    return _of_payment(terms, n, h, c, line)

                limit: Limit = clause.limit
                among = _among(terms, limit.most.of)
                found += _in_times(
                    terms.times(limit.over), name, 0, 0, (terms.at, history.place), limit.most, limit.excess,
                    False, (), own, _in_force(history, clause), among, terms.contract.name,
                )  # fmt: skip
    return found


def _in_times(
    every: list[Days],
    name: str,
    row: int,
    rank: int,
    place: tuple[int, ...],
    most: Most,
    excess: str,
    by_clause: bool,
    after: tuple[str, ...],
    covers: Callable[[Line], bool],
    in_force: Callable[[Line], bool],
    among: Callable[[Line], bool],
    contract: str,
) -> list[Entry]:
    return [
        Entry(name, row, rank, place, most, days, every[at + 1] if at + 1 < len(every) else None, excess,
              by_clause, after, covers, in_force, among, contract)
        for at, days in enumerate(every)
    ]  # fmt: skip


def _among(terms: Terms, selection: Selection) -> Callable[[Line], bool]:
    return lambda line: line.contract == terms.contract.name and selects(selection, line)


def _in_force(history: History, clause: Clause) -> Callable[[Line], bool]:
    """Whether a line has its day while these terms are in force: only such lines are cut."""
    return lambda line: history.at(line.day, dated=line.dated) == clause


def _counts(history: History, clause: Clause, line: Line) -> bool:
    """Whether a clause counts a line: from the day on which it, or what it replaces, began to count, to its own end."""
    if line.day < history.counts_from[1 if line.dated else 0]:
        return False
    ends = [(results, dues) for results, dues, one in history.terms]
    at = next(place for place, one in enumerate(history.terms) if one[2] == clause)
    after = ends[at + 1][1 if line.dated else 0] if at + 1 < len(ends) else date.max
    return line.day < after


def _covered(terms: Terms, history: History, cap: Cap, of: Selection, line: Line) -> bool:
    return (
        line.contract == terms.contract.name
        and _counts(history, cap, line)
        and selects(of, line)
        and not any(selects(out, line) for out in cap.leaves_out)
    )


def _of_payment(terms: Terms, name: str, history: History, clause: Payment, line: Line) -> bool:
    """What a payment's own limit covers: whoever pays, but for what it makes another pay itself."""
    payers = {party for one in history.every() if isinstance(one, Fee | Regular)
              for party, _ in (*one.payers.turns, *one.payers.shares)}  # fmt: skip
    return (
        line.contract == terms.contract.name
        and line.payment == name
        and (line.payer in payers or clause.limit is None or clause.limit.excess in ("lost", "carried"))
        and line.kind not in ("block", "back")
        and _counts(history, clause, line)
    )


# ------------------------------------------------------------------------------------------------ the whole


def settled(terms: Sequence[Terms], programme: Programme | None = None) -> list[Line]:
    """Every line of contracts that are paid together, with what is paid of it."""
    names = {one.contract.name: one for one in terms}
    lines: list[Line] = []
    every: list[Entry] = []
    more = _programme_cuts(terms, programme)
    for one in terms:
        fees = due(one, parts(one, more))
        paid = blocks(one, fees)
        lines += [*paid, *fees]
        every += entries(one)
    every += _programme_entries(terms, programme)
    book = Book(every, lambda contract, day: names[contract].statement(day))
    book.settle([line for line in lines if line.left])
    return book.paid


def _span(terms: Sequence[Terms]) -> Days:
    return Days(min(one.whole.first for one in terms), max(one.whole.last for one in terms))


def _programme_cuts(terms: Sequence[Terms], programme: Programme | None) -> set[date]:
    found: set[date] = set()
    for cap in programme.caps if programme else ():
        for row in cap.rows:
            for days in times(row.over, programme.years, _span(terms), []):  # type: ignore[union-attr]
                found |= {days.first, day_after(days.last)}
        for chosen in (*cap.leaves_out, *(row.covers for row in cap.rows)):
            found |= {day_after(chosen.earned_to)} if chosen.earned_to else set()
            found |= {chosen.earned_from} if chosen.earned_from else set()
    return found


def _programme_entries(terms: Sequence[Terms], programme: Programme | None) -> list[Entry]:
    found: list[Entry] = []
    for place, cap in enumerate(programme.caps if programme else ()):
        for at, row in enumerate(cap.rows):

            def covers(
                line: Line, of: Selection = row.covers, across: tuple[str, ...] = row.across, c: Cap = cap
            ) -> bool:
                return (
                    line.contract in across
                    and selects(of, line)
                    and not any(selects(out, line) for out in c.leaves_out)
                )

            every = times(row.over, programme.years, _span(terms), [])  # type: ignore[union-attr]
            found += _in_times(
                every, cap.name, at, 2, (place,), row.most, cap.excess, cap.by_clause, cap.after, covers,
                lambda _: True, lambda _: False, "",
            )  # fmt: skip
    return found


def stated(whole: Contract | Programme, as_of: date | None = None) -> dict[Key, Fraction]:
    """What has been stated by a day, adjustments included, by what it speaks of. Noughts are left out."""
    members = whole.members if isinstance(whole, Programme) else (whole,)
    programme = whole if isinstance(whole, Programme) else None
    members = tuple(sorted(members, key=lambda one: one.name))
    agreed = sorted({one.agreed for member in members for one in member.variations})
    last = max([*(member.last for member in members), *agreed])
    day = as_of or last
    total: dict[Key, Fraction] = {}

    def add(lines: Iterable[Line], sign: int) -> None:
        for line in lines:
            total[line.key] = total.get(line.key, NOUGHT) + sign * line.left

    versions: list[date | None] = [None, *(one for one in agreed if one <= day)]
    before: list[Line] = []
    for at, known in enumerate(versions):
        following = versions[at + 1] if at + 1 < len(versions) else None
        terms = [as_varied(place, member, known) for place, member in enumerate(members)]
        lines = settled(terms, programme)
        for one in terms:
            mine = [line for line in lines if line.contract == one.contract.name]
            add(
                (
                    line for line in mine
                    if line.falls <= day and (known is None or line.falls >= known)
                    and (following is None or line.falls < following)
                ), 1,
            )  # fmt: skip
            if known is not None:
                # The difference is paid with the first statement that ends on or after the day of agreement.
                with_one = next((period.last for period in one.periods if period.last >= known), known)
                if with_one <= day:
                    add((line for line in mine if line.falls < known), 1)
                    add(
                        (
                            line
                            for line in before
                            if line.contract == one.contract.name and line.falls < known
                        ),
                        -1,
                    )
        before = lines
    return {key: amount for key, amount in total.items() if amount}


def days_that_matter(whole: Contract | Programme) -> list[date]:
    """Every reckoning day and every day of agreement."""
    members = whole.members if isinstance(whole, Programme) else (whole,)
    programme = whole if isinstance(whole, Programme) else None
    members = tuple(sorted(members, key=lambda one: one.name))
    agreed = {one.agreed for member in members for one in member.variations}
    terms = [as_varied(place, member, date.max) for place, member in enumerate(members)]
    return sorted({line.falls for line in settled(terms, programme)} | agreed)
