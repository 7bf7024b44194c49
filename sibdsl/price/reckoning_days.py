"""What contracts pay, day by day: on each day what falls due, what blocks meet of it, and what limits cut of the rest.

A contract by itself is a programme of one. Everything that is due in any of the contracts is put on its reckoning day: a
sum that falls due on a day of its own on that day, all else on the last day of its statement period. The days are walked in
order, so that what falls due later takes no room from what fell due earlier. On a day:

1. deductions are taken, those that come after limits at the end of the day;
   block advances are paid, and use up room uncut; each block meets what is due, in the order of the clauses;
2. each limit cuts once, in the order of the list, but one that a variation puts in another's place after that one: first of
   what was carried forward to the day, then of its own lines;
3. what is left uses up the room of the limits;
4. what others owe of what was cut falls due, and passes the list in the same way.

Source of the rules: language reference, 'Caps', 'Block advances' and 'Programmes'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from attrs import define, field

from sibdsl.dates import Times
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import Segment, selection_cuts
from sibdsl.price.block_advances import advance_line, blocks_of, owed_back
from sibdsl.price.builder import Builder, Due, inside
from sibdsl.price.cap_cuts import CappedSum, cut, find_contained, keep_share_base, mark_alone, settle
from sibdsl.price.cap_limits import Limit, LimitRow
from sibdsl.price.deductions import deduct
from sibdsl.price.excess import (
    OF_ONE_AGE,
    CarryBook,
    Cut,
    Places,
    alike,
    carried_to,
    owed_by_others,
    payment_place,
)
from sibdsl.price.graph import Graph, Line
from sibdsl.price.set_off import AdvanceBeingMet, set_off

#: Where lines stand within a segment.
_ADVANCES, _EARNED, _DEDUCTED, _SET_OFF, _CARRIED, _CUTS, _BACK, _OVER, _OVER_CUTS, _DEDUCTED_LAST = range(10)


@define
class LineOrder:
    """Puts the lines of a graph, which are made day by day, in the order of contracts, segments and what they are."""

    graph: Graph
    places: list[tuple[object, ...]] = field(factory=list)

    def put(self, phase: int, at: int = 0, *, last: bool = False) -> None:
        """Place the lines made since the last call; `last` is for those that stand after all the contracts' own."""
        for line in self.graph.lines[len(self.places) :]:
            self.places.append((1,) if last else (0, line.contract, line.segment, phase, at))

    def sort(self) -> None:
        """Put them in order."""
        order = sorted(range(len(self.places)), key=lambda at: self.places[at])
        self.graph.lines[:] = [self.graph.lines[at] for at in order]


@define
class Reckoning:
    """The walk over the days of one or several contracts."""

    graph: Graph
    members: dict[str, Builder]
    limits: list[Limit]
    order: LineOrder
    book: CarryBook = field(factory=CarryBook)
    blocks: list[tuple[Builder, AdvanceBeingMet]] = field(factory=list)
    rows: dict[LimitRow, list[Limit]] = field(factory=dict)
    times: dict[LimitRow, Times] = field(factory=dict)
    rank: dict[Limit, int] = field(factory=dict)
    #: The limits to which something may be carried on a day, with the segment of each contract in which it is then due.
    arrivals: dict[date, dict[Limit, dict[str, Segment]]] = field(factory=dict)
    #: What tells apart the lines of each payment, where some of it may be carried forward.
    kinds: dict[tuple[str, str], set[object]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for at, limit in enumerate(self.limits):
            self.rank[limit] = at
            self.rows.setdefault(limit.of, []).append(limit)
        self.book.contracts = {name: member.contract for name, member in self.members.items()}
        for limit, name, segment in carried_to(self.limits, self.members):
            on_day = self.arrivals.setdefault(segment.statement.last, {})
            on_day.setdefault(limit, {})[name] = segment
        for row, limits in self.rows.items():
            for limit in (limit for replaced in row.replaced for limit in self.rows[replaced]):
                limit.later += limits
        self.times = {row: Times([limit.days for limit in limits]) for row, limits in self.rows.items()}

    # -------------------------------------------------------------- entries

    def entry(self, due: Due, place: tuple[object, ...] = ()) -> CappedSum:
        """A sum with the limits that it stands under."""
        line = due.line
        contract = self.members[line.contract].contract
        cut_by: list[Limit] = []
        fills: list[Limit] = []
        shares: list[Limit] = []
        uncut = line.kind in ("advance", "repaid")
        for row, every in self.rows.items():
            limits = [every[at] for at in self.times[row].around(row.days_of(line))]
            if limits and row.speaks_of(contract, line):
                for limit in limits:
                    if limit.cuts(line) and not uncut:
                        cut_by.append(limit)
                    elif limit.fills(line):
                        fills.append(limit)
            if limits and row.shares(contract, line):
                shares += [
                    limit for limit in limits if limit.shares_in(line) and _is_base(limit, cut_by, fills)
                ]
        after = self._replaced(contract, line, [*cut_by, *fills])
        return CappedSum(due, place, tuple(cut_by), tuple(fills), tuple(shares), self._since(due), after)

    def _replaced(self, contract: Contract, line: Line, limits: Sequence[Limit]) -> tuple[Limit, ...]:
        """The limits whose place others took that a line is under."""
        return tuple(
            old
            for row in dict.fromkeys(row for limit in limits if limit.cuts(line) for row in limit.of.replaced)
            if row.speaks_of(contract, line)
            for old in self.rows[row]
            if inside(row.days_of(line), old.days) and old not in limits
        )

    def _since(self, due: Due) -> date:
        """The day by which what is cut of a line is told from older sums; none where all of its payment is of one kind."""
        kinds = self.kinds.get((due.line.contract, due.line.payment), set())
        return due.line.stated_on if len(kinds) > 1 else OF_ONE_AGE

    def note_sides(self) -> None:
        """Know the days on whose sides limits tell apart what was earned."""
        days = {
            cut - timedelta(days=1)
            for row in self.rows
            for chosen in row.selections
            for cut in selection_cuts(chosen, row.settings)
        }
        self.book.sides = frozenset(days)

    def note_kinds(self, dues: Iterable[Due]) -> None:
        """Know what tells the lines of each payment apart."""
        if not any(limit.of.carries for limit in self.limits):
            return
        paid_by_others = {payer for limit in self.limits for payer in limit.of.excess.payers}
        for due in dues:
            kinds = self.kinds.setdefault((due.line.contract, due.line.payment), set())
            side = tuple(due.line.segment.days.last <= day for day in sorted(self.book.sides))
            kinds.add((*alike(due.line), side))
            kinds |= paid_by_others

    # -------------------------------------------------------------- days

    def walk(self, entries: Sequence[CappedSum]) -> None:
        """Walk over all the days on which something falls due."""
        by_day: dict[date, list[CappedSum]] = {}
        for capped_sum in entries:
            by_day.setdefault(capped_sum.line.stated_on, []).append(capped_sum)
        for day in sorted({*by_day, *self.arrivals}):
            mine = sorted(by_day.get(day, []), key=lambda capped_sum: capped_sum.place)
            self._deduct(day, mine, limits_first=False)
            for at, (member, block) in enumerate(self.blocks):
                set_off(
                    member,
                    block,
                    day,
                    [capped_sum.due for capped_sum in mine if capped_sum.line.contract == member.name],
                )
                self.order.put(_SET_OFF, at)
            self._limit(day, mine)

    def _limit(self, day: date, own: list[CappedSum]) -> None:
        """Let the limits cut what falls due on a day, and what that makes due on the same day."""
        arrivals: Mapping[Limit, Places] = self.arrivals.get(day, {})
        late = self._late(arrivals, own)
        every: list[CappedSum] = []
        batch = [*self._bring({limit: at for limit, at in arrivals.items() if limit not in late}), *own]
        while batch:
            cuts, batch = self._pass(batch, late, arrivals)
            settle(self.graph, batch)
            every += batch
            self.book.keep(cuts)
            over = [self.entry(due, (at,)) for at, due in enumerate(owed_by_others(cuts, self.members))]
            self._pass_on(over)
            every += over
            late = set()
            batch = self._bring(arrivals)
        self._deduct(day, every, limits_first=True)

    def _deduct(self, day: date, every: Sequence[CappedSum], *, limits_first: bool) -> None:
        """Let the deductions of each contract take off what falls due on a day."""
        for member in self.members.values():
            mine = [capped_sum.due for capped_sum in every if capped_sum.line.contract == member.name]
            deduct(self.graph, member, day, mine, limits_first=limits_first)
        self.order.put(_DEDUCTED_LAST if limits_first else _DEDUCTED)

    def _late(self, arrivals: Mapping[Limit, Places], own: list[CappedSum]) -> set[Limit]:
        """Of the limits to which something is carried on this day, those to which this day itself may carry something."""
        busy = {limit for capped_sum in own for limit in capped_sum.cut_by}
        late: set[Limit] = set()
        for limit in sorted(arrivals, key=lambda arrived_limit: arrived_limit.days.start):
            if any(_goes_before(other_limit, limit) for other_limit in busy):
                late.add(limit)
            if limit in late or self.book.holds_for(limit, arrivals[limit]):
                busy.add(limit)
        return late

    def _bring(self, arrivals: Mapping[Limit, Places]) -> list[CappedSum]:
        """What was carried forward to these limits' times, as entries."""
        entries: list[CappedSum] = []
        for limit, places in sorted(
            arrivals.items(), key=lambda arrival: (arrival[0].days.start, self.rank[arrival[0]])
        ):
            carried = self.book.bring(self.graph, limit, places)
            self.graph.lines.extend(carried_line.line for carried_line in carried)
            self.order.put(_CARRIED, self.rank[limit])
            entries += [self.entry(carried_line) for carried_line in carried]
        return entries

    def _pass(
        self, batch: list[CappedSum], late: set[Limit], arrivals: Mapping[Limit, Places]
    ) -> tuple[list[Cut], list[CappedSum]]:
        """Let each limit cut once what falls due together. The cuts, and all that fell due."""
        cuts: list[Cut] = []
        done: list[Limit] = []
        present = list(batch)
        while (limit := self._next(present, late, done)) is not None:
            if limit in late:
                self.book.keep(cuts)
                cuts = [earlier_cut for earlier_cut in cuts if not earlier_cut.limit.of.carries]
                new = self._bring({limit: arrivals[limit]})
                for earlier in done:
                    through = [capped_sum for capped_sum in present if earlier in capped_sum.cut_by]
                    cuts += self._cut(earlier, new, [*new, *present], through)
                present = [*new, *present]
            cuts += self._cut(limit, present, present, [])
            done.append(limit)
        return cuts, present

    def _pass_on(self, over: list[CappedSum]) -> None:
        """Let the limits cut, in the same way, what others owe. What one of them cuts of it is passed on to nobody."""
        if not over:
            return
        self.graph.lines.extend(capped_sum.line for capped_sum in over)
        self.order.put(_OVER)
        done: list[Limit] = []
        while (limit := self._next(over, set(), done)) is not None:
            self.book.keep(self._cut(limit, over, over, [], phase=_OVER_CUTS))
            done.append(limit)
        settle(self.graph, over)

    def _cut(
        self,
        limit: Limit,
        come: list[CappedSum],
        present: list[CappedSum],
        through: list[CappedSum],
        phase: int = _CUTS,
    ) -> list[Cut]:
        keep_share_base(self.graph, limit, come)
        mine = [capped_sum for capped_sum in come if limit in capped_sum.cut_by]
        cuts = cut(self.graph, limit, mine, present, through) if mine else []
        self.order.put(phase, self.rank[limit], last=limit.of.owner is None)
        return cuts

    def _next(self, present: list[CappedSum], late: set[Limit], done: list[Limit]) -> Limit | None:
        """The limit that is next over what is due on a day; of those that carry to the same day the earlier time first."""
        wanted = {
            limit for capped_sum in present for limit in (*capped_sum.cut_by, *capped_sum.shares)
        } | late
        left = sorted(wanted - set(done), key=lambda limit: self.rank[limit])
        if any(_takes_place(limit, old, present) for limit in left for old in left):
            return _old_first(left, present)
        if not late:
            return left[0] if left else None
        return next(
            (limit for limit in left if not any(_goes_before(other_limit, limit) for other_limit in left)),
            None,
        )


def _goes_before(other_limit: Limit, limit: Limit) -> bool:
    return (
        limit.of.carries
        and other_limit.of.slot == limit.of.slot
        and other_limit.days.start < limit.days.start
    )


def _takes_place(limit: Limit, old: Limit, present: Sequence[CappedSum]) -> bool:
    """Whether a limit counts what one, whose place it took by a variation, is still to cut on the day."""
    return old.of in limit.of.replaced and any(
        old in capped_sum.cut_by and limit in capped_sum.fills for capped_sum in present
    )


def _old_first(left: Sequence[Limit], present: Sequence[CappedSum]) -> Limit:
    """The limit that is next where old ones cut before those that took their place, though these run over fewer days.

    `left` is in the order of limits. Those that touch the same sum keep it. Raises Unpriceable where they cannot: a third limit
    then stands between the old one and the new.
    """

    def before(other: Limit, limit: Limit) -> bool:
        if _takes_place(limit, other, present) or _goes_before(other, limit):
            return True
        if _takes_place(other, limit, present) or left.index(other) > left.index(limit):
            return False
        return any(other in _touching(entry) and limit in _touching(entry) for entry in present)

    ready = [limit for limit in left if not any(before(other, limit) for other in left if other is not limit)]
    if ready:
        return ready[0]
    new = next(limit for limit in left if any(_takes_place(limit, old, present) for old in left))
    raise Unpriceable(
        f"{new.of.cap.name} takes the place of a limit over a longer time, and counts what that pays on the same day; "
        "another limit comes before the old one and after the new, so no order of the three can be told. Which "
        "of them comes first is for the parties to say; nothing is paid by a guess.",
        new.of.span,
    )


def _touching(entry: CappedSum) -> tuple[Limit, ...]:
    return (*entry.cut_by, *entry.fills, *entry.shares)


def _is_base(limit: Limit, cut_by: list[Limit], fills: list[Limit]) -> bool:
    """Whether a limit is a share of a line: not of what it covers itself, where it is taken as it leaves them."""
    return limit.of.share_side == "before" or (limit not in cut_by and limit not in fills)


def reckon(graph: Graph, members: Sequence[Builder], limits: list[Limit], due: dict[str, list[Due]]) -> None:
    """Write into the graph what becomes of all that the contracts earn: `due` holds it by contract.

    The lines of what is earned stand in the graph already, those of each segment together.
    """
    order = LineOrder(graph)
    order.put(_EARNED)
    reckoning = Reckoning(graph, {builder.name: builder for builder in members}, limits, order)
    reckoning.note_sides()
    reckoning.note_kinds(due_line for dues in due.values() for due_line in dues)
    entries = [entry for member in members for entry in _entries(reckoning, member, due[member.name])]
    find_contained(limits, entries, reckoning.book.contracts)
    mark_alone(limits, entries)
    reckoning.walk(entries)
    for member, block in reckoning.blocks:
        back = owed_back(member, block)
        if back is not None:
            graph.lines.append(back)
    order.put(_BACK)
    order.sort()


def _entries(reckoning: Reckoning, member: Builder, due: list[Due]) -> list[CappedSum]:
    """What a contract's blocks pay, and what it earns."""
    entries: list[CappedSum] = []
    for block in blocks_of(member):
        reckoning.blocks.append((member, block))
        segment = next(
            (member_segment for member_segment in member.segments if block.paid_on in member_segment.days),
            None,
        )
        if segment is not None:
            line = advance_line(member, block, segment)
            reckoning.graph.lines.append(line)
            entries.append(reckoning.entry(Due(line, block.amount), (member.name, -1)))
    reckoning.order.put(_ADVANCES)
    places = _places(member.contract)
    for at, due_line in enumerate(due):
        place = (member.name, places.get(due_line.line.payment, 0), due_line.line.segment.days.start, at)
        entries.append(reckoning.entry(due_line, place))
    return entries


def _places(contract: Contract) -> dict[str, int]:
    return {name: payment_place(contract, name) for name in {payment.name for payment in contract.payments}}
