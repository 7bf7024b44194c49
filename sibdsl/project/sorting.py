"""Which files are read together: a contract by itself, and once more with the files that vary it.

Source of the rules: project reference, 'Variations in a folder'.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from attrs import frozen

from sibdsl import marks
from sibdsl.diagnostics import Diagnostic, Refused, same
from sibdsl.names import read
from sibdsl.project.folders import listed
from sibdsl.syntax import Block, File, kind_of, parse

Kind = Literal["contract", "programme", "module", "variation", "nothing", "unreadable"]


@frozen
class Reading:
    """One file as it is checked, with the files that vary it.

    `asked` is false of a contract that was not named itself and is read because a variation of it was. `told` are the files
    whose own examples are run and whose own findings are told.
    """

    path: Path
    kind: Kind
    varied: tuple[Path, ...] = ()
    asked: bool = True

    @property
    def said(self) -> str:
        """How a person would call it: `north.sib with north_2027.sib and north_2028.sib`."""
        names = [path.name if path.parent == self.path.parent else str(path) for path in self.varied]
        if not names:
            return marks.one_line(str(self.path))
        return marks.one_line(
            f"{self.path} with {', '.join(names[:-1]) + ' and ' if names[1:] else ''}{names[-1]}"
        )


@frozen
class Sorted:
    """What a call reads, in order; and variations whose contract was not found, each with what to do."""

    readings: tuple[Reading, ...]
    problems: tuple[Diagnostic, ...] = ()


@frozen
class _Looked:
    """What a first look at a file tells: its kind; the contract that it is, or that it varies; the files that vary it."""

    path: Path
    kind: Kind
    name: str = ""
    block: Block | None = None
    varied_by: tuple[Path, ...] = ()


def sorted_out(
    files: Sequence[Path],
    with_them: Mapping[Path, tuple[Path, ...]] | None = None,
    remember: Callable[[File], None] = lambda _file: None,
) -> Sorted:
    """Which of the files are read by themselves, and which together with the contract that they vary.

    `with_them` has for a contract the files that are always given with it, as the project file names them. `remember` is
    called with every tree, so that messages can quote its lines.
    """
    given = with_them or {}
    looked = [_look(path, remember) for path in files]
    contracts = [looked_file for looked_file in looked if looked_file.kind == "contract"]
    loose: dict[Path, list[Path]] = {}
    beside: dict[Path, _Looked] = {}
    problems: list[Diagnostic] = []
    named = {
        _real(path) for contract in contracts for path in (*contract.varied_by, *given.get(contract.path, ()))
    }
    readings = [
        Reading(looked_file.path, looked_file.kind, given.get(looked_file.path, ()))
        for looked_file in looked
        if looked_file.kind != "variation"
    ]
    for variation in (looked_file for looked_file in looked if looked_file.kind == "variation"):
        if _real(variation.path) in named:
            continue  # read with the contract that names it
        found = _contract_of(variation, contracts, remember)
        if isinstance(found, Diagnostic):
            problems.append(found)
        else:
            beside[found.path] = found
            loose.setdefault(found.path, []).append(variation.path)
    asked = {contract.path for contract in contracts}
    for path, varied in loose.items():
        every = dict.fromkeys((*given.get(path, ()), *varied))
        readings.append(Reading(path, "contract", tuple(every), asked=path in asked))
    # Modules first and programmes last: what is found in a module, or in a contract of a programme, is told of that.
    place = {"module": 0, "programme": 2}
    readings.sort(key=lambda reading: (place.get(reading.kind, 1), reading.path.parts, len(reading.varied)))
    return Sorted(tuple(readings), tuple(problems))


def _contract_of(
    variation: _Looked, contracts: Sequence[_Looked], remember: Callable[[File], None]
) -> _Looked | Diagnostic:
    """The contract that a variation varies: of its own folder before any other, and of those the one of that name."""
    folder = variation.path.parent
    here = [contract for contract in contracts if contract.path.parent == folder]
    if not any(_fits(variation, contract) for contract in contracts):
        # It was named without its contract, which is looked for beside it.
        others = [path for path in listed([folder]).files if path.parent == folder]
        here = [looked for looked in (_look(path, remember) for path in others) if looked.kind == "contract"]
    for place in (here, contracts):
        fitting = [looked for looked in place if _fits(variation, looked)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            return _several(variation, fitting)
    return _none(variation, [looked for looked in (*here, *contracts) if looked.name])


def _fits(variation: _Looked, contract: _Looked) -> bool:
    return bool(contract.name) and same(variation.name) == same(contract.name)


def _none(variation: _Looked, others: Sequence[_Looked]) -> Diagnostic:
    names = ", ".join(dict.fromkeys(other.name for other in others))
    what = f"varies {variation.name}" if variation.name else "does not say which contract it varies"
    return Diagnostic(
        "SIB0747",
        f"{marks.one_line(str(variation.path))} {what}, and no contract of that name is beside it."
        + (f" There is: {names}." if names else ""),
        variation.block.head if variation.block is not None else read(variation.path).span(0, 0),
        mark="varies a contract that was not found",
        help="Put it beside its contract, or name both: `sib check CONTRACT --with FILE.sib`.",
    )


def _several(variation: _Looked, fitting: Sequence[_Looked]) -> Diagnostic:
    names = " and ".join(marks.one_line(str(looked.path)) for looked in fitting)
    return Diagnostic(
        "SIB0747",
        f"{marks.one_line(str(variation.path))} varies {variation.name}, and several files hold a contract of that name: {names}.",
        variation.block.head if variation.block is not None else read(variation.path).span(0, 0),
        mark="which of them does it vary?",
        help="Name the two that belong together: `sib check CONTRACT --with FILE.sib`, or `varied-by` in sib.toml.",
    )


def _look(path: Path, remember: Callable[[File], None]) -> _Looked:
    try:
        tree = parse(read(path))
    except Refused:
        return _Looked(path, "unreadable")
    remember(tree)
    kind = kind_of(tree)
    head = next((block for block in tree.blocks if block.kind == kind), None)
    if kind == "variation":
        words = (word for line in head.lines("varies") for word in line.words("NAME")) if head else ()
        return _Looked(path, kind, next((word.text for word in words), ""), head)
    files = (
        word for block in tree.blocks for line in block.lines("varied_by") for word in line.words("TEXT")
    )
    return _Looked(
        path,
        kind,
        head.name.text if head is not None and head.name is not None else "",
        head,
        tuple(path.parent / word.text[1:-1] for word in files),
    )


def _real(path: Path) -> str:
    return os.path.realpath(path)
