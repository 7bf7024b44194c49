"""Cells under a heading with which a line begins are that line: every line of the grammar, and where it stands."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from lark import Lark

from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from sibdsl.syntax import parse, parser
from sibdsl.syntax.advice.examples import BY_LABEL, EXAMPLES
from sibdsl.syntax.grammar_tables import items
from sibdsl.syntax.standard_layout import format_text
from sibdsl.syntax.tree import Block, Node
from sibdsl.syntax.vocabulary import label_of, vocabulary

METRIC = vocabulary().kinds["metric"]
#: Worked examples of lines as a metric has them.
LINES = {
    "kind  outcome", "dated  Started On", "dated  each day", "counts  people", "sums  Cost", "averages  share of days of Stays",
    "counts  fewer days of Stays, more days not counted", "measured  in each year", "per person  at most 2 in each year",
    "only if  any day of Stays is in the 3 months before Started On", "not if  (A is yes or B is no) and C is given",
    *(" ".join(EXAMPLES[rule].split()) for rule in METRIC.lines),
    *(said for label, said in BY_LABEL.items() if (label,) in METRIC.labels),
}  # fmt: skip
SPLITS = sorted(
    {
        (" ".join(words[:at]), " ".join(words[at:]))
        for line in LINES
        for words in [line.split()]
        for at in range(1, len(words))
    }
)


def is_label(said: str) -> bool:
    return any(said.split()[: len(label)] == [*label] for label in map(label_of, METRIC.labels))


HEADED = [
    (heading, cell)
    for heading, cell in SPLITS
    if is_label(heading) and heading.replace(" ", "").isalpha() and heading.islower()
]


def table(heading: str, *cells: str) -> str:
    rows = "".join(f"  | Row {at} | {cell} | any |\n" for at, cell in enumerate(cells))
    return f"metrics Jobs\n  | metric | {heading} | Kind |\n{rows}end metrics\n"


def cells(text: str) -> list[Node]:
    """The middle column of a table of metrics."""
    (block,) = parse(Source("x.sib", text)).blocks
    assert block.table is not None
    return [row.nodes()[1] for row in block.table.nodes("row")]


@pytest.mark.parametrize(("heading", "cell"), HEADED)
def test_heading_and_cell_are_the_line(heading: str, cell: str) -> None:
    (block,) = parse(Source("x.sib", f"metric Job\n  {heading} {cell}\nend metric\n")).blocks
    text = table(heading, cell, "none", cell, "any")
    first, none, again, left_out = cells(text)
    assert first.kind == again.kind == "line_cell"
    assert first.children == again.children == block.items
    assert none.kind == left_out.kind == "cell"
    assert text[first.span.start : first.span.end] == cell
    assert (first.span.line, again.span.line) == (3, 5)


def test_every_line_of_a_metric_heads_a_column() -> None:
    headed = {
        rule
        for rule in METRIC.lines
        for label in map(label_of, METRIC.lines[rule])
        if " ".join(label) in dict(HEADED)
    }
    assert headed == set(METRIC.lines)


@pytest.mark.parametrize(("heading", "cell"), HEADED)
def test_the_standard_layout_keeps_the_cells(heading: str, cell: str) -> None:
    text = table(heading, cell, "none")
    once = format_text(Source("x.sib", text))
    assert cells(once) == cells(text)
    assert format_text(Source("x.sib", once)) == once
    assert [item.text for item in items(once) if item.written] == [
        item.text for item in items(text) if item.written
    ]


@pytest.mark.parametrize("lexer", ["basic", "contextual"])
def test_words_are_read_alike_by_both_lexers(lexer: Literal["basic", "contextual"]) -> None:
    text = "".join(table(heading, cell, "none") for heading, cell in HEADED)
    made: Lark = parser.lark(lexer)
    assert trees(made, text) == trees(parser.lark("basic"), text)


def trees(made: Lark, text: str) -> Any:  # noqa: ANN401 - Lark's own trees
    return made.parse(text)


def test_spaces_in_a_heading_say_nothing() -> None:
    assert cells(table("held \t for", "6 weeks from Started On")) == cells(
        table("held for", "6 weeks from Started On")
    )


@pytest.mark.parametrize("kind", ["payment", "cap", "example"])
def test_tables_of_other_blocks_have_no_such_headings(kind: str) -> None:
    text = f"{kind} Fee\n  | held |\n  | for 6 weeks from Started On |\nend {kind}\n"
    with pytest.raises(Refused):
        parse(Source("x.sib", text))


def test_a_line_that_speaks_of_the_end_of_a_window_is_no_end() -> None:
    text = (
        "metrics Jobs\n  only if  Started On is before end of window\n"
        + table("dated", "Started On").partition("\n")[2]
    )
    (block,) = parse(Source("x.sib", text)).blocks
    assert [item.kind for item in block.items] == ["only_if", "table"]
    assert block_cells(block) == ["line_cell"]


def block_cells(block: Block) -> list[str]:
    assert block.table is not None
    return [row.nodes()[1].kind for row in block.table.nodes("row")]


def test_the_table_after_it_is_its_own() -> None:
    text = (
        table("dated", "Started On") + "payment Fee\n  | for each | pays |\n  | Row 0 | £1 |\nend payment\n"
    )
    metrics, payment = parse(Source("x.sib", text)).blocks
    assert payment.table is not None
    assert [cell.kind for row in payment.table.nodes("row") for cell in row.nodes()] == ["cell", "cell"]
    assert block_cells(metrics) == ["line_cell"]


def test_in_a_variation() -> None:
    (block,) = parse(
        Source("x.sib", "variation First\n  add " + table("dated", "Started On") + "end variation\n")
    ).blocks
    (added,) = block.items
    (inner,) = (child for child in added.children if isinstance(child, Block))
    assert block_cells(inner) == ["line_cell"]
