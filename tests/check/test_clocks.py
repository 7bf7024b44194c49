"""Metrics that wait for each other, and dates against the contract's periods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.clocks import _last_start
from sibdsl.dates import Duration, Unit
from tests.check.marked import codes, found, only, underlined


def metric(
    held: str = "6 weeks", *conditions: str, dated: str = "on the day after", name: str = "Job Entry"
) -> str:
    lines = [
        f"metric {name}",
        "  kind        outcome",
        "  counts      rows of Jobs",
        "  among       Service Users",
        *(f"  only if     {one}" for one in conditions),
        f"  held        for {held} from Started On",
        f"  dated       {dated}",
        "  per person  first only, over all bands",
        "  if tied     lowest Job ID",
        "  banded by   Hours, as recorded",
        "end metric",
    ]
    return "\n".join(lines) + "\n"


FEE = "payment Again Fee\n  payer Council\n  payee Charity\n  for each Job Again\n  pays £10\nend payment\n"


def test_two_metrics_that_wait_for_each_other() -> None:
    text = (
        metric("6 weeks", "Started On is on or after «Started On of Job Again»")
        + metric("8 weeks", "Started On is after Started On of Job Entry", name="Job Again")
        + FEE
    )
    one = only("SIB0525", text)
    assert one.severity == "error"
    assert one.message == (
        "Job Entry waits for Job Again and Job Again waits for Job Entry, so none of them is ever counted."
    )
    assert [underlined(text, label.span).partition(" ")[2] for label in one.labels] == [
        "Started On of Job Entry"
    ]


def test_one_metric_that_speaks_of_another_is_no_circle() -> None:
    assert (
        codes(
            metric()
            + metric("8 weeks", "Started On is after Started On of Job Entry", name="Job Again")
            + FEE
        )
        == []
    )


def test_the_last_day_on_which_a_job_can_start() -> None:
    one = only(
        "SIB0527",
        metric("18 months").replace(
            "held        for 18 months from Started On", "«held        for 18 months from Started On»"
        ),
    )
    assert one.severity == "note"
    assert one.message == (
        "A job that starts after 30 September 2018 can no longer reach Job Entry: it is held for 18 months, and payments end "
        "on 31 March 2020."
    )
    assert one.help == "If later ones are to be paid: `payment period 1 April 2016 to 30 September 2020`."
    assert codes(metric("12 months")) == []
    assert "1 October 2018" in found(metric("18 months", dated="on the last day held"))[0].message


def test_a_start_that_must_come_early_needs_no_note() -> None:
    assert codes(metric("18 months", "Started On is before 1 October 2018")) == []


def test_nobody_can_reach_it() -> None:
    text = metric("4 years", "Started On is on or after joining date")
    assert codes(text) == ["W0526"]
    cohort = "cohort Service Users\n  rows Referrals\n  only if Referred On is in the service period\n  joins on Referred On\n  if several earliest Referred On\nend cohort\n"
    (one,) = found(text + cohort)
    assert (one.code, one.severity) == ("SIB0526", "error")
    assert one.message == (
        "Nobody can reach Job Entry: it is held for 4 years, no job that counts starts before 1 April 2016, and payments end "
        "on 31 March 2020."
    )
    chain = metric("9000 years", "Started On is on or after joining date")
    assert [one.code for one in found(chain + cohort)] == ["SIB0526"]


@pytest.mark.parametrize(
    "conditions",
    [
        ("Started On is on or after 1 May 2018", "Started On is before 1 May 2018"),
        ("1 May 2020 is on or before Started On", "Started On is in the payment period"),
        ("Started On is after 31 March 2019 and Started On is in the service period",),
    ],
)
def test_conditions_that_leave_no_day(conditions: tuple[str, ...]) -> None:
    (one,) = found(metric("6 weeks", *conditions))
    assert (one.code, one.severity, one.mark) == ("SIB0526", "error", "no day is left")


def test_a_cohort_that_nobody_can_join() -> None:
    one = only(
        "SIB0526",
        """
        «cohort Service Users [1]»
          rows        Referrals
          only if     Referred On is after 31 March 2019
          joins on    Referred On
          if several  earliest Referred On
        end cohort
        """,
    )
    assert one.message == (
        "Nobody can join Service Users: Referred On would have to be on or after 1 April 2019 and on or before 31 March 2019. "
        "New entrants join to 31 March 2019."
    )


def test_conditions_in_the_alternative_or_denied_prove_nothing() -> None:
    assert codes(metric("6 weeks", "Started On is after 1 May 2025 or Hours Per Week is at least 1")) == []
    assert codes(metric("6 weeks", "Started On is not after 1 May 2025")) == []


def test_a_result_dated_before_it_is_known() -> None:
    one = only(
        "SIB0530",
        metric(dated="«Started On»").replace("dated       «Started On»", "«dated       Started On»"),
    )
    assert one.severity == "note"


def test_examples_outside_the_payment_period() -> None:
    text = """
        example Later
          in  2016/17 quarter 1
          given
          | metric    | band     | quantity |
          | Job Entry | Under 16 | 6        |
          expect
          | payer   | pays in 2016/17 quarter 1 | pays in 2026/27 quarter 1 |
          | «Council | £4,200                    | £0»                        |
        end example
        """
    one = only("SIB0515", text)
    assert one.severity == "warning"
    assert one.message.startswith("1 April 2026 to 30 June 2026 lies outside the payment period")


@given(
    number=st.integers(1, 400),
    unit=st.sampled_from(("day", "week", "month", "year")),
    end=st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    less=st.sampled_from((0, 1)),
)
def test_the_last_start_is_the_last(number: int, unit: Unit, end: date, less: int) -> None:
    held, back = Duration(number, unit), timedelta(days=less)
    last = _last_start(held, end, back)
    assert last is not None
    assert held.after(last) - back <= end
    assert held.after(last + timedelta(days=1)) - back > end
