"""Finds the files shipped with the package: `grammar/`, `stdlib/` and the pages of the language in `docs/`."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_DATA = _PACKAGE / "_data"
_CHECKOUT = _PACKAGE.parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder, as in `resource("stdlib", "templates")`.

    A wheel carries the files in `_data`; a checkout has them beside the package.

    Raises:
        FileNotFoundError: nothing is there, so the installation is incomplete.
    """
    base = _DATA if _DATA.is_dir() else _CHECKOUT
    path = base.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(
            f"sibdsl is missing its own file {'/'.join(parts)} (looked in {base}). Install sibdsl again."
        )
    return path
