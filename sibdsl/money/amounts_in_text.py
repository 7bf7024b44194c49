"""How amounts, quantities and percentages are written, and read from text. What is not exact says so."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from sibdsl.currencies import CURRENCIES, FIGURES, PREFIX, Currency, parted
from sibdsl.money.rounding import round_to

#: Plain digits; an amount may have the sign or code of its currency before them.
_WRITTEN = re.compile(f"(?:{PREFIX})?{FIGURES}")


def currency(code: str) -> Currency:
    """The currency of that code; a code that is none of the list is taken for one of two places, without a sign."""
    return CURRENCIES.get(code) or Currency(code, code, 2)


def parse(text: str) -> Fraction:
    """The exact value of plain decimal digits such as `1,234.50`; raises ValueError for anything else."""
    if _WRITTEN.fullmatch(text) is None:
        raise ValueError(text)
    return Fraction(Decimal(parted(text)[1].replace(",", "")))


def plain(amount: Fraction, places: int = 2) -> str:
    """Signed decimal string with `places` decimals, such as `-1234.50`; raises ValueError if that is not exact."""
    scaled = amount * 10**places
    if scaled.denominator != 1:
        raise ValueError(f"{amount} has more than {places} decimal places")
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    body = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{body}" if amount < 0 else body


def show(amount: Fraction, code: str = "GBP") -> str:
    """An amount as people read it: `£1,234.50`, `-£5.00`, `CHF 7,000.00`, `JPY 7,000`."""
    own = currency(code)
    exact = round_to(amount, own.minor_unit, "half even")
    whole, _, rest = plain(abs(exact), own.places).partition(".")
    body = f"{own.prefix}{int(whole):,}" + (f".{rest}" if rest else "")
    body = f"-{body}" if exact < 0 else body
    return body if exact == amount else f"about {body}"


def bare(amount: Fraction, code: str) -> str:
    """The same without sign or code, for a table whose heading names the currency: `1,234.50`, `-5.00`."""
    return show(amount, code).replace(currency(code).prefix, "", 1)


def show_short(amount: Fraction, code: str) -> str:
    """An amount as contracts print it, the minor unit only where there is any of it: `£700`, `£0.50`, `CHF 7,000`."""
    places = currency(code).places
    return show(amount, code).removesuffix(f".{'0' * places}" if places else "")


def show_exact(amount: Fraction, code: str) -> str:
    """An amount exactly, short where it is whole: `£1,350`, `-£0.50`, `£0.125`, `£100/3`, `JPY 0.5`."""
    own, sign = currency(code), "-" if amount < 0 else ""
    said = number(abs(amount))
    if "/" in said:
        return f"{sign}{own.prefix}{said}"
    whole, _, rest = said.partition(".")
    return f"{sign}{own.prefix}{int(whole):,}" + (f".{rest.ljust(own.places, '0')}" if rest else "")


def in_digits(amount: Fraction, code: str) -> str:
    """An amount as JSON holds it: decimal text of whole minor units, such as `-1234.50`; else exact, such as `100/3`."""
    places = currency(code).places
    return plain(amount, places) if (amount * 10**places).denominator == 1 else number(amount)


def grain_name(grain: Fraction, code: str) -> str:
    """What a size of rounding is called in a currency: `penny`, `pound`, `cent`, `minor unit`; else its amount."""
    own = currency(code)
    said = {Fraction(1, 100): own.coin, Fraction(1): own.whole}.get(grain)
    return said or ("minor unit" if grain == own.minor_unit else show(grain, code))


def number(value: Fraction) -> str:
    """A quantity exactly: `40`, `15.5`, or `1/3` where no decimal is exact."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    places = 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        places = max(places, count)
    return plain(value, places) if rest == 1 else f"{value.numerator}/{value.denominator}"


def percent(part: Fraction) -> str:
    """A part of one as people read it: `70%`, `33 1/3%`."""
    hundredths = part * 100
    whole, over = divmod(hundredths.numerator, hundredths.denominator)
    said = number(hundredths)
    return f"{whole} {over}/{hundredths.denominator}%" if "/" in said and whole else f"{said}%"
