"""Cliffs, against what every small number of results is paid."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.price import Key, build, price
from tests.check.marked import codes, contract, found, only

ALL_UNITS = """
payment Job Fee
  payer            Council
  payee            Charity
  for each         Job Entry
  all-units rates  over the contract
  | units    | pays |
  | first {} | £{} |
  | further  | £{} |
end payment
"""

STEPS = """
payment Take Up Fee
  payer     Council
  payee     Charity
  steps by  Job Entry
  every     year at the end
  | Job Entry                    | pays |
  | less than 5                  | £{} |
  | at least 5 but less than 9 | £{} |
  | at least 9                   | £{} |
end payment
"""


def _paid(made: Contract, payment: str) -> list[Fraction]:
    """What 0 to 12 results of the first period are paid in all."""
    graph = build(made, as_written(made))
    first = segments(made)[0]
    return [
        sum(
            (
                line.amount
                for line in price(graph, {Key(first, "Job Entry", "From 16"): Fraction(many)}).lines
                if line.line.payment == payment
            ),
            Fraction(0),
        )
        for many in range(13)
    ]


@given(st.integers(1, 9), st.integers(1, 40), st.integers(1, 40))
def test_rates_for_all_units_fall_where_a_result_more_is_paid_less(
    first: int, rate: int, further: int
) -> None:
    text = ALL_UNITS.format(first, rate, further)
    paid = _paid(contract(text), "Job Fee")
    falls = [at for at in range(12) if paid[at + 1] < paid[at]]
    told = [one for one in found(text) if one.code == "SIB0860"]
    assert bool(told) == bool(falls)
    if falls:
        assert falls[0] == first
        assert f"by £{paid[first] - paid[first + 1]}:" in told[0].message


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_a_table_falls_where_a_result_more_is_paid_less(sums: list[int]) -> None:
    text = STEPS.format(*sums)
    paid = _paid(contract(text), "Take Up Fee")
    falls = any(paid[at + 1] < paid[at] for at in range(12))
    rises = any(paid[at + 1] > paid[at] for at in range(12))
    told = [one for one in found(text) if one.code == "SIB0861"]
    assert bool(told) == falls
    if told:
        assert told[0].severity == ("warning" if rises else "note")


def test_what_is_said_of_a_fall() -> None:
    one = only("SIB0860", ALL_UNITS.format(10, 100, "«80»").replace("£«", "«£"))
    assert one.message == (
        "One more Job Entry lowers what is paid by £120: 10 come to £1,000, 11 to £880 over the contract. Where the 10 were "
        "paid in an earlier statement nothing is taken back, and nothing more until there are 13."
    )


def test_a_number_that_cannot_come_about_is_no_fall() -> None:
    size = "cohort Service Users\n  rows Referrals\n  joins on Referred On\n  if several earliest Referred On\n  size the first {} to join\nend cohort\n"
    fall = ALL_UNITS.format(10, 100, 80)
    assert codes(size.format(11) + fall) == ["W0860"]
    assert codes(size.format(10) + fall) == ["W0827"]  # its second tier is out of reach


def test_a_payment_that_more_of_the_same_stops() -> None:
    text = "payment Job Fee\n  payer Council\n  payee Charity\n  for each Job Entry\n  pays £100\n  paid only if Job Entry is at most 20 in each year\nend payment\n"
    assert codes(text) == ["W0862"]
    assert codes(text.replace("at most", "at least")) == []
    more = text.replace("Job Fee", "Larger Fee").replace("at most", "more than").replace("£100", "£200")
    assert "W0862" not in codes(text + more)
