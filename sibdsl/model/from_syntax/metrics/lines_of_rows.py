"""Lines that say which rows of a person count, in a metric that counts people."""

from __future__ import annotations

from sibdsl.diagnostics import Label
from sibdsl.english import listed
from sibdsl.model.from_syntax.metrics import what_counts
from sibdsl.model.from_syntax.metrics.what_counts import Counts
from sibdsl.model.from_syntax.reader import Reader, label
from sibdsl.model.nodes import PeopleCounted, PeopleReaching
from sibdsl.syntax import Block


def of_rows_alone(reader: Reader, block: Block, said: Counts, clause: str) -> bool:
    """Whether a metric that counts no rows has lines that say which rows of a person count; reports them as one fault."""
    allowed = what_counts.lines(said.what)
    found = [line for line in block.lines("held", "per_person", "if_tied") if line.kind not in allowed]
    if not found or not block.lines(*what_counts.COUNTS):
        return False
    line = what_counts.line_of(block)
    counted = line.kind.replace("_", " ")
    names = list(dict.fromkeys(f"`{label(one.kind)}`" for one in found))
    spelt = next((table.name for table in reader.tables.values() if table.spell and table != said.table), "")
    people = isinstance(said.what, PeopleCounted | PeopleReaching)
    so = (
        "`counts people` counts each member of the cohort once, by the row by which they joined."
        if people
        else f"`{counted}` takes every row that meets the conditions"
        + (", a day once for each person." if said.what.by_the_day else ".")
    )
    reader.problems.add(
        "SIB0203",
        f"{listed(names)} {'goes' if len(names) == 1 else 'go'} with `counts rows of`: {'it says' if len(names) == 1 else 'they say'} "
        f"which rows of a person count. {so}",
        found[0].span,
        clause=clause,
        mark="of which rows?",
        help=f"Write `counts rows of {(spelt if people else '') or said.table.name}` in place of `{counted}`, if those rows are meant; otherwise take "
        f"{'the line' if len(found) == 1 else 'these lines'} out.",
        labels=(Label(line.span, "people are counted" if people else "this is counted"),),
    )
    return True
