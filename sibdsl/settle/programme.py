"""What the contracts of a programme pay together: each contract's statements, and what is paid in all."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import evolve, field, frozen

from sibdsl.diagnostics import Diagnostic
from sibdsl.model.nodes import Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings
from sibdsl.price import PricedLine
from sibdsl.settle.net_payments import BothWays, both_ways, coming_back
from sibdsl.settle.payments import Payments, Total


@frozen
class ProgrammePayments:
    """One run: what each contract pays, in the order of their names. A contract by itself is a programme of one."""

    programme: Programme
    settings: ProgrammeSettings
    as_of: date
    runs: tuple[Payments, ...] = field(repr=False)

    def of(self, member: str) -> Payments:
        """What one contract pays."""
        return next(run for run in self.runs if run.contract.name == member)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What is to be told of the records, contract by contract; of several, each by its contract's name."""
        return tuple(
            told if self.programme.alone else evolve(told, message=f"{run.contract.name}: {told.message}")
            for run in self.runs
            for told in run.warnings
        )

    @property
    def has_rejected(self) -> bool:
        """Whether a row of the records of any contract is an invalid record."""
        return any(account.rejected for run in self.runs for account in run.accounts.values())

    @property
    def lines(self) -> tuple[PricedLine, ...]:
        """The lines of every contract, contract by contract."""
        return tuple(line for run in self.runs for line in run.lines)

    def cash(self) -> tuple[tuple[str, str, Fraction], ...]:
        """What each paying agent pays in cash that another owes, over all contracts: agent, payer, amount."""
        sums: dict[tuple[str, str], Fraction] = {}
        for run in self.runs:
            for agent, payer, amount in run.cash():
                sums[agent, payer] = sums.get((agent, payer), Fraction(0)) + amount
        return tuple((*pair, amount) for pair, amount in sums.items())

    def totals(self) -> tuple[Total, ...]:
        """Each payer's total to each payee over all contracts, in the order in which they come."""
        sums: dict[tuple[str, str], Fraction] = {}
        for run in self.runs:
            for total in run.totals():
                sums[total.payer, total.payee] = (
                    sums.get((total.payer, total.payee), Fraction(0)) + total.amount
                )
        return tuple(Total(payer, payee, amount) for (payer, payee), amount in sums.items())

    @property
    def coming_back(self) -> frozenset[tuple[str, str]]:
        """As of one contract, over all of them."""
        return coming_back(((line.line.payer, line.line.payee), line.line.kind) for line in self.lines)

    @property
    def both_ways(self) -> tuple[BothWays, ...]:
        """What the parties come to who pay each other, over all contracts."""
        return both_ways(
            (((total.payer, total.payee), total.amount) for total in self.totals()), self.coming_back
        )
