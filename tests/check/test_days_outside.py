"""Days that cannot serve their clause: rules, payments, variations and investments."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sibdsl.dates import long
from tests.check.marked import codes, only

RULE = """
    rule Council Limit
      says      "The council pays at most a million."
      requires  payments from Council are at most £1,000,000
      {}
      against   every quantity
    end rule
    """


def test_a_rule_is_tested_when_something_is_paid() -> None:
    one = only("SIB0803", RULE.format("«tested    in 2034/35»"))
    assert one.message == (
        "The rule Council Limit is tested for 1 April 2034 to 31 March 2035, and payments run from 1 April 2016 to 31 March 2020: "
        "nothing is paid then, so the rule says nothing of this contract."
    )
    for tested in ("in 2016/17", "in 2019/20", "in each year", "at final account"):
        assert codes(RULE.format(f"tested {tested}")) == []


@given(st.dates(date(2014, 1, 1), date(2022, 1, 1)), st.integers(-800, 800))
def test_a_payment_that_ends_before_it_starts_pays_on_no_day(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    fee = (
        f"payment Fee\n  payer Council\n  payee Charity\n  starts {long(first)}\n  ends {long(last)}\n"
        "  pays £100\n  every year at the end, part years in full\nend payment\n"
    )
    assert ("E0804" in codes(fee)) == (last < first)


VARIED = """
variation Higher Fee
  varies          Example
  agreed          {}
  effective       {}
  stated periods  left as stated

  replace payment Job Fee
    payer  Council
    payee  Charity
    | for each  | band     | pays   |
    | Job Entry | Under 16 | £800   |
    | Job Entry | From 16  | £1,400 |
  end payment
end variation
"""


def test_a_variation_takes_effect_and_is_agreed_in_time() -> None:
    assert codes(VARIED.format("1 May 2017", "1 October 2062")) == ["W0805"]
    assert codes(VARIED.format("1 May 2017", "1 October 1962")) == ["W0805"]
    assert codes(VARIED.format("1 May 2032", "1 October 2018")) == ["W0805"]
    assert codes(VARIED.format("1 May 2017", "1 October 2016")) == []
    assert codes(VARIED.format("1 March 2020", "1 April 2016")) == []
    repriced = VARIED.replace("left as stated", "repriced in the next statement")
    assert "W0805" not in codes(repriced.format("1 May 2032", "1 October 2018"))


LOAN = """
parties
  | party   | role                              |
  | Council | commissioner                      |
  | Charity | provider, special purpose vehicle |
  | Lender  | investor                          |
end parties

investment Loan
  investor  Lender
  into      Charity
  form      loan
  pays      £50,000
  paid on   1 April 2016
  repaid    on {}
end investment
"""


def test_a_loan_is_repaid_after_it_is_paid_out() -> None:
    for day in ("31 December 2015", "31 March 2016", "1 April 2016"):
        assert codes(LOAN.format(day)) == ["E0806"]
    assert codes(LOAN.format("2 April 2016")) == []


EXTENSION = """
particulars
  | particular   | holds | default  |
  | Date Of Deed | date  | required |
end particulars

variation Longer
  varies                   Example
  agreed                   Date Of Deed
  effective                1 April 2020
  payment period now ends  31 March 2021
  stated periods           left as stated
end variation
"""


def test_an_extension_that_has_not_been_given_its_day_may_make_room() -> None:
    assert "W0805" not in codes(EXTENSION)
    assert "W0805" not in codes(EXTENSION + VARIED.format("1 May 2020", "1 October 2020"))
