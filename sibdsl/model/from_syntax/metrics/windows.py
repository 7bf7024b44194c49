"""What is measured of the days of each member's window, and the time before it that it is set against."""

from __future__ import annotations

from typing import Literal, cast

from sibdsl.dates import Duration
from sibdsl.diagnostics import Label
from sibdsl.model.conditions_on_rows import person_column
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import Records
from sibdsl.syntax import Block, Node

#: Measures that set a window against as long a time before it.
AGAINST = ("counts_fewer_days", "counts_earlier_days")
#: Measures of the days of a window, which need no line `within window`.
OF_WINDOW = ("averages_share_of_days", *AGAINST)


def lasts(reader: Reader, table: Records, line: Node, clause: str) -> bool:
    """Whether the rows of a table last; reports a line that counts the days of others."""
    if table.spell is not None:
        return True
    reader.problems.add(
        "SIB0426",
        f"{table.name} does not say how long its rows last, so they have no days to count.",
        line.span,
        clause=clause,
        mark="from when to when?",
        labels=(Label(table.span, f"{table.name} is declared here"),),
        help="Add a line `spell` to the records, such as `spell from Started On to the day before Ended On, open while blank`.",
    )
    return False


def of_rows(reader: Reader, block: Block, line: Node, table: Records) -> bool:
    """Whether the table has rows of people that last, and the block a window; reports what is wanting."""
    clause = reader.clause(block)
    if not lasts(reader, table, line, clause):
        return False
    if not person_column(table):
        reader.problems.add(
            "SIB0424",
            f"{table.name} must have exactly one column that holds `person`.",
            line.span,
            clause=clause,
            mark="whose rows are these?",
            help="Write `person` under `holds` for the column that identifies the person.",
            labels=(Label(table.span, f"{table.name} is declared here"),),
        )
        return False
    if not block.lines("window"):
        share = line.kind == "averages_share_of_days"
        reader.problems.add(
            "SIB0477",
            "A share of the days of what time? Nothing says."
            if share
            else "Days of what time? Nothing says.",
            line.span,
            clause=clause,
            mark="of which days?",
            help=f"Add a line such as `window 1 year from joining date{'' if share else ', against the 1 year before'}`.",
        )
        return False
    return True


def more_days(reader: Reader, line: Node, clause: str) -> Literal["", "not counted", "taken off"]:
    """What becomes of people who had more days than before, '' after a complaint."""
    said = line.node("more_days")
    if said is not None:
        return cast("Literal['not counted']", said.said.removeprefix("more days "))
    reader.problems.add(
        "SIB0595",
        "Somebody may have more days than before. Nothing says whether that is taken off what others had fewer.",
        line.span,
        clause=clause,
        mark="and who had more?",
        help="Add `, more days not counted`, or `, more days taken off`.",
    )
    return ""


def time_before(reader: Reader, block: Block, line: Node, duration: Duration, clause: str) -> bool:
    """Whether a line `window` names the time before it where one is set against it, as long, and only there."""
    said = line.node("time_before")
    wanted = bool(block.lines(*AGAINST))
    if said is None and not wanted:
        return True
    if said is None or not wanted:
        reader.problems.add(
            "SIB0596",
            "Nothing is set against this time."
            if said
            else "Nothing says against what time these days are set.",
            said.span if said else line.span,
            clause=clause,
            mark="for what?" if said else "against what?",
            help="Take it out, or count `fewer days of` some records."
            if said
            else f"Write `window {duration} from joining date, against the {duration} before`.",
        )
        return False
    other = reader.duration(said.nodes("duration")[0], clause)
    if other is None or other == duration:
        return other is not None
    reader.problems.add(
        "SIB0597",
        f"{duration} cannot be set against {other}: days of a longer time are more for that alone.",
        said.span,
        clause=clause,
        mark="not as long",
        help=f"Write `against the {duration} before`; or let the window be {other}.",
    )
    return False
