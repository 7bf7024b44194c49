"""Random small contracts: the program and the slow interpreter agree to the penny, and what must hold of limits does.

`LIMITS_EXAMPLES=20000 HYPOTHESIS_PROFILE=deep pytest tests/limits` looks for hours; a few examples are looked at each time.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.limits import made
from tests.limits.asking import Line, Refusal
from tests.limits.calendar import Days, statement_periods, times
from tests.limits.compare import by_key, differences, lines, told
from tests.limits.in_force import as_varied, parts
from tests.limits.slow import days_that_matter, stated
from tests.limits.terms import METRICS, Contract, Fee, Programme, Regular, Row, Selection

EXAMPLES = int(os.environ.get("LIMITS_EXAMPLES") or settings.default.max_examples)  # type: ignore[union-attr]
slowly = settings(max_examples=EXAMPLES)
fewer = settings(max_examples=max(EXAMPLES // 3, 10))

UNVARIED = made.ALL - {"variation"}
WITHOUT_BLOCKS = UNVARIED - {"blocks"}
DAY = timedelta(days=1)


def run(whole: Contract | Programme, as_of: date | None = None) -> list[Line]:
    """The lines of the program. A contract that it refuses, such as one whose blocks alone exceed a cap, is passed over."""
    with TemporaryDirectory() as folder:
        try:
            return lines(Path(folder), whole, as_of)
        except Refusal:
            assume(False)
            raise


def agree(whole: Contract | Programme, as_of: date | None = None) -> None:
    found = differences(stated(whole, as_of), by_key(whole, run(whole, as_of)))
    assert not found, told(whole, as_of, found)


@slowly
@given(made.contracts())
def test_contracts_pay_what_the_slow_interpreter_says(contract: Contract) -> None:
    agree(contract)


@fewer
@given(made.contracts(), st.data())
def test_so_they_do_on_every_day_that_matters(contract: Contract, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(days_that_matter(contract) or [contract.last]))
    for as_of in (day - DAY, day, day + DAY):
        agree(contract, max(as_of, contract.first))


@fewer
@given(made.contracts(made.ALL - {"variation", "turns", "named", "earned"} | {"signs"}))
def test_amounts_below_nought_pay_what_the_slow_interpreter_says(contract: Contract) -> None:
    """By the month, so that no statement is counted in parts."""
    monthly = replace(contract, statements="monthly")
    terms = as_varied(0, monthly, None)
    assume(len(parts(terms)) == len(terms.periods))
    agree(monthly)


@fewer
@given(made.programmes(made.ALL - {"variation"}))
def test_programmes_pay_what_the_slow_interpreter_says(programme: Programme) -> None:
    agree(programme)


@fewer
@given(made.programmes(made.ALL - {"left"}), st.data())
def test_so_they_do_as_of_a_day(programme: Programme, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(days_that_matter(programme) or [programme.members[0].last]))
    agree(programme, max(day, *(one.first for one in programme.members)))


# ------------------------------------------------------------------------------------------ what must hold


def _bare(every: list[Line]) -> Counter[Line]:
    return Counter(every)


@fewer
@given(made.contracts(UNVARIED), st.data())
def test_what_was_stated_is_not_changed_later(contract: Contract, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(days_that_matter(contract) or [contract.last]))
    early, late = _bare(run(contract, day)), _bare(run(contract))
    assert early <= late, told(contract, day, []) + f"\nonly then: {early - late}"


@fewer
@given(made.contracts(UNVARIED), st.data())
def test_what_is_stated_does_not_hang_on_results_to_come(contract: Contract, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(days_that_matter(contract) or [contract.last]))
    known = tuple(one for one in contract.results if one[0] <= day)
    blind = Contract(**{**contract.__dict__, "results": known})
    found = differences(by_key(contract, run(blind, day)), by_key(contract, run(contract, day)))
    assert not found, told(contract, day, found)


@fewer
@given(made.contracts())
def test_no_cut_adds_and_nothing_is_paid_below_nought(contract: Contract) -> None:
    every = run(contract)
    for line in every:
        if line.kind in ("cap_cut", "set_off", "taken_back"):
            assert line.amount < 0, told(contract, None, [])
        elif line.kind != "adjustment":
            assert line.amount > 0, told(contract, None, [])
    repaid = any(isinstance(one, Fee) and one.taken_back == "by repayment" for one in contract.payments)
    if not contract.variations and not repaid:
        assert all(amount > 0 for amount in by_key(contract, every).values()), told(contract, None, [])


def _as_paid(line: Line) -> Line:
    """What is owed back as less of what it is owed back of."""
    if line.kind != "repaid":
        return line
    return line._replace(payer=line.payee, payee=line.payer, amount=-line.amount)


def _among(selection: Selection, contract: Contract, line: Line) -> bool:
    payment = next((one for one in contract.payments if one.name == line.payment), None)
    metric = payment.metric if isinstance(payment, Fee) else ""
    return (
        (not selection.payers or line.payer in selection.payers)
        and (not selection.under or line.payment in selection.under)
        and (not selection.earned_by or metric in selection.earned_by)
        and (selection.only != "results" or isinstance(payment, Fee))
        and (selection.only != "outcomes" or METRICS.get(metric) == "outcome")
    )


def _rows(contract: Contract) -> list[tuple[str, Row, tuple[Selection, ...]]]:
    found = [
        (cap.name, row, cap.leaves_out) for cap in contract.caps for row in cap.rows if row.most.share is None
    ]
    for payment in contract.payments:
        if payment.limit and payment.limit.excess in ("lost", "carried"):
            row = Row(Selection(under=(payment.name,)), payment.limit.most, payment.limit.over)
            found.append((payment.name, row, ()))
    return found


@fewer
@given(made.contracts(WITHOUT_BLOCKS - {"earned"}))
def test_no_more_is_paid_under_a_limit_than_it_allows(contract: Contract) -> None:
    every = [_as_paid(line) for line in run(contract)]
    whole = Days(contract.first, contract.last)
    periods = statement_periods(contract.statements, contract.years, whole)
    for name, row, out in _rows(contract):
        for days in times(row.over, contract.years, whole, periods):
            paid = sum(
                (
                    line.amount
                    for line in every
                    if days.holds(line.start)
                    and _among(row.covers, contract, line)
                    and not any(_among(one, contract, line) for one in out)
                ),
                Fraction(0),
            )
            assert paid <= row.most.pounds, f"{name} in {days}: {paid}\n{told(contract, None, [])}"


@fewer
@given(made.programmes(UNVARIED))
def test_the_order_of_a_programmes_table_changes_nothing(programme: Programme) -> None:
    turned = Programme(**{**programme.__dict__, "order": tuple(reversed(range(len(programme.members))))})
    assert by_key(programme, run(programme)) == by_key(turned, run(turned)), told(programme, None, [])


@fewer
@given(made.contracts(UNVARIED - {"after"}))
def test_what_a_programme_of_one_contract_pays_is_what_the_contract_pays(contract: Contract) -> None:
    """Caps of the contract stay caps of the contract; the programme adds none, or one that never binds."""
    from tests.limits.terms import Cap, Most, Over

    never = Cap(
        "Wide",
        (Row(Selection(payees=("Provider",)), Most(Fraction(10**9)), Over(whole="programme"), ("North",)),),
    )
    member = Contract(**{**contract.__dict__, "part_of": "Both"})
    alone = by_key(contract, run(contract))
    for caps in ((), (never,)):
        programme = Programme("Both", (member,), caps)
        assert by_key(programme, run(programme)) == alone, told(contract, None, [])


@pytest.mark.parametrize("kind", [Fee, Regular])
def test_the_generator_makes_both_kinds_of_payment(kind: type) -> None:
    @settings(max_examples=50, database=None)
    @given(made.contracts())
    def look(contract: Contract) -> None:
        seen.update(type(one) for one in contract.payments)

    seen: set[type] = set()
    look()
    assert kind in seen
