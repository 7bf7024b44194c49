"""Who pays whom: twice, itself, never."""

from __future__ import annotations

from tests.check.marked import codes, found, only, underlined

PARTIES = """
parties
  | party   | role            |
  | Council | commissioner    |
  | Charity | provider        |
  | Fund    | co-commissioner |
end parties
"""


def test_one_event_paid_twice_by_one_payer() -> None:
    text = """
        payment Job Bonus [2]
          payer     Council
          payee     Charity
          for each  Job Entry
          «pays      £200»
        end payment
        """
    one = only("SIB0516", text)
    assert (one.severity, one.clause) == ("warning", "2, payment Job Bonus")
    assert one.message == (
        "Council pays Charity for each Job Entry in Under 16 and From 16 under Job Fee and again under Job Bonus."
    )
    assert [underlined(text, label.span) for label in one.labels] == ["63: Job Entry | Under 16 | £700"]


def test_two_payers_or_two_payees_for_one_event_are_not_twice() -> None:
    bonus = "payment Job Bonus\n  payer {}\n  payee {}\n  for each Job Entry\n  pays £200\nend payment\n"
    assert codes(PARTIES + bonus.format("Fund", "Charity")) == []
    assert codes(PARTIES + bonus.format("Council", "Fund")) == []


def test_payers_who_follow_one_another_pay_twice_only_while_both_pay() -> None:
    bonus = (
        "payment Job Bonus\n  payer Fund to 31 March 2018, then {}, by date of result\n  payee Charity\n"
        "  for each Job Entry\n  pays £200\nend payment\n"
    )
    fee = "payment Job Fee\n  payer {} to 31 March 2018, then Fund, by date of result\n  payee Charity\n  for each Job Entry\n  pays £700\nend payment\n"
    assert codes(PARTIES + fee.format("Council") + bonus.format("Council")) == []
    (one,) = found(PARTIES + fee.format("Council") + bonus.format("Fund"))
    assert one.message.endswith(
        "under Job Fee and again under Job Bonus for results of 1 April 2018 to 31 March 2020."
    )


def test_one_row_twice() -> None:
    text = """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays   |
          | Job Entry | Under 16 | £700   |
          | Job Entry | From 16  | £1,350 |
          | «Job Entry | From 16  | £1,350» |
        end payment
        """
    one = only("SIB0517", text)
    assert one.severity == "error"
    assert [underlined(text, label.span) for label in one.labels] == ["64: Job Entry | From 16  | £1,350"]


def test_all_bands_and_one_of_them_in_either_order() -> None:
    text = """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band    | pays   |
          | Job Entry | {}      | £700   |
          | «Job Entry | {}      | £1,350» |
        end payment
        """
    for order in (("all", "From 16"), ("From 16", "all")):
        one = only("SIB0518", text.format(*order))
        assert one.severity == "error"
        assert one.message.startswith("Job Fee pays for Job Entry in all bands and again in From 16.")


def test_a_party_that_pays_itself() -> None:
    one = only(
        "SIB0528",
        PARTIES
        + """
payment Own Fee
  «payer     Council»
  payee     Council
  for each  Job Entry
  pays      £1
end payment

payment Fund Fee
  payer     Fund
  payee     Charity
  for each  Job Entry
  pays      £1
end payment
""",
    )
    assert one.message == "Council is both payer and payee here, so it would pay itself."


def test_a_payer_whose_turn_comes_in_the_run_off_is_fine() -> None:
    fee = "payment Job Fee\n  payer Council to {}, then Fund, by date of result\n  payee Charity\n  for each Job Entry\n  pays £700\nend payment\n"
    assert codes(PARTIES + fee.format("31 March 2019")) == []
