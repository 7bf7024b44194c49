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
            how = (
                "a sum to date is" if payment.to_date is not None else "rates or thresholds for all units are"
            )
            _refused(
                problems,
                payment.span,
                f"What later records say of an earlier period is in the next statement already where {how} counted from the start; stated periods repriced "
                "beside it would count it twice.",
                "Write the sum for each statement period, or take `stated periods repriced in the next statement` out of the contract block.",
            )
        elif contract.stated_as_known and _met_by_others(contract, payment):
            _refused(
                problems,
                payment.span,
                f"With `taken back {payment.taken_back}`, what later records take away stays paid; whether that goes on filling limits, meeting block "
                "advances and bearing deductions is not said.",
                "Write `taken back by repayment`, or leave the limits, block advances and deductions out.",
            )
    problems.found += _returns_repriced(contract)
    if contract.stated_as_known:
        for variation in contract.variations:
            if variation.stated == "left as stated":
                _refused(
                    problems,
                    variation.span,
                    "The contract states earlier periods anew, and this variation leaves them as stated: which holds where later records speak of one is not said.",
                    "Write `stated periods repriced in the next statement` in the variation too.",
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
    of_cap = f"Cap {cap.name} allows a return by the days on which cash is paid; what a period comes to anew would be cash of a later day than the period"
    instead = (
        "Write `left as stated` in each variation, and no `stated periods repriced` in the contract block."
    )
    # An adjustment is cash of the day on which it is made; the price graph has it in the period that it is of.
    if contract.stated_as_known:
        _refused(problems, cap.span, f"{of_cap} that it is of.", instead)
    for variation in contract.variations:
        if variation.stated != "left as stated":
            _refused(problems, variation.span, f"{of_cap} that it is of.", instead)
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


def _refused(problems: Problems, span: Span, why: str, instead: str) -> None:
    problems.add("SIB0235", why, span, mark="beside what is stated anew", help=instead)
