"""Shares of a window against a plain count of days, one day at a time; and what a report says of those left out."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.structure import findings
from sibdsl.cli.app import run as command
from sibdsl.compile import compile_source
from sibdsl.dates import add_months
from sibdsl.measure import measure_rows
from sibdsl.measure.rows_of_a_person import looked_at
from sibdsl.model.nodes import Contract, ExampleRecords, Metric
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.price.quantities_file import file_text
from sibdsl.settle.run import price_quantities, volumes_by_key
from sibdsl.source import Source
from tests.frame import complete
from tests.model.show import show

TEXT = """
records Children
  one row per  Entry
  define       Coming Of Age as 18 years after Born On
  | column    | holds  | blank    |
  | Child     | person | rejected |
  | Entered   | date   | rejected |
  | Born On   | date   | allowed  |
end records

records Stays
  one row per  Stay
  spell        from From On to the day before To On, open while blank
  known on     Reported
  | column   | holds  | blank    |
  | Child    | person | rejected |
  | From On  | date   | rejected |
  | To On    | date   | allowed  |
  | Reported | date   | allowed  |
end records

cohort Entrants
  rows        Children
  joins on    Entered
  if several  earliest Entered
end cohort

metric Share
  kind      outcome
  averages  share of days of Stays
  among     Entrants
  window    WINDOW from joining date
  not if    end of window is on or after Coming Of Age
  measured  over the contract
end metric

payment Share Fee
  payer     Council
  payee     Charity
  for each  Share
  pays      £1,000
end payment
"""
WINDOWS = {"1 year": (12, 0), "2 years": (24, 0), "1 month": (1, 0), "7 months": (7, 0), "90 days": (0, 90)}
FIRST, LAST, LAST_ENTRY = date(2016, 4, 1), date(2020, 3, 31), date(2019, 3, 31)
DAY = timedelta(days=1)


def contract(window: str) -> Contract:
    return compile_source(Source("x.sib", complete(TEXT.replace("WINDOW", window)))).contract


CONTRACTS = {window: contract(window) for window in WINDOWS}
Child = tuple[str, date, date | None]
Stay = tuple[str, date, date | None, date | None]


def drawn(seed: int) -> tuple[list[Child], list[Stay]]:
    rng = Random(seed)
    children: list[Child] = []
    stays: list[Stay] = []
    for at in range(rng.choice((0, 1, 6))):
        entered = rng.choice((date(2016, 2, 29), date(2017, 1, 31), FIRST + DAY * rng.randrange(1200)))
        born = add_months(entered, -12 * 18 + rng.choice((0, 1, 7, 12, 24, 40))) + DAY * rng.randrange(-1, 2)
        children.append((f"C{at}", entered, rng.choice((born, born, None))))
        for _ in range(rng.choice((0, 1, 3))):
            begin = entered + DAY * rng.randrange(-60, 700)
            end = rng.choice((None, begin, begin + DAY * rng.randrange(400)))
            stays.append((f"C{at}", begin, end, rng.choice((None, begin, LAST + DAY))))
    return children, stays


def rows(children: Sequence[Child], stays: Sequence[Stay]) -> list[ExampleRecords]:
    def cell(value: object) -> str:
        return "" if value is None else str(value)

    return [
        ExampleRecords("Children", ("Child", "Entered", "Born On"), tuple(tuple(map(cell, one)) for one in children)),
        ExampleRecords(
            "Stays", ("Child", "From On", "To On", "Reported"), tuple(tuple(map(cell, one)) for one in stays)
        ),
    ]  # fmt: skip


def of_age(born: date) -> date:
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return date(born.year + 18, 2, 28)


def expected(window: str, children: Sequence[Child], stays: Sequence[Stay], as_of: date) -> list[Fraction]:
    months, days = WINDOWS[window]
    shares: list[Fraction] = []
    for name, entered, born in children:
        last = add_months(entered, months) + DAY * (days - 1)
        if (
            entered > LAST_ENTRY
            or born is None
            or last >= of_age(born)
            or not FIRST <= last <= min(as_of, LAST)
        ):
            continue
        there = set()
        at = entered
        while at <= last:
            for who, begin, end, known in stays:
                seen = known is None or known <= as_of
                if who == name and seen and begin <= at and (end is None or at < end):
                    there.add(at)
            at += DAY
        shares.append(Fraction(len(there), (last - entered).days + 1))
    return shares


@given(st.integers(0, 10**9), st.sampled_from(sorted(WINDOWS)))
def test_each_share_is_counted_day_by_day(seed: int, window: str) -> None:
    children, stays = drawn(seed)
    terms = CONTRACTS[window]
    with measure_rows(terms, as_written(terms), rows(children, stays), LAST) as volumes:
        found = [one.number for one in volumes.quantities if one.metric == "Share"]
        parts = sorted(one.quantity for one in volumes.claims(metric="Share"))
        told = {one.code for one in volumes.warnings}
        accounts = volumes.accounts
    shares = expected(window, children, stays, LAST)
    assert parts == sorted(shares)
    assert found == ([sum(shares, Fraction(0)) / len(shares)] if shares else [])
    assert ("SIB0630" in told) == (not shares)
    assert accounts["Stays"].rows == len(stays)
    assert accounts["Stays"].used >= sum(one > 0 for one in shares)


def test_text_and_json_bring_it_back() -> None:
    for one in CONTRACTS.values():
        assert compile_source(Source("x.sib", show(one))).contract == one
        assert from_json(to_json(one)) == one
    metric = CONTRACTS["1 year"].metrics[-1]
    assert isinstance(metric, Metric)
    assert (metric.counts.word, metric.measures, metric.records, metric.counts.days_of) == (
        "share of days", "percentage", "Children", "Stays",
    )  # fmt: skip


def test_a_window_that_is_not_over_does_not_count_yet() -> None:
    terms = CONTRACTS["2 years"]
    young = date(2008, 1, 1)
    children: list[Child] = [("A", date(2018, 1, 1), young), ("B", date(2018, 4, 2), young)]
    stays: list[Stay] = [
        ("A", date(2018, 1, 1), date(2019, 1, 1), None),
        ("B", date(2018, 4, 2), None, None),
    ]
    with measure_rows(terms, as_written(terms), rows(children, stays), LAST) as volumes:
        counts = volumes_by_key(volumes)
        looked = {one.person: one for one in looked_at(volumes) if one.clause == "Share"}
        told = {one.row: (one.status, one.reason) for one in volumes.rows() if one.records == "Stays"}
    # A: 365 of 730 days. B's window ends on 1 April 2020, one day too late.
    assert [number for key, number in counts.items() if key.metric == "Share"] == [Fraction(1, 2)]
    assert (looked["B"].day, looked["B"].counted) == (date(2020, 4, 1), False)
    assert told == {
        1: ("used", ""),
        2: ("outside", "no day of it lies in the window of somebody whom Share counts"),
    }
    assert "2020-03-31,Share,,50%" in file_text(terms, counts)
    lines = price_quantities(terms, as_written(terms), counts, LAST).lines
    assert {one.line.payment: one.amount for one in lines}["Share Fee"] == 500


@pytest.mark.parametrize("joins", ["Coming Of Age"])
def test_a_row_may_be_dated_by_a_date_worked_out(joins: str) -> None:
    text = TEXT.replace("WINDOW", "1 year").replace("joins on    Entered", f"joins on    {joins}")
    terms = compile_source(Source("x.sib", complete(text))).contract
    children: list[Child] = [("A", date(2016, 5, 1), date(2003, 5, 1)), ("B", date(2016, 5, 1), None)]
    with measure_rows(terms, as_written(terms), rows(children, []), LAST) as volumes:
        reasons = [one.reason for one in volumes.rows() if one.records == "Children"]
    assert reasons == [
        "dated 18 years after Born On, after 31 March 2020",
        "Coming Of Age is blank (18 years after Born On), so the row has no date",
    ]


def test_explanations_and_checks_know_rows_that_only_a_share_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.sib"
    file.write_text(complete(TEXT.replace("WINDOW", "2 years")), encoding="utf-8")
    for name, text in {
        "referrals": "person id,referred on\n",
        "jobs": "job id,person id,started on,ended on,hours per week\n",
        "children": "child,entered,born on\nA,2018-01-01,2008-01-01\nE,2017-05-01,2000-01-01\n",
        "stays": "child,from on,to on,reported\nA,2018-01-01,2019-01-01,\nE,2018-01-01,2019-01-01,\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    run = ["explain", str(file), "--records", str(tmp_path), "--as-of", "2020-03-31"]
    told = []
    for more in (["--line", "L1"], ["--person", "A"], ["--person", "E"]):
        assert command([*run, *more]) == 0
        told.append(" ".join(capsys.readouterr().out.split()))
    assert "dated on the last day of the window" in told[0]
    assert "used: days of it lie in the person's window" in told[1]
    assert "end of window is 30 April 2019, Coming Of Age is 1 January 2018" in told[2]
    assert not [
        one for one in findings(contract("2 years"), as_written(contract("2 years"))) if one.code == "SIB0509"
    ]
