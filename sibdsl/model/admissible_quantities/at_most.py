"""How many of a metric some records could produce: by the size of its cohort, by what counts for each person, and by day.

Source: language reference, 'Rules'.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from sibdsl.dates import Period, months_name
from sibdsl.model.admissible_quantities.entry_dates import Almanac, Days
from sibdsl.model.bands_in_force import bands_of
from sibdsl.model.nodes import (
    Band,
    ColumnSum,
    Contract,
    Metric,
    PeopleCounted,
    PeopleReaching,
    RowsCounted,
    Scope,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, occasions


@frozen
class Most:
    """At most so many of a metric (in a band; '' is in all of them together) in these segments together."""

    metric: str
    band: str
    segments: frozenset[Segment]
    most: int
    why: str

    @property
    def said(self) -> str:
        """`Job Start at most 400 in January 2026 - March 2028`, `no Job Kept in January-March 2026`."""
        name = f"{self.metric} {self.band}".strip()
        when = " and ".join(months_name(days) for days in _runs(self.segments))
        return f"{name} at most {self.most:,} in {when}" if self.most else f"no {name} in {when}"

    def holds(self, metric: str, band: str, segment: Segment) -> bool:
        """Whether it speaks of that quantity."""
        return self.metric == metric and self.band in ("", band) and segment in self.segments


def _runs(segments: frozenset[Segment]) -> list[Period]:
    """The stretches of days that segments make, neighbours joined."""
    found: list[Period] = []
    for days in sorted(segment.days for segment in segments):
        if found and found[-1].end == days.start:
            found[-1] = Period(found[-1].start, days.end)
        else:
            found.append(days)
    return found


def bounds(contract: Contract, settings: Settings, every: tuple[Segment, ...]) -> tuple[Most, ...]:
    """What bounds each metric from above, in the order of the contract."""
    found: list[Most] = []
    for metric in contract.metrics:
        if metric.measured is not None or metric.weight is not None or metric.counts.may_be_below_nought:
            continue
        if varied(contract, metric):
            continue  # each text bounds its own results alone
        found += _by_size(contract, metric, every)
        found += _by_day(contract, settings, metric, every)
    return tuple(found)


def varied(contract: Contract, metric: Metric) -> bool:
    """Whether a variation replaced the text of the metric, or of a cohort among which it counts."""
    return bool(metric.earlier) or any(
        cohort.earlier for cohort in contract.cohorts if cohort.name in metric.among
    )


def size(contract: Contract, metric: Metric) -> int | None:
    """How many people the metric can count; None where nothing says."""
    cohorts = [cohort for cohort in contract.cohorts if cohort.name in metric.among]
    sizes = [cohort.most for cohort in cohorts if cohort.most is not None]
    return sum(sizes) if cohorts and len(sizes) == len(cohorts) else None


def _by_size(contract: Contract, metric: Metric, every: tuple[Segment, ...]) -> Iterator[Most]:
    """What a cohort of a fixed size allows where each of its people counts so many times at most."""
    people = size(contract, metric)
    if people is None:
        return
    said = f"{metric.among[0]} is {people:,} people at most"
    if len(metric.among) > 1:
        said = f"those among whom it counts are {people:,} people at most"
    yield from _for_people(contract, metric, every, people, said)


def of_one_person(contract: Contract, every: tuple[Segment, ...]) -> tuple[Most, ...]:
    """What bounds what one person can bring about of each metric, where the metric says so; in the order of the contract."""
    return tuple(
        most
        for metric in contract.metrics
        if metric.measured is None
        and metric.weight is None
        and not metric.counts.may_be_below_nought
        and not varied(contract, metric)
        for most in _for_people(contract, metric, every, 1, "one person")
    )


def _for_people(
    contract: Contract, metric: Metric, every: tuple[Segment, ...], people: int, said: str
) -> Iterator[Most]:
    """What so many people can bring about, where each of them counts so many times at most."""
    whole = frozenset(every)
    if isinstance(metric.counts, PeopleCounted | PeopleReaching):
        yield Most(metric.name, "", whole, people, f"{said}, each counted once")
    elif isinstance(metric.counts, RowsCounted) and metric.first_only:
        for band in _across(contract, metric, metric.first_only):
            yield Most(metric.name, band, whole, people, f"{said}, each counted once")
    elif (
        isinstance(metric.counts, RowsCounted)
        and metric.at_most is not None
        and metric.at_most.over != "days"
    ):
        limit = metric.at_most
        times = occasions(contract, Scope(limit.over))
        for band in _across(contract, metric, limit.across):
            for days in times:
                inside = frozenset(
                    segment
                    for segment in every
                    if days.start <= segment.days.start and segment.days.end <= days.end
                )
                if inside:
                    yield Most(metric.name, band, inside, people * limit.number, f"{said}, {limit.said} each")
            yield Most(
                metric.name, band, whole, people * limit.number * len(times), f"{said}, {limit.said} each"
            )


def _across(contract: Contract, metric: Metric, way: str) -> tuple[str, ...]:
    """The bands that a count for each person is kept in, each by itself; '' for all of them together."""
    bands = next((band for band in contract.bands if band.name == metric.bands), None)
    if bands is None or way != "in each band":
        return ("",)
    return tuple(band.name for band in bands.bands)


def _by_day(
    contract: Contract, settings: Settings, metric: Metric, every: tuple[Segment, ...]
) -> Iterator[Most]:
    """None in the segments on whose days no result can fall: before people can join, after the last of them could have.

    Of a band of dates none either on whose days no result in that band can fall.
    """
    out = _outside(result_days(contract, settings, metric), every)
    if out:
        yield Most(metric.name, "", out, 0, "its conditions leave no day there on which it could be dated")
    bands = bands_of(contract, metric)
    for band in bands.bands if bands is not None and bands.dated else ():
        more = _outside(result_days(contract, settings, metric, band), every) - out
        if more:
            why = f"what {band.name} holds leaves no day there on which it could be dated"
            yield Most(metric.name, band.name, more, 0, why)


def _outside(days: Days, every: tuple[Segment, ...]) -> frozenset[Segment]:
    """The segments that none of the days is in."""
    return frozenset(
        segment
        for segment in every
        if (days.last is not None and segment.days.start > days.last)
        or (days.first is not None and segment.days.last < days.first)
    )


def result_days(contract: Contract, settings: Settings, metric: Metric, band: Band | None = None) -> Days:
    """The days on which a result of the metric, or in a band of it, may be dated.

    As far as the conditions, the band and the contract's clocks say.
    """
    almanac = Almanac(contract, settings, None if band is None else (metric, band))
    if not isinstance(metric.counts, RowsCounted | PeopleCounted | ColumnSum):
        return Days()
    days = almanac.results(metric)
    if isinstance(metric.counts, PeopleCounted) and metric.dated.day is None and metric.dated.by == "column":
        joined = [
            almanac.joining(cohort)
            for cohort in contract.cohorts
            if cohort.name in metric.among and cohort.joins_on == metric.dated.column
        ]
        if len(joined) == len(metric.among) == 1:
            days = days.meet(joined[0])
    return days
