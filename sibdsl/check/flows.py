"""Who pays whom, for what, in which days, up to which limits: known from the contract alone, whatever is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from attrs import evolve, field, frozen

from sibdsl.check.possible_lines import advances, paying
from sibdsl.dates import Period
from sibdsl.diagnostics import NotGiven
from sibdsl.model.nodes import (
    Advance,
    BlockAdvance,
    Cap,
    CapRow,
    Condition,
    Contract,
    Deduction,
    Formula,
    InPeriod,
    Party,
    Payment,
    Regular,
    Scope,
    Selection,
    Term,
    Value,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import (
    makes_lines,
    occasions,
    regular_dues,
    regular_periods,
    segments,
    worked_over,
)
from sibdsl.price.builder import inside, payers_on
from sibdsl.price.earned import paid_at_all
from sibdsl.price.graph import Line
from sibdsl.price.limits_in_force import own_limits
from sibdsl.price.selected_lines import covers
from sibdsl.source import Span

Timing = Literal["in arrears", "in advance"]


@frozen
class FlowLimit:
    """One row of a cap, or one bound of a payment on itself (`own`)."""

    number: int
    cap: Cap
    row: CapRow
    own: bool


@frozen
class FlowItem:
    """One thing that one party pays another for, with every line that it can make.

    `days` are those that it is paid for, in stretches: of its results, of the years or quarters of a regular sum, or the
    day of a block advance. `due` are the days on which a sum falls due; `undated` says that the day of a block advance is
    not known, so that it has a line in every segment in which it could be paid. `missing` is the particular without
    which this is left out of a run, while it is not given. `met_by` are block advances that meet it first, `deducted`
    deductions that are taken off it, in their order. `only_if` are the clocks that its results must lie in.
    """

    clause: Payment | BlockAdvance
    term: Term | Advance
    lines: tuple[Line, ...]
    days: tuple[Period, ...]
    due: tuple[date, ...]
    timing: Timing
    limits: tuple[FlowLimit, ...]
    met_by: tuple[str, ...] = ()
    deducted: tuple[Deduction, ...] = ()
    only_if: tuple[Condition, ...] = ()
    missing: str = ""
    undated: bool = False
    #: The cap whose excess it is, where another than the payment's own payer owes it.
    beyond: str = ""

    @property
    def agent(self) -> str:
        """Who pays in cash what the payer owes; '' for the payer."""
        return "" if self.beyond else self.clause.agent

    @property
    def span(self) -> Span:
        return self.term.span

    @property
    def metrics(self) -> tuple[str, ...]:
        """What earns it; nothing for a sum that is paid whatever happens."""
        return self.lines[0].metrics

    @property
    def band(self) -> str:
        return self.lines[0].band

    @property
    def by_results(self) -> bool:
        """Whether it hangs on results, as `payments by results` has it."""
        return bool(self.metrics)


@frozen
class Flow:
    """One party pays another."""

    number: int
    payer: str
    payee: str
    items: tuple[FlowItem, ...]

    @property
    def days(self) -> tuple[Period, ...]:
        return joined(days for item in self.items for days in item.days)

    @property
    def limits(self) -> tuple[FlowLimit, ...]:
        """Every limit on some of it, in the order of the clauses."""
        found = {limit.number: limit for item in self.items for limit in item.limits}
        return tuple(found[number] for number in sorted(found))


@frozen
class Flows:
    """Everything that is paid under a contract: its flows by payer and payee, and the parties that take no part in any."""

    contract: Contract
    settings: Settings
    flows: tuple[Flow, ...]
    limits: tuple[FlowLimit, ...] = field(repr=False)

    @property
    def agents(self) -> frozenset[str]:
        """Who pays in cash what others owe."""
        return frozenset(item.agent for flow in self.flows for item in flow.items if item.agent)

    @property
    def apart(self) -> tuple[Party, ...]:
        """Parties that neither pay nor are paid."""
        named = {name for flow in self.flows for name in (flow.payer, flow.payee)} | self.agents
        return tuple(party for party in self.contract.parties if party.name not in named)


def flows(contract: Contract, settings: Settings) -> Flows:
    """Who pays whom under a contract whose variations have been applied."""
    limits = _limits(contract)
    found: dict[tuple[str, str], list[FlowItem]] = {}
    for flow_item in (*_owed(contract, settings, limits), *_blocks(contract, settings)):
        covering = tuple(limit for limit in limits if _covered(contract, settings, limit, flow_item.lines))
        line = flow_item.lines[0]
        found.setdefault((line.payer, line.payee), []).append(evolve(flow_item, limits=covering))
    order = {party.name: at for at, party in enumerate(contract.parties)}
    pairs = sorted(found, key=lambda pair: [(order.get(name, len(order)), name) for name in pair])
    return Flows(
        contract,
        settings,
        tuple(Flow(at + 1, *pair, tuple(found[pair])) for at, pair in enumerate(pairs)),
        limits,
    )


def _owed(contract: Contract, settings: Settings, limits: tuple[FlowLimit, ...]) -> Iterator[FlowItem]:
    """What payments pay, and after each what others owe of it beyond caps."""
    for payment in _payments(contract, settings):
        yield payment
        for limit in limits:
            excess = limit.cap.excess
            for payer in excess.payers if _covered(contract, settings, limit, payment.lines) else ():
                lines = tuple(evolve(line, payer=payer, agent="") for line in payment.lines)
                yield evolve(payment, lines=lines, met_by=(), deducted=(), beyond=limit.cap.name)


def joined(days: Iterable[Period]) -> tuple[Period, ...]:
    """Stretches of days, with those that touch made one."""
    found: list[Period] = []
    for one in sorted(set(days)):
        if found and one.start <= found[-1].end:
            found[-1] = Period(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)


# ------------------------------------------------------------------ payments


def _payments(contract: Contract, settings: Settings) -> Iterator[FlowItem]:
    grouped: dict[tuple[int, int, str], list[Line]] = {}
    of: dict[tuple[int, int, str], tuple[Payment, Term]] = {}
    places = {id(payment): at for at, payment in enumerate(contract.payments)}
    for paying_line in paying(contract):
        if paying_line.payment.needs_to_be != "given" and not paid_at_all(paying_line.payment, settings):
            continue  # the other reading of a clause: the choice is an assumption
        at = places[id(paying_line.payment)]
        term = next(place for place, each in enumerate(paying_line.payment.terms) if each is paying_line.rate)
        for line in _real(contract, paying_line.payment, paying_line.rate, paying_line.line):
            key = (at, term, line.payer)
            grouped.setdefault(key, []).append(line)
            of[key] = (paying_line.payment, paying_line.rate)
    for key in sorted(grouped, key=lambda key: key[:2]):
        payment, term_ = of[key]
        lines = tuple(grouped[key])
        yield FlowItem(
            payment,
            term_,
            lines,
            _days(contract, payment, term_, lines),
            tuple(line.due for line in lines if line.due),
            "in advance" if isinstance(term_, Regular) and term_.due == "at the start" else "in arrears",
            (),
            _met_by(contract, lines[0]),
            _deducted(contract, settings, lines),
            _clocks(contract, lines[0].metrics),
            "" if paid_at_all(payment, settings) else payment.needs,
        )


def _real(contract: Contract, payment: Payment, term: Term, line: Line) -> Iterator[Line]:
    """The lines that a term makes in a segment; of a regular sum one for each day on which it falls due."""
    if isinstance(term, Regular):
        for day, _ in regular_dues(contract, payment, term, line.segment):
            # Those who share pay on every day; of those who follow one another, one pays on this.
            payer = line.payer if term.payers.shares else payers_on(term.payers, day)[0]
            yield evolve(line, payer=payer, due=day)
    elif makes_lines(contract, payment, term, segments(contract), line.segment):
        yield line


def _days(contract: Contract, payment: Payment, term: Term, lines: tuple[Line, ...]) -> tuple[Period, ...]:
    if isinstance(term, Formula):
        return joined(worked_over(contract, payment, term))
    if not isinstance(term, Regular):
        return joined(line.segment.days for line in lines)
    due = {line.due for line in lines}
    every = [regular_period.days for regular_period in regular_periods(contract, payment, term)]
    return joined(days for days in every if due & {days.start, days.last})


def _met_by(contract: Contract, line: Line) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            block.name
            for block in contract.advances
            for advance in block.advances
            if (advance.payer, advance.payee) == (line.payer, line.payee) and line.payment in advance.against
        )
    )


def _deducted(contract: Contract, settings: Settings, lines: tuple[Line, ...]) -> tuple[Deduction, ...]:
    """The deductions that cover some of the lines, in days in which both are in force."""
    return tuple(
        deduction
        for deduction in contract.deductions
        if any(
            covers(contract, settings, _known(settings, deduction.covers), line)
            and not any(
                covers(contract, settings, chosen, line)
                for chosen in deduction.leaves_out
                if _known(settings, chosen) == chosen
            )
            and deduction.applies.on_line(line.segment.days, line.due)
            for line in lines
        )
    )


def _clocks(contract: Contract, metrics: tuple[str, ...]) -> tuple[Condition, ...]:
    """Where the two clocks differ, the tests that hold results within the service period."""
    if contract.service == contract.payment_period:
        return ()
    return tuple(
        dict.fromkeys(
            test
            for metric in contract.metrics
            if metric.name in metrics
            for test in metric.conditions
            if isinstance(test, InPeriod) and test.period == "service period"
        )
    )


# ------------------------------------------------------------------ block advances


def _blocks(contract: Contract, settings: Settings) -> Iterator[FlowItem]:
    dated = {id(advance.advance): advance.line for advance in advances(contract, settings)}
    for block in contract.advances:
        for advance in block.advances:
            undated = id(advance) not in dated
            line = dated.get(id(advance))
            made = _undated(contract, settings, block, advance) if undated else [line] if line else []
            lines = tuple(line for line in made if block.applies.on(line.segment.days))
            if not lines:
                continue
            due = () if undated else tuple(line.due for line in lines if line.due)
            days = tuple(Period(day, day + timedelta(days=1)) for day in due)
            yield FlowItem(block, advance, lines, days, due, "in advance", (), undated=undated)


def _undated(contract: Contract, settings: Settings, block: BlockAdvance, advance: Advance) -> list[Line]:
    """A line for each segment in which a block advance may yet be paid."""
    tried = tuple(
        evolve(advance, paid_on=Value(segment.days.start, "date", span=advance.paid_on.span))
        for segment in segments(contract)
    )
    trial = evolve(contract, advances=(*contract.advances, evolve(block, advances=tried)))
    mine = {id(advance) for advance in tried}
    return [
        advance.line for advance in advances(trial, settings) if id(advance.advance) in mine and advance.line
    ]


# ------------------------------------------------------------------ limits


def _limits(contract: Contract) -> tuple[FlowLimit, ...]:
    """Every row of a cap; then what payments say of themselves, the most that a sum to date comes to included."""
    caps = [(cap, False) for cap in contract.caps]
    caps += [(cap, True) for cap in (*own_limits(contract), *_most_to_date(contract))]
    rows = [(cap, row, own) for cap, own in caps for row in cap.rows]
    return tuple(FlowLimit(at + 1, cap, row, own) for at, (cap, row, own) in enumerate(rows))


def _most_to_date(contract: Contract) -> Iterator[Cap]:
    for payment in contract.payments:
        most = payment.to_date.most if payment.to_date else None
        if most is not None:
            row = CapRow(Selection(payments=(payment.name,)), most, Scope("contract"), span=payment.span)
            yield Cap(
                payment.name,
                payment.clause,
                payment.gloss,
                (row,),
                applies=payment.applies,
                span=payment.span,
            )


def _covered(contract: Contract, settings: Settings, limit: FlowLimit, lines: tuple[Line, ...]) -> bool:
    """Whether the limit covers some of the lines, in the days over which it runs and on which its clause applies."""
    over = occasions(contract, limit.row.scope)
    chosen = _known(settings, limit.row.covers)
    out = [selection for selection in limit.row.leaves_out if _known(settings, selection) == selection]
    return any(
        covers(contract, settings, chosen, line)
        and not any(covers(contract, settings, selection, line) for selection in out)
        and limit.cap.applies.on_line(line.segment.days, line.due)
        and any(inside(line.segment.days, days) for days in over)
        for line in lines
    )


def _known(settings: Settings, chosen: Selection) -> Selection:
    """The selection without tests of days that have not been given: until then they may cover any day."""
    try:
        for day in (chosen.earned_to, chosen.earned_from):
            if day is not None:
                settings.day(day)
    except NotGiven:
        return evolve(chosen, earned_to=None, earned_from=None)
    return chosen
