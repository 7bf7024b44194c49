"""What the parts of the unrolling share: the state of one unrolling, and amounts as steps."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import define, field

from sibdsl import money
from sibdsl.dates import Period, long
from sibdsl.model.nodes import Amount, Arithmetic, Contract, Metric, MetricTotal, Payers, Working
from sibdsl.model.periods import Segment
from sibdsl.model.settings import Settings
from sibdsl.price.graph import Graph, Key, Line, Quantity, Round, Scale, Sum
from sibdsl.source import Span


class Unpriceable(Exception):
    """The settings make a clause that cannot be priced. `span` is the clause's place."""

    def __init__(self, message: str, span: object) -> None:
        self.span = span
        super().__init__(message)


@define
class Due:
    """A payment line on its way: what is left of it after set off and cuts so far.

    `each` is what one unit of the line's metric earns, where every one earns the same; `exact` is then the step of what is
    left before rounding.
    """

    line: Line
    left: int
    each: Fraction | None = None
    exact: int = 0


@define
class Builder:
    """The state of one unrolling."""

    contract: Contract
    settings: Settings
    graph: Graph
    metrics: dict[str, Metric]
    bands: dict[str, tuple[str, ...]]
    #: The stretches of time that are unrolled; and, within a programme, the contract's name.
    segments: tuple[Segment, ...]
    name: str = ""
    paid: list[Due] = field(factory=list)
    paid_to_date: dict[tuple[str, int], int] = field(factory=dict)
    #: What each row of a payment comes to in a segment before its payers share it.
    wholes: dict[tuple[tuple[str, int, int], Segment], int] = field(factory=dict)

    @property
    def grain(self) -> Fraction:
        return self.graph.grain

    def quantity(self, metric: str, band: str, segment: Segment) -> int:
        """The step of a metric's quantity in a segment; of all its bands where none is named."""
        bands = self.metrics[metric].bands
        if band or not bands:
            return self.graph.add(Quantity(Key(segment, metric, band, self.name)))
        every = [self.graph.add(Quantity(Key(segment, metric, one, self.name))) for one in self.bands[bands]]
        return self.graph.total(every, f"{metric}, all bands")

    def to_date(self, metric: str, band: str, days: Period) -> int:
        """The step of a metric's quantity over the segments within those days."""
        every = [self.quantity(metric, band, one) for one in self.segments if inside(one.days, days)]
        return self.named(every, metric, days) if every else self.graph.constant(Fraction(0))

    def named(self, inputs: list[int], name: str, days: Period) -> int:
        """The sum of steps under a name that explanations show, with the day that it runs to."""
        return self.graph.add(Sum(tuple(inputs), (1,) * len(inputs), note_to(name, days.last)))

    def worked(self, amount: Amount, days: Period) -> int:
        """The step of an amount in which metrics stand for their totals over those days.

        Raises Unpriceable for an amount that multiplies or divides quantities by one another.
        """
        if not speaks_of_quantities(amount):
            return self.graph.constant(self.settings.number(amount))
        match amount:
            case MetricTotal(metric, band):
                return self.to_date(metric, band, days)
            case Working(name):
                step = next(
                    one for block in self.contract.workings for one in block.steps if one.name == name
                )
                return self.named([self.worked(step.amount, days)], name, days)
            case Arithmetic("plus", left, right):
                return self.graph.total([self.worked(left, days), self.worked(right, days)])
            case Arithmetic("minus", left, right):
                return self.graph.less(self.worked(left, days), [self.worked(right, days)])
            case Arithmetic("times", left, right) if not speaks_of_quantities(left):
                return self.graph.add(Scale((self.worked(right, days),), self.settings.number(left)))
            case Arithmetic("times", left, right) if not speaks_of_quantities(right):
                return self.graph.add(Scale((self.worked(left, days),), self.settings.number(right)))
            case Arithmetic("divided by", left, right) if not speaks_of_quantities(right):
                by = self.settings.number(right)
                if by == 0:
                    raise Unpriceable("This divides by nought.", amount.span)
                return self.graph.add(Scale((self.worked(left, days),), 1 / by))
        raise Unpriceable("Quantities are multiplied or divided by one another here.", amount.span)

    def rounded(self, step: int, factor: Fraction | None = None) -> int:
        """Rounded by the contract's rule; whole counts at a rate of whole pennies need no rounding."""
        rounding = self.contract.rounding
        if rounding.grain is None or (factor is not None and (factor / rounding.grain).denominator == 1):
            return step
        return self.graph.add(Round((step,), rounding.grain, rounding.way))


def begin(
    contract: Contract, settings: Settings, graph: Graph, mine: tuple[Segment, ...], name: str = ""
) -> Builder:
    """The state before anything is unrolled over those segments."""
    bands = {one.name: tuple(band.name for band in one.bands) for one in contract.bands}
    return Builder(contract, settings, graph, {one.name: one for one in contract.metrics}, bands, mine, name)


def note_to(name: str, last: date) -> str:
    """The note of a sum that runs to a day."""
    return f"{name} to {long(last)}"


def speaks_of_quantities(amount: Amount) -> bool:
    """Whether a metric stands in the amount."""
    if isinstance(amount, Arithmetic):
        return speaks_of_quantities(amount.left) or speaks_of_quantities(amount.right)
    return isinstance(amount, (MetricTotal, Working))


def inside(part: Period, whole: Period) -> bool:
    """Whether every day of one is a day of the other."""
    return whole.start <= part.start and part.end <= whole.end


_PAID_BACK = " Write what is paid back as a payment with the parties the other way round."
_BACK = {"A rate": _PAID_BACK, "A regular sum": _PAID_BACK}


def not_below_nought(amount: Fraction, what: str, span: Span) -> Fraction:
    """The amount. Raises Unpriceable when it is below nought."""
    if amount < 0:
        raise Unpriceable(
            f"{what} comes to {money.show(amount)}: it cannot be below nought.{_BACK.get(what, '')}", span
        )
    return amount


def payers_in(payers: Payers, segment: Segment) -> tuple[str, ...]:
    """Who pays for results of a segment: by the date of the result, or by the last day of its statement period."""
    return payers_on(payers, segment.days.start if payers.by == "result" else segment.statement.last)


def payers_on(payers: Payers, day: date) -> tuple[str, ...]:
    """Who pays what falls due on a day: one, or all who share it."""
    if payers.shares:
        return payers.names
    return (next(phase.payer for phase in payers.phases if phase.last is None or day <= phase.last),)
