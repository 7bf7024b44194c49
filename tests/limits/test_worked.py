"""Small contracts whose amounts are worked out by hand, and why; the slow interpreter and the program both pay them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.limits.compare import by_key, files, lines
from tests.limits.slow import stated
from tests.limits.terms import (
    Cap,
    Clause,
    Contract,
    Excess,
    Fee,
    Limit,
    Most,
    Over,
    Payment,
    Programme,
    Regular,
    Row,
    Selection,
    Variation,
    contract_text,
    paid_by,
)

SPRING, SUMMER, AUTUMN = date(2026, 4, 15), date(2026, 7, 15), date(2026, 10, 15)
#: Payer, payment, first day of the statement period: pounds.
Expected = dict[tuple[str, str, date], str]

Q1, Q2, Q3, Q4 = date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)


def fee(name: str, payer: str, pays: int, metric: str = "Start", **more: object) -> Fee:
    return Fee(name, paid_by(payer), metric, ((None, Fraction(pays)),), **more)  # type: ignore[arg-type]


def monthly(name: str, payer: str, pays: int, **more: object) -> Regular:
    return Regular(name, paid_by(payer), Fraction(pays), "month", at_end=True, by_days=False, **more)  # type: ignore[arg-type]


def cap(name: str, covers: Selection, most: int, over: Over, excess: Excess = "lost", **more: object) -> Cap:
    return Cap(name, (Row(covers, Most(Fraction(most)), over),), excess, **more)  # type: ignore[arg-type]


def contract(
    *clauses: Clause, results: tuple[tuple[date, str, int], ...] = ((SPRING, "Start", 1),), **more: object
) -> Contract:
    payments = tuple(one for one in clauses if isinstance(one, Payment))
    caps = tuple(one for one in clauses if isinstance(one, Cap))
    told: dict[str, object] = {
        "name": "North", "first": date(2026, 4, 1), "last": date(2027, 3, 31), "years": (4, 1),
        "statements": "quarterly", "payments": payments, "caps": caps, "results": results,
    }  # fmt: skip
    return Contract(**(told | more))  # type: ignore[arg-type]


def days(first: date, last: date) -> Over:
    return Over(days=(first, last))


TO_PROVIDER = Selection(payees=("Provider",))
OF_COUNCIL = Selection(payers=("Council",))
OF_FUND = Selection(payers=("Fund",))


def under(*names: str) -> Selection:
    return Selection(under=names)


def one_day_under_two_limits() -> tuple[Contract, Expected]:
    """X halves A and B. Y is left with B's 50 and C's 300, of which 100 are paid: 50/350 and 300/350 of it.

    What Y takes from B is not given to A on that day: X was applied once.
    """
    made = contract(
        fee("Fee A", "Council", 100),
        fee("Fee B", "Council", 100),
        fee("Fee C", "Council", 300),
        cap("Limit X", under("Fee A", "Fee B"), 100, Over("quarter")),
        cap("Limit Y", under("Fee B", "Fee C"), 100, Over("year")),
    )
    return made, {
        ("Council", "Fee A", Q1): "50",
        ("Council", "Fee B", Q1): "14.29",
        ("Council", "Fee C", Q1): "85.71",
    }


def room_left_over_serves_later_days() -> tuple[Contract, Expected]:
    """As above with X over the half year: it has paid 64.29 of its 100, so A's 100 of summer find 35.71."""
    made = contract(
        fee("Fee A", "Council", 100),
        fee("Fee B", "Council", 100, "Finish"),
        fee("Fee C", "Council", 300, "Finish"),
        cap("Limit X", under("Fee A", "Fee B"), 100, days(date(2026, 4, 1), date(2026, 9, 30))),
        cap("Limit Y", under("Fee B", "Fee C"), 100, Over("year")),
        results=((SPRING, "Start", 1), (SPRING, "Finish", 1), (SUMMER, "Start", 1)),
    )
    return made, {
        ("Council", "Fee A", Q1): "50",
        ("Council", "Fee B", Q1): "14.29",
        ("Council", "Fee C", Q1): "85.71",
        ("Council", "Fee A", Q2): "35.71",
    }


def a_due_line_changes_no_order() -> tuple[Contract, Expected]:
    """Spring's statement is of 30 June, whenever it is paid in cash: it comes before the sum of 31 July."""
    made = contract(
        fee("Fee A", "Fund", 300),
        monthly("Sum B", "Council", 100, starts=date(2026, 7, 1), ends=date(2026, 7, 31)),
        cap("Limit P", TO_PROVIDER, 300, Over()),
        due="60 days after each statement",
    )
    return made, {("Fund", "Fee A", Q1): "300"}


def a_sum_due_within_a_part() -> tuple[Contract, Expected]:
    """April's 100 and May's fall due before 30 June, on which the quarter's fee does, though its part ends on 15 May."""
    made = contract(
        fee("Fee A", "Fund", 300),
        monthly("Sum B", "Council", 100, ends=date(2026, 5, 31)),
        cap("Limit P", TO_PROVIDER, 300, Over()),
        cap("Limit Q", OF_FUND, 100_000, days(date(2026, 5, 16), date(2027, 3, 31))),
    )
    return made, {("Council", "Sum B", Q1): "200", ("Fund", "Fee A", Q1): "100"}


def a_sum_due_in_a_quarter_of_one_part() -> tuple[Contract, Expected]:
    """The same without the limit that never binds: it pays the same."""
    made, expected = a_sum_due_within_a_part()
    return Contract(**{**made.__dict__, "caps": made.caps[:1]}), expected


def what_is_not_paid_takes_no_room() -> tuple[Contract, Expected]:
    """The sum's own limit was used up in spring. Summer's sum is cut to nothing, so the fee has the quarter's 100."""
    made = contract(
        Regular(
            "Sum A", paid_by("Council"), Fraction(100), "quarter", False, False, Limit(Most(Fraction(100)), Over())
        ),
        fee("Fee B", "Fund", 50),
        cap("Limit P", TO_PROVIDER, 100, Over("quarter")),
        results=((date(2026, 7, 1), "Start", 2),),
    )  # fmt: skip
    return made, {("Council", "Sum A", Q1): "100", ("Fund", "Fee B", Q2): "100"}


def a_narrow_limit_is_cut_by_a_wide_one() -> tuple[Contract, Expected]:
    """May's sum passes the quarter's limit and is cut by the council's; the quarter still has 71.43 for the fees."""
    made = contract(
        monthly("Sum A", "Council", 200),
        fee("Fee B", "Fund", 150),
        fee("Fee C", "Council", 70),
        cap("Limit P", under("Sum A", "Fee B", "Fee C"), 400, Over("quarter")),
        cap("Limit Q", OF_COUNCIL, 200, Over("quarter")),
        last=date(2026, 6, 30),
    )
    # On 30 June: 200, 150 and 70 are due, and 200 are left: 95.24, 71.43 and 33.33. Council's 200 are gone.
    return made, {("Council", "Sum A", Q1): "200", ("Fund", "Fee B", Q1): "71.43"}


def what_is_carried_takes_nothing_back() -> tuple[Contract, Expected]:
    """Spring: 200 of sums on 30 April and 31 May; on 30 June 1,200 and 100 for 200 of room. Summer's statement is of
    30 September: the sums of 31 July and 31 August come before it, and that of 30 September after what is carried.

    Spring: of 1,300, 1,100 are cut: 1,015.38 of the fee and 84.62 of the sum. Summer has 200 after two sums: the fee,
    the earlier clause, has them; 815.38 and 84.62 are carried on, with the 100 of September.
    """
    made = contract(
        fee("Fee A", "Fund", 300),
        monthly("Sum B", "Council", 100),
        cap("Limit P", TO_PROVIDER, 400, Over("quarter"), "carried"),
        results=((SPRING, "Start", 4),),
    )
    return made, {
        ("Fund", "Fee A", Q1): "184.62",
        ("Council", "Sum B", Q1): "215.38",
        ("Fund", "Fee A", Q2): "200",
        ("Council", "Sum B", Q2): "200",
        ("Fund", "Fee A", Q3): "200",
        ("Council", "Sum B", Q3): "200",
        ("Fund", "Fee A", Q4): "200",
        ("Council", "Sum B", Q4): "200",
    }


def what_is_carried_goes_by_clause() -> tuple[Contract, Expected]:
    """900 of each are due under 400 a quarter: 200 and 200; then A's 700 come first: 400, 300 and 100, 400 of B."""
    made = contract(
        fee("Fee A", "Council", 300),
        fee("Fee B", "Fund", 300),
        cap("Limit P", TO_PROVIDER, 400, Over("quarter"), "carried"),
        results=((SPRING, "Start", 3),),
    )
    return made, {
        ("Council", "Fee A", Q1): "200",
        ("Fund", "Fee B", Q1): "200",
        ("Council", "Fee A", Q2): "400",
        ("Council", "Fee A", Q3): "300",
        ("Fund", "Fee B", Q3): "100",
        ("Fund", "Fee B", Q4): "400",
    }


def what_fell_due_before_agreement_is_stated() -> tuple[Contract, Expected]:
    """The year's sum fell due on 1 April, a month before the new one was agreed. April's fee is stated on 30 June."""
    yearly = Regular("Sum A", paid_by("Council"), Fraction(4000), "year", False, False)
    dearer = Regular("Sum A", paid_by("Council"), Fraction(5000), "year", False, False)
    made = contract(
        yearly,
        fee("Fee B", "Council", 300),
        results=((date(2027, 4, 15), "Start", 1),),
        last=date(2028, 3, 31),
        variations=(
            Variation(
                "Change 1", date(2027, 5, 1), date(2027, 4, 1), repriced=False,
                replace=(dearer, fee("Fee B", "Council", 350)),
            ),
        ),
    )  # fmt: skip
    return made, {
        ("Council", "Sum A", Q1): "4000",
        ("Council", "Sum A", date(2027, 4, 1)): "4000",
        ("Council", "Fee B", date(2027, 4, 1)): "350",
    }


def excess_paid_by_another_comes_last() -> tuple[Contract, Expected]:
    """Fund owes 700 of Council's 1,200 beside its own 300. Of its 500, its own 300 come first, though its clause is later."""
    made = contract(
        fee("Fee A", "Council", 300),
        fee("Fee B", "Fund", 300, "Finish"),
        cap("Limit P", OF_COUNCIL, 500, Over(), "Fund"),
        cap("Limit Q", OF_FUND, 500, Over()),
        results=((SPRING, "Start", 4), (SPRING, "Finish", 1)),
    )
    return made, {
        ("Council", "Fee A", Q1): "500",
        ("Fund", "Fee A", Q1): "200",
        ("Fund", "Fee B", Q1): "300",
    }


def excess_paid_by_another_on_its_day() -> tuple[Contract, Expected]:
    """The sum of 30 April is cut then, and Fund owes its 60 then: before Fund's own fee, which is stated on 30 June."""
    made = contract(
        monthly("Sum A", "Council", 100, ends=date(2026, 4, 30)),
        fee("Fee B", "Fund", 100),
        cap("Limit P", OF_COUNCIL, 40, Over(), "Fund"),
        cap("Limit Q", OF_FUND, 100, Over()),
    )
    return made, {
        ("Council", "Sum A", Q1): "40",
        ("Fund", "Sum A", Q1): "60",
        ("Fund", "Fee B", Q1): "40",
    }


def saved(name: str, payer: str, pays: int, **more: object) -> Fee:
    return fee(name, payer, pays, "Saved", taken_back="by repayment", **more)


def a_loss_and_a_gain_of_one_day() -> tuple[Contract, Expected]:
    """They are netted before the limit is looked at: 1,500 less 600 are 900, within 1,000."""
    made = contract(
        saved("Fee A", "Council", 1),
        fee("Fee B", "Council", 300),
        cap("Limit P", OF_COUNCIL, 1000, Over()),
        results=((SPRING, "Saved", -600), (SPRING, "Start", 5)),
    )
    return made, {("Council", "Fee A", Q1): "-600", ("Council", "Fee B", Q1): "1500"}


def a_loss_is_never_cut() -> tuple[Contract, Expected]:
    """1,500 less 50 are 1,450: 450 are cut of the fees, and nothing is added to the loss."""
    made = contract(
        saved("Fee A", "Council", 1),
        fee("Fee B", "Council", 300),
        cap("Limit P", OF_COUNCIL, 1000, Over()),
        results=((SPRING, "Saved", -50), (SPRING, "Start", 5)),
    )
    return made, {("Council", "Fee A", Q1): "-50", ("Council", "Fee B", Q1): "1050"}


def a_limit_that_is_not_reached_cuts_no_loss() -> tuple[Contract, Expected]:
    """The earlier clause first, and the earlier is below nought: 300 less 50 stay far below 1,000."""
    made = contract(
        saved("Fee A", "Council", 1),
        fee("Fee B", "Council", 300),
        cap("Limit P", OF_COUNCIL, 1000, Over(), by_clause=True),
        results=((SPRING, "Saved", -50), (SPRING, "Start", 1)),
    )
    return made, {("Council", "Fee A", Q1): "-50", ("Council", "Fee B", Q1): "300"}


def what_was_lost_does_not_come_back() -> tuple[Contract, Expected]:
    """3,000 are paid and 750 lost by autumn. Winter's loss of 1,500 is owed back whole; it gives room to what follows."""
    made = contract(
        saved("Fee A", "Council", 750),
        cap("Limit P", OF_COUNCIL, 3000, Over()),
        statements="monthly",
        results=(
            (date(2026, 8, 31), "Saved", 3), (date(2026, 9, 30), "Saved", 2), (date(2027, 1, 31), "Saved", -2),
            (date(2027, 2, 28), "Saved", 1), (date(2027, 3, 31), "Saved", 2),
        ),
    )  # fmt: skip
    return made, {
        ("Council", "Fee A", date(2026, 8, 1)): "2250",
        ("Council", "Fee A", date(2026, 9, 1)): "750",
        ("Council", "Fee A", date(2027, 1, 1)): "-1500",
        ("Council", "Fee A", date(2027, 2, 1)): "750",
        ("Council", "Fee A", date(2027, 3, 1)): "750",
    }


WORKED: list[Callable[[], tuple[Contract, Expected]]] = [
    one_day_under_two_limits,
    room_left_over_serves_later_days,
    a_due_line_changes_no_order,
    a_sum_due_within_a_part,
    a_sum_due_in_a_quarter_of_one_part,
    what_is_not_paid_takes_no_room,
    a_narrow_limit_is_cut_by_a_wide_one,
    what_is_carried_takes_nothing_back,
    what_is_carried_goes_by_clause,
    what_fell_due_before_agreement_is_stated,
    excess_paid_by_another_comes_last,
    excess_paid_by_another_on_its_day,
    a_loss_and_a_gain_of_one_day,
    a_loss_is_never_cut,
    a_limit_that_is_not_reached_cuts_no_loss,
    what_was_lost_does_not_come_back,
]


def _plain(amounts: dict[tuple[str, str, date], Fraction]) -> Expected:
    return {key: f"{float(amount):.2f}" for key, amount in sorted(amounts.items())}


def _expected(amounts: Expected) -> Expected:
    return _plain({key: Fraction(amount) for key, amount in amounts.items()})


@pytest.mark.parametrize("worked", WORKED, ids=lambda one: one.__name__)
def test_the_slow_interpreter_pays_what_was_worked_out(
    worked: Callable[[], tuple[Contract, Expected]],
) -> None:
    made, expected = worked()
    found = {(key.payer, key.payment, key.statement): amount for key, amount in stated(made).items()}
    assert _plain(found) == _expected(expected)


@pytest.mark.parametrize("worked", WORKED, ids=lambda one: one.__name__)
def test_the_program_pays_what_was_worked_out(
    worked: Callable[[], tuple[Contract, Expected]], tmp_path: Path
) -> None:
    made, expected = worked()
    found = by_key(made, lines(tmp_path, made))
    assert _plain({(k.payer, k.payment, k.statement): amount for k, amount in found.items()}) == _expected(
        expected
    )


def test_sums_due_before_the_statement_are_there_before_it(tmp_path: Path) -> None:
    made, _ = what_is_carried_takes_nothing_back()
    found = by_key(made, lines(tmp_path, made, date(2026, 8, 31)))
    assert {(k.payer, k.payment): a for k, a in found.items() if k.statement == Q2} == {
        ("Council", "Sum B"): 200
    }


def alone() -> Contract:
    return contract(
        fee("Fee A", "Council", 1),
        fee("Fee B", "Fund", 1),
        cap("Limit P", OF_COUNCIL, 450, days(date(2026, 4, 1), date(2027, 3, 31))),
        cap("Limit Q", TO_PROVIDER, 700, days(date(2026, 10, 1), date(2027, 6, 30))),
        first=date(2026, 10, 1),
        last=date(2028, 3, 31),
        statements="once at the end",
        results=((date(2026, 10, 1), "Start", 900),),
    )


def together() -> Programme:
    """The same two limits, over one contract of a programme."""
    single = alone()
    member = Contract(**{**single.__dict__, "caps": (), "part_of": "Both"})
    caps = tuple(
        Cap(one.name, (Row(one.rows[0].covers, one.rows[0].most, one.rows[0].over, ("North",)),))
        for one in single.caps
    )
    return Programme("Both", (member,), caps)


@pytest.mark.parametrize("whole", [alone(), together()], ids=["alone", "in a programme"])
def test_one_order_of_limits_alone_and_in_a_programme(whole: Contract | Programme, tmp_path: Path) -> None:
    """The year 2026/27 has 182 days inside the payment period, so it is the shorter: 450 and 900, of which 700 are paid."""
    expected = {"Fee A": Fraction("233.33"), "Fee B": Fraction("466.67")}
    assert {key.payment: amount for key, amount in stated(whole).items()} == expected
    assert {key.payment: a for key, a in by_key(whole, lines(tmp_path, whole)).items()} == expected


THIRDS = """
payment Fee {letter} [3.{place}]
  payer     1/3 Council, the rest Fund
  payee     Provider
  for each  Start
  pays      £0.05
end payment
"""


def test_a_statement_of_shared_lines_is_rounded_once(tmp_path: Path) -> None:
    """Three lines of 5p, a third of each Council's: 5p of 15p. Rounded one by one they would be 2p each."""
    from tests.limits.asking import price

    text = contract_text(contract()).replace("rounding        each line", "rounding        each statement")
    text += "".join(THIRDS.format(letter=letter, place=place) for place, letter in enumerate("ABC"))
    found = price(tmp_path, {"c.sib": text}, "period,metric,band,quantity\n2026-04-15,Start,,1\n")
    totals: dict[str, Fraction] = {}
    for line in found:
        totals[line.payer] = totals.get(line.payer, Fraction(0)) + line.amount
    assert totals == {"Council": Fraction("0.05"), "Fund": Fraction("0.10")}


def test_every_worked_contract_says_what_it_is_read_from() -> None:
    """The text of a contract speaks of each of its clauses: nothing of the data is lost in print."""
    for worked in WORKED:
        made, _ = worked()
        text = "\n".join(files(made)[0].values())
        assert all(clause.name in text for clause in (*made.payments, *made.caps))
