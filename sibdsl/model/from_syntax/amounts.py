"""Amounts: from words to typed nodes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal, cast

from sibdsl import money
from sibdsl.dates import Duration
from sibdsl.diagnostics import nearest
from sibdsl.model.from_syntax import printed_tables
from sibdsl.model.from_syntax.columns_of_other_records import of_other_records
from sibdsl.model.from_syntax.payment_selections import selection
from sibdsl.model.from_syntax.people import columns_by_person
from sibdsl.model.from_syntax.percentages import changed_by_share, sign_wanted
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here, alike, loose, without_sign
from sibdsl.model.nodes import (
    Amount,
    Arithmetic,
    Column,
    DateMoved,
    Extreme,
    FirstGiven,
    Given,
    JoiningDate,
    MetricColumn,
    MetricTotal,
    Paid,
    Particular,
    ResultDate,
    TimeBetween,
    Value,
    WholeYears,
    WindowEnd,
    Working,
)
from sibdsl.model.types import NUMERIC, Kind
from sibdsl.model.workings import in_steps as of_a_few
from sibdsl.model.workings import speaks_of_quantities
from sibdsl.names import SORTS
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Part, Word

#: Words that are a value in themselves.
_PLAIN = ("MONEY", "INT", "DECIMAL", "PERCENT", "FRACTION", "DATE", "TEXT")


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
        case "below_nought":
            reader.problems.add(
                "SIB0563",
                "An amount below nought can stand in a printed table, and in what examples and scenarios give or expect; not here.",
                part.span,
                clause=here.clause,
                mark="below nought",
                help="What a payee pays is a payment of its own, with payer and payee the other way round.",
            )
            return None
        case "word_atom":
            if part.said == "nothing":
                return Value(Fraction(0), "money", span=part.span)
            return Value(part.said, "yes or no", span=part.span)
        case "result_date":
            return result_date(reader, part.words("NAME")[0], part.span, here)
        case "joining_date" | "window_end":
            return _of_member(reader, part, here)
        case "percent_of" | "fraction_of":
            share = amount(reader, part.children[0], here)
            whole = amount(reader, part.children[1], here)
            return _combine(reader, "times", share, whole, part.span, here)
        case "plus" | "minus" | "times" | "divided_by":
            left, right = (amount(reader, child, here) for child in part.children[:2])
            return _combine(reader, part.kind.replace("_", " "), left, right, part.span, here)
        case "looked_up" | "looked_up_year":
            keys = [amount(reader, node, here) for node in part.nodes("path")]
            return printed_tables.read_at(reader, part, here, keys[0] if keys else None)
        case special if special in _READERS:
            return _READERS[special](reader, part, here)
        case "payments":
            if here.rule:
                chosen = selection(reader, part, here.clause)
                return Paid(chosen, span=part.span) if chosen else None
    later = {
        "total_of": "`total of`",
        "duration": "a length of time on its own",
        "payments": "`payments` as an amount",
    }
    number = part.word("INT") if part.kind == "duration" else None
    instead = (
        f"Write the number alone, `{number.text}`: a length of time is neither multiplied nor added."
        if number
        else ""
    )
    reader.not_yet(part.span, later.get(part.kind, "this amount"), clause=here.clause, instead=instead)
    return None


def _several(reader: Reader, node: Node, here: Here, *kinds: str) -> tuple[Amount, ...]:
    """The amounts of a list in brackets, all of one of the kinds; none after a complaint."""
    amounts = [amount(reader, child, here) for child in node.children]
    several = tuple(one for one in amounts if one is not None)
    if len(several) < len(amounts):
        return ()
    bare = next((one for one in several for other in several if _bare(one, other)), None)
    if bare is not None:
        sign_wanted(reader, bare, here.clause)
        return ()
    for one in several:
        if not alike(one.kind, several[0].kind) or one.kind not in kinds:
            reader.problems.add(
                "SIB0413",
                f"{SAID[several[0].kind].capitalize()} cannot be compared with {SAID[one.kind]}.",
                one.span,
                clause=here.clause,
                mark=f"{SAID[one.kind]}, not {SAID[several[0].kind]}",
                help="Compare amounts of one kind.",
            )
            return ()
    return several


def _extreme(reader: Reader, node: Node, here: Here) -> Amount | None:
    several = _several(reader, node, here, *NUMERIC, *(("date",) if here.row is not None else ()))
    if not several:
        return None
    way: Literal["lower", "higher"] = "lower" if node.kind == "lower_of" else "higher"
    return Extreme(way, several, _kind_of(several), span=node.span)


def _first_given(reader: Reader, node: Node, here: Here) -> Amount | None:
    """`the first given of (Agreed Price and £0)`. Source: language reference, 'Columns worked out', 'Blanks in certificates, baselines and floors'."""
    if here.row is None and not here.totals:
        reader.not_yet(
            node.span,
            "`the first given of` where no quantities are read, so that nothing is blank,",
            clause=here.clause,
        )
        return None
    several = _several(reader, node, here, *NUMERIC, *(("date",) if here.row is not None else ()))
    return FirstGiven(several, _kind_of(several), span=node.span) if several else None


def _kind_of(several: tuple[Amount, ...]) -> Kind:
    """The kind of amounts that are alike: that of the first which is more than a bare number."""
    return next((one.kind for one in several if one.kind != "number"), "number")


def _path(reader: Reader, node: Node, here: Here) -> Amount | None:
    names = node.words("NAME")
    first = names[0]
    if len(names) == 2 and reader.scope.find(names[1].text, ("records",)):
        return columns_by_person.column(reader, names[0], names[1], node.span, here)
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
    if isinstance(given, Particular) and given.per:
        printed_tables.needs_key(reader, given, node.span, here)
        return None
    if given is not None:
        return Given(given.name, given.kind, span=node.span)
    coded, known = printed_tables.through_code(reader, first, here, node.span)
    if known:
        return coded
    if here.totals and first.text in reader.steps:
        return Working(first.text, reader.steps[first.text], span=node.span)
    if (here.rule or here.totals) and reader.scope.find(first.text, ("metric",)):
        return MetricTotal(first.text, kind=reader.measures.get(first.text, "count"), span=node.span)
    if _elsewhere(reader, first, node.span, here):
        return None
    choices = [*printed_tables.columns_read(reader, here.row), *here.values]
    if here.rule or here.totals:
        choices += [*reader.steps, *reader.scope.of("metric")]
    term = reader.scope.terms.get(first.text)
    near = nearest(first.text, choices) if term is None else None
    where = f" of {here.row.name}" if here.row else ""
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
            "There are: " + ", ".join(f"`{choice}`" for choice in choices[:8]) + "."
            if choices
            else "Write the amount, or declare it under `particulars`."
        ),
    )
    return None


def _elsewhere(reader: Reader, word: Word, span: Span, here: Here) -> bool:
    """Report a name that means something in other words: an answer with a capital, a column of another row, a cohort."""
    name, code = word.text, "SIB0305"
    if name in reader.scope.terms and not reader.scope.find(name, ("cohort", "metric", "scale")):
        return False
    of = [one for one, table in here.metrics.items() if table != here.row and table.column(name)]
    if name in ("Yes", "No"):
        code = "SIB0301"
        said, mark = f"{name} is not defined: the answers are `yes` and `no`.", "an answer, with a capital"
        help_ = f"Write `{name.casefold()}`."
    elif here.row is None and (name in reader.steps or reader.scope.find(name, ("metric",))):
        what = "a metric" if reader.scope.find(name, ("metric",)) else "a step of the workings, or a scale"
        said, mark = (
            f"{name} is {what}: it is known only once quantities are, and here an amount stands that is known before.",
            "not known before",
        )
        help_ = (
            f"Name a particular or write the amount; what is paid can be bounded by {name} in the sum itself, as in "
            f"`pays the lower of (... and {name})`."
        )
    elif of:
        code = "SIB0301"
        said, mark = (
            f"{name} is no column of these rows; the row that {of[0]} counts has one.",
            "of which row?",
        )
        help_ = f"Write `{name} of {of[0]}`."
    elif told := of_other_records(reader, name, here):
        code, (said, mark, help_) = "SIB0301", told
    elif reader.scope.find(name, ("cohort",)):
        said, mark = f"{name} is a cohort: people, and not how many there are.", "a cohort"
        help_ = f"Name a metric that `counts people` `among {name}`; write one if there is none."
        near = [one for one in reader.scope.of("metric") if nearest(name, [one])]
        help_ += f" Did you mean `{near[0]}`?" if near else ""
    else:
        return False
    reader.problems.add(code, said, span, clause=here.clause, mark=mark, help=help_)
    return True


_COUNTED: dict[str, Literal["whole months", "days", "month ends"]] = {
    "whole_months": "whole months",
    "days_from": "days",
    "month_ends": "month ends",
}


def _time_between(reader: Reader, node: Node, here: Here) -> Amount | None:
    """`whole years from Date Of Birth to Started On`, whole months, days, month ends. Source: 'Columns worked out'."""
    counted = _COUNTED.get(node.kind)
    said = counted or "whole years"
    if here.row is None:
        reader.not_yet(node.span, f"`{said} from` outside rows", clause=here.clause)
        return None
    start, end = (amount(reader, side, here) for side in node.children[:2])
    if start is None or end is None:
        return None
    for side in (start, end):
        if side.kind != "date":
            reader.problems.add(
                "SIB0413",
                f"{said.removeprefix('whole ').capitalize()} are counted from a date to a date; this is {SAID[side.kind]}.",
                side.span,
                clause=here.clause,
                mark=f"{SAID[side.kind]}, not a date",
                help="Name a column that holds a date.",
            )
            return None
    if counted is None:
        return WholeYears(start, end, span=node.span)
    return TimeBetween(counted, start, end, "days" if counted == "days" else "count", span=node.span)


def _of_member(reader: Reader, part: Node, here: Here) -> Amount | None:
    """A date that each member has: of joining, or the last of their window."""
    if part.kind == "joining_date" and here.joins:
        return JoiningDate(span=part.span)
    if part.kind == "window_end" and here.window:
        return WindowEnd(span=part.span)
    if part.kind == "joining_date":
        reader.problems.add(
            "SIB0412",
            "`joining date` has no meaning here: it belongs to a metric counted among a cohort.",
            part.span,
            clause=here.clause,
            mark="no cohort is joined here",
            help="Name a column instead.",
        )
    else:
        reader.problems.add(
            "SIB0476",
            "`end of window` has no meaning here: no line says which window.",
            part.span,
            clause=here.clause,
            mark="the end of what?",
            help="Add a line such as `window 1 year from joining date` to the metric, or name a date.",
        )
    return None


def _moved(reader: Reader, node: Node, here: Here) -> Amount | None:
    """`18 years after Date Of Birth`. Source: language reference, 'Columns worked out'."""
    if here.row is None:
        reader.not_yet(node.span, "a length of time after or before a date here", clause=here.clause)
        return None
    moved = length_and_date(reader, node, here, "A length of time lies after a date")
    if moved is None:
        return None
    duration, start = moved
    return DateMoved(start, "after" if node.kind == "later" else "before", duration, span=node.span)


def length_and_date(reader: Reader, node: Node, here: Here, said: str) -> tuple[Duration, Amount] | None:
    """A length of time and the date that it lies beside, which `said` asks for; None after a complaint."""
    duration = reader.duration(node.nodes("duration")[0], here.clause)
    day = amount(reader, node.children[-1], here)
    if duration is None or day is None:
        return None
    if day.kind != "date":
        reader.problems.add(
            "SIB0413",
            f"{said}; this is {SAID[day.kind]}.",
            day.span,
            clause=here.clause,
            mark=f"{SAID[day.kind]}, not a date",
            help="Name a column that holds a date.",
        )
        return None
    return duration, day


def result_date(reader: Reader, metric: Word, span: Span, here: Here) -> ResultDate | None:
    """`the date of Job Start`: of the first result of that metric for the person. Source: 'The date of another result'."""
    name = reader.name(metric, "metric", clause=here.clause)
    if not name or not has_rows(reader, name, span, here):
        return None
    if name not in here.metrics or not here.joins:
        reader.not_yet(span, f"`the date of {name}` outside a metric of people", clause=here.clause)
        return None
    return ResultDate(name, span=span)


def has_rows(reader: Reader, metric: str, span: Span, here: Here) -> bool:
    """Whether the metric's results are each a person's; reports one whose are not."""
    if metric not in reader.rowless:
        return True
    reader.problems.add(
        "SIB0494",
        f"{metric} picks no row of a person, so nothing of one can be read.",
        span,
        clause=here.clause,
        mark="of which row?",
        help="Name a metric that counts rows of people, or a column of this row.",
    )
    return False


def _metric_column(reader: Reader, column: Word, metric: Word, span: Span, here: Here) -> Amount | None:
    name = reader.name(metric, "metric", clause=here.clause)
    if not name:
        return None
    table = here.metrics.get(name)
    if not has_rows(reader, name, span, here):
        return None
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


_READERS: dict[str, Callable[[Reader, Node, Here], Amount | None]] = {
    "whole_years": _time_between,
    "whole_months": _time_between,
    "days_from": _time_between,
    "month_ends": _time_between,
    "later": _moved,
    "earlier": _moved,
    "lower_of": _extreme,
    "higher_of": _extreme,
    "first_given_of": _first_given,
}

speaks = speaks_of_quantities


def in_steps(reader: Reader, one: Amount) -> bool:
    """Whether an amount takes one of a few values whatever the quantities, by what has been read so far."""
    return of_a_few(one, reader.worked.get)


def _beyond_prices(reader: Reader, op: str, left: Amount, right: Amount, here: Here) -> bool:
    """Whether quantities are multiplied or divided by one another where prices are worked out."""
    if not here.totals or here.products or not (speaks(left) and speaks(right)):
        return False
    return op == "divided by" or not (in_steps(reader, left) or in_steps(reader, right))


def _bare(one: Amount, other: Amount) -> bool:
    """Whether a number is written, without the sign, where a percentage is added to, taken from or set beside it."""
    return isinstance(one, Value) and without_sign(one, other)


def _is_one(one: Amount) -> bool:
    return isinstance(one, Value) and one.value == 1


def _quotient(a: Kind, b: Kind) -> Kind | None:
    """The kind of one number divided by another: like by like is a share, which is a percentage; of two shares, a number."""
    if a == b and a not in ("number", "percentage", "money per day"):
        return "percentage"
    if alike(a, b) and b != "number":
        return "number"
    return a if loose(b) else None


def _combine(
    reader: Reader, op: str, left: Amount | None, right: Amount | None, span: Span, here: Here
) -> Amount | None:
    if left is None or right is None:
        return None
    a, b = left.kind, right.kind
    kind: str | None = None
    if op in ("plus", "minus"):
        bare = next((one for one, other in ((left, right), (right, left)) if _bare(one, other)), None)
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
