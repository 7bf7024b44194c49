"""Caps: that cover something, that can bind, and whose time is the contract's."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from attrs import evolve, frozen

from sibdsl.check.blocks import number
from sibdsl.check.possible_lines import Advanced, Paying, advances, paying
from sibdsl.dates import Period, Times, add_months, long
from sibdsl.diagnostics import Diagnostic, Label, NotGiven, Unpriceable
from sibdsl.english import listed, short
from sibdsl.model.admissible_quantities.below_nought import fall_below
from sibdsl.model.bounds import ForEachPerson, InAll, Pot, ReturnOn, ShareOfPayments, bound, for_each_person
from sibdsl.model.nodes import Applies, Cap, CapRow, Contract, Given, GivenFor, Scope
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import occasions, segments
from sibdsl.model.workings import own_parts
from sibdsl.price.graph import Line
from sibdsl.price.limit_order import CONTRACTS, Place, days_of
from sibdsl.price.limits_for_each_person import Untold, to_measure, untold
from sibdsl.price.limits_in_force import every_cap, own_limits
from sibdsl.price.selected_lines import limited
from sibdsl.source import Span
from sibdsl.wording import clause_title, each_time

#: Scopes that are stretches of the calendar, which a contract may begin or end inside of.
_EACH = {"each year": 12, "each quarter": 3, "each month": 1}


@frozen
class CapRowLines:
    """One row of a cap with what it covers: indexes of lines, by occasion."""

    cap: Cap
    row: CapRow
    amount: Fraction | None
    covered: tuple[tuple[Period, frozenset[int]], ...]
    #: Whether it would cover something on days on which another version of the cap is in force.
    elsewhere: bool
    #: Whether it is a payment's own limit.
    own: bool = False

    @property
    def clause(self) -> str:
        return clause_title("payment" if self.own else "cap", self.cap.name, self.cap.clause)

    @property
    def lines(self) -> frozenset[int]:
        """Everything that it covers at some time."""
        return frozenset(at for _, mine in self.covered for at in mine)


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of caps, and of the scopes of caps and blocks."""
    yield from _scopes(contract, settings)
    yield from _owed_to_themselves(contract, settings)
    fees = paying(contract)
    blocks = advances(contract, settings)
    lines = [fee.line for fee in fees] + [block.line for block in blocks if block.line is not None]
    limits = [
        limit
        for cap in contract.caps
        for row in cap.rows
        if (limit := rows_lines(contract, settings, cap, row, lines)) is not None
    ]
    stated = [block for block in blocks if block.line is not None]
    for limit in limits:
        if not for_each_person(limit.row):
            yield from _exceeded(limit, fees, stated)
        if any(mine for _, mine in limit.covered) or _out(contract, limit.row.scope):
            if _only_blocks(limit, len(fees)):
                yield _uncut(limit)
        elif not limit.elsewhere and not set(limit.row.covers.payers) & excess_payers(contract):
            yield _nothing(limit, fees, blocks)
    yield from _untold(contract, settings, limits)
    every = [*limits, *own_rows(contract, settings, lines)]
    yield from _idle(
        contract,
        [cap_row_lines for cap_row_lines in every if not for_each_person(cap_row_lines.row)],
        excess_payers(contract),
    )


def own_rows(contract: Contract, settings: Settings, lines: list[Line]) -> list[CapRowLines]:
    """The rows of payments' own limits, with what they cover of those lines."""
    return [
        evolve(limit, own=True)
        for cap in own_limits(contract)
        for row in cap.rows
        if (limit := rows_lines(contract, settings, cap, row, lines)) is not None
    ]


def _owed_to_themselves(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Limits of payments to a party, the excess of which the same party is to pay."""
    lines = [paying_line.line for paying_line in paying(contract)]
    for cap in every_cap(contract):
        if cap.excess.way != "paid":
            continue
        try:
            mine = [
                line
                for row in cap.rows
                for line in lines
                if line.payee in cap.excess.payers and limited(contract, settings, row, line)
            ]
        except NotGiven:
            continue
        if mine:
            yield Diagnostic(
                "SIB0528",
                f"{mine[0].payee} is paid {mine[0].payment}, and would owe itself what exceeds this limit.",
                cap.excess.span,
                clause_title("payment" if cap in own_limits(contract) else "cap", cap.name, cap.clause),
                "paid by whom it is paid to",
                f"Write `excess lost` if {mine[0].payee} goes without it, or name another party.",
            )


def rows_lines(
    contract: Contract, settings: Settings, cap: Cap, row: CapRow, lines: list[Line]
) -> CapRowLines | None:
    """A row of a limit with what it covers of those lines; None where that hangs on what has not been given."""
    try:
        every = [at for at, line in enumerate(lines) if limited(contract, settings, row, line)]
    except NotGiven:
        return None
    chosen = [at for at in every if cap.applies.on_line(lines[at].segment.days, lines[at].due)]
    times = occasions(contract, row.scope)
    holding = Times(times)
    within: list[set[int]] = [set() for _ in times]
    for at in chosen:
        for place in holding.around(lines[at].segment.days):
            within[place].add(at)
    covered = tuple((days, frozenset(mine)) for days, mine in zip(times, within, strict=True))
    match bound(row):
        case InAll(amount=amount) | ForEachPerson(amount=amount):
            most = number(settings, amount)
        case ShareOfPayments() | Pot() | ReturnOn():
            most = None  # it is another on other days
        case limit:
            assert_never(limit)
    return CapRowLines(cap, row, most, covered, len(every) > len(chosen))


# ------------------------------------------------------------------ scopes


def _out(contract: Contract, scope: Scope) -> bool:
    days, whole = scope.days, contract.payment_period
    return days is not None and (days.end <= whole.start or whole.end <= days.start)


def _scopes(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    blocks = [
        (
            advance.scope,
            clause_title("block advance", block.name, block.clause),
            "the block is set off against nothing",
            Applies(),
        )
        for block in contract.advances
        for advance in block.advances
        if advance.scope is not None
    ]
    caps = [
        (row.scope, clause_title("cap", cap.name, cap.clause), "the cap limits nothing", cap.applies)
        for cap in contract.caps
        for row in cap.rows
    ]
    yield from _added_too_late(contract, settings)
    told: set[tuple[str, str]] = set()
    for scope, clause, effect, applies in (*blocks, *caps):
        if _out(contract, scope):
            yield Diagnostic(
                "SIB0514",
                f"{scope.days} lies outside the payment period ({contract.payment_period}), so {effect}.",
                scope.span,
                clause,
                "outside the payment period",
                "Choose a time of the payment period, or `over the contract`.",
            )
        elif (part := _part(contract, scope, applies)) and (clause, scope.over) not in told:
            told.add((clause, scope.over))
            yield Diagnostic(
                "SIB0529",
                f"{part} is only part of {_unit(scope)}: the full amount applies to it, not a share by days.",
                scope.span,
                clause,
                f"{part} is part of {_unit(scope)}",
                f"If another amount is meant for it, give it a row of its own: `in {part}`.",
                severity="note",
            )


def _added_too_late(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    for cap in contract.caps:
        for top_up in (top_up for row in cap.rows for top_up in row.topped_up):
            try:
                day = settings.day(top_up.day)
            except NotGiven:
                continue
            if day >= contract.payment_period.end:
                yield Diagnostic(
                    "SIB0514",
                    f"{long(day)} lies after the payment period ({contract.payment_period}), so what is added then pays nothing.",
                    top_up.span,
                    clause_title("cap", cap.name, cap.clause),
                    "after the payment period",
                    "Choose a day of the payment period.",
                )


def _unit(scope: Scope) -> str:
    return {"each year": "a contract year", "each quarter": "a quarter", "each month": "a month"}[scope.over]


def _part(contract: Contract, scope: Scope, applies: Applies) -> str:
    """The first or last occasion of `in each ...` where the payment period cuts it short; '' when it cuts none."""
    if scope.over not in _EACH:
        return ""
    found = [
        days
        for days in occasions(contract, scope)
        if (applies.first or days.start) < days.end and (applies.last or days.start) >= days.start
    ]
    if not found:
        return ""
    cut = [days for days in (found[0], found[-1]) if not _full(days, _EACH[scope.over])]
    return str(cut[0]) if cut else ""


def _full(days: Period, months: int) -> bool:
    return add_months(days.start, months) == days.end


# ------------------------------------------------------------------ what a cap covers


def _only_blocks(limit: CapRowLines, fees: int) -> bool:
    covered = [at for _, mine in limit.covered for at in mine]
    return bool(covered) and all(at >= fees for at in covered)


def _uncut(limit: CapRowLines) -> Diagnostic:
    return Diagnostic(
        "SIB0523",
        f"{limit.cap.name} covers block advances and no fees. A block is paid whole and uses up the cap, but is never cut by "
        "it, so this cap limits nothing.",
        limit.row.covers.span,
        limit.clause,
        "covers block advances alone",
        "Cover the fees as well, such as `payments from ...`; to limit a block, change its amount; to test it, write a rule.",
        severity="warning",
    )


def _nothing(limit: CapRowLines, fees: list[Paying], blocks: list[Advanced]) -> Diagnostic:
    chosen = limit.row.covers
    payers = {fee.line.payer for fee in fees} | {block.advance.payer for block in blocks}
    payees = {fee.line.payee for fee in fees} | {block.advance.payee for block in blocks}
    idle = [name for name in chosen.payers if name not in payers]
    unpaid = [name for name in chosen.payees if name not in payees]
    if idle:
        why = f"{listed(idle)} {'pays' if len(idle) == 1 else 'pay'} nothing under this contract"
    elif unpaid:
        why = f"{listed(unpaid)} {'is' if len(unpaid) == 1 else 'are'} paid nothing under this contract"
    else:
        why = "no payment of this contract answers all parts of the description"
    return Diagnostic(
        "SIB0523",
        f"{limit.cap.name} covers no payment: {why}. So nothing is limited here.",
        chosen.span,
        limit.clause,
        "no payment is like this",
        "Name the payer, payee, metric or payment that is to be limited, or take the row out.",
        severity="warning",
    )


def _exceeded(limit: CapRowLines, fees: list[Paying], blocks: list[Advanced]) -> Iterator[Diagnostic]:
    """A block paid whole after earlier fees may have filled the cap."""
    for _, mine in limit.covered:
        first = min((fees[at].line.segment.days for at in mine if at < len(fees)), default=None)
        late = [blocks[at - len(fees)] for at in sorted(mine) if at >= len(fees)]
        late = [block for block in late if first is not None and block.day >= first.end]
        if late:
            yield Diagnostic(
                "SIB0532",
                f"{limit.cap.name} covers a block advance of {long(late[0].day)}. A block is paid whole, so when fees have "
                "filled the cap before that day, more is paid than the cap says.",
                limit.row.covers.span,
                limit.clause,
                "a later block can exceed it",
                "Leave the block out of what the cap covers, or give the cap a time in which the block comes first.",
                severity="warning",
            )
            return


def _untold(contract: Contract, settings: Settings, limits: list[CapRowLines]) -> Iterator[Diagnostic]:
    """A limit for each person on what no single person can be said to have earned."""
    try:
        to_measure(contract, settings, segments(contract))
    except Untold as error:
        for limit in limits:
            if limit.row.span == error.span:
                yield _alone(str(error), limit.row.span, limit.clause)
        for payment in contract.payments:
            if any(row.span == error.span for row in payment.limits):
                span = next(row.span for row in payment.limits if row.span == error.span)
                yield _alone(str(error), span, clause_title("payment", payment.name, payment.clause))
    except (NotGiven, Unpriceable):
        yield from _falling(contract, settings)


def _falling(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Limits for each person on what may be below nought, while a value that is needed to price them is missing."""
    below = fall_below(contract)
    lines = [
        paying_line.line
        for paying_line in paying(contract)
        if paying_line.payment.taken_back and not below.isdisjoint(paying_line.line.metrics)
    ]
    for cap in every_cap(contract):
        for row in filter(for_each_person, cap.rows):
            try:
                line = next((one for one in lines if limited(contract, settings, row, one)), None)
            except NotGiven:
                continue
            if line is not None:
                kind = "payment" if cap in own_limits(contract) else "cap"
                yield _alone(untold(line), row.span, clause_title(kind, cap.name, cap.clause))


def _alone(said: str, span: Span, clause: str) -> Diagnostic:
    return Diagnostic(
        "SIB0570",
        said,
        span,
        clause,
        "for each person?",
        "A limit for each person covers payments of so much for each result of a person. No part is one person's under tiers, "
        "all-units rates, sums worked out or to date, `paid only if`, `held back until`, shares of payers in amounts or of statements rounded as one, a limit in units, or "
        "what is counted for all people. Name in `covers` the payments that it is meant for.",
    )


# ------------------------------------------------------------------ caps that cannot bind


def excess_payers(contract: Contract) -> frozenset[str]:
    """Who pays what exceeds a limit of somebody else: such payments are no line before the limit has cut."""
    every = every_cap(contract)
    return frozenset(payer for cap in every for payer in cap.excess.payers)


def _idle(contract: Contract, limits: list[CapRowLines], others: frozenset[str]) -> Iterator[Diagnostic]:
    """A limit that another one keeps: the other covers all of its lines and is never more in all."""
    for at, limit in enumerate(limits):
        for against, other in enumerate(limits):
            if against == at or _pays_beyond(limit, other, others):
                continue
            first = at < against
            if _kept_by(limit, other, first=first) and _cuts_after(contract, limit, other, first=first):
                yield _never(contract, limit, other)
                break


def _cuts_after(contract: Contract, limit: CapRowLines, other: CapRowLines, *, first: bool) -> bool:
    """Whether nothing hangs on the limit cutting before `other`: its excess is lost, or `other` surely comes first."""
    if limit.cap.excess.way == "lost":
        return True
    if limit.cap.after or not {"days", "each period"}.isdisjoint(
        (limit.row.scope.over, other.row.scope.over)
    ):
        return False
    mine = _places(contract, limit, written=int(not first))
    theirs = _places(contract, other, written=int(first))
    return all(
        their_place < my_place
        for my_time, my_place in mine
        for their_time, their_place in theirs
        if their_time.start < my_time.end and my_time.start < their_time.end
    )


def _places(contract: Contract, limit: CapRowLines, *, written: int) -> list[tuple[Period, Place]]:
    """The times of a limit, each with its place in the order of limits; `written` is its place in the text of two."""
    return [
        (days, Place(days_of(contract.payment_period, days), CONTRACTS, "", written))
        for days, _ in limit.covered
    ]


def _pays_beyond(limit: CapRowLines, other: CapRowLines, payers: frozenset[str]) -> bool:
    """Whether the limit covers what somebody pays beyond another limit, which `other` does not keep."""
    for payer in payers:
        mine, theirs = limit.row.covers.payers, other.row.covers.payers
        if (not mine or payer in mine) and (
            other.cap.excess.way == "paid" or (theirs and payer not in theirs)
        ):
            return True
    return False


def _kept_by(limit: CapRowLines, other: CapRowLines, *, first: bool) -> bool:
    """Whether `other` alone keeps what `limit` covers within `limit`. Of two that say the same, the first is kept."""
    if limit.amount is None or other.amount is None or not any(mine for _, mine in limit.covered):
        return False
    for _, mine in limit.covered:
        left, needed = set(mine), Fraction(0)
        for _, theirs in other.covered:
            if left & theirs:
                left -= theirs
                needed += other.amount
        if left or needed > limit.amount:
            return False
    return not (first and _kept_by(other, limit, first=False))


def _never(contract: Contract, limit: CapRowLines, other: CapRowLines) -> Diagnostic:
    most = short(limit.amount or Fraction(0), contract.currency)
    theirs = short(other.amount or Fraction(0), contract.currency)
    over = each_time(other.row.scope)
    open_choices = _choices(contract, limit.row, other.row)
    return Diagnostic(
        "SIB0524",
        f"This limit of {most} {each_time(limit.row.scope)} can never bind: {other.cap.name} already keeps the same payments to "
        f"{theirs} {over}.",
        limit.row.amount.span,
        limit.clause,
        "never reached",
        f"So it is with what is assumed for {listed(open_choices)}: leave it if it is there for another reading."
        if open_choices
        else "Lower it, or take it out: as it stands it promises a protection that the other limit gives.",
        (Label(other.row.amount.span, f"{theirs} {over} binds first"),),
        "note" if open_choices else "warning",
    )


def _choices(contract: Contract, *rows: CapRow) -> list[str]:
    """The assumptions on which limits hang, each of which may be given another value: what the source leaves open."""
    assumed = {assumption.name for assumption in contract.assumptions}
    named = [
        part.name for row in rows for part in own_parts(row.amount) if isinstance(part, Given | GivenFor)
    ]
    return [name for name in dict.fromkeys(named) if name in assumed]
