"""Why a line is what it is: its clause, its rate, the records that earned it, and what else touches it."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve, field, frozen

from sibdsl import money
from sibdsl.dates import Period, long
from sibdsl.diagnostics import Diagnostic, Refused, nearest
from sibdsl.measure.volumes import Earned
from sibdsl.model.earlier_texts import on_days
from sibdsl.model.nodes import (
    BlockAdvance,
    Cap,
    CapRow,
    Contract,
    Deduction,
    Metric,
    Payment,
    SharedCap,
    Variation,
)
from sibdsl.model.periods import occasions, worked_over
from sibdsl.model.workings import counted_behind
from sibdsl.price import Line, PricedLine
from sibdsl.price.builder import inside
from sibdsl.price.excess import alike
from sibdsl.price.provenance import Carried, Deducted, Released, TakenOver
from sibdsl.settle.explain import assumptions_read
from sibdsl.settle.explain.assumptions_read import Rest
from sibdsl.settle.explain.limit_facts import (
    BelowState,
    BlockState,
    CapState,
    PersonalState,
    advance_of,
    below_state,
    block_state,
    cap_row,
    cap_state,
    is_personal,
    personal_state,
    sharing,
    touched,
    touching,
)
from sibdsl.settle.explained_run import Behind, ContractRun
from sibdsl.settle.payments import Payments, keys_of
from sibdsl.settle.unexplained import Unexplained
from sibdsl.settle.versions import Together, Version
from sibdsl.source import Span


@frozen
class Counted:
    """What a payment line counts: the metric, over which days, each quantity by band ('' without), and the records behind."""

    metric: Metric
    days: Period
    numbers: tuple[tuple[str, Fraction], ...]
    records: tuple[Earned, ...] = field(repr=False)


@frozen
class LineFacts:
    """One line with all that it rests on. What does not belong to its kind is empty or None.

    `clause` is the block that pays or takes away, `row` where in it. `touches` are the lines of the run that take from a
    payment line, `left` is what they leave of it; `fees` are the payment lines that a set off or a cut touches. `caps` has
    every cap that could cut a payment line, `cut` the one whose cut this line is; `personal` are limits for each person, those
    on a payment line or the one whose cut this line is.
    """

    run: Payments
    priced: PricedLine
    clause: Payment | BlockAdvance | Cap | SharedCap | Deduction | Variation
    row: Span
    rests: tuple[Rest, ...]
    counted: Counted | None
    touches: tuple[PricedLine, ...]
    left: Fraction
    fees: tuple[PricedLine, ...]
    caps: tuple[CapState, ...]
    cut: CapState | None
    block: BlockState | None
    version: Version = field(repr=False)
    #: Of a sum to date: what its metrics count in the period.
    behind: tuple[Counted, ...] = ()
    personal: tuple[PersonalState, ...] = ()
    #: Of what is taken back or owed back: what the payment came to.
    below: BelowState | None = None

    @property
    def contract(self) -> Contract:
        """The contract as it stood when the line was stated."""
        return self.version.contract

    def shown(self, amount: Fraction) -> str:
        """An amount to the penny, in the contract's currency."""
        return money.show(amount, self.contract.currency)


def find(run: Payments, name: str) -> PricedLine:
    """The line of that id, capitals aside. Raises Refused with the ids that there are."""
    wanted = name.strip().upper()
    for line in run.lines:
        if line.id.upper() == wanted:
            return line
    ids = [priced.id for priced in run.lines]
    near = nearest(wanted, ids)
    if not ids:
        way_out = "This run has no lines: nothing is paid by then."
    else:
        there = f"Its lines are {ids[0]} to {ids[-1]}" if len(ids) > 1 else f"Its only line is {ids[0]}"
        way_out = (
            f"{there}{f'; the nearest is {near}' if near else ''}. `sib pay` with `--lines` shows them all."
        )
    raise Refused(
        Diagnostic(
            "SIB0701", f"`--line {name}` names no line of this run, as of {long(run.as_of)}.", help=way_out
        )
    )


def explain_line(paid: ContractRun[Behind], name: str) -> LineFacts:
    """All that a line rests on. The volumes must still be open.

    Raises:
        Refused: there is no such line.
        Unexplained: the records or the steps do not come to the line's own figures.
    """
    priced = find(paid.payments, name)
    version = paid.payments.version_of(priced)
    if paid.again is None or not paid.counts_otherwise(version):
        return _explained(paid, priced, version)
    with paid.again(version) as volumes:
        return _explained(evolve(paid, volumes=volumes, under=version), priced, version)


def _explained(paid: ContractRun[Behind], priced_line: PricedLine, version: Version) -> LineFacts:
    """All that a line rests on, of volumes that were measured under its version."""
    run, line = paid.payments, priced_line.line
    contract, priced = version.contract, version.priced
    if line.kind in ("adjustment", "interest"):
        by = _adjusting(version, line)
        return LineFacts(
            run, priced_line, by, line.span, (), None, (), priced_line.amount, (), (), None, None, version
        )
    if priced.rebuild(priced_line, version.unknowns) != priced_line.amount:
        raise Unexplained(f"the steps behind {priced_line.id} do not come to its amount")
    if line.kind == "payment":
        return _payment(paid, priced_line, version)
    if line.kind == "released":
        return _released(run, priced_line, version)
    if line.kind in ("taken_back", "repaid"):
        return _below(paid, priced_line, version)
    if isinstance(line.provenance, Deducted):
        return _deducted(run, priced_line, version, line.provenance.deduction)
    if line.kind in ("carried", "taken_over"):
        return _carried(run, priced_line, version)
    fees = tuple(
        other
        for other in run.lines
        if line.kind not in ("advance", "recovered") and other.line in touched(priced.graph, line)
    )
    if line.kind == "cap_cut" and is_personal(line):
        mine = personal_state(priced, line, paid.volumes)
        read = assumptions_read.of_cap(contract, run.settings, mine.row)
        return LineFacts(
            run, priced_line, mine.cap, line.span, read, None, (), priced_line.amount, fees, (), None, None, version, personal=(mine,)
        )  # fmt: skip
    if line.kind == "cap_cut":
        state = cap_state(version, run.settings, line)
        read = assumptions_read.of_cap(
            contract if state.together is None else state.together.programme, state.settings, state.row
        )
        return LineFacts(
            run,
            priced_line,
            state.cap,
            line.span,
            read,
            None,
            (),
            priced_line.amount,
            fees,
            (),
            state,
            None,
            version,
        )
    block, advance = advance_of(line)
    read = assumptions_read.of_block(contract, run.settings, block, advance)
    met = block_state(priced, line) if line.kind == "set_off" else None
    return LineFacts(
        run, priced_line, block, line.span, read, None, (), priced_line.amount, fees, (), None, met, version
    )


def _adjusting(version: Version, line: Line) -> Payment | BlockAdvance | Cap | Variation:
    """The clause that an adjustment cites: the variation that reaches back, or what later records make another sum of."""
    contract = version.contract
    clauses: tuple[Payment | BlockAdvance | Cap | Variation, ...] = (
        *version.variations,
        *contract.payments,
        *contract.advances,
        *contract.caps,
    )
    return next(clause for clause in clauses if clause.name in (line.rule, line.payment))


def _carried(run: Payments, priced: PricedLine, version: Version) -> LineFacts:
    """What a cap carried to here, or another owes in place of the payer, with the cuts that it is made of."""
    line, contract = priced.line, version.contract
    cap, row = cap_row(line)
    together = sharing(version, line)
    if together is not None and isinstance(line.provenance, TakenOver | Carried):
        return _owed_under_shared(run, priced, version, together, line.provenance)
    over = occasions(contract, row.scope)
    at = next(number for number, days in enumerate(over) if line.segment.days.start in days)
    cuts = tuple(
        other_line
        for other_line in run.lines
        if other_line.line.kind == "cap_cut"
        and other_line.line.rule == line.rule
        and sharing(version, other_line.line) is None
        and (
            _cut_before(other_line.line, line)
            if line.kind == "carried" and isinstance(row, CapRow) and row.topped_up
            else _cut_for(other_line.line, line, over[at - 1] if at else None)
        )
    )
    touches = touches_of(run, priced)
    left = priced.amount + sum((touch.amount for touch in touches), Fraction(0))
    owing = cap.excess.shares if line.kind == "taken_over" else ()
    read = assumptions_read.of_cap(contract, run.settings, row, owing)
    return LineFacts(run, priced, cap, line.span, read, None, touches, left, cuts, (), None, None, version)


def _owed_under_shared(
    run: Payments, priced: PricedLine, version: Version, together: Together, owed: TakenOver | Carried
) -> LineFacts:
    """What another owes, or is due again, of what a limit cut that contracts share: the cuts of this contract that it is of."""
    cap, row = cap_row(priced.line)
    of = owed.cuts if isinstance(owed, Carried) else (owed.cut,)
    cuts = tuple(
        cut_line for cut_line in run.lines if any(cut_line.line.provenance is cap_cut for cap_cut in of)
    )
    touches = touches_of(run, priced)
    left = priced.amount + sum((touch.amount for touch in touches), Fraction(0))
    read = assumptions_read.of_cap(together.programme, together.settings, row, cap.excess.shares)
    return LineFacts(
        run, priced, cap, priced.line.span, read, None, touches, left, cuts, (), None, None, version
    )


def _cut_before(cut: Line, line: Line) -> bool:
    """Whether a cut of a pot is part of what waited for an addition to it."""
    return isinstance(line.provenance, Carried) and any(
        cut.provenance is cap_cut for cap_cut in line.provenance.cuts
    )


def _cut_for(cut: Line, line: Line, before: Period | None) -> bool:
    """Whether a cut is part of what is carried from the time before, or owed by another."""
    if line.kind == "carried":
        return before is not None and cut.segment.days.start in before and alike(cut) == alike(line)
    return cut.segment == line.segment and alike(cut)[1:6] == alike(line)[1:6]


def _payment(paid: ContractRun[Behind], priced: PricedLine, version: Version) -> LineFacts:
    run, line = paid.payments, priced.line
    contract, graph = version.contract, version.priced.graph
    payment = next(
        contract_payment
        for contract_payment in contract.payments
        if contract_payment.name == line.payment
        and contract_payment.applies.on_line(line.segment.days, line.due)
    )
    metric = next(
        (contract_metric for contract_metric in contract.metrics if contract_metric.name == line.metric), None
    )
    touches = touches_of(run, priced)
    cuts = touching(graph, line, "cap_cut")
    caps = tuple(cap_state(version, run.settings, cut) for cut in cuts if not is_personal(cut))
    personal = tuple(personal_state(version.priced, cut, paid.volumes) for cut in cuts if is_personal(cut))
    counted = _counted(paid, priced, metric, version) if metric and priced.quantity is not None else None
    names = counted_behind(contract, line.metrics)
    behind = tuple(
        _behind(paid, priced, metric, version)
        for metric in contract.metrics
        if priced.quantity is None and metric.name in names
    )
    return LineFacts(
        run,
        priced,
        payment,
        line.span,
        assumptions_read.of_payment(contract, run.settings, payment, line, metric),
        counted,
        touches,
        priced.amount + sum((touch.amount for touch in touches), Fraction(0)),
        (),
        caps,
        None,
        None,
        version,
        behind,
        personal,
    )


def _released(run: Payments, priced: PricedLine, version: Version) -> LineFacts:
    """What was held back of a payment, and is paid at last."""
    by = priced.line.provenance
    if not isinstance(by, Released):
        raise Unexplained(f"{priced.id} says of nothing that it was held back")
    touches = touches_of(run, priced)
    left = priced.amount + sum((touch.amount for touch in touches), Fraction(0))
    return LineFacts(
        run, priced, by.payment, priced.line.span, (), None, touches, left, (), (), None, None, version
    )


def _deducted(run: Payments, priced: PricedLine, version: Version, deduction: Deduction) -> LineFacts:
    """What a deduction takes of a line."""
    read = assumptions_read.of_deduction(version.contract, run.settings, deduction)
    fees = tuple(other for other in run.lines if other.line in touched(version.priced.graph, priced.line))
    return LineFacts(
        run, priced, deduction, priced.line.span, read, None, (), priced.amount, fees, (), None, None, version
    )


def _below(paid: ContractRun[Behind], priced: PricedLine, version: Version) -> LineFacts:
    """What is taken off a payment's lines, or owed back of it, because it came to less than nought."""
    run, line, contract = paid.payments, priced.line, version.contract
    payment = next(
        contract_payment
        for contract_payment in contract.payments
        if contract_payment.name == line.payment and contract_payment.applies.on(line.segment.days)
    )
    names = counted_behind(contract, line.metrics)
    behind = tuple(
        _behind(paid, evolve(priced, quantity=None), metric, version)
        for metric in contract.metrics
        if metric.name in names
    )
    return LineFacts(
        run, priced, payment, line.span, (), None, (), priced.amount, (), (), None, None, version, behind,
        below=below_state(version.priced, line),
    )  # fmt: skip


def touches_of(run: Payments, priced: PricedLine) -> tuple[PricedLine, ...]:
    """The lines of the run that take from a payment line: what is taken back, set off, then cuts, as they were made."""
    graph = run.version_of(priced).priced.graph
    lines = [
        line
        for kind in ("taken_back", "deducted", "set_off", "cap_cut")
        for line in touching(graph, priced.line, kind)
    ]
    return tuple(line for line in run.lines if line.line in lines)


def _counted(paid: ContractRun[Behind], priced: PricedLine, metric: Metric, version: Version) -> Counted:
    """The records behind a payment line, counted again. Of tiers, those of the whole tariff in the period."""
    line = priced.line
    found = _behind(paid, priced, metric, version)
    total = sum((number for _, number in found.numbers), Fraction(0))
    mine = (
        [priced]
        if not line.tier
        else [other_line for other_line in version.priced.lines if _tier_of(other_line.line, line)]
    )
    if sum((tier_line.quantity or Fraction(0) for tier_line in mine), Fraction(0)) != total:
        raise Unexplained(f"{priced.id} was paid for {priced.quantity}, and the records show {total}")
    return found


def _behind(paid: ContractRun[Behind], priced: PricedLine, metric: Metric, version: Version) -> Counted:
    """The records of a metric behind a line, held against the quantity that was priced.

    Those of its segment; for a sum to date, which is worked out at the end of a statement period, those of the period.
    """
    line = priced.line
    first = line.segment.days.start if priced.quantity is not None else line.segment.statement.start
    days = _worked_over(version.contract, line) or Period(first, line.segment.days.end)
    keys = [key for key in keys_of(version.contract, metric, line.segment) if line.band in ("", key.band)]
    # The records were counted under the contract as it stands now, whose segments a variation may have cut.
    segments = [
        priced_segment for priced_segment in paid.counted_segments if inside(priced_segment.days, days)
    ]
    numbers: list[tuple[str, Fraction]] = []
    records: list[Earned] = []
    for key in keys:
        found = [result for part in segments for result in paid.volumes.earned(part, metric.name, key.band)]
        again = sum((result.claim.quantity for result in found), Fraction(0))
        if metric.counts.averaged and found:
            again /= len(found)
        number = sum(
            (
                counted
                for other_key, counted in version.counted.items()
                if (other_key.metric, other_key.band) == (key.metric, key.band)
                and inside(other_key.segment.days, days)
            ),
            Fraction(0),
        )
        if again != number:
            raise Unexplained(
                f"{priced.id} was paid for {number} of {metric.name}{f', {key.band}' if key.band else ''}, "
                f"and the records show {again}"
            )
        numbers.append((key.band, number))
        records.extend(found)
    return Counted(on_days(metric, days), days, tuple(numbers), tuple(records))


def _worked_over(contract: Contract, line: Line) -> Period | None:
    """The stretch over which the quantities of a sum count, where the line is such a sum."""
    for payment in contract.payments:
        if (
            payment.name == line.payment
            and payment.formula is not None
            and payment.applies.on(line.segment.days)
        ):
            over = worked_over(contract, payment, payment.formula)
            days = next((days for days in over if days.last in line.segment.days), None)
            read = [metric.measured for metric in contract.every_metric if metric.name in line.metrics]
            if days is not None and any(measured is not None and measured.to_date for measured in read):
                return Period(contract.payment_period.start, days.end)
            return days
    return None


def _tier_of(line: Line, other: Line) -> bool:
    """Whether two lines are tiers of one tariff in one segment."""
    return (line.kind, line.segment, line.payment, line.metric, line.band, line.payer) == (
        other.kind, other.segment, other.payment, other.metric, other.band, other.payer,
    )  # fmt: skip
