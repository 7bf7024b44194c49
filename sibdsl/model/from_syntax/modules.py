"""What modules bring into a contract, with their open names put as what the contract says they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from sibdsl.diagnostics import Diagnostic, Label, Refused
from sibdsl.model.from_syntax.metrics.metrics_table import expanded
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import heading_key
from sibdsl.names import SORTS, DefinedTerm, Module, Program
from sibdsl.names.binding import bound
from sibdsl.names.files import in_library, library_name
from sibdsl.source import Source, Span
from sibdsl.syntax import Block, Word, kind_of, parse
from sibdsl.syntax.kinds_of_file import HEADS

#: Blocks that say what a module leaves open.
OPEN = ("parties", "particulars")
#: Blocks that a module brings into the contracts that use it.
BROUGHT = ("records", "table", "cohort", "bands", "metric", "metrics", "assumption", "rule")
#: What other heads of a module's file bring. The particulars of a rate card are the contract's own from then on.
OF_HEAD = {"rule pack": ("rule",), "rate card": ("table", "particulars", "assumption")}


#: What a module stands in when it is read by itself: somebody of each role that its rules may speak of.
_ALONE = """
contract Module
  service period 1 April 2000 to 31 March 2010
  currency GBP
  years begin 1 April
  statements quarterly
  rounding each line, half up, to the penny
end contract
parties
  | party               | role                    |
  | Module Commissioner | commissioner            |
  | Module Fund         | co-commissioner         |
  | Module Vehicle      | special purpose vehicle |
  | Module Provider     | provider                |
  | Module Investor     | investor                |
end parties
"""


def alone(reader: Reader, program: Program) -> tuple[Block, Program]:
    """The heading of a module's file, and the program of a made-up contract with all of the module in it.

    Reports what no module may hold. Raises Refused for a file that holds no module.
    """
    blocks = list(program.main.blocks)
    heads = [block for block in blocks if block.kind in HEADS]
    if kind_of(program.main) != "module":
        raise Refused(
            Diagnostic(
                "SIB0446",
                f"{program.main.source.name} holds no module.",
                help="Begin with `module` and its name.",
            )
        )
    for block in blocks:
        _fits(reader, block, blocks)
    around = parse(Source("a contract made up for the module", _ALONE)).blocks
    kept = [block for block in blocks if block.kind in (*BROUGHT, *OPEN)]
    return heads[0], evolve(program, main=evolve(program.main, blocks=(*around, *kept)))


def brought(reader: Reader, modules: Iterable[Module]) -> list[Block]:
    """The blocks that modules bring, in the order used, their names among the defined terms.

    Reports names left open or that a module does not have, blocks that no module brings, and names defined twice. The
    contract's own terms must be known by now.
    """
    return [block for module in modules for block in _brought(reader, module)]


def _brought(reader: Reader, module: Module) -> Iterator[Block]:
    blocks = expanded(reader, module.file.blocks)
    parties = open_names(blocks, "parties")
    declared = {**parties, **({} if is_rate_card(blocks) else open_names(blocks, "particulars"))}
    bindings = {**{name: word for name, word in declared.items() if word is not None}, **module.bindings}
    if not _all_given(reader, module, list(declared), bindings):
        return
    fit = [_fits(reader, block, blocks) for block in blocks]
    unfit = [name for name in parties if not _is_party(reader, name, bindings[name])]
    if unfit:
        return
    for block, fits in zip(blocks, fit, strict=True):
        if not fits:
            continue
        defined = [(block.name.text, block.name.span)] if block.name is not None else []
        if block.kind == "particulars":
            defined = list(named_by_rows(block, "particular"))
        sort = "particular" if block.kind == "particulars" else block.kind
        new = [_new(reader, module, sort, name, span) for name, span in defined]
        if new and all(new):
            yield bound(block, bindings)


def is_rate_card(blocks: Iterable[Block]) -> bool:
    """Whether a module's file is headed as a rate card."""
    return any(block.kind == "rate card" for block in blocks)


def named_by_rows(block: Block, key: str) -> Iterator[tuple[str, Span]]:
    """The names that the rows of a table define, in the column of that heading, each with its place."""
    heads = block.table.nodes("heading_row")[0].nodes("heading") if block.table else []
    place = next((at for at, head in enumerate(heads) if heading_key(head) == key), 0)
    for row in block.table.nodes("row") if block.table else []:
        cells = row.nodes()
        word = cells[place].node("path") if place < len(cells) else None
        if word is not None:
            yield word.words()[0].text, word.span


def _all_given(reader: Reader, module: Module, declared: list[str], bindings: dict[str, Word]) -> bool:
    """Whether every open name stands for something; reports those that do not, and names that the module has not."""
    for name in declared:
        if name not in bindings:
            reader.problems.add(
                "SIB0306",
                f'"{module.path}" leaves {name} open, and this line does not say what it stands for.',
                module.span,
                mark=f"{name} is not given",
                help=f"Add `where {name} is ...` to the `uses` line.",
            )
    for name, word in module.bindings.items():
        if name not in declared:
            reader.problems.add(
                "SIB0306",
                f'"{module.path}" has no open name {name}.',
                word.span,
                mark="not one of its names",
                help=f"It leaves open: {', '.join(declared)}." if declared else "It leaves no name open.",
            )
    return set(declared) <= set(bindings)


def open_names(blocks: Iterable[Block], kind: str) -> dict[str, Word | None]:
    """The names that a module leaves to the contracts that use it, in tables of a kind; each with its default, if any."""
    found: dict[str, Word | None] = {}
    for block in blocks:
        if block.kind != kind or block.table is None:
            continue
        heads = [heading_key(node) for node in block.table.nodes("heading_row")[0].nodes("heading")]
        for row in block.table.nodes("row"):
            cells = [[one for one in cell.walk() if isinstance(one, Word)] for cell in row.nodes()]
            default = cells[heads.index("default")] if "default" in heads[: len(cells)] else []
            if cells[0]:
                plain = [word for word in default if word.text != "required"]
                found[cells[0][0].text] = plain[0] if len(plain) == 1 else None
    return found


def left_open(blocks: Sequence[Block]) -> dict[str, tuple[str, ...]]:
    """By kind, the names that a module's file leaves to the contracts that use it."""
    kinds = ("parties",) if is_rate_card(blocks) else OPEN
    return {kind: tuple(open_names(blocks, kind)) if kind in kinds else () for kind in OPEN}


def names_brought(blocks: Sequence[Block]) -> dict[str, tuple[str, ...]]:
    """By kind, the names of what a module's file brings."""
    found: dict[str, list[str]] = {}
    for kind in (*BROUGHT, *(("particulars",) if is_rate_card(blocks) else ())):
        for block in (block for block in blocks if block.kind == kind):
            names = (
                [block.name.text] if block.name else [name for name, _ in named_by_rows(block, "particular")]
            )
            found.setdefault(kind, []).extend(names)
    return {kind: tuple(names) for kind, names in found.items()}


def _is_party(reader: Reader, name: str, word: Word) -> bool:
    """Whether what a name of a module stands for is a party of the contract; reports it when it is not."""
    if word.kind == "NAME":
        return bool(reader.name(word, "party"))
    reader.problems.add(
        "SIB0305",
        f"{name} stands for {word.text} here; a party is needed.",
        word.span,
        mark="not a party",
        help=f"Write `{name} is` and the name of one of the contract's parties.",
    )
    return False


def _fits(reader: Reader, block: Block, blocks: Iterable[Block]) -> bool:
    """Whether the block is one that its module brings; reports one that no module may hold."""
    head = next((block.kind for block in blocks if block.kind in HEADS), "module")
    brings = OF_HEAD.get(head, BROUGHT)
    if block.kind in HEADS or (block.kind in OPEN and block.kind not in brings):
        return False
    if block.kind in brings:
        return True
    elsewhere = block.kind in BROUGHT
    reader.problems.add(
        "SIB0309",
        f"A {head} {_BRINGS[head]}, not {_said(block)}."
        if elsewhere
        else f"A module does not bring {_said(block)}.",
        block.head,
        clause=reader.clause(block),
        mark=f"does not belong in a {head if elsewhere else 'module'}",
        help=f"Head the file with `module` in place of `{head}`."
        if elsewhere
        else "What is paid, tried and expected stands in the contract itself. Move the block there.",
    )
    return False


_BRINGS = {
    "rule pack": "brings rules",
    "rate card": "brings tables, particulars and assumptions",
    "module": "brings others",
}


def _said(block: Block) -> str:
    return SORTS.get(block.kind, f"a block of kind `{block.kind}`")


def _new(reader: Reader, module: Module, sort: str, name: str, span: Span) -> bool:
    """Whether a name that a module defines is new in the contract, and defines it; reports both places if it is not."""
    other = reader.scope.like(name)
    if other is None:
        reader.scope.add(reader.problems, name, sort, span)
        return True
    twice = other.span.file in reader.module_files
    reader.problems.add(
        "SIB0307",
        f'The module "{module.path}" defines {name}, {SORTS.get(sort, sort)}; {_also(other, twice=twice)}.',
        module.span if twice else other.span,
        mark=f"brings a second {name}" if twice else "defined by a module too",
        help="Use one of the two modules, and copy what you need of the other."
        if twice
        else f'Take this one out or rename it. To change what "{module.path}" says, copy its text and do not use it.',
        labels=(
            *((Label(other.span, f"{other.name} is defined here"),) if twice else ()),
            Label(span, "and here" if twice else "the module defines it here"),
        ),
    )
    return False


def _also(other: DefinedTerm, *, twice: bool) -> str:
    if twice:
        return "another module that the contract uses does too"
    return f"here {other.name} is {SORTS[other.sort]}"


def kept(reader: Reader, name: Word, span: Span, clause: str) -> bool:
    """Whether a name is the contract's own, so that a variation may change what it defines; reports a module's."""
    term = reader.scope.terms.get(name.text)
    if term is None or not in_library(term.span.file):
        return True
    path = library_name(term.span.file)
    reader.problems.add(
        "SIB0308",
        f'{name.text} comes from the module "{path}": a variation neither replaces it nor takes it out.',
        span,
        clause=clause,
        mark="defined by a module",
        help=f'Copy the text of "{path}" into the contract in place of the `uses` line; then it can be varied.',
        labels=(Label(term.span, f"{term.name} is defined here"),),
    )
    return False
