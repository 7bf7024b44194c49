"""One person's rows, how each clause looked at them, and the rows behind a volume, with their cells.

What an explanation asks of volumes while they are open. Nothing is decided here: dates, holdings, bands and checks are the
expressions by which the volumes themselves were counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from attrs import evolve, field, frozen
from sqlglot import exp

from sibdsl.measure import (
    each_end,
    file_and_row,
    held_for,
    instalments,
    people_reaching,
    reading_cells,
    rows_beside,
    sqltree,
)

# The same expressions that make the results, so that a reason cannot differ from the count.
from sibdsl.measure.claims import on_route
from sibdsl.measure.conditions import ROW
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import Check, Look, MetricLook, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.results import band_of, result_day
from sibdsl.measure.sqltree import Tree
from sibdsl.measure.volumes import Volumes
from sibdsl.model.nodes import Held, Metric, Routes
from sibdsl.model.types import NUMERIC
from sibdsl.records import REJECTED, SUPERSEDED, Status

#: Of rows of these statuses an explanation gives the reason.
_REASONED: tuple[Status, ...] = (REJECTED, SUPERSEDED)

#: A value of a cell: a day, an exact number, a text, or None where it is blank.
Known = date | Fraction | str | None


#: The place of a result's own date among the columns of its row. No column has this name: names begin with a capital.
DATE_OF_RESULT = "the date"


@frozen(order=True)
class RowPlace:
    """Where a row stands: its table, the file as shown, and its number (the first is 1)."""

    records: str
    source: str
    row: int

    def __str__(self) -> str:
        return f"{self.source} row {self.row}"


@frozen
class PersonRow:
    """One row with what became of it and its declared cells as text, '' for a blank.

    `reason` is there for invalid records and superseded rows, `of_row` for duplicates, and for rows of one key of which
    another stands, or none. `reason_without_cells` is the reason that quotes no cell.
    """

    place: RowPlace
    status: Status
    reason: str
    of_row: str
    cells: dict[str, str] = field(repr=False)
    reason_without_cells: str = ""


@frozen
class LookedAt:
    """How one clause looked at one readable row.

    `check` is the first that the row does not pass. `day` is the date of joining or of the result, `reached` the day on
    which a holding is complete, `lasted` whether the row lasted so long; `band` is '' where no band holds the row's value.
    `counted` says whether the row joined the person or is their result. `clause` names the cohort or metric. `route` is the
    route that counts for the person, where the metric is on another. Where an amount is reached, `reached` is the day on
    which the person reaches it, and `so_far` what their rows add up to by the end of the row's own day. `text` names the
    earlier text of the clause that looked, where a variation replaced it; '' for the one in force.
    """

    clause: str
    person: str
    place: RowPlace
    check: Check | None
    day: date | None
    reached: date | None
    lasted: bool | None
    band: str
    counted: bool
    route: str = ""
    so_far: Fraction | None = None
    text: str = ""


def opened(volumes: Volumes) -> tuple[Plan, Engine]:
    """The plan and the engine of volumes that are open."""
    return volumes._plan, volumes._engine  # noqa: SLF001 - one package: this is the rest of Volumes


def rows_of(volumes: Volumes, person: str) -> tuple[PersonRow, ...]:
    """Every row whose person cell reads so, in the order of tables, files and rows."""
    plan, engine = opened(volumes)
    found: list[PersonRow] = []
    for table in plan.tables:
        if not table.person:
            continue
        for source, row, status, of_row, *texts in engine.fetch(_rows(table, person)):
            place = RowPlace(table.name, source, row)
            named = {cell.name: text for cell, text in zip(table.filed, texts, strict=True)}
            found.append(PersonRow(place, status, "", of_row or "", named))
    if any(person_row.status in _REASONED for person_row in found):
        quoting, quoting_none = (
            {
                RowPlace(row_status.records, row_status.source, row_status.row): row_status.reason
                for row_status in volumes.rows(person=person, names=names)
            }
            for names in (True, False)
        )
        found = [
            evolve(
                person_row,
                reason=quoting[person_row.place],
                reason_without_cells=quoting_none[person_row.place],
            )
            if person_row.status in _REASONED
            else person_row
            for person_row in found
        ]
    return tuple(found)


def _rows(table: PlannedTable, person: str) -> exp.Select:
    first_row = sqltree.cast(sqltree.col("e", "row"), sqltree.TEXT)
    elsewhere = sqltree.negate(sqltree.eq(sqltree.col("e", "part"), sqltree.col("r", "part")))
    return (
        exp.select(
            sqltree.col("f", "shown"),
            sqltree.col("r", "row"),
            sqltree.col("t", "status"),
            sqltree.named(
                sqltree.case(
                    [(elsewhere, sqltree.join_text(sqltree.col("g", "shown"), ":", first_row))], first_row
                ),
                "of_row",
            ),
            *(reading_cells.in_own_form(cell, "r") for cell in table.filed),
        )
        .from_(exp.to_table(f"raw_{table.at}", alias="r"))
        .join(exp.to_table(f"state_{table.at}", alias="t"), on=_same_row("r", "t"))
        .join(exp.to_table("files", alias="f"), on=file_and_row.file_of(table, "f", "r"))
        .join(
            exp.to_table(f"raw_{table.at}", alias="e"),
            on=sqltree.eq(sqltree.col("e", "seq"), _instead("t")),
            join_type="left",
        )
        .join(exp.to_table("files", alias="g"), on=file_and_row.file_of(table, "g", "e"), join_type="left")
        .where(sqltree.eq(reading_cells.raw(table.cell(table.person), "r"), sqltree.text(person)))
        .order_by(sqltree.col("r", "seq"))
    )


def _instead(state: str) -> Tree:
    """The row that a duplicate repeats, or that stands instead of a row, or with which it ties."""
    return exp.Coalesce(this=sqltree.col(state, "first"), expressions=[sqltree.col(state, "other")])


def _same_row(left: str, right: str) -> Tree:
    return sqltree.eq(sqltree.col(left, "seq"), sqltree.col(right, "seq"))


def looked_at(volumes: Volumes, person: str | None = None) -> tuple[LookedAt, ...]:
    """How each clause looked at each readable row of one person, or of everyone: by clause, then in the order of rows."""
    plan, engine = opened(volumes)
    every = [
        _looked(plan, look, row)
        for look in plan.looks
        for row in engine.fetch(_look_rows(plan, look, person))
    ]
    return tuple(_by_text_of_its_day(every)) if any(look.of for look in plan.looks) else tuple(every)


def _by_text_of_its_day(every: list[LookedAt]) -> Iterator[LookedAt]:
    """Of the texts of a clause that looked at a row the one in force on its day; of days the one by which some count."""
    chosen: dict[tuple[str, RowPlace], LookedAt] = {}
    for looked in every:
        key = looked.clause, looked.place
        there = chosen.get(key)
        if there is None or _of_other_days(there) or (looked.counted and not there.counted):
            chosen[key] = looked if there is None or not _of_other_days(looked) else there
    yield from chosen.values()


def _of_other_days(looked: LookedAt) -> bool:
    return looked.check is not None and looked.check.kind == "other text"


def _looked(plan: Plan, look: Look, row: tuple[object, ...]) -> LookedAt:
    source, number, person, fail, day, reached, lasted, band, counted, slot, so_far = row
    ways = next((route.routes for route in plan.contract.routes if _on(route, look.name)), ())
    other = "" if slot is None else ways[int(str(slot))].name
    check = None if fail is None else look.checks[int(str(fail))]
    return LookedAt(
        look.of or look.name,
        str(person),
        RowPlace(look.table.name, str(source), int(str(number))),
        check,
        _day(day),
        _day(reached),
        None if lasted is None else bool(lasted),
        "" if band is None or look.bands is None else look.bands.bands[int(str(band))].name,
        bool(counted) and (check is None or check.kind != "other text"),
        other,
        None if so_far is None else Fraction(int(str(so_far)), reading_cells.ONE),
        look.name if look.of else "",
    )


def _on(block: Routes, metric: str) -> bool:
    return any(metric in route.metrics for route in block.routes)


def _day(value: object) -> date | None:
    """A date of the engine; one past the year 9999 comes as a text and becomes the last day there is."""
    if value is None or isinstance(value, date):
        return value
    return date.max


def _found(look: Look) -> exp.Select:
    """The rows by which the clause found something, each once."""
    seq = exp.column("seq")
    return sqltree.query([seq], sqltree.table(f"found_{look.at}"), group=[seq])


def _own_day(plan: Plan, look: Look) -> Tree:
    """The date of a row's result; of one that may be a result at several ends the first day that it lasts."""
    if each_end.dates(look):
        return reading_cells.typed(look.table.cell(look.day), ROW)
    return result_day(plan, look)


def _look_rows(plan: Plan, look: Look, person: str | None) -> exp.Select:
    table = look.table
    reaches = people_reaching.reaches(look)
    day, lasted = (sqltree.col("g", "reached") if reaches else sqltree.null()), sqltree.null()
    match look:
        case MetricLook(clause=Metric(held=Held())):
            lasted = sqltree.surely(held_for.lasted(plan, look))
            day = day if reaches else held_for.reached(plan, look)
    who = reading_cells.person(table, ROW)
    route = on_route(plan, look, who)
    query = (
        exp.select(
            sqltree.col("f", "shown"),
            sqltree.col("r", "row"),
            sqltree.named(who, "who"),
            sqltree.col("k", "fail"),
            sqltree.named(_own_day(plan, look), "day"),
            sqltree.named(day, "reached"),
            sqltree.named(lasted, "lasted"),
            sqltree.named(band_of(plan, look), "band"),
            sqltree.named(sqltree.not_null(sqltree.col("b", "seq")), "counted"),
            sqltree.named(sqltree.null() if route is None else sqltree.col("t", "slot"), "slot"),
            sqltree.named(sqltree.col("g", "so_far") if reaches else sqltree.null(), "so_far"),
        )
        .from_(exp.to_table(f"sift_{table.at}", alias=ROW))
        .join(exp.to_table(f"look_{look.at}", alias="k"), on=_same_row(ROW, "k"))
        .join(exp.to_table(f"raw_{table.at}", alias="r"), on=_same_row(ROW, "r"))
        .join(exp.to_table("files", alias="f"), on=file_and_row.file_of(table, "f", "r"))
        .join(sqltree.sub(_found(look), "b"), on=_same_row(ROW, "b"), join_type="left")
    )
    same_row = sqltree.eq(sqltree.col(ROW, "seq"), sqltree.col("g", "seq"))
    if isinstance(look, MetricLook) and instalments.paid_in(look):
        last = sqltree.sub(instalments.last_of_each(look), "g")
        query = query.join(last, on=same_row, join_type="left")
    elif held_for.has_gaps(look) or reaches:
        reached = f"reach_{look.at}" if reaches else f"stay_{look.at}"
        query = query.join(exp.to_table(reached, alias="g"), on=same_row, join_type="left")
    if rows_beside.read_for_results(look):
        for join in rows_beside.beside(plan, look):
            query = query.join(join, copy=False)
    if route is not None:
        taken, same, slot = route
        other = sqltree.both(
            [same, sqltree.negate(sqltree.eq(sqltree.col("t", "slot"), sqltree.whole(slot)))]
        )
        query = query.join(exp.to_table(taken, alias="t"), on=other, join_type="left")
    if person is not None:
        query = query.where(sqltree.eq(who, sqltree.text(person)))
    return query.order_by(sqltree.col(ROW, "seq"))


def read_of(volumes: Volumes, person: str) -> dict[str, dict[str, Known]]:
    """What other clauses may read of a person, by clause and column: the row that joined them, or their first result.

    Clauses with no such row, and metrics that no condition speaks of, are left out. Under `DATE_OF_RESULT` stands the date
    on which the person joined, or that of the result.
    """
    plan, engine = opened(volumes)
    found: dict[str, dict[str, Known]] = {}
    for look in plan.looks:
        if look.of or (isinstance(look, MetricLook) and look.name not in plan.picked):
            continue
        read = look.table.read
        query = (
            exp.select(sqltree.col("p", "day"), *(reading_cells.typed(cell, "p") for cell in read))
            .from_(exp.to_table(f"pick_{look.at}", alias="p"))
            .where(sqltree.eq(sqltree.col("p", "person"), sqltree.text(person)))
        )
        for day, *row in engine.fetch(query):
            found[look.name] = {
                cell.name: _known(cell.column.kind, value) for cell, value in zip(read, row, strict=True)
            } | {DATE_OF_RESULT: _day(day)}
    return found


def _known(kind: str, value: object) -> Known:
    if value is None:
        return None
    if kind == "date":
        return _day(value)
    return reading_cells.number(value) if kind in NUMERIC else str(value)


def persons(volumes: Volumes) -> Iterator[str]:
    """Everybody whom a row names, each once, in no order."""
    _, engine = opened(volumes)
    whole = _every_person(volumes)
    if whole is not None:
        them = exp.column("person", "u")
        named = sqltree.compare(them, ">", sqltree.text(""))
        yield from (
            str(person)
            for (person,) in engine.stream(
                exp.select(them).distinct().from_(whole.subquery("u")).where(named)
            )
        )


def _every_person(volumes: Volumes) -> exp.Query | None:
    """The cells that name people, of every table that has some."""
    plan, _ = opened(volumes)
    parts = [
        exp.select(sqltree.named(reading_cells.raw(table.cell(table.person), "r"), "person")).from_(
            exp.to_table(f"raw_{table.at}", alias="r")
        )
        for table in plan.tables
        if table.person
    ]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=True)


def alike(volumes: Volumes, person: str, most: int = 3) -> tuple[str, ...]:
    """The persons in the records whose identifiers are most like the text given, the likest first."""
    _, engine = opened(volumes)
    whole = _every_person(volumes)
    if whole is None:
        return ()
    them = exp.column("person", "u")
    apart = sqltree.call(
        "levenshtein", sqltree.call("lower", them), sqltree.call("lower", sqltree.text(person))
    )  # fmt: skip
    query = (
        exp.select(them, sqltree.named(apart, "apart"))
        .distinct()
        .from_(whole.subquery("u"))
        .where(sqltree.compare(them, ">", sqltree.text("")))
        .order_by(exp.column("apart"), exp.column("person"))
        .limit(most)
    )
    return tuple(row[0] for row in engine.fetch(query))
