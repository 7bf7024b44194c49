"""The reference program against the published worked quarter, and against sums done by hand."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.oracle import dirt
from tests.oracle.generate import write_case
from tests.oracle.rows import COLUMNS, Table, UnreadableError, read_job, read_records, read_referral
from tests.oracle.terms import CBO, CCG, MHEP, SOF, Block, add_months, contract_years, quarters
from tests.oracle.tower_hamlets import (
    AS_APPLIED_FOR,
    Answer,
    Claim,
    Kind,
    Terms,
    band_of,
    to_json,
    work_out,
    work_out_records,
)

WORKED_QUARTER = Path(__file__).parents[1] / "cases" / "mhep1" / "tower_hamlets_2018_q2"
END = dt.date(2019, 3, 31)
Rows = Sequence[Sequence[str]]


def records(referrals: Rows, engagements: Rows, jobs: Rows = ()) -> dict[str, Table]:
    """Give tables of just the columns that some rule reads."""
    rows = {"referrals": referrals, "engagements": engagements, "jobs": jobs}
    return {name: Table(COLUMNS[name], tuple(tuple(row) for row in rows[name])) for name in rows}


def engaged_on(days: Mapping[str, int], jobs: Rows = ()) -> dict[str, Table]:
    """Give so many people, P1 on, referred and engaged on each day."""
    spread = [day for day, count in days.items() for _ in range(count)]
    people = [(f"P{at}", day) for at, day in enumerate(spread, start=1)]
    return records([(person, day, "yes") for person, day in people], people, jobs)


def one_person(*jobs: Sequence[str], engaged: str = "2016-04-01") -> dict[str, Table]:
    """Give one person, P, with jobs of (job_id, started_on, ended_on, hours_per_week)."""
    return records([("P", "2016-04-01", "yes")], [("P", engaged)], [(job[0], "P", *job[1:]) for job in jobs])


def totals(answer: Answer, payer: str, kind: Kind) -> list[Decimal]:
    """Give one payer's amounts of a kind, quarter by quarter."""
    return [total.amount for total in answer.totals if (total.payer, total.kind) == (payer, kind)]


def net(answer: Answer, payer: str) -> list[Decimal]:
    """Give what one payer owes, quarter by quarter."""
    return [payment.amount for payment in answer.payments if payment.payer == payer]


def pounds(*amounts: int) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def reached(answer: Answer, metric: str) -> list[tuple[str | None, str]]:
    """Give band and date of each outcome of a metric."""
    return [(c.band, c.achieved_on.isoformat()) for c in answer.claims if c.metric == metric]


def statuses(answer: Answer, table: str) -> list[tuple[str, int | None]]:
    return [(row.status, row.of_row) for row in answer.row_statuses[table]]


# --- The published example ------------------------------------------------------------


def test_worked_quarter() -> None:
    expected = json.loads((WORKED_QUARTER / "expected.json").read_text(encoding="utf-8"))
    answer = to_json(work_out(WORKED_QUARTER, dt.date.fromisoformat(expected["as_of"])))
    assert answer["as_of"] == expected["as_of"]
    assert isinstance(answer["periods"], list)
    assert [period for period in answer["periods"] if period in expected["periods"]] == expected["periods"]
    assert answer["rows"] == expected["rows"]


def test_worked_quarter_as_box_1_sums_it() -> None:
    # 40 x 300 = 12,000; 40 x 700 = 28,000; 3,600 + 4,200 + 5,400 + 1,400 + 3,300 = 17,900.
    answer = work_out(WORKED_QUARTER, dt.date(2018, 7, 31))
    assert net(answer, MHEP)[-1] == Decimal(12_000)
    assert net(answer, CCG)[-1] == Decimal(28_000)
    assert net(answer, CBO) == pounds(17_900)
    assert answer.payments[-1].period_end == dt.date(2018, 6, 30)


def test_worked_quarter_is_not_stated_a_day_too_soon() -> None:
    assert net(work_out(WORKED_QUARTER, dt.date(2018, 6, 29)), CBO) == []
    assert net(work_out(WORKED_QUARTER, dt.date(2018, 6, 30)), CBO) == pounds(17_900)


# --- Blocks ---------------------------------------------------------------------------


def test_158th_engagement_pays_400_in_money_and_700_in_units() -> None:
    # 110,200 / 700 = 157.43: 157 engagements earn 109,900 and leave 300 of the CCG's block, so
    # the 158th pays 700 - 300 = 400. In units the block has bought 157, and the 158th pays 700.
    # 47,100 / 300 = 157 exactly: MHEP's 158th pays 300 either way.
    people = engaged_on({"2016-05-01": 157, "2016-08-01": 1, "2016-11-01": 2})
    money = work_out_records(people, dt.date(2016, 12, 31))
    assert net(money, CCG) == pounds(0, 400, 1400)
    assert totals(money, CCG, "payment") == pounds(109_900, 700, 1400)
    assert totals(money, CCG, "set_off") == pounds(109_900, 300, 0)
    assert net(money, MHEP) == pounds(0, 300, 600)
    units = work_out_records(people, dt.date(2016, 12, 31), replace(AS_APPLIED_FOR, set_off="units"))
    assert net(units, CCG) == pounds(0, 700, 1400)
    assert totals(units, CCG, "set_off") == pounds(109_900, 0, 0)
    assert net(units, MHEP) == pounds(0, 300, 600)


def test_block_turns_inside_one_quarter() -> None:
    # 160 x 700 = 112,000 - 110,200 = 1,800; in units 3 x 700 = 2,100; MHEP 3 x 300 = 900.
    people = engaged_on({"2016-06-30": 160})
    assert net(work_out_records(people, dt.date(2016, 6, 30)), CCG) == pounds(1800)
    assert net(work_out_records(people, dt.date(2016, 6, 30)), MHEP) == pounds(900)
    units = replace(AS_APPLIED_FOR, set_off="units")
    assert net(work_out_records(people, dt.date(2016, 6, 30), units), CCG) == pounds(2100)


def test_block_is_of_its_own_year() -> None:
    # The last day of 2016/17 draws on the first block, the next day on the second, what the
    # first year left is not carried on; 2018/19 has no block, so 1 April 2018 pays in full.
    # Second year: 158 x 700 = 110,600 - 110,500 = 100; MHEP 159 x 300 = 47,700, so nothing.
    people = engaged_on({"2017-03-31": 1, "2017-04-01": 158, "2018-03-31": 1, "2018-04-01": 1})
    answer = work_out_records(people, END)
    assert totals(answer, CCG, "set_off") == pounds(0, 0, 0, 700, 110_500, 0, 0, 0, 0, 0, 0, 0)
    assert net(answer, CCG) == pounds(0, 0, 0, 0, 100, 0, 0, 700, 700, 0, 0, 0)
    assert totals(answer, MHEP, "set_off") == pounds(0, 0, 0, 300, 47_400, 0, 0, 300, 0, 0, 0, 0)
    assert net(answer, MHEP) == pounds(0, 0, 0, 0, 0, 0, 0, 0, 300, 0, 0, 0)


def test_advances_due_by_the_as_of_date() -> None:
    def due(as_of: dt.date) -> list[tuple[str, str, int]]:
        advances = work_out_records(engaged_on({}), as_of).advances
        return [(a.due_on.isoformat(), a.payer, int(a.amount)) for a in advances]

    assert due(dt.date(2016, 3, 31)) == []
    first = [("2016-04-01", CCG, 110_200), ("2016-04-01", MHEP, 47_100)]
    assert due(dt.date(2016, 4, 1)) == first
    assert due(END) == [*first, ("2017-04-01", CCG, 110_500), ("2017-04-01", MHEP, 47_700)]


# --- Funds and caps -------------------------------------------------------------------


def test_cap_cuts_the_quarter_that_reaches_it_and_all_later_ones() -> None:
    # 11 x 90 = 990, then 2 x 90 = 180 of which 10 are left under 1,000, then nothing.
    people = engaged_on({"2016-05-01": 11, "2016-08-01": 2, "2016-12-31": 1})
    terms = replace(AS_APPLIED_FOR, sof_cap=Decimal(1000))
    answer = work_out_records(people, dt.date(2016, 12, 31), terms)
    assert net(answer, SOF) == pounds(990, 10, 0)
    assert totals(answer, SOF, "cap_cut") == pounds(0, 170, 90)
    assert totals(answer, SOF, "payment") == pounds(990, 180, 90)


def test_cap_reached_to_the_pound_cuts_nothing() -> None:
    people = engaged_on({"2016-05-01": 11})
    terms = replace(AS_APPLIED_FOR, sof_cap=Decimal(990))
    answer = work_out_records(people, dt.date(2016, 6, 30), terms)
    assert totals(answer, SOF, "cap_cut") == pounds(0)
    assert net(answer, SOF) == pounds(990)


def test_funds_change_over_with_caps_of_their_own() -> None:
    # 31 March 2018 is SOF's last day: 2 x 90 to SOF, of which 100; 3 x 90 to CBO, of which 200.
    people = engaged_on({"2018-03-31": 2, "2018-04-01": 3})
    terms = replace(AS_APPLIED_FOR, sof_cap=Decimal(100), cbo_cap=Decimal(200))
    answer = work_out_records(people, dt.date(2018, 6, 30), terms)
    assert net(answer, SOF) == pounds(0, 0, 0, 0, 0, 0, 0, 100)
    assert net(answer, CBO) == pounds(200)
    assert totals(answer, SOF, "cap_cut")[-1] == Decimal(80)
    assert totals(answer, CBO, "cap_cut") == pounds(70)


def test_outcomes_count_for_the_fund_of_their_own_day() -> None:
    # A job of 18 February 2018 is held 42 days on 1 April: CBO pays 1,350, SOF the engagement.
    answer = work_out_records(
        one_person(("J1", "2018-02-18", "", "20"), engaged="2018-02-18"), dt.date(2018, 6, 30)
    )
    assert net(answer, SOF)[-1] == Decimal(90)
    assert net(answer, CBO) == pounds(1350)


# --- Calendar -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "stop"),
    [
        ("2016-08-31", 6, "2017-02-28"),
        ("2015-08-31", 6, "2016-02-29"),
        ("2019-08-30", 6, "2020-02-29"),
        ("2016-08-28", 6, "2017-02-28"),
        ("2016-02-29", 12, "2017-02-28"),
        ("2017-10-31", 6, "2018-04-30"),
        ("2016-12-31", 6, "2017-06-30"),
        ("2016-06-30", 6, "2016-12-30"),
    ],
)
def test_months_clip_to_the_months_end(start: str, months: int, stop: str) -> None:
    assert add_months(dt.date.fromisoformat(start), months).isoformat() == stop


@pytest.mark.parametrize(
    ("ended", "day"), [("2017-02-27", None), ("2017-02-28", "2017-02-28"), ("2017-03-01", "2017-02-28")]
)
def test_job_of_31_august_is_sustained_on_28_february(ended: str, day: str | None) -> None:
    answer = work_out_records(one_person(("J1", "2016-08-31", ended, "20")), END)
    assert reached(answer, "Job Sustainment") == ([("From 16", day)] if day else [])
    # 31 August + 42 days: September takes 30 of them, so 12 October.
    assert reached(answer, "Job Entry") == [("From 16", "2016-10-12")]


@pytest.mark.parametrize(
    ("ended", "day"), [("2016-05-12", None), ("2016-05-13", "2016-05-13"), ("", "2016-05-13")]
)
def test_entry_on_the_42nd_day_after_the_start(ended: str, day: str | None) -> None:
    # 1 April + 42 days: 30 to 1 May, 12 more to 13 May. The first day out may be 13 May itself.
    answer = work_out_records(one_person(("J1", "2016-04-01", ended, "20")), END)
    assert reached(answer, "Job Entry") == ([("From 16", day)] if day else [])


def test_quarters_and_years_of_the_term() -> None:
    assert len(quarters(AS_APPLIED_FOR)) == 12
    assert quarters(AS_APPLIED_FOR)[0] == (dt.date(2016, 4, 1), dt.date(2016, 6, 30))
    assert quarters(AS_APPLIED_FOR)[-1] == (dt.date(2019, 1, 1), END)
    assert contract_years(AS_APPLIED_FOR)[1] == (dt.date(2017, 4, 1), dt.date(2018, 3, 31))
    cut_short = replace(AS_APPLIED_FOR, term_end=dt.date(2018, 10, 31))
    assert quarters(cut_short)[-1] == (dt.date(2018, 10, 1), dt.date(2018, 10, 31))


# --- Which job counts -----------------------------------------------------------------


def test_tie_goes_to_the_id_that_is_first_as_text() -> None:
    # As text 'J10' and 'J8' come before 'J9', so their 20 hours decide; 'Ja' comes after it, so
    # the 10 hours of 'J9' do.
    for other, band in (("J10", "From 16"), ("J8", "From 16"), ("Ja", "Under 16")):
        jobs = (("J9", "2016-05-01", "", "10"), (other, "2016-05-01", "", "20"))
        for order in (jobs, jobs[::-1]):
            answer = work_out_records(one_person(*order), END)
            assert [found[0] for found in reached(answer, "Job Entry")] == [band]
            assert [found[0] for found in reached(answer, "Job Sustainment")] == [band]


def test_starts_of_29_to_31_august_tie_on_28_february() -> None:
    # Entry goes to the earliest start (J3, 10 hours); all three are sustained on 28 February
    # 2017, and 'J1' is first as text (40 hours).
    answer = work_out_records(
        one_person(
            ("J3", "2016-08-29", "", "10"), ("J2", "2016-08-30", "", "10"), ("J1", "2016-08-31", "", "40")
        ),
        END,
    )
    assert reached(answer, "Job Entry") == [("Under 16", "2016-10-10")]
    assert reached(answer, "Job Sustainment") == [("From 16", "2017-02-28")]


def test_entry_and_sustainment_may_be_earned_by_different_jobs() -> None:
    answer = work_out_records(
        one_person(("J1", "2016-05-01", "2016-07-01", "10"), ("J2", "2016-07-01", "", "20")), END
    )
    assert reached(answer, "Job Entry") == [("Under 16", "2016-06-12")]
    assert reached(answer, "Job Sustainment") == [("From 16", "2017-01-01")]


@pytest.mark.parametrize(
    ("hours", "band"),
    [("15.999999", "Under 16"), ("16", "From 16"), ("16.00", "From 16"), ("16.01", "From 16")],
)
def test_bands_meet_at_sixteen(hours: str, band: str) -> None:
    assert band_of(Fraction(hours)) == band
    downward = replace(AS_APPLIED_FOR, boundary_in_upper=False)
    assert band_of(Fraction(hours), downward) == ("From 16" if hours == "16.01" else "Under 16")


def test_nothing_counts_after_the_as_of_date_or_the_term() -> None:
    job = ("J1", "2018-08-31", "", "20")
    # 31 August 2018 is held 42 days on 12 October 2018, six months on 28 February 2019.
    for as_of, entries, sustained in (("2018-10-11", 0, 0), ("2018-10-12", 1, 0), ("2019-02-28", 1, 1)):
        answer = work_out_records(one_person(job), dt.date.fromisoformat(as_of))
        assert len(reached(answer, "Job Entry")) == entries
        assert len(reached(answer, "Job Sustainment")) == sustained
    # 17 February 2019 + 42 days is 31 March, the last day; a day later is too late, for ever.
    in_time = one_person(("J1", "2019-02-17", "", "20"))
    too_late = one_person(("J1", "2019-02-18", "", "20"))
    assert reached(work_out_records(in_time, dt.date(2020, 1, 1)), "Job Entry") == [("From 16", "2019-03-31")]
    assert reached(work_out_records(too_late, dt.date(2020, 1, 1)), "Job Entry") == []
    assert statuses(work_out_records(too_late, dt.date(2020, 1, 1)), "jobs") == [("used", None)]


# --- What becomes of rows -------------------------------------------------------------


def test_statuses_of_referrals() -> None:
    rows = [
        ("P", "2016-03-31", "yes"),  # before the term
        ("P", "2016-04-02", "no"),  # not severe
        ("P", "2016-05-01", "yes"),  # the person's
        ("P", "2016-06-01", "yes"),  # a later one: looked at
        ("P", "2016-05-01", "yes"),  # row 3 again
        ("P", "2016-05-01", "Yes"),  # neither yes nor no
        ("P", "2016-05-01", "Yes"),  # row 6 again: a duplicate, though row 6 is rejected
        ("P", "2016-05-01", "Yes"),  # and again: of row 6, the earliest
        ("", "2016-05-01", "yes"),
        ("Q", "2016-04-31", "yes"),
        ("Q", "2016-09-01", "yes"),  # after the as-of date
        ("R", "2016-08-31", "yes"),
    ]
    answer = work_out_records(records(rows, []), dt.date(2016, 8, 31))
    assert statuses(answer, "referrals") == [
        ("outside", None),
        ("outside", None),
        ("used", None),
        ("used", None),
        ("duplicate", 3),
        ("rejected", None),
        ("duplicate", 6),
        ("duplicate", 6),
        ("rejected", None),
        ("rejected", None),
        ("outside", None),
        ("used", None),
    ]


def test_statuses_of_engagements() -> None:
    referrals = [("P", "2016-05-01", "yes"), ("N", "2016-05-01", "no"), ("L", "2019-03-31", "yes")]
    rows = [
        ("P", "2016-04-30"),  # before the referral
        ("P", "2016-06-01"),  # later than the first: looked at
        ("P", "2016-05-01"),  # the first
        ("N", "2016-05-01"),  # not in the cohort
        ("X", "2016-05-01"),  # unknown
        ("L", "2019-04-01"),  # after the term
        ("P", "2019-05-01"),  # after the as-of date
        ("P", "2016-6-1"),
        (" ", "2016-06-01"),
    ]
    tables = records(referrals, [tuple(cell.strip() for cell in row) for row in rows])
    answer = work_out_records(tables, dt.date(2019, 4, 30))
    assert [status for status, _ in statuses(answer, "engagements")] == [
        "outside",
        "used",
        "used",
        "outside",
        "outside",
        "outside",
        "outside",
        "rejected",
        "rejected",
    ]
    assert reached(answer, "Engagement") == [(None, "2016-05-01")]


def test_statuses_of_jobs() -> None:
    jobs = [
        ("J1", "P", "2016-05-31", "", "20"),  # the day before the engagement
        ("J2", "P", "2016-06-01", "2016-06-01", "20"),  # on it, and over on the same day
        ("J3", "P", "2016-06-01", "2016-05-31", "20"),  # ended before it started
        ("J4", "P", "2016-06-01", "", "0"),
        ("J5", "P", "2016-06-01", "", "168"),
        ("J6", "P", "2016-06-01", "", "168.01"),
        ("", "P", "2016-06-01", "", "20"),
        ("J8", "Q", "2016-06-01", "", "20"),  # in the cohort, never engaged
        ("J9", "P", "2019-04-01", "", "20"),  # after the term, by the as-of date
        ("J10", "P", "2019-05-01", "", "20"),  # after the as-of date
        ("J11", "P", "9999-12-31", "", "20"),
    ]
    referrals = [("P", "2016-05-01", "yes"), ("Q", "2016-05-01", "yes")]
    answer = work_out_records(records(referrals, [("P", "2016-06-01")], jobs), dt.date(2019, 4, 30))
    assert [status for status, _ in statuses(answer, "jobs")] == [
        "outside",
        "used",
        "rejected",
        "rejected",
        "used",
        "rejected",
        "rejected",
        "outside",
        "used",
        "outside",
        "outside",
    ]


def test_unread_columns_take_part_in_duplicates_only(tmp_path: Path) -> None:
    (tmp_path / "referrals.csv").write_text(
        "team,person_id,referred_on,severe_condition,date_of_birth\n"
        "north,P,2016-05-01,yes,31/02/1970\n"
        "south,P,2016-05-01,yes,31/02/1970\n"
        " north , P,2016-05-01 ,yes,31/02/1970\n",
        encoding="utf-8",
    )
    (tmp_path / "engagements.csv").write_text(
        "engagement_id,person_id,engaged_on\n,P,2016-05-02\nE1,P,2016-05-02\n", encoding="utf-8"
    )
    (tmp_path / "jobs.csv").write_text(
        "job_id,person_id,started_on,ended_on,hours_per_week\n", encoding="utf-8"
    )
    answer = work_out(tmp_path, END)
    assert statuses(answer, "referrals") == [("used", None), ("used", None), ("duplicate", 1)]
    assert statuses(answer, "engagements") == [("used", None), ("used", None)]
    assert list(answer.claims) == [Claim("Engagement", None, "P", dt.date(2016, 5, 2), 1)]


@pytest.mark.parametrize("cell", dirt.BAD_DATES)
def test_bad_dates(cell: str) -> None:
    with pytest.raises(UnreadableError):
        read_referral(1, {"person_id": "P", "referred_on": cell, "severe_condition": "yes"})


@pytest.mark.parametrize("cell", dirt.BAD_HOURS)
def test_bad_hours(cell: str) -> None:
    row = {"job_id": "J", "person_id": "P", "started_on": "2016-05-01", "ended_on": ""}
    with pytest.raises(UnreadableError):
        read_job(1, {**row, "hours_per_week": cell})


def test_ill_formed_files_are_refused(tmp_path: Path) -> None:
    write_case(tmp_path, seed=1, size=20)
    with (tmp_path / "jobs.csv").open("a", encoding="utf-8") as stream:
        stream.write("J1,P1\n")
    with pytest.raises(ValueError, match="more or fewer cells"):
        read_records(tmp_path)
    (tmp_path / "jobs.csv").write_text("job_id,person_id,started_on,ended_on\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks a column"):
        read_records(tmp_path)


def test_terms_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        Terms(term_end=dt.date(2016, 3, 31))
    with pytest.raises(ValueError, match="whole number of pence"):
        Terms(ccg_engagement=Decimal("0.005"))
    with pytest.raises(ValueError, match="only the CCG and MHEP"):
        Terms(blocks=(Block(SOF, dt.date(2016, 4, 1), Decimal(1), dt.date(2016, 4, 1)),))
    with pytest.raises(ValueError, match="no contract year"):
        work_out_records(engaged_on({}), END, replace(AS_APPLIED_FOR, term_start=dt.date(2016, 5, 1)))
