"""Limits held against what the payments under them can come to: never reached, below one result, shares that cannot be kept.

Source: language reference, 'Caps' and 'A share of payments'.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from sibdsl import money
from sibdsl.check.blocks import number
from sibdsl.check.caps import CapRowLines, excess_payers, own_rows, rows_lines
from sibdsl.check.greatest_payments import GreatestPayments, MostPaid
from sibdsl.check.possible_lines import Paying
from sibdsl.diagnostics import Diagnostic, Label, NotGiven
from sibdsl.english import listed, short
from sibdsl.model.admissible_quantities.at_most import Most
from sibdsl.model.bounds import ForEachPerson, InAll, ShareOfPayments, bound, for_each_person
from sibdsl.model.nodes import AllUnits, Amount, CapRow, Contract, Formula, Rate, Stepped, Term, Tiered
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price.graph import Line
from sibdsl.price.limits_in_force import every_cap
from sibdsl.price.selected_lines import covers
from sibdsl.wording import each_time
from sibdsl.wording import selection as payments_said


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A limit never reached (SIB0850), one below a single result (SIB0851), shares not kept together (SIB0852, SIB0853)."""
    if not any(cap.rows for cap in every_cap(contract)):
        return
    whole = GreatestPayments.of_contract(contract, settings)
    lines = [one.line for one in whole.lines] + [one.line for one in whole.blocks if one.line is not None]
    limits = [
        limit
        for cap in contract.caps
        for row in cap.rows
        if (limit := rows_lines(contract, settings, cap, row, lines)) is not None
    ] + own_rows(contract, settings, lines)
    each = (
        GreatestPayments.of_contract(contract, settings, each_person=True)
        if any(for_each_person(limit.row) for limit in limits)
        else None
    )
    for limit in limits:
        if not limit.lines or set(limit.row.covers.payers or excess_payers(contract)) & excess_payers(
            contract
        ):
            continue  # told of already, or what others pay beyond a limit is under it too
        yield from _below_one(limit, whole)
        yield from _never_reached(limit, whole if each is None or not for_each_person(limit.row) else each)
    yield from _shares(contract, settings, limits, lines)


# ------------------------------------------------------------------ never reached


def _never_reached(limit: CapRowLines, greatest: GreatestPayments) -> Iterator[Diagnostic]:
    """A limit above all that the payments under it can come to, at every time of it."""
    contract, settings = greatest.contract, greatest.settings
    if limit.amount is None or not isinstance(bound(limit.row), InAll | ForEachPerson):
        return
    if limit.cap.applies.begun or limit.cap.applies.ended:
        return  # in force for a time only, since a variation: it counts with what took its place
    if limit.row.scope.over == "days":
        return  # a limit for named days is often one of a row of them, in which a round figure stands
    carried = any(cap.excess.way == "carried forward" for cap in every_cap(contract))
    if carried and limit.row.scope.over != "contract":
        return  # what another limit carries forward comes on top
    fees, most = len(greatest.lines), MostPaid()
    if all(at >= fees for at in limit.lines):
        return  # a block is cut by no limit
    for _, mine in limit.covered:
        found = greatest.of([at for at in mine if at < fees])
        paid = greatest.advanced(greatest.blocks[at - fees] for at in mine if at >= fees)
        if found is None or paid is None or found.in_all + paid >= limit.amount:
            return
        most = max(most, MostPaid(found.amount + paid, found.why, found.slack), key=lambda one: one.amount)
    yield Diagnostic(
        "SIB0850",
        f"This limit of {short(limit.amount, contract.currency)} {_each(limit.row)} can never bind: "
        f"{payments_said(limit.row.covers, settings)} come to at most {_about(most, contract.currency)}"
        f"{' for one person' if for_each_person(limit.row) else ''}{_because(most.why)}.",
        limit.row.amount.span,
        limit.clause,
        "never reached",
        "Leave it if it is there for comfort: it cuts nothing. If it was to protect the payer, write the sum that was agreed.",
        severity="note",
    )


def _each(row: CapRow) -> str:
    return f"for each person {each_time(row.scope)}" if for_each_person(row) else each_time(row.scope)


def _about(most: MostPaid, currency: str) -> str:
    return f"{short(most.amount, currency)}{' and a few pennies' if most.slack and most.why else ''}"


def _because(why: tuple[Most, ...]) -> str:
    """What says that there are no more: `(Job Start at most 400: Young People is 400 people at most, each counted once)`."""
    if not why:
        return ""
    said = listed([f"{most.most:,} {most.metric}" for most in why[:3]])
    more = f" and {len(why) - 3} others" if len(why) > 3 else ""
    reasons = dict.fromkeys(most.why for most in why)
    return f", of at most {said}{more}" + (f" ({next(iter(reasons))})" if len(reasons) == 1 else "")


# ------------------------------------------------------------------ below one result


def _below_one(limit: CapRowLines, greatest: GreatestPayments) -> Iterator[Diagnostic]:
    """A limit below what a single result pays, or of nothing: no result under it is ever paid whole."""
    contract, settings = greatest.contract, greatest.settings
    if limit.amount is None or not isinstance(bound(limit.row), InAll | ForEachPerson):
        return
    fees = len(greatest.lines)
    if any(at >= fees for at in limit.lines):
        return
    if limit.amount == 0:
        yield Diagnostic(
            "SIB0851",
            f"This limit is {short(limit.amount, contract.currency)}: nothing of {payments_said(limit.row.covers, settings)} is ever paid.",
            limit.row.amount.span,
            limit.clause,
            "lets nothing through",
            "Write the sum that was agreed. If nothing is to be paid, take the payment out, so that it is not promised either.",
            severity="warning",
        )
        return
    rates: list[tuple[Fraction, Paying]] = []
    for at in limit.lines:
        one = greatest.lines[at]
        part, sums = greatest.part_of(one), _sums(one.rate)
        amounts = [number(settings, amount) for amount in sums or ()]
        if part is None or not amounts:
            return
        for amount in amounts:
            if amount is None:
                return
            if amount * part > 0:
                rates.append((amount * part, one))
    if not rates:
        return
    least, row = min(rates, key=lambda pair: pair[0])
    if least > limit.amount:
        most = short(limit.amount, contract.currency)
        term = row.rate
        unit = f"{term.metric} {term.band}".strip() if isinstance(term, Rate) else row.payment.name
        yield Diagnostic(
            "SIB0851",
            f"Not one result is paid whole: one {unit} comes to {short(least, contract.currency)}, and this limit of {most} "
            f"{_each(limit.row)} cuts it to {most}.",
            limit.row.amount.span,
            limit.clause,
            f"less than one {unit}",
            "Write the sum that was agreed: a figure may have lost its noughts, or the time may be another.",
            (Label(row.rate.span, f"one pays {short(least, contract.currency)}"),),
            "warning",
        )


def _sums(term: Term) -> tuple[Amount, ...] | None:
    """What one result, or one row of a table of steps, pays; None where that is no sum of the text."""
    match term:
        case Rate(amount=amount):
            return (amount,)
        case Tiered(tiers=tiers) | AllUnits(tiers=tiers):
            return tuple(tier.amount for tier in tiers)
        case Formula(amount=Stepped(rows=rows), factors=()):
            return tuple(row.amount for row in rows)
        case _:
            return None


# ------------------------------------------------------------------ shares of payments


@frozen
class _LimitShare:
    """A limit that is a share of payments: what it covers, and the lines of which it is a share."""

    limit: CapRowLines
    part: Fraction
    of: frozenset[int]
    after: bool
    #: How what it covers, and that of which it is a share, are written.
    covers: str
    whole: str


def _shares(
    contract: Contract, settings: Settings, limits: list[CapRowLines], lines: list[Line]
) -> Iterator[Diagnostic]:
    found: list[_LimitShare] = []
    for limit in limits:
        share = bound(limit.row)
        if not isinstance(share, ShareOfPayments):
            continue
        part = number(settings, share.part)
        try:
            of = frozenset(
                at for at, line in enumerate(lines) if covers(contract, settings, share.payments, line)
            )
        except NotGiven:
            continue
        if part is not None and of:
            found.append(
                _LimitShare(
                    limit, part, of, share.of.side == "after",
                    payments_said(limit.row.covers, settings), payments_said(share.payments, settings),
                )
            )  # fmt: skip
    told: set[int] = set()
    for at, one in enumerate(found):
        if one.part < 1 and one.of <= one.limit.lines and (one.after or one.of == one.limit.lines):
            told.add(at)
            yield _of_itself(one)
    left = [one for at, one in enumerate(found) if at not in told and one.after]
    yield from _apart(left)


def _of_itself(one: _LimitShare) -> Diagnostic:
    part = money.percent(one.part)
    payments = one.covers
    if one.after:
        said = (
            f"This limit is {part} of what it limits: {payments} may be at most {part} of themselves as they are paid, and only "
            "nothing is. So nothing is ever paid under it."
        )
    else:
        said = (
            f"This limit is {part} of what it limits: of all that is due of {payments} {part} is paid, and "
            f"{money.percent(1 - one.part)} never, however little it is."
        )
    return Diagnostic(
        "SIB0853",
        said,
        one.limit.row.amount.span,
        one.limit.clause,
        "a share of itself",
        "Say of which other payments it is a share, such as `payments from all commissioners`. If every payment is to be cut "
        "alike, write the lower rates.",
        severity="warning",
    )


def _apart(shares: list[_LimitShare]) -> Iterator[Diagnostic]:
    """Limits that are shares of the same whole, or of one another, that cannot be kept together."""
    told: set[int] = set()
    for at in range(len(shares)):
        if at in told:
            continue
        for group in _groups(at, shares):
            told.update(group)
            yield _not_kept([shares[place] for place in group])
            break


def _groups(at: int, shares: list[_LimitShare]) -> Iterator[tuple[int, ...]]:
    one = shares[at]
    alike = [
        place
        for place, other in enumerate(shares)
        if other.of == one.of and other.limit.row.scope.over == one.limit.row.scope.over and other.limit.lines
    ]
    covered: set[int] = set()
    for place in alike:
        covered |= shares[place].limit.lines
    total = sum((shares[place].part for place in alike), Fraction(0))
    if len(alike) > 1 and one.of <= covered and total < 1:
        yield tuple(alike)
    for place, other in enumerate(shares):
        if (
            place > at
            and one.of <= other.limit.lines
            and other.of <= one.limit.lines
            and one.part * other.part < 1
        ):
            yield (at, place)


def _not_kept(group: list[_LimitShare]) -> Diagnostic:
    first, *rest = group
    parts = listed([f"{money.percent(one.part)} ({one.limit.cap.name})" for one in group])
    if first.of == rest[0].of:
        total = money.percent(sum((one.part for one in group), Fraction(0)))
        why = f"they come to {total} of {first.whole}, and nobody else pays any"
    else:
        why = "each is a share of what the other leaves"
    return Diagnostic(
        "SIB0852",
        f"These limits cannot be kept together: {parts}; {why}. Each cuts once, in the order of limits, and what the later one cuts "
        "leaves the earlier one broken. Only when nothing is paid are all of them kept.",
        first.limit.row.amount.span,
        first.limit.clause,
        "not kept with the other",
        "Write the shares that were agreed: of one whole they come to 100% or more. If one of them is meant of what is due and not "
        "of what is paid, write `before this limit` there.",
        tuple(Label(one.limit.row.amount.span, "the other share") for one in rest),
        "warning",
    )
