"""Generated contracts whose last days stand by name, and what caps with a named day add to the model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from sibdsl.model.nodes import Assumption, ByName, Contract, Given
from sibdsl.model.parameters.in_force import as_written

#: The places of the heading, and the names that may stand there.
LAST_DAYS = {"service period, last day": "Final Service Day", "payment period, last day": "Final Payment Day"}


@st.composite
def by_name(draw: DrawFn, contract: Contract) -> Contract:
    """The contract, sometimes with its last days by name or with statements on days of its own."""
    paid = contract.payment_period
    days = {"service period, last day": contract.service.last, "payment period, last day": paid.last}
    named: list[ByName] = []
    for where, name in LAST_DAYS.items():
        if draw(st.integers(0, 3)) == 0:
            choice = Assumption(name, "", "date", days[where], reason="left open")
            contract = evolve(contract, assumptions=(*contract.assumptions, choice))
            named.append(ByName(where, name, days[where].isoformat()))
    if draw(st.integers(0, 5)) == 0:
        ends = draw(st.lists(st.integers(0, (paid.end - paid.start).days - 2), max_size=3, unique=True))
        found = (*(paid.start + timedelta(days=one) for one in sorted(ends)), paid.last)
        contract = evolve(contract, calendar="quarterly", statements_on=found)
    named += _of_caps(contract)
    return evolve(contract, by_name=tuple(sorted(named, key=lambda one: (one.of, one.name))))


def _of_caps(contract: Contract) -> Iterator[ByName]:
    values = as_written(contract).values
    for cap in contract.caps:
        clause = f"{cap.clause}, cap {cap.name}" if cap.clause else f"cap {cap.name}"
        every = [
            *(
                one
                for row in cap.rows
                for one in (row.selections[0], *row.selections[1 + len(row.leaves_out) :])
            )
        ]
        for chosen in (*every, *cap.rows[0].leaves_out):
            for day, side in ((chosen.earned_to, "before"), (chosen.earned_from, "after")):
                if isinstance(day, Given):
                    value = values[day.name]
                    assert isinstance(value, date)
                    yield ByName(f"{clause}: earned on or {side}", day.name, value.isoformat())
