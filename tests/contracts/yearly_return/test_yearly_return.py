"""A council's yearly returns as they come: their raw files, and a contract for children in care that reads them as they are.

The return for 2018 left two stays open; that for 2019 closes one. Dates are 31/12/2018, yes and no are Y and N, costs have a decimal
comma, the date of birth stands in the header file, one code is newer than the table, and a spreadsheet left empty rows behind. Worked
by hand, for days up to the day before a stay ends:

    C1  born 14 May 2006, 12 on 1 June 2018; stays 1 June to 10 June 2018 (9 days), and 1 March 2019 to 5 April 2019 (31 days in 2018/19,
        4 in 2019/20), told as open in the first return
    C2  born 29 February 2008: 11 on 28 February 2019, the day of the birthday; stay from 28 February 2019, open: 32 days in 2018/19, 366 in 2019/20
    C3  no header: not known how old, not counted
    C4  a code that the table does not print: nothing is counted, and it is told
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.measure import measure
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source

HERE = Path(__file__).parent
CONTRACT = compile_source(Source("care.sib", (HERE / "care.sib").read_text(encoding="utf-8"))).contract


def test_the_raw_files_come_out_as_worked_by_hand() -> None:
    with measure(CONTRACT, as_written(CONTRACT), HERE / "records", date(2020, 3, 31)) as volumes:
        days = {
            (one.metric, one.segment.days.start.year): one.number for one in volumes.quantities if one.number
        }
        statuses = [
            (one.source, one.row, str(one.status)) for one in volumes.rows() if one.records == "Placements"
        ]
        warned = {one.code for one in volumes.warnings}
        accounts = volumes.accounts
    assert days == {
        ("Days In Care", 2018): 9 + 31 + 32,
        ("Days In Care", 2019): 4 + 366,
        ("Cost Of Care", 2018): Fraction("1234.5") + 15 + 25,
    }
    assert statuses == [
        ("placements/2018.csv", 1, "used"),
        ("placements/2018.csv", 2, "superseded"),
        ("placements/2018.csv", 3, "rejected"),
        ("placements/2018.csv", 4, "superseded"),
        ("placements/2018.csv", 5, "outside"),
        ("placements/2019.csv", 1, "used"),
        ("placements/2019.csv", 2, "used"),
        ("placements/2019.csv", 3, "used"),
        ("placements/2019.csv", 4, "duplicate"),
    ]
    assert (accounts["Headers"].used, accounts["Headers"].outside) == (3, 1)
    assert "SIB0623" in warned


def test_without_its_forms_the_run_stops_and_names_each_column() -> None:
    text = (HERE / "care.sib").read_text(encoding="utf-8")
    bare = text.replace('"31/12/2018"', "none").replace('"1.234,5"', "none").replace('"Y", "N"', "none")
    contract = compile_source(Source("care.sib", bare)).contract
    with pytest.raises(Refused) as caught:
        measure(contract, as_written(contract), HERE / "records", date(2020, 3, 31))
    helps = " ".join(one.help for one in caught.value.found if one.code == "SIB0618")
    for wanted in (
        'write `"31/12/2018"` under `written` for Begun',
        'write `"31/12/2018"` under `written` for Born On',
        'write `"Y", "N"` under `written` for Looked After',
    ):
        assert wanted in helps
