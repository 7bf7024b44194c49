"""The search of the site, worked out apart from the script that a browser runs: the same words, weights and order.

Terms are scored by BM25 in each field, as lunr does: https://lunrjs.com/guides/index_prebuilding.html and its source, from
which the site's copy is taken. Words are cut to their stems by M. F. Porter's rules (Program 14, 1980).
"""

import json
import math
import re
from collections import Counter
from pathlib import Path

#: Fields of an entry and what each weighs, as the site's worker has them.
FIELDS = {"title": 1, "words": 8, "text": 1}
_K1, _B = 1.2, 0.75


def _measure(stem: str) -> int:
    """How often vowels are followed by consonants."""
    shape = "".join(
        "v" if char in "aeiou" or (char == "y" and at and stem[at - 1] not in "aeiou") else "c"
        for at, char in enumerate(stem)
    )
    return len(re.findall("v+c+", shape))


def _has_vowel(stem: str) -> bool:
    return bool(re.search("[aeiou]|(?<=[^aeiou])y", stem))


def _short(stem: str) -> bool:
    """Whether it ends in consonant, vowel and a consonant that is not w, x or y."""
    return bool(re.search("[^aeiou][aeiouy][^aeiouwxy]$", stem))


_DOUBLE = [
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"),
    ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"),
    ("biliti", "ble"), ("logi", "log"),
]  # fmt: skip
_SINGLE = [
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
]
_LAST = [
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "al", "er",
    "ic", "ou",
]  # fmt: skip


def stem(word: str) -> str:
    """The stem of a word in small letters."""
    if len(word) < 3:
        return word
    word = _plural(word)
    word = _past(word)
    if re.search(".[^aeiou]y$", word):  # his later rule, so that a day is not a dai
        word = f"{word[:-1]}i"
    for endings in (_DOUBLE, _SINGLE):
        for ending, instead in endings:
            if word.endswith(ending):
                rest = word.removesuffix(ending)
                word = rest + instead if _measure(rest) > 0 else word
                break
    word = _without_last(word)
    if word.endswith("e"):
        rest = word[:-1]
        if _measure(rest) > 1 or (_measure(rest) == 1 and not _short(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        rest = word.removesuffix(ending)
        if rest != word and _has_vowel(rest):
            if rest.endswith(("at", "bl", "iz")):
                return f"{rest}e"
            if re.search(r"([^aeiouylsz])\1$", rest):
                return rest[:-1]
            return f"{rest}e" if _measure(rest) == 1 and _short(rest) else rest
    return word


def _without_last(word: str) -> str:
    for ending in _LAST:
        if word.endswith(ending):
            rest = word.removesuffix(ending)
            return rest if _measure(rest) > 1 else word
    if word.endswith(("sion", "tion")) and _measure(word[:-3]) > 1:
        return word[:-3]
    return word


class Search:
    """The search index of a site that was built."""

    def __init__(self, site: Path) -> None:
        self.entries = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
        source = (site / "search" / "lunr.js").read_text(encoding="utf-8")
        listed = re.search(r"generateStopWordFilter\(\[(.*?)\]\)", source, re.DOTALL)
        assert listed
        self.unread = set(re.findall(r"'(\w+)'", listed[1]))
        self.held = [{field: Counter(self.terms(entry[field])) for field in FIELDS} for entry in self.entries]
        self.mean = {
            field: sum(terms[field].total() for terms in self.held) / len(self.held) for field in FIELDS
        }
        self.holding = Counter(term for terms in self.held for field in FIELDS for term in terms[field])

    def terms(self, text: str) -> list[str]:
        """The stems of a text, without the words that say nothing."""
        words = re.split(r"[^A-Za-z0-9_]+", text.lower())
        return [stem(word) for word in words if word and word not in self.unread]

    def first(self, question: str) -> str:
        """Where the entry that answers a question best is found."""
        terms = Counter(self.terms(question))
        best = max(range(len(self.held)), key=lambda at: self._score(at, terms))
        location: str = self.entries[best]["location"]
        return location

    def _score(self, at: int, terms: Counter[str]) -> float:
        scored = 0.0
        for field, weight in FIELDS.items():
            held = self.held[at][field]
            length = 1 - _B + _B * held.total() / self.mean[field]
            for term, times in terms.items():
                if held[term]:
                    found = (_K1 + 1) * held[term] / (_K1 * length + held[term])
                    scored += times * weight * self._rarity(term) * found
        boost: float = self.entries[at]["boost"]
        return scored * boost

    def _rarity(self, term: str) -> float:
        """How much a term tells: the more, the fewer fields hold it."""
        holding = self.holding[term]
        return math.log(1 + abs((len(self.held) - holding + 0.5) / (holding + 0.5)))
