"""Payments: rates, tiers, regular sums and sums to date, with what bounds them and who pays in cash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from attrs import evolve

from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.limits.block_advances import scope
from sibdsl.model.from_syntax.limits.caps import excess_of, limit_of
from sibdsl.model.from_syntax.limits.returns import only_in_caps
from sibdsl.model.from_syntax.payments import below_nought, factors, formulas, tiers
from sibdsl.model.from_syntax.payments.columns_across import Across, across
from sibdsl.model.from_syntax.payments.limits_in_units import limited_in_units, units_limits
from sibdsl.model.from_syntax.payments.rates import money_amount, payers_of, rates
from sibdsl.model.from_syntax.payments.shares_of_payers import has_shares, shares_in_table
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rounded_amounts import own_rounding
from sibdsl.model.from_syntax.table_cells import heading_key
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import (
    Amount,
    AnyMetric,
    Applies,
    Assumption,
    Bands,
    CapRow,
    Excess,
    Formula,
    Payers,
    Payment,
    Rate,
    Regular,
    Selection,
    Term,
    Tiered,
    ToDate,
)
from sibdsl.model.workings import speaks_of_quantities
from sibdsl.source import NOWHERE, Span
from sibdsl.syntax import Block, Node

_ALWAYS = (
    *factors.LINES,
    "payer",
    "payee",
    "paid_by",
    "paid_if",
    "held_back",
    "rounding",
    "taken_back",
    "from_date",
    "to_date_line",
    "source",
    "says",
    "note",
)
_RATES = ("for_each", "band", "pays", "table", "at_most", "excess")
_TIERS = ("for_each", "band", "tiers", "table", "at_most", "excess")
_REGULAR = ("pays", "every", "once", "at_least", "at_most", "excess")
_STEPS = ("steps", "interpolated", "table", "every", "once", "at_least", "at_most", "excess")
_ALL_UNITS = ("for_each", "band", "all_units", "table", "at_most", "excess")
_THRESHOLD = ("for_each", "band", "threshold", "pays", "at_most", "excess")
_TO_DATE = ("pays_to_date", "at_least", "at_most")


def payments(
    reader: Reader, blocks: list[Block], metrics: dict[str, AnyMetric], sets: dict[str, Bands]
) -> tuple[Payment, ...]:
    """Read the `payment` blocks."""
    return tuple(found for block in blocks if (found := payment(reader, block, metrics, sets)) is not None)


def payment(
    reader: Reader, block: Block, metrics: dict[str, AnyMetric], sets: dict[str, Bands]
) -> Payment | None:
    """Read one `payment` block."""
    if block.name is None:
        return None
    clause = reader.clause(block)
    tiered: tuple[Tiered, ...] = ()
    regular: tuple[Regular, ...] = ()
    to_date = None
    for_all = None
    worked: Formula | None = None
    other_ways: Sequence[Formula | None] = ()
    plain: tuple[Rate, ...] = ()
    shares = ("table",) if has_shares(block) else ()
    if block.lines("pays_to_date"):
        _only(reader, block, *_TO_DATE, *shares)
        to_date = _to_date(reader, block, clause)
    elif block.lines("tiers"):
        _only(reader, block, *_TIERS)
        tiered = tiers.tiered(reader, block, _who(reader, block, clause), metrics, sets)
    elif block.lines("all_units"):
        _only(reader, block, *_ALL_UNITS)
        rows = next(iter(tiers.tiers(reader, block, clause)), ())
        for_all = formulas.all_units(reader, block, _who(reader, block, clause), rows, metrics, sets)
    elif block.lines("threshold"):
        _only(reader, block, *_THRESHOLD)
        made = formulas.threshold(reader, block, metrics)
        for_all = formulas.all_units(
            reader, block, _who(reader, block, clause), made.tiers, metrics, sets, made.at
        )
        if for_all is not None and made.excess:
            all_units = for_all
            tiered = (
                Tiered(
                    all_units.payers,
                    all_units.payee,
                    all_units.metric,
                    all_units.band,
                    all_units.tiers,
                    all_units.scope,
                    span=all_units.span,
                ),
            )
            for_all = None
    elif formulas.both_ways(block):
        _only(reader, block, *_STEPS)
        worked, *other_ways = formulas.by_steps_both_ways(reader, block, metrics) or (None,)
    elif block.lines("steps", "interpolated"):
        _only(reader, block, *_STEPS)
        worked = formulas.by_steps(reader, block, _who(reader, block, clause), metrics)
    elif _sums(block):
        columns = across(reader, block, clause) if block.lines("every") and not shares else ()
        if columns is None:
            return None
        _only(reader, block, *_REGULAR, *(("table",) if columns else shares))
        regular, worked = _summed(reader, block, columns, clause)
    else:
        _only(reader, block, *_RATES)
        plain = rates(reader, block, metrics, sets)
        if in_units := units_limits(reader, block):
            tiered, plain = limited_in_units(reader, block, in_units, plain), ()
    needs, to_be, needs_at = _needs(reader, block, clause)
    limits, beyond = (
        ((), Excess())
        if block.lines("pays_to_date")
        else _limits(
            reader,
            block,
            block.name.text,
            clause,
            _payers((*plain, *tiered, *regular, for_all, worked, *other_ways)),
        )
    )
    back = below_nought.taken_back(reader, block)
    found = Payment(
        block.name.text,
        block.clause,
        block.gloss,
        plain,
        tiered,
        regular,
        to_date,
        limits,
        for_all,
        worked,
        formulas.conditions(reader, block),
        _agent(reader, block, clause),
        needs,
        cast("Literal['given']", to_be),
        days_in_force(reader, block, clause),
        beyond,
        "" if block.lines("pays_to_date") else back,
        formulas.held_until(reader, block),
        tuple(one for one in other_ways if one is not None),
        own_rounding(reader, block, clause),
        below_nought.interest(reader, block),
        span=block.head,
        needs_at=needs_at,
    )
    if block.lines("tiers"):
        tiers.of_all_its_days(reader, tiered, found.applies, clause)
    by = factors.factor(reader, block, clause)
    return factors.multiplied(found, by) if by else found


def _who(reader: Reader, block: Block, clause: str) -> tuple[Payers, str] | None:
    payee = reader.one(block, "payee", needed="payee Working Well")
    if has_shares(block):
        payers = shares_in_table(reader, block, clause)
    else:
        payer = reader.one(block, "payer", needed="payer CCG")
        payers = payers_of(reader, payer, clause) if payer else None
    whom = reader.name(payee.words()[0], "party", clause=clause) if payee else ""
    return (payers, whom) if payers and whom else None


# ------------------------------------------------------------------ regular sums


def _only(reader: Reader, block: Block, *kinds: str) -> None:
    """Report lines that have no meaning beside the way in which the payment pays."""
    if "at_least" not in kinds:
        for line in block.lines("at_least"):
            reader.problems.add(
                "SIB0234",
                "`at least` is the floor of a sum over a time; this payment pays so much for each result, or on days, and comes to no such sum.",
                line.span,
                clause=reader.clause(block),
                mark="at least, of which sum?",
                help="Write what it comes to as a sum, such as `pays £700 times Job Entry` and `every year at the end`; then `at least £5,000 in each year` "
                "is its floor.",
            )
    reader.only(block, *_ALWAYS, "at_least", *kinds)


def _sums(block: Block) -> bool:
    """Whether a payment is a sum, and not so much for each of something."""
    heads = block.table.nodes("heading_row")[0].nodes("heading") if block.table else []
    each = block.lines("for_each") or any(heading_key(head) in ("for each", "band") for head in heads)
    return bool(block.lines("every", "once")) or (bool(block.lines("pays")) and not each and not heads)


def _summed(
    reader: Reader, block: Block, columns: tuple[Across, ...], clause: str
) -> tuple[tuple[Regular, ...], Formula | None]:
    """A regular sum, maybe one for each of some columns, or a sum worked out from quantities or paid once."""
    who = _who(reader, block, clause)
    if columns:
        return _by_column(reader, block, who, columns, clause), None
    pays = reader.one(block, "pays", needed="pays £60,000")
    here = Here(clause=clause, values=reader.values, totals=True)
    sum_ = amount(reader, pays.children[0], here) if pays else None
    if pays is None or sum_ is None:
        return (), None
    if speaks_of_quantities(sum_) or block.lines("once"):
        return (), formulas.formula(reader, block, who, sum_, pays)
    every = reader.one(block, "every")
    if every is None:
        reader.problems.add(
            "SIB0402",
            f"{block.title} has no line `for each`, and does not say when its sum is paid.",
            block.head,
            clause=clause,
            mark="`for each` is missing",
            help="Add a line such as `for each Engagement`; or `paid once on 1 April 2016`, or `every quarter at the start, part quarters in full`.",
        )
        return (), None
    if sum_.kind != "money":
        money_amount(reader, pays.children[0], clause, "pays")
        return (), None
    if block.lines("at_least"):
        _only(reader, block, *(one for one in _REGULAR if one != "at_least"))
    return _regular(reader, who, sum_, every, pays.span, clause), None


def _by_column(
    reader: Reader,
    block: Block,
    who: tuple[Payers, str] | None,
    columns: tuple[Across, ...],
    clause: str,
) -> tuple[Regular, ...]:
    """A regular sum for each column that is headed by the days on which it falls due."""
    keys = tuple(column.key for column in columns if column.days is not None)
    table = reader.table(block, block.table, (*keys, "note", "source"), ())
    every = reader.one(block, "every")
    if len(table.rows) > 1:
        reader.problems.add(
            "SIB0453",
            f"{block.title} is one sum at a time, and its table has {len(table.rows)} rows of them.",
            table.spans[1],
            clause=clause,
            mark="said twice",
            help="Keep one row, or write a payment for each.",
            labels=(Label(table.spans[0], "the first row is here"),),
        )
        return ()
    found: list[Regular] = []
    for row in table.rows:
        for column in columns:
            cell = row.get(column.key)
            sum_ = money_amount(reader, cell.part, clause, column.key) if cell is not None else None
            if cell is None or sum_ is None or every is None:
                continue
            mine = _regular(reader, who, sum_, every, cell.span, clause)
            if not mine:
                return ()
            found += [evolve(regular, days=column.days) for regular in mine]
    return tuple(found)


def _regular(
    reader: Reader, who: tuple[Payers, str] | None, sum_: Amount, every: Node, place: Span, clause: str
) -> tuple[Regular, ...]:
    unit, due = (every.nodes(kind)[0].said for kind in ("period_unit", "every_due"))
    if not every.nodes("every_parts"):
        reader.problems.add(
            "SIB0481",
            f"This does not say what a part {unit} pays: the first and the last {unit} of a contract may be parts of one.",
            every.span,
            clause=clause,
            mark=f"and a part {unit}?",
            help=f"Write `every {unit} {due}, part {unit}s in full`, or `part {unit}s by days`.",
        )
        return ()
    part = every.nodes("every_parts")[0].said
    if who is None:
        return ()
    each = "period" if unit == "claim" else unit
    if part.split()[1] != f"{each}s":
        reader.problems.add(
            "SIB0481",
            f"This pays every {each} and speaks of {' '.join(part.split()[:2])}.",
            every.span,
            clause=clause,
            mark=f"part {each}s are meant",
            help=f"Write `part {each}s in full` or `part {each}s by days`.",
        )
        return ()
    return (
        Regular(
            *who,
            sum_,
            cast("Literal['year']", each),
            cast("Literal['at the start']", due),
            cast("Literal['in full']", " ".join(part.split()[2:])),
            span=place,
        ),
    )


# ------------------------------------------------------------------ sums to date


def _to_date(reader: Reader, block: Block, clause: str) -> ToDate | None:
    who = _who(reader, block, clause)
    line = reader.one(block, "pays_to_date")
    here = Here(clause=clause, values=reader.values, totals=True)
    total = amount(reader, line.children[0], here) if line else None
    if total is not None and total.kind != "money":
        reader.problems.add(
            "SIB0413",
            "A payment to date is an amount of money.",
            total.span,
            clause=clause,
            mark=f"{total.kind}, not money",
            help="Multiply by a rate in money, such as `Daily Rate times Days Saved`.",
        )
        total = None
    least = _whole(reader, block, "at_least", clause)
    most = _whole(reader, block, "at_most", clause)
    if who is None or total is None or line is None:
        return None
    return ToDate(*who, total, least, most, "never", span=line.span)


def _whole(reader: Reader, block: Block, kind: str, clause: str) -> Amount | None:
    """A bound of a sum to date, which runs over the contract."""
    line = reader.one(block, kind)
    if line is None:
        return None
    scopes = line.nodes("scope", "per_each")
    over = scope(reader, scopes[0], clause) if scopes else None
    if over is not None and over.over != "contract":
        reader.problems.add(
            "SIB0234",
            "A sum to date runs over the contract, and so does its bound: one over a shorter time would bound another sum.",
            line.span,
            clause=clause,
            mark="over a shorter time",
            help="Write `over the contract`; or write a `cap` on payments under it, `in each year`.",
        )
    return money_amount(reader, line.children[0], clause, kind.replace("_", " "))


# ------------------------------------------------------------------ bounds, agents, days


def _payers(terms: Sequence[Term | None]) -> tuple[str, ...]:
    """Everybody who pays under some of the terms."""
    return tuple(dict.fromkeys(name for term in terms if term is not None for name in term.payers.names))


def _limits(
    reader: Reader, block: Block, name: str, clause: str, payers: tuple[str, ...]
) -> tuple[tuple[CapRow, ...], Excess]:
    lines = block.lines("at_most")
    excess = reader.one(block, "excess", needed="excess lost" if lines else "")
    if excess and not lines:
        reader.problems.add(
            "SIB0482",
            f"{block.title} speaks of an excess, and nothing limits it.",
            excess.span,
            clause=clause,
            mark="beyond what?",
            help="Add a line such as `at most £90,000 over the contract`, or take this line out.",
        )
    cap_rows: list[CapRow] = []
    for line in [line for line in lines if line not in units_limits(reader, block)]:
        limit = limit_of(reader, line, clause, of_results=not block.lines("every", "once"))
        if limit is not None and limit.return_on:
            only_in_caps(reader, limit, clause)
        elif limit is not None:
            chosen = Selection(payments=(name,), span=line.span)
            if excess and excess.nodes("excess_way")[0].said.startswith("paid"):
                chosen = evolve(chosen, payers=payers)  # not what another pays of the same payment
            cap_rows.append(evolve(limit, covers=chosen))
    return tuple(cap_rows), excess_of(reader, excess, cap_rows, clause)


def _agent(reader: Reader, block: Block, clause: str) -> str:
    line = reader.one(block, "paid_by")
    return reader.name(line.words("NAME")[0], "party", clause=clause) if line else ""


def _needs(reader: Reader, block: Block, clause: str) -> tuple[str, str, Span]:
    """What the payment is paid only if: a particular that is given, or a choice between yes and no."""
    lines = [(line, said) for line in block.lines("paid_if") if (said := formulas.named(line)) is not None]
    for extra, _ in lines[1:]:
        reader.problems.add(
            "SIB0234",
            "A payment hangs on one thing that must be given, or chosen; this is a second.",
            extra.span,
            clause=clause,
            mark="a second one",
            help="Declare one particular that says whether both are so, and name that here.",
        )
    if not lines:
        return "", "given", NOWHERE
    line, (word, to_be) = lines[0]
    name = reader.name(word, "particular", "assumption", clause=clause)
    given = reader.values.get(name)
    if given is None:
        return name, to_be, line.span
    if to_be == "given" and (isinstance(given, Assumption) or given.default is not None):
        reader.problems.add(
            "SIB0483",
            f"{name} is always given: it has a default.",
            line.span,
            clause=clause,
            mark="never left out",
            help=f"Write `required` as the default of {name}, or take this line out.",
            labels=(Label(given.span, f"{name} is declared here"),),
        )
    elif to_be != "given" and given.kind != "yes or no":
        reader.problems.add(
            "SIB0413",
            f"{name} is {SAID[given.kind]}; a choice between yes and no is needed here.",
            line.span,
            clause=clause,
            mark="neither yes nor no",
            help="Name an assumption that takes `yes` or `no`.",
            labels=(Label(given.span, f"{name} is declared here"),),
        )
    return name, to_be, line.span


def days_in_force(reader: Reader, block: Block, clause: str) -> Applies:
    """The days that a clause's own `starts` and `ends` lines name."""
    days, places = [], []
    for kind in ("from_date", "to_date_line"):
        line = reader.one(block, kind)
        end = "first day" if kind == "from_date" else "last day"
        places.append(line.span if line else NOWHERE)
        days.append(
            values_by_name.day(reader, line.words()[0], values_by_name.Said(clause, end), clause)
            if line
            else None
        )
    first, last = days
    return Applies(first, last, first, starts_at=places[0], ends_at=places[1])
