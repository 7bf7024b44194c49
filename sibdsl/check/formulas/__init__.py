"""Closed formulas of what each payer pays each payee, in the contract's own names."""

from sibdsl.check.formulas.from_graph import Cite, Formulas, PartyFormula

__all__ = ["Cite", "Formulas", "PartyFormula"]
