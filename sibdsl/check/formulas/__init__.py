"""Closed formulas of what each payer pays each payee, in the contract's own names."""

from sibdsl.check.formulas.from_graph import Cite, Formula, Formulas

__all__ = ["Cite", "Formula", "Formulas"]
