"""Screens: what a run states, drawn for people. What stands in the tables is worked out in `settle.statement`."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sibdsl import marks, money, pipeline
from sibdsl.cli import screen, show_measured
from sibdsl.dates import Period, long, months_name, short
from sibdsl.english import listed

if TYPE_CHECKING:
    from sibdsl.pipeline.types import (
        Account,
        BothWays,
        ByPeriod,
        PeriodRow,
        ProgrammePayments,
        ProgrammeStatement,
        Statement,
        Sums,
    )

#: More pairs of payer and payee than this do not fit beside each other.
_BROAD = 5


def console() -> Console:
    """Where screens go: plain when it is not a terminal, never wider than reads well."""
    return screen.console(soft_wrap=False, width=None if Console().is_terminal else 110)


def run(
    run: ProgrammePayments,
    as_of_why: str,
    *,
    every_line: bool = False,
    rows: Path | None = None,
    quantities: bool = False,
) -> None:
    """A contract by itself; or each contract of a programme, and what is paid in all."""
    stated = pipeline.statement(run, every_line=every_line)
    if run.programme.alone:
        contract(stated.contracts[0], as_of_why, rows, quantities=quantities)
        return
    screen.say(stated.name, bold=True)
    screen.say()
    for member in stated.contracts:
        contract(member, f"{as_of_why}; a contract of {stated.name}", rows, quantities=quantities)
        screen.say()
    _all_contracts(stated)


def _all_contracts(stated: ProgrammeStatement) -> None:
    """What is paid over all contracts of a programme, by payer and payee, then by what it is."""
    currency = stated.currency
    screen.say("All contracts", bold=True)
    parts = [
        *((f"{total.payer} to {total.payee}", total.amount) for total in stated.totals),
        *((kind.called, kind.amount) for kind in stated.sums.kinds),
        ("in all", stated.sums.in_all),
    ]
    shown = [(label, money.show(amount, currency)) for label, amount in parts]
    wide = max(len(label) for label, _ in shown)
    broad = max(len(figure) for _, figure in shown)
    for said in _cash(stated.sums, currency):
        screen.say(f"  {said}")
    for at, (label, figure) in enumerate(shown, start=1):
        screen.say(f"  {label:<{wide}}  {figure:>{broad}}", bold=at == len(shown))
    for said in words_both_ways(stated.sums.net, currency):
        screen.say(f"  {said}")


def contract(
    stated: Statement, as_of_why: str, rows: Path | None = None, *, quantities: bool = False
) -> None:
    """One contract's statement: by payer, payee and period; the lines of the last period; the records; the total."""
    out = console()
    currency = stated.currency
    out.print(Text(f"{stated.name}   fingerprint {stated.fingerprint}", style="bold"))
    ended = (
        f"{stated.ended} statement period{'s' if stated.ended != 1 else ''} had ended"
        if stated.ended
        else "no statement period had ended"
    )
    out.print(f"As of {long(stated.as_of)} ({as_of_why}): {ended} by then.")
    out.print()
    if quantities:
        show_measured.quantities(out, stated.measured)
        out.print()
    if stated.by_period.rows:
        out.print(_by_period(stated.by_period, currency, due=stated.due))
        if stated.lines:
            out.print()
            out.print(
                "Every line" if stated.whole else f"Lines of {months_name(stated.lines[-1].period)}",
                style="bold",
            )
            out.print(_lines(stated))
    else:
        out.print("Nothing is paid.")
    if stated.net_of_statements:
        out.print()
        out.print("To be paid", style="bold")
        out.print(_net_of_statements(stated))
    if stated.disputed:
        out.print()
        out.print(
            "Disputed, and in no amount above: what each line would come to besides, were it accepted",
            style="bold",
        )
        out.print(_disputed(stated))
    for said in _answered(stated):
        out.print(said)
    if stated.records:
        out.print()
        out.print("Records", style="bold")
        for name, account in stated.records:
            out.print(f"  {accounted(name, account)}{_see(account, rows)}")
    out.print()
    for said in _cash(stated.sums, currency):
        out.print(f"  {said}")
    wide = max([22, *(len(kind.called) for kind in stated.sums.kinds)])
    for kind in stated.sums.kinds:
        out.print(f"  {kind.called:<{wide}} {money.show(kind.amount, currency):>16}")
    out.print(Text(f"  {'in all':<{wide}} {money.show(stated.sums.in_all, currency):>16}", style="bold"))
    for said in words_both_ways(stated.sums.net, currency):
        out.print(f"  {said}")
    for kept in stated.kept:
        out.print()
        out.print(
            f"Below nought, and not taken from later payments of {kept.payment} by then: "
            f"{money.show(kept.amount, currency)}, {kept.payer} to {kept.payee}. What is left of it at the end is lost."
        )
    for held in stated.held_back:
        out.print()
        out.print(
            f"Held back of {held.payment} by then, to be paid when its condition is met: "
            f"{money.show(held.amount, currency)}, {held.payer} to {held.payee}."
        )
    if stated.blank:
        out.print()
        out.print(
            "Blank, so that nothing is paid on it unless the contract says what stands for it: nothing was there to measure, or to divide by"
        )
        for blank in stated.blank:
            out.print(f"  {blank.what}: {'; '.join(months_name(days) for days in blank.stretches)}")
    show_measured.nothing_paid_on(out, stated.nothing_paid_on)
    if stated.not_applied:
        out.print()
        out.print(
            f"Not applied: what {listed(stated.not_applied)} limits for each person. Quantities do not say who earned what."
        )


def _net_of_statements(stated: Statement) -> Table:
    """What of each statement is to be paid, between each two parties."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in ("Statement", "Payer", "Payee"):
        table.add_column(head)
    for head in ("Stated", "From before", "Payer pays", "Payee pays", "Carried on", "Forgiven"):
        table.add_column(head, justify="right")
    for row in stated.net_of_statements:
        figures = [money.bare(amount, stated.currency) for amount in row.amounts]
        table.add_row(months_name(row.period), row.payer, row.payee, *figures)
    return table


def _disputed(stated: Statement) -> Table:
    """What of each line is held since it is disputed."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in ("Statement", "Payer", "Payee", "Clause", "For"):
        table.add_column(head)
    table.add_column("Amount", justify="right")
    for row in stated.disputed:
        amount = money.bare(row.amount, stated.currency)
        table.add_row(months_name(row.period), row.payer, row.payee, row.clause, row.what, amount)
    return table


def _answered(stated: Statement) -> list[str]:
    """What is to be done with the last statement: who prepares it and who accepts it, within what time, and by which day."""
    found: list[str] = []
    for one in stated.answered:
        after = " of that" if one.silence and found else " of the end of its period"
        latest = " at the latest" if one.silence else ""
        by = f"by {long(one.by)}{latest}" if one.by else "by a day that is not known"
        then = f"; then it is {one.silence}" if one.silence else ""
        what = "It" if found else "The last statement"
        found.append(f"{what} is to be {one.does} by {one.party} within {one.within}{after}, {by}{then}.")
    return found


def _cash(sums: Sums, currency: str) -> list[str]:
    return [
        f"{paid.agent} pays {money.show(paid.amount, currency)} of it in cash, which {paid.payer} owes."
        for paid in sums.cash
    ]


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


def _by_period(made: ByPeriod, currency: str, *, due: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_footer=False)
    if len(made.pairs) > _BROAD:
        for head in ("Payer", "Payee", "Period"):
            table.add_column(head)
        table.add_column(currency, justify="right")
        for at, (payer, payee) in enumerate(made.pairs):
            for row in made.rows:
                amount = row.amounts[at]
                if amount:
                    table.add_row(payer, payee, _with_due(row, due=due), money.bare(amount, currency))
            table.add_row(payer, payee, "in all", money.bare(made.sums[at], currency), style="bold")
        return table
    table.add_column(currency)
    for payer, payee in made.pairs:
        table.add_column(f"{payer}\nto {payee}", justify="right")
    table.add_column("\nin all", justify="right")
    for row in made.rows:
        amounts = (*row.amounts, row.in_all)
        table.add_row(
            _with_due(row, due=due), *(money.bare(amount or Fraction(0), currency) for amount in amounts)
        )
    sums = (*made.sums, made.in_all)
    table.add_row("in all", *(money.bare(amount, currency) for amount in sums), style="bold")
    return table


def words_both_ways(every: tuple[BothWays, ...], currency: str) -> list[str]:
    """`Council pays Provider £600.00, Provider pays Council £200.00: £400.00 net from Council to Provider`, of each two."""
    found: list[str] = []
    for pair in every:
        payer, payee = (pair.payer, pair.payee) if pair.net >= 0 else (pair.payee, pair.payer)
        found.append(
            f"{pair.payer} pays {pair.payee} {money.show(pair.paid, currency)}, {pair.payee} pays {pair.payer} "
            f"{money.show(pair.back, currency)}: {money.show(abs(pair.net), currency)} net from {payer} to {payee}"
        )
    return found


def _lines(stated: Statement) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in ("Line", "From", "To", "For", "Clause"):
        table.add_column(head)
    table.add_column("Quantity x rate", justify="right")
    if stated.due:
        table.add_column("Due")
    table.add_column(stated.currency, justify="right")
    period: Period | None = None
    many = len({row.period for row in stated.lines}) > 1
    for row in stated.lines:
        if many and row.period != period:
            period = row.period
            table.add_row("", Text(months_name(period), style="bold"))
        table.add_row(
            row.id, row.payer, row.payee, row.what, row.clause, row.counted,
            *([_day(row.due)] if stated.due else []), money.bare(row.amount, stated.currency),
        )  # fmt: skip
    return table


def _day(day: date | None) -> str:
    return short(day) if day else ""


def _with_due(row: PeriodRow, *, due: bool) -> str:
    """`April-June 2018, due 30 July 2018`, where the contract says when what is stated falls due."""
    if row.due:
        return f"{months_name(row.period)}, due {long(row.due)}"
    return months_name(row.period) + (", due on a day not known" if due else "")
