"""Essex records made from a seed: people who start at every edge, stays that overlap and tie, rows that cannot be read."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random

HEADINGS = {
    "cases": ("person_id", "date_of_birth", "form_on", "panel_on", "consent_on", "started_on"),
    "placements": ("placement_id", "person_id", "placement_code", "from_on", "to_on"),
    "support": ("support_id", "person_id", "on", "cost"),
}
#: Days about which rules turn: the ends of the term and of quarters, month ends, leap days.
STARTS = ("2013-04-01", "2013-03-31", "2015-08-31", "2013-08-31", "2016-02-29", "2018-03-31", "2018-04-01", "2014-06-30",
          "2017-12-31", "2016-11-15", "2013-06-30")  # fmt: skip
CODES = ("Q1", "Q1", "Q2", "K2", "H5", "Z1", "R5", "P1", "T4", "X9", "q1", "")
BAD_DAYS = ("2014-02-30", "31/05/2016", "", "0000-01-01", "2015-2-1")
COSTS = ("0", "0.01", "719.83", "1000", "86.40", "250", "33.33", "-0.01", "12.345", "£5", "1,000", "", "0.10")


def write(folder: Path, seed: int, people: int = 60) -> None:
    """Write the three files."""
    rng = Random(seed)
    rows: dict[str, list[tuple[str, ...]]] = {name: [] for name in HEADINGS}
    for number in range(people):
        person = f"Y{number:03}" if rng.random() < 0.97 else ""
        starts = [_start(rng) for _ in range(rng.choice((1, 1, 1, 2)))]
        for start in starts:
            rows["cases"].append((person, _born(rng, start), "2013-01-01", "soon", "", start))
        for _ in range(rng.randrange(6)):
            rows["placements"].append(_placement(rng, person, starts[0], len(rows["placements"])))
        for _ in range(rng.randrange(6)):
            day = _near(rng, starts[0], 1200)
            rows["support"].append((f"S{len(rows['support'])}", person, day, rng.choice(COSTS)))
    for name, headings in HEADINGS.items():
        lines = rows[name]
        lines += rng.choices(lines, k=len(lines) // 12)
        rng.shuffle(lines)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([headings, *lines])


def _start(rng: Random) -> str:
    kind = rng.random()
    if kind < 0.05:
        return rng.choice(BAD_DAYS)
    if kind < 0.45:
        return rng.choice(STARTS)
    return (date(2013, 3, 1) + timedelta(days=rng.randrange(1900))).isoformat()


def _born(rng: Random, start: str) -> str:
    """A birth that makes the person 10 to 17 at the start, often to the day."""
    if rng.random() < 0.05:
        return rng.choice(BAD_DAYS)
    if rng.random() < 0.15:
        return rng.choice(("2000-02-29", "2004-02-29"))
    try:
        on = date.fromisoformat(start)
        birthday = on.replace(year=on.year - rng.randrange(10, 19))
    except ValueError:
        birthday = date(2001, 3, 1)
    return (birthday + timedelta(days=rng.choice((0, 0, 1, -1, 200)))).isoformat()


def _near(rng: Random, start: str, spread: int) -> str:
    if rng.random() < 0.04:
        return rng.choice(BAD_DAYS)
    try:
        day = date.fromisoformat(start)
    except ValueError:
        day = date(2015, 1, 1)
    return (day + timedelta(days=rng.randrange(-200, spread))).isoformat()


def _placement(rng: Random, person: str, start: str, number: int) -> tuple[str, ...]:
    first = start if rng.random() < 0.3 else _near(rng, start, 1000)
    kind = rng.random()
    if kind < 0.15:
        out = ""
    elif kind < 0.2:
        out = rng.choice(BAD_DAYS)
    else:
        try:
            out = (
                date.fromisoformat(first) + timedelta(days=rng.choice((-1, 0, 1, 30, 30, 91, 400)))
            ).isoformat()
        except ValueError:
            out = "2016-01-01"
    return (f"L{number}", person, rng.choice(CODES), first, out)
