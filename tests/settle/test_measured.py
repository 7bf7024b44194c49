"""What was measured in a run is told, and that on which nothing is paid."""

from datetime import date
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from sibdsl.settle.measured import nothing_paid_on
from sibdsl.source import Source

TEXT = """\
contract Starts
  service period  1 April 2026 to 31 March 2027
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
  | Hours      | hours  | rejected |
end records

cohort People [1]
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

bands Hours
  by  Hours
  | band | holds             |
  | Few  | less than 16 hours |
  | Many | at least 16 hours  |
end bands

metric Start [2]
  kind       outcome
  counts     rows of Jobs
  among      People
  dated      Started On
  banded by  Hours, as recorded
end metric

metric Joined [3]
  kind    output
  counts  people
  among   People
  dated   Started On
end metric

payment Start Fee [4]
  payer     Council
  payee     Provider
  for each  Start
  | band | pays |
  | Many | £10  |
end payment
"""
RECORDS = """\
Person ID,Started On,Hours
P1,2026-04-10,10
P1,2026-05-10,20
P2,2026-06-10,12
P3,2026-08-01,12
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "starts.sib").write_text(TEXT, encoding="utf-8")
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "jobs.csv").write_text(RECORDS)
    return tmp_path / "starts.sib", tmp_path / "records"


def test_what_nothing_is_paid_on_is_told_by_band(files: tuple[Path, Path]) -> None:
    ready = pipeline.load(Source("starts.sib", TEXT))
    with pipeline.pay(ready, files[1], date(2026, 9, 30)) as paid:
        found = nothing_paid_on(paid.payments.runs[0])
    assert [(one.what, one.in_all, [said for _, said in one.periods]) for one in found] == [
        ("Start, Few", "3", ["2", "1"]),
        ("Joined", "3", ["2", "1"]),
    ]


def test_it_stands_in_the_text_of_pay(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    call = ["pay", str(files[0]), "--records", str(files[1]), "--as-of", "2026-09-30"]
    assert sib(call) == 0
    text = capsys.readouterr().out
    assert "Measured, and nothing is paid on it\n  Start, Few: 3 in all, 1 in July-September 2026\n" in text
    assert "Quantity" not in text.split("Measured, and nothing")[0].replace("Quantity x rate", "")
    assert sib([*call, "--quantities"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    at = lines.index("Measured")
    assert lines[at + 1 : at + 7] == [
        "Period Of Quantity",
        "April-June 2026 Start, Few 2",
        "Start, Many 1",
        "Joined 2",
        "July-September 2026 Start, Few 1",
        "Joined 1",
    ]
    assert lines[at + 7] == "1 other quantity is nought."


def test_where_all_is_paid_on_nothing_is_said(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    whole = TEXT.replace("  | Many | £10  |\n", "  | all | £10  |\n").replace(
        "  for each  Start\n  | band | pays |\n  | all | £10  |\n", "  for each  Start\n  pays      £10\n"
    )
    more = (
        whole[whole.index("payment Start Fee") :]
        .replace("Start Fee [4]", "Joining [5]")
        .replace("for each  Start", "for each  Joined")
    )
    files[0].write_text(whole + "\n" + more, encoding="utf-8")
    assert sib(["pay", str(files[0]), "--records", str(files[1]), "--as-of", "2026-09-30"]) == 0
    assert "nothing is paid" not in capsys.readouterr().out
