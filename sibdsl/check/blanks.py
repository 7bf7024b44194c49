"""Floors and limits that a blank takes with it: `the higher of (Rate and 5%)` is blank where Rate is, and pays nothing.

Source: language reference, 'Blanks'.
"""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.diagnostics import Diagnostic
from sibdsl.english import listed
from sibdsl.model.nodes import Amount, Contract, Extreme, Formula, Payment, Value
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import amount_may_be_blank, every_part, may_be_blank, metrics_in
from sibdsl.source import Span
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A note on each floor and each choice of the lower or higher that is lost where a metric is blank (SIB0629)."""
    del settings
    for payment in contract.payments:
        cited = clause_title("payment", payment.name, payment.clause)
        for amount, least in _sums(payment):
            for part in every_part(contract, amount):
                if isinstance(part, Extreme):
                    yield from _of_choice(contract, part, cited, "nothing is paid")
            if least is not None and not _nought(least):
                yield from _of_floor(contract, amount, least, cited)
    for metric in contract.derived:
        for part in (part for formula in metric.formulas for part in every_part(contract, formula)):
            if isinstance(part, Extreme):
                yield from _of_choice(
                    contract,
                    part,
                    clause_title("metric", metric.name, metric.clause),
                    f"{metric.name} is blank",
                )


def _sums(payment: Payment) -> Iterator[tuple[Amount, Amount | None]]:
    """What a payment works out from quantities, each with its floor."""
    if payment.to_date is not None:
        yield payment.to_date.amount, payment.to_date.least
    for term in payment.terms:
        if isinstance(term, Formula):
            yield term.amount, term.least


def _blank(contract: Contract, amount: Amount) -> list[str]:
    if not amount_may_be_blank(contract, amount):
        return []
    return [name for name in metrics_in(contract, amount) if may_be_blank(contract, name)]


def _nought(amount: Amount) -> bool:
    """Whether an amount is written as nought: a blank pays nothing, and that is what it would hold up."""
    return isinstance(amount, Value) and amount.value == 0


def _of_choice(contract: Contract, part: Extreme, cited: str, then: str) -> Iterator[Diagnostic]:
    blank = [amount for amount in part.parts if _blank(contract, amount)]
    sure = [amount for amount in part.parts if not _blank(contract, amount)]
    if not blank or not sure or all(map(_nought, sure)):
        return
    names = listed([name for amount in blank for name in _blank(contract, amount)], "or")
    yield _note(
        f"Where {names} is blank, so is the {part.way} of these amounts, and {then}: not even the amount that is known.",
        part.span,
        cited,
        f"this {'floor' if part.way == 'higher' else 'limit'} does not hold then",
        f"Leave it if nothing is to be paid then. Otherwise say what stands for the blank: "
        f"`the first given of ({_blank(contract, blank[0])[0]} and ...)`.",
    )


def _of_floor(contract: Contract, amount: Amount, least: Amount, cited: str) -> Iterator[Diagnostic]:
    names = _blank(contract, amount)
    if names:
        yield _note(
            f"Where {listed(names, 'or')} is blank, nothing is paid: no `at least` brings a blank up.",
            least.span,
            cited,
            "this floor does not hold then",
            f"Leave it if nothing is to be paid then. Otherwise say what stands for the blank: "
            f"`the first given of ({names[0]} and ...)`.",
        )


def _note(said: str, span: Span, cited: str, mark: str, way_out: str) -> Diagnostic:
    return Diagnostic("SIB0629", said, span, cited, mark, way_out, severity="note")
