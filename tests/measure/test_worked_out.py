"""Columns worked out, and what is in progress at month ends, against a reckoning of its own: row by row, day by day, in fractions.

Formulas are made at random, each as words and as a function of the row; cells are blank, nought, negative, and leap days.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.measure import measure
from sibdsl.measure.volumes import Volumes
from sibdsl.model.parameters.in_force import as_written
from sibdsl.size_limits import ROW_CHAIN
from sibdsl.source import Source

Cell = Fraction | date | None
Row = dict[str, Cell]
Formula = tuple[str, Callable[[Row], Cell]]

DAY = timedelta(days=1)
FIRST, LAST = date(2019, 4, 1), date(2021, 3, 31)
DAYS = [date(2020, 2, 29), date(2020, 2, 28), date(2020, 1, 31), date(2020, 1, 30), date(2020, 3, 1), date(2019, 12, 31),
        date(2020, 4, 30), date(2019, 6, 15), date(2021, 2, 28), date(2020, 10, 31), date(2020, 10, 1)]  # fmt: skip
NUMBERS = [
    Fraction(0),
    Fraction(1),
    Fraction(-2),
    Fraction(3),
    Fraction(7),
    Fraction(-1, 4),
    Fraction(1999, 100),
    Fraction(12),
]
COUNTS = [Fraction(0), Fraction(1), Fraction(2), Fraction(3), Fraction(12)]


# ------------------------------------------------------------------ times, one day at a time


def days_from(start: date, end: date) -> int:
    found = 0
    while start < end:
        start, found = start + DAY, found + 1
    return found


def is_last(day: date) -> bool:
    return (day + DAY).month != day.month


def month_ends(start: date, end: date) -> int:
    found = 0
    while start <= end:
        found += is_last(start)
        start += DAY
    return found


def months_on(day: date, number: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    number = 0
    while months_on(start, number + 1) <= end:
        number += 1
    return number


def whole_years(start: date, end: date) -> int:
    number = 0
    while months_on(start, 12 * (number + 1)) <= end:
        number += 1
    return number


TIMES = {
    "count": [("whole months", whole_months), ("month ends", month_ends), ("whole years", whole_years)],
    "days": [("days", days_from)],
}


# ------------------------------------------------------------------ formulas


class Maker:
    """Formulas from a seed, each of one kind, so that every sum of them has a meaning."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)

    def date(self) -> Formula:
        names = ["On", "Until", "Seen"]
        one, other = (self.rng.choice(names) for _ in range(2))
        match self.rng.randrange(6):
            case 0:
                number = self.rng.choice((1, 13))
                return f"{number} months after {one}", lambda row: moved(row[one], number)
            case 1:
                return f"the first given of ({one} and {other})", lambda row: first_given(
                    row[one], row[other]
                )
            case 2:
                return f"the lower of ({one} and {other})", lambda row: chosen(min, row[one], row[other])
        return one, lambda row: row[one]

    def leaf(self, kind: str) -> Formula:
        if kind == "number":
            if self.rng.randrange(3):
                name = self.rng.choice(("Rate", "Fee"))
                return name, lambda row: row[name]
            number = self.rng.choice([Fraction(2), Fraction(3, 2), Fraction(1, 8)])
            return f"{float(number):g}", lambda _: number
        if kind == "count" and self.rng.randrange(3) == 0:
            return "Times", lambda row: row["Times"]
        words, way = self.rng.choice(TIMES[kind])
        (start, begins), (end, ends) = self.date(), self.date()
        return f"({words} from {start} to {end})", lambda row: between(way, begins(row), ends(row))

    def formula(self, kind: str, depth: int = 3) -> Formula:
        if not depth or self.rng.randrange(5) == 0:
            return self.leaf(kind)
        op = self.rng.choice(("plus", "minus", "times", "divided by", "lower", "higher", "first given", "%"))
        left, a = self.formula(kind, depth - 1)
        if op == "%" and kind != "number":
            return f"(35% of {left})", lambda row: combine("times", Fraction(35, 100), a(row))
        if op in ("times", "divided by", "%"):
            right, b = self.formula("number", depth - 1)
            word = "times" if op == "%" else op
            return f"({left} {word} {right})", lambda row: combine(word, a(row), b(row))
        right, b = self.formula(kind, depth - 1)
        match op:
            case "lower" | "higher":
                way = min if op == "lower" else max
                return f"(the {op} of ({left} and {right}))", lambda row: chosen(way, a(row), b(row))
            case "first given":
                return f"(the first given of ({left} and {right}))", lambda row: first_given(a(row), b(row))
        return f"({left} {op} {right})", lambda row: combine(op, a(row), b(row))


def moved(day: Cell, months: int) -> Cell:
    assert day is None or isinstance(day, date)
    return None if day is None else months_on(day, months)


def first_given(one: Cell, other: Cell) -> Cell:
    return other if one is None else one


def chosen(way: Callable[..., Cell], one: Cell, other: Cell) -> Cell:
    return None if one is None or other is None else way(one, other)


def between(way: Callable[[date, date], int], start: Cell, end: Cell) -> Cell:
    if start is None or end is None:
        return None
    assert isinstance(start, date)
    assert isinstance(end, date)
    return None if end < start else Fraction(way(start, end))


def combine(op: str, left: Cell, right: Cell) -> Cell:
    if left is None or right is None:
        return None
    assert isinstance(left, Fraction)
    assert isinstance(right, Fraction)
    match op:
        case "plus":
            return left + right
        case "minus":
            return left - right
        case "times":
            return left * right
    return left / right if right else None


# ------------------------------------------------------------------ a contract, and records

FILED = ("Person ID", "On", "Until", "Seen", "Rate", "Fee", "Times")
HEAD = f"""
contract Trial
  service period  {FIRST.day} April 2019 to 31 March 2021
  payment period  1 April 2019 to 31 March 2021
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

cohort People
  rows        Stays
  joins on    On
  if several  earliest On
end cohort

bands Sizes
  by  First
  | band  | holds                    |
  | Small | less than 3/2            |
  | Large | at least 3/2             |
end bands
"""
METRIC = "\nmetric {}\n  kind output\n  {}\n  among People\n  {}\nend metric\n"


def made(seed: int) -> tuple[str, list[Formula]]:
    """A contract with three columns worked out, the third from the others; and the columns as functions."""
    maker = Maker(seed)
    one = maker.formula("number")
    two = maker.formula(maker.rng.choice(("count", "days")))
    op = maker.rng.choice(("times", "divided by"))
    three = (f"Second {op} First", lambda row: combine(op, two[1](row), one[1](row)))
    names = ("First", "Second", "Third")
    columns = [one, two, three]
    text = HEAD + "\nrecords Stays\n  spell  from On to Until inclusive, open while blank\n"
    text += "".join(f"  define {name} as {words}\n" for name, (words, _) in zip(names, columns, strict=True))
    text += "  | column | holds | blank |\n"
    for name, kind in zip(
        FILED, ("person", "date", "date", "date", "number", "number", "count"), strict=True
    ):
        text += f"  | {name} | {kind} | {'rejected' if name == 'Person ID' else 'allowed'} |\n"
    text += "end records\n"
    for name in names:
        text += METRIC.format(f"Sum {name}", f"sums {name} of Stays", "dated On")
        text += METRIC.format(
            f"Mean {name}", f"averages {name} of Stays", "measured in each year\n  dated On"
        )
        text += METRIC.format(
            f"At Least {name}", "counts rows of Stays", f"only if {name} is at least 5/3\n  dated On"
        )
        text += METRIC.format(f"Ends {name}", f"sums {name} of Stays", "dated at the end of each month")
    kinds = METRIC.format("Kinds", "counts different Third of Stays", "measured in each year\n  dated On")
    sized = METRIC.format("Sized", "counts rows of Stays", "banded by Sizes, as recorded\n  dated On")
    heavy = METRIC.format(
        "Heavy", "counts rows of Stays", "only if Third is not blank\n  weighted by Third\n  dated On"
    )
    there = METRIC.format("There", "counts rows of Stays", "dated at the end of each quarter")
    twice = METRIC.format(
        "Twice", "counts rows of Stays", "per person at most 2 in each year\n  dated at the end of each month"
    )
    return text + kinds + sized + heavy + there + twice, columns


def rows(seed: int) -> list[Row]:
    rng = Random(seed)

    def day() -> Cell:
        return None if rng.randrange(7) == 0 else rng.choice(DAYS)

    def number(options: list[Fraction]) -> Cell:
        return None if rng.randrange(6) == 0 else rng.choice(options)

    found: list[Row] = []
    for _ in range(40):
        row: Row = {"On": day(), "Until": day(), "Seen": day(), "Rate": number(NUMBERS), "Fee": number(NUMBERS),
                    "Times": number(COUNTS)}  # fmt: skip
        on, until = row["On"], row["Until"]
        if on is None or until is None or until >= on:  # type: ignore[operator] # else no record
            found.append(row)
    return found


def shown(value: Cell) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else f"{float(value):.9f}".rstrip("0").rstrip(".")


def measured(text: str, records: list[Row], folder: Path, as_of: date) -> Volumes:
    lines = [",".join(FILED)]
    # Each row has a person of its own but the last ten, who are one; the number keeps equal rows apart.
    for at, row in enumerate(records):
        who = f"P{min(at, len(records) - 10)}"
        lines.append(",".join([who, *(shown(row[name]) for name in FILED[1:]), str(at)]))
    lines[0] += ",Number"
    (folder / "stays.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    contract = compile_source(Source("trial.sib", text)).contract
    return measure(contract, as_written(contract), folder, as_of)


# ------------------------------------------------------------------ the same, slowly


def slowly(records: list[Row], columns: list[Formula], as_of: date) -> dict[tuple[str, str, date], Fraction]:
    """Every quantity by metric, band and day: of a mean or of different values by the last day of their year."""
    found: dict[tuple[str, str, date], Fraction] = {}
    means: dict[tuple[str, date], list[Fraction]] = {}
    so_far: dict[tuple[str, int], int] = {}

    def add(metric: str, day: date, amount: Fraction = Fraction(1), band: str = "") -> None:
        found[metric, band, day] = found.get((metric, band, day), Fraction(0)) + amount

    ends: list[tuple[date, int, str]] = []
    for at, row in enumerate(records):
        who = f"P{min(at, len(records) - 10)}"
        on, until = row["On"], row["Until"]
        values = [way(row) for _, way in columns]
        if not isinstance(on, date) or on > as_of:
            continue
        day = on
        while day <= min(as_of, LAST, until if isinstance(until, date) else as_of):
            if is_last(day) and day >= FIRST:
                ends.append((day, at, who))
                if day.month in (3, 6, 9, 12):
                    add("There", day)
                for name, value in zip(("First", "Second", "Third"), values, strict=True):
                    if isinstance(value, Fraction):
                        add(f"Ends {name}", day, value)
            day += DAY
        if not FIRST <= on <= LAST:
            continue
        year = date(on.year + (on.month > 3), 3, 31)
        for name, value in zip(("First", "Second", "Third"), values, strict=True):
            if isinstance(value, Fraction):
                add(f"Sum {name}", on, value)
                means.setdefault((f"Mean {name}", year), []).append(value)
                if value >= Fraction(5, 3):
                    add(f"At Least {name}", on)
        if isinstance(values[0], Fraction):
            add("Sized", on, band="Small" if values[0] < Fraction(3, 2) else "Large")
        if isinstance(values[2], Fraction):
            add("Heavy", on, values[2])
            means.setdefault(("Kinds", year), []).append(values[2])
    for day, _, who in sorted(ends):
        begun = day.year + (day.month > 3)
        so_far[who, begun] = so_far.get((who, begun), 0) + 1
        if so_far[who, begun] <= 2:
            add("Twice", day)
    for (metric, year), every in means.items():
        add(
            metric,
            year,
            Fraction(len(set(every))) if metric == "Kinds" else sum(every, Fraction(0)) / len(every),
        )
    return found


@pytest.mark.parametrize("seed", range(12))
def test_every_quantity_is_what_it_is_reckoned_by_hand(seed: int, tmp_path: Path) -> None:
    text, columns = made(seed)
    records = rows(seed)
    as_of = Random(seed).choice((date(2020, 2, 29), date(2020, 9, 30), LAST))
    expected = slowly(records, columns, as_of)
    with measured(text, records, tmp_path, as_of) as volumes:
        for volume in volumes.quantities:
            days = [
                amount
                for (metric, band, day), amount in expected.items()
                if (metric, band) == (volume.metric, volume.band) and day in volume.segment.days
            ]
            assert volume.number == sum(days, Fraction(0)), (volume, [words for words, _ in columns])
        claims: dict[tuple[str, str], Fraction] = {}
        for claim in volumes.claims():
            key = (claim.metric, claim.band)
            claims[key] = claims.get(key, Fraction(0)) + claim.quantity
        for metric in ("Sum Third", "Ends Second", "Heavy", "Twice"):
            stated = [one.number for one in volumes.quantities if one.metric == metric]
            assert claims.get((metric, ""), Fraction(0)) == sum(stated, Fraction(0))


def test_the_reckoning_meets_what_it_is_there_for() -> None:
    """Among the rows of the seeds are columns that are blank, negative, whole and in parts, and dates that are leap days."""
    values = [way(row) for seed in range(12) for row in rows(seed) for _, way in made(seed)[1]]
    numbers = [value for value in values if isinstance(value, Fraction)]
    assert len(values) - len(numbers) > 100
    assert sum(value < 0 for value in numbers) > 50
    assert sum(value.denominator % 3 == 0 for value in numbers) > 20
    assert any(row["On"] == date(2020, 2, 29) for row in rows(1))


def test_sums_within_sums_cost_as_much_as_they_are_long(tmp_path: Path) -> None:
    """Each part that stands several times in what is worked out is worked out once: else seven levels take minutes."""
    words = "Rate"
    for _ in range(7):
        words = f"the lower of ({words} and {words} divided by 2)"
    text = HEAD + "\nrecords Stays\n"
    text += f"  define First as {words}\n  | column | holds | blank |\n"
    for name, kind in zip(
        FILED, ("person", "date", "date", "date", "number", "number", "count"), strict=True
    ):
        text += f"  | {name} | {kind} | {'rejected' if name == 'Person ID' else 'allowed'} |\n"
    text += "end records\n" + METRIC.format("Sum First", "sums First of Stays", "dated On")
    records: list[Row] = [
        {"On": date(2020, 1, 1), "Until": None, "Seen": None, "Rate": Fraction(5), "Fee": None, "Times": None}
    ]
    with measured(text, records, tmp_path, LAST) as volumes:
        assert sum(volume.number for volume in volumes.quantities) == Fraction(5, 2**7)


def test_a_chain_of_columns_beyond_the_most_is_refused() -> None:
    chain = "  define C0 as Rate divided by 3\n" + "".join(
        f"  define C{at} as C{at - 1} plus C{at - 1}\n" for at in range(1, ROW_CHAIN + 1)
    )
    text = HEAD + "\nrecords Stays\n" + chain + "  | column | holds | blank |\n"
    text += "  | Person ID | person | rejected |\n  | On | date | rejected |\n  | Rate | number | rejected |\nend records\n"
    with pytest.raises(Refused) as refused:
        compile_source(Source("trial.sib", text.replace("  by  First", "  by  C0")))
    assert [one.code for one in refused.value.found] == ["SIB0107"]


ROUNDED = """
records Stays
  define  Down as Rate divided by Fee rounded down to the whole unit
  define  Up as Rate divided by Fee rounded up to the whole unit
  define  Half as Rate divided by Fee rounded half up to the whole unit
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | On        | date   | rejected |
  | Rate      | number | allowed  |
  | Fee       | number | allowed  |
end records
"""


@pytest.mark.parametrize("way", ["Down", "Up", "Half"])
def test_a_column_is_rounded_towards_nought_or_away_from_it(way: str, tmp_path: Path) -> None:
    """Seven halves, five thirds, a whole number, and their twins below nought; nought divides once, and adds nothing."""
    pairs = [(7, 2), (-7, 2), (5, 3), (-5, 3), (6, 3), (1, 3), (-1, 3), (1, 0)]
    lines = [f"P{at},2020-01-{at + 1:02d},{top},{over}" for at, (top, over) in enumerate(pairs)]
    (tmp_path / "stays.csv").write_text("\n".join(["Person ID,On,Rate,Fee", *lines, ""]), encoding="utf-8")
    text = (
        HEAD.replace("  by  First", f"  by  {way}")
        + ROUNDED
        + METRIC.format("Sum", f"sums {way} of Stays", "dated On")
    )
    contract = compile_source(Source("trial.sib", text)).contract
    expected = {
        "Down": [3, -3, 1, -1, 2, 0, 0],
        "Up": [4, -4, 2, -2, 2, 1, -1],
        "Half": [4, -4, 2, -2, 2, 0, 0],
    }[way]
    with measure(contract, as_written(contract), tmp_path, LAST) as volumes:
        assert [claim.quantity for claim in volumes.claims()] == expected
