"""Block advances on several days: the days, what each meets, what comes back of each, and a rule on all of them."""

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.check.rules.judge import Judge
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.price import Key, build, price
from sibdsl.source import Source
from tests.limits.test_excess_in_shares import by_remainder
from tests.model.people import PEOPLE

HEAD = """
contract Works
  service period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      monthly
  rounding        each line, half up, to the penny
end contract

parties
  | party   | role         |
  | Council | commissioner |
  | Trust   | provider     |
end parties

particulars
  | particular | holds | default  | must be     |
  | Last Year  | money | £120,000 | at least £0 |
  | This Year  | money | £150,000 | at least £0 |
end particulars

"""
FEES = """
payment Fee A
  payer Council
  payee Trust
  for each Job
  pays £{a}
end payment

payment Fee B
  payer Council
  payee Trust
  for each Job
  pays £{b}
end payment

"""
BLOCK = """block advance Monthly
  payer Council
  payee Trust
  every month at the start
  starts 1 April 2026
  ends 30 June 2026
  pays £{block}
  set against Fee A, Fee B in each month
  set off in money, as fees fall due
  unused part recoverable
end block advance
"""


@settings(max_examples=settings().max_examples // 4)
@given(
    a=st.integers(0, 50_000),
    b=st.integers(0, 50_000),
    block=st.integers(0, 90_000),
    jobs=st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_each_month_by_hand(a: int, b: int, block: int, jobs: list[int]) -> None:
    """Amounts in pennies. A month's block meets a part of each fee of its month; what it did not meet comes back that month."""
    pounds = {name: f"{each // 100}.{each % 100:02}" for name, each in (("a", a), ("b", b), ("block", block))}
    text = HEAD + PEOPLE + FEES.format(**pounds) + BLOCK.format(**pounds)
    contract = compile_source(Source("works.sib", text)).contract
    graph = build(contract, as_written(contract))
    counts = {
        Key(segment, "Job", ""): Fraction(number)
        for segment, number in zip(graph.segments, jobs, strict=False)
    }
    found: dict[tuple[int, str, str], Fraction] = defaultdict(Fraction)
    months = {segment: at for at, segment in enumerate(graph.segments)}
    for one in price(graph, counts).lines:
        found[months[one.line.segment], one.line.payment, one.line.payer] += one.amount
    for at, number in enumerate(jobs):
        fees = [Fraction(number * each, 100) for each in (a, b)]
        paid = Fraction(block, 100) if at < 3 else Fraction(0)
        met = min(paid, sum(fees, Fraction(0)))
        left = [fee - part for fee, part in zip(fees, by_remainder(met, fees), strict=True)]
        assert [found[at, f"Fee {name}", "Council"] for name in "AB"] == left
        assert found[at, "Monthly", "Council"] == paid
        assert found[at, "Monthly", "Trust"] == paid - met


ACHIEVED = """payment Achievement
  payer Council
  payee Trust
  pays This Year
  every year at the end, part years in full
end payment

block advance Monthly
  payer Council
  payee Trust
  every month at the start
  starts 1 April 2026
  ends 31 March 2027
  pays 60% of Last Year divided by 12
  set against Achievement in 2026/27
  set off in money, as fees fall due
  unused part recoverable
end block advance
"""


@pytest.mark.parametrize(
    ("this_year", "topped_up", "back"), [(150_000, 78_000, 0), (72_000, 0, 0), (60_000, 0, 12_000)]
)
def test_twelfths_of_60_per_cent_of_last_year_trued_up_at_its_end(
    this_year: int, topped_up: int, back: int
) -> None:
    """The aspiration payments of QOF: £120,000 last year are £6,000 a month, £72,000 in the year."""
    contract = compile_source(Source("works.sib", HEAD + PEOPLE + ACHIEVED)).contract
    graph = build(contract, Settings({**as_written(contract).values, "This Year": Fraction(this_year)}))
    lines = price(graph, {}).lines
    advances = [one.amount for one in lines if one.line.kind == "advance"]
    assert advances == [6_000] * 12
    assert sum(one.amount for one in lines if one.line.payment == "Achievement") == topped_up
    assert sum(one.amount for one in lines if one.line.kind == "recovered") == back


def days(every: str, starts: str, ends: str) -> list[str]:
    text = BLOCK.format(block=1).replace("month at the start", every)
    text = text.replace("1 April 2026", starts).replace("30 June 2026", ends)
    whole = HEAD + PEOPLE + FEES.format(a=1, b=1) + text
    contract = compile_source(Source("works.sib", whole)).contract
    return [f"{one.paid_on.value:%d %b}" for one in contract.advances[0].advances]  # type: ignore[union-attr] # dates as written


@pytest.mark.parametrize(
    ("every", "starts", "ends", "found"),
    [
        ("month at the start", "1 April 2026", "1 June 2026", ["01 Apr", "01 May", "01 Jun"]),
        ("month at the start", "15 April 2026", "31 May 2026", ["01 May"]),
        ("month at the end", "1 April 2026", "30 May 2026", ["30 Apr"]),
        ("month at the end", "1 January 2027", "31 March 2027", ["31 Jan", "28 Feb", "31 Mar"]),
        ("quarter at the start", "1 April 2026", "31 March 2027", ["01 Apr", "01 Jul", "01 Oct", "01 Jan"]),
        ("quarter at the end", "1 May 2026", "31 December 2026", ["30 Jun", "30 Sep", "31 Dec"]),
        ("year at the start", "1 April 2026", "31 March 2027", ["01 Apr"]),
        ("year at the end", "1 April 2026", "31 March 2027", ["31 Mar"]),
    ],
)
def test_the_days(every: str, starts: str, ends: str, found: list[str]) -> None:
    assert days(every, starts, ends) == found


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (
            ("ends 30 June 2026", "ends 31 March 2028"),
            "SIB0513",
            "31 March 2028 lies outside the payment period",
        ),
        (("  ends 30 June 2026\n", ""), "SIB0402", "ends"),
        (
            ("starts 1 April 2026", "starts 2 June 2026"),
            "SIB0548",
            "No month begins from 2 June 2026 to 30 June 2026",
        ),
        (("at the start\n", "at the start, part months in full\n"), "SIB0548", "no parts of months"),
        (("every month", "every claim"), "SIB0548", "whatever the statements are"),
        (
            ("every month at the start", "every month at the start\n  paid on 1 May 2026"),
            "SIB0548",
            "says twice when it is paid",
        ),
        (("every month at the start", "paid on 1 May 2026"), "SIB0548", "nothing starts or ends"),
    ],
)
def test_what_is_no_day_of_a_block_is_told(change: tuple[str, str], code: str, said: str) -> None:
    text = HEAD + PEOPLE + FEES.format(a=1, b=1) + BLOCK.format(block=1)
    assert change[0] in text
    with pytest.raises(Refused) as refused:
        compile_source(Source("works.sib", text.replace(*change)))
    finding = refused.value.found[0]
    assert (finding.code, said in finding.message) == (code, True)


def test_one_day_twice_is_refused() -> None:
    text = HEAD + PEOPLE + FEES.format(a=1, b=1) + BLOCK.format(block=1)
    dated = text.replace(
        "  every month at the start\n  starts 1 April 2026\n  ends 30 June 2026\n",
        "  paid on 1 May 2026, 1 May 2026\n",
    )
    with pytest.raises(Refused, match="paid twice on one day"):
        compile_source(Source("works.sib", dated))


@pytest.mark.parametrize(("other", "verdict"), [("£300", "holds"), ("£299", "holds when")])
def test_at_most_half_is_a_block_is_proved_over_all_of_them(other: str, verdict: str) -> None:
    """Three blocks of £300 against £900 of other sums, whatever is earned; a pound less each month and nothing earned breaks it."""
    rule = f"""payment Costs
  payer Council
  payee Trust
  every month at the end, part months in full
  ends 30 June 2026
  pays {other}
end payment

rule Half [7]
  requires  block payments are at most 50% of payments
  tested    over the contract
  against   every quantity
end rule
"""
    text = HEAD + PEOPLE + FEES.format(a=700, b=1) + BLOCK.format(block=300) + rule
    contract = compile_source(Source("works.sib", text.replace("recoverable", "kept"))).contract
    assert Judge(contract, as_written(contract)).decide(contract.rules[0]).says == verdict
