"""What the clauses of a contract read: every amount, column, metric and party that some clause speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sibdsl.model.bands_in_force import banded_in
from sibdsl.model.conditions_on_rows import amounts_in, of_selection, person_column, tests_of
from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    AnyResult,
    Column,
    Contract,
    DaysCounted,
    Given,
    GivenFor,
    Investment,
    JoinedColumn,
    Looked,
    Metric,
    MetricColumn,
    MetricTotal,
    Paid,
    PersonColumn,
    Records,
    ResultDate,
    Selection,
    Share,
    Variation,
)
from sibdsl.model.workings import amounts_of, every_part


def selections(contract: Contract) -> Iterator[Selection]:
    """Every selection of payments that a cap or a rule speaks of."""
    for cap in contract.caps:
        for row in cap.rows:
            yield from row.selections
    for deduction in contract.deductions:
        yield from deduction.selections
    for rule in contract.rules:
        for amount in amounts_in(rule.requires):
            if isinstance(amount, Paid):
                yield amount.selection


def amounts(contract: Contract) -> Iterator[Amount]:
    """Every amount that some clause reads, in the contract or in a variation of it; examples and scenarios apart."""
    yield from _amounts(contract, contract)
    for investment in contract.investments:
        yield from of_investment(investment)
    for derived_metric in contract.derived:
        for formula in derived_metric.formulas:
            for amount in every_part(contract, formula):
                yield from amounts_in(amount)
    for variation in contract.variations:
        dates = (variation.agreed, variation.effective, variation.service_ends, variation.payment_ends)
        for day in dates:
            if day is not None:
                yield from amounts_in(day)
        yield from _amounts(contract, variation)
        for made in variation.derived:
            for amount in every_part(contract, made.formula):
                yield from amounts_in(amount)


def of_investment(investment: Investment) -> Iterator[Amount]:
    """Every amount that an investment reads."""
    dates = [drawdown.paid_on for drawdown in investment.drawdowns] + [investment.repaid_on]
    rates = [investment.interest.rate] if investment.interest else []
    for amount in (*(drawdown.amount for drawdown in investment.drawdowns), *rates, *dates):
        if amount is not None:
            yield from amounts_in(amount)


def _of_deductions(contract: Contract, part: Contract | Variation) -> Iterator[Amount]:
    for deduction in part.deductions:
        for amount in every_part(contract, deduction.amount):
            yield from amounts_in(amount)
        for chosen in deduction.selections:
            yield from of_selection(chosen)
        for condition in deduction.conditions:
            yield from amounts_in(condition.condition)


def _amounts(contract: Contract, part: Contract | Variation) -> Iterator[Amount]:
    for cohort in part.cohorts:
        for condition in cohort.conditions:
            yield from amounts_in(condition)
    for metric in part.metrics:
        for condition in metric.conditions:
            yield from amounts_in(condition)
        weight = (metric.weight,) if metric.weight is not None else ()
        for amount in (*weight, *metric.amounts_of_lines, *metric.counts.amounts):
            yield from amounts_in(amount)
    for payment in part.payments:
        for term in payment.terms:
            for amount in amounts_of(contract, term):
                yield from amounts_in(amount)
        for row in payment.limits:
            yield from amounts_in(row.amount)
            for chosen in row.selections[1:]:
                yield from of_selection(chosen)
        for one in payment.every_condition:
            yield from amounts_in(one.condition)
    yield from _of_deductions(contract, part)
    for block in part.advances:
        yield from amounts_in(block.basis)
        for advance in block.advances:
            yield from amounts_in(advance.paid_on)
            yield from amounts_in(advance.amount)
            yield from _of_shares(() if advance.shares is None else advance.shares.shares)
    for excess in (*(payment.excess for payment in part.payments), *(cap.excess for cap in part.caps)):
        yield from _of_shares(excess.shares)
    for row in (row for cap in part.caps for row in cap.rows):
        for amount in (row.amount, *(one for added in row.topped_up for one in (added.amount, added.day))):
            yield from amounts_in(amount)
        for chosen in row.selections:
            yield from of_selection(chosen)
    for rule in part.rules:
        yield from amounts_in(rule.requires)


def _of_shares(shares: Iterable[Share]) -> Iterator[Amount]:
    for share in shares:
        if share.part is not None:
            yield from amounts_in(share.part)


def _of_columns(contract: Contract) -> Iterator[Amount]:
    """What the columns that are worked out, and read by some clause, are worked out from."""
    read = columns_read(contract)
    for table in contract.records:
        for column in table.columns:
            if column.formula is not None and (table.name, column.name) in read:
                yield from amounts_in(column.formula)


def given_names(contract: Contract) -> frozenset[str]:
    """Names of the particulars and assumptions that some clause or scenario takes up."""
    every_amount = (*amounts(contract), *_of_columns(contract))
    found = {amount.name for amount in every_amount if isinstance(amount, (Given, GivenFor))}
    every = (
        *contract.payments,
        *(payment for variation in contract.variations for payment in variation.payments),
    )
    found.update(payment.needs for payment in every if payment.needs)
    found.update(scenario.plan for scenario in contract.scenarios if scenario.plan)
    found.update(named_date.name for named_date in contract.by_name)
    return frozenset(found)


def metrics_read_by(metric: Metric) -> tuple[str, ...]:
    """Names of the metrics whose picked rows, or their dates, the metric's own lines speak of, each once."""
    named = (
        amount.metric
        for part in (*metric.conditions, *metric.amounts_of_lines)
        for amount in amounts_in(part)
        if isinstance(amount, MetricColumn | ResultDate)
    )
    netted = (metric.net_of,) if metric.net_of else ()
    tests = (test for condition in metric.conditions for test in tests_of(condition))
    asked = (test.metric for test in tests if isinstance(test, AnyResult))
    return tuple(dict.fromkeys((*named, *netted, *asked)))


def metrics_read(contract: Contract) -> frozenset[str]:
    """Names of the metrics that another metric, a rule or a cap speaks of."""
    found = {name for metric in contract.metrics for name in metrics_read_by(metric) if name != metric.name}
    found.update(amount.metric for amount in amounts(contract) if isinstance(amount, MetricTotal))
    found.update(name for chosen in selections(contract) for name in chosen.metrics)
    return frozenset(found)


def columns_read(contract: Contract) -> frozenset[tuple[str, str]]:
    """Table and column of everything that a cohort or a metric reads."""
    tables = {table.name: table for table in contract.records}
    behind = {metric.name: metric.records for metric in contract.metrics}
    bands = {band.name: band.by for band in contract.bands}
    found: set[tuple[str, str]] = set()
    looked_at = {*(cohort.records for cohort in contract.cohorts), *behind.values()}
    for name in looked_at & tables.keys():
        table = tables[name]
        found.update((name, column.name) for column in table.columns if column.kind == "person")
        found.update((name, column) for column in _of_rows(table))
    for cohort in contract.cohorts:
        found.add((cohort.records, cohort.joins_on))
        found.update((cohort.records, pick.column) for pick in cohort.picks)
        if cohort.tracked is not None:
            found.add((cohort.records, cohort.tracked.start))
    for metric in contract.metrics:
        found.add((metric.records, metric.dated.column))
        spell = tables[metric.records].spell if metric.records in tables else None
        lasts = metric.held is not None or isinstance(metric.counts, DaysCounted) or bool(metric.dated.each)
        if lasts and spell is not None:
            found.update(((metric.records, spell.start), (metric.records, spell.end)))
        found.add((metric.records, metric.counts.column))
        if metric.evidence is not None:
            found.update((metric.records, name) for name in metric.evidence.columns)
        found.update((metric.records, pick.column) for pick in metric.counts.picks)
        if metric.window is not None:
            records = {cohort.name: cohort.records for cohort in contract.cohorts}
            found.add((records[metric.cohort], metric.window.start))
        if metric.tie is not None:
            found.add((metric.records, metric.tie.column))
        if metric.bands in bands:
            found.add((banded_in(contract, metric), bands[metric.bands]))
    conditions = [condition for cohort in contract.cohorts for condition in cohort.conditions]
    conditions += [condition for metric in contract.metrics for condition in metric.conditions]
    tests = [test for condition in conditions for test in tests_of(condition)]
    lasting = {test.records for test in tests if isinstance(test, AnyDay)}
    lasting |= {metric.counts.days_of for metric in contract.metrics}
    for other in contract.records:
        if other.name in lasting:
            ends = (other.spell.start, other.spell.end) if other.spell else ()
            found.update((other.name, name) for name in (*ends, person_column(other), *_of_rows(other)))
    found.update(_columns_of_amounts(contract, behind))
    known = -1
    while known < len(found):  # one is worked out from others, of its table or of one read by person
        known = len(found)
        found.update(_behind_columns(contract, frozenset(found)))
    return frozenset(found)


def _behind_columns(contract: Contract, read: frozenset[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Table and column of what the columns read are worked out from."""
    tables = {table.name: table for table in contract.records}
    for table in contract.records:
        for column in table.columns:
            if column.formula is None or (table.name, column.name) not in read:
                continue
            for operand in amounts_in(column.formula):
                if isinstance(operand, Column):
                    yield table.name, operand.name
                elif isinstance(operand, PersonColumn) and operand.records in tables:
                    other = tables[operand.records]
                    yield from (
                        (other.name, name) for name in (operand.name, person_column(other), *_of_rows(other))
                    )


def _columns_of_amounts(contract: Contract, behind: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Table and column of what amounts read, of the row or of others of its person; `behind` names the table of each metric."""
    joined = {cohort.name: cohort.records for cohort in contract.cohorts}
    for amount in amounts(contract):
        match amount:
            case Column(records=records, name=name):
                yield records, name
            case JoinedColumn(cohort=cohort, name=name) if cohort in joined:
                yield joined[cohort], name
            case MetricColumn(metric=metric, name=name) if metric in behind:
                yield behind[metric], name
            case _:
                pass


def _of_rows(table: Records) -> tuple[str, ...]:
    """The columns that say when a row became known or was withdrawn, which thing it tells of, and which row of it stands."""
    picked = (version.by.column for version in table.versions if version.by)
    return table.known_on, table.withdrawn_on, *table.key, *picked


def tables_read(contract: Contract) -> frozenset[str]:
    """Names of the printed tables that some clause reads."""
    every = (*amounts(contract), *_of_columns(contract))
    holidays = contract.business_days.tables if contract.business_days else ()
    return frozenset([*(amount.table for amount in every if isinstance(amount, Looked)), *holidays])
