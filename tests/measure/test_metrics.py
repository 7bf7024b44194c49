"""Cohorts and metrics, each rule by an example worked by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

import pytest
from attrs import evolve
from sqlglot import exp

from sibdsl.dates import Duration, Unit, long, period
from sibdsl.diagnostics import Refused
from sibdsl.measure import Volumes, measure_rows, sqldates, sqltree
from sibdsl.measure.engines.duckdb import DuckDB
from sibdsl.model.nodes import (
    Assumption,
    Band,
    Bands,
    Cohort,
    Column,
    Compare,
    Contract,
    Dated,
    ExampleRecords,
    Held,
    JoiningDate,
    Metric,
    MetricColumn,
    Pick,
    Records,
    Spell,
)
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.model.types import Interval
from tests.measure.by_hand import (
    CONTRACT,
    ENGAGED,
    ENGAGEMENT,
    ENTRY,
    HOURS,
    JOBS,
    STARTED,
    SUSTAINMENT,
    with_metrics,
    with_records,
)

AS_OF = date(2019, 6, 30)
HOURS_COLUMN = Column("Jobs", "Hours Per Week", "hours")
ENDED = Column("Jobs", "Ended On", "date")


def measured(
    jobs: Iterable[Sequence[str]],
    contract: Contract = CONTRACT,
    engaged: Iterable[Sequence[str]] = (("P1", "2016-04-01"),),
    referred: Iterable[Sequence[str]] = (("P1", "2016-04-01", "yes"),),
    as_of: date = AS_OF,
    settings: Settings | None = None,
) -> Volumes:
    given = [
        ExampleRecords(
            table.name, tuple(one.heading for one in table.columns), tuple(tuple(row) for row in rows)
        )
        for table, rows in zip(contract.records, (referred, engaged, jobs), strict=True)
    ]
    return measure_rows(contract, settings or as_written(contract), given, as_of)


def claims(volumes: Volumes, metric: str = "Job Entry") -> list[tuple[str, str]]:
    """Band and day of each result."""
    with volumes:
        return [(one.band, one.day.isoformat()) for one in volumes.claims(metric=metric, stated_only=False)]


def job(
    start: str, end: str = "", hours: str = "20", *, name: str = "J1", person: str = "P1"
) -> tuple[str, ...]:
    return (name, person, start, end, hours)


def spell(*, last_included: bool = False, open_while_blank: bool = True) -> Contract:
    return with_records(
        CONTRACT, evolve(JOBS, spell=Spell("Started On", "Ended On", last_included, open_while_blank))
    )


# ------------------------------------------------------------------ holdings


@pytest.mark.parametrize(
    ("end", "last_included", "counts"),
    [
        ("2018-03-14", False, False),  # held 1 February to 13 March: 41 days
        ("2018-03-15", False, True),  # to 14 March: 42 days
        ("2018-03-16", False, True),
        ("2018-03-13", True, False),
        ("2018-03-14", True, True),
        ("2018-03-15", True, True),
        ("", False, True),
        ("", True, True),
    ],
)
def test_six_weeks_are_42_days(end: str, last_included: bool, counts: bool) -> None:
    found = claims(measured([job("2018-02-01", end)], spell(last_included=last_included)))
    assert found == ([("From 16", "2018-03-15")] if counts else [])


def test_a_blank_end_that_does_not_mean_open_is_not_held() -> None:
    contract = spell(open_while_blank=False)
    assert claims(measured([job("2018-02-01")], contract)) == []
    assert claims(measured([job("2018-02-01", "2018-03-15")], contract)) == [("From 16", "2018-03-15")]


@pytest.mark.parametrize(
    ("dated", "day"),
    [
        (Dated("day after"), "2018-03-15"),
        (Dated("last day held"), "2018-03-14"),
        (Dated("column", "Started On"), "2018-02-01"),
    ],
)
def test_the_date_of_a_holding(dated: Dated, day: str) -> None:
    contract = with_metrics(CONTRACT, ENGAGEMENT, evolve(ENTRY, dated=dated))
    assert claims(measured([job("2018-02-01")], contract)) == [("From 16", day)]
    # However dated, it is not complete before the day after its last day.
    assert claims(measured([job("2018-02-01")], contract, as_of=date(2018, 3, 15))) == [("From 16", day)]
    assert claims(measured([job("2018-02-01")], contract, as_of=date(2018, 3, 14))) == []


def test_six_months_clip_to_the_end_of_the_month() -> None:
    reached = {
        "2017-08-28": "2018-02-28",
        "2017-08-29": "2018-02-28",
        "2017-08-31": "2018-02-28",
        "2017-09-01": "2018-03-01",
        "2018-02-28": "2018-08-28",
        "2018-03-31": "2018-09-30",
    }
    jobs: list[Sequence[str]] = []
    for start, day in reached.items():
        day_before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        jobs += [job(start, end, name=start, person=f"{start}/{end}") for end in ("", day, day_before)]
    people = [row[1] for row in jobs]
    with measured(
        jobs,
        engaged=[(person, "2016-04-01") for person in people],
        referred=[(person, "2016-04-01", "yes") for person in people],
    ) as volumes:
        found = {one.person: one.day.isoformat() for one in volumes.claims(metric="Job Sustainment")}
    assert found == {f"{start}/{end}": day for start, day in reached.items() for end in ("", day)}


def test_the_engine_steps_by_the_calendar_as_the_model_does() -> None:
    days = [date(2015, 1, 1) + timedelta(days=step) for step in range(365 * 6)]
    steps: list[tuple[int, Unit, int, str]] = [
        (1, "month", 1, "MONTH"),
        (6, "month", 6, "MONTH"),
        (11, "month", 11, "MONTH"),
        (1, "year", 12, "MONTH"),
        (4, "year", 48, "MONTH"),
        (6, "week", 42, "DAY"),
        (0, "day", 0, "DAY"),
    ]
    moved = [sqldates.later(sqltree.col("d", "day"), amount, unit) for _, _, amount, unit in steps]
    with DuckDB() as engine:
        column = exp.ColumnDef(this=exp.to_identifier("day"), kind=sqltree.DATE)
        engine.run(exp.Create(this=exp.Schema(this=exp.to_table("d"), expressions=[column]), kind="TABLE"))
        rows = [exp.Tuple(expressions=[sqltree.day(day)]) for day in days]
        engine.run(exp.insert(exp.Values(expressions=rows), "d"))
        found = engine.fetch(sqltree.query([sqltree.col("d", "day"), *moved], sqltree.table("d")))
    assert len(found) == len(days)
    for day, *later in found:
        assert later == [Duration(number, unit).after(day) for number, unit, _, _ in steps]


def test_a_holding_from_another_column_than_the_spell() -> None:
    extra = evolve(JOBS.columns[2], name="Reviewed On")
    contract = with_metrics(
        with_records(CONTRACT, evolve(JOBS, columns=(*JOBS.columns, extra))),
        ENGAGEMENT,
        evolve(ENTRY, held=Held(Duration(6, "week"), "Reviewed On")),
    )
    rows = [(*job("2018-02-01", "2018-03-20"), "2018-02-03"), (*job("2018-02-01", name="J2"), "2018-01-31")]
    assert claims(measured(rows, contract)) == [("From 16", "2018-03-17")]


def test_a_holding_that_would_end_after_the_calendar() -> None:
    for duration in (Duration(10**9, "year"), Duration(10**9, "week"), Duration(8000, "year")):
        contract = with_metrics(CONTRACT, ENGAGEMENT, evolve(ENTRY, held=Held(duration, "Started On")))
        assert claims(measured([job("2018-02-01")], contract)) == []


# ------------------------------------------------------------------ when results count


def test_nothing_counts_after_the_as_of_date() -> None:
    assert claims(measured([job("2018-02-01")], as_of=date(2018, 3, 15))) == [("From 16", "2018-03-15")]
    assert claims(measured([job("2018-02-01")], as_of=date(2018, 3, 14))) == []


def test_nothing_counts_outside_the_payment_period() -> None:
    contract = evolve(
        CONTRACT, payment_period=period(date(2018, 3, 16), date(2018, 3, 20)), calendar="once at the end"
    )
    days = ["2018-02-01", "2018-02-02", "2018-02-06", "2018-02-07"]  # 42 days later: 15, 16, 20 and 21 March
    every = evolve(ENTRY, first_only="")
    rows = [job(day, name=f"J{at}") for at, day in enumerate(days)]
    engagement = evolve(ENGAGEMENT, conditions=())
    own = with_metrics(contract, engagement, evolve(every, conditions=()))
    assert claims(measured(rows, own)) == [("From 16", "2018-03-16"), ("From 16", "2018-03-20")]


def test_results_of_periods_not_stated_yet_are_kept_apart() -> None:
    with measured([job("2018-02-01"), job("2018-05-20", name="J2")], as_of=date(2018, 6, 29)) as volumes:
        assert {one.segment.days.last for one in volumes.quantities} >= {date(2018, 3, 31)}
        assert max(one.segment.days.last for one in volumes.quantities) == date(2018, 3, 31)
        assert len(list(volumes.claims(metric="Job Entry"))) == 1
    with measured([job("2018-04-02")], as_of=date(2018, 6, 29)) as volumes:
        assert list(volumes.claims(metric="Job Entry")) == []
        found = list(volumes.claims(metric="Job Entry", stated_only=False))
        assert [(one.day, long(one.segment.days.start)) for one in found] == [
            (date(2018, 5, 14), "1 April 2018")
        ]
    with measured([job("2018-04-02")], as_of=date(2018, 6, 30)) as volumes:
        assert len(list(volumes.claims(metric="Job Entry"))) == 1


def test_quantities_are_all_there_in_order() -> None:
    with measured(
        [job("2016-05-01"), job("2016-05-01", hours="4", person="P2")], as_of=date(2016, 9, 30)
    ) as volumes:
        found = [
            (long(one.segment.days.start), one.metric, one.band, int(one.number))
            for one in volumes.quantities
        ]
        assert all(isinstance(one.number, Fraction) for one in volumes.quantities)
    quarters = ("1 April 2016", "1 July 2016")
    names = [("Engagement", "")] + [
        (metric, band) for metric in ("Job Entry", "Job Sustainment") for band in ("Under 16", "From 16")
    ]
    assert [one[:3] for one in found] == [(quarter, *name) for quarter in quarters for name in names]
    assert [one for one in found if one[3]] == [
        ("1 April 2016", "Engagement", "", 1),
        ("1 April 2016", "Job Entry", "From 16", 1),
    ]


# ------------------------------------------------------------------ which result is first

TIED = [
    job("2017-08-31", hours="4", name="J9"),
    job("2017-08-30", hours="20", name="J10"),
    job("2017-08-29", hours="30", name="J2"),
]


@pytest.mark.parametrize(
    ("tie", "band"),
    [
        (Pick("lowest", "Job ID"), "From 16"),  # J10, as text before J2 and J9
        (Pick("highest", "Job ID"), "Under 16"),
        (Pick("earliest", "Started On"), "From 16"),
        (Pick("latest", "Started On"), "Under 16"),
        (Pick("lowest", "Hours Per Week"), "Under 16"),  # as numbers: 4 before 20
        (Pick("highest", "Hours Per Week"), "From 16"),
    ],
)
def test_ties(tie: Pick, band: str) -> None:
    contract = with_metrics(CONTRACT, ENGAGEMENT, evolve(SUSTAINMENT, tie=tie))
    for rows in (TIED, TIED[::-1]):
        assert claims(measured(rows, contract), "Job Sustainment") == [(band, "2018-02-28")]


def test_a_tie_that_the_contract_does_not_settle_goes_to_the_earlier_start_then_the_lower_value() -> None:
    contract = with_metrics(CONTRACT, ENGAGEMENT, evolve(SUSTAINMENT, tie=None))
    for rows in (TIED, TIED[::-1]):
        with measured(rows, contract) as volumes:
            assert [one.row for one in volumes.claims(metric="Job Sustainment")] == [1 + rows.index(TIED[2])]
    same_start = [job("2017-08-29", hours="100", name="J1"), job("2017-08-29", hours="4", name="J2")]
    for rows in (same_start, same_start[::-1]):
        assert claims(measured(rows, contract), "Job Sustainment") == [("Under 16", "2018-02-28")]


def test_blanks_lose_ties_either_way() -> None:
    rows = [job("2018-02-01", "", name="J1", hours="4"), job("2018-02-01", "2019-01-01", name="J2")]
    ways: tuple[Literal["earliest", "latest"], ...] = ("earliest", "latest")
    for way in ways:
        contract = with_metrics(CONTRACT, ENGAGEMENT, evolve(ENTRY, tie=Pick(way, "Ended On")))
        assert claims(measured(rows, contract)) == [("From 16", "2018-03-15")]


SEVERAL = [
    job("2018-02-02", hours="4", name="J1"),
    job("2018-02-01", hours="4", name="J2"),
    job("2018-02-03", hours="20", name="J3"),
    job("2018-02-04", hours="20", name="J4"),
]


@pytest.mark.parametrize(
    ("first_only", "found"),
    [
        ("over all bands", [("Under 16", "2018-03-15")]),
        ("in each band", [("Under 16", "2018-03-15"), ("From 16", "2018-03-17")]),
        (
            "",
            [
                ("Under 16", "2018-03-15"),
                ("Under 16", "2018-03-16"),
                ("From 16", "2018-03-17"),
                ("From 16", "2018-03-18"),
            ],
        ),
    ],
)
def test_first_only(
    first_only: Literal["", "over all bands", "in each band"], found: list[tuple[str, str]]
) -> None:
    contract = with_metrics(CONTRACT, ENGAGEMENT, evolve(ENTRY, first_only=first_only))
    assert claims(measured(SEVERAL, contract)) == found


def test_rows_alike_in_all_that_is_read_are_settled_by_their_other_cells() -> None:
    note = evolve(JOBS.columns[0], name="Note", blank_allowed=True)
    contract = with_records(CONTRACT, evolve(JOBS, columns=(*JOBS.columns, note)))
    rows = [(*job("2018-02-01"), "b"), (*job("2018-02-01"), "a"), (*job("2018-02-01"), "c")]
    for order in (rows, rows[::-1]):
        with measured(order, contract) as volumes:
            claim = next(volumes.claims(metric="Job Entry"))
            assert volumes.cells(claim.source, claim.row)["Note"] == "a"


# ------------------------------------------------------------------ bands


def test_the_boundary_of_bands() -> None:
    every = with_metrics(CONTRACT, ENGAGEMENT, evolve(ENTRY, first_only=""))
    hours = ("15.999999999", "16", "16.000000001", "168")
    with measured([job("2018-02-01", hours=one) for one in hours], every) as volumes:
        assert [(one.band, one.row) for one in volumes.claims(metric="Job Entry")] == [
            ("Under 16", 1),
            ("From 16", 2),
            ("From 16", 3),
            ("From 16", 4),
        ]


def published() -> Bands:
    """The bands as published: neither holds exactly 16 hours."""
    under, over = HOURS.bands
    return evolve(HOURS, bands=(under, evolve(over, name="Over 16", holds=Interval(low=Fraction(16)))))


def test_a_result_in_no_band_is_first_and_counts_nowhere() -> None:
    contract = evolve(CONTRACT, bands=(published(),))
    rows = [job("2018-02-01", hours="16"), job("2018-02-02", hours="20", name="J2")]
    with measured(rows, contract) as volumes:
        assert list(volumes.claims(metric="Job Entry")) == []
        assert sum(one.number for one in volumes.quantities if one.metric == "Job Entry") == 0
        assert volumes.accounts["Jobs"].used == 2
        said = "lies in no band of Hours, so it is counted nowhere; its Hours Per Week is 16"
        assert [(one.code, one.message) for one in volumes.warnings] == [
            ("SIB0615", f"1 result of Job Entry {said}"),
            ("SIB0615", f"1 result of Job Sustainment {said}"),
        ]


def test_several_results_in_no_band() -> None:
    contract = evolve(with_metrics(CONTRACT, ENGAGEMENT, evolve(ENTRY, first_only="")), bands=(published(),))
    rows = [job("2018-02-01", hours="16"), job("2018-02-02", hours="16", name="J2")]
    with measured(rows, contract) as volumes:
        assert [one.message for one in volumes.warnings] == [
            "2 results of Job Entry lie in no band of Hours, so they are counted nowhere; in one Hours Per Week is 16"
        ]


def test_a_setting_moves_the_boundary() -> None:
    choice = Assumption("Sixteen Hours", "", "band", "From 16", Fraction(16))
    contract = evolve(CONTRACT, assumptions=(choice,))
    for taker in ("Under 16", "From 16"):
        found = measured(
            [job("2018-02-01", hours="16")], contract, settings=Settings({"Sixteen Hours": taker})
        )
        assert claims(found) == [(taker, "2018-03-15")]


def test_bands_with_two_ends() -> None:
    ends = ("0.5", "15", "30")
    low, middle, high = (Fraction(one) for one in ends)
    rows = [("Low", Interval(low, True, middle, True)), ("High", Interval(middle, False, high, False))]
    bands = evolve(HOURS, bands=tuple(Band(name, holds) for name, holds in rows))
    every = evolve(ENTRY, first_only="")
    contract = evolve(with_metrics(CONTRACT, ENGAGEMENT, every), bands=(bands,))
    given = ["0.4", "0.5", "15", "15.1", "29.9", "30"]
    found = claims(measured([job("2018-02-01", hours=one, name=one) for one in given], contract))
    assert [band for band, _ in found] == ["Low", "Low", "High", "High"]


# ------------------------------------------------------------------ joining


def joined_by(*picks: Pick, referred: Sequence[Sequence[str]]) -> list[str]:
    """The person's joining date, seen through engagements that must fall on it."""
    cohort: Cohort = evolve(CONTRACT.cohorts[0], picks=picks, conditions=())
    on_joining = evolve(ENGAGEMENT, conditions=(Compare(ENGAGED, "=", JoiningDate()),), first_only="")
    contract = evolve(with_metrics(CONTRACT, on_joining), cohorts=(cohort,))
    engaged = [("P1", f"2016-04-0{day}") for day in range(1, 8)]
    return [day for _, day in claims(measured((), contract, engaged, referred), "Engagement")]


def test_several_rows_of_one_person() -> None:
    referred = [("P1", "2016-04-03", "no"), ("P1", "2016-04-02", "yes"), ("P1", "2016-04-05", "yes")]
    for rows in (referred, referred[::-1]):
        assert joined_by(Pick("earliest", "Referred On"), referred=rows) == ["2016-04-02"]
        assert joined_by(Pick("latest", "Referred On"), referred=rows) == ["2016-04-05"]
        assert joined_by(referred=rows) == ["2016-04-02"]
        lowest = Pick("lowest", "Severe Condition")
        assert joined_by(lowest, referred=rows) == ["2016-04-03"]
        highest = Pick("highest", "Severe Condition")
        assert joined_by(highest, referred=rows) == ["2016-04-02"]
        assert joined_by(highest, Pick("latest", "Referred On"), referred=rows) == ["2016-04-05"]


# ------------------------------------------------------------------ metrics that speak of metrics


def follow_up(name: str, after: str, column: str = "Started On") -> Metric:
    later = Compare(STARTED, ">", MetricColumn(after, column, "date"))
    return evolve(ENTRY, name=name, conditions=(later,), bands="")


def test_a_chain_of_metrics_in_any_order() -> None:
    chain = [ENGAGEMENT, ENTRY, follow_up("Second Job", "Job Entry"), follow_up("Third Job", "Second Job")]
    rows = [job(f"2018-02-0{day}", name=f"J{day}") for day in (3, 1, 2, 4)]
    for metrics in (chain, chain[::-1]):
        contract = with_metrics(CONTRACT, *metrics)
        assert claims(measured(rows, contract), "Second Job") == [("", "2018-03-16")]
        assert claims(measured(rows, contract), "Third Job") == [("", "2018-03-17")]


def test_what_every_result_counts_means_for_others_is_the_first() -> None:
    contract = with_metrics(
        CONTRACT, ENGAGEMENT, evolve(ENTRY, first_only=""), follow_up("Second Job", "Job Entry")
    )
    rows = [job(f"2018-02-0{day}", name=f"J{day}") for day in (3, 1, 2)]
    assert claims(measured(rows, contract), "Second Job") == [("", "2018-03-16")]
    each = with_metrics(
        CONTRACT, ENGAGEMENT, evolve(ENTRY, first_only="in each band"), follow_up("Next", "Job Entry")
    )
    assert claims(measured(rows, each), "Next") == [("", "2018-03-16")]


def test_metrics_that_wait_for_each_other() -> None:
    contract = with_metrics(CONTRACT, follow_up("One", "Two"), follow_up("Two", "One"))
    with pytest.raises(Refused) as caught:
        measured((), contract)
    assert caught.value.found[0].code == "SIB0612"
    assert (
        caught.value.found[0].message == "One and Two wait for each other's results, so none can be counted"
    )


def test_a_table_without_a_person() -> None:
    table = Records("Jobs", "Job", (JOBS.columns[0], *JOBS.columns[2:]), JOBS.spell)
    with pytest.raises(Refused) as caught:
        measured((), with_records(CONTRACT, table))
    assert caught.value.found[0].code == "SIB0613"
