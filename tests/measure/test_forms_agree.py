"""The same records in another order, in parts, as CSV or Parquet, on one thread or several: the same answer."""

from __future__ import annotations

import csv
import random
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.measure import measure
from sibdsl.measure.engines.duckdb import DuckDB
from sibdsl.model.parameters.in_force import Settings
from tests.measure import forms, reference
from tests.measure.by_hand import CONTRACT
from tests.measure.models import AS_OF, HEADINGS, TABLES, Maker
from tests.measure.reference import Answer, Part
from tests.oracle.generate import MIXED, write_case


@forms.hypothesis(Fraction(1, 5))
@given(st.integers(0, 10**9))
def test_any_order_parts_and_form(seed: int) -> None:
    make = Maker(seed)
    contract, as_of = make.contract(), make.one(AS_OF)
    values = make.settings(contract)
    plain: dict[str, list[Part]] = {}
    mixed: dict[str, list[Part]] = {}
    for name, headings in HEADINGS.items():
        rows = make.rows(TABLES[name])
        plain[name] = forms.one_part(name, headings, rows)
        make.rng.shuffle(rows)
        mixed[name] = [
            evolve(part, shown=part.shown.replace(".csv", ".parquet")) if at % 2 else part
            for at, part in enumerate(forms.parted(name, headings, rows, make.cuts()))
        ]
    expected = reference.evaluate(contract, values, plain, as_of)
    with TemporaryDirectory() as name:
        forms.write(Path(name), mixed, delimiter=";", line_end="\r\n", quoting=csv.QUOTE_ALL)
        with forms.readable(), measure(contract, values, Path(name), as_of) as volumes:
            found = forms.answer(volumes)
    assert found.statuses == reference.evaluate(contract, values, mixed, as_of).statuses
    assert forms.without_places(found) == forms.without_places(expected)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> forms.Tables:
    folder = tmp_path_factory.mktemp("case")
    write_case(folder, seed=11, size=400, knobs=MIXED)
    return {table.name: [forms.read(folder / f"{table.name.lower()}.csv")] for table in CONTRACT.records}


def answer(
    tables: forms.Tables, *, threads: int | None = None, memory: int = 2**31, **writing: object
) -> Answer:
    with TemporaryDirectory() as name:
        forms.write(Path(name), tables, **writing)  # type: ignore[arg-type]
        with measure(
            CONTRACT, Settings(), Path(name), date(2019, 3, 31), engine=lambda: DuckDB(memory, threads)
        ) as volumes:
            return forms.answer(volumes)


def test_threads_and_memory_change_nothing(tables: forms.Tables) -> None:
    expected = answer(tables)
    assert answer(tables, threads=1) == expected
    assert answer(tables, threads=7) == expected
    assert answer(tables, memory=64 * 2**20) == expected


def test_delimiters_and_line_ends_change_nothing(tables: forms.Tables) -> None:
    expected = answer(tables)
    for delimiter in ("\t", "|"):
        assert answer(tables, delimiter=delimiter, line_end="\r\n", quoting=csv.QUOTE_ALL) == expected


def test_order_and_parts_change_no_quantity(tables: forms.Tables) -> None:
    expected = forms.without_places(answer(tables))
    for seed in (1, 2):
        mixed: dict[str, list[Part]] = {}
        for name, (part,) in tables.items():
            rows = list(part.rows)
            random.Random(seed).shuffle(rows)
            mixed[name] = forms.parted(name, part.headings, rows, [10, 11, 200])
        assert forms.without_places(answer(mixed)) == expected


def test_typed_parquet_is_as_good_as_text(tables: forms.Tables) -> None:
    """Rows that cannot be held in typed columns are left out on both sides, and equal numbers are written alike."""
    types = {
        "referred_on": "DATE",
        "engaged_on": "TIMESTAMP",
        "started_on": "DATE",
        "ended_on": "DATE",
        "hours_per_week": "DOUBLE",
        "severe_condition": "VARCHAR",
    }
    good = {name: [forms.typed(part, types)] for name, (part,) in tables.items()}
    expected = answer(good)
    with TemporaryDirectory() as name:
        for records, (part,) in good.items():
            path = Path(name) / f"{records.lower()}.parquet"
            forms.write_parquet(path, part, types)
        with measure(CONTRACT, Settings(), Path(name), date(2019, 3, 31)) as volumes:
            found = forms.answer(volumes)
    assert found.claims == expected.claims
    assert found.quantities == expected.quantities
    assert [row[2:] for row in found.statuses] == [row[2:] for row in expected.statuses]
