"""Rules whose answers are worked out by hand, each from the figures beside it.

A council pays £300 for each start, a fund £1,500 for each job kept, both to a provider, from 1 April 2026 for two years.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve

from sibdsl.check.rules.report import Finding, findings
from sibdsl.check.rules.to_json import to_json
from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.check.rules.small import REPAID

HEAD = """\
contract By Hand
  service period  1 April 2026 to 31 March 2028
{entrants}  payment period  1 April 2026 to 31 March 2028
  currency        GBP
  years           begin 1 April
  statements      {calendar}
  rounding        each line, half up, to the {grain}
end contract

parties
  | party    | role            |
  | Council  | commissioner    |
  | Fund     | co-commissioner |
  | Provider | provider        |
end parties

records Jobs
  one row per Job
  spell from Started On to the day before Ended On, open while blank
  | column     | holds      | blank    | must be    |
  | Job ID     | identifier | rejected | any        |
  | Person ID  | person     | rejected | any        |
  | Started On | date       | rejected | any        |
  | Ended On   | date       | allowed  | any        |
  | Saving     | number     | rejected | any        |
  | Cost       | money      | rejected | at least £0 |
end records

cohort People
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
{size}end cohort

metric Start
  kind    output
  counts  rows of Jobs
  among   People
  dated   Started On
end metric

metric Kept
  kind    outcome
  counts  rows of Jobs
  among   People
  dated   Started On
end metric

metric First
  kind        outcome
  counts      rows of Jobs
  among       People
  dated       Started On
  per person  first only
end metric

metric Twice
  kind        outcome
  counts      rows of Jobs
  among       People
  dated       Started On
  per person  at most 2 in each year
  if tied     lowest Job ID
end metric

metric Joined
  kind    output
  counts  people
  among   People
  dated   Started On
end metric

metric Late
  kind        outcome
  counts      rows of Jobs
  among       People
  only if     Started On is on or after joining date
  within      the service period
  held        for 6 months from Started On
  dated       on the day after
  per person  first only
  if tied     lowest Job ID
end metric

metric Saved
  kind   outcome
  sums   Saving of Jobs
  among  People
  dated  Started On
end metric

metric Spent
  kind   outcome
  sums   Cost of Jobs
  among  People
  dated  Started On
end metric

payment Start Fee
  payer     Council
  payee     Provider
  for each  Start
  pays      {start}
end payment

payment Kept Fee
  payer     Fund
  payee     Provider
  for each  Kept
  pays      £1,500
end payment
"""

PLAIN = {"entrants": "", "calendar": "quarterly", "grain": "penny", "size": "", "start": "£300"}


def fee(name: str, metric: str, pays: str, payer: str = "Council", more: str = "") -> str:
    return f"payment {name}\n  payer {payer}\n  payee Provider\n  for each {metric}\n  pays {pays}\n{more}end payment\n"


def cap(covers: str, most: str, name: str = "Cap", excess: str = "lost") -> str:
    return f"cap {name}\n  covers {covers}\n  at most {most}\n  excess {excess}\nend cap\n"


def block(pays: str, against: str, payer: str = "Council", day: str = "1 April 2026") -> str:
    off = "" if against == "nothing" else "  set off in money, as fees fall due\n"
    return (
        f"block advance Block\n  payer {payer}\n  payee Provider\n  paid on {day}\n  pays {pays}\n"
        f"  set against {against}\n{off}  unused part kept\nend block advance\n"
    )


def rule(requires: str, tested: str = "at final account", name: str = "Trial") -> str:
    return f"rule {name}\n  requires {requires}\n  tested {tested}\n  against every quantity\nend rule\n"


def contract(*blocks: str, **head: str) -> Contract:
    text = "\n".join((HEAD.format(**{**PLAIN, **head}), *blocks))
    return compile_source(Source("hand.sib", text)).contract


TIERS = """\
payment Tiered
  payer     Council
  payee     Provider
  for each  First
  tiers     over the contract
  | units    | pays |
  | first 20 | £100 |
  | further  | £40  |
end payment
"""
REGULAR = """\
payment Standing
  payer  Council
  payee  Provider
  pays   £250
  every  quarter at the end, part quarters in full
end payment
"""
SHARED = """\
payment Shared
  payer     1/3 Council, the rest Fund
  payee     Provider
  for each  First
  pays      £100
end payment
"""
CARRIED = cap("payments under Kept Fee", "£3,000 in each year", excess="carried forward")

COST = "payment Cost Share\n  payer Council\n  payee Provider\n  pays to date 50% of Spent\n  taken back never\nend payment\n"
MEAN = """\
metric Score
  kind      outcome
  averages  Saving of Jobs
  among     People
  dated     Started On
  measured  in each year
end metric

metric Rate
  kind      outcome
  equals    Kept divided by Start
  measured  over the contract
end metric

payment Bonus
  payer     Fund
  payee     Provider
  steps by  Rate
  | Rate                           | pays    |
  | less than 40%                  | nothing |
  | at least 40% but less than 60% | £5,000  |
  | at least 60%                   | £9,000  |
end payment
"""

#: What is added; the rule; when it is tested; the verdict; the boundary in words, or None; the counterexample, or None.
Row = tuple[tuple[str, ...], str, str, str, str | None, dict[str, int] | None]
ALWAYS = "at final account"
ROWS: tuple[Row, ...] = (
    # Nothing bounds payments: the first beyond the figure breaks it.
    ((), "payments from Council are at most £1,000", ALWAYS, "holds when", "at most 3 Start", {"Start": 4}),
    ((), "payments from Council are at least £1,000", ALWAYS, "holds when", "at least 4 Start", {}),
    ((), "payments from Council are less than £900", ALWAYS, "holds when", "at most 2 Start", {"Start": 3}),
    ((), "payments from Council are more than £900", ALWAYS, "holds when", "at least 4 Start", {}),
    ((), "payments are at least £0", ALWAYS, "holds", None, None),
    ((), "payments are less than £0", ALWAYS, "fails", None, {}),
    ((), "payments are not at least £0", ALWAYS, "fails", None, {}),
    ((), "payments from Council are exactly £450", ALWAYS, "fails", None, {}),
    ((), "payments from Council are exactly £300 times Start", ALWAYS, "holds", None, None),
    ((), "payments from Council are exactly £300 times Start", "in each claim", "holds", None, None),
    ((), "payments from Council are exactly £301 times Start", ALWAYS, "holds when", None, {"Start": 1}),
    # A share of what is paid: 1,500 K <= half of (300 S + 1,500 K) just when S is at least five times K.
    ((), "payments from Fund are at most 50% of payments", ALWAYS, "holds when", "Start is at least 5 x Kept", {"Kept": 1}),
    ((), "payments from Fund are at most 100% of payments", ALWAYS, "holds", None, None),
    ((), "payments from Fund are less than 100% of payments", ALWAYS, "holds when", "at least 1 Start", {}),
    ((), "payments on outcomes are at most payments", ALWAYS, "holds", None, None),
    ((), "payments by results are exactly payments", ALWAYS, "holds", None, None),
    ((), "payments earned by Kept are exactly payments from Fund", "to date in each claim", "holds", None, None),
    ((), "payments to Council are exactly £0", ALWAYS, "holds", None, None),
    ((), "payments from Council are at most £1,000 or payments from Council are more than £700", ALWAYS, "holds", None, None),
    ((), "payments from Council are at most £600 and Start is at least 3", ALWAYS, "fails", None, {}),
    ((), "the lower of (payments from Council and payments from Fund) is at most £1,000", ALWAYS, "holds when", None, {"Start": 4, "Kept": 1}),
    ((), "the higher of (payments from Council and £400) is at least £400", ALWAYS, "holds", None, None),
    ((), "payments from Council divided by 3 are at most £100", ALWAYS, "holds when", "at most 1 Start", {"Start": 2}),
    ((), "payments from Fund divided by payments are at most 50%", ALWAYS, "not decided", None, None),
    # Limits.
    ((cap("payments from Council", "£1,000 over the contract"),), "payments from Council are at most £1,000", ALWAYS, "holds", None, None),
    ((cap("payments from Council", "£1,000 over the contract"),), "payments from Council are less than £1,000", ALWAYS, "holds when", "at most 3 Start", {"Start": 4}),
    ((cap("payments from Council", "£1,000 in each year"),), "payments from Council are at most £2,000", ALWAYS, "holds", None, None),
    ((cap("payments from Council", "£1,000 in each year"),), "payments from Council are at most £1,999", ALWAYS, "holds when", None, {"Start": 8}),
    ((cap("payments from Council", "£1,000 in each year"),), "payments from Council are at most £1,000", "in each claim", "holds", None, None),
    ((cap("payments", "£1,000 over the contract"),), "payments from Fund are at most £1,000", ALWAYS, "holds", None, None),
    ((cap("payments", "£1,000 over the contract"),), "payments from Fund are less than £1,000", ALWAYS, "holds when", None, {"Kept": 1}),
    ((cap("payments", "£2,000 over the contract"), cap("payments from Fund", "£900 over the contract", "Own")), "payments from Fund are at most £900", ALWAYS, "holds", None, None),
    ((CARRIED,), "payments from Fund are at most £6,000", ALWAYS, "holds", None, None),
    ((CARRIED,), "payments from Fund are at most £3,000", ALWAYS, "holds when", None, {"Kept": 3}),
    ((CARRIED,), "payments from Fund are at most £3,000", "in each year", "holds", None, None),
    # Blocks: 1,000 of fees are met by the block.
    ((block("£1,000", "Start Fee over the contract"),), "payments from Council are at least £1,000", ALWAYS, "holds", None, None),
    ((block("£1,000", "Start Fee over the contract"),), "payments from Council are at most £1,000", ALWAYS, "holds when", "at most 3 Start", {"Start": 4}),
    ((block("£1,000", "Start Fee over the contract"),), "unearned block payments are at most £0", ALWAYS, "holds when", "at least 4 Start", {}),
    ((block("£1,000", "Start Fee over the contract"),), "block payments are at most 50% of payments", ALWAYS, "holds when", None, {}),
    ((block("£1,000", "nothing"),), "payments from Council are exactly £300 times Start plus £1,000", ALWAYS, "holds", None, None),
    ((block("£1,000", "nothing"),), "payments from Council by results are at most payments minus £1,000", ALWAYS, "holds", None, None),
    # Tiers, shares, sums that do not hang on results.
    ((TIERS,), "payments under Tiered are at most £2,000", ALWAYS, "holds when", "at most 20 First", {"First": 21}),
    ((TIERS,), "payments under Tiered are at most £100 times First", ALWAYS, "holds", None, None),
    ((TIERS,), "payments under Tiered are at least £40 times First", "in each claim", "holds", None, None),
    ((TIERS,), "payments under Tiered are at least £41 times First", ALWAYS, "holds when", "at most 1,200 First", {"First": 1201}),
    ((SHARED,), "payments from Council under Shared are at most 1/2 of payments from Fund under Shared", ALWAYS, "holds when", None, {"First": 2}),
    ((SHARED,), "payments from Fund under Shared are at least £67 times First", ALWAYS, "holds when", None, {"First": 1}),
    ((REGULAR,), "payments under Standing are exactly £2,000", ALWAYS, "holds", None, None),
    ((REGULAR,), "payments under Standing are exactly £250", "in each quarter", "holds", None, None),
    ((REGULAR,), "payments by results are at least £250", ALWAYS, "holds when", None, {}),
    # Money is below nought where a sum is.
    ((fee("Saving Share", "Saved", "£0.50", more=REPAID),), "payments under Saving Share are at least £0", ALWAYS, "holds when", None, {"Saved": -1}),
    ((fee("Saving Share", "Saved", "£0.50", more=REPAID),), "Saved is at least 0", ALWAYS, "holds when", None, {"Saved": -1}),
    ((COST,), "payments under Cost Share are at least £0", ALWAYS, "holds", None, None),
    ((COST,), "payments under Cost Share are at most £0.50 times Kept", ALWAYS, "holds when", None, {"Spent": 1}),
    # What results were earned by a day, in one year, in a month.
    ((), "payments from Council earned on or before 15 May 2026 are at most £300", ALWAYS, "holds when", None, {"Start": 2}),
    ((), "payments from Council are at most £300", "in 2027/28", "holds when", "at most 1 Start", {"Start": 2}),
    ((), "payments from Council are at most £300", "in each month", "holds when", None, {"Start": 2}),
    ((), "payments from Council are at least £0", "in each month", "holds", None, None),
    # A bonus on a share: with nothing started there is no share, and 60 % is reached with three kept of five.
    ((MEAN,), "payments under Bonus are at most £9,000", ALWAYS, "holds", None, None),
    ((MEAN,), "payments under Bonus are at most £5,000", ALWAYS, "holds when", None, {"Start": 1, "Kept": 1}),
    ((MEAN,), "payments under Bonus are at most £4,999 or Kept is at least 2", ALWAYS, "holds when", None, {"Start": 1, "Kept": 1}),
    ((MEAN,), "payments from Fund are at most £9,000 plus £1,500 times Kept", ALWAYS, "holds", None, None),
)  # fmt: skip

SIZED = {"size": "  size the first 40 to join\n"}
ENTRANTS = {"entrants": "  new entrants    to 31 March 2027\n"}
FIRST = fee("First Fee", "First", "£100")
#: The same, for contracts with another head.
HEADED: tuple[tuple[dict[str, str], Row], ...] = (
    # 40 people, each counted once: £4,000 at most. Twice a year for two years: 160 in all.
    (SIZED, ((FIRST,), "payments under First Fee are at most £4,000", ALWAYS, "holds", None, None)),
    (SIZED, ((FIRST,), "payments under First Fee are at most £3,999", ALWAYS, "holds when", "at most 39 First", {"First": 40})),
    (SIZED, ((FIRST,), "payments under First Fee are at least £4,001", ALWAYS, "fails", None, {})),
    (SIZED, ((), "Joined is at most 40", ALWAYS, "holds", None, None)),
    (SIZED, ((), "Twice is at most 80", "in each year", "holds", None, None)),
    (SIZED, ((), "Twice is at most 79", "in each year", "holds when", "at most 79 Twice", {"Twice": 80})),
    (SIZED, ((), "Twice is at most 160", ALWAYS, "holds", None, None)),
    (SIZED, ((), "Start is at most 160", ALWAYS, "holds when", "at most 160 Start", {"Start": 161})),
    ({}, ((FIRST,), "payments under First Fee are at most £4,000", ALWAYS, "holds when", "at most 40 First", {"First": 41})),
    # Nobody joins after the last day for new entrants; what is held for six months is dated six months later at least.
    (ENTRANTS, ((), "Joined is exactly 0", "in 2027/28", "holds", None, None)),
    (ENTRANTS, ((), "Joined is exactly 0", "in 2026/27", "holds when", None, {"Joined": 1})),
    ({}, ((), "Joined is exactly 0", "in 2027/28", "holds when", None, {"Joined": 1})),
    ({}, ((), "Late is exactly 0", "in 2026/27 quarter 1", "holds", None, None)),
    ({}, ((), "Late is exactly 0", "in 2026/27 quarter 3", "holds when", None, {"Late": 1})),
    # £0.125 a start is rounded by the line: half a penny over for each quarter, and never more, whatever is asked by the month.
    ({"start": "£0.125"}, ((), "payments from Council are at most £0.125 times Start plus £0.005", "in each claim", "holds", None, None)),
    ({"start": "£0.125"}, ((), "payments from Council are at most £0.125 times Start plus £0.04", ALWAYS, "holds", None, None)),
    ({"start": "£0.125"}, ((), "payments from Council are at most £0.125 times Start plus £0.039", ALWAYS, "holds when", None, None)),
    ({"start": "£0.125"}, ((), "payments from Council are at most £0.125 times Start", ALWAYS, "holds when", None, {"Start": 1})),
    ({"grain": "pound", "start": "£0.40"}, ((), "payments from Council are at least £0.40 times Start", ALWAYS, "holds when", None, {"Start": 1})),
    ({"calendar": "monthly"}, ((), "payments from Council are at most £300", "in each month", "holds when", None, {"Start": 2})),
    ({"calendar": "yearly"}, ((cap("payments from Council", "£600 in each year"),), "payments from Council are at most £600", "in each quarter", "holds", None, None)),
    ({"calendar": "yearly"}, ((cap("payments from Council", "£600 in each quarter"),), "payments from Council are at most £2,400", "in each year", "holds", None, None)),
)  # fmt: skip


def decided(made: Contract, name: str = "Trial") -> tuple[Finding, dict[str, object]]:
    asked = tuple(one for one in made.rules if one.name == name)
    (found,) = findings(made, as_written(made), asked)
    return found, to_json(found.verdict, {})


def told(found: Finding) -> dict[str, Fraction] | None:
    shown = found.verdict.failing
    if shown is None or shown.counterexample is None:
        return None
    told: dict[str, Fraction] = {}
    for key, number in shown.counterexample.items():
        told[key.metric] = told.get(key.metric, Fraction(0)) + number
    return told


def _named(one: object) -> str:
    return f"{one[1]}, {one[2]}" if isinstance(one, tuple) else ",".join(one)  # type: ignore[arg-type]


EVERY = [*(({}, row) for row in ROWS), *HEADED]


@pytest.mark.parametrize(("head", "row"), EVERY, ids=_named)
def test_a_rule_worked_by_hand(head: dict[str, str], row: Row) -> None:
    blocks, requires, tested, says, boundary, counterexample = row
    made = contract(*blocks, rule(requires, tested), **head)
    found, _ = decided(made)
    assert found.says == says
    if says in ("holds", "not decided"):
        assert told(found) is None
    if counterexample is not None:
        assert told(found) == counterexample
    if boundary is not None:
        occasion = next(one for one in found.verdict.occasions if one.says == "holds when")
        ((bound,),) = occasion.alternatives
        assert bound.said(made, occasion.horizon.days) == boundary


@pytest.mark.parametrize("row", ROWS[::3], ids=lambda row: f"{row[1]}, {row[2]}")
def test_the_same_beside_other_rules(row: Row) -> None:
    blocks, requires, tested, *_ = row
    others = (
        rule("payments from Council are at least £0", "in each month", "Monthly"),
        rule("payments earned on or before 20 May 2026 are at most £7,000", ALWAYS, "Early"),
    )
    made = contract(*blocks, others[0], rule(requires, tested), others[1])
    alone = evolve(made, rules=tuple(one for one in made.rules if one.name == "Trial"))
    assert decided(made)[1] == decided(alone)[1]
    every = findings(made, as_written(made), made.rules)
    assert to_json(every[1].verdict, {}) == decided(alone)[1]
