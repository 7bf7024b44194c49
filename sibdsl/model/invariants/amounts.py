"""Amounts, conditions and selections of payments: that they speak of what there is, in the right units."""

from __future__ import annotations

from sibdsl.model import nodes
from sibdsl.model.invariants.names import Broken, Names, column_is, kind_holds, known, true
from sibdsl.model.nodes import Amount, Condition, Selection
from sibdsl.model.types import NUMERIC, Kind


def _row_picked(names: Names, metric: str, where: str) -> nodes.Records:
    """The records of the row that a metric picked. Raises Broken for a metric that picks none."""
    picked = names.metrics[metric]
    if not isinstance(picked, nodes.Metric):
        raise Broken(f"{where} reads a row of {metric}, which has none")
    return names.records[picked.records]


def amount_holds(
    names: Names,
    amount: Amount,
    where: str,
    *kinds: str,
    row: nodes.Records | None = None,
    joins: bool = False,
) -> None:
    """An amount of one of the kinds. With `row`, it may read that table's columns; with `joins`, who joined when."""
    true(not kinds or amount.kind in kinds, f"{where} takes {' or '.join(kinds)} and holds {amount.kind}")
    match amount:
        case nodes.Value():
            kind_holds(amount.kind, amount.value, where)
        case nodes.Given():
            known(amount.name, names.values, where, "particular or assumption")
            given = names.values[amount.name]
            true(given.kind == amount.kind, f"{where} takes {amount.name} for {amount.kind}")
            one = not isinstance(given, nodes.Particular) or not given.per
            true(one, f"{where} takes {amount.name} for one value")
        case nodes.Arithmetic():
            for side in (amount.left, amount.right):
                amount_holds(names, side, where, *NUMERIC, row=row, joins=joins)
            true(amount.kind in NUMERIC, f"{where} works out {amount.kind}")
            true(amount.op in ("plus", "minus", "times", "divided by"), f"{where} does a sum by {amount.op}")
        case nodes.Column():
            true(row, f"{where} reads column {amount.name} where there is no row")
            if row:
                true(row.name == amount.records, f"{where} reads {amount.records} in a row of {row.name}")
                column_is(row, amount.name, where, amount.kind)
        case nodes.PersonColumn():
            _of_person_holds(names, amount, row, where)
        case nodes.MetricColumn() | nodes.ResultDate() | nodes.JoinedColumn():
            true(joins, f"{where} reads another row of a person where there is none")
            _picked_holds(names, amount, where)
        case nodes.JoiningDate() | nodes.WindowEnd():
            true(joins and amount.kind == "date", f"{where} reads a date of nobody")
        case nodes.WholeYears() | nodes.TimeBetween() | nodes.DateMoved():
            _time_holds(names, amount, where, row=row, joins=joins)
        case nodes.Looked():
            known(amount.table, names.lookups, where, "table")
            table = names.lookups[amount.table]
            column = table.column(amount.column)
            true(column, f"{where} reads {amount.column} of table {table.name}, which has no such column")
            true(
                column and column.kind == amount.kind,
                f"{where} takes {amount.column} of {table.name} for {amount.kind}",
            )
            _key_holds(names, amount.key, table.columns[0].kind, where, row=row, joins=joins)
            if amount.holds is not None:
                key = amount.key.value if isinstance(amount.key, nodes.Value) else None
                printed = [held.value for at, held in table.values(amount.column) if at.value == key]
                true(printed == [amount.holds], f"{where} reads {amount.holds} where {table.name} has none")
        case nodes.GivenFor():
            keyed = names.values.get(amount.name)
            true(
                isinstance(keyed, nodes.Particular) and keyed.per and keyed.kind == amount.kind,
                f"{where} reads {amount.name} at a key, and it holds no {amount.kind} for each of something",
            )
            amount_holds(names, amount.key, where, row=row, joins=joins)
        case (
            nodes.Stepped()
            | nodes.Interpolated()
            | nodes.Extreme()
            | nodes.FirstGiven()
            | nodes.RoundedAmount()
        ):
            _pieces_hold(names, amount, where, row=row, joins=joins)
        case nodes.Paid():
            true(row is None and amount.kind == "money", f"{where} counts payments in a row")
            selection_holds(names, amount.selection, where)
        case nodes.MetricTotal():
            true(row is None, f"{where} counts a metric in a row")
            in_band(names, amount.metric, amount.band, where, whole=True)
            measured = names.metrics[amount.metric].measures
            true(amount.kind == measured, f"{where} takes {amount.metric} for {amount.kind}")
        case nodes.Working():
            known(amount.name, names.steps, where, "step of workings")
            true(names.steps[amount.name] == amount.kind, f"{where} takes {amount.name} for {amount.kind}")


def _of_person_holds(names: Names, amount: nodes.PersonColumn, row: nodes.Records | None, where: str) -> None:
    """A column of another table, which has one row for a person."""
    known(amount.records, names.records, where, "table of records")
    held = names.records[amount.records]
    people = tuple(column.name for column in held.columns if column.kind == "person")
    true(row and row.name != amount.records, f"{where} reads its own table {amount.records} by person")
    true(
        held.key and held.key == people[:1],
        f"{where} reads {amount.records}, of which a person may have several rows",
    )
    column_is(held, amount.name, where, amount.kind)


def _picked_holds(
    names: Names, amount: nodes.MetricColumn | nodes.ResultDate | nodes.JoinedColumn, where: str
) -> None:
    """The row that a metric picked, the date of its result, or the row by which the person joined a cohort."""
    if isinstance(amount, nodes.JoinedColumn):
        known(amount.cohort, names.cohorts, where, "cohort")
        column_is(names.records[names.cohorts[amount.cohort].records], amount.name, where, amount.kind)
        return
    known(amount.metric, names.metrics, where, "metric")
    picked = _row_picked(names, amount.metric, where)
    if isinstance(amount, nodes.MetricColumn):
        column_is(picked, amount.name, where, amount.kind)


def _time_holds(
    names: Names,
    amount: nodes.WholeYears | nodes.TimeBetween | nodes.DateMoved,
    where: str,
    *,
    row: nodes.Records | None,
    joins: bool,
) -> None:
    """A time from one date to another, or a date moved by some time."""
    match amount:
        case nodes.DateMoved(start=start, kind=kind, duration=duration):
            amount_holds(names, start, where, "date", row=row, joins=joins)
            true(kind == "date", f"{where} moves a date to {kind}")
            true(duration.number > 0, f"{where} moves a date by no time")
        case (
            nodes.WholeYears(start=start, end=end, kind=kind)
            | nodes.TimeBetween(start=start, end=end, kind=kind)
        ):
            for side in (start, end):
                amount_holds(names, side, where, "date", row=row, joins=joins)
            days = isinstance(amount, nodes.TimeBetween) and amount.counted == "days"
            true(kind == ("days" if days else "count"), f"{where} counts a time as {kind}")


def _pieces_hold(
    names: Names,
    amount: nodes.Stepped | nodes.Interpolated | nodes.Extreme | nodes.FirstGiven | nodes.RoundedAmount,
    where: str,
    *,
    row: nodes.Records | None,
    joins: bool,
) -> None:
    """An amount in pieces: steps, a line between points, or the lowest or highest of some."""
    match amount:
        case nodes.Stepped(by=by, rows=rows):
            amount_holds(names, by, where, *NUMERIC)
            true(rows, f"{where} has no steps")
            for step in rows:
                amount_holds(names, step.amount, where, amount.kind)
        case nodes.Interpolated(by=by, points=points):
            amount_holds(names, by, where, *NUMERIC)
            true(len(points) > 1, f"{where} has no line between points")
            for point in points:
                amount_holds(names, point.amount, where, amount.kind)
        case nodes.RoundedAmount(amount=inner, grain=grain, kind=kind):
            true(kind in NUMERIC, f"{where} rounds what is no number")
            true(grain > 0, f"{where} rounds to nothing")
            amount_holds(names, inner, where, kind, row=row, joins=joins)
        case nodes.Extreme(parts=parts, kind=kind) | nodes.FirstGiven(parts=parts, kind=kind):
            true(parts, f"{where} chooses among nothing")
            true(kind in NUMERIC or row, f"{where} chooses among dates where there is no row")
            for part in parts:
                amount_holds(
                    names, part, where, *(NUMERIC if kind in NUMERIC else (kind,)), row=row, joins=joins
                )


def _key_holds(
    names: Names, key: Amount, kind: Kind, where: str, *, row: nodes.Records | None, joins: bool
) -> None:
    """A key of the kind that a table's first column holds."""
    amount_holds(names, key, where, row=row, joins=joins)
    alike = key.kind == kind or {key.kind, kind} <= NUMERIC or "text" in (key.kind, kind)
    true(alike, f"{where} looks for {key.kind} among keys that are {kind}")


def condition_holds(
    names: Names, condition: Condition, where: str, row: nodes.Records | None = None, *, joins: bool = False
) -> None:
    """A condition whose amounts hold, in a row of `row` where one is under test."""
    match condition:
        case nodes.Compare():
            for side in (condition.left, condition.right):
                amount_holds(names, side, where, row=row, joins=joins)
        case nodes.Blank():
            amount_holds(names, condition.value, where, row=row, joins=joins)
        case nodes.InPeriod():
            amount_holds(names, condition.value, where, "date", row=row, joins=joins)
        case nodes.AnyDay():
            known(condition.records, names.records, where, "records")
            true(names.records[condition.records].spell, f"{where} asks for days of what has none")
            amount_holds(names, condition.end, where, "date", row=row, joins=joins)
        case nodes.AnyResult():
            true(joins, f"{where} asks for results of {condition.metric} where there is nobody")
            known(condition.metric, names.metrics, where, "metric")
            _row_picked(names, condition.metric, where)
            amount_holds(names, condition.day, where, "date", row=row, joins=joins)
        case nodes.Both() | nodes.Either():
            true(condition.tests, f"{where} tests nothing")
            for test in condition.tests:
                condition_holds(names, test, where, row, joins=joins)
        case nodes.Not():
            condition_holds(names, condition.test, where, row, joins=joins)


def selection_holds(names: Names, chosen: Selection, where: str) -> None:
    """A selection that names what there is."""
    for name in (*chosen.payers, *chosen.payees):
        known(name, names.parties, where, "party")
    for name in chosen.metrics:
        known(name, names.metrics, where, "metric")
    for name in chosen.payments:
        known(name, names.payments.keys() | names.blocks, where, "payment")
    for kind in chosen.metric_kinds:
        true(kind in ("input", "output", "outcome"), f"{where} chooses metrics that are {kind}")
    for day in (chosen.earned_to, chosen.earned_from):
        if day is not None:
            amount_holds(names, day, where, "date")


def in_band(names: Names, metric: str, band: str, where: str, *, whole: bool) -> None:
    """A metric and one of its bands; '' is all of them where `whole` allows it, else that it has none."""
    known(metric, names.metrics, where, "metric")
    bands = names.bands.get(names.metrics[metric].bands)
    if band or (bands and not whole):
        known(band, {one.name for one in bands.bands} if bands else (), f"{where}, {metric}", "band")
