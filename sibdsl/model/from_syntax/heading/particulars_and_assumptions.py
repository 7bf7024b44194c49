"""Particulars and assumptions: the values that stand by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from sibdsl import dates
from sibdsl.diagnostics import nearest
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.conditions import RANGES, interval
from sibdsl.model.from_syntax.heading.parties import named_in
from sibdsl.model.from_syntax.percentages import signed
from sibdsl.model.from_syntax.reader import Reader, all_texts
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.from_syntax.value_kinds import SAID, Here, as_kind, range_said
from sibdsl.model.nodes import Assumption, Particular, Value
from sibdsl.model.types import NUMERIC, Interval, Kind
from sibdsl.syntax import Block, Node

_PLAIN_TYPES: dict[str, Kind] = {
    "date": "date", "number": "number", "count": "count", "text": "text", "plan": "plan", "hours": "hours", "days": "days",
    "points": "points", "percentage": "percentage", "money": "money", "money per day": "money per day",
}  # fmt: skip


def particulars(reader: Reader, blocks: list[Block]) -> tuple[Particular, ...]:
    """Read the `particulars` tables."""
    found: list[Particular] = []
    for block in blocks:
        table = reader.table(
            block,
            block.table,
            ("particular", "holds", "default", "must be", "note", "source"),
            ("particular", "holds", "default"),
        )
        for row, span in zip(table.rows, table.spans, strict=True):
            name = named_in(reader, row.get("particular"), "particular")
            holds = row.get("holds")
            if not name or holds is None:
                continue
            kind = _plain_type(reader, holds)
            if kind is None:
                continue
            per = _for_each(reader, holds)
            allowed = _must_be(reader, row.get("must be"), kind)
            note = row["note"].text if "note" in row else ""
            default = _default(reader, row["default"], kind) if "default" in row else None
            if per and default is not None:
                reader.problems.add(
                    "SIB0311",
                    f"{name} has a value for each {per}, and a default would be that of every {per} which nobody thought of.",
                    row["default"].span,
                    clause="particulars",
                    mark="a default for all that have none",
                    help=f"Write `required`, and give {name} for each {per} from outside; or print the values in a table.",
                )
            if isinstance(default, Fraction) and default not in allowed:
                reader.problems.add(
                    "SIB0422",
                    f"The default of {name} is not one of the values that it may have: it must be {range_said(allowed, kind, reader.currency)}.",
                    row["default"].span,
                    clause="particulars",
                    mark="outside what it must be",
                    help="Change the default, or what stands under `must be`.",
                )
            said = row.get("must be")
            free = said is not None and said.word == "any" and kind in NUMERIC
            found.append(Particular(name, kind, default, allowed, per, any_number=free, span=span, note=note))
    return tuple(found)


def _plain_type(reader: Reader, cell: Cell) -> Kind | None:
    part = cell.part
    if isinstance(part, Node) and part.kind == "type":
        said = next(iter(part.nodes("type_name"))).said
        if said in _PLAIN_TYPES and not (part.words("NAME") and _PLAIN_TYPES[said] not in NUMERIC):
            return _PLAIN_TYPES[said]
        reader.not_yet(cell.span, f"a particular that holds `{said}`")
        return None
    reader.problems.add(
        "SIB0421",
        "This does not say what is held.",
        cell.span,
        clause="particulars",
        mark="not a type",
        help=type_help(cell, _PLAIN_TYPES),
    )
    return None


def type_help(cell: Cell, types: Iterable[str]) -> str:
    """What to write in place of a word that names no kind of value."""
    said = cell.name or cell.text
    near = nearest(said, types)
    if near:
        return f"Write `{near}`" + (
            ": kinds of value are in small letters." if near == said.casefold() else "."
        )
    return "Write one of: " + ", ".join(types) + "."


def _for_each(reader: Reader, cell: Cell) -> str:
    """What a particular has a value for each of, or ''."""
    part = cell.part
    names = part.words("NAME") if isinstance(part, Node) and part.kind == "type" else []
    if len(names) > 1:
        reader.not_yet(cell.span, "a particular for each of two things", clause="particulars")
    return names[0].text if names else ""


def _must_be(reader: Reader, cell: Cell | None, kind: Kind) -> Interval:
    if cell is None or cell.word in ("any", "all"):
        return Interval()
    part = cell.part
    if isinstance(part, Node) and part.kind in RANGES:
        return (
            interval(
                reader,
                part,
                Here(clause="particulars"),
                (kind, *(("money",) if kind == "money per day" else ())),
            )
            or Interval()
        )
    reader.not_yet(cell.span, "this `must be`")
    return Interval()


def _default(reader: Reader, cell: Cell, kind: Kind) -> Fraction | date | str | None:
    if cell.word == "required":
        return None
    part = cell.part
    value = amount(reader, part, Here(clause="particulars")) if part is not None and not cell.word else None
    if not isinstance(value, Value):
        if value is not None or part is None or cell.word:
            reader.problems.add(
                "SIB0422",
                "This is not a default.",
                cell.span,
                mark="not a value",
                help="Write `required`, or a value such as £90.",
            )
        return None
    right = as_kind(value, kind, reader.currency)
    if value.kind != kind and not (value.kind == "number" and kind in ("count", "hours", "days", "points")):
        reader.problems.add(
            "SIB0413",
            f"The default is {SAID[value.kind]}; {SAID[kind]} is needed here.",
            cell.span,
            clause="particulars",
            mark=f"{SAID[value.kind]}, not {SAID[kind]}",
            help=signed(value.value)
            if kind == "percentage" and value.kind == "number" and isinstance(value.value, Fraction)
            else f"Write `{right}`, or change what stands under `holds`."
            if right
            else "Change the default, or what stands under `holds`.",
        )
        return None
    return value.value


_SUMS = (
    "plus",
    "minus",
    "times",
    "divided_by",
    "percent_of",
    "fraction_of",
    "lower_of",
    "higher_of",
    "first_given_of",
    "brackets",
)


def _date_of(words: str) -> str:
    """The date that words are, as the language writes it, or ''."""
    try:
        return dates.long(dates.parse(words))
    except ValueError:
        return ""


def assumptions(reader: Reader, blocks: list[Block]) -> tuple[Assumption, ...]:
    """Read the `assumption` blocks. What a boundary takes is checked against the bands later."""
    found: list[Assumption] = []
    for block in blocks:
        reader.only(block, "takes", "takes_band", "takes_basis", "reason", "source", "says", "note")
        clause = reader.clause(block)
        line = reader.one(block, "takes", "takes_band", "takes_basis", needed="takes 1 April 2016")
        if not block.lines("reason"):
            reader.one(block, "reason", needed='reason "why it is read so"')
        if line is None or block.name is None:
            continue
        kind: Kind
        point: Fraction | None = None
        takes: Fraction | date | str
        lasting = line.node("duration") if line.kind == "takes" else None
        if line.kind == "takes_basis":
            kind, takes = "set off basis", next(iter(line.nodes("set_off_basis"))).said
        elif lasting is not None:
            duration = reader.duration(lasting, clause)
            if duration is None:
                continue
            kind, takes = "duration", str(duration)
        else:
            if isinstance(line.children[0], Node) and line.children[0].kind in _SUMS:
                reader.problems.add(
                    "SIB0422",
                    "An assumption takes one value, which `--set` can change; this is a sum.",
                    line.children[0].span,
                    clause=clause,
                    mark="worked out from others",
                    help="Write the value that it comes to; or write the sum in the clause that uses it.",
                )
                continue
            value = amount(reader, line.children[0], Here(clause=clause))
            if value is None:
                continue
            if not isinstance(value, Value):
                reader.problems.add(
                    "SIB0422",
                    "An assumption takes one value, which `--set` can change; this stands for another.",
                    line.children[0].span,
                    clause=clause,
                    mark="not a value",
                    help="Write the value that it stands for.",
                )
                continue
            if value.kind == "text" and _date_of(str(value.value)):
                reader.problems.add(
                    "SIB0413",
                    f'"{value.value}" stands in quotation marks, so it is text; a date has none.',
                    value.span,
                    clause=clause,
                    mark="text, not a date",
                    help=f"Write `{_date_of(str(value.value))}`.",
                )
                continue
            kind, takes = value.kind, value.value
            if line.kind == "takes_band":
                band = line.words("NAME")[-1]
                if not isinstance(value.value, Fraction):
                    reader.problems.add(
                        "SIB0413",
                        f"A boundary between bands is a number; this is {SAID[value.kind]}.",
                        value.span,
                        clause=clause,
                        mark="not a number",
                        help="Write such as `16 hours in From 16`.",
                    )
                    continue
                kind, point, takes = "band", value.value, band.text
        found.append(
            Assumption(
                block.name.text,
                block.clause,
                kind,
                takes,
                point,
                span=line.span,
                reason=all_texts(block, "reason"),
                source=all_texts(block, "source"),
            )
        )
    return tuple(found)
