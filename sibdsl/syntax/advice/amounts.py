"""Amounts, percentages and numbers written otherwise than `£1,350`, `25%` and `6`."""

from __future__ import annotations

import re

from sibdsl.currencies import BY_SIGN, CURRENCIES, SIGN, Currency
from sibdsl.syntax.stop import Advice, Stop

#: What people call a currency, in small letters -> its code. Codes and signs stand for themselves.
CALLED = {
    "pound": "GBP", "pounds": "GBP", "quid": "GBP", "sterling": "GBP", "dollar": "USD", "dollars": "USD",
    "euro": "EUR", "euros": "EUR",
}  # fmt: skip
_CODES = "|".join(CURRENCIES)
_MANY = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}
_GAP = r"[ \t\u00a0\u202f]"
_FIGURES = rf"\d(?:[\d.,'’]|{_GAP}(?=\d{{3}}\b))*"
_SIGN_FIRST = re.compile(
    rf"(?P<sign>{SIGN}|\b(?:{_CODES})(?![A-Za-z]))(?P<gap>{_GAP}*)(?P<figures>{_FIGURES})(?:{_GAP}*(?P<many>k|K|m|M|mn|bn|thousand|million|billion)\b)?"
)
_WORD_LAST = re.compile(
    rf"(?P<figures>{_FIGURES}){_GAP}*(?:(?P<many>k|m|thousand|million|billion)\b{_GAP}*)?"
    rf"(?P<sign>pounds?(?: sterling)?|quid|sterling|gbp|dollars?|euros?|{_CODES}|{SIGN}|pence|p)(?![A-Za-z0-9])"
)
_PERCENT = re.compile(rf"(?P<figures>{_FIGURES}){_GAP}*(?P<word>%|per ?cent|percentage|pct|pc)(?![A-Za-z])")
_PLAIN = re.compile(r"(?<![£$€\d])\d[\d,’']*,[\d,’']*|\b\d{1,3}(?: \d{3})+\b")
_GOOD = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$")

_UNITS = {
    word: number
    for number, word in enumerate(
        [
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
        ],
        start=1,
    )
}
_TENS = {
    word: number * 10
    for number, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_PARTS = {"half": "1/2", "third": "1/3", "quarter": "1/4", "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3"}


def grouped(figures: str) -> str:
    """Figures with their thousands grouped: `1350.5` as `1,350.5`."""
    whole, dot, rest = figures.partition(".")
    whole = whole.replace(",", "")
    head = len(whole) % 3 or 3
    groups = [whole[:head], *(whole[at : at + 3] for at in range(head, len(whole), 3))]
    return ",".join(groups) + dot + rest


def _figures(said: str, many: str | None) -> str | None:
    """The figures as the language writes them, or None where they can be read two ways."""
    plain = re.sub(rf"{_GAP}|[’']", ",", said).rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d{2}", plain):  # as on the continent
        plain = plain.replace(".", "").replace(",", ".")
    if not _GOOD.match(plain):
        return None
    if many:
        whole, _, rest = plain.replace(",", "").partition(".")
        zeros = _MANY[many.casefold()]
        if len(rest) > zeros:
            return None
        plain = str(int(whole + rest.ljust(zeros, "0")))
    return grouped(plain)


def amount(stop: Stop) -> Advice | None:
    """An amount, percentage or number in another form."""
    low = stop.items[stop.line_start(stop.at)].start
    high = stop.items[stop.line_end(stop.at) - 1].end
    for shape, read in (
        (_SIGN_FIRST, _sign_first),
        (_PERCENT, _percent),
        (_WORD_LAST, _word_last),
        (_PLAIN, _plain),
    ):
        for match in shape.finditer(stop.text, low, high):
            if match.start() <= stop.here.start < match.end():
                advice = read(match)
                if advice is not None:
                    return advice
    return number_in_words(stop)


def _sign_first(match: re.Match[str]) -> Advice | None:
    currency = _named(match["sign"])
    sign = currency.prefix
    figures = _figures(match["figures"], match["many"])
    end = match.end() - (
        len(match["figures"]) - len(match["figures"].rstrip(".,")) if not match["many"] else 0
    )
    said = match.string[match.start() : end]
    if figures is None:
        return _misgrouped(match, sign)
    right = sign + figures
    if said == right or said.replace(",", "") == right.replace(",", ""):
        return None
    if not currency.sign:
        why = f"`{said}` is not an amount: the code `{currency.code}`, one space and the figures make one."
    elif match["sign"] != sign:
        why = f"`{said}` is not an amount: an amount begins with its sign, `{sign}`."
    elif match["many"]:
        why = f"`{said}` is cut short: an amount is written out in full."
    elif match["gap"]:
        why = f"The sign of an amount stands against its figures: `{right}`."
    else:
        why = f"`{said}` is not an amount: thousands are grouped by commas, in threes, and pence follow a point."
    return Advice("SIB0206", why, match.start(), end, "as an amount is written", f"Write `{right}`.")


def _named(said: str) -> Currency:
    """The currency of a sign, a code or a word for it."""
    code = CALLED.get(said.casefold(), said.upper())
    return BY_SIGN.get(said) or CURRENCIES[code]


def _misgrouped(match: re.Match[str], sign: str) -> Advice:
    figures = match["figures"].rstrip(".,")
    end = match.start("figures") + len(figures)
    digits = re.sub(r"\D", "", figures)
    why = (
        f"`{match.string[match.start() : end]}` is not an amount: thousands are grouped by commas, in threes, "
        "and pence follow a point."
    )
    choices = [f"`{sign}{grouped(digits)}`"]
    if re.search(r"[.,]\d{2}$", figures):
        choices.insert(0, f"`{sign}{grouped(digits[:-2])}.{digits[-2:]}`")
    return Advice("SIB0206", why, match.start(), end, "grouped wrongly", f"Write {', or '.join(choices)}.")


def _word_last(match: re.Match[str]) -> Advice | None:
    word = match["sign"].split()[0].casefold()
    figures = _figures(match["figures"], match["many"])
    if figures is None:
        return None
    if word in ("p", "pence"):
        pence = figures.replace(",", "")
        if "." in pence:
            return None
        right = f"£{grouped(str(int(pence) // 100))}.{int(pence) % 100:02}"
        sign = "£"
    else:
        sign = _named(match["sign"].split()[0]).prefix
        right = sign + figures
    what = "sign" if sign == sign.rstrip() else "code"
    why = f"`{match[0]}` is not an amount: an amount begins with its {what}, `{sign.rstrip()}`."
    return Advice("SIB0206", why, match.start(), match.end(), "as an amount is written", f"Write `{right}`.")


def _percent(match: re.Match[str]) -> Advice | None:
    figures = _figures(match["figures"], None)
    if figures is None or match[0] == f"{figures}%":
        return None
    right = figures.replace(",", "") + "%"
    if match["word"] == "%":
        why = f"The sign of a percentage stands against its figures: `{right}`."
    else:
        why = f"`{match[0]}` is not a percentage: it is written with the sign `%`."
    return Advice(
        "SIB0206", why, match.start(), match.end(), "as a percentage is written", f"Write `{right}`."
    )


def _plain(match: re.Match[str]) -> Advice | None:
    figures = match[0].rstrip(",'’")
    if _GOOD.match(figures) or not re.search(r"\D", figures):
        return None
    right = grouped(re.sub(r"\D", "", figures))
    why = f"`{figures}` is not a number: thousands are grouped by commas, in threes."
    end = match.start() + len(figures)
    return Advice("SIB0206", why, match.start(), end, "grouped wrongly", f"Write `{right}`.")


def number_in_words(stop: Stop) -> Advice | None:
    """`six weeks`, `a week`, `half of`."""
    here, takes = stop.here, stop.takes
    if "INT" not in takes:
        return None
    number = value(here.text)
    after = stop.item(stop.at + 1)
    end = stop.at + 1
    if number is not None and here.text != "one":
        if after.text in ("hundred", "thousand"):
            return stop.advice(
                "SIB0206",
                "Numbers are written in figures, so that nobody has to count words.",
                stop.at,
                stop.at + 2,
                mark="in figures",
                help=f"Write `{number * (100 if after.text == 'hundred' else 1000):,}`.",
            )
    elif here.text in ("one", "a", "an") and after.text.rstrip("s") in ("day", "week", "month", "year"):
        number = 1
    elif here.text in _PARTS and (after.text == "of" or here.kind == "OTHER"):
        return stop.advice(
            "SIB0206",
            f"`{here.text}` is a part in words; parts are written in figures.",
            stop.at,
            end,
            mark="in figures",
            help=f"Write `{_PARTS[here.text]}`.",
        )
    if number is None:
        return None
    said = f"{here.text} {after.text}" if number == 1 else here.text
    return stop.advice(
        "SIB0206",
        f"`{said}` has its number in words; numbers are written in figures.",
        stop.at,
        end,
        mark="in figures",
        help=f"Write `{number}`.",
    )


def value(word: str) -> int | None:
    """The number that a word stands for, up to ninety-nine."""
    tens, _, unit = word.casefold().partition("-")
    if unit:
        return _TENS[tens] + _UNITS[unit] if tens in _TENS and unit in _UNITS else None
    return _UNITS.get(tens) or _TENS.get(tens)
