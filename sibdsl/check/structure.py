"""Structural checks: what the text alone shows to be wrong or open. Errors stop payment; warnings and notes do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sibdsl.check import (
    acts_of_others,
    amounts_below_nought,
    bands,
    blank_dates,
    blanks,
    blocks,
    blocks_against_fees,
    caps,
    cliffs,
    clocks,
    contradictions,
    cycles,
    days_of_payers,
    days_outside,
    first_day_out,
    floors_and_ceilings,
    holidays,
    investments,
    limits_against_payments,
    out_of_reach,
    paid_again,
    paid_in_two_ways,
    paid_twice,
    payments_together,
    rules_together,
    shares_of_payers,
    step_ends,
    unused,
    values_left_over,
    vehicles,
    words_against_lines,
    work,
    written_amounts,
)
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings

_SUBJECTS: tuple[Callable[[Contract, Settings], Iterator[Diagnostic]], ...] = (
    bands.findings,
    amounts_below_nought.findings,
    shares_of_payers.findings,
    blanks.findings,
    blank_dates.findings,
    first_day_out.findings,
    paid_twice.findings,
    blocks.findings,
    caps.findings,
    cycles.findings,
    cliffs.findings,
    clocks.findings,
    contradictions.findings,
    floors_and_ceilings.findings,
    holidays.findings,
    investments.findings,
    blocks_against_fees.findings,
    limits_against_payments.findings,
    paid_again.findings,
    rules_together.findings,
    unused.findings,
    days_outside.findings,
    payments_together.findings,
    out_of_reach.findings,
    step_ends.findings,
    days_of_payers.findings,
    paid_in_two_ways.findings,
    values_left_over.findings,
    written_amounts.findings,
    words_against_lines.findings,
    acts_of_others.findings,
    vehicles.findings,
)
#: What can be looked at while a date of the contract has not been given.
_UNDATED = (
    bands.findings,
    blank_dates.findings,
    cycles.findings,
    unused.findings,
    step_ends.findings,
    clocks.undated,
)


#: What a module shows by itself; the rest depends on the contract that uses it.
_OF_MODULES = (bands.findings, cycles.findings)


def of_module(contract: Contract, settings: Settings) -> list[Diagnostic]:
    """What is found in a module that stands in a contract made up for it, in the order of the text."""
    found = [finding for subject in _OF_MODULES for finding in subject(contract, settings)]
    return sorted(found, key=lambda finding: (finding.span.file, finding.span.start, finding.code))


def findings(contract: Contract, settings: Settings) -> list[Diagnostic]:
    """Everything found in the contract with these settings, in the order of the text.

    `settings` holds what is given for particulars and assumptions; checks that need one that is not given are left out.
    Sources of the checks: design, section 5; language reference, 'Checks'.
    """
    too_much = list(work.findings(contract))
    if too_much:
        return too_much
    subjects = _SUBJECTS if all(named_date.value for named_date in contract.by_name) else _UNDATED
    found = list(dict.fromkeys(finding for subject in subjects for finding in subject(contract, settings)))
    if any(
        finding.code == "SIB0528" for finding in found
    ):  # who pays itself meets no block, which follows from it
        found = [finding for finding in found if finding.code != "SIB0519"]
    found += rules_together.shares_of_nothing(
        contract, [finding for finding in found if finding.code in ("SIB0526", "SIB0555")]
    )
    out_of_reach = {finding.clause for finding in found if finding.code == "SIB0526"}
    # What leaves no day is told as such, and not again as conditions that are never met.
    found = [finding for finding in found if finding.code != "SIB0555" or finding.clause not in out_of_reach]
    # What is never met together stops the payment whatever there is more of.
    never = {finding.clause for finding in found if finding.code == "SIB0555"}
    found = [finding for finding in found if finding.code != "SIB0862" or finding.clause not in never]
    return sorted(found, key=lambda finding: (finding.span.file, finding.span.start, finding.code))
