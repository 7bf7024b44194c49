"""Exact amounts. Every number inside is a `Fraction`; this module holds the only rounding and the only split.

Sources of the rules: language reference, 'Money' and 'Rounding'.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from sibdsl.currencies import CURRENCIES, FIGURES, PREFIX, Currency, parted

Way = Literal["half up", "half even", "up", "down"]

#: What a rounding rule may name, in a currency of hundredths -> its size in units of the currency.
GRAINS: dict[str, Fraction] = {
    "penny": Fraction(1, 100),
    "cent": Fraction(1, 100),
    "pound": Fraction(1),
    "dollar": Fraction(1),
}

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


def round_to(amount: Fraction, grain: Fraction, way: Way) -> Fraction:
    """`amount` as a whole number of `grain`s (both in currency units). Half up means away from nought for halves.

    'up' and 'down' go away from nought and towards it, so that a negative line rounds as its positive twin does.
    """
    sign = -1 if amount < 0 else 1
    steps = abs(amount) / grain
    if way == "down":
        whole = floor(steps)
    elif way == "up":
        whole = ceil(steps)
    elif way == "half up":
        whole = floor(steps + Fraction(1, 2))
    else:
        whole = round(steps)
    return sign * whole * grain


def split(total: Fraction, weights: Sequence[Fraction], grain: Fraction) -> tuple[Fraction, ...]:
    """`total` (a whole number of `grain`s) shared pro rata to `weights` by the largest remainder.

    Ties go to the earlier weight. The parts add up to `total` exactly and none exceeds its weight when `total`
    does not exceed their sum. A total below nought is shared as its positive twin is. Where some weights are below nought,
    each keeps its own amount, and the grains by which `total` differs go by the largest remainder.
    Raises ValueError when there is something to share and nothing to share it by.
    """
    if any(weight < 0 for weight in weights):
        return _each_its_own(total, weights, grain)
    base = sum(weights, Fraction(0))
    if total == 0:
        return tuple(Fraction(0) for _ in weights)
    if total < 0:
        return tuple(-part for part in split(-total, weights, grain))
    if base <= 0:
        raise ValueError("nothing to share the amount by")
    exact = [total * weight / base / grain for weight in weights]
    parts = [floor(share) for share in exact]
    left = int(total / grain) - sum(parts)
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[:left]:
        parts[index] += 1
    return tuple(part * grain for part in parts)


def _each_its_own(total: Fraction, amounts: Sequence[Fraction], grain: Fraction) -> tuple[Fraction, ...]:
    """Amounts, some below nought, in whole grains that come to `total`: each rounded down, then more by the largest remainder."""
    parts = [floor(amount / grain) for amount in amounts]
    every, more = divmod(int(total / grain) - sum(parts), len(parts))
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - amounts[at] / grain, at))
    for at in order[:more]:
        parts[at] += 1
    return tuple((part + every) * grain for part in parts)


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
    """An amount of nought or more exactly, short where it is whole: `£1,350`, `£0.50`, `£0.125`, `£100/3`, `JPY 0.5`."""
    said = number(amount)
    if "/" in said:
        return f"{currency(code).prefix}{said}"
    whole, _, rest = said.partition(".")
    return f"{currency(code).prefix}{int(whole):,}" + (
        f".{rest.ljust(currency(code).places, '0')}" if rest else ""
    )


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
