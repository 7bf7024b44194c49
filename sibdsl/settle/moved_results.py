"""Results that move between a closed account and an open one: paid twice, or not at all. Source: language reference, 'Closed accounts'.

A result moves where a later row of the same record, or a place that it leaves under a limit on results of each person, puts it
elsewhere. What becomes known late, and what is withdrawn, does not move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from attrs import frozen

from sibdsl.dates import Period, long
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.nodes import AccountsClose, Metric, PeopleCounted, PeopleReaching
from sibdsl.price import Key


@frozen
class CountedRow:
    """What counts in a place: whose result, and the file and number of its row."""

    key: Key
    person: str
    source: str
    row: int


#: Results, with the part of its metric's quantity that each is.
Standing = Mapping[CountedRow, Fraction]


@frozen
class Move:
    """A result in a closed account, and the place in another: to which it went, or from which it came (`back`)."""

    closed_in: Key
    closed: date
    open_in: Key
    source: str
    row: int
    back: bool


@frozen
class Look:
    """What stands as known now, which accounts have closed, what stood when each did, and whether two results are of one record."""

    metrics: Mapping[str, Metric]
    closed: Mapping[Period, date]
    now: Standing
    stood: Mapping[date, Standing]
    alike: Callable[[Metric, CountedRow, CountedRow], bool]

    def out(self) -> Iterator[Move]:
        """Results that stand in a closed account and are paid in another too, to which they went once it had closed."""
        paid, by_person = _of_person(self._paid()), {}
        for shut, then in self.stood.items():
            for result in then:
                if self.closed.get(result.key.segment.statement) != shut:
                    continue
                for other in paid.get(_whose(result), ()):
                    later = self.closed.get(other.key.segment.statement)
                    if other.key == result.key or (later is not None and later <= shut):
                        continue
                    known = self.now if later is None else self.stood[later]
                    if later not in by_person:
                        by_person[later] = _of_person(known)
                    there = self._there(result, by_person[later].get(_whose(result), ()))
                    if not there and self._came(result, other, shut, known):
                        yield Move(result.key, shut, other.key, other.source, other.row, back=False)

    def entered(self) -> list[CountedRow]:
        """Results that lie in a closed account now and did not when it closed, and that may have been paid for elsewhere."""
        then = {shut: _of_person(standing) for shut, standing in self.stood.items()}
        results: list[CountedRow] = []
        for result in self.now:
            shut = self.closed.get(result.key.segment.statement)
            if shut is not None and not self._there(result, then[shut].get(_whose(result), ())):
                results.append(result)
        return results

    def back_in(self, late: list[CountedRow], before: Standing, day: date) -> Iterator[Move]:
        """Which of them were paid for in an account that was open on a day, as known then, and are paid for no longer."""
        of_person, paid = _of_person(before), _of_person(self._paid())
        for result in late:
            shut = self.closed[result.key.segment.statement]
            for other in of_person.get(_whose(result), ()):
                was_open = self.closed.get(other.key.segment.statement, date.max) >= day
                gone = not self._there(other, paid.get(_whose(result), ()))
                if shut < day and was_open and gone and other.key != result.key and self._one(result, other):
                    yield Move(result.key, shut, other.key, result.source, result.row, back=True)

    def _paid(self) -> dict[CountedRow, Fraction]:
        """What is paid for: in open accounts what stands now, in closed ones what stood when they closed."""
        found = {
            result: many
            for result, many in self.now.items()
            if result.key.segment.statement not in self.closed
        }
        for shut, then in self.stood.items():
            found |= {
                result: many
                for result, many in then.items()
                if self.closed.get(result.key.segment.statement) == shut
            }
        return found

    def _one(self, result: CountedRow, other: CountedRow) -> bool:
        """Whether two results of a person are one: of the same record, or of a metric that allows each person so many."""
        metric = self.metrics.get(result.key.metric)
        return metric is not None and (_limited(metric) or self.alike(metric, result, other))

    def _there(self, result: CountedRow, mine: tuple[CountedRow, ...]) -> bool:
        """Whether a result stands where it was, by the same row or by another of its record."""
        return any(
            other == result or (other.key == result.key and self._one(result, other)) for other in mine
        )

    def _came(self, result: CountedRow, other: CountedRow, shut: date, known: Standing) -> bool:
        """Whether what left an account that closed on a day came to a place where it was not on that day."""
        then = self.stood[shut]
        if other in then or not self._one(result, other):
            return False
        metric = self.metrics[result.key.metric]
        mine = [had for had in then if _whose(had) == _whose(result)]
        if not metric.counts.by_the_day:
            return not any(had.key == other.key and self.alike(metric, had, other) for had in mine)
        # What lasts has days after that day too; those of a time that was known then were there, or came from elsewhere.
        if other.key.segment.days.last <= shut:
            here = sum(
                (then[had] for had in mine if had.key == other.key and self._one(had, other)), Fraction(0)
            )
            return known[other] > here
        return not any(
            _whose(had) == _whose(result) and had.key.segment.days.last <= shut and self._one(had, other)
            for had in known
        )


def _whose(result: CountedRow) -> tuple[str, str]:
    return result.key.metric, result.person


def _of_person(standing: Standing) -> dict[tuple[str, str], tuple[CountedRow, ...]]:
    found: dict[tuple[str, str], list[CountedRow]] = {}
    for result in standing:
        found.setdefault(_whose(result), []).append(result)
    return {whose: tuple(mine) for whose, mine in found.items()}


def _limited(metric: Metric) -> bool:
    """Whether one result of a person takes the place of another."""
    if isinstance(metric.counts, PeopleCounted | PeopleReaching):
        return True
    return bool(metric.first_only or metric.latest_only or metric.at_most is not None)


def refused(move: Move, said: AccountsClose) -> Diagnostic:
    """That nothing is paid while a result lies in a closed account and in an open one, or in none that is paid."""
    closed = f"the account of {move.closed_in.segment.statement}, which closed on {long(move.closed)}"
    metric, place = move.closed_in.metric, f"{move.source} row {move.row}"
    happened = (
        f"A result of {metric} was paid for in the account of {move.open_in.segment.statement}. By {place} it lies in {closed} now: nobody would pay it."
        if move.back
        else f"A result of {metric} stays paid in {closed}. By {place} it lies in that of {move.open_in.segment.statement} now: it would be paid twice."
    )
    return Diagnostic(
        "SIB0759",
        happened,
        said.span,
        "",
        "closed by then",
        "Ask whoever sent the rows which of them stands: without the later one the result stays where it was stated. Where the parties have "
        f"agreed that it is paid where it lies all the same, the contract says so: `accounts close  {said.after} after each {said.each}, "
        "what moves counts where it lies`.",
    )
