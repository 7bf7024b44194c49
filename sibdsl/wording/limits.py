"""Which payments a limit covers, and what a limit is."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from sibdsl import money
from sibdsl.english import listed
from sibdsl.model.bounds import ForEachPerson, InAll, Pot, ReturnOn, ShareOfPayments, bound
from sibdsl.model.nodes import CapRow, Selection, SharedRow
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording.givens import day_said

_SMALL_KINDS = {"input": "inputs", "output": "outputs", "outcome": "outcomes"}

#: What becomes of what a payment comes to below nought, by its own line.
TAKEN_BACK = {
    "never": "nothing is paid below nought, and nothing is paid back",
    "from later payments": "what falls below nought is taken from what the payment comes to later",
    "by repayment": "what falls below nought is owed back",
}


def selection(chosen: Selection, settings: Settings) -> str:
    """Which payments: `payments from CBO`, `block payments to Working Well`; a day that has not been given by its name."""
    kinds = {"all": "payments", "block": "block payments", "unearned block": "unearned block payments"}
    said = [kinds.get(chosen.kind, "advance payments")]
    if chosen.payers:
        said.append(f"from {listed(chosen.payers)}")
    if chosen.payees:
        said.append(f"to {listed(chosen.payees)}")
    if chosen.metric_kinds:
        said.append(
            f"on {listed([_SMALL_KINDS.get(metric_kind, metric_kind) for metric_kind in chosen.metric_kinds])}"
        )
    if chosen.metrics:
        said.append(f"for {listed(chosen.metrics)}")
    if chosen.payments:
        said.append(f"under {listed(chosen.payments)}")
    if chosen.contracts:
        said.append(f"under {listed(chosen.contracts)}")
    if chosen.by_results:
        said.append("by results")
    if chosen.earned_from is not None:
        said.append(f"for results from {day_said(chosen.earned_from, settings)}")
    if chosen.earned_to is not None:
        said.append(f"for results to {day_said(chosen.earned_to, settings)}")
    return " ".join(said)


def limited(row: CapRow | SharedRow, settings: Settings) -> str:
    """Which payments a limit covers, and which of them it leaves out."""
    out = [selection(left_out, settings) for left_out in row.leaves_out]
    return selection(row.covers, settings) + (f", but {listed(out)}" if out else "")


def share(row: CapRow | SharedRow, part: Fraction, settings: Settings) -> str:
    """Of a limit that is a share of payments: what it is a share of, and which `part` of them makes it that share."""
    match bound(row):
        case ShareOfPayments() as limit:
            whole = settings.number(limit.part)
            said = (
                f"{money.percent(whole)} of {selection(limit.payments, settings)}, {limit.of.side} this limit"
            )
            if part == whole:
                return f"{said}; so far these come to"
            return f"{said}, is {money.number(part)} of what else there is among them, which so far comes to"
        case InAll() | Pot() | ReturnOn() | ForEachPerson():
            return ""
        case limit:
            assert_never(limit)


def who(row: CapRow | SharedRow, settings: Settings) -> str:
    """The shortest name of what a cap covers: a payer alone where it covers that payer's payments, else all of it."""
    chosen, said = row.covers, limited(row, settings)
    return chosen.payers[0] if said == f"payments from {listed(chosen.payers)}" else said
