"""sibdsl: a plain-text language and compiler for outcomes contracts."""

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    # Reading package metadata costs more than most commands' own imports.
    if name == "__version__":
        from importlib.metadata import version

        return version("sibdsl")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
