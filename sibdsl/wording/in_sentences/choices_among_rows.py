"""Which of several rows is taken, which rows are one, and when birthdays come, in sentences.

Source: language reference, 'First only, and ties', 'Averages, different values, determinations', 'Cohorts' and 'Columns worked
out'; records reference, 'Row statuses'.
"""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.english import a, listed, plural
from sibdsl.model.invariants.names import walk
from sibdsl.model.nodes import (
    Cohort,
    Contract,
    DateMoved,
    Determination,
    Metric,
    Pick,
    Records,
    WholeYears,
)
from sibdsl.model.types import NUMERIC
from sibdsl.wording.in_sentences.sentence import Sentence
from sibdsl.wording.values import noun


def row_sentences(contract: Contract) -> Iterator[Sentence]:
    """Of each table which rows are one, of each cohort by which row a person joins, and on which day a birthday comes."""
    if _ages(contract):
        yield Sentence("contract", contract.name, "", _birthdays(contract))
    counted = {cohort.records for cohort in contract.cohorts} | {
        metric.records for metric in contract.metrics
    }
    for table in contract.records:
        if table.name in counted:
            yield Sentence("records", table.name, "", _alike(table), table.span)
    for cohort in contract.cohorts:
        joining = contract.table(cohort.records)
        if joining is not None:
            yield Sentence("cohort", cohort.name, cohort.clause, _joins(cohort, joining), cohort.span)


def chosen(metric: Metric, table: Records) -> str:
    """Which row a metric takes of several, where it takes one; '' where nothing chooses."""
    match metric.counts:
        case Determination(column=column, picks=picks):
            return (
                f"Of the {plural(noun(table))} that give {a(column)} one is read: {_first(picks, table)} {_equal(table)} "
                f"{a(noun(table)).capitalize()} whose {column} is blank is left aside, however late it is, and the one before it stands."
            )
    if metric.tie is None:
        return ""
    if metric.latest_only:
        return (
            f"Of the {plural(noun(table))} of one person that give a figure by the end of the time over which it is measured the "
            f"latest by its date counts; of those of one day {_first((metric.tie,), table)} {_equal(table)}"
        )
    return (
        f"Where two {plural(noun(table))} of one person compete on one day, one is the first: {_first((metric.tie,), table)} "
        f"{_equal(table)}"
    )


def _joins(cohort: Cohort, table: Records) -> str:
    if not cohort.picks:
        return f"A person joins by one {noun(table)}: the first by {cohort.joins_on}. {_equal(table)}"
    several = f"Of several {plural(noun(table))} of one person that meet the conditions"
    return f"{several} one is the row by which they join: {_first(cohort.picks, table)} {_equal(table)}"


def _first(picks: tuple[Pick, ...], table: Records) -> str:
    """`the one with the latest Certified On; where those are equal, the one with the lowest Job ID.`, and how that is compared."""
    ways = [f"the one with the {pick.way} {pick.column}" for pick in picks]
    said = "; where those are equal, ".join(ways) + "."
    as_text = list(dict.fromkeys(pick.column for pick in picks if _is_text(table, pick.column)))
    if as_text:
        verb = "is" if len(as_text) == 1 else "are"
        said += f" {listed(as_text)} {verb} compared as text, from the left, letter by letter: J10 comes before J9."
    blank = [pick.column for pick in picks if (column := table.column(pick.column)) and column.blank_allowed]
    if blank:
        said += f" One whose {listed(list(dict.fromkeys(blank)), 'or')} is blank comes last."
    return said


def _equal(table: Records) -> str:
    return f"What is equal in that too is settled by the columns of {table.name} that are read, in their order, the lowest first."


def _is_text(table: Records, name: str) -> bool:
    column = table.column(name)
    return column is not None and column.kind not in NUMERIC and column.kind != "date"


def _alike(table: Records) -> str:
    rows = noun(table)
    if table.key:
        same = (
            f"Of rows that have {listed([f'the same {name}' for name in table.key])} one stands, and counts; what is told twice "
            "in every cell is one row."
        )
        return f"{same} The others are paid for nowhere."
    return (
        f"Two rows of {table.name} that are alike in every cell are one {rows}, told twice: it counts once. Rows that differ in "
        f"any cell are two {plural(rows)}, though they may tell of the same."
    )


def _birthdays(contract: Contract) -> str:
    other = "28 February" if contract.leap_day == "1 March" else "1 March"
    day = "1 March" if contract.leap_day == "1 March" else "28 February"
    return f"Somebody born on 29 February becomes a year older on {day} in years without that day, and not on {other}."


def _ages(contract: Contract) -> bool:
    """Whether a condition or a column worked out asks for an age, or for the day some years after a date."""
    tests = [test for cohort in contract.cohorts for test in cohort.conditions]
    tests += [test for metric in contract.metrics for test in metric.conditions]
    formulas = [column.formula for table in contract.records for column in table.columns]
    return any(_of_years(part) for part, _ in walk((*tests, *formulas)))


def _of_years(part: object) -> bool:
    match part:
        case WholeYears():
            return True
        case DateMoved(way="after", duration=duration):
            return duration.unit == "year"
    return False
