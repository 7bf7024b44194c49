"""The Essex measures worked out person by person and day by day, from the files alone.

It reads the same CSV files and shares no code with the package: a second opinion on who is tracked, which days count, what
support cost, and what became of each row.
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

CODES = frozenset(["Q1", "Q2", "P2", "P3", "K1", "K2", "H5", "S1", "M1", "R1", "R2", "R3", "R5", "Z1"])
FIRST, LAST = date(2013, 4, 1), date(2021, 3, 31)
LAST_START = date(2018, 3, 31)
DAY = timedelta(days=1)


@dataclass
class Row:
    """One row of a file: its number, its cells, and what became of it."""

    number: int
    cells: dict[str, str]
    status: str = ""


@dataclass
class Answer:
    """Quantities by metric and first day of the quarter; by person too; and rows by table and status."""

    quantities: dict[tuple[str, date], Fraction] = field(default_factory=dict)
    persons: dict[tuple[str, date, str], Fraction] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)

    def add(self, metric: str, day: date, person: str, amount: Fraction) -> None:
        first = quarter(day)
        self.quantities[metric, first] = self.quantities.get((metric, first), Fraction(0)) + amount
        key = (metric, first, person)
        self.persons[key] = self.persons.get(key, Fraction(0)) + amount


def quarter(day: date) -> date:
    """The first day of the quarter."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarters(as_of: date) -> list[date]:
    """The first days of the quarters of the contract that have ended by the day."""
    found, day = [], FIRST
    while day <= LAST:
        after = months_after(day, 3)
        if after - DAY <= as_of:
            found.append(day)
        day = after
    return found


def months_after(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def age(born: date, on: date) -> int | None:
    """Birthdays that have come by the day; a birthday on 29 February comes on 28 February in other years."""
    if on < born:
        return None
    years = on.year - born.year
    birthday = born.day
    if (born.month, born.day) == (2, 29) and not calendar.isleap(on.year):
        birthday = 28
    return years if (on.month, on.day) >= (born.month, birthday) else years - 1


def work_out(folder: Path, shares: Mapping[int, Fraction], as_of: date) -> Answer:
    """Everything, as known on a day."""
    answer = Answer()
    tables = {name: _rows(folder / f"{name}.csv") for name in ("cases", "placements", "support")}
    members = _members(tables["cases"], as_of)
    stays = _placements(tables["placements"], members, as_of)
    _support(tables["support"], members, as_of, answer)
    for person, (started, years) in members.items():
        end = months_after(started, 30)
        day = started
        while day < end and day <= min(as_of, LAST):
            answer.add("Baseline Days", day, person, shares[years])
            if any(first <= day and (out is None or day < out) for first, out in stays.get(person, [])):
                answer.add("Care Days", day, person, Fraction(1))
            day += DAY
    answer.rows = {name: [row.status for row in rows] for name, rows in tables.items()}
    return answer


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [Row(number, dict(cells)) for number, cells in enumerate(csv.DictReader(stream), start=1)]
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        cells = tuple(row.cells.values())
        if cells in seen:
            row.status = "duplicate"
        seen.add(cells)
    return rows


def _day(text: str) -> date | None:
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not text.replace("-", "").isdigit():
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def _members(rows: list[Row], as_of: date) -> dict[str, tuple[date, int]]:
    """Who is tracked: the day of the start and the age then."""
    candidates: dict[str, list[tuple[date, date, int]]] = {}
    for row in rows:
        if row.status:
            continue
        person = row.cells["person_id"]
        born, started = _day(row.cells["date_of_birth"]), _day(row.cells["started_on"])
        if not person or born is None or started is None:
            row.status = "rejected"
            continue
        years = age(born, started)
        fits = FIRST <= started <= min(LAST_START, as_of) and years is not None and 11 <= years <= 16
        row.status = "used" if fits else "outside"
        if fits and years is not None:
            candidates.setdefault(person, []).append((started, born, years))
    return {person: (min(found)[0], min(found)[2]) for person, found in candidates.items()}


def _placements(
    rows: list[Row], members: Mapping[str, object], as_of: date
) -> dict[str, list[tuple[date, date | None]]]:
    stays: dict[str, list[tuple[date, date | None]]] = {}
    for row in rows:
        if row.status:
            continue
        person, code = row.cells["person_id"], row.cells["placement_code"]
        first, out = _day(row.cells["from_on"]), _day(row.cells["to_on"])
        unread = first is None or (out is None and row.cells["to_on"] != "")
        if not person or not code or unread or (first and out and out < first):
            row.status = "rejected"
            continue
        counts = person in members and code in CODES and first is not None and first <= as_of
        row.status = "used" if counts else "outside"
        if counts and first is not None:
            stays.setdefault(person, []).append((first, out))
    return stays


def _support(
    rows: list[Row], members: Mapping[str, tuple[date, int]], as_of: date, answer: Answer
) -> None:  # fmt: skip
    for row in rows:
        if row.status:
            continue
        person, day = row.cells["person_id"], _day(row.cells["on"])
        try:
            cost = Fraction(Decimal(row.cells["cost"]))
        except InvalidOperation:
            cost = Fraction(-1)
        if not person or day is None or cost < 0:
            row.status = "rejected"
            continue
        started = members[person][0] if person in members else None
        tracked = started is not None and started <= day < months_after(started, 30)
        row.status = "used" if tracked and day <= as_of else "outside"
        if row.status == "used":
            answer.add("Support Cost", day, person, cost)
