"""Caps that cover nothing, that cannot bind, or whose time is not the contract's."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import Segment
from sibdsl.price import build, price
from tests.check.marked import codes, contract, found, only, underlined


def caps(*rows: str) -> str:
    lines = [
        "cap Ceiling [6]",
        "  excess lost",
        "  | covers | at most |",
        *(f"  {row}" for row in rows),
        "end cap",
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("covers", "why"),
    [
        ("payments from Charity", "Charity pays nothing under this contract"),
        ("payments to Council", "Council is paid nothing under this contract"),
        (
            "payments from Council on inputs",
            "no payment of this contract answers all parts of the description",
        ),
    ],
)
def test_a_cap_that_covers_nothing(covers: str, why: str) -> None:
    one = only("SIB0523", caps(f"| «{covers}» | £90,000 over the contract |"))
    assert (one.severity, one.clause) == ("warning", "6, cap Ceiling")
    assert one.message == f"Ceiling covers no payment: {why}. So nothing is limited here."


def test_a_cap_on_blocks_alone_cuts_nothing() -> None:
    block = "block advance Upfront\n  payer Council\n  payee Charity\n  paid on 1 April 2016\n  pays £10\n  set against Job Fee in 2016/17\n  set off in money, as fees fall due\n  unused part kept\nend block advance\n"
    (one,) = found(block + caps("| block payments from Council | £90,000 over the contract |"))
    assert one.code == "SIB0523"
    assert "never cut by it" in one.message


def test_a_time_outside_the_payment_period() -> None:
    one = only("SIB0514", caps("| payments from Council | £90,000 «in 2021/22» |"))
    assert one.severity == "error"
    assert one.message.endswith(
        "lies outside the payment period (1 April 2016 to 31 March 2020), so the cap limits nothing."
    )
    assert codes(caps("| payments from Council | £90,000 in 2019/20 |")) == []


NEVER = caps(
    "| payments from Council | £20,000 in each year |",
    "| payments from Council | «£80,000» over the contract |",
)


def test_a_limit_that_hangs_on_an_assumption_may_bind_under_another_reading() -> None:
    assumed = "assumption Yearly Limit\n  takes £20,000\n  reason \"Open: a year's or the contract's.\"\nend assumption\n"
    text = NEVER.replace("«", "").replace("»", "").replace("£20,000", "Yearly Limit") + assumed
    (one,) = found(text)
    assert (one.code, one.severity) == ("SIB0524", "note")
    assert "Yearly Limit" in one.help


def test_a_limit_that_four_yearly_limits_keep() -> None:
    one = only("SIB0524", NEVER)
    assert one.severity == "warning"
    assert one.message == (
        "This limit of £80,000 over the contract can never bind: Ceiling already keeps the same payments to £20,000 in each "
        "year."
    )
    assert [underlined(NEVER, label.span)[-7:] for label in one.labels] == ["£20,000"]
    assert codes(NEVER.replace("80,000", "79,999").replace("«", "").replace("»", "")) == []


def test_the_limit_that_never_binds_never_cuts() -> None:
    made = contract(NEVER)
    graph = build(made, as_written(made))
    row = made.caps[0].rows[1]
    for number in (0, 3, 50, 1000):
        priced = price(graph, {key: Fraction(number) for key in graph.keys()})  # noqa: SIM118 - a method
        assert not [one for one in priced.lines if one.line.kind == "cap_cut" and one.line.span == row.span]


@pytest.mark.parametrize(
    ("first", "second", "which"),
    [
        ("payments from Council | £90,000 over the contract", "payments from Council | £90,000 over the contract", "second"),
        ("payments from Council | £91,000 in each year", "payments from Council | £90,000 over the contract", "first"),
        ("payments earned by Job Entry | £91,000 over the contract", "payments from Council | £90,000 over the contract", "first"),
        ("payments earned by Job Entry from Council | £90,000 over the contract", "payments to Charity | £90,000 over the contract", "second"),
        ("payments from Council | £89,000 in each year", "payments from Council | £90,000 over the contract", ""),
        ("payments from Council | £91,000 in 2016/17", "payments from Council | £90,000 in 2017/18", ""),
    ],
)  # fmt: skip
def test_which_of_two_limits_never_binds(first: str, second: str, which: str) -> None:
    got = found(caps(f"| {first} |", f"| {second} |"))
    assert [one.code for one in got] == (["SIB0524"] if which else [])
    assert [one.span.line for one in got] == ([70 if which == "first" else 71] if which else [])


def test_a_part_year_is_noted_once() -> None:
    text = """
contract Example
  service period  1 June 2016 to 31 March 2019
  payment period  1 June 2016 to 31 March 2020
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract
""" + caps(
        "| payments from Council | £90,000 «in each year» |", "| payments to Charity | £80,000 in each year |"
    )
    got = [one for one in found(text) if one.code == "SIB0529"]
    assert len(got) == 1
    assert got[0].severity == "note"
    assert got[0].message.startswith("1 June 2016 to 31 March 2017 is only part of a contract year")


def test_amounts_that_are_not_given_are_left_alone() -> None:
    given = (
        "particulars\n  | particular | holds | default |\n  | Limit | money | required |\nend particulars\n"
    )
    assert (
        codes(
            given
            + caps(
                "| payments from Council | Limit over the contract |",
                "| payments to Charity | £5,000 in each year |",
            )
        )
        == []
    )


SELECTIONS = st.sampled_from(
    (
        "payments from Council",
        "payments to Charity",
        "payments earned by Job Entry",
        "payments by results from Council",
        "payments under Job Fee",
        "payments from Council earned on or before 31 March 2018",
    )
)
TIMES = st.sampled_from(("over the contract", "in each year", "in each quarter", "in 2016/17", "in 2017/18"))
ROWS = st.lists(st.tuples(SELECTIONS, st.integers(1, 12), TIMES), min_size=2, max_size=3)
VOLUMES = st.lists(st.integers(0, 6), min_size=32, max_size=32)


@settings(max_examples=40)
@given(rows=ROWS, volumes=VOLUMES)
def test_taking_out_limits_that_never_bind_changes_no_payment(
    rows: list[tuple[str, int, str]], volumes: list[int]
) -> None:
    text = caps(*(f"| {covers} | £{amount},000 {over} |" for covers, amount, over in rows))
    told = [one for one in found(text) if one.code == "SIB0524"]
    whole = contract(text)
    (cap,) = whole.caps
    kept = tuple(row for row in cap.rows if row.amount.span not in {one.span for one in told})
    assert len(kept) == len(cap.rows) - len(told)
    assert paid(whole, volumes) == paid(evolve(whole, caps=(evolve(cap, rows=kept),)), volumes)


def paid(made: Contract, volumes: list[int]) -> dict[Segment, Fraction]:
    graph = build(made, as_written(made))
    quantities = {key: Fraction(volumes[at % len(volumes)]) for at, key in enumerate(graph.keys())}
    totals: dict[Segment, Fraction] = {}
    for one in price(graph, quantities).lines:
        totals[one.line.segment] = totals.get(one.line.segment, Fraction(0)) + one.amount
    return {segment: total for segment, total in totals.items() if total}


# ------------------------------------------------------------------ limits for each person


TIERED = """
payment Job Fee
  payer     Council
  payee     Charity
  for each  Job Entry
  tiers     over the contract
  at most   £700 «per person» over the contract
  excess    lost
  | units   | pays |
  | first 2 | £700 |
  | further | £300 |
end payment
"""


def test_a_limit_for_each_person_on_what_is_nobodys() -> None:
    (one,) = found(TIERED.replace("«", "").replace("»", ""))
    assert (one.code, one.severity) == ("SIB0570", "error")
    assert one.message.startswith("What one person's results earn under Job Fee cannot be told apart")
    limited = caps("| payments from Council | £1,000 per person over the contract |")
    assert codes(limited) == []


def test_a_limit_for_each_person_says_nothing_of_the_whole() -> None:
    """£1,000 for each person and £1,000 over the contract are two limits: neither keeps the other."""
    assert (
        codes(
            caps(
                "| payments from Council | £1,000 per person over the contract |",
                "| payments from Council | £1,000 over the contract |",
            )
        )
        == []
    )


FEE = """
payment Top Up
  payer     Council
  payee     Charity
  for each  Job Entry
  pays      £100
  at most   £900 over the contract
  excess    {}
end payment
"""


def test_what_exceeds_a_limit_is_not_owed_to_oneself() -> None:
    (one,) = (each for each in found(FEE.format("paid by Charity")) if each.code == "SIB0528")
    assert one.message == "Charity is paid Top Up, and would owe itself what exceeds this limit."
    assert "E0528" not in codes(FEE.format("lost"))
