"""Special purpose vehicles that cannot meet what they owe, whatever is achieved.

What a vehicle owes for certain quantities is held against the most that it can have by then: what is paid to it at most once
limits have cut it, block advances, and what investors put in, loans counted. Source: design, section 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from sibdsl.check.greatest_payments import GreatestPayments, MostPaid
from sibdsl.check.possible_lines import Paying
from sibdsl.dates import Period, long, years_of
from sibdsl.diagnostics import Diagnostic, Label, NotGiven
from sibdsl.english import grouped, listed, short
from sibdsl.model.nodes import Contract, Investment, Rate, Regular
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import regular_dues
from sibdsl.source import Span
from sibdsl.wording import clause_title

_NOUGHT = Fraction(0)


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """What a vehicle owes beyond all that it can have (SIB0890), and a repayment from nothing that comes in (SIB0891)."""
    for investment in contract.investments:
        yield from _from_nothing(contract, investment)
    names = [party.name for party in contract.parties if "special purpose vehicle" in party.roles]
    if not names or contract.variations:
        return
    whole = GreatestPayments.of_contract(contract, settings)
    for name in names:
        if not any(one.line.payer == name for one in whole.lines):
            continue
        vehicle = _Vehicle(name, whole)
        told = list(vehicle.fixed())
        yield from told or vehicle.by_results()


@frozen
class _Vehicle:
    """A vehicle, with what its contract can come to."""

    name: str
    greatest: GreatestPayments

    # -------------------------------------------------------------- what it has

    def has(self, to: Period) -> MostPaid | None:
        """The most that it can have had by the last of those days; None where nothing bounds it."""
        lines = [
            at
            for at, one in enumerate(self.greatest.lines)
            if one.rate.payee == self.name and one.line.segment.days.start < to.end
        ]
        blocks = [
            block for block in self.greatest.blocks if block.advance.payee == self.name and block.day < to.end
        ]
        if any(cap.excess.payers for cap in self.greatest.contract.caps):
            return None  # what others pay beyond a limit comes in besides
        put_in = self._put_in(to)
        found = self.greatest.within_limits(lines, blocks)
        return None if found is None or put_in is None else found + MostPaid(put_in)

    def _put_in(self, to: Period) -> Fraction | None:
        """What investors put in by then, of which a day that is not given counts; None while a sum has not been given."""
        total = _NOUGHT
        for investment in self.greatest.contract.investments:
            if investment.into != self.name:
                continue
            for drawdown in investment.drawdowns:
                amount = self.greatest.settings_number(drawdown.amount)
                if amount is None:
                    return None
                try:
                    late = (
                        drawdown.paid_on is not None
                        and self.greatest.settings.day(drawdown.paid_on) >= to.end
                    )
                except (NotGiven, TypeError):
                    late = False
                total += _NOUGHT if late else amount
        return total

    # -------------------------------------------------------------- what it owes whatever is achieved

    def fixed(self) -> Iterator[Diagnostic]:
        """Regular sums that it owes, by the end of each year, above all that it can have by then; the first such year."""
        contract = self.greatest.contract
        mine = [
            (one, one.rate)
            for one in self.greatest.lines
            if one.line.payer == self.name and isinstance(one.rate, Regular)
        ]
        if not mine:
            return
        for year in years_of(contract.payment_period, contract.years_begin):
            to = Period(contract.payment_period.start, min(year.end, contract.payment_period.end))
            owed = _NOUGHT
            for one, term in mine:
                amount = self.greatest.settings_number(term.amount)
                if amount is None or term.part == "by days":
                    return
                dues = regular_dues(contract, one.payment, term, one.line.segment)
                part = self.greatest.part_of(one)
                if part is None:
                    return
                owed += sum((amount * part for day, _ in dues if day in to), _NOUGHT)
            has = self.has(to)
            if has is not None and owed > has.in_all:
                first, _ = mine[0]
                yield self._short(
                    first, owed, has, to, listed(list(dict.fromkeys(one.payment.name for one, _ in mine))), ""
                )
                return

    # -------------------------------------------------------------- what it owes for results

    def by_results(self) -> Iterator[Diagnostic]:
        """What it owes for the most results of one metric, or for those of one person, above all that it can have."""
        contract = self.greatest.contract
        has = self.has(contract.payment_period)
        each = GreatestPayments.of_contract(contract, self.greatest.settings, each_person=True)
        told: set[str] = set()
        for at, one in enumerate(self.greatest.lines):
            term = one.rate
            if (
                one.line.payer != self.name
                or not isinstance(term, Rate)
                or one.payment.conditions
                or one.payment.limits
            ):
                continue
            if one.payment.name in told or self._limited(at):
                continue
            rate, part = self.greatest.settings_number(term.amount), self.greatest.part_of(one)
            most = self.greatest.quantity(
                term.metric, term.band, [other.line.segment for other in self.greatest.lines]
            )
            if rate is None or part is None:
                continue
            if has is not None and most is not None and rate * part * most.amount > has.in_all:
                told.add(one.payment.name)
                so_many = f" for {grouped(most.amount)} {term.metric}"
                yield self._short(
                    one, rate * part * most.amount, has, contract.payment_period, one.payment.name, so_many
                )
                continue
            brings = self._brings(each)
            once = each.quantity(term.metric, term.band, [one.line.segment])
            if brings is not None and once is not None and once.amount == 1 and rate * part > brings.in_all:
                told.add(one.payment.name)
                yield self._too_dear(one, rate * part, brings)

    def _limited(self, at: int) -> bool:
        """Whether a limit may cut what it owes there."""
        one = self.greatest.lines[at]
        return any(
            self.name in row.covers.payers or one.payment.name in row.covers.payments
            for cap in self.greatest.contract.caps
            for row in cap.rows
        )

    def _brings(self, each: GreatestPayments) -> MostPaid | None:
        """What the results of one person bring in at most, where every payment to it is a rate for each result."""
        mine = [at for at, one in enumerate(each.lines) if one.rate.payee == self.name]
        fixed = any(not isinstance(each.lines[at].rate, Rate) for at in mine)
        others = any(block.advance.payee == self.name for block in each.blocks) or any(
            investment.into == self.name for investment in each.contract.investments
        )
        return None if fixed or others or not mine else each.of(mine)

    # -------------------------------------------------------------- what is said

    def _short(
        self, one: Paying, owed: Fraction, has: MostPaid, to: Period, names: str, so_many: str
    ) -> Diagnostic:
        contract = self.greatest.contract
        lent = self._put_in(to) or _NOUGHT
        whole = to.end == contract.payment_period.end
        by = "" if whole else f" by {long(to.last)}"
        then = "at all" if whole else "by then"
        invested = (
            f", of which investors put in {short(lent, contract.currency)}"
            if lent
            else ", and no investor puts anything in"
        )
        return Diagnostic(
            "SIB0890",
            f"{self.name} cannot meet what it owes: {short(owed, contract.currency)} under {names}{so_many}{by}. The most that it can have {then} is "
            f"{short(has.amount, contract.currency)}{invested}.",
            one.rate.span,
            clause_title("payment", one.payment.name, one.payment.clause),
            f"{short(owed - has.amount, contract.currency)} more than it can have",
            "Find out what was agreed to be paid to it, or lent, and write that; or what it is to pay.",
            self._labels(),
            "warning",
        )

    def _too_dear(self, one: Paying, owed: Fraction, brings: MostPaid) -> Diagnostic:
        contract, term = self.greatest.contract, one.rate
        metric = term.metric if isinstance(term, Rate) else one.payment.name
        return Diagnostic(
            "SIB0890",
            f"{self.name} loses on each {metric}: it owes {short(owed, contract.currency)} for it under {one.payment.name}, and one person "
            f"brings in at most {short(brings.amount, contract.currency)}, all results counted. No block advance and no investor makes "
            "that up.",
            term.span,
            clause_title("payment", one.payment.name, one.payment.clause),
            f"{short(owed - brings.amount, contract.currency)} more than a person brings in",
            "Find out what was agreed to be paid to it, or lent, and write that; or what it is to pay.",
            self._labels(),
            "warning",
        )

    def _labels(self) -> tuple[Label, ...]:
        spans: dict[str, Span] = {}
        for one in self.greatest.lines:
            if one.rate.payee == self.name:
                spans.setdefault(one.payment.name, one.payment.span)
        return tuple(Label(span, "comes in") for span in list(spans.values())[:3])


def _from_nothing(contract: Contract, investment: Investment) -> Iterator[Diagnostic]:
    """A repayment from what is left after payments that the party only makes, so that nothing there comes in."""
    named = [payment for payment in contract.payments if payment.name in investment.behind]
    if len(named) < len(set(investment.behind)) or not named:
        return  # after other investments or block advances
    makes = all(
        investment.into in term.payers.names and term.payee != investment.into
        for payment in named
        for term in payment.terms
    )
    if not makes:
        return
    income = list(
        dict.fromkeys(
            payment.name
            for payment in contract.payments
            for term in payment.terms
            if term.payee == investment.into
        )
    )
    names = listed([payment.name for payment in named])
    yield Diagnostic(
        "SIB0891",
        f"{investment.name} is repaid from what is left after {names}, which {investment.into} pays and does not receive: nothing of what "
        f"comes in to {investment.into} is named, so nobody can say of what something is left.",
        investment.span,
        clause_title("investment", investment.name, investment.clause),
        f"{names} brings nothing in",
        (
            f"Name what comes in too: {listed([f'`{name}`' for name in income])}."
            if income
            else f"{investment.into} is paid nothing under this contract: name the day of repayment."
        ),
        tuple(Label(payment.span, f"{investment.into} pays this") for payment in named),
        "warning",
    )
