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
from sibdsl.diagnostics import NotGiven
from sibdsl.model import earlier_texts
from sibdsl.model.closed_accounts import open_from
from sibdsl.model.nodes import (
    Amount,
    Applies,
    BlockAdvance,
    Cap,
    Contract,
    Deduction,
    Payment,
    Variation,
)
from sibdsl.model.novated_parties import novated
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.parted_clauses import Turn, falls_due, starts, until
from sibdsl.model.periods import statements
from sibdsl.model.replaced_definitions import Texts, in_their_texts

Clause = TypeVar("Clause", Payment, BlockAdvance, Cap, Deduction)


def agreed_by(contract: Contract, settings: Settings, day: date | None = None) -> tuple[Variation, ...]:
    """The variations agreed by a day (all without one), in the order agreed.

    Raises NotGiven for a date without a value, of a variation or of the contract itself.
    """
    readable(contract, settings)
    dated = [
        (
            _day(settings, variation, variation.agreed),
            _day(settings, variation, variation.effective),
            variation.name,
            variation,
        )
        for variation in contract.variations
    ]
    return tuple(
        variation
        for agreed, _, _, variation in sorted(dated, key=lambda each: each[:3])
        if day is None or agreed <= day
    )


def readable(contract: Contract, settings: Settings) -> None:
    """Whether the contract was read with these values for what it has by name.

    Raises NotGiven for one without a value, and ValueError for another value, which needs another reading of the text.
    """
    for named_date in sorted(contract.by_name, key=lambda one: one.span):  # the first in the text is told
        if not named_date.value:
            raise NotGiven(named_date.name, named_date.of)
        value = settings.values.get(named_date.name)
        if value is not None and str(value) != named_date.value:
            raise ValueError(
                f"{named_date.name} is {value} here, and the contract was read with {named_date.value}"
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
    texts = Texts(contract.payment_period.start)
    for variation in agreed_by(contract, settings, day):
        found = _varied(found, variation, settings, texts)
    return earlier_texts.in_their_bands(in_their_texts(found, texts))


def as_far_as_dated(contract: Contract, settings: Settings) -> Contract:
    """The contract as all its variations leave it; as it was signed while a date of one has not been given.

    The variations stand beside, for what they read.
    """
    try:
        return evolve(in_force(contract, settings), variations=contract.variations)
    except NotGiven:
        return contract


def _varied(contract: Contract, variation: Variation, settings: Settings, defined: Texts) -> Contract:
    turn = Turn(
        _effective(contract, variation, settings),
        _dues_from(contract, variation, settings),
        settings.day(variation.agreed) if variation.stated == "left as stated" else None,
    )
    gone = {(remove.kind, remove.name) for remove in variation.removes}
    start = contract.payment_period.start
    contract = _periods(contract, variation, settings)
    texts = earlier_texts.Turned(turn.effective, start)
    rules = {rule.name for rule in variation.rules} | {name for kind, name in gone if kind == "rule"}
    varied = evolve(
        contract,
        records=(*contract.records, *variation.records),
        lookups=defined.put(contract.lookups, variation.lookups, turn),
        workings=defined.put(contract.workings, variation.workings, turn),
        investments=defined.put(contract.investments, variation.investments, turn),
        cohorts=texts.cohorts(contract.cohorts, variation.cohorts),
        bands=texts.bands(contract.bands, variation.bands),
        metrics=texts.metrics(contract.metrics, variation.metrics),
        derived=texts.derived(contract.derived, variation.derived),
        payments=_clauses(contract.payments, variation.payments, _names(gone, "payment"), turn, start),
        advances=_clauses(contract.advances, variation.advances, _names(gone, "block advance"), turn, start),
        deductions=_clauses(
            contract.deductions, variation.deductions, _names(gone, "deduction"), turn, start
        ),
        caps=_clauses(contract.caps, variation.caps, _names(gone, "cap"), turn, start),
        rules=(*(rule for rule in contract.rules if rule.name not in rules), *variation.rules),
    )
    return novated(varied, variation.novates, turn, settings)


def _dues_from(contract: Contract, variation: Variation, settings: Settings) -> date:
    """The first day whose regular sums and block advances a variation changes: what fell due before it was agreed is stated."""
    effective = _effective(contract, variation, settings)
    return (
        effective if variation.stated != "left as stated" else max(effective, settings.day(variation.agreed))
    )


def _effective(contract: Contract, variation: Variation, settings: Settings) -> date:
    """The day from which a variation changes what is paid.

    Where stated periods are left as stated, it changes none of them: it begins with the first statement period that
    ends on or after the day of agreement. What was paid before is then what was stated, for limits, tiers and blocks too.
    """
    agreed = settings.day(variation.agreed)
    effective = settings.day(variation.effective)
    if not variation.reopens:
        effective = max(effective, open_from(contract, agreed))
    if variation.stated != "left as stated":
        return effective
    for period in statements(contract):
        if period.last >= agreed:
            return max(effective, period.start)
    return max(effective, contract.payment_period.end)


def _names(gone: Iterable[tuple[str, str]], kind: str) -> set[str]:
    return {name for each, name in gone if each == kind}


def _clauses(
    before: tuple[Clause, ...], now: tuple[Clause, ...], removed: set[str], turn: Turn, start: date
) -> tuple[Clause, ...]:
    """The clauses before, cut off where they are replaced or removed, each followed by what takes its place."""
    new = {payment.name: payment for payment in now}
    place = {payment.name: at for at, payment in enumerate(before)}
    counts: dict[str, Applies] = {}
    found: list[Clause] = []
    effective = turn.effective

    def varied(clause: Clause) -> Clause:
        first = max(effective, clause.applies.first or effective)
        dues = turn.dues if turn.dues > first and falls_due(clause) else None
        # What a clause that is replaced counted from, that which takes its place counts from; what is added from its own days.
        old = counts.get(clause.name) or Applies(counts_from=first, counts_dues_from=dues)
        from_start = clause.name in counts and first <= start
        counted = None if from_start or old.counts_from is None else min(old.counts_from, first)
        counted_dues = old.counts_dues_from
        own = starts(clause)
        return evolve(
            clause,
            applies=Applies(
                None if from_start else first,
                clause.applies.last,
                _later(own, counted),
                begun=first > (clause.applies.first or start),
                dues_from=dues,
                counts_dues_from=None if counted_dues is None else _later(own, counted_dues),
            ),
        )

    for at, payment in enumerate(before):
        applies = payment.applies
        if payment.name not in new and payment.name not in removed:
            found.append(payment)
        else:
            if applies.last is None or applies.last >= effective or not applies.ended:
                counts[payment.name] = applies
            found += until(payment, turn, start)
        if at == place[payment.name] and payment.name in new:
            found.append(varied(new[payment.name]))
    found += [varied(payment) for payment in now if payment.name not in place]
    return tuple(found)


def _later(one: date | None, other: date | None) -> date | None:
    """The later of two days; None is the first day of the contract."""
    return max((day for day in (one, other) if day is not None), default=None)


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
    ends = contract.statement_ends
    if paid.end > contract.payment_period.end:
        ends = (*ends, contract.payment_period.last)  # a statement that ended with the contract stays one
        if variation.stated == "left as stated":
            extended = (*contract.extended, (contract.payment_period.end, settings.day(variation.agreed)))
            contract = evolve(contract, extended=extended)
    return evolve(
        contract, service=service, payment_period=paid, new_entrants_last=entrants, statement_ends=ends
    )
