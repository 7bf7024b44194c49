"""The tables, views and queries of a database that stand for each table of the contract. Source: records reference, 'Databases'."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sibdsl.diagnostics import Diagnostic, Problems, Refused, nearest, same
from sibdsl.english import listed
from sibdsl.model.nodes import Contract, Programme, Records
from sibdsl.project.addresses import DatabaseAddress, DatabaseKind
from sibdsl.project.tables import TableInFiles
from sibdsl.records.sources import RecordSource
from sibdsl.records.sources.databases import (
    DatabaseRecords,
    DatabaseSource,
    Session,
    StoredQuery,
    StoredTable,
)

_NAMES_SHOWN = 12


def of_each_contract(programme: Programme, address: DatabaseAddress) -> dict[str, DatabaseRecords]:
    """Where each contract's records are in a database, by the contract's name: in the schema of its name; of a contract by itself, anywhere.

    Raises Refused where there is no such schema (SIB0601), or it cannot be opened (SIB0785 to SIB0792).
    """
    session = Session(address)
    if programme.alone:
        return {member.name: DatabaseRecords(session) for member in programme.members}
    problems = Problems()
    found: dict[str, DatabaseRecords] = {}
    try:
        schemas = sorted({table.schema for table in session.database().tables() if table.schema})
        for member in programme.members:
            mine = [schema for schema in schemas if same(schema) == same(member.name)]
            if len(mine) != 1:
                problems.add(
                    "SIB0602" if mine else "SIB0601",
                    f"{member.name} has {len(mine)} schemas in {address}: {listed(mine)}"
                    if mine
                    else f"{address} has no schema for the records of {member.name}. It has: {listed(schemas) or 'none'}.",
                    help="An SQLite file has none: give each contract of a programme a folder of files."
                    if address.kind is DatabaseKind.SQLITE
                    else f"Put the tables of {member.name} into one schema {member.name.lower().replace(' ', '_')}.",
                )
            else:
                found[member.name] = DatabaseRecords(session, mine[0])
        problems.stop_on_errors()
    except BaseException:
        session.close()
        raise
    return found


def of_database(
    contract: Contract, place: DatabaseRecords, called: Mapping[str, TableInFiles]
) -> dict[str, tuple[RecordSource, ...]]:
    """The table, view or query of each table of the contract, by its name; of a table in named parts, that of each part.

    Names match without regard to case, spaces, hyphens and underscores. Everything else is left alone.

    Raises:
        Refused: the database cannot be read (SIB0785 to SIB0792), or has no table for one of the contract's or its parts, or two
            (SIB0601, SIB0602, SIB0640).
    """
    there = tables_of(place)
    problems = Problems()
    found: dict[str, tuple[RecordSource, ...]] = {}
    for table in contract.records:
        own = called[table.name]
        if own.file or own.sheet:
            problems.add(
                "SIB0752",
                f"{own.said or 'The mapping'} says that {table.name} is in {own.file or f'the sheet {own.sheet}'}, and the records are a "
                f"database, {place.shown}",
                table.span,
                help='Say which `table = "..."` it is, or its `query`.',
            )
        elif own.query:
            found[table.name] = (_of_query(table, place, own.query),)
        elif table.parts:
            parts = [
                _table(problems, table, part, place, there, (same(part), same(table.name + part)))
                for part in table.parts
            ]
            found[table.name] = tuple(source for source in parts if source)
        else:
            mine = _table(problems, table, own.table, place, there, (same(own.table or table.name),))
            found[table.name] = (mine,) if mine else ()
    problems.stop_on_errors()
    return found


def tables_of(place: DatabaseRecords) -> tuple[StoredTable, ...]:
    """The tables and views of a place. Raises Refused, see `Database`."""
    every = place.session.database().tables()
    return tuple(table for table in every if table.schema == place.schema) if place.schema else every


def source(records: str, place: DatabaseRecords, stored: StoredTable) -> DatabaseSource:
    """A table of the database as a source, in the order of its key."""
    return DatabaseSource(records, place.session, stored, place.session.database().key(stored))


def _of_query(table: Records, place: DatabaseRecords, text: str) -> DatabaseSource:
    text = text.strip().removesuffix(";").rstrip()
    if not re.match(r"(select|with|values)\b", text, re.IGNORECASE):
        raise Refused(
            Diagnostic(
                "SIB0789",
                f"The query of {table.name} is no query: it does not begin with `select`.",
                help='Write such as `query = "select person, started_on from jobs"`.',
            )
        )
    # An order within brackets is of something else.
    own_order = re.search(r"\border\s+by\b[^()]*(\([^()]*\)[^()]*)*$", text, re.IGNORECASE) is not None
    return DatabaseSource(table.name, place.session, StoredQuery(text, table.name), (), own_order)


def _table(
    problems: Problems,
    table: Records,
    called: str,
    place: DatabaseRecords,
    there: Sequence[StoredTable],
    keys: Sequence[str],
) -> DatabaseSource | None:
    """The one table of the contract's, or of what it is called or its part; reports that there is none, or more."""
    mine = [
        stored
        for stored in there
        if same(f"{stored.schema}.{stored.name}") in keys
        or ((stored.found or place.schema) and same(stored.name) in keys)
    ]
    # Of two that differ in case alone, the one that is named exactly.
    exact = [
        stored for stored in mine if called and called in (stored.name, f"{stored.schema}.{stored.name}")
    ]
    mine = exact if len(exact) == 1 else mine
    if len(mine) == 1:
        return source(table.name, place, mine[0])
    part = called if called in table.parts else ""
    what = (
        f'the part "{part}" of {table.name}'
        if part
        else f"{table.name}, called {called}"
        if called
        else table.name
    )
    if mine:
        problems.add(
            "SIB0602",
            f"{place.shown} has {len(mine)} tables that could be {what}: {' and '.join(stored.shown for stored in mine)}",
            table.span,
            help=f'Say in sib.toml which is meant, as in `[contract.tables."{table.name}"]` with `table = "{mine[0].shown}"`.',
        )
        return None
    names = [stored.shown for stored in there]
    like = nearest(called or table.name, names)
    hint = f"Did you mean {like}? " if like else ""
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")
    problems.add(
        "SIB0640" if part else "SIB0601",
        f"{place.shown} has no table or view for {what}. It has: {shown or 'none that can be seen'}",
        table.span,
        help=f"{hint}Say in sib.toml which table it is, or give a `query`: `sib map` drafts that.",
    )
    return None
