"""Metrics worked out from others, as one form over another: what a proof knows of a ratio without dividing.

Source of the meaning: language reference, 'Metrics worked out from others'; `sibdsl.price.derived_metrics` works them out exactly.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from sibdsl.check.rules.affine import Affine
from sibdsl.check.rules.within import Terms
from sibdsl.dates import Period
from sibdsl.model.nodes import Amount, Arithmetic, Derived, MetricTotal, Working
from sibdsl.model.periods import spans, taken_last
from sibdsl.model.workings import speaks_of_quantities, step_of
from sibdsl.price.builder import inside
from sibdsl.price.graph import Graph, Key, VerifiedQuantity

_ONE, _NOTHING = Affine(Fraction(1)), Affine()


class Bent(Exception):
    """The formula is no form of quantities over another."""


@frozen
class WorkedMetric:
    """A metric is `top` over `bottom`, where the quantities `needs` were measured and `bottom` is not nought; else blank."""

    top: Affine
    bottom: Affine
    needs: tuple[Key, ...] = ()


def worked(terms: Terms, graph: Graph, used: tuple[Key, ...]) -> tuple[tuple[Key, WorkedMetric], ...]:
    """How each of a contract's quantities that is worked out is made, as far as it is a form over another."""
    contract = terms.contract
    made = {derived_metric.name: derived_metric for derived_metric in contract.derived}
    found: list[tuple[Key, WorkedMetric]] = []
    for key in used:
        metric = made.get(key.metric)
        days = next(
            (span for span in spans(contract, metric.measured) if span.last in key.segment.days), None
        ) if metric else None  # fmt: skip
        if metric is None or days is None:
            continue
        try:
            found.append((key, _Reading(terms, graph).read(metric.formula_of(days), days)))
        except Bent:
            continue
    return tuple(found)


@frozen
class _Reading:
    terms: Terms
    graph: Graph

    def read(self, amount: Amount, days: Period) -> WorkedMetric:
        """An amount over those days. Raises Bent."""
        if not speaks_of_quantities(amount):
            return WorkedMetric(Affine(self.terms.settings.number(amount)), _ONE)
        match amount:
            case MetricTotal(metric, band):
                return self._metric(metric, band, days)
            case Working(name):
                return self.read(step_of(self.terms.contract, name), days)
            case Arithmetic(op, left, right):
                return _carried_out(op, self.read(left, days), self.read(right, days))
        raise Bent

    def _metric(self, name: str, band: str, days: Period) -> WorkedMetric:
        contract, segments = self.terms.contract, self.terms.segments
        metric = next(one for one in contract.every_metric if one.name == name)
        if metric.measured is None:
            bands = next((one for one in contract.bands if one.name == metric.bands), None)
            names = [band] if band else [one.name for one in bands.bands] if bands else [""]
            keys = [
                Key(segment, name, other_name, self.terms.key)
                for segment in segments
                if inside(segment.days, days)
                for other_name in names
            ]
            return WorkedMetric(Affine(Fraction(0), {self._atom(key): Fraction(1) for key in keys}), _ONE)
        taken = taken_last(contract, metric.measured, segments, days)
        if taken is None:
            raise Bent
        span, place = taken
        if isinstance(metric, Derived):
            return self.read(metric.formula_of(span), span)
        key = Key(place, name, band, self.terms.key)
        return WorkedMetric(Affine(Fraction(0), {self._atom(key): Fraction(1)}), _ONE, (key,))

    def _atom(self, key: Key) -> int:
        return self.graph.add(VerifiedQuantity(key))


def _carried_out(op: str, left: WorkedMetric, right: WorkedMetric) -> WorkedMetric:
    """The sum, difference, product or quotient of two. Raises Bent where quantities multiply one another."""
    needs = tuple(dict.fromkeys((*left.needs, *right.needs)))
    if _NOTHING in (left.bottom, right.bottom):
        return WorkedMetric(Affine(), _NOTHING, needs)
    if op in ("plus", "minus"):
        sign = Fraction(1 if op == "plus" else -1)
        if left.bottom == right.bottom:
            return WorkedMetric(left.top.plus(right.top, sign), left.bottom, needs)
        if right.bottom == _ONE:
            return WorkedMetric(left.top.plus(_times(right.top, left.bottom), sign), left.bottom, needs)
        if left.bottom == _ONE:
            return WorkedMetric(_times(left.top, right.bottom).plus(right.top, sign), right.bottom, needs)
        raise Bent
    if op == "times":
        return WorkedMetric(_times(left.top, right.top), _times(left.bottom, right.bottom), needs)
    if right.bottom.terms:
        raise Bent  # it is blank where the other's bottom is nought, which the quotient would not say
    bottom = _times(left.bottom, right.top)
    if bottom.terms or not bottom.constant:
        return WorkedMetric(left.top, bottom, needs)
    return WorkedMetric(left.top.times(1 / bottom.constant), _ONE, needs)


def _times(left: Affine, right: Affine) -> Affine:
    if not left.terms:
        return right.times(left.constant)
    if not right.terms:
        return left.times(right.constant)
    raise Bent
