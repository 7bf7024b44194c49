"""Records, cohorts, bands and metrics."""

from __future__ import annotations

from typing import Literal, cast

from attrs import define

from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.expressions import SAID, Here, condition, interval, within
from sibdsl.model.from_syntax.reader import Cell, Reader
from sibdsl.model.nodes import (
    Band,
    Bands,
    Cohort,
    Column,
    Condition,
    Dated,
    Held,
    InPeriod,
    Metric,
    Not,
    Pick,
    RecordColumn,
    Records,
    Spell,
)
from sibdsl.model.types import Interval, Kind
from sibdsl.names import Scope
from sibdsl.source import NOWHERE, Span
from sibdsl.syntax import Block, Node, Word

_TYPES: dict[str, Kind] = {
    "identifier": "identifier", "person": "person", "date": "date", "yes or no": "yes or no", "number": "number",
    "count": "count", "text": "text", "hours": "hours", "days": "days", "points": "points", "percentage": "percentage",
    "money": "money",
}  # fmt: skip


def records(reader: Reader, blocks: list[Block]) -> tuple[Records, ...]:
    """Read the `records` blocks."""
    return tuple(_records(reader, block) for block in blocks if block.name)


def _records(reader: Reader, block: Block) -> Records:
    reader.only(block, "one_row", "spell", "known_on", "table", "source", "says", "note")
    clause = reader.clause(block)
    table = reader.table(
        block, block.table, ("column", "holds", "blank", "must be", "headed", "note"), ("column", "holds", "blank")
    )
    columns: list[RecordColumn] = []
    inner = Scope()
    for row, span in zip(table.rows, table.spans, strict=True):
        cell = row.get("column")
        if cell is None or "holds" not in row:
            continue
        if not cell.name:
            reader.problems.add("SIB0420", "A column is named here; this is not a name.", cell.span, clause=clause,
                                mark="not a name", help="Write a name: words that begin with a capital.")  # fmt: skip
            continue
        inner.add(reader.problems, cell.name, "column", cell.span)
        typed = _type(reader, row["holds"], clause)
        if typed is None:
            continue
        kind, categories = typed
        headed = row["headed"].text if "headed" in row else ""
        columns.append(
            RecordColumn(
                cell.name, kind, _blank_allowed(reader, row.get("blank"), clause), _must_be(reader, row.get("must be"), kind, clause),
                categories, headed, span=span,
            )  # fmt: skip
        )
    one_row = reader.one(block, "one_row")
    known = reader.one(block, "known_on")
    name = block.name.text if block.name else ""
    bare = Records(name, one_row.words()[0].text if one_row else "", tuple(columns), span=block.head)
    spell = _spell(reader, block, bare, clause)
    known_on = _column(reader, bare, known.words()[0], ("date",), clause) if known else ""
    return Records(name, bare.row_is, bare.columns, spell, known_on, span=block.head)


def _type(reader: Reader, cell: Cell, clause: str) -> tuple[Kind, tuple[str, ...]] | None:
    part = cell.part
    if not isinstance(part, Node) or part.kind != "type":
        reader.problems.add("SIB0421", "This does not say what the column holds.", cell.span, clause=clause, mark="not a type",
                            help="Write one of: " + ", ".join(_TYPES) + ", or `one of` with a list.")  # fmt: skip
        return None
    name = next(iter(part.nodes("type_name")))
    words = [word for word in name.walk() if isinstance(word, Word)]
    if len(words) > 1 and [word.text for word in words[:2]] == ["one", "of"]:
        listed = tuple(word.text.strip('"') for word in words[2:] if word.kind in ("NAME", "TEXT"))
        return "category", listed
    if name.said in _TYPES and len(part.nodes()) == 1 and not part.words():
        return _TYPES[name.said], ()
    reader.not_yet(cell.span, f"a column that holds `{name.said}`", clause=clause)
    return None


def _blank_allowed(reader: Reader, cell: Cell | None, clause: str) -> bool:
    if cell is None or cell.word == "rejected":
        return False
    if cell.word != "allowed":
        reader.problems.add("SIB0422", "A blank is `allowed` or `rejected`.", cell.span, clause=clause, mark="neither",
                            help="Write `rejected` when a row without it cannot be used, `allowed` when it may be blank.")  # fmt: skip
    return cell.word == "allowed"


def _must_be(reader: Reader, cell: Cell | None, kind: Kind, clause: str) -> Interval:
    if cell is None or cell.word in ("any", "all"):
        return Interval()
    part = cell.part
    if isinstance(part, Node) and part.kind == "range":
        return interval(reader, part, Here(clause=clause), (kind,)) or Interval()
    reader.not_yet(cell.span, "this `must be`", clause=clause)
    return Interval()


def _column(reader: Reader, table: Records, word: Word, kinds: tuple[str, ...], clause: str) -> str:
    """The name of a column of the table of one of the kinds (any, if none), or '' after a complaint."""
    column = table.column(word.text)
    if column is None:
        inner = Scope()
        for one in table.columns:
            inner.add(reader.problems, one.name, "column", one.span)
        inner.unknown(reader.problems, word.text, ("column",), word.span, clause=clause)
        return ""
    if kinds and column.kind not in kinds:
        wanted = " or ".join(SAID[kind] for kind in kinds)
        reader.problems.add(
            "SIB0413", f"{column.name} holds {SAID[column.kind]}; {wanted} is needed here.", word.span, clause=clause,
            mark=f"{SAID[column.kind]}, not {wanted}", help="Name another column.",
            labels=(Label(column.span, f"{column.name} is declared here"),),
        )  # fmt: skip
        return ""
    return column.name


def _spell(reader: Reader, block: Block, table: Records, clause: str) -> Spell | None:
    line = reader.one(block, "spell")
    if line is None:
        return None
    start = _column(reader, table, line.words("NAME")[0], ("date",), clause)
    last = line.node("first_day_out", "last_day_in")
    end = _column(reader, table, last.words("NAME")[0], ("date",), clause) if last else ""
    if not start or not end or last is None:
        return None
    still_open = line.node("open_spell") is not None
    column = table.column(end)
    if column and column.blank_allowed and not still_open:
        reader.problems.add(
            "SIB0423", f"{end} may be blank, and the spell does not say what a blank means.", line.span, clause=clause,
            mark="blank: still open, or unknown?", help="Add `, open while blank`, or write `rejected` under `blank`.",
        )  # fmt: skip
    return Spell(start, end, last.kind == "last_day_in", still_open, span=line.span)


# ------------------------------------------------------------------ cohorts, bands


def _table_of(reader: Reader, tables: dict[str, Records], word: Word, clause: str) -> Records | None:
    name = reader.name(word, "records", clause=clause)
    return tables.get(name) if name else None


def cohorts(reader: Reader, blocks: list[Block], tables: dict[str, Records]) -> tuple[Cohort, ...]:
    """Read the `cohort` blocks."""
    found: list[Cohort] = []
    for block in blocks:
        reader.only(block, "rows", "only_if", "not_if", "joins", "if_several", "source", "says", "note")
        clause = reader.clause(block)
        rows = reader.one(block, "rows", needed="rows Referrals")
        joins = reader.one(block, "joins", needed="joins on Referred On")
        several = reader.one(block, "if_several", needed="if several earliest Referred On")
        table = _table_of(reader, tables, rows.words()[0], clause) if rows else None
        if table is None or joins is None or block.name is None:
            continue
        _person(reader, table, block, clause)
        here = Here(clause=clause, row=table, values=reader.values)
        joins_on = _path_column(reader, table, joins, ("date",), clause)
        picks = tuple(_picks(reader, table, several, clause)) if several else ()
        tests = _conditions(reader, block, here)
        found.append(Cohort(block.name.text, block.clause, block.gloss, table.name, tests, joins_on, picks, span=block.head))
    return tuple(found)


def _person(reader: Reader, table: Records, block: Block, clause: str) -> None:
    if sum(column.kind == "person" for column in table.columns) != 1:
        reader.problems.add(
            "SIB0424", f"{table.name} must have exactly one column that holds `person`.", block.head, clause=clause,
            mark="whose rows are these?", help="Write `person` under `holds` for the column that identifies the person.",
            labels=(Label(table.span, f"{table.name} is declared here"),),
        )  # fmt: skip


def _path_column(reader: Reader, table: Records, line: Node, kinds: tuple[str, ...], clause: str) -> str:
    path = line.node("path")
    if path is None or len(path.children) != 1:
        reader.not_yet(line.span, "a column of something else here", clause=clause)
        return ""
    return _column(reader, table, path.words()[0], kinds, clause)


def _picks(reader: Reader, table: Records, line: Node, clause: str) -> list[Pick]:
    found: list[Pick] = []
    for pick in line.nodes("pick"):
        way = next(iter(pick.nodes("pick_way"))).said
        kinds = ("date",) if way in ("earliest", "latest") else ()
        column = _path_column(reader, table, pick, kinds, clause)
        if column:
            found.append(Pick(cast("Literal['earliest']", way), column, span=pick.span))
    return found


def _conditions(reader: Reader, block: Block, here: Here) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for line in block.lines("only_if", "not_if"):
        test = condition(reader, line.nodes()[0], here)
        if test is not None:
            one = within(test, line.span)
            found.append(Not(one, span=line.span) if line.kind == "not_if" else one)
    return tuple(found)


def bands(reader: Reader, blocks: list[Block], tables: dict[str, Records]) -> tuple[Bands, ...]:
    """Read the `bands` blocks. Holes and overlaps are found by the structural checks."""
    found: list[Bands] = []
    columns = {column.name: column for table in tables.values() for column in table.columns}
    for block in blocks:
        reader.only(block, "banding", "table", "source", "says", "note")
        clause = reader.clause(block)
        line = reader.one(block, "banding", needed="by Hours Per Week")
        table = reader.table(block, block.table, ("band", "holds", "note"), ("band", "holds"))
        if line is None or block.name is None:
            continue
        word = next(iter(line.nodes("path"))).words()[0]
        column = columns.get(word.text)
        if column is None:
            inner = Scope()
            for one in columns.values():
                if one.name not in inner.terms:
                    inner.add(reader.problems, one.name, "column", one.span)
            inner.unknown(reader.problems, word.text, ("column",), word.span, clause=clause)
            continue
        inner = Scope()
        rows: list[Band] = []
        for row, span in zip(table.rows, table.spans, strict=True):
            cell, holds = row.get("band"), row.get("holds")
            if cell is None or holds is None:
                continue
            if not cell.name:
                reader.problems.add("SIB0420", "A band is named here; this is not a name.", cell.span, clause=clause,
                                    mark="not a name", help="Write a name: words that begin with a capital.")  # fmt: skip
                continue
            inner.add(reader.problems, cell.name, "band", cell.span)
            part = holds.part
            if not isinstance(part, Node) or part.kind != "range":
                reader.problems.add("SIB0425", "A band holds a range of numbers.", holds.span, clause=clause, mark="not a range",
                                    help="Write such as `at least 16 hours but less than 30 hours`.")  # fmt: skip
                continue
            held = interval(reader, part, Here(clause=clause), (column.kind,))
            if held is not None:
                rows.append(Band(cell.name, held, span=holds.span))
        found.append(Bands(block.name.text, block.clause, column.name, tuple(rows), span=block.head))
    return tuple(found)


# ------------------------------------------------------------------ metrics


@define
class MetricBlock:
    """A metric block and the table that it counts, before its conditions are read."""

    block: Block
    table: Records


_COUNTS = ("counts_rows", "counts_people", "counts_different", "counts_days", "sums", "averages",
           "averages_share_of_days", "equals", "compares")  # fmt: skip
_DATED = ("dated_by", "dated_day_after", "dated_last_day", "dated_each_day")


def metrics(
    reader: Reader, blocks: list[Block], tables: dict[str, Records], sets: dict[str, Bands]
) -> tuple[Metric, ...]:
    """Read the `metric` blocks. A metric may speak of a column of the row that another one picked."""
    ready: list[MetricBlock] = []
    for block in blocks:
        clause = reader.clause(block)
        counts = reader.one(block, *_COUNTS, needed="counts rows of Jobs")
        if counts is None:
            continue
        if counts.kind != "counts_rows":
            reader.not_yet(counts.span, "this measure: only `counts rows of`", clause=clause)
            continue
        table = _table_of(reader, tables, counts.words()[0], clause)
        if table is not None and block.name is not None:
            ready.append(MetricBlock(block, table))
    behind = {one.block.name.text: one.table for one in ready if one.block.name}
    return tuple(found for one in ready if (found := _metric(reader, one, behind, sets)) is not None)


def _metric(reader: Reader, one: MetricBlock, behind: dict[str, Records], sets: dict[str, Bands]) -> Metric | None:
    block, table = one.block, one.table
    clause = reader.clause(block)
    reader.only(block, "kind", *_COUNTS, "among", "only_if", "not_if", "within", "held", *_DATED, "per_person", "if_tied",
                "banded_by", "source", "says", "note")  # fmt: skip
    _person(reader, table, block, clause)
    kind = reader.one(block, "kind", needed="kind outcome")
    among = reader.one(block, "among", needed="among Service Users")
    cohort = reader.name(among.words()[0], "cohort", clause=clause) if among else ""
    if among and len(among.words()) > 1:
        reader.not_yet(among.span, "several cohorts in one metric", clause=clause)
    here = Here(clause=clause, row=table, metrics=behind, values=reader.values, joins=True)
    tests = list(_conditions(reader, block, here))
    held = _held(reader, block, table, clause)
    dated = _dated(reader, block, table, held, clause)
    inside = reader.one(block, "within")
    if inside is not None and dated is not None:
        test = _within(reader, inside, table, held, dated, clause)
        tests.extend([test] if test else [])
    banding = reader.one(block, "banded_by")
    set_name = _banding(reader, banding, table, sets, clause) if banding else ""
    limit = _limit(reader, block, banding is not None, clause)
    tie = _tie(reader, block, table, limit, held, clause)
    if kind is None or not cohort or dated is None or block.name is None:
        return None
    said = next(iter(kind.nodes("metric_kind"))).said
    return Metric(
        block.name.text, block.clause, block.gloss, cast("Literal['output']", said), table.name, cohort, tuple(tests), dated,
        held, limit, tie, set_name, span=block.head,
    )  # fmt: skip


def _held(reader: Reader, block: Block, table: Records, clause: str) -> Held | None:
    line = reader.one(block, "held")
    if line is None:
        return None
    if line.node("gaps", "counting"):
        reader.not_yet(line.span, "gaps in a holding", clause=clause)
    duration = next((reader.duration(node, clause) for node in line.nodes("duration")), None)
    start = _path_column(reader, table, line, ("date",), clause)
    if table.spell is None:
        reader.problems.add(
            "SIB0426", f"{table.name} does not say how long its rows last, so nothing can be held.", line.span, clause=clause,
            mark="held until when?", labels=(Label(table.span, f"{table.name} is declared here"),),
            help="Add a line `spell` to the records, such as `spell from Started On to the day before Ended On, open while blank`.",
        )  # fmt: skip
        return None
    if start and start != table.spell.start:
        reader.problems.add(
            "SIB0426", f"A row of {table.name} lasts from its {table.spell.start}, not from its {start}.", line.span, clause=clause,
            mark=f"not where the spell begins", help=f"Write `from {table.spell.start}`.",
            labels=(Label(table.spell.span, "the spell is declared here"),),
        )  # fmt: skip
        return None
    return Held(duration, start, span=line.span) if duration and start else None


def _dated(reader: Reader, block: Block, table: Records, held: Held | None, clause: str) -> Dated | None:
    line = reader.one(block, *_DATED, needed="dated on the day after" if held else "dated Engaged On")
    if line is None:
        return None
    if line.kind == "dated_by":
        column = _path_column(reader, table, line, ("date",), clause)
        return Dated("column", column, span=line.span) if column else None
    if line.kind == "dated_each_day":
        reader.not_yet(line.span, "`dated each day`", clause=clause)
        return None
    if held is None and not block.lines("held"):
        reader.problems.add(
            "SIB0427", "Nothing is held here, so there is no last day held.", line.span, clause=clause, mark="of what?",
            help="Name the column that dates the result, such as `dated Engaged On`, or add a line `held`.",
        )  # fmt: skip
        return None
    return Dated("day after" if line.kind == "dated_day_after" else "last day held", span=line.span)


def _within(
    reader: Reader, line: Node, table: Records, held: Held | None, dated: Dated, clause: str
) -> Condition | None:
    said = next(iter(line.nodes("span"))).said
    if said not in ("the service period", "the payment period"):
        reader.not_yet(line.span, f"`within {said}`", clause=clause)
        return None
    name = dated.column or (held.start if held else "")
    column = table.column(name)
    if column is None:
        return None
    period: Literal["service period", "payment period"] = "service period" if "service" in said else "payment period"
    return InPeriod(Column(table.name, column.name, column.kind, span=line.span), period, span=line.span)


def _banding(reader: Reader, line: Node, table: Records, sets: dict[str, Bands], clause: str) -> str:
    name = reader.name(line.words("NAME")[0], "bands", clause=clause)
    reading = line.node("reading")
    if reading and reading.said != "as recorded":
        reader.not_yet(reading.span, f"`{reading.said}`: a column that changes in time", clause=clause)
    if not name or name not in sets:
        return ""
    column = table.column(sets[name].by)
    if column is None:
        reader.problems.add(
            "SIB0428", f"{name} are bands of {sets[name].by}, which is not a column of {table.name}.", line.span, clause=clause,
            mark="no such column", help=f"Use bands of a column of {table.name}.", labels=(Label(sets[name].span, f"{name} is defined here"),),
        )  # fmt: skip
        return ""
    return name


def _limit(reader: Reader, block: Block, banded: bool, clause: str) -> Literal["", "over all bands", "in each band"]:  # noqa: FBT001
    line = reader.one(block, "per_person")
    if line is None:
        return ""
    who = line.node("who_once")
    if line.node("at_most_each", "once_each") or (who and who.said != "person"):
        reader.not_yet(line.span, "this limit for each person", clause=clause)
        return ""
    across = line.node("across_bands")
    if banded and across is None:
        reader.problems.add(
            "SIB0429", "With bands, `first only` can be read two ways: the first over all bands, or the first in each.",
            line.span, clause=clause, mark="over all bands, or in each band?",
            help="Write `per person first only, over all bands`, or `first only, in each band`.",
        )  # fmt: skip
        return "over all bands"
    return cast("Literal['in each band']", across.said) if across else "over all bands"


def _tie(reader: Reader, block: Block, table: Records, limit: str, held: Held | None, clause: str) -> Pick | None:
    line = reader.one(block, "if_tied")
    if line is None:
        if limit and block.lines("banded_by"):
            reader.problems.add(
                "SIB0430", "Two rows of one person may tie for first in different bands, and nothing says which counts.",
                block.lines("per_person")[0].span, clause=clause, mark="which, if tied?",
                help="Add a line such as `if tied lowest Job ID`.",
            )  # fmt: skip
        return None
    picks = _picks(reader, table, line, clause)
    return picks[0] if picks else None


def place(span: Span | None) -> Span:
    return span or NOWHERE
