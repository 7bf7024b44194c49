"""Which stretches of time a contract counts and states by.

A statement period in which the payer changes part-way is counted in parts, one for each payer: so every quantity,
and every line, lies on one side of the change.
"""

from __future__ import annotations

from bisect import bisect_left
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

from attrs import evolve, frozen

from sibdsl.dates import (
    Calendar,
    Period,
    add_months,
    contract_year,
    ends_of_months,
    ends_of_years,
    statement_periods,
    year_start,
)
from sibdsl.model.nodes import (
    AllUnits,
    Applies,
    CapRow,
    Contract,
    Dated,
    Deduction,
    Formula,
    Given,
    Measured,
    Payment,
    Rate,
    Scope,
    Selection,
    Term,
    Tiered,
    ToDate,
    Value,
)
from sibdsl.model.nodes import Regular as RegularSum
from sibdsl.model.parameters.in_force import Keyed, Plain, Settings
from sibdsl.model.remembered import remembered


@frozen(order=True)
class Segment:
    """A statement period, or the part of one between two changes of terms."""

    days: Period
    statement: Period


@remembered
def statements(contract: Contract) -> tuple[Period, ...]:
    """The statement periods of the payment period, in order."""
    days: list[Period] = []
    ends = {day + timedelta(days=1) for day in (*contract.statement_ends, *contract.statements_on)}
    calendar = "once at the end" if contract.statements_on else contract.calendar
    for period in statement_periods(contract.payment_period, calendar, contract.years_begin):
        inside = sorted({period.start, period.end, *(day for day in ends if day in period)})
        days.extend(Period(a, b) for a, b in pairwise(inside))
    return tuple(days)


@remembered
def segments(contract: Contract, more: frozenset[date] = frozenset()) -> tuple[Segment, ...]:
    """The statement periods, each cut where the terms differ within it.

    That is where a payer changes by date of result, where a scope's days begin or end, where a cap tells earlier
    results from later ones, where a span ends over which a metric is measured, and at `more`.
    """
    cuts: set[date] = set(more)
    read = as_read(contract)
    limits: list[CapRow | Deduction] = [row for cap in contract.caps for row in cap.rows]
    limits += [row for payment in contract.payments for row in payment.limits]
    limits += contract.deductions
    for chosen in (selection for row in limits for selection in row.selections):
        cuts |= selection_cuts(chosen, read)
    for payment in contract.payments:
        for term in payment.terms:
            if isinstance(term, Rate | Tiered | RegularSum) and term.days is not None:
                cuts.update((term.days.start, term.days.end))
            if term.payers.by == "result":
                cuts.update(phase.last + timedelta(days=1) for phase in term.payers.phases if phase.last)
    for applies in (
        *(payment.applies for payment in contract.payments),
        *(advance.applies for advance in contract.advances),
        *(cap.applies for cap in contract.caps),
        *(deduction.applies for deduction in contract.deductions),
    ):
        cuts |= _changes(applies)
    for scope in scopes(contract):
        for days in occasions(contract, scope):
            cuts.update((days.start, days.end))
    for metric in contract.every_metric:
        # Of a span only the end matters: its quantity lies with the last of its days.
        cuts.update(days.end for days in spans(contract, metric.measured))
    for payment in contract.payments:
        if payment.formula is not None:
            days_of = worked_over(contract, payment, payment.formula)
            cuts.update(day for days in days_of for day in (days.start, days.end))
    found: list[Segment] = []
    ordered = sorted(cuts)
    for statement in statements(contract):
        within = ordered[bisect_left(ordered, statement.start) : bisect_left(ordered, statement.end)]
        inside = sorted({statement.start, statement.end, *within})
        found.extend(Segment(Period(a, b), statement) for a, b in pairwise(inside))
    return tuple(found)


def as_read(contract: Contract) -> Settings:
    """What the names are worth that the contract was read with, as far as they are dates."""
    found: dict[str, Plain | Keyed] = {}
    for named_date in contract.by_name:
        with suppress(ValueError):
            found[named_date.name] = date.fromisoformat(named_date.value)
    return Settings(found)


def selection_cuts(chosen: Selection, settings: Settings | None = None) -> set[date]:
    """The first days after and from which results are told apart by a selection, as far as the dates are known."""
    settings = settings or Settings()
    days: set[date] = set()
    for amount, later in ((chosen.earned_to, 1), (chosen.earned_from, 0)):
        if isinstance(amount, Value) or (isinstance(amount, Given) and amount.name in settings.values):
            days.add(settings.day(amount) + timedelta(days=later))
    return days


def scopes(contract: Contract) -> list[Scope]:
    """Every scope that a clause of the contract runs over."""
    found = [advance.scope for block in contract.advances for advance in block.advances if advance.scope]
    found.extend(row.scope for cap in contract.caps for row in cap.rows)
    for payment in contract.payments:
        found.extend(row.scope for row in payment.limits)
        found.extend(tiered.scope for tiered in payment.tiered)
        found.extend(condition.scope for condition in payment.every_condition if condition.scope)
        if payment.all_units is not None:
            found.append(payment.all_units.scope)
    tests = [condition for deduction in contract.deductions for condition in deduction.conditions]
    found.extend(condition.scope for condition in tests if condition.scope)
    return found


def _changes(applies: Applies) -> set[date]:
    """The first days on which a clause begins to apply, and no longer applies."""
    after = (applies.last + timedelta(days=1),) if applies.last else ()
    return {one for one in (applies.first, *after) if one}


def sum_closes(contract: Contract, name: str, every: tuple[Segment, ...], segment: Segment) -> bool:
    """Whether the sum to date of that name is worked out at the end of the segment.

    That is at the end of a statement period, or of the last part of one on which the payment is in force.
    """
    later = every[every.index(segment) + 1 :]
    rest = [other_segment for other_segment in later if other_segment.statement == segment.statement]
    versions = [
        payment for payment in contract.payments if payment.name == name and payment.to_date is not None
    ]
    return not any(version.applies.on(part.days) for version in versions for part in rest)


@frozen
class RegularPeriod:
    """A year, quarter or month for which a regular sum is paid: its days in the contract, and all its days."""

    days: Period
    whole: Period


@remembered
def regular_periods(contract: Contract, payment: Payment, term: RegularSum) -> tuple[RegularPeriod, ...]:
    """The years, quarters, months or statement periods for which a regular sum is paid; the first and last may be parts.

    A part is what lies in the payment period and in the days for which the payment runs. Source: language reference,
    'Regular sums'.
    """
    inside = runs_for(contract, payment, term)
    if inside is None:
        return ()
    found: list[RegularPeriod] = []
    for days, whole in _calendar_periods(contract, term.each):
        start, end = max(days.start, inside.start), min(days.end, inside.end)
        if start < end:
            found += [
                RegularPeriod(part, whole) for part in _parts_stated(contract, term, Period(start, end))
            ]
    return tuple(found)


def _parts_stated(contract: Contract, term: RegularSum, days: Period) -> list[Period]:
    """A stretch of a sum in the parts that were stated: one to where the contract ended before, and one for the days since.

    Paid in full, the first is all of it. Source: language reference, 'Statements already made'.
    """
    for end, agreed in contract.extended:
        before = Period(days.start, end)
        if (
            days.start < end < days.end
            and (before.start if term.due == "at the start" else before.last) < agreed
        ):
            later = _parts_stated(contract, term, Period(end, days.end)) if term.part == "by days" else []
            return [before, *later]
    return [days]


def _calendar_periods(contract: Contract, each: str) -> tuple[tuple[Period, Period], ...]:
    """The years, quarters, months or statement periods of a contract, each with the whole one that it is of."""
    inside = contract.payment_period
    calendars: dict[str, Calendar] = {"year": "yearly", "quarter": "quarterly", "month": "monthly"}
    calendar = calendars.get(each, "once at the end" if contract.statements_on else contract.calendar)
    if calendar == "once at the end":
        return tuple((statement, statement) for statement in statements(contract))
    first = year_start(inside.start, contract.years_begin)
    beyond = Period(first, add_months(year_start(inside.last, contract.years_begin), 12))
    wholes = statement_periods(beyond, calendar, contract.years_begin)
    parts = statements(contract) if each == "period" else wholes
    return tuple((part, next(whole for whole in wholes if part.start in whole)) for part in parts)


def runs_for(contract: Contract, payment: Payment, term: Term) -> Period | None:
    """The days for which a payment runs: its own and those of the versions of it that follow one another, if any are left.

    A version that pays by another calendar, or in another way, does not go on with the one before it. Of a sum that pays
    parts in full, a variation makes no parts: it is due or not.
    """
    whole = contract.payment_period
    in_full = isinstance(term, RegularSum) and term.part == "in full"

    def days(one: Payment) -> tuple[date, date]:
        applies = one.applies
        first = None if in_full and applies.begun else applies.first
        last = None if in_full and applies.ended else applies.last
        if isinstance(term, RegularSum) and not in_full:
            first, last = _days_of_sums(contract, one)
        end = whole.end if last is None else min(whole.end, last + timedelta(days=1))
        return max(whole.start, first or whole.start), end

    def goes_on(other: Payment) -> bool:
        return other.name == payment.name and any(_like(term, other_term) for other_term in other.terms)

    versions = [days(payment) for payment in contract.payments if goes_on(payment)]
    start, end = days(payment)
    for _ in versions:
        start = min((first for first, last in versions if last == start), default=start)
        end = max((last for first, last in versions if first == end), default=end)
    return Period(start, end) if start < end else None


def _days_of_sums(contract: Contract, payment: Payment) -> tuple[date | None, date | None]:
    """The first and the last day for which a version of a payment pays sums by days; None is the contract's own.

    A variation that leaves what was stated as it is changes them from the day of agreement on; and what was stated before,
    for days to come, pays for these days.
    """
    applies = payment.applies
    first, last = applies.dues_from or applies.first, applies.dues_to or applies.last
    for version in contract.payments:
        if version.name != payment.name:
            continue
        ahead = _stated_ahead(contract, version)
        if version is payment:
            last = max(last, ahead) if ahead and last else last
            break
        if ahead:
            first = max(first or ahead, ahead + timedelta(days=1))
    return first, last


def _stated_ahead(contract: Contract, payment: Payment) -> date | None:
    """The last day for which a version that a variation ended had stated a sum by days, due at the start, when it was agreed."""
    applies = payment.applies
    if applies.ended_stated is None:
        return None
    day = applies.ended_stated - timedelta(days=1)
    if applies.first is not None and day < applies.first:
        return None
    return max(
        (
            days.last
            for term in payment.regular
            if term.due == "at the start" and term.part == "by days"
            for days, _ in _calendar_periods(contract, term.each)
            if day in days
        ),
        default=None,
    )


def _like(term: Term, other: Term) -> bool:
    """Whether two terms pay for the same stretches of time in the same way."""
    match term, other:
        case RegularSum(each=each, due=due), RegularSum():
            return (each, due) == (other.each, other.due)
        case Formula(measured=measured), Formula():
            return (measured.over, measured.on, measured.days) == (
                other.measured.over,
                other.measured.on,
                other.measured.days,
            )
    return type(term) is type(other)


@remembered
def worked_over(contract: Contract, payment: Payment, term: Formula) -> tuple[Period, ...]:
    """The stretches over which a sum is worked out: of each, the days for which the payment runs.

    A day that is named falls due on itself, or not at all. Source: language reference, 'Sums worked out'.
    """
    inside = runs_for(contract, payment, term)
    if inside is None:
        return ()
    every = spans(contract, term.measured)
    if term.measured.over == "once":
        every = tuple(days for days in every if days.last in inside)
    cut = ((max(days.start, inside.start), min(days.end, inside.end)) for days in every)
    return tuple(Period(start, end) for start, end in cut if start < end)


def occasions(contract: Contract, scope: Scope) -> tuple[Period, ...]:
    """The stretches of days over which a limit or set off of this scope runs, each on its own."""
    if scope.over == "days" and scope.days is not None:
        return (scope.days,)
    if scope.over == "contract":
        return (contract.payment_period,)
    if scope.over == "each year":
        return statement_periods(contract.payment_period, "yearly", contract.years_begin)
    if scope.over == "each quarter":
        return statement_periods(contract.payment_period, "quarterly", contract.years_begin)
    if scope.over == "each month":
        return statement_periods(contract.payment_period, "monthly", contract.years_begin)
    return statements(contract)


def ends_of_each(contract: Contract, dated: Dated) -> tuple[date, ...]:
    """The days in the payment period that end a month of the calendar, or a quarter or a year of the contract.

    Source: language reference, 'In progress at the end of a month'.
    """
    whole = contract.payment_period
    if dated.each == "month":
        return tuple(ends_of_months(whole))
    return tuple(ends_of_years(whole, contract.years_begin, 3 if dated.each == "quarter" else 12))


@remembered
def spans(contract: Contract, measured: Measured | None) -> tuple[Period, ...]:
    """The stretches of the payment period over which a metric is measured, in order; none for a metric that adds up.

    Source: language reference, 'Measured'.
    """
    if measured is None:
        return ()
    whole = contract.payment_period
    if measured.over == "once":
        return (days_to(whole, measured.on),) if measured.on is not None and measured.on in whole else ()
    if measured.over == "days":
        days = measured.days
        if days is None or days.end <= whole.start or whole.end <= days.start:
            return ()
        return (Period(max(days.start, whole.start), min(days.end, whole.end)),)
    every = occasions(contract, Scope(measured.over))
    return tuple(Period(whole.start, days.end) for days in every) if measured.to_date else every


def turns(contract: Contract, measured: Measured | None) -> tuple[Period, ...]:
    """The stretches by which the spans of a measure are told apart, one for each: of one to date, the year that ends it."""
    if measured is not None and measured.to_date:
        return spans(contract, evolve(measured, to_date=False))
    return spans(contract, measured)


def days_to(whole: Period, last: date) -> Period:
    """The days of a period up to one of them, that one included."""
    return Period(whole.start, last + timedelta(days=1))


def holder(every: tuple[Segment, ...], days: Period) -> Segment | None:
    """The segment that holds the last of the days: there the quantity of a span lies."""
    return next((segment for segment in every if days.last in segment.days), None)


def taken_last(
    contract: Contract, measured: Measured | None, every: tuple[Segment, ...], days: Period
) -> tuple[Period, Segment] | None:
    """The last span of a measure that ends in the days, with the segment that holds its quantity; None where none does.

    Source: language reference, 'Measured': over longer days, the measure last taken.
    """
    taken = [span for span in spans(contract, measured) if span.last in days]
    place = holder(every, taken[-1]) if taken else None
    return None if place is None else (taken[-1], place)


def regular_dues(
    contract: Contract, payment: Payment, term: RegularSum, segment: Segment
) -> tuple[tuple[date, RegularPeriod], ...]:
    """The days in a segment on which a regular sum falls due, each with what it is paid for.

    The day on which it falls due decides whether its clause is in force.
    """
    found: list[tuple[date, RegularPeriod]] = []
    for regular_period in regular_periods(contract, payment, term):
        day = regular_period.days.start if term.due == "at the start" else regular_period.days.last
        alone = Period(day, day + timedelta(days=1))
        if day in segment.days and payment.applies.on_line(alone, day) and pays_in(term, alone):
            found.append((day, regular_period))
    return tuple(found)


def makes_lines(
    contract: Contract, payment: Payment, term: Term, every: tuple[Segment, ...], segment: Segment
) -> bool:
    """Whether a term pays something in a segment, whatever the quantities: the one place that says so."""
    days = segment.days
    if isinstance(term, RegularSum):
        return bool(regular_dues(contract, payment, term, segment))
    if not payment.applies.on(days) or not pays_in(term, days):
        return False
    match term:
        case Tiered(scope=scope) | AllUnits(scope=scope):
            return any(
                occasion.start <= days.start and days.end <= occasion.end
                for occasion in occasions(contract, scope)
            )
        case Formula():
            return any(other_days.last in days for other_days in worked_over(contract, payment, term))
        case Rate(metric=metric):
            taken = next(
                (
                    other_metric.measured
                    for other_metric in contract.every_metric
                    if other_metric.name == metric
                ),
                None,
            )
            return taken is None or any(span.last in days for span in spans(contract, taken))
        case ToDate():
            return sum_closes(contract, payment.name, every, segment)


def span_of(contract: Contract, measured: Measured | None, days: Period) -> Period | None:
    """The one span of a measure that a period speaks of: it lies in the span, or holds it and no other. None otherwise."""
    told = list(zip(turns(contract, measured), spans(contract, measured), strict=True))
    around = [span for turn, span in told if turn.start <= days.start and days.end <= turn.end]
    inside = [span for turn, span in told if turn.start < days.end and days.start < turn.end]
    return around[0] if around else inside[0] if len(inside) == 1 else None


def stated(contract: Contract, as_of: date, more: frozenset[date] = frozenset()) -> tuple[Segment, ...]:
    """The segments of the statement periods that had ended by `as_of` (a period has ended on its last day)."""
    return tuple(segment for segment in segments(contract, more) if segment.statement.last <= as_of)


def year_of(contract: Contract, day: date) -> Period:
    """The contract year that holds `day`."""
    return contract_year(year_start(day, contract.years_begin).year, contract.years_begin)


def pays_in(term: Term, days: Period) -> bool:
    """Whether the term has a rate for all of those days; what is worked out from quantities is for all days."""
    mine = term.days if isinstance(term, Rate | Tiered | RegularSum) else None
    return mine is None or (mine.start <= days.start and days.end <= mine.end)


def without_rate(contract: Contract, payment: Payment) -> tuple[Term, date] | None:
    """A row of a payment whose rates differ by day and the first day for which none of them is; None where all is well.

    Of results every day counts on which the payment is in force; of a regular sum, the days on which it falls due.
    """
    rows: dict[object, list[Rate | Tiered | RegularSum]] = {}
    for term in payment.terms:
        if not isinstance(term, Rate | Tiered | RegularSum) or term.days is None:
            continue
        what = None if isinstance(term, RegularSum) else (term.metric, term.band)
        rows.setdefault((type(term), term.payers, term.payee, what), []).append(term)
    for mine in rows.values():
        first = mine[0]
        if isinstance(first, RegularSum):
            runs = [regular_period.days for regular_period in regular_periods(contract, payment, first)]
            due = [run.start if first.due == "at the start" else run.last for run in runs]
            days = [Period(day, day + timedelta(days=1)) for day in due]
        else:
            days = [segment.days for segment in segments(contract)]
        for one in days:
            day = one.start if isinstance(first, RegularSum) else None
            if payment.applies.on_line(one, day) and not any(pays_in(term, one) for term in mine):
                return first, one.start
    return None
