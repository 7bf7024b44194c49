"""One rule in one horizon as a small problem: a few unknowns and the choices that make payments bend.

Quantities of neighbouring periods that always count alike, and are bounded alike, are taken together: whatever they come
to in all can all have happened in the first of them, so nothing is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import evolve, field, frozen

from sibdsl.check.rules.affine import Affine, Forms
from sibdsl.check.rules.horizons import Every, Formula, No, Some, Test
from sibdsl.check.rules.within import Terms
from sibdsl.check.rules.worked import WorkedMetric, worked
from sibdsl.model.admissible_quantities import possible
from sibdsl.model.admissible_quantities.at_most import Most
from sibdsl.model.admissible_quantities.implied_by_metrics import Implied
from sibdsl.model.nodes import Contract
from sibdsl.model.periods import Segment
from sibdsl.price.graph import Choose, Graph, Key, Known, Round, SplitPart, Step, VerifiedQuantity

#: Stands for a quantity that another, with which it always counts alike, stands for.
FOLDED = -1


@frozen(order=True)
class Unknown:
    """The total of a metric (in a band) of one contract over neighbouring segments."""

    place: int
    metric: str
    band: str
    contract: str
    segments: tuple[Segment, ...] = field(order=False)
    #: Whether it is a whole number, and whether it may be below nought.
    whole: bool = field(default=True, order=False)
    below: bool = field(default=False, order=False)
    #: Whether there may be nothing to measure, and whether it is worked out from others.
    blank: bool = field(default=False, order=False)
    derived: bool = field(default=False, order=False)

    @property
    def key(self) -> Key:
        """Where the whole of it is put when it is executed: the first of its segments."""
        return Key(self.segments[0], self.metric, self.band, self.contract)


@frozen
class Problem:
    """Unknowns, what bounds them, choices in order, and the formula to decide.

    `implied`: the unknowns of the first places come to no more than those of the second. `limits`: those of the places come
    to no more than the number. `worked`: how an unknown is made from others. `of_key`: the places of those that may be blank.
    """

    unknowns: tuple[Unknown, ...]
    of_atom: dict[int, int]
    implied: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    choices: tuple[tuple[int, Step, tuple[Affine, ...]], ...]
    formula: Formula
    limits: tuple[tuple[tuple[int, ...], int], ...] = ()
    worked: tuple[tuple[int, WorkedMetric], ...] = ()
    of_key: dict[Key, int] = field(factory=dict)


def in_whole(problem: Problem) -> Problem:
    """The problem among whole numbers only, where quantities need not be whole."""
    unknowns = tuple(
        unknown if unknown.derived else evolve(unknown, whole=True) for unknown in problem.unknowns
    )
    return evolve(problem, unknowns=unknowns)


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


@frozen
class _Group:
    """Neighbouring segments of a contract that are taken together, and the metrics of which they hold quantities."""

    terms: Terms
    metrics: tuple[str, ...]
    segments: tuple[Segment, ...]


@frozen
class _Used:
    """What a problem uses of one contract: what is implied and bounds its metrics, and how its segments go together."""

    terms: Terms
    implied: tuple[Implied, ...]
    bounds: tuple[Most, ...]
    groups: tuple[_Group, ...]


def reduce(contracts: Sequence[Terms], forms: Forms, formula: Formula) -> Problem:
    """The small problem behind a formula, among the contracts that are paid together."""
    choices = _choices(forms, formula)
    every = [test_row.form for test_row in tests_of(formula)] + [
        form for _, _, inputs in choices for form in inputs
    ]
    weights = Weights(forms.graph)
    for number, form in enumerate(every):
        weights.add(number, form)
    for number, (_, step, _) in enumerate(choices):
        for key in step.keys if isinstance(step, Known) else ():
            weights.note(("known", number), key)
    made = [pair for terms in contracts for pair in worked(terms, forms.graph, weights.of(terms))]
    for number, (_, worked_metric) in enumerate(made):
        for form in (worked_metric.top, worked_metric.bottom):
            weights.add(("worked", number), form)
        for key in worked_metric.needs:
            weights.note(("worked", number), key)
    used = [_used(terms, weights) for terms in contracts]
    # Of groups that begin on one day those of the contract that comes first by name go first.
    groups = sorted(
        (group for one in used for group in one.groups), key=lambda group: group.segments[0].days.start
    )
    unknowns: list[Unknown] = []
    of_atom: dict[int, int] = {}
    of_key: dict[Key, int] = {}
    domains = {one.terms.key: _domains(one.terms.contract) for one in used if one.groups}
    for place, group in enumerate(groups):
        for metric in group.metrics:
            for band in _bands(group.terms.contract, metric):
                for segment in group.segments:
                    key = Key(segment, metric, band, group.terms.key)
                    if key in weights.atoms:
                        first = segment is group.segments[0]
                        of_atom[weights.atoms[key]] = len(unknowns) if first else FOLDED
                        of_key[key] = len(unknowns)
                unknowns.append(
                    Unknown(
                        place,
                        metric,
                        band,
                        group.terms.key,
                        group.segments,
                        *domains[group.terms.key][metric],
                    )
                )
    implied = tuple(
        (_to_date(unknowns, mine.terms, one.fewer, place), _to_date(unknowns, mine.terms, one.more, place))
        for mine in used
        for one in mine.implied
        for place, group in enumerate(groups)
        if group.terms is mine.terms
    )
    limits = tuple(
        (places, bound.most)
        for mine in used
        for bound in mine.bounds
        if (places := _under(unknowns, mine.terms, bound))
    )
    known = tuple((of_key[key], worked_metric) for key, worked_metric in made)
    return Problem(tuple(unknowns), of_atom, implied, choices, formula, limits, known, of_key)


def _used(terms: Terms, weights: Weights) -> _Used:
    pairs, metrics = _linked({key.metric for key in weights.of(terms)}, terms.implied)
    bounds = tuple(bound for bound in terms.bounds if bound.metric in metrics)
    groups = tuple(
        _Group(terms, tuple(metrics), segments) for segments in _groups(terms, metrics, weights.found, bounds)
    )
    return _Used(terms, tuple(pairs), bounds, groups)


def _domains(contract: Contract) -> dict[str, tuple[bool, bool, bool, bool]]:
    """Of each metric: whether its quantities are whole, may be below nought, may be blank, and are worked out."""
    made_of_others = {metric.name for metric in contract.derived}
    return {
        name: (domain.whole, domain.below_nought, domain.blank, name in made_of_others)
        for name, domain in possible(contract).items()
    }


class Weights:
    """How often each quantity counts in each of the forms of a problem."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.found: dict[Key, tuple[tuple[object, Fraction], ...]] = {}
        #: The step of each quantity that counts.
        self.atoms: dict[Key, int] = {}

    def add(self, what: object, form: Affine) -> None:
        """Count the quantities of a form."""
        for atom, coefficient in form.terms.items():
            step = self.graph.steps[atom]
            if isinstance(step, VerifiedQuantity):
                self.note(what, step.key, coefficient)

    def of(self, terms: Terms) -> tuple[Key, ...]:
        """The quantities of one contract that count."""
        return tuple(key for key in self.found if key.contract == terms.key)

    def note(self, what: object, key: Key, coefficient: Fraction = Fraction(0)) -> None:
        """Count one quantity."""
        self.found[key] = (*self.found.get(key, ()), (what, coefficient))
        self.atoms[key] = self.graph.add(VerifiedQuantity(key))


def _under(unknowns: list[Unknown], terms: Terms, limit: Most) -> tuple[int, ...]:
    """The places of the contract's unknowns of which a bound speaks."""
    return tuple(
        number
        for number, unknown in enumerate(unknowns)
        if unknown.contract == terms.key and limit.holds(unknown.metric, unknown.band, unknown.segments[0])
    )


def _choices(forms: Forms, formula: Formula) -> tuple[tuple[int, Step, tuple[Affine, ...]], ...]:
    """Every choice behind the formula, each after those that it is made from."""
    wanted: set[int] = set()
    stack = [atom for test_row in tests_of(formula) for atom in test_row.form.terms]
    inputs: dict[int, tuple[Affine, ...]] = {}
    while stack:
        atom = stack.pop()
        step = forms.graph.steps[atom]
        if atom in wanted or isinstance(step, VerifiedQuantity):
            continue
        wanted.add(atom)
        inputs[atom] = tuple(forms.whole_parts(forms.of(operand)) for operand in step.inputs)
        stack.extend(inner for form in inputs[atom] for inner in form.terms)
    return tuple((atom, forms.graph.steps[atom], inputs[atom]) for atom in sorted(wanted))


def _linked(used: set[str], implied: tuple[Implied, ...]) -> tuple[list[Implied], list[str]]:
    """What is implied of the metrics used, directly or by way of others; and all those metrics."""
    names = set(used)
    while True:
        pairs = [one for one in implied if one.fewer in names or one.more in names]
        more = names | {name for pair in pairs for name in (pair.fewer, pair.more)}
        if more == names:
            return pairs, sorted(names)
        names = more


def _groups(
    terms: Terms,
    metrics: list[str],
    weights: dict[Key, tuple[tuple[object, Fraction], ...]],
    bounds: tuple[Most, ...],
) -> list[tuple[Segment, ...]]:
    """A contract's neighbouring segments in which every quantity counts and is bounded alike, up to the last that counts at all.

    What does not add up is never taken together.
    """
    contract = terms.contract
    measured = {metric.name for metric in contract.every_metric if metric.measured is not None}
    counted: list[tuple[Segment, tuple[object, ...], tuple[object, ...]]] = []
    for segment in terms.segments:
        keys = [
            Key(segment, metric, band, terms.key) for metric in metrics for band in _bands(contract, metric)
        ]
        signature = tuple(weights.get(key, ()) for key in keys)
        bounded = tuple(
            number
            for number, bound in enumerate(bounds)
            for key in keys
            if bound.holds(key.metric, key.band, segment)
        )
        alone = segment if any(key in weights and key.metric in measured for key in keys) else None
        counted.append((segment, signature, (bounded, alone)))
    while counted and not any(counted[-1][1]):
        counted.pop()
    groups: list[list[Segment]] = []
    last: object = None
    for segment, *alike in counted:
        if alike == last:
            groups[-1].append(segment)
        else:
            groups.append([segment])
            last = alike
    return [tuple(group) for group in groups]


def _bands(contract: Contract, metric: str) -> tuple[str, ...]:
    wanted = next(other_metric.bands for other_metric in contract.every_metric if other_metric.name == metric)
    return next(
        (tuple(band.name for band in bands.bands) for bands in contract.bands if bands.name == wanted), ("",)
    )


def _to_date(unknowns: list[Unknown], terms: Terms, metric: str, place: int) -> tuple[int, ...]:
    return tuple(
        number
        for number, unknown in enumerate(unknowns)
        if (unknown.contract, unknown.metric) == (terms.key, metric) and unknown.place <= place
    )


def shape(problem: Problem) -> object:
    """What is left of a problem without its periods' names: problems of one shape have one answer."""
    names: dict[int, object] = dict(problem.of_atom)
    for order, (atom, _, _) in enumerate(problem.choices):
        names[atom] = ("choice", order)

    def form(affine: Affine) -> object:
        # In the order of the terms, which is the order in which z3 is told of them.
        return affine.constant, tuple(
            (names[atom], factor) for atom, factor in affine.terms.items() if names[atom] != FOLDED
        )

    def formula(other_formula: Formula) -> object:
        match other_formula:
            case Test(inner, op):
                return op, form(inner)
            case No(part):
                return "no", formula(part)
            case Every(parts) | Some(parts):
                return type(other_formula).__name__, tuple(formula(part) for part in parts)

    def kind(step: Step) -> object:
        if isinstance(step, Known):
            return "known", tuple(problem.of_key[key] for key in step.keys)
        return _kind(step)

    return (
        tuple(
            (unknown.place, unknown.contract, unknown.metric, unknown.band, unknown.whole, unknown.below)
            for unknown in problem.unknowns
        ),
        problem.implied,
        problem.limits,
        tuple(
            (
                at,
                form(worked_metric.top),
                form(worked_metric.bottom),
                tuple(problem.of_key[key] for key in worked_metric.needs),
            )
            for at, worked_metric in problem.worked
        ),
        tuple((kind(step), tuple(form(affine) for affine in inputs)) for _, step, inputs in problem.choices),
        formula(problem.formula),
    )


def _kind(step: Step) -> object:
    if isinstance(step, Round):
        return "round", step.grain, step.way
    if isinstance(step, Choose):
        return "choose", step.ranges
    return ("part", step.index, step.by, step.grain) if isinstance(step, SplitPart) else type(step).__name__
