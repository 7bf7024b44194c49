"""Limits from day to day: one list, each limit applied once a day. Source: design, 'Limits'; language reference, 'Caps'."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.limits.calendar import (
    Days,
)
from tests.limits.in_force import History, Terms
from tests.limits.lines import NOUGHT, Line, down, split
from tests.limits.terms import (
    METRICS,
    PARTIES,
    Cap,
    Clause,
    Fee,
    Most,
    Payment,
    Regular,
    Selection,
)


@dataclass(frozen=True)
class Entry:
    """One limit in one of its times. `rank` is 0 for a payment's own, 1 for the contract's, 2 for the programme's."""

    clause: str
    row: int
    rank: int
    place: tuple[int, ...]
    most: Most
    excess: str
    covers: Callable[[Line], bool]
    in_force: Callable[[Line], bool] = lambda _: True
    among: Callable[[Line], bool] = lambda _: False
    contract: str = ""
    by_clause: bool = False
    after: tuple[str, ...] = ()
    #: Of a programme's limit, its contracts in the order in which it names them.
    across: tuple[str, ...] = ()
    days: Days = Days(date.min, date.max)
    following: Days | None = None
    #: Which of the terms that variations give it, the earliest being 0.
    version: int = 0

    @property
    def order(self) -> tuple[int, int, tuple[int, ...], int]:
        return (self.days.number, self.rank, self.place, self.row)

    @property
    def name(self) -> tuple[str, str, int]:
        return (self.contract, self.clause, self.row)


class Book:
    """All that fell due, in the order of its days."""

    def __init__(
        self,
        entries: Sequence[Entry],
        statement: Callable[[str, date], Days],
        runs: Callable[[str, date], bool],
    ) -> None:
        #: Whether a contract still runs on a day: what is carried beyond its last day is lost.
        self.runs = runs
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
            entry = next(
                one
                for one in waiting
                if not self._blocked(one, waiting, pool) and not _behind_an_old_one(one, waiting, pool)
            )
            waiting.remove(entry)
            fresh = self._apply(entry, pool, pool, others)
            done.append(entry)
            while fresh:
                later = [line for line in fresh if pool and line.falls > pool[0].falls]
                carried += later
                here = sorted((line for line in fresh if not any(line is one for one in later)), key=_in_turn)
                for line in here:
                    line.falls = pool[0].falls
                pool += here
                fresh = []
                for earlier in done if here else ():
                    fresh += self._apply(earlier, pool, here, others)
        return carried, others

    @staticmethod
    def _blocked(entry: Entry, waiting: list[Entry], pool: list[Line]) -> bool:
        """Whether what must come before it is still to come: the caps it names, and earlier times of what it carries."""
        mine = [line for line in pool if line.contract == entry.contract]
        first = min((line.day if line.dated else line.statement.first for line in mine), default=date.max)
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

    def _apply(self, entry: Entry, pool: list[Line], cuttable: list[Line], others: list[Line]) -> list[Line]:
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
        for line, piece in _taken(may, excess, by_clause=entry.by_clause, across=entry.across):
            line.left -= piece
            line.cut.append((entry.clause, piece))
            if (
                entry.excess == "carried"
                and entry.following
                and self.runs(line.contract, entry.following.first)
            ):
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
            return max(NOUGHT, down(of * most.share / (1 - most.share)))
        return max(NOUGHT, down(of * most.share))

    def _carry(self, line: Line, entry: Entry, piece: Fraction) -> Line:
        assert entry.following is not None
        day = entry.following.first
        statement = self.statement(line.contract, day)
        age = line.age if line.kind == "carried" else line.falls
        return replace(
            line, dated=False, day=day, falls=statement.last, statement=statement, left=piece, kind="carried", age=age, cut=[]
        )  # fmt: skip


def _in_turn(line: Line) -> tuple[object, ...]:
    """The order of what is carried: by clause, within a clause older first."""
    return (line.place[:2], line.age, line.place[3:4], tuple(PARTIES).index(line.payer), line.place)


def _taken(
    lines: list[Line], excess: Fraction, *, by_clause: bool, across: tuple[str, ...]
) -> list[tuple[Line, Fraction]]:
    """What is taken off which line. Own lines give first; of carried ones the last clause, within a clause the newest."""
    left = excess
    found = []
    own = sorted(
        (line for line in lines if line.left > 0 and line.kind != "carried"), key=lambda line: line.place
    )
    if by_clause:
        own.sort(key=lambda line: across.index(line.contract) if across else 0)
        for line in reversed(own):
            piece = max(NOUGHT, min(left, line.left))
            found.append((line, piece))
            left -= piece
    else:
        whole = max(NOUGHT, min(left, sum((line.left for line in own), NOUGHT)))
        found += list(zip(own, split(whole, [line.left for line in own]), strict=True))
        left -= whole
    older = sorted((line for line in lines if line.left > 0 and line.kind == "carried"), key=_in_turn)
    if by_clause:
        older.sort(key=lambda line: across.index(line.contract) if across else 0)
    for line in reversed(older):
        piece = max(NOUGHT, min(left, line.left))
        found.append((line, piece))
        left -= piece
    return [(line, piece) for line, piece in found if piece]


def _behind_an_old_one(entry: Entry, waiting: list[Entry], pool: list[Line]) -> bool:
    """Whether a limit waits for the old one whose place it took, or for one that itself waits and comes before it."""
    behind = [one for one in waiting if any(_old_of(other, one, pool) for other in waiting)]
    return entry in behind or any(
        one.order < entry.order and not _old_of(entry, one, pool) and _same_lines(one, entry, pool)
        for one in behind
    )


def _old_of(old: Entry, new: Entry, pool: list[Line]) -> bool:
    """Whether the old terms of a limit still cut what the new ones count."""
    return (
        old.name == new.name
        and old.version < new.version
        and any(_speaks(old, line) and old.in_force(line) and _speaks(new, line) for line in pool)
    )


def _same_lines(one: Entry, other: Entry, pool: list[Line]) -> bool:
    return any(_speaks(one, line) and _speaks(other, line) for line in pool)


def _speaks(entry: Entry, line: Line) -> bool:
    return entry.days.holds(line.day) and (entry.covers(line) or entry.among(line))


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
    whose = terms.contract.name
    for name, history in terms.clauses.items():
        place = (terms.at, history.place)
        for version, clause in enumerate(dict.fromkeys(history.every())):
            force = _in_force(history, clause)
            if isinstance(clause, Cap):
                for at, row in enumerate(clause.rows):

                    def covers(
                        line: Line, h: History = history, c: Cap = clause, of: Selection = row.covers
                    ) -> bool:
                        return _covered(terms, h, c, of, line)

                    among = _among(terms, history, clause, row.most.of)
                    limit = Entry(name, at, 1, place, row.most, clause.excess, covers, force, among, whose)
                    limit = replace(limit, by_clause=clause.by_clause, after=clause.after, version=version)
                    found += in_times(terms.times(row.over), limit)
            elif isinstance(clause, Fee | Regular) and clause.limit:

                def own(line: Line, n: str = name, h: History = history, c: Payment = clause) -> bool:
                    return _of_payment(terms, n, h, c, line)

                most, among = clause.limit.most, _among(terms, history, clause, clause.limit.most.of)
                limit = Entry(name, 0, 0, place, most, clause.limit.excess, own, force, among, whose)
                found += in_times(terms.times(clause.limit.over), replace(limit, version=version))
    return found


def in_times(every: list[Days], limit: Entry) -> list[Entry]:
    """A limit in each of its times, with the time that follows."""
    following = [*every[1:], None]
    return [replace(limit, days=days, following=then) for days, then in zip(every, following, strict=True)]


def _among(terms: Terms, history: History, clause: Clause, selection: Selection) -> Callable[[Line], bool]:
    """Whether a line is among the payments of which a limit is a share: from the day on which the limit counts."""
    return lambda line: (
        line.contract == terms.contract.name and _counts(history, clause, line) and selects(selection, line)
    )


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
    payers = {party for party, _ in (*clause.payers.turns, *clause.payers.shares)}
    return (
        line.contract == terms.contract.name
        and line.payment == name
        and (line.payer in payers or clause.limit is None or clause.limit.excess in ("lost", "carried"))
        and line.kind not in ("block", "back")
        and _counts(history, clause, line)
        and not (clause.starts and line.day < clause.starts)
    )
