"""A small contract of the Work Programme: a job outcome after 13 or 26 weeks by payment group, then a payment every four weeks.

Published: how long, and that a payment for each further four weeks follows (written answer of 10 July 2013 on sustainment
payments; Commons Library, standard note 6340: 13 or 26 weeks by payment group). Published too: the most that is paid for one
person, £13,720, and up to 26 four-weekly payments of at most £370 (*Recruiter*, September 2012, and the programme's price
list as reported then). The other prices are the test's own, and so is 18 as the most of a group between 13 and 26.
"""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from sibdsl.cli.app import run as command
from tests.contracts import records_run
from tests.contracts.records_run import Row

CONTRACT = Path(__file__).parent / "work_programme.sib"
WEEK = timedelta(weeks=1)
JOINED = date(2011, 6, 6)


def total(tmp_path: Path, group: str, *jobs: tuple[date, date | None], as_of: str = "2020-06-30") -> Fraction:
    referrals: list[Row] = [("person_id", "attached_on", "group"), ("P1", str(JOINED), group)]
    rows: list[Row] = [("job_id", "person_id", "started_on", "ended_on")]
    rows += [
        (f"J{at}", "P1", str(start), "" if end is None else str(end)) for at, (start, end) in enumerate(jobs)
    ]
    records_run.write(tmp_path, {"referrals": referrals, "jobs": rows})
    return records_run.paid(CONTRACT, tmp_path, (), as_of).total()


def test_the_contract_is_sound() -> None:
    assert command(["check", str(CONTRACT)]) == 0


def test_the_most_for_one_person_is_the_published_sum(tmp_path: Path) -> None:
    # £600 + £3,500 + 26 x £370.
    assert total(tmp_path, "PG7", (JOINED, None)) == 13_720


def test_so_many_by_group_and_no_more(tmp_path: Path) -> None:
    assert total(tmp_path, "PG2", (JOINED, None)) == 400 + 1_200 + 13 * 215
    assert total(tmp_path, "PG6", (JOINED, None)) == 600 + 1_200 + 18 * 235


def test_a_day_short_of_each(tmp_path: Path) -> None:
    day = timedelta(days=1)
    # The last day in work is the last of 13 weeks, or the day before it; and so with four weeks more.
    assert total(tmp_path, "PG7", (JOINED, JOINED + 13 * WEEK - 2 * day)) == 600
    assert total(tmp_path, "PG7", (JOINED, JOINED + 13 * WEEK - day)) == 4_100
    assert total(tmp_path, "PG7", (JOINED, JOINED + 17 * WEEK - 2 * day)) == 4_100
    assert total(tmp_path, "PG7", (JOINED, JOINED + 17 * WEEK - day)) == 4_470


def test_time_in_work_is_put_together_from_jobs(tmp_path: Path) -> None:
    # 8 weeks, 10 weeks away, then 5 of the 13 and 4 more: 9 weeks of the second job. In the first run a day is missing.
    first = (JOINED, JOINED + 8 * WEEK - timedelta(days=1))
    again = JOINED + 18 * WEEK
    short, long = (again, again + 9 * WEEK - timedelta(days=2)), (again, again + 9 * WEEK - timedelta(days=1))
    assert total(tmp_path, "PG7", first, short) == 4_100
    assert total(tmp_path, "PG7", first, long) == 4_470


def test_nothing_before_its_day(tmp_path: Path) -> None:
    done = JOINED + 26 * WEEK
    # Statements are yearly: what is complete by 31 March 2012 is in the first. The 26 weeks end on 4 December 2011.
    assert done == date(2011, 12, 5)
    paid = 400 + 1_200 + ((date(2012, 3, 31) - done) // (4 * WEEK)) * 215
    assert total(tmp_path, "PG2", (JOINED, None), as_of="2012-03-31") == paid == 2_460
