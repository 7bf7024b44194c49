"""A person's story in words: each row in the order of dates, what each clause made of it, and what was paid for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from sibdsl import dates, wording
from sibdsl.dates import long, months_name
from sibdsl.english import COUNTED, exactly, grouped, listed, many, with_unit
from sibdsl.measure import Claim
from sibdsl.measure.rows_of_a_person import Known, PersonRow
from sibdsl.model.nodes import (
    Cohort,
    Contract,
    Formula,
    Held,
    Metric,
    PeopleCounted,
    PeopleReaching,
    RowsCounted,
    ToDate,
)
from sibdsl.model.workings import counted_behind, metrics_of
from sibdsl.price.step_words import share_said
from sibdsl.records import DUPLICATE, REJECTED, USED, columns_read
from sibdsl.settle.explain import missing_evidence
from sibdsl.settle.explain.in_programme import ProgrammePersonFacts
from sibdsl.settle.explain.line_page import cell, run_words
from sibdsl.settle.explain.page import Item, Sheet
from sibdsl.settle.explain.person_facts import Entry, PaidFor, PersonFacts, RowTold
from sibdsl.settle.explain.what_if import Would
from sibdsl.settle.explain.what_if_candidates import Change, day_of

#: Results told of each with its period; of more, only their metrics are.
_PERIODS_TOLD = 4


def person_sheet(facts: PersonFacts) -> Sheet:
    """The page of one person."""
    items = [
        Item(
            f"not in {one.name}: no row of {one.records} can be read that names {facts.person}",
            place=wording.cite(one.clause, one.span),
            tone="unpaid",
        )
        for one in facts.absent
    ]
    items += [_entry(facts, one) for one in facts.entries]
    if facts.left_out:
        rows = tuple(_left_out(facts, row) for row in facts.left_out)
        items.append(Item("left out", many(len(rows), "row"), items=rows))
    title = f"{facts.person}: what became of each row, and what was earned"
    return Sheet(title, run_words(facts.run, facts.person), "Row by row", tuple(items), _summary(facts))


def programme_person_pages(facts: ProgrammePersonFacts) -> tuple[Sheet, ...]:
    """A page for each contract that has rows of the person; and, of several, what they come to over all."""
    pages = tuple(person_sheet(one) for one in facts.contracts)
    if len(pages) == 1:
        return pages
    programme, person = facts.run.programme, facts.person
    names = [one.contract.name for one in facts.contracts]
    taken = {pair for one in facts.contracts for pair in _taken(one)}
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
    for part in (part for one in facts.entries for told in one.told for part in told.paid):
        if any(each.line.rule not in {name for name, _ in part.withheld} for each in part.touches):
            yield part.one.line.payer, part.one.line.payee


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


def _pounds(facts: PersonFacts, amount: Fraction) -> str:
    return exactly(amount, facts.contract.currency)


# ------------------------------------------------------------------ rows


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
        f"{one.name} {cell(table, one.name, row.cells[one.name]) or 'blank'}"
        for one in (table.columns if table else ())
        if one.name in read and one.formula is None and one.kind not in ("person", "identifier")
    ]
    return f"{said}: {', '.join(told)}" if told else said


def _left_out(facts: PersonFacts, row: PersonRow) -> Item:
    table = facts.contract.table(row.place.records)
    said = f"{wording.row_of(table, row.cells)}, {left_out(row)}"
    return Item(said, "", str(row.place), tone="unpaid")


def left_out(row: PersonRow) -> str:
    """Why no clause looked at a row."""
    if row.status == DUPLICATE:
        return f"duplicate: every cell is equal to row {row.of_row}"
    if row.status == REJECTED:
        return f"invalid record: {row.reason}"
    if row.status == USED:
        return "used: days of it lie in the person's window"
    return f"{row.status}: no cohort or metric counts this row of {row.place.records}"


# ------------------------------------------------------------------ what clauses made of them


def _told(facts: PersonFacts, row: PersonRow, told: RowTold, before: tuple[RowTold, ...]) -> Item:
    name, claim = told.clause.name, told.claim
    place = wording.cite(told.clause.clause, told.clause.span)
    by = long(facts.run.as_of)
    match told.outcome:
        case "joined":
            return Item(f"joins {name} on {_long(told.looked.day)}", place=place, tone="note")
        case "not joined":
            return Item(
                f"does not join {name}: {reason(facts, row, told)}",
                "",
                place,
                _changes(facts, told, before),
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
        case "earned" if claim is not None:
            what = ", ".join(part for part in (name, claim.band) if part)
            paid = tuple(_paid(facts, one) for one in told.paid)
            sums = worked_out(facts.contract, name)
            none = (
                Item(
                    f"goes into {listed(sums)}, worked out from everybody's results together"
                    if sums
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
                _changes(facts, told, before),
                tone="unpaid",
            )


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
        paid = tuple(_paid(facts, one) for one in told.paid if one.one.line.segment == claim.segment)
        found.append(Item(f"{said}{band} {wording.when(claim.segment.days)}", items=paid, tone="paid"))
    return tuple(found)


def worked_out(contract: Contract, metric: str) -> list[str]:
    """The payments that are sums worked out from a metric, directly or through metrics worked out from it."""
    return [
        payment.name
        for payment in contract.payments
        if any(
            isinstance(term, (Formula, ToDate))
            and metric in counted_behind(contract, metrics_of(contract, term))
            for term in payment.terms
        )
    ]


def _long(day: date | None) -> str:
    return long(day) if day else "no date"


def _paid(facts: PersonFacts, part: PaidFor) -> Item:
    one, line = part.one, part.one.line
    own = tuple(
        Item(f"cut by {name}, for {facts.person}", _pounds(facts, -amount), tone="unpaid")
        for name, amount in part.withheld
    )
    names = {name for name, _ in part.withheld}
    touches = own + tuple(
        Item(
            f"{each.id}: {'met by' if each.line.kind == 'set_off' else 'cut by'} {each.line.rule}, "
            f"{_pounds(facts, each.amount)} of the whole of {one.id}",
            "",
            wording.cite(each.line.clause, each.line.span),
        )
        for each in part.touches
        if each.line.rule not in names
    )
    count = grouped(one.quantity or Fraction(0))
    share = share_said(line.share, facts.run.contract.currency)
    return Item(
        f"{line.payer} to {line.payee}, {one.id}: {f'{share} of ' if share else ''}"
        f"{count} x {_pounds(facts, line.rate or part.each)}, {line.payment}",
        _pounds(facts, part.each),
        wording.cite(line.clause, line.span),
        touches,
        tone="paid",
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
                return f"{metric.held.duration} are complete on {_long(looked.reached)}, after {by}"
            return f"dated {_long(looked.day)}, after {by}"
        case "short" | "reached" if isinstance(told.clause, Metric) and isinstance(
            told.clause.counts, PeopleReaching
        ):
            return _beside_reaching(facts, told, told.clause, told.clause.counts)
        case "too late" if looked.so_far is not None and looked.reached is not None:
            days = facts.contract.payment_period
            return f"the day reached is {long(looked.reached)}, outside the payment period, {days}"
        case "too late":
            days = facts.contract.payment_period
            return f"dated {_long(looked.day)}, outside the payment period, {days}"
        case "no day" if (
            isinstance(told.clause, Metric) and told.clause.held is not None and not looked.lasted
        ):
            return f"it has not lasted {told.clause.held.duration} by {by}, so none of its days counts"
        case "no day" if isinstance(told.clause, Metric) and told.clause.net_of:
            return f"no day of it is left to count: its days come after {by}, or are days of {told.clause.net_of}"
        case "no day":
            return f"no day of it is left to count: its days come after {by}, are not tracked, or count with another row"
        case "route":
            ways = (one for one in facts.contract.routes if looked.route in {way.name for way in one.routes})
            listed = next((one.choice for one in ways), "") == "first listed"
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
    return f"{so_far} by {_long(looked.day)}, and what is to be reached is {amount}"


def _check(facts: PersonFacts, row: PersonRow, told: RowTold) -> str:
    check = told.looked.check
    assert check is not None  # noqa: S101 - the cause is a check
    by = long(facts.run.as_of)
    cells = row.cells
    match check.kind:
        case "person":
            cohort = " or ".join(told.clause.among) if isinstance(told.clause, Metric) else told.clause.name
            return f"{facts.person} is not in {cohort}"
        case "no date":
            return f"{_blank(facts, row, told)}, so the row has no date"
        case "no start":
            return f"{_blank(facts, row, told)}, so it is not known from when it lasts"
        case "no end":
            return f"{_blank(facts, row, told)}, so it is not known how long it lasts"
        case "outside period" if isinstance(told.clause, Metric) and told.clause.measured is not None:
            return f"dated {missing_evidence.cell(row, check.column)}, outside what {told.clause.name} is measured over"
        case "outside period":
            days = facts.contract.payment_period
            return f"dated {missing_evidence.cell(row, check.column)}, outside the payment period, {days}"
        case "after as of":
            return f"dated {missing_evidence.cell(row, check.column)}, after {by}"
        case "known later":
            return f"known on {missing_evidence.cell(row, check.column)}, after {by}"
        case "new entrant":
            last = long(facts.contract.new_entrants_last)
            return f"{check.column} is {cells.get(check.column, 'a day')}, after {last}, the last day for new entrants"
        case "joining row":
            cohort = " or ".join(told.clause.among) if isinstance(told.clause, Metric) else told.clause.name
            return f"{facts.person} did not join {cohort} by this row"
        case "outside tracking":
            window = isinstance(told.clause, Metric) and told.clause.within == "window"
            what = "window" if window else "tracking"
            return f"dated {missing_evidence.cell(row, check.column)}, outside the person's {what}"
        case "no figure":
            return f"{_blank(facts, row, told)}, so there is nothing to add"
        case "late evidence" | "no evidence" | "claim rejected" | "not accepted":
            return missing_evidence.wanting(facts.run.as_of, row, told)
        case "no result":
            return f"{facts.person} has no {' or '.join(check.metrics)} by {by}; {_unmet(facts, told)}"
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
    currency = facts.contract.currency
    said = f"not met: {wording.condition(check.condition, currency)}"
    values = [
        f"{wording.amount(amount, currency)} is {_known(found, amount.kind, currency)}"
        for amount, found in told.read
    ]
    return f"{', '.join(values)}; {said}" if values else said


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
    start, end = day_of(row.cells[held.start]), day_of(row.cells[spell.end])
    if start is None or end is None or looked.reached is None:
        return f"{spell.end} is blank, so it is not known to last for {held.duration}"
    lasted = (end - start).days + (1 if spell.last_included else 0)
    short = (looked.reached - start).days - lasted
    said = f"{held.start} {long(start)} to {spell.end} {long(end)} is {wording.days(lasted)}"
    if short > 0:
        said += f", {wording.days(short)} short of {held.duration}"
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


# ------------------------------------------------------------------ what would have been


def _changes(facts: PersonFacts, told: RowTold, before: tuple[RowTold, ...]) -> tuple[Item, ...]:
    """What would have made the row count; said once where the same change does for several clauses."""
    if not told.tried:
        return ()
    if told.would is None:
        return (Item(f"no small change of this row alone would have counted by {long(facts.run.as_of)}"),)
    if any(one.would == told.would for one in before):
        return (Item("the same change as above", "what if", tone="note"),)
    return (Item(would_words(facts, told, told.would), "what if", tone="note"),)


def would_words(facts: PersonFacts, told: RowTold, would: Would) -> str:
    """`one more day (Ended On 12 April 2018) would have earned £1,350.00 from CBO, for Job Entry, From 16, ...`."""
    how = _how(facts, told, would.changes)
    earned: dict[str, Fraction] = {}
    less: dict[tuple[str, str], Fraction] = {}
    elsewhere: dict[tuple[str, str], dict[str, Fraction]] = {}
    for line, amount in would.lines:
        if line.kind == "payment":
            earned[line.payer] = earned.get(line.payer, Fraction(0)) + amount
        elif line.kind in ("set_off", "cap_cut"):
            key = (line.kind, line.rule)
            less[key] = less.get(key, Fraction(0)) - amount
            if line.contract not in ("", facts.contract.name):
                sums_there = elsewhere.setdefault(key, {})
                sums_there[line.contract] = sums_there.get(line.contract, Fraction(0)) - amount
    stated = set(facts.run.priced_segments)
    now = [one for one in would.gained if one.segment in stated]
    later = [one for one in would.gained if one.segment not in stated]
    if len(now) + len(later) > _PERIODS_TOLD:  # days of tracking lie in many periods: the metrics say enough
        now, later = list({one.metric: one for one in now}.values()), []
    sums = [f"{_pounds(facts, amount)} from {payer}" for payer, amount in earned.items() if amount]
    parts: list[str] = []
    if sums:
        what = _results(would, now)
        parts.append(f"would have earned {listed(sums)}{f', for {listed(what)}' if what else ''}")
        parts += [
            f"of that {_pounds(facts, amount)} would have been {'met' if kind == 'set_off' else 'cut'} by {rule}"
            f"{_elsewhere(facts, elsewhere.get((kind, rule), {}))}"
            for (kind, rule), amount in less.items()
            if amount > 0
        ]
    elif now:
        what = _results(would, now)
        sums_of = any(worked_out(facts.contract, one.metric) for one in now)
        no_more = "and nothing more would have been paid" if sums_of else "for which nothing is paid"
        parts.append(f"would have counted for {listed(what)}, {no_more}")
    for one in later:
        parts.append(
            f"would have counted for {_result(one.metric, one.band)} in {months_name(one.segment.days)}, "
            f"which had not ended by {long(facts.run.as_of)}"
        )
    if not parts:
        parts.append("would have made this row count, and nothing more would have been paid")
    return f"{how} {'; '.join(parts)}"


def _elsewhere(facts: PersonFacts, sums: Mapping[str, Fraction]) -> str:
    """Of what a shared limit would have cut more: what of it in other contracts."""
    told = [f"{_pounds(facts, amount)} of it in {contract}" for contract, amount in sums.items() if amount]
    return f" ({listed(told)})" if told else ""


def _results(would: Would, now: list[Claim]) -> list[str]:
    """Each result and its period; the metrics alone where there are many."""
    if len(would.gained) > _PERIODS_TOLD:
        return [one.metric for one in now]
    return [f"{_result(one.metric, one.band)} {wording.when(one.segment.days)}" for one in now]


def _result(metric: str, band: str) -> str:
    return ", ".join(part for part in (metric, band) if part)


def _how(facts: PersonFacts, told: RowTold, changes: tuple[Change, ...]) -> str:
    table = facts.contract.table(told.clause.records)
    one = changes[0]
    spell = table.spell if table else None
    longer = spell is not None and one.column == spell.end and one.moved > 0 and one.before
    if len(changes) == 1 and longer and one.kind == "date":
        return f"{wording.days(one.moved).replace(' day', ' more day')} ({one.column} {_after(one)})"
    return listed([_change(each) for each in changes])


def _after(one: Change) -> str:
    day = day_of(one.after)
    return long(day) if day and one.kind == "date" else one.after or "blank"


def _change(one: Change) -> str:
    before = day_of(one.before)
    said = long(before) if before and one.kind == "date" else one.before or "blank"
    if one.kind == "date" and before and one.after:
        way = "later" if one.moved > 0 else "earlier"
        return f"{one.column} {_after(one)} in place of {said} ({wording.days(abs(one.moved))} {way})"
    return f"{one.column} {_after(one)} in place of {said}"
