"""Results dated by a cell that may be blank: such a row has no date, and counts nowhere.

Source: language reference, 'Blanks' and 'Dated'.
"""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.diagnostics import Diagnostic
from sibdsl.english import a, listed, sentence
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Blank,
    Both,
    Column,
    Compare,
    Condition,
    Contract,
    DateMoved,
    Either,
    Extreme,
    InPeriod,
    Metric,
    Not,
    PersonColumn,
    Records,
    TimeBetween,
    WholeYears,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording import clause_title, noun


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A warning on each metric whose results are dated by a cell that may be blank where all else is met (SIB0551)."""
    del settings
    for metric in contract.metrics:
        table = contract.table(metric.records)
        if table is None:
            continue
        told = frozenset[str]().union(*(_given(condition) for condition in metric.conditions))
        given = told.union(*(_behind(table, name) for name in told))
        blank = [name for name in _dating(metric) if _blanks(table, name, given)]
        if blank:
            yield _warning(metric, table, blank, given)


def _warning(metric: Metric, table: Records, blank: list[str], given: frozenset[str]) -> Diagnostic:
    name = blank[0]
    causes = sorted(frozenset[str]().union(*(_blanks(table, each, given) for each in blank)))
    columns = [cause for cause in causes if (column := table.column(cause)) and column.formula is None]
    rejected = (
        ""
        if len(columns) < len(causes)
        else " If each row is to have the day, write `rejected` under `blank`."
        if causes == blank
        else f" If each row is to have the day, write `rejected` under `blank` in the row of {listed(columns)}."
    )
    held = (
        " Where the result is to be dated by the holding, write `dated on the day after`."
        if metric.held is not None
        else ""
    )
    return Diagnostic(
        "SIB0551",
        f"{metric.name} is dated by {listed(blank)}, which may be blank. {sentence(a(noun(table)))} whose {listed(blank, 'or')} is blank "
        "has no date: it counts nowhere, and nothing is paid for it.",
        metric.dated.span,
        clause_title("metric", metric.name, metric.clause),
        f"{'has' if len(blank) == 1 else 'have'} no day where blank",
        f"If that is meant, say it: `not if {name} is blank`." + rejected + held,
        severity="warning",
    )


def _dating(metric: Metric) -> list[str]:
    """The columns without which a result of the metric has no date."""
    if metric.dated.day is not None:
        return sorted(_read(metric.dated.day))
    return [metric.dated.column] if metric.dated.column else []


def _blanks(table: Records, name: str, given: frozenset[str]) -> frozenset[str]:
    """The columns whose blanks make a column blank, itself or those that it is worked out from, but for those `given`."""
    column = table.column(name)
    if column is None or name in given:
        return frozenset()
    if isinstance(column.formula, PersonColumn):
        return frozenset({name})
    if column.formula is None:
        return frozenset({name}) if column.blank_allowed else frozenset()
    return frozenset[str]().union(
        *(_blanks(table, read, given) for read in _read(column.formula) if read != name)
    )


def _behind(table: Records, name: str) -> frozenset[str]:
    """The columns that a column which is not blank was worked out from: they are not blank either."""
    column = table.column(name)
    if column is None or column.formula is None:
        return frozenset()
    reads = _read(column.formula) - {name}
    return reads.union(*(_behind(table, read) for read in reads))


def _read(amount: Amount) -> frozenset[str]:
    """The columns of the row that an amount is blank without."""
    match amount:
        case Column(name=name):
            return frozenset({name})
        case DateMoved(start=start):
            return _read(start)
        case Arithmetic(left=left, right=right):
            return _read(left) | _read(right)
        case TimeBetween(start=start, end=end) | WholeYears(start=start, end=end):
            return _read(start) | _read(end)
        case Extreme(parts=parts):
            return frozenset[str]().union(*map(_read, parts))
        case _:
            return frozenset()


def _given(condition: Condition, *, met: bool = True) -> frozenset[str]:
    """The columns that are surely not blank in a row for which the condition is met, or surely not met.

    A comparison with a blank is neither.
    """
    match condition:
        case Compare(left=left, right=right):
            return _read(left) | _read(right)
        case InPeriod(value=value):
            return _read(value)
        case Blank(value=value):
            return frozenset() if met else _read(value)
        case Not(test=test):
            return _given(test, met=not met)
        case Both(tests=tests) | Either(tests=tests):
            every = [_given(test, met=met) for test in tests]
            if isinstance(condition, Both) == met:
                return frozenset[str]().union(*every)
            return every[0].intersection(*every[1:]) if every else frozenset()
        case _:
            return frozenset()
