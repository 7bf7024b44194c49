"""From files to raw tables: every row of every file, in order, each cell as trimmed text.

A CSV file is read by the engine's strict reader, and the result is checked against counts of the file's delimiters and
line ends. Where they differ, or the reader refuses, the file is read again row by row and written out plainly first, so
that a row with too few or too many cells is a row with a reason and no row is lost.

Source of the rules: records reference, 'Files'.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from attrs import frozen
from sqlglot import exp

from sibdsl.csvfile import CsvFile, NoHeadings, Unreadable, inspect, rewrite
from sibdsl.diagnostics import Problems, nearest, same
from sibdsl.measure import sqltree
from sibdsl.measure.engine import Engine
from sibdsl.measure.plan import Cell, Plan, Table
from sibdsl.measure.reading_cells import DECIMALS
from sibdsl.measure.sqltree import Tree
from sibdsl.plainform import ENDS
from sibdsl.records import SourceFile

_TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_GLOB = set("*?[")
_NAMES_SHOWN = 12
_ROWS_SHOWN = 3


@frozen
class ParquetFile:
    """A Parquet file ready to be read, with the engine's name of each column's type."""

    source: SourceFile
    path: Path
    headings: tuple[str, ...]
    types: tuple[str, ...]


@frozen
class TextPart:
    """A CSV file of records ready to be read."""

    source: SourceFile
    file: CsvFile

    @property
    def headings(self) -> tuple[str, ...]:
        """Its headings, in plain form."""
        return self.file.headings


Part = TextPart | ParquetFile
#: A heading that no column declares, and which of those alike it is in its file.
Extra = tuple[str, int]


def load(
    engine: Engine, plan: Plan, sources: Mapping[str, Sequence[SourceFile]], problems: Problems
) -> dict[str, int]:
    """Make `raw_t` of every table and the table `files`; gives the number of raw columns of each table by name.

    Raises:
        Refused: a file cannot be read (SIB0607), has no heading row (SIB0603), lacks a declared column (SIB0604) or has
            one twice (SIB0605). All files are looked at first, so that all their problems are told at once.
    """
    opened = {
        table.name: [_open(engine, table, source, problems) for source in sources.get(table.name, ())]
        for table in plan.tables
    }
    problems.stop_on_errors()
    columns: dict[str, int] = {}
    _make(engine, "files", [("tab", sqltree.SMALL), ("part", sqltree.BIG), ("shown", sqltree.TEXT)])
    for table in plan.tables:
        parts = [part for part in opened[table.name] if part is not None]
        columns[table.name] = _load_table(engine, table, parts, problems)
        for at, part in enumerate(parts):
            _tell_respelt(engine, table, at, part, problems)
    problems.stop_on_errors()
    return columns


def _tell_respelt(engine: Engine, table: Table, at: int, part: Part, problems: Problems) -> None:
    """Tell once of a file how many of its cells and headings are not in plain form (SIB0617)."""
    headings = len(part.file.respelt) if isinstance(part, TextPart) else 0
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


def _without_spaces(text: Tree) -> Tree:
    return sqltree.call("replace", text, sqltree.text(" "), sqltree.text(""))


def _open(engine: Engine, table: Table, source: SourceFile, problems: Problems) -> Part | None:
    wanted = [cell.column.heading for cell in table.filed]
    try:
        if source.form == "csv":
            part: Part = TextPart(source, inspect(source.path, wanted, engine.folder))
        else:
            part = _open_parquet(engine, source)
    except NoHeadings:
        problems.add(
            "SIB0603",
            f"{source.shown} has no heading row",
            table.records.span,
            help=f"Its first row must name the columns: {', '.join(wanted)}.",
        )
        return None
    except Unreadable as error:
        _unreadable(problems, table, source, str(error))
        return None
    if isinstance(part, TextPart) and part.file.converted:
        problems.add(
            "SIB0608",
            f"{source.shown} is not in UTF-8; it was read as Windows-1252",
            table.records.span,
            help="Save it as CSV UTF-8, or look whether names and words in it are spelt as they should be.",
            severity="warning",
        )
    _check_headings(table, part, problems)
    return part


def _unreadable(problems: Problems, table: Table, source: SourceFile, why: str) -> None:
    problems.add(
        "SIB0607",
        f"{source.shown} cannot be read: {why}",
        table.records.span,
        help="Save it again as CSV UTF-8 or as Parquet, where this program may read it.",
    )


# ------------------------------------------------------------------ headings


def _places(cell: Cell, headings: Sequence[str]) -> list[int]:
    return [at for at, heading in enumerate(headings) if same(heading) == same(cell.column.heading)]


def _check_headings(table: Table, part: Part, problems: Problems) -> None:
    shown = part.source.shown
    for cell in table.filed:
        places = _places(cell, part.headings)
        wanted = cell.column.heading
        if len(places) > 1:
            twice = " and ".join(part.headings[at] for at in places)
            problems.add(
                "SIB0605",
                f"{shown} has {len(places)} columns that could be {wanted}: {twice}",
                cell.column.span,
                help="Rename or remove all but one.",
            )
        if places:
            continue
        like = nearest(wanted, part.headings)
        named = [heading or "(blank)" for heading in part.headings[:_NAMES_SHOWN]]
        more = ", ..." if len(part.headings) > _NAMES_SHOWN else ""
        hint = f"Did you mean {like}? " if like else ""
        problems.add(
            "SIB0604",
            f"{shown} has no column {wanted}",
            cell.column.span,
            help=f"{hint}Its headings are: {', '.join(named)}{more}. Write `{wanted}` in the first row, "
            "or name the heading under `headed` in the records block.",
        )


def _extras(table: Table, part: Part) -> dict[Extra, int]:
    declared = {same(cell.column.heading) for cell in table.filed}
    seen: Counter[str] = Counter()
    found: dict[Extra, int] = {}
    for at, heading in enumerate(part.headings):
        key = same(heading)
        if key not in declared:
            found[key, seen[key]] = at
            seen[key] += 1
    return found


# ------------------------------------------------------------------ loading


def _load_table(engine: Engine, table: Table, parts: Sequence[Part], problems: Problems) -> int:
    extras = sorted({extra for part in parts for extra in _extras(table, part)})
    names = [part.headings[at] for part in parts for at in _extras(table, part).values()]
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
    width = len(table.filed) + len(extras)
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
            *((f"c{at}", sqltree.TEXT) for at in range(width)),
        ],
    )
    before = 0
    for at, part in enumerate(parts):
        values = exp.Tuple(
            expressions=[sqltree.whole(table.at), sqltree.whole(at), sqltree.text(part.source.shown)]
        )
        engine.run(exp.insert(exp.Values(expressions=[values]), "files"))
        mine = _extras(table, part)
        places = [_places(cell, part.headings)[0] for cell in table.filed]
        chosen = [*places, *(mine.get(extra, -1) for extra in extras)]
        try:
            before += _load_part(engine, table, part, _Slot(at, before, chosen))
        except Unreadable as error:
            _unreadable(problems, table, part.source, str(error))
    return width


@frozen
class _Slot:
    """Where a file's rows go: the part's number, the rows of earlier parts, and each raw column's place in the file."""

    part: int
    before: int
    places: Sequence[int]


def _load_part(engine: Engine, table: Table, part: Part, slot: _Slot) -> int:
    target = f"raw_{table.at}"
    if isinstance(part, ParquetFile):
        source = sqltree.table_function("read_parquet", sqltree.text(str(part.path)))
        named = zip(part.headings, part.types, strict=True)
        as_text = [_parquet_text(*one) for one in named]
        return _read(engine, target, source, as_text, slot, shaped=False, ascii_only=False)
    file = part.file
    width = len(file.headings)
    as_text = [exp.column(f"h{at}") for at in range(width)]
    if file.rest.quotes and file.rest.returns:
        # Line ends inside a cell are of one kind, so that files of either kind can repeat each other's rows.
        as_text = [
            sqltree.call("replace", text, sqltree.text("\r\n"), sqltree.text("\n")) for text in as_text
        ]
    if not file.careful:
        try:
            names = [f"h{at}" for at in range(width)]
            source = _csv(_plain_path(engine, file.path), names, file.delimiter, file.skip)
            count = _read(
                engine,
                target,
                source,
                as_text,
                slot,
                shaped=False,
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
    path, rows = rewrite(file, engine.folder)
    shaped = ["cells", "wanted", "extra", *(f"h{at}" for at in range(width))]
    source = _csv(path, shaped, ",", 0)
    count = _read(engine, target, source, as_text, slot, shaped=True, ascii_only=file.rest.ascii)
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


def _csv(path: Path, names: Sequence[str], delimiter: str, skip: int) -> exp.Table:
    columns = [
        exp.PropertyEQ(this=exp.to_identifier(name), expression=sqltree.text("VARCHAR")) for name in names
    ]
    return sqltree.table_function(
        "read_csv",
        sqltree.text(str(path)),
        auto_detect=sqltree.false(),
        columns=exp.Struct(expressions=columns),
        delim=sqltree.text(delimiter),
        quote=sqltree.text('"'),
        escape=sqltree.text('"'),
        header=sqltree.false(),
        skip=sqltree.whole(skip),
        strict_mode=sqltree.true(),
        null_padding=sqltree.false(),
        ignore_errors=sqltree.false(),
        compression=sqltree.text("none"),
        # Rows are numbered as they come.
        parallel=sqltree.false(),
    )


def _read(
    engine: Engine,
    target: str,
    source: exp.Table,
    as_text: Sequence[Tree],
    slot: _Slot,
    *,
    shaped: bool,
    ascii_only: bool,
    ends: str = ENDS,
) -> int:
    """Add the rows of a source to a raw table, all or none, and give how many there were. Raises Unreadable."""
    place = sqltree.named(exp.Window(this=exp.RowNumber()), "row")
    texts = [
        sqltree.named(sqltree.trimmed(text if ascii_only else sqltree.plain_form(text), ends), f"t{at}")
        for at, text in enumerate(as_text)
    ]
    respelt = sqltree.named(sqltree.text("") if ascii_only else _respelt(as_text, slot.places), "respelt")
    odd = [exp.column(name) for name in ("cells", "wanted", "extra")] if shaped else []
    rows = sqltree.query([place, *texts, *odd, respelt], source)
    shape: list[Tree] = [sqltree.null(), sqltree.null(), sqltree.text("")]
    if shaped:
        shape = [sqltree.try_cast(exp.column(name, "s"), sqltree.BIG) for name in ("cells", "wanted")]
        shape.append(exp.Coalesce(this=exp.column("extra", "s"), expressions=[sqltree.text("")]))
    shape.append(sqltree.col("s", "respelt"))
    placed = [sqltree.text("") if at < 0 else sqltree.col("s", f"t{at}") for at in slot.places]
    row = sqltree.col("s", "row")
    mark = exp.Anonymous(this="hash", expressions=placed)
    seq = exp.Add(this=row, expression=sqltree.whole(slot.before))
    query = sqltree.query([sqltree.whole(slot.part), row, seq, mark, *shape, *placed], sqltree.sub(rows, "s"))
    try:
        engine.run(exp.insert(query, target))
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise Unreadable("it is damaged, or its lines are too long to be rows") from error
    mine = sqltree.eq(exp.column("part"), sqltree.whole(slot.part))
    counted = engine.fetch(sqltree.query([sqltree.count()], sqltree.table(target), where=mine))
    return int(counted[0][0])


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
    engine.run(exp.Create(this=exp.Schema(this=exp.to_table(name), expressions=defined), kind="TABLE"))


# ------------------------------------------------------------------ Parquet


def _open_parquet(engine: Engine, source: SourceFile) -> ParquetFile:
    if source.path.is_dir():
        raise Unreadable("it is a folder")
    try:
        with source.path.open("rb") as stream:
            stream.read(1)
    except PermissionError as error:
        raise Unreadable("permission is denied") from error
    except OSError as error:
        raise Unreadable((error.strerror or str(error)).lower()) from error
    path = _plain_path(engine, source.path)
    described = exp.Describe(
        this=sqltree.query(
            [sqltree.everything()], sqltree.table_function("read_parquet", sqltree.text(str(path)))
        )
    )
    try:
        rows = engine.fetch(described)
    except duckdb.Error as error:
        raise Unreadable("it is not a Parquet file, or it is damaged") from error
    return ParquetFile(source, path, tuple(str(row[0]) for row in rows), tuple(str(row[1]) for row in rows))


def _parquet_text(heading: str, kind: str) -> Tree:
    """A typed value as it would be written in a CSV file: dates as YYYY-MM-DD, numbers in plain digits, yes and no."""
    value = exp.column(exp.to_identifier(heading, quoted=True))
    as_text = sqltree.cast(value, sqltree.TEXT)
    if kind == "BOOLEAN":
        return sqltree.case([(value, sqltree.text("yes")), (sqltree.negate(value), sqltree.text("no"))])
    if kind in _TIMES:
        day = sqltree.cast(value, sqltree.DATE)
        midnight = sqltree.eq(value, sqltree.cast(day, exp.DataType.build("TIMESTAMP")))
        return sqltree.case([(midnight, sqltree.cast(day, sqltree.TEXT))], as_text)
    if kind in ("DOUBLE", "FLOAT"):
        # The engine writes very large and very small ones in powers of ten.
        digits = sqltree.try_cast(value, exp.DataType.build(f"DECIMAL(38, {DECIMALS})"))
        same = sqltree.eq(sqltree.cast(digits, exp.DataType.build(kind)), value)
        powers = sqltree.both([sqltree.matches(as_text, "e"), same])
        short = exp.RegexpReplace(
            this=as_text, expression=sqltree.text("[.]0$"), replacement=sqltree.text("")
        )
        return sqltree.case([(powers, _no_noughts(sqltree.cast(digits, sqltree.TEXT)))], short)
    return _no_noughts(as_text) if kind.startswith("DECIMAL") and not kind.endswith(",0)") else as_text


def _no_noughts(decimals: Tree) -> Tree:
    """A number with a point, without the noughts at its end."""
    shorter = exp.RegexpReplace(this=decimals, expression=sqltree.text("0+$"), replacement=sqltree.text(""))
    return exp.RegexpReplace(this=shorter, expression=sqltree.text("[.]$"), replacement=sqltree.text(""))


def _plain_path(engine: Engine, path: Path) -> Path:
    """A path that the engine does not take for a pattern of several files."""
    whole = path.absolute()
    if not _GLOB & set(str(whole)):
        return whole
    made = engine.folder / f"input-{len(list(engine.folder.glob('input-*')))}{path.suffix}"
    try:
        made.symlink_to(whole)
    except OSError:
        shutil.copyfile(whole, made)
    return made
