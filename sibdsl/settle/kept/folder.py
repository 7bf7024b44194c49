"""A run's folder on the disk: whole or not there, readable by its owner alone, and never in the place of another."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sibdsl import marks
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.settle.kept import manifest
from sibdsl.settle.kept.manifest import Manifest

#: The files that say which run it is: two runs in which these are the same are the same run.
SAME = ("run.json", "quantities.json", "payments.json")


def may_keep(folder: Path) -> Manifest | None:
    """The list of the run that a folder keeps already; None where there is no folder yet.

    Raises Refused (SIB0708) for anything else that is there, and for a folder in which no folder can be made.
    """
    shown = marks.one_line(str(folder))
    try:
        there = folder.lstat()
    except FileNotFoundError:
        if not folder.parent.is_dir():
            raise Refused(
                Diagnostic(
                    "SIB0707",
                    f"{shown} cannot be made: there is no folder {marks.one_line(str(folder.parent))}.",
                    help="Make it, or name another folder after `--keep`.",
                )
            ) from None
        return None
    if not stat.S_ISDIR(there.st_mode) or not (folder / manifest.NAME).exists():
        raise Refused(
            Diagnostic(
                "SIB0708",
                f"{shown} is there already, and is no folder of a run; nothing was written.",
                help="Name a folder that is not there yet.",
            )
        )
    return manifest.held(folder)


def other_run(folder: Path) -> Refused:
    """What is said where the folder keeps another run."""
    return Refused(
        Diagnostic(
            "SIB0708",
            f"{marks.one_line(str(folder))} keeps another run; nothing was written.",
            help="Name a folder that is not there yet. A run that was kept is never written over.",
        )
    )


def same_run(one: Manifest, other: Manifest) -> bool:
    """Whether two lists are of the same run: the same texts, values, sources, quantities and payments."""
    return all(one.file(name).sha256 == other.file(name).sha256 for name in SAME)


@contextmanager
def being_written(folder: Path) -> Iterator[Path]:
    """A new folder beside the one wanted, which takes its name at the end; on any failure nothing is left of it.

    Its files are then on the disk, and readable by their owner alone. What a run that was killed has left beside it goes. Raises OSError,
    told by the name of the folder wanted, and Refused where one of that name came meanwhile (SIB0708).
    """
    _clear(folder)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_prefix(folder), suffix=".part"))
    handle = os.open(beside, os.O_RDONLY)
    _locked(handle)
    try:
        yield beside
        for entry in beside.iterdir():
            _settled(entry)
        os.fsync(handle)
        _named(beside, folder)
        _on_disk(folder.parent)
    except BaseException as error:
        shutil.rmtree(beside, ignore_errors=True)
        if isinstance(error, OSError) and str(error.filename).startswith(str(beside)):
            raise OSError(error.errno, error.strerror, str(folder)) from error
        raise
    finally:
        os.close(handle)


def _named(beside: Path, folder: Path) -> None:
    if folder.exists():  # one that came meanwhile
        raise other_run(folder)
    beside.rename(folder)


def _prefix(folder: Path) -> str:
    return f".{folder.name}.sib-"


def _settled(path: Path) -> None:
    """Bring a file to the disk, as one that its owner alone may read."""
    handle = os.open(path, os.O_RDWR)
    try:
        path.chmod(0o600)
        os.fsync(handle)
    finally:
        os.close(handle)


def _on_disk(folder: Path) -> None:
    with suppress(OSError):  # not every system can open a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _locked(handle: int) -> bool:
    """Take the folder for this run, where nobody has; whether that was so."""
    try:
        import fcntl
    except ImportError:  # a system without locks of files
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True


def _clear(folder: Path) -> None:
    """Remove what runs have left that were killed while they wrote this folder."""
    for left in folder.parent.glob(f"{_prefix(folder)}*.part"):
        with suppress(OSError):
            handle = os.open(left, os.O_RDONLY)
            try:
                if _locked(handle):
                    shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(handle)
