"""What a line rests on besides its clause: the assumptions and particulars whose values it reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from sibdsl.model.bands_in_force import band_names, ranges_with
from sibdsl.model.conditions_on_rows import parts_of
from sibdsl.model.nodes import (
    Advance,
    AllUnits,
    Amount,
    Assumption,
    BlockAdvance,
    CapRow,
    Contract,
    Deduction,
    Given,
    GivenFor,
    Metric,
    Particular,
    Payment,
    Programme,
    Share,
    SharedRow,
    Term,
    Tiered,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import amounts_of
from sibdsl.price import Line
from sibdsl.source import Span
from sibdsl.wording import clause_title, given_said, taken_said


@frozen
class Rest:
    """One assumption or particular with its value in this run, in words; `changed` when that came from outside."""

    kind: str
    name: str
    clause: str
    takes: str
    changed: bool
    reason: str
    source: str
    span: Span


def of_payment(
    contract: Contract, settings: Settings, payment: Payment, line: Line, metric: Metric | None
) -> tuple[Rest, ...]:
    """What a payment line reads: in its rate, in the conditions of its metric and cohort, at the ends of its bands."""
    names = set(
        _given(
            amount
            for term in payment.terms
            if line.span in _places(term)
            for amount in amounts_of(contract, term)
        )
    )
    names.update(_by_name(contract, clause_title("payment", payment.name, payment.clause)))
    bands: set[str] = set()
    spoken = [metric for metric in contract.metrics if metric.name in line.metrics]
    for read_metric in spoken:
        conditions = list(read_metric.conditions)
        names.update(_by_name(contract, clause_title("metric", read_metric.name, read_metric.clause)))
        for cohort in contract.cohorts:
            if cohort.name in read_metric.among:
                names.update(_by_name(contract, clause_title("cohort", cohort.name, cohort.clause)))
            conditions += cohort.conditions if cohort.name in read_metric.among else ()
        for condition in conditions:
            names.update(_given(parts_of(condition)))
        names.update(_given([read_metric.weight] if read_metric.weight is not None else []))
    if metric is not None:
        bands = {band for band in band_names(contract, metric) if line.band in ("", band)}
    return _named(contract, settings, names, bands)


def _places(term: Term) -> tuple[Span, ...]:
    """Where the lines that a term makes are cited."""
    return tuple(tier.span for tier in term.tiers) if isinstance(term, Tiered | AllUnits) else (term.span,)


def of_deduction(contract: Contract, settings: Settings, deduction: Deduction) -> tuple[Rest, ...]:
    """What a deduction reads."""
    names = set(_given([deduction.amount]))
    for condition in deduction.conditions:
        names.update(_given(parts_of(condition.condition)))
    return _named(contract, settings, names, set())


def of_block(
    contract: Contract, settings: Settings, block: BlockAdvance, advance: Advance
) -> tuple[Rest, ...]:
    """What a block advance reads: its date, its amount, and how it is set off."""
    parts = [share.part for share in advance.shares.shares if share.part] if advance.shares else []
    return _named(
        contract, settings, set(_given((advance.paid_on, advance.amount, block.basis, *parts))), set()
    )


def of_cap(
    contract: Contract | Programme, settings: Settings, row: CapRow | SharedRow, shares: Iterable[Share] = ()
) -> tuple[Rest, ...]:
    """What a cap reads: its limit, the dates by which it chooses payments, and the shares of those who owe its excess."""
    chosen = row.selections if isinstance(row, CapRow) else (row.covers, *row.leaves_out)
    days = [day for selection in chosen for day in (selection.earned_to, selection.earned_from)]
    read = [row.amount, *(day for day in days if day is not None)]
    read += [amount for top_up in row.topped_up for amount in (top_up.amount, top_up.day)]
    if isinstance(row, CapRow):
        read += _drawn(contract, row.return_on)
    read += [share.part for share in shares if share.part is not None]
    return _named(contract, settings, set(_given(read)), set())


def _drawn(contract: Contract | Programme, name: str) -> list[Amount]:
    """What is put in under the investment on which a cap allows a return, and when."""
    drawdowns = [
        drawdown
        for investment in contract.investments
        if investment.name == name
        for drawdown in investment.drawdowns
    ]
    return [
        amount
        for drawdown in drawdowns
        for amount in (drawdown.amount, drawdown.paid_on)
        if amount is not None
    ]


def _given(amounts: Iterable[Amount]) -> Iterator[str]:
    for amount in amounts:
        for leaf in parts_of(amount):
            if isinstance(leaf, Given | GivenFor):
                yield leaf.name


def _by_name(contract: Contract, clause: str) -> Iterator[str]:
    """What the clause was read with by name: the turn of a payer, a first day, for how long something lasts."""
    return (named_date.name for named_date in contract.by_name if named_date.clause == clause)


def _named(
    contract: Contract | Programme, settings: Settings, names: set[str], bands: set[str]
) -> tuple[Rest, ...]:
    found = [
        _assumption(contract, settings, assumption)
        for assumption in contract.assumptions
        if assumption.name in names
        or (assumption.point is not None and _settles(contract, assumption, bands))
    ]
    found += [
        _particular(contract, settings, particular)
        for particular in contract.particulars
        if particular.name in names
    ]
    return tuple(found)


def _settles(contract: Contract | Programme, assumption: Assumption, bands: set[str]) -> bool:
    """Whether the assumption's boundary is an end of one of these bands."""
    return isinstance(contract, Contract) and any(
        band.name in bands and assumption.point in (band.holds.low, band.holds.high)
        for other_bands in ranges_with(contract, str(assumption.takes))
        for band in other_bands.bands
    )


def _assumption(contract: Contract | Programme, settings: Settings, assumption: Assumption) -> Rest:
    taken = settings.taken(assumption)
    said = taken_said(contract, settings, assumption)
    return Rest(
        "assumption",
        assumption.name,
        assumption.clause,
        said,
        taken != assumption.takes,
        assumption.reason,
        assumption.source,
        assumption.span,
    )


def _particular(contract: Contract | Programme, settings: Settings, particular: Particular) -> Rest:
    taken = settings.values.get(particular.name, particular.default)
    said = "not given" if taken is None else given_said(taken, particular.kind, contract.currency)
    return Rest(
        "particular",
        particular.name,
        "",
        said,
        taken != particular.default,
        particular.note,
        "",
        particular.span,
    )
