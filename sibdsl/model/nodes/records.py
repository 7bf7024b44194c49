"""Tables of records: their columns, and for how long their rows last."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from sibdsl.model.nodes.amounts import Amount
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.kinds_of_count import Pick
from sibdsl.model.nodes.written_forms import WrittenForm
from sibdsl.model.types import Interval, Kind
from sibdsl.source import Span


@frozen
class RecordColumn:
    """One column: its type, whether a blank is allowed, which values are possible, and its heading when not its name."""

    name: str
    kind: Kind
    blank_allowed: bool
    allowed: Interval = Interval()
    categories: tuple[str, ...] = ()
    headed: str = ""
    #: Set for a column that is worked out from others of its row, and stands in no file.
    formula: Amount | None = None
    #: How its cells are written in the file; none where they are written as the language writes them.
    written: tuple[WrittenForm, ...] = ()
    span: Span = place()

    @property
    def heading(self) -> str:
        """The heading looked for in the file."""
        return self.headed or self.name


@frozen
class RowVersion:
    """By what one of several rows of a key is told to stand: a value of theirs, or with none the later named part."""

    by: Pick | None = None
    span: Span = place()


@frozen
class InvalidAllowed:
    """How many rows may be invalid: so many, or with `share` so much of all rows of the table, as a fraction of one."""

    most: Fraction
    share: bool = False
    span: Span = place()


@frozen
class Spell:
    """A stretch of days that a row stands for. `last_included`: the end column is the last day in, not the first out."""

    start: str
    end: str
    last_included: bool
    open_while_blank: bool
    #: An open row lasts until the day before the person's next row begins; only of rows that may be open.
    until_next: bool = False
    span: Span = place()


@frozen
class Records:
    """One input table."""

    name: str
    row_is: str
    columns: tuple[RecordColumn, ...]
    spell: Spell | None = None
    known_on: str = ""
    #: The columns that say together which thing a row tells of; rows that agree in all of them are versions of one row.
    key: tuple[str, ...] = ()
    #: Which of them stands, by what first; none where nothing decides.
    versions: tuple[RowVersion, ...] = ()
    #: The names of the files, oldest first, where the contract gives them.
    parts: tuple[str, ...] = ()
    invalid: InvalidAllowed | None = None
    #: The column with the day from which a row counts no longer.
    withdrawn_on: str = ""
    span: Span = place()

    def column(self, name: str) -> RecordColumn | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def filed(self) -> tuple[RecordColumn, ...]:
        """The columns that stand in files: all but those worked out from others."""
        return tuple(column for column in self.columns if column.formula is None)
