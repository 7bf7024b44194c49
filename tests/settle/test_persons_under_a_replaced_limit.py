"""A limit for each person that a variation replaces by itself, or whose payment it reprices, goes on: no amount changes."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.dates import long
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.examples import run
from sibdsl.source import Source

FIRST = date(2026, 4, 1)
CONTRACT = """\
contract Starts
  service period  1 April 2026 to 31 March 2028
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records Jobs
  one row per  Job
  | column     | holds  | blank    |
  | Person ID  | person | rejected |
  | Started On | date   | rejected |
end records

cohort Participants [1]
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

metric Start [2]
  kind    output
  counts  rows of Jobs
  among   Participants
  dated   Started On
end metric

"""
FEE = """\
payment Start Fee [3]
  payer     Council
  payee     Provider
  for each  Start
  pays      £{rate}
{own}end payment

"""
LIMIT = "  at most   £{most} per person {over}\n  excess    lost\n"
CAP = "cap Limit [4]\n  covers   payments from Council\n{limit}end cap\n\n"
VARIATION = """\
variation Same [Variation 1]
  varies          Starts
  agreed          {agreed}
  effective       {effective}
  stated periods  {stated}

  replace {clause}end variation

"""
OVER = ("over the contract", "in each year", "in each quarter", "in 1 April 2026 to 15 August 2026")
STATED = ("left as stated", "repriced in the next statement")


def paid(clauses: str, jobs: list[tuple[str, date]]) -> dict[date, Fraction]:
    """What is paid for each statement period, adjustments with the period that they speak of."""
    rows = "".join(f'  | "{person}" | {long(day)} |\n' for person, day in jobs)
    example = (
        f"example Of The Jobs\n  given records Jobs\n  | Person ID | Started On |\n{rows}"
        "  expect\n  | payment | pays |\n  | Start Fee | £1 |\nend example\n"
    )
    made = compile_source(Source("starts.sib", CONTRACT + clauses + example))
    outcome = run(made.contract, as_written(made.contract), made.contract.examples[0], made.terms)
    found: dict[date, Fraction] = {}
    for one in outcome.payments.priced.lines:
        days = one.line.segment.days if one.line.kind == "adjustment" else one.line.segment.statement
        found[days.start] = found.get(days.start, Fraction(0)) + one.amount
    return {day: amount for day, amount in found.items() if amount}


@settings(max_examples=4)
@given(st.data())
def test_what_replaces_itself_changes_nothing(data: st.DataObject) -> None:
    days = st.integers(0, 720).map(lambda at: FIRST + timedelta(days=at))
    jobs = data.draw(st.lists(st.tuples(st.sampled_from("PQRSTU"), days), min_size=8, max_size=24))
    limit = LIMIT.format(
        most=data.draw(st.sampled_from((100, 500, 700))), over=data.draw(st.sampled_from(OVER))
    )
    own = data.draw(st.booleans())
    fee = FEE.format(rate=300, own=limit if own else "")
    clauses = fee if own else fee + CAP.format(limit=limit)
    clause = fee if own else CAP.format(limit=limit)
    varied = VARIATION.format(
        agreed=long(data.draw(days)),
        effective=long(data.draw(days)),
        stated=data.draw(st.sampled_from(STATED)),
        clause=clause,
    )
    assert paid(clauses + varied, jobs) == paid(clauses, jobs)


@pytest.mark.parametrize("over", ["over the contract", "in each year"])
def test_what_was_paid_at_the_old_rate_has_used_the_limit_of_the_new(over: str) -> None:
    """£500 for each person; £300 in May, and of £400 in August £200 are left."""
    limit = LIMIT.format(most=500, over=over)
    varied = VARIATION.format(
        agreed="1 May 2026",
        effective="1 July 2026",
        stated="left as stated",
        clause=FEE.format(rate=400, own=limit),
    )
    jobs = [("P", date(2026, 5, 1)), ("P", date(2026, 8, 1)), ("Q", date(2026, 8, 2))]
    assert paid(FEE.format(rate=300, own=limit) + varied, jobs) == {
        date(2026, 4, 1): Fraction(300),
        date(2026, 7, 1): Fraction(200 + 400),
    }


def test_a_lower_limit_for_each_person_counts_what_was_paid_under_the_higher() -> None:
    """£500 for each person; £400 from July on: of P's £300 in August £100 are left, and none of the next."""
    cap = CAP.format(limit=LIMIT.format(most=500, over="over the contract"))
    lower = CAP.format(limit=LIMIT.format(most=400, over="over the contract"))
    varied = VARIATION.format(
        agreed="1 May 2026", effective="1 July 2026", stated="left as stated", clause=lower
    )
    jobs = [("P", date(2026, 5, 1)), ("P", date(2026, 8, 1)), ("P", date(2026, 10, 1))]
    fee = FEE.format(rate=300, own="")
    assert paid(fee + cap + varied, jobs) == {
        date(2026, 4, 1): Fraction(300),
        date(2026, 7, 1): Fraction(100),
    }
