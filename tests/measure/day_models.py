"""Contracts made at random that count days and add up columns, over the tables of the other random contracts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import evolve

from sibdsl.dates import Duration
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Cohort,
    Column,
    ColumnSum,
    Compare,
    Condition,
    Contract,
    Dated,
    DateMoved,
    DaysCounted,
    DaysOfTracking,
    Evidence,
    Given,
    GivenFor,
    Held,
    Looked,
    Lookup,
    LookupColumn,
    LookupRow,
    Metric,
    Particular,
    PeopleReaching,
    RecordColumn,
    Records,
    Tracked,
    Value,
    WholeYears,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.types import Kind
from tests.measure.models import EVENTS, PEOPLE, REGIONAL, SIX_MONTHS, SIX_WEEKS, TIMES, Maker

WAIT = RecordColumn(
    "Wait", "count", blank_allowed=True,
    formula=WholeYears(Column("People", "Joined On", "date"), Column("People", "Reported On", "date")),
)  # fmt: skip
YEARS = RecordColumn(
    "Years", "count", blank_allowed=True,
    formula=WholeYears(Column("Events", "Started On", "date"), Column("Events", "Ended On", "date")),
)  # fmt: skip
#: A date worked out from another, and years worked out from that.
LATER = RecordColumn(
    "Later", "date", blank_allowed=True,
    formula=DateMoved(Column("People", "Joined On", "date"), "after", Duration(11, "month")),
)  # fmt: skip
SINCE = RecordColumn(
    "Since", "count", blank_allowed=True,
    formula=WholeYears(Column("People", "Later", "date"), Column("People", "Reported On", "date")),
)  # fmt: skip
WORKED_OUT = {"People": WAIT, "Events": YEARS}
LENGTHS = (SIX_WEEKS, SIX_MONTHS, Duration(1, "day"), Duration(30, "month"), Duration(9_999_999, "day"))


def row(key: str, factor: str, good: str) -> LookupRow:
    """One row of the codes; what is '' is printed blank."""
    number = Value(Fraction(factor), "number") if factor else None
    return LookupRow((Value(key, "text"), number, Value(good, "yes or no") if good else None))


class DayMaker(Maker):
    """Makes contracts that count days."""

    def condition(self, table: Records) -> Condition:
        derived = WORKED_OUT[table.name]
        if table.name == "People" and self.likely(40):
            derived = SINCE
        column = Column(table.name, derived.name, "count")
        choices: list[Condition] = [
            Compare(column, self.one(("=", "<=", ">=")), Value(Fraction(self.one((0, 1))), "number")),
            Compare(Looked("Codes", "Good", self.key(table), "yes or no"), "=", Value("yes", "yes or no")),
            Compare(
                Looked("Codes", "Factor", self.key(table), "number"), ">", Value(Fraction(1, 3), "number")
            ),
        ]
        return self.one(choices)

    def key(self, table: Records) -> Column:
        if table.name == "People":
            return Column("People", "Region", "category")
        return Column("Events", "Event ID", "identifier")

    def weight(self, table: Records) -> Amount | None:
        derived = Column(table.name, WORKED_OUT[table.name].name, "count")
        by_wait = GivenFor("Share", derived, "percentage")
        looked = Looked("Codes", "Factor", self.key(table), "number")
        fee = Given("Fee", "number")
        options: list[Amount | None] = [
            None, Value(Fraction(1, 3), "number"), fee, looked, by_wait, Arithmetic("times", by_wait, fee, "percentage"),
            Arithmetic("minus", looked, Value(Fraction(1, 7), "number"), "number"),
        ]  # fmt: skip
        if table.name == "Events":
            options.append(Column("Events", "Cost", "money"))
        return self.one(options)

    def day_metric(self, number: int, cohort: Cohort) -> Metric:
        sorts: tuple[Literal["days", "days of tracking", "sum"], ...] = ("days", "days of tracking", "sum")
        counts = self.one((sorts[0], *sorts))
        table = PEOPLE if counts == "days of tracking" else EVENTS
        tests = list(self.tests(table)) if self.likely(40) else []
        tests += [self.condition(table)] if self.likely(40) else []
        at: Literal["result", "joining"] = "joining" if self.likely(30) else "result"
        weight = self.weight(PEOPLE if at == "joining" else table)
        return Metric(
            f"Measure {number}", "", "", "outcome", table.name, cohort.name, tuple(tests),
            Dated("column", self.one(("Started On", "Ended On"))) if counts == "sum" else Dated("each day"),
            None, "", None,
            "Hours" if table is EVENTS and self.likely(30) else "",
            ColumnSum(self.one(("Cost", "Hours", "Share"))) if counts == "sum"
            else DaysCounted() if counts == "days" else DaysOfTracking(),
            weight,
            self.one(("", "tracking")) if counts != "days of tracking" else "",
            "days",
            weight_at="result" if weight is None else at,
        )  # fmt: skip

    def weighed(self, one: Metric) -> Metric:
        """The metric with each of its results weighed, in its row or the one by which the person joined."""
        at: Literal["result", "joining"] = self.one(("result", "joining"))
        table = PEOPLE if at == "joining" or one.records == "People" else EVENTS
        weight = self.weight(table)
        return one if weight is None else evolve(one, weight=weight, weight_at=at)

    def in_service(self, one: Metric) -> Metric:
        """The metric with each of its days kept to the service period."""
        days = one.counts.word in ("days", "days of tracking")
        return evolve(one, within="", days_in="service period") if days else one

    def windowed(self, one: Metric) -> Metric:
        """The metric kept to a window instead of the tracking."""
        if one.counts.word == "days of tracking":
            return one
        window = Tracked(self.one(LENGTHS), self.one(("Joined On", "Reported On")))
        return evolve(one, within="window", window=window)

    def reaching(self, number: int, cohort: Cohort) -> Metric:
        """People who reach an amount: of money, of hours that may be blank, of a number that may be below nought."""
        table, column = self.one(((EVENTS, "Cost"), (EVENTS, "Hours"), (PEOPLE, "Score")))
        by = (
            self.one(("Started On", "Ended On"))
            if table is EVENTS
            else self.one(("Joined On", "Reported On"))
        )
        wanted = self.one(("0.01", "16", "31.5", "112.34", "200", "1001.000000001"))
        kind: Kind = "money" if column == "Cost" else "hours" if column == "Hours" else "number"
        return Metric(
            f"Reached {number}", "", "", "outcome", table.name, cohort.name,
            tuple(self.tests(table)) if self.likely(30) else (),
            Dated("column", by), None, "", None, "", PeopleReaching(column, Value(Fraction(wanted), kind)), None,
            self.one(("", "tracking")),
        )  # fmt: skip

    def evidenced(self, one: Metric) -> Metric:
        """The metric of rows with evidence asked for, and maybe to be accepted."""
        columns = ("Ended On", "Started On") if one.records == "Events" else ("Reported On", "Joined On")
        claimed, other = columns if self.likely(70) else columns[::-1]
        accepted, rejected = self.one((("", ""), (other, ""), ("", other)))
        deemed = self.one(LENGTHS) if rejected and self.likely(60) else None
        return evolve(one, evidence=Evidence(claimed, self.one(LENGTHS), accepted, rejected, deemed))

    def day_contract(self) -> Contract:
        """A contract with metrics of days and sums beside others of rows."""
        base = self.contract()
        cohorts = tuple(
            evolve(
                one, tracked=Tracked(self.one(LENGTHS), self.one(("Joined On", "Joined On", "Reported On")))
            )
            for one in base.cohorts
        )
        metrics = [self.day_metric(at, self.one(cohorts)) for at in range(self.one((1, 2, 3)))]
        metrics += [self.reaching(at, self.one(cohorts)) for at in range(self.one((0, 1, 2)))]
        metrics = [self.in_service(one) if self.likely(30) else one for one in metrics]
        metrics = [self.windowed(one) if self.likely(30) else one for one in metrics]
        for at, one in enumerate(metrics):
            if one.counts.word == "days" and self.likely(40):
                held = Held(self.one(LENGTHS), "Started On", None, self.one(("every day", "later days")))
                metrics[at] = evolve(one, held=held)
            before = [
                other.name for other in metrics[:at] if other.counts.word not in ("sum", "people reaching")
            ]
            if before and one.counts.word not in ("sum", "people reaching") and self.likely(60):
                metrics[at] = evolve(metrics[at], net_of=self.one(before))
        metrics = [
            self.evidenced(one) if one.counts.word in ("sum", "people reaching") and self.likely(30) else one
            for one in metrics
        ]
        others = tuple(evolve(one, within=self.one(("", "tracking")), also=()) for one in base.metrics[:2])
        others = tuple(self.windowed(one) if self.likely(30) else one for one in others)
        others = tuple(
            self.evidenced(one)
            if self.likely(30) and (one.held is None or (one.held.gaps, one.held.then) == (None, None))
            else one
            for one in others
        )
        others = tuple(self.weighed(one) if self.likely(40) else one for one in others)
        others = tuple(one for one in others if "Metric" not in f"{one.conditions}{one.dated}{one.held}")
        codes = Lookup(
            "Codes", "", "",
            (LookupColumn("Code", "text"), LookupColumn("Factor", "number"), LookupColumn("Good", "yes or no")),
            (row("J1", "1/2", "yes"), row("J9", "0.3", self.one(("no", ""))), row("East", "2", "yes"),
             *((row("West", "-1", "no"), row("J10", self.one(("1", "")), "yes"), row("Ж", "7", "no")) if self.likely(80) else ())),
        )  # fmt: skip
        return evolve(
            base,
            records=tuple(
                evolve(
                    one,
                    columns=(
                        *one.columns,
                        *((LATER, SINCE) if one.name == "People" else ()),
                        WORKED_OUT[one.name],
                    ),
                )
                for one in base.records
            ),
            cohorts=cohorts,
            metrics=(*others, *metrics),
            routes=(),
            lookups=(codes, TIMES, REGIONAL),
            particulars=(Particular("Share", "percentage", None, per="Wait"),),
        )

    def day_settings(self, contract: Contract) -> Settings:
        values = dict(self.settings(contract).values)
        shares = {"0": Fraction(17, 100), "1": Fraction(1, 3), "7983": Fraction(1)}
        values["Share"] = tuple(shares.items()) if self.likely(80) else (("0", Fraction(2)),)
        return Settings(values)


#: Days by which such contracts are looked at: none so late that open spells run on for ever.
AS_OF = (date(2016, 10, 12), date(2017, 2, 28), date(2017, 3, 31), date(2017, 12, 31))
