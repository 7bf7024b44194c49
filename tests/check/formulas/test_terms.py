"""Formulas of tiers, regular sums and sums to date, as they are read; and how much work they take."""

from __future__ import annotations

from datetime import date

import pytest

from sibdsl.check.formulas import Formulas
from sibdsl.check.formulas.text import said
from sibdsl.dates import period
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import build, price
from tests.settle.varied import written
from tests.work import calls

TIERS = """
payment Fee
  payer     Council
  payee     Trust
  for each  Job
  tiers     in each year
  | units    | pays |
  | first 20 | £300 |
  | further  | £200 |
end payment
"""

REGULAR = """
payment Running Costs
  payer  Fund
  payee  Trust
  pays   £1,000.50
  every  quarter at the start, part quarters in full
end payment
"""

GAIN = """
workings Net Gain
  | step  | equals                      |
  | Gross | £500 times Job              |
  | Net   | Gross minus £900 times Loss |
end workings

payment Gain Share
  payer         Council
  payee         Trust
  pays to date  50% of Net
  at most       £6,000 over the contract
  taken back    never
end payment
"""


def formula(contract: Contract, first: date, last: date) -> str:
    formulas = Formulas(contract, build(contract, as_written(contract)))
    (one,) = formulas.in_days(period(first, last), "then")
    return said(contract, one)


def test_tiers_are_said_in_money() -> None:
    year = formula(written(TIERS), date(2016, 4, 1), date(2017, 3, 31))
    assert year == "£200 x Job + min(£2,000, £100 x Job)"


def test_a_regular_sum_is_a_sum() -> None:
    assert formula(written(REGULAR), date(2016, 4, 1), date(2017, 3, 31)) == "£4,002"
    assert formula(written(REGULAR), date(2016, 4, 1), date(2016, 6, 30)) == "£1,000.50"


def test_a_sum_to_date_in_its_first_period() -> None:
    quarter = formula(written(GAIN), date(2016, 4, 1), date(2016, 6, 30))
    assert quarter == "max(£0, min(£6,000, round(£250 x Job - £450 x Loss)))"


@pytest.mark.parametrize(("text", "most"), [(TIERS, 3), (GAIN, 5), (TIERS + GAIN, 5)])
def test_work_grows_no_faster_than_what_is_read(text: str, most: int) -> None:
    """Ten years by month, and five. A sum to date reads every month before, so it goes by their square: four times."""

    def work(years: int) -> int:
        instead = {"to 31 March 2017": f"to 31 March {2016 + years}", "quarterly": "monthly"}
        contract = written(text, instead=instead)

        def run() -> None:
            graph = build(contract, as_written(contract))
            price(graph, dict.fromkeys(graph.keys(), 3))  # type: ignore[arg-type] # whole numbers will do
            assert len(graph.segments) == 12 * years

        return calls(run)

    work(1)
    assert work(10) < most * work(5)


BLOCK = """
payment Fee
  payer     Council
  payee     Trust
  for each  Job
  pays      £300
end payment

block advance Mobilisation [4]
  payer        Council
  payee        Trust
  paid on      1 April 2016
  pays         £5,000
  set against  Fee in 2016/17
  set off      in money, as fees fall due
  unused part  kept
end block advance

cap Ceiling [5]
  covers   payments from Council
  at most  £8,000 over the contract
  excess   lost
end cap
"""


def test_a_block_paid_before_is_cited_where_what_is_left_of_a_cap_depends_on_it() -> None:
    """£3,000 of the £8,000 is left after the block of the year before."""
    contract = written(BLOCK, instead={"to 31 March 2017": "to 31 March 2018"})
    formulas = Formulas(contract, build(contract, as_written(contract)))
    (later,) = formulas.in_days(period(date(2017, 4, 1), date(2018, 3, 31)), "then")
    assert "£3,000" in said(contract, later)
    assert [cite.name for cite in later.cites] == ["Fee", "Mobilisation", "Ceiling"]


def test_a_block_paid_before_is_not_cited_where_nothing_depends_on_it() -> None:
    contract = written(BLOCK.partition("cap ")[0], instead={"to 31 March 2017": "to 31 March 2018"})
    formulas = Formulas(contract, build(contract, as_written(contract)))
    (later,) = formulas.in_days(period(date(2017, 4, 1), date(2018, 3, 31)), "then")
    assert [cite.name for cite in later.cites] == ["Fee"]
