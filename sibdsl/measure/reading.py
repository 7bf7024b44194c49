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
from sibdsl.measure import tree
from sibdsl.measure.cells import DECIMALS
from sibdsl.measure.engine import Engine
from sibdsl.measure.plan import Cell, Plan, Table
from sibdsl.measure.tree import Tree
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
    _make(engine, "files", [("tab", tree.SMALL), ("part", tree.BIG), ("shown", tree.TEXT)])
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
    respelt = tree.col("r", "respelt")
    mine = tree.both(
        [tree.eq(tree.col("r", "part"), tree.whole(at)), tree.compare(respelt, ">", tree.text(""))]
    )
    # Each cell is told by its column's number and a space.
    marks = [exp.Anonymous(this="length", expressions=[text]) for text in (respelt, _without_spaces(respelt))]
    source = tree.table(f"raw_{table.at}", "r")
    counted = [tree.count(), tree.total(exp.Sub(this=marks[0], expression=marks[1]))]
    rows, number = engine.fetch(tree.query(counted, source.copy(), where=mine.copy()))[0]
    if not rows and not headings:
        return
    first = tree.query([tree.col("r", "row")], source, where=mine, order=[tree.ordered(tree.col("r", "seq"))])
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
    return tree.call("replace", text, tree.text(" "), tree.text(""))


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
            ("part", tree.BIG),
            ("row", tree.BIG),
            ("seq", tree.BIG),
            ("mark", tree.MARK),
            ("cells", tree.BIG),
            ("wanted", tree.BIG),
            ("extra", tree.TEXT),
            ("respelt", tree.TEXT),
            *((f"c{at}", tree.TEXT) for at in range(width)),
        ],
    )
    before = 0
    for at, part in enumerate(parts):
        values = exp.Tuple(expressions=[tree.whole(table.at), tree.whole(at), tree.text(part.source.shown)])
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
        source = tree.table_function("read_parquet", tree.text(str(part.path)))
        named = zip(part.headings, part.types, strict=True)
        as_text = [_parquet_text(*one) for one in named]
        return _read(engine, target, source, as_text, slot, shaped=False, ascii_only=False)
    file = part.file
    width = len(file.headings)
    as_text = [exp.column(f"h{at}") for at in range(width)]
    if file.rest.quotes and file.rest.returns:
        # Line ends inside a cell are of one kind, so that files of either kind can repeat each other's rows.
        as_text = [tree.call("replace", text, tree.text("\r\n"), tree.text("\n")) for text in as_text]
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
            mine = tree.eq(exp.column("part"), tree.whole(slot.part))
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
    mine = tree.eq(exp.column("part"), tree.whole(slot.part))
    query = tree.query(inside, tree.table(target), where=mine)
    return engine.fetch(query)[0] == (delimiters, newlines)


def _count_in_cells(mark: str, width: int) -> Tree:
    counted = [
        exp.Sub(
            this=exp.Length(this=exp.column(f"c{at}")),
            expression=exp.Length(
                this=tree.call("replace", exp.column(f"c{at}"), tree.text(mark), tree.text(""))
            ),
        )
        for at in range(width)
    ]
    total: Tree = counted[0]
    for one in counted[1:]:
        total = exp.Add(this=total, expression=tree.paren(one))
    return exp.Coalesce(this=exp.Sum(this=total), expressions=[tree.whole(0)])


def _csv(path: Path, names: Sequence[str], delimiter: str, skip: int) -> exp.Table:
    columns = [
        exp.PropertyEQ(this=exp.to_identifier(name), expression=tree.text("VARCHAR")) for name in names
    ]
    return tree.table_function(
        "read_csv",
        tree.text(str(path)),
        auto_detect=tree.false(),
        columns=exp.Struct(expressions=columns),
        delim=tree.text(delimiter),
        quote=tree.text('"'),
        escape=tree.text('"'),
        header=tree.false(),
        skip=tree.whole(skip),
        strict_mode=tree.true(),
        null_padding=tree.false(),
        ignore_errors=tree.false(),
        compression=tree.text("none"),
        # Rows are numbered as they come.
        parallel=tree.false(),
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
    place = tree.named(exp.Window(this=exp.RowNumber()), "row")
    texts = [
        tree.named(tree.trimmed(text if ascii_only else tree.plain_form(text), ends), f"t{at}")
        for at, text in enumerate(as_text)
    ]
    respelt = tree.named(tree.text("") if ascii_only else _respelt(as_text, slot.places), "respelt")
    odd = [exp.column(name) for name in ("cells", "wanted", "extra")] if shaped else []
    rows = tree.query([place, *texts, *odd, respelt], source)
    shape: list[Tree] = [tree.null(), tree.null(), tree.text("")]
    if shaped:
        shape = [tree.try_cast(exp.column(name, "s"), tree.BIG) for name in ("cells", "wanted")]
        shape.append(exp.Coalesce(this=exp.column("extra", "s"), expressions=[tree.text("")]))
    shape.append(tree.col("s", "respelt"))
    placed = [tree.text("") if at < 0 else tree.col("s", f"t{at}") for at in slot.places]
    row = tree.col("s", "row")
    mark = exp.Anonymous(this="hash", expressions=placed)
    seq = exp.Add(this=row, expression=tree.whole(slot.before))
    query = tree.query([tree.whole(slot.part), row, seq, mark, *shape, *placed], tree.sub(rows, "s"))
    try:
        engine.run(exp.insert(query, target))
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise Unreadable("it is damaged, or its lines are too long to be rows") from error
    mine = tree.eq(exp.column("part"), tree.whole(slot.part))
    counted = engine.fetch(tree.query([tree.count()], tree.table(target), where=mine))
    return int(counted[0][0])


def _respelt(as_text: Sequence[Tree], places: Sequence[int]) -> Tree:
    """The raw columns of a row whose cells hold what plain form takes off, by their numbers: `0 3 `; '' for none."""
    found: Tree = tree.text("")
    for column, at in enumerate(places):
        if at >= 0:
            found = tree.join_text(
                found, tree.case([(tree.respelt(as_text[at]), tree.text(f"{column} "))], tree.text(""))
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
        this=tree.query([tree.everything()], tree.table_function("read_parquet", tree.text(str(path))))
    )
    try:
        rows = engine.fetch(described)
    except duckdb.Error as error:
        raise Unreadable("it is not a Parquet file, or it is damaged") from error
    return ParquetFile(source, path, tuple(str(row[0]) for row in rows), tuple(str(row[1]) for row in rows))


def _parquet_text(heading: str, kind: str) -> Tree:
    """A typed value as it would be written in a CSV file: dates as YYYY-MM-DD, numbers in plain digits, yes and no."""
    value = exp.column(exp.to_identifier(heading, quoted=True))
    as_text = tree.cast(value, tree.TEXT)
    if kind == "BOOLEAN":
        return tree.case([(value, tree.text("yes")), (tree.negate(value), tree.text("no"))])
    if kind in _TIMES:
        day = tree.cast(value, tree.DATE)
        midnight = tree.eq(value, tree.cast(day, exp.DataType.build("TIMESTAMP")))
        return tree.case([(midnight, tree.cast(day, tree.TEXT))], as_text)
    if kind in ("DOUBLE", "FLOAT"):
        # The engine writes very large and very small ones in powers of ten.
        digits = tree.try_cast(value, exp.DataType.build(f"DECIMAL(38, {DECIMALS})"))
        same = tree.eq(tree.cast(digits, exp.DataType.build(kind)), value)
        powers = tree.both([tree.matches(as_text, "e"), same])
        short = exp.RegexpReplace(this=as_text, expression=tree.text("[.]0$"), replacement=tree.text(""))
        return tree.case([(powers, _no_noughts(tree.cast(digits, tree.TEXT)))], short)
    return _no_noughts(as_text) if kind.startswith("DECIMAL") and not kind.endswith(",0)") else as_text


def _no_noughts(decimals: Tree) -> Tree:
    """A number with a point, without the noughts at its end."""
    shorter = exp.RegexpReplace(this=decimals, expression=tree.text("0+$"), replacement=tree.text(""))
    return exp.RegexpReplace(this=shorter, expression=tree.text("[.]$"), replacement=tree.text(""))


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
