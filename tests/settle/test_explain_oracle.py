"""Explanations of generated records against the program that works payments out from people."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.settle.explain import explain_line, explain_person
from sibdsl.settle.explain.changes import Would
from sibdsl.settle.run import Paid
from tests.oracle.generate import HEAVY, MIXED, Knobs, write_case
from tests.oracle.rows import Table, read_records
from tests.oracle.tower_hamlets import Answer, work_out, work_out_records
from tests.settle.tower_hamlets import paid

AS_OF = date(2018, 8, 15)
#: How many people are told, and what changes are worked out again.
PEOPLE = 24


@pytest.fixture(scope="module", params=[(11, 150, MIXED), (12, 400, HEAVY)], ids=["mixed", "heavy"])
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Paid]]:
    seed, size, knobs = request.param
    assert isinstance(knobs, Knobs)
    folder = tmp_path_factory.mktemp("records")
    write_case(folder, seed, size, knobs)
    run = paid(folder, AS_OF)
    with run.volumes:
        yield folder, run


def test_records_of_each_line_count_again(case: tuple[Path, Paid]) -> None:
    """Every payment line's records come to its quantity, and every result stands under one metric, band and period."""
    folder, run = case
    seen: Counter[tuple[str, str, str, date]] = Counter()
    told: set[tuple[object, ...]] = set()
    for one in run.payments.lines:
        if one.line.kind != "payment":
            continue
        counted = explain_line(run, one.id).counted
        assert counted is not None
        assert len(counted.records) == one.quantity
        key = (one.line.segment, one.line.metric, one.line.band)
        if key not in told:
            told.add(key)
            seen.update(
                (each.claim.metric, each.claim.band, each.claim.person, each.claim.day)
                for each in counted.records
            )
    assert set(seen.values()) == {1}
    stated = max(segment.days.last for segment in run.payments.segments)
    expected = {
        (one.metric, one.band or "", one.person_id, one.achieved_on)
        for one in work_out(folder, AS_OF).claims
        if one.achieved_on <= stated
    }
    assert set(seen) == expected


def changed(tables: dict[str, Table], would: Would, source: str, row: int) -> dict[str, Table]:
    name = source.removesuffix(".csv")
    table = tables[name]
    cells = list(table.rows[row - 1])
    for one in would.changes:
        cells[table.header.index(one.column.lower().replace(" ", "_"))] = one.after
    return {**tables, name: Table(table.header, (*table.rows[: row - 1], tuple(cells), *table.rows[row:]))}


def results(answer: Answer, person: str) -> Counter[tuple[str, str, int]]:
    return Counter(
        (one.metric, one.band or "", (one.achieved_on.year * 12 + one.achieved_on.month - 1) // 3)
        for one in answer.claims
        if one.person_id == person
    )


def sums(answer: Answer) -> Counter[tuple[date, str, str]]:
    return Counter(
        {(one.period_start, one.payer, one.kind): Fraction(one.amount) for one in answer.totals}  # type: ignore[dict-item]
    )


def test_what_would_have_been_is_what_would_have_been(case: tuple[Path, Paid]) -> None:
    """Each change told, made in the files: the person's results and everyone's payments change as was said."""
    folder, run = case
    tables = read_records(folder)
    before = work_out_records(tables, AS_OF)
    people = sorted({one.person for one in run.volumes.claims(stated_only=False)})[:PEOPLE]
    people += sorted({row[0] for row in tables["referrals"].rows if row[2] == "no" and row[0]})[: PEOPLE // 2]
    tried = 0
    for person in dict.fromkeys(people):
        for entry in explain_person(run, person).entries:
            for told in entry.told:
                if told.would is None:
                    continue
                tried += 1
                place = entry.row.place
                after = work_out_records(changed(tables, told.would, place.source, place.row), AS_OF)
                gained = Counter(
                    (one.metric, one.band, (one.day.year * 12 + one.day.month - 1) // 3)
                    for one in told.would.gained
                )
                lost = Counter(
                    (one.metric, one.band, (one.day.year * 12 + one.day.month - 1) // 3)
                    for one in told.would.lost
                )
                assert results(after, person) == results(before, person) + gained - lost
                differences: Counter[tuple[date, str, str]] = Counter()
                for line, amount in told.would.lines:
                    sign = 1 if line.kind == "payment" else -1
                    differences[line.segment.days.start, line.payer, line.kind] += sign * amount  # type: ignore[assignment]
                found = sums(after)
                found.subtract(sums(before))
                assert {key: one for key, one in found.items() if one} == {
                    key: one for key, one in differences.items() if one
                }
    assert tried == 0
