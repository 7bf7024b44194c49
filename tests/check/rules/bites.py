"""A small contract in which every kind of step of the price graph makes a difference, with quantities that show it."""

from fractions import Fraction

from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Key, build
from sibdsl.source import Source
from tests.check.rules.interpreters import Case

TEXT = """
contract Every Step
  service period  1 April 2016 to 31 March 2018
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, {way}, to the penny
end contract

parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Agency  | commissioner    |
  | Trust   | provider        |
  | Charity | provider        |
end parties

records Jobs
  one row per Job
  | column     | holds  | blank    |
  | Person ID  | person | rejected |
  | Started On | date   | rejected |
  | Hours      | hours  | rejected |
end records

cohort People
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

bands Length
  by  Hours
  | band  | holds              |
  | Short | less than 16 hours |
  | Long  | at least 16 hours  |
end bands

metric Start
  kind        output
  counts      rows of Jobs
  among       People
  dated       Started On
  per person  first only
end metric

metric Job
  kind        outcome
  counts      rows of Jobs
  among       People
  dated       Started On
  per person  first only, over all bands
  if tied     lowest Hours
  banded by   Length, as recorded
end metric

payment Start Fee [1]
  payer     Council
  payee     Trust
  for each  Start
  pays      £33.335
end payment

payment Job Fee [2]
  payer  Council
  payee  Trust
  | for each | band  | pays   |
  | Job      | Short | £20.01 |
  | Job      | Long  | £50    |
end payment

payment Charity Fee [3]
  payer     Council
  payee     Charity
  for each  Start
  pays      £10
end payment

payment Fund Fee [4]
  payer     Fund
  payee     Trust
  for each  Job
  pays      £7
end payment

payment Fund Charity Fee [5]
  payer     Fund
  payee     Charity
  for each  Job
  pays      £7
end payment

payment Turn Fee [10]
  payer     Agency to 30 June 2017, Fund to 30 September 2017, then Agency, by date of result
  payee     Charity
  for each  Start
  pays      £3
end payment

block advance Block [6]
  payer        Council
  payee        Trust
  paid on      1 April 2016
  pays         £95
  set against  Job Fee in 2016/17
  set off      in money, as fees fall due
  unused part  kept
end block advance

cap Quarter Cap [7]
  covers   payments from Council
  at most  £150 in each quarter
  excess   lost
end cap

cap Whole Cap [8]
  covers   payments from Council
  at most  £400 over the contract
  excess   lost
end cap

cap Fund Cap [9]
  covers   payments from Fund
  at most  £62.01 over the contract
  excess   lost
end cap
"""


def made(way: str) -> Contract:
    return compile_source(Source("every step", TEXT.format(way=way))).contract


def cases() -> list[Case]:
    """Rounded half up and up; few and many; a split with a tie, and one whose parts are unlike."""
    found = []
    for way in ("half up", "up"):
        contract = made(way)
        keys = build(contract, as_written(contract)).keys()
        for numbers in ((1, 1, 0, 2, 0, 1, 3, 0), (3, 5, 1, 4, 2, 6, 0, 1), (9, 2, 7, 1, 1, 8, 3, 5)):
            counts: dict[Key, Fraction] = {
                key: Fraction(numbers[(place * 3) % 8]) for place, key in enumerate(keys)
            }
            found.append(Case(contract, counts))
    return found
