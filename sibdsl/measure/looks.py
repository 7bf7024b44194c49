"""Looks: one cohort or metric over one table, with its checks in the order in which a row is told why it is outside.

What is planned of the tables themselves stands here too.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.model.earlier_texts import InForce
from sibdsl.model.nodes import Amount, Bands, Cohort, Condition, Metric, Pick, RecordColumn, Records, Spell


@frozen
class PlannedColumn:
    """A declared column: its place among the table's columns, and whether any clause reads it."""

    at: int
    column: RecordColumn
    read: bool
    #: Whether its numbers are kept as one whole number over another, since they may be finer than those of files.
    in_parts: bool = False

    @property
    def name(self) -> str:
        """The column's name in the contract."""
        return self.column.name


@frozen
class PlannedTable:
    """One table of records. `spell` is there when a clause reads both its ends; `person` is '' when nobody is named.

    Columns that are worked out come after those that stand in files.
    """

    at: int
    records: Records
    cells: tuple[PlannedColumn, ...]
    person: str
    spell: Spell | None

    @property
    def name(self) -> str:
        """The table's name in the contract."""
        return self.records.name

    def cell(self, name: str) -> PlannedColumn:
        """The column of that name. Raises KeyError when there is none."""
        for planned_column in self.cells:
            if planned_column.name == name:
                return planned_column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def filed(self) -> tuple[PlannedColumn, ...]:
        """The columns that stand in files."""
        return tuple(planned_column for planned_column in self.cells if planned_column.column.formula is None)

    @property
    def read(self) -> tuple[PlannedColumn, ...]:
        """The columns that some clause reads."""
        return tuple(planned_column for planned_column in self.cells if planned_column.read)


CheckKind = Literal[
    "person",
    "no date",
    "after as of",
    "known later",
    "withdrawn",
    "new entrant",
    "other text",
    "no result",
    "not over",
    "condition",
    "joining row",
    "outside tracking",
    "no figure",
    "no start",
    "no time",
    "no number",
    "no end",
    "outside period",
    "time not known",
    "late evidence",
    "no evidence",
    "claim rejected",
    "disputed",
    "not accepted",
]


@frozen
class Check:
    """One reason for which a row is outside. `metrics` are those whose results the condition speaks of."""

    kind: CheckKind
    column: str = ""
    #: What is looked at where it stands in no column but is worked out: a date, a length of time, a number.
    day: Amount | None = None
    condition: Condition | None = None
    metrics: tuple[str, ...] = ()


@frozen(kw_only=True)
class _LookAtTable:
    """A clause over one table. `day` is the column of the row's own date, '' where that date is worked out.

    `order` sorts a person's rows.
    """

    at: int
    table: PlannedTable
    day: str
    checks: tuple[Check, ...]
    order: tuple[Pick, ...]
    cohort: str = ""
    #: The metrics, and cohorts, of which a row of the person is read beside each row.
    metrics: tuple[str, ...] = ()
    #: The metrics of which any result is asked for, in a time.
    results_of: tuple[str, ...] = ()
    bands: Bands | None = None
    #: Of a metric that is measured among several cohorts: their names; `cohort` is then that of their union.
    parts: tuple[str, ...] = ()
    #: Of a metric that does not add up: the stretches of days that it is measured over.
    spans: tuple[Period, ...] = ()
    #: The days on which its text counts, where a variation replaced it or put it in the place of another.
    in_force: InForce = InForce()
    #: The looks of the texts that counted before this one, by name, in their order.
    earlier: tuple[str, ...] = ()
    #: Of such an earlier text: the cohort or metric whose results its results are.
    of: str = ""


@frozen(kw_only=True)
class CohortLook(_LookAtTable):
    """A cohort over the table of its rows, or several cohorts taken together."""

    clause: Cohort

    @property
    def name(self) -> str:
        """The cohort's name."""
        return self.clause.name

    #: As a metric answers them.
    @property
    def net_of(self) -> str:
        """No metric whose days are left out."""
        return ""

    @property
    def by_day(self) -> bool:
        """Whether the row taken is the first by its own date: it is the one that the cohort's `picks` name."""
        return False

    @property
    def banded_by_joining(self) -> bool:
        """Whether the banded column stands in the row by which the person joined: a cohort has no bands."""
        return False


@frozen(kw_only=True)
class MetricLook(_LookAtTable):
    """A metric over the table of its rows."""

    clause: Metric

    @property
    def name(self) -> str:
        """The metric's name."""
        return self.clause.name

    @property
    def net_of(self) -> str:
        """The metric whose days are left out, '' for none."""
        return self.clause.net_of

    @property
    def by_day(self) -> bool:
        """Whether of several results the first is the one of the earliest date."""
        return not self.clause.counts.picks

    @property
    def banded_by_joining(self) -> bool:
        """Whether the banded column stands in the row by which the person joined."""
        return self.clause.banded_at == "joining"


Look: TypeAlias = CohortLook | MetricLook
