"""Evidence and answers in business days, on the engine: against a count day by day, and beyond the table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.measure import measure_rows
from sibdsl.model.business_days import business_days
from sibdsl.model.nodes import Contract, ExampleRecords
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source

TEXT = """\
contract Answers
  service period 1 April 2026 to 31 March 2028
  currency GBP
  years begin 1 April
  statements quarterly
  business days weekdays not in Bank Holidays
  rounding each line, half up, to the penny
  uses "calendars/england-and-wales"
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records Starts
  one row per Start
  | column      | holds  | blank    |
  | Person ID   | person | rejected |
  | Started On  | date   | rejected |
  | Claimed On  | date   | allowed  |
  | Disputed On | date   | allowed  |
end records

cohort Starters
  rows Starts
  joins on Started On
  if several earliest Started On
end cohort

metric Claimed Start
  kind output
  counts people
  among Starters
  dated Started On
  evidenced by Claimed On, within 10 business days, deemed accepted after 5 business days, unless rejected on Disputed On
end metric

payment Fee
  payer Council
  payee Provider
  for each Claimed Start
  pays £10
end payment
"""
Rows = Sequence[tuple[str, ...]]

HEADS = ("Person ID", "Started On", "Claimed On", "Disputed On")


def contract() -> Contract:
    return compile_source(Source("answers.sib", TEXT)).contract


def counted(made: Contract, rows: Rows, as_of: date) -> set[str]:
    with measure_rows(
        made, as_written(made), [ExampleRecords("Starts", HEADS, tuple(rows))], as_of
    ) as volumes:
        return {one.person for one in volumes.claims(metric="Claimed Start", stated_only=False)}


def test_counted_day_by_day() -> None:
    made, draw = contract(), Random(13)
    days, as_of = business_days(made), date(2027, 11, 1)
    assert days is not None
    rows: list[tuple[str, ...]] = []
    wanted: set[str] = set()
    for at in range(400):
        started = date(2026, 4, 1) + timedelta(days=draw.randrange(560))
        claimed = started + timedelta(days=draw.randrange(20))
        disputed = claimed + timedelta(days=draw.randrange(12)) if draw.random() < 0.7 else None
        rows.append((f"P{at}", str(started), str(claimed), str(disputed or "")))
        in_time, answered = days.after(started, 10), days.after(claimed, 5)
        assert in_time is not None
        assert answered is not None
        rejected = disputed is not None and disputed <= min(answered, as_of)
        if claimed <= in_time and not rejected and answered <= as_of:
            wanted.add(f"P{at}")
    assert counted(made, rows, as_of) == wanted
    assert 50 < len(wanted) < 350


LATE = [("P1", "2027-12-20", "2027-12-23", "")]


def test_a_claim_beyond_the_table_stops_the_run() -> None:
    made = contract()
    # Five business days after 23 December 2027 lie in 2028, and the table ends with 2027.
    assert counted(made, LATE, date(2027, 12, 31)) == set()
    with pytest.raises(Refused) as refused:
        counted(made, LATE, date(2028, 2, 1))
    (found,) = refused.value.found
    assert found.code == "SIB0648"
    assert "31 December 2027" in found.message


def test_what_the_table_decides_stops_nothing() -> None:
    made = contract()
    answered = [
        ("P1", "2027-12-01", "2027-12-03", ""),
        ("P2", "2027-12-01", "2027-12-20", ""),
        ("P3", "2027-12-20", "", ""),
    ]
    assert counted(made, answered, date(2028, 3, 31)) == {"P1"}
