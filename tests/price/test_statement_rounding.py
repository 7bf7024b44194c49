"""Statements rounded as one: the parts come to the whole, and what only cuts a period in parts changes no amount."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from sibdsl import money
from sibdsl.compile import compile_source
from sibdsl.dates import Period
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import Segment
from sibdsl.price import Key
from sibdsl.settle.default_as_of import whole_term
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, blocks, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")
DAY = timedelta(days=1)
CONTRACT = """\
contract Job Support
  service period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      {statements}
  rounding        each {rounding}, {way}, to the {grain}
end contract
"""
CAP = """
cap Never Reached [9]
  covers   payments from Council earned on or before {day}
  at most  £10,000,000 over the contract
  excess   lost
end cap
"""
Counts = dict[tuple[date, str, str], int]


def priced(piece: str, counts: Counts) -> dict[tuple[str, ...], Fraction]:
    """What each payment comes to by payer, payee and statement."""
    frame = "\n".join(
        one for key, one in blocks(FRAME).items() if key not in ("payment Start Fee", "payment Outcome Fee")
    )
    made = compile_source(Source("rounded.sib", spliced(frame, piece)))
    values = as_written(made.contract)
    keys = {
        Key(Segment(Period(day, day + DAY), Period(day, day + DAY)), metric, band): Fraction(number)
        for (day, metric, band), number in counts.items()
    }
    run = price_quantities(made.contract, values, keys, whole_term(made.contract, values))
    found: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for one in run.priced.lines:
        line = one.line
        assert (one.amount / (1 if "to the pound" in piece else Fraction(1, 100))).denominator == 1
        found[line.payment, line.payer, line.payee, str(line.segment.statement.start)] += one.amount
    return {key: amount for key, amount in found.items() if amount}


PAYERS = (
    "Council", "Fund", "1/3 Council, the rest Fund", "50% Council, 50% Fund", "£0.07 Council, the rest Fund",
    "Council to 31 December 2026, then Fund, by date of result", "Council to 30 April 2026, then Fund, by date of result",
)  # fmt: skip
FIXED = ("for each  Job Start\n  pays      {rate}", "for each  Job Kept\n  pays      {rate}")
WAYS = (
    *FIXED,
    "for each  Job Start\n  tiers     over the contract\n  | units   | pays |\n  | first 2 | {rate} |\n  | further | {other} |",
    "for each  Job Start\n  all-units rates  in each year\n  | units   | pays |\n  | first 2 | {rate} |\n  | further | {other} |",
    "for each  Job Start\n  threshold  3 in each year, paying everything\n  pays      {rate}",
    "for each  Job Start\n  threshold  3 in each year, paying only the excess\n  pays      {rate}",
    "for each  Job Start\n  pays      {rate}\n  paid only if  Job Kept is at least 2 in each quarter",
    "pays  {rate} times Job Start plus {other} times Job Kept\n  every  quarter at the end",
    "pays  {rate} times Job Start\n  every  month at the end",
    "pays  {rate}\n  every  quarter at the start, part quarters by days\n  starts  20 May 2026",
    "pays to date  {rate} times Job Start minus {other} times Job Kept\n  at least  £0 over the contract\n  taken back  never",
    "pays to date  {rate} times Job Start\n  at most  £0.40 over the contract\n  taken back  never",
)  # fmt: skip


@st.composite
def payments(draw: DrawFn, rates: tuple[str, ...]) -> str:
    found = []
    for at in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(WAYS)).format(
            rate=draw(st.sampled_from(rates)), other=draw(st.sampled_from(rates))
        )
        lines, _, table = way.partition("\n  |")
        table = f"\n  |{table}" if table else ""
        payer = draw(st.sampled_from(PAYERS))
        found.append(
            f"payment Fee {'ABC'[at]} [{at + 3}]\n  payer  {payer}\n  payee  Provider\n  {lines}{table}\nend payment\n"
        )
    return "\n".join(found)


@st.composite
def counts(draw: DrawFn) -> Counts:
    days = (
        date(2026, 4, 3),
        date(2026, 5, 15),
        date(2026, 5, 16),
        date(2026, 6, 30),
        date(2026, 8, 1),
        date(2027, 3, 31),
    )
    metrics = (("Job Start", ""), ("Job Kept", "Part Time"), ("Job Kept", "Full Time"))
    return {
        (day, *metric): number
        for day in days
        for metric in metrics
        if (number := draw(st.sampled_from((0, 0, 1, 2, 3))))
    }


def cut_in_parts(contract: str, every: str, made: Counts, day: str) -> None:
    """A limit that is never reached, on what was earned by a day, parts the period and changes nothing."""
    whole = priced(contract + every, made)
    assert priced(contract + every + CAP.format(day=day), made) == whole


@pytest.mark.parametrize("statements", ["quarterly", "yearly", "monthly"])
@given(
    every=payments(("£0.05", "£0.125", "£1.00", "£0.333", "£0.007")),
    made=counts(),
    day=st.sampled_from(("15 May 2026", "30 June 2026", "3 April 2026")),
    way=st.sampled_from(("half up", "half even", "up", "down")),
    grain=st.sampled_from(("penny", "pound")),
)
def test_parts_of_a_period_change_nothing_where_statements_are_rounded(
    statements: str, every: str, made: Counts, day: str, way: str, grain: str
) -> None:
    contract = CONTRACT.format(statements=statements, rounding="statement", way=way, grain=grain)
    cut_in_parts(contract, every, made, day)


@given(
    every=payments(("£0.05", "£0.12", "£1.00", "£3.33")),
    made=counts(),
    day=st.sampled_from(("15 May 2026", "30 June 2026", "3 April 2026")),
)
def test_parts_of_a_period_change_nothing_where_rates_are_whole_pennies(
    every: str, made: Counts, day: str
) -> None:
    every = every.replace("1/3 Council", "50% Council").replace("50% Council, the rest", "100% Council, 0%")
    every = every.replace("50% Council, 50% Fund", "Fund")
    contract = CONTRACT.format(statements="quarterly", rounding="line", way="half up", grain="penny")
    cut_in_parts(contract, every, made, day)


@given(
    rates=st.lists(st.sampled_from(("0.05", "0.125", "0.333", "0.007", "1")), min_size=1, max_size=4),
    shares=st.lists(st.sampled_from(("1/3", "1/2", "1/7", "0")), min_size=4, max_size=4),
    number=st.integers(1, 7),
    way=st.sampled_from(("half up", "half even", "up", "down")),
)
def test_what_one_payer_pays_is_rounded_once(
    rates: list[str], shares: list[str], number: int, way: str
) -> None:
    every = "".join(
        f"\npayment Fee {'ABCD'[at]} [{at + 3}]\n  payer  {share} Council, the rest Fund\n  payee  Provider\n"
        f"  for each  Job Start\n  pays  £{rate}\nend payment\n"
        if share != "0"
        else f"\npayment Fee {'ABCD'[at]} [{at + 3}]\n  payer  Fund\n  payee  Provider\n  for each  Job Start\n"
        f"  pays  £{rate}\nend payment\n"
        for at, (rate, share) in enumerate(zip(rates, shares, strict=False))
    )
    contract = CONTRACT.format(statements="quarterly", rounding="statement", way=way, grain="penny")
    found = priced(contract + every, {(date(2026, 5, 1), "Job Start", ""): number})
    pairs = [(Fraction(rate), Fraction(share)) for rate, share in zip(rates, shares, strict=False)]
    for payer, exact in (
        ("Council", sum((number * rate * share for rate, share in pairs), Fraction(0))),
        ("Fund", sum((number * rate * (1 - share) for rate, share in pairs), Fraction(0))),
    ):
        paid = sum((amount for key, amount in found.items() if key[1] == payer), Fraction(0))
        assert paid == money.round_to(exact, Fraction(1, 100), way)  # type: ignore[arg-type] # one of the ways


@given(
    exact=st.lists(st.fractions(-5, 5, max_denominator=300), min_size=1, max_size=6),
    way=st.sampled_from(("half up", "half even", "up", "down")),
)
def test_parts_of_what_is_rounded_come_to_it(exact: list[Fraction], way: money.Way) -> None:
    grain = Fraction(1, 100)
    total = money.round_to(sum(exact, Fraction(0)), grain, way)
    found = money.split(total, exact, grain)
    assert sum(found, Fraction(0)) == total
    assert all((one / grain).denominator == 1 for one in found)
    assert all(abs(one - before) < 2 * grain for one, before in zip(found, exact, strict=True))


def test_it_is_rounded_before_a_cap_cuts() -> None:
    """£0.335 twice is £0.67, of which the first is £0.34; the cap leaves £0.33 of it: £0.66, where £0.665 would be £0.67."""
    every = "".join(
        f"\npayment Fee {name} [{at}]\n  payer  Council\n  payee  Provider\n  for each  Job Start\n  pays  £0.335\nend payment\n"
        for at, name in enumerate("AB", start=3)
    )
    cap = "\ncap Small [9]\n  covers   payments under Fee A\n  at most  £0.33 over the contract\n  excess   lost\nend cap\n"
    contract = CONTRACT.format(statements="quarterly", rounding="statement", way="half up", grain="penny")
    found = priced(contract + every + cap, {(date(2026, 5, 1), "Job Start", ""): 1})
    assert {key[0]: amount for key, amount in found.items()} == {
        "Fee A": Fraction("0.33"),
        "Fee B": Fraction("0.33"),
    }
