"""How one limit cuts what falls due on a day, and how its room is used up. Source of the rules: language reference, 'Caps'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import assert_never

from attrs import define

from sibdsl.diagnostics import Unpriceable
from sibdsl.model.bounds import InAll, Pot, ReturnOn, ShareOfPayments
from sibdsl.model.nodes import Applies, Contract, SharedRow
from sibdsl.price.apportionment import above_nought, below_nought, beyond, take_cut
from sibdsl.price.builder import Due
from sibdsl.price.cap_limits import Limit, LimitRow
from sibdsl.price.excess import OF_ONE_AGE, CarriedLine, Cut, take_by_age
from sibdsl.price.graph import Graph, Greatest, Line, Round, Scale
from sibdsl.price.provenance import AmountOf, CapRoom, Purpose, ShareTaken
from sibdsl.price.returns import owed_by


@define(eq=False)
class CappedSum:
    """A sum on the day on which it is reckoned, and the limits that it stands under.

    `cut_by` may cut it, in the order in which they do; it fills `fills` and is not cut by them: block advances, repayments,
    and what was earned before a limit took the place of another. `shares` are those that are a share of it.
    """

    due: Due
    place: tuple[object, ...]
    cut_by: tuple[Limit, ...]
    fills: tuple[Limit, ...]
    shares: tuple[Limit, ...]
    #: The day by which its age is told when it is carried forward.
    since: date = OF_ONE_AGE
    #: The limits whose place those that it stands under took: once it is paid it has used their room as well.
    replaced: tuple[Limit, ...] = ()

    @property
    def line(self) -> Line:
        return self.due.line


def cut(
    graph: Graph,
    limit: Limit,
    mine: Sequence[CappedSum],
    present: Sequence[CappedSum],
    through: Sequence[CappedSum],
) -> list[Cut]:
    """Cut what exceeds the limit from `mine`, of what is `present` on the day. What was carried forward comes first.

    `through` is what the limit has let through on this day before. Lines below nought are netted first and never cut.
    """
    day = mine[0].line.stated_on
    before = [*limit.used_before(day), *_used_later(graph, limit, day)]
    before += [capped_sum.due.left for capped_sum in present if limit in capped_sum.fills]
    before += [capped_sum.due.left for capped_sum in through]
    before += [below_nought(graph, capped_sum.due) for capped_sum in mine if capped_sum.due.signed]
    used_by = _used_by(graph, limit, mine, present, through)
    cuts: list[Cut] = []
    carried = [capped_sum.due for capped_sum in mine if isinstance(capped_sum.due, CarriedLine)]
    own = [capped_sum for capped_sum in mine if not isinstance(capped_sum.due, CarriedLine)]
    if limit.of.sharing == "by clause" and isinstance(limit.of.row, SharedRow):
        own = _by_priority(limit.of.row, own)
    if carried:
        room, whole = _room(
            graph, limit, before, used_by, [carried_line.left for carried_line in carried], present, day
        )
        cuts += take_by_age(graph, limit, room, carried, whole)
        before = [*before, *(carried_line.left for carried_line in carried)]
        used_by = [*used_by, *((carried_line.line.contract, carried_line.left) for carried_line in carried)]
    if own:
        lines = [capped_sum.due for capped_sum in own]
        weights = [above_nought(graph, due) for due in lines]
        room, whole = _room(graph, limit, before, used_by, weights, present, day)
        parts = take_cut(graph, room, lines, whole, by_clause=limit.of.sharing == "by clause")
        cuts += [
            Cut(limit, entry.due, entry.since, step, cut)
            for entry, (cut, step) in zip(own, parts, strict=True)
        ]
    return cuts


def _by_priority(row: SharedRow, own: Sequence[CappedSum]) -> list[CappedSum]:
    """What falls due together in the order in which a limit names its contracts; of each contract in the order of its clauses."""
    return sorted(own, key=lambda capped_sum: row.across.index(capped_sum.line.contract))


def _used_later(graph: Graph, limit: Limit, day: date) -> list[int]:
    """What was paid before a day under what takes the limit's place, but for what that allows more."""
    paid, more = limit.paid_later(), limit.raised(day)
    if not paid or not more:
        return paid
    beyond_it = graph.less(
        graph.total(paid, Purpose.DUE_TO_DATE), [graph.constant(more)], Purpose.BEYOND_LIMIT
    )
    return [graph.add(Greatest((graph.constant(Fraction(0)), beyond_it), Purpose.NOT_BELOW_NOUGHT))]


def _used_by(
    graph: Graph,
    limit: Limit,
    mine: Sequence[CappedSum],
    present: Sequence[CappedSum],
    through: Sequence[CappedSum],
) -> list[tuple[str, int]]:
    """What uses the room before the limit cuts, as `before` in `cut`, each with its contract; of a shared limit only."""
    if limit.of.owner is not None:
        return []
    found = limit.used_by_before()
    found += [
        (capped_sum.line.contract, capped_sum.due.left) for capped_sum in present if limit in capped_sum.fills
    ]
    found += [(capped_sum.line.contract, capped_sum.due.left) for capped_sum in through]
    found += [
        (capped_sum.line.contract, below_nought(graph, capped_sum.due))
        for capped_sum in mine
        if capped_sum.due.signed
    ]
    return found


def _room(
    graph: Graph,
    limit: Limit,
    before: list[int],
    used_by: list[tuple[str, int]],
    weights: list[int],
    present: Sequence[CappedSum],
    day: date,
) -> tuple[CapRoom, int]:
    """The limit as it stands before it cuts what is due on a day, and the step of what it takes of that."""
    cap, row = limit.of.cap, limit.of.row
    by_contract = tuple(
        (contract, tuple(step for other_contract, step in used_by if other_contract == contract))
        for contract in dict.fromkeys(contract for contract, _ in used_by)
    )
    amount = graph.constant(limit.amount, AmountOf(cap.name))
    if limit.alone:
        room = CapRoom(cap, row, limit.days, amount, tuple(limit.wanted), limit.over, used_by=by_contract)
        return room, _over(graph, limit, weights)
    match limit.of.bound:
        case InAll() | Pot():
            room = CapRoom(cap, row, limit.days, amount, tuple(before), used_by=by_contract)
        case ReturnOn() as bound:
            room = CapRoom(
                cap, row, limit.days, _owed(graph, limit, bound, day), tuple(before), used_by=by_contract
            )
        case ShareOfPayments():
            most, share = _share(graph, limit, present)
            room = CapRoom(cap, row, limit.days, most, tuple(before), share=share)
        case _:
            assert_never(limit.of.bound)
    return room, beyond(graph, room.most, before, weights)


def _owed(graph: Graph, limit: Limit, bound: ReturnOn, day: date) -> int:
    """What is owed on the investment by the day, rounded down to the penny; nothing where more was paid than was owed."""
    owner = limit.of.owner
    if owner is None:
        raise TypeError(f"{limit.of.cap.name} is a programme's, whose limits are no return on an investment")
    exact = owed_by(graph, owner.contract, limit.of.settings, bound, limit.paid, day, limit.of.span)
    owed = graph.add(Round((exact,), graph.grain, "down"))
    return graph.add(Greatest((graph.constant(Fraction(0)), owed), Purpose.NOT_BELOW_NOUGHT))


def _over(graph: Graph, limit: Limit, weights: list[int]) -> int:
    """What a limit that stands alone cuts now: by how much the sum to date exceeds it, less what it cut before."""
    limit.wanted.extend(weights)
    cap = graph.constant(limit.amount, AmountOf(limit.of.cap.name))
    too_much = graph.less(graph.total(list(limit.wanted), Purpose.DUE_TO_DATE), [cap], Purpose.BEYOND_LIMIT)
    over = graph.add(Greatest((graph.constant(Fraction(0)), too_much), Purpose.CUT_TO_DATE))
    before, limit.over = limit.over, over
    return graph.less(over, [] if before is None else [before], Purpose.CUT)


def settle(graph: Graph, entries: Iterable[CappedSum]) -> None:
    """Use up the limits' room by what is paid in the end of what fell due, after all of them have cut."""
    used: dict[Limit, list[int]] = {}
    by_contract: dict[tuple[Limit, str], list[int]] = {}
    based: dict[Limit, list[int]] = {}
    later: dict[Limit, list[int]] = {}
    for entry in entries:
        for limit in (*entry.cut_by, *entry.fills):
            used.setdefault(limit, []).append(entry.due.left)
            if isinstance(limit.of.bound, ReturnOn):
                limit.paid.setdefault(entry.line.stated_on, []).append(entry.due.left)
            if limit.of.owner is None:
                by_contract.setdefault((limit, entry.line.contract), []).append(entry.due.left)
        for limit in entry.replaced:
            if isinstance(limit.of.bound, ReturnOn):
                limit.paid.setdefault(entry.line.stated_on, []).append(entry.due.left)
            else:
                later.setdefault(limit, []).append(entry.due.left)
        for limit in entry.shares:
            if limit.of.share_side == "after":
                based.setdefault(limit, []).append(entry.due.left)
    for limit, steps in used.items():
        limit.used = _added(graph, limit.used, steps)
    for (limit, contract), steps in by_contract.items():
        limit.used_by[contract] = _added(graph, limit.used_by.get(contract), steps)
    for limit, steps in later.items():
        limit.used_later = _added(graph, limit.used_later, steps)
    for limit, steps in based.items():
        limit.base = _added(graph, limit.base, steps)


def _added(graph: Graph, before: int | None, steps: Sequence[int]) -> int:
    return graph.total([*([] if before is None else [before]), *steps])


# ------------------------------------------------------------------ limits that are a share of payments


def keep_share_base(graph: Graph, limit: Limit, come: Iterable[CappedSum]) -> None:
    """Keep what comes to the limit of the payments of which it is a share, before it cuts."""
    if limit.of.share_side == "before":
        steps = [capped_sum.due.left for capped_sum in come if limit in capped_sum.shares]
        if steps:
            limit.base = _added(graph, limit.base, steps)


def _share(graph: Graph, limit: Limit, present: Sequence[CappedSum]) -> tuple[int, ShareTaken]:
    """The most that the limit allows by the day, to the penny, rounded down.

    Before itself it is the share of all that came to it. After itself, where the payments hold what it covers, what is
    covered comes to the share of the whole just when it comes to share / (1 - share) of the others.
    """
    factor = limit.amount
    known = [] if limit.base is None else [limit.base]
    if limit.of.share_side == "after":
        known += [capped_sum.due.left for capped_sum in present if limit in capped_sum.shares]
        if limit.holds_itself:
            factor = limit.amount / (1 - limit.amount)
    whole = graph.total(known, Purpose.LIMIT_IS_SHARE_OF)
    most = graph.add(Round((graph.add(Scale((whole,), factor)),), graph.grain, "down"))
    owner = limit.of.owner
    if owner is not None and any(payment.taken_back == "by repayment" for payment in owner.contract.payments):
        # What is owed back may be more than what is paid; a share of that is no less than nothing.
        most = graph.add(Greatest((graph.constant(Fraction(0)), most), Purpose.NOT_BELOW_NOUGHT))
    return most, ShareTaken(whole, factor)


def find_contained(
    limits: Sequence[Limit], entries: Sequence[CappedSum], contracts: Mapping[str, Contract]
) -> None:
    """Find the limits that are a share of payments among which they are themselves, of all the entries that there can be.

    Raises Unpriceable for one that covers some of these payments and others besides, after itself; and for one before itself
    where what other limits cut of these payments is due again, and would be counted twice.
    """
    rows = {limit.of: limit for limit in limits if limit.of.share_of is not None}
    again = {limit.of for limit in limits if limit.of.excess.way != "lost"}
    for row in rows:
        for other in again:
            own = other.row is row.row and other.carries
            if row.share_side == "before" and not own:
                _refuse_twice(row, other, entries, contracts)
        mine = [entry for entry in entries if _covered(row, entry.line, contracts)]
        held = [capped_sum for capped_sum in mine if _shared(row, capped_sum.line)]
        for limit in limits:
            if limit.of is row:
                limit.holds_itself = bool(held)
        if held and len(held) < len(mine) and row.share_side == "after":
            raise Unpriceable(
                f"Some of what {row.cap.name} limits is among the payments that it is a share of, and some is not, so "
                "no share after this limit can be worked out.",
                row.span,
            )


def _refuse_twice(
    row: LimitRow, other: LimitRow, entries: Sequence[CappedSum], contracts: Mapping[str, Contract]
) -> None:
    if any(_shared(row, entry.line) and _covered(other, entry.line, contracts) for entry in entries):
        raise Unpriceable(
            f"What {other.cap.name} cuts is due again, so the payments before {row.cap.name} would count it twice: "
            "make it a share after this limit.",
            row.span,
        )


def _covered(row: LimitRow, line: Line, contracts: Mapping[str, Contract]) -> bool:
    return row.speaks_of(contracts[line.contract], line)


def _shared(row: LimitRow, line: Line) -> bool:
    return row.owner is not None and row.shares(row.owner.contract, line)


# ------------------------------------------------------------------ limits that stand alone


def mark_alone(limits: Sequence[Limit], entries: Sequence[CappedSum]) -> None:
    """Find the limits that nothing else touches, of all the entries that there can be."""
    if any(limit.of.excess.way != "lost" for limit in limits):
        return
    mingled: set[LimitRow] = set()
    for entry in entries:
        rows = {limit.of for limit in entry.cut_by}
        mingled |= {limit.of for limit in (*entry.fills, *entry.replaced)}
        if len(rows) > 1 or entry.due.signed:
            mingled |= rows
    for limit in limits:
        applies = limit.of.applies
        plain = applies == Applies() and not applies.dues_differ and isinstance(limit.of.bound, InAll)
        limit.alone = plain and limit.of not in mingled
