"""Amounts and conditions: from words to typed nodes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from attrs import evolve, frozen

from sibdsl import money
from sibdsl.diagnostics import Label, nearest
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.selections import selection
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Assumption,
    Blank,
    Both,
    Column,
    Compare,
    Comparison,
    Condition,
    Either,
    Given,
    InPeriod,
    JoiningDate,
    MetricColumn,
    MetricTotal,
    Not,
    Paid,
    Particular,
    Records,
    Value,
)
from sibdsl.model.types import NUMERIC, Interval, Kind
from sibdsl.names import SORTS
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Part, Word

#: How messages name a kind of value.
SAID = {
    "money": "money", "count": "a count", "number": "a number", "hours": "hours", "days": "days", "points": "points",
    "percentage": "a percentage", "date": "a date", "duration": "a length of time", "yes or no": "yes or no",
    "category": "a category", "identifier": "an identifier", "person": "a person", "text": "quoted text", "plan": "a plan",
    "set off basis": "a basis of set off", "band": "a band",
}  # fmt: skip


#: Words that are a value in themselves.
_PLAIN = ("MONEY", "INT", "DECIMAL", "PERCENT", "FRACTION", "DATE", "TEXT")
#: Phrases that hold a range of numbers.
RANGES = ("range", "whole_range")


@frozen
class Here:
    """What names mean at this place: the row's table, the tables behind metrics, and what may be set from outside."""

    clause: str = ""
    row: Records | None = None
    metrics: Mapping[str, Records] = {}
    values: Mapping[str, Particular | Assumption] = {}
    joins: bool = False
    rule: bool = False


def amount(reader: Reader, part: Part, here: Here) -> Amount | None:
    """A written amount, or None after a complaint."""
    if isinstance(part, Word) and part.kind in _PLAIN:
        return cast("Amount | None", reader.plain(part))
    if isinstance(part, (Word, Block)) or part.kind == "cell_word":
        reader.problems.add(
            "SIB0422",
            "A value is needed here.",
            part.span,
            clause=here.clause,
            mark="not a value",
            help="Write an amount such as £700, a number, a date, or the name of one.",
        )
        return None
    match part.kind:
        case "path":
            return _path(reader, part, here)
        case "brackets":
            return amount(reader, part.children[0], here)
        case "amount_of":
            unit = part.node("unit")
            word = part.words("INT", "DECIMAL")[0]
            said = unit.said if unit else "units"
            kind: Kind = "count" if said == "units" else cast("Kind", said)
            return Value(money.parse(word.text), kind, span=part.span)
        case "word_atom":
            if part.said == "nothing":
                return Value(Fraction(0), "money", span=part.span)
            return Value(part.said, "yes or no", span=part.span)
        case "joining_date":
            if not here.joins:
                reader.problems.add(
                    "SIB0412",
                    "`joining date` has no meaning here: it belongs to a metric counted among a cohort.",
                    part.span,
                    clause=here.clause,
                    mark="no cohort is joined here",
                    help="Name a column instead.",
                )
                return None
            return JoiningDate(span=part.span)
        case "percent_of" | "fraction_of":
            share = amount(reader, part.children[0], here)
            whole = amount(reader, part.children[1], here)
            return _combine(reader, "times", share, whole, part.span, here)
        case "plus" | "minus" | "times" | "divided_by":
            left, right = (amount(reader, child, here) for child in part.children[:2])
            return _combine(reader, part.kind.replace("_", " "), left, right, part.span, here)
        case "payments":
            if here.rule:
                chosen = selection(reader, part, here.clause)
                return Paid(chosen, span=part.span) if chosen else None
    later = {
        "looked_up": "`read at`",
        "lower_of": "`the lower of`",
        "higher_of": "`the higher of`",
        "total_of": "`total of`",
        "whole_years": "`whole years from`",
        "duration": "a length of time on its own",
        "later": "`after` with a length of time",
        "earlier": "`before` with a length of time",
        "window_end": "`end of window`",
        "payments": "`payments` as an amount",
    }
    reader.not_yet(part.span, later.get(part.kind, "this amount"), clause=here.clause)
    return None


def _path(reader: Reader, node: Node, here: Here) -> Amount | None:
    names = node.words("NAME")
    first = reader.bound(names[0])
    if first.kind != "NAME":
        return cast("Amount | None", reader.plain(first))
    if len(names) == 2:
        return _metric_column(reader, names[0], names[1], node.span, here)
    if len(names) > 2:
        reader.not_yet(node.span, "`of` more than once", clause=here.clause)
        return None
    if here.row is not None:
        column = here.row.column(first.text)
        if column:
            return Column(here.row.name, column.name, column.kind, span=node.span)
    given = here.values.get(first.text)
    if given is not None:
        return Given(given.name, given.kind, span=node.span)
    if here.rule and reader.scope.find(first.text, ("metric",)):
        return MetricTotal(first.text, span=node.span)
    choices = [*here.values, *([one.name for one in here.row.columns] if here.row else [])]
    if here.rule:
        choices += reader.scope.of("metric")
    near = nearest(first.text, choices)
    where = f" of {here.row.name}" if here.row else ""
    term = reader.scope.terms.get(first.text)
    what = f"{first.text} is {SORTS[term.sort]}." if term else f"{first.text} is not defined."
    wanted = f"a column{where} or a particular" if here.row else "an amount, a particular or an assumption"
    reader.problems.add(
        "SIB0301",
        f"{what} {wanted[0].upper()}{wanted[1:]} is needed here.",
        node.span,
        clause=here.clause,
        mark="not defined" if term is None else SORTS[term.sort],
        help=f"Did you mean `{near}`?"
        if near
        else (
            "There are: " + ", ".join(f"`{one}`" for one in choices[:8]) + "."
            if choices
            else "Write the amount, or declare it under `particulars`."
        ),
    )
    return None


def _metric_column(reader: Reader, column: Word, metric: Word, span: Span, here: Here) -> Amount | None:
    name = reader.name(metric, "metric", clause=here.clause)
    if not name:
        return None
    table = here.metrics.get(name)
    if table is None:
        if not here.joins:
            reader.not_yet(span, f"`{column.text} of {name}` outside a metric", clause=here.clause)
        return None
    found = table.column(column.text)
    if found is None:
        near = nearest(column.text, [one.name for one in table.columns])
        reader.problems.add(
            "SIB0301",
            f"{column.text} is not a column of {table.name}, which {name} counts.",
            column.span,
            clause=here.clause,
            mark="no such column",
            help=f"Did you mean `{near}`?"
            if near
            else "Its columns: " + ", ".join(f"`{one.name}`" for one in table.columns) + ".",
        )
        return None
    return MetricColumn(name, found.name, found.kind, span=span)


def _loose(kind: str) -> bool:
    return kind in NUMERIC and kind != "money"


def alike(left: str, right: str) -> bool:
    """Whether two kinds of value may be compared or added: the same, or a bare number with any unit but money."""
    if left == right:
        return True
    if "number" in (left, right) and _loose(left) and _loose(right):
        return True
    return {left, right} <= {"person", "identifier", "text"} or {left, right} <= {"category", "text"}


def _combine(
    reader: Reader, op: str, left: Amount | None, right: Amount | None, span: Span, here: Here
) -> Amount | None:
    if left is None or right is None:
        return None
    a, b = left.kind, right.kind
    kind: str | None = None
    if op in ("plus", "minus"):
        kind = (a if b == "number" else b) if alike(a, b) and a in NUMERIC else None
        said = f"{SAID[a].capitalize()} and {SAID[b]} cannot be added."
        if op == "minus":
            said = f"{SAID[b].capitalize()} cannot be taken from {SAID[a]}."
    elif op == "times":
        said = f"{SAID[a].capitalize()} cannot be multiplied by {SAID[b]}."
        if a in NUMERIC and b in NUMERIC and not (a == "money" and b == "money"):
            kind = "money" if "money" in (a, b) else (a if b in ("percentage", "number") else b)
    else:
        said = f"{SAID[a].capitalize()} cannot be divided by {SAID[b]}."
        if a in NUMERIC and b in NUMERIC:
            kind = "number" if alike(a, b) and b != "number" else (a if _loose(b) else None)
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
            if op in ("plus", "minus")
            else "Multiply or divide an amount by a number, a count or a share.",
        )
        return None
    return Arithmetic(op, left, right, cast("Kind", kind), span=span)  # type: ignore[arg-type] # four words of the grammar


# ------------------------------------------------------------------ conditions


def condition(reader: Reader, node: Node, here: Here) -> Condition | None:
    """A written condition, or None after a complaint."""
    match node.kind:
        case "all_of" | "any_of":
            tests = [condition(reader, child, here) for child in node.nodes()]
            if any(test is None for test in tests):
                return None
            kept = tuple(test for test in tests if test is not None)
            return Both(kept, span=node.span) if node.kind == "all_of" else Either(kept, span=node.span)
        case "comparison" | "comparison_not":
            left = amount(reader, node.children[0], here)
            predicate = node.children[1]
            if not isinstance(predicate, Node):
                return None
            found = _predicate(reader, left, predicate, node.span, here)
            return (
                Not(found, span=node.span) if found is not None and node.kind == "comparison_not" else found
            )
    reader.not_yet(node.span, "`any day of`", clause=here.clause)
    return None


_WORDS: dict[str, Comparison] = {
    "on_or_after": ">=", "on_or_before": "<=", "after": ">", "before": "<",
    "at_least_value": ">=", "more_than_value": ">", "at_most_value": "<=", "less_than_value": "<", "exactly": "=",
}  # fmt: skip


def _predicate(reader: Reader, left: Amount | None, node: Node, span: Span, here: Here) -> Condition | None:
    inner = node.nodes()
    if node.kind == "predicate" and inner and inner[0].kind in RANGES:
        tests = [_bound(reader, left, bound, span, here) for bound in bounds_of(inner[0])]
        if any(test is None for test in tests):
            return None
        kept = tuple(test for test in tests if test is not None)
        if len(kept) == 1:
            return kept[0]
        return Both(kept, span=span) if _not_empty(reader, inner[0], kept, here) else None
    match node.kind:
        case "is_blank":
            if isinstance(left, Column):
                return Blank(left, span=span)
            if left is not None:
                reader.problems.add(
                    "SIB0414",
                    "Only a column can be blank.",
                    span,
                    clause=here.clause,
                    mark="not a column",
                    help="Name a column of the records.",
                )
            return None
        case "is_one_of":
            words = [word for word in node.walk() if isinstance(word, Word) and word.kind in ("NAME", "TEXT")]
            options = [_same(reader, left, _category(left, word), "=", word.span, here) for word in words]
            kept = tuple(one for one in options if one is not None)
            return Either(kept, span=span) if len(kept) == len(options) else None
        case "in_span":
            inside = node.node("span")
            said = inside.said if inside else ""
            if said in ("the service period", "the payment period"):
                if left is None or not _dated(reader, left, here):
                    return None
                return InPeriod(left, "service period" if "service" in said else "payment period", span=span)
            reader.not_yet(node.span, f"`in {said}`", clause=here.clause)
            return None
        case "days_between":
            first, last = (reader.day(word, here.clause) for word in node.words("DATE"))
            days = reader.between(first, last, node.span, here.clause)
            if days is None or left is None or not _dated(reader, left, here):
                return None
            low, high = Value(days.start, "date", span=node.span), Value(days.last, "date", span=node.span)
            return Both(
                (Compare(left, ">=", low, span=span), Compare(left, "<=", high, span=span)), span=span
            )
        case "equal_to":
            right = node.children[0]
            if (
                isinstance(right, Node)
                and right.kind == "path"
                and isinstance(left, Column)
                and left.kind == "category"
            ):
                return _same(reader, left, _category(left, right.words("NAME")[0]), "=", right.span, here)
            return _same(reader, left, amount(reader, right, here), "=", span, here)
        case "on_or_after" | "on_or_before" | "after" | "before":
            right_side = amount(reader, node.children[0], here)
            if (
                left is not None
                and right_side is not None
                and not (_dated(reader, left, here) and _dated(reader, right_side, here))
            ):
                return None
            return _same(reader, left, right_side, _WORDS[node.kind], span, here)
    return None


def _category(left: Amount | None, word: Word) -> Amount:
    text = word.text[1:-1] if word.kind == "TEXT" else word.text
    kind: Kind = left.kind if left is not None and left.kind in ("category", "yes or no") else "text"
    return Value(text, kind, span=word.span)


def _dated(reader: Reader, side: Amount, here: Here) -> bool:
    if side.kind == "date":
        return True
    reader.problems.add(
        "SIB0413",
        f"{SAID[side.kind].capitalize()} cannot be compared with a date.",
        side.span,
        clause=here.clause,
        mark=f"{SAID[side.kind]}, not a date",
        help="Use `at least` or `at most` for numbers; `on or after` is for dates.",
    )
    return False


def _bound(reader: Reader, left: Amount | None, node: Node, span: Span, here: Here) -> Condition | None:
    if node.kind == "whole_range":
        words = node.words("INT")
        low, high = (reader.plain(word) for word in words)
        tests = (_same(reader, left, low, ">=", span, here), _same(reader, left, high, "<=", span, here))
        return Both((tests[0], tests[1]), span=span) if tests[0] and tests[1] else None
    right = amount(reader, node.children[0], here)
    return _same(reader, left, right, _WORDS[node.kind], span, here)


def _same(
    reader: Reader, left: Amount | None, right: Amount | None, op: Comparison, span: Span, here: Here
) -> Condition | None:
    if left is None or right is None:
        return None
    if not alike(left.kind, right.kind) or (op != "=" and left.kind not in NUMERIC and left.kind != "date"):
        reader.problems.add(
            "SIB0413",
            f"{SAID[left.kind].capitalize()} cannot be compared with {SAID[right.kind]}.",
            span,
            clause=here.clause,
            mark=f"{SAID[left.kind]} against {SAID[right.kind]}",
            help=_compare_help(left, right),
        )
        return None
    if not _category_known(reader, left, right, here):
        return None
    return Compare(left, op, right, span=span)


def _not_empty(reader: Reader, node: Node, ends: tuple[Condition, ...], here: Here) -> bool:
    """Whether a number can meet both ends of a range; reports one that ends before it begins."""
    whole = Interval()
    for end in ends:
        for one in end.tests if isinstance(end, Both) else (end,):
            if (
                isinstance(one, Compare)
                and isinstance(one.right, Value)
                and isinstance(one.right.value, Fraction)
            ):
                whole = whole.meet(_beside(one.op, one.right.value))
    if whole.empty:
        _holds_nothing(reader, node, here)
    return not whole.empty


def _beside(op: Comparison, number: Fraction) -> Interval:
    """The numbers that compare so with a number."""
    match op:
        case "=":
            return Interval(number, True, number, True)
        case ">" | ">=":
            return Interval(number, op == ">=")
        case "<" | "<=":
            return Interval(None, False, number, op == "<=")


def _holds_nothing(reader: Reader, node: Node, here: Here) -> None:
    reader.problems.add(
        "SIB0415",
        "No number lies in this range: it ends before it begins.",
        node.span,
        clause=here.clause,
        mark="holds nothing",
        help="Put the lower end first.",
    )


def _category_known(reader: Reader, left: Amount, right: Amount, here: Here) -> bool:
    """Whether a word is one that the column may hold; reports one that it never can."""
    table = here.metrics.get(left.metric) if isinstance(left, MetricColumn) else here.row
    column = table.column(left.name) if table and isinstance(left, (Column, MetricColumn)) else None
    if (
        column is None
        or not column.categories
        or not isinstance(right, Value)
        or right.value in column.categories
    ):
        return True
    near = nearest(str(right.value), column.categories)
    reader.problems.add(
        "SIB0422",
        f"{column.name} never holds {right.value}.",
        right.span,
        clause=here.clause,
        mark="not one of its values",
        help=f"Did you mean `{near}`?"
        if near
        else "It may hold: " + ", ".join(f"`{one}`" for one in column.categories) + ".",
        labels=(Label(column.span, f"{column.name} is declared here"),),
    )
    return False


def _compare_help(left: Amount, right: Amount) -> str:
    if left.kind == "yes or no":
        return "Write `is yes` or `is no`."
    if left.kind == "date":
        return "Write `is on or after`, `is before` or `is in the service period` with a date."
    if "money" in (left.kind, right.kind):
        return "Put the currency sign before an amount of money, and none before a number."
    return "Compare two values of the same kind."


def bounds_of(node: Node) -> list[Node]:
    """The ends that a range is written with; `11 to 14` is both in one."""
    return [node] if node.kind == "whole_range" else node.nodes()


def interval(reader: Reader, node: Node, here: Here, kinds: tuple[str, ...]) -> Interval | None:
    """The numbers that a range such as `at least 16 hours but less than 30 hours` holds; `kinds` are the units it may use."""
    whole = Interval()
    for bound in bounds_of(node):
        if bound.kind == "whole_range":
            low, high = (money.parse(word.text) for word in bound.words("INT"))
            whole = whole.meet(Interval(low, True, high, True))
            continue
        value = amount(reader, bound.children[0], here)
        if value is None:
            return None
        if not isinstance(value, Value) or not isinstance(value.value, Fraction):
            reader.problems.add(
                "SIB0414",
                "The end of a range is a number; this is something else.",
                bound.span,
                clause=here.clause,
                mark="not a number",
                help="Write a number, such as `at least 16 hours`.",
            )
            return None
        if not any(alike(value.kind, kind) for kind in kinds):
            wanted = SAID[kinds[0]]
            reader.problems.add(
                "SIB0413",
                f"{SAID[value.kind].capitalize()} cannot limit {wanted}.",
                bound.span,
                clause=here.clause,
                mark=f"{SAID[value.kind]}, not {wanted}",
                help=f"Write the end as {wanted}." if kinds[0] in NUMERIC else "Only numbers have a range.",
            )
            return None
        number = value.value
        whole = whole.meet(_beside(_WORDS[bound.kind], number))
    if whole.empty:
        _holds_nothing(reader, node, here)
        return None
    return whole


def within(condition_: Condition, span: Span) -> Condition:
    """The condition with the span of the line that says it."""
    return evolve(condition_, span=span)
