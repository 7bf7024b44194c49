"""Whether conditions can all be met by one row, or by one set of quantities.

Each thing that is compared with fixed values is tried with those values, one value between each two of them, one beyond each
end, and blank: no other value makes a difference. What cannot be told so (dates of two columns against each other, other rows
of the person) may come out any way, as long as one test comes out one way only. So what is said never to be met never is.
A comparison with a blank is neither met nor not met. Source: language reference, 'Conditions'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal, assert_never

from attrs import evolve, field, frozen

from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    AnyResult,
    Blank,
    Both,
    Column,
    Compare,
    Comparison,
    Condition,
    Contract,
    DateMoved,
    Either,
    InPeriod,
    JoinedColumn,
    JoiningDate,
    Not,
)
from sibdsl.model.types import NUMERIC, Interval
from sibdsl.plainform import plain

#: What is asked of a condition: that it is met, that it is not, or that it is anything else than that.
Asked = Literal["met", "not met", "not surely met", "not surely unmet"]
#: A value that something may have: a number, a day by its number, a word; None is a blank.
Held = Fraction | str | None
_OTHER_WORD = "\0any other"
#: So many branches are followed; beyond them nothing is said.
_MOST_STEPS = 4_000

_TURNED: dict[Comparison, Comparison] = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_UNDER_NOT: dict[Asked, Asked] = {
    "met": "not met",
    "not met": "met",
    "not surely met": "not surely unmet",
    "not surely unmet": "not surely met",
}


@frozen
class PossibleValues:
    """The values that something may have. `words` are all of its words, where it has no others."""

    numbers: Interval = Interval()
    whole: bool = False
    words: tuple[str, ...] = ()
    blank: bool = True


@frozen
class Apart:
    """Two amounts of a row that are compared with each other: the first less the second."""

    left: Amount
    right: Amount


@frozen
class DaysApart:
    """How many days the first of two dates of a row lies after the second, whatever lengths of time clauses move them by."""

    left: Amount
    right: Amount


@frozen
class Elsewhere:
    """Something of the row by which the person joined a cohort, where the row under test may be another."""

    cohort: str
    thing: Amount | Apart | AnyDay | AnyResult | DaysApart


Thing = Amount | Apart | AnyDay | AnyResult | Elsewhere | DaysApart


@frozen
class Placed:
    """A condition, and the cohort in whose row its columns stand: '' where it is the row under test."""

    condition: Condition
    cohort: str = ""


@frozen
class Asking:
    """A condition with what is asked of it."""

    placed: Placed
    asked: Asked = "met"


@frozen
class _Test:
    """One test of one thing: which of its values meet it. `of_blank` is what comes out for a blank: None is neither."""

    thing: Thing
    at: tuple[Held, ...]
    met: Callable[[Held], bool] = field(eq=False)
    of_blank: bool | None = None
    #: Values for which it may come out either way, first and last included: a month has 28 to 31 days.
    either: tuple[Fraction, Fraction] | None = None
    #: Whether it says only that there is a value: any may come out either way.
    there: bool = False

    def comes_out(self, held: Held) -> bool | None:
        return self.of_blank if held is None else self.met(held)

    def answers(self, held: Held, asked: Asked) -> bool:
        """Whether a value may do what is asked."""
        if self.there and held is not None:
            return True
        if (
            self.either is not None
            and isinstance(held, Fraction)
            and self.either[0] <= held <= self.either[1]
        ):
            return True
        return _answers(self.comes_out(held), asked)


class Conditions:
    """What can be met together in one contract.

    `fixed` gives the value of an amount that no row changes, None for all others; `possible` the values of an amount of a row.
    """

    def __init__(
        self,
        contract: Contract,
        fixed: Callable[[Amount], Fraction | date | str | None],
        possible: Callable[[Amount], PossibleValues],
        cohort: str = "",
    ) -> None:
        self._contract = contract
        self._fixed = fixed
        self._possible = possible
        self._joined = next((one for one in contract.cohorts if one.name == cohort), None)

    def can_be(self, asked: Iterable[Asking]) -> bool:
        """Whether some row does all that is asked; True too where it is not known."""
        goals = list(asked)
        tried: dict[Thing, list[Held]] = {}
        for goal in goals:
            for test in self._tests(goal.placed.condition, goal.placed.cohort):
                if isinstance(test, _Test):
                    tried.setdefault(test.thing, []).extend(test.at)
            for more in self._lengths(goal.placed.condition, goal.placed.cohort):
                tried.setdefault(more.thing, []).extend(more.at)
        values = {thing: self._values(thing, at) for thing, at in tried.items()}
        return _WaysSearched(self, values).go([(goal.placed, goal.asked) for goal in goals])

    # -------------------------------------------------------------- tests

    def _tests(self, condition: Condition, cohort: str) -> Iterator[_Test | bool]:
        match condition:
            case Both(tests=tests) | Either(tests=tests):
                for test in tests:
                    yield from self._tests(test, cohort)
            case Not(test=test):
                yield from self._tests(test, cohort)
            case _:
                yield self.test(condition, cohort)

    def test(self, condition: Condition, cohort: str) -> _Test | bool:
        """A test as one of a thing, or how it comes out whatever the row."""
        test = self._of_thing(condition, cohort)
        if isinstance(test, bool) or not cohort or isinstance(test.thing, JoinedColumn | Elsewhere):
            return test
        return evolve(test, thing=Elsewhere(cohort, test.thing))

    def _lengths(self, condition: Condition, cohort: str) -> Iterator[_Test]:
        match condition:
            case Both(tests=tests) | Either(tests=tests):
                for test in tests:
                    yield from self._lengths(test, cohort)
            case Not(test=test):
                yield from self._lengths(test, cohort)
            case _:
                yield from self.of_two_dates(condition, cohort)

    def of_two_dates(self, condition: Condition, cohort: str) -> Iterator[_Test]:
        """What a comparison of two dates says besides: how many days lie between them, and that both are there."""
        length = self._length(condition, cohort)
        if length is None or not isinstance(condition, Compare):
            return
        yield length
        for side in (condition.left, condition.right):
            day, _ = _unmoved(self._named(side, cohort))
            if isinstance(day, Column) and not cohort:
                yield _Test(day, (), lambda _: True, there=True)

    def _length(self, condition: Condition, cohort: str) -> _Test | None:
        if not isinstance(condition, Compare) or condition.left.kind != "date":
            return None
        left, right = self._named(condition.left, cohort), self._named(condition.right, cohort)
        if self._fixed(left) is not None or self._fixed(right) is not None:
            return None
        (mine, more), (theirs, other_more) = _unmoved(left), _unmoved(right)
        if mine == theirs:
            return None
        least, most = other_more[0] - more[1], other_more[1] - more[0]
        op: Comparison = condition.op
        if repr(theirs) < repr(mine):
            mine, theirs, op, least, most = theirs, mine, _TURNED[op], -most, -least
        apart = DaysApart(mine, theirs)
        thing = Elsewhere(cohort, apart) if cohort else apart
        ends = Fraction(least), Fraction(most)
        return _Test(
            thing,
            ends,
            lambda held: (
                _stands(held, op, ends[0])
                if isinstance(held, Fraction) and held < ends[0]
                else _stands(held, op, ends[1])
            ),
            either=None if least == most else ends,
        )

    def _of_thing(self, condition: Condition, cohort: str) -> _Test | bool:
        match condition:
            case Compare(left=left, op=op, right=right):
                return self._compare(self._named(left, cohort), op, self._named(right, cohort))
            case InPeriod(value=value, period=period):
                days = self._contract.service if period == "service period" else self._contract.payment_period
                first, last = _ordered(days.start), _ordered(days.last)
                return _Test(
                    self._named(value, cohort), (first, last), lambda held: _between(first, held, last)
                )
            case Blank(value=value):
                return _Test(self._named(value, cohort), (), lambda _: False, of_blank=True)
            case AnyDay() | AnyResult():
                # Nothing is known of it but that it is met, is not, or is open.
                return _Test(condition, (Fraction(0), Fraction(1)), lambda held: held == 1)
            case Both() | Either() | Not():
                raise TypeError("more than one test")
            case _:
                assert_never(condition)

    def _named(self, amount: Amount, cohort: str) -> Amount:
        """One name for what two clauses write in two ways: a column of the row by which the person joined."""
        if isinstance(amount, Column) and cohort:
            return JoinedColumn(cohort, amount.name, amount.kind)
        if isinstance(amount, JoiningDate) and self._joined is not None:
            return JoinedColumn(self._joined.name, self._joined.joins_on, "date")
        return amount

    def _compare(self, left: Amount, op: Comparison, right: Amount) -> _Test | bool:
        mine, theirs = self._fixed(left), self._fixed(right)
        if mine is not None and theirs is not None:
            return _stands(_ordered(mine), op, _ordered(theirs))
        if mine is not None:
            return self._against(right, _TURNED[op], mine)
        if theirs is not None:
            return self._against(left, op, theirs)
        if repr(right) < repr(left):
            left, op, right = right, _TURNED[op], left
        nought = Fraction(0)
        return _Test(
            Apart(left, right), (Fraction(-1), nought, Fraction(1)), lambda held: _stands(held, op, nought)
        )

    def _against(self, thing: Amount, op: Comparison, value: Fraction | date | str) -> _Test:
        other = _ordered(value)
        return _Test(thing, (other,), lambda held: _stands(held, op, other))

    # -------------------------------------------------------------- values

    def _values(self, thing: Thing, tried: list[Held]) -> frozenset[Held]:
        """The values with which a thing is tried."""
        if isinstance(thing, Elsewhere):
            return self._values(thing.thing, tried)
        if isinstance(thing, Apart | AnyDay | AnyResult):
            return frozenset({*tried, None})
        if isinstance(thing, DaysApart):
            numbers = [held for held in tried if isinstance(held, Fraction)]
            return frozenset({None, *_samples(numbers, PossibleValues(whole=True))})
        possible = self._possible(thing)
        blank: set[Held] = {None} if possible.blank else set()
        if thing.kind in NUMERIC or thing.kind == "date":
            numbers = [held for held in tried if isinstance(held, Fraction)]
            return frozenset({*blank, *_samples(numbers, possible)})
        words = possible.words or tuple(
            dict.fromkeys([*(held for held in tried if isinstance(held, str)), _OTHER_WORD])
        )
        return frozenset({*blank, *words})


class _WaysSearched:
    """Goes through the ways in which what is asked can come about; gives up, and lets it stand, where they are too many."""

    def __init__(self, conditions: Conditions, values: dict[Thing, frozenset[Held]]) -> None:
        self._conditions = conditions
        self._left = _MOST_STEPS
        self._every = values

    def go(self, goals: list[tuple[Placed, Asked]]) -> bool:
        if not all(self._every.values()):
            return False
        return self._meets(goals, {})

    def _meets(self, goals: list[tuple[Placed, Asked]], narrowed: dict[Thing, frozenset[Held]]) -> bool:
        goals, narrowed = list(goals), dict(narrowed)
        open_ors: list[list[tuple[Placed, Asked]]] = []
        while goals:
            placed, asked = goals.pop()
            self._left -= 1
            if self._left < 0:
                return True
            match placed.condition:
                case Not(test=inner):
                    goals.append((Placed(inner, placed.cohort), _UNDER_NOT[asked]))
                case Both(tests=tests) | Either(tests=tests):
                    parts = [(Placed(test, placed.cohort), asked) for test in tests]
                    every = isinstance(placed.condition, Both) == (asked in ("met", "not surely unmet"))
                    if every:
                        goals += parts
                    else:
                        open_ors.append(parts)
                case condition:
                    test = self._conditions.test(condition, placed.cohort)
                    if isinstance(test, bool):
                        if not _answers(test, asked):
                            return False
                        continue
                    for part in (test, *self._conditions.of_two_dates(condition, placed.cohort)):
                        held = narrowed.get(part.thing, self._every[part.thing])
                        kept = frozenset(value for value in held if part.answers(value, asked))
                        if not kept:
                            return False
                        narrowed[part.thing] = kept
        if not open_ors:
            return True
        first, *others = sorted(open_ors, key=len)
        rest = [goal for parts in others for goal in [_any_of(parts)]]
        return any(self._meets([part, *rest], narrowed) for part in first)


_LEAST_DAYS = {"day": 1, "week": 7, "month": 28, "year": 365}
_MOST_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}


def _unmoved(day: Amount) -> tuple[Amount, tuple[int, int]]:
    """The date from which another is moved, and by how many days at least and at most; backwards is below nought.

    Business days are left as they stand.
    """
    least, most = 0, 0
    while isinstance(day, DateMoved) and day.duration.unit in _LEAST_DAYS:
        low = day.duration.number * _LEAST_DAYS[day.duration.unit]
        high = day.duration.number * _MOST_DAYS[day.duration.unit]
        least, most = (least + low, most + high) if day.way == "after" else (least - high, most - low)
        day = day.start
    return day, (least, most)


def _any_of(parts: list[tuple[Placed, Asked]]) -> tuple[Placed, Asked]:
    """One goal again of parts of which one will do."""
    cohort, asked = parts[0][0].cohort, parts[0][1]
    tests = tuple(placed.condition for placed, _ in parts)
    joined = Either(tests) if asked in ("met", "not surely unmet") else Both(tests)
    return Placed(joined, cohort), asked


def _answers(comes_out: bool | None, asked: Asked) -> bool:  # noqa: FBT001 - what came out is a truth
    match asked:
        case "met":
            return comes_out is True
        case "not met":
            return comes_out is False
        case "not surely met":
            return comes_out is not True
        case "not surely unmet":
            return comes_out is not False
        case _:
            assert_never(asked)


def _ordered(value: Fraction | date | str) -> Fraction | str:
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return plain(value) if isinstance(value, str) else value


def _between(first: Held, held: Held, last: Held) -> bool:
    return _stands(held, ">=", first) and _stands(held, "<=", last)


def _stands(held: Held, op: Comparison, other: Held) -> bool:
    if not isinstance(held, Fraction) or not isinstance(other, Fraction):
        return op == "=" and held == other
    match op:
        case "=":
            return held == other
        case "<":
            return held < other
        case "<=":
            return held <= other
        case ">":
            return held > other
        case ">=":
            return held >= other
        case _:
            assert_never(op)


def _samples(tried: list[Fraction], possible: PossibleValues) -> Iterator[Fraction]:
    """The values tried, one between each two, and one beyond each end, as far as they are possible."""
    ends = [end for end in (possible.numbers.low, possible.numbers.high) if end is not None]
    points = sorted({*tried, *ends}) or [Fraction(0)]
    if possible.whole:
        points = sorted(
            {Fraction(point.__floor__()) for point in points}
            | {Fraction(point.__ceil__()) for point in points}
        )
    found = [points[0] - 1, *points, points[-1] + 1]
    for low, high in pairwise(points):
        if not possible.whole:
            found.append((low + high) / 2)
        elif low + 1 < high:
            found.append(low + 1)
    return (number for number in found if number in possible.numbers)
