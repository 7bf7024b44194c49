"""What is worked out from quantities: workings, scales, scorecards, and metrics made of other metrics.

They may speak of one another in any order of blocks, and are read each after those that it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, cast

from attrs import evolve

from sibdsl import money
from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax import steps
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.currency import sized
from sibdsl.model.from_syntax.metrics import times_measured
from sibdsl.model.from_syntax.metrics.workings import workings_block
from sibdsl.model.from_syntax.percentages import sign_wanted
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here, alike
from sibdsl.model.nodes import (
    Amount,
    Area,
    Arithmetic,
    Derived,
    Measured,
    Metric,
    MetricTotal,
    Value,
    Worked,
    Working,
    Workings,
)
from sibdsl.model.types import Kind
from sibdsl.model.workings import parts, speaks_of_quantities
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word

#: Lines that make a metric one that is worked out from others.
MADE = ("equals", "compares")
_LINES = ("kind", *MADE, *times_measured.LINES, "shown", "source", "says", "note")
_SCORECARD = ("kind", *times_measured.LINES, "shown", "table", "source", "says", "note")
_SCALE = ("banding", "interpolated", "table", "source", "says", "note")
#: What a score may be: a share, or a count of whole ones.
_SHARES = ("percentage", "number", "count")


def is_made(block: Block) -> bool:
    """Whether a metric is worked out from others, and not counted from records."""
    return block.kind == "metric" and bool(block.lines(*MADE))


def not_made(blocks: list[Block]) -> list[Block]:
    """The metrics that are counted from records."""
    return [block for block in blocks if not is_made(block)]


def figures(
    reader: Reader, blocks: list[Block], metrics: Mapping[str, Metric]
) -> tuple[tuple[Workings, ...], tuple[Derived, ...]]:
    """Read the blocks, each after those that it speaks of; what they say comes back in the order of the file."""
    reader.spans.update(
        {metric.name: metric.measured for metric in metrics.values() if metric.measured is not None}
    )
    waiting = [
        block for block in blocks if block.kind in ("workings", "scale", "scorecard") or is_made(block)
    ]
    order = {id(block): at for at, block in enumerate(waiting)}
    measured = reader.spans
    worked: list[tuple[int, Workings]] = []
    made: list[tuple[int, Derived]] = []
    while waiting:
        names = {name for block in waiting for name in _defines(block)}
        ready = [block for block in waiting if not (_speaks_of(block) & (names - set(_defines(block))))]
        if not ready:
            _cycle(reader, waiting)
            break
        for block in ready:
            at = order[id(block)]
            if block.kind == "workings":
                worked.append((at, workings_block(reader, block)))
            elif block.kind == "scale":
                found = _scale(reader, block, metrics)
                worked += [(at, found)] if found is not None else []
            else:
                derived_metric = (_scorecard if block.kind == "scorecard" else _derived)(
                    reader, block, measured
                )
                if derived_metric is not None:
                    made.append((at, derived_metric))
                    reader.measures[derived_metric.name] = derived_metric.measures
                    reader.spans[derived_metric.name] = derived_metric.measured
        waiting = [block for block in waiting if block not in ready]
    return tuple(workings for _, workings in sorted(worked, key=_first)), tuple(
        derived_metric for _, derived_metric in sorted(made, key=_first)
    )


def _first(pair: tuple[int, object]) -> int:
    return pair[0]


def _defines(block: Block) -> list[str]:
    if block.kind != "workings":
        return [block.name.text] if block.name else []
    cells = [row.nodes()[0] for row in (block.table.nodes("row") if block.table else []) if row.nodes()]
    return [one.text for cell in cells for one in cell.walk() if isinstance(one, Word) and one.kind == "NAME"]


def _speaks_of(block: Block) -> set[str]:
    return {
        word.text
        for item in (*block.items, *((block.table,) if block.table else ()))
        for word in item.walk()
        if isinstance(word, Word) and word.kind == "NAME"
    }


def _cycle(reader: Reader, waiting: list[Block]) -> None:
    first = waiting[0]
    reader.problems.add(
        "SIB0546",
        f"{' and '.join(block.name.text for block in waiting if block.name)} are worked out from one another.",
        first.head,
        clause=reader.clause(first),
        mark="hangs on itself",
        help="Let one of them be counted from records, or given.",
        labels=tuple(Label(block.head, "and this") for block in waiting[1:]),
    )


# ------------------------------------------------------------------ scales


def _scale(reader: Reader, block: Block, metrics: Mapping[str, Metric]) -> Workings | None:
    reader.only(block, *_SCALE)
    clause = reader.clause(block)
    line = reader.one(block, "banding", "interpolated", needed="by Weighted Total")
    if line is None or block.name is None:
        return None
    word = next(one for one in line.walk() if isinstance(one, Word) and one.kind == "NAME")
    by = steps.by_quantity(reader, word, clause)
    if by is None:
        return None
    found: Amount | None
    if line.kind == "interpolated":
        found = steps.interpolated(reader, block, by, word, line.nodes("beyond")[0].said, "equals")
    else:
        counted = metrics.get(word.text)
        found = steps.stepped(reader, block, by, word, "equals", whole=counted is not None and counted.whole)
    if found is None:
        return None
    name = block.name.text
    reader.steps[name] = found.kind
    reader.works_out(name, found, block.head)
    return Workings(name, block.clause, block.gloss, (Worked(name, found, span=block.head),), span=block.head)


# ------------------------------------------------------------------ metrics made of metrics


def _derived(reader: Reader, block: Block, measured: Mapping[str, Measured]) -> Derived | None:
    reader.only(block, *_LINES)
    clause = reader.clause(block)
    line = reader.one(block, *MADE)
    kind = reader.one(block, "kind", needed="kind outcome")
    over = times_measured.measured(reader, block)
    if line is None or block.name is None:
        return None
    here = Here(clause=clause, values=reader.values, totals=True, products=True)
    change: str = ""
    if line.kind == "equals":
        formula = amount(reader, line.children[0], here)
    else:
        left, right = (amount(reader, child, here) for child in line.children[:2])
        change = line.nodes("change")[0].said
        formula = _change(reader, left, right, change, line.span, clause)
    shown = _shown(reader, block)
    if formula is None or over is None or kind is None:
        return None
    if not speaks_of_quantities(formula):
        reader.problems.add(
            "SIB0422",
            "Nothing is measured here: no metric stands in it.",
            line.span,
            clause=clause,
            mark="the same whatever happens",
            help="Name the metrics that it is worked out from; a fixed amount is a particular.",
        )
        return None
    if not _measured_alike(reader, formula, over, measured, clause):
        return None
    # A share that is shown to the percent is written as one.
    measures = "percentage" if formula.kind == "number" and shown == Fraction(1, 100) else formula.kind
    made = _made(block, kind, formula, over, measures, shown)
    return evolve(made, change=cast("Literal['reduction']", change))


def _made(
    block: Block, kind: Node, formula: Amount, over: Measured, measures: Kind, shown: Fraction | None
) -> Derived:
    """The metric that a block works out by a formula."""
    return Derived(
        block.name.text if block.name else "",
        block.clause,
        block.gloss,
        cast("Literal['outcome']", kind.nodes("metric_kind")[0].said),
        formula,
        over,
        measures,
        shown_to=shown,
        span=block.head,
    )


def _change(
    reader: Reader, left: Amount | None, right: Amount | None, change: str, span: Span, clause: str
) -> Amount | None:
    """How much less (or more) the first is than the second; as a percentage, of the second."""
    if left is None or right is None:
        return None
    if not alike(left.kind, right.kind):
        reader.problems.add(
            "SIB0413",
            f"{SAID[left.kind].capitalize()} cannot be compared with {SAID[right.kind]}.",
            span,
            clause=clause,
            mark=f"{SAID[left.kind]} against {SAID[right.kind]}",
            help="Compare two figures of the same kind.",
        )
        return None
    kind = right.kind if left.kind == "number" else left.kind
    low, high = (left, right) if change.endswith("reduction") else (right, left)
    found = Arithmetic("minus", high, low, kind, span=span)
    if change.startswith("percentage"):
        return Arithmetic("divided by", found, right, "percentage", span=span)
    return found


def _measured_alike(
    reader: Reader, formula: Amount, over: Measured, measured: Mapping[str, Measured], clause: str
) -> bool:
    """Whether the metrics in it that do not add up are measured over the same days, or each by a day of its own.

    Of those, the measure last taken is read: by the end of a year to date as of the year, and of what was measured once by then.
    Reports one that is measured over other stretches of time, or only later.
    """
    for one in every(reader, formula):
        other = measured.get(one.metric) if isinstance(one, MetricTotal) else None
        if other is not None and not _taken_by_then(other, over):
            reader.problems.add(
                "SIB0543",
                f"{one.metric} is measured {said(other)}, and this {said(over)}.",  # type: ignore[union-attr] # a metric
                one.span,
                clause=clause,
                mark="over other days",
                help="Measure both over the same days.",
                labels=(Label(other.span, "measured so here"), Label(over.span, "and so here")),
            )
            return False
    return True


def _taken_by_then(other: Measured, over: Measured) -> bool:
    """Whether a measure can have been taken by the ends of the stretches over which something is worked out from it."""
    if (other.over, other.on, other.days) == (over.over, over.on, over.days):
        return True
    if other.over == "once":
        return over.over != "once" or other.on is None or over.on is None or other.on <= over.on
    if other.over == "days" and other.days is not None:
        return over.over == "contract" or (
            over.over == "once" and over.on is not None and other.days.last <= over.on
        )
    return False


def every(reader: Reader, one: Amount) -> list[Amount]:
    """An amount and all that it is made of, through the steps read so far; what stands in a step once."""
    amounts: list[Amount] = []
    seen: set[str] = set()
    waiting = [one]
    while waiting:
        part = waiting.pop()
        amounts.append(part)
        if not isinstance(part, Working) or part.name not in reader.worked:
            waiting += reversed(parts(part))
        elif part.name not in seen:
            seen.add(part.name)
            waiting.append(reader.worked[part.name])
    return amounts


def said(over: Measured) -> str:
    """Over which days, in words."""
    return over.said


def _shown(reader: Reader, block: Block) -> Fraction | None:
    line = reader.one(block, "shown")
    if line is None:
        return None
    size = line.nodes("shown_to")[0]
    whole = {"to the percent": Fraction(1, 100), "to the whole number": Fraction(1)}.get(size.said)
    return whole or sized(reader, size, reader.currency, reader.clause(block))


def _scorecard(reader: Reader, block: Block, measured: Mapping[str, Measured]) -> Derived | None:
    reader.only(block, *_SCORECARD)
    clause = reader.clause(block)
    kind = reader.one(block, "kind", needed="kind outcome")
    over = times_measured.measured(reader, block)
    wanted = ("area", "weight", "measured by")
    table = reader.table(block, block.table, (*wanted, "note", "source"), wanted)
    here = Here(clause=clause, values=reader.values, totals=True, products=True)
    areas: list[Area] = []
    for row, span in zip(table.rows, table.spans, strict=True):
        name, weight, by = (row.get(one) for one in wanted)
        if name is None or weight is None or by is None or weight.part is None or by.part is None:
            continue
        share, score = amount(reader, weight.part, here), amount(reader, by.part, here)
        if isinstance(share, Value) and share.kind == "number" and share.value == int(share.value) != 1:  # type: ignore[arg-type] # a number
            sign_wanted(reader, share, clause)
            continue
        if share is None or score is None:
            continue
        if not name.name or share.kind not in ("percentage", "number") or score.kind not in _SHARES:
            wrong = name if not name.name else weight if share.kind not in ("percentage", "number") else by
            what = SAID[share.kind] if wrong is weight else SAID[score.kind]
            reader.problems.add(
                "SIB0420" if wrong is name else "SIB0413",
                "An area is named here; this is not a name."
                if wrong is name
                else f"A weight and a score are shares; this is {what}.",
                wrong.span,
                clause=clause,
                mark="not a name" if wrong is name else f"{what}, not a share",
                help="Write a name: words that begin with a capital."
                if wrong is name
                else "Divide a mark by the best mark, such as `Home Mark divided by 5 points`.",
            )
            continue
        areas.append(Area(name.name, share, score, span=span))
    if len(areas) < len(table.rows) or not areas or over is None or kind is None or block.name is None:
        return None
    _weights(reader, areas, clause)
    terms = [Arithmetic("times", area.weight, area.amount, "percentage", span=area.span) for area in areas]
    formula: Amount = terms[0]
    for term in terms[1:]:
        formula = Arithmetic("plus", formula, term, "percentage", span=block.head)
    if not _measured_alike(reader, formula, over, measured, clause):
        return None
    return evolve(_made(block, kind, formula, over, "percentage", _shown(reader, block)), areas=tuple(areas))


def _weights(reader: Reader, areas: list[Area], clause: str) -> None:
    numbers = [area.weight.value for area in areas if isinstance(area.weight, Value)]
    known = [number for number in numbers if isinstance(number, Fraction)]
    if len(known) == len(areas) and sum(known) != 1:
        reader.problems.add(
            "SIB0547",
            f"The weights come to {money.number(sum(known, Fraction(0)) * 100)}%, not to 100%.",
            areas[-1].weight.span,
            clause=clause,
            mark="all weights together",
            help="Change a weight, or add the area that is missing.",
            labels=tuple(Label(area.weight.span, "and this") for area in areas[:-1]),
        )
