"""The list of a run folder's files, with the size and SHA-256 of each, under a seal; and what was changed since it was written."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from attrs import field, frozen

from sibdsl import files, marks, size_limits
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.settle.kept.untrusted import BrokenRun, HeldJson, read

FORMAT = "sibdsl.run/1"
NAME = "manifest.json"
#: What a file of a run's folder is called: nothing that leads anywhere else.
_FILE = re.compile(r"[a-z][a-z0-9-]{0,60}\.(json|sql|parquet|txt)")
_HASH = re.compile(r"[0-9a-f]{64}")
_STRETCH = 1 << 20


@frozen
class KeptFile:
    """One file of a run's folder."""

    name: str
    size: int
    sha256: str


@frozen
class Manifest:
    """Every file of a run's folder but this list itself, by name; `seal` is the SHA-256 of all of that."""

    files: tuple[KeptFile, ...]

    @property
    def seal(self) -> str:
        """SHA-256, in hex, over the names, sizes and hashes: two folders with one seal hold the same bytes."""
        return sha256(json.dumps(self._listed(), sort_keys=True).encode()).hexdigest()

    def text(self) -> str:
        """The list as it is written."""
        value = {"format": FORMAT, "files": self._listed(), "seal": self.seal}
        return json.dumps(value, indent=2) + "\n"

    def _listed(self) -> list[dict[str, object]]:
        return [{"name": one.name, "bytes": one.size, "sha256": one.sha256} for one in self.files]

    def file(self, name: str) -> KeptFile:
        """The file of that name. Raises BrokenRun where there is none."""
        for one in self.files:
            if one.name == name:
                return one
        raise BrokenRun(f"{NAME} names no {name}")


def of_files(folder: Path, names: Iterable[str]) -> Manifest:
    """The list of the files of a folder that has been written. Raises OSError."""
    return Manifest(tuple(_hashed(folder / name) for name in sorted(names)))


def _hashed(path: Path) -> KeptFile:
    size, digest = hash_of(path)
    return KeptFile(path.name, size, digest)


def hash_of(path: Path) -> tuple[int, str]:
    """The size of a plain file and its SHA-256 in hex, read a stretch at a time. Raises OSError."""
    found, size = sha256(), 0
    # Without waiting, and never through a link's other end that is a pipe or a device.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file", str(path))
        while part := stream.read(_STRETCH):
            found.update(part)
            size += len(part)
    return size, found.hexdigest()


def held(folder: Path) -> Manifest:
    """The list of a run's folder, which may come from a stranger. Raises Refused (SIB0720, SIB0721)."""
    path = folder / NAME
    try:
        data = content(path, size_limits.KEPT_TEXT)
    except FileNotFoundError:
        raise Refused(
            Diagnostic(
                "SIB0720",
                f"{marks.one_line(str(folder))} is no folder of a run: it has no {NAME}.",
                help="Name a folder that `sib pay --keep` wrote.",
            )
        ) from None
    except OSError as error:
        raise unreadable(folder, f"{NAME} cannot be read: {error.strerror or error}") from None
    try:
        return _read(read(data, NAME), data)
    except BrokenRun as broken:
        raise unreadable(folder, str(broken)) from None


def _read(value: HeldJson, data: bytes) -> Manifest:
    if value["format"].text() != FORMAT:
        raise BrokenRun(f"{NAME} has a form that this version of sib does not know")
    every = tuple(
        KeptFile(one["name"].text(), one["bytes"].number(), one["sha256"].text())
        for one in value["files"].each()
    )
    for one in every:
        if not _FILE.fullmatch(one.name) or one.name == NAME or not _HASH.fullmatch(one.sha256):
            raise BrokenRun(f"{NAME} names a file as no run's folder has them: {marks.one_line(one.name)}")
    if len({one.name for one in every}) != len(every) or len(every) > size_limits.KEPT_FILES:
        raise BrokenRun(f"{NAME} names a file twice, or more than {size_limits.KEPT_FILES:,} files")
    manifest = Manifest(every)
    if value["seal"].text() != manifest.seal:
        raise BrokenRun(f"{NAME} was changed: its seal is not that of its list")
    if manifest.text().encode() != data:
        raise BrokenRun(f"{NAME} was changed: it is not laid out as it was written")
    return manifest


def content(path: Path, most: int) -> bytes:
    """All of a plain file of a run's folder that is no link. Raises OSError, and Refused for more than `most` bytes (SIB0107)."""
    if path.is_symlink():
        raise OSError(errno.EINVAL, "it is a link", str(path))
    return files.read(path, most=most)


def unreadable(folder: Path, why: str) -> Refused:
    """What is said of a folder that cannot be read."""
    return Refused(
        Diagnostic(
            "SIB0721",
            f"The run in {marks.one_line(str(folder))} cannot be read: {why}.",
            help="`sib verify` names every file that was changed. Ask whoever gave you the folder for it again, or make the run again from the records.",
        )
    )


def changes(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Each file that was changed, is missing or was added since the folder was written, in words."""
    there = {entry.name for entry in os.scandir(folder)} - {NAME}
    for one in manifest.files:
        path = folder / one.name
        if one.name not in there:
            yield f"{one.name} is missing"
            continue
        if path.is_symlink():
            yield f"{one.name} is a link, not the file that was written"
            continue
        try:
            size, digest = hash_of(path)
        except OSError as error:
            yield f"{one.name} cannot be read: {error.strerror or error}"
            continue
        if size != one.size:
            yield f"{one.name} was changed: it has {size:,} bytes and had {one.size:,}"
        elif digest != one.sha256:
            yield f"{one.name} was changed"
    for name in sorted(there - {one.name for one in manifest.files}):
        yield f"{marks.one_line(name)} was added: the run has no such file"


@contextmanager
def _there(name: str) -> Iterator[None]:
    """A file that the list names and that cannot be read is a fault of the folder. Raises BrokenRun."""
    try:
        yield
    except FileNotFoundError:
        raise BrokenRun(f"{name} is missing") from None
    except OSError as error:
        raise BrokenRun(f"{name} cannot be read: {error.strerror or error}") from None


@frozen
class KeptTexts:
    """The files of a run's folder that are read whole, each held against the list."""

    folder: Path
    manifest: Manifest
    _read: dict[str, bytes] = field(factory=dict, repr=False)

    def bytes_of(self, name: str) -> bytes:
        """All of a file. Raises BrokenRun where it is missing or not as it was written, and Refused (SIB0107)."""
        if name not in self._read:
            listed = self.manifest.file(name)
            with _there(name):
                data = content(self.folder / name, size_limits.KEPT_TEXT)
            if len(data) != listed.size or sha256(data).hexdigest() != listed.sha256:
                raise BrokenRun(f"{name} was changed since it was written")
            self._read[name] = data
        return self._read[name]

    def json(self, name: str) -> HeldJson:
        """The JSON of a file. Raises as `bytes_of`."""
        return read(self.bytes_of(name), name)

    def table(self, name: str) -> Path:
        """The path of a file that is read piece by piece: of the size that it had, and no link. Raises BrokenRun."""
        listed, path = self.manifest.file(name), self.folder / name
        with _there(name):
            found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size != listed.size:
            raise BrokenRun(f"{name} was changed since it was written")
        return path

    def tables(self) -> Mapping[str, KeptFile]:
        """The files that are read piece by piece, by name."""
        return {one.name: one for one in self.manifest.files if one.name.endswith(".parquet")}
