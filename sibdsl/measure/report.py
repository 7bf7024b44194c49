"""What is said of each row: its status, the reason, and the row it repeats. Source: records reference, 'Row statuses'."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from sibdsl.dates import long
from sibdsl.measure import cells, days, evidence, shares, tree, wording
from sibdsl.measure.plan import Check, Look, Plan, Table
from sibdsl.measure.tree import Tree
from sibdsl.model.nodes import Metric
from sibdsl.records import DUPLICATE, OUTSIDE, REJECTED

COLUMNS = ("source", "row", "status", "reason", "of_row")


def rows(
    plan: Plan,
    table: Table,
    *,
    between: tuple[int, int] | None = None,
    person: str | None = None,
    for_sheet: bool = False,
) -> exp.Query:
    """The table's rows in order: source, row, status, reason, of_row.

    `between` keeps the rows of which so many, but not more than so many, of the table's files come first: a large table is
    told in stretches. `person` keeps the rows whose person cell reads so. `of_row` is text: the number of the earlier row,
    with its file in front when that is another part. `for_sheet` keeps every text from being a formula to a spreadsheet.
    """
    said = tree.no_formula if for_sheet else _as_it_is
    raw, state = f"raw_{table.at}", f"state_{table.at}"
    seq = tree.col("r", "seq")
    tests: list[Tree] = []
    if between is not None:
        # Said of both sides, so that neither is joined whole.
        for side in (seq, tree.col("t", "seq")):
            tests += [
                tree.compare(side, ">", tree.whole(between[0])),
                tree.compare(side, "<=", tree.whole(between[1])),
            ]
    if person is not None:
        named = cells.raw(table.cell(table.person), "r") if table.person else tree.null()
        tests.append(tree.eq(named, tree.text(person)))
    of_row = tree.col("d", "place")
    return tree.query(
        [
            tree.named(said(tree.col("f", "shown")), "source"),
            tree.col("r", "row"),
            tree.col("t", "status"),
            tree.named(said(_reason(plan, table, of_row)), "reason"),
            tree.named(said(of_row), "of_row"),
        ],
        tree.table(raw, "r"),
        tree.inner(tree.table(state, "t"), tree.eq(seq, tree.col("t", "seq"))),
        tree.inner(tree.table("files", "f"), file_of(table, "f", "r")),
        tree.left(tree.sub(_repeated(table), "d"), tree.eq(seq, tree.col("d", "seq"))),
        where=tree.both(tests),
        order=[tree.ordered(seq)],
    )


def _as_it_is(value: Tree) -> Tree:
    return value


def _repeated(table: Table) -> exp.Select:
    """For each duplicate, the place of the row that it repeats."""
    number = tree.cast(tree.col("e", "row"), tree.TEXT)
    elsewhere = tree.compare(tree.col("e", "part"), "<", tree.col("m", "part"))
    place = tree.case([(elsewhere, tree.join_text(tree.col("g", "shown"), ":", number))], number)
    raw = f"raw_{table.at}"
    return tree.query(
        [tree.col("s", "seq"), tree.named(place, "place")],
        tree.table(f"sift_{table.at}", "s"),
        tree.inner(tree.table(raw, "m"), tree.eq(tree.col("m", "seq"), tree.col("s", "seq"))),
        tree.inner(tree.table(raw, "e"), tree.eq(tree.col("e", "seq"), tree.col("s", "first"))),
        tree.inner(tree.table("files", "g"), file_of(table, "g", "e")),
        where=tree.not_null(tree.col("s", "first")),
    )


def file_of(table: Table, files: str, row: str) -> Tree:
    """That the entry `files` is the file which the row of the table came from."""
    return tree.both(
        [
            tree.eq(tree.col(files, "tab"), tree.whole(table.at)),
            tree.eq(tree.col(files, "part"), tree.col(row, "part")),
        ]
    )


def places(plan: Plan) -> exp.Query:
    """Of every row read: its table, its number of all rows, the file as shown, and its number in the file."""
    return tree.union(
        [
            tree.query(
                [
                    tree.named(tree.whole(table.at), "tab"),
                    tree.col("r", "seq"),
                    tree.col("f", "shown"),
                    tree.col("r", "row"),
                ],
                tree.table(f"raw_{table.at}", "r"),
                tree.inner(tree.table("files", "f"), file_of(table, "f", "r")),
            )
            for table in plan.tables
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
        counting = " or ".join(one.name for one in plan.metrics if shares.read_by(one, table))
        outside = tree.text(
            f"no day of it lies in the window of somebody whom {counting} counts"
            if counting
            else f"no cohort or metric looks at {table.name}"
        )
    return tree.case(
        [
            (tree.eq(status, tree.text(DUPLICATE)), tree.join_text("every cell is equal to row ", of_row)),
            (tree.eq(status, tree.text(REJECTED)), invalid),
            (tree.eq(status, tree.text(OUTSIDE)), outside),
        ]
    )


def _outside(plan: Plan, one: Look, check: Check) -> Tree:
    as_of = long(plan.as_of)
    currency = plan.contract.currency
    own = _own(one, check, currency)
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
        case "joining row":
            return tree.text(f"not the row by which the person joined {one.cohort}")
        case "outside tracking":
            return tree.join_text("dated ", own, f", outside {_tracking(plan, one)}")
        case "no figure":
            return tree.text(f"{check.column} is blank, so there is nothing to add")
        case "late evidence":
            return tree.join_text(f"not evidenced within {_time(one)} of the result: ", _filled(one, check))
        case "no evidence":
            return tree.join_text(f"not evidenced by {as_of}, with time left: ", _filled(one, check))
        case "claim rejected":
            return tree.join_text("rejected: ", _filled(one, check))
        case "not accepted":
            return tree.join_text(f"not accepted by {as_of}: ", *_not_accepted(one, check))
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


def _own(one: Look, check: Check, currency: str) -> Tree:
    """What the row's cell says, or of a column that stands in no file what it is worked out from."""
    if not check.column:
        return tree.text("")
    cell = one.table.cell(check.column)
    if cell.column.formula is not None:
        return tree.text(wording.amount(cell.column.formula, currency))
    return tree.words(cells.raw(cell, "r"))


def _tracking(plan: Plan, one: Look) -> str:
    lasts = days.followed(plan, one)
    what = "window" if isinstance(one.clause, Metric) and one.clause.within == "window" else "tracking"
    return f"the person's {what}, {lasts.duration} from {lasts.start}"


def _filled(one: Look, check: Check) -> Tree:
    """What a column holds, or that it holds nothing."""
    cell = one.table.cell(check.column)
    if cell.column.formula is not None:
        return tree.text(f"{check.column} is worked out")
    own = cells.raw(cell, "r")
    blank = (tree.eq(own, tree.text("")), tree.text(f"{check.column} is blank"))
    return tree.case([blank], tree.join_text(f"{check.column} is ", tree.words(own)))


def _time(one: Look) -> str:
    return str(evidence.of(one).within)


def _not_accepted(one: Look, check: Check) -> Iterator[Tree]:
    """That nobody accepted it, and that silence has not."""
    said = evidence.of(one)
    if check.column:
        yield _filled(one, check)
    if said.deemed is not None:
        yield tree.text(f"{', and ' if check.column else ''}{said.deemed} are not over: ")
        yield _filled(one, Check("not accepted", said.column))


def _not_met(check: Check, currency: str) -> str:
    return f"not met: {wording.condition(check.condition, currency)}" if check.condition else ""
