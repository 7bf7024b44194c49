"""Troubled Families: routes, years of attachment and pennies, on records written by hand."""

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from tests.contracts.records_run import Row, checks_without_a_finding, paid, refused, write

CONTRACT = Path(__file__).parents[3] / "contracts" / "troubled_families" / "troubled_families.sib"
FAMILIES: Row = (
    "family_id", "attached_on", "school_attendance", "exclusions", "anti_social_behaviour_fall",
    "youth_offending_fall", "turned_around_on", "progressed_to_work_on", "continuously_employed_on",
)  # fmt: skip
GOOD = ("90%", "1", "65%", "40%")


def family(name: str, attached: str, measures: tuple[str, ...] = GOOD, *results: str) -> Row:
    turned, progress, employed = (*results, "", "", "")[:3]
    return (name, attached, *measures, turned, progress, employed)


def test_it_checks_and_its_examples_are_met(capsys: pytest.CaptureFixture[str]) -> None:
    checks_without_a_finding(CONTRACT, capsys)


def test_each_family_comes_to_five_sixths_of_at_most_4000(tmp_path: Path) -> None:
    rows = [
        family("F1", "2012-06-01", GOOD, "2013-06-30", "2013-07-31"),  # 3,200 in 2012/13; 780 and 20
        family("F2", "2013-06-01", GOOD, "", "", "2014-01-31"),  # 2,400; 1,600
        family("F3", "2014-06-01", GOOD, "2014-10-31", "", "2014-11-30"),  # 1,600; 2,340: turned came first
        family("F4", "2014-06-01", ("85%", "1", "65%", "40%"), "2014-10-31"),  # 1,600; not over 85
        family("F5", "2014-06-01", ("90%", "3", "65%", "40%"), "2014-10-31"),  # 1,600; three exclusions
        family("F6", "2015-04-01", GOOD, "2015-04-30"),  # attached after the programme
        family("F7", "2014-06-01", ("90%", "1", "101%", "40%"), "2014-10-31"),  # no fall is of more than all
    ]
    write(tmp_path, {"families": [FAMILIES, *rows]})
    found = paid(CONTRACT, tmp_path, (), "2015-05-31")
    fee = Fraction(5, 6) * (3_200 + 2_400 + 3 * 1_600)
    results = Fraction(5, 6) * (800 + 1_600 + 2_340)
    assert abs(found.total("Attachment Fee") - fee) < Fraction(2, 100)
    assert abs(found.total("Result") - results) < Fraction(5, 100)
    assert found.rows["Families"] == {"used": 5, "outside": 1, "rejected": 1}


@pytest.mark.parametrize("number", [1, 2, 7, 4180])
def test_a_statement_is_its_exact_total_rounded_once(tmp_path: Path, number: int) -> None:
    rows = [family(f"F{one}", "2012-06-01", GOOD, "", "", "2012-06-30") for one in range(number)]
    Random(number).shuffle(rows)
    write(tmp_path, {"families": [FAMILIES, *rows]})
    pennies = Fraction(number * 4_000 * 5, 6) * 100
    assert paid(CONTRACT, tmp_path, (), "2015-05-31").total() == Fraction(int(pennies + Fraction(1, 2)), 100)


def test_a_family_is_of_the_year_in_which_it_was_first_attached(tmp_path: Path) -> None:
    twice = [
        family("F1", "2012-06-01", GOOD, "2013-06-30"),
        family("F1", "2014-06-01", GOOD, "2014-12-31"),
        family("F2", "2012-06-01", GOOD, "2012-05-31"),  # turned around before it was attached
    ]
    write(tmp_path, {"families": [FAMILIES, *twice]})
    found = paid(CONTRACT, tmp_path, (), "2015-05-31")
    assert found.total("Attachment Fee") == Fraction("5333.33")
    assert found.total("Result") == 650


def test_what_is_stated_of_a_year_stays_when_its_results_come_in(tmp_path: Path) -> None:
    for name, results in (("early", ()), ("late", ("2013-06-30",))):
        folder = tmp_path / name
        folder.mkdir()
        write(folder, {"families": [FAMILIES, family("F1", "2012-06-01", GOOD, *results)]})
        assert paid(CONTRACT, folder, (), "2013-03-31").total() == Fraction("2666.67")


def test_a_metric_stands_in_one_route(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(
        CONTRACT, "| Employed Year 1, Employed Year 2", "| Progress Year 1, Employed Year 2", tmp_path, capsys
    )
    assert "Progress Year 1" in told
