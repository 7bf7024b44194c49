"""Which files of a folder are read for each table, and what is said when one cannot be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.records import CsvSource, find
from tests.measure.by_hand import CONTRACT

HEADINGS = {
    "referrals": "person_id,referred_on,severe_condition\n",
    "engagements": "person_id,engaged_on\n",
    "jobs": "job_id,person_id,started_on,ended_on,hours_per_week\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, heading in HEADINGS.items():
        (tmp_path / f"{name}.csv").write_text(heading)
    return tmp_path


def refused(folder: Path) -> Diagnostic:
    with pytest.raises(Refused) as caught:
        find(CONTRACT, folder)
    assert len(caught.value.found) == 1
    return caught.value.found[0]


def test_one_file_for_each_table(folder: Path) -> None:
    (folder / "README.txt").write_text("not records")
    found = find(CONTRACT, folder)
    assert list(found) == ["Referrals", "Engagements", "Jobs"]
    assert found["Jobs"] == (CsvSource("Jobs", folder / "jobs.csv", "jobs.csv"),)


@pytest.mark.parametrize("name", ["JOBS.CSV", "Jobs.csv", "j-o_b s.csv", "jobs.parquet", "Jobs.PARQUET"])
def test_names_match_without_regard_to_case_and_spaces(folder: Path, name: str) -> None:
    (folder / "jobs.csv").rename(folder / name)
    assert [one.shown for one in find(CONTRACT, folder)["Jobs"]] == [name]


def test_parts_come_in_the_order_of_their_names(folder: Path) -> None:
    (folder / "jobs.csv").unlink()
    parts = folder / "Jobs"
    parts.mkdir()
    for name in ("b.csv", "a.parquet", "B.csv", "c.txt", ".a.csv", "_SUCCESS"):
        (parts / name).write_text(HEADINGS["jobs"])
    shown = [one.shown for one in find(CONTRACT, folder)["Jobs"]]
    assert shown == ["Jobs/B.csv", "Jobs/a.parquet", "Jobs/b.csv"]


def test_two_sources_are_refused(folder: Path) -> None:
    (folder / "Jobs.parquet").write_bytes(b"")
    (folder / "jobs").mkdir()
    found = refused(folder)
    assert found.code == "SIB0602"
    assert found.message == f"Jobs has 3 sources in {folder}: Jobs.parquet and jobs/ and jobs.csv"
    assert found.help.startswith("Leave only the one that is to be read")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "job.csv",
            "Did you mean job.csv? It is looked for as jobs.csv, jobs.parquet, jobs.xlsx, jobs.xlsm, jobs.ods or a folder jobs of such files.",
        ),
        ("jobs-2018.parquet", "Did you mean jobs-2018.parquet? It is looked for"),
        ("jobz", "Did you mean jobz/? It is looked for"),
        ("work.csv", "It is looked for as jobs.csv"),
        ("jobs.xlsb", "For jobs.xlsb: save it as .xlsx or as CSV."),
        ("Jobs.XLS", "For Jobs.XLS: save it as .xlsx or as CSV."),
        ("jobs.tsv", "For jobs.tsv: save it as CSV."),
        ("jobs.txt", "For jobs.txt: save it as CSV."),
        ("jobs.csv.gz", "For jobs.csv.gz: unpack it, so that it ends in .csv."),
    ],
)
def test_missing_records(folder: Path, name: str, said: str) -> None:
    (folder / "jobs.csv").unlink()
    if "." in name:
        (folder / name).write_text("x")
    else:
        (folder / name).mkdir()
    found = refused(folder)
    assert found.code == "SIB0601"
    assert found.message.startswith(f"There are no records for Jobs in {folder}")
    assert found.help.startswith(said)


def test_an_empty_folder_of_parts(folder: Path) -> None:
    (folder / "jobs.csv").unlink()
    (folder / "jobs").mkdir()
    found = refused(folder)
    assert (found.code, found.message) == (
        "SIB0601",
        "There are no records for Jobs: the folder jobs holds no .csv, .parquet, .xlsx, .xlsm or .ods file",
    )


def test_every_missing_table_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        find(CONTRACT, tmp_path)
    assert [one.code for one in caught.value.found] == ["SIB0601"] * 3


def test_no_folder(tmp_path: Path) -> None:
    found = refused(tmp_path / "gone")
    assert (found.code, found.message) == ("SIB0610", f"There is no folder {tmp_path / 'gone'}")


def test_a_file_in_place_of_the_folder(folder: Path) -> None:
    found = refused(folder / "jobs.csv")
    assert found.code == "SIB0610"
    assert found.message == (
        f"{folder / 'jobs.csv'} is a file; records are read from a folder, or from a workbook "
        "that ends in .xlsx, .xlsm or .ods"
    )


def test_a_folder_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", denied)
    found = refused(folder)
    assert (found.code, found.message) == (
        "SIB0610",
        f"The folder {folder} cannot be read: permission is denied",
    )
