"""Files read and written: plain ones only, whole or not at all, and never an output over an input.

Source of the rules: safety reference, 'Files'.
"""

from __future__ import annotations

import codecs
import errno
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from attrs import field, frozen

from sibdsl import marks, size_limits
from sibdsl.diagnostics import Diagnostic, Refused

#: Device and inode of every file that this run has read -> how messages call it.
_READ: dict[tuple[int, int], str] = {}
#: Device and inode of every pipe -> what came out of it: it can be read once only, and a run may ask for it again.
_PIPED: dict[tuple[int, int], bytes] = {}


#: What text in UTF-16 begins with.
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def forget() -> None:
    """Begin a run: nothing has been read yet."""
    _READ.clear()
    _PIPED.clear()


# ------------------------------------------------------------------ reading


@frozen
class State:
    """What changes with a file: which file it is, its size, and when it was last written."""

    place: tuple[int, int]
    size: int
    written: int

    @classmethod
    def of(cls, found: os.stat_result) -> State:
        return cls((found.st_dev, found.st_ino), found.st_size, found.st_mtime_ns)


def read(path: Path, *, most: int = size_limits.BYTES) -> bytes:
    """All of a plain file.

    Raises:
        OSError: it cannot be opened, or is a folder, a pipe or a device.
        Refused: it holds more than `most` bytes (SIB0107), or changed while it was read (SIB0106).
    """
    # Without waiting: opening a pipe that nobody writes to would never end.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    with os.fdopen(handle, "rb") as stream:
        before = os.fstat(handle)
        if stat.S_ISDIR(before.st_mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file", str(path))
        data = _at_most(stream, most, path)
        if State.of(os.fstat(handle)) != State.of(before) or len(data) != before.st_size:
            raise changed(path)
    if _now(path) != State.of(before):
        raise changed(path)
    _READ[State.of(before).place] = str(path)
    return data


def encoding(start: bytes) -> str:
    """The encoding that the first bytes of a text show: UTF-16 where its mark is there, else UTF-8, whose mark is left out."""
    return "utf-16" if start.startswith(_UTF16) else "utf-8-sig"


def given(path: Path, *, most: int = size_limits.BYTES) -> bytes:
    """As `read`, of a file that the user names on the command line: that may be a pipe too, which is read to its end once."""
    found = path.stat()
    if not stat.S_ISFIFO(found.st_mode):
        return read(path, most=most)
    place = found.st_dev, found.st_ino
    if place not in _PIPED:
        with path.open("rb") as stream:  # waits for who writes to it
            if not stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
                raise changed(path)
            _PIPED[place] = _at_most(stream, most, path)
    return _PIPED[place]


def _at_most(stream: BinaryIO, most: int, path: Path) -> bytes:
    data = stream.read(most + 1)
    if len(data) > most:
        raise too_long(path, most)
    return data


def too_long(path: Path, most: int = size_limits.BYTES) -> Refused:
    """What is said of a file that holds more than `most` bytes."""
    return Refused(
        Diagnostic(
            "SIB0107",
            f"{marks.one_line(str(path))} holds more than {most:,} bytes, the most that is read.",
            help="Check that it is the file you mean; split a longer contract into a programme of several.",
        )
    )


def changed(path: Path) -> Refused:
    """What is said of a file that changed while it was read."""
    return Refused(
        Diagnostic(
            "SIB0106",
            f"{marks.one_line(str(path))} changed while it was read.",
            help="Run this again when nothing else changes it.",
        )
    )


def _now(path: Path) -> State | None:
    try:
        return State.of(path.stat())
    except OSError:
        return None


class Watch:
    """Files that are read by others, such as the engine, from now on."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._before = {path: _now(path) for path in paths}
        _READ.update((state.place, str(path)) for path, state in self._before.items() if state is not None)

    def stop_where_changed(self) -> None:
        """Raise Refused (SIB0106) when one of them changed."""
        for path, state in self._before.items():
            if _now(path) != state:
                raise changed(path)


@contextmanager
def unchanged(paths: Sequence[Path]) -> Iterator[None]:
    """Within this the files are read by others, such as the engine. Raises Refused (SIB0106) when one changed meanwhile."""
    watch = Watch(paths)
    yield
    watch.stop_where_changed()


# ------------------------------------------------------------------ what a contract may name


@frozen
class Reach:
    """The folders whose files a contract may name: that of the file which the user named, and those the user allows.

    `unsaved` are texts that stand for those of files, as an editor holds them, by the real path of the file. They widen
    nothing: what leads out is refused, whoever holds its text. Where they are `sealed` there are no others: no file is read, of
    the standard library neither, whose texts are `library`, by name.
    """

    folders: tuple[Path, ...] = field(default=())
    unsaved: Mapping[str, str] = field(factory=dict, repr=False)
    sealed: bool = False
    library: Mapping[str, str] = field(factory=dict, repr=False)

    @classmethod
    def only(cls, texts: Mapping[str, str], library: Mapping[str, str]) -> Reach:
        """These texts, by the names of their files, and no file of the disk."""
        held = {os.path.realpath(name): text for name, text in texts.items()}
        return cls((), held, sealed=True, library=library)

    @classmethod
    def of(cls, named: Path, allow: Sequence[Path] = (), unsaved: Mapping[Path, str] | None = None) -> Reach:
        """From the file that the user named, the folders of `--allow`, and texts by the paths of their files."""
        texts = {os.path.realpath(path): text for path, text in (unsaved or {}).items()}
        return cls((named.parent, *allow), texts)

    def unsaved_text(self, path: Path) -> str | None:
        """The text that stands for that of the file; None for a file to be read from the disk."""
        return self.unsaved.get(os.path.realpath(path)) if self.unsaved else None

    def holds(self, path: Path) -> bool:
        """Whether the path stays inside, as it is written and by the links on its way.

        A path that leads out as written is judged without a look at the disk.
        """
        if self.sealed:
            return self.unsaved_text(path) is not None
        written = _written(path)
        roots = {root for folder in self.folders for root in (_written(folder), os.path.realpath(folder))}
        if not any(_inside(written, root) for root in roots):
            return False
        real = os.path.realpath(path)
        return any(_inside(real, os.path.realpath(folder)) for folder in self.folders)

    def option(self, path: Path) -> str:
        """The option that would let the path be read. It speaks of the text and of the first link, and of no other file."""
        return f"--allow {marks.path_word(str(self._leads(path).parent))}"

    def _leads(self, path: Path) -> Path:
        """Where the path leads, as written, or by its first link where it stays inside as written."""
        at = Path(os.path.normpath(path))
        if any(_inside(_written(path), _written(folder)) for folder in self.folders):
            for part in (*reversed(at.parents), at):
                if part.is_symlink():
                    return Path(os.path.normpath(part.parent / part.readlink() / at.relative_to(part)))
        return at


def _written(path: Path) -> str:
    return os.path.normpath(os.path.abspath(path))  # noqa: PTH100 - as written: links are looked at later


def _inside(path: str, root: str) -> bool:
    try:
        return os.path.commonpath((path, root)) == root
    except ValueError:  # two drives
        return False


# ------------------------------------------------------------------ writing


def may_write(path: Path) -> None:
    """Refuse to write over what the run has read, by whatever name, or over anything that is not a plain file."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return
    name = marks.one_line(str(path))
    if not stat.S_ISREG(there.st_mode):
        raise Refused(
            Diagnostic(
                "SIB0708", f"{name} is not a plain file; nothing was written.", help="Name another file."
            )
        )
    if (there.st_dev, there.st_ino) in _READ:
        raise Refused(
            Diagnostic(
                "SIB0708",
                f"{name} is read by this run; it would be lost. Nothing was written.",
                help="Name another file.",
            )
        )


@contextmanager
def written(path: Path, *, over_input: bool = False, private: bool = False) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file when all of them are on the disk; until then, and on any failure, nothing changes.

    A new file may be read by whom the system lets, or, if it is `private`, by its owner alone.

    Raises:
        Refused: the file is an input of the run, or no plain file (SIB0708).
        OSError: the folder or the disk takes no more.
    """
    if not over_input:
        may_write(path)
    target = Path(os.path.realpath(path))
    new = 0o600 if private else 0o666 & ~_umask()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else new
    handle, beside = _aside(target)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            if hasattr(os, "fchmod"):
                os.fchmod(handle, mode)
            os.fsync(handle)
            if not beside:
                beside = _given_name(handle, target)
        if not over_input:
            may_write(path)
        Path(beside).replace(target)
    except BaseException as error:
        if beside:
            Path(beside).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename != str(path):  # told by the name that the user knows
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def write(path: Path, text: str, *, over_input: bool = False, private: bool = False) -> None:
    """Write a text in UTF-8, wholly or not at all. Raises as `written`."""
    with written(path, over_input=over_input, private=private) as stream:
        stream.write(text.encode("utf-8", "backslashreplace"))


def _aside(target: Path) -> tuple[int, str]:
    """A new file in the target's folder, open; without a name where the system can do that, so that no kill leaves it behind."""
    nameless = getattr(os, "O_TMPFILE", 0)
    if nameless and Path("/proc/self/fd").is_dir():
        with suppress(OSError):
            return os.open(target.parent, nameless | os.O_WRONLY | os.O_CLOEXEC, 0o600), ""
    try:
        return tempfile.mkstemp(dir=target.parent, prefix=".sib-", suffix=".part")
    except OSError as error:  # told by the name that the user knows
        raise OSError(error.errno, error.strerror, str(target)) from error


def _given_name(handle: int, target: Path) -> str:
    """A name for a file that has none, just before it takes the target's."""
    folder = os.open("/proc/self/fd", os.O_RDONLY)
    try:
        for number in range(100):
            name = str(target.parent / f".sib-{os.getpid()}-{number}.part")
            try:
                os.link(str(handle), name, src_dir_fd=folder, follow_symlinks=True)
            except FileExistsError:
                continue
            return name
    finally:
        os.close(folder)
    raise FileExistsError(errno.EEXIST, "no free name is left beside it", str(target))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
