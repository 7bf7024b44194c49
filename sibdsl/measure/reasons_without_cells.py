"""Reasons that quote no cell of a row, for what is kept or sent round. Source of the rule: run folders reference, 'Pseudonyms'.

A cell may hold what belongs in another column, as where a separator is lost, so its own column does not say whom it names. What
is not known to be words of the program is therefore hidden.
"""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import sqltree
from sibdsl.measure.sqltree import Tree

#: What stands in the place of a cell.
NOT_SHOWN = "(not shown)"
#: Columns that may be told: the place of another row, and how many cells a row and its heading row have.
_TOLD = ("place", "cells", "wanted")


def without_cells(said: Tree) -> Tree:
    """What is said of a row, with `(not shown)` for all of it but the program's own words and the places of rows.

    The tests that choose the words read cells as before, so that a blank is still told to be blank.
    """
    match said:
        case exp.Literal() | exp.Null():
            return said
        case exp.Column() if said.name in _TOLD:
            return said
        case exp.Cast(this=exp.Column() as column) if column.name in _TOLD:
            return said
        case exp.Paren():
            return sqltree.paren(without_cells(said.this))
        case exp.DPipe():
            return sqltree.join_text(without_cells(said.this), without_cells(said.expression))
        case exp.Case(this=None):
            branches = [(branch.this, without_cells(branch.args["true"])) for branch in said.args["ifs"]]
            default = said.args.get("default")
            return sqltree.case(branches, None if default is None else without_cells(default))
        case exp.Anonymous(this="concat_ws"):
            return exp.Anonymous(this="concat_ws", expressions=[*map(without_cells, said.expressions)])
    return sqltree.text(NOT_SHOWN)
