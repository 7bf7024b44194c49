"""A small contract with every way of paying: the language reference's own, with clauses of each kind put in."""

from tests.docs.reading import LANGUAGE, fences

FRAME = next(one.text for one in fences(LANGUAGE) if "frame" in one.notes)

KINDS = """\
particulars
  | particular | holds | default        |
  | Secret Fee | money | required       |
  | Block Day  | date  | 1 October 2026 |
  | Twice A Block | money | £1,050 |
end particulars

payment Start Fee [3]
  payer     Council to 15 May 2026, then Fund, by date of result
  payee     Provider
  for each  Job Start
  tiers     in each year
  at most   £1,000 over the contract
  excess    lost
  | units   | pays |
  | first 2 | £300 |
  | further | £200 |
end payment

payment Running Costs [7]
  payer         Council
  payee         Provider
  paying agent  Fund
  pays          £3,650
  every         year at the end, part years by days
end payment

workings Net Gain [8]
  | step  | equals                          |
  | Gross | £500 times Job Start            |
  | Net   | Gross minus £900 times Job Kept |
end workings

payment Gain Share [8]
  payer         Council
  payee         Provider
  pays to date  50% of Net
  at least      £0 over the contract
  at most       £600 over the contract
  taken back    never
end payment

payment Side Fee [9]
  payer         Council
  payee         Provider
  for each      Job Kept
  pays          Secret Fee
  paid only if  Secret Fee is given
end payment

block advance First Year [6]
  payer        Council
  payee        Provider
  paid on      Block Day
  pays         Twice A Block
  set against  Start Fee in 2026/27
  set off      in money, as fees fall due
  unused part  kept
end block advance

block advance Present [6]
  payer        Council
  payee        Provider
  paid on      1 April 2026
  pays         £100
  set against  nothing
  set off      in money, as fees fall due
  unused part  kept
end block advance

cap Yearly [10]
  covers   payments from Fund
  at most  £5,000 in each year
  excess   lost
end cap
"""
