"""Bands that are stretches of days: days that no band holds, or that two hold, and bands that nothing falls in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.model.bands_in_force import banded_column
from sibdsl.model.bands_of_days import DayFault, day_faults, meet, possible_days
from sibdsl.model.nodes import Band, Bands, Contract, DayRange, Metric
from sibdsl.wording import clause_title, days_written


def findings(contract: Contract, bands: Bands) -> Iterator[Diagnostic]:
    """Everything to be said of one set of such bands; the same hole or overlap once."""
    clause = clause_title("bands", bands.name, bands.clause)
    told: set[tuple[str, DayRange]] = set()
    metrics = [
        metric
        for metric in contract.metrics
        if metric.bands == bands.name and banded_column(contract, metric, bands)
    ]
    for metric in metrics:
        for fault in day_faults(bands, possible_days(contract, metric)):
            if (fault.kind, fault.days) in told:
                continue
            told.add((fault.kind, fault.days))
            yield _hole(bands, metric, fault, clause) if fault.kind == "gap" else _overlap(fault, clause)
    for band in bands.bands:
        possible = (possible_days(contract, metric) for metric in metrics)
        if metrics and band.days and all(meet(band.days, days) is None for days in possible):
            yield Diagnostic(
                "SIB0503",
                f"No {bands.by} falls in {band.name}, by what the conditions and the payment period let through.",
                band.span,
                clause,
                "holds no possible day",
                "Change what the band holds, or take the row out.",
                severity="warning",
            )


def _hole(bands: Bands, metric: Metric, fault: DayFault, clause: str) -> Diagnostic:
    said = _said(fault.days)
    beside = fault.bands[-1] if fault.bands else None
    ways = [f"{band.name} hold `{days_written(_wider(band, fault.days))}`" for band in fault.bands]
    return Diagnostic(
        "SIB0501",
        f"No band of {bands.name} holds {said}. A result of {metric.name} whose {bands.by} is {_instance(fault.days)} would be "
        "counted in no band, and paid nothing.",
        beside.span if beside else bands.span,
        clause,
        f"no band holds {said}",
        f"Let {', or let '.join(ways)}; or add a row for what no band holds."
        if ways
        else "Add rows that hold every day once.",
    )


def _said(days: DayRange) -> str:
    """Days in a sentence: `days before 1 April 2017`."""
    said = days_written(days)
    return f"days {said}" if days.first is None or days.last is None else said


def _wider(band: Band, hole: DayRange) -> DayRange:
    """The band's days with those of a hole beside it."""
    days = band.days or DayRange()
    below = hole.last is not None and days.first is not None and hole.last < days.first
    return DayRange(hole.first, days.last) if below else DayRange(days.first, hole.last)


def _instance(days: DayRange) -> str:
    return long(days.first or days.last or date(2000, 1, 1))


def _overlap(fault: DayFault, clause: str) -> Diagnostic:
    first, second = fault.bands
    said = _said(fault.days)
    return Diagnostic(
        "SIB0502",
        f"{first.name} and {second.name} both hold {said}. A result would fall in both, and the contract does not say which of "
        "the two is paid.",
        second.span,
        clause,
        f"{first.name} holds {said} too",
        "Let one of the two begin on the day after the other ends.",
        (Label(first.span, f"so does {first.name}"),),
    )
