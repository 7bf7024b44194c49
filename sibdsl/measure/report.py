"""What is said of each row: its status, the reason, and the row it repeats. Source: records reference, 'Row statuses'."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from sibdsl import wording
from sibdsl.dates import long
from sibdsl.measure import blanks, cells, days, evidence, places, shares, tree
from sibdsl.measure.conditions import ROW
from sibdsl.measure.plan import Check, Look, Plan, Table
from sibdsl.measure.sql import band_of, beside
from sibdsl.measure.tree import Tree
from sibdsl.model.nodes import Metric
from sibdsl.records import DUPLICATE, OUTSIDE, REJECTED, USED

COLUMNS = ("source", "row", "status", "reason", "of_row")


def rows(
    plan: Plan,
    table: Table,
    *,
    between: tuple[int, int] | None = None,
    person: str | None = None,
    for_sheet: bool = False,
    contract: str = "",
) -> exp.Query:
    """The table's rows in order: source, row, status, reason, of_row; the contract before them, where one is named.

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
    looks = plan.looks_at(table)
    # A reason may speak of what the row stands for, and of rows beside it.
    same_row = tree.eq(seq, tree.col(ROW, "seq"))
    read = (
        [tree.inner(tree.table(f"sift_{table.at}", ROW), same_row), *beside(plan, looks[0])] if looks else []
    )
    return tree.query(
        [
            *([tree.named(said(tree.text(contract)), "contract")] if contract else []),
            tree.named(said(tree.col("f", "shown")), "source"),
            tree.col("r", "row"),
            tree.col("t", "status"),
            tree.named(said(_reason(plan, table, of_row)), "reason"),
            tree.named(said(of_row), "of_row"),
        ],
        tree.table(raw, "r"),
        tree.inner(tree.table(state, "t"), tree.eq(seq, tree.col("t", "seq"))),
        tree.inner(tree.table("files", "f"), places.file_of(table, "f", "r")),
        tree.left(tree.sub(_repeated(table), "d"), tree.eq(seq, tree.col("d", "seq"))),
        *read,
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
        tree.inner(tree.table("files", "g"), places.file_of(table, "g", "e")),
        where=tree.not_null(tree.col("s", "first")),
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
            *(
                (tree.both([tree.eq(status, tree.text(USED)), *tests]), words)
                for tests, words in _in_no_band(plan, table)
            ),
        ]
    )


def _in_no_band(plan: Plan, table: Table) -> Iterator[tuple[list[Tree], Tree]]:
    """Of each metric with bands that looks at the table: which of the rows that it considers lie in none, and how that is said."""
    for one in plan.looks_at(table):
        if one.bands is None or not isinstance(one.clause, Metric):
            continue
        considered = tree.query(
            [exp.column("seq")], tree.table(f"look_{one.at}"), where=tree.is_null(exp.column("fail"))
        )
        tests = [
            exp.In(this=tree.col(ROW, "seq"), query=considered.subquery(copy=False)),
            tree.is_null(band_of(plan, one)),
        ]
        so = f", so {one.name} counts it in no band of {one.bands.name}"
        if one.clause.banded_at == "joining":
            yield (
                tests,
                tree.text(f"{one.bands.by} of the row by which the person joined is blank or in no band{so}"),
            )
            continue
        cell = table.cell(one.bands.by)
        blank = (tree.is_null(cells.typed(cell, ROW)), tree.text(f"{blanks.said(cell)}{so}"))
        value = (
            tree.text("worked out") if cell.column.formula is not None else tree.words(cells.raw(cell, "r"))
        )
        yield tests, tree.case([blank], tree.join_text(f"{cell.name} is ", value, so))


def _outside(plan: Plan, one: Look, check: Check) -> Tree:
    as_of = long(plan.as_of)
    currency = plan.contract.currency
    own = _own(one, check, currency)
    match check.kind:
        case "person":
            nobody = tree.text(f"{check.column} is blank, so the row is nobody's")
            blank = (tree.is_null(cells.person(one.table, ROW)), nobody)
            return tree.case([blank], tree.join_text(f"{check.column} ", own, f" is not in {one.cohort}"))
        case "no date" | "no start" | "no end" | "no figure":
            return tree.text(f"{blanks.said(one.table.cell(check.column))}, so {_wanting(one, check)}")
        case "outside period":
            return tree.join_text("dated ", own, f", outside {_period(plan, one)}")
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
            outside = tree.join_text("dated ", own, f", outside {_tracking(plan, one)}")
            start = days.followed(plan, one).start
            none = (
                tree.is_null(days.tracking(plan, one)[0]),
                f"{start} is blank in the row by which the person joined",
            )
            return tree.case([(none[0], tree.text(f"{none[1]}, so nothing of theirs is tracked"))], outside)
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
            said = _not_met(check, currency)
            return (
                blanks.not_decided(plan, one, check.condition, said, currency)
                if check.condition
                else tree.text(said)
            )


def _wanting(one: Look, check: Check) -> str:
    """What a row lacks for want of a value."""
    match check.kind:
        case "no start":
            return "it is not known from when it lasts"
        case "no end":
            return "it is not known how long it lasts"
        case "no figure":
            return f"there is nothing to {_use(one)}"
    return "the row has no date"


def _use(one: Look) -> str:
    """What a metric does with the figures of its rows."""
    counts = one.clause.counts if isinstance(one.clause, Metric) else ""
    return {"determination": "read", "average": "average", "different": "tell apart"}.get(counts, "add")


def _period(plan: Plan, one: Look) -> str:
    """The days that a metric takes results from."""
    if isinstance(one.clause, Metric) and one.clause.measured is not None:
        return f"what {one.name} is measured over"
    return f"the payment period, {plan.contract.payment_period}"


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
