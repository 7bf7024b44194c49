"""Where a contract stands on those dimensions of outcomes contracts that its own text decides.

Source: the evaluation of the Commissioning Better Outcomes fund, MHEP in-depth review, Annex 1, of which three of six
follow from what a contract says: nature of payment, strength of measurement, and who bears the provider's risk. 3 is a
lot, 1 a little; of the provider's risk, 3 where others bear it and 1 where the provider does. Delivery body, performance management and savings do not: nobody is asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sibdsl.english import listed
from sibdsl.model.conditions_on_rows import amounts_in
from sibdsl.model.nodes import (
    Advance,
    Amount,
    AnyMetric,
    Arithmetic,
    BlockAdvance,
    Contract,
    Derived,
    FewerDays,
    GivenFor,
    Looked,
    Metric,
    Payment,
)
from sibdsl.model.who_pays import who_pays
from sibdsl.model.workings import counted_behind, every_part, metrics_in, metrics_of, metrics_tested

#: More names than this are counted.
_SEVERAL = 4
_COMMISSIONING = ("commissioner", "co-commissioner")


@frozen
class Dimension:
    """One dimension: its name, the score from 1 to 3 (None where the text does not bear on it), what that means, and why."""

    name: str
    score: int | None
    says: str
    why: str


@frozen
class _Paid:
    """One term, or one block advance, with the clause that it stands under; `kinds` are those of the metrics that earn it."""

    clause: str
    payers: tuple[str, ...]
    payee: str
    metrics: tuple[AnyMetric, ...]
    fee: bool = False
    returned: bool = False

    @property
    def on_outcomes(self) -> bool:
        """Whether an outcome earns it; inputs that are taken off, such as a cost, do not make it less so."""
        return any(metric.kind == "outcome" for metric in self.metrics)


def dimensions(contract: Contract) -> tuple[Dimension, ...]:
    """The three dimensions of a contract, in the order of the annex."""
    paid = tuple(_paid(contract))
    return _nature(contract, paid), _strength(contract, paid), _risk(contract, paid)


def _paid(contract: Contract) -> Iterable[_Paid]:
    metrics = {metric.name: metric for metric in contract.every_metric}
    for row in who_pays(contract):
        clause = row.clause
        names: tuple[str, ...] = ()
        if isinstance(clause, Payment) and not isinstance(row.term, Advance):
            tests = (name for test in clause.conditions for name in metrics_tested(contract, test))
            names = tuple(dict.fromkeys((*metrics_of(contract, row.term), *tests)))
        earned = tuple(metrics[name] for name in names if name in metrics)
        returned = isinstance(clause, BlockAdvance) and clause.unused == "recoverable"
        yield _Paid(clause.name, row.payers, row.payee, earned, fee=not names, returned=returned)


def _roles(contract: Contract, *roles: str) -> set[str]:
    return {party.name for party in contract.parties if set(party.roles) & set(roles)}


def _few(names: Iterable[str], joint: str = "and") -> str:
    """The names, or the first of them and how many more there are: each reason is read in one go."""
    once = list(dict.fromkeys(names))
    if len(once) <= _SEVERAL:
        return listed(once, joint)
    return f"{', '.join(once[: _SEVERAL - 1])} {joint} {len(once) - _SEVERAL + 1} others"


def _named(paid: Iterable[_Paid], one: str = "", several: str = "") -> str:
    """The clauses by name, with a verb for one of them or for several."""
    names = list(dict.fromkeys(income.clause for income in paid))
    return f"{_few(names)} {one if len(names) == 1 else several}".rstrip()


# ------------------------------------------------------------------ nature of payment


def _nature(contract: Contract, paid: tuple[_Paid, ...]) -> Dimension:
    name = "nature of payment"
    ours = _roles(contract, *_COMMISSIONING)
    own = [income for income in paid if ours & set(income.payers)]
    fees = [income for income in own if income.fee]
    other = [income for income in own if not income.fee and not income.on_outcomes]
    if not own:
        return Dimension(name, None, "no commissioner pays", "no payment is made by a commissioner or a fund")
    if fees:
        why = f"{_named(fees, 'is', 'are')} paid by commissioners whatever is achieved"
        return Dimension(name, 1, "partly by results", why)
    if other:
        kinds = _few([f"{metric.name}, an {metric.kind}" for income in other for metric in income.metrics])
        return Dimension(
            name, 2, "all by results, not all on outcomes", f"{_named(other, 'pays', 'pay')} for {kinds}"
        )
    return Dimension(
        name,
        3,
        "all by results, all on outcomes",
        f"all that commissioners pay is on outcomes: {_named(own)}",
    )


# ------------------------------------------------------------------ strength of measurement


def _strength(contract: Contract, paid: tuple[_Paid, ...]) -> Dimension:
    name = "strength of measurement"
    behind = {metric.name: metric for income in paid if income.on_outcomes for metric in income.metrics}
    if not behind:
        return Dimension(name, None, "no outcome is paid for", "no payment is made for an outcome")
    worked_out = _worked_out(contract, behind)
    changes = [derived_metric for derived_metric in worked_out if derived_metric.change]
    groups = [change.name for change in changes if len(_sides(contract, change)) > 1]
    groups += [found.name for found in worked_out if not found.change and _sets_groups_apart(contract, found)]
    if groups:
        verb = "compares" if len(groups) == 1 else "compare"
        why = f"{listed(groups)} {verb} one group with another"
        return Dimension(name, 3, "against a comparison group", why)
    if changes:
        why = f"{listed([change.name for change in changes])} is the change against what was before"
        return Dimension(name, 2, "against a baseline", why)
    counted = set(counted_behind(contract, behind))
    expected = [metric.name for metric in contract.metrics if metric.name in counted and _baseline(metric)]
    if expected:
        why = f"what is expected, {listed(expected)}, comes from figures agreed beforehand"
        return Dimension(name, 2, "against a baseline", why)
    before = [
        metric.name
        for metric in contract.metrics
        if metric.name in counted and isinstance(metric.counts, FewerDays)
    ]
    if before:
        verb = "sets" if len(before) == 1 else "set"
        why = f"{listed(before)} {verb} people against their own time before, and nothing says what would have come anyway"
        return Dimension(name, 1, "before and after", why)
    return Dimension(
        name,
        1,
        "no comparison",
        f"each {_few([metric.name for metric in behind.values() if metric.kind == 'outcome'], 'or')} counts as it comes, "
        "whether or not it would have come anyway",
    )


def _worked_out(contract: Contract, names: Iterable[str]) -> list[Derived]:
    """The metrics among these that are worked out from others, and those that they rest on in turn."""
    derived = {derived_metric.name: derived_metric for derived_metric in contract.derived}
    found: dict[str, Derived] = {}
    waiting = [name for name in names if name in derived]
    while waiting:
        derived_metric = derived[waiting.pop(0)]
        found[derived_metric.name] = derived_metric
        waiting += [
            name
            for formula in derived_metric.formulas
            for name in metrics_in(contract, formula)
            if name in derived and name not in found
        ]
    return list(found.values())


def _sides(contract: Contract, derived_metric: Derived) -> set[str]:
    """The groups that a comparison speaks of: cohorts, or metrics where records name no people."""
    metrics = {metric.name: metric for metric in contract.metrics}
    names = counted_behind(contract, (derived_metric.name,))
    return {" or ".join(metrics[name].among) or name for name in names if name in metrics}


def _sets_groups_apart(contract: Contract, derived_metric: Derived) -> bool:
    """Whether it takes one group's outcome off another's: `Rate Of Others minus Rate Of Ours`, each among cohorts of its own."""
    metrics = {metric.name: metric for metric in contract.metrics}

    def among(amount: Amount) -> set[str] | None:
        behind = counted_behind(contract, metrics_in(contract, amount))
        counted = [metrics[name] for name in behind if name in metrics]
        if not any(metric.kind == "outcome" for metric in counted) or not all(
            metric.among for metric in counted
        ):
            return None
        return {cohort for metric in counted for cohort in metric.among}

    for part in (part for formula in derived_metric.formulas for part in every_part(contract, formula)):
        if isinstance(part, Arithmetic) and part.op == "minus":
            left, right = among(part.left), among(part.right)
            if left and right and not left & right:
                return True
    return False


def _baseline(metric: Metric) -> bool:
    """Whether what is measured is what was expected: days weighted by figures printed, or given, for each sort of person."""
    return (
        metric.kind == "input"
        and metric.weight is not None
        and any(isinstance(amount, (Looked, GivenFor)) for amount in amounts_in(metric.weight))
    )


# ------------------------------------------------------------------ the provider's risk


def _risk(contract: Contract, paid: tuple[_Paid, ...]) -> Dimension:
    name = "provider's risk"
    providers = _roles(contract, "provider")
    income = [one for one in paid if one.payee in providers]
    if not income:
        return Dimension(name, None, "no provider is paid", "the contract pays no party that is a provider")
    back = [one for one in income if one.returned] + [
        one for one in paid if providers & set(one.payers) and not one.fee
    ]
    outcomes = [one for one in income if one.on_outcomes]
    if outcomes or back:
        why = (
            f"{_named(outcomes, 'pays', 'pay')} the provider on outcomes"
            if outcomes
            else f"under {_named(back)} the provider may have to pay back"
        )
        wholly = len(outcomes) == len(income)
        return Dimension(name, 1, "the provider bears it" if wholly else "the provider bears a part", why)
    results = [one for one in income if one.metrics]
    if results:
        kinds = _few([metric.name for result in results for metric in result.metrics])
        return Dimension(
            name,
            2,
            "the provider bears the risk of take-up",
            f"{_named(results, 'pays', 'pay')} the provider for {kinds}, and not on outcomes",
        )
    return Dimension(
        name, 3, "others bear it", f"the provider is paid whatever the results: {_named(income)}"
    )
