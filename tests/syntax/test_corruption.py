"""Whatever is done to a contract's text, what comes back is findings a reader can act on, near the place."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.diagnostics import Diagnostic
from sibdsl.source import Source
from sibdsl.syntax.standard_layout import format_text
from tests.syntax.cases import EVERY_KIND
from tests.syntax.test_mistakes import JARGON, found

CONTRACT = (
    Path(__file__).with_name("tower_hamlets.sib").read_text(encoding="utf-8").partition("-- Records")[2]
)
ODD = 'abxyzABZ0159 |"[](),.£%-–’\n\t\u00a0+<>=;:'
#: How many texts that are broken are looked at.
TRIALS = 4 * settings().max_examples
DEEDS = (
    "drop",
    "double",
    "replace",
    "swap",
    "drop word",
    "double word",
    "replace word",
    "drop line",
    "join lines",
)


def corrupted(deed: str, place: int, pick: int, text: str = CONTRACT) -> tuple[str, int]:
    """A text with one thing done to it, and the line where it was done."""
    words = list(re.finditer(r"\S+", text))
    if deed.endswith(("line", "lines")):
        lines = text.split("\n")
        at = place % (len(lines) - 1)
        put = [f"{lines[at]} {lines[at + 1]}"] if deed == "join lines" else []
        return "\n".join([*lines[:at], *put, *lines[at + 1 + len(put) :]]), at + 1
    if deed.endswith("word"):
        word = words[place % len(words)]
        new = {"drop word": "", "double word": f"{word[0]} {word[0]}"}.get(deed, words[pick % len(words)][0])
        start, end = word.span()
    else:
        start = place % (len(text) - 1)
        end = start + (2 if deed == "swap" else 1)
        old = text[start:end]
        new = {"drop": "", "double": old * 2, "swap": old[::-1]}.get(deed, ODD[pick % len(ODD)])
    return text[:start] + new + text[end:], text.count("\n", 0, start) + 1


def check(text: str, told: list[Diagnostic]) -> None:
    for one in told:
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert text[one.span.start : one.span.end].strip("\r\n") or text[one.span.start] in "\r\n"
        assert one.message.endswith((".", "?"))
        assert one.help.endswith((".", "?"))
        # What people wrote themselves may be any word.
        own = re.sub(r"`[^`]*`", "", f"{one.message} {one.mark} {one.help}")
        assert not JARGON.search(own), own
    assert [one.span.start for one in told] == sorted(one.span.start for one in told)


@given(st.sampled_from(DEEDS), st.integers(0, 10**6), st.integers(0, 10**6))
def test_one_thing_done_to_a_contract(deed: str, place: int, pick: int) -> None:
    text, _ = corrupted(deed, place, pick)
    check(text, found(text))


@given(
    st.lists(st.sampled_from(re.findall(r"\S+", CONTRACT)), max_size=60),
    st.lists(st.sampled_from(" \n"), min_size=60),
)
def test_words_in_any_order(words: list[str], gaps: list[str]) -> None:
    text = "".join(word + gap for word, gap in zip(words, gaps, strict=False))
    check(text, found(text))


@given(st.text(alphabet=ODD + "paymentrecds", max_size=80))
def test_any_characters(text: str) -> None:
    check(text, found(text))


@given(st.text(max_size=40), st.integers(0, 10**6))
def test_any_characters_in_a_contract(odd: str, place: int) -> None:
    at = place % len(CONTRACT)
    text = CONTRACT[:at] + odd + CONTRACT[at:]
    check(text, found(text))


@pytest.mark.parametrize(
    "text", [CONTRACT, format_text(Source("x.sib", EVERY_KIND))], ids=["contract", "every kind"]
)
def test_the_first_finding_is_near_and_alone(text: str) -> None:
    """Of the corruptions that break the contract, nearly all are found on their line, and nothing else is found."""
    chance = random.Random(20160401)
    broken = near = alone = 0
    while broken < TRIALS:
        wrong, line = corrupted(chance.choice(DEEDS), chance.randrange(10**6), chance.randrange(10**6), text)
        told = found(wrong)
        if told:
            broken += 1
            near += abs(told[0].span.line - line) <= 1
            alone += len(told) == 1
    assert near >= 0.98 * TRIALS
    assert alone >= 0.95 * TRIALS
