"""Routes: ways to a result of which one counts for each person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sibdsl.model.from_syntax.metrics import results_per_person
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.nodes import Metric, Route, Routes
from sibdsl.names import DefinedTerms
from sibdsl.syntax import Block, Node, Word


def routes(reader: Reader, blocks: list[Block], metrics: Mapping[str, Metric]) -> tuple[Routes, ...]:
    """Read the `routes` blocks. Source: language reference, 'Routes'."""
    found: list[Routes] = []
    taken: dict[str, str] = {}
    for block in blocks:
        clause = reader.clause(block)
        reader.only(block, "per_route", "routes_tied", "table", "source", "says", "note")
        per = reader.one(block, "per_route", needed="per person one route, the first earned")
        choice = _chosen(reader, per, clause)
        listed = choice == "first listed"
        tied = reader.one(block, "routes_tied", needed="" if listed else "if tied in the order below")
        if listed and tied is not None:
            reader.problems.add(
                "SIB0598",
                "Of routes that count in the order in which they are listed, no two ever tie.",
                tied.span,
                clause=clause,
                mark="they cannot tie",
                help="Take the line out.",
            )
        heads = ("route", "metrics")
        table = reader.table(
            block, block.table, (*heads, "note", "source"), heads, takes={"metrics": ("list",)}
        )
        inner = DefinedTerms()
        ways: list[Route] = []
        for row in table.rows:
            cell, named = row.get("route"), row.get("metrics")
            if cell is None or named is None:
                continue
            if not cell.name:
                reader.problems.add(
                    "SIB0420",
                    "A route is named here; this is not a name.",
                    cell.span,
                    clause=clause,
                    mark="not a name",
                    help="Write a name: words that begin with a capital.",
                )
                continue
            inner.add(reader.problems, cell.name, "route", cell.span)
            mine = tuple(_metrics(reader, named, metrics, taken, cell.name, clause))
            ways.append(Route(cell.name, mine, span=cell.span))
        if block.table is not None and len(table.rows) == 1:
            reader.problems.add(
                "SIB0470",
                "One route is no choice: whatever is earned counts.",
                block.table.span,
                clause=clause,
                mark="one route",
                help="Add the route that excludes it, or take the block out.",
            )
        if block.name is not None and per is not None and (listed or tied is not None):
            found.append(
                Routes(block.name.text, block.clause, block.gloss, tuple(ways), choice, span=block.head)
            )
    return tuple(found)


def _chosen(reader: Reader, per: Node | None, clause: str) -> Literal["first earned", "first listed"]:
    if per is None:
        return "first earned"
    who, choice = per.node("who_once"), per.node("route_choice")
    if who is not None and who.said != "person":
        results_per_person.not_a_person(reader, who, clause)
    return "first listed" if choice is not None and choice.said == "the first listed" else "first earned"


def _metrics(
    reader: Reader, cell: Cell, metrics: Mapping[str, Metric], taken: dict[str, str], route: str, clause: str
) -> list[str]:
    """The metrics of one route; reports those that stand in another, or that nobody earns."""
    words = [one for one in cell.node.walk() if isinstance(one, Word)]
    if not words or any(word.kind != "NAME" for word in words):
        reader.problems.add(
            "SIB0469",
            "A route is made of metrics; this is none.",
            cell.span,
            clause=clause,
            mark="not the name of a metric",
            help="Write the names of one or more metrics, with commas between them.",
        )
        return []
    found: list[str] = []
    for word in words:
        if not reader.name(word, "metric", clause=clause):
            continue
        if word.text in taken:
            reader.problems.add(
                "SIB0469",
                f"{word.text} stands in the route {taken[word.text]} already.",
                word.span,
                clause=clause,
                mark="in two routes",
                help="Leave it in one. If each route has a part of it, count the parts by metrics of their own.",
            )
        elif word.text not in metrics or not metrics[word.text].by_person:
            reader.problems.add(
                "SIB0469",
                f"{word.text} is not made of the results of persons, so nobody earns it by a route.",
                word.span,
                clause=clause,
                mark="not earned by a person",
                help="Name metrics that count or add up results of persons.",
            )
        else:
            taken[word.text] = route
            found.append(word.text)
    return found
