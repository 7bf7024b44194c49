"""Shares and multipliers that make more of an amount than the whole of it: `150% of £4,000`, `multiplied by 80`.

Such a line may be meant. What is said is what it comes to in money. Source: language reference, 'Checks'.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sibdsl.check.blocks import number
from sibdsl.diagnostics import Diagnostic
from sibdsl.english import short, with_unit
from sibdsl.model.nodes import Amount, Arithmetic, Contract, Payment, Value, Working
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import amounts_of, parts
from sibdsl.source import Span
from sibdsl.wording import clause_title

#: A plain number from here on is a share without its sign more often than a multiplier.
_LEAST_WITHOUT_SIGN = 2


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Warnings on shares of money above the whole (SIB0801), and on plain numbers that multiply an amount (SIB0802)."""
    told: set[Span] = set()
    for title, amount in _amounts(contract):
        for part in _products(amount):
            for finding in (
                _share(contract, settings, title, part),
                _multiplier(contract, settings, title, part),
            ):
                if finding is not None and finding.span not in told:
                    told.add(finding.span)
                    yield finding


def _amounts(contract: Contract) -> Iterator[tuple[str, Amount]]:
    """Each amount that payments and block advances state, with the clause; steps of workings are the payments' own."""
    for payment in contract.payments:
        title = clause_title("payment", payment.name, payment.clause)
        for amount in _of_payment(contract, payment):
            yield title, amount
    for block in contract.advances:
        for advance in block.advances:
            yield clause_title("block advance", block.name, block.clause), advance.amount


def _of_payment(contract: Contract, payment: Payment) -> Iterator[Amount]:
    for term in payment.terms:
        shares = {id(share.part) for share in term.payers.shares}
        yield from (amount for amount in amounts_of(contract, term) if id(amount) not in shares)


def _products(amount: Amount) -> Iterator[Arithmetic]:
    """Every product in an amount; what stands in a step of workings is looked at where the step is given."""
    waiting = [amount]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Working):
            continue
        if isinstance(part, Arithmetic) and part.op == "times":
            yield part
        waiting += parts(part)


def _share(contract: Contract, settings: Settings, title: str, product: Arithmetic) -> Diagnostic | None:
    """A written share above 100% of a written sum of money."""
    share, whole = product.left, product.right
    if not isinstance(share, Value) or share.kind != "percentage" or product.right.kind != "money":
        return None
    if not isinstance(share.value, Fraction) or share.value <= 1:
        return None
    said = with_unit(share.value, "percentage", contract.currency)
    sum_of = number(settings, whole)
    comes_to = ""
    if sum_of is not None:
        comes_to = f" {said} of {short(sum_of, contract.currency)} is {short(share.value * sum_of, contract.currency)}."
    return Diagnostic(
        "SIB0801",
        f"{said} is more than the whole of what it is a share of.{comes_to}",
        product.span,
        title,
        "more than the whole",
        f"If a part is meant, write it below 100%, such as `{_below(share.value)}`. If more than the whole is meant, leave it.",
        severity="warning",
    )


def _below(share: Fraction) -> str:
    """The share with its point moved until it is below the whole, as a slip of one key would have it."""
    while share > 1:
        share /= 10
    return with_unit(share, "percentage", "")


def _multiplier(contract: Contract, settings: Settings, title: str, product: Arithmetic) -> Diagnostic | None:
    """A written plain number that multiplies a sum, where a share is what multiplies one as a rule."""
    times, whole = product.right, product.left
    if not isinstance(times, Value) or times.kind != "number" or whole.kind != "money":
        return None
    if not isinstance(times.value, Fraction) or not _LEAST_WITHOUT_SIGN <= times.value <= 100:
        return None
    sum_of = number(settings, whole)
    said = with_unit(times.value, "number", contract.currency)
    comes_to = (
        f": {short(sum_of, contract.currency)} becomes {short(times.value * sum_of, contract.currency)}"
        if sum_of is not None
        else ""
    )
    return Diagnostic(
        "SIB0802",
        f"The plain number {said} multiplies what is paid{comes_to}.",
        times.span if times.span.file else product.span,
        title,
        f"{said} times as much",
        f"If a share is meant, write `{said}%`; or leave it, if {said} times as much is meant.",
        severity="warning",
    )
