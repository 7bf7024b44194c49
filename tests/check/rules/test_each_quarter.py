"""Rules tested in each quarter and each month, where statements are made yearly or in other months."""

import pytest

from sibdsl.check.rules.horizons import horizons
from sibdsl.check.rules.report import findings
from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")


def contract(calendar: str, tested: str, limit: str) -> Contract:
    blocks = f"""\
cap Limit
  covers   payments from Council
  at most  {limit}
  excess   lost
end cap

rule Even Pace
  requires  payments from Council are at most £500
  tested    {tested}
  against   every quantity
end rule
"""
    text = spliced(FRAME.replace("statements      quarterly", f"statements      {calendar}"), blocks)
    return compile_source(Source("rules.sib", text)).contract


@pytest.mark.parametrize(
    ("calendar", "tested", "limit", "says"),
    [
        ("quarterly", "in each quarter", "£500 in each quarter", "holds"),
        ("quarterly", "in each quarter", "£501 in each quarter", "holds when"),
        ("monthly", "in each quarter", "£500 in each quarter", "holds"),
        ("yearly", "in each quarter", "£500 in each year", "holds"),
        ("quarterly", "in each month", "£500 in each quarter", "holds"),
    ],
)
def test_a_limit_keeps_the_rule_of_its_own_time(calendar: str, tested: str, limit: str, says: str) -> None:
    made = contract(calendar, tested, limit)
    (found,) = findings(made, as_written(made), made.rules)
    assert found.says == says


def test_occasions_are_those_of_contract_years() -> None:
    made = contract("yearly", "in each quarter", "£500 in each year")
    found = [one.days for one in horizons(made, made.rules[0])]
    assert len(found) == 10
    assert found[0].start == made.payment_period.start
    assert found[-1].end == made.payment_period.end
    monthly = contract("yearly", "in each month", "£500 in each year")
    assert len(horizons(monthly, monthly.rules[0])) == 30
