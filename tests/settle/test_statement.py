"""A statement's tables as data: worked by hand, and adding up however they are summed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from sibdsl import pipeline
from sibdsl.dates import Period
from sibdsl.settle.statement import (
    BlankMetric,
    KindSum,
    Statement,
    StatementLine,
    blank_stretches,
    programme_statement,
)
from sibdsl.source import Source

CONTRACT = """
contract Small
  service period  1 April 2026 to 31 March 2027
  payment period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      quarterly
  due             30 days after each statement
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role            |
  | Council  | commissioner    |
  | Fund     | co-commissioner |
  | Provider | provider        |
end parties

records Jobs
  one row per  Job
  | column     | holds      | blank    |
  | Job ID     | identifier | rejected |
  | Started On | date       | rejected |
end records

metric Start
  kind    output
  counts  rows of Jobs
  dated   Started On
end metric

payment Fee [2]
  payer     70% Council, the rest Fund
  payee     Provider
  for each  Start
  pays      £100
end payment

cap Most [3]
  covers   payments from Council
  at most  £200 over the contract
  excess   lost
end cap

scenario Plan
  | metric | in 2026/27 quarter 1 | in 2026/27 quarter 2 |
  | Start  | 2                    | 3                    |
end scenario
"""
Q1, Q2 = Period(date(2026, 4, 1), date(2026, 7, 1)), Period(date(2026, 7, 1), date(2026, 10, 1))


def stated(day: date, *, every_line: bool = True) -> Statement:
    loaded = pipeline.load(Source("small.sib", CONTRACT))
    run = pipeline.price(loaded, pipeline.scenario(loaded, "Plan"), day)
    (statement,) = programme_statement(run, every_line=every_line).contracts
    return statement


def test_sums_by_period_for_each_payer_and_payee() -> None:
    # Council: 70% of £200 is £140, then 70% of £300 is £210, of which £60 is under the cap. Fund: £60, £90.
    table = stated(date(2026, 9, 30)).by_period
    assert table.pairs == (("Council", "Provider"), ("Fund", "Provider"))
    assert [(row.period, row.amounts, row.in_all) for row in table.rows] == [
        (Q1, (140, 60), 200),
        (Q2, (60, 90), 150),
    ]
    assert [row.due for row in table.rows] == [date(2026, 7, 30), date(2026, 10, 30)]
    assert (table.sums, table.in_all) == ((200, 150), 350)


def test_sums_by_kind_and_in_all() -> None:
    sums = stated(date(2026, 9, 30)).sums
    assert sums.kinds == (KindSum("earned", Fraction(500)), KindSum("cut by caps", Fraction(-150)))
    assert sums.in_all == 350
    assert (sums.cash, sums.net) == ((), ())


def test_lines_of_the_last_period_or_all() -> None:
    every, last = stated(date(2026, 9, 30)), stated(date(2026, 9, 30), every_line=False)
    assert every.lines[0] == StatementLine(
        "L1", "Council", "Provider", "Start", "2", "70% of 2 x £100.00", Q1, date(2026, 7, 30), Fraction(140)
    )
    assert [(row.payer, row.what, row.amount) for row in last.lines] == [
        ("Council", "Start", 210), ("Fund", "Start", 90), ("Council", "Start: cut by Most", -150),
    ]  # fmt: skip
    assert (every.whole, last.whole) == (True, False)
    assert last.lines == tuple(row for row in every.lines if row.period == Q2)
    assert sum(row.amount for row in every.lines) == every.sums.in_all == every.by_period.in_all


def test_before_a_period_has_ended_there_is_nothing() -> None:
    none = stated(date(2026, 6, 29))
    assert (none.ended, none.by_period.rows, none.lines, none.sums.in_all) == (0, (), (), 0)


def test_days_that_follow_each_other_are_one_stretch() -> None:
    later = Period(date(2027, 1, 1), date(2027, 4, 1))
    every = [("Score", "", Q1), ("Score", "", Q2), ("Score", "", later), ("Hours", "Part Time", Q2)]
    assert blank_stretches(every) == (
        BlankMetric("Score", (Period(Q1.start, Q2.end), later)),
        BlankMetric("Hours, Part Time", (Q2,)),
    )
