"""Why a row did not count, in the contract's words and the row's own values."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from sibdsl import wording
from sibdsl.dates import long
from sibdsl.english import COUNTED, with_unit
from sibdsl.measure.rows_in_time import InTime
from sibdsl.measure.rows_of_a_person import Known, PersonRow
from sibdsl.model.nodes import (
    AnyResult,
    Cohort,
    Held,
    Metric,
    PeopleReaching,
)
from sibdsl.records import DUPLICATE, REJECTED, SUPERSEDED, USED
from sibdsl.settle.explain import missing_evidence
from sibdsl.settle.explain.person_facts import PersonFacts, RowTold
from sibdsl.settle.explain.what_if_candidates import day_of


def _no_day(told: RowTold, by: str) -> str:
    """Why none of the days that a row lasts counts."""
    clause = told.clause
    if isinstance(clause, Metric) and clause.held is not None and not told.looked.lasted:
        return f"it has not lasted {clause.held.length} by {by}, so none of its days counts"
    if isinstance(clause, Metric) and clause.dated.each:
        return f"it lasts on no day that ends a {clause.dated.each} of the payment period by {by}"
    if isinstance(clause, Metric) and clause.net_of:
        return f"no day of it is left to count: its days come after {by}, or are days of {clause.net_of}"
    if isinstance(clause, Metric) and clause.days_in:
        return f"no day of it is left to count: its days come after {by}, lie outside the {clause.days_in}, or count with another row"
    return (
        f"no day of it is left to count: its days come after {by}, are not tracked, or count with another row"
    )


def reason(facts: PersonFacts, row: PersonRow, told: RowTold) -> str:
    """Why a row did not count, in the contract's words and the row's own values."""
    looked, by = told.looked, long(facts.run.as_of)
    match told.cause:
        case "check":
            return _check(facts, row, told)
        case "ended":
            return _ended(facts, row, told)
        case "not reached":
            metric = told.clause
            if isinstance(metric, Metric) and metric.held is not None:
                return f"{metric.held.length} are complete on {day_said(looked.reached)}, after {by}"
            return f"dated {day_said(looked.day)}, after {by}"
        case "short" | "reached" if isinstance(told.clause, Metric) and isinstance(
            told.clause.counts, PeopleReaching
        ):
            return _beside_reaching(facts, told, told.clause, told.clause.counts)
        case "too late" if looked.so_far is not None and looked.reached is not None:
            days = facts.contract.payment_period
            return f"the day reached is {long(looked.reached)}, outside the payment period, {days}"
        case "too late":
            days = facts.contract.payment_period
            return f"dated {day_said(looked.day)}, outside the payment period, {days}"
        case "no day":
            return _no_day(told, by)
        case "route":
            ways = (
                route for route in facts.contract.routes if looked.route in {way.name for way in route.routes}
            )
            listed = next((way.choice for way in ways), "") == "first listed"
            first = f"{looked.route} {'is listed' if listed else 'was earned'} first"
            return f"{first}, and of these routes one counts for each person"
        case "enough" if isinstance(told.clause, Metric) and told.clause.at_most is not None:
            most = told.clause.at_most
            band = f" in {looked.band}" if most.across == "in each band" and looked.band else ""
            return f"{most.said} counts for each person, and earlier ones{band} fill it"
        case "full" if isinstance(told.clause, Cohort) and told.clause.most is not None:
            return f"{told.clause.name} is full: the first {told.clause.most:,} to join come before this row"
        case "another" if told.other is not None:
            table = facts.contract.table(told.other.place.records)
            other = f"{wording.row_of(table, told.other.cells)}, {told.other.place}"
            return f"{other}, counts instead"
        case _ if told.outcome == "no band" and isinstance(told.clause, Metric):
            return _in_no_band(facts, row, told.clause)
        case _:
            return "it does not count"


def left_out(row: PersonRow) -> str:
    """Why no clause looked at a row."""
    if row.status == DUPLICATE:
        return f"duplicate: every cell is equal to row {row.of_row}"
    if row.status == REJECTED:
        return f"invalid record: {row.reason}"
    if row.status == SUPERSEDED:
        return f"superseded: {row.reason}"
    if row.status == USED:
        return "used: days of it lie in the person's window"
    return f"{row.status}: no cohort or metric counts this row of {row.place.records}"


def _in_no_band(facts: PersonFacts, row: PersonRow, metric: Metric) -> str:
    bands = wording.bands_of(facts.contract, facts.run.settings, metric)
    by_column = bands.by if bands else ""
    if metric.banded_at == "joining":
        return f"{by_column} in the row by which they joined lies in no band, so it is counted nowhere"
    return f"{by_column} {row.cells.get(by_column, '') or 'blank'} lies in no band, so it is counted nowhere"


def _beside_reaching(facts: PersonFacts, told: RowTold, metric: Metric, counted: PeopleReaching) -> str:
    """How far a person's rows had come by the day of one that is not among those by which an amount was reached."""
    amount, looked = wording.reached(counted, facts.contract.currency), told.looked
    if looked.reached is not None:
        return f"{amount} was reached before it, on {long(looked.reached)}"
    table = facts.contract.table(metric.records)
    column = table.column(counted.column) if table else None
    kind = column.kind if column else "number"
    so_far = with_unit(looked.so_far or Fraction(0), kind, facts.contract.currency, COUNTED)
    return f"{so_far} by {day_said(looked.day)}, and what is to be reached is {amount}"


def _check(facts: PersonFacts, row: PersonRow, told: RowTold) -> str:
    check = told.looked.check
    assert check is not None  # noqa: S101 - the cause is a check
    by = long(facts.run.as_of)
    cells = row.cells
    match check.kind:
        case "person":
            cohort = " or ".join(told.clause.among) if isinstance(told.clause, Metric) else told.clause.name
            return f"{facts.person} is not in {cohort}"
        case "no date" | "no start" | "no time" | "no number" if check.day is not None:
            said = wording.amount(check.day, facts.contract.currency)
            lacks = f"the row has no date: it is dated {said}"
            if check.kind != "no date":
                lacks = wording.not_known(check.kind)
            blank = "" if check.kind == "no date" or (check.day, None) in told.read else f"{said} is blank, "
            return f"{_read(facts, told)}{blank}so {lacks}"
        case "no date":
            return f"{_blank(facts, row, told)}, so the row has no date"
        case "no start":
            return f"{_blank(facts, row, told)}, so it is not known from when it lasts"
        case "no end":
            return f"{_blank(facts, row, told)}, so it is not known how long it lasts"
        case "outside period" if isinstance(told.clause, Metric) and told.clause.measured is not None:
            return f"dated {_dated(row, told)}, outside what {told.clause.name} is measured over"
        case "outside period":
            days = facts.contract.payment_period
            return f"dated {_dated(row, told)}, outside the payment period, {days}"
        case "after as of":
            return f"dated {_dated(row, told)}, after {by}"
        case "known later" | "withdrawn":
            told_on = missing_evidence.cell(row, check.column)
            return (
                f"known on {told_on}, after {by}"
                if check.kind == "known later"
                else f"withdrawn on {told_on}"
            )
        case "new entrant":
            last = long(facts.contract.new_entrants_last)
            return f"{check.column} is {cells.get(check.column, 'a day')}, after {last}, the last day for new entrants"
        case "joining row":
            cohort = " or ".join(told.clause.among) if isinstance(told.clause, Metric) else told.clause.name
            return f"{facts.person} did not join {cohort} by this row"
        case "outside tracking":
            window = isinstance(told.clause, Metric) and told.clause.within == "window"
            what = "window" if window else "tracking"
            return f"dated {_dated(row, told)}, outside the person's {what}"
        case "no figure":
            return f"{_blank(facts, row, told)}, so there is nothing to add"
        case (
            "time not known"
            | "late evidence"
            | "no evidence"
            | "claim rejected"
            | "disputed"
            | "not accepted"
        ):
            return missing_evidence.wanting(facts.run.as_of, row, told)
        case "not over" | "no result":
            over = wording.not_over(check.condition, facts.contract.currency) if check.condition else ""
            none = f"{facts.person} has no {' or '.join(check.metrics)}"
            return f"{over if check.kind == 'not over' else none} by {by}; {_unmet(facts, told)}"
        case _:
            return _unmet(facts, told)


def _blank(facts: PersonFacts, row: PersonRow, told: RowTold) -> str:
    """That the column of a check is blank, and of one that stands in no file from what it is worked out."""
    check, table = told.looked.check, facts.contract.table(row.place.records)
    name = check.column if check else ""
    column = table.column(name) if table else None
    formula = column.formula if column else None
    said = f"{name} is blank"
    return said if formula is None else f"{said} ({wording.amount(formula, facts.contract.currency)})"


def _unmet(facts: PersonFacts, told: RowTold) -> str:
    check = told.looked.check
    assert check is not None  # noqa: S101 - asked of conditions only
    assert check.condition is not None  # noqa: S101 - likewise
    said = f"not met: {wording.condition(check.condition, facts.contract.currency)}"
    said += "".join(f"; {_lies_in(facts, found)}" for found in told.in_time)
    values = _read(facts, told).removesuffix(", ")
    return f"{values}; {said}" if values else said


def _lies_in(facts: PersonFacts, in_time: InTime) -> str:
    """What lies in a time: `in the 12 months after Ended On lies job J3, jobs.csv row 3, from 30 June 2027`."""
    rows = (*(entry.row for entry in facts.entries), *facts.left_out)
    cells = next((row.cells for row in rows if row.place == in_time.place), {})
    row = f"{wording.row_of(facts.contract.table(in_time.place.records), cells)}, {in_time.place}"
    day = long(in_time.day)
    what = f"{row}, from {day}"
    if isinstance(in_time.asked, AnyResult):
        what = f"{in_time.asked.metric} of {day} ({row})"
    others = f", and {in_time.more} more after it" if in_time.more else ""
    return f"in {wording.time_asked(in_time.asked, facts.contract.currency)} lies {what}{others}"


def _read(facts: PersonFacts, told: RowTold) -> str:
    """What was read for a check, each followed by a comma."""
    currency = facts.contract.currency
    return "".join(
        f"{wording.amount(amount, currency)} is {_known(day, amount.kind, currency)}, "
        for amount, day in told.read
    )


def _dated(row: PersonRow, told: RowTold) -> str:
    """The date at which a check looks, as its cell has it or as it is worked out."""
    check = told.looked.check
    assert check is not None  # noqa: S101 - asked of checks only
    return missing_evidence.cell(row, check.column) if check.day is None else day_said(told.looked.day)


def _known(found: Known, kind: str, currency: str) -> str:
    if found is None:
        return "blank"
    if isinstance(found, date):
        return long(found)
    return with_unit(found, kind, currency) if isinstance(found, Fraction) else found


def _ended(facts: PersonFacts, row: PersonRow, told: RowTold) -> str:
    """`Started On 1 March 2018 to Ended On 11 April 2018 is 41 days, one day short of 6 weeks`."""
    metric, looked = told.clause, told.looked
    table = facts.contract.table(row.place.records)
    if not isinstance(metric, Metric) or metric.held is None or table is None or table.spell is None:
        return "it did not last"
    spell, held = table.spell, metric.held
    if held.gaps is not None:
        return _in_stay(facts, row, held, looked.reached)
    if spell.end not in row.cells:
        return f"it does not last for {held.length} until {spell.end}, which is worked out"
    start, end = day_of(row.cells[held.start]), day_of(row.cells[spell.end])
    if start is None or end is None or looked.reached is None:
        return f"{spell.end} is blank, so it is not known to last for {held.length}"
    lasted = (end - start).days + (1 if spell.last_included else 0)
    short = (looked.reached - start).days - lasted
    said = f"{held.start} {long(start)} to {spell.end} {long(end)} is {wording.days(lasted)}"
    if short > 0:
        said += f", {wording.days(short)} short of {held.length}"
    else:
        said += f", but {spell.start} is {row.cells[spell.start]}"
    if looked.reached > facts.run.as_of:
        said += f", complete on {long(looked.reached)}, after {long(facts.run.as_of)}"
    return said


def _in_stay(facts: PersonFacts, row: PersonRow, held: Held, reached: date | None) -> str:
    """Where a row stands in a stay with gaps that is not complete by it."""
    start = day_of(row.cells[held.start])
    if reached is None or start is None:
        return "every day of it belongs to another row, or it is not known to last"
    if reached <= start:
        return f"its stay was complete before it, on {long(reached)}"
    still = f", after {long(facts.run.as_of)}" if reached > facts.run.as_of else ""
    return f"its stay is complete on {long(reached)} at the earliest{still}, if it goes on"


def day_said(day: date | None) -> str:
    """A day in words, or that there is none."""
    return long(day) if day else "no date"
