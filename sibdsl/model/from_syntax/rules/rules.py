"""Rules: what must hold."""

from __future__ import annotations

from collections.abc import Sequence
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

#: Times of a contract by itself, which contracts of a programme have each of its own.
_OF_ONE_CONTRACT = "A rule of a programme is of all its contracts, which state each by its own calendar and run over its own days."


def rules(reader: Reader, blocks: list[Block], scenarios_of: Sequence[str] | None = None) -> tuple[Rule, ...]:
    """Read the `rule` blocks of a contract; of a programme where the scenarios of its contracts are given, by name."""
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
        of_programme = scenarios_of is not None
        tested, days = _tested(reader, when, clause, of_programme=of_programme) if when else ("", None)
        scenarios: tuple[str, ...] = ()
        if against:
            words = [word for word in against.walk() if isinstance(word, Word) and word.kind == "NAME"]
            scenarios = tuple(
                name for word in words if (name := _scenario(reader, word, scenarios_of, clause))
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
                tested_at=when.span if when else block.head,
                says=all_texts(block, "says"),
                source=all_texts(block, "source"),
            )
        )
    return tuple(found)


def _scenario(reader: Reader, word: Word, of_contracts: Sequence[str] | None, clause: str) -> str:
    """A scenario of the contract, or of some contract of the programme; '' after a complaint."""
    if of_contracts is None or word.text not in of_contracts:
        return reader.name(word, "scenario", clause=clause)
    return word.text


def _tested(reader: Reader, line: Node, clause: str, *, of_programme: bool) -> tuple[str, Period | None]:
    inner = next(iter(line.nodes("tested_when"))).nodes()[0]
    if of_programme and _of_one_contract(inner):
        reader.problems.add(
            "SIB0568",
            _OF_ONE_CONTRACT,
            line.span,
            clause=clause,
            mark="a time of one contract",
            help="Write `tested over the programme`, `in each year`, `in each quarter`, `in each month` or such as `in 2026/27`.",
        )
        return "", None
    if inner.kind == "to_date_each_claim":
        return "to date in each claim", None
    if inner.kind == "final_account":
        return "at final account", None
    if inner.kind == "per_each":
        said = "A rule is tested over a time: of what is paid for each person quantities say nothing."
        no_sum_for_each(reader, line.span, said, clause)
        return "", None
    time = inner.nodes()[0]
    if time.kind == "over_the_contract" or (of_programme and time.kind == "over_the_programme"):
        return "over the contract", None
    if time.kind == "in_each":
        unit = next(iter(time.nodes("period_unit"))).said
        return f"in each {unit}", None
    if time.kind == "in_period_only":
        days = values_by_name.days_in(reader, time.nodes()[0], values_by_name.Said(clause, "in"), clause)
        return ("in one period", days) if days else ("", None)
    over_a_programme(reader, line.span, clause)
    return "", None


def _of_one_contract(inner: Node) -> bool:
    """Whether a rule would be tested at a time that each contract has of its own."""
    if inner.kind == "to_date_each_claim":
        return True
    kinds = {node.kind: node for node in inner.nodes()}
    unit = kinds["in_each"].nodes("period_unit")[0].said if "in_each" in kinds else ""
    return "over_the_contract" in kinds or unit in ("claim", "period")
