"""Shares and multipliers that make more of an amount than the whole of it."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.check.marked import codes, found, only

FEE = """
    payment Job Fee
      payer  Council
      payee  Charity
      {}
      | for each  | band     | pays   |
      | Job Entry | Under 16 | {} |
      | Job Entry | From 16  | £1,350 |
    end payment
    """


def test_a_share_above_the_whole_is_told_in_money() -> None:
    one = only("SIB0801", FEE.format("", "«800% of £4,000»"))
    assert one.message == "800% is more than the whole of what it is a share of. 800% of £4,000 is £32,000."
    assert one.help.startswith("If a part is meant, write it below 100%, such as `80%`.")


@given(st.integers(1, 400))
def test_only_shares_above_the_whole_are_told(percent: int) -> None:
    assert codes(FEE.format("", f"{percent}% of £1,000")) == (["W0801"] if percent > 100 else [])


def test_a_plain_number_for_a_share() -> None:
    (one,) = found(FEE.format("multiplied by 80", "£700"))
    assert (one.code, one.message) == (
        "SIB0802",
        "The plain number 80 multiplies what is paid: £700 becomes £56,000.",
    )
    for factor in ("80%", "5/6", "1.05"):
        assert codes(FEE.format(f"multiplied by {factor}", "£700")) == []


def test_the_share_offered_is_the_one_with_its_point_moved() -> None:
    for share in (Fraction(150), Fraction(2500)):
        (one,) = found(FEE.format("", f"{share}% of £100"))
        assert f"`{'15%' if share == 150 else '25%'}`" in one.help
