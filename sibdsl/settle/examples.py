"""Examples inside a contract: what was expected against what the contract pays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from attrs import evolve, field, frozen

from sibdsl import money
from sibdsl.diagnostics import NotGiven
from sibdsl.model.nodes import Contract, Example, Expected, ExpectedQuantity, Variation
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.variations import in_force
from sibdsl.price import Key, Line, PricedLine
from sibdsl.price.quantities_file import by_segment
from sibdsl.settle.default_as_of import whole_term
from sibdsl.settle.payments import Payments
from sibdsl.settle.run import price_as_known, price_quantities, volumes_by_key

if TYPE_CHECKING:
    from sibdsl.measure import RowStatus


@frozen
class Near:
    """What an expectation would have met, had it not said one thing: the part of its row, and the lines there are then."""

    part: Literal["payment", "payer", "payee", "metric", "band", "period"]
    lines: tuple[PricedLine, ...]


@frozen
class Failure:
    """One expectation that was not met. `lines` are those that make up what was got.

    Where nothing is paid as expected, `near` says where the two part. Of a quantity, `counted` has what was counted of its
    metric instead.
    """

    expected: Expected | ExpectedQuantity | None
    got: Fraction
    lines: tuple[PricedLine, ...]
    near: tuple[Near, ...] = ()
    counted: tuple[tuple[Key, Fraction], ...] = ()


@frozen
class Outcome:
    """One example, run. `failures` is empty when everything expected was met.

    `rows` are those of its records that were not used, each with the reason; told only of an example that failed.
    """

    example: Example
    payments: Payments
    failures: tuple[Failure, ...]
    rows: tuple[RowStatus, ...] = ()


@frozen
class NotRun:
    """An example that was not run, because it needs a particular, `missing`, to which nobody gives a value."""

    example: Example
    missing: str


@frozen
class ContractExamples:
    """The examples inside one contract, with what they are run with: values from outside, and the text read again."""

    contract: Contract
    settings: Settings
    read_with: Callable[[Settings], Contract] = field(repr=False)

    def run(self, wanted: Callable[[Example], bool] = lambda _: True) -> Iterator[Outcome | NotRun]:
        """Run those that are wanted, one after the other. Each says what its contract pays by itself.

        Raises Refused as `run` does.
        """
        for example in filter(wanted, self.contract.examples):
            try:
                yield run(self.contract, self.settings, example, self.read_with)
            except NotGiven as missing:
                yield NotRun(example, missing.name)


def run(
    contract: Contract,
    base: Settings,
    example: Example,
    read_with: Callable[[Settings], Contract] | None = None,
) -> Outcome:
    """Run one example. `read_with` reads the contract again, for an example that gives other dates than the contract's.

    Raises NotGiven when it needs a particular that neither it nor the caller gives, ValueError when it gives dates and
    the contract cannot be read again, and Refused when the contract does not hold together with them.
    """
    settings = evolve(base, values={**base.values, **dict(example.settings)})
    if read_with is not None:
        contract = read_with(settings)
    varied = contract = _spoken_of(contract, settings, example)
    as_of = example.as_of or whole_term(contract, settings)
    contract = in_force(contract, settings, as_of)
    if not example.records:
        quantities = by_segment(contract, example.quantities)
        found = price_quantities(varied, settings, quantities, as_of)
        return Outcome(example, found, _failures(contract, found, example))
    from sibdsl.measure import measure_rows

    with measure_rows(contract, settings, example.records, as_of) as volumes:
        found = (
            price_as_known(varied, settings, _counted_by(contract, settings, example), as_of)
            if varied.stated_as_known or varied.accounts_close
            else price_quantities(varied, settings, volumes_by_key(volumes), as_of)
        )
        failures = _failures(contract, found, example)
        rows = tuple(row for row in volumes.rows() if row.status != "used") if failures else ()
    return Outcome(example, found, failures, rows)


def _counted_by(
    contract: Contract, settings: Settings, example: Example
) -> Callable[[date], Mapping[Key, Fraction]]:
    """What the example's records count, as known by a day."""
    from sibdsl.measure import measure_rows

    def counted(day: date) -> Mapping[Key, Fraction]:
        with measure_rows(contract, settings, example.records, day) as volumes:
            return volumes_by_key(volumes)

    return counted


def _failures(contract: Contract, found: Payments, example: Example) -> tuple[Failure, ...]:
    failures = [
        failure
        for expectation in example.expected
        if (failure := _met(contract, found, expectation)) is not None
    ]
    if example.complete:
        failures.extend(_extra(contract, found, example))
    return tuple(failures)


def _spoken_of(contract: Contract, settings: Settings, example: Example) -> Contract:
    """The contract that an example speaks of: with the variations of its own file.

    An example in the contract's file knows no variation of another. One in a variation's file knows others where their
    dates have been given.
    """
    own = {contract.span.file, example.span.file}

    def known(variation: Variation) -> bool:
        if variation.span.file in own:
            return True
        if example.span.file == contract.span.file:
            return False
        try:
            settings.day(variation.agreed), settings.day(variation.effective)
        except NotGiven:
            return False
        return True

    return evolve(
        contract, variations=tuple(variation for variation in contract.variations if known(variation))
    )


def matches(contract: Contract, expected: Expected, priced: PricedLine) -> bool:
    """Whether a line is one that the expectation speaks of. The name of a cap speaks of what it cut, told as an amount.

    What is owed back of a payment is spoken of by who owes it to whom, or as less than nought of the payment itself.
    """
    return _speaks_of(contract, expected, priced.line) or _taken_off(contract, expected, priced.line)


def worth(contract: Contract, expected: Expected, priced: PricedLine) -> Fraction:
    """What a line that the expectation speaks of counts in it: what is owed back, below nought where it is taken off."""
    return -priced.amount if _taken_off(contract, expected, priced.line) else priced.amount


def _taken_off(contract: Contract, expected: Expected, line: Line) -> bool:
    if line.kind != "repaid":
        return False
    if (expected.payer or expected.payee) and _speaks_of(contract, expected, line):
        return False
    return _speaks_of(contract, expected, evolve(line, payer=line.payee, payee=line.payer))


def _taking(contract: Contract) -> set[str]:
    """The clauses that take of payments."""
    return {cap.name for cap in contract.caps} | {deduction.name for deduction in contract.deductions}


def _speaks_of(contract: Contract, expected: Expected, line: Line) -> bool:
    named = line.payment
    if expected.payment in _taking(contract):
        named = line.rule if line.kind in ("cap_cut", "deducted") else ""
    inside = expected.period is None or (
        expected.period.start <= line.segment.days.start and line.segment.days.end <= expected.period.end
    )
    return inside and all(
        not wanted or wanted == got
        for wanted, got in (
            (expected.payment, named),
            (expected.payer, line.payer),
            (expected.payee, line.payee),
            (expected.metric, line.metric),
            (expected.band, line.band),
        )
    )


def _met(contract: Contract, found: Payments, expected: Expected | ExpectedQuantity) -> Failure | None:
    if isinstance(expected, ExpectedQuantity):
        number = sum((count for key, count in found.counted() if _counts(expected, key)), Fraction(0))
        shown = next(
            (
                derived_metric.shown_to
                for derived_metric in contract.derived
                if derived_metric.name == expected.metric
            ),
            None,
        )
        read = number if shown is None else money.round_to(number, shown, "half up")
        if expected.number in (number, read):
            return None
        counted = tuple(
            (key, count) for key, count in found.counted() if key.metric == expected.metric and count
        )
        return Failure(expected, number, (), counted=counted)
    lines = tuple(line for line in found.lines if matches(contract, expected, line))
    got = sum((worth(contract, expected, line) for line in lines), Fraction(0))
    if expected.payment in _taking(contract):
        got = -got  # what a cap cuts, and a deduction takes, is told as an amount
    return (
        None
        if got == expected.amount
        else Failure(expected, got, lines, _near(contract, found, expected, lines))
    )


def _near(
    contract: Contract, found: Payments, expected: Expected, lines: tuple[PricedLine, ...]
) -> tuple[Near, ...]:
    """Where nothing is paid that is as expected: each part of the row without which something is."""
    if any(line.amount for line in lines):
        return ()
    without: tuple[tuple[Literal["payment", "payer", "payee", "metric", "band", "period"], Expected], ...] = (
        ("band", evolve(expected, band="")),
        ("metric", evolve(expected, metric="", band="")),
        ("payer", evolve(expected, payer="")),
        ("payee", evolve(expected, payee="")),
        ("period", evolve(expected, period=None)),
        ("payment", evolve(expected, payment="")),
    )
    return tuple(
        Near(part, there)
        for part, wider in without
        if wider != expected
        and (there := tuple(line for line in found.lines if line.amount and matches(contract, wider, line)))
    )


def _counts(expected: ExpectedQuantity, key: Key) -> bool:
    if expected.period is not None and not (
        expected.period.start <= key.segment.days.start and key.segment.days.end <= expected.period.end
    ):
        return False
    return key.metric == expected.metric and expected.band in ("", key.band)


def _extra(contract: Contract, found: Payments, example: Example) -> list[Failure]:
    """Lines of the example's period that no row of an `expect all` speaks of."""
    return [
        Failure(None, line.amount, (line,))
        for line in found.lines
        if (example.period is None or line.line.segment.days.start in example.period)
        and not any(isinstance(row, Expected) and matches(contract, row, line) for row in example.expected)
    ]
