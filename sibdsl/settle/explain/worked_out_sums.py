"""Explanations of sums worked out from quantities, of rates for all units, and of conditions of payment."""

from __future__ import annotations

from fractions import Fraction

from sibdsl import dates, money, wording
from sibdsl.dates import Period
from sibdsl.english import COUNTED, between, grouped, with_unit
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    Derived,
    Formula,
    Interpolated,
    MetricTotal,
    PaidWhen,
    Payment,
    Range,
    Stepped,
    Working,
)
from sibdsl.model.periods import occasions, segments, spans, worked_over
from sibdsl.model.units_of_versions import counted_in
from sibdsl.model.workings import parts, step_of
from sibdsl.price.builder import inside, interval, units_of
from sibdsl.price.derived_metrics import BlankNumber, Maker
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.page import Item


def formula(facts: LineFacts, term: Formula) -> list[Item]:
    """What is paid by which sum, each figure in it, and what it comes to."""
    payment = next(
        contract_payment for contract_payment in facts.contract.payments if term in contract_payment.terms
    )
    days = next(
        span
        for span in worked_over(facts.contract, payment, term)
        if span.last in facts.priced.line.segment.days
    )
    maker = _maker(facts)
    currency = facts.contract.currency
    said = (
        f"by {_said(term.amount.by, currency)}"
        if isinstance(term.amount, Stepped)
        else _said(term.amount, currency)
    )
    items = [
        Item(
            f"{facts.priced.line.payment} pays {said}, over {days}",
            "clause",
            wording.cite(facts.priced.line.clause, facts.row),
        ),
        *(item for amount in _figures(facts, term.amount) for item in figure(facts, maker, amount, days)),
    ]
    items += _printed(facts, maker, term.amount, days)
    total = maker.value(term.amount, days)
    factor = next((year_factor for year_factor in term.factors if days.last in year_factor.days), None)
    times = facts.run.settings.number(factor.amount) if factor is not None else Fraction(1)
    if not term.least_first:
        total *= times
    if factor is not None:
        said = f"times {_said(factor.amount, currency)}"
        items.append(Item(said, f"on {dates.short(days.last)}", wording.place(factor.span)))
    if term.least is not None and total < facts.run.settings.number(term.least):
        items.append(Item(f"not below {_said(term.least, currency)}", facts.shown(total)))
    items.append(Item("comes to", facts.shown(facts.priced.whole)))
    return items


#: Figures told of within one line. Steps that use one another twice would double with each.
_MOST = 500


def figure(
    facts: LineFacts, maker: Maker, named_amount: Amount, days: Period, told: list[Amount] | None = None
) -> list[Item]:
    """One figure of a sum: a metric or a step, with what it is made of. `told` gathers those told of before it."""
    told = told if told is not None else []
    told.append(named_amount)
    apart = len(told) <= _MOST
    name = named_amount.metric if isinstance(named_amount, MetricTotal) else named_amount.name  # type: ignore[union-attr] # metrics and steps have names
    called = (
        f"{name} of band {named_amount.band}"
        if isinstance(named_amount, MetricTotal) and named_amount.band
        else name
    )
    try:
        value = maker.value(named_amount, days)
    except BlankNumber as error:
        return [Item(f"blank: {error.why}", called)]
    made = next(
        (derived_metric for derived_metric in facts.contract.derived if derived_metric.name == name), None
    )
    inner: list[Item] = []
    currency = facts.contract.currency
    if isinstance(made, Derived) and apart:
        # Its figures are those of the days over which it was measured last: of one to date, of all that went before.
        over = [span for span in spans(facts.contract, made.measured) if span.last in days][-1:] or [days]
        formula = made.formula_of(over[0])
        inner = [Item(_said(formula, currency), "equals", wording.cite(made.clause, made.span))]
        if over[0] != days:
            inner.append(Item(str(over[0]), "measured over"))
        inner += [
            item for part in _figures(facts, formula) for item in figure(facts, maker, part, over[0], told)
        ]
    elif isinstance(named_amount, Working) and apart:
        amount = step_of(facts.contract, name)
        if not isinstance(amount, (Stepped, Interpolated)):
            inner.append(Item(_said(amount, currency), "worked out as", wording.place(amount.span)))
        inner += [item for part in _figures(facts, amount) for item in figure(facts, maker, part, days, told)]
        inner += _printed(facts, maker, amount, days)
    text = with_unit(value, named_amount.kind, currency, COUNTED)
    if isinstance(made, Derived) and made.shown_to is not None:
        shown = money.round_to(value, made.shown_to, "half up")
        text += (
            f" (shown as {with_unit(shown, named_amount.kind, currency, COUNTED)})" if shown != value else ""
        )
    return [Item(text, called, items=tuple(inner))]


def _figures(facts: LineFacts, amount: Amount) -> list[Amount]:
    """The metrics and steps that stand in an amount, each once."""
    if isinstance(amount, (MetricTotal, Working)):
        return [amount]
    amounts = [named_amount for part in parts(amount) for named_amount in _figures(facts, part)]
    return list(dict.fromkeys(amounts))


def _printed(facts: LineFacts, maker: Maker, amount: Amount, days: Period) -> list[Item]:
    """The row of a table of steps that holds the value, or the printed points between which it lies."""
    settings, currency = facts.run.settings, facts.contract.currency
    match amount:
        case Stepped(by=by, rows=rows):
            at = maker.value(by, days)
            row = next(stepped_row for stepped_row in rows if at in interval(settings, stepped_row.holds))
            said = f"{_held(row.holds, currency)}: {_said(row.amount, currency)}"
            return [Item(said, "row", wording.place(row.span))]
        case Interpolated(by=by, points=points):
            at = maker.value(by, days)
            below = [point for point in points if settings.number(point.at) <= at][-1:]
            above = [point for point in points if settings.number(point.at) > at][:1]
            return [
                Item(
                    f"{_said(point.at, currency)}: {_said(point.amount, currency)}",
                    said,
                    wording.place(point.span),
                )
                for said, point in (
                    *(("point at or below", point) for point in below),
                    *(("point above", point) for point in above),
                )
            ]
    return []


def _held(held: Range, currency: str) -> str:
    return between(held, lambda end: _said(end, currency)) or "anything else"


def all_units(facts: LineFacts, payment: Payment, term: AllUnits) -> list[Item]:
    """How many there were by then, the rate that their number reaches, and what was paid for them before."""
    contract, line = facts.contract, facts.priced.line
    maker = _maker(facts)
    scope = next(
        occasion for occasion in occasions(contract, term.scope) if inside(line.segment.days, occasion)
    )
    start = max(scope.start, payment.applies.counts_from or scope.start)
    so_far = Period(start, line.segment.days.end)
    counted = [
        (metric, band, segment.days)
        for segment in segments(facts.version.contract, facts.version.cuts)
        if inside(segment.days, so_far)
        for metric, band in counted_in(contract, payment, (term.metric, term.band), segment)
    ]
    if all((metric, band) == (term.metric, term.band) for metric, band, _ in counted):
        now = maker.value(MetricTotal(term.metric, term.band), so_far)
    else:
        now = sum(
            (maker.value(MetricTotal(metric, band), days) for metric, band, days in counted), Fraction(0)
        )
    what = " and ".join(dict.fromkeys(metric for metric, _, _ in counted)) or term.metric
    reached, rate = Fraction(0), Fraction(0)
    for tier in term.tiers:
        size = units_of(tier, facts.run.settings)
        reached += size or 0
        rate = facts.run.settings.number(tier.amount)
        if size is None or now <= reached:
            break
    if term.threshold is not None and now < facts.run.settings.number(term.threshold):
        rate = Fraction(0)
    total = facts.shown(now * rate)
    return [
        Item(
            f"{line.payment} pays every {what} of {scope} at the rate that their number reaches",
            "clause",
            wording.cite(line.clause, facts.row),
        ),
        Item(f"{grouped(now)} by then, at {facts.shown(rate)} for each of them: {total}", "to date"),
        Item("beyond what was paid for them before", facts.shown(facts.priced.whole)),
    ]


def conditions(facts: LineFacts) -> list[Item]:
    """The conditions on which the line is paid, all of them met."""
    payment = facts.clause
    if not isinstance(payment, Payment):
        return []
    return [
        Item(_condition(facts, condition), "paid only if", wording.place(condition.span))
        for condition in payment.conditions
    ]


def condition_met(facts: LineFacts, condition: PaidWhen) -> str:
    """A condition of payment, which was met."""
    return _condition(facts, condition)


def _condition(facts: LineFacts, condition: PaidWhen) -> str:
    said = wording.condition(condition.condition, facts.contract.currency, total="")
    over = "" if condition.scope is None else f" {wording.each_time(condition.scope)}"
    return f"{said}{over}: met"


def _maker(facts: LineFacts) -> Maker:
    return Maker(
        facts.contract,
        facts.run.settings,
        facts.version.counted,
        segments(facts.version.contract, facts.version.cuts),
    )


def _said(amount: Amount, currency: str) -> str:
    return wording.amount(amount, currency, total="")
