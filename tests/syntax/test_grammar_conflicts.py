"""Where two readings of the grammar begin alike, the longer is taken: in these places alone, and to no harm."""

from __future__ import annotations

import logging
import re

import pytest
from lark import Lark, logger

from sibdsl.syntax import parser

#: Payments stand in sums, and a sum may be followed by a comma (`weighted by ..., as recorded`) or by `to` (`days from ... to`). No
#: sum of those lines can be made of payments, which are neither numbers of a row nor dates: the list of payers goes on.
KNOWN = {
    ("COMMA", "pay_part"),
    ("COMMA", "payers_who"),
    ("TO", "payments"),
}


def test_two_readings_begin_alike_in_known_places_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def told(*args: object, **options: object) -> Lark:
        return Lark(*args, **options | {"debug": True, "strict": False})  # type: ignore[arg-type]

    monkeypatch.setattr(parser, "Lark", told)
    monkeypatch.setattr(logger, "propagate", True)
    with caplog.at_level(logging.DEBUG, logger=logger.name):
        parser.lark(strict=True)
    said = "\n".join(caplog.messages)
    conflicts = re.findall(r"(\S+) conflict for terminal (\w+)\S*.*\n \* <(\w+)", said, re.IGNORECASE)
    assert {kind for kind, _, _ in conflicts} == {"Shift/Reduce"}
    assert {(terminal, rule) for _, terminal, rule in conflicts} == KNOWN
