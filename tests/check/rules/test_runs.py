"""Verdicts are the same on every run, and every counterexample runs: its file is taken by `sib price` and shows the breach."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve

from sibdsl.check.rules.budget import LEAST, TERM, Purse
from sibdsl.check.rules.report import findings
from sibdsl.check.rules.to_json import to_json
from sibdsl.check.rules.unrolled import Unrolled
from sibdsl.check.rules.verdict import Occasion
from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract, Rule
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price.quantities_file import file_text, read
from sibdsl.source import Source
from tests.check.rules.small import REPAID, small
from tests.check.rules.test_by_hand import EVERY, MEAN, Row, cap, contract, decided, fee, rule

TOWER_HAMLETS = Path(__file__).parents[3] / "contracts" / "mhep1" / "tower_hamlets.sib"
SEEDS = ("0", "1", "20261130")
NUMBERS = range(0, 60, 4)


def run(*arguments: str, seed: str = "0") -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from sibdsl.cli.app import run; raise SystemExit(run())", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert "fault in sibdsl" not in done.stderr, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["tower_hamlets", "small"])
def test_the_same_bytes_whatever_the_hash_seed(tmp_path: Path, name: str) -> None:
    path = TOWER_HAMLETS
    if name == "small":
        path = tmp_path / "small.sib"
        path.write_text(small(485).text, encoding="utf-8")
    told = {
        run("check", str(path), "--rules", "all", "--save", str(tmp_path), "--format", "json", seed=seed)
        for seed in SEEDS
    }
    assert len(told) == 1
    (head,) = json.loads(told.pop())["contracts"]
    assert set(head["decided_with"]) == {"z3", "units"}
    assert all(one["verdict"] != "not asked" for one in head["rules"])


@pytest.mark.parametrize("number", NUMBERS)
def test_a_rule_alone_is_decided_as_it_is_beside_others(number: int) -> None:
    made = compile_source(Source("small.sib", small(number).text)).contract
    beside = {one.verdict.rule.name: one for one in findings(made, as_written(made), made.rules)}
    assert len(beside) == len(made.rules)
    for others in ((*reversed(made.rules),), *((asked,) for asked in made.rules)):
        terms = evolve(made, rules=others)
        for found in findings(terms, as_written(terms), others):
            assert to_json(found.verdict, {}) == to_json(beside[found.verdict.rule.name].verdict, {})


def test_what_the_call_may_take_is_told_when_it_is_spent() -> None:
    made = contract(
        rule("payments from Council are at most £1,000"), rule("payments are at least £0", name="Second")
    )
    first, second = findings(made, as_written(made), made.rules, Purse(2 * LEAST))
    assert {first.says, second.says} <= {"not decided", "holds when"}
    assert second.says == "not decided"
    assert "all rules of one call" in second.verdict.occasions[0].reason


def test_writing_a_problem_down_is_work_of_the_call_and_not_of_the_rule() -> None:
    made = contract(rule("payments from Council are at most £1,000"))
    purse = Purse(20 * TERM)
    before = purse.for_rule()
    before.write_down(5)
    assert (purse.spent, before.left) == (5 * TERM, 20 * TERM)
    # What is left of the call is less than the terms of this problem and one question take.
    (found,) = findings(made, as_written(made), made.rules, Purse(2 * TERM))
    assert found.says == "not decided"
    assert "all rules of one call" in found.verdict.occasions[0].reason
    (decided,) = findings(made, as_written(made), made.rules, Purse())
    assert decided.says == "holds when"


# ------------------------------------------------------------------ saved counterexamples run


def broken_by(made: Contract, asked: Rule, shown: Occasion | None, saved: Path) -> bool:
    """Whether the file of what breaks the rule, read and priced as `sib price` does, breaks it on some occasion."""
    assert shown is not None
    assert shown.counterexample is not None
    saved.write_text(file_text(made, shown.counterexample), encoding="utf-8")
    whole = Unrolled.of_one(made, as_written(made))  # cut by no rule, as `price` states
    days = shown.horizon.days
    if any(
        one.days.start < day < one.days.end for one in whole.graph.segments for day in (days.start, days.end)
    ):
        days = made.payment_period
    return not whole.meets(asked, days, read(made, saved))


@pytest.mark.parametrize("number", NUMBERS)
def test_the_file_of_a_counterexample_breaks_the_rule(number: int, tmp_path: Path) -> None:
    made = compile_source(Source("small.sib", small(number).text)).contract
    for asked in made.rules:
        (found,) = findings(made, as_written(made), (asked,))
        if found.verdict.failing is not None and not _told_apart(asked):
            assert broken_by(made, asked, found.verdict.failing, tmp_path / "saved.csv")


def _told_apart(asked: Rule) -> bool:
    return "earned_to=V" in repr(asked.requires) or "earned_from=V" in repr(asked.requires)


@pytest.mark.parametrize(("head", "row"), EVERY, ids=lambda one: one[1] if isinstance(one, tuple) else "")
def test_the_file_of_a_counterexample_worked_by_hand(head: dict[str, str], row: Row, tmp_path: Path) -> None:
    blocks, requires, tested, says, *_ = row
    made = contract(*blocks, rule(requires, tested), **head)
    if says in ("holds when", "fails") and "earned on" not in requires:
        (found,) = findings(made, as_written(made), made.rules)
        assert broken_by(made, made.rules[0], found.verdict.failing, tmp_path / "saved.csv")


def test_price_takes_what_check_saved_below_nought_and_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "hand.sib"
    path.write_text(HALVES, encoding="utf-8")
    run("check", str(path), "--rules", "all", "--save", str(tmp_path))
    for name in ("half", "owed"):
        priced = json.loads(
            run("price", str(path), "--quantities", str(tmp_path / f"{name}.csv"), "--format", "json")
        )
        assert priced["lines"], name


HALVES = """\
contract Halves
  service period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records Jobs
  one row per Job
  | column     | holds      | blank    | must be                       |
  | Job ID     | identifier | rejected | any                           |
  | Started On | date       | rejected | any                           |
  | Share      | percentage | rejected | at least 0% but at most 100%  |
end records

metric Start
  kind    output
  counts  rows of Jobs
  dated   Started On
end metric

metric Mean
  kind      outcome
  averages  Share of Jobs
  dated     Started On
  measured  in each year
end metric

payment Share Fee
  payer  Council
  payee  Provider
  pays   £1,000 times Mean
end payment

rule Half
  requires  payments from Council are exactly £0
  tested    at final account
  against   every quantity
end rule

rule Owed
  requires  Mean is exactly 0% or payments from Council are less than £10
  tested    at final account
  against   every quantity
end rule
"""


# ------------------------------------------------------------------ no rule ends in a fault

ODD = (
    "payments are at most Rate times £100",
    "Rate is at most 50%",
    "the lower of (payments from Fund and the higher of (payments from Council and £5)) is at most £7",
    "payments from Fund divided by payments from Council are at most 2",
    "payments from Fund are at most £10 divided by (2 minus 2)",
    "payments from Fund times payments are at most £1",
    "Start divided by Kept is at least 1",
    "Score is at least 0",
    "Saved times 2 is more than Spent divided by £1",
    "payments from Provider are exactly £0",
    "payments to Fund under Bonus earned by Rate are at most £0",
    "payments are not exactly £0 or Start is not at least 3",
)


@pytest.mark.parametrize("requires", ODD)
@pytest.mark.parametrize("tested", ["at final account", "in each month", "to date in each claim"])
def test_no_rule_ends_in_a_fault(requires: str, tested: str, tmp_path: Path) -> None:
    from sibdsl.diagnostics import Refused

    scenario = "scenario Nothing\n  | metric | in 2026/27 |\n  | Start | 0 |\nend scenario\n"
    try:
        made = contract(
            MEAN,
            fee("Saving Share", "Saved", "£0.50", more=REPAID),
            cap("payments from Fund", "£900 in each year"),
            rule(requires, tested),
            scenario,
        )
    except Refused:
        return
    found, told = decided(made)
    assert found.says in ("holds", "holds when", "fails", "not decided")
    shown = found.verdict.failing
    if shown is not None:
        saved = tmp_path / "saved.csv"
        saved.write_text(file_text(made, shown.counterexample or {}), encoding="utf-8")
        read(made, saved)
    assert json.dumps(told)
