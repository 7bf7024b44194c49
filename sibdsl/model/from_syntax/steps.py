"""Steps by a quantity, and straight lines between printed points: `scale` blocks, and tables of payments."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from attrs import evolve

from sibdsl import money
from sibdsl.diagnostics import Label, Problems
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.conditions import RANGES, bounds_of
from sibdsl.model.from_syntax.percentages import bare_ends, sign_wanted
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell, Table
from sibdsl.model.from_syntax.value_kinds import SAID, Here, alike, asked, without_sign
from sibdsl.model.nodes import (
    Amount,
    Beyond,
    Column,
    Given,
    GivenFor,
    Interpolated,
    JoinedColumn,
    MetricColumn,
    MetricTotal,
    Point,
    Range,
    Stepped,
    SteppedRow,
    Value,
    Working,
)
from sibdsl.model.types import Kind
from sibdsl.syntax import Block, Node, Word


def by_quantity(reader: Reader, word: Word, clause: str) -> Amount | None:
    """What steps go by: a metric or a step of workings; None after a complaint."""
    found = amount(
        reader, Node("path", (word,), word.span), Here(clause=clause, values=reader.values, totals=True)
    )
    if found is not None and found.kind not in SAID_NUMBERS:
        reader.problems.add(
            "SIB0413",
            f"{word.text} is {SAID[found.kind]}; steps go by a number.",
            word.span,
            clause=clause,
            mark="not a number",
            help="Name a metric.",
        )
        return None
    return found


SAID_NUMBERS = ("count", "number", "days", "hours", "points", "percentage", "money")


def table_of(reader: Reader, block: Block, by: Word, value: str, more: tuple[str, ...] = ()) -> Table:
    """The table of steps: its first heading names what they go by, the other is `pays` or `equals`; `more` may head others."""
    known = (by.text, value, *more, "note", "source")
    return reader.table(block, block.table, known, (by.text, value))


def stepped(
    reader: Reader,
    block: Block,
    by: Amount,
    word: Word,
    value: str,
    *,
    whole: bool = False,
    table: Table | None = None,
) -> Stepped | None:
    """The rows of a table of steps. `whole`: `by` counts in whole numbers, so that `1 to 5` and `6 to 10` meet."""
    clause = reader.clause(block)
    table = table or table_of(reader, block, by=word, value=value)
    here = Here(clause=clause, values=reader.values, totals=True)
    shares = any(
        isinstance(each, Word) and each.kind == "PERCENT"
        for row in table.rows
        if word.text in row
        for each in row[word.text].node.walk()
    )
    # A quotient is a number; where its steps are written in percentages, all of them are.
    seen = evolve(by, kind="percentage") if by.kind == "number" and shares else by
    rows: list[SteppedRow] = []
    for row, span in zip(table.rows, table.spans, strict=True):
        held, cell = row.get(word.text), row.get(value)
        if held is None or cell is None or cell.part is None:
            continue
        range_ = _range(reader, held, seen, word.text, here)
        comes = amount(reader, cell.part, here)
        if range_ is not None and comes is not None:
            rows.append(SteppedRow(range_, comes, span=span))
    if len(rows) < len(table.rows) or not rows:
        return None
    if rows[0].holds.low is not None and rows[0].holds.high is None:
        rows.reverse()
    kind = _kind(reader, rows, clause)
    if kind is None:
        return None
    rows = [evolve(stepped_row, amount=_of_kind(stepped_row.amount, kind)) for stepped_row in rows]
    joined, ends = _joined(reader, rows, by, word.text, clause, whole=whole)
    return Stepped(by, tuple(joined), kind, span=block.head, written_ends=ends) if joined else None


def _kind(reader: Reader, rows: list[SteppedRow], clause: str) -> Kind | None:
    """What all rows come to: money, a percentage, ...; `nothing` and 0 are nought of whatever the others are."""
    told = [row for row in rows if not _is_nought(row.amount)] or rows
    kinds = [stepped_row.amount.kind for stepped_row in told]
    kind = max(kinds, key=lambda one: (kinds.count(one), one != "number"))
    told.sort(key=lambda stepped_row: stepped_row.amount.kind != kind)
    for stepped_row in told[1:]:
        if not alike(stepped_row.amount.kind, kind):
            reader.problems.add(
                "SIB0413",
                f"This row comes to {SAID[stepped_row.amount.kind]}, other rows to {SAID[kind]}.",
                stepped_row.amount.span,
                clause=clause,
                mark=f"{SAID[stepped_row.amount.kind]}, not {SAID[kind]}",
                help=_as_kind(reader, stepped_row.amount, kind)
                or "Let all rows come to the same kind of thing.",
            )
            return None
        if kind == "number":
            kind = stepped_row.amount.kind
    return kind


def _is_nought(one: Amount) -> bool:
    return isinstance(one, Value) and one.value == 0


def _of_kind(one: Amount, kind: Kind) -> Amount:
    return Value(Fraction(0), kind, span=one.span) if _is_nought(one) else one


def _range(reader: Reader, cell: Cell, by: Amount, name: str, here: Here) -> Range | None:
    part = cell.part
    if not isinstance(part, Node) or part.kind not in RANGES:
        reader.problems.add(
            "SIB0425",
            f"A row says which values of {name} it holds; this is no range.",
            cell.span,
            clause=here.clause,
            mark="not a range",
            help="Write such as `at most 2%`, or `more than 2% but at most 4%`.",
        )
        return None
    low: tuple[Amount | None, bool] = (None, False)
    high: tuple[Amount | None, bool] = (None, False)
    for bound in bounds_of(part):
        if bound.kind == "whole_range":
            if not bare_ends(
                reader, [reader.plain(word) for word in bound.words("INT")], by.kind, here.clause
            ):
                return None
            first, last = (
                Value(money.parse(word.text), by.kind, span=word.span) for word in bound.words("INT")
            )
            low, high = (first, True), (last, True)
            continue
        end = amount(reader, bound.children[0], here)
        if end is None:
            return None
        if without_sign(end, by):
            sign_wanted(reader, end, here.clause)
            return None
        if not alike(end.kind, by.kind):
            reader.problems.add(
                "SIB0413",
                f"{name} is {SAID[by.kind]}; {SAID[end.kind]} cannot limit it.",
                bound.span,
                clause=here.clause,
                mark=f"{SAID[end.kind]}, not {SAID[by.kind]}",
                help=_as_kind(reader, end, by.kind) or f"Write the end as {SAID[by.kind]}.",
            )
            return None
        end = evolve(end, kind=by.kind) if isinstance(end, Value) else end
        if bound.kind in ("at_least_value", "exactly"):
            low = (end, True)
        if bound.kind == "more_than_value":
            low = (end, False)
        if bound.kind in ("at_most_value", "exactly"):
            high = (end, True)
        if bound.kind == "less_than_value":
            high = (end, False)
    return Range(*low, *high, span=cell.span)


def _as_kind(reader: Reader, one: Amount, kind: Kind) -> str:
    meant = asked(one, kind, reader.currency)
    return f"Like goes with like: here {meant}." if meant else ""


def _joined(
    reader: Reader, rows: list[SteppedRow], by: Amount, name: str, clause: str, *, whole: bool
) -> tuple[list[SteppedRow], tuple[Range | None, Range | None]]:
    """The rows, lowest first, if they hold every value once; [] after a complaint.

    What stands in the text for the ends comes with them, where the rows go by a metric: `check.step_ends` asks whether it can be
    beyond, and until then its first and last rows are held to go on.
    """
    before = len(reader.problems.found)
    first, last = rows[0].holds, rows[-1].holds
    ends: list[Range | None] = [None, None]
    told_later = isinstance(by, MetricTotal)
    floor = isinstance(by, MetricTotal) and whole
    if first.low is not None:
        if floor and first.low_in and isinstance(first.low, Value) and first.low.value == 0:
            rows[0] = evolve(rows[0], holds=evolve(first, low=None, low_in=False))
        elif told_later and isinstance(first.low, Value):
            ends[0] = first
            rows[0] = evolve(rows[0], holds=evolve(first, low=None, low_in=False))
        else:
            uncovered(reader.problems, first, name, "below", clause)
    if last.high is not None:
        if told_later and isinstance(last.high, Value):
            ends[1] = last
            rows[-1] = evolve(rows[-1], holds=evolve(rows[-1].holds, high=None, high_in=False))
        else:
            uncovered(reader.problems, last, name, "above", clause)
    for at, (stepped_row, other) in enumerate(pairwise(rows)):
        high, low = stepped_row.holds.high, other.holds.low
        if whole and stepped_row.holds.high_in and other.holds.low_in and _next_to(high, low):
            rows[at] = evolve(stepped_row, holds=evolve(stepped_row.holds, high=low, high_in=False))
            continue
        if high is None or low is None or high != low:
            _apart(reader, stepped_row.holds, other.holds, name, clause)
        elif stepped_row.holds.high_in == other.holds.low_in:
            both = stepped_row.holds.high_in
            reader.problems.add(
                "SIB0540",
                f"Both rows hold exactly {_said(low)}."
                if both
                else f"Neither row holds exactly {_said(low)}.",
                other.holds.span,
                clause=clause,
                mark=f"and {name} of {_said(low)}?",
                help=f"Say which: `{'more than' if both else 'at least'} {_said(low)}` here, or "
                f"`{'less than' if both else 'at most'} {_said(low)}` in the row beside it.",
                labels=(Label(stepped_row.holds.span, "the row beside it"),),
            )
    return (rows if len(reader.problems.found) == before else []), (ends[0], ends[1])


def _next_to(high: Amount | None, low: Amount | None) -> bool:
    return (
        isinstance(high, Value)
        and isinstance(low, Value)
        and isinstance(high.value, Fraction)
        and isinstance(low.value, Fraction)
        and low.value == high.value + 1
    )


def uncovered(problems: Problems, held: Range, name: str, side: str, clause: str) -> None:
    """The complaint of values below, or above, which no row holds (SIB0540)."""
    one = held.low if side == "below" else held.high
    end = _said(one) if one is not None else ""
    problems.add(
        "SIB0540",
        f"No row says what {name} {side} {end} comes to.",
        held.span,
        clause=clause,
        mark=f"and {side} it?",
        help=f"Add a row such as `{'less than' if side == 'below' else 'more than'} {end}`, with nought if that is meant.",
    )


def _apart(reader: Reader, one: Range, other: Range, name: str, clause: str) -> None:
    high = "has no end" if one.high is None else f"ends at {_said(one.high)}"
    low = "has no beginning" if other.low is None else f"begins at {_said(other.low)}"
    reader.problems.add(
        "SIB0540",
        f"These rows do not follow one another: one {high}, the next {low}.",
        other.span,
        clause=clause,
        mark="does not begin where the row before it ends",
        help=f"Write the rows in order of {name}, each beginning at the very value at which the one before it ends.",
        labels=(Label(one.span, "the row before it"),),
    )


def _said(end: Amount) -> str:
    if isinstance(end, Value) and isinstance(end.value, Fraction):
        if end.kind == "percentage":
            return f"{money.number(end.value * 100)}%"
        return money.show(end.value) if end.kind == "money" else money.number(end.value)
    match end:
        case (
            Given(name=name)
            | GivenFor(name=name)
            | Working(name=name)
            | Column(name=name)
            | MetricColumn(name=name)
            | JoinedColumn(name=name)
        ):
            return name
    return "this"


def interpolated(
    reader: Reader, block: Block, by: Amount, word: Word, beyond: str, value: str
) -> Interpolated | None:
    """Points of a straight line, lowest first."""
    clause = reader.clause(block)
    table = table_of(reader, block, word, value)
    here = Here(clause=clause, values=reader.values, totals=False)
    points: list[Point] = []
    for row, span in zip(table.rows, table.spans, strict=True):
        cells = row.get(word.text), row.get(value)
        said = [
            amount(reader, cell.part, here) if cell is not None and cell.part is not None else None
            for cell in cells
        ]
        at, comes = said
        if at is None or comes is None:
            return None
        if without_sign(at, by):
            sign_wanted(reader, at, clause)
            return None
        if not alike(at.kind, by.kind):
            reader.problems.add(
                "SIB0413",
                f"{word.text} is {SAID[by.kind]}; this is {SAID[at.kind]}.",
                at.span,
                clause=clause,
                mark=f"{SAID[at.kind]}, not {SAID[by.kind]}",
                help="Write one value in each row, such as `80%`.",
            )
            return None
        points.append(Point(at, comes, span=span))
    if len(points) < 2 or any(not _rises(point.at, other.at) for point, other in pairwise(points)):
        reader.problems.add(
            "SIB0544",
            "A straight line needs two points or more, the lowest first.",
            table.span,
            clause=clause,
            mark="not in order" if len(points) > 1 else "one point",
            help="Write a row for each printed point, in rising order.",
        )
        return None
    kinds = {point.amount.kind for point in points if not _is_nought(point.amount)} or {points[0].amount.kind}
    if len(kinds) > 1:
        reader.problems.add(
            "SIB0413",
            f"These points come to {' and to '.join(SAID[kind] for kind in sorted(kinds))}.",
            table.span,
            clause=clause,
            mark="not of one kind",
            help="Let all points come to the same kind of thing.",
        )
        return None
    kind = kinds.pop()
    made = tuple(evolve(point, amount=_of_kind(point.amount, kind)) for point in points)
    return Interpolated(by, made, _BEYOND[beyond], kind, span=block.head)


#: What a line may say of what lies beyond its points.
_BEYOND: dict[str, Beyond] = {
    "flat beyond the ends": "flat",
    "nothing beyond the ends": "nothing",
    "flat below , flat above": "flat",
    "nothing below , nothing above": "nothing",
    "flat below , nothing above": "flat below, nothing above",
    "nothing below , flat above": "nothing below, flat above",
}


def _rises(one: Amount, other: Amount) -> bool:
    """Whether the second lies above the first, or is not yet known to."""
    if isinstance(one, Value) and isinstance(other, Value):
        return one.value < other.value  # type: ignore[operator] # both are numbers
    return True
