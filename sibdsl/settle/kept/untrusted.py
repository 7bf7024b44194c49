"""Values of JSON that may come from a stranger: each is looked at before it is believed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NoReturn

from attrs import frozen

#: Digits of an exact number that are read; sums of money over all people have some dozen.
_DIGITS = 200


class BrokenRun(Exception):
    """What was read is not what is written there by `sib pay --keep`; the text says what, as the end of a sentence."""


@frozen
class HeldJson:
    """A value of JSON, and how messages call the place where it stands."""

    value: object
    place: str

    def _wrong(self, wanted: str) -> NoReturn:
        raise BrokenRun(f"{self.place} is no {wanted}")

    def fields(self) -> Mapping[str, Any]:
        """The value as an object."""
        if not isinstance(self.value, dict):
            self._wrong("object")
        return self.value

    def __getitem__(self, name: str) -> HeldJson:
        found = self.fields()
        if name not in found:
            raise BrokenRun(f"{self.place} has no `{name}`")
        return HeldJson(found[name], f"{self.place}, `{name}`")

    def has(self, name: str) -> bool:
        """Whether the object has a field of that name."""
        return name in self.fields()

    def each(self) -> Iterator[HeldJson]:
        """The values of a list."""
        if not isinstance(self.value, list):
            self._wrong("list")
        for at, value in enumerate(self.value, 1):
            yield HeldJson(value, f"{self.place}, number {at}")

    def text(self) -> str:
        """The value as a text."""
        if not isinstance(self.value, str):
            self._wrong("text")
        return self.value

    def number(self) -> int:
        """The value as a whole number from nought."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 0:
            self._wrong("whole number from 0")
        return self.value

    def yes(self) -> bool:
        """The value as true or false."""
        if not isinstance(self.value, bool):
            self._wrong("true or false")
        return self.value

    def day(self) -> date:
        """The value as a day, written as 2018-03-31."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self._wrong("day")

    def fraction(self) -> Fraction:
        """The value as an exact number, written as 12 or 1/3."""
        text = self.text()
        top, _, under = text.partition("/")
        if len(text) > _DIGITS or not all(
            part.isascii() and part.isdigit() for part in (top.removeprefix("-"), under or "1")
        ):
            self._wrong("exact number")
        if under and int(under) == 0:
            self._wrong("exact number")
        return Fraction(int(top), int(under or "1"))


def read(data: bytes, place: str) -> HeldJson:
    """The value of a JSON text in UTF-8. Raises BrokenRun."""
    try:
        return HeldJson(json.loads(data.decode("utf-8"), parse_constant=_none, parse_float=_none), place)
    except (ValueError, RecursionError):
        raise BrokenRun(f"{place} is not JSON as it was written") from None


def _none(text: str) -> float:
    """Floats and what is no number stand in no file of a run."""
    del text
    raise ValueError(math.nan)
