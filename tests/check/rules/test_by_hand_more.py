"""More rules whose answers are worked out by hand: limits, blocks, tariffs that bend, shares, rounding and amounts below nought.

The contract is that of `test_by_hand`: £300 for a start, £1,500 for a job kept, eight quarters from 1 April 2026.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from sibdsl.compile import compile_source
from sibdsl.source import Source
from tests.check.rules.test_by_hand import (
    ALWAYS,
    HEAD,
    PLAIN,
    Row,
    block,
    cap,
    contract,
    decided,
    fee,
    rule,
    told,
)

YEAR, QUARTER, CLAIM, TO_DATE = "in each year", "in each quarter", "in each claim", "to date in each claim"
EXTRA = "payments under Extra"


def extra(body: str, payer: str = "Council") -> str:
    return f"payment Extra\n  payer {payer}\n  payee Provider\n{body}end payment\n"


def council(most: str, excess: str = "lost") -> str:
    return cap("payments from Council", most, excess=excess)


def saving(taken_back: str) -> str:
    return fee("Extra", "Saved", "£0.50", more=f"  taken back {taken_back}\n")


ALL_UNITS = extra(
    "  for each Start\n  all-units rates in each year\n  | units | pays |\n  | first 10 | £100 |\n  | further | £120 |\n"
)
THRESHOLD = extra("  for each Start\n  threshold 4 in each year, paying everything\n  pays £10\n")
EXCESS_ONLY = extra("  for each Start\n  threshold 4 in each year, paying only the excess\n  pays £10\n")
CONDITION = extra("  for each Start\n  pays £100\n  paid only if Kept is at least 2 in each year\n")
LINES = extra(
    "  interpolated by Start, flat beyond the ends\n  every year at the end\n"
    "  | Start | pays |\n  | 50 | £1,000 |\n  | 100 | £3,000 |\n"
)
NET = extra(
    "  pays £500 times Start minus £300 times Kept\n  every year at the end\n  at least £0 in each year\n"
)
THIRDS = extra("  pays to date £1 times Start divided by 3\n  taken back never\n")
HALVES = extra("  for each Start\n  pays £0.05\n", payer="50% Council, the rest Fund")
LIMITED = extra(
    "  for each Start\n  tiers over the contract\n  at most £1,000 over the contract\n  excess lost\n"
    "  | units | pays |\n  | first 2 | £300 |\n  | further | £200 |\n"
)
ANOTHER = (
    "cap Own\n  covers payments from Council\n  at most £500 over the contract\n  excess paid by Fund\nend cap\n",
    cap("payments from Fund", "£1,900 over the contract", "Its"),
)
BLOCK = block("£1,000", "Start Fee over the contract")
UNITS = BLOCK.replace("in money", "in units")
SHARE = cap("payments from Council", "38% of payments over the contract, after this limit")
BEFORE = cap("payments from Council", "38% of payments over the contract, before this limit")

ROWS: tuple[Row, ...] = (
    # Eight quarters of £1,000: four starts fill each.
    ((council("£1,000 in each quarter"),), "payments from Council are at most £8,000", ALWAYS, "holds", None, None),
    ((council("£1,000 in each quarter"),), "payments from Council are at most £7,999", ALWAYS, "holds when", None, {"Start": 32}),
    ((council("£1,000 in each year"),), "payments from Council are at most £1,000", TO_DATE, "holds when", None, {"Start": 4}),
    ((council("£1,000 over the contract"),), "payments from Council are more than £1,000", ALWAYS, "fails", None, {}),
    ((cap("payments", "£1,500 in each year"),), "payments are at most £2,999", ALWAYS, "holds when", None, {"Kept": 2}),
    # Of £1,200 in the first year £200 are carried: three starts in the next are £900, and £1,000 are paid.
    ((council("£1,000 in each year", "carried forward"),), "payments from Council are at most £1,999", ALWAYS, "holds when", None, {"Start": 7}),
    ((council("£1,000 in each year"),), "payments from Council are at most £1,999", ALWAYS, "holds when", None, {"Start": 8}),
    ((SHARE,), "payments from Council are at most 38% of payments", ALWAYS, "holds", None, None),
    ((BEFORE,), "payments from Council are at most 38% of payments", ALWAYS, "holds when", None, {"Start": 1}),
    (ANOTHER, "payments are at most £2,400", ALWAYS, "holds", None, None),
    # £500 and £1,900 of eight starts at £300.
    (ANOTHER, "payments are less than £2,400", ALWAYS, "holds when", None, {"Start": 8}),
    (ANOTHER, "payments from Fund are at most £1,500 times Kept", ALWAYS, "holds when", None, {"Start": 2}),
    ((BLOCK,), "payments from Council are exactly the higher of (£1,000 and £300 times Start)", ALWAYS, "holds", None, None),
    ((BLOCK,), "payments from Council are at most £1,300", ALWAYS, "holds when", "at most 4 Start", {"Start": 5}),
    # £1,000 has bought three starts; the fourth pays £300.
    ((UNITS,), "payments from Council are at most £1,000", ALWAYS, "holds when", "at most 3 Start", {"Start": 4}),
    ((LIMITED,), f"{EXTRA} are at most £1,000", ALWAYS, "holds", None, None),
    ((LIMITED,), f"{EXTRA} are at most £999", ALWAYS, "holds when", "at most 3 Start", {"Start": 4}),
    # Ten are £1,000; the eleventh makes it £1,320.
    ((ALL_UNITS,), f"{EXTRA} are at most £1,100", YEAR, "holds when", "at most 10 Start", {"Start": 11}),
    ((ALL_UNITS,), f"{EXTRA} are at most £1,320", YEAR, "holds when", "at most 11 Start", {"Start": 12}),
    ((ALL_UNITS,), f"{EXTRA} are at least £100 times Start", ALWAYS, "holds", None, None),
    ((THRESHOLD,), f"{EXTRA} are exactly £0 or {EXTRA} are at least £40", ALWAYS, "holds", None, None),
    ((EXCESS_ONLY,), f"{EXTRA} are at least £10 times Start minus £80", ALWAYS, "holds", None, None),
    # Four in each year exceed nothing: £80 less than £10 for each of eight.
    ((EXCESS_ONLY,), f"{EXTRA} are at least £10 times Start minus £79", ALWAYS, "holds when", None, {"Start": 8}),
    ((CONDITION,), f"{EXTRA} are exactly £0 or Kept is at least 2", YEAR, "holds", None, None),
    ((CONDITION,), f"{EXTRA} are exactly £0 or Kept is at least 3", YEAR, "holds when", None, {"Start": 1, "Kept": 2}),
    # £40 for each start between 50 and 100: the 76th makes it £2,040.
    ((LINES,), f"{EXTRA} are at most £2,039", YEAR, "holds when", "at most 75 Start", {"Start": 76}),
    ((LINES,), f"{EXTRA} are at most £2,040", YEAR, "holds when", "at most 76 Start", {"Start": 77}),
    ((NET,), f"{EXTRA} are at least £500 times Start minus £300 times Kept", ALWAYS, "holds", None, None),
    ((NET,), f"{EXTRA} are at most £500 times Start minus £300 times Kept", YEAR, "holds when", None, {"Kept": 1}),
    ((THIRDS,), f"{EXTRA} are at most £1 times Start divided by 3 plus £0.01", ALWAYS, "holds", None, None),
    ((THIRDS,), f"{EXTRA} are at most £1 times Start divided by 3", ALWAYS, "holds when", None, {"Start": 2}),
    # Of an odd line the payer written first bears the odd penny: one in each of eight quarters at most.
    ((HALVES,), "payments from Council under Extra are at least payments from Fund under Extra", ALWAYS, "holds", None, None),
    ((HALVES,), "payments from Council under Extra are at most payments from Fund under Extra plus £0.01", CLAIM, "holds", None, None),
    ((HALVES,), "payments from Council under Extra are at most payments from Fund under Extra plus £0.08", ALWAYS, "holds", None, None),
    ((HALVES,), "payments from Council under Extra are at most payments from Fund under Extra plus £0.07", ALWAYS, "holds when", None, {"Start": 8}),
    ((saving("never"),), f"{EXTRA} are at least £0", CLAIM, "holds", None, None),
    ((saving("from later payments"),), f"{EXTRA} are at least £0", CLAIM, "holds", None, None),
    ((saving("by repayment"),), f"{EXTRA} are at least £0", ALWAYS, "holds when", None, {"Saved": -1}),
    # Half a penny for each of eight lines.
    ((saving("by repayment"),), f"{EXTRA} are at most £0.50 times Saved plus £0.04", ALWAYS, "holds", None, None),
    ((saving("by repayment"), cap(EXTRA, "£100 over the contract")), f"{EXTRA} are at most £100", TO_DATE, "holds", None, None),
    # What is repaid gives room: £100 may be paid again after it.
    ((saving("by repayment"), cap(EXTRA, "£100 over the contract")), f"{EXTRA} are at most £100", CLAIM, "holds when", None, None),
)  # fmt: skip

POUND = {"grain": "pound", "start": "£0.50"}
HEADED: tuple[tuple[dict[str, str], Row], ...] = (
    # Half a pound goes up: each of eight lines gains half a pound at most.
    (POUND, ((), "payments from Council are at most £1 times Start", ALWAYS, "holds", None, None)),
    (POUND, ((), "payments from Council are at most £0.50 times Start plus £4", ALWAYS, "holds", None, None)),
    (POUND, ((), "payments from Council are at most £0.50 times Start plus £3.99", ALWAYS, "holds when", None, {"Start": 8})),
)  # fmt: skip


@pytest.mark.parametrize(
    ("head", "row"),
    [*(({}, row) for row in ROWS), *HEADED],
    ids=lambda one: f"{one[1]}, {one[2]}" if isinstance(one, tuple) else ",".join(one),
)
def test_a_rule_worked_by_hand(head: dict[str, str], row: Row) -> None:
    blocks, requires, tested, says, boundary, counterexample = row
    made = contract(*blocks, rule(requires, tested), **head)
    found, _ = decided(made)
    assert found.says == says
    if says == "holds":
        assert told(found) is None
    if counterexample is not None:
        assert told(found) == {metric: Fraction(number) for metric, number in counterexample.items()}
    if boundary is not None:
        occasion = next(one for one in found.verdict.occasions if one.says == "holds when")
        ((bound,),) = occasion.alternatives
        assert bound.said(made, occasion.horizon.days) == boundary


@pytest.mark.parametrize(("code", "found"), [("GBP", "0.11"), ("KWD", "0.101"), ("CHF", "0.11")])
def test_money_is_sought_in_the_minor_unit_of_its_currency(code: str, found: str) -> None:
    """What is spent is paid. No whole sum is between a tenth and nine tenths: the smallest that is has one minor unit more."""
    sign = {"GBP": "£"}.get(code, f"{code} ")
    text = HEAD.format(**{**PLAIN, "grain": "minor unit", "start": "£300"})
    spent = "payment Extra\n  payer Council\n  payee Provider\n  pays to date 100% of Spent\n  taken back never\nend payment\n"
    asked = rule(f"{EXTRA} are at most £0.10 or {EXTRA} are at least £0.90")
    whole = f"{text}\n{spent}\n{asked}".replace("GBP", code).replace("£", sign)
    decision, _ = decided(compile_source(Source("sought.sib", whole)).contract)
    assert told(decision) == {"Spent": Fraction(found)}
