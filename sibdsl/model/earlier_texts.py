"""Metrics and cohorts that a variation replaces: one name, and several texts, each for the days on which it is in force.

A result is counted by the text in force on the date of the result, a person joins by the text in force on the day on which
they join. What a text counts on which days is what `days_of` says. Source of the rule: language reference, 'Variations'.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeVar

from attrs import evolve, frozen

from sibdsl.dates import Period, long
from sibdsl.model.nodes import (
    Amount,
    Bands,
    Cohort,
    Contract,
    Derived,
    EarlierBands,
    EarlierCohort,
    EarlierFormula,
    EarlierMetric,
    Metric,
)

Text = TypeVar("Text", Metric, Cohort, Bands, Amount)


@frozen
class Turned:
    """What stands of texts that a variation replaces from its `effective` day; nothing counts before the day `start`."""

    effective: date
    start: date

    def metrics(self, before: tuple[Metric, ...], now: tuple[Metric, ...]) -> tuple[Metric, ...]:
        """The metrics in their order, each as it is now with its earlier texts; those that are added come last."""
        new = {metric.name: metric for metric in now}
        names = {metric.name for metric in before}
        found = [
            evolve(
                new[metric.name],
                earlier=tuple(
                    EarlierMetric(evolve(text, earlier=()), last)
                    for text, last in self._kept(
                        [(text.metric, text.last) for text in metric.earlier], metric
                    )
                ),
            )
            if metric.name in new
            else metric
            for metric in before
        ]
        return (*found, *(metric for metric in now if metric.name not in names))

    def cohorts(self, before: tuple[Cohort, ...], now: tuple[Cohort, ...]) -> tuple[Cohort, ...]:
        """The same of cohorts."""
        new = {cohort.name: cohort for cohort in now}
        names = {cohort.name for cohort in before}
        found = [
            evolve(
                new[cohort.name],
                earlier=tuple(
                    EarlierCohort(evolve(text, earlier=()), last)
                    for text, last in self._kept(
                        [(text.cohort, text.last) for text in cohort.earlier], cohort
                    )
                ),
            )
            if cohort.name in new
            else cohort
            for cohort in before
        ]
        return (*found, *(cohort for cohort in now if cohort.name not in names))

    def bands(self, before: tuple[Bands, ...], now: tuple[Bands, ...]) -> tuple[Bands, ...]:
        """The same of bands."""
        new = {bands.name: bands for bands in now}
        names = {bands.name for bands in before}
        found = [
            evolve(
                new[bands.name],
                earlier=tuple(
                    EarlierBands(evolve(text, earlier=()), last)
                    for text, last in self._kept([(text.bands, text.last) for text in bands.earlier], bands)
                ),
            )
            if bands.name in new
            else bands
            for bands in before
        ]
        return (*found, *(bands for bands in now if bands.name not in names))

    def derived(self, before: tuple[Derived, ...], now: tuple[Derived, ...]) -> tuple[Derived, ...]:
        """The same of metrics that are worked out from others."""
        new = {metric.name: metric for metric in now}
        names = {metric.name for metric in before}
        found = [
            evolve(
                new[metric.name],
                earlier=tuple(
                    EarlierFormula(formula, last)
                    for formula, last in self._kept(
                        [(text.formula, text.last) for text in metric.earlier], metric.formula
                    )
                ),
            )
            if metric.name in new
            else metric
            for metric in before
        ]
        return (*found, *(metric for metric in now if metric.name not in names))

    def _kept(self, earlier: list[tuple[Text, date]], latest: Text) -> Iterator[tuple[Text, date]]:
        """The texts that have days before the effective day, each with its last day."""
        first = self.start
        to = self.effective - timedelta(days=1)
        for text, last in earlier:
            if first > to:
                return
            yield text, min(last, to)
            first = last + timedelta(days=1)
        if first <= to:
            yield latest, to


def in_their_bands(contract: Contract) -> Contract:
    """The contract with the texts of each metric parted where its bands were replaced, too."""
    sets = {bands.name: bands for bands in contract.bands if bands.earlier}
    return evolve(
        contract,
        metrics=tuple(
            _parted(metric, sets[metric.bands]) if metric.bands in sets else metric
            for metric in contract.metrics
        ),
    )


def _parted(metric: Metric, bands: Bands) -> Metric:
    """The metric with an earlier text for each day before which it, or its bands, were others."""
    texts = [(text.metric, text.last) for text in metric.earlier]
    sets = [(text.bands, text.last) for text in bands.earlier]
    lasts = sorted({last for _, last in (*texts, *sets)})
    own = evolve(metric, earlier=())
    return evolve(
        metric,
        earlier=tuple(
            EarlierMetric(
                next((text for text, until in texts if last <= until), own),
                last,
                next((one for one, until in sets if last <= until), None),
            )
            for last in lasts
        ),
    )


@frozen
class InForce:
    """The days on which a text counts, first and last included; None where nothing bounds them."""

    first: date | None = None
    last: date | None = None

    @property
    def said(self) -> str:
        """`to 30 June 2026`, `from 1 July 2026 to 30 September 2026`; '' for every day."""
        parts = [f"from {long(self.first)}"] if self.first else []
        return " ".join([*parts, *([f"to {long(self.last)}"] if self.last else [])])

    @property
    def whole(self) -> bool:
        """Whether it is in force on every day."""
        return self.first is None and self.last is None


def days_of(lasts: tuple[date, ...]) -> tuple[InForce, ...]:
    """The days of each earlier text, whose last days are given, and after them those of the text in force."""
    firsts = (None, *(last + timedelta(days=1) for last in lasts))
    return tuple(map(InForce, firsts, (*lasts, None)))


def name_of(name: str, last: date) -> str:
    """What an earlier text is called where it stands beside the one in force: `Job Start, to 30 June 2026`."""
    return f"{name}, to {long(last)}"


def texts_of(metric: Metric) -> tuple[Metric, ...]:
    """Every text of a metric, the one in force last."""
    return (*(text.metric for text in metric.earlier), metric)


def by_text(contract: Contract, metric: Metric) -> Iterator[tuple[InForce, Contract, Metric]]:
    """Each text of a metric with its days, and the contract with the bands in which that text counts."""
    lasts = tuple(text.last for text in metric.earlier)
    sets = (*(text.bands for text in metric.earlier), None)
    for held, text, bands in zip(days_of(lasts), texts_of(metric), sets, strict=True):
        yield held, contract if bands is None else with_bands(contract, bands), evolve(text, earlier=())


def with_bands(contract: Contract, bands: Bands) -> Contract:
    """The contract with other bands in the place of those of their name."""
    return evolve(contract, bands=tuple(bands if one.name == bands.name else one for one in contract.bands))


def in_own_texts(metric: Metric) -> Metric:
    """The metric with those earlier texts alone that say something else than the next one: not those of other bands."""
    texts = [evolve(text, earlier=()) for text in texts_of(metric)]
    changes = [
        evolve(text, bands=None)
        for text, one, following in zip(metric.earlier, texts, texts[1:], strict=False)
        if one != following
    ]
    return evolve(metric, earlier=tuple(changes))


def on_days(metric: Metric, days: Period) -> Metric:
    """The metric with those of its texts alone that are in force on one of the days; with all, where its bands changed."""
    if any(text.bands is not None for text in metric.earlier):
        return metric
    in_force = days_of(tuple(text.last for text in metric.earlier))
    there = [
        (text, held.last)
        for text, held in zip(texts_of(metric), in_force, strict=True)
        if (held.first is None or held.first <= days.last) and (held.last is None or days.start <= held.last)
    ]
    *before, (latest, _) = there
    earlier = tuple(EarlierMetric(text, last) for text, last in before if last is not None)
    return evolve(latest, earlier=earlier)
