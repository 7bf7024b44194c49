"""Verdicts on a contract's rules: what is proved, the exact boundary, the headroom, the smallest counterexample.

Source of the verdicts: language reference, 'Rules'.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from attrs import evolve, field, frozen

from sibdsl.check.rules.affine import Forms
from sibdsl.check.rules.exact import met
from sibdsl.check.rules.horizons import BeyondLinear, Horizon, Sides, horizons
from sibdsl.check.rules.problem import Problem, Unknown, reduce, shape
from sibdsl.dates import Period, months_name, year_name, year_start
from sibdsl.model.admissible import Implied, implied
from sibdsl.model.nodes import AnyMetric, Arithmetic, Both, Compare, Contract, Either, Not, Paid, Rule
from sibdsl.model.periods import Segment, selection_cuts
from sibdsl.model.settings import Settings
from sibdsl.price import Key, Priced, build, price
from sibdsl.price.graph import Graph, Known, Quantity

if TYPE_CHECKING:
    from sibdsl.check.rules.solver import Bound, Solver

#: So many in each segment meet most rules that more of a metric helps to meet.
PLENTY = 1000
Says = Literal["holds", "holds when", "fails", "not decided"]


@frozen
class Term:
    """So many times a metric (in a band; '' is none) over a period."""

    metric: str
    band: str
    period: Period
    coefficient: int


@frozen
class Inequality:
    """The terms' sum is at least `bound`."""

    terms: tuple[Term, ...]
    bound: int

    def headroom(self, quantities: Mapping[Key, Fraction]) -> Fraction:
        """By how much quantities exceed the bound; negative by how much they miss it."""
        total = Fraction(0)
        for term in self.terms:
            for key, number in quantities.items():
                inside = (
                    term.period.start <= key.segment.days.start and key.segment.days.end <= term.period.end
                )
                if inside and (key.metric, key.band) == (term.metric, term.band):
                    total += term.coefficient * number
        return total - self.bound

    def said(self, contract: Contract, within: Period | None = None) -> str:
        """The inequality in the contract's words. A period that is the same for all, or is `within`, is said once or not."""
        terms = _bands_together(contract, self.terms)
        periods = {term.period for term in terms}
        shared = periods.pop() if len(periods) == 1 else None
        when = "" if shared is None or shared == within else f" {period_name(contract, shared)}"

        def named(term: Term) -> str:
            name = " ".join(part for part in (term.metric, term.band) if part)
            return name if shared or term.period == within else f"{name} {period_name(contract, term.period)}"

        if len(terms) == 1 and abs(terms[0].coefficient) == 1:
            most = terms[0].coefficient < 0
            return f"{'at most' if most else 'at least'} {abs(self.bound):,} {named(terms[0])}{when}"

        def counted(term: Term) -> str:
            factor = abs(term.coefficient)
            return named(term) if factor == 1 else f"{factor:,} x {named(term)}"

        left = [counted(term) for term in terms if term.coefficient > 0]
        right = [counted(term) for term in terms if term.coefficient < 0]
        if not left:
            return f"{' + '.join(right)}{when} is at most {-self.bound:,}"
        left += [f"{-self.bound:,}"] if self.bound < 0 else []
        right += [f"{self.bound:,}"] if self.bound > 0 else []
        return f"{' + '.join(left)} is at least {' + '.join(right) or 0}{when}"


def _bands_together(contract: Contract, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The terms with all bands of a metric that count alike put as the metric."""
    found: list[Term] = []
    for term in terms:
        whole = evolve(term, band="")
        if whole in found:
            continue
        bands = {one.band for one in terms if evolve(one, band="") == whole}
        wanted = next((one.bands for one in contract.every_metric if one.name == term.metric), "")
        every = {band.name for one in contract.bands if one.name == wanted for band in one.bands}
        found.append(whole if every and bands == every else term)
    return tuple(found)


def period_name(contract: Contract, period: Period) -> str:
    """A period in words: `in 2016/17`, `in April-June 2018`, `over the contract`."""
    if period == contract.payment_period:
        return "over the contract"
    year = year_start(period.start, contract.years_begin)
    if (
        period.start == year
        and period.end == year_start(period.end, contract.years_begin)
        and period.end.year == year.year + 1
    ):
        return f"in {year_name(year)}"
    return f"in {months_name(period)}"


@frozen
class Occasion:
    """The verdict in one horizon.

    It holds exactly when all inequalities of any one of the `alternatives` are met (none: not known in short form).
    `enough` and `needed` are single totals: one makes it hold whatever the other quantities are, without the other it
    fails whatever they are. Where there are no alternatives, the truth lies between them.
    """

    horizon: Horizon
    says: Says
    alternatives: tuple[tuple[Inequality, ...], ...] = ()
    enough: tuple[Inequality, ...] = ()
    needed: tuple[Inequality, ...] = ()
    counterexample: Mapping[Key, Fraction] | None = None
    reason: str = ""
    #: Whether every smaller counterexample has been ruled out.
    smallest: bool = True

    def met(self, quantities: Mapping[Key, Fraction]) -> bool | None:
        """Whether quantities meet the condition; None when it is not known."""
        if self.says == "holds":
            return True
        if self.says == "fails":
            return False
        if not self.alternatives:
            return None
        return any(all(one.headroom(quantities) >= 0 for one in way) for way in self.alternatives)

    def headroom(self, quantities: Mapping[Key, Fraction]) -> Fraction | None:
        """By how much quantities exceed the condition in its own units; None when it has no short form, or no bound."""
        rooms = [min(one.headroom(quantities) for one in way) for way in self.alternatives if way]
        return max(rooms) if rooms else None


@frozen
class Verdict:
    """The verdict on one rule: over all its occasions, with the worst of them first among counterexamples."""

    rule: Rule
    says: Says
    occasions: tuple[Occasion, ...]
    priced: Priced | None = field(repr=False, default=None)
    implied: tuple[Implied, ...] = ()

    @property
    def failing(self) -> Occasion | None:
        """The occasion whose counterexample is told: the first that always fails, else the first that can."""
        with_one = [one for one in self.occasions if one.counterexample is not None]
        return next((one for one in with_one if one.says == "fails"), with_one[0] if with_one else None)


@frozen
class Answer:
    """What z3 says of a problem, in places of its unknowns."""

    says: Says
    solver: Solver
    alternatives: tuple[tuple[Bound, ...], ...] = ()
    enough: tuple[Bound, ...] = ()
    needed: tuple[Bound, ...] = ()


def _keys(contract: Contract, metric: AnyMetric, segment: Segment) -> tuple[Key, ...]:
    """The quantities of a metric in a segment: one for each band, or one."""
    names = next(
        (tuple(band.name for band in one.bands) for one in contract.bands if one.name == metric.bands), ("",)
    )
    return tuple(Key(segment, metric.name, name) for name in names)


def _cuts(contract: Contract, settings: Settings) -> set[date]:
    """The days at which rules tell earlier results from later ones, and at which their tests begin and end."""
    found = {
        day
        for rule in contract.rules
        for one in horizons(contract, rule)
        for day in (one.days.start, one.days.end)
    }
    stack: list[object] = [rule.requires for rule in contract.rules]
    while stack:
        match stack.pop():
            case Paid(selection):
                found |= selection_cuts(selection, settings)
            case Compare(left, _, right) | Arithmetic(_, left, right):
                stack += [left, right]
            case Both(tests) | Either(tests):
                stack += tests
            case Not(test):
                stack.append(test)
    return found


class Judge:
    """Decides rules of one contract under one set of settings."""

    def __init__(self, contract: Contract, settings: Settings) -> None:
        self.contract = contract
        self.settings = settings
        self.graph: Graph = build(contract, settings, frozenset(_cuts(contract, settings)))
        for (
            metric
        ) in contract.every_metric:  # each has a step, whatever is paid for it, before anything is priced
            for segment in self.graph.segments:
                for key in _keys(contract, metric, segment):
                    self.graph.add(Quantity(key))
        self.forms = Forms(self.graph)
        self.sides = Sides(contract, settings, self.forms)
        self.implied = implied(contract)
        self._answers: dict[object, Answer] = {}
        self._priced: dict[frozenset[tuple[Key, Fraction]], Priced] = {}

    def decide(self, rule: Rule) -> Verdict:
        """The verdict on one rule."""
        found: list[Occasion] = []
        for horizon in horizons(self.contract, rule):
            told = any(one.counterexample is not None for one in found)
            found.append(self._occasion(rule, horizon, told=told))
        occasions = tuple(found)
        says: Says = "holds"
        if any(one.says == "not decided" for one in occasions):
            says = "not decided"
        if any(one.says == "holds when" for one in occasions) and says == "holds":
            says = "holds when"
        if any(one.says == "fails" for one in occasions):
            says = "fails"
        if says == "holds when" and not self._together(rule):
            says = "fails"
        verdict = Verdict(rule, says, occasions, implied=self.implied)
        shown = verdict.failing
        priced = self.priced(shown.counterexample) if shown and shown.counterexample is not None else None
        return Verdict(rule, says, occasions, priced, self.implied)

    def _occasion(self, rule: Rule, horizon: Horizon, *, told: bool) -> Occasion:
        """The verdict in one horizon; with a counterexample unless one is `told` already and z3 is exact here."""
        from sibdsl.check.rules.solver import Undecided

        try:
            formula = self.sides.formula(rule.requires, horizon.days)
        except BeyondLinear:
            return Occasion(horizon, "not decided", reason="it multiplies or divides payments by one another")
        problem = reduce(self.contract, self.forms, formula, self.implied)
        try:
            answer = self._answer(problem, horizon.days)
        except Undecided:
            return Occasion(horizon, "not decided", reason="it took longer than it may")
        if answer.says == "holds":
            return Occasion(horizon, "holds")
        if answer.solver.approximate and not self._some_meet(rule, horizon.days, problem, answer):
            return Occasion(
                horizon,
                "not decided",
                reason="how a cut is shared is known within bounds only, and no quantities tried meet it",
            )
        quantities = None
        if not told or answer.solver.approximate or answer.says == "fails":
            quantities = self._smallest(rule, horizon.days, problem, answer.solver)
            if quantities is None or self.meets(rule, horizon.days, quantities):
                blank = any(isinstance(step, Known) for _, step, _ in problem.choices)
                return Occasion(
                    horizon,
                    "not decided",
                    reason="it may turn on whether there is anything to measure, which no quantities say"
                    if blank
                    else "no counterexample stands when it is priced",
                )
        alternatives = tuple(
            tuple(self._inequality(problem, bound) for bound in way) for way in answer.alternatives
        )
        enough = tuple(self._inequality(problem, bound) for bound in answer.enough)
        needed = tuple(self._inequality(problem, bound) for bound in answer.needed)
        reason = (
            "where exactly it turns has not been found in short form"
            if answer.says == "holds when" and not alternatives
            else ""
        )
        smallest = not quantities or answer.solver.smallest
        return Occasion(horizon, answer.says, alternatives, enough, needed, quantities, reason, smallest)

    def _answer(self, problem: Problem, days: Period) -> Answer:
        """What z3 says of a problem; problems alike but for their periods are put to it once."""
        alike = (shape(problem), tuple(_totals(problem, days).items()))
        if alike not in self._answers:
            self._answers[alike] = self._solve(problem, days)
        return self._answers[alike]

    def _solve(self, problem: Problem, days: Period) -> Answer:
        from sibdsl.check.rules.solver import Solver, Undecided

        solver = Solver(problem)
        if not solver.can_fail():
            return Answer("holds", solver)
        if not solver.can_hold():
            return Answer("fails", solver)
        try:
            return self._turns(problem, solver, days)
        except Undecided:
            return Answer("holds when", solver)

    def _turns(self, problem: Problem, solver: Solver, days: Period) -> Answer:
        """Where the rule turns. Raises Undecided when that takes too long.

        A metric that cannot exceed another says nothing that the other's total does not say.
        """
        from sibdsl.check.rules.solver import Bound

        alternatives = solver.boundary()
        enough: list[Bound] = []
        needed: list[Bound] = []
        if len(alternatives) != 1 or any(len(bound.terms) > 1 for bound in alternatives[0]):
            met_by: set[str] = set()
            totals = _totals(problem, days)
            for metric in sorted(totals, key=self._after):
                if any(one.more in met_by for one in self.implied if one.fewer == metric):
                    met_by.add(metric)
                    continue
                places = totals[metric]
                terms = tuple((place, 1) for place in places)
                least = solver.enough(places)
                if least is not None:
                    enough.append(Bound(terms, least))
                    met_by.add(metric)
                if not alternatives:
                    least = solver.needed(places)
                    needed.extend([] if least is None else [Bound(terms, least)])
        return Answer("holds when", solver, alternatives, tuple(enough), tuple(needed))

    def _after(self, metric: str) -> int:
        """How many metrics it needs, one by way of another."""
        return max((1 + self._after(one.more) for one in self.implied if one.fewer == metric), default=0)

    def meets(self, rule: Rule, days: Period, quantities: Mapping[Key, Fraction]) -> bool:
        """Whether the rule is met in those days, by pricing the quantities exactly."""
        values = self.priced(quantities).values
        return met(self.contract, self.settings, self.graph, values, rule.requires, days)

    def priced(self, quantities: Mapping[Key, Fraction]) -> Priced:
        """Quantities priced exactly, once."""
        named = frozenset(quantities.items())
        if named not in self._priced:
            # A proof knows no blanks: what is not named was measured, and came to nought.
            nought = {key: Fraction(0) for key in self.graph.keys()}  # noqa: SIM118 - a method
            self._priced[named] = price(self.graph, {**nought, **quantities})
        return self._priced[named]

    def _together(self, rule: Rule) -> bool:
        """Whether some quantities meet the rule on all its occasions at once (assumed when it cannot be told)."""
        from sibdsl.check.rules.horizons import Every
        from sibdsl.check.rules.solver import Solver, Undecided

        days = [one.days for one in horizons(self.contract, rule)]
        if len(days) == 1 or self._plenty(rule, days):
            return True
        whole = Every(tuple(self.sides.formula(rule.requires, one) for one in days))
        try:
            return Solver(reduce(self.contract, self.forms, whole, self.implied)).can_hold()
        except Undecided:
            return True

    def _plenty(self, rule: Rule, days: list[Period]) -> bool:
        """Whether a great deal of the metrics that others need, in every segment, meets the rule throughout."""
        first = {one.more for one in self.implied} - {one.fewer for one in self.implied}
        names = first or {one.name for one in self.contract.every_metric}
        unknowns = self.graph.keys()
        some = {key: Fraction(PLENTY) for key in unknowns if key.metric in names}
        return all(self.meets(rule, one, some) for one in days)

    def _some_meet(self, rule: Rule, days: Period, problem: Problem, answer: Answer) -> bool:
        """Whether quantities that are said to meet the rule are found to, where z3 knows payments within bounds only."""
        from sibdsl.check.rules.solver import Undecided

        if answer.says != "holds when":
            return True
        try:
            return any(
                self.meets(rule, days, self._quantities(problem, found)) for found in answer.solver.examples()
            )
        except Undecided:
            return False

    def _smallest(
        self, rule: Rule, days: Period, problem: Problem, solver: Solver
    ) -> dict[Key, Fraction] | None:
        """The smallest counterexample: nothing at all, where that is one."""
        if not self.meets(rule, days, {}):
            return {}
        failing = solver.smallest_failure()
        return None if failing is None else self._quantities(problem, failing)

    @staticmethod
    def _quantities(problem: Problem, found: Mapping[int, Fraction]) -> dict[Key, Fraction]:
        return {problem.unknowns[place].key: number for place, number in found.items() if number}

    def _inequality(self, problem: Problem, bound: Bound) -> Inequality:
        """A bound over unknowns as metrics over periods; neighbouring unknowns with one coefficient are one term."""
        terms: list[Term] = []
        named = sorted(
            ((problem.unknowns[place], factor) for place, factor in bound.terms),
            key=lambda one: (self._rank(one[0]), one[0].place),
        )
        for unknown, factor in named:
            days = Period(unknown.segments[0].days.start, unknown.segments[-1].days.end)
            last = terms[-1] if terms else None
            if (
                last is not None
                and (last.metric, last.band, last.coefficient) == (unknown.metric, unknown.band, factor)
                and last.period.end == days.start
            ):
                terms[-1] = Term(last.metric, last.band, Period(last.period.start, days.end), factor)
            else:
                terms.append(Term(unknown.metric, unknown.band, days, factor))
        return Inequality(tuple(terms), bound.least)

    def _rank(self, unknown: Unknown) -> tuple[int, int]:
        metrics = [one.name for one in self.contract.every_metric]
        bands = [each.name for one in self.contract.bands for each in one.bands]
        return metrics.index(unknown.metric), bands.index(unknown.band) if unknown.band else 0


def _totals(problem: Problem, days: Period) -> dict[str, tuple[int, ...]]:
    """For each metric, the places of its unknowns inside those days."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(problem.unknowns):
        if days.start <= one.segments[0].days.start and one.segments[-1].days.end <= days.end:
            found.setdefault(one.metric, []).append(place)
    return {metric: tuple(places) for metric, places in found.items()}
