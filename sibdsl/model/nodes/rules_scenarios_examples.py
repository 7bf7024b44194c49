"""Rules, scenarios and examples."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.model.nodes.amounts import Condition
from sibdsl.model.nodes.base import place, place_of_line, prose
from sibdsl.money import Way
from sibdsl.source import Span


@frozen
class Rule:
    """A condition that must hold. A rule is a test: it never changes what is paid."""

    name: str
    clause: str
    requires: Condition
    tested: Literal[
        "over the contract",
        "in each year",
        "in each quarter",
        "in each month",
        "in each period",
        "in each claim",
        "to date in each claim",
        "at final account",
        "in one period",
    ]
    days: Period | None
    scenarios: tuple[str, ...]
    span: Span = place()
    #: Its line `tested`.
    tested_at: Span = place_of_line()
    says: str = prose()
    source: str = prose()


@frozen
class Quantity:
    """So many of a metric (and band; '' where it has none) in a period."""

    metric: str
    band: str
    period: Period
    number: Fraction
    span: Span = place()


@frozen
class Scenario:
    """Quantities to try: written out, taken from a plan given from outside, or a share of another scenario."""

    name: str
    quantities: tuple[Quantity, ...] = ()
    plan: str = ""
    share: Fraction | None = None
    of: str = ""
    rounded: Way | None = None
    span: Span = place()


@frozen
class ExampleRecords:
    """Rows of one input table, each cell as text; '' is blank. `part` is the named part they are of, '' for none."""

    records: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    part: str = ""
    span: Span = place()


@frozen
class Expected:
    """One row of what an example expects: lines that match the named fields come to `amount`. '' names nothing."""

    payment: str
    payer: str
    payee: str
    metric: str
    band: str
    amount: Fraction
    period: Period | None
    span: Span = place()


@frozen
class ExpectedQuantity:
    """One row of the verified volumes that an example from records expects."""

    metric: str
    band: str
    number: Fraction
    period: Period | None
    span: Span = place()


@frozen
class Example:
    """A test inside the contract."""

    name: str
    gloss: str
    period: Period | None
    as_of: date | None
    settings: tuple[tuple[str, Fraction | date | str], ...]
    quantities: tuple[Quantity, ...]
    records: tuple[ExampleRecords, ...]
    expected: tuple[Expected | ExpectedQuantity, ...]
    complete: bool
    span: Span = place()
