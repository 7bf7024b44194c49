"""A contract as its variations leave it. Source of the rules: language reference, 'Variations'.

A clause that is replaced or removed applies to the day before the variation takes effect, and what replaces it from
that day on. Which day decides is the clause's own: for what is earned the date of the result, for a sum or block
advance the day on which it falls due.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypeVar

from attrs import evolve

from sibdsl.dates import Period
from sibdsl.model.nodes import Amount, Applies, BlockAdvance, Cap, Contract, Payment, Variation
from sibdsl.model.settings import NotGiven, Settings

Clause = TypeVar("Clause", Payment, BlockAdvance, Cap)


def agreed_by(contract: Contract, settings: Settings, day: date | None = None) -> tuple[Variation, ...]:
    """The variations agreed by a day (all without one), in the order agreed. Raises NotGiven for a date without a value."""
    dated = [
        (_day(settings, one, one.agreed), _day(settings, one, one.effective), one.name, one)
        for one in contract.variations
    ]
    return tuple(
        one for agreed, _, _, one in sorted(dated, key=lambda each: each[:3]) if day is None or agreed <= day
    )


def _day(settings: Settings, variation: Variation, amount: Amount) -> date:
    """A date of a variation. Raises NotGiven, which says what it dates."""
    try:
        return settings.day(amount)
    except NotGiven as missing:
        raise NotGiven(missing.name, f"variation {variation.name}") from None


def in_force(contract: Contract, settings: Settings, day: date | None = None) -> Contract:
    """The contract as varied by everything agreed by a day (by all its variations without one).

    Raises NotGiven for a variation whose dates need a particular that has no value.
    """
    found = evolve(contract, variations=())
    for variation in agreed_by(contract, settings, day):
        found = _varied(found, variation, settings)
    return found


def _varied(contract: Contract, variation: Variation, settings: Settings) -> Contract:
    effective = settings.day(variation.effective)
    gone = {(one.kind, one.name) for one in variation.removes}
    start = contract.payment_period.start
    contract = _periods(contract, variation, settings)
    rules = {one.name for one in variation.rules} | {name for kind, name in gone if kind == "rule"}
    return evolve(
        contract,
        records=(*contract.records, *variation.records),
        lookups=(*contract.lookups, *variation.lookups),
        cohorts=(*contract.cohorts, *variation.cohorts),
        bands=(*contract.bands, *variation.bands),
        metrics=(*contract.metrics, *variation.metrics),
        payments=_clauses(contract.payments, variation.payments, _names(gone, "payment"), effective, start),
        advances=_clauses(
            contract.advances, variation.advances, _names(gone, "block advance"), effective, start
        ),
        caps=_clauses(contract.caps, variation.caps, _names(gone, "cap"), effective, start),
        rules=(*(one for one in contract.rules if one.name not in rules), *variation.rules),
    )


def _names(gone: Iterable[tuple[str, str]], kind: str) -> set[str]:
    return {name for each, name in gone if each == kind}


def _clauses(
    before: tuple[Clause, ...], now: tuple[Clause, ...], removed: set[str], effective: date, start: date
) -> tuple[Clause, ...]:
    """The clauses before, cut off where they are replaced or removed, each followed by what takes its place."""
    new = {one.name: one for one in now}
    counts: dict[str, date | None] = {}
    found: list[Clause] = []
    for one in before:
        changed = one.name in new or one.name in removed
        applies = one.applies
        if not changed or (applies.last is not None and applies.last < effective):
            found.append(one)
            continue
        counts[one.name] = applies.counts_from
        if (applies.first or start) < effective:
            found.append(evolve(one, applies=evolve(applies, last=effective - timedelta(days=1))))
    for name, one in new.items():
        first = max(effective, one.applies.first or effective)
        from_start = name in counts and first <= start
        counted = counts.get(name, first)
        applies = Applies(
            None if from_start else first,
            one.applies.last,
            None if from_start or counted is None else min(counted, first),
        )
        at = max((place for place, each in enumerate(found) if each.name == name), default=len(found) - 1)
        found.insert(at + 1, evolve(one, applies=applies))
    return tuple(found)


def _periods(contract: Contract, variation: Variation, settings: Settings) -> Contract:
    """The service and payment periods as they now end.

    A payment period that ended with the service period goes on ending with it, unless the variation says otherwise. So
    does the time for new entrants.
    """
    service, paid, entrants = contract.service, contract.payment_period, contract.new_entrants_last
    together = paid.end == service.end
    if variation.service_ends is not None:
        end = settings.day(variation.service_ends) + timedelta(days=1)
        entrants = (
            end - timedelta(days=1) if entrants == service.last else min(entrants, end - timedelta(days=1))
        )
        service = Period(service.start, end)
        if together or paid.end < end:
            paid = Period(paid.start, end)
    if variation.payment_ends is not None:
        paid = Period(paid.start, settings.day(variation.payment_ends) + timedelta(days=1))
    return evolve(contract, service=service, payment_period=paid, new_entrants_last=entrants)
