"""What each stage of the pipeline made, as text to read: the tree, the model, the plan of measuring, the price graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, assert_never

from attrs import NOTHING, Factory, fields, has

from sibdsl import marks, money
from sibdsl.dates import Period
from sibdsl.measure.looks import Look, MetricLook, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.model.types import Interval
from sibdsl.price.graph import (
    Choose,
    Constant,
    Graph,
    Greatest,
    Key,
    Known,
    Least,
    Line,
    Round,
    Scale,
    SplitPart,
    Step,
    Sum,
    VerifiedQuantity,
    Withheld,
    meaning_of,
)
from sibdsl.price.step_words import meaning_said
from sibdsl.source import Span
from sibdsl.syntax import Block, File, Node, Word
from sibdsl.wording import condition

_INDENT = "  "


# ------------------------------------------------------------------ the tree


def tree_text(file: File) -> str:
    """Blocks, their lines and the words in them, each phrase by the grammar's name of it."""
    return _joined(line for block in file.blocks for line in _block(block, 0))


def _block(block: Block, depth: int) -> Iterator[str]:
    clause = f" [{block.clause}]" if block.clause else ""
    yield f"{_INDENT * depth}{block.title}{clause}   {block.head}"
    for item in block.items:
        yield from _phrase(item, depth + 1)


def _phrase(part: Node | Word | Block, depth: int) -> Iterator[str]:
    match part:
        case Word(kind, text):
            yield f"{_INDENT * depth}{kind}  {text}"
        case Block():
            yield from _block(part, depth)
        case Node(kind, children):
            words = [child for child in children if isinstance(child, Word)]
            if len(words) == len(children):
                yield f"{_INDENT * depth}{kind}  {' '.join(word.text for word in words)}".rstrip()
                return
            yield f"{_INDENT * depth}{kind}"
            for child in children:
                yield from _phrase(child, depth + 1)
        case _:
            assert_never(part)


# ------------------------------------------------------------------ the model


def model_text(node: object) -> str:
    """A contract or programme, part by part: what is not said in it is left out, and so are places in the text."""
    return _joined(_node("", node, 0))


def _node(label: str, value: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - any part of a model
    lead = f"{_INDENT * depth}{label}{'  ' if label else ''}"
    if has(type(value)) and not isinstance(value, Period):
        kept = [
            (field.name, part)
            for field in fields(type(value))
            if not isinstance(part := getattr(value, field.name), Span)
            and not _is_default(field.default, part)
        ]
        plain = all(_short(part) is not None for _, part in kept)
        said = ", ".join(f"{name} {_short(part)}" for name, part in kept) if plain else ""
        yield f"{lead}{type(value).__name__}{f'  {said}' if said else ''}"
        if not plain:
            for name, part in kept:
                yield from _node(name, part, depth + 1)
    elif isinstance(value, tuple | list) and _short(value) is None:
        yield f"{lead}".rstrip()
        for part in value:
            yield from _node("-", part, depth + 1)
    else:
        yield f"{lead}{_short(value)}"


def _is_default(default: object, part: object) -> bool:
    if part in ("", ()):
        return True
    if isinstance(default, Factory):  # type: ignore[arg-type] # attrs has it as a function to type checkers
        return part in ((), {}, frozenset())
    return default is not NOTHING and default == part


def _short(value: object) -> str | None:
    """A plain value on one line; None for what has parts."""
    match value:
        case Fraction():
            return money.number(value)
        case date():
            return value.isoformat()
        case str():
            return f'"{value}"'
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case int() | Period():
            return str(value)
        case tuple() | frozenset():
            parts = [_short(part) for part in value]
            return None if None in parts else f"({', '.join(part for part in parts if part is not None)})"
        case Mapping():
            return ", ".join(f"{name} {_short(part) or part}" for name, part in value.items())
    return None if has(type(value)) else str(value)


# ------------------------------------------------------------------ the plan of measuring


def plan_text(plan: Plan) -> str:
    """What is read of each table, and which cohorts and metrics look at which, in the order in which they run."""
    return _joined([*_tables(plan.tables), *_looks(plan)])


def _tables(tables: tuple[PlannedTable, ...]) -> Iterator[str]:
    for table in tables:
        yield f"read {table.name}" + (f", a row of {table.person}" if table.person else "")
        for cell in table.cells:
            worked = "" if cell.column.formula is None else ", worked out"
            yield f"{_INDENT}{cell.name}  {cell.column.kind}{worked}{'' if cell.read else ', not read'}"


def _looks(plan: Plan) -> Iterator[str]:
    for number, look in enumerate(plan.running, start=1):
        kind = "metric" if isinstance(look, MetricLook) else "cohort"
        yield f"{number}  {kind} {look.name}: rows of {look.table.name} by {look.day or 'no date'}"
        yield from _look(look, plan.contract.currency)
    stated = [f"{segment.days}" for segment in plan.stated]
    yield f"stated by {plan.as_of.isoformat()}: {', '.join(stated) or 'nothing'}"


def _look(look: Look, currency: str) -> Iterator[str]:
    if look.cohort:
        yield f"{_INDENT}among {look.cohort}"
    for check in look.checks:
        if check.kind == "condition" and check.condition is not None:
            yield f"{_INDENT}outside unless {condition(check.condition, currency)}"
            continue
        said = " ".join(part for part in (check.kind, check.column) if part)
        after = f", after {', '.join(check.metrics)}" if check.metrics else ""
        yield f"{_INDENT}outside: {said}{after}"
    if look.bands is not None:
        yield f"{_INDENT}in bands {look.bands.name}"
    for span in look.spans:
        yield f"{_INDENT}measured over {span}"


# ------------------------------------------------------------------ the price graph


def graph_text(graph: Graph, currency: str) -> str:
    """Every step by its number, then every line with the step that it comes to."""
    steps = [f"{number:>5}  {_said(step, currency)}" for number, step in enumerate(graph.steps)]
    lines = [_line(line, currency) for line in graph.lines]
    return _joined([f"{len(steps)} steps", *steps, f"{len(lines)} lines", *lines])


def _said(step: Step, currency: str) -> str:
    meaning = meaning_said(meaning_of(step))
    return _step(step, currency) + (f"   ({meaning})" if meaning else "")


def _step(step: Step, currency: str) -> str:
    of = ", ".join(map(str, step.inputs))
    match step:
        case VerifiedQuantity(key):
            return f"quantity {_key(key)}"
        case Withheld(key=key):
            return f"taken for each person of {of}: {_key(key)}"
        case Constant(value):
            return f"constant {money.number(value)}"
        case Sum(inputs, signs):
            said = "".join(
                f" {'+' if sign > 0 else '-'} {operand}" for operand, sign in zip(inputs, signs, strict=True)
            )
            return f"sum{said}"
        case Scale(factor=factor):
            return f"{money.number(factor)} x {of}"
        case Least():
            return f"least of {of}"
        case Greatest():
            return f"greatest of {of}"
        case Round(grain=grain, way=way):
            return f"{of} rounded {way} to {money.show(grain, currency)}"
        case SplitPart(inputs, index):
            return f"part {index + 1} of {inputs[0]} shared by {', '.join(map(str, inputs[1:]))}"
        case Choose(inputs, ranges):
            ways = "; ".join(
                f"{operand} if {_held(held)}" for held, operand in zip(ranges, inputs[1:], strict=True)
            )
            return f"by {inputs[0]}: {ways}"
        case Known(inputs):
            return f"{inputs[0]} where measured, else {inputs[1]}"
        case _:
            assert_never(step)


def _held(held: Interval) -> str:
    low = "" if held.low is None else f"{'from' if held.low_in else 'above'} {money.number(held.low)}"
    high = "" if held.high is None else f"{'to' if held.high_in else 'below'} {money.number(held.high)}"
    return " ".join(part for part in (low, high) if part) or "anything else"


def _key(key: Key) -> str:
    name = " ".join(part for part in (key.contract, key.metric, key.band) if part)
    return f"{name}, {key.segment.days}"


def _line(line: Line, currency: str) -> str:
    due = f", due {line.due.isoformat()}" if line.due else ""
    rate = f" at {money.show_exact(line.rate, currency)}" if line.rate is not None else ""
    counted = f" for {line.quantity}{rate}" if line.quantity is not None else ""
    clause = f" [{line.clause}]" if line.clause else ""
    return (
        f"{line.amount:>5}  {line.kind}: {line.payer} to {line.payee}, {line.payment}{clause}, "
        f"{line.segment.days}{due}{counted}   {line.span}"
    )


def _joined(lines: Iterator[str] | list[str]) -> str:
    return "".join(f"{marks.one_line(line) if line.strip() else line}\n" for line in lines)
