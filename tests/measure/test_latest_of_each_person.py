"""Averages over the latest row of each person: against the plainest reading of rows made at random, and the bad input."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from sibdsl.diagnostics import Refused
from sibdsl.measure import measure_rows
from sibdsl.model.nodes import ExampleRecords
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from tests.measure.runs_in_text import Tables, terms, told

TEXT = """\
records Tests
  one row per Test
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | Tested On | date   | rejected |
  | Score     | points | allowed  |
end records

metric To Date
  kind        outcome
  averages    Score of Tests
  among       Service Users
  dated       Tested On
  measured    to date in each year
  per person  latest only
  if tied     highest Score
end metric

metric In Quarters
  kind        outcome
  averages    Score of Tests
  among       Service Users
  dated       Tested On
  measured    in each quarter
  per person  latest only
  if tied     lowest Score
end metric
"""
Test = tuple[str, date, int | None]


def plainly(tests: list[Test], first: date, last: date, *, highest: bool) -> Fraction | None:
    latest: dict[str, tuple[date, int]] = {}
    for person, day, score in tests:
        if score is None or not first <= day <= last:
            continue
        found = latest.get(person)
        better = (
            found is None
            or day > found[0]
            or (day == found[0] and (score > found[1] if highest else score < found[1]))
        )
        if better:
            latest[person] = (day, score)
    scores = [score for _, score in latest.values()]
    return Fraction(sum(scores), len(scores)) if scores else None


@pytest.mark.parametrize("seed", range(3))
def test_against_the_plainest_reading(seed: int) -> None:
    rng, start = Random(seed), date(2016, 4, 1)
    # Many of one day, about the ends of quarters, and some without a score.
    days = [start + timedelta(days=at) for at in (0, 89, 90, 91, 181, 182, 364, 365, 366, 500, 700)]
    tests: list[Test] = [
        (f"P{rng.randrange(5)}", rng.choice(days), rng.choice((None, 1, 2, 5, 10, 11))) for _ in range(40)
    ]
    of = terms(TEXT)
    people = tuple((f"P{at}", "2016-04-01") for at in range(5))
    rows = tuple((who, str(day), "" if score is None else str(score)) for who, day, score in tests)
    given = [
        ExampleRecords("Referrals", ("Person ID", "Referred On"), people),
        ExampleRecords("Jobs", ("Job ID", "Person ID", "Started On", "Ended On", "Hours Per Week"), ()),
        ExampleRecords("Tests", ("Person ID", "Tested On", "Score"), rows),
    ]
    with measure_rows(of, as_written(of), given, date(2019, 3, 31)) as volumes:
        found = {
            (one.metric, one.segment.days.last): one.number
            for one in volumes.quantities
            if one.metric in ("To Date", "In Quarters")
        }
    wanted: dict[tuple[str, date], Fraction] = {}
    for year in (2017, 2018, 2019):
        mean = plainly(tests, start, date(year, 3, 31), highest=True)
        if mean is not None:
            wanted["To Date", date(year, 3, 31)] = mean
    first = start
    while first < date(2019, 4, 1):
        following = date(first.year + (first.month + 2) // 12, (first.month + 2) % 12 + 1, 1)
        mean = plainly(tests, first, following - timedelta(days=1), highest=False)
        if mean is not None:
            wanted["In Quarters", following - timedelta(days=1)] = mean
        first = following
    assert found == wanted


def test_a_test_that_has_been_overtaken_is_told() -> None:
    of = terms(TEXT[: TEXT.index("metric In Quarters")])
    tables: Tables = {
        "Referrals": (("Person ID", "Referred On"), [("P1", "2016-04-01")]),
        "Tests": (
            ("Person ID", "Tested On", "Score"),
            [("P1", "2016-05-01", "3"), ("P1", "2016-06-01", "4"), ("P1", "2016-07-01", "")],
        ),
    }
    page = told(of, tables, date(2017, 3, 31), "P1")
    assert any("test, tests.csv row 2, counts instead" in line for line in page), page


def test_it_is_read_back_from_json() -> None:
    of = terms(TEXT)
    assert from_json(to_json(of)) == of


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("  if tied     highest Score\n", "", "SIB0430"),
        ("latest only\n  if tied     highest Score", "first only", "SIB0498"),
        (
            "  among       Service Users\n  dated       Tested On\n  measured    to",
            "  dated       Tested On\n  measured    to",
            "",
        ),
    ],
)
def test_what_is_refused(old: str, new: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        terms(TEXT, (old, new))
    assert not code or code in {one.code for one in refused.value.found}, refused.value.found


def test_only_an_average_has_a_latest_row() -> None:
    with pytest.raises(Refused) as refused:
        terms("metric First Job\n  kind outcome\n  counts rows of Jobs\n  among Service Users\n  dated Started On\n"
              "  per person latest only\n  if tied lowest Job ID\nend metric\n")  # fmt: skip
    (finding,) = refused.value.found
    assert (finding.code, finding.mark) == ("SIB0498", "the latest by when?")
