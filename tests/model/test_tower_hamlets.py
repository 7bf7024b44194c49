"""Tower Hamlets as translated, against what the casebook (S2) and Box 1 of the review say."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.compile import Compiled, compile_file
from sibdsl.dates import Duration, Period
from sibdsl.model.invariants import check
from sibdsl.model.nodes import Contract, Dated, Given, Pick, Value
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.types import Interval

PATH = Path(__file__).parents[2] / "contracts" / "mhep1" / "tower_hamlets.sib"


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_file(PATH)


@pytest.fixture(scope="module")
def contract(compiled: Compiled) -> Contract:
    return compiled.contract


def test_it_holds_together(compiled: Compiled) -> None:
    check(compiled.contract, compiled.sources)
    assert not compiled.findings


def test_its_clocks(contract: Contract) -> None:
    three_years = Period(date(2016, 4, 1), date(2019, 4, 1))
    assert (contract.service, contract.payment_period) == (three_years, three_years)
    assert contract.new_entrants_last == date(2019, 3, 31)
    assert (contract.years_begin, contract.calendar, contract.currency) == ((4, 1), "quarterly", "GBP")
    assert (contract.rounding.way, contract.rounding.grain) == ("half up", Fraction(1, 100))


def test_its_seven_rates(contract: Contract) -> None:
    found: list[object] = [
        (
            payment.name,
            payment.clause,
            tuple((phase.payer, phase.last) for phase in rate.payers.phases),
            rate.payee,
            rate.metric,
            rate.band,
            as_written(contract).number(rate.amount),
        )
        for payment in contract.payments
        for rate in payment.rates
    ]
    ccg, mhep = (("CCG", None),), (("MHEP", None),)
    funds = (("SOF", date(2018, 3, 31)), ("CBO", None))
    assert found == [
        ("Commissioner Engagement Fee", "5.1", ccg, "Working Well", "Engagement", "", 700),
        ("MHEP Engagement Fee", "5.2", mhep, "Working Well", "Engagement", "", 300),
        ("Fund Tariff", "6", funds, "MHEP", "Engagement", "", 90),
        ("Fund Tariff", "6", funds, "MHEP", "Job Entry", "Under 16", 700),
        ("Fund Tariff", "6", funds, "MHEP", "Job Entry", "From 16", 1350),
        ("Fund Tariff", "6", funds, "MHEP", "Job Sustainment", "Under 16", 1400),
        ("Fund Tariff", "6", funds, "MHEP", "Job Sustainment", "From 16", 1650),
    ]
    assert {rate.payers.by for payment in contract.payments for rate in payment.rates} == {"result"}


def test_its_four_advances(contract: Contract) -> None:
    settings = as_written(contract)
    (block,) = contract.advances
    first, second = Period(date(2016, 4, 1), date(2017, 4, 1)), Period(date(2017, 4, 1), date(2018, 4, 1))
    found: list[object] = [
        (
            one.payer,
            settings.day(one.paid_on),
            settings.number(one.amount),
            one.against,
            one.scope and one.scope.days,
        )
        for one in block.advances
    ]
    ccg, mhep = ("Commissioner Engagement Fee",), ("MHEP Engagement Fee",)
    assert found == [
        ("CCG", date(2016, 4, 1), 110_200, ccg, first),
        ("MHEP", date(2016, 4, 1), 47_100, mhep, first),
        ("CCG", date(2017, 4, 1), 110_500, ccg, second),
        ("MHEP", date(2017, 4, 1), 47_700, mhep, second),
    ]
    assert {one.payee for one in block.advances} == {"Working Well"}
    assert isinstance(block.basis, Given)
    assert settings.value(block.basis) == "in money"


def test_its_two_ceilings(contract: Contract) -> None:
    (cap,) = contract.caps
    found = [
        (row.covers.payers, isinstance(row.amount, Value) and row.amount.value, row.scope.over)
        for row in cap.rows
    ]
    assert found == [(("SOF",), 986_959, "contract"), (("CBO",), 336_111, "contract")]
    assert cap.clause == "6.4"


def test_its_bands_close_the_hole_upward(contract: Contract) -> None:
    (bands,) = contract.bands
    sixteen = Fraction(16)
    assert {band.name: band.holds for band in bands.bands} == {
        "Under 16": Interval(None, False, sixteen, False),
        "From 16": Interval(sixteen, True, None, False),
    }


def test_what_it_counts(contract: Contract) -> None:
    engagement, entry, sustainment = contract.metrics
    assert (engagement.kind, entry.kind, sustainment.kind) == ("output", "outcome", "outcome")
    assert engagement.dated == Dated("column", "Engaged On")
    assert engagement.held is None
    assert entry.held
    assert sustainment.held
    assert (entry.held.duration, sustainment.held.duration) == (Duration(6, "week"), Duration(6, "month"))
    assert {one.first_only for one in contract.metrics} == {"over all bands"}
    assert (entry.tie, sustainment.tie) == (Pick("lowest", "Job ID"),) * 2
    assert (engagement.bands, entry.bands, sustainment.bands) == ("", "Hours", "Hours")


def test_its_scenarios_and_examples(contract: Contract) -> None:
    assert [(one.name, one.plan or one.of) for one in contract.scenarios] == [
        ("Low", "Low Plan"),
        ("Median", "Median Plan"),
        ("High", "High Plan"),
        ("Stress", "Median"),
    ]
    assert contract.scenarios[-1].share == Fraction(3, 5)
    published, exactly = contract.examples
    assert published.period == Period(date(2018, 4, 1), date(2018, 7, 1))
    assert sum(one.number for one in published.quantities) == 40 + 6 + 4 + 1 + 2
    assert published.complete
    assert exactly.as_of == date(2018, 6, 30)
    assert [len(one.rows) for one in exactly.records] == [1, 1, 1]


def test_places_are_those_of_the_text(compiled: Compiled) -> None:
    text = PATH.read_text(encoding="utf-8")
    tariff = compiled.contract.payments[2]
    for rate, said in zip(tariff.rates, ("£90", "£700", "£1,350", "£1,400", "£1,650"), strict=True):
        assert text[rate.amount.span.start : rate.amount.span.end] == said
    assert text[tariff.span.start : tariff.span.end].startswith("payment Fund Tariff [6]")
