"""What payments earn in a segment: rates, tiers, regular sums, and sums to date. Source: language reference, 'Payments'."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import groupby

from attrs import evolve

from sibdsl import money
from sibdsl.dates import Period, long
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.nodes import (
    AllUnits,
    Formula,
    Payers,
    Payment,
    Rate,
    Regular,
    Term,
    Tiered,
    ToDate,
    YearFactor,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import (
    Segment,
    makes_lines,
    occasions,
    regular_dues,
    sum_closes,
    without_rate,
    worked_over,
)
from sibdsl.model.types import Interval
from sibdsl.model.workings import metrics_in
from sibdsl.price.builder import (
    Builder,
    Due,
    SharedWhole,
    Unmeasured,
    inside,
    not_below_nought,
    payers_in,
    payers_on,
    so_many,
    tier_names,
    units_of,
)
from sibdsl.price.conditions_of_payment import paid
from sibdsl.price.evaluate import value
from sibdsl.price.graph import Choose, Greatest, Least, Line, Scale
from sibdsl.price.provenance import AmountOf, ChosenBy, EarnedBy, Purpose, TierName
from sibdsl.price.shared_payments import parts, percentages
from sibdsl.price.statement_rounding import LineRow, rounded_together
from sibdsl.price.units_to_date import units_to_date
from sibdsl.source import Span


def earned(builder: Builder, segment: Segment) -> list[Due]:
    """Every payment line of a segment, in the order of the clauses."""
    if not _together(builder):
        return [row.due for row in _rows(builder, segment)]
    statement = segment.statement
    if statement not in builder.together:
        every = {
            segment: _rows(builder, segment) for segment in builder.segments if segment.statement == statement
        }
        builder.together[statement] = rounded_together(builder, every)
    return [evolve(due) for due in builder.together[statement][segment]]


def _together(builder: Builder) -> bool:
    """Whether what one payer pays one payee in a statement is rounded once."""
    return builder.contract.rounding.each == "statement" and builder.contract.rounding.grain is not None


def _rows(builder: Builder, segment: Segment) -> list[LineRow]:
    """Every payment line of a segment with its row, in the order of the clauses."""
    names = list(dict.fromkeys(payment.name for payment in builder.contract.payments))
    found: list[LineRow] = []
    for payment in builder.contract.payments:
        if not paid_at_all(payment, builder.settings):
            continue
        _rated(builder, payment)
        # One row whose rates differ by day is one row.
        kinds = [_row(term) for term in payment.terms]
        rows = [kinds.index(kind) for kind in kinds]
        at = names.index(payment.name)
        for place, term in enumerate(payment.terms):
            for tier, due in enumerate(_of_term(builder, payment, term, segment)):
                shared = _shared(builder, payment, term.payers, due, (payment.name, rows[place], tier))
                found += [LineRow((at, rows[place], tier, share), due) for share, due in enumerate(shared)]
    return found


def _row(term: Term) -> object:
    """What a row of a payment is, whatever it pays on which days."""
    what = (term.metric, term.band) if isinstance(term, Rate | Tiered) else None
    return type(term), term.payers, term.payee, what


def _rated(builder: Builder, payment: Payment) -> None:
    """Raises Unpriceable for a payment whose rates differ by day and leave days without one."""
    if payment.name not in builder.rated:
        open_ = without_rate(builder.contract, payment)
        if open_ is not None:
            term, day = open_
            raise Unpriceable(f"{payment.name} has no rate for {long(day)}.", term.span)
        builder.rated.add(payment.name)


def _of_term(builder: Builder, payment: Payment, term: Term, segment: Segment) -> list[Due]:
    """The lines of a term in a segment, each before its payers share it."""
    if not makes_lines(builder.contract, payment, term, builder.segments, segment):
        return []
    match term:
        case Regular():
            return _regular(builder, payment, term, segment)
        case Rate():
            return [_rate(builder, payment, term, segment)]
        case Tiered():
            return _tiers(builder, payment, term, segment)
        case AllUnits():
            return _all_units(builder, payment, term, segment)
        case Formula():
            return _formula(builder, payment, term, segment)
        case ToDate():
            return [_to_date(builder, payment, term, segment)]


def _shared(
    builder: Builder, payment: Payment, payers: Payers, due: Due, row: tuple[str, int, int]
) -> list[Due]:
    """A line for each payer who shares it. What falls due on a day is shared by itself."""
    if not payers.shares:
        return [due]
    line = due.line
    found = parts(
        builder, payers, due.left, None if line.due else row, line.segment, own=payment.rounding is not None
    )
    whole = None
    if due.rate is not None and (
        builder.contract.rounding.each != "statement" or payment.rounding is not None
    ):
        whole = SharedWhole(due, percentages(payers, builder.settings))
    return [
        Due(
            evolve(line, payer=payer, amount=step, share=said, whole=due.left),
            step,
            shared=whole if whole is not None and whole.shares else None,
        )
        for payer, said, step in found
    ]


def paid_at_all(payment: Payment, settings: Settings) -> bool:
    """Whether what the payment is paid only if holds in this run."""
    value = settings.values.get(payment.needs)
    return not payment.needs or (
        value is not None if payment.needs_to_be == "given" else value == payment.needs_to_be
    )


def _due(  # noqa: PLR0913 - the fields of a line
    builder: Builder,
    by: EarnedBy,
    segment: Segment,
    payer: str,
    amount: int,
    span: Span,
    *,
    metrics: tuple[str, ...] = (),
    band: str = "",
    quantity: int | None = None,
    rate: Fraction | None = None,
    day: date | None = None,
    tier: TierName | None = None,
    exact: int | None = None,
) -> Due:
    payment = by.payment
    try:
        amount = paid(builder, payment, segment, amount)
    except Unmeasured:
        amount = builder.graph.constant(Fraction(0))
    line = Line(
        "payment",
        segment,
        payer,
        by.term.payee,
        payment.clause,
        payment.name,
        metrics[0] if len(metrics) == 1 else "",
        band,
        quantity,
        rate,
        amount,
        payment.name,
        due=day,
        agent=payment.agent,
        metrics=metrics,
        tier=tier,
        contract=builder.name,
        span=span,
        provenance=by,
    )
    return Due(line, amount) if exact is None or payment.conditions else Due(line, amount, rate, exact)


def _rate(builder: Builder, payment: Payment, rate: Rate, segment: Segment) -> Due:
    factor = not_below_nought(builder.settings.number(rate.amount), "A rate", rate.span)
    quantity = builder.quantity(rate.metric, rate.band, segment)
    whole = factor if builder.metrics[rate.metric].whole else None
    exact = builder.graph.add(Scale((quantity,), factor))
    amount = builder.rounded(exact, payment, whole)
    return _due(
        builder,
        EarnedBy(payment, rate),
        segment,
        payers_in(rate.payers, segment)[0],
        amount,
        rate.span,
        exact=exact,
        metrics=(rate.metric,),
        band=rate.band,
        quantity=quantity,
        rate=factor,
    )


def _tiers(builder: Builder, payment: Payment, tiered: Tiered, segment: Segment) -> list[Due]:
    """A line for each tier: of the units to date that fall in it, those that did not before this segment."""
    days = next(
        (
            occasion
            for occasion in occasions(builder.contract, tiered.scope)
            if inside(segment.days, occasion)
        ),
        None,
    )
    if days is None:
        return []
    start = max(days.start, payment.applies.counts_from or days.start)
    graph = builder.graph
    before = units_to_date(builder, payment, tiered, Period(start, segment.days.start))
    now = units_to_date(builder, payment, tiered, Period(start, segment.days.end))
    if now is None:
        return []
    before = graph.constant(Fraction(0)) if before is None else before
    found: list[Due] = []
    low = Fraction(0)
    for tier, name in zip(tiered.tiers, tier_names(tiered), strict=True):
        factor = not_below_nought(builder.settings.number(tier.amount), "A rate", tier.span)
        size = units_of(tier, builder.settings)
        parts: list[int] = []
        for total in (now, before):
            part = total
            if low:
                above = graph.less(total, [graph.constant(low, Purpose.EARLIER_TIERS)])
                part = graph.add(Greatest((graph.constant(Fraction(0)), above), Purpose.BEYOND_EARLIER_TIERS))
            if size is not None:
                part = graph.add(Least((graph.constant(size, Purpose.UNITS_OF_TIER), part)))
            parts.append(part)
        units = graph.less(parts[0], [parts[1]], Purpose.UNITS_IN_TIER)
        whole = factor if builder.metrics[tiered.metric].whole else None
        amount = builder.rounded(graph.add(Scale((units,), factor)), payment, whole)
        found.append(
            _due(
                builder,
                EarnedBy(payment, tiered, tier),
                segment,
                payers_in(tiered.payers, segment)[0],
                amount,
                tier.span,
                metrics=(tiered.metric,),
                band=tiered.band,
                quantity=units,
                rate=factor,
                tier=name,
            )
        )
        low += size or 0
    return found


def _all_units(builder: Builder, payment: Payment, term: AllUnits, segment: Segment) -> list[Due]:
    """What all units so far come to at the rate that their number reaches, beyond what was paid for them before."""
    days = next(
        (occasion for occasion in occasions(builder.contract, term.scope) if inside(segment.days, occasion)),
        None,
    )
    if days is None:
        return []
    start = max(days.start, payment.applies.counts_from or days.start)
    graph = builder.graph
    last = payment.applies.last or days.last
    mine = [
        segment
        for segment in builder.segments
        if start <= segment.days.start and inside(segment.days, days) and segment.days.last <= last
    ]
    best = graph.constant(Fraction(0))
    before = best
    for statement, parts_of_it in groupby(mine, key=lambda part: part.statement):
        if statement.start > segment.statement.start:
            break
        every = list(parts_of_it)
        now = _best(builder, payment, term, best, Period(start, every[-1].days.end))
        for part in every:
            if part > segment:
                break
            before = best
            # Within a statement no part pays what the statement as a whole does not.
            best = now
            if part is not every[-1]:
                so_far = _best(builder, payment, term, before, Period(start, part.days.end))
                best = graph.add(Least((so_far, now), Purpose.PAID_TO_DATE))
    return [
        _due(
            builder,
            EarnedBy(payment, term),
            segment,
            payers_in(term.payers, segment)[0],
            graph.less(best, [before], Purpose.MORE_THAN_BEFORE),
            term.span,
            metrics=(term.metric,),
            band=term.band,
            quantity=builder.quantity(term.metric, term.band, segment),
        )
    ]


def _best(builder: Builder, payment: Payment, term: AllUnits, before: int, days: Period) -> int:
    """The most that all units have come to by the end of those days."""
    total = units_to_date(builder, payment, term, days)
    if total is None:
        return before
    return builder.graph.add(
        Greatest((before, _at_rate_reached(builder, payment, term, total)), Purpose.PAID_TO_DATE)
    )


def _at_rate_reached(builder: Builder, payment: Payment, term: AllUnits, total: int) -> int:
    graph = builder.graph
    ranges: list[Interval] = []
    branches: list[int] = []
    low: Fraction | None = None
    reached = Fraction(0)
    if term.threshold is not None:
        # Exactly on it, it is reached.
        low = so_many(term.threshold, builder.settings, "A threshold")
        ranges, branches = [Interval(high=low)], [graph.constant(Fraction(0))]
    for tier in term.tiers:
        factor = not_below_nought(builder.settings.number(tier.amount), "A rate", tier.span)
        size = units_of(tier, builder.settings)
        reached += size or 0
        high = None if size is None else reached
        ranges.append(Interval(low, term.threshold is not None, high, high is not None))
        branches.append(builder.rounded(graph.add(Scale((total,), factor)), payment))
        low = high
    return graph.add(Choose((total, *branches), tuple(ranges), ChosenBy(term.metric)))


def _formula(builder: Builder, payment: Payment, term: Formula, segment: Segment) -> list[Due]:
    """The sum over the stretch that ends in the segment, if one does."""
    found: list[Due] = []
    graph = builder.graph
    for days in worked_over(builder.contract, payment, term):
        if days.last not in segment.days:
            continue
        try:
            total = builder.worked(term.amount, days)
        except Unmeasured:
            continue
        factor = next((year_factor for year_factor in term.factors if days.last in year_factor.days), None)
        if factor is not None and not term.least_first:
            total = _times_factor(builder, total, factor)
        if term.least is not None:
            least = graph.constant(builder.settings.number(term.least), Purpose.LEAST)
            total = graph.add(Greatest((least, total), Purpose.NOT_BELOW_LEAST))
        if factor is not None and term.least_first:
            total = _times_factor(builder, total, factor)
        metrics = metrics_in(builder.contract, term.amount)
        if not metrics:
            not_below_nought(_known(builder, total), "A sum", term.span)
        found.append(
            _due(
                builder,
                EarnedBy(payment, term),
                segment,
                payers_in(term.payers, segment)[0],
                builder.rounded(total, payment),
                term.span,
                metrics=metrics,
            )
        )
    return found


def _times_factor(builder: Builder, total: int, by: YearFactor) -> int:
    factor = not_below_nought(builder.settings.number(by.amount), "A factor", by.span)
    return builder.graph.add(Scale((total,), factor))


def _known(builder: Builder, at: int) -> Fraction:
    """What a step comes to that hangs on no quantity."""
    step = builder.graph.steps[at]
    return value(step, [_known(builder, operand) for operand in step.inputs], {})


def _regular(builder: Builder, payment: Payment, term: Regular, segment: Segment) -> list[Due]:
    """The sums that fall due in the segment."""
    found: list[Due] = []
    for day, regular_period in regular_dues(builder.contract, payment, term, segment):
        amount = not_below_nought(builder.settings.number(term.amount), "A regular sum", term.span)
        if term.part == "by days":
            amount *= Fraction(
                (regular_period.days.end - regular_period.days.start).days,
                (regular_period.whole.end - regular_period.whole.start).days,
            )
        rounding = payment.rounding or builder.contract.rounding
        if rounding.grain:
            amount = money.round_to(amount, rounding.grain, rounding.way)
        step = builder.graph.constant(amount, AmountOf(payment.name))
        found.append(
            _due(
                builder,
                EarnedBy(payment, term),
                segment,
                payers_on(term.payers, day)[0],
                step,
                term.span,
                day=day,
            )
        )
    return found


def _to_date(builder: Builder, payment: Payment, term: ToDate, segment: Segment) -> Due:
    """By how much the sum to date, held between its bounds, exceeds everything paid before; never less than nought."""
    graph = builder.graph
    at = builder.segments.index(segment)
    before = _paid_to_date(builder, payment.name, at - 1)
    now = _paid_to_date(builder, payment.name, at)
    return _due(
        builder,
        EarnedBy(payment, term),
        segment,
        payers_in(term.payers, segment)[0],
        graph.less(now, [before], Purpose.MORE_THAN_BEFORE),
        term.span,
        metrics=metrics_in(builder.contract, term.amount),
    )


def _paid_to_date(builder: Builder, name: str, at: int) -> int:
    """All that the payment of that name has come to by the end of a segment, in whichever version was in force.

    Rounding the sum to date rounds each payment, since what was paid before is in whole pennies.
    """
    graph = builder.graph
    if at < 0:
        return graph.constant(Fraction(0))
    known = builder.paid_to_date.get((name, at))
    if known is not None:
        return known
    best = _paid_to_date(builder, name, at - 1)
    segment = builder.segments[at]
    closes = sum_closes(builder.contract, name, builder.segments, segment)
    for payment in builder.contract.payments if closes else ():
        term = payment.to_date
        if payment.name == name and term is not None and payment.applies.on(segment.days):
            first = payment.applies.counts_from or builder.contract.payment_period.start
            try:
                total = _between(builder, payment, term, Period(first, segment.days.end))
            except Unmeasured:
                continue  # nothing is paid on what has not been measured yet
            best = graph.add(Greatest((best, total), Purpose.PAID_TO_DATE))
    builder.paid_to_date[name, at] = best
    return best


def _between(builder: Builder, payment: Payment, term: ToDate, days: Period) -> int:
    """The sum over those days, rounded, not below the least and not above the most."""
    graph = builder.graph
    total = builder.rounded(builder.worked(term.amount, days), payment)
    if term.least is not None:
        bound = money.round_to(builder.settings.number(term.least), builder.grain, "up")
        least = graph.constant(bound, Purpose.LEAST)
        total = graph.add(Greatest((least, total), Purpose.NOT_BELOW_LEAST))
    if term.most is not None:
        limit = not_below_nought(builder.settings.number(term.most), "A limit", term.span)
        most = graph.constant(money.round_to(limit, builder.grain, "down"), Purpose.MOST)
        total = graph.add(Least((most, total), Purpose.NOT_ABOVE_MOST))
    return total
