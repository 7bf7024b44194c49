"""Each invariant breaks when it should, and says what and where."""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import pytest
from attrs import evolve

from sibdsl.compile import Compiled, compile_file
from sibdsl.dates import Duration, Period
from sibdsl.model import nodes
from sibdsl.model.invariants import Broken, check
from sibdsl.model.nodes import Contract, Given, Value
from sibdsl.model.types import Interval, Kind
from sibdsl.source import Span

PATH = Path(__file__).parents[2] / "contracts" / "mhep1" / "tower_hamlets.sib"
Change = Callable[[Contract], Contract]
Node = TypeVar("Node")


def changed_to(node: Node, **changed: object) -> Node:
    """The node with other values, which may be of another type than they should."""
    made: Any = node
    other: Node = evolve(made, **changed)
    return other


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_file(PATH)


def first(field: str, **changed: object) -> Change:
    """The first of a field's nodes with other values."""

    def change(contract: Contract) -> Contract:
        one, *others = getattr(contract, field)
        return changed_to(contract, **{field: (changed_to(one, **changed), *others)})

    return change


def rate(**changed: object) -> Change:
    def change(contract: Contract) -> Contract:
        payment, *others = contract.payments
        made = evolve(payment, rates=(changed_to(payment.rates[0], **changed),))
        return evolve(contract, payments=(made, *others))

    return change


def advance(**changed: object) -> Change:
    def change(contract: Contract) -> Contract:
        (block,) = contract.advances
        return evolve(
            contract, advances=(evolve(block, advances=(changed_to(block.advances[0], **changed),)),)
        )

    return change


def phases(*lasts: date | None) -> nodes.Payers:
    return nodes.Payers(tuple(nodes.Phase("CCG", last) for last in lasts), "result")


def column(name: str = "Engaged On", kind: Kind = "date", records: str = "Engagements") -> nodes.Column:
    return nodes.Column(records, name, kind)


def counting(test: nodes.Condition) -> Change:
    return first("metrics", conditions=(test,))


ONE = Value(Fraction(1), "number")
EMPTY = Interval(Fraction(5), False, Fraction(5), False)
BROKEN: list[tuple[Change, str]] = [
    (lambda c: evolve(c, name=""), "something in the contract has no name"),
    (lambda c: evolve(c, currency="XYZ"), "XYZ is no currency"),
    (
        lambda c: evolve(c, service=Period(date(2016, 4, 1), date(2016, 4, 1))),
        "the service period holds no day",
    ),
    (lambda c: evolve(c, service=Period(date(2016, 3, 1), date(2017, 4, 1))), "leaves the payment period"),
    (lambda c: evolve(c, new_entrants_last=date(2030, 1, 1)), "new entrants end outside the service period"),
    (lambda c: evolve(c, years_begin=(2, 29)), "contract years begin on day 29 of month 2"),
    (lambda c: evolve(c, rounding=evolve(c.rounding, grain=Fraction(0))), "rounded to nothing"),
    (lambda c: changed_to(c, reference=0.5), "holds 0.5, a float"),
    (first("parties", name="Engagement"), "Engagement is named twice in the contract"),
    (first("particulars", kind="money", default="five"), "particular Low Plan is money and holds 'five'"),
    (first("particulars", kind="money", allowed=EMPTY), "holds no number"),
    (first("assumptions", takes="in money"), "assumption First Blocks Paid On is date and holds 'in money'"),
    (first("assumptions", point=Fraction(3)), "half about a boundary"),
    (first("records", columns=()), "records Referrals have no columns"),
    (first("records", known_on="Seen On"), "speaks of column Seen On"),
    (first("cohorts", records="Visits"), "cohort Service Users speaks of records Visits"),
    (first("cohorts", joins_on="Severe Condition"), "reads Severe Condition of Referrals as date"),
    (lambda c: first("bands", bands=())(evolve(c, assumptions=())), "bands Hours have no band"),
    (first("bands", bands=(nodes.Band("A", EMPTY),)), "holds no number"),
    (first("bands", by="Height"), "bands Hours speaks of column Height"),
    (first("metrics", cohort="Everyone"), "metric Engagement speaks of cohort Everyone"),
    (first("metrics", bands="Hours"), "speaks of column Hours Per Week, which Engagements have not"),
    (first("metrics", dated=nodes.Dated("day after")), "dated by a holding that it has not"),
    (first("metrics", held=nodes.Held(Duration(1, "day"), "Engaged On")), "do not say how long they last"),
    (
        counting(nodes.Compare(column(kind="hours"), "=", ONE)),
        "reads Engaged On of Engagements as hours; it holds date",
    ),
    (counting(nodes.Blank(column("Left On"))), "speaks of column Left On"),
    (counting(nodes.Compare(column(records="Jobs"), "=", ONE)), "reads Jobs in a row of Engagements"),
    (counting(nodes.Both(())), "metric Engagement tests nothing"),
    (counting(nodes.InPeriod(ONE, "service period")), "takes date and holds number"),
    (
        counting(nodes.Compare(nodes.MetricColumn("Visit", "Seen On", "date"), "=", ONE)),
        "speaks of metric Visit",
    ),
    (counting(nodes.Compare(nodes.Paid(nodes.Selection()), "=", ONE)), "counts payments in a row"),
    (rate(metric="Visit"), "payment Commissioner Engagement Fee speaks of metric Visit"),
    (rate(band="From 16"), "speaks of band From 16"),
    (rate(payee="Nobody"), "speaks of party Nobody"),
    (rate(amount=ONE), "takes money and holds number"),
    (rate(amount=Given("Low Plan", "money")), "takes Low Plan for money"),
    (rate(amount=Given("Fee", "money")), "speaks of particular or assumption Fee"),
    (rate(amount=column(kind="money")), "reads column Engaged On where there is no row"),
    (rate(payers=phases(date(2018, 3, 31))), "has nobody to pay in the end"),
    (rate(payers=phases(None, None)), "has a payer who pays for ever"),
    (rate(payers=phases(date(2018, 1, 1), date(2017, 1, 1), None)), "do not follow one another"),
    (rate(payers=phases(date(2018, 1, 1), date(2018, 1, 1), None)), "do not follow one another"),
    (advance(against=("Fees",)), "block advance Upfront Block speaks of payment Fees"),
    (advance(against=()), "block advance Upfront Block is half set off"),
    (advance(paid_on=ONE), "takes date and holds number"),
    (advance(scope=nodes.Scope("days")), "runs over days of None"),
    (first("advances", basis=ONE), "takes set off basis and holds number"),
    (
        first("caps", rows=(nodes.CapRow(nodes.Selection(payers=("X",)), ONE, nodes.Scope("contract")),)),
        "party X",
    ),
    (first("rules", days=Period(date(2016, 4, 1), date(2017, 4, 1))), "half tested in one period"),
    (first("rules", scenarios=("Best",)), "speaks of scenario Best"),
    (first("rules", requires=nodes.Blank(column())), "reads column Engaged On where there is no row"),
    (first("scenarios", plan=""), "scenario Low says 0 times what it tries"),
    (first("scenarios", plan="Set Off Basis"), "takes Set Off Basis for a plan"),
    (first("examples", settings=(("Fee", Fraction(1)),)), "speaks of particular or assumption Fee"),
    (first("examples", settings=(("Set Off Basis", Fraction(1)),)), "is set off basis and holds Fraction"),
    (
        first(
            "examples",
            quantities=(
                nodes.Quantity("Job Entry", "", Period(date(2017, 4, 1), date(2018, 4, 1)), Fraction(1)),
            ),
        ),
        "speaks of band (no name)",
    ),
]


@pytest.mark.parametrize(("change", "said"), [pytest.param(*one, id=one[1]) for one in BROKEN])
def test_broken(compiled: Compiled, change: Change, said: str) -> None:
    with pytest.raises(Broken, match=re.escape(said)):
        check(change(compiled.contract))


def test_scenarios_in_a_circle(compiled: Compiled) -> None:
    contract = compiled.contract
    low, median, high, stress = contract.scenarios
    round_ = evolve(median, plan="", of="Stress", share=Fraction(1, 2), rounded="down")
    with pytest.raises(Broken, match="scenario Median hangs on itself"):
        check(evolve(contract, scenarios=(low, round_, high, stress)))


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Span("", 3, 1, 3, 5), "names no file"),
        (Span("x.sib", 3, 1, 2, 5), "ends before it begins"),
        (Span("x.sib", 3, 1, 3, 5), "is in no file of the contract"),
        (Span("it", 3, 1, 3, 5, 0, 10**9), "is outside the file"),
        (Span("it", 3, 1, 3, 5, 1, 6), "begins elsewhere by line than by character"),
    ],
)
def test_places(compiled: Compiled, span: Span, said: str) -> None:
    name = compiled.contract.span.file
    here = evolve(span, file=name) if span.file == "it" else span
    with pytest.raises(Broken, match=said):
        check(evolve(compiled.contract, span=here), compiled.sources)


def test_what_is_sound_is_let_through(compiled: Compiled) -> None:
    check(compiled.contract)
    check(compiled.contract, compiled.sources)
