"""Bands: ranges of numbers, stretches of days, or groups of the words that a column holds; and where a metric reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from attrs import frozen

from sibdsl.diagnostics import Label, nearest
from sibdsl.english import listed
from sibdsl.model.from_syntax.conditions import DAY_TESTS, RANGES, interval
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell, as_period
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import Band, Bands, DayRange, RecordColumn, Records
from sibdsl.model.types import NUMERIC, WORDED, Interval
from sibdsl.names import DefinedTerms
from sibdsl.syntax import Block, Node, Word

#: Of so many values of a column a message tells.
_VALUES_SHOWN = 8
#: What bands are, one value of theirs, and a kind of column that has such.
_KINDS = {
    "worded": ("these bands are groups of words", "a word", "one of some words"),
    "dated": ("these bands are stretches of days", "a date", "a date"),
    "ranged": ("bands are ranges of numbers", "a number", "a number, such as hours"),
}


def bands(reader: Reader, blocks: list[Block], tables: Mapping[str, Records]) -> tuple[Bands, ...]:
    """Read the `bands` blocks. Holes and overlaps are found by the structural checks."""
    found: list[Bands] = []
    every = [column for table in tables.values() for column in table.columns]
    for block in blocks:
        reader.only(block, "banding", "table", "source", "says", "note")
        clause = reader.clause(block)
        line = reader.one(block, "banding", needed="by Hours Per Week")
        table = reader.table(
            block, block.table, ("band", "holds", "note"), ("band", "holds"), read_elsewhere=("holds",)
        )
        if line is None or block.name is None:
            continue
        path = next(iter(line.nodes("path")))
        if len(path.words("NAME")) > 1:
            _one_column(reader, path, clause)
        word = path.words()[0]
        columns = [column for column in every if column.name == word.text]
        if not columns:
            inner = DefinedTerms()
            for one in every:
                if one.name not in inner.terms:
                    inner.add(reader.problems, one.name, "column", one.span)
            inner.unknown(reader.problems, word.text, ("column",), word.span, clause=clause)
            continue
        rows = _rows(
            reader, [(row["band"], row["holds"]) for row in table.rows if _whole(row)], columns, clause
        )
        found.append(Bands(block.name.text, block.clause, word.text, rows, span=block.head))
    return tuple(found)


def _whole(row: dict[str, Cell]) -> bool:
    return "band" in row and "holds" in row


def _one_column(reader: Reader, path: Node, clause: str) -> None:
    name = path.words("NAME")[0].text
    reader.problems.add(
        "SIB0588",
        "Bands are of a column by its name alone; the metric says in which row it is read.",
        path.span,
        clause=clause,
        mark="more than a column",
        help=f"Write `by {name}`, and in the metric `as recorded`, or `as recorded at joining` for the row by which "
        "the person joined.",
    )


def _rows(
    reader: Reader, cells: list[tuple[Cell, Cell]], columns: list[RecordColumn], clause: str
) -> tuple[Band, ...]:
    """The bands of a table: of days or of words where the column holds such and no row holds a range, of ranges otherwise."""
    inner = DefinedTerms()
    rows: list[Band] = []
    numbers = [column for column in columns if column.kind in NUMERIC]
    dated = [column for column in columns if column.kind == "date"]
    worded = [column for column in columns if column.kind in WORDED]
    by_days = bool(dated) and (len(dated) == len(columns) or any(_is_days(holds) for _, holds in cells))
    by_words = bool(worded) and (not numbers or not any(_is_range(holds) for _, holds in cells))
    for cell, holds in cells:
        if not cell.name:
            reader.problems.add(
                "SIB0420",
                "A band is named here; this is not a name.",
                cell.span,
                clause=clause,
                mark="not a name",
                help="Write a name: words that begin with a capital.",
            )
            continue
        inner.add(reader.problems, cell.name, "band", cell.span)
        if by_days:
            band = _stretch(reader, cell.name, holds, dated[0], clause)
        elif by_words:
            band = _group(reader, cell.name, holds, worded, clause)
        else:
            band = _ranged(reader, cell.name, holds, [*numbers, *columns][0], clause)
        if band is not None:
            rows.append(band)
    return tuple(rows)


def _is_range(cell: Cell) -> bool:
    return isinstance(cell.part, Node) and cell.part.kind in RANGES


def _is_days(cell: Cell) -> bool:
    return as_period(cell.part) is not None or (isinstance(cell.part, Node) and cell.part.kind in DAY_TESTS)


def _stretch(reader: Reader, name: str, holds: Cell, column: RecordColumn, clause: str) -> Band | None:
    """A band that holds a stretch of days: before or after a day, a contract year, or first to last day."""
    part = holds.part
    day = part.word("DATE") if isinstance(part, Node) and part.kind in DAY_TESTS else part
    if len(holds.node.children) == 1 and isinstance(day, Word) and day.kind == "DATE":
        at = reader.day(day, clause)
        if at is None:
            return None
        one = timedelta(days=1)
        days = {
            "on_or_after": DayRange(at, None),
            "on_or_before": DayRange(None, at),
            "after": DayRange(at + one, None),
            "before": DayRange(None, at - one),
        }.get(part.kind if isinstance(part, Node) else "", DayRange(at, at))
        return Band(name, Interval(), days=days, span=holds.span)
    named = as_period(part)
    if len(holds.node.children) == 1 and named is not None:
        period = reader.period(named, clause)
        return (
            Band(name, Interval(), days=DayRange(period.start, period.last), span=holds.span)
            if period
            else None
        )
    reader.problems.add(
        "SIB0425",
        f"A band of {column.name} holds a stretch of days, and this says none.",
        holds.span,
        clause=clause,
        mark="not a stretch of days",
        help="Write such as `before 1 April 2017`, `1 April 2017 to 31 March 2018`, `2018/19` or `on or after 1 April 2019`.",
    )
    return None


def _ranged(reader: Reader, name: str, holds: Cell, column: RecordColumn, clause: str) -> Band | None:
    if not _is_range(holds) or not isinstance(holds.part, Node):
        reader.problems.add(
            "SIB0425",
            "A band holds a range of numbers.",
            holds.span,
            clause=clause,
            mark="not a range",
            help="Write such as `at least 16 hours but less than 30 hours`.",
        )
        return None
    held = interval(reader, holds.part, Here(clause=clause), (column.kind,))
    return Band(name, held, span=holds.span) if held is not None else None


def _group(reader: Reader, name: str, holds: Cell, columns: list[RecordColumn], clause: str) -> Band | None:
    """A band that holds some of the words of a column, or all that no other band holds."""
    if holds.word == "the rest":
        return Band(name, Interval(), rest=True, span=holds.span)
    words = _words(holds)
    if not words:
        reader.problems.add(
            "SIB0586",
            f"The band {name} cannot hold this: {_what_it_holds(columns[0])}.",
            holds.span,
            clause=clause,
            mark="not a value of the column",
            help="Write the values that the band holds, with commas between, or `the rest` for all that no other band holds."
            + (
                f" If {columns[0].name} is to hold amounts or numbers, write `money` or `number` for it under `holds`."
                if columns[0].kind == "text"
                else ""
            ),
            labels=(Label(columns[0].span, f"{columns[0].name} is declared here"),),
        )
        return None
    closed = [_closed(column) for column in columns]
    known = [one for each in closed for one in each]
    if all(closed):
        strange = next((word for word in words if word not in known), None)
        if strange is not None:
            _never(reader, strange, known, columns[0], holds, clause)
            return None
    return Band(name, Interval(), tuple(dict.fromkeys(words)), span=holds.span)


def _what_it_holds(column: RecordColumn) -> str:
    """What a column holds, with every value where its type lists them."""
    values = _closed(column)
    if not values:
        return f"{column.name} holds {SAID[column.kind]}"
    most = [f"`{value}`" for value in values[:_VALUES_SHOWN]]
    more = [f"{len(values) - len(most)} more"] if len(values) > len(most) else []
    return f"{column.name} holds {listed([*most, *more], 'or')}"


def _closed(column: RecordColumn) -> tuple[str, ...]:
    """Every value that the column can hold, where its type lists them."""
    return ("yes", "no") if column.kind == "yes or no" else column.categories


def _words(cell: Cell) -> list[str]:
    """The values that a cell names; a name stands for its own words."""
    node, part = cell.node, cell.part
    if node.kind in ("names", "texts"):
        if any(one.kind == "scope" for one in node.nodes()):
            return []
        return [word.text if word.kind == "NAME" else word.text[1:-1] for word in node.words("NAME", "TEXT")]
    if node.kind != "cell" or len(node.children) != 1:
        return []
    if cell.name:
        return [cell.name]
    if isinstance(part, Word) and part.kind == "TEXT":
        return [part.text[1:-1]]
    return [part.said] if isinstance(part, Node) and part.said in ("yes", "no") else []


def _never(
    reader: Reader, word: str, known: list[str], column: RecordColumn, holds: Cell, clause: str
) -> None:
    near = nearest(word, known)
    reader.problems.add(
        "SIB0422",
        f"{column.name} never holds {word}.",
        holds.span,
        clause=clause,
        mark="not one of its values",
        help=f"Did you mean `{near}`?"
        if near
        else "It may hold: " + ", ".join(f"`{one}`" for one in dict.fromkeys(known)) + ".",
        labels=(Label(column.span, f"{column.name} is declared here"),),
    )


# ------------------------------------------------------------------ what a metric says of them


@frozen
class Banding:
    """The bands of a metric, '' for none, and in which row their column stands."""

    name: str = ""
    at: Literal["result", "joining"] = "result"


def banding(
    reader: Reader,
    line: Node,
    table: Records,
    joining: Records | None,
    sets: dict[str, Bands],
    clause: str,
    *,
    several: bool,
) -> Banding:
    """What a line `banded by` says.

    `table` has the metric's rows, and `joining` those by which people join, if there are such. `several` rows together may
    bring a result.
    """
    name = reader.name(line.words("NAME")[0], "bands", clause=clause)
    reading = line.node("reading")
    at_joining = reading is not None and reading.said.endswith("joining")
    if several and not at_joining:
        reader.problems.add(
            "SIB0589",
            "Several rows add up to what is reached, and each of them may have another value in the banded column.",
            line.span,
            clause=clause,
            mark="recorded in which row?",
            help=f"Write `banded by {name}, as recorded at joining` for the row by which the person joined.",
        )
        return Banding()
    if not name or name not in sets:
        return Banding()
    if at_joining and joining is None:
        if all(column.kind != "person" for column in table.columns):
            reader.problems.add(
                "SIB0587",
                f"The rows of {table.name} are nobody's, so nobody joined by a row in which {sets[name].by} could stand.",
                line.span,
                clause=clause,
                mark="joining of whom?",
                help="Write `as recorded` for the row that brought the result.",
            )
        return Banding()
    here = joining if at_joining and joining is not None else table
    column = here.column(sets[name].by)
    if column is None:
        other = table if at_joining else joining
        elsewhere = other is not None and other.column(sets[name].by) is not None
        better = "as recorded" if at_joining else "as recorded at joining"
        reader.problems.add(
            "SIB0428",
            f"{name} are bands of {sets[name].by}, which is not a column of {here.name}.",
            line.span,
            clause=clause,
            mark="no such column",
            help=f"{other.name} have one: write `banded by {name}, {better}`."
            if elsewhere and other is not None
            else f"Use bands of a column of {here.name}.",
            labels=(Label(sets[name].span, f"{name} is defined here"),),
        )
        return Banding()
    if column.kind not in sets[name].kinds:
        holds, one, such = _KINDS[
            "worded" if sets[name].worded else "dated" if sets[name].dated else "ranged"
        ]
        reader.problems.add(
            "SIB0413",
            f"{column.name} of {here.name} holds {SAID[column.kind]}; {holds}.",
            line.span,
            clause=clause,
            mark=f"{SAID[column.kind]}, not {one}",
            help=f"Let {column.name} hold {such}.",
            labels=(Label(column.span, f"{column.name} is declared here"),),
        )
        return Banding()
    return Banding(name, "joining" if at_joining else "result")
