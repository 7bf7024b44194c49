"""The text of a module with its open names put as what they stand for in the contract that uses it."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from sibdsl.syntax import Block, Node, Part, Word


def bound(block: Block, bindings: Mapping[str, Word]) -> Block:
    """The block with each name in `bindings` put as the word it stands for, which keeps its place in the text."""
    return evolve(block, items=tuple(_bound(item, bindings) for item in block.items)) if bindings else block


def _bound(node: Node, bindings: Mapping[str, Word]) -> Node:
    return evolve(node, children=tuple(_part(part, bindings) for part in node.children))


def _part(part: Part, bindings: Mapping[str, Word]) -> Part:
    if isinstance(part, Word):
        return bindings.get(part.text, part) if part.kind == "NAME" else part
    if isinstance(part, Block):
        return bound(part, bindings)
    found = _bound(part, bindings)
    only = found.children[0] if found.kind == "path" and len(found.children) == 1 else None
    # An amount in figures stands where an amount is needed without a path around it, as when it is written there.
    return only if isinstance(only, Word) and only.kind != "NAME" else found
