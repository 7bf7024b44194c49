"""Explanations of generated records against the program that works payments out from people."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.measure import Claim
from sibdsl.settle.explain import explain_line, explain_person
from sibdsl.settle.explain.what_if import Would
from sibdsl.settle.run import ContractPaid
from tests.oracle.generate import HEAVY, MIXED, Knobs, write_case
from tests.oracle.rows import Table, read_records
from tests.oracle.tower_hamlets import Answer, work_out, work_out_records
from tests.settle.tower_hamlets import paid

AS_OF = date(2018, 8, 15)
#: How many people are told, and every change of theirs worked out again.
PEOPLE = 14
#: Jobs that end a day too soon, or begin a day too early.
NEARLY = Knobs(edge_ends=60, early_jobs=40, not_severe=15, lasting=20)


@contextmanager
def generated(folder: Path, seed: int, size: int, knobs: Knobs) -> Iterator[ContractPaid]:
    write_case(folder, seed, size, knobs)
    run = paid(folder, AS_OF)
    with run.volumes:
        yield run


@pytest.mark.parametrize(("size", "knobs"), [(150, MIXED), (400, HEAVY)], ids=["mixed", "heavy"])
def test_records_of_each_line_count_again(tmp_path: Path, size: int, knobs: Knobs) -> None:
    """Every payment line's records come to its quantity, and every result stands under one metric, band and period."""
    with generated(tmp_path, 11, size, knobs) as run:
        seen = every_result(run)
    assert set(seen.values()) == {1}
    stated = max(segment.days.last for segment in run.payments.segments)
    expected = {
        (one.metric, one.band or "", one.person_id, one.achieved_on)
        for one in work_out(tmp_path, AS_OF).claims
        if one.achieved_on <= stated
    }
    assert set(seen) == expected


def every_result(run: ContractPaid) -> Counter[tuple[str, str, str, date]]:
    """Each result that some line shows, once for each metric, band and period."""
    seen: Counter[tuple[str, str, str, date]] = Counter()
    done: set[tuple[object, ...]] = set()
    for one in run.payments.lines:
        if one.line.kind != "payment":
            continue
        counted = explain_line(run, one.id).counted
        assert counted is not None
        assert len(counted.records) == one.quantity
        key = (one.line.segment, one.line.metric, one.line.band)
        if key not in done:
            done.add(key)
            seen.update(
                (each.claim.metric, each.claim.band, each.claim.person, each.claim.day)
                for each in counted.records
            )
    return seen


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
    return Counter({(one.period_start, one.payer, one.kind): Fraction(one.amount) for one in answer.totals})


def quarters(claims: Iterable[Claim]) -> Counter[tuple[str, str, int]]:
    return Counter((one.metric, one.band, (one.day.year * 12 + one.day.month - 1) // 3) for one in claims)


def test_what_would_have_been_is_what_would_have_been(tmp_path: Path) -> None:
    """Each change told, made in the files: the person's results and everyone's payments change as was said."""
    tried: Counter[str] = Counter()
    with generated(tmp_path, 12, 200, NEARLY) as run:
        tables = read_records(tmp_path)
        before = work_out_records(tables, AS_OF)
        people = sorted({one.person for one in run.volumes.claims(stated_only=False)})[:PEOPLE]
        people += sorted({row[0] for row in tables["referrals"].rows if row[2] == "no" and row[0]})[
            : PEOPLE // 2
        ]
        for person in dict.fromkeys(people):
            for entry in explain_person(run, person).entries:
                for would in [one.would for one in entry.told if one.would is not None]:
                    tried[entry.row.place.records] += 1
                    place = entry.row.place
                    after = work_out_records(changed(tables, would, place.source, place.row), AS_OF)
                    expected = results(before, person) + quarters(would.gained) - quarters(would.lost)
                    assert results(after, person) == expected
                    difference = sums(after)
                    difference.subtract(sums(before))
                    said = told(would)
                    assert {key: one for key, one in difference.items() if one} == said
    assert tried["Jobs"] > 5
    assert tried["Referrals"] > 1


def told(would: Would) -> dict[tuple[date, str, str], Fraction]:
    found: dict[tuple[date, str, str], Fraction] = {}
    for line, amount in would.lines:
        key = (line.segment.days.start, line.payer, line.kind)
        found[key] = found.get(key, Fraction(0)) + (amount if line.kind == "payment" else -amount)
    return {key: one for key, one in found.items() if one}
