"""One result that earns money in two ways: under a fee and in a sum, by two metrics of the same rows, by the row and by the day.

And one amount of which more than the whole is paid out in shares. All of it may be meant: the messages say what happens.
Source: design, section 5, one event paid twice by one payer; language reference, 'Checks'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations
from typing import assert_never

from attrs import frozen

from sibdsl import wording
from sibdsl.check.blocks import number
from sibdsl.check.conditions_together import Asking, Conditions, Placed
from sibdsl.check.contradictions import Domains, fixed, held_so_long
from sibdsl.check.payments_together import PaymentsTogether
from sibdsl.check.possible_lines import Paying, paying
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed, with_unit
from sibdsl.model.conditions_on_rows import amounts_in
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    Arithmetic,
    Column,
    Condition,
    Contract,
    DaysCounted,
    Extreme,
    FirstGiven,
    Formula,
    JoinedColumn,
    Metric,
    MetricTotal,
    Payment,
    Rate,
    Regular,
    RoundedAmount,
    RowsCounted,
    Term,
    Tiered,
    ToDate,
    Value,
    Working,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment
from sibdsl.model.workings import speaks_of_quantities, step_of
from sibdsl.wording import clause_title, noun


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Warnings on one result paid in two ways (SIB0818 to SIB0820), and on more than the whole in shares (SIB0821)."""
    lines = paying(contract)
    together = PaymentsTogether(contract, settings)
    yield from _in_sums(contract, together, lines)
    yield from _by_two_metrics(contract, settings, together, lines)
    yield from _shares(contract, settings, together)


def _title(payment: Payment) -> str:
    return clause_title("payment", payment.name, payment.clause)


# ------------------------------------------------------------------ a fee for each, and a sum


def _in_sums(contract: Contract, together: PaymentsTogether, lines: list[Paying]) -> Iterator[Diagnostic]:
    """A metric that one payer pays one payee for each of, or in one sum, and again in another sum."""
    places: dict[tuple[Segment, str, str, str], list[Paying]] = {}
    behind: dict[int, frozenset[str]] = {}
    for line in lines:
        if id(line.rate) not in behind:
            behind[id(line.rate)] = _grows_with(contract, line.rate)
        for name in behind[id(line.rate)]:
            places.setdefault((line.line.segment, line.line.payer, line.line.payee, name), []).append(line)
    found: dict[tuple[str, str], dict[str, tuple[Paying, Paying]]] = {}
    for (_, _, _, name), every in places.items():
        for first, second in combinations(every, 2):
            if first.payment is second.payment or not _is_sum(first.rate, second.rate):
                continue
            found.setdefault((first.payment.name, second.payment.name), {}).setdefault(
                str(name), (first, second)
            )
    for by_metric in found.values():
        first, second = next(iter(by_metric.values()))
        if together.never_both(first.payment, second.payment) or together.alternatives(
            first.payment, second.payment
        ):
            continue
        yield _in_a_sum(first, second, list(by_metric))


def _is_sum(*terms: Term) -> bool:
    return any(isinstance(term, Formula | ToDate) for term in terms)


def _in_a_sum(first: Paying, second: Paying, metrics: list[str]) -> Diagnostic:
    sum_of, fee = (second, first) if isinstance(second.rate, Formula | ToDate) else (first, second)
    both_sums = isinstance(fee.rate, Formula | ToDate)
    how = "in a sum worked out from it" if both_sums else "for each"
    return Diagnostic(
        "SIB0818",
        f"{sum_of.line.payer} pays {sum_of.line.payee} for {listed(metrics)} under {fee.payment.name}, {how}, and again in the sum of "
        f"{sum_of.payment.name}, which grows with {'it' if len(metrics) == 1 else 'them'}.",
        sum_of.rate.span if sum_of.rate.span.file else sum_of.payment.span,
        _title(sum_of.payment),
        f"{fee.payment.name} pays for it too",
        f"Both are paid. If one of them is meant, take the other out, or take {metrics[0]} out of the sum; if both are, leave them.",
        (Label(fee.rate.span, f"{fee.payment.name} pays for it here"),),
        "warning",
    )


def _grows_with(contract: Contract, term: Term) -> frozenset[str]:
    """The metrics of which each one more is paid for by the term."""
    match term:
        case Formula(amount=amount) | ToDate(amount=amount):
            return frozenset(_added(contract, amount, set()))
        case Rate(metric=name) | Tiered(metric=name) | AllUnits(metric=name):
            return frozenset([name])
        case Regular():
            return frozenset()
        case _:
            assert_never(term)


def _added(contract: Contract, amount: Amount, followed: set[str]) -> Iterator[str]:
    """The metrics whose quantities are added up in an amount; not those that are taken off, that divide, or choose a step.

    `followed` are the steps and the metrics worked out that were followed before: each is followed once, however often it is used.
    """
    match amount:
        case MetricTotal(metric=name):
            made = next((derived for derived in contract.derived if derived.name == name), None)
            if made is None:
                yield name
            elif name not in followed:
                followed.add(name)
                yield from _added(contract, made.formula, followed)
        case Working(name=name):
            if name not in followed:
                followed.add(name)
                yield from _added(contract, step_of(contract, name), followed)
        case Arithmetic("minus", left, right) | Arithmetic("divided by", left, right):
            if not speaks_of_quantities(right):  # what is paid elsewhere may be taken off
                yield from _added(contract, left, followed)
        case Arithmetic(_, left, right):
            yield from _added(contract, left, followed)
            yield from _added(contract, right, followed)
        case Extreme(parts=several) | FirstGiven(parts=several):
            for part in several:
                yield from _added(contract, part, followed)
        case RoundedAmount(amount=inner):
            yield from _added(contract, inner, followed)


# ------------------------------------------------------------------ two metrics of the same rows


@frozen
class _PaidMetric:
    """A metric as one payer pays one payee for it: under which payments, in which bands ('' is all)."""

    metric: Metric
    lines: tuple[Paying, ...]

    @property
    def bands(self) -> frozenset[str]:
        return frozenset(line.line.band for line in self.lines)


def _by_two_metrics(
    contract: Contract, settings: Settings, together: PaymentsTogether, lines: list[Paying]
) -> Iterator[Diagnostic]:
    metrics = {metric.name: metric for metric in contract.metrics}
    paid: dict[tuple[str, str], dict[str, list[Paying]]] = {}
    for line in lines:
        name = line.line.metric
        if name in metrics and isinstance(line.rate, Rate) and not _nothing(settings, line.rate):
            paid.setdefault((line.line.payer, line.line.payee), {}).setdefault(name, []).append(line)
    told: set[frozenset[str]] = set()
    rows = _Rows(contract, settings)
    for by_name in paid.values():
        for one, other in combinations(by_name, 2):
            first, second = (
                _PaidMetric(metrics[one], tuple(by_name[one])),
                _PaidMetric(metrics[other], tuple(by_name[other])),
            )
            pair = frozenset((one, other))
            if pair in told or not _paid_together(together, first, second):
                continue
            finding = rows.of_two(first, second)
            if finding is not None:
                told.add(pair)
                yield finding


def _nothing(settings: Settings, rate: Rate) -> bool:
    return number(settings, rate.amount) == 0


def _paid_together(together: PaymentsTogether, first: _PaidMetric, second: _PaidMetric) -> bool:
    return any(
        one.line.segment == other.line.segment
        and (one.payment is other.payment or not together.never_both(one.payment, other.payment))
        for one in first.lines
        for other in second.lines
    )


@frozen
class _Rows:
    """Whether one row can be a result of two metrics."""

    contract: Contract
    settings: Settings

    def of_two(self, first: _PaidMetric, second: _PaidMetric) -> Diagnostic | None:
        one, other = first.metric, second.metric
        if one.records != other.records or not self._same_people(one, other) or self._exclusive(one, other):
            return None
        counts = {type(one.counts), type(other.counts)}
        if counts == {RowsCounted, DaysCounted}:
            return self._by_the_day(first, second) if self._both(one, other) else None
        if not self._same_event(one, other) or not self._both(one, other):
            return None
        if self._bands_apart(first, second):
            return None
        return self._overlap(first, second)

    @staticmethod
    def _same_people(one: Metric, other: Metric) -> bool:
        return one.among == other.among or bool(set(one.among) & set(other.among))

    def _exclusive(self, one: Metric, other: Metric) -> bool:
        """Whether of one person only one of them counts, or one leaves out what the other counts."""
        if other.name == one.net_of or one.name == other.net_of:
            return True
        for routes in self.contract.routes:
            ways = [
                next((route.name for route in routes.routes if metric.name in route.metrics), None)
                for metric in (one, other)
            ]
            if None not in ways and ways[0] != ways[1]:
                return True
        return False

    @staticmethod
    def _same_event(one: Metric, other: Metric) -> bool:
        """Whether they count the same thing of a row, on the same day, held as long."""
        return (
            one.counts == other.counts
            and one.dated == other.dated
            and one.held == other.held
            and one.evidence == other.evidence
            and (one.within, one.window) == (other.within, other.window)
            and one.measured is None
            and other.measured is None
        )

    def _both(self, one: Metric, other: Metric) -> bool:
        conditions = self._conditions(one)
        return conditions.can_be(
            [
                *(Asking(Placed(test)) for test in (*one.conditions, *other.conditions)),
                *(
                    Asking(placed)
                    for placed in (*self._sure(one), *self._lasting(one), *self._lasting(other))
                ),
            ]
        )

    def _conditions(self, metric: Metric) -> Conditions:
        known = fixed(self.contract, self.settings, literal=False)
        return Conditions(self.contract, known, Domains(self.contract).of, metric.cohort)

    def _lasting(self, metric: Metric) -> tuple[Placed, ...]:
        lasts = held_so_long(self.contract, metric)
        return () if lasts is None else (lasts,)

    def _sure(self, metric: Metric) -> tuple[Placed, ...]:
        cohort = next((one for one in self.contract.cohorts if metric.among == (one.name,)), None)
        return () if cohort is None else tuple(Placed(test, cohort.name) for test in cohort.conditions)

    def _within(self, one: Metric, other: Metric) -> bool:
        """Whether every row that counts for the one meets all conditions of the other."""
        conditions = self._conditions(one)
        known = [*(Asking(Placed(test)) for test in one.conditions), *(Asking(p) for p in self._sure(one))]
        return all(
            not conditions.can_be([*known, Asking(Placed(test), "not surely met")])
            for test in other.conditions
        )

    @staticmethod
    def _bands_apart(first: _PaidMetric, second: _PaidMetric) -> bool:
        """Whether they are paid in different bands of one set of bands, read in the same row."""
        one, other = first.metric, second.metric
        if not one.bands or (one.bands, one.banded_at) != (other.bands, other.banded_at):
            return False
        return not ({""} & (first.bands | second.bands)) and not (first.bands & second.bands)

    def _overlap(self, first: _PaidMetric, second: _PaidMetric) -> Diagnostic | None:
        one, other = first.metric, second.metric
        inside, outside = self._within(one, other), self._within(other, one)
        of_one_table = bool(one.dated.span.file) and one.dated.span == other.dated.span
        one_payment = {line.payment.name for line in first.lines} & {
            line.payment.name for line in second.lines
        }
        routed = self._routed(one) != self._routed(other)
        beside = bool(one_payment) and not of_one_table and not routed
        # Beside one another in one tariff a part of the other is a supplement, and what differs in other things is another.
        if beside and (inside != outside or not (inside or _same_things(one, other))):
            return None
        return self._told(first, second, inside=inside, outside=outside)

    def _routed(self, metric: Metric) -> bool:
        return any(metric.name in route.metrics for routes in self.contract.routes for route in routes.routes)

    def _told(self, first: _PaidMetric, second: _PaidMetric, *, inside: bool, outside: bool) -> Diagnostic:
        one, other = first.metric, second.metric
        table = self.contract.table(one.records)
        row = noun(table) if table else "row"
        if inside and outside:
            said = f"{one.name} and {other.name} count the same: every {row} that counts for the one counts for the other"
        elif inside or outside:
            part, whole = (one, other) if inside else (other, one)
            said = f"Every {row} that counts for {part.name} counts for {whole.name} too"
        else:
            said = f"One {row} can count for both {one.name} and {other.name}"
        at, before = second.lines[0], first.lines[0]
        payer, payee = at.line.payer, at.line.payee
        under = (
            f"under {at.payment.name}"
            if at.payment is before.payment
            else f"under {before.payment.name} and under {at.payment.name}"
        )
        return Diagnostic(
            "SIB0819",
            f"{said}. {payer} then pays {payee} for both, {under}.",
            other.span,
            clause_title("metric", other.name, other.clause),
            f"counts what {one.name} counts",
            f"Take one of the two, or its payment, out. {_BOTH}"
            if inside and outside
            else f"{_ALTERNATIVES} {_BOTH}",
            (Label(one.span, f"{one.name} is here"), Label(at.rate.span, f"{other.name} is paid here")),
            "warning",
        )

    def _by_the_day(self, first: _PaidMetric, second: _PaidMetric) -> Diagnostic:
        days, rows = (first, second) if isinstance(first.metric.counts, DaysCounted) else (second, first)
        table = self.contract.table(rows.metric.records)
        row = noun(table) if table else "row"
        at = days.lines[0]
        return Diagnostic(
            "SIB0820",
            f"{at.line.payer} pays {at.line.payee} for one {row} twice: for {rows.metric.name} as a result, and for its days by "
            f"{days.metric.name}.",
            at.rate.span,
            _title(at.payment),
            f"{rows.metric.name} pays for the same {row}",
            "Both are paid. If one of them is meant, take the other out; if both are, leave them.",
            (
                Label(rows.lines[0].rate.span, f"{rows.metric.name} is paid here"),
                Label(days.metric.span, f"{days.metric.name} is here"),
            ),
            "warning",
        )


_ALTERNATIVES = (
    "If they are meant as alternatives, add a condition to one of them that leaves out what the other counts, or put them into "
    "routes."
)
_BOTH = "If both are to be paid, leave them."


def _same_things(one: Metric, other: Metric) -> bool:
    """Whether the conditions in which two metrics differ speak of the same columns."""
    mine = [test for test in one.conditions if test not in other.conditions]
    theirs = [test for test in other.conditions if test not in one.conditions]
    return bool(mine) and bool(theirs) and _columns(mine) == _columns(theirs)


def _columns(tests: Iterable[Condition]) -> set[str]:
    return {
        amount.name
        for test in tests
        for amount in amounts_in(test)
        if isinstance(amount, Column | JoinedColumn)
    }


# ------------------------------------------------------------------ shares of one amount


@frozen
class _MetricShare:
    payment: Payment
    term: Term
    part: Fraction


def _shares(contract: Contract, settings: Settings, together: PaymentsTogether) -> Iterator[Diagnostic]:
    """Shares of one amount that payments of its own payers pay, and that together are more than the whole."""
    by_amount: dict[tuple[str, ...], list[_MetricShare]] = {}
    said: dict[tuple[str, ...], Amount] = {}
    for payment in contract.payments:
        for term in payment.terms:
            if not isinstance(term, Formula | ToDate | Rate):
                continue
            part, whole = _part(settings, term.amount)
            if part is None:
                continue
            key = _key(term, whole)
            if key is not None:
                said[key] = whole
                by_amount.setdefault(key, []).append(_MetricShare(payment, term, part))
    for key, shares in by_amount.items():
        yield from _above(contract, together, said[key], shares)


def _part(settings: Settings, amount: Amount) -> tuple[Fraction | None, Amount]:
    match amount:
        case Arithmetic("times", left, right) if left.kind == "percentage" and not speaks_of_quantities(left):
            return number(settings, left), right
    return None, amount


def _key(term: Formula | ToDate | Rate, whole: Amount) -> tuple[str, ...] | None:
    if isinstance(term, Rate):
        return (
            ("each", term.metric, term.band, repr(term.days), repr(whole))
            if isinstance(whole, Value)
            else None
        )
    if not speaks_of_quantities(whole) and not isinstance(whole, Working):
        return None
    over = repr(term.measured) if isinstance(term, Formula) else "to date"
    return ("sum", over, repr(whole))


def _above(
    contract: Contract, together: PaymentsTogether, whole: Amount, shares: list[_MetricShare]
) -> Iterator[Diagnostic]:
    payees = {share.term.payee for share in shares}
    # Who passes on what it is paid shares nothing out twice.
    own = [share for share in shares if not set(share.term.payers.names) & payees]
    kept: list[_MetricShare] = []
    for share in own:
        if share.payment in (other.payment for other in kept):
            continue
        if all(not together.never_both(share.payment, other.payment) for other in kept):
            kept.append(share)
    total = sum((share.part for share in kept), Fraction(0))
    if len(kept) < 2 or total <= 1 or any(share.part > 1 for share in kept):
        return
    last = kept[-1]
    parts_said = listed([with_unit(share.part, "percentage", contract.currency) for share in kept])
    what = _what(whole, contract, last.term)
    names = listed([share.payment.name for share in kept])
    yield Diagnostic(
        "SIB0821",
        f"{names} pay {parts_said} of {what}, {with_unit(total, 'percentage', contract.currency)} together: more than the whole of it "
        "is paid out.",
        last.term.span if last.term.span.file else last.payment.span,
        _title(last.payment),
        f"{with_unit(total, 'percentage', contract.currency)} in all",
        "Write shares that come to 100% at most; or leave them, if more than the whole is meant.",
        tuple(
            Label(
                share.term.span if share.term.span.file else share.payment.span,
                f"{with_unit(share.part, 'percentage', contract.currency)} here",
            )
            for share in kept[:-1]
        ),
        "warning",
    )


def _what(whole: Amount, contract: Contract, term: Term) -> str:
    said = wording.amount(whole, contract.currency, total="")
    return f"{said} for each {term.metric}" if isinstance(term, Rate) else said
