"""Where the project file is. This module stays light: every command asks it."""

from __future__ import annotations

import os
from pathlib import Path

#: What the file is called, in the folder that it speaks of.
NAME = "sib.toml"


def find() -> Path | None:
    """The project file of the working folder, or of the nearest folder above it that has one, as the working folder calls it."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        path = folder / NAME
        if path.exists() or path.is_symlink():
            return Path(os.path.relpath(path, here))
    return None
