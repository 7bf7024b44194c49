"""What is known of a table of records as it was read, beside what the plan says of it."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen


@frozen
class RawTable:
    """`raw_t`: how many columns its files have, and how they are held.

    `compared` names what tells equal rows. `own` are the declared columns of which the value itself is held, by their
    numbers. `stays` names the files that are read where they stand, whenever a query asks; none where all was read in.
    """

    columns: int
    compared: tuple[str, ...]
    own: frozenset[int] = frozenset()
    stays: tuple[Path, ...] = ()

    @classmethod
    def of_texts(cls, columns: int) -> RawTable:
        """One that holds a text for each cell."""
        return cls(columns, tuple(f"c{at}" for at in range(columns)))
