"""What a change would have gained and what it would have lost, told apart."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import build
from sibdsl.settle.explain.what_if import Would
from sibdsl.settle.explain.what_if_words import gained_and_lost
from sibdsl.source import Source
from tests.frame import BASE

CONTRACT = compile_source(Source("x.sib", BASE)).contract
LINE = build(CONTRACT, as_written(CONTRACT)).lines[0]


def would(*sums: tuple[str, str, int]) -> Would:
    """A change of lines: payer, payment, and how much more is paid."""
    return Would(
        (),
        (),
        (),
        tuple((evolve(LINE, payer=payer, rule=rule), Fraction(more)) for payer, rule, more in sums),
    )


def test_what_is_lost_is_not_hidden_by_what_is_gained() -> None:
    """Entry, £333, is gained from City; Leaver Home, £900 from City and £600 from Fund, is lost."""
    gained, lost = gained_and_lost(
        would(("City", "Entry Fee", 333), ("City", "Tariff", -900), ("Fund", "Tariff", -600))
    )
    assert gained == {"City": 333}
    assert lost == {"City": 900, "Fund": 600}


@given(
    st.lists(
        st.tuples(st.sampled_from(["City", "Fund"]), st.sampled_from(["A", "B"]), st.integers(-9, 9)),
        max_size=8,
    )
)
def test_the_two_sides_come_to_the_whole_and_neither_is_below_nought(
    sums: list[tuple[str, str, int]],
) -> None:
    gained, lost = gained_and_lost(would(*sums))
    assert sum(gained.values()) - sum(lost.values()) == sum(more for *_, more in sums)
    assert all(amount > 0 for amount in (*gained.values(), *lost.values()))
