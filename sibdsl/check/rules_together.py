"""Rules that cannot be met, alone or together, and rules that test nothing: told from the text, without a proof.

Payments that no rule tells apart are one unknown, from nought up; a block advance is paid whatever is achieved. If no such
amounts meet the rules, none that can come about do. Source: language reference, 'Rules'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from attrs import evolve, frozen

from sibdsl.check.feasible import LinearRow, feasible
from sibdsl.check.greatest_payments import GreatestPayments
from sibdsl.check.possible_lines import inside
from sibdsl.check.rules.horizons import Horizon, horizons
from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic, Label, NotGiven
from sibdsl.english import listed, short
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Both,
    Compare,
    Condition,
    Contract,
    Derived,
    MetricTotal,
    Paid,
    Rule,
    Selection,
    Value,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import selection_cuts
from sibdsl.model.workings import own_parts
from sibdsl.price.graph import Line
from sibdsl.price.limits_in_force import every_cap
from sibdsl.price.selected_lines import covers
from sibdsl.wording import clause_title
from sibdsl.wording import selection as payments_said

_NOUGHT = Fraction(0)


@frozen
class _WeightedPayments:
    """Selections of payments, each times a factor, and a number."""

    parts: tuple[tuple[Selection, Fraction], ...] = ()
    number: Fraction = _NOUGHT

    def plus(self, other: _WeightedPayments, times: Fraction = Fraction(1)) -> _WeightedPayments:
        return _WeightedPayments(
            (*self.parts, *((chosen, factor * times) for chosen, factor in other.parts)),
            self.number + other.number * times,
        )

    def times(self, factor: Fraction) -> _WeightedPayments:
        return _WeightedPayments().plus(self, factor)


@frozen
class _Comparison:
    """A comparison of a rule: the form is at most, at least or exactly nought."""

    form: _WeightedPayments
    op: Literal["<=", ">=", "="]


@frozen
class _Linear:
    """A rule all of whose comparisons are of payments and sums, with when it is tested."""

    rule: Rule
    tests: tuple[_Comparison, ...]
    times: tuple[Horizon, ...]

    @property
    def of_shares(self) -> bool:
        """Whether it speaks of payments in proportion to one another alone: what holds of each time then holds of all of it."""
        return all(test.form.number == 0 for test in self.tests)

    @property
    def selections(self) -> tuple[Selection, ...]:
        return tuple(chosen for test in self.tests for chosen, _ in test.form.parts)


#: So many rules that ask different things are held against one another: with more, the pairs would be too many.
_RULES = 24


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Rules never met (SIB0880), not met together (SIB0881), and that test nothing (SIB0882)."""
    if not contract.rules:
        return
    known = _Payments.of_contract(contract, settings)
    alone: set[str] = set()
    for rule in contract.rules:
        for finding in known.on_nothing(rule):
            alone.add(rule.name)
            yield finding
    if not known.plain:
        return
    # What a pack asks is for its verdicts to say: the parties did not write it.
    own = [rule for rule in contract.rules if rule.span.file == contract.span.file]
    rules = [rule for rule in own if rule.name not in alone]
    linear = [found for rule in rules if (found := known.linear(rule)) is not None]
    for one in linear:
        if not known.can_hold([one]):
            alone.add(one.rule.name)
            yield known.never(one)
    asked = {
        (one.rule.tested, one.rule.days, one.tests): one
        for one in reversed(linear)
        if one.rule.name not in alone
    }
    yield from _not_together(known, list(reversed(asked.values()))[:_RULES])


@frozen
class _Payments:
    """Every line that a contract can have: fees, then block advances, then what of these is owed back."""

    contract: Contract
    settings: Settings
    greatest: GreatestPayments
    lines: tuple[Line, ...]
    #: How many of them are fees, and what each block advance pays.
    fees: int
    blocks: Mapping[int, Fraction | None]
    #: Who pays what exceeds a limit of somebody else.
    beyond: frozenset[str]
    #: Whether all of them are from nought up, and nothing is paid that is no line of these.
    plain: bool

    @classmethod
    def of_contract(cls, contract: Contract, settings: Settings) -> _Payments:
        greatest = GreatestPayments.of_contract(contract, settings)
        fees = [one.line for one in greatest.lines]
        blocks = [(block, block.line) for block in greatest.blocks if block.line is not None]
        back = [
            evolve(line, kind="recovered", payer=line.payee, payee=line.payer)
            for block, line in blocks
            if block.block.unused == "recoverable"
        ]
        beyond = frozenset(payer for cap in every_cap(contract) for payer in cap.excess.payers)
        return cls(
            contract,
            settings,
            greatest,
            (*fees, *(line for _, line in blocks), *back),
            len(fees),
            {len(fees) + at: greatest.advanced([block]) for at, (block, _) in enumerate(blocks)},
            beyond,
            not beyond
            and not any(payment.taken_back or payment.interest is not None for payment in contract.payments)
            and not contract.variations,
        )

    def chosen(self, selection: Selection, time: Horizon | None) -> frozenset[int] | None:
        """The lines that a selection chooses in a time; None where that hangs on what has not been given, or parts a line."""
        try:
            cuts = selection_cuts(selection, self.settings)
            if time is not None:
                cuts |= {time.days.start, time.days.end}
            if any(
                line.segment.days.start < day < line.segment.days.end for day in cuts for line in self.lines
            ):
                return None
            return frozenset(
                at
                for at, line in enumerate(self.lines)
                if (time is None or inside(line.segment.days, time.days))
                and covers(self.contract, self.settings, selection, line)
            )
        except NotGiven:
            return None

    # -------------------------------------------------------------- rules as rows

    def linear(self, rule: Rule) -> _Linear | None:
        """A rule as comparisons of payments with sums and with one another; None where it asks more than that."""
        tests = self._tests(rule.requires)
        return None if tests is None else _Linear(rule, tests, horizons(self.contract, rule))

    def _tests(self, condition: Condition) -> tuple[_Comparison, ...] | None:
        match condition:
            case Compare(left=left, op=op, right=right):
                mine, theirs = self._form(left), self._form(right)
                if mine is None or theirs is None:
                    return None
                kind: Literal["<=", ">=", "="] = "=" if op == "=" else "<=" if op in ("<", "<=") else ">="
                return (_Comparison(mine.plus(theirs, Fraction(-1)), kind),)
            case Both(tests=tests):
                parts = [self._tests(test) for test in tests]
                return None if None in parts else tuple(test for part in parts for test in part or ())
            case _:
                return None

    def _form(self, amount: Amount) -> _WeightedPayments | None:
        match amount:
            case Paid(selection=chosen):
                return (
                    None if chosen.kind == "unearned block" else _WeightedPayments(((chosen, Fraction(1)),))
                )
            case Arithmetic(op=op, left=left, right=right):
                mine, theirs = self._form(left), self._form(right)
                if mine is None or theirs is None:
                    return None
                match op:
                    case "plus":
                        return mine.plus(theirs)
                    case "minus":
                        return mine.plus(theirs, Fraction(-1))
                    case "times":
                        if not mine.parts:
                            return theirs.times(mine.number)
                        return None if theirs.parts else mine.times(theirs.number)
                    case "divided by":
                        return None if theirs.parts or not theirs.number else mine.times(1 / theirs.number)
            case _:
                number = self.greatest.settings_number(amount)
                return None if number is None else _WeightedPayments((), number)

    # -------------------------------------------------------------- whether rules can be met

    def can_hold(self, rules: Sequence[_Linear]) -> bool:
        """Whether payments can meet the rules at once, at each time of the first; and more of them than nothing."""
        first, *others = rules
        alike = all(
            (one.rule.tested, one.rule.days) == (first.rule.tested, first.rule.days) for one in others
        )
        times: Sequence[Horizon | None] = first.times if alike else (None,)
        if not alike and not all(one.of_shares or one.rule.tested in _WHOLE for one in rules):
            return True  # tested at other times: nothing is known of both
        if not alike and any(one.rule.tested == "in one period" for one in rules):
            return True
        found = {self._in_time(rules, time) for time in times} - {"nothing there"}
        return "never" not in found and (not found or found != {"only nothing"})

    def _in_time(
        self, rules: Sequence[_Linear], time: Horizon | None
    ) -> Literal["nothing there", "never", "only nothing", "can"]:
        """Whether payments of a time can meet the rules: never, only where nothing is paid, or otherwise too."""
        tests = [test for one in rules for test in one.tests]
        sets: list[frozenset[int]] = []
        for test in tests:
            for chosen, _ in test.form.parts:
                mine = self.chosen(chosen, time)
                if mine is None:
                    return "can"
                sets.append(mine)
        if not any(sets):
            return "nothing there"
        classes = self._classes(sets)
        rows, place = [], 0
        for test in tests:
            weights = [_NOUGHT] * len(classes)
            for _, factor in test.form.parts:
                for at, (sign, _) in enumerate(classes):
                    weights[at] += factor * sign[place]
                place += 1
            rows.append(LinearRow(tuple(weights), test.op, -test.form.number))
        rows += self._bounds(classes, whole=time is None)
        if not feasible(rows):
            return "never"
        if not all(one.of_shares for one in rules):
            return "can"
        # Among the payments of one time only their proportions matter: so none of them are more than some of them.
        paid = LinearRow(tuple(Fraction(1) for _ in classes), ">=", Fraction(1, 100))
        return "can" if feasible([*rows, paid]) else "only nothing"

    def _classes(self, sets: list[frozenset[int]]) -> list[tuple[tuple[int, ...], list[int]]]:
        """Lines that the same selections choose, with how often each does; fees, blocks and what is owed back apart."""
        found: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        for at in sorted(frozenset().union(*sets)):
            sort = 0 if at < self.fees else 1 if at in self.blocks else 2
            found.setdefault((sort, tuple(int(at in mine) for mine in sets)), []).append(at)
        return [(sign, members) for (_, sign), members in found.items()]

    def _bounds(
        self, classes: list[tuple[tuple[int, ...], list[int]]], *, whole: bool
    ) -> Iterator[LinearRow]:
        """What block advances pay, and what fees come to at most."""
        for at, (_, members) in enumerate(classes):
            alone = tuple(Fraction(int(at == other)) for other in range(len(classes)))
            if members[0] in self.blocks:
                sums = [self.blocks[member] for member in members]
                if None not in sums:
                    yield LinearRow(
                        alone, "=", sum((amount for amount in sums if amount is not None), _NOUGHT)
                    )
            elif members[0] < self.fees and (whole or not self._moved):
                most = self.greatest.of(members)
                if most is not None:
                    yield LinearRow(alone, "<=", most.in_all)

    @property
    def _moved(self) -> bool:
        """Whether a payment may fall due in another time than its result."""
        return any(cap.excess.way == "carried forward" for cap in every_cap(self.contract)) or any(
            payment.held_until is not None for payment in self.contract.payments
        )

    # -------------------------------------------------------------- what is said

    def never(self, one: _Linear) -> Diagnostic:
        chosen = [self.chosen(selection, None) or frozenset() for selection in one.selections]
        blocks = sorted(at for at in frozenset().union(*chosen) if at in self.blocks)
        if blocks:
            said = listed(
                [
                    f"{self.lines[at].payment} pays {short(self.blocks[at] or _NOUGHT, self.contract.currency)}"
                    + (f" on {long(day)}" if (day := self.lines[at].due) is not None else "")
                    for at in blocks[:3]
                ]
            )
            why = f"{said}, whatever is achieved"
        else:
            mosts = [
                (selection, self.greatest.of([at for at in mine if at < self.fees]))
                for selection, mine in zip(one.selections, chosen, strict=True)
            ]
            why = "; ".join(
                f"{payments_said(selection, self.settings)} come to at most {short(most.amount, self.contract.currency)}"
                for selection, most in mosts
                if most is not None
            )
            why = why or "no payments are in that proportion, unless nothing is paid"
        labels = tuple(Label(self.lines[at].span, "paid whatever is achieved") for at in blocks[:3])
        return Diagnostic(
            "SIB0880",
            f"{one.rule.name} can never be met: {why}.",
            one.rule.requires.span,
            clause_title("rule", one.rule.name, one.rule.clause),
            "never met",
            "Find out which was agreed, the rule or what is paid. If the rule is to speak of fees alone, write `payments ... by results`.",
            labels,
            "warning",
        )

    def on_nothing(self, rule: Rule) -> Iterator[Diagnostic]:
        """A side of a rule that no payment is ever on."""
        if rule.span.file != self.contract.span.file:
            return  # a pack asks the same of every contract
        for amount in _paid(rule.requires):
            if _forbids(rule.requires, amount):
                continue
            chosen = self.chosen(amount.selection, None)
            if chosen is None or chosen or amount.selection.kind == "unearned block":
                continue
            if self.beyond & set(amount.selection.payers or self.beyond) or amount.selection.contracts:
                continue
            said = payments_said(amount.selection, self.settings)
            yield Diagnostic(
                "SIB0882",
                f"No payment of this contract is one of the `{said}`{self._why(amount.selection)}. That side of {rule.name} is always "
                f"{short(_NOUGHT, self.contract.currency)}, so {self._effect(rule, amount)}.",
                amount.span if amount.span.end else rule.requires.span,
                clause_title("rule", rule.name, rule.clause),
                "no payment is like this",
                "Name the payer, payee, payments or days that the rule is meant for, or take the rule out.",
                severity="warning",
            )
            return

    def _why(self, selection: Selection) -> str:
        payers = {line.payer for line in self.lines}
        idle = [name for name in selection.payers if name not in payers]
        if idle:
            return f": {listed(idle)} {'pays' if len(idle) == 1 else 'pay'} nothing under it"
        if selection.kind != "all":
            who = f" {listed(selection.payers)}" if selection.payers else " anybody"
            return f": no block advance is from{who}"
        if selection.earned_to is not None or selection.earned_from is not None:
            return ": it pays for no results of those days"
        return ""

    def _effect(self, rule: Rule, amount: Paid) -> str:
        match rule.requires:
            case Compare(left=left, op=op):
                in_left = amount in list(own_parts(left))
                if (op in ("<", "<=")) == in_left and op != "=":
                    return "the rule holds whatever is achieved, and tests nothing"
                return "the rule is kept only where the other side is nothing too"
            case _:
                return "the rule tests nothing of it"


#: Tests of all that is paid, together.
_WHOLE = ("over the contract", "at final account")


def _paid(condition: Condition) -> Iterator[Paid]:
    match condition:
        case Compare(left=left, right=right):
            for side in (left, right):
                yield from (part for part in own_parts(side) if isinstance(part, Paid))
        case Both(tests=tests):
            for test in tests:
                yield from _paid(test)
        case _:
            return


def _forbids(condition: Condition, amount: Paid) -> bool:
    """Whether a rule says that there is to be no such payment: `are exactly £0`."""
    match condition:
        case Compare(left=left, op=op, right=Value(value=value)):
            return left == amount and op in ("=", "<=") and value == 0
        case Both(tests=tests):
            return any(_forbids(test, amount) for test in tests)
        case _:
            return False


def _not_together(known: _Payments, rules: list[_Linear]) -> Iterator[Diagnostic]:
    """Rules of which each can be met, and not all at once: pairs first, then all of them with none that is not needed."""
    told = False
    for at, one in enumerate(rules):
        for other in rules[at + 1 :]:
            if not known.can_hold([one, other]):
                told = True
                yield _together([one, other], known.contract.span.file)
    if told or len(rules) < 3 or known.can_hold(rules):
        return
    left = list(rules)
    for one in rules:
        without = [other for other in left if other is not one]
        if not known.can_hold(without):
            left = without
    yield _together(left, known.contract.span.file)


def _together(rules: list[_Linear], file: str) -> Diagnostic:
    *first, last = sorted(
        rules, key=lambda one: one.rule.span.file == file
    )  # one of the contract's own is shown
    names = listed([one.rule.name for one in rules])
    return Diagnostic(
        "SIB0881",
        f"{names} cannot all be met: once anything is paid, whatever meets {listed([one.rule.name for one in first])} breaks {last.rule.name}.",
        last.rule.requires.span,
        clause_title("rule", last.rule.name, last.rule.clause),
        f"not with {listed([one.rule.name for one in first])}",
        "Find out which was agreed, and change or take out the other.",
        tuple(Label(one.rule.requires.span, one.rule.name) for one in first),
        "warning",
    )


# ------------------------------------------------------------------ shares of nothing


def shares_of_nothing(contract: Contract, never: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Metrics worked out that divide by one of which none can ever count, as findings on its conditions say (SIB0883)."""
    titles = {finding.clause: finding for finding in never}
    dead = {
        metric.name: titles[title]
        for metric in contract.metrics
        if (title := clause_title("metric", metric.name, metric.clause)) in titles
    }
    for derived in contract.derived:
        for name in dict.fromkeys(_divisors(derived)):
            if name in dead:
                yield Diagnostic(
                    "SIB0883",
                    f"{derived.name} is divided by {name}, of which none can ever count. So {derived.name} is always blank, and what is "
                    "paid by it is never paid.",
                    derived.formula.span,
                    clause_title("metric", derived.name, derived.clause),
                    f"no {name} can count",
                    f"Mend the conditions of {name}, or divide by another metric.",
                    (Label(dead[name].span, "never met"),),
                    "warning",
                )


def _divisors(derived: Derived) -> Iterator[str]:
    for part in own_parts(derived.formula):
        if isinstance(part, Arithmetic) and part.op == "divided by" and isinstance(part.right, MetricTotal):
            yield part.right.metric
