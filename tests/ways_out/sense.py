"""What a stretch of contract text says, as a lawyer reads it: numbers, days, limits, refusals, units and Names.

An independent reader: it shares nothing with the program, and knows the words that people write as well as those of the
language. A limit that can be read two ways has both readings; whoever offers one of them must say which.
"""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from attrs import field, frozen

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = "|".join(f"{one[:3]}(?:{one[3:]})?" if one != "september" else "sept?(?:ember)?" for one in MONTHS)
_DATES = (
    re.compile(rf"\b(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -]*(?:of )?[ -]*(?P<m>{_MONTH})\.?,?[ -]*(?P<y>\d{{4}}|'?\d{{2}}\b)", re.IGNORECASE),
    re.compile(rf"\b(?P<m>{_MONTH})\.? *(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? *(?P<y>\d{{4}})", re.IGNORECASE),
    re.compile(r"\b(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}|\d{2})\b"),
)  # fmt: skip
_SMALL = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: Fraction(at) for at, word in enumerate(_SMALL, start=1)} | {
    word: Fraction(at * 10) for at, word in enumerate(_TENS, start=2)
}
_PARTS = {
    "half": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "tenth": 10,
    "tenths": 10,
    "fifth": 5,
    "fifths": 5,
}
_MANY = {
    "k": 1000,
    "thousand": 1000,
    "hundred": 100,
    "m": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "billion": 10**9,
}
_SIGNS = {"£": "£", "$": "$", "€": "€", "gbp": "£", "usd": "$", "eur": "€", "pounds": "£", "pound": "£", "dollars": "$", "euros": "€", "quid": "£", "sterling": "£"}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<sign>[£$€]|\b(?:gbp|usd|eur)\b)?\s*(?<![\w.])(?P<n>\d[\d,.’' \u00a0]*\d|\d)(?P<many>\s*(?:k|mn?|bn|hundred|thousand|million|billion)\b)?"
    r"(?P<pc>\s*(?:%|per ?cent\b|pct\b|percentage\b))?(?P<after>\s*(?:pounds?|dollars?|euros?|quid|sterling|gbp|usd|eur|pence\b|p\b|[£$€](?!\d)))?",
    re.IGNORECASE,
)  # fmt: skip

#: What people write for a limit -> what it can mean. Longest first when read.
LIMITS: dict[str, tuple[str, ...]] = {
    "no more than": ("<=",), "not more than": ("<=",), "no greater than": ("<=",), "not exceeding": ("<=",), "at most": ("<=",),
    "maximum of": ("<=",), "maximum": ("<=",), "max": ("<=",), "up to": ("<=",), "capped at": ("<=",), "limited to": ("<=",),
    "or less": ("<=",), "or fewer": ("<=",), "or below": ("<=",), "or under": ("<=",), "not over": ("<=",), "no higher than": ("<=",),
    "no less than": (">=",), "not less than": (">=",), "no fewer than": (">=",), "not fewer than": (">=",), "at least": (">=",),
    "minimum of": (">=",), "minimum": (">=",), "min": (">=",), "or more": (">=",), "or over": (">=",), "or above": (">=",),
    "and above": (">=",), "and over": (">=",), "not under": (">=",),
    "more than": (">",), "greater than": (">",), "higher than": (">",), "in excess of": (">",), "exceeding": (">",), "exceeds": (">",),
    "over": (">", ">="), "above": (">", ">="), "beyond": (">", ">="), "less than": ("<",), "fewer than": ("<",), "lower than": ("<",),
    "smaller than": ("<",), "under": ("<", "<="), "below": ("<", "<="), "short of": ("<", "<="),
    ">=": (">=",), "≥": (">=",), "=>": (">=",), "<=": ("<=",), "≤": ("<=",), "=<": ("<=",), ">": (">",), "<": ("<",),
    "on or before": ("<=",), "on or after": (">=",), "before or on": ("<=",), "after or on": (">=",), "no later than": ("<=",),
    "not later than": ("<=",), "no earlier than": (">=",), "not earlier than": (">=",), "before": ("<",), "after": (">",),
    "until": ("<=", "<"), "till": ("<=", "<"), "up to and including": ("<=",), "through": ("<=",),
    "since": (">=",), "exactly": ("=",), "precisely": ("=",), "equal to": ("=",), "equals": ("=",),
}  # fmt: skip
_LIMIT = re.compile(
    "|".join(rf"(?<![\w<>=]){re.escape(one)}(?![\w<>=])" for one in sorted(LIMITS, key=len, reverse=True)),
    re.IGNORECASE,
)
_REFUSALS = re.compile(
    r"\b(not|never|except|unless|without|excluding|other than|save|only|neither|nor|isn't|aren't)\b|!=|<>|≠",
    re.IGNORECASE,
)
_UNITS = re.compile(
    r"\b(hour|day|week|month|quarter|year|point|working day|business day|calendar month|fortnight)s?\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\"\w])[A-Z][\w'&/+-]*(?: [A-Z0-9][\w'&/+-]*)*")


@frozen
class Sense:
    """What a text says. Numbers with what they are of (`£`, `%` or nothing), days, limits each with what it can mean."""

    numbers: Counter[tuple[str, Fraction]]
    days: Counter[tuple[int, ...]]
    limits: tuple[tuple[str, ...], ...]
    refusals: Counter[str]
    units: Counter[str]
    names: Counter[str] = field(factory=Counter)


def sense(text: str) -> Sense:
    """What the text says; words in quotes and after two hyphens are for readers and say nothing."""
    text = re.sub(r'"[^"\n]*"', " ", text)
    text = re.sub(r"--[^\n]*", " ", text)
    days: Counter[tuple[int, ...]] = Counter()
    for shape in _DATES:
        for match in list(shape.finditer(text)):
            days[_day(match)] += 1
        text = shape.sub(" ", text)
    refusals, limits, rest = _said(text)
    return Sense(_numbers(text), days, limits, refusals, _units(rest), Counter(_NAME.findall(rest)))


def _said(text: str) -> tuple[Counter[str], tuple[tuple[str, ...], ...], str]:
    limits: list[tuple[str, ...]] = []

    def take(match: re.Match[str]) -> str:
        limits.append(LIMITS[match[0].lower()])
        return " "

    rest = _LIMIT.sub(take, re.sub(r"\s+", " ", text))
    refusals = Counter(_refusal(match[0].lower()) for match in _REFUSALS.finditer(rest))
    return refusals, tuple(sorted(limits)), rest


def _refusal(said: str) -> str:
    """`only` limits; all else turns the sense round."""
    return "only" if said == "only" else "not"


def _units(text: str) -> Counter[str]:
    return Counter(match[1].lower() for match in _UNITS.finditer(text))


def _day(match: re.Match[str]) -> tuple[int, ...]:
    """Day, month and year, in the order of size of the first two where either could be the month."""
    said = match["m"].lower()
    month = next((at for at, one in enumerate(MONTHS, 1) if one.startswith(said[:3])), 0) or int(said)
    year = int(match["y"].strip("'"))
    day = int(match["d"])
    pair = (
        (day, month)
        if said[0].isalpha() or (len(match["y"]) == 4 and match.start("y") < match.start("d"))
        else sorted((day, month))
    )
    return (*sorted(pair), year + 2000 if year < 100 else year)


def _numbers(text: str) -> Counter[tuple[str, Fraction]]:
    found: Counter[tuple[str, Fraction]] = Counter()
    for match in _NUMBER.finditer(text):
        for digits in _digits(match["n"]):
            value = digits * _MANY.get((match["many"] or "").strip().lower(), 1)
            after = (match["after"] or "").strip().lower()
            sign = _SIGNS.get((match["sign"] or after).lower(), "%" if match["pc"] else "")
            found[("£", value / 100) if after in ("p", "pence") else (sign, value)] += 1
    words = re.findall(r"[a-z-]+", text.lower())
    for at, word in enumerate(words):
        tens, _, unit = word.partition("-")
        if unit in _PARTS and tens in _WORDS:
            found["", _WORDS[tens]] += 1
            found["", Fraction(_PARTS[unit])] += 1
        elif word in _WORDS or (unit and tens in _WORDS and unit in _WORDS):
            times = next(
                (_MANY[one] for one in words[at + 1 : at + 2] if one in ("hundred", "thousand", "million")), 1
            )
            found["", (_WORDS[tens] + (_WORDS[unit] if unit else 0)) * times] += 1
        elif word in ("half", "third", "thirds"):
            found["", Fraction(1)] += word in ("half", "third")
            found["", Fraction(_PARTS[word])] += 1
    return +found


def _digits(said: str) -> list[Fraction]:
    """The number that digits say, however they are grouped; several where spaces part them."""
    said = said.replace("’", ",").replace("'", ",").replace("\u00a0", " ")
    if re.fullmatch(r"\d{1,3}( \d{3})+", said):
        said = said.replace(" ", "")
    return [number for word in said.split() if (number := _digit(word.strip(".,"))) is not None]


def _digit(word: str) -> Fraction | None:
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d{2}", word):
        word = word.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d+,\d{1,2}", word) or word.count(".") > 1:
        word = re.sub(r"\D", "", word)  # which of two it is, nobody can tell: the digits must stand
    try:
        return Fraction(word.replace(",", ""))
    except ValueError:
        return None
