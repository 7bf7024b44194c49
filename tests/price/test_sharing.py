"""Payers who share: the parts add up to the line, and amounts are taken once in a statement period."""

from collections import Counter, defaultdict
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sibdsl import money
from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Key, build, price
from sibdsl.source import Source
from tests.model.generate import contracts, quantities
from tests.model.people import PEOPLE

TEXT = """
contract Works
  service period  1 April 2026 to 31 March 2028
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Trust   | provider        |
end parties

"""


def paid(payments: str, number: int) -> Counter[tuple[str, str, Fraction]]:
    """What each payer pays, by kind of line, for so many jobs in the first quarter."""
    contract = compile_source(Source("works.sib", TEXT + PEOPLE + payments)).contract
    graph = build(contract, as_written(contract))
    counts = {Key(graph.segments[0], "Job", ""): Fraction(number)}
    return Counter((one.line.kind, one.line.payer, one.amount) for one in price(graph, counts).lines)


def test_a_cap_sees_the_part_of_its_payer_alone() -> None:
    """70% of £333.33 is £233.331, 30% of it £99.999: £233.33 and £100. The cap cuts £33.33 of the first."""
    fee = "payment Fee\n  payer 70% Council, the rest Fund\n  payee Trust\n  for each Job\n  pays £333.33\nend payment\n"
    cap = "cap Limit\n  covers payments from Council\n  at most £200 over the contract\n  excess lost\nend cap\n"
    assert paid(fee + cap, 1) == Counter(
        [
            ("payment", "Council", Fraction("233.33")),
            ("payment", "Fund", Fraction(100)),
            ("cap_cut", "Council", Fraction("-33.33")),
        ]
    )


def test_an_amount_is_of_the_whole_statement_period() -> None:
    """The rate changes inside the quarter, so that it is counted in two parts; Council pays its £500 once."""
    fee = """
payment Fee
  payer  £500 Council, the rest Fund
  payee  Trust
  | for each | pays in 1 April 2026 to 15 May 2026 | pays in 16 May 2026 to 31 March 2028 |
  | Job      | £300                                | £400                                 |
end payment
"""
    contract = compile_source(Source("works.sib", TEXT + PEOPLE + fee)).contract
    graph = build(contract, as_written(contract))
    first, second = graph.segments[:2]
    counts = {Key(one, "Job", ""): Fraction(1) for one in (first, second)}
    found = [(one.line.segment, one.line.payer, one.amount) for one in price(graph, counts).lines]
    assert found == [(first, "Council", 300), (second, "Council", 200), (second, "Fund", 200)]


@given(st.data())
def test_parts_add_up_to_the_line(data: st.DataObject) -> None:
    _, contract = data.draw(contracts())
    counts = data.draw(quantities(contract))
    graph = build(contract, as_written(contract))
    priced = price(graph, counts)
    parts: dict[object, Fraction] = defaultdict(Fraction)
    wholes: dict[object, Fraction] = {}
    for line in graph.lines:
        if line.share and line.kind == "payment":
            assert line.whole is not None
            key = (
                line.segment,
                line.payment,
                line.metric,
                line.band,
                line.tier,
                line.due,
                line.whole,
                line.payee,
                line.span,
            )
            parts[key] += priced.values[line.amount]
            wholes[key] = priced.values[line.whole]
    assert parts == wholes


@given(st.integers(0, 10**7), st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_no_part_is_a_penny_off_its_share(pence: int, weights: list[int]) -> None:
    whole, grain = Fraction(pence, 100), Fraction(1, 100)
    shares = [Fraction(one, sum(weights)) for one in weights]
    found = money.split(whole, shares, grain)
    assert sum(found) == whole
    assert all(abs(part - whole * share) < grain for part, share in zip(found, shares, strict=True))
