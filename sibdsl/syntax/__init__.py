"""Contract text to syntax tree and back."""

from sibdsl.syntax.parser import parse
from sibdsl.syntax.tree import Block, File, Node, Part, Word

__all__ = ["Block", "File", "Node", "Part", "Word", "parse"]
