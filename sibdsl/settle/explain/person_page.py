"""A person's story in words: each row in the order of dates, what each clause made of it, and what was paid for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from sibdsl import dates, wording
from sibdsl.dates import long
from sibdsl.english import COUNTED, exactly, grouped, listed, many, with_unit
from sibdsl.measure.rows_of_a_person import PersonRow
from sibdsl.model.nodes import (
    Contract,
    Metric,
    PeopleCounted,
    PeopleReaching,
    RowsCounted,
)
from sibdsl.model.workings import metrics_of
from sibdsl.price.step_words import share_said
from sibdsl.records import columns_read
from sibdsl.settle.explain.in_programme import ProgrammePersonFacts
from sibdsl.settle.explain.line_words import run_words
from sibdsl.settle.explain.page import Item, Sheet
from sibdsl.settle.explain.person_facts import Entry, PaidFor, PersonFacts, RowTold
from sibdsl.settle.explain.records_behind import cell
from sibdsl.settle.explain.what_if_words import in_money, worked_out, would_have_counted
from sibdsl.settle.explain.why_not_counted import day_said, left_out, reason


def person_sheet(facts: PersonFacts) -> Sheet:
    """The page of one person."""
    items = [
        Item(
            f"not in {cohort.name}: no row of {cohort.records} can be read that names {facts.person}",
            place=wording.cite(cohort.clause, cohort.span),
            tone="unpaid",
        )
        for cohort in facts.absent
    ]
    items += [_entry(facts, entry) for entry in facts.entries]
    if facts.left_out:
        rows = tuple(_left_out(facts, row) for row in facts.left_out)
        items.append(Item("left out", many(len(rows), "row"), items=rows))
    title = f"{facts.person}: what became of each row, and what was earned"
    return Sheet(title, run_words(facts.run, facts.person), "Row by row", tuple(items), _summary(facts))


def programme_person_pages(facts: ProgrammePersonFacts) -> tuple[Sheet, ...]:
    """A page for each contract that has rows of the person; and, of several, what they come to over all."""
    pages = tuple(person_sheet(contract) for contract in facts.contracts)
    if len(pages) == 1:
        return pages
    programme, person = facts.run.programme, facts.person
    names = [contract.contract.name for contract in facts.contracts]
    taken = {pair for contract in facts.contracts for pair in _taken(contract)}
    whole = Sheet(
        f"{person}: what was earned in {listed(names)} together",
        f"{person}, as of {long(facts.run.as_of)}; {programme.name}",
        "All contracts",
        (),
        _sums(person, facts.run.as_of, programme.currency, facts.totals(), taken),
    )
    return (*pages, whole)


def _summary(facts: PersonFacts) -> tuple[Item, ...]:
    return _sums(facts.person, facts.run.as_of, facts.contract.currency, facts.totals(), set(_taken(facts)))


def _taken(facts: PersonFacts) -> Iterator[tuple[str, str]]:
    """Payers with payees of whose lines a block meets or a cap cuts a part, of the lines that the person's results are in."""
    for part in (part for entry in facts.entries for told in entry.told for part in told.paid):
        if any(touch.line.rule not in {name for name, _ in part.withheld} for touch in part.touches):
            yield part.priced.line.payer, part.priced.line.payee


def _sums(
    person: str,
    as_of: date,
    currency: str,
    totals: tuple[tuple[str, str, Fraction], ...],
    taken: set[tuple[str, str]],
) -> tuple[Item, ...]:
    if not totals:
        return (Item(f"nothing was earned for {person} by {long(as_of)}", tone="unpaid"),)
    return tuple(
        Item(
            f"{payer} to {payee} for {person}{', before set off and cuts' if (payer, payee) in taken else ''}",
            exactly(amount, currency),
            tone="paid",
        )
        for payer, payee, amount in totals
    )


def _entry(facts: PersonFacts, entry: Entry) -> Item:
    return Item(
        _row(facts, entry.row),
        dates.short(entry.day) if entry.day else "no date",
        str(entry.row.place),
        tuple(_told(facts, entry.row, told, entry.told[:at]) for at, told in enumerate(entry.told)),
    )


def _row(facts: PersonFacts, row: PersonRow) -> str:
    """What the row is, with the cells that clauses read: `job J00014: Started On 1 Mar 2018, Ended On 11 Apr 2018`."""
    table = facts.contract.table(row.place.records)
    said = wording.row_of(table, row.cells)
    read = columns_read(facts.contract)[row.place.records]
    told = [
        f"{column.name} {cell(table, column.name, row.cells[column.name]) or 'blank'}"
        for column in (table.columns if table else ())
        if column.name in read and column.formula is None and column.kind not in ("person", "identifier")
    ]
    return f"{said}: {', '.join(told)}" if told else said


def _left_out(facts: PersonFacts, row: PersonRow) -> Item:
    table = facts.contract.table(row.place.records)
    said = f"{wording.row_of(table, row.cells)}, {left_out(row)}"
    return Item(said, "", str(row.place), tone="unpaid")


def _told(facts: PersonFacts, row: PersonRow, told: RowTold, before: tuple[RowTold, ...]) -> Item:
    name, claim = told.clause.name, told.claim
    place = wording.cite(told.clause.clause, told.clause.span)
    by = long(facts.run.as_of)
    match told.outcome:
        case "joined":
            return Item(f"joins {name} on {day_said(told.looked.day)}", place=place, tone="note")
        case "not joined":
            return Item(
                f"does not join {name}: {reason(facts, row, told)}",
                "",
                place,
                would_have_counted(facts, told, before),
                tone="unpaid",
            )
        case "earned" | "not stated" if (
            claim is not None
            and isinstance(told.clause, Metric)
            and isinstance(told.clause.counts, PeopleReaching)
            and not claim.quantity
        ):
            amount = wording.reached(told.clause.counts, facts.contract.currency)
            return Item(
                f"{name}: counts towards {amount}, reached on {long(claim.day)}", "", place, tone="paid"
            )
        case "earned" if isinstance(told.clause, Metric) and (
            told.clause.weight is not None
            or not isinstance(told.clause.counts, RowsCounted | PeopleCounted | PeopleReaching)
        ):
            return Item(f"{name}: counted", "", place, _parts(facts, told, told.clause), tone="paid")
        case "earned" | "not stated" if len(told.claims) > 1 and isinstance(told.clause, Metric):
            return Item(
                f"{name}: earned {len(told.claims)} times", "", place, _each_time(facts, told), tone="paid"
            )
        case "earned" if claim is not None:
            what = ", ".join(part for part in (name, claim.band) if part)
            paid = tuple(_paid(facts, paid_for) for paid_for in told.paid)
            sums = worked_out(facts.contract, name)
            held = _held_back(facts.contract, name)
            none = (
                Item(
                    f"goes into {listed(sums)}, worked out from everybody's results together"
                    if sums
                    else f"held back under {listed(held)} until its condition is met"
                    if held
                    else "no payment is made for it"
                ),
            )
            return Item(
                f"{what}: earned on {long(claim.day)}, counted {wording.when(claim.segment.days)}",
                "",
                place,
                paid or none,
                tone="paid",
            )
        case "not stated" if claim is not None:
            what = ", ".join(part for part in (name, claim.band) if part)
            last = long(claim.segment.statement.last)
            return Item(
                f"{what}: earned on {long(claim.day)}; its period ends on {last}, after {by}, so nothing is stated yet",
                "",
                place,
                tone="note",
            )
        case "not yet":
            return Item(f"{name}: not yet: {reason(facts, row, told)}", "", place, tone="note")
        case _:
            return Item(
                f"{name}: not earned: {reason(facts, row, told)}",
                "",
                place,
                would_have_counted(facts, told, before),
                tone="unpaid",
            )


def _each_time(facts: PersonFacts, told: RowTold) -> tuple[Item, ...]:
    """Each of several results of one row, such as instalments, with what is paid for it."""
    found: list[Item] = []
    for claim in told.claims:
        said = f"earned on {long(claim.day)}{f', {claim.band}' if claim.band else ''}"
        if claim.segment in facts.run.priced_segments:
            paid = tuple(_paid(facts, paid_for) for paid_for in told.paid if paid_for.claim == claim)
            found.append(Item(f"{said}, counted {wording.when(claim.segment.days)}", items=paid, tone="paid"))
        else:
            last = long(claim.segment.statement.last)
            found.append(Item(f"{said}; its period ends on {last}, so nothing is stated yet", tone="note"))
    return tuple(found)


def _parts(facts: PersonFacts, told: RowTold, metric: Metric) -> tuple[Item, ...]:
    """What a row comes to in each period, with what is paid for it."""
    found: list[Item] = []
    for claim in told.claims:
        said = with_unit(claim.quantity, metric.measures, facts.contract.currency, COUNTED)
        band = f", {claim.band}" if claim.band else ""
        if claim.segment not in facts.run.priced_segments:
            last = long(claim.segment.statement.last)
            found.append(
                Item(f"{said}{band} {wording.when(claim.segment.days)}, which ends on {last}", tone="note")
            )
            continue
        paid = tuple(
            _paid(facts, paid_for) for paid_for in told.paid if paid_for.priced.line.segment == claim.segment
        )
        found.append(Item(f"{said}{band} {wording.when(claim.segment.days)}", items=paid, tone="paid"))
    return tuple(found)


def _paid(facts: PersonFacts, part: PaidFor) -> Item:
    priced, line = part.priced, part.priced.line
    own = tuple(
        Item(f"cut by {name}, for {facts.person}", in_money(facts, -amount), tone="unpaid")
        for name, amount in part.withheld
    )
    names = {name for name, _ in part.withheld}
    touches = own + tuple(
        Item(
            f"{touch.id}: {'met by' if touch.line.kind == 'set_off' else 'cut by'} {touch.line.rule}, "
            f"{in_money(facts, touch.amount)} of the whole of {priced.id}",
            "",
            wording.cite(touch.line.clause, touch.line.span),
        )
        for touch in part.touches
        if touch.line.rule not in names
    )
    count = grouped(priced.quantity or Fraction(0))
    share = share_said(line.share, facts.run.contract.currency)
    return Item(
        f"{line.payer} to {line.payee}, {priced.id}: {f'{share} of ' if share else ''}"
        f"{count} x {in_money(facts, line.rate or part.amount)}, {line.payment}",
        in_money(facts, part.amount),
        wording.cite(line.clause, line.span),
        touches,
        tone="paid",
    )


def _held_back(contract: Contract, metric: str) -> list[str]:
    """The payments of a metric that are held back until a condition is met."""
    return [
        payment.name
        for payment in contract.payments
        if payment.held_until is not None
        and any(metric in metrics_of(contract, term) for term in payment.terms)
    ]
