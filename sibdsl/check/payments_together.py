"""Whether two payments can both be paid for one thing, and the conditions of payment that meet or miss one another.

Source: language reference, 'Conditions of payment'. Which quantities can come about is asked of `conditions_together`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from attrs import frozen

from sibdsl import wording
from sibdsl.check.conditions_together import Asking, Conditions, Placed
from sibdsl.check.contradictions import Domains, fixed
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed
from sibdsl.model.nodes import Amount, Compare, Condition, Contract, PaidWhen, Payment, Value
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.types import Interval
from sibdsl.model.workings import metrics_of
from sibdsl.source import Span
from sibdsl.wording import clause_title


@frozen
class PaymentsTogether:
    """Answers for one contract with what is given."""

    contract: Contract
    settings: Settings

    def never_both(self, one: Payment, other: Payment) -> bool:
        """Whether the two are never paid at one time: by a choice, by their days, or by their conditions."""
        if one.needs and one.needs == other.needs and {one.needs_to_be, other.needs_to_be} == {"yes", "no"}:
            return True
        if not in_force_together(self.contract, one, other):
            return True
        return any(
            not self.can_be([*_tests(one, scope), *_tests(other, scope)])
            for scope in {paid_when.scope for paid_when in (*one.conditions, *other.conditions)}
        )

    def alternatives(self, one: Payment, other: Payment) -> bool:
        """Whether one is paid from a number on and the other up to one: told by how these meet."""
        return _opposed(self, one, other) is not None

    def can_be(self, met: Sequence[Condition], unmet: Sequence[Condition] = ()) -> bool:
        """Whether some quantities meet the one conditions and not the others."""
        conditions = Conditions(
            self.contract, fixed(self.contract, self.settings, literal=False), Domains(self.contract).of
        )
        return conditions.can_be(
            [
                *(Asking(Placed(test)) for test in met),
                *(Asking(Placed(test), "not met") for test in unmet),
            ]
        )


def _tests(payment: Payment, scope: object) -> list[Condition]:
    return [paid_when.condition for paid_when in payment.conditions if paid_when.scope == scope]


def in_force_together(contract: Contract, one: Payment, other: Payment) -> bool:
    """Whether on some day of the payment period both are in force."""
    whole = contract.payment_period
    firsts = [payment.applies.first for payment in (one, other) if payment.applies.first is not None]
    lasts = [payment.applies.last for payment in (one, other) if payment.applies.last is not None]
    return max([*firsts, whole.start]) <= min([*lasts, whole.last])


# ------------------------------------------------------------------ conditions that meet, or miss one another


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Two conditions of one thing, one from below and one from above: both met (SIB0815), or neither (SIB0816).

    And two payments for one result that hang on the same answer to a question, of which nothing hangs on the other (SIB0817).
    """
    together = PaymentsTogether(contract, settings)
    paid = {payment.name: _metrics(contract, payment) for payment in contract.payments}
    for one, other in combinations(contract.payments, 2):
        shared = [name for name in paid[one.name] if name in paid[other.name]]
        if not shared or not in_force_together(contract, one, other):
            continue
        yield from _conditions(together, one, other, shared)
        yield from _one_answer(contract, one, other, shared)


def _metrics(contract: Contract, payment: Payment) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for term in payment.terms for name in metrics_of(contract, term)))


def _conditions(
    together: PaymentsTogether, one: Payment, other: Payment, shared: list[str]
) -> Iterator[Diagnostic]:
    ends = _opposed(together, one, other)
    if ends is None or _common_payee(one, other) is None:
        return
    below, above = ends
    mine, theirs = one.conditions[0].condition, other.conditions[0].condition
    pair = _Pair(together.contract, (one, other), (mine, theirs), tuple(shared))
    if together.can_be([mine, theirs]):
        held = Interval(below[1], below[0] == ">=", above[1], above[0] == "<=")
        yield pair.meet(_whole(together, pair.thing, held))
    elif together.can_be([], [mine, theirs]):
        held = Interval(above[1], above[0] == "<", below[1], below[0] == ">")
        yield pair.miss(_whole(together, pair.thing, held))


#: How something is compared, and with which number.
Side = tuple[str, Fraction]


def _opposed(together: PaymentsTogether, one: Payment, other: Payment) -> tuple[Side, Side] | None:
    """The number from which one is paid and the one to which the other is; None unless that is all they hang on."""
    if len(one.conditions) != 1 or len(other.conditions) != 1:
        return None
    mine, theirs = one.conditions[0], other.conditions[0]
    side, side_too = _side(together, mine), _side(together, theirs)
    if side is None or side_too is None or mine.scope != theirs.scope:
        return None
    (thing, op, end), (thing_too, op_too, end_too) = side, side_too
    if thing != thing_too or (op in _FROM_BELOW) == (op_too in _FROM_BELOW):
        return None
    return ((op, end), (op_too, end_too)) if op in _FROM_BELOW else ((op_too, end_too), (op, end))


def _whole(together: PaymentsTogether, thing: Amount, held: Interval) -> Interval:
    """The values, with both ends in them where only whole numbers can be."""
    if not Domains(together.contract).of(thing).whole or held.low is None or held.high is None:
        return held
    low = held.low if held.low_in else held.low + 1
    high = held.high if held.high_in else held.high - 1
    return Interval(Fraction(low.__ceil__()), True, Fraction(high.__floor__()), True)


_FROM_BELOW = (">", ">=")
_OTHER_WAY = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


def _side(together: PaymentsTogether, paid_when: PaidWhen) -> tuple[str, str, Fraction] | None:
    """What a condition compares, how, and with which number; None for what is not one comparison with a number."""
    test = paid_when.condition
    if not isinstance(test, Compare) or test.op == "=":
        return None
    worth = fixed(together.contract, together.settings, literal=False)
    right, left = worth(test.right), worth(test.left)
    if isinstance(right, Fraction) and left is None:
        return repr(test.left), test.op, right
    if isinstance(left, Fraction) and right is None:
        return repr(test.right), _OTHER_WAY[test.op], left
    return None


def _common_payee(one: Payment, other: Payment) -> str | None:
    mine = {term.payee for term in one.terms}
    return next((term.payee for term in other.terms if term.payee in mine), None)


@frozen
class _Pair:
    """Two payments for the same results, and the condition of each."""

    contract: Contract
    payments: tuple[Payment, Payment]
    tests: tuple[Condition, Condition]
    shared: tuple[str, ...]

    @property
    def thing(self) -> Amount:
        """What both compare."""
        test = self.tests[0]
        if not isinstance(test, Compare):
            raise TypeError("not one comparison")
        return test.right if isinstance(test.left, Value) else test.left

    def meet(self, held: Interval) -> Diagnostic:
        one, other = self.payments
        first, second = self._said
        return Diagnostic(
            "SIB0815",
            f"{self._where(held)}, both `{first}` and `{second}` are met: {listed(self.shared)} is paid under {one.name} and again "
            f"under {other.name}.",
            self._place(1),
            clause_title("payment", other.name, other.clause),
            f"{one.name} is paid then too",
            f"{self._way_out(held, 'leave it out', _STRICTLY)} If both are to be paid then, leave them.",
            (Label(self._place(0), "met then too"),),
            "warning",
        )

    def miss(self, held: Interval) -> Diagnostic:
        one, other = self.payments
        first, second = self._said
        return Diagnostic(
            "SIB0816",
            f"{self._where(held)}, neither `{first}` nor `{second}` is met: {listed(self.shared)} is paid neither under {one.name} nor "
            f"under {other.name}.",
            self._place(1),
            clause_title("payment", other.name, other.clause),
            f"nor is {one.name} paid then",
            f"{self._way_out(held, 'hold it', _LOOSELY)} If nothing is to be paid then, leave them.",
            (Label(self._place(0), "not met then either"),),
            "warning",
        )

    @property
    def _said(self) -> tuple[str, str]:
        first, second = (wording.condition(test, self.contract.currency, total="") for test in self.tests)
        return first, second

    def _place(self, at: int) -> Span:
        span = self.tests[at].span
        return span if span.file else self.payments[at].span

    def _where(self, held: Interval) -> str:
        thing = wording.amount(self.thing, self.contract.currency, total="")
        return f"Where {thing} is {wording.values(held, self.thing.kind, self.contract.currency)}"

    def _way_out(self, held: Interval, what: str, words: dict[str, str]) -> str:
        one, other = self.payments
        test = self.tests[1]
        if held.low == held.high and isinstance(test, Compare) and test.op in words:
            return f"Let one of the two {what}: write {words[test.op]} here."
        return f"Let the condition of {other.name} begin where that of {one.name} ends."


_STRICTLY = {">=": "`more than` for `at least`", "<=": "`less than` for `at most`"}
_LOOSELY = {">": "`at least` for `more than`", "<": "`at most` for `less than`"}


# ------------------------------------------------------------------ two readings that hang on one answer


def _one_answer(contract: Contract, one: Payment, other: Payment, shared: list[str]) -> Iterator[Diagnostic]:
    """Two payments for one result that are both made on the same answer, and none on the other answer."""
    if not one.needs or one.needs != other.needs or one.needs_to_be != other.needs_to_be:
        return
    if one.needs_to_be == "given":
        return
    answer, opposite = one.needs_to_be, "no" if one.needs_to_be == "yes" else "yes"
    if any(payment.needs == one.needs and payment.needs_to_be == opposite for payment in contract.payments):
        return
    if _common_payee(one, other) is None:
        return
    always = [
        payment.name
        for payment in contract.payments
        if not payment.needs and set(shared) & set(_metrics(contract, payment))
    ]
    nothing = f"neither is; {listed(always)} is paid either way" if always else "nobody pays for it"
    yield Diagnostic(
        "SIB0817",
        f"{one.name} and {other.name} both pay for {listed(shared)} if {one.needs} is {answer}. If it is {opposite}, {nothing}.",
        other.needs_at if other.needs_at.file else other.span,
        clause_title("payment", other.name, other.clause),
        f"paid if {one.needs} is {answer}, as {one.name} is",
        f"If they are two readings of which one counts, write `paid only if {one.needs} is {opposite}` in one of them. If both are to "
        "be paid together, leave them.",
        (Label(one.needs_at if one.needs_at.file else one.span, f"paid if {one.needs} is {answer} too"),),
        "warning",
    )
