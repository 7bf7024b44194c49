"""From files to raw tables: every row of every file, in order, each cell as trimmed text.

A CSV file is read by the engine's strict reader, and the result is checked against counts of the file's delimiters and
line ends. Where they differ, or the reader refuses, the file is read again row by row and written out plainly first, so
that a row with too few or too many cells is a row with a reason and no row is lost.

Source of the rules: records reference, 'Files'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import assert_never

from attrs import evolve, frozen
from sqlglot import exp

from sibdsl.csvfile import CsvFile, Unreadable, rewrite, write_plainly
from sibdsl.diagnostics import Problems
from sibdsl.measure import duplicates_and_invalid, opened_sources, sqltree, typed_cells, typed_files
from sibdsl.measure.engines import NOT_THE_FILE, Engine, EngineError
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.raw_tables import RawTable
from sibdsl.measure.sqltree import Tree
from sibdsl.plainform import ENDS
from sibdsl.records.sources import (
    ArrowRows,
    FewRows,
    NumberedRow,
    NumberedRows,
    RecordSource,
    TextRows,
    TypedFile,
)

_NAMES_SHOWN = 12
_ROWS_SHOWN = 3


def load(
    engine: Engine, plan: Plan, sources: Mapping[str, Sequence[RecordSource]], problems: Problems
) -> dict[str, RawTable]:
    """Make `raw_t` and `equal_t` of every table and the table `files`; gives what is known of each table by name.

    Raises:
        Refused: a file cannot be read (SIB0607), has no heading row (SIB0603), lacks a declared column (SIB0604) or has
            one twice (SIB0605). All files are looked at first, so that all their problems are told at once.
    """
    opened = {
        table.name: [
            opened_sources.open_source(engine, table, source, problems)
            for source in sources.get(table.name, ())
        ]
        for table in plan.tables
    }
    problems.stop_on_errors()
    tables: dict[str, RawTable] = {}
    _name_files(engine, plan, opened)
    for table in plan.tables:
        parts = [part for part in opened[table.name] if part is not None]
        faults = len(problems.errors)
        tables[table.name] = _load_table(engine, table, parts, problems)
        # Of a file that cannot be read nothing more is asked.
        for at, part in enumerate(parts if len(problems.errors) == faults else ()):
            _tell_respelt(engine, table, at, part, problems)
    problems.stop_on_errors()
    return tables


def _name_files(
    engine: Engine, plan: Plan, opened: Mapping[str, Sequence[opened_sources.OpenedSource | None]]
) -> None:
    """Make table `files`: tab, part, shown; what each part of each table is called."""
    _make(engine, "files", [("tab", sqltree.SMALL), ("part", sqltree.BIG), ("shown", sqltree.TEXT)])
    named = [
        exp.Tuple(expressions=[sqltree.whole(table.at), sqltree.whole(at), sqltree.text(part.source.shown)])
        for table in plan.tables
        for at, part in enumerate(part for part in opened[table.name] if part is not None)
    ]
    if named:
        engine.run(exp.insert(exp.Values(expressions=named), sqltree.table("files"), copy=False))


def _tell_respelt(
    engine: Engine, table: PlannedTable, at: int, part: opened_sources.OpenedSource, problems: Problems
) -> None:
    """Tell once of a file how many of its cells and headings are not in plain form (SIB0617)."""
    headings = part.opened.respelt
    if _all_ascii(part) and not headings:
        return
    respelt = sqltree.col("r", "respelt")
    mine = sqltree.both(
        [
            sqltree.eq(sqltree.col("r", "part"), sqltree.whole(at)),
            sqltree.compare(respelt, ">", sqltree.text("")),
        ]
    )
    # Each cell is told by its column's number and a space.
    marks = [exp.Anonymous(this="length", expressions=[text]) for text in (respelt, _without_spaces(respelt))]
    source = sqltree.table(f"raw_{table.at}", "r")
    counted = [sqltree.count(), sqltree.total(exp.Sub(this=marks[0], expression=marks[1]))]
    rows, number = engine.fetch(sqltree.query(counted, source.copy(), where=mine.copy()))[0]
    if not rows and not headings:
        return
    first = sqltree.query(
        [sqltree.col("r", "row")], source, where=mine, order=[sqltree.ordered(sqltree.col("r", "seq"))]
    )
    listed = [f"{row:,}" for (row,) in engine.fetch(first.limit(_ROWS_SHOWN, copy=False))]
    where: list[str] = []
    if rows:
        several = f" and {rows - len(listed):,} more" if rows > len(listed) else ""
        cells = "1 cell" if number == 1 else f"{number:,} cells"
        where.append(f"{cells} in {'row' if rows == 1 else 'rows'} {', '.join(listed)}{several}")
    if headings:
        where.append("1 heading" if headings == 1 else f"{headings} headings")
    holds = "holds" if headings + int(number or 0) == 1 else "hold"
    problems.add(
        "SIB0617",
        f"{part.source.shown}: {' and '.join(where)} {holds} characters that cannot be seen, or letters in another "
        "form; read and compared without them",
        table.records.span,
        help="Nothing need be done. What writes the file puts them in.",
        severity="warning",
    )


def _all_ascii(part: opened_sources.OpenedSource) -> bool:
    """Whether it is known, without looking at them again, that no cell has a character beyond ASCII."""
    match part.opened.rows:
        case CsvFile(rest=rest):
            return rest.ascii
        case FewRows() as few:
            return few.ascii
        case TypedFile() | TextRows() | NumberedRows() | ArrowRows():
            return False
        case _ as never:
            assert_never(never)


def _without_spaces(text: Tree) -> Tree:
    return sqltree.call("replace", text, sqltree.text(" "), sqltree.text(""))


def _load_table(
    engine: Engine, table: PlannedTable, parts: Sequence[opened_sources.OpenedSource], problems: Problems
) -> RawTable:
    extras = sorted({extra for part in parts for extra in opened_sources.extras(table, part)})
    names = [part.headings[at] for part in parts for at in opened_sources.extras(table, part).values()]
    shown = [name for name in dict.fromkeys(names) if name]
    if shown:
        listed = ", ".join(shown[:_NAMES_SHOWN]) + (", ..." if len(shown) > _NAMES_SHOWN else "")
        where = parts[0].source.shown if len(parts) == 1 else f"the files of {table.name}"
        problems.add(
            "SIB0606",
            f"{where}: the contract has no {'column' if len(shown) == 1 else 'columns'} {listed}; read only to "
            "tell duplicates",
            table.records.span,
            help="Nothing need be done. Declare a column in the records block for a clause to read it.",
            severity="warning",
        )
    slots = [
        _Slot(at, 0, chosen, _typed_columns(table, part, chosen))
        for at, part in enumerate(parts)
        for chosen in [_chosen(table, part, extras)]
    ]
    stay = [
        typed_files.part(part, slot.part, slot.places, slot.typed)
        for part, slot in zip(parts, slots, strict=True)
    ]
    typed = [part for part in stay if part is not None]
    if parts and len(typed) == len(parts):
        return typed_files.stay(engine, table, typed, problems)
    width = len(table.filed) + len(extras)
    return _read_in(engine, table, width, parts, slots, problems)


def _chosen(
    table: PlannedTable, part: opened_sources.OpenedSource, extras: Sequence[opened_sources.Extra]
) -> list[int]:
    """The place in a file of each raw column, -1 for one that it lacks."""
    mine = opened_sources.extras(table, part)
    places = [opened_sources.places(cell, part.headings)[0] for cell in table.filed]
    return [*places, *(mine.get(extra, -1) for extra in extras)]


def _read_in(
    engine: Engine,
    table: PlannedTable,
    width: int,
    parts: Sequence[opened_sources.OpenedSource],
    slots: Sequence[_Slot],
    problems: Problems,
) -> RawTable:
    """Make `raw_t` a table of all rows of the files, of so many columns."""
    _make(
        engine,
        f"raw_{table.at}",
        [
            ("part", sqltree.BIG),
            ("row", sqltree.BIG),
            ("seq", sqltree.BIG),
            ("mark", sqltree.MARK),
            ("cells", sqltree.BIG),
            ("wanted", sqltree.BIG),
            ("extra", sqltree.TEXT),
            ("respelt", sqltree.TEXT),
            ("typed", sqltree.TEXT),
            *((f"c{at}", sqltree.TEXT) for at in range(width)),
        ],
    )
    before = 0
    for part, slot in zip(parts, slots, strict=True):
        try:
            before += _load_part(engine, table, part, evolve(slot, before=before))
        except Unreadable as error:
            opened_sources.unreadable(problems, table, part.source, str(error))
    raw = RawTable.of_texts(width)
    engine.run(duplicates_and_invalid.equal_rows(table, raw))
    return raw


def _typed_columns(table: PlannedTable, part: opened_sources.OpenedSource, places: Sequence[int]) -> str:
    """The columns of a file whose type is that of the declared column: their cells are no text, in whatever form."""
    match part.opened.rows:
        case TypedFile(types=types) | ArrowRows(types=types):
            own = [
                cell.at
                for cell, place in zip(table.filed, places, strict=False)
                if typed_cells.of_type(cell, types[place])
            ]
            return "".join(f" {at} " for at in own)
        case TextRows() | CsvFile() | FewRows() | NumberedRows():  # numbered rows say it of each cell
            return ""
        case _ as never:
            assert_never(never)


class _Form(Enum):
    """What the rows that the engine reads have beside their cells."""

    #: Nothing: they are as the file has them.
    AS_IT_IS = "as it is"
    #: In front, what `write_plainly` says of their number of cells.
    SHAPED = "shaped"
    #: In front, the row's number.
    AT_HAND = "at hand"
    #: That of `SHAPED`, and behind them the row's number and the columns whose cells have their type.
    NUMBERED = "numbered"


@frozen
class _Slot:
    """Where a file's rows go: the part's number, the rows of earlier parts, and each raw column's place in the file."""

    part: int
    before: int
    places: Sequence[int]
    #: The raw columns whose cells have the type of their column, by their numbers: ` 0 3 `.
    typed: str = ""


def _load_part(engine: Engine, table: PlannedTable, part: opened_sources.OpenedSource, slot: _Slot) -> int:
    target = f"raw_{table.at}"
    width = len(part.headings)
    match part.opened.rows:
        case TypedFile(path=path, types=types):
            as_text = [typed_cells.as_text(*column) for column in zip(part.headings, types, strict=True)]
            return _read(engine, target, engine.parquet_rows(path), as_text, slot, ascii_only=False)
        case ArrowRows(table=held, names=names, types=types):
            as_text = [typed_cells.as_text(*column) for column in zip(names, types, strict=True)]
            count = _read(engine, target, engine.arrow_rows(held), as_text, slot, ascii_only=False)
            if count != len(held):
                raise Unreadable(f"it has {len(held):,} rows, and {count:,} could be read")
            return count
        case TextRows(each=each):
            written = write_plainly(each(), width, engine.folder)
            return _read_plainly(engine, target, *written, _texts(width), slot, ascii_only=False)
        case NumberedRows(each=numbered):
            return _load_numbered(engine, table, width, numbered(), slot)
        case CsvFile() as file:
            return _load_csv(engine, target, file, slot)
        case FewRows() as few:
            return _load_few(engine, target, width, few, slot)
        case _ as never:
            assert_never(never)


def _load_numbered(
    engine: Engine, table: PlannedTable, width: int, numbered: Iterator[NumberedRow], slot: _Slot
) -> int:
    """Read rows with the numbers that they have, and give the last."""
    last = 0

    def with_numbers() -> Iterator[list[str]]:
        nonlocal last
        for row in numbered:
            last = row.number
            typed = [
                cell.at
                for cell, place in zip(table.filed, slot.places, strict=False)
                if typed_cells.of_type(cell, row.types[place])
            ]
            # What stands under no heading is a cell all the same.
            yield [*row.cells[:width], str(row.number), "".join(f" {at} " for at in typed)]

    written = write_plainly(with_numbers(), width + 2, engine.folder)
    _read_plainly(
        engine, f"raw_{table.at}", *written, _texts(width), slot, ascii_only=False, form=_Form.NUMBERED
    )
    return last


def _load_few(engine: Engine, target: str, width: int, few: FewRows, slot: _Slot) -> int:
    """Read rows that stand in the statement itself."""
    if not few.rows:
        return 0
    rows = [[sqltree.whole(at), *map(sqltree.text, row)] for at, row in enumerate(few.rows, 1)]
    names = ["number", *(f"h{at}" for at in range(width))]
    source = sqltree.values(rows, "v", names)
    return _read(engine, target, source, _texts(width), slot, ascii_only=few.ascii, form=_Form.AT_HAND)


def _texts(width: int) -> list[Tree]:
    return [exp.column(f"h{at}") for at in range(width)]


def _load_csv(engine: Engine, target: str, file: CsvFile, slot: _Slot) -> int:
    """Read by the engine where that loses nothing, else row by row."""
    width = len(file.headings)
    as_text = _texts(width)
    if file.rest.quotes and file.rest.returns:
        # Line ends inside a cell are of one kind, so that files of either kind can repeat each other's rows.
        as_text = [
            sqltree.call("replace", text, sqltree.text("\r\n"), sqltree.text("\n")) for text in as_text
        ]
    if not file.careful:
        try:
            names = [f"h{at}" for at in range(width)]
            source = _csv_rows(engine, file.path, names, file.delimiter, file.skip)
            count = _read(
                engine,
                target,
                source,
                as_text,
                slot,
                ascii_only=file.rest.ascii,
                ends=file.ends,
            )
        except Unreadable:
            pass
        else:
            if _whole(engine, target, file, slot, count):
                return count
            mine = sqltree.eq(exp.column("part"), sqltree.whole(slot.part))
            engine.run(exp.delete(target, where=mine))
    written = rewrite(file, engine.folder)
    return _read_plainly(engine, target, *written, as_text, slot, ascii_only=file.rest.ascii)


def _csv_rows(engine: Engine, path: Path, columns: Sequence[str], delimiter: str, skip: int) -> exp.Table:
    """A CSV file as a table. Raises Unreadable, for an engine that reads it at once."""
    try:
        return engine.csv_rows(path, columns, delimiter, skip)
    except NOT_THE_FILE:
        raise
    except EngineError as error:
        raise Unreadable(opened_sources.DAMAGED) from error


def _read_plainly(
    engine: Engine,
    target: str,
    path: Path,
    rows: int,
    as_text: Sequence[Tree],
    slot: _Slot,
    *,
    ascii_only: bool,
    form: _Form = _Form.SHAPED,
) -> int:
    """Read a file that `write_plainly` wrote, and remove it. Raises Unreadable where not every row came through."""
    shaped = ["cells", "wanted", "extra", *(f"h{at}" for at in range(len(as_text)))]
    columns = [*shaped, "number", "typed"] if form is _Form.NUMBERED else shaped
    source = _csv_rows(engine, path, columns, ",", 0)
    count = _read(engine, target, source, as_text, slot, ascii_only=ascii_only, form=form)
    path.unlink()
    if count != rows:
        raise Unreadable(f"{rows} rows were found and {count} could be read")
    return count


def _whole(engine: Engine, target: str, file: CsvFile, slot: _Slot, rows: int) -> bool:
    """Whether the rows read hold every delimiter and line end of the file: then none was lost, parted or run together."""
    delimiters = file.rest.delimiters[file.delimiter] - rows * (len(file.headings) - 1)
    newlines = file.lines - rows
    if not file.rest.quotes:
        return (delimiters, newlines) == (0, 0)
    inside = [_count_in_cells(mark, len(slot.places)) for mark in (file.delimiter, "\n")]
    mine = sqltree.eq(exp.column("part"), sqltree.whole(slot.part))
    query = sqltree.query(inside, sqltree.table(target), where=mine)
    return engine.fetch(query)[0] == (delimiters, newlines)


def _count_in_cells(mark: str, width: int) -> Tree:
    counted = [
        exp.Sub(
            this=exp.Length(this=exp.column(f"c{at}")),
            expression=exp.Length(
                this=sqltree.call("replace", exp.column(f"c{at}"), sqltree.text(mark), sqltree.text(""))
            ),
        )
        for at in range(width)
    ]
    total: Tree = counted[0]
    for one in counted[1:]:
        total = exp.Add(this=total, expression=sqltree.paren(one))
    return exp.Coalesce(this=exp.Sum(this=total), expressions=[sqltree.whole(0)])


def _read(
    engine: Engine,
    target: str,
    source: exp.Table | exp.Values,
    as_text: Sequence[Tree],
    slot: _Slot,
    *,
    ascii_only: bool,
    form: _Form = _Form.AS_IT_IS,
    ends: str = ENDS,
) -> int:
    """Add the rows of a source to a raw table, all or none, and give how many there were. Raises Unreadable."""
    number = (
        sqltree.cast(exp.column("number"), sqltree.BIG)
        if form in (_Form.NUMBERED, _Form.AT_HAND)
        else exp.Window(this=exp.RowNumber())
    )
    place = sqltree.named(number, "row")
    texts = [
        sqltree.named(sqltree.trimmed(text if ascii_only else sqltree.plain_form(text), ends), f"t{at}")
        for at, text in enumerate(as_text)
    ]
    respelt = sqltree.named(sqltree.text("") if ascii_only else _respelt(as_text, slot.places), "respelt")
    shaped = form in (_Form.SHAPED, _Form.NUMBERED)
    odd = [exp.column(name) for name in ("cells", "wanted", "extra")] if shaped else []
    typed = exp.column("typed") if form is _Form.NUMBERED else sqltree.text(slot.typed)
    rows = sqltree.query([place, *texts, *odd, respelt, sqltree.named(typed, "typed")], source)
    shape: list[Tree] = [sqltree.null(), sqltree.null(), sqltree.text("")]
    if shaped:
        shape = [sqltree.try_cast(exp.column(name, "s"), sqltree.BIG) for name in ("cells", "wanted")]
        shape.append(exp.Coalesce(this=exp.column("extra", "s"), expressions=[sqltree.text("")]))
    shape += [sqltree.col("s", "respelt"), sqltree.col("s", "typed")]
    placed = [sqltree.text("") if at < 0 else sqltree.col("s", f"t{at}") for at in slot.places]
    row = sqltree.col("s", "row")
    mark = exp.Anonymous(this="hash", expressions=placed)
    seq = exp.Add(this=row, expression=sqltree.whole(slot.before))
    query = sqltree.query([sqltree.whole(slot.part), row, seq, mark, *shape, *placed], sqltree.sub(rows, "s"))
    try:
        return engine.insert(exp.insert(query, target, copy=False))
    except NOT_THE_FILE:
        raise
    except EngineError as error:
        raise Unreadable(opened_sources.DAMAGED) from error


def _respelt(as_text: Sequence[Tree], places: Sequence[int]) -> Tree:
    """The raw columns of a row whose cells hold what plain form takes off, by their numbers: `0 3 `; '' for none."""
    found: Tree = sqltree.text("")
    for column, at in enumerate(places):
        if at >= 0:
            found = sqltree.join_text(
                found,
                sqltree.case([(sqltree.respelt(as_text[at]), sqltree.text(f"{column} "))], sqltree.text("")),
            )
    return found


def _make(engine: Engine, name: str, columns: Sequence[tuple[str, exp.DataType]]) -> None:
    defined = [exp.ColumnDef(this=exp.to_identifier(column), kind=kind) for column, kind in columns]
    engine.run(exp.Create(this=exp.Schema(this=sqltree.table(name), expressions=defined), kind="TABLE"))
