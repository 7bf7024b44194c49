"""Which words may head a column as the beginning of a line: read off the grammar, so that a new line needs nothing here."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen
from lark import Lark, Token

from sibdsl.syntax.grammar_tables import Machine
from sibdsl.syntax.vocabulary import Vocabulary, label_of, words_of


@frozen
class LineHeadings:
    """Which headings begin a line of a block, by the grammar."""

    words: Vocabulary
    machine: Machine

    @classmethod
    def of(cls, parser: Lark) -> LineHeadings:
        """Those of the grammar that the parser reads by."""
        return cls(words_of(parser), Machine(parser))

    def sort(self, token: Token) -> str:
        """The sort of a word, read where the grammar did not expect it and so as any word."""
        return self.words.sorts.get(str(token), token.type) if token.type in ("WORD", "OTHER") else token.type

    def line(self, block: str, said: Sequence[Token]) -> bool:
        """Whether those words begin a line of that kind of block: its label, and more of its fixed words if wanted."""
        kind = self.words.kinds[block]
        letters = tuple(str(word) for word in said)
        labels = (label_of(label) for label in kind.labels)
        if not all(word.type in self.words.fixed for word in said) or not any(
            letters[: len(label)] == label for label in labels
        ):
            return False
        stack = self.machine.start
        for sort in (*(self.words.sorts[word] for word in kind.words), "NAME", *(word.type for word in said)):
            stepped = self.machine.step(stack, sort, 0)
            if stepped is None:
                return False
            stack = stepped
        return True
