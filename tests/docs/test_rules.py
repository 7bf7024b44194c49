"""What the language reference says of rules: when they are tested, and what is never decided."""

from fractions import Fraction

import pytest

from sibdsl.check.rules.horizons import horizons
from sibdsl.check.rules.judge import Judge
from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract, Quantity
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import statements
from sibdsl.price.quantities_file import by_segment
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, fences, section, spliced, table_rows

FRAME = next(one.text for one in fences(LANGUAGE) if "frame" in one.notes)


def ruled(requires: str, tested: str, more: str = "") -> Contract:
    """The small contract with one rule, and more blocks."""
    lines = (
        "rule Trial [7]",
        f"  requires {requires}",
        f"  tested {tested}",
        "  against every quantity",
        "end rule",
    )
    return compile_source(Source("language.sib", spliced(FRAME, "\n".join(lines) + "\n" + more))).contract


def words() -> list[str]:
    rows = table_rows(section(LANGUAGE, "Rules").split("\n## ")[0])
    return [word.strip(" `") for row in rows for word in row[0].split("`, `")]


@pytest.mark.parametrize("tested", words())
def test_each_word_for_when_a_rule_is_tested_is_carried_out(tested: str) -> None:
    said = tested.replace("2018/19", "2026/27")
    contract = ruled("payments from Fund are at most 50% of payments", said)
    assert horizons(contract, contract.rules[0])


@pytest.mark.parametrize(
    ("tested", "met"), [("in each claim", False), ("to date in each claim", True), ("at final account", True)]
)
def test_when_a_rule_is_tested_changes_the_answer(tested: str, met: bool) -> None:
    # One start (£300, Council) in the first quarter, one job kept (£1,500, Fund) in the second: the fund's part is all of
    # the second quarter, and five sixths of what is paid to date.
    contract = ruled("payments from Fund are at most 90% of payments", tested)
    first, second = statements(contract)[:2]
    counted = by_segment(
        contract,
        (
            Quantity("Job Start", "", first, Fraction(1)),
            Quantity("Job Kept", "Full Time", second, Fraction(1)),
        ),
    )
    judge = Judge(contract, as_written(contract))
    occasions = horizons(contract, contract.rules[0])
    assert all(judge.meets(contract.rules[0], one.days, counted) for one in occasions) is met


@pytest.mark.parametrize(
    ("share", "met"),
    [("at most 50%", True), ("at least 50%", True), ("less than 50%", False), ("more than 50%", False)],
)
def test_a_share_of_nothing(share: str, met: bool) -> None:
    contract = ruled(f"payments from Fund are {share} of payments", "in each claim")
    judge = Judge(contract, as_written(contract))
    assert all(
        judge.meets(contract.rules[0], one.days, {}) is met for one in horizons(contract, contract.rules[0])
    )


def test_fees_that_a_block_met_are_not_paid_by_results() -> None:
    # Four starts at £300 earn £1,200; the block meets £500 of it.
    block = """\
block advance Block [6]
  payer        Council
  payee        Provider
  paid on      1 April 2026
  pays         £500
  set against  Start Fee in 2026/27
  set off      in money, as fees fall due
  unused part  kept
end block advance
"""
    contract = ruled("payments from Council by results are exactly £700", "at final account", block)
    (first, *_) = statements(contract)
    counted = by_segment(contract, (Quantity("Job Start", "", first, Fraction(4)),))
    judge = Judge(contract, as_written(contract))
    assert judge.meets(contract.rules[0], contract.payment_period, counted)


def test_dividing_payments_is_not_decided() -> None:
    pytest.importorskip("z3")
    contract = ruled("payments from Fund divided by payments are at most 90%", "at final account")
    assert Judge(contract, as_written(contract)).decide(contract.rules[0]).says == "not decided"


SIZED = """\
cohort Participants [1]
  rows        Referrals
  only if     Eligible is yes
  joins on    Referred On
  if several  earliest Referred On
  size        the first 40 to join
end cohort
"""
WITHIN = "payments under Start Fee are at most £12,000"


def test_a_cohort_of_a_fixed_size_bounds_what_counts_once() -> None:
    contract = ruled(WITHIN, "at final account", SIZED)
    assert Judge(contract, as_written(contract)).decide(contract.rules[0]).says == "holds"


def test_without_a_size_the_smallest_counterexample_is_one_more_in_the_first_quarter() -> None:
    contract = ruled(WITHIN, "at final account")
    verdict = Judge(contract, as_written(contract)).decide(contract.rules[0])
    assert verdict.says == "holds when"
    assert verdict.failing is not None
    assert verdict.failing.smallest
    ((key, number),) = (verdict.failing.counterexample or {}).items()
    assert (key.metric, number, key.segment.statement) == ("Job Start", 41, statements(contract)[0])
