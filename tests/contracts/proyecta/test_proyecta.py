"""Proyecta: interim results at the published prices, what waits until the ordinary outcomes are met, and the limits."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from tests.contracts.records_run import checks_without_a_finding, paid, proved, write
from tests.docs.reading import ROOT

CONTRACT = ROOT / "contracts" / "proyecta" / "proyecta.sib"
HEAD = (
    "Person ID",
    "Joined On",
    "Very Vulnerable",
    "Trained On",
    "Employed On",
    "Kept 4 Months On",
    "Kept 12 Months On",
)
TARGETS = ("Trained Target=96", "Employed Target=250", "Kept Target=150")
MET = ("Trained Target=96", "Employed Target=250", "Kept Target=141")


def people(trained: int, employed: int, four: int, twelve: int, later: int = 0) -> list[tuple[str, ...]]:
    """So many outcomes of spring 2018; and `later` people kept for four months in the autumn of 2019."""
    day = "2018-03-01"
    rows = [
        (
            f"P{at}",
            "2018-01-02",
            "no",
            *(day if at < number else "" for number in (trained, employed, four, twelve)),
        )
        for at in range(max(trained, employed, four, twelve))
    ]
    rows += [(f"L{at}", "2018-01-02", "yes", "", "", "2019-10-01", "") for at in range(later)]
    return [HEAD, *rows]


def run(
    folder: Path, rows: list[tuple[str, ...]], given: tuple[str, ...], expansions: int = 0
) -> dict[tuple[str, str], Fraction]:
    made = [(f"E{at}", str(date(2018, 4, 1) + timedelta(days=at))) for at in range(expansions)]
    write(folder, {"young_people": rows, "expansions": [("Expansion ID", "Made On"), *made]})
    return paid(CONTRACT, folder, given, "2021-12-31").paid


def test_it_checks_without_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    checks_without_a_finding(CONTRACT, capsys)


def test_interim_results_at_the_published_prices(tmp_path: Path) -> None:
    first = "2018-01-01"
    found = run(tmp_path, people(96, 254, 141, 22), TARGETS)
    assert found == {
        ("Training Payment", first): 96 * 12_635,
        ("Work Payment", first): 254 * 42_116,
        ("Four Month Payment", first): 141 * 84_234,
    }
    assert run(tmp_path, people(96, 254, 141, 22), MET)["Extraordinary Payment", first] == 22 * 48_471


def test_what_waited_is_paid_in_the_quarter_in_which_the_last_outcome_is_met(tmp_path: Path) -> None:
    found = run(tmp_path, people(96, 254, 141, 22, later=9), TARGETS)
    waited = {key: amount for key, amount in found.items() if key[0] == "Extraordinary Payment"}
    assert waited == {("Extraordinary Payment", "2019-10-01"): 22 * 48_471}
    assert found["Four Month Payment", "2019-10-01"] == 9 * 117_928
    assert not [
        key
        for key in run(tmp_path, people(96, 254, 141, 22, later=8), TARGETS)
        if key[0] == "Extraordinary Payment"
    ]


def test_each_group_of_lines_has_its_limit(tmp_path: Path) -> None:
    """40% of 48.4m is 19.36m; 70% is 33.88m; all of it together at most 48.4m."""
    found = run(tmp_path, people(2_000, 500, 500, 0), MET, expansions=30)
    total = dict.fromkeys(
        ("Training Payment", "Work Payment", "Four Month Payment", "Expansion Payment"), Fraction(0)
    )
    for (name, _), amount in found.items():
        total[name] += amount
    assert total["Training Payment"] <= 19_360_000
    assert total["Work Payment"] <= 19_360_000
    assert total["Four Month Payment"] + total["Expansion Payment"] <= 33_880_000
    assert sum(total.values()) == 48_400_000


@pytest.mark.parametrize("rule", ["Nothing Extraordinary Before", "Never More Than The Whole"])
def test_its_rules_are_proved(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert proved(CONTRACT, rule, TARGETS, capsys)
