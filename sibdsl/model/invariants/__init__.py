"""What is true of every contract model, whatever text it came from. What people get wrong is reported before.

Not here: metrics that wait for each other, which the structural checks report (SIB0525), and all else that they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import attrs

from sibdsl.currencies import CURRENCIES
from sibdsl.dates import Period
from sibdsl.model.admissible_quantities.below_nought import Signs
from sibdsl.model.invariants.investments import investment_holds
from sibdsl.model.invariants.names import Broken, Names, kind_holds, known, place_of, true, walk
from sibdsl.model.invariants.payments_and_limits import (
    advances_hold,
    deduction_holds,
    limit_holds,
    payment_holds,
    shares_hold,
)
from sibdsl.model.invariants.records_cohorts_metrics import (
    bands_hold,
    cohort_holds,
    derived_holds,
    lookup_holds,
    metric_holds,
    records_hold,
    routes_hold,
)
from sibdsl.model.invariants.rules_scenarios_examples import example_holds, rule_holds, scenarios_hold
from sibdsl.model.nodes import Contract
from sibdsl.model.types import NUMERIC, Interval
from sibdsl.source import NOWHERE, Source

__all__ = ["Broken", "check", "walk"]


def check(contract: Contract, sources: Mapping[str, Source] | None = None) -> None:
    """Raise Broken for the first thing that no model may hold. With `sources`, places are looked up in the texts."""
    _values(contract, contract.name)
    _spans(contract, sources)
    names = Names(contract)
    _heading(contract)
    for printed in contract.lookups:
        lookup_holds(printed)
    for table in contract.records:
        records_hold(names, table)
    for cohort in contract.cohorts:
        cohort_holds(names, cohort)
    for bands in contract.bands:
        bands_hold(names, bands)
    for metric in contract.metrics:
        metric_holds(names, metric)
    routes_hold(names, contract)
    for derived_metric in contract.derived:
        derived_holds(names, derived_metric)
    for payment in contract.payments:
        payment_holds(names, payment)
    for block in contract.advances:
        advances_hold(names, block)
    for cap in contract.caps:
        for row in cap.rows:
            limit_holds(names, row, f"cap {cap.name}")
        for name in cap.after:
            known(name, {one.name for one in contract.caps}, f"cap {cap.name}", "cap")
    for deduction in contract.deductions:
        deduction_holds(names, deduction)
    limiting = [(cap.name, cap.excess) for cap in contract.caps]
    limiting += [(payment.name, payment.excess) for payment in contract.payments]
    for name, excess in limiting:
        where = f"the excess of {name}"
        true(
            (excess.way == "paid") == bool(excess.payers),
            f"{where} is paid by nobody, or not paid by somebody",
        )
        true(not (excess.payer and excess.shares), f"{where} is paid by one, and shared")
        for payer in excess.payers:
            known(payer, names.parties, where, "party")
        if excess.shares:
            shares_hold(names, excess.shares, where)
    signs = Signs(contract)
    for payment in contract.payments:
        said = payment.taken_back or not signs.payment(payment)
        true(said, f"payment {payment.name} may come to less than nought, and says nothing of it")
    for rule in contract.rules:
        rule_holds(names, rule)
    for investment in contract.investments:
        investment_holds(names, investment)
    scenarios_hold(names, contract)
    for example in contract.examples:
        example_holds(names, example)


def _values(contract: Contract, name: str) -> None:
    for value, place in walk(contract):
        if attrs.has(type(value)) or isinstance(value, tuple | frozenset):
            continue
        exact = type(value) in (str, int, bool, Fraction, date, type(None))
        true(exact, f"{name} holds {value!r}, a {type(value).__name__}, near {place}")


def _spans(contract: Contract, sources: Mapping[str, Source] | None) -> None:
    for node, _ in walk(contract):
        span = place_of(node)
        if span == NOWHERE:
            continue
        what = f"the place {span} of a {type(node).__name__}"
        begin, end = (span.line, span.column), (span.end_line, span.end_column)
        true(span.file, f"{what} names no file")
        true((1, 1) <= begin <= end, f"{what} ends before it begins")
        source = sources.get(span.file) if sources is not None else None
        true(sources is None or source, f"{what} is in no file of the contract")
        if source is not None:
            true(0 <= span.start < span.end <= len(source.text), f"{what} is outside the file")
            true(source.place(span.start) == begin, f"{what} begins elsewhere by line than by character")
            true(source.place(span.end) == end, f"{what} ends elsewhere by line than by character")


def _heading(contract: Contract) -> None:
    service, paid, grain = contract.service, contract.payment_period, contract.rounding.grain
    for period, said in ((service, "service period"), (paid, "payment period")):
        true(period.start < period.end, f"the {said} holds no day")
    true(
        paid.start <= service.start and service.end <= paid.end,
        "the service period leaves the payment period",
    )
    true(contract.new_entrants_last in service, "new entrants end outside the service period")
    true(contract.currency in CURRENCIES, f"{contract.currency} is no currency")
    true(grain is None or grain > 0, "amounts are rounded to nothing")
    month, day = contract.years_begin
    try:
        date(2001, month, day)
    except ValueError:
        raise Broken(f"contract years begin on day {day} of month {month}") from None
    for value, place in walk(contract):
        if isinstance(value, Period):
            true(value.start < value.end, f"a period near {place} holds no day")
        elif isinstance(value, Interval):
            true(not value.empty, f"a range near {place} holds no number")
    for particular in contract.particulars:
        kind_holds(particular.kind, particular.default, f"particular {particular.name}")
        if particular.per:
            known(
                particular.per,
                {column.name for table in contract.records for column in table.columns}
                | {column.name for table in contract.lookups for column in table.columns},
                particular.name,
                "column",
            )
            true(
                particular.kind in NUMERIC and particular.default is None,
                f"particular {particular.name} has a value for each that is no number",
            )
    for choice in contract.assumptions:
        where = f"assumption {choice.name}"
        true(choice.takes != "", f"{where} takes nothing")
        kind_holds(choice.kind, choice.takes, where)
        true((choice.kind == "band") == (choice.point is not None), f"{where} is half about a boundary")
        if choice.kind == "band":
            bands = {band.name for group in contract.bands for band in group.bands}
            known(str(choice.takes), bands, where, "band")
