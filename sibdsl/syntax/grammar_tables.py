"""The grammar's own tables, driven word by word: follows a text past its mistakes, and finds where lines begin."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from attrs import frozen
from lark import Lark

from sibdsl.syntax.parser import lark, words

LAST = "$END"
"""The sort of the place after the last word."""


@frozen
class LexedWord:
    """One word of the text: its sort in the grammar, its characters, where it stands, whether first on its line.

    The words of a heading that stand before a cell, where the cell is a line, take no room.
    """

    kind: str
    text: str
    start: int
    end: int
    line: int
    column: int
    first: bool

    @property
    def written(self) -> bool:
        """Whether it stands in the text at this place."""
        return self.start < self.end


@frozen
class Rung:
    """One step of what has been read: a word or a whole phrase, and the index of its first word."""

    state: int
    symbol: str
    first: int


Stack = tuple[Rung, ...]
Reduced = Callable[[str, int, int], None]


def items(text: str, *, comments: bool = False) -> list[LexedWord]:
    """The words of `text` in order, then one of kind LAST. A comment after a row's last bar is an item of its own."""
    found: list[LexedWord] = []
    line = 0
    for token in words(text, comments=comments):
        start, at = int(token.start_pos or 0), int(token.line or 0)
        column, first, line = int(token.column or 0), at != line, at
        said = str(token)
        if token.type == "_ROW_END":
            found.append(LexedWord(token.type, "|", start, start + 1, at, column, first))
            rest = said[1:].strip()
            if rest and comments:
                inner = start + said.index("--")
                found.append(
                    LexedWord(
                        "COMMENT", rest, inner, inner + len(rest), at, column + inner - start, first=False
                    )
                )
            continue
        if token.type == "COMMENT":
            said = said.rstrip()
        if token.type == "OUTPUTS_AND_OUTCOMES":  # it may run over a line's end
            line = int(token.end_line or at)
        end = (
            int(token.end_pos or start)
            if token.type == "LABEL" or token.end_pos == start
            else start + len(said)
        )
        found.append(LexedWord(token.type, said, start, end, at, column, first))
    end = len(text.rstrip())
    found.append(LexedWord(LAST, "", end, end, line, 0, first=True))
    return found


class Machine:
    """Reads words against the grammar. A stack is a value: every step returns a new one."""

    def __init__(self, parser: Lark) -> None:
        conf: Any = parser.parse_interactive("").parser_state.parse_conf
        self._states: dict[int, dict[str, tuple[Any, Any]]] = conf.states
        self._accepted: int = conf.end_state
        self.start: Stack = (Rung(conf.start_state, "", 0),)

    def step(self, stack: Stack, kind: str, index: int, reduced: Reduced | None = None) -> Stack | None:
        """The stack after a word of `kind`, or None where it may not stand.

        `reduced(phrase, first, end)` is told of every phrase that this word shows to be complete, with the
        indices of its first word and of the word after its last.
        """
        path = list(stack)
        while True:
            action = self._states[path[-1].state].get(kind)
            if action is None:
                return None
            target = action[1]
            if isinstance(target, int):
                return (*path, Rung(target, kind, index))
            size = len(target.expansion)
            first = path[-size].first if size else index
            if size:
                del path[-size:]
            phrase = str(target.origin.name)
            if reduced:
                reduced(phrase, first, index)
            state = int(self._states[path[-1].state][phrase][1])
            path.append(Rung(state, phrase, first))
            if kind == LAST and state == self._accepted:
                return tuple(path)

    def takes(self, stack: Stack) -> frozenset[str]:
        """Every sort of word that may come next."""
        sorts = self._states[stack[-1].state]
        return frozenset(kind for kind in sorts if kind.isupper() and self.step(stack, kind, 0) is not None)

    def put(self, stack: Stack, phrase: str, index: int) -> Stack | None:
        """The stack as if a whole `phrase` had been read, or None where none may stand."""
        action = self._states[stack[-1].state].get(phrase)
        return None if action is None else (*stack, Rung(int(action[1]), phrase, index))


@cache
def machine() -> Machine:
    """The one machine: it holds no state of its own."""
    return Machine(lark())
