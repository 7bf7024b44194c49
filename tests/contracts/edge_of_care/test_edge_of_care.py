"""The edge of care baseline: children worked out by hand, who is left out, and the published 56 cases a year."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.check.structure import findings
from sibdsl.cli.app import run as command
from sibdsl.compile import compile_file, compile_source
from sibdsl.measure import measure
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.set_option_and_file import settings
from sibdsl.settle.examples import run as run_example
from sibdsl.source import Source
from tests.contracts.records_run import Row, write
from tests.docs.reading import ROOT

FILE = ROOT / "contracts" / "edge_of_care" / "edge_of_care.sib"
TEXT = FILE.read_text(encoding="utf-8")
MADE = compile_file(FILE)
LAST = date(2015, 3, 31)
#: For the tests only: none of it is published.
GIVEN = ("Unit Cost By Group=1: £50, 2: £10, 3: £400, 4: £100, 5: £1", "Success Rate=50%")
HEADS = ("CHILD", "DOB", "DECOM", "DEC", "RNE", "LS", "CIN", "PLACE")


def found(folder: Path, rows: Sequence[Row], contract: Contract = MADE.contract) -> dict[str, Fraction]:
    """Every metric that the records give a quantity, over the contract."""
    write(folder, {"episodes": [HEADS, *rows]})
    totals: dict[str, Fraction] = {}
    with measure(contract, settings(contract, GIVEN), folder, LAST) as volumes:
        for one in volumes.quantities:
            totals[one.metric] = totals.get(one.metric, Fraction(0)) + one.number
    return totals


OUT_AFTER_100_DAYS = ("A", "2000-01-01", "2012-06-01", "2012-09-09", "S", "C2", "N5", "Q2")
OF_AGE_IN_YEAR_TWO = ("B", "1996-01-10", "2012-06-01", "2014-01-10", "S", "C2", "N4", "K2")
WATCHED_TOO_SHORT = ("C", "2001-05-05", "2014-06-01", "", "S", "C2", "N6", "Q1")
CHILDREN = (OUT_AFTER_100_DAYS, OF_AGE_IN_YEAR_TWO, WATCHED_TOO_SHORT)


def test_each_year_has_those_who_can_be_watched_for_all_of_it(tmp_path: Path) -> None:
    totals = found(tmp_path, CHILDREN)
    # Year 1: A 100 of 365 days, B all of them. Year 2: A alone, 100 of 730. C's first year is not over. Later: nobody.
    assert totals["Share Of Year 1"] == (Fraction(100, 365) + 1) / 2
    assert totals["Share Of Year 2"] == Fraction(100, 730)
    assert not {f"Share Of Year {year}" for year in (3, 4, 5)} & set(totals)


def test_coming_of_age_is_not_an_exit(tmp_path: Path) -> None:
    line = "  not if    end of window is on or after Eighteenth Birthday\n"
    assert TEXT.count(line) == 5
    exits = compile_source(Source("exits.sib", TEXT.replace(line, ""))).contract
    as_exit = found(tmp_path, CHILDREN, exits)["Share Of Year 2"]
    # B is in care for 588 days up to the birthday: taken for an exit, the average is more than three times as high.
    assert as_exit == (Fraction(100, 730) + Fraction(588, 730)) / 2
    assert found(tmp_path, CHILDREN)["Share Of Year 2"] < as_exit / 3


@pytest.mark.parametrize(("born", "years"), [("1996-06-01", 2), ("1996-05-31", 1)])
def test_a_birthday_after_the_last_day_leaves_the_year_whole(tmp_path: Path, born: str, years: int) -> None:
    child = ("B", born, "2012-06-01", born.replace("1996", "2014"), "S", "C2", "N4", "K2")
    totals = found(tmp_path, [child])
    assert [name for name in totals if name.startswith("Share")] == [
        f"Share Of Year {at + 1}" for at in range(years)
    ]


def test_the_returns_may_end_on_the_last_day(tmp_path: Path) -> None:
    on_the_day = ("A", "2001-01-01", "2014-04-01", "", "S", "C2", "N5", "Q2")
    a_day_late = ("B", "2001-01-01", "2014-04-02", "2014-04-03", "S", "C2", "N5", "Q2")
    assert found(tmp_path, [on_the_day, a_day_late])["Share Of Year 1"] == 1


def test_two_placements_on_one_day_are_one_day_in_care(tmp_path: Path) -> None:
    again = ("A", "2000-01-01", "2012-09-01", "2012-09-30", "P", "C2", "N5", "K2")
    assert found(tmp_path, [OUT_AFTER_100_DAYS, again])["Share Of Year 1"] == Fraction(121, 365)


# ------------------------------------------------------------------ who counts


@pytest.mark.parametrize(
    ("at", "cell"),
    [(4, "P"), (5, "V3"), (5, "V4"), (6, "N3"), (6, "N7"), (1, "2001-06-02"), (1, "1995-06-01")],
    ids=["no new period of care", "V3", "V4", "N3", "N7", "10 years old", "17 years old"],
)
def test_who_is_no_entrant(tmp_path: Path, at: int, cell: str) -> None:
    row = list(OUT_AFTER_100_DAYS)
    assert found(tmp_path, [tuple(row)])["Children Entering"] == 1
    row[at] = cell
    assert found(tmp_path, [tuple(row)])["Children Entering"] == 0


def test_who_was_in_care_the_year_before_counts_for_volumes_and_not_for_length(tmp_path: Path) -> None:
    before = ("A", "2000-01-01", "2011-01-01", "2011-06-02", "S", "C2", "N1", "Q2")
    totals = found(tmp_path, [before, OUT_AFTER_100_DAYS])
    assert totals["Children Entering"] == 1
    assert "Share Of Year 1" not in totals


def test_a_child_who_enters_twice_is_one(tmp_path: Path) -> None:
    again = ("A", "2000-01-01", "2013-06-01", "2013-07-01", "S", "C2", "N5", "Q2")
    earlier = ("A", "2000-01-01", "2011-03-01", "2011-03-10", "S", "C2", "N5", "Q2")
    assert found(tmp_path, [earlier, OUT_AFTER_100_DAYS, again])["Children Entering"] == 1


# ------------------------------------------------------------------ what it costs


def test_days_are_worth_what_their_group_costs(tmp_path: Path) -> None:
    rows = [
        ("D", "1998-01-01", "2011-03-01", "2011-09-17", "S", "C2", "N5", "Q2"),
        ("D", "1998-01-01", "2011-09-17", "2011-11-06", "P", "C2", "N5", "K2"),
        ("D", "1998-01-01", "2014-03-01", "2014-06-01", "S", "C2", "N5", "K2"),
        ("E", "1999-01-01", "2011-03-01", "2011-03-11", "S", "C2", "N6", "H5"),
        OF_AGE_IN_YEAR_TWO,
    ]
    totals = found(tmp_path, rows)
    # D: 200 days fostered at £50 and 50 in a hostel at £400, the third year over before the last row; E: 10 days at £100.
    assert totals["Care Cost"] == 30_000 + 1_000
    assert totals["Children Followed"] == 2


# ------------------------------------------------------------------ the file


def test_the_published_volume() -> None:
    values = settings(MADE.contract, GIVEN)
    for one in MADE.contract.examples:
        assert run_example(MADE.contract, values, one, MADE.terms).failures == ()
    assert "| Cases To See    | 56       |" in TEXT


def test_it_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert [
        one for one in findings(MADE.contract, settings(MADE.contract, GIVEN)) if one.severity != "note"
    ] == []
    assert command(["test", str(FILE)]) == 0
    assert command(["fmt", "--check", str(FILE)]) == 0
    capsys.readouterr()
