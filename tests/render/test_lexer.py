"""The lexer for Pygments: nothing is lost, words are told apart as the grammar tells them, and pages find it."""

import re
import tomllib
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Comment, Error, Keyword, Literal, Name, Number, String

from sibdsl.render.lexer import KINDS, SibLexer
from sibdsl.source import Source
from sibdsl.syntax import Word, parse
from sibdsl.syntax.vocabulary import vocabulary
from tests.docs.reading import LANGUAGE, ROOT, fences, lines_of

TEXTS = [
    *(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("contracts/**/*.sib"))),
    *(
        path.read_text(encoding="utf-8")
        for path in sorted(ROOT.glob("stdlib/**/*.sib"))
        if "templates" not in path.parts
    ),
    *(one.text for one in fences(LANGUAGE) if one.language == "sib"),
]
#: Sorts of word in the tree -> how the lexer calls them.
SORTS = {
    "NAME": Name.Variable, "MONEY": Number, "INT": Number, "DECIMAL": Number, "PERCENT": Number, "FRACTION": Number,
    "DATE": Literal.Date, "DAYMONTH": Literal.Date, "YEARSPAN": Literal.Date, "TEXT": String,
}  # fmt: skip


def tokens(text: str) -> list[tuple[object, str]]:
    return list(SibLexer(stripnl=False, ensurenl=False).get_tokens(text))


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:30])
def test_each_word_is_what_the_grammar_says(text: str) -> None:
    found = tokens(text)
    assert "".join(part for _, part in found) == text
    assert Error not in [sort for sort, _ in found]
    places: dict[int, tuple[object, str]] = {}
    at = 0
    for sort, part in found:
        places[at] = (sort, part)
        at += len(part)
    for block in parse(Source("x.sib", text)).blocks:
        for word in block.walk():
            if isinstance(word, Word) and word.kind in SORTS:
                assert places[word.span.start] == (SORTS[word.kind], word.text)
        opening = text[block.head.start :].split("\n", maxsplit=1)[0]
        assert places[block.head.start][0] == Keyword.Declaration, opening
    comments = [part for sort, part in found if sort == Comment.Single]
    assert [one for one in comments if not one.startswith("--")] == []


def test_it_knows_every_kind_of_block() -> None:
    assert set(KINDS) == {kind.said for kind in vocabulary().kinds.values()}
    assert all(
        KINDS.index(longer) < KINDS.index(kind)
        for longer in KINDS
        for kind in KINDS
        if longer.startswith(f"{kind} ")
    )


@given(st.text(alphabet='aA1 |£"[]-\n,.é%/', max_size=60))
def test_any_text_is_shown_whole(text: str) -> None:
    assert "".join(part for _, part in tokens(text)) == text


def test_pages_find_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["pygments.lexers"]["sib"].partition(":")
    assert getattr(import_module(module), name) is SibLexer
    assert SibLexer.aliases == ["sib"]
    used = re.findall(r"^```(\w+)", "\n".join(lines_of(LANGUAGE)), re.MULTILINE)
    assert "sib" in used
