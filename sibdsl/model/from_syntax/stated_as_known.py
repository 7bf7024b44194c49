"""What a contract cannot say whose statements are made of what was known on their last days."""

from __future__ import annotations

from sibdsl.diagnostics import Diagnostic, Problems
from sibdsl.model.nodes import Contract, Payment
from sibdsl.source import Span


def findings(contract: Contract) -> list[Diagnostic]:
    """A finding for each line on what comes back that is not carried out, or that decides nothing."""
    problems = Problems()
    for payment in contract.payments:
        if payment.interest is not None and not (
            contract.stated_as_known and payment.taken_back == "by repayment"
        ):
            _no_interest(problems, contract, payment)
        if contract.stated_as_known and (payment.to_date is not None or payment.all_units is not None):
            how = "a sum to date" if payment.to_date is not None else "rates or thresholds for all units"
            _not_yet(
                problems,
                payment.span,
                f"{how} in a contract that reprices stated periods for what later records say",
            )
        elif contract.stated_as_known and _met_by_others(contract, payment):
            said = f"`taken back {payment.taken_back}` of what later records take back, where limits, block advances or deductions meet it"
            _not_yet(problems, payment.span, said)
    problems.found += _returns_repriced(contract)
    if contract.stated_as_known:
        for variation in contract.variations:
            if variation.stated == "left as stated":
                _not_yet(
                    problems,
                    variation.span,
                    "`left as stated` in a variation of a contract that reprices stated periods",
                )
    return problems.found


def _met_by_others(contract: Contract, payment: Payment) -> bool:
    """Whether what stays paid, or is taken later, would have to be set against other clauses."""
    kept = payment.taken_back in ("never", "from later payments")
    return kept and bool(payment.limits or contract.caps or contract.advances or contract.deductions)


def _returns_repriced(contract: Contract) -> list[Diagnostic]:
    """A finding where what a period came to is changed later beside a cap of a return: its interest runs by days of cash."""
    problems = Problems()
    caps = [*contract.caps, *(cap for variation in contract.variations for cap in variation.caps)]
    cap = next((cap for cap in caps if any(row.return_on for row in cap.rows)), None)
    if cap is None:
        return []
    of_cap = f"a return on an investment, in cap {cap.name}, beside"
    # An adjustment is cash of the day on which it is made; the price graph has it in the period that it is of.
    if contract.stated_as_known:
        _not_yet(problems, cap.span, f"{of_cap} `stated periods repriced in the next statement`")
    for variation in contract.variations:
        if variation.stated != "left as stated":
            _not_yet(problems, variation.span, f"{of_cap} a variation that reprices stated periods")
    return problems.found


def _no_interest(problems: Problems, contract: Contract, payment: Payment) -> None:
    how = (
        "Interest is owed on what is repaid: write `taken back by repayment with interest at ...`."
        if contract.stated_as_known
        else "Write `stated periods repriced in the next statement` in the contract block, or take the interest out."
    )
    problems.add(
        "SIB0564",
        f"Nothing that {payment.name} has paid comes back later by repayment, so it bears no interest.",
        payment.span,
        clause=f"{payment.clause}, payment {payment.name}" if payment.clause else f"payment {payment.name}",
        mark="interest on nothing",
        help=how,
    )


def _not_yet(problems: Problems, span: Span, what: str) -> None:
    problems.add(
        "SIB0499",
        f"This version of sibdsl can read {what}, but cannot carry it out yet.",
        span,
        mark="not carried out yet",
        help="Nothing is paid or checked while the file holds it. Take it out, or wait for a later version.",
    )
