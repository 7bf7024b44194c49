"""What became of every row, what is said of the day, and what all comes to: of a programme as of one contract."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.frame import BASE

NAMES = ("Example", "Other")
PROGRAMME = """programme Both
  currency  GBP
  years     begin 1 April
  rounding  each line, half up, to the penny
  | contract | file    |
  | Example  | "x.sib" |
  | Other    | "y.sib" |
end programme
"""
PEOPLE = {
    "Example": "P1,2016-05-01\nP1,2016-05-01\n=P2,01/05/2016\nP3,2016-05-02\n",
    "Other": "P1,2016-06-01\nP4,\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, file in zip(NAMES, ("x.sib", "y.sib"), strict=True):
        (tmp_path / file).write_text(BASE.replace("contract Example", f"contract {name}"), encoding="utf-8")
        records = tmp_path / "records" / name.lower()
        records.mkdir(parents=True)
        (records / "referrals.csv").write_text(f"person_id,referred_on\n{PEOPLE[name]}", encoding="utf-8")
        (records / "jobs.csv").write_text(
            "job_id,person_id,started_on,ended_on,hours_per_week\nJ1,P1,2016-06-02,,20\nJ2,P9,2016-06-02,,20\n",
            encoding="utf-8",
        )
    (tmp_path / "both.programme.sib").write_text(PROGRAMME, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_rows_are_those_of_each_contract_with_its_name(folder: Path) -> None:
    day = ["--as-of", "2016-12-31", "--format", "json"]
    both = ["pay", "both.programme.sib", "--records", "records", *day]
    assert run([*both, "--rows", "rows.csv"]) == 0
    expected = [["contract", "source", "row", "status", "reason", "of_row"]]
    for name, file in zip(NAMES, ("x.sib", "y.sib"), strict=True):
        alone = ["pay", file, "--records", f"records/{name.lower()}", *day]
        assert run([*alone, "--rows", "alone.csv"]) == 0
        expected += [[name, *row] for row in read(folder / "alone.csv")[1:]]
    assert read(folder / "rows.csv") == expected
    assert len(expected) == 1 + 4 + 2 + 2 + 2


def test_rows_never_overwrite_what_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "y.csv").symlink_to("y.sib")
    for path in ("y.csv", "both.programme.sib", "records/other/jobs.csv"):
        before = (folder / path).read_bytes()
        call = ["pay", "both.programme.sib", "--records", "records", "--as-of", "2016-12-31", "--rows", path]
        assert run(call) == 2
        assert "SIB0708" in capsys.readouterr().err
        assert (folder / path).read_bytes() == before


def test_invalid_records_are_pointed_to_and_end_a_strict_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["pay", "both.programme.sib", "--records", "records", "--as-of", "2016-12-31"]
    assert run(call) == 0
    assert "see --rows" in capsys.readouterr().out
    assert run([*call, "--rows", "rows.csv", "--strict"]) == 1
    shown = capsys.readouterr()
    assert "reasons in rows.csv" in shown.out
    assert "Left with status 1" in shown.err
    assert (folder / "rows.csv").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("more", "said"),
    [(["--as-of", "2016-12-31"], "(as given; a contract of Both)"), ([], "a contract of Both)")],
)
def test_the_day_is_said_as_of_a_contract(
    more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pay", "both.programme.sib", "--records", "records", *more]) == 0
    both = capsys.readouterr().out
    assert run(["pay", "x.sib", "--records", "records/example", *more]) == 0
    alone = capsys.readouterr().out
    assert said in both
    day = next(line for line in alone.splitlines() if line.startswith("As of "))
    assert day.partition(")")[0].removesuffix(" of Example") in both


@pytest.mark.usefixtures("folder")
def test_what_all_contracts_come_to_is_told_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    call = ["pay", "both.programme.sib", "--records", "records", "--as-of", "2016-12-31"]
    assert run([*call, "--format", "json"]) == 0
    form = json.loads(capsys.readouterr().out)
    whole = sum(Decimal(line["amount"]) for one in form["contracts"] for line in one["lines"])
    assert whole > 0
    assert run(call) == 0
    last = capsys.readouterr().out.rpartition("All contracts")[2].split()
    assert last[last.index("earned") + 1] == last[-1] == f"£{whole:,}"
