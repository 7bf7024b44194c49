"""The engine against the slow reading of the model, on contracts and records made at random."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.measure import measure
from sibdsl.measure.engine import Engine
from sibdsl.model.nodes import Contract
from sibdsl.model.settings import as_written
from tests.measure import forms, models, reference
from tests.measure.reference import Part


def measured(contract: Contract, tables: forms.Tables, as_of: date, **writing: object) -> reference.Answer:
    with TemporaryDirectory() as name:
        forms.write(Path(name), tables, **writing)  # type: ignore[arg-type]
        with measure(contract, as_written(contract), Path(name), as_of) as volumes:
            found = forms.answer(volumes)
            assert {one: account.rows for one, account in volumes.accounts.items()} == {
                one: sum(row[0] == one for row in found.statuses) for one in tables
            }
            for records, account in volumes.accounts.items():
                for status in ("used", "outside", "duplicate", "superseded", "rejected"):
                    counted = sum(row[0] == records and row[3] == status for row in found.statuses)
                    assert account.count(status) == counted  # type: ignore[arg-type]
            return found


@given(st.data())
def test_any_contract_on_any_records(data: st.DataObject) -> None:
    contract = data.draw(models.contracts())
    as_of = data.draw(models.AS_OF)
    tables: dict[str, list[Part]] = {}
    for name, headings in models.HEADINGS.items():
        rows = data.draw(models.rows(models.TABLES[name]))
        cuts = data.draw(st.lists(st.integers(0, 14), max_size=2))
        tables[name] = (
            forms.parted(name, headings, rows, cuts) if cuts else forms.one_part(name, headings, rows)
        )
    expected = reference.evaluate(contract, as_written(contract), tables, as_of)
    found = measured(contract, tables, as_of)
    assert found.statuses == expected.statuses
    assert found.claims == expected.claims
    assert found.quantities == expected.quantities
