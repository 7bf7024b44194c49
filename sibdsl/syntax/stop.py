"""Where a text stops making sense, seen with everything around it, and what an adviser says of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from attrs import field, frozen

from sibdsl.diagnostics import Label
from sibdsl.source import Source
from sibdsl.syntax.cells_as_lines import MARKS
from sibdsl.syntax.grammar_tables import LAST, LexedWord, Rung, Stack, machine
from sibdsl.syntax.vocabulary import Kind, Phrase, label_of, vocabulary

Place = Literal["outside", "head", "lines", "inside", "heading", "row", "rows", "end"]


@frozen
class Mend:
    """How reading goes on: as if words of the sorts `feed` stood there, then from the word at `resume`.

    They follow what was read, or (`after`) what was read before this line or this block; or what was read of the
    row counts as a whole row.
    """

    feed: tuple[str, ...]
    resume: int
    after: Literal["here", "line", "row", "block"] = "here"


@frozen
class Advice:
    """What to say of one stop. `start` and `end` are the offsets of the offending words.

    In `help`, "Write `X`" means in place of the offending words, "Add `X`" after them, "Take out" without them.
    """

    code: str
    message: str
    start: int
    end: int
    mark: str = ""
    help: str = ""
    labels: tuple[Label, ...] = ()
    mend: Mend | None = None
    closes: int | None = None
    """Where set, the innermost block counts as ended, and reading goes on at the word of that index."""


@frozen
class Open:
    """A block that has begun and not ended: its kind, its rung on the stack, the index of its first word."""

    kind: Kind
    rung: int
    first: int
    name: str
    clause: str

    @property
    def title(self) -> str:
        """How messages name it: `payment Fund Tariff`."""
        return f"{self.kind.said} {self.name}".strip()

    @property
    def cited(self) -> str:
        """How findings cite it: `[6], payment Fund Tariff`."""
        return f"{self.clause}, {self.title}" if self.clause else self.title

    @property
    def closing(self) -> str:
        """The words that end it."""
        return f"end {self.kind.said}"


def open_blocks(stack: Stack, items: Sequence[LexedWord]) -> tuple[Open, ...]:
    """The blocks that are open, outermost first."""
    found: list[Open] = []
    fixed = vocabulary().fixed
    for at, rung in enumerate(stack):
        outside = at and (stack[at - 1].symbol in ("", "ADD", "REPLACE") or "__start" in stack[at - 1].symbol)
        if not outside:
            continue
        words = [fixed.get(rung.symbol, "") for rung in stack[at : at + 2]]
        kind = vocabulary().kind(words) or vocabulary().kind(words[:1])
        if kind is None and words[0]:  # `block` before its `advance`
            kind = next(
                (known_kind for known_kind in vocabulary().kinds.values() if known_kind.words[0] == words[0]),
                None,
            )
        if kind is None or ended(stack, at, kind):
            continue
        name = clause = ""
        for item in items[rung.first + len(kind.words) : rung.first + len(kind.words) + 2]:
            if item.kind == "NAME" and kind.named and not name and not clause:
                name = item.text
            elif item.kind == "CLAUSE" and not clause:
                clause = item.text
            else:
                break
        found.append(Open(kind, at, rung.first, name, clause))
    return tuple(found)


def ended(stack: Stack, at: int, kind: Kind) -> bool:
    """Whether the block that begins at a rung has all its words, and only waits for the next word to show it."""
    sorts = vocabulary().sorts
    closing = ("END", *(sorts[word] for word in kind.words))
    return tuple(rung.symbol for rung in stack[at:][-len(closing) :]) == closing


def _gathers(symbol: str) -> bool:
    """Whether a symbol stands for the lines read so far, and not for a word."""
    return symbol.startswith("_") and symbol not in vocabulary().fixed and symbol not in ("_ROW", "_ROW_END")


def floor(stack: Stack, block: Open | None) -> Stack:
    """The stack cut back to where a line of the innermost block may begin (its head counts as complete)."""
    if block is None:
        return stack[:2] if len(stack) > 1 and "__start" in stack[1].symbol else stack[:1]
    at = block.rung + len(block.kind.words)
    if at > len(stack):  # `block` before its `advance`
        whole = stack
        for word in block.kind.words[len(stack) - block.rung :]:
            stepped = machine().step(whole, vocabulary().sorts[word], block.first)
            whole = stepped or whole
        stack = whole
    if block.kind.named:
        if len(stack) > at and stack[at].symbol == "title":
            at += 1
        else:
            stack = machine().put(stack[:at], "title", block.first) or stack[:at]
            at = len(stack)
    elif len(stack) > at and stack[at].symbol == "CLAUSE":
        at += 1
    while len(stack) > at and _gathers(stack[at].symbol):
        at += 1
    return stack[:at]


@frozen(slots=False)
class Stop:
    """A word that may not stand where it stands: `items[at]`, after what `stack` has read."""

    source: Source
    text: str
    items: Sequence[LexedWord] = field(repr=False)
    at: int
    stack: Stack = field(repr=False)
    begun: int
    """Index of the word that begins the line (of the block) being read, or last read."""

    # ------------------------------------------------------------------ words

    @property
    def here(self) -> LexedWord:
        return self.items[self.at]

    @property
    def before(self) -> LexedWord | None:
        return self.items[self.at - 1] if self.at else None

    def item(self, index: int) -> LexedWord:
        """The word at an index; the place after the last for any beyond."""
        return self.items[min(max(index, 0), len(self.items) - 1)]

    def line_end(self, index: int) -> int:
        """The index after the last word on the text's line that holds the word at `index`."""
        end = index + 1
        while end < len(self.items) - 1 and not self.items[end].first:
            end += 1
        return min(end, len(self.items) - 1) if self.items[index].kind != LAST else index

    def line_start(self, index: int) -> int:
        """The index of the first word on that line."""
        while index > 0 and not self.items[index].first:
            index -= 1
        return index

    def said(self, first: int, end: int) -> str:
        """The words from index `first` up to, not including, `end`, one space between."""
        return " ".join(item.text for item in self.items[first:end])

    def slice(self, first: int, end: int) -> str:
        """The text of those words as it was written."""
        return self.text[self.items[first].start : self.items[end - 1].end]

    def gap(self, index: int) -> str:
        """What stands between the word at `index` and the one before."""
        return self.text[self.items[index - 1].end : self.items[index].start] if index else ""

    def glued(self, index: int) -> tuple[str, int]:
        """The characters up to the next space, comma or bar, and the index after them: `ea5liest` is three words."""
        end = index + 1
        while end < len(self.items) - 1 and self.items[end].start == self.items[end - 1].end:
            if self.items[end].kind in ("COMMA", "_BAR", "_ROW_END", "TEXT", "RPAR", "CLAUSE"):
                break
            end += 1
        return self.slice(index, end), end

    @cached_property
    def names(self) -> frozenset[str]:
        """Every Name that the text uses."""
        return frozenset(item.text for item in self.items if item.kind == "NAME")

    # ------------------------------------------------------------------ what was being read

    @cached_property
    def takes(self) -> frozenset[str]:
        """Every sort of word that might have come."""
        return machine().takes(self.stack)

    @cached_property
    def takes_words(self) -> dict[str, str]:
        """Fixed words that might have come, with their sorts."""
        fixed = vocabulary().fixed
        return {fixed[sort]: sort for sort in self.takes if sort in fixed}

    @cached_property
    def opened(self) -> tuple[Open, ...]:
        return open_blocks(self.stack, self.items)

    @property
    def block(self) -> Open | None:
        """The innermost open block."""
        return self.opened[-1] if self.opened else None

    @cached_property
    def floor(self) -> Stack:
        """Where a line of the block may begin."""
        return floor(self.stack, self.block)

    @cached_property
    def rungs(self) -> tuple[Rung, ...]:
        """What has been read of the line, above the floor."""
        return self.stack[len(self.floor) :]

    @cached_property
    def floor_takes(self) -> frozenset[str]:
        return machine().takes(self.floor)

    @cached_property
    def place(self) -> Place:
        """Which part of the text the stop is in."""
        if self.block is None:
            return "outside"
        symbols = [rung.symbol for rung in self.stack[self.block.rung :]]
        if symbols[-1] == "_ROW_END":
            return "rows"
        kinds = vocabulary().kinds.values()
        if any(ended(self.stack, at, kind) for at in range(1, len(self.stack)) for kind in kinds):
            return "lines"  # of a variation, below a block in it
        if "heading_row" in symbols:
            return "row" if "_ROW" in symbols else "end" if "END" in symbols else "rows"
        if "_ROW" in symbols:
            return "heading"
        if "END" in symbols:
            return "end"
        if len(symbols) <= len(self.block.kind.words) and self.block.kind.named:
            return "head"
        return "lines" if self.floor_takes <= self.takes else "inside"

    @cached_property
    def cell_line(self) -> Kind | None:
        """The kind of block whose line the cell being read is, where it goes on with its heading."""
        for rung in reversed(self.rungs):
            if rung.symbol in ("_ROW", "_BAR"):
                return None
            if rung.symbol in MARKS:
                return vocabulary().kinds[MARKS[rung.symbol]]
        return None

    @cached_property
    def label(self) -> Phrase:
        """The words that name the line being read; none before the first line."""
        if self.block is None:
            return ()
        if self.cell_line is not None:
            said = tuple(self.heading.split())
            cell_labels = map(label_of, self.cell_line.labels)
            return max((label for label in cell_labels if said[: len(label)] == label), key=len, default=())
        labels = {label_of(label) for label in self.block.kind.labels}
        return max((label for label in labels if self.spells(self.begun, label)), key=len, default=())

    @property
    def label_said(self) -> str:
        """The label as people speak of it."""
        return "per person" if self.label == ("per",) else " ".join(self.label)

    @cached_property
    def rule(self) -> str:
        """The grammar's rule of that line."""
        kind = self.cell_line or (self.block.kind if self.block else None)
        return (kind.rule_of(self.label) or "") if kind and self.label else ""

    def spells(self, index: int, phrase: Phrase) -> bool:
        """Whether those words stand at `index`."""
        return tuple(item.text for item in self.items[index : index + len(phrase)]) == phrase

    # ------------------------------------------------------------------ tables

    @cached_property
    def row_first(self) -> int:
        """Index of the bar that opens the row being read."""
        return max((rung.first for rung in self.stack if rung.symbol == "_ROW"), default=self.at)

    @property
    def rows(self) -> list[int]:
        """The indices of the bars that open the rows of the table just read, its headings first."""
        found: list[int] = []
        at = self.at - 1
        while at > 0 and self.items[self.line_start(at)].kind == "_ROW":
            at = self.line_start(at)
            found.insert(0, at)
            at -= 1
        return found

    @property
    def column(self) -> int:
        """Which cell of the row the stop is in, from 0."""
        return sum(item.kind == "_BAR" for item in self.items[self.row_first : self.at])

    @cached_property
    def headings(self) -> list[str]:
        """The headings of the table being read, as written."""
        first = next((rung.first for rung in reversed(self.stack) if rung.symbol == "heading_row"), None)
        if first is None:
            return []
        found: list[str] = [""]
        for item in self.items[first + 1 : self.line_end(first)]:
            if item.kind in ("_BAR", "_ROW_END"):
                found.append("")
            else:
                found[-1] = f"{found[-1]} {item.text}".strip()
        return found[:-1]

    @property
    def heading(self) -> str:
        """The heading over the stop's cell, or nothing where the row is too long."""
        return self.headings[self.column] if self.column < len(self.headings) else ""

    # ------------------------------------------------------------------ advice

    def advice(
        self,
        code: str,
        message: str,
        first: int,
        end: int,
        *,
        mark: str = "",
        help: str = "",  # noqa: A002 - the word that findings use
        mend: Mend | None = None,
        closes: int | None = None,
    ) -> Advice:
        """Advice that underlines the words from index `first` up to, not including, `end`."""
        start, stop = self.items[first].start, self.items[max(end - 1, first)].end
        return Advice(code, message, start, stop, mark, help, (), mend, closes)

    def label_at(self, first: int, end: int, text: str) -> Label:
        """A second place to show."""
        return Label(self.source.span(self.items[first].start, self.items[max(end - 1, first)].end), text)
