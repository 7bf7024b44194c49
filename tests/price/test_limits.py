"""Limits that are a share of payments, before and after themselves, and the order of caps: hand-worked, and proved."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.rules.report import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.model.variations import in_force
from sibdsl.price import Key, Priced, build, price
from sibdsl.price.builder import begin
from sibdsl.price.graph import Graph
from sibdsl.price.limits_for_each_person import personal_limits
from sibdsl.settle.explain.limit_facts import cap_state
from sibdsl.settle.versions import Version
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")
FEES = """\
payment Start Fee [3]
  payer     Council
  payee     Provider
  for each  Job Start
  pays      £1
end payment

payment Outcome Fee [4]
  payer     Fund
  payee     Provider
  for each  Job Kept
  pays      £1
end payment
"""
RULE = """\
rule Part Of Council
  requires  payments from Council are at most 38% of payments to Provider
  tested    to date in each claim
  against   every quantity
end rule
"""


def contract(*blocks: str) -> Contract:
    return compile_source(Source("shares.sib", spliced(FRAME, "\n".join((FEES, *blocks))))).contract


def cap(most: str, more: str = "excess lost", covers: str = "payments from Council") -> str:
    return f"cap Part\n  covers {covers}\n  at most {most}\n  {more}\nend cap\n"


def priced(made: Contract, *quarters: tuple[int, int]) -> Priced:
    """Prices of so many starts, at £1 from Council, and jobs kept, at £1 from Fund, in the first quarters."""
    counts = {}
    for segment, (starts, kept) in zip(segments(made), quarters, strict=False):
        counts[Key(segment, "Job Start", "")] = Fraction(starts)
        counts[Key(segment, "Job Kept", "Full Time")] = Fraction(kept)
    return price(build(made, as_written(made)), counts)


def by_payer(found: Priced) -> dict[str, Fraction]:
    sums = {"Council": Fraction(0), "Fund": Fraction(0)}
    for one in found.lines:
        sums[one.line.payer] += one.amount
    return sums


@pytest.mark.parametrize(("side", "paid"), [("before", "380"), ("after", "367.74")])
def test_the_two_readings_of_38_percent(side: str, paid: str) -> None:
    # Of £1,000, £400 are Council's. 38% of all is £380; x = 38% of (x + £600) is £367.74 and a part of a penny.
    made = contract(cap(f"38% of payments to Provider over the contract, {side} this limit"))
    assert by_payer(priced(made, (400, 600))) == {"Council": Fraction(paid), "Fund": Fraction(600)}


def test_earlier_quarters_count_as_they_came_or_as_they_were_left() -> None:
    # Spring: Council £100, fund nothing. Before: 38 of 100 are paid. Summer: £100 and £100: 38% of 300 is 114, 76 of it left.
    before = contract(cap("38% of payments over the contract, before this limit"))
    assert by_payer(priced(before, (100, 0), (100, 100)))["Council"] == 114
    # After: nothing in spring; in summer 38/62 of the fund's 100.
    after = contract(cap("38% of payments over the contract, after this limit"))
    assert by_payer(priced(after, (100, 0), (100, 100)))["Council"] == Fraction("61.29")


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=4))
def test_after_itself_the_share_is_kept_at_every_statement(quarters: list[tuple[int, int]]) -> None:
    made = AFTER
    sums = by_payer(priced(made, *quarters))
    assert sums["Council"] * 62 <= sums["Fund"] * 38
    if len(quarters) == 1:  # and no penny less than it must be
        starts, kept = quarters[0]
        assert sums["Council"] in (starts, Fraction(38 * 100 * kept // 62, 100))


AFTER = contract(cap("38% of payments to Provider over the contract, after this limit"), RULE)
BEFORE = contract(cap("38% of payments to Provider over the contract, before this limit"), RULE)


def verdict(made: Contract) -> str:
    (found,) = findings(made, as_written(made), made.rules)
    return found.says


def test_the_rule_that_the_limit_keeps_is_proved_after_itself_alone() -> None:
    assert verdict(AFTER) == "holds"
    assert verdict(BEFORE) != "holds"


def test_what_a_cut_says_of_itself() -> None:
    for made, whole, part in ((BEFORE, 1000, "19/50"), (AFTER, 600, "19/31")):
        found = priced(made, (400, 600))
        line = next(one.line for one in found.lines if one.line.kind == "cap_cut")
        state = cap_state(Version(made, None, (), {}, found), as_written(made), line)
        assert (state.whole, state.part) == (whole, Fraction(part))
        assert state.limit == Fraction(int(Fraction(part) * whole * 100), 100)
        assert state.to_date == state.limit


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (
            cap("38% of payments from Council over the contract, after this limit", covers="payments"),
            "Some of what Part limits is among the payments that it is a share of",
        ),
        (
            cap("38% of payments over the contract, before this limit")
            + "cap Other\n  covers payments from Fund\n  at most £9 in each year\n  excess carried forward\nend cap\n",
            "What Other cuts is due again",
        ),
    ],
)
def test_shares_that_cannot_be_worked_out(blocks: str, said: str) -> None:
    made = contract(blocks)
    with pytest.raises(Unpriceable, match=said):
        build(made, as_written(made))


def test_a_cap_that_comes_after_a_wider_one_sees_what_that_left() -> None:
    wide = "cap Wide\n  covers payments\n  at most £100 over the contract\n  excess lost\nend cap\n"
    first = contract(cap("£90 in each quarter"), wide)
    assert by_payer(priced(first, (180, 100))) == {"Council": Fraction("47.37"), "Fund": Fraction("52.63")}
    last = contract(cap("£90 in each quarter", more="excess lost\n  after cap Wide"), wide)
    assert by_payer(priced(last, (180, 100))) == {"Council": Fraction("64.29"), "Fund": Fraction("35.71")}


def test_what_is_paid_to_date_under_a_cap_is_less_what_a_wider_one_cuts_after_it() -> None:
    """Two caps on the same lines: the room of each is used up by what is paid in the end, and `explain` says the same.

    Spring: £400 and £600 are due. The quarter's £500 leaves £200 and £300; then the contract's £300 leaves £120 and £180. So
    £300 has been paid under each of them. Summer: £50 and £50 are due, £500 of the quarter is free, and nothing of the £300.
    """
    narrow = cap("£500 in each quarter", covers="payments")
    wide = "cap Wide\n  covers payments\n  at most £300 over the contract\n  excess lost\nend cap\n"
    made = contract(narrow, wide)
    found = priced(made, (400, 600), (50, 50))
    assert by_payer(found) == {"Council": Fraction(120), "Fund": Fraction(180)}
    version = Version(made, None, (), {}, found)
    cuts = [line for line in found.graph.lines if line.kind == "cap_cut"]
    spring, summer, *_ = segments(made)
    said = {
        (line.rule, line.segment): (state.earlier, state.now, state.cut, state.to_date)
        for line in cuts
        if line.segment in (spring, summer)
        for state in [cap_state(version, as_written(made), line)]
    }
    assert said == {
        ("Part", spring): (0, 1000, 500, 300),
        ("Wide", spring): (0, 500, 200, 300),
        ("Part", summer): (0, 100, 0, 0),
        ("Wide", summer): (300, 100, 100, 300),
    }


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=2, max_size=4))
def test_what_is_paid_to_date_is_what_the_next_day_finds_used(quarters: list[tuple[int, int]]) -> None:
    found = priced(TWO_CAPS, *quarters)
    version, values = Version(TWO_CAPS, None, (), {}, found), as_written(TWO_CAPS)
    for rule in ("Part", "Wide"):
        cuts = [line for line in found.graph.lines if line.kind == "cap_cut" and line.rule == rule]
        days = {line.segment: cap_state(version, values, line) for line in cuts}
        states = [days[segment] for segment in sorted(days, key=lambda segment: segment.days.start)]
        for before, after in pairwise(states):
            if before.occasion == after.occasion:
                assert after.earlier == before.to_date <= before.limit


TWO_CAPS = contract(
    cap("£500 in each year", covers="payments"),
    "cap Wide\n  covers payments from Council\n  at most £300 over the contract\n  excess lost\nend cap\n",
)


def test_what_is_left_out_neither_fills_nor_is_cut() -> None:
    made = contract(
        cap(
            "£90 in each quarter",
            more="excess lost\n  leaves out payments under Start Fee",
            covers="payments",
        )
    )
    assert by_payer(priced(made, (180, 100))) == {"Council": Fraction(180), "Fund": Fraction(90)}


def test_tiers_that_are_carried_forward_are_paid_in_their_own_order() -> None:
    """Thirteen starts at £1 in spring, at most £5 in each quarter: each tier pays its part, and the first ones come first.

    Spring: £1, £2 and £10 of three tiers are cut by £8 pro rata, to £0.38, £0.77 and £3.85. Summer: of the £8 carried forward
    £5 are paid: what is left of the first and of the next two, and of the next ten the rest.
    """
    fee = FEES.split("payment Outcome", maxsplit=1)[0].replace(
        "  pays      £1\n",
        "  tiers     over the contract\n  | units | pays |\n  | first 1 | £1 |\n  | next 2 | £1 |\n  | next 10 | £1 |\n"
        "  | further | £1 |\n",
    )
    limit = cap("£5 in each quarter", "excess carried forward")
    text = spliced(FRAME, "\n".join((fee, FEES[FEES.index("payment Outcome") :], limit)))
    found = priced(compile_source(Source("tiers.sib", text)).contract, (13, 0))
    paid: dict[tuple[int, str], Fraction] = {}
    for one in found.lines:
        tier = one.line.tier
        assert tier is not None
        at = one.line.segment.days.start.month, f"{tier.place} {tier.units}"
        paid[at] = paid.get(at, Fraction(0)) + one.amount
    assert {at: amount for at, amount in paid.items() if at[0] == 4} == {
        (4, "first 1"): Fraction("0.38"),
        (4, "next 2"): Fraction("0.77"),
        (4, "next 10"): Fraction("3.85"),
    }
    assert {at: amount for at, amount in paid.items() if at[0] == 7} == {
        (7, "first 1"): Fraction("0.62"),
        (7, "next 2"): Fraction("1.23"),
        (7, "next 10"): Fraction("3.15"),
    }


def varied(new: str, third: str, old: str = "£100 over the contract") -> Contract:
    """£100 over the contract, from 16 May in the middle of a quarter what `new` says; and another limit."""
    fixed = "replace cap Part\n    covers payments from Council\n    at most {}\n    excess lost\n  end cap"
    variation = (
        "variation Quarterly Part [Variation 2]\n  varies Job Support\n  agreed 1 April 2026\n  effective 16 May 2026\n"
        f"  stated periods left as stated\n\n  {fixed.format(new)}\nend variation\n"
    )
    made = contract(cap(old), third, variation)
    return in_force(made, as_written(made))


def two_parts_of_spring(made: Contract, old: int, new: int) -> dict[str, Fraction]:
    """What is paid of so many starts before 16 May and from then on, at £1."""
    first, second = segments(made)[:2]
    assert first.days.end == second.days.start
    counts = {Key(first, "Job Start", ""): Fraction(old), Key(second, "Job Start", ""): Fraction(new)}
    return by_payer(price(build(made, as_written(made)), counts))


@pytest.mark.parametrize(
    ("old", "new", "paid"),
    [
        (300, 300, 150),  # £100 of the old lines, and the £50 that they leave of the quarter
        (40, 300, 150),  # all £40 of the old, and £110
        (300, 20, 120),  # £100 of the old, and all £20
    ],
)
def test_an_old_limit_cuts_before_a_new_one_over_fewer_days(old: int, new: int, paid: int) -> None:
    made = varied("£150 in each quarter", "")
    assert two_parts_of_spring(made, old, new) == {"Council": Fraction(paid), "Fund": Fraction(0)}


def test_a_third_limit_between_the_old_and_the_new_is_not_guessed_at() -> None:
    third = cap("£120 in each year", covers="payments under Start Fee").replace("cap Part", "cap Third")
    with pytest.raises(Unpriceable, match="no order of the three can be told"):
        two_parts_of_spring(varied("£150 in each quarter", third), 300, 300)
    other = third.replace("under Start Fee", "under Outcome Fee")
    assert two_parts_of_spring(varied("£150 in each quarter", other), 300, 300)["Council"] == 150


def test_of_limits_for_each_person_the_old_one_stands_first_or_nothing_does() -> None:
    def order(third: str) -> list[tuple[str, Fraction]]:
        made = varied("£150 per person in each quarter", third, "£100 per person over the contract")
        builder = begin(
            made, as_written(made), Graph(segments=segments(made), grain=Fraction(1, 100)), segments(made)
        )
        return [(limit.cap.name, limit.amount) for limit in personal_limits(builder)]

    assert order("") == [("Part", 100), ("Part", 150)]
    with pytest.raises(Unpriceable, match="no order of the three can be told"):
        order(cap("£120 per person in each year").replace("cap Part", "cap Third"))
