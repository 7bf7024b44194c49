"""The published worked quarter as records, and the independent program for this contract on generated ones."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sibdsl.dates import Period
from sibdsl.measure import Volumes, measure
from sibdsl.model.parameters.in_force import Settings
from tests.measure.by_hand import CONTRACT
from tests.oracle.generate import HEAVY, MIXED, Knobs, write_case
from tests.oracle.tower_hamlets import work_out

CASE = Path(__file__).parents[1] / "cases" / "mhep1" / "tower_hamlets_2018_q2"


def quantities(volumes: Volumes, days: Period) -> dict[str, int]:
    return {
        f"{one.metric}.{one.band}" if one.band else one.metric: int(one.number)
        for one in volumes.quantities
        if one.segment.days == days
    }


def rows(volumes: Volumes) -> dict[str, dict[str, int]]:
    statuses = ("used", "outside", "duplicate", "rejected", "superseded")
    return {
        name.lower(): {status: count for status in statuses if (count := account.count(status))}  # type: ignore[arg-type]
        for name, account in volumes.accounts.items()
    }


def test_the_worked_quarter() -> None:
    expected: dict[str, Any] = json.loads((CASE / "expected.json").read_text())
    with measure(CONTRACT, Settings(), CASE, date.fromisoformat(expected["as_of"])) as volumes:
        assert rows(volumes) == expected["rows"]
        for period in expected["periods"]:
            first, last = (date.fromisoformat(period[key]) for key in ("period_start", "period_end"))
            days = next(one.segment.days for one in volumes.quantities if one.segment.days.start == first)
            assert days.last == last
            assert quantities(volumes, days) == period["quantities"]


def test_the_worked_quarter_rests_on_these_rows() -> None:
    """Worked by hand from the files: job J00012 starts on 30 November, so six months end on 30 May."""
    with measure(CONTRACT, Settings(), CASE, date(2018, 7, 31)) as volumes:
        found = [
            (claim.person, claim.band, claim.day.isoformat(), claim.source, claim.row)
            for claim in volumes.claims(metric="Job Sustainment")
        ]
        assert found == [
            ("P00057", "Under 16", "2018-04-30", "jobs.csv", 3),
            ("P00058", "From 16", "2018-05-30", "jobs.csv", 18),
            ("P00059", "From 16", "2018-06-30", "jobs.csv", 8),
        ]


@pytest.mark.parametrize(
    ("seed", "knobs", "as_of"),
    [
        (1, MIXED, date(2018, 7, 31)),
        (2, MIXED, date(2019, 3, 31)),
        (3, HEAVY, date(2019, 6, 30)),
        (4, MIXED, date(2016, 12, 31)),
    ],
)
def test_generated_records_come_to_what_the_independent_program_says(
    seed: int, knobs: Knobs, as_of: date, tmp_path: Path
) -> None:
    write_case(tmp_path, seed=seed, size=150, knobs=knobs)
    expected = work_out(tmp_path, as_of)
    with measure(CONTRACT, Settings(), tmp_path, as_of) as volumes:
        found = [
            (one.segment.days.start, one.segment.days.last, one.metric, one.band or None, int(one.number))
            for one in volumes.quantities
        ]
        assert found == [
            (one.period_start, one.period_end, one.metric, one.band, one.count) for one in expected.quantities
        ]
        # Of rows alike in all that is read, that program takes the first in the file, and the engine the first as text.
        claims = [
            (str(one.day), one.metric, one.person, one.band) for one in volumes.claims(stated_only=False)
        ]
        assert sorted(claims) == sorted(
            (str(one.achieved_on), one.metric, one.person_id, one.band or "") for one in expected.claims
        )
        statuses = [(one.records.lower(), one.row, one.status, one.of_row or None) for one in volumes.rows()]
        assert statuses == [
            (table, one.row, one.status, str(one.of_row) if one.of_row else None)
            for table, rows in expected.row_statuses.items()
            for one in rows
        ]
