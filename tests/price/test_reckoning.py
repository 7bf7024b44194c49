"""Limits from day to day: sums below nought, what was stated on a day, and a contract as a programme of one."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.price import Key, Priced, build, price
from sibdsl.source import Source

TEXT = """
contract Savings
  service period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      {statements}
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role            |
  | Council  | commissioner    |
  | Fund     | co-commissioner |
  | Provider | provider        |
end parties

records Jobs
  one row per  Job
  | column     | holds      | blank    |
  | Job ID     | identifier | rejected |
  | Started On | date       | rejected |
  | Saving     | number     | rejected |
end records

metric Start
  kind    output
  counts  rows of Jobs
  dated   Started On
end metric

metric Saved
  kind   outcome
  sums   Saving of Jobs
  dated  Started On
end metric

payment Start Fee [1]
  payer     Council
  payee     Provider
  for each  Start
  pays      £1
end payment

payment Saving Share [2]
  payer     Council
  payee     Provider
  taken back  by repayment
  for each  Saved
  pays      £1
end payment
{more}
"""
CAP = (
    "\ncap Top [5]\n  covers   payments from Council\n  at most  {most}\n  excess   {excess}{more}\nend cap\n"
)


def contract(*caps: str, statements: str = "quarterly") -> Contract:
    text = TEXT.format(statements=statements, more="".join(caps))
    return compile_source(Source("savings.sib", text)).contract


def cap(most: str, excess: str = "lost", more: str = "") -> str:
    return CAP.format(most=most, excess=excess, more=more)


def counted(made: Contract, *periods: tuple[int, int]) -> dict[Key, Fraction]:
    """So many starts, and so much saved, in the first periods, at £1 each."""
    found: dict[Key, Fraction] = {}
    for segment, (starts, saved) in zip(segments(made), periods, strict=False):
        found[Key(segment, "Start", "")] = Fraction(starts)
        found[Key(segment, "Saved", "")] = Fraction(saved)
    return found


def by_period(found: Priced, payment: str = "", payer: str = "") -> list[Fraction]:
    """What comes to a payment, or from a payer, in each period: what is owed back is taken off."""
    sums = {segment: Fraction(0) for segment in found.graph.segments}
    for one in found.lines:
        back = one.line.kind == "repaid"
        owed_by = one.line.payee if back else one.line.payer
        if payment in ("", one.line.payment) and payer in ("", owed_by):
            sums[one.line.segment] += -one.amount if back else one.amount
    return list(sums.values())


def paid(made: Contract, *periods: tuple[int, int]) -> Priced:
    return price(build(made, as_written(made)), counted(made, *periods))


# ------------------------------------------------------------------ below nought


@pytest.mark.parametrize("more", ["", "\n  shared   by date, then by clause"])
def test_what_is_below_nought_is_netted_first_and_nothing_else_is_cut(more: str) -> None:
    # -£600 and £1,500 on one day come to £900, within £1,000.
    found = paid(contract(cap("£1,000 over the contract", more=more)), (1500, -600))
    assert by_period(found) == [900, 0, 0, 0]
    assert not [one for one in found.lines if one.line.kind == "cap_cut"]


def test_it_makes_room_for_later_days_and_brings_back_nothing_that_was_lost() -> None:
    # Spring: £1,500 of which £500 are lost. Summer: -£600. Autumn: £900, of which £600 find room.
    found = paid(contract(cap("£1,000 over the contract")), (1500, 0), (0, -600), (900, 0))
    assert by_period(found) == [1000, -600, 600, 0]


def test_what_is_carried_forward_finds_the_room_that_it_makes() -> None:
    # £500 of spring wait; summer's -£600 make room for them beside £1,000 - £500 of its own £900; £0 are lost.
    found = paid(contract(cap("£1,000 in each quarter", "carried forward")), (1500, 0), (900, -600))
    assert by_period(found, "Start Fee") == [1000, 1400, 0, 0]
    assert by_period(found, "Saving Share") == [0, -600, 0, 0]


def test_another_party_owes_no_part_of_what_is_below_nought() -> None:
    found = paid(contract(cap("£1,000 over the contract", "paid by Fund")), (1800, -300), (0, -200), (500, 0))
    assert by_period(found, payer="Council") == [1000, -200, 200, 0]
    assert by_period(found, payer="Fund") == [500, 0, 300, 0]


def test_a_share_of_payments_counts_what_is_below_nought() -> None:
    share = (
        "\ncap Share\n  covers payments under Start Fee\n  at most 50% of payments over the contract, before this limit\n"
        "  excess lost\nend cap\n"
    )
    # Half of £1,000 - £400.
    assert by_period(paid(contract(share), (1000, -400)), "Start Fee")[0] == 300


def test_a_block_meets_what_is_above_nought_alone() -> None:
    block = (
        "\nblock advance First\n  payer Council\n  payee Provider\n  paid on 1 April 2026\n  pays £300\n"
        "  set off in money, as fees fall due\n  unused part kept\n  | set against |\n"
        "  | Start Fee, Saving Share over the contract |\nend block advance\n"
    )
    found = paid(contract(block), (200, -150), (200, 0))
    met = [(one.line.payment, one.amount) for one in found.lines if one.line.kind == "set_off"]
    assert met == [("Start Fee", -200), ("Start Fee", -100)]


AMOUNTS = st.lists(st.tuples(st.integers(0, 1500), st.integers(-900, 900)), max_size=4)


@given(
    AMOUNTS,
    st.sampled_from(["", "\n  shared   by date, then by clause"]),
    st.sampled_from(["lost", "paid by Fund"]),
)
def test_the_running_total_is_kept_and_no_cut_has_the_wrong_sign(
    periods: list[tuple[int, int]], more: str, excess: str
) -> None:
    found = paid(contract(cap("£1,000 over the contract", excess, more)), *periods)
    room, cuts = Fraction(1000), Counter(one.amount > 0 for one in found.lines if one.line.kind == "cap_cut")
    assert not cuts[True]
    amounts: list[Fraction] = by_period(found, payer="Council")
    for at, amount in enumerate(amounts):
        starts, saved = periods[at] if at < len(periods) else (0, 0)
        above = Fraction(starts + saved if saved > 0 else starts)
        below = Fraction(min(0, saved))
        assert amount == below + min(above, max(room - below, Fraction(0)))
        room -= amount


# ------------------------------------------------------------------ what was stated on a day

REGULAR = """
payment Running Costs [3]
  payer   Fund
  payee   Provider
  pays    £100
  every   month at the end, part months in full
end payment
"""
BOTH = "\ncap Both [6]\n  covers   payments to Provider\n  at most  {most}\n  excess   {excess}\nend cap\n"


@given(
    AMOUNTS,
    st.integers(0, 365),
    st.sampled_from(["£700 in each quarter", "£900 over the contract", "£150 in each month"]),
    st.sampled_from(["lost", "carried forward"]),
    st.sampled_from(["quarterly", "monthly", "yearly"]),
)
def test_what_was_stated_on_a_day_does_not_change_when_more_is_known(
    periods: list[tuple[int, int]], after: int, most: str, excess: str, statements: str
) -> None:
    if "contract" in most:
        excess = "lost"
    made = contract(REGULAR, BOTH.format(most=most, excess=excess), statements=statements)
    day = date(2026, 4, 1) + timedelta(days=after)
    graph, counts = build(made, as_written(made)), counted(made, *periods)
    known = {key: number for key, number in counts.items() if key.segment.statement.last <= day}
    then = [(one.line, one.amount) for one in price(graph, known, day).lines]
    assert then == [(one.line, one.amount) for one in price(graph, counts, day).lines]
    whole = [(one.line, one.amount) for one in price(graph, counts).lines]
    assert all(one in whole for one in then)


def test_an_older_sum_of_a_clause_comes_before_a_later_one() -> None:
    """The payer changes on 1 May: April's excess is the council's, May's the fund's; the council's is paid first."""
    fees = (
        "\npayment Turns [3]\n  payer Fund to 30 April 2026, then Council, by date of result\n  payee Provider\n"
        "  for each Start\n  pays £2\n  at most £100 in each quarter\n  excess carried forward\nend payment\n"
    )
    made = contract(fees, statements="monthly")
    found = price(build(made, as_written(made)), counted(made, (90, 0), (75, 0)))
    # April: £180, of which £100 are paid; £80 of the fund's and £150 of the council's are carried to July, when £100 are paid.
    july = [one for one in found.lines if one.line.segment.days.start == date(2026, 7, 1)]
    sums = Counter[str]()
    for one in july:
        sums[one.line.payer] += int(one.amount)
    assert sums == {"Fund": 80, "Council": 20}
