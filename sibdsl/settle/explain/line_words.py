"""What a line is, in words: its title, what it is paid for, and of which run."""

from __future__ import annotations

from fractions import Fraction

from sibdsl import money
from sibdsl.dates import long, months_name
from sibdsl.english import exactly
from sibdsl.model.fingerprint import short
from sibdsl.model.nodes import (
    Contract,
    Programme,
)
from sibdsl.price import Line
from sibdsl.price.step_words import tier_said
from sibdsl.settle.adjustments import adjusted_by
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.page import Item
from sibdsl.settle.payments import Payments


def run_words(run: Payments, what: str) -> str:
    """Which run is explained."""
    together = run.versions[-1].together
    part = f", a contract of {together.programme.name}" if together else ""
    return f"{what}, as of {long(run.as_of)}; {run.contract.name}, fingerprint {short(run.fingerprint)}{part}"


def title(facts: LineFacts) -> str:
    """What a line is in one sentence, without its amount."""
    line = facts.priced.line
    period = months_name(line.segment.days)
    what = subject(line)
    match line.kind:
        case "payment":
            return f"{line.payer} pays {line.payee} for {what}, {period}"
        case "adjustment":
            return f"adjustment of what {line.payer} pays {line.payee} for {what}, {period}, by {adjusted_by(line)}"
        case "interest":
            return f"interest on what comes back of {line.payment}, {period}: {line.payee} owes it to {line.payer}"
        case "carried":
            return f"{line.payer} pays {line.payee} for {what}, carried forward to {period} by {line.rule}"
        case "taken_over":
            return f"{line.payer} pays {line.payee} for {what}, {period}, what exceeds {line.rule}"
        case "released":
            return f"{line.payer} pays {line.payee} what was held back of {line.payment}, {months_name(line.segment.statement)}"
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
        case "deducted":
            return f"of what {line.payer} owes {line.payee} for {what}, {period}, deducted by {line.rule}"
        case _:
            return f"{line.payer} pays {line.payee} in advance: {line.rule}"


def subject(line: Line) -> str:
    """What a line is paid for: `Job Entry, From 16`, or the name of a block."""
    return ", ".join(part for part in (line.metric, line.band, tier_said(line.tier)) if part) or line.payment


def gloss(words: str) -> tuple[Item, ...]:
    """The parties' own words of a clause, where there are some."""
    return (Item(f'"{words}"', "in the parties' words"),) if words else ()


def in_money(facts: LineFacts, amount: Fraction) -> str:
    """An amount in the currency of the contract, exactly."""
    return exactly(amount, facts.contract.currency)


def plain_amount(contract: Contract | Programme, amount: Fraction) -> str:
    """An amount as JSON holds it: decimal text of whole pennies, else exact text."""
    return money.in_digits(amount, contract.currency)
