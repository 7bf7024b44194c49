"""How a rule of a contract or a programme is decided: what is proved, the exact boundary, the smallest counterexample.

Source of the verdicts: language reference, 'Rules'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from sibdsl import money
from sibdsl.check.rules.budget import QUESTION, SOON, WORDING, Meter, Purse, Undecided
from sibdsl.check.rules.exact import NotTested
from sibdsl.check.rules.horizons import BeyondLinear, Every, Horizon, occasions_of
from sibdsl.check.rules.inequality import Inequality, MetricTerm
from sibdsl.check.rules.problem import Problem, Unknown, reduce, shape
from sibdsl.check.rules.unrolled import Cuts, Unrolled, bends, cuts_of
from sibdsl.check.rules.verdict import Occasion, Says, Verdict
from sibdsl.check.rules.within import ContractsTogether, Terms
from sibdsl.dates import Period
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.admissible_quantities.at_most import Most
from sibdsl.model.nodes import Contract, Rule
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price import Key
from sibdsl.price.graph import Graph, Known, SplitPart

if TYPE_CHECKING:
    from sibdsl.check.rules.smallest import Smallest
    from sibdsl.check.rules.solver import LinearBound, Solver, SolverPoint


#: So many in each segment meet most rules that more of a metric helps to meet.
PLENTY = 1000


@frozen
class Answer:
    """What z3 says of a problem, in places of its unknowns. `why` says what was not found out, and why."""

    says: Says
    solver: Solver
    alternatives: tuple[tuple[LinearBound, ...], ...] = ()
    enough: tuple[LinearBound, ...] = ()
    needed: tuple[LinearBound, ...] = ()
    why: str = ""


class Judge:
    """Decides rules of one contract under one set of settings, each as if it stood alone.

    They are decided within the programme of `together`; without one, of the contract by itself. Without a contract they are
    the programme's own.
    """

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        purse: Purse | None = None,
        together: ContractsTogether | None = None,
    ) -> None:
        self.owner: str | None = contract.name
        self.together = together or ContractsTogether.of_one(contract, settings)
        self.purse = purse or Purse()
        self._unrolled: dict[object, Unrolled] = {}

    @classmethod
    def within(cls, together: ContractsTogether, owner: str | None, purse: Purse | None = None) -> Judge:
        """For rules of one contract of a programme, or of the programme itself (None)."""
        name = next(iter(together.terms)) if owner is None else owner
        judge = cls(together.terms[name], together.settings.of(name), purse, together)
        judge.owner = owner
        return judge

    def unrolled(self, rule: Rule) -> Unrolled:
        """The contracts as that rule sees them: rules that part time alike share one."""
        cuts = cuts_of(self.together, self.owner, rule)
        return self._of(cuts, rule if bends(rule) else None)

    def _of(self, cuts: Cuts, rule: Rule | None) -> Unrolled:
        alike = (frozenset(cuts.items()), rule)
        if alike not in self._unrolled:
            self._unrolled[alike] = Unrolled(self.together, self.owner, cuts)
        return self._unrolled[alike]

    @property
    def graph(self) -> Graph:
        """The price graph of the contracts as they are stated, cut by no rule."""
        return self._of({}, None).graph

    def meets(self, rule: Rule, days: Period, quantities: Mapping[Key, Fraction]) -> bool:
        """Whether the rule is met in those days, by pricing the quantities exactly. Raises NotTested and Unpriceable."""
        return self.unrolled(rule).meets(rule, days, quantities)

    def decide(self, rule: Rule) -> Verdict:
        """The verdict on one rule, which hangs on the contract, the settings and that rule alone."""
        return Deciding(self.unrolled(rule), rule, self.purse.for_rule()).verdict()


@define
class Deciding:
    """One rule on its way to a verdict: its own solvers, and what it may still spend."""

    unrolled: Unrolled
    rule: Rule
    meter: Meter
    _answers: dict[object, Answer] = field(factory=dict)

    def verdict(self) -> Verdict:
        """What the occasions come to together."""
        rule, found = self.rule, list[Occasion]()
        for horizon in self._horizons:
            told = any(occasion.counterexample is not None for occasion in found)
            found.append(self._occasion(horizon, told=told))
        occasions = tuple(found)
        every = {occasion.says for occasion in occasions}
        order: tuple[Says, ...] = ("fails", "not decided", "holds when", "holds")
        says: Says = next((one for one in order if one in every), "holds")
        reason = ""
        if says == "holds when":
            says, reason = self._together()
        verdict = Verdict(rule, says, occasions, contracts=self.unrolled.contracts, reason=reason)
        shown = verdict.failing
        if shown is None or shown.counterexample is None:
            return verdict
        return evolve(verdict, priced=self.unrolled.priced(shown.counterexample))

    @property
    def _horizons(self) -> tuple[Horizon, ...]:
        return occasions_of(self.unrolled.together, self.unrolled.owner, self.rule)

    def _occasion(self, horizon: Horizon, *, told: bool) -> Occasion:
        """The verdict in one horizon; with a counterexample unless one is `told` already and z3 is exact here."""
        try:
            formula = self.unrolled.sides.formula(self.rule.requires, horizon.days)
        except BeyondLinear as beyond:
            return Occasion(horizon, "not decided", reason=beyond.why)
        problem = reduce(self.unrolled.contracts, self.unrolled.forms, formula)
        try:
            answer = self._answer(problem, horizon.days)
        except Undecided as stopped:
            return Occasion(horizon, "not decided", reason=stopped.why)
        if answer.says == "holds":
            return Occasion(horizon, "holds")
        if answer.solver.approximate and not self._some_meet(horizon.days, problem, answer):
            return Occasion(
                horizon,
                "not decided",
                reason="payments are known within bounds only, and no quantities tried meet it",
            )
        found: Smallest | None = None
        quantities: dict[Key, Fraction] | None = None
        if not told or answer.solver.approximate or answer.says == "fails":
            found = self._smallest(horizon.days, problem, answer.solver)
            if found is None:
                return Occasion(horizon, "not decided", reason=self._none_stands(problem, answer.solver))
            quantities = self._quantities(problem, found.point)
        alternatives = tuple(
            tuple(self._inequality(problem, bound) for bound in way) for way in answer.alternatives
        )
        enough = tuple(self._inequality(problem, bound) for bound in answer.enough)
        needed = tuple(self._inequality(problem, bound) for bound in answer.needed)
        reason = ""
        if answer.says == "holds when" and not alternatives:
            reason = "where exactly it turns has not been found in short form"
            reason += f": {answer.why}" if answer.why else ""
        smallest = found is None or found.proved
        return Occasion(horizon, answer.says, alternatives, enough, needed, quantities, reason, smallest)

    def _none_stands(self, problem: Problem, solver: Solver) -> str:
        """Why no counterexample is shown, though none is ruled out."""
        if self.meter.spent_up:
            return self.meter.why
        if solver.withheld:
            return "it may turn on what a limit for each person takes, which no quantities say"
        if any(isinstance(step, Known) for _, step, _ in problem.choices):
            return "it may turn on whether there is anything to measure, and no quantities tried break it"
        if not solver.approximate:
            return (
                "no quantities that a file can hold break it: within a statement period it tells days apart"
            )
        return "payments are known within bounds only, and no quantities tried break it"

    def _answer(self, problem: Problem, days: Period) -> Answer:
        """What z3 says of a problem; problems of this rule that are alike but for their periods are put to it once."""
        alike = (shape(problem), tuple(self._totals(problem, days).items()))
        if alike not in self._answers:
            self._answers[alike] = self._solve(problem, days)
        return self._answers[alike]

    def _solve(self, problem: Problem, days: Period) -> Answer:
        from sibdsl.check.rules.solver import Solver

        if any(not unknown.whole for unknown in problem.unknowns):
            # Rounding what need not be whole may go on for ever: what bounds alone decide is decided first.
            loose = Solver(problem, self.meter, loose=True)
            if not loose.can_fail():
                return Answer("holds", loose)
            if not loose.can_hold():
                return Answer("fails", loose)
        solver = Solver(problem, self.meter)
        if not self._possible(problem, solver, Solver.can_fail):
            return Answer("holds", solver)
        if not self._possible(problem, solver, Solver.can_hold):
            return Answer("fails", solver)
        if any(isinstance(step, SplitPart) and step.by == "shares" for _, step, _ in problem.choices):
            closer = Solver(problem, self.meter, close=True)
            closer.patience = SOON
            try:
                if not closer.can_fail():
                    return Answer("holds", closer)
                if not closer.can_hold():
                    return Answer("fails", closer)
                solver = closer
            except Undecided:
                self.meter.allowed()
        patience, solver.patience = solver.patience, WORDING
        try:
            return self._turns(problem, solver, days)
        finally:
            solver.patience = patience

    def _possible(self, problem: Problem, solver: Solver, asked: Callable[[Solver], bool]) -> bool:
        """The answer to one question: soon, or else by what is out of reach of any numbers, whole or not. Raises Undecided."""
        from sibdsl.check.rules.solver import Solver

        solver.patience = SOON
        try:
            return asked(solver)
        except Undecided:
            pass
        finally:
            solver.patience = QUESTION
        try:
            if not asked(Solver(problem, self.meter, loose=True, real=True)):
                return False
        except Undecided:
            self.meter.allowed()
        return asked(solver)

    def _turns(self, problem: Problem, solver: Solver, days: Period) -> Answer:
        """Where the rule turns, as far as that is found.

        A metric that cannot exceed another says nothing that the other's total does not say.
        """
        from sibdsl.check.rules.boundary import Turning
        from sibdsl.check.rules.solver import LinearBound

        alternatives: tuple[tuple[LinearBound, ...], ...] = ()
        enough: list[LinearBound] = []
        needed: list[LinearBound] = []
        why = ""
        turning = Turning(solver)
        try:
            alternatives = turning.boundary()
            for places in self._totals(problem, days).values():
                alternatives = alternatives or turning.one_total(places)
            if len(alternatives) != 1 or any(len(bound.terms) > 1 for bound in alternatives[0]):
                met_by: set[tuple[str, str]] = set()
                totals = self._totals(problem, days)
                for metric in sorted(totals, key=self._after):
                    if any(more in met_by for more in self._more(metric)):
                        met_by.add(metric)
                        continue
                    places = totals[metric]
                    terms = tuple((place, 1) for place in places)
                    least = turning.enough(places)
                    if least is not None:
                        enough.append(LinearBound(terms, least))
                        met_by.add(metric)
                    if not alternatives:
                        least = turning.needed(places)
                        needed.extend([] if least is None else [LinearBound(terms, least)])
        except Undecided as stopped:
            why = stopped.why
        return Answer("holds when", solver, alternatives, tuple(enough), tuple(needed), why)

    def _more(self, metric: tuple[str, str]) -> list[tuple[str, str]]:
        """What a metric cannot exceed: metrics of the same contract, each with that."""
        key, name = metric
        return [
            (key, implied.more)
            for terms in self.unrolled.ruled.contracts
            for implied in terms.implied
            if terms.key == key and implied.fewer == name
        ]

    def _after(self, metric: tuple[str, str]) -> int:
        """How many metrics it needs, one by way of another."""
        return max((1 + self._after(more) for more in self._more(metric)), default=0)

    def _meets(self, days: Period, quantities: Mapping[Key, Fraction]) -> bool | None:
        """Whether quantities meet the rule; None where they cannot be priced, and so cannot come about."""
        try:
            return self.unrolled.meets(self.rule, days, quantities)
        except (NotTested, Unpriceable):
            return None

    def _together(self) -> tuple[Says, str]:
        """Whether some quantities meet the rule on all its occasions at once; and why that is not known."""
        from sibdsl.check.rules.solver import Solver

        days = [horizon.days for horizon in self._horizons]
        if len(days) == 1 or self._all_met(days, {}) or self._plenty(days):
            return "holds when", ""
        whole = Every(tuple(self.unrolled.sides.formula(self.rule.requires, one) for one in days))
        problem = reduce(self.unrolled.contracts, self.unrolled.forms, whole)
        try:
            solver = Solver(problem, self.meter)
            if not solver.can_hold():
                return "fails", "each of its times can be met, but not all of them together"
            if not solver.approximate:
                return "holds when", ""
            for point in solver.examples():
                if self._all_met(days, self._quantities(problem, point)):
                    return "holds when", ""
        except Undecided as stopped:
            return "not decided", f"whether all its times can be met together: {stopped.why}"
        return "not decided", "no quantities tried meet it at all its times together"

    def _all_met(self, days: list[Period], quantities: Mapping[Key, Fraction]) -> bool:
        return all(self._meets(one, quantities) is True for one in days)

    def _plenty(self, days: list[Period]) -> bool:
        """Whether a great deal of the metrics that others need, in every segment that may hold it, meets the rule throughout."""
        some: dict[Key, Fraction] = {}
        for terms in self.unrolled.ruled.contracts:
            first = {pair.more for pair in terms.implied} - {pair.fewer for pair in terms.implied}
            names = first or {metric.name for metric in terms.contract.metrics if metric.measured is None}
            for key in self.unrolled.graph.keys():  # noqa: SIM118 - a method
                if key.contract == terms.key and key.metric in names:
                    mine = [limit for limit in terms.bounds if limit.holds(key.metric, key.band, key.segment)]
                    each = min(
                        (most.most // max(1, self._held(terms, most)) for most in mine), default=PLENTY
                    )
                    some[key] = Fraction(min(PLENTY, each))
        return self._all_met(days, {key: number for key, number in some.items() if number})

    def _held(self, terms: Terms, limit: Most) -> int:
        """How many quantities of a contract a bound speaks of."""
        return sum(
            limit.holds(key.metric, key.band, key.segment)
            for key in self.unrolled.graph.keys()  # noqa: SIM118 - a method
            if key.contract == terms.key
        )

    def _some_meet(self, days: Period, problem: Problem, answer: Answer) -> bool:
        """Whether quantities that are said to meet the rule are found to, where z3 knows payments within bounds only."""
        if answer.says != "holds when" or self._meets(days, {}):
            return True
        try:
            return any(
                self._meets(days, self._quantities(problem, example)) for example in answer.solver.examples()
            )
        except Undecided:
            return False

    def _smallest(self, days: Period, problem: Problem, solver: Solver) -> Smallest | None:
        """The first counterexample: nothing at all, where that is one."""
        from sibdsl.check.rules.smallest import Search, Smallest
        from sibdsl.check.rules.solver import SolverPoint

        if self._meets(days, {}) is False:
            return Smallest(SolverPoint({}), proved=True)

        def breaks(point: SolverPoint) -> bool:
            return self._meets(days, self._quantities(problem, point)) is False

        return Search(solver, breaks, self._apart(problem), self._steps(problem)).find()

    def _steps(self, problem: Problem) -> dict[int, Fraction]:
        """In what the unknowns that are money are sought, by their place: the minor unit of the currency."""
        money_metrics = {
            (terms.key, metric.name): money.currency(terms.contract.currency).minor_unit
            for terms in self.unrolled.contracts
            for metric in terms.contract.every_metric
            if metric.measures == "money"
        }
        return {
            place: money_metrics[unknown.contract, unknown.metric]
            for place, unknown in enumerate(problem.unknowns)
            if (unknown.contract, unknown.metric) in money_metrics
        }

    def _apart(self, problem: Problem) -> tuple[tuple[int, ...], ...]:
        """The places of what one statement period holds of a metric, where the rule tells it apart: a file gives one number."""
        if not self.unrolled.cuts:
            return ()
        found: dict[Key, list[int]] = {}
        for place, unknown in enumerate(problem.unknowns):
            terms = self.unrolled.ruled.of(unknown.contract)
            if not unknown.derived and terms is not None:
                stated = self.unrolled.statement_of(terms, unknown.key.segment)
                found.setdefault(evolve(unknown.key, segment=stated), []).append(place)
        return tuple(tuple(places) for places in found.values() if len(places) > 1)

    @staticmethod
    def _quantities(problem: Problem, found: SolverPoint) -> dict[Key, Fraction]:
        """The quantities of a point: those worked out are left out, and of what may be blank nought is said where it is none."""
        named: dict[Key, Fraction] = {}
        read = set(problem.of_key.values())
        for place, number in found.numbers.items():
            unknown = problem.unknowns[place]
            measured = unknown.blank and place in read and place not in found.blank
            if not unknown.derived and (number or measured):
                named[unknown.key] = number
        return named

    def _inequality(self, problem: Problem, bound: LinearBound) -> Inequality:
        """A bound over unknowns as metrics over periods; neighbouring unknowns with one coefficient are one term."""
        terms: list[MetricTerm] = []
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
                and last.contract == unknown.contract
                and last.period.end == days.start
            ):
                terms[-1] = evolve(last, period=Period(last.period.start, days.end))
            else:
                terms.append(MetricTerm(unknown.metric, unknown.band, days, factor, unknown.contract))
        return Inequality(tuple(terms), bound.least)

    def _rank(self, unknown: Unknown) -> tuple[bool, str, int, int]:
        """In which order quantities are told: the rule's own contract's first, and each contract's as it has them."""
        contract = next(terms.contract for terms in self.unrolled.contracts if terms.key == unknown.contract)
        metrics = [metric.name for metric in contract.every_metric]
        bands = [band.name for one in contract.bands for band in one.bands]
        return (
            self.unrolled.ruled.of(unknown.contract) is None,
            unknown.contract,
            metrics.index(unknown.metric),
            bands.index(unknown.band) if unknown.band else 0,
        )

    def _totals(self, problem: Problem, days: Period) -> dict[tuple[str, str], tuple[int, ...]]:
        """For each metric of a contract that the rule speaks of, the places of its unknowns inside those days."""
        found: dict[tuple[str, str], list[int]] = {}
        for place, unknown in enumerate(problem.unknowns):
            inside = (
                days.start <= unknown.segments[0].days.start and unknown.segments[-1].days.end <= days.end
            )
            if inside and self.unrolled.ruled.of(unknown.contract) is not None:
                found.setdefault((unknown.contract, unknown.metric), []).append(place)
        return {metric: tuple(places) for metric, places in found.items()}
