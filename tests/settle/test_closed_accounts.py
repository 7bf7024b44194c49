"""Accounts that close: what became known later is paid by nobody, and what left them stays paid; against a count by hand."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from sibdsl import pipeline
from sibdsl.dates import add_months
from sibdsl.diagnostics import Refused
from sibdsl.model.closed_accounts import closes
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments, statements
from sibdsl.settle.payments import Payments
from sibdsl.settle.run import pay
from sibdsl.source import Source
from tests.settle.test_statements_as_known import CAP, TEXT, Result, Tiny, _results

END = date(2026, 12, 31)
CLOSE = "  accounts close  2 months after each statement\n  rounding "
STANDS = "  stated periods  repriced in the next statement\n"


class Closing(Tiny):
    """The contract of the tests of statements as known, with accounts that close."""

    def __init__(self, more: str = "") -> None:
        text = TEXT.replace("  rounding ", CLOSE) + more
        self.contract = pipeline.load(Source("tiny.sib", text)).contract
        self.settings = as_written(self.contract)
        self.months = segments(self.contract)


CLOSING = Closing()
LIMITED = Closing(CAP.replace("in each year", "over the contract"))


def of_month(payments: Payments, month: int) -> Fraction:
    return sum(
        (one.amount for one in payments.lines if one.line.segment.days.start.month == month), Fraction(0)
    )


def month_of(day: date) -> date:
    """The last day on which something about a month may become known: two months after its last day, clipped."""
    last = add_months(day.replace(day=1), 1) - timedelta(days=1)
    return add_months(last, 2)


@given(_results())
def test_each_month_pays_what_was_known_when_its_account_closed(results: tuple[Result, ...]) -> None:
    for month in range(1, 13):
        until = min(END, month_of(date(2026, month, 1)))
        mine = [one for one in results if one.day.month == month and one.known <= until]
        counts = sum(one.withdrawn is None or one.withdrawn > until for one in mine)
        assert of_month(CLOSING.paid(results), month) == Fraction(3335 * counts, 100)


def test_closing_days() -> None:
    # Two months after 31 December 2026 is 28 February: a day that the month lacks is its last.
    ends = [closes(CLOSING.contract, period) for period in statements(CLOSING.contract)]
    assert ends[:2] == [date(2026, 3, 31), date(2026, 4, 28)]
    assert ends[-1] == date(2027, 2, 28)
    yearly = TEXT.replace(
        "  rounding ", CLOSE.replace("2 months after each statement", "12 months after each year")
    )
    whole = pipeline.load(Source("tiny.sib", yearly)).contract
    assert {closes(whole, period) for period in statements(whole)} == {date(2027, 12, 31)}


IN_TIME = Result(date(2026, 1, 10), date(2026, 3, 31), None)
LATE = Result(date(2026, 1, 10), date(2026, 4, 1), None)
GONE = Result(date(2026, 1, 10), date(2026, 1, 10), date(2026, 4, 1))
APRIL = Result(date(2026, 4, 10), date(2026, 4, 10), None)


def test_what_came_too_late_is_told() -> None:
    paid = CLOSING.paid((IN_TIME, LATE))
    assert of_month(paid, 1) == Fraction("33.35")
    (told,) = paid.warnings
    assert told.code == "SIB0759"
    assert "closed on 31 March 2026. Of Job, 1 more is known now: nobody pays it" in told.message


def test_what_leaves_a_closed_account_stays_paid_and_is_told() -> None:
    paid = CLOSING.paid((GONE, APRIL))
    assert of_month(paid, 1) == of_month(paid, 4) == Fraction("33.35")
    (told,) = paid.warnings
    assert "1 less is known now: it stays paid" in told.message


def test_what_came_too_late_takes_no_room() -> None:
    # Council pays 70% of £33.35, £23.35 a result, and £100 over the contract: four results, and £6.60 of a fifth.
    late = LIMITED.paid((LATE, LATE, *[APRIL] * 5))
    alone = LIMITED.paid((APRIL,) * 5)
    assert of_month(late, 4) == of_month(alone, 4)
    assert sum(one.amount for one in late.lines if one.line.payer == "Council") == 100


def test_records_in_files(tmp_path: Path) -> None:
    rows = ["P1,2026-01-10,2026-03-31,", "P2,2026-01-10,2026-04-01,", "P3,2026-01-10,2026-01-11,2026-04-01"]
    head = "Person ID,Started On,Reported On,Withdrawn On"
    (tmp_path / "jobs.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    paid = pay(CLOSING.contract, CLOSING.settings, tmp_path, END)
    with paid.volumes:
        assert of_month(paid.payments, 1) == Fraction("66.70")
        assert [
            one.code for one in paid.payments.warnings
        ] == []  # one more and one less: the number is the same


KEYED = TEXT.replace("  rounding ", CLOSE).replace(
    "  known on ", "  identified by  Person ID\n  if several  latest Reported On\n  known on "
)
FIRST = TEXT.replace("  rounding ", CLOSE).replace(
    "  dated   Started On\n",
    "  dated   Started On\n  per person  first only\n  if tied  earliest Reported On\n",
)
LIES = "2 months after each statement, what moves counts where it lies"
HEAD = "Person ID,Started On,Reported On,Withdrawn On"


def run(tmp_path: Path, text: str, *rows: str, as_of: date = END) -> Payments:
    contract = pipeline.load(Source("tiny.sib", text)).contract
    (tmp_path / "jobs.csv").write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    paid = pay(contract, as_written(contract), tmp_path, as_of)
    paid.volumes.close()
    return paid.payments


#: The accounts of January and February close on 31 March and on 28 April.
NOW = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("text", "rows", "told"),
    [
        # A later version puts P1's job into April; another's of January comes too late, so that as many are counted as were.
        (
            KEYED,
            ["P1,2026-01-10,2026-01-11,", "P1,2026-04-10,2026-04-11,", "P2,2026-01-10,2026-04-11,"],
            "By jobs.csv row 2 it lies in that of 1 April 2026 to 30 April 2026 now: it would be paid twice.",
        ),
        # Into February, which has closed since, with the job in it.
        (
            KEYED,
            ["P1,2026-01-10,2026-01-11,", "P1,2026-02-10,2026-04-11,"],
            "By jobs.csv row 2 it lies in that of 1 February 2026 to 28 February 2026 now: it would be paid twice.",
        ),
        # P1's first job is withdrawn once its account has closed: a later one would take its place, and be paid besides.
        (
            FIRST,
            ["P1,2026-01-10,2026-01-11,2026-04-01", "P1,2026-04-10,2026-04-11,"],
            "it would be paid twice",
        ),
        # P1's job was paid for in April, and was of January after all: it would come back, and nobody would pay it.
        (
            KEYED,
            ["P1,2026-04-10,2026-04-11,", "P1,2026-01-10,2026-05-02,", "P2,2026-01-10,2026-01-11,"],
            "was paid for in the account of 1 April 2026 to 30 April 2026. By jobs.csv row 2 it lies in the account of 1 January",
        ),
    ],
)
def test_what_moves_is_paid_neither_twice_nor_not_at_all(
    tmp_path: Path, text: str, rows: list[str], told: str
) -> None:
    with pytest.raises(Refused) as refused:
        run(tmp_path, text, *rows, as_of=NOW)
    (found,) = refused.value.found
    assert (found.code, found.severity) == ("SIB0759", "error")
    assert told in found.message


def test_the_contract_may_say_that_it_counts_where_it_lies(tmp_path: Path) -> None:
    lies = KEYED.replace("2 months after each statement", LIES)
    rows = ["P1,2026-01-10,2026-01-11,", "P1,2026-04-10,2026-04-11,", "P2,2026-01-10,2026-04-11,"]
    paid = run(tmp_path, lies, *rows, as_of=NOW)
    assert of_month(paid, 1) == of_month(paid, 4) == Fraction("33.35")
    (told,) = paid.warnings
    assert (told.code, told.severity, "not the same" in told.message) == ("SIB0759", "warning", True)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # Of metrics that count every row, another row is another result, however its person stands.
        (
            TEXT.replace("  rounding ", CLOSE),
            ["P1,2026-01-10,2026-01-11,2026-04-01", "P1,2026-06-10,2026-06-11,"],
        ),
        # A later version of a row in the same account.
        (KEYED, ["P1,2026-01-10,2026-01-11,", "P1,2026-01-12,2026-04-11,"]),
        # Withdrawn, and nothing in its place; late, and nothing that was paid before.
        (FIRST, ["P1,2026-01-10,2026-01-11,2026-04-01", "P2,2026-01-10,2026-04-11,"]),
        # Moved while both accounts were open.
        (KEYED, ["P1,2026-04-10,2026-04-11,", "P1,2026-05-10,2026-05-11,", "P2,2026-01-10,2026-01-11,"]),
    ],
)
def test_what_does_not_move(tmp_path: Path, text: str, rows: list[str]) -> None:
    paid = run(tmp_path, text, *rows, as_of=NOW)
    assert {one.severity for one in paid.warnings} <= {"warning"}


def test_an_account_that_closes_after_the_last_day_of_the_calendar_never_closes() -> None:
    text = TEXT.replace("  rounding ", CLOSE.replace("2 months", "9999 years"))
    whole = pipeline.load(Source("tiny.sib", text)).contract
    assert {closes(whole, period) for period in statements(whole)} == {None}


@pytest.mark.parametrize(
    ("old", "new", "code"), [("2 months", "60 business days", "SIB0574"), (STANDS, "", "SIB0575")]
)
def test_what_is_refused(old: str, new: str, code: str) -> None:
    text = TEXT.replace("  rounding ", CLOSE)
    with pytest.raises(Refused) as refused:
        pipeline.load(Source("tiny.sib", text.replace(old, new)))
    assert [one.code for one in refused.value.found] == [code]
