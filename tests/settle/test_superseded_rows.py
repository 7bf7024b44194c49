"""Superseded rows where people meet them: the statement, its JSON, `--rows`, an explanation; and the stop for invalid rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.measure.slow_versions import text

JOBS = """job_id,site,client_id,begun,ended,hours,version,told_on
J1,1,C1,2026-05-01,,20,,2026-05-02
J1,1,C1,2026-05-01,2026-05-06,20,,2026-06-02
J2,1,C1,2026-07-01,2026-07-02,101,,2026-07-02
"""


@pytest.fixture
def call(tmp_path: Path) -> list[str]:
    records = tmp_path / "records"
    records.mkdir()
    (records / "clients.csv").write_text("client_id,opened_on\nC1,2026-04-01\n")
    (records / "jobs.csv").write_text(JOBS)
    contract = tmp_path / "c.sib"
    contract.write_text(text((("latest", "Told On"),), (), until_next=False))
    return [str(contract), "--records", str(records), "--as-of", "2026-09-30"]


def test_the_statement_and_its_json_count_them(call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pay", *call]) == 0
    assert "Jobs: 3 rows = 1 used + 1 superseded + 1 rejected" in capsys.readouterr().out.replace(
        "invalid", "rejected"
    )
    assert run(["pay", *call, "--format", "json"]) == 0
    assert '"superseded": 1' in json.dumps(json.loads(capsys.readouterr().out))


def test_rows_name_the_row_that_stands(call: list[str], tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    assert run(["pay", *call, "--rows", str(file)]) == 0
    with file.open(encoding="utf-8", newline="") as stream:
        jobs = [row for row in csv.DictReader(stream) if row["source"] == "jobs.csv"]
    assert [(row["status"], row["of_row"]) for row in jobs] == [
        ("superseded", "2"),
        ("used", ""),
        ("rejected", ""),
    ]


def test_an_explanation_says_which_row_stands(call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *call, "--person", "C1"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "superseded: row 2 stands instead: same Job ID and Site, latest Told On" in said


def test_too_many_invalid_rows_end_with_status_2(call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    contract = Path(call[0])
    limited = contract.read_text().replace(
        "  known on     Told On", "  invalid rows  at most 10%\n  known on     Told On"
    )
    contract.write_text(limited)
    assert run(["pay", *call]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    said = " ".join(told.err.split())
    assert (
        "1 of 3 rows of Jobs is invalid, and the contract allows at most 10%: jobs.csv row 3: Hours is 101"
        in said
    )
