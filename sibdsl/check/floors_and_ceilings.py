"""A least amount that a limit never lets through, and parts of `the lower of` and `the higher of` that never count.

Source: language reference, 'Sums worked out' and 'Caps'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from sibdsl.check.blocks import number
from sibdsl.check.possible_lines import Paying, paying
from sibdsl.diagnostics import Diagnostic, Label, NotGiven
from sibdsl.english import short
from sibdsl.model.admissible_quantities.below_nought import Signs
from sibdsl.model.admissible_quantities.bounds import Bounds
from sibdsl.model.bounds import InAll, bound
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Cap,
    CapRow,
    Column,
    Contract,
    Extreme,
    Formula,
    Given,
    GivenFor,
    Interpolated,
    MetricTotal,
    RoundedAmount,
    Stepped,
    ToDate,
    Value,
    Working,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.types import NUMERIC
from sibdsl.model.workings import amounts_of, own_parts
from sibdsl.price.limits_in_force import every_cap, own_limits
from sibdsl.price.selected_lines import limited
from sibdsl.wording import amount as amount_said
from sibdsl.wording import clause_title, each_time

#: What the signs of a contract's amounts bound for sure.
_BOUNDED = (Value, MetricTotal, Column, Working, Arithmetic, Extreme, Stepped, Interpolated, RoundedAmount)


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """A warning on a least above a limit (SIB0557), and a note on a bound that never counts (SIB0558)."""
    yield from _to_date(contract, settings)
    yield from _under_limits(contract, settings)
    yield from _idle_parts(contract)


def _above(
    contract: Contract, clause: str, least: tuple[Fraction, Amount], most: Fraction, limit: Amount, over: str
) -> Diagnostic:
    lowest, written = least
    floor, ceiling = short(lowest, contract.currency), short(most, contract.currency)
    return Diagnostic(
        "SIB0557",
        f"The least of {floor} is never paid whole: {over} to {ceiling}.",
        written.span,
        clause,
        f"more than {ceiling}",
        "Lower the least, or raise the limit. Perhaps the two amounts were exchanged.",
        (Label(limit.span, f"{ceiling} is all that may be paid"),),
        severity="warning",
    )


def _to_date(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    for payment in contract.payments:
        term = payment.to_date
        if not isinstance(term, ToDate) or term.least is None or term.most is None:
            continue
        least, most = number(settings, term.least), number(settings, term.most)
        if least is not None and most is not None and least > most:
            clause = clause_title("payment", payment.name, payment.clause)
            yield _above(contract, clause, (least, term.least), most, term.most, f"{payment.name} is held")


def _under_limits(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    terms = [payment.formula for payment in contract.payments if payment.formula is not None]
    if all(term.least is None for term in terms):
        return
    lines = [
        line
        for line in paying(contract)
        if isinstance(line.rate, Formula)
        and line.rate.least is not None
        and not line.rate.payers.shares
        and not (line.rate.factors and line.rate.least_first)
    ]
    told: set[tuple[Amount, Amount]] = set()
    for cap in every_cap(contract):
        for row in cap.rows:
            most = _of_all(settings, cap, row)
            for line in lines if most is not None else ():
                if not isinstance(line.rate, Formula) or line.rate.least is None or most is None:
                    continue
                least = number(settings, line.rate.least)
                if least is None or least <= most or (line.rate.least, row.amount) in told:
                    continue
                if _holds(contract, settings, cap, row, line):
                    told.add((line.rate.least, row.amount))
                    clause = clause_title("payment", line.payment.name, line.payment.clause)
                    keeper = "its own limit" if cap in own_limits(contract) else cap.name
                    yield _above(
                        contract, clause, (least, line.rate.least), most, row.amount,
                        f"{keeper} keeps it {each_time(row.scope)}",
                    )  # fmt: skip


def _of_all(settings: Settings, cap: Cap, row: CapRow) -> Fraction | None:
    """What a limit comes to that takes no account of persons, days or shares, and whose excess is lost."""
    match bound(row):
        case InAll(amount=amount) if cap.excess.way == "lost":
            return number(settings, amount)
        case _:
            return None


def _holds(contract: Contract, settings: Settings, cap: Cap, row: CapRow, line: Paying) -> bool:
    try:
        covered = limited(contract, settings, row, line.line)
    except NotGiven:
        return False
    days = row.scope.days
    inside = days is None or (
        days.start <= line.line.segment.days.start and line.line.segment.days.end <= days.end
    )
    return covered and inside and cap.applies.on_line(line.line.segment.days, line.line.due)


# ------------------------------------------------------------------ the lower of, the higher of


def _idle_parts(contract: Contract) -> Iterator[Diagnostic]:
    signs = Signs(contract)
    told: set[Extreme] = set()
    certain: dict[str, bool] = {}
    for block in contract.workings:
        for step in block.steps:
            certain[step.name] = _certain(step.amount, certain)
    for title, amount in _written(contract):
        for part in own_parts(amount):  # each step is gone through by itself
            if isinstance(part, Extreme) and part not in told and part.kind in NUMERIC:
                told.add(part)
                yield from _idle(contract, certain, signs, part, title)


def _certain(amount: Amount, steps: Mapping[str, bool]) -> bool:
    """Whether the text alone says between which ends an amount lies; `steps` say it of those before it."""
    return all(
        steps.get(part.name, False)
        if isinstance(part, Working)
        else isinstance(part, _BOUNDED) and not isinstance(part, Given | GivenFor)
        for part in own_parts(amount)
    )


def _written(contract: Contract) -> Iterator[tuple[str, Amount]]:
    """The amounts in which others may be chosen from, each with its clause."""
    for table in contract.records:
        for column in table.columns:
            if column.formula is not None:
                yield f"records {table.name}", column.formula
    for block in contract.workings:
        for step in block.steps:
            yield clause_title("workings", block.name, block.clause), step.amount
    for derived in contract.derived:
        for formula in derived.formulas:
            yield clause_title("metric", derived.name, derived.clause), formula
    for payment in contract.payments:
        for term in payment.terms:
            for amount in amounts_of(contract, term):
                yield clause_title("payment", payment.name, payment.clause), amount


def _idle(
    contract: Contract, certain: Mapping[str, bool], signs: Signs, extreme: Extreme, title: str
) -> Iterator[Diagnostic]:
    """A part that another one always keeps from counting; of two that are always the same, the later."""
    ends = [_ends(certain, signs, part) for part in extreme.parts]
    for at, part in enumerate(extreme.parts):
        for other, theirs in enumerate(ends):
            mine = ends[at]
            if (
                other == at
                or mine is None
                or theirs is None
                or not _keeps(extreme.way, theirs, mine, first=other < at)
            ):
                continue
            said = amount_said(part, contract.currency, total="")
            keeper = amount_said(extreme.parts[other], contract.currency, total="")
            yield Diagnostic(
                "SIB0558",
                f"Of `the {extreme.way} of` these, `{said}` never counts: `{keeper}` is never {'more' if extreme.way == 'lower' else 'less'} "
                "than it.",
                part.span,
                title,
                "never counts",
                "Leave it if it is there for clarity. Otherwise change it, or `lower` and `higher`.",
                (Label(extreme.parts[other].span, "counts before it"),),
                severity="note",
            )
            break


def _keeps(way: str, theirs: Bounds, mine: Bounds, *, first: bool) -> bool:
    """Whether a part within `theirs` counts before one within `mine`, whatever they are."""
    top, bottom = (theirs[1], mine[0]) if way == "lower" else (mine[1], theirs[0])
    if top is None or bottom is None:
        return False
    return top < bottom or (top == bottom and (first or theirs != mine))


def _ends(certain: Mapping[str, bool], signs: Signs, amount: Amount) -> Bounds | None:
    """Between which ends an amount lies as the text has it; None where it hangs on what is given, or is not known."""
    return signs.bounds(amount) if _certain(amount, certain) else None
