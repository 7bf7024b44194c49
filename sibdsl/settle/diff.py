"""What differs between two contracts or programmes: clause by clause, and in what they pay.

Source: commands reference, `sib diff`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, TypeAlias, assert_never

from attrs import evolve, frozen

from sibdsl.dates import year_name, year_start
from sibdsl.diagnostics import NotGiven
from sibdsl.model.earlier_texts import in_own_texts
from sibdsl.model.nodes import (
    Applies,
    Assumption,
    Bands,
    BlockAdvance,
    Cap,
    Cohort,
    Contract,
    Deduction,
    Derived,
    Example,
    Investment,
    Lookup,
    Metric,
    Particular,
    Party,
    Payment,
    Programme,
    Records,
    Routes,
    Rule,
    Scenario,
    SharedCap,
    Workings,
)
from sibdsl.model.parameters.in_force import ProgrammeSettings
from sibdsl.price import Key
from sibdsl.price.quantities_file import read_all
from sibdsl.price.scenarios import quantities_of_all
from sibdsl.project.addresses import DatabaseAddress
from sibdsl.records import folders
from sibdsl.settle.default_as_of import last_day
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.run import pay_all, price_all

Change = Literal["added", "removed", "changed"]

NO_NAME = "without a name"

#: A clause, as the model has it.
Clause: TypeAlias = (
    Party | Particular | Assumption | Records | Lookup | Cohort | Bands | Metric | Derived | Workings | Routes | Payment
    | Deduction | BlockAdvance | Cap | SharedCap | Rule | Scenario | Example | Investment
)  # fmt: skip


def _heading(contract: Contract) -> dict[str, object]:
    """The parts of a contract's heading that are told by name."""
    return {
        "name": contract.name,
        "reference": contract.reference,
        "currency": contract.currency,
        "service": contract.service,
        "new entrants": contract.new_entrants_last,
        "payment period": contract.payment_period,
        "years begin": contract.years_begin,
        "calendar": contract.calendar,
        "statements on": contract.statements_on,
        "rounding": contract.rounding,
        "part of": contract.part_of,
        "leap-day birthdays": contract.leap_day,
        "stated periods": "repriced in the next statement" if contract.stated_as_known else "",
        "extension": contract.extension,
        "precedence": contract.precedence,
        "language edition": contract.edition,
        "due": contract.due,
        "business days": contract.business_days,
        "statement prepared by": contract.prepared,
        "statement accepted by": contract.accepted_by,
        "net negative": contract.net_negative,
        "accounts close": contract.accounts_close,
    }


def _clauses_of(contract: Contract) -> dict[str, tuple[Clause, ...]]:
    """A contract's clauses by their kind."""
    return {
        "party": contract.parties,
        "particular": contract.particulars,
        "assumption": contract.assumptions,
        "records": contract.records,
        "table": contract.lookups,
        "cohort": contract.cohorts,
        "bands": contract.bands,
        "metric": (*map(in_own_texts, contract.metrics), *contract.derived),
        "workings": contract.workings,
        "routes": contract.routes,
        "payment": contract.payments,
        "deduction": contract.deductions,
        "block advance": contract.advances,
        "cap": contract.caps,
        "rule": contract.rules,
        "scenario": contract.scenarios,
        "example": contract.examples,
        "investment": contract.investments,
    }


def _programme_heading(programme: Programme) -> dict[str, object]:
    """The parts of a programme's heading that are told by name."""
    return {
        "name": programme.name,
        "reference": programme.reference,
        "currency": programme.currency,
        "years begin": programme.years_begin,
        "rounding": programme.rounding,
    }


def _programme_clauses_of(programme: Programme) -> dict[str, tuple[Clause, ...]]:
    """A programme's own clauses by their kind."""
    return {
        "party": programme.parties,
        "particular": programme.particulars,
        "assumption": programme.assumptions,
        "cap": programme.caps,
        "rule": programme.rules,
        "investment": programme.investments,
    }


@frozen
class Changed:
    """One clause that differs. Of a contract that a programme gains or loses, `kind` is `member`. `before` and `after` are its nodes in each contract, several where it has versions in time."""

    kind: str
    name: str
    clause: str
    change: Change
    before: tuple[Any, ...]
    after: tuple[Any, ...]
    #: In a programme, the contract that it is a clause of; '' for the programme's own.
    contract: str = ""

    def versions_after(self) -> Iterator[tuple[str, Any]]:
        """Each version of the new clause with the days on which it applies, in words; '' for all of the contract."""
        return versions_of(self.after)

    def version_before(self, node: object) -> Any:  # noqa: ANN401 - clauses of one kind
        """The version of the old clause that one of the new is held against: that of the same days, else the last."""
        days = applies_of(node)
        return next((version for version in self.before if applies_of(version) == days), self.before[-1])


@frozen
class Moved:
    """What one payer pays one payee for a contract year, in each of two runs. Amounts in units of the currency.

    In programmes, under one `contract`.
    """

    payer: str
    payee: str
    year: str
    before: Fraction
    after: Fraction
    contract: str = ""

    @property
    def difference(self) -> Fraction:
        """After less before."""
        return self.after - self.before


@frozen
class Compared:
    """What both pay of one scenario, file of quantities or folder of records; why nothing could be compared, or ''."""

    of: str
    moved: tuple[Moved, ...]
    lacking: str = ""


def programme_clauses(
    old: Programme, new: Programme, were: Mapping[str, Contract], are: Mapping[str, Contract]
) -> tuple[Changed, ...]:
    """Every clause that differs in meaning between two programmes: their own, then those of each contract by its name.

    `were` and `are` are their contracts as varied. Of two contracts by themselves, their clauses.
    """
    if old.alone and new.alone:
        return clauses(*were.values(), *are.values())
    found = [
        *_parts("programme", _programme_heading(old), _programme_heading(new)),
        *_blocks(_programme_clauses_of(old), _programme_clauses_of(new)),
    ]
    for name in dict.fromkeys((*are, *were)):
        if name in were and name in are:
            found += [evolve(clause, contract=name) for clause in clauses(were[name], are[name])]
        else:
            change: Change = "added" if name in are else "removed"
            held = tuple(contracts[name] for contracts in (were, are) if name in contracts)
            sides = ((), held) if name in are else (held, ())
            found.append(Changed("member", name, "", change, *sides))
    return tuple(found)


def clauses(old: Contract, new: Contract) -> tuple[Changed, ...]:
    """Every part of the heading and every clause that differs in meaning, in the order of the new contract."""
    return (
        *_parts("contract", _heading(old), _heading(new)),
        *_named(old, new),
        *_blocks(_clauses_of(old), _clauses_of(new)),
    )


def _parts(kind: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Changed]:
    """The parts of the heading that differ."""
    for name, before in old.items():
        if before != new[name]:
            yield Changed(kind, name, "", "changed", (before,), (new[name],))


def _blocks(
    old: Mapping[str, tuple[Clause, ...]], new: Mapping[str, tuple[Clause, ...]]
) -> Iterator[Changed]:
    """The clauses that differ in meaning, kind by kind, in the order of the new."""
    for kind, clauses_before in old.items():
        were, are = _by_name(clauses_before), _by_name(new[kind])
        for name in dict.fromkeys((*are, *were)):
            before, after = were.get(name, ()), are.get(name, ())
            if before != after:
                change: Change = "added" if not before else ("removed" if not after else "changed")
                yield Changed(kind, name, _reference(next(iter((*after, *before)))), change, before, after)


def _reference(clause: Clause) -> str:
    """The number of the clause in the parties' own words; '' where it has none."""
    match clause:
        case Party() | Particular() | Records() | Scenario() | Example() | Investment():
            return ""
        case (
            Assumption() | Lookup() | Cohort() | Bands() | Metric() | Derived() | Workings() | Routes() | Payment()
            | Deduction() | BlockAdvance() | Cap() | SharedCap() | Rule()
        ):  # fmt: skip
            return clause.clause
    assert_never(clause)


def _named(old: Contract, new: Contract) -> Iterator[Changed]:
    """What stands by name in one of the two and not in the other, or by another name."""
    were, are = (
        {named_date.of: named_date.name for named_date in contract.by_name} for contract in (old, new)
    )
    for of in dict.fromkeys((*are, *were)):
        before, after = were.get(of, ""), are.get(of, "")
        if before != after:
            yield Changed("contract", of, "", "changed", (before or NO_NAME,), (after or NO_NAME,))


def _by_name(clauses: tuple[Clause, ...]) -> dict[str, tuple[Clause, ...]]:
    found: dict[str, tuple[Clause, ...]] = {}
    for clause in clauses:
        found[clause.name] = (*found.get(clause.name, ()), clause)
    return found


def payments(old: ProgrammePayments, new: ProgrammePayments) -> tuple[Moved, ...]:
    """What each payer pays each payee for each contract year, where either run pays anything; in programmes, by contract.

    A line belongs to the year of the days that it speaks of, an adjustment to the year that it adjusts.
    """
    before, after = _by_year(old), _by_year(new)
    return tuple(
        Moved(*key[1:], before.get(key, Fraction(0)), after.get(key, Fraction(0)), key[0])
        for key in sorted({*before, *after})
    )


def _by_year(whole: ProgrammePayments) -> Mapping[tuple[str, str, str, str], Fraction]:
    sums: dict[tuple[str, str, str, str], Fraction] = {}
    for run in whole.runs:
        for line in run.lines:
            year = year_name(year_start(line.line.segment.days.start, run.contract.years_begin))
            key = (run.within, line.line.payer, line.line.payee, year)
            sums[key] = sums.get(key, Fraction(0)) + line.amount
    return sums


# ------------------------------------------------------------------ what both pay


@frozen
class Side:
    """One of the two: a programme, or a contract as a programme of one, with its values and its contracts as varied."""

    programme: Programme
    settings: ProgrammeSettings
    terms: Mapping[str, Contract]

    def priced(
        self, quantities: Mapping[str, Mapping[Key, Fraction]], as_of: date | None
    ) -> ProgrammePayments:
        """What it pays for quantities, as of a day or to its end."""
        day = as_of or last_day(self.programme, self.settings)[0]
        return price_all(self.programme, self.settings, quantities, day)

    def paid(self, folder: Path | DatabaseAddress, as_of: date | None) -> ProgrammePayments:
        """What it pays on records, as of a day or to its end."""
        day = as_of or last_day(self.programme, self.settings)[0]
        with pay_all(self.programme, self.settings, folders(self.programme, folder), day) as paid:
            return paid.payments


def of_scenarios(old: Side, new: Side, as_of: date | None) -> Iterator[Compared]:
    """What both pay for each scenario that both have; of a programme, a scenario that a contract of it has."""
    there = {scenario.name for contract in old.terms.values() for scenario in contract.scenarios}
    names = [scenario.name for contract in new.terms.values() for scenario in contract.scenarios]
    for name in dict.fromkeys(name for name in names if name in there):
        try:
            runs = [
                side.priced(quantities_of_all(side.programme, side.terms, side.settings, name), as_of)
                for side in (old, new)
            ]
        except NotGiven as missing:
            yield Compared(f"scenario {name}", (), f"{missing.name} has not been given")
        else:
            yield Compared(f"scenario {name}", payments(*runs))


def of_quantities(old: Side, new: Side, file: Path, as_of: date | None) -> Compared:
    """What both pay for the quantities of a file. Raises Refused as reading them does.

    They are read by whole statement periods: a file in the periods of one does for the other, whose parts may differ. Rows of
    a contract that only one of two programmes has go to that one.
    """
    runs = []
    for side, other in ((old, new), (new, old)):
        terms = side.terms if side.programme.alone else {**other.terms, **side.terms}
        whole = {
            name: evolve(term, payments=(), advances=(), caps=(), deductions=())
            for name, term in terms.items()
        }
        read = read_all(side.programme, whole, file)
        runs.append(side.priced({name: read[name] for name in side.terms if name in read}, as_of))
    return Compared(f"quantities {file}", payments(*runs))


def of_records(old: Side, new: Side, folder: Path | DatabaseAddress, as_of: date | None) -> Compared:
    """What both pay on the records of a folder. Raises Refused as measuring them does."""
    return Compared(f"records {folder}", payments(old.paid(folder, as_of), new.paid(folder, as_of)))


# ------------------------------------------------------------------ words of what differs


def applies_of(node: object) -> Applies | None:
    """On which days a version of a clause applies; None for a clause that has no versions."""
    match node:
        case Payment(applies=applies) | BlockAdvance(applies=applies) | Cap(applies=applies):
            return applies
        case _:
            return None


def versions_of(nodes: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """Each version of a clause with the days on which it applies, in words; '' for all of the contract."""
    from sibdsl.dates import long

    for node in nodes:
        applies = applies_of(node)
        words = []
        if applies is not None and applies.first:
            words.append(f"from {long(applies.first)}")
        if applies is not None and applies.last:
            words.append(f"to {long(applies.last)}")
        yield " ".join(words), node
