"""Definitions that a variation takes out: what is paid before stays, and nothing may speak of one from then on."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.diagnostics import Refused
from sibdsl.source import Source

TEXT = """contract Tiny
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
  one row per Job ID
  | column     | holds      | blank    |
  | Job ID     | identifier | rejected |
  | Person ID  | person     | rejected |
  | Started On | date       | rejected |
  | Hours      | number     | rejected |
end records

cohort People
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

bands Length
  by Hours
  | band  | holds        |
  | Short | less than 16 |
  | Long  | at least 16  |
end bands

metric Job Start
  kind        output
  counts      rows of Jobs
  among       People
  dated       Started On
  banded by   Length, as recorded
end metric

workings Sums
  | step | equals                |
  | Plan | £10 times Job Started |
end workings

metric Job Started
  kind    output
  counts  rows of Jobs
  among   People
  dated   Started On
end metric

payment Fee [1]
  payer  Council
  payee  Provider
  | for each           | pays |
  | Job Start of Short | £10  |
  | Job Start of Long  | £20  |
end payment

payment Sum [2]
  payer         Council
  payee         Provider
  pays to date  Plan
  taken back    never
end payment
"""
VARIATION = """
variation No More
  varies          Tiny
  agreed          1 June 2026
  effective       1 July 2026
  stated periods  left as stated
LINES
end variation
"""
ROWS = "Job ID,Person ID,Started On,Hours\nJ1,P1,2026-04-05,20\nJ2,P2,2026-08-05,20\n"
EVERYTHING = [
    "payment Fee", "payment Sum", "workings Sums", "metric Job Start", "metric Job Started", "bands Length", "cohort People", "records Jobs",
]  # fmt: skip


def _text(removed: list[str]) -> Source:
    lines = "\n".join(f"  remove          {what}" for what in removed)
    text = TEXT.replace("  | for each           | pays |\n", "  | for each | pays |\n")
    text = text.replace("Job Start of Short | £10  ", "Job Start | £10 ").replace("  | Job Start of Long  | £20  |\n", "")  # fmt: skip
    return Source("tiny.sib", text + VARIATION.replace("LINES", lines))


def _paid(removed: list[str], folder: Path) -> Fraction:
    (folder / "jobs.csv").write_text(ROWS, encoding="utf-8")
    with pipeline.pay(pipeline.load(_text(removed)), folder, date(2026, 12, 31)) as run:
        return sum((total.amount for total in run.payments.totals()), Fraction(0))


def test_what_came_before_is_paid_as_if_only_the_payments_had_gone(tmp_path: Path) -> None:
    """One job in the first quarter: £10 of the fee and £10 of the sum. That of August comes after all of it has gone."""
    assert _paid(EVERYTHING, tmp_path) == _paid(EVERYTHING[:2], tmp_path) == 20


@pytest.mark.parametrize(
    ("kept", "speaks", "of"),
    [
        ("payment Fee", "payment Fee", "Job Start"),
        ("payment Sum", "payment Sum", "Plan of workings Sums"),
        ("workings Sums", "workings Sums", "Job Started"),
        ("metric Job Start", "metric Job Start", "Length"),
        ("cohort People", "cohort People", "Jobs"),
    ],
)
def test_what_still_speaks_of_it_is_told_with_both_places(kept: str, speaks: str, of: str) -> None:
    removed = [what for what in EVERYTHING if what != kept]
    if kept == "metric Job Start":
        removed = ["payment Fee", "bands Length"]
    with pytest.raises(Refused) as refused:
        pipeline.load(_text(removed))
    said = speaks[0].upper() + speaks[1:]
    told = [finding for finding in refused.value.found if finding.code == "SIB0478"]
    assert [finding.message for finding in told if finding.message.startswith(said)] == [
        f"{said} speaks of {of}, which variation No More removes."
    ]
    assert all(finding.labels for finding in told)


def test_what_the_variation_puts_in_place_may_not_speak_of_it_either() -> None:
    text = _text(["metric Job Start"]).text.replace(
        "end variation", "  replace payment Fee [1]\n    payer Council\n    payee Provider\n    for each Job Start\n    pays £5\n  end payment\nend variation"
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        pipeline.load(Source("tiny.sib", text))
    assert [finding.code for finding in refused.value.found] == ["SIB0478"]


@pytest.mark.parametrize(("what", "code"), [("metric Job Ended", "SIB0301"), ("bands People", "SIB0305"), ("records Job Start", "SIB0305")])  # fmt: skip
def test_what_is_not_there_cannot_be_removed(what: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        pipeline.load(_text([what]))
    assert code in [finding.code for finding in refused.value.found]
