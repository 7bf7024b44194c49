"""Words of the language found by their letters: the library's lexer tries each keyword in turn on every word of a text."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

from lark import Lark, Token
from lark.lexer import BasicLexer, CallChain, ContextualLexer, LexerThread, Scanner, UnlessCallback


class _Keyword:
    """Tells which keyword a word is, if any: what the library's own callback tells, by one look in a table."""

    def __init__(self, kinds: dict[str, str]) -> None:
        self._kinds = kinds

    def __call__(self, word: Token) -> Token:
        kind = self._kinds.get(word.value)
        if kind is not None:
            word.type = kind
        return word


class _Words(BasicLexer):
    """The library's lexer with such tables."""

    def _build_scanner(self) -> Scanner:
        made = super()._build_scanner()
        for name, told in self.callback.items():
            if isinstance(told, UnlessCallback):
                self.callback[name] = _by_letters(told)
            elif isinstance(told, CallChain) and isinstance(told.callback1, UnlessCallback):
                told.callback1 = _by_letters(told.callback1)
        return made


class _WordsInContext(ContextualLexer):
    BasicLexer = _Words


def _by_letters(told: UnlessCallback) -> UnlessCallback | _Keyword:
    kinds: dict[str, str] = {}
    for terminal in told.scanner.terminals:
        if terminal.pattern.type != "str" or terminal.pattern.flags:
            return told  # letters of either case, say: more than one word is meant
        kinds.setdefault(terminal.pattern.value, terminal.name)
    return _Keyword(kinds)


#: What `Lark` is given to use in place of its own parts.
PARTS = {"BasicLexer": _Words, "ContextualLexer": _WordsInContext}


class WordsAlone:
    """The words of texts, cut without looking at grammar state; comments and spaces too if asked.

    `Lark.lex` does the same and makes its lexer again for each text.
    """

    def __init__(self, parser: Lark, *, comments: bool) -> None:
        conf = copy(parser.lexer_conf)
        if comments:
            conf.ignore = ()
        self._lexer = _Words(conf)
        self._sorted = parser.options.postlex

    def of(self, text: str) -> Iterator[Token]:
        words: Iterator[Token] = LexerThread.from_text(self._lexer, text).lex(None)  # type: ignore[no-untyped-call] # the library's
        return self._sorted.process(words) if self._sorted else words
