"""Regular sums of payments that begin or end inside a year, quarter or month: each counts its own days."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sibdsl import money
from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.default_as_of import whole_term
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")
CONTRACT = """\
contract Job Support
  service period  {begins} to {ends}
  currency        GBP
  years           begin 1 April
  statements      {statements}
  rounding        each line, half up, to the penny
end contract

payment Standing Charge [7]
  payer  Council
  payee  Provider
  pays   £{amount}
  every  {each} {due}, part {each}s by days
{lines}end payment
"""
DAY = timedelta(days=1)


def long(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def sums(piece: str) -> dict[date, Fraction]:
    """The standing charge by the day on which it falls due."""
    made = compile_source(Source("part.sib", spliced(FRAME, piece).split("example One Of Each")[0]))
    values = as_written(made.contract)
    run = price_quantities(made.contract, values, {}, whole_term(made.contract, values))
    return {
        one.line.stated_on: one.amount for one in run.priced.lines if one.line.payment == "Standing Charge"
    }


def first_days(each: str, begins: date, ends: date) -> list[date]:
    """The first day of each year, quarter or month of a year that begins on 1 April, by hand."""
    months = {"year": (4,), "quarter": (1, 4, 7, 10), "month": tuple(range(1, 13)), "period": (1, 4, 7, 10)}
    return [date(year, month, 1) for year in range(begins.year - 1, ends.year + 2) for month in months[each]]


def by_hand(
    each: str, due: str, amount: int, whole: tuple[date, date], own: tuple[date, date]
) -> dict[date, Fraction]:
    """For each stretch how many of its days lie in the contract and in the payment, counted one by one."""
    found: dict[date, Fraction] = {}
    marks = first_days(each, *whole)
    for start, after in pairwise(marks):
        every = [start + at * DAY for at in range((after - start).days)]
        mine = [day for day in every if whole[0] <= day <= whole[1] and own[0] <= day <= own[1]]
        if mine:
            sum_ = money.round_to(Fraction(amount * len(mine), len(every)), Fraction(1, 100), "half up")
            if sum_:
                found[mine[0] if due == "at the start" else mine[-1]] = sum_
    return found


@given(
    each=st.sampled_from(["year", "quarter", "month", "period"]),
    due=st.sampled_from(["at the start", "at the end"]),
    amount=st.sampled_from([1, 91, 365, 10_000]),
    begins=st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    length=st.integers(40, 800),
    starts=st.none() | st.integers(0, 400),
    ends=st.none() | st.integers(0, 400),
)
def test_a_part_pays_for_its_own_days(
    each: str, due: str, amount: int, begins: date, length: int, starts: int | None, ends: int | None
) -> None:
    last = begins + length * DAY
    own_first = begins if starts is None else begins + min(starts, length) * DAY
    own_last = last if ends is None else min(own_first + ends * DAY, last)
    lines = "" if starts is None else f"  starts  {long(own_first)}\n"
    lines += "" if ends is None else f"  ends  {long(own_last)}\n"
    piece = CONTRACT.format(
        begins=long(begins),
        ends=long(last),
        statements="quarterly",
        amount=amount,
        each=each,
        due=due,
        lines=lines,
    )
    assert sums(piece) == by_hand(each, due, amount, (begins, last), (own_first, own_last))


VARIED = """\
variation Other Charge [Variation 1]
  varies          Job Support
  agreed          1 May 2026
  effective       {effective}
  stated periods  left as stated

  {change}
end variation
"""
PAYMENT = """payment Standing Charge [7]
    payer  Council
    payee  Provider
    pays   £{amount}
    every  {every}
  end payment"""


def varied(effective: str, change: str) -> dict[date, Fraction]:
    piece = CONTRACT.format(
        begins="1 April 2026", ends="31 March 2027", statements="quarterly", amount=91, each="quarter",
        due="at the end", lines="",
    )  # fmt: skip
    return sums(piece + "\n" + VARIED.format(effective=effective, change=change))


def test_a_sum_removed_inside_a_quarter_pays_for_its_days() -> None:
    """To 10 December: 71 of the 92 days of October to December."""
    assert varied("11 December 2026", "remove payment Standing Charge") == {
        date(2026, 6, 30): Fraction(91),
        date(2026, 9, 30): Fraction(91),
        date(2026, 12, 10): Fraction("70.23"),
    }


def test_a_sum_replaced_inside_a_quarter_goes_on() -> None:
    change = "replace " + PAYMENT.format(amount=92, every="quarter at the end, part quarters by days")
    assert varied("11 December 2026", change) == {
        date(2026, 6, 30): Fraction(91),
        date(2026, 9, 30): Fraction(91),
        date(2026, 12, 31): Fraction(92),
        date(2027, 3, 31): Fraction(92),
    }


def test_a_sum_that_changes_its_calendar_pays_no_day_twice_and_leaves_none_out() -> None:
    """Until 10 December 71 of 92 days of the quarter; then 21 of 31 days of December, and whole months."""
    change = "replace " + PAYMENT.format(amount=31, every="month at the start, part months by days")
    assert varied("11 December 2026", change) == {
        date(2026, 6, 30): Fraction(91),
        date(2026, 9, 30): Fraction(91),
        date(2026, 12, 10): Fraction("70.23"),
        date(2026, 12, 11): Fraction(21),
        date(2027, 1, 1): Fraction(31),
        date(2027, 2, 1): Fraction(31),
        date(2027, 3, 1): Fraction(31),
    }
