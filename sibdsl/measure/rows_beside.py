"""Rows of the same person beside the row under test, as SQL: that by which they joined, and those that metrics picked."""

from __future__ import annotations

from sqlglot import exp

from sibdsl.measure import reading_cells, sqltree
from sibdsl.measure.conditions import JOINED, ROW, pick_alias
from sibdsl.measure.looks import Look, MetricLook
from sibdsl.measure.plan import Plan


def beside(plan: Plan, look: Look) -> list[exp.Join]:
    """What a look may read beside its row `s`: the row that joined the person, and those picked for them."""
    joined = [(look.cohort, JOINED)] if look.cohort else []
    return _joins(plan, look, joined) + picked(plan, look)


def picked(plan: Plan, look: Look) -> list[exp.Join]:
    """The rows that metrics picked for the person, and those by which they joined cohorts that are named."""
    return _joins(plan, look, [(name, pick_alias(plan, name)) for name in look.metrics])


def of_group(plan: Plan, look: MetricLook, part: str) -> list[exp.Join]:
    """The row `s` of a part of it, by `seq`, with what stands beside it, where its time or its number differs by group."""
    held = look.clause.held
    if held is None or (held.by_group is None and held.most_by_group is None):
        return []
    same = sqltree.eq(sqltree.col(ROW, "seq"), sqltree.col(part, "seq"))
    return [sqltree.inner(sqltree.table(f"sift_{look.table.at}", ROW), same), *beside(plan, look)]


def read_for_results(look: Look) -> bool:
    """Whether the date of a result, or for how long it is held, may hang on what stands beside its row."""
    return isinstance(look, MetricLook) and bool(look.clause.amounts_of_lines)


def _joins(plan: Plan, look: Look, named: list[tuple[str, str]]) -> list[exp.Join]:
    person = reading_cells.person(look.table, ROW)
    return [
        sqltree.left(
            sqltree.table(f"pick_{plan.look(name).at}", alias),
            sqltree.eq(person, sqltree.col(alias, "person")),
        )
        for name, alias in named
    ]
