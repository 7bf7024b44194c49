"""Quantities that were given for days on which no such result can be dated. Source: records reference, 'Quantities'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic
from sibdsl.english import with_unit
from sibdsl.model.admissible_quantities.entry_dates import Almanac
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price.graph import Key
from sibdsl.wording import clause_title


def warnings(
    contract: Contract, settings: Settings, quantities: Mapping[Key, Fraction]
) -> Iterator[Diagnostic]:
    """A warning for each quantity of a metric that is given for days before or after all on which it can be (SIB0711)."""
    almanac = Almanac(contract, settings)
    for metric in contract.metrics:
        if not metric.by_person:
            continue
        days = almanac.results(metric)
        for key, number in sorted(quantities.items(), key=lambda given: given[0].segment.days.start):
            if key.metric != metric.name or key.taken_of is not None or not number:
                continue
            inside = key.segment.days
            early = days.first is not None and inside.last < days.first
            late = days.last is not None and days.last < inside.start
            if not early and not late:
                continue
            limit = f"{long(days.first)} at the earliest" if early and days.first else ""
            limit = limit or (f"{long(days.last)} at the latest" if days.last else "")
            band = f", {key.band}" if key.band else ""
            yield Diagnostic(
                "SIB0711",
                f"{with_unit(number, metric.measures, contract.currency)} {metric.name}{band} is given for {inside}, and by the "
                f"contract's own terms a result of it is dated {limit}. It is priced as given.",
                metric.span,
                clause_title("metric", metric.name, metric.clause),
                f"dated {limit}",
                "Look at the period of this quantity, or at the conditions of the metric.",
                severity="warning",
            )
