"""One rule in one horizon as a small problem: a few whole unknowns and the choices that make payments bend.

Quantities of neighbouring periods that always count alike are taken together: whatever they come to in all can all
have happened in the last of them, so nothing is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import field, frozen

from sibdsl.check.rules.affine import Affine, Forms
from sibdsl.check.rules.horizons import Every, Formula, No, Some, Test
from sibdsl.model.admissible import Implied
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import Segment
from sibdsl.model.signs import fall_below
from sibdsl.price.graph import Choose, Key, Part, Quantity, Round, Step

#: Stands for a quantity that another, with which it always counts alike, stands for.
FOLDED = -1


@frozen(order=True)
class Unknown:
    """The total of a metric (in a band) over neighbouring segments."""

    place: int
    metric: str
    band: str
    segments: tuple[Segment, ...] = field(order=False)
    #: Whether it is a whole number, and whether it may be below nought.
    whole: bool = field(default=True, order=False)
    below: bool = field(default=False, order=False)

    @property
    def key(self) -> Key:
        """Where the whole of it is put when it is executed: the last of its segments."""
        return Key(self.segments[-1], self.metric, self.band)


@frozen
class Problem:
    """Unknowns (whole numbers from 0), what is implied between them, choices in order, and the formula to decide."""

    unknowns: tuple[Unknown, ...]
    of_atom: dict[int, int]
    implied: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    choices: tuple[tuple[int, Step, tuple[Affine, ...]], ...]
    formula: Formula


def tests_of(formula: Formula) -> Iterator[Test]:
    """Every comparison in a formula."""
    match formula:
        case Test():
            yield formula
        case Every(parts) | Some(parts):
            for part in parts:
                yield from tests_of(part)
        case No(part):
            yield from tests_of(part)


def reduce(contract: Contract, forms: Forms, formula: Formula, implied: tuple[Implied, ...]) -> Problem:
    """The small problem behind a formula."""
    choices = _choices(forms, formula)
    every = [one.form for one in tests_of(formula)] + [form for _, _, inputs in choices for form in inputs]
    weights: dict[Key, tuple[tuple[int, Fraction], ...]] = {}
    atoms: dict[Key, int] = {}
    found: dict[Key, list[tuple[int, Fraction]]] = {}
    for number, form in enumerate(every):
        for atom, coefficient in form.terms.items():
            step = forms.graph.steps[atom]
            if isinstance(step, Quantity):
                found.setdefault(step.key, []).append((number, coefficient))
                atoms[step.key] = atom
    weights = {key: tuple(one) for key, one in found.items()}
    pairs, metrics = _linked({key.metric for key in weights}, implied)
    groups = _groups(contract, forms, metrics, weights)
    below = fall_below(contract)
    domains = {one.name: (one.whole, one.name in below) for one in contract.every_metric}
    unknowns: list[Unknown] = []
    of_atom: dict[int, int] = {}
    for place, group in enumerate(groups):
        for metric in metrics:
            for band in _bands(contract, metric):
                for segment in group:
                    key = Key(segment, metric, band)
                    if key in atoms:
                        last = segment is group[-1]
                        of_atom[atoms[key]] = len(unknowns) if last else FOLDED
                unknowns.append(Unknown(place, metric, band, group, *domains[metric]))
    limits = tuple(
        (_to_date(unknowns, one.fewer, place), _to_date(unknowns, one.more, place))
        for one in pairs
        for place in range(len(groups))
    )
    return Problem(tuple(unknowns), of_atom, limits, choices, formula)


def _choices(forms: Forms, formula: Formula) -> tuple[tuple[int, Step, tuple[Affine, ...]], ...]:
    """Every choice behind the formula, each after those that it is made from."""
    wanted: set[int] = set()
    stack = [atom for one in tests_of(formula) for atom in one.form.terms]
    inputs: dict[int, tuple[Affine, ...]] = {}
    while stack:
        atom = stack.pop()
        step = forms.graph.steps[atom]
        if atom in wanted or isinstance(step, Quantity):
            continue
        wanted.add(atom)
        inputs[atom] = tuple(forms.whole_parts(forms.of(one)) for one in step.inputs)
        stack.extend(inner for form in inputs[atom] for inner in form.terms)
    return tuple((atom, forms.graph.steps[atom], inputs[atom]) for atom in sorted(wanted))


def _linked(used: set[str], implied: tuple[Implied, ...]) -> tuple[list[Implied], list[str]]:
    """What is implied of the metrics used, directly or by way of others; and all those metrics."""
    names = set(used)
    while True:
        pairs = [one for one in implied if one.fewer in names or one.more in names]
        more = names | {name for one in pairs for name in (one.fewer, one.more)}
        if more == names:
            return pairs, sorted(names)
        names = more


def _groups(
    contract: Contract, forms: Forms, metrics: list[str], weights: dict[Key, tuple[tuple[int, Fraction], ...]]
) -> list[tuple[Segment, ...]]:
    """Neighbouring segments in which every quantity counts alike, up to the last that counts at all."""
    counted: list[tuple[Segment, tuple[object, ...]]] = []
    for segment in forms.graph.segments:
        signature = tuple(
            weights.get(Key(segment, metric, band), ())
            for metric in metrics
            for band in _bands(contract, metric)
        )
        counted.append((segment, signature))
    while counted and not any(counted[-1][1]):
        counted.pop()
    groups: list[list[Segment]] = []
    last: tuple[object, ...] | None = None
    for segment, alike in counted:
        if alike == last:
            groups[-1].append(segment)
        else:
            groups.append([segment])
            last = alike
    return [tuple(group) for group in groups]


def _bands(contract: Contract, metric: str) -> tuple[str, ...]:
    wanted = next(one.bands for one in contract.every_metric if one.name == metric)
    return next(
        (tuple(band.name for band in one.bands) for one in contract.bands if one.name == wanted), ("",)
    )


def _to_date(unknowns: list[Unknown], metric: str, place: int) -> tuple[int, ...]:
    return tuple(number for number, one in enumerate(unknowns) if one.metric == metric and one.place <= place)


def shape(problem: Problem) -> object:
    """What is left of a problem without its periods' names: problems of one shape have one answer."""
    names: dict[int, object] = dict(problem.of_atom)
    for order, (atom, _, _) in enumerate(problem.choices):
        names[atom] = ("choice", order)

    def form(one: Affine) -> object:
        return one.constant, frozenset(
            (names[atom], factor) for atom, factor in one.terms.items() if names[atom] != FOLDED
        )

    def formula(one: Formula) -> object:
        match one:
            case Test(inner, op):
                return op, form(inner)
            case No(part):
                return "no", formula(part)
            case Every(parts) | Some(parts):
                return type(one).__name__, tuple(formula(part) for part in parts)

    return (
        tuple((one.place, one.metric, one.band, one.whole, one.below) for one in problem.unknowns),
        problem.implied,
        tuple((_kind(step), tuple(form(one) for one in inputs)) for _, step, inputs in problem.choices),
        formula(problem.formula),
    )


def _kind(step: Step) -> object:
    if isinstance(step, Round):
        return "round", step.grain, step.way
    if isinstance(step, Choose):
        return "choose", step.ranges
    return ("part", step.index, step.by) if isinstance(step, Part) else type(step).__name__
