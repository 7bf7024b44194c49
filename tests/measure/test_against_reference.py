"""The engine against the slow reading of the model, on contracts and records made at random."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.measure import measure
from sibdsl.records import STATUSES
from tests.measure import forms, reference
from tests.measure.models import AS_OF, HEADINGS, TABLES, Maker
from tests.measure.reference import Part


@settings(max_examples=settings().max_examples)
@given(st.integers(0, 10**9))
def test_any_contract_on_any_records(seed: int) -> None:
    make = Maker(seed)
    contract, as_of = evolve(make.contract(), edition=make.one((0, 0, 1, 2))), make.one(AS_OF)
    values = make.settings(contract)
    tables: dict[str, list[Part]] = {}
    for name, headings in HEADINGS.items():
        rows = make.rows(TABLES[name])
        parted = make.likely(40)
        tables[name] = (
            forms.parted(name, headings, rows, make.cuts())
            if parted
            else forms.one_part(name, headings, rows)
        )
    expected = reference.evaluate(contract, values, tables, as_of)
    with TemporaryDirectory() as name:
        forms.write(Path(name), tables)
        with forms.readable(), measure(contract, values, Path(name), as_of) as volumes:
            found = forms.answer(volumes)
            accounts = volumes.accounts
            stated = Counter((one.segment, one.metric, one.band) for one in volumes.claims())
    assert found.statuses == expected.statuses
    assert found.claims == expected.claims
    assert found.quantities == expected.quantities
    assert [stated[one[:3]] for one in found.quantities] == [one[3] for one in found.quantities]
    for records, account in accounts.items():
        mine = [row[3] for row in expected.statuses if row[0] == records]
        assert account.rows == len(mine)
        assert [account.count(status) for status in STATUSES] == [mine.count(status) for status in STATUSES]
