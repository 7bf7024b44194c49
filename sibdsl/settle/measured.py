"""What was measured in a run: quantities as people read them, and those on which nothing is paid. Source: commands reference, 'sib pay'."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.english import COUNTED, with_unit
from sibdsl.model.workings import counted_behind
from sibdsl.price.graph import VerifiedQuantity
from sibdsl.settle.payments import Payments


@frozen
class MeasuredQuantity:
    """One quantity of a run: of a metric, in a band ('' where it has none), in a period; with its unit in words."""

    days: Period
    statement: Period
    metric: str
    band: str
    number: Fraction
    said: str

    @property
    def what(self) -> str:
        """The metric with its band."""
        return f"{self.metric}, {self.band}" if self.band else self.metric


@frozen
class NothingPaidOn:
    """A metric, with its band, that was measured and on which no line is paid: what of it there was, by period, and in all.

    `in_all` is '' for what does not add up over periods.
    """

    what: str
    periods: tuple[tuple[Period, str], ...]
    in_all: str


def measured(run: Payments) -> tuple[MeasuredQuantity, ...]:
    """Every quantity of the stated periods, noughts included, by period, then in the order of the contract."""
    kinds = {metric.name: metric.measures for metric in run.contract.every_metric}
    return tuple(
        MeasuredQuantity(
            key.segment.days,
            key.segment.statement,
            key.metric,
            key.band,
            number,
            with_unit(number, kinds.get(key.metric, "count"), run.contract.currency, COUNTED),
        )
        for key, number in run.counted()
    )


def nothing_paid_on(run: Payments) -> tuple[NothingPaidOn, ...]:
    """What was measured, and is not nought, and is part of no line of the run."""
    paid = _paid_on(run)
    adds = {metric.name for metric in run.contract.every_metric if metric.measured is None}
    kinds = {metric.name: metric.measures for metric in run.contract.every_metric}
    quantities: dict[str, list[MeasuredQuantity]] = {}
    for quantity in measured(run):
        places = (
            (quantity.metric, quantity.band, quantity.statement),
            (quantity.metric, "", quantity.statement),
        )
        if quantity.number and not any(place in paid for place in places):
            quantities.setdefault(quantity.what, []).append(quantity)
    told: list[NothingPaidOn] = []
    for what, every in quantities.items():
        whole = sum((quantity.number for quantity in every), Fraction(0))
        kind = kinds.get(every[0].metric, "count")
        said = with_unit(whole, kind, run.contract.currency, COUNTED) if every[0].metric in adds else ""
        told.append(NothingPaidOn(what, tuple((quantity.days, quantity.said) for quantity in every), said))
    return tuple(told)


def _paid_on(run: Payments) -> set[tuple[str, str, Period]]:
    """What lines are made of: metric, band and statement period. Of what a worked-out metric rests on, every band."""
    found: set[tuple[str, str, Period]] = set()
    for version in run.versions:
        graph = version.priced.graph
        seen: set[int] = set()
        waiting = [line.amount for line in graph.lines if line.contract == run.within]
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            step = graph.steps[at]
            waiting.extend(step.inputs)
            if isinstance(step, VerifiedQuantity) and step.key.contract == run.within:
                found.add((step.key.metric, step.key.band, step.key.segment.statement))
        found |= set(_behind(run, found))
    return found


def _behind(run: Payments, found: set[tuple[str, str, Period]]) -> Iterator[tuple[str, str, Period]]:
    """What the worked-out metrics among them rest on, in every period: it may count over a longer time."""
    derived = {metric.name for metric in run.contract.derived} & {metric for metric, _, _ in found}
    periods = {segment.statement for segment in run.segments}
    for name in counted_behind(run.contract, sorted(derived)):
        yield from ((name, "", period) for period in periods)
