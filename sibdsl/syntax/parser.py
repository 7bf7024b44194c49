"""Text to syntax tree. The only user of the grammar file and of Lark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from sibdsl.currencies import AMOUNT, SIGNED_CODES
from sibdsl.diagnostics import Refused
from sibdsl.resources import resource
from sibdsl.source import Source, Span
from sibdsl.syntax import kept_grammar_tables, quick_tables, size, unseen
from sibdsl.syntax.cells_as_lines import LinesInCells
from sibdsl.syntax.literate import contract_text, not_read
from sibdsl.syntax.name_pattern import NAME, one_form
from sibdsl.syntax.quick_words import PARTS, WordsAlone
from sibdsl.syntax.tree import Block, File, Node, Part, Word

if TYPE_CHECKING:
    from sibdsl.syntax.line_headings import LineHeadings

BLOCKS = frozenset(
    {
        "contract", "programme", "rule_pack", "rate_card", "module", "parties", "particulars", "assumption", "records", "lookup",
        "bands", "cohort", "metric", "metrics", "routes", "scorecard", "workings", "scale", "payment", "deduction", "advance", "cap", "rule",
        "scenario", "scenarios", "example", "investment", "variation",
    }
)  # fmt: skip
#: Kinds of block whose grammar name is not what people write.
WRITTEN = {"lookup": "table", "advance": "block advance", "rule_pack": "rule pack", "rate_card": "rate card"}


_MONTHS = (
    "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|January|February|March|April|May|June|July|August|September"
    "|October|November|December"
)
_NOT_A_NAME = re.compile(rf"(?:{_MONTHS}) [0-9]{{1,2}}(?: [0-9]{{4}})?|(?:{'|'.join(SIGNED_CODES)}) [0-9]+")


class FirstBar:
    """A bar that stands first on its line opens a row (_ROW); any other parts two cells (_BAR).

    A date with its month first and an amount with its currency in letters are no Names, though they look like one.
    Every kind of word is read alike in every state, so that a message can name the word as it was written.
    """

    always_accept = (
        "WORD", "NAME", "CLAUSE", "TEXT", "DATE", "DAYMONTH", "YEARSPAN", "FRACTION", "PERCENT",
        "MONEY", "DECIMAL", "INT", "_BAR", "_ROW_END", "OTHER", "OUTPUTS_AND_OUTCOMES",
    )  # fmt: skip

    def __init__(self) -> None:
        #: The parser whose words these are, once it is made.
        self.parser: Lark | None = None

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The words with every line's first bar and what is no Name told apart, and cells that are lines made lines."""
        return LinesInCells(self._sorted(stream), self._line_headings).read()

    def _line_headings(self) -> LineHeadings:
        return _line_headings(self.parser or lark())

    def _sorted(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Give each line's first bar its sort, and take the sort of a Name from what is none."""
        line: int | None = 0
        for token in stream:
            sorted_token = token
            if token.type == "_BAR" and token.line != line:
                sorted_token = Token.new_borrow_pos("_ROW", token.value, token)
            elif token.type == "NAME" and token[-1].isdigit() and _NOT_A_NAME.fullmatch(token):
                sorted_token = Token.new_borrow_pos("WORD", token.value, token)
            if token.type != "WS":  # there only when comments are asked for
                line = token.line
            yield sorted_token


@cache
def _line_headings(parser: Lark) -> LineHeadings:
    """Which headings begin lines; asked for when the first table is met that may have them."""
    from sibdsl.syntax.line_headings import LineHeadings  # it reads the parser's rules

    return LineHeadings.of(parser)


def _grammar() -> str:
    """The grammar, with what an amount looks like in each of the currencies, and what a Name does."""
    text = resource("grammar", "sib.lark").read_text(encoding="utf-8")
    for sign, pattern in (("AMOUNT", AMOUNT), ("A_NAME", NAME)):
        text = text.replace(f"/{sign}/", f"/{pattern.replace('/', chr(92) + '/')}/")
    return text


@cache
def lark(lexer: Literal["basic", "contextual"] = "contextual", *, strict: bool = False) -> Lark:
    """The parser. `strict` builds it afresh and raises on any conflict (for tests).

    Words read alike in every state, so both lexers give the same tree: `basic` starts sooner, `contextual` runs faster.
    """
    grammar, bars = _grammar(), FirstBar()
    kept = None if strict else kept_grammar_tables.file(grammar, lexer)
    if kept is not None:
        tables = kept_grammar_tables.load(kept)
        if tables is not None:
            with suppress(Exception):  # whatever is wrong with what was kept, it is made again
                loaded = quick_tables.loaded(tables, bars, PARTS)
                bars.parser = loaded
                return loaded
    made = Lark(
        grammar,
        parser="lalr",
        lexer=lexer,
        strict=strict,
        postlex=bars,
        propagate_positions=True,
        maybe_placeholders=False,
        _plugins=PARTS,
    )
    bars.parser = made
    if kept is not None:
        kept_grammar_tables.keep(kept, made)
    return made


#: After so many texts a process is at work for long enough to gain by the lexer that starts later.
_SOON = 6
_parsed = count()


@lru_cache(maxsize=16)
def parse(source: Source) -> File:
    """The tree of one contract text. Raises Refused with every syntax error that one pass can tell apart.

    Of Markdown, what looks like a block of the contract and would not be read is refused first. Trees are kept for a while:
    a command asks what a file holds before it reads it.
    """
    unread = not_read(source)
    if unread:
        raise Refused(unread)
    text = contract_text(source)
    size.within(source, text)
    try:
        tree = _tree(text)
    except UnexpectedInput:
        from sibdsl.syntax.mistakes import findings  # only a broken text pays for the messages

        raise Refused(unseen.beside(findings(source, text), source, text)) from None
    unseen.refuse(source, text)
    return _file(source, tree)


def parse_part(source: Source, text: str) -> File | int:
    """The tree of `text`, which is the source's with some of it blanked; or the offset at which it does not read.

    Raises Refused for a text that is nested too deep.
    """
    try:
        return _file(source, _tree(text))
    except UnexpectedToken as error:
        start = error.token.start_pos
        return len(text) if start is None else start
    except UnexpectedInput:
        return len(text)


def _tree(text: str) -> Tree[Token]:
    return lark("basic" if next(_parsed) < _SOON else "contextual").parse(text)


def _file(source: Source, tree: Tree[Token]) -> File:
    size.not_too_deep(source, tree)
    return File(source, tuple(_block(source, child) for child in tree.children if isinstance(child, Tree)))


def words(text: str, *, comments: bool = False) -> list[Token]:
    """Every word of the text in order, cut without looking at grammar state; with comments if asked."""
    return [token for token in _words_alone(comments=comments).of(text) if token.type != "WS"]


@cache
def _words_alone(*, comments: bool) -> WordsAlone:
    return WordsAlone(lark(), comments=comments)


def _span(source: Source, meta: Any) -> Span:  # noqa: ANN401 - Lark's Meta and Token share these by duck typing
    return Span(
        source.name, meta.line, meta.column, meta.end_line, meta.end_column, meta.start_pos, meta.end_pos
    )


def _part(source: Source, item: Tree[Token] | Token) -> Part:
    if isinstance(item, Token):
        said = " ".join(item.split()) if item.type == "OUTPUTS_AND_OUTCOMES" else str(item)
        said = one_form(said) if item.type == "NAME" else said
        return Word(item.type, said, _span(source, item))
    if item.data in BLOCKS:
        return _block(source, item)
    children = tuple(_part(source, child) for child in item.children)
    if item.meta.empty:  # a phrase made only of fixed words that the tree drops
        return Node(str(item.data), children, Span(source.name, 0, 0, 0, 0))
    return Node(str(item.data), children, _span(source, item.meta))


def _block(source: Source, tree: Tree[Token]) -> Block:
    kind = str(tree.data)
    name: Word | None = None
    clause = gloss = ""
    items: list[Node] = []
    whole = _span(source, tree.meta)
    head = Span(whole.file, whole.line, whole.column, whole.line, whole.column, whole.start, whole.start)
    for child in tree.children:
        part = _part(source, child)
        if isinstance(part, Node) and part.kind == "title":
            name, clause, gloss = part.word("NAME"), _clause(part.word("CLAUSE")), _text(part.word("TEXT"))
            head = whole.to(part.span)
        elif isinstance(part, Word):
            clause = _clause(part)
        elif isinstance(part, Node):
            items.append(part)
    return Block(WRITTEN.get(kind, kind), name, clause, gloss, tuple(items), whole, head)


def _clause(word: Word | None) -> str:
    return word.text[1:-1].strip() if word else ""


def _text(word: Word | None) -> str:
    return word.text[1:-1] if word else ""
