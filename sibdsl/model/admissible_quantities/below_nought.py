"""Which amounts and quantities may be below nought. The one place that knows; all else asks here.

Checks, proofs, prices, examples, formulas and what is given from outside obey it alike. Source of the rules: language
reference, 'Amounts below nought'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import assert_never

from attrs import evolve, frozen

from sibdsl.model.admissible_quantities.bounds import ANY, NOUGHT, Bounds, any_of, extreme, worked_out
from sibdsl.model.bands_in_force import possible
from sibdsl.model.earlier_texts import texts_of
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    AnyMetric,
    Arithmetic,
    Assumption,
    Both,
    Column,
    Compare,
    Comparison,
    Condition,
    Contract,
    Derived,
    Either,
    Extreme,
    FirstGiven,
    Formula,
    Given,
    GivenFor,
    Interpolated,
    JoinedColumn,
    Looked,
    Metric,
    MetricColumn,
    MetricTotal,
    Not,
    Particular,
    Payment,
    PersonColumn,
    Range,
    Rate,
    RecordColumn,
    Regular,
    RoundedAmount,
    Stepped,
    Term,
    Tiered,
    ToDate,
    Value,
    Variation,
    Working,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.types import NUMERIC, Interval
from sibdsl.model.workings import parts
from sibdsl.source import Span

#: What more may be known of: a metric with a band of it, or '' for all; or records with a column of theirs.
Place = tuple[str, str, str]
_FROM_NOUGHT: Bounds = (NOUGHT, None)
_COUNTED, _COLUMN = "metric", "column"
#: A comparison with its sides changed over, and the one that is met where it is not.
_TURNED: dict[Comparison, Comparison] = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE: dict[Comparison, Comparison] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@frozen
class Reason:
    """Why something may be below nought, as words that a message can hold, and the place that shows it."""

    said: str
    span: Span


class Signs:
    """What may be below nought in a contract, with all that its variations add."""

    def __init__(self, contract: Contract, settings: Settings | None = None) -> None:
        """With `settings` what is given counts as what it is worth; without, as anything that it may be worth."""
        self.worth = settings or Settings()
        every: tuple[Contract | Variation, ...] = (contract, *contract.variations)
        self.records = {record.name: record for each in every for record in each.records}
        self.joined = {cohort.name: cohort.records for each in every for cohort in each.cohorts}
        #: Every text of each table, as signed and as variations print it.
        self.lookups = [lookup for each in every for lookup in each.lookups]
        given: tuple[Particular | Assumption, ...] = (*contract.particulars, *contract.assumptions)
        self.values = {setting.name: setting for setting in given}
        #: Every text of a step and of a metric that is worked out, as signed and as variations put it.
        self.steps = _texts((step.name, (step.amount,)) for each in every for block in each.workings for step in block.steps)  # fmt: skip
        self.made = _texts((metric.name, metric.formulas) for each in every for metric in each.derived)
        self.metrics: dict[str, AnyMetric] = {
            metric.name: metric for each in every for metric in each.metrics
        }
        #: Every text that counts under a name, as signed and as variations put it.
        self.texts: dict[str, list[Metric]] = {}
        for each in every:
            for metric in each.metrics:
                self.texts.setdefault(metric.name, []).extend(texts_of(metric))
        self.metrics |= {
            derived_metric.name: derived_metric for each in every for derived_metric in each.derived
        }
        self._known: dict[str, bool] = {}
        #: Each step of workings is looked at once for what is known of metrics at the place, however often it is used.
        self._columns: dict[RecordColumn, Bounds] = {}
        self._steps: dict[tuple[str, frozenset[tuple[Place, Bounds]]], Bounds] = {}

    # -------------------------------------------------------------- what is asked

    def metric(self, one: AnyMetric) -> bool:
        """Whether a quantity of the metric may be below nought."""
        if one.name not in self._known:
            self._known[one.name] = self._metric(one)
        return self._known[one.name]

    def amount(self, one: Amount) -> bool:
        """Whether an amount may be below nought, whatever is counted and given."""
        low, _ = self.bounds(one)
        return low is None or low < 0

    def payment(self, one: Payment) -> bool:
        """Whether what the payment comes to in a statement period may be below nought, before anything becomes of that.

        Sums to date, and rates for all units, pay what exceeds everything paid before: no fall makes them negative. A rate, a
        regular sum or a factor below nought is refused when it is worked out.
        """
        return any(self._term(term) for term in one.terms)

    def reasons(self, one: Payment) -> tuple[Reason, ...]:
        """Why it may be: each column, difference and value that brings it about, in the order of the text, once."""
        found: list[Reason] = []
        seen: set[str] = set()
        for term in one.terms:
            if not self._term(term):
                continue
            if isinstance(term, Formula):
                found += self._of_amount(term.amount, seen)
            elif isinstance(term, Rate | Tiered):
                found += self._of_metric(self.metrics[term.metric], seen)
        return tuple(sorted(dict.fromkeys(found), key=lambda reason: reason.span))

    def of_column(self, column: RecordColumn) -> Interval:
        """The values that a column of records can hold."""
        whole = possible(column)
        if column.formula is None or column.kind not in NUMERIC:
            return whole
        low, high = self._worked(column, column.formula)
        return whole.meet(Interval(low, low is not None, high, high is not None))

    # -------------------------------------------------------------- metrics and payments

    def _term(self, term: Term) -> bool:
        match term:
            case Rate(metric=metric) | Tiered(metric=metric):
                return self.metric(self.metrics[metric])
            case Formula(amount=amount, least=least):
                return self.amount(amount) and (least is None or self.amount(least))
            case AllUnits() | ToDate() | Regular():
                return False
            case _:
                assert_never(term)

    def _metric(self, one: AnyMetric) -> bool:
        if isinstance(one, Derived):
            return any(self.amount(formula) for formula in self.made.get(one.name, one.formulas))
        return one.counts.may_be_below_nought or self._values_below(one) or self._weight_below(one)

    def _values_below(self, one: Metric) -> bool:
        return any(self._values_of_text_below(text) for text in self.texts.get(one.name, [one]))

    def _values_of_text_below(self, one: Metric) -> bool:
        column = self._column_of(one)
        if column is None:
            return False
        low, _ = self._of_rows(one).get(_cell(one.records, column.name), self._read(column))
        return low is None or low < 0

    def _weight_below(self, one: Metric) -> bool:
        return any(self._weight_of_text_below(text) for text in self.texts.get(one.name, [one]))

    def _weight_of_text_below(self, one: Metric) -> bool:
        if one.weight is None:
            return False
        # The row of joining is another one than those that the conditions are about.
        low, _ = self.bounds(one.weight, {} if one.weight_at == "joining" else self._of_rows(one))
        return low is None or low < 0

    def _of_rows(self, one: Metric) -> dict[Place, Bounds]:
        """What the conditions of a metric say of the columns of each row that it counts."""
        found: dict[Place, Bounds] = {}
        for test in _tests(one.conditions):
            for left, op, right in (
                (test.left, test.op, test.right),
                (test.right, _TURNED[test.op], test.left),
            ):
                if isinstance(left, Column):
                    place = _cell(left.records, left.name)
                    found[place] = _both(found.get(place, self.bounds(left)), self._beside(op, right))
        return found

    def _beside(self, op: Comparison, right: Amount) -> Bounds:
        """What is on the left of a comparison that is met."""
        low, high = self.bounds(right)
        return (low if op in (">=", ">", "=") else None), (high if op in ("<=", "<", "=") else None)

    def _column_of(self, one: Metric) -> RecordColumn | None:
        """The column whose values the metric takes, if it takes any."""
        if not one.counts.of_values or one.records not in self.records:
            return None
        return self.records[one.records].column(one.counts.column)

    def _column_below(self, column: RecordColumn) -> bool:
        if column.formula is not None:
            low, _ = self._worked(column, column.formula)
            return column.kind in NUMERIC and (low is None or low < 0)
        low = possible(column).low
        return low is None or low < 0

    # -------------------------------------------------------------- amounts

    def bounds(self, one: Amount, within: Mapping[Place, Bounds] | None = None) -> Bounds:
        """The least and the most of an amount. `within` holds the metrics of which more is known at this place."""
        within = within or {}
        match one:
            case Value(value=Fraction() as value):
                return value, value
            case Given(name=name) | GivenFor(name=name):
                return self._given(name)
            case MetricTotal(metric=metric, band=band):
                below = metric in self.metrics and self.metric(self.metrics[metric])
                return within.get((_COUNTED, metric, band), ANY if below else _FROM_NOUGHT)
            case Working(name=name):
                return self._step(name, within)
            case Column(records=records, name=name):
                table = self.records.get(records)
                known = within.get(_cell(records, name))
                return known or self._read(table.column(name) if table else None)
            case PersonColumn(records=records, name=name):
                table = self.records.get(records)
                return self._read(table.column(name) if table else None)
            case JoinedColumn(cohort=cohort, name=name):
                table = self.records.get(self.joined.get(cohort, ""))
                return self._read(table.column(name) if table else None)
            case MetricColumn(metric=metric, name=name):
                picked = self.metrics.get(metric)
                table = self.records.get(picked.records) if isinstance(picked, Metric) else None
                return self._read(table.column(name) if table else None)
            case Looked(table=name, column=read, holds=holds):
                return (holds, holds) if holds is not None else self._printed(name, read)
            case Arithmetic(op=op, left=left, right=right):
                return worked_out(op, self.bounds(left, within), self.bounds(right, within))
            case Stepped(by=by, rows=rows):
                return any_of([self.bounds(row.amount, self._at(by, row.holds, within)) for row in rows])
            case Interpolated(points=points):
                outside = [] if one.flat_below and one.flat_above else [(NOUGHT, NOUGHT)]
                return any_of([*(self.bounds(point.amount, within) for point in points), *outside])
            case Extreme(way=way, parts=several):
                return extreme(way, [self.bounds(part, within) for part in several])
            case FirstGiven(parts=several):
                return any_of([self.bounds(part, within) for part in several])
            case RoundedAmount(amount=inner, grain=grain):
                low, high = self.bounds(inner, within)
                least = None if low is None else low - grain if low < 0 else NOUGHT
                return least, None if high is None else high + grain
        return _FROM_NOUGHT

    def _step(self, name: str, within: Mapping[Place, Bounds]) -> Bounds:
        key = name, frozenset(within.items())
        if key not in self._steps:
            texts = self.steps.get(name, ())
            self._steps[key] = any_of([self.bounds(text, within) for text in texts]) if texts else ANY
        return self._steps[key]

    def _at(self, by: Amount, holds: Range, within: Mapping[Place, Bounds]) -> Mapping[Place, Bounds]:
        """What is known in a row of a table of steps: the metric that it goes by lies in the row's range."""
        if not isinstance(by, MetricTotal):
            return within
        return {**within, (_COUNTED, by.metric, by.band): _both(self.bounds(by, within), _held(holds))}

    def _given(self, name: str) -> Bounds:
        worth = self.worth.values.get(name)
        if isinstance(worth, Fraction):
            return worth, worth
        setting = self.values.get(name)
        if not isinstance(setting, Particular):
            return _FROM_NOUGHT
        return lowest(setting), setting.allowed.high

    def _read(self, column: RecordColumn | None) -> Bounds:
        if column is None:
            return ANY
        if column.formula is not None:
            return self._worked(column, column.formula)
        if self._column_below(column):
            return ANY
        whole = possible(column)
        return whole.low, whole.high

    def _worked(self, column: RecordColumn, formula: Amount) -> Bounds:
        """Of a column worked out; looked at once, however often others are worked out from it."""
        if column not in self._columns:
            self._columns[column] = self.bounds(formula)
        return self._columns[column]

    def _printed(self, name: str, read: str) -> Bounds:
        texts = [text for text in self.lookups if text.name == name and text.column(read) is not None]
        held = [value.value for text in texts for _, value in text.values(read)]
        numbers = [day for day in held if isinstance(day, Fraction)]
        return (min(numbers), max(numbers)) if numbers else _FROM_NOUGHT

    # -------------------------------------------------------------- reasons

    def _of_metric(self, one: AnyMetric, seen: set[str]) -> Iterator[Reason]:
        if one.name in seen:
            return
        seen.add(one.name)
        if isinstance(one, Derived):
            for formula in self.made.get(one.name, one.formulas):
                yield from self._of_amount(formula, seen)
            return
        column = self._column_of(one)
        if column is not None and self._values_below(one):
            yield from self._of_column(one.records, column.name, one.span)
        if one.counts.may_be_below_nought:
            yield Reason(f"days that somebody had more are taken off {one.name}", one.span)
        if one.weight is not None and self._weight_below(one):
            yield from self._of_amount(one.weight, seen)

    def _of_amount(self, one: Amount, seen: set[str]) -> Iterator[Reason]:
        """What makes an amount, which may be below nought, such."""
        if not self.amount(one):
            return
        match one:
            case MetricTotal(metric=metric) if metric in self.metrics:
                yield from self._of_metric(self.metrics[metric], seen)
            case Working(name=name) if name in self.steps:
                if name not in seen:
                    seen.add(name)
                    for text in self.steps[name]:
                        yield from self._of_amount(text, seen)
            case Column(records=records, name=name) | PersonColumn(records=records, name=name):
                yield from self._of_column(records, name, one.span)
            case JoinedColumn(cohort=cohort, name=name):
                yield from self._of_column(self.joined[cohort], name, one.span)
            case MetricColumn(metric=metric, name=name):
                picked = self.metrics[metric]
                records = picked.records if isinstance(picked, Metric) else ""
                yield from self._of_column(records, name, one.span)
            case Given(name=name) | GivenFor(name=name):
                given = self.values.get(name)
                yield Reason(f"{name} may be given below nought", given.span if given else one.span)
            case Looked(table=name, column=read):
                yield Reason(f"table {name} prints a {read} below nought", one.span)
            case Arithmetic(op="minus", right=right) if self.bounds(right)[1] != 0:
                yield Reason("more may be taken away than there is", one.span)
                yield from self._of_amount(one.left, seen)
            case _:
                for part in parts(one):
                    yield from self._of_amount(part, seen)

    def _of_column(self, records: str, name: str, at: Span) -> Iterator[Reason]:
        table = self.records.get(records)
        column = table.column(name) if table else None
        if column is not None and column.formula is not None:
            yield from self._of_amount(column.formula, set())
        else:
            yield Reason(f"{name} of {records} may be below nought", column.span if column else at)


def lowest(one: Particular | Assumption) -> Fraction | None:
    """The least number that a particular or an assumption may be given; None where nothing bounds it.

    It is nought, unless what a particular `must be` says otherwise.
    """
    if isinstance(one, Assumption):
        return NOUGHT
    if one.allowed.low is not None:
        return one.allowed.low
    return None if one.any_number else NOUGHT


def may_fall_below(contract: Contract, metric: AnyMetric) -> bool:
    """Whether a quantity of the metric may be below nought."""
    return Signs(contract).metric(metric)


def fall_below(contract: Contract) -> frozenset[str]:
    """The metrics whose quantities may be below nought."""
    signs = Signs(contract)
    return frozenset(metric.name for metric in contract.every_metric if signs.metric(metric))


# ------------------------------------------------------------------ arithmetic of bounds


def _tests(conditions: tuple[Condition, ...]) -> Iterator[Compare]:
    """Every comparison that must be met."""
    for condition in conditions:
        match condition:
            case Compare():
                yield condition
            case Both(tests=tests):
                yield from _tests(tests)
            case Not(test=test):
                yield from _tests(tuple(_unmet(test)))


def _unmet(test: Condition) -> Iterator[Condition]:
    """Tests of which each must be met where the given one must not be. A blank meets neither."""
    match test:
        case Compare(op=op) if op in _OPPOSITE:
            yield evolve(test, op=_OPPOSITE[op])
        case Either(tests=tests):
            for amount in tests:
                yield from _unmet(amount)
        case Not(test=again):
            yield again


def _cell(records: str, name: str) -> Place:
    return _COLUMN, records, name


def _both(bounds: Bounds, other: Bounds) -> Bounds:
    """What holds where each of two things is known. A place that is never reached keeps what was known first."""
    lows = [low for low, _ in (bounds, other) if low is not None]
    highs = [high for _, high in (bounds, other) if high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return bounds if low is not None and high is not None and low > high else (low, high)


def _held(holds: Range) -> Bounds:
    """What a row of a table of steps says of what it goes by."""
    low, high = (
        end.value if isinstance(end, Value) and isinstance(end.value, Fraction) else None
        for end in (holds.low, holds.high)
    )
    return low, high


def _texts(named: Iterable[tuple[str, tuple[Amount, ...]]]) -> dict[str, list[Amount]]:
    found: dict[str, list[Amount]] = {}
    for name, amounts in named:
        found.setdefault(name, []).extend(amounts)
    return found
