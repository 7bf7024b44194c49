"""Guesses at the smallest change of a row's cells after which a clause would count it. Measuring decides which are right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from math import floor
from typing import Literal

from attrs import frozen

from sibdsl import dates, money
from sibdsl.diagnostics import NotGiven
from sibdsl.measure.rows_of_a_person import DATE_OF_RESULT, Known, LookedAt
from sibdsl.model.business_days import complete
from sibdsl.model.earlier_texts import name_of
from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    AnyResult,
    Arithmetic,
    Blank,
    Both,
    Cohort,
    Column,
    Compare,
    Comparison,
    Condition,
    Contract,
    DateMoved,
    Either,
    Given,
    InPeriod,
    JoinedColumn,
    JoiningDate,
    Metric,
    MetricColumn,
    Not,
    PeopleReaching,
    Records,
    ResultDate,
    Value,
    WholeYears,
    WindowEnd,
)
from sibdsl.model.nodes import (
    Looked as LookedUp,
)
from sibdsl.model.types import NUMERIC, Kind
from sibdsl.settle.payments import Payments

_DAY = timedelta(days=1)
_TURNED: dict[Comparison, Comparison] = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DENIED: dict[Comparison, tuple[Comparison, ...]] = {
    "=": ("<", ">"),
    "<": (">=",),
    "<=": (">",),
    ">": ("<=",),
    ">=": ("<",),
}


@frozen
class Change:
    """One cell that would hold something else. `moved` is by how many days a date moves, 1 for any other cell."""

    column: str
    kind: str
    before: str
    after: str

    @property
    def moved(self) -> int:
        first, second = day_of(self.before), day_of(self.after)
        if self.kind == "date" and first is not None and second is not None:
            return (second - first).days
        return 1


Ways = list[tuple[Change, ...]]


def day_of(text: str) -> date | None:
    """The day that a cell holds, or None."""
    try:
        return dates.parse(text)
    except ValueError:
        return None


@frozen
class _Row:
    """A row under test: its table and cells, and what conditions may read besides."""

    run: Payments
    clause: Cohort | Metric
    table: Records
    cells: Mapping[str, str]
    read: Mapping[str, Mapping[str, Known]]

    @property
    def contract(self) -> Contract:
        return self.run.contract


def clauses(contract: Contract) -> tuple[Cohort | Metric, ...]:
    """Every clause that looks at rows."""
    return (*contract.cohorts, *contract.metrics)


def clause_of(contract: Contract, looked: LookedAt) -> Cohort | Metric:
    """The clause that looked at a row, in the text by which it did."""
    clause = next(
        contract_clause for contract_clause in clauses(contract) if contract_clause.name == looked.clause
    )
    before: tuple[tuple[Cohort | Metric, date], ...] = (
        tuple((text.metric, text.last) for text in clause.earlier)
        if isinstance(clause, Metric)
        else tuple((text.cohort, text.last) for text in clause.earlier)
    )
    return next((text for text, last in before if name_of(clause.name, last) == looked.text), clause)


def candidates(
    run: Payments, read: Mapping[str, Mapping[str, Known]], cells: Mapping[str, str], looked: LookedAt
) -> Ways:
    """Ways to change the cells of a row so that the clause might count it; none where no change of them could."""
    contract = run.contract
    clause = clause_of(contract, looked)
    table = next(record for record in contract.records if record.name == clause.records)
    row = _Row(run, clause, table, cells, read)
    if looked.check is None:
        ways = _more(row, looked) if looked.so_far is not None else _longer(row, looked)
    elif looked.check.kind in ("late evidence", "no evidence"):
        ways = _evidenced(row, looked)
    elif looked.check.kind in ("claim rejected", "disputed", "not accepted"):
        ways = _accepted(row, looked)
    elif looked.check.kind == "new entrant":
        ways = _set(row, looked.check.column, contract.new_entrants_last)
    elif looked.check.kind in ("condition", "no result") and looked.check.condition is not None:
        ways = _met(row, looked.check.condition)
    else:
        ways = []
    ways += [more for way in ways for more in _with_end(row, way)]
    return _different(ways)


def _different(ways: Ways) -> Ways:
    """Each way once, without those that change nothing or give one cell two values."""
    found: Ways = []
    for way in ways:
        real = tuple(change for change in dict.fromkeys(way) if change.before != change.after)
        if real and len({change.column for change in real}) == len(real) and real not in found:
            found.append(real)
    return found


def _set(row: _Row, column: str, value: date | Fraction | str) -> Ways:
    """The change of one column to a value, if a cell can be written so."""
    found = row.table.column(column)
    if found is None or found.formula is not None:
        return []
    if isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, Fraction):
        scaled = value * 100 if found.kind == "percentage" else value
        text = money.number(scaled) + ("%" if found.kind == "percentage" else "")
        if "/" in text:
            return []
    else:
        text = value
    return [(Change(column, found.kind, row.cells[column], text),)]


# ------------------------------------------------------------------ holdings


def _longer(row: _Row, looked: LookedAt) -> Ways:
    """A spell that lasts until the holding is complete, and begins when it should."""
    metric, spell = row.clause, row.table.spell
    if not isinstance(metric, Metric) or metric.held is None or spell is None:
        return []
    if looked.lasted or looked.reached is None or looked.reached > row.run.as_of:
        return []
    ends = [way for day in (looked.reached - _DAY, looked.reached) for way in _set(row, spell.end, day)]
    start = day_of(row.cells[metric.held.start])
    starts = _set(row, spell.start, start) if start and metric.held.start != spell.start else []
    return [*ends, *starts, *(a + b for a, b in product(ends, starts))]


def _more(row: _Row, looked: LookedAt) -> Ways:
    """A row with as much more as is missing of an amount to be reached."""
    metric = row.clause
    if (
        not isinstance(metric, Metric)
        or not isinstance(metric.counts, PeopleReaching)
        or looked.so_far is None
    ):
        return []
    wanted, column = _value(row, metric.counts.amount), row.table.column(metric.counts.column)
    held = _cell(row.cells[metric.counts.column], column.kind) if column else None
    if not isinstance(wanted, Fraction) or not isinstance(held, Fraction) or looked.reached is not None:
        return []
    return _set(row, metric.counts.column, held + wanted - looked.so_far)


def _evidenced(row: _Row, looked: LookedAt) -> Ways:
    """The row evidenced on the last day for it, or by the as-of date where that is the earlier."""
    evidence = row.clause.evidence if isinstance(row.clause, Metric) else None
    if evidence is None or looked.day is None:
        return []
    try:
        ends = complete(row.contract, looked.day, evidence.within)
    except OverflowError:
        ends = row.run.as_of
    return _set(row, evidence.column, min(ends, row.run.as_of)) if ends is not None else []


def _accepted(row: _Row, looked: LookedAt) -> Ways:
    """The row accepted by the as-of date, or not rejected, or evidenced so early that silence accepts it."""
    evidence = row.clause.evidence if isinstance(row.clause, Metric) else None
    if evidence is None or looked.check is None:
        return []
    ways = _set(row, evidence.accepted, row.run.as_of) if evidence.accepted else []
    if looked.check.kind == "claim rejected":
        return [*_set(row, evidence.rejected, ""), *ways]
    if looked.check.kind == "disputed":
        return [*ways, *_set(row, evidence.disputed, "")]
    sooner = _answerable(row, evidence.deemed) if evidence.deemed else None
    return [*ways, *(_set(row, evidence.column, sooner) if sooner else [])]


def _answerable(row: _Row, length: dates.Duration) -> date | None:
    """The last day from which a length of time is complete by the as-of date; None where there is none that is known."""
    if length.unit != "business day":
        return _by(row.run.as_of, "before", length)
    for back in range(1, min(2 * length.number + 30, row.run.as_of.toordinal())):
        day = row.run.as_of - timedelta(days=back)
        ends = complete(row.contract, day, length)
        if ends is not None and ends <= row.run.as_of:
            return day
    return None


def _with_end(row: _Row, way: tuple[Change, ...]) -> Ways:
    """The same with the end of the spell moved as its start is, so that the row does not end before it begins."""
    spell = row.table.spell
    if spell is None:
        return []
    end = day_of(row.cells.get(spell.end, ""))
    for change in way:
        if change.column == spell.start and end is not None and change.kind == "date":
            try:
                return [way + more for more in _set(row, spell.end, end + timedelta(days=change.moved))]
            except OverflowError:
                return []
    return []


# ------------------------------------------------------------------ conditions


def _met(row: _Row, test: Condition) -> Ways:
    """Ways to make a condition hold."""
    match test:
        case Compare(left=left, op=op, right=right):
            return [
                *_beside(row, left, op, _value(row, right)),
                *_beside(row, right, _TURNED[op], _value(row, left)),
            ]
        case Blank(value=value):
            return _set(row, value.name, "")
        case AnyDay() | AnyResult():
            return []  # it is about other rows
        case InPeriod(value=value, period=period):
            days = row.contract.service if period == "service period" else row.contract.payment_period
            return [*_beside(row, value, "=", days.start), *_beside(row, value, "=", days.last)]
        case Both(tests=tests):
            by_test = [_met(row, amount) for amount in tests]
            alone = [way for ways in by_test for way in ways]
            together = (
                [sum(ways, ()) for ways in product(*(ways for ways in by_test if ways))] if alone else []
            )
            return [*alone, *together[:8]]
        case Either(tests=tests):
            return [way for amount in tests for way in _met(row, amount)]
        case Not(test=inner):
            return _unmet(row, inner)


def _unmet(row: _Row, test: Condition) -> Ways:
    """Ways to make a condition not hold."""
    match test:
        case Compare(left=left, op="=", right=right) if left.kind not in NUMERIC and left.kind != "date":
            return _another(row, left, _value(row, right))
        case Compare(left=left, op=op, right=right):
            return [way for other in _DENIED[op] for way in _met(row, Compare(left, other, right))]
        case Blank() | AnyDay() | AnyResult():
            return []
        case InPeriod(value=value, period=period):
            days = row.contract.service if period == "service period" else row.contract.payment_period
            return [*_beside(row, value, "<", days.start), *_beside(row, value, ">", days.last)]
        case Both(tests=tests):
            return [way for amount in tests for way in _unmet(row, amount)]
        case Either(tests=tests):
            return _met(row, Both(tuple(Not(amount) for amount in tests)))
        case Not(test=inner):
            return _met(row, inner)


def _another(row: _Row, amount: Amount, value: Known) -> Ways:
    """Another of the values that a yes or no, or a category, can hold."""
    if not isinstance(amount, Column):
        return []
    column = row.table.column(amount.name)
    options: Iterable[str] = () if column is None else column.categories
    if amount.kind == "yes or no":
        options = ("yes", "no")
    return [way for option in options if option != value for way in _set(row, amount.name, option)]


def _beside(row: _Row, amount: Amount, op: Comparison, bound: Known) -> Ways:
    """The column at a bound, or as little beyond it as its kind allows."""
    if bound is None:
        return []
    worked_out = row.table.column(amount.name) if isinstance(amount, Column) else None
    formula = amount if worked_out is None else worked_out.formula
    if isinstance(formula, WholeYears) and isinstance(bound, Fraction):
        return _aged(row, formula, op, bound)
    if isinstance(formula, DateMoved):
        back: Literal["after", "before"] = "before" if formula.way == "after" else "after"
        start = _by(bound, back, formula.duration)
        return [] if start is None else _beside(row, formula.start, op, start)
    if isinstance(amount, JoiningDate) and isinstance(row.clause, Cohort):
        name = row.clause.joins_on
    elif isinstance(amount, Column):
        name = amount.name
    else:
        return []
    try:
        return _set(row, name, stepped(amount.kind, row.contract.currency, op, bound))
    except OverflowError:
        return []


def _aged(row: _Row, years: WholeYears, op: Comparison, bound: Fraction) -> Ways:
    """Either date moved so that the years between are at the bound, or as little beyond it as they can be."""
    start, end = _value(row, years.start), _value(row, years.end)
    if not isinstance(start, date) or not isinstance(end, date):
        return []
    number = floor(bound) + (op == ">") - (op == "<" and bound.denominator == 1)
    found: Ways = []
    try:
        if op in ("=", ">", ">="):
            found += _moved(row, years.start, dates.add_months(end, -12 * number))
            found += _moved(row, years.end, dates.add_months(start, 12 * number))
        if op in ("=", "<", "<="):
            found += _moved(row, years.start, dates.add_months(end, -12 * (number + 1)) + _DAY)
            found += _moved(row, years.end, dates.add_months(start, 12 * (number + 1)) - _DAY)
    except (OverflowError, ValueError):
        return []
    return found


def _window_end(row: _Row) -> date | None:
    """The last day of the member's window."""
    metric = row.clause
    if not isinstance(metric, Metric) or metric.window is None:
        return None
    first = row.read.get(_joined(row, metric)[1], {}).get(metric.window.start)
    done = _by(first, "after", metric.window.duration)
    return None if done is None else done - _DAY


def _joined(row: _Row, metric: Metric) -> tuple[Known, str]:
    """When the person joined, and which of the metric's cohorts: the one they joined first."""
    found: list[tuple[date, int, str]] = []
    for at, name in enumerate(metric.among):
        cohort = next(
            contract_cohort for contract_cohort in row.contract.cohorts if contract_cohort.name == name
        )
        day = row.read.get(name, {}).get(cohort.joins_on)
        if isinstance(day, date):
            found.append((day, at, name))
    return (min(found)[0], min(found)[2]) if found else (None, "")


def _by(day: Known, way: str, duration: dates.Duration) -> date | None:
    """A date moved by a length of time, None where there is none."""
    if not isinstance(day, date):
        return None
    try:
        return duration.after(day) if way == "after" else duration.before(day)
    except OverflowError:
        return None


def _moved(row: _Row, side: Amount, day: date) -> Ways:
    return _set(row, side.name, day) if isinstance(side, Column) else []


def stepped(kind: Kind, code: str, op: Comparison, bound: date | Fraction | str) -> date | Fraction | str:
    """The bound, or as little beyond it as there can be: a day, one, the minor unit of the currency, or a hundredth."""
    sign = {"<": -1, ">": 1}.get(op, 0)
    if isinstance(bound, date):
        return bound + sign * _DAY
    if isinstance(bound, Fraction):
        match kind:
            case "count" | "days":
                step = Fraction(1)
            case "money":
                step = money.currency(code).minor_unit
            case _:
                step = Fraction(1, 100)
        return bound + sign * step
    return bound


def _value(row: _Row, amount: Amount) -> Known:
    """What an amount is worth beside this row; None where it has no value or cannot be told."""
    match amount:
        case Column(name=name, kind=kind):
            column = row.table.column(name)
            if column is not None and column.formula is not None:
                return _value(row, column.formula)
            return _cell(row.cells.get(name, ""), kind)
        case WholeYears(start=start, end=end):
            first, last = _value(row, start), _value(row, end)
            if not isinstance(first, date) or not isinstance(last, date):
                return None
            years = dates.whole_years(first, last, on_1_march=row.contract.leap_day == "1 March")
            return None if years is None else Fraction(years)
        case WindowEnd():
            return _window_end(row)
        case DateMoved(start=start, way=way, duration=duration):
            born, moved = _value(row, start), _by(_value(row, start), way, duration)
            if (
                isinstance(born, date)
                and moved is not None
                and (way, duration.unit, row.contract.leap_day) == ("after", "year", "1 March")
            ):
                return dates.birthday(born, duration.number, on_1_march=True)
            return moved
        case LookedUp(table=table, column=column_name, key=key):
            printed = next(lookup for lookup in row.contract.lookups if lookup.name == table).values(
                column_name
            )
            at = _value(row, key)
            return next((held.value for value, held in printed if value.value == at), None)
        case MetricColumn(metric=holder, name=name) | JoinedColumn(cohort=holder, name=name):
            return row.read.get(holder, {}).get(name)
        case ResultDate(metric=metric):
            return row.read.get(metric, {}).get(DATE_OF_RESULT)
        case JoiningDate():
            if isinstance(row.clause, Cohort):
                return day_of(row.cells.get(row.clause.joins_on, ""))
            return _joined(row, row.clause)[0]
        case Value() | Given():
            try:
                day = row.run.settings.value(amount)
            except NotGiven:
                return None
            return day_of(day) if amount.kind == "date" and isinstance(day, str) else day
        case Arithmetic(op=op, left=left, right=right):
            return _sum(op, _value(row, left), _value(row, right))
        case _:
            return None


def _sum(op: str, left: Known, right: Known) -> Fraction | None:
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return None
    match op:
        case "plus":
            return left + right
        case "minus":
            return left - right
        case "divided by":
            return left / right if right else None
        case _:
            return left * right


def _cell(text: str, kind: str) -> Known:
    if kind == "date":
        return day_of(text)
    if kind in NUMERIC:
        try:
            number = money.parse(text.removesuffix("%"))
        except (ValueError, ArithmeticError):
            return None
        return number / 100 if kind == "percentage" else number
    return text or None


_READ = Column | MetricColumn | JoinedColumn | ResultDate | JoiningDate | WindowEnd | Given


def values_read(
    run: Payments,
    read: Mapping[str, Mapping[str, Known]],
    cells: Mapping[str, str],
    clause: Cohort | Metric,
    amounts: Iterable[Amount],
) -> list[tuple[Amount, Known]]:
    """What each amount that is no fixed value was worth beside the row, for telling why a condition was not met."""
    table = next(record for record in run.contract.records if record.name == clause.records)
    row = _Row(run, clause, table, cells, read)
    found: list[tuple[Amount, Known]] = []
    for amount in amounts:
        if isinstance(amount, _READ) and all(amount != other for other, _ in found):
            found.append((amount, _value(row, amount)))
    return found
