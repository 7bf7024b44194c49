"""How the cells of a column are written in its file, where that is not how the language writes them.

Each form says its own example: that of 31 December 2018 for days and months, of 1234.5 for numbers (1234 for whole ones), of
12.5% for percentages. Source: language reference, 'How cells are written'.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

DateOrder = Literal["day month year", "month day year", "year month day"]
MonthOrder = Literal["month year", "year month"]
#: What stands between the parts of a day: nothing, or one of these.
Between = Literal["", "/", ".", "-", " "]
Grouping = Literal["", ",", ".", " ", "'"]


@frozen
class DayWritten:
    """A day by its parts. `named`: the month by its English name, whole or of three letters. `timed`: a time of day follows."""

    order: DateOrder
    between: Between
    named: bool = False
    year_digits: Literal[2, 4] = 4
    timed: bool = False

    @property
    def example(self) -> str:
        """31 December 2018, so written."""
        month = "Dec" if self.named else "12"
        year = "2018" if self.year_digits == 4 else "18"
        parts = {"day": "31", "month": month, "year": year}
        day = self.between.join(parts[part] for part in self.order.split(" "))
        return f"{day} 00:00" if self.timed else day


@frozen
class DayNumber:
    """A spreadsheet's number of a day. `since` is the first year of its calendar: 1900 has a 29 February that never was."""

    since: Literal[1900, 1904] = 1900

    @property
    def example(self) -> str:
        """31 December 2018, so written."""
        return "43465" if self.since == 1900 else "42003"


@frozen
class MonthWritten:
    """A month by its parts, and which day of it is meant."""

    order: MonthOrder
    between: Between
    day: Literal["first", "last"]
    named: bool = False
    year_digits: Literal[2, 4] = 4

    @property
    def example(self) -> str:
        """December 2018, so written."""
        month = "Dec" if self.named else "12"
        year = "2018" if self.year_digits == 4 else "18"
        parts = {"month": month, "year": year}
        return self.between.join(parts[part] for part in self.order.split(" "))


@frozen
class NumberWritten:
    """A number by its marks: `decimal` before tenths, `grouping` between thousands, `sign` of a currency before or after it.

    `whole`: its example is a whole number, so it shows no decimal mark.
    """

    decimal: Literal[".", ","]
    grouping: Grouping = ""
    sign: str = ""
    sign_after: bool = False
    whole: bool = False

    @property
    def example(self) -> str:
        """1234.5, or 1234, so written."""
        figures = f"1{self.grouping}234" if self.whole else f"1{self.grouping}234{self.decimal}5"
        if not self.sign:
            return figures
        between = " " if self.sign.isalpha() or self.sign_after else ""
        return f"{figures}{between}{self.sign}" if self.sign_after else f"{self.sign}{between}{figures}"


@frozen
class PercentageWritten:
    """A percentage: with its sign, as so many of a hundred without one, or as a share of one."""

    decimal: Literal[".", ","]
    meant: Literal["signed", "of a hundred", "of one"]

    @property
    def example(self) -> str:
        """12.5%, so written."""
        if self.meant == "of one":
            return f"0{self.decimal}125"
        return f"12{self.decimal}5{'%' if self.meant == 'signed' else ''}"


@frozen
class YesNoWritten:
    """The word for yes, and that for no."""

    yes: str
    no: str

    @property
    def example(self) -> str:
        """Both words."""
        return f"{self.yes} or {self.no}"


WrittenForm: TypeAlias = (
    DayWritten | DayNumber | MonthWritten | NumberWritten | PercentageWritten | YesNoWritten
)
