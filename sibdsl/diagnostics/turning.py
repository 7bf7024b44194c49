"""Words that turn the sense of a line: what a message offers in place of one of them must say the same.

`Over 16` is no slip of the pen for `Under 16`, nor `Round 1` for `Round 2`. Who offers a word asks here first.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

#: Words of one group stand for different things; those parted by a stroke for the same. A line with one of these says
#: something else without it.
_STRONG = (
    "over/above under/below from up until/till before after since",
    "least/minimum/min most/maximum/max exactly",
    "more/greater less/fewer/smaller",
    "not/never/no/non/without/except/unless/excluding/save only",
    "and or but",
    "plus/add/added minus/deduct/deducted times/multiplied divided",
)
#: And of these, with another of its group in its place.
_WEAK = (
    "lowest highest lower higher low high",
    "earliest latest earlier later early late",
    "first/1st second/2nd third/3rd fourth/4th fifth last/final next previous",
    "any each/every all none both either neither",
    "yes no",
    "payer payee pays receives",
    "start/starts/started/begin/begins/began end/ends/ended/finish/finished",
    "entry/enter/entered exit/exits/exited leave/left",
    "gross net",
    "male/man/men/boy/boys/he female/woman/women/girl/girls/she",
    "part/partial full/whole",
    "lost carried paid kept recoverable",
    "day/days week/weeks month/months quarter/quarters year/years hour/hours",
    "daily weekly monthly quarterly yearly/annually",
    "met missed", "accepted rejected", "in out", "with without", "add remove replace", "given expect",
)  # fmt: skip
_SENSE: dict[str, tuple[int, str]] = {}
for _at, _group in enumerate((*_STRONG, *_WEAK)):
    for _alike in _group.split():
        for _word in _alike.split("/"):
            _SENSE.setdefault(_word, (_at, _alike))
_PREFIXES = ("un", "in", "non", "dis", "ir", "im", "mis")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])\d[\d.,]*(?![A-Za-z])")


def is_turning(word: str) -> bool:
    """Whether a line would say something else without the word."""
    return _SENSE.get(word.casefold(), (len(_STRONG), ""))[0] < len(_STRONG)


def turns(said: str, offered: str) -> bool:
    """Whether `offered` says something else than `said`: another number, direction, limit, order or unit.

    A word that turns the sense is no misspelling of another: one that was written must stand in both. One that is offered
    must have been written, or stand for a word that was misspelt.
    """
    if _numbers(said) != _numbers(offered):
        return True
    mine, theirs = _words(said), _words(offered)
    unlike = [word for word in mine if word not in theirs and word not in _SENSE]
    for at in range(len(_STRONG) + len(_WEAK)):
        before, after = (
            {_SENSE[word][1] for word in words if _SENSE.get(word, (-1,))[0] == at}
            for words in (mine, theirs)
        )
        new = [
            their for their in theirs if _SENSE.get(their, (-1,))[0] == at and _SENSE[their][1] not in before
        ]
        misspelt = all(any(_near(word, other) for other in unlike) for word in new)
        if before and after and before != after:
            return True
        if at < len(_STRONG) and before != after and (before or not misspelt):
            return True
    return any(
        word != other and (word == prefix + other or other == prefix + word)
        for word in set(mine) - set(theirs)
        for other in set(theirs) - set(mine)
        for prefix in _PREFIXES
    )


def _near(word: str, other: str) -> bool:
    return SequenceMatcher(None, word, other).ratio() >= 0.5


def swaps(said: str, offered: str) -> bool:
    """Whether two words stand for different things of one sort, such as `before` and `after`."""
    sense, other = _SENSE.get(said.casefold()), _SENSE.get(offered.casefold())
    return sense is not None and other is not None and sense[0] == other[0] and sense[1] != other[1]


def _words(said: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", said.casefold())


def _numbers(said: str) -> Counter[str]:
    return Counter(number.strip(".,").replace(",", "") for number in _NUMBER.findall(said))
