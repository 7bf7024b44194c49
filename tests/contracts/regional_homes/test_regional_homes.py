"""The scorecard of the regional homes: published quarters, exact lines, and records written by hand."""

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from tests.contracts.records_run import Row, checks_without_a_finding, paid, refused, write

CONTRACT = Path(__file__).parents[3] / "contracts" / "regional_homes" / "regional_homes.sib"
GIVEN = ("Two Percent Line=90%", "Penalty Line=50%", "Penalty Percentage=2%")
SCORES: Row = ("area", "quarter_ended", "mark")
ATTENDANCE: Row = ("quarter_ended", "attended")
AREAS = ("Home Quality", "School Quality", "Home Outcomes", "College Outcomes")
WEIGHTS = (20, 20, 30, 20)


def quarter(ended: str, marks: tuple[str, ...], attended: str) -> tuple[list[Row], list[Row]]:
    return [(area, ended, mark) for area, mark in zip(AREAS, marks, strict=True)], [(ended, attended)]


def run(
    folder: Path, *quarters: tuple[list[Row], list[Row]], as_of: str = "2016-03-31"
) -> dict[tuple[str, str], Fraction]:
    scores = [row for one, _ in quarters for row in one]
    attendance = [row for _, one in quarters for row in one]
    write(folder, {"scores": [SCORES, *scores], "attendance": [ATTENDANCE, *attendance]})
    return paid(CONTRACT, folder, GIVEN, as_of).paid


def test_it_checks_and_its_examples_are_met(capsys: pytest.CaptureFixture[str]) -> None:
    checks_without_a_finding(CONTRACT, capsys)


def test_a_total_of_exactly_80_pays_and_what_is_only_shown_as_80_does_not(tmp_path: Path) -> None:
    found = run(
        tmp_path,
        quarter("2015-06-30", ("4", "4", "4", "4"), "80%"),  # 80 exactly: 1% of a quarter's 750,000
        quarter("2015-09-30", ("4", "4", "4", "4"), "79%"),  # 79.9, shown as 80: nothing
        quarter("2015-12-31", ("5", "5", "5", "5"), "100%"),  # 100: 2%
        quarter("2016-03-31", ("2", "2", "2", "2"), "99%"),  # 45.9: a penalty of 2%
    )
    assert found == {
        ("Bonus", "2015-04-01"): Fraction(7_500),
        ("Bonus", "2015-10-01"): Fraction(15_000),
        ("Penalty", "2016-01-01"): Fraction(15_000),
    }


def test_a_quarter_without_a_score_pays_neither_bonus_nor_penalty(tmp_path: Path) -> None:
    scores, attendance = quarter("2015-06-30", ("5", "5", "5", "5"), "100%")
    assert run(tmp_path, (scores[1:], attendance)) == {}


def test_two_marks_of_one_area_are_averaged(tmp_path: Path) -> None:
    scores, attendance = quarter("2015-06-30", ("3", "4", "4", "4"), "80%")
    # 3 and 5 are 4 on average: 80 exactly.
    found = run(tmp_path, ([*scores, ("Home Quality", "2015-05-31", "5")], attendance))
    assert found == {("Bonus", "2015-04-01"): Fraction(7_500)}


@pytest.mark.parametrize("seed", range(3))
def test_every_total_decides_as_plain_arithmetic_says(tmp_path: Path, seed: int) -> None:
    draw = Random(seed)
    ends = ("2015-06-30", "2015-09-30", "2015-12-31", "2016-03-31")
    wanted: dict[tuple[str, str], Fraction] = {}
    quarters = []
    for ended, start in zip(ends, ("2015-04-01", "2015-07-01", "2015-10-01", "2016-01-01"), strict=True):
        tenths = [draw.choice([20, 24, 36, 40, 41, 45, 50]) for _ in AREAS]
        attended = draw.randint(40, 100)
        total = sum(Fraction(one, 50) * weight for one, weight in zip(tenths, WEIGHTS, strict=True))
        total += Fraction(attended, 10)
        percent = 2 if total >= 90 else 1 if total >= 80 else 0
        if percent:
            wanted["Bonus", start] = Fraction(750_000 * percent, 100)
        if total < 50:
            wanted["Penalty", start] = Fraction(15_000)
        quarters.append(quarter(ended, tuple(f"{one // 10}.{one % 10}" for one in tenths), f"{attended}%"))
    draw.shuffle(quarters)
    assert run(tmp_path, *quarters) == wanted


def test_weights_that_do_not_add_up_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(
        CONTRACT, "| Quality Of The Home   | 20% ", "| Quality Of The Home   | 25% ", tmp_path, capsys
    )
    assert "SIB0547" in told
    assert "105%" in told


def test_a_hole_at_the_line_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(CONTRACT, "| at least 80% but less", "| more than 80% but less", tmp_path, capsys)
    assert "SIB0540" in told
    assert "Neither row holds exactly 80%" in told
