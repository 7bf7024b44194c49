"""Rows that a warning tells of: by the value that they have in common, with how many there are and where the first stand.

Values come in the order of their text, so that the order of the rows changes nothing but the places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen
from sqlglot import exp

from sibdsl.measure import file_and_row, sqltree, versions_of_rows
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree

#: How many values, and how many rows of each, are named; the rest are counted.
SHOWN = 3
#: The rows that were last to be told of.
_FLAGGED = "flagged"
#: The rows that were last found to be alike.
_ALIKE = "alike"
_LONGEST = 40


@frozen
class Group:
    """Rows that have a value in common: how many, and the places of the first, as `jobs.csv row 3`."""

    value: str
    rows: int
    places: tuple[str, ...]

    def __str__(self) -> str:
        more = self.rows - len(self.places)
        listed = ", ".join(self.places) + (f" and {more:,} more" if more else "")
        return f"{shown(self.value)} ({listed})"


@frozen
class Told:
    """The first groups of rows, how many groups there are, and how many rows in all."""

    groups: tuple[Group, ...]
    values: int
    rows: int

    def __str__(self) -> str:
        more = self.values - len(self.groups)
        return "; ".join(map(str, self.groups)) + (f"; and {more:,} more" if more else "")


def shown(value: str) -> str:
    """A value of a cell as a message holds it: cut when it is long."""
    return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"


def rows(number: int) -> str:
    """So many rows, in words."""
    return f"{number:,} {'row' if number == 1 else 'rows'}"


def place(engine: Engine, table: PlannedTable, seq: int) -> str:
    """Where a row stands, by its number of all rows of the table: `jobs.csv row 3`."""
    query = sqltree.query(
        [sqltree.col("f", "shown"), sqltree.col("r", "row")],
        sqltree.table(f"raw_{table.at}", "r"),
        sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(table, "f", "r")),
        where=sqltree.eq(sqltree.col("r", "seq"), sqltree.whole(seq)),
    )
    file, row = engine.fetch(query)[0]
    return f"{file} row {row}"


def tell(engine: Engine, table: PlannedTable, flagged: exp.Query) -> Told | None:
    """What there is to tell of the rows of a table that a query flags, each with its `value`, a text, and its `seq`.

    None where it flags none.
    """
    engine.run(exp.Create(this=sqltree.table(_FLAGGED), kind="TABLE", expression=flagged, replace=True))
    value = sqltree.col("q", "value")
    counted = [exp.Count(this=exp.Distinct(expressions=[value])), sqltree.count()]
    values, number = engine.fetch(sqltree.query(counted, sqltree.table(_FLAGGED, "q")))[0]
    if not number:
        return None
    alike = [value]
    numbered = sqltree.query(
        [
            value,
            sqltree.col("q", "seq"),
            sqltree.named(sqltree.row_number(alike, [sqltree.ordered(sqltree.col("q", "seq"))]), "place"),
            sqltree.named(exp.Window(this=sqltree.count(), partition_by=alike), "number"),
            sqltree.named(
                sqltree.ranked(exp.Anonymous(this="dense_rank"), [], [sqltree.ordered(value)]), "turn"
            ),
        ],
        sqltree.table(_FLAGGED, "q"),
    )
    few = [sqltree.compare(sqltree.col("n", name), "<=", sqltree.whole(SHOWN)) for name in ("place", "turn")]
    query = sqltree.query(
        [
            sqltree.col("n", "value"),
            sqltree.col("n", "number"),
            sqltree.col("f", "shown"),
            sqltree.col("r", "row"),
        ],
        sqltree.sub(numbered, "n"),
        sqltree.inner(
            sqltree.table(f"raw_{table.at}", "r"),
            sqltree.eq(sqltree.col("n", "seq"), sqltree.col("r", "seq")),
        ),
        sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(table, "f", "r")),
        where=sqltree.both(few),
        order=[sqltree.ordered(sqltree.col("n", "value")), sqltree.ordered(sqltree.col("n", "place"))],
    )
    return Told(_groups(engine.fetch(query)), int(values), int(number))


def _groups(found: Iterable[Sequence[object]]) -> tuple[Group, ...]:
    groups: dict[str, Group] = {}
    for value, number, file, row in found:
        before = groups.get(str(value))
        places = (*(before.places if before else ()), f"{file} row {row}")
        groups[str(value)] = Group(str(value), int(str(number)), places)
    return tuple(groups.values())


def alike(engine: Engine, rows: exp.Select, names: Sequence[str]) -> exp.Table:
    """Those of the rows that may agree with another in the columns named: few, since they are told by a hash. As `w`."""
    marks = [
        sqltree.call_named("hash", *(sqltree.col(alias, name) for name in names)) for alias in ("v", "w")
    ]
    several = sqltree.compare(sqltree.count(), ">", sqltree.whole(1))
    shared = sqltree.query(
        [sqltree.named(marks[0], "mark")], sqltree.sub(rows.copy(), "v"), group=[marks[0]], having=several
    )
    among = exp.In(this=marks[1], query=shared.subquery(copy=False))
    found = sqltree.query([sqltree.everything()], sqltree.sub(rows, "w"), where=among)
    engine.run(exp.Create(this=sqltree.table(_ALIKE), kind="TABLE", expression=found, replace=True))
    return sqltree.table(_ALIKE, "w")


def readable(plan: Plan, table: PlannedTable, columns: Iterable[Tree], *tests: Tree) -> exp.Select:
    """Rows that stand, and are not known only later, as `s` with what they stand for, and as `r` with their cells if those are read."""
    listed = [*columns, *tests]
    raw = any(column.table == "r" for part in listed for column in part.find_all(exp.Column))
    same = sqltree.eq(sqltree.col("s", "seq"), sqltree.col("r", "seq"))
    return sqltree.query(
        listed[: len(listed) - len(tests)],
        sqltree.table(f"sift_{table.at}", "s"),
        *([sqltree.inner(sqltree.table(f"raw_{table.at}", "r"), same)] if raw else []),
        where=sqltree.both(
            [*versions_of_rows.stands("s"), *versions_of_rows.known(plan, table, "s"), *tests]
        ),
    )
