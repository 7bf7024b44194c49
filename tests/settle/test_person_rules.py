"""Rules for each person, as their stories tell them: why a row of theirs does not count."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.cli.show_explain import text
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Comparison
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.types import Kind
from sibdsl.settle.explain import explain_person
from sibdsl.settle.explain.person_page import person_sheet
from sibdsl.settle.explain.what_if_candidates import stepped
from sibdsl.settle.run import pay
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")
REFERRALS = ("Person ID", "Referred On", "Eligible"), (("P1", "2026-04-01", "yes"),)
JOBS = ("Job ID", "Person ID", "Started On", "Ended On", "Hours Per Week")

Table = tuple[Sequence[str], Sequence[Sequence[str]]]


def story(folder: Path, blocks: str, tables: Mapping[str, Table], as_of: date) -> str:
    """What is told of P1 when those blocks stand in the small contract."""
    contract = compile_source(Source("case.sib", spliced(FRAME, blocks))).contract
    for name, (headings, rows) in tables.items():
        with (folder / f"{name.lower()}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([headings, *rows])
    run = pay(contract, as_written(contract), folder, as_of)
    with run.volumes:
        return " ".join(text(person_sheet(explain_person(run, "P1"))).split())


def job_start(line: str) -> str:
    return f"""
metric Job Start [2]
  kind    output
  counts  rows of Jobs
  among   Participants
  dated   Started On
  {line}
end metric
"""


def test_more_than_so_many(tmp_path: Path) -> None:
    rows = [(f"J{at}", "P1", f"2026-0{at + 4}-01", f"2026-0{at + 4}-02", "20") for at in (1, 2, 3)]
    said = story(
        tmp_path,
        job_start("per person at most 2 in each year"),
        {"Referrals": REFERRALS, "Jobs": (JOBS, rows)},
        date(2026, 12, 31),
    )
    assert said.count("Job Start: earned") == 2
    assert (
        "Job Start: not earned: at most 2 in each year counts for each person, and earlier ones fill it"
        in said
    )


FULL = """
cohort Participants [1]
  rows        Referrals
  only if     Eligible is yes
  joins on    Referred On
  if several  earliest Referred On
  size        the first 1 to join
end cohort
"""


@pytest.mark.parametrize(("other", "joined"), [("2026-03-31", False), ("2026-04-02", True)])
def test_a_cohort_that_is_full(tmp_path: Path, other: str, *, joined: bool) -> None:
    headings, rows = REFERRALS
    said = story(
        tmp_path,
        FULL,
        {
            "Referrals": (headings, (*rows, ("P0", other, "yes"))),
            "Jobs": (JOBS, [("J1", "P1", "2026-05-01", "", "20")]),
        },
        date(2026, 12, 31),
    )
    assert ("Participants is full: the first 1 to join come before this row" in said) is not joined
    assert ("Job Start: earned" in said) is joined


ROUTES = """
metric Long Job [2]
  kind        outcome
  counts      rows of Jobs
  among       Participants
  held        for 6 months from Started On
  dated       on the day after
  per person  first only
end metric

routes Way Into Work [5]
  per person  one route, the first earned
  if tied     in the order below
  | route        | metrics             |
  | Steady       | Long Job            |
  | Step By Step | Job Start, Job Kept |
end routes
"""


def test_another_route_was_earned_first(tmp_path: Path) -> None:
    rows = [("J1", "P1", "2026-06-01", "", "20")]
    said = story(tmp_path, ROUTES, {"Referrals": REFERRALS, "Jobs": (JOBS, rows)}, date(2026, 12, 31))
    assert "Job Start: earned on 1 June 2026" in said
    assert (
        "Long Job: not earned: Step By Step was earned first, and of these routes one counts for each person"
        in said
    )


def test_another_route_is_listed_first(tmp_path: Path) -> None:
    rows = [("J1", "P1", "2026-06-01", "", "20")]
    old = "the first earned\n  if tied     in the order below\n"
    assert old in ROUTES
    text = ROUTES.replace(old, "the first listed\n")
    said = story(tmp_path, text, {"Referrals": REFERRALS, "Jobs": (JOBS, rows)}, date(2026, 12, 31))
    assert "Long Job: earned on 1 December 2026" in said
    assert (
        "Job Start: not earned: Steady is listed first, and of these routes one counts for each person"
        in said
    )


def test_where_a_row_stands_in_a_stay(tmp_path: Path) -> None:
    metric = """
metric Job Start [2]
  kind        output
  counts      rows of Jobs
  among       Participants
  held        for 13 weeks from Started On, gaps of at most 7 days in all
  dated       on the day after
  per person  first only
end metric
"""
    rows = [
        ("J1", "P1", "2026-04-01", "2026-05-01", "20"),
        ("J2", "P1", "2026-05-06", "2026-07-06", "20"),
        ("J3", "P1", "2026-07-06", "2026-07-20", "20"),
    ]
    said = story(tmp_path, metric, {"Referrals": REFERRALS, "Jobs": (JOBS, rows)}, date(2026, 12, 31))
    assert "Job Start: earned on 6 July 2026" in said
    assert "Job Start: not earned: its stay is complete on 1 July 2026 at the earliest, if it goes on" in said
    assert "Job Start: not earned: its stay was complete before it, on 6 July 2026" in said


GAPPED = """
metric Job Start [2]
  kind        output
  counts      rows of Jobs
  among       Participants
  held        for 4 weeks from Started On, gaps of at most 7 days {of}
  dated       on the day after
  per person  first only
end metric
"""


@pytest.mark.parametrize(
    ("of", "first", "second", "reached"),
    [
        ("in all", 3, 4, "5 June 2026"),  # 28 days and the 7 of both gaps
        ("in all", 3, 5, "16 June 2026"),  # 8 in all: from the third row on
        ("each", 7, 7, "12 June 2026"),
        ("each", 7, 8, "23 June 2026"),
        ("each", 8, 7, "18 June 2026"),  # the second row and the third, with a gap
    ],
)
def test_gaps_at_their_limit(tmp_path: Path, of: str, first: int, second: int, reached: str) -> None:
    begin = date(2026, 5, 1)
    starts = [begin, begin + timedelta(5 + first), begin + timedelta(10 + first + second)]
    ends = [str(starts[0] + timedelta(5)), str(starts[1] + timedelta(5)), "2026-07-01"]
    rows = [
        (f"J{at}", "P1", str(start), end, "20")
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    tables = {"Referrals": REFERRALS, "Jobs": (JOBS, rows)}
    assert f"Job Start: earned on {reached}" in story(
        tmp_path, GAPPED.format(of=of), tables, date(2026, 12, 31)
    )


NET = """
metric Days In Work [2]
  kind    outcome
  counts  days of Jobs
  among   Participants
  held    for 6 weeks from Started On, counting later days
  net of  Short Days, on the same days
  dated   each day
end metric

metric Short Days [2]
  kind     input
  counts   days of Jobs
  among    Participants
  only if  Hours Per Week is less than 4
  dated    each day
end metric
"""


def test_days_that_are_left_out(tmp_path: Path) -> None:
    rows = [
        ("J1", "P1", "2026-05-01", "2026-07-01", "20"),
        ("J2", "P1", "2026-06-20", "2026-06-25", "3"),
        ("J3", "P1", "2026-08-01", "2026-08-05", "20"),
    ]
    said = story(tmp_path, NET, {"Referrals": REFERRALS, "Jobs": (JOBS, rows)}, date(2026, 12, 31))
    assert "14 days in April-June 2026" in said
    assert (
        "Days In Work: not earned: it has not lasted 6 weeks by 31 December 2026, so none of its days counts"
        in said
    )
    assert "5 days in April-June 2026" in said


def test_metrics_net_of_each_other(tmp_path: Path) -> None:
    text = NET.replace(
        "  only if  Hours Per Week is less than 4", "  net of   Days In Work, on the same days"
    )
    with pytest.raises(Refused, match="wait for each other"):
        story(tmp_path, text, {"Referrals": REFERRALS, "Jobs": (JOBS, [])}, date(2026, 12, 31))


@pytest.mark.parametrize(
    ("kind", "code", "op", "value"),
    [
        ("money", "GBP", ">", "5.01"), ("money", "KWD", ">", "5.001"), ("money", "KWD", "<", "4.999"), ("money", "JPY", ">", "6"),
        ("money", "JPY", ">=", "5"), ("count", "KWD", ">", "6"), ("percentage", "JPY", "<", "4.99"), ("hours", "JPY", ">", "5.01"),
    ],
)  # fmt: skip
def test_what_would_have_counted_is_as_little_beyond_a_bound_as_there_can_be(
    kind: Kind, code: str, op: Comparison, value: str
) -> None:
    """The least sum beyond an amount is one minor unit of its currency: a penny, a fils, a yen."""
    assert stepped(kind, code, op, Fraction(5)) == Fraction(value)


def test_what_a_limit_for_each_person_leaves_of_a_shared_line(tmp_path: Path) -> None:
    """£50.01 from two, and at most £30 for each person: 55% and 45% of £30 are the person's."""
    payment = """
payment Start Fee [3]
  payer     55% Council, 45% Fund
  payee     Provider
  for each  Job Start
  pays      £50.01
  at most   £30 per person over the contract
  excess    lost
end payment
"""
    rows = [("J1", "P1", "2026-05-01", "", "20")]
    said = story(tmp_path, payment, {"Referrals": REFERRALS, "Jobs": (JOBS, rows)}, date(2026, 6, 30))
    assert "£16.50 Council to Provider for P1" in said
    assert "-£9.0045 cut by Start Fee, for P1" in said
    assert "-£11.0055 cut by Start Fee, for P1" in said
