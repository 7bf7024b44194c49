"""Refuses a metric or a cohort that a variation replaces by one whose results cannot stand beside the old ones.

One name has one measure, and a row is counted once. Source of the rule: language reference, 'Metrics, cohorts and bands replaced'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve

from sibdsl.dates import Duration
from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.definitions_replaced import reads_table
from sibdsl.model.from_syntax.metrics.worked_out import is_made
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import (
    Bands,
    Cohort,
    Determination,
    EarlierDays,
    FewerDays,
    Held,
    Lookup,
    Metric,
    PeopleReaching,
    Pick,
    ShareOfDays,
)
from sibdsl.syntax import Block

#: How many days, or months, a length of time has, by its unit: a time in days is never told from one in months.
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def of_rows(again: Iterable[Block]) -> list[Block]:
    """The metrics that take the place of others and count rows."""
    return [block for block in again if block.kind == "metric" and not is_made(block)]


def metrics_go_on(reader: Reader, counted: Mapping[str, Metric], again: tuple[Metric, ...]) -> None:
    """Report a metric that measures something else than the one of its name, or the same by other means than dates can part."""
    for new in again:
        others = [other for other in again if other.name == new.name and other is not new]
        old = counted.get(new.name)
        if old is None:
            if reader.scope.find(new.name, ("metric",)):
                _not_of_rows(reader, new)
            continue
        for other in (old, *others):
            what = next(_differs(other, new, first=other is old and not others), "")
            if what:
                _refused(reader, new, other, what)
                break


def cohorts_go_on(reader: Reader, before: Mapping[str, Cohort], again: tuple[Cohort, ...]) -> None:
    """Report a cohort of other rows than the one of its name, or of a fixed size, or tracked otherwise."""
    for new in again:
        others = [other for other in again if other.name == new.name and other is not new]
        for old in (*([before[new.name]] if new.name in before else []), *others):
            what = next(_joins_otherwise(old, new), "")
            if what:
                _refused(reader, new, old, what)
                break


def readers_of_tables_go_on(
    reader: Reader, again: Iterable[Lookup], metrics: Iterable[Metric], cohorts: Iterable[Cohort]
) -> None:
    """Report a table that a metric or a cohort reads whose results their dates cannot part."""
    counted, joined = list(metrics), list(cohorts)
    for table in again:
        mine: list[tuple[Metric | Cohort, str]] = [
            (one, next(_differs(one, one, first=True), "")) for one in counted if reads_table(one, table.name)
        ]
        mine += [
            (one, next(_joins_otherwise(one, one), "")) for one in joined if reads_table(one, table.name)
        ]
        for one, what in [pair for pair in mine if pair[1]][:1]:
            reader.problems.add(
                "SIB0232",
                f"Table {table.name} cannot be replaced: {one.name} reads it, {'a metric' if isinstance(one, Metric) else 'a cohort'} {what}.",
                table.span,
                clause=table.clause,
                mark="by which of its texts?",
                help="Let the variation `add` it under another Name, with what reads it under another Name, and `replace` what speaks of that.",
                labels=(Label(one.span, f"{one.name} is here"),),
            )


def bands_go_on(
    reader: Reader, before: Mapping[str, Bands], again: tuple[Bands, ...], metrics: tuple[Metric, ...]
) -> None:
    """Report bands of other names or of another column, and bands of a metric whose results their dates cannot part."""
    for new in again:
        others = [other for other in again if other.name == new.name and other is not new]
        for old in (*([before[new.name]] if new.name in before else []), *others):
            what = next(_banded_otherwise(old, new), "")
            if what:
                _refused(reader, new, old, what)
                break
        else:
            mine = (
                (metric, next(_differs(metric, metric, first=True), ""))
                for metric in metrics
                if metric.bands == new.name
            )
            metric, what = next(((metric, what) for metric, what in mine if what), (None, ""))
            if metric is not None and new.name in before:
                _refused(reader, new, before[new.name], f"in which {metric.name} counts, a metric {what}")


def _banded_otherwise(old: Bands, new: Bands) -> Iterator[str]:
    if old.by != new.by:
        yield f"of another column: {old.by} before, {new.by} now"
    if [band.name for band in old.bands] != [band.name for band in new.bands]:
        yield "whose bands have other names, or stand in another order"
    if old.kinds != new.kinds:
        yield "of values of another kind"


def _differs(old: Metric, new: Metric, *, first: bool) -> Iterator[str]:
    """What keeps the results of the two apart under one name. `first` is set where these are all the texts there are."""
    kinds = (Determination, PeopleReaching, ShareOfDays, FewerDays, EarlierDays)
    if isinstance(old.counts, kinds) or isinstance(new.counts, kinds) or new.window or old.window:
        yield "whose results are no rows or days of their own dates"
    if old.records != new.records:
        yield f"that counts other records: {old.records} before, {new.records} now"
    if (old.counts, old.weight, old.weight_at, old.measures) != (
        new.counts,
        new.weight,
        new.weight_at,
        new.measures,
    ):
        yield "that counts, adds up or weighs something else"
    if old.measured != new.measured:
        yield "that is measured over other times"
    if (old.bands, old.banded_at) != (new.bands, new.banded_at):
        yield "in other bands"
    if bool(old.cohort) != bool(new.cohort):
        yield "among nobody, or among somebody where the other is not"
    if old.net_of != new.net_of or old.latest_only != new.latest_only:
        yield "that leaves out other days, or takes another row of each person"
    if old.counts.by_the_day:
        return
    if _by_turns(old.held) or _by_turns(new.held) or old.dated.each or new.dated.each:
        yield "that is held with gaps or in instalments, by group, or at the end of each month"
    if old.dated != new.dated:
        yield "whose results are dated otherwise"
    dates = old.dated.by in ("day after", "last day held")
    if dates and old.held != new.held and not (first and _longer(old.held, new.held)):
        yield "that is held from another day, or for a time that is not surely longer than before"


def _by_turns(held: Held | None) -> bool:
    return held is not None and (held.gaps is not None or held.then is not None or held.by_group is not None)


def _longer(old: Held | None, new: Held | None) -> bool:
    """Whether the new holding is the old one, but surely for longer."""
    if old is None or new is None or old.duration is None or new.duration is None:
        return False
    same = evolve(old, duration=None) == evolve(new, duration=None)
    return same and _at_least(new.duration, old.duration)


def _at_least(one: Duration, other: Duration) -> bool:
    """Whether one length of time is never the shorter of two."""
    for of in (_DAYS, _MONTHS):
        if one.unit in of and other.unit in of:
            return one.number * of[one.unit] >= other.number * of[other.unit]
    return False


def _joins_otherwise(old: Cohort, new: Cohort) -> Iterator[str]:
    if old.records != new.records:
        yield f"of other records: {old.records} before, {new.records} now"
    if old.joins_on != new.joins_on:
        yield f"that people join on another date: {old.joins_on} before, {new.joins_on} now"
    if old.tracked != new.tracked:
        yield "that is tracked for another time"
    earliest = Pick("earliest", old.joins_on)
    if (*old.picks, earliest)[0] != earliest or (*new.picks, earliest)[0] != earliest:
        yield "whose people join by another row than the earliest"
    if old.most is not None or new.most is not None:
        yield "of a fixed size"


def _refused(reader: Reader, new: Metric | Cohort | Bands, old: Metric | Cohort | Bands, what: str) -> None:
    kind = "metric" if isinstance(new, Metric) else "cohort" if isinstance(new, Cohort) else "bands"
    reader.problems.add(
        "SIB0228",
        f"{kind.capitalize()} {new.name} cannot be replaced by {'others' if kind == 'bands' else 'one'} {what}: under one Name the "
        "results of both must be told apart by their dates.",
        new.span,
        clause=new.clause,
        mark="cannot go on under the same Name",
        help=f"Let the variation `add` it under another Name, and `replace` what speaks of {new.name}. The old {kind} and the new then count each by "
        "itself.",
        labels=(Label(old.span, f"the other {new.name}"),),
    )


def _not_of_rows(reader: Reader, new: Metric) -> None:
    """What has that name is worked out from other metrics, or cannot be read. Where nothing has it, that is told elsewhere."""
    reader.problems.add(
        "SIB0227",
        f"{new.name} is worked out from other metrics; one that counts rows cannot stand in its place.",
        new.span,
        clause=new.clause,
        mark="of what does it take the place?",
        help=f"Let the variation `add` it under another Name, and `replace` what speaks of {new.name}.",
    )
