"""What every part of the translation shares: lines, tables, names and plain values, with their complaints."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from sibdsl import size_limits
from sibdsl.dates import Period
from sibdsl.diagnostics import Label, Refused
from sibdsl.model.from_syntax.examples_with_names import with_names
from sibdsl.model.from_syntax.plain_values import PlainValues
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
    Working,
)
from sibdsl.model.parameters.in_force import Keyed, Plain
from sibdsl.model.types import Kind
from sibdsl.model.workings import parts
from sibdsl.names import SORTS, DefinedTerms
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word
from sibdsl.syntax.vocabulary import line_labels


def label(kind: str) -> str:
    """The label of a line as people write it."""
    return line_labels().get(kind, kind)


@frozen
class Reader(PlainValues):
    """What a stage of the translation reads by: findings, defined terms, and what the stages before it found.

    A stage that finds more makes another reader with `evolve`; lists, sets and tables that grow while parts are read are shared.
    """

    scope: DefinedTerms
    payment_period: Period | None = None
    currency: str = "GBP"
    #: The size to which the contract rounds what is paid.
    grain: Fraction = Fraction(1, 100)
    roles: dict[str, list[str]] = field(factory=dict)
    #: The unit of each metric's quantities, and of each step of the workings.
    measures: dict[str, Kind] = field(factory=dict)
    #: The names of the bands of each metric that has some.
    banded: dict[str, tuple[str, ...]] = field(factory=dict)
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

    #: The files of the modules that the contract uses, as spans name them.
    module_files: frozenset[str] = frozenset()
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


def texts(node: Node | None) -> str:
    """The quoted words of a line, one space between."""
    return " ".join(word.text[1:-1] for word in node.words("TEXT")) if node else ""


def all_texts(block: Block, kind: str) -> str:
    """The quoted words of every line of a kind, one space between."""
    return " ".join(texts(line) for line in block.lines(kind))
