"""What comes to less than nought where nothing may, with the values written and given: refused by check, in pricing's words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.set_option_and_file import settings as given_settings
from sibdsl.price import build
from sibdsl.source import Source

FRAME = """\
contract Homes
  service period  1 April 2026 to 31 March 2028
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract
parties
  | party    | role            |
  | Council  | commissioner    |
  | Fund     | co-commissioner |
  | Provider | provider        |
end parties
particulars
  | particular | holds      | default  | must be |
  | Sum Given  | money      | £20      | any     |
  | Part Given | percentage | 50%      | any     |
  | Times      | number     | 1        | any     |
  | Unknown    | money      | required | any     |
end particulars
records Members
  one row per  Member
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | Joined On | date   | rejected |
  | Net       | number | rejected |
end records
cohort People
  rows        Members
  joins on    Joined On
  if several  earliest Joined On
end cohort
metric Starts
  kind    output
  counts  people
  among   People
  dated   Joined On
end metric
metric Changed
  kind   output
  sums   Net of Members
  among  People
  dated  Joined On
end metric
"""
FEE = """\
payment Fee [1]
{payer}  payee  Provider
{body}end payment
"""
EACH = "  for each  Starts\n  pays  £2\n"
ONCE = "  at most  {} over the contract\n  excess  lost\n"
CAP = "cap Top [5]\n  covers  payments to Provider\n  at most  {}\n  excess  lost\nend cap\n"
BLOCK = """\
block advance Up Front [6]
  payer  Council
  payee  Provider
  paid on  1 April 2026
  pays  Sum Given
  set against  Fee over the contract
  set off  in money, as fees fall due
  unused part  kept
end block advance
"""
TIERS = "  | units | pays |\n  | first 2 | Sum Given |\n  | further | £1 |\n"


def fee(body: str, payer: str = "  payer  Council\n") -> str:
    return FEE.format(body=body, payer=payer)


NEVER = {
    "rate": fee("  for each  Starts\n  pays  Sum Given\n"),
    "tier": fee(f"  for each  Starts\n  tiers  over the contract\n{TIERS}"),
    "all units": fee(f"  for each  Starts\n  all-units rates  over the contract\n{TIERS}"),
    "regular sum": fee("  pays  Sum Given\n  every  year at the start, part years in full\n"),
    "factor of a rate": fee(f"{EACH}  multiplied by  Times\n"),
    "limit of a payment": fee(EACH + ONCE.format("Sum Given")),
    "most to date": fee(
        "  pays to date  £2 times Starts\n  at most  Sum Given over the contract\n  taken back  never\n"
    ),
    "cap": fee(EACH) + CAP.format("Sum Given over the contract"),
    "cap for each person": fee(EACH) + CAP.format("Sum Given per person over the contract"),
    "block": fee(EACH) + BLOCK,
    "share": fee(EACH + "  | payer | share |\n  | Council | Part Given |\n  | Fund | the rest |\n", ""),
}
BELOW = ("Sum Given=-3", "Part Given=-10%", "Times=-1")


def contract(text: str) -> Contract:
    return compile_source(Source("x.sib", FRAME + text)).contract


def errors(made: Contract, *given: str) -> list[str]:
    return [one.message for one in findings(made, given_settings(made, given)) if one.severity == "error"]


@pytest.mark.parametrize("name", NEVER)
def test_what_may_not_be_below_nought_is_refused_as_pricing_refuses_it(name: str) -> None:
    made = contract(NEVER[name])
    assert errors(made) == []
    with pytest.raises(Unpriceable) as refused:
        build(made, given_settings(made, BELOW))
    assert errors(made, *BELOW) == [str(refused.value)]


@pytest.mark.parametrize("name", NEVER)
def test_nought_is_not_below_nought(name: str) -> None:
    assert errors(contract(NEVER[name]), "Sum Given=0", "Part Given=0%", "Times=0") == []


PER_PERSON = CAP.format("£50 per person over the contract")
FALLS = {
    "each": fee("  for each  Changed\n  pays  £1\n  taken back  never\n"),
    "a row beside it": fee(
        "  taken back  by repayment\n  | for each | pays |\n  | Starts | £1 |\n  | Changed | £1 |\n"
    ),
    "a rate not given": fee("  for each  Changed\n  pays  Unknown\n  taken back  never\n"),
}


@pytest.mark.parametrize("name", FALLS)
def test_no_limit_for_each_person_covers_what_may_fall(name: str) -> None:
    (found,) = errors(contract(FALLS[name] + PER_PERSON))
    assert "no limit for each person can cover it" in found


def test_a_limit_for_each_person_covers_what_never_falls() -> None:
    """A line `taken back` that decides nothing changes nothing."""
    made = contract(fee(f"{EACH}  taken back  never\n") + PER_PERSON)
    assert errors(made) == []
    assert build(made, given_settings(made, ())).lines[0].payment == "Fee"


def test_what_a_sum_is_multiplied_by_is_a_part_of_it() -> None:
    body = "  pays  £2 times Starts\n  every  quarter at the end\n  multiplied by  Times\n  taken back  by repayment\n"
    assert errors(contract(fee(body)), "Times=-1") == []
    assert Fraction(-1) == given_settings(contract(fee(body)), ("Times=-1",)).values["Times"]
