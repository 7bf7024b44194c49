"""Deductions: what is taken off payments, when, and whether limits come before it. Source: language reference, 'Deductions'."""

from __future__ import annotations

from fractions import Fraction

from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.limits.caps import chosen_payments, left_out
from sibdsl.model.from_syntax.payments.formulas import tests_of
from sibdsl.model.from_syntax.payments.payments import days_in_force
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import Amount, Deduction, Value
from sibdsl.syntax import Block


def deductions(reader: Reader, blocks: list[Block]) -> tuple[Deduction, ...]:
    """Read the `deduction` blocks."""
    return tuple(found for block in blocks if (found := _deduction(reader, block)) is not None)


def _deduction(reader: Reader, block: Block) -> Deduction | None:
    clause = reader.clause(block)
    reader.only(
        block, "covers", "leaves_out", "deducts", "deducted_if", "deduction_order", "from_date", "to_date_line",
        "source", "says", "note",
    )  # fmt: skip
    covers = reader.one(block, "covers", needed="covers payments to Provider")
    chosen = chosen_payments(reader, covers.nodes("payments")[0], clause) if covers else None
    taken = _taken(reader, block, clause)
    order = reader.one(block, "deduction_order")
    tests = tests_of(reader, block, block.lines("deducted_if"))
    out = left_out(reader, block, clause)
    if block.name is None or chosen is None or taken is None:
        return None
    if chosen.kind != "all":
        reader.problems.add(
            "SIB0437",
            "A deduction is taken off what results and times earn, and not off block advances.",
            chosen.span,
            clause=clause,
            mark="block advances",
            help="Write such as `covers payments to Provider` or `covers payments under Service Fee`.",
        )
        return None
    return Deduction(
        block.name.text, block.clause, block.gloss, chosen, taken, out, tests,
        order is not None and order.nodes("deducting")[0].said.startswith("before"),
        days_in_force(reader, block, clause), span=block.head,
    )  # fmt: skip


def _taken(reader: Reader, block: Block, clause: str) -> Amount | None:
    """The percentage or the sum of money; None after a complaint."""
    line = reader.one(block, "deducts", needed="deducts 5%")
    part = line.children[0] if line else None
    if part is None:
        return None
    found = amount(reader, part, Here(clause=clause, values=reader.values, totals=True))
    if found is not None and found.kind not in ("percentage", "money"):
        reader.problems.add(
            "SIB0413",
            f"A deduction is a percentage of what is due, or a sum of money; this is {SAID[found.kind]}.",
            found.span,
            clause=clause,
            mark=f"{SAID[found.kind]}, neither",
            help="Write such as `deducts 5%`, `deducts £500`, or `deducts £50 times Late Reports`.",
        )
        return None
    high = isinstance(found, Value) and isinstance(found.value, Fraction) and found.kind == "percentage"
    if high and not 0 < found.value <= 1:  # type: ignore[operator, union-attr] # a percentage
        reader.problems.add(
            "SIB0413",
            "A deduction is more than nothing, and at most all that is due.",
            found.span,  # type: ignore[union-attr] # a value
            clause=clause,
            mark="not of what is due",
            help="Write a percentage up to 100%.",
        )
        return None
    return found
