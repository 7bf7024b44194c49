"""Numbers of few people, which pages that are made to be sent round hold back. Source: commands reference, 'The page of a run'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from sibdsl.model.workings import counted_behind
from sibdsl.price import Key, Line, PricedLine
from sibdsl.settle.payments import Payments

#: The most people whose number is held back.
FEW = 4


@frozen
class PageNumber:
    """A number of a page: None where it is held back; `people` stand behind it, as far as that is known."""

    number: Fraction | None
    people: int = 0

    @property
    def held_back(self) -> bool:
        return self.number is None


def of_people(number: Fraction, people: int) -> PageNumber:
    """A number behind which so many people stand, held back where they are few."""
    return PageNumber(None if 0 < people <= FEW else number, people)


def summed(parts: Sequence[PageNumber], whole: Fraction, *, of_the_same: bool = False) -> PageNumber:
    """The sum of numbers, held back where it would give away what is held back of them: one alone, or several of few people in all.

    `of_the_same` says that the parts may be of the same people, as what several parties pay for one period.
    """
    hidden = [part.people for part in parts if part.held_back]
    people = max(hidden, default=0) if of_the_same else sum(hidden)
    if hidden and (len(hidden) == 1 or people <= FEW):
        return PageNumber(None, people)
    return PageNumber(whole, people)


def behind_line(run: Payments, line: Line, people: Mapping[Key, int]) -> int:
    """How many people at the least stand behind one of the quantities that a line is worked out from; 0 where nobody does."""
    names = {line.metric, *counted_behind(run.contract, line.metrics)} - {""}
    days = line.earned_in.statement
    found = [
        number
        for key, number in people.items()
        if key.metric in names
        and key.segment.statement == days
        and (not line.band or key.metric != line.metric or key.band == line.band)
        and number
    ]
    return min(found, default=0)


def of_lines(run: Payments, lines: Iterable[PricedLine], people: Mapping[Key, int]) -> PageNumber:
    """What lines come to, held back where one of them rests on few people."""
    every = list(lines)
    whole = sum((priced.amount for priced in every), Fraction(0))
    counts = [number for priced in every if (number := behind_line(run, priced.line, people))]
    return of_people(whole, min(counts, default=0))
