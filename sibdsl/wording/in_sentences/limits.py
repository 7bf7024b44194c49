"""What limits cut, and in which order, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sibdsl import money
from sibdsl.dates import long
from sibdsl.english import listed, sentence
from sibdsl.model.nodes import (
    CapRow,
    Contract,
    Deduction,
    Excess,
    Payment,
    Programme,
    Scope,
    SharedRow,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording.conditions import amount, condition
from sibdsl.wording.givens import day_said
from sibdsl.wording.in_sentences.sentence import Sentence
from sibdsl.wording.limits import limited
from sibdsl.wording.rounding import to_the_grain
from sibdsl.wording.times import each_time


def limit_sentences(contract: Contract, settings: Settings) -> Iterator[Sentence]:
    """What each cap allows. What a payment allows of itself is said with the payment."""
    for cap in contract.caps:
        said = [_row(contract, settings, row, cap.excess) for row in cap.rows]
        said += _who_is_cut(contract, cap.rows, cap.sharing)
        yield Sentence("cap", cap.name, cap.clause, " ".join(said), cap.span)


def shared_limit_sentences(programme: Programme, settings: Settings) -> Iterator[Sentence]:
    """What each cap of a programme allows its contracts together."""
    for cap in programme.caps:
        said = [
            f"Across {listed(row.across)}: {_row(programme, settings, row, cap.excess)}" for row in cap.rows
        ]
        minor = money.currency(programme.currency).minor_unit
        grain = f"to the {money.grain_name(minor, programme.currency)}"
        order = {
            "pro rata": f"each line of every contract loses the same part of what it comes to, {grain}",
            "by clause": "the lines of the contract that is named last lose first, and of one contract those of its last clause",
        }
        said.append(
            "What is stated on an earlier day, in whichever contract, is paid first; of what falls due on one day "
            f"{order[cap.sharing]}."
        )
        if cap.excess.way == "carried forward":
            said.append(
                "What is carried forward is due in each contract's own statement that holds the first day of the next time, and "
                "comes first there; what is cut of a contract that has then ended is lost."
            )
        yield Sentence("cap", cap.name, cap.clause, " ".join(said), cap.span)


def deduction_sentences(contract: Contract, settings: Settings) -> Iterator[Sentence]:
    """What each deduction takes, of what, when, and in which order."""
    for at, deduction in enumerate(contract.deductions):
        covered = limited(
            CapRow(deduction.covers, deduction.amount, Scope("contract"), leaves_out=deduction.leaves_out),
            settings,
        )
        taken = amount(deduction.amount, contract.currency)
        if deduction.amount.kind == "money":
            days = _days_in_force(deduction, " whose last day is")
            said = f"{taken} is deducted in each statement{days} from what is due on its last day of {covered}, and never more than that"
        else:
            left = ", as the deductions before it left it," if at else ""
            days = _days_in_force(deduction, " for results dated")
            said = f"{taken} of what is due together of {covered}{days}{left} is deducted, rounded once"
        tests = [
            f"{condition(test.condition, contract.currency)}{f', {each_time(test.scope)}' if test.scope else ''}"
            for test in deduction.conditions
        ]
        only = f", only if {listed(tests)}" if tests else ""
        order = (
            "Limits and block advances come first"
            if deduction.limits_first
            else "Block advances and limits come after it"
        )
        yield Sentence(
            "deduction", deduction.name, deduction.clause, f"{sentence(said)}{only}. {order}.", deduction.span
        )


def _days_in_force(deduction: Deduction, of: str) -> str:
    """The days on which a deduction, or this text of it, is taken: of results, or of the statements that end on them."""
    first, last = deduction.applies.first, deduction.applies.last
    said = [f"on or after {long(first)}"] if first else []
    said += [f"on or before {long(last)}"] if last else []
    return f"{of} {listed(said)}" if said else ""


def own_limits(contract: Contract, settings: Settings, payment: Payment) -> Iterator[str]:
    """What a payment comes to at most, by its own lines."""
    for row in payment.limits:
        yield _row(contract, settings, row, payment.excess)
    yield from _who_is_cut(contract, payment.limits, "pro rata")


def _row(contract: Contract | Programme, settings: Settings, row: CapRow | SharedRow, excess: Excess) -> str:
    by_person = " for each person" if isinstance(row, CapRow) and row.per else ""
    most = amount(row.amount, contract.currency)
    over = {
        "lost": "is lost",
        "carried forward": "is carried forward",
        "paid": f"is owed by {_owed_by(contract, excess)}",
    }
    covered = limited(row, settings)
    added = [
        f"{amount(top_up.amount, contract.currency)} on {day_said(top_up.day, settings)}"
        for top_up in row.topped_up
    ]
    if added:
        most += f" from the first day, and {listed(added)} more,"
    if isinstance(row, CapRow) and row.return_on:
        return (
            f"On each day {covered} come to at most what is then owed on {row.return_on}: what is put in, with {most} a year by "
            "days over 365, which is added to it where a contract year ends, less what was paid before; what is paid meets "
            f"interest first; what exceeds it {over[excess.way]}."
        )
    if added and excess.way == "carried forward":
        over["carried forward"] = "waits until more is added"
    return f"{sentence(covered)} come to at most {most} {_time(row)}{by_person}; what exceeds it {over[excess.way]}."


def _time(row: CapRow | SharedRow) -> str:
    """Over what time a limit runs: `over the programme`, where contracts share it."""
    whole = isinstance(row, SharedRow) and row.scope.over == "contract"
    return "over the programme" if whole else each_time(row.scope)


def _owed_by(contract: Contract | Programme, excess: Excess) -> str:
    """Who owes what a limit cuts, each with its share where there are several."""
    if not excess.shares:
        return excess.payer
    parts = [
        f"{share.payer} ({'the rest' if share.part is None else amount(share.part, contract.currency)})"
        for share in excess.shares
    ]
    return listed(parts)


def _who_is_cut(
    contract: Contract, rows: tuple[CapRow, ...], sharing: Literal["pro rata", "by clause"]
) -> Iterator[str]:
    """Which of the lines that a limit covers it cuts. Source: language reference, 'Caps' and 'A limit for each person'."""
    if any(row.per for row in rows):
        yield (
            "Each person's results are paid in the order of their dates, and those of one day in the order of the clauses: "
            "the result that crosses the limit is paid in part, and those after it are not paid."
        )
    if any(not row.per for row in rows):
        which = {
            "pro rata": f"each line loses the same part of what it comes to, {to_the_grain(contract)}, whichever result came first",
            "by clause": "the lines of the last clause lose first, whichever result came first",
        }
        yield (
            "What fell due on an earlier day is paid first. Results fall due on the last day of their statement period, and a "
            f"sum that has a day of its own on that day; of what falls due on one day {which[sharing]}."
        )
