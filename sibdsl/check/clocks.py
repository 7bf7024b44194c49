"""Dates against the contract's two clocks: what can still be reached, and what lies outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sibdsl import wording
from sibdsl.dates import Duration, long
from sibdsl.diagnostics import Diagnostic
from sibdsl.english import a, sentence
from sibdsl.model.admissible_quantities.entry_dates import Almanac, Days
from sibdsl.model.nodes import (
    Amount,
    Cohort,
    Contract,
    Example,
    Held,
    Metric,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import statements
from sibdsl.wording import clause_title, noun


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of dates."""
    for cohort in contract.cohorts:
        yield from _joined(contract, settings, cohort)
    for metric in contract.metrics:
        yield from _reached(contract, settings, metric)
        if metric.held is not None and metric.dated.by == "column":
            yield from _early(contract, metric, metric.held)
    by_name = {named_date.name for named_date in contract.by_name}
    for example in contract.examples:
        if not by_name & {name for name, _ in example.settings}:  # with other dates it has other clocks
            yield from _example(contract, example)


def undated(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """What the text has by name and nobody has given: what hangs on it is not looked at."""
    del settings
    told: set[str] = set()
    for named_date in contract.by_name:
        if not named_date.value and named_date.name not in told:
            told.add(named_date.name)
            yield Diagnostic(
                "SIB0560",
                f"{named_date.name} has not been given. The contract is read without it: what follows from its dates is not "
                "checked, no rule is decided, and nothing can be paid.",
                named_date.span,
                named_date.of,
                "not given",
                f'Give it with `--set "{named_date.name}=..."` to check the rest.',
                severity="warning",
            )


# ------------------------------------------------------------------ what can still be reached


def _joined(contract: Contract, settings: Settings, cohort: Cohort) -> Iterator[Diagnostic]:
    days = Almanac(contract, settings).joining(cohort)
    if days.none and days.first and days.last:
        yield Diagnostic(
            "SIB0526",
            f"Nobody can join {cohort.name}: {cohort.joins_on} would have to be on or after {long(days.first)} and on or before "
            f"{long(days.last)}. New entrants join to {long(contract.new_entrants_last)}.",
            cohort.span,
            clause_title("cohort", cohort.name, cohort.clause),
            "nobody can join",
            f"Change the conditions of {cohort.name}, or the last day for new entrants.",
        )


def _reached(contract: Contract, settings: Settings, metric: Metric) -> Iterator[Diagnostic]:
    almanac = Almanac(contract, settings)
    if metric.dated.day is not None and metric.held is None:
        yield from _worked_out(contract, metric, metric.dated.day, almanac.dated(metric, metric.dated.day))
        return
    name = metric.held.start if metric.held else metric.dated.column
    days = almanac.column(metric, name)
    if metric.held is not None and metric.held.day is not None:
        name = wording.amount(metric.held.day, contract.currency)
        days = almanac.dated(metric, metric.held.day)
    clause = clause_title("metric", metric.name, metric.clause)
    end = contract.payment_period.last
    if days.none and days.first and days.last:
        yield Diagnostic(
            "SIB0526",
            f"Nobody can reach {metric.name}: {name} would have to be on or after {long(days.first)} and on or before "
            f"{long(days.last)}.",
            metric.held.span if metric.held else metric.dated.span,
            clause,
            "no day is left",
            f"Change the conditions of {metric.name}, or of what they speak of, so that some day answers all of them.",
        )
    elif metric.held is not None and metric.held.gaps is None and metric.dated.by != "column":
        yield from _held(contract, metric, metric.held, days)
    elif days.first is not None and days.first > end:
        yield Diagnostic(
            "SIB0526",
            f"Nobody can reach {metric.name}: {name} would have to be on or after {long(days.first)}, and payments end on "
            f"{long(end)}.",
            metric.dated.span,
            clause,
            "after the last payment",
            "Change the conditions, or let the payment period end later.",
        )


def _worked_out(contract: Contract, metric: Metric, day: Amount, days: Days) -> Iterator[Diagnostic]:
    """Of a date that is worked out: that some day of it lies in the payment period."""
    payment = contract.payment_period
    inside = days.meet(Days(payment.start, payment.last))
    if inside.none:
        first = (
            f" It is {long(days.first)} at the earliest." if days.first and days.first > payment.last else ""
        )
        yield Diagnostic(
            "SIB0526",
            f"Nobody can reach {metric.name}: its results are dated {wording.amount(day, contract.currency)}, and no such day "
            f"lies in the payment period, {payment}.{first}",
            metric.dated.span,
            clause_title("metric", metric.name, metric.clause),
            "no day is left",
            "Ask for a shorter time, or let the payment period end later.",
        )
    elif days.last is not None and days.last > payment.last:
        yield Diagnostic(
            "SIB0527",
            f"A result of {metric.name} may be dated as late as {long(days.last)}, and payments end on {long(payment.last)}: "
            "what is dated later is not paid.",
            metric.dated.span,
            clause_title("metric", metric.name, metric.clause),
            "may come after payments end",
            f"If later ones are to be paid: `payment period {long(payment.start)} to {long(days.last)}`.",
            severity="note",
        )


def _held(contract: Contract, metric: Metric, held: Held, days: Days) -> Iterator[Diagnostic]:
    if held.duration is None:
        return
    table = contract.table(metric.records)
    row = noun(table) if table else "row"
    end = contract.payment_period.last
    less = timedelta(days=1 if metric.dated.by == "last day held" else 0)
    last = _last_start(held.duration, end, less)
    clause = clause_title("metric", metric.name, metric.clause)
    later = "Ask for a shorter time, or let the payment period end later."
    if last is None or (days.first is not None and days.first > last):
        begins = f", no {row} that counts starts before {long(days.first)}," if days.first else ""
        if held.day is not None and days.first:
            begins = (
                f" from {wording.amount(held.day, contract.currency)}, {long(days.first)} at the earliest,"
            )
        yield Diagnostic(
            "SIB0526",
            f"Nobody can reach {metric.name}: it is held for {held.duration}{begins} and payments end on {long(end)}.",
            held.span,
            clause,
            f"{held.duration} cannot pass in time",
            later,
        )
    elif held.day is not None:
        return
    elif last < contract.payment_period.start:
        yield Diagnostic(
            "SIB0526",
            f"Only {a(row)} that started by {long(last)}, before payments begin, can reach {metric.name}: it is held for "
            f"{held.duration}, and payments end on {long(end)}.",
            held.span,
            clause,
            "longer than the payment period",
            later,
            severity="warning",
        )
    elif last < min(contract.service.last, days.last or contract.service.last):
        reached = _after(held.duration, contract.service.last)
        begin = long(contract.payment_period.start)
        yield Diagnostic(
            "SIB0527",
            f"{sentence(a(row))} that starts after {long(last)} can no longer reach {metric.name}: it is held for "
            f"{held.duration}, and payments end on {long(end)}.",
            held.span,
            clause,
            f"start by {long(last)}",
            f"If later ones are to be paid: `payment period {begin} to {long(reached - less)}`."
            if reached is not None
            else "If later ones are to be paid, let the payment period end later.",
            severity="note",
        )


def _after(held: Duration, day: date) -> date | None:
    try:
        return held.after(day)
    except OverflowError:
        return None


def _last_start(held: Duration, end: date, less: timedelta) -> date | None:
    """The last day from which the holding is reached by `end`; None when no day of the calendar will do."""
    low, high = date.min.toordinal(), end.toordinal()
    if not _by(held, date.min, end, less):
        return None
    while low < high:
        middle = (low + high + 1) // 2
        if _by(held, date.fromordinal(middle), end, less):
            low = middle
        else:
            high = middle - 1
    return date.fromordinal(low)


def _by(held: Duration, start: date, end: date, less: timedelta) -> bool:
    reached = _after(held, start)
    return reached is not None and reached.toordinal() - less.days <= end.toordinal()


def _early(contract: Contract, metric: Metric, held: Held) -> Iterator[Diagnostic]:
    """Of a holding dated by a column: that its date may come before it is known. The end of a row that lasted so long does not."""
    table = contract.table(metric.records)
    spell = table.spell if table else None
    column = metric.dated.column
    if spell is not None and column == spell.end and held.gaps is None:
        return
    surely = column == held.start
    yield Diagnostic(
        "SIB0530",
        f"{metric.name} is dated by {column}, before it is known whether it is held for {held.length}. It may "
        "fall in a period that has been stated by then, and would be paid as an adjustment in a later statement."
        if surely
        else f"{metric.name} is dated by {column}, which may be earlier than the day on which it is known whether it is held for "
        f"{held.length}. Such a result may fall in a period that has been stated by then, and would be paid as an adjustment in "
        "a later statement.",
        metric.dated.span,
        clause_title("metric", metric.name, metric.clause),
        f"{'earlier' if surely else 'may be earlier'} than the day on which it is reached",
        "Leave it if that is meant; otherwise write `dated on the day after`.",
        severity="note",
    )


# ------------------------------------------------------------------ examples


def _example(contract: Contract, example: Example) -> Iterator[Diagnostic]:
    clause = clause_title("example", example.name, "")
    whole = contract.payment_period
    if example.as_of is not None and example.as_of < whole.start:
        yield Diagnostic(
            "SIB0515",
            f"On {long(example.as_of)} payments have not begun: they run from {whole}. So the example can pay nothing.",
            example.span,
            clause,
            f"as of {long(example.as_of)}",
            f"Choose a later day: the first statement is for {statements(contract)[0]}.",
            severity="warning",
        )
    for expectation in example.expected:
        days = expectation.period
        if days is not None and (days.end <= whole.start or whole.end <= days.start):
            yield Diagnostic(
                "SIB0515",
                f"{days} lies outside the payment period, {whole}, so nothing can be paid in it.",
                expectation.span,
                clause,
                "outside the payment period",
                "Choose a period of the contract.",
                severity="warning",
            )
            return
