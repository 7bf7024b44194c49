"""`sib test` and `sib diff` of programmes: each contract's examples; clauses and payments of two programmes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sibdsl.cli.app import run as sib
from tests.programme.made import NAMES, cap, made, member
from tests.programme.test_runs import DEARER

EXAMPLE = """
example Three Jobs
  in 2016/17
  given
    | metric | quantity |
    | Job    | 3        |
  expect
    | payer | payee       | pays   |
    | Fund  | North Trust | {fund} |
end example
"""
SCENARIO = """
scenario Base
  | metric | in 2016/17 |
  | Job    | {number}   |
end scenario
"""


def called(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:  # noqa: ANN401 - JSON
    assert sib([*words, "--format", "json"]) == status
    return json.loads(capsys.readouterr().out)


def project(
    folder: Path,
    caps: str,
    members: Mapping[str, str] | None = None,
    order: tuple[str, ...] = NAMES,
    variations: Mapping[str, str] | None = None,
) -> str:
    folder.mkdir()
    return str(made(folder, caps, members, order, variations).path)


# ------------------------------------------------------------------ sib test


def test_an_example_says_what_its_contract_pays_by_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """£300 by itself, though the shared cap would leave £100."""
    members = {"North": member("North", more=EXAMPLE.format(fund="£300"))}
    file = project(tmp_path / "p", cap("£100 over the programme"), members)
    found = called(capsys, "test", file)
    assert (found["passed"], found["failed"]) == (1, 0)
    assert [(one["programme"], one["contract"], one["example"]) for one in found["examples"]] == [
        ("The Project", "North", "Three Jobs")
    ]
    assert sib(["test", file]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == "The Project: East, North, South"
    assert [line for line in shown.splitlines() if line.endswith(("examples", "example"))] == [
        "East: 0 examples",
        "North: 1 example",
        "South: 0 examples",
    ]


def test_the_worst_of_all_contracts_is_the_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = {
        "North": member("North", more=EXAMPLE.format(fund="£300")),
        "South": member("South", more=EXAMPLE.format(fund="£299").replace("North", "South")),
    }
    file = project(tmp_path / "p", cap("£100 over the programme"), members)
    found = called(capsys, "test", file, status=1)
    assert {one["contract"]: one["passed"] for one in found["examples"]} == {"North": True, "South": False}


def test_an_example_of_a_contract_that_is_named_beside_its_programme_is_run_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members = {"North": member("North", more=EXAMPLE.format(fund="£300"))}
    file = project(tmp_path / "p", cap("£100 over the programme"), members)
    found = called(capsys, "test", file, str(tmp_path / "p" / "north.sib"))
    assert [one["example"] for one in found["examples"]] == ["Three Jobs"]


def test_a_variation_is_not_given_with_a_programme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project(tmp_path / "p", cap("£100 over the programme"), variations={"North": DEARER})
    varied = str(tmp_path / "p" / "north_varied.sib")
    for words in (["test", file], ["diff", file, file], ["explain", file, "--records", ".", "--line", "L1"]):
        assert sib([*words, "--with", varied]) == 2
        assert "leave out --with" in capsys.readouterr().err


# ------------------------------------------------------------------ sib diff


def test_programmes_that_mean_the_same_differ_in_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = project(tmp_path / "old", cap("£600 over the programme"))
    new = project(tmp_path / "new", cap("£600 over the programme"), order=("South", "East", "North"))
    found = called(capsys, "diff", old, new)
    assert found["clauses"] == []
    assert [one["name"] for one in found["new"]["contracts"]] == list(NAMES)
    assert sib(["diff", old, new]) == 0
    assert capsys.readouterr().out.startswith("The two programmes mean the same.")


def test_clauses_of_the_programme_and_of_each_contract_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = project(tmp_path / "old", cap("£600 over the programme"))
    new = project(
        tmp_path / "new",
        cap("£500 over the programme"),
        {"North": member("North", fee="£120")},
        ("North", "South"),
    )
    found = called(capsys, "diff", old, new)
    told = [(one.get("contract"), one["kind"], one["name"], one["change"]) for one in found["clauses"]]
    assert told == [
        (None, "cap", "Fund Ceiling", "changed"),
        ("North", "particular", "Fee", "changed"),
        (None, "member", "East", "removed"),
    ]
    assert "+ at most £500 over the programme" in found["clauses"][0]["lines"]
    assert sib(["diff", old, new]) == 0
    shown = capsys.readouterr().out
    assert "cap Fund Ceiling [9]: changed" in shown
    assert "North, particular Fee: changed" in shown
    assert "contract East: removed" in shown
    assert "3 clauses differ: 1 removed, 2 changed." in shown


def amounts(found: Any, of: str) -> dict[tuple[str, str], tuple[str, str]]:  # noqa: ANN401 - JSON
    (one,) = [each for each in found["payments"] if each["of"].startswith(of)]
    return {(row["contract"], row["payer"]): (row["before"], row["after"]) for row in one["amounts"]}


def test_payments_are_those_of_each_contract_within_its_programme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """£600 are shared by North's £300 and South's £600; a third contract less, and £540, are shared as 180 and 360."""
    scenario = {
        "North": member("North", more=SCENARIO.format(number=3)),
        "South": member("South", more=SCENARIO.format(number=6)),
    }
    old = project(tmp_path / "old", cap("£600 over the programme"), scenario)
    new = project(tmp_path / "new", cap("£540 over the programme"), scenario, ("North", "South"))
    quantities = tmp_path / "quantities.csv"
    rows = ("North,2016-04-01,Job,,3", "South,2016-04-01,Job,,6", "East,2017-04-01,Job,,1")
    quantities.write_text("\n".join(["contract,period,metric,band,quantity", *rows, ""]), encoding="utf-8")
    records = tmp_path / "records"
    for name, number in (("North", 3), ("South", 6), ("East", 0)):
        (records / name.lower()).mkdir(parents=True)
        lines = ["Person ID,Started On", *(f"P{at},2016-04-01" for at in range(number)), ""]
        (records / name.lower() / "jobs.csv").write_text("\n".join(lines), encoding="utf-8")
    found = called(capsys, "diff", old, new, "--quantities", str(quantities), "--records", str(records))
    expected = {
        ("North", "Fund"): ("200.00", "180.00"),
        ("South", "Fund"): ("400.00", "360.00"),
        ("North", "Council"): ("120.00", "120.00"),
        ("South", "Council"): ("240.00", "240.00"),
    }
    assert amounts(found, "scenario Base") == expected
    assert amounts(found, "records ") == expected
    # East's job of the second year: the ceiling is used up, and its council pays in the old programme alone.
    assert amounts(found, "quantities ") == expected | {
        ("East", "Council"): ("40.00", "0.00"),
        ("East", "Fund"): ("0.00", "0.00"),
    }


def test_a_value_goes_to_the_programme_that_declares_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = {"North": member("North", more=SCENARIO.format(number=1))}
    old = project(tmp_path / "old", cap("£600 over the programme"), scenario)
    named = "\nparticulars\n  | particular | holds | default |\n  | Most | money | £10 |\nend particulars\n"
    new = project(tmp_path / "new", named + cap("Most over the programme"), scenario)
    found = called(capsys, "diff", old, new, "--set", "Most=£50", "--set", "North.Fee=£80")
    assert amounts(found, "scenario")["North", "Fund"] == ("80.00", "50.00")
    parameters = tmp_path / "given.json"
    parameters.write_text('{"Most": "£30", "North": {"Fee": "£70"}}', encoding="utf-8")
    found = called(capsys, "diff", old, new, "--parameters", str(parameters))
    assert amounts(found, "scenario")["North", "Fund"] == ("70.00", "30.00")
    for wrong in ("Least=£1", "North.Fees=£1", "West.Fee=£1"):
        assert sib(["diff", old, new, "--set", wrong]) == 2
        assert "SIB0702" in capsys.readouterr().err


def test_a_contract_is_not_compared_with_a_programme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project(tmp_path / "p", cap("£600 over the programme"))
    for words in ([file, str(tmp_path / "p" / "north.sib")], [str(tmp_path / "p" / "north.sib"), file]):
        assert sib(["diff", *words]) == 2
        said = " ".join(capsys.readouterr().err.split())
        assert "North is a contract and The Project a programme" in said
        assert "Give the file of North that the table of The Project names." in said
