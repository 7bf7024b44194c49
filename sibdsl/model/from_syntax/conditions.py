"""Conditions and ranges: from words to typed nodes."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from attrs import evolve

from sibdsl import money
from sibdsl.dates import Duration
from sibdsl.diagnostics import Label, nearest
from sibdsl.model.conditions_on_rows import person_column
from sibdsl.model.from_syntax.amounts import amount, length_and_date
from sibdsl.model.from_syntax.percentages import bare_ends, sign_wanted
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rows_of_others import has_rows, outside_people
from sibdsl.model.from_syntax.table_cells import PERIODS
from sibdsl.model.from_syntax.value_kinds import SAID, Here, alike, asked, without_sign
from sibdsl.model.from_syntax.words_of_numbers import refused_of_dates
from sibdsl.model.nodes import (
    Amount,
    AnyDay,
    AnyResult,
    Blank,
    Both,
    Column,
    Compare,
    Comparison,
    Condition,
    Either,
    InPeriod,
    JoinedColumn,
    MetricColumn,
    Not,
    TimeSide,
    Value,
)
from sibdsl.model.types import NUMERIC, Interval, Kind
from sibdsl.source import Span
from sibdsl.syntax import Node, Word

#: Phrases that hold a range of numbers.
RANGES = ("range", "whole_range")


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
            if _numbers_of_dates(reader, node, left, predicate, here):
                return None
            found = _predicate(reader, left, predicate, node.span, here)
            return (
                Not(found, span=node.span) if found is not None and node.kind == "comparison_not" else found
            )
        case "any_result":
            return _any_result(reader, node, here)
    return _any_day(reader, node, here)


def _numbers_of_dates(reader: Reader, node: Node, left: Amount | None, predicate: Node, here: Here) -> bool:
    """Whether `at most` or its like stands between dates; reports it."""
    ranges = [part for part in predicate.nodes() if part.kind == "range"]
    if left is None or left.kind != "date" or not ranges:
        return False
    ends = [(bound, amount(reader, bound.children[0], here)) for bound in bounds_of(ranges[0])]
    return refused_of_dates(reader, left, ends, node.span, here, denied=node.kind == "comparison_not")


def _any_day(reader: Reader, node: Node, here: Here) -> Condition | None:
    """`any day of Episodes is in the 1 year before DECOM`: about other rows of the person whose row is under test."""
    name = reader.name(node.words("NAME")[0], "records", clause=here.clause)
    table = reader.tables.get(name)
    time = _time_asked(reader, node, here)
    if table is None or time is None:
        return None
    duration, way, end = time
    people = [records for records in (table, here.row) if records is not None and person_column(records)]
    if len(people) < 2 or table.spell is None:
        reader.problems.add(
            "SIB0475",
            f"{table.name} does not say how long its rows last, so they have no days."
            if table.spell is None
            else "Other rows of a person are meant, and here are no rows of persons.",
            node.span,
            clause=here.clause,
            mark="from when to when?" if table.spell is None else "of whom?",
            help="Add a line `spell` to the records, such as `spell from Started On to the day before Ended On, open while blank`."
            if table.spell is None
            else "Name records that have a column which holds `person`, in a cohort or metric of such records.",
        )
        return None
    return AnyDay(name, duration, end, way, span=node.span)


def _any_result(reader: Reader, node: Node, here: Here) -> Condition | None:
    """`any result of Reoffence is in the 12 months after Released On`: of another metric, for the same person."""
    word = node.words("NAME")[0]
    name = reader.name(word, "metric", clause=here.clause)
    time = _time_asked(reader, node, here)
    if not name or time is None or not has_rows(reader, name, word.span, here):
        return None
    if name not in here.metrics or not here.joins:
        outside_people(reader, f"`any result of {name}`", node.span, here)
        return None
    duration, way, day = time
    return AnyResult(name, duration, day, way, span=node.span)


def _time_asked(reader: Reader, node: Node, here: Here) -> tuple[Duration, TimeSide, Amount] | None:
    """The time that a test asks about: how long, and before or after which date; None after a complaint."""
    asked_of = length_and_date(reader, node, here, "A time lies before or after a date")
    if asked_of is None:
        return None
    duration, day = asked_of
    return duration, cast("TimeSide", node.nodes("time_side")[0].said), day


#: Phrases that name days before or after one.
DAY_TESTS = ("on_or_after", "on_or_before", "after", "before")
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
        if (len(kept) > 1 or inner[0].kind == "whole_range") and not _not_empty(reader, inner[0], kept, here):
            return None
        return kept[0] if len(kept) == 1 else Both(kept, span=span)
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
        case "is_given":
            _is_given(reader, span, here)
        case "is_one_of":
            words = [word for word in node.walk() if isinstance(word, Word) and word.kind in ("NAME", "TEXT")]
            options = [_same(reader, left, _category(left, word), "=", word.span, here) for word in words]
            kept = tuple(option for option in options if option is not None)
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
        case kind if kind in PERIODS:
            days = reader.period(node, here.clause)
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


def _is_given(reader: Reader, span: Span, here: Here) -> None:
    reader.problems.add(
        "SIB0414",
        "Whether something is given is asked of a payment as a whole.",
        span,
        clause=here.clause,
        mark="not beside other conditions",
        help="Write a line of its own in a payment: `paid only if Provider Fee is given`.",
    )


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
    if without_sign(right, left) or without_sign(left, right):
        bare = right if without_sign(right, left) else left
        sign_wanted(reader, bare, here.clause)
        return None
    # An amount that is written for a day has the sign of any amount.
    priced = isinstance(right, Value) and (left.kind, right.kind) == ("money per day", "money")
    if not (priced or alike(left.kind, right.kind)) or (
        op != "=" and left.kind not in NUMERIC and left.kind != "date"
    ):
        reader.problems.add(
            "SIB0413",
            f"{SAID[left.kind].capitalize()} cannot be compared with {SAID[right.kind]}.",
            span,
            clause=here.clause,
            mark=f"{SAID[left.kind]} against {SAID[right.kind]}",
            help=_compare_help(reader, left, right),
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
    table = here.row
    if isinstance(left, MetricColumn | JoinedColumn):
        holders = here.metrics if isinstance(left, MetricColumn) else here.cohorts
        table = holders.get(left.metric if isinstance(left, MetricColumn) else left.cohort)
    column = (
        table.column(left.name) if table and isinstance(left, Column | MetricColumn | JoinedColumn) else None
    )
    if table and column is None and isinstance(left, Column):
        column = reader.by_person.get(table.name, {}).get(left.name)
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
        else "It may hold: " + ", ".join(f"`{category}`" for category in column.categories) + ".",
        labels=(Label(column.span, f"{column.name} is declared here"),),
    )
    return False


def _compare_help(reader: Reader, left: Amount, right: Amount) -> str:
    number = right.value if isinstance(right, Value) else None
    if isinstance(number, Fraction) and left.kind in NUMERIC:
        meant = asked(right, left.kind, reader.currency)
        if meant:
            return f"Like is compared with like: here {meant}."
        return f"Like is compared with like: write a value that is {SAID[left.kind]}, or name what is {SAID[right.kind]}."
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
            ends = [reader.plain(word) for word in bound.words("INT")]
            if not bare_ends(reader, ends, kinds[0], here.clause):
                return None
            low, high = (money.parse(word.text) for word in bound.words("INT"))
            whole = whole.meet(Interval(low, True, high, True))
            continue
        value = amount(reader, bound.children[0], here)
        if value is None:
            return None
        if not isinstance(value, Value) or not isinstance(value.value, Fraction):
            reader.problems.add(
                "SIB0414",
                f"The end of a range is a number; this is {'a date' if value.kind == 'date' else 'something else'}.",
                bound.span,
                clause=here.clause,
                mark="not a number",
                help="Write a number, such as `at least 16 hours`."
                if value.kind != "date"
                else "Dates are limited by conditions: `only if`, with `on or after` or `on or before`.",
            )
            return None
        if value.kind == "number" and value.value != 0 and kinds[0] == "percentage":
            sign_wanted(reader, value, here.clause)
            return None
        if not any(alike(value.kind, kind) for kind in kinds):
            wanted = SAID[kinds[0]]
            meant = asked(value, kinds[0], reader.currency)
            reader.problems.add(
                "SIB0413",
                f"{SAID[value.kind].capitalize()} cannot limit {wanted}.",
                bound.span,
                clause=here.clause,
                mark=f"{SAID[value.kind]}, not {wanted}",
                help=(f"Write the end as {wanted}: {meant}." if meant else f"Write the end as {wanted}.")
                if kinds[0] in NUMERIC
                else "Only numbers have a range.",
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
