"""The bands of a metric in words."""

from __future__ import annotations

from datetime import timedelta

from sibdsl.dates import long
from sibdsl.english import listed
from sibdsl.model.bands_in_force import banded_column, bands_in_force
from sibdsl.model.nodes import Bands, Contract, DayRange, Metric
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording.values import written


def bands_of(contract: Contract, settings: Settings, metric: Metric) -> Bands | None:
    """The bands of a metric as in force, or None."""
    return bands_in_force(contract, settings).get(metric.bands)


def days_written(days: DayRange) -> str:
    """A stretch of days as a band's row writes it: `before 1 April 2017`, `1 April 2016 to 31 March 2017`."""
    if days.first is None:
        return f"before {long(days.last + timedelta(days=1))}" if days.last else "on any day"
    if days.last is None:
        return f"on or after {long(days.first)}"
    return long(days.first) if days.first == days.last else f"{long(days.first)} to {long(days.last)}"


def _days_said(days: DayRange) -> str:
    """Days in a sentence, of a date: `from 1 April 2016 to 31 March 2017`, `on 1 April 2017`."""
    said = days_written(days)
    if days.first is None or days.last is None:
        return said
    return f"on {said}" if days.first == days.last else f"from {said}"


def band_words(contract: Contract, metric: Metric, bands: Bands, band: str) -> str:
    """The values that a band holds: `at least 16 hours`, `North or South`."""
    column = banded_column(contract, metric, bands)
    own_band = next(other_band for other_band in bands.bands if other_band.name == band)
    if own_band.rest:
        others = [word for other in bands.bands for word in other.words]
        return f"other than {listed(others, 'and')}" if others else "of any value"
    if own_band.words:
        return listed(own_band.words, "or")
    if own_band.days is not None:
        return _days_said(own_band.days)
    return written(own_band.holds, column.kind if column else "number", contract.currency) or "of any value"
