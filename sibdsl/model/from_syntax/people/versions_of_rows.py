"""Records: what identifies a row, which of several rows of a key stands, the named parts, and how many rows may be invalid."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from sibdsl.diagnostics import Label, same
from sibdsl.model.from_syntax.people.cohorts import pick_of
from sibdsl.model.from_syntax.people.records import column_of
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import InvalidAllowed, Pick, Records, RowVersion
from sibdsl.syntax import Block, Node, Word


def keyed(reader: Reader, block: Block, table: Records) -> Records:
    """The records, with what their block says of keys, versions, parts and invalid rows."""
    clause = reader.clause(block)
    table = evolve(
        table,
        key=_key(reader, block, table, clause),
        parts=_parts(reader, block, clause),
        invalid=_invalid(reader, block, clause),
    )
    return evolve(table, versions=_versions(reader, block, table, clause))


def _key(reader: Reader, block: Block, table: Records, clause: str) -> tuple[str, ...]:
    """The columns that identify a row: each stands in the file, is never blank, and is named once."""
    line = reader.one(block, "identified_by")
    if line is None:
        return ()
    named: dict[str, Word] = {}
    for word in line.words("NAME"):
        column = table.column(column_of(reader, table, word, (), clause))
        if column is None:
            continue
        if column.name in named:
            reader.problems.add(
                "SIB0479",
                f"{column.name} is named twice under `identified by`.",
                word.span,
                clause=clause,
                mark="named before",
                help="Name it once.",
                labels=(Label(named[column.name].span, "first here"),),
            )
        elif column.formula is not None:
            reader.problems.add(
                "SIB0479",
                f"{column.name} is worked out, so it cannot identify a row.",
                word.span,
                clause=clause,
                mark="it stands in no file",
                help="Name the columns that it is worked out from.",
                labels=(Label(column.span, f"{column.name} is worked out here"),),
            )
        elif column.blank_allowed:
            reader.problems.add(
                "SIB0479",
                f"{column.name} may be blank, so it cannot identify a row.",
                word.span,
                clause=clause,
                mark="a row without it could not be told from another",
                help=f"Write `rejected` under `blank` for {column.name}, or name columns that are never blank.",
                labels=(Label(column.span, f"{column.name} is declared here"),),
            )
        named.setdefault(column.name, word)
    return tuple(named)


def _versions(reader: Reader, block: Block, table: Records, clause: str) -> tuple[RowVersion, ...]:
    """What says which row of a key stands, in the order written."""
    line = reader.one(block, "which_stands")
    if line is None:
        return ()
    if not block.lines("identified_by"):
        reader.problems.add(
            "SIB0479",
            f"{table.name} does not say what identifies a row, so no rows of it are versions of one.",
            line.span,
            clause=clause,
            mark="several rows of what?",
            help="Name the columns that identify a row, such as `identified by Job ID`.",
        )
        return ()
    found: list[RowVersion] = []
    for part in line.nodes("pick", "latest_part"):
        if part.kind == "latest_part":
            found.append(RowVersion(span=part.span))
            _parts_named(reader, table, part, clause)
            continue
        pick = pick_of(reader, table, part, clause)
        if pick is not None:
            found.append(RowVersion(pick, span=part.span))
            _can_differ(reader, table, pick, clause)
    return tuple(found)


def _parts_named(reader: Reader, table: Records, part: Node, clause: str) -> None:
    if not table.parts:
        reader.problems.add(
            "SIB0479",
            f"The parts of {table.name} are not named, so none of them is the latest.",
            part.span,
            clause=clause,
            mark="the latest of which?",
            help='Name the files in order, the oldest first, such as `in parts "2016-17", "2017-18"`.',
        )


def _can_differ(reader: Reader, table: Records, pick: Pick, clause: str) -> None:
    if pick.column in table.key:
        reader.problems.add(
            "SIB0479",
            f"Rows with one key have the same {pick.column}, so it does not say which of them stands.",
            pick.span,
            clause=clause,
            mark="part of the key",
            help="Name a column in which a later row differs, such as the day on which it was reported.",
        )


def _parts(reader: Reader, block: Block, clause: str) -> tuple[str, ...]:
    """The names of the files, the oldest first."""
    line = reader.one(block, "in_parts")
    if line is None:
        return ()
    named: dict[str, Word] = {}
    for word in line.words("TEXT"):
        name = word.text[1:-1].strip()
        if not same(name):
            reader.problems.add(
                "SIB0310",
                "This part has no name.",
                word.span,
                clause=clause,
                mark="nothing to look for",
                help='Write what the file is called, without its ending: `"2016-17"` for `2016-17.csv`.',
            )
        elif same(name) in named:
            reader.problems.add(
                "SIB0310",
                f'The part "{name}" is named twice.',
                word.span,
                clause=clause,
                mark="before or after the other?",
                help="Name each part once, the oldest first. Capitals, spaces, hyphens and underscores tell no names apart.",
                labels=(Label(named[same(name)].span, "first here"),),
            )
        named.setdefault(same(name), word)
    return tuple(word.text[1:-1].strip() for word in named.values())


def _invalid(reader: Reader, block: Block, clause: str) -> InvalidAllowed | None:
    """How many rows of the table may be invalid."""
    line = reader.one(block, "invalid_rows")
    if line is None:
        return None
    word = line.words("PERCENT", "INT")[0]
    value = reader.plain(word)
    if value is None or not isinstance(value.value, Fraction):
        return None
    share = word.kind == "PERCENT"
    if share and value.value > 1:
        reader.problems.add(
            "SIB0409",
            f"{word.text} of the rows is more than all of them.",
            word.span,
            clause=clause,
            mark="more than 100%",
            help="Write a share such as `at most 2%`, or a number of rows such as `at most 5`.",
        )
        return None
    return InvalidAllowed(value.value, share, span=line.span)
