"""Caps: what limits cover, how much and over what time, in which order they come, and what becomes of what exceeds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from attrs import evolve

from sibdsl.diagnostics import Label
from sibdsl.english import listed
from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.limits.block_advances import scope
from sibdsl.model.from_syntax.limits.for_each_person import no_sum_for_each
from sibdsl.model.from_syntax.limits.returns import return_on_investment
from sibdsl.model.from_syntax.limits.topped_up import with_additions
from sibdsl.model.from_syntax.payment_selections import selection
from sibdsl.model.from_syntax.payments.rates import line_or_column, money_amount
from sibdsl.model.from_syntax.payments.shares_of_payers import shares_on_line
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import (
    Amount,
    Cap,
    CapRow,
    Excess,
    Given,
    Payers,
    Scope,
    Selection,
    Share,
    ShareOf,
    Value,
)
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Part

_LOST_OF_EACH = (
    "What exceeds a limit for each person is lost: it is cut before anything falls due, and nobody owes it."
)


def caps(reader: Reader, blocks: list[Block]) -> tuple[Cap, ...]:
    """Read the `cap` blocks."""
    found: list[Cap] = []
    for block in blocks:
        clause = reader.clause(block)
        reader.only(
            block, "across", "covers", "leaves_out", "at_most", "topped_up", "excess", "when_several", "after_cap", "table",
            "source", "says", "note",
        )  # fmt: skip
        table = (
            reader.table(
                block,
                block.table,
                ("covers", "at most", "clause", "note", "source"),
                (),
                takes={"at most": ("time", "side", "list")},
            )
            if block.table
            else None
        )
        covers = line_or_column(reader, block, table, "covers", "covers payments from CBO")
        most = line_or_column(reader, block, table, "at_most", "at most £336,111 over the contract")
        excess = reader.one(block, "excess", needed="excess lost")
        shared = reader.one(block, "when_several")
        sharing = shared.nodes("sharing")[0].said if shared else ""
        out = left_out(reader, block, clause)
        _only_in_programmes(reader, block, clause)
        rows: list[tuple[dict[str, Cell], Span]] = (
            list(zip(table.rows, table.spans, strict=True))
            if table
            else [({}, most.span if most else block.head)]
        )
        cap_rows: list[CapRow] = []
        for row, span in rows:
            chosen = _covers(reader, row.get("covers"), covers, clause)
            most_here = row["at most"].node if "at most" in row else most
            limit = limit_of(reader, most_here, clause) if most_here else None
            if chosen is not None and limit is not None:
                cap_rows.append(evolve(limit, covers=chosen, leaves_out=out, span=span))
        cap_rows = with_additions(reader, block, cap_rows, clause)
        if block.name is not None:
            found.append(
                Cap(
                    block.name.text, block.clause, block.gloss, tuple(cap_rows), excess_of(reader, excess, cap_rows, clause),
                    "by clause" if sharing.endswith("clause") else "pro rata", _after(reader, block, cap_rows, clause),
                    span=block.head,
                )
            )  # fmt: skip
    _in_one_order(reader, found)
    return tuple(found)


def left_out(reader: Reader, block: Block, clause: str) -> tuple[Selection, ...]:
    """The payments that the block's lines `leaves out` name."""
    every = [chosen_payments(reader, line.nodes("payments")[0], clause) for line in block.lines("leaves_out")]
    return tuple(one for one in every if one is not None)


def _only_in_programmes(reader: Reader, block: Block, clause: str) -> None:
    for line in block.lines("across"):
        reader.problems.add(
            "SIB0535",
            f"{block.title} runs across contracts; a cap of one contract covers that contract alone.",
            line.span,
            clause=clause,
            mark="one contract",
            help="Take the line out, or put the cap into the programme that holds the contracts.",
        )


def _after(reader: Reader, block: Block, rows: Sequence[CapRow], clause: str) -> tuple[str, ...]:
    """The caps that this one comes after, whatever they run over."""
    lines = block.lines("after_cap")
    if lines and any(row.per for row in rows):
        reader.problems.add(
            "SIB0536",
            "A limit for each person comes before everything else, so it is after no other cap.",
            lines[0].span,
            clause=clause,
            mark="comes first",
            help="Take the line out; a cap that is to come later may name this one.",
        )
        return ()
    words = [word for line in lines for word in line.words("NAME")]
    return tuple(name for word in words if (name := reader.name(word, "cap", clause=clause)))


def _in_one_order(reader: Reader, found: Sequence[Cap]) -> None:
    """Complain of caps that come after one another in a ring."""
    after = {cap.name: set(cap.after) for cap in found}
    for cap in found:
        seen: set[str] = set()
        more = set(cap.after)
        while more - seen:
            seen |= more
            more = {name for each in more for name in after.get(each, ())}
        if cap.name in seen:
            reader.problems.add(
                "SIB0536",
                f"{cap.name} comes after itself, so nothing says which cap is first.",
                cap.span,
                clause=f"cap {cap.name}",
                mark="after itself",
                help="Take out one of the lines `after cap`.",
            )
            return


# ------------------------------------------------------------------ how much, over what time


def limit_of(reader: Reader, node: Node, clause: str, *, of_results: bool = False) -> CapRow | None:
    """What `at most ...` says, as a row that covers everything; None after a complaint."""
    scopes, sides = node.nodes("scope", "per_each"), node.nodes("limit_side")
    part = node.children[0] if node.children else None
    if isinstance(part, Node) and part.kind == "returning":
        return return_on_investment(reader, node, part, clause)
    split = _share(part)
    share: ShareOf | None = None
    limit: Amount | None
    if split is not None:
        limit = _percentage(reader, split[0], clause)
        share = _share_of(reader, split[1], sides, node, clause)
    else:
        limit = money_amount(reader, part, clause, "at most", of_results=of_results)
        if sides:
            reader.problems.add(
                "SIB0534",
                "This limit is an amount, which is the same before and after itself.",
                sides[0].span,
                clause=clause,
                mark="nothing to choose",
                help="Take these words out; they belong to a limit such as `38% of payments over the contract`.",
            )
    if not scopes:
        reader.problems.add(
            "SIB0438",
            "This limit does not say over what it runs.",
            node.span,
            clause=clause,
            mark="over what?",
            help="Add `over the contract`, `in each year`, `in 2018/19` or `in each quarter`.",
        )
        return None
    over = limit_scope(reader, scopes[0], clause)
    if over is None or limit is None or (split is not None and share is None):
        return None
    if over[1] and share is not None:
        said = (
            "A limit for each person is an amount of money: a share of payments is of what all persons earn."
        )
        no_sum_for_each(reader, scopes[0].span, said, clause)
        return None
    return CapRow(Selection(), limit, *over, share_of=share, span=node.span)


def _share(part: Part | None) -> tuple[Part, Node] | None:
    """The percentage and the payments of `38% of payments ...`, where that is what is written."""
    if not isinstance(part, Node) or part.kind not in ("percent_of", "fraction_of", "times"):
        return None
    one, other = part.children
    if isinstance(other, Node) and other.kind == "payments":
        return one, other
    return (other, one) if isinstance(one, Node) and one.kind == "payments" else None


def _percentage(reader: Reader, part: Part, clause: str) -> Amount | None:
    if isinstance(part, Block):
        return None
    found = amount(reader, part, Here(clause=clause, values=reader.values))
    if found is None:
        return None
    if found.kind != "percentage":
        reader.problems.add(
            "SIB0413",
            f"A share of payments is a percentage of them; this is {SAID[found.kind]}.",
            found.span,
            clause=clause,
            mark=f"{SAID[found.kind]}, not a percentage",
            help="Write a percentage such as 38%, or name a particular that holds one.",
        )
        return None
    if isinstance(found, Value) and not 0 <= found.value < 1:  # type: ignore[operator] # a number
        reader.problems.add(
            "SIB0537",
            "A limit that is a share of payments must be less than 100% of them.",
            found.span,
            clause=clause,
            mark="not less than all",
            help="Write a percentage from 0% to less than 100%.",
        )
        return None
    return found


def _share_of(reader: Reader, node: Node, sides: list[Node], line: Node, clause: str) -> ShareOf | None:
    chosen = chosen_payments(reader, node, clause)
    if not sides:
        reader.problems.add(
            "SIB0534",
            "This limit is a share of payments, and does not say whether they are those before it cuts or after.",
            line.span,
            clause=clause,
            mark="before or after this limit?",
            help="Add `, before this limit` or `, after this limit`: of £600 and £1,000, 38% are £608 before, £367.74 after.",
        )
        return None
    side = cast("Literal['before', 'after']", sides[0].said.split()[0])
    return ShareOf(chosen, side, span=line.span) if chosen is not None else None


def limit_scope(reader: Reader, node: Node, clause: str) -> tuple[Scope, str] | None:
    """Over what a limit runs, and for each of what, as a row holds it; None after a complaint."""
    if node.kind != "per_each":
        over = scope(reader, node, clause)
        return (over, "") if over else None
    who, *times = node.nodes()
    if who.said != "person":
        said = (
            f"A limit is for each person, whoever the records mean by `person`; this is for each {who.said}."
        )
        no_sum_for_each(reader, node.span, said, clause)
        return None
    if not times:
        reader.problems.add(
            "SIB0571",
            "This limit for each person does not say over what time.",
            node.span,
            clause=clause,
            mark="over what time?",
            help="Write `per person over the contract` or `per person in each year`.",
        )
        return None
    over = scope(reader, evolve(node, kind="scope", children=tuple(times)), clause)
    return (over, "person") if over else None


def excess_of(reader: Reader, line: Node | None, rows: Sequence[CapRow], clause: str) -> Excess:
    """What becomes of what exceeds the limits in those rows."""
    way = line.nodes("excess_way")[0] if line else None
    if line is None or way is None or way.said == "lost":
        return Excess()
    if way.said != "carried forward":
        return _paid_by_another(reader, line, way, rows, clause)
    for row in rows:
        if row.per:
            no_sum_for_each(reader, line.span, _LOST_OF_EACH, clause)
        elif row.scope.over in ("contract", "days") and not row.topped_up:
            reader.problems.add(
                "SIB0572",
                "What exceeds this limit has no later time to be carried to: the limit runs once.",
                row.scope.span,
                clause=clause,
                mark="runs once",
                help="Write `excess lost`, or a limit that begins again, `in each year`, or that is `topped up` later.",
                labels=(Label(line.span, "carried to when?"),),
            )
    return Excess("carried forward", span=line.span)


def _paid_by_another(reader: Reader, line: Node, way: Node, rows: Sequence[CapRow], clause: str) -> Excess:
    payer, shares = "", cast("tuple[Share, ...]", ())
    if way.nodes("part"):
        shared = shares_on_line(reader, way, clause)
        if shared is None or not _in_percent(reader, shared, clause):
            return Excess()
        payers, shares = shared.names, shared.shares
    else:
        payer = reader.name(way.words("NAME")[0], "party", clause=clause)
        payers = (payer,) if payer else ()
    for row in rows:
        if row.per:
            no_sum_for_each(reader, line.span, _LOST_OF_EACH, clause)
            continue
        mine = [name for name in payers if not row.covers.payers or name in row.covers.payers]
        if mine:
            reader.problems.add(
                "SIB0573",
                f"{mine[0]} pays what exceeds this limit, and the limit covers payments from {mine[0]} too.",
                row.covers.span,
                clause=clause,
                mark="whose payments?",
                help=f"Limit payments from others alone, such as `payments from ...`, without {listed(mine)}.",
                labels=(Label(line.span, "who pays the excess"),),
            )
    return Excess("paid", payer, span=line.span, shares=shares)


def _in_percent(reader: Reader, shared: Payers, clause: str) -> bool:
    """Whether those who pay an excess share it in per cent; complains of an amount."""
    amount_said = next(
        (share.part for share in shared.shares if share.part is not None and share.part.kind == "money"), None
    )
    if amount_said is None:
        return True
    reader.problems.add(
        "SIB0450",
        "What exceeds a limit is shared in per cent: an amount of each cut would say nothing of what is cut in all.",
        amount_said.span,
        clause=clause,
        mark="an amount",
        help="Write such as `excess paid by 60% Fund, 40% Council`. An amount that a party pays at most is a cap on its payments.",
    )
    return False


def _covers(reader: Reader, cell: Cell | None, line: Node | None, clause: str) -> Selection | None:
    node = cell.part if cell is not None else (line.children[0] if line else None)
    if isinstance(node, Node) and node.kind == "payments":
        return chosen_payments(reader, node, clause)
    if node is not None and cell is not None:
        reader.problems.add(
            "SIB0437",
            "A cap covers payments; this is something else.",
            cell.span,
            clause=clause,
            mark="not payments",
            help="Write such as `payments from CBO` or `payments under Fund Tariff`.",
        )
    return None


def chosen_payments(reader: Reader, node: Node, clause: str) -> Selection | None:
    """The payments chosen; parts of statement periods begin and end at the dates that choose them."""
    chosen = selection(reader, node, clause)
    if chosen is not None:
        for day, side in ((chosen.earned_to, "before"), (chosen.earned_from, "after")):
            if isinstance(day, Given):
                values_by_name.note(reader, day, values_by_name.Said(clause, f"earned on or {side}"))
    return chosen
