"""How many results of one person count, and which of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from attrs import frozen

from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax import values_by_name
from sibdsl.model.from_syntax.metrics import windows
from sibdsl.model.from_syntax.people import columns_by_person
from sibdsl.model.from_syntax.people.records import column_of
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import AtMost, Cohort, Gaps, Records, Tracked
from sibdsl.syntax import Block, Node

Across = Literal["over all bands", "in each band"]


@frozen
class LimitPerPerson:
    """What a line `per person` says: that only the first counts, or that so many do; nothing where there is no line."""

    first_only: Literal["", "over all bands", "in each band"] = ""
    at_most: AtMost | None = None
    latest_only: bool = False

    def __bool__(self) -> bool:
        return bool(self.first_only or self.at_most or self.latest_only)


def limit(reader: Reader, block: Block, clause: str, *, banded: bool, averaged: bool) -> LimitPerPerson:
    """How many results of one person count. Source: language reference, 'First only, and ties', 'Averages, different values, determinations'."""
    line = reader.one(block, "per_person")
    if line is None:
        return LimitPerPerson()
    who = line.node("who_once")
    if who and who.said != "person":
        not_a_person(reader, who, clause)
        return LimitPerPerson()
    said = line.node("first_only", "latest_only", "at_most_each", "once_each")
    latest = said is not None and said.kind == "latest_only"
    if averaged != latest:
        reader.problems.add(
            "SIB0498",
            "An average is of every row, or of the latest of each person."
            if averaged
            else "Results that are counted stay when a later one comes, so none of them is the latest for good.",
            line.span,
            clause=clause,
            mark="which rows are averaged?" if averaged else "the latest by when?",
            help="Write `per person latest only`, or take the line out."
            if averaged
            else "Write `per person first only`; `latest only` goes with `averages`, which is measured over a time that ends.",
        )
        return LimitPerPerson()
    if latest:
        return LimitPerPerson(latest_only=True)
    if said is None or said.kind == "first_only":
        return LimitPerPerson(_across(reader, line, clause, "first only", "the first", banded=banded))
    most = _most(reader, said, clause)
    if most is None:
        return LimitPerPerson()
    written = most.said
    if most == AtMost(1, "contract"):
        return LimitPerPerson(_across(reader, line, clause, written, "the first", banded=banded))
    across = _across(reader, line, clause, written, "so many", banded=banded)
    return LimitPerPerson(at_most=AtMost(most.number, most.over, across, most.days, span=line.span))


def not_a_person(reader: Reader, who: Node, clause: str) -> None:
    """Report a line that chooses among the results of something other than a person."""
    reader.problems.add(
        "SIB0579",
        f"Results are told apart by the person whose they are, never by {who.said}.",
        who.span,
        clause=clause,
        mark="not `person`",
        help="Write `per person`. Who counts need not be a human being: it is whatever the column identifies that holds `person`, "
        "such as a family or a house.",
    )


def _most(reader: Reader, said: Node, clause: str) -> AtMost | None:
    """How many, and over what time, or None after a complaint."""
    numbers = said.words("INT")
    number = int(numbers[0].text.replace(",", "")) if numbers else 1
    time = said.node("over_the_contract", "over_the_programme", "in_each", "in_period_only")
    if number == 0:
        reader.problems.add(
            "SIB0468",
            "With at most 0, nobody's results count.",
            said.span,
            clause=clause,
            mark="nobody counts",
            help="Write the number that counts, such as `at most 2 in each year`, or take the metric out.",
        )
        return None
    if time is None:
        reader.problems.add(
            "SIB0468",
            f"At most {number} in what time? A person might count again in the next year.",
            said.span,
            clause=clause,
            mark="over what time?",
            help=f"Write `at most {number} in each year`, or `at most {number} over the contract`.",
        )
        return None
    if time.kind == "over_the_contract":
        return AtMost(number, "contract")
    if time.kind == "in_period_only":
        place = values_by_name.Said(clause, f"per person in, {values_by_name.following(reader, clause)}")
        days = values_by_name.days_in(reader, time.nodes()[0], place, clause)
        return None if days is None else AtMost(number, "days", days=days)
    if time.kind != "in_each":
        reader.problems.add(
            "SIB0538",
            "A metric counts the results of one contract, so it cannot know what a person has in others of the programme.",
            time.span,
            clause=clause,
            mark="beyond this contract",
            help="What one person may have in several contracts has to be agreed as so many in each of them.",
        )
        return None
    unit = next(iter(time.nodes("period_unit"))).said
    over = "each period" if unit == "claim" else f"each {unit}"
    return AtMost(number, cast("Literal['each year']", over))


def _across(reader: Reader, line: Node, clause: str, written: str, what: str, *, banded: bool) -> Across:
    across = line.node("across_bands")
    if banded and across is None:
        reader.problems.add(
            "SIB0429",
            f"With bands, `{written}` can be read two ways: {what} over all bands, or {what} in each.",
            line.span,
            clause=clause,
            mark="over all bands, or in each band?",
            help=f"Write `per person {written}, over all bands`, or `{written}, in each band`.",
        )
        return "over all bands"
    return cast("Across", across.said) if across else "over all bands"


# ------------------------------------------------------------------ holdings


def gaps(reader: Reader, line: Node, clause: str) -> Gaps | None:
    """The gaps that a line `held` allows between a person's rows. Source: language reference, 'Gaps in a holding'."""
    said = line.node("gaps")
    if said is None:
        return None
    duration = reader.duration(said.nodes("duration")[0], clause, nought=True)
    scope = said.node("gap_scope")
    if duration is None or scope is None:
        return None
    if duration.unit not in ("day", "week"):
        reader.problems.add(
            "SIB0471",
            "A gap is counted in days or weeks; months are not all as long.",
            said.span,
            clause=clause,
            mark=f"{duration} of which month?",
            help="Write the number of days, such as `gaps of at most 30 days in all`.",
        )
        return None
    return Gaps(duration, cast("Literal['each', 'in all']", scope.said), span=said.span)


def counting(
    reader: Reader, line: Node, clause: str, *, days: bool
) -> Literal["", "every day", "later days"]:
    """Which days of a row count that lasts as long as the line `held` says; '' where no days are counted."""
    said = line.node("counting")
    if days == (said is not None):
        return cast("Literal['every day']", said.said.removeprefix("counting ")) if said is not None else ""
    reader.problems.add(
        "SIB0472",
        "Days that are held can count from the first, or only after the time held; this does not say which."
        if days
        else "No days are counted here, so none of them can count after a holding.",
        line.span if said is None else said.span,
        clause=clause,
        mark="which days count?" if days else "of what?",
        help="Add `, counting every day`, or `, counting later days`." if days else "Take it out.",
    )
    return ""


def net_of(reader: Reader, block: Block, clause: str, days: Mapping[str, bool]) -> str:
    """The metric whose days are left out, '' for none. `days` says of each metric whether it counts days."""
    line = reader.one(block, "net_of")
    if line is None:
        return ""
    word = line.words("NAME")[0]
    name = reader.name(word, "metric", clause=clause)
    if name and (not days.get(name) or block.name is None or name == block.name.text):
        reader.problems.add(
            "SIB0473",
            f"{name} counts no days of its own, so none can be left out."
            if not days.get(name)
            else f"{name} cannot be net of itself.",
            word.span,
            clause=clause,
            mark="not days" if not days.get(name) else "the same metric",
            help="Name another metric that counts days.",
        )
        return ""
    if line.node("same_days") is None:
        reader.problems.add(
            "SIB0473",
            f"Net of {word.text} can mean that a day does not count which counts there too, or that as many days are taken off.",
            line.span,
            clause=clause,
            mark="the same days, or as many?",
            help=f"Write `net of {word.text}, on the same days`. Or take one quantity from the other in a formula.",
        )
    return name


# ------------------------------------------------------------------ windows


def others(
    reader: Reader, block: Block, among: Node | None, cohorts: Mapping[str, Cohort], clause: str
) -> tuple[str, ...]:
    """The cohorts after the first, in any of which a person may be. Source: language reference, 'Several cohorts'."""
    if among is None or len(among.words()) < 2:
        return ()
    words = among.words()
    names = [words[0].text, *(reader.name(word, "cohort", clause=clause) for word in words[1:])]
    if len(set(names)) < len(names):
        reader.problems.add(
            "SIB0592",
            "A cohort is named twice here; its members count once.",
            among.span,
            clause=clause,
            mark="named twice",
            help="Name each cohort once.",
        )
        return ()
    if not all(name in cohorts for name in names):
        return ()
    tracked = [line for line in block.lines("within") if line.nodes("span")[0].said == "tracking"]
    tracked += [
        line for line in block.lines("counts_days") if line.nodes("span_source")[0].said == "tracking"
    ]
    if tracked:
        reader.problems.add(
            "SIB0590",
            "Each of these cohorts may follow its members for a time of its own, and one person may be in several.",
            tracked[0].span,
            clause=clause,
            mark="followed by which cohort?",
            help="Measure each cohort by itself, or make one cohort of them.",
            labels=(Label(among.span, "several cohorts are named here"),),
        )
        return ()
    known = [cohorts[name] for name in names]
    reads = block.lines("counts_people", "window", *windows.OF_WINDOW)
    reads += [
        line
        for line in block.lines("banded_by", "weighted_by")
        if any("joining" in node.said for node in line.nodes("reading", "weighed_in"))
    ]
    if reads and len({(cohort.records, cohort.joins_on) for cohort in known}) > 1:
        reader.problems.add(
            "SIB0591",
            "This reads the row by which a person joined, and these cohorts take people from different records, or join them "
            "on different dates.",
            reads[0].span,
            clause=clause,
            mark="in the row of which cohort?",
            help="Measure each cohort by itself, or let them join people by the same column of the same records.",
            labels=(Label(among.span, "several cohorts are named here"),),
        )
        return ()
    return tuple(names[1:])


def window(
    reader: Reader, block: Block, cohort: Cohort | None, tables: Mapping[str, Records], clause: str
) -> Tracked | None:
    """The window of each member's own that a metric keeps to. Source: language reference, 'Windows'."""
    line = reader.one(block, "window")
    inside = [node for node in block.lines("within") if node.nodes("span")[0].said == "window"]
    if line is None:
        if inside:
            reader.problems.add(
                "SIB0474",
                "This keeps to a window, and no line says which.",
                inside[0].span,
                clause=clause,
                mark="from when to when?",
                help="Add a line such as `window 638 days from joining date`.",
            )
        return None
    if not inside and not block.lines(*windows.OF_WINDOW):
        reader.problems.add(
            "SIB0474",
            "Nothing keeps to this window.",
            line.span,
            clause=clause,
            mark="for what?",
            help="Add a line `within window`, or take the window out.",
        )
        return None
    duration = reader.duration(line.nodes("duration")[0], clause)
    if duration is None or cohort is None or not windows.time_before(reader, block, line, duration, clause):
        return None
    if line.node("window_start") is not None:
        return Tracked(duration, cohort.joins_on, span=line.span)
    path = line.nodes("path")[0]
    start = _window_start(reader, path, tables[cohort.records], clause)
    return Tracked(duration, start, span=line.span) if start else None


def _window_start(reader: Reader, path: Node, joining: Records, clause: str) -> str:
    """The date of the row by which a person joined, or of the one row that other records have for them; '' after a complaint."""
    words = path.words()
    if len(words) == 1:
        return column_of(reader, joining, words[0], ("date",), clause)
    if len(words) > 2 or not reader.name(words[1], "records", clause=clause):
        return ""
    read = columns_by_person.column(reader, words[0], words[1], path.span, Here(clause=clause, row=joining))
    if read is None:
        return ""
    if read.kind != "date":
        reader.problems.add(
            "SIB0413",
            f"A window begins on a date; {words[0].text} of {words[1].text} holds {SAID[read.kind]}.",
            path.span,
            clause=clause,
            mark=f"{SAID[read.kind]}, not a date",
            help="Name a column that holds a date.",
        )
        return ""
    return read.name
