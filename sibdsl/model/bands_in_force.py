"""Bands as in force: as written, with any boundary that an assumption moves; where they leave holes or overlap; their rows."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve, frozen

from sibdsl.model.nodes import (
    AnyMetric,
    Band,
    Bands,
    Both,
    Column,
    Compare,
    Condition,
    Contract,
    Either,
    Metric,
    Not,
    RecordColumn,
    TimeBetween,
    Value,
    WholeYears,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.types import DOMAINS, Interval, Kind


def bands_of(contract: Contract, metric: AnyMetric) -> Bands | None:
    """The bands in which a metric is counted, as written; None for one without."""
    return next((bands for bands in contract.bands if bands.name == metric.bands), None)


def band_names(contract: Contract, metric: AnyMetric) -> tuple[str, ...]:
    """The names of a metric's bands, in the order of the text."""
    bands = bands_of(contract, metric)
    return tuple(band.name for band in bands.bands) if bands else ()


def ranges_with(contract: Contract, band: str) -> tuple[Bands, ...]:
    """The sets of ranges that have a band of that name: those whose boundary an assumption may put into it."""
    return tuple(
        bands
        for bands in contract.bands
        if not (bands.worded or bands.dated) and any(other.name == band for other in bands.bands)
    )


def boundary_kind(contract: Contract, band: str) -> Kind:
    """The kind of value that stands at the ends of that band."""
    columns = {bands.by for bands in ranges_with(contract, band)}
    kinds = [column.kind for table in contract.records for column in table.columns if column.name in columns]
    return kinds[0] if kinds else "number"


def bands_in_force(contract: Contract, settings: Settings) -> dict[str, Bands]:
    """Each set of bands by name, with every boundary in the band that its assumption takes."""
    found = {bands.name: bands for bands in contract.bands}
    for choice in contract.assumptions:
        if choice.kind != "band" or choice.point is None:
            continue
        taken = settings.values.get(choice.name, choice.takes)
        if taken == choice.takes:
            continue  # the text says so itself; if it does not, the checks find the hole
        for name, bands in found.items():
            if not (bands.worded or bands.dated) and any(band.name == taken for band in bands.bands):
                found[name] = evolve(
                    bands, bands=tuple(_moved(band, choice.point, str(taken)) for band in bands.bands)
                )
    return found


def _moved(band: Band, point: Fraction, taker: str) -> Band:
    holds, mine = band.holds, band.name == taker
    low_in = mine if holds.low == point else holds.low_in
    high_in = mine if holds.high == point else holds.high_in
    return evolve(band, holds=evolve(holds, low_in=low_in, high_in=high_in))


def banded_in(contract: Contract, metric: Metric) -> str:
    """The records in whose rows the metric reads its bands' column: its own, or those by which people join its cohort."""
    if metric.banded_at == "result":
        return metric.records
    return next((cohort.records for cohort in contract.cohorts if cohort.name == metric.cohort), "")


def banded_column(contract: Contract, metric: Metric, bands: Bands) -> RecordColumn | None:
    """The column that the metric's bands are of, where the metric reads it."""
    name = banded_in(contract, metric)
    table = next((record for record in contract.records if record.name == name), None)
    return table.column(bands.by) if table else None


def domain(contract: Contract, bands: Bands) -> Interval:
    """The values that the banded column can hold."""
    whole = Interval()
    for metric in contract.metrics:
        if metric.bands != bands.name:
            continue
        column = banded_column(contract, metric, bands)
        if column:
            whole = possible(column)
    return whole


def possible(column: RecordColumn) -> Interval:
    """The values that a column can hold at all; of one worked out any, but that times between dates are from nought."""
    if column.formula is not None and not isinstance(column.formula, WholeYears | TimeBetween):
        return Interval()
    return DOMAINS.get(column.kind, Interval()).meet(column.allowed)


@frozen
class BandFault:
    """Values that no band holds, or that two do. `bands` are the neighbours; `after` is where to look in the text."""

    kind: str
    values: Interval
    bands: tuple[Band, ...]


def faults(bands: Bands, whole: Interval) -> list[BandFault]:
    """Every hole and overlap of the bands over `whole`, lowest first."""
    found: list[BandFault] = []
    rows = sorted(
        bands.bands,
        key=lambda band: (band.holds.low is not None, band.holds.low or Fraction(0), not band.holds.low_in),
    )
    edge = (whole.low, not whole.low_in)  # last value reached, whether it is covered
    endless = False  # whether a band has been seen that reaches without end
    last: Band | None = None
    for band in rows:
        holds = band.holds.meet(whole)
        if holds.empty:
            continue
        if holds.low is not None and edge[0] is not None and not endless:
            gap = Interval(edge[0], not edge[1], holds.low, not holds.low_in)
            if not gap.empty:
                found.append(BandFault("gap", gap, (last, band) if last else (band,)))
        if last is not None:
            common = last.holds.meet(holds)
            if not common.empty:
                found.append(BandFault("overlap", common, (last, band)))
        if endless:
            continue
        if holds.high is None:
            endless, last = True, band
        elif edge[0] is None or holds.high > edge[0] or (holds.high == edge[0] and holds.high_in):
            edge, last = (holds.high, holds.high_in), band
    if edge[0] is not None and not endless:
        gap = Interval(edge[0], not edge[1], whole.high, whole.high_in)
        if not gap.empty:
            found.append(BandFault("gap", gap, (last,) if last else ()))
    return found


# ------------------------------------------------------------------ groups of words


def closed(column: RecordColumn) -> tuple[str, ...]:
    """Every word that the column can hold; none where its type does not list them."""
    return ("yes", "no") if column.kind == "yes or no" else column.categories


def allowed(metric: Metric, column: RecordColumn) -> frozenset[str] | None:
    """The words of the banded column that the metric's conditions let through; None where any text may be one."""
    every = frozenset(closed(column)) or None
    if metric.banded_at == "result":
        for condition in metric.conditions:
            found = _let_through(condition, column, every)
            if found is not None:
                every = found if every is None else every & found
    return every


def _let_through(
    condition: Condition, column: RecordColumn, every: frozenset[str] | None
) -> frozenset[str] | None:
    """The words that a condition leaves possible, where it plainly says; None where it does not."""
    match condition:
        case Compare(left=Column(name=name), op="=", right=Value(value=str() as word)) if name == column.name:
            return frozenset((word,))
        case Not(test=test) if every is not None:
            out = _let_through(test, column, every) if _plain(test, column) else None
            return None if out is None else every - out
        case Both(tests=tests) | Either(tests=tests):
            parts = [_let_through(amount, column, every) for amount in tests]
            known = [part for part in parts if part is not None]
            if isinstance(condition, Both):
                return frozenset.intersection(*known) if known else None
            return frozenset.union(*known) if len(known) == len(parts) else None
    return None


def _plain(condition: Condition, column: RecordColumn) -> bool:
    """Whether a condition is met by exactly the words that it lets through."""
    if isinstance(condition, Both | Either):
        return all(_plain(test, column) for test in condition.tests)
    return isinstance(condition, Compare) and _let_through(condition, column, None) is not None


def unheld(bands: Bands, words: frozenset[str] | None) -> list[str] | None:
    """Of the words, those that no band holds; None where any text may come and no band holds the rest."""
    if any(band.rest for band in bands.bands):
        return []
    if words is None:
        return None
    return sorted(words - {word for band in bands.bands for word in band.words})


def shared_words(bands: Bands) -> list[tuple[Band, Band, tuple[str, ...]]]:
    """Each pair of bands that hold the same words, or that both hold the rest; then with no words."""
    found: list[tuple[Band, Band, tuple[str, ...]]] = []
    for at, band in enumerate(bands.bands):
        for other in bands.bands[at + 1 :]:
            common = tuple(word for word in band.words if word in other.words)
            if common or (band.rest and other.rest):
                found.append((band, other, common))
    return found


def conditions_of_banded(contract: Contract, metric: Metric) -> tuple[Condition, ...]:
    """The conditions that the row with the banded column meets: those of the metric, those of the cohort, or both.

    Of several cohorts, and of one that a variation replaced, nobody knows by which text somebody joined.
    """
    of_joining = metric.banded_at == "joining" or metric.counts.of_joining
    cohort = next((one for one in contract.cohorts if metric.among == (one.name,) and not one.earlier), None)
    joined = cohort.conditions if cohort is not None and of_joining else ()
    return (*joined, *(metric.conditions if metric.banded_at == "result" else ()))


def let_through(contract: Contract, metric: Metric, column: str) -> Interval:
    """The values of the banded column that these conditions leave possible, where they plainly say."""
    whole = Interval()
    for condition in conditions_of_banded(contract, metric):
        whole = whole.meet(_values(condition, column))
    return whole


def _values(condition: Condition, column: str) -> Interval:
    """The values of the column that a condition leaves possible, where it plainly says."""
    if isinstance(condition, Both):
        whole = Interval()
        for test in condition.tests:
            whole = whole.meet(_values(test, column))
        return whole
    if not isinstance(condition, Compare) or not isinstance(condition.right, Value):
        return Interval()
    if not isinstance(condition.left, Column) or condition.left.name != column:
        return Interval()
    number = condition.right.value
    if not isinstance(number, Fraction):
        return Interval()
    return {
        "=": Interval(number, True, number, True),
        ">=": Interval(number, True),
        ">": Interval(number, False),
        "<=": Interval(None, False, number, True),
        "<": Interval(None, False, number, False),
    }[condition.op]


def whole_numbers(held: Interval) -> Interval | None:
    """The whole numbers of a range as a range with both ends in it; None when it holds none."""
    low, high = held.low, held.high
    if low is not None:
        first = Fraction(-(-low.numerator // low.denominator))
        low = first if held.low_in or first != low else first + 1
    if high is not None:
        last = Fraction(high.numerator // high.denominator)
        high = last if held.high_in or last != high else last - 1
    if low is not None and high is not None and low > high:
        return None
    return Interval(low, low is not None, high, high is not None)
