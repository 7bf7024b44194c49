"""Files that a contract is made of, and the defined terms in them."""

from sibdsl.names.files import Module, Program, load, named, read
from sibdsl.names.scope import SORTS, DefinedTerm, DefinedTerms

__all__ = ["SORTS", "DefinedTerm", "DefinedTerms", "Module", "Program", "load", "named", "read"]
