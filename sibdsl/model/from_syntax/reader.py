"""What every part of the translation shares: lines, tables, names and plain values, with their complaints."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import cast

from attrs import field, frozen

from sibdsl import dates, money, size_limits
from sibdsl.currencies import PREFIX
from sibdsl.dates import Duration, Period
from sibdsl.diagnostics import Label, Problems, Refused
from sibdsl.model.from_syntax.examples_with_names import with_names
from sibdsl.model.from_syntax.table_cells import (
    Cell,
    CellWords,
    Heading,
    Table,
    read_headings,
    refuse_without_effect,
)
from sibdsl.model.nodes import (
    Amount,
    Assumption,
    ByName,
    Lookup,
    Measured,
    Particular,
    RecordColumn,
    Records,
    Value,
    Working,
)
from sibdsl.model.parameters.in_force import Keyed, Plain
from sibdsl.model.types import Kind
from sibdsl.model.workings import parts
from sibdsl.names import SORTS, DefinedTerms
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Part, Word
from sibdsl.syntax.vocabulary import line_labels

#: Thousands as the continent groups them, `1.350`: three decimals, of which the last is nought.
_THOUSANDS = re.compile(rf"{PREFIX}?[1-9]\d{{0,2}}\.\d\d0")
#: Years that dates may lie in; beyond them a calendar of statements has no end.
EARLIEST, LATEST = dates.EARLIEST, dates.LATEST


def label(kind: str) -> str:
    """The label of a line as people write it."""
    return line_labels().get(kind, kind)


def _next_day(day: str, month: str, year: str) -> str:
    """The day after the month's last, for a day that the month does not have."""
    at = dates.MONTHS.index(month)
    if int(day) < 1 or int(year) < 1 or int(year) > 9998:
        return ""
    return f", such as `1 {dates.MONTHS[(at + 1) % 12]} {int(year) + (at == 11)}`"


@frozen
class Reader:
    """What a stage of the translation reads by: findings, defined terms, and what the stages before it found.

    A stage that finds more makes another reader with `evolve`; lists, sets and tables that grow while parts are read are shared.
    """

    problems: Problems
    scope: DefinedTerms
    begin: tuple[int, int] = (4, 1)
    service: Period | None = None
    payment_period: Period | None = None
    currency: str = "GBP"
    roles: dict[str, list[str]] = field(factory=dict)
    #: The unit of each metric's quantities, and of each step of the workings.
    measures: dict[str, Kind] = field(factory=dict)
    #: Metrics that pick no row of a person, of which others could read a column.
    rowless: set[str] = field(factory=set)
    steps: dict[str, Kind] = field(factory=dict)
    #: Over which days metrics are measured that do not add up.
    spans: dict[str, Measured] = field(factory=dict)
    #: What each step of the workings, and each scale, is made of.
    worked: dict[str, Amount] = field(factory=dict)
    values: dict[str, Particular | Assumption] = field(factory=dict)
    #: Values that the text is read with, where they are not its own; and what has been read by name so far.
    given: Mapping[str, Plain | Keyed] = field(factory=dict)
    named: list[ByName] = field(factory=list)
    lookups: dict[str, Lookup] = field(factory=dict)
    tables: dict[str, Records] = field(factory=dict)
    #: Records and column -> the table of codes that the column holds.
    codes: dict[tuple[str, str], str] = field(factory=dict)
    #: Records -> columns of other tables that its rows read by their person, as the columns of its own that they become.
    by_person: dict[str, dict[str, RecordColumn]] = field(factory=dict)
    #: What a particular has a value for each of -> the kind of that column.
    keys: dict[str, Kind] = field(factory=dict)

    #: How many levels each step of the workings rests on.
    levels: dict[str, int] = field(factory=dict)

    def works_out(self, name: str, amount: Amount, span: Span) -> None:
        """Note what a step of the workings is made of. Raises Refused for one that rests on too many others."""
        deepest = 0
        waiting = [(amount, 1)]
        while waiting:
            part, level = waiting.pop()
            deepest = max(
                deepest, level + (self.levels.get(part.name, 0) if isinstance(part, Working) else 0)
            )
            waiting += [(amount, level + 1) for amount in parts(part)]
        if deepest > size_limits.CHAIN:
            self.problems.add(
                "SIB0710",
                f"{name} rests on more than {size_limits.CHAIN:,} levels of sums and steps, the most that are followed.",
                span,
                mark="one level too many",
                help="Write it in fewer levels: take steps together.",
            )
            raise Refused(self.problems.found)
        self.levels[name], self.worked[name] = deepest, amount

    # -------------------------------------------------------------- lines

    def clause(self, block: Block) -> str:
        """How messages cite a block."""
        return f"{block.clause}, {block.title}" if block.clause else block.title

    def one(self, block: Block, *kinds: str, needed: str = "") -> Node | None:
        """The only line of these kinds; reports a second one, and a missing one when `needed` shows how to write it."""
        lines = block.lines(*kinds)
        for extra in lines[1:]:
            self.problems.add(
                "SIB0401",
                f"`{label(kinds[0])}` is said twice in {block.title}.",
                extra.span,
                clause=self.clause(block),
                mark="said again",
                help="Keep one of the two lines.",
                labels=(Label(lines[0].span, "said first here"),),
            )
        if not lines and needed:
            self.problems.add(
                "SIB0402",
                f"{block.title} has no line `{label(kinds[0])}`.",
                block.head,
                clause=self.clause(block),
                mark=f"`{label(kinds[0])}` is missing",
                help=f"Add a line such as `{with_names(needed, block, self.scope, self.roles, self.tables)}`.",
            )
        return lines[0] if lines else None

    def only(self, block: Block, *kinds: str) -> None:
        """Report lines that the language has but this version does not carry out yet."""
        for item in block.items:
            if item.kind not in kinds:
                self.not_yet(item.span, f"`{label(item.kind)}` in {block.kind}", clause=self.clause(block))

    def not_yet(self, span: Span, what: str, *, clause: str = "", instead: str = "") -> None:
        """Report something that the grammar has and the model does not carry yet; `instead` says what may stand there."""
        self.problems.add(
            "SIB0499",
            f"This version of sibdsl can read {what}, but cannot carry it out yet.",
            span,
            clause=clause,
            mark="not carried out yet",
            help=instead
            or "Nothing is paid or checked while the file holds it. Take it out, or wait for a later version.",
        )

    # -------------------------------------------------------------- tables

    def table(
        self,
        block: Block,
        node: Node | None,
        known: tuple[str, ...],
        needed: tuple[str, ...] = (),
        *,
        names: bool = False,
        lines: bool = False,
        takes: Mapping[str, tuple[CellWords, ...]] | None = None,
        read_elsewhere: tuple[str, ...] | None = (),
    ) -> Table:
        """The table under its headings. `known` are the fixed headings it may have.

        `names` admits names as headings, `lines` words with which a line begins.
        Under a heading a cell holds one thing, and may hold besides it only the words that `takes` lists there: whatever else
        it says would have no effect, and is refused. The cells under headings `read_elsewhere` are tested by their reader: all of them where it is None.
        """
        if node is None:
            self.problems.add(
                "SIB0403",
                f"{block.title} has no table.",
                block.head,
                clause=self.clause(block),
                mark="a table is missing",
                help="Add a table headed `| " + " | ".join(needed or known[:2]) + " |`.",
            )
            return Table((), (), (), block.head)
        head = node.nodes("heading_row")[0]
        headings = read_headings(self.problems, block.title, self.clause(block), head, () if names else known)
        seen: dict[str, Heading] = {}
        unknown: list[Heading] = []
        admitted = (*(("NAME",) if names else ()), *(("LABEL",) if lines else ()))
        for heading in headings:
            if heading.key in seen:
                self.problems.add(
                    "SIB0404",
                    f"The heading `{heading.key}` stands twice in this table.",
                    heading.span,
                    clause=self.clause(block),
                    mark="again",
                    help="Keep one of the two columns.",
                    labels=(Label(seen[heading.key].span, "stands here first"),),
                )
            elif heading.key not in known and heading.begins_with not in admitted:
                unknown.append(heading)
            seen[heading.key] = heading
        lacking = [key for key in needed if key not in seen]
        if len(unknown) == len(lacking) == 1:  # one for the other
            lacking = []
        for heading in unknown:
            instead = [key for key in needed if key not in seen]
            self.problems.add(
                "SIB0405",
                f"The table of {block.title} cannot have a column headed `{heading.key}`.",
                heading.span,
                clause=self.clause(block),
                mark="does not belong here",
                help=(f"Write `{instead[0]}`, if that is meant. " if len(instead) == 1 else "")
                + "It may have: "
                + ", ".join(f"`{key}`" for key in known)
                + (", a column of the records, and the words with which a line begins." if lines else "."),
            )
        for key in lacking:
            if key not in seen:
                self.problems.add(
                    "SIB0406",
                    f"The table of {block.title} has no column headed `{key}`.",
                    head.span,
                    clause=self.clause(block),
                    mark=f"`{key}` is missing",
                    help=f"Add a column headed `{key}`.",
                )
        rows: list[dict[str, Cell]] = []
        spans: list[Span] = []
        for row in node.nodes("row"):
            cells = [Cell(node, node.span if node.span.line else row.span) for node in row.nodes()]
            if len(cells) != len(headings):
                self.problems.add(
                    "SIB0407",
                    f"This row has {len(cells)} cells; the table has {len(headings)} columns.",
                    row.span,
                    clause=self.clause(block),
                    mark=f"{len(cells)} cells",
                    help="Give each column one cell. Write `all`, `none` or `blank` where a cell says nothing.",
                    labels=(Label(head.span, f"{len(headings)} headings"),),
                )
                continue
            for heading, cell in zip(headings, cells, strict=True):
                if (
                    read_elsewhere is not None
                    and heading not in unknown
                    and heading.key not in read_elsewhere
                ):
                    refuse_without_effect(
                        self.problems,
                        self.clause(block),
                        heading.key,
                        cell,
                        (takes or {}).get(heading.key, ()),
                    )
            rows.append({heading.key: cell for heading, cell in zip(headings, cells, strict=True)})
            spans.append(row.span)
        return Table(tuple(headings), tuple(rows), tuple(spans), node.span)

    # -------------------------------------------------------------- names

    def name(self, word: Word, *sorts: str, clause: str = "") -> str:
        """A defined term of one of the sorts, or '' after a complaint."""
        if word.kind == "NAME" and self.scope.find(word.text, sorts):
            return word.text
        if word.kind != "NAME":
            wanted = " or ".join(dict.fromkeys(SORTS[sort] for sort in sorts))
            self.problems.add(
                "SIB0305",
                f"{word.text} stands here for a name that a module leaves open; {wanted} is needed.",
                word.span,
                clause=clause,
                mark="not a name",
                help=f"Give the name of {wanted} in the `where` of the `uses` line.",
            )
            return ""
        self.scope.unknown(self.problems, word.text, sorts, word.span, clause=clause)
        return ""

    # -------------------------------------------------------------- plain values

    def day(self, word: Word, clause: str = "") -> date | None:
        """A written date, or None after a complaint that there is no such day."""
        try:
            other_day = dates.parse(word.text)
        except ValueError:
            day, month, year = word.text.split(" ")
            last = calendar.monthrange(min(max(int(year), 1), 9999), dates.MONTHS.index(month) + 1)[1]
            self.problems.add(
                "SIB0408",
                f"There is no {word.text}: the month has {last} days.",
                word.span,
                clause=clause,
                mark="no such day",
                help=f"Write `{1 if int(day) < 1 else last} {month} {year}`, or another day that there is{_next_day(day, month, year)}.",
            )
            return None
        if not EARLIEST <= other_day.year <= LATEST:
            self.problems.add(
                "SIB0408",
                f"{word.text} is not a day that a contract can speak of.",
                word.span,
                clause=clause,
                mark="out of range",
                help=f"Write a year from {EARLIEST} to {LATEST}.",
            )
            return None
        return other_day

    def duration(self, node: Node, clause: str = "", *, nought: bool = False) -> Duration | None:
        """A length of time such as `6 weeks`; of no time only where `nought` may stand."""
        number = node.word("INT")
        unit = node.node("duration_unit")
        if number is None or unit is None:
            return None
        count = int(number.text.replace(",", ""))
        if count == 0 and not nought:
            self.problems.add(
                "SIB0409",
                f"{number.text} {unit.said} is no length of time.",
                node.span,
                clause=clause,
                mark="nought",
                help="Write at least 1, or take out the line.",
            )
            return None
        if count > 9999:
            self.problems.add(
                "SIB0409",
                f"{number.text} {unit.said} is longer than any contract.",
                node.span,
                clause=clause,
                mark="too long",
                help="Write at most 9,999.",
            )
            return None
        return Duration(count, unit.said.removesuffix("s"))  # type: ignore[arg-type] # the grammar has four units

    def plain(self, word: Word) -> Value | None:
        """A written number, amount, share, date or text as a value with its type."""
        if word.kind in ("MONEY", "DECIMAL") and _THOUSANDS.fullmatch(word.text):
            fewer = word.text.rstrip("0").rstrip(".")
            self.problems.add(
                "SIB0409",
                f"{word.text} is {fewer}, with three decimals: thousands are grouped by commas.",
                word.span,
                mark="thousands, or decimals?",
                help=f"Write `{word.text.replace('.', ',')}`; or `{fewer}`, if that is meant.",
            )
            return None
        if word.kind == "MONEY":
            return Value(money.parse(word.text), "money", span=word.span)
        if word.kind in ("INT", "DECIMAL"):
            return Value(money.parse(word.text), "number", span=word.span)
        if word.kind == "PERCENT":
            return Value(money.parse(word.text[:-1]) / 100, "percentage", span=word.span)
        if word.kind == "FRACTION":
            above, below = word.text.split("/")
            if int(below) == 0:
                self.problems.add(
                    "SIB0409",
                    f"{word.text} divides by nought.",
                    word.span,
                    mark="divides by 0",
                    help="Write a fraction such as 5/6.",
                )
                return None
            return Value(Fraction(int(above), int(below)), "number", span=word.span)
        if word.kind == "DATE":
            day = self.day(word)
            return Value(day, "date", span=word.span) if day else None
        if word.kind == "TEXT":
            return Value(word.text[1:-1], "text", span=word.span)
        return None

    def signed(self, part: Part | None) -> Value | None:
        """A plain value in a cell, or one below nought: `minus £50`, which may have a unit. None for anything else."""
        if isinstance(part, Word):
            return self.plain(part)
        if not isinstance(part, Node) or part.kind != "below_nought":
            return None
        value = self.plain(part.words()[0])
        if value is None or not isinstance(value.value, Fraction):
            return None
        unit = part.node("unit")
        kind = value.kind if unit is None or unit.said == "units" else cast("Kind", unit.said)
        return Value(-value.value, kind, span=part.span)

    def period(self, node: Node, clause: str = "") -> Period | None:
        """A named stretch of days: `2016/17`, `2018/19 quarter 1`, `year 2`, `1 April 2016 to 30 June 2016`."""
        ints = [int(word.text.replace(",", "")) for word in node.words("INT")]
        if node.kind == "days_between":
            first, last = (self.day(word, clause) for word in node.words("DATE"))
            if first is None or last is None:
                return None
            if last < first:
                self._ends_first(node.span, first, last, clause)
                return None
            return dates.period(first, last)
        if node.kind in ("contract_year", "quarter_of_year"):
            word = node.words("YEARSPAN")[0]
            start, end = word.text.split("/")
            if (int(start) + 1) % 100 != int(end):
                self.problems.add(
                    "SIB0410",
                    f"{word.text} is not a contract year: the second part is the year after the first.",
                    word.span,
                    clause=clause,
                    mark="not one year",
                    help=f"Write `{start}/{(int(start) + 1) % 100:02d}`; or name the first day and the last, if more than one year is meant.",
                )
                return None
            if not EARLIEST <= int(start) < LATEST:
                self.problems.add(
                    "SIB0410",
                    f"{word.text} is not a year that a contract can speak of.",
                    word.span,
                    clause=clause,
                    mark="out of range",
                    help=f"Write a year from {EARLIEST} to {LATEST - 1}.",
                )
                return None
            year = dates.contract_year(int(start), self.begin)
        elif self.service is not None:
            origin = dates.year_start(self.service.start, self.begin)
            number = ints.pop(0) if node.kind != "quarter_number" else 1
            if not 1 <= number <= LATEST - EARLIEST:
                self.problems.add(
                    "SIB0410",
                    f"Years are counted from 1: there is no year {number} of a contract.",
                    node.span,
                    clause=clause,
                    mark="no such year",
                    help="Write `year 1` for the first contract year.",
                )
                return None
            year = Period(dates.add_months(origin, 12 * (number - 1)), dates.add_months(origin, 12 * number))
        else:
            return None
        if not ints:
            return year
        quarter = ints[0]
        if not 1 <= quarter <= 4:
            self.problems.add(
                "SIB0410",
                f"A year has quarters 1 to 4, not {quarter}.",
                node.span,
                clause=clause,
                mark="no such quarter",
                help="Write a quarter from 1 to 4.",
            )
            return None
        return Period(
            dates.add_months(year.start, 3 * (quarter - 1)), dates.add_months(year.start, 3 * quarter)
        )

    def _ends_first(self, span: Span, first: date, last: date, clause: str) -> None:
        self.problems.add(
            "SIB0411",
            f"This ends on {dates.long(last)}, before it begins on {dates.long(first)}.",
            span,
            clause=clause,
            mark="ends before it begins",
            help="Put the earlier day first.",
        )

    def between(self, first: date | None, last: date | None, span: Span, clause: str = "") -> Period | None:
        """Both days and all between, or None after a complaint."""
        if first is None or last is None:
            return None
        if last < first:
            self._ends_first(span, first, last, clause)
            return None
        return dates.period(first, last)


def texts(node: Node | None) -> str:
    """The quoted words of a line, one space between."""
    return " ".join(word.text[1:-1] for word in node.words("TEXT")) if node else ""


def all_texts(block: Block, kind: str) -> str:
    """The quoted words of every line of a kind, one space between."""
    return " ".join(texts(line) for line in block.lines(kind))
