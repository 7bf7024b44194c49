"""Did you mean: the nearest of the words that would have fitted."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from sibdsl.diagnostics.turning import turns
from sibdsl.plainform import plain

#: How alike a slip of the pen is: one letter of seven may differ.
_SLIP = 0.8


def nearest(found: str, choices: Iterable[str]) -> str | None:
    """The choice most like `found`, or None when none is near enough to be worth offering.

    None that says something else, such as `Round 2` for `Round 1`, and none of several that hold all of its words.
    """
    every = sorted(set(choices))
    best, best_score = None, 0.0
    for choice in every:
        if _key(choice) == _key(found):
            return choice
        score = SequenceMatcher(None, found.casefold(), choice.casefold()).ratio()
        if score > best_score and not turns(found, choice):
            best, best_score = choice, score
    words = set(found.casefold().split())
    if best is not None and sum(words <= set(other_choice.casefold().split()) for other_choice in every) > 1:
        return None
    return best if best_score >= 0.65 else None


def slip(found: str, choices: Iterable[str]) -> str | None:
    """The nearest choice where hardly a letter differs: of words that may be anything, such as those of a call."""
    near = nearest(found, choices)
    if near is None or SequenceMatcher(None, found.casefold(), near.casefold()).ratio() < _SLIP:
        return None
    return near


def _key(name: str) -> str:
    return same(name)


def same(name: str) -> str:
    """A name with case, spaces, ends of lines, hyphens and underscores taken away: names alike in this are one name outside a text.

    What shows nothing is taken away too, and accents are in one form.
    """
    return "".join(char for char in plain(plain(name).casefold()) if char not in " -_\t\r\n")
