"""Metrics worked out from others, exactly, from the quantities measured or given.

It stands between measuring and pricing, so that prices stay straight in each of their pieces however a metric is made.
Source: language reference, 'Metrics worked out from others'.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import define, field

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Contract,
    Derived,
    Extreme,
    FirstGiven,
    Interpolated,
    Metric,
    MetricTotal,
    RoundedAmount,
    Stepped,
    Working,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, holder, segments, spans, taken_last
from sibdsl.model.workings import may_be_blank, speaks_of_quantities, step_of
from sibdsl.price.builder import inside, interval, straight
from sibdsl.price.graph import Key


class BlankNumber(Exception):
    """Nothing was measured from which the number could be worked out. `why` says what, in words."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def derived(
    contract: Contract,
    settings: Settings,
    quantities: Mapping[Key, Fraction],
    as_of: date | None = None,
    cuts: frozenset[date] = frozenset(),
) -> dict[Key, Fraction]:
    """The quantities with those of the metrics worked out from them, for the stretches that ended by `as_of`.

    A number that is given for such a metric is kept. One that cannot be worked out stays absent: it is blank.
    Raises NotGiven for a particular that a formula needs.
    """
    found = dict(quantities)
    if not contract.derived:
        return found
    made = Maker(contract, settings, found, segments(contract, cuts))
    for derived_metric in contract.derived:
        for days in spans(contract, derived_metric.measured):
            place = holder(made.segments, days)
            if place is None or (as_of is not None and place.statement.last > as_of):
                continue
            key = Key(place, derived_metric.name, "")
            if key not in quantities:
                try:
                    found[key] = made.of(derived_metric, days)
                except BlankNumber:
                    continue
    return found


@define
class Maker:
    """Works out metrics of one contract from its quantities."""

    contract: Contract
    settings: Settings
    quantities: Mapping[Key, Fraction]
    segments: tuple[Segment, ...]
    _metrics: dict[str, Metric | Derived] = field(init=False)
    _known: dict[tuple[str, Period, int], Fraction | BlankNumber] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self._metrics = {metric.name: metric for metric in self.contract.every_metric}

    def of(self, derived_metric: Derived, days: Period) -> Fraction:
        """What the metric comes to over one of its stretches. Raises Blank."""
        return self.value(derived_metric.formula_of(days), days)

    def value(self, amount: Amount, days: Period) -> Fraction:
        """An amount in which metrics stand for their quantities over those days. Raises Blank."""
        if not speaks_of_quantities(amount):
            return self.settings.number(amount)
        match amount:
            case MetricTotal(metric, band):
                return self._quantity(metric, band, days)
            case Working(name):
                return self._step(name, days)
            case Arithmetic(op, left, right):
                a, b = self.value(left, days), self.value(right, days)
                match op:
                    case "plus":
                        return a + b
                    case "minus":
                        return a - b
                    case "times":
                        return a * b
                if b == 0:
                    raise BlankNumber("it would divide by nought")
                return a / b
            case Stepped(by, rows):
                at = self.value(by, days)
                row = next(
                    stepped_row for stepped_row in rows if at in interval(self.settings, stepped_row.holds)
                )
                return self.value(row.amount, days)
            case Interpolated(by):
                at = self.value(by, days)
                pieces = straight(self.settings, amount)
                return next(fixed + slope * at for held, fixed, slope in pieces if at in held)
            case RoundedAmount(inner, grain, way):
                return money.round_to(self.value(inner, days), grain, way)
            case FirstGiven(parts):
                for part in parts[:-1]:
                    try:
                        return self.value(part, days)
                    except BlankNumber:
                        continue
                return self.value(parts[-1], days)
            case Extreme(way, parts):
                return (min if way == "lower" else max)(self.value(part, days) for part in parts)
        raise TypeError(type(amount).__name__)

    def _step(self, name: str, days: Period) -> Fraction:
        """A step of workings, worked out once for all who use it while no quantity joins. Raises Blank."""
        key = (name, days, len(self.quantities))
        found = self._known.get(key)
        if found is None:
            try:
                found = self.value(step_of(self.contract, name), days)
            except BlankNumber as error:
                found = error
            self._known[key] = found
        if isinstance(found, BlankNumber):
            raise found
        return found

    def _quantity(self, metric: str, band: str, days: Period) -> Fraction:
        counted = self._metrics[metric]
        if counted.measured is None:
            return sum(
                (
                    number
                    for key, number in self.quantities.items()
                    if key.metric == metric and band in ("", key.band) and inside(key.segment.days, days)
                ),
                Fraction(0),
            )
        taken = taken_last(self.contract, counted.measured, self.segments, days)
        if taken is None:
            raise BlankNumber(f"{metric} is not measured in those days")
        span, place = taken
        known = self.quantities.get(Key(place, metric, band))
        if known is not None:
            return known
        if isinstance(counted, Derived):
            return self.of(counted, span)
        if not may_be_blank(self.contract, metric):
            return Fraction(0)
        raise BlankNumber(f"there is no {metric}")
