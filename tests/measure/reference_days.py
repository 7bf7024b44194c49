"""The slow reading of metrics that count days or add up a column: one day at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import define

from sibdsl.model.nodes import Cohort, Column, Contract, Metric, PeopleReaching, Records, Tracked
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import segments, stated
from tests.measure.reference import DAY, Evaluation, Here, Part, Result, Row, holds, value

#: First day of the segment, metric, band, person, first day counted, quantity.
Claim = tuple[date, str, str, str, date, Fraction]


@define
class Answer:
    """What the records come to."""

    quantities: list[tuple[Any, str, str, Fraction]]
    claims: list[Claim]
    statuses: list[tuple[str, str, int, str, str]]


class Unweighted(Exception):
    """A day that counts has no weight."""


class DayEvaluation(Evaluation):
    """One evaluation of a contract that counts days."""

    def __init__(
        self, contract: Contract, settings: Settings, tables: Mapping[str, Sequence[Part]], as_of: date
    ) -> None:
        self.found: list[tuple[str, str | None, str, date, Fraction]] = []
        self.of_metric: dict[str, dict[str, set[date]]] = {}
        super().__init__(contract, settings, tables, as_of)

    def columns_needed(self, table: Records) -> list[Any]:
        names = {column.name for column in super().columns_needed(table)}
        more: set[str] = set()
        for cohort in self.contract.cohorts:
            if cohort.records == table.name and cohort.tracked:
                more.add(cohort.tracked.start)
        for metric in self.contract.metrics:
            cohort = next(one for one in self.contract.cohorts if one.name == metric.cohort)
            if metric.window and cohort.records == table.name:
                more.add(metric.window.start)
            if metric.weight is not None:
                columns = [one for one in self.leaves(metric.weight) if isinstance(one, Column)]
                more |= {one.name for one in columns if one.records == table.name}
            if metric.records != table.name:
                continue
            more.add(metric.counts.column)
            if metric.evidence:
                more |= {metric.evidence.column, metric.evidence.accepted, metric.evidence.rejected}
            if metric.counts.word == "days" and table.spell:
                more |= {table.spell.start, table.spell.end}
        for column in reversed(table.columns):
            if column.formula is not None and column.name in more | names:
                more |= {one.name for one in self.leaves(column.formula) if isinstance(one, Column)}
        return [column for column in table.columns if column.name in names | more]

    def weight(self, metric: Metric, person: str, row: Row) -> Fraction:
        """What a result of the row is multiplied by."""
        if metric.weight is None:
            return Fraction(1)
        member = self.member(metric, person)
        assert member
        row = member.row if metric.weight_at == "joining" else row
        here = Here(self.contract, self.settings, row, member.day, self.firsts, person, self.rows, self.as_of)
        found = value(metric.weight, here)
        if found is None:
            raise Unweighted(metric.name)
        assert isinstance(found, Fraction)
        return found

    # -------------------------------------------------------------- tracking

    def tracking(self, cohort: str, person: str, window: Tracked | None = None) -> tuple[date, date] | None:
        """First day, and the day after the last; None where the day that it begins on is blank."""
        tracked = window or next(one.tracked for one in self.contract.cohorts if one.name == cohort)
        assert tracked
        start = self.joined[cohort][person].row.values[tracked.start]
        if start is None:
            return None
        assert isinstance(start, date)
        try:
            return start, tracked.duration.after(start)
        except OverflowError:
            return start, date.max

    def considered(self, clause: Cohort | Metric, row: Row, day_column: str) -> Here | None:
        here = super().considered(clause, row, day_column)
        if here is None or isinstance(clause, Cohort):
            return here
        if clause.counts.column and row.values[clause.counts.column] is None:
            return None
        if clause.within and clause.counts.word != "days":
            days = self.tracking(clause.cohort, here.person, clause.window)
            day = self.own_day(clause, here, day_column)
            if clause.held and clause.held.day:
                begun = self.held_from(clause.held, here)
                assert begun is None or isinstance(begun, date)
                day = begun
            if days is None or day is None or not days[0] <= day < days[1]:
                return None
        return here if clause.evidence is None or self.evidenced(clause, here, day_column) else None

    def evidenced(self, metric: Metric, here: Here, day_column: str) -> bool:
        """Whether the row's evidence came in time, and by the as-of date."""
        assert metric.evidence
        row = here.row
        came = row.values[metric.evidence.column]
        day = self.own_day(metric, here, day_column)
        assert day
        try:
            if metric.held and metric.dated.by in ("day after", "last day held"):
                begun = self.held_from(metric.held, here)
                assert isinstance(begun, date)
                day = self.time_held(metric, here).after(begun)
                day = day - DAY if metric.dated.by == "last day held" else day
            last = metric.evidence.within.after(day)
        except OverflowError:
            last = date.max
        if not isinstance(came, date) or came > min(last, self.as_of):
            return False
        said = metric.evidence
        accepted, rejected = (row.values.get(one) for one in (said.accepted, said.rejected))
        if isinstance(accepted, date) and accepted <= self.as_of:
            return True
        silence = date.max
        if said.deemed:
            with suppress(OverflowError):
                silence = said.deemed.after(came)
        if isinstance(rejected, date) and came <= rejected <= min(silence, self.as_of):
            return False
        return silence <= self.as_of if said.deemed else not said.accepted

    # -------------------------------------------------------------- metrics

    def metric(self, metric: Metric) -> None:
        if metric.counts.word in ("rows", "people"):
            super().metric(metric)
            self.found += [
                (metric.name, one.band, one.person, one.day, self.weight(metric, one.person, one.row))
                for one in self.results[metric.name]
            ]
            return
        self.results[metric.name] = []
        if metric.counts.word == "sum":
            self.sum(metric)
        elif metric.counts.word == "people reaching":
            self.reaching(metric)
        elif metric.counts.word == "days":
            self.days(metric)
        else:
            self.days_of_tracking(metric)

    def sum(self, metric: Metric) -> None:
        for row in self.open_rows(metric.records):
            here = self.considered(metric, row, metric.dated.column)
            row.fails.append(here is None)
            if here is None:
                continue
            day, number = row.values[metric.dated.column], row.values[metric.counts.column]
            assert isinstance(day, date)
            assert isinstance(number, Fraction)
            if day in self.contract.payment_period:
                number *= self.weight(metric, here.person, row)
                self.found.append(
                    (metric.name, self.band(metric, here.person, row), here.person, day, number)
                )

    def reaching(self, metric: Metric) -> None:
        """The day on which each person's rows first come to the amount; the row that sorts first of it is the result."""
        of_person: dict[str, list[tuple[date, Fraction, Row]]] = {}
        for row in self.open_rows(metric.records):
            here = self.considered(metric, row, metric.dated.column)
            row.fails.append(here is None)
            if here is None:
                continue
            day, number = row.values[metric.dated.column], row.values[metric.counts.column]
            assert isinstance(day, date)
            assert isinstance(number, Fraction)
            if metric.within or day in self.contract.payment_period:
                of_person.setdefault(here.person, []).append((day, number, row))
        assert isinstance(metric.counts, PeopleReaching)
        wanted = self.settings.number(metric.counts.amount)
        for person, rows in of_person.items():
            for day in sorted({one[0] for one in rows}):
                if sum(one[1] for one in rows if one[0] <= day) < wanted:
                    continue
                if day in self.contract.payment_period:
                    self.found.append((metric.name, "", person, day, Fraction(1)))
                    before = len([one for one in rows if one[0] <= day]) - 1
                    self.found += [(metric.name, "", person, day, Fraction(0))] * before
                break

    def days(self, metric: Metric) -> None:
        spell = self.records[metric.records].spell
        assert spell
        of_person: dict[str, list[tuple[Row, Here]]] = {}
        for row in self.open_rows(metric.records):
            here = self.considered(metric, row, spell.start)
            row.fails.append(here is None)
            if here is not None:
                of_person.setdefault(here.person, []).append((row, here))
        order = self.order(metric.records, [(spell.start, False)])

        def key(pair: tuple[Row, Here]) -> Any:  # noqa: ANN401 - whatever sorts so
            return order(Result(pair[1].person, date.min, None, pair[0]))

        mine_all = self.of_metric.setdefault(metric.name, {})
        for person, pairs in of_person.items():
            taken: set[date] = set()
            lasting = [(row, here) for row, here in pairs if self.kept(metric, row, here)]
            for row, here in sorted(lasting, key=key):
                start, end = row.values[spell.start], row.values[spell.end]
                assert isinstance(start, date)
                if end is None and not spell.open_while_blank:
                    continue
                assert end is None or isinstance(end, date)
                last = self.as_of if end is None else end if spell.last_included else end - DAY
                if metric.held and metric.held.counting == "later days":
                    start = self.time_held(metric, here).after(start)
                mine = set(each_day(start, min(last, self.as_of))) - taken
                taken |= mine
                if metric.within:
                    days = self.tracking(metric.cohort, person, metric.window)
                    mine = {day for day in mine if days and days[0] <= day < days[1]}
                mine = {day for day in mine if self.in_its_period(metric, day)}
                if metric.net_of:
                    mine -= self.of_metric.get(metric.net_of, {}).get(person, set())
                mine_all.setdefault(person, set()).update(mine)
                self.count(metric, row, here, mine)

    def in_its_period(self, metric: Metric, day: date) -> bool:
        """Whether a day lies in the period of the contract to which the metric keeps its days."""
        return metric.days_in != "service period" or day in self.contract.service

    def kept(self, metric: Metric, row: Row, here: Here) -> bool:
        """Whether the row lasts as long as it must, by the as-of date."""
        if metric.held is None:
            return True
        spell = self.records[metric.records].spell
        assert spell
        start, end = row.values[spell.start], row.values[spell.end]
        assert isinstance(start, date)
        try:
            reached = self.time_held(metric, here).after(start)
        except OverflowError:
            return False
        if reached > self.as_of:
            return False
        if end is None:
            return spell.open_while_blank
        assert isinstance(end, date)
        return reached <= (end + DAY if spell.last_included and end < date.max else end)

    def days_of_tracking(self, metric: Metric) -> None:
        for person, joined in self.joined[metric.cohort].items():
            row = joined.row
            here = Here(
                self.contract, self.settings, row, joined.day, self.firsts, person, self.rows, self.as_of
            )
            days = self.tracking(metric.cohort, person)
            if days is not None and all(holds(test, here) for test in metric.conditions):
                mine = set(each_day(days[0], min(days[1] - DAY, self.as_of)))
                mine = {day for day in mine if self.in_its_period(metric, day)}
                if metric.net_of:
                    mine -= self.of_metric.get(metric.net_of, {}).get(person, set())
                self.of_metric.setdefault(metric.name, {})[person] = mine
                self.count(metric, row, here, mine)

    def count(self, metric: Metric, row: Row, here: Here, days: Iterable[date]) -> None:
        """Each day as a result of its own; they are put together by segment in the answer."""
        mine = sorted(day for day in days if day in self.contract.payment_period)
        if not mine:
            return
        weight = self.weight(metric, here.person, row)
        band = self.band(metric, here.person, row)
        for segment in segments(self.contract):
            inside = [day for day in mine if day in segment.days]
            if inside:
                self.found.append((metric.name, band, here.person, inside[0], weight * len(inside)))

    # -------------------------------------------------------------- answers

    def whole_answer(self) -> Answer:
        contract = self.contract
        claims: list[Claim] = []
        for name, band, person, day, number in self.found:
            if band is not None:
                segment = next(one for one in segments(contract) if day in one.days)
                claims.append((segment.days.start, name, band, person, day, number))
        quantities: list[tuple[Any, str, str, Fraction]] = []
        for segment in stated(contract, self.as_of):
            for metric in contract.metrics:
                for band in [one.name for one in self.bands[metric.bands].bands] if metric.bands else [""]:
                    mine = [one[5] for one in claims if one[:3] == (segment.days.start, metric.name, band)]
                    quantities.append((segment, metric.name, band, sum(mine, Fraction(0))))
        return Answer(quantities, sorted(claims), self.statuses())


def each_day(first: date, last: date) -> list[date]:
    return [date.fromordinal(at) for at in range(first.toordinal(), last.toordinal() + 1)]


def evaluate(
    contract: Contract, settings: Settings, tables: Mapping[str, Sequence[Part]], as_of: date
) -> Answer:
    """What the records come to, day by day. Raises Unweighted."""
    return DayEvaluation(contract, settings, tables, as_of).whole_answer()
