"""Cells as their files have them: numbers of Parquet files, and what stands around a cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measure import forms
from tests.measure.reference import Part
from tests.measure.test_files import BOTH_USED, JOBS, ROWS, folder, jobs

__all__ = ["folder"]


@pytest.mark.parametrize(
    ("hours", "status"),
    [
        ("1e-05", "used"),
        ("0.000000001", "used"),
        ("160", "used"),
        ("1e-10", "rejected"),
        ("1e20", "rejected"),
    ],
)
def test_parquet_numbers_are_what_they_are_however_small(folder: Path, hours: str, status: str) -> None:
    (folder / "jobs.csv").unlink()
    part = Part(
        "jobs.parquet",
        tuple(JOBS.strip().split(",")),
        (("J1", "P1", "2016-06-01", "", hours), ("J2", "P2", "2016-06-01", "", "20")),
    )
    forms.write_parquet(folder / "jobs.parquet", part, {"hours_per_week": "DOUBLE"})
    assert [one[1] for one in jobs(folder)] == [status, "used"]


@pytest.mark.parametrize("end", ["\t", "\v", "\f", "\u00a0", "\u2003"])
def test_what_stands_around_a_cell_is_no_part_of_it(folder: Path, end: str) -> None:
    (folder / "jobs.csv").write_text(JOBS + ROWS.replace("P1", f"{end}P1{end}"), encoding="utf-8")
    assert jobs(folder) == BOTH_USED
