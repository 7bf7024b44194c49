"""Columns that are worked out from others of their row: which of them are whole numbers, and how exactly they can be kept.

Source: language reference, 'Columns worked out'.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from attrs import define, evolve, field, frozen

from sibdsl.model.conditions_on_rows import amounts_in, parts_of
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Column,
    Contract,
    DateMoved,
    Extreme,
    FirstGiven,
    GivenFor,
    Looked,
    Metric,
    PersonColumn,
    RecordColumn,
    Records,
    RoundedAmount,
    TimeBetween,
    Value,
    WholeYears,
)
from sibdsl.model.types import NUMERIC

#: The finest part of one that a number in a file can have: its decimals. Source: records reference, 'Impossible values'.
FINEST = Fraction(1, 10**9)


@frozen
class Fineness:
    """What is sure of an amount of a row, where it is not blank: that it is whole; that it has no more decimals than files have."""

    whole: bool
    as_files: bool


_ROUGH, _WHOLE = Fineness(whole=False, as_files=False), Fineness(whole=True, as_files=True)


def fineness(table: Records, amount: Amount) -> Fineness:
    """How fine an amount of a row of the table can be."""
    return _fineness(_of_columns(table.columns), amount)


@lru_cache(maxsize=64)
def _of_columns(columns: tuple[RecordColumn, ...]) -> Mapping[str, Fineness]:
    """Each column's, in the order in which they are worked out from one another."""
    found: dict[str, Fineness] = {}
    for column in sorted(columns, key=lambda column: column.formula is not None):
        if column.formula is None:
            found[column.name] = Fineness(whole=column.kind == "count", as_files=True)
        else:
            found[column.name] = _fineness(found, column.formula)
    return found


def _fineness(columns: Mapping[str, Fineness], amount: Amount) -> Fineness:
    match amount:
        case WholeYears() | TimeBetween():
            return _WHOLE
        case Value(value=Fraction() as value):
            return Fineness(value.denominator == 1, (value / FINEST).denominator == 1)
        case RoundedAmount(grain=grain):
            return Fineness(grain.denominator == 1, (grain / FINEST).denominator == 1)
        case Column(name=name):
            return columns.get(name, _ROUGH)
        case PersonColumn(kind=kind):
            return Fineness(whole=kind == "count", as_files=True)
        case Arithmetic(op="plus" | "minus", left=left, right=right):
            return _all([_fineness(columns, left), _fineness(columns, right)])
        case Arithmetic(op="times", left=left, right=right):
            one, other = _fineness(columns, left), _fineness(columns, right)
            fine = (one.whole and other.as_files) or (other.whole and one.as_files)
            return Fineness(one.whole and other.whole, fine)
        case Extreme(parts=parts) | FirstGiven(parts=parts):
            return _all([_fineness(columns, part) for part in parts])
    return _ROUGH


def _all(parts: list[Fineness]) -> Fineness:
    return Fineness(all(part.whole for part in parts), all(part.as_files for part in parts))


def in_parts(table: Records, column: RecordColumn) -> bool:
    """Whether a column may hold numbers finer than those of files, such as thirds: they are kept as one whole number over another."""
    formula = column.formula
    return formula is not None and column.kind in NUMERIC and not fineness(table, formula).as_files


def read_in_parts(table: Records, amount: Amount) -> bool:
    """Whether an amount of a row reads a column whose numbers may be finer than those of files."""
    columns = (table.column(part.name) for part in parts_of(amount) if isinstance(part, Column))
    return any(column is not None and in_parts(table, column) for column in columns)


def results_in_parts(contract: Contract, metric: Metric) -> bool:
    """Whether what one result of a metric comes to may be finer than numbers in files: it adds up or is weighed by such."""
    table = contract.table(metric.records)
    column = table.column(metric.counts.column) if table and metric.counts.of_values else None
    if table is not None and column is not None and in_parts(table, column):
        return True
    if metric.weight is None:
        return False
    joining = next((cohort.records for cohort in contract.cohorts if cohort.name == metric.cohort), "")
    weighed = table if metric.weight_at == "result" else contract.table(joining)
    return weighed is not None and read_in_parts(weighed, metric.weight)


#: Parts of an amount up to which it may stand inside another that names it several times.
_SHORT = 8


@define
class RowSteps:
    """Columns worked out, taken apart: what would be written several times over in another has a step of its own, once.

    Steps have names that no contract can give. `formulas` holds steps and columns, each after those that it rests on, and `depth`
    how many rest on one another.
    """

    records: str
    formulas: dict[str, Amount] = field(factory=dict)
    depth: dict[str, int] = field(factory=dict)
    _known: dict[Amount, Column] = field(factory=dict)

    def add(self, name: str, formula: Amount) -> None:
        """Take a column apart; those that it is worked out from have been added."""
        self._keep(name, self._apart(formula))

    def _keep(self, name: str, formula: Amount) -> None:
        behind = (part.name for part in amounts_in(formula) if isinstance(part, Column))
        self.depth[name] = 1 + max((self.depth.get(other, 0) for other in behind), default=0)
        self.formulas[name] = formula

    def _apart(self, amount: Amount) -> Amount:
        match amount:
            case Arithmetic(left=left, right=right):
                return evolve(amount, left=self._part(left), right=self._part(right))
            case Extreme(parts=parts) | FirstGiven(parts=parts):
                return evolve(amount, parts=tuple(map(self._part, parts)))
            case WholeYears(start=start, end=end) | TimeBetween(start=start, end=end):
                return evolve(amount, start=self._part(start), end=self._part(end))
            case DateMoved(start=start):
                return evolve(amount, start=self._part(start))
            case RoundedAmount(amount=inner):
                return evolve(amount, amount=self._part(inner))
        return amount

    def _part(self, amount: Amount) -> Amount:
        amount = self._apart(amount)
        if not _long(amount):
            return amount
        if amount not in self._known:
            name = f"#{len(self._known)}"
            self._keep(name, amount)
            self._known[amount] = Column(self.records, name, amount.kind)
        return self._known[amount]


def _long(amount: Amount) -> bool:
    """Whether an amount is better worked out once than wherever it is named."""
    leaves = list(amounts_in(amount))
    if not any(isinstance(leaf, Column) for leaf in leaves):
        return False
    if isinstance(amount, Arithmetic):
        return amount.op == "divided by" or len(leaves) > _SHORT
    return isinstance(amount, Extreme | FirstGiven | WholeYears | TimeBetween | Looked | GivenFor)
