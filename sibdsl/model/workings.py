"""What amounts made of quantities speak of, through the contract's workings."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.model.nodes import Amount, Arithmetic, Contract, MetricTotal, Rate, Term, Tiered, ToDate, Working


def metrics_in(contract: Contract, amount: Amount) -> tuple[str, ...]:
    """The metrics that an amount is made of, each once, in the order written."""
    return tuple(dict.fromkeys(_metrics(contract, amount)))


def metrics_of(contract: Contract, term: Term) -> tuple[str, ...]:
    """The metrics that a term of a payment pays for."""
    if isinstance(term, (Rate, Tiered)):
        return (term.metric,)
    return metrics_in(contract, term.amount) if isinstance(term, ToDate) else ()


def amounts_of(contract: Contract, term: Term) -> tuple[Amount, ...]:
    """Every amount that a term states, with the workings behind it, and the shares of its payers."""
    shares = tuple(one.part for one in term.payers.shares if one.part is not None)
    return (*_amounts_of(contract, term), *shares)


def _amounts_of(contract: Contract, term: Term) -> tuple[Amount, ...]:
    match term:
        case Tiered(tiers=tiers):
            return tuple(one.amount for one in tiers)
        case ToDate(amount=amount, least=least, most=most):
            bounds = tuple(one for one in (least, most) if one is not None)
            return (amount, *_steps(contract, amount), *bounds)
    return (term.amount,)


def _steps(contract: Contract, amount: Amount) -> Iterator[Amount]:
    match amount:
        case Arithmetic(_, left, right):
            yield from _steps(contract, left)
            yield from _steps(contract, right)
        case Working(name):
            for block in contract.workings:
                for step in block.steps:
                    if step.name == name:
                        yield step.amount
                        yield from _steps(contract, step.amount)


def _metrics(contract: Contract, amount: Amount) -> Iterator[str]:
    match amount:
        case MetricTotal(metric):
            yield metric
        case Arithmetic(_, left, right):
            yield from _metrics(contract, left)
            yield from _metrics(contract, right)
        case Working(name):
            for block in contract.workings:
                for step in block.steps:
                    if step.name == name:
                        yield from _metrics(contract, step.amount)
