"""What becomes of what a payment comes to below nought: the line that says it, and payments that leave it open."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from attrs import evolve

from sibdsl.diagnostics import Diagnostic, Label, Problems
from sibdsl.model.admissible_quantities.below_nought import Reason, Signs
from sibdsl.model.from_syntax.payments.interest import interest_a_year
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import written
from sibdsl.model.nodes import (
    Amount,
    Contract,
    ExpectedQuantity,
    Payment,
    Quantity,
    RecordColumn,
    TakenBack,
    Variation,
)
from sibdsl.source import Span
from sibdsl.syntax import Block

#: What each way does, in the words of messages.
WAYS = {
    "never": "pays nothing below nought, and nothing is paid back",
    "from later payments": "keeps it, and takes it from what this payment comes to later, never more; what is left at the end is lost",
    "by repayment": "makes it a line of its own, which {payee} owes {payer}",
}


def taken_back(reader: Reader, block: Block) -> TakenBack:
    """The way that the payment's line names; '' without one. What is counted to date stays paid: another way is reported."""
    to_date = block.lines("pays_to_date", "all_units") or _threshold_for_all(block)
    line = reader.one(block, "taken_back", needed="taken back never" if block.lines("pays_to_date") else "")
    if line is None:
        return ""
    way = cast("TakenBack", line.nodes("back")[0].said)
    if to_date and way != "never":
        reader.problems.add(
            "SIB0561",
            f"{block.title} pays by how much the sum to date exceeds all that was paid before: nothing is taken back {way}.",
            line.span,
            clause=reader.clause(block),
            mark="counted to date",
            help="Only `taken back never` is carried out here: what has been paid stays paid, and a later fall pays nothing more until it is made up.",
        )
    return way


def interest(reader: Reader, block: Block) -> Amount | None:
    """The interest on what comes back, where the line gives it."""
    line = reader.one(block, "taken_back")
    nodes = line.nodes("with_interest") if line is not None else []
    example = "taken back by repayment with interest at 5% a year"
    return interest_a_year(reader, nodes[0], reader.clause(block), example) if nodes else None


def _threshold_for_all(block: Block) -> bool:
    lines = block.lines("threshold")
    return bool(lines) and "excess" not in lines[0].nodes("paying")[0].said


def unsaid(contract: Contract) -> list[Diagnostic]:
    """A finding for each payment that may come to less than nought and does not say what becomes of it; and notes.

    Payments of variations are looked at with all that the contract and its variations count.
    """
    signs, problems = Signs(contract), Problems()
    every: tuple[Contract | Variation, ...] = (contract, *contract.variations)
    columns = {column.span: column for each in every for table in each.records for column in table.columns}
    for payment in (one for each in every for one in each.payments):
        falls = signs.payment(payment)
        if falls and not payment.taken_back:
            _refuse(problems, contract, payment, signs.reasons(payment), columns)
        elif contract.stated_as_known or payment.interest is not None:
            continue
        elif payment.taken_back and not falls and payment.to_date is None and payment.all_units is None:
            problems.add(
                "SIB0562",
                f"{payment.name} never comes to less than nought, so `taken back {payment.taken_back}` decides nothing.",
                payment.span,
                clause=_cited(payment),
                mark="never below nought",
                help="Take the line out, or keep it for what may change.",
                severity="note",
            )
    return problems.found


def quantities(problems: Problems, contract: Contract) -> Contract:
    """The contract without the examples that give, or expect, fewer than nought of what is never below nought.

    Those are reported, and scenarios that do so.
    """
    signs = Signs(contract)
    never = {metric.name for metric in contract.every_metric if not signs.metric(metric)}

    def told(one: Quantity | ExpectedQuantity, clause: str) -> bool:
        if one.number >= 0 or one.metric not in never:
            return False
        problems.add(
            "SIB0467",
            f"{one.metric} is never below nought.",
            one.span,
            clause=clause,
            mark="below nought",
            help="Write a number from 0.",
        )
        return True

    kept = []
    for example in contract.examples:
        expected = tuple(
            expectation for expectation in example.expected if isinstance(expectation, ExpectedQuantity)
        )
        clause = f"example {example.name}"
        every: tuple[Quantity | ExpectedQuantity, ...] = (*example.quantities, *expected)
        if sum(told(one, clause) for one in every) == 0:
            kept.append(example)
    for scenario in contract.scenarios:
        for quantity in scenario.quantities:
            told(quantity, f"scenario {scenario.name}")
    return contract if len(kept) == len(contract.examples) else evolve(contract, examples=tuple(kept))


def _cited(payment: Payment) -> str:
    return f"{payment.clause}, payment {payment.name}" if payment.clause else f"payment {payment.name}"


def _refuse(
    problems: Problems,
    contract: Contract,
    payment: Payment,
    reasons: tuple[Reason, ...],
    columns: dict[Span, RecordColumn],
) -> None:
    said = "; ".join(dict.fromkeys(reason.said for reason in reasons))
    ways = "; ".join(_ways(payment))
    problems.add(
        "SIB0541",
        f"{payment.name} may come to less than nought, and nothing says what becomes of that"
        + (f": {said}." if said else "."),
        payment.terms[0].span if payment.formula is not None else payment.span,
        clause=_cited(payment),
        mark="less than nothing?",
        help=f"{_costs(contract, reasons, columns)}Say what becomes of it with one line: {ways}.",
        labels=tuple(Label(reason.span, reason.said) for reason in reasons if reason.span != payment.span),
    )


def _ways(payment: Payment) -> Iterator[str]:
    first = payment.terms[0]
    payers = first.payers.names
    payer = payers[0] if len(payers) == 1 else "each payer its part"
    for way, does in WAYS.items():
        yield f"`taken back {way}` {does.format(payee=first.payee, payer=payer)}"


def _costs(contract: Contract, reasons: tuple[Reason, ...], columns: dict[Span, RecordColumn]) -> str:
    """For columns whose values may be below nought: what to write where they never are."""
    found = dict.fromkeys(
        (columns[reason.span].name, written(Fraction(0), columns[reason.span].kind, contract.currency))
        for reason in reasons
        if reason.span in columns and columns[reason.span].formula is None
    )
    return "".join(
        f"If {name} is never below nought, as a cost is not, write `at least {nought}` under `must be` in its row. "
        for name, nought in found
    )
