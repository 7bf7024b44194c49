"""What a run says of forms that were not declared, and what it gives back of those that were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.measure.rows_of_a_person import rows_of
from tests.measure.test_written_forms import (
    contract,
    measured,
    row_of,
)


def stopped(folder: Path, rows: Sequence[tuple[str, ...]]) -> Diagnostic:
    signed = contract()
    with pytest.raises(Refused) as caught:
        measured(folder, signed, rows)
    (found,) = caught.value.found
    assert found.code == "SIB0618"
    return found


@pytest.mark.parametrize(
    ("cells", "declared"),
    [
        (["46338", "46339"], '`"43465"`'),
        (["31/05/2018", "1/6/2018"], '`"31/12/2018"`'),
        (["05/31/2018", "6/1/2018"], '`"12/31/2018"`'),
        (["1/6/2018", "2/6/2018"], '`"31/12/2018"` or `"12/31/2018"`, whichever is meant,'),
        (["31.05.18"], '`"31.12.18"` or `"18.12.31"`, whichever is meant,'),
        (["31-May-2018", "1-jun-2018"], '`"31-Dec-2018"`'),
        (["2018-05-31 00:00:00"], '`"2018-12-31 00:00"`'),
        (["20180531"], '`"20181231"`'),
        (["2018-05"], '`"2018-12", the first day` or `"2018-12", the last day`, whichever is meant,'),
        (["soon", "31/05/2018"], ""),
        (["30/02/2018"], ""),
    ],
)
def test_what_to_declare_is_said_where_it_reads_all(tmp_path: Path, cells: list[str], declared: str) -> None:
    found = stopped(tmp_path, [row_of(cell) for cell in cells])
    assert (f"write {declared} under `written` for Spent On in the records block" in found.help) == bool(
        declared
    )
    assert ("under `written`" in found.help) == bool(declared)
    if declared:
        # What is said is what reads them.
        for cell in declared.removesuffix(", whichever is meant,").split("` or `"):
            with measured(tmp_path, contract(day=cell.strip("`")), [row_of(day) for day in cells]) as volumes:
                assert volumes.accounts["Costs"].rejected == 0


def test_every_column_that_is_at_fault_is_named_with_its_advice(tmp_path: Path) -> None:
    rows = [row_of("46338", "1.234,50", "50", "Y"), row_of("46339", "7,00", "", "N")]
    found = stopped(tmp_path, rows)
    assert found.message == (
        "No row of Costs can be read: all 2 are invalid, so nothing could be counted. In 2 rows Spent On is not a date "
        "such as 2018-05-31: costs.csv row 1 holds 46338; In 2 rows Amount is not a number in plain digits, such as 12.5: "
        "costs.csv row 1 holds 1.234,50; In 2 rows In Care is not yes or no: costs.csv row 1 holds Y; and 1 more columns "
        "at fault"
    )
    for said_of in (
        "Spent On has a spreadsheet's numbers of days",
        'write `"43465"` under `written` for Spent On',
        'write `"1.234,5"` under `written` for Amount',
        'write `"Y", "N"` under `written` for In Care',
    ):
        assert said_of in found.help
    signed = contract('"43465"', '"1.234,5"', '"12.5"', '"Y", "N"')
    with measured(tmp_path, signed, rows) as volumes:
        assert volumes.accounts["Costs"].rejected == 0


def test_a_warning_of_another_style_says_what_to_declare(tmp_path: Path) -> None:
    rows = [row_of("13/05/2018"), row_of("14/05/2018"), row_of("2018-05-15")]
    with measured(tmp_path, contract(), rows) as volumes:
        (found,) = volumes.warnings
    assert found.code == "SIB0609"
    assert 'write `"31/12/2018"` under `written` for Spent On' in found.help


def test_a_style_that_is_not_the_declared_one_is_told(tmp_path: Path) -> None:
    rows = [row_of("2018-05-13"), row_of("2018-05-14"), row_of("15/5/2018"), row_of("46338")]
    with measured(tmp_path, contract(day='"31/12/2018"'), rows) as volumes:
        (found,) = volumes.warnings
    assert found.message.startswith(
        "1 of 4 values of Spent On in the records of Costs are written like 43251"
    )
    assert found.help.startswith("The contract says that Spent On is a date written like 31/12/2018.")


def test_days_of_every_year_are_read_back(tmp_path: Path) -> None:
    signed = contract(day='"43465"')
    days = [date(2017, 4, 1) + timedelta(days=97 * at) for at in range(15)]
    rows = [row_of(str((day - date(1899, 12, 30)).days), amount=f"{at}.01") for at, day in enumerate(days)]
    with measured(tmp_path, signed, rows) as volumes:
        assert sorted(claim.day for claim in volumes.claims(stated_only=False)) == days


def test_an_explanation_has_what_the_cells_stand_for(tmp_path: Path) -> None:
    signed = contract('"31/12/2018"', '"£1,234.50"', '"0.125"', '"Y", "N"')
    rows = [
        row_of("1/4/2018", "£1,234.50", "0.125", "Y"),
        row_of("31/12/2018", "-£0.07", "0.5", "Y"),
        row_of("soon", "", "1", "N"),
    ]
    with measured(tmp_path, signed, rows) as volumes:
        told = [tuple(row.cells.values())[1:] for row in rows_of(volumes, "C1")]
        segment = next(one.segment for one in volumes.quantities if one.number)
        behind = [tuple(one.cells.values())[1:] for one in volumes.earned(segment, "Spent", "")]
    assert told == [
        ("2018-04-01", "1234.5", "12.5%", "yes"),
        ("2018-12-31", "-0.07", "50%", "yes"),
        ("soon", "", "100%", "no"),
    ]
    assert behind == told[:2]
