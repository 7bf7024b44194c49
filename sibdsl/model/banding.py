"""Bands as in force: as written, with any boundary that an assumption moves; and where they leave holes or overlap."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve, frozen

from sibdsl.model.nodes import Band, Bands, Contract
from sibdsl.model.settings import Settings
from sibdsl.model.types import DOMAINS, Interval


def bands_in_force(contract: Contract, settings: Settings) -> dict[str, Bands]:
    """Each set of bands by name, with every boundary in the band that its assumption takes."""
    found = {bands.name: bands for bands in contract.bands}
    for choice in contract.assumptions:
        if choice.kind != "band" or choice.point is None:
            continue
        taken = settings.values.get(choice.name, choice.takes)
        if taken == choice.takes:
            continue  # the text says so itself; if it does not, the checks find the hole
        for name, bands in found.items():
            if any(band.name == taken for band in bands.bands):
                found[name] = evolve(
                    bands, bands=tuple(_moved(band, choice.point, str(taken)) for band in bands.bands)
                )
    return found


def _moved(band: Band, point: Fraction, taker: str) -> Band:
    holds, mine = band.holds, band.name == taker
    low_in = mine if holds.low == point else holds.low_in
    high_in = mine if holds.high == point else holds.high_in
    return evolve(band, holds=evolve(holds, low_in=low_in, high_in=high_in))


def domain(contract: Contract, bands: Bands) -> Interval:
    """The values that the banded column can hold."""
    whole = Interval()
    for metric in contract.metrics:
        if metric.bands != bands.name:
            continue
        table = next((one for one in contract.records if one.name == metric.records), None)
        column = table.column(bands.by) if table else None
        if column:
            whole = DOMAINS.get(column.kind, Interval()).meet(column.allowed)
    return whole


@frozen
class Fault:
    """Values that no band holds, or that two do. `bands` are the neighbours; `after` is where to look in the text."""

    kind: str
    values: Interval
    bands: tuple[Band, ...]


def faults(bands: Bands, whole: Interval) -> list[Fault]:
    """Every hole and overlap of the bands over `whole`, lowest first."""
    found: list[Fault] = []
    rows = sorted(
        bands.bands,
        key=lambda band: (band.holds.low is not None, band.holds.low or Fraction(0), not band.holds.low_in),
    )
    edge = (whole.low, not whole.low_in)  # last value reached, whether it is covered
    endless = False  # whether a band has been seen that reaches without end
    last: Band | None = None
    for band in rows:
        holds = band.holds.meet(whole)
        if holds.empty:
            continue
        if holds.low is not None and edge[0] is not None and not endless:
            gap = Interval(edge[0], not edge[1], holds.low, not holds.low_in)
            if not gap.empty:
                found.append(Fault("gap", gap, (last, band) if last else (band,)))
        if last is not None:
            common = last.holds.meet(holds)
            if not common.empty:
                found.append(Fault("overlap", common, (last, band)))
        if endless:
            continue
        if holds.high is None:
            endless, last = True, band
        elif edge[0] is None or holds.high > edge[0] or (holds.high == edge[0] and holds.high_in):
            edge, last = (holds.high, holds.high_in), band
    if edge[0] is not None and not endless:
        gap = Interval(edge[0], not edge[1], whole.high, whole.high_in)
        if not gap.empty:
            found.append(Fault("gap", gap, (last,) if last else ()))
    return found
