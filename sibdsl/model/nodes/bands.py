"""Bands: named ranges, or groups, of the values of a column."""

from __future__ import annotations

from attrs import frozen

from sibdsl.model.nodes.base import place
from sibdsl.model.types import Interval
from sibdsl.source import Span


@frozen
class Band:
    """One band: the values it holds.

    Of a column of numbers it `holds` a range; of categories, text, or yes and no it holds the `words`, or, as `rest`, every
    value that no other of its bands holds. `holds` is then without ends, and says nothing.
    """

    name: str
    holds: Interval
    words: tuple[str, ...] = ()
    rest: bool = False
    span: Span = place()


@frozen
class Bands:
    """Named ranges, or groups, of the values of one column."""

    name: str
    clause: str
    by: str
    bands: tuple[Band, ...]
    span: Span = place()

    @property
    def worded(self) -> bool:
        """Whether they are groups of words, such as categories, and not ranges of numbers."""
        return any(band.words or band.rest for band in self.bands)
