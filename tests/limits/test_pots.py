"""A pot that is topped up: never more than is in it by the day, what is not used stays, and what waits is paid first."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Key, build, price
from sibdsl.source import Source
from tests.model.people import PEOPLE, SAVED

TEXT = (
    """
contract Works
  service period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party   | role         |
  | Council | commissioner |
  | Trust   | provider     |
end parties
"""
    + SAVED
    + PEOPLE
    + """
payment Job Fee
  payer     Council
  payee     Trust
  for each  Job
  pays      £300
end payment

payment Saving Share
  payer       Council
  payee       Trust
  for each    Saved
  pays        £1
  taken back  by repayment
end payment

"""
)
POT = """cap Pot
  covers     payments to Trust
  at most    £{start} over the contract
  topped up  £{summer} on 15 August 2026, £{winter} on 1 January 2027, £7 on 1 January 2027
  excess     {excess}
  shared     by date, then by clause
end cap
"""


def paid(pot: str, jobs: list[int], saved: list[int]) -> list[dict[str, Fraction]]:
    """What each payment pays in each quarter, less what it owes back."""
    contract = compile_source(Source("works.sib", TEXT + pot)).contract
    graph = build(contract, as_written(contract))
    counts = {}
    for segment in graph.segments:
        at = (segment.statement.start.month - 4) % 12 // 3
        first = segment.days.start == segment.statement.start
        counts[Key(segment, "Job", "")] = Fraction(jobs[at] if first else 0)
        counts[Key(segment, "Saved", "")] = Fraction(saved[at] if first else 0)
    found: list[dict[str, Fraction]] = [
        {"Job Fee": Fraction(0), "Saving Share": Fraction(0)} for _ in range(4)
    ]
    for one in price(graph, counts).lines:
        at = (one.line.segment.statement.start.month - 4) % 12 // 3
        found[at][one.line.payment] += -one.amount if one.line.kind == "repaid" else one.amount
    return found


@pytest.mark.parametrize("excess", ["lost", "carried forward"])
@settings(max_examples=settings().max_examples // 4)
@given(
    start=st.integers(0, 1_500),
    summer=st.integers(0, 900),
    winter=st.integers(0, 900),
    jobs=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    saved=st.lists(st.integers(-400, 900), min_size=4, max_size=4),
)
def test_a_pot_by_hand(
    excess: str, start: int, summer: int, winter: int, jobs: list[int], saved: list[int]
) -> None:
    """Worked out quarter by quarter: what waits is first, by clause, then the quarter's own, by clause; losses are netted."""
    pot = POT.format(start=start, summer=summer, winter=winter, excess=excess)
    added = [start, summer, 0, winter + 7]
    room = 0
    waiting = {"Job Fee": 0, "Saving Share": 0}
    last = {"Job Fee": 0, "Saving Share": 0}  # cut since the last addition, so not due again yet
    for at, found in enumerate(paid(pot, jobs, saved)):
        room += added[at]
        if added[at] or at == 3:
            waiting = {name: waiting[name] + last[name] for name in waiting}
            last = dict.fromkeys(last, 0)
        again = waiting if at in (1, 3) else dict.fromkeys(waiting, 0)
        own = {"Job Fee": 300 * jobs[at], "Saving Share": saved[at]}
        room -= min(0, saved[at])
        expected = {"Job Fee": 0, "Saving Share": min(0, saved[at])}
        for due in (again, {name: max(0, amount) for name, amount in own.items()}):
            for name, amount in due.items():
                now = min(amount, max(0, room))
                room -= now
                expected[name] += now
                if due is again:
                    waiting[name] -= now
                    last[name] += waiting[name]
                    waiting[name] = 0
                elif excess != "lost":
                    last[name] += amount - now
        assert found == {name: Fraction(amount) for name, amount in expected.items()}


def test_it_never_pays_more_than_is_in_it_and_is_no_cap_in_each_year() -> None:
    """£100 of the first sum are left for later: 4 fees of £300 against £700 and £500."""
    found = paid(POT.format(start=700, summer=0, winter=493, excess="lost"), [2, 0, 0, 2], [0, 0, 0, 0])
    assert [one["Job Fee"] for one in found] == [600, 0, 0, 600]


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("over the contract", "in each year"), "SIB0565", "begins again"),
        (("over the contract", "per person over the contract"), "SIB0565", "for each person"),
        (
            ("£5 over the contract", "38% of payments over the contract, before this limit"),
            "SIB0565",
            "a share of payments",
        ),
        (("£3 on", "3% on"), "SIB0413", "percentage"),
        (("15 August 2026", "Somewhen"), "SIB0301", "Somewhen"),
    ],
)
def test_what_cannot_be_topped_up_is_told(change: tuple[str, str], code: str, said: str) -> None:
    pot = POT.format(start=5, summer=3, winter=2, excess="lost")
    with pytest.raises(Refused) as refused:
        compile_source(Source("works.sib", TEXT + pot.replace(*change)))
    (finding,) = refused.value.found
    assert finding.code == code
    assert said in finding.message


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("15 August 2026", "1 April 2027"), "SIB0514", "1 April 2027 lies after the payment period"),
        (("£3 on", "(£3 minus £4) on"), "SIB0706", "What is added to a cap comes to"),
    ],
)
def test_what_is_never_there_is_told_by_check(change: tuple[str, str], code: str, said: str) -> None:
    pot = POT.format(start=5, summer=3, winter=2, excess="lost").replace(*change)
    loaded = pipeline.load(Source("works.sib", TEXT + pot))
    (finding,) = [one for one in pipeline.check(loaded) if one.severity == "error"]
    assert finding.code == code
    assert said in finding.message


BLOCK = """block advance Start Up
  payer        Council
  payee        Trust
  paid on      1 July 2026
  pays         £{amount}
  set against  nothing
  unused part  kept
end block advance
"""


def test_a_block_of_more_than_is_in_the_pot_on_its_day_is_refused() -> None:
    pot = POT.format(start=500, summer=500, winter=0, excess="lost")
    for amount, wrong in ((500, False), (501, True)):
        loaded = pipeline.load(Source("works.sib", TEXT + BLOCK.format(amount=amount) + pot))
        assert ("SIB0522" in {finding.code for finding in pipeline.check(loaded)}) == wrong
