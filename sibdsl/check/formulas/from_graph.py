"""Closed formulas of what each payer pays each payee, from the steps of the price graph.

What cancels over a stretch of days is cancelled first: what a block advance has met by one quarter and by the next, what
a cap has cut by one and by the next. So a year's payments become one short sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from sibdsl.check.formulas.simplify import Simplifier
from sibdsl.check.formulas.tree import (
    Atom,
    Choice,
    Chosen,
    Count,
    IfMeasured,
    Linear,
    Parts,
    Rounded,
    atoms,
    in_money,
    inside,
    single,
    value,
)
from sibdsl.check.rules.affine import Affine, Forms
from sibdsl.dates import Period
from sibdsl.model.nodes import BlockAdvance, Cap, Contract, Payment, Programme, SharedCap
from sibdsl.model.who_pays import pairs
from sibdsl.price.blanks import stands_for_a_blank
from sibdsl.price.graph import (
    Choose,
    Graph,
    Greatest,
    Key,
    Known,
    Least,
    Line,
    Round,
    SplitPart,
    VerifiedQuantity,
    Withheld,
)
from sibdsl.source import Span

#: A choice used twice gets a letter when it has at least so many terms; one deep inside when it has so many more.
LONG = 5
DEEP = 12


@frozen
class Cite:
    """A clause that takes part in a formula, and where it stands."""

    clause: str
    name: str
    span: Span


@frozen
class PartyFormula:
    """What a payer pays a payee in some days; `letters` are choices written out once, each after those it uses."""

    payer: str
    payee: str
    days: Period
    when: str
    amount: Linear
    letters: tuple[tuple[str, Atom], ...]
    cites: tuple[Cite, ...] = field(repr=False)
    #: The lines of the graph that it is the sum of.
    lines: tuple[Line, ...] = field(repr=False)

    def value(self, quantities: Mapping[Key, Fraction]) -> Fraction:
        """What the formula comes to, exactly; absent quantities are 0."""
        return value(self.amount, quantities)

    def lettered(self) -> dict[Atom, str]:
        """Atom -> the letter that stands for it."""
        return {atom: name for name, atom in self.letters}


class Formulas:
    """Formulas of what one contract pays, in its own graph or in that of the programme that it is paid in.

    In a programme, whose contracts as varied are `terms`, a limit that they share makes what one pays hang on what the others
    achieve: their metrics are told by the contract's name.
    """

    def __init__(
        self,
        contract: Contract,
        graph: Graph,
        programme: Programme | None = None,
        terms: Mapping[str, Contract] | None = None,
    ) -> None:
        self.contract = contract
        self.graph = graph
        self.programme = programme or Programme.of_one(contract)
        self.within = self.programme.key(contract.name)
        self.forms = Forms(graph)
        others = {self.programme.key(name): contract for name, contract in (terms or {}).items()}
        self.simplifier = Simplifier({self.within: contract} | others, graph)
        self._steps: dict[int, Linear] = {}
        self._inputs: dict[int, Affine] = {}
        self._splits: dict[tuple[int, ...], Linear] = {}

    def in_days(self, days: Period, when: str, payer: str = "") -> tuple[PartyFormula, ...]:
        """What each payer (or the one named) pays each payee in those days, in the order of the clauses."""
        lines: dict[tuple[str, str], list[Line]] = {pair: [] for pair in pairs(self.contract)}
        for line in self.graph.lines:
            inner = line.segment.days
            mine = line.contract == self.within and payer in ("", line.payer)
            if mine and days.start <= inner.start and inner.end <= days.end:
                lines.setdefault((line.payer, line.payee), []).append(line)
        return tuple(self._formula(days, when, pair, found) for pair, found in lines.items() if found)

    def _formula(self, days: Period, when: str, pair: tuple[str, str], lines: list[Line]) -> PartyFormula:
        total = Affine()
        for line in lines:
            total = total.plus(self.forms.of(line.amount))
        amount = in_money(self.simplifier.merged(self.simplifier.short(self.linear(total))))
        return PartyFormula(
            *pair, days, when, amount, self._letters(amount), self._cites(lines), tuple(lines)
        )

    def _cites(self, lines: list[Line]) -> tuple[Cite, ...]:
        """The clauses behind the lines: payments in the order of the contract, then blocks, then caps.

        A block that was paid before counts too, where what is left of a limit depends on it.
        """
        rules = {line.rule for line in lines} | self._blocks_before({line.amount for line in lines})
        blocks: tuple[Payment | BlockAdvance | Cap | SharedCap, ...] = (
            *self.contract.payments,
            *self.contract.advances,
            *self.contract.caps,
            *self.programme.caps,
        )
        return tuple(Cite(block.clause, block.name, block.span) for block in blocks if block.name in rules)

    def _blocks_before(self, amounts: set[int]) -> set[str]:
        """The blocks whose amounts are steps behind these."""
        paid = {
            line.amount: line.rule
            for line in self.graph.lines
            if line.kind == "advance" and line.contract == self.within
        }
        behind, waiting = set[int](), list(amounts)
        while waiting and paid:
            number = waiting.pop()
            if number not in behind:
                behind.add(number)
                waiting += self.graph.steps[number].inputs
        return {rule for number, rule in paid.items() if number in behind}

    # -------------------------------------------------------------- steps

    def linear(self, form: Affine) -> Linear:
        """An affine form of the graph as a sum of atoms."""
        form = self.forms.whole_parts(form)
        self._work_out(form)
        return self._sum(form)

    def _sum(self, form: Affine) -> Linear:
        total = Linear(form.constant)
        splits: dict[tuple[tuple[int, ...], Fraction], list[int]] = {}
        for number, factor in form.terms.items():
            step = self.graph.steps[number]
            if isinstance(step, SplitPart):
                splits.setdefault((step.inputs, factor), []).append(number)
            else:
                total = total.plus(self._steps[number], factor)
        for (_, factor), numbers in splits.items():
            total = total.plus(self._parts(sorted(numbers)), factor)
        return self.simplifier.tidy(total)

    def _parts(self, numbers: list[int]) -> Linear:
        """Some parts of one split, worked out once: parts of parts would else be gone over again and again."""
        known = tuple(numbers)
        if known not in self._splits:
            self._splits[known] = self._parts_of(numbers)
        return self._splits[known]

    def _parts_of(self, numbers: list[int]) -> Linear:
        steps = [step for number in numbers if isinstance(step := self.graph.steps[number], SplitPart)]
        whole, *weights = (self._sum(self._input(operand)) for operand in steps[0].inputs)
        if whole == Linear():
            return Linear()
        taken = tuple(sorted(step.index for step in steps))
        return single(Parts(whole, tuple(weights), taken, steps[0].grain, numbers[0], steps[0].by == "due"))

    def _input(self, number: int) -> Affine:
        if number not in self._inputs:
            self._inputs[number] = self.forms.whole_parts(self.forms.of(number))
        return self._inputs[number]

    def _work_out(self, form: Affine) -> None:
        """Every step that the form is made of, each after its own inputs."""
        stack = list(form.terms)
        while stack:
            number = stack[-1]
            if number in self._steps:
                stack.pop()
                continue
            step = self.graph.steps[number]
            inputs = [self._input(operand) for operand in step.inputs]
            missing = [atom for affine in inputs for atom in affine.terms if atom not in self._steps]
            if missing:
                stack.extend(missing)
                continue
            self._steps[number] = self._step(number, inputs)

    def _step(self, number: int, inputs: list[Affine]) -> Linear:
        step = self.graph.steps[number]
        match step:
            case VerifiedQuantity(key=key) | Withheld(key=key):
                return single(_count(key))
            case Least(meaning=meaning) | Greatest(meaning=meaning):
                way = "min" if isinstance(step, Least) else "max"
                return self.simplifier.choice(
                    Choice(way, tuple(self._sum(affine) for affine in inputs), number, meaning)  # type: ignore[arg-type] # one of two
                )
            case Round(grain=grain, way=rounding):
                return single(Rounded(self._sum(inputs[0]), grain, rounding, number))
            case SplitPart():
                return self._parts([number])
            case Known(keys=keys) if stands_for_a_blank(step):
                then, other = (self._sum(affine) for affine in inputs)
                return (
                    then
                    if then == other
                    else single(IfMeasured(tuple(map(_count, keys)), (then, other), number))
                )
            case Known():
                return self._sum(inputs[0])
            case Choose(ranges=ranges, meaning=meaning):
                on, *parts = (self._sum(affine) for affine in inputs)
                return single(Chosen(on, ranges, tuple(parts), number, meaning))
        raise TypeError(type(step).__name__)

    # -------------------------------------------------------------- letters

    def _letters(self, amount: Linear) -> tuple[tuple[str, Atom], ...]:
        """Choices to write out once: those that are long and used again, and those that are deep and longer."""
        uses: dict[Atom, int] = {atom: 1 for atom, _ in amount.terms}
        every = list(atoms(amount))
        for atom in every:
            for one in inside(atom):
                for inner, _ in one.terms:
                    uses[inner] = uses.get(inner, 0) + 1
        found: list[Atom] = []
        outermost = {atom for atom, _ in amount.terms}
        written: dict[Atom, int] = {}
        for atom in every:
            if isinstance(atom, Count):
                written[atom] = 1
                continue
            size = 1 + sum(_written(linear, written) for linear in inside(atom))
            deep = atom not in outermost and size >= DEEP
            if isinstance(atom, Choice | Parts | Chosen) and (deep or (uses[atom] > 1 and size >= LONG)):
                found.append(atom)
                size = 1
            written[atom] = size
        taken = {metric.name for metric in self.contract.every_metric} | {
            band.name for band in self.contract.bands
        }
        taken |= {band.name for bands in self.contract.bands for band in bands.bands}
        names = (name for number in range(len(found) + len(taken)) if (name := letter(number)) not in taken)
        return tuple(zip(names, found, strict=False))


def _count(key: Key) -> Count:
    return Count(key.metric, key.band, key.segment.days, key.taken_of, contract=key.contract)


def _written(linear: Linear, written: Mapping[Atom, int]) -> int:
    plain = 1 if linear.constant or not linear.terms else 0
    return plain + sum(written[atom] for atom, _ in linear.terms)


def letter(number: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
