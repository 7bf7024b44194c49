"""Amounts given by name: a column, a particular, a metric, a step of the workings, a date that each member has."""

from __future__ import annotations

from sibdsl.diagnostics import Label, nearest
from sibdsl.model.from_syntax import printed_tables, rows_of_others
from sibdsl.model.from_syntax.columns_of_other_records import of_other_records
from sibdsl.model.from_syntax.people import columns_by_person
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import Here
from sibdsl.model.nodes import (
    Amount,
    Column,
    Given,
    JoiningDate,
    MetricTotal,
    Particular,
    WindowEnd,
    Working,
)
from sibdsl.names import SORTS
from sibdsl.source import Span
from sibdsl.syntax import Node, Word


def named(reader: Reader, node: Node, here: Here) -> Amount | None:
    """What a name, or `Column of Metric`, stands for where it is written; None after a complaint."""
    names = node.words("NAME")
    first = names[0]
    if len(names) == 2 and reader.scope.find(names[1].text, ("records",)):
        return columns_by_person.column(reader, names[0], names[1], node.span, here)
    if len(names) == 2 and reader.scope.find(names[1].text, ("cohort",)):
        return rows_of_others.joined_column(reader, names[0], names[1], node.span, here)
    if len(names) == 2:
        return rows_of_others.metric_column(reader, names[0], names[1], node.span, here)
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
    if _elsewhere(reader, first, node.span, here) or _not_worked_out_yet(reader, first, node.span, here):
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


def total_of_band(reader: Reader, node: Node, here: Here) -> Amount | None:
    """How many of a metric there were in one of its bands, where quantities are read; None after a complaint."""
    metric, band = node.words("NAME")
    name = metric.text
    if not reader.scope.find(name, ("metric",)) or not (here.rule or here.totals):
        known = reader.name(metric, "metric", clause=here.clause)
        if known:
            _elsewhere(reader, metric, node.span, here)
        return None
    bands = reader.banded.get(name, ())
    if band.text not in bands:
        near = nearest(band.text, bands)
        reader.problems.add(
            "SIB0434",
            f"{band.text} is not a band of {name}.",
            band.span,
            clause=here.clause,
            mark="no such band",
            help=f"Did you mean `{near}`?"
            if near
            else f"Its bands: {', '.join(f'`{one}`' for one in bands)}."
            if bands
            else f"{name} has no bands: write `{name}` alone.",
        )
        return None
    return MetricTotal(name, band.text, reader.measures.get(name, "count"), span=node.span)


def _not_worked_out_yet(reader: Reader, word: Word, span: Span, here: Here) -> bool:
    """Report a step or a scale that is named before it is worked out, or in its own working."""
    if not here.totals or reader.scope.find(word.text, ("step", "scale")) is None:
        return False
    reader.problems.add(
        "SIB0301",
        f"{word.text} is not worked out yet here: a step speaks of the steps and scales that stand before it.",
        span,
        clause=here.clause,
        mark="worked out later, or of this itself",
        help=f"Put the row or block that works out {word.text} before this one; no amount is made of itself.",
        labels=(Label(reader.scope.terms[word.text].span, f"{word.text} is worked out here"),),
    )
    return True


def _elsewhere(reader: Reader, word: Word, span: Span, here: Here) -> bool:
    """Report a name that means something in other words: an answer with a capital, a column of another row, a cohort."""
    name, code = word.text, "SIB0305"
    if name in reader.scope.terms and not reader.scope.find(
        name, ("cohort", "metric", "scale", "step", "workings")
    ):
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


def of_member(reader: Reader, part: Node, here: Here) -> Amount | None:
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
