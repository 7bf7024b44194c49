"""Which rows of each group come first, as SQL: the row by which a person joins, or the results that count.

Tables made, for look number k:

    ahead_k   seq, person, day, band, turn, most, v..., place, upto
                              the rows that may come first: by what the clause names, `place` being the same for rows that tie,
                              and `upto` the rows of the group up to and with those that tie
    first_k   the same without `place` and `upto`: the rows that come first

Few rows tie. Of those alone the order goes on: by all that is read, then by the cells as text, so that the order of the rows
never matters.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from sibdsl.measure import reading_cells, sqltree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import CohortLook, Look, MetricLook
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import AtMost, Determination, Looked, Metric, PeopleReaching

COLUMNS = ("seq", "person", "day", "band")


def groups(look: Look) -> list[str]:
    """Of which rows only the first, or so many, count; nothing when each does."""
    match look:
        case CohortLook() | MetricLook(clause=Metric(first_only="over all bands")):
            return ["person"]
        case MetricLook(clause=Metric(counts=Determination())):
            return ["turn", "band"]
        case MetricLook(clause=Metric(latest_only=True)):
            # Of those of one day the one that stands; which day is the latest hangs on the stretch.
            return ["person", "day"]
        case MetricLook(clause=Metric(at_most=AtMost(across=across))):
            return ["person", "turn", *(["band"] if across == "in each band" else [])]
        case MetricLook():
            return ["person", "band"] if look.clause.first_only else []


def by_group(look: Look) -> Looked | None:
    """What is read for how many of a person's results count; None where it is one number for all."""
    match look:
        case MetricLook(clause=Metric(at_most=AtMost(by_group=looked))):
            return looked
        case CohortLook() | MetricLook():
            return None


def counts_on(look: Look) -> bool:
    """Whether the results that a limit for each person counts are those of earlier texts too."""
    match look:
        case MetricLook(clause=Metric(first_only=first_only, at_most=at_most), earlier=earlier):
            return bool(earlier) and bool(first_only or at_most)
        case CohortLook():
            return False


def so_many(look: Look) -> int:
    """How many of each group count, where that is one number for all."""
    match look:
        case MetricLook(clause=Metric(at_most=AtMost(number=number))):
            return number
        case CohortLook() | MetricLook():
            return 1


def told_by_rows(look: Look) -> bool:
    """Whether `first_k` is made: rows are taken one by one, and of some only the first count."""
    match look:
        case CohortLook():
            return True
        case MetricLook(clause=Metric(counts=PeopleReaching())):
            return False
        case MetricLook():
            counts = look.clause.counts
            return bool(groups(look)) and not counts.by_the_day and not counts.of_window


def ahead(plan: Plan, look: Look, candidates: exp.Select, held: Mapping[str, str]) -> exp.Create:
    """Table `ahead_k`. `held` names the columns of what is read that person or day hold already."""
    keys = [sqltree.col("b", name) for name in groups(look)]
    order = _named_order(look) or _read_order(look, "b")
    place, upto = (
        sqltree.named(sqltree.ranked(function, keys, order), name)
        for function, name in ((exp.Anonymous(this="rank"), "place"), (sqltree.count(), "upto"))
    )
    own = [sqltree.col("b", name) for name in _kept(plan, look, held)]
    ranked = sqltree.query([*own, place, upto], sqltree.sub(candidates, "b"))
    first = sqltree.compare(sqltree.col("n", "place"), "<=", _number(look, "n"))
    return sqltree.make(
        f"ahead_{look.at}", sqltree.query([sqltree.everything()], sqltree.sub(ranked, "n"), where=first)
    )


def tied(look: Look) -> exp.Select:
    """How many rows of `ahead_k` tie with another."""
    return sqltree.query([sqltree.count()], sqltree.table(f"ahead_{look.at}", "b"), where=_ties())


def untied(plan: Plan, look: Look, held: Mapping[str, str]) -> exp.Create:
    """View `first_k`, where no rows tie."""
    own = [sqltree.col("b", name) for name in _kept(plan, look, held)]
    return sqltree.make(
        f"first_{look.at}", sqltree.query(own, sqltree.table(f"ahead_{look.at}", "b")), kind="VIEW"
    )


def settled(plan: Plan, look: Look, held: Mapping[str, str], columns: int) -> exp.Create:
    """Table `first_k`, where rows tie. `columns` counts raw cells."""
    kept = _kept(plan, look, held)
    own = [sqltree.col("b", name) for name in kept]
    source = sqltree.table(f"ahead_{look.at}", "b")
    alone = sqltree.query(own, source.copy(), where=sqltree.negate(_ties()))
    keys = [*(sqltree.col("b", name) for name in groups(look)), sqltree.col("b", "place")]
    order = [
        *_read_order(look, ROW),
        *(sqltree.ordered(sqltree.col("r", f"c{at}")) for at in range(columns)),
        sqltree.ordered(sqltree.col("r", "extra")),
        sqltree.ordered(sqltree.col("b", "seq")),
    ]
    # The first of those that tie has their place, each after it one more.
    before = sqltree.subtract(sqltree.col("b", "place"), sqltree.whole(1))
    place = sqltree.named(sqltree.add(before, sqltree.row_number(keys, order)), "place")
    joins = [
        sqltree.inner(
            sqltree.table(f"{name}_{look.table.at}", alias),
            sqltree.eq(sqltree.col("b", "seq"), sqltree.col(alias, "seq")),
        )
        for name, alias in (("sift", ROW), ("raw", "r"))
    ]
    numbered = sqltree.query([*own, place], source, *joins, where=_ties())
    first = sqltree.compare(sqltree.col("n", "place"), "<=", _number(look, "n"))
    of_tied = sqltree.query(
        [sqltree.col("n", name) for name in kept], sqltree.sub(numbered, "n"), where=first
    )
    return sqltree.make(f"first_{look.at}", sqltree.union([alone, of_tied]))


def found(look: Look) -> exp.Select:
    """The rows that come first: seq, person, day, band."""
    return sqltree.query([sqltree.col("b", name) for name in COLUMNS], sqltree.table(f"first_{look.at}", "b"))


def pick(look: Look, held: Mapping[str, str]) -> exp.Create:
    """View `pick_k`, where each person has one row in `first_k`."""
    read = [f"v{cell.at}" for cell in look.table.read]
    own = [sqltree.named(sqltree.col("b", held.get(name, name)), name) for name in read]
    names = [sqltree.col("b", name) for name in ("seq", "person", "day")]
    return sqltree.make(
        f"pick_{look.at}", sqltree.query([*names, *own], sqltree.table(f"first_{look.at}", "b")), kind="VIEW"
    )


def in_order(look: Look, found: str, row: str) -> list[Tree]:
    """The sort keys of a clause: a metric's results by their date, then the clause's picks, then all that is read."""
    return [*_named_order(look, found, row), *_read_order(look, row)]


def _named_order(look: Look, found: str = "b", row: str = "b") -> list[Tree]:
    """The sort keys that the clause names."""
    order = [sqltree.ordered(sqltree.col(found, "day"))] if look.by_day else []
    for chosen in look.order:
        last_first = chosen.way in ("latest", "highest")
        value = reading_cells.typed(look.table.cell(chosen.column), row)
        order.append(sqltree.ordered(value, descending=last_first))
    return order


def _read_order(look: Look, row: str) -> list[Tree]:
    """The sort keys that settle what the clause does not: all that is read."""
    return [sqltree.ordered(reading_cells.typed(cell, row)) for cell in look.table.read]


def _kept(plan: Plan, look: Look, held: Mapping[str, str]) -> list[str]:
    """The columns of `first_k`: those of results, those that groups go by, and what other clauses may read of the row."""
    names = [*COLUMNS]
    if "turn" in groups(look):
        names.append("turn")
    if by_group(look) is not None or counts_on(look):
        names.append("most")
    if isinstance(look, CohortLook) or look.name in plan.picked:
        names += [f"v{cell.at}" for cell in look.table.read if f"v{cell.at}" not in held]
    return names


def _number(look: Look, alias: str) -> Tree:
    """How many of each group count."""
    most = by_group(look) is not None or counts_on(look)
    return sqltree.col(alias, "most") if most else sqltree.whole(so_many(look))


def _ties() -> Tree:
    return sqltree.compare(sqltree.col("b", "upto"), ">", sqltree.col("b", "place"))
