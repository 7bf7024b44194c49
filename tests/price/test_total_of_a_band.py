"""How many of a metric lie in one band, in sums, conditions and workings: against a plain loop. Sums paid on a day by name."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.price import Key
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")
BONUS = """
workings Of Bands [7]
  | step   | equals                                                             |
  | Better | Job Kept of band Full Time minus 1/3 times Job Kept of band Part Time |
end workings

payment Bonus [8]
  payer         Council
  payee         Provider
  pays          the higher of (£0 and £100.01 times Better)
  every         quarter at the end
  paid only if  Job Kept of band Part Time is at least 3 over the contract
end payment
"""


def contract(blocks: str) -> Contract:
    return pipeline.load(Source("case.sib", spliced(FRAME, blocks))).contract


MADE = contract(BONUS)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=8))
def test_as_a_plain_loop_has_it(counts: list[tuple[int, int]]) -> None:
    mine = segments(MADE)[: len(counts)]
    quantities = {
        Key(segment, "Job Kept", band): Fraction(number)
        for segment, numbers in zip(mine, counts, strict=True)
        for band, number in zip(("Full Time", "Part Time"), numbers, strict=True)
    }
    run = price_quantities(MADE, as_written(MADE), quantities, date(2030, 1, 1))
    paid = {one.line.segment.days: one.amount for one in run.lines if one.line.payment == "Bonus"}
    part_time = 0
    for segment, (full, part) in zip(mine, counts, strict=True):
        part_time += part
        exact = max(Fraction(0), Fraction("100.01") * (full - Fraction(part, 3)))
        wanted = Fraction(int(exact * 100 + Fraction(1, 2)), 100) if part_time >= 3 else 0
        assert paid.get(segment.days, 0) == wanted


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "Better | Job Kept of band Full Time",
            "Better | Job Kept of band Ful Time",
            "Ful Time is not a band of Job Kept.",
        ),
        (
            "Better | Job Kept of band Full Time",
            "Better | Job Start of band Full Time",
            "Full Time is not a band of Job Start.",
        ),
        (
            "Better | Job Kept of band Full Time",
            "Better | Provider of band Full Time",
            "Provider is a party; a metric is needed here.",
        ),
        (
            "£100.01 times",
            "£100.01 times Bonus Days of band Full Time times",
            "Bonus Days is not defined; a metric is needed here.",
        ),
    ],
)
def test_what_is_no_band(old: str, new: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        contract(BONUS.replace(old, new))
    assert any(one.message.startswith(told) for one in refused.value.found), [
        one.message for one in refused.value.found
    ]


ONCE = """
assumption Bonus Day [8]
  takes   31 March 2028
  reason  "The day on which the evaluation is due."
end assumption

payment Bonus [8]
  payer      Council
  payee      Provider
  pays       £10 times Job Start
  paid once  on Bonus Day
end payment
"""


@pytest.mark.parametrize(
    ("given_day", "paid_on"), [(None, date(2028, 3, 31)), (date(2027, 5, 10), date(2027, 5, 10))]
)
def test_a_sum_paid_once_on_a_day_by_name(given_day: date | None, paid_on: date) -> None:
    values = {} if given_day is None else {"Bonus Day": given_day.isoformat()}
    loaded = pipeline.load(Source("case.sib", spliced(FRAME, ONCE)), values=values)
    made = loaded.contract
    quantities = {Key(segment, "Job Start", ""): Fraction(1) for segment in segments(made)}
    run = pipeline.price(loaded, {made.name: quantities})
    (line,) = [one for one in run.lines if one.line.payment == "Bonus"]
    whole = [segment for segment in segments(made) if segment.days.last <= paid_on]
    assert line.line.segment.days.last == paid_on
    assert line.amount == 10 * len(whole)
