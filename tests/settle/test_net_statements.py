"""What is to be paid of statements that come to less than nought: the page's own figures, and sums that must agree."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.price import Key
from sibdsl.settle.net_statements import NetOfStatement, net_statements
from sibdsl.settle.payments import Payments
from sibdsl.settle.payments_to_json import contract_to_json
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source

TEXT = """contract Both Ways
  service period 1 April 2026 to 31 March 2027
  currency GBP
  years begin 1 April
  statements quarterly
  net negative {way}
  rounding each line, half up, to the penny
end contract
parties
  | party    | role            |
  | Council  | commissioner    |
  | Fund     | co-commissioner |
  | Provider | provider        |
end parties
records Accounts
  one row per Account
  | column  | holds | blank    |
  | Made On | date  | rejected |
  | Saving  | money | rejected |
  | Other   | money | rejected |
end records
metric Saved
  kind outcome
  sums Saving of Accounts
  dated Made On
end metric
metric Spared
  kind outcome
  sums Other of Accounts
  dated Made On
end metric
payment Saving Share
  payer Council
  payee Provider
  for each Saved
  pays £1
  taken back by repayment
end payment
payment Spared Share
  payer Fund
  payee Provider
  for each Spared
  pays £1
  taken back by repayment
end payment
"""
WAYS = (
    "invoiced",
    "forgiven",
    "set off against later statements, then invoiced",
    "set off against later statements, then forgiven",
)
END = date(2027, 3, 31)


def contract(way: str, extra: str = "") -> Contract:
    return compile_source(Source("both.sib", TEXT.format(way=way) + extra)).contract


MADE = {way: contract(way) for way in WAYS}


def priced(made: Contract, saved: list[int], spared: list[int], as_of: date = END) -> Payments:
    counts = {
        Key(segment, metric, ""): Fraction(pennies, 100)
        for metric, figures in (("Saved", saved), ("Spared", spared))
        for segment, pennies in zip(segments(made), figures, strict=True)
    }
    return price_quantities(made, as_written(made), counts, as_of)


def amounts(rows: tuple[NetOfStatement, ...], payer: str = "Council") -> list[tuple[int, ...]]:
    return [tuple(int(amount) for amount in row.amounts) for row in rows if row.payer == payer]


LOSSES = [-20_000, 15_000, 10_000, -35_000]


def test_the_page() -> None:
    # Stated, from before, the payer pays, the payee pays, carried on, forgiven: as the page has them.
    carried = [(-200, 0, 0, 0, 200, 0), (150, 200, 0, 0, 50, 0), (100, 50, 50, 0, 0, 0)]
    rows = net_statements(priced(MADE[WAYS[2]], LOSSES, [0] * 4))
    assert amounts(rows) == [*carried, (-350, 0, 0, 350, 0, 0)]
    rows = net_statements(priced(MADE[WAYS[3]], LOSSES, [0] * 4))
    assert amounts(rows) == [*carried, (-350, 0, 0, 0, 0, 350)]
    alone = [(-200, 0, 0, 200, 0, 0), (150, 0, 150, 0, 0, 0), (100, 0, 100, 0, 0, 0), (-350, 0, 0, 350, 0, 0)]
    assert amounts(net_statements(priced(MADE["invoiced"], LOSSES, [0] * 4))) == alone


def test_before_the_end_it_is_carried_on() -> None:
    rows = net_statements(priced(MADE[WAYS[2]], LOSSES, [0] * 4, date(2026, 9, 30)))
    assert amounts(rows) == [(-200, 0, 0, 0, 200, 0), (150, 200, 0, 0, 50, 0)]


def test_each_payer_by_itself() -> None:
    rows = net_statements(priced(MADE[WAYS[2]], LOSSES, [500_000] * 4))
    assert amounts(rows)[1] == (150, 200, 0, 0, 50, 0)
    assert [row[2] for row in amounts(rows, "Fund")] == [5_000] * 4


FIGURES = st.lists(st.integers(-50_000, 50_000), min_size=4, max_size=4)


@given(st.sampled_from(WAYS), FIGURES, FIGURES)
def test_every_penny_is_paid_carried_or_forgiven(way: str, saved: list[int], spared: list[int]) -> None:
    run = priced(MADE[way], saved, spared)
    rows = net_statements(run)
    for row in rows:
        assert row.stated - row.brought == row.to_pay - row.invoiced - row.carried - row.forgiven
        assert sum(amount > 0 for amount in (row.to_pay, row.invoiced, row.carried, row.forgiven)) <= 1
        assert min(row.amounts[1:]) >= 0
    for payer, figures in (("Council", saved), ("Fund", spared)):
        mine = [row for row in rows if row.payer == payer]
        paid = sum((row.to_pay - row.invoiced - row.forgiven for row in mine), Fraction(0))
        assert paid == Fraction(sum(figures), 100)
        assert all(before.carried == after.brought for before, after in pairwise(mine))
        assert not mine or not mine[-1].carried
    keys = [(row.period, row.payer) for row in rows]
    assert all(len(list(same)) == 1 for _, same in groupby(sorted(keys)))


def test_no_line_hangs_on_it() -> None:
    lines = {
        way: [(one.line.kind, one.amount) for one in priced(MADE[way], LOSSES, LOSSES).lines] for way in WAYS
    }
    assert len({tuple(every) for every in lines.values()}) == 1


def test_in_json() -> None:
    shown = json.loads(json.dumps(contract_to_json(priced(MADE[WAYS[2]], LOSSES, [0] * 4))))["to_be_paid"]
    assert [row["carried"] for row in shown if row["payer"] == "Council"] == [
        "200.00",
        "50.00",
        "0.00",
        "0.00",
    ]
    assert "to_be_paid" not in contract_to_json(priced(compiled_without(), LOSSES, [0] * 4))


def compiled_without() -> Contract:
    return compile_source(
        Source("both.sib", TEXT.format(way="invoiced").replace("  net negative invoiced\n", ""))
    ).contract


CAP = """cap Ceiling
  covers payments from Council
  at most £1,000 over the contract
  excess lost
end cap
"""
RULE = """rule Floor
  requires payments from Council are at most £100
  tested at final account
  against every quantity
end rule
"""


@pytest.mark.parametrize(
    ("way", "beside", "refused"),
    [
        ("forgiven", CAP, True),
        ("forgiven", RULE, True),
        (WAYS[3], RULE, True),
        (WAYS[3], CAP, False),
        (WAYS[2], RULE, False),
        ("invoiced", CAP + RULE, False),
    ],
)
def test_what_is_forgiven_stands_beside_no_limit_and_no_rule(way: str, beside: str, *, refused: bool) -> None:
    if not refused:
        assert contract(way, beside).net_negative
        return
    with pytest.raises(Refused) as told:
        contract(way, beside)
    assert [one.code for one in told.value.found] == ["SIB0236"]
