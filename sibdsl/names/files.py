"""Reading contract files and the modules that they use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve, frozen

from sibdsl import files, marks, size_limits
from sibdsl.diagnostics import Diagnostic, Problems, Refused, nearest
from sibdsl.files import Reach
from sibdsl.resources import resource
from sibdsl.source import Source, Span
from sibdsl.syntax import File, Node, Word, parse


@frozen
class Module:
    """A file taken up by `uses`: its tree, and what its open names stand for in the contract that uses it."""

    path: str
    file: File
    bindings: dict[str, Word]
    span: Span


@frozen
class Program:
    """A contract file; in the order used, its modules; and the files of variations that are given with it."""

    main: File
    modules: tuple[Module, ...]
    variations: tuple[File, ...] = ()


def read(path: str | Path, reach: Reach | None = None) -> Source:
    """The text of a contract file that the user names, or the one that `reach` has in its stead.

    Raises Refused when it is missing, no plain file or not text.
    """
    unsaved = reach.unsaved_text(Path(path)) if reach is not None else None
    if unsaved is not None:
        return _unsaved(path, unsaved)
    shown = marks.one_line(_not_the_library(str(path)))
    where = Path(path)
    try:
        data = files.read(where)
    except FileNotFoundError:
        near = nearest(where.name, _neighbours(where))
        raise Refused(
            Diagnostic(
                "SIB0101",
                f"There is no file {shown}.",
                help=f"Did you mean {where.with_name(near)}?" if near else "Check the name and the folder.",
            )
        ) from None
    except IsADirectoryError:
        raise Refused(
            Diagnostic("SIB0101", f"{shown} is a folder; a contract is a file.", help=_inside(where))
        ) from None
    except OSError as error:
        raise Refused(Diagnostic("SIB0101", f"{shown} cannot be read: {error.strerror or error}.")) from None
    return Source(_not_the_library(str(path)), _decode(shown, data))


def _unsaved(path: str | Path, text: str) -> Source:
    """A text that stands for that of a file, held to what a file is held to."""
    if len(text.encode("utf-8", "surrogatepass")) > size_limits.BYTES:
        raise files.too_long(Path(path))
    name = _not_the_library(str(path))
    return Source(name, _plain(marks.one_line(name), text))


def _not_the_library(name: str) -> str:
    """What messages call a file of the user's: never as a module of the standard library is called."""
    return f"./{name}" if in_library(name) else name


#: What the name of a file of this language ends in.
ENDINGS = (".sib", ".md", ".markdown")
#: The first words of a block that such a file can hold.
_BEGINS = re.compile(
    r"^[ \t]*(contract|programme|variation|module|rule|parties|particulars|assumption|records|table|bands|cohort|metrics?"
    r"|routes|scorecard|workings|scale|payment|deduction|block advance|cap|scenarios?|example|investment)\b",
    re.MULTILINE,
)


def named(path: Path, span: Span, reach: Reach, what: str) -> Source:
    """The text of a file that a contract or programme names at `span`; `what` ends the sentence about it.

    Such a name comes from the other party. What it leads to outside `reach` is not looked at, and nothing that is not of
    this language is shown.

    Raises:
        Refused: it leads out (SIB0105), is not there (SIB0101), is none of a contract (SIB0108), or as for `read`.
    """
    shown = marks.one_line(str(path))
    if not reach.holds(path):
        raise Refused(
            Diagnostic(
                "SIB0105",
                f"{shown}, {what}, is outside the folder of the file that was named on the command line. It was not looked at.",
                span,
                mark="leads out of the folder",
                help=f"Copy it into that folder. Or, if you trust whoever names it, give `{reach.option(path)}`.",
            )
        )
    unsaved = reach.unsaved_text(path) is not None
    if not unsaved and not path.exists():
        raise Refused(
            Diagnostic(
                "SIB0101", f"There is no file {shown}, {what}.", span, help="Check the name and the folder."
            )
        )
    none = Diagnostic(
        "SIB0108",
        f"{shown}, {what}, is no plain file of this language.",
        span,
        help="Name a plain file that ends in `.sib`, or in `.md` with the text in `sib` blocks.",
    )
    if not (unsaved or path.is_file()) or path.suffix.lower() not in ENDINGS:
        raise Refused(none)
    try:
        source = read(path, reach)
    except Refused as refused:
        raise Refused(
            [evolve(finding, span=span) if not finding.span.file else finding for finding in refused.found]
        ) from None
    if not _BEGINS.search(source.text):
        raise Refused(none)
    return source


def _decode(shown: str, data: bytes) -> str:
    try:
        text = data.decode(files.encoding(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(
            Diagnostic(
                "SIB0102",
                f"{shown} is not a text file in UTF-8: line {line} holds a character that cannot be read.",
                span=Span(shown, line, 1, line, 1),
                help="Save it as plain text with encoding UTF-8. A Word file has to be saved as plain text first.",
            )
        ) from None
    return _plain(shown, text)


def _plain(shown: str, text: str) -> str:
    """The text with line ends of one kind. Raises Refused for what is no plain text."""
    if "\x00" in text:
        raise Refused(
            Diagnostic(
                "SIB0102",
                f"{shown} is not a text file.",
                help="A contract is plain text. Save a Word or PDF document as plain text (UTF-8) first.",
            )
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _neighbours(where: Path) -> list[str]:
    try:
        return [path.name for path in where.parent.iterdir()]
    except OSError:
        return []


def _inside(where: Path) -> str:
    found = sorted(path.name for path in where.glob("*.sib"))
    return f"It holds {', '.join(found[:5])}." if found else "It holds no .sib file."


def load(main: Source, variations: tuple[Source, ...] = (), reach: Reach | None = None) -> Program:
    """Parse `main`, every module that it uses, and the variations named in it or given beside it.

    `reach` holds the folders whose files it may name; without it, the folder of `main`.

    Raises Refused for syntax errors, unknown modules, cycles, and files named that are missing or lead out.
    """
    modules: list[Module] = []
    tree = parse(main)
    _take_up(tree, [main.name], modules, {})
    found: dict[str, File] = {}
    for source in (*_named_in(tree, reach or Reach.of(Path(main.name))), *variations):
        if source.name not in found:
            found[source.name] = parse(source)
            _take_up(found[source.name], [source.name], modules, {})
    return Program(tree, tuple(modules), tuple(found.values()))


def _named_in(tree: File, reach: Reach) -> Iterator[Source]:
    """The variations that the contract names, by path from its own folder."""
    for block in tree.blocks:
        for line in block.lines("varied_by"):
            for word in line.words("TEXT"):
                path = Path(tree.source.name).parent / word.text[1:-1]
                yield named(path, word.span, reach, "which varies this contract")


def _take_up(tree: File, trail: list[str], modules: list[Module], outer: dict[str, Word]) -> None:
    for block in tree.blocks:
        for line in block.lines("uses"):
            word = line.word("TEXT")
            if word is None:
                continue
            name = word.text[1:-1]
            if name in trail:
                raise Refused(
                    Diagnostic(
                        "SIB0304",
                        f'"{name}" uses itself, by way of {" and ".join(trail[trail.index(name) :])}.',
                        word.span,
                        help="Take out one of the `uses` lines.",
                    )
                )
            source = _module(name, word.span)
            bindings = {**_bindings(line, outer)}
            found = parse(source)
            _take_up(found, [*trail, name], modules, bindings)
            # Two modules may use a third: what it brings, they share.
            if not any(module.path == name and module.bindings == bindings for module in modules):
                modules.append(Module(name, found, bindings, word.span))


def _bindings(line: Node, outer: dict[str, Word]) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for binding in line.nodes("binding"):
        words = [*binding.words(), *(word for node in binding.nodes() for word in node.words())]
        name, value = words[0], words[-1]
        found[name.text] = outer.get(value.text, value) if value.kind == "NAME" else value
    return found


def modules_available() -> list[str]:
    """The modules of the standard library, as `uses` names them."""
    root = resource("stdlib")
    return sorted(
        str(path.relative_to(root).with_suffix("")).replace("\\", "/")
        for path in root.rglob("*.sib")
        if "templates" not in path.parts
    )


def _module(name: str, span: Span) -> Source:
    known = modules_available()
    if name not in known:
        near = nearest(name, known)
        problems = Problems()
        problems.add(
            "SIB0303",
            f'There is no module "{name}".',
            span,
            mark="not in the standard library",
            help=f'Did you mean "{near}"?'
            if near
            else "There are: " + ", ".join(f'"{one}"' for one in known) + ".",
        )
        raise Refused(problems.found)
    path = resource("stdlib", *f"{name}.sib".split("/"))
    return Source(f"stdlib/{name}.sib", path.read_text(encoding="utf-8"))


def in_library(file: str) -> bool:
    """Whether a file of that name is a module of the standard library, and not one of the contract's own."""
    return file.startswith("stdlib/")
