"""Chicago's three results on records written by hand, and against a second working of the comparison."""

import json
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from sibdsl.check.rules import smallest
from sibdsl.cli.app import run
from tests.contracts.records_run import Row, checks_without_a_finding, paid, proved, refused, write

CONTRACT = Path(__file__).parents[3] / "contracts" / "chicago" / "chicago.sib"
CHILDREN: Row = ("child_id", "part_of", "enrolled_on")
TESTS: Row = ("child_id", "test", "passed", "taken_on")
YEARS: Row = ("child_id", "in_special_education", "year_ended")
READY, READING = "kindergarten readiness", "third grade reading"


def test_it_checks_and_its_examples_are_met(capsys: pytest.CaptureFixture[str]) -> None:
    checks_without_a_finding(CONTRACT, capsys)


def test_a_few_children(tmp_path: Path) -> None:
    children = [
        CHILDREN,
        ("A1", "Programme", "2014-09-02"),
        ("A2", "Programme", "2014-09-02"),
        ("A3", "Programme", "2018-06-30"),  # the last day of service
        ("A4", "Programme", "2018-07-01"),  # a day late
        *((f"B{one}", "Comparison", "2014-09-02") for one in range(1, 5)),
        ("B5", "Neither", "2014-09-02"),
    ]
    tests = [
        TESTS,
        ("A1", READY, "yes", "2015-05-20"),  # 2,900 in 2014/15
        ("A1", READY, "yes", "2016-05-20"),  # ready once and for all
        ("A2", READY, "no", "2015-05-20"),
        ("A2", READY, "yes", "2015-07-01"),  # 2,900 in 2015/16
        ("A3", READY, "yes", "2019-05-20"),  # 2,900 in 2018/19
        ("A4", READY, "yes", "2019-05-20"),
        ("B1", READY, "yes", "2015-05-20"),
        ("A1", READING, "yes", "2019-05-20"),  # 750 in 2018/19
        ("A2", READING, "", "2019-05-20"),  # nobody knows
        ("A2", "fourth grade reading", "yes", "2019-05-20"),
    ]
    years = [
        YEARS,
        # 2015/16: one of two against three of four, 25 in a hundred: half a child, 4,550
        ("A1", "no", "2016-06-15"),
        ("A2", "no", "2016-06-15"),
        ("A2", "yes", "2016-06-15"),  # one child and one year, told twice: in special education
        ("B1", "yes", "2016-06-15"),
        ("B2", "yes", "2016-06-15"),
        ("B3", "yes", "2016-06-15"),
        ("B4", "no", "2016-06-15"),
        # 2016/17: none of one against one of three: a third of a child, 3,033.33
        ("A1", "no", "2017-06-15"),
        ("A2", "", "2017-06-15"),
        ("B1", "yes", "2017-06-15"),
        ("B2", "no", "2017-06-15"),
        ("B3", "no", "2017-06-15"),
        # 2017/18: more than the comparison: nothing, and nothing is taken back
        ("A1", "yes", "2018-06-15"),
        ("B1", "no", "2018-06-15"),
        # 2018/19: nobody to compare with
        ("A1", "no", "2019-06-15"),
    ]
    write(tmp_path, {"children": children, "tests": tests, "school_years": years})
    found = paid(CONTRACT, tmp_path, (), "2031-06-30")
    assert found.paid == {
        ("Kindergarten Readiness", "2014-07-01"): 2_900,
        ("Kindergarten Readiness", "2015-07-01"): 2_900,
        ("Kindergarten Readiness", "2018-07-01"): 2_900,
        ("Third Grade Literacy", "2018-07-01"): 750,
        ("Special Education Avoided", "2015-07-01"): 4_550,
        ("Special Education Avoided", "2016-07-01"): Fraction("3033.33"),
    }
    assert found.rows["Children"] == {"used": 7, "outside": 1, "rejected": 1}
    assert found.rows["Tests"]["rejected"] == 1
    assert found.rows["School Years"] == {"used": 14, "rejected": 1}


@pytest.mark.parametrize("seed", range(5))
def test_the_yearly_maximum_holds_and_the_order_of_rows_changes_nothing(tmp_path: Path, seed: int) -> None:
    draw = Random(seed)
    children = [(f"A{one}", "Programme", "2014-09-02") for one in range(draw.choice([40, 172, 230]))]
    others = [(f"B{one}", "Comparison", "2014-09-02") for one in range(draw.randint(1, 60))]
    ready = [row[0] for row in children if draw.random() < 0.9]
    tests = [(one, READY, "yes", "2015-05-20") for one in ready]
    years = []
    expected = Fraction(0)
    for year in (2016, 2017, 2018):
        share: dict[str, Fraction] = {}
        for group, chance in ((children, 0.2), (others, 0.3)):
            special = [draw.random() < chance for _ in group]
            share[group[0][1]] = Fraction(sum(special), len(group))
            told = zip(group, special, strict=True)
            years += [(row[0], "yes" if one else "no", f"{year}-06-15") for row, one in told]
        cents = (share["Comparison"] - share["Programme"]) * len(children) * 910_000
        expected += max(Fraction(0), Fraction(int(cents + Fraction(1, 2)), 100))
    found = []
    for order in ("first", "second"):
        folder = tmp_path / order
        folder.mkdir()
        both = [*children, *others]
        for rows in (both, tests, years):
            draw.shuffle(rows)
        write(
            folder,
            {
                "children": [CHILDREN, *both],
                "tests": [TESTS, *tests],
                "school_years": [YEARS, *years],
            },
        )
        found.append(paid(CONTRACT, folder, (), "2031-06-30"))
    assert found[0] == found[1]
    assert found[0].total("Kindergarten Readiness") == min(500_000, 2_900 * len(ready))
    assert found[0].total("Special Education Avoided") == expected


def test_a_saving_that_may_be_a_loss_must_say_where_it_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(CONTRACT, "  at least  $0 in each year\n", "", tmp_path, capsys)
    assert "SIB0541" in told
    assert "payment Special Education Avoided" in told


def test_children_cannot_be_multiplied_by_a_share_in_a_payment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(
        CONTRACT, "$9,100 times Years Avoided", "$9,100 times Share Avoided times Programme Years", tmp_path, capsys
    )  # fmt: skip
    assert "SIB0487" in told
    assert "write a metric that `equals` this, and pay by it" in told


def test_a_child_is_told_what_their_years_go_into(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    children = [CHILDREN, ("A1", "Programme", "2014-09-02"), ("B1", "Comparison", "2014-09-02")]
    years = [YEARS, ("A1", "no", "2016-06-15"), ("B1", "yes", "2016-06-15")]
    write(tmp_path, {"children": children, "tests": [TESTS], "school_years": years})
    call = ["explain", str(CONTRACT), "--records", str(tmp_path), "--as-of", "2016-06-30"]
    assert run([*call, "--line", "L1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "$9,100.00 Schools pays Vehicle for Years Avoided, July 2015 - June 2016" in told
    assert "Share Avoided 100% equals Comparison Share minus Programme Share" in told
    assert run([*call, "--person", "A1"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "goes into Special Education Avoided, worked out from everybody's results together" in told
    assert "no payment is made for it" not in told


def test_a_run_says_what_is_blank_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    children = [CHILDREN, ("A1", "Programme", "2014-09-02"), ("B1", "Comparison", "2014-09-02")]
    years = [
        YEARS,
        ("A1", "no", "2016-06-15"),
        ("B1", "yes", "2016-06-15"),
        ("A1", "no", "2017-06-15"),
    ]
    write(tmp_path, {"children": children, "tests": [TESTS], "school_years": years})
    call = ["pay", str(CONTRACT), "--records", str(tmp_path), "--as-of", "2018-06-30"]
    assert run(call) == 0
    told = capsys.readouterr().out
    assert "  Programme Share: July 2014 - June 2015; July 2017 - June 2018\n" in told
    assert "  Comparison Share: July 2014 - June 2015; July 2016 - June 2018\n" in told
    assert "  Years Avoided: July 2014 - June 2015; July 2016 - June 2018\n" in told
    assert run([*call, "--format", "json"]) == 0
    blank = json.loads(capsys.readouterr().out)["blank"]
    assert {
        "period_start": "2016-07-01",
        "period_end": "2017-06-30",
        "metric": "Years Avoided",
        "band": None,
    } in blank
    assert len(blank) == 2 + 3 + 3 + 3


def test_no_quantity_passes_both_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)  # counterexamples are saved there
    monkeypatch.setattr(smallest, "MOST_TRIED", 1)  # that it is not proved is known long before one is priced
    assert proved(CONTRACT, "Never Above Both Limits", (), capsys)
    lower = tmp_path / "lower.sib"
    text = CONTRACT.read_text(encoding="utf-8")
    lower.write_text(text.replace("at most $34,500,000", "at most $34,499,999"), encoding="utf-8")
    assert not proved(lower, "Never Above Both Limits", (), capsys)


def test_the_formulas_name_both_limits_of_the_city(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "--formulas", str(CONTRACT)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert (
        "City pays Vehicle in 2014/15 = min($4,500,000, $750 x Literate In Third Grade "
        "+ min($2,900 x Ready For Kindergarten, $500,000))"
    ) in told
