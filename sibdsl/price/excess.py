"""What limits cut that is due again: carried forward to their next time, or owed by another party.

Sources of the rules: language reference, 'Excess carried forward' and 'Excess paid by another'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import define, evolve, field, frozen

from sibdsl.dates import Period
from sibdsl.model.nodes import Contract, Payers, SharedRow
from sibdsl.model.novated_parties import heir, party_on
from sibdsl.model.periods import Segment
from sibdsl.price.apportionment import from_the_last, take_part
from sibdsl.price.builder import Builder, Due, tier_names
from sibdsl.price.cap_limits import Limit
from sibdsl.price.graph import Graph, Line
from sibdsl.price.provenance import CapCut, CapRoom, Carried, CarriedBy, Purpose, SharePart, TakenOver, Taking
from sibdsl.price.shared_payments import parts

#: Where what is carried to a limit's time is due: of each contract, by the name of its lines, the part of a statement period.
Places = Mapping[str, Segment]
#: The age of what is carried forward where the order of ages changes nothing.
OF_ONE_AGE = date.min


@define
class CarriedPiece:
    """Part of what is carried forward under one line: the day on which it was first due, and the step of what is left."""

    since: date
    left: int


@define(eq=False)
class CarriedLine(Due):
    """A line that was carried forward, by the days on which its parts were first due.

    `clause` and `row` are where it stands in the contract: its payment, and its place within that.
    """

    pieces: list[CarriedPiece] = field(factory=list)
    clause: tuple[object, ...] = ()
    row: tuple[object, ...] = ()


@frozen
class Cut:
    """What a limit took of a line (a step), of what was first due on a day, and the cut of which that is part."""

    limit: Limit
    due: Due
    since: date
    step: int
    part_of: CapCut


@define
class CarryBook:
    """What each row of a cap has cut and carries forward, with the time of the limit in which it was cut.

    `contracts` are those that are paid together, by the name that tells their lines apart.
    """

    contracts: Mapping[str, Contract] = field(factory=dict)

    #: The days, as told by limits, before and after which what was earned is told apart; the last day of a side.
    sides: frozenset[date] = frozenset()
    kept: dict[tuple[str, str, int], list[tuple[Cut, Period]]] = field(factory=dict)

    def keep(self, cuts: Iterable[Cut]) -> None:
        """Keep what limits cut that carry it forward."""
        for cut in cuts:
            if cut.limit.of.carries:
                self.kept.setdefault(cut.limit.of.slot, []).append((cut, cut.limit.days))

    def holds_for(self, limit: Limit, places: Places) -> bool:
        """Whether anything of these contracts was carried to the limit's time."""
        return any(_comes(limit, places, kept_cut) for kept_cut in self.kept.get(limit.of.slot, []))

    def bring(self, graph: Graph, limit: Limit, places: Places) -> list[CarriedLine]:
        """What the limit carried to its time, as lines that are due in each contract's place: one for those that are alike."""
        kept = self.kept.get(limit.of.slot, [])
        now = [kept_cut[0] for kept_cut in kept if _comes(limit, places, kept_cut)]
        self.kept[limit.of.slot] = [kept_cut for kept_cut in kept if not _comes(limit, places, kept_cut)]
        alike_cuts: dict[tuple[object, ...], list[Cut]] = {}
        for cut in now:
            line = cut.due.line
            side = tuple(line.earned_in.days.last <= day for day in sorted(self.sides))
            line = _of_heirs(self.contracts[line.contract], line)
            alike_cuts.setdefault((line.contract, *alike(line), side), []).append(cut)
        found = [self._carried(graph, limit, places, cuts) for cuts in alike_cuts.values()]
        return sorted(
            found,
            key=lambda carried_line: (carried_line.clause, carried_line.row, carried_line.line.earned_in),
        )

    def _carried(self, graph: Graph, limit: Limit, places: Places, cuts: Sequence[Cut]) -> CarriedLine:
        ages: dict[date, list[int]] = {}
        for cut in sorted(cuts, key=lambda kept_cut: kept_cut.since):
            ages.setdefault(cut.since, []).append(cut.step)
        pieces = [CarriedPiece(since, graph.total(steps)) for since, steps in ages.items()]
        name = limit.of.cap.name
        amount = graph.total([cut.step for cut in cuts], CarriedBy(name))
        line = cuts[0].due.line
        there = places[line.contract]
        payer, payee = (
            party_on(self.contracts[line.contract], party, there.days.last)
            for party in (line.payer, line.payee)
        )
        carried = Line(
            "carried", there, payer, payee, limit.of.cap.clause, line.payment, line.metric,
            line.band, None, None, amount, name, agent=line.agent, metrics=line.metrics,
            tier=line.tier, contract=line.contract, origin=name,
            result=line.earned_in, span=limit.of.span,
            provenance=Carried(limit.of.cap, limit.of.row, tuple(dict.fromkeys(cut.part_of for cut in cuts))),
        )  # fmt: skip
        contract = self.contracts[line.contract]
        clause = (line.contract, payment_place(contract, line.payment))
        return CarriedLine(carried, amount, pieces=pieces, clause=clause, row=_row_place(contract, line))


def _comes(limit: Limit, places: Places, kept: tuple[Cut, Period]) -> bool:
    """Whether what was cut in an earlier time of the limit is due now: that of a contract which has a place for it."""
    cut, days = kept
    return days.start < limit.days.start and cut.due.line.contract in places


def _of_heirs(contract: Contract, line: Line) -> Line:
    """The line between those who stand in its parties' place in the end."""
    return (
        evolve(line, payer=heir(contract, line.payer), payee=heir(contract, line.payee))
        if contract.novated
        else line
    )


def alike(line: Line) -> tuple[object, ...]:
    """What tells apart the lines of one day that a cap carries forward."""
    return line.payer, line.payee, line.payment, line.metric, line.band, line.tier, line.agent


def payment_place(contract: Contract, name: str) -> int:
    """Where a payment stands in the contract."""
    return next(at for at, payment in enumerate(contract.payments) if payment.name == name)


def _row_place(contract: Contract, line: Line) -> tuple[object, ...]:
    metrics = [metric.name for metric in contract.every_metric]
    bands = [band.name for band_set in contract.bands for band in band_set.bands]
    parties = [party.name for party in contract.parties]
    return (
        metrics.index(line.metric) if line.metric else -1,
        bands.index(line.band) if line.band in bands else -1,
        _tier_place(contract, line),
        parties.index(line.payer),
        parties.index(line.payee),
    )


def _tier_place(contract: Contract, line: Line) -> int:
    """Where a tier stands among those of its payment, as the payment has them, its versions one after the other."""
    if line.tier is None:
        return -1
    names = [
        name
        for payment in contract.payments
        if payment.name == line.payment
        for tariff in payment.tiered
        for name in tier_names(tariff)
    ]
    return names.index(line.tier)


def take_by_age(
    graph: Graph, limit: Limit, room: CapRoom, carried: Sequence[CarriedLine], whole: int
) -> list[Cut]:
    """Cut the step `whole` off what was carried forward, the last clause first and within a clause the latest first.

    A cut for each part, with the day on which that part was first due.
    """
    pieces = sorted(
        ((carried_line, piece) for carried_line in carried for piece in carried_line.pieces),
        key=lambda carried_piece: (
            _priority(limit, carried_piece[0]),
            carried_piece[1].since,
            carried_piece[0].row,
            carried_piece[0].line.earned_in,
            carried_piece[0].line.origin,
        ),
    )
    parts = from_the_last(graph, whole, [piece.left for _, piece in pieces])
    taken: dict[int, list[int]] = {}
    for (carried_line, piece), part in zip(pieces, parts, strict=True):
        piece.left = graph.less(piece.left, [part], Purpose.LEFT_TO_PAY)
        taken.setdefault(id(carried_line), []).append(part)
    taking = Taking(whole, tuple(due.left for due in carried), in_turn=len(pieces) > 1)
    cuts = {id(due): CapCut(room, taking, index) for index, due in enumerate(carried)}
    for due in carried:
        take_part(graph, cuts[id(due)], due, graph.total(taken[id(due)], Purpose.CUT_OF_ALL_AGES))
    return [
        Cut(limit, due, piece.since, part, cuts[id(due)])
        for (due, piece), part in zip(pieces, parts, strict=True)
    ]


def _priority(limit: Limit, carried: CarriedLine) -> tuple[object, ...]:
    """The clause of a line; under a limit that pays clause by clause, after the place of its contract among those it names."""
    if limit.of.sharing == "by clause" and isinstance(limit.of.row, SharedRow):
        return limit.of.row.across.index(carried.line.contract), carried.clause
    return carried.clause


def carried_to(limits: Sequence[Limit], members: Mapping[str, Builder]) -> list[tuple[Limit, str, Segment]]:
    """The times of limits to which something may be carried forward, each with the part of it in which that is due.

    Of a limit that contracts share for each contract, by its name, its own: what is cut of a contract without such a part is not
    due again. That is the first part of the time in which the limit is in force. Where a variation takes a limit away, or puts one in
    its place that carries nothing, what it cut before is owed all the same, at the start of the time that would have followed.
    """
    ready = [(limit, owner.name, owner.segments) for limit in limits for owner in _owners(limit, members)]
    found = [
        (limit, name, place)
        for limit, name, every in ready
        if (place := next(filter(limit.in_force, every), None)) is not None
    ]
    starts: dict[tuple[str, str, int], list[date]] = {}
    for limit, _, place in found:
        starts.setdefault(limit.of.slot, []).append(place.days.start)
    for limit, name, every in ready:
        over = limit.of.applies.last
        first = next((segment for segment in every if limit.holds(segment)), None)
        if over is None or first is None or first.days.start <= over:
            continue
        if not any(over < start <= first.days.start for start in starts.get(limit.of.slot, [])):
            found.append((limit, name, first))
    return found


def _owners(limit: Limit, members: Mapping[str, Builder]) -> list[Builder]:
    """The contracts in which what a limit carries forward may be due."""
    row = limit.of.row
    if not limit.of.carries:
        return []
    if isinstance(row, SharedRow):
        return [members[name] for name in row.across]
    return [] if limit.of.owner is None else [limit.of.owner]


def owed_by_others(cuts: Iterable[Cut], members: Mapping[str, Builder]) -> list[Due]:
    """What limits have cut that other parties owe, as lines of theirs in the contract (one of `members`) that was cut.

    Each cut is shared by itself.

    Raises Unpriceable and NotGiven for shares that do not come to the whole, or are not given.
    """
    found: list[Due] = []
    for cut in cuts:
        cap, line = cut.limit.of, cut.due.line
        for payer, share, step in _owing(cut, members[cut.due.line.contract]):
            owed = Line(
                "taken_over", line.segment, payer, line.payee, cap.cap.clause, line.payment, line.metric, line.band,
                None, None, step, cap.cap.name, due=line.due, metrics=line.metrics, tier=line.tier,
                contract=line.contract, origin=cap.cap.name, result=line.result, span=cap.span, share=share,
                whole=cut.step if share else None, provenance=TakenOver(cut.part_of),
            )  # fmt: skip
            found.append(Due(owed, step))
    return found


def _owing(cut: Cut, member: Builder) -> list[tuple[str, SharePart | None, int]]:
    """Who owes what was cut, with the share of each where there are several, and its step. Shares are as the cap's own values."""
    excess = cut.limit.of.excess
    if not excess.shares:
        return [(payer, None, cut.step) for payer in excess.payers]
    payers = Payers((), "result", excess.shares, span=excess.span)
    owing = evolve(member, settings=cut.limit.of.settings) if cut.limit.of.owner is None else member
    return list(parts(owing, payers, cut.step, None, cut.due.line.segment, own=True))
