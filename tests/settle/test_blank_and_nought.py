"""What is blank where there is nothing to measure, and what is nought: the same from records and from quantities given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.measure.slow_rows import SUMS_TEXT

FOR_EACH = "  for each  Visit Mark\n  pays      £100\n"
FLOOR = "  pays   the higher of (Visit Mark times £100 and £50)\n  every  quarter at the end\n"
DIFFERENT = SUMS_TEXT.replace("averages  Mark of Visits", "counts    different Place of Visits")
WORKED = """metric Places Seen [3]
  kind      outcome
  equals    Visit Mark plus 1
  measured  in each quarter
end metric

payment Quality"""
SHARE = """
cap Share [6]
  covers   payments under Refund
  at most  50% of payments under Quality Fee in each quarter, before this limit
  excess   lost
end cap
"""
RECORDS = {
    "people.csv": "person_id,joined_on,eligible\nA,2026-04-01,yes\n",
    "costs.csv": "person_id,spent_on,reported_on,amount,share,items\nA,2026-07-02,,250,50%,4\nA,2026-10-02,,250,50%,4\n",
    "visits.csv": "visited_on,mark,place\n2026-07-01,3,café\n",
}
GIVEN = (
    "period,metric,band,quantity\n2026-07-01,Spent,,250\n2026-10-01,Spent,,250\n2026-07-01,Visit Mark,,{}\n"
)


def lines(capsys: pytest.CaptureFixture[str], *words: str) -> dict[tuple[str, str], Fraction]:
    """What each payment comes to in each quarter, by its first day; nothing where it comes to nought."""
    assert run([*words, "--format", "json"]) == 0
    found: dict[tuple[str, str], Fraction] = {}
    for line in json.loads(capsys.readouterr().out)["lines"]:
        key = line["payment"], line["period_start"]
        found[key] = found.get(key, Fraction(0)) + Fraction(line["amount"])
    return {key: amount for key, amount in found.items() if amount}


def both_ways(
    text: str, mark: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> Mapping[tuple[str, str], Fraction]:
    """What records pay by 31 December, which is what the quantities behind them are priced at."""
    contract = folder / "c.sib"
    contract.write_text(text, encoding="utf-8")
    records = folder / "records"
    records.mkdir()
    for name, rows in RECORDS.items():
        (records / name).write_text(rows, encoding="utf-8")
    paid = lines(capsys, "pay", str(contract), "--records", str(records), "--as-of", "2026-12-31")
    given = folder / "q.csv"
    given.write_text(GIVEN.format(mark), encoding="utf-8")
    priced = lines(capsys, "price", str(contract), "--quantities", str(given), "--as-of", "2026-12-31")
    assert paid == priced
    return paid


FEE = "Quality Fee"
Q1, Q2, Q3 = "2026-04-01", "2026-07-01", "2026-10-01"


def test_an_average_of_no_rows_is_blank_and_takes_the_floor_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paid = both_ways(SUMS_TEXT.replace(FOR_EACH, FLOOR), "3", tmp_path, capsys)
    assert paid == {("Refund", Q2): 250, ("Refund", Q3): 250, (FEE, Q2): 300}


def test_different_values_of_no_rows_are_nought_and_the_floor_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paid = both_ways(DIFFERENT.replace(FOR_EACH, FLOOR), "1", tmp_path, capsys)
    assert paid == {("Refund", Q2): 250, ("Refund", Q3): 250, (FEE, Q1): 50, (FEE, Q2): 100, (FEE, Q3): 50}
    assert run(["check", str(tmp_path / "c.sib")]) == 0
    assert "SIB0629" not in capsys.readouterr().out


def test_what_is_worked_out_of_nought_is_there_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DIFFERENT.replace("payment Quality", WORKED).replace(
        "for each  Visit Mark", "for each  Places Seen"
    )
    paid = both_ways(text, "1", tmp_path, capsys)
    assert paid == {("Refund", Q2): 250, ("Refund", Q3): 250, (FEE, Q1): 100, (FEE, Q2): 200, (FEE, Q3): 100}


def test_a_limit_that_is_a_share_of_a_payment_on_a_blank_is_nought(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Quarter 2: half of 300 is 150, so 100 of 250 are lost. Quarter 3: no mark, no fee, no refund."""
    paid = both_ways(SUMS_TEXT + SHARE, "3", tmp_path, capsys)
    assert paid == {("Refund", Q2): 150, (FEE, Q2): 300}


def test_a_used_row_in_no_band_says_so_and_a_person_is_found_in_plain_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    banded = SUMS_TEXT.replace(
        "metric Spent [2]",
        "bands Sizes [2]\n  by  Amount\n  | band  | holds        |\n  | Small | less than £50 |\n"
        "  | Large | at least £50 |\nend bands\n\nmetric Costs Seen [2]\n  kind    output\n  counts  rows of Costs\n"
        "  among   Clients\n  dated   Spent On\n  banded by  Sizes, as recorded\nend metric\n\nmetric Spent [2]",
    )
    contract, records, rows = tmp_path / "c.sib", tmp_path / "records", tmp_path / "rows.csv"
    contract.write_text(banded, encoding="utf-8")
    records.mkdir()
    for name, text in RECORDS.items():
        (records / name).write_text(text.replace("A,", "Zoë,").replace(",250,", ",,", 1), encoding="utf-8")
    run_of = ["--records", str(records), "--as-of", "2026-12-31"]
    assert run(["pay", str(contract), *run_of, "--rows", str(rows)]) == 0
    assert 'used,"Amount is blank, so Costs Seen counts it in no band of Sizes",' in rows.read_text(
        encoding="utf-8"
    )
    capsys.readouterr()
    assert run(["explain", str(contract), *run_of, "--person", "Zoe\u0308\u200b"]) == 0
    assert "Amount blank" in capsys.readouterr().out
