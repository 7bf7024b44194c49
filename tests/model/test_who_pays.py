"""Who pays whom: under payments, of what exceeds a limit, and in advance."""

from __future__ import annotations

from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.who_pays import pairs, payers_of, rates_met
from sibdsl.source import Source
from tests.frame import BASE

PARTIES = """parties
  | party   | role            |
  | Third   | co-commissioner |
  | Fund    | co-commissioner |
  | Council | commissioner    |
  | Trust   | provider        |
  | Charity | provider        |
end parties

"""
CLAUSES = """payment Job Fee [1]
  payer  Council
  payee  Charity
  | for each  | band     | pays   |
  | Job Entry | Under 16 | £700   |
  | Job Entry | From 16  | £1,350 |
end payment

payment Trust Fee [2]
  payer  Fund
  payee  Trust
  | for each  | band | pays |
  | Job Entry | all  | £10  |
end payment

cap Council Limit [3]
  covers   payments from Council
  at most  £1,000 over the contract
  excess   paid by Third
end cap

block advance Start [4]
  payee        Charity
  set off      in money, as fees fall due
  unused part  kept
  | payer   | paid on      | pays | set against               |
  | Fund    | 1 April 2016 | £100 | Job Fee over the contract |
  | Council | 1 April 2016 | £200 | Job Fee over the contract |
end block advance
"""


def contract() -> Contract:
    start, end = BASE.index("parties\n"), BASE.index("records Referrals")
    whole = BASE[:start] + PARTIES + BASE[end:]
    made = compile_source(Source("c.sib", whole[: whole.index("payment Job Fee")] + CLAUSES))
    assert made.findings == ()
    return made.contract


def test_each_payee_has_its_payers_in_the_order_payments_excess_advances() -> None:
    assert payers_of(contract()) == {"Charity": ["Council", "Third", "Fund"], "Trust": ["Fund"]}


def test_pairs_leave_out_who_pays_the_excess() -> None:
    assert pairs(contract()) == (("Council", "Charity"), ("Fund", "Trust"), ("Fund", "Charity"))


def test_an_advance_meets_the_fees_between_its_own_parties() -> None:
    made = contract()
    fund, council = made.advances[0].advances
    assert rates_met(made, fund) == []
    assert [rate.band for rate in rates_met(made, council)] == ["Under 16", "From 16"]
