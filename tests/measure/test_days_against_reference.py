"""Days and sums against the slow reading of the model, on contracts and records made at random."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.diagnostics import Refused
from sibdsl.measure import measure
from tests.measure import forms, reference_days
from tests.measure.day_models import AS_OF, DayMaker
from tests.measure.models import HEADINGS, TABLES
from tests.measure.reference import Part


@settings(max_examples=settings().max_examples * 4 // 5)
@given(st.integers(0, 10**9))
def test_any_contract_of_days_on_any_records(seed: int) -> None:
    make = DayMaker(seed)
    contract, as_of = make.day_contract(), make.one(AS_OF)
    values = make.day_settings(contract)
    tables: dict[str, list[Part]] = {
        name: forms.one_part(name, headings, make.rows(TABLES[name])) for name, headings in HEADINGS.items()
    }
    with TemporaryDirectory() as name:
        forms.write(Path(name), tables)
        try:
            expected = reference_days.evaluate(contract, values, tables, as_of)
        except reference_days.Unweighted:
            with pytest.raises(Refused, match="cannot be worked out"):
                measure(contract, values, Path(name), as_of)
            return
        with forms.readable(), measure(contract, values, Path(name), as_of) as volumes:
            quantities = [(one.segment, one.metric, one.band, one.number) for one in volumes.quantities]
            claims = sorted(
                (one.segment.days.start, one.metric, one.band, one.person, one.day, one.quantity)
                for one in volumes.claims(stated_only=False)
            )
            statuses = [
                (one.records, one.source, one.row, str(one.status), one.of_row) for one in volumes.rows()
            ]
            names = {one.name for one in contract.metrics}
            sums = {name: sum(one.quantity for one in volumes.claims(metric=name)) for name in names}
    assert statuses == expected.statuses
    assert claims == expected.claims
    assert quantities == expected.quantities
    for metric, whole in sums.items():
        assert whole == sum(one[3] for one in quantities if one[1] == metric)
