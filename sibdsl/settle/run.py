"""The two main jobs: records to payments, and quantities to payments. Also the default as-of date."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import segments
from sibdsl.model.settings import Settings
from sibdsl.price import Key
from sibdsl.settle.payments import Payments, payments

if TYPE_CHECKING:
    from sibdsl.measure import Volumes


@frozen
class Paid:
    """A run from records: the payments, and the volumes with their rows and lineage."""

    payments: Payments
    volumes: Volumes


def default_as_of(contract: Contract, today: date) -> tuple[date, str]:
    """The earlier of today and the last day of the payment period, and which of the two it is, in words."""
    last = contract.payment_period.last
    return (today, "today") if today < last else (last, "the last day of the payment period")


def pay(contract: Contract, settings: Settings, folder: Path, as_of: date) -> Paid:
    """Measure the records in `folder` as known by `as_of`, price them, and keep what is stated by then.

    Raises Refused for records that cannot be read, NotGiven for a particular without a value.
    """
    from sibdsl.measure import measure

    volumes = measure(contract, settings, folder, as_of)
    found = payments(
        contract, fingerprint(contract), settings, as_of, volumes_by_key(volumes), volumes.accounts
    )
    return Paid(found, volumes)


def volumes_by_key(volumes: Volumes) -> dict[Key, Fraction]:
    """The measured quantities as the price graph knows them."""
    return {Key(one.segment, one.metric, one.band): Fraction(one.number) for one in volumes.quantities}


def price_quantities(
    contract: Contract, settings: Settings, quantities: dict[Key, Fraction], as_of: date
) -> Payments:
    """Price quantities that were given, not measured."""
    return payments(contract, fingerprint(contract), settings, as_of, quantities)


def whole_term(contract: Contract) -> date:
    """The day by which every period of the contract is stated."""
    return segments(contract)[-1].statement.last
