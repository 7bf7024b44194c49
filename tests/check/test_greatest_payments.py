"""The most that payments can come to is never exceeded, and reached where nothing but the quantities bounds it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.greatest_payments import GreatestPayments
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.price import Key, build, price
from tests.check.marked import codes, contract, found, only

SIZE = """
cohort Service Users
  rows        Referrals
  joins on    Referred On
  if several  earliest Referred On
  size        the first 6 to join
end cohort
"""

FEES = [
    "payment Job Fee\n  payer Council\n  payee Charity\n  | for each | band | pays |\n  | Job Entry | Under 16 | £{} |\n  | Job Entry | From 16 | £{} |\nend payment\n",
    "payment Job Fee\n  payer Council\n  payee Charity\n  for each Job Entry\n  tiers over the contract\n  | units | pays |\n  | first 2 | £{} |\n  | further | £{} |\nend payment\n",
    "payment Job Fee\n  payer Council\n  payee Charity\n  for each Job Entry\n  tiers in each year\n  | units | pays |\n  | first 2 | £{} |\n  | further | £{} |\nend payment\n",
    "payment Job Fee\n  payer Council\n  payee Charity\n  for each Job Entry\n  all-units rates over the contract\n  | units | pays |\n  | first 2 | £{} |\n  | further | £{} |\nend payment\n",
    "payment Job Fee\n  payer Council\n  payee Charity\n  steps by Job Entry\n  every year at the end\n  | Job Entry | pays |\n  | less than 3 | £{} |\n  | at least 3 | £{} |\nend payment\n",
]


@given(
    st.sampled_from(FEES),
    st.integers(1, 20),
    st.integers(1, 20),
    st.lists(st.tuples(st.integers(2, 11), st.sampled_from(["Under 16", "From 16"])), max_size=6),
)
def test_no_quantities_are_paid_more(fee: str, one: int, other: int, results: list[tuple[int, str]]) -> None:
    made = contract(SIZE + fee.format(one, other))
    settings = as_written(made)
    greatest = GreatestPayments.of_contract(made, settings)
    most = greatest.of(range(len(greatest.lines)))
    assert most is not None
    every = segments(made)
    quantities: dict[Key, Fraction] = {}
    for at, band in results:
        key = Key(every[at], "Job Entry", band)
        quantities[key] = quantities.get(key, Fraction(0)) + 1
    paid = sum((line.amount for line in price(build(made, settings), quantities).lines), Fraction(0))
    assert paid <= most.in_all


@pytest.mark.parametrize(("fee", "most"), list(zip(FEES, [120, 76, None, 54, 80], strict=True)))
def test_the_most_is_reached(fee: str, most: int | None) -> None:
    made = contract(SIZE + fee.format(20, 9))
    greatest = GreatestPayments.of_contract(made, as_written(made))
    found_most = greatest.of(range(len(greatest.lines)))
    assert found_most is not None
    assert most is None or found_most.amount == most


def test_without_a_size_nothing_bounds_a_rate() -> None:
    made = contract()
    greatest = GreatestPayments.of_contract(made, as_written(made))
    assert greatest.of(range(len(greatest.lines))) is None
    each = GreatestPayments.of_contract(made, as_written(made), each_person=True)
    of_one = each.of(range(len(each.lines)))
    assert of_one is not None
    assert of_one.amount == 1350


def _cap(amount: str, over: str = "over the contract") -> str:
    return f"cap Ceiling [6]\n  covers payments from Council\n  at most {amount} {over}\n  excess lost\nend cap\n"


def test_a_limit_is_never_reached_only_above_the_most() -> None:
    one = only("SIB0850", SIZE + _cap("«£8,101»"))
    assert one.severity == "note"
    assert "at most £8,100, of at most 6 Job Entry (Service Users is 6 people at most" in one.message
    assert codes(SIZE + _cap("£8,100")) == []
    assert codes(_cap("£9,000,000")) == []
    assert codes(_cap("£1,351 per person")) == ["N0850"]
    assert codes(_cap("£1,350 per person")) == []


def test_a_limit_below_one_result() -> None:
    one = only("SIB0851", _cap("«£699»"))
    assert "one Job Entry Under 16 comes to £700" in one.message
    assert codes(_cap("£700")) == []
    assert codes(_cap("£0")) == ["W0851"]


TWO = """
parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Charity | provider        |
end parties

payment Job Fee
  payer     60% Council, the rest Fund
  payee     Charity
  for each  Job Entry
  pays      £700
end payment
"""


def _share(payer: str, part: str, of: str = "payments", side: str = "after") -> str:
    return f"cap {payer} Part\n  covers payments from {payer}\n  at most {part} of {of} over the contract, {side} this limit\n  excess lost\nend cap\n"


@pytest.mark.parametrize(
    ("caps", "told"),
    [
        (_share("Fund", "38%") + _share("Council", "50%"), ["W0852"]),
        (_share("Fund", "38%") + _share("Council", "62%"), []),
        (_share("Fund", "38%"), []),
        (
            _share("Fund", "50%", "payments from Council") + _share("Council", "50%", "payments from Fund"),
            ["W0852"],
        ),
        (_share("Fund", "38%", "payments from Fund"), ["W0853"]),
        (_share("Fund", "38%", "payments from Fund", "before"), ["W0853"]),
    ],
)
def test_shares_that_leave_nothing(caps: str, told: list[str]) -> None:
    assert codes(TWO + caps) == told
    if "W0852" in told:  # priced, one of the two is broken
        made = contract(TWO + caps)
        quantities = {Key(segments(made)[2], "Job Entry", "From 16"): Fraction(10)}
        paid = dict.fromkeys(("Council", "Fund"), Fraction(0))
        for line in price(build(made, as_written(made)), quantities).lines:
            paid[line.line.payer] += line.amount
        fund, council = paid["Fund"], paid["Council"]
        of_one_another = "payments from" in caps.partition("% of ")[2]
        whole = (
            (council, fund)
            if of_one_another and "of payments from Council" in caps
            else (fund + council,) * 2
        )
        parts = (
            (Fraction(1, 2), Fraction(1, 2)) if whole[0] != whole[1] else (Fraction(38, 100), Fraction(1, 2))
        )
        assert fund > parts[0] * whole[0] + 1 or council > parts[1] * whole[1] + 1


def _block(amount: str, name: str = "Upfront") -> str:
    return f"block advance {name}\n  payer Council\n  payee Charity\n  paid on 1 April 2016\n  pays {amount}\n  set against Job Fee over the contract\n  set off in money, as fees fall due\n  unused part kept\nend block advance\n"


def test_a_block_that_no_fees_work_off() -> None:
    (one,) = found(SIZE + _block("£10,000"))
    assert one.code == "SIB0854"
    assert "£1,900 is never worked off: Charity keeps it for no result." in one.message
    assert codes(SIZE + _block("£8,100")) == []
    assert codes(SIZE + _block("£5,000") + _block("£4,000", "Second")) == ["W0854"]
    assert codes(_block("£10,000,000")) == []


def test_a_block_that_fills_a_limit() -> None:
    assert codes(_block("£6,000") + _cap("£10,000")) == ["W0855"]
    assert codes(_block("£5,000") + _cap("£10,000")) == []
    assert codes(SIZE + _block("£6,000") + _cap("£8,100")) == []
