"""Payments worked out from quantities: sums, steps, rates for all units; and the conditions on which anything is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax import steps, values_by_name
from sibdsl.model.from_syntax.conditions import condition
from sibdsl.model.from_syntax.limits.block_advances import scope
from sibdsl.model.from_syntax.metrics import times_measured, worked_out
from sibdsl.model.from_syntax.payments import tiers as tiers_of_units
from sibdsl.model.from_syntax.payments.rates import (
    band_in,
    line_or_column,
    metric_in,
    money_amount,
    party_in,
    payers_of,
)
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import heading_key
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    AnyMetric,
    Bands,
    Formula,
    Measured,
    MetricTotal,
    Payers,
    Phase,
    Tier,
    Value,
)
from sibdsl.model.nodes import PaidWhen as When
from sibdsl.model.nodes.metrics import over_said
from sibdsl.model.types import NUMERIC
from sibdsl.model.workings import tested
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word

Who = tuple[Payers, str]


# ------------------------------------------------------------------ sums worked out


def both_ways(block: Block) -> bool:
    """Whether each row of a table of steps says who pays, or who is paid."""
    heads = block.table.nodes("heading_row")[0].nodes("heading") if block.table else []
    return bool(block.lines("steps")) and any(heading_key(head) in ("payer", "payee") for head in heads)


def by_steps_both_ways(reader: Reader, block: Block, metrics: Mapping[str, AnyMetric]) -> tuple[Formula, ...]:
    """A payment in steps whose rows say who pays whom: one for each two parties, nought in the rows of the others."""
    clause = reader.clause(block)
    line = reader.one(block, "steps")
    word = line.words("NAME")[0] if line else None
    by = steps.by_quantity(reader, word, clause) if word else None
    if line is None or word is None or by is None:
        return ()
    table = steps.table_of(reader, block, word, "pays", ("payer", "payee"))
    payer = line_or_column(reader, block, table, "payer", "payer CCG")
    payee = line_or_column(reader, block, table, "payee", "payee Working Well")
    payers = payers_of(reader, payer, clause) if payer else None
    whom = reader.name(payee.words()[0], "party", clause=clause) if payee else ""
    counted = metrics.get(word.text)
    total = steps.stepped(
        reader, block, by, word, "pays", whole=counted is not None and counted.whole, table=table
    )
    ways: dict[Span, tuple[Payers, str]] = {}
    for cells, span in zip(table.rows, table.spans, strict=True):
        mine, payee_here = payers, whom
        if "payer" in cells:
            name, place = party_in(reader, cells["payer"], clause), cells["payer"].span
            mine = Payers((Phase(name, None, span=place),), "result", span=place) if name else None
        if "payee" in cells:
            payee_here = party_in(reader, cells["payee"], clause)
        if mine is not None and payee_here:
            ways[span] = mine, payee_here
    if total is None or set(ways) != {row.span for row in total.rows}:
        return ()
    nothing = Value(Fraction(0), "money", span=line.span)
    found: dict[tuple[tuple[str, ...], str], Formula] = {}
    for row in total.rows:
        between, payee_here = ways[row.span]
        if (between.names, payee_here) not in found:
            rows = tuple(
                one if (ways[one.span][0].names, ways[one.span][1]) == (between.names, payee_here)
                else evolve(one, amount=nothing)
                for one in total.rows
            )  # fmt: skip
            made = formula(reader, block, (between, payee_here), evolve(total, rows=rows), line)
            if made is None:
                return ()
            found[between.names, payee_here] = evolve(made, span=row.span)
    return tuple(found.values())


def by_steps(
    reader: Reader, block: Block, who: Who | None, metrics: Mapping[str, AnyMetric]
) -> Formula | None:
    """A payment in steps by a quantity, or on a straight line between points."""
    clause = reader.clause(block)
    line = reader.one(block, "steps", "interpolated")
    if line is None:
        return None
    word = line.words("NAME")[0]
    by = steps.by_quantity(reader, word, clause)
    if by is None:
        return None
    total: Amount | None
    if line.kind == "interpolated":
        total = steps.interpolated(reader, block, by, word, line.nodes("beyond")[0].said, "pays")
    else:
        counted = metrics.get(word.text)
        total = steps.stepped(reader, block, by, word, "pays", whole=counted is not None and counted.whole)
    return formula(reader, block, who, total, line) if total is not None else None


def formula(
    reader: Reader,
    block: Block,
    who: Who | None,
    total: Amount,
    line: Node,
) -> Formula | None:
    """A sum worked out over each of some stretches of days."""
    clause = reader.clause(block)
    if total.kind != "money":
        reader.problems.add(
            "SIB0413",
            f"A payment is an amount of money; this is {SAID[total.kind]}.",
            total.span,
            clause=clause,
            mark=f"{SAID[total.kind]}, not money",
            help="Multiply by an amount, such as `£500 times Days Saved` or `Payment Percentage times Quarter Value`.",
        )
        return None
    over = _over(reader, block, total, line, clause)
    least = _least(reader, block, over, clause)
    if who is None or over is None:
        return None
    return Formula(*who, total, over, least, span=line.span)


def _over(reader: Reader, block: Block, total: Amount, line: Node, clause: str) -> Measured | None:
    """Over which days the sum counts: as a line says, or as its metrics are measured."""
    every, once = reader.one(block, "every"), reader.one(block, "once")
    if every is not None and once is not None:
        reader.problems.add(
            "SIB0542",
            "This is paid once, and every so often.",
            once.span,
            clause=clause,
            mark="once, or each time?",
            help="Keep one of the two lines.",
            labels=(Label(every.span, "and here"),),
        )
        return None
    said = _said(reader, every, once, clause)
    if (every is not None or once is not None) and said is None:
        return None
    for one in worked_out.every(reader, total):
        found = reader.spans.get(one.metric) if isinstance(one, MetricTotal) else None
        if found is None:
            continue
        # What is measured to date is paid for at the end of each year, and what is counted beside it is the year's.
        found = evolve(found, to_date=False)
        if said is not None and said != found:
            reader.problems.add(
                "SIB0543",
                f"{one.metric} is measured {worked_out.said(found)}, and this is paid {worked_out.said(said)}.",  # type: ignore[union-attr] # a metric
                one.span,
                clause=clause,
                mark="over other days",
                help="Measure and pay over the same days.",
                labels=(Label(found.span, "measured so here"),),
            )
            return None
        said = said or found
    if said is None:
        reader.problems.add(
            "SIB0542",
            "This does not say over which days the quantities count, and so when it is paid.",
            line.span,
            clause=clause,
            mark="of which days?",
            help="Add `every quarter at the end` (or year, month, period), or `paid once at the end`.",
        )
    return said


def _said(reader: Reader, every: Node | None, once: Node | None, clause: str) -> Measured | None:
    if once is not None:
        words = once.words("DATE", "NAME")
        if not words:
            return Measured("contract", span=once.span)
        day = values_by_name.day(reader, words[0], values_by_name.Said(clause, "paid once on"), clause)
        if day is None and reader.payment_period is not None and values_by_name.missing(reader, words[0]):
            # Nobody has given the day yet; nothing is paid until somebody does, and until then it is some day of the contract.
            day = reader.payment_period.last
        if day is None:
            return None
        if reader.payment_period is not None and day not in reader.payment_period:
            reader.problems.add(
                "SIB0542",
                "This day is outside the payment period, so nothing would be paid.",
                once.span,
                clause=clause,
                mark="outside the payment period",
                help=f"Write a day in {reader.payment_period}.",
            )
            return None
        return Measured("once", day, span=once.span)
    if every is None:
        return None
    unit, due = every.nodes("period_unit")[0].said, every.nodes("every_due")[0].said
    part = every.nodes("every_parts")
    if due == "at the start" or (part and "by days" in part[0].said):
        reader.problems.add(
            "SIB0542",
            "What quantities come to is known at the end of their time, and a part of it has the quantities of that part.",
            every.span,
            clause=clause,
            mark="before it is known" if due == "at the start" else "not by days",
            help=f"Write `every {unit} at the end`.",
        )
        return None
    return Measured(times_measured.EACH[unit], span=every.span)


def _least(reader: Reader, block: Block, over: Measured | None, clause: str) -> Amount | None:
    line = reader.one(block, "at_least")
    if line is None:
        return None
    found = money_amount(reader, line.children[0], clause, "at least")
    scopes = line.nodes("scope", "per_each")
    said = scope(reader, scopes[0], clause) if scopes else None
    if (
        said is not None
        and over is not None
        and said.over != ("contract" if over.over == "once" else over.over)
    ):
        reader.problems.add(
            "SIB0543",
            f"This is paid {worked_out.said(over)}, and its least is said {over_said(said.over)}.",
            line.span,
            clause=clause,
            mark="over other days",
            help=f"Say the least of what is paid {_scope_said(over)}; or let it be paid {over_said(said.over)}, as its least is said.",
        )
        return None
    return found


def _scope_said(over: Measured) -> str:
    return over_said("contract" if over.over == "once" else over.over)


# ------------------------------------------------------------------ rates for all units


def all_units(
    reader: Reader,
    block: Block,
    who: Who | None,
    tiers: tuple[Tier, ...],
    metrics: dict[str, AnyMetric],
    sets: dict[str, Bands],
    at: Amount | None = None,
) -> AllUnits | None:
    """Rates for all units by how many there are; or a threshold that must be reached before anything is paid."""
    clause = reader.clause(block)
    node = reader.one(block, "for_each", needed="for each Job Start")
    metric = metric_in(reader, None, node, clause) if node else ""
    band = band_in(reader, None, reader.one(block, "band"), metrics.get(metric), sets, clause)
    line = reader.one(block, "all_units", "threshold")
    over = scope(reader, line.nodes("scope", "per_each")[0], clause) if line else None
    if who is None or not metric or band is None or over is None or not tiers or line is None:
        return None
    return AllUnits(*who, metric, band, tiers, over, at, span=line.span)


@frozen
class Threshold:
    """What a threshold makes: the tiers, whether only what exceeds it is paid, and what is not a plain number of units."""

    tiers: tuple[Tier, ...] = ()
    excess: bool = False
    at: Amount | None = None


def threshold(reader: Reader, block: Block, metrics: Mapping[str, AnyMetric]) -> Threshold:
    """The tiers that a threshold makes: nothing below it, the rate from it on; and whether only the excess is paid."""
    clause = reader.clause(block)
    line = reader.one(block, "threshold")
    pays = reader.one(block, "pays", needed="pays £300")
    rate = money_amount(reader, pays.children[0], clause, "pays") if pays else None
    if line is None or rate is None or isinstance(line.children[0], Block):
        return Threshold()
    at = tiers_of_units.units(reader, line.children[0], clause, "A threshold")
    excess = "excess" in line.nodes("paying")[0].said
    if at is None:
        return Threshold((), excess)
    number = tiers_of_units.whole_number(at)
    if isinstance(at, Value) and ((number is not None and number < 1) or at.value == 0):
        reader.problems.add(
            "SIB0422",
            "A threshold is some number of units.",
            line.span,
            clause=clause,
            mark="nothing to reach",
            help="Write such as `threshold 20 units in each year, paying everything`.",
        )
        return Threshold((), excess)
    nothing = Value(Fraction(0), "money", span=line.span)
    further = Tier(None, rate, span=pays.span if pays else line.span)
    if excess:
        many = None if number is not None else at
        return Threshold((Tier(number, nothing, many, span=line.span), further), excess)
    paths = [line.node("path") for line in block.lines("for_each")]
    counted = metrics.get(paths[0].words()[0].text) if paths and paths[0] is not None else None
    if number is None or (counted is not None and not counted.whole):
        return Threshold((further,), excess, at)
    # Of whole units, everything is paid once there are as many as the threshold says.
    first = (Tier(number - 1, nothing, span=line.span),) if number > 1 else ()
    return Threshold((*first, further), excess)


# ------------------------------------------------------------------ conditions of payment


def conditions(reader: Reader, block: Block) -> tuple[When, ...]:
    """The lines `paid only if` that test quantities."""
    return tests_of(reader, block, [line for line in block.lines("paid_if") if named(line) is None])


def held_until(reader: Reader, block: Block) -> When | None:
    """The line `held back until`, if there is one. Source: language reference, 'Held back until'."""
    line = reader.one(block, "held_back")
    found = tests_of(reader, block, [line]) if line is not None else ()
    for back in block.lines("taken_back") if found and not block.lines("pays_to_date") else ():
        if back.nodes("back")[0].said == "by repayment":
            reader.problems.add(
                "SIB0561",
                "What is held back has not been paid, so what comes to less than nought is not owed at once.",
                back.span,
                clause=reader.clause(block),
                mark="not paid yet",
                help="Write `taken back from later payments`, which takes it off what is kept, or `taken back never`.",
            )
    return found[0] if found else None


def tests_of(reader: Reader, block: Block, lines: Sequence[Node]) -> tuple[When, ...]:
    """Conditions on quantities, with the days over which they are counted."""
    clause = reader.clause(block)
    found: list[When] = []
    for line in lines:
        test = condition(reader, line.nodes()[0], Here(clause=clause, values=reader.values, totals=True))
        scopes = line.nodes("scope", "per_each")
        over = scope(reader, scopes[0], clause) if scopes else None
        if test is None or (scopes and over is None):
            continue
        sides = list(tested(test))
        wrong = next((side for side in sides if side.kind not in NUMERIC), None)
        metrics = {
            each.metric
            for side in sides
            for each in worked_out.every(reader, side)
            if isinstance(each, MetricTotal)
        }
        if wrong is not None or not metrics:
            reader.problems.add(
                "SIB0545",
                "A condition of payment tests quantities."
                if wrong is None
                else f"A condition of payment tests numbers; this is {SAID[wrong.kind]}.",
                line.span if wrong is None else wrong.span,
                clause=clause,
                mark="no metric here" if wrong is None else SAID[wrong.kind],
                help="Name a metric, as in `paid only if Job Start is at least 20 in each year`. A choice between yes and no stands on a line of its own.",
            )
            continue
        added = sorted(name for name in metrics if name not in reader.spans)
        if bool(added) != bool(scopes):
            reader.problems.add(
                "SIB0545",
                f"This does not say over which days {added[0]} counts."
                if added
                else "This is measured over days of its own, so none can be said here.",
                line.span,
                clause=clause,
                mark="counted over which days?" if added else "over other days",
                help="Add `in each year`, `in each quarter` or `over the contract`: what counts is what there was by then."
                if added
                else "Take the days out: the measure last taken counts.",
            )
            continue
        found.append(When(test, over, span=line.span))
    return tuple(found)


def named(line: Node) -> tuple[Word, str] | None:
    """The particular or assumption that a line `paid only if` asks for, and what it must be; None for another condition."""
    node = line.nodes()[0]
    if node.kind != "comparison" or len(node.children) != 2 or line.node("scope", "per_each"):
        return None
    left, right = node.children
    if (
        not isinstance(left, Node)
        or left.kind != "path"
        or len(left.children) != 1
        or not isinstance(right, Node)
    ):
        return None
    word = left.words("NAME")[0]
    if right.kind == "is_given":
        return word, "given"
    inner = right.children[0] if right.kind == "equal_to" and right.children else None
    if isinstance(inner, Node) and inner.kind == "word_atom" and inner.said in ("yes", "no"):
        return word, inner.said
    return None
