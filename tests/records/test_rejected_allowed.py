"""`--stop-if-rejected`: a run of which more rows are invalid than the call allows states nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.cli.app import run

CASE = Path(__file__).parents[2] / "contracts" / "mhep1"
CALL = [
    "pay",
    str(CASE / "tower_hamlets.sib"),
    "--records",
    str(CASE / "data" / "2018-q2"),
    "--as-of",
    "2018-07-31",
]


def test_the_share_of_each_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three of the nineteen jobs are invalid, 15.8%, and one of the 69 meetings."""
    out = tmp_path / "rows.csv"
    assert run([*CALL, "--stop-if-rejected", "15.7%", "--rows", str(out)]) == 2
    told = capsys.readouterr()
    assert "Tower Hamlets" not in told.out
    assert "SIB0795" in told.err
    words = " ".join(told.err.split())
    assert "3 of 19 rows of Jobs are invalid, and the call allows at most 15.7%: jobs.csv row" in words
    assert "of Engagements" not in words.partition("SIB0795")[2]
    assert out.read_text(encoding="utf-8").count(",rejected,") == 4
    assert run([*CALL, "--stop-if-rejected", "15.8%"]) == 0
    assert run([*CALL, "--stop-if-rejected", "3"]) == 0
    assert run([*CALL, "--stop-if-rejected", "2"]) == 2


@pytest.mark.parametrize("wrong", ["", "five", "-1", "101%", "2.5", "5 %%", "1e1"])
def test_what_is_no_limit(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*CALL, "--stop-if-rejected", wrong]) == 2
    assert "such as 5%" in " ".join(capsys.readouterr().err.split())
