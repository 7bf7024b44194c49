"""The two main jobs: records to payments, and quantities to payments.

There is one way through: a contract by itself is a programme of one. `pay_all` and `price_all` run a programme; `pay` and
`price_quantities` a contract by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

from attrs import define, evolve, field, frozen

from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract, Metric, Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.price import Key
from sibdsl.settle import due_dates, too_early
from sibdsl.settle.adjustments import stated
from sibdsl.settle.closed_accounts import ClosedAccounts
from sibdsl.settle.explained_run import ContractRun
from sibdsl.settle.moved_results import CountedRow
from sibdsl.settle.payments import Payments
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.statements_as_known import as_known, stated_as_known
from sibdsl.settle.versions import Counts, Version, in_segments, versions

if TYPE_CHECKING:
    from sibdsl.measure import Volumes
    from sibdsl.measure.engines import Made
    from sibdsl.records import RecordsPlace


#: One contract's part of a run from records: its payments, and its volumes with their rows and lineage.
ContractPaid: TypeAlias = "ContractRun[Volumes]"


@frozen
class Counting:
    """What was counted of a contract, by name, in one go: as known on a day, under which terms, in segments cut at `cuts`.

    `accepted` says that what is held since it is disputed counts as if it were accepted.
    """

    contract: str
    known: date
    terms: Contract = field(repr=False)
    cuts: frozenset[date]
    accepted: bool
    quantities: Mapping[Key, Fraction] = field(repr=False)


@frozen
class ProgrammePaid:
    """A run from records: the payments, and each contract's volumes by name, open until they are closed."""

    payments: ProgrammePayments
    volumes: Mapping[str, Volumes]
    #: Measures the records of a contract by its name again, as another version of it has it.
    again: Callable[[str, Version], Volumes] | None = field(default=None, repr=False, eq=False)
    #: Everything that was counted for it, in the order in which it was asked for.
    countings: tuple[Counting, ...] = field(default=(), repr=False, eq=False)
    #: Where each contract's records are: a database among them stays open as long as the run.
    places: Mapping[str, RecordsPlace] = field(factory=dict, repr=False, eq=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the records of every contract."""
        from sibdsl.records import let_go

        for volumes in self.volumes.values():
            volumes.close()
        for place in self.places.values():
            let_go(place)

    def members(self) -> tuple[ContractPaid, ...]:
        """Each contract's part of it, in the order of their names."""
        return tuple(
            ContractRun(
                run,
                self.volumes[run.contract.name],
                None if self.again is None else partial(self.again, run.contract.name),
            )
            for run in self.payments.runs
        )

    def write_rows(self, path: Path) -> None:
        """Write what became of every row as CSV: source, row, status, reason, of_row; of a programme, contract before them.

        The file is written wholly or not at all. Raises OSError, and Refused for a file that the run has read (SIB0708).
        """
        from sibdsl.measure.volumes import write_rows

        if self.payments.programme.alone:
            (volumes,) = self.volumes.values()
            volumes.write_rows(path)
        else:
            write_rows(path, self.volumes)


# ------------------------------------------------------------------ records to payments


def pay_all(
    programme: Programme,
    settings: ProgrammeSettings,
    folders: Mapping[str, RecordsPlace],
    as_of: date,
    *,
    engine: Made | None = None,
) -> ProgrammePaid:
    """Measure each contract's records in its folder as known by `as_of`, price all of them together, and keep what is stated by then.

    `engine` makes the engine that measures, another than the usual one. Use the result in a `with`, or close it: it keeps the
    records at hand. Raises Refused for records that cannot be read, NotGiven for a particular without a value, and Unpriceable for a clause that the settings make meaningless.
    """
    from sibdsl.measure.engines import default_engine
    from sibdsl.records import let_go

    records = _Records(settings, folders, as_of, engine or default_engine)
    accounts = ClosedAccounts(records.known, records.results, records.alike, as_of)
    try:
        run = as_the_contract_says(programme, settings, as_of, accounts)
        accepted = _were_accepted(programme, records) if records.disputed else None
    except BaseException:
        records.close()
        for place in folders.values():
            let_go(place)
        raise
    measured = records.measured
    told = tuple(
        evolve(
            payments,
            accounts=measured[payments.contract.name].accounts,
            warnings=(
                *measured[payments.contract.name].warnings,
                *payments.warnings,
                *accounts.told(payments.contract),
            ),
            were_accepted=None if accepted is None else accepted.of(payments.contract.name).lines,
        )
        for payments in run.runs
    )
    return ProgrammePaid(
        evolve(run, runs=told),
        {payments.contract.name: measured[payments.contract.name] for payments in told},
        records.again,
        tuple(records.counted),
        folders,
    )


@define
class _Records:
    """The records of a run, and what was measured of each contract last. Each asking closes what was open before it."""

    settings: ProgrammeSettings
    folders: Mapping[str, RecordsPlace]
    as_of: date
    engine: Made
    #: Whether what is held on the run's day, since it is disputed, counts as if it were accepted that day.
    disputes_accepted: bool = False
    measured: dict[str, Volumes] = field(factory=dict)
    #: Whether a row of any contract is held so.
    disputed: bool = False
    counted: list[Counting] = field(factory=list)

    def again(self, name: str, version: Version) -> Volumes:
        """A contract's records measured once more, as a version of it has them; whoever asks closes it."""
        from sibdsl.measure import measure

        terms, settings = version.contract, self.settings.of(name)
        return measure(terms, settings, self.folders[name], self.as_of, cuts=version.cuts, engine=self.engine)

    def known(self, day: date) -> Counts:
        """The quantities as known on a day."""
        from sibdsl.measure import measure

        def counts(name: str, terms: Contract, cuts: frozenset[date]) -> Mapping[Key, Fraction]:
            if name in self.measured:
                self.measured[name].close()
            accepted = self.disputes_accepted and day == self.as_of
            volumes = measure(
                terms, self.settings.of(name), self.folders[name], day, cuts=cuts, engine=self.engine,
                disputes_accepted=accepted,
            )  # fmt: skip
            self.measured[name] = volumes
            self.disputed = self.disputed or (day == self.as_of and volumes.disputed > 0)
            quantities = volumes_by_key(volumes)
            self.counted.append(Counting(name, day, terms, cuts, accepted, quantities))
            return quantities

        return counts

    def results(self, name: str) -> Iterator[tuple[CountedRow, Fraction]]:
        """What of a contract counts in which place, and the row that earned it."""
        for claim in self.measured[name].claims():
            key = Key(claim.segment, claim.metric, claim.band)
            yield CountedRow(key, claim.person, claim.source, claim.row), claim.quantity

    def alike(self, name: str, metric: Metric, result: CountedRow, other: CountedRow) -> bool:
        """Whether two results of a metric are of one row, or of two versions of one."""
        if (result.source, result.row) == (other.source, other.row):
            return True
        volumes = self.measured[name]
        key = next((table.key for table in volumes.contract.records if table.name == metric.records), ())
        if not key:
            return False
        mine, others = (volumes.cells(counted.source, counted.row) for counted in (result, other))
        return all(mine[column] == others[column] for column in key)

    def close(self) -> None:
        """Let go of the records of every contract."""
        for volumes in self.measured.values():
            volumes.close()


def _were_accepted(programme: Programme, records: _Records) -> ProgrammePayments:
    """The same run, were what is disputed accepted on its day."""
    other = evolve(records, disputes_accepted=True, measured={})
    accounts = ClosedAccounts(other.known)
    try:
        return as_the_contract_says(programme, records.settings, records.as_of, accounts)
    finally:
        other.close()


def as_the_contract_says(
    programme: Programme, settings: ProgrammeSettings, as_of: date, accounts: ClosedAccounts
) -> ProgrammePayments:
    """The run: where the contract goes by when something became known, statement by statement."""
    if programme.alone and programme.members[0].stated_as_known:
        return _priced_as_known(programme, settings, as_of, accounts.as_known)
    return _priced(programme, settings, as_of, accounts.as_known(as_of))


def pay(contract: Contract, settings: Settings, folder: Path, as_of: date) -> ContractPaid:
    """The same for a contract by itself; close the volumes of what comes back."""
    whole = Programme.of_one(contract)
    paid = pay_all(whole, ProgrammeSettings.of_one(contract, settings), {contract.name: folder}, as_of)
    return paid.members()[0]


def volumes_by_key(volumes: Volumes) -> dict[Key, Fraction]:
    """The measured quantities as the price graph knows them, and what limits for each person take."""
    counted = {
        Key(quantity.segment, quantity.metric, quantity.band): Fraction(quantity.number)
        for quantity in volumes.quantities
    }
    return counted | volumes.withheld


# ------------------------------------------------------------------ quantities to payments


def price_all(
    programme: Programme,
    settings: ProgrammeSettings,
    quantities: Mapping[str, Mapping[Key, Fraction]],
    as_of: date,
) -> ProgrammePayments:
    """Price quantities that were given, not measured, for each contract by name, and keep what is stated by `as_of`.

    They are in the segments of each contract as all its variations leave it. Raises NotGiven and Unpriceable as `pay_all` does.
    """

    def counts(name: str, terms: Contract, cuts: frozenset[date]) -> Mapping[Key, Fraction]:
        return in_segments(terms, quantities.get(name, {}), cuts)

    run = _priced(programme, settings, as_of, counts)
    told = tuple(
        evolve(
            payments,
            warnings=(
                *too_early.warnings(
                    _agreed_by(payments.contract, payments.settings, as_of),
                    payments.settings,
                    quantities.get(payments.contract.name, {}),
                ),
                *payments.warnings,
            ),
        )
        for payments in run.runs
    )
    return evolve(run, runs=told)


def _agreed_by(contract: Contract, settings: Settings, as_of: date) -> Contract:
    """The contract with the variations alone that had been agreed by a day."""
    agreed = tuple(variation for variation in contract.variations if settings.day(variation.agreed) <= as_of)
    return evolve(contract, variations=agreed)


def price_quantities(
    contract: Contract, settings: Settings, quantities: Mapping[Key, Fraction], as_of: date
) -> Payments:
    """The same for a contract by itself."""
    whole = Programme.of_one(contract)
    given = ProgrammeSettings.of_one(contract, settings)
    return price_all(whole, given, {contract.name: quantities}, as_of).runs[0]


def price_as_known(
    contract: Contract,
    settings: Settings,
    quantities: Callable[[date], Mapping[Key, Fraction]],
    as_of: date,
) -> Payments:
    """Price a contract that goes by when something became known; `quantities` says what was counted by a day.

    Raises NotGiven and Unpriceable as `pay_all` does.
    """

    def known(day: date) -> Counts:
        return lambda _, terms, cuts: in_segments(terms, quantities(day), cuts)

    accounts = ClosedAccounts(known)
    whole = Programme.of_one(contract)
    given = ProgrammeSettings.of_one(contract, settings)
    run = as_the_contract_says(whole, given, as_of, accounts).runs[0]
    return evolve(run, warnings=(*run.warnings, *accounts.told(contract)))


def _priced_as_known(
    programme: Programme, settings: ProgrammeSettings, as_of: date, known: Callable[[date], Counts]
) -> ProgrammePayments:
    (member,) = programme.members
    every = as_known(programme, settings, as_of, known)
    lines, kept = stated_as_known(every, settings.of(member.name), as_of)
    payments = Payments(
        every[-1].contract,
        fingerprint(member),
        settings.of(member.name),
        as_of,
        every,
        lines,
        within=programme.key(member.name),
        later=kept,
    )
    return ProgrammePayments(programme, settings, as_of, (_told(payments),))


def _priced(
    programme: Programme, settings: ProgrammeSettings, as_of: date, counts: Counts
) -> ProgrammePayments:
    every = versions(programme, settings, as_of, counts)
    return ProgrammePayments(
        programme,
        settings,
        as_of,
        tuple(
            _told(
                Payments(
                    every[member.name][-1].contract,
                    fingerprint(member),
                    settings.of(member.name),
                    as_of,
                    every[member.name],
                    stated(every[member.name], as_of),
                    within=programme.key(member.name),
                )
            )
            for member in programme.members
        ),
    )


def _told(payments: Payments) -> Payments:
    """The payments with what is to be told of the days on which they fall due."""
    stated_for = (line.line.segment.statement for line in payments.lines)
    return evolve(payments, warnings=tuple(due_dates.not_known(payments.contract, stated_for)))
