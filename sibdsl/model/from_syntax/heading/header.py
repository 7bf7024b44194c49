"""The contract's heading, parties, particulars and assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Literal, cast

from attrs import define, evolve

from sibdsl import dates
from sibdsl.currencies import CURRENCIES
from sibdsl.dates import MONTHS, Calendar, Period
from sibdsl.diagnostics import nearest
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.conditions import RANGES, interval
from sibdsl.model.from_syntax.currency import sized, unusable
from sibdsl.model.from_syntax.heading.clocks import clocks
from sibdsl.model.from_syntax.percentages import signed
from sibdsl.model.from_syntax.reader import Reader, all_texts
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.from_syntax.value_kinds import SAID, Here, as_kind, range_said
from sibdsl.model.nodes import Assumption, DueAfter, Extension, Particular, Party, Rounding, Value
from sibdsl.model.types import NUMERIC, Interval, Kind
from sibdsl.money import Way
from sibdsl.source import NOWHERE, Span
from sibdsl.syntax import Block, Node

_PLAIN_TYPES: dict[str, Kind] = {
    "date": "date", "number": "number", "count": "count", "text": "text", "plan": "plan", "hours": "hours", "days": "days",
    "points": "points", "percentage": "percentage", "money": "money", "money per day": "money per day",
}  # fmt: skip


@define
class Header:
    """What the heading says, as far as it could be read."""

    name: str = ""
    gloss: str = ""
    reference: str = ""
    currency: str = "GBP"
    service: Period | None = None
    new_entrants_last: date | None = None
    payment_period: Period | None = None
    years_begin: tuple[int, int] = (4, 1)
    calendar: Calendar = "quarterly"
    statements_on: tuple[date, ...] = ()
    rounding: Rounding = Rounding("line", "half up", Fraction(1, 100))
    part_of: str = ""
    due: DueAfter | None = None
    span: Span = NOWHERE


def header(reader: Reader, block: Block) -> tuple[Header, Reader]:
    """Read the `contract` block; the reader knows its clocks."""
    reader.only(
        block,
        "reference",
        "service",
        "new_entrants",
        "pay_period",
        "currency",
        "years",
        "statements",
        "due",
        "rounding",
        "part_of",
        "varied_by",
        "extension",
        "precedence",
        "uses",
        "source",
        "says",
        "note",
    )
    clause = reader.clause(block)
    found = Header(span=block.head, name=block.name.text if block.name else "", gloss=block.gloss)
    line = reader.one(block, "part_of")
    found.part_of = line.words("NAME")[0].text if line else ""
    found.reference = all_texts(block, "reference")
    reader.one(block, "reference")
    line = reader.one(block, "due")
    length = reader.duration(line.nodes("duration")[0], clause) if line else None
    if line and length and length.after(date(2000, 1, 1)) > date(2005, 1, 1):
        reader.problems.add(
            "SIB0539",
            f"What is stated would fall due {length} after its statement.",
            line.span,
            clause=clause,
            mark="years later",
            help="Write a time of at most five years, such as `due 30 days after each statement`.",
        )
    elif line and length:
        found.due = DueAfter(length, bool(line.nodes("weekday")), span=line.span)
    reader = _currency(reader, block, found)
    _years(reader, block, found)
    reader = clocks(evolve(reader, begin=found.years_begin), block, found)
    line = reader.one(block, "rounding", needed="rounding each line, half up, to the penny")
    if line:
        _rounding(reader, line, found, clause)
    return found, reader


def precedence(reader: Reader, block: Block) -> Literal["", "text over code", "code over text"]:
    """What prevails where the parties' own words and this text differ: `precedence text over code`."""
    line = reader.one(block, "precedence")
    return cast('Literal["text over code"]', line.nodes("precedence_of")[0].said) if line else ""


def extension(reader: Reader, block: Block) -> Extension | None:
    """The option to extend, and whose it is: `extension of 1 year at the option of CCG`."""
    line = reader.one(block, "extension")
    if line is None:
        return None
    clause = reader.clause(block)
    duration = reader.duration(line.nodes("duration")[0], clause)
    party = reader.name(line.words("NAME")[0], "party", clause=clause)
    return Extension(duration, party, span=line.span) if duration and party else None


def shared(reader: Reader, block: Block) -> tuple[Header, Reader]:
    """What the heading of a programme says: reference, currency, years, rounding; the reader knows its years and currency."""
    found = Header(span=block.head, name=block.name.text if block.name else "", gloss=block.gloss)
    found.reference = all_texts(block, "reference")
    reader = _currency(reader, block, found)
    _years(reader, block, found)
    reader = evolve(reader, begin=found.years_begin)
    line = reader.one(block, "rounding", needed="rounding each line, half up, to the penny")
    if line:
        _rounding(reader, line, found, reader.clause(block))
    return found, reader


def _currency(reader: Reader, block: Block, found: Header) -> Reader:
    line = reader.one(block, "currency", needed="currency GBP")
    if line is None:
        return reader
    word = line.words("NAME")[0]
    if word.text not in CURRENCIES:
        message, what_to_do = unusable(word.text)
        reader.problems.add(
            "SIB0418", message, word.span, clause=reader.clause(block), mark="not known", help=what_to_do
        )
        return reader
    found.currency = word.text
    return evolve(reader, currency=word.text)


def _years(reader: Reader, block: Block, found: Header) -> None:
    line = reader.one(block, "years", needed="years begin 1 April")
    if line is None:
        return
    word = line.words("DAYMONTH")[0]
    day, month = word.text.split(" ")
    try:
        date(2000, MONTHS.index(month) + 1, int(day))
        date(2001, MONTHS.index(month) + 1, int(day))
    except ValueError:
        reader.problems.add(
            "SIB0408",
            f"Not every year has a {word.text}.",
            word.span,
            clause=reader.clause(block),
            mark="no such day",
            help="Write a day that every year has, such as 1 April.",
        )
        return
    found.years_begin = (MONTHS.index(month) + 1, int(day))


def _rounding(reader: Reader, line: Node, found: Header, clause: str) -> None:
    unit, way, grain = line.node("rounding_unit"), line.node("rounding_way"), line.node("rounding_grain")
    if unit is None or way is None or grain is None:
        found.rounding = Rounding("line", "half up", None, span=line.span)
        reader.problems.add(
            "SIB0549",
            "Without rounding, lines would come to parts of a penny, which nobody can pay.",
            line.span,
            clause=clause,
            mark="paid in what?",
            help="Write `rounding each line, half up, to the penny`, or `each statement`, to round what they come to once.",
        )
        return
    if unit.said not in ("each line", "each statement") or grain.said == "percent":
        reader.not_yet(line.span, f"`rounding {unit.said} ... to the {grain.said}`", clause=clause)
        return
    to = sized(reader, grain, found.currency, clause)
    if to is not None:
        by: Literal["line", "statement"] = "line" if unit.said == "each line" else "statement"
        found.rounding = Rounding(by, cast("Way", way.said), to, span=line.span)


# ------------------------------------------------------------------ parties, particulars, assumptions


def parties(reader: Reader, blocks: list[Block]) -> tuple[Party, ...]:
    """Read the `parties` tables."""
    found: list[Party] = []
    for block in blocks:
        table = reader.table(
            block, block.table, ("party", "full name", "role", "note", "source"), ("party", "role")
        )
        for row, span in zip(table.rows, table.spans, strict=True):
            name = _named(reader, row.get("party"), "party")
            if not name:
                continue
            role = row.get("role")
            roles = tuple(one.said for one in role.node.nodes("role")) if role else ()
            if not roles and role:
                reader.problems.add(
                    "SIB0419",
                    f"{name} has no role: this is not one of those that there are.",
                    role.span,
                    mark="not a role",
                    clause="parties",
                    help=_role_help(role),
                )
            full = row["full name"].text if "full name" in row else ""
            found.append(Party(name, full, roles, span=span))
    return tuple(found)


_ROLES = (
    "commissioner",
    "co-commissioner",
    "special purpose vehicle",
    "provider",
    "investor",
    "verifier",
    "manager",
)
#: What else people call them.
_ROLES_CALLED = {
    "spv": "special purpose vehicle", "payer": "commissioner", "funder": "co-commissioner", "purchaser": "commissioner",
    "authority": "commissioner", "service provider": "provider", "evaluator": "verifier", "lender": "investor",
}  # fmt: skip


def _role_help(cell: Cell) -> str:
    said = cell.name or cell.text
    near = _ROLES_CALLED.get(said.casefold()) or nearest(said, _ROLES)
    if near:
        return f"Write `{near}`" + (": roles are in small letters." if near == said.casefold() else ".")
    return "Write " + ", ".join(f"`{one}`" for one in _ROLES[:-1]) + f" or `{_ROLES[-1]}`."


def _named(reader: Reader, cell: Cell | None, key: str) -> str:
    if cell is None:
        return ""
    if not cell.name:
        reader.problems.add(
            "SIB0420",
            f"A {key} is named here; this is not a name.",
            cell.span,
            mark="not a name",
            help="Write a name: words that begin with a capital.",
        )
    return cell.name


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
            name = _named(reader, row.get("particular"), "particular")
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
                reader.not_yet(row["default"].span, f"a default for each {per}", clause="particulars")
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
                reader.not_yet(line.span, "an assumption that takes this", clause=clause)
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
