"""Amounts: from words to typed nodes. What names stand for is in `named_amounts`; sums and products are in `arithmetic`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal, cast

from sibdsl import money
from sibdsl.dates import Duration
from sibdsl.model.from_syntax import printed_tables
from sibdsl.model.from_syntax.arithmetic import combined, lacks_its_sign
from sibdsl.model.from_syntax.named_amounts import named, of_member, total_of_band
from sibdsl.model.from_syntax.payment_selections import selection
from sibdsl.model.from_syntax.percentages import sign_wanted
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rounded_amounts import to_grain
from sibdsl.model.from_syntax.rows_of_others import result_date
from sibdsl.model.from_syntax.value_kinds import SAID, Here, alike
from sibdsl.model.nodes import (
    Amount,
    DateMoved,
    Extreme,
    FirstGiven,
    Paid,
    TimeBetween,
    Value,
    WholeYears,
)
from sibdsl.model.types import NUMERIC, Kind
from sibdsl.syntax import Block, Node, Part, Word

#: Words that are a value in themselves.
_PLAIN = ("MONEY", "INT", "DECIMAL", "PERCENT", "FRACTION", "DATE", "TEXT")


def amount(reader: Reader, part: Part, here: Here) -> Amount | None:
    """A written amount, or None after a complaint."""
    if isinstance(part, Word) and part.kind in _PLAIN:
        return cast("Amount | None", reader.plain(part))
    if isinstance(part, (Word, Block)) or part.kind == "cell_word":
        reader.problems.add(
            "SIB0422",
            "A value is needed here.",
            part.span,
            clause=here.clause,
            mark="not a value",
            help="Write an amount such as £700, a number, a date, or the name of one.",
        )
        return None
    match part.kind:
        case "path":
            return named(reader, part, here)
        case "brackets":
            return amount(reader, part.children[0], here)
        case "amount_of":
            unit = part.node("unit")
            word = part.words("INT", "DECIMAL")[0]
            said = unit.said if unit else "units"
            kind: Kind = "count" if said == "units" else cast("Kind", said)
            return Value(money.parse(word.text), kind, span=part.span)
        case "below_nought":
            reader.problems.add(
                "SIB0563",
                "An amount below nought can stand in a printed table, and in what examples and scenarios give or expect; not here.",
                part.span,
                clause=here.clause,
                mark="below nought",
                help="What a payee pays is a payment of its own, with payer and payee the other way round.",
            )
            return None
        case "word_atom":
            if part.said == "nothing":
                return Value(Fraction(0), "money", span=part.span)
            return Value(part.said, "yes or no", span=part.span)
        case "result_date":
            return result_date(reader, part.words("NAME")[0], part.span, here)
        case "joining_date" | "window_end":
            return of_member(reader, part, here)
        case "percent_of" | "fraction_of":
            share = amount(reader, part.children[0], here)
            whole = amount(reader, part.children[1], here)
            return combined(reader, "times", share, whole, part.span, here)
        case "plus" | "minus" | "times" | "divided_by":
            left, right = (amount(reader, child, here) for child in part.children[:2])
            return combined(reader, part.kind.replace("_", " "), left, right, part.span, here)
        case "looked_up" | "looked_up_year":
            keys = [amount(reader, node, here) for node in part.nodes("path")]
            return printed_tables.read_at(reader, part, here, keys[0] if keys else None)
        case special if special in _READERS:
            return _READERS[special](reader, part, here)
        case "payments":
            if here.rule:
                chosen = selection(reader, part, here.clause)
                return Paid(chosen, span=part.span) if chosen else None
    later = {
        "total_of": "`total of`",
        "duration": "a length of time on its own",
        "payments": "`payments` as an amount",
    }
    number = part.word("INT") if part.kind == "duration" else None
    instead = (
        f"Write the number alone, `{number.text}`: a length of time is neither multiplied nor added."
        if number
        else ""
    )
    reader.not_yet(part.span, later.get(part.kind, "this amount"), clause=here.clause, instead=instead)
    return None


def _several(reader: Reader, node: Node, here: Here, *kinds: str) -> tuple[Amount, ...]:
    """The amounts of a list in brackets, all of one of the kinds; none after a complaint."""
    amounts = [amount(reader, child, here) for child in node.children]
    several = tuple(one for one in amounts if one is not None)
    if len(several) < len(amounts):
        return ()
    bare = next((one for one in several for other in several if lacks_its_sign(one, other)), None)
    if bare is not None:
        sign_wanted(reader, bare, here.clause)
        return ()
    for one in several:
        if not alike(one.kind, several[0].kind) or one.kind not in kinds:
            reader.problems.add(
                "SIB0413",
                f"{SAID[several[0].kind].capitalize()} cannot be compared with {SAID[one.kind]}.",
                one.span,
                clause=here.clause,
                mark=f"{SAID[one.kind]}, not {SAID[several[0].kind]}",
                help="Compare amounts of one kind.",
            )
            return ()
    return several


def _extreme(reader: Reader, node: Node, here: Here) -> Amount | None:
    several = _several(reader, node, here, *NUMERIC, *(("date",) if here.row is not None else ()))
    if not several:
        return None
    way: Literal["lower", "higher"] = "lower" if node.kind == "lower_of" else "higher"
    return Extreme(way, several, _kind_of(several), span=node.span)


def _first_given(reader: Reader, node: Node, here: Here) -> Amount | None:
    """`the first given of (Agreed Price and £0)`. Source: language reference, 'Columns worked out', 'Blanks in certificates, baselines and floors'."""
    if here.row is None and not here.totals:
        reader.problems.add(
            "SIB0313",
            "Nothing is blank here, for no row and no quantity is read: the first would always be taken.",
            node.span,
            clause=here.clause,
            mark="none of them is blank",
            help="Write the first of them alone.",
        )
        return None
    several = _several(reader, node, here, *NUMERIC, *(("date",) if here.row is not None else ()))
    return FirstGiven(several, _kind_of(several), span=node.span) if several else None


def _kind_of(several: tuple[Amount, ...]) -> Kind:
    """The kind of amounts that are alike: that of the first which is more than a bare number."""
    return next((one.kind for one in several if one.kind != "number"), "number")


_COUNTED: dict[str, Literal["whole months", "days", "month ends"]] = {
    "whole_months": "whole months",
    "days_from": "days",
    "month_ends": "month ends",
}


def _time_between(reader: Reader, node: Node, here: Here) -> Amount | None:
    """`whole years from Date Of Birth to Started On`, whole months, days, month ends. Source: 'Columns worked out'."""
    counted = _COUNTED.get(node.kind)
    said = counted or "whole years"
    if here.row is None:
        _outside_rows(reader, node, f"`{said} from` counts", here)
        return None
    start, end = (amount(reader, side, here) for side in node.children[:2])
    if start is None or end is None:
        return None
    for side in (start, end):
        if side.kind != "date":
            reader.problems.add(
                "SIB0413",
                f"{said.removeprefix('whole ').capitalize()} are counted from a date to a date; this is {SAID[side.kind]}.",
                side.span,
                clause=here.clause,
                mark=f"{SAID[side.kind]}, not a date",
                help="Name a column that holds a date.",
            )
            return None
    if counted is None:
        return WholeYears(start, end, span=node.span)
    return TimeBetween(counted, start, end, "days" if counted == "days" else "count", span=node.span)


def _outside_rows(reader: Reader, node: Node, said: str, here: Here) -> None:
    """Report times that are worked out where no row has dates of its own."""
    reader.problems.add(
        "SIB0314",
        f"{said} from a date of a row, and no row is read here: dates of the contract are the same for everybody.",
        node.span,
        clause=here.clause,
        mark="from which row?",
        help="Write what it comes to. Where that hangs on a date not yet agreed, let a particular hold it.",
    )


def _moved(reader: Reader, node: Node, here: Here) -> Amount | None:
    """`18 years after Date Of Birth`. Source: language reference, 'Columns worked out'."""
    if here.row is None:
        _outside_rows(reader, node, "A length of time after or before a date starts", here)
        return None
    moved = length_and_date(reader, node, here, "A length of time lies after a date")
    if moved is None:
        return None
    duration, start = moved
    return DateMoved(start, "after" if node.kind == "later" else "before", duration, span=node.span)


def length_and_date(reader: Reader, node: Node, here: Here, said: str) -> tuple[Duration, Amount] | None:
    """A length of time and the date that it lies beside, which `said` asks for; None after a complaint."""
    duration = reader.duration(node.nodes("duration")[0], here.clause)
    day = amount(reader, node.children[-1], here)
    if duration is None or day is None:
        return None
    if day.kind != "date":
        reader.problems.add(
            "SIB0413",
            f"{said}; this is {SAID[day.kind]}.",
            day.span,
            clause=here.clause,
            mark=f"{SAID[day.kind]}, not a date",
            help="Name a column that holds a date.",
        )
        return None
    return duration, day


def _rounded(reader: Reader, node: Node, here: Here) -> Amount | None:
    """`(Point Value times 3/5 rounded half up to the penny)`. Source: language reference, 'Workings'."""
    inner, way = amount(reader, node.children[0], here), node.nodes("cell_rounding")[0]
    return inner and to_grain(reader, inner, way, node.node("rounding_grain"), here.clause, "amount")


_READERS: dict[str, Callable[[Reader, Node, Here], Amount | None]] = {
    "whole_years": _time_between,
    "whole_months": _time_between,
    "days_from": _time_between,
    "month_ends": _time_between,
    "later": _moved,
    "earlier": _moved,
    "lower_of": _extreme,
    "higher_of": _extreme,
    "first_given_of": _first_given,
    "rounded": _rounded,
    "total_of_band": total_of_band,
}
