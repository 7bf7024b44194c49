"""A slow, row-by-row reading of the contract model: what the engine's answers are compared with.

It shares nothing with the package's measuring but the model itself, and says each rule in the plainest way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

from attrs import define, evolve, field, frozen

from sibdsl.dates import Duration, parse_duration
from sibdsl.diagnostics import same
from sibdsl.model.bands_in_force import bands_in_force
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
    Condition,
    Contract,
    DateMoved,
    Either,
    FirstGiven,
    Given,
    GivenFor,
    Held,
    InPeriod,
    JoinedColumn,
    JoiningDate,
    Looked,
    Metric,
    MetricColumn,
    Not,
    PeopleReaching,
    RecordColumn,
    Records,
    ResultDate,
    Value,
    WholeYears,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import segments, stated
from tests.measure.reference_cells import Plain, Unreadable, read

Cells = tuple[str, ...]

DAY = timedelta(days=1)


@frozen
class Part:
    """One file of a table: what it is called, its headings, its rows as they stand in it."""

    shown: str
    headings: Cells
    rows: tuple[Cells, ...]


@define
class Row:
    """A row that was read: its cells by heading, what they stand for, and what became of it."""

    part: Part
    number: int
    cells: dict[tuple[str, int], str]
    values: dict[str, Plain] = field(factory=dict)
    status: str = ""
    of_row: str = ""
    fails: list[bool] = field(factory=list)


@frozen
class Result:
    """One result of a metric: the row that earned it, when, and in which band; None where no band holds it."""

    person: str
    day: date
    band: str | None
    row: Row = field(eq=False)


@define
class Answer:
    """What the records come to."""

    quantities: list[tuple[Any, str, str, int]]
    claims: list[tuple[date, str, str, str, date]]
    statuses: list[tuple[str, str, int, str, str]]


# ------------------------------------------------------------------ conditions: True, False, or None for want of a value


@frozen
class Here:
    """What a condition may speak of: the row, the joining date of its person, and the first results of metrics."""

    contract: Contract
    settings: Settings
    row: Row
    joined: date | None
    firsts: Mapping[str, Mapping[str, Result]]
    person: str
    rows: Mapping[str, Sequence[Row]] = field(factory=dict, repr=False)
    as_of: date = date.max
    #: All results of each metric, whatever limits them for each person.
    every: Mapping[str, Sequence[Result]] = field(factory=dict, repr=False)
    #: Of each cohort the row by which each person joined.
    members: Mapping[str, Mapping[str, Result]] = field(factory=dict, repr=False)


def days_asked(test: AnyDay | AnyResult, day: date) -> tuple[date, date]:
    """The first and the last day of the time about which a test asks. The date itself is in neither time."""
    if test.way == "before":
        return moved(day, -test.duration.number, test.duration.unit), day - DAY
    return moved(day, 1, "day"), moved(day, test.duration.number, test.duration.unit)


def any_result(test: AnyResult, here: Here) -> bool | None:
    """Whether the metric has a result of the person in the time; None where there is none and more may come."""
    day = value(test.day, here)
    if day is None:
        return None
    assert isinstance(day, date)
    first, last = days_asked(test, day)
    if any(one.person == here.person and first <= one.day <= last for one in here.every[test.metric]):
        return True
    return None if last >= here.as_of or last > here.contract.payment_period.last else False


def any_day(test: AnyDay, here: Here) -> bool | None:
    """Whether another row of the person has a day in the time, a row at a time; None where there is none and more may come.

    Under edition 1 of the language it is never None of the time before a date.
    """
    day = value(test.end, here)
    as_it_stands = here.contract.edition == 1 and test.way == "before"
    if day is None:
        return False if as_it_stands else None
    assert isinstance(day, date)
    table = next(one for one in here.contract.records if one.name == test.records)
    assert table.spell
    first, last = days_asked(test, day)
    for row in here.rows[test.records]:
        if row.status or row is here.row or row.values[Evaluation.person_column(table)] != here.person:
            continue
        known = row.values.get(table.known_on) if table.known_on else None
        start, end = row.values[table.spell.start], row.values[table.spell.end]
        if start is None or (end is None and not table.spell.open_while_blank):
            continue
        assert isinstance(start, date)
        if start > here.as_of or (isinstance(known, date) and known > here.as_of):
            continue
        assert end is None or isinstance(end, date)
        final = here.as_of if end is None else end if table.spell.last_included else end - DAY
        if start <= final and start <= last and min(final, here.as_of) >= first:
            return True
    return None if last >= here.as_of and not as_it_stands else False


def value(amount: Amount, here: Here) -> Plain:
    match amount:
        case Value() | Given():
            return here.settings.value(amount)
        case Column(name=name):
            return here.row.values.get(name)
        case MetricColumn(metric=metric, name=name):
            result = here.firsts[metric].get(here.person)
            return result.row.values.get(name) if result else None
        case ResultDate(metric=metric):
            result = here.firsts[metric].get(here.person)
            return result.day if result else None
        case JoinedColumn(cohort=cohort, name=name):
            member = here.members[cohort].get(here.person)
            return member.row.values.get(name) if member else None
        case JoiningDate():
            return here.joined
        case Arithmetic(op=op, left=left, right=right):
            return combine(op, value(left, here), value(right, here))
        case FirstGiven(parts=parts):
            found = (value(part, here) for part in parts)
            return next((one for one in found if one is not None), None)
        case WholeYears(start=start, end=end):
            return whole_years(value(start, here), value(end, here))
        case DateMoved(start=start, way=way, duration=duration):
            day = value(start, here)
            assert day is None or isinstance(day, date)
            number = duration.number if way == "after" else -duration.number
            return None if day is None else moved(day, number, duration.unit)
        case Looked(table=table, column=name, key=key):
            printed = next(one for one in here.contract.lookups if one.name == table)
            at = [one.name for one in printed.columns].index(name)
            wanted = value(key, here)
            cells = (row.cells for row in printed.rows if row.cells[0] and row.cells[0].value == wanted)
            held = next((one[at] for one in cells), None)
            return held.value if held else None
        case GivenFor(name=name, key=key):
            wanted = value(key, here)
            text = str(wanted) if isinstance(wanted, Fraction) else wanted
            return next((number for one, number in here.settings.keyed(name) if one == text), None)
    raise AssertionError(amount)


def moved(day: date, number: int, unit: str) -> date:
    """A date so many days, weeks, months or years away; the last of a month that has no such day, or of the calendar."""
    if unit in ("day", "week"):
        return date.fromordinal(
            min(day.toordinal() + number * (7 if unit == "week" else 1), date.max.toordinal())
        )
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1)
    if months // 12 > date.max.year:
        return date.max
    for last in (day.day, 30, 29, 28):
        try:
            return date(months // 12, months % 12 + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day, number, unit)


def whole_years(start: Plain, end: Plain) -> Fraction | None:
    """Birthdays from the first day to the second; one on 29 February comes on 28 February in other years."""
    if not isinstance(start, date) or not isinstance(end, date) or end < start:
        return None
    birthday = (start.month, start.day)
    if birthday == (2, 29) and (end.year % 4 or (end.year % 100 == 0 and end.year % 400)):
        birthday = (2, 28)
    return Fraction(end.year - start.year - ((end.month, end.day) < birthday))


def combine(op: str, left: Plain, right: Plain) -> Plain:
    if left is None or right is None:
        return None
    assert isinstance(left, Fraction)
    assert isinstance(right, Fraction)
    if op == "divided by":
        return left / right if right else None
    return {"plus": left + right, "minus": left - right, "times": left * right}[op]


def holds(condition: Condition, here: Here) -> bool | None:
    match condition:
        case Compare(left=left, op=op, right=right):
            one, other = value(left, here), value(right, here)
            if one is None or other is None:
                return None
            order = compare(one, other)
            return {"=": order == 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[op]
        case Blank(value=column):
            return here.row.values.get(column.name) is None
        case InPeriod(value=amount, period=period):
            day = value(amount, here)
            if day is None:
                return None
            assert isinstance(day, date)
            contract = here.contract
            return day in (contract.service if period == "service period" else contract.payment_period)
        case AnyDay():
            return any_day(condition, here)
        case AnyResult():
            return any_result(condition, here)
        case Both(tests=tests):
            found = [holds(test, here) for test in tests]
            return False if False in found else (None if None in found else True)
        case Either(tests=tests):
            found = [holds(test, here) for test in tests]
            return True if True in found else (None if None in found else False)
        case Not(test=test):
            inner = holds(test, here)
            return None if inner is None else not inner


def tests_within(conditions: Iterable[Condition]) -> Iterable[Condition]:
    """Every test of the conditions, in whatever brackets."""
    for condition in conditions:
        match condition:
            case Both(tests=tests) | Either(tests=tests):
                yield from tests_within(tests)
            case Not(test=test):
                yield from tests_within((test,))
            case _:
                yield condition


def compare(one: Plain, other: Plain) -> int:
    """Order of two values of one kind; a blank comes after all others."""
    if one is None or other is None:
        return (one is None) - (other is None)
    return (one > other) - (one < other)  # type: ignore[operator]


# ------------------------------------------------------------------ the whole


class Evaluation:
    """One evaluation of a contract over tables."""

    def __init__(
        self, contract: Contract, settings: Settings, tables: Mapping[str, Sequence[Part]], as_of: date
    ) -> None:
        self.contract, self.settings, self.as_of = contract, settings, as_of
        self.records = {table.name: table for table in contract.records}
        self.bands = bands_in_force(contract, settings)
        self.needed = {table.name: self.columns_needed(table) for table in contract.records}
        self.rows = {
            name: self.read_table(table, tables.get(name, ())) for name, table in self.records.items()
        }
        self.joined: dict[str, dict[str, Result]] = {}
        self.results: dict[str, list[Result]] = {}
        self.firsts: dict[str, dict[str, Result]] = {}
        self.every: dict[str, list[Result]] = {}
        waiting = list(contract.metrics)
        for cohort in contract.cohorts:
            self.cohort(cohort)
        while waiting:
            ready = [one for one in waiting if self.metrics_of(self.parts(one)) <= set(self.results)]
            assert ready
            for one in ready:
                self.metric(one)
            waiting = [one for one in waiting if one not in ready]
        for block in contract.routes:
            ways = [route.metrics for route in block.routes]
            if block.choice == "first listed":
                self.first_way(ways)
            else:
                self.one_route(ways)

    def first_way(self, ways: list[tuple[str, ...]]) -> None:
        """Keep of each person only the results of the first way in which they have any."""
        settled: set[str] = set()
        for way in ways:
            for name in way:
                self.results[name] = [one for one in self.results[name] if one.person not in settled]
            settled |= {one.person for name in way for one in self.results[name]}

    def one_route(self, ways: list[tuple[str, ...]]) -> None:
        """Keep of each person only the results of the way in which the earliest of them lies."""
        firsts: dict[str, tuple[date, int]] = {}
        for at, way in enumerate(ways):
            for one in (one for name in way for one in self.results[name]):
                firsts[one.person] = min(firsts.get(one.person, (one.day, at)), (one.day, at))
        for at, way in enumerate(ways):
            for name in way:
                self.results[name] = [one for one in self.results[name] if firsts[one.person][1] == at]

    # -------------------------------------------------------------- what is read

    def amounts(self, conditions: Iterable[Condition]) -> Iterable[Amount]:
        for condition in conditions:
            match condition:
                case Compare(left=left, right=right):
                    yield from self.leaves(left)
                    yield from self.leaves(right)
                case Blank(value=inner) | InPeriod(value=inner) | AnyDay(end=inner) | AnyResult(day=inner):
                    yield from self.leaves(inner)
                case Both(tests=tests) | Either(tests=tests):
                    yield from self.amounts(tests)
                case Not(test=test):
                    yield from self.amounts((test,))

    def leaves(self, amount: Amount) -> Iterable[Amount]:
        if isinstance(amount, Arithmetic):
            yield from self.leaves(amount.left)
            yield from self.leaves(amount.right)
        elif isinstance(amount, FirstGiven):
            for part in amount.parts:
                yield from self.leaves(part)
        elif isinstance(amount, WholeYears):
            yield from self.leaves(amount.start)
            yield from self.leaves(amount.end)
        elif isinstance(amount, DateMoved):
            yield from self.leaves(amount.start)
        elif isinstance(amount, (Looked, GivenFor)):
            yield from self.leaves(amount.key)
        else:
            yield amount

    def metrics_of(self, conditions: Iterable[Condition]) -> set[str]:
        named = {one.metric for one in self.amounts(conditions) if isinstance(one, MetricColumn | ResultDate)}
        return named | {test.metric for test in tests_within(conditions) if isinstance(test, AnyResult)}

    def parts(self, clause: Cohort | Metric) -> tuple[Condition, ...]:
        """The conditions of a clause, and the date of its results where that is worked out, in the guise of one."""
        lines = clause.amounts_of_lines if isinstance(clause, Metric) else ()
        return (*clause.conditions, *(Compare(one, "=", one) for one in lines))

    def columns_needed(self, table: Records) -> list[RecordColumn]:
        names: set[str] = set()
        clauses: list[Cohort | Metric] = [*self.contract.cohorts, *self.contract.metrics]
        clauses += [text.cohort for one in self.contract.cohorts for text in one.earlier]
        clauses += [text.metric for one in self.contract.metrics for text in one.earlier]
        for clause in clauses:
            names |= self.of_any_day(clause.conditions, table)
            for one in self.amounts(self.parts(clause)):
                if isinstance(one, Column) and one.records == table.name:
                    names.add(one.name)
                if isinstance(one, MetricColumn) and self.table_of(one.metric) == table.name:
                    names.add(one.name)
                if isinstance(one, JoinedColumn):
                    joined = next(other for other in self.contract.cohorts if other.name == one.cohort)
                    names |= {one.name} if joined.records == table.name else set()
            if isinstance(clause, Metric) and clause.banded_at == "joining":
                joining = next(one for one in self.contract.cohorts if one.name == clause.cohort)
                names |= {self.bands[clause.bands].by} if joining.records == table.name else set()
            if clause.records != table.name:
                continue
            names |= {table.known_on, self.person_column(table)}
            if isinstance(clause, Cohort):
                names |= {clause.joins_on, *(pick.column for pick in clause.picks)}
                continue
            names.add(clause.dated.column)
            if clause.held:
                names.add(clause.held.start)
                names |= {table.spell.start, table.spell.end} if table.spell else set()
            if clause.tie:
                names.add(clause.tie.column)
            if clause.bands and clause.banded_at == "result":
                names.add(self.bands[clause.bands].by)
        for column in reversed(table.columns):
            if column.formula is not None and column.name in names:
                names |= {one.name for one in self.leaves(column.formula) if isinstance(one, Column)}
        return [column for column in table.columns if column.name in names]

    def of_any_day(self, conditions: Iterable[Condition], table: Records) -> set[str]:
        """What a condition about other rows reads of a table."""
        found: set[str] = set()
        for test in conditions:
            if isinstance(test, AnyDay) and test.records == table.name and table.spell:
                found |= {table.known_on, self.person_column(table), table.spell.start, table.spell.end}
            elif isinstance(test, (Both, Either)):
                found |= self.of_any_day(test.tests, table)
            elif isinstance(test, Not):
                found |= self.of_any_day((test.test,), table)
        return found

    def table_of(self, metric: str) -> str:
        return next(one.records for one in self.contract.metrics if one.name == metric)

    @staticmethod
    def person_column(table: Records) -> str:
        return next(column.name for column in table.columns if column.kind == "person")

    def read_table(self, table: Records, parts: Sequence[Part]) -> list[Row]:
        rows: list[Row] = []
        earlier: dict[frozenset[tuple[tuple[str, int], str]], Row] = {}
        for part in parts:
            for number, cells in enumerate(part.rows, start=1):
                row = Row(part, number, {})
                seen: dict[str, int] = {}
                for heading, cell in zip(part.headings, cells, strict=True):
                    key = same(heading)
                    row.cells[key, seen.get(key, 0)] = cell.strip(" ")
                    seen[key] = seen.get(key, 0) + 1
                # A column that another part lacks is blank there.
                full = frozenset((key, cell) for key, cell in row.cells.items() if cell)
                first = earlier.setdefault(full, row)
                if first is not row:
                    row.status = "duplicate"
                    where = "" if first.part is part else f"{first.part.shown}:"
                    row.of_row = f"{where}{first.number}"
                else:
                    self.read_row(table, row)
                rows.append(row)
        return rows

    def read_row(self, table: Records, row: Row) -> None:
        try:
            for column in self.needed[table.name]:
                if column.formula is None:
                    row.values[column.name] = read(column, row.cells[same(column.heading), 0])
        except Unreadable:
            row.status = "rejected"
            return
        here = Here(self.contract, self.settings, row, None, {}, "")
        for column in self.needed[table.name]:
            if column.formula is not None:
                row.values[column.name] = value(column.formula, here)
        if table.spell:
            start, end = row.values.get(table.spell.start), row.values.get(table.spell.end)
            if isinstance(start, date) and isinstance(end, date) and end < start:
                row.status = "rejected"

    # -------------------------------------------------------------- cohorts and metrics

    def open_rows(self, name: str) -> list[Row]:
        return [row for row in self.rows[name] if not row.status]

    def member(self, metric: Metric, person: str) -> Result | None:
        """The row by which the person joined the cohort that they joined first."""
        rows = [self.joined[name][person] for name in metric.among if person in self.joined[name]]
        return min(rows, key=lambda one: one.day) if rows else None

    def considered(self, clause: Cohort | Metric, row: Row, day_column: str) -> Here | None:
        """What the row's conditions were judged by, if the clause considers the row."""
        table = self.records[clause.records]
        person = str(row.values[self.person_column(table)])
        joined: date | None
        if isinstance(clause, Metric):
            member = self.member(clause, person)
            if member is None or (clause.counts.word == "people" and member.row is not row):
                return None
            joined = member.day
        else:
            own = row.values[day_column]
            assert own is None or isinstance(own, date)
            joined = own
        here = Here(
            self.contract, self.settings, row, joined, self.firsts, person, self.rows, self.as_of, self.every, self.joined,
        )  # fmt: skip
        day = self.own_day(clause, here, day_column)
        if day is None:
            return None
        known = row.values.get(table.known_on) if table.known_on else None
        # A row may be part of a stay before the date has come that is worked out for it.
        ripens = isinstance(clause, Metric) and clause.dated.day is not None and self.gaps(clause)
        if (day > self.as_of and not ripens) or (isinstance(known, date) and known > self.as_of):
            return None
        if isinstance(clause, Cohort) and day > self.contract.new_entrants_last:
            return None
        if isinstance(clause, Metric) and (clause.held is not None or clause.counts.word == "days"):
            starts = [clause.held.start] if clause.held else []
            starts += [table.spell.start] if table.spell and clause.held else []
            if any(row.values.get(start) is None for start in starts):
                return None
            if clause.held and self.timed(clause.held, here) is None:
                return None
            if clause.held and clause.held.day and value(clause.held.day, here) is None:
                return None
            if clause.held and clause.held.most_by_group and value(clause.held.most_by_group, here) is None:
                return None
            if table.spell and not table.spell.open_while_blank and row.values.get(table.spell.end) is None:
                return None
        most = clause.at_most.by_group if isinstance(clause, Metric) and clause.at_most else None
        if most and value(most, here) is None:
            return None
        if not all(holds(test, here) for test in clause.conditions):
            return None
        # What is held may be complete in the payment period; of anything else dated outside it nothing ever counts.
        dated = (
            isinstance(clause, Metric) and clause.dated.by in ("column", "worked out") and clause.held is None
        )
        dated = dated and isinstance(clause, Metric) and not isinstance(clause.counts, PeopleReaching)
        return here if not dated or day in self.contract.payment_period else None

    @staticmethod
    def own_day(clause: Cohort | Metric, here: Here, day_column: str) -> date | None:
        """The date of a row: the one worked out for it, or that of the column."""
        worked = clause.dated.day if isinstance(clause, Metric) else None
        day = value(worked, here) if worked else here.row.values[day_column]
        assert day is None or isinstance(day, date)
        return day

    def cohort(self, cohort: Cohort) -> None:
        """Who joins: by each earlier text on its own days, and whoever has not joined so by the one in force."""
        texts = [(text.cohort, text.last) for text in cohort.earlier]
        joined: dict[str, Result] = {}
        begun = date.min
        for text, last in (*texts, (cohort, date.max)):
            for person, row in self.joining(text, begun, last).items():
                joined.setdefault(person, row)
            begun = date.max if last == date.max else last + DAY
        self.joined[cohort.name] = joined

    def joining(self, cohort: Cohort, begun: date, last: date) -> dict[str, Result]:
        """By which row each person joins by one text of a cohort, of those dated from a day to another."""
        groups: dict[str, list[Result]] = {}
        for row in self.open_rows(cohort.records):
            here = self.considered(cohort, row, cohort.joins_on)
            day = row.values[cohort.joins_on]
            if here is not None:
                assert isinstance(day, date)
                here = here if begun <= day <= last else None
            row.fails.append(here is None)
            if here is not None:
                assert isinstance(day, date)
                groups.setdefault(here.person, []).append(Result(here.person, day, None, row))
        keys = [(pick.column, pick.way in ("latest", "highest")) for pick in cohort.picks]
        order = self.order(cohort.records, [*keys, (cohort.joins_on, False)])
        joined = {person: min(rows, key=order) for person, rows in groups.items()}
        in_turn = sorted(joined, key=lambda person: (joined[person].day, person))
        return {person: joined[person] for person in in_turn[: cohort.most]}

    def order(self, records: str, keys: list[tuple[str, bool]]) -> Callable[[Result], Any]:
        """A sort key: the columns as asked (blanks last either way), then every column read, then the cells as text."""
        columns = [*keys, *((column.name, False) for column in self.needed[records])]
        headings = [column.heading for column in self.records[records].filed]

        def against(one: Result, other: Result) -> int:
            for name, turned in columns:
                a, b = one.row.values.get(name), other.row.values.get(name)
                order = compare(a, b)
                if order:
                    return -order if turned and a is not None and b is not None else order
            declared = [(same(heading), 0) for heading in headings]
            extras = sorted({*one.row.cells, *other.row.cells} - set(declared))
            a_text = [one.row.cells.get(key, "") for key in (*declared, *extras)]
            b_text = [other.row.cells.get(key, "") for key in (*declared, *extras)]
            return (a_text > b_text) - (a_text < b_text)

        return cmp_to_key(against)

    def metric(self, metric: Metric) -> None:
        """The results of each text on its own days: a row counts once, and whoever counts so often counts over all texts."""
        texts = [(text.metric, text.last, text.bands) for text in metric.earlier]
        self.every[metric.name], self.results[metric.name] = [], []
        self.firsts[metric.name] = {}
        begun = date.min
        now = self.bands
        for text, last, stood in (*texts, (metric, date.max, None)):
            if stood is not None:
                others = [one for one in self.contract.bands if one.name != stood.name]
                self.bands = bands_in_force(evolve(self.contract, bands=(*others, stood)), self.settings)
            self.text(text, begun, last)
            self.bands = now
            begun = date.max if last == date.max else last + DAY

    def day_of_text(self, metric: Metric, here: Here, day_column: str) -> date | None:
        """The day of a row by which it is seen under which text it stands: that of the result that it may become."""
        if metric.held and metric.dated.by in ("day after", "last day held"):
            start, timed = self.held_from(metric.held, here), self.timed(metric.held, here)
            reached = self.due(timed, start, 0) if timed and isinstance(start, date) else None
            return reached if reached is None or metric.dated.by == "day after" else reached - DAY
        return self.own_day(metric, here, day_column)

    def text(self, metric: Metric, begun: date, last: date) -> None:
        """The results of one text of a metric, dated from a day to another, beside those counted before."""
        before, whole = self.results[metric.name], (begun, last) == (date.min, date.max)
        day_column = metric.dated.column if metric.dated.by == "column" else ""
        if not day_column and metric.dated.by != "worked out":
            assert metric.held
            day_column = metric.held.start
        found: list[Result] = []
        looked: list[Here] = []
        for row in self.open_rows(metric.records):
            here = self.considered(metric, row, day_column)
            if here is not None and not whole:
                day = self.day_of_text(metric, here, day_column)
                here = here if day is None or begun <= day <= last else None
            row.fails.append(here is None)
            once = metric.counts.word == "people" and any(
                here and one.person == here.person for one in before
            )
            if once or any(one.row is row for one in before):
                continue
            looked += [here] if here else []
            if here and not self.gaps(metric):
                turns = range(self.most_turns(metric, here))
                found += [one for turn in turns if (one := self.result(metric, here, day_column, turn))]
        if self.gaps(metric):
            for person in {here.person for here in looked}:
                found += self.stays(metric, [here for here in looked if here.person == person], day_column)
        keys = [(metric.tie.column, metric.tie.way in ("latest", "highest"))] if metric.tie else []
        if day_column:
            keys.append((day_column, False))
        if metric.bands and metric.banded_at == "result":
            keys.append((self.bands[metric.bands].by, False))
        by_rows = self.order(metric.records, keys)

        def order(one: Result) -> tuple[date, Any]:
            return one.day, by_rows(one)

        self.every[metric.name] += found
        # What counted before stands first: its dates are earlier.
        found = [*before, *sorted(found, key=order)]
        over_all: dict[Any, Result] = {}
        for one in found:
            over_all.setdefault(one.person, one)
        kept: Iterable[Result] = found
        if metric.first_only == "over all bands":
            kept = over_all.values()
        elif metric.first_only == "in each band":
            each: dict[Any, Result] = {}
            for one in found:
                each.setdefault((one.person, one.band), one)
            kept = each.values()
        elif metric.at_most:
            kept = self.so_many(metric, found, before)
        new = [one for one in kept if not any(one is other for other in before)]
        self.results[metric.name] = [*before, *new]
        for one in self.results[metric.name] if before else found:
            self.firsts[metric.name].setdefault(one.person, one)

    @staticmethod
    def gaps(metric: Metric) -> bool:
        return metric.held is not None and metric.held.gaps is not None

    def stays(self, metric: Metric, rows: list[Here], day_column: str) -> list[Result]:
        """One person's holdings with gaps, a day at a time: how long they have stayed, and how many days were gaps."""
        held, spell = metric.held, self.records[metric.records].spell
        assert held
        assert held.gaps
        assert spell
        owner: dict[date, Here] = {}
        order = self.order(metric.records, [(spell.start, False)])
        for here in sorted(rows, key=lambda one: order(Result(one.person, date.min, None, one.row))):
            start, end = here.row.values[spell.start], here.row.values[spell.end]
            assert isinstance(start, date)
            if end is None and not spell.open_while_blank:
                continue
            last = self.as_of if end is None else end
            assert isinstance(last, date)
            for at in range(start.toordinal(), min(last, self.as_of).toordinal() + 1):
                day = date.fromordinal(at)
                if day != end or spell.last_included:
                    owner.setdefault(day, here)
        found: list[Result] = []
        begun, gaps, away, turn = date.max, 0, 0, 0
        anchor = value(held.day, rows[0]) if held.day else None
        if isinstance(anchor, date):
            owner = {day: here for day, here in owner.items() if day >= anchor}
            begun, away = anchor, (min(owner, default=anchor) - anchor).days
        allowed = held.gaps.duration.number * (7 if held.gaps.duration.unit == "week" else 1)
        for at in range(
            min(owner, default=date.max).toordinal(), max(owner, default=date.min).toordinal() + 1
        ):
            day = date.fromordinal(at)
            here_now = owner.get(day)
            if here_now is None:
                away += 1
                continue
            too_long = away and away + (gaps if held.gaps.of == "in all" else 0) > allowed
            if too_long and anchor is not None:
                break
            if begun == date.max or too_long:
                begun, gaps, turn = day, 0, 0
            else:
                gaps += away
            away = 0
            timed = self.timed(held, here_now)
            due = self.due(timed, begun, turn) if timed else None
            if due is None or day + DAY != (reached := moved(due, gaps, "day")):
                continue
            turn += 1
            dates = {"day after": reached, "last day held": day}
            dated = dates.get(metric.dated.by) or self.own_day(metric, here_now, day_column)
            assert dated
            if max(reached, dated) <= self.as_of and dated in self.contract.payment_period:
                found.append(
                    Result(
                        here_now.person, dated, self.band(metric, here_now.person, here_now.row), here_now.row
                    )
                )
        return found

    def so_many(self, metric: Metric, found: list[Result], before: Sequence[Result] = ()) -> list[Result]:
        """The earliest of each person, one after another, as long as fewer of the same year (or so) were taken."""
        most = metric.at_most
        assert most
        taken: list[tuple[Any, Result]] = []
        for one in found:
            band = one.band if most.across == "in each band" else None
            if most.days is not None and one.day not in most.days:
                taken.append((None, one))
                continue
            group = one.person, band, "" if most.days else self.turn(most.over, one.day)
            if any(one is other for other in before):
                taken.append((group, one))
                continue
            member = Here(
                self.contract, self.settings, one.row, None, self.firsts, one.person, members=self.joined
            )
            number = value(most.by_group, member) if most.by_group else most.number
            assert isinstance(number, int | Fraction)
            if sum(other == group for other, _ in taken) < number:
                taken.append((group, one))
        return [one for _, one in taken]

    def turn(self, over: str, day: date) -> Any:  # noqa: ANN401 - whatever tells one stretch of time from another
        month, first = self.contract.years_begin
        months = (day.year * 12 + day.month) - month - (day.day < first)
        if over == "each period":
            return next(one.statement for one in segments(self.contract) if day in one.days)
        return {"contract": 0, "each year": months // 12, "each quarter": months // 3, "each month": months}[
            over
        ]

    @staticmethod
    def timed(held: Held, here: Here) -> Held | None:
        """The holding with the time, and so many times, as the row has them; None where no time is printed for its group."""
        if held.most_by_group is not None:
            number = value(held.most_by_group, here)
            held = evolve(held, most=int(number) if isinstance(number, Fraction) else 0)
        if held.by_group is None:
            return held
        time = value(held.by_group, here)
        return evolve(held, duration=parse_duration(str(time))) if time else None

    def time_held(self, metric: Metric, here: Here) -> Duration:
        """The time for which a row must last that has one."""
        held = self.timed(metric.held, here) if metric.held else None
        assert held
        assert held.duration
        return held.duration

    @staticmethod
    def due(held: Held, begun: date, turn: int) -> date | None:
        """The day on which the instalment of that number, the first is 0, is complete; None where there is none."""
        if held.most == 0:
            return None
        if turn and (held.then is None or (held.most is not None and turn >= held.most)):
            return None
        first = held.duration
        assert first
        then = held.then or first
        in_days = [one.unit in ("day", "week") for one in (first, then)]
        if in_days == [True, True]:
            sizes = {"day": 1, "week": 7}
            return moved(
                begun, first.number * sizes[first.unit] + turn * then.number * sizes[then.unit], "day"
            )
        if in_days == [False, False]:
            sizes = {"month": 1, "year": 12}
            return moved(
                begun, first.number * sizes[first.unit] + turn * then.number * sizes[then.unit], "month"
            )
        return moved(moved(begun, first.number, first.unit), turn * then.number, then.unit)

    def most_turns(self, metric: Metric, here: Here) -> int:
        """More turns than a row can have by the as-of date."""
        held = metric.held
        start = self.held_from(held, here) if held and held.then else None
        return max(1, (self.as_of - start).days) if isinstance(start, date) else 1

    @staticmethod
    def held_from(held: Held, here: Here) -> Plain:
        """The day from which the row must be held."""
        return value(held.day, here) if held.day else here.row.values[held.start]

    def result(self, metric: Metric, here: Here, day_column: str, turn: int = 0) -> Result | None:
        row = here.row
        day = self.own_day(metric, here, day_column)
        assert day
        if metric.held:
            start = self.held_from(metric.held, here)
            spell = self.records[metric.records].spell
            assert isinstance(start, date)
            assert spell
            timed = self.timed(metric.held, here)
            reached = self.due(timed, start, turn) if timed else None
            if reached is None or reached == date.max:
                return None
            begun, end = row.values[spell.start], row.values[spell.end]
            if not (isinstance(begun, date) and begun <= start):
                return None
            if end is None and not spell.open_while_blank:
                return None
            if isinstance(end, date) and end < (reached - DAY if spell.last_included else reached):
                return None
            if reached > self.as_of:
                return None
            if metric.dated.by in ("day after", "last day held"):
                day = reached if metric.dated.by == "day after" else reached - DAY
        if day > self.as_of or day not in self.contract.payment_period:
            return None
        return Result(here.person, day, self.band(metric, here.person, row), row)

    def band(self, metric: Metric, person: str, row: Row) -> str | None:
        if not metric.bands:
            return ""
        bands = self.bands[metric.bands]
        if metric.banded_at == "joining":
            member = self.member(metric, person)
            assert member
            row = member.row
        measured = row.values[bands.by]
        if bands.worded:
            groups = [one.name for one in bands.bands if measured in one.words]
            rest = [one.name for one in bands.bands if one.rest and measured is not None]
            return next(iter(groups + rest), None)
        for band in bands.bands:
            if isinstance(measured, Fraction) and measured in band.holds:
                return band.name
            if isinstance(measured, date) and band.days is not None:
                begun = band.days.first is None or band.days.first <= measured
                if begun and (band.days.last is None or measured <= band.days.last):
                    return band.name
        return None

    # -------------------------------------------------------------- answers

    def answer(self) -> Answer:
        contract = self.contract
        claims: list[tuple[date, str, str, str, date]] = []
        for metric in contract.metrics:
            for result in self.results[metric.name]:
                if result.band is None:
                    continue
                segment = next(one for one in segments(contract) if result.day in one.days)
                claims.append((segment.days.start, metric.name, result.band, result.person, result.day))
        quantities: list[tuple[Any, str, str, int]] = []
        for segment in stated(contract, self.as_of):
            for metric in contract.metrics:
                bands = [band.name for band in self.bands[metric.bands].bands] if metric.bands else [""]
                quantities.extend(
                    (
                        segment,
                        metric.name,
                        band,
                        sum(one[:3] == (segment.days.start, metric.name, band) for one in claims),
                    )
                    for band in bands
                )
        return Answer(quantities, sorted(claims), self.statuses())

    def statuses(self) -> list[tuple[str, str, int, str, str]]:
        found: list[tuple[str, str, int, str, str]] = []
        for name, rows in self.rows.items():
            for row in rows:
                used = bool(row.fails) and not all(row.fails)
                status = row.status or ("used" if used else "outside")
                found.append((name, row.part.shown, row.number, status, row.of_row))
        return found


def evaluate(
    contract: Contract, settings: Settings, tables: Mapping[str, Sequence[Part]], as_of: date
) -> Answer:
    """What the records come to, row by row."""
    return Evaluation(contract, settings, tables, as_of).answer()
