"""South Carolina's levels and netting, from determinations written by hand."""

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from tests.contracts.records_run import Row, checks_without_a_finding, paid, refused, write

CONTRACT = Path(__file__).parents[3] / "contracts" / "south_carolina" / "south_carolina.sib"
FINDINGS: Row = ("measure", "found_on", "measured_at")
NAMES = {
    "Preterm": "preterm births down", "Spacing": "healthy spacing up", "Injury": "child injuries down",
    "Reach": "low income share",
}  # fmt: skip
FULL = {"Preterm": 1_000_000, "Spacing": 2_000_000, "Injury": 3_000_000, "Reach": 4_000_000}
LEVELS = {"Preterm": ("13.5", "15"), "Spacing": ("18", "20"), "Injury": ("23.4", "26"), "Reach": ("65", "65")}


def given(netted: int = 0) -> tuple[str, ...]:
    return (*(f"{name} Full=${one}" for name, one in FULL.items()), f"Other Spending=${netted}")


def run(folder: Path, rows: list[Row], netted: int = 0) -> Fraction:
    write(folder, {"findings": [FINDINGS, *((NAMES[name], *rest) for name, *rest in rows)]})
    return paid(CONTRACT, folder, given(netted), "2022-03-31").total()


def test_it_checks_and_its_examples_are_met(capsys: pytest.CaptureFixture[str]) -> None:
    checks_without_a_finding(CONTRACT, capsys)


def test_the_latest_determination_counts(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("Preterm", "2021-06-30", "15%"),
        ("Preterm", "2021-12-31", "13.5%"),  # a later one, a level lower
        ("Spacing", "2021-06-30", "0%"),
        ("Injury", "2021-06-30", "0%"),
        ("Reach", "2021-06-30", "0%"),
    ]
    assert run(tmp_path, rows) == 900_000


def test_a_measure_without_a_determination_leaves_the_whole_unpaid(tmp_path: Path) -> None:
    assert run(tmp_path, [("Preterm", "2021-06-30", "15%")]) == 0


@pytest.mark.parametrize("seed", range(4))
def test_levels_netting_and_the_most(tmp_path: Path, seed: int) -> None:
    draw = Random(seed)
    gross = Fraction(0)
    rows: list[Row] = []
    for name, (partial, full) in LEVELS.items():
        told = draw.choice([partial, full, "0", "12.99", "19.9", "25.99", "40", "64.99"])
        effect = Fraction(told)
        gross += FULL[name] * (
            1 if effect >= Fraction(full) else Fraction(9, 10) if effect >= Fraction(partial) else 0
        )
        rows.append((name, "2021-06-30", f"{told}%"))
    netted = draw.choice([0, 123_456, 5_000_000])
    draw.shuffle(rows)
    assert run(tmp_path, rows, netted) == min(max(gross - netted, Fraction(0)), Fraction(7_500_000))


def test_the_lowest_payment_must_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(CONTRACT, "  at least  $0 over the contract\n", "", tmp_path, capsys)
    assert "SIB0541" in told
