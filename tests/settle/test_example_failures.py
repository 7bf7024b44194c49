"""What `sib test` says of an example that fails: what was expected, what came, and where the two part."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.cli.app import run as sib
from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.examples import Outcome, matches, run
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, ROOT, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")


def outcome(example: str) -> Outcome:
    contract = compile_source(Source("x.sib", spliced(FRAME, example))).contract
    return run(contract, as_written(contract), contract.examples[0])


def example(expect: str, given_: str = "") -> str:
    given_ = given_ or (
        "  given\n  | metric    | band      | quantity |\n  | Job Start | all       | 3        |\n"
        "  | Job Kept  | Full Time | 2        |\n"
    )
    return f"example Trial\n  in 2026/27 quarter 2\n{given_}  expect\n{expect}end example\n"


def told(example_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = tmp_path / "x.sib"
    path.write_text(spliced(FRAME, example_), encoding="utf-8")
    assert sib(["test", str(path)]) == 1
    return capsys.readouterr().out


def test_how_much_they_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(example("  | payment | pays |\n  | Start Fee | £800 |\n"), tmp_path, capsys)
    assert "expected £800.00 under Start Fee, got £900.00, which is £100.00 more." in shown
    assert "3 x £300.00  Job Start  Council to Provider, clause 3, July-September 2026" in shown


def test_what_was_not_expected_is_told_with_its_period(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = example("  | payment | pays |\n  | Start Fee | £900 |\n").replace("  expect\n", "  expect all\n")
    assert "Not expected: Fund pays Provider £3,000.00 for July-September 2026 (" in told(
        text, tmp_path, capsys
    )


@pytest.mark.parametrize(
    ("heads", "cells", "part", "called"),
    [
        ("for each | band", "Job Kept | Part Time", "band", "the band"),
        ("payment | payer", "Outcome Fee | Council", "payer", "who pays"),
        ("for each | payee", "Job Start | Fund", "payee", "who is paid"),
        ("payment | for each", "Outcome Fee | Job Start", "metric", "what it is for"),
    ],
)
def test_where_a_row_parts_from_what_is_paid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], heads: str, cells: str, part: str, called: str
) -> None:
    text = example(f"  | {heads} | pays |\n  | {cells} | £1,500 |\n")
    (failure,) = outcome(text).failures
    assert failure.near[0].part == part
    assert not any(one.amount for one in failure.lines)
    assert f"Nothing is paid that fits all of the row. But for {called}, this does:" in told(
        text, tmp_path, capsys
    )


def test_another_period(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = example("  | payment | in 2026/27 quarter 3 |\n  | Start Fee | £900 |\n")
    assert "But for the period, this does:" in told(text, tmp_path, capsys)


def test_two_parts_that_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = example("  | payer | payee | for each | pays |\n  | Council | Fund | Job Kept | £1 |\n")
    assert "more than one part of the row does not fit any line" in told(text, tmp_path, capsys)


RECORDS = """\
  given records Referrals
  | Person ID | Referred On  | Eligible |
  | "P1"      | 1 April 2026 | yes      |
  | "P2"      | 1 April 2026 | no       |
  given records Jobs
  | Job ID | Person ID | Started On  | Ended On    | Hours Per Week |
  | "J1"   | "P1"      | 1 July 2026 | 5 July 2026 | 20             |
  | "J2"   | "P2"      | 1 July 2026 | blank       | 20             |
"""


def test_what_became_of_the_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = example("  | metric   | quantity |\n  | Job Kept | 2        |\n", RECORDS)
    shown = told(text, tmp_path, capsys)
    assert "expected 2 Job Kept in July-September 2026, counted 0." in shown
    assert "No Job Kept was counted in any period or band." in shown
    assert "Rows that were not used:" in shown
    assert "Referrals row 2: outside" in shown
    assert "Jobs row 2: outside" in shown
    path = tmp_path / "x.sib"
    assert sib(["test", str(path), "--format", "json"]) == 1
    (told_,) = json.loads(capsys.readouterr().out)["examples"]
    assert [(one["records"], one["row"]) for one in told_["rows_not_used"]] == [("Referrals", 2), ("Jobs", 2)]
    assert all(one["reason"] for one in told_["rows_not_used"])


def test_what_was_counted_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = example("  | metric   | band      | quantity |\n  | Job Kept | Full Time | 7        |\n")
    shown = told(text, tmp_path, capsys)
    assert "expected 7 Job Kept Full Time in July-September 2026, counted 2." in shown
    assert "2  Job Kept Full Time, July-September 2026" in shown


WHO, WHOM = st.sampled_from(("", "Council", "Fund")), st.sampled_from(("", "Provider", "Fund"))


@given(
    WHO, WHOM, st.sampled_from(("", "Job Start", "Job Kept")), st.sampled_from(("Start Fee", "Outcome Fee"))
)
def test_what_is_near_fits_but_for_one_part(payer: str, payee: str, metric: str, payment: str) -> None:
    said = {"payment": payment, "payer": payer, "payee": payee, "for each": metric}
    heads = [key for key, value in said.items() if value]
    row = " | ".join(said[key] for key in heads)
    found = outcome(example(f"  | {' | '.join(heads)} | pays |\n  | {row} | £7 |\n"))
    (failure,) = found.failures
    assert failure.expected is not None
    contract = found.payments.contract
    for near in failure.near:
        assert not any(one.amount for one in failure.lines)
        for one in near.lines:
            parts = {
                "payer": one.line.payer,
                "payee": one.line.payee,
                "for each": one.line.metric,
                "payment": one.line.payment,
            }
            odd = [key for key, value in said.items() if value and value != parts[key]]
            assert odd == ["for each" if near.part == "metric" else near.part]
            assert not matches(contract, failure.expected, one)  # type: ignore[arg-type] # an amount is expected


def test_a_value_for_each_is_asked_for_where_it_can_be_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contract = tmp_path / "essex.sib"
    text = (ROOT / "contracts" / "essex_mst" / "essex_mst.sib").read_text(encoding="utf-8")
    asked = """
example Asked
  with  Daily Rate is £100, Payment Cap is £5,000
  given records Cases
  | Person ID | Date Of Birth | Started On  |
  | "A"       | 1 June 2000   | 1 June 2013 |
  given records Placements
  | Placement ID | Person ID | Placement Code | From On     | To On       |
  | "1"          | "A"       | Q1             | 1 June 2013 | 5 June 2013 |
  given records Support
  | Person ID | Spent On    | Cost |
  | "A"       | 1 June 2013 | £0   |
  expect
  | metric        | quantity |
  | Baseline Days | 91.3     |
end example
"""
    contract.write_text(text + asked, encoding="utf-8")
    assert sib(["test", str(contract)]) == 1
    assert "use `--set` or `--parameters`" in capsys.readouterr().out
    # Tracked from 1 June 2013 to 30 November 2015: 913 days, of which a tenth is expected in care.
    assert sib(["test", str(contract), "--set", "Baseline Share By Age=13: 10%"]) == 0
