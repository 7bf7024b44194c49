"""One timeline for each result: days that nobody pays for, and days that two pay for, against every day by brute force."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.days_of_payers import uncovered
from sibdsl.dates import long
from tests.check.marked import codes, found, only

PARTIES = """
parties
  | party   | role            |
  | Council | commissioner    |
  | Charity | provider        |
  | Fund    | co-commissioner |
end parties
"""
ROWS = "  | for each | band | pays |\n  | Job Entry | Under 16 | £700 |\n  | Job Entry | From 16 | £1,350 |\nend payment\n"
START = date(2016, 4, 1)
LAST = date(2020, 3, 31)


def fee(name: str, payer: str, starts: str = "", ends: str = "") -> str:
    lines = f"payment {name}\n  payer {payer}\n  payee Charity\n"
    return lines + (f"  starts {starts}\n" if starts else "") + (f"  ends {ends}\n" if ends else "") + ROWS


DAYS = st.integers(0, 40).map(lambda number: START + timedelta(days=number))
STRETCHES = st.tuples(DAYS, DAYS).map(lambda ends: (min(ends), max(ends)))


@given(st.lists(STRETCHES, max_size=5), STRETCHES)
def test_days_that_no_turn_holds_are_those_of_each_day(
    turns: list[tuple[date, date]], whole: tuple[date, date]
) -> None:
    def every(stretch: tuple[date, date]) -> set[date]:
        return {stretch[0] + timedelta(days=at) for at in range((stretch[1] - stretch[0]).days + 1)}

    free = every(whole) - {day for turn in turns for day in every(turn)}
    gaps = uncovered(turns, whole)
    assert {day for gap in gaps for day in every(gap)} == free
    assert all(later[0] - sooner[1] > timedelta(days=1) for sooner, later in pairwise(gaps))


@given(st.integers(200, 1200), st.integers(-60, 60))
def test_two_payers_in_turn_leave_no_day_and_share_none(after: int, apart: int) -> None:
    ends = START + timedelta(days=after)
    starts = ends + timedelta(days=1 + apart)
    text = PARTIES + fee("Job Fee", "Council", ends=long(ends)) + fee("Fund Fee", "Fund", starts=long(starts))
    told = found(text)
    assert [one.code for one in told] == ([] if not apart else ["SIB0822"] if apart > 0 else ["SIB0824"])
    if apart:
        first, last = (ends + timedelta(days=1), starts - timedelta(days=1)) if apart > 0 else (starts, ends)
        said = f"dated {long(first)}" if first == last else f"dated {long(first)} to {long(last)}"
        assert said in told[0].message


def test_the_way_out_names_both_days() -> None:
    text = (
        PARTIES
        + fee("Job Fee", "Council", ends="31 March 2018")
        + fee("Fund Fee", "Fund").replace("  payee Charity\n", "  payee Charity\n  «starts 2 April 2018»\n")
    )
    one = only("SIB0822", text)
    assert one.message == (
        "Nobody pays Charity for Job Entry dated 1 April 2018: Job Fee ends on 31 March 2018, and Fund Fee starts on 2 April 2018."
    )
    assert "`ends 1 April 2018` in Job Fee, or `starts 1 April 2018` in Fund Fee" in one.help


def test_a_late_start_or_an_early_end_is_told_and_a_time_is_not() -> None:
    assert codes(fee("Job Fee", "Council", starts="1 July 2016")) == ["N0823"]
    assert codes(fee("Job Fee", "Council", ends="30 June 2019")) == ["N0823"]
    assert codes(fee("Job Fee", "Council", starts="1 July 2016", ends="30 June 2019")) == []
    assert codes(fee("Job Fee", "Council", starts="1 April 2016")) == []
    assert codes(fee("Job Fee", "Council", ends="31 March 2020")) == []


def test_two_who_pay_side_by_side_are_not_in_turn() -> None:
    assert codes(PARTIES + fee("Job Fee", "Council") + fee("Fund Fee", "Fund")) == []
    both = fee("Job Fee", "Council", starts="1 April 2016") + fee("Fund Fee", "Fund", starts="1 April 2016")
    assert codes(PARTIES + both) == []


def test_all_bands_by_one_and_each_band_by_the_next_leave_no_day() -> None:
    whole = "payment Job Fee\n  payer Council\n  payee Charity\n  ends 31 March 2018\n  for each Job Entry\n  pays £700\nend payment\n"
    assert codes(PARTIES + whole + fee("Fund Fee", "Fund", starts="1 April 2018")) == []
    assert codes(PARTIES + whole + fee("Fund Fee", "Fund", starts="3 April 2018")) == ["W0822"]


COHORT = """
cohort Service Users
  rows        Referrals
  only if     Referred On is in the service period
  joins on    Referred On
  if several  earliest Referred On
end cohort

metric Job Entry
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  only if     Started On is on or after joining date
  within      the service period
  held        for 6 weeks from Started On
  dated       on the day after
  per person  first only, over all bands
  if tied     lowest Job ID
  banded by   Hours, as recorded
end metric
"""
#: Of those who start in the service period, 1 April 2016 to 31 March 2019: 42 days later.
FIRST_RESULT, LAST_RESULT = date(2016, 5, 13), date(2019, 5, 12)


@given(st.integers(-3, 3))
def test_a_turn_without_a_day_for_a_result(moved: int) -> None:
    change = LAST_RESULT + timedelta(days=moved)
    text = PARTIES + COHORT + fee("Job Fee", f"Council to {long(change)}, then Fund, by date of result")
    assert codes(text) == (["W0825"] if change >= LAST_RESULT else [])
    change = FIRST_RESULT + timedelta(days=moved)
    text = PARTIES + COHORT + fee("Job Fee", f"Council to {long(change)}, then Fund, by date of result")
    assert codes(text) == (["W0825"] if change < FIRST_RESULT else [])


def test_three_payers_in_turn_may_be_written_with_then_each_time() -> None:
    turns = "Council to 31 March 2017, then Fund to 31 March 2018, then Council, by date of result"
    assert (
        codes(PARTIES + fee("Job Fee", turns))
        == codes(PARTIES + fee("Job Fee", turns.replace("then Fund", "Fund")))
        == []
    )
