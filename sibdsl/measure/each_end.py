"""Rows in progress at the end of each month, quarter or year, as SQL: a result on each such day on which a row lasts.

The days are those of the payment period up to the as-of date; the contract alone says which they are. Source: language
reference, 'In progress at the end of a month'.
"""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from sibdsl.measure import spells, sqltree
from sibdsl.measure.looks import Look, MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.periods import ends_of_each

#: The alias of the ends beside the rows `s`.
_ENDS = "e"


def dates(look: Look) -> bool:
    """Whether the look is a metric whose results are dated so."""
    return isinstance(look, MetricLook) and look.clause.dated.by == "each end"


def day() -> Tree:
    """The date of a result."""
    return sqltree.col(_ENDS, "day")


def number_of(look: Look) -> Tree:
    """A number that each result of a row `s` has for itself."""
    seq = sqltree.cast(sqltree.col("s", "seq"), sqltree.BIG)
    if not dates(look):
        return sqltree.col("s", "seq")
    after = sqltree.subtract(day(), sqltree.day(date.min))
    return sqltree.add(sqltree.multiply(seq, sqltree.whole(4_000_000)), after)


def joined(plan: Plan, look: Look) -> exp.Join:
    """The join, to a row `s`, of the ends on which it lasts."""
    if not isinstance(look, MetricLook) or not look.clause.dated.each:
        raise TypeError(f"{look.name} is not dated at ends")
    known = [
        end
        for end in ends_of_each(plan.contract, look.clause.dated)
        if end in plan.contract.payment_period and end <= plan.as_of
    ]
    rows = [sqltree.day(end) for end in known] or [sqltree.cast(sqltree.null(), sqltree.DATE)]
    listed = exp.Values(
        expressions=[exp.Tuple(expressions=[row]) for row in rows],
        alias=exp.TableAlias(this=exp.to_identifier(_ENDS), columns=[exp.to_identifier("day")]),
    )
    begin, stop = spells.lasting(plan, look.table, "s")
    lasts = [sqltree.compare(day(), ">=", begin), sqltree.compare(day(), "<", stop)]
    return sqltree.inner(listed, sqltree.both(lasts))
