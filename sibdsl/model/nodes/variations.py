"""Variations: agreed changes to a contract."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import frozen

from sibdsl.dates import Duration
from sibdsl.model.nodes.amounts import Amount
from sibdsl.model.nodes.bands import Bands
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.block_advances import BlockAdvance
from sibdsl.model.nodes.caps import Cap
from sibdsl.model.nodes.cohorts import Cohort
from sibdsl.model.nodes.deductions import Deduction
from sibdsl.model.nodes.investments import Investment
from sibdsl.model.nodes.metrics import Derived, Metric
from sibdsl.model.nodes.payments import Payment
from sibdsl.model.nodes.printed_tables import Lookup
from sibdsl.model.nodes.records import Records
from sibdsl.model.nodes.rules_scenarios_examples import Rule
from sibdsl.model.nodes.workings import Workings
from sibdsl.source import Span


@frozen
class Extension:
    """An option to extend, which a variation takes up."""

    duration: Duration
    party: str
    span: Span = place()


@frozen
class Removed:
    """What a variation takes out: a clause, which ends; or a definition, of which nothing may speak from then on."""

    kind: Literal[
        "payment", "deduction", "block advance", "cap", "rule", "metric", "scale", "records", "table", "bands", "cohort",
        "scorecard", "workings",
    ]  # fmt: skip
    name: str
    span: Span = place()


@frozen
class Novation:
    """A party that another replaces: `new` stands where `old` stood, from the day of effect on."""

    old: str
    new: str
    span: Span = place()


@frozen
class Novated:
    """A novation in force: from the day `first` on."""

    old: str
    new: str
    first: date


@frozen
class Variation:
    """What changes from a day on, and the day on which that was agreed.

    A payment, deduction, block advance, cap or rule of a name that is in force replaces it. Statements issued before it was agreed
    stand; where `stated` says so, what they would have been otherwise is paid with the next one.
    """

    name: str
    clause: str
    gloss: str
    agreed: Amount
    effective: Amount
    stated: Literal["repriced in the next statement", "left as stated"]
    service_ends: Amount | None = None
    payment_ends: Amount | None = None
    records: tuple[Records, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    bands: tuple[Bands, ...] = ()
    metrics: tuple[Metric, ...] = ()
    payments: tuple[Payment, ...] = ()
    advances: tuple[BlockAdvance, ...] = ()
    caps: tuple[Cap, ...] = ()
    rules: tuple[Rule, ...] = ()
    removes: tuple[Removed, ...] = ()
    derived: tuple[Derived, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    workings: tuple[Workings, ...] = ()
    investments: tuple[Investment, ...] = ()
    novates: tuple[Novation, ...] = ()
    #: Whether it changes what was stated in accounts that had closed when it was agreed.
    reopens: bool = False
    span: Span = place()
