"""Bands: values that no band holds or that two hold, bands that hold nothing, and bands that a tariff leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve, frozen

from sibdsl.check import dated_bands, worded_bands
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed
from sibdsl.model.admissible_quantities.below_nought import Signs
from sibdsl.model.bands_in_force import (
    BandFault,
    banded_in,
    bands_in_force,
    faults,
    let_through,
    whole_numbers,
)
from sibdsl.model.columns_worked_out import fineness
from sibdsl.model.nodes import (
    Assumption,
    Band,
    Bands,
    Contract,
    Metric,
    Records,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.types import Interval
from sibdsl.wording import clause_title, one_with, values, written


@frozen
class Banded:
    """Metrics that read one set of bands over one column with one range of possible values."""

    contract: Contract
    bands: Bands
    table: Records
    kind: str
    whole: Interval
    metrics: tuple[Metric, ...]

    @property
    def clause(self) -> str:
        return clause_title("bands", self.bands.name, self.bands.clause)

    def said(self, held: Interval) -> str:
        """Values of a range in a sentence, leaving out ends beyond which no value is possible."""
        low = Interval(None, False, held.high, held.high_in) if _same_low(held, self.whole) else held
        cut = Interval(low.low, low.low_in) if _same_high(held, self.whole) else low
        return values(cut if cut != Interval() else held, self.kind, self.contract.currency)

    def row(self, held: Interval) -> str:
        """The range as a band's row writes it."""
        return f"`{written(held, self.kind, self.contract.currency)}`"

    def one(self, held: Interval) -> str:
        """A row of the records with such a value, as the subject of a sentence."""
        number = _instance(held, whole=self.kind == "count")
        return one_with(self.table, self.bands.by, self.kind, number, self.contract.currency)


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of bands."""
    told: set[tuple[str, str, Interval]] = set()
    columns: set[tuple[str, str, str]] = set()
    for bands in bands_in_force(contract, settings).values():
        if bands.worded:
            yield from worded_bands.findings(contract, bands)
            continue
        if bands.dated:
            yield from dated_bands.findings(contract, bands)
            continue
        for banded in _banded(contract, bands):
            for fault in _faults(banded):
                if (bands.name, fault.kind, fault.values) not in told:
                    told.add((bands.name, fault.kind, fault.values))
                    yield _gap(banded, fault) if fault.kind == "gap" else _overlap(banded, fault)
            yield from _empty(banded, told)
            below = _below_nought(banded)
            if below is not None and (banded.table.name, "below nought", banded.bands.by) not in columns:
                columns.add((banded.table.name, "below nought", banded.bands.by))
                yield below
    yield from _unpaid(contract)


def _banded(contract: Contract, bands: Bands) -> list[Banded]:
    found: list[Banded] = []
    signs = Signs(contract)
    for metric in contract.metrics:
        if metric.bands != bands.name:
            continue
        table = contract.table(banded_in(contract, metric))
        column = table.column(bands.by) if table else None
        if table is None or column is None:
            continue
        whole = signs.of_column(column)
        whole = whole.meet(let_through(contract, metric, column.name))
        same = next(
            (at for at, banded in enumerate(found) if (banded.table, banded.whole) == (table, whole)), None
        )
        if same is None:
            # A count that is worked out, as by a division, need not be a whole number.
            broken = (
                column.formula is not None
                and column.kind == "count"
                and not fineness(table, column.formula).whole
            )
            kind = "number" if broken else column.kind
            found.append(Banded(contract, bands, table, kind, whole, (metric,)))
        else:
            found[same] = evolve(found[same], metrics=(*found[same].metrics, metric))
    return found


def _same_low(interval: Interval, whole: Interval) -> bool:
    return whole.low is not None and (interval.low, interval.low_in) == (whole.low, whole.low_in)


def _same_high(interval: Interval, whole: Interval) -> bool:
    return whole.high is not None and (interval.high, interval.high_in) == (whole.high, whole.high_in)


# ------------------------------------------------------------------ holes and overlaps


def _faults(banded: Banded) -> list[BandFault]:
    found = faults(banded.bands, banded.whole)
    lowest = _lowest(banded)
    if banded.whole.low is None and lowest is not None and lowest.holds.low is not None:
        below = Interval(None, False, lowest.holds.low, not lowest.holds.low_in)
        found.insert(0, BandFault("gap", below, (lowest,)))
    if banded.kind != "count":
        return found
    kept: list[BandFault] = []
    for fault in found:
        held = whole_numbers(fault.values)
        if held is not None:
            kept.append(evolve(fault, values=held))
    return kept


def _lowest(banded: Banded) -> Band | None:
    held = [band for band in banded.bands.bands if not band.holds.meet(banded.whole).empty]
    return min(
        held, key=lambda band: (band.holds.low is not None, band.holds.low or Fraction(0)), default=None
    )


def _gap(banded: Banded, fault: BandFault) -> Diagnostic:
    hole, said = fault.values, banded.said(fault.values)
    lower, upper = _sides(fault)
    marked = upper or lower
    who = "neither band holds" if lower and upper else "no band holds"
    choice = next(
        (
            assumption
            for assumption in banded.contract.assumptions
            if _speaks_of(assumption, hole, lower, upper)
        ),
        None,
    )
    labels = [Label(lower.span, f"{lower.name} ends here")] if lower and upper else []
    if choice:
        labels.append(Label(choice.span, f"the assumption {choice.name} says {choice.takes}"))
    return Diagnostic(
        "SIB0501",
        f"No band of {banded.bands.name} holds {said}. {banded.one(hole)} {_lost(banded)}.",
        marked.span if marked else banded.bands.span,
        banded.clause,
        f"{who} {said}",
        _as_assumed(banded, choice, lower, upper) if choice else _closing(banded, hole, lower, upper),
        tuple(labels),
    )


def _speaks_of(choice: Assumption, hole: Interval, lower: Band | None, upper: Band | None) -> bool:
    names = [band.name for band in (lower, upper) if band]
    return choice.point is not None and choice.point in hole and choice.takes in names


def _as_assumed(banded: Banded, choice: Assumption, lower: Band | None, upper: Band | None) -> str:
    """The way out where an assumption has said already in which band the value falls."""
    point = choice.point
    if upper and choice.takes == upper.name:
        held = Interval(point, True, upper.holds.high, upper.holds.high_in)
    else:
        low = lower.holds if lower else Interval()
        held = Interval(low.low, low.low_in, point, True)
    return f"Let the bands say what the assumption {choice.name} says: {banded.row(held)} in {choice.takes}."


def _sides(fault: BandFault) -> tuple[Band | None, Band | None]:
    """The bands below and above a hole."""
    if len(fault.bands) == 2:
        return fault.bands[0], fault.bands[1]
    if not fault.bands:
        return None, None
    band = fault.bands[0]
    below = None not in (band.holds.high, fault.values.low) and band.holds.high <= fault.values.low  # type: ignore[operator]
    return (band, None) if below else (None, band)


def _lost(banded: Banded) -> str:
    """What becomes of a row that no band holds."""
    reach = "reach" if all(metric.kind == "outcome" for metric in banded.metrics) else "count for"
    paid = _payments_of(banded.contract, banded.metrics)
    names = listed([metric.name for metric in banded.metrics])
    if not paid:
        return f"would {reach} {names} and be counted in no band"
    return f"would {reach} {names} and be paid nothing under {listed(paid)}"


def _payments_of(contract: Contract, metrics: tuple[Metric, ...]) -> list[str]:
    wanted = {metric.name for metric in metrics}
    return [
        payment.name for payment in contract.payments if any(rate.metric in wanted for rate in payment.rates)
    ]


def _closing(banded: Banded, hole: Interval, lower: Band | None, upper: Band | None) -> str:
    down = Interval(hole.low, hole.low_in, upper.holds.high, upper.holds.high_in) if upper else Interval()
    rise = Interval(lower.holds.low, lower.holds.low_in, hole.high, hole.high_in) if lower else Interval()
    if lower and upper:
        between = "" if hole.low == hole.high else f" Or add a row that holds {banded.row(hole)}."
        return f"Say which side it falls on: {banded.row(down)} in {upper.name}, or {banded.row(rise)} in {lower.name}.{between}"
    shut = _shut(banded, hole)
    if upper:
        ends = _same_low(hole, banded.whole) or hole.low is None
        held = Interval(None, False, down.high, down.high_in) if ends else down
        return f"Let {upper.name} hold {_every(banded, held)}, or add a row for the rest.{shut}"
    if lower:
        ends = _same_high(hole, banded.whole) or hole.high is None
        held = Interval(rise.low, rise.low_in) if ends else rise
        return f"Let {lower.name} hold {_every(banded, held)}, or add a row for the rest.{shut}"
    return "Add rows that hold every value once."


def _every(banded: Banded, held: Interval) -> str:
    return "every value" if held.low is None and held.high is None else banded.row(held)


def _shut(banded: Banded, hole: Interval) -> str:
    """The way out where the values of a hole cannot occur at all."""
    end = Interval(hole.high, not hole.high_in) if hole.low is None or _same_low(hole, banded.whole) else None
    end = end or Interval(None, False, hole.low, not hole.low_in)
    if end.low is None and end.high is None:
        return ""
    return f" If no such value can occur, say so under `must be` in the records of {banded.table.name}: {banded.row(end)}."


def _overlap(banded: Banded, fault: BandFault) -> Diagnostic:
    common, (first, second) = fault.values, fault.bands
    said = banded.said(common)
    ways = [
        f"{banded.row(held)} in {band.name}"
        for band, held in (
            (second, evolve(second.holds, low=common.high, low_in=not common.high_in)),
            (first, evolve(first.holds, high=common.low, high_in=not common.low_in)),
        )
        if not held.meet(banded.whole).empty and (held.low is not None or held.high is not None)
    ]
    return Diagnostic(
        "SIB0502",
        f"{first.name} and {second.name} both hold {said}. {banded.one(common)} would fall in both, and the contract does not "
        "say which of the two is paid.",
        second.span,
        banded.clause,
        f"{first.name} holds {said} too",
        f"Let one band hold it: {', or '.join(ways)}."
        if ways
        else f"Take out {second.name}, or change what it holds.",
        (Label(first.span, f"so does {first.name}"),),
    )


def _empty(banded: Banded, told: set[tuple[str, str, Interval]]) -> Iterator[Diagnostic]:
    for band in () if banded.whole.empty else banded.bands.bands:  # no row at all is told elsewhere
        if band.holds.meet(banded.whole).empty and (band.name, "empty", banded.whole) not in told:
            told.add((band.name, "empty", banded.whole))
            yield Diagnostic(
                "SIB0503",
                f"No value of {banded.bands.by} falls in {band.name}: it is always "
                f"{values(banded.whole, banded.kind, banded.contract.currency)}.",
                band.span,
                banded.clause,
                "holds no possible value",
                "Change what the band holds, or take the row out.",
                severity="warning",
            )


# ------------------------------------------------------------------ bands that a tariff leaves out


def _unpaid(contract: Contract) -> Iterator[Diagnostic]:
    """A payment that pays some bands of a metric and leaves others out, where no other payment to the payee has them."""
    sets = {bands.name: bands for bands in contract.bands}
    for payment in contract.payments:
        for metric in contract.metrics:
            rates = [rate for rate in payment.rates if rate.metric == metric.name]
            if metric.bands not in sets or not rates or any(not rate.band for rate in rates):
                continue
            payees = {rate.payee for rate in rates}
            paid = {
                rate.band
                for other in contract.payments
                for rate in other.rates
                if rate.metric == metric.name and rate.payee in payees
            }
            names = [band.name for band in sets[metric.bands].bands]
            missing = [name for name in names if name not in paid] if "" not in paid else []
            if missing:
                yield Diagnostic(
                    "SIB0504",
                    f"{payment.name} pays for {metric.name} in {listed([rate.band for rate in rates])} and says nothing of "
                    f"{listed(missing)}: {metric.name} there is paid nothing.",
                    rates[-1].span,
                    clause_title("payment", payment.name, payment.clause),
                    f"no row for {listed(missing)}",
                    f"Add a row for {metric.name} in {listed(missing, 'and one for')}; write `nothing` under `pays` if that is "
                    "what is meant.",
                    severity="warning",
                )


# ------------------------------------------------------------------ values of a range


def _instance(held: Interval, *, whole: bool = False) -> Fraction:
    """A plain value of the range: a whole number where it holds one."""
    low, high = held.low, held.high
    if low is None and high is None:
        return Fraction(0)
    if low is None:
        return _whole_below(held) if high is not None else Fraction(0)
    first = Fraction(-(-low.numerator // low.denominator))
    if first == low and not held.low_in:
        first += 1
    if whole or first in held:
        return first
    if held.low_in:
        return low
    if high is not None and held.high_in:
        return high
    return (low + (high if high is not None else low + 1)) / 2


def _whole_below(held: Interval) -> Fraction:
    high = held.high or Fraction(0)
    last = Fraction(high.numerator // high.denominator)
    return last if last in held else last - 1


_BELOW = Interval(None, False, Fraction(0), False)


def _below_nought(banded: Banded) -> Diagnostic | None:
    """A note where an amount or a number below nought would lie in a band, and be paid as that band is (SIB0553)."""
    column = banded.table.column(banded.bands.by)
    if column is None or column.formula is not None or column.kind not in ("money", "number"):
        return None
    first = next(
        (band for band in banded.bands.bands if not band.holds.meet(banded.whole).meet(_BELOW).empty), None
    )
    if first is None:
        return None
    nought = written(Interval(Fraction(0), True), column.kind, banded.contract.currency)
    return Diagnostic(
        "SIB0553",
        f"{column.name} may be below nought: nothing says what it must be. {first.name} would hold such a row, and it would be paid "
        f"as any other in {first.name}.",
        column.span,
        f"records {banded.table.name}",
        "may be below nought",
        f"Leave it if that is meant. Otherwise write `{nought}` for {column.name} under `must be`: a row with less is then an "
        "invalid record, which the run reports.",
        (Label(first.span, f"{first.name} holds it"),),
        severity="note",
    )
