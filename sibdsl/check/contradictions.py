"""Conditions that no row, or no quantities, can ever meet together; and those that are met whenever the others are.

Source: language reference, 'Conditions'. Whether they can be met is worked out by `conditions_together`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from sibdsl import wording
from sibdsl.check.conditions_together import Asking, Conditions, Placed, PossibleValues
from sibdsl.dates import Duration, parse
from sibdsl.diagnostics import Diagnostic, Label, NotGiven
from sibdsl.english import listed, with_unit
from sibdsl.model.admissible_quantities.reach import ValueReach
from sibdsl.model.conditions_on_rows import amounts_in, tests_of
from sibdsl.model.earlier_texts import texts_of
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Blank,
    Cohort,
    Column,
    Compare,
    Condition,
    Contract,
    DateMoved,
    Either,
    Given,
    Interpolated,
    JoinedColumn,
    Looked,
    Metric,
    MetricColumn,
    MetricTotal,
    PaidWhen,
    PersonColumn,
    RecordColumn,
    Stepped,
    TimeBetween,
    WholeYears,
    Working,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.types import NUMERIC, Interval
from sibdsl.model.workings import amount_may_be_blank
from sibdsl.wording import clause_title, noun


@frozen
class ConditionsTogether:
    """Conditions that are put to one row, or to quantities of one time, and what is said where none can meet them."""

    title: str
    conditions: tuple[Condition, ...]
    nothing: str
    of_rows: bool
    #: What is sure besides: what the cohort asks of everybody in it.
    sure: tuple[Placed, ...] = ()
    cohort: str = ""
    #: The cohort whose own conditions they are.
    joins: str = ""
    #: `a job held for 6 months`, where that is among what is sure.
    held: str = ""


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A warning on conditions that cannot be met together (SIB0555), a note on one that the others say already (SIB0556)."""
    domains = Domains(contract)
    with_values = fixed(contract, settings, literal=False)
    as_written = fixed(contract, settings, literal=True)
    empty: set[str] = set()
    for clause in _clauses(contract):
        sure = tuple(placed for placed in clause.sure if placed.cohort not in empty)
        conditions = Conditions(contract, with_values, domains.of, clause.cohort)
        core = _core(conditions, clause.conditions, sure)
        if core is not None:
            empty.add(clause.joins)
            yield _never(contract, clause, *core, domains.reach)
            continue
        written = Conditions(contract, as_written, domains.of, clause.cohort)
        for at in _said_already(written, clause.conditions, sure):
            yield _always(contract, clause, at)


# ------------------------------------------------------------------ where conditions stand


def _clauses(contract: Contract) -> Iterator[ConditionsTogether]:
    for cohort in contract.cohorts:
        title = clause_title("cohort", cohort.name, cohort.clause)
        yield ConditionsTogether(
            title, cohort.conditions, f"Nobody can join {cohort.name}", of_rows=True, joins=cohort.name
        )
    for metric in contract.metrics:
        # Of a cohort that a variation replaced, not all have joined by what it says now.
        among = next(
            (one for one in contract.cohorts if metric.among == (one.name,) and not one.earlier), None
        )
        yield from (_of_metric(contract, text, among) for text in texts_of(metric))
    for payment in contract.payments:
        title = clause_title("payment", payment.name, payment.clause)
        yield from _of_quantities(title, payment.conditions, f"Nothing can be paid under {payment.name}")
        if payment.held_until is not None:
            never = f"What is held back under {payment.name} is never paid"
            yield from _of_quantities(title, (payment.held_until,), never)
    for deduction in contract.deductions:
        title = clause_title("deduction", deduction.name, deduction.clause)
        yield from _of_quantities(title, deduction.conditions, f"{deduction.name} is never taken off")


def _of_metric(contract: Contract, metric: Metric, among: Cohort | None) -> ConditionsTogether:
    table = contract.table(metric.records)
    row = noun(table) if table else "row"
    sure = tuple(Placed(test, among.name) for test in among.conditions) if among is not None else ()
    lasts = held_so_long(contract, metric)
    sure = sure if lasts is None else (*sure, lasts)
    return ConditionsTogether(
        clause_title("metric", metric.name, metric.clause),
        metric.conditions,
        f"No {row} can count for {metric.name}",
        of_rows=True,
        sure=sure,
        cohort=among.name if among is not None else "",
        held=f"a {row} held for {metric.held.length}"
        if lasts is not None and metric.held is not None
        else "",
    )


def held_so_long(contract: Contract, metric: Metric) -> Placed | None:
    """What is sure of the end of a row that is held for a time: it is blank, or lies no earlier. None where several rows join."""
    held, table = metric.held, contract.table(metric.records)
    if held is None or held.duration is None or held.gaps is not None or held.day is not None:
        return None
    if table is None or table.spell is None or not table.spell.end or held.duration.unit == "business day":
        return None
    end = Column(table.name, table.spell.end, "date", span=held.span)
    start = Column(table.name, held.start, "date", span=held.span)
    # The last day is the end itself, or the day before it: what is said is no more than is so of both.
    complete = DateMoved(DateMoved(start, "after", held.duration), "before", Duration(1, "day"))
    return Placed(
        Either((Blank(end, span=held.span), Compare(end, ">=", complete, span=held.span)), span=held.span)
    )


def _of_quantities(title: str, conditions: Sequence[PaidWhen], nothing: str) -> Iterator[ConditionsTogether]:
    """Those over one time together: over another, a quantity is another."""
    for scope in dict.fromkeys(paid_when.scope for paid_when in conditions):
        together = tuple(paid_when.condition for paid_when in conditions if paid_when.scope == scope)
        yield ConditionsTogether(title, together, nothing, of_rows=False)


# ------------------------------------------------------------------ what can be met


def _asked(tests: Sequence[Condition]) -> list[Asking]:
    return [Asking(Placed(test)) for test in tests]


def _core(
    conditions: Conditions, tests: tuple[Condition, ...], sure: tuple[Placed, ...]
) -> tuple[tuple[Condition, ...], tuple[Placed, ...]] | None:
    """As few conditions as cannot be met together, and as few of those that are sure; None where all can be."""
    known = [Asking(placed) for placed in sure]
    if not tests or conditions.can_be([*_asked(tests), *known]):
        return None
    needed = list(known)
    for placed in known:
        fewer = [other for other in needed if other is not placed]
        if not conditions.can_be([*_asked(tests), *fewer]):
            needed = fewer
    kept = list(tests)
    for test in reversed(tests):
        others = [other for other in kept if other is not test]
        if not conditions.can_be([*_asked(others), *needed]):
            kept = others
    return tuple(kept), tuple(asking.placed for asking in needed)


def _said_already(
    conditions: Conditions, tests: tuple[Condition, ...], sure: tuple[Placed, ...]
) -> Iterator[int]:
    """Which conditions are met whenever all others are; of two that say the same, the later."""
    known = [Asking(placed) for placed in sure]
    kept = list(range(len(tests)))
    for at in reversed(range(len(tests))):
        others = [tests[other] for other in kept if other != at]
        if all(isinstance(test, Blank) for test in tests_of(tests[at])):
            continue  # that a cell is not blank may be said for clarity, and messages ask for it
        unmet = Asking(Placed(tests[at]), "not surely met")
        if not conditions.can_be([*_asked(others), *known, unmet]):
            kept.remove(at)
            yield at


def fixed(
    contract: Contract, settings: Settings, *, literal: bool
) -> Callable[[Amount], Fraction | date | str | None]:
    """What an amount comes to that nothing counted changes; with `literal` only where it does not hang on what is given."""

    def worth(amount: Amount) -> Fraction | date | str | None:
        if literal and any(isinstance(part, Given) for part in amounts_in(amount)):
            return None
        if isinstance(amount, DateMoved):
            return moved(amount)
        try:
            value = settings.value(amount)
        except (NotGiven, TypeError, ZeroDivisionError):
            return None
        return parse(value) if isinstance(value, str) and amount.kind == "date" else value

    def moved(amount: DateMoved) -> date | None:
        day = worth(amount.start)
        if not isinstance(day, date) or contract.leap_day == "1 March":
            return None
        try:
            return amount.duration.after(day) if amount.way == "after" else amount.duration.before(day)
        except OverflowError:
            return None

    return worth


# ------------------------------------------------------------------ which values are possible


class Domains:
    """Which values the things of a contract's conditions may have."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._signs = self.reach = ValueReach(contract)
        self._metrics = {metric.name: metric for metric in contract.metrics}

    def of(self, amount: Amount) -> PossibleValues:
        """The values that an amount of a row, or one made of quantities, may have."""
        match amount:
            case Column() | PersonColumn() | JoinedColumn() | MetricColumn():
                column = self.column(amount)
                if column is not None:
                    return self._of_column(column, own=isinstance(amount, Column))
            case WholeYears():
                return PossibleValues(whole=True)
            case TimeBetween():
                return PossibleValues(Interval(Fraction(0), low_in=True), whole=True)
            case MetricTotal(metric=name):
                metric = self._metrics.get(name)
                low, high = self._signs.bounds(amount)
                whole = metric is not None and metric.whole
                return PossibleValues(
                    _between(low, high), whole, blank=amount_may_be_blank(self._contract, amount)
                )
            case Arithmetic() | Interpolated() | Stepped() | Looked() | Working() if amount.kind in NUMERIC:
                return PossibleValues(_between(*self._signs.bounds(amount)))
            case _:
                pass
        return PossibleValues(whole=amount.kind == "date")

    def column(self, amount: Column | PersonColumn | JoinedColumn | MetricColumn) -> RecordColumn | None:
        """The column that is read, as the records declare it."""
        match amount:
            case Column(records=records, name=name) | PersonColumn(records=records, name=name):
                table = self._contract.table(records)
            case JoinedColumn(cohort=holder, name=name):
                cohort = next((one for one in self._contract.cohorts if one.name == holder), None)
                table = self._contract.table(cohort.records) if cohort else None
            case MetricColumn(metric=holder, name=name):
                metric = self._metrics.get(holder)
                table = self._contract.table(metric.records) if metric else None
        return table.column(name) if table else None

    def _of_column(self, column: RecordColumn, *, own: bool) -> PossibleValues:
        worked_out = column.formula is not None
        words = column.categories or (("yes", "no") if column.kind == "yes or no" else ())
        return PossibleValues(
            self._signs.of_column(column) if column.kind in NUMERIC else Interval(),
            whole=column.kind == "date" or (column.kind == "count" and not worked_out),
            words=() if worked_out else words,
            blank=column.blank_allowed or worked_out or not own,
        )


def _between(low: Fraction | None, high: Fraction | None) -> Interval:
    return Interval(low, low is not None, high, high is not None)


# ------------------------------------------------------------------ what is said


def _never(
    contract: Contract,
    clause: ConditionsTogether,
    core: tuple[Condition, ...],
    sure: tuple[Placed, ...],
    reach: ValueReach,
) -> Diagnostic:
    said = [f"`{wording.condition(test, contract.currency, total='')}`" for test in core]
    first = core[-1] if core else clause.conditions[0]
    thing = "row" if clause.of_rows else "quantity"
    lasting = [placed for placed in sure if not placed.cohort]
    sure = tuple(placed for placed in sure if placed.cohort)
    if lasting:
        why = f"{listed(said)} cannot be met by {clause.held}"
    elif sure:
        asked = listed(
            [f"`{wording.condition(placed.condition, contract.currency, total='')}`" for placed in sure]
        )
        why = f"{listed(said)} cannot be met by a member of {sure[0].cohort}, of whom {asked} is asked"
    elif len(said) == 1:
        why = f"{said[0]} is met by no {thing} that is possible"
    else:
        why = f"{listed(said)} cannot be met together"
    labels = [Label(test.span, "with this") for test in core[:-1]]
    labels += [Label(placed.condition.span, "asked of each member") for placed in sure]
    labels += [Label(placed.condition.span, "held so long") for placed in lasting]
    return Diagnostic(
        "SIB0555",
        f"{clause.nothing}: {why}.",
        first.span,
        clause.title,
        "never met" if len(core) == 1 and not sure and not lasting else "never met together",
        "Change the condition, or for how long it is held."
        if lasting
        else _way_out(clause, core, reach, alone=len(core) == 1 and not sure),
        tuple(labels),
        severity="warning",
    )


def _way_out(
    clause: ConditionsTogether, core: tuple[Condition, ...], reach: ValueReach, *, alone: bool
) -> str:
    if alone and not clause.of_rows:
        return f"{_how_far(core[0], reach)}Write the number that is meant, or take the condition out."
    if alone:
        return "Write the value that is meant, or change what the records allow under `must be` or `holds`."
    if clause.of_rows:
        return (
            "Conditions of one clause must all be met by the same row. If either will do, join them by `or` in one line; otherwise "
            "change one of them, or what the records allow."
        )
    return "All conditions of one clause must be met. If either will do, join them by `or` in one line; otherwise change one of them."


def _how_far(test: Condition, reach: ValueReach) -> str:
    """`Job Kept is at most 400: ... `, where a condition compares one quantity with a number."""
    if not isinstance(test, Compare):
        return ""
    for side in (test.left, test.right):
        least, most = reach.bounds(side)
        if isinstance(side, MetricTotal) and most is not None and least != most:
            why = reach.why(side)
            said = with_unit(most, side.kind, "")
            return f"{side.metric} is never more than {said}{f', since {why}' if why else ''}. "
    return ""


def _always(contract: Contract, clause: ConditionsTogether, at: int) -> Diagnostic:
    test = clause.conditions[at]
    said = wording.condition(test, contract.currency, total="")
    alone = len(clause.conditions) == 1 and not clause.sure
    return Diagnostic(
        "SIB0556",
        f"`{said}` is met whatever the {'row' if clause.of_rows else 'quantity'}: it leaves nothing out."
        if alone
        else f"`{said}` is met wherever the other conditions are: it leaves nothing more out.",
        test.span,
        clause.title,
        "leaves nothing out",
        "Leave it if it is there for clarity. If it was meant to leave something out, change it or the others.",
        severity="note",
    )
