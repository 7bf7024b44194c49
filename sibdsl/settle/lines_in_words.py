"""What a line is for, in words."""

from __future__ import annotations

from sibdsl.dates import months_name
from sibdsl.price import Line
from sibdsl.price.step_words import tier_said
from sibdsl.settle.adjustments import adjusted_by


def what_a_line_is_for(line: Line) -> str:
    """What a line is for: its metric, band and tier, or its payment, and what became of it."""
    what = ", ".join(part for part in (line.metric, line.band, tier_said(line.tier)) if part) or line.payment
    if line.agent:
        what = f"{what} (cash from {line.agent})"
    if line.kind == "adjustment":
        what = f"{what}: {months_name(line.segment.days)}, by {adjusted_by(line)}"
    if line.kind == "taken_over":
        what = f"{what}, beyond {line.rule}"
    elif line.origin:
        what = f"{what}, carried forward" if line.kind == "carried" else f"{what}, excess of {line.origin}"
    match line.kind:
        case "recovered":
            return f"{what}, unused part"
        case "released":
            return f"{what}, held back before"
        case "taken_back":
            return f"{what}, below nought, taken back"
        case "repaid":
            return f"{what}, below nought, owed back"
        case "interest":
            return f"{what}, interest on what comes back"
        case "set_off":
            return f"{what}: met by {line.rule}"
        case "cap_cut":
            return f"{what}: cut by {line.rule}"
        case "deducted":
            return f"{what}: deducted, {line.rule}"
        case _:
            return what
