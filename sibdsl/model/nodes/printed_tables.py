"""Tables that the contract prints, in which clauses look values up."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.model.nodes.amounts import Amount, Looked, Value
from sibdsl.model.nodes.base import place
from sibdsl.model.types import Kind
from sibdsl.source import Span


@frozen
class LookupColumn:
    """One column of a lookup table and what it holds."""

    name: str
    kind: Kind
    span: Span = place()


@frozen
class LookupRow:
    """One row of a lookup table, a value for each column; None where the table prints nothing. The key is never None."""

    cells: tuple[Value | None, ...]
    span: Span = place()


@frozen
class Lookup:
    """A table printed in the contract; its first column is the key."""

    name: str
    clause: str
    gloss: str
    columns: tuple[LookupColumn, ...]
    rows: tuple[LookupRow, ...]
    #: The days of which it holds every holiday, and the day on which it was agreed. None where it does not say.
    known: Period | None = None
    agreed: date | None = None
    span: Span = place()

    def column(self, name: str) -> LookupColumn | None:
        """The column of that name."""
        return next((lookup_column for lookup_column in self.columns if lookup_column.name == name), None)

    def read(self, name: str, key: Amount, span: Span) -> Looked:
        """What the column of that name holds on the row of the key. Raises StopIteration when there is no such column."""
        kind = next(lookup_column.kind for lookup_column in self.columns if lookup_column.name == name)
        return Looked(self.name, name, key, kind, span=span)

    def values(self, name: str) -> tuple[tuple[Value, Value], ...]:
        """Each key with what the column of that name holds beside it; keys beside which it holds nothing are left out."""
        at = [lookup_column.name for lookup_column in self.columns].index(name)
        pairs = ((row.cells[0], row.cells[at]) for row in self.rows)
        return tuple((key, held) for key, held in pairs if key is not None and held is not None)
