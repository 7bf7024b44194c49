"""What is true of every contract model, whatever text it came from. What people get wrong is reported before.

Not here: metrics that wait for each other, which the structural checks report (SIB0525), and all else that they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Protocol

import attrs

from sibdsl.dates import Period
from sibdsl.model import nodes
from sibdsl.model.nodes import Amount, Condition, Contract, Scope, Selection
from sibdsl.model.types import NUMERIC, Interval, Kind
from sibdsl.money import CURRENCIES
from sibdsl.source import NOWHERE, Source, Span


class Broken(AssertionError):
    """The model does not hold together: a fault of the program that made it. Says what and where."""


def check(contract: Contract, sources: Mapping[str, Source] | None = None) -> None:
    """Raise Broken for the first thing that no model may hold. With `sources`, places are looked up in the texts."""
    _values(contract, contract.name)
    _spans(contract, sources)
    names = _Names(contract)
    _heading(contract)
    for table in contract.records:
        _records(table)
    for cohort in contract.cohorts:
        _cohort(names, cohort)
    for bands in contract.bands:
        _bands(names, bands)
    for metric in contract.metrics:
        _metric(names, metric)
    for payment in contract.payments:
        for rate in payment.rates:
            _rate(names, rate, f"payment {payment.name}")
    for block in contract.advances:
        _advances(names, block)
    for cap in contract.caps:
        for row in cap.rows:
            where = f"cap {cap.name}"
            _selection(names, row.covers, where)
            _amount(names, row.amount, where, "money")
            _scope(row.scope, where)
    for rule in contract.rules:
        _rule(names, rule)
    _scenarios(names, contract)
    for example in contract.examples:
        _example(names, example)


def _true(condition: object, what: str) -> None:
    if not condition:
        raise Broken(what)


# ------------------------------------------------------------------ the walk


def walk(value: object) -> Iterator[tuple[object, Span]]:
    """Every value held anywhere in a node, each with the nearest place in the text; nodes before what they hold."""
    todo: list[tuple[object, Span]] = [(value, NOWHERE)]
    while todo:
        at, place = todo.pop()
        sort: Any = type(at)
        if attrs.has(sort) and sort is not Span:
            here: Span = getattr(at, "span", NOWHERE)
            place = here if here.line else place
            yield at, place
            todo.extend((getattr(at, one.name), place) for one in reversed(attrs.fields(sort)))
        else:
            yield at, place
            if isinstance(at, tuple):
                todo.extend((one, place) for one in reversed(at))


def _values(contract: Contract, name: str) -> None:
    for value, place in walk(contract):
        if attrs.has(type(value)) or isinstance(value, tuple):
            continue
        exact = type(value) in (str, int, bool, Fraction, date, type(None))
        _true(exact, f"{name} holds {value!r}, a {type(value).__name__}, near {place}")


def _spans(contract: Contract, sources: Mapping[str, Source] | None) -> None:
    for node, _ in walk(contract):
        span = getattr(node, "span", None)
        if not isinstance(span, Span) or span == NOWHERE:
            continue
        what = f"the place {span} of a {type(node).__name__}"
        begin, end = (span.line, span.column), (span.end_line, span.end_column)
        _true(span.file, f"{what} names no file")
        _true((1, 1) <= begin <= end, f"{what} ends before it begins")
        source = sources.get(span.file) if sources is not None else None
        _true(sources is None or source, f"{what} is in no file of the contract")
        if source is not None:
            _true(0 <= span.start < span.end <= len(source.text), f"{what} is outside the file")
            _true(source.place(span.start) == begin, f"{what} begins elsewhere by line than by character")
            _true(source.place(span.end) == end, f"{what} ends elsewhere by line than by character")


# ------------------------------------------------------------------ names


class _Named(Protocol):
    @property
    def name(self) -> str: ...


@attrs.define(init=False)
class _Names:
    """Everything that the contract names, by its name."""

    parties: frozenset[str]
    values: dict[str, nodes.Particular | nodes.Assumption]
    records: dict[str, nodes.Records]
    cohorts: dict[str, nodes.Cohort]
    bands: dict[str, nodes.Bands]
    metrics: dict[str, nodes.Metric]
    payments: dict[str, nodes.Payment]
    blocks: frozenset[str]
    scenarios: dict[str, nodes.Scenario]
    caps: frozenset[str]

    def __init__(self, contract: Contract) -> None:
        self.values = {one.name: one for one in contract.particulars}
        self.values.update({one.name: one for one in contract.assumptions})
        self.records = {one.name: one for one in contract.records}
        self.cohorts = {one.name: one for one in contract.cohorts}
        self.bands = {one.name: one for one in contract.bands}
        self.metrics = {one.name: one for one in contract.metrics}
        self.payments = {one.name: one for one in contract.payments}
        self.scenarios = {one.name: one for one in contract.scenarios}
        self.parties = frozenset(one.name for one in contract.parties)
        self.blocks = frozenset(one.name for one in contract.advances)
        self.caps = frozenset(one.name for one in contract.caps)
        groups: tuple[tuple[_Named, ...], ...] = (
            contract.parties, contract.particulars, contract.assumptions, contract.records, contract.cohorts,
            contract.bands, contract.metrics, contract.payments, contract.advances, contract.caps, contract.rules,
            contract.scenarios, contract.examples,
        )  # fmt: skip
        every = [one.name for group in groups for one in group]
        _once(every, "the contract")
        _true(all(every) and contract.name, "something in the contract has no name")


def _once(names: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for name in names:
        _true(name not in seen, f"{name} is named twice in {where}")
        seen.add(name)


def _known(name: str, among: Iterable[str], where: str, sort: str) -> None:
    _true(name in among, f"{where} speaks of {sort} {name or '(no name)'}, which there is not")


# ------------------------------------------------------------------ heading, records


def _heading(contract: Contract) -> None:
    service, paid, grain = contract.service, contract.payment_period, contract.rounding.grain
    for period, said in ((service, "service period"), (paid, "payment period")):
        _true(period.start < period.end, f"the {said} holds no day")
    _true(
        paid.start <= service.start and service.end <= paid.end,
        "the service period leaves the payment period",
    )
    _true(contract.new_entrants_last in service, "new entrants end outside the service period")
    _true(contract.currency in CURRENCIES, f"{contract.currency} is no currency")
    _true(grain is None or grain > 0, "amounts are rounded to nothing")
    month, day = contract.years_begin
    try:
        date(2001, month, day)
    except ValueError:
        raise Broken(f"contract years begin on day {day} of month {month}") from None
    for value, place in walk(contract):
        if isinstance(value, Period):
            _true(value.start < value.end, f"a period near {place} holds no day")
        elif isinstance(value, Interval):
            _true(not value.empty, f"a range near {place} holds no number")
    for one in contract.particulars:
        _kind_holds(one.kind, one.default, f"particular {one.name}")
    for choice in contract.assumptions:
        where = f"assumption {choice.name}"
        _true(choice.takes != "", f"{where} takes nothing")
        _kind_holds(choice.kind, choice.takes, where)
        _true((choice.kind == "band") == (choice.point is not None), f"{where} is half about a boundary")
        if choice.kind == "band":
            bands = {band.name for group in contract.bands for band in group.bands}
            _known(str(choice.takes), bands, where, "band")


def _kind_holds(kind: Kind, value: Fraction | date | str | None, where: str) -> None:
    wanted = Fraction if kind in NUMERIC else date if kind == "date" else str
    fits = value is None or (isinstance(value, wanted) and not isinstance(value, datetime))
    _true(fits, f"{where} is {kind} and holds {value!r}")


def _records(table: nodes.Records) -> None:
    where = f"records {table.name}"
    _once((one.name for one in table.columns), where)
    _once((one.heading for one in table.columns), f"the headings of {where}")
    _true(table.columns, f"{where} have no columns")
    for one in table.columns:
        _true((one.kind == "category") == bool(one.categories), f"{one.name} of {where} has categories amiss")
        _once(one.categories, f"{one.name} of {where}")
    if table.spell:
        for name in (table.spell.start, table.spell.end):
            _column(table, name, where, "date")
    if table.known_on:
        _column(table, table.known_on, where, "date")


def _column(table: nodes.Records, name: str, where: str, *kinds: str) -> None:
    found = table.column(name)
    _true(found, f"{where} speaks of column {name}, which {table.name} have not")
    kind = found.kind if found else ""
    _true(
        not kinds or kind in kinds,
        f"{where} reads {name} of {table.name} as {' or '.join(kinds)}; it holds {kind}",
    )


# ------------------------------------------------------------------ who and what is counted


def _person(table: nodes.Records, where: str) -> None:
    people = [one.name for one in table.columns if one.kind == "person"]
    _true(len(people) == 1, f"{where} counts {table.name}, where {len(people)} columns say whose a row is")


def _cohort(names: _Names, cohort: nodes.Cohort) -> None:
    where = f"cohort {cohort.name}"
    _known(cohort.records, names.records, where, "records")
    table = names.records[cohort.records]
    _person(table, where)
    _column(table, cohort.joins_on, where, "date")
    for pick in cohort.picks:
        _pick(table, pick, where)
    for test in cohort.conditions:
        _condition(names, test, where, table)


def _pick(table: nodes.Records, pick: nodes.Pick, where: str) -> None:
    _column(table, pick.column, where, *(("date",) if pick.way in ("earliest", "latest") else ()))


def _bands(names: _Names, bands: nodes.Bands) -> None:
    where = f"bands {bands.name}"
    _true(bands.bands, f"{where} have no band")
    _once((one.name for one in bands.bands), where)
    columns = {one.name for table in names.records.values() for one in table.columns}
    _known(bands.by, columns, where, "column")


def _metric(names: _Names, metric: nodes.Metric) -> None:
    where = f"metric {metric.name}"
    _known(metric.records, names.records, where, "records")
    _known(metric.cohort, names.cohorts, where, "cohort")
    table = names.records[metric.records]
    _person(table, where)
    for test in metric.conditions:
        _condition(names, test, where, table, joins=True)
    if metric.held:
        _true(table.spell, f"{where} holds rows of {table.name}, which do not say how long they last")
        _true(table.spell and metric.held.start == table.spell.start, f"{where} is held from amid a spell")
        _true(metric.held.duration.number > 0, f"{where} is held for no time")
    if metric.dated.by == "column":
        _column(table, metric.dated.column, where, "date")
    else:
        _true(metric.held and not metric.dated.column, f"{where} is dated by a holding that it has not")
    if metric.bands:
        _known(metric.bands, names.bands, where, "bands")
        _column(table, names.bands[metric.bands].by, where, *NUMERIC)
    if metric.tie:
        _pick(table, metric.tie, where)


def _acyclic(needs: Mapping[str, Iterable[str]], sort: str) -> None:
    left = {name: set(after) for name, after in needs.items()}
    while left:
        ready = [name for name, after in left.items() if not after & left.keys()]
        _true(ready, f"{sort} {next(iter(left))} hangs on itself, by way of {', '.join(left)}")
        for name in ready:
            del left[name]


# ------------------------------------------------------------------ amounts and conditions


def _amount(
    names: _Names,
    amount: Amount,
    where: str,
    *kinds: str,
    row: nodes.Records | None = None,
    joins: bool = False,
) -> None:
    """An amount of one of the kinds. With `row`, it may read that table's columns; with `joins`, who joined when."""
    _true(not kinds or amount.kind in kinds, f"{where} takes {' or '.join(kinds)} and holds {amount.kind}")
    match amount:
        case nodes.Value():
            _kind_holds(amount.kind, amount.value, where)
        case nodes.Given():
            _known(amount.name, names.values, where, "particular or assumption")
            _true(
                names.values[amount.name].kind == amount.kind,
                f"{where} takes {amount.name} for {amount.kind}",
            )
        case nodes.Arithmetic():
            for side in (amount.left, amount.right):
                _amount(names, side, where, *NUMERIC, row=row, joins=joins)
            _true(amount.kind in NUMERIC, f"{where} works out {amount.kind}")
            _true(amount.op in ("plus", "minus", "times", "divided by"), f"{where} does a sum by {amount.op}")
        case nodes.Column():
            _true(row, f"{where} reads column {amount.name} where there is no row")
            if row:
                _true(row.name == amount.records, f"{where} reads {amount.records} in a row of {row.name}")
                _column(row, amount.name, where, amount.kind)
        case nodes.MetricColumn():
            _true(joins, f"{where} reads a row of metric {amount.metric} where there is none")
            _known(amount.metric, names.metrics, where, "metric")
            _column(names.records[names.metrics[amount.metric].records], amount.name, where, amount.kind)
        case nodes.JoiningDate():
            _true(joins, f"{where} reads the joining date of nobody")
            _true(amount.kind == "date", f"{where} reads a joining date as {amount.kind}")
        case nodes.Paid():
            _true(row is None and amount.kind == "money", f"{where} counts payments in a row")
            _selection(names, amount.selection, where)
        case nodes.MetricTotal():
            _true(row is None and amount.kind == "count", f"{where} counts a metric in a row")
            _in_band(names, amount.metric, amount.band, where, whole=True)


def _condition(
    names: _Names, condition: Condition, where: str, row: nodes.Records | None = None, *, joins: bool = False
) -> None:
    match condition:
        case nodes.Compare():
            for side in (condition.left, condition.right):
                _amount(names, side, where, row=row, joins=joins)
        case nodes.Blank():
            _amount(names, condition.value, where, row=row, joins=joins)
        case nodes.InPeriod():
            _amount(names, condition.value, where, "date", row=row, joins=joins)
        case nodes.Both() | nodes.Either():
            _true(condition.tests, f"{where} tests nothing")
            for test in condition.tests:
                _condition(names, test, where, row, joins=joins)
        case nodes.Not():
            _condition(names, condition.test, where, row, joins=joins)


# ------------------------------------------------------------------ what is paid


def _rate(names: _Names, rate: nodes.Rate, where: str) -> None:
    phases = rate.payers.phases
    _true(phases and phases[-1].last is None, f"{where} has nobody to pay in the end")
    lasts = [phase.last for phase in phases[:-1]]
    days = [last for last in lasts if last is not None]
    _true(days == lasts, f"{where} has a payer who pays for ever, and another after")
    _true(days == sorted(set(days)), f"the payers of {where} do not follow one another")
    for name in (*(phase.payer for phase in phases), rate.payee):
        _known(name, names.parties, where, "party")
    _in_band(names, rate.metric, rate.band, where, whole=True)
    _amount(names, rate.amount, where, "money")


def _in_band(names: _Names, metric: str, band: str, where: str, *, whole: bool) -> None:
    """A metric and one of its bands; '' is all of them where `whole` allows it, else that it has none."""
    _known(metric, names.metrics, where, "metric")
    bands = names.bands.get(names.metrics[metric].bands)
    if band or (bands and not whole):
        _known(band, {one.name for one in bands.bands} if bands else (), f"{where}, {metric}", "band")


def _scope(scope: Scope, where: str) -> None:
    _true(
        (scope.over == "days") == (scope.days is not None), f"{where} runs over {scope.over} of {scope.days}"
    )


def _advances(names: _Names, block: nodes.BlockAdvance) -> None:
    where = f"block advance {block.name}"
    _amount(names, block.basis, where, "set off basis")
    for advance in block.advances:
        for name in (advance.payer, advance.payee):
            _known(name, names.parties, where, "party")
        for name in advance.against:
            _known(name, names.payments, where, "payment")
        _once(advance.against, where)
        _amount(names, advance.paid_on, where, "date")
        _amount(names, advance.amount, where, "money")
        _true(bool(advance.against) == (advance.scope is not None), f"{where} is half set off")
        if advance.scope:
            _scope(advance.scope, where)


def _selection(names: _Names, chosen: Selection, where: str) -> None:
    for name in (*chosen.payers, *chosen.payees):
        _known(name, names.parties, where, "party")
    for name in chosen.metrics:
        _known(name, names.metrics, where, "metric")
    for name in chosen.payments:
        _known(name, names.payments.keys() | names.blocks, where, "payment")
    for kind in chosen.metric_kinds:
        _true(kind in ("input", "output", "outcome"), f"{where} chooses metrics that are {kind}")
    for day in (chosen.earned_to, chosen.earned_from):
        if day is not None:
            _amount(names, day, where, "date")


# ------------------------------------------------------------------ rules, scenarios, examples


def _rule(names: _Names, rule: nodes.Rule) -> None:
    where = f"rule {rule.name}"
    _condition(names, rule.requires, where)
    _true(
        (rule.tested == "in one period") == (rule.days is not None), f"{where} is half tested in one period"
    )
    for name in rule.scenarios:
        _known(name, names.scenarios, where, "scenario")


def _scenarios(names: _Names, contract: Contract) -> None:
    for one in contract.scenarios:
        where = f"scenario {one.name}"
        ways = [bool(one.quantities), bool(one.plan), bool(one.of)]
        _true(ways.count(True) == 1, f"{where} says {ways.count(True)} times what it tries")
        _true(
            bool(one.of) == (one.share is not None) == (one.rounded is not None), f"{where} is half a share"
        )
        for quantity in one.quantities:
            _in_band(names, quantity.metric, quantity.band, where, whole=False)
        if one.plan:
            plan = names.values.get(one.plan)
            _true(plan and plan.kind == "plan", f"{where} takes {one.plan} for a plan")
        if one.of:
            _known(one.of, names.scenarios, where, "scenario")
    _acyclic({one.name: {one.of} - {""} for one in contract.scenarios}, "scenario")


def _example(names: _Names, example: nodes.Example) -> None:
    where = f"example {example.name}"
    for name, value in example.settings:
        _known(name, names.values, where, "particular or assumption")
        _kind_holds(names.values[name].kind, value, f"{where}, {name}")
    for quantity in example.quantities:
        _in_band(names, quantity.metric, quantity.band, where, whole=False)
    for given in example.records:
        _known(given.records, names.records, where, "records")
        wanted = {one.heading for one in names.records[given.records].columns}
        _once(given.headings, where)
        _true(set(given.headings) == wanted, f"{where} gives columns of {given.records} that are not theirs")
        for row in given.rows:
            _true(
                len(row) == len(given.headings), f"{where} gives a row of {given.records} of another length"
            )
    paying = names.payments.keys() | names.blocks | names.caps
    for line in example.expected:
        _true(not line.band or line.metric, f"{where} expects a band of no metric")
        if line.metric:
            _in_band(names, line.metric, line.band, where, whole=True)
        if isinstance(line, nodes.Expected):
            for name in (line.payer, line.payee):
                _known(name, names.parties | {""}, where, "party")
            _known(line.payment, paying | {""}, where, "payment")
