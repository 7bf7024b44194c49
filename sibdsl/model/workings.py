"""What amounts made of quantities speak of, through the contract's workings."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    Arithmetic,
    Both,
    Compare,
    Condition,
    Contract,
    Either,
    Extreme,
    FirstGiven,
    Formula,
    Interpolated,
    MetricTotal,
    Not,
    PaidWhen,
    Range,
    Rate,
    Regular,
    RoundedAmount,
    Stepped,
    Term,
    Tiered,
    ToDate,
    Variation,
    Working,
    Workings,
)
from sibdsl.model.periods import spans


def parts(amount: Amount) -> tuple[Amount, ...]:
    """The amounts that one is directly made of; none of a value, a name or a step of workings."""
    match amount:
        case Arithmetic(left=left, right=right):
            return (left, right)
        case Stepped(by=by, rows=rows):
            return (by, *(amount for row in rows for amount in (*ends(row.holds), row.amount)))
        case Interpolated(by=by, points=points):
            return (by, *(amount for point in points for amount in (point.at, point.amount)))
        case Extreme(parts=several) | FirstGiven(parts=several):
            return several
        case RoundedAmount(amount=inner):
            return (inner,)
    return ()


def ends(held: Range) -> tuple[Amount, ...]:
    """The ends that a range has."""
    return tuple(amount for amount in (held.low, held.high) if amount is not None)


#: Steps by their names, for the contracts looked into last. A contract is looked into thousands of times.
_STEPS: deque[tuple[tuple[Workings, ...], tuple[Variation, ...], dict[str, Amount]]] = deque(maxlen=4)


def step_of(contract: Contract, name: str) -> Amount:
    """What a step of workings comes to, or one that a variation adds. Raises KeyError when there is none of that name."""
    for blocks, changes, steps in _STEPS:
        if blocks is contract.workings and changes is contract.variations:
            return steps[name]
    steps = {}
    added = (block for variation in contract.variations for block in variation.workings)
    for step in (step for block in (*contract.workings, *added) for step in block.steps):
        steps.setdefault(step.name, step.amount)
    _STEPS.appendleft((contract.workings, contract.variations, steps))
    return steps[name]


def own_parts(amount: Amount) -> Iterator[Amount]:
    """An amount and all that it is made of, without what the steps come to that stand in it."""
    waiting = [amount]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += reversed(parts(part))


def every_part(contract: Contract, amount: Amount) -> Iterator[Amount]:
    """An amount and all that it is made of, through the steps of workings; what stands in a step is given once."""
    seen: set[str] = set()
    waiting = [amount]
    while waiting:
        part = waiting.pop()
        yield part
        if not isinstance(part, Working):
            waiting += reversed(parts(part))
        elif part.name not in seen:
            seen.add(part.name)
            waiting.append(step_of(contract, part.name))


def speaks_of_quantities(amount: Amount) -> bool:
    """Whether a metric stands in the amount, by name or in a step of workings."""
    if isinstance(amount, (MetricTotal, Working)):
        return True
    return any(speaks_of_quantities(part) for part in parts(amount))


def in_steps(amount: Amount, step: Callable[[str], Amount | None]) -> bool:
    """Whether an amount takes one of a few values, whatever the quantities: nothing in it is so much for each of them.

    `step` gives what a step of workings comes to; None where it is not known, which is none of a few.
    """
    seen: set[str] = set()
    waiting: list[Amount | None] = [amount]
    while waiting:
        match waiting.pop():
            case None | MetricTotal() | Interpolated():
                return False
            case Working(name):
                if name not in seen:
                    seen.add(name)
                    waiting.append(step(name))
            case Stepped(rows=rows):
                waiting += [row.amount for row in rows]
            case RoundedAmount(amount=inner):
                # Rounding a sum of a few values is no sum of rounded ones: only what hangs on no quantity is taken for one.
                if not _fixed(inner, step):
                    return False
            case other:
                waiting += parts(other)
    return True


def _fixed(amount: Amount, step: Callable[[str], Amount | None]) -> bool:
    """Whether an amount hangs on no quantity, through the steps of workings."""
    seen: set[str] = set()
    waiting: list[Amount | None] = [amount]
    while waiting:
        match waiting.pop():
            case None | MetricTotal():
                return False
            case Working(name):
                if name not in seen:
                    seen.add(name)
                    waiting.append(step(name))
            case other:
                waiting += parts(other)
    return True


def metrics_in(contract: Contract, amount: Amount) -> tuple[str, ...]:
    """The metrics that an amount is made of, each once, in the order written."""
    every = every_part(contract, amount)
    return tuple(dict.fromkeys(amount.metric for amount in every if isinstance(amount, MetricTotal)))


def earned_by(contract: Contract, amount: Amount) -> tuple[str, ...]:
    """The metrics that earn an amount: those with which it grows or shrinks, each once, in the order written.

    A metric that only chooses a step, a rate or a level earns nothing of what the step is multiplied by; but a sum that is
    nothing but steps is earned by what chooses among them. Source: language reference, 'What a payment is earned by'.
    """
    found = dict.fromkeys(_earning(contract, amount))
    return tuple(one for one in metrics_in(contract, amount) if one in found)


def _earning(contract: Contract, amount: Amount) -> tuple[str, ...]:
    """Of each sum that is added or taken off: what it is multiplied out of, or else what chooses among its steps."""
    match amount:
        case Working(name):
            return _earning(contract, step_of(contract, name))
        case Arithmetic("plus" | "minus", left, right):
            return (*_earning(contract, left), *_earning(contract, right))
        case Extreme(parts=several) | FirstGiven(parts=several):
            return tuple(name for amount in several for name in _earning(contract, amount))
    return _valued(contract, amount) or metrics_in(contract, amount)


def _valued(contract: Contract, amount: Amount) -> tuple[str, ...]:
    """The metrics whose quantities themselves stand in an amount, and do not only choose a step of it."""
    match amount:
        case MetricTotal(metric=metric):
            return (metric,)
        case Working(name):
            return _valued(contract, step_of(contract, name))
        case Stepped(rows=rows):
            return tuple(name for row in rows for name in _valued(contract, row.amount))
        case Interpolated(by=by):
            return _valued(contract, by)
    return tuple(name for part in parts(amount) for name in _valued(contract, part))


def counted_behind(contract: Contract, names: Iterable[str]) -> tuple[str, ...]:
    """The metrics counted from records that some rest on, through those worked out from others; each once."""
    derived = {derived_metric.name: derived_metric for derived_metric in contract.derived}
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = deque(names)
    while waiting:
        name = waiting.popleft()
        if name in seen:
            continue
        seen.add(name)
        if name in derived:
            waiting += (one for formula in derived[name].formulas for one in metrics_in(contract, formula))
        else:
            found[name] = None
    return tuple(found)


def may_be_blank(contract: Contract, name: str) -> bool:
    """Whether there may be nothing to measure of a metric: of one that does not add up, or where quantities divide."""
    return amount_may_be_blank(contract, MetricTotal(name))


def amount_may_be_blank(contract: Contract, amount: Amount) -> bool:
    """Whether an amount may be blank: something that it is made of may be, and nothing stands for that."""
    return _Blanks(contract).may_be(amount)


class _Blanks:
    """What may be blank in a contract; each list of amounts of which the first given counts is looked at once."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.counted = {metric.name: metric for metric in contract.metrics}
        self.derived = {derived_metric.name: derived_metric for derived_metric in contract.derived}
        self._lists: dict[tuple[int, str], bool] = {}

    def may_be(self, amount: Amount, within: str = "") -> bool:
        """Whether the amount may be blank, which stands in the metric of that name that is worked out."""
        seen: set[tuple[str, str]] = set()
        waiting = [(amount, within)]
        while waiting:
            part, at = waiting.pop()
            match part:
                case MetricTotal(metric=name) | Working(name=name):
                    if (name, at) in seen:
                        continue
                    seen.add((name, at))
                    if self._nothing_to_measure(name) or self._not_yet(name, at):
                        return True
                    if name in self.derived:
                        waiting += [(formula, name) for formula in self.derived[name].formulas]
                    elif name not in self.counted:
                        waiting.append((step_of(self.contract, name), at))
                case FirstGiven(parts=several):
                    key = id(part), at
                    if key not in self._lists:
                        self._lists[key] = all(self.may_be(one, at) for one in several)
                    if self._lists[key]:
                        return True
                case Arithmetic(op="divided by", right=right) if speaks_of_quantities(right):
                    return True
                case _:
                    waiting += [(one, at) for one in parts(part)]
        return False

    def _nothing_to_measure(self, name: str) -> bool:
        """Whether a metric counted from records is blank of no rows. Of none there are nought different values."""
        metric = self.counted.get(name)
        return metric is not None and metric.measured is not None and metric.counts.blank_without_rows

    def _not_yet(self, name: str, within: str) -> bool:
        """Whether a metric may not have been measured by the end of a stretch over which another is worked out from it."""
        metric = self.counted.get(name) or self.derived.get(name)
        if not within or metric is None or metric.measured is None:
            return False
        taken = [span.last for span in spans(self.contract, metric.measured)]
        over = spans(self.contract, self.derived[within].measured)
        return not all(any(day in days for day in taken) for days in over)


def tested(condition: Condition) -> Iterator[Amount]:
    """Both sides of every comparison in a condition on quantities."""
    match condition:
        case Compare(left=left, right=right):
            yield from (left, right)
        case Both(tests=tests) | Either(tests=tests):
            for test in tests:
                yield from tested(test)
        case Not(test=test):
            yield from tested(test)


def metrics_tested(contract: Contract, condition: PaidWhen) -> tuple[str, ...]:
    """The metrics that a condition of payment reads, each once."""
    found = [name for amount in tested(condition.condition) for name in metrics_in(contract, amount)]
    return tuple(dict.fromkeys(found))


def metrics_of(contract: Contract, term: Term) -> tuple[str, ...]:
    """The metrics that a term of a payment pays for."""
    match term:
        case Rate(metric=metric) | Tiered(metric=metric) | AllUnits(metric=metric):
            return (metric,)
        case ToDate(amount=amount) | Formula(amount=amount):
            return metrics_in(contract, amount)
        case Regular():
            return ()
        case _:
            assert_never(term)


def amounts_of(contract: Contract, term: Term) -> tuple[Amount, ...]:
    """Every amount that a term states, with the workings behind it, and the shares of its payers."""
    shares = tuple(share.part for share in term.payers.shares if share.part is not None)
    return (*_amounts_of(contract, term), *shares)


def _amounts_of(contract: Contract, term: Term) -> tuple[Amount, ...]:
    match term:
        case Tiered(tiers=tiers) | AllUnits(tiers=tiers):
            return (*(tier.amount for tier in tiers), *term.sizes)
        case ToDate(amount=amount, least=least, most=most):
            bounds = tuple(amount for amount in (least, most) if amount is not None)
            return (*every_part(contract, amount), *bounds)
        case Formula(amount=amount, least=least, factors=factors):
            bounds = (least,) if least is not None else ()
            return (*every_part(contract, amount), *bounds, *(factor.amount for factor in factors))
        case Rate(amount=amount) | Regular(amount=amount):
            return (amount,)
        case _:
            assert_never(term)
