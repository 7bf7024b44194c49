"""The stages of a translation, each of one domain, in the order in which `translate` runs them.

A stage takes the reader as the stages before it left it, and their results as arguments; it gives its own result and, where
later stages read by it, a reader that knows more. What each needs settles the order:

| stage | gives | after, because |
|---|---|---|
| heading | clocks, currency, parties, particulars, assumptions | the names, which `blocks` gathers: dates stand by name |
| people | printed tables, records, cohorts | heading: tests read particulars and the service period |
| metrics | bands, metrics, routes, what is worked out | people: a metric counts rows of records among a cohort |
| payments | payments | metrics: a rate is for each of a metric, in a band; an amount is made of quantities |
| limits | block advances, caps, deductions | payments come first in the text's own order of findings; both need the heading alone |
| rules | scenarios, examples, rules | metrics and bands: quantities stand for them; periods: the heading's |
| closing | the option to extend, what prevails, investments | last, so that their findings follow those of all else |
| variations | variations | everything: they add and replace any of it |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

from attrs import evolve, frozen

from sibdsl.dates import EARLIEST, LATEST, Period
from sibdsl.diagnostics import Problems
from sibdsl.model.from_syntax import (
    currency,
    definitions_replaced,
    printed_tables,
    texts_replaced,
    variations,
)
from sibdsl.model.from_syntax.blocks import Blocks
from sibdsl.model.from_syntax.heading import business_days, header, whose_statements
from sibdsl.model.from_syntax.heading import particulars_and_assumptions as by_name
from sibdsl.model.from_syntax.heading import parties as parties_of
from sibdsl.model.from_syntax.heading.header import Header
from sibdsl.model.from_syntax.limits import block_advances, caps, deductions
from sibdsl.model.from_syntax.metrics import bands, routes, worked_out
from sibdsl.model.from_syntax.metrics import metrics as of_records
from sibdsl.model.from_syntax.metrics.boundaries import boundaries_agree
from sibdsl.model.from_syntax.payments import investments
from sibdsl.model.from_syntax.payments import payments as terms
from sibdsl.model.from_syntax.people import cohorts as who_counts
from sibdsl.model.from_syntax.people import records, versions_of_rows
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rules import examples, scenarios
from sibdsl.model.from_syntax.rules import rules as must_hold
from sibdsl.model.nodes import (
    AcceptedBy,
    AccountsClose,
    AnyMetric,
    Assumption,
    Bands,
    BlockAdvance,
    BusinessDaysSaid,
    Cap,
    Cohort,
    Deduction,
    Derived,
    Example,
    Extension,
    Investment,
    Lookup,
    Metric,
    NetNegative,
    Particular,
    Party,
    Payment,
    Prepared,
    Records,
    Routes,
    Rule,
    Scenario,
    Variation,
    Workings,
)  # fmt: skip
from sibdsl.source import Span
from sibdsl.syntax import Block


@frozen
class ContractHeading:
    """What stands at the head of a contract. `periods` are the days in which examples and scenarios may lie."""

    head: Header
    parties: tuple[Party, ...]
    particulars: tuple[Particular, ...]
    assumptions: tuple[Assumption, ...]
    periods: tuple[Period, ...]


def heading(reader: Reader, blocks: Blocks) -> tuple[ContractHeading, Reader]:
    """The heading; the reader knows its values by name, its clocks, its currency and who has which role."""
    particulars = by_name.particulars(reader, blocks.of("particulars"))
    assumptions = by_name.assumptions(reader, blocks.of("assumption"))
    named: tuple[Particular | Assumption, ...] = (*particulars, *assumptions)
    reader = evolve(reader, values={value.name: value for value in named})
    head, reader = header.header(reader, blocks.whole)
    currency.all_in_one(reader, blocks.whole, blocks.written, blocks.brought)
    if reader.payment_period:
        paid = variations.longest(reader, blocks.changes, reader.payment_period)
        reader = evolve(reader, payment_period=paid)
    parties = parties_of.parties(reader, blocks.of("parties"))
    roles: dict[str, list[str]] = {}
    for party in parties:
        for role in party.roles:
            roles.setdefault(role, []).append(party.name)
    periods = (reader.payment_period or Period(date(EARLIEST, 1, 1), date(LATEST, 12, 31)),)
    return ContractHeading(head, parties, particulars, assumptions, periods), evolve(reader, roles=roles)


@frozen
class People:
    """Whose rows count, by name: printed tables, records, cohorts."""

    lookups: Mapping[str, Lookup]
    records: dict[str, Records]
    cohorts: dict[str, Cohort]
    #: Those that variations put in the place of others, by the place of their blocks.
    again: Mapping[Span, Cohort | Lookup]
    #: Tables as variations put them.
    tables_again: tuple[Lookup, ...]


def people(reader: Reader, blocks: Blocks, top: ContractHeading) -> tuple[People, Reader]:
    """The records and who counts; the reader knows the printed tables and the records."""
    lookups = {table.name: table for table in printed_tables.lookups(reader, blocks.of_every("table"))}
    reader = evolve(reader, lookups=lookups)
    read = records.records(reader, blocks.of_every("records"), versions_of_rows.keyed)
    tables = {table.name: table for table in read}
    reader = evolve(reader, tables=tables)
    printed_tables.keys_of_particulars(reader, top.particulars, tables.values())
    cohorts = who_counts.cohorts(reader, blocks.of_every("cohort"), tables)
    again = who_counts.cohorts(reader, [block for block in blocks.again if block.kind == "cohort"], tables)
    by_name = {cohort.name: cohort for cohort in cohorts}
    texts_replaced.cohorts_go_on(reader, by_name, again)
    put = printed_tables.lookups(reader, [block for block in blocks.again if block.kind == "table"])
    holidays = {word.text for line in blocks.whole.lines("business_days") for word in line.words("NAME")}
    definitions_replaced.tables_go_on(reader, lookups, put, tables.values(), holidays)
    placed: dict[Span, Cohort | Lookup] = {cohort.span: cohort for cohort in again}
    placed |= {table.span: table for table in put}
    return People(lookups, tables, by_name, placed, put), reader


@frozen
class Metrics:
    """What is measured, by name."""

    bands: dict[str, Bands]
    counted: dict[str, Metric]
    routes: tuple[Routes, ...]
    workings: tuple[Workings, ...]
    derived: dict[str, Derived]
    #: Those that variations put in the place of others, by the place of their blocks.
    again: Mapping[Span, Metric | Bands | Derived | Workings]
    #: Reads what is worked out as the texts of variations have it.
    texts: Reader

    @property
    def every(self) -> dict[str, AnyMetric]:
        """The metrics of records and those worked out."""
        return {**self.counted, **self.derived}


def metrics(reader: Reader, blocks: Blocks, those: People) -> tuple[Metrics, Reader]:
    """What is counted and worked out; the reader knows the unit of each quantity."""
    sets = {band.name: band for band in bands.bands(reader, blocks.of_every("bands"), those.records)}
    own = worked_out.not_made(blocks.of_every("metric"))
    replacing = texts_replaced.of_rows(blocks.again)
    places = {block.head for block in replacing}
    read = of_records.metrics(reader, [*own, *replacing], those.records, sets, those.cohorts)
    counted = {metric.name: metric for metric in read if metric.span not in places}
    again = {metric.span: metric for metric in read if metric.span in places}
    texts_replaced.metrics_go_on(reader, counted, tuple(again.values()))
    new_sets = bands.bands(reader, [block for block in blocks.again if block.kind == "bands"], those.records)
    texts_replaced.bands_go_on(reader, sets, new_sets, (*counted.values(), *again.values()))
    ways = routes.routes(reader, blocks.of("routes"), counted)
    banded = {
        metric.name: tuple(band.name for band in sets[metric.bands].bands)
        for metric in counted.values()
        if metric.bands in sets
    }
    measures = {metric.name: metric.measures for metric in counted.values()}
    reader = evolve(reader, measures=measures, banded=banded)
    boundaries_agree(reader, sets)
    workings, made = worked_out.figures(reader, blocks.defining, counted)
    derived = {metric.name: metric for metric in made}
    texts_replaced.readers_of_tables_go_on(
        reader, those.tables_again, (*counted.values(), *again.values()), those.cohorts.values()
    )
    with_tables = evolve(
        reader, lookups={**reader.lookups, **{table.name: table for table in those.tables_again}}
    )
    put = definitions_replaced.figures(with_tables, blocks.again, counted, workings, derived)
    others: tuple[Bands | Derived | Workings, ...] = (*new_sets, *put.derived, *put.workings)
    placed = {**again, **{one.span: one for one in others}}
    return Metrics(sets, counted, ways, workings, derived, placed, put.reader), reader


def payments(reader: Reader, blocks: Blocks, measured: Metrics) -> tuple[Payment, ...]:
    """What is paid."""
    return terms.payments(reader, blocks.of("payment"), measured.every, measured.bands)


@frozen
class Limits:
    """What is paid before results, and what limits payments."""

    advances: tuple[BlockAdvance, ...]
    caps: tuple[Cap, ...]
    deductions: tuple[Deduction, ...]


def limits(reader: Reader, blocks: Blocks) -> Limits:
    """The block advances, the caps and the deductions."""
    advances = block_advances.advances(reader, blocks.of("block advance"))
    return Limits(
        advances, caps.caps(reader, blocks.of("cap")), deductions.deductions(reader, blocks.of("deduction"))
    )


@frozen
class RulesRead:
    """What must hold, and what is tried."""

    scenarios: tuple[Scenario, ...]
    examples: tuple[Example, ...]
    rules: tuple[Rule, ...]


#: Reads the examples of the blocks by what is given: how one is read, and whether all else is sound.
Examples = Callable[
    [Reader, list[Block], Callable[[Reader, Block], tuple[Example, ...]]], tuple[Example, ...]
]


def rules(
    reader: Reader, blocks: Blocks, top: ContractHeading, those: People, measured: Metrics, read: Examples
) -> tuple[RulesRead, Problems]:
    """The scenarios, examples and rules, and apart from other findings those of the examples.

    An example that cannot be read is reported, and stops its own test; it does not stop payment.
    """
    found = blocks.of("scenario", "scenarios")
    tried = scenarios.scenarios(reader, found, measured.every, measured.bands, top.periods)
    apart = Problems()

    def example(other: Reader, block: Block) -> tuple[Example, ...]:
        return examples.examples(other, [block], measured.every, measured.bands, those.records, top.periods)

    known = read(evolve(reader, problems=apart), blocks.of("example"), example)
    return RulesRead(tried, known, must_hold.rules(reader, blocks.of("rule"))), apart


@frozen
class Closing:
    """What else the heading says, and who invests."""

    extension: Extension | None
    precedence: Literal["", "text over code", "code over text"]
    investments: tuple[Investment, ...]
    business_days: BusinessDaysSaid | None
    prepared: Prepared | None
    accepted_by: AcceptedBy | None
    net_negative: NetNegative | None
    accounts_close: AccountsClose | None


def closing(reader: Reader, blocks: Blocks, top: ContractHeading, measured: Metrics) -> Closing:
    """The option to extend, what prevails, the investments, and which days are business days."""
    extension, precedence = header.extension(reader, blocks.whole), header.precedence(reader, blocks.whole)
    named = business_days.business_days(
        reader, blocks.whole, top.head, measured.counted.values(), blocks.added
    )
    invested = investments.investments(reader, blocks.of("investment"))
    return Closing(
        extension, precedence, invested, named,
        whose_statements.prepared(reader, blocks.whole), whose_statements.accepted_by(reader, blocks.whole),
        whose_statements.net_negative(reader, blocks.whole), whose_statements.accounts_close(reader, blocks.whole, top.head),
    )  # fmt: skip


def varied(
    reader: Reader, blocks: Blocks, top: ContractHeading, those: People, measured: Metrics
) -> tuple[Variation, ...]:
    """The variations of the contract."""
    parts: dict[str, dict[str, object]] = {
        "records": {**those.records},
        "table": {**those.lookups},
        "cohort": {**those.cohorts},
        "bands": {**measured.bands},
        "metric": {**measured.counted},
        "derived": {**measured.derived},
        "workings": {one.name: one for one in measured.workings},
    }
    changes, name = list(blocks.changes), top.head.name
    again: dict[Span, variations.AnyAgain] = {**those.again, **measured.again}
    replaced = any(block.kind in (*definitions_replaced.FIGURES, "table") for block in blocks.again)
    if replaced and not reader.problems.errors:
        _read_again(reader, blocks, measured)
    return variations.variations(
        reader, list(blocks.own), changes, name, measured.every, measured.bands, parts, again
    )


def _read_again(reader: Reader, blocks: Blocks, measured: Metrics) -> None:
    """Report what clauses have wrong once what they speak of is replaced."""

    def of(*kinds: str) -> list[Block]:
        return [block for block in blocks.every if block.kind in kinds]

    definitions_replaced.read_again(
        reader,
        measured.texts,
        (
            lambda texts: terms.payments(texts, of("payment"), measured.every, measured.bands),
            lambda texts: block_advances.advances(texts, of("block advance")),
            lambda texts: caps.caps(texts, of("cap")),
            lambda texts: deductions.deductions(texts, of("deduction")),
        ),
    )


@frozen
class Found:
    """What all stages found."""

    heading: ContractHeading
    people: People
    measured: Metrics
    payments: tuple[Payment, ...]
    limits: Limits
    tried: RulesRead
    closing: Closing
    variations: tuple[Variation, ...]
