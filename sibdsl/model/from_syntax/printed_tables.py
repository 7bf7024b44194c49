"""Tables printed in the contract, and what is read from them or from particulars that have a value for each key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from attrs import evolve

from sibdsl import dates
from sibdsl.dates import Period
from sibdsl.diagnostics import Label, nearest
from sibdsl.model.columns_worked_out import read_in_parts
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell, Table
from sibdsl.model.from_syntax.value_kinds import SAID, Here, alike
from sibdsl.model.nodes import (
    Amount,
    Column,
    GivenFor,
    Lookup,
    LookupColumn,
    LookupRow,
    Particular,
    Records,
    Value,
)
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word

_WORDS = ("MONEY", "INT", "DECIMAL", "PERCENT", "FRACTION", "DATE", "TEXT")


def lookups(reader: Reader, blocks: list[Block]) -> tuple[Lookup, ...]:
    """Read the `table` blocks: the first column is the key, and each column holds values of one kind."""
    return tuple(lookup for block in blocks if (lookup := _lookup(reader, block)) is not None)


def _lookup(reader: Reader, block: Block) -> Lookup | None:
    reader.only(block, "table", "known", "agreed", "source", "says", "note")
    clause = reader.clause(block)
    table = reader.table(block, block.table, (), names=True, read_elsewhere=None)
    if block.name is None or not table.headings:
        return None
    rows: list[LookupRow] = []
    for row, span in zip(table.rows, table.spans, strict=True):
        said = [row[head.key] for head in table.headings]
        empty = [at > 0 and cell.word == "blank" for at, cell in enumerate(said)]
        held = [
            None if bare else _value(reader, cell, clause) for bare, cell in zip(empty, said, strict=True)
        ]
        if all(bare or value is not None for bare, value in zip(empty, held, strict=True)):
            rows.append(LookupRow(tuple(held), span=span))
    if len(rows) < len(table.rows) or not rows:
        return None
    columns = _columns(reader, table, rows, clause)
    if columns is None or not _keys_once(reader, rows, clause):
        return None
    return Lookup(
        block.name.text, block.clause, block.gloss, tuple(columns), tuple(rows),
        *_of_holidays(reader, block, clause), span=block.head,
    )  # fmt: skip


def _of_holidays(reader: Reader, block: Block, clause: str) -> tuple[Period | None, date | None]:
    """The days of which a table holds every holiday, and the day on which it was agreed."""
    known, agreed = reader.one(block, "known"), reader.one(block, "agreed")
    days = [reader.day(word) for word in known.words("DATE")] if known else []
    first, last = days if len(days) == 2 else (None, None)
    between = reader.between(first, last, known.span, clause) if known and first and last else None
    written = agreed.words("DATE") if agreed else []
    if agreed and not written:
        reader.not_yet(agreed.span, "a day of agreement by name here", clause=clause)
    return between, reader.day(written[0]) if written else None


def _value(reader: Reader, cell: Cell, clause: str) -> Value | None:
    """What a cell of a table holds. A name stands for its own words, so that codes need no quotes."""
    part = cell.part
    plain = cell.node.kind == "cell" and len(cell.node.children) == 1
    if plain and cell.name:
        return Value(cell.name, "text", span=cell.span)
    if plain and isinstance(part, Word) and part.kind in _WORDS:
        found = reader.plain(part)
        if found is None or found.value != "":
            return found
    if plain and isinstance(part, Node) and part.kind == "below_nought" and part.node("unit") is None:
        return reader.signed(part)
    if plain and isinstance(part, Node) and part.kind == "word_atom" and part.said in ("yes", "no"):
        return Value(part.said, "yes or no", span=cell.span)
    if plain and isinstance(part, Node) and part.kind == "duration":
        length = reader.duration(part, clause)
        return Value(str(length), "duration", span=cell.span) if length is not None else None
    reader.problems.add(
        "SIB0461",
        "A cell of a table holds one value; this does not.",
        cell.span,
        clause=clause,
        mark="not a value",
        help="Write a code or a name, text in quotes, a number, an amount, a percentage, a date, a length of time, yes or no; or `blank`.",
    )
    return None


def _columns(reader: Reader, table: Table, rows: list[LookupRow], clause: str) -> list[LookupColumn] | None:
    """What each column holds, which is of one kind; reports the first cell that differs, and a column that is all blank."""
    found: list[LookupColumn] = []
    for at, head in enumerate(table.headings):
        held = [cell for row in rows if (cell := row.cells[at]) is not None]
        if not held:
            reader.problems.add(
                "SIB0461",
                f"{head.key} is blank in every row.",
                head.span,
                clause=clause,
                mark="holds nothing",
                help="Fill in a row, or take the column out.",
            )
            return None
        odd = next((cell for cell in held if cell.kind != held[0].kind), None)
        if odd is not None:
            reader.problems.add(
                "SIB0461",
                f"{head.key} holds {_said(held[0].kind)} in one row and {_said(odd.kind)} in another.",
                odd.span,
                clause=clause,
                mark=f"{_said(odd.kind)}, not {_said(held[0].kind)}",
                help=f"Write `{str(odd.value).casefold()}`: the answers are in small letters."
                if str(odd.value).casefold() in ("yes", "no")
                else "Write the whole column alike; put codes that look like numbers in quotes.",
                labels=(Label(held[0].span, f"{_said(held[0].kind)} here"),),
            )
            return None
        found.append(LookupColumn(head.key, held[0].kind, span=head.span))
    return found


def _said(kind: str) -> str:
    """A kind of value in words; names stand for text without quotes here."""
    return "text" if kind == "text" else SAID[kind]


def _keys_once(reader: Reader, rows: list[LookupRow], clause: str) -> bool:
    seen: dict[object, Span] = {}
    for row in rows:
        key = row.cells[0]
        if key is None:
            continue
        if key.value in seen:
            reader.problems.add(
                "SIB0462",
                "This row has the key of another, so what is read there could be either.",
                row.span,
                clause=clause,
                mark="the same key again",
                help="Keep one of the two rows.",
                labels=(Label(seen[key.value], "stands here first"),),
            )
            return False
        seen[key.value] = row.span
    return True


# ------------------------------------------------------------------ columns that hold codes


def code_table(reader: Reader, word: Word, clause: str) -> str:
    """The table whose keys a column of codes holds, or '' after a complaint."""
    name = reader.name(word, "table", clause=clause)
    lookup = reader.lookups.get(name)
    if lookup is None:
        return ""
    if lookup.columns[0].kind != "text":
        reader.problems.add(
            "SIB0413",
            f"The first column of {name} holds {SAID[lookup.columns[0].kind]}; codes are text.",
            word.span,
            clause=clause,
            mark=f"{SAID[lookup.columns[0].kind]}, not codes",
            help=f'Put the keys of {name} in quotes, such as "01".',
            labels=(Label(lookup.columns[0].span, "the keys are here"),),
        )
        return ""
    return name


def columns_read(reader: Reader, row: Records | None) -> list[str]:
    """The columns of a row, and those of printed tables that its codes lead to."""
    if row is None:
        return []
    tables = [reader.lookups.get(reader.codes.get((row.name, column.name), "")) for column in row.columns]
    coded = [column.name for table in tables if table is not None for column in table.columns[1:]]
    return [*(column.name for column in row.columns), *coded]


def through_code(reader: Reader, word: Word, here: Here, span: Span) -> tuple[Amount | None, bool]:
    """What a column of a printed table says of the code in the row, and whether the name is one of such a column."""
    if here.row is None:
        return None, False
    row = here.row
    ways = [
        (lookup, column)
        for column in row.columns
        if (lookup := reader.lookups.get(reader.codes.get((row.name, column.name), ""))) is not None
        and lookup.column(word.text) is not None
    ]
    if not ways:
        return None, False
    if len(ways) > 1:
        reader.problems.add(
            "SIB0463",
            f"{word.text} may be read at {' or at '.join(column.name for _, column in ways)}.",
            span,
            clause=here.clause,
            mark="read at which?",
            help=f"Write `{word.text} read at {ways[0][1].name}`, or whichever is meant.",
        )
        return None, True
    lookup, column = ways[0]
    return lookup.read(word.text, Column(row.name, column.name, column.kind, span=span), span), True


# ------------------------------------------------------------------ X read at Y


def read_at(reader: Reader, node: Node, here: Here, key: Amount | None) -> Amount | None:
    """What a table, or a particular with a value for each key, holds at the key; None after a complaint."""
    if node.kind == "looked_up_year":
        return _read_at_year(reader, node, here)
    word = node.words("NAME")[0]
    if key is None:
        return None
    if here.row is not None and read_in_parts(here.row, key):
        reader.not_yet(
            key.span,
            "reading a table at a number that is worked out by a share or a division",
            clause=here.clause,
        )
        return None
    if here.row is None:
        reader.not_yet(node.span, "`read at` outside conditions and weights", clause=here.clause)
        return None
    given = here.values.get(word.text)
    if given is not None:
        return _given_for(reader, given.name, given, key, node.span, here)
    tables = [lookup for lookup in reader.lookups.values() if lookup.column(word.text) is not None]
    if len(tables) > 1:
        reader.problems.add(
            "SIB0463",
            f"{word.text} is a column of {' and of '.join(table.name for table in tables)}.",
            word.span,
            clause=here.clause,
            mark="of which table?",
            help="Give the column another name in one of the tables.",
            labels=tuple(Label(table.span, f"{table.name} is here") for table in tables[:2]),
        )
        return None
    if not tables:
        _no_such(reader, word, here)
        return None
    if not _fits(reader, key, tables[0].columns[0].kind, f"the keys of {tables[0].name}", here):
        return None
    return tables[0].read(word.text, key, node.span)


def _read_at_year(reader: Reader, node: Node, here: Here) -> Amount | None:
    """What a table prints for the contract year: at a key such as "2020/21", or at the year's number. None after a complaint."""
    word = node.words("NAME")[0]
    if here.year is None:
        reader.problems.add(
            "SIB0455",
            "`the year` has a meaning only in what a payment is multiplied by.",
            node.span,
            clause=here.clause,
            mark="of which year?",
            help=f"Write `multiplied by {word.text} read at the year`.",
        )
        return None
    tables = [lookup for lookup in reader.lookups.values() if lookup.column(word.text) is not None]
    if not tables:
        _no_such(reader, word, here)
        return None
    table = tables[0]
    begins = dates.year_start(here.year.start, reader.begin)
    name = dates.year_name(begins)
    key: Fraction | str = name
    if table.columns[0].kind != "text":
        first = dates.year_start(reader.service.start, reader.begin) if reader.service else begins
        key = Fraction(begins.year - first.year + 1)
    held = next((value for at, value in table.values(word.text) if at.value == key), None)
    if held is None or not isinstance(held.value, Fraction):
        shown = f'"{key}"' if isinstance(key, str) else str(key)
        reader.problems.add(
            "SIB0456",
            f"{table.name} prints no {word.text} for {name}.",
            node.span,
            clause=here.clause,
            mark=f"nothing at {shown}",
            help=f"Add a row that begins with {shown}: payments run {reader.payment_period}.",
            labels=(Label(table.span, f"{table.name} is here"),),
        )
        return None
    kind = table.columns[0].kind
    looked = table.read(word.text, Value(key, kind, span=node.span), node.span)
    return evolve(looked, holds=held.value)


def _no_such(reader: Reader, word: Word, here: Here) -> None:
    names = [column.name for lookup in reader.lookups.values() for column in lookup.columns]
    names += [value.name for value in here.values.values() if isinstance(value, Particular) and value.per]
    near = nearest(word.text, names)
    listed = ", ".join(f"`{name}`" for name in names[:8])
    reader.problems.add(
        "SIB0301",
        f"{word.text} is not a column of a table of this contract, nor a particular with a value for each of something.",
        word.span,
        clause=here.clause,
        mark="not to be read at anything",
        help=f"Did you mean `{near}`?"
        if near
        else (f"There are: {listed}." if names else "Print a `table` that has such a column."),
    )


def _given_for(
    reader: Reader, name: str, given: object, key: Amount, span: Span, here: Here
) -> Amount | None:  # fmt: skip
    if not isinstance(given, Particular) or not given.per:
        reader.problems.add(
            "SIB0464",
            f"{name} has one value for all, so it is not read at anything.",
            span,
            clause=here.clause,
            mark="one value for all",
            help=f"Write `{name}` alone, or declare that it holds a value `for each` of something.",
        )
        return None
    kind = reader.keys.get(given.per)
    if kind is not None and not _fits(reader, key, kind, given.per, here):
        return None
    return GivenFor(name, key, given.kind, span=span)


def _fits(reader: Reader, key: Amount, kind: str, what: str, here: Here) -> bool:
    """Whether a key may be looked for among keys of a kind; reports one that is never found there."""
    if alike(key.kind, kind):
        return True
    reader.problems.add(
        "SIB0413",
        f"{_said(key.kind).capitalize()} cannot be looked for among {what}, each {_said(kind)}.",
        key.span,
        clause=here.clause,
        mark=f"{_said(key.kind)} against {_said(kind)}",
        help="Read it at a value of the same kind as its keys.",
    )
    return False


def needs_key(reader: Reader, given: Particular, span: Span, here: Here) -> None:
    """Report a particular that has a value for each of something, written as if it had one."""
    reader.problems.add(
        "SIB0464",
        f"{given.name} has a value for each {given.per}, and this does not say which is meant.",
        span,
        clause=here.clause,
        mark=f"for which {given.per}?",
        help=f"Write `{given.name} read at {given.per}`.",
    )


def keys_of_particulars(reader: Reader, found: Iterable[Particular], tables: Iterable[Records]) -> None:
    """Note what the values of particulars are for: the kind of the column that each names after `for each`."""
    columns = {column.name: column.kind for table in reader.lookups.values() for column in table.columns}
    columns |= {column.name: column.kind for table in tables for column in table.columns}
    for particular in found:
        if not particular.per:
            continue
        if particular.per in columns:
            reader.keys[particular.per] = columns[particular.per]
            continue
        near = nearest(particular.per, columns)
        reader.problems.add(
            "SIB0301",
            f"{particular.name} has a value for each {particular.per}, which is not a column of any records or table.",
            particular.span,
            clause="particulars",
            mark="no such column",
            help=f"Did you mean `{near}`?" if near else "Name a column of the records after `for each`.",
        )
