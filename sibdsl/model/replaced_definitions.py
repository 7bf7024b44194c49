"""Workings, scales, tables and investments that a variation replaces: whoever speaks of one reads the text of its own days.

Each text but the one in force stands under a name of its own, `Award, to 30 June 2026`, and so does every step, scale or sum that
is worked out from it. A clause that speaks of one is parted on the day, as if the variation had replaced it by its own words; a
metric has one text more, and one that is worked out is so by the text in force on the last day of its stretch.
Source of the rule: language reference, 'Workings, scales and scorecards replaced'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeVar

import attrs
from attrs import define, evolve, field, frozen

from sibdsl.dates import long
from sibdsl.model.nodes import (
    BlockAdvance,
    Cap,
    CapRow,
    Cohort,
    Contract,
    Deduction,
    Derived,
    EarlierCohort,
    EarlierFormula,
    EarlierMetric,
    Investment,
    Looked,
    Lookup,
    Metric,
    Payment,
    Value,
    Working,
    Workings,
)
from sibdsl.model.parted_clauses import DAY, Turn, parted
from sibdsl.source import Span

Definition = Workings | Lookup | Investment
Defined = TypeVar("Defined", Workings, Lookup, Investment)
Clause = TypeVar("Clause", Payment, BlockAdvance, Cap, Deduction)
Node = TypeVar("Node")
#: What a definition is found by: its kind and its name.
Name = tuple[type, str]


@define
class Texts:
    """What stood under each name before variations replaced it, each with the turn by which it ended, the earliest first."""

    start: date
    ended: dict[Name, list[tuple[Definition, Turn]]] = field(factory=dict)

    def put(self, before: tuple[Defined, ...], now: tuple[Defined, ...], turn: Turn) -> tuple[Defined, ...]:
        """The definitions in their order, each as it is now; those that are added come last. What stood before is kept."""
        new: dict[str, Defined] = {definition.name: definition for definition in now}
        found: list[Defined] = []
        for old in before:
            if old.name in new:
                self._end(old, turn)
            found.append(new.pop(old.name, old))
        found += new.values()
        return tuple(found)

    def _end(self, old: Definition, turn: Turn) -> None:
        """Note until when the texts before stand. One agreed later prevails from its day on, so that later ones have no day."""
        ended = self.ended.setdefault((type(old), old.name), [])
        over = [(text, other) for text, other in ended if other.order >= turn.order]
        kept = [(text, other) for text, other in ended if other.order < turn.order]
        if max(turn.order) > self.start:
            kept.append((over[0][0] if over else old, turn))
        ended[:] = kept


def in_their_texts(contract: Contract, texts: Texts) -> Contract:
    """The contract with what speaks of a definition that was replaced parted on its days, each reading the text of its own."""
    turns = sorted({turn for ended in texts.ended.values() for _, turn in ended}, key=lambda turn: turn.order)
    if not turns:
        return contract
    ages = [_Age.before(contract, texts, turn) for turn in turns]
    last = _Age.latest(contract, texts)
    whole = _Ages(tuple(ages), last, texts.start)
    return evolve(
        contract,
        payments=whole.parted(contract.payments),
        advances=whole.parted(contract.advances),
        deductions=whole.parted(contract.deductions),
        caps=whole.parted(contract.caps),
        metrics=tuple(whole.metric(metric) for metric in contract.metrics),
        cohorts=tuple(whole.cohort(cohort) for cohort in contract.cohorts),
        derived=tuple(whole.derived(metric) for metric in contract.derived),
        workings=(*(last.own(one) for one in contract.workings), *(one for age in ages for one in age.of(Workings))),
        lookups=(*contract.lookups, *(one for age in ages for one in age.of(Lookup))),
        investments=(*contract.investments, *(one for age in ages for one in age.of(Investment))),
    )  # fmt: skip


@frozen(eq=False)
class _Age:
    """The texts of one time, and how what speaks of them is written: `turn` ends it, and is None of the one in force."""

    turn: Turn | None
    definitions: tuple[Definition, ...]
    steps: frozenset[str]
    tables: dict[str, Lookup]
    invested: frozenset[str]

    @classmethod
    def before(cls, contract: Contract, texts: Texts, turn: Turn) -> _Age:
        """The texts that stood to the day before a turn."""
        return cls._of(contract, texts, turn)

    @classmethod
    def latest(cls, contract: Contract, texts: Texts) -> _Age:
        """The texts in force."""
        return cls._of(contract, texts, None)

    @classmethod
    def _of(cls, contract: Contract, texts: Texts, turn: Turn | None) -> _Age:
        def stood(one: Definition) -> Definition:
            ended = texts.ended.get((type(one), one.name), [])
            return next(
                (text for text, other in ended if turn is not None and other.order >= turn.order), one
            )

        names = texts.ended
        tables = {name for kind, name in names if kind is Lookup}
        steps = _hanging(contract, texts, tables)
        of_steps = [one for one in contract.workings if any(step.name in steps for step in one.steps)]
        others: list[Definition] = [
            *(one for one in contract.lookups if one.name in tables),
            *(one for one in contract.investments if (Investment, one.name) in names),
        ]
        found = tuple(stood(one) for one in (*of_steps, *others))
        read = {one.name: one for one in found if isinstance(one, Lookup)}
        invested = frozenset(one.name for one in found if isinstance(one, Investment))
        return cls(turn, found, steps, read, invested)

    @property
    def said(self) -> str:
        """What comes after a name that stood before: `, to 30 June 2026`."""
        return f", to {long(self.turn.effective - DAY)}" if self.turn is not None else ""

    def of(self, kind: type[Defined]) -> Iterator[Defined]:
        """The definitions of a kind under the names that they have in this age."""
        for one in self.definitions:
            if isinstance(one, kind):
                yield evolve(self.own(one), name=f"{one.name}{self.said}")

    def own(self, one: Node) -> Node:
        """A node as it reads in this age."""
        return rewritten(one, self._named)

    def _named(self, node: object) -> object:
        match node:
            case Working(name=name) if name in self.steps:
                return evolve(node, name=f"{name}{self.said}")
            case Looked(table=name) if name in self.tables:
                return evolve(_read(node, self.tables[name]), table=f"{name}{self.said}")
            case CapRow(return_on=name) if name in self.invested:
                return evolve(node, return_on=f"{name}{self.said}")
            case Workings(steps=steps) if any(step.name in self.steps for step in steps):
                named = (evolve(step, name=f"{step.name}{self.said}") for step in steps)
                return evolve(node, steps=tuple(named))
        return node


def _read(looked: Looked, table: Lookup) -> Looked:
    """What is read of a table at a fixed key is read of this text of it."""
    if looked.holds is None or not isinstance(looked.key, Value):
        return looked
    held = {key.value: value.value for key, value in table.values(looked.column)}
    return evolve(looked, holds=held.get(looked.key.value))  # type: ignore[arg-type] # a number, as before


def _hanging(contract: Contract, texts: Texts, tables: set[str]) -> frozenset[str]:
    """The steps that a replaced text works out, and those that hang on one, whichever text it is."""
    every = [
        *contract.workings,
        *(text for ended in texts.ended.values() for text, _ in ended if isinstance(text, Workings)),
    ]
    found = {step.name for one in every if (Workings, one.name) in texts.ended for step in one.steps}
    while True:
        more = {
            step.name
            for one in every
            if any(_speaks(step.amount, frozenset(found), tables, frozenset()) for step in one.steps)
            for step in one.steps
        }
        if more <= found:
            return frozenset(found)
        found |= more


def _speaks(node: object, steps: frozenset[str], tables: set[str] | dict[str, Lookup], invested: frozenset[str]) -> bool:  # fmt: skip
    for part in _within(node):
        match part:
            case Working(name=name) if name in steps:
                return True
            case Looked(table=name) if name in tables:
                return True
            case CapRow(return_on=name) if name in invested:
                return True
    return False


@frozen
class _Ages:
    """The ages before each turn, in their order, and the one in force."""

    before: tuple[_Age, ...]
    last: _Age
    start: date

    def speaks(self, node: object) -> bool:
        """Whether a node speaks of what was replaced."""
        return _speaks(node, self.last.steps, self.last.tables, self.last.invested)

    def parted(self, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        """Each clause that speaks of what was replaced in its parts."""
        found: list[Clause] = []
        for clause in clauses:
            left = [clause]
            for age in self.before if self.speaks(clause) else ():
                if left and age.turn is not None:
                    old, left = parted(left[0], age.turn, self.start)
                    found += [age.own(one) for one in old]
            found += [self.last.own(one) for one in left]
        return tuple(found)

    def derived(self, metric: Derived) -> Derived:
        """A metric that is worked out, with a text more for each turn where it speaks of what was replaced."""
        if not any(self.speaks(formula) for formula in metric.formulas):
            return metric
        earlier = tuple(
            EarlierFormula(
                age.own(next((one.formula for one in metric.earlier if last <= one.last), metric.formula)),
                last,
            )
            for last, age in self._lasts([one.last for one in metric.earlier])
        )
        return evolve(
            metric,
            formula=self.last.own(metric.formula),
            areas=self.last.own(metric.areas),
            earlier=earlier,
        )

    def metric(self, metric: Metric) -> Metric:
        """A metric that counts rows, with a text more for each turn where it speaks of what was replaced."""
        own = evolve(metric, earlier=())
        if not self.speaks(metric):
            return metric
        earlier = []
        for last, age in self._lasts([one.last for one in metric.earlier]):
            stood = next((one for one in metric.earlier if last <= one.last), None)
            text = own if stood is None else stood.metric
            bands = None if stood is None else stood.bands
            earlier.append(EarlierMetric(age.own(text), last, bands))
        return evolve(self.last.own(own), earlier=tuple(earlier))

    def cohort(self, cohort: Cohort) -> Cohort:
        """The same of a cohort."""
        own = evolve(cohort, earlier=())
        if not self.speaks(cohort):
            return cohort
        earlier = tuple(
            EarlierCohort(
                age.own(next((one.cohort for one in cohort.earlier if last <= one.last), own)), last
            )
            for last, age in self._lasts([one.last for one in cohort.earlier])
        )
        return evolve(self.last.own(own), earlier=earlier)

    def _lasts(self, own: list[date]) -> Iterator[tuple[date, _Age]]:
        """The last day of each text, and the age in which it stands."""
        turned = {age.turn.effective - DAY for age in self.before if age.turn is not None}
        for last in sorted({*own, *(day for day in turned if day >= self.start)}):
            yield (
                last,
                next(
                    (age for age in self.before if age.turn is not None and age.turn.effective > last),
                    self.last,
                ),
            )


# ------------------------------------------------------------------ nodes


def rewritten(node: Node, change: Callable[[object], object]) -> Node:
    """A node with every part as `change` gives it, from the innermost outwards; the same object where nothing changes."""
    found: Any = node
    if isinstance(node, tuple):
        parts = tuple(rewritten(part, change) for part in node)
        if any(new is not old for new, old in zip(parts, node, strict=True)):
            found = parts
    elif attrs.has(type(node)) and not isinstance(node, Span):
        held = {one.name: getattr(node, one.name) for one in attrs.fields(type(node))}  # type: ignore[arg-type] # a node
        new = {name: rewritten(value, change) for name, value in held.items()}
        changed = {name: value for name, value in new.items() if value is not held[name]}
        found = evolve(found, **changed) if changed else found
    return change(found)  # type: ignore[return-value] # of the same type


def _within(node: object) -> Iterator[object]:
    """A node and every part of it."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, tuple):
            waiting += part
        elif attrs.has(type(part)) and not isinstance(part, Span):
            waiting += [getattr(part, one.name) for one in attrs.fields(type(part))]  # type: ignore[arg-type] # a node
