"""Whether the holidays are known for as long as payments run. Source: language reference, 'Business days'."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.business_days import business_days
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A note where payments run beyond the days of which holidays are known (SIB0577)."""
    del settings
    counted, said = business_days(contract), contract.business_days
    if counted is None or said is None:
        return
    paid, known = contract.payment_period, counted.known
    if paid.last > known.last or paid.start < known.start:
        yield Diagnostic(
            "SIB0577",
            f"Holidays are known of {long(known.start)} to {long(known.last)}, and payments run from {paid}.",
            said.span,
            "",
            "not known for all of that time",
            "A day beyond is never guessed: bring the table up to date by a variation that replaces it when the days are published.",
            severity="note",
        )
