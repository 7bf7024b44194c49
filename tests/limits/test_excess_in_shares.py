"""What a limit cuts, owed by several in shares: to the penny, under each one's own limit, and never more nor less than was cut."""

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.price import Key, build, price
from sibdsl.source import Source
from tests.model.people import PEOPLE

PENNY = Fraction(1, 100)
HEAD = """
contract Works
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
  | Province | co-commissioner |
  | Trust    | provider        |
end parties

particulars
  | particular | holds      | default | must be |
  | Fund Share | percentage | 60%     | any     |
end particulars

"""
FEES = """
payment Fee A
  payer Council
  payee Trust
  for each Job
  pays £{a}
end payment

payment Fee B
  payer Council
  payee Trust
  for each Job
  pays £{b}
end payment

cap Limit
  covers payments from Council
  at most £{most} in each quarter
  excess paid by {shares}
end cap

cap Lottery Limit
  covers payments from Lottery
  at most £{lottery} over the contract
  excess lost
end cap
"""


def text(shares: str, a: Fraction, b: Fraction, most: Fraction, lottery: Fraction) -> str:
    amounts = {"a": a, "b": b, "most": most, "lottery": lottery}
    return (
        HEAD
        + PEOPLE
        + FEES.format(shares=shares, **{name: f"{float(each):.2f}" for name, each in amounts.items()})
    )


def pennies(low: int, high: int) -> st.SearchStrategy[Fraction]:
    return st.integers(low, high).map(lambda number: Fraction(number, 100))


@settings(max_examples=settings().max_examples // 2)
@given(
    parts=st.tuples(st.integers(1, 600), st.integers(1, 399)),
    a=pennies(0, 30_000),
    b=pennies(0, 30_000),
    most=pennies(0, 60_000),
    lottery=pennies(0, 20_000),
    jobs=st.lists(st.integers(0, 4), min_size=3, max_size=3),
)
def test_each_cut_is_shared_to_the_penny(
    parts: tuple[int, int], a: Fraction, b: Fraction, most: Fraction, lottery: Fraction, jobs: list[int]
) -> None:
    """Worked by hand: the limit cuts the two fees pro rata; of each cut every payer owes a share, the odd penny by remainder."""
    fund, lot = parts
    shares = f"{fund / 10}% Fund, {lot / 10}% Lottery, the rest from Province"
    contract = compile_source(Source("works.sib", text(shares, a, b, most, lottery))).contract
    graph = build(contract, as_written(contract))
    counts = {
        Key(segment, "Job", ""): Fraction(number)
        for segment, number in zip(graph.segments, jobs, strict=False)
    }
    paid: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    order = {segment: at for at, segment in enumerate(graph.segments)}
    for line in price(graph, counts).lines:
        paid[line.line.payer, order[line.line.segment]] += line.amount
    left = lottery
    for at, number in enumerate(jobs):
        fees = [number * a, number * b]
        over = max(Fraction(0), sum(fees) - most)
        cuts = by_remainder(over, fees)
        owed: dict[str, Fraction] = defaultdict(Fraction)
        for cut in cuts:
            thirds = by_remainder(cut, [Fraction(fund), Fraction(lot), Fraction(1000 - fund - lot)])
            for name, part in zip(("Fund", "Lottery", "Province"), thirds, strict=True):
                owed[name] += part
        assert sum(owed.values()) == over
        now = min(left, owed["Lottery"])
        left -= now
        assert paid["Council", at] == sum(fees) - over
        assert (paid["Fund", at], paid["Lottery", at], paid["Province", at]) == (
            owed["Fund"],
            now,
            owed["Province"],
        )


def by_remainder(whole: Fraction, weights: list[Fraction]) -> list[Fraction]:
    """Pro rata in pennies, the odd ones to the greatest remainders, the earlier of two that are alike."""
    total = sum(weights, Fraction(0))
    if not total:
        return [Fraction(0) for _ in weights]
    exact = [whole * weight / total / PENNY for weight in weights]
    found = [each.numerator // each.denominator for each in exact]
    odd = sorted(range(len(exact)), key=lambda at: (found[at] - exact[at], at))
    for at in odd[: int(whole / PENNY) - sum(found)]:
        found[at] += 1
    return [each * PENNY for each in found]


BY_NAME = text("Fund Share from Fund, 30% Lottery", Fraction(100), Fraction(50), Fraction(40), Fraction(9))


@pytest.mark.parametrize(("share", "code"), [("60%", "SIB0449"), ("71%", "SIB0449"), ("-10%", "SIB0706")])
def test_shares_that_do_not_come_to_the_whole_are_told_before_anything_is_paid(share: str, code: str) -> None:
    loaded = pipeline.load(Source("works.sib", BY_NAME), values={"Fund Share": share})
    assert {finding.code for finding in pipeline.check(loaded) if finding.severity == "error"} == {code}
    with pytest.raises(Unpriceable, match="below nought" if code == "SIB0706" else "add up to"):
        build(loaded.contract, loaded.settings.members["Works"])


def test_a_share_by_name_is_what_is_given() -> None:
    contract = compile_source(Source("works.sib", BY_NAME)).contract
    graph = build(contract, Settings({**as_written(contract).values, "Fund Share": Fraction(7, 10)}))
    found: dict[str, Fraction] = defaultdict(Fraction)
    for line in price(graph, {Key(graph.segments[0], "Job", ""): Fraction(1)}).lines:
        found[line.line.payer] += line.amount
    # £150 against £40: £110 are cut, of which £77 and £33; the lottery pays at most £9.
    assert (found["Council"], found["Fund"], found["Lottery"]) == (40, 77, 9)
