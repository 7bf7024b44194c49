"""What is owed on an investment by a day, with a return on each drawdown. Source: language reference, 'What an investor earns at most'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import define

from sibdsl.dates import add_months, year_start
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.bounds import ReturnOn
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price.builder import not_below_nought
from sibdsl.price.graph import Graph, Greatest, Least, Scale
from sibdsl.price.provenance import Purpose
from sibdsl.source import Span

_DAYS_OF_A_YEAR = 365


@define
class _Owed:
    """What is owed on a day, in units of the currency: what bears interest, and the interest since it was last added to that.

    Steps of the graph; nothing is rounded. The first is below nought where more was paid than was owed.
    """

    graph: Graph
    rate: Fraction
    day: date
    principal: int
    interest: int

    def accrue(self, day: date) -> None:
        """Interest by days on what is outstanding, none where more was paid than was owed."""
        days = (day - self.day).days
        self.day = day
        if days and self.rate:
            nought = self.graph.constant(Fraction(0))
            bears = self.graph.add(Greatest((nought, self.principal), Purpose.OUTSTANDING))
            more = self.graph.add(Scale((bears,), self.rate * days / _DAYS_OF_A_YEAR))
            self.interest = self.graph.total([self.interest, more], Purpose.INTEREST_OWED)

    def add_interest(self) -> None:
        """The end of a contract year: the interest is outstanding from now on."""
        self.principal = self.graph.total([self.principal, self.interest], Purpose.OUTSTANDING)
        self.interest = self.graph.constant(Fraction(0))

    def draw(self, amount: Fraction) -> None:
        """A sum that is put in."""
        self.principal = self.graph.total([self.principal, self.graph.constant(amount)], Purpose.OUTSTANDING)

    def pay(self, paid: Sequence[int]) -> None:
        """What is paid meets interest first. What comes back of it is outstanding again."""
        nought = self.graph.constant(Fraction(0))
        whole = self.graph.total(list(paid))
        least = self.graph.add(Least((self.interest, whole), Purpose.INTEREST_MET))
        met = self.graph.add(Greatest((nought, least), Purpose.INTEREST_MET))
        self.interest = self.graph.less(self.interest, [met], Purpose.INTEREST_OWED)
        rest = self.graph.less(whole, [met])
        self.principal = self.graph.less(self.principal, [rest], Purpose.OUTSTANDING)


def owed_by(
    graph: Graph,
    contract: Contract,
    settings: Settings,
    bound: ReturnOn,
    paid: Mapping[date, Sequence[int]],
    day: date,
    span: Span,
) -> int:
    """The step of what is owed on a day, before anything is paid on that day; unrounded, in units of the currency.

    On one day a year's interest is added first, then comes what is drawn down, then what is paid. Raises NotGiven, and
    Unpriceable for a drawdown without a day, a sum or a rate below nought.
    """
    rate = not_below_nought(settings.number(bound.rate), "A return", span)
    drawn = _drawn(contract, settings, bound)
    before = {when: steps for when, steps in paid.items() if when < day and steps}
    days = sorted({*(when for when in drawn if when <= day), *before})
    nought = graph.constant(Fraction(0))
    if not days:
        return nought
    owed = _Owed(graph, rate, days[0], nought, nought)
    ends = set(_ends_of_years(days[0], day, contract.years_begin))
    for when in sorted({*days, *ends, day}):
        owed.accrue(when)
        if when in ends:
            owed.add_interest()
        if when in drawn:
            owed.draw(drawn[when])
        if when in before:
            owed.pay(before[when])
    return graph.total([owed.principal, owed.interest], Purpose.OWED)


def _drawn(contract: Contract, settings: Settings, bound: ReturnOn) -> dict[date, Fraction]:
    """What is put in on each day."""
    found: dict[date, Fraction] = {}
    investment = next(
        contract_investment
        for contract_investment in contract.investments
        if contract_investment.name == bound.investment
    )
    for drawdown in investment.drawdowns:
        if drawdown.paid_on is None:
            raise Unpriceable(
                f"A drawdown of {investment.name} has no day, so no return on it can be worked out.",
                drawdown.span,
            )
        amount = not_below_nought(settings.number(drawdown.amount), "A drawdown", drawdown.span)
        day = settings.day(drawdown.paid_on)
        found[day] = found.get(day, Fraction(0)) + amount
    return found


def _ends_of_years(first: date, last: date, begin: tuple[int, int]) -> Iterator[date]:
    """The first days of the contract years that begin after one day, up to another."""
    start, years = year_start(first, begin), 1
    while (day := add_months(start, 12 * years)) <= last:
        yield day
        years += 1
