"""Years as they are written: `2013` where contract years begin on 1 January, `2013/14` otherwise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl import dates, pipeline
from sibdsl.diagnostics import Refused
from sibdsl.source import Source

TEXT = """contract Tiny
  service period  1 January 2010 to 31 December 2019
  currency        GBP
  years           begin BEGIN
  statements      yearly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

payment Fee [1]
  payer    Council
  payee    Provider
  every    year at the end, part years in full
  pays     £100
end payment

cap Limit [2]
  covers   payments from Council
  at most  £60 in YEAR
  excess   lost
end cap
"""
_BEGINS = st.sampled_from([(1, 1), (4, 1), (12, 31), (1, 2)])


def _text(begin: tuple[int, int], year: str) -> Source:
    day = f"{begin[1]} {dates.MONTHS[begin[0] - 1]}"
    return Source("tiny.sib", TEXT.replace("BEGIN", day).replace("YEAR", year))


@given(_BEGINS, st.integers(2010, 2018))
def test_a_year_is_the_one_that_is_shown_by_that_name(begin: tuple[int, int], first: int) -> None:
    """What reports call a year is what the text must call it, and it is the year that begins in that calendar year."""
    name = dates.year_name(dates.contract_year(first, begin).start)
    days = pipeline.load(_text(begin, name)).contract.caps[0].rows[0].scope.days
    assert days is not None
    assert days.start.year == first
    assert days == dates.contract_year(first, begin)
    assert name == (str(first) if begin == (1, 1) else f"{first}/{first + 1 - 2000}")


def test_a_limit_of_a_calendar_year_cuts_that_year_alone() -> None:
    paid = pipeline.price(pipeline.load(_text((1, 1), "2013")), {"Tiny": {}})
    assert [total.amount for total in paid.totals()] == [9 * 100 + 60]


@pytest.mark.parametrize(
    ("begin", "year", "way_out"),
    [
        ((1, 1), "2013/14", "Write `2013` or `2014`"),
        ((4, 1), "2013", "Write `2013/14`, which begins on 1 April 2013; or `1 January 2013 to 31 December 2013`."),
        ((4, 1), "2013 quarter 2", "Write `2013/14`"),
        ((1, 1), "2,013", "Write `2013`"),
        ((1, 1), "13", "Write a year from 1900 to 2198."),
        ((4, 1), "2013/15", "Write `2013/14`; or name the first day and the last"),
    ],
)  # fmt: skip
def test_the_other_form_is_refused_with_the_one_to_write(
    begin: tuple[int, int], year: str, way_out: str
) -> None:
    with pytest.raises(Refused) as refused:
        pipeline.load(_text(begin, year))
    (finding,) = refused.value.found
    assert finding.code == "SIB0410"
    assert finding.help.startswith(way_out)


def test_a_quarter_of_a_calendar_year() -> None:
    days = pipeline.load(_text((1, 1), "2013 quarter 2")).contract.caps[0].rows[0].scope.days
    assert days == dates.period(date(2013, 4, 1), date(2013, 6, 30))
