"""Tables that a program holds: bound by name, read by the Arrow C stream protocol, and refused where they could be read short."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from attrs import define, field

from sibdsl import pipeline
from sibdsl.diagnostics import Refused
from sibdsl.project.tables import TableInFiles
from sibdsl.records import MappedRecords, TablesInMemory
from sibdsl.records.sources import ArrowTable

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "contracts" / "mhep1" / "tower_hamlets.sib"
RECORDS = ROOT / "contracts" / "mhep1" / "data" / "2018-q2"
AS_OF = date(2018, 7, 31)


@pytest.fixture
def held() -> Iterator[dict[str, ArrowTable]]:
    """The records as a program has them: as texts, and with days and numbers where their columns hold nothing else."""
    with duckdb.connect() as connection:
        yield {
            name: connection.read_csv(str(RECORDS / f"{name}.csv"), all_varchar=True)
            for name in ("referrals", "engagements", "jobs")
        }


def amounts(place: Path | TablesInMemory | MappedRecords) -> list[tuple[str, Fraction]]:
    with pipeline.pay(pipeline.load(CONTRACT), place, AS_OF) as paid:
        return [(line.id, line.amount) for line in paid.payments.lines]


def refused(place: TablesInMemory | MappedRecords) -> tuple[str, str]:
    with pytest.raises(Refused) as told:
        amounts(place)
    first = next(finding for finding in told.value.found if finding.severity == "error")
    return first.code, f"{first.message} {first.help}"


@define
class Once:
    """A reader of batches: the second time it is asked, it has nothing more. It says how many rows it had."""

    table: ArrowTable
    empty: ArrowTable
    asked: int = field(default=0)

    def __len__(self) -> int:
        return len(self.table)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        self.asked += 1
        return (self.table if self.asked == 1 else self.empty).__arrow_c_stream__(requested_schema)


@define
class Broken:
    """A table that fails when it is asked for its rows."""

    def __len__(self) -> int:
        return 3

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        raise RuntimeError("no rows today")


def test_the_same_is_paid_as_from_files(held: dict[str, ArrowTable]) -> None:
    place = TablesInMemory(
        {"Referrals": held["referrals"], "ENGAGEMENTS": held["engagements"], "jobs": held["jobs"]}
    )
    assert amounts(place) == amounts(RECORDS)


def test_rows_are_cited_by_the_name_of_the_table(held: dict[str, ArrowTable]) -> None:
    with pipeline.pay(pipeline.load(CONTRACT), TablesInMemory(held), AS_OF) as paid:
        (volumes,) = paid.volumes.values()
        assert {row.source for row in volumes.rows()} == {f"{name} in memory" for name in held}
        assert [row.row for row in volumes.rows() if row.records == "Jobs"] == list(range(1, 20))


def test_headings_of_the_project_file(held: dict[str, ArrowTable]) -> None:
    jobs = held["jobs"]
    assert isinstance(jobs, duckdb.DuckDBPyRelation)
    held["jobs"] = jobs.project('* REPLACE (started_on AS started_on), started_on AS "Start date"').project(
        "* EXCLUDE (started_on)"
    )
    assert refused(TablesInMemory(held))[0] == "SIB0604"
    tables = {"Jobs": TableInFiles(headings=(("Started On", "Start date"),))}
    assert amounts(MappedRecords(TablesInMemory(held), tables)) == amounts(RECORDS)
    placed = {"Jobs": TableInFiles(file="jobs.csv")}
    assert refused(MappedRecords(TablesInMemory(held), placed))[0] == "SIB0752"


def test_what_is_no_table_is_refused(held: dict[str, ArrowTable]) -> None:
    code, words = refused(TablesInMemory({**held, "jobs": [["J1"]]}))  # type: ignore[dict-item]
    assert (code, "list, which is no table" in words) == ("SIB0794", True)
    code, words = refused(TablesInMemory({**held, "jobz": held["jobs"]}))
    assert (code, "Did you mean Jobs?" in words) == ("SIB0794", True)
    del held["jobs"]
    code, words = refused(TablesInMemory(held))
    assert (code, "No table is given for Jobs" in words) == ("SIB0601", True)


def test_a_table_that_is_read_short_pays_nothing(held: dict[str, ArrowTable]) -> None:
    jobs = held["jobs"]
    assert isinstance(jobs, duckdb.DuckDBPyRelation)
    code, words = refused(TablesInMemory({**held, "jobs": Once(jobs, jobs.limit(0))}))
    assert code == "SIB0607"
    assert "19 rows" in words
    assert refused(TablesInMemory({**held, "jobs": Broken()}))[0] == "SIB0607"


def test_a_programme_needs_folders(held: dict[str, ArrowTable]) -> None:
    programme = pipeline.load(ROOT / "contracts" / "mhep1" / "mhep1.programme.sib")
    with pytest.raises(Refused) as told:
        pipeline.pay(programme, TablesInMemory(held), AS_OF)
    assert [finding.code for finding in told.value.found] == ["SIB0794"]
