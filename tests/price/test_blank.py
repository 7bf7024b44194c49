"""A blank in a condition of payment: neither met nor unmet, unless another test decides."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest

from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Key, build, derived, price
from sibdsl.source import Source
from tests.frame import complete

CLAUSES = """
metric Job Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only
end metric

metric Late Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only
end metric

metric First Share
  kind      outcome
  equals    1 divided by Job Start
  measured  over the contract
end metric

metric Second Share
  kind      outcome
  equals    1 divided by Late Start
  measured  over the contract
end metric

payment Job Fee
  payer         Council
  payee         Charity
  pays          £100
  paid once     at the end
  paid only if  {condition}
end payment
"""
#: What a share comes to when so many started; blank when nobody did.
SHARES = {0: None, 1: True, 4: False}  # at least a half, or not
Truth = bool | None


def both(a: Truth, b: Truth) -> Truth:
    return False if a is False or b is False else None if a is None or b is None else True


def either(a: Truth, b: Truth) -> Truth:
    return True if a or b else None if a is None or b is None else False


ONE, OTHER = "First Share is at least 1/2", "Second Share is at least 1/2"


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (f"{ONE} or {OTHER}", either),
        (f"{ONE} and {OTHER}", both),
        (f"({ONE} or {OTHER}) and {ONE}", lambda a, b: both(either(a, b), a)),
        (f"({ONE} and {OTHER}) or {OTHER}", lambda a, b: either(both(a, b), b)),
        (f"First Share is not at least 1/2 or {OTHER}", lambda a, b: either(None if a is None else not a, b)),
    ],
)
def test_one_test_may_decide_where_another_is_blank(
    condition: str, met: Callable[[Truth, Truth], Truth]
) -> None:
    contract = compile_source(Source("blank.sib", complete(CLAUSES.format(condition=condition)))).contract
    graph = build(contract, as_written(contract))
    first = graph.segments[0]
    for one, other in product(SHARES, SHARES):
        counted = {Key(first, "Job Start", ""): Fraction(one), Key(first, "Late Start", ""): Fraction(other)}
        lines = price(graph, derived(contract, as_written(contract), counted)).lines
        wanted = Fraction(100) if met(SHARES[one], SHARES[other]) is True else Fraction(0)
        assert sum((line.amount for line in lines), Fraction(0)) == wanted, (one, other)
