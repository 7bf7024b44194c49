"""Reading the three tables of records, and setting apart rows that are duplicate or rejected.

Source: the row-status rules of the project's records reference. Row numbers count the rows
below the header from 1. Hours a week are exact fractions; dates are calendar days.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

Status: TypeAlias = Literal["duplicate", "rejected", "outside", "used", "superseded"]
Readable = TypeVar("Readable")

TABLES: Final = ("referrals", "engagements", "jobs")
"""The input tables; each is a file of that name with the ending `.csv`."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "referrals": ("person_id", "referred_on", "severe_condition"),
    "engagements": ("person_id", "engaged_on"),
    "jobs": ("job_id", "person_id", "started_on", "ended_on", "hours_per_week"),
}
"""The columns that some rule reads. Any other column only takes part in finding duplicates."""

STATUSES: Final[tuple[Status, ...]] = (
    "used",
    "outside",
    "duplicate",
    "rejected",
    "superseded",
)


@dataclass(frozen=True, slots=True)
class RowStatus:
    """What became of one row; `of_row` is the earliest equal row, for duplicates only."""

    row: int
    status: Status
    of_row: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one input file, without the spaces around them."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class UnreadableError(ValueError):
    """A cell cannot be read as what its column holds, or is impossible."""


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WEEK_HOURS = 168


def _read_id(cell: str) -> str:
    """Read an identifier: any text but nothing at all."""
    if not cell:
        raise UnreadableError
    return cell


def _read_date(cell: str) -> dt.date:
    """Read a date, YYYY-MM-DD and nothing else, that is in the calendar."""
    if not _DATE.fullmatch(cell):
        raise UnreadableError
    try:
        return dt.date(int(cell[:4]), int(cell[5:7]), int(cell[8:]))
    except ValueError as error:
        raise UnreadableError from error


def _read_yes_no(cell: str) -> bool:
    """Read 'yes' or 'no', in lower case."""
    if cell not in {"yes", "no"}:
        raise UnreadableError
    return cell == "yes"


def _read_hours(cell: str) -> Fraction:
    """Read hours a week: a plain decimal above 0 and at most 168, kept exact."""
    if not _DECIMAL.fullmatch(cell):
        raise UnreadableError
    hours = Fraction(cell)
    if not 0 < hours <= _WEEK_HOURS:
        raise UnreadableError
    return hours


@dataclass(frozen=True, slots=True)
class Referral:
    """A readable row of `referrals`."""

    row: int
    person_id: str
    referred_on: dt.date
    severe: bool


@dataclass(frozen=True, slots=True)
class Engagement:
    """A readable row of `engagements`."""

    row: int
    person_id: str
    engaged_on: dt.date


@dataclass(frozen=True, slots=True)
class Job:
    """A readable row of `jobs`; `ended_on` is the first day no longer in the job."""

    row: int
    job_id: str
    person_id: str
    started_on: dt.date
    ended_on: dt.date | None
    hours: Fraction


def read_referral(row: int, cells: Mapping[str, str]) -> Referral:
    """Read a referral. Source: the records reference, what rejects a row."""
    return Referral(
        row,
        _read_id(cells["person_id"]),
        _read_date(cells["referred_on"]),
        _read_yes_no(cells["severe_condition"]),
    )


def read_engagement(row: int, cells: Mapping[str, str]) -> Engagement:
    """Read an engagement. Source: the records reference; `engagement_id` is read by nothing."""
    return Engagement(row, _read_id(cells["person_id"]), _read_date(cells["engaged_on"]))


def read_job(row: int, cells: Mapping[str, str]) -> Job:
    """Read a job. Source: the records reference; one that ended before it started is impossible."""
    ended = cells["ended_on"]
    job = Job(
        row,
        _read_id(cells["job_id"]),
        _read_id(cells["person_id"]),
        _read_date(cells["started_on"]),
        _read_date(ended) if ended else None,
        _read_hours(cells["hours_per_week"]),
    )
    if job.ended_on is not None and job.ended_on < job.started_on:
        raise UnreadableError
    return job


def read_table(path: Path, needed: Iterable[str]) -> Table:
    """Read one CSV file in UTF-8 with a header; `ValueError` if it is not well-formed.

    Spaces around a cell are not part of it (spaces only, not tabs).
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = [tuple(cell.strip(" ") for cell in line) for line in csv.reader(stream)]
    if not lines or set(needed) - set(lines[0]) or len(set(lines[0])) < len(lines[0]):
        raise ValueError(f"{path}: the header lacks a column or has one twice")
    if any(len(line) != len(lines[0]) for line in lines):
        raise ValueError(f"{path}: a row has more or fewer cells than the header")
    return Table(lines[0], tuple(lines[1:]))


def read_records(records_dir: Path) -> dict[str, Table]:
    """Read the three tables of a folder."""
    return {name: read_table(records_dir / f"{name}.csv", COLUMNS[name]) for name in TABLES}


def sift(
    table: Table, read: Callable[[int, Mapping[str, str]], Readable]
) -> tuple[dict[int, Readable], dict[int, RowStatus]]:
    """Set apart duplicate and rejected rows; give the readable rest, by row number.

    Source: the row-status rules of the project's records reference. A row whose every cell,
    read by a rule or not, equals an earlier row's is a duplicate, whatever became of that
    row; only then is it asked whether the row can be read.
    """
    first_with: dict[tuple[str, ...], int] = {}
    readable: dict[int, Readable] = {}
    statuses: dict[int, RowStatus] = {}
    for row, cells in enumerate(table.rows, start=1):
        if cells in first_with:
            statuses[row] = RowStatus(row, "duplicate", first_with[cells])
            continue
        first_with[cells] = row
        try:
            readable[row] = read(row, dict(zip(table.header, cells, strict=True)))
        except UnreadableError:
            statuses[row] = RowStatus(row, "rejected")
    return readable, statuses
