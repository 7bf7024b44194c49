"""Workbooks of records: what a cell is, which sheet is a table's, and that the same rows come to the same as from CSV."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.measure import measure
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.records.sources import workbook
from sibdsl.source import Source
from tests.check.rules.heads import PARTIES, contract_block
from tests.measure.by_hand import CONTRACT
from tests.records import workbooks
from tests.records.workbooks import CellValue, xlsx

CASE = Path(__file__).parents[1] / "cases" / "mhep1" / "tower_hamlets_2018_q2"
AS_OF = date(2018, 7, 31)

TABLE = """\
records Jobs
  one row per Job
  | column     | holds      | blank    | written |
  | Person ID  | person     | rejected | none    |
  | Started On | date       | rejected | none    |
  | Ended On   | date       | allowed  | none    |
  | Hours      | hours      | allowed  | none    |
  | Share Kept | percentage | allowed  | "0.125" |
  | Kept       | yes or no  | allowed  | none    |
end records

cohort People
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

metric Job
  kind     outcome
  counts   rows of Jobs
  among    People
  only if  Hours is at least 1
  only if  Share Kept is at least 0%
  only if  Kept is yes
  not if   Ended On is before Started On
  dated    Started On
  per person  first only
end metric

payment Job Fee
  payer     Council
  payee     Charity
  for each  Job
  pays      £700
end payment
"""
HEADINGS = ["Person ID", "Started On", "Ended On", "Hours", "Share Kept", "Kept"]


#: A day with a time; a sheet knows no zones.
MIDNIGHT, MORNING = datetime.fromisoformat("2016-05-03T00:00"), datetime.fromisoformat("2016-05-03T10:30")


@pytest.fixture(scope="module")
def contract() -> Contract:
    made = compile_source(Source("jobs.sib", PARTIES + contract_block() + TABLE))
    return made.contract


def told(contract: Contract, place: Path) -> list[tuple[int, str, str]]:
    """The number, status and reason of each row of Jobs."""
    with measure(contract, Settings(), place, date(2017, 6, 30)) as volumes:
        return [
            (row.row, str(row.status), row.reason or "")
            for row in volumes.rows()
            if "Jobs" in row.source or "jobs" in row.source
        ]


def test_a_real_return_as_a_workbook_comes_to_the_same_as_its_files(tmp_path: Path) -> None:
    book = workbooks.from_csv(CASE, tmp_path / "return.xlsx", "Return for April to June 2018")
    with (
        measure(CONTRACT, Settings(), CASE, AS_OF) as expected,
        measure(CONTRACT, Settings(), book, AS_OF) as volumes,
    ):
        assert volumes.accounts == expected.accounts
        assert volumes.quantities == expected.quantities
        # A title and a blank row stand above: the sheet's own numbers are three more, as is that of a row which is repeated.
        assert [(row.row - 3, row.status) for row in volumes.rows()] == [
            (row.row, row.status) for row in expected.rows()
        ]
        assert {row.source for row in volumes.rows()} == {
            f"return.xlsx, sheet {name}" for name in ("referrals", "engagements", "jobs")
        }
        assert not [notice for notice in volumes.warnings if notice.code == "SIB0624"]


def test_workbooks_beside_files_in_a_folder(tmp_path: Path) -> None:
    shutil.copytree(CASE, tmp_path / "records")
    jobs = tmp_path / "records" / "jobs.csv"
    (tmp_path / "only").mkdir()
    shutil.move(jobs, tmp_path / "only" / "jobs.csv")
    workbooks.from_csv(tmp_path / "only", tmp_path / "records" / "Jobs.xlsx")
    (tmp_path / "records" / "~$Jobs.xlsx").write_text("of whoever has it open", encoding="utf-8")
    with (
        measure(CONTRACT, Settings(), CASE, AS_OF) as expected,
        measure(CONTRACT, Settings(), tmp_path / "records", AS_OF) as volumes,
    ):
        assert volumes.accounts == expected.accounts
        assert volumes.quantities == expected.quantities


@pytest.mark.parametrize(
    ("cells", "status", "reason"),
    [
        (["P1", date(2016, 5, 3), None, 16, 0.5, True], "used", ""),
        (["P1", MIDNIGHT, None, 16.5, 0.125, True], "used", ""),
        ([123456, date(2016, 5, 3), None, "16", "0.5", "yes"], "used", ""),
        (["P1", date(2016, 5, 3), ("=NA()", "#N/A"), 16, 0.5, True], "rejected", "Ended On is #N/A"),
        (["P1", date(2016, 5, 3), ("=A9", "#REF!"), 16, 0.5, True], "rejected", "Ended On is #REF!"),
        (["P1", date(2016, 5, 3), ("=TODAY()", ""), 16, 0.5, True], "rejected", "never worked out"),
        (["P1", date(2016, 5, 3), None, ("=8*2", "16"), 0.5, True], "used", ""),
        (
            ["P1", MORNING, None, 16, 0.5, True],
            "rejected",
            "2016-05-03 10:30:00",
        ),
        (["P1", 42493, None, 16, 0.5, True], "rejected", "Started On is 42493"),
        (["P1", date(2016, 5, 3), None, date(1900, 1, 16), 0.5, True], "rejected", "Hours is 1900-01-16"),
        (["P1", date(2016, 5, 3), None, 16, 0.5, "TRUE"], "rejected", "Kept is TRUE"),
    ],
)
def test_what_a_cell_is(
    contract: Contract, tmp_path: Path, cells: list[CellValue], status: str, reason: str
) -> None:
    book = xlsx(tmp_path / "r.xlsx", {"Jobs": [HEADINGS, ["P0", date(2016, 5, 1)], [], cells]})
    rows = told(contract, workbooks.worked_out(book))
    assert [number for number, _, _ in rows] == [2, 4]
    assert rows[1][1] == status
    assert reason in rows[1][2]


def test_a_formula_that_only_a_program_has_written_is_no_nought(contract: Contract, tmp_path: Path) -> None:
    cells: list[CellValue] = ["P1", date(2016, 5, 3), None, ("=8*2", "0"), 0.5, True]
    book = xlsx(tmp_path / "r.xlsx", {"Jobs": [HEADINGS, cells, ["P2", date(2016, 5, 3)]]})
    _, status, reason = told(contract, book)[0]
    assert status == "rejected"
    assert "never worked out" in reason


def test_headings_may_be_broken_over_lines(contract: Contract, tmp_path: Path) -> None:
    broken: list[CellValue] = ["Person\nID", "Started\r\nOn", *HEADINGS[2:]]
    book = xlsx(tmp_path / "r.xlsx", {"Jobs": [broken, ["P1", date(2016, 5, 3), None, 16, 0.5, True]]})
    assert told(contract, book) == [(2, "used", "")]


def test_two_tables_on_one_sheet_are_not_read(contract: Contract, tmp_path: Path) -> None:
    first: list[CellValue] = list(HEADINGS[:-1])
    book = xlsx(
        tmp_path / "r.xlsx",
        {"Jobs": [first, ["P1", date(2016, 5, 3)], [], HEADINGS, ["P2", date(2016, 5, 3)]]},
    )
    with pytest.raises(Refused, match="rows 1 and 4 could both be its headings"):
        told(contract, book)


def test_a_hidden_sheet_is_not_read(contract: Contract, tmp_path: Path) -> None:
    rows: list[list[CellValue]] = [list(HEADINGS), ["P1", date(2016, 5, 3)]]
    book = xlsx(tmp_path / "r.xlsx", {"Jobs Q1": rows, "Jobs": rows}, hidden=["Jobs"])
    with pytest.raises(Refused) as refusal:
        told(contract, book)
    (finding,) = refusal.value.found
    assert (finding.code, "Jobs is hidden" in finding.help) == ("SIB0601", True)


def test_an_error_of_an_opendocument_sheet_is_no_blank(contract: Contract, tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def text(words: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'

    day = '<table:table-cell office:value-type="date" office:date-value="2016-05-03"><text:p>3/5</text:p></table:table-cell>'
    error = (
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    )
    blank = '<table:table-cell table:number-columns-repeated="4"/>'
    unworked = '<table:table-cell table:formula="of:=TODAY()"/>'
    book = workbooks.ods(
        tmp_path / "r.ods",
        "Jobs",
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        + row("<table:table-cell/>", *map(text, HEADINGS))
        + row("<table:table-cell/>", text("P1"), day, blank)
        + row("<table:table-cell/>", text("P2"), day, error)
        + row("<table:table-cell/>", text("P3"), day, unworked),
    )
    rows = told(contract, book)
    assert [(number, status) for number, status, _ in rows] == [(4, "used"), (5, "rejected"), (6, "rejected")]
    assert "#N/A" in rows[1][2]
    assert workbook.opened(book) is not None


def test_rows_above_the_headings_are_told_unless_they_are_a_title(contract: Contract, tmp_path: Path) -> None:
    first: list[CellValue] = ["P1", date(2016, 5, 3)]
    book = xlsx(
        tmp_path / "r.xlsx", {"Jobs": [["Jobs of the year"], first, HEADINGS, ["P2", date(2016, 5, 4)]]}
    )
    with measure(contract, Settings(), book, date(2017, 6, 30)) as volumes:
        notices = [notice.message for notice in volumes.warnings if notice.code == "SIB0624"]
    assert notices == ["r.xlsx, sheet Jobs: row 2 stands above the headings, and is not read"]


@pytest.mark.parametrize(
    ("sheets", "code", "words"),
    [
        ({"Work": [HEADINGS]}, "SIB0601", "no sheet for Jobs. It has: Work"),
        ({"Job": [HEADINGS]}, "SIB0601", "no sheet for Jobs"),
        ({"Jobs": [HEADINGS], "JOBS ": [HEADINGS]}, "SIB0602", "2 sheets that could be Jobs"),
        ({"Jobs": []}, "SIB0603", "sheet Jobs has no heading row"),
        ({"Jobs": [HEADINGS[:-1]]}, "SIB0604", "has no column Kept"),
        ({"Jobs": [[*HEADINGS, "kept"]]}, "SIB0605", "2 columns that could be Kept"),
    ],
)
def test_sheets_that_are_missing_or_not_as_declared(
    contract: Contract, tmp_path: Path, sheets: dict[str, list[list[CellValue]]], code: str, words: str
) -> None:
    book = xlsx(tmp_path / "r.xlsx", sheets)
    with pytest.raises(Refused) as refusal:
        measure(contract, Settings(), book, date(2017, 6, 30))
    assert [finding.code for finding in refusal.value.found] == [code]
    assert words in refusal.value.found[0].message


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04 torn off"])
@pytest.mark.parametrize("name", ["r.xlsx", "r.ods"])
def test_what_is_no_workbook(contract: Contract, tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Refused) as refusal:
        measure(contract, Settings(), tmp_path / name, date(2017, 6, 30))
    assert [finding.code for finding in refusal.value.found] == ["SIB0607"]


def test_a_workbook_torn_at_any_place_is_told(contract: Contract, tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", {"Jobs": [HEADINGS, ["P1", date(2016, 5, 3)]]}).read_bytes()
    for length in range(0, len(whole), 97):
        (tmp_path / "torn.xlsx").write_bytes(whole[:length])
        with pytest.raises(Refused):
            measure(contract, Settings(), tmp_path / "torn.xlsx", date(2017, 6, 30))


def test_a_workbook_that_is_not_there(contract: Contract, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no workbook") as refusal:
        measure(contract, Settings(), tmp_path / "none.xlsx", date(2017, 6, 30))
    assert [finding.code for finding in refusal.value.found] == ["SIB0610"]


@given(st.decimals(min_value="-99999999", max_value="99999999", places=6, allow_nan=False))
def test_a_number_keeps_the_digits_that_were_typed(number: Decimal) -> None:
    typed = float(number)
    assert Decimal(workbook._digits(typed)) == number  # noqa: SLF001 - the rule by itself


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (123456789012.0, "123456789012"), (1.23e15, "1.23E+15")],
)
def test_a_number_is_in_plain_digits_as_far_as_it_has_them(number: float, text: str) -> None:
    assert workbook._digits(number) == text  # noqa: SLF001 - the rule by itself
