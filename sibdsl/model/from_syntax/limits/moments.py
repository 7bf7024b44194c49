"""A day as a clause names it: a date, or the name of one."""

from __future__ import annotations

from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID
from sibdsl.model.nodes import Amount, Given, Value
from sibdsl.syntax import Node, Word


def moment(reader: Reader, part: object, clause: str) -> Amount | None:
    """A date, or the name of one, or None after a complaint."""
    word = (
        part.words()[0]
        if isinstance(part, Node) and part.kind == "path" and len(part.children) == 1
        else part
    )
    if not isinstance(word, Word) or word.kind not in ("NAME", "DATE"):
        if isinstance(part, (Node, Word)):
            reader.problems.add(
                "SIB0413",
                "A date is needed here.",
                part.span,
                clause=clause,
                mark="not a date",
                help="Write a date such as 1 April 2016, or the name of one.",
            )
        return None
    if word.kind == "DATE":
        day = reader.day(word, clause)
        return Value(day, "date", span=word.span) if day else None
    given = reader.values.get(word.text)
    if given is not None and given.kind == "date":
        return Given(given.name, "date", span=word.span)
    if given is not None:
        reader.problems.add(
            "SIB0413",
            f"{word.text} is {SAID[given.kind]}; a date is needed here.",
            word.span,
            clause=clause,
            mark="not a date",
            help="Name a particular or assumption that holds a date.",
        )
        return None
    reader.name(word, "particular", "assumption", clause=clause)
    return None
