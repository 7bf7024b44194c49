"""What a cell of a record stands for, read in the plainest way."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from sibdsl.model.nodes import RecordColumn
from sibdsl.model.types import DOMAINS, NUMERIC, Interval

Plain = Fraction | date | str | None


class Unreadable(Exception):
    """A cell that does not stand for a value of its column."""


def read(column: RecordColumn, cell: str) -> Plain:
    """What a trimmed cell stands for; None for a blank that is allowed."""
    if not cell:
        if column.blank_allowed:
            return None
        raise Unreadable
    if column.kind == "date":
        return read_date(cell)
    if column.kind in NUMERIC:
        return read_number(column, cell)
    if column.kind == "yes or no" and cell not in ("yes", "no"):
        raise Unreadable
    if column.kind == "category" and cell not in column.categories:
        raise Unreadable
    return cell


def read_date(cell: str) -> date:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        raise Unreadable
    try:
        return date(int(cell[:4]), int(cell[5:7]), int(cell[8:]))
    except ValueError as error:
        raise Unreadable from error


def read_number(column: RecordColumn, cell: str) -> Fraction:
    share = column.kind == "percentage"
    if share:
        if not cell.endswith("%"):
            raise Unreadable
        cell = cell[:-1]
    match = re.fullmatch(r"(-?)([0-9]+)(?:\.([0-9]+))?", cell)
    if match is None or len(match[3] or "") > (7 if share else 9):
        raise Unreadable
    if len(match[2].lstrip("0")) > (16 if share else 18):
        raise Unreadable
    number = Fraction(cell) / (100 if share else 1)
    if number not in DOMAINS.get(column.kind, Interval()).meet(column.allowed):
        raise Unreadable
    if column.kind == "count" and number.denominator != 1:
        raise Unreadable
    return number
