"""Whether conditions can be met together, against every row that a small table could have, tried one by one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.conditions_together import Asked, Asking, Conditions, Placed, PossibleValues
from sibdsl.model.nodes import (
    Amount,
    Blank,
    Both,
    Column,
    Compare,
    Comparison,
    Condition,
    Contract,
    Either,
    Not,
    Value,
)
from sibdsl.model.types import Interval
from tests.check.marked import contract

AGE, YEARS, LEVEL, MAIN = (
    Column("Jobs", "Age", "count"),
    Column("Jobs", "Score", "number"),
    Column("Jobs", "Level", "category"),
    Column("Jobs", "Main", "yes or no"),
)
#: What each may be, in the records and tried one by one. Halves tell `more than 2` from `at least 3` where numbers are not whole.
HALVES = [Fraction(number, 2) for number in range(-1, 10)]
POSSIBLE = {
    AGE: PossibleValues(Interval(Fraction(1), True, Fraction(4), True), whole=True, blank=False),
    YEARS: PossibleValues(Interval(Fraction(0), True, Fraction(4), False)),
    LEVEL: PossibleValues(words=("A", "B", "C")),
    MAIN: PossibleValues(words=("yes", "no"), blank=False),
}
ROWS: dict[Column, list[Fraction | str | None]] = {
    AGE: [Fraction(1), Fraction(2), Fraction(3), Fraction(4)],
    YEARS: [None, *(half for half in HALVES if 0 <= half < 4)],
    LEVEL: [None, "A", "B", "C"],
    MAIN: ["yes", "no"],
}
Row = dict[Column, Fraction | str | None]


def rows() -> Iterator[Row]:
    for cells in product(*ROWS.values()):
        yield dict(zip(ROWS, cells, strict=True))


def comes_out(test: Condition, row: Row) -> bool | None:
    """Whether a row meets a condition, as a lawyer reads it; None where a blank leaves it open."""
    match test:
        case Compare(left=Column() as left, op=op, right=right):
            mine = row[left]
            theirs = (
                row[right] if isinstance(right, Column) else right.value if isinstance(right, Value) else None
            )
            if mine is None or theirs is None:
                return None
            if isinstance(mine, Fraction) and isinstance(theirs, Fraction):
                return {
                    "=": mine == theirs,
                    "<": mine < theirs,
                    "<=": mine <= theirs,
                    ">": mine > theirs,
                    ">=": mine >= theirs,
                }[op]
            return mine == theirs
        case Blank(value=value):
            return row[value] is None
        case Not(test=inner):
            known = comes_out(inner, row)
            return None if known is None else not known
        case Both(tests=tests) | Either(tests=tests):
            every = [comes_out(one, row) for one in tests]
            decides = isinstance(test, Either)
            if decides in every:
                return decides
            return None if None in every else not decides
    raise TypeError(test)


def does(asking: Asking, row: Row) -> bool:
    known = comes_out(asking.placed.condition, row)
    return {
        "met": known is True,
        "not met": known is False,
        "not surely met": known is not True,
        "not surely unmet": known is not False,
    }[asking.asked]


OPS: st.SearchStrategy[Comparison] = st.sampled_from(("=", "<", "<=", ">", ">="))
ASKED: st.SearchStrategy[Asked] = st.sampled_from(
    ("met", "met", "met", "not met", "not surely met", "not surely unmet")
)
NUMBERS = st.sampled_from([Value(half, "number") for half in HALVES if half.denominator == 1])
WORDS = {LEVEL: ("A", "B", "C"), MAIN: ("yes", "no")}
OF_NUMBERS: st.SearchStrategy[Condition] = st.builds(Compare, st.sampled_from((AGE, YEARS)), OPS, NUMBERS)
OF_WORDS: st.SearchStrategy[Condition] = st.sampled_from(
    [Compare(column, "=", Value(word, "category")) for column, words in WORDS.items() for word in words]
)
OF_BLANKS: st.SearchStrategy[Condition] = st.sampled_from([Blank(column) for column in ROWS])
OF_TWO: st.SearchStrategy[Condition] = st.builds(Compare, st.just(AGE), OPS, st.just(YEARS))


def trees(single: st.SearchStrategy[Condition]) -> st.SearchStrategy[list[Asking]]:
    def larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return several.map(Both) | several.map(Either) | inner.map(Not)

    conditions = st.recursive(single, larger, max_leaves=5)
    return st.lists(st.builds(Asking, conditions.map(Placed), ASKED), min_size=1, max_size=4)


def together() -> Conditions:
    def fixed(amount: Amount) -> Fraction | str | None:
        held = amount.value if isinstance(amount, Value) else None
        return held if isinstance(held, Fraction | str) else None

    return Conditions(
        TEXT, fixed, lambda amount: POSSIBLE[amount] if isinstance(amount, Column) else PossibleValues()
    )


TEXT: Contract = contract()
EVERY = list(rows())


@given(trees(OF_NUMBERS | OF_WORDS | OF_BLANKS))
def test_what_can_be_met_is_what_some_row_meets(asked: list[Asking]) -> None:
    assert together().can_be(asked) == any(all(does(one, row) for one in asked) for row in EVERY)


@given(trees(OF_NUMBERS | OF_WORDS | OF_BLANKS | OF_TWO))
def test_what_is_said_never_to_be_met_never_is(asked: list[Asking]) -> None:
    if not together().can_be(asked):
        assert not any(all(does(one, row) for one in asked) for row in EVERY)
