"""Rows that are wrong in every way that the row-status rules speak of, and some they do not mind."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, TypeAlias

from tests.oracle.rows import COLUMNS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

Row: TypeAlias = list[str]

HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "referrals": ("person_id", "referred_on", "severe_condition", "date_of_birth", "team"),
    "engagements": ("engagement_id", "person_id", "engaged_on"),
    "jobs": ("job_id", "person_id", "started_on", "ended_on", "hours_per_week"),
}

BAD_DATES: Final = (
    "31/05/2018",
    "2018-04-31",
    "2017-02-29",
    "2018-13-01",
    "2018-00-10",
    "2018-04-00",
    "2018-4-3",
    "20180403",
    "2018-04-03T00:00:00",
    "2018-04-03 09:30",
    "03-04-2018",
    "18-04-03",
    "n/a",
    "yes",
)
"""Texts that are no date written YYYY-MM-DD, or no day of the calendar."""

BAD_YES_NO: Final = ("Yes", "YES", "No", "NO", "y", "true", "1", "", "unknown", "yes no")
BAD_HOURS: Final = (
    "-4",
    "0",
    "0.0",
    "-0.5",
    "169",
    "168.01",
    "1000000",
    "twenty",
    "",
    "n/a",
    "NaN",
    "inf",
    "1e1",
    "16,5",
    "16 h",
    "0x10",
)
FAR_DATES: Final = ("9999-12-31", "2100-02-28", "0001-01-01", "1900-02-28")
"""Real days that the contract does not look at, and that date arithmetic may overflow on."""


def _position(table: str, column: str) -> int:
    return HEADERS[table].index(column)


def _unread(table: str, header: Row) -> list[int]:
    """Give the positions of the columns of a table that no rule reads."""
    return [at for at, column in enumerate(header) if column not in COLUMNS[table]]


def _spoil(row: Row, table: str, header: Row, kind: str, rng: random.Random, last_day: dt.date) -> None:
    """Change a clean row into one of the named kind."""
    dates = [at for at, column in enumerate(header) if column.endswith("_on")]

    # Where every column is read, no kind of dirt asks for this one.
    unread = rng.choice(_unread(table, header) or [len(header)])

    def after(low: int, high: int) -> str:
        return (last_day + dt.timedelta(days=rng.randint(low, high))).isoformat()

    def start_plus(low: int, high: int) -> str:
        return (dt.date.fromisoformat(row[2]) + dt.timedelta(days=rng.randint(low, high))).isoformat()

    changes: dict[str, tuple[int, Callable[[], str]]] = {
        "bad date": (rng.choice(dates), lambda: rng.choice(BAD_DATES)),
        "blank date": (dates[0], lambda: ""),
        "blank person": (_position(table, "person_id"), lambda: rng.choice(("", "  "))),
        "unknown person": (_position(table, "person_id"), lambda: rng.choice(("NOBODY", "p1", "P01", "P 1"))),
        "future": (dates[0], lambda: after(1, 900)),
        "far": (dates[0], lambda: rng.choice(FAR_DATES)),
        "near duplicate": (unread, lambda: rng.choice(("", "x", "E0"))),
        "bad yes or no": (2, lambda: rng.choice(BAD_YES_NO)),
        "bad hours": (4, lambda: rng.choice(BAD_HOURS)),
        "blank job": (0, lambda: ""),
        "ends before start": (3, lambda: start_plus(-30, -1)),
        "ends on start": (3, lambda: start_plus(0, 0)),
        "other end": (3, lambda: start_plus(0, 270)),
    }
    if kind == "all blank":
        row[:] = [""] * len(row)
    elif kind != "duplicate":
        at, value = changes[kind]
        row[at] = value()
    if table == "jobs" and kind in {"future", "far"}:
        row[3] = rng.choice(("", "9999-12-31"))


def _kinds(table: str, header: Row) -> list[str]:
    """Give the kinds of dirt that make sense for a table."""
    kinds = ["duplicate", "bad date", "blank date", "blank person", "future", "far", "all blank"]
    if table == "referrals":
        kinds.append("bad yes or no")
    else:
        kinds.append("unknown person")
    if table == "jobs":
        kinds += ["bad hours", "blank job", "ends before start", "ends on start", "other end"]
    if _unread(table, header):
        kinds.append("near duplicate")
    return kinds


def add_dirt(
    tables: Mapping[str, list[Row]],
    headers: Mapping[str, Row],
    rng: random.Random,
    percent: int,
    last_day: dt.date,
) -> None:
    """Add dirty rows to every table: each kind once at least, and so many for each 100 clean rows.

    Some of them are added twice, a rejected one always: duplicates of rejected rows.
    """
    for table, rows in tables.items():
        kinds = _kinds(table, headers[table])
        extra = max(0, len(rows) * percent // 100 - len(kinds))
        kinds += [rng.choice(kinds) for _ in range(extra)]
        added: list[Row] = []
        for kind in kinds:
            row = list(rng.choice(rows))
            _spoil(row, table, headers[table], kind, rng, last_day)
            added.append(row)
        again = rng.sample(added, len(added) // 5)
        again.append(added[kinds.index("blank person")])
        rows.extend(added)
        rows.extend(list(row) for row in again)


def add_junk(
    tables: Mapping[str, list[Row]], headers: Mapping[str, Row], rng: random.Random, percent: int
) -> None:
    """Put nonsense, in so many rows out of 100, into columns that no rule reads."""
    for table, rows in tables.items():
        unread = _unread(table, headers[table])
        for row in rows:
            if unread and rng.randrange(100) < percent:
                row[rng.choice(unread)] = rng.choice(("31/02/1970", "?", "-1", ""))


def pad(tables: Mapping[str, list[Row]], rng: random.Random, percent: int) -> None:
    """Put spaces around so many cells out of 100."""
    for rows in tables.values():
        for row in rows:
            for at, cell in enumerate(row):
                if rng.randrange(100) < percent:
                    row[at] = rng.choice((f" {cell}", f"{cell} ", f"  {cell} "))
