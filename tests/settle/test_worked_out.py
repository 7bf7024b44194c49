"""Sums worked out from quantities, from records to explanations: figures worked out by hand."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.compile import compile_file
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.explain import explain_line
from sibdsl.settle.explain.line_page import line_sheet
from sibdsl.settle.explain.page import Item
from sibdsl.settle.run import ContractPaid, pay
from tests.frame import complete

CLAUSES = """
metric Job Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only
end metric

metric Kept Share
  kind      outcome
  equals    Job Entry divided by Job Start
  measured  in each quarter
  shown     to the percent
end metric

scale Bonus Percentage
  by  Kept Share
  | Kept Share    | equals |
  | less than 50% | 0%     |
  | at least 50%  | 2%     |
end scale

payment Bonus
  payer  Council
  payee  Charity
  pays   Bonus Percentage times £50,000
end payment

workings Halves
  | step       | equals                  |
  | Half Share | Kept Share divided by 2 |
end workings

payment Share Fee
  payer            Council
  payee            Charity
  interpolated by  Kept Share, flat beyond the ends
  | Kept Share | pays |
  | 0%         | £0   |
  | 40%        | £100 |
  | 60%        | £200 |
end payment

payment Half Fee
  payer  Council
  payee  Charity
  pays   £40 times Half Share
end payment

payment Slab
  payer            Council
  payee            Charity
  for each         Job Start
  all-units rates  in each year
  | units   | pays |
  | first 1 | £100 |
  | further | £120 |
end payment

payment Retention Fee
  payer         Council
  payee         Charity
  for each      Job Start
  pays          £10
  paid only if  Job Entry is at least 2 in each year
end payment
"""
REFERRALS = "person_id,referred_on\nP1,2016-04-02\nP2,2016-04-02\nP3,2016-04-02\n"
JOBS = (
    "job_id,person_id,started_on,ended_on,hours_per_week\n"
    "J1,P1,2016-04-03,,20\n"  # kept six weeks on 15 May
    "J2,P2,2016-05-01,2016-05-05,20\n"  # not kept
    "J3,P3,2016-08-01,,20\n"  # kept six weeks on 12 September
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContractPaid]:
    folder: Path = tmp_path_factory.mktemp("worked")
    (folder / "contract.sib").write_text(complete(CLAUSES), encoding="utf-8")
    (folder / "referrals.csv").write_text(REFERRALS, encoding="utf-8")
    (folder / "jobs.csv").write_text(JOBS, encoding="utf-8")
    contract = compile_file(folder / "contract.sib").contract
    paid = pay(contract, as_written(contract), folder, date(2016, 12, 31))
    with paid.volumes:
        yield paid


def paid_by(run: ContractPaid, payment: str) -> dict[date, Fraction]:
    lines = [one for one in run.payments.lines if one.line.payment == payment]
    return {one.line.segment.days.start: one.amount for one in lines}


def test_what_is_paid(run: ContractPaid) -> None:
    first, second = date(2016, 4, 1), date(2016, 7, 1)
    # 1 of 2 is kept, then 1 of 1; in the third quarter nobody starts, so there is no share and nothing is paid.
    assert paid_by(run, "Bonus") == {first: Fraction(1000), second: Fraction(1000)}
    # Half way from 40% to 60%; then beyond the last point.
    assert paid_by(run, "Share Fee") == {first: Fraction(150), second: Fraction(200)}
    assert paid_by(run, "Half Fee") == {first: Fraction(10), second: Fraction(20)}
    # 2 at £120, then all 3 at £120.
    assert paid_by(run, "Slab") == {first: Fraction(240), second: Fraction(120)}
    # The second job is kept in the second quarter: only what starts from then on is paid.
    assert paid_by(run, "Retention Fee") == {second: Fraction(10)}


def test_a_share_of_nobody_is_blank(run: ContractPaid) -> None:
    shares = {
        key.segment.days.start: number for key, number in run.payments.counted() if key.metric == "Kept Share"
    }
    assert shares == {date(2016, 4, 1): Fraction(1, 2), date(2016, 7, 1): Fraction(1)}


def words_of(items: tuple[Item, ...] | list[Item]) -> Iterator[tuple[str, str]]:
    for one in items:
        yield one.lead, one.text
        yield from words_of(one.items)


@pytest.mark.parametrize(
    ("payment", "said"),
    [
        ("Bonus", ("Kept Share", "50%")),
        ("Bonus", ("Job Start", "2")),
        ("Bonus", ("row", "at least 50%: 2%")),
        ("Share Fee", ("point at or below", "40%: £100.00")),
        ("Share Fee", ("point above", "60%: £200.00")),
        ("Half Fee", ("worked out as", "Kept Share divided by 2")),
        ("Slab", ("to date", "2 by then, at £120.00 for each of them: £240.00")),
        ("Retention Fee", ("paid only if", "Job Entry is at least 2 in each year: met")),
    ],
)
def test_each_figure_of_a_line_is_explained(run: ContractPaid, payment: str, said: tuple[str, str]) -> None:
    line = next(one for one in run.payments.lines if one.line.payment == payment)
    sheet = line_sheet(explain_line(run, line.id))
    assert said in set(words_of(sheet.items))


def test_the_records_behind_a_sum_are_shown(run: ContractPaid) -> None:
    line = next(one for one in run.payments.lines if one.line.payment == "Bonus")
    facts = explain_line(run, line.id)
    shown = {each.metric.name: len(each.records) for each in facts.behind}
    assert shown == {"Job Start": 2, "Job Entry": 1}
