"""Metrics and cohorts of several texts: the engine against the slow reading, on contracts and records made at random.

A text that is put in the place of the same text changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.dates import Duration
from sibdsl.measure import measure
from sibdsl.model.nodes import (
    AtMost,
    Bands,
    Cohort,
    Condition,
    Contract,
    EarlierCohort,
    EarlierMetric,
    Held,
    Metric,
    Pick,
)
from tests.measure import forms, reference
from tests.measure.models import AS_OF, HEADINGS, TABLES, Maker
from tests.measure.reference import Part

#: Days among those of the records made, so that results lie on both sides of them, and on them.
TURNS = (date(2016, 7, 1), date(2016, 10, 12), date(2016, 12, 1), date(2017, 2, 1), date(2017, 5, 1))


def can_be_replaced(metric: Metric) -> bool:
    held = metric.held
    by_turns = held is not None and (
        held.gaps is not None or held.then is not None or held.by_group is not None
    )
    return metric.counts.word in ("rows", "people") and not (by_turns or metric.dated.each)


def joins_first(cohort: Cohort) -> bool:
    earliest = Pick("earliest", cohort.joins_on)
    return cohort.most is None and (*cohort.picks, earliest)[0] == earliest


def lasts(make: Maker) -> list[date]:
    days = sorted(make.rng.sample(TURNS, make.one((1, 1, 2))))
    return [day - timedelta(days=1) for day in days]


def some(make: Maker, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    return tuple(one for one in conditions if make.likely(60))


def other_text(make: Maker, metric: Metric) -> Metric:
    """The metric with fewer conditions, and another limit for each person; held for less long, where it is the older text."""
    options: tuple[tuple[Literal["", "over all bands"], AtMost | None], ...] = (
        ("", None), ("over all bands", None), ("", AtMost(2, "contract")), ("", AtMost(1, "each year")),
    )  # fmt: skip
    limits = make.one(options if metric.counts.word == "rows" else options[:1])
    held = metric.held
    if (
        isinstance(held, Held)
        and held.duration is not None
        and metric.dated.by != "column"
        and make.likely(50)
    ):
        held = evolve(held, duration=Duration(1, held.duration.unit))
    tie = metric.tie if limits[0] else None
    return evolve(
        metric,
        conditions=some(make, metric.conditions),
        first_only=limits[0],
        at_most=limits[1],
        tie=tie,
        held=held,
    )


def exchanged(bands: Bands) -> Bands:
    """The bands of the same names, each with what the next one holds."""
    held = (*bands.bands[1:], bands.bands[0])
    return evolve(
        bands,
        bands=tuple(evolve(other, name=band.name) for band, other in zip(bands.bands, held, strict=True)),
    )


def varied(make: Maker, contract: Contract, *, same: bool) -> Contract:
    """The contract with earlier texts of some of its metrics and cohorts, the same as those in force or other ones."""

    def counted(metric: Metric) -> Metric:
        if not (can_be_replaced(metric) and make.likely(70)):
            return metric
        sets = {one.name: one for one in contract.bands}
        texts = []
        for last in lasts(make):
            stood = sets.get(metric.bands)
            turned = stood is not None and not same and make.likely(40)
            bands = exchanged(stood) if turned and stood is not None else stood if make.likely(30) else None
            texts.append(EarlierMetric(metric if same else other_text(make, metric), last, bands))
        return evolve(metric, earlier=tuple(texts))

    def joined(cohort: Cohort) -> Cohort:
        if not (joins_first(cohort) and make.likely(60)):
            return cohort
        texts = [
            EarlierCohort(cohort if same else evolve(cohort, conditions=some(make, cohort.conditions)), last)
            for last in lasts(make)
        ]
        return evolve(cohort, earlier=tuple(texts))

    return evolve(
        contract, metrics=tuple(map(counted, contract.metrics)), cohorts=tuple(map(joined, contract.cohorts))
    )


@given(st.integers(0, 10**9))
def test_several_texts_count_as_the_slow_reading_has_them(seed: int) -> None:
    make = Maker(seed)
    contract, as_of = make.contract(), make.one(AS_OF)
    values = make.settings(contract)
    tables: dict[str, list[Part]] = {
        name: forms.one_part(name, headings, make.rows(TABLES[name])) for name, headings in HEADINGS.items()
    }
    texts = varied(make, contract, same=False)
    expected = reference.evaluate(texts, values, tables, as_of)
    with TemporaryDirectory() as name:
        forms.write(Path(name), tables)
        with forms.readable(), measure(texts, values, Path(name), as_of) as volumes:
            found = forms.answer(volumes)
        with (
            forms.readable(),
            measure(varied(make, contract, same=True), values, Path(name), as_of) as volumes,
        ):
            same = forms.answer(volumes)
        with forms.readable(), measure(contract, values, Path(name), as_of) as volumes:
            signed = forms.answer(volumes)
    assert found.statuses == expected.statuses
    assert found.claims == expected.claims
    assert found.quantities == expected.quantities
    assert (same.claims, same.quantities, same.statuses) == (
        signed.claims,
        signed.quantities,
        signed.statuses,
    )
