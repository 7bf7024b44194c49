"""Worked contracts whose words change, whose blocks go on, or whose payee owes something back.

What fell due before the day of agreement is stated: it keeps its terms, and has used the room of limits as it was stated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.limits.compare import by_key, lines
from tests.limits.slow import stated
from tests.limits.terms import (
    Block,
    Cap,
    Contract,
    Fee,
    Limit,
    Most,
    Over,
    Regular,
    Row,
    Variation,
    paid_by,
)
from tests.limits.test_worked import (
    OF_COUNCIL,
    OF_FUND,
    Q1,
    Q2,
    Q4,
    TO_PROVIDER,
    Expected,
    cap,
    contract,
    fee,
    monthly,
    under,
)

Worked = tuple[Contract, Expected]


def _plain(amounts: Expected) -> Expected:
    return {key: f"{float(Fraction(amount)):.2f}" for key, amount in sorted(amounts.items())}


def _sum(name: str, payer: str, pays: int, unit: str, *, at_end: bool) -> Regular:
    return Regular(name, paid_by(payer), Fraction(pays), unit, at_end, by_days=False)  # type: ignore[arg-type]


def _change(agreed: date, effective: date, **what: object) -> tuple[Variation, ...]:
    """A variation that leaves stated periods as they are."""
    return (Variation("Change 1", agreed, effective, repriced=False, **what),)  # type: ignore[arg-type]


def what_was_stated_has_used_the_room() -> Worked:
    """£200 fell due on 1 January, before the new sum was agreed. Of the quarter's £250, £50 are left for it."""
    made = contract(
        _sum("Sum C", "Council", 200, "quarter", at_end=False),
        cap("Limit P", OF_COUNCIL, 250, Over("quarter")),
        results=(),
        variations=_change(
            date(2027, 1, 31),
            date(2027, 1, 1),
            replace=(_sum("Sum C", "Council", 150, "month", at_end=True),),
        ),
    )
    quarters = {("Council", "Sum C", quarter): "200" for quarter in (Q1, Q2, date(2026, 10, 1))}
    return made, {**quarters, ("Council", "Sum C", Q4): "250"}


ROWS = ((200, Over("year")), (250, Over("period")))
LIMIT_P = Cap("Limit P", tuple(Row(TO_PROVIDER, Most(Fraction(most)), over) for most, over in ROWS))


def _changed(**what: object) -> Contract:
    """A year's limit of £200 and a period's of £250 on £150 a month from October; the period's £400 on Council stays.

    Agreed on 14 December, with effect from October.
    """
    return contract(
        Regular("Sum D", paid_by("Council"), Fraction(150), "month", at_end=False, by_days=False, starts=date(2026, 10, 1)),
        LIMIT_P,
        cap("Limit Q", OF_COUNCIL, 400, Over("period")),
        results=(),
        statements="once at the end",
        variations=_change(date(2026, 12, 14), date(2026, 10, 1), **what),
    )  # fmt: skip


def a_limit_that_is_removed_goes_on_the_day_of_agreement() -> Worked:
    """October to December are stated under it: 150 + 50 + 0. Then it is gone: January 150, February 50 under the other."""
    made = _changed(remove=(LIMIT_P,))
    return made, {("Council", "Sum D", Q1): "400"}


def a_limit_that_is_replaced_cuts_from_the_day_of_agreement() -> Worked:
    """£300 a year in place of £200: 150 + 50 + 0 are stated, and use up 200 of it. 100 are left from January on."""
    higher = cap("Limit P", TO_PROVIDER, 300, Over("year"))
    made = _changed(replace=(higher,))
    return made, {("Council", "Sum D", Q1): "300"}


def a_limit_that_is_added_cuts_and_counts_from_the_day_of_agreement() -> Worked:
    """£100 a month of October to December are stated without a limit. The new one of £250 holds January to March."""
    made = contract(
        monthly("Sum A", "Council", 100, starts=date(2026, 10, 1)),
        results=(),
        statements="once at the end",
        variations=_change(
            date(2027, 1, 1), date(2026, 10, 1), add=(cap("Limit P", OF_COUNCIL, 250, Over("year")),)
        ),
    )
    return made, {("Council", "Sum A", Q1): "550"}


def what_is_added_uses_no_room_before_it_was_agreed() -> Worked:
    """The sums of 1 July and 1 October are of before the agreement: not due. Only 1 January is, before the fee."""
    made = contract(
        fee("Fee A", "Council", 400),
        cap("Limit P", TO_PROVIDER, 400, Over("period")),
        results=((date(2026, 4, 15), "Start", 1),),
        statements="once at the end",
        variations=_change(
            date(2026, 12, 31),
            date(2026, 6, 22),
            add=(_sum("Sum X", "Council", 50, "quarter", at_end=False),),
        ),
    )
    return made, {("Council", "Fee A", Q1): "350", ("Council", "Sum X", Q1): "50"}


def a_block_that_goes_on_meets_its_own_time_first() -> Worked:
    """One statement holds May's fee of the block's year and July's of the next: the £50 meet May's, as it stands in words.

    Its cap of £250 on the first year then leaves 250 of May's 250, and all of July's.
    """
    made = contract(
        fee("Fee B", "Council", 300, "Finish"),
        cap("Limit P", under("Fee B"), 250, Over(days=(date(2026, 4, 1), date(2027, 3, 31)))),
        last=date(2027, 9, 30),
        statements="once at the end",
        results=((date(2026, 5, 10), "Finish", 1), (date(2027, 7, 10), "Finish", 5)),
        blocks=(
            Block("Block K", "Council", date(2026, 4, 1), Fraction(50), ("Fee B",), Over("year"), unused="carried forward"),
        ),
    )  # fmt: skip
    return made, {("Council", "Block K", Q1): "50", ("Council", "Fee B", Q1): "1750"}


def _saved(name: str, payer: str, pays: int) -> Fee:
    return fee(name, payer, pays, "Saved", taken_back="by repayment")


def what_is_owed_back_gives_room_in_its_own_month() -> Worked:
    """April holds 300 - 70 = 230 under £100 a month: 130 are cut, and 170 of April's 300 are left."""
    made = contract(
        _saved("Fee D", "Fund", 70),
        fee("Fee B", "Council", 150, "Finish"),
        cap("Limit R", under("Fee D", "Fee B"), 100, Over("month")),
        results=((date(2026, 4, 1), "Saved", -1), (date(2026, 4, 1), "Finish", 2)),
    )
    return made, {("Fund", "Fee D", Q1): "-70", ("Council", "Fee B", Q1): "170"}


def losses_keep_their_months_in_what_gains_leave_of_them() -> Worked:
    """-70 in April, 70 in May, -140 in June: £140 are owed back, a third of it April's 46.67 and two thirds June's 93.33.

    So April has 146.67 for its 150, and June 193.33, more than its 150. May's 150 find 100.
    """
    made = contract(
        _saved("Fee D", "Fund", 70),
        fee("Fee B", "Council", 150, "Finish"),
        cap("Limit R", under("Fee D", "Fee B"), 100, Over("month")),
        results=(
            (date(2026, 4, 1), "Saved", -1),
            (date(2026, 4, 2), "Finish", 1),
            (date(2026, 5, 1), "Saved", 1),
            (date(2026, 5, 2), "Finish", 1),
            (date(2026, 6, 1), "Saved", -2),
            (date(2026, 6, 2), "Finish", 1),
        ),
    )
    return made, {("Fund", "Fee D", Q1): "-140", ("Council", "Fee B", Q1): "396.67"}


def rates_by_all_units_that_start_later_count_from_their_start() -> Worked:
    """Two of May under the rates' start of 1 July are nobody's units. Three of July are the first three: £50 each."""
    flat = fee("Fee A", "Council", 300, ends=date(2026, 7, 19))
    rates = Fee(
        "Fee A", paid_by("Council"), "Start", ((3, Fraction(50)), (None, Fraction(300))), Over(), all_units=True,
        starts=date(2026, 7, 1),
    )  # fmt: skip
    made = contract(
        flat,
        results=((date(2026, 5, 5), "Start", 2), (date(2026, 7, 20), "Start", 3)),
        variations=(
            Variation("Change 1", date(2026, 4, 2), date(2026, 5, 1), repriced=True, replace=(rates,)),
        ),
    )
    return made, {("Council", "Fee A", Q2): "150"}


def tiers_that_start_later_count_from_their_start() -> Worked:
    """So do tiers: two of April at the old rate fill nothing; of July's four, three at £50 and one at £300."""
    tiers = Fee(
        "Fee A", paid_by("Council"), "Start", ((3, Fraction(50)), (None, Fraction(300))), Over(), starts=date(2026, 7, 1)
    )  # fmt: skip
    made = contract(
        fee("Fee A", "Council", 300),
        results=((date(2026, 4, 5), "Start", 2), (date(2026, 7, 20), "Start", 4)),
        variations=(
            Variation("Change 1", date(2026, 4, 20), date(2026, 5, 1), repriced=True, replace=(tiers,)),
        ),
    )
    return made, {("Council", "Fee A", Q1): "600", ("Council", "Fee A", Q2): "450"}


def _by_days(name: str, pays: int, unit: str, *, at_end: bool) -> Regular:
    return Regular(name, paid_by("Council"), Fraction(pays), unit, at_end, by_days=True)  # type: ignore[arg-type]


def a_part_that_ends_before_the_agreement_is_paid_with_it() -> Worked:
    """£92 for October to December ends on 14 November, unstated: £45. Then £60 a month: £32 of November, and three more."""
    made = contract(
        _by_days("Sum A", 92, "quarter", at_end=True),
        results=(),
        first=date(2026, 10, 1),
        last=date(2027, 2, 28),
        variations=_change(
            date(2026, 11, 15), date(2026, 10, 1), replace=(_by_days("Sum A", 60, "month", at_end=True),)
        ),
    )
    return made, {("Council", "Sum A", date(2026, 10, 1)): "137", ("Council", "Sum A", Q4): "120"}


def days_that_were_stated_ahead_are_not_paid_again() -> Worked:
    """£92 were stated on 1 October for all of its quarter, and use up the quarter's £100. £60 a month begin in January."""
    made = contract(
        _by_days("Sum A", 92, "quarter", at_end=False),
        monthly("Sum B", "Council", 50),
        cap("Limit P", OF_COUNCIL, 100, Over("quarter")),
        results=(),
        first=date(2026, 10, 1),
        last=date(2027, 1, 31),
        variations=_change(
            date(2026, 11, 15), date(2026, 10, 1), replace=(_by_days("Sum A", 60, "month", at_end=True),)
        ),
    )
    # 8 of October's 50 find room. On 31 January 60 and 50 are due, pro rata to the 100.
    return made, {
        ("Council", "Sum A", date(2026, 10, 1)): "92",
        ("Council", "Sum B", date(2026, 10, 1)): "8",
        ("Council", "Sum A", Q4): "54.55",
        ("Council", "Sum B", Q4): "45.45",
    }


def a_share_of_what_is_owed_back_is_nothing() -> Worked:
    """The fund is owed £70: half of that is no limit below nought, and takes no more than all of the fee."""
    share = Row(OF_COUNCIL, Most(share=Fraction(1, 2), of=OF_FUND, after=True), Over())
    made = contract(
        _saved("Fee D", "Fund", 70),
        fee("Fee B", "Council", 150),
        Cap("Limit P", (share,)),
        results=((date(2026, 4, 1), "Saved", -1), (date(2026, 4, 1), "Start", 1)),
    )
    return made, {("Fund", "Fee D", Q1): "-70"}


def what_was_owed_back_is_adjusted_in_its_direction() -> Worked:
    """£100 and £50 of spring are owed back. In October the one fee becomes £60, and the other is removed from the start."""
    lower = replace(_saved("Fee A", "Council", 50), rates=((None, Fraction(30)),))
    gone = _saved("Fee B", "Council", 25)
    made = contract(
        _saved("Fee A", "Council", 50),
        gone,
        results=((date(2026, 4, 1), "Saved", -2), (date(2026, 7, 1), "Saved", 2)),
        variations=(
            Variation(
                "Change 1",
                date(2026, 10, 15),
                date(2026, 4, 1),
                repriced=True,
                replace=(lower,),
                remove=(gone,),
            ),
        ),
    )
    return made, {("Council", "Fee A", Q1): "-60", ("Council", "Fee A", Q2): "60"}


BOTH_CARRIED = Cap(
    "Limit P",
    (
        Row(OF_COUNCIL, Most(Fraction(100)), Over("quarter")),
        Row(OF_FUND, Most(Fraction(50)), Over("quarter")),
    ),
    "carried",
)


def _carried(**what: object) -> Contract:
    """£300 of the council's and £200 of the fund's in spring and summer; what limits them changes on 1 July."""
    return contract(
        fee("Fee A", "Council", 300),
        fee("Fee B", "Fund", 200),
        BOTH_CARRIED,
        results=((date(2026, 4, 15), "Start", 1), (date(2026, 7, 15), "Start", 1)),
        variations=(Variation("Change 1", date(2026, 6, 1), date(2026, 7, 1), repriced=True, **what),),  # type: ignore[arg-type]
    )


SPRING = {("Council", "Fee A", Q1): "100", ("Fund", "Fee B", Q1): "50"}


def what_a_limit_carries_is_owed_without_it() -> Worked:
    """The limit is removed: what it cut, 200 and 150, is owed in summer beside 300 and 200."""
    made = _carried(remove=(BOTH_CARRIED,))
    return made, {**SPRING, ("Council", "Fee A", Q2): "500", ("Fund", "Fee B", Q2): "350"}


def what_a_row_carries_is_owed_without_it() -> Worked:
    """The fund's row goes: its 150 are owed in summer. The council's goes on, and carries to the end of the year."""
    made = _carried(replace=(Cap("Limit P", BOTH_CARRIED.rows[:1], "carried"),))
    council = {("Council", "Fee A", quarter): "100" for quarter in (Q2, date(2026, 10, 1), Q4)}
    return made, {**SPRING, **council, ("Fund", "Fee B", Q2): "350"}


def what_a_limit_carries_is_owed_under_one_that_loses() -> Worked:
    """The new limit of 400 and 300 carries nothing: the 200 and 150 come first, and of 300 and 200 it leaves 200 and 150."""
    rows = (
        Row(OF_COUNCIL, Most(Fraction(400)), Over("quarter")),
        Row(OF_FUND, Most(Fraction(300)), Over("quarter")),
    )
    made = _carried(replace=(Cap("Limit P", rows, "lost"),))
    return made, {**SPRING, ("Council", "Fee A", Q2): "400", ("Fund", "Fee B", Q2): "300"}


def what_a_payment_carries_is_owed_after_it_is_removed() -> Worked:
    """Its own limit goes with it: the 200 that it cut in spring are owed in summer, whole."""
    limited = fee("Fee A", "Council", 300, limit=Limit(Most(Fraction(100)), Over("quarter"), "carried"))
    made = contract(
        limited,
        fee("Fee B", "Fund", 10),
        variations=(
            Variation("Change 1", date(2026, 6, 1), date(2026, 7, 1), repriced=True, remove=(limited,)),
        ),
    )
    return made, {
        ("Council", "Fee A", Q1): "100",
        ("Council", "Fee A", Q2): "200",
        ("Fund", "Fee B", Q1): "10",
    }


WORKED: list[Callable[[], Worked]] = [
    what_was_stated_has_used_the_room,
    a_limit_that_is_removed_goes_on_the_day_of_agreement,
    a_limit_that_is_replaced_cuts_from_the_day_of_agreement,
    a_limit_that_is_added_cuts_and_counts_from_the_day_of_agreement,
    what_is_added_uses_no_room_before_it_was_agreed,
    a_block_that_goes_on_meets_its_own_time_first,
    what_is_owed_back_gives_room_in_its_own_month,
    losses_keep_their_months_in_what_gains_leave_of_them,
    rates_by_all_units_that_start_later_count_from_their_start,
    tiers_that_start_later_count_from_their_start,
    a_share_of_what_is_owed_back_is_nothing,
    a_part_that_ends_before_the_agreement_is_paid_with_it,
    days_that_were_stated_ahead_are_not_paid_again,
    what_was_owed_back_is_adjusted_in_its_direction,
    what_a_limit_carries_is_owed_without_it,
    what_a_row_carries_is_owed_without_it,
    what_a_limit_carries_is_owed_under_one_that_loses,
    what_a_payment_carries_is_owed_after_it_is_removed,
]


@pytest.mark.parametrize("worked", WORKED, ids=lambda one: one.__name__)
def test_the_slow_interpreter_pays_what_was_worked_out(worked: Callable[[], Worked]) -> None:
    made, expected = worked()
    found = {(key.payer, key.payment, key.statement): f"{amount}" for key, amount in stated(made).items()}
    assert _plain(found) == _plain(expected)


@pytest.mark.parametrize("worked", WORKED, ids=lambda one: one.__name__)
def test_the_program_pays_what_was_worked_out(worked: Callable[[], Worked], tmp_path: Path) -> None:
    made, expected = worked()
    found = {
        (key.payer, key.payment, key.statement): f"{amount}"
        for key, amount in by_key(made, lines(tmp_path, made)).items()
    }
    assert _plain(found) == _plain(expected)
