"""One result paid in two ways: in a sum too, by two metrics, by row and day; and more than the whole in shares."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sibdsl.diagnostics import Diagnostic
from tests.check.marked import with_the_frame

SUM = "payment Job Sum\n  payer {}\n  payee {}\n  pays {}\n  every quarter at the end\nend payment\n"


def told(text: str, code: str) -> list[Diagnostic]:
    return [one for one in with_the_frame(text) if one.code == code]


def test_a_fee_and_a_sum_of_the_same_result() -> None:
    (one,) = told(SUM.format("Council", "Charity", "£40 times Job Entry"), "SIB0818")
    assert one.message == (
        "Council pays Charity for Job Entry under Job Fee, for each, and again in the sum of Job Sum, which grows with it."
    )
    to_date = "payment Gain\n  payer Council\n  payee Charity\n  pays to date £50 times Job Entry\n  taken back never\nend payment\n"
    assert len(told(to_date, "SIB0818")) == 1


def test_a_sum_that_only_chooses_by_a_result_or_takes_it_off_does_not_pay_for_it() -> None:
    other = "metric Referral\n  kind input\n  counts people\n  among Service Users\n  dated Referred On\nend metric\n"
    for amount in (
        "£40 times Referral",
        "the higher of (£40 times Referral minus £10 times Job Entry and £0)",
    ):
        assert told(other + SUM.format("Council", "Charity", amount), "SIB0818") == []
    steps = "payment Bonus\n  payer Council\n  payee Charity\n  steps by Job Entry\n  every quarter at the end\n  | Job Entry | pays |\n  | less than 9 | nothing |\n  | at least 9 | £90 |\nend payment\n"
    assert told(steps, "SIB0818") == []


METRIC = "metric {0}\n  kind outcome\n  counts rows of Jobs\n  among Service Users\n  only if Hours Per Week is {1} to {2}\n  dated Started On\n  per person first only\nend metric\n"
FEE = "payment {0} Fee\n  payer Council\n  payee Charity\n  for each {0}\n  pays £10\nend payment\n"
HOURS = st.tuples(st.integers(1, 40), st.integers(1, 40)).filter(lambda ends: ends[0] < ends[1])


@given(HOURS, HOURS)
def test_two_metrics_are_told_where_some_hours_count_for_both(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    text = (
        METRIC.format("Some", *one)
        + METRIC.format("Others", *other)
        + FEE.format("Some")
        + FEE.format("Others")
    )
    both = {*range(one[0], one[1] + 1)} & {*range(other[0], other[1] + 1)}
    assert bool(told(text, "SIB0819")) == bool(both)


def test_a_part_beside_the_whole_in_one_tariff_is_a_supplement() -> None:
    tariff = "payment Fee\n  payer Council\n  payee Charity\n  | for each | pays |\n  | Some | £10 |\n  | Others | £20 |\nend payment\n"

    def of(one: tuple[int, int], other: tuple[int, int]) -> list[Diagnostic]:
        return told(METRIC.format("Some", *one) + METRIC.format("Others", *other) + tariff, "SIB0819")

    assert of((1, 40), (16, 40)) == []
    assert len(of((1, 16), (16, 40))) == 1
    assert len(of((1, 40), (1, 40))) == 1
    assert of((1, 15), (16, 40)) == []


def test_routes_keep_two_metrics_apart() -> None:
    text = (
        METRIC.format("Some", 1, 40)
        + METRIC.format("Others", 16, 40)
        + FEE.format("Some")
        + FEE.format("Others")
    )
    routes = "routes Way\n  per person one route, the first earned\n  if tied in the order below\n  | route | metrics |\n  | A | Some |\n  | B | Others |\nend routes\n"
    assert len(told(text, "SIB0819")) == 1
    assert told(text + routes, "SIB0819") == []
    one_way = routes.replace("| B | Others |", "| B | Job Entry |").replace(
        "| A | Some |", "| A | Some, Others |"
    )
    assert len(told(text + one_way, "SIB0819")) == 1


def test_milestones_of_one_row_are_no_alternatives() -> None:
    longer = (
        "metric Kept\n  kind outcome\n  counts rows of Jobs\n  among Service Users\n  only if Started On is on or after joining date\n"
        "  held for 6 months from Started On\n  dated on the day after\n  per person first only\nend metric\n"
    )
    assert told(longer + FEE.format("Kept"), "SIB0819") == []
    assert len(told(longer.replace("6 months", "6 weeks") + FEE.format("Kept"), "SIB0819")) == 1


SHARES = """
parties
  | party   | role            |
  | Council | commissioner    |
  | Charity | provider        |
  | Fund    | co-commissioner |
end parties

workings Value
  | step   | equals                 |
  | Saving | £1,000 times Job Entry |
end workings

payment Job Fee
  payer         Council
  payee         Charity
  pays to date  {}% of Saving
  taken back    never
end payment

payment Other Share
  payer         {}
  payee         Fund
  pays to date  {}% of Saving
  taken back    never
end payment
"""


@given(st.integers(1, 100), st.integers(1, 100))
def test_shares_of_one_amount_are_added_up(one: int, other: int) -> None:
    found = told(SHARES.format(one, "Council", other), "SIB0821")
    assert bool(found) == (one + other > 100)
    assert all(f"{one + other}% together" in finding.message for finding in found)


def test_who_passes_on_what_it_is_paid_shares_nothing_out_twice() -> None:
    assert told(SHARES.format(100, "Charity", 60), "SIB0821") == []
