"""Tables that a program holds, as records: of pandas, Polars, PyArrow, or whatever else speaks the Arrow C stream protocol.

Source of the rules: records reference, 'Tables in memory'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from sibdsl.csvfile import Unreadable
from sibdsl.diagnostics import Diagnostic, Problems, Refused, nearest, same
from sibdsl.english import listed
from sibdsl.model.nodes import Contract
from sibdsl.plainform import plain
from sibdsl.records.sources import ArrowRows, ArrowTable, Desk, Opened, RecordSource


@frozen
class TablesInMemory:
    """Tables by the names of the contract's records; of records in named parts, a table for each part by its name.

    A table is a `pandas.DataFrame` (pandas 2.2 or later), a `polars.DataFrame`, a `pyarrow.Table`, or any other object that knows its
    length and has `__arrow_c_stream__`. What can be read only once, as a reader of batches, is none.
    """

    tables: Mapping[str, ArrowTable] = field(eq=False)


@frozen
class InMemorySource:
    """A table in memory: the records it belongs to, and what it is called."""

    records: str
    name: str
    table: ArrowTable = field(eq=False, repr=False)

    @property
    def shown(self) -> str:
        """What messages and row accounts call it."""
        return f"{self.name} in memory"

    @property
    def files(self) -> tuple[Path, ...]:
        """None: whoever holds the table leaves it as it is while it is read."""
        return ()

    def open(self, wanted: Sequence[str], desk: Desk) -> Opened:  # noqa: ARG002 - its columns have names
        """Look at its columns. Raises Unreadable, and Refused for what is no table (SIB0794)."""
        if not isinstance(self.table, ArrowTable):
            raise _no_table(
                f"{self.shown} is {type(self.table).__name__}, which is no table that can be read.",
                "Give a DataFrame of pandas 2.2 or later, one of Polars, or a Table of PyArrow.",
            )
        try:
            columns = desk.arrow_columns(self.table)
        except Unreadable as error:
            raise Unreadable("its columns cannot be read as Arrow") from error
        names = tuple(name for name, _ in columns)
        headings = tuple(map(plain, names))
        respelt = sum(name != heading for name, heading in zip(names, headings, strict=True))
        # A text that is kept once for many rows is a text.
        types = tuple("VARCHAR" if kind.startswith("ENUM") else kind for _, kind in columns)
        return Opened(headings, ArrowRows(self.table, names, types), respelt)


def of_memory(contract: Contract, place: TablesInMemory) -> dict[str, tuple[RecordSource, ...]]:
    """The table of each of the contract's records, by its name.

    Raises:
        Refused: there is none for one of them (SIB0601, SIB0640), or one that the contract does not have (SIB0794).
    """
    problems = Problems()
    found: dict[str, tuple[RecordSource, ...]] = {}
    used: set[str] = set()
    for records in contract.records:
        sources: list[RecordSource] = []
        for part in records.parts or ("",):
            keys = (same(part), same(records.name + part)) if part else (same(records.name),)
            mine = [name for name in place.tables if same(name) in keys]
            used.update(mine)
            if len(mine) != 1:
                what = f'the part "{part}" of {records.name}' if part else records.name
                problems.add(
                    "SIB0602" if mine else "SIB0640" if part else "SIB0601",
                    f"{len(mine)} tables are given for {what}: {listed(mine)}"
                    if mine
                    else f"No table is given for {what}. Given are: {listed(list(place.tables)) or 'none'}",
                    records.span,
                    help=f"Give one by its name, as in `TablesInMemory({{{records.name!r}: frame}})`.",
                )
            sources += [InMemorySource(records.name, name, place.tables[name]) for name in mine]
        found[records.name] = tuple(sources)
    problems.stop_on_errors()
    for name in place.tables:
        if name not in used:
            names = [records.name for records in contract.records]
            near = nearest(name, names)
            raise _no_table(
                f"A table {name} is given, and the contract has no records of that name.",
                f"Did you mean {near}?" if near else f"It has: {listed(names)}.",
            )
    return found


def _no_table(message: str, way_out: str) -> Refused:
    return Refused(Diagnostic("SIB0794", message, help=way_out))
