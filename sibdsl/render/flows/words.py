"""What is said of each flow: what is paid, for what, when, how, and up to which limit. Every form of the page says it so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import assert_never

from attrs import frozen

from sibdsl import wording
from sibdsl.check.flows import Flow, FlowItem, FlowLimit, Flows
from sibdsl.dates import Period, long
from sibdsl.diagnostics import NotGiven
from sibdsl.english import listed
from sibdsl.model.bounds import ForEachPerson, InAll, Pot, ReturnOn, ShareOfPayments, bound
from sibdsl.model.nodes import (
    Advance,
    AllUnits,
    Amount,
    Applies,
    Arithmetic,
    BlockAdvance,
    Contract,
    Deduction,
    Formula,
    Given,
    Interpolated,
    Measured,
    PaidWhen,
    Payment,
    Rate,
    Regular,
    Stepped,
    Tiered,
    ToDate,
    Value,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import regular_periods
from sibdsl.render.flows.amounts import in_figures, part_in_figures, shared_by, written
from sibdsl.settle.explain.page import one_line
from sibdsl.wording import TAKEN_BACK, cite, clause, each_time_named, limited, place, selection
from sibdsl.wording.givens import day_said
from sibdsl.wording.steps import along

#: More days than this are said as the first, the last and how many.
_FEW = 4


@frozen
class FlowRow:
    """One amount and what it is paid for. `amount` is '' where the amount is part of the words."""

    amount: str
    words: str
    when: str
    notes: tuple[str, ...]
    place: str


@frozen
class Part:
    """What is paid under one payment or block advance."""

    name: str
    clause: str
    gloss: str
    how: str
    notes: tuple[str, ...]
    rows: tuple[FlowRow, ...]


@frozen
class Bound:
    """A limit on a flow: `on` says on which of it, and on which other payments with it. `name` is '' for its own."""

    words: str
    on: str
    name: str
    cite: str


@frozen
class FlowTold:
    """One flow in words. `short` are the lines beside its arrow."""

    number: int
    payer: str
    payee: str
    clauses: str
    when: str
    parts: tuple[Part, ...]
    bounds: tuple[Bound, ...]
    short: tuple[str, ...]


def told(made: Flows, flow: Flow) -> FlowTold:
    """The words of one flow."""
    parts = tuple(
        _part(made, flow, list(items))
        for _, items in groupby(
            flow.items,
            lambda item: (
                id(item.clause),
                item.by_results,
                item.timing,
                item.met_by,
                item.beyond,
                [deduction.name for deduction in item.deducted],
            ),
        )
    )
    return FlowTold(
        flow.number,
        one_line(flow.payer),
        one_line(flow.payee),
        clauses(flow),
        _days([_whole(made, flow)]),
        parts,
        tuple(_bound(made, flow, limit) for limit in flow.limits),
        _short(made, flow),
    )


def heading(made: Flows) -> tuple[str, str]:
    """What the page is about, and the days of the contract."""
    contract = made.contract
    service, paid = contract.service, contract.payment_period
    title = f"Who pays whom: {contract.name}" + (f" ({contract.reference})" if contract.reference else "")
    days = f"Service period {service}."
    days += " Paid for the same days." if service == paid else f" Payment period {paid}."
    calendar = (
        f"Results are stated to {listed([long(day) for day in contract.statements_on])}, in arrears."
        if contract.statements_on
        else "Results are stated once, at the end."
        if contract.calendar == "once at the end"
        else f"Results are stated {contract.calendar}, in arrears."
    )
    return one_line(title), f"{days} {calendar}"


def not_given(made: Flows) -> str:
    """The particulars that the page shows by name since nobody has given them; '' when there are none."""
    settings = made.settings
    names = [
        name
        for flow in made.flows
        for item in flow.items
        for amount in _amounts(item)
        for name in _names(amount)
        if name not in settings.values
    ]
    names += [item.missing for flow in made.flows for item in flow.items if item.missing]
    names += [
        name for limit in made.limits for name in _names(limit.row.amount) if name not in settings.values
    ]
    return listed([one_line(name) for name in names])


def clauses(flow: Flow) -> str:
    """`clauses 4 and 5.1`, `clause 6`, `Schedule 3`; the clauses' names where they have no label."""
    labels = list(dict.fromkeys(item.clause.clause or item.clause.name for item in flow.items))
    numbers = [one_line(label) for label in sorted(labels, key=_numbered) if label[:1].isdigit()]
    others = [one_line(label) for label in labels if not label[:1].isdigit()]
    said = [f"clause{'s' if len(numbers) > 1 else ''} {listed(numbers)}"] if numbers else []
    return ", ".join([*said, *others])


def _numbered(label: str) -> tuple[list[int], str]:
    """Clauses in the order of their numbers: 4, 5.1, 5.10."""
    return [int(number) for number in re.findall(r"[0-9]+", label)], label


# ------------------------------------------------------------------ what is paid


def _part(made: Flows, flow: Flow, items: Sequence[FlowItem]) -> Part:
    first = items[0]
    how = f"{'by results' if first.by_results else 'not by results'}, {first.timing}"
    notes: list[str] = []
    if first.missing:
        notes.append(f"only if {first.missing} is given, and it is not: nothing is paid under it")
    if first.agent:
        notes.append(f"{first.agent} pays it in cash, and {flow.payer} owes it")
    notes += shared_by(made, flow, first)
    if first.beyond:
        notes.append(f"only what exceeds {first.beyond}")
    if first.met_by:
        notes.append(f"met first by {listed(first.met_by)}")
    for deduction in first.deducted:
        notes.append(f"less {_deducted(made, deduction)}")
    return Part(
        one_line(first.clause.name),
        one_line(clause(first.clause.clause)),
        one_line(first.clause.gloss),
        how,
        tuple(one_line(note) for note in notes),
        tuple(row for item in items for row in _rows(made, flow, item)),
    )


def _deducted(made: Flows, deduction: Deduction) -> str:
    """`2% by Late Reports, if ..., after limits`: how much a deduction takes off, whether, and when."""
    much = in_figures(made.contract, made.settings, deduction.amount)
    if deduction.amount.kind == "percentage":
        much = wording.amount(deduction.amount, made.contract.currency)
    tests = [f"if {_tested(made.contract, condition)}" for condition in deduction.conditions]
    order = "after limits and block advances" if deduction.limits_first else ""
    return ", ".join(filter(None, (f"{much} by {deduction.name}", *tests, order)))


def _rows(made: Flows, flow: Flow, item: FlowItem) -> list[FlowRow]:
    when = when_paid(item)
    notes = row_notes(made, item)
    if isinstance(item.term, Rate | Tiered | ToDate | AllUnits | Formula) and item.days == flow.days:
        when = ""
    spans = (
        [tier.span for tier in item.term.tiers] if isinstance(item.term, Tiered | AllUnits) else [item.span]
    )
    return [
        FlowRow(amount, one_line(words), one_line(when), tuple(notes), place(span))
        for (amount, words), span in zip(pays(made, item), spans, strict=True)
    ]


def pays(made: Flows, item: FlowItem) -> list[tuple[str, str]]:
    """Each amount of an item with what it is paid for; '' for an amount that only words can say."""
    contract, settings, term = made.contract, made.settings, item.term
    match term:
        case Rate(amount=amount):
            return [_named(contract, settings, amount, f"for each {_metric(term)}")]
        case Tiered(tiers=tiers):
            found = []
            for at, tier in enumerate(tiers):
                which = (
                    "all further"
                    if tier.further
                    else f"the {'next' if at else 'first'} {wording.tier_units(tier, contract.currency)}"
                )
                paid_for = f"for each {_metric(term)}, {which} {each_time_named(contract, term.scope)}"
                found.append(_named(contract, settings, tier.amount, paid_for))
            return found
        case AllUnits(tiers=tiers):
            found = []
            for at, tier in enumerate(tiers):
                sizes = [
                    wording.tier_units(lower_tier, contract.currency)
                    for lower_tier in tiers[: at + 1]
                    if not lower_tier.further
                ]
                reached = " and ".join(sizes)
                if all(tier.many is None for tier in tiers):
                    reached = f"{sum(tier.units or 0 for tier in tiers[: at + 1]):,}"
                which = "more" if tier.further else f"{'up to' if not at else 'in all'} {reached}"
                if term.threshold is not None:
                    which = f"at least {one_line(written(contract, term.threshold))}"
                paid_for = f"for each {_metric(term)}, all of them, where there are {which} {each_time_named(contract, term.scope)}"
                found.append(_named(contract, settings, tier.amount, paid_for))
            return found
        case Formula(amount=amount, measured=measured, least=least, factors=factors):
            held = f" (at least {in_figures(contract, settings, least)})" if least is not None else ""
            times = ", times the factor of its year" if factors else ""
            return [("", f"{_worked(contract, amount)}{held}{times}, {_when_worked(measured)}")]
        case Regular(amount=amount, each=unit, due=due, part=part):
            said = f"every {'statement period' if unit == 'period' else unit} {due}"
            clause = item.clause
            runs = regular_periods(contract, clause, item.term) if isinstance(clause, Payment) else ()  # type: ignore[arg-type] # of this case
            if any(run.days != run.whole for run in runs):
                said += f", part {unit}s {part}"
            return [_named(contract, settings, amount, said)]
        case Advance(amount=amount):
            day = "" if item.undated else f"on {long(item.due[0])}"
            return [
                _named(contract, settings, amount, day or f"on {written(contract, term.paid_on)}, not given")
            ]
        case ToDate(amount=amount, least=least, most=most):
            bounds = [
                f"{word} {in_figures(contract, settings, amount)}"
                for word, amount in (("at least", least), ("at most", most))
                if amount is not None
            ]
            held = f" ({', '.join(bounds)})" if bounds else ""
            said = f"what {written(contract, amount)} to date{held} comes to beyond all paid before"
            return [("", f"{said}; nothing is taken back")]


def _worked(contract: Contract, amount: Amount) -> str:
    """A sum worked out from quantities: steps, and the points of a line, are written out."""
    if isinstance(amount, Stepped | Interpolated):
        return along(amount, contract.currency, lambda of: written(contract, of))
    return written(contract, amount)


def _when_worked(measured: Measured) -> str:
    match measured.over:
        case "once" if measured.on is not None:
            return f"once on {long(measured.on)}"
        case "days" if measured.days is not None:
            return f"for {measured.days}"
        case "contract":
            return "once at the end"
    return f"at the end of {measured.over}"


def when_paid(item: FlowItem) -> str:
    """The days that it is paid for, or on which it falls due."""
    if isinstance(item.term, Advance):
        return ""
    if isinstance(item.term, Regular):
        days = [long(day) for day in item.due]
        if len(days) <= _FEW:
            return f"due on {listed(days)}"
        return f"due {len(days)} times, from {days[0]} to {days[-1]}"
    by = (
        " by date of statement"
        if len(item.term.payers.phases) > 1 and item.term.payers.by == "statement"
        else ""
    )
    return f"{_days(item.days)}{by}"


_UNUSED = {
    "kept": "is kept",
    "carried forward": "meets later fees",
    "recoverable": "is owed back at the end of that time",
}


def row_notes(made: Flows, item: FlowItem) -> list[str]:
    """What more is to be said of an item: the clocks of its results, or what a block advance is set off against."""
    notes = [f"only if {wording.condition(test, made.contract.currency)}" for test in item.only_if]
    if made.contract.service != made.contract.payment_period:
        notes += [
            f"only days in the {metric.days_in}"
            for metric in made.contract.metrics
            if metric.days_in == "service period" and item.lines and metric.name in item.lines[0].metrics
        ]
    term = item.term
    if isinstance(item.clause, Payment):
        notes += [f"only if {_tested(made.contract, condition)}" for condition in item.clause.conditions]
        until = item.clause.held_until
        notes += [f"held back until {_tested(made.contract, until)}"] if until is not None else []
        notes += [TAKEN_BACK[item.clause.taken_back]] if item.clause.taken_back else []
    if isinstance(term, Advance):
        if term.against and term.scope is not None:
            against = f"{listed(term.against)} {each_time_named(made.contract, term.scope)}"
            block = item.clause
            pace = block.pace if isinstance(block, BlockAdvance) else "as fees fall due"
            unused = _UNUSED[block.unused] if isinstance(block, BlockAdvance) else _UNUSED["kept"]
            slowly = ", in equal quarters" if pace == "in equal quarters" else ""
            notes.append(
                f"set off {word_of(made, item)} against {against}{slowly}; what is not used {unused}"
            )
        else:
            notes.append("not on account: set off against nothing")
    return [one_line(note) for note in notes]


def _tested(contract: Contract, condition: PaidWhen) -> str:
    said = wording.condition(condition.condition, contract.currency, total="")
    return f"{said} {each_time_named(contract, condition.scope)}" if condition.scope is not None else said


def word_of(made: Flows, item: FlowItem) -> str:
    """How a block advance is set off: `in money`, `in units`, or by what name while that has not been given."""
    if not isinstance(item.clause, BlockAdvance):
        return ""
    try:
        return str(made.settings.value(item.clause.basis))
    except NotGiven as error:
        return f"({error.name}, not given)"


def _metric(term: Rate | Tiered | AllUnits) -> str:
    return f"{term.metric}, {term.band}" if term.band else term.metric


# ------------------------------------------------------------------ limits


def _bound(made: Flows, flow: Flow, limit: FlowLimit) -> Bound:
    mine = [item for item in flow.items if limit in item.limits]
    if len(mine) == len(flow.items):
        on = "on all of this"
    else:
        on = f"on {listed([_subject(flow, item, mine) for item in mine])}"
    if _elsewhere(made, flow, limit):
        on += f", together with all other {limited(limit.row, made.settings)}"
    return Bound(
        one_line(limit_words(made, limit)),
        one_line(on),
        "" if limit.own else one_line(limit.cap.name),
        one_line(cite(limit.cap.clause, limit.row.span)),
    )


def _elsewhere(made: Flows, flow: Flow, limit: FlowLimit) -> bool:
    """Whether the limit is on other flows too."""
    return any(limit in other.limits for other in made.flows if other.number != flow.number)


def limit_words(made: Flows, limit: FlowLimit) -> str:
    """`at most £336,111 over the contract`, with the days on which its clause applies where they are not all."""
    said, side = f"at most {part_in_figures(made.contract, made.settings, limit.row.amount)}", ""
    match bound(limit.row):
        case InAll():
            pass
        case Pot(topped_up=additions):
            sums = [
                f"{part_in_figures(made.contract, made.settings, top_up.amount)} on {day_said(top_up.day, made.settings)}"
                for top_up in additions
            ]
            side = f", topped up by {listed(sums)}"
        case ReturnOn(rate=rate, investment=name):
            said = (
                f"at most what gives {part_in_figures(made.contract, made.settings, rate)} a year on {name}"
            )
        case ForEachPerson():
            said += " per person"
        case ShareOfPayments(of=share):
            said += f" of {selection(share.payments, made.settings)}"
            side = f", {share.side} this limit"
        case kind:
            assert_never(kind)
    return f"{said} {each_time_named(made.contract, limit.row.scope)}{side}{_applies(limit.cap.applies)}"


def _subject(flow: Flow, item: FlowItem, mine: Sequence[FlowItem]) -> str:
    """The clause, where the limit is on all that is paid under it; otherwise what of it."""
    same = [flow_item for flow_item in flow.items if flow_item.clause is item.clause]
    if all(any(flow_item is other for other in mine) for flow_item in same):
        return item.clause.name
    if isinstance(item.term, Advance):
        return f"{item.clause.name} of {long(item.due[0])}" if item.due else item.clause.name
    return f"{item.clause.name} for {listed(item.metrics)}" if item.metrics else item.clause.name


def _applies(applies: Applies) -> str:
    said = f", from {long(applies.first)}" if applies.first else ""
    return said + (f", until {long(applies.last)}" if applies.last else "")


# ------------------------------------------------------------------ beside an arrow


def _short(made: Flows, flow: Flow) -> tuple[str, ...]:
    """A few lines: the clauses, for what, in which days, who pays in cash, up to what."""
    found = [clauses(flow)]
    what = list(dict.fromkeys(_for(item) for item in flow.items))
    found.append(", ".join(what[:3]) + (f" and {len(what) - 3} more" if len(what) > 3 else ""))
    days = _whole(made, flow)
    inside = made.contract.payment_period
    if days != inside:
        first = f"from {long(days.start)}" if days.start != inside.start else ""
        last = f"to {long(days.last)}" if days.last != inside.last else ""
        found.append(f"{first} {last}".strip())
    if all(item.missing for item in flow.items):
        found.append(f"only if {listed([item.missing for item in flow.items])} is given")
    agents = list(dict.fromkeys(item.agent for item in flow.items if item.agent))
    if agents:
        found.append(f"{listed(agents)} pays in cash")
    limits = flow.limits
    if len(limits) == 1:
        part = "on part of it, " if any(limits[0] not in item.limits for item in flow.items) else ""
        shared = ", shared" if _elsewhere(made, flow, limits[0]) else ""
        found.append(f"{part}{limit_words(made, limits[0])}{shared}")
    elif limits:
        found.append(f"{len(limits)} limits")
    return tuple(one_line(note) for note in found)


def _for(item: FlowItem) -> str:
    if isinstance(item.term, Advance):
        return "block advance"
    if isinstance(item.term, Regular):
        return "a sum each statement" if item.term.each == "period" else f"a sum each {item.term.each}"
    return item.metrics[0] if len(item.metrics) == 1 else item.clause.name


# ------------------------------------------------------------------ days and amounts


def _whole(made: Flows, flow: Flow) -> Period:
    """From the first to the last day that anything is paid for."""
    days = flow.days
    return Period(days[0].start, days[-1].end) if days else made.contract.payment_period


def _days(days: Iterable[Period]) -> str:
    return listed([str(period) for period in days])


def _named(contract: Contract, settings: Settings, amount: Amount, words: str) -> tuple[str, str]:
    """The amount and its words; an amount that has a name is said with it."""
    said = in_figures(contract, settings, amount)
    name = written(contract, amount)
    return said, words if isinstance(amount, Value) or said == name else f"{words} ({name})"


def _amounts(item: FlowItem) -> list[Amount]:
    match item.term:
        case Advance(amount=amount, paid_on=day):
            return [amount, day]
        case Tiered(tiers=tiers) | AllUnits(tiers=tiers):
            return [tier.amount for tier in tiers]
        case ToDate(amount=amount, least=least, most=most):
            return [stated_amount for stated_amount in (amount, least, most) if stated_amount is not None]
    return [item.term.amount]


def _names(amount: Amount) -> list[str]:
    if isinstance(amount, Given):
        return [amount.name]
    return [*_names(amount.left), *_names(amount.right)] if isinstance(amount, Arithmetic) else []
