"""A programme's contracts paid together: each contract's statements, and what is paid in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Self

from attrs import evolve, field, frozen

from sibdsl import money
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract, Programme, Variation
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.parameters.set_option_and_file import in_json
from sibdsl.model.variations import agreed_by, in_force
from sibdsl.money import CURRENCIES
from sibdsl.price import Key, Priced, PricedLine, derived, price
from sibdsl.price.programme_graph import build_programme, programme_cuts
from sibdsl.settle.net_payments import BothWays, both_ways, coming_back
from sibdsl.settle.payments import Payments, Total, cash_json, net_json
from sibdsl.settle.payments import to_json as run_json
from sibdsl.settle.run import Paid, in_segments, last_day, volumes_by_key
from sibdsl.settle.versions import Together, Version, stated

if TYPE_CHECKING:
    from sibdsl.measure import Volumes

FORMAT = "sibdsl.programme-payments/1"
#: The quantities of one contract as varied, in segments cut at the days given.
CountsOf = Callable[[str, Contract, frozenset[date]], Mapping[Key, Fraction]]


@frozen
class ProgrammePayments:
    """One run: a run for each contract, in the order of their names."""

    programme: Programme
    settings: Settings
    as_of: date
    runs: tuple[Payments, ...] = field(repr=False)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What is to be told of the records, contract by contract, each by the contract's name."""
        return tuple(
            evolve(told, message=f"{run.contract.name}: {told.message}")
            for run in self.runs
            for told in run.warnings
        )

    @property
    def lines(self) -> tuple[PricedLine, ...]:
        """The lines of every contract, contract by contract."""
        return tuple(one for run in self.runs for one in run.lines)

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
            for one in run.totals():
                sums[one.payer, one.payee] = sums.get((one.payer, one.payee), Fraction(0)) + one.amount
        return tuple(Total(payer, payee, amount) for (payer, payee), amount in sums.items())

    @property
    def coming_back(self) -> frozenset[tuple[str, str]]:
        """As of one contract, over all of them."""
        return coming_back(((one.line.payer, one.line.payee), one.line.kind) for one in self.lines)

    @property
    def both_ways(self) -> tuple[BothWays, ...]:
        """What the parties come to who pay each other, over all contracts."""
        return both_ways((((one.payer, one.payee), one.amount) for one in self.totals()), self.coming_back)


def whole_programme(programme: Programme, settings: Mapping[str, Settings]) -> date:
    """The day by which every contract is stated whole. Raises NotGiven."""
    return last_of_all(programme, settings)[0]


def last_of_all(programme: Programme, settings: Mapping[str, Settings]) -> tuple[date, str]:
    """That day, and which day of which contract it is, in words. Raises NotGiven."""
    each = [(*last_day(one, settings[one.name]), one.name) for one in programme.members]
    day, why, name = max(each, key=lambda last: last[0])
    return day, f"{why} of {name}"


@frozen
class ProgrammePaid:
    """A run from records: the payments, and each contract's volumes with their rows, open until they are closed."""

    payments: ProgrammePayments
    volumes: Mapping[str, Volumes]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def members(self) -> tuple[Paid, ...]:
        """Each contract's run with its volumes, in the order of their names."""
        return tuple(Paid(run, self.volumes[run.contract.name]) for run in self.payments.runs)

    def close(self) -> None:
        """Let go of the records of every contract."""
        for one in self.volumes.values():
            one.close()


def pay_programme(
    programme: Programme,
    own: Settings,
    settings: Mapping[str, Settings],
    folders: Mapping[str, Path],
    as_of: date,
) -> ProgrammePaid:
    """Measure each contract's records in its folder, and price all of them together. Close what comes back."""
    from sibdsl.measure import measure

    measured: dict[str, Volumes] = {}

    def counts(name: str, terms: Contract, cuts: frozenset[date]) -> Mapping[Key, Fraction]:
        if name in measured:
            measured[name].close()
        measured[name] = measure(terms, settings[name], folders[name], as_of, cuts=cuts)
        return volumes_by_key(measured[name])

    try:
        found = priced(programme, own, settings, as_of, counts)
    except BaseException:
        for one in measured.values():
            one.close()
        raise
    runs = tuple(
        evolve(
            run,
            accounts=measured[run.contract.name].accounts,
            warnings=measured[run.contract.name].warnings,
        )
        for run in found.runs
    )
    return ProgrammePaid(
        evolve(found, runs=runs), {run.contract.name: measured[run.contract.name] for run in runs}
    )


def price_programme(
    programme: Programme,
    own: Settings,
    settings: Mapping[str, Settings],
    quantities: Mapping[str, Mapping[Key, Fraction]],
    as_of: date,
) -> ProgrammePayments:
    """Price quantities that were given for each contract."""

    def counts(name: str, terms: Contract, cuts: frozenset[date]) -> Mapping[Key, Fraction]:
        return in_segments(terms, quantities.get(name, {}), cuts)

    return priced(programme, own, settings, as_of, counts)


def priced(
    programme: Programme, own: Settings, settings: Mapping[str, Settings], as_of: date, counts: CountsOf
) -> ProgrammePayments:
    """Every version of the programme by `as_of`, priced together, and each contract's lines as stated."""
    agreed = [
        (settings[member.name].day(one.agreed), one)
        for member in programme.members
        for one in agreed_by(member, settings[member.name], as_of)
    ]
    days: list[date | None] = [None, *sorted({day for day, _ in agreed})]
    found: dict[str, list[Version]] = {one.name: [] for one in programme.members}
    for day in days:
        new = tuple(one for known, one in agreed if known == day)
        for name, version in _version(programme, own, settings, as_of, counts, day, new).items():
            found[name].append(version)
    runs = tuple(
        Payments(
            found[one.name][-1].contract,
            fingerprint(one),
            settings[one.name],
            as_of,
            tuple(found[one.name]),
            stated(tuple(found[one.name]), as_of),
        )
        for one in programme.members
    )
    return ProgrammePayments(programme, own, as_of, runs)


def _version(
    programme: Programme,
    own: Settings,
    settings: Mapping[str, Settings],
    as_of: date,
    counts: CountsOf,
    day: date | None,
    new: tuple[Variation, ...],
) -> dict[str, Version]:
    """Each contract as it stood from a day on (None is as signed), out of one graph."""
    terms = {
        one.name: evolve(one, variations=()) if day is None else in_force(one, settings[one.name], day)
        for one in programme.members
    }
    graph = build_programme(programme, terms, own, settings)
    cuts = programme_cuts(programme, terms, own)
    kept: dict[Key, Fraction] = {}
    mine: dict[str, Mapping[Key, Fraction]] = {}
    for name, contract in terms.items():
        counted = {
            key: one
            for key, one in counts(name, contract, cuts).items()
            if key.segment.statement.last <= as_of
        }
        counted = derived(contract, settings[name], counted, as_of, cuts)
        kept |= {evolve(key, contract=name): one for key, one in counted.items()}
        mine[name] = in_segments(contract, counted)
    whole = price(graph, kept, as_of)
    together = Together(programme, own, terms, kept, cuts)
    return {
        name: Version(
            contract,
            day,
            new,
            mine[name],
            Priced(graph, whole.values, tuple(one for one in whole.lines if one.line.contract == name)),
            together,
        )
        for name, contract in terms.items()
    }


def to_json(run: ProgrammePayments) -> dict[str, object]:
    """The run as JSON values: each contract as `sib pay` writes it, and what each payer pays each payee in all."""
    places = CURRENCIES[run.programme.currency][1]
    return {
        "format": FORMAT,
        "programme": {"name": run.programme.name, "reference": run.programme.reference},
        "as_of": run.as_of.isoformat(),
        "settings": {name: in_json(value) for name, value in sorted(run.settings.values.items())},
        "contracts": [run_json(one) for one in run.runs],
        "totals": [
            {"payer": one.payer, "payee": one.payee, "amount": money.plain(one.amount, places)}
            for one in run.totals()
        ],
        **net_json(run.both_ways, places),
        **cash_json(run.cash(), places),
    }
