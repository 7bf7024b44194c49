"""The two main jobs: records to payments, and quantities to payments. Also the default as-of date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import segments
from sibdsl.model.variations import in_force
from sibdsl.price import Key
from sibdsl.settle.payments import Payments, payments

if TYPE_CHECKING:
    from sibdsl.measure import Volumes


@frozen
class Paid:
    """A run from records: the payments, and the volumes with their rows and lineage."""

    payments: Payments
    volumes: Volumes


def default_as_of(contract: Contract, settings: Settings, today: date) -> tuple[date, str]:
    """The earlier of today and the last day of the payment period, and which of the two it is, in words."""
    return earlier(today, last_day(contract, settings))


def earlier(today: date, last: tuple[date, str]) -> tuple[date, str]:
    """The earlier of today and a last day with its name in words, and which of the two it is."""
    return (today, "today") if today < last[0] else last


def pay(contract: Contract, settings: Settings, folder: Path, as_of: date) -> Paid:
    """Measure the records in `folder` as known by `as_of`, price them, and keep what is stated by then.

    Raises Refused for records that cannot be read, NotGiven for a particular without a value.
    """
    from sibdsl.measure import measure

    measured: list[Volumes] = []

    def counts(terms: Contract) -> dict[Key, Fraction]:
        for earlier in measured:
            earlier.close()
        measured.append(measure(terms, settings, folder, as_of))
        return volumes_by_key(measured[-1])

    try:
        found = payments(contract, fingerprint(contract), settings, as_of, counts)
    except BaseException:
        for one in measured:
            one.close()
        raise
    last = measured[-1]
    return Paid(evolve(found, accounts=last.accounts, warnings=last.warnings), last)


def volumes_by_key(volumes: Volumes) -> dict[Key, Fraction]:
    """The measured quantities as the price graph knows them, and what limits for each person take."""
    counted = {Key(one.segment, one.metric, one.band): Fraction(one.number) for one in volumes.quantities}
    return counted | volumes.withheld


def price_quantities(
    contract: Contract, settings: Settings, quantities: Mapping[Key, Fraction], as_of: date
) -> Payments:
    """Price quantities that were given, not measured, in the segments of the contract as all its variations leave it."""
    return payments(
        contract, fingerprint(contract), settings, as_of, lambda terms: in_segments(terms, quantities)
    )


def in_segments(
    terms: Contract, quantities: Mapping[Key, Fraction], cuts: frozenset[date] = frozenset()
) -> dict[Key, Fraction]:
    """Quantities in the segments of one version, which may be cut otherwise: each in the one that holds its first day.

    What does not add up lies in the one that holds the last day of its span.
    """
    every = segments(terms, cuts)
    found: dict[Key, Fraction] = {}
    metrics = {one.name: one for one in terms.every_metric}
    for key, number in quantities.items():
        adds = key.metric not in metrics or metrics[key.metric].measured is None
        day = key.segment.days.start if adds else key.segment.days.last
        segment = next((one for one in every if day in one.days), None)
        if segment is not None and (key.metric in metrics or key.withheld):
            whole = evolve(key, segment=segment)
            found[whole] = found.get(whole, Fraction(0)) + number
    return found


def whole_term(contract: Contract, settings: Settings) -> date:
    """The day by which every period of the contract is stated, and every variation is agreed. Raises NotGiven."""
    return last_day(contract, settings)[0]


def last_day(contract: Contract, settings: Settings) -> tuple[date, str]:
    """That day, and which day of the contract it is, in words. Raises NotGiven."""
    last = segments(in_force(contract, settings))[-1].statement.last
    agreed = max((settings.day(one.agreed) for one in contract.variations), default=last)
    if agreed > last:
        return agreed, "the day on which the last variation was agreed"
    return last, "the last day of the payment period"
