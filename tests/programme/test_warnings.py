"""What is told of a contract's records is told when it is paid with its programme."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.frame import BASE

PROGRAMME = """programme Both
  currency  GBP
  years     begin 1 April
  rounding  each line, half up, to the penny
  | contract | file    |
  | Example  | "x.sib" |
end programme
"""


def written(folder: Path, *, people: str) -> None:
    (folder / "x.sib").write_text(BASE, encoding="utf-8")
    (folder / "both.programme.sib").write_text(PROGRAMME, encoding="utf-8")
    records = folder / "records" / "example"
    records.mkdir(parents=True)
    (records / "referrals.csv").write_text(f"person_id,referred_on\n{people}", encoding="utf-8")
    (records / "jobs.csv").write_text(
        "job_id,person_id,started_on,ended_on,hours_per_week\n", encoding="utf-8"
    )


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "people", ["", "P1,2016-05-01\n", "P1,01/05/2016\nP2,2016-05-01\n", "P1,2016-05-01\nP1,2016-05-01\n"]
)
def test_the_same_is_told_alone_and_in_a_programme(
    people: str,
    form: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    written(tmp_path, people=people)
    monkeypatch.chdir(tmp_path)
    more = ["--as-of", "2016-06-30", "--strict", "--format", form]
    alone = run(["pay", "x.sib", "--records", "records/example", *more]), capsys.readouterr().err
    both = run(["pay", "both.programme.sib", "--records", "records", *more]), capsys.readouterr().err
    assert alone == both
