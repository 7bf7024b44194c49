"""Reads a broken text to its end: stops at each mistake, asks for advice, and goes on where sense begins again.

After a mistake that the advice cannot mend, reading drops to the next line that can be understood: a row of a
table, a labelled line, the block's `end`, the head of another block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from attrs import define, field

from sibdsl.source import Source
from sibdsl.syntax.grammar_tables import LAST, LexedWord, Stack, items, machine
from sibdsl.syntax.parser import BLOCKS
from sibdsl.syntax.stop import Advice, Mend, Open, Stop, floor, open_blocks
from sibdsl.syntax.vocabulary import Kind, alike, vocabulary

Adviser = Callable[[Stop], Advice | None]


def stops(source: Source, text: str, advise: Adviser) -> Iterator[tuple[Stop, Advice]]:
    """Every stop in `text` with what `advise` says of it; nothing for a stop that only follows from another."""
    return _Reader(source, text, advise, items(text)).read()


def whole_blocks(source: Source, text: str, advise: Adviser) -> list[tuple[int, int]]:
    """The stretches of a broken text that hold a whole block without a stop in it: offsets of its first and after its last character.

    A block within another is not told of by itself.
    """
    reader = _Reader(source, text, advise, items(text))
    at = [stop.at for stop, _ in reader.read()]
    found: list[tuple[int, int]] = []
    for first, end in sorted(reader.blocks):
        inner = first > 0 and reader.items[first - 1].kind in ("ADD", "REPLACE")
        if not inner and not any(first <= place < end for place in at):
            found.append((reader.items[first].start, reader.items[end - 1].end))
    return found


@define
class _Reader:
    source: Source
    text: str
    advise: Adviser
    items: Sequence[LexedWord]
    stack: Stack = field(init=False, factory=lambda: machine().start)
    at: int = field(init=False, default=0)
    begun: int = field(init=False, default=0)
    tried: set[tuple[int, int, int]] = field(init=False, factory=set)
    #: The first word of every block that was read to its end, and the word after its last.
    blocks: set[tuple[int, int]] = field(init=False, factory=set)

    def read(self) -> Iterator[tuple[Stop, Advice]]:
        while True:
            item = self.items[self.at]
            stack = machine().step(self.stack, item.kind, self.at, self._complete)
            if stack is not None and not self._ends_too_soon(stack):
                if item.kind == LAST:
                    return
                if self._begins_line(stack):
                    self.begun = self.at
                self.stack = stack
                self.at += 1
                continue
            stop = Stop(self.source, self.text, self.items, self.at, self.stack, self.begun)
            advice = self.advise(stop)
            if advice is not None:
                yield stop, advice
            if item.kind == LAST and (advice is None or advice.closes is None):
                return
            self._go_on(stop, advice)
            again = (self.at, len(self.stack), self.stack[-1].state)
            if again in self.tried:  # no advice and no recovery moved: leave the word out
                self.at = min(max(self.at, stop.at) + 1, len(self.items) - 1)
            self.tried.add(again)

    def _complete(self, phrase: str, first: int, end: int) -> None:
        if phrase in BLOCKS:
            self.blocks.add((first, end))

    def _begins_line(self, stack: Stack, words: int = 1) -> bool:
        """Whether the last words of the stack are the first of a line of a block."""
        below = stack[-1 - words].symbol
        if below != "title" and not below.startswith("__"):
            return False
        return len(floor(stack, _innermost(stack, self.items))) == len(stack) - words

    def _ends_too_soon(self, stack: Stack) -> bool:
        """Whether an `end` that means the block's was read as the beginning of `end of window`."""
        if self.items[self.at].kind != "END" or not self.items[self.at].first:
            return False
        return "OF" in machine().takes(stack) and ending_at(self.items, self.at)[0] is not None

    # ------------------------------------------------------------------ after a stop

    def _go_on(self, stop: Stop, advice: Advice | None) -> None:
        if advice is not None and advice.closes is not None and stop.block is not None:
            closed = _closed(stop.stack, stop.block)
            if closed is not None:
                self.stack, self.at = closed, advice.closes
                return
        if advice is not None and advice.mend is not None and self._mend(stop, advice.mend):
            return
        if stop.block is None:
            self._drop_outside(stop)
        else:
            self._drop_inside(stop, stop.block)

    def _mend(self, stop: Stop, mend: Mend) -> bool:
        stack = stop.floor if mend.after == "line" else stop.stack
        if mend.after == "block" and stop.block is not None:
            stack = stop.stack[: stop.block.rung]
        if mend.after == "row":
            rows = self._rows(stop, stop.at)
            whole = machine().put(rows, "row", stop.row_first) if rows else None
            if whole is None:
                return False
            stack = whole
        for sort in mend.feed:
            stepped = machine().step(stack, sort, stop.at)
            if stepped is None:
                return False
            stack = stepped
        if not mend.feed and mend.after == "here" and mend.resume <= stop.at:
            return False
        if mend.feed and self._begins_line(stack, len(mend.feed)):
            self.begun = stop.at
        self.stack, self.at = stack, mend.resume
        return True

    def _drop_outside(self, stop: Stop) -> None:
        """To the next head of a block; the end of a block whose head was not understood goes with it."""
        ended = stop.here.kind == "END"
        nested = 0
        for at in range(stop.at, len(self.items)):
            item = self.items[at]
            if item.kind == LAST:
                self.at = at
                return
            if not item.first or (at == stop.at):
                continue
            if head_at(self.items, at, None):
                self.at = at
                return
            nested += item.kind in ("ADD", "REPLACE")
            if item.kind == "END" and nested:
                nested -= 1
                continue
            if item.kind == "END":
                self.at = at if ended else stop.line_end(at)
                return
            if ended and self.items[at - 1].line < item.line:
                self.at = at
                return

    def _drop_inside(self, stop: Stop, block: Open) -> None:
        ground = stop.floor
        for at in range(stop.at, len(self.items)):
            item = self.items[at]
            if item.kind == LAST:
                self.stack, self.at = ground, at
                return
            if not item.first:
                continue
            if item.kind == "END":
                said, after = ending_at(self.items, at)
                if said == block.kind:
                    closed = _closed(stop.stack, block)
                    self.stack, self.at = closed or ground, after
                    return
                if at > stop.at:
                    self.stack, self.at = ground, at
                    return
            elif item.kind == "_ROW":
                rows = self._rows(stop, at)
                if rows is not None:
                    self.stack, self.at = rows, at
                    return
            elif (
                (at > stop.at and head_at(self.items, at, block))
                or machine().step(ground, item.kind, at)
                or (at > stop.at and self._label_like(stop, block, at))
            ):
                self.stack, self.at = ground, at
                return

    def _rows(self, stop: Stop, at: int) -> Stack | None:
        """The stack to read a row with: the table goes on, or one begins."""
        stack = stop.stack
        for cut in range(len(stack) - 1, len(stop.floor) - 1, -1):
            if stack[cut].symbol == "heading_row" or stack[cut].symbol.startswith("__table"):
                return stack[: cut + 1]
        for cut in range(len(stack) - 1, len(stop.floor) - 1, -1):
            if stack[cut].symbol == "_ROW":
                return machine().put(stack[:cut], "heading_row", stack[cut].first)
        for cut in range(len(stack), len(stop.floor) - 1, -1):  # after a broken `given` or `expect`
            if machine().step(stack[:cut], "_ROW", at):
                return stack[:cut]
        return None

    def _label_like(self, stop: Stop, block: Open, at: int) -> bool:
        """Whether the line looks as if it began with a label, rather than going on from the one above."""
        item = self.items[at]
        if item.kind not in ("WORD", "NAME") and item.kind not in vocabulary().fixed:
            return False
        labels = [" ".join(label) for label in block.kind.labels]
        said = (stop.said(at, min(at + n, len(self.items))) for n in (1, 2, 3))
        if any(alike(phrase, labels) for phrase in said):
            return True
        if any(outer.kind.rule_of((item.text,)) for outer in stop.opened[:-1]):
            return True
        columns = Counter(
            lexed_word.column
            for lexed_word in self.items[block.first + 1 : at]
            if lexed_word.first and lexed_word.kind != "_ROW"
        )
        return bool(columns) and item.column == columns.most_common(1)[0][0]


def _innermost(stack: Stack, items: Sequence[LexedWord]) -> Open | None:
    opened = open_blocks(stack, items)
    return opened[-1] if opened else None


def _closed(stack: Stack, block: Open) -> Stack | None:
    """The stack as if the block had been read to its end."""
    return machine().put(stack[: block.rung], block.kind.rule, block.first)


def head_at(items: Sequence[LexedWord], at: int, inside: Open | None) -> Kind | None:
    """The kind of block that begins at a word, if one does: its words first on a line, then its Name or its table."""
    if not items[at].first or (at and items[at - 1].kind in ("END", "ADD", "REPLACE")):
        return None
    if (
        inside is not None and items[at].column > items[inside.first].column
    ):  # set in as a line of the block is
        return None
    for length in (2, 1):
        kind = vocabulary().kind(item.text for item in items[at : at + length])
        if kind is None or at + length >= len(items):
            continue
        after = items[at + length]
        named = after.kind == "NAME" and not after.first
        begins = named if kind.named else after.kind in ("CLAUSE", "_ROW")
        if begins and (inside is None or inside.kind.rule_of(kind.words) is None):
            return kind
    return None


def ending_at(items: Sequence[LexedWord], at: int) -> tuple[Kind | None, int]:
    """The kind named by the `end` at `at`, if it names one on its line, and the index after its line."""
    after = at + 1
    while after < len(items) - 1 and not items[after].first:
        after += 1
    return vocabulary().kind(item.text for item in items[at + 1 : after]), after
