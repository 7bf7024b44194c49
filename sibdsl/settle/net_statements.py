"""What is to be paid of each statement between two parties, where it may come to less than nought.

No line hangs on it: lines say what is owed, this says how it is settled. Source: language reference, 'Net negative'.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.model.nodes import NetNegative
from sibdsl.model.periods import statements
from sibdsl.settle.payments import Payments


@frozen
class NetOfStatement:
    """One statement between a payer and a payee, in units of the currency; only `stated` may be below nought.

    `stated` is what the payer owes less what comes back; `brought` what the payee owed from statements before. Of both
    together `to_pay` is paid by the payer, `invoiced` by the payee, `carried` owed on to the next statement, and `forgiven`
    by nobody: stated - brought = to_pay - invoiced - carried - forgiven.
    """

    period: Period
    payer: str
    payee: str
    stated: Fraction
    brought: Fraction
    to_pay: Fraction
    invoiced: Fraction
    carried: Fraction
    forgiven: Fraction

    @property
    def amounts(self) -> tuple[Fraction, ...]:
        """The amounts in their order: stated, brought, to pay, invoiced, carried, forgiven."""
        return (self.stated, self.brought, self.to_pay, self.invoiced, self.carried, self.forgiven)


def net_statements(run: Payments) -> tuple[NetOfStatement, ...]:
    """Every statement of the run between each two parties who have lines in it or something left from before.

    Nothing where the contract does not say what becomes of a net negative.
    """
    said = run.contract.net_negative
    if said is None:
        return ()
    sums: dict[tuple[str, str], dict[Period, Fraction]] = {}
    for priced in run.lines:
        line, sign = priced.line, 1
        pair = (line.payer, line.payee)
        if pair in run.coming_back:
            pair, sign = (line.payee, line.payer), -1
        by_period = sums.setdefault(pair, {})
        by_period[line.segment.statement] = (
            by_period.get(line.segment.statement, Fraction(0)) + sign * priced.amount
        )
    ended = [period for period in statements(run.contract) if period.last <= run.as_of]
    periods = sorted({*ended, *(period for by_period in sums.values() for period in by_period)})
    last = run.contract.payment_period.last
    found = [
        row for pair, by_period in sums.items() for row in _of_pair(said, pair, by_period, periods, last)
    ]
    return tuple(sorted(found, key=lambda row: row.period.start))


def _of_pair(
    said: NetNegative,
    pair: tuple[str, str],
    by_period: dict[Period, Fraction],
    periods: list[Period],
    last: date,
) -> Iterator[NetOfStatement]:
    """The statements between two parties in their order; `last` is the last day on which anything is stated."""
    brought = Fraction(0)
    for period in periods:
        if period not in by_period and not brought:
            continue
        stated = by_period.get(period, Fraction(0))
        left = stated - brought
        owed = max(Fraction(0), -left)
        way = said.last if period.last >= last and said.way == "set off" else said.way
        yield NetOfStatement(
            period,
            *pair,
            stated,
            brought,
            max(Fraction(0), left),
            owed if way == "invoiced" else Fraction(0),
            owed if way == "set off" else Fraction(0),
            owed if way == "forgiven" else Fraction(0),
        )
        brought = owed if way == "set off" else Fraction(0)
