"""Amounts added, taken away, multiplied and divided: which kinds may meet, and what kind comes of it."""

from __future__ import annotations

from typing import cast

from sibdsl.model.from_syntax.percentages import changed_by_share, sign_wanted
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here, alike, loose, without_sign
from sibdsl.model.nodes import Amount, Arithmetic, Value
from sibdsl.model.types import NUMERIC, Kind
from sibdsl.model.workings import in_steps, speaks_of_quantities
from sibdsl.source import Span


def combined(
    reader: Reader, op: str, left: Amount | None, right: Amount | None, span: Span, here: Here
) -> Amount | None:
    """Two amounts with `plus`, `minus`, `times` or `divided by` (the `op`) between them; None after a complaint."""
    if left is None or right is None:
        return None
    a, b = left.kind, right.kind
    kind: str | None = None
    if op in ("plus", "minus"):
        bare = next(
            (one for one, other in ((left, right), (right, left)) if lacks_its_sign(one, other)), None
        )
        if bare is not None and not (
            op == "minus" and bare is left and _is_one(bare)
        ):  # `1 minus` a share is the rest of it
            sign_wanted(reader, bare, here.clause)
            return None
        kind = (a if b == "number" else b) if alike(a, b) and a in NUMERIC else None
        said = f"{SAID[a].capitalize()} and {SAID[b]} cannot be added."
        if op == "minus":
            said = f"{SAID[b].capitalize()} cannot be taken from {SAID[a]}."
    elif op in ("times", "divided by") and _beyond_prices(reader, op, left, right, here):
        reader.problems.add(
            "SIB0487",
            "Quantities are multiplied or divided by one another here.",
            span,
            clause=here.clause,
            mark="a quantity with another",
            help="Multiply by what is given, or by a scale; or write a metric that `equals` this, and pay by it.",
        )
        return None
    elif op == "times":
        said = f"{SAID[a].capitalize()} cannot be multiplied by {SAID[b]}."
        if "money per day" in (a, b):
            by = b if a == "money per day" else a
            kind = {"days": "money", "number": "money per day", "percentage": "money per day"}.get(by)
        elif a in NUMERIC and b in NUMERIC and not (a == "money" and b == "money"):
            kind = "money" if "money" in (a, b) else (a if b in ("percentage", "number") else b)
            # A share of so many hectares is hectares; a share times a written factor, such as 5/6, is a share still.
            kind = "number" if (a, b) == ("percentage", "number") and not isinstance(right, Value) else kind
    else:
        said = f"{SAID[a].capitalize()} cannot be divided by {SAID[b]}."
        if a in NUMERIC and b in NUMERIC:
            kind = _quotient(a, b)
        if isinstance(right, Value) and right.value == 0:
            reader.problems.add(
                "SIB0409",
                "This divides by nought.",
                right.span,
                clause=here.clause,
                mark="nought",
                help="Write a number other than 0.",
            )
            return None
    if kind is None:
        reader.problems.add(
            "SIB0413",
            said,
            span,
            clause=here.clause,
            mark=f"{SAID[a]} with {SAID[b]}",
            help="Put the currency sign before an amount of money, and none before a number."
            if op in ("plus", "minus") and {a, b} <= {"money", "number"}
            else changed_by_share(op, left, right, reader.currency)
            or "Add and take away amounts of one kind only; to multiply, write `times`."
            if op in ("plus", "minus")
            else "Multiply or divide an amount by a number, a count or a share.",
        )
        return None
    return Arithmetic(op, left, right, cast("Kind", kind), span=span)  # type: ignore[arg-type] # four words of the grammar


def _beyond_prices(reader: Reader, op: str, left: Amount, right: Amount, here: Here) -> bool:
    """Whether quantities are multiplied or divided by one another where prices are worked out."""
    if not here.totals or here.products or not (speaks_of_quantities(left) and speaks_of_quantities(right)):
        return False
    return op == "divided by" or not (in_steps(left, reader.worked.get) or in_steps(right, reader.worked.get))


def _quotient(a: Kind, b: Kind) -> Kind | None:
    """The kind of one number divided by another: like by like is a share, which is a percentage; of two shares, a number."""
    if a == b and a not in ("number", "percentage", "money per day"):
        return "percentage"
    if alike(a, b) and b != "number":
        return "number"
    if b == "money per day":
        return None
    return a if loose(b) else None


def lacks_its_sign(one: Amount, other: Amount) -> bool:
    """Whether a number is written, without the sign, where a percentage is added to, taken from or set beside it."""
    return isinstance(one, Value) and without_sign(one, other)


def _is_one(one: Amount) -> bool:
    return isinstance(one, Value) and one.value == 1
