"""Tower Hamlets' prices against the program that works them out from people, and against sums done by hand."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from sibdsl.compile import compile_file
from sibdsl.model.nodes import Contract, Value
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.model.periods import segments
from sibdsl.price import Key, PricedLine, build, price
from tests.oracle.generate import HEAVY, MIXED, Knobs, write_case
from tests.oracle.terms import AS_APPLIED_FOR, SetOff
from tests.oracle.tower_hamlets import Answer, work_out

HERE = Path(__file__).parents[2]
TIGHT = {"SOF": Decimal("54321.98"), "CBO": Decimal("23456.71")}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return compile_file(HERE / "contracts" / "mhep1" / "tower_hamlets.sib").contract


def with_caps(contract: Contract, caps: dict[str, Decimal]) -> Contract:
    rows = tuple(
        evolve(row, amount=Value(Fraction(caps[row.covers.payers[0]]), "money"))
        for row in contract.caps[0].rows
    )
    return evolve(contract, caps=(evolve(contract.caps[0], rows=rows),))


def counted(contract: Contract, answer: Answer) -> dict[Key, Fraction]:
    by_start = {one.days.start: one for one in segments(contract)}
    return {
        Key(by_start[one.period_start], one.metric, one.band or ""): Fraction(one.count)
        for one in answer.quantities
    }


def lines(contract: Contract, basis: str, counts: dict[Key, Fraction], as_of: date) -> tuple[PricedLine, ...]:
    settings = Settings({**as_written(contract).values, "Set Off Basis": basis})
    return price(build(contract, settings), counts, as_of).lines


@pytest.mark.parametrize("how", ["money", "units"])
@pytest.mark.parametrize("as_of", [date(2016, 6, 30), date(2018, 3, 31), date(2019, 3, 31)])
@pytest.mark.parametrize(("seed", "size", "knobs"), [(1, 60, MIXED), (2, 400, HEAVY), (3, 1500, HEAVY)])
def test_every_total_is_what_people_earned(
    contract: Contract, tmp_path: Path, seed: int, size: int, knobs: Knobs, as_of: date, how: SetOff
) -> None:
    write_case(tmp_path, seed, size, knobs)
    tight = size == 400
    terms = replace(AS_APPLIED_FOR, set_off=how)
    if tight:
        terms = replace(terms, sof_cap=TIGHT["SOF"], cbo_cap=TIGHT["CBO"])
    answer = work_out(tmp_path, as_of, terms)
    priced = lines(
        with_caps(contract, TIGHT) if tight else contract, f"in {how}", counted(contract, answer), as_of
    )
    found: Counter[tuple[date, str, str]] = Counter()
    for one in priced:
        if one.line.kind != "advance":
            key = one.line.segment.days.start, one.line.payer, one.line.kind
            found[key] += abs(one.amount)  # type: ignore[assignment]
    expected = {
        (one.period_start, one.payer, one.kind): Fraction(one.amount) for one in answer.totals if one.amount
    }
    assert found == expected
    advanced = [(one.line.due, one.line.payer, one.amount) for one in priced if one.line.kind == "advance"]
    assert sorted(advanced, key=str) == sorted(
        ((one.due_on, one.payer, Fraction(one.amount)) for one in answer.advances), key=str
    )


def test_the_158th_engagement_pays_400_in_money_and_700_in_units(contract: Contract) -> None:
    # 110,200 = 157 x 700 + 300. The 158th engagement of 2016/17: 700 - 300 = 400; in units nothing of the block is left.
    second = segments(contract)[1]
    counts = {
        Key(segments(contract)[0], "Engagement", ""): Fraction(157),
        Key(second, "Engagement", ""): Fraction(1),
    }
    for basis, pays in (("in money", 400), ("in units", 700)):
        due = lines(contract, basis, counts, date(2016, 9, 30))
        ccg = [one.amount for one in due if (one.line.payer, one.line.segment) == ("CCG", second)]
        assert sum(ccg) == pays


def test_the_published_quarter(contract: Contract) -> None:
    # Box 1: 40 x 300, 40 x 700, 40 x 90 + 6 x 700 + 4 x 1,350 + 1 x 1,400 + 2 x 1,650 = 17,900.
    quarter = next(one for one in segments(contract) if one.days.start == date(2018, 4, 1))
    numbers = {
        ("Engagement", ""): 40,
        ("Job Entry", "Under 16"): 6,
        ("Job Entry", "From 16"): 4,
        ("Job Sustainment", "Under 16"): 1,
        ("Job Sustainment", "From 16"): 2,
    }
    counts = {Key(quarter, metric, band): Fraction(number) for (metric, band), number in numbers.items()}
    due: Counter[str] = Counter()
    for one in lines(contract, "in money", counts, date(2018, 6, 30)):
        if one.line.segment == quarter:
            due[one.line.payer] += one.amount  # type: ignore[assignment]
    assert due == {"MHEP": 12_000, "CCG": 28_000, "CBO": 17_900}
