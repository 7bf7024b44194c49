"""No cell of a row that was not used stands in what is kept or sent round, in whatever column and for whatever reason."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.measure.reasons_without_cells import NOT_SHOWN
from sibdsl.pipeline import kept
from sibdsl.render.html import pages
from sibdsl.source import Source

CONTRACT = """contract Small
  service period  1 April 2026 to 31 March 2028
  payment period  1 April 2026 to 30 September 2028
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | full name  | role         |
  | Council  | "Council"  | commissioner |
  | Provider | "Provider" | provider     |
end parties

records Referrals
  one row per  Referral
  | column      | holds     | blank    |
  | Person ID   | person    | rejected |
  | Referred On | date      | rejected |
  | Team        | text      | allowed  |
  | Eligible    | yes or no | rejected |
end records

records Jobs
  one row per    Job
  identified by  Job ID
  if several     latest Told On
  spell          from Started On to the day before Ended On, open while blank
  | column         | holds      | blank    |
  | Job ID         | identifier | rejected |
  | Person ID      | person     | rejected |
  | Started On     | date       | rejected |
  | Ended On       | date       | allowed  |
  | Hours Per Week | hours      | rejected |
  | Told On        | date       | allowed  |
  | Claimed On     | date       | allowed  |
  | Agreed On      | date       | allowed  |
  | Disputed On    | date       | allowed  |
end records

cohort Participants [1]
  rows        Referrals
  only if     Eligible is yes and Team is "North"
  joins on    Referred On
  if several  earliest Referred On
end cohort

bands Hours [2]
  by  Hours Per Week
  | band      | holds              |
  | Part Time | less than 16 hours |
  | Full Time | at least 16 hours  |
end bands

metric Job Started [2]
  kind          output
  counts        rows of Jobs
  among         Participants
  dated         Started On
  banded by     Hours, as recorded
  evidenced by  Claimed On, within 2 months,
                accepted on Agreed On or deemed accepted after 20 days,
                unless rejected on Disputed On
end metric

payment Fee [3]
  payer  Council
  payee  Provider
  | for each    | band      | pays   |
  | Job Started | Part Time | £1,000 |
  | Job Started | Full Time | £1,500 |
end payment
"""
REFERRALS = ("P001", "2026-04-14", "North", "yes")
JOBS = ("J001", "P001", "2026-05-18", "", "20", "2026-05-20", "2026-05-20", "2026-05-25", "")
DAY = date(2026, 12, 31)
#: What stands in cells besides markers: rows that are late, disputed, impossible, in no band or nobody's.
OTHERS = (
    "",
    "no",
    "South",
    "2027-02-03",
    "2026-01-02",
    "2026-05-19",
    "3 May 2026",
    "45",
    "-1",
    "P001",
    "J001",
)


@st.composite
def dirty(draw: st.DrawFn, row: tuple[str, ...], numbers: Iterator[int]) -> list[str]:
    """A row of which some cells, or all, are markers that stand nowhere else, with a cell too few or too many at times."""

    def marker() -> str:
        return f"Zq{next(numbers)}Secret"

    if draw(st.integers(0, 4)) == 0:
        cells = [marker() for _ in row]
    else:
        marked = draw(st.sets(st.integers(0, len(row) - 1), max_size=2))
        other = draw(st.dictionaries(st.integers(0, len(row) - 1), st.sampled_from(OTHERS), max_size=2))
        cells = [marker() if at in marked else other.get(at, cell) for at, cell in enumerate(row)]
    match draw(st.integers(0, 9)):
        case 0:
            cells.append(marker())
        case 1:
            cells.pop()
    return cells


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    numbers = count(10_000)
    found = {}
    for name, row in (("referrals", REFERRALS), ("jobs", JOBS)):
        rows = draw(st.lists(dirty(row, numbers), min_size=6, max_size=30))
        again = draw(st.lists(st.sampled_from(rows), max_size=2))
        found[name] = [[*row], *rows, *again]
    return found


def held(folder: Path) -> Iterator[tuple[str, str]]:
    """Everything that the files of a folder hold, as text."""
    for file in sorted(folder.iterdir()):
        yield file.name, file.read_bytes().decode("utf-8", "replace")
        if file.suffix == ".parquet":
            for row in duckdb.read_parquet(str(file)).fetchall():
                yield file.name, repr(row)


def written(records: Path, every: dict[str, list[list[str]]]) -> None:
    heads = {
        "referrals": "person_id,referred_on,team,eligible",
        "jobs": "job_id,person_id,started_on,ended_on,hours_per_week,told_on,claimed_on,agreed_on,disputed_on",
    }
    records.mkdir()
    for name, rows in every.items():
        lines = [heads[name], *(",".join(row) for row in rows)]
        (records / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def kept_and_shown(records: Path, into: Path, persons: set[str], *, names: bool) -> Iterator[tuple[str, str]]:
    """What a folder holds, and what the page of the run and the pages of people show."""
    ready = pipeline.load(Source("small.sib", CONTRACT))
    keeping = kept.keeping(ready, records, into, names=names)
    with pipeline.pay(ready, records, DAY, engine=keeping.engine()) as paid:
        keeping.write(paid)
        yield "page", pipeline.run_page(paid)
        for line in paid.payments.lines:
            yield (
                line.id,
                pages(pipeline.explanation_pages(pipeline.explain_line(paid, line.id), names=names)),
            )
        for person in sorted(persons):
            yield (
                person,
                pages(pipeline.explanation_pages(pipeline.explain_person(paid, person), names=names)),
            )
    yield from held(into)


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(every=tables())
def test_no_marker_stands_in_a_folder_or_on_a_page(every: dict[str, list[list[str]]]) -> None:
    with TemporaryDirectory() as name:
        records = Path(name) / "records"
        written(records, every)
        persons = {"P001", *[row[1] for row in every["jobs"] if "Secret" in row[1]][:1]}
        for place, text in kept_and_shown(records, Path(name) / "run", persons, names=False):
            assert "Secret" not in text, place


def test_a_shifted_row_is_told_without_its_cells_and_with_names_in_full(tmp_path: Path) -> None:
    shifted = ["J006", "P001", "2026-07-06", "", "Zq1Secret", "", "", "", ""]
    # No clause reads `Ended On` here, so whatever stands in it, the row is used.
    unread = ["J002", *JOBS[1:3], "Zq2Secret", *JOBS[4:]]
    written(tmp_path / "records", {"referrals": [[*REFERRALS]], "jobs": [[*JOBS], unread, shifted]})
    said = "write a number in plain digits, such as 12.5"
    for names, shown in ((False, NOT_SHOWN), (True, "Zq1Secret")):
        told = [*kept_and_shown(tmp_path / "records", tmp_path / f"run-{names}", {"P001"}, names=names)]
        assert any("Secret" in text for of, text in told if of.startswith("results")) == names
        assert names or not any("Secret" in text for _, text in told)
        for place in ("rows-1-2.parquet", "P001"):
            assert any(f"Hours Per Week is {shown}: {said}" in text for of, text in told if of == place), (
                place
            )


def test_a_blank_is_still_told_to_be_blank(tmp_path: Path) -> None:
    rows = [
        [*JOBS],
        ["J007", "P001", "2026-07-06", "", "", "", "", "", ""],
        ["J008", "P001", "2026-07-06", "", "20", "", "", "", ""],
    ]
    written(tmp_path / "records", {"referrals": [[*REFERRALS]], "jobs": rows})
    told = [
        text
        for of, text in kept_and_shown(tmp_path / "records", tmp_path / "run", set(), names=False)
        if of == "rows-1-2.parquet"
    ]
    assert any("Hours Per Week is blank" in text for text in told)
    assert any("Claimed On is blank" in text for text in told)
