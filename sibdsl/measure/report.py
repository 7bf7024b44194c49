"""What is said of each row: its status, the reason, and the row it repeats. Source: records reference, 'Row statuses'."""

from __future__ import annotations

from sqlglot import exp

from sibdsl.dates import long
from sibdsl.measure import cells, tree, wording
from sibdsl.measure.plan import Check, Look, Plan, Table
from sibdsl.measure.tree import Tree
from sibdsl.records import DUPLICATE, OUTSIDE, REJECTED


def rows(plan: Plan, *, person: str | None = None) -> exp.Query:
    """Every row of every table, in the order of tables, parts and rows: tab, seq, source, row, status, reason, of_row.

    `person` keeps the rows whose person cell reads so. `of_row` is text: the number of the earlier row, with its file in
    front when that is another part.
    """
    parts = [_of_table(plan, table, person) for table in plan.tables]
    order = [tree.ordered(tree.col("u", name)) for name in ("tab", "seq")]
    return tree.query([tree.everything()], tree.sub(tree.union(parts), "u"), order=order)


def _of_table(plan: Plan, table: Table, person: str | None) -> exp.Select:
    raw = f"raw_{table.at}"
    first_row = tree.cast(tree.col("e", "row"), tree.TEXT)
    elsewhere = tree.compare(tree.col("e", "part"), "<", tree.col("r", "part"))
    of_row = tree.case([(elsewhere, tree.join_text(tree.col("g", "shown"), ":", first_row))], first_row)
    mine: Tree | None = None
    if person is not None:
        mine = tree.false()
        if table.person:
            mine = tree.eq(cells.raw(table.cell(table.person), "r"), tree.text(person))
    return tree.query(
        [
            tree.named(tree.cast(tree.whole(table.at), tree.SMALL), "tab"),
            tree.col("r", "seq"),
            tree.named(tree.col("f", "shown"), "source"),
            tree.col("r", "row"),
            tree.col("t", "status"),
            tree.named(_reason(plan, table, of_row), "reason"),
            tree.named(tree.case([(tree.not_null(tree.col("t", "first")), of_row)]), "of_row"),
        ],
        tree.table(raw, "r"),
        tree.inner(tree.table(f"state_{table.at}", "t"), tree.eq(tree.col("r", "seq"), tree.col("t", "seq"))),
        tree.inner(tree.table("files", "f"), file_of(table, "f", "r")),
        tree.left(tree.table(raw, "e"), tree.eq(tree.col("e", "seq"), tree.col("t", "first"))),
        tree.left(tree.table("files", "g"), file_of(table, "g", "e")),
        where=mine,
    )


def file_of(table: Table, files: str, row: str) -> Tree:
    """That the entry `files` is the file which the row of the table came from."""
    return tree.both(
        [
            tree.eq(tree.col(files, "tab"), tree.whole(table.at)),
            tree.eq(tree.col(files, "part"), tree.col(row, "part")),
        ]
    )


def _reason(plan: Plan, table: Table, of_row: Tree) -> Tree:
    status, why = tree.col("t", "status"), tree.col("t", "why")
    invalid = tree.case(
        (tree.eq(why, tree.whole(at)), fault.reason) for at, fault in enumerate(cells.faults(table, "r"))
    )
    looks = plan.looks_at(table)
    if looks:
        outside = tree.case(
            (tree.eq(why, tree.whole(at)), _outside(plan, looks[0], check))
            for at, check in enumerate(looks[0].checks)
        )
    else:
        outside = tree.text(f"no cohort or metric looks at {table.name}")
    return tree.case(
        [
            (tree.eq(status, tree.text(DUPLICATE)), tree.join_text("every cell is equal to row ", of_row)),
            (tree.eq(status, tree.text(REJECTED)), invalid),
            (tree.eq(status, tree.text(OUTSIDE)), outside),
        ]
    )


def _outside(plan: Plan, one: Look, check: Check) -> Tree:
    as_of = long(plan.as_of)
    own = tree.words(cells.raw(one.table.cell(check.column), "r")) if check.column else tree.text("")
    currency = plan.contract.currency
    match check.kind:
        case "person":
            return tree.join_text(f"{check.column} ", own, f" is not in {one.cohort}")
        case "no date":
            return tree.text(f"{check.column} is blank, so the row has no date")
        case "after as of":
            return tree.join_text("dated ", own, f", after {as_of}")
        case "known later":
            return tree.join_text("known on ", own, f", after {as_of}")
        case "new entrant":
            last = long(plan.contract.new_entrants_last)
            return tree.join_text("joins on ", own, f", after {last}, the last day for new entrants")
        case "no result":
            person = one.table.cell(one.table.person)
            missing = " or ".join(check.metrics)
            return tree.join_text(
                f"{person.name} ",
                tree.words(cells.raw(person, "r")),
                f" has no {missing} by {as_of}; {_not_met(check, currency)}",
            )
        case "condition":
            return tree.text(_not_met(check, currency))


def _not_met(check: Check, currency: str) -> str:
    return f"not met: {wording.condition(check.condition, currency)}" if check.condition else ""
