"""Cohorts and metrics of several texts, each with its days: what each text finds is found under the one name.

A look stands for each text. What an earlier one found is in its own tables; the one in force leaves out what they found, and
its tables then hold all of it, so that whoever reads a cohort or a metric reads one. Source: language reference, 'Metrics,
cohorts and bands replaced'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING, TypeVar

from attrs import evolve, frozen
from sqlglot import exp

from sibdsl.measure import sqltree
from sibdsl.measure.looks import Check, CohortLook, Look, MetricLook
from sibdsl.measure.sqltree import Tree
from sibdsl.model.earlier_texts import InForce, days_of, name_of
from sibdsl.model.nodes import Cohort, Metric

if TYPE_CHECKING:
    from sibdsl.measure.plan import Plan

Clause = TypeVar("Clause", Cohort, Metric)
AnyLook = TypeVar("AnyLook", CohortLook, MetricLook)

#: The checks of a row that come before the one that its day is one of the text's: those by which it has a day.
_DATED = (
    "person", "joining row", "no date", "after as of", "known later", "withdrawn", "new entrant", "no figure",
    "outside tracking", "no start", "no time", "no number", "no end",
)  # fmt: skip


@frozen
class TextInForce:
    """One of the texts of a cohort or metric: its days, the names of those before it, and whose it is where it is not the last."""

    in_force: InForce
    earlier: tuple[str, ...]
    of: str


def texts(clause: Clause, before: tuple[tuple[Clause, date], ...]) -> Iterator[tuple[Clause, TextInForce]]:
    """The text in force, then those before it, with the last day of each, under names of their own."""
    days = days_of(tuple(last for _, last in before))
    names = tuple(name_of(clause.name, last) for _, last in before)
    yield clause, TextInForce(days[-1], names, "")
    for at, (text, _) in enumerate(before):
        yield evolve(text, name=names[at]), TextInForce(days[at], names[:at], clause.name)


def under(look: AnyLook, text: TextInForce) -> AnyLook:
    """The look with the days on which its text counts. A row of other days is outside; of a count of days each is told apart."""
    checks = look.checks if text.in_force.whole or by_the_day(look) else _of_other_days_apart(look.checks)
    return evolve(look, in_force=text.in_force, earlier=text.earlier, of=text.of, checks=checks)


def _of_other_days_apart(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """The checks with the one that the day of a row is one of the text's, once it is known that it has a day."""
    dated = tuple(takewhile(lambda check: check.kind in _DATED, checks))
    return (*dated, Check("other text"), *checks[len(dated) :])


def by_the_day(look: Look) -> bool:
    """Whether it counts days, each of which is a result."""
    return isinstance(look, MetricLook) and look.clause.counts.by_the_day


def of_its_days(look: Look, day: Tree) -> list[Tree]:
    """That a date is one of those on which the text of the look is in force."""
    first, last = look.in_force.first, look.in_force.last
    tests = [] if first is None else [sqltree.compare(day, ">=", sqltree.day(first))]
    return [*tests, *([] if last is None else [sqltree.compare(day.copy(), "<=", sqltree.day(last))])]


def not_found_before(looks: Iterable[Look], column: str, value: Tree) -> list[Tree]:
    """That no earlier text has found something of that row, or of that person, as `column` says."""
    return [
        sqltree.negate(
            exp.In(
                this=value.copy(),
                query=sqltree.query([exp.column(column)], sqltree.table(f"found_{look.at}")).subquery(
                    copy=False
                ),
            )
        )
        for look in looks
    ]


def number_before(looks: Iterable[Look], same: Iterable[tuple[Tree, Tree]]) -> Tree:
    """How many results earlier texts found, of those that a limit for each person counts together: pairs that must be equal.

    In them a result found before stands as `p`.
    """
    pairs = list(same)
    counted = [
        exp.Subquery(
            this=sqltree.query(
                [sqltree.count()],
                sqltree.table(f"found_{look.at}", "p"),
                where=sqltree.both([sqltree.eq(one.copy(), other.copy()) for one, other in pairs]),
            )
        )
        for look in looks
    ]
    whole: Tree = counted[0]
    for part in counted[1:]:
        whole = sqltree.add(whole, part)
    return whole


def all_of(looks: Iterable[Look], own: exp.Query) -> exp.Query:
    """What the text in force found, `own`, with all that was found by those before it; their columns have the same names."""
    every = tuple(looks)
    if not every:
        return own
    names = [column.alias_or_name for column in own.selects]
    before = (
        sqltree.query([sqltree.col("b", name) for name in names], sqltree.table(f"found_{look.at}", "b"))
        for look in every
    )
    mine = sqltree.query([sqltree.col("b", name) for name in names], sqltree.sub(own, "b"))
    return sqltree.union([mine, *before])


def numbered(plan: Plan, look: Look) -> Iterator[tuple[int, Look]]:
    """The texts of a look, the one in force first, each with the number that its first check has among the checks of all."""
    start = 0
    for text in plan.texts_of(look):
        yield start, text
        start += len(text.checks)


def place_of_other(look: Look) -> int:
    """The place of the check that a row's day is one of the text's, among its checks; -1 where it has none."""
    return next((at for at, check in enumerate(look.checks) if check.kind == "other text"), -1)


def reads_as(one: Look, other: Look) -> bool:
    """Whether what one look reads beside a row is beside it for the other too."""
    return one.cohort == other.cohort and set(one.metrics) <= set(other.metrics)
