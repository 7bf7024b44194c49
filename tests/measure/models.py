"""Contracts and records made at random, with few different values, so that they tie, repeat and touch every edge.

Everything comes from one seed. Drawn choice by choice, most would be small and alike, and few would tell rules apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Literal, TypeVar

from attrs import evolve

from sibdsl.dates import Duration, Period, period
from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    AnyResult,
    Arithmetic,
    Assumption,
    AtMost,
    Band,
    Bands,
    Blank,
    Both,
    Cohort,
    Column,
    Compare,
    Comparison,
    Condition,
    Contract,
    Dated,
    DateMoved,
    DayRange,
    Either,
    Gaps,
    Given,
    Held,
    InPeriod,
    JoinedColumn,
    JoiningDate,
    Looked,
    Lookup,
    LookupColumn,
    LookupRow,
    Metric,
    MetricColumn,
    Not,
    PeopleCounted,
    Pick,
    RecordColumn,
    Records,
    ResultDate,
    Route,
    Routes,
    Spell,
    Value,
)
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.model.types import Interval
from tests.measure.by_hand import CONTRACT

PEOPLE = Records(
    "People",
    "Person",
    (
        RecordColumn("Person ID", "person", blank_allowed=False),
        RecordColumn("Joined On", "date", blank_allowed=True),
        RecordColumn("Fit", "yes or no", blank_allowed=True),
        RecordColumn("Region", "category", blank_allowed=False, categories=("East", "West")),
        RecordColumn("Score", "number", blank_allowed=True, headed="the score"),
        RecordColumn("Reported On", "date", blank_allowed=True),
    ),
)
EVENTS = Records(
    "Events",
    "Event",
    (
        RecordColumn("Event ID", "identifier", blank_allowed=False),
        RecordColumn("Person ID", "person", blank_allowed=False),
        RecordColumn("Started On", "date", blank_allowed=False),
        RecordColumn("Ended On", "date", blank_allowed=True),
        RecordColumn("Hours", "hours", blank_allowed=True),
        RecordColumn("Cost", "money", blank_allowed=False, allowed=Interval(Fraction(0), low_in=True)),
        RecordColumn("Share", "percentage", blank_allowed=True),
    ),
)
TABLES = {table.name: table for table in (PEOPLE, EVENTS)}

DAYS = ("2016-04-01", "2016-02-29", "2016-08-29", "2016-08-31", "2017-02-28", "2017-03-31", "2017-04-01",
        "2016-10-11", "2016-10-12", "2016-10-13", "2017-03-30", "9999-12-31")  # fmt: skip
BAD_DAYS = ("2017-02-29", "31/05/2016", "42500", "2016-4-1", "yes", "0000-01-01", "2016-04-01 00:00:00")
CELLS: dict[str, tuple[str, ...]] = {
    "person": ("P1", "P2", "P3", "P10", "p1", "é"),
    "identifier": ("J1", "J10", "J9", "Ж"),
    "date": (*DAYS, *DAYS, ""),
    "yes or no": ("yes", "no", ""),
    "category": ("East", "West"),
    "number": ("1", "2.5", "-3", "0", "1000.000000001", ""),
    "hours": ("16", "15.999999999", "16.0", "0.5", "39", "168", "40", ""),
    "money": ("0", "12.34", "99.999", "100"),
    "percentage": ("50%", "12.5%", "0%", ""),
}
#: Cells of some columns, the likelier ones more than once, so that most rows mean something.
OF_COLUMN: dict[str, tuple[str, ...]] = {
    "Person ID": ("P1", "P1", "P1", "P2", "P2", "P3"),
    "Joined On": (
        "2016-04-01",
        "2016-04-01",
        "2016-04-01",
        "2016-04-01",
        "2016-08-29",
        "2016-08-31",
        "2016-10-12",
        "2017-03-31",
        "",
    ),
    "Reported On": ("2016-04-01", "2016-10-12", "2017-03-31", "", "", ""),
    "Started On": tuple(day for day in DAYS if "2016-04" <= day < "2017-04-01"),
    "Ended On": ("", "", "2016-10-12", "2017-02-27", "2017-02-28", "2017-03-01", "2017-05-01"),
}
BAD: dict[str, tuple[str, ...]] = {
    "person": ("", " "),
    "identifier": ("",),
    "date": BAD_DAYS,
    "yes or no": ("Yes", "1", ""),
    "category": ("North", "", "east"),
    "number": ("1e3", "1.0000000001", "£1", "12,5", "9999999999999999999"),
    "hours": ("0", "-4", "168.5", "nan"),
    "money": ("-0.01", "", "1,000"),
    "percentage": ("0.5", "50 %"),
}
WEST = (Band("West", Interval(), ("West", "Westmost")),)
RANGE = period(date(2016, 4, 1), date(2017, 3, 31))
HEADINGS = {
    "People": ("person_id", "JOINED ON", "fit", "Region", "The-Score", "reported on", "team"),
    "Events": ("Event ID", "person id", "started_on", "ended_on", "hours", "cost", "share", "note"),
}
AS_OF = (date(2016, 10, 12), date(2017, 2, 28), date(2017, 3, 31), date(2017, 4, 1), date(2018, 1, 1))
SIX_WEEKS, SIX_MONTHS = Duration(6, "week"), Duration(6, "month")
TIMES = Lookup(
    "Times", "", "", (LookupColumn("Event", "text"), LookupColumn("Time", "duration")),
    tuple(
        LookupRow((Value(key, "text"), Value(time, "duration") if time else None))
        for key, time in (("J1", "6 weeks"), ("J10", "6 months"), ("J9", ""))
    ),
)  # fmt: skip
REGIONAL = Lookup(
    "Regional", "", "",
    (LookupColumn("Region", "text"), LookupColumn("Time", "duration"), LookupColumn("Most", "number")),
    (
        LookupRow((Value("East", "text"), Value("3 weeks", "duration"), Value(Fraction(2), "number"))),
        LookupRow((Value("West", "text"), Value("2 months", "duration"), None)),
    ),
)  # fmt: skip
FURTHER = (Duration(4, "week"), Duration(1, "month"), Duration(10, "day"), Duration(1, "year"))
LATER = (
    Duration(1, "month"),
    Duration(6, "month"),
    Duration(1, "year"),
    Duration(3, "week"),
    Duration(1, "day"),
)
OPS: tuple[Comparison, ...] = ("=", "<", "<=", ">", ">=")

Choice = TypeVar("Choice")


class Maker:
    """Makes contracts and records from a seed."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)

    def one(self, options: Sequence[Choice]) -> Choice:
        return self.rng.choice(options)

    def likely(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    # -------------------------------------------------------------- records

    def end(self, start: str) -> str:
        """A day on which a holding from `start` is just complete, or just not."""
        try:
            edge = self.one((SIX_WEEKS, SIX_MONTHS)).after(date.fromisoformat(start))
        except (ValueError, OverflowError):
            return ""
        return str(edge + timedelta(days=self.one((-2, -1, -1, 0, 0, 1))))

    def rows(self, table: Records) -> list[list[str]]:
        """Rows of a table, some of them invalid, padded or repeated; the last column is read by no clause."""
        found: list[list[str]] = []
        for _ in range(self.one((0, 2, 20, 30, 40, 50))):
            if found and self.likely(10):
                again = list(self.one(found))
                again[0] = self.one(("", " ")) + again[0]
                found.append(again)
                continue
            row = []
            for column in table.columns:
                cells = OF_COLUMN.get(column.name, CELLS[column.kind])
                odd = self.rng.randrange(60)
                row.append(self.one((BAD[column.kind], CELLS[column.kind])[odd] if odd < 2 else cells))
            if table is EVENTS and self.likely(60):
                row[3] = self.end(row[2])
            found.append([*row, self.one(("", "x", "y"))])
        return found

    def cuts(self) -> list[int]:
        return [self.rng.randrange(40) for _ in range(self.one((1, 2, 3)))]

    # -------------------------------------------------------------- conditions

    def number(self, table: Records, depth: int = 1) -> Amount:
        if depth and self.likely(40):
            op = self.one(("plus", "minus", "times", "divided by"))
            return Arithmetic(op, self.number(table, 0), self.number(table, 0), "number")  # type: ignore[arg-type]
        if self.likely(70):
            column = self.one(kinds(table, "number", "hours", "money"))
            return Column(table.name, column.name, column.kind)
        written = (Fraction(16), Fraction(1, 3), Fraction(0), Fraction(-2))
        options: list[Amount] = [Given("Fee", "number"), *(Value(one, "number") for one in written)]
        return self.one(options)

    def day(self, table: Records, metrics: Sequence[Metric]) -> Amount:
        others: list[Amount] = [
            Value(date(2016, 10, 12), "date"),
            Given("Start", "date"),
            *2 * (JoiningDate(),),
        ]
        others += [Column(table.name, column.name, "date") for column in kinds(table, "date")]
        for metric in metrics:
            columns = kinds(TABLES[metric.records], "date")
            others.extend(MetricColumn(metric.name, column.name, "date") for column in 2 * columns)
            others += 3 * [ResultDate(metric.name)]
        if metrics:
            others.append(JoinedColumn("Cohort 0", self.one(("Joined On", "Reported On")), "date"))
        found = self.one(others)
        if self.likely(20):
            lengths = (Duration(1, "month"), Duration(9, "week"), Duration(3, "year"), Duration(40, "day"))
            return DateMoved(found, self.one(("after", "before")), self.one(lengths))
        return found

    def test(self, table: Records, metrics: Sequence[Metric] = (), depth: int = 2) -> Condition:
        """A condition over a table; `metrics` are those that it may speak of."""
        dates = [Column(table.name, column.name, "date") for column in kinds(table, "date")]
        choice = self.rng.randrange(10 if depth else 7)
        if self.likely(8):
            length = self.one(
                (Duration(1, "year"), Duration(6, "week"), Duration(2, "month"), Duration(1, "day"))
            )
            way: Literal["before", "after"] = self.one(("before", "after"))
            asked: Amount = self.one(dates)
            if self.likely(40):
                asked = DateMoved(asked, "after", length)
            if metrics and self.likely(60):
                return AnyResult(self.one(metrics).name, length, asked, way)
            return AnyDay("Events", length, asked, way)
        if choice in (0, 1):
            return Compare(self.one(dates), self.one(OPS), self.day(table, metrics))
        if choice == 2:
            return Compare(self.number(table), self.one(OPS), self.number(table))
        if choice == 3:
            column = self.one(kinds(table, "yes or no", "category", "identifier", "percentage"))
            value = Fraction(1, 2) if column.kind == "percentage" else self.one(CELLS[column.kind])
            return Compare(Column(table.name, column.name, column.kind), "=", Value(value, column.kind))
        if choice == 4:
            column = self.one(table.columns)
            return Blank(Column(table.name, column.name, column.kind))
        if choice in (5, 6):
            return InPeriod(self.one(dates), self.one(("service period", "payment period")))
        if choice == 7:
            return Not(self.test(table, metrics, depth - 1))
        parts = tuple(self.test(table, metrics, depth - 1) for _ in range(self.one((1, 2, 2, 3))))
        return Both(parts) if choice == 8 else Either(parts)

    def tests(self, table: Records, metrics: Sequence[Metric] = ()) -> tuple[Condition, ...]:
        return tuple(self.test(table, metrics) for _ in range(self.one((0, 0, 0, 1, 2))))

    # -------------------------------------------------------------- contracts

    def pick(self, table: Records) -> Pick:
        if self.likely(50):
            return Pick(self.one(("earliest", "latest")), self.one(kinds(table, "date")).name)
        return Pick(self.one(("lowest", "highest")), self.one(table.columns).name)

    def metric(self, number: int, cohorts: Sequence[Cohort], earlier: Sequence[Metric]) -> Metric:
        held = None
        if self.likely(60):
            odd = (
                Duration(0, "day"),
                Duration(1, "year"),
                Duration(200_000, "month"),
                Duration(9_999_999, "day"),
            )
            held = Held(self.one((*4 * (SIX_WEEKS, SIX_MONTHS), *odd)), "Started On", self.gaps())
        table = EVENTS if held else self.one((PEOPLE, EVENTS, EVENTS))
        dated = Dated("column", self.one(("Started On", "Ended On")) if table is EVENTS else "Joined On")
        if held:
            dated = self.one((Dated("day after"), Dated("last day held"), Dated("column", "Started On")))
        if self.likely(25):
            dated = Dated("worked out", day=self.worked_out(table, earlier))
        if held and held.gaps is None and self.likely(15):
            key = Column("Events", "Event ID", "identifier")
            held = evolve(held, duration=None, by_group=Looked("Times", "Time", key, "duration"))
        if held and self.likely(20):
            held = evolve(held, day=self.of_person(cohorts, earlier))
        if held and self.likely(10):
            region = JoinedColumn(self.one(cohorts).name, "Region", "category")
            held = evolve(held, duration=None, by_group=Looked("Regional", "Time", region, "duration"))
        if held and (held.duration is None or held.duration.number in (6, 1)) and self.likely(35):
            held = evolve(held, then=self.one(FURTHER), most=self.one((None, None, 1, 3)))
            dated = self.one((Dated("day after"), Dated("last day held")))
            if self.likely(20):
                region = JoinedColumn(self.one(cohorts).name, "Region", "category")
                held = evolve(held, most=None, most_by_group=Looked("Regional", "Most", region, "number"))
        bands, at = self.bands(table)
        first: tuple[Literal["", "over all bands", "in each band"], ...] = (
            "",
            "over all bands",
            "in each band",
        )
        if table is PEOPLE and self.likely(50):
            day = self.one(("Joined On", "Reported On"))
            tests = self.tests(PEOPLE, earlier)
            name = f"Metric {number}"
            cohort, *others = self.some(cohorts)
            if dated.day is None:
                dated = Dated("column", day)
            return Metric(name, "", "", "output", "People", cohort, tests, dated,
                          None, "", None, bands, PeopleCounted(), banded_at=at, also=tuple(others))  # fmt: skip
        limit = self.one(first if bands else first[:2])
        if held and held.then:
            limit = ""
        among = self.some(cohorts)
        most = None
        if not limit and self.likely(60):
            times: tuple[Literal["contract", "each year", "each quarter", "each month", "each period"], ...] = (
                "contract", "each year", "each quarter", "each month", "each period",
            )  # fmt: skip
            across: tuple[Literal["over all bands", "in each band"], ...] = ("over all bands", "in each band")
            most = AtMost(self.one((1, 2, 2, 3)), self.one(times), self.one(across[: 1 + bool(bands)]))
            if self.likely(20):
                region = JoinedColumn(self.one(cohorts).name, "Region", "category")
                most = evolve(most, number=2, by_group=Looked("Regional", "Most", region, "number"))
            if self.likely(20):
                most = evolve(most, over="days", days=Period(date(2016, 7, 1), date(2017, 2, 1)))
        return Metric(
            f"Metric {number}",
            "",
            "",
            "outcome",
            table.name,
            among[0],
            self.tests(table, earlier),
            dated,
            held,
            limit,
            self.pick(table) if self.likely(60) else None,
            bands,
            at_most=most,
            banded_at=at,
            also=among[1:],
        )

    def worked_out(self, table: Records, earlier: Sequence[Metric]) -> Amount:
        """A date that dates a result: that of another's, or some time after a date, so that it comes soon or late."""
        if earlier and self.likely(40):
            start: Amount = ResultDate(self.one(earlier).name)
            return start if self.likely(50) else DateMoved(start, "after", self.one(LATER))
        column = Column(table.name, self.one(kinds(table, "date")).name, "date")
        dates: list[Amount] = [column, column, JoiningDate()]
        start = self.one(dates)
        return DateMoved(start, self.one(("after", "after", "before")), self.one(LATER))

    def of_person(self, cohorts: Sequence[Cohort], earlier: Sequence[Metric]) -> Amount:
        """A date that is one for all rows of a person, early enough for some of them to last from it."""
        joined = JoinedColumn(self.one(cohorts).name, "Joined On", "date")
        dates: list[Amount] = [JoiningDate(), joined, *(ResultDate(one.name) for one in earlier)]
        start = self.one(dates)
        return start if self.likely(60) else DateMoved(start, "after", self.one(LATER))

    def some(self, cohorts: Sequence[Cohort]) -> tuple[str, ...]:
        """One cohort, or now and then all of them, in some order."""
        if self.likely(70):
            return (self.one(cohorts).name,)
        return tuple(one.name for one in self.rng.sample(list(cohorts), len(cohorts)))

    def bands(self, table: Records) -> tuple[str, Literal["result", "joining"]]:
        """Bands of a column of the row, or of the row by which the person joined; none now and then."""
        if self.likely(40):
            return "", "result"
        if table is EVENTS and self.likely(50):
            return self.one(("Hours", "Times")), "result"
        ways: tuple[Literal["result", "joining"], ...] = ("result", "joining")
        return self.one(("Regions", "Fitness", "Intakes")), "joining" if table is EVENTS else self.one(ways)

    def stretches(self) -> tuple[Band, ...]:
        """Bands of days one after the other, now and then with a hole between or an end."""
        cut = date(2016, 7, 1) + timedelta(days=self.one(range(300)))
        again = cut + timedelta(days=self.one((1, 2, 90)))
        first = self.one((None, date(2016, 4, 1)))
        stretches = (DayRange(first, cut), DayRange(again, again), DayRange(again + timedelta(days=1), None))
        return tuple(Band(f"Stretch {at}", Interval(), days=days) for at, days in enumerate(stretches))

    def gaps(self) -> Gaps | None:
        """Gaps that some rows leave, and others do not; none where the time held is no day."""
        if self.likely(60):
            return None
        allowed = (
            Duration(1, "day"),
            Duration(3, "week"),
            Duration(60, "day"),
            Duration(200, "day"),
            Duration(0, "day"),
        )
        return Gaps(self.one(allowed), self.one(("each", "in all")))

    def routes(self, names: list[str]) -> tuple[Routes, ...]:
        """Two routes of some of the metrics, now and then."""
        if len(names) < 2 or self.likely(60):
            return ()
        cut = self.one(range(1, len(names)))
        end = self.one(range(cut + 1, len(names) + 1))
        ways = (Route("First Way", tuple(names[:cut])), Route("Other Way", tuple(names[cut:end])))
        return (Routes("Ways", "", "", ways, self.one(("first earned", "first listed"))),)

    def contract(self) -> Contract:
        """A contract with a cohort or two and up to four metrics that may speak of earlier ones."""
        cohorts = [
            Cohort(
                f"Cohort {at}",
                "",
                "",
                "People",
                self.tests(PEOPLE),
                "Joined On",
                tuple(self.pick(PEOPLE) for _ in range(self.one((0, 1, 2)))),
                most=self.one((None, None, None, 1, 2, 3)),
            )
            for at in range(self.one((1, 2)))
        ]
        metrics: list[Metric] = []
        for at in range(self.one((1, 2, 3, 4))):
            metrics.append(self.metric(at, cohorts, metrics))
        # The engine must not need them in the order in which they depend.
        self.rng.shuffle(metrics)
        high = Interval(low=Fraction(16), high=Fraction(40), high_in=self.likely(50))
        taken = self.one(("Low", "High"))
        closed = Interval(high=Fraction(16), high_in=taken == "Low"), evolve(high, low_in=taken == "High")
        spell = Spell("Started On", "Ended On", self.likely(50), self.likely(50))
        return evolve(
            CONTRACT,
            service=RANGE,
            payment_period=self.one((RANGE, period(date(2016, 6, 15), date(2017, 9, 30)))),
            new_entrants_last=self.one((date(2017, 3, 30), date(2017, 3, 30), date(2016, 9, 1))),
            calendar=self.one(("quarterly", "monthly", "once at the end")),
            records=(
                evolve(PEOPLE, known_on=self.one(("", "Reported On"))),
                evolve(EVENTS, spell=spell),
            ),
            cohorts=tuple(cohorts),
            bands=(
                Bands("Hours", "", "Hours", (Band("Low", closed[0]), Band("High", closed[1]))),
                Bands(
                    "Regions",
                    "",
                    "Region",
                    (other := Band("Others", Interval(), rest=True), *WEST)[self.one((0, 1)) :],
                ),
                Bands("Times", "", "Started On", self.stretches()),
                Bands("Intakes", "", "Joined On", self.stretches()),
                Bands("Fitness", "", "Fit", (Band("Fit", Interval(), ("yes",)), evolve(other, name="Unfit"))),
            ),
            assumptions=(
                Assumption("Sixteen", "", "band", taken, Fraction(16)),
                Assumption("Fee", "", "number", self.one((Fraction(5, 2), Fraction(0)))),
                Assumption("Start", "", "date", date(2016, 8, 29)),
            ),
            metrics=tuple(metrics),
            lookups=(TIMES, REGIONAL),
            routes=self.routes([one.name for one in metrics]),
        )

    def settings(self, contract: Contract) -> Settings:
        """The contract's own values; now and then with the boundary of bands moved."""
        values = dict(as_written(contract).values)
        if self.likely(30):
            values["Sixteen"] = self.one(("Low", "High"))
        return Settings(values)


def kinds(table: Records, *wanted: str) -> list[RecordColumn]:
    return [column for column in table.columns if column.kind in wanted]
