"""A slow reader of record folders, row by row, and what two contracts make of each row. It shares no code with the program.

Source: records reference, 'Files', 'Text', 'Row statuses'; for Tower Hamlets the independent program of `tests.oracle`.
Money is exact, as `Fraction`; statuses and the rows that duplicates repeat stand by file and row number.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import duckdb

from tests.oracle.rows import Table
from tests.oracle.tower_hamlets import work_out_records

#: Characters that show nothing, among those that the mutations write.
NOTHING_SHOWN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u061c"
Place = tuple[str, int]


class Row(NamedTuple):
    """One row of a file: where it stands, its cells by heading, and what it was told apart by."""

    place: Place
    cells: dict[str, str]
    odd: bool
    key: tuple[object, ...]


class Said(NamedTuple):
    """What became of a row, and for a duplicate the row that it repeats."""

    status: str
    of: Place | None = None


def plainly(text: str) -> str:
    """A cell as it is compared."""
    kept = "".join(letter for letter in text if letter not in NOTHING_SHOWN)
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in kept)
    return unicodedata.normalize("NFC", spaced).strip(" \t\r\n\v\f")


def key_of(heading: str) -> str:
    """A heading as it is found."""
    return re.sub("[ _-]+", "_", plainly(heading).casefold()).strip("_")


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _lines(path: Path, wanted: set[str]) -> list[list[str]]:
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            found = connection.execute(f"SELECT * FROM '{path}'")
            headings = [str(one[0]) for one in found.description]
            return [headings, *([_parquet(cell) for cell in row] for row in found.fetchall())]
    text = _text(path.read_bytes())
    tries = []
    for delimiter in ",;\t|":
        rows = [
            row
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
            if any(cell.strip() for cell in row) or len(row) > 1
        ]
        tries.append((len(wanted & set(map(key_of, rows[0]))), rows))
    return max(tries, key=lambda one: one[0])[1]


def _parquet(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else str(cell)
    if isinstance(cell, (float, Decimal)):
        digits = format(Decimal(str(cell)), "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return str(cell)


def files(folder: Path, table: str) -> Iterator[Path]:
    """The files of a table in their order."""
    for path in (folder / f"{table}.csv", folder / f"{table}.parquet"):
        if path.exists():
            yield path
    yield from sorted((folder / table).glob("*.*"), key=lambda path: path.name)


def rows(folder: Path, table: str, declared: tuple[str, ...]) -> list[Row]:
    """Every row of a table, in order."""
    found: list[Row] = []
    for path in files(folder, table):
        headings, *under = _lines(path, set(declared))
        named = [key_of(heading) for heading in headings]
        for number, line in enumerate(under, start=1):
            cells = [plainly(cell).replace("\r\n", "\n").replace("\r", "\n") for cell in line]
            odd = len(cells) != len(named)
            there = dict(zip(named, cells, strict=False))
            own = {name: there.get(name, "") for name in named}
            filled = tuple(sorted((name, cell) for name, cell in own.items() if cell))
            beyond = tuple(cells[len(named) :])
            shape = (len(cells), len(named)) if odd else None
            place = (str(path.relative_to(folder)), number)
            found.append(Row(place, {**dict.fromkeys(declared, ""), **own}, odd, (filled, beyond, shape)))
    return found


def _sifted(found: list[Row]) -> tuple[dict[Place, Said], list[Row]]:
    """Duplicates and rows of a wrong number of cells, and the rest."""
    first: dict[object, Place] = {}
    said: dict[Place, Said] = {}
    rest: list[Row] = []
    for row in found:
        if row.key in first:
            said[row.place] = Said("duplicate", first[row.key])
            continue
        first[row.key] = row.place
        if row.odd:
            said[row.place] = Said("rejected")
        else:
            rest.append(row)
    return said, rest


# ------------------------------------------------------------------ Tower Hamlets

TOWER_HAMLETS = {
    "referrals": ("person_id", "referred_on", "severe_condition"),
    "engagements": ("person_id", "engaged_on"),
    "jobs": ("job_id", "person_id", "started_on", "ended_on", "hours_per_week"),
}


def _no_longer(cell: str) -> str:
    """A cell for the other program, which reads numbers of any length."""
    return "too long" if re.fullmatch("-?[0-9]*[.][0-9]{10,}", cell) else cell


def tower_hamlets(folder: Path, as_of: dt.date) -> tuple[dict[Place, Said], dict[str, Fraction]]:
    """Statuses, and what each payer owes for fees over all stated quarters."""
    said: dict[Place, Said] = {}
    tables: dict[str, Table] = {}
    rests: dict[str, list[Row]] = {}
    for name, declared in TOWER_HAMLETS.items():
        mine, rest = _sifted(rows(folder, name, declared))
        said |= mine
        rests[name] = rest
        # A number of its own keeps the other program from finding duplicates anew.
        lines = (
            (*(_no_longer(row.cells[column]) for column in declared), str(at)) for at, row in enumerate(rest)
        )
        tables[name] = Table((*declared, "number"), tuple(lines))
    answer = work_out_records(tables, as_of)
    for name, rest in rests.items():
        for row, status in zip(rest, answer.row_statuses[name], strict=True):
            said[row.place] = Said(status.status)
    owed: dict[str, Fraction] = {}
    for payment in answer.payments:
        owed[payment.payer] = owed.get(payment.payer, Fraction(0)) + Fraction(payment.amount)
    for advance in answer.advances:
        owed[advance.payer] += Fraction(advance.amount)
    return said, owed


# ------------------------------------------------------------------ sums, averages and blanks

SUMS_TEXT = """
contract Help
  service period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records People
  one row per  Client
  | column    | holds     | blank    |
  | Person ID | person    | rejected |
  | Joined On | date      | rejected |
  | Eligible  | yes or no | allowed  |
end records

records Costs
  one row per  Cost
  known on     Reported On
  | column      | holds      | blank    | must be     |
  | Person ID   | person     | allowed  | any         |
  | Spent On    | date       | allowed  | any         |
  | Reported On | date       | allowed  | any         |
  | Amount      | money      | allowed  | at least £0 |
  | Share       | percentage | allowed  | any         |
  | Items       | count      | rejected | any         |
end records

records Visits
  one row per  Visit
  | column     | holds                 | blank    | must be                                |
  | Visited On | date                  | rejected | any                                    |
  | Mark       | points                | allowed  | at least 0 points but at most 5 points |
  | Place      | one of "café", "home" | allowed  | any                                    |
end records

cohort Clients [1]
  rows        People
  joins on    Joined On
  only if     Eligible is yes
  if several  earliest Joined On
end cohort

metric Spent [2]
  kind     input
  sums     Amount of Costs
  among    Clients
  only if  Share is at least 50% or Items is more than 3
  dated    Spent On
end metric

metric Visit Mark [3]
  kind      outcome
  averages  Mark of Visits
  not if    Place is "home"
  dated     Visited On
  measured  in each quarter
end metric

payment Refund [4]
  payer     Council
  payee     Provider
  for each  Spent
  pays      £1
end payment

payment Quality Fee [5]
  payer     Council
  payee     Provider
  for each  Visit Mark
  pays      £100
end payment
"""
SUMS = {
    "people": ("person_id", "joined_on", "eligible"),
    "costs": ("person_id", "spent_on", "reported_on", "amount", "share", "items"),
    "visits": ("visited_on", "mark", "place"),
}
_START, _END = dt.date(2026, 4, 1), dt.date(2027, 3, 31)


class _Invalid(Exception):
    """A cell that cannot be read, or is impossible."""


def _day(cell: str, *, blank: bool = False) -> dt.date | None:
    if blank and not cell:
        return None
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        raise _Invalid
    try:
        return dt.date.fromisoformat(cell)
    except ValueError as error:
        raise _Invalid from error


def _number(cell: str, low: int | None = None, high: int | None = None) -> Fraction | None:
    if not cell:
        return None
    if not re.fullmatch("-?0*[0-9]{1,18}([.][0-9]{1,9})?", cell):
        raise _Invalid
    number = Fraction(cell)
    if (low is not None and number < low) or (high is not None and number > high):
        raise _Invalid
    return number


def _share(cell: str) -> Fraction | None:
    if not cell:
        return None
    if not re.fullmatch("-?0*[0-9]{1,16}([.][0-9]{1,7})?%", cell):
        raise _Invalid
    return Fraction(cell[:-1]) / 100


def _client(row: Row, as_of: dt.date, members: set[str]) -> bool:
    who, day, eligible = (row.cells[name] for name in SUMS["people"])
    joined = _day(day)
    if not who or eligible not in ("yes", "no", ""):
        raise _Invalid
    assert joined is not None
    # Nothing in the contract says from when people may join; the last day is that of the service period.
    if eligible == "yes" and joined <= min(_END, as_of):
        members.add(who)
        return True
    return False


def _spent(row: Row, as_of: dt.date, members: set[str], sums: dict[int, Fraction]) -> bool:
    cells = row.cells
    day, known = _day(cells["spent_on"], blank=True), _day(cells["reported_on"], blank=True)
    amount, share = _number(cells["amount"], low=0), _share(cells["share"])
    items = _number(cells["items"], low=0)
    if items is None or items.denominator != 1:
        raise _Invalid
    counts = (
        cells["person_id"] in members
        and day is not None
        and _START <= day <= min(_END, as_of)
        and (known is None or known <= as_of)
        and amount is not None
        and ((share is not None and share >= Fraction(1, 2)) or items > 3)
    )
    if counts:
        assert day is not None
        assert amount is not None
        at = _quarter(day)
        sums[at] = sums.get(at, Fraction(0)) + amount
    return counts


def _marked(row: Row, as_of: dt.date, marks: dict[int, list[Fraction]]) -> bool:
    day, mark, place = _day(row.cells["visited_on"]), _number(row.cells["mark"], 0, 5), row.cells["place"]
    if place not in ("", "caf\u00e9", "home"):
        raise _Invalid
    assert day is not None
    counts = _START <= day <= min(_END, as_of) and mark is not None and place == "caf\u00e9"
    if counts and mark is not None:
        marks.setdefault(_quarter(day), []).append(mark)
    return counts


def _quarter(day: dt.date) -> int:
    return (day.year - 2026) * 4 + (day.month - 1) // 3 - 1


def _over(quarter: int, as_of: dt.date) -> bool:
    ends = (dt.date(2026, 6, 30), dt.date(2026, 9, 30), dt.date(2026, 12, 31), dt.date(2027, 3, 31))
    return ends[quarter] <= as_of


def _pennies(amount: Fraction) -> Fraction:
    return Fraction(int(amount * 100 + Fraction(1, 2)), 100)


def sums(folder: Path, as_of: dt.date) -> tuple[dict[Place, Said], dict[str, Fraction]]:
    """Statuses, and what the Council owes over all stated quarters."""
    said: dict[Place, Said] = {}
    members: set[str] = set()
    spent: dict[int, Fraction] = {}
    marks: dict[int, list[Fraction]] = {}
    for name, declared in SUMS.items():
        mine, rest = _sifted(rows(folder, name, declared))
        said |= mine
        for row in rest:
            try:
                if name == "people":
                    used = _client(row, as_of, members)
                elif name == "costs":
                    used = _spent(row, as_of, members, spent)
                else:
                    used = _marked(row, as_of, marks)
            except _Invalid:
                said[row.place] = Said("rejected")
            else:
                said[row.place] = Said("used" if used else "outside")
    owed = sum((_pennies(amount) for at, amount in spent.items() if _over(at, as_of)), Fraction(0))
    for at, those in marks.items():
        if _over(at, as_of):
            owed += _pennies(100 * sum(those, Fraction(0)) / len(those))
    return said, {"Council": owed}


def all_of_a_kind(said: Mapping[Place, Said], table: str) -> set[str]:
    """The statuses that the rows of a table have."""
    return {one.status for place, one in said.items() if place[0].split("/")[0].split(".")[0] == table}
