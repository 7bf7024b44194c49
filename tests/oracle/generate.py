"""Generate person-level record sets for MHEP 1's contract in Tower Hamlets, edge cases first.

    python -m tests.oracle.generate OUT --seed 1 --size 400 --as-of 2019-03-31

writes `referrals.csv`, `engagements.csv`, `jobs.csv` and the reference program's
`expected.json` into OUT. The records depend on the seed, the size and the knobs alone.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import random
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.oracle.dirt import HEADERS, Row, add_dirt, add_junk, pad
from tests.oracle.terms import add_months, quarters
from tests.oracle.tower_hamlets import AS_APPLIED_FOR, Terms, to_json, work_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """How a generated case looks. Numbers are chances out of 100 for each person or row."""

    engaged: int = 85
    """Persons in the cohort who engage at all."""
    employed: int = 60
    """Engaged persons with at least one job."""
    lasting: int = 45
    """Jobs that have no end."""
    upper_hours: int = 50
    """Jobs of more than the band boundary; `exact_hours` come first."""
    exact_hours: int = 12
    """Jobs of exactly the band boundary, or a hair's breadth beside it."""
    ties: int = 10
    """Engaged persons with two or three jobs that reach an outcome on the same day."""
    month_ends: int = 25
    """Jobs that start on the last days of a month (28 to 31)."""
    edge_ends: int = 30
    """Jobs that end one day before, on or one day after the day an outcome is reached."""
    many_referrals: int = 20
    """Persons with further referrals: before the term, not severe, later, after the term."""
    not_severe: int = 6
    """Persons with no severe referral."""
    off_term: int = 6
    """Persons referred only before or after the term."""
    stray_engagements: int = 20
    """Persons with engagements before the referral, after the first, or after the term."""
    early_jobs: int = 12
    """Engaged persons with a job that started before the engagement, maybe by one day."""
    quarter_ends: int = 10
    """Referrals, engagements and reach days put on the first or last day of a quarter."""
    dirty: int = 8
    """Dirty rows for each 100 clean ones; every kind at least once unless this is 0."""
    padded: int = 2
    """Cells with spaces around them."""
    junk: int = 3
    """Rows with nonsense in a column that no rule reads."""
    early_years: int = 0
    """Referrals squeezed into the first fifth of the term, to fill blocks and caps early."""
    note_column: bool = False
    """Whether `jobs` has a further column, `note`, that no rule reads."""
    same_job_id: bool = False
    """Whether ties include one id with other hours, which the records reference does not settle."""
    shuffled: bool = True
    """Whether rows are in random order."""


MIXED: Final = Knobs()
"""A bit of everything."""

HEAVY: Final = Knobs(
    engaged=98,
    employed=95,
    lasting=80,
    upper_hours=75,
    edge_ends=10,
    off_term=1,
    not_severe=2,
    early_years=15,
)
"""Most people engage and stay in work: 1,500 people exceed each block and bind both caps."""

CLEAN: Final = Knobs(dirty=0, padded=0, junk=0)
"""No rejected row and no duplicate."""

NEAR_BOUNDARY: Final = ("16", "16", "16", "16.0", "16.00", "016", "15.99", "16.01", "15.999999", "16.000001")
TEAMS: Final = ("north", "south", "east", "west", "Bow, Mile End", 'the "old" team', "")
DAY: Final = dt.timedelta(days=1)


@dataclass(slots=True)
class _Writer:
    """A case in the making."""

    rng: random.Random
    knobs: Knobs
    terms: Terms
    tables: dict[str, list[Row]] = field(
        default_factory=lambda: {"referrals": [], "engagements": [], "jobs": []}
    )
    engagement_count: int = 0
    job_count: int = 0

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    def some(self, low: int, high: int) -> dt.timedelta:
        """Give a number of days from low to high, both included."""
        return dt.timedelta(days=self.rng.randint(low, high))

    # Rows ---------------------------------------------------------------------------

    def referral(self, person: str, day: dt.date, severe: str = "yes") -> None:
        born = dt.date(1950, 1, 1) + self.some(0, 17_000)
        team = self.rng.choice(TEAMS)
        self.tables["referrals"].append([person, day.isoformat(), severe, born.isoformat(), team])

    def engagement(self, person: str, day: dt.date) -> None:
        self.engagement_count += 1
        self.tables["engagements"].append([f"E{self.engagement_count}", person, day.isoformat()])

    def job(
        self,
        person: str,
        start: dt.date,
        end: dt.date | None,
        hours: str | None = None,
        job_id: str | None = None,
    ) -> None:
        self.job_count += 1
        row = [job_id or f"J{self.job_count}", person, start.isoformat()]
        row += [end.isoformat() if end else "", hours or self.hours()]
        if self.knobs.note_column:
            row.append(self.rng.choice(("", "temp", "agency, nights")))
        self.tables["jobs"].append(row)

    # Values -------------------------------------------------------------------------

    def hours(self) -> str:
        if self.chance(self.knobs.exact_hours):
            return self.rng.choice(NEAR_BOUNDARY)
        if self.chance(self.knobs.upper_hours):
            return self.rng.choice(("17", "20", "37.5", "40", "16.5", "24.25", "168", "168.0"))
        return self.rng.choice(("4", "8", "12", "15", "15.5", "7.75", "0.5", "0.01"))

    def quarter_edge(self, day: dt.date) -> dt.date:
        """Move a day, sometimes, to the first or last day of its quarter."""
        if self.chance(self.knobs.quarter_ends):
            for start, end in quarters(self.terms):
                if start <= day <= end:
                    return self.rng.choice((start, end))
        return day

    def month_end(self, day: dt.date) -> dt.date:
        """Give a day from 28 on in the month of this day or soon after; often 29 to 31 August."""
        if self.rng.randrange(3) == 0:
            august = dt.date(day.year, 8, self.rng.randint(29, 31))
            if august >= day:
                return august
        last = add_months(day.replace(day=1), self.rng.randrange(3) + 1) - DAY
        found = last - self.some(0, 2)
        return found if found >= day else last

    def reach_days(self, start: dt.date) -> tuple[dt.date, dt.date]:
        entry = start + dt.timedelta(weeks=self.terms.entry_hold_weeks)
        return entry, add_months(start, self.terms.sustainment_months)

    def end_of(self, start: dt.date) -> dt.date | None:
        """Give the first day out of a job, or nothing while it lasts."""
        if self.chance(self.knobs.edge_ends):
            reached = self.rng.choice(self.reach_days(start))
            return reached + self.some(-1, 1)
        if self.chance(self.knobs.lasting):
            return None
        return start + self.some(0, 270)

    # People -------------------------------------------------------------------------

    def person(self, number: int) -> None:
        """Write all rows of one person."""
        person = f"P{number}"
        rng, knobs, terms = self.rng, self.knobs, self.terms
        length = (terms.term_end - terms.term_start).days
        span = length // 5 if self.chance(knobs.early_years) else length
        referred = self.quarter_edge(terms.term_start + self.some(0, span))
        if self.chance(knobs.off_term):
            before = terms.term_start - self.some(1, 90)
            after = terms.term_end + self.some(1, 60)
            referred = rng.choice(
                (before, terms.term_start - DAY, dt.date(2016, 2, 29), after, terms.term_end + DAY)
            )
        severe = "no" if self.chance(knobs.not_severe) else "yes"
        self.referral(person, referred, severe)
        if self.chance(knobs.many_referrals):
            self.more_referrals(person, referred)
        if not self.chance(knobs.engaged):
            return
        engaged = self.quarter_edge(referred + self.some(0, 45))
        if engaged < referred and self.chance(50):
            engaged = referred
        self.engagement(person, engaged)
        if self.chance(knobs.stray_engagements):
            self.stray_engagements(person, referred, engaged)
        if self.chance(knobs.early_jobs):
            start = engaged - rng.choice((DAY, DAY, self.some(2, 200)))
            self.job(person, start, self.end_of(start))
        if self.chance(knobs.ties):
            self.tied_jobs(person, engaged)
        elif self.chance(knobs.employed):
            self.plain_jobs(person, engaged)

    def more_referrals(self, person: str, referred: dt.date) -> None:
        """Write further referrals of one person."""
        kind = self.rng.randrange(5)
        if kind == 0:
            self.referral(person, self.terms.term_start - self.some(1, 400))
        elif kind == 1:
            self.referral(person, referred - self.some(1, 60), "no")
        elif kind == 2:
            self.referral(person, referred + self.some(1, 120))
        elif kind == 3:
            self.referral(person, self.terms.term_end + self.some(1, 30))
        else:
            self.referral(person, referred - self.some(1, 30))
            self.referral(person, referred, "no")

    def stray_engagements(self, person: str, referred: dt.date, engaged: dt.date) -> None:
        """Write further engagements of one person: too early, later, on the day, too late."""
        for _ in range(self.rng.randint(1, 2)):
            day = self.rng.choice(
                (
                    referred - DAY,
                    referred - self.some(2, 120),
                    engaged,
                    engaged + DAY,
                    engaged + self.some(2, 200),
                    self.terms.term_end,
                    self.terms.term_end + self.some(1, 40),
                )
            )
            self.engagement(person, day)

    def plain_jobs(self, person: str, engaged: dt.date) -> None:
        """Write one to three jobs, one after another or side by side."""
        start = engaged + self.rng.choice((self.some(0, 0), self.some(1, 30), self.some(1, 120)))
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            if self.chance(self.knobs.month_ends):
                start = self.month_end(start)
            elif self.chance(self.knobs.quarter_ends):
                reached = self.quarter_edge(start + dt.timedelta(weeks=self.terms.entry_hold_weeks))
                start = max(start, reached - dt.timedelta(weeks=self.terms.entry_hold_weeks))
            end = self.end_of(start)
            self.job(person, start, end)
            start = (end or start) + self.some(0, 60)

    def tied_jobs(self, person: str, engaged: dt.date) -> None:
        """Write jobs that reach an outcome on one day, ids in an order that misleads.

        Either they start on one day, or at the end of August, when all of 29 to 31 August
        are six months before the last day of February.
        """
        rng = self.rng
        one, other = rng.sample(("4", "15.5", "16", "20", "37.5"), 2)
        ids = rng.choice(
            (
                ("J9", "J10"),
                ("J99", "J100"),
                ("J2", "J11"),
                ("Ja", "JB"),
                ("J1", "J1a"),
                ("J-1", "J1"),
                ("J09", "J9"),
            )
        )
        # The person's own id makes these unique, and leaves their order as it is.
        first, second = (f"{person}/{name}" for name in ids)
        start = engaged + self.some(0, 90)
        starts = [start, start]
        if rng.randrange(3) == 0:
            year = start.year if start <= dt.date(start.year, 8, 29) else start.year + 1
            starts = [dt.date(year, 8, day) for day in rng.sample((28, 29, 30, 31), 2)]
        if self.knobs.same_job_id and rng.randrange(3) == 0:
            second = first
        end = self.end_of(starts[0])
        self.job(person, starts[0], end, one, first)
        self.job(person, starts[1], end if end and end >= starts[1] else None, other, second)
        if rng.randrange(4) == 0:
            self.job(person, max(starts) + self.some(0, 20), None)


def write_case(
    directory: Path, seed: int, size: int, knobs: Knobs = MIXED, terms: Terms = AS_APPLIED_FOR
) -> None:
    """Write `referrals.csv`, `engagements.csv` and `jobs.csv` about `size` people.

    The bytes depend on the arguments alone. Any of the terms' figures that change when
    something happens (term, hold, months) move the generated edges with them.
    """
    case = _Writer(random.Random(f"{seed}/{size}"), knobs, terms)
    for number in range(1, size + 1):
        case.person(number)
    headers = {table: [*header] for table, header in HEADERS.items()}
    if knobs.note_column:
        headers["jobs"].append("note")
    if knobs.dirty and all(case.tables.values()):
        add_dirt(case.tables, headers, case.rng, knobs.dirty, terms.term_end)
    add_junk(case.tables, headers, case.rng, knobs.junk)
    pad(case.tables, case.rng, knobs.padded)
    directory.mkdir(parents=True, exist_ok=True)
    for table, rows in case.tables.items():
        if knobs.shuffled:
            case.rng.shuffle(rows)
        with (directory / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([headers[table], *rows])


def as_of_choices(seed: int, terms: Terms = AS_APPLIED_FOR) -> list[dt.date]:
    """Give as-of dates worth trying, in order: edges of the term, of years and quarters, and some more.

    Among them: the day before the term; first and last days of the term; the day before,
    of and after three quarters' last days; SOF's last day and the next; long after.
    """
    rng = random.Random(f"as of {seed}")
    ends = [end for _, end in quarters(terms)]
    chosen = {terms.term_start - DAY, terms.term_start, terms.sof_last_day, terms.sof_last_day + DAY}
    for end in {ends[0], terms.term_end, *rng.sample(ends, min(3, len(ends)))}:
        chosen |= {end - DAY, end, end + DAY}
    length = (terms.term_end - terms.term_start).days
    chosen |= {terms.term_start + dt.timedelta(days=rng.randint(1, length)) for _ in range(4)}
    chosen |= {terms.term_end + dt.timedelta(days=rng.randint(30, 400))}
    return sorted(chosen)


def _knob_options(parser: argparse.ArgumentParser) -> None:
    """Give every knob an option of its own name."""
    for knob in fields(Knobs):
        name = f"--{knob.name.replace('_', '-')}"
        if isinstance(knob.default, bool):
            parser.add_argument(name, action=argparse.BooleanOptionalAction, default=None)
        else:
            parser.add_argument(name, type=int, metavar="PERCENT", default=None)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a case and what the reference program makes of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.generate", description=main.__doc__)
    day: Callable[[str], dt.date] = dt.date.fromisoformat
    parser.add_argument("out", type=Path, help="the folder to write into")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=400, help="how many people")
    parser.add_argument("--as-of", type=day, default=AS_APPLIED_FOR.term_end, metavar="YYYY-MM-DD")
    parser.add_argument("--heavy", action="store_true", help="start from the knobs that fill blocks and caps")
    parser.add_argument("--set-off", choices=("money", "units"), default="money")
    for name in ("sof-cap", "cbo-cap"):
        parser.add_argument(
            f"--{name}", type=Decimal, default=getattr(AS_APPLIED_FOR, name.replace("-", "_"))
        )
    _knob_options(parser)
    given = parser.parse_args(arguments)
    turned = {knob.name: getattr(given, knob.name) for knob in fields(Knobs)}
    knobs = replace(HEAVY if given.heavy else MIXED, **{k: v for k, v in turned.items() if v is not None})
    terms = replace(AS_APPLIED_FOR, set_off=given.set_off, sof_cap=given.sof_cap, cbo_cap=given.cbo_cap)
    write_case(given.out, given.seed, given.size, knobs, terms)
    answer = to_json(work_out(given.out, given.as_of, terms))
    (given.out / "expected.json").write_text(json.dumps(answer, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
