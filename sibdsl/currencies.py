"""The currencies of ISO 4217: the code, the sign where there is one, and how many decimal places the minor unit has.

All of it is read from `currencies.csv`, which names its sources: to add a currency is to add its row. Whatever reads or
writes amounts (grammar, lexer, advice, settings, printer, screens) takes the patterns and prefixes from here.

Source of the rules: language reference, 'Money'.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from attrs import frozen

#: Thousands grouped by threes or not at all, then decimals: `7,000`, `7000`, `0.50`. `0,100` is neither: it may be a
#: tenth, as on the continent.
FIGURES = r"([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?"


@frozen
class Currency:
    """A currency that can be paid in.

    `sign` is '' where amounts are written with the code. `places` are the decimal places of the minor unit: 2 for pence,
    0 for yen, 3 for fils. `coin` and `whole` are the words for a hundredth and for one unit, '' where rounding has none.
    """

    code: str
    name: str
    places: int
    sign: str = ""
    coin: str = ""
    whole: str = ""

    @property
    def prefix(self) -> str:
        """What stands before the figures of an amount: `£`, `A$`, `CHF ` with its space."""
        return self.sign or f"{self.code} "

    @property
    def shown(self) -> str:
        """What stands for the currency in a sentence: its sign, or its code."""
        return self.sign or self.code

    @property
    def minor_unit(self) -> Fraction:
        """The smallest sum that can be paid, in units of the currency: 1/100 for pounds, 1 for yen."""
        return Fraction(1, 10**self.places)


@frozen
class NoCurrency:
    """A code of the list that nothing can be paid in: withdrawn (`now` says what stands in its place), or without minor unit."""

    code: str
    name: str
    now: str = ""


def _read(path: Path) -> tuple[dict[str, Currency], dict[str, NoCurrency]]:
    """The rows of the data file, by code."""
    usable: dict[str, Currency] = {}
    others: dict[str, NoCurrency] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(line for line in stream if not line.startswith("#")):
            code, name = row["code"], row["name"]
            if row["places"]:
                usable[code] = Currency(
                    code, name, int(row["places"]), row["sign"], row["coin"], row["whole"]
                )
            else:
                others[code] = NoCurrency(code, name, row["now"])
    return usable, others


_USABLE, _OTHERS = _read(Path(__file__).with_name("currencies.csv"))

#: Code -> the currency, of all that contracts can be in.
CURRENCIES: Mapping[str, Currency] = MappingProxyType(_USABLE)
#: Code -> why it is none that contracts can be in.
UNUSABLE: Mapping[str, NoCurrency] = MappingProxyType(_OTHERS)
#: Sign -> the one currency that it stands for.
BY_SIGN: Mapping[str, Currency] = MappingProxyType(
    {currency.sign: currency for currency in _USABLE.values() if currency.sign}
)
#: Codes of currencies that have a sign, so that their amounts are never written with the code.
SIGNED_CODES = tuple(code for code, currency in _USABLE.items() if currency.sign)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


#: A sign, as a regular expression: `£`, `A$`.
SIGN = f"(?:{_any_of(BY_SIGN)})"
#: A code with which amounts are written, since it has no sign. One that nothing can be paid in is read, to be refused as such.
CODE = f"(?:{_any_of(code for code in (*_USABLE, *_OTHERS) if code not in SIGNED_CODES)})"
#: What may stand before the figures of an amount.
PREFIX = f"(?:{SIGN}|{CODE} )"
#: An amount in a contract. What goes on after figures behind a code is a name, such as `TOP 10-Year Plan`.
AMOUNT = rf"(?:{SIGN}{FIGURES}|{CODE} {FIGURES}(?![A-Za-z0-9]|[-'&/+][A-Za-z0-9]))"

_PREFIXED = re.compile(PREFIX)


def parted(text: str) -> tuple[Currency | NoCurrency | None, str]:
    """The currency that an amount is written in, and what follows its sign or code; None and all of it where there is none."""
    mark = _PREFIXED.match(text)
    if mark is None:
        return None, text
    said = mark[0]
    code = said.rstrip()
    return BY_SIGN.get(said) or CURRENCIES.get(code) or UNUSABLE[code], text[mark.end() :]
