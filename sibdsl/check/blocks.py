"""Block advances: paid in time, against fees that exist, in units that have one rate, within the caps that cover them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from sibdsl import money
from sibdsl.check.possible_lines import Advanced, Paying, advances, inside, paying
from sibdsl.dates import Period, long
from sibdsl.diagnostics import Diagnostic, Label, NotGiven, Unpriceable
from sibdsl.english import listed, short
from sibdsl.model.bounds import ForEachPerson, InAll, Pot, ReturnOn, ShareOfPayments, bound
from sibdsl.model.nodes import Advance, Amount, CapRow, Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import occasions, statements, year_of
from sibdsl.model.who_pays import rates_met
from sibdsl.price.selected_lines import limited
from sibdsl.price.shared_payments import fixed_part
from sibdsl.price.topped_up import in_by_day
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of block advances."""
    blocks = advances(contract, settings)
    lines = paying(contract)
    for block in blocks:
        if block.line is None:
            yield _outside(contract, block)
            continue
        days = days_met(contract, block)
        if days is not None:
            missing = [
                finding for name in block.advance.against if (finding := _no_fees(block, name, days, lines))
            ]
            yield from missing
            yield from _units(contract, settings, block)
            if not missing:
                yield from _late(contract, block, days)
    yield from _above_caps(contract, settings, blocks)


def number(settings: Settings, written: Amount) -> Fraction | None:
    """What an amount comes to, or None while something in it has not been given."""
    try:
        return settings.number(written)
    except (NotGiven, TypeError, ZeroDivisionError):
        return None


def advanced(contract: Contract, settings: Settings, advance: Advance) -> Fraction | None:
    """What the payer of a block pays of it, or None while something in it has not been given."""
    whole = number(settings, advance.amount)
    if whole is None or advance.shares is None:
        return whole
    grain = contract.rounding.grain or Fraction(1, 100)
    try:
        return fixed_part(
            advance.shares,
            advance.payer,
            money.round_to(whole, grain, contract.rounding.way),
            settings,
            grain,
        )
    except (NotGiven, Unpriceable):
        return None


def _outside(contract: Contract, block: Advanced) -> Diagnostic:
    before = block.day < contract.payment_period.start
    return Diagnostic(
        "SIB0513",
        f"This block is paid on {long(block.day)}, {'before' if before else 'after'} the payment period "
        f"({contract.payment_period}), so it would never be paid.",
        block.advance.paid_on.span,
        block.clause,
        f"{long(block.day)} is outside the payment period",
        "Choose a day of the payment period, or let the payment period "
        + ("begin earlier." if before else "end later."),
    )


def days_met(contract: Contract, block: Advanced) -> Period | None:
    """The days whose fees the block meets; None where it meets none, or they are not known."""
    scope = block.advance.scope
    if scope is None or not block.advance.against:
        return None
    if scope.over == "each year":
        return year_of(contract, block.day)
    found = occasions(contract, scope)
    return next((days for days in found if block.day in days or len(found) == 1), None)


# ------------------------------------------------------------------ what it is set against


def _no_fees(block: Advanced, name: str, days: Period, lines: list[Paying]) -> Diagnostic | None:
    payer, payee = block.advance.payer, block.advance.payee
    between = [item for item in lines if item.line.payer == payer and item.rate.payee == payee]
    if any(item.payment.name == name and inside(item.line.segment.days, days) for item in between):
        return None
    if block.advance.shares and any(
        item.payment.name == name and item.line.payer in block.advance.shares.names for item in lines
    ):
        return None  # another of those who share it owes those fees
    under = [item for item in lines if item.payment.name == name]
    others = listed([item.line.payer for item in under])
    label: tuple[Label, ...] = ()
    if not any(item.line.payer == payer for item in under):
        why = f"{payer} pays nothing under {name}" + (f"; {others} does." if under else ".")
        mark = f"{payer} never pays under {name}"
    elif not any(item.line.payer == payer and item.rate.payee == payee for item in under):
        whom = listed([item.rate.payee for item in under if item.line.payer == payer])
        why = f"under {name} {payer} pays {whom}, not {payee}."
        mark = f"{payer} never pays {payee} under {name}"
    else:
        why = f"{payer} pays {payee} nothing under {name} in {days}."
        mark = f"{payer} pays nothing under {name} in that time"
    if under:
        label = (Label(under[0].payment.span, f"{name} is here"),)
    choices = list(
        dict.fromkeys(item.payment.name for item in between if inside(item.line.segment.days, days))
    )
    offer = (
        f"Set it against a payment that {payer} makes to {payee} in those days: "
        + listed([f"`{choice}`" for choice in choices], "or")
        + "."
        if choices
        else f"{payer} makes no payment to {payee} in those days: change the payer or the time, or write `set against nothing`."
    )
    return Diagnostic(
        "SIB0519",
        f"This block would meet no fees: {why} It would be paid on top of every fee.",
        block.advance.span,
        block.clause,
        mark,
        offer,
        label,
    )


def _late(contract: Contract, block: Advanced, days: Period) -> Iterator[Diagnostic]:
    first = next(
        (when for when in statements(contract) if when.start < days.end and days.start < when.end), None
    )
    if first is None or block.day <= first.last:
        return
    yield Diagnostic(
        "SIB0520",
        f"This block is paid on {long(block.day)} and meets fees from {long(max(days.start, first.start))}. Until it is paid, "
        f"{block.advance.payee} would go without those fees and without the block.",
        block.advance.paid_on.span,
        block.clause,
        f"after the statement of {first}",
        f"Pay it by {long(first.last)}, or set it against later fees only.",
        severity="warning",
    )


def _units(contract: Contract, settings: Settings, block: Advanced) -> Iterator[Diagnostic]:
    """A block set off in units must find one rate, above nought, in the payments that it is set against."""
    try:
        if settings.value(block.block.basis) != "in units":
            return
        rates = rates_met(contract, block.advance)
        found = {settings.number(rate.amount) for rate in rates}
    except NotGiven:
        return
    if len(found) == 1 and 0 not in found:
        return
    if not rates:
        return  # told of already: the block meets no fees
    said = listed([short(rate, contract.currency) for rate in sorted(found)])
    yield Diagnostic(
        "SIB0521",
        f"This block is set off in units, and {listed(list(block.advance.against))} pays {said}: a unit has no single price, so "
        "nobody can say how many units the block buys.",
        block.advance.span,
        block.clause,
        "how many units is this?",
        "Set it against a payment with one rate, or write `set off in money, as fees fall due`.",
        tuple(Label(rate.span, "one of the rates") for rate in rates[:2]),
    )


# ------------------------------------------------------------------ blocks and caps


def _above_caps(contract: Contract, settings: Settings, blocks: list[Advanced]) -> Iterator[Diagnostic]:
    for cap in contract.caps:
        for row in cap.rows:
            match bound(row):
                case InAll(amount=amount):
                    limit = number(settings, amount)
                case Pot() as pot:
                    yield from _above_pot(
                        contract, settings, blocks, row, pot, clause_title("cap", cap.name, cap.clause)
                    )
                    continue
                case ForEachPerson() | ReturnOn() | ShareOfPayments():
                    continue
                case other:
                    assert_never(other)
            if limit is None:
                continue
            for days in occasions(contract, row.scope):
                mine = _covered(contract, settings, row, blocks, days)
                sums = [advanced(contract, settings, block.advance) for block in mine]
                total = sum((sum_node for sum_node in sums if sum_node is not None), Fraction(0))
                if mine and total > limit:
                    yield _above(contract, mine, total, limit, clause_title("cap", cap.name, cap.clause), row)
                    break


def _above_pot(
    contract: Contract, settings: Settings, blocks: list[Advanced], row: CapRow, pot: Pot, clause: str
) -> Iterator[Diagnostic]:
    """Blocks that come to more than is in a pot on the day on which the last of them is paid."""
    whole = contract.payment_period
    grain = contract.rounding.grain or Fraction(1, 100)
    try:
        filled = in_by_day(pot, whole, settings, grain, row.span)
    except (NotGiven, Unpriceable):
        return
    every = sorted(_covered(contract, settings, row, blocks, whole), key=lambda block: block.day)
    for days, limit in filled:
        mine = [block for block in every if block.day < days.end]
        sums = [advanced(contract, settings, block.advance) for block in mine]
        total = sum((amount for amount in sums if amount is not None), Fraction(0))
        if total > limit and mine[-1].day in days:
            yield _above(contract, mine, total, limit, clause, row)
            return


def _covered(
    contract: Contract, settings: Settings, row: CapRow, blocks: list[Advanced], days: Period
) -> list[Advanced]:
    found: list[Advanced] = []
    for block in blocks:
        if block.line is None or not inside(block.line.segment.days, days):
            continue
        try:
            if limited(contract, settings, row, block.line):
                found.append(block)
        except NotGiven:
            continue
    return found


def _above(
    contract: Contract, mine: list[Advanced], total: Fraction, limit: Fraction, clause: str, row: CapRow
) -> Diagnostic:
    paid = short(total, contract.currency)
    most = short(limit, contract.currency)
    whose = f"{mine[0].block.name} pays" if len(mine) == 1 else f"{len(mine)} block advances pay"
    days = listed([long(block.day) for block in mine])
    return Diagnostic(
        "SIB0522",
        f"{whose} {paid} on {days}, more than the {most} that the cap allows. A block is paid whole, so the cap would be "
        "broken before any result is counted.",
        row.amount.span,
        clause,
        f"less than the {paid} of the block" + ("" if len(mine) == 1 else "s"),
        "Raise the cap, lower the block, or say that the cap covers other payments: `payments by results`.",
        tuple(Label(block.advance.span, "this block counts towards the cap") for block in mine),
    )
