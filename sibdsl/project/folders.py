"""Which files a call reads: those that it names, and the contract texts in the folders that it names.

Source of the rules: project reference, 'Files and folders'.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import field, frozen

from sibdsl import marks
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.files import Reach
from sibdsl.names import read
from sibdsl.syntax.kinds_of_file import BEGINNINGS
from sibdsl.syntax.literate import contract_text, fences, is_literate, not_read

#: Folders that are not looked into: what other programs make. Hidden ones are not either.
SKIPPED = ("build", "dist", "node_modules", "site-packages", "venv", "__pycache__")
#: The first word of a file that can be checked by itself, where prose and quoted pieces of contracts have none.
_HEAD = re.compile(rf"^[ \t]*({'|'.join(BEGINNINGS)})\b", re.MULTILINE)


@frozen
class Pattern:
    """What is left out when folders are read, as sib.toml writes it: `drafts`, `old/*.sib`, `**/tmp`.

    A pattern without a stroke fits a file or folder of that name anywhere; one with a stroke fits the path from the folder
    of sib.toml. `*` and `?` stand for what is within one name, `**` for any number of folders.
    """

    text: str
    folder: Path

    def fits(self, path: Path) -> bool:
        """Whether the file or folder is left out by this pattern."""
        text = self.text.strip().removesuffix("/").removeprefix("./")
        if "/" not in text:
            return re.fullmatch(_as_expression(text), path.name) is not None
        within = Path(os.path.relpath(path, self.folder)).as_posix()
        return re.fullmatch(_as_expression(text.removeprefix("/")), within) is not None


def _as_expression(pattern: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    signs = {"**/": r"(?:.+/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return "".join(signs.get(part) or re.escape(part) for part in parts)


@frozen
class Listed:
    """The files of a call, each once and in the order of their paths.

    `pieces` are Markdown files with `sib` blocks of which none begins a contract: they were passed over. `problems` are
    folders that could not be read or hold nothing, and links that were not followed.
    """

    files: tuple[Path, ...]
    pieces: tuple[Path, ...] = ()
    problems: tuple[Diagnostic, ...] = field(default=())


def listed(paths: Sequence[Path], leave_out: Sequence[Pattern] = ()) -> Listed:
    """The files that the paths name and the contract texts in the folders that they name. A file named twice is read once.

    A file that is named is always among them, whether it is there or not. Nothing is raised: what is wrong is a problem.
    """
    named = [path for path in paths if not path.is_dir()]
    pieces: list[Path] = []
    problems: list[Diagnostic] = []
    every = list(named)
    for folder in dict.fromkeys(path for path in paths if path.is_dir()):
        search = _Search(folder, leave_out)
        texts = list(search.texts())
        if not texts and not search.problems:
            problems.append(_empty(folder, search.pieces))
        every += texts
        pieces += search.pieces
        problems += search.problems
    files = _each_once(every)
    return Listed(
        files,
        tuple(path for path in _each_once(pieces) if path not in files),
        tuple(dict.fromkeys(sorted(problems, key=lambda finding: finding.message))),
    )


def is_file_alone(paths: Sequence[Path]) -> bool:
    """Whether the call names one file and nothing else, so that all there is to say of it is shown."""
    return len(_each_once(paths)) == 1 and not paths[0].is_dir()


def _each_once(paths: Iterable[Path]) -> tuple[Path, ...]:
    """One path for each file, in the order of the paths: of several that lead to one file the first."""
    found: dict[str, Path] = {}
    for path in sorted(paths, key=lambda file_path: file_path.parts):
        found.setdefault(os.path.realpath(path), path)
    return tuple(found.values())


class _Search:
    """One look through a folder and those below it."""

    def __init__(self, folder: Path, leave_out: Sequence[Pattern]) -> None:
        self.folder = folder
        self.leave_out = leave_out
        self.reach = Reach((folder,))
        self.pieces: list[Path] = []
        self.problems: list[Diagnostic] = []

    def texts(self) -> Iterator[Path]:
        """The contract texts, in the order of their paths."""
        waiting = [self.folder]
        while waiting:
            folder = waiting.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda folder_entry: folder_entry.name)
            except OSError as error:
                self.problems.append(_unreadable(folder, error))
                continue
            below: list[Path] = []
            for entry in entries:
                path = folder / entry.name
                if self._left_out(path):
                    continue
                is_text = path.suffix.lower() == ".sib" or is_literate(path.name)
                if entry.is_symlink() and (path.is_dir() or is_text):
                    if not self.reach.holds(path):
                        self.problems.append(_leads_out(path, self.folder))
                        continue
                    if path.is_dir():  # what it leads to is met at its own place
                        continue
                if entry.is_dir():
                    if entry.name not in SKIPPED:
                        below.append(path)
                elif is_text and entry.is_file() and self._holds_contract(path):
                    yield path
            waiting += reversed(below)

    def _left_out(self, path: Path) -> bool:
        return path.name.startswith(".") or any(pattern.fits(path) for pattern in self.leave_out)

    def _holds_contract(self, path: Path) -> bool:
        if not is_literate(path.name):
            return True
        try:
            source = read(path)
        except Refused:
            return True  # told by whoever reads it
        if _HEAD.search(contract_text(source)):
            return True
        if any(problem.code == "SIB0223" for problem in not_read(source)) and _HEAD.search(source.text):
            return True  # a contract that would not be read is told, not passed over
        if fences(source.text):
            self.pieces.append(path)
        return False


def _empty(folder: Path, pieces: Sequence[Path]) -> Diagnostic:
    shown = marks.one_line(str(folder))
    beside = (
        f" {marks.one_line(pieces[0].name)} has `sib` blocks, and none of them begins a contract."
        if pieces
        else ""
    )
    return Diagnostic(
        "SIB0749",
        f"The folder {shown} holds no contract: no file that ends in `.sib`, and no `.md` file with a contract in it.{beside}",
        help="Name another folder, or the file itself. Hidden folders, and those that other programs make, are not looked into.",
    )


def _unreadable(folder: Path, error: OSError) -> Diagnostic:
    return Diagnostic(
        "SIB0707",
        f"The folder {marks.one_line(str(folder))} cannot be read: {error.strerror or error}.",
        help="Check its name and who may read it.",
    )


def _leads_out(path: Path, folder: Path) -> Diagnostic:
    return Diagnostic(
        "SIB0748",
        f"{marks.one_line(str(path))} is a link that leads out of {marks.one_line(str(folder))}. It was not looked at.",
        help="If it is to be read, name it too.",
        severity="warning",
    )
