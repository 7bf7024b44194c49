"""Block advances held against the fees and limits that they meet, and refunds of what a limit cut.

Source: language reference, 'Block advances', 'Caps and block advances' and 'Unused parts'.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from sibdsl.check.blocks import days_met
from sibdsl.check.caps import CapRowLines, rows_lines
from sibdsl.check.greatest_payments import GreatestPayments, MostPaid
from sibdsl.check.possible_lines import Advanced, inside
from sibdsl.dates import Period
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed, short
from sibdsl.model.bounds import InAll, bound
from sibdsl.model.nodes import Contract, Rate
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording import each_time


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A block never worked off (SIB0854), one that fills a limit (SIB0855), a refund of what a limit cut (SIB0856)."""
    if not contract.advances and not contract.caps:
        return
    greatest = GreatestPayments.of_contract(contract, settings)
    yield from _never_worked_off(greatest)
    lines = [one.line for one in greatest.lines] + [
        one.line for one in greatest.blocks if one.line is not None
    ]
    refunds: dict[str, tuple[Fraction, Diagnostic]] = {}
    for cap in contract.caps:
        for row in cap.rows:
            limit = rows_lines(contract, settings, cap, row, lines)
            if limit is not None and limit.amount is not None and isinstance(bound(row), InAll):
                yield from _filled(limit, limit.amount, greatest)
                for name, finding in _refunds(limit, limit.amount, greatest):
                    if name not in refunds or limit.amount < refunds[name][0]:
                        refunds[name] = limit.amount, finding
    yield from (finding for _, finding in refunds.values())  # of each refund, what the tightest limit does


# ------------------------------------------------------------------ never worked off


@frozen
class _Met:
    """Blocks, and the places of the lines that they are set off against."""

    blocks: tuple[Advanced, ...]
    fees: frozenset[int]


def _never_worked_off(greatest: GreatestPayments) -> Iterator[Diagnostic]:
    contract = greatest.contract
    each = [met for block in greatest.blocks if (met := _fees_met(greatest, block)) is not None]
    told: set[Advanced] = set()
    for met in (*each, *_together(each)):
        if told.intersection(met.blocks):
            continue
        paid, fees = greatest.advanced(met.blocks), greatest.of(met.fees)
        if paid is not None and fees is not None and fees.amount and paid > fees.in_all:
            told.update(met.blocks)
            yield _too_large(contract, met, paid, fees)


def _fees_met(greatest: GreatestPayments, block: Advanced) -> _Met | None:
    """A block with the lines that it meets: to the end of the contract, where what is unused is carried forward."""
    days = days_met(greatest.contract, block)
    if days is None:
        return None
    if block.block.unused == "carried forward":
        days = Period(days.start, greatest.contract.payment_period.end)
    payers = block.advance.shares.names if block.advance.shares else (block.advance.payer,)
    fees = frozenset(
        at
        for at, one in enumerate(greatest.lines)
        if one.payment.name in block.advance.against
        and one.line.payer in payers
        and one.rate.payee == block.advance.payee
        and inside(one.line.segment.days, days)
    )
    return _Met((block,), fees) if fees else None


def _together(each: list[_Met]) -> list[_Met]:
    """Blocks that meet the same fees, or some of the same, taken together."""
    groups: list[_Met] = []
    for met in each:
        apart = [group for group in groups if not group.fees & met.fees]
        joined = [group for group in groups if group.fees & met.fees]
        blocks = tuple(block for group in joined for block in group.blocks) + met.blocks
        groups = [*apart, _Met(blocks, met.fees.union(*(group.fees for group in joined)))]
    return [group for group in groups if len(group.blocks) > 1]


def _too_large(contract: Contract, met: _Met, paid: Fraction, fees: MostPaid) -> Diagnostic:
    first, *_ = last_first = met.blocks[::-1]
    names = listed(list(dict.fromkeys(block.block.name for block in met.blocks)))
    against = listed(list(dict.fromkeys(name for block in met.blocks for name in block.advance.against)))
    over = short(paid - fees.amount, contract.currency)
    left = {
        "kept": f"{first.advance.payee} keeps it for no result",
        "carried forward": "it is carried forward and meets no fees either",
        "recoverable": f"{first.advance.payee} owes it back whatever is achieved",
    }[first.block.unused]
    several = len(met.blocks) > 1
    units = ", ".join(f"{most.most:,} {most.metric} at most" for most in fees.why[:3])
    return Diagnostic(
        "SIB0854",
        f"{names} {'pay' if several else 'pays'} {short(paid, contract.currency)}, and the fees that {'they meet' if several else 'it meets'} "
        f"under {against} come to at most {short(fees.amount, contract.currency)}{f' ({units})' if units else ''}. "
        f"{over} is never worked off: {left}.",
        first.advance.span,
        first.clause,
        f"{over} more than the fees can be",
        "Write the sum, the payments or the time that were agreed after `pays` and `set against`. If the rest is a grant, give it a "
        "block of its own, `set against nothing`.",
        tuple(Label(block.advance.span, "meets the same fees") for block in last_first[1:]),
        "warning",
    )


# ------------------------------------------------------------------ blocks that fill a limit


def _filled(limit: CapRowLines, most: Fraction, greatest: GreatestPayments) -> Iterator[Diagnostic]:
    """A block that takes more than half of a limit for a time, which the fees of that time need."""
    contract, fees = greatest.contract, len(greatest.lines)
    for days, mine in limit.covered:
        blocks = [greatest.blocks[at - fees] for at in sorted(mine) if at >= fees]
        paid = greatest.advanced(blocks)
        if not blocks or paid is None or paid > most or 2 * paid <= most:
            continue
        cut = greatest.of([at for at in mine if at < fees])
        if not any(at < fees for at in mine) or (cut is not None and cut.in_all <= most):
            continue
        room = short(most - paid, contract.currency)
        names = listed(list(dict.fromkeys(block.block.name for block in blocks)))
        recovered = any(block.block.unused == "recoverable" for block in blocks)
        met = listed(list(dict.fromkeys(name for block in blocks for name in block.advance.against)))
        yield Diagnostic(
            "SIB0855",
            f"{names} {'takes' if len(blocks) == 1 else 'take'} {short(paid, contract.currency)} of the {short(most, contract.currency)} "
            f"that this limit allows {_when(limit, days)}. {room} is left for all else that it covers"
            + (f", beside the fees under {met} that are set off" if met else "")
            + ("; what is owed back of the block gives no room back." if recovered else "."),
            limit.row.amount.span,
            limit.clause,
            f"{room} is left beside the block",
            "If the block was to count towards the limit, leave it so. If the fees were to have the whole limit, cover "
            "`payments by results from ...`.".replace("by results from ...", _by_results(limit)),
            tuple(Label(block.advance.span, "uses the limit up") for block in blocks),
            "warning",
        )
        return


def _by_results(limit: CapRowLines) -> str:
    return "by results" + (f" from {listed(limit.row.covers.payers)}" if limit.row.covers.payers else "")


def _when(limit: CapRowLines, days: Period) -> str:
    return each_time(limit.row.scope) if limit.row.scope.over == "contract" else f"in {days}"


# ------------------------------------------------------------------ refunds of what a limit cut


def _refunds(
    limit: CapRowLines, most: Fraction, greatest: GreatestPayments
) -> Iterator[tuple[str, Diagnostic]]:
    """Fees that a limit cuts, and a payment the other way for each result that it does not cover; by the refund's name."""
    contract, count = greatest.contract, len(greatest.lines)
    places = [at for at in sorted(limit.lines) if at < count]
    fees = [greatest.lines[at] for at in places if greatest.lines[at].line.metrics]
    ways = {(one.line.payer, one.rate.payee) for one in fees}
    backs = {
        one.payment.name: (one, one.rate)
        for one in greatest.lines
        if isinstance(one.rate, Rate)
        and (one.rate.payee, one.line.payer) in ways
        and not any(other.payment is one.payment for other in fees)
    }
    cut = greatest.of(places) if backs else None
    if cut is not None and cut.in_all <= most:
        return
    for name, (back, term) in backs.items():
        rate = greatest.settings_number(term.amount)
        if rate is None or rate <= 0:
            continue
        mine = [one for one in fees if (one.line.payer, one.rate.payee) == (term.payee, back.line.payer)]
        names = listed(list(dict.fromkeys(one.payment.name for one in mine)))
        each = short(rate, contract.currency)
        yield (
            name,
            Diagnostic(
                "SIB0856",
                f"This limit cuts what {term.payee} pays under {names}, and not what {back.line.payer} pays back under {name}. Once "
                f"{short(most, contract.currency)} is reached, {back.line.payer} is paid nothing more, and each {term.metric} still "
                f"costs it {each}.",
                limit.row.amount.span,
                limit.clause,
                f"{name} is not under it",
                f"If only what was paid is to be paid back, put a limit on {name} too. If that loss was agreed, leave it.",
                (Label(back.payment.span, f"{each} back for each {term.metric}"),),
                "warning",
            ),
        )
