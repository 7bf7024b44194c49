"""Amounts that people reach, and evidence within a time: worked by hand, and against plain arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.dates import Duration
from sibdsl.measure import Volumes, measure_rows
from sibdsl.model.admissible_quantities.implied_by_metrics import implied
from sibdsl.model.nodes import Contract, Evidence, ExampleRecords, RecordColumn
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.records import Account
from sibdsl.settle.explain.page import Item
from sibdsl.settle.explain.person_facts import explain_person
from sibdsl.settle.explain.person_page import person_sheet
from sibdsl.settle.run import ContractPaid, pay
from sibdsl.source import Source
from tests.measure.by_hand import CONTRACT as BY_HAND
from tests.measure.by_hand import ENGAGEMENT, ENTRY, JOBS, SUSTAINMENT, with_metrics

TEXT = """\
contract Back To Work
  service period 1 April 2026 to 31 March 2028
  currency GBP
  years begin 1 April
  statements quarterly
  rounding each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

particulars
  | particular | holds | default |
  | Wanted     | money | £8,000  |
end particulars

records Starts
  one row per Start
  | column     | holds  | blank    |
  | Person ID  | person | rejected |
  | Started On | date   | rejected |
  | Left On    | date   | allowed  |
  | Claimed On | date   | allowed  |
end records

records Earnings
  one row per Payment
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | Paid On   | date   | rejected |
  | Amount    | money  | allowed  |
end records

cohort Starters
  rows Starts
  joins on Started On
  if several earliest Started On
end cohort

metric Earned Enough
  kind outcome
  counts people
  among Starters
  reaches Wanted in Amount of Earnings, by Paid On
  window 638 days from joining date
  within window
  dated on the day reached
end metric

metric Claimed Start
  kind output
  counts people
  among Starters
  dated Started On
  evidenced by Claimed On, within 6 months
end metric

payment Earnings Fee
  payer Council
  payee Provider
  | for each      | pays   |
  | Earned Enough | £1,000 |
  | Claimed Start | £10    |
end payment
"""
END = date(2028, 3, 31)
#: 638 days from 1 April 2026 are complete on 30 December 2027.
STARTS = [("P1", "2026-04-01", "", "")]

Rows = Sequence[tuple[str, ...]]


def contract(*changes: tuple[str, str]) -> Contract:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return compile_source(Source("work.sib", text)).contract


WORK = contract()
UNBOUNDED = contract(("  window 638 days from joining date\n  within window\n", ""))


def measured(
    earnings: Rows = (), starts: Rows = STARTS, *, of: Contract = WORK, as_of: date = END, **values: Fraction
) -> Volumes:
    tables = [
        ExampleRecords("Starts", ("Person ID", "Started On", "Left On", "Claimed On"), tuple(starts)),
        ExampleRecords("Earnings", ("Person ID", "Paid On", "Amount"), tuple(earnings)),
    ]
    return measure_rows(of, Settings({**as_written(of).values, **values}), tables, as_of)


def reached(volumes: Volumes, metric: str = "Earned Enough") -> list[tuple[str, date]]:
    with volumes as found:
        claims = list(found.claims(metric=metric, stated_only=False))
        whole = sum(one.number for one in found.quantities if one.metric == metric)
    assert whole <= sum(one.quantity for one in claims)
    return [(one.person, one.day) for one in claims if one.quantity]


# ------------------------------------------------------------------ amounts


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ([("2026-05-01", "8000")], date(2026, 5, 1)),
        ([("2026-05-01", "7999.99")], None),
        ([("2026-05-01", "7999.99"), ("2027-12-29", "0.01")], date(2027, 12, 29)),
        ([("2026-05-01", "7999.99"), ("2027-12-30", "0.01")], None),
        ([("2026-03-31", "8000")], None),
        ([("2026-04-01", "8000")], date(2026, 4, 1)),
        ([("2026-05-01", "8000"), ("2026-05-01", "-0.01")], None),
        ([("2026-05-01", "8000"), ("2026-05-02", "-8000")], date(2026, 5, 1)),
        ([("2026-05-01", "9000"), ("2026-04-30", "-2000"), ("2026-06-01", "1000")], date(2026, 6, 1)),
        ([("2026-05-01", "7999.999999999"), ("2026-06-01", "0.000000001")], date(2026, 6, 1)),
        ([("2026-05-01", ""), ("2026-06-01", "8000")], date(2026, 6, 1)),
    ],
)
def test_the_day_reached(rows: Rows, day: date | None) -> None:
    found = reached(measured([("P1", *one) for one in rows]))
    assert found == ([("P1", day)] if day else [])


def test_a_row_that_comes_in_late_moves_the_day() -> None:
    rows = [("P1", "2026-05-01", "5000"), ("P1", "2026-07-01", "5000")]
    assert reached(measured(rows)) == [("P1", date(2026, 7, 1))]
    assert reached(measured([*rows, ("P1", "2026-06-01", "3000")])) == [("P1", date(2026, 6, 1))]


def test_the_amount_is_what_is_given() -> None:
    rows = [("P1", "2026-05-01", "5000")]
    assert reached(measured(rows)) == []
    assert reached(measured(rows, Wanted=Fraction(5000))) == [("P1", date(2026, 5, 1))]


def test_rows_after_the_as_of_date_add_nothing() -> None:
    rows = [("P1", "2026-05-01", "5000"), ("P1", "2026-06-30", "3000")]
    assert reached(measured(rows, as_of=date(2026, 6, 29))) == []
    assert reached(measured(rows, as_of=date(2026, 6, 30))) == [("P1", date(2026, 6, 30))]


def test_without_a_window_rows_of_the_payment_period_are_added_up() -> None:
    rows = [("P1", "2026-03-31", "8000"), ("P1", "2026-04-01", "5000"), ("P1", "2028-03-31", "3000")]
    starts = [("P1", "2027-01-01", "", "")]  # who joined after the first of them
    assert reached(measured(rows, starts, of=UNBOUNDED)) == [("P1", date(2028, 3, 31))]


def test_a_window_from_before_the_payment_period() -> None:
    """What is dated before the payment period is added up, and who reached the amount by then counts nowhere."""
    starts = [("P1", "2026-01-01", "", ""), ("P2", "2026-01-01", "", "")]
    rows = [
        ("P1", "2026-03-31", "7999"),
        ("P1", "2026-04-01", "1"),
        ("P2", "2026-03-31", "8000"),
        ("P2", "2026-04-01", "8000"),
    ]
    assert reached(measured(rows, starts)) == [("P1", date(2026, 4, 1))]


def test_behind_a_result_stand_the_rows_up_to_its_day() -> None:
    rows = [
        ("P1", "2026-05-01", "5000"),
        ("P1", "2026-07-01", "3000"),
        ("P1", "2026-07-02", "1"),
        ("P1", "2026-08-01", ""),
    ]
    with measured(rows) as volumes:
        claims = [(one.row, one.day, one.quantity) for one in volumes.claims(metric="Earned Enough")]
        assert claims == [(1, date(2026, 7, 1), 0), (2, date(2026, 7, 1), 1)]
        assert volumes.accounts["Earnings"] == Account(rows=4, used=3, outside=1, duplicate=0, rejected=0)
        reasons = {one.row: one.reason for one in volumes.rows() if one.records == "Earnings" and one.reason}
    assert reasons == {4: "Amount is blank, so there is nothing to add"}


def test_what_others_read_is_a_row_of_the_day_reached() -> None:
    after = """
metric After That
  kind output
  counts rows of Starts
  among Starters
  only if Started On is after Paid On of Earned Enough
  dated Started On
end metric
"""
    text = TEXT + after
    made = compile_source(Source("work.sib", text)).contract
    starts = [*STARTS, ("P1", "2026-06-15", "", ""), ("P1", "2026-07-02", "", "")]
    rows = [("P1", "2026-05-01", "5000"), ("P1", "2026-07-01", "3000")]
    assert reached(measured(rows, starts, of=made), "After That") == [("P1", date(2026, 7, 2))]


Cells = st.tuples(
    st.sampled_from(("P1", "P2", "P3", "P9")),
    st.integers(-40, 760),
    st.integers(-3000, 9000).map(lambda pence: Fraction(pence, 4)),
)


@settings(max_examples=25)
@given(st.lists(Cells, max_size=24), st.integers(1, 8000), st.integers(0, 760), st.booleans())
def test_any_rows_reach_any_amount(
    rows: list[tuple[str, int, Fraction]], wanted: int, as_of: int, windowed: bool
) -> None:
    first = date(2026, 4, 1)
    starts = {"P1": first, "P2": date(2026, 3, 1), "P3": date(2027, 1, 1)}
    cells = {(who, first + timedelta(day), amount) for who, day, amount in rows}
    end = first + timedelta(as_of)
    expected: list[tuple[str, date]] = []
    for person, start in starts.items():
        if start > end:
            continue
        low, high = (start, start + timedelta(638)) if windowed else (first, date(2028, 4, 1))
        mine = sorted(
            (day, amount) for who, day, amount in cells if who == person and low <= day < high and day <= end
        )
        for day in sorted({day for day, _ in mine}):
            if sum(amount for when, amount in mine if when <= day) >= wanted:
                if first <= day < date(2028, 4, 1):
                    expected.append((person, day))
                break
    found = measured(
        [(who, day.isoformat(), str(float(amount))) for who, day, amount in sorted(cells)],
        [(who, day.isoformat(), "", "") for who, day in starts.items()],
        of=WORK if windowed else UNBOUNDED,
        as_of=end,
        Wanted=Fraction(wanted),
    )
    assert sorted(reached(found)) == sorted(expected)


# ------------------------------------------------------------------ evidence


@pytest.mark.parametrize(
    ("started", "claimed", "as_of", "counts"),
    [
        ("2026-08-31", "2027-02-28", END, True),
        ("2026-08-31", "2027-03-01", END, False),
        ("2026-08-31", "2026-08-01", END, True),
        ("2026-08-31", "", END, False),
        ("2026-08-31", "2026-10-01", date(2026, 9, 30), False),
        ("2026-08-31", "2026-10-01", date(2026, 10, 1), True),
    ],
)
def test_evidence_in_time(started: str, claimed: str, as_of: date, *, counts: bool) -> None:
    found = reached(measured((), [("P1", started, "", claimed)], as_of=as_of), "Claimed Start")
    assert found == ([("P1", date.fromisoformat(started))] if counts else [])


#: How a claim of 1 May 2026 for a start of 1 April stands: agreed on, disputed on, as of, and whether it counts.
CLAIMS = [
    ("", "", "2026-05-20", False),
    ("", "", "2026-05-21", True),
    ("2026-05-02", "", "2026-05-01", False),
    ("2026-05-02", "", "2026-05-02", True),
    ("", "2026-05-01", "2028-03-31", False),
    ("", "2026-05-21", "2028-03-31", False),
    ("", "2026-05-22", "2028-03-31", True),
    ("", "2026-04-30", "2028-03-31", True),
    ("2026-09-01", "2026-05-21", "2026-08-31", False),
    ("2026-09-01", "2026-05-21", "2026-09-01", True),
    ("2026-05-02", "2026-05-10", "2028-03-31", True),
    ("2026-05-10", "2026-05-10", "2028-03-31", True),
]
ACCEPTED = (
    (
        "  | Claimed On | date   | allowed  |\n",
        "  | Claimed On | date | allowed |\n  | Agreed On | date | allowed |\n  | Disputed On | date | allowed |\n",
    ),
    (
        "Claimed On, within 6 months\n",
        "Claimed On, within 6 months, accepted on Agreed On or deemed accepted after 20 days, unless rejected on Disputed On\n",
    ),
)


def claimed(agreed: str, disputed: str, as_of: str, of: Contract) -> list[tuple[str, date]]:
    heads = ("Person ID", "Started On", "Left On", "Claimed On", "Agreed On", "Disputed On")
    row = ("P1", "2026-04-01", "", "2026-05-01", agreed, disputed)
    tables = [ExampleRecords("Starts", heads, (row,))]
    with measure_rows(of, as_written(of), tables, date.fromisoformat(as_of)) as volumes:
        return [(one.person, one.day) for one in volumes.claims(metric="Claimed Start", stated_only=False)]


@pytest.mark.parametrize(("agreed", "disputed", "as_of", "counts"), CLAIMS)
def test_acceptance_by_somebody_or_by_silence(
    agreed: str, disputed: str, as_of: str, *, counts: bool
) -> None:
    found = claimed(agreed, disputed, as_of, contract(*ACCEPTED))
    assert found == ([("P1", date(2026, 4, 1))] if counts else [])


def test_without_silence_only_an_acceptance_counts() -> None:
    made = contract(ACCEPTED[0], (ACCEPTED[1][0], "Claimed On, within 6 months, accepted on Agreed On\n"))
    assert claimed("", "", "2028-03-31", made) == []
    assert claimed("2027-12-31", "", "2028-03-31", made)


def test_without_acceptance_only_a_rejection_takes_away() -> None:
    made = contract(
        ACCEPTED[0], (ACCEPTED[1][0], "Claimed On, within 6 months, unless rejected on Disputed On\n")
    )
    assert claimed("", "", "2026-05-01", made)
    assert claimed("", "2027-12-31", "2027-12-30", made)
    assert claimed("", "2027-12-31", "2027-12-31", made) == []


def test_of_a_holding_the_time_runs_from_the_result() -> None:
    spell = "  spell from Started On to the day before Left On, open while blank\n"
    of_rows = "  counts rows of Starts\n  among Starters\n  held for 6 weeks from Started On\n  dated on the last day held\n"
    held = (
        ("  one row per Start\n", f"  one row per Start\n{spell}"),
        ("  counts people\n  among Starters\n  dated Started On\n", of_rows),
    )
    made = contract(*held)
    in_time = ("P1", "2026-04-01", "", "2026-11-12")  # six weeks are complete on 13 May
    late = ("P2", "2026-04-01", "", "2026-11-13")
    ended = ("P3", "2026-04-01", "2026-05-12", "2026-05-12")
    found = reached(measured((), [in_time, late, ended], of=made), "Claimed Start")
    assert found == [("P1", date(2026, 5, 12))]


def test_why_a_row_is_not_evidenced() -> None:
    more = """
records Placements
  one row per Placement
  | column     | holds  | blank    |
  | Person ID  | person | rejected |
  | Placed On  | date   | rejected |
  | Claimed On | date   | allowed  |
end records

metric Placed
  kind output
  counts rows of Placements
  among Starters
  dated Placed On
  evidenced by Claimed On, within 6 months
  per person first only
end metric
"""
    made = compile_source(Source("work.sib", TEXT + more)).contract
    rows = (
        ("P1", "2026-04-02", "2026-10-03"),
        ("P1", "2026-04-03", ""),
        ("P1", "2026-09-01", ""),
        ("P1", "2026-09-02", "2026-12-01"),
        ("P1", "2026-09-03", "2026-11-01"),
    )
    tables = [
        ExampleRecords("Starts", ("Person ID", "Started On", "Left On", "Claimed On"), tuple(STARTS)),
        ExampleRecords("Placements", ("Person ID", "Placed On", "Claimed On"), rows),
    ]
    with measure_rows(made, as_written(made), tables, date(2026, 11, 1)) as volumes:
        reasons = {one.row: one.reason for one in volumes.rows() if one.records == "Placements"}
        counted = [one.row for one in volumes.claims(metric="Placed", stated_only=False)]
    assert counted == [5]
    assert reasons == {
        1: "not evidenced within 6 months of the result: Claimed On is 2026-10-03",
        2: "not evidenced within 6 months of the result: Claimed On is blank",
        3: "not evidenced by 1 November 2026, with time left: Claimed On is blank",
        4: "not evidenced by 1 November 2026, with time left: Claimed On is 2026-12-01",
        5: "",
    }


def test_what_is_held_longer_does_not_imply_what_had_to_be_evidenced_sooner() -> None:
    """Six weeks from 1 April are complete on 13 May, six months on 1 October: a claim of 1 December is late for the first."""
    month, year = (Evidence("Claimed On", Duration(number, "month")) for number in (1, 12))
    jobs = evolve(JOBS, columns=(*JOBS.columns, RecordColumn("Claimed On", "date", blank_allowed=True)))
    metrics = (ENGAGEMENT, evolve(ENTRY, evidence=month), evolve(SUSTAINMENT, evidence=year))
    claimed = evolve(with_metrics(BY_HAND, *metrics), records=(*BY_HAND.records[:2], jobs))
    assert {(one.fewer, one.more) for one in implied(BY_HAND)} == {
        ("Job Entry", "Engagement"),
        ("Job Sustainment", "Job Entry"),
    }
    assert {(one.fewer, one.more) for one in implied(claimed)} == {
        ("Job Entry", "Engagement"),
        ("Job Sustainment", "Engagement"),
    }
    rows = (
        (("P1", "2016-04-01", "yes"),),
        (("P1", "2016-04-01"),),
        (("J1", "P1", "2016-04-01", "", "20", "2016-12-01"),),
    )
    tables = [
        ExampleRecords(one.name, tuple(each.name for each in one.columns), mine)
        for one, mine in zip(claimed.records, rows, strict=True)
    ]
    with measure_rows(claimed, Settings(), tables, date(2019, 3, 31)) as volumes:
        counted = {one.metric for one in volumes.claims()}
    assert counted == {"Engagement", "Job Sustainment"}


# ------------------------------------------------------------------ explained


def said(items: tuple[Item, ...]) -> list[str]:
    return [line for one in items for line in (one.text, *said(one.items))]


def told(
    earnings: Rows, starts: Rows = STARTS, as_of: date = END, of: Contract = WORK, more: str = ""
) -> list[str]:
    with TemporaryDirectory() as name:
        for table, head, rows in (
            ("starts", f"Person ID,Started On,Left On,Claimed On{more}", starts),
            ("earnings", "Person ID,Paid On,Amount", earnings),
        ):
            text = "\n".join((head, *(",".join(row) for row in rows)))
            (Path(name) / f"{table}.csv").write_text(f"{text}\n", encoding="utf-8")
        paid: ContractPaid = pay(of, as_written(of), Path(name), as_of)
        with paid.volumes:
            return said(person_sheet(explain_person(paid, "P1")).items)


def test_a_person_is_told_how_far_their_rows_came() -> None:
    lines = told([("P1", "2026-05-01", "5000"), ("P1", "2026-06-01", "2000")])
    assert (
        "Earned Enough: not earned: £7,000.00 by 1 June 2026, and what is to be reached is Wanted in Amount"
        in lines
    )
    assert any(one.startswith("Amount 3000 in place of 2000 would have earned £1,000.00") for one in lines)


def test_a_person_is_told_what_counts_towards_it() -> None:
    rows = [("P1", "2026-05-01", "5000"), ("P1", "2026-06-01", "3000"), ("P1", "2026-06-02", "1")]
    lines = told(rows)
    assert "Earned Enough: counts towards Wanted in Amount, reached on 1 June 2026" in lines
    assert "Earned Enough: earned on 1 June 2026, counted in April-June 2026" in lines
    assert "Earned Enough: not earned: Wanted in Amount was reached before it, on 1 June 2026" in lines


def test_a_person_is_told_of_evidence_that_may_still_come() -> None:
    late = told((), [("P1", "2026-04-01", "", "2026-10-02")])
    assert (
        "Claimed Start: not earned: not evidenced within 6 months of 1 April 2026: Claimed On is 2 October 2026"
        in late
    )
    early = told((), as_of=date(2026, 9, 30))
    assert (
        "Claimed Start: not yet: not evidenced by 30 September 2026: Claimed On is blank; 6 months of 1 April 2026 are "
        "not over" in early
    )


def test_a_person_is_told_who_rejected_or_has_not_yet_accepted() -> None:
    made = contract(*ACCEPTED)
    row = ("P1", "2026-04-01", "", "2026-06-15")
    heads = ",Agreed On,Disputed On"
    open_ = told((), [(*row, "", "")], date(2026, 6, 30), made, heads)
    assert (
        "Claimed Start: not yet: not accepted by 30 June 2026: Agreed On is blank, and 20 days are not over: Claimed On is "
        "15 June 2026" in open_
    )
    rejected = told((), [(*row, "", "2026-07-05")], date(2026, 9, 30), made, heads)
    assert "Claimed Start: not earned: rejected: Disputed On is 5 July 2026" in rejected
    assert any(
        one.startswith("Disputed On blank in place of 5 July 2026 would have earned £10.00")
        for one in rejected
    )
