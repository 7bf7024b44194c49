"""Keys and versions of rows reckoned slowly, row by row, from the language reference alone; and a contract to reckon them of.

Nothing of the program is used here but the texts that it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

AS_OF = date(2026, 9, 30)
PERIOD = (date(2026, 4, 1), date(2027, 3, 31))
#: Ways in which the contract may say which row stands: column and direction; 'part' for the later part.
Ways = tuple[tuple[str, str], ...]

TEXT = """contract Told Again
  service period  1 April 2026 to 31 March 2027
  payment period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      monthly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records Clients
  one row per  Client
  | column    | holds  | blank    |
  | Client ID | person | rejected |
  | Opened On | date   | rejected |
end records

records Jobs
  one row per  Job
{lines}  known on     Told On
  spell        from Begun to the day before Ended, {open}
  | column    | holds      | blank    | must be     |
  | Job ID    | identifier | rejected | any         |
  | Site      | number     | rejected | any         |
  | Client ID | person     | rejected | any         |
  | Begun     | date       | rejected | any         |
  | Ended     | date       | allowed  | any         |
  | Hours     | number     | rejected | at most 100 |
  | Version   | number     | allowed  | any         |
  | Told On   | date       | allowed  | any         |
end records

cohort Everybody [1]
  rows        Clients
  joins on    Opened On
  if several  earliest Opened On
end cohort

metric Starts [2]
  kind     output
  counts   rows of Jobs
  among    Everybody
  only if  Hours is at least 10
  dated    Begun
end metric

metric Days [2]
  kind     outcome
  counts   days of Jobs
  among    Everybody
  only if  Hours is at least 10
  dated    each day
end metric

payment Fee [3]
  payer  Council
  payee  Provider
  | for each | pays |
  | Starts   | £100 |
  | Days     | £1   |
end payment
"""


def text(ways: Ways | None, parts: Sequence[str], *, until_next: bool) -> str:
    """The contract; `ways` None for no key."""
    lines = ""
    if ways is not None:
        lines += "  identified by  Job ID, Site\n"
    if ways:
        said = ["latest part" if way == "part" else f"{way} {column}" for way, column in ways]
        lines += f"  if several  {', then '.join(said)}\n"
    if parts:
        named = ", ".join(f'"{part}"' for part in parts)
        lines += f"  in parts  {named}\n"
    return TEXT.format(lines=lines, open="open until the next row" if until_next else "open while blank")


class Row(NamedTuple):
    """One row as it stands in a file: cells as text, the number of its part, its place in the part."""

    part: int
    number: int
    cells: tuple[str, ...]

    def day(self, at: int) -> date | None:
        return date.fromisoformat(self.cells[at]) if self.cells[at] else None

    @property
    def key(self) -> tuple[str, float]:
        return self.cells[0], float(self.cells[1])

    @property
    def valid(self) -> bool:
        begun, ended = self.day(3), self.day(4)
        return bool(self.cells[5]) and float(self.cells[5]) <= 100 and not (ended and begun and ended < begun)

    @property
    def known(self) -> bool:
        told = self.day(7)
        return told is None or told <= AS_OF

    @property
    def read(self) -> tuple[object, ...]:
        """What clauses read: numbers are one however they are written."""
        version = float(self.cells[6]) if self.cells[6] else None
        return (
            self.key,
            self.cells[2],
            self.cells[3],
            self.cells[4],
            float(self.cells[5]),
            version,
            self.cells[7],
        )


def _better(one: Row, other: Row, ways: Ways) -> int:
    """1 where the first stands before the other, -1 the other way about, 0 where nothing decides."""
    for way, column in ways:
        if way == "part":
            if one.part != other.part:
                return 1 if one.part > other.part else -1
            continue
        at = {"Told On": 7, "Version": 6, "Begun": 3}[column]
        left, right = one.cells[at], other.cells[at]
        if not left or not right:
            if left or right:
                return 1 if left else -1
            continue
        a, b = (float(cell) if at == 6 else date.fromisoformat(cell).toordinal() for cell in (left, right))
        if a != b:
            return 1 if (a > b) == (way in ("latest", "highest")) else -1
    return 0


class Reckoned(NamedTuple):
    """The status of each row, how many started, and how many days each person had."""

    statuses: dict[tuple[int, int], str]
    starts: int
    days: int


def reckon(rows: Sequence[Row], ways: Ways | None, clients: set[str], *, until_next: bool) -> Reckoned:
    """What becomes of the rows, given in the order of parts and of the files."""
    statuses: dict[tuple[int, int], str] = {}
    seen: set[tuple[str, ...]] = set()
    readable: list[Row] = []
    for row in rows:
        place = (row.part, row.number)
        if row.cells in seen:
            statuses[place] = "duplicate"
        elif not row.valid:
            statuses[place] = "rejected"
        else:
            readable.append(row)
        seen.add(row.cells)
    standing = list(readable)
    if ways is not None:
        for row in [one for one in readable if one.known]:
            mine = [one for one in readable if one.known and one.key == row.key]
            top = [one for one in mine if all(_better(one, other, ways) >= 0 for other in mine)]
            place = (row.part, row.number)
            alike = len({one.read for one in top}) == 1
            if row not in top:
                statuses[place] = "superseded"
            elif len(top) > 1 and not alike:
                statuses[place] = "rejected"
            elif row is not top[0]:
                statuses[place] = "superseded"
            else:
                continue
            standing.remove(row)
    days: dict[str, set[date]] = {}
    starts = 0
    for row in standing:
        begun, ended = row.day(3), row.day(4)
        assert begun is not None
        counted = row.known and begun <= AS_OF and row.cells[2] in clients and float(row.cells[5]) >= 10
        statuses[row.part, row.number] = "used" if counted else "outside"
        if not counted:
            continue
        starts += 1
        stop = ended or AS_OF + timedelta(days=1)
        if until_next and ended is None:
            later = [one.day(3) for one in standing if one.known and one.cells[2] == row.cells[2]]
            after = [day for day in later if day is not None and day > begun]
            stop = min([stop, *after])
        mine_days = days.setdefault(row.cells[2], set())
        day = begun
        while day < stop and day <= AS_OF:
            mine_days.add(day)
            day += timedelta(days=1)
    return Reckoned(statuses, starts, sum(map(len, days.values())))
