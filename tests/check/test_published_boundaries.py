"""The boundaries that the sources give for Tower Hamlets in 2016/17, and the same when the contract's figures change.

With the CCG's block only and no job outcomes the block test turns at 315 (CCG payments), 279 (CCG and fund), 289 (the
vehicle's block and payments on both sides) and 79 engagements (only the unearned part as block). Each is worked out
again below from the contract's figures, by arithmetic that shares nothing with the prover.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import pytest

from sibdsl.check.rules.judge import Judge
from sibdsl.check.rules.verdict import Verdict
from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Key
from sibdsl.source import Source

CONTRACT = Path(__file__).parents[2] / "contracts" / "mhep1" / "tower_hamlets.sib"


def judged(changes: dict[str, str], rule: str) -> tuple[Judge, Verdict]:
    text = CONTRACT.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    contract = compile_source(Source("tower_hamlets.sib", text)).contract
    judge = Judge(contract, as_written(contract))
    return judge, judge.decide(next(one for one in contract.rules if one.name == rule))


def turns_at(judge: Judge, verdict: Verdict, year: int, metric: str = "Engagement") -> int:
    """The least count of one metric, nothing else achieved, that meets the condition of that year's occasion."""
    occasion = next(one for one in verdict.occasions if one.horizon.days.start.year == year)
    segment = next(one for one in judge.graph.segments if one.days.start.year == year)
    key = Key(segment, metric, "")
    found = next(count for count in range(3000) if occasion.met({key: Fraction(count)}))
    assert judge.meets(verdict.rule, occasion.horizon.days, {key: Fraction(found)})
    assert not judge.meets(verdict.rule, occasion.horizon.days, {key: Fraction(found - 1)})
    return found


def worked(block: int, rate: int, fund: int, vehicle_block: int, vehicle_rate: int) -> dict[str, int]:
    """The four boundaries from the figures. `block <= half of payments` once the block is used up, and before."""
    return {
        "Block At Most Half Of Local Payments": ceil(Fraction(2 * block, rate)),
        "Block At Most Half With The Funds": ceil(Fraction(2 * block, rate + fund)),
        "All Blocks At Most Half": ceil(Fraction(2 * (block + vehicle_block), rate + vehicle_rate + fund)),
        "Unearned Block At Most Half": ceil(Fraction(block, 2) / rate),
    }


PUBLISHED = {
    "Block At Most Half Of Local Payments": 315,
    "Block At Most Half With The Funds": 279,
    "All Blocks At Most Half": 289,
    "Unearned Block At Most Half": 79,
}


@pytest.mark.parametrize(("rule", "engagements"), PUBLISHED.items())
def test_the_published_boundaries(rule: str, engagements: int) -> None:
    judge, verdict = judged({}, rule)
    assert verdict.says == "holds when"
    assert turns_at(judge, verdict, 2016) == engagements
    assert worked(110_200, 700, 90, 47_100, 300)[rule] == engagements


@pytest.mark.parametrize("rule", PUBLISHED)
@pytest.mark.parametrize(("block", "rate", "fund"), [(96_000, 640, 75), (120_500, 725, 130)])
def test_boundaries_move_with_the_figures(rule: str, block: int, rate: int, fund: int) -> None:
    changes = {
        "£110,200": f"£{block:,}",
        "pays      £700": f"pays      £{rate}",
        "| £90    |": f"| £{fund} |",
    }
    judge, verdict = judged(changes, rule)
    assert turns_at(judge, verdict, 2016) == worked(block, rate, fund, 47_100, 300)[rule]


def test_the_worked_quarter_turns_between_24_and_23_engagements() -> None:
    judge, verdict = judged({}, "Funds Below Half Each Claim")
    occasion = next(one for one in verdict.occasions if one.horizon.said == "in April-June 2018")
    segment = next(one for one in judge.graph.segments if one.days == occasion.horizon.days)
    jobs = {("Job Entry", "Under 16"): 6, ("Job Entry", "From 16"): 4}
    jobs |= {("Job Sustainment", "Under 16"): 1, ("Job Sustainment", "From 16"): 2}
    for count, expected in ((24, True), (23, False)):
        numbers = {Key(segment, metric, band): Fraction(one) for (metric, band), one in jobs.items()}
        numbers[Key(segment, "Engagement", "")] = Fraction(count)
        assert occasion.met(numbers) is expected
        assert judge.meets(verdict.rule, occasion.horizon.days, numbers) is expected


def test_a_fund_that_pays_in_arrears_is_proved_to() -> None:
    assert judged({}, "In Arrears")[1].says == "holds"
    assert judged({}, "Only After Earlier Fund")[1].says == "holds"


def test_a_fund_that_pays_a_block_is_not_in_arrears() -> None:
    row = "| CCG   | First Blocks Paid On  | £110,200 | Commissioner Engagement Fee in 2016/17 |"
    judge, verdict = judged({row: row + "\n  | CBO | 1 April 2018 | £5,000 | none |"}, "In Arrears")
    assert verdict.says == "fails"
    assert verdict.failing is not None
    assert verdict.failing.horizon.said == "in April-June 2018"
    assert not judge.meets(verdict.rule, verdict.failing.horizon.days, verdict.failing.counterexample or {})


def test_a_fund_that_pays_before_the_earlier_one_ends_is_found() -> None:
    changes = {"SOF to 31 March 2018": "SOF to 31 December 2017"}
    _, verdict = judged(changes, "Only After Earlier Fund")
    assert verdict.says == "holds when"
    assert verdict.failing is not None
    (key,) = verdict.failing.counterexample or {}
    assert (key.segment.days.start.isoformat(), key.metric) == ("2018-01-01", "Engagement")


def test_at_most_a_quarter_by_results() -> None:
    judge, verdict = judged({}, "Provider Risk")
    occasion = verdict.occasions[0]
    segment = judge.graph.segments[0]
    # 157,300 of block; 700 and 300 for each engagement past 157.4 and 157; at most a quarter of all by results.
    limit = floor(Fraction(157_300, 3) / 1000 + Fraction(157_300, 1000))
    assert limit == 209
    assert occasion.met({Key(segment, "Engagement", ""): Fraction(limit)})
    assert not occasion.met({Key(segment, "Engagement", ""): Fraction(limit + 1)})
