"""Columns that stand for stretches of time or for bands: `pays in 2016/17`, `pays at From 16`."""

from __future__ import annotations

from attrs import frozen

from sibdsl.dates import Period, long
from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import heading_key
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word


@frozen
class Across:
    """One column of amounts: its heading, and the days or the band that it is for. Neither: the column `pays`."""

    key: str
    span: Span
    days: Period | None = None
    band: str = ""


def across(reader: Reader, block: Block, clause: str) -> tuple[Across, ...] | None:
    """The columns of a payment's table that are headed by a period or a band; None after a complaint."""
    heads = block.table.nodes("heading_row")[0].nodes("heading") if block.table else []
    found: list[Across] = []
    for head in heads:
        words = [one.text for one in head.children if isinstance(one, Word)]
        if words[:2] == ["pays", "in"]:
            days = reader.period(next(one for one in head.children if isinstance(one, Node)), clause)
            if days is None:
                return None
            found.append(Across(heading_key(head), head.span, days))
        elif words[:2] == ["pays", "at"]:
            found.append(Across(heading_key(head), head.span, None, words[2]))
    return tuple(found) if _fit(reader, block, found, [heading_key(node) for node in heads], clause) else None


def _fit(reader: Reader, block: Block, found: list[Across], keys: list[str], clause: str) -> bool:
    """Whether each amount stands under one heading; reports what is said twice."""
    if not found:
        return True
    first = found[0]
    line = next(iter(block.lines("pays", *(["band"] if first.band else []))), None)
    if line is not None or "pays" in keys or (first.band and "band" in keys):
        what = f"`{line.kind}`" if line is not None else "`pays`" if "pays" in keys else "`band`"
        reader.problems.add(
            "SIB0453",
            f"{what} stands beside columns such as `{first.key}`, so it is said twice.",
            line.span if line is not None else first.span,
            clause=clause,
            mark="said twice",
            help="Keep one of the two.",
        )
        return False
    if any(bool(one.band) is not bool(first.band) for one in found):
        reader.problems.add(
            "SIB0453",
            "Some columns are for stretches of time and others for bands: which amount is paid is open.",
            found[-1].span,
            clause=clause,
            mark="of another sort",
            help="Head all of them by time, or all by band.",
            labels=(Label(first.span, "the first is here"),),
        )
        return False
    dated = [one for one in found if one.days is not None]
    for at, one in enumerate(dated):
        for other in dated[:at]:
            if (
                one.days
                and other.days
                and one.days.start < other.days.end
                and other.days.start < one.days.end
            ):
                reader.problems.add(
                    "SIB0454",
                    f"`{other.key}` and `{one.key}` both say what is paid on {long(max(one.days.start, other.days.start))}.",
                    one.span,
                    clause=clause,
                    mark="two rates for one day",
                    help="Let the stretches of time follow one another.",
                    labels=(Label(other.span, "the other is here"),),
                )
                return False
    return True
