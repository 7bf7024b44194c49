"""What differs between two contracts: clause by clause, and in what they pay. Source: commands reference, `sib diff`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal

from attrs import frozen

from sibdsl.dates import year_name, year_start
from sibdsl.model.nodes import Contract
from sibdsl.settle.payments import Payments

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


@frozen
class Changed:
    """One clause that differs. `before` and `after` are its nodes in each contract, several where it has versions in time."""

    kind: str
    name: str
    clause: str
    change: Change
    before: tuple[Any, ...]
    after: tuple[Any, ...]


@frozen
class Moved:
    """What one payer pays one payee for a contract year, in each of two runs. Amounts in units of the currency."""

    payer: str
    payee: str
    year: str
    before: Fraction
    after: Fraction

    @property
    def difference(self) -> Fraction:
        """After less before."""
        return self.after - self.before


def clauses(old: Contract, new: Contract) -> tuple[Changed, ...]:
    """Every part of the heading and every clause that differs in meaning, in the order of the new contract."""
    found: list[Changed] = []
    for field in ("name", *_HEADING):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            name = field.replace("_last", "").replace("_", " ")
            found.append(Changed("contract", name, "", "changed", (before,), (after,)))
    found += _named(old, new)
    for field, kind in _BLOCKS.items():
        were, are = _by_name(getattr(old, field)), _by_name(getattr(new, field))
        for name in dict.fromkeys((*are, *were)):
            before, after = were.get(name, ()), are.get(name, ())
            if before != after:
                change: Change = "added" if not before else ("removed" if not after else "changed")
                clause = next((getattr(one, "clause", "") for one in (*after, *before)), "")
                found.append(Changed(kind, name, clause, change, before, after))
    return tuple(found)


def _named(old: Contract, new: Contract) -> Iterator[Changed]:
    """What stands by name in one of the two and not in the other, or by another name."""
    were, are = ({one.of: one.name for one in each.by_name} for each in (old, new))
    for of in dict.fromkeys((*are, *were)):
        before, after = were.get(of, ""), are.get(of, "")
        if before != after:
            yield Changed("contract", of, "", "changed", (before or NO_NAME,), (after or NO_NAME,))


def _by_name(nodes: tuple[Any, ...]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for one in nodes:
        found[one.name] = (*found.get(one.name, ()), one)
    return found


def payments(old: Payments, new: Payments) -> tuple[Moved, ...]:
    """What each payer pays each payee for each contract year, where either run pays anything.

    A line belongs to the year of the days that it speaks of, an adjustment to the year that it adjusts.
    """
    before, after = _by_year(old), _by_year(new)
    return tuple(
        Moved(*key, before.get(key, Fraction(0)), after.get(key, Fraction(0)))
        for key in sorted({*before, *after}, key=lambda key: (key[0], key[1], key[2]))
    )


def _by_year(run: Payments) -> Mapping[tuple[str, str, str], Fraction]:
    sums: dict[tuple[str, str, str], Fraction] = {}
    for one in run.lines:
        year = year_name(year_start(one.line.segment.days.start, run.contract.years_begin))
        key = (one.line.payer, one.line.payee, year)
        sums[key] = sums.get(key, Fraction(0)) + one.amount
    return sums


def versions_of(nodes: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """Each version of a clause with the days on which it applies, in words; '' for all of the contract."""
    from sibdsl.dates import long

    for one in nodes:
        applies = getattr(one, "applies", None)
        words = []
        if applies is not None and applies.first:
            words.append(f"from {long(applies.first)}")
        if applies is not None and applies.last:
            words.append(f"to {long(applies.last)}")
        yield " ".join(words), one
