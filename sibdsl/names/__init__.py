"""Files that a contract is made of, and the defined terms in them."""

from sibdsl.names.files import Module, Program, load, read
from sibdsl.names.scope import Scope, Term

__all__ = ["Module", "Program", "Scope", "Term", "load", "read"]
