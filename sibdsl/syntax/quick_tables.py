"""The grammar's tables made of what was kept of them. The library makes them a cell at a time, which took half of a start."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from types import MappingProxyType
from typing import Any

from lark import Lark
from lark.grammar import NonTerminal, Rule, RuleOptions, Symbol, Terminal
from lark.lexer import TerminalDef
from lark.parsers.lalr_analysis import IntParseTable, Reduce, Shift
from lark.parsers.lalr_parser import LALR_Parser, _Parser

#: What a state does on each word: shift to a state, or reduce by a rule.
_Actions = dict[str, tuple[Any, Any]]


class _States(dict[int, _Actions]):
    """States of the parser, each made when it is first come to: a text comes to few of them."""

    def __init__(
        self, kept: Mapping[int, Mapping[int, int]], words: Mapping[int, str], rules: Mapping[int, Rule]
    ) -> None:
        super().__init__()
        self._kept = kept
        self._words = words
        self._rules = rules

    def __missing__(self, state: int) -> _Actions:
        words, rules = self._words, self._rules
        made = self[state] = {
            words[word]: (Shift, to) if to >= 0 else (Reduce, rules[-1 - to])
            for word, to in self._kept[state].items()
        }
        return made

    def get(self, state: int, default: Any = None) -> Any:  # noqa: ANN401 - as of any dictionary
        return self[state] if state in self._kept else default

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[int]:
        return iter(self._kept)

    def __contains__(self, state: object) -> bool:
        return state in self._kept

    def keys(self) -> KeysView[int]:  # type: ignore[override] # a view as of any mapping
        return KeysView(self)

    def values(self) -> ValuesView[_Actions]:  # type: ignore[override]
        return ValuesView(self)

    def items(self) -> ItemsView[int, _Actions]:  # type: ignore[override]
        return ItemsView(self)


class _Tables(LALR_Parser):
    """The library's parser on such states."""

    @classmethod
    def deserialize(  # type: ignore[override] # as the library's own
        cls,
        data: Mapping[str, Any],
        memo: Mapping[int, Any],
        callbacks: Any,  # noqa: ANN401
        debug: bool = False,  # noqa: FBT001, FBT002
    ) -> _Tables:
        made = cls.__new__(cls)
        states = _States(data["states"], data["tokens"], memo)
        table: Any = IntParseTable(states, data["start_states"], data["end_states"])  # type: ignore[no-untyped-call]
        made._parse_table = table  # noqa: SLF001
        made.parser = _Parser(table, callbacks, debug)
        return made


def packed(tables: dict[str, Any]) -> dict[str, Any]:
    """What `Lark.save` gives, with each cell of the tables a number: a state from 0 to shift to, below 0 a rule to reduce by."""
    parser = tables["data"]["parser"]["parser"]
    parser["states"] = {
        state: {word: -1 - to["@"] if reduces else to for word, (reduces, to) in actions.items()}
        for state, actions in parser["states"].items()
    }
    return tables


def loaded(tables: Mapping[str, Any], postlex: Any, parts: Mapping[str, Any]) -> Lark:  # noqa: ANN401 - the library's
    """The parser of tables that were `packed`. Raises whatever is wrong with them."""
    # No dictionary, so that the library takes it for what it makes of one.
    memo = MappingProxyType(_rules_and_words(tables["memo"]))
    made: Lark = Lark.__new__(Lark)._load(  # noqa: SLF001 - what Lark.load calls
        {"data": tables["data"], "memo": memo}, postlex=postlex, _plugins={**parts, "LALR_Parser": _Tables}
    )
    return made


def _rules_and_words(kept: Mapping[int, Any]) -> dict[int, Any]:
    symbols: dict[tuple[str, bool | None], Symbol] = {}

    def symbol(of: Mapping[str, Any]) -> Any:  # noqa: ANN401 - one of two kinds
        named = of["name"], of.get("filter_out")
        found = symbols.get(named)
        if found is None:
            kind = Terminal if of["__type__"] == "Terminal" else NonTerminal
            found = kind(*(part for part in named if part is not None))
            symbols[named] = found
        return found

    made: dict[int, Any] = {}
    for at, of in kept.items():
        if of["__type__"] == "Rule":
            options = {name: value for name, value in of["options"].items() if name != "__type__"}
            expansion = [symbol(part) for part in of["expansion"]]
            made[at] = Rule(symbol(of["origin"]), expansion, of["order"], of["alias"], RuleOptions(**options))
        else:
            made[at] = TerminalDef.deserialize(of, {})
    return made
