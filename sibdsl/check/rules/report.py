"""Verdicts with everything a reader needs beside them: scenarios, the sides at the turn, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from sibdsl.check.rules import stopping
from sibdsl.check.rules.budget import Purse
from sibdsl.check.rules.exact import NotTested, side
from sibdsl.check.rules.inequality import Inequality
from sibdsl.check.rules.judge import Judge
from sibdsl.check.rules.verdict import Occasion, Says, Verdict
from sibdsl.check.rules.within import ContractsTogether
from sibdsl.dates import Period
from sibdsl.diagnostics import NotGiven, Unpriceable
from sibdsl.model.nodes import Compare, Contract, Rule
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price import Key
from sibdsl.price.scenarios import quantities_of_all


@frozen
class Tried:
    """A scenario against a rule: on which occasions it fails, and the least headroom where there is a short bound."""

    name: str
    failing: tuple[str, ...]
    headroom: Fraction | None


@frozen
class Sides:
    """What the two sides of a rule come to for some quantities."""

    quantities: Mapping[Key, Fraction]
    left: Fraction
    right: Fraction
    money: bool = True


@frozen
class Finding:
    """A verdict, the scenarios tried, those that could not be (each with the reason, a sentence), and the counterexample."""

    verdict: Verdict
    says: Says
    tried: tuple[Tried, ...] = ()
    lacking: tuple[tuple[str, str], ...] = ()
    at_counterexample: Sides | None = None
    just_below: Sides | None = field(default=None)

    @property
    def fine(self) -> bool:
        """Whether the rule holds, or holds when some condition that every scenario tried meets."""
        return self.says == "holds" or (
            self.says == "holds when" and not any(tried.failing for tried in self.tried)
        )


def findings(
    contract: Contract, settings: Settings, rules: tuple[Rule, ...], purse: Purse | None = None
) -> tuple[Finding, ...]:
    """Rules of a contract by itself decided, each as if it stood alone.

    Raises NotGiven when a payment needs a particular that has no value.
    """
    together = ContractsTogether.of_one(contract, settings)
    return findings_within(together, contract.name, rules, purse or Purse())


def findings_within(
    together: ContractsTogether, owner: str | None, rules: tuple[Rule, ...], purse: Purse
) -> tuple[Finding, ...]:
    """Rules of one contract, or of the programme itself (None), decided within it, each as if it stood alone.

    Raises NotGiven as `findings` does.
    """
    judge = Judge.within(together, owner, purse)
    given: dict[str, Mapping[Key, Fraction]] = {}
    lacking: dict[str, str] = {}
    for scenario in dict.fromkeys(
        scenario.name for name in together.ruled(owner) for scenario in together.terms[name].scenarios
    ):
        try:
            every = quantities_of_all(together.programme, together.terms, together.settings, scenario)
            given[scenario] = together.joined(every)
        except NotGiven as missing:
            lacking[scenario] = f"{missing.name} has not been given. Give it with `--set`."
    with stopping.kept():
        return tuple(_finding(judge, rule, given, lacking) for rule in rules)


def prover() -> dict[str, str]:
    """What proves: z3, by its version. With another one a rule may take more work or less, and no other verdict be proved."""
    from z3 import get_version_string

    return {"z3": get_version_string()}


def _finding(
    judge: Judge, rule: Rule, given: Mapping[str, Mapping[Key, Fraction]], lacking: Mapping[str, str]
) -> Finding:
    verdict = judge.decide(rule)
    names = rule.scenarios or tuple(given)
    missing = [(name, lacking[name]) for name in (rule.scenarios or tuple(lacking)) if name in lacking]
    tried: list[Tried] = []
    for name in names:
        if name not in given:
            continue
        try:
            tried.append(_try(judge, verdict, name, given[name]))
        except NotTested as stopped:
            missing.append((name, f"{rule.name} cannot be told of it: {stopped.why}."))
        except Unpriceable as stopped:
            missing.append((name, f"it cannot be priced. {stopped}"))
    says = verdict.says
    if rule.scenarios:
        says = "fails" if any(one.failing for one in tried) else ("not decided" if missing else "holds")
    shown = verdict.failing
    at_counterexample = None
    if shown is not None and shown.counterexample is not None:
        at_counterexample = _sides(judge, rule, shown.horizon.days, shown.counterexample)
    return Finding(
        verdict, says, tuple(tried), tuple(missing), at_counterexample, _just_below(judge, rule, verdict)
    )


def _try(judge: Judge, verdict: Verdict, name: str, numbers: Mapping[Key, Fraction]) -> Tried:
    failing = tuple(
        occasion.horizon.said
        for occasion in verdict.occasions
        if not judge.meets(verdict.rule, occasion.horizon.days, numbers)
    )
    placed = judge.unrolled(verdict.rule).placed(numbers)
    rooms = [room for occasion in verdict.occasions if (room := occasion.headroom(placed)) is not None]
    return Tried(name, failing, min(rooms) if rooms else None)


def _sides(judge: Judge, rule: Rule, days: Period, numbers: Mapping[Key, Fraction]) -> Sides | None:
    if not isinstance(rule.requires, Compare):
        return None
    unrolled = judge.unrolled(rule)
    try:
        values = unrolled.priced(numbers).values
        left, right = (
            side(unrolled.ruled, unrolled.graph, values, amount, days)
            for amount in (rule.requires.left, rule.requires.right)
        )
    except (NotTested, Unpriceable):
        return None
    money = "money" in (rule.requires.left.kind, rule.requires.right.kind)
    return Sides(numbers, left, right, money)


def _just_below(judge: Judge, rule: Rule, verdict: Verdict) -> Sides | None:
    """The sides with one fewer than the first bound of a single metric asks for."""
    for occasion in verdict.occasions:
        bound = _single(occasion)
        if bound is None:
            continue
        term = bound.terms[0]
        own = judge.unrolled(rule).ruled.of(term.contract)
        segments = [
            segment
            for segment in (() if own is None else own.segments)
            if term.period.start <= segment.days.start and segment.days.end <= term.period.end
        ]
        if term.coefficient == 1 and bound.bound > 1 and segments:
            key = Key(segments[-1], term.metric, term.band, term.contract)
            return _sides(judge, rule, occasion.horizon.days, {key: Fraction(bound.bound - 1)})
    return None


def _single(occasion: Occasion) -> Inequality | None:
    if len(occasion.alternatives) == 1 and len(occasion.alternatives[0]) == 1:
        (bound,) = occasion.alternatives[0]
        if len(bound.terms) == 1:
            return bound
    return None
