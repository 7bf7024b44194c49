"""Rules: what must hold."""

from __future__ import annotations

from typing import Literal, cast

from sibdsl.dates import Period
from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.conditions import condition
from sibdsl.model.from_syntax.limits.for_each_person import no_sum_for_each, over_a_programme
from sibdsl.model.from_syntax.reader import Reader, all_texts
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import (
    Rule,
)
from sibdsl.syntax import Block, Node, Word


def rules(reader: Reader, blocks: list[Block]) -> tuple[Rule, ...]:
    """Read the `rule` blocks."""
    found: list[Rule] = []
    for block in blocks:
        clause = reader.clause(block)
        reader.only(block, "requires", "tested", "against", "source", "says", "note")
        line = reader.one(block, "requires", needed="requires payments from CBO are at most £336,111")
        when = reader.one(block, "tested", needed="tested in each year")
        against = reader.one(block, "against", needed="against every quantity")
        test = (
            condition(reader, line.nodes()[0], Here(clause=clause, values=reader.values, rule=True))
            if line
            else None
        )
        tested, days = _tested(reader, when, clause) if when else ("", None)
        scenarios: tuple[str, ...] = ()
        if against:
            words = [word for word in against.walk() if isinstance(word, Word) and word.kind == "NAME"]
            scenarios = tuple(
                name for word in words if (name := reader.name(word, "scenario", clause=clause))
            )
        if test is None or not tested or block.name is None:
            continue
        found.append(
            Rule(
                block.name.text,
                block.clause,
                test,
                cast("Literal['in each year']", tested),
                days,
                scenarios,
                span=block.head,
                says=all_texts(block, "says"),
                source=all_texts(block, "source"),
            )
        )
    return tuple(found)


def _tested(reader: Reader, line: Node, clause: str) -> tuple[str, Period | None]:
    inner = next(iter(line.nodes("tested_when"))).nodes()[0]
    if inner.kind == "to_date_each_claim":
        return "to date in each claim", None
    if inner.kind == "final_account":
        return "at final account", None
    if inner.kind == "per_each":
        said = "A rule is tested over a time: of what is paid for each person quantities say nothing."
        no_sum_for_each(reader, line.span, said, clause)
        return "", None
    time = inner.nodes()[0]
    if time.kind == "over_the_contract":
        return "over the contract", None
    if time.kind == "in_each":
        unit = next(iter(time.nodes("period_unit"))).said
        return f"in each {unit}", None
    if time.kind == "in_period_only":
        days = values_by_name.days_in(reader, time.nodes()[0], values_by_name.Said(clause, "in"), clause)
        return ("in one period", days) if days else ("", None)
    over_a_programme(reader, line.span, clause)
    return "", None
