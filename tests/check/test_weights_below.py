"""Weights that may be below nought: a quantity of theirs may be too, so a sum of it must say its least."""

from __future__ import annotations

import pytest

from sibdsl.model.admissible_quantities.below_nought import may_fall_below
from tests.check.marked import contract

TEXT = """\
table Places
  | Place | Worth |
  | North | 1.5   |
  | West  | {}    |
end table
records Referrals
  one row per Referral
  | column      | holds          | blank    |
  | Person ID   | person         | rejected |
  | Referred On | date           | rejected |
  | Area        | code in Places | rejected |
  | Level       | number         | rejected |
end records
metric Weighed
  kind         output
  counts       rows of Jobs
  among        Service Users
  weighted by  {}, as recorded at joining
  dated        Started On
end metric
payment Weighed Fee
  payer     Council
  payee     Charity
  for each  Weighed
  pays      £10
  taken back  never
end payment
"""


@pytest.mark.parametrize(
    ("least", "weight", "below"),
    [
        ("0", "Worth read at Area", False),
        ("0", "Worth read at Area minus 1", True),
        ("0", "Level", True),
        ("0", "1/2", False),
        ("0", "Worth read at Area times Level", True),
    ],
)
def test_by_what_is_printed_and_declared(least: str, weight: str, *, below: bool) -> None:
    made = contract(TEXT.format(least, weight))
    (metric,) = (one for one in made.metrics if one.name == "Weighed")
    assert may_fall_below(made, metric) is below
