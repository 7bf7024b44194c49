"""Workings: named steps from quantities to an amount."""

from __future__ import annotations

from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rounded_amounts import to_grain
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import Worked, Workings
from sibdsl.syntax import Block, Node


def workings_block(reader: Reader, block: Block) -> Workings:
    """Read one `workings` block. A step may speak of metrics, particulars, scales, and steps before it."""
    reader.only(block, "table", "rounding", "source", "says", "note")
    clause = reader.clause(block)
    heads = ("step", "equals", "note", "source")
    table = reader.table(block, block.table, heads, ("step", "equals"), takes={"equals": ("rounding",)})
    line = reader.one(block, "rounding")
    each = _each_step(reader, line, clause) if line is not None else None
    steps: list[Worked] = []
    for row in table.rows:
        name, equals = row.get("step"), row.get("equals")
        if name is None or equals is None or equals.part is None:
            continue
        if not name.name:
            reader.problems.add(
                "SIB0420",
                "A step is named here; this is not a name.",
                name.span,
                clause=clause,
                mark="not a name",
                help="Write a name: words that begin with a capital.",
            )
            continue
        said = amount(reader, equals.part, Here(clause=clause, values=reader.values, totals=True))
        own, grain = equals.node.node("cell_rounding"), equals.node.node("rounding_grain")
        if said is not None and own is not None:
            said = to_grain(reader, said, own, grain, clause)
        elif said is not None and each is not None:
            said = to_grain(reader, said, *each, clause)
        if said is not None:
            reader.steps[name.name] = said.kind
            reader.works_out(name.name, said, name.span)
            steps.append(Worked(name.name, said, span=name.span))
    title = block.name.text if block.name is not None else ""
    return Workings(title, block.clause, block.gloss, tuple(steps), span=block.head)


def _each_step(reader: Reader, line: Node, clause: str) -> tuple[Node, Node] | None:
    """How each step is rounded and to what, by a line; None after a complaint."""
    unit, way, grain = line.node("rounding_unit"), line.node("rounding_way"), line.node("rounding_grain")
    if unit is None or way is None or grain is None or unit.said != "each step":
        reader.problems.add(
            "SIB0497",
            "Workings round each step, or none; lines and statements are rounded by the contract.",
            line.span,
            clause=clause,
            mark="of workings?",
            help="Write `rounding each step, half up, to the penny`, or take the line out.",
        )
        return None
    return way, grain
