"""Ranges of values, and rows of records that hold one, in a sentence or as the contract's language writes them."""

from __future__ import annotations

from fractions import Fraction

from sibdsl.english import IN_A_ROW, a, between, grouped, sentence, with_unit
from sibdsl.model.nodes import Records
from sibdsl.model.types import Interval


def noun(table: Records) -> str:
    """What one row of a table is, inside a sentence: `job`, `engagement meeting`; capitals such as CMHT stay."""
    said = table.row_is or table.name
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in said.split(" "))


def values(held: Interval, kind: str, currency: str) -> str:
    """The values of a range, in a sentence: `exactly 16 hours`, `more than 16 but less than 20 hours`."""
    if held.low is not None and held.low == held.high:
        return f"exactly {with_unit(held.low, kind, currency)}"
    both = held.low is not None and held.high is not None

    def said(end: Fraction) -> str:
        # Of two ends the last alone has its unit.
        bare = both and end == held.low and kind not in ("money", "percentage")
        return grouped(end) if bare else with_unit(end, kind, currency)

    return between(held, said) or "any value"


def written(held: Interval, kind: str, currency: str) -> str:
    """The range as the contract's language writes it: `at least 16 hours but less than 30 hours`."""

    def said(end: Fraction) -> str:
        return with_unit(end, kind, currency, IN_A_ROW)

    if held.low is not None and held.low == held.high:
        return f"exactly {said(held.low)}"
    return between(held, said)


def one_with(table: Records, column: str, kind: str, held: Fraction, currency: str) -> str:
    """A row with that value, as the subject of a sentence: `A job of 16 hours a week`, `A person whose Age is 12`."""
    row = sentence(a(noun(table)))
    words = column.lower().split(" ")
    if kind == "hours" and words[:2] == ["hours", "per"] and len(words) == 3:
        return f"{row} of {with_unit(held, kind, currency)} a {words[2]}"
    return f"{row} whose {column} is {with_unit(held, kind, currency)}"


def row_of(table: Records | None, cells: dict[str, str]) -> str:
    """What a row is, with the values that identify it: `job J00014`."""
    if table is None:
        return "row"
    names = [
        cells[column.name]
        for column in table.columns
        if column.kind == "identifier" and cells.get(column.name)
    ]
    return " ".join([noun(table), *names])
