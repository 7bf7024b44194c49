"""Editions of the language: named or not, unknown ones, and one meaning that changed, worked by hand."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from sibdsl.diagnostics import Refused
from sibdsl.model.editions import EDITIONS, NEWEST
from sibdsl.model.fingerprint import fingerprint
from sibdsl.source import Source
from tests.docs.reading import ROOT

TEXT = """contract Tiny
  service period  1 April 2026 to 31 March 2028
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
  EDITION
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records Jobs
  one row per Job ID
  spell  from Started On to the day before Ended On, open while blank
  | column     | holds      | blank    |
  | Job ID     | identifier | rejected |
  | Person ID  | person     | rejected |
  | Started On | date       | rejected |
  | Ended On   | date       | allowed  |
end records

cohort People
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

metric Quiet End
  kind        outcome
  counts      rows of Jobs
  among       People
  not if      any day of Jobs is in the 3 months before Ended On
  dated       Started On
end metric

payment Fee [1]
  payer     Council
  payee     Provider
  for each  Quiet End
  pays      £40
end payment
"""
#: One job that ends in July, one whose end is blank, and one that another job of the person came close before.
ROWS = """Job ID,Person ID,Started On,Ended On
J1,P1,2026-04-01,2026-07-31
J2,P2,2026-05-01,
J3,P3,2026-06-01,2026-06-20
J4,P3,2026-04-01,2026-04-20
"""


@pytest.fixture
def records(tmp_path: Path) -> Path:
    (tmp_path / "jobs.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def _text(line: str) -> Source:
    return Source("tiny.sib", TEXT.replace("  EDITION\n", f"  {line}\n" if line else ""))


def _paid(line: str, records: Path, day: date) -> Fraction:
    with pipeline.pay(pipeline.load(_text(line)), records, day) as run:
        return sum((total.amount for total in run.payments.totals()), Fraction(0))


@pytest.mark.parametrize(
    ("line", "in_june", "in_december"),
    [
        (
            "language edition 1",
            40 * 3,
            40 * 3,
        ),  # J1, J2 and J4: what is there on the day decides, a blank date too
        (
            "language edition 2",
            40,
            40 * 2,
        ),  # J4 at once; J1 when its end has come; J2, whose end is blank, never
        ("", 40, 40 * 2),
    ],
)
def test_the_time_before_a_date_that_has_not_come(
    line: str, in_june: int, in_december: int, records: Path
) -> None:
    assert _paid(line, records, date(2026, 6, 30)) == in_june
    assert _paid(line, records, date(2026, 12, 31)) == in_december


def test_a_contract_that_names_none_is_read_under_the_newest(records: Path) -> None:
    day = date(2026, 6, 30)
    assert _paid("", records, day) == _paid(f"language edition {NEWEST}", records, day)


def test_it_is_in_the_fingerprint_where_it_is_written() -> None:
    names = [fingerprint(pipeline.load(_text(line)).contract) for line in ("", *_lines())]
    assert len(set(names)) == len(EDITIONS) + 1
    assert fingerprint(pipeline.load(_text(" language edition 1  -- as signed")).contract) == names[1]


def _lines() -> list[str]:
    return [f"language edition {edition}" for edition in EDITIONS]


@pytest.mark.parametrize(
    ("number", "way_out"),
    [("3", "Use a newer version of the program"), ("0", "Write the edition"), ("9,999", "Write the edition"), ("01", "Write the edition"), ("99999999999", "Write the edition")],
)  # fmt: skip
def test_an_edition_that_is_not_known(number: str, way_out: str) -> None:
    with pytest.raises(Refused) as refused:
        pipeline.load(_text(f"language edition {number}"))
    (finding,) = refused.value.found
    assert (finding.code, finding.span.line) == ("SIB0319", 7)
    assert finding.help.startswith(way_out)


def test_diff_shows_in_pounds_what_another_edition_does(
    records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = records / "tiny.sib"
    path.write_text(_text("language edition 1").text, encoding="utf-8")
    call = ["diff", str(path), "--records", str(records), "--as-of", "2026-06-30"]
    assert sib([*call, "--edition", "2"]) == 0
    shown = capsys.readouterr().out
    assert "language edition: changed" in shown
    assert "120.00" in shown
    assert "40.00" in shown
    assert sib([*call, "--edition", "1"]) == 0
    assert "The two contracts mean the same." in capsys.readouterr().out
    assert sib([*call, "--edition", "7"]) == 2
    assert "Give one of 1 or 2" in capsys.readouterr().err
    assert sib(call) == 2
    assert sib(["diff", str(path), str(path), "--edition", "1"]) == 2


def test_every_edition_is_told_in_the_reference() -> None:
    page = (ROOT / "docs" / "language" / "editions.md").read_text(encoding="utf-8")
    for edition, version in EDITIONS.items():
        assert f"| {edition} | {version} |" in page
