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

Way = Literal["half up", "half even", "up", "down"]

#: Currency code -> (sign, decimal places of its smallest coin).
CURRENCIES: dict[str, tuple[str, int]] = {"GBP": ("£", 2), "USD": ("$", 2), "EUR": ("€", 2)}

#: What a rounding rule may name -> its size in units of the currency.
GRAINS: dict[str, Fraction] = {
    "penny": Fraction(1, 100),
    "cent": Fraction(1, 100),
    "pound": Fraction(1),
    "dollar": Fraction(1),
}

#: Currency code -> what its hundredth and its whole are called.
_COINS = {"GBP": ("penny", "pound"), "USD": ("cent", "dollar"), "EUR": ("cent", "euro")}


#: Digits with thousands grouped by threes or not at all; an amount may have its sign before them. `0,100` is neither: it
#: may be a tenth, as on the continent.
_WRITTEN = re.compile(r"[£$€]?([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")


def parse(text: str) -> Fraction:
    """The exact value of plain decimal digits such as `1,234.50`; raises ValueError for anything else."""
    if _WRITTEN.fullmatch(text) is None:
        raise ValueError(text)
    return Fraction(Decimal(text.replace(",", "").lstrip("£$€")))


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


def show(amount: Fraction, currency: str = "GBP") -> str:
    """An amount as people read it: `£1,234.50`, `-£5.00`."""
    sign, places = CURRENCIES.get(currency, (f"{currency} ", 2))
    grain = Fraction(1, 10**places)
    exact = round_to(amount, grain, "half even")
    whole, _, rest = plain(abs(exact), places).partition(".")
    body = f"{sign}{int(whole):,}" + (f".{rest}" if rest else "")
    body = f"-{body}" if exact < 0 else body
    return body if exact == amount else f"about {body}"


def grain_name(grain: Fraction, currency: str) -> str:
    """What a size of rounding is called in a currency: `penny`, `cent`, `pound`, `dollar`, `euro`; else its amount."""
    coin, whole = _COINS.get(currency, ("", ""))
    said = {Fraction(1, 100): coin, Fraction(1): whole}.get(grain)
    return said or show(grain, currency)


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
