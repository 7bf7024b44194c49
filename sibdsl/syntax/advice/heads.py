"""Heads of blocks: what stands between a block's kind and its first line, its Name, clause and words."""

from __future__ import annotations

import re

from sibdsl.syntax import name_pattern
from sibdsl.syntax.grammar_tables import LAST
from sibdsl.syntax.stop import Advice, Mend, Open, Stop
from sibdsl.syntax.vocabulary import alike, vocabulary

NAME = re.compile(name_pattern.NAME)
"""What the grammar takes for a Name."""


def capitals(said: str) -> str:
    """Words as a Name has them: each beginning with a capital."""
    return " ".join(word[:1].upper() + word[1:] for word in said.split())


def head(stop: Stop) -> Advice | None:
    """What stands between a block's kind and its first line: its Name, clause and words."""
    block = stop.block
    if block is None:
        return None
    if stop.place == "head":
        return _nameless(stop, block)
    if stop.place != "lines" or stop.here.line != stop.items[block.first].line or stop.here.kind == LAST:
        return None
    return _head_line(stop, block)


def _nameless(stop: Stop, block: Open) -> Advice | None:
    here, kind = stop.here, block.kind
    read = stop.said(block.first, stop.at)
    longer = next(
        (kind for kind in vocabulary().kinds.values() if len(kind.words) > 1 and kind.words[0] == read), None
    )
    if longer is not None and here.kind != "NAME" and alike(here.text, longer.words[1:]):
        said = stop.said(block.first, stop.at + 1)
        return stop.advice(
            "SIB0217",
            f"`{said}` is not a kind of block. Did you mean `{longer.said}`?",
            block.first,
            stop.at + 1,
            mark=f"`{longer.said}`?",
            help=f"Write `{longer.said}`.",
            mend=Mend(tuple(vocabulary().sorts[word] for word in longer.words[1:]), stop.at + 1),
        )
    if kind.said.startswith(f"{read} "):  # `block` without its `advance`
        rest = kind.said.removeprefix(read).strip()
        return stop.advice(
            "SIB0217",
            f"`{read}` is not a kind of block; `{kind.said}` is.",
            block.first,
            stop.at,
            mark=f"`{kind.said}`?",
            help=f"Add `{rest}`.",
            mend=Mend(tuple(vocabulary().sorts[word] for word in rest.split()), stop.at),
        )
    if here.kind == "TEXT" and NAME.fullmatch(capitals(here.text.strip('"'))):
        return stop.advice(
            "SIB0214",
            "The Name of a block is not quoted; quotes are for the parties' own words after it.",
            stop.at,
            stop.at + 1,
            mark="a Name, without quotes",
            help=f"Write `{capitals(here.text.strip(chr(34)))}`.",
            mend=Mend(("NAME",), stop.at + 1),
        )
    if here.first or here.kind in ("CLAUSE", "TEXT", LAST, "_ROW"):
        return stop.advice(
            "SIB0214",
            f"This {kind.said} has no Name. Other lines speak of a block by its Name, so each needs one.",
            block.first,
            stop.at,
            mark="which one?",
            help="Add a Name whose words begin with capitals, as in "
            f"`{kind.said} {EXAMPLE_NAMES.get(kind.rule, 'First')}`.",
            mend=Mend(("NAME",), stop.at),
        )
    end = stop.at
    last = stop.line_end(stop.at)
    while end < last and (
        stop.items[end].kind in ("WORD", "NAME", "INT") or stop.items[end].kind in vocabulary().fixed
    ):
        end += 1
    if end == stop.at or not NAME.fullmatch(capitals(stop.said(stop.at, end))):
        return None
    said = stop.said(stop.at, end)
    return stop.advice(
        "SIB0214",
        f"`{said}` is not a Name: every word of a Name begins with a capital.",
        stop.at,
        end,
        mark="a Name has capitals",
        help=f"Write `{capitals(said)}`.",
        mend=Mend(("NAME",), end),
    )


EXAMPLE_NAMES = {
    "contract": "Tower Hamlets", "programme": "Better Outcomes", "module": "Standard Terms", "records": "Jobs",
    "rule_pack": "Fund Conditions", "rate_card": "Rates Of 2026", "assumption": "First Payment Date", "lookup": "Care Codes", "bands": "Hours",
    "cohort": "Service Users", "metric": "Job Entry", "metrics": "School Results", "routes": "Family Result", "scorecard": "Quality",
    "workings": "Annual Saving", "scale": "Occupancy", "payment": "Fund Tariff", "advance": "Upfront Block",
    "cap": "Fund Ceilings", "deduction": "Late Reports", "rule": "Provider Risk", "scenario": "Low Case", "example": "First Quarter",
    "investment": "Senior Loan", "variation": "Fourth Year",
}  # fmt: skip


def _head_line(stop: Stop, block: Open) -> Advice | None:
    here, before = stop.here, stop.before
    if here.kind == "CLAUSE" and before is not None:
        second = before.kind == "CLAUSE"
        return stop.advice(
            "SIB0220",
            "A block has one clause."
            if second
            else "The clause of a block stands before the words in quotes.",
            stop.at if second else stop.at - 1,
            stop.at + 1,
            mark="a second clause" if second else "in the other order",
            help=f"Name both in one bracket: `[{before.text[1:-1]}, {here.text[1:-1]}]`."
            if second
            else f"Write `{here.text} {before.text}`.",
            mend=Mend((), stop.at + 1),
        )
    if here.kind == "NAME" and not block.kind.named:
        return stop.advice(
            "SIB0214",
            f"`{block.kind.said}` has no Name of its own.",
            stop.at,
            stop.at + 1,
            mark="not wanted here",
            help="Take it out.",
            mend=Mend((), stop.at + 1),
        )
    number = (
        re.match(r"\d+(\.\d+)*", stop.text[before.start + before.text.rfind(" ") + 1 :]) if before else None
    )
    if (
        before is not None
        and before.kind == "NAME"
        and number
        and here.text == "."
        and before.end == here.start
    ):
        start = before.start + before.text.rfind(" ") + 1
        return Advice(
            "SIB0220",
            "The clause of a block stands in square brackets after its Name.",
            start,
            start + len(number[0]),
            "a clause?",
            f"Write `[{number[0]}]`.",
        )
    if here.kind in ("INT", "DECIMAL") and "CLAUSE" in stop.takes:
        return stop.advice(
            "SIB0220",
            "The clause of a block stands in square brackets after its Name.",
            stop.at,
            stop.at + 1,
            mark="a clause?",
            help=f"Write `[{here.text}]`.",
            mend=Mend(("CLAUSE",), stop.at + 1),
        )
    return None
