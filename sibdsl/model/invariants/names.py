"""What the contract names, and the small tests that every part of the invariants is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Protocol

import attrs

from sibdsl.model import nodes
from sibdsl.model.nodes import Contract
from sibdsl.model.types import NUMERIC, Kind
from sibdsl.source import NOWHERE, Span


class Broken(AssertionError):
    """The model does not hold together: a fault of the program that made it. Says what and where."""


def true(condition: object, what: str) -> None:
    """Raise Broken, saying what is so, unless the condition is true."""
    if not condition:
        raise Broken(what)


def place_of(node: object) -> Span:
    """Where the text says a node; NOWHERE for what has no place."""
    match node:
        case object(span=Span() as span):
            return span
    return NOWHERE


def walk(value: object) -> Iterator[tuple[object, Span]]:
    """Every value held anywhere in a node, each with the nearest place in the text; nodes before what they hold."""
    todo: list[tuple[object, Span]] = [(value, NOWHERE)]
    while todo:
        at, place = todo.pop()
        sort: Any = type(at)
        if attrs.has(sort) and sort is not Span:
            here = place_of(at)
            place = here if here.line else place
            yield at, place
            todo.extend((getattr(at, field.name), place) for field in reversed(attrs.fields(sort)))
        else:
            yield at, place
            if isinstance(at, tuple):
                todo.extend((one, place) for one in reversed(at))


class _Named(Protocol):
    @property
    def name(self) -> str: ...


@attrs.define(init=False)
class Names:
    """Everything that the contract names, by its name."""

    parties: frozenset[str]
    values: dict[str, nodes.Particular | nodes.Assumption]
    records: dict[str, nodes.Records]
    lookups: dict[str, nodes.Lookup]
    cohorts: dict[str, nodes.Cohort]
    bands: dict[str, nodes.Bands]
    metrics: dict[str, nodes.AnyMetric]
    payments: dict[str, nodes.Payment]
    blocks: frozenset[str]
    scenarios: dict[str, nodes.Scenario]
    caps: frozenset[str]
    deductions: frozenset[str]
    investments: frozenset[str]
    #: What each step of workings comes to, by its name.
    steps: dict[str, Kind]

    def __init__(self, contract: Contract) -> None:
        self.values = {particular.name: particular for particular in contract.particulars}
        self.values.update({assumption.name: assumption for assumption in contract.assumptions})
        self.records = {record.name: record for record in contract.records}
        self.lookups = {lookup.name: lookup for lookup in contract.lookups}
        self.cohorts = {cohort.name: cohort for cohort in contract.cohorts}
        self.bands = {band.name: band for band in contract.bands}
        self.metrics = {metric.name: metric for metric in contract.every_metric}
        self.payments = {payment.name: payment for payment in contract.payments}
        self.scenarios = {scenario.name: scenario for scenario in contract.scenarios}
        self.parties = frozenset(party.name for party in contract.parties)
        self.blocks = frozenset(advance.name for advance in contract.advances)
        self.caps = frozenset(cap.name for cap in contract.caps)
        self.deductions = frozenset(deduction.name for deduction in contract.deductions)
        self.investments = frozenset(investment.name for investment in contract.investments)
        self.steps = {step.name: step.amount.kind for block in contract.workings for step in block.steps}
        groups: tuple[tuple[_Named, ...], ...] = (
            contract.parties, contract.particulars, contract.assumptions, contract.lookups, contract.records, contract.cohorts,
            contract.bands, contract.every_metric, contract.payments, contract.advances, contract.caps, contract.deductions, contract.rules,
            contract.scenarios, contract.examples, contract.investments,
        )  # fmt: skip
        every = [named.name for group in groups for named in group]
        once(every, "the contract")
        true(all(every) and contract.name, "something in the contract has no name")


def once(names: Iterable[str], where: str) -> None:
    """No name twice."""
    seen: set[str] = set()
    for name in names:
        true(name not in seen, f"{name} is named twice in {where}")
        seen.add(name)


def known(name: str, among: Iterable[str], where: str, sort: str) -> None:
    """A name among those that there are."""
    true(name in among, f"{where} speaks of {sort} {name or '(no name)'}, which there is not")


def kind_holds(kind: Kind, value: Fraction | date | str | None, where: str) -> None:
    """A value of the type that its kind has."""
    wanted = Fraction if kind in NUMERIC else date if kind == "date" else str
    fits = value is None or (isinstance(value, wanted) and not isinstance(value, datetime))
    true(fits, f"{where} is {kind} and holds {value!r}")


def column_is(table: nodes.Records, name: str, where: str, *kinds: str) -> None:
    """A column that the table has, of one of the kinds if any are named."""
    column = table.column(name)
    true(column, f"{where} speaks of column {name}, which {table.name} have not")
    kind = column.kind if column else ""
    true(
        not kinds or kind in kinds,
        f"{where} reads {name} of {table.name} as {' or '.join(kinds)}; it holds {kind}",
    )


def acyclic(needs: Mapping[str, Iterable[str]], sort: str) -> None:
    """Nothing hangs on itself."""
    left = {name: set(after) for name, after in needs.items()}
    while left:
        ready = [name for name, after in left.items() if not after & left.keys()]
        true(ready, f"{sort} {next(iter(left))} hangs on itself, by way of {', '.join(left)}")
        for name in ready:
            del left[name]
