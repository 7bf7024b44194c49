"""Programmes as people run them: limits, values, files of quantities, folders of records, variations."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sibdsl.cli.app import run as sib
from sibdsl.diagnostics import Refused
from sibdsl.settle.payments_to_json import to_json
from tests.programme.made import cap, lines, made, member, run, shared_cuts, total

Q1, Q2, Q3, Q4 = date(2016, 4, 1), date(2016, 7, 1), date(2016, 10, 1), date(2017, 1, 1)
ROWS = [("North", Q1, "Job", 6), ("South", Q1, "Job", 3), ("North", Q4, "Job", 6)]

GIVEN = """
particulars
  | particular       | holds | default |
  | Planned Payments | money | £2,000  |
end particulars
"""


# ------------------------------------------------------------------ limits


def test_what_is_left_out_neither_fills_the_cap_nor_is_cut(tmp_path: Path) -> None:
    caps = cap("£500 over the programme", more="leaves out  payments under South")
    with pytest.raises(Refused, match="Sooth is not defined"):
        made(tmp_path, caps.replace("South", "Sooth"))
    paid = run(made(tmp_path, caps), ROWS)
    assert {
        (one.line.contract, one.line.segment.days.start): float(one.amount) for one in shared_cuts(paid)
    } == {
        ("North", Q1): -100.0,
        ("North", Q4): -600.0,
    }


def test_a_shared_cap_in_another_currency_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"\$500 is not in the contract's currency, GBP") as told:
        made(tmp_path, cap("$500 over the programme"))
    assert [one.code for one in told.value.found] == ["SIB0435"]


def test_what_is_left_out_may_begin_on_a_day(tmp_path: Path) -> None:
    caps = cap("£1,000 over the programme", more="leaves out  payments earned on or after 1 January 2017")
    paid = run(made(tmp_path, caps), ROWS)
    assert not shared_cuts(paid)
    assert total(lines(paid)) == 1500


@pytest.mark.parametrize(("planned", "most"), [("£2,000", 760), ("£1,000", 380), ("£5,000", 800)])
def test_of_pounds_and_per_cent_the_lower_prevails(tmp_path: Path, planned: str, most: int) -> None:
    caps = cap("38% of Planned Payments over the programme") + cap(
        "£800 over the programme", name="In Pounds"
    )
    project = made(tmp_path, GIVEN + caps, pairs=(f"Planned Payments={planned}",))
    assert total(lines(run(project, ROWS))) == most


def test_a_share_of_what_it_limits_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = made(tmp_path, cap("£1 over the programme"))
    text = project.path.read_text(encoding="utf-8").replace("£1 over", "38% of payments over")
    project.path.write_text(text, encoding="utf-8")
    assert sib(["check", str(project.path)]) == 2
    assert "SIB0499" in capsys.readouterr().out


def test_a_contracts_own_cap_comes_before_the_programmes(tmp_path: Path) -> None:
    # £600 and £300 are due. North's own cap leaves £150 of its £600, the programme's £300 of £450: £100 and £200, pro
    # rata. The programme's first would leave £200 and £100, and North's own then £150.
    own = (
        "cap Own\n  covers   payments from Fund\n  at most  £150 over the contract\n  excess   lost\nend cap"
    )
    project = made(tmp_path, cap("£300 over the programme"), {"North": member("North", more=own)})
    every = lines(run(project, ROWS[:2]))
    paid = {name: total([one for one in every if one.line.contract == name]) for name in ("North", "South")}
    assert paid == {"North": 100, "South": 200}


def test_a_narrower_shared_cap_comes_before_a_contracts_own(tmp_path: Path) -> None:
    # £600 are due from the fund and £240 from the council. The programme's limit of £300 on the fund runs over a year, the
    # contract's own of £400 on both over two: £300 and £240, then £222.22 and £177.78. The own limit first would leave
    # £285.71 and £114.29, which the other does not cut.
    own = "cap Own\n  covers   payments\n  at most  £400 over the contract\n  excess   lost\nend cap"
    project = made(tmp_path, cap("£300 in 2016/17"), {"North": member("North", more=own)})
    paid = run(project, [("North", Q1, "Job", 6)])
    assert total(lines(paid)) == Fraction("222.22")
    assert total(lines(paid, "Council")) == Fraction("177.78")


def test_what_is_stated_earlier_comes_first_though_it_happened_later(tmp_path: Path) -> None:
    """North states its jobs of May and June on 30 June; East states its job of 20 April, which came later, on 30 April."""
    members = {"East": member("East", statements="monthly")}
    project = made(tmp_path, cap("£400 over the programme"), members)
    rows = [("North", Q1, "Job", 6), ("East", date(2016, 4, 20), "Job", 3)]
    every = lines(run(project, rows))
    paid = {name: total([one for one in every if one.line.contract == name]) for name in ("East", "North")}
    assert paid == {"East": 300, "North": 100}


def test_a_file_of_quantities_knows_the_parts_that_shared_caps_make(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = made(tmp_path, cap("£100 in 1 April 2016 to 2 April 2016"))
    file = written(tmp_path, "North,2016-04-01,Job,,2\nNorth,2016-04-03,Job,,2")
    assert paid_by(priced(capsys, str(project.path), "--quantities", file), "Fund") == {"North": "300.00"}


def test_a_cap_across_some_contracts_leaves_the_others_alone(tmp_path: Path) -> None:
    paid = run(made(tmp_path, cap("£400 over the programme", across="North, East")), ROWS)
    assert {one.line.contract for one in shared_cuts(paid)} == {"North"}
    assert total(lines(paid)) == 400 + 300


def test_a_block_advance_uses_up_room_and_is_not_cut(tmp_path: Path) -> None:
    project = made(tmp_path, cap("£500 over the programme"), pairs=("South.Start=£600",))
    paid = run(project, [("North", Q2, "Job", 2)])
    assert [(one.line.kind, one.line.contract, float(one.amount)) for one in lines(paid)] == [
        ("payment", "North", 200.0),
        ("cap_cut", "North", -200.0),
        ("advance", "South", 600.0),
    ]


# ------------------------------------------------------------------ values and files


def written(folder: Path, rows: str, head: str = "contract,period,metric,band,quantity") -> str:
    path = folder / "quantities.csv"
    path.write_text(f"{head}\n{rows}\n", encoding="utf-8")
    return str(path)


def priced(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert sib(["price", *words, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def paid_by(found: dict[str, Any], payer: str) -> dict[str, str]:
    return {
        one["contract"]["name"]: each["amount"]
        for one in found["contracts"]
        for each in one["totals"]
        if each["payer"] == payer
    }


def test_a_value_goes_to_one_contract_or_to_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = made(tmp_path, cap("£100,000 over the programme"))
    file = written(tmp_path, "North,2016-04-01,Job,,2\nSOUTH,2016-04-01,job,,2")
    words = (str(project.path), "--quantities", file)
    assert paid_by(priced(capsys, *words), "Fund") == {"North": "200.00", "South": "200.00"}
    assert paid_by(priced(capsys, *words, "--set", "North.Fee=£700"), "Fund") == {
        "North": "1400.00",
        "South": "200.00",
    }
    assert paid_by(priced(capsys, *words, "--set", "Fee=£700"), "Fund") == {
        "North": "1400.00",
        "South": "1400.00",
    }
    assert sib(["price", *words, "--set", "West.Fee=£700"]) == 2
    assert sib(["price", *words, "--set", "North.Price=£700"]) == 2
    assert "Price" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("head", "rows", "says"),
    [
        ("contract,period,metric,band,quantity", "Nort,2016-04-01,Job,,2", "Did you mean North?"),
        ("contract,period,metric,band,quantity", ",2016-04-01,Job,,2", "names no contract"),
        ("period,metric,band,quantity", "2016-04-01,Job,,2", "no column headed contract"),
        ("contract,period,metric,band,quantity", "North,2016-04-01,Jib,,2", "no metric of North"),
        ("contract,period,metric,band,quantity", "North,2016-04-01,Job,,2\nNorth,2016-05-01,Job,,2", "again"),
    ],
)
def test_a_file_of_quantities_that_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], head: str, rows: str, says: str
) -> None:
    project = made(tmp_path, cap("£100,000 over the programme"))
    assert sib(["price", str(project.path), "--quantities", written(tmp_path, rows, head)]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert says in " ".join(found.err.split())


def test_records_are_in_folders_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = made(tmp_path, cap("£150 over the programme"))
    records = tmp_path / "records"
    for name in ("east", "NORTH"):
        (records / name).mkdir(parents=True)
        text = f"Person ID,Started On\n{name}-1,2016-04-02\n"
        (records / name / "jobs.csv").write_text(text, encoding="utf-8")
    words = ["pay", str(project.path), "--records", str(records), "--as-of", "2018-03-31", "--format", "json"]
    assert sib(words) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "no folder for the records of South" in said
    assert "It has: NORTH, east." in said
    (records / "south").mkdir()
    (records / "south" / "jobs.csv").write_text("Person ID,Started On\n", encoding="utf-8")
    assert sib(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert paid_by(found, "Fund") == {"East": "75.00", "North": "75.00"}
    assert [one["records"]["Jobs"]["rows"] for one in found["contracts"]] == [1, 1, 0]


# ------------------------------------------------------------------ variations

DEARER = """
variation Dearer [V1]
  varies          North
  agreed          1 November 2016
  effective       1 April 2016
  stated periods  repriced in the next statement

  replace payment Job Fee
    payer     Fund
    payee     North Trust
    for each  Job
    pays      £200
  end payment
end variation
"""


def test_one_contract_varied_reprices_the_share_of_the_others(tmp_path: Path) -> None:
    """£600 are shared by North's £300 and South's £600; when North's fee doubles, by £600 and £600."""
    rows = [("North", Q1, "Job", 3), ("South", Q1, "Job", 6)]
    project = made(tmp_path, cap("£600 over the programme"), variations={"North": DEARER})
    paid = run(project, rows)
    assert [
        (one.line.contract or each.contract.name, one.line.kind, one.line.clause, float(one.amount))
        for each in paid.runs
        for one in each.lines
        if one.line.payer == "Fund"
    ] == [
        ("North", "payment", "", 300.0),
        ("North", "cap_cut", "9", -100.0),
        ("North", "adjustment", "V1", 100.0),
        ("South", "payment", "", 600.0),
        ("South", "cap_cut", "9", -200.0),
        ("South", "adjustment", "V1", -100.0),
    ]
    before = run(project, rows, date(2016, 10, 31))
    assert [float(one.amount) for one in lines(before)] == [300.0, -100.0, 600.0, -200.0]


def test_a_variation_agreed_later_changes_the_fingerprint_alone(tmp_path: Path) -> None:
    rows = [("North", Q1, "Job", 3), ("South", Q1, "Job", 6)]
    (tmp_path / "plain").mkdir()
    varied = made(tmp_path, cap("£600 over the programme"), variations={"North": DEARER})
    plain = made(tmp_path / "plain", cap("£600 over the programme"))
    found = [json.loads(json.dumps(to_json(run(one, rows, date(2016, 10, 31))))) for one in (varied, plain)]
    prints = [[one["contract"].pop("fingerprint") for one in each["contracts"]] for each in found]
    assert found[0] == found[1]
    assert [one == other for one, other in zip(*prints, strict=True)] == [True, False, True]


def test_a_shared_cap_is_never_exceeded_when_one_contract_is_varied(tmp_path: Path) -> None:
    project = made(tmp_path, cap("£600 over the programme"), variations={"North": DEARER})
    for number in range(8):
        rows = [("North", Q1, "Job", number), ("South", Q1, "Job", 3), ("South", Q4, "Job", 2)]
        due = Fraction(200 * number + 300 + 200)
        assert total(lines(run(project, rows))) == min(due, Fraction(600))
