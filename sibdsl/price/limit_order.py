"""In which order limits cut what falls due on one day: the narrowest first, for contracts and programmes alike.

Sources of the rules: language reference, 'Caps', 'The order of caps, and what they leave out' and 'Programmes'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from heapq import heappop, heappush
from typing import assert_never

from attrs import frozen

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.bounds import ForEachPerson, InAll, Pot, ReturnOn, ShareOfPayments, bound
from sibdsl.model.nodes import Cap, Programme
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import occasions
from sibdsl.price.builder import Builder, not_below_nought
from sibdsl.price.cap_limits import Limit, LimitRow, shared_occasions, time_of_all
from sibdsl.price.limits_in_force import rows_in_force
from sibdsl.price.topped_up import in_by_day

#: What goes first of limits that run over so many days.
PAYMENTS_OWN, CONTRACTS, PROGRAMMES = range(3)


@frozen(order=True)
class Place:
    """Where a limit stands in the order, over one of its times: the fewest days inside the payment period come first.

    Of so many days a payment's own limits come before a contract's, and these before a programme's, by `rank`; then they stand
    by contract, and as they are written.
    """

    days: int
    rank: int
    contract: str
    place: int


def days_of(whole: Period, days: Period) -> int:
    """How many days of a payment period a limit runs over. Source: language reference, 'Caps'."""
    return (min(days.end, whole.end) - max(days.start, whole.start)).days


def limits_in_order(members: Sequence[Builder], programme: Programme, own: Settings) -> list[Limit]:
    """Every limit over each of its times, in the order in which limits cut.

    The fewest days inside the payment period come first (of a programme, inside the time of all its contracts); of so many
    days a payment's own limits, then a contract's, then the programme's; then as they are written. A limit that says that
    it comes after others does. Raises Unpriceable for limits that come after one another in a ring.
    """
    rows = [limit_row for member in members for limit_row in _rows_of(member)]
    found: list[tuple[Place, Limit]] = []
    for limit_row in rows:
        if limit_row.owner is not None:
            contract, grain = limit_row.owner.contract, limit_row.owner.grain
            found += _over_times(
                limit_row, occasions(contract, limit_row.row.scope), contract.payment_period, grain
            )
    contracts = [member.contract for member in members]
    shared_rows = [(cap, row) for cap in programme.caps for row in cap.rows]
    for place, (shared_cap, row) in enumerate(shared_rows):
        limit = bound(row)
        if not isinstance(limit, InAll | Pot):
            raise TypeError(f"{shared_cap.name} is a programme's, whose limits are amounts and pots")
        shared = LimitRow(shared_cap, row, limit, None, own, PROGRAMMES, place)
        times = shared_occasions(programme, contracts, row.scope)
        found += _over_times(shared, times, time_of_all(contracts), members[0].grain)
    found.sort(key=lambda placed: placed[0])
    return as_stated([limit for _, limit in found])


def _rows_of(member: Builder) -> list[LimitRow]:
    limit_rows: list[LimitRow] = []
    placed: dict[int, LimitRow] = {}
    for at, row_in_force in enumerate(rows_in_force(member.contract)):
        rank = PAYMENTS_OWN if row_in_force.own else CONTRACTS
        before = None if row_in_force.replaces is None else placed.get(row_in_force.replaces)
        match bound(row_in_force.row):
            case InAll() | Pot() | ReturnOn() | ShareOfPayments() as limit:
                placed[at] = LimitRow(
                    row_in_force.cap,
                    row_in_force.row,
                    limit,
                    member,
                    member.settings,
                    rank,
                    len(limit_rows),
                    before,
                )
                limit_rows.append(placed[at])
            case ForEachPerson():
                pass  # what each person earns is limited before it is due: see `limits_for_each_person`
            case limit:
                assert_never(limit)
    return limit_rows


def _over_times(
    limit_row: LimitRow, times: Sequence[Period], whole: Period, grain: Fraction
) -> list[tuple[Place, Limit]]:
    """The limit over each of its times, each with its place in the order."""
    owner = limit_row.owner.name if limit_row.owner else ""
    if isinstance(limit_row.bound, Pot):
        place = Place(days_of(whole, whole), limit_row.rank, owner, limit_row.place)
        filled: list[Limit] = []
        for days, amount in in_by_day(limit_row.bound, whole, limit_row.settings, grain, limit_row.span):
            filled.append(Limit(limit_row, days, amount, earlier=filled[-1] if filled else None))
        return [(place, limit) for limit in filled]
    amount = not_below_nought(limit_row.settings.number(limit_row.row.amount), "A cap", limit_row.span)
    match limit_row.bound:
        case InAll():
            amount = money.round_to(amount, grain, "down")
        case ReturnOn():
            pass  # a rate: what is owed is worked out day by day
        case ShareOfPayments():
            if amount >= 1:
                raise Unpriceable(
                    "A limit that is a share of payments must be less than 100% of them.", limit_row.span
                )
        case _:
            assert_never(limit_row.bound)
    return [
        (Place(days_of(whole, days), limit_row.rank, owner, limit_row.place), Limit(limit_row, days, amount))
        for days in times
    ]


def as_stated(limits: list[Limit]) -> list[Limit]:
    """The limits in their order, but those that are to come after other caps after all of these."""
    waiting = Counter((limit.of.owner, limit.of.cap.name) for limit in limits)
    behind: dict[tuple[Builder | None, str], list[int]] = {}
    blocked: dict[int, int] = {}
    for at, limit in enumerate(limits):
        earlier = [cap for cap in _before(limit.of) if cap in waiting]
        blocked[at] = len(earlier)
        for cap in earlier:
            behind.setdefault(cap, []).append(at)
    found: list[Limit] = []
    ready = [at for at, caps in blocked.items() if not caps]
    while ready:
        limit = limits[heappop(ready)]
        found.append(limit)
        cap = limit.of.owner, limit.of.cap.name
        waiting[cap] -= 1
        for at in () if waiting[cap] else behind.get(cap, ()):
            blocked[at] -= 1
            if not blocked[at]:
                heappush(ready, at)
    if len(found) < len(limits):
        first = next(limit for limit in limits if limit not in found)
        raise Unpriceable("These caps come after one another in a ring.", first.of.span)
    return found


def _before(limit_row: LimitRow) -> set[tuple[Builder | None, str]]:
    after = limit_row.cap.after if isinstance(limit_row.cap, Cap) else ()
    return {(limit_row.owner, name) for name in after if name != limit_row.cap.name}
