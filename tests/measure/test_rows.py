"""What became of each row, and why: the reasons that a reconciler reads."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from sibdsl.dates import period
from sibdsl.measure import RowStatus, Volumes, measure, measure_rows
from sibdsl.model.nodes import Contract, ExampleRecords, RecordColumn, Records
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.types import Interval
from tests.measure.by_hand import CONTRACT, ENGAGEMENT, JOBS, REFERRALS, with_metrics, with_records

AS_OF = date(2018, 7, 31)
REFERRED = [("P1", "2016-04-01", "yes"), ("P2", "2016-04-01", "yes")]
ENGAGED = [("P1", "2016-05-01"), ("P2", "2018-07-31")]


def example(table: Records, rows: Iterable[Sequence[str]]) -> ExampleRecords:
    headings = tuple(column.heading for column in table.columns)
    return ExampleRecords(table.name, headings, tuple(tuple(row) for row in rows))


def measured(
    jobs: Iterable[Sequence[str]] = (),
    engaged: Iterable[Sequence[str]] = ENGAGED,
    referred: Iterable[Sequence[str]] = REFERRED,
    contract: Contract = CONTRACT,
    as_of: date = AS_OF,
) -> Volumes:
    tables = zip(contract.records, (referred, engaged, jobs), strict=True)
    return measure_rows(contract, Settings(), [example(table, rows) for table, rows in tables], as_of)


def statuses(volumes: Volumes, records: str) -> list[tuple[str, str, str]]:
    with volumes:
        return [(one.status, one.reason, one.of_row) for one in volumes.rows() if one.records == records]


def job(
    *, job: str = "J1", person: str = "P1", start: str = "2018-01-01", end: str = "", hours: str = "20"
) -> tuple[str, ...]:
    return (job, person, start, end, hours)


def only(volumes: Volumes, records: str = "Jobs") -> tuple[str, str]:
    found = statuses(volumes, records)
    assert len(found) == 1
    return found[0][:2]


# ------------------------------------------------------------------ invalid


INVALID = [
    (job(job=""), "Job ID is blank"),
    (job(person=" "), "Person ID is blank"),
    (job(start=""), "Started On is blank"),
    (job(hours=""), "Hours Per Week is blank"),
    (job(start="2018-04-31"), "Started On is 2018-04-31: there is no such day"),
    (job(start="2017-02-29"), "Started On is 2017-02-29: there is no such day"),
    (job(start="0000-01-01"), "Started On is 0000-01-01: there is no such day"),
    (job(start="31/05/2018"), "Started On is 31/05/2018: write the date as 2018-05-31"),
    (job(start="05/31/2018"), "Started On is 05/31/2018: write the date as 2018-05-31"),
    (job(start="31.5.2018"), "Started On is 31.5.2018: write the date as 2018-05-31"),
    (job(start="05/06/2018"), "Started On is 05/06/2018: write the date in the form YYYY-MM-DD"),
    (job(start="05/31/18"), "Started On is 05/31/18: write the date in the form YYYY-MM-DD"),
    (job(start="31-May-18"), "Started On is 31-May-18: write the date in the form YYYY-MM-DD"),
    (job(start="31-May-2018"), "Started On is 31-May-2018: write the date as 2018-05-31"),
    (
        job(start="31 September 2018"),
        "Started On is 31 September 2018: write the date in the form YYYY-MM-DD",
    ),
    (job(start="1 september 2018"), "Started On is 1 september 2018: write the date as 2018-09-01"),
    (job(start="2018-5-31"), "Started On is 2018-5-31: write the date as 2018-05-31"),
    (job(start="2018/05/31"), "Started On is 2018/05/31: write the date as 2018-05-31"),
    (job(start="20180531"), "Started On is 20180531: write the date as 2018-05-31"),
    (job(start="20181331"), "Started On is 20181331: write the date in the form YYYY-MM-DD"),
    (job(start="30/02/2018"), "Started On is 30/02/2018: write the date in the form YYYY-MM-DD"),
    (job(start="2018-05-31 00:00:00"), "Started On is 2018-05-31 00:00:00: write the date as 2018-05-31"),
    (
        job(start="2018-05-31T09:30"),
        "Started On is 2018-05-31T09:30: write the date in the form YYYY-MM-DD, without a time",
    ),
    (
        job(start="43251"),
        "Started On is 43251: this is a spreadsheet's day number; write the date in the form YYYY-MM-DD",
    ),
    (job(start="12018-05-31"), "Started On is 12018-05-31: write the date in the form YYYY-MM-DD"),
    (job(start="soon"), "Started On is soon: write the date in the form YYYY-MM-DD"),
    (job(end="?"), "Ended On is ?: write the date in the form YYYY-MM-DD"),
    (job(end="2017-12-31"), "Ended On is 2017-12-31, before Started On, which is 2018-01-01"),
    (job(hours="-4"), "Hours Per Week is -4: it must be more than 0"),
    (job(hours="0.000"), "Hours Per Week is 0.000: it must be more than 0"),
    (job(hours="168.000000001"), "Hours Per Week is 168.000000001: it must be at most 168"),
    (job(hours="twenty"), "Hours Per Week is twenty: write a number in plain digits, such as 12.5"),
    (job(hours="1e1"), "Hours Per Week is 1e1: write a number in plain digits, such as 12.5"),
    (job(hours="16,5"), "Hours Per Week is 16,5: write a number in plain digits, such as 12.5"),
    (job(hours="+16"), "Hours Per Week is +16: write a number in plain digits, such as 12.5"),
    (job(hours="٣"), "Hours Per Week is ٣: write a number in plain digits, such as 12.5"),
    (
        job(hours="16.0000000001"),
        "Hours Per Week is 16.0000000001: a number has at most 18 digits before the point and 9 after it; a spreadsheet's ROUND gives fewer",
    ),
    (
        job(hours="x" * 80),
        f"Hours Per Week is {'x' * 59}…: write a number in plain digits, such as 12.5",
    ),
    (job(hours="1\n2"), "Hours Per Week is 1 2: write a number in plain digits, such as 12.5"),
    # The first column at fault is told, in the order of the contract.
    (job(job="", start="x", hours="0"), "Job ID is blank"),
    (
        job(start="x", end="2000-01-01", hours="0"),
        "Started On is x: write the date in the form YYYY-MM-DD",
    ),
]


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, ...], tuple[str, str]]:
    """Status and reason of each row of INVALID, all measured at once."""
    rows = [row for row, _ in INVALID]
    found = statuses(measured(rows), "Jobs")
    return {row: one[:2] for row, one in zip(rows, found, strict=True)}


@pytest.mark.parametrize(("row", "reason"), INVALID)
def test_invalid_rows(
    row: tuple[str, ...], reason: str, told: dict[tuple[str, ...], tuple[str, str]]
) -> None:
    assert told[row] == ("rejected", reason)


def test_yes_or_no() -> None:
    answers = ("Yes", "YES", "y", "true", "1", "yes no")
    found = statuses(
        measured(referred=[("P1", "2016-04-01", one) for one in answers], engaged=()), "Referrals"
    )
    assert found == [("rejected", f"Severe Condition is {one}: write yes or no", "") for one in answers]


def test_numbers_that_can_be_read() -> None:
    readable = ("016", "16.0", " 16 ", "15.999999999", "168", "0.000000001")
    found = statuses(measured([job(job=f"J{at}", hours=one) for at, one in enumerate(readable)]), "Jobs")
    assert found == [("used", "", "")] * len(readable)


def test_a_job_may_end_on_the_day_it_starts() -> None:
    assert only(measured([job(end="2018-01-01")])) == ("used", "")


def column(kind: str, **more: object) -> Contract:
    """The contract with one more column of referrals, read by the pick of the cohort."""
    added = RecordColumn("Extra", kind, blank_allowed=False, **more)  # type: ignore[arg-type]
    table = evolve(REFERRALS, columns=(*REFERRALS.columns, added))
    cohort = CONTRACT.cohorts[0]
    picks = (*cohort.picks, evolve(cohort.picks[0], way="lowest", column="Extra"))
    return evolve(with_records(CONTRACT, table), cohorts=(evolve(cohort, picks=picks),))


@pytest.mark.parametrize(
    ("contract", "cell", "reason"),
    [
        (column("category", categories=("East", "West")), "North", "it must be one of East, West"),
        (column("category", categories=("East", "West")), "east", "it must be one of East, West"),
        (column("category", categories=("East",)), "North", "it must be East"),
        (column("category", categories=("East",)), "East", ""),
        (column("count"), "2.5", "it must be a whole number"),
        (column("count"), "-1", "it must be at least 0"),
        (column("count"), "2.0", ""),
        (column("days"), "2.5", ""),
        (column("money"), "£5", "write a number in plain digits, such as 12.5"),
        (column("money"), "-5", ""),
        (column("money", allowed=Interval(Fraction(0), low_in=True)), "-5", "it must be at least 0"),
        (column("money", allowed=Interval(high=Fraction(1, 3))), "0.333333333", ""),
        (column("money", allowed=Interval(high=Fraction(1, 3))), "0.333333334", "it must be less than 1/3"),
        (
            column("money", allowed=Interval(Fraction(1, 3), low_in=True)),
            "0.333333333",
            "it must be at least 1/3",
        ),
        (column("number"), "999999999999999999.999999999", ""),
        (
            column("number"),
            "9999999999999999999",
            "a number has at most 18 digits before the point and 9 after it; a spreadsheet's ROUND gives fewer",
        ),
        (column("percentage"), "50%", ""),
        (column("percentage"), "12.5%", ""),
        (
            column("percentage"),
            "0.5",
            "write a percentage with its sign, such as 50%, or say under `written` what it is",
        ),
        (column("percentage"), "half", "write a percentage in plain digits with its sign, such as 12.5%"),
        (
            column("percentage", allowed=Interval(high=Fraction(1), high_in=True)),
            "101%",
            "it must be at most 100%",
        ),
        (column("text"), "anything", ""),
    ],
)
def test_kinds_of_column(contract: Contract, cell: str, reason: str) -> None:
    found = only(
        measured(engaged=(), referred=[("P1", "2016-04-01", "yes", cell)], contract=contract), "Referrals"
    )
    assert found == (("rejected", f"Extra is {cell}: {reason}") if reason else ("used", ""))


# ------------------------------------------------------------------ duplicates


def test_a_duplicate_of_any_row_is_a_duplicate() -> None:
    rows = [job(), job(hours="0"), job(hours=" 0 "), job(person="NOBODY"), job(person="NOBODY"), job()]
    assert statuses(measured(rows), "Jobs") == [
        ("used", "", ""),
        ("rejected", "Hours Per Week is 0: it must be more than 0", ""),
        ("duplicate", "every cell is equal to row 2", "2"),
        ("outside", "Person ID NOBODY is not in Service Users", ""),
        ("duplicate", "every cell is equal to row 4", "4"),
        ("duplicate", "every cell is equal to row 1", "1"),
    ]


def test_a_third_equal_row_repeats_the_first() -> None:
    assert [of_row for _, _, of_row in statuses(measured([job(), job(), job()]), "Jobs")] == ["", "1", "1"]


def test_rows_that_differ_in_what_cannot_be_seen_are_equal() -> None:
    unseen = (" J1", "\tJ1", "J1\u00a0", "J\u200b1", "\ufeffJ1", "J\u00ad1\u2060")
    rows = [job(), *(job(job=name) for name in unseen), job(job="j1"), job(job="J 1")]
    assert [status for status, _, _ in statuses(measured(rows), "Jobs")] == [
        "used",
        *["duplicate"] * len(unseen),
        "used",
        "used",
    ]


# ------------------------------------------------------------------ outside and used


def test_outside_of_the_cohort() -> None:
    rows = [
        ("P1", "2016-03-31", "yes"),
        ("P1", "2016-04-01", "no"),
        ("P1", "2016-04-02", "yes"),
        ("P1", "2016-04-03", "yes"),
        ("P2", "2018-08-01", "yes"),
        ("P3", "2019-04-01", "yes"),
    ]
    assert [found[:2] for found in statuses(measured(referred=rows), "Referrals")] == [
        ("outside", "not met: Referred On is in the service period"),
        ("outside", "not met: Severe Condition is yes"),
        ("used", ""),
        ("used", ""),
        ("outside", "dated 2018-08-01, after 31 July 2018"),
        ("outside", "dated 2019-04-01, after 31 July 2018"),
    ]


def test_new_entrants() -> None:
    contract = evolve(CONTRACT, new_entrants_last=date(2017, 1, 31))
    rows = [("P1", "2017-01-31", "yes"), ("P2", "2017-02-01", "yes")]
    assert [found[:2] for found in statuses(measured(referred=rows, contract=contract), "Referrals")] == [
        ("used", ""),
        ("outside", "joins on 2017-02-01, after 31 January 2017, the last day for new entrants"),
    ]


def test_outside_of_a_metric() -> None:
    rows = [
        ("P1", "2016-03-31"),
        ("P1", "2016-04-01"),
        ("P1", "2018-08-01"),
        ("P3", "2016-05-01"),
        ("P1", "2016-05-01"),
    ]
    assert [found[:2] for found in statuses(measured(engaged=rows), "Engagements")] == [
        ("outside", "not met: Engaged On is on or after joining date"),
        ("used", ""),
        ("outside", "dated 2018-08-01, after 31 July 2018"),
        ("outside", "Person ID P3 is not in Service Users"),
        ("used", ""),
    ]


def test_a_row_that_earns_nothing_is_used() -> None:
    contract = evolve(CONTRACT, service=period(date(2016, 4, 1), date(2018, 6, 30)))
    rows = [
        job(start="2018-07-30"),
        job(job="J2", start="2018-07-31", end="2018-07-31"),
        job(job="J3", start="2018-08-01"),
    ]
    assert [found[:2] for found in statuses(measured(rows, contract=contract), "Jobs")] == [
        ("used", ""),
        ("used", ""),
        ("outside", "dated 2018-08-01, after 31 July 2018"),
    ]


def test_before_the_engagement_and_without_one() -> None:
    rows = [job(start="2016-04-30"), job(start="2016-05-01"), job(job="J2", person="P2", start="2018-07-31")]
    engaged = [("P1", "2016-05-01"), ("P2", "2018-08-01")]
    not_met = "not met: Started On is on or after Engaged On of Engagement"
    assert [found[:2] for found in statuses(measured(rows, engaged), "Jobs")] == [
        ("outside", not_met),
        ("used", ""),
        ("outside", f"Person ID P2 has no Engagement by 31 July 2018; {not_met}"),
    ]


def test_known_later() -> None:
    reported = RecordColumn("Reported On", "date", blank_allowed=True)
    table = evolve(JOBS, columns=(*JOBS.columns, reported), known_on="Reported On")
    contract = with_records(CONTRACT, table)
    rows = [(*job(), "2018-07-31"), (*job(), "2018-08-01"), (*job(), ""), (*job(), "31/07/2018")]
    assert [found[:2] for found in statuses(measured(rows, contract=contract), "Jobs")] == [
        ("used", ""),
        ("outside", "known on 2018-08-01, after 31 July 2018"),
        ("used", ""),
        ("rejected", "Reported On is 31/07/2018: write the date as 2018-07-31"),
    ]


def test_a_blank_date_of_its_own() -> None:
    columns = tuple(evolve(one, blank_allowed=True) for one in CONTRACT.records[1].columns)
    contract = with_records(CONTRACT, evolve(CONTRACT.records[1], columns=columns))
    found = statuses(measured(engaged=[("P1", "")], contract=contract), "Engagements")
    assert found == [("outside", "Engaged On is blank, so the row has no date", "")]


def test_a_table_that_no_clause_looks_at() -> None:
    found = statuses(
        measured([job(hours="?"), job(hours="?")], contract=with_metrics(CONTRACT, ENGAGEMENT)), "Jobs"
    )
    assert found == [
        ("outside", "no cohort or metric looks at Jobs", ""),
        ("duplicate", "every cell is equal to row 1", "1"),
    ]


# ------------------------------------------------------------------ the account as a file


def test_the_rows_as_csv(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "referrals.csv").write_text("person_id,referred_on,severe_condition\nP1,2016-04-01,yes\n")
    (folder / "engagements.csv").write_text("person_id,engaged_on\n")
    (folder / "Jobs").mkdir()
    heading = "job_id,person_id,started_on,ended_on,hours_per_week\n"
    (folder / "Jobs" / "1.csv").write_text(f'{heading}"J,""1""",P1,2018-01-01,,20\n')
    (folder / "Jobs" / "2.csv").write_text(
        f'{heading}J2,P1,"""31/05/2018""",,20\n"J,""1""",P1,2018-01-01,,20\n'
    )
    with measure(CONTRACT, Settings(), folder, AS_OF) as volumes:
        volumes.write_rows(tmp_path / "rows.csv")
        found = list(volumes.rows())
    text = (tmp_path / "rows.csv").read_text(encoding="utf-8")
    assert text.splitlines()[:2] == ["source,row,status,reason,of_row", "referrals.csv,1,used,,"]
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as stream:
        written = [tuple(row) for row in csv.reader(stream)][1:]
    assert written == [(one.source, str(one.row), one.status, one.reason, one.of_row) for one in found]
    no_engagement = "Person ID P1 has no Engagement by 31 July 2018; not met: Started On is on or after Engaged On of Engagement"
    bad_date = 'Started On is "31/05/2018": write the date in the form YYYY-MM-DD'
    assert found[1:] == [
        RowStatus("Jobs", "Jobs/1.csv", 1, "outside", no_engagement, ""),
        RowStatus("Jobs", "Jobs/2.csv", 1, "rejected", bad_date, ""),
        RowStatus(
            "Jobs", "Jobs/2.csv", 2, "duplicate", "every cell is equal to row Jobs/1.csv:1", "Jobs/1.csv:1"
        ),
    ]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with measured() as volumes, pytest.raises(FileNotFoundError):
        volumes.write_rows(tmp_path / "gone" / "rows.csv")


def test_rows_of_one_person() -> None:
    with measured([job(), job(person="P2")]) as volumes:
        assert {one.row for one in volumes.rows(person="P2")} == {2}
        assert list(volumes.rows(person="' OR 1=1 --")) == []
