"""What metrics' definitions imply of their quantities, against results worked out slowly of records made at random."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.model.admissible_quantities.at_most import bounds
from sibdsl.model.admissible_quantities.implied_by_metrics import implied
from sibdsl.model.nodes import AnyResult, Column, Compare, Condition, Contract, Dated, Metric, ResultDate
from sibdsl.model.periods import segments
from tests.measure import forms, reference
from tests.measure.models import AS_OF, HEADINGS, LATER, TABLES, Maker


def once(metric: Metric) -> Metric:
    """The metric with one result of each person, in no bands."""
    held = evolve(metric.held, then=None, most=None) if metric.held else None
    return evolve(metric, first_only="over all bands", at_most=None, bands="", banded_at="result", held=held)


def following(make: Maker, contract: Contract) -> Contract:
    """The contract with a metric that needs a result of its first one: dated by it, not before it, or looked for before."""
    earlier = next((metric for metric in contract.metrics if metric.counts.word == "rows"), None)
    if earlier is None:
        return contract
    first = once(earlier)
    later = once(make.metric(9, contract.cohorts, (first,)))
    table = TABLES[later.records]
    start = later.held.start if later.held else "Started On" if table.name == "Events" else "Joined On"
    own = Column(table.name, start, "date")
    needs: tuple[Condition, ...] = (
        Compare(own, make.one((">=", ">", "=")), ResultDate(first.name)),
        AnyResult(first.name, make.one(LATER), own, "before"),
    )
    if make.likely(60):
        dated = later.dated if later.held and later.dated.by != "column" else Dated("column", start)
        later = evolve(later, conditions=(*later.conditions, make.one(needs)), dated=dated)
    else:
        later = evolve(later, dated=Dated("worked out", day=ResultDate(first.name)))
    others = [metric for metric in contract.metrics if metric is not earlier]
    return evolve(contract, metrics=(first, *others, later))


@settings(max_examples=settings().max_examples * 2)
@given(st.integers(0, 10**9))
def test_there_are_never_more_to_date_or_on_any_days(seed: int) -> None:
    make = Maker(seed)
    contract, as_of = following(make, make.contract()), make.one(AS_OF)
    pairs = implied(contract)
    given_values = make.settings(contract)
    tables = {name: forms.one_part(name, HEADINGS[name], make.rows(TABLES[name])) for name in TABLES}
    claims = reference.evaluate(contract, given_values, tables, as_of).claims
    for pair in pairs:
        for day in sorted({claim[-1] for claim in claims}):
            fewer, more = (
                sum(claim[1] == metric and claim[-1] <= day for claim in claims)
                for metric in (pair.fewer, pair.more)
            )
            assert fewer <= more, (pair, day)
    at = {segment.days.start: segment for segment in segments(contract)}
    for most in bounds(contract, given_values, segments(contract)):
        counted = [claim for claim in claims if most.holds(claim[1], claim[2], at[claim[0]])]
        assert most.most or not counted, (most.said, most.why, counted)
