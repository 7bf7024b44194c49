"""The Fair Chance Fund on records written by hand, and against a second working of the limit for each person."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from sibdsl.cli.app import run
from tests.contracts.records_run import Row, checks_without_a_finding, paid, proved, refused, write

CONTRACT = Path(__file__).parents[3] / "contracts" / "fair_chance" / "fair_chance.sib"
GIVEN = ("Bid=80%", "Limit Per Person=£17,000", "Contract Limit=£1,300,000")
PEOPLE: Row = ("person_id", "date_of_birth", "care_leaver", "referred_on")
REACHED: Row = ("milestone_id", "person_id", "area", "stage", "achieved_on")

#: The published tariff in its order: area, stage, pounds.
TARIFF = [
    ("Assessment", "1st", 500), ("Assessment", "2nd", 500), ("Assessment", "3rd", 200),
    ("Accommodation", "entered", 500), ("Accommodation", "3 months", 1_500), ("Accommodation", "6 months", 1_500),
    ("Accommodation", "12 months", 1_500), ("Accommodation", "18 months", 1_500),
    ("Education", "entered", 500), ("Education", "entry level", 1_500), ("Education", "level 1", 2_500),
    ("Education", "level 2", 3_500), ("Job", "entered", 500),
    ("Part Time Work", "13 weeks", 3_000), ("Part Time Work", "26 weeks", 2_000),
    ("Full Time Work", "13 weeks", 4_500), ("Full Time Work", "26 weeks", 3_500),
    ("Volunteering", "6 weeks", 500), ("Volunteering", "13 weeks", 500),
    ("Volunteering", "20 weeks", 250), ("Volunteering", "26 weeks", 250),
]  # fmt: skip


def test_it_checks_and_its_examples_are_met(capsys: pytest.CaptureFixture[str]) -> None:
    checks_without_a_finding(CONTRACT, capsys, "SIB0894")


def test_of_several_limits_not_given_that_of_the_whole_is_named_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is needed for everything that is paid; a limit for each person only for what persons earn."""
    assert run(["show", str(CONTRACT), "--formulas"]) == 2
    assert "  Contract Limit is a particular without a default" in capsys.readouterr().err


def test_a_few_young_people(tmp_path: Path) -> None:
    people = [
        PEOPLE,
        ("P1", "1995-06-01", "no", "2015-03-02"),
        ("P2", "1997-03-03", "no", "2015-03-02"),  # 18 a day later
        ("P3", "1990-03-02", "no", "2015-03-02"),  # 25 that day
        ("P4", "1994-03-02", "yes", "2015-03-02"),  # 21, left care
        ("P5", "1994-03-03", "yes", "2015-03-02"),  # 20, left care
        ("P6", "1995-06-01", "no", "2015-12-31"),
        ("P7", "1995-06-01", "no", "2016-01-01"),  # after the first year
        ("P8", "1995-06-01", "", "2015-03-02"),  # nobody knows about care
    ]
    reached = [
        REACHED,
        ("M01", "P1", "Accommodation", "entered", "2015-03-02"),  # 400 in quarter 1
        ("M02", "P1", "Accommodation", "3 months", "2015-06-30"),  # 1,200 in quarter 2
        ("M02", "P1", "Accommodation", "3 months", "2015-06-30"),  # the same row again
        ("M03", "P1", "Accommodation", "3 months", "2015-09-01"),  # three months a second time
        ("M04", "P1", "Accommodation", "9 months", "2015-12-01"),  # not in the tariff
        ("M05", "P1", "Education", "level 1", "2015-02-28"),  # before the referral
        ("M06", "P1", "Job", "3 months", "2015-12-01"),  # no such stage of a job
        ("M07", "P2", "Accommodation", "entered", "2015-04-01"),
        ("M08", "P3", "Accommodation", "entered", "2015-04-01"),
        ("M09", "P4", "Volunteering", "20 weeks", "2015-07-01"),  # 200 in quarter 3
        ("M10", "P5", "Accommodation", "entered", "2015-04-01"),
        ("M11", "P6", "Full Time Work", "26 weeks", "2017-12-31"),  # 2,800 on the last day
        ("M12", "P6", "Full Time Work", "13 weeks", "2018-01-01"),  # a day late
        ("M13", "P7", "Accommodation", "entered", "2016-04-01"),
        ("M14", "P8", "Accommodation", "entered", "2015-04-01"),
        ("M15", "P4", "Assessment", "1st", "1/7/2015"),  # no date
    ]
    write(tmp_path, {"young_people": people, "milestones": reached})
    found = paid(CONTRACT, tmp_path, GIVEN, "2018-12-31")
    name = "Milestone Payments"
    assert found.paid == {
        (name, "2015-01-01"): 400,
        (name, "2015-04-01"): 1_200,
        (name, "2015-07-01"): 200,
        (name, "2017-10-01"): 2_800,
    }
    assert found.rows["Young People"] == {"used": 3, "outside": 4, "rejected": 1}
    assert found.rows["Milestones"]["rejected"] == 2
    assert found.rows["Milestones"]["duplicate"] == 1


@pytest.mark.parametrize("seed", range(6))
def test_nobody_earns_more_than_the_limit_and_the_order_of_rows_changes_nothing(
    tmp_path: Path, seed: int
) -> None:
    draw = Random(seed)
    limit, bid = draw.choice([0, 5_000, 17_000]), draw.choice([75, 87, 100])
    people = [(f"P{one}", "1995-06-01", "no", "2015-02-01") for one in range(5)]
    reached: list[Row] = []
    for person, *_ in people:
        for area, stage, _ in draw.sample(TARIFF, draw.randint(0, len(TARIFF))):
            day = date(2015, 2, 1) + timedelta(days=draw.randrange(0, 1_000, 100))
            reached.append((f"M{len(reached):03}", person, area, stage, day.isoformat()))
    expected = Fraction(0)
    for person, *_ in people:
        own = sum(
            rate for area, stage, rate in TARIFF for row in reached if row[1:4] == (person, area, stage)
        )
        expected += min(Fraction(own * bid, 100), Fraction(limit))
    given = (f"Bid={bid}%", f"Limit Per Person=£{limit}", "Contract Limit=£2,900,000")
    found = []
    for order in ("first", "second"):
        folder = tmp_path / order
        folder.mkdir()
        draw.shuffle(reached)
        draw.shuffle(people)
        write(folder, {"young_people": [PEOPLE, *people], "milestones": [REACHED, *reached]})
        found.append(paid(CONTRACT, folder, given, "2017-12-31"))
    assert found[0] == found[1]
    assert found[0].total() == expected


def test_a_limit_in_the_payment_must_say_whether_it_comes_before_the_discount(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(
        CONTRACT,
        "  multiplied by  Bid\n",
        "  multiplied by  Bid\n  at most        Limit Per Person over the contract\n  excess         lost\n",
        tmp_path,
        capsys,
    )
    assert "SIB0451" in told
    assert "limits before multiplying" in told


def test_no_quantity_passes_the_limit_of_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)  # counterexamples are saved there
    assert proved(CONTRACT, "Never Above The Contract Limit", GIVEN, capsys)
