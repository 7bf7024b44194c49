"""Lines that say which rows of a person count, in a metric that counts people."""

from __future__ import annotations

from sibdsl.diagnostics import Label
from sibdsl.english import listed
from sibdsl.model.from_syntax.metrics.what_counts import Counts
from sibdsl.model.from_syntax.reader import Reader, label
from sibdsl.model.nodes import PeopleCounted
from sibdsl.syntax import Block


def of_rows_alone(reader: Reader, block: Block, said: Counts, clause: str) -> bool:
    """Whether a metric that counts people has lines that say which rows of a person count; reports them as one fault."""
    line = block.lines("counts_people")
    found = block.lines("held", "per_person", "if_tied") if isinstance(said.what, PeopleCounted) else []
    if not found or not line:
        return False
    names = list(dict.fromkeys(f"`{label(one.kind)}`" for one in found))
    spelt = next((table.name for table in reader.tables.values() if table.spell and table != said.table), "")
    reader.problems.add(
        "SIB0203",
        f"{listed(names)} {'goes' if len(names) == 1 else 'go'} with `counts rows of`: {'it says' if len(names) == 1 else 'they say'} "
        "which rows of a person count. `counts people` counts each member of the cohort once, by the row by which they joined.",
        found[0].span,
        clause=clause,
        mark="of which rows?",
        help=f"Write `counts rows of {spelt or said.table.name}` in place of `counts people`, if those rows are meant; otherwise take "
        f"{'the line' if len(found) == 1 else 'these lines'} out.",
        labels=(Label(line[0].span, "people are counted"),),
    )
    return True
