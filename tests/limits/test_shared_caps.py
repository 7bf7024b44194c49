"""Limits that contracts of a programme share: what must hold of them, whatever they cover and whatever becomes of the excess."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.limits import made
from tests.limits.calendar import Days, times
from tests.limits.compare import by_key, told
from tests.limits.terms import Cap, Contract, Most, Over, Programme, Row, Selection
from tests.limits.test_against_slow import UNVARIED, WITHOUT_BLOCKS, _as_paid, fewer, run

PLAIN = WITHOUT_BLOCKS - {"earned"}


@fewer
@given(made.contracts(UNVARIED - {"after"}), st.data())
def test_the_cap_of_a_programme_of_one_contract_is_the_cap_in_the_contract(
    contract: Contract, data: st.DataObject
) -> None:
    """One cap over the council's payments, in the contract or in the programme; the contract has no other cap."""
    excess = data.draw(st.sampled_from(("lost", "Fund")))
    over = data.draw(st.sampled_from((Over(), Over("year"), Over("quarter"))))
    pounds = Fraction(data.draw(st.sampled_from((0, 50, 333, 1000, 2500))))
    by_clause = data.draw(st.booleans())
    if over.unit and by_clause:
        excess = data.draw(st.sampled_from((excess, "carried")))
    row = Row(Selection(payers=("Council",)), Most(pounds), over)
    own = Cap("Council Limit", (row,), excess, by_clause)
    within = replace(row, over=replace(over, whole="programme"), across=("North",))
    shared = Programme(
        "Both", (replace(contract, caps=(), part_of="Both"),), (replace(own, rows=(within,)),), contract.years
    )
    alone = replace(contract, caps=(own,))
    assert by_key(shared, run(shared)) == by_key(alone, run(alone)), told(alone, None, [])


@fewer
@given(made.programmes(PLAIN))
def test_all_contracts_together_are_paid_no_more_than_a_shared_limit_allows(programme: Programme) -> None:
    every = [_as_paid(line) for line in run(programme)]
    whole = Days(min(one.first for one in programme.members), max(one.last for one in programme.members))
    for cap in programme.caps:
        for row in cap.rows:
            for days in times(row.over, programme.years, whole, []):
                paid = sum(
                    (
                        line.amount
                        for line in every
                        if line.contract in row.across
                        and days.holds(line.start)
                        and (not row.covers.payers or line.payer in row.covers.payers)
                    ),
                    Fraction(0),
                )
                assert paid <= row.most.pounds, f"{cap.name} in {days}: {paid}\n{told(programme, None, [])}"


@fewer
@given(made.programmes(PLAIN))
def test_what_a_shared_limit_cuts_and_another_pays_is_the_same_to_the_penny(programme: Programme) -> None:
    """Where the other party is under no limit, all that is cut is paid in its place: contracts are paid what they earn."""
    shared = [
        replace(cap, excess="Fund") for cap in programme.caps if cap.rows[0].covers.payers == ("Council",)
    ][:1]
    members = tuple(
        replace(one, caps=(), payments=tuple(replace(payment, limit=None) for payment in one.payments))
        for one in programme.members
    )
    capped = replace(programme, members=members, caps=tuple(shared))
    free = replace(capped, caps=())
    totals = [
        {
            member.name: sum(
                (line.amount for line in map(_as_paid, run(each)) if line.contract == member.name),
                Fraction(0),
            )
            for member in members
        }
        for each in (capped, free)
    ]
    assert totals[0] == totals[1], told(capped, None, [])
