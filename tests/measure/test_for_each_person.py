"""Limits for each person: published rate cards by hand, and random results against a plain loop."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.check.caps import findings
from sibdsl.compile import compile_source
from sibdsl.measure import measure_rows
from sibdsl.model.nodes import Contract, ExampleRecords
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import PricedLine
from sibdsl.settle.run import price_quantities, volumes_by_key
from sibdsl.source import Source

START, END = date(2012, 4, 1), date(2014, 3, 31)


def contract(
    rates: dict[str, str], *limits: str, payer: str = "Department", covers: str = "payments"
) -> Contract:
    """A rate card with a metric for each of its lines, under limits written as clauses."""
    metrics = "".join(
        f"metric {name} Done\n  kind outcome\n  counts rows of Results\n  among People\n"
        f'  only if What is "{name}"\n  dated Done On\nend metric\n'
        for name in rates
    )
    rows = "".join(f"  | {name} Done | {rate} |\n" for name, rate in rates.items())
    text = f"""contract Card
  service period 1 April 2012 to 31 March 2014
  currency GBP
  years begin 1 April
  statements quarterly
  rounding each line, half up, to the penny
end contract
parties
  | party | role |
  | Department | commissioner |
  | Council | commissioner |
  | Fund | commissioner |
  | Charity | provider |
end parties
records Results
  one row per Result
  | column | holds | blank |
  | Person ID | person | rejected |
  | Done On | date | rejected |
  | What | text | rejected |
end records
cohort People
  rows Results
  joins on Done On
  if several earliest Done On
end cohort
{metrics}payment Rate Card [1]
  payer {payer}
  payee Charity
  | for each | pays |
{rows}end payment
{"".join(f"cap Limit {'ABC'[at]} [2]{chr(10)}  covers {covers}{chr(10)}  at most {one}{chr(10)}  excess lost{chr(10)}end cap{chr(10)}" for at, one in enumerate(limits))}"""
    return compile_source(Source("card.sib", text)).contract


def paid(made: Contract, results: list[tuple[str, date, str]]) -> tuple[PricedLine, ...]:
    """The lines of a run on those results: person, day, what."""
    given_ = as_written(made)
    rows = tuple((person, day.isoformat(), what) for person, day, what in results)
    tables = (ExampleRecords("Results", ("Person ID", "Done On", "What"), rows),)
    with measure_rows(made, given_, tables, END) as volumes:
        return price_quantities(made, given_, volumes_by_key(volumes), END).lines


def net(lines: tuple[PricedLine, ...], metric: str) -> Fraction:
    return sum((one.amount for one in lines if one.line.metric == f"{metric} Done"), Fraction(0))


def test_innovation_fund_the_result_that_crosses_is_cut() -> None:
    """8,200 for each participant (DWP Innovation Fund, one of the published figures): 5,100, then 3,500, then 2,000."""
    made = contract(
        {"Three": "£5,100", "Thirteen": "£3,500", "Longer": "£2,000"}, "£8,200 per person over the contract"
    )
    lines = paid(
        made,
        [
            ("P", date(2012, 5, 1), "Three"),
            ("P", date(2012, 9, 1), "Thirteen"),
            ("P", date(2013, 2, 1), "Longer"),
        ],
    )
    assert [net(lines, one) for one in ("Three", "Thirteen", "Longer")] == [5100, 3100, 0]


def test_fair_chance_fund_milestones_up_to_a_limit() -> None:
    """Milestones of the published rate card to 14,200; at most 13,000 for each person, which is invented."""
    card = {
        "Assessed": "£500",
        "Moved": "£500",
        "Kept": "£1,500",
        "Level Two": "£2,500",
        "Full": "£4,500",
        "Later": "£3,500",
    }
    made = contract(card, "£13,000 per person over the contract")
    days = [START + timedelta(days=60 * at) for at in range(7)]
    order = ["Assessed", "Moved", "Kept", "Level Two", "Full", "Later", "Kept"]
    lines = paid(made, [("P", day, what) for day, what in zip(days, order, strict=True)])
    assert sum((one.amount for one in lines), Fraction(0)) == 13_000
    assert net(lines, "Kept") == 1_500  # the second came when nothing was left
    assert net(lines, "Later") == 3_500


def test_on_one_day_the_order_of_the_clauses() -> None:
    made = contract({"First": "£100", "Second": "£100"}, "£150 per person over the contract")
    day = date(2012, 5, 1)
    lines = paid(made, [("P", day, "Second"), ("P", day, "First")])
    assert (net(lines, "First"), net(lines, "Second")) == (100, 50)


def test_each_year_begins_again_and_the_year_comes_before_the_contract() -> None:
    made = contract({"One": "£60"}, "£150 per person over the contract", "£100 per person in each year")
    days = [date(2012, 5, 1), date(2012, 6, 1), date(2013, 5, 1), date(2013, 6, 1)]
    lines = paid(made, [("P", day, "One") for day in days])
    cuts = {
        (one.line.rule, one.line.segment.days.start.year): one.amount
        for one in lines
        if one.line.kind == "cap_cut"
    }
    assert cuts == {("Limit B", 2012): -20, ("Limit B", 2013): -20, ("Limit A", 2013): -50}


def test_other_caps_see_what_is_left() -> None:
    made = contract({"One": "£60"}, "£70 over the contract", "£40 per person over the contract")
    lines = paid(made, [("P", date(2012, 5, 1), "One"), ("Q", date(2012, 5, 1), "One")])
    assert [(one.line.rule, one.amount) for one in lines] == [
        ("Rate Card", 120),
        ("Limit B", -40),
        ("Limit A", -10),
    ]


@pytest.mark.parametrize("limit", ["£0", "£1,000,000"])
def test_ends(limit: str) -> None:
    made = contract({"One": "£60"}, f"{limit} per person over the contract")
    lines = paid(made, [("P", date(2012, 5, 1), "One")])
    assert net(lines, "One") == (0 if limit == "£0" else 60)


# ------------------------------------------------------------------ against a plain loop

NAMES = ("One", "Two", "Three")
RATES = st.sampled_from(("£1", "£33.33", "£250", "£0.125"))
LIMITS = st.sampled_from(("£0.50", "£40", "£300", "£777.77"))
OVER = st.sampled_from(("over the contract", "in each year", "in each quarter"))
RESULTS = st.lists(
    st.tuples(
        st.sampled_from(("P", "Q", "R")),
        st.integers(0, (END - START).days).map(lambda at: START + timedelta(days=at)),
        st.sampled_from(NAMES),
    ),
    max_size=25,
    unique=True,
)
LENGTHS = {"in each quarter": 0, "in each year": 1, "over the contract": 2}


def occasion(day: date, over: str) -> object:
    year = day.year - (day.month < 4)
    return {"in each quarter": (day.year, (day.month - 1) // 3), "in each year": year}.get(over)


def in_a_plain_loop(
    rates: tuple[str, ...], limits: list[tuple[str, str]], results: list[tuple[str, date, str]]
) -> dict[tuple[object, str], Fraction]:
    """What each line comes to after all limits, rounded once: by quarter and name."""
    each = {name: Fraction(rate[1:]) for name, rate in zip(NAMES, rates, strict=True)}
    order = sorted(range(len(limits)), key=lambda at: LENGTHS[limits[at][1]])
    room: dict[object, Fraction] = {}
    exact: dict[tuple[object, str], Fraction] = {}
    for person, day, what in sorted(results, key=lambda one: (one[1], NAMES.index(one[2]))):
        left = each[what]
        for at in order:
            most, over = limits[at]
            slot = (person, at, occasion(day, over))
            before = room.setdefault(slot, Fraction(most[1:]))
            left = min(left, before)
            room[slot] = before - left
        of_line = (occasion(day, "in each quarter"), what)
        exact[of_line] = exact.get(of_line, Fraction(0)) + left
    return {slot: Fraction(int(amount * 100 + Fraction(1, 2)), 100) for slot, amount in exact.items()}


@settings(max_examples=25, deadline=None)
@given(st.tuples(RATES, RATES, RATES), st.lists(st.tuples(LIMITS, OVER), min_size=1, max_size=2), RESULTS)
def test_as_a_plain_loop_has_it(
    rates: tuple[str, str, str], limits: list[tuple[str, str]], results: list[tuple[str, date, str]]
) -> None:
    made = contract(
        dict(zip(NAMES, rates, strict=True)), *(f"{most} per person {over}" for most, over in limits)
    )
    got: dict[tuple[object, str], Fraction] = {}
    for one in paid(made, results):
        slot_ = (
            occasion(one.line.segment.days.start, "in each quarter"),
            one.line.metric.removesuffix(" Done"),
        )
        got[slot_] = got.get(slot_, Fraction(0)) + one.amount
    rounded = in_a_plain_loop(rates, limits, results)
    assert {slot: amount for slot, amount in got.items() if amount} == {
        slot: amount for slot, amount in rounded.items() if amount
    }


# ------------------------------------------------------------------ of what payers share

SHARES = {"Department": 55, "Council": 35, "Fund": 10}
SHARED = "55% Department, 35% Council, the rest Fund"


def split(pence: int) -> dict[str, int]:
    """Pence in the shares, what is left over to the greatest remainders, in the order written where they are alike."""
    found = {payer: pence * share // 100 for payer, share in SHARES.items()}
    order = sorted(SHARES, key=lambda payer: -(pence * SHARES[payer] % 100))
    for payer in order[: pence - sum(found.values())]:
        found[payer] += 1
    return found


@settings(max_examples=8, deadline=None)
@given(st.tuples(RATES, RATES, RATES), st.lists(st.tuples(LIMITS, OVER), min_size=1, max_size=2), RESULTS)
def test_what_is_left_of_a_shared_line_is_shared(
    rates: tuple[str, str, str], limits: list[tuple[str, str]], results: list[tuple[str, date, str]]
) -> None:
    made = contract(
        dict(zip(NAMES, rates, strict=True)),
        *(f"{most} per person {over}" for most, over in limits),
        payer=SHARED,
    )
    got: dict[tuple[object, str, str], Fraction] = {}
    for one in paid(made, results):
        quarter = occasion(one.line.segment.days.start, "in each quarter")
        slot = (quarter, one.line.metric.removesuffix(" Done"), one.line.payer)
        got[slot] = got.get(slot, Fraction(0)) + one.amount
    wanted = {
        (*slot, payer): Fraction(pence, 100)
        for slot, amount in in_a_plain_loop(rates, limits, results).items()
        for payer, pence in split(int(amount * 100)).items()
    }
    assert {slot: amount for slot, amount in got.items() if amount} == {
        slot: amount for slot, amount in wanted.items() if amount
    }


def test_what_is_shared_is_told_with_its_share() -> None:
    """At most £30 of £50.01: £27.51, £17.50 and £5.00 of it become £16.50, £10.50 and £3.00."""
    made = contract({"One": "£50.01"}, "£30 per person over the contract", payer=SHARED)
    lines = paid(made, [("P", date(2012, 5, 1), "One")])
    cuts = {one.line.payer: (one.amount, one.whole) for one in lines if one.line.kind == "cap_cut"}
    whole = Fraction("-20.01")
    assert cuts == {
        "Department": (Fraction("-11.01"), whole),
        "Council": (Fraction("-7.00"), whole),
        "Fund": (Fraction("-2.00"), whole),
    }


@pytest.mark.parametrize(
    ("payer", "covers", "told"),
    [
        (SHARED, "payments from Council", "the limit covers what Council pays of it"),
        ("£100 Department, the rest Fund", "payments", "cannot be told apart"),
    ],
)
def test_what_no_limit_for_each_person_covers(payer: str, covers: str, told: str) -> None:
    made = contract({"One": "£50"}, "£30 per person over the contract", payer=payer, covers=covers)
    (found,) = [one for one in findings(made, as_written(made)) if one.severity == "error"]
    assert (found.code, told in found.message) == ("SIB0570", True)
