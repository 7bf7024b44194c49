"""The generator: what its cases hold, and that the reference program keeps its word on them."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.oracle import generate
from tests.oracle.generate import CLEAN, HEAVY, MIXED, Knobs, as_of_choices, write_case
from tests.oracle.rows import COLUMNS, Table, read_job, read_records
from tests.oracle.terms import CBO, CCG, MHEP, SOF, add_months
from tests.oracle.tower_hamlets import Answer, Kind, to_json, work_out, work_out_records

END = dt.date(2019, 3, 31)


def totals(answer: Answer, payer: str, kind: Kind) -> list[Decimal]:
    """Give one payer's amounts of a kind, quarter by quarter."""
    return [total.amount for total in answer.totals if (total.payer, total.kind) == (payer, kind)]


def net(answer: Answer, payer: str) -> list[Decimal]:
    """Give what one payer owes, quarter by quarter."""
    return [payment.amount for payment in answer.payments if payment.payer == payer]


@pytest.mark.parametrize("knobs", [MIXED, HEAVY, CLEAN, Knobs(note_column=True, same_job_id=True)])
@pytest.mark.parametrize("seed", [1, 2])
def test_generated_cases_make_sense(tmp_path: Path, knobs: Knobs, seed: int) -> None:
    write_case(tmp_path, seed, 200, knobs)
    for as_of in as_of_choices(seed):
        answer = work_out(tmp_path, as_of)
        for table, counts in answer.row_counts.items():
            assert sum(counts.values()) == len(read_records(tmp_path)[table].rows)
        people = {
            metric: {claim.person_id for claim in answer.claims if claim.metric == metric}
            for metric in ("Engagement", "Job Entry", "Job Sustainment")
        }
        assert people["Job Sustainment"] <= people["Job Entry"] <= people["Engagement"]
        assert len(answer.claims) == sum(len(found) for found in people.values())
        stated_to = max((quantity.period_end for quantity in answer.quantities), default=dt.date.min)
        stated = [claim for claim in answer.claims if claim.achieved_on <= stated_to]
        assert sum(quantity.count for quantity in answer.quantities) == len(stated)


def test_generated_bytes_depend_on_the_seed_alone(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        write_case(tmp_path / name, seed, 60)
    one, two, three = (
        [(tmp_path / name / f"{table}.csv").read_bytes() for table in COLUMNS]
        for name in ("one", "two", "three")
    )
    assert one == two
    assert all(first != other for first, other in zip(one, three, strict=True))


def test_row_order_changes_no_figure(tmp_path: Path) -> None:
    write_case(tmp_path, 3, 300, Knobs(dirty=30, ties=40))
    tables = read_records(tmp_path)
    turned = {name: Table(table.header, table.rows[::-1]) for name, table in tables.items()}
    forth, back = work_out_records(tables, END), work_out_records(turned, END)
    assert forth.quantities == back.quantities
    assert forth.totals == back.totals
    assert forth.row_counts == back.row_counts


def test_mixed_case_has_every_edge(tmp_path: Path) -> None:
    write_case(tmp_path, 1, 400)
    answer = work_out(tmp_path, END)
    for counts in answer.row_counts.values():
        assert all(counts[status] for status in ("used", "outside", "duplicate", "rejected"))
        assert counts["superseded"] == 0
    for table, rows in answer.row_statuses.items():
        by_row = {row.row: row.status for row in rows}
        assert any(row.of_row and by_row[row.of_row] == "rejected" for row in rows), table
    jobs = [
        read_job(at, dict(zip(table.header, table.rows[at - 1], strict=True)))
        for table in [read_records(tmp_path)["jobs"]]
        for at in (row.row for row in answer.row_statuses["jobs"] if row.status == "used")
    ]
    ended = [(job.started_on, job.ended_on) for job in jobs if job.ended_on]
    for days in (-1, 0, 1):
        gap = dt.timedelta(days=days)
        assert any(end == start + dt.timedelta(days=42) + gap for start, end in ended)
        assert any(end == add_months(start, 6) + gap for start, end in ended)
    assert {job.started_on.day for job in jobs} >= {28, 29, 30, 31}
    assert any((job.started_on.month, job.started_on.day) == (8, 31) for job in jobs)
    assert any(job.hours == 16 for job in jobs)


def test_heavy_case_exceeds_every_block_and_binds_both_caps(tmp_path: Path) -> None:
    write_case(tmp_path, 1, 1500, HEAVY)
    answer = work_out(tmp_path, END)
    assert sum(net(answer, SOF)) == Decimal(986_959)
    assert sum(net(answer, CBO)) == Decimal(336_111)
    for payer, first, second in ((CCG, 110_200, 110_500), (MHEP, 47_100, 47_700)):
        set_off = totals(answer, payer, "set_off")
        assert [sum(set_off[:4]), sum(set_off[4:8]), sum(set_off[8:])] == [first, second, 0]


def test_command_line(tmp_path: Path) -> None:
    generate.main([str(tmp_path), "--seed", "5", "--size", "50", "--as-of", "2017-06-30", "--no-shuffled"])
    written = json.loads((tmp_path / "expected.json").read_text(encoding="utf-8"))
    assert written == to_json(work_out(tmp_path, dt.date(2017, 6, 30)))
    assert len(written["periods"]) == 5
