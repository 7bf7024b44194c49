"""Prices against the slow reference pricer, to the penny, on generated contracts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.price import Key, Priced, build, price
from sibdsl.price.step_words import tier_said
from sibdsl.source import Source
from tests.model.generate import contracts, quantities
from tests.model.people import PEOPLE
from tests.price.reference import Row, work_out


def reference(contract: Contract, counts: dict[Key, Fraction]) -> Counter[Row]:
    by_day = {(key.segment.days.start, key.metric, key.band): number for key, number in counts.items()}
    one_for_all = {
        name: value for name, value in as_written(contract).values.items() if not isinstance(value, tuple)
    }
    return alike(work_out(contract, one_for_all, by_day))


def alike(rows: Iterable[Row]) -> Counter[Row]:
    """Rows that differ in their amounts alone as one: what is carried may be cut by its ages."""
    sums: dict[Row, Fraction] = {}
    for row in rows:
        bare = replace(row, amount=Fraction(0))
        sums[bare] = sums.get(bare, Fraction(0)) + row.amount
    return Counter(replace(row, amount=amount) for row, amount in sums.items() if amount)


def as_rows(priced: Priced) -> Counter[Row]:
    return alike(
        Row(
            one.line.kind,
            one.line.segment.days.start,
            one.line.segment.days.last,
            one.line.payer,
            one.line.payee,
            one.line.clause,
            one.line.payment,
            one.line.metric,
            one.line.band,
            one.line.rule,
            one.amount,
            one.line.agent,
            tier_said(one.line.tier),
            one.line.due,
        )
        for one in priced.lines
    )


@settings(max_examples=settings().max_examples * 4)
@given(st.data())
def test_every_line_is_what_the_reference_works_out(data: st.DataObject) -> None:
    _, contract = data.draw(contracts())
    counts = data.draw(quantities(contract))
    priced = price(build(contract, as_written(contract)), counts)
    assert as_rows(priced) == reference(contract, counts)


TWO_CAPS = (
    """
contract Two Caps
  service period  1 February 2017 to 30 June 2017
  currency        GBP
  years           begin 1 April
  statements      once at the end
  rounding        each line, half up, to the penny
end contract

parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Trust   | provider        |
end parties

"""
    + PEOPLE
    + """\

payment Council Fee
  payer     Council
  payee     Trust
  for each  Job
  pays      £100
end payment

payment Fund Fee
  payer     Fund
  payee     Trust
  for each  Job
  pays      £100
end payment

cap Of Fund In One Year [1]
  covers   payments from Fund
  at most  £400 in 2016/17
  excess   lost
end cap

cap Of All [2]
  covers   payments
  at most  £1,000 in each year
  excess   lost
end cap
"""
)


CARRIED_IN_TIERS = """
payment Fee
  payer     Council
  payee     Trust
  for each  Job
  tiers     over the contract
  | units   | pays |
  | first 1 | £300 |
  | next 1  | £150 |
  | further | £150 |
end payment

cap Of All [2]
  covers   payments
  at most  £240 in each year
  excess   carried forward
end cap
"""


def test_of_caps_over_the_same_days_the_earlier_clause_cuts_first() -> None:
    # Both caps run over 1 February to 31 March 2017. Clause 1 first: the fund's 1,000 is cut to 400, then 1,000 and 400
    # are cut by 400 in all, pro rata. Clause 2 first: 1,000 and 1,000 are cut to 500 each, then the fund's to 400.
    contract = compile_source(Source("two caps", TWO_CAPS)).contract
    first = segments(contract)[0]
    assert first.days.last == date(2017, 3, 31)
    counts = {Key(first, "Job", ""): Fraction(10)}
    cut: Counter[tuple[str, str]] = Counter()
    for one in price(build(contract, as_written(contract)), counts).lines:
        if one.line.kind == "cap_cut":
            cut[one.line.clause, one.line.payer] += -one.amount  # type: ignore[assignment]
    assert cut == {
        ("1", "Fund"): 600,
        ("2", "Council"): Fraction("285.71"),
        ("2", "Fund"): Fraction("114.29"),
    }


def test_what_is_carried_in_tiers_is_paid_in_the_order_of_tiers() -> None:
    """£300, £150 and £150 of three tiers; £240 in each year: £120, £60 and £60 are paid, £180, £90 and £90 carried forward.

    The next year pays the first tier's £180 and £60 of the next one, and nothing of `further`, whatever the tiers are called.
    """
    frame = TWO_CAPS[: TWO_CAPS.index("payment Council Fee")]
    contract = compile_source(Source("tiers", frame + CARRIED_IN_TIERS)).contract
    counts = {Key(segments(contract)[0], "Job", ""): Fraction(3)}
    priced = price(build(contract, as_written(contract)), counts)
    paid: Counter[tuple[int, str]] = Counter()
    for row in as_rows(priced):
        paid[row.first.month, row.tier.split()[0]] += row.amount  # type: ignore[assignment]
    assert paid == {
        (2, "first"): 120, (2, "next"): 60, (2, "further"): 60,
        (4, "first"): 180, (4, "next"): 60, (4, "further"): 0,
    }  # fmt: skip
    assert as_rows(priced) == reference(contract, counts)
