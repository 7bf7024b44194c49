"""Rules of a programme's contracts, decided within it, where limits that contracts share cut; each case worked by hand."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sibdsl import pipeline
from sibdsl.check.rules.report import Finding
from sibdsl.cli.app import run as sib
from tests.programme.made import Made, cap, made, member

#: North is paid a block of £100 by its council and £50 a year by a fund, £100 in the two years of the contract.
CLAUSES = """
payment Visit Fee
  payer  Fund
  payee  North Trust
  pays   £50
  every  year at the start, part years in full
end payment

block advance Second Sum
  payer        Council
  payee        North Trust
  paid on      1 July 2016
  pays         £100
  set against  nothing
  unused part  kept
end block advance

rule Block At Most Half [7]
  requires  block payments are at most 50% of payments
  tested    at final account
  against   every quantity
end rule

rule Fund Within The Ceiling [8]
  requires  payments from Fund are at most £150
  tested    at final account
  against   every quantity
end rule

rule Busy Pays Visits [9]
  requires  payments under Visit Fee are at least £100
  tested    at final account
  against   scenarios Busy
end rule

scenario Busy
  | metric | in 2016/17 quarter 4 |
  | Job    | 0                    |
end scenario
"""
BUSY = """
scenario Busy
  | metric | in 2016/17 quarter 4 |
  | Job    | {number}             |
end scenario
"""
CEILING = "£150 over the programme"


def whole(folder: Path, most: str = CEILING, others: str = "", **more: str) -> Made:
    texts = {"North": member("North", more=CLAUSES), "South": member("South", more=others)} | more
    return made(folder, cap(most), texts, order=("North", "South"))


@pytest.fixture(scope="module")
def project() -> Iterator[Made]:
    with TemporaryDirectory() as name:
        yield whole(Path(name))


def finding(path: Path, rule: str) -> Finding:
    found = [
        each
        for contract in pipeline.decide(pipeline.load(path), [rule])
        for each in contract.findings
        if each.verdict.rule.name == rule
    ]
    assert len(found) == 1
    return found[0]


def north(project: Made) -> Path:
    return project.path.parent / "north.sib"


# ------------------------------------------------------------------ verdicts


def test_what_holds_of_a_contract_alone_fails_where_a_shared_limit_cuts_its_fees(project: Made) -> None:
    rule = "Block At Most Half"
    assert finding(north(project), rule).says == "holds"
    within = finding(project.path, rule)
    assert within.says == "holds when"
    # South earns £100 in the first quarter, which leaves North £50 of its fees, and £100 of its block.
    shown = within.verdict.failing
    assert shown is not None
    assert shown.counterexample is not None
    assert {(key.contract, key.metric): number for key, number in shown.counterexample.items()} == {
        ("South", "Job"): 1
    }
    assert within.at_counterexample is not None
    assert (within.at_counterexample.left, within.at_counterexample.right) == (100, 75)


def test_what_a_contract_alone_can_break_holds_where_a_shared_limit_cuts(project: Made) -> None:
    rule = "Fund Within The Ceiling"
    # One job is £100, beside fees of £100.
    assert finding(north(project), rule).says == "holds when"
    assert finding(project.path, rule).says == "holds"


def test_a_limit_a_pound_higher_lets_it_be_broken(tmp_path: Path) -> None:
    # At £151 a second job pays the last pound.
    assert (
        finding(whole(tmp_path, "£151 over the programme").path, "Fund Within The Ceiling").says
        == "holds when"
    )


def test_a_limit_that_leaves_the_contract_out_changes_nothing(tmp_path: Path) -> None:
    path = whole(tmp_path, f"{CEILING}\n  leaves out  payments under North").path
    assert finding(path, "Block At Most Half").says == "holds"
    assert finding(path, "Fund Within The Ceiling").says == "holds when"


# ------------------------------------------------------------------ scenarios


def test_a_scenario_is_tried_with_that_of_the_same_name_in_other_contracts(tmp_path: Path) -> None:
    """South earns £100 of the £150 in the fourth quarter: North's second fee, a year's start later, is cut to nothing."""
    rule = "Busy Pays Visits"
    quiet, busy = tmp_path / "quiet", tmp_path / "busy"
    quiet.mkdir()
    busy.mkdir()
    # Without a scenario of that name South achieves nothing.
    assert finding(whole(quiet).path, rule).says == "holds"
    assert finding(whole(busy, others=BUSY.format(number=1)).path, rule).says == "fails"
    # What `sib price --scenario` pays of it is the same.
    loaded = pipeline.load(busy / "project.sib")
    run = pipeline.price(loaded, pipeline.scenario(loaded, "Busy"))
    visits = sum(one.amount for one in run.of("North").lines if one.line.payment == "Visit Fee")
    assert visits == 50


# ------------------------------------------------------------------ the command


def test_each_verdict_names_its_contract_and_the_printed_command_shows_the_breach(
    project: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status = sib(["check", str(project.path), "--rules", "Block At Most Half", "--set", "South.Fee=£120"])
    out = capsys.readouterr().out
    assert status == 0  # met only if, and the scenario meets it
    assert "North: Block At Most Half [7]" in out
    assert "1 Job of South in April-June 2016" in out
    saved = tmp_path / "counterexamples" / "north" / "block-at-most-half.csv"
    assert saved.read_text(encoding="utf-8").splitlines() == [
        "contract,period,metric,band,quantity",
        "South,2016-04-01,Job,,1",
    ]
    printed = next(line.split("run it: ")[1] for line in out.splitlines() if "run it: " in line)
    assert "--with" not in printed
    assert sib([*shlex.split(printed)[1:], "--format", "json"]) == 0
    run = json.loads(capsys.readouterr().out)
    paid = {
        (total["payer"], total["payee"]): total["amount"]
        for contract in run["contracts"]
        for total in contract["totals"]
    }
    # North's first £50 are due before the quarter ends; South's £120 are cut to £100, and North's second £50 to nothing.
    assert paid["Fund", "South Trust"] == "100.00"
    assert paid["Fund", "North Trust"] == "50.00"
    assert paid["Council", "North Trust"] == "100.00"


def test_the_saved_file_is_read_back_as_the_counterexample_that_was_told(
    project: Made, tmp_path: Path
) -> None:
    loaded = pipeline.load(project.path)
    decided = next(one for one in pipeline.decide(loaded, ["own"]) if one.contract.name == "North")
    shown = decided.findings[0].verdict.failing
    assert shown is not None
    assert shown.counterexample is not None
    file = tmp_path / "counterexample.csv"
    file.write_text(pipeline.counterexample_file(decided, shown.counterexample), encoding="utf-8")
    read = pipeline.quantities_of(loaded, file)
    assert decided.together.joined(read) == shown.counterexample


def test_json_holds_the_verdicts_of_each_contract(
    project: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["check", str(project.path), "--rules", "all", "--format", "json", "--save", str(tmp_path)]
    status = sib(call)
    found = json.loads(capsys.readouterr().out)
    contracts = {contract["name"]: contract for contract in found["contracts"]}
    assert status == 0
    assert [(rule["contract"], rule["rule"], rule["verdict"]) for rule in contracts["North"]["rules"]] == [
        ("North", "Block At Most Half", "holds when"),
        ("North", "Fund Within The Ceiling", "holds"),
        ("North", "Busy Pays Visits", "holds"),
    ]
    assert contracts["South"]["rules"] == []
    first = contracts["North"]["rules"][0]
    assert first["counterexample"] == [
        {"contract": "South", "period": "2016-04-01", "metric": "Job", "band": None, "quantity": 1}
    ]
    assert {"contract": "North", "payer": "Fund", "payee": "North Trust", "amount": "50.00"} in first[
        "payments"
    ]
    assert contracts["North"]["decided_with"]["units"] == 4_000_000_000


def test_a_pack_that_no_contract_uses_is_refused(project: Made, capsys: pytest.CaptureFixture[str]) -> None:
    assert sib(["check", str(project.path), "--rules", "funds/cbo", "-q"]) == 2
    assert "No contract of The Project uses a rule pack funds/cbo" in capsys.readouterr().err


def test_work_is_counted_over_all_contracts_and_what_is_not_decided_leaves_3(
    project: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = [
        "check",
        str(project.path),
        "--rules",
        "Block At Most Half",
        "--budget",
        "1",
        "--save",
        str(tmp_path),
    ]
    assert sib(call) == 3
    assert "the work of 1 units that all rules of one call may take was spent" in " ".join(
        capsys.readouterr().out.split()
    )


def test_verdicts_are_the_same_under_every_hash_seed(project: Made, tmp_path: Path) -> None:
    call = ["check", str(project.path), "--rules", "all", "--format", "json", "--save", str(tmp_path)]
    told = {
        subprocess.run(
            [sys.executable, "-c", "from sibdsl.cli import main; main()", *call],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(told) == 1
    assert b"Block At Most Half" in told.pop()
