"""The figures of MHEP 1's contract in Tower Hamlets, and the calendar they are used with.

Source: 'MHEP in-depth review, Box 1 and section 3.5.1' for the tariff, section 3.4.2.2 of the
same review for term and block payments, section 3.2 for the funds' maxima.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, TypeAlias

SetOff: TypeAlias = Literal["money", "units"]

CCG: Final = "CCG"
MHEP: Final = "MHEP"
SOF: Final = "SOF"
CBO: Final = "CBO"


@dataclass(frozen=True, slots=True)
class Block:
    """A block advance: who pays how much (in pounds), on account of which contract year.

    Source: MHEP in-depth review, section 3.4.2.2 (amounts); the dates are not published.
    """

    payer: str
    year_start: dt.date
    amount: Decimal
    paid_on: dt.date


def _blocks_as_applied_for() -> tuple[Block, ...]:
    """Give the blocks of 2016/17 and 2017/18, taken to be paid on 1 April of the year."""
    amounts = (
        (CCG, 2016, 110_200),
        (MHEP, 2016, 47_100),
        (CCG, 2017, 110_500),
        (MHEP, 2017, 47_700),
    )
    return tuple(
        Block(payer, dt.date(year, 4, 1), Decimal(amount), dt.date(year, 4, 1))
        for payer, year, amount in amounts
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Every figure of the contract that may change, as applied for.

    Rates are pounds per outcome, caps pounds over the whole contract (`None`: no cap).

    Source: MHEP in-depth review, Box 1 and section 3.5.1 (rates, who pays when), section
    3.4.2.2 (term and blocks) and section 3.2 (caps). The published bands '<16' and '>16'
    leave out exactly 16 hours; `boundary_in_upper` says on which side it falls.
    """

    term_start: dt.date = dt.date(2016, 4, 1)
    term_end: dt.date = dt.date(2019, 3, 31)
    ccg_engagement: Decimal = Decimal(700)
    mhep_engagement: Decimal = Decimal(300)
    fund_engagement: Decimal = Decimal(90)
    entry_lower: Decimal = Decimal(700)
    entry_upper: Decimal = Decimal(1350)
    sustainment_lower: Decimal = Decimal(1400)
    sustainment_upper: Decimal = Decimal(1650)
    blocks: tuple[Block, ...] = _blocks_as_applied_for()
    set_off: SetOff = "money"
    sof_cap: Decimal | None = Decimal(986_959)
    cbo_cap: Decimal | None = Decimal(336_111)
    sof_last_day: dt.date = dt.date(2018, 3, 31)
    band_boundary: Fraction = Fraction(16)
    boundary_in_upper: bool = True
    lower_band: str = "Under 16"
    upper_band: str = "From 16"
    entry_hold_weeks: int = 6
    sustainment_months: int = 6

    def __post_init__(self) -> None:
        """Refuse terms that the rules below do not cover, with `ValueError`."""
        if self.term_end < self.term_start:
            raise ValueError("the term ends before it starts")
        caps = [cap for cap in (self.sof_cap, self.cbo_cap) if cap is not None]
        rates = [self.ccg_engagement, self.mhep_engagement, self.fund_engagement]
        rates += [self.entry_lower, self.entry_upper]
        rates += [self.sustainment_lower, self.sustainment_upper]
        for amount in (*rates, *caps, *(block.amount for block in self.blocks)):
            if amount < 0 or amount * 100 % 1:
                raise ValueError(f"not a whole number of pence from 0 up: {amount}")
        for block in self.blocks:
            if block.payer not in {CCG, MHEP}:
                raise ValueError(f"only the CCG and MHEP pay blocks: {block}")


AS_APPLIED_FOR: Final = Terms()
"""The contract as applied for: Box 1 and section 3.5.1, with the blocks of 3.4.2.2."""


def add_months(day: dt.date, months: int) -> dt.date:
    """Step whole calendar months, clipping the day to the month's end.

    Source: the row-status rules of the project's records reference ('start + 6 calendar
    months (the day clipped to the month's end)'). 31 August 2017 + 6 is 28 February 2018.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return dt.date(year, month + 1, last)
            except ValueError:
                continue
    raise ValueError(f"no day {months} months after {day}")


def _spans(terms: Terms, months: int) -> list[tuple[dt.date, dt.date]]:
    """Cut the term into spans of so many months from its start; the last may be short."""
    spans: list[tuple[dt.date, dt.date]] = []
    start = terms.term_start
    while start <= terms.term_end:
        following = add_months(terms.term_start, months * (len(spans) + 1))
        spans.append((start, min(following - dt.timedelta(days=1), terms.term_end)))
        start = following
    return spans


def quarters(terms: Terms) -> list[tuple[dt.date, dt.date]]:
    """Give first and last day of each quarter of the term, counted from its start."""
    return _spans(terms, 3)


def contract_years(terms: Terms) -> list[tuple[dt.date, dt.date]]:
    """Give first and last day of each contract year, counted from the term's start."""
    return _spans(terms, 12)
