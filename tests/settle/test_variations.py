"""Variations: what was stated stands, what comes after settles it, and nothing is paid twice or lost."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction

from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sibdsl.model.nodes import Applies, Contract, Removed, Value, Variation
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.variations import in_force
from sibdsl.price import build, price
from sibdsl.settle.default_as_of import whole_term
from sibdsl.settle.payments_to_json import contract_to_json as to_json
from sibdsl.settle.versions import in_segments
from tests.settle.varied import (
    DAY,
    FEE,
    LEFT,
    REPRICED,
    Counts,
    Varied,
    by_period,
    counted,
    dearer,
    pounds,
    run,
    stated_on,
    told,
    variation_text,
    varied,
    without_fingerprint,
    written,
)


def agreed(one: Variation) -> date:
    assert isinstance(one.agreed, Value)
    assert isinstance(one.agreed.value, date)
    return one.agreed.value


def from_scratch(contract: Contract, counts: Counts) -> dict[tuple[object, ...], Fraction]:
    """What the contract as varied pays when it is priced as if it had always been so."""
    values = as_written(contract)
    return by_period(price(build(in_force(contract, values), values), counts).lines)


def said(contract: Contract, counts: Counts, as_of: date | None = None) -> str:
    return without_fingerprint(contract, json.dumps(to_json(run(contract, counts, as_of))))


# ------------------------------------------------------------------ whatever varies

#: Each example prices a contract several times.
fewer = settings(max_examples=max(15, settings().max_examples // 2))


@fewer
@given(varied(most=3))
def test_repriced_comes_to_the_contract_as_varied_in_every_period(made: Varied) -> None:
    assert by_period(run(*made).lines) == from_scratch(*made)


@fewer
@given(varied(ways=(REPRICED, LEFT)))
def test_what_was_stated_before_it_was_agreed_stands(made: Varied) -> None:
    contract, counts = made
    day = min(agreed(one) for one in contract.variations)
    before = run(contract, counts, day - DAY)
    # A sum due within a period that has not ended may yet share a cut with what falls due by its end.
    period = next((one for one in before.contract.payments if one.regular), None)
    assume(period is None or not any(stated_on(one) >= before_end(made, day) for one in before.lines))
    after = [
        one for one in run(contract, counts).lines if one.line.kind != "adjustment" and stated_on(one) < day
    ]
    assert [(one.id, told(one)) for one in before.lines] == [(one.id, told(one)) for one in after]


def before_end(made: Varied, day: date) -> date:
    """The first day of the statement period that holds the day before; the day itself where that period has ended."""
    graph = build(evolve(made.contract, variations=()), as_written(made.contract))
    held = next((one.statement for one in graph.segments if day - DAY in one.statement), None)
    return day if held is None or held.last == day - DAY else held.start


@fewer
@given(varied(ways=(LEFT,)))
def test_left_as_stated_adjusts_nothing(made: Varied) -> None:
    contract, counts = made
    lines = run(contract, counts).lines
    assert not [one for one in lines if one.line.kind == "adjustment"]
    last = max(agreed(one) for one in contract.variations)
    values = as_written(contract)
    whole = price(build(in_force(contract, values), values), counts).lines
    since = [told(one) for one in lines if stated_on(one) >= last]
    assert since == [told(one) for one in whole if stated_on(one) >= last]


@fewer
@given(varied(ways=(LEFT,), most=1))
def test_what_fell_due_before_it_was_left_counts_as_it_was_stated(made: Varied) -> None:
    """Regular sums and blocks of the contract as varied, before the day of agreement, are those that were stated."""
    contract, counts = made
    (one,) = contract.variations
    names = {each.name for each in one.payments}
    # What is removed or has another calendar ends, and what it pays by days is then for fewer of them.
    assume(
        all(each.part == "in full" for pay in contract.payments if pay.name in names for each in pay.regular)
    )
    assume(
        not any(each.part == "by days" for pay in one.payments for each in pay.regular) and not one.removes
    )
    values = as_written(contract)
    before, after = (
        [
            (line.line.due, line.line.payment, line.line.payer, line.amount)
            for line in price(build(terms, values), in_segments(terms, counts)).lines
            if line.line.kind in ("payment", "advance") and line.line.due and line.line.due < agreed(one)
        ]
        for terms in (evolve(contract, variations=()), in_force(contract, values))
    )
    # In which order they are listed is no part of what was stated.
    assert sorted(after) == sorted(before)


@fewer
@given(varied(ways=(REPRICED, LEFT), most=3))
def test_their_order_changes_nothing(made: Varied) -> None:
    contract, counts = made
    other = evolve(contract, variations=contract.variations[::-1])
    assert said(other, counts) == said(contract, counts)


@fewer
@given(varied(ways=(REPRICED, LEFT)))
def test_one_that_is_not_agreed_yet_changes_nothing(made: Varied) -> None:
    contract, counts = made
    day = min(agreed(one) for one in contract.variations) - DAY
    plain = evolve(contract, variations=())
    # What is given for a part of a month may be told to be too early, where the month as a whole is not.
    varied_, plain_ = (
        json.loads(said(*of, day)) | {"warnings": []}
        for of in ((contract, counts), (plain, in_segments(plain, counts)))
    )
    assert varied_ == plain_


@fewer
@given(varied(most=1), st.integers(-3, 0))
def test_from_the_first_day_is_as_if_written_so(made: Varied, days: int) -> None:
    contract, _ = made
    (one,) = contract.variations
    first = Value(contract.payment_period.start + timedelta(days=days), "date")
    assume(not any(each.name.startswith("Change") for each in one.payments))
    found = in_force(evolve(contract, variations=(evolve(one, effective=first),)), as_written(contract))
    new = {each.name: each for each in one.payments}
    caps = {each.name: each for each in one.caps}
    gone = {each.name for each in one.removes}
    assert found == evolve(
        contract,
        variations=(),
        payments=tuple(new.get(each.name, each) for each in contract.payments if each.name not in gone),
        caps=tuple(caps.get(each.name, each) for each in contract.caps if each.name not in gone),
    )


@fewer
@given(varied(most=1, after=0))
def test_agreed_after_the_end_is_one_statement_more(made: Varied) -> None:
    contract, counts = made
    (one,) = contract.variations
    plain = evolve(contract, variations=())
    end = contract.payment_period.last
    day = end + timedelta(days=40)
    contract = evolve(contract, variations=(evolve(one, agreed=Value(day, "date")),))
    assert whole_term(contract, as_written(contract)) == day
    lines = run(contract, counts).lines
    before = run(plain, in_segments(plain, counts), end).lines
    assert [told(each) for each in lines[: len(before)]] == [told(each) for each in before]
    rest = lines[len(before) :]
    assert {each.line.kind for each in rest} <= {"adjustment"}
    assert {(each.line.segment.statement.start, each.line.segment.statement.last) for each in rest} <= {
        (end + DAY, day)
    }
    assert [each.id for each in lines] == [f"L{number}" for number in range(1, len(lines) + 1)]


@fewer
@given(varied(ways=(REPRICED, LEFT)))
def test_what_was_counted_is_told_once(made: Varied) -> None:
    contract, counts = made
    found: dict[tuple[str, str], Fraction] = {}
    for key, number in run(contract, counts).counted():
        found[key.metric, key.band] = found.get((key.metric, key.band), Fraction(0)) + number
    wanted: dict[tuple[str, str], Fraction] = {}
    for key, number in counts.items():
        wanted[key.metric, key.band] = wanted.get((key.metric, key.band), Fraction(0)) + number
    assert {key: one for key, one in found.items() if one} == {key: one for key, one in wanted.items() if one}


def test_replacing_keeps_the_days_on_which_the_old_clause_was_in_force() -> None:
    contract = written(FEE)
    (fee,) = contract.payments
    july = Value(date(2016, 7, 1), "date")
    one = Variation("One", "", "", july, july, REPRICED, payments=(dearer(fee, "Fee"),))
    two = Variation(
        "Two", "", "", july, Value(date(2016, 10, 1), "date"), REPRICED, removes=(Removed("payment", "Fee"),)
    )
    found = in_force(evolve(contract, variations=(two, one)), as_written(contract))
    assert [each.applies for each in found.payments] == [
        Applies(None, date(2016, 6, 30)),
        Applies(date(2016, 7, 1), date(2016, 9, 30)),
    ]


# ------------------------------------------------------------------ worked out by hand

Q1, Q2, Q3, Q4 = date(2016, 4, 1), date(2016, 7, 1), date(2016, 10, 1), date(2017, 1, 1)

TIERS = """
payment Fee
  payer     Council
  payee     Trust
  for each  Job
  tiers     over the contract
  | units   | pays |
  | first 4 | £100 |
  | further | £50  |
end payment
"""

NEW_TIERS = f"replace {TIERS.replace('£100', '£120').replace('£50', '£60').strip()}"


def test_units_before_fill_the_tiers_of_what_replaces_it() -> None:
    change = variation_text("New Tiers", "1 October 2016", "1 October 2016", NEW_TIERS)
    # Three units are in the first tier before: one more at the new first rate, two at the new further rate.
    assert pounds(written(TIERS, change), [(Q1, "Job", 3), (Q3, "Job", 3)]) == [
        "payment 2016-04-01 Fee 300",
        "payment 2016-10-01 Fee 120",
        "payment 2016-10-01 Fee 120",
    ]


def test_tiers_that_are_replaced_before_they_start_count_from_where_they_now_begin() -> None:
    late = TIERS.replace("payer ", "starts    1 July 2016\n  payer ")
    change = variation_text("Earlier", "1 April 2016", "1 May 2016", NEW_TIERS)
    assert pounds(written(late, change), [(date(2016, 5, 1), "Job", 3), (Q2, "Job", 3)]) == [
        "payment 2016-05-01 Fee 360",
        "payment 2016-07-01 Fee 120",
        "payment 2016-07-01 Fee 120",
    ]


def test_pounds_before_fill_the_cap_that_replaces_one() -> None:
    cap = "cap Limit\n  covers   payments\n  at most  £500 over the contract\n  excess   lost\nend cap"
    change = variation_text(
        "Higher", "1 October 2016", "1 October 2016", f"replace {cap.replace('£500', '£800')}"
    )
    contract = written(FEE + cap, change)
    # 500 of 600 are paid before; 300 of room are left under the new limit. The 100 lost stay lost.
    assert pounds(contract, [(Q1, "Job", 6), (Q3, "Job", 4)]) == [
        "payment 2016-04-01 Fee 600",
        "cap_cut 2016-04-01 Fee -100",
        "payment 2016-10-01 Fee 400",
        "cap_cut 2016-10-01 Fee -100",
    ]


def test_a_limit_within_a_payment_counts_on() -> None:
    limited = FEE.replace("pays ", "at most   £500 over the contract\n  excess    lost\n  pays ")
    inside = f"replace {limited.replace('£100', '£200').strip()}"
    change = variation_text("Dearer", "1 October 2016", "1 October 2016", inside)
    assert pounds(written(limited, change), [(Q1, "Job", 3), (Q3, "Job", 2)]) == [
        "payment 2016-04-01 Fee 300",
        "payment 2016-10-01 Fee 400",
        "cap_cut 2016-10-01 Fee -200",
    ]


def test_a_sum_to_date_that_is_replaced_pays_what_exceeds_all_paid_before() -> None:
    to_date = """
payment Fee
  payer         Council
  payee         Trust
  pays to date  £100 times Job
  taken back    never
end payment
"""
    inside = f"replace {to_date.replace('£100', '£60').strip()}"
    change = variation_text("Cheaper", "1 October 2016", "1 October 2016", inside)
    # 300 paid before; at £60 the sum to date is 240, then 420: 120 more than was paid.
    assert pounds(written(to_date, change), [(Q1, "Job", 3), (Q3, "Job", 1), (Q4, "Job", 3)]) == [
        "payment 2016-04-01 Fee 300",
        "payment 2017-01-01 Fee 120",
    ]


def test_one_after_the_other_reaching_back() -> None:
    first = variation_text(
        "First", "1 August 2016", "1 April 2016", f"replace {FEE.replace('£100', '£150').strip()}"
    )
    second = variation_text(
        "Second", "1 February 2017", "1 April 2016", f"replace {FEE.replace('£100', '£90').strip()}"
    )
    rows = [(Q1, "Job", 2), (Q2, "Job", 1), (Q3, "Job", 1), (Q4, "Job", 1)]
    wanted = [
        "payment 2016-04-01 Fee 200",
        "payment 2016-07-01 Fee 150",
        "adjustment 2016-04-01 Fee 100",
        "payment 2016-10-01 Fee 150",
        "payment 2017-01-01 Fee 90",
        "adjustment 2016-04-01 Fee -120",
        "adjustment 2016-07-01 Fee -60",
        "adjustment 2016-10-01 Fee -60",
    ]
    assert pounds(written(FEE, first, second), rows) == wanted
    assert pounds(written(FEE, second, first), rows) == wanted
    assert pounds(written(FEE + second + first), rows) == wanted


def test_a_regular_sum_and_a_block_go_by_the_day_on_which_they_fall_due() -> None:
    running = """
payment Running Costs
  payer  Council
  payee  Trust
  pays   £1,000
  every  quarter at the end, part quarters in full
end payment

block advance Start
  payer        Council
  payee        Trust
  paid on      1 October 2016
  pays         £300
  set against  Fee over the contract
  set off      in money, as fees fall due
  unused part  kept
end block advance
"""
    payment, block = running.strip().split("\n\n")
    inside = f"replace {payment.replace('£1,000', '£2,000')}\n\nremove block advance Start"
    change = variation_text("Change", "1 May 2016", "30 September 2016", inside)
    assert pounds(written(FEE + running, change), [(Q1, "Job", 4), (Q4, "Job", 4)]) == [
        "payment 2016-04-01 Fee 400",
        "payment 2016-04-01 Running Costs 1000",
        "payment 2016-09-30 Running Costs 2000",
        "payment 2016-10-01 Running Costs 2000",
        "payment 2017-01-01 Fee 400",
        "payment 2017-01-01 Running Costs 2000",
    ]
    assert block


def test_an_end_that_moves_takes_the_payment_period_with_it() -> None:
    change = variation_text(
        "Longer", "1 January 2017", "1 January 2017", "", more="  service period now ends  30 June 2017"
    )
    contract = written(FEE, change)
    assert in_force(contract, as_written(contract)).payment_period.last == date(2017, 6, 30)
    assert pounds(contract, [(date(2017, 6, 30), "Job", 1)]) == ["payment 2017-04-01 Fee 100"]


def test_an_earlier_end_takes_back_what_was_stated_after_it() -> None:
    change = variation_text(
        "Shorter",
        "1 February 2017",
        "1 October 2016",
        "",
        more="  service period now ends  30 September 2016",
    )
    contract = written(FEE, change)
    before = counted(evolve(contract, variations=()), [(Q1, "Job", 1), (Q3, "Job", 2)])
    found = [
        (one.line.kind, one.line.segment.days.start, float(one.amount)) for one in run(contract, before).lines
    ]
    assert found == [("payment", Q1, 100.0), ("payment", Q3, 200.0), ("adjustment", Q3, -200.0)]


def test_left_as_stated_still_counts_against_a_cap() -> None:
    cap = "cap Limit\n  covers   payments\n  at most  £1,000 over the contract\n  excess   lost\nend cap"
    change = variation_text(
        "Cheaper", "1 August 2016", "1 April 2016", f"replace {FEE.replace('£100', '£50').strip()}", LEFT
    )
    contract = written(FEE + cap, change)
    lines = run(contract, counted(contract, [(Q1, "Job", 10), (Q2, "Job", 20)])).lines
    assert sum(one.amount for one in lines) <= 1000


def test_a_last_part_period_that_is_left_as_stated_is_paid_once() -> None:
    short = {"to 31 March 2017": "to 15 August 2016"}
    change = variation_text(
        "Longer", "1 September 2016", "1 September 2016", "", LEFT, "  service period now ends  31 March 2017"
    )
    assert pounds(written(FEE, change, instead=short), [(Q2, "Job", 10)]) == ["payment 2016-07-01 Fee 1000"]


def test_one_left_as_stated_and_one_repriced_on_one_day() -> None:
    other = FEE.replace("Fee", "Other").replace("Job", "Loss")
    left = variation_text(
        "Left", "1 August 2016", "1 April 2016", f"replace {FEE.replace('£100', '£50').strip()}", LEFT
    )
    back = variation_text(
        "Back", "1 August 2016", "1 April 2016", f"replace {other.replace('£100', '£50').strip()}"
    )
    assert pounds(written(FEE + other, left, back), [(Q1, "Job", 1), (Q1, "Loss", 1)]) == [
        "payment 2016-04-01 Fee 100",
        "payment 2016-04-01 Other 100",
        "adjustment 2016-04-01 Other -50",
    ]


# ------------------------------------------------------------------ open


def test_a_sum_to_date_is_worked_out_at_the_end_of_the_statement_period() -> None:
    text = """
payment Gain
  payer         Council
  payee         Trust
  pays to date  (£100 times Job) minus (£100 times Loss)
  taken back    never
end payment

cap Of The Fund
  covers   payments from Fund
  at most  £5 in 1 April 2016 to 15 May 2016
  excess   lost
end cap
"""
    found = pounds(written(text), [(Q1, "Job", 3), (date(2016, 5, 16), "Loss", 2)])
    assert [one.split()[-1] for one in found] == ["100"]


def test_a_regular_sum_once_paid_is_not_cut_by_what_comes_later() -> None:
    text = """
payment Running Costs
  payer  Council
  payee  Trust
  pays   £1,000
  every  quarter at the start, part quarters in full
end payment

cap Limit
  covers   payments
  at most  £1,000 in each quarter
  excess   lost
end cap
"""
    contract = written(FEE + text)
    early = pounds(contract, [(Q1, "Job", 10)], date(2016, 4, 1))
    whole = pounds(contract, [(Q1, "Job", 10)], date(2016, 6, 30))
    assert [one for one in whole if "Running" in one] == early
