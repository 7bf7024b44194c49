"""By when a result must be evidenced, and whether what is evidenced must be accepted."""

from __future__ import annotations

from sibdsl.model.from_syntax.people.records import column_of
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import Dated, Evidence, Held, Records
from sibdsl.syntax import Block, Node


def evidence(
    reader: Reader, block: Block, table: Records, held: Held | None, dated: Dated | None, clause: str
) -> Evidence | None:
    """What a line `evidenced by` asks for. Source: language reference, 'Evidence' and 'Acceptance'."""
    line = reader.one(block, "evidenced")
    if line is None:
        return None
    if held is not None and held.gaps is not None:
        reader.not_yet(line.span, "evidence of a holding with gaps", clause=clause)
    name = _column(reader, table, line, clause)
    duration = reader.duration(line.nodes("duration")[0], clause, business=True)
    if not name or duration is None:
        return None
    if dated is not None and dated.column == name:
        reader.problems.add(
            "SIB0459",
            f"The result is dated by {name}, so it is evidenced whenever it has a date.",
            line.nodes("path")[0].span,
            clause=clause,
            mark="the date of the result itself",
            help="Name the column that says when the evidence came, or take the line out.",
        )
        return None
    by, unless, silence = line.node("accepted"), line.node("unless_rejected"), line.node("deemed")
    held_while = line.node("while_disputed")
    accepted = _column(reader, table, by, clause) if by else ""
    rejected = _column(reader, table, unless, clause) if unless else ""
    disputed = _column(reader, table, held_while, clause) if held_while else ""
    deemed = reader.duration(silence.nodes("duration")[0], clause, business=True) if silence else None
    if silence is not None and unless is None:
        reader.problems.add(
            "SIB0593",
            "Silence cannot be told from a rejection here: no column says that something was rejected.",
            silence.span,
            clause=clause,
            mark="unless what?",
            help="Add `, unless rejected on` and the name of a column of dates.",
        )
        return None
    if held_while is not None and by is None:
        reader.problems.add(
            "SIB0599",
            "A dispute holds the claim until somebody accepts it, and no column says that somebody did.",
            held_while.span,
            clause=clause,
            mark="until when?",
            help="Add `, accepted on` and the name of a column of dates, after the time for evidence.",
        )
        return None
    for node, column in ((by, accepted), (unless, rejected), (held_while, disputed)):
        if node is not None and column and [name, accepted, rejected, disputed].count(column) > 1:
            reader.problems.add(
                "SIB0594",
                f"{column} stands here twice, and one day cannot be that of two things.",
                node.span,
                clause=clause,
                mark="the same column",
                help="Give the day of each in a column of its own.",
            )
            return None
    return Evidence(name, duration, accepted, rejected, deemed, disputed, span=line.span)


def _column(reader: Reader, table: Records, line: Node, clause: str) -> str:
    """The column of dates that a phrase names, or '' after a complaint."""
    path = line.nodes("path")[0]
    if len(path.words("NAME")) != 1:
        reader.not_yet(path.span, "a column of something else here", clause=clause)
        return ""
    return column_of(reader, table, path.words("NAME")[0], ("date",), clause)
