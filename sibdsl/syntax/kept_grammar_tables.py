"""The grammar's tables between runs: kept where only the user can write, and read as plain data that can run nothing.

Made afresh they take a third of a second. Whoever could put others in their place could change what contracts mean.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import lark
from lark import Lark

from sibdsl.syntax import quick_tables

#: Bytes of tables, beyond which a file is none of ours.
_MOST = 20_000_000


class _Plain(pickle.Unpickler):
    """Reads numbers, texts and collections of them, and nothing that names a part of a program."""

    def find_class(self, module_name: str, global_name: str, /) -> NoReturn:
        raise pickle.UnpicklingError(f"no plain data: {module_name}.{global_name}")


def file(grammar: str, lexer: str) -> Path | None:
    """Where the tables of this grammar are kept; None where no folder is the user's alone."""
    folder = _folder()
    if folder is None:
        return None
    made_from = "\n".join(("packed", grammar, lexer, lark.__version__, *map(str, sys.version_info[:2])))
    return folder / f"grammar-{hashlib.sha256(made_from.encode()).hexdigest()[:32]}.tables"


def load(path: Path) -> dict[str, Any] | None:
    """The tables kept there; None when there are none, or they are not the user's own, whole and plain."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with os.fdopen(handle, "rb") as stream:
        if not _own(os.fstat(handle), stat.S_ISREG):
            return None
        head, data = stream.readline(100), stream.read(_MOST)
    if head.strip().decode("ascii", "replace") != hashlib.sha256(data).hexdigest():
        return None
    try:
        found = _Plain(io.BytesIO(data)).load()
    except Exception:  # noqa: BLE001 - a file spoilt in any way is made again
        return None
    return found if isinstance(found, dict) else None


def keep(path: Path, made: Lark) -> None:
    """Keep the tables, wholly or not at all; where that cannot be done, the next run makes them again."""
    stream = io.BytesIO()
    with suppress(OSError, pickle.PicklingError):
        made.save(stream, exclude_options=("postlex", "_plugins"))
        data = pickle.dumps(quick_tables.packed(_Plain(io.BytesIO(stream.getvalue())).load()))
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".tables-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(f"{hashlib.sha256(data).hexdigest()}\n".encode() + data)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _folder() -> Path | None:
    """The user's own folder for it, made where it is missing; None when another account could write there."""
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = (Path(home) if home else Path.home() / ".cache") / "sibdsl"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and hasattr(os, "geteuid") and found.st_uid == os.geteuid():
            folder.chmod(0o700)  # others may have been let in by an earlier version, or by the user's mask
            found = folder.lstat()
    except (OSError, RuntimeError, ValueError):
        return None
    return folder if _own(found, stat.S_ISDIR) and os.access(folder, os.W_OK) else None


def _own(found: os.stat_result, kind: Any) -> bool:  # noqa: ANN401 - a test of stat's
    """Whether it is of that kind, belongs to the user, and nobody else may write to it."""
    if not kind(found.st_mode):
        return False
    if not hasattr(os, "geteuid"):  # Windows: the folder lies in the user's own profile
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
