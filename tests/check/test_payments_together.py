"""Conditions of payment that meet or miss one another, against every number by brute force; and two readings on one answer."""

from __future__ import annotations

import operator

from hypothesis import given
from hypothesis import strategies as st

from sibdsl.diagnostics import Diagnostic
from tests.check.marked import found

TESTS = {
    "at least": operator.ge,
    "more than": operator.gt,
    "at most": operator.le,
    "less than": operator.lt,
}
BELOW, ABOVE = ("at least", "more than"), ("at most", "less than")
FEE = "payment {}\n  payer Council\n  payee Charity\n  for each Job Entry\n  pays £{}\n  paid only if {}\nend payment\n"


def told(first: str, second: str) -> list[Diagnostic]:
    conditions = [f"Job Entry is {said} in each year" for said in (first, second)]
    return found(FEE.format("Job Fee", 700, conditions[0]) + FEE.format("Small Fee", 500, conditions[1]))


@given(st.sampled_from(BELOW), st.integers(1, 6), st.sampled_from(ABOVE), st.integers(1, 6))
def test_what_is_paid_twice_or_by_neither_is_what_each_number_says(
    low: str, least: int, high: str, most: int
) -> None:
    paid = [TESTS[low](number, least) + TESTS[high](number, most) for number in range(20)]
    codes = [one.code for one in told(f"{low} {least}", f"{high} {most}")]
    if 2 in paid:
        assert codes == ["SIB0815"]
    elif 0 in paid:
        assert codes == ["SIB0816"]
    else:
        assert codes == []


def test_the_number_is_named() -> None:
    (one,) = told("at least 3", "at most 3")
    assert one.message.startswith("Where Job Entry is exactly 3, both ")
    assert one.help.startswith("Let one of the two leave it out: write `less than` for `at most` here.")
    (one,) = told("more than 3", "less than 3")
    assert one.message.startswith("Where Job Entry is exactly 3, neither ")
    (one,) = told("at least 3", "at most 5")
    assert one.message.startswith("Where Job Entry is at least 3 but at most 5, both ")


def test_payments_whose_conditions_exclude_each_other_do_not_pay_twice() -> None:
    assert told("at least 4", "at most 3") == []
    both = FEE.format("Job Fee", 700, "Job Entry is at least 3 in each year") + FEE.format(
        "Small Fee", 500, "Job Entry is at least 4 in each year"
    )
    assert [one.code for one in found(both)] == ["SIB0516"]


ANSWER = 'assumption Kept Only\n  takes no\n  reason "The tariff is not clear."\nend assumption\n'


def test_two_payments_on_one_answer() -> None:
    def answers(*said: str) -> list[str]:
        names = ("Job Fee", "Other Fee", "Third Fee")
        fees = [FEE.format(name, 10, f"Kept Only is {one}") for name, one in zip(names, said, strict=False)]
        return [one.code for one in found(ANSWER + "".join(fees)) if one.code != "SIB0516"]

    assert answers("no", "no") == ["SIB0817"]
    assert answers("no", "yes") == []
    assert answers("no", "no", "yes") == []
