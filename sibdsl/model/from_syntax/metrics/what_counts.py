"""What a metric counts, adds up or measures: rows, people, days of rows, days of tracking, or a column; and what multiplies each day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Literal, assert_never

from attrs import frozen

from sibdsl.diagnostics import Label
from sibdsl.model.columns_worked_out import in_parts, read_in_parts
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.metrics import windows
from sibdsl.model.from_syntax.people.records import column_of
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rounded_amounts import ROUNDED_THERE
from sibdsl.model.from_syntax.value_kinds import SAID, Here, alike
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Cohort,
    ColumnAverage,
    ColumnSum,
    DaysCounted,
    DaysOfTracking,
    Determination,
    DifferentValues,
    EarlierDays,
    Extreme,
    FewerDays,
    FirstGiven,
    Given,
    KindOfCount,
    PeopleCounted,
    PeopleReaching,
    Records,
    RowsCounted,
    ShareOfDays,
    Value,
)
from sibdsl.model.types import NUMERIC, Kind
from sibdsl.syntax import Block, Node, Word

COUNTS = (
    "counts_rows",
    "counts_people",
    "counts_different",
    "counts_days",
    "sums",
    "averages",
    "reads",
    "averages_share_of_days",
    "counts_fewer_days",
    "counts_earlier_days",
    "equals",
    "compares",
)
_EVERY = (
    "kind",
    *COUNTS,
    "among",
    "only_if",
    "not_if",
    "within",
    "window",
    "banded_by",
    "source",
    "says",
    "note",
)
#: The lines that say how a result is dated.
DATED = (
    "dated_by",
    "dated_on_result",
    "dated_day_after",
    "dated_last_day",
    "dated_each_day",
    "dated_day_reached",
    "dated_each_end",
)


def lines(kind: KindOfCount) -> tuple[str, ...]:
    """The lines that a metric may have. How it is dated is looked at apart."""
    match kind:
        case RowsCounted():
            return (*_EVERY, *DATED, "held", "per_person", "if_tied", "evidenced", "weighted_by")
        case PeopleCounted() | ColumnSum():
            return (*_EVERY, *DATED, "evidenced", "weighted_by")
        case PeopleReaching():
            return (*_EVERY, *DATED, "reaches", "evidenced")
        case DaysCounted():
            return (*_EVERY, *DATED, "weighted_by", "held", "net_of")
        case DaysOfTracking():
            return (*_EVERY, *DATED, "weighted_by", "net_of")
        case ColumnAverage():
            return (*_EVERY, *DATED, "evidenced", "per_person", "if_tied")
        case DifferentValues():
            return (*_EVERY, *DATED, "evidenced")
        case Determination():
            return (*_EVERY, *DATED, "evidenced", "if_several")
        case ShareOfDays():
            return tuple(line for line in _EVERY if line != "within")
        case FewerDays() | EarlierDays():
            return tuple(line for line in _EVERY if line not in ("within", "banded_by"))
        case _:
            assert_never(kind)


#: What of a column is measured, by the kind of the line that says so; and how messages speak of it.
_OF_COLUMN: dict[str, tuple[Callable[[str], KindOfCount], str, str]] = {
    "sums": (ColumnSum, "added up", "sums Cost of Support"),
    "averages": (ColumnAverage, "averaged", "averages Mark of Inspections"),
    "counts_different": (DifferentValues, "told apart", "counts different Home of Visits"),
    # Which row is taken is read with the metric's other lines.
    "reads": (lambda column: Determination(column, ()), "read", "reads Growth of Certificates"),
}


@frozen
class Counts:
    """What a metric counts, in the rows of which table, and the unit of its quantities.

    For people reaching an amount, `by` is the column of dates by which the column is added up.
    """

    what: KindOfCount
    table: Records
    kind: Kind = "count"
    by: str = ""


def counts(
    reader: Reader, block: Block, tables: Mapping[str, Records], cohorts: Mapping[str, Cohort]
) -> Counts | None:
    """What the block's line `counts` or `sums` says, or None after a complaint."""
    clause = reader.clause(block)
    line = reader.one(block, *COUNTS, needed="counts rows of Jobs")
    if line is None:
        return None
    reached = block.lines("reaches")
    if reached and line.kind != "counts_people":
        reader.problems.add(
            "SIB0457",
            "An amount is reached by people, each on a day of their own; this metric does not count people.",
            reached[0].span,
            clause=clause,
            mark="reached by whom?",
            help="Write `counts people`, or take the line out.",
            labels=(Label(line.span, "this is counted"),),
        )
        return None
    if line.kind == "counts_rows":
        table = _table(reader, tables, line.words()[0], clause)
        return Counts(RowsCounted(), table) if table is not None else None
    if line.kind in _OF_COLUMN:
        return _of_column(reader, line, tables, clause)
    if line.kind == "counts_people":
        if reached:
            return _reaching(reader, block, tables)
        return _people(reader, block, tables, cohorts)
    if line.kind in ("counts_fewer_days", "counts_earlier_days"):
        table = _table(reader, tables, line.words("NAME")[0], clause)
        return _of_window(reader, block, line, table, cohorts) if table is not None else None
    source = line.node("span_source")
    share = line.kind == "averages_share_of_days"
    if source is not None and source.said == "tracking":
        return _tracking(reader, block, line, tables, cohorts)
    table = _table(reader, tables, (source or line).words("NAME")[0], clause)
    if table is not None and not windows.lasts(reader, table, line, clause):
        return None
    if share:
        return _of_window(reader, block, line, table, cohorts) if table is not None else None
    return Counts(DaysCounted(), table, kind="days") if table is not None else None


def line_of(block: Block) -> Node:
    """The line that says what a metric counts, of one that has it."""
    return block.lines(*COUNTS)[0]


def _of_window(
    reader: Reader, block: Block, line: Node, table: Records, cohorts: Mapping[str, Cohort]
) -> Counts | None:
    """What is measured of the days of each member's window. Source: language reference, 'Shares of a window'."""
    people = _people(reader, block, reader.tables, cohorts)
    if people is None or not windows.of_rows(reader, block, line, table):
        return None
    if line.kind == "averages_share_of_days":
        return Counts(ShareOfDays(table.name), people.table, kind="percentage")
    if line.kind == "counts_earlier_days":
        return Counts(EarlierDays(table.name), people.table, kind="days")
    more = windows.more_days(reader, line, reader.clause(block))
    return Counts(FewerDays(table.name, more), people.table, kind="days") if more else None


def _table(reader: Reader, tables: Mapping[str, Records], word: Word, clause: str) -> Records | None:
    name = reader.name(word, "records", clause=clause)
    return tables.get(name) if name else None


def _of_column(reader: Reader, line: Node, tables: Mapping[str, Records], clause: str) -> Counts | None:
    kind, done, such = _OF_COLUMN[line.kind]
    words = line.nodes("path")[0].words("NAME")
    if len(words) != 2:
        reader.problems.add(
            "SIB0422",
            f"What is {done} is a column of some records.",
            line.span,
            clause=clause,
            mark="a column of which records?",
            help=f"Write such as `{such}`.",
        )
        return None
    table = _table(reader, tables, words[1], clause)
    if table is None:
        return None
    if line.kind == "counts_different":
        name = column_of(reader, table, words[0], (), clause)
    else:
        name = _added_up(reader, table, words[0], done, clause)
    column = table.column(name)
    if column is None:
        return None
    what = kind(name)
    return Counts(what, table, what.unit(column.kind))


def _added_up(reader: Reader, table: Records, word: Word, done: str, clause: str) -> str:
    """The name of a column of numbers, or '' after a complaint."""
    name = column_of(reader, table, word, (), clause)
    column = table.column(name)
    if column is None or column.kind in NUMERIC:
        return name
    reader.problems.add(
        "SIB0413",
        f"{name} holds {SAID[column.kind]}; only numbers can be {done}.",
        word.span,
        clause=clause,
        mark=f"{SAID[column.kind]}, not a number",
        help="Name another column.",
        labels=(Label(column.span, f"{name} is declared here"),),
    )
    return ""


def _people(
    reader: Reader, block: Block, tables: Mapping[str, Records], cohorts: Mapping[str, Cohort]
) -> Counts | None:
    among = reader.one(block, "among", needed="among Service Users")
    if among is None:
        return None
    cohort = cohorts.get(reader.name(among.words()[0], "cohort", clause=reader.clause(block)))
    return Counts(PeopleCounted(), tables[cohort.records]) if cohort is not None else None


def _reaching(reader: Reader, block: Block, tables: Mapping[str, Records]) -> Counts | None:
    """People who reach an amount: a number of some records, added up by their dates. Source: language reference."""
    clause = reader.clause(block)
    line = reader.one(block, "reaches")
    if line is None:
        return None
    what, by = line.nodes("path")[-2:]
    words = what.words("NAME")
    if len(words) != 2:
        reader.problems.add(
            "SIB0422",
            "What is added up is a column of some records.",
            what.span,
            clause=clause,
            mark="a column of which records?",
            help="Write such as `reaches £8,000 in Amount of Earnings, by Paid On`.",
        )
        return None
    table = _table(reader, tables, words[1], clause)
    if table is None:
        return None
    name = _added_up(reader, table, words[0], "added up", clause)
    dates = column_of(reader, table, by.words("NAME")[0], ("date",), clause)
    column = table.column(name)
    found = amount(reader, line.children[0], Here(clause=clause, values=reader.values))
    if column is None or not dates or found is None:
        return None
    if in_parts(table, column):
        reader.not_yet(
            what.span,
            f"reaching an amount of {name}, which is worked out by a share or a division",
            clause=clause,
            instead=ROUNDED_THERE,
        )
        return None
    if not _fixed(found):
        reader.not_yet(
            found.span, "an amount to be reached that is not the same for everybody", clause=clause
        )
        return None
    if not alike(found.kind, column.kind):
        _unreachable(
            reader,
            found,
            f"{name} holds {SAID[column.kind]}, and what is to be reached is {SAID[found.kind]}.",
            f"{SAID[found.kind]}, not {SAID[column.kind]}",
            f"Write it as {name} is written.",
            clause,
            (Label(column.span, f"{name} is declared here"),),
        )
        return None
    if isinstance(found, Value) and isinstance(found.value, Fraction) and found.value <= 0:
        _unreachable(
            reader,
            found,
            "What is to be reached is not above nought, so everybody has reached it before they begin.",
            "not above nought",
            "Write the amount that a person's rows must come to, or take the line out to count all people.",
            clause,
        )
        return None
    return Counts(PeopleReaching(name, found), table, by=dates)


def _unreachable(
    reader: Reader,
    found: Amount,
    message: str,
    mark: str,
    help_: str,
    clause: str,
    labels: tuple[Label, ...] = (),
) -> None:
    reader.problems.add(
        "SIB0457", message, found.span, clause=clause, mark=mark, help=help_, labels=labels
    )  # fmt: skip


def _tracking(
    reader: Reader, block: Block, line: Node, tables: Mapping[str, Records], cohorts: Mapping[str, Cohort]
) -> Counts | None:
    among = block.lines("among")
    cohort = cohorts.get(among[0].words()[0].text) if among else None
    if cohort is None or not tracked(reader, cohort, line, reader.clause(block)):
        if not among:
            reader.one(block, "among", needed="among Service Users")
        elif cohort is None:
            reader.name(among[0].words()[0], "cohort", clause=reader.clause(block))
        return None
    return Counts(DaysOfTracking(), tables[cohort.records], kind="days")


def tracked(reader: Reader, cohort: Cohort, line: Node, clause: str) -> bool:
    """Whether the cohort says for how long its members are tracked; reports a line that needs it and has it not."""
    if cohort.tracked is not None:
        return True
    reader.problems.add(
        "SIB0465",
        f"{cohort.name} does not say for how long its members are tracked.",
        line.span,
        clause=clause,
        mark="from when to when?",
        help=f"Add a line to the cohort, such as `tracked for 30 months from {cohort.joins_on}`.",
        labels=(Label(cohort.span, f"{cohort.name} is defined here"),),
    )
    return False


def dated_well(reader: Reader, line: Node, said: Counts, clause: str) -> bool:
    """Whether days are dated each by itself, and nothing else is; reports a line that dates otherwise."""
    days = said.what.by_the_day
    reached = isinstance(said.what, PeopleReaching)
    if reached != (line.kind == "dated_day_reached"):
        reader.problems.add(
            "SIB0458",
            "Who reaches an amount could be dated by any of the rows that add up to it; only the day reached is known to all."
            if reached
            else "Nothing is reached here, so there is no day on which it is.",
            line.span,
            clause=clause,
            mark="not on the day reached" if reached else "of what?",
            help="Write `dated on the day reached`."
            if reached
            else "Name the column that dates the result, or say what is reached: "
            "`reaches £8,000 in Amount of Earnings, by Paid On`.",
        )
        return False
    if days == (line.kind == "dated_each_day"):
        return True
    reader.problems.add(
        "SIB0466",
        "Days that are counted belong each to its own period, and this dates them otherwise."
        if days
        else "Only days that are counted are dated each by itself; this metric does not count days.",
        line.span,
        clause=clause,
        mark="not day by day" if days else "of what?",
        help="Write `dated each day`."
        if days
        else "Name the column that dates the result, such as `dated Spent On`.",
    )
    return False


def _weighed(kind: KindOfCount) -> tuple[str, frozenset[str], str]:
    """What is weighed, what it may be multiplied by, and what to name instead of anything else."""
    if kind.by_the_day:
        return "Days", NUMERIC, "Name a share, a number or an amount for each day."
    if isinstance(kind, ColumnSum):
        return "What is added up", frozenset({"percentage", "number", "count"}), "Name a share or a number."
    return "Results", NUMERIC - {"money per day"}, "Name a share, a number or an amount for each."


def weight(
    reader: Reader, block: Block, said: Counts, joining: Records | None, clause: str
) -> tuple[Amount | None, Literal["result", "joining"]]:
    """What each day, result or row is multiplied by, or None; and in which row it is read.

    `joining` are the records by whose rows people join the cohort.
    """
    line = reader.one(block, "weighted_by")
    if line is None:
        return None, "result"
    where = line.node("weighed_in")
    at: Literal["result", "joining"] = "result"
    row = said.table
    if where is not None and where.said.endswith("joining"):
        if joining is None:
            reader.problems.add(
                "SIB0587",
                f"The rows of {row.name} are nobody's, so nobody joined by a row in which a weight could stand.",
                line.span,
                clause=clause,
                mark="joining of whom?",
                help="Write `as recorded` for the row that brought the result.",
            )
            return None, at
        at, row = "joining", joining
    found = amount(reader, line.children[0], Here(clause=clause, row=row, values=reader.values))
    if found is None:
        return None, at
    what, kinds, better = _weighed(said.what)
    if found.kind not in kinds:
        reader.problems.add(
            "SIB0413",
            f"{what} cannot be multiplied by {SAID[found.kind]}.",
            found.span,
            clause=clause,
            mark=f"{SAID[found.kind]}, not a {'number' if found.kind not in NUMERIC else 'share or a number'}",
            help=better,
        )
        return None, at
    if _divides_by_row(found):
        reader.not_yet(
            line.span,
            "a weight that divides by a value of the row",
            clause=clause,
            instead="Let the records `define` a column that is worked out so, rounded to the penny, the percent or the whole unit, "
            "and weigh by that."
            if said.what.by_the_day
            else "Let the records `define` a column that is worked out so, and weigh by that.",
        )
        return None, at
    if said.what.by_the_day and read_in_parts(row, found):
        reader.not_yet(
            line.span,
            "a weight of days that is worked out by a share or a division",
            clause=clause,
            instead=ROUNDED_THERE,
        )
        return None, at
    return found, at


def _divides_by_row(found: Amount) -> bool:
    if isinstance(found, Extreme | FirstGiven):
        return any(_divides_by_row(part) for part in found.parts)
    if not isinstance(found, Arithmetic):
        return False
    below = found.op == "divided by" and not _fixed(found.right)
    return below or _divides_by_row(found.left) or _divides_by_row(found.right)


def _fixed(found: Amount) -> bool:
    """Whether an amount is the same for every row."""
    if isinstance(found, Arithmetic):
        return _fixed(found.left) and _fixed(found.right)
    if isinstance(found, Extreme | FirstGiven):
        return all(_fixed(part) for part in found.parts)
    return isinstance(found, Value | Given)


def measures(said: Counts, by: Amount | None) -> Kind:
    """The unit of the metric's quantities: days, or what each day is multiplied by where that has a unit of its own."""
    if by is None or by.kind in ("percentage", "number", "count") or by.kind == said.kind:
        return said.kind
    return "money" if by.kind == "money per day" else by.kind
