"""A time after the first day out: the day itself is looked at by nobody.

Source: language reference, 'Nothing in the time after a date'.
"""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.diagnostics import Diagnostic
from sibdsl.model.nodes import AnyDay, AnyResult, Both, Column, Condition, Contract, Either, Not
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A note on each test of the time after a date that is itself the first day on which the row lasts no more (SIB0559)."""
    del settings
    tested = [("cohort", cohort.name, cohort.clause, cohort.conditions) for cohort in contract.cohorts]
    tested += [("metric", metric.name, metric.clause, metric.conditions) for metric in contract.metrics]
    for kind, name, clause, conditions in tested:
        for test in (test for condition in conditions for test in _times(condition)):
            day = test.end if isinstance(test, AnyDay) else test.day
            if test.way == "after" and isinstance(day, Column) and _first_day_out(contract, day):
                yield Diagnostic(
                    "SIB0559",
                    f"{day.name} is the first day out, by the spell of {day.records}, and the {test.duration} after it do not hold it: "
                    "what happens on that day is not looked at, and what happens on the same day so much later is.",
                    test.span,
                    clause_title(kind, name, clause),
                    "that day is left out",
                    f"If the time is to begin with that day, write `in the {test.duration} from {day.name}`.",
                    severity="note",
                )


def _first_day_out(contract: Contract, day: Column) -> bool:
    records = contract.table(day.records)
    spell = records.spell if records is not None else None
    return spell is not None and spell.end == day.name and not spell.last_included


def _times(condition: Condition) -> Iterator[AnyDay | AnyResult]:
    match condition:
        case AnyDay() | AnyResult():
            yield condition
        case Both(tests=tests) | Either(tests=tests):
            for test in tests:
                yield from _times(test)
        case Not(test=test):
            yield from _times(test)
        case _:
            return
