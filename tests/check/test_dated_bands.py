"""Bands that are stretches of days: holes, overlaps, and days that no result can have."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.model.bands_of_days import day_faults, meet
from sibdsl.model.nodes import Band, Bands, DayRange
from sibdsl.model.types import Interval
from sibdsl.pipeline.loaded import structural
from sibdsl.source import Source
from tests.check.marked import codes, only
from tests.frame import complete

METRIC = """\
metric Job Entry
  kind       outcome
  counts     rows of Jobs
  among      Service Users
  {}
  banded by  Intake, as recorded
end metric
payment Job Fee
  payer     Council
  payee     Charity
  for each  Job Entry
  pays      £700
end payment
payment Hours Fee
  payer  Council
  payee  Charity
  | for each | band | pays |
  | Weekly   | all  | £1   |
end payment
metric Weekly
  kind       outcome
  counts     rows of Jobs
  among      Service Users
  held       for 6 weeks from Started On
  dated      on the day after
  banded by  Hours, as recorded
end metric
"""
ANY_DAY = "held  for 6 weeks from Started On\n  dated  on the day after"


def intake(*rows: str, line: str = ANY_DAY) -> str:
    head = "bands Intake\n  by  Started On\n  | band | holds |\n"
    return head + "\n".join(f"  {row}" for row in rows) + "\nend bands\n" + METRIC.format(line)


@pytest.mark.parametrize(
    "rows",
    [
        ("| Early | before 1 April 2017 |", "| Late | on or after 1 April 2017 |"),
        ("| Late | after 31 March 2017 |", "| Early | on or before 31 March 2017 |"),
        ("| Early | before 1 April 2016 |", "| In | 2016/17 |", "| Late | on or after 1 April 2017 |"),
    ],
)
def test_every_day_once_is_sound(rows: tuple[str, ...]) -> None:
    assert codes(intake(*rows)) == []


def test_a_day_between_two() -> None:
    one = only("SIB0501", intake("| Early | before 1 April 2017 |", "| Late | «after 1 April 2017» |"))
    assert one.message == (
        "No band of Intake holds 1 April 2017. A result of Job Entry whose Started On is 1 April 2017 would be counted in no "
        "band, and paid nothing."
    )
    assert one.help == (
        "Let Early hold `before 2 April 2017`, or let Late hold `on or after 1 April 2017`; or add a row for what no band holds."
    )


def test_days_before_the_first_and_after_the_last() -> None:
    assert codes(intake("| First | 2016/17 |", "| Second | 2017/18 |")) == ["E0501", "E0501"]
    one = only("SIB0501", intake("| First | «2016/17» |", "| Second | on or after 1 April 2017 |"))
    assert one.message.startswith("No band of Intake holds days before 1 April 2016.")


def test_a_day_in_two() -> None:
    one = only(
        "SIB0502", intake("| Early | on or before 1 April 2017 |", "| Late | «on or after 1 April 2017» |")
    )
    assert one.message.startswith("Early and Late both hold 1 April 2017.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        # The payment period of the contract is 1 April 2016 to 31 March 2020, its service period ends a year earlier.
        ("dated  Started On", []),
        ("dated  Started On\n  only if  Started On is on or after 1 April 2017", ["W0503"]),
        ("dated  Started On\n  within  the service period", ["W0503"]),
        (ANY_DAY, ["E0501"]),
        (f"{ANY_DAY}\n  only if  Started On is in the payment period", []),
        (f"{ANY_DAY}\n  only if  Started On is on or after joining date", ["E0501"]),
    ],
)
def test_days_that_no_result_can_have_need_no_band(line: str, said: list[str]) -> None:
    years = ("| A | 2016/17 |", "| B | 2017/18 |", "| C | 2018/19 |", "| D | 2019/20 |")
    assert codes(intake(*years, line=line)) == said


def test_nobody_joined_before_the_first_year() -> None:
    cohort = """\
cohort Service Users
  rows        Referrals
  only if     Referred On is in the service period
  joins on    Referred On
  if several  earliest Referred On
end cohort
"""
    years = ("| A | 2016/17 |", "| B | 2017/18 |", "| C | 2018/19 |", "| D | 2019/20 |")
    line = f"{ANY_DAY}\n  only if  Started On is on or after joining date"
    assert codes(cohort + intake(*years, line=line)) == []


def test_a_variation_that_moves_the_end_opens_a_hole() -> None:
    years = ("| A | 2016/17 |", "| B | 2017/18 |", "| C | 2018/19 |", "| D | 2019/20 |")
    sound = intake(*years, line="dated  Started On")
    longer = """\
variation Longer
  agreed          1 March 2019
  effective       1 April 2019
  varies          Example
  stated periods  left as stated
  payment period now ends 31 March 2021
end variation
"""
    assert codes(sound) == []
    (finding,) = structural(pipeline.load(Source("x.sib", complete(sound + longer))))
    assert finding.code == "SIB0501"
    assert finding.message.startswith("No band of Intake holds 1 April 2020 to 31 March 2021.")


FIRST = date(2017, 1, 1)
DAYS = [FIRST + timedelta(days=at) for at in range(9)]
ENDS = st.one_of(st.none(), st.sampled_from(DAYS[1:8]))


@st.composite
def stretches(draw: st.DrawFn) -> DayRange:
    first, last = draw(ENDS), draw(ENDS)
    return DayRange(last, first) if first and last and last < first else DayRange(first, last)


def holds(days: DayRange, day: date) -> bool:
    return (days.first is None or days.first <= day) and (days.last is None or day <= days.last)


@given(st.lists(stretches(), min_size=1, max_size=4), stretches())
def test_faults_are_the_days_that_no_band_or_two_hold(held: list[DayRange], whole: DayRange) -> None:
    rows = Bands(
        "Intake", "", "On", tuple(Band(f"B{at}", Interval(), days=days) for at, days in enumerate(held))
    )
    faults = day_faults(rows, whole)
    for day in DAYS:
        if not holds(whole, day):
            continue
        count = sum(holds(days, day) for days in held)
        assert any(holds(fault.days, day) for fault in faults if fault.kind == "gap") == (count == 0), day
        assert any(holds(fault.days, day) for fault in faults if fault.kind == "overlap") == (count > 1), day
    assert all(fault.days == meet(fault.days, whole) for fault in faults)


@given(stretches(), stretches())
def test_what_two_stretches_share(one: DayRange, other: DayRange) -> None:
    both = meet(one, other)
    for day in DAYS:
        assert (both is not None and holds(both, day)) == (holds(one, day) and holds(other, day))
