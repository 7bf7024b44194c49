"""What differs between two contracts or programmes: clause by clause, and in what they pay.

Source: commands reference, `sib diff`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from attrs import evolve, frozen

from sibdsl.dates import year_name, year_start
from sibdsl.diagnostics import NotGiven
from sibdsl.model.nodes import Contract, Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings
from sibdsl.price import Key
from sibdsl.price.quantities_file import read_all
from sibdsl.price.scenarios import quantities_of_all
from sibdsl.records import folders
from sibdsl.settle.default_as_of import last_day
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.run import pay_all, price_all

Change = Literal["added", "removed", "changed"]

NO_NAME = "without a name"

#: Parts of the heading that are told by name.
_HEADING = (
    "reference", "currency", "service", "new_entrants_last", "payment_period", "years_begin", "calendar", "statements_on",
    "rounding",
    "part_of", "extension", "precedence",
)  # fmt: skip
_BLOCKS = {
    "parties": "party", "particulars": "particular", "assumptions": "assumption", "records": "records",
    "lookups": "table", "cohorts": "cohort", "bands": "bands", "metrics": "metric", "workings": "workings",
    "routes": "routes", "payments": "payment", "advances": "block advance", "caps": "cap", "rules": "rule",
    "scenarios": "scenario", "examples": "example", "investments": "investment",
}  # fmt: skip
#: Those of a programme.
_PROGRAMME_HEADING = ("reference", "currency", "years_begin", "rounding")
_PROGRAMME_BLOCKS = {
    field: _BLOCKS[field] for field in ("parties", "particulars", "assumptions", "caps", "investments")
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
        Changed("programme", field.replace("_", " "), "", "changed", (before,), (after,))
        for field in ("name", *_PROGRAMME_HEADING)
        if (before := getattr(old, field)) != (after := getattr(new, field))
    ]
    found += _blocks(old, new, _PROGRAMME_BLOCKS)
    for name in dict.fromkeys((*are, *were)):
        if name in were and name in are:
            found += [evolve(clause, contract=name) for clause in clauses(were[name], are[name])]
        else:
            change: Change = "added" if name in are else "removed"
            held = tuple(each[name] for each in (were, are) if name in each)
            sides = ((), held) if name in are else (held, ())
            found.append(Changed("member", name, "", change, *sides))
    return tuple(found)


def clauses(old: Contract, new: Contract) -> tuple[Changed, ...]:
    """Every part of the heading and every clause that differs in meaning, in the order of the new contract."""
    found: list[Changed] = []
    for field in ("name", *_HEADING):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            name = field.replace("_last", "").replace("_", " ")
            found.append(Changed("contract", name, "", "changed", (before,), (after,)))
    found += _named(old, new)
    found += _blocks(old, new, _BLOCKS)
    return tuple(found)


def _blocks(
    old: Contract | Programme, new: Contract | Programme, blocks: Mapping[str, str]
) -> Iterator[Changed]:
    """The blocks of these fields that differ in meaning, in the order of the new."""
    for field, kind in blocks.items():
        were, are = _by_name(getattr(old, field)), _by_name(getattr(new, field))
        for name in dict.fromkeys((*are, *were)):
            before, after = were.get(name, ()), are.get(name, ())
            if before != after:
                change: Change = "added" if not before else ("removed" if not after else "changed")
                clause = next((getattr(one, "clause", "") for one in (*after, *before)), "")
                yield Changed(kind, name, clause, change, before, after)


def _named(old: Contract, new: Contract) -> Iterator[Changed]:
    """What stands by name in one of the two and not in the other, or by another name."""
    were, are = (
        {named_date.of: named_date.name for named_date in contract.by_name} for contract in (old, new)
    )
    for of in dict.fromkeys((*are, *were)):
        before, after = were.get(of, ""), are.get(of, "")
        if before != after:
            yield Changed("contract", of, "", "changed", (before or NO_NAME,), (after or NO_NAME,))


def _by_name(nodes: tuple[Any, ...]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for node in nodes:
        found[node.name] = (*found.get(node.name, ()), node)
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

    def paid(self, folder: Path, as_of: date | None) -> ProgrammePayments:
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
        whole = {name: evolve(term, payments=(), advances=(), caps=()) for name, term in terms.items()}
        read = read_all(side.programme, whole, file)
        runs.append(side.priced({name: read[name] for name in side.terms if name in read}, as_of))
    return Compared(f"quantities {file}", payments(*runs))


def of_records(old: Side, new: Side, folder: Path, as_of: date | None) -> Compared:
    """What both pay on the records of a folder. Raises Refused as measuring them does."""
    return Compared(f"records {folder}", payments(old.paid(folder, as_of), new.paid(folder, as_of)))


# ------------------------------------------------------------------ words of what differs


def versions_of(nodes: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """Each version of a clause with the days on which it applies, in words; '' for all of the contract."""
    from sibdsl.dates import long

    for node in nodes:
        applies = getattr(node, "applies", None)
        words = []
        if applies is not None and applies.first:
            words.append(f"from {long(applies.first)}")
        if applies is not None and applies.last:
            words.append(f"to {long(applies.last)}")
        yield " ".join(words), node
