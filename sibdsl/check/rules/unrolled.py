"""A contract unrolled for one rule: cut where that rule tells earlier results from later ones, and nowhere else.

What another rule asks changes nothing here. Source: language reference, 'Rules'.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import define, evolve, field

from sibdsl.check.rules.affine import Forms
from sibdsl.check.rules.exact import met
from sibdsl.check.rules.horizons import AffineSides, horizons, sides_of
from sibdsl.check.rules.problem import Terms
from sibdsl.dates import Period
from sibdsl.model.admissible_quantities.at_most import bounds
from sibdsl.model.admissible_quantities.implied_by_metrics import implied
from sibdsl.model.nodes import AnyMetric, Contract, Extreme, Paid, Rule
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, segments, selection_cuts
from sibdsl.price import Key, Priced, build, price
from sibdsl.price.derived_metrics import derived
from sibdsl.price.graph import Graph, VerifiedQuantity


def cuts_of(contract: Contract, settings: Settings, rule: Rule) -> frozenset[date]:
    """The days at which a rule tells earlier results from later ones, and at which its tests begin and end.

    Only those that part a segment of the contract: the others change nothing.
    """
    days = {day for horizon in horizons(contract, rule) for day in (horizon.days.start, horizon.days.end)}
    for amount in sides_of(rule.requires):
        if isinstance(amount, Paid):
            days |= selection_cuts(amount.selection, settings)
    every = segments(contract)
    return frozenset(
        day for day in days if any(segment.days.start < day < segment.days.end for segment in every)
    )


def bends(rule: Rule) -> bool:
    """Whether the rule itself takes the least or greatest of amounts, which adds steps to the graph."""
    return any(isinstance(amount, Extreme) for amount in sides_of(rule.requires))


@define
class Unrolled:
    """The price graph of a contract cut at `cuts`, with what proofs need of it."""

    contract: Contract
    settings: Settings
    cuts: frozenset[date] = frozenset()
    graph: Graph = field(init=False)
    forms: Forms = field(init=False)
    sides: AffineSides = field(init=False)
    terms: Terms = field(init=False)
    _priced: dict[frozenset[tuple[Key, Fraction]], Priced] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        contract = self.contract
        self.graph = build(contract, self.settings, self.cuts)
        for (
            metric
        ) in contract.every_metric:  # each has a step, whatever is paid for it, before anything is priced
            for segment in self.graph.segments:
                for key in keys(contract, metric, segment):
                    self.graph.add(VerifiedQuantity(key))
        self.forms = Forms(self.graph)
        self.sides = AffineSides(contract, self.settings, self.forms)
        bounded = bounds(contract, self.settings, self.graph.segments)
        self.terms = Terms(contract, self.settings, implied(contract), bounded)

    def placed(self, quantities: Mapping[Key, Fraction]) -> dict[Key, Fraction]:
        """Quantities of the contract's own segments in these: each in the one that holds its first day.

        What does not add up lies in the one that holds the last day of its stretch.
        """
        if not self.cuts or all(key.segment in self.graph.segments for key in quantities):
            return dict(quantities)
        measured = {metric.name for metric in self.contract.every_metric if metric.measured is not None}
        found: dict[Key, Fraction] = {}
        for key, number in quantities.items():
            day = key.segment.days.last if key.metric in measured else key.segment.days.start
            segment = next(one for one in self.graph.segments if day in one.days)
            place = evolve(key, segment=segment)
            found[place] = found.get(place, Fraction(0)) + number
        return found

    def priced(self, quantities: Mapping[Key, Fraction]) -> Priced:
        """Quantities priced exactly, once, as `sib price` prices them: metrics are worked out, what is not named is not there.

        Raises Unpriceable as `price` does.
        """
        named = frozenset(quantities.items())
        if named not in self._priced:
            every = derived(self.contract, self.settings, self.placed(quantities), None, self.cuts)
            self._priced[named] = price(self.graph, every)
        return self._priced[named]

    def meets(self, rule: Rule, days: Period, quantities: Mapping[Key, Fraction]) -> bool:
        """Whether the rule is met in those days, by pricing the quantities exactly. Raises NotTested and Unpriceable."""
        values = self.priced(quantities).values
        return met(self.contract, self.settings, self.graph, values, rule.requires, days)

    def statement_of(self, segment: Segment) -> Segment:
        """The contract's own segment, for which a file gives one number of each metric."""
        return next(
            other_segment
            for other_segment in segments(self.contract)
            if segment.days.start in other_segment.days
        )


def keys(contract: Contract, metric: AnyMetric, segment: Segment) -> tuple[Key, ...]:
    """The quantities of a metric in a segment: one for each band, or one."""
    names = next(
        (tuple(band.name for band in bands.bands) for bands in contract.bands if bands.name == metric.bands),
        ("",),
    )
    return tuple(Key(segment, metric.name, name) for name in names)
