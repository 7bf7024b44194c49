"""A line's explanation in words: from its amount down to the records, then what else touches it."""

from __future__ import annotations

from fractions import Fraction

from sibdsl import dates, money, wording
from sibdsl.dates import long, months_name
from sibdsl.english import COUNTED, exactly, grouped, listed, many, with_unit
from sibdsl.measure.rows_of_a_person import Earned
from sibdsl.model.bands_in_force import banded_in
from sibdsl.model.fingerprint import short
from sibdsl.model.nodes import (
    ColumnAverage,
    Contract,
    DaysCounted,
    DaysOfTracking,
    EarlierDays,
    FewerDays,
    Metric,
    Payment,
    PeopleReaching,
    Programme,
    Records,
    SharedRow,
)
from sibdsl.price import Line, PricedLine
from sibdsl.price.step_words import tier_said
from sibdsl.settle.explain import worked_out_sums
from sibdsl.settle.explain.assumptions_read import Rest
from sibdsl.settle.explain.below_nought import below_nought
from sibdsl.settle.explain.limit_facts import BlockState, CapState, LineShare, PersonalState, advance_of
from sibdsl.settle.explain.line_facts import Counted, LineFacts
from sibdsl.settle.explain.page import Grid, Item, Sheet
from sibdsl.settle.explain.regular_sums import adjustment, shared, without_quantity, worked_out
from sibdsl.settle.payments import Payments, falls_due


def line_sheet(facts: LineFacts) -> Sheet:
    """The page of one line."""
    one, line = facts.one, facts.one.line
    match line.kind:
        case "payment":
            items = _payment(facts)
        case "adjustment":
            items = adjustment(facts)
        case "carried" | "taken_over":
            items = _carried(facts)
        case "set_off":
            items = _set_off(facts)
        case "recovered":
            items = _recovered(facts)
        case "taken_back" | "repaid":
            items = [*below_nought(facts), *(item for each in facts.behind for item in _counted(facts, each))]
        case "cap_cut":
            items = _cut(facts)
        case _:
            items = _advance(facts)
    due = falls_due(facts.contract, one) if facts.contract.due is not None else None
    if due is not None:
        items.append(Item(long(due), "falls due"))
    rests = tuple(_rest(one) for one in facts.rests)
    if rests:
        items.append(Item("what the parties chose or gave", "rests on", items=rests))
    return Sheet(
        f"{_pounds(facts, one.amount)}  {title(facts)}",
        run_words(facts.run, one.id),
        "Why",
        tuple(items),
        _summary(facts),
    )


def run_words(run: Payments, what: str) -> str:
    """Which run is explained."""
    together = run.versions[-1].together
    part = f", a contract of {together.programme.name}" if together else ""
    return f"{what}, as of {long(run.as_of)}; {run.contract.name}, fingerprint {short(run.fingerprint)}{part}"


def title(facts: LineFacts) -> str:
    """What a line is in one sentence, without its amount."""
    line = facts.one.line
    period = months_name(line.segment.days)
    what = subject(line)
    match line.kind:
        case "payment":
            return f"{line.payer} pays {line.payee} for {what}, {period}"
        case "adjustment":
            return f"adjustment of what {line.payer} pays {line.payee} for {what}, {period}, by {line.rule}"
        case "carried":
            return f"{line.payer} pays {line.payee} for {what}, carried forward to {period} by {line.rule}"
        case "taken_over":
            return f"{line.payer} pays {line.payee} for {what}, {period}, what exceeds {line.rule}"
        case "repaid":
            return f"{line.payer} owes back to {line.payee} what {line.payment} came to below nought, {months_name(line.segment.statement)}"
        case "taken_back":
            return f"of what {line.payer} owes {line.payee} for {what}, {period}, taken back for what {line.payment} came to below nought"
        case "recovered":
            return f"{line.payer} owes back to {line.payee} what met no fees of {line.rule}"
        case "set_off":
            return f"of what {line.payer} owes {line.payee} for {what}, {period}, met by {line.rule}"
        case "cap_cut":
            return f"of what {line.payer} owes {line.payee} for {what}, {period}, cut by {line.rule}"
        case _:
            return f"{line.payer} pays {line.payee} in advance: {line.rule}"


def subject(line: Line) -> str:
    """What a line is paid for: `Job Entry, From 16`, or the name of a block."""
    return ", ".join(part for part in (line.metric, line.band, tier_said(line.tier)) if part) or line.payment


# ------------------------------------------------------------------ payments


def _payment(facts: LineFacts) -> list[Item]:
    one, line = facts.one, facts.one.line
    if one.quantity is None:
        records = [item for each in facts.behind for item in _counted(facts, each)]
        touches = [_touch(facts, each) for each in facts.touches]
        term = facts.clause.formula if isinstance(facts.clause, Payment) else None
        paid = worked_out_sums.formula(facts, term) if term is not None else without_quantity(facts)
        return [*paid, *worked_out_sums.conditions(facts), *shared(facts), *records, *touches, *_caps(facts)]
    quantity, rate = one.quantity or Fraction(0), line.rate or Fraction(0)
    if isinstance(facts.clause, Payment) and facts.clause.all_units is not None:
        items = worked_out_sums.all_units(facts, facts.clause.all_units)
    else:
        items = _at_a_rate(facts, quantity, rate)
    items += worked_out_sums.conditions(facts)
    items += shared(facts)
    if facts.counted is not None:
        items += _counted(facts, facts.counted)
    items += [_touch(facts, each) for each in facts.touches]
    items += _caps(facts)
    return items


def _at_a_rate(facts: LineFacts, quantity: Fraction, rate: Fraction) -> list[Item]:
    """So much for each of so many."""
    line = facts.one.line
    return [
        Item(
            f"{line.payment} pays {_rate(facts)} for each {subject(line)}",
            "clause",
            wording.cite(line.clause, facts.clause.span),
            items=_gloss(facts.clause.gloss),
        ),
        Item(
            f"{grouped(quantity)} x {_rate(facts)} = {_pounds(facts, quantity * rate)}{_rounded(facts)}",
            "amount",
            f"rate at {wording.place(facts.row)}",
        ),
        *worked_out(facts),
    ]


def _gloss(gloss: str) -> tuple[Item, ...]:
    return (Item(f'"{gloss}"', "in the parties' words"),) if gloss else ()


def _rate(facts: LineFacts) -> str:
    return _pounds(facts, facts.one.line.rate or Fraction(0))


def _rounded(facts: LineFacts) -> str:
    one = facts.one
    exact = (one.quantity or Fraction(0)) * (one.line.rate or Fraction(0))
    if exact == one.whole:
        return ""
    rounding = facts.contract.rounding
    if rounding.each == "statement":
        said = f"its part of the statement, rounded {rounding.way}, {wording.to_the_grain(facts.contract)}"
        return f"; {said}: {_pounds(facts, one.whole)}"
    return f", rounded {rounding.way} to {_pounds(facts, one.whole)}"


def _counted(facts: LineFacts, counted: Counted) -> list[Item]:
    line, metric = facts.one.line, counted.metric
    contract, settings = facts.contract, facts.run.settings
    said = wording.counted(contract, settings, metric, line.band, counted.days)
    parts = [
        Item(text, label, place)
        for label, text, place in wording.definition(contract, settings, metric, line.band)
    ]
    if len(counted.numbers) > 1:
        parts += [
            Item(grouped(number), f"of which {band}" if band else "") for band, number in counted.numbers
        ]
    total = sum((number for _, number in counted.numbers), Fraction(0))
    if line.tier:
        parts.append(
            Item(
                f"of which in the tier `{tier_said(line.tier)}`: {grouped(facts.one.quantity or Fraction(0))}"
            )
        )
    return [
        Item(
            said,
            f"{grouped(total)} =",
            wording.cite(metric.clause, metric.span),
            items=(*_gloss(metric.gloss), *parts),
        ),
        Item(
            f"earned it, {'averaged' if isinstance(metric.counts, ColumnAverage) else 'counted'} again: {grouped(total)}",
            many(len(counted.records), "record"),
            grid=_records(contract, metric, counted.records),
        ),
    ]


def _records(contract: Contract, metric: Metric, records: tuple[Earned, ...]) -> Grid:
    table = contract.table(metric.records)
    columns = columns_of(contract, metric, table)
    holding = metric.held is not None
    days = {"day after": "Reached", "last day held": "Last day held"}
    whose = ["Person"] if metric.cohort else []
    if isinstance(metric.counts, PeopleReaching):
        days, holding = {"column": "Reached"}, True
    heads = [*whose, *columns, *([days[metric.dated.by]] if holding and metric.dated.by in days else [])]
    apart = (
        isinstance(metric.counts, DaysCounted | DaysOfTracking | FewerDays | EarlierDays)
        or metric.weight is not None
    )
    if apart:
        heads.append("Days" if metric.measures == "days" else "Comes to")
    rows = [
        [
            *([one.claim.person] if metric.cohort else []),
            *(cell(table, name, one.cells[name]) for name in columns),
            *([dates.short(one.claim.day)] if holding and metric.dated.by in days else []),
            *([_comes_to(contract, metric, one)] if apart else []),
            f"{one.claim.source} row {one.claim.row}",
        ]
        for one in records
    ]
    right = frozenset(
        at
        for at, name in enumerate(heads)
        if (apart and at == len(heads) - 1)
        or (table and (found := table.column(name)) and _numeric(found.kind))
    )
    return Grid((*heads, "File and row"), rows, right)


def _comes_to(contract: Contract, metric: Metric, one: Earned) -> str:
    """What a row comes to in the period of its claim."""
    if metric.measures == "days":
        return grouped(one.claim.quantity)
    return with_unit(one.claim.quantity, metric.measures, contract.currency, COUNTED)


def _numeric(kind: str) -> bool:
    return kind in ("hours", "money", "count", "number", "days", "points", "percentage")


def columns_of(contract: Contract, metric: Metric, table: Records | None) -> list[str]:
    """The columns that tell why a row counts: what identifies it, its dates, the spell's ends, the banded value."""
    if table is None:
        return []
    evidence = metric.evidence.columns if metric.evidence else ()
    wanted = {*evidence, metric.dated.column, metric.held.start if metric.held else "", metric.counts.column}
    if isinstance(metric.counts, DaysOfTracking):
        wanted |= {one.tracked.start for one in contract.cohorts if one.name == metric.cohort and one.tracked}
    if (metric.held or isinstance(metric.counts, DaysCounted)) and table.spell:
        wanted |= {table.spell.start, table.spell.end}
    if banded_in(contract, metric) == metric.records:
        wanted |= {one.by for one in contract.bands if one.name == metric.bands}
    return [one.name for one in table.filed if one.kind == "identifier" or one.name in wanted]


def cell(table: Records | None, name: str, text: str) -> str:
    """A cell for people: dates as they are said, a blank end as still open."""
    column = table.column(name) if table else None
    if table and table.spell and name == table.spell.end and not text and table.spell.open_while_blank:
        return "still open"
    if column is not None and column.kind == "date":
        try:
            return dates.short(dates.parse(text))
        except ValueError:
            return text
    return text


def _touch(facts: LineFacts, each: PricedLine) -> Item:
    did = {"set_off": "met by", "taken_back": "taken back under"}.get(each.line.kind, "cut by")
    return Item(
        f"{did} {each.line.rule} ({each.id})",
        _pounds(facts, each.amount),
        wording.cite(each.line.clause, each.line.span),
        tone="unpaid",
    )


def _caps(facts: LineFacts) -> list[Item]:
    """Where each cap that covers the line stands by the end of the period."""
    own = [_for_each(facts, state) for state in facts.personal]
    return own if own and not facts.caps else [*own, *_shared_caps(facts)]


def _for_each(facts: LineFacts, state: PersonalState) -> Item:
    """What a limit for each person took of a payment line."""
    people = len({one.person for one in state.results})
    said = f"at most {_pounds(facts, state.limit)} for each person {wording.over(state.row.scope, state.occasion)}"
    cut = (
        f"cut {_pounds(facts, state.taken)} for {many(people, 'person')}"
        if state.taken
        else "cuts nothing here"
    )
    return Item(f"{said}: {cut}", state.cap.name, wording.cite(state.cap.clause, state.row.span))


def _shared_caps(facts: LineFacts) -> list[Item]:
    if not facts.caps:
        return [Item("no cap covers this line", "caps")]
    bites = any(state.shares[state.index].taken for state in facts.caps)
    said = "where each stands by the end of the period" if bites else "not cut by any cap"
    if len(facts.caps) == 1 and not bites:
        state = facts.caps[0]
        cited = wording.cite(state.cap.clause, state.row.span)
        return [Item(f"{said} ({_stands(facts, state)})", "caps", cited)]
    items = tuple(
        Item(_stands(facts, state), state.cap.name, wording.cite(state.cap.clause, state.row.span))
        for state in facts.caps
    )
    return [Item(said, "caps", items=items)]


def _stands(facts: LineFacts, state: CapState) -> str:
    """`CBO to date £17,900.00 of £336,111.00 over the contract`."""
    if isinstance(state.row, SharedRow):
        who = f"{wording.selection(state.row.covers, state.settings)}{_across(state)},"
    else:
        who = wording.who(state.row, state.settings)
    time = _time(state)
    return f"{who} to date {_pounds(facts, state.to_date)} of {_pounds(facts, state.limit)} {time}"


# ------------------------------------------------------------------ block advances


def _advance(facts: LineFacts) -> list[Item]:
    line = facts.one.line
    day = long(line.due) if line.due else "a day of the period"
    return [
        Item(
            f"{line.rule} is paid on {day}, whatever is earned by then",
            "clause",
            wording.cite(line.clause, facts.row),
            items=_gloss(facts.clause.gloss),
        ),
        *_advance_terms(facts),
    ]


def _advance_terms(facts: LineFacts) -> list[Item]:
    contract, run, line = facts.contract, facts.run, facts.one.line
    _, advance = advance_of(line)
    amount = wording.amount(advance.amount, contract.currency)
    items = [Item(f"{amount}, paid on {wording.amount(advance.paid_on, contract.currency)}", "amount")]
    if not advance.against:
        return [*items, Item("it is set off against nothing", "set off")]
    basis = run.settings.value(next(b for b in contract.advances if b.name == line.rule).basis)
    met = _met(facts, line.payer)
    so_far = -sum((one.amount for one in met), Fraction(0))
    items.append(Item(f"against {listed(advance.against)}, {basis}", "set off"))
    items.append(
        Item(
            f"of it met by fees to {long(run.as_of)}{f': {listed([one.id for one in met])}' if met else ''}; "
            f"{_pounds(facts, facts.one.amount - so_far)} has met no fee",
            _pounds(facts, so_far),
        )
    )
    return items


def _met(facts: LineFacts, payer: str) -> list[PricedLine]:
    """What the payer's part of a block has met, of all that is stated."""
    line = facts.one.line
    wanted = ("set_off", line.rule, line.span, payer)
    return [
        one
        for one in facts.run.lines
        if (one.line.kind, one.line.rule, one.line.span, one.line.payer) == wanted
    ]


def _recovered(facts: LineFacts) -> list[Item]:
    line = facts.one.line
    met = _met(facts, line.payee)
    so_far = -sum((one.amount for one in met), Fraction(0))
    return [
        Item(
            f"what {line.rule} met no fees with by the end of its time is owed back",
            "clause",
            wording.cite(line.clause, facts.row),
            items=_gloss(facts.clause.gloss),
        ),
        Item(f"{line.rule}, as {line.payee} paid it", _pounds(facts, facts.one.amount + so_far)),
        Item(f"met by it{f': {listed([one.id for one in met])}' if met else ''}", _pounds(facts, so_far)),
        Item("owed back", _pounds(facts, facts.one.amount)),
    ]


def _set_off(facts: LineFacts) -> list[Item]:
    state = facts.block
    assert state is not None  # noqa: S101 - every set off has one
    line = facts.one.line
    fees = [f"{one.id}, {_pounds(facts, one.amount)}" for one in facts.fees]
    items = [
        Item(
            f"{line.rule} is set off against {listed(state.advance.against)}",
            "clause",
            wording.cite(line.clause, facts.row),
            items=_gloss(facts.clause.gloss),
        ),
        Item(f"{subject(line)} under {line.payment}: {listed(fees)}", "fee"),
        Item(line.rule, _pounds(facts, state.amount)),
    ]
    if state.usable != state.amount:
        said = "for the quarters so far" if state.block.pace == "in equal quarters" else "in whole units"
        items.append(Item(f"of it {said}, which is what can meet fees", _pounds(facts, state.usable)))
    items += [
        Item("fees so far, this day among them", _pounds(facts, state.fees)),
        Item("of them met before", _pounds(facts, state.before)),
        Item("of them met now", _pounds(facts, state.now)),
        Item("of the block is left after that", _pounds(facts, state.left)),
    ]
    return [*items, *_shared(facts, state.shares, state.index, state, "met")]


# ------------------------------------------------------------------ cuts


def _cut_for_each(facts: LineFacts, state: PersonalState) -> list[Item]:
    line = facts.one.line
    fees = [f"{one.id}, {_pounds(facts, one.amount)}" for one in facts.fees]
    rows = [
        [
            one.person,
            dates.short(one.day),
            _pounds(facts, one.due),
            _pounds(facts, one.taken),
            f"{one.source} row {one.row}",
        ]
        for one in state.results
    ]
    heads = ("Person", "Result", "Earns", "Cut", "File and row")
    return [
        Item(
            f"{line.rule}: {wording.limited(state.row, facts.run.settings)}, at most {_pounds(facts, state.limit)} "
            f"for each person {wording.over(state.row.scope, state.occasion)}; what exceeds it is lost",
            "clause",
            wording.cite(line.clause, facts.row),
            items=_gloss(facts.clause.gloss),
        ),
        Item(f"{subject(line)} under {line.payment}: {listed(fees)}", "fee"),
        Item("results by which a person passed the limit, or had passed it", _pounds(facts, state.taken),
             grid=Grid(heads, rows, frozenset({2, 3}))),
    ]  # fmt: skip


def _time(state: CapState) -> str:
    """Over what time the limit runs: `over the contract`, `over the programme`, `in 2018/19`."""
    whole = state.together is not None and state.row.scope.over == "contract"
    return "over the programme" if whole else wording.over(state.row.scope, state.occasion)


def _across(state: CapState) -> str:
    """Of a limit that contracts share: which of them."""
    return f", across {listed(state.row.across)}" if isinstance(state.row, SharedRow) else ""


def _becomes(state: CapState) -> str:
    excess = state.excess
    return f"paid by {excess.payer}" if excess.way == "paid" else excess.way


def _carried(facts: LineFacts) -> list[Item]:
    line = facts.one.line
    cuts = [
        Item(f"cut {wording.when(one.line.segment.days)} ({one.id})", _pounds(facts, -one.amount))
        for one in facts.fees
    ]
    return [
        Item(
            f"what {line.rule} cut is due again, first, when its next time begins"
            if line.kind == "carried"
            else f"what {line.rule} cut is owed by {line.payer}",
            "clause",
            wording.cite(line.clause, facts.row),
            items=_gloss(facts.clause.gloss),
        ),
        Item(
            f"{subject(line)} under {line.payment}, cut {'in the time before' if line.kind == 'carried' else 'now'}",
            "carried" if line.kind == "carried" else "owed",
            items=tuple(cuts),
        ),
        *(_touch(facts, each) for each in facts.touches),
    ]


def _cut(facts: LineFacts) -> list[Item]:
    if facts.personal:
        return _cut_for_each(facts, facts.personal[0])
    state = facts.cut
    assert state is not None  # noqa: S101 - every cut has one
    line, settings = facts.one.line, state.settings
    fees = [f"{one.id}, {_pounds(facts, one.amount)}" for one in facts.fees]
    covers = wording.limited(state.row, settings)
    return [
        Item(
            f"{line.rule}{_across(state)}: {covers}, at most {_pounds(facts, state.limit)} "
            f"{_time(state)}; what exceeds it is {_becomes(state)}",
            "clause",
            wording.cite(line.clause, facts.row),
            items=_gloss(facts.clause.gloss),
        ),
        Item(f"{subject(line)} under {line.payment}: {listed(fees)}", "fee"),
        *(
            [Item(wording.share(state.row, state.part, settings), _pounds(facts, state.whole))]
            if state.part is not None and state.whole is not None
            else []
        ),
        Item("the cap", _pounds(facts, state.limit)),
        Item(
            "paid under it so far, what comes first on this day among it",
            _pounds(facts, state.earlier),
            items=tuple(
                Item(f"under {contract}", _pounds(facts, amount))
                for contract, amount in state.earlier_by
                if amount
            ),
        ),
        Item("room left on this day", _pounds(facts, state.room)),
        Item("due on this day before the cap", _pounds(facts, state.now)),
        Item("cut, because it is more than the room", _pounds(facts, state.cut)),
        *_shared(facts, state.shares, state.index, state, "cut"),
    ]


def _shared(
    facts: LineFacts, shares: tuple[LineShare, ...], index: int, state: CapState | BlockState, did: str
) -> list[Item]:
    if len(shares) == 1:
        return []
    total = state.cut if isinstance(state, CapState) else state.now
    across = isinstance(state, CapState) and state.together is not None
    due = sum((one.due for one in shares), Fraction(0))
    mine = shares[index]
    exact = total * mine.due / due if due else Fraction(0)
    said = f"{_pounds(facts, total)} x {_pounds(facts, mine.due)} of {_pounds(facts, due)}"
    in_turn = isinstance(state, CapState) and state.in_turn
    if in_turn:
        text = "is this line's part: the earlier clause is paid first, the last is cut first"
        if mine.line.kind == "cap_cut" and mine.line.origin:
            text = "is this line's part: the earlier clause is paid first, and of one clause the older sums"
    else:
        text = "is this line's part, pro rata to what is due: " + said
    grain = wording.to_the_grain(facts.contract)
    remainder = "" if exact == mine.taken or in_turn else f", {grain} by the largest remainder"
    rows = [
        [
            f"{'this line: ' if at == index else ''}{one.line.payment}, {subject(one.line)}",
            *([one.line.contract] if across else []),
            _pounds(facts, one.due),
            _pounds(facts, one.taken),
        ]
        for at, one in enumerate(shares)
        if one.due or at == index or not across
    ]
    rows.append(["in all", *([""] if across else []), _pounds(facts, due), _pounds(facts, total)])
    heads = ("Line", *(["Contract"] if across else []), "Due", did.capitalize())
    return [
        Item(
            f"{text}{remainder}",
            _pounds(facts, mine.taken),
            grid=Grid(heads, rows, frozenset({len(heads) - 2, len(heads) - 1})),
        )
    ]


# ------------------------------------------------------------------ what it rests on, and the sum


def _rest(one: Rest) -> Item:
    given = ", given from outside" if one.changed else ""
    because = (Item(one.reason, "because" if one.kind == "assumption" else "note"),) if one.reason else ()
    source = (Item(one.source, "source"),) if one.source else ()
    return Item(
        f"{one.name}: {one.takes}{given}", one.kind, wording.cite(one.clause, one.span), (*because, *source)
    )


def _summary(facts: LineFacts) -> tuple[Item, ...]:
    if facts.one.line.kind not in ("payment", "carried", "taken_over") or not facts.touches:
        return (Item(f"{facts.one.id} in all", _pounds(facts, facts.one.amount), tone="paid"),)
    return (
        Item("earned", _pounds(facts, facts.one.amount)),
        *(
            Item(
                f"{'met by' if each.line.kind == 'set_off' else 'cut by'} {each.line.rule}",
                _pounds(facts, each.amount),
            )
            for each in facts.touches
        ),
        Item("left to pay", _pounds(facts, facts.left), tone="paid"),
    )


def _pounds(facts: LineFacts, amount: Fraction) -> str:
    return exactly(amount, facts.contract.currency)


def plain_amount(contract: Contract | Programme, amount: Fraction) -> str:
    """An amount as JSON holds it: decimal text of whole pennies, else exact text."""
    return money.in_digits(amount, contract.currency)
