"""Verdicts on small generated contracts against brute force over all their admissible quantities in a box.

80 contracts of two rules each. 2,000 of them:

    HYPOTHESIS_PROFILE=deep pytest tests/check/rules/test_brute_force.py

A contract is made from its number alone: `print(small(17).text)` shows the one that test 17 tries.
"""

from collections import Counter
from functools import cache

import pytest
from hypothesis import settings

from sibdsl.check.rules.report import findings
from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.check.rules.brute import Trial, try_out
from tests.check.rules.small import HEAD, PLAIN, Metric, Small, small

CONTRACTS = 2_000 if settings.get_current_profile_name() == "deep" else 80
#: Beyond the first hundred or so, the first contracts in which the share of a cut decides.
CUTS = (417, 485)
NUMBERS = sorted({*range(CONTRACTS), *CUTS})
MOST_UNDECIDED = 0.1


@cache
def tried(number: int) -> Trial:
    return try_out(small(number))


@pytest.mark.parametrize("number", NUMBERS)
def test_verdicts_are_what_brute_force_finds(number: int) -> None:
    assert not tried(number).wrong


def test_few_rules_are_left_undecided_and_all_verdicts_are_given() -> None:
    counts: Counter[str] = sum((tried(number).counts for number in NUMBERS), Counter())
    rules = 2 * len(NUMBERS)
    assert counts["not decided"] < MOST_UNDECIDED * rules
    assert min(counts["holds"], counts["fails"], counts["holds when"]) > rules / 10
    # Over sums, which need not be whole, no boundary in whole numbers is sought.
    assert counts["exact"] > rules / 4
    assert counts["within bounds"] > 0


# ------------------------------------------------------------------ texts that were decided wrongly once


def text(*blocks: str, rounding: str = "half up, to the penny", hours: str = "rejected") -> str:
    service = "1 April 2026 to 30 June 2026"
    head = HEAD.format(
        service=service, paid="", calendar="quarterly", rounding=rounding, hours=hours, **PLAIN
    )
    return "\n".join((head, *blocks))


def fee(metric: str, payer: str, rate: str) -> str:
    return f"payment {metric} Fee\n  payer {payer}\n  payee Trust\n  for each {metric}\n  pays {rate}\nend payment\n"


def rule(requires: str) -> str:
    return f"rule One\n  requires {requires}\n  tested at final account\n  against every quantity\nend rule\n"


ROW = [Metric(*one).text() for one in (("A", "output"), ("B", "output", "A"), ("C", "output", "B"))]
FEWER = "payments under Kept Fee are at most 100% of payments under Start Fee"

WRONG_ONCE = {
    # One kept is 40 pence, rounded to nothing: no more than the nothing paid for starts.
    "rounding is not straight": Small(
        0,
        text(
            Metric("Start", "output").text(),
            Metric("Kept", "outcome").text(),
            fee("Start", "Council", "£0.40"),
            fee("Kept", "Fund", "£0.40"),
            rule("payments from Fund are at most 50% of payments"),
            rounding="half up, to the pound",
        ),
    ),
    # A counterexample of one C needs one B and one A.
    "what is needed needs something itself": Small(
        0,
        text(*ROW, fee("C", "Fund", "£1"), rule("payments are less than £1")),
        (("B", "A"), ("C", "B")),
    ),
    # Never more D than A, though nothing is paid for B and C.
    "the first and the last in a row": Small(
        0,
        text(
            *ROW,
            Metric("D", "output", "C").text(),
            fee("A", "Council", "£1"),
            fee("D", "Fund", "£1"),
            rule("payments from Fund are at most 50% of payments"),
        ),
        (("B", "A"), ("C", "B"), ("D", "C")),
    ),
    # Of what is cut to £5, the greater fee keeps the greater part: never less than the other.
    "parts of a cut, known only within bounds": Small(
        0,
        text(
            Metric("Start", "output").text(),
            fee("Start", "Council", "£2"),
            fee("Start", "Council", "£1").replace("Start Fee", "Second Fee"),
            "cap Cap\n  covers payments\n  at most £5 over the contract\n  excess lost\nend cap\n",
            rule("payments under Start Fee are less than payments under Second Fee"),
        ),
    ),
    # A third of a pound goes to the first of two payers; of what is paid in all, each has its part to the penny.
    "shares of a line, known only within a penny": Small(
        0,
        text(
            Metric("Start", "output").text(),
            fee("Start", "1/3 Council, the rest Fund", "£1"),
            fee("Start", "Council", "£0.33").replace("Start Fee", "Second Fee"),
            rule(
                "payments from Fund are at most payments from Council and payments from Council are more than £0"
            ),
        ),
    ),
    # A start whose hours are blank is in no band and not counted, but one kept may follow it.
    "a result in no band": Small(
        0,
        text(
            Metric("Start", "output", bands="over all bands").text(),
            Metric("Kept", "outcome", "Start").text(),
            fee("Start", "Council", "£1"),
            fee("Kept", "Council", "£1"),
            rule(FEWER),
            hours="allowed",
        ),
    ),
    # A job begun in March was held for one week before the payment period, and for six weeks in it.
    "the shorter holding complete before the payment period": Small(
        0,
        text(
            Metric("Start", "output", weeks=1).text(),
            Metric("Kept", "outcome", weeks=6).text(),
            fee("Start", "Council", "£1"),
            fee("Kept", "Council", "£1"),
            rule(FEWER),
        ),
    ),
}


@pytest.mark.parametrize("name", WRONG_ONCE)
def test_once_wrong(name: str) -> None:
    assert not try_out(WRONG_ONCE[name]).wrong


def test_a_scenario_tried_before_knows_what_nothing_pays_for() -> None:
    many = (
        "scenario Many\n  | metric | in 2026/27 quarter 1 |\n  | Start | 10 |\n  | Kept | 1 |\nend scenario\n"
    )
    paid = rule("payments are at least £1")
    counted = rule("Start is at least 4").replace("rule One", "rule Two", 1)
    metrics = (Metric("Start", "output").text(), Metric("Kept", "outcome").text())
    source = Source("small", text(*metrics, fee("Kept", "Council", "£1"), paid, counted, many))
    contract = compile_source(source).contract
    both = findings(contract, as_written(contract), contract.rules)
    assert [one.failing for finding in both for one in finding.tried] == [(), ()]
