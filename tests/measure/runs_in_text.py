"""Runs of a contract written out in a test, over rows written out beside it: results by their dates, reasons, and what is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.measure import measure_rows
from sibdsl.model.nodes import Contract, ExampleRecords
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.explain.page import Item
from sibdsl.settle.explain.person_facts import PersonFacts, explain_person
from sibdsl.settle.explain.person_page import person_sheet
from sibdsl.settle.run import ContractPaid, pay
from sibdsl.source import Source
from tests.frame import complete

#: Rows of each table under its headings, by the table's name.
Tables = Mapping[str, tuple[tuple[str, ...], Sequence[tuple[str, ...]]]]


def terms(text: str, *changes: tuple[str, str]) -> Contract:
    """The blocks in the small sound contract, with words changed."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return compile_source(Source("x.sib", complete(text))).contract


def _given(tables: Tables) -> list[ExampleRecords]:
    return [ExampleRecords(name, heads, tuple(rows)) for name, (heads, rows) in tables.items()]


def dates(contract: Contract, tables: Tables, as_of: date) -> dict[str, list[tuple[str, str]]]:
    """Who has a result of each metric, and the day, in that order; stated or not."""
    found: dict[str, list[tuple[str, str]]] = {}
    with measure_rows(contract, as_written(contract), _given(tables), as_of) as volumes:
        for claim in volumes.claims(stated_only=False):
            found.setdefault(claim.metric, []).append((claim.person, claim.day.isoformat()))
    return {metric: sorted(results) for metric, results in found.items()}


def reasons(contract: Contract, tables: Tables, as_of: date, records: str) -> list[str]:
    """The status of each row of a table, with its reason where it has one."""
    with measure_rows(contract, as_written(contract), _given(tables), as_of) as volumes:
        rows = sorted((row.row, row.status, row.reason) for row in volumes.rows() if row.records == records)
    return [f"{status}: {reason}" if reason else status for _, status, reason in rows]


def told(contract: Contract, tables: Tables, as_of: date, person: str) -> list[str]:
    """The lines of the page of one person."""
    return _lines(person_sheet(facts(contract, tables, as_of, person)).items)


def facts(contract: Contract, tables: Tables, as_of: date, person: str) -> PersonFacts:
    """What became of one person's rows."""
    with TemporaryDirectory() as name:
        for table in contract.records:
            records, bare = table.name, (tuple(column.heading for column in table.filed), ())
            heads, rows = tables.get(records, bare)
            text = "\n".join(",".join(row) for row in (heads, *rows))
            (Path(name) / f"{records.lower()}.csv").write_text(f"{text}\n", encoding="utf-8")
        paid: ContractPaid = pay(contract, as_written(contract), Path(name), as_of)
        with paid.volumes:
            return explain_person(paid, person)


def _lines(items: tuple[Item, ...]) -> list[str]:
    return [line for item in items for line in (item.text, *_lines(item.items))]


def codes(contract: Contract) -> dict[str, str]:
    """What is found in the contract, by code."""
    return {finding.code: finding.message for finding in findings(contract, as_written(contract))}
