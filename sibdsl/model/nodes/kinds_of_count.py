"""What a metric counts, adds up or measures: a class for each, and what every reader may ask of it.

A reader that treats each in its own way matches over `KindOfCount`, and ends with `assert_never`: when a kind is added, mypy shows
every place that must say what becomes of it. What follows from a kind alone is asked of the kind, and stands in its `form`.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from attrs import frozen

from sibdsl.model.nodes.amounts import Amount
from sibdsl.model.nodes.base import place
from sibdsl.model.types import Kind
from sibdsl.source import Span

#: The word of each kind, as a contract in JSON has it.
Counting = Literal[
    "rows",
    "people",
    "people reaching",
    "days",
    "days of tracking",
    "sum",
    "average",
    "different",
    "determination",
    "share of days",
    "fewer days",
    "earlier days",
]
MoreDays = Literal["not counted", "taken off"]


@frozen
class Pick:
    """Which of several rows: the least or greatest value of a column."""

    way: Literal["earliest", "latest", "lowest", "highest"]
    column: str
    span: Span = place()


@frozen(kw_only=True)
class Form:
    """What follows from a kind alone.

    `made_of`: what makes a quantity: rows, or people, one by one; days, each dated by itself; the values of a column; or the
    days of each member's window. `makes`: what they make: a sum; the mean; how many are different; or the one that is taken.
    `unit` is '' where it is the column's.
    """

    word: Counting
    made_of: Literal["rows", "days", "values", "window"]
    makes: Literal["sum", "mean", "different", "one"]
    unit: Kind | Literal[""]
    whole: bool
    #: Whether its rows are those by which people joined the cohort.
    of_joining: bool
    #: Whether what each row or day comes to may be multiplied by a number of the row.
    weighable: bool


@frozen
class _Count:
    """What every kind answers."""

    form: ClassVar[Form]

    @property
    def word(self) -> Counting:
        """Its word, as a contract in JSON has it."""
        return self.form.word

    @property
    def adds_up(self) -> bool:
        """Whether the quantity over a time is the sum of those over its parts. Others are measured over a time that is said."""
        return self.form.makes == "sum"

    @property
    def averaged(self) -> bool:
        """Whether a quantity is the mean of what makes it."""
        return self.form.makes == "mean"

    @property
    def blank_without_rows(self) -> bool:
        """Whether a quantity is blank, and not nought, where there is nothing to make it."""
        return self.form.makes in ("mean", "one")

    @property
    def whole(self) -> bool:
        """Whether its quantities, unweighted, are whole numbers from 0."""
        return self.form.whole

    @property
    def may_be_below_nought(self) -> bool:
        """Whether its quantities may be below nought whatever the records hold. Sums of a column may be where its values may."""
        return False

    @property
    def by_the_day(self) -> bool:
        """Whether it counts days, each dated by itself."""
        return self.form.made_of == "days"

    @property
    def of_values(self) -> bool:
        """Whether what each result comes to is a number in a column of its row."""
        return self.form.made_of == "values"

    @property
    def of_window(self) -> bool:
        """Whether it measures the days of each member's window, and is dated by its end."""
        return self.form.made_of == "window"

    @property
    def weighable(self) -> bool:
        """Whether what each row or day comes to may be multiplied by a number of the row."""
        return self.form.weighable

    @property
    def of_joining(self) -> bool:
        """Whether its rows are those by which people joined the cohort."""
        return self.form.of_joining

    @property
    def column(self) -> str:
        """The column whose values it reads, '' where it reads none."""
        return ""

    @property
    def days_of(self) -> str:
        """The records on whose days it looks in each member's window, '' where it looks at none."""
        return ""

    @property
    def picks(self) -> tuple[Pick, ...]:
        """Which of several rows is taken; none where each counts."""
        return ()

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """The amounts that it speaks of."""
        return ()

    def unit(self, column: Kind) -> Kind:
        """The unit of its quantities, unweighted, where the column that it reads, if any, holds `column`."""
        return self.form.unit or column


@frozen
class RowsCounted(_Count):
    """Rows of records, or the first of each person."""

    form: ClassVar = Form(
        word="rows", made_of="rows", makes="sum", unit="count",
        whole=True, of_joining=False, weighable=True,
    )  # fmt: skip


@frozen
class PeopleCounted(_Count):
    """People, each by the row that made them a member."""

    form: ClassVar = Form(
        word="people", made_of="rows", makes="sum", unit="count",
        whole=True, of_joining=True, weighable=True,
    )  # fmt: skip


@frozen
class PeopleReaching(_Count):
    """People, each once, on the day by which what their rows add to the column first comes to the amount."""

    column: str
    amount: Amount
    form: ClassVar = Form(
        word="people reaching", made_of="rows", makes="sum", unit="count",
        whole=True, of_joining=False, weighable=False,
    )  # fmt: skip

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """What is to be reached."""
        return (self.amount,)


@frozen
class DaysCounted(_Count):
    """The days that rows last, a day once for each person."""

    form: ClassVar = Form(
        word="days", made_of="days", makes="sum", unit="days",
        whole=True, of_joining=False, weighable=True,
    )  # fmt: skip


@frozen
class DaysOfTracking(_Count):
    """The days for which people are tracked."""

    form: ClassVar = Form(
        word="days of tracking", made_of="days", makes="sum", unit="days",
        whole=True, of_joining=True, weighable=True,
    )  # fmt: skip


@frozen
class ColumnSum(_Count):
    """What a column adds up to."""

    column: str
    form: ClassVar = Form(
        word="sum", made_of="values", makes="sum", unit="",
        whole=False, of_joining=False, weighable=True,
    )  # fmt: skip


@frozen
class ColumnAverage(_Count):
    """The average of a column."""

    column: str
    form: ClassVar = Form(
        word="average", made_of="values", makes="mean", unit="",
        whole=False, of_joining=False, weighable=False,
    )  # fmt: skip

    def unit(self, column: Kind) -> Kind:
        """That of the column; the average of whole numbers need not be one."""
        return "number" if column == "count" else column


@frozen
class DifferentValues(_Count):
    """How many different values a column has."""

    column: str
    form: ClassVar = Form(
        word="different", made_of="rows", makes="different", unit="count",
        whole=True, of_joining=False, weighable=False,
    )  # fmt: skip


@frozen
class Determination(_Count):
    """What a column holds in the one row that `picks` take."""

    column: str
    picks: tuple[Pick, ...]
    form: ClassVar = Form(
        word="determination", made_of="values", makes="one", unit="",
        whole=False, of_joining=False, weighable=False,
    )  # fmt: skip


@frozen
class ShareOfDays(_Count):
    """On average over the members, the share of the days of their window on which a row of theirs lasts."""

    days_of: str
    form: ClassVar = Form(
        word="share of days", made_of="window", makes="mean", unit="percentage",
        whole=False, of_joining=True, weighable=False,
    )  # fmt: skip


@frozen
class FewerDays(_Count):
    """How many fewer days of their window a row of theirs lasts on than of as long a time before it.

    `more_days` says what becomes of somebody who had more: they are left out, or what is more is taken off the rest.
    """

    days_of: str
    more_days: MoreDays
    form: ClassVar = Form(
        word="fewer days", made_of="window", makes="sum", unit="days",
        whole=True, of_joining=True, weighable=False,
    )  # fmt: skip

    @property
    def whole(self) -> bool:
        """Where more days are taken off, what is left may be below 0."""
        return not self.may_be_below_nought

    @property
    def may_be_below_nought(self) -> bool:
        """Where more days are taken off the rest."""
        return self.more_days == "taken off"


@frozen
class EarlierDays(_Count):
    """On how many days a row of theirs lasts, of as long a time before their window."""

    days_of: str
    form: ClassVar = Form(
        word="earlier days", made_of="window", makes="sum", unit="days",
        whole=True, of_joining=True, weighable=False,
    )  # fmt: skip


KindOfCount: TypeAlias = (
    RowsCounted
    | PeopleCounted
    | PeopleReaching
    | DaysCounted
    | DaysOfTracking
    | ColumnSum
    | ColumnAverage
    | DifferentValues
    | Determination
    | ShareOfDays
    | FewerDays
    | EarlierDays
)
