"""What a run states, as tables of plain values: who draws them, on a screen, a page or a sheet, works nothing out.

Amounts are exact, in units of the currency. Source of the rules: language reference, 'Statements'; commands reference, 'sib pay'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from attrs import frozen

from sibdsl import money
from sibdsl.dates import Period
from sibdsl.model.business_days import complete
from sibdsl.model.fingerprint import short
from sibdsl.model.nodes import Contract
from sibdsl.model.novated_parties import party_on
from sibdsl.price import PricedLine
from sibdsl.price.step_words import share_said
from sibdsl.records.row_statuses import Account
from sibdsl.settle.disputed import Disputed, disputed
from sibdsl.settle.due_dates import due_after, falls_due
from sibdsl.settle.lines_in_words import what_a_line_is_for
from sibdsl.settle.measured import MeasuredQuantity, NothingPaidOn, measured, nothing_paid_on
from sibdsl.settle.net_payments import BothWays
from sibdsl.settle.net_statements import NetOfStatement, net_statements
from sibdsl.settle.payments import HeldBack, KeptBelowNought, Payments, Total
from sibdsl.settle.programme import ProgrammePayments

#: What people call what the lines of each kind come to, in the order in which it is told.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "payment": "earned",
        "released": "held back before, paid now",
        "carried": "carried forward by caps",
        "taken_over": "owed beyond caps",
        "taken_back": "taken back from payments",
        "repaid": "owed back of payments",
        "advance": "block advances",
        "recovered": "owed back of block advances",
        "set_off": "met by block advances",
        "cap_cut": "cut by caps",
        "deducted": "deducted",
        "adjustment": "adjustments",
        "interest": "interest on what comes back",
    }
)


@frozen
class PeriodRow:
    """What is paid for one statement period: for each pair of the table, None where it has no line; and in all.

    `due` is the day on which it falls due, None where the contract does not say.
    """

    period: Period
    due: date | None
    amounts: tuple[Fraction | None, ...]
    in_all: Fraction


@frozen
class ByPeriod:
    """Each payer's payments to each payee by statement period. In all, what comes back to a payer is taken off."""

    pairs: tuple[tuple[str, str], ...]
    rows: tuple[PeriodRow, ...]
    sums: tuple[Fraction, ...]
    in_all: Fraction


@frozen
class StatementLine:
    """One line: `what` it is for and `counted` by what it came about, in words; `period` is its statement's."""

    id: str
    payer: str
    payee: str
    what: str
    clause: str
    counted: str
    period: Period
    due: date | None
    amount: Fraction


@frozen
class KindSum:
    """What all lines of one kind come to, by what people call the kind."""

    called: str
    amount: Fraction


@frozen
class Cash:
    """What a paying agent pays in cash that another owes."""

    agent: str
    payer: str
    amount: Fraction


@frozen
class BlankMetric:
    """A metric, with its band, that was not there to measure or to divide by: one stretch for days that follow each other."""

    what: str
    stretches: tuple[Period, ...]


@frozen
class Sums:
    """What a run comes to: the cash that others pay, the sum of each kind, all of it, and the net of those who pay each other."""

    cash: tuple[Cash, ...]
    kinds: tuple[KindSum, ...]
    in_all: Fraction
    net: tuple[BothWays, ...]


@frozen
class Answered:
    """Somebody who does something with a statement: `prepared`, `accepted`; by a day, None where it is not known.

    `silence` is what silence after that day is, '' where it is nothing.
    """

    does: str
    party: str
    within: str
    by: date | None
    silence: str = ""


@frozen
class Statement:
    """One contract's statement. `ended` counts the statement periods that had ended.

    `lines` are all lines of the run, or those of its last period and of what follows it; `whole` says which. `due` says
    whether the contract has days on which payments fall due.
    """

    name: str
    fingerprint: str
    currency: str
    as_of: date
    ended: int
    by_period: ByPeriod
    lines: tuple[StatementLine, ...]
    whole: bool
    due: bool
    records: tuple[tuple[str, Account], ...]
    sums: Sums
    kept: tuple[KeptBelowNought, ...]
    held_back: tuple[HeldBack, ...]
    blank: tuple[BlankMetric, ...]
    not_applied: tuple[str, ...]
    #: What of each statement is to be paid, where the contract says what becomes of a net negative.
    net_of_statements: tuple[NetOfStatement, ...] = ()
    #: Who prepares and accepts a statement, and by which days, of the last one that had ended.
    answered: tuple[Answered, ...] = ()
    #: What the lines would come to besides, were what is disputed accepted.
    disputed: tuple[Disputed, ...] = ()
    #: Every quantity that was measured, or given.
    measured: tuple[MeasuredQuantity, ...] = ()
    #: What was measured, and nothing is paid on it.
    nothing_paid_on: tuple[NothingPaidOn, ...] = ()


@frozen
class ProgrammeStatement:
    """The statements of the contracts of a programme, and what each payer pays each payee over all of them."""

    name: str
    currency: str
    contracts: tuple[Statement, ...]
    totals: tuple[Total, ...]
    sums: Sums


def statement(run: Payments, *, every_line: bool = False) -> Statement:
    """The tables of one contract's part of a run."""
    contract = run.contract
    shown = run.lines if every_line else _last(run)
    return Statement(
        contract.name,
        short(run.fingerprint),
        contract.currency,
        run.as_of,
        len({segment.statement for segment in run.segments}),
        by_period(run),
        tuple(_line(run, priced) for priced in shown),
        every_line,
        contract.due is not None,
        tuple(run.accounts.items()),
        sums(run),
        run.kept,
        run.held_back,
        blank_stretches(run.blank),
        run.not_applied,
        net_statements(run),
        answered(run.contract, run.segments[-1].statement) if run.segments else (),
        disputed(run),
        measured(run),
        nothing_paid_on(run),
    )


def answered(contract: Contract, statement: Period) -> tuple[Answered, ...]:
    """Who prepares a statement and who accepts it, with the last days for both.

    The time to accept is counted from the last day on which the statement may be prepared, or from the last day of its period
    where nothing says when it is prepared: at the latest, then.
    """
    found: list[Answered] = []
    day: date | None = statement.last
    if contract.prepared is not None:
        said = contract.prepared
        day = complete(contract, statement.last, said.within)
        found.append(
            Answered("prepared", party_on(contract, said.party, statement.last), str(said.within), day)
        )
    if contract.accepted_by is not None:
        by = contract.accepted_by
        ends = None if day is None else complete(contract, day, by.within)
        found.append(
            Answered(
                "accepted",
                party_on(contract, by.party, statement.last),
                str(by.within),
                ends,
                f"deemed {by.silence}",
            )
        )
    return tuple(found)


def programme_statement(run: ProgrammePayments, *, every_line: bool = False) -> ProgrammeStatement:
    """The tables of a programme's run. Of a contract by itself it is a programme of one."""
    return ProgrammeStatement(
        run.programme.name,
        run.programme.currency,
        tuple(statement(member, every_line=every_line) for member in run.runs),
        tuple(run.totals()),
        sums(run),
    )


def by_period(run: Payments) -> ByPeriod:
    """Sums by statement period for each payer and payee, in the order of the parties."""
    totals = run.totals()
    pairs = tuple((total.payer, total.payee) for total in totals)
    amounts: dict[tuple[Period, str, str], Fraction] = {}
    for priced in run.lines:
        key = (priced.line.segment.statement, priced.line.payer, priced.line.payee)
        amounts[key] = amounts.get(key, Fraction(0)) + priced.amount
    rows = []
    for period in sorted({priced.line.segment.statement for priced in run.lines}):
        row = tuple(amounts.get((period, *pair)) for pair in pairs)
        rows.append(PeriodRow(period, due_after(run.contract, period), row, _net(run, pairs, row)))
    whole = tuple(total.amount for total in totals)
    return ByPeriod(pairs, tuple(rows), whole, _net(run, pairs, whole))


def sums(run: Payments | ProgrammePayments) -> Sums:
    """What a run comes to by kind, what comes back to a payer taken off; in cash; and net."""
    back = run.coming_back
    found: dict[str, Fraction] = {}
    for priced in run.lines:
        amount = -priced.amount if (priced.line.payer, priced.line.payee) in back else priced.amount
        found[priced.line.kind] = found.get(priced.line.kind, Fraction(0)) + amount
    kinds = tuple(KindSum(called, found[kind]) for kind, called in KINDS.items() if kind in found)
    return Sums(
        tuple(Cash(*paid) for paid in run.cash()),
        kinds,
        sum((kind.amount for kind in kinds), Fraction(0)),
        run.both_ways,
    )


def _net(run: Payments, pairs: Iterable[tuple[str, str]], amounts: Iterable[Fraction | None]) -> Fraction:
    """What pairs of payer and payee pay in all, what comes back taken off."""
    both = zip(pairs, amounts, strict=True)
    return sum(
        (-amount if pair in run.coming_back else amount for pair, amount in both if amount), Fraction(0)
    )


def _last(run: Payments) -> tuple[PricedLine, ...]:
    ended = [segment.statement for segment in run.segments]
    return tuple(priced for priced in run.lines if not ended or priced.line.segment.statement >= ended[-1])


def _line(run: Payments, priced: PricedLine) -> StatementLine:
    line = priced.line
    return StatementLine(
        priced.id,
        line.payer,
        line.payee,
        what_a_line_is_for(line),
        line.clause,
        _counted(priced, run.contract.currency),
        line.segment.statement,
        falls_due(run.contract, priced),
        priced.amount,
    )


def _counted(priced: PricedLine, currency: str) -> str:
    """`3 x £700.00`, `70% of 3 x £700.00`; '' for what is not a quantity times a rate."""
    line = priced.line
    counted = ""
    if priced.quantity is not None and line.rate is not None:
        counted = f"{money.number(priced.quantity)} x {money.show(line.rate, currency)}"
    if line.share:
        counted = f"{share_said(line.share, currency)} of {counted or money.show(priced.whole, currency)}"
    return counted


def blank_stretches(every: Iterable[tuple[str, str, Period]]) -> tuple[BlankMetric, ...]:
    """The days in which a metric is blank, one stretch for those that follow each other."""
    found: dict[str, list[Period]] = {}
    for metric, band, days in every:
        before = found.setdefault(", ".join(part for part in (metric, band) if part), [])
        if before and before[-1].end == days.start:
            before[-1] = Period(before[-1].start, days.end)
        else:
            before.append(days)
    return tuple(BlankMetric(what, tuple(stretches)) for what, stretches in found.items())
