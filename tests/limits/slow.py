"""A slow interpreter of small contracts, written from the design and the language reference alone.

It shares no code with `sibdsl`. It goes from day to day, holds every line in a list, and counts all of what was paid
again for each question. Source: design, 'Limits'; language reference, 'Payments', 'Block advances', 'Caps', 'Variations'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tests.limits.calendar import (
    Days,
    day_after,
    times,
)
from tests.limits.earning import blocks, due, taken_back
from tests.limits.in_force import Terms, as_varied, parts
from tests.limits.limiting import Book, Entry, entries, in_times, selects
from tests.limits.lines import NOUGHT, Key, Line
from tests.limits.terms import (
    Cap,
    Contract,
    Programme,
    Selection,
)


def settled(terms: Sequence[Terms], programme: Programme | None = None) -> list[Line]:
    """Every line of contracts that are paid together, with what is paid of it."""
    names = {one.contract.name: one for one in terms}
    lines: list[Line] = []
    every: list[Entry] = []
    more = programme_cuts(terms, programme)
    for one in terms:
        fees = taken_back(one, due(one, parts(one, more)))
        paid = blocks(one, fees)
        lines += [*paid, *fees]
        every += entries(one)
    every += _programme_entries(terms, programme)
    book = Book(
        every,
        lambda contract, day: names[contract].statement(day),
        lambda contract, day: names[contract].whole.holds(day),
    )
    book.settle([line for line in lines if line.left])
    return book.paid


def _span(terms: Sequence[Terms]) -> Days:
    return Days(min(one.whole.first for one in terms), max(one.whole.last for one in terms))


def programme_cuts(terms: Sequence[Terms], programme: Programme | None) -> set[date]:
    found: set[date] = set()
    if programme is None:
        return found
    for cap in programme.caps:
        for row in cap.rows:
            for days in times(row.over, programme.years, _span(terms), []):
                found |= {days.first, day_after(days.last)}
        for chosen in (*cap.leaves_out, *(row.covers for row in cap.rows)):
            found |= {day_after(chosen.earned_to)} if chosen.earned_to else set()
            found |= {chosen.earned_from} if chosen.earned_from else set()
    return found


def _programme_entries(terms: Sequence[Terms], programme: Programme | None) -> list[Entry]:
    found: list[Entry] = []
    if programme is None:
        return found
    for place, cap in enumerate(programme.caps):
        for at, row in enumerate(cap.rows):

            def covers(
                line: Line, of: Selection = row.covers, across: tuple[str, ...] = row.across, c: Cap = cap
            ) -> bool:
                return (
                    line.contract in across
                    and selects(of, line)
                    and not any(selects(out, line) for out in c.leaves_out)
                )

            limit = Entry(cap.name, at, 2, (place,), row.most, cap.excess, covers)
            limit = replace(limit, by_clause=cap.by_clause, after=cap.after, across=row.across)
            found += in_times(times(row.over, programme.years, _span(terms), []), limit)
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
