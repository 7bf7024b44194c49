"""Quantities that were given for days on which no such result can be dated. Source: records reference, 'Quantities'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from sibdsl.dates import Period, long
from sibdsl.diagnostics import Diagnostic
from sibdsl.english import with_unit
from sibdsl.model.admissible_quantities.entry_dates import Almanac, Days
from sibdsl.model.bands_in_force import bands_of
from sibdsl.model.nodes import Band, Contract, Metric
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price.graph import Key
from sibdsl.wording import clause_title


def warnings(
    contract: Contract, settings: Settings, quantities: Mapping[Key, Fraction]
) -> Iterator[Diagnostic]:
    """A warning for each quantity of a metric that is given for days before or after all on which it can be (SIB0711).

    In a band of dates, those on which a result in that band can be.
    """
    for metric in contract.metrics:
        if not metric.by_person:
            continue
        bands = bands_of(contract, metric)
        of_dates = {band.name: band for band in bands.bands} if bands is not None and bands.dated else {}
        whole = Almanac(contract, settings).results(metric)
        for key, number in sorted(quantities.items(), key=lambda given: given[0].segment.days.start):
            if key.metric != metric.name or key.taken_of is not None or not number:
                continue
            days, band = whole, None
            if not _limit(whole, key.segment.days) and key.band in of_dates:
                band = of_dates[key.band]
                days = Almanac(contract, settings, (metric, band)).results(metric)
            limit = _limit(days, key.segment.days)
            if limit:
                said = f"{with_unit(number, metric.measures, contract.currency)} {metric.name}"
                said += f", {key.band}" if key.band else ""
                yield _warning(said, key, limit, metric, band)


def _limit(days: Days, inside: Period) -> str:
    """`1 October 2016 at the earliest`, where none of the days lies inside; otherwise ''."""
    if days.first is not None and inside.last < days.first:
        return f"{long(days.first)} at the earliest"
    if days.last is not None and days.last < inside.start:
        return f"{long(days.last)} at the latest"
    return ""


def _warning(said: str, key: Key, limit: str, metric: Metric, band: Band | None) -> Diagnostic:
    """With the band, where what it holds is the cause."""
    what = "a result of it" if band is None else f"a result in {band.name}"
    cause = "the conditions of the metric" if band is None else f"what {band.name} holds"
    return Diagnostic(
        "SIB0711",
        f"{said} is given for {key.segment.days}, and by the contract's own terms {what} is dated {limit}. It is priced as given.",
        metric.span if band is None else band.span,
        clause_title("metric", metric.name, metric.clause),
        f"dated {limit}",
        f"Look at the period of this quantity, or at {cause}.",
        severity="warning",
    )
