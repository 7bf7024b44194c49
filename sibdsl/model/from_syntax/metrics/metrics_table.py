"""A `metrics` block as the metrics that it stands for: one for each row, with the lines of the block and what the row adds.

The block is put in other words only, before anything of it is read. Under a heading with which a line begins, the parser has
read each cell as that line; a heading that is a name is the condition `only if` that column is what the cell says.
"""

from __future__ import annotations

from collections.abc import Iterable

from sibdsl.model.from_syntax.conditions import DAY_TESTS, RANGES
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import PERIODS, Cell, Heading, heading_key
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word

_FIXED = ("metric", "clause")
#: Cells that a condition can be made of, besides ranges, names and single values.
_VALUES = ("MONEY", "INT", "DECIMAL", "PERCENT", "FRACTION", "DATE", "TEXT")


def expanded(reader: Reader, blocks: Iterable[Block]) -> list[Block]:
    """The blocks, with a `metric` block for each row of a `metrics` block in its place."""
    return [one for block in blocks for one in (rows(reader, block) if block.kind == "metrics" else [block])]


def rows(reader: Reader, block: Block) -> list[Block]:
    """A `metric` block for each row; reports rows that name no metric, and cells that say nothing of their column."""
    clause = reader.clause(block)
    if block.name is not None:
        reader.scope.add(reader.problems, block.name.text, "metrics", block.name.span)
    heads = block.table.nodes("heading_row") if block.table else []
    columns = tuple(
        key for row in heads for node in row.nodes("heading") if (key := heading_key(node)) not in _FIXED
    )
    table = reader.table(
        block,
        block.table,
        _FIXED,
        ("metric",),
        names=True,
        lines=True,
        read_elsewhere=columns,
    )
    lines = tuple(item for item in block.items if item.kind != "table")
    blocks: list[Block] = []
    for row, span in zip(table.rows, table.spans, strict=True):
        cell = row.get("metric")
        if cell is None:
            continue
        if not cell.name:
            reader.problems.add(
                "SIB0420",
                "A metric is named here; this is not a name.",
                cell.span,
                clause=clause,
                mark="not a name",
                help="Write a name: words that begin with a capital.",
            )
            continue
        name = next(part for part in cell.node.walk() if isinstance(part, Word))
        more = [
            line
            for heading in {heading.key: heading for heading in table.headings}.values()
            if heading.begins_with in ("NAME", "LABEL")
            for line in _line(reader, heading, row[heading.key], clause)
        ]
        own = row["clause"].node.word("CLAUSE") if "clause" in row else None
        said = own.text[1:-1].strip() if own is not None else block.clause
        blocks.append(Block("metric", name, said, block.gloss, (*lines, *more), span, span))
    return blocks


def _line(reader: Reader, heading: Heading, cell: Cell, clause: str) -> list[Node]:
    """The line that a cell stands for; none where it lets anything pass, or after a complaint."""
    if heading.begins_with == "LABEL":
        return cell.node.nodes() if cell.node.kind == "line_cell" else []
    if cell.word in ("any", "all"):
        return []
    is_what = _predicate(cell)
    if is_what is None:
        _says_nothing(reader, cell.span, f"This cell says nothing that {heading.key} could be.", clause)
        return []
    name = next(part for part in heading.node.walk() if isinstance(part, Word))
    column = Node("path", (name,), heading.span)
    return [Node("only_if", (Node("comparison", (column, is_what), cell.span),), cell.span)]


def _predicate(cell: Cell) -> Node | None:
    """What a cell says of a value, as conditions say it after `is`."""
    node, part = cell.node, cell.part
    if any(one.kind == "scope" for one in node.nodes()):
        return None
    if node.kind in ("names", "texts"):
        return Node("is_one_of", node.children, cell.span)
    if node.kind != "cell" or len(node.children) != 1 or part is None:
        return None
    if cell.word == "blank":
        return Node("is_blank", (), cell.span)
    if isinstance(part, Node) and part.kind in RANGES:
        return Node("predicate", (part,), cell.span)
    if isinstance(part, Node) and part.kind in (*DAY_TESTS, *PERIODS):
        return part
    plain = isinstance(part, Word) and part.kind in _VALUES
    named = isinstance(part, Node) and part.kind in ("path", "amount_of", "word_atom")
    return Node("equal_to", (part,), cell.span) if plain or named else None


def _says_nothing(reader: Reader, span: Span, message: str, clause: str) -> None:
    reader.problems.add(
        "SIB0489",
        message,
        span,
        clause=clause,
        mark="not understood here",
        help="Write a value or a range as it would stand after `is`; `any` where every row will do.",
    )
