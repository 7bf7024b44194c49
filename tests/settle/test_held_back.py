"""What a run says of sums that are held back: what is kept so far, the line of what is paid at last, and of whom."""

from datetime import date
from pathlib import Path

import pytest

from sibdsl.cli.app import run as sib
from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.run import pay, price_quantities, volumes_by_key
from sibdsl.source import Source
from tests.frame import complete

TEXT = complete("""
metric Job Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only
end metric

payment Start Fee [4]
  payer      Council
  payee      Charity
  for each   Job Start
  pays       £10
  held back  until Job Entry is at least 3 over the contract
end payment
""")
VARIED = """
variation Later
  varies     Example
  agreed     1 January 2017
  effective  1 January 2017
  stated     periods left as stated
  {change}
end variation
"""
REPLACED = """replace payment Start Fee [4]
    payer     Council
    payee     Charity
    for each  Job Start
    pays      £20
  end payment"""
FILES = {
    "referrals": "Person ID,Referred On\nP1,2016-04-01\nP2,2016-04-02\nP3,2016-04-02\n",
    "jobs": (
        "Job ID,Person ID,Started On,Ended On,Hours Per Week\n"
        "J1,P1,2016-05-01,,20\nJ2,P2,2016-08-01,,20\nJ3,P3,2017-02-01,,20\n"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "contract.sib").write_text(TEXT, encoding="utf-8")
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def said(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert sib([words[0], str(folder / "contract.sib"), "--records", str(folder), *words[1:]]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_records_and_the_quantities_that_they_make_pay_the_same(folder: Path) -> None:
    contract = compile_source(Source("contract.sib", TEXT)).contract
    for as_of in (date(2016, 12, 31), date(2017, 3, 31), date(2020, 3, 31)):
        outcome = pay(contract, as_written(contract), folder, as_of)
        with outcome.volumes:
            counts = volumes_by_key(outcome.volumes)
            mine = [(one.id, one.line, one.amount) for one in outcome.payments.lines]
            held = outcome.payments.held_back
        priced = price_quantities(contract, as_written(contract), counts, as_of)
        assert [(one.id, one.line, one.amount) for one in priced.lines] == mine
        assert priced.held_back == held


def test_what_is_kept_is_told_until_it_is_paid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(folder, capsys, "pay", "--as-of", "2016-12-31")
    assert (
        "Held back of Start Fee by then, to be paid when its condition is met: £20.00, Council to Charity."
        in told
    )
    told = said(folder, capsys, "pay", "--as-of", "2017-03-31", "--lines")
    assert "Held back of Start Fee" not in told
    assert "held back before, paid now £20.00" in told


def test_the_line_says_of_what_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contract = compile_source(Source("contract.sib", TEXT)).contract
    outcome = pay(contract, as_written(contract), folder, date(2017, 3, 31))
    with outcome.volumes:
        line = next(one.id for one in outcome.payments.lines if one.line.kind == "released")
    told = said(folder, capsys, "explain", "--as-of", "2017-03-31", "--line", line)
    assert "Start Fee is held back until Job Entry is at least 3 over the contract: met" in told
    assert "£10.00 Job Start, April-June 2016 £10.00 Job Start, July-September 2016" in told


def test_a_person_whose_result_waits_is_told_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(folder, capsys, "explain", "--as-of", "2016-12-31", "--person", "P1")
    assert "held back under Start Fee until its condition is met" in told


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        # £10 and £10 of 2016 are paid in the first quarter that the other clause rules, with its own £20
        (REPLACED, [("2017-01-01", "payment", 20), ("2017-01-01", "released", 20)]),
        # the clause is gone: what it kept is paid when the third job is kept, and nothing of 2017 is earned
        ("remove payment Start Fee", [("2017-01-01", "released", 20)]),
    ],
)
def test_a_variation_loses_nothing_that_was_kept(
    folder: Path, change: str, wanted: list[tuple[str, str, int]]
) -> None:
    varied = Source("later.sib", VARIED.format(change=change))
    made = compile_source(Source("contract.sib", TEXT), (varied,))
    contract = made.terms(as_written(made.contract))
    outcome = pay(contract, as_written(contract), folder, date(2017, 6, 30))
    with outcome.volumes:
        found = [
            (str(one.line.segment.days.start), one.line.kind, one.amount)
            for one in outcome.payments.lines
            if one.line.payment == "Start Fee"
        ]
    assert found == wanted
