"""The blocks of a program in the order in which they are read, and the names that they define."""

from __future__ import annotations

from attrs import evolve, frozen

from sibdsl.currencies import CURRENCIES
from sibdsl.diagnostics import Refused
from sibdsl.model.from_syntax import modules, variations
from sibdsl.model.from_syntax.metrics import metrics_table
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.variations import Varied
from sibdsl.names import Program
from sibdsl.source import Span
from sibdsl.syntax import Block, File
from sibdsl.syntax.kinds_of_file import HEADS

#: Blocks that the grammar has and the model does not carry yet.
_LATER = ("programme",)
_NAMED = {
    "records": "records", "cohort": "cohort", "bands": "bands", "metric": "metric", "payment": "payment", "deduction": "deduction",
    "block advance": "block advance", "cap": "cap", "rule": "rule", "scenario": "scenario", "example": "example",
    "assumption": "assumption", "table": "table", "workings": "workings", "variation": "variation",
    "routes": "routes",
    "investment": "investment", "scale": "scale", "scorecard": "metric",
}  # fmt: skip


@frozen
class Blocks:
    """Every block of a program, sorted once.

    `written` are the contract's own, and those of the variations given beside it; `brought` those of its modules; `own` both;
    `every` has besides what variations add and put in place. `changes` are in the order of the variations' names.
    """

    whole: Block
    written: tuple[Block, ...]
    brought: tuple[Block, ...]
    own: tuple[Block, ...]
    every: tuple[Block, ...]
    changes: tuple[Varied, ...]

    def of(self, *kinds: str) -> list[Block]:
        """The blocks of these kinds, without what variations add."""
        return [block for block in self.own if block.kind in kinds]

    def of_every(self, *kinds: str) -> list[Block]:
        """The blocks of these kinds, with what variations add."""
        return [block for block in self.defining if block.kind in kinds]

    @property
    def again(self) -> list[Block]:
        """The definitions that variations put in the place of others of their names."""
        return [block for change in self.changes for block in change.again]

    @property
    def defining(self) -> list[Block]:
        """Every block but those: each definition once."""
        twice = {id(block) for block in self.again}
        return [block for block in self.every if id(block) not in twice]

    @property
    def added(self) -> frozenset[str]:
        """The names of what only variations define."""
        return frozenset(block.name.text for change in self.changes for block in change.added if block.name)

    @property
    def added_at(self) -> frozenset[Span]:
        """The places of the blocks that only variations define."""
        return frozenset(block.head for change in self.changes for block in change.added)


def sorted_blocks(reader: Reader, program: Program) -> tuple[Blocks, Reader]:
    """The blocks, with every name that they define among the defined terms; the reader knows the currency's sign.

    Raises Refused where there is no contract, or a file of variations holds none.
    """
    # In the order of their variations' names: the order in which files are given changes nothing.
    others = sorted(program.variations, key=_first_variation)
    blocks = metrics_table.expanded(
        reader, [*program.main.blocks, *(block for file in others for block in file.blocks)]
    )
    whole, reader = _contract_block(reader, blocks, program)
    _out_of_place(reader, blocks)
    changes = variations.varied(reader, [block for block in blocks if block.kind == "variation"])
    changes = sorted(changes, key=lambda change: change.name)
    _terms(reader, [*blocks, *(block for change in changes for block in change.added)])
    _new_steps(reader, [block for change in changes for block in change.again])
    written = tuple(blocks)
    # At the end of the contract's own text: a variation given beside it does not move them.
    end = len(program.main.blocks)
    files = frozenset(module.file.source.name for module in program.modules)
    reader = evolve(reader, module_files=files)
    brought = modules.brought(reader, program.modules)
    blocks[end:end] = brought
    every = (*blocks, *(block for change in changes for block in change.inside))
    return Blocks(whole, written, tuple(brought), tuple(blocks), every, tuple(changes)), reader


def _out_of_place(reader: Reader, blocks: list[Block]) -> None:
    """Report blocks that are not carried out yet, and those of another kind of file."""
    for block in blocks:
        if block.kind in _LATER:
            reader.not_yet(block.head, f"a block of kind `{block.kind}`", clause=reader.clause(block))
        elif block.kind in HEADS:
            reader.problems.add(
                "SIB0445",
                f"A contract cannot be a {block.kind} as well.",
                block.head,
                clause=reader.clause(block),
                mark="of another kind of file",
                help="Keep each in a file of its own.",
            )


def _first_variation(file: File) -> tuple[str, str]:
    names = [block.name.text for block in file.blocks if block.kind == "variation" and block.name]
    return names[0] if names else "", file.source.name


def _contract_block(reader: Reader, blocks: list[Block], program: Program) -> tuple[Block, Reader]:
    variations.hold_variations(program.variations)
    found = [block for block in blocks if block.kind == "contract"]
    if not found:
        kinds = sorted({block.kind for block in blocks})
        what = f" It holds {', '.join(kinds)}." if kinds else ""
        whole = program.main.source.span(0, min(1, len(program.main.source.text)))
        reader.problems.add(
            "SIB0446",
            f"{program.main.source.name} holds no contract.{what}",
            blocks[0].head if blocks else whole,
            mark="no contract here",
            help=_other_files(kinds),
        )
        raise Refused(reader.problems.found)
    for word in (each for line in found[0].lines("currency") for each in line.words("NAME")):
        reader = evolve(reader, currency=word.text) if word.text in CURRENCIES else reader
    for extra in found[1:]:
        reader.problems.add(
            "SIB0445",
            "A file holds one contract; this is a second.",
            extra.head,
            clause=reader.clause(extra),
            mark="a second contract",
            help="Keep each contract in a file of its own.",
        )
    return found[0], reader


def _other_files(kinds: list[str]) -> str:
    """What to do with a file that holds no contract."""
    if "programme" in kinds:
        return (
            "A programme is several contracts, and one is wanted here: name the file of one of its contracts."
        )
    if set(HEADS) & set(kinds):
        return "A module is taken up by a contract's `uses` line. `sib check` can read it by itself."
    if "variation" in kinds:
        return "This file varies a contract: name that contract, and give this file with `--with`."
    return "Begin with `contract` and its name; `sib init` writes one to start from."


def _terms(reader: Reader, blocks: list[Block]) -> None:
    for block in blocks:
        if block.kind in ("parties", "particulars", "scenarios"):
            key = {"parties": "party", "particulars": "particular", "scenarios": "scenario"}[block.kind]
            for name, span in modules.named_by_rows(block, key):
                reader.scope.add(reader.problems, name, key, span)
        elif block.kind in _NAMED and block.name is not None:
            reader.scope.add(reader.problems, block.name.text, _NAMED[block.kind], block.name.span)
        if block.kind == "workings":
            _steps(reader, block)


def _new_steps(reader: Reader, again: list[Block]) -> None:
    """Define the steps that only workings in the place of others have."""
    for block in again:
        for name, span in modules.named_by_rows(block, "step") if block.kind == "workings" else ():
            if not reader.scope.find(name, ("step", "workings")):
                reader.scope.add(reader.problems, name, "step", span)


def _steps(reader: Reader, block: Block) -> None:
    """Define the steps of workings. Workings may have the name of one of their steps: nothing but a title reads it."""
    title = block.name.text if block.name is not None else ""
    for name, span in modules.named_by_rows(block, "step"):
        if name == title:
            title = ""
        else:
            reader.scope.add(reader.problems, name, "step", span)
