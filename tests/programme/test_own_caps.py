"""What becomes of what a programme's cap cuts, pots that contracts share, and which contract comes first; worked by hand."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from sibdsl.diagnostics import Refused
from sibdsl.model.periods import Segment
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.run import ProgrammePaid
from tests.programme.made import made, member, run
from tests.programme.test_explained import explained, paid, people, screen

Q1, Q2, Q3 = date(2016, 4, 1), date(2016, 7, 1), date(2016, 10, 1)
LOTTERY = {
    name: member(name).replace(
        "| Fund      | co-commissioner |",
        "| Fund      | co-commissioner |\n  | Lottery   | co-commissioner |",
    )
    for name in ("East", "North", "South")
}
MORE = """parties
  | party   | role            |
  | Council | commissioner    |
  | Lottery | co-commissioner |
end parties

"""


def by_quarter(
    run_of: ProgrammePayments, payer: str, payment: str = "Job Fee"
) -> dict[tuple[str, date], Fraction]:
    found: dict[tuple[str, date], Fraction] = {}
    for each in run_of.runs:
        for one in each.lines:
            if one.line.payer == payer and one.line.payment == payment:
                key = one.line.contract, one.line.segment.statement.start
                found[key] = found.get(key, Fraction(0)) + one.amount
    return {key: amount for key, amount in found.items() if amount}


def shared(most: str, excess: str = "lost", order: str = "pro rata", more: str = "", across: str = "") -> str:
    lines = ["cap Fund Ceiling [9]", "  covers payments from Fund", f"  at most {most}", f"  excess {excess}"]
    lines += [f"  shared by date, then {order}"]
    lines += [f"  topped up {more}"] if more else []
    lines += [f"  across {across}"] if across else []
    return "\n".join([*lines, "end cap", ""])


# ------------------------------------------------------------------ paid by another


def test_what_is_cut_is_owed_by_another_in_the_contract_that_was_cut(tmp_path: Path) -> None:
    """£100 are due in each of two contracts, under £150: each is cut by £25, which the council owes beside its own £40."""
    project = made(
        tmp_path,
        MORE
        + shared("£150 over the programme", "paid by Council").replace(
            "payments from Fund", "payments from Fund"
        ),
    )
    found = run(project, [("North", Q1, "Job", 1), ("South", Q1, "Job", 1)])
    assert by_quarter(found, "Fund") == {("North", Q1): 75, ("South", Q1): 75}
    assert by_quarter(found, "Council") == {("North", Q1): 25, ("South", Q1): 25}
    assert by_quarter(found, "Council", "Local Fee") == {("North", Q1): 40, ("South", Q1): 40}


def test_several_owe_it_in_shares_to_the_penny(tmp_path: Path) -> None:
    """£50.01 are cut, £25.01 in North, whose remainder is first in order of names; a third of it is £8.34, of £25.00 it is £8.33."""
    text = MORE + shared("£149.99 over the programme", "paid by 1/3 Lottery, the rest Council").replace(
        "1/3", "33.3333%"
    )
    project = made(tmp_path, text, LOTTERY)
    found = run(project, [("North", Q1, "Job", 1), ("South", Q1, "Job", 1)])
    assert by_quarter(found, "Lottery") == {("North", Q1): Fraction("8.34"), ("South", Q1): Fraction("8.33")}
    assert by_quarter(found, "Council") == {
        ("North", Q1): Fraction("16.67"),
        ("South", Q1): Fraction("16.67"),
    }
    every = sum(one.amount for each in found.runs for one in each.lines if one.line.payment == "Job Fee")
    assert every == 200


def test_a_share_is_the_programmes_own_particular(tmp_path: Path) -> None:
    part = (
        "particulars\n  | particular | holds | default |\n  | Part | percentage | 60% |\nend particulars\n\n"
    )
    text = MORE + part + shared("£150 over the programme", "paid by Part from Lottery, the rest from Council")
    rows = [("North", Q1, "Job", 2)]
    for pairs, lottery in (((), 30), (("Part=10%",), 5)):
        project = made(tmp_path, text, LOTTERY, pairs=pairs)
        assert by_quarter(run(project, rows), "Lottery") == {("North", Q1): lottery}


def test_who_owes_it_is_told_in_the_explanation_with_the_cut(tmp_path: Path) -> None:
    jobs = {"North": people(1, Q1), "South": people(1, Q1)}
    with paid(tmp_path, MORE + shared("£150 over the programme", "paid by Council"), jobs) as found:
        facts = explained(found, "North", kind="taken_over")
        assert [one.amount for one in facts.fees] == [-25]
        assert "Fund Ceiling" in screen(facts)


def test_flows_words_and_differences_tell_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [tmp_path / "old", tmp_path / "new"]
    for folder, excess in zip(folders, ("lost", "paid by Council"), strict=True):
        folder.mkdir()
        made(folder, MORE + shared("£150 over the programme", excess, more="£50 on 1 July 2016"))
    path = str(folders[1] / "project.sib")
    assert sib(["show", path, "--flows", "--format", "json"]) == 0
    (limit,) = json.loads(capsys.readouterr().out)["shared_limits"]
    assert (limit["excess"], limit["excess_paid_by"]) == ("paid", ["Council"])
    assert (
        limit["says"]
        == "at most £150 over the programme, and £50 on 1 July 2016 more, beyond which Council pays"
    )
    assert sib(["show", path, "--words", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["programme"]
    (said,) = told["sentences"]
    assert told["name"] == "The Project"
    assert (
        "£50.00 on 1 July 2016 more, over the programme; what exceeds it is owed by Council" in said["text"]
    )
    assert sib(["show", path, "--words"]) == 0
    assert "cap Fund Ceiling [9]" in capsys.readouterr().out
    old, new = pipeline.load_two(folders[0] / "project.sib", folders[1] / "project.sib")
    assert [one.name for one in pipeline.compare_clauses(old, new)] == ["Fund Ceiling"]
    assert sib(["diff", str(folders[0] / "project.sib"), path]) == 0
    assert "paid by Council" in capsys.readouterr().out


def test_a_shared_cap_and_who_pays_beyond_it_is_laid_out_again_as_it_was(tmp_path: Path) -> None:
    project = made(
        tmp_path, MORE + shared("£150 over the programme", "paid by Council", more="£50 on 1 July 2016")
    )
    once = pipeline.laid_out(project.path)
    project.path.write_text(once, encoding="utf-8")
    assert pipeline.laid_out(project.path) == once
    assert pipeline.load(project.path).programme.caps[0].excess.payer == "Council"


# ------------------------------------------------------------------ pots


def test_a_pot_is_used_by_all_contracts_as_it_is_filled(tmp_path: Path) -> None:
    """£100 on the first day: £50 each. By 30 September £150 more are in it: South is paid £100, and North later what is left."""
    project = made(tmp_path, shared("£100 over the programme", more="£150 on 1 July 2016"))
    rows = [
        ("North", Q1, "Job", 1),
        ("South", Q1, "Job", 1),
        ("South", Q2, "Job", 1),
        ("North", Q3, "Job", 1),
    ]
    assert by_quarter(run(project, rows), "Fund") == {
        ("North", Q1): 50, ("South", Q1): 50, ("South", Q2): 100, ("North", Q3): 50
    }  # fmt: skip


def test_a_pot_is_explained_with_what_each_contract_was_paid_from_it(tmp_path: Path) -> None:
    jobs = {"North": [*people(1, Q1), *people(1, Q3, "Q")], "South": people(1, Q1)}
    with paid(tmp_path, shared("£100 over the programme", more="£25 on 1 July 2016"), jobs) as found:
        facts = explained(found, "North", kind="cap_cut", rule="Fund Ceiling", segment=_segment(found))
        assert facts.cut is not None
        assert facts.cut.limit == 125
        assert dict(facts.cut.earlier_by) == {"East": 0, "North": 50, "South": 50}


def _segment(found: ProgrammePaid) -> Segment:
    lines = found.payments.of("North").lines
    return max(one.line.segment for one in lines if one.line.kind == "cap_cut")


def test_what_is_added_after_every_contract_has_ended_is_told(tmp_path: Path) -> None:
    project = made(tmp_path, shared("£100 over the programme", more="£150 on 1 July 2030"))
    assert "SIB0514" in {one.code for one in pipeline.check(pipeline.load(project.path))}


# ------------------------------------------------------------------ carried forward


def test_what_is_carried_forward_comes_first_in_the_order_of_the_contracts(tmp_path: Path) -> None:
    """£150 a quarter, South first. Spring: £200 and £200 are due, South is paid £150, and £50 and £200 are carried.

    Summer: South's £50, then £100 of North's £200; South's own £100 wait, though it comes first: what is carried comes before.
    Autumn: South's £100, and £50 of North's £100. Winter: the £50 that are left.
    """
    text = shared("£150 in each quarter", "carried forward", "by clause", across="South, North")
    project = made(tmp_path, text)
    rows = [("North", Q1, "Job", 2), ("South", Q1, "Job", 2), ("South", Q2, "Job", 1)]
    assert by_quarter(run(project, rows), "Fund") == {
        ("South", Q1): 150, ("South", Q2): 50, ("North", Q2): 100, ("South", Q3): 100, ("North", Q3): 50,
        ("North", date(2017, 1, 1)): 50,
    }  # fmt: skip


def test_each_contract_is_owed_it_with_its_own_statement(tmp_path: Path) -> None:
    """North states by the quarter and South by the month: what is stated earlier has the room, though the cap names North first."""
    text = shared("£100 in each quarter", "carried forward", "by clause", across="North, South")
    monthly = {"South": member("South", statements="monthly")}
    project = made(tmp_path, text, monthly)
    april, july = date(2016, 4, 1), date(2016, 7, 1)
    rows = [("North", april, "Job", 1), ("South", april, "Job", 1), ("South", july, "Job", 1)]
    # South is stated on 30 April and paid at once. North, on 30 June, finds no room, and waits for 30 September; by then July's
    # £100 of South have been paid, so that it waits for 31 December.
    assert by_quarter(run(project, rows), "Fund") == {
        ("South", april): 100, ("South", july): 100, ("North", Q3): 100
    }  # fmt: skip


def test_what_is_carried_beyond_a_contracts_last_day_is_lost(tmp_path: Path) -> None:
    text = shared("£150 in each year", "carried forward", "by clause", across="South, North")
    short = {"North": member("North", service="1 April 2016 to 31 March 2017")}
    project = made(tmp_path, text, short)
    rows = [("North", Q1, "Job", 2), ("South", Q1, "Job", 2)]
    # South's £50 are paid in the second year; North, whose £200 were cut whole, has no statement in it.
    assert by_quarter(run(project, rows), "Fund") == {("South", Q1): 150, ("South", date(2017, 4, 1)): 50}


def test_words_say_when_it_is_due(tmp_path: Path) -> None:
    text = shared("£150 in each quarter", "carried forward", "by clause", across="South, North")
    (said,) = pipeline.programme_in_words(pipeline.load(made(tmp_path, text).path))
    assert said.text.startswith(
        "Across South and North: Payments from Fund come to at most £150.00 in each quarter"
    )
    assert "the lines of the contract that is named last lose first" in said.text
    assert "what is cut of a contract that has then ended is lost" in said.text


def test_what_is_carried_is_explained_by_the_cuts_of_its_own_contract(tmp_path: Path) -> None:
    text = shared("£150 in each quarter", "carried forward", "by clause", across="South, North")
    with paid(tmp_path, text, {"North": people(2, Q1), "South": people(1, Q1)}) as found:
        facts = explained(found, "North", kind="carried")
        assert [one.amount for one in facts.fees] == [-150]
        assert facts.priced.amount == 150
        assert "Fund Ceiling" in screen(facts)


# ------------------------------------------------------------------ which contract first


def test_by_clause_the_contract_that_is_named_first_is_paid_first(tmp_path: Path) -> None:
    rows = [("North", Q1, "Job", 1), ("South", Q1, "Job", 1)]
    for across, first, last in (("South, North", "South", "North"), ("North, South", "North", "South")):
        project = made(tmp_path, shared("£150 over the programme", order="by clause", across=across))
        assert by_quarter(run(project, rows), "Fund") == {(first, Q1): 100, (last, Q1): 50}


# ------------------------------------------------------------------ refused


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (shared("£150 over the programme", order="by clause"), "SIB0569"),
        (MORE + shared("£150 over the programme", "paid by Lottery"), "SIB0576"),
        (shared("£150 over the programme", "paid by Fund"), "SIB0573"),
        (shared("£150 in each year", more="£50 on 1 July 2016"), "SIB0565"),
        (shared("£150 in each year", "carried forward"), "SIB0569"),
        (shared("£150 over the programme", "carried forward", "by clause", across="North"), "SIB0572"),
        (shared("£150 over the programme").replace("by date, then pro rata", "pro rata"), "SIB0233"),
    ],
)  # fmt: skip
def test_what_a_shared_cap_cannot_be_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        made(tmp_path, text)
    assert {one.code for one in refused.value.found} == {code}


def test_nobody_owes_themselves_what_is_cut(tmp_path: Path) -> None:
    parties = "parties\n  | party | role |\n  | North Trust | provider |\nend parties\n\n"
    project = made(
        tmp_path, parties + shared("£150 over the programme", "paid by North Trust", across="North")
    )
    assert "SIB0528" in {one.code for one in pipeline.check(pipeline.load(project.path))}
