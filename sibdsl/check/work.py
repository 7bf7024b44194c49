"""How much work a contract asks for, before any of it is done."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl import size_limits
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import segments


def findings(contract: Contract) -> Iterator[Diagnostic]:
    """More periods, lines or looks back of its limits than are worked out (SIB0710). Sources: safety reference, 'Limits'."""
    periods = len(segments(contract))
    terms = sum(len(payment.terms) for payment in contract.payments) + sum(
        len(block.advances) for block in contract.advances
    )
    rows = sum(len(cap.rows) for cap in contract.caps) + sum(
        len(payment.limits) for payment in contract.payments
    )
    said = ""
    if periods > size_limits.PERIODS:
        said = f"It comes to {periods:,} statement periods and parts of them; at most {size_limits.PERIODS:,} are worked out."
    elif periods * terms > size_limits.LINES:
        said = f"It comes to {periods * terms:,} lines, {terms:,} in each of {periods:,} periods; at most {size_limits.LINES:,} are worked out."
    elif periods * periods * terms * rows > size_limits.LOOKS:
        said = (
            f"{rows:,} limits would look back at {terms:,} lines in each of {periods:,} periods; "
            f"at most {size_limits.LOOKS:,} such looks are taken."
        )
    if said:
        yield Diagnostic(
            "SIB0710",
            said,
            contract.span,
            mark="more than is worked out",
            help="Check its dates and how often it states. A contract that means this is best parted into several, in a programme.",
        )
