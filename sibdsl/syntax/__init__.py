"""Contract text to syntax tree and back."""

from sibdsl.syntax.kinds_of_file import FileKind, kind_of
from sibdsl.syntax.parser import parse
from sibdsl.syntax.tree import Block, File, Node, Part, Word

__all__ = ["Block", "File", "FileKind", "Node", "Part", "Word", "kind_of", "parse"]
