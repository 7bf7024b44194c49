"""What stands behind the lines by which limits, block advances and amounts below nought take from others.

A line says itself by what it came about (`price.provenance`), with the steps that show it; here their figures are put
together. No amount is worked out by another rule. Figures that do not agree raise Unexplained: better no explanation than a wrong
one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve, frozen

from sibdsl.dates import Period
from sibdsl.measure.limits_for_each_person import ResultCut
from sibdsl.model.nodes import Advance, BlockAdvance, Cap, CapRow, Excess, SharedCap, SharedRow
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price import Graph, Line, Priced
from sibdsl.price.provenance import (
    BlockMet,
    CapCut,
    CapRoom,
    Carried,
    EarnedBy,
    HeldFromNought,
    PaidInAdvance,
    Recovered,
    TakenOver,
    Taking,
    WithheldForPersons,
)
from sibdsl.settle.explained_run import Behind
from sibdsl.settle.unexplained import Unexplained
from sibdsl.settle.versions import Together, Version


@frozen
class LineShare:
    """One line's part of an amount that several lines bear: what it came to, and what was taken of it."""

    line: Line
    due: Fraction
    taken: Fraction


@frozen
class CapState:
    """A cap on one day: what was due then (`now`), what of the limit was used before, and what it cut.

    `earlier` is what payments and block advances had used before, and what comes first on the day. `shares` are the lines
    that bear the cut, this one's at `index`. Amounts in units of the currency. `settings` are those that its row reads;
    `together` is there where contracts share it.
    """

    cap: Cap | SharedCap
    row: CapRow | SharedRow
    settings: Settings
    together: Together | None
    occasion: Period
    limit: Fraction
    earlier: Fraction
    now: Fraction
    cut: Fraction
    shares: tuple[LineShare, ...]
    index: int
    #: What the limit is a share of, and what part of that it comes to.
    whole: Fraction | None = None
    part: Fraction | None = None
    #: Whether the last of the lines is cut first, in place of all of them pro rata.
    in_turn: bool = False
    #: Of a limit that contracts share: what of `earlier` was paid under each.
    earlier_by: tuple[tuple[str, Fraction], ...] = ()
    #: What limits that come after this one cut of the same lines.
    cut_after: Fraction = Fraction(0)

    @property
    def excess(self) -> Excess:
        """What becomes of what it cuts."""
        return self.cap.excess

    @property
    def to_date(self) -> Fraction:
        """What had been paid under the cap by the end of the day: less what other caps cut of the same lines after it."""
        return self.earlier + self.now - self.cut - self.cut_after

    @property
    def room(self) -> Fraction:
        """What was left under the cap before that, never below nought."""
        return max(Fraction(0), self.limit - self.earlier)


@frozen
class PersonalState:
    """A limit for each person on one line: what it took of the line, and of which results.

    `results` are those that it cut, in the order of persons and dates; empty where the records were counted under other
    terms than the line was.
    """

    cap: Cap
    row: CapRow
    occasion: Period
    limit: Fraction
    taken: Fraction
    results: tuple[ResultCut, ...]
    #: What it took of the whole line, where several payers share it; else the same.
    of_whole: Fraction


@frozen
class BlockState:
    """A block advance on one day: the fees so far in its scope, what it met of them before and now, what is left.

    `usable` is what of `amount` can meet fees: whole units where it is set off in units.
    """

    block: BlockAdvance
    advance: Advance
    amount: Fraction
    usable: Fraction
    fees: Fraction
    before: Fraction
    now: Fraction
    shares: tuple[LineShare, ...]
    index: int

    @property
    def left(self) -> Fraction:
        """What of the block no fee has met by the end of the day."""
        return self.usable - self.before - self.now


@frozen
class BelowState:
    """A payment between two parties in one statement period, row by row as it came out, below nought too.

    `rows` are its lines with what each came to, `came_to` is their sum, `paid` what of it is paid.
    """

    rows: tuple[tuple[Line, Fraction], ...]
    came_to: Fraction
    paid: Fraction


def below_state(priced: Priced, line: Line) -> BelowState:
    """What stands behind a line that is taken back or owed back."""
    graph, values = priced.graph, priced.values
    payer, payee = (line.payee, line.payer) if line.kind == "repaid" else (line.payer, line.payee)
    wanted = (line.payment, payer, payee, line.segment.statement, line.contract)
    mine = [
        other
        for other in graph.lines
        if (other.payment, other.payer, other.payee, other.segment.statement, other.contract) == wanted
        and other.due is None
    ]
    rows = tuple((row, _as_it_came(priced, row)) for row in mine if row.kind == "payment")
    paid = sum((values[part.amount] for part in mine if part.kind in ("payment", "taken_back")), Fraction(0))
    return BelowState(rows, sum((amount for _, amount in rows), Fraction(0)), paid)


def _as_it_came(priced: Priced, line: Line) -> Fraction:
    """What a payment line came to before it was held to nought."""
    by = line.provenance
    held = by.came_to if isinstance(by, EarnedBy) else None
    return priced.values[line.amount if held is None else held]


def touching(graph: Graph, line: Line, kind: str) -> list[Line]:
    """The lines of the graph, noughts among them, by which blocks or caps touch a payment line."""
    return [
        other_line
        for other_line in graph.lines
        if other_line.kind == kind and _slot(other_line) == _slot(line) and not _came_first(other_line, line)
    ]


def touched(graph: Graph, line: Line) -> list[Line]:
    """The payment lines that a set off or a cut touches."""
    return [
        other_line
        for other_line in graph.lines
        if other_line.kind in ("payment", "released", "carried", "taken_over")
        and _slot(other_line) == _slot(line)
        and not _came_first(line, other_line)
    ]


def _came_first(taken: Line, line: Line) -> bool:
    """Whether what is taken was taken of the rows themselves, before any of them was held back."""
    return line.kind == "released" and isinstance(taken.provenance, WithheldForPersons | HeldFromNought)


def _slot(line: Line) -> tuple[object, ...]:
    return (
        line.contract, line.segment, line.payer, line.payee, line.payment, line.metric, line.band, line.tier, line.due,
        line.origin, line.result,
    )  # fmt: skip


def _shares(priced: Priced, taking: Taking) -> tuple[LineShare, ...]:
    """What each line bears of what is taken at once. Raises Unexplained where their parts are not the whole of it."""
    graph, values = priced.graph, priced.values
    found = {
        line.provenance.index: line
        for line in graph.lines
        if isinstance(line.provenance, CapCut | BlockMet) and line.provenance.taking is taking
    }
    if set(found) != set(range(len(taking.due))):
        raise Unexplained("not every line was found that bears what is taken")
    shares = [
        LineShare(found[at], values[due], -values[found[at].amount]) for at, due in enumerate(taking.due)
    ]
    if sum((share.taken for share in shares), Fraction(0)) != values[taking.whole]:
        raise Unexplained("the parts of what is taken are not the whole of it")
    if not taking.in_turn:
        return tuple(shares)
    # Where the last clause bears it first, they are told of in the order of the statement.
    order = {id(line): at for at, line in enumerate(graph.lines)}
    return tuple(sorted(shares, key=lambda share: order[id(share.line)]))


def _index(shares: tuple[LineShare, ...], line: Line) -> int:
    return next(at for at, share in enumerate(shares) if share.line.provenance is line.provenance)


# ------------------------------------------------------------------ caps


def cap_state(version: Version, settings: Settings, line: Line) -> CapState:
    """What a cut, maybe of nought, rests on. Raises Unexplained where its figures do not agree."""
    cut = line.provenance
    if not isinstance(cut, CapCut):
        raise Unexplained(f"no limit cuts {line.rule}")
    values, room, taking = version.priced.values, cut.room, cut.taking
    together = sharing(version, line)
    shares = _shares(version.priced, taking)
    earlier = sum((values[step] for step in room.used), Fraction(0))
    if room.cut_before is not None:
        earlier -= values[room.cut_before]
    whole, part = (None, None) if room.share is None else (values[room.share.of], room.share.part)
    return CapState(
        room.cap,
        room.row,
        settings if together is None else together.settings,
        together,
        room.days,
        values[room.most],
        earlier,
        sum((values[due] for due in taking.due), Fraction(0)),
        values[taking.whole],
        shares,
        _index(shares, line),
        whole,
        part,
        taking.in_turn,
        () if together is None else _by_contract(version.priced, room, earlier),
        _cut_after(version.priced, shares),
    )


def _by_contract(priced: Priced, room: CapRoom, earlier: Fraction) -> tuple[tuple[str, Fraction], ...]:
    """What had been paid under a shared limit, by contract. Raises Unexplained where that is not what had used the room."""
    used = {
        contract: sum((priced.values[step] for step in steps), Fraction(0))
        for contract, steps in room.used_by
    }
    if sum(used.values(), Fraction(0)) != earlier:
        raise Unexplained(f"what was paid under {room.cap.name} in each contract does not come to all of it")
    across = room.row.across if isinstance(room.row, SharedRow) else ()
    return tuple((contract, used.get(contract, Fraction(0))) for contract in across)


def _cut_after(priced: Priced, shares: Sequence[LineShare]) -> Fraction:
    """What later limits cut of the lines that bear a cut: lines are in the order in which limits cut them."""
    waiting = {id(share.line) for share in shares}
    slots: set[tuple[object, ...]] = set()
    found = Fraction(0)
    for line in priced.graph.lines:
        if line.kind != "cap_cut":
            continue
        if id(line) in waiting:
            slots.add(_slot(line))
        elif slots and _slot(line) in slots:
            found -= priced.values[line.amount]
    return found


def sharing(version: Version, line: Line) -> Together | None:
    """What the contract was priced with, where the line comes from a limit that contracts share."""
    match line.provenance:
        case CapCut(room=CapRoom(cap=cap)) | TakenOver(cut=CapCut(room=CapRoom(cap=cap))) | Carried(cap=cap):
            return version.together if isinstance(cap, SharedCap) else None
    return None


def is_personal(line: Line) -> bool:
    """Whether a cut is that of a limit for each person."""
    return isinstance(line.provenance, WithheldForPersons)


def personal_state(priced: Priced, line: Line, volumes: Behind) -> PersonalState:
    """What a cut for each person, maybe of nought, rests on. Raises Unexplained where the records do not agree with it."""
    by = line.provenance
    if not isinstance(by, WithheldForPersons):
        raise Unexplained(f"no limit for each person takes {line.rule}")
    # Records are counted contract by contract, in a programme too.
    key = evolve(by.key, contract="")
    results = tuple(volumes.cuts_of(key))
    if sum((result.taken for result in results), Fraction(0)) != volumes.withheld.get(key, Fraction(0)):
        raise Unexplained(f"what {by.cap.name} took of each result does not add up")
    values = priced.values
    taken, whole = -values[line.amount], -values[line.amount if line.whole is None else line.whole]
    return PersonalState(by.cap, by.row, by.days, by.most, taken, results, whole)


def cap_row(line: Line) -> tuple[Cap | SharedCap, CapRow | SharedRow]:
    """The cap, and the row of it, that a line comes from. Raises Unexplained when there is none."""
    match line.provenance:
        case CapCut(room=room) | TakenOver(cut=CapCut(room=room)):
            return room.cap, room.row
        case WithheldForPersons(cap=cap, row=row) | Carried(cap=cap, row=row):
            return cap, row
    raise Unexplained(f"no cap makes {line.rule}")


# ------------------------------------------------------------------ block advances


def block_state(priced: Priced, line: Line) -> BlockState:
    """What a set off, maybe of nought, rests on. Raises Unexplained where its figures do not agree."""
    met = line.provenance
    if not isinstance(met, BlockMet):
        raise Unexplained(f"no block advance meets {line.rule}")
    values, use = priced.values, met.use
    shares = _shares(priced, met.taking)
    return BlockState(
        use.block,
        use.advance,
        values[use.amount],
        values[use.usable],
        values[use.fees],
        sum((values[step] for step in use.before), Fraction(0)),
        values[met.taking.whole],
        shares,
        _index(shares, line),
    )


def advance_of(line: Line) -> tuple[BlockAdvance, Advance]:
    """The block advance that a line is, or is met by. Raises Unexplained when there is none."""
    match line.provenance:
        case PaidInAdvance(block, advance) | Recovered(block, advance):
            return block, advance
        case BlockMet(use=use):
            return use.block, use.advance
    raise Unexplained(f"no block advance makes {line.rule}")
