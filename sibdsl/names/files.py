"""Reading contract files and the modules that they use."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve, frozen

from sibdsl import files, marks, size_limits
from sibdsl.diagnostics import Diagnostic, Refused, nearest
from sibdsl.files import Reach
from sibdsl.resources import resource
from sibdsl.source import Source, Span
from sibdsl.syntax import File, Node, Word, kind_of, parse


@frozen
class Module:
    """A file taken up by `uses`: its tree, and what its open names stand for in the contract that uses it.

    `path` is as `uses` writes it: of the library, or from the folder of the file that says it.
    """

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
    if reach is not None and reach.sealed:
        raise Refused(Diagnostic("SIB0101", f"There is no text of {marks.one_line(str(path))}."))
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
    r"^[ \t]*(contract|programme|variation|module|rule|rate card|parties|particulars|assumption|records|table|bands|cohort|metrics?"
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
    within = reach or Reach.of(Path(main.name))
    modules: list[Module] = []
    tree = parse(main)
    _take_up(tree, (), modules, {}, within)
    found: dict[str, File] = {}
    for source in (*_named_in(tree, within), *variations):
        if source.name not in found:
            found[source.name] = parse(source)
            _take_up(found[source.name], (), modules, {}, within)
    return Program(tree, tuple(modules), tuple(found.values()))


def _named_in(tree: File, reach: Reach) -> Iterator[Source]:
    """The variations that the contract names, by path from its own folder."""
    for block in tree.blocks:
        for line in block.lines("varied_by"):
            for word in line.words("TEXT"):
                path = Path(tree.source.name).parent / word.text[1:-1]
                yield named(path, word.span, reach, "which varies this contract")


def _take_up(
    tree: File, trail: tuple[File, ...], modules: list[Module], outer: dict[str, Word], reach: Reach
) -> None:
    """Take up what a file uses. `trail` are the files by way of which it is used, `outer` what its open names stand for."""
    here = (*trail, tree)
    for block in tree.blocks:
        for line in block.lines("uses"):
            word = line.word("TEXT")
            if word is None:
                continue
            name = word.text[1:-1]
            source = _module(name, word.span, tree.source, reach)
            real = _real(source)
            places = [_real(file.source) for file in here]
            if real in places:
                round_ = [library_name(file.source.name) for file in here[places.index(real) :]]
                raise Refused(
                    Diagnostic(
                        "SIB0304",
                        f'"{name}" uses itself, by way of {" and ".join(round_)}.',
                        word.span,
                        help="Take out one of the `uses` lines.",
                    )
                )
            bindings = {**_bindings(line, outer)}
            # Two modules may use a third: what it brings, they share.
            if any(_real(module.file.source) == real and module.bindings == bindings for module in modules):
                continue
            found = parse(source)
            if kind_of(found) != "module":
                raise Refused(_no_module(name, word.span))
            _take_up(found, here, modules, bindings, reach)
            if len(modules) >= size_limits.MODULES:
                raise Refused(
                    Diagnostic(
                        "SIB0304",
                        f"This contract takes up more than {size_limits.MODULES} modules, the most that are read.",
                        word.span,
                        help="Put what belongs together into one module.",
                    )
                )
            modules.append(Module(name, found, bindings, word.span))


def _real(source: Source) -> str:
    """What tells a file from any other: of the user's files, the path after all links."""
    return source.name if in_library(source.name) else os.path.realpath(source.name)


def _bindings(line: Node, outer: dict[str, Word]) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for binding in line.nodes("binding"):
        words = [*binding.words(), *(word for node in binding.nodes() for word in node.words())]
        name, value = words[0], words[-1]
        if name.text in found:
            raise Refused(
                Diagnostic(
                    "SIB0306",
                    f"This line says twice what {name.text} stands for.",
                    name.span,
                    mark="the second",
                    help="Take one of the two out.",
                )
            )
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


def is_path(name: str) -> bool:
    """Whether `uses`, or an option, names a module by its path, and none of the library."""
    return name.startswith(("./", "../"))


def _module(name: str, span: Span, user: Source, reach: Reach) -> Source:
    """The text of a module that the file `user` names: of the library, or by a path from that file's folder."""
    if is_path(name) and not in_library(user.name):
        return named(Path(user.name).parent / name, span, reach, "a module that is used here")
    kept = reach.library.get(f"stdlib/{name}.sib")
    if kept is not None:
        return Source(f"stdlib/{name}.sib", kept)
    known = [] if reach.sealed else modules_available()
    if name in known:
        path = resource("stdlib", *f"{name}.sib".split("/"))
        return Source(f"stdlib/{name}.sib", path.read_text(encoding="utf-8"))
    near = nearest(name, known)
    if near:
        help_ = f'Did you mean "{near}"?'
    elif name.lower().endswith(ENDINGS):
        help_ = f'If it is a file beside this one, write `uses "./{name.lstrip("/")}"`.'
    else:
        every = ", ".join(f'"{module}"' for module in known)
        help_ = f'There are: {every}. A file of your own is named by its path, as in `uses "./rates.sib"`.'
    raise Refused(
        Diagnostic(
            "SIB0303", f'There is no module "{name}".', span, mark="not in the standard library", help=help_
        )
    )


def _no_module(name: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "SIB0303",
        f'"{name}" holds no module.',
        span,
        mark="not the file of a module",
        help="A module's file begins with `module`, `rule pack` or `rate card`, and its name. "
        "Contracts that are paid together stand in a programme, and variations under `varied by`.",
    )


def library_name(file: str) -> str:
    """What `uses` calls a file of the standard library; the name of any other."""
    return file.removeprefix("stdlib/").removesuffix(".sib") if in_library(file) else file


def in_library(file: str) -> bool:
    """Whether a file of that name is a module of the standard library, and not one of the contract's own."""
    return file.startswith("stdlib/")
