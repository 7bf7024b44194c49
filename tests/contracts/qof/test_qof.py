"""The Quality and Outcomes Framework: its published figures from records, the points between thresholds, both ways of the true-up."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.contracts.records_run import checks_without_a_finding, paid, refused, write
from tests.docs.reading import ROOT

CONTRACT = ROOT / "contracts" / "qof" / "qof.sib"
HEAD = ("Entry ID", "Counted On", "Indicator", "Excepted", "Treated")
AVERAGE = {
    "Point Price": "201.16", "Practice List": "9103", "Practice Prevalence": "50%", "National Prevalence": "50%",
    "Glucose Available": "74", "Pressure Available": "0", "Review Available": "0", "Last Year Achievement": "0",
}  # fmt: skip


def register(treated: int, of: int, excepted: int = 0) -> list[tuple[str, ...]]:
    rows = [(f"G{at}", "2022-03-31", "Glucose", "no", "yes" if at < treated else "no") for at in range(of)]
    return [HEAD, *rows, *((f"X{at}", "2022-03-31", "Glucose", "yes", "no") for at in range(excepted))]


def year(folder: Path, rows: list[tuple[str, ...]], **given: str) -> Fraction:
    """What the year comes to: what is owed back counts below nought."""
    write(folder, {"register": rows})
    values = {**AVERAGE, **{name.replace("_", " "): value for name, value in given.items()}}
    return paid(CONTRACT, folder, [f"{name}={value}" for name, value in values.items()], "2022-03-31").total()


def test_it_checks_without_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    checks_without_a_finding(CONTRACT, capsys)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, "14885.84"),
        ({"Practice_List": "4551.5"}, "7442.92"),
        ({"Practice_List": "18206"}, "29771.68"),
        ({"Point_Price": "227.02", "Practice_Prevalence": "30%", "Glucose_Available": "26"}, "3541.46"),
        ({"Point_Price": "227.02", "Practice_Prevalence": "70%", "Glucose_Available": "20"}, "6356.60"),
    ],
)
def test_the_published_figures(tmp_path: Path, given: dict[str, str], wanted: str) -> None:
    assert year(tmp_path, register(78, 100), **given) == Fraction(wanted)


@pytest.mark.parametrize("treated", [0, 37, 38, 39, 50, 77, 78, 79, 100])
def test_points_rise_in_a_straight_line(tmp_path: Path, treated: int) -> None:
    """201.16 x 74 x (share less 38%) / 40%, from nothing to all 74; excepted patients count nowhere."""
    share = min(max(Fraction(treated - 38, 40), Fraction(0)), Fraction(1))
    exact = Fraction("201.16") * 74 * share
    assert year(tmp_path, register(treated, 100, excepted=7)) == round(
        exact * 100 + Fraction(1, 10**9)
    ) / Fraction(100)


def test_what_was_advanced_comes_back_where_less_is_achieved(tmp_path: Path) -> None:
    """60% of 10,000.00 in twelve parts of 500.00; 58% earn 37 points, 7,442.92; 38% none."""
    assert year(tmp_path, register(58, 100), Last_Year_Achievement="10000") == Fraction("7442.92")
    write(tmp_path, {"register": register(38, 100)})
    values = [f"{name}={value}" for name, value in {**AVERAGE, "Last Year Achievement": "10000"}.items()]
    found = paid(CONTRACT, tmp_path, values, "2022-03-31")
    assert found.total("Advance") == 6000
    assert found.total("Achievement Payment") == 6000  # from Practice to Commissioner


def test_an_indicator_without_patients_takes_nothing_from_the_others(tmp_path: Path) -> None:
    assert year(tmp_path, register(78, 100), Pressure_Available="50") == Fraction("14885.84")


def test_thresholds_are_shares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(CONTRACT, "| 38%           |", "| 38            |", tmp_path, capsys)
    assert "38 is 3,800%" in told or "38%" in told
