"""What a user should be told of records that were read: dates in another style, results that lie in no band."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from fractions import Fraction

from attrs import frozen
from sqlglot import exp

from sibdsl import money, wording
from sibdsl.dates import long, months_name
from sibdsl.diagnostics import Diagnostic, Problems, Refused
from sibdsl.measure import (
    codes_without_entry,
    date_styles,
    reading_cells,
    sqltree,
    undeclared_forms,
    warned_rows,
)
from sibdsl.measure.conditions import exact, plain
from sibdsl.measure.days_and_sums import weighing
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import MetricLook, PlannedColumn, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.raw_tables import RawTable
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Column,
    Extreme,
    FirstGiven,
    GivenFor,
    Looked,
    Metric,
    TimeBetween,
    WholeYears,
)
from sibdsl.model.periods import Segment
from sibdsl.model.types import NUMERIC

_KEYS_SHOWN = 8


def dates_in_another_style(
    engine: Engine, plan: Plan, table: PlannedTable, raw: RawTable, problems: Problems
) -> None:
    """Warn of dates of which most in a column, or all in one file, are written alike and not in the column's form (SIB0609)."""
    for cell in table.read:
        # A date that was never written is in no style.
        if cell.column.kind == "date" and cell.column.formula is None and cell.at not in raw.own:
            _style_of(engine, plan, table, cell, problems)


def _style_of(
    engine: Engine, plan: Plan, table: PlannedTable, cell: PlannedColumn, problems: Problems
) -> None:
    raw = reading_cells.raw(cell, "r")
    read = sqltree.not_null(reading_cells.value(cell, "r"))
    if not cell.column.written:
        read = sqltree.either([read, sqltree.matches(raw, date_styles.ISO)])
    style = sqltree.case([(read, sqltree.null())], date_styles.style(raw))
    part = sqltree.col("r", "part")
    query = sqltree.query(
        [sqltree.named(style, "style"), part, sqltree.named(sqltree.count(), "number")],
        sqltree.table(f"raw_{table.at}", "r"),
        where=sqltree.compare(raw, ">", sqltree.text("")),
        group=[exp.column("style"), part],
    )
    found: Counter[str] = Counter()
    files: dict[int, set[str]] = {}
    for said, file, number in engine.fetch(query):
        found[said or ""] += int(number)
        files.setdefault(file, set()).add(said or "")
    whole = sum(found.values())
    for example, number in sorted((key, value) for key, value in found.items() if key):
        # A day number is a spreadsheet's doing, however few there are; and a file is made in one go.
        if 2 * number > whole or example == date_styles.DAY_NUMBER or {example} in files.values():
            problems.add(
                "SIB0609",
                f"{number} of {whole} values of {cell.name} in the records of {table.name} are written like {example}, "
                "so those rows are invalid",
                cell.column.span,
                help=_another_style(engine, plan, table, cell),
                severity="warning",
            )


def _another_style(engine: Engine, plan: Plan, table: PlannedTable, cell: PlannedColumn) -> str:
    if cell.column.written:
        return (
            f"The contract says that {cell.name} is {reading_cells.form(cell.column)}. Write all of it so, or add the "
            'other form under `written`, with `or` between the two, such as `"31/12/2018" or "2018-12-31"`.'
        )
    again = (
        "Write dates as YYYY-MM-DD, such as 2018-05-31. In a spreadsheet, give the column that date format "
        "and save it again."
    )
    return f"{again} {undeclared_forms.advice(engine, table, cell, plan.contract.currency)}".strip()


def days_without_a_weight(engine: Engine, plan: Plan, look: MetricLook, problems: Problems) -> None:
    """Refuse days that count and have no weight, for want of a value at their key (SIB0616): they are not worth nought.

    Raises:
        Refused: naming the first thing that is wanting, the keys, how many people each is wanting for, and a row of each;
            with what was found before.
    """
    metric = look.clause
    if metric.weight is None:
        return
    for part in _leaves(metric.weight):
        wanting = _wanting(engine, plan, look, part)
        if wanting:
            raise Refused([_unweighted(plan, metric, part, wanting), *problems.found])


def _leaves(amount: Amount) -> Iterator[GivenFor | Looked | Column | WholeYears | TimeBetween]:
    """What of a weight differs from row to row, a key before what is read at it."""
    if isinstance(amount, Arithmetic):
        yield from _leaves(amount.left)
        yield from _leaves(amount.right)
    elif isinstance(amount, Extreme | FirstGiven):
        for part in amount.parts:
            yield from _leaves(part)
    elif isinstance(amount, GivenFor | Looked):
        yield from _leaves(amount.key)
        yield amount
    elif isinstance(amount, Column | WholeYears | TimeBetween):
        yield amount


@frozen
class _Wanting:
    """A key at which nothing is held ('' where the key itself is wanting), how many people have it, and where the first stands."""

    key: str
    people: int
    place: str


def _wanting(engine: Engine, plan: Plan, look: MetricLook, part: Amount) -> list[_Wanting]:
    """The keys at which a part of a weight is blank, in order. A key that is blank itself has been told before."""
    key = part.key if isinstance(part, GivenFor | Looked) else part
    look, joined = weighing(plan, look)
    numeric = key.kind in NUMERIC
    shown = exact(plan, look, key).top if numeric else sqltree.cast(plain(plan, look, key), sqltree.TEXT)
    value = exact(plan, look, part).top if part.kind in NUMERIC else plain(plan, look, part)
    tests = [sqltree.is_null(value), *([sqltree.not_null(shown)] if key is not part else [])]
    number = sqltree.col("b", "seq")
    query = sqltree.query(
        [
            sqltree.named(shown, "key"),
            exp.Count(this=exp.Distinct(expressions=[sqltree.col("b", "person")])),
            sqltree.named(sqltree.least(number), "seq"),
        ],
        sqltree.table(f"found_{look.at}", "b"),
        joined,
        where=sqltree.both(tests),
        group=[exp.column("key")],
        order=[sqltree.ordered(exp.column("key"))],
    )
    scale = exact(plan, look, key).scale if numeric else Fraction(1)
    return [
        _Wanting(
            "" if key is None else money.number(int(key) * scale) if numeric else str(key),
            int(people),
            warned_rows.place(engine, plan.look(look.name).table, int(seq)),
        )
        for key, people, seq in engine.fetch(query)
    ]


def _unweighted(plan: Plan, metric: Metric, part: Amount, wanting: list[_Wanting]) -> Diagnostic:
    people = sum(one.people for one in wanting)
    keys = [
        f"{warned_rows.shown(one.key)} ({one.people:,} {'person' if one.people == 1 else 'people'}, {one.place})"
        for one in wanting[:_KEYS_SHOWN]
    ]
    more = f" and {len(wanting) - _KEYS_SHOWN} more" if len(wanting) > _KEYS_SHOWN else ""
    listed = ", ".join(keys) + more
    key = wording.amount(part.key, "") if isinstance(part, GivenFor | Looked) else ""
    match part:
        case GivenFor(name=name):
            said = f"{name} has no value for {key} {listed}"
            hint = f"Give {name} a value for each, or look whether {key} is right in the records of those people."
        case Looked(table=table, column=column):
            printed = {wording.amount(amount, "") for amount in codes_without_entry.keys(plan, part)}
            there = [one.key in printed for one in wanting]
            what = (
                "no row"
                if not any(there)
                else f"a blank under {column}"
                if all(there)
                else "no row, or a blank,"
            )
            said = f"{table} has {what} for {key} {listed}"
            hint = (
                f"Add what is missing to the table {table}, correct {key}, or let a condition leave them out."
            )
        case _:
            said = (
                f"{wording.amount(part, '')} is blank for {people:,} {'person' if people == 1 else 'people'}"
                f" ({wanting[0].place})"
            )
            hint = "Fill it in, or let a condition leave them out."
    return Diagnostic(
        "SIB0616",
        f"{said}, so what their {'days' if metric.counts.by_the_day else 'results'} of {metric.name} come to cannot be worked out",
        metric.span,
        clause=metric.clause,
        help=hint,
    )


def nothing_to_measure(plan: Plan, look: MetricLook, there: Collection[Segment], problems: Problems) -> None:
    """Warn of stated spans over which an average or a determination has no row, so that it is blank (SIB0630).

    `there` are the segments for which it has a quantity in some band.
    """
    homes = [plan.segments[at] for at in plan.homes(look)]
    wanting = [
        days
        for days, home in zip(look.spans, homes, strict=True)
        if home in plan.stated and home not in there
    ]
    if not wanting:
        return
    listed = ", ".join(months_name(days) for days in wanting[:_KEYS_SHOWN])
    more = f" and {len(wanting) - _KEYS_SHOWN} more" if len(wanting) > _KEYS_SHOWN else ""
    problems.add(
        "SIB0630",
        f"No row of {look.table.name} gives {look.name} anything to measure in {listed}{more}: it is blank there, "
        "and nothing is paid on it, unless the contract says what stands for it",
        look.clause.span,
        clause=look.clause.clause,
        help="Look whether rows are missing, or dated otherwise.",
        severity="warning",
    )


def results_in_no_band(engine: Engine, plan: Plan, look: MetricLook, problems: Problems) -> None:
    """Warn of results of a metric whose value lies in none of its bands, so that they are counted nowhere (SIB0615)."""
    if look.bands is None:
        return
    joining = look.banded_by_joining
    behind = plan.cohort(look.cohort) if joining else look
    value = reading_cells.typed(behind.table.cell(look.bands.by), "s")
    same = "person" if joining else "seq"
    query = sqltree.query(
        [sqltree.count(), sqltree.least(value)],
        sqltree.table(f"found_{look.at}", "b"),
        sqltree.inner(
            sqltree.table(f"pick_{behind.at}" if joining else f"sift_{look.table.at}", "s"),
            sqltree.eq(sqltree.col("b", same), sqltree.col("s", same)),
        ),
        where=sqltree.is_null(sqltree.col("b", "band")),
    )
    number, least = engine.fetch(query)[0]
    if not number:
        return
    if least is None:
        such = "blank"
    else:
        words = look.bands.worded or look.bands.dated
        such = (
            long(least)
            if isinstance(least, date)
            else str(least)
            if words
            else money.number(reading_cells.number(least))
        )
    one, many = ("result", "lies", "it is", "its"), ("results", "lie", "they are", "in one")
    results, lie, they, where = one if number == 1 else many
    problems.add(
        "SIB0615",
        f"{number} {results} of {look.name} {lie} in no band of {look.bands.name}, so {they} counted nowhere; "
        f"{where} {look.bands.by} is {such}",
        look.bands.span,
        clause=look.bands.clause,
        help=f"Say in {look.bands.name} which band holds it.",
        severity="warning",
    )
