"""The page on projects lists every key of sib.toml and no other, and its example is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sibdsl.project.model import CONTRACT, SUPPRESS, TABLE, TOP
from sibdsl.project.sib_toml import load
from tests.docs.reading import PROJECT, fences, section, table_rows


def keys(heading: str) -> list[list[str]]:
    """The first words of each table under the heading, table by table."""
    text = section(PROJECT, heading)
    tables = re.split(r"\n\n(?!\|)", text)
    return [[row[0].strip("`") for row in table_rows(table)] for table in tables if "| key |" in table]


def test_every_key_is_listed_and_no_other() -> None:
    assert keys("sib.toml")[:2] == [list(TOP), list(CONTRACT)]
    assert keys("Names that differ") == [list(TABLE)]
    assert [sorted(one) for one in keys("Findings that are not shown")] == [sorted(SUPPRESS)]


def test_the_example_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example, names, database = [fence for fence in fences(PROJECT) if fence.language == "toml"]
    monkeypatch.chdir(tmp_path)
    Path("sib.toml").write_text(names.text, encoding="utf-8")
    (jobs,) = load(Path("sib.toml")).contracts[0].tables.values()
    assert (jobs.sheet, dict(jobs.headings)["Started On"]) == ("Placements Q1", "Start date")
    monkeypatch.setenv("SIB_PASSWORD", "made-up")
    Path("sib.toml").write_text(database.text, encoding="utf-8")
    jobs, referrals = load(Path("sib.toml")).contracts[0].tables.values()
    assert jobs.table == "public.job_starts"
    assert referrals.query.startswith("select person_id")
    Path("sib.toml").write_text(example.text, encoding="utf-8")
    project = load(Path("sib.toml"))
    (entry,) = project.contracts
    assert entry.settings == (("Start Rate", "250.00"),)
    assert project.suppressions[0].code == "SIB0501"


def test_every_code_that_the_page_cites_tells_of_projects() -> None:
    cited = set(re.findall(r"SIB\d{4}", PROJECT.read_text(encoding="utf-8")))
    assert cited
    of_records = {"SIB0604", "SIB0605", *(f"SIB0{number}" for number in range(785, 793))}
    assert all("SIB0740" <= code <= "SIB0759" for code in cited - of_records)
