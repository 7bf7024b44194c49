"""What the steps of the price graph say of caps and block advances. No amount is worked out here by another rule.

The shapes that are read are those that `price.cap_cuts`, `price.excess` and `price.block_advances` make. A shape that is not known raises Unexplained: better no
explanation than a wrong one.
"""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve, frozen

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.measure import Volumes
from sibdsl.measure.limits_for_each_person import Taken
from sibdsl.model.nodes import Advance, BlockAdvance, Cap, CapRow, Contract, SharedCap, SharedRow
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import occasions
from sibdsl.price import Graph, Line, Priced
from sibdsl.price.apportionment import BY_QUARTERS, CUT_BY_AGE, CUT_BY_CLAUSE, STILL_TO_CUT
from sibdsl.price.graph import CUT, Constant, Greatest, Least, Part, Round, Scale, Sum, Withheld
from sibdsl.price.limit_order import own_limits, shared_occasions
from sibdsl.price.taken_back import FROM_NOUGHT
from sibdsl.settle.versions import Together, Version


class Unexplained(Exception):
    """The explanation does not agree with the payment: a fault of the program, never of the user's files."""


@frozen
class Share:
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
    shares: tuple[Share, ...]
    index: int
    #: What the limit is a share of, and what part of that it comes to.
    whole: Fraction | None = None
    part: Fraction | None = None
    #: Whether the last of the lines is cut first, in place of all of them pro rata.
    in_turn: bool = False

    @property
    def to_date(self) -> Fraction:
        """What had been paid under the cap by the end of the day."""
        return self.earlier + self.now - self.cut

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
    results: tuple[Taken, ...]


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
    shares: tuple[Share, ...]
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
        one
        for one in graph.lines
        if (one.payment, one.payer, one.payee, one.segment.statement, one.contract) == wanted
        and one.due is None
    ]
    rows = tuple((one, _as_it_came(priced, one)) for one in mine if one.kind == "payment")
    paid = sum((values[one.amount] for one in mine if one.kind in ("payment", "taken_back")), Fraction(0))
    return BelowState(rows, sum((amount for _, amount in rows), Fraction(0)), paid)


def _as_it_came(priced: Priced, line: Line) -> Fraction:
    """What a payment line came to before it was held to nought."""
    step = priced.graph.steps[line.amount]
    held = isinstance(step, Greatest) and step.note == FROM_NOUGHT
    return priced.values[step.inputs[1] if held else line.amount]


def touching(graph: Graph, line: Line, kind: str) -> list[Line]:
    """The lines of the graph, noughts among them, by which blocks or caps touch a payment line."""
    return [one for one in graph.lines if one.kind == kind and _slot(one) == _slot(line)]


def touched(graph: Graph, line: Line) -> list[Line]:
    """The payment lines that a set off or a cut touches."""
    return [
        one
        for one in graph.lines
        if one.kind in ("payment", "carried", "taken_over") and _slot(one) == _slot(line)
    ]


def _slot(line: Line) -> tuple[object, ...]:
    return (
        line.contract, line.segment, line.payer, line.payee, line.payment, line.metric, line.band, line.tier, line.due,
        line.origin, line.result,
    )  # fmt: skip


def _whole(graph: Graph, line: Line) -> tuple[int, Part | Least | None]:
    """The step that holds what is taken from all lines together, and the part of it that falls on this one, if shared."""
    taken = graph.steps[line.amount]
    if not isinstance(taken, Scale) or taken.factor != -1:
        raise Unexplained(f"what {line.rule} takes is of no known shape")
    inner = graph.steps[taken.inputs[0]]
    if isinstance(inner, Sum) and inner.note == CUT_BY_AGE:
        inner = graph.steps[inner.inputs[0]]
    if isinstance(inner, Least) and inner.note == CUT_BY_CLAUSE:
        rest = graph.steps[inner.inputs[1]]
        later = isinstance(rest, Sum) and rest.note == STILL_TO_CUT
        return (rest.inputs[0] if later else inner.inputs[1]), inner
    return (inner.inputs[0], inner) if isinstance(inner, Part) else (taken.inputs[0], None)


def _by_clause(priced: Priced, line: Line, whole: int) -> list[Share]:
    """What each line bears where the earlier clause is paid first."""
    found: list[Share] = []
    for one in _beside(priced, line, shared=False):
        other, step = _whole(priced.graph, one)
        if other == whole and isinstance(step, Least):
            due = sum((priced.values[weight] for weight in _weights(priced.graph, one)), Fraction(0))
            found.append(Share(one, due, -priced.values[one.amount]))
    return found


def _beside(priced: Priced, line: Line, *, shared: bool) -> list[Line]:
    """The lines that may bear one cut with a line: those that one row of the clause touches and that are stated on one day.

    They are of one contract, but where contracts share the clause.
    """
    return [
        one
        for one in priced.graph.lines
        if (one.kind, one.rule, one.span, one.stated_on) == (line.kind, line.rule, line.span, line.stated_on)
        and (shared or one.contract == line.contract)
    ]


def _weights(graph: Graph, line: Line) -> list[int]:
    """The steps of what there was to cut of a line: one, or one for each age of what was carried forward."""
    inner = graph.steps[graph.steps[line.amount].inputs[0]]
    parts = [graph.steps[one] for one in inner.inputs] if isinstance(inner, Sum) else [inner]
    return [one.inputs[0] for one in parts]


def _shares(
    priced: Priced, line: Line, part: Part | None, alone: Fraction, *, shared: bool
) -> tuple[Share, ...]:
    """What each line of the day bears; `alone` is what was due on a line that bears all of it."""
    graph, values = priced.graph, priced.values
    if part is None:
        return (Share(line, alone, -values[line.amount]),)
    found: dict[int, Line] = {}
    for one in _beside(priced, line, shared=shared):
        other = _whole(graph, one)[1]
        if isinstance(other, Part) and other.inputs == part.inputs:
            found[other.index] = one
    if set(found) != set(range(len(part.inputs) - 1)):
        raise Unexplained(f"not every line that bears {line.rule} was found")
    return tuple(
        Share(found[at], values[weight], -values[found[at].amount])
        for at, weight in enumerate(part.inputs[1:])
    )


# ------------------------------------------------------------------ caps


def cap_state(version: Version, settings: Settings, line: Line) -> CapState:
    """What a cut, maybe of nought, rests on. Raises Unexplained when its steps are of no known shape."""
    cap: Cap | SharedCap
    row: CapRow | SharedRow
    contract, priced, together = version.contract, version.priced, sharing(version, line)
    if together is None:
        cap, row = cap_row(contract, line)
        times = occasions(contract, row.scope)
    else:
        cap, row = shared_row(together, line)
        settings = together.settings
        times = shared_occasions(together.programme, list(together.members.values()), row.scope)
    occasion = next((days for days in times if line.segment.days.start in days), None)
    if occasion is None:
        raise Unexplained(f"{cap.name} runs over no time that holds {line.segment.days}")
    total, part = _whole(priced.graph, line)
    by_clause = _by_clause(priced, line, total) if isinstance(part, Least) else []
    number = len(by_clause) or (1 if part is None else len(part.inputs) - 1)
    limit, earlier, now = _room(priced, total, number)
    shares = (
        tuple(by_clause)
        if isinstance(part, Least)
        else _shares(priced, line, part, now, shared=together is not None)
    )
    if sum((one.due for one in shares), Fraction(0)) != now:
        raise Unexplained(f"what was due under {cap.name} does not add up")
    index = part.index if isinstance(part, Part) else 0
    if by_clause:
        index = next(at for at, one in enumerate(by_clause) if one.line == line)
    share_of = row.share_of if isinstance(row, CapRow) else None
    whole, factor = _share_behind(priced, total) if share_of else (None, None)
    cut = priced.values[total]
    in_turn = isinstance(part, Least)
    return CapState(
        cap,
        row,
        settings,
        together,
        occasion,
        limit,
        earlier,
        now,
        cut,
        shares,
        index,
        whole,
        factor,
        in_turn,
    )


def _share_behind(priced: Priced, total: int) -> tuple[Fraction, Fraction]:
    """What a limit is a share of, and which part of it."""
    graph, values = priced.graph, priced.values
    for number in reversed(graph.behind(total)):
        step = graph.steps[number]
        inner = graph.steps[step.inputs[0]] if isinstance(step, Round) and step.way == "down" else None
        if isinstance(inner, Scale):
            return values[inner.inputs[0]], inner.factor
    raise Unexplained("what a limit is a share of is of no known shape")


def sharing(version: Version, line: Line) -> Together | None:
    """What the contract was priced with, where the line comes from a limit that contracts share."""
    together = version.together
    if together is None:
        return None
    rows = (row for cap in together.programme.caps for row in cap.rows if cap.name == line.rule)
    return together if any(row.span == line.span for row in rows) else None


def shared_row(together: Together, line: Line) -> tuple[SharedCap, SharedRow]:
    """The shared cap, and the row of it, that a cut comes from."""
    return next(
        (cap, row)
        for cap in together.programme.caps
        for row in cap.rows
        if cap.name == line.rule and row.span == line.span
    )


def is_personal(version: Version, line: Line) -> bool:
    """Whether a cut is that of a limit for each person."""
    return sharing(version, line) is None and bool(cap_row(version.contract, line)[1].per)


def personal_state(
    contract: Contract, settings: Settings, priced: Priced, line: Line, volumes: Volumes
) -> PersonalState:
    """What a cut for each person, maybe of nought, rests on."""
    cap, row = cap_row(contract, line)
    segment = line.segment.days
    occasion = next(days for days in occasions(contract, row.scope) if segment.start in days)
    steps = [priced.graph.steps[one] for one in priced.graph.behind(line.amount)]
    key = next(
        (
            step.key
            for step in reversed(steps)
            if isinstance(step, Withheld) and step.key.metric == f"{CUT}{cap.name}"
        ),
        None,
    )
    if key is None:
        raise Unexplained(f"the steps behind what {cap.name} takes are of no known shape")
    key = evolve(key, contract="")
    results = tuple(one for one in volumes.limited(key=key) if one.taken)
    if sum((one.taken for one in results), Fraction(0)) != volumes.withheld.get(key, Fraction(0)):
        raise Unexplained(f"what {cap.name} took of each result does not add up")
    limit = money.round_to(settings.number(row.amount), priced.graph.grain, "down")
    return PersonalState(cap, row, occasion, limit, -priced.values[line.amount], results)


def cap_row(contract: Contract, line: Line) -> tuple[Cap, CapRow]:
    """The cap, and the row of it, that a line comes from. Raises Unexplained when there is none."""
    found = [
        (cap, row)
        for cap in (*contract.caps, *own_limits(contract))
        for row in cap.rows
        if cap.name == line.rule and row.span == line.span and _runs_in(contract, row, line)
    ]
    if not found:
        raise Unexplained(f"no cap {line.rule} stands at {line.span}")
    return found[0]


def _runs_in(contract: Contract, row: CapRow, line: Line) -> bool:
    """Whether the limit runs in the line's time; one that differs by year stands at one place for several years."""
    return any(line.segment.days.start in days for days in occasions(contract, row.scope))


def _room(priced: Priced, total: int, lines: int) -> tuple[Fraction, Fraction, Fraction]:
    """Of a cut: the limit, what was used of it before this day, and what was due on it, on so many lines."""
    graph, values = priced.graph, priced.values
    step = graph.steps[total]
    before = Fraction(0)
    if isinstance(step, Sum) and step.note == "cut by the cap":
        second = graph.steps[step.inputs[1]]
        if isinstance(second, Least) and second.note == "payable under the cap":
            return (*_under(priced, second.inputs[1]), values[step.inputs[0]])
        before = values[step.inputs[1]]
        step = graph.steps[step.inputs[0]]
    if isinstance(step, Greatest) and step.note == "cut to date":
        beyond = graph.steps[step.inputs[1]]
        if isinstance(beyond, Sum) and beyond.note == "beyond the cap":
            to_date, limit = values[beyond.inputs[0]], values[beyond.inputs[1]]
            due = graph.steps[beyond.inputs[0]]
            summed = due.inputs if isinstance(due, Sum) and due.note == "due to date" else (beyond.inputs[0],)
            now = sum((values[one] for one in summed[-lines:]), Fraction(0))
            return limit, to_date - now - before, now
    raise Unexplained("the steps behind a cut are of no known shape")


def _under(priced: Priced, room: int) -> tuple[Fraction, Fraction]:
    """Of the room under a cap: the limit, and what was used of it before."""
    graph, values = priced.graph, priced.values
    step = graph.steps[room]
    if isinstance(step, Greatest):
        step = graph.steps[step.inputs[1]]
    if isinstance(step, Sum) and step.note == "room under the cap":
        return values[step.inputs[0]], sum((values[one] for one in step.inputs[1:]), Fraction(0))
    if isinstance(step, Constant | Round):
        return values[room], Fraction(0)
    raise Unexplained("the room under a cap is of no known shape")


# ------------------------------------------------------------------ block advances


def block_state(contract: Contract, priced: Priced, line: Line) -> BlockState:
    """What a set off, maybe of nought, rests on. Raises Unexplained when its steps are of no known shape."""
    graph, values = priced.graph, priced.values
    block, advance = advance_of(contract, line)
    total, part = _whole(graph, line)
    step, before = graph.steps[total], Fraction(0)
    if isinstance(step, Sum) and step.note == "met by the block now":
        before = values[step.inputs[1]]
        step = graph.steps[step.inputs[0]]
    if not isinstance(step, Least) or step.note not in ("met by the block so far", BY_QUARTERS):
        raise Unexplained("the steps behind a set off are of no known shape")
    if isinstance(part, Least):
        raise Unexplained("a block is shared by clause")
    usable, fees = step.inputs[0], step.inputs[-1]
    if step.note == BY_QUARTERS:
        room = graph.steps[usable]
        if isinstance(room, Sum) and room.note == "of the quarters so far":
            usable, before = room.inputs[0], sum((values[one] for one in room.inputs[1:]), Fraction(0))
    shares = _shares(priced, line, part, _last(priced, fees), shared=False)
    paid = next(
        (
            one
            for one in graph.lines
            if (one.kind, one.span, one.rule, one.payer) == ("advance", line.span, line.rule, line.payer)
        ),
        None,
    )
    amount = values[paid.amount] if paid else values[usable]
    index = part.index if part else 0
    return BlockState(
        block, advance, amount, values[usable], values[fees], before, values[total], shares, index
    )


def _last(priced: Priced, fees: int) -> Fraction:
    """The last of the fees so far: what fell due on this day on the one line there is."""
    step = priced.graph.steps[fees]
    summed = step.inputs if isinstance(step, Sum) and step.note == "fees so far" else (fees,)
    return priced.values[summed[-1]]


def advance_of(contract: Contract, line: Line) -> tuple[BlockAdvance, Advance]:
    """The block advance that a line is, or is met by. Raises Unexplained when there is none."""
    for block in contract.advances:
        for advance in block.advances:
            whose = line.payee if line.kind == "recovered" else line.payer
            if block.name == line.rule and advance.span == line.span and advance.payer == whose:
                return block, advance
    raise Unexplained(f"no block advance {line.rule} stands at {line.span}")
