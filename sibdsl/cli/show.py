"""Screens: payments and checks for people. The only user of rich."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sibdsl import marks, money
from sibdsl.cli import screen
from sibdsl.dates import Period, long, months_name, short
from sibdsl.english import listed
from sibdsl.model.nodes import Contract
from sibdsl.price import PricedLine
from sibdsl.price.step_words import share_said, tier_said
from sibdsl.records.row_statuses import Account
from sibdsl.settle.net_payments import BothWays
from sibdsl.settle.payments import Payments, due_after, falls_due
from sibdsl.settle.programme import ProgrammePayments

_KINDS = {
    "payment": "earned",
    "carried": "carried forward by caps",
    "taken_over": "owed beyond caps",
    "taken_back": "taken back from payments",
    "repaid": "owed back of payments",
    "advance": "block advances",
    "recovered": "owed back of block advances",
    "set_off": "met by block advances",
    "cap_cut": "cut by caps",
    "adjustment": "adjustments",
}
#: More pairs of payer and payee than this do not fit beside each other.
_BROAD = 5


def console() -> Console:
    """Where screens go: plain when it is not a terminal, never wider than reads well."""
    return screen.console(soft_wrap=False, width=None if Console().is_terminal else 110)


def run(
    run: ProgrammePayments, as_of_why: str, *, every_line: bool = False, rows: Path | None = None
) -> None:
    """A contract by itself; or each contract of a programme, and what is paid in all."""
    whole = run.programme
    if whole.alone:
        payments(run.runs[0], as_of_why, every_line=every_line, rows=rows)
        return
    screen.say(whole.name, bold=True)
    screen.say()
    for member in run.runs:
        payments(member, f"{as_of_why}; a contract of {whole.name}", every_line=every_line, rows=rows)
        screen.say()
    _all_contracts(run)


def _all_contracts(run: ProgrammePayments) -> None:
    """What is paid over all contracts of a programme, by payer and payee, then by what it is."""
    currency = run.programme.currency
    screen.say("All contracts", bold=True)
    of_kinds = kinds(run)
    parts = [
        *((f"{total.payer} to {total.payee}", total.amount) for total in run.totals()),
        *of_kinds,
        ("in all", sum((amount for _, amount in of_kinds), Fraction(0))),
    ]
    shown = [(label, money.show(amount, currency)) for label, amount in parts]
    wide = max(len(label) for label, _ in shown)
    broad = max(len(figure) for _, figure in shown)
    for agent, payer, amount in run.cash():
        screen.say(f"  {agent} pays {money.show(amount, currency)} of it in cash, which {payer} owes.")
    for at, (label, figure) in enumerate(shown, start=1):
        screen.say(f"  {label:<{wide}}  {figure:>{broad}}", bold=at == len(shown))
    for said in words_both_ways(run.both_ways, currency):
        screen.say(f"  {said}")


def payments(run: Payments, as_of_why: str, *, every_line: bool = False, rows: Path | None = None) -> None:
    """One run: by payer, payee and period; the lines of the last period; the records; the total."""
    from sibdsl.model.fingerprint import short

    out = console()
    contract = run.contract
    out.print(Text(f"{contract.name}   fingerprint {short(run.fingerprint)}", style="bold"))
    statements = sorted({segment.statement for segment in run.segments})
    ended = (
        f"{len(statements)} statement period{'s' if len(statements) != 1 else ''} had ended"
        if statements
        else "no statement period had ended"
    )
    out.print(f"As of {long(run.as_of)} ({as_of_why}): {ended} by then.")
    out.print()
    if run.lines:
        out.print(_by_period(run))
        shown = run.lines if every_line else _last(run)
        if shown:
            out.print()
            out.print(
                "Every line" if every_line else f"Lines of {_period(shown[-1].line.segment.statement)}",
                style="bold",
            )
            out.print(_lines(contract, shown))
    else:
        out.print("Nothing is paid.")
    if run.accounts:
        out.print()
        out.print("Records", style="bold")
        for name, account in run.accounts.items():
            out.print(f"  {accounted(name, account)}{_see(account, rows)}")
    out.print()
    for agent, payer, amount in run.cash():
        out.print(f"  {agent} pays {_sum(amount, contract)} of it in cash, which {payer} owes.")
    wide = max([22, *(len(label) for label, _ in kinds(run))])
    for label, amount in kinds(run):
        out.print(f"  {label:<{wide}} {_sum(amount, contract):>16}")
    total = sum((amount for _, amount in kinds(run)), Fraction(0))
    out.print(Text(f"  {'in all':<{wide}} {_sum(total, contract):>16}", style="bold"))
    for said in words_both_ways(run.both_ways, contract.currency):
        out.print(f"  {said}")
    for kept in run.kept:
        out.print()
        out.print(
            f"Below nought, and not taken from later payments of {kept.payment} by then: {_sum(kept.amount, contract)}, "
            f"{kept.payer} to {kept.payee}. What is left of it at the end is lost."
        )
    if run.blank:
        out.print()
        out.print("Blank, so that nothing is paid on it: nothing was there to measure, or to divide by")
        for name, days in _blank(run).items():
            out.print(f"  {name}: {'; '.join(_period(one) for one in days)}")
    if run.not_applied:
        out.print()
        out.print(
            f"Not applied: what {listed(run.not_applied)} limits for each person. Quantities do not say who earned what."
        )


def _blank(run: Payments) -> dict[str, list[Period]]:
    """The days in which a metric is blank, one stretch for those that follow each other."""
    found: dict[str, list[Period]] = {}
    for metric, band, days in run.blank:
        before = found.setdefault(", ".join(part for part in (metric, band) if part), [])
        if before and before[-1].end == days.start:
            before[-1] = Period(before[-1].start, days.end)
        else:
            before.append(days)
    return found


def accounted(name: str, account: Account) -> str:
    """What became of a table's rows: `Jobs: 19 rows = 14 used + 1 outside + 1 duplicate + 3 rejected`."""
    parts = [
        f"{count:,} {status}"
        for status, count in (
            ("used", account.used),
            ("outside", account.outside),
            ("duplicate", account.duplicate),
            ("superseded", account.superseded),
            ("rejected", account.rejected),
        )
        if count or status == "used"
    ]
    return f"{name}: {account.rows:,} row{'s' if account.rows != 1 else ''} = {' + '.join(parts)}"


def _see(account: Account, rows: Path | None) -> str:
    if not account.rejected:
        return ""
    many = "record" if account.rejected == 1 else "records"
    where = f"reasons in {marks.one_line(str(rows))}" if rows else "see --rows"
    return f"; {account.rejected:,} invalid {many}, {where}"


def kinds(run: Payments | ProgrammePayments) -> list[tuple[str, Fraction]]:
    """What all lines of each kind come to, by what people call the kind: earned, cut by caps, owed back and so on."""
    back = run.coming_back
    sums: dict[str, Fraction] = {}
    for one in run.lines:
        amount = -one.amount if (one.line.payer, one.line.payee) in back else one.amount
        sums[one.line.kind] = sums.get(one.line.kind, Fraction(0)) + amount
    return [(label, sums[kind]) for kind, label in _KINDS.items() if kind in sums]


def _last(run: Payments) -> list[PricedLine]:
    ended = [segment.statement for segment in run.segments]
    if not ended:
        return list(run.lines)
    return [one for one in run.lines if one.line.segment.statement >= ended[-1]]


def _by_period(run: Payments) -> Table:
    contract = run.contract
    pairs = [(one.payer, one.payee) for one in run.totals()]
    periods = sorted({one.line.segment.statement for one in run.lines})
    cells: dict[tuple[Period, str, str], Fraction] = {}
    for one in run.lines:
        key = (one.line.segment.statement, one.line.payer, one.line.payee)
        cells[key] = cells.get(key, Fraction(0)) + one.amount
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_footer=False)
    if len(pairs) > _BROAD:
        for head in ("Payer", "Payee", "Period"):
            table.add_column(head)
        table.add_column(f"{contract.currency}", justify="right")
        for payer, payee in pairs:
            for period in periods:
                amount = cells.get((period, payer, payee))
                if amount:
                    table.add_row(payer, payee, _with_due(contract, period), _plain(amount, contract))
            table.add_row(
                payer,
                payee,
                "in all",
                _plain(sum((v for k, v in cells.items() if k[1:] == (payer, payee)), Fraction(0)), contract),
                style="bold",
            )
        return table
    table.add_column(f"{contract.currency}")
    for payer, payee in pairs:
        table.add_column(f"{payer}\nto {payee}", justify="right")
    table.add_column("\nin all", justify="right")
    for period in periods:
        row = [cells.get((period, *pair), Fraction(0)) for pair in pairs]
        table.add_row(
            _with_due(contract, period),
            *(_plain(amount, contract) for amount in row),
            _plain(_off(run, pairs, row), contract),
        )
    sums = [one.amount for one in run.totals()]
    table.add_row(
        "in all",
        *(_plain(amount, contract) for amount in sums),
        _plain(_off(run, pairs, sums), contract),
        style="bold",
    )
    return table


def _off(run: Payments, pairs: list[tuple[str, str]], sums: list[Fraction]) -> Fraction:
    """What pairs of payer and payee pay in all, what comes back taken off."""
    back = run.coming_back
    return sum((-one if pair in back else one for pair, one in zip(pairs, sums, strict=True)), Fraction(0))


def words_both_ways(every: tuple[BothWays, ...], currency: str) -> list[str]:
    """`Council pays Provider £600.00, Provider pays Council £200.00: £400.00 net from Council to Provider`, of each two."""
    found: list[str] = []
    for one in every:
        payer, payee = (one.payer, one.payee) if one.net >= 0 else (one.payee, one.payer)
        found.append(
            f"{one.payer} pays {one.payee} {money.show(one.paid, currency)}, {one.payee} pays {one.payer} "
            f"{money.show(one.back, currency)}: {money.show(abs(one.net), currency)} net from {payer} to {payee}"
        )
    return found


def _lines(contract: Contract, lines: list[PricedLine] | tuple[PricedLine, ...]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in ("Line", "From", "To", "For", "Clause"):
        table.add_column(head)
    table.add_column("Quantity x rate", justify="right")
    if contract.due is not None:
        table.add_column("Due")
    table.add_column(contract.currency, justify="right")
    period: Period | None = None
    many = len({one.line.segment.statement for one in lines}) > 1
    for one in lines:
        line = one.line
        if many and line.segment.statement != period:
            period = line.segment.statement
            table.add_row("", Text(_period(period), style="bold"))
        counted = ""
        if one.quantity is not None and line.rate is not None:
            counted = f"{money.number(one.quantity)} x {money.show(line.rate, contract.currency)}"
        if line.share:
            counted = f"{share_said(line.share, contract.currency)} of {counted or money.show(one.whole, contract.currency)}"
        what = (
            ", ".join(part for part in (line.metric, line.band, tier_said(line.tier)) if part) or line.payment
        )
        if line.agent:
            what = f"{what} (cash from {line.agent})"
        if line.kind == "adjustment":
            what = f"{what}: {_period(line.segment.days)}, by {line.rule}"
        if line.kind == "taken_over":
            what = f"{what}, beyond {line.rule}"
        elif line.origin:
            what = (
                f"{what}, carried forward" if line.kind == "carried" else f"{what}, excess of {line.origin}"
            )
        if line.kind == "recovered":
            what = f"{what}, unused part"
        if line.kind in ("taken_back", "repaid"):
            what = f"{what}, {'below nought, taken back' if line.kind == 'taken_back' else 'below nought, owed back'}"
        if line.kind in ("set_off", "cap_cut"):
            what = f"{what}: {'met by' if line.kind == 'set_off' else 'cut by'} {line.rule}"
        table.add_row(
            one.id, line.payer, line.payee, what, line.clause, counted,
            *([] if contract.due is None else [_day(falls_due(contract, one))]), _plain(one.amount, contract),
        )  # fmt: skip
    return table


def _day(day: date | None) -> str:
    return short(day) if day else ""


def _with_due(contract: Contract, statement: Period) -> str:
    """`April-June 2018, due 30 July 2018`, where the contract says when what is stated falls due."""
    due = due_after(contract, statement)
    return _period(statement) + (f", due {long(due)}" if due else "")


def _period(period: Period) -> str:
    return months_name(period)


def _plain(amount: Fraction, contract: Contract) -> str:
    return money.bare(amount, contract.currency)


def _sum(amount: Fraction, contract: Contract) -> str:
    return money.show(amount, contract.currency)
