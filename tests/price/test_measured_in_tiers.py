"""Tiers and rates for all units over what is measured once: nothing is paid on it before it has been measured."""

from datetime import date
from pathlib import Path

import pytest

from tests.frame import complete
from tests.limits.asking import price

PLACED = """
metric People Placed
  kind      output
  counts    different Person ID of Jobs
  among     Service Users
  dated     Started On
  measured  over the contract
end metric

payment Placing Fee
  payer     Council
  payee     Charity
  for each  People Placed
  {tiers}  over the contract
  | units    | pays |
  | first 20 | £700 |
  | further  | £300 |
end payment
"""


@pytest.mark.parametrize(
    ("tiers", "amounts"),
    [
        ("tiers", [14_000, 1_500]),  # 20 at £700 and 5 at £300
        ("all-units rates", [7_500]),  # 25 at £300: it is measured once, and was never 20
    ],
)
def test_is_paid_once_when_it_is_measured(tmp_path: Path, tiers: str, amounts: list[int]) -> None:
    rows = "period,metric,band,quantity\n2020-03-31,People Placed,,25\n"
    lines = price(tmp_path, {"c.sib": complete(PLACED.format(tiers=tiers))}, rows)
    placed = [line for line in lines if line.payment == "Placing Fee"]
    assert [line.amount for line in placed] == amounts
    assert {line.start for line in placed} == {date(2020, 1, 1)}
