"""How what is paid is rounded."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import frozen

from sibdsl.model.nodes.base import place
from sibdsl.money import Way
from sibdsl.source import Span


@frozen
class Rounding:
    """Where amounts are rounded, how, and to what (in units of the currency); `grain` None never rounds."""

    each: Literal["line", "statement"]
    way: Way
    grain: Fraction | None
    span: Span = place()
