"""Writing what a command made to a file: wholly, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write(path: Path, made: str) -> None:
    """Write beside the file, then put it in its place, so that a stop half-way leaves what was there."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(made)
        Path(name).chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
