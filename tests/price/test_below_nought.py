"""What becomes of what payments come to below nought, held against amounts worked out here by themselves.

The oracle shares no code with the price graph: it adds up what each row comes to, splits it between payers, and nets it over
statement periods as the language reference says.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import floor
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.price import Key, Priced, build, price
from sibdsl.source import Source

ZERO = Fraction(0)
WAYS = ("never", "from later payments", "by repayment")

FRAME = """\
contract Savings
  service period  1 April 2026 to 31 March 2028
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract
parties
  | party    | role            |
  | Council  | commissioner    |
  | Fund     | co-commissioner |
  | Lottery  | co-commissioner |
  | Provider | provider        |
end parties
records Accounts
  one row per Account
  | column  | holds  | blank    |
  | Made On | date   | rejected |
  | Left    | number | rejected |
  | Right   | number | rejected |
end records
metric Left Saved
  kind   outcome
  sums   Left of Accounts
  dated  Made On
end metric
metric Right Saved
  kind   outcome
  sums   Right of Accounts
  dated  Made On
end metric
payment Other [9]
  payer     Lottery
  payee     Provider
  for each  Left Saved
  pays      £0
  taken back never
end payment
{cap}
payment Fee [1]
  {payer}
  payee       Provider
  taken back  {way}
{terms}end payment
"""
#: A limit on another's payments, which splits a quarter in parts and cuts nothing here.
SPLITS = """\
cap Splits
  covers   payments from Lottery
  at most  £10 in 16 May 2026 to 1 February 2027
  excess   lost
end cap
"""
TERMS = {
    "rate": "  for each  Left Saved\n  pays  £0.125\n",
    "rows": "  | for each | pays |\n  | Left Saved | £1.5 |\n  | Right Saved | £0.333 |\n",
    "sum": "  pays  £2 times Left Saved minus £0.7 times Right Saved\n  every  quarter at the end\n",
    "tiers": "  for each  Left Saved\n  tiers  over the contract\n  | units | pays |\n  | first 20 | £1 |\n  | next 10 | £3 |\n  | further | £0.5 |\n",
    "factor": "  for each  Left Saved\n  pays  £4\n  multiplied by  5/6\n",
}
PAYERS = {
    "one": "payer  Council",
    "shares": "payer  1/3 Council, the rest Fund",
    "amounts": "payer  £20 Council, the rest Fund",
    "then": "payer  Council to 31 December 2026, then Fund, by date of statement",
}


def text(terms: str, payer: str, way: str, *, split: bool = False) -> str:
    return FRAME.format(cap=SPLITS if split else "", payer=PAYERS[payer], way=way, terms=TERMS[terms])


class Case(NamedTuple):
    """A contract of one payment that may fall, what is counted, and its price."""

    terms: str
    payer: str
    way: str
    contract: Contract
    counts: dict[Key, Fraction]
    priced: Priced


@st.composite
def cases(draw: st.DrawFn) -> Case:
    terms, payer, way = (draw(st.sampled_from(list(one))) for one in (TERMS, PAYERS, WAYS))
    contract = compile_source(Source("x.sib", text(terms, payer, way, split=draw(st.booleans())))).contract
    number = st.integers(-6000, 6000).map(lambda hundredths: Fraction(hundredths, 100))
    counts = {
        Key(segment, metric, ""): draw(number)
        for segment in segments(contract)
        for metric in ("Left Saved", "Right Saved")
    }
    return Case(terms, payer, way, contract, counts, price(build(contract, as_written(contract)), counts))


# ------------------------------------------------------------------ the oracle


def penny(amount: Fraction) -> Fraction:
    size = Fraction(floor(abs(amount) * 100 + Fraction(1, 2)), 100)
    return -size if amount < 0 else size


def rows(case: Case) -> list[list[Fraction]]:
    """For each part of a period, what each line comes to."""
    found = []
    total = ZERO
    for segment in segments(case.contract):
        left, right = (case.counts[Key(segment, one, "")] for one in ("Left Saved", "Right Saved"))
        before, total = total, total + left
        if case.terms == "rate":
            mine = [left / 8]
        elif case.terms == "rows":
            mine = [left * Fraction(3, 2), right * Fraction(333, 1000)]
        elif case.terms == "factor":
            mine = [left * Fraction(10, 3)]
        elif case.terms == "tiers":

            def within(number: Fraction) -> tuple[Fraction, Fraction, Fraction]:
                return (
                    min(number, Fraction(20)),
                    min(max(number - 20, ZERO), Fraction(10)),
                    max(number - 30, ZERO),
                )

            now, then = within(total), within(before)
            rates = (Fraction(1), Fraction(3), Fraction(1, 2))
            mine = [(a - b) * rate for a, b, rate in zip(now, then, rates, strict=True)]
        else:
            mine = [ZERO]
        found.append([penny(one) for one in mine])
    if case.terms == "sum":
        every = segments(case.contract)
        for at, segment in enumerate(every):
            if segment.days.end == segment.statement.end:
                inside = [one for one in every if one.statement == segment.statement]
                left, right = (
                    sum((case.counts[Key(one, metric, "")] for one in inside), ZERO)
                    for metric in ("Left Saved", "Right Saved")
                )
                found[at] = [penny(2 * left - Fraction(7, 10) * right)]
    return found


def third(amount: Fraction) -> tuple[Fraction, Fraction]:
    """A third and the rest, to the penny by the largest remainder: the first where a third of a penny is over twice."""
    pence = int(abs(amount) * 100)
    first = pence // 3 + (1 if pence % 3 == 2 else 0)
    sign = -1 if amount < 0 else 1
    return sign * Fraction(first, 100), sign * Fraction(pence - first, 100)


def came_to(case: Case) -> dict[str, dict[object, Fraction]]:
    """What each payer's part comes to in each statement period, below nought too."""
    found: dict[str, dict[object, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    so_far: dict[tuple[object, int], Fraction] = defaultdict(Fraction)
    for segment, mine in zip(segments(case.contract), rows(case), strict=True):
        period = segment.statement
        for row, amount in enumerate(mine):
            if case.payer == "one":
                found["Council"][period] += amount
            elif case.payer == "then":
                found["Council" if period.last.year == 2026 else "Fund"][period] += amount
            elif case.payer == "shares":
                parts = third(amount)
                found["Council"][period] += parts[0]
                found["Fund"][period] += parts[1]
            else:
                before = so_far[period, row]
                so_far[period, row] += amount
                first = [max(ZERO, min(Fraction(20), one)) for one in (before, so_far[period, row])]
                found["Council"][period] += first[1] - first[0]
                found["Fund"][period] += amount - (first[1] - first[0])
    return found


def expected(way: str, sums: list[Fraction]) -> tuple[list[Fraction], list[Fraction]]:
    """What is paid, and paid back, in each statement period."""
    if way != "from later payments":
        back = [max(ZERO, -one) if way == "by repayment" else ZERO for one in sums]
        return [max(ZERO, one) for one in sums], back
    paid, owed = [], ZERO
    for one in sums:
        paid.append(max(ZERO, one - owed))
        owed = max(ZERO, owed - one)
    return paid, [ZERO for _ in sums]


@settings(max_examples=settings().max_examples * 3, deadline=None)
@given(cases())
def test_what_is_paid_and_paid_back(case: Case) -> None:
    periods = list(dict.fromkeys(one.statement for one in segments(case.contract)))
    worked = came_to(case)
    for payer in ("Council", "Fund"):
        sums = [worked[payer][period] if payer in worked else ZERO for period in periods]
        paid, back = expected(case.way, sums)
        for at, period in enumerate(periods):
            mine = [
                one
                for one in case.priced.lines
                if one.line.payment == "Fee" and one.line.segment.statement == period
            ]
            assert sum((one.amount for one in mine if one.line.payer == payer), ZERO) == paid[at]
            turned = [one for one in mine if one.line.payee == payer]
            assert {one.line.kind for one in turned} <= {"repaid"}
            assert sum((one.amount for one in turned), ZERO) == back[at]


@settings(max_examples=60, deadline=None)
@given(cases())
def test_no_line_of_a_payment_is_below_nought(case: Case) -> None:
    for one in case.priced.lines:
        assert (one.amount < 0) == (one.line.kind == "taken_back")


@settings(max_examples=60, deadline=None)
@given(cases())
def test_what_is_kept_is_what_was_not_taken(case: Case) -> None:
    worked = came_to(case)
    kept = {
        each.payer: case.priced.values[each.amount]
        for each in case.priced.graph.kept.values()
        if each.payment == "Fee"
    }
    assert bool(kept) == (case.way == "from later payments")
    for payer, amount in kept.items():
        sums = list(worked[payer].values())
        paid, _ = expected(case.way, sums)
        assert amount == sum(paid, ZERO) - sum(sums, ZERO)


# ------------------------------------------------------------------ refused without the line


@pytest.mark.parametrize("terms", TERMS)
@pytest.mark.parametrize("payer", PAYERS)
def test_without_the_line_each_kind_is_refused(terms: str, payer: str) -> None:
    said = text(terms, payer, "never").replace("  taken back  never\n", "", 1)
    with pytest.raises(Refused) as refused:
        compile_source(Source("x.sib", said))
    (found,) = refused.value.found
    assert found.code == "SIB0541"
    assert "Left of Accounts" in found.message
    assert all(f"`taken back {way}`" in found.help for way in WAYS)
    assert "`at least 0` under `must be`" in found.help


@pytest.mark.parametrize("terms", TERMS)
def test_with_costs_the_same_payment_is_taken(terms: str) -> None:
    said = (
        text(terms, "one", "never")
        .replace("  taken back  never\n", "", 1)
        .replace("  taken back never\n", "", 1)
    )
    said = said.replace("| blank    |", "| blank    | must be    |").replace(
        "| rejected |", "| rejected | any        |"
    )
    said = said.replace("| number | rejected | any        |", "| number | rejected | at least 0 |")
    if terms == "sum":
        with pytest.raises(Refused, match="more may be taken away than there is"):
            compile_source(Source("x.sib", said))
    else:
        compile_source(Source("x.sib", said))
