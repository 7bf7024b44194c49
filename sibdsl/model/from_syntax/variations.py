"""Variations: what is added, replaced and removed, agreed when and with effect from when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, cast

from attrs import define, field

from sibdsl.dates import LATEST, Period
from sibdsl.diagnostics import Diagnostic, Label, Refused
from sibdsl.model.from_syntax import modules, novations, removed_definitions
from sibdsl.model.from_syntax.limits import block_advances, caps, deductions
from sibdsl.model.from_syntax.limits.moments import moment
from sibdsl.model.from_syntax.metrics import metrics_table
from sibdsl.model.from_syntax.payments import investments, payments
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.removed_definitions import DEFINED, RemoveLine
from sibdsl.model.from_syntax.rules import rules
from sibdsl.model.nodes import (
    Amount,
    AnyMetric,
    Bands,
    Cohort,
    Derived,
    Lookup,
    Metric,
    Novation,
    Removed,
    Variation,
    Workings,
)
from sibdsl.source import Span
from sibdsl.syntax import Block, File, Node, Word, kind_of

#: What a variation may put in the place of another; definitions among it, whose texts count each on its own days; and what it may add.
DEFINED_AGAIN = ("metric", "cohort", "bands", "workings", "scale", "scorecard", "table")
CHANGED = ("payment", "deduction", "block advance", "cap", "rule", *DEFINED_AGAIN)
ADDED = (
    "payment",
    "deduction",
    "block advance",
    "cap",
    "rule",
    "records",
    "table",
    "cohort",
    "bands",
    "metric",
    "metrics",
    "scorecard",
    "workings",
    "scale",
    "investment",
)
#: What may take the place of another of its kind and name.
AnyAgain = Metric | Cohort | Bands | Derived | Workings | Lookup


@define
class Varied:
    """One `variation` block with the blocks inside it."""

    block: Block
    added: list[Block] = field(factory=list)
    replaced: list[Block] = field(factory=list)
    removed: list[Node] = field(factory=list)

    @property
    def name(self) -> str:
        """Its name, '' where it has none."""
        return self.block.name.text if self.block.name else ""

    @property
    def again(self) -> list[Block]:
        """The definitions that it puts in the place of others of their names."""
        return [block for block in self.replaced if block.kind in DEFINED_AGAIN]

    @property
    def inside(self) -> list[Block]:
        """The blocks that it adds or puts in place, in the order written."""
        return sorted([*self.added, *self.replaced], key=lambda block: block.span)


def hold_variations(files: Iterable[File]) -> None:
    """Refuse a file that is given as what varies a contract and holds no variation. Raises Refused."""
    told = [
        Diagnostic(
            "SIB0225",
            f"{file.source.name} is given as what varies the contract, and it holds no variation.",
            file.blocks[0].head if file.blocks else file.source.span(0, min(1, len(file.source.text))),
            mark="no variation in this file",
            help="Give a file with a `variation` block, or leave this one out.",
        )
        for file in files
        if kind_of(file) != "variation"
    ]
    if told:
        raise Refused(told)


#: Why a variation neither adds nor replaces what it cannot, and what does instead.
_CANNOT = {
    "routes": (
        "which route counts is settled over all of a person's results, before the day of effect and after it",
        "Add a metric that leaves out whoever earned the other, `not if any result of Job Start is in the 5 years before Started On`, with a payment for it.",
    ),
    "example": ("an example tries the contract, and changes nothing in it", "Write it beside the variation, as a block of its own."),
    "scenario": ("a scenario tries the contract, and changes nothing in it", "Write it beside the variation, as a block of its own."),
    "scenarios": ("scenarios try the contract, and change nothing in it", "Write them beside the variation, as a block of its own."),
    "investment": (
        "what was put in before stays put in, on its terms",
        "Let the variation `add` what is put in from now on as an investment of its own.",
    ),
    "variation": ("each variation is agreed on its own day", "Write it as a block of its own."),
}  # fmt: skip
_HEADING = (
    "what is given by name is given for all of the contract, from its first day",
    "Write it in the contract's own text: nothing changes until a clause speaks of it, and a variation may bring that clause.",
)
_ADD_INSTEAD = (
    "what was counted and read before would have another form",
    "`add` it under another Name, and `replace` what speaks of the old one.",
)


def _cannot(reader: Reader, inner: Block, verb: str, clause: str) -> None:
    """Report a block of a kind that a variation does not change."""
    other = _ADD_INSTEAD if inner.kind in ADDED else _HEADING
    why, instead = _CANNOT.get(inner.kind, other)
    kind = f"{inner.kind} {inner.name.text}" if inner.name is not None else inner.kind
    reader.problems.add(
        "SIB0230",
        f"A variation cannot {verb} {kind}: {why}.",
        inner.head,
        clause=clause,
        mark=f"not to be {'added' if verb == 'add' else 'replaced'}",
        help=instead,
    )


def varied(reader: Reader, blocks: Iterable[Block]) -> list[Varied]:
    """The variations with their blocks sorted; reports what cannot be added or replaced."""
    found: list[Varied] = []
    for block in blocks:
        variation_of = Varied(block)
        for item in block.items:
            inner = next((each for each in item.children if isinstance(each, Block)), None)
            if item.kind == "removes":
                variation_of.removed.append(item)
            elif inner is not None:
                fits = inner.kind in (ADDED if item.kind == "adds" else CHANGED)
                if not fits:
                    _cannot(reader, inner, "add" if item.kind == "adds" else "replace", reader.clause(block))
                elif item.kind == "adds":
                    variation_of.added.extend(metrics_table.expanded(reader, [inner]))
                else:
                    variation_of.replaced.append(inner)
        found.append(variation_of)
    return found


def longest(reader: Reader, every: Iterable[Varied], paid: Period) -> Period:
    """The payment period with every end that a variation moves it to; a day given from outside may be any."""
    end = paid.end
    for variation_of in every:
        for line in variation_of.block.lines("new_end", "new_pay_end"):
            word = next((each for each in line.words() if each.kind in ("DATE", "NAME")), None)
            if word is not None and word.kind == "NAME":
                return Period(paid.start, date(LATEST, 12, 31))
            day = reader.day(word) if word is not None else None
            end = max(end, day + timedelta(days=1)) if day else end
    return Period(paid.start, end)


def variations(
    reader: Reader,
    own: list[Block],
    every: list[Varied],
    contract: str,
    metrics: dict[str, AnyMetric],
    sets: dict[str, Bands],
    parts: dict[str, dict[str, object]],
    again: Mapping[Span, AnyAgain],
) -> tuple[Variation, ...]:
    """Read the variations of a contract's `own` blocks.

    `parts` has, by kind, everything that any block defines, by name; `again`, by the place of their blocks, what takes the
    place of another of its name.
    """
    _apart(reader, own, every)
    removed_definitions.still_spoken_of(
        reader,
        own,
        [RemoveLine(variation_of.name, item) for variation_of in every for item in variation_of.removed],
        [block for variation_of in every for block in variation_of.inside],
        [block for variation_of in every for block in variation_of.replaced],
    )
    return tuple(
        variation
        for variation_of in every
        if (
            variation := _variation(
                reader,
                variation_of,
                contract,
                metrics,
                sets,
                parts,
                again,
                novations.novations(
                    reader, variation_of.block, own, [(one.block, one.inside) for one in every]
                ),
            )
        )
        is not None
    )


def _variation(
    reader: Reader,
    variation_of: Varied,
    contract: str,
    metrics: dict[str, AnyMetric],
    sets: dict[str, Bands],
    parts: dict[str, dict[str, object]],
    again: Mapping[Span, AnyAgain],
    novates: tuple[Novation, ...],
) -> Variation | None:
    block = variation_of.block
    clause = reader.clause(block)
    reader.only(
        block, "varies", "agreed", "effective", "stated", "reopens", "new_end", "new_pay_end", "novates", "adds", "replaces", "removes",
        "source", "says", "note",
    )  # fmt: skip
    _names(reader, block, contract, clause)
    agreed = _day(reader, block, "agreed", "agreed 31 January 2019", clause)
    effective = _day(reader, block, "effective", "effective 1 April 2018", clause)
    stated = reader.one(block, "stated", needed="stated periods repriced in the next statement")
    _known(reader, variation_of, clause)
    inside = variation_of.inside

    def of(kind: str) -> list[Block]:
        return [block for block in inside if block.kind == kind]

    twice = {id(block) for block in variation_of.again}

    def named(kind: str, part: str = "") -> tuple[object, ...]:
        made = parts[part or kind]
        added = (block for block in of(kind) if id(block) not in twice)
        return tuple(made[block.name.text] for block in added if block.name and block.name.text in made)

    def put(*kinds: type) -> tuple[object, ...]:
        """What takes the place of another of its kind and name."""
        placed = (again[block.head] for block in variation_of.again if block.head in again)
        return tuple(one for one in placed if isinstance(one, kinds))

    variation = Variation(
        block.name.text if block.name else "",
        block.clause,
        block.gloss,
        agreed,  # type: ignore[arg-type] # refused below when missing
        effective,  # type: ignore[arg-type]
        cast("Literal['left as stated']", stated.nodes("stated_way")[0].said if stated else ""),
        _day(reader, block, "new_end", "", clause),
        _day(reader, block, "new_pay_end", "", clause),
        named("records"),  # type: ignore[arg-type] # the kinds of `parts`
        (*named("table"), *put(Lookup)),  # type: ignore[arg-type]
        (*named("cohort"), *put(Cohort)),  # type: ignore[arg-type]
        (*named("bands"), *put(Bands)),  # type: ignore[arg-type]
        (*named("metric"), *put(Metric)),  # type: ignore[arg-type]
        payments.payments(reader, of("payment"), metrics, sets),
        block_advances.advances(reader, of("block advance")),
        caps.caps(reader, of("cap")),
        rules.rules(reader, of("rule")),
        tuple(_removed(item) for item in variation_of.removed),
        (*named("metric", "derived"), *named("scorecard", "derived"), *put(Derived)),  # type: ignore[arg-type]
        deductions.deductions(reader, of("deduction")),
        (*named("workings"), *named("scale", "workings"), *put(Workings)),  # type: ignore[arg-type]
        investments=investments.investments(reader, of("investment")),
        novates=novates,
        reopens=reader.one(block, "reopens") is not None,
        span=block.head,
    )
    return variation if agreed is not None and effective is not None and stated is not None else None


def _names(reader: Reader, block: Block, contract: str, clause: str) -> None:
    line = reader.one(block, "varies", needed=f"varies {contract}")
    if line is None:
        return
    said = line.words("NAME")[0]
    if said.text != contract:
        reader.problems.add(
            "SIB0484",
            f"This varies {said.text}; the contract is {contract}.",
            said.span,
            clause=clause,
            mark="another contract",
            help=f"Write `varies {contract}`, or give this variation with the contract that it varies.",
        )


def _day(reader: Reader, block: Block, kind: str, needed: str, clause: str) -> Amount | None:
    line = reader.one(block, kind, needed=needed)
    return moment(reader, line.children[0], clause) if line else None


def _removed(item: Node) -> Removed:
    kind = item.nodes("block_kind")[0].said
    return Removed(
        cast("Literal['payment']", kind), item.words("NAME")[0].text, span=item.words("NAME")[0].span
    )


#: What of the contract cannot be worked out without all that it speaks of; and what it needs for that.
_WORKED = (
    "payment", "block advance", "rule", "workings", "scale", "scorecard", "metric", "cohort", "routes", "bands", "records",
)  # fmt: skip
_NEEDED = ("metric", "records", "table", "cohort", "bands", "scale", "step")


def _apart(reader: Reader, blocks: Iterable[Block], every: Iterable[Varied]) -> None:
    """Report what of the contract itself, whose `blocks` these are, speaks of what only a variation adds."""
    added = {
        name: (variation_of, block)
        for variation_of in every
        for block in variation_of.added
        if block.kind in (*_NEEDED, "scorecard", "workings")
        for name in names_of(block)
        if reader.scope.find(name, _NEEDED)
    }
    columns = {column.name for table in reader.tables.values() for column in table.columns}
    for block in blocks if added else ():
        if block.kind not in _WORKED:
            continue
        for word in (each for each in block.walk() if isinstance(each, Word) and each.kind == "NAME"):
            if word.text in added and word.text not in columns:
                variation_of, inner = added[word.text]
                reader.problems.add(
                    "SIB0478",
                    f"{block.title} speaks of {word.text}, which only variation {variation_of.name} adds.",
                    word.span,
                    clause=reader.clause(block),
                    mark="not in the contract itself",
                    help=f"Define {word.text} in the contract itself, or let the variation add what speaks of it.",
                    labels=(Label(inner.head, f"{word.text} is added here"),),
                )
                break


def names_of(block: Block) -> list[str]:
    """The names by which clauses speak of what a block defines: of workings those of its steps."""
    if block.kind == "workings":
        return [name for name, _ in modules.named_by_rows(block, "step")]
    return [block.name.text] if block.name else []


def _known(reader: Reader, variation_of: Varied, clause: str) -> None:
    """What is replaced or removed is in the contract, or in an earlier variation."""
    for inner in variation_of.replaced:
        if inner.name is not None and modules.kept(reader, inner.name, inner.name.span, clause):
            reader.name(inner.name, DEFINED.get(inner.kind, inner.kind), clause=clause)
    for item in variation_of.removed:
        kind = item.nodes("block_kind")[0]
        if not modules.kept(reader, item.words("NAME")[0], item.span, clause):
            continue
        reader.name(item.words("NAME")[0], DEFINED.get(kind.said, kind.said), clause=clause)
