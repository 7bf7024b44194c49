"""Rules that cannot be met, alone or together, and rules on nothing."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.feasible import LinearRow, feasible
from tests.check.marked import codes, found, only

NUMBERS = st.integers(-3, 3).map(Fraction)


@given(
    st.lists(
        st.tuples(st.tuples(NUMBERS, NUMBERS), st.sampled_from(["<=", ">=", "="]), NUMBERS),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_feasible_has_a_corner_that_shows_it(
    rows: list[tuple[tuple[Fraction, Fraction], Literal["<=", ">=", "="], Fraction]],
) -> None:
    """Two numbers meet linear conditions if some corner does: where two of the lines cross, the axes among them."""
    lines = [*((*weights, than) for weights, _, than in rows), (Fraction(1), Fraction(0), Fraction(0))]
    lines += [(Fraction(0), Fraction(1), Fraction(0))]
    corners = [(Fraction(0), Fraction(0))]
    for (a, b, e), (c, d, f) in product(lines, lines):
        across = a * d - b * c
        if across:
            corners.append(((e * d - b * f) / across, (a * f - e * c) / across))

    def met(x: Fraction, y: Fraction) -> bool:
        return (
            x >= 0
            and y >= 0
            and all(
                a * x + b * y <= than
                if op == "<="
                else a * x + b * y >= than
                if op == ">="
                else a * x + b * y == than
                for (a, b), op, than in rows
            )
        )

    assert feasible([LinearRow(*row) for row in rows]) == any(met(*corner) for corner in corners)


TWO = """
parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Charity | provider        |
end parties

payment Job Fee
  payer     60% Council, the rest Fund
  payee     Charity
  for each  Job Entry
  pays      £700
end payment
"""
BLOCK = "block advance Upfront\n  payer Council\n  payee Charity\n  paid on 1 April 2016\n  pays £10,000\n  set against Job Fee over the contract\n  set off in money, as fees fall due\n  unused part kept\nend block advance\n"


def rules(*requires: str, tested: str = "at final account") -> str:
    return "".join(
        f"rule Rule {'ABCDEF'[at]}\n  requires {one}\n  tested {tested}\n  against every quantity\nend rule\n"
        for at, one in enumerate(requires)
    )


@pytest.mark.parametrize(
    ("requires", "told"),
    [
        (
            [
                "payments from Fund are at most 50% of payments",
                "payments from Fund are at least 60% of payments",
            ],
            ["W0881"],
        ),
        (
            [
                "payments from Fund are at most 50% of payments",
                "payments from Fund are at least 50% of payments",
            ],
            [],
        ),
        (
            [
                "payments from Fund are at most 40% of payments",
                "payments from Council are at most 50% of payments",
            ],
            ["W0881"],
        ),
        (
            [
                "payments from Fund are at most 40% of payments",
                "payments from Council are at most 60% of payments",
            ],
            [],
        ),
        (["payments from Fund are at least 150% of payments"], ["W0880"]),
        (["payments from Fund are at least £10", "payments from Fund are at most £5"], ["W0881"]),
        (["payments from Fund are at least £5", "payments from Fund are at most £10"], []),
        (
            [
                "payments from Fund are at least payments from Council",
                "payments from Council are at least 60% of payments",
                "payments from Council are at most £100",
            ],
            ["W0881"],
        ),
    ],
)
@pytest.mark.parametrize("tested", ["at final account", "in each year", "to date in each claim"])
def test_rules_against_one_another(requires: list[str], told: list[str], tested: str) -> None:
    assert codes(TWO + rules(*requires, tested=tested)) == told


def test_three_of_which_any_two_can_be_met() -> None:
    """More than a half cannot be left to each of two, where a third rule keeps a quarter."""
    block = BLOCK.replace("payer Council", "payer Fund").replace("Upfront", "Start")
    told = found(
        TWO
        + block
        + rules(
            "payments from Council are at least £20,000",
            "payments from Fund are at least payments from Council",
            "payments from Fund are at most £15,000",
        )
    )
    assert [one.code for one in told if one.code.startswith("SIB088")] == ["SIB0881"]
    assert "Rule A, Rule B and Rule C cannot all be met" in next(
        one.message for one in told if one.code == "SIB0881"
    )


def test_a_rule_against_a_block() -> None:
    text = TWO + BLOCK + rules("«advance payments from Council are exactly £0»")
    one = only("SIB0880", text)
    assert (
        one.message == "Rule A can never be met: Upfront pays £10,000 on 1 April 2016, whatever is achieved."
    )
    assert codes(TWO + rules("advance payments from Council are exactly £0")) == []
    assert codes(
        TWO + BLOCK + rules("advance payments from Council are exactly £0", tested="in each year")
    ) == ["W0880"]
    # Nothing is paid in the later years: there it is met.
    share = "payments to Charity by results are at most 25% of payments to Charity"
    assert codes(TWO + BLOCK + rules(share, tested="in each year")) == []


def test_a_rule_above_all_that_can_be_earned() -> None:
    size = "cohort Service Users\n  rows Referrals\n  joins on Referred On\n  if several earliest Referred On\n  size the first 10 to join\nend cohort\n"
    assert codes(size + rules("payments from Council are at least £13,501")) == ["W0880"]
    assert codes(size + rules("payments from Council are at least £13,500")) == []
    assert codes(rules("payments from Council are at least £13,501")) == []


@pytest.mark.parametrize(
    ("requires", "told"),
    [
        (
            "payments from Charity are at most 50% of payments",
            "holds whatever is achieved, and tests nothing",
        ),
        ("block payments from Council are at most 50% of payments", "no block advance is from Council"),
        (
            "payments from Council are at most 50% of payments from Charity",
            "only where the other side is nothing too",
        ),
        (
            "payments from Council earned on or before 31 March 2015 are at most £5",
            "it pays for no results of those days",
        ),
        ("payments from Council earned on or before 15 May 2017 are at most £5", ""),
        ("block payments from Council are exactly £0", ""),
    ],
)
def test_a_rule_on_nothing(requires: str, told: str) -> None:
    messages = [one.message for one in found(rules(requires)) if one.code == "SIB0882"]
    assert bool(messages) == bool(told)
    assert told in "".join(messages)
