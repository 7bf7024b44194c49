"""Where a contract stands on those dimensions of outcomes contracts that its own text decides.

Source: the evaluation of the Commissioning Better Outcomes fund, MHEP in-depth review, Annex 1, of which three of six
follow from what a contract says: nature of payment, strength of measurement, and who bears the provider's risk. 3 is a
lot, 1 a little. Delivery body, performance management and savings do not: nobody is asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sibdsl.check.reads import amounts_in
from sibdsl.check.words import listed
from sibdsl.model.nodes import AnyMetric, Contract, Derived, GivenFor, Looked, Metric
from sibdsl.model.workings import metrics_in, metrics_of

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
        return any(one.kind == "outcome" for one in self.metrics)


def dimensions(contract: Contract) -> tuple[Dimension, ...]:
    """The three dimensions of a contract, in the order of the annex."""
    paid = tuple(_paid(contract))
    return _nature(contract, paid), _strength(contract, paid), _risk(contract, paid)


def _paid(contract: Contract) -> Iterable[_Paid]:
    metrics = {one.name: one for one in contract.every_metric}
    for payment in contract.payments:
        for term in payment.terms:
            names = metrics_of(contract, term)
            earned = tuple(metrics[name] for name in names if name in metrics)
            yield _Paid(payment.name, term.payers.names, term.payee, earned, fee=not names)
    for block in contract.advances:
        for one in block.advances:
            unused = str(getattr(block, "unused", "kept"))
            yield _Paid(block.name, (one.payer,), one.payee, (), fee=True, returned=unused == "recoverable")


def _roles(contract: Contract, *roles: str) -> set[str]:
    return {one.name for one in contract.parties if set(one.roles) & set(roles)}


def _named(paid: Iterable[_Paid], one: str = "", several: str = "") -> str:
    """The clauses by name, with a verb for one of them or for several."""
    names = list(dict.fromkeys(each.clause for each in paid))
    return f"{listed(names)} {one if len(names) == 1 else several}".rstrip()


# ------------------------------------------------------------------ nature of payment


def _nature(contract: Contract, paid: tuple[_Paid, ...]) -> Dimension:
    name = "nature of payment"
    ours = _roles(contract, *_COMMISSIONING)
    own = [one for one in paid if ours & set(one.payers)]
    fees = [one for one in own if one.fee]
    other = [one for one in own if not one.fee and not one.on_outcomes]
    if not own:
        return Dimension(name, None, "no commissioner pays", "no payment is made by a commissioner or a fund")
    if fees:
        why = f"{_named(fees, 'is', 'are')} paid by commissioners whatever is achieved"
        return Dimension(name, 1, "partly by results", why)
    if other:
        kinds = listed([f"{metric.name}, an {metric.kind}" for one in other for metric in one.metrics])
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
    paid_for = [metric for one in paid if one.on_outcomes for metric in one.metrics]
    if not paid_for:
        return Dimension(name, None, "no outcome is paid for", "no payment is made for an outcome")
    behind = {metric.name: metric for one in paid_for for metric in _made_from(contract, one)}
    compared = [one for one in behind.values() if isinstance(one, Derived) and one.change]
    between = [one.name for one in compared if len(_cohorts(contract, one)) > 1]
    if between:
        return Dimension(
            name,
            3,
            "against a comparison group",
            f"{listed(between)} {'compares' if len(between) == 1 else 'compare'} one group with another",
        )
    if compared:
        return Dimension(
            name,
            2,
            "against a baseline",
            f"{listed([one.name for one in compared])} {'is' if len(compared) == 1 else 'are'} the change "
            "against what was before, or was agreed beforehand",
        )
    expected = [one for one in behind.values() if _baseline(one)]
    if expected:
        return Dimension(
            name,
            2,
            "against a baseline",
            f"what is expected, {listed([one.name for one in expected])}, comes from figures agreed beforehand",
        )
    return Dimension(
        name,
        1,
        "no comparison",
        f"each {listed(list(dict.fromkeys(one.name for one in paid_for if one.kind == 'outcome')), 'or')} counts as it comes, "
        "whether or not it would have come anyway",
    )


def _made_from(contract: Contract, metric: AnyMetric) -> Iterable[AnyMetric]:
    """A metric, and those that it is worked out from."""
    yield metric
    if isinstance(metric, Derived):
        every = {one.name: one for one in contract.every_metric}
        for name in metrics_in(contract, metric.formula):
            yield from _made_from(contract, every[name])


def _cohorts(contract: Contract, metric: AnyMetric) -> set[str]:
    return {one.cohort for one in _made_from(contract, metric) if isinstance(one, Metric) and one.cohort}


def _baseline(metric: AnyMetric) -> bool:
    """Whether what is measured is what was expected: days weighted by figures printed, or given, for each sort of person."""
    return (
        isinstance(metric, Metric)
        and metric.kind == "input"
        and metric.weight is not None
        and any(isinstance(one, (Looked, GivenFor)) for one in amounts_in(metric.weight))
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
        return Dimension(name, 1, "the provider bears a part", why)
    results = [one for one in income if one.metrics]
    if results:
        kinds = listed([metric.name for one in results for metric in one.metrics])
        return Dimension(
            name,
            2,
            "the provider bears the risk of take-up",
            f"{_named(results, 'pays', 'pay')} the provider for {kinds}, and not on outcomes",
        )
    return Dimension(
        name, 3, "others bear it", f"the provider is paid whatever the results: {_named(income)}"
    )
