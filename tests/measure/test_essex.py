"""The published Essex case as records, and an independent program for its measures on generated ones."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sibdsl.compile import compile_file
from sibdsl.measure import Volumes, measure
from sibdsl.model.parameters.in_force import Settings
from tests.measure.test_public_case import rows
from tests.oracle import essex, essex_records

HERE = Path(__file__).parents[1] / "cases" / "essex"
CASE = HERE / "care_days"
CONTRACT = compile_file(HERE / "measuring.sib").contract
PARAMETERS: dict[str, Any] = json.loads((CASE / "parameters.json").read_text())
SHARES = {int(key): Fraction(value) for key, value in PARAMETERS["baseline_share_by_age"].items()}
SETTINGS = Settings({"Baseline Share By Age": tuple((str(key), value) for key, value in SHARES.items())})
NAMES = {"Baseline Days": "BaselineDays", "Care Days": "CareDays", "Support Cost": "SupportCost"}


def by_quarter(volumes: Volumes) -> dict[tuple[str, date], Fraction]:
    return {(one.metric, one.segment.days.start): one.number for one in volumes.quantities}


def claimed(volumes: Volumes) -> dict[tuple[str, date, str], Fraction]:
    """What the claims of each person come to in each stated quarter, noughts left out."""
    found: dict[tuple[str, date, str], Fraction] = {}
    for one in volumes.claims():
        key = (one.metric, one.segment.days.start, one.person)
        found[key] = found.get(key, Fraction(0)) + one.quantity
    return {key: number for key, number in found.items() if number}


def test_the_published_case() -> None:
    expected: dict[str, Any] = json.loads((CASE / "expected.json").read_text())
    with measure(CONTRACT, SETTINGS, CASE, date.fromisoformat(expected["as_of"])) as volumes:
        assert by_quarter(volumes) == {
            (name, date.fromisoformat(one["period_start"])): Fraction(one[key])
            for one in expected["periods"]
            for name, key in NAMES.items()
        }
        assert rows(volumes) == expected["rows"]


@pytest.mark.parametrize(
    "as_of", [date(2021, 3, 31), date(2016, 11, 15), date(2013, 6, 30), date(2030, 1, 1)]
)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_generated_records_come_to_what_the_independent_program_says(
    seed: int, as_of: date, tmp_path: Path
) -> None:
    essex_records.write(tmp_path, seed)
    expected = essex.work_out(tmp_path, SHARES, as_of)
    stated = essex.quarters(as_of)
    with measure(CONTRACT, SETTINGS, tmp_path, as_of) as volumes:
        assert by_quarter(volumes) == {
            (name, first): expected.quantities.get((name, first), Fraction(0))
            for first in stated
            for name in NAMES
        }
        assert claimed(volumes) == {
            key: number for key, number in expected.persons.items() if key[1] in stated and number
        }
        statuses: dict[str, list[str]] = {}
        for one in volumes.rows():
            statuses.setdefault(one.records.lower(), []).append(one.status)
        assert statuses == expected.rows
