"""Every form of file that can be read, and what is said of those that cannot."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from attrs import evolve

from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.measure import Volumes, measure
from sibdsl.model.nodes import RecordColumn
from sibdsl.model.parameters.in_force import Settings
from tests.measure import forms
from tests.measure.by_hand import CONTRACT
from tests.measure.reference import Part

REFERRALS = "person_id,referred_on,severe_condition\nP1,2016-04-01,yes\nP2,2016-04-02,yes\n"
ENGAGEMENTS = "person_id,engaged_on\nP1,2016-05-01\nP2,2016-05-02\n"
JOBS = "job_id,person_id,started_on,ended_on,hours_per_week\n"
ROWS = "J1,P1,2016-06-01,,16\nJ2,P2,2016-06-02,2016-12-01,15.5\n"
AS_OF = date(2017, 3, 31)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "referrals.csv").write_text(REFERRALS)
    (tmp_path / "engagements.csv").write_text(ENGAGEMENTS)
    (tmp_path / "jobs.csv").write_text(JOBS + ROWS)
    return tmp_path


def measured(folder: Path) -> Volumes:
    return measure(CONTRACT, Settings(), folder, AS_OF)


def refused(folder: Path, code: str) -> Diagnostic:
    with pytest.raises(Refused) as caught:
        measured(folder)
    assert [one.code for one in caught.value.found if one.severity == "error"] == [code]
    return next(one for one in caught.value.found if one.severity == "error")


def jobs(folder: Path) -> list[tuple[int, str, str]]:
    """Row, status and reason of each job."""
    with measured(folder) as volumes:
        return [(one.row, one.status, one.reason) for one in volumes.rows() if one.records == "Jobs"]


BOTH_USED = [(1, "used", ""), (2, "used", "")]


# ------------------------------------------------------------------ forms that read alike


@pytest.mark.parametrize(
    "data",
    [
        pytest.param((JOBS + ROWS).encode("utf-8-sig"), id="byte-order mark"),
        pytest.param((JOBS + ROWS).encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xfe\xff" + (JOBS + ROWS).encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param((JOBS + ROWS).replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param((JOBS + ROWS).replace("\n", "\r").encode(), id="CR"),
        pytest.param((JOBS + ROWS.replace("\n", "\r\n")).encode(), id="mixed line ends"),
        pytest.param((JOBS + ROWS).strip().encode(), id="no last line end"),
        pytest.param(("\n \n" + JOBS + "\n" + ROWS.replace("\n", "\n\n  \n") + "\n\n").encode(), id="blank lines"),
        pytest.param((JOBS + ROWS).replace(",", ";").encode(), id="semicolons"),
        pytest.param((JOBS + ROWS).replace(",", "\t").encode(), id="tabs"),
        pytest.param((JOBS + ROWS).replace(",", "|").encode(), id="bars"),
        pytest.param((JOBS + ROWS).replace(",", " , ").encode(), id="spaces around cells"),
        pytest.param((JOBS + ROWS).replace("J1", '"J1"').encode(), id="a quoted cell"),
        pytest.param((JOBS + ROWS).replace("J1", '"J,\n1"').encode(), id="a quoted line end"),
        pytest.param((JOBS + ROWS).replace("J1", ' "J,1" ').encode(), id="spaces around a quoted cell"),
        pytest.param((JOBS + ROWS).replace("job_id", '"job\nid"').replace("job\nid", "Job-ID").encode(), id="quoted heading"),
    ],
)  # fmt: skip
def test_forms_that_read_alike(folder: Path, data: bytes) -> None:
    (folder / "jobs.csv").write_bytes(data)
    with measured(folder) as volumes:
        assert [
            (one.row, one.status, one.reason) for one in volumes.rows() if one.records == "Jobs"
        ] == BOTH_USED
        assert [(one.metric, one.band, int(one.number)) for one in volumes.quantities if one.number] == [
            ("Engagement", "", 2),
            ("Job Entry", "Under 16", 1),
            ("Job Entry", "From 16", 1),
            ("Job Sustainment", "From 16", 1),
        ]
        assert volumes.warnings == ()
        assert volumes.cells("jobs.csv", 2)["Hours Per Week"] == "15.5"


def test_headings_match_without_regard_to_case_and_spaces(folder: Path) -> None:
    headings = "JOB ID,Person-Id,started on,EndedOn,Hours Per Week\n"
    (folder / "jobs.csv").write_text(headings + ROWS)
    assert jobs(folder) == BOTH_USED


def test_columns_in_another_order(folder: Path) -> None:
    (folder / "jobs.csv").write_text(
        "hours_per_week,ended_on,started_on,person_id,job_id\n16,,2016-06-01,P1,J1\n15.5,2016-12-01,2016-06-02,P2,J2\n"
    )
    assert jobs(folder) == BOTH_USED


def test_only_headings(folder: Path) -> None:
    (folder / "jobs.csv").write_text(JOBS)
    with measured(folder) as volumes:
        assert volumes.accounts["Jobs"].rows == 0
    (folder / "jobs.csv").write_text(JOBS.strip())
    with measured(folder) as volumes:
        assert volumes.accounts["Jobs"].rows == 0


def test_names_that_look_like_patterns(folder: Path) -> None:
    (folder / "jobs.csv").unlink()
    parts = folder / "jobs"
    parts.mkdir()
    (parts / "[a]*?.csv").write_text(JOBS + ROWS)
    (parts / "a.csv").write_text(JOBS + "J3,P1,2016-06-03,,16\n")
    with measured(folder) as volumes:
        found = [(one.source, one.row) for one in volumes.rows() if one.records == "Jobs"]
    assert found == [("jobs/[a]*?.csv", 1), ("jobs/[a]*?.csv", 2), ("jobs/a.csv", 1)]


# ------------------------------------------------------------------ rows of another length


def test_too_few_and_too_many_cells(folder: Path) -> None:
    odd = ("J3,P1,2016-06-01", "J4,P1,2016-06-01,,16,x", "J5,P1,2016-06-01,,16,", "J3,P1,2016-06-01")
    (folder / "jobs.csv").write_text(
        JOBS + "J1,P1,2016-06-01,,16\n" + "\n".join(odd) + "\nJ2,P2,2016-06-02,,16\n"
    )
    assert jobs(folder) == [
        (1, "used", ""),
        (2, "rejected", "3 cells in the row, 5 in the heading row"),
        (3, "rejected", "6 cells in the row, 5 in the heading row"),
        (4, "rejected", "6 cells in the row, 5 in the heading row"),
        (5, "duplicate", "every cell is equal to row 2"),
        (6, "used", ""),
    ]


def test_rows_that_differ_only_beyond_the_last_heading_are_not_duplicates(folder: Path) -> None:
    (folder / "jobs.csv").write_text(
        JOBS + "J1,P1,2016-06-01,,16,x\nJ1,P1,2016-06-01,,16,y\nJ1,P1,2016-06-01,,16\n"
    )
    assert [status for _, status, _ in jobs(folder)] == ["rejected", "rejected", "used"]


def test_an_open_quotation_mark_loses_no_row_in_silence(folder: Path) -> None:
    (folder / "jobs.csv").write_text(
        JOBS + 'J1,P1,2016-06-01,,16\n"J2,P2,2016-06-02,,16\nJ3,P1,2016-06-01,,1\n'
    )
    found = refused(folder, "SIB0607")
    assert found.message == "jobs.csv cannot be read: a quotation mark opened in row 2 is never closed"


def test_an_endless_cell(folder: Path) -> None:
    (folder / "jobs.csv").write_text(JOBS + 'J1,P1,2016-06-01,,16\n"J2,' + "x" * 200_000 + "\n")
    found = refused(folder, "SIB0607")
    assert found.message == (
        "jobs.csv cannot be read: row 2 has a cell too long to be one: a quotation mark may not be closed"
    )


# ------------------------------------------------------------------ files that cannot be read


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", b"\xef\xbb\xbf", b",,\n,,,\n"])
def test_no_heading_row(folder: Path, data: bytes) -> None:
    (folder / "jobs.csv").write_bytes(data)
    found = refused(folder, "SIB0603")
    assert found.message == "jobs.csv has no heading row"
    assert found.help == (
        "Its first row must name the columns: Job ID, Person ID, Started On, Ended On, Hours Per Week."
    )


def test_a_column_is_missing(folder: Path) -> None:
    (folder / "jobs.csv").write_text("job_id,person_id,started,ended_on,hours_per_week\n")
    found = refused(folder, "SIB0604")
    assert found.message == "jobs.csv has no column Started On"
    assert found.help.startswith(
        "Did you mean started? Its headings are: job_id, person_id, started, ended_on,"
    )


def test_rows_without_headings(folder: Path) -> None:
    (folder / "jobs.csv").write_text(ROWS)
    with pytest.raises(Refused) as caught:
        measured(folder)
    assert [one.code for one in caught.value.found] == ["SIB0604"] * 5


def test_a_declared_column_that_no_clause_reads_must_be_there_but_never_makes_a_row_invalid(
    folder: Path,
) -> None:
    table = CONTRACT.records[1]
    column = RecordColumn("Place", "date", blank_allowed=False)
    declared = evolve(table, columns=(*table.columns, column))
    contract = evolve(CONTRACT, records=(CONTRACT.records[0], declared, CONTRACT.records[2]))
    with pytest.raises(Refused) as caught:
        measure(contract, Settings(), folder, AS_OF)
    assert [one.code for one in caught.value.found] == ["SIB0604"]
    (folder / "engagements.csv").write_text("person_id,engaged_on,place\nP1,2016-05-01,?\nP2,2016-05-02,\n")
    with measure(contract, Settings(), folder, AS_OF) as volumes:
        assert volumes.accounts["Engagements"].used == 2
        assert volumes.warnings == ()


def test_a_heading_stands_twice(folder: Path) -> None:
    (folder / "jobs.csv").write_text("job_id,person_id,Person ID,started_on,ended_on,hours_per_week\n")
    found = refused(folder, "SIB0605")
    assert found.message == "jobs.csv has 2 columns that could be Person ID: person_id and Person ID"


def test_a_folder_in_place_of_a_file(folder: Path) -> None:
    (folder / "jobs.csv").unlink()
    (folder / "jobs.csv").mkdir()
    assert refused(folder, "SIB0607").message == "jobs.csv cannot be read: it is a folder"


def test_a_folder_in_place_of_a_parquet_file(folder: Path) -> None:
    (folder / "jobs.csv").unlink()
    (folder / "jobs.parquet").mkdir()
    assert refused(folder, "SIB0607").message == "jobs.parquet cannot be read: it is a folder"


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"x" * 100 + b"PAR1", b"job_id\n"])
def test_a_damaged_parquet_file(folder: Path, data: bytes) -> None:
    (folder / "jobs.csv").unlink()
    (folder / "jobs.parquet").write_bytes(data)
    found = refused(folder, "SIB0607")
    assert found.message == "jobs.parquet cannot be read: it is not a Parquet file, or it is damaged"


def test_a_parquet_file_damaged_in_its_middle(folder: Path) -> None:
    rows = tuple((f"J{n}", f"P{n}", "2016-06-01", "", "16") for n in range(5000))
    path = folder / "jobs.parquet"
    forms.write_parquet(path, Part("jobs.parquet", tuple(JOBS.strip().split(",")), rows))
    (folder / "jobs.csv").unlink()
    data = bytearray(path.read_bytes())
    data[40 : len(data) // 2] = b"\xff" * (len(data) // 2 - 40)
    path.write_bytes(bytes(data))
    assert refused(folder, "SIB0607").message.startswith("jobs.parquet cannot be read: it is damaged")


@pytest.mark.parametrize("name", ["jobs.csv", "jobs.parquet"])
def test_a_file_that_may_not_be_read(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "jobs.csv").rename(folder / name)
    opened = Path.open

    def denied(self: Path, *arguments: object, **named: object) -> object:
        if self.name == name:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", denied)
    assert refused(folder, "SIB0607").message == f"{name} cannot be read: permission is denied"


def test_a_link_that_leads_nowhere(folder: Path) -> None:
    (folder / "jobs.csv").unlink()
    (folder / "jobs.csv").symlink_to(folder / "gone.csv")
    assert refused(folder, "SIB0607").message == "jobs.csv cannot be read: no such file or directory"


def test_nul_bytes(folder: Path) -> None:
    (folder / "jobs.csv").write_bytes((JOBS + ROWS).encode("utf-16-le"))
    assert "it holds NUL bytes, so it is not a text file" in refused(folder, "SIB0607").message


def test_half_a_character_of_utf_16(folder: Path) -> None:
    (folder / "jobs.csv").write_bytes((JOBS + ROWS).encode("utf-16") + b"x")
    assert refused(folder, "SIB0607").message == "jobs.csv cannot be read: it is not text in UTF-16"


def test_a_byte_of_no_encoding(folder: Path) -> None:
    (folder / "jobs.csv").write_bytes((JOBS + ROWS).encode().replace(b"J1", b"J\x81"))
    assert (
        refused(folder, "SIB0607").message
        == "jobs.csv cannot be read: it is not text in UTF-8 or Windows-1252"
    )


def test_every_problem_is_told_at_once(folder: Path) -> None:
    (folder / "jobs.csv").write_text("")
    (folder / "referrals.csv").write_text("person_id,referred_on\n")
    (folder / "engagements.csv").write_bytes(b"\x00")
    with pytest.raises(Refused) as caught:
        measured(folder)
    assert [one.code for one in caught.value.found] == ["SIB0604", "SIB0607", "SIB0603"]


# ------------------------------------------------------------------ warnings


def warned(folder: Path) -> list[tuple[str, str]]:
    with measured(folder) as volumes:
        assert all(one.severity == "warning" for one in volumes.warnings)
        return [(one.code, one.message) for one in volumes.warnings]


def test_windows_1252(folder: Path) -> None:
    (folder / "jobs.csv").write_bytes((JOBS + ROWS).replace("J1", "Jé€").encode("cp1252"))
    assert warned(folder) == [("SIB0608", "jobs.csv is not in UTF-8; it was read as Windows-1252")]
    with measured(folder) as volumes:
        assert volumes.cells("jobs.csv", 1)["Job ID"] == "Jé€"


def test_columns_that_the_contract_does_not_have(folder: Path) -> None:
    (folder / "engagements.csv").write_text(
        "id,person_id,engaged_on,,Team\n1,P1,2016-05-01,,x\n2,P2,2016-05-02,,x\n"
    )
    message = "engagements.csv: the contract has no columns id, Team; read only to tell duplicates"
    assert warned(folder) == [("SIB0606", message)]


def test_extra_columns_of_several_files_are_told_once(folder: Path) -> None:
    (folder / "engagements.csv").unlink()
    (folder / "engagements").mkdir()
    (folder / "engagements" / "1.csv").write_text("person_id,engaged_on,a\nP1,2016-05-01,\n")
    (folder / "engagements" / "2.csv").write_text(
        "b,person_id,engaged_on,a\nx,P1,2016-05-01,\n,P1,2016-05-01,\n"
    )
    message = "The files of Engagements: the contract has no columns a, b; read only to tell duplicates"
    assert warned(folder) == [("SIB0606", message)]
    with measured(folder) as volumes:
        found = [
            (one.source, one.row, one.status, one.of_row, one.reason) for one in volumes.rows(person="P1")
        ]
    same = "every cell is equal to row engagements/1.csv:1"
    assert found[1:4] == [
        ("engagements/1.csv", 1, "used", "", ""),
        ("engagements/2.csv", 1, "used", "", ""),
        ("engagements/2.csv", 2, "duplicate", "engagements/1.csv:1", same),
    ]


@pytest.mark.parametrize(
    ("cell", "style"),
    [
        ("31/05/2016", "31/05/2018"),
        ("31.05.2016", "31/05/2018"),
        ("05/31/16", "05/31/18"),
        ("31-May-16", "31-May-18"),
        ("31 May 2016", "31-May-18"),
        ("42521", "43251"),
        ("2016-05-31 00:00:00", "2018-05-31 00:00:00"),
        ("2016-05-31T00:00:00Z", "2018-05-31 00:00:00"),
        ("20160531", "20180531"),
        ("2016/05/31", "2018/05/31"),
        ("2016-5-31", "2018/05/31"),
    ],
)
def test_dates_in_another_style(folder: Path, cell: str, style: str) -> None:
    (folder / "engagements.csv").write_text(f"person_id,engaged_on\nP1,{cell}\nP2,{cell}\nP3,2016-05-31\n")
    message = (
        f"2 of 3 values of Engaged On in the records of Engagements are written like {style}, "
        "so those rows are invalid"
    )
    assert warned(folder) == [("SIB0609", message)]


def test_a_few_dates_in_another_style_bring_no_warning(folder: Path) -> None:
    (folder / "engagements.csv").write_text("person_id,engaged_on\nP1,31/05/2016\nP2,2016-05-31\n")
    assert warned(folder) == []


# ------------------------------------------------------------------ Parquet


def parquet(folder: Path, name: str, select: str) -> None:
    (folder / f"{name}.csv").unlink()
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{folder / name}.parquet' (FORMAT parquet)")


def test_typed_columns(folder: Path) -> None:
    parquet(
        folder,
        "referrals",
        "SELECT * FROM (VALUES ('P1', DATE '2016-04-01', true), ('P2', DATE '2016-04-02', true), "
        "('P3', NULL, false)) t(person_id, referred_on, severe_condition)",
    )
    parquet(
        folder,
        "engagements",
        "SELECT * FROM (VALUES ('P1', TIMESTAMP '2016-05-01'), ('P2', TIMESTAMP '2016-05-02 00:00:00.001')) "
        "t(person_id, engaged_on)",
    )
    parquet(
        folder,
        "jobs",
        "SELECT * FROM (VALUES (7, 'P1', DATE '2016-06-01', NULL::DATE, 16.0::DOUBLE), "
        "(8, 'P1', DATE '2016-06-01', NULL, 15.99)) t(job_id, person_id, started_on, ended_on, hours_per_week)",
    )
    with measured(folder) as volumes:
        found = [(one.records, one.row, one.status, one.reason) for one in volumes.rows()]
        cells = volumes.cells("jobs.parquet", 1)
    assert found == [
        ("Referrals", 1, "used", ""),
        ("Referrals", 2, "used", ""),
        ("Referrals", 3, "rejected", "Referred On is blank"),
        ("Engagements", 1, "used", ""),
        (
            "Engagements",
            2,
            "rejected",
            "Engaged On is 2016-05-02 00:00:00.001: write the date in the form YYYY-MM-DD, without a time",
        ),
        ("Jobs", 1, "used", ""),
        ("Jobs", 2, "used", ""),
    ]
    assert cells == {
        "Job ID": "7",
        "Person ID": "P1",
        "Started On": "2016-06-01",
        "Ended On": "",
        "Hours Per Week": "16",
    }


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("DECIMAL(10,3)", "12.500", "12.5"),
        ("DECIMAL(10,3)", "100", "100"),
        ("DECIMAL(10,0)", "100", "100"),
        ("BIGINT", "16", "16"),
        ("UTINYINT", "16", "16"),
        ("FLOAT", "15.6", "15.6"),
        ("DOUBLE", "0.1", "0.1"),
        ("VARCHAR", "' 16 '", "16"),
    ],
)
def test_numbers_are_numbers(folder: Path, kind: str, value: str, text: str) -> None:
    parquet(
        folder,
        "jobs",
        f"SELECT 'J1' job_id, 'P1' person_id, '2016-06-01' started_on, '' ended_on, {value}::{kind} hours_per_week",
    )
    with measured(folder) as volumes:
        assert volumes.cells("jobs.parquet", 1)["Hours Per Week"] == text
        assert volumes.accounts["Jobs"].used == 1


@pytest.mark.parametrize("value", ["1e300", "'NaN'::DOUBLE", "1/3", "true", "DATE '2016-01-01'"])
def test_numbers_that_cannot_be_exact_are_invalid(folder: Path, value: str) -> None:
    parquet(
        folder,
        "jobs",
        f"SELECT 'J1' job_id, 'P1' person_id, '2016-06-01' started_on, '' ended_on, {value} hours_per_week",
    )
    # A table of which no row can be read stops the run, so another part has a row that can be.
    (folder / "jobs").mkdir()
    (folder / "jobs.parquet").rename(folder / "jobs" / "a.parquet")
    (folder / "jobs" / "b.csv").write_text(JOBS + ROWS)
    with measured(folder) as volumes:
        assert volumes.accounts["Jobs"].rejected == 1
        assert volumes.accounts["Jobs"].used == 2


def test_parquet_rows_keep_their_order(folder: Path) -> None:
    parquet(
        folder,
        "jobs",
        "SELECT 'J' || i job_id, 'P1' person_id, DATE '2016-06-01' started_on, NULL::DATE ended_on, 16 hours_per_week "
        "FROM range(300000) t(i)",
    )
    with measured(folder) as volumes:
        for row in (1, 2, 122_881, 250_000, 300_000):
            assert volumes.cells("jobs.parquet", row)["Job ID"] == f"J{row - 1}"


def test_values_that_no_text_may_stand_for_are_none_in_parquet_either(folder: Path) -> None:
    parquet(
        folder,
        "jobs",
        "SELECT 'J1' job_id, 'P1' person_id, DATE '10000-01-01' started_on, NULL::DATE ended_on, 16::BIGINT hours_per_week "
        "UNION ALL SELECT 'J2', 'P1', DATE '0044-03-15 (BC)', NULL, 16 "
        "UNION ALL SELECT 'J3', 'P1', DATE '2016-06-01', NULL, 1000000000000000000 "
        "UNION ALL SELECT 'J4', 'P1', NULL, NULL, 16 "
        "UNION ALL SELECT ' J5', 'P1', DATE '2016-06-01', NULL, 16",
    )
    told = jobs(folder)
    assert [status for _, status, _ in told] == ["rejected"] * 4 + ["used"]
    assert [reason.partition(":")[0] for _, _, reason in told][:4] == [
        "Started On is 10000-01-01",
        "Started On is 0044-03-15 (BC)",
        "Hours Per Week is 1000000000000000000",
        "Started On is blank",
    ]


def test_a_parquet_file_that_changes_after_it_was_measured_answers_nothing_more(folder: Path) -> None:
    rows = "SELECT 'J1' job_id, 'P1' person_id, DATE '2016-06-01' started_on, NULL::DATE ended_on, 16 hours_per_week"
    parquet(folder, "jobs", rows)
    with measured(folder) as volumes:
        assert len(list(volumes.rows())) > 1
        with (folder / "jobs.parquet").open("ab") as stream:
            stream.write(b"more")
        with pytest.raises(Refused, match=r"jobs\.parquet changed while it was read"):
            list(volumes.rows())
        assert volumes.accounts["Jobs"].rows == 1
