"""Flows hold every line that can be paid, and no other; their limits are those that cover one of their lines."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given

from sibdsl.check.flows import Flows, flows, joined
from sibdsl.compile import compile_file, compile_source
from sibdsl.dates import Period
from sibdsl.model.nodes import Cap, CapRow, Contract, Selection, Value
from sibdsl.model.parameters.in_force import Keyed, Plain, Settings, as_written
from sibdsl.model.periods import occasions
from sibdsl.model.variations import in_force
from sibdsl.price import build
from sibdsl.price.builder import inside
from sibdsl.price.graph import Line
from sibdsl.price.selected_lines import limited
from sibdsl.render.flows.text import text
from sibdsl.render.flows.to_json import to_json
from sibdsl.source import Source
from tests.docs.reading import ROOT, spliced
from tests.flows.pieces import FRAME, KINDS
from tests.model.generate import contracts

DEDUCTIONS = """
deduction Late Reports [9]
  covers            payments under Start Fee
  deducts           2%
  deducted only if  Job Start is at least 1 in each quarter
end deduction

deduction Retention [10]
  covers   payments from Council
  deducts  £50
end deduction
"""
SIGNED = sorted(
    path
    for path in (ROOT / "contracts").glob("*/*.sib")
    if any(line.startswith("contract ") for line in path.read_text(encoding="utf-8").splitlines())
)


def key(line: Line) -> tuple[object, ...]:
    return (
        line.kind, line.payer, line.payee, line.payment, line.metrics, line.band, line.segment.days, line.due,
    )  # fmt: skip


def keys(lines: Iterable[Line]) -> set[tuple[object, ...]]:
    return {key(line) for line in lines}


def agree(contract: Contract, given_: Settings) -> Flows:
    """The flows of a contract, compared with what its price graph can pay."""
    made = flows(contract, given_)
    graph = build(contract, given_)
    paid = [line for line in graph.lines if line.kind in ("payment", "advance")]
    held = [
        (flow, line) for flow in made.flows for item in flow.items if not item.missing for line in item.lines
    ]
    assert keys(line for _, line in held) == keys(paid)
    assert all((line.payer, line.payee) == (flow.payer, flow.payee) for flow, line in held)
    drawn = {
        (line.payer, line.payee, line.payment, one.name)
        for flow in made.flows
        for item in flow.items
        for line in item.lines
        for one in item.deducted
    }
    taken = [line for line in graph.lines if line.kind == "deducted" and not line.origin]
    assert {(line.payer, line.payee, line.payment, line.rule) for line in taken} <= drawn
    for flow in made.flows:
        mine = [line for line in paid if (line.payer, line.payee) == (flow.payer, flow.payee)]
        for limit in made.limits:
            if limit in flow.limits or not all(item.missing for item in flow.items):
                assert (limit in flow.limits) == any(
                    _under(contract, given_, limit.cap, limit.row, line) for line in mine
                )
    cut = {(line.rule, line.payer, line.payee) for line in graph.lines if line.kind == "cap_cut"}
    assert cut <= {(limit.cap.name, flow.payer, flow.payee) for flow in made.flows for limit in flow.limits}
    return made


def _under(contract: Contract, given_: Settings, cap: Cap, row: CapRow, line: Line) -> bool:
    first, last = cap.applies.first, cap.applies.last
    days = line.segment.days
    return (
        limited(contract, given_, row, line)
        and (first is None or days.start >= first)
        and (last is None or days.last <= last)
        and any(inside(days, one) for one in occasions(contract, row.scope))
    )


@given(contracts())
def test_every_line_belongs_to_a_flow_and_every_flow_to_lines(made: tuple[str, Contract]) -> None:
    # What is paid only if something holds is shown whether or not it does, so such conditions are left out here.
    always = tuple(evolve(one, needs="", needs_to_be="given") for one in made[1].payments)
    contract = evolve(made[1], payments=always)
    found = agree(contract, as_written(contract))
    shown = text(found, found.flows)
    assert to_json(found, found.flows)["flows"] or "Nothing is paid." in shown
    assert all(flow.payer in shown and flow.payee in shown for flow in found.flows)


def test_without_any_day_of_a_block_the_same_limits_and_more(tmp_path: Path) -> None:
    contract = _compiled(tmp_path, KINDS)
    given_ = as_written(contract)
    known = flows(contract, given_)
    values = {name: value for name, value in given_.values.items() if name != "Block Day"}
    unknown = flows(contract, Settings(values))
    for one, other in zip(known.flows, unknown.flows, strict=True):
        assert set(one.limits) <= set(other.limits)
    (block,) = [item for flow in unknown.flows for item in flow.items if item.undated]
    assert block.due == ()
    assert "on Block Day, not given" in " ".join(text(unknown, unknown.flows).split())


def _compiled(folder: Path, piece: str) -> Contract:
    path = folder / "job_support.sib"
    path.write_text(spliced(FRAME, piece), encoding="utf-8")
    contract = compile_file(path).contract
    return in_force(contract, as_written(contract))


def test_all_kinds_of_payment(tmp_path: Path) -> None:
    contract = _compiled(tmp_path, KINDS)
    made = agree(contract, as_written(contract))
    shown = " ".join(text(made, made.flows).split())
    for said in (
        "£300 for each Job Start, the first 2 in each year",
        "£200 for each Job Start, all further in each year",
        "at most £1,000 over the contract: on Start Fee",
        "£3,650 every year at the end, part years by days; due on 31 March 2027, 31 March 2028 and 30 September 2028",
        "what 50% of Net to date (at least £0, at most £600) comes to beyond all paid before; nothing is taken back",
        "at most £600 over the contract: on Gain Share",
        "Fund pays it in cash, and Council owes it",
        "only if Secret Fee is given, and it is not: nothing is paid under it",
        "£1,050 on 1 October 2026 (Twice A Block); set off in money against Start Fee in 2026/27",
        "£100 on 1 April 2026; not on account: set off against nothing",
        "Not given, and shown by name: Secret Fee.",
    ):
        assert said in shown, said


def test_a_clause_left_out_comes_in_when_its_particular_is_given(tmp_path: Path) -> None:
    contract = _compiled(tmp_path, KINDS)
    given_ = Settings({**as_written(contract).values, "Secret Fee": Fraction(5)})
    made = agree(contract, given_)
    assert not any(item.missing for flow in made.flows for item in flow.items)
    assert "£5 for each Job Kept (Secret Fee)" in " ".join(text(made, made.flows).split())


@pytest.mark.parametrize("path", SIGNED, ids=lambda path: path.stem)
def test_contracts_with_something_given_for_everything(path: Path) -> None:
    made = compile_file(path)
    contract = made.contract
    stand_in: dict[str, Fraction | date] = {
        "money": Fraction(1000),
        "money per day": Fraction(90),
        "date": contract.payment_period.start,
        "count": Fraction(3),
        "percentage": Fraction(1, 2),
    }
    missing = {
        one.name: stand_in[one.kind]
        for one in contract.particulars
        if one.default is None and not one.per and one.kind in stand_in
    }
    # What examples of the contract's own give goes before what is made up here: dates must follow one another.
    own = {name: value for one in reversed(contract.examples) for name, value in one.settings}
    values: dict[str, Plain | Keyed] = {**as_written(contract).values, **missing, **own}
    given_ = Settings(values)
    agree(in_force(made.terms(given_), given_), given_)


def test_a_clause_that_ends_and_the_one_after_it(tmp_path: Path) -> None:
    contract = _compiled(tmp_path, KINDS)
    (cap,) = contract.caps
    day = contract.payment_period.start + timedelta(days=365)
    ended = evolve(cap, applies=evolve(cap.applies, last=day - timedelta(days=1)))
    row = evolve(cap.rows[0], amount=Value(Fraction(7), "money"))
    after = evolve(cap, rows=(row,), applies=evolve(cap.applies, first=day))
    made = agree(evolve(contract, caps=(ended, after)), as_written(contract))
    shown = " ".join(text(made, made.flows).split())
    assert "at most £5,000 in each year, until 31 March 2027" in shown
    assert "at most £7 in each year, from 1 April 2027" in shown


def test_days_that_touch_are_one_stretch() -> None:
    a, b, c, d = (date(2026, month, 1) for month in (1, 4, 7, 10))
    assert joined([Period(b, c), Period(a, b), Period(a, b)]) == (Period(a, c),)
    assert joined([Period(c, d), Period(a, b)]) == (Period(a, b), Period(c, d))


def test_a_limit_on_part_of_a_flow_and_one_that_flows_share_are_said_to_be_so(tmp_path: Path) -> None:
    contract = _compiled(tmp_path, KINDS)
    (cap,) = contract.caps
    row = evolve(cap.rows[0], covers=Selection(payments=("Start Fee",)))
    shared = evolve(contract, caps=(evolve(cap, rows=(row,)),))
    made = flows(shared, as_written(shared))
    shown = " ".join(text(made, made.flows).split())
    together = "together with all other payments under Start Fee"
    assert f"at most £5,000 in each year: Yearly, on Start Fee, {together}" in shown
    alone = evolve(
        shared, payments=tuple(one for one in shared.payments if one.name in ("Start Fee", "Running Costs"))
    )
    alone = evolve(alone, payments=tuple(evolve(one, limits=()) for one in alone.payments))
    made = flows(alone, as_written(alone))
    shown = " ".join(text(made, made.flows).split())
    assert "on part of it, at most £5,000 in each year, shared" in shown


def test_deductions_are_drawn() -> None:
    made = compile_source(Source("case.sib", spliced(FRAME, DEDUCTIONS))).contract
    drawn = agree(made, as_written(made))
    assert "less 2% by Late Reports, if Job Start is at least 1" in " ".join(text(drawn, drawn.flows).split())
    assert "less £50 by Retention" in " ".join(text(drawn, drawn.flows).split())
    assert '"deducted": ["Late Reports", "Retention"]' in json.dumps(to_json(drawn, drawn.flows))
