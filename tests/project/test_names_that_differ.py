"""Files of records with other names than the contract: sib.toml says how they are called, and `sib map` drafts that."""

from __future__ import annotations

import csv
import shutil
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.diagnostics import Refused
from sibdsl.project.sib_toml import load
from tests.records import workbooks
from tests.records.workbooks import CellValue

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "contracts" / "mhep1" / "tower_hamlets.sib"
RECORDS = ROOT / "contracts" / "mhep1" / "data" / "2018-q2"
AS_OF = date(2018, 7, 31)

#: What the council calls the tables and the columns of the contract.
SHEETS = {"referrals": "Referral list", "engagements": "First meetings", "jobs": "Placements"}
HEADINGS = {
    "referred_on": "Date of referral",
    "severe_condition": "Severe condition?",
    "engaged_on": "Engagement date",
    "started_on": "Start date",
    "ended_on": "Left on",
    "hours_per_week": "Hours/week",
}

MAPPING = """\
[[contract]]
file = "tower_hamlets.sib"
records = "{records}"

[contract.tables.Referrals]
{where} = "Referral list"

[contract.tables.Referrals.headings]
"Referred On" = "Date of referral"
"Severe Condition" = "Severe condition?"

[contract.tables.Engagements]
{where} = "First meetings"

[contract.tables.Engagements.headings]
"Engaged On" = "Engagement date"

[contract.tables.Jobs]
{where} = "Placements"

[contract.tables.Jobs.headings]
"Started On" = "Start date"
"Ended On" = "Left on"
"Hours Per Week" = "Hours/week"
"""


def _rows(table: str) -> list[list[str]]:
    with (RECORDS / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        first, *rows = csv.reader(stream)
    return [[HEADINGS.get(heading.lower().replace(" ", "_"), heading) for heading in first], *rows]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project: the contract, a workbook in the council's words, and the same as files in a folder."""
    shutil.copy(CONTRACT, tmp_path)
    sheets: dict[str, list[list[CellValue]]] = {}
    (tmp_path / "files").mkdir()
    for table, called in SHEETS.items():
        rows = _rows(table)
        sheets[called] = [
            [f"{called}, April to June"],
            *([workbooks.typed(cell) for cell in row] for row in rows),
        ]
        with (tmp_path / "files" / f"{called}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
    workbooks.xlsx(tmp_path / "return.xlsx", {**sheets, "Notes": [["Nothing to say."]]})
    return tmp_path


def amounts(folder: Path, records: Path, text: str) -> list[tuple[str, Fraction]]:
    """What each line pays on the records, as the project file has them."""
    (folder / "sib.toml").write_text(text, encoding="utf-8")
    path = folder / "tower_hamlets.sib"
    loaded = pipeline.load(path, stated=load(folder / "sib.toml").values(path))
    with pipeline.pay(loaded, records, AS_OF) as paid:
        return [(line.id, line.amount) for line in paid.payments.lines]


def expected() -> list[tuple[str, Fraction]]:
    with pipeline.pay(pipeline.load(CONTRACT), RECORDS, AS_OF) as paid:
        return [(line.id, line.amount) for line in paid.payments.lines]


def test_the_same_is_paid_whatever_the_files_call_it(folder: Path) -> None:
    same = expected()
    assert (
        amounts(folder, folder / "return.xlsx", MAPPING.format(records="return.xlsx", where="sheet")) == same
    )
    assert amounts(folder, folder / "files", MAPPING.format(records="files", where="file")) == same


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("tables.Jobs]", "tables.Jobz]", "SIB0752", "no records Jobz"),
        ('"Started On"', '"Starting On"', "SIB0752", "no column Starting On in Jobs"),
        ('"Placements"', '"Placings"', "SIB0601", "Jobs, called Placings"),
        ('"Start date"', '"Starting date"', "SIB0604", "headed Starting date"),
        ('"Start date"', '"Left on"', "SIB0604", "no column Started On"),
        ('sheet = "Placements"', 'file = "Placements"', "SIB0752", "the records are one workbook"),
    ],
)
def test_what_does_not_fit_is_told(folder: Path, old: str, new: str, code: str, words: str) -> None:
    text = MAPPING.format(records="return.xlsx", where="sheet").replace(old, new)
    with pytest.raises(Refused) as refusal:
        amounts(folder, folder / "return.xlsx", text)
    messages = [finding.message for finding in refusal.value.found if finding.code == code]
    assert any(words in message for message in messages), refusal.value.found


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('[contract.tables.Jobs]\nshet = "A"', "SIB0742"),
        ("[contract.tables.Jobs]\nsheet = 3", "SIB0743"),
        ('[contract.tables]\nJobs = "A"', "SIB0743"),
        ('[contract.tables.Jobs]\nheadings = ["A"]', "SIB0743"),
    ],
)
def test_what_is_written_wrong_is_told(folder: Path, said: str, code: str) -> None:
    (folder / "sib.toml").write_text(f'[[contract]]\nfile = "tower_hamlets.sib"\n{said}\n', encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        load(folder / "sib.toml")
    assert [finding.code for finding in refusal.value.found] == [code]


@pytest.mark.parametrize("records", ["return.xlsx", "files"])
def test_the_draft_finds_the_tables_and_says_what_is_missing(folder: Path, records: str) -> None:
    loaded = pipeline.load(folder / "tower_hamlets.sib")
    (tables,) = pipeline.map_records(loaded, folder / records).values()
    referrals, engagements, jobs = tables
    assert all(table.found is not None for table in tables)
    called = [table.found.sheet or table.found.file.removesuffix(".csv") for table in tables if table.found]
    assert called == list(SHEETS.values())
    assert dict(jobs.found.headings if jobs.found else ())["Started On"] == "Start date"
    assert dict(engagements.found.headings if engagements.found else ()) == {"Engaged On": "Engagement date"}
    # Nothing in its spelling says that this is Referred On: it is left to a person.
    assert referrals.missing == ("Referred On",)
    assert "Date of referral" in referrals.left


def test_the_command_prints_a_part_of_a_project_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sibdsl.cli import main

    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as left:
        main(["map", "tower_hamlets.sib", "return.xlsx"])
    assert left.value.code == 1
    text = capsys.readouterr().out
    (entry,) = tomllib.loads(text)["contract"]
    assert (entry["file"], entry["records"]) == ("tower_hamlets.sib", "return.xlsx")
    assert entry["tables"]["Jobs"]["headings"]["Hours Per Week"] == "Hours/week"
    assert '# "Referred On" = ""' in text
