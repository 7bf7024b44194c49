"""Why a row is not evidenced, or its evidence not accepted, in words; and what a date of it says."""

from __future__ import annotations

from datetime import date

from sibdsl.dates import long
from sibdsl.measure.rows_of_a_person import PersonRow
from sibdsl.model.nodes import Metric
from sibdsl.settle.explain.person_facts import RowTold
from sibdsl.settle.explain.what_if_candidates import day_of


def wanting(as_of: date, row: PersonRow, told: RowTold) -> str:
    """What is wanting of a row that fails a check of evidence. Raises TypeError where it fails none."""
    evidence = told.clause.evidence if isinstance(told.clause, Metric) else None
    check, day = told.looked.check, told.looked.day
    if evidence is None or check is None:
        raise TypeError("no evidence is wanting")
    came = _filled(row, check.column) if check.column else ""
    result = long(day) if day else "the result"
    match check.kind:
        case "claim rejected":
            return f"rejected: {came}"
        case "disputed":
            return f"held while disputed: {came}, and neither accepted nor rejected since by {long(as_of)}"
        case "not accepted":
            claimed = f"{evidence.deemed} are not over: {_filled(row, evidence.column)}"
            parts = (came, claimed if evidence.deemed else "")
            return f"not accepted by {long(as_of)}: {', and '.join(filter(None, parts))}"
        case "no evidence":
            return f"not evidenced by {long(as_of)}: {came}; {evidence.within} of {result} are not over"
        case _:
            return f"not evidenced within {evidence.within} of {result}: {came}"


def _filled(row: PersonRow, column: str) -> str:
    return f"{column} is {cell(row, column) or 'blank'}"


def cell(row: PersonRow, column: str) -> str:
    """A date of the row in words, or what the cell says where it is none."""
    day = day_of(row.cells.get(column, ""))
    return long(day) if day else row.cells.get(column, f"by {column}")
