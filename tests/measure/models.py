"""Contracts and records made at random, with few different values, so that they tie, repeat and touch every edge."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from sibdsl.dates import Duration, period
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Assumption,
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
    Either,
    Given,
    Held,
    InPeriod,
    JoiningDate,
    Metric,
    MetricColumn,
    Not,
    Pick,
    RecordColumn,
    Records,
    Spell,
    Value,
)
from sibdsl.model.types import Interval, Kind
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
RANGE = period(date(2016, 4, 1), date(2017, 3, 31))


def kinds(table: Records, *wanted: str) -> list[RecordColumn]:
    return [column for column in table.columns if column.kind in wanted]


def end(rng: Random, start: str) -> str:
    """A day on which a holding from `start` is just complete, or just not."""
    try:
        edge = rng.choice((Duration(6, "week"), Duration(6, "month"))).after(date.fromisoformat(start))
    except (ValueError, OverflowError):
        return ""
    return str(edge + timedelta(days=rng.choice((-2, -1, -1, 0, 0, 1))))


@st.composite
def rows(draw: DrawFn, table: Records) -> list[list[str]]:
    """Rows of a table, some of them invalid, padded or repeated; the last column is read by no clause.

    The cells come from a seed: drawn one by one they would be small and alike, and few would tell contracts apart.
    """
    rng = Random(draw(st.integers(0, 10**9)))  # noqa: S311 - no secret
    found: list[list[str]] = []
    for _ in range(draw(st.sampled_from((0, 3, 12, 20, 30)))):
        if found and rng.random() < 0.1:
            again = list(rng.choice(found))
            again[0] = rng.choice(("", " ")) + again[0]
            found.append(again)
            continue
        row = []
        for column in table.columns:
            odd = rng.randrange(40)
            likely = OF_COLUMN.get(column.name, CELLS[column.kind])
            row.append(rng.choice((BAD[column.kind], CELLS[column.kind])[odd] if odd < 2 else likely))
        if table is EVENTS and rng.random() < 0.7:
            row[3] = end(rng, row[2])
        found.append([*row, rng.choice(("", "x", "y"))])
    return found


def numbers(table: Records, given: bool) -> st.SearchStrategy[Amount]:
    columns = [
        Column(table.name, column.name, column.kind) for column in kinds(table, "number", "hours", "money")
    ]
    written: list[Amount] = [
        Value(Fraction(16), "number"),
        Value(Fraction(1, 3), "number"),
        Value(Fraction(0), "number"),
    ]
    if given:
        written.append(Given("Fee", "number"))
    leaves = st.sampled_from([*columns, *columns, *written])

    def sums(inner: st.SearchStrategy[Amount]) -> st.SearchStrategy[Amount]:
        ops = st.sampled_from(("plus", "minus", "times", "divided by"))
        return st.builds(Arithmetic, ops, inner, inner, st.just("number"))

    return st.one_of(leaves, sums(leaves), sums(leaves))


@st.composite
def tests(draw: DrawFn, table: Records, among: bool, metrics: list[Metric], depth: int = 2) -> Condition:
    """A condition over a table; `among` says that there is a joining date, `metrics` those it may speak of."""
    choice = draw(st.integers(0, 9 if depth else 6))
    if metrics and draw(st.booleans()):
        choice = 0
    ops: st.SearchStrategy[Comparison] = st.sampled_from(("=", "<", "<=", ">", ">="))
    dates = [Column(table.name, column.name, "date") for column in kinds(table, "date")]
    if choice in (0, 1):
        others: list[Amount] = [*dates, Value(date(2016, 10, 12), "date"), Given("Start", "date")]
        if among:
            others.append(JoiningDate())
        for metric in metrics:
            # Twice as likely as the others.
            for column in 2 * kinds(TABLES[metric.records], "date"):
                others.append(MetricColumn(metric.name, column.name, "date"))
        return Compare(draw(st.sampled_from(dates)), draw(ops), draw(st.sampled_from(others)))
    if choice == 2:
        return Compare(draw(numbers(table, given=True)), draw(ops), draw(numbers(table, given=True)))
    if choice == 3:
        column = draw(st.sampled_from(kinds(table, "yes or no", "category", "identifier", "percentage")))
        options: list[Any] = list(CELLS[column.kind])
        value = Fraction(1, 2) if column.kind == "percentage" else draw(st.sampled_from(options))
        return Compare(Column(table.name, column.name, column.kind), "=", Value(value, column.kind))
    if choice == 4:
        column = draw(st.sampled_from(table.columns))
        return Blank(Column(table.name, column.name, column.kind))
    if choice in (5, 6):
        span = draw(st.sampled_from(("service period", "payment period")))
        return InPeriod(draw(st.sampled_from(dates)), span)  # type: ignore[arg-type]
    inner = tests(table, among, metrics, depth - 1)
    if choice == 7:
        return Not(draw(inner))
    parts = tuple(draw(st.lists(inner, min_size=1, max_size=3)))
    return Both(parts) if choice == 8 else Either(parts)


def picks(table: Records) -> st.SearchStrategy[Pick]:
    dated = st.builds(
        Pick,
        st.sampled_from(("earliest", "latest")),
        st.sampled_from([one.name for one in kinds(table, "date")]),
    )
    names = [one.name for one in table.columns]
    return st.one_of(dated, st.builds(Pick, st.sampled_from(("lowest", "highest")), st.sampled_from(names)))


@st.composite
def metrics(draw: DrawFn, number: int, cohorts: list[str], earlier: list[Metric]) -> Metric:
    held = draw(st.booleans())
    table = EVENTS if held else draw(st.sampled_from((PEOPLE, EVENTS, EVENTS)))
    likely = (Duration(6, "week"), Duration(6, "week"), Duration(6, "month"))
    odd = (Duration(0, "day"), Duration(1, "year"), Duration(200_000, "month"), Duration(9_999_999, "day"))
    durations = st.sampled_from((*3 * likely, *odd))
    dated = Dated(
        "column", draw(st.sampled_from(("Started On", "Ended On") if table is EVENTS else ("Joined On",)))
    )
    if held:
        dated = draw(
            st.sampled_from((Dated("day after"), Dated("last day held"), Dated("column", "Started On")))
        )
    conditions = (
        draw(st.lists(tests(table, True, earlier), min_size=1 if earlier else 0, max_size=2))
        if draw(st.integers(0, 2)) == 0
        else []
    )
    bands = draw(st.sampled_from(("", "Hours", "Hours"))) if table is EVENTS else ""
    return Metric(
        f"Metric {number}",
        "",
        "",
        "outcome",
        table.name,
        draw(st.sampled_from(cohorts)),
        tuple(conditions),
        dated,
        Held(draw(durations), "Started On") if held else None,
        draw(
            st.sampled_from(
                ("", "over all bands", "in each band", "in each band") if bands else ("", "over all bands")
            )
        ),
        draw(st.one_of(st.none(), picks(table))),
        bands,
    )


@st.composite
def contracts(draw: DrawFn) -> Contract:
    """A contract with a cohort or two and up to three metrics that may speak of earlier ones."""
    spell = Spell("Started On", "Ended On", draw(st.booleans()), draw(st.booleans()))
    known = draw(st.sampled_from(("", "Reported On")))
    cohorts = []
    for at in range(draw(st.integers(1, 2))):
        conditions = (
            draw(st.lists(tests(PEOPLE, True, []), min_size=1, max_size=2))
            if draw(st.integers(0, 2)) == 0
            else []
        )
        chosen = tuple(draw(st.lists(picks(PEOPLE), max_size=2)))
        cohorts.append(Cohort(f"Cohort {at}", "", "", "People", tuple(conditions), "Joined On", chosen))
    counted: list[Metric] = []
    for at in range(draw(st.integers(1, 4))):
        counted.append(draw(metrics(at, [one.name for one in cohorts], counted)))
    # The engine must not need them in the order in which they depend.
    counted = draw(st.permutations(counted))
    middle: Kind = "band"
    return evolve(
        CONTRACT,
        service=RANGE,
        payment_period=draw(st.sampled_from((RANGE, period(date(2016, 6, 15), date(2017, 9, 30))))),
        new_entrants_last=draw(st.sampled_from((date(2017, 3, 30), date(2017, 3, 30), date(2016, 9, 1)))),
        calendar=draw(st.sampled_from(("quarterly", "monthly", "once at the end"))),
        records=(evolve(PEOPLE, known_on=known), evolve(EVENTS, spell=spell)),
        cohorts=tuple(cohorts),
        bands=(
            Bands(
                "Hours",
                "",
                "Hours",
                (
                    Band("Low", Interval(high=Fraction(16))),
                    Band("High", Interval(low=Fraction(16), high=Fraction(40), high_in=draw(st.booleans()))),
                ),
            ),
        ),
        assumptions=(
            Assumption("Sixteen", "", middle, draw(st.sampled_from(("Low", "High"))), Fraction(16)),
            Assumption("Fee", "", "number", draw(st.sampled_from((Fraction(5, 2), Fraction(0))))),
            Assumption("Start", "", "date", date(2016, 8, 29)),
        ),
        metrics=tuple(counted),
    )


HEADINGS = {
    "People": ("person_id", "JOINED ON", "fit", "Region", "The-Score", "reported on", "team"),
    "Events": ("Event ID", "person id", "started_on", "ended_on", "hours", "cost", "share", "note"),
}
AS_OF = st.sampled_from(
    (date(2017, 4, 1), date(2016, 10, 12), date(2017, 3, 31), date(2017, 2, 28), date(2018, 1, 1))
)
