"""What the grammar's rules say of the language's words: which blocks there are, the lines each takes, the headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from attrs import field, frozen
from lark import Lark

from sibdsl.diagnostics.turning import turns
from sibdsl.syntax.parser import BLOCKS, lark

Phrase = tuple[str, ...]
"""Fixed words in order, as in `("for", "each")`."""

_JOINING = frozenset({"for", "from", "to", "within", "begin"})


@frozen
class Kind:
    """A kind of block: its rule, the words that begin and end it, its lines by rule, whether it has a Name or table."""

    rule: str
    words: Phrase
    lines: dict[str, tuple[Phrase, ...]]
    named: bool
    table: bool
    needs_table: bool

    @property
    def said(self) -> str:
        return " ".join(self.words)

    @property
    def a(self) -> str:
        """The kind with its article: `a payment`, `an assumption`; or as a word where it is a plural: `records`."""
        if self.said.endswith("s"):
            return f"a `{self.said}` block"
        return f"{'an' if self.said[0] in 'aeiou' else 'a'} {self.said}"

    @property
    def shown(self) -> list[str]:
        """One label for each line, as people speak of them, in the order of the grammar."""
        return [" ".join(label_of(labels[0])) for labels in self.lines.values()]

    @property
    def labels(self) -> tuple[Phrase, ...]:
        """The words that begin each of its lines."""
        return tuple(label for labels in self.lines.values() for label in labels)

    def rule_of(self, label: Phrase) -> str | None:
        """The rule of the line that begins with those words, or is named by them."""
        for rule, labels in self.lines.items():
            if label in labels or label in map(label_of, labels):
                return rule
        return None


@frozen
class Vocabulary:
    """All of it. `fixed` gives the letters of each fixed word by its sort, `sorts` the sort by the letters."""

    fixed: dict[str, str]
    kinds: dict[str, Kind]
    headings: tuple[Phrase, ...]
    sorts: dict[str, str] = field(init=False)

    @sorts.default
    def _by_letters(self) -> dict[str, str]:
        return {word: sort for sort, word in self.fixed.items()}

    def kind(self, said: Iterable[str]) -> Kind | None:
        """The kind of block that those words begin."""
        want = tuple(said)
        return next((kind for kind in self.kinds.values() if kind.words == want), None)

    def takers(self, label: Phrase) -> list[Kind]:
        """The kinds of block that take a line with that label."""
        return [kind for kind in self.kinds.values() if label in kind.labels]


def label_of(opening: Phrase) -> Phrase:
    """The words of an opening that name the line: `held` of `held for`, `service period`."""
    return opening[:-1] if len(opening) > 1 and opening[-1] in _JOINING else opening


@cache
def vocabulary() -> Vocabulary:
    """Read off the grammar's rules, once."""
    return words_of(lark())


def words_of(parser: Lark) -> Vocabulary:
    """What the rules of one parser say."""
    fixed = {
        terminal.name: terminal.pattern.value
        for terminal in parser.terminals
        if type(terminal.pattern).__name__ == "PatternStr" and terminal.pattern.value.isascii()
    }
    rules: dict[str, list[list[str]]] = {}
    for rule in parser.rules:
        rules.setdefault(str(rule.origin.name), []).append([str(symbol.name) for symbol in rule.expansion])
    grammar = _Grammar(fixed, rules)
    order = [symbols[0] for symbols in rules["block"]]
    kinds = {rule: grammar.kind(rule) for rule in sorted(BLOCKS, key=order.index)}
    headings = tuple(
        sorted({grammar.lead(tuple(symbols)) for symbols in rules["heading"] if symbols[0] in fixed})
    )
    return Vocabulary(fixed, kinds, headings)


#: Lines that people call by more, or by less, than the words with which all of their patterns begin.
_CALLED = {
    "adds": "adds", "removes": "removes", "replaces": "replaces", "extension": "extension", "interpolated": "interpolated",
    "steps": "steps", "per_person": "per person", "per_route": "per person", "averages_share_of_days": "averages share of days",
}  # fmt: skip


@cache
def line_labels() -> dict[str, str]:
    """What people call each line, by the grammar's name of it or of one of its patterns: `only if` for `only_if`."""
    words = vocabulary()
    lines = {rule: labels for kind in words.kinds.values() for rule, labels in kind.lines.items() if labels}
    found = {rule: " ".join(label_of(labels[0])) for rule, labels in lines.items()}
    for pattern in lark().rules:
        first = words.fixed.get(str(pattern.expansion[0].name)) if pattern.expansion else None
        for label in lines.get(str(pattern.origin.name), ()) if pattern.alias else ():
            if label[0] == first:
                found.setdefault(str(pattern.alias), " ".join(label_of(label)))
    return found | _CALLED


@frozen
class _Grammar:
    fixed: dict[str, str]
    rules: dict[str, list[list[str]]]

    def lead(self, symbols: tuple[str, ...]) -> Phrase:
        """The fixed words that a pattern begins with."""
        said: list[str] = []
        for symbol in symbols:
            if symbol not in self.fixed:
                break
            said.append(self.fixed[symbol])
        return tuple(said)

    def openings(self, rule: str) -> Iterator[Phrase]:
        for symbols in self.rules[rule]:
            first = symbols[0]
            if first in self.fixed:
                yield self.lead(tuple(symbols))
            elif first in self.rules:
                yield from self.openings(first)

    def labels(self, rule: str) -> tuple[Phrase, ...]:
        """What begins a line: for each first word, the words that all its patterns share."""
        by_first: dict[str, Phrase] = {}
        for opening in self.openings(rule):
            known = by_first.get(opening[0])
            by_first[opening[0]] = opening if known is None else _shared(known, opening)
        return tuple(by_first.values())

    def kind(self, rule: str) -> Kind:
        patterns = self.rules[rule]
        lines: dict[str, tuple[Phrase, ...]] = {}
        seen: set[str] = set()
        todo = [symbol for symbols in patterns for symbol in symbols if symbol in self.rules]
        while todo:
            symbol = todo.pop(0)
            if symbol in seen or symbol in ("title", "table"):
                continue
            seen.add(symbol)
            if symbol.startswith("_"):
                todo.extend(
                    inner_symbol
                    for symbols in self.rules[symbol]
                    for inner_symbol in symbols
                    if inner_symbol in self.rules
                )
            else:
                lines[symbol] = self.labels(symbol)
        words = self.lead(tuple(patterns[0]))
        return Kind(
            rule=rule,
            words=words,
            lines=lines,
            named="title" in patterns[0],
            table=any("table" in symbols for symbols in patterns),
            needs_table=all("table" in symbols for symbols in patterns),
        )


def _shared(phrase: Phrase, other: Phrase) -> Phrase:
    said: list[str] = []
    for a, b in zip(phrase, other, strict=False):
        if a != b:
            break
        said.append(a)
    return tuple(said)


# ------------------------------------------------------------------ words alike


def slips(word: str, other: str) -> int:
    """How many slips of the pen lie between two words: a letter too many, too few, wrong, or two letters swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(word, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and word[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def alike(found: str, choices: Iterable[str]) -> str | None:
    """The choice that `found` most likely stands for: a slip or two away, fewer in short words. None when none is.

    None that says something else than a word that was written right, and none of two as near that differ in sense:
    `paye` may be the payer or the payee.
    """
    said = squeezed(found)
    best: tuple[int, int, str] | None = None
    near: list[tuple[int, str]] = []
    for choice in choices:
        if said != squeezed(choice) and turns(found, choice):
            continue
        want = squeezed(choice)
        much = slips(said, want)
        allowed = 0 if len(want) < 2 else 1 if len(want) < 5 or len(said) < 4 else 2 if len(want) < 12 else 3
        if len(said) < 2 and much:
            continue
        swapped = sorted(said) == sorted(want)
        if much <= allowed and much < len(want) - 1 + (said[:1] == want[:1] or swapped):
            key = (much, -_common(said, want), choice)
            best = key if best is None else min(best, key)
            near.append((much, choice))
    if best is None or any(much == best[0] > 0 and turns(best[2], choice) for much, choice in near):
        return None
    return best[2]


def squeezed(said: str) -> str:
    """Small letters only: words alike in this differ in spacing and capitals."""
    return "".join(char for char in said.casefold() if char not in " -_\t\n")


def _common(word: str, other: str) -> int:
    return len(_shared(tuple(word), tuple(other)))
