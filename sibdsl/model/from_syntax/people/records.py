"""Records: what each input table holds."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from sibdsl import size_limits
from sibdsl.diagnostics import Label, same
from sibdsl.model.columns_worked_out import RowSteps
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.conditions import RANGES, interval
from sibdsl.model.from_syntax.people.written_forms import written
from sibdsl.model.from_syntax.printed_tables import code_table
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rounded_amounts import to_grain
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import (
    RecordColumn,
    Records,
    Spell,
)
from sibdsl.model.types import NUMERIC, Interval, Kind
from sibdsl.names import DefinedTerms
from sibdsl.syntax import Block, Node, Word

_TYPES: dict[str, Kind] = {
    "identifier": "identifier", "person": "person", "date": "date", "yes or no": "yes or no", "number": "number",
    "count": "count", "text": "text", "hours": "hours", "days": "days", "points": "points", "percentage": "percentage",
    "money": "money", "money per day": "money per day",
}  # fmt: skip


#: What a column that is worked out may hold.
_WORKED_OUT = NUMERIC | {"date"}


def records(
    reader: Reader, blocks: list[Block], keyed: Callable[[Reader, Block, Records], Records]
) -> tuple[Records, ...]:
    """Read the `records` blocks; `keyed` adds to each what it says of keys and versions."""
    named = [block for block in blocks if block.name]
    # Tables that work columns out may read those that do not, wherever they stand.
    found: dict[int, Records] = {}
    for at, block in sorted(enumerate(named), key=lambda numbered: bool(numbered[1].lines("define"))):
        found[at] = keyed(reader, block, _records(reader, block))
        reader.tables[found[at].name] = found[at]
    return tuple(found[at] for at in range(len(named)))


def _records(reader: Reader, block: Block) -> Records:
    reader.only(
        block,
        *(
            "one_row",
            "identified_by",
            "which_stands",
            "in_parts",
            "invalid_rows",
            "spell",
            "known_on",
            "withdrawn_on",
            "define",
        ),
        *("table", "source", "says", "note"),
    )
    clause = reader.clause(block)
    table = reader.table(
        block,
        block.table,
        ("column", "holds", "blank", "must be", "headed", "written", "note"),
        ("column", "holds", "blank"),
        takes={"written": ("list", "form")},
    )
    columns: list[RecordColumn] = []
    inner = DefinedTerms()
    for row, span in zip(table.rows, table.spans, strict=True):
        cell = row.get("column")
        if cell is None or "holds" not in row:
            continue
        if not cell.name:
            reader.problems.add(
                "SIB0420",
                "A column is named here; this is not a name.",
                cell.span,
                clause=clause,
                mark="not a name",
                help="Write a name: words that begin with a capital.",
            )
            continue
        inner.add(reader.problems, cell.name, "column", cell.span)
        typed = _type(reader, row["holds"], clause)
        if typed is None:
            continue
        kind, categories = typed
        _code(reader, block, cell, row["holds"], clause)
        headed = row["headed"].text if "headed" in row else ""
        _headed_once(reader, columns, headed or cell.name, row.get("headed") or cell, clause)
        columns.append(
            RecordColumn(
                cell.name,
                kind,
                _blank_allowed(reader, row.get("blank"), clause),
                _must_be(reader, row.get("must be"), kind, clause),
                categories,
                headed,
                written=written(reader, row.get("written"), kind, cell.name, clause),
                span=span,
            )
        )
    one_row = reader.one(block, "one_row")
    known = reader.one(block, "known_on")
    withdrawn = reader.one(block, "withdrawn_on")
    name = block.name.text if block.name else ""
    bare = Records(name, one_row.words()[0].text if one_row else "", tuple(columns), span=block.head)
    known_on = column_of(reader, bare, known.words()[0], ("date",), clause) if known else ""
    withdrawn_on = column_of(reader, bare, withdrawn.words()[0], ("date",), clause) if withdrawn else ""
    whole = _worked_out(reader, block, bare, inner, clause)
    spell = _spell(reader, block, bare, whole, clause)
    return Records(
        name, bare.row_is, whole.columns, spell, known_on, withdrawn_on=withdrawn_on, span=block.head
    )


def _code(reader: Reader, block: Block, column: Cell, holds: Cell, clause: str) -> None:
    """Note the table of codes that a column says it holds."""
    word = _codes_in(holds)
    table = code_table(reader, word, clause) if word is not None else ""
    if table and block.name is not None:
        reader.codes[block.name.text, column.name] = table


def _codes_in(cell: Cell) -> Word | None:
    """The name after `code in`, or None."""
    part = cell.part
    name = part.node("type_name") if isinstance(part, Node) and part.kind == "type" else None
    if name is None or name.words()[0].text != "code":
        return None
    return name.words("NAME")[0]


def _worked_out(reader: Reader, block: Block, table: Records, inner: DefinedTerms, clause: str) -> Records:
    """The records with the columns that `define` works out from those of the row, in the order written."""
    steps = RowSteps(table.name)
    for line in block.lines("define"):
        word, part = line.children[0], line.children[1]
        if not isinstance(word, Word):
            continue
        inner.add(reader.problems, word.text, "column", word.span)
        if table.column(word.text) is not None:
            continue
        formula = amount(reader, part, Here(clause=clause, row=table, values=reader.values))
        way = line.node("cell_rounding")
        if formula is not None and way is not None:
            formula = to_grain(reader, formula, way, line.node("rounding_grain"), clause, "column")
        if formula is not None and formula.kind not in _WORKED_OUT:
            reader.problems.add(
                "SIB0315",
                f"A column is worked out as a number or a date; this is {SAID[formula.kind]}.",
                line.span,
                clause=clause,
                mark=f"{SAID[formula.kind]}: nothing to work out",
                help="Take the line out, and write what it stands for where it is read.",
            )
        elif formula is not None:
            steps.add(word.text, formula)
            if steps.depth[word.text] > size_limits.ROW_CHAIN:
                reader.problems.add(
                    "SIB0107",
                    f"{word.text} rests on more than {size_limits.ROW_CHAIN} sums one within another, the most that are followed.",
                    line.span,
                    clause=clause,
                    mark="beyond the most",
                    help="Work it out in fewer steps.",
                )
                break
            column = RecordColumn(
                word.text, formula.kind, blank_allowed=True, formula=formula, span=line.span
            )  # fmt: skip
            table = evolve(table, columns=(*table.columns, column))
    return table


def _headed_once(reader: Reader, columns: list[RecordColumn], heading: str, cell: Cell, clause: str) -> None:
    twin = next(
        (column for column in columns if same(column.heading) == same(heading) and column.name != heading),
        None,
    )
    if twin is not None:
        reader.problems.add(
            "SIB0404",
            f'Two columns are headed "{heading}" in the file.',
            cell.span,
            clause=clause,
            mark="headed alike",
            help="Give each column a heading of its own.",
            labels=(Label(twin.span, f"{twin.name} is headed so"),),
        )


def _type(reader: Reader, cell: Cell, clause: str) -> tuple[Kind, tuple[str, ...]] | None:
    part = cell.part
    if not isinstance(part, Node) or part.kind != "type":
        reader.problems.add(
            "SIB0421",
            "This does not say what the column holds.",
            cell.span,
            clause=clause,
            mark="not a type",
            help="Write one of: " + ", ".join(_TYPES) + ", or `one of` with a list.",
        )
        return None
    name = next(iter(part.nodes("type_name")))
    words = [word for word in name.walk() if isinstance(word, Word)]
    if len(words) > 1 and [word.text for word in words[:2]] == ["one", "of"]:
        listed = tuple(word.text.strip('"') for word in words[2:] if word.kind in ("NAME", "TEXT"))
        return "category", listed
    if _codes_in(cell) is not None and len(part.nodes()) == 1 and not part.words():
        return "text", ()
    if name.said in _TYPES and len(part.nodes()) == 1 and not part.words():
        return _TYPES[name.said], ()
    reader.problems.add(
        "SIB0421",
        f"No column of records holds `{name.said}`.",
        cell.span,
        clause=clause,
        mark="not of a row",
        help="Write one of: " + ", ".join(_TYPES) + ", or `one of` with a list.",
    )
    return None


def _blank_allowed(reader: Reader, cell: Cell | None, clause: str) -> bool:
    if cell is None or cell.word == "rejected":
        return False
    if cell.word != "allowed":
        reader.problems.add(
            "SIB0422",
            "A blank is `allowed` or `rejected`.",
            cell.span,
            clause=clause,
            mark="neither",
            help="Write `rejected` when a row without it cannot be used, `allowed` when it may be blank.",
        )
    return cell.word == "allowed"


def _must_be(reader: Reader, cell: Cell | None, kind: Kind, clause: str) -> Interval:
    if cell is None or cell.word in ("any", "all"):
        return Interval()
    part = cell.part
    if isinstance(part, Node) and part.kind in RANGES:
        kinds = (kind, "money") if kind == "money per day" else (kind,)
        return interval(reader, part, Here(clause=clause), kinds) or Interval()
    if cell.word:
        reader.problems.add(
            "SIB0422",
            f"`must be` takes a range, such as `at least 0`, or `any`; this is `{cell.word}`.",
            cell.span,
            clause=clause,
            mark="neither",
            help="Write `any` where every value of the column may stand.",
        )
        return Interval()
    reader.not_yet(cell.span, "this `must be`", clause=clause)
    return Interval()


def column_of(reader: Reader, table: Records, word: Word, kinds: tuple[str, ...], clause: str) -> str:
    """The name of a column of the table of one of the kinds (any, if none), or '' after a complaint."""
    column = table.column(word.text)
    if column is None:
        inner = DefinedTerms()
        for one in table.columns:
            inner.add(reader.problems, one.name, "column", one.span)
        inner.unknown(
            reader.problems, word.text, ("column",), word.span, clause=clause, of=f" of {table.name}"
        )
        return ""
    if kinds and column.kind not in kinds:
        wanted = " or ".join(SAID[kind] for kind in kinds)
        others = ", ".join(f"`{column.name}`" for column in table.columns if column.kind in kinds)
        reader.problems.add(
            "SIB0413",
            f"{column.name} holds {SAID[column.kind]}; {wanted} is needed here.",
            word.span,
            clause=clause,
            mark=f"{SAID[column.kind]}, not {wanted}",
            help=f"Name a column that holds {wanted}: {others}."
            if others
            else f"No column holds {wanted}: change what {column.name} holds.",
            labels=(Label(column.span, f"{column.name} is declared here"),),
        )
        return ""
    return column.name


def _spell(reader: Reader, block: Block, table: Records, whole: Records, clause: str) -> Spell | None:
    """How long a row lasts. Its end may be worked out from other columns; its start stands in the file."""
    line = reader.one(block, "spell")
    if line is None:
        return None
    start = column_of(reader, table, line.words("NAME")[0], ("date",), clause)
    last = line.node("first_day_out", "last_day_in")
    end = column_of(reader, whole, last.words("NAME")[0], ("date",), clause) if last else ""
    if not start or not end or last is None:
        return None
    until_next = line.node("until_next") is not None
    still_open = until_next or line.node("open_spell") is not None
    column = whole.column(end)
    if column and column.blank_allowed and not still_open:
        reader.problems.add(
            "SIB0423",
            f"{end} may be blank, and the spell does not say what a blank means.",
            line.span,
            clause=clause,
            mark="blank: still open, or unknown?",
            help="Add `, open while blank`, or write `rejected` under `blank`.",
        )
    if until_next and not any(one.kind == "person" for one in table.columns):
        reader.problems.add(
            "SIB0424",
            f"{table.name} has no column that holds `person`, so no row is the next one of a person.",
            line.span,
            clause=clause,
            mark="the next row of whom?",
            help="Write `person` under `holds` for the column that identifies the person, or `open while blank` here.",
        )
    return Spell(start, end, last.kind == "last_day_in", still_open, until_next, span=line.span)
