"""Workings: named steps from quantities to an amount."""

from __future__ import annotations

from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import Worked, Workings
from sibdsl.syntax import Block


def workings_block(reader: Reader, block: Block) -> Workings:
    """Read one `workings` block. A step may speak of metrics, particulars, scales, and steps before it."""
    reader.only(block, "table", "source", "says", "note")
    clause = reader.clause(block)
    table = reader.table(block, block.table, ("step", "equals", "note", "source"), ("step", "equals"))
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
        if said is not None:
            reader.steps[name.name] = said.kind
            reader.works_out(name.name, said, name.span)
            steps.append(Worked(name.name, said, span=name.span))
    title = block.name.text if block.name is not None else ""
    return Workings(title, block.clause, block.gloss, tuple(steps), span=block.head)
