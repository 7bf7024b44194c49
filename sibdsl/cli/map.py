"""`sib map`: a first draft of how files of records call what a contract reads, to be put into sib.toml."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibdsl import marks
from sibdsl.cli.common import contract_argument, loaded, setting_options, with_option
from sibdsl.cli.exit_status import ALL_WELL, ANSWER_IS_NO
from sibdsl.cli.records_option import RecordsPlaceGiven
from sibdsl.cli.screen import say
from sibdsl.project.addresses import RecordsGiven

if TYPE_CHECKING:
    from sibdsl.pipeline.types import DraftTable


@click.command("map", short_help="Draft how the names in files of records fit a contract's.")
@contract_argument
@click.argument("records", type=RecordsPlaceGiven())
@with_option
@setting_options
def command(
    contract: Path,
    records: RecordsGiven,
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
) -> int:
    """Draft how RECORDS, a folder, a workbook or a database, calls the tables and columns of CONTRACT.

    What is printed goes into sib.toml once a person has looked at it: names are matched by their spelling alone, and nothing
    is paid by it before. The status is 1 where something was not matched.
    """
    from sibdsl import pipeline

    ready = loaded(contract, varied, pairs, parameters)
    drafts = pipeline.map_records(ready, records)
    whole = all(
        table.found is not None and not table.missing for tables in drafts.values() for table in tables
    )
    for line in _lines(contract, records, [table for tables in drafts.values() for table in tables]):
        say(line)
    return ALL_WELL if whole else ANSWER_IS_NO


def _lines(contract: Path, records: RecordsGiven, tables: list[DraftTable]) -> Iterator[str]:
    yield "# Matched by spelling alone: look at each line before it is used."
    yield "[[contract]]"
    yield f"file = {_quoted(str(contract))}"
    yield f"records = {_quoted(str(records))}"
    for table in tables:
        yield ""
        if table.found is None:
            yield f"# {_plain(table.name)}: nothing here has its columns: {_plain(', '.join(table.missing))}"
            continue
        found = table.found
        yield f"# {_plain(table.name)} is {_plain(table.shown)}: {_count(len(table.as_they_are))}"
        if found.is_placed:
            yield f"[contract.tables.{_quoted(table.name)}]"
        if found.file:
            yield f"file = {_quoted(found.file)}"
        if found.sheet:
            yield f"sheet = {_quoted(found.sheet)}"
        if found.table:
            yield f"table = {_quoted(found.table)}"
        if found.headings or table.missing:
            yield ""
            yield f"[contract.tables.{_quoted(table.name)}.headings]"
        yield from (f"{_quoted(own)} = {_quoted(other)}" for own, other in found.headings)
        left = f" One of these? {_plain(', '.join(table.left))}" if table.left else " No heading is left."
        yield from (f'# {_quoted(heading)} = ""  # not matched.{left}' for heading in table.missing)


def _count(number: int) -> str:
    return "1 column is found as it is" if number == 1 else f"{number} columns are found as they are"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    return marks.one_line(text)
