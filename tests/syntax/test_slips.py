"""Slips of one word or character in a whole contract: one finding each, on the very words; and many at once."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.syntax.cases import Slip, slips, unnumbered, write_slips
from tests.syntax.test_mistakes import found

WRITE = os.environ.get("SIB_MISTAKES") == "write"
CONTRACT = Path(__file__).with_name("tower_hamlets.sib").read_text(encoding="utf-8")
SLIPS = slips()


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_slip_gives_one_finding_on_its_own_words(slip: Slip) -> None:
    slipped = slip.applied(CONTRACT)
    told = found(slipped)
    assert [(one.span.start, one.span.end) for one in told] == slip.spans(slipped), [
        (one.code, one.span.line, slipped[one.span.start : one.span.end], one.message) for one in told
    ]
    if not WRITE:
        (expected,) = slip.document.told
        assert (told[0].code, unnumbered(told[0].message)) == (expected.code, expected.message)


def test_there_are_enough_of_them() -> None:
    assert len(SLIPS) >= 60


@pytest.mark.parametrize("seed", range(12))
def test_slips_in_different_blocks_are_told_apart(seed: int) -> None:
    """As many findings as slips, each on its own words: none hides another, none follows from another."""
    chosen = random.Random(seed).sample(SLIPS, 14)
    slipped, used, done = CONTRACT, set(), []
    for slip in chosen:
        place = CONTRACT.find(f"\n{slip.line}\n")
        block = CONTRACT.rfind("\n\n", 0, place)
        if block not in used and f"\n{slip.line}\n" in slipped:
            used.add(block)
            slipped = slip.applied(slipped)
            done.append(slip)
    told = found(slipped)
    expected = sorted(place for slip in done for place in slip.spans(slipped))
    assert [(one.span.start, one.span.end) for one in told] == expected


@pytest.mark.skipif(not WRITE, reason="only when asked to write the words again")
def test_write_the_words_again() -> None:
    write_slips([(slip, found(slip.applied(CONTRACT))[0]) for slip in SLIPS])
