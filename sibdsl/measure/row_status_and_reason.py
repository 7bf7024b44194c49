"""What is said of each row: its status, the reason, and the row it repeats. Source: records reference, 'Row statuses'."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from sibdsl import wording
from sibdsl.dates import long
from sibdsl.measure import (
    blanks,
    columns_by_person,
    days_and_sums,
    evidence,
    file_and_row,
    reading_cells,
    sqltree,
    texts_in_force,
    versions_of_rows,
    window_days,
)
from sibdsl.measure.conditions import ROW
from sibdsl.measure.looks import Check, Look, MetricLook, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.reasons_without_cells import without_cells
from sibdsl.measure.results import band_of, own_value
from sibdsl.measure.rows_beside import beside
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import ColumnAverage, Determination, DifferentValues, Metric
from sibdsl.records import DUPLICATE, OUTSIDE, REJECTED, SUPERSEDED, USED

COLUMNS = ("source", "row", "status", "reason", "of_row")


def rows(
    plan: Plan,
    table: PlannedTable,
    *,
    between: tuple[int, int] | None = None,
    person: str | None = None,
    for_sheet: bool = False,
    contract: str = "",
    names: bool = True,
) -> exp.Query:
    """The table's rows in order: source, row, status, reason, of_row; the contract before them, where one is named.

    `between` keeps the rows of which so many, but not more than so many, of the table's files come first: a large table is
    told in stretches. `person` keeps the rows whose person cell reads so. `of_row` is text: the number of the earlier row,
    with its file in front when that is another part. `for_sheet` keeps every text from being a formula to a spreadsheet.
    Without `names` no reason quotes a cell.
    """
    said = sqltree.no_formula if for_sheet else _as_it_is
    raw, state = f"raw_{table.at}", f"state_{table.at}"
    seq = sqltree.col("r", "seq")
    tests: list[Tree] = []
    if between is not None:
        # Said of both sides, so that neither is joined whole.
        for side in (seq, sqltree.col("t", "seq")):
            tests += [
                sqltree.compare(side, ">", sqltree.whole(between[0])),
                sqltree.compare(side, "<=", sqltree.whole(between[1])),
            ]
    if person is not None:
        named = reading_cells.raw(table.cell(table.person), "r") if table.person else sqltree.null()
        tests.append(sqltree.eq(named, sqltree.text(person)))
    of_row = sqltree.col("d", "place")
    reason = _reason(plan, table, of_row)
    if not names:
        reason = without_cells(reason)
    looks = plan.looks_at(table)
    # A reason may speak of what the row stands for, and of rows beside it.
    same_row = sqltree.eq(seq, sqltree.col(ROW, "seq"))
    read = (
        [sqltree.inner(sqltree.table(f"sift_{table.at}", ROW), same_row), *beside(plan, looks[0])]
        if looks
        else []
    )
    return sqltree.query(
        [
            *([sqltree.named(said(sqltree.text(contract)), "contract")] if contract else []),
            sqltree.named(said(sqltree.col("f", "shown")), "source"),
            sqltree.col("r", "row"),
            sqltree.col("t", "status"),
            sqltree.named(said(reason), "reason"),
            sqltree.named(said(of_row), "of_row"),
        ],
        sqltree.table(raw, "r"),
        sqltree.inner(sqltree.table(state, "t"), sqltree.eq(seq, sqltree.col("t", "seq"))),
        sqltree.inner(sqltree.table("files", "f"), file_and_row.file_of(table, "f", "r")),
        sqltree.left(sqltree.sub(_repeated(table), "d"), sqltree.eq(seq, sqltree.col("d", "seq"))),
        *read,
        where=sqltree.both(tests),
        order=[sqltree.ordered(seq)],
    )


def _as_it_is(value: Tree) -> Tree:
    return value


def _repeated(table: PlannedTable) -> exp.Select:
    """For each row that gives way, the place of the row that it repeats, that stands instead, or with which it ties.

    `tied` says of that row whether it ties itself, so that none stands.
    """
    number = sqltree.cast(sqltree.col("e", "row"), sqltree.TEXT)
    elsewhere = sqltree.negate(sqltree.eq(sqltree.col("e", "part"), sqltree.col("m", "part")))
    place = sqltree.case([(elsewhere, sqltree.join_text(sqltree.col("g", "shown"), ":", number))], number)
    raw = f"raw_{table.at}"
    instead = exp.Coalesce(this=sqltree.col("s", "first"), expressions=[sqltree.col("s", "other")])
    return sqltree.query(
        [
            sqltree.col("s", "seq"),
            sqltree.named(place, "place"),
            sqltree.named(
                sqltree.surely(sqltree.eq(sqltree.col("o", "bad"), sqltree.whole(versions_of_rows.TIED))),
                "tied",
            ),
        ],
        sqltree.table(f"sift_{table.at}", "s"),
        sqltree.inner(sqltree.table(raw, "m"), sqltree.eq(sqltree.col("m", "seq"), sqltree.col("s", "seq"))),
        sqltree.inner(sqltree.table(raw, "e"), sqltree.eq(sqltree.col("e", "seq"), instead)),
        sqltree.inner(
            sqltree.table(f"sift_{table.at}", "o"),
            sqltree.eq(sqltree.col("o", "seq"), sqltree.col("e", "seq")),
        ),
        sqltree.inner(sqltree.table("files", "g"), file_and_row.file_of(table, "g", "e")),
        where=sqltree.not_null(instead),
    )


def _reason(plan: Plan, table: PlannedTable, of_row: Tree) -> Tree:
    status, why = sqltree.col("t", "status"), sqltree.col("t", "why")
    ties = (sqltree.eq(why, sqltree.whole(versions_of_rows.TIED)), versions_of_rows.tied_with(table, of_row))
    invalid = sqltree.case(
        [
            ties,
            *(
                (sqltree.eq(why, sqltree.whole(at)), fault.reason)
                for at, fault in enumerate(reading_cells.faults(table, "r"))
            ),
        ]
    )
    looks = plan.looks_at(table)
    if looks:
        outside = sqltree.case(
            (sqltree.eq(why, sqltree.whole(start + at)), _by_text(plan, looks[0], text, check))
            for start, text in texts_in_force.numbered(plan, looks[0])
            for at, check in enumerate(text.checks)
        )
    else:
        outside = sqltree.text(_not_looked_at(plan, table))
    return sqltree.case(
        [
            (
                sqltree.eq(status, sqltree.text(DUPLICATE)),
                sqltree.join_text("every cell is equal to row ", of_row),
            ),
            (sqltree.eq(status, sqltree.text(REJECTED)), invalid),
            (
                sqltree.eq(status, sqltree.text(SUPERSEDED)),
                versions_of_rows.stands_instead(table, of_row, sqltree.col("d", "tied")),
            ),
            (sqltree.eq(status, sqltree.text(OUTSIDE)), outside),
            *(
                (sqltree.both([sqltree.eq(status, sqltree.text(USED)), *tests]), words)
                for tests, words in _in_no_band(plan, table)
            ),
        ]
    )


def _not_looked_at(plan: Plan, table: PlannedTable) -> str:
    """Why a row of a table that no cohort or metric counts is not used."""
    counting = " or ".join(metric.name for metric in plan.metrics if window_days.read_by(metric, table))
    if counting:
        return f"no day of it lies in the window of somebody whom {counting} counts"
    readers = " or ".join(columns_by_person.readers(plan, table))
    if readers:
        return f"no row of {readers} reads it: its person has none, or has several rows here, or it became known later"
    return f"no cohort or metric looks at {table.name}"


def _in_no_band(plan: Plan, table: PlannedTable) -> Iterator[tuple[list[Tree], Tree]]:
    """Of each metric with bands that looks at the table: which of the rows that it considers lie in none, and how that is said."""
    for look in plan.looks_at(table):
        if look.bands is None:
            continue
        considered = sqltree.query(
            [exp.column("seq")], sqltree.table(f"look_{look.at}"), where=sqltree.is_null(exp.column("fail"))
        )
        tests = [
            exp.In(this=sqltree.col(ROW, "seq"), query=considered.subquery(copy=False)),
            sqltree.is_null(band_of(plan, look)),
        ]
        so = f", so {look.name} counts it in no band of {look.bands.name}"
        if look.banded_by_joining:
            yield (
                tests,
                sqltree.text(
                    f"{look.bands.by} of the row by which the person joined is blank or in no band{so}"
                ),
            )
            continue
        cell = table.cell(look.bands.by)
        blank = (sqltree.is_null(reading_cells.typed(cell, ROW)), sqltree.text(f"{blanks.said(cell)}{so}"))
        value = (
            sqltree.text("worked out")
            if cell.column.formula is not None
            else sqltree.words(reading_cells.raw(cell, "r"))
        )
        yield tests, sqltree.case([blank], sqltree.join_text(f"{cell.name} is ", value, so))


def _by_text(plan: Plan, look: Look, text: Look, check: Check) -> Tree:
    """Why a row is outside by a text of the look; only what stands beside the row for the look itself is shown."""
    if text is look:
        return _outside(plan, look, check)
    if check.condition is not None and not texts_in_force.reads_as(text, look):
        return sqltree.text(f"{text.name}: {_not_met(check, plan.contract.currency)}")
    if check.day is not None and not texts_in_force.reads_as(text, look):
        return sqltree.text(f"{text.name}: {_lacking(check, plan.contract.currency)}")
    if check.kind == "outside tracking" and not texts_in_force.reads_as(text, look):
        return sqltree.text(f"{text.name}: outside {_tracking(plan, plan.metric(text.name))}")
    return sqltree.join_text(f"{text.name}: ", _outside(plan, text, check))


def _outside(plan: Plan, look: Look, check: Check) -> Tree:
    as_of = long(plan.as_of)
    currency = plan.contract.currency
    own = _own(plan, look, check, currency)
    match check.kind:
        case "person":
            nobody = sqltree.text(f"{check.column} is blank, so the row is nobody's")
            blank = (sqltree.is_null(reading_cells.person(look.table, ROW)), nobody)
            return sqltree.case(
                [blank], sqltree.join_text(f"{check.column} ", own, f" is not in {look.cohort}")
            )
        case "no date" | "no start" | "no time" | "no number" if check.day is not None:
            return blanks.without(plan, look, check.day, currency, _lacking(check, currency))
        case "no time" | "no number" | "no date" | "no start" | "no end" | "no figure":
            return sqltree.text(f"{blanks.said(look.table.cell(check.column))}, so {_wanting(look, check)}")
        case "outside period":
            return sqltree.join_text("dated ", own, f", outside {_period(plan, look)}")
        case "after as of":
            return sqltree.join_text("dated ", own, f", after {as_of}")
        case "known later" | "withdrawn":
            later = ("known on ", own, f", after {as_of}")
            return sqltree.join_text(*(later if check.kind == "known later" else ("withdrawn on ", own)))
        case "new entrant":
            last = long(plan.contract.new_entrants_last)
            return sqltree.join_text("joins on ", own, f", after {last}, the last day for new entrants")
        case "joining row" | "other text":
            joined = f"not the row by which the person joined {look.cohort}"
            of_other_days = f"of a day on which another text of {look.of or look.name} is in force"
            return sqltree.text(joined if check.kind == "joining row" else of_other_days)
        case "outside tracking":
            metric = plan.metric(look.name)
            outside = sqltree.join_text("dated ", own, f", outside {_tracking(plan, metric)}")
            start = days_and_sums.followed(plan, metric).start
            none = (
                sqltree.is_null(days_and_sums.tracking(plan, metric)[0]),
                f"{start} is blank in the row by which the person joined",
            )
            return sqltree.case(
                [(none[0], sqltree.text(f"{none[1]}, so nothing of theirs is tracked"))], outside
            )
        case "time not known" | "late evidence" | "no evidence":
            return sqltree.join_text(
                _when_evidenced(plan, plan.metric(look.name), check), _filled(look, check)
            )
        case "claim rejected":
            return sqltree.join_text("rejected: ", _filled(look, check))
        case "disputed":
            undecided = f", and neither accepted nor rejected since by {as_of}"
            return sqltree.join_text("held while disputed: ", _filled(look, check), undecided)
        case "not accepted":
            return sqltree.join_text(
                f"not accepted by {as_of}: ", *_not_accepted(plan.metric(look.name), check)
            )
        case "no result":
            person = look.table.cell(look.table.person)
            missing = " or ".join(check.metrics)
            return sqltree.join_text(
                f"{person.name} ",
                sqltree.words(reading_cells.raw(person, "r")),
                f" has no {missing} by {as_of}; {_not_met(check, currency)}",
            )
        case "not over":
            over = wording.not_over(check.condition, currency) if check.condition else ""
            return sqltree.text(f"{over} by {as_of}; {_not_met(check, currency)}")
        case "condition":
            said = _not_met(check, currency)
            return (
                blanks.not_decided(plan, look, check.condition, said, currency)
                if check.condition
                else sqltree.text(said)
            )


def _lacking(check: Check, currency: str) -> str:
    """What a row lacks for want of what is read: a date that is worked out, or the time for which it must last."""
    said = wording.amount(check.day, currency) if check.day else ""
    return (
        f"the row has no date: it is dated {said}"
        if check.kind == "no date"
        else wording.not_known(check.kind)
    )


def _wanting(look: Look, check: Check) -> str:
    """What a row lacks for want of a value."""
    match check.kind:
        case "no start":
            return "it is not known from when it lasts"
        case "no end":
            return "it is not known how long it lasts"
        case "no figure":
            return f"there is nothing to {_use(look)}"
    return "the row has no date"


def _use(look: Look) -> str:
    """What a metric does with the figures of its rows."""
    match look.clause:
        case Metric(counts=Determination()):
            return "read"
        case Metric(counts=ColumnAverage()):
            return "average"
        case Metric(counts=DifferentValues()):
            return "tell apart"
    return "add"


def _period(plan: Plan, look: Look) -> str:
    """The days that a metric takes results from."""
    if look.spans:
        return f"what {look.name} is measured over"
    return f"the payment period, {plan.contract.payment_period}"


def _own(plan: Plan, look: Look, check: Check, currency: str) -> Tree:
    """What the row's cell says, or of a column that stands in no file what it is worked out from; a date that is worked out."""
    if check.day is not None:
        return sqltree.cast(own_value(plan, look, check), sqltree.TEXT)
    if not check.column:
        return sqltree.text("")
    cell = look.table.cell(check.column)
    if cell.column.formula is not None:
        return sqltree.text(wording.amount(cell.column.formula, currency))
    return sqltree.words(reading_cells.raw(cell, "r"))


def _tracking(plan: Plan, look: MetricLook) -> str:
    lasts = days_and_sums.followed(plan, look)
    what = "window" if look.clause.within == "window" else "tracking"
    return f"the person's {what}, {lasts.duration} from {lasts.start}"


def _filled(look: Look, check: Check) -> Tree:
    """What a column holds, or that it holds nothing."""
    cell = look.table.cell(check.column)
    if cell.column.formula is not None:
        return sqltree.text(f"{check.column} is worked out")
    own = reading_cells.raw(cell, "r")
    blank = (sqltree.eq(own, sqltree.text("")), sqltree.text(f"{check.column} is blank"))
    return sqltree.case([blank], sqltree.join_text(f"{check.column} is ", sqltree.words(own)))


def _when_evidenced(plan: Plan, look: MetricLook, check: Check) -> str:
    """That evidence came too late, has not come, or came on a day of which nobody can say."""
    if check.kind == "time not known":
        return "hangs on business days that are not known: "
    if check.kind == "no evidence":
        return f"not evidenced by {long(plan.as_of)}, with time left: "
    return f"not evidenced within {evidence.asked_of(look).within} of the result: "


def _not_accepted(look: MetricLook, check: Check) -> Iterator[Tree]:
    """That nobody accepted it, and that silence has not."""
    said = evidence.asked_of(look)
    if check.column:
        yield _filled(look, check)
    if said.deemed is not None:
        yield sqltree.text(f"{', and ' if check.column else ''}{said.deemed} are not over: ")
        yield _filled(look, Check("not accepted", said.column))


def _not_met(check: Check, currency: str) -> str:
    return f"not met: {wording.condition(check.condition, currency)}" if check.condition else ""
