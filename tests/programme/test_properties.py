"""What is true of every programme, whatever its contracts achieve."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.price import PricedLine
from sibdsl.settle.payments_to_json import to_json
from sibdsl.settle.run import pay_all
from tests.programme.made import (
    NAMES,
    SERVICE,
    Made,
    Rows,
    alone,
    cap,
    lines,
    made,
    member,
    run,
    shared_cuts,
    total,
)

QUARTERS = [date(year + month // 12, month % 12 + 1, 1) for year in (2016, 2017) for month in (3, 6, 9, 12)]


def told(one: PricedLine) -> tuple[object, ...]:
    line = one.line
    return (
        line.kind,
        line.segment.days,
        line.payer,
        line.payee,
        line.payment,
        line.rule,
        one.quantity,
        one.amount,
    )


def achieved(most: int = 12) -> st.SearchStrategy[Rows]:
    row = st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(QUARTERS),
        st.sampled_from(("Job", "Job", "Loss")),
        st.integers(0, most),
    )
    return st.lists(row, max_size=20)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture(scope="module")
def whole(folder: Path) -> Made:
    """One cap over the programme, over contracts with fees that do not divide, one of which has a block advance."""
    fees = {
        "East": member("East", fee="£33.33"),
        "North": member("North", fee="£47"),
        "South": member("South"),
    }
    (folder / "whole").mkdir()
    return made(folder / "whole", cap("£1,000 over the programme"), fees, pairs=("North.Start=£300",))


@pytest.fixture(scope="module")
def yearly(folder: Path) -> Made:
    (folder / "yearly").mkdir()
    return made(folder / "yearly", cap("£777.77 in each year"))


@pytest.fixture(scope="module")
def wide(folder: Path) -> Made:
    (folder / "wide").mkdir()
    caps = cap("£1,000,000 over the programme") + cap("£900,000 in each year", name="Other Ceiling")
    own = "cap Own\n  covers   payments\n  at most  £700 in each year\n  excess   lost\nend cap"
    return made(folder / "wide", caps, {"East": member("East", more=own)}, pairs=("Start=£250",))


@given(rows=achieved())
def test_it_fills_by_date_and_lets_no_more_through_than_it_says(whole: Made, rows: Rows) -> None:
    every = lines(run(whole, rows))
    room = Fraction(1000)
    for start in QUARTERS:
        here = [one for one in every if one.line.segment.days.start == start]
        advanced = total([one for one in here if one.line.kind == "advance"])
        due = total([one for one in here if one.line.kind in ("payment", "set_off")])
        paid = total(here) - advanced
        room -= advanced
        assert paid == min(due, max(room, Fraction(0)))
        room -= paid
        assert room >= 0 or not paid


@given(rows=achieved())
def test_each_year_is_an_occasion_of_its_own(yearly: Made, rows: Rows) -> None:
    every = lines(run(yearly, rows))
    for first, last in ((date(2016, 4, 1), date(2017, 3, 31)), (date(2017, 4, 1), date(2018, 3, 31))):
        here = [one for one in every if first <= one.line.segment.days.start <= last]
        due = total([one for one in here if one.line.kind == "payment"])
        assert total(here) == min(due, Fraction("777.77"))


@given(rows=achieved())
def test_cuts_are_pro_rata_to_the_penny_and_odd_pennies_go_by_name(yearly: Made, rows: Rows) -> None:
    """What is cut in one stretch is shared by the largest remainder; of equal ones the earlier name comes first."""
    paid = run(yearly, rows)
    for start in QUARTERS:
        due = {
            each.contract.name: total(
                [
                    one
                    for one in each.lines
                    if (one.line.kind, one.line.payer, one.line.segment.days.start)
                    == ("payment", "Fund", start)
                ]
            )
            for each in paid.runs
        }
        cut = {
            each.contract.name: -total(
                [
                    one
                    for one in each.lines
                    if one.line.kind == "cap_cut" and one.line.segment.days.start == start
                ]
            )
            for each in paid.runs
        }
        whole, base = sum(cut.values()), sum(due.values())
        if not whole:
            continue
        exact = {name: whole * amount / base * 100 for name, amount in due.items()}
        parts = {name: exact[name].__floor__() for name in NAMES}
        odd = int(whole * 100) - sum(parts.values())
        for name in sorted(NAMES, key=lambda name: (parts[name] - exact[name], name))[:odd]:
            parts[name] += 1
        assert {name: int(amount * 100) for name, amount in cut.items()} == parts


@given(rows=achieved())
def test_with_room_enough_each_contract_is_paid_as_it_is_alone(wide: Made, rows: Rows) -> None:
    paid = run(wide, rows)
    assert not shared_cuts(paid)
    for each in paid.runs:
        assert [told(one) for one in each.lines] == [
            told(one) for one in alone(wide, each.contract.name, rows).lines
        ]


def test_the_order_of_the_table_changes_no_byte(folder: Path) -> None:
    rows = [
        ("North", QUARTERS[0], "Job", 7),
        ("South", QUARTERS[0], "Job", 7),
        ("East", QUARTERS[0], "Job", 7),
    ]
    found = set()
    for at, order in enumerate(permutations(NAMES)):
        there = folder / f"order {at}"
        there.mkdir()
        project = made(there, cap("£1,000.01 over the programme"), order=order)
        found.add(json.dumps(to_json(run(project, rows))))
    assert len(found) == 1


def test_a_contract_with_longer_periods_is_priced_as_it_is_alone(tmp_path: Path) -> None:
    """Two results of one quarter at 12.5p are 25p; rounded by the months of another contract they would be 26p."""
    members = {"East": member("East", fee="£0.125"), "North": member("North", statements="monthly")}
    project = made(tmp_path, cap("£1,000,000 over the programme"), members)
    for name in NAMES:
        (tmp_path / "records" / name).mkdir(parents=True)
        text = "Person ID,Started On\nP1,2016-04-02\nP2,2016-05-02\n"
        (tmp_path / "records" / name / "jobs.csv").write_text(text, encoding="utf-8")
    folders = {name: tmp_path / "records" / name for name in NAMES}
    with pay_all(project.programme, project.settings, folders, date(2018, 3, 31)) as measured:
        paid = measured.payments
    assert total([one for one in lines(paid) if one.line.contract == "East"]) == Fraction("0.25")


@pytest.mark.parametrize("service", [SERVICE, "1 October 2016 to 30 September 2017"])
def test_contracts_that_run_at_other_times_share_what_falls_due_together(
    tmp_path: Path, service: str
) -> None:
    project = made(tmp_path, cap("£500 over the programme"), {"South": member("South", service=service)})
    rows = [
        ("North", date(2016, 4, 1), "Job", 3),
        ("South", date(2016, 10, 1), "Job", 4),
        ("North", date(2016, 10, 1), "Job", 4),
    ]
    assert [
        (one.line.contract, one.line.segment.days.start, one.amount)
        for one in shared_cuts(run(project, rows))
    ] == [
        ("North", date(2016, 10, 1), Fraction(-300)),
        ("South", date(2016, 10, 1), Fraction(-300)),
    ]
