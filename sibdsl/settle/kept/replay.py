"""A run priced again from the quantities that its folder keeps: nothing is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from sibdsl.model.nodes import Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings
from sibdsl.records import Account
from sibdsl.settle.closed_accounts import ClosedAccounts
from sibdsl.settle.explained_run import Behind, ContractRun
from sibdsl.settle.kept.quantities import KeptCountings
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.run import as_the_contract_says
from sibdsl.settle.versions import Counts


@frozen
class KeptRun:
    """A run whose records are not at hand: its payments, and the results that its folder keeps. It can be explained line by line."""

    payments: ProgrammePayments
    contracts: Sequence[ContractRun[Behind]]

    def members(self) -> Sequence[ContractRun[Behind]]:
        """Each contract's part of it, in the order of their names."""
        return self.contracts


def priced_again(
    programme: Programme,
    settings: ProgrammeSettings,
    countings: KeptCountings,
    as_of: date,
    accounts: Mapping[str, Mapping[str, Account]],
    *,
    disputed: bool,
) -> ProgrammePayments:
    """The payments of a run from what was counted in it; `accounts` are those of the rows of each contract's tables.

    `disputed` says that rows were held back since they are disputed. Warnings are not told again. Raises BrokenRun where a counting
    is not there, NotGiven and Unpriceable.
    """
    run = as_the_contract_says(programme, settings, as_of, ClosedAccounts(countings.known()))
    if disputed:
        accepted = as_the_contract_says(
            programme, settings, as_of, ClosedAccounts(_accepted_on(countings, as_of))
        )
    return evolve(
        run,
        runs=tuple(
            evolve(
                payments,
                accounts=accounts.get(payments.contract.name, {}),
                warnings=(),
                were_accepted=accepted.of(payments.contract.name).lines if disputed else None,
            )
            for payments in run.runs
        ),
    )


def _accepted_on(countings: KeptCountings, as_of: date) -> Callable[[date], Counts]:
    """What was counted, what is disputed on the day of the run as if it were accepted."""
    plain, accepted = countings.known(), countings.known(accepted=True)
    return lambda day: accepted(day) if day == as_of else plain(day)
