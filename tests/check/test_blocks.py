"""Block advances, and the caps that cover them."""

from __future__ import annotations

from datetime import date

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import build
from sibdsl.source import Source
from tests.check.marked import codes, found, only, underlined
from tests.frame import complete

PARTIES = """
parties
  | party   | role                    |
  | Council | commissioner            |
  | Charity | provider                |
  | Vehicle | special purpose vehicle |
end parties
"""
VEHICLE_FEE = """
payment Vehicle Fee [2]
  payer     Vehicle
  payee     Charity
  for each  Job Entry
  pays      £300
end payment
"""


def block(
    payer: str = "Council",
    day: str = "1 April 2016",
    against: str = "Job Fee in 2016/17",
    basis: str = "in money",
) -> str:
    return f"""
block advance Upfront Block [4]
  payee        Charity
  set off      {basis}, as fees fall due
  unused part  kept
  | payer   | paid on      | pays     | set against |
  | {payer} | {day}        | £10,000  | {against}   |
end block advance
"""


def test_a_block_against_a_payment_that_its_payer_never_pays() -> None:
    text = PARTIES + VEHICLE_FEE + block("«Vehicle", against="Job Fee in 2016/17»")
    one = only("SIB0519", text)
    assert (one.severity, one.clause) == ("error", "4, block advance Upfront Block")
    assert one.message == (
        "This block would meet no fees: Vehicle pays nothing under Job Fee; Council does. It would be paid on top of every "
        "fee."
    )
    assert one.mark == "Vehicle never pays under Job Fee"
    assert one.help == "Set it against a payment that Vehicle makes to Charity in those days: `Vehicle Fee`."
    assert [underlined(text, label.span) for label in one.labels] == ["60: payment Job Fee"]


def test_a_block_to_another_payee() -> None:
    text = (
        PARTIES
        + VEHICLE_FEE.replace("Charity", "Council")
        + block("Vehicle", against="Vehicle Fee in 2016/17")
    )
    (one,) = found(text)
    assert "under Vehicle Fee Vehicle pays Council, not Charity." in one.message
    assert one.help.startswith("Vehicle makes no payment to Charity in those days")


def test_a_block_against_fees_of_another_time() -> None:
    fee = (
        "payment Job Fee\n  payer Council to 31 March 2017, then Vehicle, by date of result\n  payee Charity\n"
        "  for each Job Entry\n  pays £700\nend payment\n"
    )
    assert codes(PARTIES + fee + block()) == []
    (one,) = found(PARTIES + fee + block(against="Job Fee in 2018/19"))
    assert one.code == "SIB0519"
    assert "Council pays Charity nothing under Job Fee in 1 April 2018 to 31 March 2019." in one.message


def test_a_block_paid_after_fees_that_it_meets() -> None:
    one = only("SIB0520", block(day="«1 July 2016»"))
    assert one.severity == "warning"
    assert one.message == (
        "This block is paid on 1 July 2016 and meets fees from 1 April 2016. Until it is paid, Charity would go without those "
        "fees and without the block."
    )
    assert codes(block(day="30 June 2016")) == []


def test_a_block_paid_outside_the_payment_period() -> None:
    one = only("SIB0513", block(day="«31 March 2016»"))
    assert "before the payment period" in one.message
    one = only("SIB0513", block(day="«1 April 2020»"))
    assert "after the payment period" in one.message


def test_a_date_from_outside_is_the_one_looked_at() -> None:
    text = 'assumption Paid On\n  takes 1 April 2016\n  reason "Not said."\nend assumption\n' + block(
        day="Paid On"
    )
    assert codes(text) == []
    assert codes(text, Paid_On=date(2021, 1, 1)) == ["E0513"]
    given = (
        "particulars\n  | particular | holds | default |\n  | Paid On | date | required |\nend particulars\n"
    )
    assert codes(given + block(day="Paid On")) == []


@pytest.mark.parametrize(
    ("pays", "wrong"),
    [
        ("pays £700", False),
        ("pays £0", True),
        ("| band | pays |\n  | Under 16 | £700 |\n  | From 16 | £700 |", False),
    ],
)
def test_a_block_in_units_needs_one_rate_as_pricing_does(pays: str, wrong: bool) -> None:
    fee = f"payment Job Fee\n  payer Council\n  payee Charity\n  for each Job Entry\n  {pays}\nend payment\n"
    text = fee + block(basis="in units")
    assert codes(text) == (["W0811", "E0521"] if wrong else [])
    made = compile_source(Source("x.sib", complete(text))).contract
    if wrong:
        with pytest.raises(Unpriceable):
            build(made, as_written(made))
    else:
        build(made, as_written(made))


def test_a_block_in_units_against_two_rates() -> None:
    (one,) = found(block(basis="in units"))
    assert (one.code, one.severity) == ("SIB0521", "error")
    assert "Job Fee pays £700 and £1,350: a unit has no single price" in one.message
    assert len(one.labels) == 2


def cap(covers: str = "payments from Council", amount: str = "£9,999", over: str = "in each year") -> str:
    return f"cap Ceiling [6]\n  covers {covers}\n  at most {amount} {over}\n  excess lost\nend cap\n"


def test_a_block_above_a_cap_that_covers_it() -> None:
    text = block() + cap(amount="«£9,999»")
    one = only("SIB0522", text)
    assert (one.severity, one.clause) == ("error", "6, cap Ceiling")
    assert one.message.startswith(
        "Upfront Block pays £10,000 on 1 April 2016, more than the £9,999 that the cap allows."
    )
    assert codes(block() + cap(amount="£10,000")) == ["W0855"]
    assert codes(block() + cap("payments by results from Council")) == []
    assert codes(block() + cap(over="in 2017/18")) == []


def test_two_blocks_above_a_cap_together() -> None:
    second = block(day="1 April 2017", against="Job Fee in 2017/18").replace("Upfront", "Second")
    assert codes(block() + second + cap(amount="£15,000")) == ["W0855"]
    told = found(block() + second + cap(amount="£15,000", over="over the contract"))
    one = next(each for each in told if each.code == "SIB0522")
    assert {each.code for each in told} == {"SIB0522", "SIB0532"}
    assert one.message.startswith(
        "2 block advances pay £20,000 on 1 April 2016 and 1 April 2017, more than the £15,000"
    )
