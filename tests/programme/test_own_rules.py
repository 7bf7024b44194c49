"""Rules in a programme's own file, over what all its contracts pay; each case worked by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sibdsl import pipeline
from sibdsl.check.rules.report import Finding
from sibdsl.cli.app import run as sib
from sibdsl.diagnostics import Refused
from tests.programme.made import Made, cap, made, member
from tests.programme.test_rules import BUSY, CLAUSES

RULE = """
rule {name} [10]
  requires  {requires}
  tested    {tested}
  against   {against}
end rule
"""


def rule(
    requires: str,
    tested: str = "over the programme",
    name: str = "Fund Within Its Grant",
    against: str = "every quantity",
) -> str:
    return RULE.format(name=name, requires=requires, tested=tested, against=against)


def whole(folder: Path, rules: str, most: str = "£150 over the programme", others: str = "") -> Made:
    """North is paid £50 a year by the fund, and £100 by its council; a job in either is £100 of the fund and £40 of the council."""
    texts = {"North": member("North", more=CLAUSES), "South": member("South", more=others)}
    return made(folder, cap(most) + rules, texts, order=("North", "South"))


def finding(path: Path, name: str = "Fund Within Its Grant") -> Finding:
    (decided,) = pipeline.decide(pipeline.load(path), [name])
    assert decided.of_programme
    return decided.findings[0]


@pytest.fixture(scope="module")
def project() -> Iterator[Made]:
    rules = rule("payments from Fund are at most £150") + rule(
        "payments from Fund are at most £149", name="A Pound Less"
    )
    with TemporaryDirectory() as name:
        yield whole(Path(name), rules)


# ------------------------------------------------------------------ verdicts


def test_what_all_contracts_pay_is_within_what_a_shared_limit_leaves(project: Made) -> None:
    assert finding(project.path).says == "holds"


def test_a_share_that_each_contract_keeps_alone_is_broken_together(project: Made) -> None:
    """North's fees are £100 and South's nothing; one job of £100 in either takes both over £149, to the limit of £150."""
    found = finding(project.path, "A Pound Less")
    assert found.says == "holds when"
    shown = found.verdict.failing
    assert shown is not None
    assert shown.counterexample is not None
    assert shown.smallest
    assert [(key.contract, key.metric, number) for key, number in shown.counterexample.items()] == [
        ("North", "Job", 1)
    ]
    assert found.at_counterexample is not None
    assert (found.at_counterexample.left, found.at_counterexample.right) == (150, 149)


def test_payments_of_one_contract_are_named_by_it(tmp_path: Path) -> None:
    """Nothing of South is by results of nobody: its payments are nought until a job, and North's block alone is £100."""
    path = whole(
        tmp_path,
        rule("block payments are at most £100")
        + rule("payments under South are less than £140", name="South Small")
        + rule("payments under North are at least £200", name="North Large"),
        "£500 over the programme",
    ).path
    assert finding(path).says == "holds"
    # One job of South: £100 of the fund and £40 of the council.
    assert finding(path, "South Small").says == "holds when"
    # Block and fees: £200 whatever is achieved, until South's four jobs take £400 of the ceiling of £500 ...
    assert finding(path, "North Large").says == "holds when"


def test_each_year_is_the_programmes_own(tmp_path: Path) -> None:
    """Contracts that state by calendar years: the year of the programme begins on 1 April and parts their statements."""
    texts = {
        name: member(name, statements="yearly", service="1 January 2016 to 31 December 2017").replace(
            "1 April\n  statements", "1 January\n  statements"
        )
        for name in ("North", "South")
    }
    limit = cap("£900 over the programme", more="leaves out  payments from Fund")
    path = made(
        tmp_path,
        limit + rule("payments from Fund are at most £299", "in each year"),
        texts,
        order=("North", "South"),
    ).path
    found = finding(path)
    assert found.says == "holds when"
    occasions = found.verdict.occasions
    assert [one.horizon.said for one in occasions] == ["in 2015/16", "in 2016/17", "in 2017/18"]
    # January to March of the first statement are the first year by themselves: £100 for each job in it.
    shown = occasions[0].counterexample
    assert shown is not None
    assert sum(shown.values()) == 3
    assert {str(key.segment.days.end) for key in shown} == {"2016-04-01"}


# ------------------------------------------------------------------ values and scenarios


def test_an_amount_is_what_the_programmes_own_particular_says(tmp_path: Path) -> None:
    grant = "\nparticulars\n  | particular | holds | default |\n  | Grant | money | £150 |\nend particulars\n"
    path = whole(tmp_path, grant + rule("payments from Fund are at most Grant")).path
    for values, says in (({}, "holds"), ({"Grant": "£149"}, "holds when")):
        (decided,) = pipeline.decide(pipeline.load(path, values=values), ["own"])[:1]
        assert decided.findings[0].says == says
        assert "SIB0507" not in {one.code for one in pipeline.check(pipeline.load(path))}


def test_a_scenario_is_that_of_each_contract_that_has_one(tmp_path: Path) -> None:
    """North's says no job and South's three: £300 and fees of £100, under a limit of £1,000."""
    text = rule("payments from Fund are at most £399", against="scenarios Busy")
    path = whole(tmp_path, text, "£1,000 over the programme", BUSY.format(number=3)).path
    found = finding(path)
    assert found.says == "fails"
    assert [tried.name for tried in found.tried] == ["Busy"]


# ------------------------------------------------------------------ refused


@pytest.mark.parametrize(
    "tested", ["in each claim", "in each period", "to date in each claim", "over the contract"]
)
def test_a_time_of_one_contract_is_refused(tmp_path: Path, tested: str) -> None:
    with pytest.raises(Refused) as refused:
        whole(tmp_path, rule("payments are at most £150", tested))
    assert [one.code for one in refused.value.found] == ["SIB0568"]
    assert "over the programme" in (refused.value.found[0].help or "")


@pytest.mark.parametrize(
    ("requires", "code"),
    [("Job is at least 1", "SIB0301"), ("payments under Job Fee are at most £1", "SIB0301")],
)
def test_what_is_of_one_contract_is_not_known_to_the_programme(
    tmp_path: Path, requires: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        whole(tmp_path, rule(requires))
    assert code in {one.code for one in refused.value.found}


def test_two_rules_of_one_name_are_told(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        whole(tmp_path, rule("payments are at most £150") * 2)
    assert [one.code for one in refused.value.found] == ["SIB0302"]


# ------------------------------------------------------------------ the commands


def test_verdicts_stand_under_the_programme(
    project: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = str(project.path)
    assert sib(["check", path]) == 0
    assert "Rules: 2 read" in capsys.readouterr().out
    assert sib(["check", path, "--rules", "A Pound Less"]) == 0  # met only if, and no scenario of it fails
    out = capsys.readouterr().out
    assert "The Project: A Pound Less [10]" in out
    assert "1 Job of North in April-June 2016, the two sides are £150.00 and £149.00" in out
    sib(["check", path, "--rules", "A Pound Less", "--format", "json"])
    told = json.loads(capsys.readouterr().out)["programme"]
    assert told["name"] == "The Project"
    assert [one["rule"] for one in told["rules"]] == ["A Pound Less"]
    saved = told["rules"][0]["counterexample_file"]
    # What is saved is priced as it is, and comes to what was told.
    assert sib(["price", path, "--quantities", saved, "--format", "json"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert sum(
        float(total["amount"])
        for contract in run["contracts"]
        for total in contract["totals"]
        if total["payer"] == "Fund"
    ) == pytest.approx(150)


def test_a_rule_that_differs_is_told(tmp_path: Path) -> None:
    folders = [tmp_path / "old", tmp_path / "new"]
    for folder, most in zip(folders, ("£150", "£160"), strict=True):
        folder.mkdir()
        whole(folder, rule(f"payments from Fund are at most {most}"))
    old, new = pipeline.load_two(folders[0] / "project.sib", folders[1] / "project.sib")
    assert [(one.kind, one.name, one.contract) for one in pipeline.compare_clauses(old, new)] == [
        ("rule", "Fund Within Its Grant", "")
    ]
