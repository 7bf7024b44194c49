"""Files that a contract is made of, and the defined terms in them."""

from sibdsl.names.files import Module, Program, load, named, read
from sibdsl.names.scope import SORTS, Scope, Term

__all__ = ["SORTS", "Module", "Program", "Scope", "Term", "load", "named", "read"]
